/* SPDX-License-Identifier: Apache-2.0 */
/* What if, against the engine itself: a thousand projects, folded with the limits of the draft, read by the engine's own
 * clocks; and projects made by hand whose answers are known. */
#include "approval/whatif.h"
#include "cases.h"
#include "world.h"

#define DAY_TODAY day_ymd(2021, 6, 18)

static const Policy *draft_of(Test *t, Cx *cx, const PolicyChange *changes, size_t n) {
  const Policy *p = NULL;
  EXPECT(policy_with(cx, huludao(cx), changes, n, &p) == OK);
  return p;
}
#define DRAFT(...) draft_of(t, cx, (const PolicyChange[]){__VA_ARGS__}, sizeof((const PolicyChange[]){__VA_ARGS__}) / sizeof(PolicyChange))

/* ---- equal to a full run --------------------------------------------------------------------------------- */

typedef struct Check {
  Test *t;
  Arena *mem;
  const Cases *cases;
  const Policy *now, *draft;
  size_t seen, late[2], running;
} Check;

static void same(Check *k, const Project *pr, const WhatIfStage *s, const WhatIfSide *side, const Policy *p, size_t *late) {
  Test *t = k->t;
  const StageState *st = &pr->stages[s->stage];
  if (!st->limit) {
    EXPECT(!side->exists);
    return;
  }
  Reading r = project_stage_reading(k->mem, p, pr, s->stage, day_start(k->cases->today) + 1000);
  bool is_late = r.lamp == LAMP_RED || (r.lamp == LAMP_DONE && r.overdue);
  EXPECT(side->exists);
  EXPECT(!side->reordered);
  EXPECT_INT(side->limit, st->limit);
  EXPECT_INT(side->used, r.used);
  EXPECT_INT(side->left, r.left);
  EXPECT_INT(side->lamp, r.lamp);
  EXPECT_INT(side->late, is_late);
  *late += is_late;
}

static void check_stage(void *arg, const WhatIfStage *s) {
  Check *k = arg;
  if (k->t->bad > 20) return;
  same(k, cases_project(k->mem, k->cases, s->project, k->now), s, &s->now, k->now, &k->late[0]);
  same(k, cases_project(k->mem, k->cases, s->project, k->draft), s, &s->draft, k->draft, &k->late[1]);
  k->seen++;
  k->running += s->end_kind == END_NONE;
  arena_reset(k->mem);
}

static void compare_all(Test *t, Cx *cx, const Policy *now, const Policy *draft, uint64_t seed, Day notice) {
  enum { SAMPLE = 1000 };
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)64 << 20);
  SCOPED(whatif_close_p) WhatIf *w = whatif_open(now);
  Cases cases = {.p = huludao(cx), .seed = seed, .first = day_ymd(2020, 1, 2), .today = DAY_TODAY, .notice = notice};
  for (int64_t no = 1; no <= SAMPLE; no++) {
    whatif_add(w, cases_project(mem, &cases, no, now));
    arena_reset(mem);
  }
  Check k = {.t = t, .mem = mem, .cases = &cases, .now = now, .draft = draft};
  EXPECT(whatif_each(cx, w, draft, DAY_TODAY, check_stage, &k) == OK);
  EXPECT(k.seen > SAMPLE * 3 / 2 && k.running > 200);
  EXPECT(k.late[0] > 50 && k.late[1] > 50 && k.late[0] != k.late[1]); /* it does make a difference */
  WhatIfReport r;
  for (int threads = 1; threads <= 3; threads++) {
    EXPECT(whatif_run(cx, w, draft, DAY_TODAY, threads, &r) == OK);
    EXPECT_INT(r.all.side[0].late_done + r.all.side[0].late_running, k.late[0]);
    EXPECT_INT(r.all.side[1].late_done + r.all.side[1].late_running, k.late[1]);
    EXPECT_INT(r.all.done + r.all.running + r.all.stopped, k.seen);
    EXPECT_INT(r.became_late - r.became_timely, (int64_t)k.late[1] - (int64_t)k.late[0]);
  }
}

