/* SPDX-License-Identifier: Apache-2.0 */
/* The joint review of drawings: S09. What the case makes of it is tested where cases are (scenarios, tests/joint). */
#include "desk.h"

#define APPLY(agency) "{'project':1,'agency':" agency ",'files':[" BLOB "]}"

TEST(one_upload_starts_four_reviews_at_once) {
  Town w;
  OPEN_DESK(w);
  NO(NOT_FOUND, "stranger", "review.apply", NULL, APPLY("1"));
  NO(INVALID, "owner", "review.apply", NULL, "{'project':1,'agency':1,'files':[]}");
  DO("owner", "review.apply", NULL, APPLY("1"));
  EXPECT_STR(json_str(w.r.answer, S("number")), S("SG-2019-0001"));
  const Review *r = desk_review(&w, cx, 1);
  EXPECT_INT(r->file_count, 1);
  for (Discipline d = 0; d < DISCIPLINES; d++) {
    EXPECT_STR(r->tasks[d].status, S("pending"));
    EXPECT_INT(r->tasks[d].asked, w.now);
    EXPECT_STR(day_str(cx->mem, review_reading(&w.policy, r, d, w.now).due), S("2019-09-17"));
  }
  town_on(&w, "2019-09-18");
  EXPECT(review_reading(&w.policy, r, DISCIPLINE_FIRE, w.now).lamp == LAMP_RED);
  NO(CONFLICT, "partner", "review.apply", NULL, APPLY("1"));
  SAYS("SG-2019-0001");
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(an_agency_without_the_provincial_recognition_is_refused) {
  Town w;
  OPEN_DESK(w);
  NO(CONFLICT, "owner", "review.apply", NULL, APPLY("2"));
  SAYS("省住建厅");
  NO(NOT_FOUND, "owner", "review.apply", NULL, APPLY("3"));
  town_on(&w, "2021-01-04");
  NO(CONFLICT, "owner", "review.apply", NULL, APPLY("1")); /* recognised until 2020-12-31 */
  SAYS("过期");
  town_on(&w, "2020-12-31");
  NO(DENIED, "nr", "agency.change", "agency/1", "{'recognised':false,'document':'辽住建示例2号','until':'2021-12-31','disciplines':['fire'],'reason':'认定被取消'}");
  DO("hc", "agency.change", "agency/1", "{'recognised':true,'document':'辽住建示例2号','until':'2021-12-31','disciplines':['fire','drawing'],'reason':'专业减少'}");
  NO(CONFLICT, "owner", "review.apply", NULL, APPLY("1"));
  SAYS("四个专业");
  NO(CONFLICT, "hc", "agency.add", NULL, "{'name':'又一个机构','uscc':'" AGENCY "','recognised':true,'document':'示例','until':'2021-12-31','disciplines':['fire']}");
  NO(INVALID, "hc", "agency.add", NULL, "{'name':'又一个机构','uscc':'91211400MA1004114A','recognised':true,'document':'示例','until':'2021-12-31','disciplines':['fire']}");
  town_drop(&w);
}

TEST(the_agency_reports_per_discipline_and_answers_for_it) {
  Town w;
  OPEN_DESK(w);
  DO("owner", "review.apply", NULL, APPLY("1"));
  NO(DENIED, "drawer2", "review.report", "review/1", REPORT("fire", "pass"));
  NO(DENIED, "owner", "review.report", "review/1", REPORT("fire", "pass"));
  NO(DENIED, "hc", "review.report", "review/1", REPORT("fire", "pass"));
  DO("drawer", "review.report", "review/1", REPORT("fire", "pass"));
  NO(CONFLICT, "drawer", "review.report", "review/1", REPORT("fire", "change"));
  NO(CONFLICT, "hc-head", "review.conclude", "review/1", "{'result':'pass','text':'四个专业合格','signature':'陈长'}");
  SAYS("四个专业的审查报告都出具以后");
  DO("hc", "review.guide", "review/1", "{'discipline':'fire','text':'请复核防火分区面积','again':true}");
  EXPECT_STR(desk_review(&w, cx, 1)->tasks[DISCIPLINE_FIRE].status, S("pending"));
  NO(CONFLICT, "hc", "review.guide", "review/1", "{'discipline':'fire','text':'请再复核一遍','again':true}");
  NO(DENIED, "hc", "review.guide", "review/1", "{'discipline':'lightning','text':'请复核接地电阻'}");
  DO("mt", "review.guide", "review/1", "{'discipline':'lightning','text':'接地电阻按一类防雷取值'}");
  DO("drawer", "review.report", "review/1", REPORT("fire", "pass"));
  DO("drawer", "review.report", "review/1", REPORT("lightning", "pass"));
  DO("drawer", "review.report", "review/1", REPORT("air-defence", "pass"));
  DO("drawer", "review.report", "review/1", REPORT("drawing", "pass"));
  NO(DENIED, "hc", "review.conclude", "review/1", "{'result':'pass','text':'四个专业合格','signature':'陈建'}");
  NO(CONFLICT, "hc-head", "review.conclude", "review/1", "{'result':'fail','text':'部门认为不合格','signature':'陈长'}");
  SAYS("不再进行技术审查");
  NO(INVALID, "hc-head", "review.conclude", "review/1", "{'result':'pass','text':'四个专业合格','signature':'别人'}");
  DO("hc-head", "review.conclude", "review/1", "{'result':'pass','text':'四个专业合格','signature':'陈长'}");
  EXPECT_STR(desk_review(&w, cx, 1)->status, S("passed"));
  NO(CONFLICT, "hc", "review.guide", "review/1", "{'discipline':'fire','text':'请再复核','again':true}");
  NO(CONFLICT, "owner", "review.withdraw", "review/1", "{'reason':'不审了'}");
  NO(CONFLICT, "owner", "review.apply", NULL, APPLY("1"));
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(a_change_goes_another_round_of_that_discipline_only) {
  Town w;
  OPEN_DESK(w);
  desk_fire_wants(&w, cx, false);
  EXPECT_STR(desk_review(&w, cx, 1)->status, S("reported"));
  NO(CONFLICT, "owner", "review.promise", "review/1", "{'consent':true,'signature':'王某'}");
  NO(CONFLICT, "hc-head", "review.conclude", "review/1", "{'result':'pass','text':'四个专业合格','signature':'陈长'}");
  DO("hc-head", "review.conclude", "review/1", "{'result':'change','text':'消防专业修改疏散宽度','signature':'陈长'}");
  NO(DENIED, "stranger", "review.resubmit", "review/1", "{'files':[" BLOB "],'note':'已修改疏散宽度'}");
  town_on(&w, "2019-09-09");
  DO("partner", "review.resubmit", "review/1", "{'files':[" BLOB "],'note':'已修改疏散宽度'}");
  const Review *r = desk_review(&w, cx, 1);
  EXPECT(r->round == 2 && r->file_count == 2 && r->files[1].round == 2);
  EXPECT_STR(r->tasks[DISCIPLINE_FIRE].status, S("pending"));
  EXPECT_STR(r->tasks[DISCIPLINE_DRAWING].status, S("pass"));
  NO(CONFLICT, "drawer", "review.report", "review/1", REPORT("drawing", "pass"));
  DO("drawer", "review.report", "review/1", REPORT("fire", "pass"));
  DO("hc-head", "review.conclude", "review/1", "{'result':'pass','text':'修改后合格','signature':'陈长'}");
  EXPECT_STR(desk_review(&w, cx, 1)->opinions[1].number, S("SG-2019-0001-2"));
  town_drop(&w);
}

TEST(after_the_letter_of_promise_no_department_reviews_again) {
  Town w;
  OPEN_DESK(w);
  desk_fire_wants(&w, cx, true);
  NO(DENIED, "stranger", "review.promise", "review/1", "{'consent':true,'signature':'孙某'}");
  NO(INVALID, "owner", "review.promise", "review/1", "{'consent':false,'signature':'王某'}");
  NO(INVALID, "owner", "review.promise", "review/1", "{'consent':true,'signature':'王'}");
  DO("owner", "review.promise", "review/1", "{'consent':true,'signature':'王某'}");
  NO(CONFLICT, "owner", "review.promise", "review/1", "{'consent':true,'signature':'王某'}");
  NO(CONFLICT, "hc", "review.guide", "review/1", "{'discipline':'fire','text':'请再复核','again':true}");
  SAYS("承诺书，相关部门不再进行技术审查");
  NO(CONFLICT, "owner", "review.withdraw", "review/1", "{'reason':'不审了'}");
  DO("owner", "review.resubmit", "review/1", "{'files':[" BLOB "],'note':'已修改疏散宽度'}");
  NO(CONFLICT, "hc", "review.guide", "review/1", "{'discipline':'fire','text':'请再复核'}");
  DO("drawer", "review.report", "review/1", REPORT("fire", "pass"));
  DO("hc-head", "review.conclude", "review/1", "{'result':'pass','text':'修改后合格','signature':'陈长'}");
  town_drop(&w);
}

TEST(after_the_permit_no_other_review_can_be_opened) {
  Town w;
  OPEN_DESK(w);
  DO("owner", "review.apply", NULL, APPLY("1"));
  DO("system", "project.mark", "project/1", "{'no':1,'stage':3,'item':'construction-permit','status':'passed'}");
  NO(CONFLICT, "hc", "review.guide", "review/1", "{'discipline':'fire','text':'请复核防火分区'}");
  SAYS("施工许可证已经核发，相关部门不再进行技术审查");
  DO("owner", "review.withdraw", "review/1", "{'reason':'不审了'}");
  NO(CONFLICT, "owner", "review.apply", NULL, APPLY("1"));
  SAYS("施工许可证已经核发");
  town_drop(&w);
}

TEST(a_review_goes_with_its_project) {
  Town w;
  ReviewRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  OPEN_DESK(w);
  DO("owner", "review.apply", NULL, APPLY("1"));
  EXPECT_INT(reviews_list(cx, w.reader, &w.policy, &(ReviewFilter){.agency_uscc = S(AGENCY), .open = true, .limit = 10}, w.now, &rows, &n, &total), OK);
  EXPECT(n == 1 && total == 1 && rows[0].pending == 4 && str_eqz(rows[0].status, "reviewing") && rows[0].reading.left == 10);
  DO("owner", "project.withdraw", "project/1", "{'no':1}");
  EXPECT_STR(desk_review(&w, cx, 1)->status, S("closed"));
  EXPECT_INT(reviews_list(cx, w.reader, &w.policy, &(ReviewFilter){.open = true, .limit = 10}, w.now, &rows, &n, &total), OK);
  EXPECT_INT(total, 0);
  DO("system", "project.mark", "project/1", "{'no':1,'status':'terminated'}");
  NO(CONFLICT, "owner", "review.apply", NULL, APPLY("1"));
  w.policy.review_days = 0;
  NO(INVALID, "owner", "review.apply", NULL, APPLY("1"));
  SAYS("review_days");
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(a_reviewer_has_a_name_and_a_number_that_is_nobody_elses) {
  Town w;
  Reviewer *known = NULL;
  size_t n = 0;
  OPEN_DESK(w);
  DO("owner", "review.apply", NULL, APPLY("1"));
#define BY(d, name, number) "{'discipline':'" d "','result':'pass','opinion':'图纸符合规范要求','reviewer':'" name "','registration':'" number "'}"
  static const char *const wrong[] = {BY("fire", "12", "S211400017"), BY("fire", "何某1", "S211400017"), BY("fire", "··", "S211400017"), BY("fire", "何（总工）", "S211400017"),
                                      BY("fire", "何·", "S211400017")};
  for (size_t i = 0; i < COUNT(wrong); i++) {
    NO(INVALID, "drawer", "review.report", "review/1", wrong[i]);
    EXPECT_STR(cx->field, S("reviewer"));
  }
  NO(INVALID, "drawer", "review.report", "review/1", BY("fire", "何某", "随便"));
  EXPECT_STR(cx->field, S("registration"));
  SAYS("如 S211400017（示例）");
  DO("drawer", "review.report", "review/1", BY("fire", "何某", "s2114 00017"));
  NO(CONFLICT, "drawer", "review.report", "review/1", BY("lightning", "罗某", "S211400017"));
  EXPECT_STR(cx->field, S("registration"));
  SAYS("注册号 S211400017 已经是何某");
  DO("drawer", "review.report", "review/1", BY("lightning", "何某", "S211400017"));
  DO("drawer", "review.report", "review/1", BY("drawing", "O. Example-欧阳", "S211400018"));
  EXPECT_INT(reviewers_list(cx, w.reader, S(AGENCY), &known, &n), OK);
  EXPECT(n == 2 && str_eqz(known[1].name, "何某") && str_eqz(known[1].registration, "S211400017"));
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}
