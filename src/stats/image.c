/* SPDX-License-Identifier: Apache-2.0 */
/* image.c: all facts in memory, in the order of the journal, and what was known of a record on a day. */
#include "stats/stats_int.h"

enum { DAY_ZERO = 10956 }; /* 1999-12-31: days from 2000 on fit into 16 bits until 2179 */

uint16_t day__pack(Day d) {
  if (!d.n) return 0;
  int n = d.n - DAY_ZERO;
  return (uint16_t)(n < 1 ? 1 : n > UINT16_MAX ? UINT16_MAX : n);
}

Day day__unpack(uint16_t n) {
  return (Day){n ? n + DAY_ZERO : 0};
}

int month__of(Day d) {
  int y, m, day;
  day_split(d, &y, &m, &day);
  return y * 12 + m - 1;
}

static uint16_t small(int n) {
  return (uint16_t)(n < 0 ? 0 : n > UINT16_MAX ? UINT16_MAX : n);
}

/* ---- names ------------------------------------------------------------------------------------------------ */

static size_t slot_of(const Names *n, Str s) {
  size_t at = str_hash(s) % NAME_SLOTS;
  while (n->slots[at] && !str_eq(n->list[n->slots[at] - 1], s)) at = (at + 1) % NAME_SLOTS;
  return at;
}

int names__find(const Names *n, Str s) {
  return n->slots ? n->slots[slot_of(n, s)] - 1 : -1;
}

int names__add(Arena *mem, Names *n, Str s) {
  if (!n->slots) {
    n->slots = arena_array(mem, uint16_t, NAME_SLOTS);
    n->list = arena_array(mem, Str, NAMES_MAX);
  }
  size_t at = slot_of(n, s);
  if (!n->slots[at]) {
    REQUIRE(n->count < NAMES_MAX);
    n->list[n->count] = arena_str(mem, s);
    n->slots[at] = (uint16_t)++n->count;
  }
  return n->slots[at] - 1;
}

static uint8_t name_small(Arena *mem, Names *n, Str s) {
  int at = names__add(mem, n, s);
  REQUIRE(at < SMALL_MAX);
  return (uint8_t)at;
}

/* ---- opening ------------------------------------------------------------------------------------------------ */

Stats *stats_open(void) {
  Arena *mem = arena_open(SIZE_MAX / 2); /* as large as the store is */
  Stats *s = arena_new(mem, Stats);
  s->mem = mem;
  pthread_rwlock_init(&s->lock, NULL);
  return s;
}

void stats_close(Stats *s) {
  if (!s) return;
  pthread_rwlock_destroy(&s->lock);
  arena_close(s->mem); /* s itself lives there */
}

void stats_close_p(Stats **s) {
  stats_close(*s);
  *s = NULL;
}

StatsSize stats_size(Stats *s) {
  pthread_rwlock_rdlock(&s->lock);
  StatsSize out = {.facts = s->facts, .records = s->records.count, .bytes = (int64_t)arena_used(s->mem)};
  pthread_rwlock_unlock(&s->lock);
  return out;
}

/* ---- adding -------------------------------------------------------------------------------------------------- */

static void project_room(Stats *s, uint32_t no) {
  while (s->first.count <= no) {
    ROOM(s->mem, &s->first, uint32_t);
    ROOM(s->mem, &s->category, uint8_t);
    ROOM(s->mem, &s->county, uint8_t);
  }
}

static uint32_t pauses_keep(Stats *s, const Fact *f, uint8_t *count) {
  Pause list[FACT_PAUSES_MAX];
  size_t n = fact_pauses(f->pauses, list);
  uint32_t first = s->pauses.count;
  for (size_t i = 0; i < n; i++) {
    uint32_t at = ROOM(s->mem, &s->pauses, Pause);
    *AT(&s->pauses, at) = list[i];
  }
  *count = (uint8_t)n;
  return first;
}

static Done done_of(const Stats *s, const Record *r, const Version *v) {
  return (Done){.month = (uint16_t)(month__of(day__unpack(v->ended)) - FIRST_MONTH), .used = v->used, .unit = r->unit, .stage = r->stage,
                .category = *AT(&s->category, r->project), .county = *AT(&s->county, r->project), .late = v->late};
}

static bool decided(const Version *v) {
  return v->state == FACT_DONE || v->state == FACT_REFUSED;
}

/* The newest record of that name; applied for again by itself, an item that has ended is another one from then on. */
static uint32_t record_find(Stats *s, const Fact *f, uint16_t item) {
  for (uint32_t at = *AT(&s->first, (uint32_t)f->project); at; at = AT(&s->records, at - 1)->next) {
    const Record *r = AT(&s->records, at - 1);
    if (r->stage != f->stage || r->attempt != f->attempt || r->item != item) continue;
    bool again = item != STAGE_ITSELF && fact_ended(AT(&s->versions, r->last)->state) && !fact_ended(f->state);
    return again ? 0 : at;
  }
  return 0;
}