TEST(a_thousand_projects_give_the_same_as_a_full_run_with_shorter_stages) {
  compare_all(t, cx, huludao(cx), DRAFT({.kind = CHANGE_STAGE_DAYS, .category = S("industry"), .stage = 1, .days = 6},
                           {.kind = CHANGE_STAGE_DAYS, .category = S("industry"), .stage = 2, .days = 17},
                           {.kind = CHANGE_STAGE_DAYS, .category = S("industry"), .stage = 3, .days = 21},
                           {.kind = CHANGE_STAGE_DAYS, .category = S("industry"), .stage = 4, .days = 16},
                           {.kind = CHANGE_STAGE_DAYS, .category = S("highway"), .stage = 3, .days = 12},
                           {.kind = CHANGE_STAGE_DAYS, .category = S("water"), .stage = 3, .days = 9}), 60, (Day){0});
}

TEST(a_thousand_projects_give_the_same_as_a_full_run_with_other_items_and_units) {
  compare_all(t, cx, huludao(cx), DRAFT({.kind = CHANGE_ITEM_DAYS, .item = S("planning-permit"), .days = 11},
                           {.kind = CHANGE_ITEM_UNIT, .item = S("planning-permit"), .code = S("housing-construction")},
                           {.kind = CHANGE_STAGE_DAYS, .category = S("renovation"), .stage = 3, .days = 0},
                           {.kind = CHANGE_STAGE_DAYS, .category = S("gov-building"), .stage = 4, .days = 30}), 61, (Day){0});
}

/* A notice closes ten days of May and June; what had ended before it arrived keeps the calendar that it ended under. */
TEST(a_thousand_projects_give_the_same_as_a_full_run_across_a_notice) {
  Policy *p = arena_new(cx->mem, Policy);
  DayChange closed[10];
  *p = *huludao(cx);
  p->calendars = calendars_open(cx->mem, p->calendar);
  for (int i = 0; i < 10; i++)
    closed[i] = (DayChange){.day = i < 5 ? day_ymd(2021, 5, 17 + i) : day_ymd(2021, 6, 2 + i), .kind = DAY_HOLIDAY, .name = S("示例")};
  calendars_add(p->calendars, 1, closed, COUNT(closed));
  const Policy *now = policy_with_calendar(cx->mem, p, p->calendars, 1), *draft = NULL;
  PolicyChange change = {.kind = CHANGE_STAGE_DAYS, .category = S("industry"), .stage = 2, .days = 15};
  EXPECT(policy_with(cx, now, &change, 1, &draft) == OK);
  compare_all(t, cx, now, draft, 62, day_ymd(2021, 6, 1));
  calendars_close(p->calendars);
}

/* ---- known answers ------------------------------------------------------------------------------------------ */

/* A project whose stage 1 is put together by hand: acceptance on Monday 2021-03-01; items by the day they ended on. */
typedef struct Hand {
  Project pr;
  ItemState items[4];
} Hand;

static void hand_open(Hand *h, const char *category, size_t n) {
  *h = (Hand){.pr = {.no = 1, .category = str_of(category), .county = S("longgang"), .status = PROJECT_RUNNING}};
  StageState *s = &h->pr.stages[1];
  s->accepted_on = day_ymd(2021, 3, 1);
  s->accepted_at = day_start(s->accepted_on) + 1;
  s->status = STAGE_RUNNING;
  s->limit = 7;
  s->items = h->items;
  s->item_count = n;
}

static void hand_item(Hand *h, size_t i, const char *code, const char *unit, int days, int ended) {
  Day start = h->pr.stages[1].accepted_on;
  h->items[i] = (ItemState){.code = str_of(code), .name = str_of(code), .unit = str_of(unit), .days = days, .limit = days,
                            .start = start, .status = ended ? ITEM_PASSED : ITEM_TAKEN};
  if (ended) h->items[i].decided_at = day_start((Day){start.n + ended}) + 1;
}

static void hand_done(Hand *h, int day) {
  h->pr.stages[1].status = STAGE_CERTIFIED;
  h->pr.stages[1].certified_at = day_start((Day){h->pr.stages[1].accepted_on.n + day}) + 1;
}

