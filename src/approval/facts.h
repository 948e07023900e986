/* SPDX-License-Identifier: Apache-2.0 */
/*
 * facts: what statistics count 统计事实. A row each time something countable of a case changes: a project is registered or
 * ends; a stage is received, accepted, decided, certified, delivered, refused, withdrawn; an item begins, pauses, goes on, is
 * extended, ends. Rows are added and never changed, and each carries the day it was entered: what was known on a past day is
 * told from the rows of that day and before, and an act entered late 补录 counts from the day it was entered on, under the
 * day it happened on.
 */
#ifndef FACTS_H
#define FACTS_H

#include "approval/approval.h"

typedef enum FactState {
  FACT_UNSET,
  FACT_RECEIVED, /* a stage that waits for an answer 待受理, 待补正 */
  FACT_OPEN,
  FACT_PAUSED,   /* an item whose clock stands still: 暂停, 退回补正; a fact of its own when the pause is extended */
  FACT_DONE,     /* passed 通过; certified 出件; completed 全部办结 */
  FACT_REFUSED,
  FACT_STOPPED   /* withdrawn 撤回, not accepted 不予受理 */
} FactState;
enum { FACT_BESIDE = 1, FACT_OUTSIDE = 2 }; /* 并行推进; under national or provincial authority */

typedef struct Fact {
  int64_t pos, project;  /* pos: of the event */
  int stage;             /* 0: of the project itself */
  Str item;              /* empty: of the stage itself */
  int attempt;
  Day known;             /* when it was entered */
  FactState state;
  Str unit;              /* of an item; of a project its county */
  Str category;          /* of a project */
  Day received, start, decided, ended, delivered; /* 0: not yet. start: acceptance. ended: of a stage its certificate or refusal. received: of an item its dispatch 派转,
                                                     0 when its clock began with the department */
  int limit;
  int used, gross, applicant, third; /* once it has ended, days as in calendar.h */
  bool late;             /* ended after its due day */
  Str pauses;            /* of an open item, see fact_pauses */
  int flags;
} Fact;
static inline bool fact_ended(FactState s) { return s >= FACT_DONE; }

/* Those after a position, in the order of the journal. `seen` gets texts that live until it returns. */
typedef Code FactSeen(Cx *cx, void *arg, const Fact *f);
Code facts_after(Cx *cx, Db *views, int64_t pos, FactSeen *seen, void *arg);
enum { FACT_PAUSES_MAX = 50 };
size_t fact_pauses(Str pauses, Pause out[FACT_PAUSES_MAX]);
/* The version of the calendar that held at the end of a day. */
Code calendar_version_on(Cx *cx, Db *views, Day day, int *version);

#endif
