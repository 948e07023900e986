/* SPDX-License-Identifier: Apache-2.0 */
/* S20: lamps of every clock, orders in order, the ladder, closing. A social investment project has 22 days in stage 2. */
#include "hall.h"

#include <stdio.h>

static const BoardRow *stage_row(Hall *h, Cx *cx, BoardCount counts[BOARD_KINDS]) {
  BoardRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  reader_begin(h->reader);
  Code code = board_list(cx, h->reader, &h->policies, &(BoardFilter){.kind = S("stage"), .limit = 10}, h->now, counts, &rows, &n, &total);
  REQUIRE(code == OK);
  return n ? &rows[0] : NULL;
}

static size_t directives(Hall *h, Cx *cx, DirectiveRow **rows) {
  size_t n = 0;
  int64_t total = 0;
  Code code = directives_list(cx, h->reader, &h->policy, &(DirectiveFilter){.limit = 200}, h->now, rows, &n, &total);
  REQUIRE(code == OK && (int64_t)n == total);
  return n;
}

/* The first order of a kind; its number in *no. */
static const Directive *first_of(Hall *h, Cx *cx, const char *kind, int64_t *no) {
  for (int64_t i = 1; i < 200; i++) {
    const Directive *d = hall_directive(h, cx, i);
    if (!d) return NULL;
    *no = i;
    if (str_eqz(d->kind, kind)) return d;
  }
  return NULL;
}

TEST(a_stage_of_22_days_is_yellow_at_80_per_cent_and_red_on_day_23_and_then_has_an_order) {
  Hall h;
  BoardCount counts[BOARD_KINDS];
  int64_t no = 0;
  hall_open(&h, cx);
  (void)hall_project(&h, cx, 1, "social-commercial", 2, "2019-10-09");
  const BoardRow *row = stage_row(&h, cx, counts);
  EXPECT(row && row->clock.limit == 22 && row->clock.reading.lamp == LAMP_GREEN);
  Day start = row->clock.start;
  hall_days(&h, cx, day_str(cx->mem, calendar_add(h.policy.calendar, start, 17)).ptr);
  EXPECT(stage_row(&h, cx, counts)->clock.reading.lamp == LAMP_GREEN);
  hall_days(&h, cx, day_str(cx->mem, calendar_add(h.policy.calendar, start, 18)).ptr);
  row = stage_row(&h, cx, counts);
  EXPECT(row->clock.reading.used == 18 && row->clock.reading.lamp == LAMP_YELLOW && counts[1].yellow == 1);
  hall_days(&h, cx, day_str(cx->mem, calendar_add(h.policy.calendar, start, 22)).ptr);
  EXPECT(stage_row(&h, cx, counts)->clock.reading.lamp == LAMP_YELLOW);
  EXPECT(!first_of(&h, cx, "stage", &no));
  hall_days(&h, cx, day_str(cx->mem, calendar_add(h.policy.calendar, start, 23)).ptr);
  row = stage_row(&h, cx, counts);
  EXPECT(row->clock.reading.lamp == LAMP_RED && counts[1].red == 1);
  const Directive *d = first_of(&h, cx, "stage", &no);
  REQUIRE(d != NULL);
  EXPECT_STR(d->to_unit, S("natural-resources")); /* leads stage 2 */
  EXPECT_STR(d->level, S("department"));
  EXPECT(str_starts(d->number, S("DBD-2019-")) && d->reply_by.n == calendar_add(h.policy.calendar, day_of(h.now), 2).n);
  EXPECT_INT(row->directive, no);
  EXPECT(str_has(d->subject, S("第2阶段超期")));
  EXPECT(hall_verified(&h, cx));
  hall_drop(&h);
}