static void copy_one(void *arg, const WhatIfStage *s) {
  *(WhatIfStage *)arg = *s;
}

static WhatIfReport run_one(Test *t, Cx *cx, const Hand *h, const Policy *draft, WhatIfStage *out) {
  SCOPED(whatif_close_p) WhatIf *w = whatif_open(huludao(cx));
  WhatIfReport r = {0};
  whatif_add(w, &h->pr);
  EXPECT(whatif_run(cx, w, draft, day_ymd(2021, 3, 9), 1, &r) == OK); /* Tuesday of the next week: 6 working days */
  EXPECT(whatif_each(cx, w, draft, day_ymd(2021, 3, 9), copy_one, out) == OK);
  return r;
}

static const WhatIfUnit *unit_of(const WhatIfReport *r, const char *code) {
  for (size_t i = 0; i < r->unit_count; i++)
    if (str_eqz(r->units[i].unit, code)) return &r->units[i];
  return NULL;
}

TEST(seven_days_to_four_makes_a_five_day_stage_late) {
  Hand h;
  WhatIfStage s;
  hand_open(&h, "industry", 2);
  hand_item(&h, 0, "land-preview", "natural-resources", 3, 2);      /* Wednesday: 2 days */
  hand_item(&h, 1, "project-filing", "development-reform", 1, 1);   /* Tuesday: 1 day */
  hand_done(&h, 7);                                                 /* Monday 8th: 5 days */
  WhatIfReport r = run_one(t, cx, &h, DRAFT({.kind = CHANGE_STAGE_DAYS, .category = S("industry"), .stage = 1, .days = 4}), &s);
  EXPECT(!s.now.late && s.draft.late && !s.draft.reordered);
  EXPECT_INT(s.now.used, 5);
  EXPECT_INT(s.draft.left, -1);
  EXPECT_INT(s.now.path, 2);
  EXPECT_INT(r.cases_late[0], 0);
  EXPECT_INT(r.cases_late[1], 1);
  EXPECT_INT(r.became_late, 1);
  EXPECT_INT(r.moved_count, 1);
  EXPECT_INT(r.cell_count, 1);
  EXPECT_INT(r.cells[0].limit[0], 7);
  EXPECT_INT(r.cells[0].limit[1], 4);
  EXPECT_STR(r.cells[0].steps[0].code, S("land-preview"));
}

TEST(in_series_the_days_add_up_and_what_came_after_the_last_item_stays) {
  Hand h;
  WhatIfStage s;
  hand_open(&h, "industry", 3);
  hand_item(&h, 0, "land-preview", "natural-resources", 3, 2);      /* 2 */
  hand_item(&h, 1, "project-filing", "development-reform", 1, 1);   /* 1 */
  hand_item(&h, 2, "land-permit-paid", "natural-resources", 7, 4);  /* 4, the longest */
  hand_done(&h, 7);                                                 /* 5: one day after the last item */
  PolicyChange series = {.kind = CHANGE_ITEM_AFTER, .item = S("land-permit-paid"), .code = S("land-preview")};
  WhatIfReport r = run_one(t, cx, &h, DRAFT(series), &s);
  EXPECT(s.draft.reordered && !s.draft.late);
  EXPECT_INT(s.now.path, 4);
  EXPECT_INT(s.draft.path, 6);
  EXPECT_INT(s.draft.used, 7); /* 2 + 4, and the one day */
  EXPECT_INT(r.cells[0].step_count, 2);
  EXPECT_INT(r.cells[0].plan[0], 7);
  EXPECT_INT(r.cells[0].plan[1], 10);
  /* All three one after the other. */
  r = run_one(t, cx, &h, DRAFT({.kind = CHANGE_ITEM_AFTER, .item = S("project-filing"), .code = S("land-preview")},
                               {.kind = CHANGE_ITEM_AFTER, .item = S("land-permit-paid"), .code = S("project-filing")}), &s);
  EXPECT_INT(s.draft.path, 7);
  EXPECT_INT(s.draft.used, 8);
  EXPECT(s.draft.late);
  EXPECT_INT(r.all.side[1].reordered, 1);
  /* What this case does not have takes no time, but the order through it holds. */
  run_one(t, cx, &h, DRAFT({.kind = CHANGE_ITEM_AFTER, .item = S("project-verify"), .code = S("land-preview")},
                           {.kind = CHANGE_ITEM_AFTER, .item = S("land-permit-paid"), .code = S("project-verify")}), &s);
  EXPECT_INT(s.draft.path, 6);
  /* An order that this case does not meet changes nothing. */
  run_one(t, cx, &h, DRAFT({.kind = CHANGE_ITEM_AFTER, .item = S("site-opinion"), .code = S("project-verify")}), &s);
  EXPECT(!s.draft.reordered);
  EXPECT_INT(s.draft.used, 5);
}

