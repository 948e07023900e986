/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cube.c: decided items by department, stage and month. The coarse cube is read as it lies; of the fine one, by category and
 * county beside, only what is not empty exists. The columns of all items serve what no cube knows, in one pass.
 */
#include "stats/stats_int.h"

static int cell_of(const Done *d) {
  return d->unit * STAGES + d->stage - 1;
}

static uint64_t fine_key(const Done *d) {
  return ((((uint64_t)d->month << 8 | d->unit) << 8 | d->stage) << 8 | d->category) << 8 | d->county;
}

static size_t fine_slot(const Cube *c, uint64_t key) {
  size_t at = (key * 0x9E3779B97F4A7C15u >> 20) & (c->slot_count - 1);
  while (c->slots[at] && AT(&c->fine, c->slots[at] - 1)->key != key) at = (at + 1) & (c->slot_count - 1);
  return at;
}

static void fine_grow(Arena *mem, Cube *c) {
  c->slot_count = c->slot_count ? c->slot_count * 4 : 4096;
  c->slots = arena_array(mem, uint32_t, c->slot_count);
  for (uint32_t i = 0; i < c->fine.count; i++) c->slots[fine_slot(c, AT(&c->fine, i)->key)] = i + 1;
}

static void tally_add(Tally *t, const Done *d, int sign) {
  t->items += (uint32_t)sign;
  t->late += d->late ? (uint32_t)sign : 0;
  t->used += (uint64_t)((int64_t)d->used * sign);
}

void cube__count(Arena *mem, Cube *c, const Done *d, int sign) {
  REQUIRE(d->month < MONTHS_MAX);
  if (!c->months[d->month]) c->months[d->month] = arena_array(mem, Tally, 256 * STAGES);
  tally_add(&c->months[d->month][cell_of(d)], d, sign);
  if (c->fine.count * 2 >= c->slot_count) fine_grow(mem, c);
  uint64_t key = fine_key(d);
  uint32_t *slot = &c->slots[fine_slot(c, key)];
  if (!*slot) {
    uint32_t at = ROOM(mem, &c->fine, Fine);
    AT(&c->fine, at)->key = key;
    *slot = at + 1;
  }
  tally_add(&AT(&c->fine, *slot - 1)->tally, d, sign);
}

uint32_t cube__column(Arena *mem, Cube *c) {
  Columns **chunk = &c->chunk[c->count >> CHUNK_BITS];
  if (!*chunk) *chunk = arena_new(mem, Columns);
  return c->count++;
}

void cube__put(Cube *c, uint32_t column, const Done *d) {
  Columns *k = c->chunk[column >> CHUNK_BITS];
  uint32_t i = column & (CHUNK - 1);
  k->month[i] = d->month;
  k->used[i] = d->used;
  k->group[i] = d->unit;
  k->stage[i] = d->stage;
  k->category[i] = d->category;
  k->county[i] = d->county;
  k->late[i] = d->late;
}

/* ---- answers -------------------------------------------------------------------------------------------------- */

typedef struct Wanted { /* a filter as numbers */
  int unit, category, county, stage, from, to, least; /* −1: any */
  bool late, nothing;
} Wanted;

static int number_of(const Names *n, Str s, bool *nothing) {
  int at = s.len ? names__find(n, s) : -1;
  *nothing |= s.len && at < 0;
  return at;
}

static Wanted wanted_of(const Stats *s, const CubeFilter *f) {
  Wanted w = {.stage = f->stage ? f->stage : -1, .from = f->from ? f->from - FIRST_MONTH : 0, .to = f->to ? f->to - FIRST_MONTH : MONTHS_MAX - 1, .late = f->late,
              .least = f->least};
  w.unit = number_of(&s->units, f->unit, &w.nothing);
  w.category = number_of(&s->categories, f->category, &w.nothing);
  w.county = number_of(&s->counties, f->county, &w.nothing);
  if (w.from < 0) w.from = 0;
  if (w.to >= MONTHS_MAX) w.to = MONTHS_MAX - 1;
  return w;
}

static void row_add(const Stats *s, CubeRows *out, size_t cap, int month, int unit, int stage, const Tally *t) {
  if (!t->items) return;
  REQUIRE(out->count < cap);
  out->list[out->count++] = (CubeRow){.unit = s->units.list[unit], .stage = stage, .month = month + FIRST_MONTH, .items = t->items, .late = t->late,
                                      .used = (int64_t)t->used};
}

/* The months between which there is anything. */
static void months_shrink(const Cube *c, Wanted *w) {
  while (w->from <= w->to && !c->months[w->from]) w->from++;
  while (w->to >= w->from && !c->months[w->to]) w->to--;
}

static CubeRows rows_of(Arena *mem, const Stats *s, const Wanted *w, Tally *const *months) {
  size_t units = s->units.count, cap = 0;
  for (int m = w->from; m <= w->to; m++)
    for (size_t i = 0; months[m] && i < units * STAGES; i++) cap += months[m][i].items > 0;
  CubeRows out = {.list = arena_array(mem, CubeRow, cap + 1)};
  for (int m = w->from; m <= w->to; m++)
    for (size_t i = 0; months[m] && i < units * STAGES; i++) {
      int unit = (int)(i / STAGES), stage = (int)(i % STAGES) + 1;
      if ((w->unit < 0 || w->unit == unit) && (w->stage < 0 || w->stage == stage)) row_add(s, &out, cap, m, unit, stage, &months[m][i]);
    }
  return out;
}