TEST(what_is_silent_goes_up_rung_by_rung_to_the_leader_of_that_day) {
  Hall h;
  int64_t no = 0;
  hall_open(&h, cx);
  World *w = hall_project(&h, cx, 1, "social-commercial", 1, "2019-09-02");
  const ItemState *item = NULL;
  for (size_t i = 0; i < w->pr->stages[1].item_count; i++)
    if (!w->pr->stages[1].items[i].parallel) item = &w->pr->stages[1].items[i];
  REQUIRE(item != NULL);
  Str code = arena_str(cx->mem, item->code), unit = arena_str(cx->mem, item->unit);
  Str approver = arena_fmt(cx->mem, "ap-%.*s", SFMT(unit));
  DO(approver.ptr, "item.take", "project/1", arena_fmt(cx->mem, "{'stage':1,'item':'%.*s'}", SFMT(code)).ptr);
  hall_days(&h, cx, "2019-12-02");
  int64_t found = 0;
  const Directive *d = NULL;
  for (no = 1; (d = hall_directive(&h, cx, no)) != NULL; no++)
    if (str_eqz(d->kind, "item") && str_eq(d->item, code)) found = no;
  REQUIRE(found > 0);
  d = hall_directive(&h, cx, found);
  EXPECT_STR(d->level, S("leader"));
  EXPECT(d->overdue && str_eqz(d->status, "issued"));
  static const char *const rungs[] = {"handler", "section", "department", "bureau", "leader", "leader"};
  EXPECT_INT(d->step_count, COUNT(rungs));
  Day before = {0};
  for (size_t i = 0; i < d->step_count && i < COUNT(rungs); i++) {
    EXPECT_STR(d->steps[i].level, str_of(rungs[i]));
    if (i && i < 5) EXPECT(day_of(d->steps[i].at).n > before.n); /* not before the day of reply is over */
    before = d->steps[i].reply_by;
  }
  Duty *duties = NULL;
  size_t n = 0;
  EXPECT_INT(portfolio_of(cx, reader_views(h.reader), &h.policy, unit, day_of(d->steps[4].at), &duties, &n), OK);
  if (n) EXPECT_STR(d->to_name, duties[0].leader);
  EXPECT(hall_verified(&h, cx));
  hall_drop(&h);
}

TEST(an_escalated_matter_of_the_housing_bureau_goes_to_ma_wenzhi) {
  Hall h;
  hall_open(&h, cx);
  DO("wu", "directive.send", "", "{'unit':'housing-construction','subject':'联合审图管理办法','demand':'请报办理情况','milestone':'drawings'}");
  EXPECT_STR(json_str(h.r.answer, S("number")), S("DBD-2019-0001"));
  const Directive *d = hall_directive(&h, cx, 1);
  EXPECT_STR(d->level, S("department"));
  EXPECT_STR(day_str(cx->mem, d->due), S("2019-05-31"));
  hall_days(&h, cx, "2019-09-10");
  d = hall_directive(&h, cx, 1);
  EXPECT_STR(d->level, S("leader"));
  EXPECT_STR(d->to_name, S("马文志"));
  EXPECT_STR(d->to_account, S("ma"));
  NO(DENIED, "zhu", "directive.reply", "directive/1", "{'reply':'已经部署','promised':'2019-09-30'}");
  SAYS("马文志");
  NO(DENIED, "hd-housing-construction", "directive.reply", "directive/1", "{'reply':'已经部署','promised':'2019-09-30'}");
  EXPECT(directive_risen(d));
  NO(DENIED, "hd-natural-resources", "directive.note", "directive/1", "{'text':'与我局无关'}");
  DO("hd-housing-construction", "directive.note", "directive/1", "{'text':'办法正在会签，本周印发'}");
  d = hall_directive(&h, cx, 1);
  EXPECT_STR(d->steps[d->step_count - 1].text, S("办法正在会签，本周印发"));
  EXPECT_STR(d->level, S("leader")); /* it stays responsible */
  EXPECT_STR(d->status, S("issued"));
  DO("ma", "directive.reply", "directive/1", "{'reply':'已经部署','promised':'2019-09-30'}");
  NO(DENIED, "ma", "directive.close", "directive/1", "{'reason':'已经办结'}");
  NO(INVALID, "wu", "directive.close", "directive/1", "{}");
  EXPECT_STR(cx->field, S("reason"));
  DO("wu", "directive.close", "directive/1", "{'reason':'办法已经印发'}");
  NO(CONFLICT, "hd-housing-construction", "directive.note", "directive/1", "{'text':'已经印发'}");
  NO(CONFLICT, "wu", "directive.close", "directive/1", "{'reason':'再次办结'}");
  EXPECT(hall_verified(&h, cx));
  hall_drop(&h);
}

