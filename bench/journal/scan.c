/* SPDX-License-Identifier: Apache-2.0 */
/* scan.c: the whole journal once: folded into states, verified; and what starting costs. */
#include "bench.h"

#include <stdio.h>

static void rate(int64_t events, double begin, double cpu) {
  double wall = now_s() - begin, used = cpu_s() - cpu;
  printf("events %lld\nper_s %.0f\nper_cpu_s %.0f\n", (long long)events, (double)events / wall, (double)events / used);
}

static Code folded(Cx *cx, void *arg, Str stream, const void *state, int64_t seq) {
  (void)cx, (void)stream, (void)state;
  *(int64_t *)arg += seq;
  return OK;
}

/* As the trial of a policy 演算 reads all cases (approval/whatif.h). */
Code bench_replay(Cx *cx, Bench *b) {
  int64_t events = 0;
  double begin = now_s(), cpu = cpu_s();
  TRY(streams_fold(cx, &b->store, S(""), folded, &events));
  rate(events, begin, cpu);
  return OK;
}

/* The leaves alone, of texts that lie in memory: faster than this no check of hashes can be. */
static Code hash_floor(Cx *cx, Bench *b, HashSuite suite) {
  SCOPED(reader_close_p) Reader *rd = NULL;
  enum { SAMPLE = 20000, TIMES = 10 };
  Events list;
  size_t bytes = 0;
  TRY(reader_open_dir(cx, &b->store, &rd));
  TRY(reader_journal(cx, rd, 0, SAMPLE, &list));
  if (!list.count) return OK;
  Str *texts = arena_array(cx->mem, Str, list.count);
  Hash *out = arena_array(cx->mem, Hash, list.count);
  for (size_t i = 0; i < list.count; i++) {
    texts[i] = arena_fmt(cx->mem, "?%.*s", SFMT(event_text(cx->mem, &list.list[i])));
    bytes += texts[i].len;
  }
  double cpu = cpu_s();
  for (int k = 0; k < TIMES; k++) hash_many(suite, texts, list.count, out);
  double used = cpu_s() - cpu, n = (double)list.count * TIMES;
  printf("text_bytes %.0f\nhash_per_cpu_s %.0f\nhash_mb_per_s %.0f\n", (double)bytes / (double)list.count, n / used,
         (double)bytes * TIMES / used * 1e-6);
  return OK;
}

Code bench_chain(Cx *cx, Bench *b) {
  VerifyReport report = {0};
  HashSuite suite = SUITE_UNSET;
  double begin = now_s(), cpu = cpu_s();
  TRY(verify__chain(cx, &b->store, &report, &suite));
  if (!report.chain_ok) FAIL(BROKEN, "%.*s", SFMT(report.fault));
  rate(report.events, begin, cpu);
  printf("suite %s\n", suite == SUITE_GM ? "gm" : "intl");
  return hash_floor(cx, b, suite);
}

Code bench_start(Cx *cx, Bench *b) {
  SCOPED(runner_close_p) Runner *runner = NULL;
  SCOPED(reader_close_p) Reader *rd = NULL;
  double begin = now_s(), cpu = cpu_s();
  TRY(runner_open(cx, &b->store, &runner));
  TRY(reader_open(cx, runner, &rd));
  printf("start_ms %.1f\ncpu_ms %.1f\n", (now_s() - begin) * 1e3, (cpu_s() - cpu) * 1e3);
  return OK;
}
