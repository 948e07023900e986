/* SPDX-License-Identifier: Apache-2.0 */
/* ask.c: the image read from the facts, and what the cube and the columns answer, with what it costs. */
#include "bench.h"

#include <stdio.h>

/* The same questions as in peer.sql and duck.mjs, by number. */
static const CubeFilter filters[] = {
    {.late = false},
    {.category = {.ptr = "category-3", .len = 10}},
    {.county = {.ptr = "county-5", .len = 8}, .category = {.ptr = "category-0", .len = 10}},
    {.from = 2021 * 12, .to = 2021 * 12 + 11, .stage = 2},
    {.unit = {.ptr = "unit-04", .len = 7}, .late = true},
    {.least = 10, .county = {.ptr = "county-1", .len = 8}}};

static Code one(Cx *cx, void *arg, const Fact *f) {
  (void)cx;
  stats_add(arg, f);
  return OK;
}

static void rows_write(Cx *cx, Str out, const char *how, size_t number, const CubeRows *rows) {
  FILE *f = fopen(arena_z(cx->mem, arena_fmt(cx->mem, "%.*s/%s-%zu.csv", SFMT(out), how, number)), "w");
  REQUIRE(f);
  for (size_t i = 0; i < rows->count; i++) {
    const CubeRow *r = &rows->list[i];
    fprintf(f, "%.*s,%d,%d,%lld,%lld,%lld\n", SFMT(r->unit), r->stage, r->month, (long long)r->items, (long long)r->late, (long long)r->used);
  }
  fclose(f);
}

static void question(Cx *cx, Stats *s, size_t number, int rounds, Str out) {
  const CubeFilter *f = &filters[number];
  double *times = arena_array(cx->mem, double, (size_t)rounds);
  CubeRows rows = {0};
  for (int how = 0; how < 2; how++) {
    if (!how && (f->late || f->least)) continue; /* no cube knows */
    double cpu = cpu_s();
    for (int i = 0; i < rounds; i++) {
      SCOPED(arena_close_p) Arena *mem = arena_open((size_t)256 << 20);
      double begin = now_s();
      rows = how ? stats_scan(mem, s, f) : stats_cube(mem, s, f);
      times[i] = now_s() - begin;
      if (i + 1 == rounds) rows_write(cx, out, how ? "scan" : "cube", number, &rows);
    }
    char name[40];
    snprintf(name, sizeof name, "%s%zu", how ? "scan" : "cube", number);
    tell(name, times, (size_t)rounds);
    printf("%s_cpu_us %.1f\n%s_rows %zu\n", name, (cpu_s() - cpu) / rounds * 1e6, name, rows.count);
  }
}

/* What a decided item costs in the cube alone: all that are there, once more into another cube. */
static void cube_cost(Stats *s) {
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)2 << 30);
  Cube *c = arena_new(mem, Cube);
  double begin = cpu_s();
  int64_t n = 0;
  for (uint32_t at = 0; at < s->cube.count; at++) {
    const Columns *k = s->cube.chunk[at >> CHUNK_BITS];
    uint32_t i = at & (CHUNK - 1);
    Done d = {.month = k->month[i], .used = k->used[i], .unit = k->group[i], .stage = k->stage[i], .category = k->category[i], .county = k->county[i], .late = k->late[i]};
    if (d.month == NO_MONTH) continue;
    cube__count(mem, c, &d, 1);
    n++;
  }
  printf("cube_ns %.0f\n", (cpu_s() - begin) / (double)n * 1e9);
}

Code bench_ask(Cx *cx, Str dir, int rounds, Str out) {
  SCOPED(db__close_p) Db *db = NULL;
  SCOPED(stats_close_p) Stats *s = stats_open();
  TRY(db__open(cx, store__path(cx->mem, dir, "views.db"), DB_READ, &db));
  double begin = now_s(), cpu = cpu_s();
  TRY(facts_after(cx, db, 0, one, s));
  StatsSize size = stats_size(s);
  printf("facts %lld\nload_s %.2f\nload_us_a_fact %.3f\nbytes_a_fact %.1f\n", (long long)size.facts, now_s() - begin, (cpu_s() - cpu) / (double)size.facts * 1e6,
         (double)size.bytes / (double)size.facts);
  cube_cost(s);
  for (size_t i = 0; i < COUNT(filters); i++) question(cx, s, i, rounds, out);
  return OK;
}
