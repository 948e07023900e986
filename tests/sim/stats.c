/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stats.c: figures in a city-year. What is open is what the states say; the cube is a full count; and each answer for a day that is
 * over is what it was when it was asked for first, whatever was entered, announced, published or crashed in between.
 */
#include "sim.h"
#include "stats/stats.h"

enum { ASKED = 2 };

static Str answers(City *c, Cx *cx, Stats *s, Day day) {
  static const char *const asked[ASKED] = {"long", "late"};
  SCOPED(buf_drop) Buf b = {0};
  StatAsk ask = {.ps = &c->policies, .as_of = day, .from = {day.n - 400}, .to = day};
  buf_init(&b, 1 << 20);
  for (size_t i = 0; i < ASKED; i++) {
    StatAnswer a;
    if (stat_answer(cx, s, c->reader, str_of(asked[i]), &ask, &a) != OK) return S("");
    buf_add(&b, stat_csv(cx->mem, &a, &ask));
  }
  return arena_str(cx->mem, buf_str(&b));
}

static int64_t open_items(const City *c) {
  int64_t n = 0;
  for (size_t i = 0; i < c->project_count; i++)
    for (int stage = 1; stage <= STAGE_MAX; stage++)
      for (size_t k = 0; k < c->projects[i].stages[stage].count; k++) {
        const ShItem *x = &c->projects[i].stages[stage].items[k];
        n += x->status >= ITEM_WAITING && x->status <= ITEM_RETURNED;
      }
  return n;
}

static void cube_check(City *c, Cx *cx, Stats *s) {
  CubeRows kept = stats_cube(cx->mem, s, &(CubeFilter){0}), counted = stats_scan(cx->mem, s, &(CubeFilter){0});
  CHECK(c, kept.count == counted.count, "the cube is a full count", "%zu rows, %zu", kept.count, counted.count);
  for (size_t i = 0; i < kept.count && !c->failed; i++)
    CHECK(c, kept.list[i].items == counted.list[i].items && kept.list[i].late == counted.list[i].late && kept.list[i].used == counted.list[i].used,
          "the cube is a full count", "row %zu", i);
}

void stats_check(City *c) {
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)256 << 20);
  Cx cx = {.mem = mem, .now = c->now};
  Stats *s = stats_open();
  Day over = {day_of(c->now).n - 1};
  StatCase *cases = NULL;
  StatTotal total = {0};
  size_t n = 0;
  StatPick open = {.what = S("open"), .as_of = day_of(c->now)};
  Code code = stat_cases(&cx, s, c->reader, &c->policies, &open, 0, 0, &cases, &n, &total);
  CHECK(c, code == OK && total.count == open_items(c), "what is open is what the states say", "%lld, %lld", (long long)total.count, (long long)open_items(c));
  if (!c->failed) cube_check(c, &cx, s);
  if (!c->failed && c->figures.day.n)
    CHECK(c, str_hash(answers(c, &cx, s, c->figures.day)) == c->figures.hash, "figures of a past day stay", "%.*s", SFMT(day_str(mem, c->figures.day)));
  if (!c->failed && (!c->figures.day.n || c->checks % 3 == 0)) {
    Str text = answers(c, &cx, s, over);
    CHECK(c, text.len, "the figures of a day are told", "%.*s", SFMT(cx.detail));
    c->figures.day = over;
    c->figures.hash = str_hash(text);
  }
  stats_close(s);
}
