/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runner.c: the queue and the writer's thread. Whatever waits when the writer comes back is one batch and
 * one fsync. After a failed write nothing more is written until the store is opened anew.
 */
#include "journal/journal_int.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

enum { QUEUE_MAX = 4096, BATCH_MAX = 64, STATES_MAX = 16384, SCRUB_AGAIN_MS = 200, TASK_MEM = 64 << 20 };
/* Rows are committed to the views so many ms, batches or events after their answer at the latest. The commit keeps the next batch
 * waiting, for some milliseconds: of a client that sends one act after the other fewer than one act in a hundred. */
enum { SHOW_MS = 2, SHOW_BATCHES = 256, SHOW_EVENTS = 512 };
/* How long the writer looks for the next command before it sleeps, if the last one came as soon. */
enum { LINGER_US = 100 };
/* The one who writes holds more than a reader: an act on a project that is not held costs ten events read and folded, 200 000
 * instructions, more than the act itself; of projects of ten events some 15 000 fit. */
enum { WRITER_HELD = 256 << 20 };

static void batch_answer(Task *tasks) {
  while (tasks) {
    Task *t = tasks;
    tasks = t->next;
    t->done(t->arg, &t->result);
    arena_close(t->mem); /* the task lives there too */
  }
}

/* ---- what was erased, out of the log of writes ---------------------------------------------------- */

/* A page or a backup that reads an older state stands in the way for as long as it takes. */
static void scrub_try(Runner *r) {
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)1 << 20);
  Cx cx = {.mem = mem};
  bool done = false;
  if (!mover__bar(r->mover, false)) return;
  if (db__scrub(&cx, r->w.journal, &done) != OK) log_line(LOG_ERROR, "scrub: %.*s", SFMT(cx.detail));
  if (done) r->w.scrub = false;
  mover__unbar(r->mover);
}

/* ---- a quiet while ------------------------------------------------------------------------------- */

/* What was kept for the next act: 64 + 128 MB of pages and 256 MB of states at most. */
static void rest(Runner *r) {
  cache__clear(r->w.cache);
  db__rest(r->w.journal);
  if (r->w.views != r->w.journal) db__rest(r->w.views);
  arena_return_memory();
  r->w.tired = false;
}

/* ---- the thread --------------------------------------------------------------------------------- */

/* Under the lock, and without it meanwhile: who sends one command after the other has the next one soon, and the wake-up of a thread takes
 * longer than that. Others who want the processor have it between two looks. */
static void linger(struct Queue *q, const Gate *g) {
  int64_t began = clock_steady_us();
  pthread_mutex_unlock(&q->lock);
  while (!atomic_load(&q->count) && !atomic_load(&g->wanted) && clock_steady_us() - began < LINGER_US) sched_yield();
  pthread_mutex_lock(&q->lock);
}

/* Under the lock. While views are to be shown, or something to be scrubbed, the wait ends by itself. */
static void wait_filled(Runner *r) {
  struct Queue *q = r->queue;
  struct timespec until = gate__until(r->w.open ? SHOW_MS : r->w.scrub ? SCRUB_AGAIN_MS : r->o.rest_ms);
  if (!r->w.scrub && !r->w.open && !r->w.tired) {
    pthread_cond_wait(&q->filled, &q->lock);
    return;
  }
  if (!atomic_load(&r->w.gate->wanted) && pthread_cond_timedwait(&q->filled, &q->lock, &until) != ETIMEDOUT) return;
  pthread_mutex_unlock(&q->lock);
  if (r->w.open) batch__show(r);
  else if (r->w.scrub) scrub_try(r);
  else rest(r);
  pthread_mutex_lock(&q->lock);
}

/* Although more waits: somebody reads, or it is enough for one commit. */
static void show_if_late(Runner *r) {
  if (r->w.open && (atomic_load(&r->w.gate->wanted) || r->w.batches >= SHOW_BATCHES || r->w.durable - r->w.shown >= SHOW_EVENTS)) batch__show(r);
}

static Task *batch_take(Runner *r) {
  struct Queue *q = r->queue;
  pthread_mutex_lock(&q->lock);
  bool idle = !q->first;
  int64_t began = clock_steady_us();
  if (idle && q->brisk) linger(q, r->w.gate);
  while (!q->first && !q->closing) wait_filled(r);
  if (idle) q->brisk = clock_steady_us() - began < LINGER_US;
  Task *tasks = q->first, *end = tasks;
  for (size_t n = 1; end && end->next && n < r->o.batch_max; n++) {
    end = end->next;
    q->count--;
  }
  if (end) {
    q->count--;
    q->first = end->next;
    if (!q->first) q->last = NULL;
    end->next = NULL;
  }
  pthread_mutex_unlock(&q->lock);
  return tasks;
}

