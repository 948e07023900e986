/* SPDX-License-Identifier: Apache-2.0 */
/* Joint acceptance: S10. What it does to the case is tested where cases are (tests/finish). */
#include "finish_town.h"

#define START "{'project':1,'from':'2019-09-03'}"
#define PASS(part, name) "{'part':'" part "','result':'pass','opinion':'符合要求','signature':'" name "'}"

static void day_fixed(Town *w, Test *t, Cx *cx) {
  EXPECT_INT(town_do(w, cx, "owner", "acceptance.start", NULL, START), OK);
  EXPECT_INT(town_do(w, cx, "hc", "acceptance.schedule", "acceptance/1", "{'day':'2019-09-04'}"), OK);
  town_on(w, "2019-09-04");
}

/* Everyone but those who are named passes. Utilities that have no account in the town are done by the program's own words. */
static void others_pass(Town *w, Test *t, Cx *cx, const char *but) {
  static const struct { const char *who, *name, *part; } all[] = {
      {"nr", "张然", "accept-planning"}, {"nr", "张然", "accept-land"},      {"hc", "陈建", "accept-fire"},
      {"hc", "陈建", "accept-air-defence"}, {"hc", "陈建", "accept-archive"}, {"water", "孟水", "connect-water"},
      {"power", "傅电", "connect-power"}};
  for (size_t i = 0; i < COUNT(all); i++) {
    if (!strcmp(all[i].part, but)) continue;
    Str args = arena_fmt(cx->mem, PASS("%s", "%s"), all[i].part, all[i].name);
    EXPECT_INT(town_do(w, cx, all[i].who, "acceptance.report", "acceptance/1", args.ptr), OK);
  }
}

