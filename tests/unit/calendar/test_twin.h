/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The slow, obvious version of room calendar: reads the list itself, walks day by day, keeps no
 * tables. It shares nothing with the room but the types. Days outside the list follow the week.
 */
#ifndef TEST_TWIN_H
#define TEST_TWIN_H
#include "calendar/calendar.h"
#include "test.h"

enum { TWIN_FIRST = 17532, TWIN_DAYS = 3287 }; /* 2018-01-01 … 2026-12-31 */

typedef struct Twin {
  char mark[TWIN_DAYS];     /* 'h' holiday, 'w' workday, 0 */
  const Calendar *calendar; /* the room's, from the same text */
  Str text;
} Twin;

/* Loads policies/huludao/holidays.csv both ways. */
const Twin *twin_load(Test *t, Cx *cx);
bool twin_work(const Twin *w, int day);
bool twin_provisional(int day);
int twin_add(const Twin *w, int start, int n);
int twin_count(const Twin *w, int after, int upto);
Reading twin_item(const Twin *w, const ItemClock *k, int today, LampRule rule);
Reading twin_stage(const Twin *w, const StageClock *k, int today, LampRule rule);
/* The upper platform's figure: only days up to today, whatever end is written. */
int twin_item_provincial(const Twin *w, const ItemClock *k, bool left_out, int today);
int twin_stage_provincial(const Twin *w, const StageClock *k, const bool *left_out, int today);
/* All fields; false also prints what differs. */
bool twin_same(Test *t, const Reading *got, const Reading *want, unsigned seed);

/* Random numbers that are the same everywhere. */
typedef struct Lcg {
  uint64_t state;
} Lcg;
int lcg_below(Lcg *g, int n);         /* 0 … n − 1 */
int lcg_in(Lcg *g, int from, int to); /* both included */

Day at(const char *date); /* "2019-09-02" */
#endif
