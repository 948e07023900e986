/* SPDX-License-Identifier: Apache-2.0 */
/*
 * act.c: durable commands. One thread plays all clients, as pgbench does with -j 1: each client has one command under
 * way and sends the next when it has its answer, which comes when the journal is durable.
 */
#include "bench.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { CLIENTS_MAX = 64, SAMPLES = 1 << 21, TARGETS = 8192, PAUSES = 45 };

/* ---- the items ------------------------------------------------------------------------------------ */

static const Sql sql_open = {"bench.open", "i", "iisss",
                             "SELECT project, stage, code, unit, status FROM item WHERE project = ?1 AND open = 1 AND status IN ('waiting', 'taken', 'paused')"
                             " ORDER BY stage, code LIMIT 1"};
static const Sql sql_updated = {"bench.updated", "i", "i", "SELECT updated FROM project WHERE no = ?1"};
static const Sql sql_most = {"bench.most", "", "i", "SELECT max(no) FROM project"};

Code targets_load(Cx *cx, Reader *rd, int64_t count, int64_t shift, Target **out, size_t *n) {
  int64_t most = 0;
  TRY(db_int(cx, reader_views(rd), &sql_most, NO_VALS, 0, &most));
  if (count > most) count = most;
  *out = arena_array(cx->mem, Target, (size_t)count + 1);
  *n = 0;
  for (int64_t i = 0; i < count; i++) {
    SCOPED(rows_drop) Rows *r = NULL;
    int64_t no = 1 + (i * (most / count) + shift) % most;
    TRY(db_rows(cx, reader_views(rd), &sql_open, VALS(val_i(no)), &r));
    if (!rows_next(r)) continue;
    Str status = row_s(cx, r, 4);
    int64_t updated = 0;
    TRY(db_int(cx, reader_views(rd), &sql_updated, VALS(val_i(no)), 0, &updated));
    (*out)[(*n)++] = (Target){.project = row_i(r, 0), .stage = (int)row_i(r, 1), .code = row_s(cx, r, 2), .unit = row_s(cx, r, 3),
                              .at = updated + 3600000,
                              .taken = !str_eq(status, S("waiting")), .paused = str_eq(status, S("paused"))};
  }
  if (*n < CLIENTS_MAX && *n < (size_t)count / 2) FAIL(INVALID, "only %zu open items: too few", *n);
  return OK;
}

Code bench_targets(Cx *cx, Bench *b, int64_t count) {
  SCOPED(reader_close_p) Reader *rd = NULL;
  Target *list;
  size_t n;
  TRY(reader_open_dir(cx, &b->store, &rd));
  TRY(targets_load(cx, rd, count, 0, &list, &n));
  for (size_t i = 0; i < n; i++)
    printf("%zu,%lld,%d,%.*s,%d\n", i + 1, (long long)list[i].project, list[i].stage, SFMT(list[i].code), (int)day_of(list[i].at).n);
  return OK;
}

typedef struct Acts {
  Runner *runner;
  const Policy *policy;
} Acts;

static Code acts_open(Cx *cx, Bench *b, Acts *a, Reader **rd) {
  *a = (Acts){.policy = b->policy};
  TRY(runner_open(cx, &b->store, &a->runner));
  return reader_open(cx, a->runner, rd);
}

static Command command_of(Arena *mem, const Acts *a, const Target *w, int64_t now, Str key) {
  const char *name = !w->taken ? "item.take" : w->paused ? "item.resume" : "item.pause";
  Json *args = json_obj(mem);
  json_put_int(mem, args, S("stage"), w->stage);
  json_put_str(mem, args, S("item"), w->code);
  if (w->taken && !w->paused) {
    json_put_str(mem, args, S("cause"), a->policy->causes[0].code);
    json_put_str(mem, args, S("notice"), S("检验所需时间不计入办理期限，特此告知。"));
    json_put_str(mem, args, S("planned"), day_str(mem, (Day){day_of(now).n + 2}));
  }
  return (Command){.name = str_of(name), .stream = arena_fmt(mem, "project/%lld", (long long)w->project), .key = key, .now = now,
                   .actor = {.id = S("bench"), .name = S("测某"), .unit = w->unit, .roles = ROLE_APPROVER}, .args = args};
}

