/* SPDX-License-Identifier: Apache-2.0 */
/* beside.c: the thread that writes rows, and whose turn it is. */
#include "journal/db_int.h"

#include <sched.h>
#include <stdlib.h>

enum { DETAIL_MEM = 1 << 20 };

struct Beside {
  Db *db;
  pthread_t thread;
  pthread_mutex_t lock;   /* of what follows */
  pthread_cond_t changed;
  Waiting *work, *spare;  /* work: being written; NULL: nothing is. spare: empty, NULL while the other is being written */
  bool stop;
  Code fault;             /* from then on nothing is written */
  Arena *mem;
  Str detail;
  int64_t now;
  pthread_mutex_t turn;   /* of the connection */
  _Atomic int wants;      /* the one that projects waits for its turn */
};

static void *beside_main(void *arg) {
  Beside *b = arg;
  pthread_mutex_lock(&b->lock);
  for (;;) {
    while (!b->work && !b->stop) pthread_cond_wait(&b->changed, &b->lock);
    if (b->stop) break;
    Waiting *w = b->work;
    Cx cx = {.mem = b->mem, .now = b->now};
    pthread_mutex_unlock(&b->lock);
    Code code = waiting__write(&cx, b->db, w);
    pthread_mutex_lock(&b->lock);
    if (code != OK) b->detail = cx.detail;
    b->fault = code;
    b->spare = w;
    b->work = NULL;
    pthread_cond_signal(&b->changed);
    if (code != OK) break;
  }
  pthread_mutex_unlock(&b->lock);
  return NULL;
}

static void locks_make(Beside *b) {
  pthread_mutexattr_t again;
  pthread_mutexattr_init(&again);
  pthread_mutexattr_settype(&again, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init(&b->turn, &again);
  pthread_mutexattr_destroy(&again);
  pthread_mutex_init(&b->lock, NULL);
  pthread_cond_init(&b->changed, NULL);
}

static void beside_free(Beside *b) {
  waiting__close(b->work);
  waiting__close(b->spare);
  arena_close(b->mem);
  pthread_cond_destroy(&b->changed);
  pthread_mutex_destroy(&b->lock);
  pthread_mutex_destroy(&b->turn);
  free(b);
}

Beside *beside__open(Db *db) {
  Beside *b = calloc(1, sizeof *b);
  REQUIRE(b != NULL);
  b->db = db;
  b->mem = arena_open(DETAIL_MEM);
  b->spare = waiting__open();
  locks_make(b);
  if (pthread_create(&b->thread, NULL, beside_main, b) == 0) return b;
  beside_free(b);
  return NULL;
}

void beside__close(Beside *b) {
  if (!b) return;
  pthread_mutex_lock(&b->lock);
  b->stop = true;
  pthread_cond_signal(&b->changed);
  pthread_mutex_unlock(&b->lock);
  pthread_join(b->thread, NULL);
  beside_free(b);
}

static Code idle(Cx *cx, Beside *b) { /* lock is held */
  while (b->work) pthread_cond_wait(&b->changed, &b->lock);
  if (b->fault == OK) return OK;
  FAIL(b->fault, "%.*s", SFMT(b->detail));
}

Code beside__done(Cx *cx, Beside *b) {
  pthread_mutex_lock(&b->lock);
  Code code = idle(cx, b);
  pthread_mutex_unlock(&b->lock);
  return code;
}

Code beside__write(Cx *cx, Beside *b, Waiting **w) {
  pthread_mutex_lock(&b->lock);
  Code code = idle(cx, b);
  if (code == OK) {
    b->work = *w;
    *w = b->spare;
    b->spare = NULL;
    b->now = cx->now;
    pthread_cond_signal(&b->changed);
  }
  pthread_mutex_unlock(&b->lock);
  return code;
}

/* ---- turns --------------------------------------------------------------------------------------- */

void beside__take(Beside *b) {
  if (pthread_mutex_trylock(&b->turn) == 0) return;
  b->wants++;
  pthread_mutex_lock(&b->turn);
  b->wants--;
}

/* Whoever asks for a mutex and sleeps gets it late, when another gives it back and takes it at once: a row is written in 3 µs. */
void beside__turn(Beside *b) {
  while (b->wants) sched_yield();
  pthread_mutex_lock(&b->turn);
}

void beside__give(Beside *b) {
  pthread_mutex_unlock(&b->turn);
}
