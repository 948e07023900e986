/* SPDX-License-Identifier: Apache-2.0 */
/* calendar_int: what the files of room calendar share. */
#ifndef CALENDAR_INT_H
#define CALENDAR_INT_H

#include "calendar/calendar.h"

/* The most pauses of one clock; the engine refuses more. */
enum { PAUSES_MAX = 256 };

/* Days (from, to] that are not counted, sorted by `from`, clipped, not overlapping, each with its holder. */
typedef struct Gap {
  Day from, to;
  Holder holder;
} Gap;

typedef struct Clock {
  Day start, upto;       /* upto: today, or the day of the end */
  int limit;
  const Gap *gaps;
  size_t gap_count;
  bool paused;           /* the clock stands still now */
  EndKind end_kind;
} Clock;

Reading clock__read(const Calendar *c, const Clock *k, LampRule rule);
/* Gaps of pauses: those that began in [start, upto], first opened first. `gaps` holds PAUSES_MAX. */
size_t clock__gaps(const Pause *pauses, size_t n, Day start, Day upto, Gap *gaps, bool *open);

#endif
