/* SPDX-License-Identifier: Apache-2.0 */
/* Promises, their checks and the credit records: S13. What the case makes of it is tested where cases are (scenarios, tests/joint). */
#include "desk.h"

#define SIGN "{'project':1,'kind':'item','stage':3,'item':'waste-disposal','consent':true,'signature':'王某'}"
#define ARCHITECT "{'project':1,'kind':'architect','bim':true,'architect':'梁建筑师','consent':true,'signature':'王某'}"
#define PASS(item, promise) "{'no':1,'stage':3,'item':'" item "','result':'pass','promise':" promise "}"
#define CHECK(who, result) "{'result':'" result "','findings':'现场核查，情况属实，见照片','signature':'" who "'}"

static const Promise *promise(Town *w, Cx *cx, int64_t no) {
  const Promise *x = NULL;
  Code code = promise_load(cx, w->reader, no, &x);
  REQUIRE(code == OK);
  return x;
}

static void open_item(Town *w, Cx *cx) {
  Code code = town_do(w, cx, "system", "project.mark", "project/1", "{'no':1,'stage':3,'item':'waste-disposal','status':'taken','unit':'natural-resources','name':'建筑垃圾'}");
  REQUIRE(code == OK);
}

TEST(who_may_not_promise) {
  Town w;
  OPEN_DESK(w);
  open_item(&w, cx);
  DO("system", "project.mark", "project/1", "{'no':1,'stage':3,'item':'fire-design-filing','status':'taken','name':'消防'}");
  NO(CONFLICT, "owner", "promise.sign", NULL, "{'project':1,'kind':'item','stage':3,'item':'fire-design-filing','consent':true,'signature':'王某'}");
  SAYS("直接涉及公共安全");
  NO(CONFLICT, "owner", "promise.sign", NULL, "{'project':1,'kind':'item','stage':3,'item':'construction-permit','consent':true,'signature':'王某'}");
  SAYS("没有写明");
  NO(CONFLICT, "owner", "promise.sign", NULL, "{'project':1,'kind':'item','stage':3,'item':'drawing-review','consent':true,'signature':'王某'}");
  SAYS("联合审图里签订");
  NO(NOT_FOUND, "stranger", "promise.sign", NULL, SIGN);
  NO(INVALID, "owner", "promise.sign", NULL, "{'project':1,'kind':'item','stage':3,'item':'waste-disposal','consent':false,'signature':'王某'}");
  NO(INVALID, "owner", "promise.sign", NULL, "{'project':1,'kind':'architect','bim':false,'architect':'梁建筑师','consent':true,'signature':'王某'}");
  DO("owner", "promise.sign", NULL, SIGN);
  EXPECT_STR(json_str(w.r.answer, S("number")), S("CN-2019-0001"));
  NO(CONFLICT, "partner", "promise.sign", NULL, "{'project':1,'kind':'item','stage':3,'item':'waste-disposal','consent':true,'signature':'王二'}");
  DO("owner", "promise.withdraw", "promise/1", "{'reason':'按一般程序办理'}");
  EXPECT_STR(promise(&w, cx, 1)->status, S("closed"));
  town_drop(&w);
}

