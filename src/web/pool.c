/* SPDX-License-Identifier: Apache-2.0 */
/* A few threads for what takes long: password hashes, making uploaded files durable. The queue is bounded;
 * a full one is answered with 503 by the caller.
 * The workers wait at a semaphore: to wake one of several waiters with pthread_cond_signal can be lost in glibc 2.27 to 2.40 (its bug 25847),
 * and a request whose worker sleeps on is never answered. Elsewhere a condition has one waiter only, or all are woken. */
#include "web/web_int.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>

enum { THREADS_MAX = 8 };

typedef struct Task {
  PoolRun *run;
  void *arg;
} Task;

struct Pool {
  Arena *mem;
  pthread_mutex_t lock;
  sem_t waiting; /* as many as there are tasks; at the end one more for each thread */
  pthread_t threads[THREADS_MAX];
  int thread_count;
  Task *ring;
  size_t max, head, count;
  bool stop;
};

/* One task, or none: the pool closes. */
static Task pool_take(Pool *p) {
  Task t = {0};
  while (sem_wait(&p->waiting) != 0) REQUIRE(errno == EINTR);
  pthread_mutex_lock(&p->lock);
  if (p->count) {
    t = p->ring[p->head];
    p->head = (p->head + 1) % p->max;
    p->count--;
  }
  pthread_mutex_unlock(&p->lock);
  return t;
}

static void *pool_work(void *arg) {
  for (Task t; (t = pool_take(arg)).run;) t.run(t.arg);
  return NULL;
}

Pool *pool_open(int threads, size_t max) {
  REQUIRE(threads > 0 && threads <= THREADS_MAX && max > 0);
  Arena *mem = arena_open(max * sizeof(Task) + (1 << 16));
  Pool *p = arena_new(mem, Pool);
  p->mem = mem;
  p->ring = arena_array(mem, Task, max);
  p->max = max;
  REQUIRE(pthread_mutex_init(&p->lock, NULL) == 0 && sem_init(&p->waiting, 0, 0) == 0);
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
    sem_post(&p->waiting);
  }
  pthread_mutex_unlock(&p->lock);
  return room;
}

void pool_close(Pool *p) {
  if (!p) return;
  pthread_mutex_lock(&p->lock);
  p->stop = true;
  pthread_mutex_unlock(&p->lock);
  for (int i = 0; i < p->thread_count; i++) sem_post(&p->waiting);
  for (int i = 0; i < p->thread_count; i++) pthread_join(p->threads[i], NULL);
  sem_destroy(&p->waiting);
  pthread_mutex_destroy(&p->lock);
  arena_close(p->mem);
}
