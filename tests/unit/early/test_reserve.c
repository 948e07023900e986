/* SPDX-License-Identifier: Apache-2.0 */
/* The reserve library: S06. */
#include "views.h"

#define PLOT "{'name':'龙港区北港地块','county':'longgang','boundary':'东至滨海路，西至北港街','scale':'工业用地，建筑面积约 12500 平方米','basis':'葫芦岛市城市总体规划','granted':true}"
#define CONDITIONS "{'conditions':{'plot_ratio':'1.80','building_density':'40','green_rate':'20','building_height':'24','parking':'','land_area':'28600'},'survey':'已完成','land_review':'符合标准'}"
#define FOUR                                                                                                          \
  "{'asks':[{'kind':'planning','unit':'natural-resources'},{'kind':'land','unit':'natural-resources'},"               \
  "{'kind':'forest','unit':'natural-resources'},{'kind':'sea','unit':'natural-resources'},{'kind':'other','unit':'water','topic':'防洪'}]}"

static void idea(Town *w, Test *t, Cx *cx) {
  EXPECT_INT(town_do(w, cx, "dr", "reserve.add", NULL, PLOT), OK);
  EXPECT_INT(town_do(w, cx, "nr", "reserve.set-conditions", "reserve/1", CONDITIONS), OK);
}

static void generated(Town *w, Test *t, Cx *cx) {
  static const char *const kinds[] = {"planning", "land", "forest", "sea"};
  idea(w, t, cx);
  EXPECT_INT(town_do(w, cx, "dr", "reserve.ask-opinions", "reserve/1",
                     "{'asks':[{'kind':'planning','unit':'natural-resources'},{'kind':'land','unit':'natural-resources'},"
                     "{'kind':'forest','unit':'natural-resources'},{'kind':'sea','unit':'natural-resources'}]}"), OK);
  for (size_t i = 0; i < COUNT(kinds); i++)
    EXPECT_INT(town_do(w, cx, "nr", "reserve.give-opinion", "reserve/1",
                       arena_fmt(cx->mem, "{'kind':'%s','result':'agree','opinion':'同意，符合规划。'}", kinds[i]).ptr), OK);
  EXPECT_INT(town_do(w, cx, "dr-head", "reserve.generate", "reserve/1", "{}"), OK);
}

static void assigned(Town *w, Test *t, Cx *cx) {
  generated(w, t, cx);
  EXPECT_INT(town_do(w, cx, "nr-head", "reserve.publish", "reserve/1", "{}"), OK);
  EXPECT_INT(town_do(w, cx, "dr", "reserve.assign", "reserve/1", "{'owner':'葫芦岛示例机械有限公司','uscc':'" USCC "'}"), OK);
}

