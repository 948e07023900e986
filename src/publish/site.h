/* SPDX-License-Identifier: Apache-2.0 */
/*
 * site 网站自检: the thresholds that inspections of government sites measure (检查指标, 国办秘函〔2019〕19号), as lamps with days left. Pure: facts
 * and a day in, rows out. The numbers are the package's (policy/gazette.h, SiteCheck); all of them are settings until somebody has compared
 * them with the original. What a program cannot know of itself has no row: whether the site can be reached from outside, dead links,
 * wrong words.
 *
 * A time runs from the day on which something happened last. The day that is just so long afterwards is still in time; from the next one
 * on it is late. Months end on the corresponding day, else on the month's last; rest days count, and do not move it.
 */
#ifndef SITE_H
#define SITE_H

#include "policy/gazette.h"

typedef struct SiteSeen { const SiteColumn *column; int64_t count; Day last; } SiteSeen; /* count: what stands in it; last: published last */
typedef struct SiteFacts {
  Day home;                 /* the last day on which something new stood on the home page; n = 0: never */
  const SiteSeen *columns; size_t column_count;
  int64_t waiting; Day asked; /* consultations and bad ratings that wait for an answer; since when the oldest does */
  int64_t guides, marks, tags, times; /* guides that lack an element; marks and tags without value; documents published before their day */
} SiteFacts;
typedef struct SiteRow {
  const SiteCheck *check;
  const SiteColumn *column; /* of the rows of columns; NULL: of the whole site */
  int64_t n;                /* how many: as long as its list */
  Day last, due;            /* n = 0: none */
  int left;                 /* calendar days until due, negative when late; 0 without due */
  Lamp lamp;                /* green, yellow, red */
} SiteRow;
/* In the order of the package, the columns after the threshold that is theirs. Nothing without thresholds. */
size_t site_rows(Arena *mem, const Disclosure *d, const SiteFacts *f, Day today, SiteRow **out);
Day site_due(const SiteCheck *c, Day last);
Str site_threshold(Arena *mem, const SiteCheck *c); /* 14 天, 6 个月, 5 个 */

#endif
