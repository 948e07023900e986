/* SPDX-License-Identifier: Apache-2.0 */
/* S26: the register of supporting rules. S24: problems and answers. */
#include "evaluation/evaluation.h"
#include "town.h"

/* {'code': … ,'files':[…]} with a file that is in the store. */
static const char *issue(Town *w, Cx *cx, const char *more) {
  SCOPED(blob_drop) Blob *b = NULL;
  Str hash = S("");
  int64_t size = 0;
  cx_clear(cx);
  Code code = blob_open(cx, w->dir, 1000, &b);
  if (code == OK) code = blob_add(cx, b, "%PDF-1.4 sample", 15);
  if (code == OK) code = blob_finish(cx, b, &hash, &size);
  REQUIRE(code == OK);
  return arena_fmt(cx->mem, "{%s,'files':[{'blob':'%.*s','name':'办法.pdf','size':15}]}", more, SFMT(hash)).ptr;
}
#define FIRST "'code':'acceptance','title':'工程建设项目联合验收办法','number':'葫建发〔2019〕1号','day':'2019-09-02'"

static size_t rules(Town *w, Cx *cx, const RuleFilter *f, RuleRow **rows) {
  size_t n = 0;
  cx_clear(cx);
  Code code = rules_list(cx, reader_views(w->reader), &w->policy, f, day_of(w->now), rows, &n);
  REQUIRE(code == OK);
  return n;
}

static void open_books(Town *w, Cx *cx) {
  town_open(w, cx, evaluation_engines, EVALUATION_ENGINES);
}

TEST(every_dated_duty_is_in_the_register_and_twelve_were_over_when_published) {
  Town w;
  RuleRow *rows = NULL;
  open_books(&w, cx);
  EXPECT_INT(rules(&w, cx, &(RuleFilter){.due = S("2019-05-31")}, &rows), 12);
  for (size_t i = 0; i < 12; i++) EXPECT(rows[i].before_issue && str_eqz(rows[i].status, "late") && rows[i].late == 94 && rows[i].lead_count);
  size_t n = rules(&w, cx, &(RuleFilter){.due = S("2019-06-30")}, &rows), led = 0;
  for (size_t i = 0; i < n; i++) led += rows[i].lead_count > 0;
  EXPECT(n == 5 && led == 3 && !rows[0].before_issue); /* three with departments, two goals of the whole city */
  EXPECT_INT(rules(&w, cx, &(RuleFilter){.due = S("2019-12-31")}, &rows), 2);
  EXPECT(str_eqz(rows[0].status, "open") && !rows[0].late);
  EXPECT_INT(rules(&w, cx, &(RuleFilter){.due = S("2020-12-31")}, &rows), 1);
  n = rules(&w, cx, &(RuleFilter){0}, &rows);
  EXPECT_INT(n, 20 + 7); /* and seven kinds without a day */
  for (size_t i = 0; i < n; i++) EXPECT(policy_clause(&w.policy, rows[i].source.clause) != NULL);
  town_drop(&w);
}

