/* SPDX-License-Identifier: Apache-2.0 */
/* worklist.c: the first page of a department's worklist, open items by deadline with their counts, while clients send commands. */
#include "bench.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { LISTS_MAX = 200000, QUIET = 2000, SHOWN = 50, DEPARTMENTS_MAX = 100 };

typedef struct Desk { /* those who look while others act */
  Bench *b;
  Str units[DEPARTMENTS_MAX];
  size_t unit_count;
  atomic_bool stop;
  double *took;
  size_t n;
  int64_t now, rows;
  Code code;
} Desk;

static const Sql sql_units = {"bench.units", "", "s", "SELECT unit FROM item WHERE open = 1 AND paused = 0 GROUP BY unit HAVING count(*) >= 50 ORDER BY unit"};

static Code units_load(Cx *cx, Reader *rd, Desk *d) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, reader_views(rd), &sql_units, NO_VALS, &r));
  while (d->unit_count < DEPARTMENTS_MAX && rows_next(r)) d->units[d->unit_count++] = row_s(cx, r, 0);
  return rows_end(cx, r);
}

static Code look(Cx *cx, Desk *d, Reader *rd) {
  ItemFilter f = {.unit = d->units[d->n * 7 % d->unit_count], .open = true, .limit = SHOWN};
  ItemRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  reader_begin(rd);
  double begin = now_s();
  TRY(items_list(cx, rd, d->b->policy, &f, d->now, &rows, &n, &total));
  d->took[d->n++] = now_s() - begin;
  d->rows += (int64_t)n;
  return OK;
}

static void *desk(void *arg) {
  Desk *d = arg;
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)1 << 30);
  SCOPED(reader_close_p) Reader *rd = NULL;
  Cx cx = {.mem = mem};
  d->code = reader_open_dir(&cx, &d->b->store, &rd);
  while (d->code == OK && !atomic_load(&d->stop) && d->n < LISTS_MAX) {
    arena_reset(mem);
    d->code = look(&cx, d, rd);
  }
  if (d->code != OK) fprintf(stderr, "%.*s\n", SFMT(cx.detail));
  return NULL;
}

/* Nobody acts: what has been counted still holds. */
static Code quiet(Cx *cx, Desk *d, Reader *rd) {
  for (int i = 0; i < QUIET; i++) {
    SCOPED(arena_close_p) Arena *mem = arena_open((size_t)64 << 20);
    Cx own = {.mem = mem};
    if (look(&own, d, rd) != OK) FAIL(own.fault, "%.*s", SFMT(own.detail));
  }
  qsort(d->took, d->n, sizeof *d->took, by_value);
  printf("quiet_p50_us %.1f\nquiet_p99_us %.1f\n", d->took[d->n / 2] * 1e6, d->took[d->n * 99 / 100] * 1e6);
  d->n = 0;
  d->rows = 0;
  return OK;
}

Code bench_worklist(Cx *cx, Bench *b, int64_t clients, int64_t seconds) {
  static double took[LISTS_MAX];
  SCOPED(reader_close_p) Reader *rd = NULL;
  Desk d = {.b = b, .took = took, .now = clock_now_ms()};
  pthread_t thread;
  TRY(reader_open_dir(cx, &b->store, &rd));
  TRY(units_load(cx, rd, &d));
  if (!d.unit_count) FAIL(INVALID, "no department has fifty open items");
  TRY(quiet(cx, &d, rd));
  if (pthread_create(&thread, NULL, desk, &d) != 0) FAIL(BUSY, "no thread");
  Code code = bench_act(cx, b, clients, seconds, 21, 0);
  atomic_store(&d.stop, true);
  pthread_join(thread, NULL);
  TRY(code);
  if (d.code != OK || !d.n) FAIL(BROKEN, "the worklist was not read");
  qsort(took, d.n, sizeof *took, by_value);
  printf("lists %zu\nlist_rows %.1f\nlist_p50_us %.1f\nlist_p99_us %.1f\n", d.n, (double)d.rows / (double)d.n, took[d.n / 2] * 1e6, took[d.n * 99 / 100] * 1e6);
  return OK;
}
