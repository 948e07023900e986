/* SPDX-License-Identifier: Apache-2.0 */
/*
 * streams.c: states of all streams of an engine, each folded whole. One pass over the journal, in two halves, notes where the events of each stream stand,
 * twelve bytes each; then stream after stream is folded in memory that is used again and again. Both by two threads. In the order
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

typedef struct Found { /* streams, in the order in which they begin */
  Arena *names;
  Stream *list;
  size_t count, cap, bucket_count;
  uint32_t *buckets;    /* 1 + number of a stream; a power of two of them */
} Found;

typedef struct Streams {
  const StoreOptions *o;
  Str prefix;
  Found all, late;      /* late: of the second half of the journal */
  Place *places;
  int64_t total;
  Folder own, other;
  bool threaded, stop;
  bool late_passed, late_fine, known; /* under the lock; known: all has all of them */
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

static void found_open(Found *f) {
  f->names = arena_open_large(MEM_MAX, NAMES_FIRST);
}

static void found_close(Found *f) {
  arena_close(f->names);
  free(f->list);
  free(f->buckets);
}

static void buckets_grow(Found *f) {
  f->bucket_count = f->bucket_count ? f->bucket_count * 2 : STREAMS_FIRST;
  free(f->buckets);
  f->buckets = calloc(f->bucket_count, sizeof *f->buckets);
  REQUIRE(f->buckets != NULL);
  for (size_t i = 0; i < f->count; i++) {
    size_t at = f->list[i].hash & (f->bucket_count - 1);
    while (f->buckets[at]) at = (at + 1) & (f->bucket_count - 1);
    f->buckets[at] = (uint32_t)i + 1;
  }
}

static Stream *stream_add(Found *f, Str name, const Engine *engine, uint32_t hash) {
  if (f->count == f->cap) {
    f->cap = f->cap ? f->cap * 2 : STREAMS_FIRST;
    f->list = realloc(f->list, f->cap * sizeof *f->list);
    REQUIRE(f->list != NULL);
  }
  Stream *one = &f->list[f->count++];
  *one = (Stream){.name = arena_str(f->names, name), .engine = engine, .hash = hash, .first = NONE, .last = NONE};
  return one;
}

/* NULL: not asked for. */
static Stream *stream_of(const Streams *s, Found *f, Str name) {
  uint32_t hash = (uint32_t)(str_hash(name) * 0x9E3779B97F4A7C15u >> 32);
  if (f->count * 3 >= f->bucket_count * 2) buckets_grow(f);
  size_t at = hash & (f->bucket_count - 1);
  for (; f->buckets[at]; at = (at + 1) & (f->bucket_count - 1)) {
    Stream *one = &f->list[f->buckets[at] - 1];
    if (one->hash == hash && str_eq(one->name, name)) return one;
  }
  const Engine *engine = engine_of(s, name);
  if (!engine) return NULL;
  f->buckets[at] = (uint32_t)f->count + 1;
  return stream_add(f, name, engine, hash);
}

/* The events behind `from` up to and including `upto`. False: somewhere the pages are not as they should be. Positions have no gaps, so there are as many
 * events as the last one's. */
static bool pass(const Streams *s, Found *f, Folder *by, int64_t from, int64_t upto) {
  Str name;
  for (int64_t i = from; i < upto; i++) {
    Place *p = &s->places[i];
    if ((i - from) % PASS_RESET == 0) {
      arena_reset(by->scratch);
      pages__batch(by->pages, by->scratch);
    }
    if (!pages__pass(by->pages, &p->at, &name)) return false;
    Stream *one = stream_of(s, f, name);
    if (!one) continue;
    p->next = NONE;
    if (one->last == NONE) one->first = (uint32_t)i;
    else s->places[one->last].next = (uint32_t)i;
    one->last = (uint32_t)i;
    one->count++;
  }
  return true;
}

/* What the second half has of a stream is behind what the first has. */
static void join(Streams *s) {
  for (size_t i = 0; i < s->late.count; i++) {
    const Stream *l = &s->late.list[i];
    Stream *one = stream_of(s, &s->all, l->name);
    if (one->last == NONE) one->first = l->first;
    else s->places[one->last].next = l->first;
    one->last = l->last;
    one->count += l->count;
  }
}

/* Until which event the first pass goes; behind it the other thread does. */
static int64_t half(const Streams *s) {
  return s->threaded ? s->total / 2 : s->total;
}

static bool late_wait(Streams *s) {
  pthread_mutex_lock(&s->lock);
  while (!s->late_passed) pthread_cond_wait(&s->changed, &s->lock);
  bool fine = s->late_fine;
  pthread_mutex_unlock(&s->lock);
  return fine;
}

static bool places_find(Streams *s) {
  bool fine = pass(s, &s->all, &s->own, 0, half(s));
  if (s->threaded) fine &= late_wait(s);
  if (fine) join(s);
  return fine;
}

static const Sql sql_total = {"streams.total", "", "i", "SELECT max(pos) FROM event"};
static const Sql sql_streams = {"streams.list", "", "sii", "SELECT stream, max(seq), min(pos) FROM event GROUP BY stream ORDER BY min(pos)"};

static Code ask(Cx *cx, Streams *s) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, s->own.journal, &sql_streams, NO_VALS, &r));
  while (rows_next(r)) {
    Str name = row_s(cx, r, 0);
    const Engine *engine = engine_of(s, name);
    if (engine) stream_add(&s->all, name, engine, 0)->count = row_i(r, 1);
  }
  return rows_end(cx, r);
}

