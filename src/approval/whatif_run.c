/* SPDX-License-Identifier: Apache-2.0 */
/* whatif_run.c: all records, chunk by chunk, on a few threads; each counts for itself, then the counts are added. */
#include "approval/whatif_int.h"

#include <pthread.h>
#include <stdlib.h>

enum { THREADS_MAX = 16 };

typedef struct StepCount { int64_t times[2], days[2]; } StepCount;
typedef struct UnitCount { int64_t open[2], ahead[2], items[2], worked[2], late[2]; } UnitCount;
typedef struct Tally { /* of one thread */
  const Compare *c;
  size_t first, every; /* takes chunks first, first + every … */
  Day today;
  Arena *mem, *scratch;
  Two *two;
  Outcome *outcome;
  WhatIfCell *cells;   /* category × STAGE_MAX */
  StepCount *steps;    /* the same × codes */
  UnitCount *units;
  WhatIfStage *moved; size_t moved_count;
  int64_t became_late, became_timely;
  int64_t cases_late[2], cases_expected[2];
  pthread_t thread;
} Tally;

static void tally_open(Tally *t, Arena *mem, const Compare *c, Day today) {
  size_t cells = (size_t)c->categories.count * STAGE_MAX;
  *t = (Tally){.c = c, .today = today, .mem = mem, .every = 1};
  t->scratch = arena_open((size_t)64 << 20);
  t->two = arena_new(mem, Two);
  t->outcome = arena_new(mem, Outcome);
  t->cells = arena_array(mem, WhatIfCell, cells + 1);
  t->steps = arena_array(mem, StepCount, cells * c->codes.count + 1);
  t->units = arena_array(mem, UnitCount, c->units.count + 1);
  t->moved = arena_array(mem, WhatIfStage, WHATIF_SHOWN);
}

static void side_count(WhatIfCount *n, const WhatIfSide *s, EndKind end) {
  if (!s->exists) {
    n->gone++;
    return;
  }
  n->reordered += s->reordered;
  n->assumed += s->assumed;
  if (end == END_DONE) {
    n->done++;
    n->late_done += s->late;
    n->used += s->used;
    n->path += s->path;
  } else if (end == END_NONE) {
    n->running++;
    n->late_running += s->late;
    n->expected += s->expected;
    n->lamps[s->lamp]++;
  }
}

static void stage_count(Tally *t, const Row *r, const Outcome *o) {
  size_t at = (size_t)r->category * STAGE_MAX + r->stage - 1;
  WhatIfCell *cell = &t->cells[at];
  const WhatIfStage *s = &o->stage;
  cell->done += s->end_kind == END_DONE;
  cell->running += s->end_kind == END_NONE;
  cell->stopped += s->end_kind == END_STOPPED;
  side_count(&cell->side[0], &s->now, s->end_kind);
  side_count(&cell->side[1], &s->draft, s->end_kind);
  for (int side = 0; side < 2 && s->end_kind == END_DONE; side++) {
    if (!(side ? s->draft.exists : s->now.exists)) continue;
    for (size_t i = 0; i < o->chain[side].count; i++) {
      StepCount *step = &t->steps[at * t->c->codes.count + o->chain[side].codes[i]];
      step->times[side]++;
      step->days[side] += o->chain[side].each[i];
    }
  }
  if (s->end_kind == END_STOPPED || s->now.late == s->draft.late) return;
  if (s->draft.late) t->became_late++;
  else t->became_timely++;
  if (t->moved_count < WHATIF_SHOWN) t->moved[t->moved_count++] = *s;
}

static void parts_count(Tally *t, const Outcome *o) {
  for (size_t i = 0; i < o->item_count; i++)
    for (int side = 0; side < 2; side++) {
      const ItemSide *s = &o->items[i][side];
      UnitCount *u = &t->units[s->unit];
      if (!s->there) continue;
      u->items[side]++;
      u->worked[side] += s->used;
      u->late[side] += s->late;
      u->open[side] += s->open;
      if (s->open && s->limit > s->used) u->ahead[side] += s->limit - s->used;
    }
}

/* The stages of a project stand together. */
typedef struct Case { uint32_t project; bool late[2], expected[2]; } Case;

static void case_count(Tally *t, const Case *k) {
  for (int side = 0; side < 2; side++) {
    t->cases_late[side] += k->late[side];
    t->cases_expected[side] += k->expected[side] || k->late[side];
  }
}

static void chunk_count(Tally *t, const Chunk *chunk) {
  Eval e = {.c = t->c, .today = t->today, .mem = t->scratch, .two = t->two};
  Case k = {0};
  for (size_t i = 0; i < chunk->row_count; i++) {
    const Row *r = &chunk->rows[i];
    if (r->project != k.project) {
      case_count(t, &k);
      k = (Case){.project = r->project};
    }
    stage_eval(&e, chunk, r, t->outcome);
    stage_count(t, r, t->outcome);
    parts_count(t, t->outcome);
    const WhatIfStage *s = &t->outcome->stage;
    for (int side = 0; side < 2 && s->end_kind != END_STOPPED; side++) {
      const WhatIfSide *one = side ? &s->draft : &s->now;
      k.late[side] |= one->late;
      k.expected[side] |= one->expected;
    }
    if (arena_used(t->scratch)) arena_reset(t->scratch);
  }
  case_count(t, &k);
}

