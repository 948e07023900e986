/* SPDX-License-Identifier: Apache-2.0 */
/* reading.c: clocks of items and stages, from the state alone. */
#include "approval/approval_int.h"

/* A clock that has ended keeps the calendar it ended under; a running one has today's. */
static const Calendar *calendar_for(const Policy *p, bool ended, int version) {
  const Calendar *c = ended ? calendars_get(p->calendars, version) : p->calendar;
  REQUIRE(c != NULL);
  return c;
}

const Calendar *item__calendar(const Policy *p, const ItemState *i) {
  return calendar_for(p, !item_open(i), i->calendar);
}

const Calendar *project_stage_calendar(const Policy *p, const Project *pr, int stage) {
  const StageState *s = &pr->stages[stage];
  bool ended = s->status == STAGE_CERTIFIED || stage_closed(s);
  return calendar_for(p, ended, s->calendar);
}

const Calendar *project_item_calendar(const Policy *p, const ItemState *i) {
  return item__calendar(p, i);
}

ItemClock item__clock(Arena *mem, const Policy *p, const ItemState *i) {
  ItemClock k = {.start = i->start, .dispatched = i->dispatched, .limit = i->limit, .pause_count = i->pause_count};
  Pause *pauses = arena_array(mem, Pause, i->pause_count + 1);
  for (size_t n = 0; n < i->pause_count; n++) {
    const PauseState *ps = &i->pauses[n];
    const Cause *cause = policy_cause(p, ps->cause);
    pauses[n] = (Pause){.from = day_of(ps->from), .to = day_of(ps->to), .open = ps->to == 0, .planned = ps->planned,
                        .holder = cause ? cause->holder : HELD_THIRD};
  }
  k.pauses = pauses;
  if (i->status == ITEM_PASSED || i->status == ITEM_REFUSED) k.end_kind = END_DONE;
  if (i->status == ITEM_WITHDRAWN || i->status == ITEM_HELD) k.end_kind = END_STOPPED;
  k.end = day_of(i->decided_at);
  return k;
}

bool item__left_out(const ItemState *i) {
  return i->status == ITEM_REFUSED || i->status == ITEM_WITHDRAWN || i->status == ITEM_HELD;
}

bool item__runs_stage(const ItemState *i) {
  return !i->parallel && !i->outside && !i->kept_from;
}

static bool run_counts(const StageState *s, const ItemState *run) {
  if (run->again && s->certified_at && run->start.n >= day_of(s->certified_at).n) return false; /* the clock of the stage had ended */
  return item__runs_stage(run);
}

StageParts stage__parts(Arena *mem, const Policy *p, const StageState *s) {
  StageClock k = {.start = s->accepted_on, .limit = s->limit};
  size_t runs = 0;
  for (size_t i = 0; i < s->item_count; i++)
    for (const ItemState *run = &s->items[i]; run; run = run->earlier) runs++;
  ItemClock *clocks = arena_array(mem, ItemClock, runs + 1);
  StageParts out = {.items = arena_array(mem, const ItemState *, runs + 1), .left_out = arena_array(mem, bool, runs + 1)};
  for (size_t i = 0; i < s->item_count; i++) {
    bool last = true; /* the upper platform has one record of an item: its last run */
    for (const ItemState *run = &s->items[i]; run; run = run->earlier) {
      if (!run_counts(s, run)) continue;
      out.items[k.item_count] = run;
      out.left_out[k.item_count] = item__left_out(run) || !last;
      clocks[k.item_count++] = item__clock(mem, p, run);
      last = false;
    }
  }
  k.items = clocks;
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
  out.clock = k;
  return out;
}

Reading project_item_reading(const Policy *p, const ItemState *i, int64_t now) {
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)1 << 20);
  if (i->status == ITEM_HELD) return (Reading){.lamp = LAMP_NONE, .left = i->limit};
  ItemClock k = item__clock(mem, p, i);
  return clock_item(item__calendar(p, i), &k, day_of(now), p->lamp);
}

Reading project_stage_reading(Arena *mem, const Policy *p, const Project *pr, int stage, int64_t now) {
  const StageState *s = &pr->stages[stage];
  if (!s->accepted_at) return (Reading){.lamp = LAMP_NONE, .left = pr->limits[stage]};
  StageParts parts = stage__parts(mem, p, s);
  return clock_stage(mem, project_stage_calendar(p, pr, stage), &parts.clock, day_of(now), p->lamp);
}

int project_item_provincial(const Policy *p, const ItemState *i, int64_t now) {
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)1 << 20);
  ItemClock k = item__clock(mem, p, i);
  return clock_item_provincial(item__calendar(p, i), &k, item__left_out(i), day_of(now));
}

int project_stage_provincial(Arena *mem, const Policy *p, const Project *pr, int stage, int64_t now) {
  const StageState *s = &pr->stages[stage];
  if (!s->accepted_at) return -1;
  StageParts parts = stage__parts(mem, p, s);
  return clock_stage_provincial(mem, project_stage_calendar(p, pr, stage), &parts.clock, parts.left_out, day_of(now));
}