static Record *record_add(Stats *s, const Fact *f, uint16_t item) {
  uint32_t at = ROOM(s->mem, &s->records, Record), *first = AT(&s->first, (uint32_t)f->project);
  Record *r = AT(&s->records, at);
  *r = (Record){.last = NO_COLUMN, .next = *first, .project = (uint32_t)f->project, .column = NO_COLUMN, .item = item, .stage = (uint8_t)f->stage,
                .attempt = (uint8_t)f->attempt, .flags = (uint8_t)f->flags};
  if (item != STAGE_ITSELF) r->unit = name_small(s->mem, &s->units, f->unit);
  if (item != STAGE_ITSELF && !(f->flags & FACT_OUTSIDE)) r->column = cube__column(s->mem, &s->cube);
  *first = at + 1;
  return r;
}

void stats_add(Stats *s, const Fact *f) {
  REQUIRE(f->project > 0 && f->project < (int64_t)CHUNK * CHUNKS_MAX);
  project_room(s, (uint32_t)f->project);
  if (!f->stage) {
    *AT(&s->category, (uint32_t)f->project) = name_small(s->mem, &s->categories, f->category);
    *AT(&s->county, (uint32_t)f->project) = name_small(s->mem, &s->counties, f->unit);
  }
  uint16_t item = f->item.len ? (uint16_t)names__add(s->mem, &s->items, f->item) : STAGE_ITSELF;
  uint32_t found = record_find(s, f, item), at = ROOM(s->mem, &s->versions, Version);
  Record *r = found ? AT(&s->records, found - 1) : record_add(s, f, item);
  const Version *was = r->last == NO_COLUMN ? NULL : AT(&s->versions, r->last);
  Version *v = AT(&s->versions, at);
  *v = (Version){.before = was ? r->last + 1 : 0, .known = day__pack(f->known), .received = day__pack(f->received), .start = day__pack(f->start),
                 .decided = day__pack(f->decided), .ended = day__pack(f->ended), .delivered = day__pack(f->delivered), .limit = small(f->limit),
                 .used = small(f->used), .gross = small(f->gross), .applicant = small(f->applicant), .third = small(f->third),
                 .state = (uint8_t)f->state, .late = f->late};
  v->pauses = pauses_keep(s, f, &v->pause_count);
  r->last = at;
  s->facts++;
  if (f->pos > s->pos) s->pos = f->pos;
  if (r->column == NO_COLUMN) return;
  Done before = {.month = NO_MONTH}, now = {.month = NO_MONTH};
  if (was && decided(was)) cube__count(s->mem, &s->cube, (before = done_of(s, r, was), &before), -1);
  if (decided(v)) cube__count(s->mem, &s->cube, (now = done_of(s, r, v), &now), 1);
  if (!was || before.month != now.month || before.used != now.used || before.late != now.late) {
    if (now.month == NO_MONTH) now = (Done){.month = NO_MONTH, .unit = r->unit, .stage = r->stage};
    cube__put(&s->cube, r->column, &now);
  }
}

/* ---- keeping up ------------------------------------------------------------------------------------------------ */

static Code one(Cx *cx, void *arg, const Fact *f) {
  (void)cx;
  stats_add(arg, f);
  return OK;
}

static const Sql sql_last = {"stats.last", "", "i", "SELECT max(pos) FROM fact"};

Code stats_behind(Cx *cx, Stats *s, Reader *rd, int64_t *events) {
  TRY(db_int(cx, reader_views(rd), &sql_last, NO_VALS, 0, events));
  pthread_rwlock_rdlock(&s->lock);
  *events -= s->pos;
  pthread_rwlock_unlock(&s->lock);
  return OK;
}

Code stats_refresh(Cx *cx, Stats *s, Reader *rd) {
  int64_t behind = 0;
  TRY(stats_behind(cx, s, rd, &behind));
  if (behind <= 0) return OK;
  pthread_rwlock_wrlock(&s->lock);
  Code code = facts_after(cx, reader_views(rd), s->pos, one, s); /* from where it is now: another thread may have read them */
  pthread_rwlock_unlock(&s->lock);
  return code;
}

Code stats__enter(Cx *cx, Stats *s, Reader *rd) {
  TRY(stats_refresh(cx, s, rd));
  pthread_rwlock_rdlock(&s->lock);
  return OK;
}

void stats__leave(Stats *s) {
  pthread_rwlock_unlock(&s->lock);
}
