/* SPDX-License-Identifier: Apache-2.0 */
/* The day ledger of cases: rows, acts, sources, and why the upper platform counts otherwise. */
#include <stdio.h>
#include "world.h"

static Json *explained(World *w, Cx *cx, int stage, const char *item) {
  Json *out = NULL;
  const Policy *p = policies_find(&w->policies, w->pr->stages[stage].policy_version);
  cx->mem = w->mem;
  cx_clear(cx);
  REQUIRE(project_explain(cx, p, w->pr, stage, str_of(item), w->now, &out) == OK);
  return out;
}

static const Json *row_on(const Json *tree, const char *date) {
  for (const Json *row = json_get(tree, S("rows"))->first; row; row = row->next)
    if (str_eqz(json_str(row, S("date")), date)) return row;
  return NULL;
}

TEST(the_ledger_of_a_case_names_the_acts_and_the_sources) {
  World w;
  world_open(&w, t->mem, huludao(cx));
  world_register(&w, S("industry"), S("longgang")); /* the world begins on 2019-09-02 */
  world_upto(&w, 1, STAGE_RUNNING);
  world_step(&w, "ap:natural-resources", "item.take", 1, S("land-permit-allocated"), NULL, NULL);
  world_days(&w, 1);
  world_step(&w, "ap:natural-resources", "item.pause", 1, S("land-permit-allocated"), "cause", "expert-review");
  EXPECT_INT(w.code, OK);
  world_days(&w, 6);
  world_step(&w, "ap:natural-resources", "item.resume", 1, S("land-permit-allocated"), NULL, NULL);
  EXPECT_INT(w.code, OK);
  world_days(&w, 1);
  const Json *tree = explained(&w, cx, 1, "land-permit-allocated");
  EXPECT_STR(explain_fault(t->mem, tree), S(""));
  EXPECT_INT(json_int(json_get(tree, S("reading")), S("used"), 0), 2);
  EXPECT_STR(json_str(json_get(tree, S("reading")), S("due")), S("2019-09-18"));
  EXPECT_STR(json_str(row_on(tree, "2019-09-03"), S("event")), S("受理"));
  EXPECT(json_str(row_on(tree, "2019-09-03"), S("event_by")).len > 0);
  EXPECT_STR(json_str(row_on(tree, "2019-09-04"), S("event")), S("暂停：专家评审"));
  EXPECT_STR(json_str(row_on(tree, "2019-09-04"), S("holder")), S("third"));
  EXPECT(str_starts(json_str(row_on(tree, "2019-09-04"), S("event_at")), S("2019-09-03 ")));
  EXPECT_STR(json_str(row_on(tree, "2019-09-10"), S("event")), S("恢复计时"));
  EXPECT(str_starts(json_str(row_on(tree, "2019-09-10"), S("event_at")), S("2019-09-09 ")));
  EXPECT(json_str(row_on(tree, "2019-09-10"), S("event_by")).len > 0);
  EXPECT(json_bool(row_on(tree, "2019-09-18"), S("due")) && json_bool(row_on(tree, "2019-09-18"), S("ahead")));
  EXPECT_STR(json_str(row_on(tree, "2019-09-13"), S("reason")), S("中秋节"));
  EXPECT(json_str(row_on(tree, "2019-09-13"), S("notice")).len > 0);
  tree = explained(&w, cx, 1, "");
  EXPECT_STR(explain_fault(t->mem, tree), S(""));
  EXPECT_STR(json_str(json_get(tree, S("limit_source")), S("clause")), S("D60-4.13-p7"));
  EXPECT(json_str(json_get(tree, S("limit_source")), S("text")).len > 0);
  EXPECT_STR(json_str(row_on(tree, "2019-09-04"), S("differs")), S("one-paused"));
  EXPECT_STR(json_str(row_on(tree, "2019-09-10"), S("differs")), S(""));
}