static void *writer_main(void *arg) {
  Runner *r = arg;
  r->w.gate->writer = pthread_self();
  rest(r); /* of making the views anew */
  for (Task *tasks; (tasks = batch_take(r)) != NULL;) {
    if (runner_readonly(r)) {
      batch__readonly(tasks);
    } else {
      cache__trim(r->w.cache);
      r->w.tired = true;
      batch__run(r, tasks);
      if (r->w.scrub) scrub_try(r); /* before the answer: usually it is gone when somebody hears of it */
      if (r->w.open && r->w.shown != r->w.durable && !gate__behind(r->w.gate)) batch__show(r);
    }
    batch_answer(tasks);
    show_if_late(r);
    mover__tell(r->mover, !r->w.open);
  }
  batch__show(r);
  return NULL;
}

/* ---- open and close ----------------------------------------------------------------------------- */

static Code commands_collect(Cx *cx, Runner *r) {
  for (size_t i = 0; i < r->o.engine_count; i++) r->command_count += r->o.engines[i]->command_count;
  TRY(react__check(cx, r->o.engines, r->o.engine_count));
  r->commands = arena_array(r->mem, const CommandDecl *, r->command_count + 1);
  size_t n = 0;
  for (size_t i = 0; i < r->o.engine_count; i++)
    for (size_t k = 0; k < r->o.engines[i]->command_count; k++) {
      const CommandDecl *d = &r->o.engines[i]->commands[k];
      if (!d->allow || !d->decide || !d->label || !d->help) FAIL(BROKEN, "命令 %s 的声明不完整", d->name);
      r->commands[n++] = d;
    }
  return OK;
}

static const Sql sql_events = {"runner.events", "", "i", "SELECT max(pos) FROM event"};

/* Views that are damaged or of another program are built anew: the journal has everything. */
static Code views_open(Cx *cx, Runner *r) {
  Str path = store__path(cx->mem, r->o.dir, "views.db");
  bool torn = boot__torn(cx, r->o.dir);
  if (torn) log_line(LOG_WARN, "views: the machine stopped while they were written, they are made anew from the journal");
  Code code = torn ? BROKEN : db__open(cx, path, DB_WRITE_VIEWS, &r->w.views);
  if (code != OK && code != BROKEN) return code;
  if (code == BROKEN || !views__fits(cx, r->w.views, r->o.engines, r->o.engine_count)) {
    cx_clear(cx);
    db__close(r->w.views);
    r->w.views = NULL;
    int64_t events = 0;
    TRY(db_int(cx, r->w.journal, &sql_events, NO_VALS, 0, &events));
    if (events) {
      TRY(rebuild__views(cx, &r->o, r->w.journal, &r->w.views));
    } else {
      views__remove(cx->mem, path);
      TRY(db__open(cx, path, DB_WRITE_VIEWS, &r->w.views));
    }
  }
  r->afloat = boot__begin(cx, r->o.dir);
  if (r->afloat) TRY(db__script(cx, r->w.views, DB_AFLOAT));
  TRY(views__prepare(cx, r->w.views, r->o.engines, r->o.engine_count));
  return views__catch_up(cx, r->w.journal, r->w.views, &r->o, INT64_MAX);
}

static Code connections_open(Cx *cx, Runner *r) {
  if (r->w.shared) return shared__open(cx, &r->w, &r->o);
  TRY(db__open(cx, store__path(cx->mem, r->o.dir, "journal.db"), DB_WRITE_JOURNAL, &r->w.journal));
  return store__migrate(cx, r->w.journal, NULL, 0);
}

static Code runner_fill(Cx *cx, Runner *r) {
  TRY(commands_collect(cx, r));
  TRY(store__lock(cx, r->o.dir, &r->lock_fd));
  TRY(connections_open(cx, r));
  if (!r->w.shared) scrub_try(r); /* a process that was killed may have left it undone; others are at work in a database */
  TRY(store__suite(cx, r->w.journal, &r->w.suite));
  leafer__open(&r->w.leafer, r->w.suite);
  r->w.digests = hasher_open(SUITE_INTL);
  TRY(vault__key(cx, r->o.dir, &r->w.key));
  if (r->w.shared) TRY(shared__key(cx, r->w.journal, &r->w.key));
  if (r->w.shared) TRY(dir_make(cx, store__path(cx->mem, r->o.dir, "blobs/tmp"))); /* a server's first start */
  if (r->lock_fd >= 0) blob__sweep(cx, r->o.dir);
  if (!r->w.shared) reserve__keep(cx, r->o.dir);
  r->w.engines = r->o.engines;
  r->w.engine_count = r->o.engine_count;
  r->w.cache = cache__open(r->o.engines, r->o.engine_count, STATES_MAX);
  cache__hold(r->w.cache, WRITER_HELD);
  if (r->w.shared) return shared__views(cx, &r->w, &r->o);
  TRY(views_open(cx, r));
  if (mover__open(cx, r->o.dir, r->w.journal, r->w.views, r->afloat, &r->mover) == OK) return OK;
  log_line(LOG_WARN, "log: %.*s", SFMT(cx->detail)); /* then commits move it, as SQLite does */
  cx_clear(cx);
  return OK;
}

static void views_settle(Runner *r) {
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)1 << 20);
  Cx cx = {.mem = mem};
  if (boot__end(&cx, r->o.dir) != OK) log_line(LOG_WARN, "views: %.*s", SFMT(cx.detail));
}