static void *tally_run(void *arg) {
  Tally *t = arg;
  size_t n = 0;
  for (const Chunk *c = t->c->w->first; c; c = c->next, n++)
    if (n % t->every == t->first) chunk_count(t, c);
  return NULL;
}

/* ---- adding up ----------------------------------------------------------------------------------------- */

static void count_add(WhatIfCount *to, const WhatIfCount *from) {
  to->done += from->done;
  to->running += from->running;
  to->late_done += from->late_done;
  to->late_running += from->late_running;
  to->expected += from->expected;
  for (int i = 0; i < LAMP__MAX; i++) to->lamps[i] += from->lamps[i];
  to->used += from->used;
  to->path += from->path;
  to->reordered += from->reordered;
  to->assumed += from->assumed;
  to->gone += from->gone;
}

static void cell_add(WhatIfCell *to, const WhatIfCell *from) {
  to->done += from->done;
  to->running += from->running;
  to->stopped += from->stopped;
  count_add(&to->side[0], &from->side[0]);
  count_add(&to->side[1], &from->side[1]);
}

static int by_case(const void *a, const void *b) {
  const WhatIfStage *x = a, *y = b;
  if (x->project != y->project) return x->project < y->project ? -1 : 1;
  return x->stage - y->stage;
}

static void tally_add(Tally *to, const Tally *from, WhatIfStage *moved, size_t *moved_count) {
  size_t cells = (size_t)to->c->categories.count * STAGE_MAX;
  for (size_t i = 0; i < from->moved_count; i++) moved[(*moved_count)++] = from->moved[i];
  if (to == from) return;
  for (size_t i = 0; i < cells; i++) cell_add(&to->cells[i], &from->cells[i]);
  for (size_t i = 0; i < cells * to->c->codes.count; i++)
    for (int side = 0; side < 2; side++) {
      to->steps[i].times[side] += from->steps[i].times[side];
      to->steps[i].days[side] += from->steps[i].days[side];
    }
  for (size_t i = 0; i < to->c->units.count; i++)
    for (int side = 0; side < 2; side++) {
      to->units[i].open[side] += from->units[i].open[side];
      to->units[i].ahead[side] += from->units[i].ahead[side];
      to->units[i].items[side] += from->units[i].items[side];
      to->units[i].worked[side] += from->units[i].worked[side];
      to->units[i].late[side] += from->units[i].late[side];
    }
  to->became_late += from->became_late;
  to->became_timely += from->became_timely;
  for (int side = 0; side < 2; side++) {
    to->cases_late[side] += from->cases_late[side];
    to->cases_expected[side] += from->cases_expected[side];
  }
}

static int by_times(const void *a, const void *b) {
  const WhatIfStep *x = a, *y = b;
  if (x->times[1] != y->times[1]) return x->times[1] > y->times[1] ? -1 : 1;
  if (x->times[0] != y->times[0]) return x->times[0] > y->times[0] ? -1 : 1;
  return str_cmp(x->code, y->code);
}

static int by_open(const void *a, const void *b) {
  const WhatIfUnit *x = a, *y = b;
  if (x->side[1].open != y->side[1].open) return x->side[1].open > y->side[1].open ? -1 : 1;
  if (x->side[1].items != y->side[1].items) return x->side[1].items > y->side[1].items ? -1 : 1;
  return str_cmp(x->unit, y->unit);
}

static Str item_name(const Compare *c, uint32_t code) {
  for (int side = 1; side >= 0; side--)
    if (c->side[side].list[code].item) return c->side[side].list[code].item->name;
  return code < c->w->codes.count ? c->w->names[code] : c->codes.list[code];
}

/* What the limits alone allow: the longest chain of all items that the category may need. */
static int plan_of(const Compare *c, int side, uint32_t category, int stage) {
  Member list[PARTS_MAX];
  Chain chain;
  size_t n = 0;
  for (uint32_t i = 0; i < c->codes.count && n < PARTS_MAX; i++) {
    const Rule *r = &c->side[side].list[i];
    if (!r->item || r->beside || r->item->stage != stage || !policy_item_in(r->item, c->categories.list[category])) continue;
    list[n++] = (Member){.code = (uint16_t)i, .days = r->days[category]};
  }
  chain_find(&c->side[side], stage, list, n, &chain);
  return chain.days;
}

