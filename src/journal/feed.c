/* SPDX-License-Identifier: Apache-2.0 */
/*
 * feed.c: events one after the other, read ahead: while one thread folds and projects, another steps through the table and reads
 * the bodies. Three quarters of what reading costs is then done beside the rest.
 */
#include "journal/pages.h"

#include <stdlib.h>

enum { BATCHES = 4, BATCH_EVENTS = 256, BATCH_BYTES = 1 << 20, BATCH_MEM = 1 << 28, FIRST = 1 << 20, THREAD_LEAST = 4096 };

typedef struct Batch {
  Arena *mem;
  Event list[BATCH_EVENTS];
  bool personal[BATCH_EVENTS]; /* may name or erase a reference */
  size_t count;
  Code fault; /* behind these events */
  Str detail;
} Batch;

struct Feed {
  Db *journal, *own;      /* own: of the thread */
  Pages *pages;           /* of the thread; NULL: by statements */
  int64_t pos, upto;      /* read so far; the last to be read */
  bool threaded, holds;   /* holds: the batch at `out` was handed out */
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t changed;
  size_t in, out;         /* batches filled and taken so far */
  bool over, stop;        /* nothing more comes; nothing more is wanted */
  bool spent, ended;      /* ended: pages gives no more, but what it gave still stands there */
  Batch ring[BATCHES];
};

static Str keep(Arena *mem, Str s) {
  return s.len ? arena_str(mem, s) : S("");
}

static Code event_read(Cx *cx, const Rows *r, Event *e, bool *personal) {
  Str body;
  Json *tree = NULL;
  event__row_borrow(r, e, &body);
  Str *const texts[] = {&e->stream, &e->kind, &e->actor, &e->actor_name, &e->unit, &e->behalf, &e->command};
  for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = keep(cx->mem, *texts[i]);
  TRY(event__body_in(cx, e->pos, keep(cx->mem, body), &tree));
  e->body = tree;
  *personal = personal__may(body);
  return OK;
}

/* A batch also ends when it grows fat: events may be large. */
static bool batch_full(const Cx *cx, const Batch *b) {
  return b->count == BATCH_EVENTS || arena_used(cx->mem) >= BATCH_BYTES;
}

/* Texts stay where they are in the page. */
static Code batch_pages(Cx *cx, Feed *f, Batch *b) {
  Str body;
  Json *tree = NULL;
  pages__batch(f->pages, cx->mem);
  while (!batch_full(cx, b)) {
    Event *e = &b->list[b->count];
    if (!pages__next(f->pages, e, &body)) {
      f->ended = true;
      return OK;
    }
    TRY(event__body_in(cx, e->pos, body, &tree));
    e->body = tree;
    b->personal[b->count] = personal__may(body);
    f->pos = e->pos;
    b->count++;
  }
  return OK;
}

static Code batch_read(Cx *cx, Feed *f, Db *journal, Batch *b) {
  SCOPED(rows_drop) Rows *r = NULL;
  if (f->pages && !f->ended) TRY(batch_pages(cx, f, b));
  int64_t most = f->upto - f->pos < BATCH_EVENTS ? f->upto - f->pos : BATCH_EVENTS;
  if (most <= 0 || batch_full(cx, b)) return OK;
  TRY(db_rows(cx, journal, &sql__all_events, VALS(val_i(f->pos), val_i(most)), &r));
  while (!batch_full(cx, b) && rows_next(r)) {
    Event *e = &b->list[b->count];
    TRY(event_read(cx, r, e, &b->personal[b->count]));
    if (e->pos <= f->pos) FAIL(BROKEN, "数据库文件已损坏：事件的次序乱了"); /* or it would be read for ever */
    if (e->pos > f->upto) break;
    f->pos = e->pos;
    b->count++;
  }
  return rows_end(cx, r);
}

static void batch_fill(Feed *f, Db *journal, Batch *b) {
  arena_reset(b->mem);
  Cx cx = {.mem = b->mem};
  b->count = 0;
  b->fault = batch_read(&cx, f, journal, b);
  b->detail = cx.detail;
}

static void *feed_main(void *arg) {
  Feed *f = arg;
  for (;;) {
    pthread_mutex_lock(&f->lock);
    while (f->in - f->out == BATCHES && !f->stop) pthread_cond_wait(&f->changed, &f->lock);
    bool stop = f->stop;
    pthread_mutex_unlock(&f->lock);
    if (stop) return NULL;
    Batch *b = &f->ring[f->in % BATCHES];
    batch_fill(f, f->own, b);
    pthread_mutex_lock(&f->lock);
    f->in++;
    f->over = b->fault != OK || !b->count;
    pthread_cond_signal(&f->changed);
    pthread_mutex_unlock(&f->lock);
    if (f->over) return NULL;
  }
}

/* Without a thread it goes on as well, only slower. */
static void thread_start(Cx *cx, Feed *f, Str path) {
  Cx own = {.mem = cx->mem};
  if (db__open(&own, path, DB_SCAN, &f->own) != OK) return;
  if (db__script(&own, f->own, "BEGIN") == OK) f->pages = pages__open(f->own, f->pos, f->upto);
  if (!f->pages) (void)db__script(&own, f->own, "COMMIT");
  f->threaded = pthread_create(&f->thread, NULL, feed_main, f) == 0;
}

Feed *feed__open(Cx *cx, Db *journal, Str path, int64_t after, int64_t upto) {
  Feed *f = calloc(1, sizeof *f);
  REQUIRE(f != NULL);
  f->journal = journal;
  f->pos = after;
  f->upto = upto;
  pthread_mutex_init(&f->lock, NULL);
  pthread_cond_init(&f->changed, NULL);
  for (size_t i = 0; i < BATCHES; i++) f->ring[i].mem = arena_open_large(BATCH_MEM, FIRST);
  if (path.len && upto - after >= THREAD_LEAST) thread_start(cx, f, path);
  return f;
}

void feed__close(Feed *f) {
  if (!f) return;
  pthread_mutex_lock(&f->lock);
  f->stop = true;
  pthread_cond_signal(&f->changed);
  pthread_mutex_unlock(&f->lock);
  if (f->threaded) pthread_join(f->thread, NULL);
  for (size_t i = 0; i < BATCHES; i++) arena_close(f->ring[i].mem);
  pages__close(f->pages);
  db__close(f->own);
  pthread_cond_destroy(&f->changed);
  pthread_mutex_destroy(&f->lock);
  free(f);
}

static const Batch *batch_wait(Feed *f) {
  if (!f->threaded) {
    batch_fill(f, f->journal, &f->ring[0]);
    return &f->ring[0];
  }
  pthread_mutex_lock(&f->lock);
  if (f->holds) f->out++; /* its events are done with */
  if (f->holds) pthread_cond_signal(&f->changed);
  while (f->in == f->out && !f->over) pthread_cond_wait(&f->changed, &f->lock);
  f->holds = f->in != f->out;
  const Batch *b = f->holds ? &f->ring[f->out % BATCHES] : NULL;
  pthread_mutex_unlock(&f->lock);
  return b;
}

Code feed__next(Cx *cx, Feed *f, const Event **list, const bool **personal, size_t *n) {
  const Batch *b = f->holds ? &f->ring[f->out % BATCHES] : NULL;
  if (!b || b->fault == OK) b = batch_wait(f);
  else f->spent = true; /* its events were handed out, what came behind them was not */
  *n = b && !f->spent ? b->count : 0;
  *list = b ? b->list : NULL;
  *personal = b ? b->personal : NULL;
  if (*n || !b || b->fault == OK) return OK;
  FAIL(b->fault, "%.*s", SFMT(b->detail));
}