TEST(the_owner_starts_and_five_departments_and_six_utilities_have_tasks_the_same_day) {
  Town w;
  AcceptanceRow *rows = NULL;
  size_t n = 0, special = 0, utility = 0;
  int64_t total = 0;
  finish_open(&w, cx);
  NO(DENIED, "stranger", "acceptance.start", NULL, START);
  NO(DENIED, "hc", "acceptance.start", NULL, START);
  NO(INVALID, "owner", "acceptance.start", NULL, "{'project':1,'from':'2019-09-01'}");
  NO(NOT_FOUND, "owner", "acceptance.start", NULL, "{'project':2,'from':'2019-09-03'}");
  DO("owner", "acceptance.start", NULL, START);
  EXPECT_STR(json_str(w.r.answer, S("number")), S("LHYS-2019-0001"));
  const Acceptance *a = town_acceptance(&w, cx, 1);
  for (size_t i = 0; i < a->part_count; i++) {
    special += !a->parts[i].utility;
    utility += a->parts[i].utility;
    EXPECT(a->parts[i].due);
  }
  EXPECT_INT(special, 5);
  EXPECT_INT(utility, 6);
  EXPECT_STR(day_str(cx->mem, day_of(a->started_at)), S("2019-09-02"));
  EXPECT_STR(day_str(cx->mem, a->deadline), S("2019-10-12")); /* 25 working days over 中秋 and 国庆, two days made up */
  EXPECT_INT(acceptances_list(cx, w.reader, &(AcceptanceFilter){.unit = S("gas-company"), .limit = 10}, &rows, &n, &total), OK);
  EXPECT_INT(total, 1);
  EXPECT_INT(rows[0].waiting, 11);
  NO(CONFLICT, "partner", "acceptance.start", NULL, START);
  SAYS("LHYS-2019-0001");
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(the_lead_fixes_one_day_and_says_why_when_not_all_can_come) {
  Town w;
  VisitPlan plan;
  VisitDay *days = NULL;
  finish_open(&w, cx);
  NO(INVALID, "owner", "acceptance.start", NULL, "{'project':1,'from':'2019-08-30'}");
  EXPECT_STR(cx->detail, S("可以勘验的日期不能早于今天：2019年8月30日已经过去，最近的工作日是 2019-09-02"));
  NO(INVALID, "owner", "acceptance.start", NULL, "{'project':1,'from':'2019-09-03','avoid':['2019-08-30']}");
  DO("owner", "acceptance.start", NULL, "{'project':1,'from':'2019-09-03','avoid':['2019-09-05']}");
  DO("nr", "busy.add", NULL, "{'from':'2019-09-03','until':'2019-09-04','reason':'集中培训'}");
  NO(NOT_FOUND, "water", "busy.drop", "busy/water-company", "{'no':1}");
  NO(DENIED, "water", "busy.drop", "busy/natural-resources", "{'no':1}");
  NO(INVALID, "nr", "busy.add", NULL, "{'from':'2019-09-05','until':'2019-09-04','reason':'集中培训'}");
  NO(INVALID, "nr", "busy.add", NULL, "{'from':'2019-09-05','until':'2019-09-06','reason':'休假','person':'hc'}");
  EXPECT_INT(acceptance_plan(cx, w.reader, &w.policy, town_acceptance(&w, cx, 1), w.now, &plan), OK);
  EXPECT_INT(visit_days(cx->mem, w.policy.calendar, &plan, 0, &days), 4);
  EXPECT_STR(days[0].why[0], S("市自然资源局：集中培训（2019年9月3日至2019年9月4日）"));
  EXPECT_STR(day_str(cx->mem, days[3].day), S("2019-09-06"));
  NO(DENIED, "nr", "acceptance.schedule", "acceptance/1", "{'day':'2019-09-06'}");
  NO(INVALID, "hc", "acceptance.schedule", "acceptance/1", "{'day':'2019-09-02'}");
  NO(INVALID, "hc", "acceptance.schedule", "acceptance/1", "{'day':'2019-09-07'}");
  NO(CONFLICT, "hc", "acceptance.schedule", "acceptance/1", "{'day':'2019-09-04'}");
  SAYS("集中培训");
  DO("hc", "acceptance.schedule", "acceptance/1", "{'day':'2019-09-04','despite':'由张二提前到场，已与自然资源局说好'}");
  NO(INVALID, "hc", "acceptance.schedule", "acceptance/1", "{'day':'2019-09-06'}");
  DO("hc", "acceptance.schedule", "acceptance/1", "{'day':'2019-09-06','reason':'建设单位的塔吊还没有拆'}");
  DO("nr-head", "busy.drop", "busy/natural-resources", "{'no':1}");
  NO(CONFLICT, "nr", "busy.drop", "busy/natural-resources", "{'no':1}");
  EXPECT_STR(town_acceptance(&w, cx, 1)->despite, S(""));
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

#define GRANT(item) "{'items':['" item "'],'from':'2019-09-01','document':'授权书（示例）'}"
TEST(whoever_is_not_authorised_for_a_part_does_not_sign_it_and_heads_do) {
  Town w;
  finish_few(&w, cx);
  day_fixed(&w, t, cx);
  DO("hc-head", "user.authorise", "user/hc", GRANT("accept-archive"));
  NO(DENIED, "hc", "acceptance.report", "acceptance/1", PASS("accept-fire", "陈建"));
  SAYS("的授权，不能签字");
  EXPECT_STR(cx->clause, S("D60-6.19.2-p2"));
  EXPECT_STR(cx->field, S("signature"));
  DO("hc", "acceptance.report", "acceptance/1", PASS("accept-archive", "陈建"));
  DO("hc-head", "acceptance.report", "acceptance/1", PASS("accept-air-defence", "陈长")); /* who authorises others */
  DO("hc-head", "user.authorise", "user/hc", GRANT("accept-fire"));
  DO("hc", "acceptance.report", "acceptance/1", PASS("accept-fire", "陈建"));
  DO("nr", "acceptance.report", "acceptance/1", PASS("accept-land", "张然")); /* his unit has registered nobody */
  town_drop(&w);
}

TEST(one_list_of_what_is_to_be_rectified_and_a_second_visit_for_the_open_points_only) {
  Town w;
  finish_few(&w, cx);
  day_fixed(&w, t, cx);
  NO(DENIED, "nr", "acceptance.note", "acceptance/1", "{'part':'accept-fire','kind':'issue','text':'疏散门反了'}");
  NO(INVALID, "hc", "acceptance.report", "acceptance/1", "{'part':'accept-fire','result':'rectify','opinion':'要整改','signature':'陈建'}");
  DO("hc", "acceptance.note", "acceptance/1", "{'part':'accept-fire','kind':'issue','text':'二层东侧疏散门开启方向反了','place':'二层东侧'}");
  DO("hc", "acceptance.note", "acceptance/1", "{'part':'accept-fire','kind':'issue','text':'一层缺两具灭火器'}");
  DO("nr", "acceptance.note", "acceptance/1", "{'part':'accept-planning','kind':'record','text':'退线 15.2 米，与图一致'}");
  NO(CONFLICT, "hc", "acceptance.report", "acceptance/1", PASS("accept-fire", "陈建"));
  NO(INVALID, "hc", "acceptance.report", "acceptance/1", "{'part':'accept-fire','result':'rectify','opinion':'两处整改','signature':'别人'}");
  others_pass(&w, t, cx, "accept-fire");
  NO(CONFLICT, "nr", "acceptance.report", "acceptance/1", PASS("accept-land", "张然")); /* signed is signed */
  DO("hc", "acceptance.report", "acceptance/1", "{'part':'accept-fire','result':'rectify','opinion':'两处要整改','signature':'陈建'}");
  const Acceptance *a = town_acceptance(&w, cx, 1);
  EXPECT_STR(a->status, S("rectify"));
  EXPECT_INT(acceptance_open(a, S("")), 2);
  NO(CONFLICT, "hc-head", "acceptance.conclude", "acceptance/1", "{'opinion':'全部专项合格，同意通过联合验收','signature':'陈长'}");
  NO(CONFLICT, "owner", "acceptance.recheck", "acceptance/1", "{}");
  NO(NOT_FOUND, "owner", "acceptance.rectify", "acceptance/1", "{'point':3,'text':'不是问题，不用整改'}");
  DO("owner", "acceptance.rectify", "acceptance/1", "{'point':1,'text':'疏散门已改为外开'}");
  DO("owner", "acceptance.rectify", "acceptance/1", "{'point':2,'text':'灭火器已补齐'}");
  DO("owner", "acceptance.recheck", "acceptance/1", "{}");
  a = town_acceptance(&w, cx, 1);
  EXPECT_INT(a->round, 2);
  EXPECT(acceptance_part(a, S("accept-fire"))->due && !acceptance_part(a, S("accept-land"))->due);
  EXPECT_INT(acceptance_part(a, S("accept-land"))->passed, 1); /* the others keep their result */
  DO("hc", "acceptance.schedule", "acceptance/1", "{'day':'2019-09-06'}");
  town_on(&w, "2019-09-06");
  NO(CONFLICT, "nr", "acceptance.note", "acceptance/1", "{'part':'accept-land','kind':'record','text':'再看一看'}");
  SAYS("第 1 次勘验已经合格");
  NO(CONFLICT, "hc", "acceptance.note", "acceptance/1", "{'part':'accept-fire','kind':'issue','text':'又发现一个新的问题'}");
  NO(INVALID, "hc", "acceptance.report", "acceptance/1", "{'part':'accept-fire','result':'rectify','opinion':'还有一处','signature':'陈建','open':['3']}");
  DO("hc", "acceptance.report", "acceptance/1", "{'part':'accept-fire','result':'rectify','opinion':'还有一处','signature':'陈建','open':['2']}");
  a = town_acceptance(&w, cx, 1);
  EXPECT_INT(acceptance_open(a, S("")), 1);
  EXPECT_INT(a->points[0].closed, 2);
  NO(CONFLICT, "owner", "acceptance.recheck", "acceptance/1", "{}"); /* what remains wants a new answer */
  DO("owner", "acceptance.rectify", "acceptance/1", "{'point':2,'text':'另一具也补齐了'}");
  DO("owner", "acceptance.recheck", "acceptance/1", "{}");
  DO("hc", "acceptance.schedule", "acceptance/1", "{'day':'2019-09-09'}");
  town_on(&w, "2019-09-09");
  DO("hc", "acceptance.report", "acceptance/1", PASS("accept-fire", "陈建"));
  EXPECT_STR(town_acceptance(&w, cx, 1)->status, S("ready"));
  EXPECT_INT(acceptance_open(town_acceptance(&w, cx, 1), S("")), 0);
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(when_all_pass_the_head_of_the_lead_gives_one_opinion) {
  Town w;
  Events list = {0};
  finish_few(&w, cx);
  EXPECT_INT(town_do(&w, cx, "owner", "acceptance.start", NULL, START), OK);
  NO(CONFLICT, "nr", "acceptance.report", "acceptance/1", PASS("accept-land", "张然")); /* no day yet */
  DO("hc", "acceptance.schedule", "acceptance/1", "{'day':'2019-09-04'}");
  NO(CONFLICT, "nr", "acceptance.report", "acceptance/1", PASS("accept-land", "张然")); /* not before that day */
  town_on(&w, "2019-09-04");
  others_pass(&w, t, cx, "");
  NO(DENIED, "hc", "acceptance.conclude", "acceptance/1", "{'opinion':'全部专项合格，同意通过联合验收','signature':'陈建'}");
  NO(DENIED, "nr-head", "acceptance.conclude", "acceptance/1", "{'opinion':'全部专项合格，同意通过联合验收','signature':'张长'}");
  DO("system", "project.mark", "project/1", "{'no':1,'item':'entry','status':'held','name':'某小区'}"); /* S34 */
  NO(CONFLICT, "hc-head", "acceptance.conclude", "acceptance/1", "{'opinion':'全部专项合格，同意通过联合验收','signature':'陈长'}");
  SAYS("暂不办理，幼儿园整改未到位：台账 TZ-2019-0001（某小区）");
  DO("system", "project.mark", "project/1", "{'no':1,'item':'entry','status':'freed'}");
  DO("hc-head", "acceptance.conclude", "acceptance/1", "{'opinion':'全部专项合格，同意通过联合验收','signature':'陈长'}");
  EXPECT_STR(json_str(w.r.answer, S("number")), S("LHYJ-2019-0001"));
  EXPECT_INT(reader_events(cx, w.reader, S("acceptance/1"), w.r.seq - 1, 1, &list), OK);
  EXPECT_INT(json_get(list.list[0].body, S("settled"))->count, 6); /* five parts and the opinion itself; no utility */
  NO(CONFLICT, "owner", "acceptance.withdraw", "acceptance/1", "{'reason':'不想验了'}");
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(an_acceptance_ends_with_its_project_or_by_its_owner) {
  Town w;
  finish_few(&w, cx);
  DO("owner", "acceptance.start", NULL, START);
  NO(DENIED, "stranger", "acceptance.withdraw", "acceptance/1", "{'reason':'还没有准备好'}");
  DO("partner", "acceptance.withdraw", "acceptance/1", "{'reason':'还没有准备好'}");
  DO("owner", "acceptance.start", NULL, START);
  DO("system", "project.withdraw", "project/1", "{}");
  EXPECT_STR(town_acceptance(&w, cx, 2)->status, S("withdrawn"));
  EXPECT_STR(town_acceptance(&w, cx, 2)->end_reason, S("第四阶段或项目已撤回，联合验收随之结束。"));
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}
