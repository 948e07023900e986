/* SPDX-License-Identifier: Apache-2.0 */
/* whatif.c: compact records of accepted stages, taken from folded projects. What has ended is measured here, once, with
 * the engine's own clocks; what runs keeps its days and pauses, as it has to be measured on the day of the question. */
#include "approval/whatif_int.h"

static uint16_t small(int n) {
  return (uint16_t)(n < 0 ? 0 : n > UINT16_MAX ? UINT16_MAX : n);
}

static void facts_want(WhatIf *w, const Expr *e) {
  Str names[FACTS_MAX];
  size_t n = policy_expr_facts(e, names, FACTS_MAX);
  for (size_t i = 0; i < n; i++) {
    bool known = str_eq(names[i], S("category")) || str_eq(names[i], S("county"));
    for (size_t k = 0; k < w->fact_count && !known; k++) known = str_eq(w->facts[k], names[i]);
    if (!known && w->fact_count < FACTS_MAX) w->facts[w->fact_count++] = names[i];
  }
}

static uint16_t code_add(WhatIf *w, Str code, Str name) {
  uint32_t n = words_add(&w->codes, code);
  REQUIRE(n < CODES_MAX);
  if (!w->names[n].len) w->names[n] = arena_str(w->mem, name);
  return (uint16_t)n;
}

static uint16_t word_small(Words *words, Str s, uint32_t max) {
  uint32_t n = words_add(words, s);
  REQUIRE(n < max);
  return (uint16_t)n;
}

WhatIf *whatif_open(const Policy *now) {
  Arena *mem = arena_open(SIZE_MAX / 2); /* as large as the store: the caller bounds the number of projects */
  WhatIf *w = arena_new(mem, WhatIf);
  w->mem = mem;
  w->scratch = arena_open((size_t)16 << 20);
  w->now = now;
  w->names = arena_array(mem, Str, CODES_MAX);
  words_open(&w->codes, mem);
  words_open(&w->units, mem);
  words_open(&w->categories, mem);
  words_open(&w->values, mem);
  words_open(&w->sets, mem);
  words_add(&w->values, S("")); /* 0: not given */
  for (size_t i = 0; i < now->category_count; i++) word_small(&w->categories, now->categories[i].code, CATEGORIES_MAX);
  for (size_t i = 0; i < now->item_count; i++) {
    code_add(w, now->items[i].code, now->items[i].name);
    facts_want(w, now->items[i].when);
    facts_want(w, now->items[i].county_when);
  }
  return w;
}

void whatif_close(WhatIf *w) {
  if (!w) return;
  arena_close(w->scratch);
  arena_close(w->mem); /* w itself lives there */
}

void whatif_close_p(WhatIf **w) {
  whatif_close(*w);
  *w = NULL;
}

WhatIfSize whatif_size(const WhatIf *w) {
  WhatIfSize s = w->size;
  s.bytes = (int64_t)arena_used(w->mem);
  return s;
}

/* ---- adding ---------------------------------------------------------------------------------------- */

static Str fact_text(const Json *facts, Str name) {
  const Json *v = json_get(facts, name);
  if (!v) return S("");
  if (v->kind == JSON_BOOL) return v->num ? S("true") : S("false");
  return v->kind == JSON_STR ? v->str : S("");
}

static uint32_t facts_add(WhatIf *w, const Project *pr) {
  uint32_t set[FACTS_MAX] = {0};
  for (size_t i = 0; i < w->fact_count; i++) {
    const Json *v = json_get(pr->facts, w->facts[i]);
    Str text = v && v->kind == JSON_INT ? arena_fmt(w->scratch, "%lld", (long long)v->num) : fact_text(pr->facts, w->facts[i]);
    set[i] = words_add(&w->values, text);
  }
  return words_add(&w->sets, (Str){.ptr = (const char *)set, .len = w->fact_count * sizeof set[0]});
}

static Live *live_add(WhatIf *w, Chunk *c) {
  if (c->live_count == c->live_cap) {
    size_t cap = c->live_cap ? c->live_cap * 2 : 64;
    Live *more = arena_array(w->mem, Live, cap);
    if (c->live_count) memcpy(more, c->lives, c->live_count * sizeof *more);
    c->lives = more;
    c->live_cap = cap;
  }
  return &c->lives[c->live_count++];
}

static const Pause *pauses_keep(WhatIf *w, const ItemClock *k) {
  if (!k->pause_count) return NULL;
  Pause *kept = arena_array(w->mem, Pause, k->pause_count);
  memcpy(kept, k->pauses, k->pause_count * sizeof *kept);
  return kept;
}

