/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Figures on a real store in which a dozen projects live a random year, with acts entered late and notices that change the
 * calendar: each figure is the length of its list; those of a past day stay; the cube is what a full count says; and what
 * the image knows of a day is what the cases say when they are folded up to it.
 */
#include "../approval/city.h"
#include "stats/stats.h"

#include <stdio.h>
#include <stdlib.h>

static uint64_t seed;
static uint32_t roll(uint32_t n) { /* splitmix64 */
  uint64_t z = (seed += 0x9E3779B97F4A7C15ULL);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return (uint32_t)((z ^ (z >> 31)) % n);
}

/* ---- percentiles ------------------------------------------------------------------------------------------------ */

TEST(without_running_cases_a_percentile_is_the_smallest_day_by_which_so_many_had_ended) {
  static uint32_t ended[64], running[64];
  seed = 11;
  for (int round = 0; round < 2000 && !t->bad; round++) {
    int list[40], n = 1 + (int)roll(40), reached = 0, percent = 1 + (int)roll(100), at = 0;
    memset(ended, 0, sizeof ended);
    for (int i = 0; i < n; i++) ended[list[i] = (int)roll(60)]++;
    int day = stat_percentile(ended, running, 64, percent, &reached);
    for (int d = 0, so_far = 0; d < 64; d++, at++)
      if ((so_far += (int)ended[d]) * 100 >= percent * n) break;
    EXPECT_INT(day, at);
  }
}

/* Remission times of 21 patients, of whom 9 relapsed (Freireich et al. 1963), the example of most textbooks: the median is 23,
 * a quarter had relapsed by week 13, and three quarters cannot be told. */
TEST(running_cases_count_as_running) {
  static const int ended_at[] = {6, 6, 6, 7, 10, 13, 16, 22, 23}, running_at[] = {6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35};
  uint32_t ended[64] = {0}, running[64] = {0};
  int reached = 0;
  for (size_t i = 0; i < COUNT(ended_at); i++) ended[ended_at[i]]++;
  for (size_t i = 0; i < COUNT(running_at); i++) running[running_at[i]]++;
  EXPECT_INT(stat_percentile(ended, running, 64, 50, &reached), 23);
  EXPECT_INT(stat_percentile(ended, running, 64, 25, &reached), 13);
  EXPECT_INT(stat_percentile(ended, running, 64, 75, &reached), -1);
  EXPECT_INT(reached, 35);
  uint32_t none[64] = {0};
  EXPECT(stat_percentile(ended, none, 64, 50, &reached) < 23); /* leaving the running ones out would look faster */
}

/* ---- a random year ---------------------------------------------------------------------------------------------- */

typedef struct Year {
  City city;
  Reader *rd;
  Stats *kept;      /* reads along, in small steps */
  int64_t now;
  Day first;
} Year;

static void item_act(World *w, int n, const ItemState *item) {
  static const char *const acts[] = {"item.take", "item.take", "item.pause", "item.resume", "item.return", "item.ask-extension", "item.decide", "item.decide", "item.decide"};
  const char *act = acts[roll(COUNT(acts))], *who = arena_fmt(w->mem, "ap:%.*s", SFMT(item->unit)).ptr;
  if (roll(3) == 0) w->happened = w->now - (int64_t)roll(5) * DAY_MS - 3600000; /* entered late, or refused */
  world_step(w, who, act, n, item->code, !strcmp(act, "item.decide") && !roll(8) ? "result" : NULL, "refuse");
  w->happened = 0;
  if (!roll(4)) world_step(w, "owner", "item.supplement", n, item->code, NULL, NULL);
  if (!roll(4)) world_step(w, arena_fmt(w->mem, "uh:%.*s", SFMT(item->unit)).ptr, "item.extend", n, item->code, NULL, NULL);
  if (!roll(25)) world_step(w, "owner", "item.withdraw", n, item->code, NULL, NULL);
  if (!roll(3)) world_step(w, "owner", "item.reapply", n, item->code, NULL, NULL);
}

