/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gate.c: who reads views in this process sees all that was answered before. An answer may leave when the journal is durable and
 * the views are not yet committed; then reading waits here until they are.
 */
#include "journal/journal_int.h"

#include <errno.h>

/* As long as the disk has not answered for this time, pages go on with what the views had. */
enum { WAIT_MS = 2000, EAGER = 16 };

void gate__open(Gate *g, pthread_mutex_t *lock, pthread_cond_t *wake) {
  g->lock = lock;
  g->wake = wake;
  atomic_store(&g->read, true);
  pthread_cond_init(&g->shown, NULL);
}

struct timespec gate__until(int64_t ms) {
  int64_t at = clock_now_ms() + ms;
  return (struct timespec){.tv_sec = (time_t)(at / 1000), .tv_nsec = (long)(at % 1000) * 1000000};
}

static void wait(Gate *g) {
  struct timespec until = gate__until(WAIT_MS);
  pthread_mutex_lock(g->lock);
  atomic_store(&g->wanted, true);
  pthread_cond_signal(g->wake);
  while (atomic_load(&g->behind) && pthread_cond_timedwait(&g->shown, g->lock, &until) != ETIMEDOUT) {}
  pthread_mutex_unlock(g->lock);
}

void gate__pass(Gate *g) {
  if (!atomic_load(&g->read)) atomic_store(&g->read, true);
  if (!atomic_load(&g->behind)) return;
  if (pthread_equal(g->writer, pthread_self())) return; /* who is told of an answer by the writer: it cannot wait for itself */
  wait(g);
}

/* Where acts and pages come by turns nobody should wait for a page; so for some batches after each reading, and after the start,
 * the views come first. */
bool gate__behind(Gate *g) {
  if (atomic_exchange(&g->read, false)) g->eager = EAGER;
  if (g->eager-- > 0) return false;
  g->eager = 0;
  atomic_store(&g->behind, true);
  return true;
}

void gate__shown(Gate *g) {
  pthread_mutex_lock(g->lock);
  atomic_store(&g->behind, false);
  atomic_store(&g->wanted, false);
  pthread_cond_broadcast(&g->shown);
  pthread_mutex_unlock(g->lock);
}
