/* SPDX-License-Identifier: Apache-2.0 */
/* A million cases from a seed, evaluated under drafts; a sample is folded again under the draft and read by the engine's
 * own clocks. Prints Markdown rows; run by bench/whatif.sh. */
#include "approval/whatif.h"
#include "unit/approval/cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { RUNS = 5 };

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

typedef struct Sample {
  Arena *mem;
  const Cases *cases;
  const Policy *draft;
  int64_t every, seen, wrong;
  double slow;
} Sample;

static void check(void *arg, const WhatIfStage *s) {
  Sample *k = arg;
  if (s->project % k->every) return;
  double from = seconds();
  const Project *pr = cases_project(k->mem, k->cases, s->project, k->draft);
  Reading r = {0};
  bool exists = pr->stages[s->stage].limit > 0;
  if (exists) r = project_stage_reading(k->mem, k->draft, pr, s->stage, day_start(k->cases->today) + 1);
  k->slow += seconds() - from;
  bool late = r.lamp == LAMP_RED || (r.lamp == LAMP_DONE && r.overdue);
  const WhatIfSide *d = &s->draft;
  k->seen++;
  k->wrong += d->exists != exists || (exists && (d->used != r.used || d->left != r.left || d->lamp != r.lamp || d->late != late));
  arena_reset(k->mem);
}

static const Policy *draft_of(Cx *cx, const Policy *p, const PolicyChange *list, size_t n) {
  const Policy *d = NULL;
  REQUIRE(policy_with(cx, p, list, n, &d) == OK);
  return d;
}

/* The best of a few runs, as the first one touches the memory. */
static double measure(Cx *cx, const WhatIf *w, const Policy *draft, Day today, int threads, const char *what) {
  double best = 1e9;
  WhatIfReport r = {0};
  for (int i = 0; i < RUNS; i++) {
    double from = seconds();
    REQUIRE(whatif_run(cx, w, draft, today, threads, &r) == OK);
    double took = seconds() - from;
    if (took < best) best = took;
  }
  printf("| %s | %d | %.2f s | %lld → %lld of %lld stages | %lld → %lld of %lld cases | %lld |\n", what, threads, best,
         (long long)(r.all.side[0].late_done + r.all.side[0].late_running),
         (long long)(r.all.side[1].late_done + r.all.side[1].late_running), (long long)(r.all.done + r.all.running),
         (long long)r.cases_late[0], (long long)r.cases_late[1], (long long)r.size.projects, (long long)r.all.running);
  fflush(stdout);
  return best;
}

static WhatIf *generate(const Cases *cases, int64_t n) {
  Arena *mem = arena_open((size_t)64 << 20);
  WhatIf *w = whatif_open(cases->p);
  for (int64_t no = 1; no <= n; no++) {
    whatif_add(w, cases_project(mem, cases, no, cases->p));
    arena_reset(mem);
  }
  arena_close(mem);
  return w;
}

static void say_size(const WhatIf *w, const Cases *c, double took) {
  WhatIfSize size = whatif_size(w);
  printf("\n%lld cases registered from %s on, %lld accepted stages, %lld items, from seed %llu: folded and recorded in %.1f s, %.1f MB, "
         "%.1f bytes an item.\n\n",
         (long long)size.projects, c->first.n < c->today.n - 100 ? "two years ago" : "twenty days ago", (long long)size.stages,
         (long long)size.items, (unsigned long long)c->seed, took, (double)size.bytes / 1e6, (double)size.bytes / (double)size.items);
  printf("| draft | threads | best of %d | late stages, before → after | late cases | stages that run |\n|---|---|---|---|---|---|\n", RUNS);
}