static void act(World *w) {
  int n = project_current_stage(w->pr);
  if (n > STAGE_MAX || w->pr->status != PROJECT_RUNNING) return;
  const StageState *s = &w->pr->stages[n];
  const Str none = S("");
  if (s->status == STAGE_SUBMITTED && !roll(6)) world_step(w, "clerk", roll(3) ? "stage.request-correction" : "stage.not-accept", n, none, NULL, NULL);
  if (s->status < STAGE_ACCEPTED || s->status == STAGE_REFUSED || s->status == STAGE_WITHDRAWN) world_step(w, "owner", "stage.submit", n, none, NULL, NULL);
  if (roll(3) == 0) return;
  world_heard(w, n);
  world_step(w, "clerk", "stage.accept", n, none, NULL, NULL);
  world_step(w, "clerk", "stage.draft-slip", n, none, NULL, NULL);
  world_step(w, "head", "stage.dispatch", n, none, NULL, NULL);
  for (int i = 0; i < 4 && s->item_count; i++) item_act(w, n, &s->items[roll((uint32_t)s->item_count)]);
  if (!roll(3)) world_upto(w, n, STAGE_DELIVERED);
  else world_step(w, "clerk", roll(2) ? "stage.certify" : "stage.refuse", n, none, NULL, NULL);
  if (!roll(3)) world_step(w, "clerk", "stage.deliver", n, none, NULL, NULL);
  if (!roll(60)) world_step(w, "owner", "stage.withdraw", n, none, NULL, NULL);
  if (!roll(150)) world_step(w, "owner", "project.withdraw", 0, none, NULL, NULL);
}

/* A holiday or a working day that somebody announces a few days before. */
static void notice(Year *y) {
  World *w = &y->city.worlds[0];
  Json *args = json_obj(w->mem), *list = json_put_arr(w->mem, args, S("changes")), *o = json_push_obj(w->mem, list), *no = json_obj(w->mem);
  Day day = {day_of(y->now).n + 1 + (int)roll(5)};
  bool work = calendar_is_work(policies_at(w->mem, &w->policies, S(""), calendars_newest(y->city.policy.calendars))->calendar, day);
  json_put_str(w->mem, o, S("date"), day_str(w->mem, day));
  json_put_str(w->mem, o, S("kind"), work ? S("holiday") : S("workday"));
  json_put_str(w->mem, o, S("name"), S("示例"));
  json_put_str(w->mem, args, S("notice"), S("示例通知"));
  REQUIRE(world_do(w, S("sysadmin"), S("calendar.propose"), args) == OK);
  json_put_int(w->mem, no, S("no"), (int64_t)w->book->count);
  REQUIRE(world_do(w, S("supervisor"), S("calendar.confirm"), no) == OK);
}

static void year_open(Test *t, Cx *cx, Year *y, uint64_t number) {
  seed = number;
  city_make(cx, &y->city, t->mem, huludao(cx));
  city_worlds(&y->city, t->mem);
  EXPECT(reader_open(cx, y->city.runner, &y->rd) == OK);
  y->kept = stats_open();
  y->now = y->city.worlds[0].now;
  y->first = day_of(y->now);
}

static void year_day(Cx *cx, Year *y) {
  for (int i = 0; i < PROJECTS; i++) {
    World *w = &y->city.worlds[i];
    w->now = y->now + (int64_t)i * 60000;
    if (roll(3) == 0) act(w);
    REQUIRE(day_of(w->now).n == day_of(y->now).n);
  }
  if (!roll(25)) notice(y);
  if (roll(2)) REQUIRE(stats_refresh(cx, y->kept, y->rd) == OK);
  y->now += DAY_MS;
  reader_begin(y->rd);
}

static void year_close(Year *y) {
  reader_close(y->rd);
  stats_close(y->kept);
  city_end(&y->city);
  city_drop(&y->city);
}

static StatAsk ask_of(const Year *y, Day as_of) {
  return (StatAsk){.ps = &y->city.policies, .as_of = as_of, .from = {as_of.n - 60 < y->first.n ? y->first.n : as_of.n - 60}, .to = as_of};
}

/* All nine answers as text. */
static Str everything(Test *t, Cx *cx, Stats *s, Year *y, Day as_of) {
  SCOPED(buf_drop) Buf b = {0};
  StatAsk ask = ask_of(y, as_of);
  StatAnswer a;
  buf_init(&b, 1 << 22);
  for (size_t i = 0; i < STAT_QUESTIONS; i++) {
    EXPECT(stat_answer(cx, s, y->rd, str_of(stat_questions[i]), &ask, &a) == OK);
    buf_add(&b, stat_csv(cx->mem, &a, &ask));
  }
  return arena_str(t->mem, buf_str(&b));
}