TEST(an_item_moved_beside_the_stage_no_longer_decides_its_length) {
  Hand h;
  WhatIfStage s;
  hand_open(&h, "industry", 3);
  hand_item(&h, 0, "land-preview", "natural-resources", 3, 2);
  hand_item(&h, 1, "land-permit-paid", "natural-resources", 7, 4);
  hand_item(&h, 2, "eia-approval", "ecology-environment", 5, 9); /* beside; Wednesday of the next week: 7 days */
  h.items[2].parallel = true;
  hand_done(&h, 7);
  run_one(t, cx, &h, DRAFT({.kind = CHANGE_ITEM_BESIDE, .item = S("land-permit-paid"), .beside = true}), &s);
  EXPECT_INT(s.draft.path, 2);
  EXPECT_INT(s.draft.used, 3); /* 5 − 4 + 2 */
  run_one(t, cx, &h, DRAFT({.kind = CHANGE_ITEM_BESIDE, .item = S("eia-approval"), .beside = false}), &s);
  EXPECT_INT(s.draft.path, 7);
  EXPECT_INT(s.draft.used, 8);
  EXPECT(s.draft.late && !s.now.late);
}

TEST(another_unit_takes_the_load_along) {
  Hand h;
  WhatIfStage s;
  hand_open(&h, "industry", 2);
  hand_item(&h, 0, "land-preview", "natural-resources", 3, 0); /* open, 6 days used of 3: late */
  hand_item(&h, 1, "land-permit-paid", "natural-resources", 7, 0);
  WhatIfReport r = run_one(t, cx, &h, DRAFT({.kind = CHANGE_ITEM_UNIT, .item = S("land-permit-paid"), .code = S("water")}), &s);
  const WhatIfUnit *from = unit_of(&r, "natural-resources"), *to = unit_of(&r, "water");
  EXPECT(from && to);
  if (!from || !to) return;
  EXPECT_INT(from->side[0].open, 2);
  EXPECT_INT(from->side[1].open, 1);
  EXPECT_INT(to->side[0].open, 0);
  EXPECT_INT(to->side[1].open, 1);
  EXPECT_INT(to->side[1].ahead, 1);
  EXPECT_INT(from->side[0].worked, 12);
  EXPECT_INT(from->side[1].worked, 6);
  EXPECT_INT(from->side[1].late, 1);
  r = run_one(t, cx, &h, DRAFT({.kind = CHANGE_ITEM_UNIT, .item = S("land-permit-paid"), .code = S("county")}), &s);
  EXPECT(unit_of(&r, "longgang") && unit_of(&r, "longgang")->side[1].open == 1);
}

