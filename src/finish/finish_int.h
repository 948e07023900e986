/* SPDX-License-Identifier: Apache-2.0 */
/* finish_int: what the files of room finish share. */
#ifndef FINISH_INT_H
#define FINISH_INT_H

#include "finish/finish.h"
#include "org/kit.h"

#define FILES_ARG {.name = "files", .label = "照片和附件", .type = ARG_LIST, .max = POINT_FILES_MAX, .hint = "[{\"blob\",\"name\",\"size\"}]"}
#define PERSON (ROLE_APPROVER | ROLE_UNIT_HEAD)
#define PARTY_ROLES (ROLE_APPLICANT | ROLE_AGENT)
enum { STAGE_FINISH = 4, BUSY_COMMANDS = 2, ACCEPTANCE_COMMANDS = 9, UTILITY_COMMANDS = 6, SURVEY_COMMANDS = 4 };

/* Facts with "policy", "calendar", "actor_uscc", "actor_org"; of an agent "mandate_owner" in this project. */
Code finish__facts(Cx *cx, Db *views, const Command *cmd, int64_t project, Json **out);
/* The package in force under the calendar in force. */
const Policy *finish__policy(Cx *cx, const Ask *ask);
/* DENIED but for the enterprise, or an agent who acts in its name. */
Code finish__files_check(Cx *cx, const Json *list);
size_t finish__files(Arena *mem, const Json *list, FinishFile **out);
Day finish__day(const Json *body, const char *key);    /* 0 when it is none */
Str finish__unit(const Policy *p, Str code);            /* its name */
/* The project as its row in the views has it: {"number","name","uscc","owner","applicant","county","status"}, or nothing. */
Code finish__project(Cx *cx, Db *views, int64_t no, Json *out);

/* visit.c: the plan as facts, and back: one way for deciding and for pages. */
Code visit__facts(Cx *cx, Db *views, const Json *units, int64_t except, Day from, Json *out);
VisitPlan visit__plan(Arena *mem, const Policy *p, const Json *facts);
/* busy */
extern const CommandDecl busy__commands[BUSY_COMMANDS];
/* utility */
extern const CommandDecl utility__commands[UTILITY_COMMANDS];
/* survey */
extern const CommandDecl survey__commands[SURVEY_COMMANDS];
Str survey__lead(const Policy *p); /* 市自然资源局 */
/* Behind rows s of the table surveyor: the agency entered, or was removed, once more after that 续期, 清退. */
#define SURVEYOR_REPLACED "EXISTS (SELECT 1 FROM surveyor o WHERE o.uscc = s.uscc AND o.no > s.no AND o.status IN ('entered', 'removed'))"
/* acceptance */
extern const CommandDecl acceptance__commands[ACCEPTANCE_COMMANDS];
Json *acceptance__units(Arena *mem, const Acceptance *a); /* of the parts that are due, each once, the lead's not among them unless it takes part */
Day acceptance__first(const Policy *p, const Acceptance *a, int64_t now); /* the earliest day that may be fixed */

#endif
