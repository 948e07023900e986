/* SPDX-License-Identifier: Apache-2.0 */
/* calendar_int: what the clocks of items and of stages share. */
#ifndef CALENDAR_INT_H
#define CALENDAR_INT_H

#include "calendar/calendar.h"

/* Days (from, to] that are not counted, and who holds them. */
typedef struct Gap {
  Day from, to;
  Holder holder;
} Gap;

/* Runs along a clock once, from its start to its end, and adds up. */
typedef struct Meter {
  const Calendar *calendar;
  Day start, at; /* everything up to and including `at` has been measured */
  int limit, used;
  int held[HOLDER__MAX];
  bool due_known; /* the n-th counted day lies at or before `at` */
  Day due;
} Meter;

Meter meter__open(const Calendar *c, Day start, int limit);
/* Counts up to the gap, then passes it. Gaps come in order and do not overlap; none before `at`. */
void meter__gap(Meter *m, Gap gap);

/* How a clock stands when its meter is read. */
typedef struct Stand {
  bool started, paused;
  int stalled; /* of an open pause */
  EndKind end_kind;
  Day upto; /* today or the day of the end, not before the start */
} Stand;
Reading meter__read(Meter *m, const Stand *s, LampRule rule);

/* The day up to which a clock is measured. */
Day clock__upto(Day start, EndKind kind, Day end, Day today);

/* The pauses of one item as gaps: in the order in which they were opened, clipped to (start, upto],
 * each day given to the pause opened first. No memory: pauses in order take one pass, others one
 * pass each. */
typedef struct PauseWalk {
  const Pause *list;
  size_t count, next;
  Day start, upto, covered;
  const Pause *last;
  bool sorted;
  bool open; /* some pause is open at the end of `upto` */
  int stalled; /* calendar days since the planned end of one that is open */
} PauseWalk;
PauseWalk pauses__walk(const ItemClock *k, Day upto);
bool pauses__next(PauseWalk *w, Gap *gap);
/* Whether a pause belongs to the clock (start, upto], and the day up to which it reaches there. */
bool pause__counts(const Pause *p, Day start, Day upto);
Day pause__to(const Pause *p, Day upto);

/* ---- runs of days ------------------------------------------------------------------------- */

typedef struct Span { /* days (from, to] */
  Day from, to;
  Holder holder; /* of a pause */
  size_t order;  /* in which it was given; settles equal days */
} Span;
typedef struct Spans {
  Span *list; /* made large enough by the caller */
  size_t count;
} Spans;
void spans__add(Spans *s, Day from, Day to, Holder holder); /* empty ones are left out */
void spans__sort(Spans *s);
void spans__unite(Spans *s); /* sorts, and joins what overlaps or touches */
Day day__earlier(Day a, Day b);
Day day__later(Day a, Day b);

Lamp lamp__of(const Reading *r, const Stand *s, int limit, LampRule rule);

#endif
