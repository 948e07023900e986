/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hall: a store with all engines that are watched and those that watch, the accounts that the ladder asks about, and the
 * world of the approval's tests as the one that drives cases.
 */
#ifndef HALL_H
#define HALL_H
#include "../approval/world.h"
#include "supervision/supervision.h"

enum { HALL_ENGINES = 4 + EARLY_ENGINES + 1 + JOINT_ENGINES + FINISH_ENGINES + SUPERVISION_ENGINES };
typedef struct Hall {
  Arena *mem;
  Str dir, files;
  int base;              /* see place.h */
  Policy policy;         /* the Huludao package; a test may change it */
  const Policy *list[1];
  Policies policies;
  Engine own[HALL_ENGINES];
  const Engine *engines[HALL_ENGINES];
  StoreOptions o;
  Runner *runner;
  Reader *reader;
  int keys;
  int64_t now;
  CommandResult r;       /* of the last command */
} Hall;

void hall_open(Hall *h, Cx *cx);
void hall_drop(Hall *h);
void hall_on(Hall *h, const char *day); /* 09:00 of that day */
/* A project of the category, its stage `upto` dispatched on the day; everything before is done at once. The world drives it on. */
World *hall_project(Hall *h, Cx *cx, int64_t no, const char *category, int stage, const char *day);
/* who: ap-UNIT, hd-UNIT (all units with items), wu (supervisor), ma (马文志), zhu (朱云), zhao (window head), wang (clerk), owner, system; args: JSON with ' for ". */
Code hall_do(Hall *h, Cx *cx, const char *who, const char *command, const char *stream, const char *args);
/* What is due up to now, as the timer does it; how many were done. */
int hall_timer(Hall *h, Cx *cx);
void hall_days(Hall *h, Cx *cx, const char *day); /* goes on to that day, with a timer in each morning */
const Directive *hall_directive(Hall *h, Cx *cx, int64_t no); /* NULL when there is none */
bool hall_verified(Hall *h, Cx *cx);
#define DO(who, command, stream, args) EXPECT_INT(hall_do(&h, cx, who, command, stream, args), OK)
#define NO(code, who, command, stream, args) EXPECT_INT(hall_do(&h, cx, who, command, stream, args), code)
#define SAYS(text) EXPECT(str_has(cx->detail, S(text)))
#endif