static void live_keep(WhatIf *w, Chunk *c, const ItemClock *k) {
  *live_add(w, c) = (Live){.start = k->start, .end = k->end, .pauses = pauses_keep(w, k), .pause_count = (uint32_t)k->pause_count};
}

static void part_add(WhatIf *w, Chunk *c, const ItemState *i, bool stage_runs) {
  Part *p = &c->parts[c->part_count++];
  const Calendar *calendar = item__calendar(w->now, i);
  ItemClock k = item__clock(w->scratch, w->now, i);
  *p = (Part){.code = code_add(w, i->code, i->name), .unit = word_small(&w->units, i->unit, UNITS_MAX),
              .extra = (int16_t)(i->limit - i->days), .days = small(i->days)};
  p->flags = (uint8_t)((i->parallel ? PART_BESIDE : 0) | (i->outside ? PART_OUTSIDE : 0) | (i->kept_from ? PART_KEPT : 0) |
                       (k.end_kind != END_NONE ? PART_ENDED : 0) | (k.end_kind == END_STOPPED ? PART_STOPPED : 0));
  if (k.end_kind != END_NONE) {
    p->net = small(clock_item(calendar, &k, k.end, w->now->lamp).used);
    k.limit = p->net;
    if (clock_item(calendar, &k, k.end, w->now->lamp).overdue) p->flags |= PART_OFFDAY;
  }
  if (!stage_runs && k.end_kind != END_NONE) return;
  p->flags |= PART_LIVE;
  uint32_t earlier = 0, at = c->live_count;
  live_keep(w, c, &k);
  for (const ItemState *run = i->earlier; run && stage_runs; run = run->earlier) {
    if (!item__runs_stage(run)) continue;
    k = item__clock(w->scratch, w->now, run);
    live_keep(w, c, &k);
    earlier++;
  }
  c->lives[at].earlier = earlier;
}

static void row_add(WhatIf *w, Chunk *c, const Project *pr, int n, uint32_t facts) {
  const StageState *s = &pr->stages[n];
  const Calendar *calendar = project_stage_calendar(w->now, pr, n);
  StageClock k = stage__parts(w->scratch, w->now, s).clock;
  Row *r = &c->rows[c->row_count++];
  *r = (Row){.project = (uint32_t)pr->no, .facts = facts, .part = c->part_count, .live = c->live_count, .start = k.start,
             .county = word_small(&w->units, pr->county, UNITS_MAX), .part_count = (uint8_t)s->item_count,
             .category = (uint8_t)word_small(&w->categories, pr->category, CATEGORIES_MAX), .stage = (uint8_t)n};
  for (size_t i = 0; i < s->item_count; i++) part_add(w, c, &s->items[i], k.end_kind == END_NONE);
  w->size.stages++;
  w->size.items += (int64_t)s->item_count;
  if (k.end_kind == END_NONE) return;
  r->flags = (uint8_t)(PART_ENDED | (k.end_kind == END_STOPPED ? PART_STOPPED : 0));
  r->used = small(clock_stage(w->scratch, calendar, &k, k.end, w->now->lamp).used);
  k.limit = r->used;
  if (clock_stage(w->scratch, calendar, &k, k.end, w->now->lamp).overdue) r->flags |= PART_OFFDAY;
}

static Chunk *chunk_for(WhatIf *w, size_t rows, size_t parts) {
  Chunk *c = w->last;
  if (c && c->row_count + rows <= CHUNK_ROWS && c->part_count + parts <= CHUNK_PARTS) return c;
  c = arena_new(w->mem, Chunk);
  if (w->last) w->last->next = c;
  else w->first = c;
  w->last = c;
  return c;
}

void whatif_add(WhatIf *w, const Project *pr) {
  size_t rows = 0, parts = 0;
  for (int n = 1; n <= STAGE_MAX; n++) {
    if (!pr->stages[n].accepted_at) continue;
    REQUIRE(pr->stages[n].item_count < PARTS_MAX);
    rows++;
    parts += pr->stages[n].item_count;
  }
  w->size.projects++;
  if (!rows) return;
  Chunk *c = chunk_for(w, rows, parts);
  uint32_t facts = facts_add(w, pr);
  for (int n = 1; n <= STAGE_MAX; n++)
    if (pr->stages[n].accepted_at) row_add(w, c, pr, n, facts);
  arena_reset(w->scratch);
}
