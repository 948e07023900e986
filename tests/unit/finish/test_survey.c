/* SPDX-License-Identifier: Apache-2.0 */
/* The one survey 多测合一: S11 with its values; the library of the case is tested where cases are. */
#include "finish_town.h"
#include "policy/surveys.h"

#define BLOB "'files':[{'blob':'64a312979d533db9febf686a4faf3d34bcac9c06d48cd88f5a3d3e9ca8ac09f0','name':'联合测绘成果.pdf','size':1000}]"
#define APPLY(until) "{'grade':'a','document':'甲测资字示例号','until':'" until "'," BLOB "}"
#define RESULT(total) "{'total':'" total "','above':'10000.5','below':'2000','counted':'9800'," BLOB ",'signature':'何审'}"

static void stored(Town *w, Cx *cx) {
  SCOPED(blob_drop) Blob *b = NULL;
  Str hash;
  int64_t size;
  Code code = blob_open(cx, w->dir, 100, &b);
  if (code == OK) code = blob_add(cx, b, "sample drawings", 15);
  if (code == OK) code = blob_finish(cx, b, &hash, &size);
  REQUIRE(code == OK);
}

static const Survey *survey(Town *w, Cx *cx, int64_t no) {
  const Survey *s = NULL;
  Code code = survey_load(cx, w->reader, no, &s);
  REQUIRE(code == OK);
  return s;
}

static void entered(Town *w, Cx *cx) {
  finish_open(w, cx);
  stored(w, cx);
  Code code = town_do(w, cx, "drawer", "surveyor.apply", NULL, APPLY("2020-12-31"));
  if (code == OK) code = town_do(w, cx, "nr", "surveyor.check", "surveyor/1", "{'result':'enter','note':'资质证书已核对'}");
  REQUIRE(code == OK);
}