TEST(a_running_stage_stands_where_it_stands_and_the_order_shows_in_what_is_expected) {
  Hand h;
  WhatIfStage s;
  hand_open(&h, "industry", 2);
  hand_item(&h, 0, "land-preview", "natural-resources", 3, 0);
  hand_item(&h, 1, "land-permit-paid", "natural-resources", 7, 0);
  run_one(t, cx, &h, DRAFT({.kind = CHANGE_ITEM_AFTER, .item = S("land-permit-paid"), .code = S("land-preview")}), &s);
  EXPECT_INT(s.now.used, 6);
  EXPECT_INT(s.now.lamp, LAMP_YELLOW); /* one day left */
  EXPECT(!s.now.expected && !s.draft.late && s.draft.expected && s.draft.reordered);
  EXPECT_INT(s.draft.used, 6);
  EXPECT_INT(s.draft.path, 13); /* 6 already, not 3, and 7 */
  WhatIfReport r = run_one(t, cx, &h, DRAFT({.kind = CHANGE_STAGE_DAYS, .category = S("industry"), .stage = 1, .days = 5}), &s);
  EXPECT_INT(s.draft.lamp, LAMP_RED);
  EXPECT_INT(r.all.side[0].lamps[LAMP_YELLOW], 1);
  EXPECT_INT(r.all.side[1].lamps[LAMP_RED], 1);
  run_one(t, cx, &h, DRAFT({.kind = CHANGE_STAGE_DAYS, .category = S("industry"), .stage = 1, .days = 20}), &s);
  EXPECT_INT(s.draft.lamp, LAMP_GREEN);
}

TEST(a_paused_stage_stays_grey_until_the_draft_takes_the_paused_item_out) {
  Hand h;
  WhatIfStage s;
  hand_open(&h, "industry", 2);
  PauseState pause = {.from = day_start(day_ymd(2021, 3, 3)) + 1, .cause = S("hearing")};
  hand_item(&h, 0, "land-preview", "natural-resources", 3, 0);
  hand_item(&h, 1, "project-filing", "development-reform", 1, 1);
  h.items[0].status = ITEM_PAUSED;
  h.items[0].pauses = &pause;
  h.items[0].pause_count = 1;
  run_one(t, cx, &h, DRAFT({.kind = CHANGE_STAGE_DAYS, .category = S("industry"), .stage = 1, .days = 5}), &s);
  EXPECT_INT(s.now.lamp, LAMP_GREY);
  EXPECT_INT(s.draft.lamp, LAMP_GREY);
  EXPECT_INT(s.draft.used, 2);
  run_one(t, cx, &h, DRAFT({.kind = CHANGE_ITEM_BESIDE, .item = S("land-preview"), .beside = true}), &s);
  EXPECT_INT(s.draft.used, 6); /* the other item has ended; the stage runs on until its certificate */
  EXPECT_INT(s.draft.lamp, LAMP_YELLOW);
}

TEST(a_dropped_stage_is_late_nowhere) {
  Hand h;
  WhatIfStage s;
  hand_open(&h, "industry", 1);
  hand_item(&h, 0, "land-preview", "natural-resources", 3, 9);
  hand_done(&h, 15); /* 11 days of 7 */
  WhatIfReport r = run_one(t, cx, &h, DRAFT({.kind = CHANGE_STAGE_DAYS, .category = S("industry"), .stage = 1, .days = 0}), &s);
  EXPECT(s.now.late && !s.draft.exists && !s.draft.late);
  EXPECT_INT(r.all.side[1].gone, 1);
  EXPECT_INT(r.became_timely, 1);
  EXPECT_INT(r.all.side[1].done, 0);
}

/* ---- items that the draft needs or no longer needs ------------------------------------------------------------ */

static const Policy *with_when(Test *t, Cx *cx, const char *code, const char *when) {
  const Policy *p = huludao(cx);
  Policy *copy = arena_new(cx->mem, Policy);
  Item *items = arena_array(cx->mem, Item, p->item_count);
  *copy = *p;
  memcpy(items, p->items, p->item_count * sizeof *items);
  for (size_t i = 0; i < p->item_count; i++)
    if (str_eqz(items[i].code, code)) EXPECT(policy_expr(cx, p, str_of(when), &items[i].when) == OK);
  copy->items = items;
  return copy;
}

