/* SPDX-License-Identifier: Apache-2.0 */
/* org_int: what the files of room org share. */
#ifndef ORG_INT_H
#define ORG_INT_H

#include "org/org.h"

void *user__fold(Arena *mem, void *state, const Event *e);
Code user__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env);
Code user__open(Cx *cx, Db *views, const Command *cmd, Str *stream);
Code user__facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **facts);
extern const CommandDecl user__commands[];
extern const size_t user__command_count;
extern const char user__schema[];

/* Three administrators 三员: nobody holds two, and the last of a kind stays (等保 8.1.5). */
#define ADMINS (ROLE_SYSADMIN | ROLE_SECADMIN | ROLE_AUDITOR)

#endif