TEST(the_ledger_says_why_the_province_counts_less) {
  World w;
  world_open(&w, t->mem, huludao(cx));
  world_register(&w, S("renovation"), S("longgang"));
  world_upto(&w, 1, STAGE_ACCEPTED);
  world_days(&w, 2);
  const Json *tree = explained(&w, cx, 1, "");
  EXPECT_STR(explain_fault(t->mem, tree), S(""));
  EXPECT_STR(json_str(json_get(tree, S("differs"))->first, S("code")), S("before-dispatch"));
  EXPECT(str_has(json_str(row_on(tree, "2019-09-04"), S("event")), S("等待转给各部门")));
  EXPECT_STR(json_str(row_on(tree, "2019-09-04"), S("holder_label")), S("综合窗口（转部门前）"));
  world_upto(&w, 1, STAGE_DECIDED);
  world_days(&w, 1);
  tree = explained(&w, cx, 1, "");
  EXPECT_STR(explain_fault(t->mem, tree), S(""));
  EXPECT_STR(json_str(json_get(tree, S("differs"))->first, S("code")), S("waiting-certificate"));
  EXPECT(str_has(json_str(row_on(tree, "2019-09-05"), S("event")), S("待出件")));
  EXPECT_STR(json_str(row_on(tree, "2019-09-05"), S("holder_label")), S("综合窗口（待出件）"));
  World r;
  world_open(&r, t->mem, huludao(cx));
  world_register(&r, S("renovation"), S("longgang"));
  world_upto(&r, 1, STAGE_RUNNING);
  world_days(&r, 2);
  world_upto(&r, 1, STAGE_REFUSED);
  tree = explained(&r, cx, 1, "");
  EXPECT_STR(explain_fault(t->mem, tree), S(""));
}

/* As many days as the item's own row gives the window, and not one of the department's. */
TEST(the_days_before_an_item_was_sent_on_are_the_windows) {
  World w;
  world_open(&w, t->mem, huludao(cx));
  world_register(&w, S("industry"), S("longgang"));
  world_upto(&w, 1, STAGE_ACCEPTED);
  world_days(&w, 3);
  world_upto(&w, 1, STAGE_RUNNING);
  world_days(&w, 2);
  const ItemState *i = &w.pr->stages[1].items[0];
  Reading r = project_item_reading(w.policies.current, i, w.now);
  const Json *tree = explained(&w, cx, 1, i->code.ptr);
  int window = 0, department = 0;
  for (const Json *row = json_get(tree, S("rows"))->first; row; row = row->next) {
    if (!json_bool(row, S("work")) || json_bool(row, S("ahead"))) continue;
    window += str_eqz(json_str(row, S("holder_label")), "综合窗口（转部门前）");
    department += str_eqz(json_str(row, S("holder_label")), "审批部门");
  }
  EXPECT(r.before > 0);
  EXPECT_INT(window, r.before);
  EXPECT_INT(department, r.used - r.before);
}

TEST(refused_and_withdrawn_items_have_no_provincial_figure) {
  World w;
  world_open(&w, t->mem, huludao(cx));
  world_register(&w, S("industry"), S("longgang"));
  world_upto(&w, 1, STAGE_RUNNING);
  world_days(&w, 2);
  world_step(&w, "ap:natural-resources", "item.take", 1, S("land-preview"), NULL, NULL);
  Json *args = json_obj(t->mem);
  json_put_int(t->mem, args, S("stage"), 1);
  json_put_str(t->mem, args, S("item"), S("land-preview"));
  json_put_str(t->mem, args, S("result"), S("refuse"));
  EXPECT_INT(world_do(&w, S("ap:natural-resources"), S("item.decide"), args), OK);
  EXPECT_INT(world_step(&w, "owner", "item.withdraw", 1, S("site-opinion"), "reason", "不再需要"), OK);
  static const char *const gone[] = {"land-preview", "site-opinion"};
  for (size_t i = 0; i < COUNT(gone); i++) {
    const Json *tree = explained(&w, cx, 1, gone[i]);
    EXPECT_STR(explain_fault(t->mem, tree), S(""));
    EXPECT(json_get(tree, S("provincial"))->kind == JSON_NULL);
    EXPECT_STR(json_str(json_get(tree, S("differs"))->first, S("code")), S("left-out"));
    EXPECT_INT(json_int(json_get(tree, S("differs"))->first, S("days"), 0), 2);
    EXPECT_INT(project_item_provincial(w.policies.current, stage_item(&w.pr->stages[1], str_of(gone[i])), w.now), -1);
  }
  EXPECT_INT(project_item_provincial(w.policies.current, stage_item(&w.pr->stages[1], S("land-permit-allocated")), w.now), 2);
  EXPECT_INT(project_stage_provincial(t->mem, w.policies.current, w.pr, 1, w.now), 2);
}