static void acted(Target *w) {
  if (!w->taken) w->taken = true;
  else w->paused = !w->paused;
  w->pauses += w->paused;
}

/* One after the other, waiting; used where nothing is measured. */
static Code act_now(Cx *cx, const Acts *a, Target *w, int64_t now, Str key) {
  Command cmd = command_of(cx->mem, a, w, now, key);
  CommandResult result;
  TRY(runner_run(cx, a->runner, &cmd, &result));
  acted(w);
  return OK;
}

/* ---- clients -------------------------------------------------------------------------------------- */

typedef struct Client {
  struct Load *load;
  struct Client *next;  /* in the list of those that have their answer */
  Target *work;
  double sent;
  Code code;
  char fault[200];
} Client;

typedef struct Load {
  const Acts *acts;
  Target *list;
  size_t count, at;
  pthread_mutex_t lock;
  pthread_cond_t ready;
  Client *answered;
  double *took;
  size_t done, sent;
  int64_t round;
} Load;

/* On the writer's thread, after the commit. */
static void answered(void *arg, const CommandResult *result) {
  Client *c = arg;
  Load *l = c->load;
  c->code = result->code;
  if (c->code != OK) snprintf(c->fault, sizeof c->fault, "%.*s", SFMT(result->detail));
  pthread_mutex_lock(&l->lock);
  bool sleeps = !l->answered;
  c->next = l->answered;
  l->answered = c;
  if (sleeps) pthread_cond_signal(&l->ready);
  pthread_mutex_unlock(&l->lock);
}

static void client_send(Arena *mem, Load *l, Client *c) {
  Target *w = &l->list[l->at++ % l->count];
  c->work = w;
  Str key = arena_fmt(mem, "bench-%d-%lld-%zu", (int)getpid(), (long long)l->round, l->sent++);
  Command cmd = command_of(mem, l->acts, w, w->at, key);
  acted(w); /* no other client sends about it before this one is answered */
  c->sent = now_s();
  runner_submit(l->acts->runner, &cmd, answered, c);
}

static Client *take_answered(Load *l) {
  pthread_mutex_lock(&l->lock);
  while (!l->answered) pthread_cond_wait(&l->ready, &l->lock);
  Client *list = l->answered;
  l->answered = NULL;
  pthread_mutex_unlock(&l->lock);
  return list;
}

static Code load_run(Cx *cx, Load *l, size_t clients, size_t most, double until) {
  static Client list[CLIENTS_MAX];
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)16 << 20);
  size_t under_way = 0;
  for (size_t i = 0; i < clients && l->sent < most; i++, under_way++) {
    list[i] = (Client){.load = l};
    client_send(mem, l, &list[i]);
  }
  while (under_way) {
    double now = 0;
    arena_reset(mem);
    for (Client *c = take_answered(l), *next; c; c = next) {
      next = c->next;
      now = now_s();
      if (c->code != OK) FAIL(c->code, "refused: %s", c->fault); /* the others are dropped: the program ends */
      if (l->done < SAMPLES) l->took[l->done] = now - c->sent;
      l->done++;
      if (now < until && l->sent < most) client_send(mem, l, c);
      else under_way--;
    }
  }
  return OK;
}

