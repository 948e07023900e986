/* SPDX-License-Identifier: Apache-2.0 */
/*
 * streams.c: states of all streams of an engine, each folded whole. One pass over the journal notes where the events of each stream stand,
 * twelve bytes each; then stream after stream is folded in memory that is used again and again, by two threads. In the order
 * of the journal the states of all streams would have to live at once: a third of the time went into fetching memory for them.
 */
#include "journal/pages.h"

#include <stdlib.h>

enum { PIECES = 8, PIECE_EVENTS = 128, PIECE_FIRST = 1 << 20, SCRATCH_FIRST = 1 << 18, PASS_RESET = 4096, STREAMS_FIRST = 1 << 12,
       NAMES_FIRST = 1 << 20, THREAD_LEAST = 4096 };
static const size_t MEM_MAX = (size_t)1 << 32;
static const uint32_t NONE = UINT32_MAX;

typedef struct Stream {
  Str name;
  const Engine *engine;
  int64_t count;        /* of its events */
  uint32_t hash, first, last; /* in places; NONE: not known, a statement is asked */
} Stream;

typedef struct Place { /* of an event, and of the next one of its stream */
  PagesPlace at;
  uint32_t next;
} Place;

typedef struct Piece { /* some streams, one behind the other */
  Arena *mem;
  StreamState *states;
  size_t first, count;
  bool done;
  Code fault;
  Str detail;
} Piece;

typedef struct Folder { /* what a thread folds with */
  Db *journal;
  Pages *pages;         /* NULL: by statements */
  Arena *scratch;
} Folder;

typedef struct Streams {
  const StoreOptions *o;
  Str prefix;
  Arena *names;
  Stream *list;
  size_t count, cap, bucket_count;
  uint32_t *buckets;    /* 1 + number of a stream; a power of two of them */
  Place *places;
  int64_t total;
  Folder own, other;
  bool threaded, stop;
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t changed;
  size_t cursor, taken, given; /* the next stream, pieces taken and given so far */
  Piece ring[PIECES];
} Streams;

/* ---- which streams there are -------------------------------------------------------------------- */

static const Engine *engine_of(const Streams *s, Str stream) {
  if (s->prefix.len && !(str_starts(stream, s->prefix) && stream.len > s->prefix.len && stream.ptr[s->prefix.len] == '/')) return NULL;
  return engine__of(s->o->engines, s->o->engine_count, stream);
}

static void buckets_grow(Streams *s) {
  s->bucket_count = s->bucket_count ? s->bucket_count * 2 : STREAMS_FIRST;
  free(s->buckets);
  s->buckets = calloc(s->bucket_count, sizeof *s->buckets);
  REQUIRE(s->buckets != NULL);
  for (size_t i = 0; i < s->count; i++) {
    size_t at = s->list[i].hash & (s->bucket_count - 1);
    while (s->buckets[at]) at = (at + 1) & (s->bucket_count - 1);
    s->buckets[at] = (uint32_t)i + 1;
  }
}

static Stream *stream_add(Streams *s, Str name, const Engine *engine, uint32_t hash) {
  if (s->count == s->cap) {
    s->cap = s->cap ? s->cap * 2 : STREAMS_FIRST;
    s->list = realloc(s->list, s->cap * sizeof *s->list);
    REQUIRE(s->list != NULL);
  }
  Stream *one = &s->list[s->count++];
  *one = (Stream){.name = arena_str(s->names, name), .engine = engine, .hash = hash, .first = NONE, .last = NONE};
  return one;
}

/* NULL: not asked for. */
static Stream *stream_of(Streams *s, Str name) {
  uint32_t hash = (uint32_t)(str_hash(name) * 0x9E3779B97F4A7C15u >> 32);
  if (s->count * 3 >= s->bucket_count * 2) buckets_grow(s);
  size_t at = hash & (s->bucket_count - 1);
  for (; s->buckets[at]; at = (at + 1) & (s->bucket_count - 1)) {
    Stream *one = &s->list[s->buckets[at] - 1];
    if (one->hash == hash && str_eq(one->name, name)) return one;
  }
  const Engine *engine = engine_of(s, name);
  if (!engine) return NULL;
  s->buckets[at] = (uint32_t)s->count + 1;
  return stream_add(s, name, engine, hash);
}

