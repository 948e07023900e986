/* SPDX-License-Identifier: Apache-2.0 */
/* Random histories of items and stages, the same on every machine. They hold whatever a caller may give,
 * sense or not: pauses before the start, ends before it, items older than their stage. */
#ifndef HISTORY_H
#define HISTORY_H
#include "test_twin.h"

enum { HISTORY_PAUSES = 7, HISTORY_ITEMS = 5 };

typedef struct History {
  ItemClock items[HISTORY_ITEMS];
  Pause pauses[HISTORY_ITEMS][HISTORY_PAUSES];
} History;

/* How many to try: `usual`, or as many as HISTORIES in the environment says (make torture). */
unsigned histories(unsigned usual);
void pauses_sort(Pause *p, size_t n); /* by `from` */
ItemClock history_item(Lcg *g, Pause *pauses);
StageClock history_stage(Lcg *g, History *h);
/* A stage as the approval engine lets them come about: no item older than its stage, none open after its
 * end, nothing after `today`. */
void history_settle(StageClock *k, History *h, Day today);
#endif
