/* SPDX-License-Identifier: Apache-2.0 */
/* A few threads for what takes long: password hashes, making uploaded files durable. The queue is bounded;
 * a full one is answered with 503 by the caller. */
#include "web/web_int.h"

#include <pthread.h>

enum { THREADS_MAX = 8 };

typedef struct Task {
  PoolRun *run;
  void *arg;
} Task;

struct Pool {
  Arena *mem;
  pthread_mutex_t lock;
  pthread_cond_t wake;
  pthread_t threads[THREADS_MAX];
  int thread_count;
  Task *ring;
  size_t max, head, count;
  bool stop;
};

static void *pool_work(void *arg) {
  Pool *p = arg;
  pthread_mutex_lock(&p->lock);
  for (;;) {
    while (!p->count && !p->stop) pthread_cond_wait(&p->wake, &p->lock);
    if (!p->count) break;
    Task t = p->ring[p->head];
    p->head = (p->head + 1) % p->max;
    p->count--;
    pthread_mutex_unlock(&p->lock);
    t.run(t.arg);
    pthread_mutex_lock(&p->lock);
  }
  pthread_mutex_unlock(&p->lock);
  return NULL;
}

Pool *pool_open(int threads, size_t max) {
  REQUIRE(threads > 0 && threads <= THREADS_MAX && max > 0);
  Arena *mem = arena_open(max * sizeof(Task) + (1 << 16));
  Pool *p = arena_new(mem, Pool);
  p->mem = mem;
  p->ring = arena_array(mem, Task, max);
  p->max = max;
  REQUIRE(pthread_mutex_init(&p->lock, NULL) == 0 && pthread_cond_init(&p->wake, NULL) == 0);
  while (p->thread_count < threads) {
    REQUIRE(pthread_create(&p->threads[p->thread_count], NULL, pool_work, p) == 0);
    p->thread_count++;
  }
  return p;
}

bool pool_add(Pool *p, PoolRun *run, void *arg) {
  pthread_mutex_lock(&p->lock);
  bool room = p->count < p->max && !p->stop;
  if (room) {
    p->ring[(p->head + p->count) % p->max] = (Task){.run = run, .arg = arg};
    p->count++;
    pthread_cond_signal(&p->wake);
  }
  pthread_mutex_unlock(&p->lock);
  return room;
}

void pool_close(Pool *p) {
  if (!p) return;
  pthread_mutex_lock(&p->lock);
  p->stop = true;
  pthread_cond_broadcast(&p->wake);
  pthread_mutex_unlock(&p->lock);
  for (int i = 0; i < p->thread_count; i++) pthread_join(p->threads[i], NULL);
  pthread_cond_destroy(&p->wake);
  pthread_mutex_destroy(&p->lock);
  arena_close(p->mem);
}