TEST(development_reform_puts_a_plot_into_the_library_and_natural_resources_fills_the_conditions) {
  Town w;
  OPEN_TOWN(w);
  NO(DENIED, "nr", "reserve.add", NULL, PLOT);
  NO(DENIED, "owner", "reserve.add", NULL, PLOT);
  idea(&w, t, cx);
  EXPECT_STR(town_plot(&w, cx, 1)->number, S("CB-000001"));
  EXPECT_STR(json_str(town_plot(&w, cx, 1)->conditions, S("plot_ratio")), S("1.8")); /* as the field writes it */
  NO(DENIED, "dr", "reserve.set-conditions", "reserve/1", CONDITIONS);
  NO(INVALID, "nr", "reserve.set-conditions", "reserve/1", "{'conditions':{'plot_ratio':'25'}}");
  EXPECT_STR(cx->field, S("plot_ratio"));
  NO(INVALID, "nr", "reserve.set-conditions", "reserve/1", "{'conditions':{'design_unit':'某院'}}");
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(pre_opinions_are_asked_in_parallel_each_with_its_own_clock) {
  Town w;
  OpinionRow *rows = NULL;
  size_t n = 0;
  OPEN_TOWN(w);
  idea(&w, t, cx);
  DO("dr", "reserve.ask-opinions", "reserve/1", FOUR);
  EXPECT_INT(opinions_list(cx, w.reader, &w.policy, S("natural-resources"), w.now, 10, &rows, &n), OK);
  EXPECT_INT(n, 4); /* all of one moment */
  EXPECT_INT(rows[0].days, 10);
  NO(DENIED, "nr", "reserve.give-opinion", "reserve/1", "{'kind':'other','result':'agree','opinion':'同意。同意。'}");
  DO("nr", "reserve.give-opinion", "reserve/1", "{'kind':'land','result':'agree-if','opinion':'按节约集约要求控制。'}");
  NO(CONFLICT, "nr2", "reserve.give-opinion", "reserve/1", "{'kind':'land','result':'object','opinion':'再给一次意见。'}");
  NO(CONFLICT, "dr", "reserve.ask-opinions", "reserve/1", "{'asks':[{'kind':'land','unit':'natural-resources'}]}");
  NO(CONFLICT, "dr-head", "reserve.generate", "reserve/1", "{}");
  SAYS("还没有出具");
  town_on(&w, "2019-09-18"); /* 中秋 2019-09-13 does not count: the tenth working day is 2019-09-17 */
  EXPECT_INT(opinions_list(cx, w.reader, &w.policy, S(""), w.now, 10, &rows, &n), OK);
  EXPECT_INT(n, 4);
  for (size_t i = 0; i < n; i++) EXPECT(rows[i].reading.lamp == LAMP_RED);
  town_drop(&w);
}

TEST(what_is_generated_is_complete_and_nobody_is_against_it) {
  Town w;
  OPEN_TOWN(w);
  DO("dr", "reserve.add", NULL, PLOT);
  NO(CONFLICT, "dr-head", "reserve.generate", "reserve/1", "{}");
  SAYS("一次写全");
  DO("nr", "reserve.set-conditions", "reserve/1", CONDITIONS);
  NO(CONFLICT, "dr-head", "reserve.generate", "reserve/1", "{}");
  SAYS("前期意见");
  DO("dr", "reserve.ask-opinions", "reserve/1", "{'asks':[{'kind':'sea','unit':'natural-resources'}]}");
  DO("nr", "reserve.give-opinion", "reserve/1", "{'kind':'sea','result':'object','opinion':'占用生态红线。'}");
  NO(CONFLICT, "dr-head", "reserve.generate", "reserve/1", "{}");
  SAYS("不同意");
  DO("dr", "reserve.ask-opinions", "reserve/1", "{'asks':[{'kind':'sea','unit':'natural-resources'}]}"); /* after a change */
  DO("nr", "reserve.give-opinion", "reserve/1", "{'kind':'sea','result':'agree','opinion':'调整后同意。'}");
  NO(DENIED, "dr", "reserve.generate", "reserve/1", "{}");
  DO("dr-head", "reserve.generate", "reserve/1", "{}");
  NO(CONFLICT, "nr", "reserve.set-conditions", "reserve/1", CONDITIONS);
  SAYS("已经锁定");
  town_drop(&w);
}

TEST(conditions_of_granted_land_are_published_once_and_complete) {
  Town w;
  PlotRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  OPEN_TOWN(w);
  generated(&w, t, cx);
  NO(CONFLICT, "dr", "reserve.assign", "reserve/1", "{'owner':'某公司','uscc':'" USCC "'}");
  SAYS("一次性公布");
  NO(DENIED, "nr", "reserve.publish", "reserve/1", "{}");
  DO("nr-head", "reserve.publish", "reserve/1", "{}");
  NO(CONFLICT, "nr-head", "reserve.publish", "reserve/1", "{}");
  SAYS("不能再次公布");
  EXPECT_INT(plots_list(cx, w.reader, &(PlotFilter){.published = true, .limit = 10}, &rows, &n, &total), OK);
  EXPECT_INT(total, 1);
  EXPECT_INT(town_plot(&w, cx, 1)->conditions->count, 6);
  town_drop(&w);
}

TEST(the_registration_converts_the_plot_in_its_own_transaction) {
  Town w;
  OPEN_TOWN(w);
  assigned(&w, t, cx);
  DO("owner", "project.register", NULL, "{'no':1,'reserve':1,'number':'HLD-000001-P','uscc':'" USCC "'}");
  EXPECT_STR(town_plot(&w, cx, 1)->status, S("converted"));
  EXPECT_INT(town_plot(&w, cx, 1)->project, 1);
  NO(CONFLICT, "owner", "project.register", NULL, "{'no':2,'reserve':1,'number':'HLD-000002-N','uscc':'" USCC "'}"); /* required */
  NO(DENIED, "dr", "reserve.convert", "reserve/1", "{'project':3,'number':'HLD-000003-L'}");
  DO("owner", "project.withdraw", "project/1", "{}");
  EXPECT_STR(town_plot(&w, cx, 1)->status, S("assigned"));
  DO("owner", "project.register", NULL, "{'no':3,'reserve':1,'number':'HLD-000003-L','uscc':'" USCC "'}");
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(a_locked_condition_changes_only_with_a_reason_that_the_supervisor_sees) {
  Town w;
  ChangeRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  OPEN_TOWN(w);
  assigned(&w, t, cx);
  DO("owner", "project.register", NULL, "{'no':1,'reserve':1,'number':'HLD-000001-P','uscc':'" USCC "'}");
  NO(INVALID, "nr-head", "reserve.change-condition", "reserve/1", "{'name':'plot_ratio','value':'2.0','reason':'调整','doc':'葫自然资〔2019〕1号'}");
  EXPECT_STR(cx->field, S("reason"));
  NO(DENIED, "nr", "reserve.change-condition", "reserve/1",
     "{'name':'plot_ratio','value':'2.0','reason':'控规修改，容积率上限调整。','doc':'葫自然资〔2019〕1号'}");
  DO("nr-head", "reserve.change-condition", "reserve/1",
     "{'name':'plot_ratio','value':'2.0','reason':'控规修改，容积率上限调整。','doc':'葫自然资〔2019〕1号'}");
  NO(CONFLICT, "nr-head", "reserve.change-condition", "reserve/1",
     "{'name':'plot_ratio','value':'2.00','reason':'控规修改，容积率上限调整。','doc':'葫自然资〔2019〕1号'}");
  EXPECT_INT(changes_list(cx, w.reader, 0, 10, &rows, &n, &total), OK);
  EXPECT_INT(n, 1);
  EXPECT_STR(rows[0].was, S("1.8"));
  EXPECT_STR(rows[0].now, S("2"));
  EXPECT_INT(rows[0].project, 1);
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}