TEST(days_that_a_stage_has_counted_stay_when_an_item_is_applied_for_again) {
  World w;
  world_open(&w, t->mem, huludao(cx));
  world_register(&w, S("industry"), S("longgang"));
  world_upto(&w, 1, STAGE_RUNNING);
  world_run_again(&w, 1, S("site-opinion"));
  const Json *tree = explained(&w, cx, 1, "");
  EXPECT_STR(explain_fault(t->mem, tree), S(""));
  EXPECT_INT(json_int(json_get(tree, S("reading")), S("used"), 0), 4);
  EXPECT_INT(json_int(json_get(json_get(tree, S("reading")), S("held")), S("third"), 0), 2); /* Friday, Monday */
  EXPECT(str_has(json_str(row_on(tree, "2019-09-03"), S("event")), S("在办：受理")));
  EXPECT_STR(json_str(row_on(tree, "2019-09-06"), S("holder")), S("third"));
  EXPECT(str_has(json_str(row_on(tree, "2019-09-10"), S("event")), S("在办：重新申报")));
  EXPECT_INT(json_int(json_get(explained(&w, cx, 1, "site-opinion"), S("reading")), S("used"), 0), 1); /* its own clock is a new one */
}

TEST(a_stage_says_that_an_item_was_taken_back_where_nothing_ran) {
  World w;
  world_open(&w, t->mem, huludao(cx));
  world_register(&w, S("industry"), S("longgang"));
  world_upto(&w, 1, STAGE_RUNNING);
  const StageState *s = &w.pr->stages[1];
  for (size_t i = 0; i < s->item_count; i++)
    if (!str_eqz(s->items[i].code, "site-opinion")) world_pass(&w, 1, s->items[i].code);
  world_days(&w, 1);
  EXPECT_INT(world_step(&w, "owner", "item.withdraw", 1, S("site-opinion"), NULL, NULL), OK);
  EXPECT_INT(w.pr->stages[1].status, STAGE_DECIDED);
  for (int again = 0; again < 2; again++) { /* before it is applied for again, and after */
    world_days(&w, 1);
    const Json *tree = explained(&w, cx, 1, "");
    EXPECT_STR(explain_fault(t->mem, tree), S(""));
    EXPECT(str_has(json_str(row_on(tree, "2019-09-04"), S("event")), S("撤回，没有在办的事项")));
    if (again) EXPECT(str_has(json_str(row_on(tree, "2019-09-05"), S("event")), S("重新申报")));
    else EXPECT_INT(world_step(&w, "owner", "item.reapply", 1, S("site-opinion"), NULL, NULL), OK);
  }
}

TEST(a_pause_within_a_day_gives_the_clock_from_the_next_day_only) {
  World w;
  world_open(&w, t->mem, huludao(cx));
  world_register(&w, S("industry"), S("longgang"));
  world_upto(&w, 1, STAGE_RUNNING);
  world_step(&w, "ap:natural-resources", "item.take", 1, S("land-preview"), NULL, NULL);
  world_days(&w, 1);
  world_step(&w, "ap:natural-resources", "item.pause", 1, S("land-preview"), "cause", "expert-review");
  w.now += 3600000;
  EXPECT_INT(world_step(&w, "ap:natural-resources", "item.resume", 1, S("land-preview"), NULL, NULL), OK);
  world_days(&w, 1);
  const Json *tree = explained(&w, cx, 1, "land-preview");
  EXPECT_STR(explain_fault(t->mem, tree), S(""));
  EXPECT_STR(json_str(row_on(tree, "2019-09-03"), S("event")), S("受理")); /* as the day began */
  EXPECT_STR(json_str(row_on(tree, "2019-09-04"), S("event")), S("恢复计时"));
}