TEST(who_is_in_charge_changes_with_the_portfolio_of_the_day) {
  Hall h;
  hall_open(&h, cx);
  DO("sys", "portfolio.change", "", "{'from':'2019-09-06','document':'分工调整（示例）','rows':[{'unit':'housing-construction','relation':'charge','leader':'朱云'}]}");
  DO("wu", "directive.send", "", "{'unit':'housing-construction','subject':'联合审图管理办法','demand':'请报办理情况'}");
  hall_days(&h, cx, "2019-09-10");
  EXPECT_STR(hall_directive(&h, cx, 1)->to_name, S("朱云"));
  DO("wu", "directive.send", "", "{'unit':'xingcheng','subject':'县里没有分管领导','demand':'请报办理情况'}");
  hall_days(&h, cx, "2019-09-20");
  EXPECT_STR(hall_directive(&h, cx, 2)->to_name, S("朱云")); /* nobody: of the bureau */
  hall_drop(&h);
}

TEST(a_reply_stops_the_ladder_until_the_day_that_was_promised) {
  Hall h;
  hall_open(&h, cx);
  DO("wu", "directive.send", "", "{'unit':'natural-resources','subject':'限时联合验收办法','demand':'请报办理情况','days':3}");
  NO(INVALID, "hd-natural-resources", "directive.reply", "directive/1", "{'reply':'正在办理','promised':'2019-09-01'}");
  NO(INVALID, "hd-natural-resources", "directive.reply", "directive/1", "{'reply':'正在办理','promised':'2019-09-14'}"); /* a Saturday */
  DO("hd-natural-resources", "directive.reply", "directive/1", "{'reply':'正在办理','promised':'2019-09-12'}");
  NO(CONFLICT, "hd-natural-resources", "directive.reply", "directive/1", "{'reply':'正在办理','promised':'2019-09-12'}");
  NO(INVALID, "wu", "directive.return", "directive/1", "{'reason':''}");
  DO("wu", "directive.return", "directive/1", "{'reason':'没有写明原因'}");
  EXPECT_STR(hall_directive(&h, cx, 1)->status, S("issued"));
  DO("hd-natural-resources", "directive.reply", "directive/1", "{'reply':'人员不足，已经增派','promised':'2019-09-12'}");
  hall_days(&h, cx, "2019-09-12");
  EXPECT_STR(hall_directive(&h, cx, 1)->level, S("department"));
  hall_days(&h, cx, "2019-09-13");
  const Directive *d = hall_directive(&h, cx, 1);
  EXPECT_STR(d->level, S("bureau"));
  EXPECT_STR(d->status, S("issued"));
  EXPECT_STR(d->steps[d->step_count - 1].text, S("promise"));
  EXPECT(hall_verified(&h, cx));
  hall_drop(&h);
}

TEST(what_is_done_in_the_meantime_rises_no_further) {
  Hall h;
  int64_t no = 0;
  hall_open(&h, cx);
  DO("owner", "consult.ask", "", "{'unit':'natural-resources','subject':'建筑退线','question':'未取得土地，拟建厂房退道路红线要多少米？'}");
  hall_days(&h, cx, "2019-09-10"); /* five days, then red */
  const Directive *d = first_of(&h, cx, "consult", &no);
  REQUIRE(d != NULL);
  EXPECT_STR(d->level, S("section"));
  DO("ap-natural-resources", "consult.reply", "consult/1", "{'reply':'退道路红线不少于十五米','basis':'规划技术规定'}");
  EXPECT(hall_directive(&h, cx, no)->settled); /* at once, not when the day of reply is over */
  hall_days(&h, cx, "2019-09-30");
  d = hall_directive(&h, cx, no);
  EXPECT(d->settled && str_eqz(d->level, "section") && str_eqz(d->status, "issued"));
  DO("wu", "directive.close", "directive/1", "{'reason':'已经答复'}");
  EXPECT(!hall_directive(&h, cx, 2));
  EXPECT(hall_verified(&h, cx));
  hall_drop(&h);
}

