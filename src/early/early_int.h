/* SPDX-License-Identifier: Apache-2.0 */
/* early_int: what the files of room early share. */
#ifndef EARLY_INT_H
#define EARLY_INT_H

#include "early/early.h"

#define REASON {.name = "reason", .label = "理由", .type = ARG_LONG, .required = true, .min = 2, .max = 1000}
#define WITH(list) .args = (list), .arg_count = COUNT(list)
enum { REASON_LEAST = 10, RESERVE_COMMANDS = 11, AGENT_COMMANDS = 10, CONSULT_COMMANDS = 6 };

/* The package in force when the command was sent: env is the package of --policy, facts say which version holds. */
const Policy *early__policy(const Ask *ask);
/* Puts "policy" and, for a command that creates, "no": the number that the new stream gets. */
Code early__facts(Cx *cx, Db *views, const Command *cmd, Json **out);
/* "PREFIX/N" with the next number of a table whose query gives the highest. */
Code early__open(Cx *cx, Db *views, const char *prefix, const Sql *last, Str *stream);
/* "actor_uscc", "actor_org", "mandate": the enterprise of the acting account. */
Code early__actor(Cx *cx, Db *views, const Command *cmd, Json *out);
/* The enterprise: the account that asked, or another of the same enterprise. */
Code early__owner(Cx *cx, const Ask *ask, Str applicant, Str uscc);
/* Nothing here is entered late: the times are those of the system. */
Code early__now(Cx *cx, const Ask *ask);
Str early__keep(Arena *mem, const Json *body, const char *key);
Json *early__body(Decision *d, const Ask *ask, const char *const *names); /* those of the arguments that were given */
void early__answer(Decision *d, const char *key, Str value, int64_t no);
Str early__year(Arena *mem, const char *prefix, int64_t ms, int64_t seq); /* DB-2026-0001 */
int early__year_of(int64_t ms);
/* One more in a list of the state; what was there is moved. */
#define GROW(mem, list, count, cap, T) \
  ((list) = early__grow((mem), (list), (count), &(cap), sizeof(T), _Alignof(T)), &(list)[(count)++])
void *early__grow(Arena *mem, void *list, size_t count, size_t *cap, size_t size, size_t align);
Code early__state(Cx *cx, Reader *rd, const char *prefix, Str id, const char *missing, const void **out);

/* reserve */
extern const CommandDecl reserve__commands[RESERVE_COMMANDS];
extern const char reserve__schema[];
Code reserve__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env);
const Opinion *plot__opinion(const Plot *p, Str kind, Str unit);
/* agent */
extern const CommandDecl agent__commands[AGENT_COMMANDS];
extern const char agent__schema[];
Code agent__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env);
size_t catalogue__items(Arena *mem, const Json *list, CatalogueItem **out);
bool order__live(const Order *o);
/* consult */
extern const CommandDecl consult__commands[CONSULT_COMMANDS];
extern const char consult__schema[];
Code consult__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env);

#endif