/* ---- each figure is the length of its list ------------------------------------------------------------------------ */

static int64_t total_of(const StatTotal *t, StatField f) {
  switch (f) {
    case FIELD_COUNT: return t->count;
    case FIELD_GROSS: return t->gross;
    case FIELD_UNIT: return t->unit;
    case FIELD_APPLICANT: return t->applicant;
    case FIELD_THIRD: return t->third;
    case FIELD_REST: return t->rest;
    case FIELD_BEFORE: return t->before;
    case FIELD_OWN: return t->unit - t->before;
  }
  return -1;
}

static Str arg_of(const void *of, Str name) {
  return json_str(of, name);
}

/* The pick goes through an address and back, as on a page. */
static StatPick through_address(Test *t, Cx *cx, const StatPick *p) {
  Str rest = stat_pick_query(cx->mem, p), one, key, value;
  Json *args = json_obj(cx->mem);
  StatPick back = {0};
  while (rest.len) {
    if (!str_cut(rest, '&', &one, &rest)) rest = S("");
    EXPECT(str_cut(one, '=', &key, &value));
    json_put_str(cx->mem, args, key, value);
  }
  EXPECT(stat_pick_read(cx, arg_of, args, &back) == OK);
  return back;
}

static int cells_check(Test *t, Cx *cx, Stats *s, Year *y, const StatRow *r, size_t n) {
  int seen = 0;
  for (size_t c = 0; c < n && !t->bad; c++) {
    const StatCell *cell = &r->cells[c];
    StatCase *cases = NULL;
    StatTotal total;
    size_t count = 0;
    if (!cell->linked) continue;
    StatPick pick = through_address(t, cx, &cell->pick);
    EXPECT(stat_cases(cx, s, y->rd, &y->city.policies, &pick, 0, 1000, &cases, &count, &total) == OK);
    EXPECT_INT((int64_t)count, total.count);
    EXPECT_INT(cell->kind == STAT_DAYS ? total.count : total_of(&total, cell->field), cell->kind == STAT_DAYS ? cell->of : cell->n);
    EXPECT_INT(total.gross, total.unit + total.applicant + total.third + total.rest); /* each day belongs to somebody */
    if (t->bad) fprintf(stderr, "  %.*s / %zu: %.*s\n", SFMT(r->label), c, SFMT(stat_pick_query(cx->mem, &pick)));
    seen += cell->n > 0;
  }
  return seen;
}

static int figures_check(Test *t, Cx *cx, Stats *s, Year *y, const StatAsk *ask) {
  int seen = 0;
  for (size_t i = 0; i < STAT_QUESTIONS && !t->bad; i++) {
    SCOPED(arena_close_p) Arena *mem = arena_open((size_t)256 << 20);
    Cx own = {.mem = mem, .now = cx->now};
    StatAnswer a;
    EXPECT(stat_answer(&own, s, y->rd, str_of(stat_questions[i]), ask, &a) == OK);
    for (size_t k = 0; k < a.count; k++) {
      for (size_t r = 0; r < a.tables[k].count; r++) seen += cells_check(t, &own, s, y, &a.tables[k].rows[r], a.tables[k].column_count);
      if (a.tables[k].total) seen += cells_check(t, &own, s, y, a.tables[k].total, a.tables[k].column_count);
    }
    if (t->bad) fprintf(stderr, "  in %s\n", stat_questions[i]);
  }
  return seen;
}

/* ---- what the cases say -------------------------------------------------------------------------------------------- */

typedef struct Said { int64_t open, late, paused, stages, stage_days, late_stages, completed; } Said;

static void stage_said(Arena *mem, const Policies *ps, const Project *pr, int n, int64_t at, int calendar, Said *out) {
  const StageState *s = &pr->stages[n];
  if (!s->accepted_at) return;
  const Policy *p = policies_at(mem, ps, s->policy_version, calendar);
  for (size_t i = 0; i < s->item_count; i++) {
    const ItemState *item = &s->items[i];
    if (item->outside || item->status == ITEM_PASSED || item->status == ITEM_REFUSED || item->status == ITEM_WITHDRAWN) continue;
    Reading r = project_item_reading(p, item, at);
    out->open++;
    out->late += r.lamp == LAMP_RED;
    out->paused += r.paused;
  }
  if (s->status >= STAGE_ACCEPTED && s->status <= STAGE_DECIDED) {
    Reading r = project_stage_reading(mem, p, pr, n, at);
    out->stages++;
    out->stage_days += r.used;
    out->late_stages += r.overdue;
  }
}

