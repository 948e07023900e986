/* SPDX-License-Identifier: Apache-2.0 */
/* Which day everyone can come: a pure function, with the calendar of 2019 around 中秋 (13 September) and 国庆. */
#include "finish_town.h"

static Day on(const char *text) {
  Day d = {0};
  REQUIRE(day_parse(str_of(text), &d));
  return d;
}

static const Calendar *autumn(Cx *cx) {
  const Calendar *c = NULL;
  Code code = calendar_load(cx, S("date,kind,name\n2019-09-13,holiday,中秋节\n2019-09-29,workday,国庆节\n2019-10-01,holiday,国庆节\n2019-10-02,holiday,国庆节\n"
                                  "2019-10-03,holiday,国庆节\n2019-10-04,holiday,国庆节\n2019-10-07,holiday,国庆节\n"),
                            &c);
  REQUIRE(code == OK);
  return c;
}

static const Party parties[] = {{{.ptr = "nr", .len = 2}, {.ptr = "自然", .len = 6}, 2}, {{.ptr = "hc", .len = 2}, {.ptr = "住建", .len = 6}, 1}};

#define AWAY(u, p, r, f, t) \
  {.unit = S(u), .person = S(p), .name = S(p), .reason = S(r), .from = on(f), .until = on(t)}

TEST(the_earliest_day_on_which_everyone_can_come_and_why_each_earlier_one_fell_out) {
  const Calendar *c = autumn(cx);
  const Absence absences[] = {AWAY("nr", "", "集中培训", "2019-09-09", "2019-09-09"), AWAY("hc", "陈建", "休假", "2019-09-10", "2019-09-10")};
  const OtherVisit visits[] = {{S("hc"), S("LHYS-2019-0001"), on("2019-09-11")}, {S("hc"), S("LHYS-2019-0002"), on("2019-09-11")}};
  const Day avoid[] = {on("2019-09-12")};
  VisitPlan plan = {.first = on("2019-09-07"), .a_day = 2, .avoid = avoid, .avoid_count = 1, .parties = parties, .party_count = 2,
                    .absences = absences, .absence_count = 2, .visits = visits, .visit_count = 2};
  VisitDay *days = NULL;
  EXPECT_INT(visit_days(cx->mem, c, &plan, 0, &days), 5); /* a Saturday and 中秋 are no days at all */
  EXPECT_STR(day_str(cx->mem, days[0].day), S("2019-09-09"));
  EXPECT_STR(days[0].why[0], S("自然：集中培训（2019年9月9日）"));
  EXPECT_STR(days[1].why[0], S("住建：没有人能去，陈建休假"));
  EXPECT_STR(days[2].why[0], S("住建：当天已有 2 次联合勘验（LHYS-2019-0002）"));
  EXPECT_STR(days[3].why[0], S("建设单位当天不便"));
  EXPECT_STR(day_str(cx->mem, days[4].day), S("2019-09-16"));
  EXPECT(days[4].fits && !days[4].why_count);
  for (int i = 0; i < 4; i++) EXPECT(!days[i].fits && days[i].why_count == 1);
}

TEST(a_unit_can_come_while_one_of_its_people_can) {
  const Calendar *c = autumn(cx);
  const Absence absences[] = {AWAY("nr", "张然", "休假", "2019-09-09", "2019-09-10"), AWAY("nr", "张然", "体检", "2019-09-09", "2019-09-09"),
                              AWAY("nr", "张二", "学习", "2019-09-10", "2019-09-11")};
  VisitPlan plan = {.first = on("2019-09-09"), .a_day = 2, .parties = parties, .party_count = 1, .absences = absences, .absence_count = 3};
  EXPECT(visit_day(cx->mem, c, &plan, on("2019-09-09")).fits); /* 张然 is away twice over, 张二 can come */
  EXPECT(!visit_day(cx->mem, c, &plan, on("2019-09-10")).fits);
  EXPECT(visit_day(cx->mem, c, &plan, on("2019-09-11")).fits);
  Absence dropped[] = {absences[0], absences[2]};
  dropped[0].dropped = true;
  plan.absences = dropped;
  plan.absence_count = 2;
  EXPECT(visit_day(cx->mem, c, &plan, on("2019-09-10")).fits);
}

TEST(further_days_that_fit_are_offered_and_make_up_days_are_working_days) {
  const Calendar *c = autumn(cx);
  VisitPlan plan = {.first = on("2019-09-28"), .a_day = 1, .parties = parties, .party_count = 2};
  VisitDay *days = NULL;
  EXPECT_INT(visit_days(cx->mem, c, &plan, 2, &days), 3);
  EXPECT_STR(day_str(cx->mem, days[0].day), S("2019-09-29")); /* a Sunday that is worked */
  EXPECT_STR(day_str(cx->mem, days[1].day), S("2019-09-30"));
  EXPECT_STR(day_str(cx->mem, days[2].day), S("2019-10-08"));
  VisitDay holiday = visit_day(cx->mem, c, &plan, on("2019-10-01"));
  EXPECT_STR(holiday.why[0], S("不是工作日（国庆节）"));
}

TEST(when_nobody_can_come_for_months_the_whole_horizon_says_why) {
  const Calendar *c = autumn(cx);
  const Absence away[] = {AWAY("hc", "", "机构改革", "2019-09-01", "2020-12-31")};
  VisitPlan plan = {.first = on("2019-09-09"), .a_day = 1, .parties = parties, .party_count = 2, .absences = away, .absence_count = 1};
  VisitDay *days = NULL;
  EXPECT_INT(visit_days(cx->mem, c, &plan, 0, &days), VISIT_HORIZON);
  EXPECT(!days[VISIT_HORIZON - 1].fits);
}