/* False: somewhere the pages are not as they should be. Positions have no gaps, so there are as many events as the last one's. */
static bool pass(Streams *s) {
  Str name;
  s->places = malloc(((size_t)s->total + 1) * sizeof *s->places);
  REQUIRE(s->places != NULL);
  for (int64_t i = 0; i < s->total; i++) {
    Place *p = &s->places[i];
    if (i % PASS_RESET == 0) {
      arena_reset(s->own.scratch);
      pages__batch(s->own.pages, s->own.scratch);
    }
    if (!pages__pass(s->own.pages, &p->at, &name)) return false;
    Stream *one = stream_of(s, name);
    if (!one) continue;
    p->next = NONE;
    if (one->last == NONE) one->first = (uint32_t)i;
    else s->places[one->last].next = (uint32_t)i;
    one->last = (uint32_t)i;
    one->count++;
  }
  return true;
}

static const Sql sql_total = {"streams.total", "", "i", "SELECT max(pos) FROM event"};
static const Sql sql_streams = {"streams.list", "", "sii", "SELECT stream, max(seq), min(pos) FROM event GROUP BY stream ORDER BY min(pos)"};

static Code ask(Cx *cx, Streams *s) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, s->own.journal, &sql_streams, NO_VALS, &r));
  while (rows_next(r)) {
    Str name = row_s(cx, r, 0);
    const Engine *engine = engine_of(s, name);
    if (engine) stream_add(s, name, engine, 0)->count = row_i(r, 1);
  }
  return rows_end(cx, r);
}

static Code streams_find(Cx *cx, Streams *s) {
  if (s->own.pages && s->total < NONE && pass(s)) return OK;
  s->count = 0;
  pages__close(s->own.pages);
  s->own.pages = NULL;
  return ask(cx, s);
}

/* ---- folding ------------------------------------------------------------------------------------- */

/* False: a statement must be asked. */
static bool fold_places(Streams *s, Folder *f, const Stream *one, StreamState *to) {
  Cx cx = {.mem = f->scratch};
  if (!f->pages) return false;
  for (uint32_t i = one->first; i != NONE; i = s->places[i].next) {
    Event e;
    Str body;
    Json *tree = NULL;
    if (!pages__at(f->pages, s->places[i].at, &e, &body) || e.seq != to->seq + 1 || !str_eq(e.stream, one->name)) return false;
    if (event__body_in(&cx, e.pos, body, &tree) != OK) return false;
    e.body = tree;
    cache__apply(to, &e);
  }
  return to->seq == one->count;
}

static Code piece_fold(Cx *cx, Streams *s, Folder *f, Piece *p) {
  arena_reset(p->mem);
  p->states = arena_array(p->mem, StreamState, p->count);
  for (size_t i = 0; i < p->count; i++) {
    const Stream *one = &s->list[p->first + i];
    StreamState *to = &p->states[i];
    arena_reset(f->scratch);
    *to = (StreamState){.stream = one->name, .engine = one->engine, .mem = p->mem};
    if (fold_places(s, f, one, to)) continue;
    *to = (StreamState){.stream = one->name, .engine = one->engine, .mem = p->mem};
    TRY(cache__advance(cx, f->journal, to, one->count));
  }
  return OK;
}

static void piece_run(Streams *s, Folder *f, Piece *p) {
  Cx cx = {.mem = p->mem};
  p->fault = piece_fold(&cx, s, f, p);
  p->detail = cx.detail;
}

/* Under the lock. NULL: there is none, or as many wait to be given as may. */
static Piece *piece_take(Streams *s) {
  if (s->cursor == s->count || s->taken - s->given == PIECES) return NULL;
  Piece *p = &s->ring[s->taken++ % PIECES];
  int64_t events = 0;
  p->first = s->cursor;
  p->done = false;
  while (s->cursor < s->count && events < PIECE_EVENTS) events += s->list[s->cursor++].count;
  p->count = s->cursor - p->first;
  return p;
}

static void piece_done(Streams *s, Folder *f, Piece *p) {
  pthread_mutex_unlock(&s->lock);
  piece_run(s, f, p);
  pthread_mutex_lock(&s->lock);
  p->done = true;
  pthread_cond_broadcast(&s->changed);
}

static void *other_main(void *arg) {
  Streams *s = arg;
  pthread_mutex_lock(&s->lock);
  while (!s->stop && s->cursor < s->count) {
    Piece *p = piece_take(s);
    if (p) piece_done(s, &s->other, p);
    else pthread_cond_wait(&s->changed, &s->lock);
  }
  pthread_mutex_unlock(&s->lock);
  return NULL;
}

