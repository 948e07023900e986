/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stage.c: the clock of a stage. A working day is left out when, as it began, some item was open and every
 * open item was paused. In intervals: the union of the items' open days, minus the union of their running
 * days.
 */
#include "calendar/calendar_int.h"

typedef struct Spans { /* (from, to], kept sorted and merged */
  Gap *list;
  size_t count, cap;
} Spans;

static void span_add(Arena *mem, Spans *s, Day from, Day to, Holder holder) {
  if (to.n <= from.n) return;
  if (s->count == s->cap) {
    size_t cap = s->cap ? s->cap * 2 : 16;
    Gap *more = arena_array(mem, Gap, cap);
    if (s->count) memcpy(more, s->list, s->count * sizeof *more);
    s->list = more;
    s->cap = cap;
  }
  size_t at = s->count++;
  for (; at && s->list[at - 1].from.n > from.n; at--) s->list[at] = s->list[at - 1];
  s->list[at] = (Gap){.from = from, .to = to, .holder = holder};
}

static void spans_merge(Spans *s) {
  size_t out = 0;
  for (size_t i = 0; i < s->count; i++) {
    if (out && s->list[i].from.n <= s->list[out - 1].to.n) {
      if (s->list[i].to.n > s->list[out - 1].to.n) s->list[out - 1].to = s->list[i].to;
    } else {
      s->list[out++] = s->list[i];
    }
  }
  s->count = out;
}

static Day earlier(Day a, Day b) {
  return a.n < b.n ? a : b;
}

static Day later(Day a, Day b) {
  return a.n > b.n ? a : b;
}

/* Which holder has each part of (from, to]: the pause that was opened first, of those that cover it. */
static void share_out(Arena *mem, const Spans *pauses, Day from, Day to, Spans *gaps) {
  Day at = from;
  for (size_t i = 0; i < pauses->count && at.n < to.n; i++) {
    const Gap *p = &pauses->list[i];
    if (p->from.n > at.n || p->to.n <= at.n) continue;
    Day end = earlier(p->to, to);
    span_add(mem, gaps, at, end, p->holder);
    at = end;
  }
}

/* open minus running, in one pass over both (merged). */
static void subtract(Arena *mem, const Spans *open, const Spans *running, const Spans *pauses, Spans *gaps) {
  size_t r = 0;
  for (size_t i = 0; i < open->count; i++) {
    Day at = open->list[i].from, end = open->list[i].to;
    while (r < running->count && running->list[r].to.n <= at.n) r++;
    for (size_t k = r; k < running->count && running->list[k].from.n < end.n; k++) {
      share_out(mem, pauses, at, later(at, running->list[k].from), gaps);
      at = later(at, earlier(running->list[k].to, end));
    }
    share_out(mem, pauses, at, end, gaps);
  }
}

typedef struct Tally {
  Spans open, running, pauses;
  bool any_open, any_running; /* now */
} Tally;

static void item_add(Arena *mem, Tally *t, const ItemClock *k, Day upto) {
  Gap gaps[PAUSES_MAX];
  bool paused;
  Day end = k->end_kind == END_NONE ? upto : earlier(k->end, upto), at = k->start;
  size_t n = clock__gaps(k->pauses, k->pause_count, k->start, later(end, k->start), gaps, &paused);
  span_add(mem, &t->open, k->start, end, HELD_UNIT);
  for (size_t i = 0; i < n; i++) {
    span_add(mem, &t->running, at, gaps[i].from, HELD_UNIT);
    span_add(mem, &t->pauses, gaps[i].from, gaps[i].to, gaps[i].holder);
    at = gaps[i].to;
  }
  span_add(mem, &t->running, at, end, HELD_UNIT);
  if (k->end_kind != END_NONE) return;
  t->any_open = true;
  if (!paused) t->any_running = true;
}

Reading clock_stage(Arena *mem, const Calendar *c, const StageClock *k, Day today, LampRule rule) {
  Tally t = {0};
  Spans gaps = {0};
  Day upto = k->end_kind == END_NONE ? today : k->end;
  if (upto.n < k->start.n) upto = k->start;
  for (size_t i = 0; i < k->item_count; i++) item_add(mem, &t, &k->items[i], upto);
  spans_merge(&t.open);
  spans_merge(&t.running);
  subtract(mem, &t.open, &t.running, &t.pauses, &gaps);
  Clock clock = {.start = k->start, .upto = upto, .limit = k->limit, .gaps = gaps.list, .gap_count = gaps.count,
                 .end_kind = k->end_kind, .paused = t.any_open && !t.any_running};
  return clock__read(c, &clock, rule);
}
