/* SPDX-License-Identifier: Apache-2.0 */
/* Utilities: S16. What it does to the case is tested where cases are (tests/finish). */
#include "finish_town.h"

#define SIX "{'project':1,'kinds':['water','power','gas','heat','drainage','telecom'],'needs':'用水 60 吨/日，用电 800 千伏安'}"
#define PLAN "{'kind':'water','plan':'从滨海路 DN200 给水管接入，设水表井一座。'}"

static const Utility *utility_at(Town *w, Cx *cx, int64_t no) {
  const Utility *u = NULL;
  Code code = utility_load(cx, w->reader, no, &u);
  REQUIRE(code == OK);
  return u;
}

TEST(one_form_asks_six_utilities_and_each_has_its_task) {
  Town w;
  UtilityRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  finish_few(&w, cx);
  NO(DENIED, "stranger", "utility.apply", NULL, SIX);
  NO(INVALID, "owner", "utility.apply", NULL, "{'project':1,'kinds':['steam'],'needs':'蒸汽 2 吨/时'}");
  NO(INVALID, "owner", "utility.apply", NULL, "{'project':1,'kinds':['gas','gas'],'needs':'燃气 200 方/日'}");
  NO(INVALID, "owner", "utility.apply", NULL, "{'project':1,'kinds':[],'needs':'什么也没有'}");
  DO("owner", "utility.apply", NULL, SIX);
  EXPECT_STR(json_str(w.r.answer, S("number")), S("BZ-2019-0001"));
  NO(CONFLICT, "partner", "utility.apply", NULL, "{'project':1,'kinds':['gas'],'needs':'燃气 200 方/日'}");
  EXPECT_INT(utilities_list(cx, w.reader, &w.policy, &(UtilityFilter){.limit = 20}, w.now, &rows, &n, &total), OK);
  EXPECT_INT(total, 6);
  EXPECT_INT(utilities_list(cx, w.reader, &w.policy, &(UtilityFilter){.unit = S("gas-company"), .open = true, .limit = 20}, w.now, &rows, &n, &total), OK);
  EXPECT_INT(total, 1);
  EXPECT_STR(day_str(cx->mem, rows[0].reading.due), S("2019-09-09")); /* five working days */
  town_on(&w, "2019-09-12");
  EXPECT_INT(utilities_list(cx, w.reader, &w.policy, &(UtilityFilter){.unit = S("gas-company"), .limit = 20}, w.now, &rows, &n, &total), OK);
  EXPECT_INT(rows[0].reading.overdue_days, 3);
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(a_utility_answers_once_and_connects_after_the_certificate) {
  Town w;
  finish_few(&w, cx);
  DO("owner", "utility.apply", NULL, SIX);
  NO(DENIED, "power", "utility.answer", "utility/1", PLAN);
  NO(INVALID, "water", "utility.answer", "utility/1", "{'kind':'water','plan':'可以'}");
  DO("water", "utility.answer", "utility/1", PLAN);
  NO(CONFLICT, "water", "utility.answer", "utility/1", PLAN);
  NO(CONFLICT, "water", "utility.connect", "utility/1", "{'kind':'water','text':'已经通水'}");
  SAYS("竣工验收备案书");
  NO(DENIED, "owner", "utility.open", "utility/1", "{}");
  town_on(&w, "2019-09-16");
  DO("system", "utility.open", "utility/1", "{}");
  for (size_t i = 0; i < utility_at(&w, cx, 1)->part_count; i++) EXPECT(utility_at(&w, cx, 1)->parts[i].opened_at);
  Reading r = utility_reading(&w.policy, utility_at(&w, cx, 1), utility_part(utility_at(&w, cx, 1), S("water")), w.now);
  EXPECT_STR(day_str(cx->mem, r.due), S("2019-09-19")); /* a clock of its own: three working days from the opening */
  DO("water", "utility.connect", "utility/1", "{'kind':'water','text':'已通水，水表号 0117'}");
  NO(CONFLICT, "water", "utility.connect", "utility/1", "{'kind':'water','text':'已通水，水表号 0117'}");
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(what_a_utility_passes_in_the_case_is_recorded_here_too) {
  Town w;
  finish_few(&w, cx);
  DO("owner", "utility.apply", NULL, SIX);
  DO("power", "project.decide", "project/1", "{'no':1,'stage':3,'item':'supply-power','result':'pass'}");
  const UtilityPart *p = utility_part(utility_at(&w, cx, 1), S("power"));
  EXPECT(p->answered_at && str_eqz(p->answered_by, "傅电"));
  EXPECT(!utility_part(utility_at(&w, cx, 1), S("gas"))->answered_at);
  DO("system", "project.withdraw", "project/1", "{}");
  EXPECT(utility_at(&w, cx, 1)->closed);
  NO(CONFLICT, "water", "utility.answer", "utility/1", PLAN);
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}