/* The next in order. The one who asks folds, too, as long as it is not there. */
static Piece *piece_next(Streams *s) {
  Piece *p = NULL;
  pthread_mutex_lock(&s->lock);
  while (s->given < s->taken || s->cursor < s->count) {
    p = &s->ring[s->given % PIECES];
    if (s->given < s->taken && p->done) break;
    p = piece_take(s);
    if (p) piece_done(s, &s->own, p);
    else pthread_cond_wait(&s->changed, &s->lock);
    p = NULL;
  }
  pthread_mutex_unlock(&s->lock);
  return p;
}

static void piece_given(Streams *s) {
  pthread_mutex_lock(&s->lock);
  s->given++;
  pthread_cond_broadcast(&s->changed);
  pthread_mutex_unlock(&s->lock);
}

static Code give_all(Cx *cx, Streams *s, StreamFolded *seen, void *arg) {
  for (Piece *p; (p = piece_next(s)) != NULL; piece_given(s)) {
    if (p->fault != OK) FAIL(p->fault, "%.*s", SFMT(p->detail));
    for (size_t i = 0; i < p->count; i++) TRY(seen(cx, arg, p->states[i].stream, p->states[i].state, p->states[i].seq));
  }
  return OK;
}

/* ---- opening ------------------------------------------------------------------------------------- */

static Code folder_open(Cx *cx, Streams *s, Folder *f, bool paged) {
  f->scratch = arena_open_large(MEM_MAX, SCRATCH_FIRST);
  TRY(db__open(cx, store__path(cx->mem, s->o->dir, "journal.db"), DB_SCAN, &f->journal));
  TRY(db__script(cx, f->journal, "BEGIN"));
  if (s->total == 0) TRY(db_int(cx, f->journal, &sql_total, NO_VALS, 0, &s->total));
  if (paged) f->pages = pages__open(f->journal, 0, s->total);
  return OK;
}

static void folder_close(Folder *f) {
  pages__close(f->pages);
  db__close(f->journal);
  arena_close(f->scratch);
}

/* Its snapshot is the younger one: all that was noted is there. Without it everything goes on as well, only slower. */
static void other_start(Cx *cx, Streams *s) {
  Cx own = {.mem = cx->mem};
  if (!s->own.pages || s->total < THREAD_LEAST || folder_open(&own, s, &s->other, true) != OK) return;
  if (s->other.pages) pages__memory(s->other.pages, s->other.scratch);
  s->threaded = pthread_create(&s->thread, NULL, other_main, s) == 0;
}

static Code run(Cx *cx, Streams *s, StreamFolded *seen, void *arg) {
  TRY(folder_open(cx, s, &s->own, true));
  if (!s->total) return OK;
  TRY(streams_find(cx, s));
  if (s->own.pages) pages__memory(s->own.pages, s->own.scratch);
  for (size_t i = 0; i < PIECES; i++) s->ring[i].mem = arena_open_large(MEM_MAX, PIECE_FIRST);
  other_start(cx, s);
  return give_all(cx, s, seen, arg);
}

static void streams_close(Streams *s) {
  pthread_mutex_lock(&s->lock);
  s->stop = true;
  pthread_cond_broadcast(&s->changed);
  pthread_mutex_unlock(&s->lock);
  if (s->threaded) pthread_join(s->thread, NULL);
  folder_close(&s->own);
  folder_close(&s->other);
  for (size_t i = 0; i < PIECES; i++) arena_close(s->ring[i].mem);
  arena_close(s->names);
  free(s->list);
  free(s->buckets);
  free(s->places);
  pthread_cond_destroy(&s->changed);
  pthread_mutex_destroy(&s->lock);
}

Code streams_fold(Cx *cx, const StoreOptions *o, Str prefix, StreamFolded *seen, void *arg) {
  Streams *s = arena_new(cx->mem, Streams);
  *s = (Streams){.o = o, .prefix = prefix, .names = arena_open_large(MEM_MAX, NAMES_FIRST)};
  pthread_mutex_init(&s->lock, NULL);
  pthread_cond_init(&s->changed, NULL);
  Code code = run(cx, s, seen, arg);
  streams_close(s);
  return code;
}