/* Room for sums, month by month. */
static Tally **sums_open(Arena *mem, const Stats *s, const Wanted *w) {
  Tally **months = arena_array(mem, Tally *, MONTHS_MAX);
  size_t each = s->units.count * STAGES;
  Tally *all = arena_array(mem, Tally, each * (size_t)(w->to >= w->from ? w->to - w->from + 1 : 0) + 1);
  for (int m = w->from; m <= w->to; m++) months[m] = all + each * (size_t)(m - w->from);
  return months;
}

static void fine_sum(const Cube *c, const Wanted *w, Tally **months) {
  for (uint32_t i = 0; i < c->fine.count; i++) {
    const Fine *f = AT(&c->fine, i);
    int county = (int)(f->key & 255), category = (int)(f->key >> 8 & 255), stage = (int)(f->key >> 16 & 255), unit = (int)(f->key >> 24 & 255),
        month = (int)(f->key >> 32);
    if ((w->county >= 0 && w->county != county) || (w->category >= 0 && w->category != category) || month < w->from || month > w->to) continue;
    Tally *t = &months[month][unit * STAGES + stage - 1];
    t->items += f->tally.items;
    t->late += f->tally.late;
    t->used += f->tally.used;
  }
}

CubeRows stats_cube(Arena *mem, Stats *s, const CubeFilter *f) {
  pthread_rwlock_rdlock(&s->lock);
  Wanted w = wanted_of(s, f);
  CubeRows out = {0};
  months_shrink(&s->cube, &w);
  if (!w.nothing && w.category < 0 && w.county < 0) out = rows_of(mem, s, &w, s->cube.months);
  else if (!w.nothing) {
    Tally **months = sums_open(mem, s, &w);
    fine_sum(&s->cube, &w, months);
    out = rows_of(mem, s, &w, months);
  }
  pthread_rwlock_unlock(&s->lock);
  return out;
}

/* One pass, column by column in pieces that stay in the nearest cache: loops of one length over bytes, without branches, so that the
 * compiler takes many at once; of a piece that nothing fits eight are passed over at a time. */
static void months_fit(uint8_t *restrict fits, const uint16_t *restrict month, uint16_t from, uint16_t span) {
  for (uint32_t i = 0; i < CHUNK; i++) fits[i] = (uint16_t)(month[i] - from) <= span;
}

static void keep(uint8_t *restrict fits, const uint8_t *restrict column, int value) {
  uint8_t one = (uint8_t)value;
  for (uint32_t i = 0; value >= 0 && i < CHUNK; i++) fits[i] &= (uint8_t)(column[i] == one);
}

static void keep_least(uint8_t *restrict fits, const uint16_t *restrict column, uint16_t least) {
  for (uint32_t i = 0; least && i < CHUNK; i++) fits[i] &= (uint8_t)(column[i] >= least);
}

static void tally_sum(const Columns *k, uint32_t i, uint16_t from, size_t each, Tally *sums) {
  Tally *t = &sums[(size_t)(k->month[i] - from) * each + (size_t)k->group[i] * STAGES + k->stage[i] - 1];
  t->items++;
  t->late += k->late[i];
  t->used += k->used[i];
}

static void columns_sum(const Columns *k, uint32_t n, const Wanted *w, size_t each, Tally *sums) {
  _Alignas(64) uint8_t fits[CHUNK];
  uint16_t from = (uint16_t)w->from;
  months_fit(fits, k->month, from, (uint16_t)(w->to - w->from));
  keep(fits, k->group, w->unit);
  keep(fits, k->stage, w->stage);
  keep(fits, k->category, w->category);
  keep(fits, k->county, w->county);
  keep(fits, k->late, w->late ? 1 : -1);
  keep_least(fits, k->used, (uint16_t)w->least);
  memset(fits + n, 0, CHUNK - n);
  for (uint32_t at = 0; at < n; at += 8) {
    uint64_t eight;
    memcpy(&eight, fits + at, sizeof eight);
    for (uint32_t i = at; eight && i < at + 8; i++)
      if (fits[i]) tally_sum(k, i, from, each, sums);
  }
}

CubeRows stats_scan(Arena *mem, Stats *s, const CubeFilter *f) {
  pthread_rwlock_rdlock(&s->lock);
  Wanted w = wanted_of(s, f);
  CubeRows out = {0};
  months_shrink(&s->cube, &w);
  if (!w.nothing && w.from <= w.to) {
    Tally **months = sums_open(mem, s, &w);
    for (uint32_t at = 0; at < s->cube.count; at += CHUNK) {
      uint32_t left = s->cube.count - at;
      columns_sum(s->cube.chunk[at >> CHUNK_BITS], left < CHUNK ? left : CHUNK, &w, s->units.count * STAGES, months[w.from]);
    }
    out = rows_of(mem, s, &w, months);
  }
  pthread_rwlock_unlock(&s->lock);
  return out;
}