TEST(a_rule_is_issued_with_number_day_and_file_and_revised_and_repealed) {
  Town w;
  RuleRow *rows = NULL;
  RuleDebt *debts = NULL;
  size_t n = 0;
  open_books(&w, cx);
  NO(DENIED, "dr-head", "rule.issue", NULL, issue(&w, cx, FIRST)); /* does not lead it */
  NO(DENIED, "hc", "rule.issue", NULL, issue(&w, cx, FIRST));      /* no head */
  NO(INVALID, "hc-head", "rule.issue", NULL, issue(&w, cx, "'code':'acceptance','title':'联合验收办法','number':'1号','day':'2019-09-03'"));
  SAYS("不能晚于今天");
  NO(INVALID, "hc-head", "rule.issue", NULL, "{'code':'acceptance','title':'联合验收办法','number':'1号','day':'2019-09-02','files':[]}");
  NO(NOT_FOUND, "watch", "rule.issue", NULL, issue(&w, cx, "'code':'nothing','title':'联合验收办法','number':'1号','day':'2019-09-02'"));
  EXPECT_INT(rules_debts(cx, w.reader, &w.policy, day_of(w.now), &debts, &n), OK);
  int64_t before = 0;
  for (size_t i = 0; i < n; i++)
    if (str_eqz(debts[i].unit, "housing-construction")) before = debts[i].missing;
  DO("hc-head", "rule.issue", NULL, issue(&w, cx, FIRST));
  EXPECT_INT(rules(&w, cx, &(RuleFilter){.status = S("issued")}, &rows), 1);
  EXPECT_STR(rows[0].title, S("《工程建设项目联合验收办法》"));
  EXPECT(str_eqz(rows[0].number, "葫建发〔2019〕1号") && rows[0].late == 94 && rows[0].before_issue && rows[0].edition == 1);
  EXPECT_INT(rules_debts(cx, w.reader, &w.policy, day_of(w.now), &debts, &n), OK);
  for (size_t i = 0; i < n; i++)
    if (str_eqz(debts[i].unit, "housing-construction")) EXPECT_INT(debts[i].missing, before - 1);
  DO("watch", "rule.issue", NULL, issue(&w, cx, "'code':'acceptance','title':'《工程建设项目联合验收办法（修订）》','number':'葫建发〔2019〕9号','day':'2019-09-02'"));
  const RuleFile *r = NULL;
  EXPECT(rule_load(cx, w.reader, S("acceptance"), &r) == OK && r && r->edition_count == 2);
  NO(DENIED, "dr-head", "rule.repeal", "rule/acceptance", "{'reason':'并入其他办法'}");
  DO("hc-head", "rule.repeal", "rule/acceptance", "{'reason':'并入其他办法'}");
  NO(CONFLICT, "hc-head", "rule.repeal", "rule/acceptance", "{'reason':'并入其他办法'}");
  EXPECT_INT(rules(&w, cx, &(RuleFilter){.status = S("repealed")}, &rows), 1);
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(a_duty_of_another_document_may_be_added) {
  Town w;
  RuleRow *rows = NULL;
  open_books(&w, cx);
  NO(INVALID, "watch", "rule.add", NULL, "{'name':'代办员管理办法','leads':['nobody'],'basis':'市政府专题会议纪要'}");
  DO("watch", "rule.add", NULL, "{'name':'代办员管理办法','leads':['housing-construction'],'due':'2019-08-31','basis':'市政府专题会议纪要'}");
  EXPECT_INT(rules(&w, cx, &(RuleFilter){.unit = S("housing-construction"), .due = S("2019-08-31")}, &rows), 1);
  EXPECT(str_eqz(rows[0].code, "x1") && str_eqz(rows[0].status, "late") && rows[0].late == 2);
  DO("hc-head", "rule.issue", NULL, issue(&w, cx, "'code':'x1','title':'代办员管理办法','number':'葫建发〔2019〕2号','day':'2019-08-30'"));
  EXPECT_INT(rules(&w, cx, &(RuleFilter){.status = S("issued")}, &rows), 1);
  EXPECT(!rows[0].late && str_eqz(rows[0].name, "代办员管理办法"));
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

/* ---- problems and answers -------------------------------------------------------------------------------------- */

#define REPORT "{'subject':'联合验收的图纸要求不一致','text':'规划和人防要求的图纸版本不同，企业要交两套。'}"

static const Feedback *feedback(Town *w, Cx *cx) {
  const Feedback *f = NULL;
  cx_clear(cx);
  return feedback_load(cx, w->reader, 1, &f) == OK ? f : NULL;
}

TEST(a_county_reports_and_the_housing_bureau_answers) {
  Town w;
  Answered *list = NULL;
  size_t n = 0;
  open_books(&w, cx);
  NO(CONFLICT, "hc", "feedback.report", NULL, REPORT);
  DO("sz", "feedback.report", NULL, REPORT);
  const Feedback *f = feedback(&w, cx);
  EXPECT(f && str_eqz(f->unit, "suizhong") && str_eqz(f->owner, "housing-construction") && str_eqz(f->number, "GTFK-2019-0001"));
  EXPECT_STR(day_str(cx->mem, f->due), S("2019-09-09")); /* five working days */
  NO(DENIED, "nr", "feedback.answer", "feedback/1", "{'answer':'以规划图为准'}");
  NO(CONFLICT, "sz", "feedback.solve", "feedback/1", "{}");
  DO("hc-head", "feedback.answer", "feedback/1", "{'answer':'以规划核实的图纸为准'}");
  NO(CONFLICT, "hc", "feedback.answer", "feedback/1", "{'answer':'再次答复'}");
  NO(DENIED, "hc", "feedback.solve", "feedback/1", "{}");
  DO("sz", "feedback.reopen", "feedback/1", "{'reason':'人防没有同意'}");
  DO("hc", "feedback.pass", "feedback/1", "{'unit':'natural-resources','reason':'由规划部门答复'}");
  NO(DENIED, "hc", "feedback.answer", "feedback/1", "{'answer':'以规划图为准'}");
  DO("nr", "feedback.answer", "feedback/1", "{'answer':'两家共用一套图纸'}");
  NO(CONFLICT, "nr", "feedback.publish", "feedback/1", "{'question':'要交几套图纸？','answer':'一套就可以'}");
  DO("sz-head", "feedback.solve", "feedback/1", "{}");
  DO("nr", "feedback.publish", "feedback/1", "{'question':'联合验收要交几套图纸？','answer':'一套，各部门共用。'}");
  EXPECT(answers_list(cx, w.reader, 10, &list, &n) == OK && n == 1 && str_eqz(list[0].question, "联合验收要交几套图纸？"));
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(what_is_not_answered_is_overdue_once_for_each_day_of_answer) {
  Town w;
  open_books(&w, cx);
  DO("sz", "feedback.report", NULL, REPORT);
  town_on(&w, "2019-09-09");
  DO("system", "feedback.lapse", "feedback/1", "{'due':'2019-09-09'}");
  EXPECT(!feedback(&w, cx)->overdue); /* the last day is still in time */
  town_on(&w, "2019-09-10");
  DO("system", "feedback.lapse", "feedback/1", "{'due':'2019-09-09'}");
  EXPECT(feedback(&w, cx)->overdue);
  int64_t seq = feedback(&w, cx)->seq;
  DO("system", "feedback.lapse", "feedback/1", "{'due':'2019-09-09'}");
  EXPECT_INT(feedback(&w, cx)->seq, seq);
  DO("hc", "feedback.answer", "feedback/1", "{'answer':'以规划核实的图纸为准'}");
  DO("sz", "feedback.reopen", "feedback/1", "{'reason':'人防没有同意'}");
  EXPECT(!feedback(&w, cx)->overdue && feedback(&w, cx)->due.n > day_of(w.now).n);
  DO("sz", "feedback.withdraw", "feedback/1", "{}");
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}
