/* SPDX-License-Identifier: Apache-2.0 */
#include "main/timer.h"

#include <pthread.h>
#include <time.h>

enum { ROUND_MAX = 256, HELD = 16 << 20 /* bytes: a stream is looked at once */ };

struct Timer {
  Runner *runner;
  Reader *reader;
  Duties *duties;
  int64_t (*clock)(void *);
  void *clock_arg;
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t wake;
  bool stop;
};

static const Actor timer_actor = {
    .id = {.ptr = "system", .len = 6}, .name = {.ptr = "系统", .len = 6}, .roles = ROLE_SYSTEM};

Code timer_round(Cx *cx, Runner *r, Reader *rd, Duties *duties, int64_t now, int64_t *done) {
  Due *due = NULL;
  size_t n = 0;
  *done = 0;
  TRY(duties_due(cx, duties, rd, now, ROUND_MAX, &due, &n));
  for (size_t i = 0; i < n; i++) {
    CommandResult result;
    /* The key names the duty, so that two rounds never do it twice. */
    Hash h = hash_bytes(SUITE_INTL, arena_fmt(cx->mem, "%.*s %.*s %lld", SFMT(due[i].stream),
                                              SFMT(due[i].name), (long long)due[i].at));
    Command cmd = {.name = due[i].name, .stream = due[i].stream,
                   .key = arena_fmt(cx->mem, "due-%.*s", SFMT(str_sub(hash_hex(cx->mem, h), 0, 40))),
                   .actor = timer_actor, .now = now, .args = due[i].args};
    if (runner_run(cx, r, &cmd, &result) == OK) {
      (*done)++;
      duties_done(duties, &due[i]);
    } else {
      duties_refused(duties, &due[i], now);
      log_line(LOG_WARN, "timer: %.*s %.*s: %.*s", SFMT(due[i].stream), SFMT(due[i].name),
               SFMT(cx->detail));
      cx_clear(cx);
    }
  }
  return OK;
}

static void timer_wait(Timer *t) {
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += 1;
  pthread_cond_timedwait(&t->wake, &t->lock, &until);
}

static void *timer_main(void *arg) {
  Timer *t = arg;
  Arena *mem = arena_open((size_t)64 << 20);
  reader_hold(t->reader, HELD);
  pthread_mutex_lock(&t->lock);
  while (!t->stop) {
    pthread_mutex_unlock(&t->lock);
    Cx cx = {.mem = mem, .now = t->clock(t->clock_arg)};
    int64_t done;
    reader_begin(t->reader);
    if (timer_round(&cx, t->runner, t->reader, t->duties, cx.now, &done) != OK)
      log_line(LOG_ERROR, "timer: %.*s", SFMT(cx.detail));
    arena_reset(mem);
    reader_round(t->reader, done > 0);
    pthread_mutex_lock(&t->lock);
    if (!t->stop) timer_wait(t);
  }
  pthread_mutex_unlock(&t->lock);
  arena_close(mem);
  return NULL;
}

Code timer_open(Cx *cx, Runner *r, int64_t (*clock)(void *), void *arg, Timer **out) {
  Timer *t = arena_new(cx->mem, Timer);
  t->runner = r;
  t->clock = clock;
  t->clock_arg = arg;
  TRY(reader_open(cx, r, &t->reader));
  t->duties = duties_open();
  pthread_mutex_init(&t->lock, NULL);
  pthread_cond_init(&t->wake, NULL);
  if (pthread_create(&t->thread, NULL, timer_main, t) != 0) {
    reader_close(t->reader);
    duties_close(t->duties);
    FAIL(BROKEN, "不能启动定时线程");
  }
  *out = t;
  return OK;
}

void timer_close(Timer *t) {
  pthread_mutex_lock(&t->lock);
  t->stop = true;
  pthread_cond_signal(&t->wake);
  pthread_mutex_unlock(&t->lock);
  pthread_join(t->thread, NULL);
  reader_close(t->reader);
  duties_close(t->duties);
}