TEST(a_due_day_that_is_past_does_not_move_by_resuming) {
  World w;
  world_open(&w, t->mem, huludao(cx));
  world_register(&w, S("industry"), S("longgang"));
  world_upto(&w, 1, STAGE_RUNNING);
  world_step(&w, "ap:natural-resources", "item.take", 1, S("land-preview"), NULL, NULL);
  world_step(&w, "ap:natural-resources", "item.pause", 1, S("land-preview"), "cause", "expert-review");
  EXPECT(json_bool(json_get(explained(&w, cx, 1, "land-preview"), S("reading")), S("if_resumed")));
  world_step(&w, "ap:natural-resources", "item.resume", 1, S("land-preview"), NULL, NULL);
  world_days(&w, 60);
  EXPECT_INT(world_step(&w, "ap:natural-resources", "item.pause", 1, S("land-preview"), "cause", "expert-review"), OK);
  world_days(&w, 3);
  const Json *r = json_get(explained(&w, cx, 1, "land-preview"), S("reading"));
  EXPECT(json_bool(r, S("paused")) && json_bool(r, S("overdue")) && !json_bool(r, S("if_resumed")));
}

TEST(what_has_no_ledger_says_so) {
  World w;
  Json *out = NULL;
  world_open(&w, t->mem, huludao(cx));
  world_register(&w, S("renovation"), S("longgang"));
  const Policy *p = w.policies.current;
  const struct { int stage; const char *item, *text; } rows[] = {
      {1, "", "还没有受理"}, {2, "", "没有第 2 阶段"}, {0, "", "阶段是 1 到 4"}, {5, "", "阶段是 1 到 4"}};
  for (size_t i = 0; i < COUNT(rows); i++) {
    cx_clear(cx);
    EXPECT_INT(project_explain(cx, p, w.pr, rows[i].stage, str_of(rows[i].item), w.now, &out), NOT_FOUND);
    EXPECT(str_has(cx->detail, str_of(rows[i].text)));
  }
  world_upto(&w, 1, STAGE_RUNNING);
  cx_clear(cx);
  EXPECT_INT(project_explain(cx, p, w.pr, 1, S("nothing"), w.now, &out), NOT_FOUND);
  EXPECT_STR(cx->field, S("item"));
}

TEST(a_row_as_csv_has_all_columns_and_quotes_what_must_be) {
  Json *row = json_obj(t->mem);
  size_t commas = 0;
  json_put_str(t->mem, row, S("date"), S("2019-09-03"));
  json_put_bool(t->mem, row, S("work"), true);
  json_put_str(t->mem, row, S("event"), S("“A, \"B\"”在办"));
  json_put_str(t->mem, row, S("event_by"), S("=1+1"));
  json_put_int(t->mem, row, S("count"), 7);
  EXPECT_STR(explain_row_csv(t->mem, row), S("2019-09-03,0,1,0,0,0,0,\"“A, \"\"B\"\"”在办\",0,\"'=1+1\",7,0,0,0,0"));
  for (const char *c = explain_csv_head; *c; c++) commas += *c == ',';
  EXPECT_INT(commas, 14);
}

/* ---- faults of other systems that concern this room ------------------------------------------------ */

/* R9 guards: another edition of the package changes no limit of a case that was accepted before it. */
TEST(r9_a_new_edition_of_the_rules_moves_no_running_clock) {
  World w;
  Policy *next = arena_new(t->mem, Policy);
  world_open(&w, t->mem, huludao(cx));
  world_register(&w, S("industry"), S("longgang"));
  world_upto(&w, 1, STAGE_RUNNING);
  Str before = json_text(t->mem, json_get(explained(&w, cx, 1, ""), S("rows")));
  *next = *w.policies.current;
  Category *categories = arena_array(t->mem, Category, next->category_count);
  Item *items = arena_array(t->mem, Item, next->item_count);
  memcpy(categories, next->categories, next->category_count * sizeof *categories);
  memcpy(items, next->items, next->item_count * sizeof *items);
  for (size_t i = 0; i < next->category_count; i++)
    for (int n = 1; n <= STAGE_MAX; n++) categories[i].limit[n] = categories[i].limit[n] ? 1 : 0;
  for (size_t i = 0; i < next->item_count; i++) items[i].days = 1, items[i].limit_count = 0;
  next->categories = categories;
  next->items = items;
  next->version = S("2026.r9");
  world_policy(&w, next);
  EXPECT_STR(json_text(t->mem, json_get(explained(&w, cx, 1, ""), S("rows"))), before);
  EXPECT_INT(project_stage_reading(t->mem, next, w.pr, 1, w.now).left, 7); /* whichever edition the page holds */
  EXPECT_INT(project_item_reading(next, stage_item(&w.pr->stages[1], S("land-permit-allocated")), w.now).left, 7);
  EXPECT_INT(w.pr->limits[2], 20);
}