/* On whatever rung: of the last one the watch never asks again. An order by hand is about the item, or about something that does not end with it. */
TEST(an_item_that_is_decided_ends_the_matter_of_its_orders) {
  Hall h;
  int64_t no = 0, total = 0;
  size_t n = 0;
  DirectiveRow *rows = NULL;
  hall_open(&h, cx);
  World *w = hall_project(&h, cx, 1, "social-commercial", 1, "2019-09-02");
  const ItemState *item = NULL, *other = NULL;
  for (size_t i = 0; i < w->pr->stages[1].item_count; i++) {
    other = item;
    item = &w->pr->stages[1].items[i];
    if (other) break;
  }
  REQUIRE(item && other);
  Str code = arena_str(cx->mem, item->code), unit = arena_str(cx->mem, item->unit), rest = arena_str(cx->mem, other->code);
  const char *by_hand = arena_fmt(cx->mem, "'unit':'%.*s','subject':'为什么还没有办完','demand':'请报原因'", SFMT(unit)).ptr;
  const char *approver = arena_fmt(cx->mem, "ap-%.*s", SFMT(unit)).ptr;
  DO(approver, "item.take", "project/1", arena_fmt(cx->mem, "{'stage':1,'item':'%.*s'}", SFMT(code)).ptr);
  hall_days(&h, cx, "2019-12-02");
  DO("wu", "directive.send", "", arena_fmt(cx->mem, "{%s,'project':1,'stage':1,'item':'%.*s','again':'系统发的没有人回复'}", by_hand, SFMT(code)).ptr);
  int64_t manual = json_int(h.r.answer, S("no"), 0);
  DO("wu", "directive.send", "", arena_fmt(cx->mem, "{%s}", by_hand).ptr);
  int64_t general = json_int(h.r.answer, S("no"), 0), found = 0, beside = 0;
  for (no = 1; no < manual; no++) {
    const Directive *d = hall_directive(&h, cx, no);
    if (str_eqz(d->kind, "item") && str_eq(d->item, code)) found = no;
    if (str_eqz(d->kind, "item") && str_eq(d->item, rest)) beside = no;
  }
  REQUIRE(found && beside && manual && general == manual + 1);
  EXPECT(hall_directive(&h, cx, found)->overdue && !hall_directive(&h, cx, found)->settled);
  DO(approver, "item.decide", "project/1", arena_fmt(cx->mem, "{'stage':1,'item':'%.*s','result':'pass','opinion':'同意','signature':'经办%.*s'}", SFMT(code), SFMT(unit)).ptr);
  EXPECT(hall_directive(&h, cx, found)->settled && hall_directive(&h, cx, manual)->settled);
  EXPECT(!hall_directive(&h, cx, beside)->settled && !hall_directive(&h, cx, general)->settled);
  EXPECT_INT(directives_list(cx, h.reader, &h.policy, &(DirectiveFilter){.late = true, .limit = 200}, h.now, &rows, &n, &total), OK);
  for (size_t i = 0; i < n; i++) EXPECT(rows[i].no != found); /* nobody is late with an answer about what is over */
  hall_days(&h, cx, "2019-12-31");
  EXPECT_STR(hall_directive(&h, cx, manual)->level, S("department"));
  EXPECT(!str_eqz(hall_directive(&h, cx, general)->level, "department"));
  EXPECT(hall_verified(&h, cx));
  hall_drop(&h);
}

/* A week without a server: one look, the longest overdue first, and nobody is passed over whose day came meanwhile. */
TEST(what_fell_due_while_the_server_was_off_is_done_in_order) {
  Hall h;
  DirectiveRow *rows = NULL;
  hall_open(&h, cx);
  (void)hall_project(&h, cx, 1, "social-commercial", 1, "2019-09-02");
  (void)hall_project(&h, cx, 2, "social-commercial", 1, "2019-09-04");
  (void)hall_timer(&h, cx);
  size_t already = directives(&h, cx, &rows); /* a filing on the spot is late on the day after */
  hall_on(&h, "2019-11-04");
  EXPECT(hall_timer(&h, cx) > 0);
  size_t n = directives(&h, cx, &rows);
  EXPECT(n > already + 4);
  Day before = {0};
  for (size_t i = already + 1; i <= n; i++) {
    const Directive *d = hall_directive(&h, cx, (int64_t)i);
    EXPECT(d && d->due.n >= before.n); /* numbers in the order of the due days */
    EXPECT(d && day_of(d->issued_at).n == day_of(h.now).n && d->reply_by.n > day_of(h.now).n);
    if (d) before = d->due;
  }
  EXPECT_INT(hall_timer(&h, cx), 0); /* and only once */
  size_t again = directives(&h, cx, &rows);
  hall_days(&h, cx, "2019-11-05");
  EXPECT_INT(directives(&h, cx, &rows), again);
  EXPECT(hall_verified(&h, cx));
  hall_drop(&h);
}

