/* SPDX-License-Identifier: Apache-2.0 */
/* whatif_stage.c: one accepted stage under both packages. What it holds fixed stands in whatif.h. */
#include "approval/whatif_int.h"

/* Late by the calendar: `offday` tells that the clock ended on a day that is not counted, so that the due day, when it
 * was the last counted one, has passed. */
static bool is_late(int used, int limit, bool offday) {
  return used > limit || (used == limit && offday);
}

static int item_limit(const Compare *c, int side, const Part *p, int category) {
  const Rule *rule = &c->side[side].list[p->code];
  return (rule->item ? rule->days[category] : p->days) + p->extra;
}

static ItemClock live_clock(const Live *v, const Part *p, int limit) {
  EndKind end = p->flags & PART_STOPPED ? END_STOPPED : p->flags & PART_ENDED ? END_DONE : END_NONE;
  return (ItemClock){.start = v->start, .limit = limit, .pauses = v->pauses, .pause_count = v->pause_count,
                     .end_kind = end, .end = v->end};
}

static bool dropped(const Eval *e, const Part *p, const Row *r) {
  const Compare *c = e->c;
  if (!c->need[p->code] || p->flags & PART_KEPT) return false;
  return compare_applies(e->mem, c, 1, p->code, r) == NO && compare_applies(e->mem, c, 0, p->code, r) != NO;
}

static void item_eval(const Eval *e, const Row *r, const Part *p, const Live *v, ItemSide out[2]) {
  const Compare *c = e->c;
  const Policy *now = c->w->now;
  bool open = !(p->flags & PART_ENDED);
  Reading reading = {0};
  for (int side = 0; side < 2; side++) {
    ItemSide *s = &out[side];
    *s = (ItemSide){.there = true, .open = open, .unit = p->unit, .used = p->net, .limit = item_limit(c, side, p, r->category)};
    if (open && (side == 0 || s->limit != out[0].limit)) {
      ItemClock k = live_clock(v, p, s->limit);
      reading = clock_item(now->calendar, &k, e->today, now->lamp);
    }
    if (open) s->used = reading.used;
    s->late = open ? reading.overdue : !(p->flags & PART_STOPPED) && is_late(p->net, s->limit, p->flags & PART_OFFDAY);
  }
  if (dropped(e, p, r)) out[1] = (ItemSide){0};
  else if (c->unit[p->code]) out[1].unit = compare_unit(e->mem, c, p->code, p->unit, r);
}

static bool member(const Compare *c, int side, const Part *p, const ItemSide *s) {
  if (!s->there || p->flags & PART_KEPT) return false;
  if (side && c->beside[p->code]) return !c->side[1].list[p->code].beside;
  return !(p->flags & (PART_BESIDE | PART_OUTSIDE));
}

static int chain_days(const ItemSide *s, bool runs) {
  return runs && s->open && s->limit > s->used ? s->limit : s->used;
}

static void clock_add(Two *two, int side, const ItemClock *k) {
  if (two->clock_count[side] < COUNT(two->clocks[side])) two->clocks[side][two->clock_count[side]++] = *k;
}

static void two_add(Two *two, int side, uint16_t code, const ItemSide *s, bool runs, const ItemClock *k) {
  size_t n = two->count[side]++;
  two->list[side][n] = (Member){.code = code, .days = (uint16_t)chain_days(s, runs)};
  if (runs) clock_add(two, side, k);
}

/* What an item ran before it was applied for again belongs to the stage on each side that has the item. */
static void earlier_add(Two *two, int side, const Live *v) {
  for (uint32_t i = 1; i <= v->earlier; i++) {
    ItemClock k = {.start = v[i].start, .limit = 1, .pauses = v[i].pauses, .pause_count = v[i].pause_count, .end_kind = END_DONE, .end = v[i].end};
    clock_add(two, side, &k);
  }
}

/* Items that only the draft wants. */
static void assume(const Eval *e, const Chunk *chunk, const Row *r, bool runs, Two *two, Outcome *out) {
  const Compare *c = e->c;
  for (size_t n = 0; n < c->need_count[r->stage]; n++) {
    uint16_t code = c->needs[r->stage][n];
    bool known = false;
    for (size_t i = 0; i < r->part_count && !known; i++) known = chunk->parts[r->part + i].code == code;
    if (known || out->item_count >= PARTS_MAX) continue;
    if (compare_applies(e->mem, c, 1, code, r) != YES || compare_applies(e->mem, c, 0, code, r) != NO) continue;
    int days = c->side[1].list[code].days[r->category], passed = calendar_count(c->w->now->calendar, r->start, e->today);
    ItemSide *s = out->items[out->item_count++];
    bool open = runs && passed < days;
    s[0] = (ItemSide){0};
    s[1] = (ItemSide){.there = true, .open = open, .assumed = true, .unit = compare_unit(e->mem, c, code, 0, r),
                      .used = open ? passed : days, .limit = days};
    two->assumed = true;
    if (c->side[1].list[code].beside) continue;
    ItemClock k = {.start = r->start, .limit = days, .end_kind = open ? END_NONE : END_DONE,
                   .end = calendar_add(c->w->now->calendar, r->start, days)};
    two->changed = true;
    two_add(two, 1, code, &s[1], runs, &k);
  }
}