/* R10 guards: a case is overdue from the day after its due day, whenever someone looks or a timer wakes. */
TEST(r10_overdue_counts_from_the_due_day_and_not_from_the_batch) {
  World w;
  world_open(&w, t->mem, huludao(cx));
  world_register(&w, S("industry"), S("longgang"));
  world_upto(&w, 1, STAGE_SUBMITTED);
  world_days(&w, 30); /* the timer was off */
  world_step(&w, "timer", "stage.deem-accepted", 1, S(""), NULL, NULL);
  EXPECT_INT(w.code, OK);
  EXPECT_STR(day_str(t->mem, w.pr->stages[1].accepted_on), S("2019-09-02"));
  Reading woken = project_stage_reading(t->mem, w.policies.current, w.pr, 1, w.now);
  EXPECT_STR(day_str(t->mem, woken.due), S("2019-09-11"));
  EXPECT(woken.overdue && woken.overdue_days == woken.used - 7);
  for (int day = 0; day < 60; day++) { /* looked at once or every day: the same due day and the same lamp */
    Reading r = project_stage_reading(t->mem, w.policies.current, w.pr, 1, w.now + day * DAY_MS);
    EXPECT(r.due.n == woken.due.n && r.lamp == LAMP_RED && r.overdue_days >= woken.overdue_days);
  }
  const Json *row = row_on(explained(&w, cx, 1, ""), "2019-09-11");
  EXPECT(json_bool(row, S("due")) && !json_bool(row, S("ahead")));
}

TEST(a_slip_that_waits_for_the_head_is_told_so_and_what_was_left_of_the_limit_is_spare) {
  World w;
  world_open(&w, t->mem, huludao(cx));
  world_register(&w, S("industry"), S("longgang")); /* Monday 2019-09-02 */
  REQUIRE(world_upto(&w, 1, STAGE_ACCEPTED));
  world_days(&w, 2);
  const Json *tree = explained(&w, cx, 1, "");
  EXPECT(str_has(json_str(row_on(tree, "2019-09-03"), S("event")), S("等待转给各部门")));
  REQUIRE(world_step(&w, "clerk", "stage.draft-slip", 1, S(""), NULL, NULL) == OK);
  world_days(&w, 2);
  tree = explained(&w, cx, 1, "");
  EXPECT(str_has(json_str(row_on(tree, "2019-09-05"), S("event")), S("等窗口负责人签字")));
  EXPECT(str_starts(json_str(row_on(tree, "2019-09-05"), S("event_at")), S("2019-09-04 ")));
  REQUIRE(world_step(&w, "head", "stage.dispatch", 1, S(""), NULL, NULL) == OK);
  world_days(&w, 1);
  tree = explained(&w, cx, 1, "");
  EXPECT(str_has(json_str(row_on(tree, "2019-09-09"), S("event")), S("在办")));
  EXPECT(!json_bool(row_on(tree, "2019-09-09"), S("spare"))); /* ahead, and to come */
  world_through(&w, 1);
  Day end = day_of(w.pr->stages[1].certified_at);
  tree = explained(&w, cx, 1, "");
  size_t spare = 0;
  for (const Json *row = json_get(tree, S("rows"))->first; row; row = row->next) {
    Day d = {0};
    REQUIRE(day_parse(json_str(row, S("date")), &d));
    EXPECT(json_bool(row, S("spare")) == (d.n > end.n));
    spare += json_bool(row, S("spare"));
  }
  EXPECT(spare > 0);
  world_close(&w);
}
