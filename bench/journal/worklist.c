/* SPDX-License-Identifier: Apache-2.0 */
/*
 * worklist.c: what the home page of an approver asks the store for: the first page of his department's worklist, open items by
 * deadline, and the counts by lamp; departments in turn, while clients send commands. The reader is one of the process that writes,
 * as a loop of the server has it, so it waits where a page would wait.
 */
#include "bench.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { LISTS_MAX = 1 << 20, QUIET = 2000, SHOWN = 50, DEPARTMENTS_MAX = 100 };

typedef struct Desk { /* those who look while others act */
  Bench *b;
  const Runner *runner;
  pthread_t thread;
  Str units[DEPARTMENTS_MAX];
  size_t unit_count;
  atomic_bool stop;
  double *took, cpu;
  size_t n;
  int64_t now, rows, open, rate;
  Code code;
} Desk;

static const Sql sql_units = {"bench.units", "", "s", "SELECT unit FROM item WHERE open = 1 AND paused = 0 GROUP BY unit HAVING count(*) >= 50 ORDER BY unit"};

static Code units_load(Cx *cx, Desk *d) {
  SCOPED(reader_close_p) Reader *rd = NULL;
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(reader_open_dir(cx, &d->b->store, &rd));
  TRY(db_rows(cx, reader_views(rd), &sql_units, NO_VALS, &r));
  while (d->unit_count < DEPARTMENTS_MAX && rows_next(r)) d->units[d->unit_count++] = row_s(cx, r, 0);
  TRY(rows_end(cx, r));
  rows_drop(&r);
  if (!d->unit_count) FAIL(INVALID, "no department has fifty open items");
  return OK;
}

static Code look(Cx *cx, Desk *d, Reader *rd) {
  ItemFilter f = {.unit = d->units[d->n * 7 % d->unit_count], .open = true, .limit = SHOWN};
  LampCount count;
  ItemRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  double begin = now_s();
  reader_begin(rd);
  TRY(items_list(cx, rd, d->b->policy, &f, d->now, &rows, &n, &total));
  TRY(items_count(cx, rd, d->b->policy, f.unit, d->now, &count));
  if (count.all != total) FAIL(BROKEN, "%lld listed, %lld counted", (long long)total, (long long)count.all);
  d->took[d->n++] = now_s() - begin;
  d->rows += (int64_t)n;
  d->open += total;
  return OK;
}

static double thread_cpu_s(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static Code looks(Cx *cx, Desk *d, Reader *rd, size_t most) {
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)64 << 20);
  double cpu = thread_cpu_s(), next = now_s();
  while (!atomic_load(&d->stop) && d->n < most) {
    Cx own = {.mem = mem};
    arena_reset(mem);
    if (look(&own, d, rd) != OK) FAIL(own.fault, "%.*s", SFMT(own.detail));
    if (!d->rate) continue;
    next += 1.0 / (double)d->rate;
    double wait = next - now_s();
    if (wait > 0) usleep((useconds_t)(wait * 1e6));
    else next = now_s();
  }
  d->cpu = thread_cpu_s() - cpu;
  return OK;
}

static void looks_print(Desk *d, const char *when) {
  qsort(d->took, d->n, sizeof *d->took, by_value);
  printf("%s_lists %zu\n%s_rows %.1f\n%s_open %.0f\n%s_cpu_us %.1f\n%s_p50_us %.1f\n%s_p90_us %.1f\n%s_p99_us %.1f\n", when, d->n, when,
         (double)d->rows / (double)d->n, when, (double)d->open / (double)d->n, when, d->cpu / (double)d->n * 1e6, when, d->took[d->n / 2] * 1e6,
         when, d->took[d->n * 9 / 10] * 1e6, when, d->took[d->n * 99 / 100] * 1e6);
}

static void *desk(void *arg) {
  Desk *d = arg;
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)64 << 20);
  SCOPED(reader_close_p) Reader *rd = NULL;
  Cx cx = {.mem = mem};
  d->code = reader_open(&cx, d->runner, &rd);
  if (d->code == OK) d->code = looks(&cx, d, rd, LISTS_MAX);
  if (d->code != OK) fprintf(stderr, "%.*s\n", SFMT(cx.detail));
  return NULL;
}

static void beside(void *arg, const Runner *r, bool begin) {
  Desk *d = arg;
  if (begin) {
    d->runner = r;
    REQUIRE(pthread_create(&d->thread, NULL, desk, d) == 0);
    return;
  }
  atomic_store(&d->stop, true);
  pthread_join(d->thread, NULL);
}

/* Nobody acts, and nothing that was counted is kept. */
static Code quiet(Cx *cx, Desk *d) {
  SCOPED(reader_close_p) Reader *rd = NULL;
  TRY(reader_open_dir(cx, &d->b->store, &rd));
  TRY(looks(cx, d, rd, QUIET));
  looks_print(d, "quiet");
  return OK;
}

Code bench_worklist(Cx *cx, Bench *b, int64_t clients, int64_t seconds, int64_t rate) {
  static double took[LISTS_MAX];
  Desk d = {.b = b, .took = took, .now = clock_now_ms(), .rate = rate};
  TRY(units_load(cx, &d));
  if (!clients) return quiet(cx, &d);
  b->beside = beside;
  b->beside_arg = &d;
  TRY(bench_act(cx, b, clients, seconds, 21, 0));
  if (d.code != OK || !d.n) FAIL(BROKEN, "the worklist was not read");
  looks_print(&d, "list");
  return OK;
}
