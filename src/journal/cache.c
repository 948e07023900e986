/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cache.c: folded states by stream, so that an act costs the same in the first and the thousandth event of
 * its stream. Least recently used ones go first; each state has an arena of its own.
 */
#include "journal/journal_int.h"

#include <stdlib.h>

/* A project that went all the way weighs nearly 100 KB: HELD_MAX is some 1 500 of them for each cache. */
enum { BUCKETS = 1 << 14, STATE_MAX = 64 << 20, HELD_MAX = 128 << 20 };

struct Cache {
  const Engine *const *engines;
  size_t engine_count, count, max, held, held_max; /* held: bytes of all states */
  int64_t epoch;
  StreamState *newest, *oldest;
  StreamState *buckets[BUCKETS];
};

Cache *cache__open(const Engine *const *engines, size_t n, size_t max) {
  Cache *c = calloc(1, sizeof *c);
  REQUIRE(c != NULL);
  c->engines = engines;
  c->engine_count = n;
  c->max = max;
  c->held_max = HELD_MAX;
  return c;
}

static StreamState **bucket_of(Cache *c, Str stream) {
  return &c->buckets[str_hash(stream) % BUCKETS];
}

static void unlink_age(Cache *c, StreamState *s) {
  if (s->older) s->older->newer = s->newer;
  else c->oldest = s->newer;
  if (s->newer) s->newer->older = s->older;
  else c->newest = s->older;
  s->older = s->newer = NULL;
}

static void link_newest(Cache *c, StreamState *s) {
  s->older = c->newest;
  s->newer = NULL;
  if (c->newest) c->newest->newer = s;
  else c->oldest = s;
  c->newest = s;
}

void cache__drop(Cache *c, StreamState *s) {
  StreamState **at = bucket_of(c, s->stream);
  while (*at != s) at = &(*at)->next;
  *at = s->next;
  unlink_age(c, s);
  c->count--;
  c->held -= s->weight;
  arena_close(s->mem); /* the StreamState itself lives there */
}

void cache__clear(Cache *c) {
  while (c->oldest) cache__drop(c, c->oldest);
}

void cache__trim(Cache *c) {
  while (c->count > c->max || (c->held > c->held_max && c->count > 1)) cache__drop(c, c->oldest);
}

size_t cache__held(const Cache *c) {
  return c->held;
}

void cache__hold(Cache *c, size_t bytes) {
  c->held_max = bytes;
}

void cache__close(Cache *c) {
  if (!c) return;
  cache__clear(c);
  free(c);
}

static StreamState *find(Cache *c, Str stream) {
  for (StreamState *s = *bucket_of(c, stream); s; s = s->next)
    if (str_eq(s->stream, stream)) {
      unlink_age(c, s);
      link_newest(c, s);
      return s;
    }
  return NULL;
}

static StreamState *make(Cache *c, Str stream, const Engine *engine) {
  Arena *mem = arena_open(STATE_MAX);
  StreamState *s = arena_new(mem, StreamState);
  *s = (StreamState){.stream = arena_str(mem, stream), .engine = engine, .mem = mem};
  StreamState **bucket = bucket_of(c, stream);
  s->next = *bucket;
  *bucket = s;
  link_newest(c, s);
  c->count++;
  return s;
}

void cache__apply(StreamState *s, const Event *e) {
  REQUIRE(e->seq == s->seq + 1);
  s->state = s->engine->fold(s->mem, s->state, e);
  s->seq = e->seq;
  s->head = e->leaf;
}

static void weigh(Cache *c, StreamState *s) {
  size_t now = arena_used(s->mem);
  c->held += now - s->weight;
  s->weight = now;
}

void cache__fold(Cache *c, StreamState *s, const Event *e) {
  cache__apply(s, e);
  weigh(c, s);
}

Code cache__advance(Cx *cx, Db *db, StreamState *s, int64_t seq) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, db, &sql__stream_events, VALS(val_s(s->stream), val_i(s->seq), val_i(seq - s->seq)), &r));
  SCOPED(arena_close_p) Arena *scratch = NULL;
  while (rows_next(r)) {
    if (!scratch) scratch = arena_open(STATE_MAX);
    Cx own = {.mem = scratch, .now = cx->now};
    Event e;
    Str text;
    if (event__row_in(&own, r, &e, &text) != OK) FAIL(own.fault, "%.*s", SFMT(own.detail));
    if (e.seq != s->seq + 1)
      FAIL(BROKEN, "流 %.*s 缺少第 %lld 条事件", SFMT(s->stream), (long long)s->seq + 1);
    cache__apply(s, &e);
    arena_reset(scratch);
  }
  return rows_end(cx, r);
}

Code cache__upto(Cx *cx, Cache *c, Db *db, Str stream, int64_t seq, StreamState **out) {
  StreamState *s = find(c, stream);
  if (s && s->seq > seq) {
    cache__drop(c, s);
    s = NULL;
  }
  if (!s) {
    const Engine *engine = engine__of(c->engines, c->engine_count, stream);
    if (!engine) FAIL(NOT_FOUND, "没有名为 %.*s 的记录。", SFMT(stream));
    s = make(c, stream, engine);
  }
  if (seq > s->seq) {
    Code code = cache__advance(cx, db, s, seq);
    if (code != OK) {
      cache__drop(c, s);
      return code;
    }
  }
  *out = s;
  return OK;
}

Code cache__state(Cx *cx, Cache *c, Db *db, Str stream, StreamState **out) {
  int64_t head;
  StreamState *s = c->epoch ? find(c, stream) : NULL;
  if (s && s->epoch == c->epoch) {
    *out = s;
    return OK;
  }
  /* One small look-up tells whether anything is new; only then events are read. */
  TRY(db_int(cx, db, &sql__stream_head, VALS(val_s(stream)), 0, &head));
  TRY(cache__upto(cx, c, db, stream, head, out));
  (*out)->epoch = c->epoch;
  weigh(c, *out);
  return OK;
}

void cache__epoch(Cache *c, int64_t epoch) {
  c->epoch = epoch;
}
