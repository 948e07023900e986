/* SPDX-License-Identifier: Apache-2.0 */
/* wait.c: a command whose sender waits for its result. */
#include "journal/journal_int.h"

typedef struct Wait {
  pthread_mutex_t lock;
  pthread_cond_t ready;
  bool done;
  Cx *cx;
  CommandResult *out;
} Wait;

static void wait_done(void *arg, const CommandResult *result) {
  Wait *w = arg;
  Arena *m = w->cx->mem;
  pthread_mutex_lock(&w->lock);
  *w->out = *result;
  w->out->detail = arena_str(m, result->detail);
  w->out->field = arena_str(m, result->field);
  w->out->clause = arena_str(m, result->clause);
  w->out->stream = arena_str(m, result->stream);
  w->out->answer = result->answer ? json_clone(m, result->answer) : NULL;
  w->done = true;
  pthread_cond_signal(&w->ready);
  pthread_mutex_unlock(&w->lock);
}

Code runner_run(Cx *cx, Runner *r, const Command *cmd, CommandResult *out) {
  Wait w = {.lock = PTHREAD_MUTEX_INITIALIZER, .ready = PTHREAD_COND_INITIALIZER, .cx = cx, .out = out};
  runner_submit(r, cmd, wait_done, &w);
  pthread_mutex_lock(&w.lock);
  while (!w.done) pthread_cond_wait(&w.ready, &w.lock);
  pthread_mutex_unlock(&w.lock);
  if (out->code == OK) return OK;
  FAIL_AT(out->code, out->field, out->clause, "%.*s", SFMT(out->detail));
}
