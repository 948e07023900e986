/* SPDX-License-Identifier: Apache-2.0 */
/* joint_int: what the files of room joint share. */
#ifndef JOINT_INT_H
#define JOINT_INT_H

#include "joint/joint.h"
#include "org/kit.h"
#include "policy/lists.h"

#define REASON KIT_REASON
#define ROW(n, l, h, who, fn, list) {.name = n, .label = l, .help = h, .allow = (who), .decide = fn, WITH(list)}
#define STAFF (ROLE_APPROVER | ROLE_UNIT_HEAD)
enum { AGENCY_COMMANDS = 2, REVIEW_COMMANDS = 8, PROMISE_COMMANDS = 9, CREDIT_COMMANDS = 12 };
#define CLAUSE_REVIEW "D60-2.4.3-(1)"
#define CLAUSE_LETTER "D60-2.4.3-(1)-p1"

/* DENIED but for the unit that leads stage n, and its head when `head`. `what`: 审图机构名录. */
Code joint__lead(Cx *cx, const Ask *ask, int stage, bool head, const char *clause, const char *what);
/* "project": {"no","number","name","category","owner","uscc","applicant","status","stage3": status …,"items":{"3/CODE":{"status",
 * "unit","name"}}} of a case, from the tables of approval; absent when there is none. */
Code joint__case(Cx *cx, Db *views, int64_t project, Json *out);
const Json *joint__item(const Ask *ask, int stage, Str code); /* of that case; NULL: not dispatched */
/* NOT_FOUND when the case of the facts is none of the acting enterprise. */
Code joint__own(Cx *cx, const Ask *ask, Str field);
Code joint__running(Cx *cx, const Ask *ask, Str field); /* CONFLICT when that case has ended */
/* Is the permit issued, or its item passed? */
bool joint__permitted(const Ask *ask);
Code joint__signed(Cx *cx, const Ask *ask, const char *clause); /* the argument signature is the actor's name */
/* "year_seq" and, for a command that creates, "no": of the engine whose queries these are. */
Code joint__numbers(Cx *cx, Db *views, const Command *cmd, const void *state, const Sql *last, const Sql *year, Json *out);
Code joint__files(Cx *cx, const Json *list, const char *what); /* INVALID: an entry without blob and name */
bool joint__is(Str status, const char *one); /* one of "a|b|c" */

/* "barred": records of broken promises of an enterprise that stand; "black": its entries of the black list; CONFLICT while there is one. */
Code joint__barred(Cx *cx, Db *views, Str uscc, Json *out);
Code joint__may_promise(Cx *cx, const Ask *ask, Str field);
/* "calendar": the version in force; the last day of a period of the package that begins on `start`, under it. */
Code joint__calendar(Cx *cx, Db *views, Json *out);
Code joint__due(Cx *cx, const Ask *ask, const char *clock, Day start, Day *due);
Code joint__after(Cx *cx, const Ask *ask, int days, Day *due); /* so many working days from today */
bool joint__project_no(const Event *e, int64_t *no); /* "project/7" */
extern const CommandDecl credit__commands[CREDIT_COMMANDS];
extern const char credit__schema[];
Code credit__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env);
extern const CommandDecl promise__commands[PROMISE_COMMANDS];
extern const char promise__schema[];
Code promise__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env);
extern const CommandDecl agency__commands[AGENCY_COMMANDS];
extern const CommandDecl review__commands[REVIEW_COMMANDS];
extern const char review__schema[];
Str reviewer__number(Arena *mem, Str typed); /* as it is kept: half width, capitals, no spaces */
Code review__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env);

#endif