static const Policy *needs_of(Cx *cx, const Policy *p) {
  Policy *needs = arena_new(cx->mem, Policy);
  Item *items = arena_array(cx->mem, Item, p->item_count);
  *needs = *p;
  memcpy(items, p->items, p->item_count * sizeof *items);
  for (size_t i = 0; i < p->item_count; i++)
    if (str_eq(items[i].code, S("scheme-review")))
      REQUIRE(policy_expr(cx, p, S("非 带方案出让 且 建筑面积 > 3000"), &items[i].when) == OK);
  needs->items = items;
  return needs;
}

/* All drafts over one set of cases, then the sample. False when it differs or a draft takes too long. */
static bool run_set(Cx *cx, const Cases *cases, int64_t n) {
  const double most = 2.0;
  double from = seconds(), worst = 0;
  WhatIf *w = generate(cases, n);
  const Policy *p = cases->p;
  PolicyChange limits[] = {{.kind = CHANGE_STAGE_DAYS, .category = S("industry"), .stage = 1, .days = 6},
                           {.kind = CHANGE_STAGE_DAYS, .category = S("industry"), .stage = 2, .days = 17},
                           {.kind = CHANGE_STAGE_DAYS, .category = S("industry"), .stage = 3, .days = 21},
                           {.kind = CHANGE_STAGE_DAYS, .category = S("industry"), .stage = 4, .days = 16}};
  PolicyChange unit[] = {{.kind = CHANGE_ITEM_UNIT, .item = S("planning-permit"), .code = S("housing-construction")},
                         {.kind = CHANGE_ITEM_DAYS, .item = S("planning-permit"), .days = 11}};
  PolicyChange series[] = {{.kind = CHANGE_ITEM_AFTER, .item = S("planning-permit"), .code = S("scheme-review")}};
  const Policy *shorter = draft_of(cx, p, limits, COUNT(limits));
  int cores = (int)sysconf(_SC_NPROCESSORS_ONLN);
  struct { const char *what; const Policy *draft; } drafts[] = {{"industry 70 → 60 days", shorter},
      {"one item: another unit and limit", draft_of(cx, p, unit, COUNT(unit))},
      {"two items in series", draft_of(cx, p, series, COUNT(series))}, {"an item's condition changed (floor area)", needs_of(cx, p)}};
  say_size(w, cases, seconds() - from);
  measure(cx, w, shorter, cases->today, 1, drafts[0].what);
  for (size_t i = 0; i < COUNT(drafts); i++) {
    double took = measure(cx, w, drafts[i].draft, cases->today, cores, drafts[i].what);
    if (took > worst) worst = took;
  }
  Sample s = {.mem = arena_open((size_t)64 << 20), .cases = cases, .draft = shorter, .every = n >= 1000 ? n / 1000 : 1};
  REQUIRE(whatif_each(cx, w, shorter, cases->today, check, &s) == OK);
  printf("\nSample of %lld cases (%lld stages) folded again under the draft: %lld differ. Done so for all cases it would take %.0f s.\n",
         (long long)(n / s.every), (long long)s.seen, (long long)s.wrong, s.slow / (double)s.seen * (double)whatif_size(w).stages);
  arena_close(s.mem);
  whatif_close(w);
  return !s.wrong && worst <= most;
}

int main(int argc, char **argv) {
  int64_t n = argc > 2 ? strtoll(argv[2], NULL, 10) : 1000000;
  Cx cx = {.mem = arena_open((size_t)1 << 30), .now = clock_now_ms()};
  const Policy *p = NULL;
  Mistakes mistakes = {0};
  REQUIRE(argc > 1 && policy_load(&cx, str_of(argv[1]), &p, &mistakes) == OK);
  Day today = day_ymd(2021, 6, 18);
  Cases two_years = {.p = p, .seed = 60, .first = day_ymd(2019, 7, 1), .today = today};
  Cases running = {.p = p, .seed = 61, .first = {today.n - 20}, .today = today};
  bool ok = run_set(&cx, &two_years, n);
  ok = run_set(&cx, &running, n) && ok;
  arena_close(cx.mem);
  return !ok;
}