static void cell_finish(Arena *mem, const Tally *t, WhatIfCell *cell, size_t at) {
  const Compare *c = t->c;
  uint32_t category = (uint32_t)(at / STAGE_MAX);
  *cell = t->cells[at];
  cell->category = arena_str(mem, c->categories.list[category]);
  cell->stage = (int)(at % STAGE_MAX) + 1;
  cell->steps = arena_array(mem, WhatIfStep, c->codes.count);
  for (int side = 0; side < 2; side++) {
    cell->limit[side] = c->side[side].limit[category][cell->stage];
    cell->plan[side] = plan_of(c, side, category, cell->stage);
  }
  for (uint32_t i = 0; i < c->codes.count; i++) {
    const StepCount *s = &t->steps[at * c->codes.count + i];
    if (!s->times[0] && !s->times[1]) continue;
    cell->steps[cell->step_count++] = (WhatIfStep){.code = arena_str(mem, c->codes.list[i]), .name = arena_str(mem, item_name(c, i)),
                                                   .times = {s->times[0], s->times[1]}, .days = {s->days[0], s->days[1]}};
  }
  qsort(cell->steps, cell->step_count, sizeof *cell->steps, by_times);
}

static void units_finish(Arena *mem, const Tally *t, WhatIfReport *out) {
  out->units = arena_array(mem, WhatIfUnit, t->c->units.count + 1);
  for (uint32_t i = 0; i < t->c->units.count; i++) {
    const UnitCount *u = &t->units[i];
    if (!u->items[0] && !u->items[1]) continue;
    WhatIfUnit *one = &out->units[out->unit_count++];
    one->unit = arena_str(mem, t->c->units.list[i]);
    for (int side = 0; side < 2; side++) {
      one->side[side].open = u->open[side];
      one->side[side].ahead = u->ahead[side];
      one->side[side].items = u->items[side];
      one->side[side].worked = u->worked[side];
      one->side[side].late = u->late[side];
    }
  }
  qsort(out->units, out->unit_count, sizeof *out->units, by_open);
}

static void report_make(Arena *mem, const Tally *t, WhatIfStage *moved, size_t moved_count, WhatIfReport *out) {
  size_t cells = (size_t)t->c->categories.count * STAGE_MAX;
  *out = (WhatIfReport){.today = t->today, .size = whatif_size(t->c->w), .became_late = t->became_late,
                        .became_timely = t->became_timely};
  memcpy(out->cases_late, t->cases_late, sizeof out->cases_late);
  memcpy(out->cases_expected, t->cases_expected, sizeof out->cases_expected);
  out->cells = arena_array(mem, WhatIfCell, cells + 1);
  for (size_t i = 0; i < cells; i++) {
    const WhatIfCell *one = &t->cells[i];
    if (!one->done && !one->running && !one->stopped) continue;
    cell_finish(mem, t, &out->cells[out->cell_count++], i);
    cell_add(&out->all, one);
  }
  units_finish(mem, t, out);
  qsort(moved, moved_count, sizeof *moved, by_case);
  out->moved_count = moved_count < WHATIF_SHOWN ? moved_count : WHATIF_SHOWN;
  out->moved = arena_array(mem, WhatIfStage, out->moved_count + 1);
  memcpy(out->moved, moved, out->moved_count * sizeof *moved);
}

Code whatif_run(Cx *cx, const WhatIf *w, const Policy *draft, Day today, int threads, WhatIfReport *out) {
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)1 << 30);
  Cx own = {.mem = mem, .now = cx->now};
  Compare *c = NULL;
  Tally tallies[THREADS_MAX];
  size_t n = threads < 1 ? 1 : threads > THREADS_MAX ? THREADS_MAX : (size_t)threads, moved_count = 0;
  if (compare_make(&own, w, draft, &c) != OK) FAIL_AT(own.fault, own.field, own.clause, "%.*s", SFMT(own.detail));
  WhatIfStage *moved = arena_array(mem, WhatIfStage, n * WHATIF_SHOWN);
  for (size_t i = 0; i < n; i++) {
    tally_open(&tallies[i], mem, c, today);
    tallies[i].first = i;
    tallies[i].every = n;
    if (i) REQUIRE(pthread_create(&tallies[i].thread, NULL, tally_run, &tallies[i]) == 0);
  }
  tally_run(&tallies[0]);
  for (size_t i = 0; i < n; i++) {
    if (i) pthread_join(tallies[i].thread, NULL);
    tally_add(&tallies[0], &tallies[i], moved, &moved_count);
    arena_close(tallies[i].scratch);
  }
  report_make(cx->mem, &tallies[0], moved, moved_count, out);
  return OK;
}

Code whatif_each(Cx *cx, const WhatIf *w, const Policy *draft, Day today, WhatIfEach *each, void *arg) {
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)64 << 20);
  SCOPED(arena_close_p) Arena *scratch = arena_open((size_t)64 << 20);
  Cx own = {.mem = mem, .now = cx->now};
  Compare *c = NULL;
  if (compare_make(&own, w, draft, &c) != OK) FAIL_AT(own.fault, own.field, own.clause, "%.*s", SFMT(own.detail));
  Eval e = {.c = c, .today = today, .mem = scratch, .two = arena_new(mem, Two)};
  Outcome *o = arena_new(mem, Outcome);
  for (const Chunk *chunk = w->first; chunk; chunk = chunk->next)
    for (size_t i = 0; i < chunk->row_count; i++) {
      stage_eval(&e, chunk, &chunk->rows[i], o);
      each(arg, &o->stage);
      arena_reset(scratch);
    }
  return OK;
}