TEST(an_agency_that_is_not_entered_cannot_be_chosen) {
  Town w;
  finish_open(&w, cx);
  stored(&w, cx);
  NO(INVALID, "drawer", "surveyor.apply", NULL, "{'grade':'a','document':'甲测资字示例号','until':'2020-12-31'}");
  SAYS("没有资质文件不能入驻");
  NO(INVALID, "drawer", "surveyor.apply", NULL, APPLY("2019-09-01"));
  DO("drawer", "surveyor.apply", NULL, APPLY("2019-12-31"));
  NO(CONFLICT, "drawer", "surveyor.apply", NULL, APPLY("2019-12-31"));
  NO(CONFLICT, "owner", "survey.commission", NULL, "{'project':1,'surveyor':1,'fee':50000}");
  SAYS("没有入驻");
  NO(DENIED, "hc", "surveyor.check", "surveyor/1", "{'result':'enter','note':'资质证书已核对'}");
  DO("nr", "surveyor.check", "surveyor/1", "{'result':'enter','note':'资质证书已核对'}");
  town_on(&w, "2020-01-02");
  NO(CONFLICT, "owner", "survey.commission", NULL, "{'project':1,'surveyor':1,'fee':50000}");
  SAYS("资质已于 2019-12-31 到期");
  NO(NOT_FOUND, "owner", "survey.commission", NULL, "{'project':1,'surveyor':2,'fee':50000}");
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(a_renewal_stands_for_the_older_entry) {
  Town w;
  SurveyorRow *rows = NULL;
  size_t n = 0;
  entered(&w, cx);
  NO(CONFLICT, "drawer", "surveyor.apply", NULL, APPLY("2020-12-31"));
  SAYS("续期的有效期应当比现在的晚");
  DO("drawer", "surveyor.apply", NULL, APPLY("2022-12-31"));
  NO(CONFLICT, "drawer", "surveyor.apply", NULL, APPLY("2023-12-31"));
  SAYS("正在核查");
  DO("owner", "survey.commission", NULL, "{'project':1,'surveyor':1,'fee':50000}"); /* the older one counts until then */
  DO("nr", "surveyor.check", "surveyor/2", "{'result':'enter','note':'换证已核对'}");
  NO(CONFLICT, "owner", "survey.commission", NULL, "{'project':1,'surveyor':1,'fee':0,'parts':['property']}");
  SAYS("已经由新的代替");
  EXPECT_INT(surveyors_list(cx, w.reader, S("entered"), &rows, &n), OK);
  EXPECT(n == 1 && rows[0].no == 2);
  town_on(&w, "2021-03-01"); /* the older qualification has run out */
  DO("drawer", "survey.deliver", "survey/1", RESULT("12000.5"));
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(an_agency_that_was_removed_delivers_nothing) {
  Town w;
  entered(&w, cx);
  DO("owner", "survey.commission", NULL, "{'project':1,'surveyor':1,'fee':50000}");
  NO(DENIED, "nr", "surveyor.remove", "surveyor/1", "{'reason':'资质被注销，不再符合条件'}");
  DO("nr-head", "surveyor.remove", "surveyor/1", "{'reason':'资质被注销，不再符合条件'}");
  NO(CONFLICT, "drawer", "survey.deliver", "survey/1", RESULT("12000.5"));
  SAYS("没有入驻");
  DO("drawer", "surveyor.apply", NULL, APPLY("2019-12-31")); /* it may come back */
  town_on(&w, "2020-01-02");
  NO(CONFLICT, "nr", "surveyor.check", "surveyor/2", "{'result':'enter','note':'资质证书已核对'}");
  SAYS("已经到期");
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(no_more_commissions_wait_than_can_end_with_their_project) {
  Town w;
  entered(&w, cx);
  DO("owner", "survey.commission", NULL, "{'project':1,'surveyor':1,'fee':50000}");
  for (int i = 1; i < FOLLOW_MAX; i++) DO("owner", "survey.commission", NULL, "{'project':1,'surveyor':1,'fee':0,'parts':['property']}");
  NO(CONFLICT, "owner", "survey.commission", NULL, "{'project':1,'surveyor':1,'fee':0,'parts':['property']}");
  SAYS("最多同时 8 次");
  DO("system", "project.withdraw", "project/1", "{'no':1}");
  for (int i = 1; i <= FOLLOW_MAX; i++) EXPECT_STR(survey(&w, cx, i)->status, S("cancelled"));
  town_drop(&w);
}

TEST(one_commission_covers_all_departments_and_the_result_carries_the_version_of_the_area_rule) {
  Town w;
  entered(&w, cx);
  NO(DENIED, "stranger", "survey.commission", NULL, "{'project':1,'surveyor':1,'fee':50000}");
  NO(INVALID, "owner", "survey.commission", NULL, "{'project':1,'surveyor':1,'fee':50000,'parts':['planning']}");
  SAYS("第一次委托要包括全部测绘");
  DO("owner", "survey.commission", NULL, "{'project':1,'surveyor':1,'fee':50000}");
  EXPECT_STR(json_str(w.r.answer, S("number")), S("CH-2019-0001"));
  const Survey *s = survey(&w, cx, 1);
  static const char *const all[] = {"planning", "land", "fire", "air-defence", "archive", "property"};
  EXPECT_INT(s->task_count, COUNT(all));
  for (size_t i = 0; i < COUNT(all); i++) EXPECT(survey_task(s, str_of(all[i])) != NULL);
  EXPECT_STR(s->area_rule, S("2019-示例-1"));
  NO(DENIED, "drawer2", "survey.deliver", "survey/1", RESULT("12000.5"));
  NO(INVALID, "drawer", "survey.deliver", "survey/1", RESULT("12000"));
  SAYS("地上加地下");
  DO("drawer", "survey.deliver", "survey/1", RESULT("12000.5"));
  s = survey(&w, cx, 1);
  EXPECT(str_eqz(s->status, "delivered") && str_eqz(s->file.name, "联合测绘成果.pdf") && str_eqz(s->total, "12000.5"));
  NO(CONFLICT, "drawer", "survey.deliver", "survey/1", RESULT("12000.5"));
  NO(CONFLICT, "owner", "survey.cancel", "survey/1", "{'reason':'不要了不要了'}");
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(areas_that_cannot_be_are_refused_with_the_numbers_that_disagree) {
  Town w;
  entered(&w, cx);
  DO("owner", "survey.commission", NULL, "{'project':1,'surveyor':1,'fee':50000}");
#define AREAS(t, a, b, c) "{'total':'" t "','above':'" a "','below':'" b "','counted':'" c "'," BLOB ",'signature':'何审'}"
  static const struct { const char *args, *field, *says; } bad[] = {
      {AREAS("-12", "-12", "0", "0"), "total", "总建筑面积 -12 ㎡是负数"},
      {AREAS("0", "0", "0", "0"), "total", "总建筑面积是 0"},
      {AREAS("一万", "0", "0", "0"), "total", "“一万”不是数"},
      {AREAS("120", "1.2345", "0", "0"), "above", "最多三位小数"},
      {AREAS("120", "100", "20", "-1"), "counted", "计容建筑面积 -1 ㎡是负数"},
      {AREAS("120", "100", "20", "121"), "counted", "计容建筑面积 121 ㎡大于总建筑面积 120 ㎡"},
      {AREAS("120", "130", "0", "90"), "above", "地上建筑面积 130 ㎡大于总建筑面积 120 ㎡"},
      {AREAS("120", "100", "10", "90"), "total", "地上 100 加地下 10 是 110 ㎡，总建筑面积写的是 120 ㎡"},
      {AREAS("10000000.1", "10000000.1", "0", "90"), "total", "超过一次测绘的上限 1000 万㎡（示例）"}};
  for (size_t i = 0; i < COUNT(bad); i++) {
    NO(INVALID, "drawer", "survey.deliver", "survey/1", bad[i].args);
    EXPECT_STR(cx->field, str_of(bad[i].field));
    EXPECT(str_has(cx->detail, str_of(bad[i].says)));
  }
  NO(INVALID, "drawer", "survey.deliver", "survey/1", "{'total':'120','above':'一百','below':'-2','counted':'130','signature':'别人'}"); /* all in one look */
  EXPECT_STR(cx->field, S("above"));
  SAYS("地上建筑面积“一百”不是数");
  SAYS("地下建筑面积 -2 ㎡是负数");
  SAYS("计容建筑面积 130 ㎡大于总建筑面积 120 ㎡");
  SAYS("请选择成果文件");
  SAYS("请签上您自己的姓名：何审。");
  EXPECT(!str_has(cx->detail, S("地上加地下"))); /* cannot be judged */
  DO("drawer", "survey.deliver", "survey/1", AREAS("10000000", "10000000", "0", "10000000"));
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(a_measured_area_far_from_the_declared_one_is_said_with_both_numbers) {
  Town w;
  finish_open(&w, cx);
  const Policy *p = &w.policy;
  EXPECT_STR(survey_off(t->mem, p, S("12000"), S("12360")), S("")); /* three percent, not more */
  EXPECT_STR(survey_off(t->mem, p, S("12000"), S("12360.5")),
             S("测得的总建筑面积 12360.5 ㎡，登记项目时申报的建筑面积 12000 ㎡，多 360.5 ㎡，约 3%，超过 3%（示例）。"));
  EXPECT(str_has(survey_off(t->mem, p, S("12000"), S("9000")), S("少 3000 ㎡，约 25%，超过 3%")));
  EXPECT_STR(survey_off(t->mem, p, S(""), S("9000")), S(""));
  EXPECT_STR(survey_off(t->mem, p, S("0"), S("9000")), S(""));
  town_drop(&w);
}

TEST(a_second_paid_survey_of_the_same_kind_raises_a_warning) {
  Town w;
  SurveyRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  entered(&w, cx);
  DO("owner", "survey.commission", NULL, "{'project':1,'surveyor':1,'fee':50000}");
  NO(CONFLICT, "owner", "survey.commission", NULL, "{'project':1,'surveyor':1,'fee':8000,'parts':['property']}");
  EXPECT_STR(cx->field, S("reason"));
  SAYS("重复测绘：房产测绘（不动产登记）已经在 CH-2019-0001 里委托过");
  DO("owner", "survey.commission", NULL, "{'project':1,'surveyor':1,'fee':0,'parts':['property']}"); /* free: no warning */
  DO("owner", "survey.commission", NULL, "{'project':1,'surveyor':1,'fee':8000,'parts':['property'],'reason':'分户调整以后要重新测绘，原成果不能用。'}");
  EXPECT_INT(surveys_list(cx, w.reader, &(SurveyFilter){.repeated = true, .limit = 10}, &rows, &n, &total), OK);
  EXPECT(n == 1 && rows[0].no == 3 && total == 1 && str_has(rows[0].reason, S("分户调整")));
  EXPECT_INT(surveys_list(cx, w.reader, &(SurveyFilter){.project = 1, .limit = 10}, &rows, &n, &total), OK);
  EXPECT_INT(total, 3);
  DO("system", "project.withdraw", "project/1", "{'no':1}");
  EXPECT_STR(survey(&w, cx, 1)->status, S("cancelled"));
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}