/* Folded up to the end of the day by when things were entered, under the calendar of then. */
static Said said_of(Year *y, Day as_of, int calendar) {
  Said out = {0};
  for (int i = 0; i < PROJECTS; i++) {
    SCOPED(arena_close_p) Arena *mem = arena_open((size_t)64 << 20);
    const World *w = &y->city.worlds[i];
    void *state = NULL;
    for (size_t k = 0; k < w->count; k++)
      if (str_starts(w->events[k].stream, S("project/")) && day_of(w->events[k].recorded).n <= as_of.n) state = project_fold(mem, state, &w->events[k]);
    const Project *pr = state;
    if (!pr) continue;
    out.completed += pr->status == PROJECT_COMPLETED;
    for (int n = 1; n <= STAGE_MAX; n++) stage_said(mem, &y->city.policies, pr, n, day_start(as_of) + 1000, calendar, &out);
  }
  return out;
}

static StatTotal listed(Test *t, Cx *cx, Stats *s, Year *y, const char *what, Day as_of) {
  StatCase *cases = NULL;
  StatTotal total = {0};
  size_t n = 0;
  StatPick pick = {.what = str_of(what), .as_of = as_of, .from = {y->first.n - 100}, .to = as_of};
  EXPECT(stat_cases(cx, s, y->rd, &y->city.policies, &pick, 0, 0, &cases, &n, &total) == OK);
  return total;
}

static void said_check(Test *t, Cx *cx, Stats *s, Year *y, Day as_of) {
  int calendar = 0;
  EXPECT(calendar_version_on(cx, reader_views(y->rd), as_of, &calendar) == OK);
  Said said = said_of(y, as_of, calendar);
  EXPECT_INT(listed(t, cx, s, y, "open", as_of).count, said.open);
  EXPECT_INT(listed(t, cx, s, y, "open-late", as_of).count, said.late);
  EXPECT_INT(listed(t, cx, s, y, "open-paused", as_of).count, said.paused);
  EXPECT_INT(listed(t, cx, s, y, "stage-begun-running", as_of).count, said.stages);
  EXPECT_INT(listed(t, cx, s, y, "stage-begun-running", as_of).unit, said.stage_days);
  EXPECT_INT(listed(t, cx, s, y, "completed", as_of).count, said.completed);
  if (t->bad) fprintf(stderr, "  on day %d of the year\n", as_of.n - y->first.n);
}

/* ---- the cube -------------------------------------------------------------------------------------------------------- */

static bool same_rows(const CubeRows *a, const CubeRows *b) {
  if (a->count != b->count) return false;
  for (size_t i = 0; i < a->count; i++) {
    const CubeRow *x = &a->list[i], *z = &b->list[i];
    if (!str_eq(x->unit, z->unit) || x->stage != z->stage || x->month != z->month || x->items != z->items || x->late != z->late || x->used != z->used) return false;
  }
  return true;
}

/* Kept fact by fact, read at once, and counted by one pass over the columns; and the lists of two picks say the same. */
static void cube_check(Test *t, Cx *cx, Year *y, Stats *fresh, const CubeFilter *f) {
  CubeRows kept = stats_cube(cx->mem, y->kept, f), whole = stats_cube(cx->mem, fresh, f), scanned = stats_scan(cx->mem, y->kept, f);
  EXPECT(same_rows(&kept, &whole));
  EXPECT(same_rows(&kept, &scanned));
}

static void cube_counted(Test *t, Cx *cx, Year *y, Day today) {
  CubeRows kept = stats_cube(cx->mem, y->kept, &(CubeFilter){0});
  int64_t items = 0;
  for (size_t i = 0; i < kept.count; i++) {
    const CubeRow *r = &kept.list[i];
    StatCase *cases = NULL;
    StatTotal total = {0};
    size_t n = 0;
    Day from = day_ymd(r->month / 12, r->month % 12 + 1, 1), next = day_ymd((r->month + 1) / 12, (r->month + 1) % 12 + 1, 1);
    StatPick pick = {.what = S("done"), .as_of = today, .from = from, .to = {next.n - 1}, .unit = r->unit, .stage = r->stage};
    EXPECT(stat_cases(cx, y->kept, y->rd, &y->city.policies, &pick, 0, 0, &cases, &n, &total) == OK);
    EXPECT_INT(total.count, r->items);
    EXPECT_INT(total.unit, r->used);
    items += r->items;
  }
  EXPECT_INT(listed(t, cx, y->kept, y, "done", today).count, items);
  EXPECT(items > 40);
}