static void runner_free(Runner *r) {
  mover__close(r->mover);
  cache__close(r->w.cache);
  leafer__close(&r->w.leafer);
  if (r->w.digests) (void)hasher_close(r->w.digests);
  free(r->w.appended);
  if (r->w.views != r->w.journal) db__close(r->w.views);
  if (r->afloat) views_settle(r);
  db__close(r->w.journal);
  if (r->lock_fd >= 0) close(r->lock_fd);
  explicit_bzero(&r->w.key, sizeof r->w.key);
  free(r->queue);
  arena_close(r->mem);
}

Code runner_open(Cx *cx, const StoreOptions *o, Runner **out) {
  Arena *mem = arena_open((size_t)64 << 20);
  Runner *r = arena_new(mem, Runner);
  *r = (Runner){.mem = mem, .o = *o, .lock_fd = -1, .queue = calloc(1, sizeof *r->queue)};
  REQUIRE(r->queue != NULL);
  r->o.dir = arena_str(mem, o->dir);
  r->w.shared = store_shared(o->dir);
  r->w.taken = arena_new(mem, Taken);
  r->figures = arena_new(mem, Figures);
  pthread_mutex_init(&r->w.taken->lock, NULL);
  if (!r->o.batch_max) r->o.batch_max = BATCH_MAX;
  if (!r->o.rest_ms) r->o.rest_ms = REST_MS;
  r->queue->max = o->queue_max ? o->queue_max : QUEUE_MAX;
  pthread_mutex_init(&r->queue->lock, NULL);
  pthread_cond_init(&r->queue->filled, NULL);
  r->w.gate = arena_new(mem, Gate);
  gate__open(r->w.gate, &r->queue->lock, &r->queue->filled);
  Code code = runner_fill(cx, r);
  if (code == OK && pthread_create(&r->queue->thread, NULL, writer_main, r) != 0) {
    cx_fail(cx, BROKEN, __func__, __LINE__, "不能启动写入线程");
    code = BROKEN;
  }
  if (code != OK) {
    runner_free(r);
    return code;
  }
  *out = r;
  return OK;
}

void runner_close(Runner *r) {
  if (!r) return;
  pthread_mutex_lock(&r->queue->lock);
  r->queue->closing = true;
  pthread_cond_signal(&r->queue->filled);
  pthread_mutex_unlock(&r->queue->lock);
  pthread_join(r->queue->thread, NULL);
  runner_free(r);
}

void runner_close_p(Runner **r) {
  runner_close(*r);
  *r = NULL;
}

int64_t runner__waiting(const Runner *r) {
  pthread_mutex_lock(&r->queue->lock);
  int64_t n = (int64_t)r->queue->count;
  pthread_mutex_unlock(&r->queue->lock);
  return n;
}

Code runner_verify(Cx *cx, const Runner *r, VerifyReport *report) {
  return store_verify(cx, &r->o, report);
}

bool runner_readonly(const Runner *r) {
  pthread_mutex_lock(&r->queue->lock);
  bool readonly = r->queue->readonly;
  pthread_mutex_unlock(&r->queue->lock);
  return readonly;
}

const CommandDecl *runner_command(const Runner *r, Str name) {
  for (size_t i = 0; i < r->command_count; i++)
    if (str_eqz(name, r->commands[i]->name)) return r->commands[i];
  return NULL;
}

size_t runner_commands(const Runner *r, const CommandDecl *const **list) {
  *list = r->commands;
  return r->command_count;
}

/* ---- submitting --------------------------------------------------------------------------------- */

static void refuse_at_once(RunnerDone *done, void *arg, Code code, Str detail) {
  CommandResult result = {.code = code, .detail = detail};
  done(arg, &result);
}

static void task_prepare(Runner *r, Task *t) {
  Cx cx = {.mem = t->mem, .now = t->cmd.now};
  t->refused = command__prepare(&cx, r->o.engines, r->o.engine_count, NULL, &t->cmd, 0, &t->prepared);
  if (t->refused) batch__fault(&t->result, &cx, t->refused);
}

void runner_submit(Runner *r, const Command *cmd, RunnerDone *done, void *arg) {
  struct Queue *q = r->queue;
  if (!command__fits(cmd)) {
    refuse_at_once(done, arg, LIMIT, S("内容的项数太多，请分几次提交。"));
    return;
  }
  Arena *mem = arena_open(TASK_MEM);
  Task *t = arena_new(mem, Task);
  *t = (Task){.mem = mem, .cmd = command__keep(mem, cmd), .done = done, .arg = arg};
  task_prepare(r, t);
  pthread_mutex_lock(&q->lock);
  bool full = q->count >= q->max || q->closing;
  if (!full) {
    if (q->last) q->last->next = t;
    else q->first = t;
    q->last = t;
    q->count++;
    pthread_cond_signal(&q->filled);
  }
  pthread_mutex_unlock(&q->lock);
  if (!full) return;
  refuse_at_once(done, arg, BUSY, S("办理的人太多，请过几秒再试。您填写的内容没有丢失。"));
  arena_close(mem); /* the task lives there too */
}
