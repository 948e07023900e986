/* SPDX-License-Identifier: Apache-2.0 */
/* org_int: what the files of room org share. */
#ifndef ORG_INT_H
#define ORG_INT_H

#include "org/org.h"

void *user__fold(Arena *mem, void *state, const Event *e);
Code user__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env);
Code user__open(Cx *cx, Db *views, const Command *cmd, Str *stream);
Code user__look(Cx *cx, Db *views, const Command *cmd, const void *state, const void *env, const Json **facts);
extern const CommandDecl user__commands[];
extern const size_t user__command_count;
extern const char user__schema[];

/* user_decide.c, for the requests in access.c */
Code user__id_check(Cx *cx, Str id);
Code user__roles_check(Cx *cx, uint32_t roles, Str unit, Str org_name, Str uscc, const Policy *p);
Code user__admin_facts(Cx *cx, Db *views, Json *out); /* how many administrators of each kind there are, by the kind */
Code user__last_admin_check(Cx *cx, const Ask *ask, uint32_t leaving);

/* access.c: what follows in the accounts when a request is approved */
enum { USER_REACTIONS = 2 };
extern const Reaction user__reactions[USER_REACTIONS];

/* staff.c */
enum { STAFF_SECOND_ARGS = 3, STAFF_WHY_ARGS = 1, STAFF_AUTHORISE_ARGS = 4, STAFF_REVOKE_ARGS = 2 };
extern const Arg staff__second_args[STAFF_SECOND_ARGS], staff__why_args[STAFF_WHY_ARGS], staff__authorise_args[STAFF_AUTHORISE_ARGS], staff__revoke_args[STAFF_REVOKE_ARGS];
Code staff__second(Cx *cx, const Ask *ask, Decision *d);
Code staff__unseat(Cx *cx, const Ask *ask, Decision *d);
Code staff__authorise(Cx *cx, const Ask *ask, Decision *d);
Code staff__revoke(Cx *cx, const Ask *ask, Decision *d);
Code staff__facts(Cx *cx, Db *views, const Command *cmd, const Policy *p, const Json **facts);
bool staff__kind(Str kind);
void staff__fold(Arena *mem, User *u, const Event *e);
Code staff__project(Cx *cx, Db *views, const Event *e, const User *u);
#define STAFF_SCHEMA                                                                                                                   \
  "CREATE TABLE seat(account TEXT PRIMARY KEY, unit TEXT NOT NULL, post TEXT NOT NULL, since INTEGER NOT NULL,"     \
  " fit TEXT NOT NULL) WITHOUT ROWID, STRICT;"                                                                                         \
  "CREATE TABLE authority(account TEXT NOT NULL, item TEXT NOT NULL, from_day INTEGER NOT NULL, until_day INTEGER NOT NULL,"            \
  " unit TEXT NOT NULL, PRIMARY KEY(account, item, from_day)) WITHOUT ROWID, STRICT;"                                                  \
  "CREATE INDEX authority_unit ON authority(unit);"

/* Three administrators 三员: nobody holds two, and the last of a kind stays (等保 8.1.5). */
#define ADMINS (ROLE_SYSADMIN | ROLE_SECADMIN | ROLE_AUDITOR)

#endif