static void parts_eval(const Eval *e, const Chunk *chunk, const Row *r, bool runs, Two *two, Outcome *out) {
  uint32_t live = r->live;
  out->item_count = r->part_count;
  for (size_t i = 0; i < r->part_count; i++) {
    const Part *p = &chunk->parts[r->part + i];
    const Live *v = p->flags & PART_LIVE ? &chunk->lives[live] : NULL;
    ItemClock k = {0};
    if (v) live += 1 + v->earlier;
    item_eval(e, r, p, v, out->items[i]);
    if (runs) k = live_clock(v, p, 1); /* a stage does not look at the limits of its items */
    bool was = member(e->c, 0, p, &out->items[i][0]), is = member(e->c, 1, p, &out->items[i][1]);
    if (was) two_add(two, 0, p->code, &out->items[i][0], runs, &k);
    if (is) two_add(two, 1, p->code, &out->items[i][1], runs, &k);
    for (int side = 0; runs && side < 2; side++)
      if (side ? is : was) earlier_add(two, side, v);
    if (was != is) two->changed = true;
  }
  if (e->c->need_count[r->stage]) assume(e, chunk, r, runs, two, out);
}

/* ---- a finished stage ----------------------------------------------------------------------------------- */

static void finished(const Eval *e, const Row *r, const Two *two, Outcome *out) {
  const Compare *c = e->c;
  bool stopped = r->flags & PART_STOPPED, offday = r->flags & PART_OFFDAY;
  for (int side = 0; side < 2; side++) {
    WhatIfSide *s = side ? &out->stage.draft : &out->stage.now;
    chain_find(&c->side[side], r->stage, two->list[side], two->count[side], &out->chain[side]);
    s->path = out->chain[side].days;
    s->used = r->used;
    if (side && (two->changed || out->chain[1].days != out->chain[0].days)) {
      int rest = r->used - out->chain[0].days;
      s->used = (rest > 0 ? rest : 0) + out->chain[1].days;
      s->reordered = true;
      offday = false;
    }
    s->left = s->limit - s->used;
    s->late = !stopped && is_late(s->used, s->limit, offday);
    s->lamp = stopped ? LAMP_ENDED : LAMP_DONE;
  }
}

/* ---- a running stage ------------------------------------------------------------------------------------- */

static void read_now(const Eval *e, const Row *r, const Two *two, int side, WhatIfSide *s) {
  const Compare *c = e->c;
  StageClock k = {.start = r->start, .limit = s->limit, .items = two->clocks[side], .item_count = two->clock_count[side]};
  Reading reading = clock_stage(e->mem, c->w->now->calendar, &k, e->today, c->side[side].p->lamp);
  s->used = reading.used;
  s->left = reading.left;
  s->lamp = reading.lamp;
  s->late = reading.lamp == LAMP_RED;
}

static bool same_question(const Compare *c, const WhatIfSide *a, const WhatIfSide *b) {
  const LampRule *x = &c->side[0].p->lamp, *y = &c->side[1].p->lamp;
  return a->exists && a->limit == b->limit && x->warn_days == y->warn_days && x->warn_of == y->warn_of;
}

static void running(const Eval *e, const Row *r, const Two *two, Outcome *out) {
  const Compare *c = e->c;
  for (int side = 0; side < 2; side++) {
    WhatIfSide *s = side ? &out->stage.draft : &out->stage.now;
    if (!s->exists) continue;
    Chain *chain = &out->chain[side];
    chain_find(&c->side[side], r->stage, two->list[side], two->count[side], chain);
    s->path = chain->days;
    if (side && !two->changed && same_question(c, &out->stage.now, s)) {
      s->used = out->stage.now.used;
      s->left = out->stage.now.left;
      s->lamp = out->stage.now.lamp;
      s->late = out->stage.now.late;
    } else {
      read_now(e, r, two, side, s);
    }
    s->expected = s->late || s->used > s->limit || s->path > s->limit;
  }
  if (c->side[0].order[r->stage].count || c->side[1].order[r->stage].count) { /* the same days in the other order */
    int days = out->chain[1].days;
    chain_find(&c->side[0], r->stage, two->list[1], two->count[1], &out->chain[1]);
    out->stage.draft.reordered = out->chain[1].days != days;
  }
  if (two->changed) out->stage.draft.reordered = true;
}

void stage_eval(const Eval *e, const Chunk *chunk, const Row *r, Outcome *out) {
  const Compare *c = e->c;
  bool ended = r->flags & PART_ENDED;
  Two *two = e->two;
  two->count[0] = two->count[1] = two->clock_count[0] = two->clock_count[1] = 0;
  two->changed = two->assumed = false;
  out->stage = (WhatIfStage){.project = r->project, .stage = r->stage,
                             .end_kind = r->flags & PART_STOPPED ? END_STOPPED : ended ? END_DONE : END_NONE};
  for (int side = 0; side < 2; side++) {
    WhatIfSide *s = side ? &out->stage.draft : &out->stage.now;
    s->limit = c->side[side].limit[r->category][r->stage];
    s->exists = s->limit > 0;
  }
  parts_eval(e, chunk, r, !ended, two, out);
  if (ended) finished(e, r, two, out);
  else running(e, r, two, out);
  out->stage.draft.assumed = two->assumed;
  if (!out->stage.now.exists) out->stage.now = (WhatIfSide){0};
  if (!out->stage.draft.exists) out->stage.draft = (WhatIfSide){0};
}
