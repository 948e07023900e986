/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stage.c: the clock of a stage. A working day is left out when, as it began, some item was open
 * and every open item was paused: the union of the items' open days minus the union of their
 * running days. Days left out are held by the pause that was opened first, over all items, of those
 * that cover them.
 */
#include "calendar/calendar_int.h"

typedef struct Stage {
  Day start, upto;
  Spans open, running, pauses;
  bool any_open, any_running; /* at the end of `upto` */
  int stalled;                /* of the pauses that are open then */
} Stage;

static void item_add(Stage *g, const ItemClock *k) {
  if (k->start.n > g->upto.n) return; /* not accepted yet */
  Day end = day__earlier(clock__upto(k->start, k->end_kind, k->end, g->upto), g->upto);
  Day at = k->start;
  PauseWalk w = pauses__walk(k, end);
  Gap gap;
  if (at.n < g->start.n) at = g->start; /* the stage has no days before its own start */
  spans__add(&g->open, at, end, HELD_UNIT);
  while (pauses__next(&w, &gap)) {
    spans__add(&g->running, at, gap.from, HELD_UNIT);
    if (gap.to.n > at.n) at = gap.to;
  }
  spans__add(&g->running, at, end, HELD_UNIT);
  /* Whole pauses: the day of opening decides who holds, also where another pause of the item hid
   * it. */
  for (size_t i = 0; i < k->pause_count; i++) {
    const Pause *p = &k->pauses[i];
    if (pause__counts(p, k->start, end))
      spans__add(&g->pauses, p->from, pause__to(p, end), p->holder);
  }
  if (k->end_kind != END_NONE) return;
  g->any_open = true;
  if (!w.open) g->any_running = true;
  if (w.open && w.stalled > g->stalled) g->stalled = w.stalled;
}

static void items_add(Arena *mem, Stage *g, const StageClock *k) {
  size_t pauses = 0;
  for (size_t i = 0; i < k->item_count; i++)
    pauses += k->items[i].pause_count;
  g->open.list = arena_array(mem, Span, k->item_count);
  g->running.list = arena_array(mem, Span, k->item_count + pauses);
  g->pauses.list = arena_array(mem, Span, pauses);
  for (size_t i = 0; i < k->item_count; i++)
    item_add(g, &k->items[i]);
  spans__unite(&g->open);
  spans__unite(&g->running);
  spans__sort(&g->pauses);
}

/* Passes (from, to], where all open items were paused. *p is the first pause that may still cover a
 * day: those before it have ended, and days are visited in order, so it never goes back. */
static void gap_share(Meter *m, const Spans *pauses, size_t *p, Day from, Day to) {
  while (from.n < to.n) {
    while (*p < pauses->count && pauses->list[*p].to.n <= from.n)
      ++*p;
    REQUIRE(*p < pauses->count && pauses->list[*p].from.n <= from.n);
    const Span *s = &pauses->list[*p];
    Day end = day__earlier(s->to, to);
    meter__gap(m, (Gap){.from = from, .to = end, .holder = s->holder});
    from = end;
  }
}

/* Open minus running, both united, in one pass. */
static void gaps_pass(Meter *m, const Stage *g) {
  size_t p = 0, r = 0;
  for (size_t i = 0; i < g->open.count; i++) {
    Day at = g->open.list[i].from, end = g->open.list[i].to;
    /* Each running span lies inside one open span, as it belongs to one item. */
    for (; r < g->running.count && g->running.list[r].from.n < end.n; r++) {
      gap_share(m, &g->pauses, &p, at, g->running.list[r].from);
      at = g->running.list[r].to;
    }
    gap_share(m, &g->pauses, &p, at, end);
  }
}

Reading clock_stage(Arena *mem, const Calendar *c, const StageClock *k, Day today, LampRule rule) {
  if (k->limit <= 0) return (Reading){.lamp = LAMP_NONE}; /* the category has no such stage */
  Stand s = {.started = k->end_kind != END_NONE || today.n >= k->start.n,
             .end_kind = k->end_kind,
             .upto = clock__upto(k->start, k->end_kind, k->end, today)};
  Stage g = {.start = k->start, .upto = s.upto};
  Meter m = meter__open(c, k->start, k->limit);
  if (s.started) {
    items_add(mem, &g, k);
    gaps_pass(&m, &g);
    s.paused = g.any_open && !g.any_running && k->end_kind == END_NONE;
    s.stalled = g.stalled;
  }
  return meter__read(&m, &s, rule);
}
