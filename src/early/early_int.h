/* SPDX-License-Identifier: Apache-2.0 */
/* early_int: what the files of room early share. */
#ifndef EARLY_INT_H
#define EARLY_INT_H

#include "early/early.h"
#include "org/kit.h"

#define REASON KIT_REASON
enum { REASON_LEAST = 10, RESERVE_COMMANDS = 11, AGENT_COMMANDS = 10, CONSULT_COMMANDS = 8, REGION_COMMANDS = 4 };

/* reserve */
extern const CommandDecl reserve__commands[RESERVE_COMMANDS];
extern const char reserve__schema[];
Code reserve__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env);
const Opinion *plot__opinion(const Plot *p, Str kind, Str unit);
/* region */
extern const CommandDecl region__commands[REGION_COMMANDS];
Code region__named(Cx *cx, Db *views, Str name, int64_t *no, Str *number); /* 0 and empty when there is none */
/* Puts "region_no", and "told": what holds on that day, for Plot.told. */
Code region__told(Cx *cx, Db *views, Str name, Day day, Json *out);
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
