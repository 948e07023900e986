/* SPDX-License-Identifier: Apache-2.0 */
/* provincial.c: working days as the upper platform counts them. */
#include "calendar/calendar_int.h"

static Day upto_of(const ItemClock *k, Day today) {
  return day__earlier(clock__upto(k->start, k->end_kind, k->end, today), day__later(today, k->start));
}

int clock_item_provincial(const Calendar *c, const ItemClock *k, bool left_out, Day today) {
  if (left_out || k->end_kind == END_STOPPED || today.n < k->start.n) return -1;
  Day upto = upto_of(k, today);
  int days = calendar_count(c, k->start, upto);
  PauseWalk w = pauses__walk(k, upto);
  Gap gap;
  while (pauses__next(&w, &gap)) days -= calendar_count(c, gap.from, gap.to);
  return days;
}

/* Working days in `open` that are not in `gaps`; both united. */
static int outside(const Calendar *c, const Spans *open, const Spans *gaps) {
  int days = 0;
  size_t g = 0;
  for (size_t i = 0; i < open->count; i++) {
    Day from = open->list[i].from, to = open->list[i].to;
    days += calendar_count(c, from, to);
    while (g < gaps->count && gaps->list[g].to.n <= from.n) g++;
    for (size_t k = g; k < gaps->count && gaps->list[k].from.n < to.n; k++)
      days -= calendar_count(c, day__later(from, gaps->list[k].from), day__earlier(to, gaps->list[k].to));
  }
  return days;
}

int clock_stage_provincial(Arena *mem, const Calendar *c, const StageClock *k, const bool *left_out, Day today) {
  size_t pauses = 0;
  for (size_t i = 0; i < k->item_count; i++) pauses += k->items[i].pause_count;
  Spans open = {.list = arena_array(mem, Span, k->item_count + 1)}, gaps = {.list = arena_array(mem, Span, pauses + 1)};
  if (k->limit <= 0) return -1;
  for (size_t i = 0; i < k->item_count; i++) {
    const ItemClock *item = &k->items[i];
    if ((left_out && left_out[i]) || item->end_kind == END_STOPPED || today.n < item->start.n) continue;
    Day upto = upto_of(item, today);
    PauseWalk w = pauses__walk(item, upto);
    Gap gap;
    spans__add(&open, item->start, upto, HELD_UNIT);
    while (pauses__next(&w, &gap)) spans__add(&gaps, gap.from, gap.to, gap.holder);
  }
  spans__unite(&open);
  spans__unite(&gaps);
  return outside(c, &open, &gaps);
}
