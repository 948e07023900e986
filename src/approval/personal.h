/* SPDX-License-Identifier: Apache-2.0 */
/*
 * personal: what happens to personal data 个人信息 of a record: erasing 清除 and looking at it 查看. An engine of its own; the
 * record "project/12" or "user/owner" has the stream "personal/project-12", "personal/user-owner".
 *
 * Erasing takes two persons, as the calendar and the package do: one asks, another confirms. Whose data it is may ask (the
 * applicant, an account of the same enterprise, the person of an account); 安全管理员 asks when a ground of law is there. 安全管理员
 * or 监督人员 confirms. The confirming event names the references, the ground and both persons, never a value, and the values
 * go in its transaction (journal.h: "erased"). Refused while the law still needs them: while a case runs or an item of it is
 * open, while an account has running cases, and, for grounds that keep (Ground.keeps), until personal_keep_days are
 * over, counted from the last act. Of an account in use the password in force stays.
 *
 * Looking is an event with a purpose; only then the page shows the value, once. Staff may look at what they work on: the
 * window and supervisors at any case, departments where they have an item; administrators at none. At most personal_looks
 * within an hour.
 *
 *   personal.request  record ground reason
 *   personal.confirm  no              not by the one who asked
 *   personal.reject   no reason       also by the one who asked: taken back
 *   personal.look     record ref purpose note
 *   personal.again    record refs[] at pos leaf list    by the program: what a list took out of a restored backup
 *
 * Events: personal.requested {no, record, ground, ground_name, basis, reason}, personal.erased {no, record, ground,
 * ground_name, basis, erased[], names[], requested_by, requested_name}, or of again {record, erased[], names[], again{at,
 * leaf, list, pos}}; personal.rejected {no, reason}; personal.looked {record, ref, name, purpose, purpose_name, note}.
 */
#ifndef APPROVAL_PERSONAL_H
#define APPROVAL_PERSONAL_H

#include "approval/approval.h"

extern const CommandDecl personal_commands[];
extern const size_t personal_command_count;
extern const Engine personal_engine_base; /* copy, set env = const Policies *; the org and approval engines beside it */
#define PERSONAL_ASK (ROLE_APPLICANT | ROLE_AGENT | ROLE_SECADMIN | ROLE_SYSTEM)
#define PERSONAL_CONFIRM (ROLE_SECADMIN | ROLE_SUPERVISOR)
#define PERSONAL_LOOK (ROLE_CLERK | ROLE_WINDOW_HEAD | ROLE_APPROVER | ROLE_UNIT_HEAD | ROLE_SUPERVISOR)

void *personal_fold(Arena *mem, void *state, const Event *e); /* a Book; package: the ground, notice: its name */
Str personal_stream(Arena *mem, Str record); /* "project/12" → "personal/project-12" */
Str personal_record(Arena *mem, Str stream); /* the other way; empty when it is none */

/* One rule for all pages: 138****5678, 2114**********1234, 张*三. */
Str mask_value(Arena *mem, FieldType type, Str plain);
/* How a field of that name is called and what it is; FIELD_UNSET: never shown (a password). */
FieldType personal_field(const Policy *p, Str name, Str *label);

/* What a unit with work to do in the case for which it has no item may see: whom to call. */
bool personal_contact(Str name);
/* Has the unit a supply to plan or to connect for the project (the room finish; only its tables are known here)? */
Code personal_supplies(Cx *cx, Db *views, int64_t project, Str unit, bool *out);

/* May the data of a record be erased on this ground today? CONFLICT says why not and when. For pages before they ask. */
Code personal_allows(Cx *cx, Db *views, const Policies *ps, Str record, Str ground, int64_t now);

/* ---- lists, from the projections ------------------------------------------------------------------ */

typedef struct Erasure {
  Str record, ground, ground_name, basis, reason, by, by_name, end_by, end_reason;
  int64_t no, at, ended, erased; /* erased: how many values went */
  ProposalStatus status;
  bool again;                    /* after a backup was restored */
} Erasure;
typedef struct ErasureFilter { Str record; bool waiting; size_t offset, limit; } ErasureFilter;
Code erasures_list(Cx *cx, Db *views, const ErasureFilter *f, Erasure **out, size_t *n, int64_t *total); /* newest first */

typedef struct Look {
  int64_t pos, at;
  Str record, ref, name, purpose, note, actor, actor_name, unit;
} Look;
typedef struct LookFilter { Str record, actor; size_t offset, limit; } LookFilter;
Code looks_list(Cx *cx, Db *views, const LookFilter *f, Look **out, size_t *n, int64_t *total); /* newest first */

typedef struct KeptRow { /* a case that is over, and whose data is still there */
  int64_t project, last, values; /* last: ms of the last act */
  Str number, name;
} KeptRow;
/* Those whose last act was before `before`, oldest first. */
Code personal_kept(Cx *cx, Db *views, int64_t before, size_t max, KeptRow **out, size_t *n);

#endif
