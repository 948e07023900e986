/* SPDX-License-Identifier: Apache-2.0 */
/* inspect_int: what the files of room inspect share. */
#ifndef INSPECT_INT_H
#define INSPECT_INT_H

#include "inspect/inspect.h"
#include "org/kit.h"

#define REASON {.name = "reason", .label = "理由", .type = ARG_LONG, .required = true, .min = 10, .max = 1000}
#define SPOT_CLAUSE "D60-5.16-p2"
#define LOT_HEAD "yichuang-draw/1"
#define CLASSES "ABCD"
enum { POOL_COMMANDS = 4, PLAN_COMMANDS = 3, DRAW_COMMANDS = 10, CLASS_COUNT = 4 };

extern const CommandDecl pool__commands[POOL_COMMANDS];
extern const CommandDecl plan__commands[PLAN_COMMANDS];
extern const CommandDecl draw__commands[DRAW_COMMANDS];
extern const char pool__schema[], plan__schema[], draw__schema[];
Code pool__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env);
Code plan__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env);
Code draw__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env);

Inspector *pool__find(const SpotPool *p, Str cert);
bool inspector__avoids(const Inspector *i, Str uscc);
/* Of the published text (list.c): how many objects, inspectors and objects to be drawn are in it is what lot_draw says. */
Code list__make(Cx *cx, const Ask *ask, Str number, int attempt, int64_t beacon_at, Str *out);
Json *list__people(Arena *mem, const Json *facts); /* {CERT: {"person","name"}} of those that the list may draw */
Str list__line(Str *rest); /* the next line, without its end */
Str list__word(Str *rest); /* the next word of a line */
/* Who still has to do something: names joined by 、, empty when all have. */
Str parties__missing(Arena *mem, const SpotDraw *d, bool reveal);

#endif