static void known_tell(Streams *s) {
  pthread_mutex_lock(&s->lock);
  s->known = true;
  pthread_cond_broadcast(&s->changed);
  pthread_mutex_unlock(&s->lock);
}

/* Without pages the one who asks folds alone. */
static Code streams_find(Cx *cx, Streams *s) {
  if (s->own.pages && places_find(s)) return OK;
  s->all.count = 0;
  pthread_mutex_lock(&s->lock);
  s->stop = true;
  pthread_mutex_unlock(&s->lock);
  pages__close(s->other.pages);
  pages__close(s->own.pages);
  s->other.pages = s->own.pages = NULL;
  return ask(cx, s);
}

/* ---- folding ------------------------------------------------------------------------------------- */

/* False: a statement must be asked. after: what is folded then; NONE: not known. */
static bool fold_places(const Streams *s, const Folder *f, const Stream *one, StreamState *to, uint32_t after) {
  Cx cx = {.mem = f->scratch};
  if (!f->pages) return false;
  for (uint32_t i = one->first; i != NONE; i = s->places[i].next) {
    Event e;
    Str body;
    Json *tree = NULL;
    if (!pages__at(f->pages, s->places[i].at, &e, &body) || e.seq != to->seq + 1 || !str_eq(e.stream, one->name)) return false;
    uint32_t then = s->places[i].next != NONE ? s->places[i].next : after;
    if (then != NONE) pages__soon(f->pages, s->places[then].at);
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
    const Stream *one = &s->all.list[p->first + i];
    StreamState *to = &p->states[i];
    arena_reset(f->scratch);
    *to = (StreamState){.stream = one->name, .engine = one->engine, .mem = p->mem};
    if (fold_places(s, f, one, to, i + 1 < p->count ? one[1].first : NONE)) continue;
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
  if (s->cursor == s->all.count || s->taken - s->given == PIECES) return NULL;
  Piece *p = &s->ring[s->taken++ % PIECES];
  int64_t events = 0;
  p->first = s->cursor;
  p->done = false;
  while (s->cursor < s->all.count && events < PIECE_EVENTS) events += s->all.list[s->cursor++].count;
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
  bool fine = pass(s, &s->late, &s->other, s->total / 2, s->total);
  if (fine) pages__memory(s->other.pages, s->other.scratch);
  pthread_mutex_lock(&s->lock);
  s->late_passed = true;
  s->late_fine = fine;
  pthread_cond_broadcast(&s->changed);
  while (!s->stop && !s->known) pthread_cond_wait(&s->changed, &s->lock);
  while (!s->stop && s->cursor < s->all.count) {
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
  while (s->given < s->taken || s->cursor < s->all.count) {
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

static Code folder_open(Cx *cx, const Streams *s, Folder *f) {
  f->scratch = arena_open_large(MEM_MAX, SCRATCH_FIRST);
  TRY(db__open(cx, store__path(cx->mem, s->o->dir, "journal.db"), DB_SCAN, &f->journal));
  return db__script(cx, f->journal, "BEGIN");
}

static void folder_close(Folder *f) {
  pages__close(f->pages);
  db__close(f->journal);
  arena_close(f->scratch);
}

/* Its snapshot is the younger one: all that was noted is there. Without it everything goes on as well, only slower. */
static void other_start(Cx *cx, Streams *s) {
  Cx own = {.mem = cx->mem};
  if (!s->own.pages || s->total < THREAD_LEAST || folder_open(&own, s, &s->other) != OK) return;
  s->other.pages = pages__beside(s->other.journal, s->own.pages, s->total / 2, s->total);
  s->threaded = s->other.pages && pthread_create(&s->thread, NULL, other_main, s) == 0;
}

static Code run(Cx *cx, Streams *s, StreamFolded *seen, void *arg) {
  TRY(folder_open(cx, s, &s->own));
  TRY(db_int(cx, s->own.journal, &sql_total, NO_VALS, 0, &s->total));
  if (!s->total) return OK;
  if (s->total < NONE) s->own.pages = pages__open(s->own.journal, 0, s->total);
  s->places = s->own.pages ? malloc((size_t)s->total * sizeof *s->places) : NULL;
  REQUIRE(s->places != NULL || !s->own.pages);
  other_start(cx, s);
  TRY(streams_find(cx, s));
  if (s->own.pages) pages__memory(s->own.pages, s->own.scratch);
  for (size_t i = 0; i < PIECES; i++) s->ring[i].mem = arena_open_large(MEM_MAX, PIECE_FIRST);
  known_tell(s);
  return give_all(cx, s, seen, arg);
}

static void streams_close(Streams *s) {
  pthread_mutex_lock(&s->lock);
  s->stop = true;
  pthread_cond_broadcast(&s->changed);
  pthread_mutex_unlock(&s->lock);
  if (s->threaded) pthread_join(s->thread, NULL);
  folder_close(&s->other); /* it borrows from the other one */
  folder_close(&s->own);
  for (size_t i = 0; i < PIECES; i++) arena_close(s->ring[i].mem);
  found_close(&s->all);
  found_close(&s->late);
  free(s->places);
  pthread_cond_destroy(&s->changed);
  pthread_mutex_destroy(&s->lock);
}

Code streams_fold(Cx *cx, const StoreOptions *o, Str prefix, StreamFolded *seen, void *arg) {
  Streams *s = arena_new(cx->mem, Streams);
  *s = (Streams){.o = o, .prefix = prefix};
  found_open(&s->all);
  found_open(&s->late);
  pthread_mutex_init(&s->lock, NULL);
  pthread_cond_init(&s->changed, NULL);
  Code code = run(cx, s, seen, arg);
  streams_close(s);
  return code;
}