Code bench_act(Cx *cx, Bench *b, int64_t clients, int64_t seconds, int64_t round, int64_t acts_most) {
  static double took[SAMPLES];
  SCOPED(reader_close_p) Reader *rd = NULL;
  Acts acts;
  Load l = {.acts = &acts, .lock = PTHREAD_MUTEX_INITIALIZER, .ready = PTHREAD_COND_INITIALIZER, .took = took, .round = round};
  if (clients < 1 || clients > CLIENTS_MAX) FAIL(INVALID, "1 to %d clients", CLIENTS_MAX);
  TRY(acts_open(cx, b, &acts, &rd));
  SCOPED(runner_close_p) Runner *runner = acts.runner;
  REQUIRE(runner != NULL);
  TRY(targets_load(cx, rd, TARGETS, round, &l.list, &l.count));
  TRY(load_run(cx, &l, (size_t)clients, l.count, now_s() + 600)); /* everyone once: not the first reading is measured */
  size_t most = l.sent + (acts_most ? (size_t)acts_most : l.count * PAUSES);
  l.done = 0;
  if (b->beside) b->beside(b->beside_arg, runner, true);
  double begin = now_s(), cpu = cpu_s();
  Code code = load_run(cx, &l, (size_t)clients, most, begin + (acts_most ? 600 : (double)seconds));
  double wall = now_s() - begin, used = cpu_s() - cpu;
  if (b->beside) b->beside(b->beside_arg, runner, false);
  TRY(code);
  size_t n = l.done < SAMPLES ? l.done : SAMPLES;
  qsort(took, n, sizeof *took, by_value);
  printf("clients %lld\nper_s %.0f\np50_us %.0f\np99_us %.0f\ncpu_us %.1f\n", (long long)clients, (double)l.done / wall,
         took[n / 2] * 1e6, took[n * 99 / 100] * 1e6, used / (double)l.done * 1e6);
  return OK;
}

/* ---- the same acts as the peer ---------------------------------------------------------------------- */

static const Sql sql_row = {"bench.row", "iis", "siiii",
                            "SELECT status, due, used, left_days, paused FROM item WHERE project = ?1 AND stage = ?2 AND code = ?3"};

static Code row_print(Cx *cx, Reader *rd, size_t i, const Target *w) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, reader_views(rd), &sql_row, VALS(val_i(w->project), val_i(w->stage), val_s(w->code)), &r));
  if (!rows_next(r)) FAIL(BROKEN, "no row of item %zu", i);
  Str status = row_s(cx, r, 0);
  printf("%zu,%.*s,%lld,%lld,%lld\n", i + 1, SFMT(status), (long long)row_i(r, 1), (long long)(row_i(r, 4) ? row_i(r, 2) : 0),
         (long long)(row_i(r, 4) ? row_i(r, 3) : 0));
  return OK;
}

/* Four acts on each item, some days apart; after the third and the fourth the rows are printed. */
Code bench_script(Cx *cx, Bench *b, int64_t count) {
  static const int after[] = {0, 5, 9, 16};
  SCOPED(reader_close_p) Reader *rd = NULL;
  Acts acts;
  Target *list;
  size_t n;
  TRY(acts_open(cx, b, &acts, &rd));
  SCOPED(runner_close_p) Runner *runner = acts.runner;
  REQUIRE(runner != NULL);
  TRY(targets_load(cx, rd, TARGETS, 0, &list, &n));
  if (n > (size_t)count) n = (size_t)count;
  for (size_t step = 0; step < COUNT(after); step++) {
    for (size_t i = 0; i < n; i++)
      TRY(act_now(cx, &acts, &list[i], list[i].at + after[step] * DAY_MS,
                  arena_fmt(cx->mem, "script-%d-%zu-%zu", (int)getpid(), step, i)));
    reader_begin(rd);
    for (size_t i = 0; i < n && step >= 2; i++) TRY(row_print(cx, rd, i, &list[i]));
  }
  return OK;
}

/* The first act on a project: its events are read and folded, the pages of the tables come from the file. */
Code bench_cold(Cx *cx, Bench *b, int64_t count) {
  SCOPED(reader_close_p) Reader *rd = NULL;
  static double took[SAMPLES];
  Acts acts;
  Load l = {.acts = &acts, .lock = PTHREAD_MUTEX_INITIALIZER, .ready = PTHREAD_COND_INITIALIZER, .took = took, .round = 7};
  TRY(acts_open(cx, b, &acts, &rd));
  SCOPED(runner_close_p) Runner *runner = acts.runner;
  REQUIRE(runner != NULL);
  TRY(targets_load(cx, rd, count, 3, &l.list, &l.count));
  double begin = now_s(), cpu = cpu_s();
  TRY(load_run(cx, &l, 32, l.count, begin + 600));
  printf("first_cpu_us %.1f\nfirst_per_s %.0f\n", (cpu_s() - cpu) / (double)l.done * 1e6, (double)l.done / (now_s() - begin));
  return OK;
}