TEST(one_broken_case_stops_no_other) {
  Hall h;
  DirectiveRow *rows = NULL;
  hall_open(&h, cx);
  h.policy.rung_count = 0; /* nobody can be asked: every order is refused, and the look stands */
  (void)hall_project(&h, cx, 1, "social-commercial", 1, "2019-09-02");
  hall_days(&h, cx, "2019-10-15");
  EXPECT_INT(directives(&h, cx, &rows), 0);
  h.policy.rung_count = 5;
  (void)hall_project(&h, cx, 2, "social-commercial", 1, "2019-10-15");
  DO("wu", "directive.send", "", "{'unit':'natural-resources','subject':'限时联合验收办法','demand':'请报办理情况'}");
  hall_days(&h, cx, "2019-12-02");
  EXPECT(directives(&h, cx, &rows) > 2);
  EXPECT_STR(hall_directive(&h, cx, 1)->level, S("leader"));
  EXPECT(hall_verified(&h, cx));
  hall_drop(&h);
}

/* ---- clocks beside the case ------------------------------------------------------------------------------------------ */

static const BoardRow *row_of(Hall *h, Cx *cx, const char *kind, BoardCount *count) {
  BoardCount counts[BOARD_KINDS];
  BoardRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  reader_begin(h->reader);
  Code code = board_list(cx, h->reader, &h->policies, &(BoardFilter){.kind = str_of(kind), .limit = 10}, h->now, counts, &rows, &n, &total);
  REQUIRE(code == OK);
  for (size_t i = 0; i < BOARD_KINDS; i++)
    if (!strcmp(counts[i].kind, kind)) *count = counts[i];
  REQUIRE((int64_t)n == total);
  return n ? &rows[0] : NULL;
}

TEST(what_waits_beside_the_case_is_on_the_board_and_its_lateness_has_an_order) {
  Hall h;
  BoardCount count = {0};
  int64_t no = 0;
  hall_open(&h, cx);
  (void)hall_project(&h, cx, 1, "social-commercial", 1, "2019-09-02");
  DO("hd-housing-construction", "credit.record", "",
     "{'subject_kind':'enterprise','subject':'葫芦岛示例机械有限公司','uscc':'91211400MA0XYW122L','fact':'未取得施工许可擅自开工','evidence':'现场检查笔录和照片',"
     "'basis':'D60-5.17.3','decision':'葫建罚字示例1号'}");
  DO("owner", "credit.object", "credit/1", "{'text':'施工许可证已于六月取得，见附件'}");
  DO("owner", "utility.apply", "", "{'project':1,'kinds':['water'],'needs':'用水 60 吨/日'}");
  const BoardRow *row = row_of(&h, cx, "credit", &count);
  REQUIRE(row != NULL);
  EXPECT(row->clock.limit == 10 && row->clock.reading.lamp == LAMP_GREEN && count.green == 1);
  EXPECT_STR(row->clock.unit, S("business-environment"));
  Day due = row->clock.reading.due;
  row = row_of(&h, cx, "utility", &count);
  REQUIRE(row != NULL);
  EXPECT(count.green == 1 && row->clock.limit > 0);
  EXPECT_STR(row->clock.item, S("water"));
  Day answer = row->clock.reading.due;
  hall_days(&h, cx, day_str(cx->mem, calendar_add(h.policy.calendar, due.n > answer.n ? due : answer, 1)).ptr);
  row = row_of(&h, cx, "credit", &count);
  EXPECT(row && row->clock.reading.lamp == LAMP_RED && count.red == 1);
  const Directive *d = first_of(&h, cx, "credit", &no);
  REQUIRE(d != NULL);
  EXPECT_INT(row->directive, no);
  EXPECT(str_has(d->subject, S("异议超期没有答复")));
  EXPECT_STR(d->level, S("bureau")); /* nobody below it at 市营商局 decides */
  row = row_of(&h, cx, "utility", &count);
  EXPECT(row && row->clock.reading.lamp == LAMP_RED && row->directive > 0);
  d = first_of(&h, cx, "utility", &no);
  REQUIRE(d != NULL);
  EXPECT_STR(d->unit, S("water-company"));
  EXPECT(str_has(d->subject, S("市政公用服务“供水”超期")));
  /* Answered, the order settles at its next rung and rises no further. */
  DO("wu", "credit.answer", "credit/1", "{'result':'dismissed','text':'核对发证记录，六月没有发证'}");
  EXPECT(first_of(&h, cx, "credit", &no) != NULL);
  hall_days(&h, cx, day_str(cx->mem, calendar_add(h.policy.calendar, day_of(h.now), 5)).ptr);
  d = hall_directive(&h, cx, no);
  EXPECT(d->settled && str_eqz(d->level, "bureau"));
  EXPECT(!row_of(&h, cx, "credit", &count) && count.red == 0);
  EXPECT(hall_verified(&h, cx));
  hall_drop(&h);
}
