/* SPDX-License-Identifier: Apache-2.0 */
/* supervision_int: what the files of room supervision share. */
#ifndef SUPERVISION_INT_H
#define SUPERVISION_INT_H

#include "supervision/supervision.h"

enum { FOUND_EACH = FOLLOW_MAX };

/* New facts with "policy" and "calendar": the version in force and that of the calendar. */
Code super__facts(Cx *cx, Db *views, const Command *cmd, Json **out);
/* The package in force with the calendar in force, from these facts. */
const Policy *super__policy(Cx *cx, const Ask *ask);
/* Every red clock of all rooms, the longest overdue first. */
typedef struct Red { Running clock; Str key; } Red;
Code reds__all(Cx *cx, Db *views, const Policies *ps, const Policy *p, Day today, Red **out, size_t *n);
/* Is the clock of an order still red? Reads the room of its kind only, and of a case only that case. */
Code reds__has(Cx *cx, Db *views, const Policies *ps, const Policy *p, Day today, const Directive *x, bool *red);

/* What a notice would list today: {directive, number, unit, task, silent, days} each; those listed in another than `own` are left out. */
Code bulletin__rows(Cx *cx, Db *views, const Policy *p, Day today, int64_t own, Json *list);

/* Who replies on a rung of the unit: whoever is in charge of it; on the lower one whoever works there, too. (A message is told by the same: notice/facts.c.) */
#define DEPARTMENT_REPLIES (ROLE_UNIT_HEAD | ROLE_STAGE_LEAD | ROLE_WINDOW_HEAD)
#define SECTION_REPLIES (DEPARTMENT_REPLIES | ROLE_APPROVER | ROLE_CLERK)

enum { DIRECTIVE_COMMANDS = 8, DIRECTIVE_REACTIONS = 17 };
/* directive_ties.c */
extern const Reaction directive__reactions[DIRECTIVE_REACTIONS];
/* "late": is what the order is about still late? What a person sent is, until it is closed; `ended`, when something has just ended: about an item, until that has. */
Code directive__late(Cx *cx, Db *views, const Policies *ps, const Policy *p, const Directive *x, Day today, bool ended, Json *out);
/* directive_fold.c */
extern const char directive__schema[];
Code directive__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env);
extern const Sql directive__last;

#endif