TEST(an_item_no_longer_needed_leaves_and_a_new_one_takes_its_whole_limit) {
  Hand h;
  WhatIfStage s;
  hand_open(&h, "industry", 1);
  hand_item(&h, 0, "project-filing", "development-reform", 1, 1);
  hand_done(&h, 7); /* 5 */
  h.pr.facts = json_obj(t->mem);
  json_put_str(t->mem, h.pr.facts, S("approval_type"), S("record"));
  /* 备案 is dropped for those that it was for. */
  WhatIfReport r = run_one(t, cx, &h, with_when(t, cx, "project-filing", "立项类型 = 审批"), &s);
  EXPECT(s.draft.reordered && !s.draft.assumed);
  EXPECT_INT(s.draft.used, 4);
  const WhatIfUnit *u = unit_of(&r, "development-reform");
  EXPECT(u && u->side[0].items == 1 && u->side[1].items == 0);
  /* 核准 is needed as well: 5 days, the longest now. */
  r = run_one(t, cx, &h, with_when(t, cx, "project-verify", "立项类型 = 备案"), &s);
  EXPECT(s.draft.reordered && s.draft.assumed && s.draft.late);
  EXPECT_INT(s.draft.path, 5);
  EXPECT_INT(s.draft.used, 9);
  EXPECT_INT(r.all.side[1].assumed, 1);
  /* A fact that is not there decides nothing. */
  h.pr.facts = json_obj(t->mem);
  run_one(t, cx, &h, with_when(t, cx, "project-filing", "立项类型 = 审批"), &s);
  EXPECT(!s.draft.reordered);
}

/* ---- drafts --------------------------------------------------------------------------------------------------- */

TEST(a_draft_that_makes_no_sense_is_refused_with_its_field) {
  static const struct { PolicyChange change; const char *field; } bad[] = {
      {{.kind = CHANGE_STAGE_DAYS, .category = {.ptr = "none", .len = 4}, .stage = 1, .days = 5}, "category"},
      {{.kind = CHANGE_STAGE_DAYS, .category = {.ptr = "industry", .len = 8}, .stage = 5, .days = 5}, "stage"},
      {{.kind = CHANGE_STAGE_DAYS, .category = {.ptr = "industry", .len = 8}, .stage = 1, .days = -1}, "days"},
      {{.kind = CHANGE_ITEM_DAYS, .item = {.ptr = "land-preview", .len = 12}, .days = 0}, "days"},
      {{.kind = CHANGE_ITEM_DAYS, .item = {.ptr = "none", .len = 4}, .days = 3}, "item"},
      {{.kind = CHANGE_ITEM_UNIT, .item = {.ptr = "land-preview", .len = 12}, .code = {.ptr = "none", .len = 4}}, "unit"},
      {{.kind = CHANGE_ITEM_AFTER, .item = {.ptr = "land-preview", .len = 12}, .code = {.ptr = "land-preview", .len = 12}}, "after"},
      {{.kind = CHANGE_ITEM_AFTER, .item = {.ptr = "land-preview", .len = 12}, .code = {.ptr = "planning-permit", .len = 15}}, "after"}};
  for (size_t i = 0; i < COUNT(bad); i++) {
    const Policy *p = NULL;
    EXPECT(policy_with(cx, huludao(cx), &bad[i].change, 1, &p) == INVALID);
    EXPECT_STR(cx->field, str_of(bad[i].field));
    EXPECT(cx->detail.len > 0);
    cx_clear(cx);
  }
}

TEST(a_draft_leaves_the_package_as_it_is) {
  const Policy *p = huludao(cx);
  int total = policy_category(p, S("industry"))->total;
  const Policy *d = DRAFT({.kind = CHANGE_STAGE_DAYS, .category = S("industry"), .stage = 1, .days = 5},
                          {.kind = CHANGE_ITEM_DAYS, .item = S("land-preview"), .category = S("industry"), .days = 2},
                          {.kind = CHANGE_ITEM_AFTER, .item = S("planning-permit"), .code = S("scheme-review")});
  EXPECT_INT(policy_category(d, S("industry"))->total, total - 2);
  EXPECT_INT(policy_category(p, S("industry"))->total, total);
  EXPECT_INT(policy_item_days(policy_item(d, S("land-preview")), S("industry")), 2);
  EXPECT_INT(policy_item_days(policy_item(d, S("land-preview")), S("water")), 5);
  EXPECT_INT(policy_item_days(policy_item(p, S("land-preview")), S("industry")), 3);
  EXPECT_INT(policy_item(d, S("planning-permit"))->after_count, policy_item(p, S("planning-permit"))->after_count + 1);
}
