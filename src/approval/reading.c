/* SPDX-License-Identifier: Apache-2.0 */
/* reading.c: clocks of items and stages, from the state alone. */
#include "approval/approval_int.h"

ItemClock item__clock(Arena *mem, const Policy *p, const ItemState *i) {
  ItemClock k = {.start = i->start, .limit = i->limit, .pause_count = i->pause_count};
  Pause *pauses = arena_array(mem, Pause, i->pause_count + 1);
  for (size_t n = 0; n < i->pause_count; n++) {
    const PauseState *ps = &i->pauses[n];
    const Cause *cause = policy_cause(p, ps->cause);
    pauses[n] = (Pause){.from = day_of(ps->from), .to = day_of(ps->to), .open = ps->to == 0,
                        .holder = cause ? cause->holder : HELD_THIRD};
  }
  k.pauses = pauses;
  if (i->status == ITEM_PASSED || i->status == ITEM_REFUSED) k.end_kind = END_DONE;
  if (i->status == ITEM_WITHDRAWN) k.end_kind = END_STOPPED;
  k.end = day_of(i->decided_at);
  return k;
}

Reading project_item_reading(const Policy *p, const ItemState *i, int64_t now) {
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)1 << 20);
  ItemClock k = item__clock(mem, p, i);
  return clock_item(p->calendar, &k, day_of(now), p->lamp);
}

Reading project_stage_reading(Arena *mem, const Policy *p, const Project *pr, int stage, int64_t now) {
  const StageState *s = &pr->stages[stage];
  StageClock k = {.start = s->accepted_on, .limit = s->limit};
  ItemClock *items = arena_array(mem, ItemClock, s->item_count + 1);
  if (!s->accepted_at) return (Reading){.lamp = LAMP_NONE, .left = pr->limits[stage]};
  for (size_t i = 0; i < s->item_count; i++) {
    const ItemState *item = &s->items[i];
    if (item->parallel || item->outside || item->kept_from) continue;
    items[k.item_count++] = item__clock(mem, p, item);
  }
  k.items = items;
  if (s->status == STAGE_CERTIFIED || s->status == STAGE_DELIVERED) {
    k.end_kind = END_DONE;
    k.end = day_of(s->certified_at);
  } else if (s->status == STAGE_REFUSED) {
    k.end_kind = END_DONE;
    k.end = day_of(s->ended_at);
  } else if (s->status == STAGE_WITHDRAWN) {
    k.end_kind = END_STOPPED;
    k.end = day_of(s->ended_at);
  }
  return clock_stage(mem, p->calendar, &k, day_of(now), p->lamp);
}