/* ---- all together ------------------------------------------------------------------------------------------------------ */

enum { DAYS = 200, MARKS = 6 };

static void year_tell(Test *t, Cx *cx, Year *y, uint64_t number) {
  Str then[MARKS];
  Day day[MARKS];
  int figures = 0;
  year_open(t, cx, y, number);
  for (int i = 0, mark = 0; i < DAYS; i++) {
    Day today = day_of(y->now);
    year_day(cx, y);
    if (i % (DAYS / MARKS) != DAYS / MARKS - 1 || mark == MARKS) continue;
    then[mark] = everything(t, cx, y->kept, y, today); /* after the last act of the day */
    day[mark++] = today;
  }
  Stats *fresh = stats_open();
  EXPECT(stats_refresh(cx, fresh, y->rd) == OK && stats_refresh(cx, y->kept, y->rd) == OK);
  for (int mark = 0; mark < MARKS && !t->bad; mark++) {
    EXPECT_STR(everything(t, cx, fresh, y, day[mark]), then[mark]);
    said_check(t, cx, fresh, y, day[mark]);
    StatAsk ask = ask_of(y, day[mark]);
    if (mark % 2) ask.category = y->city.policy.categories[roll(3)].code;
    if (mark % 3 == 2) ask.only = S("natural-resources");
    if (mark % 3 == 1) ask.stage = 1 + (int)roll(3);
    figures += figures_check(t, cx, fresh, y, &ask);
  }
  if (figures <= 300) fprintf(stderr, "  only %d figures\n", figures);
  EXPECT(figures > 300);
  EXPECT_INT(stats_size(fresh).facts, stats_size(y->kept).facts);
  cube_check(t, cx, y, fresh, &(CubeFilter){0});
  cube_check(t, cx, y, fresh, &(CubeFilter){.category = y->city.policy.categories[0].code});
  cube_check(t, cx, y, fresh, &(CubeFilter){.county = S("longgang"), .unit = S("natural-resources"), .from = 2019 * 12 + 9, .to = 2019 * 12 + 11});
  cube_check(t, cx, y, fresh, &(CubeFilter){.stage = 2, .category = y->city.policy.categories[1].code});
  cube_check(t, cx, y, fresh, &(CubeFilter){.unit = S("nobody")});
  cube_counted(t, cx, y, day_of(y->now));
  stats_close(fresh);
}

TEST(each_figure_is_its_list_and_those_of_a_past_day_stay) {
  Year *y = arena_new(t->mem, Year);
  year_tell(t, cx, y, 2026);
  year_close(y);
}

TEST(days_before_an_item_was_applied_for_again_are_the_stages) {
  Year *y = arena_new(t->mem, Year);
  World *w = &y->city.worlds[0];
  city_make(cx, &y->city, t->mem, huludao(cx));
  city_world(&y->city, w, 1);
  EXPECT(reader_open(cx, y->city.runner, &y->rd) == OK);
  y->kept = stats_open();
  y->first = day_of(w->now);
  world_register(w, S("industry"), S("longgang"));
  REQUIRE(world_upto(w, 1, STAGE_RUNNING));
  world_run_again(w, 1, S("site-opinion"));
  reader_begin(y->rd);
  EXPECT(stats_refresh(cx, y->kept, y->rd) == OK);
  EXPECT_INT(listed(t, cx, y->kept, y, "stage-begun-running", day_of(w->now)).unit, 4);
  EXPECT_INT(listed(t, cx, y->kept, y, "stage-begun-running", (Day){day_of(w->now).n - 5}).unit, 3); /* as it was on that day */
  year_close(y);
}

TEST(the_same_with_another_year) {
  Year *y = arena_new(t->mem, Year);
  year_tell(t, cx, y, 7);
  city_proves_itself(t, cx, &y->city, huludao(cx));
  year_close(y);
}