/* D60-2.10.1-p1: what a region's assessment covers is decided on promise, but for what 2.10.1 forbids. */
TEST(what_a_region_shares_is_promised_unless_it_touches_the_environment_or_is_not_the_citys) {
  Town w;
#define SHARED(item, share) "{'no':1,'stage':1,'item':'" item "','status':'taken','unit':'natural-resources','name':'事项'" share "}"
#define SIGNED(item) "{'project':1,'kind':'item','stage':1,'item':'" item "','consent':true,'signature':'王某'}"
  OPEN_DESK(w);
  DO("system", "project.mark", "project/1", SHARED("seismic-safety", ""));
  NO(CONFLICT, "owner", "promise.sign", NULL, SIGNED("seismic-safety"));
  SAYS("没有写明");
  DO("system", "project.mark", "project/1", SHARED("geo-hazard", ",'share':'QYPG-2019-0001'"));
  DO("system", "project.mark", "project/1", SHARED("eia-approval", ",'share':'QYPG-2019-0002'"));
  DO("system", "project.mark", "project/1", SHARED("mineral-overlay", ",'share':'QYPG-2019-0003'"));
  NO(CONFLICT, "owner", "promise.sign", NULL, SIGNED("eia-approval"));
  SAYS("直接涉及生态环境保护");
  NO(CONFLICT, "owner", "promise.sign", NULL, SIGNED("mineral-overlay"));
  SAYS("由国家、省级审批");
  town_on(&w, "2019-07-10");
  DO("owner", "promise.sign", NULL, SIGNED("geo-hazard"));
  DO("nr", "project.decide", "project/1", "{'no':1,'stage':1,'item':'geo-hazard','result':'pass','promise':1}");
  EXPECT_STR(promise(&w, cx, 1)->status, S("accepted"));
  EXPECT_STR(day_str(cx->mem, promise(&w, cx, 1)->check_due), S("2019-09-10"));
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(the_check_comes_by_itself_two_months_after_the_promise) {
  Town w;
  PromiseCount c;
  OPEN_DESK(w);
  open_item(&w, cx);
  town_on(&w, "2019-07-10");
  DO("owner", "promise.sign", NULL, SIGN);
  EXPECT(!promise(&w, cx, 1)->check_due.n);
  town_on(&w, "2019-07-12");
  DO("nr", "project.decide", "project/1", PASS("waste-disposal", "1"));
  const Promise *x = promise(&w, cx, 1);
  EXPECT_STR(x->status, S("accepted"));
  EXPECT_STR(day_str(cx->mem, x->check_due), S("2019-09-10"));
  EXPECT(!x->review_due.n);
  NO(CONFLICT, "nr", "project.decide", "project/1", PASS("waste-disposal", "1")); /* a promise carries one decision */
  NO(DENIED, "hc", "promise.check", "promise/1", CHECK("陈建", "kept"));
  NO(CONFLICT, "nr", "promise.check", "promise/1", CHECK("张然", "not-due"));
  town_on(&w, "2019-09-11");
  EXPECT(promise_reading(&w.policy, x, w.now).lamp == LAMP_RED);
  EXPECT_INT(promises_count(cx, w.reader, S("natural-resources"), w.now, &c), OK);
  EXPECT(c.accepted == 1 && c.late == 1 && c.due == 0);
  DO("nr", "promise.check", "promise/1", CHECK("张然", "kept"));
  EXPECT_STR(promise(&w, cx, 1)->status, S("kept"));
  EXPECT_INT(promises_count(cx, w.reader, S(""), w.now, &c), OK);
  EXPECT(c.accepted == 1 && c.kept == 1 && c.late == 0);
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(the_review_after_a_promise_of_the_architect_is_due_in_three_months_else_the_work_stops) {
  Town w;
  OPEN_DESK(w);
  town_on(&w, "2019-07-10");
  DO("owner", "promise.sign", NULL, ARCHITECT);
  DO("hc", "project.decide", "project/1", PASS("construction-permit", "1"));
  DO("system", "project.mark", "project/1", "{'no':1,'stage':3,'item':'construction-permit','status':'passed'}");
  const Promise *x = promise(&w, cx, 1);
  EXPECT_STR(day_str(cx->mem, x->check_due), S("2019-09-10"));
  EXPECT_STR(day_str(cx->mem, x->review_due), S("2019-10-10"));
  town_on(&w, "2019-09-10");
  NO(CONFLICT, "hc", "promise.check", "promise/1", CHECK("陈建", "kept"));
  SAYS("还没有到期的写“未到期”");
  DO("hc", "promise.check", "promise/1", CHECK("陈建", "not-due"));
  EXPECT_STR(day_str(cx->mem, promise(&w, cx, 1)->check_due), S("2019-10-10"));
  town_on(&w, "2019-10-10");
  NO(CONFLICT, "system", "promise.expire", "promise/1", "{}");
  Due *due = NULL;
  size_t n = 0;
  EXPECT_INT(reader_due(cx, w.reader, day_start(day_ymd(2019, 10, 11)), 10, &due, &n), OK);
  EXPECT(n == 1 && str_eqz(due[0].name, "promise.expire"));
  town_on(&w, "2019-10-11");
  DO("system", "promise.expire", "promise/1", "{}");
  EXPECT(promise_halted(promise(&w, cx, 1)));
  NO(CONFLICT, "hc", "promise.check", "promise/1", CHECK("陈建", "not-due"));
  DO("owner", "review.apply", NULL, "{'project':1,'agency':1,'files':[" BLOB "]}"); /* the review after the permit */
  DO("drawer", "review.report", "review/1", REPORT("fire", "pass"));
  DO("drawer", "review.report", "review/1", REPORT("lightning", "pass"));
  DO("drawer", "review.report", "review/1", REPORT("air-defence", "pass"));
  DO("drawer", "review.report", "review/1", REPORT("drawing", "pass"));
  DO("hc-head", "review.conclude", "review/1", "{'result':'pass','text':'四个专业合格','signature':'陈长'}");
  x = promise(&w, cx, 1);
  EXPECT(!promise_halted(x) && x->reviewed_at == w.now && x->halts[0].to == w.now);
  DO("hc", "promise.check", "promise/1", CHECK("陈建", "kept"));
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(the_letter_of_promise_has_its_check_like_any_other) {
  Town w;
  OPEN_DESK(w);
  desk_fire_wants(&w, cx, true);
  DO("owner", "review.promise", "review/1", "{'consent':true,'signature':'王某'}");
  const Promise *x = promise(&w, cx, 1);
  EXPECT_STR(x->kind, S("drawing"));
  EXPECT_STR(x->item, S("construction-permit"));
  EXPECT_STR(x->signed_by, S("王某"));
  NO(CONFLICT, "owner", "promise.withdraw", "promise/1", "{'reason':'不承诺了'}");
  DO("hc", "project.decide", "project/1", PASS("drawing-review", "1"));
  EXPECT_STR(day_str(cx->mem, promise(&w, cx, 1)->check_due), S("2019-11-04")); /* 2019-11-02 is a Saturday */
  town_on(&w, "2019-11-04");
  DO("hc", "promise.check", "promise/1", CHECK("陈建", "not-due"));
  EXPECT_STR(day_str(cx->mem, promise(&w, cx, 1)->check_due), S("2020-01-06"));
  town_drop(&w);
}

TEST(a_broken_promise_is_drafted_and_published_only_after_review) {
  Town w;
  CreditRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  OPEN_DESK(w);
  open_item(&w, cx);
  DO("owner", "promise.sign", NULL, SIGN);
  DO("nr", "project.decide", "project/1", PASS("waste-disposal", "1"));
  NO(DENIED, "nr", "promise.check", "promise/1", CHECK("张然", "broken"));
  NO(INVALID, "nr-head", "promise.check", "promise/1", "{'result':'broken','findings':'没有履行','signature':'张长'}");
  DO("nr-head", "promise.check", "promise/1", "{'result':'broken','findings':'现场核查，渣土没有运到批准的消纳场','signature':'张长'}");
  EXPECT_STR(json_str(w.r.answer, S("decision")), S("CX-2019-0001"));
  const Credit *c = NULL;
  EXPECT_INT(credit_load(cx, w.reader, 1, &c), OK);
  EXPECT_STR(c->status, S("draft"));
  EXPECT_STR(c->uscc, S(USCC));
  EXPECT_STR(c->decision, S("CX-2019-0001"));
  EXPECT_STR(c->subject_kind, S("enterprise"));
  EXPECT_INT(credits_list(cx, w.reader, &(CreditFilter){.status = S("published"), .limit = 10}, &rows, &n, &total), OK);
  EXPECT_INT(total, 0);
  NO(CONFLICT, "owner", "promise.sign", NULL, ARCHITECT);
  SAYS("信用修复以前不能再作出承诺");
  NO(DENIED, "nr-head", "credit.publish", "credit/1", "{'text':'属实，公布'}");
  DO("watch", "credit.publish", "credit/1", "{'text':'属实，公布'}");
  EXPECT_INT(credits_list(cx, w.reader, &(CreditFilter){.status = S("published"), .limit = 10}, &rows, &n, &total), OK);
  EXPECT(total == 1 && str_eqz(rows[0].decision, "CX-2019-0001"));
  NO(CONFLICT, "watch", "credit.reject", "credit/1", "{'reason':'不属实'}");
  DO("watch", "credit.repair", "credit/1", "{'document':'信用修复决定示例1号'}");
  DO("owner", "promise.sign", NULL, ARCHITECT);
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(a_promise_goes_with_what_it_was_for) {
  Town w;
  OPEN_DESK(w);
  open_item(&w, cx);
  DO("owner", "promise.sign", NULL, SIGN);
  DO("nr", "project.decide", "project/1", "{'no':1,'stage':3,'item':'waste-disposal','result':'refuse'}");
  EXPECT_STR(promise(&w, cx, 1)->status, S("closed"));
  DO("owner", "promise.sign", NULL, SIGN);
  DO("owner", "project.withdraw", "project/1", "{'no':1}");
  EXPECT_STR(promise(&w, cx, 2)->status, S("closed"));
  town_drop(&w);
}
