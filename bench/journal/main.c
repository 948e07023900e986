/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What bench/journal/run.sh measures beside the program itself. Each verb prints lines "name value".
 *   bench_journal grow STORE POLICY FROM PROJECTS    fills the new, empty STORE with histories of FROM
 *   bench_journal targets STORE POLICY COUNT         the items that are acted upon, for the peer
 *   bench_journal days POLICY                        the calendar, for the peer
 *   bench_journal script STORE POLICY COUNT          acts in a fixed order and what the views say then, for comparing
 *   bench_journal act STORE POLICY CLIENTS SECONDS ROUND [ACTS]
 *   bench_journal worklist STORE POLICY CLIENTS SECONDS RATE   the worklists of departments meanwhile, so many a second (0: one
 *                                                    after the other); without clients: 2 000 of them and nobody acts
 *   bench_journal cold STORE POLICY COUNT            the first act of projects that nobody has read yet
 *   bench_journal replay | chain | rebuild | start STORE POLICY
 *   bench_journal limit DIR SECONDS
 * The stores of script, act, worklist and cold are written to: give them copies.
 */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>

static void limit_print(const char *name, DiskRate r) {
  printf("%s_per_s %.0f\n%s_p50 %.0f\n%s_p99 %.0f\n", name, r.per_s, name, r.p50_us, name, r.p99_us);
}

static void limit(const char *dir, double seconds) {
  limit_print("append", disk_rate(dir, seconds / 2, false));
  limit_print("over", disk_rate(dir, seconds / 2, true));
}

/* The engines of the program, so that its stores fit. */
static Code world(Cx *cx, Bench *b, Str dir, Str package) {
  World *w = NULL;
  Options *o = arena_new(cx->mem, Options);
  *o = (Options){.store = dir, .files = dir, .policy = package, .quiet = true};
  TRY(world_load(cx, o, &w));
  b->policy = w->policies.current;
  b->store = w->store;
  return OK;
}

/* Day, working days up to and including it: what a working-day limit is counted by. */
static Code days(const Bench *b) {
  int wd = 0;
  for (Day d = day_ymd(2025, 1, 1); d.n < day_ymd(2027, 1, 1).n; d.n++) {
    wd += calendar_is_work(b->policy->calendar, d);
    printf("%d,%d\n", (int)d.n, wd);
  }
  return OK;
}

static Code rebuild(Cx *cx, Bench *b) {
  int64_t events = 0;
  double begin = now_s(), cpu = cpu_s();
  TRY(store_rebuild(cx, &b->store, &events));
  printf("events %lld\nper_s %.0f\ncpu_us %.2f\n", (long long)events, (double)events / (now_s() - begin),
         (cpu_s() - cpu) / (double)events * 1e6);
  return OK;
}

static Code run(Cx *cx, Bench *b, int argc, char **argv) {
  Str verb = str_of(argv[1]);
  int64_t n[4] = {0};
  if (str_eq(verb, S("days"))) {
    TRY(world(cx, b, S("/nonexistent"), str_of(argv[2])));
    return days(b);
  }
  TRY(world(cx, b, str_of(argv[2]), str_of(argv[3])));
  bool grow = str_eq(verb, S("grow"));
  for (int i = 0; i < 4 && 4 + grow + i < argc; i++) str_to_i64(str_of(argv[4 + grow + i]), &n[i]);
  if (grow && argc == 6) return bench_grow(cx, b, str_of(argv[4]), n[0]);
  if (str_eq(verb, S("targets"))) return bench_targets(cx, b, n[0]);
  if (str_eq(verb, S("script"))) return bench_script(cx, b, n[0]);
  if (str_eq(verb, S("act"))) return bench_act(cx, b, n[0], n[1], n[2], n[3]);
  if (str_eq(verb, S("worklist"))) return bench_worklist(cx, b, n[0], n[1], n[2]);
  if (str_eq(verb, S("cold"))) return bench_cold(cx, b, n[0]);
  if (str_eq(verb, S("replay"))) return bench_replay(cx, b);
  if (str_eq(verb, S("chain"))) return bench_chain(cx, b);
  if (str_eq(verb, S("rebuild"))) return rebuild(cx, b);
  if (str_eq(verb, S("start"))) return bench_start(cx, b);
  FAIL(INVALID, "no such verb, or too few arguments: %s", argv[1]);
}

int main(int argc, char **argv) {
  if (argc < 3 || (argc < 4 && strcmp(argv[1], "days") != 0)) {
    fprintf(stderr, "see the head of bench/journal/main.c\n");
    return 2;
  }
  arena_keep_memory(); /* as the program does */
  if (!strcmp(argv[1], "limit")) {
    limit(argv[2], strtod(argv[3], NULL));
    return 0;
  }
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)4 << 30);
  Cx cx = {.mem = mem, .now = clock_now_ms()};
  Bench b = {0};
  if (run(&cx, &b, argc, argv) == OK) return 0;
  fprintf(stderr, "%.*s\n", SFMT(cx.detail));
  return 1;
}
