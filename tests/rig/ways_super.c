/* SPDX-License-Identifier: Apache-2.0 */
/* ways_super.c: ways of the supervisor: who is in charge of what. */
#include "ways.h"

#define SEND "{'unit':'natural-resources','subject':'限时联合验收办法','demand':'请报办理情况'}"
#define LIST "{'size':1,'source':'次日的开奖号码','day':'2019-09-03'}"
#define TALK "{'whom':'建昌县政府','day':'2019-09-02','about':'幼儿园移交迟缓','demand':'月底前移交','until':'2019-09-30'}"
#define REPLY "{'reply':'正在办理，月底前印发','promised':'2019-10-10'}"

static void nowhere(World *w) {
  (void)w;
}

/* ---- orders ------------------------------------------------------------------------------------------ */

static void accepted_first(World *w) {
  w->category = S("industry");
  w->county = S("longgang");
  REQUIRE(world_do(w, S("owner"), S("project.register"), json_obj(w->mem)) == OK);
  REQUIRE(world_upto(w, 1, STAGE_SUBMITTED));
}

/* Seven working days of the first stage are long over. */
static void late(World *w) {
  accepted_first(w);
  REQUIRE(world_upto(w, 1, STAGE_RUNNING));
  w->now += 60 * DAY_MS;
}

static void sent(World *w) {
  way_say(w, "supervisor", "directive.send", "", SEND);
}

static void answered(World *w) {
  sent(w);
  way_say(w, "supervisor", "directive.reply", "directive/1", REPLY);
}

static void silent(World *w) {
  sent(w);
  w->now += 30 * DAY_MS;
}

/* A question that nobody answered in time has its order. */
static void overdue(World *w) {
  way_say(w, "owner", "consult.ask", "", "{'unit':'natural-resources','subject':'建筑退线','question':'未取得土地，拟建厂房退道路红线要多少米？','open':true}");
  w->now += 30 * DAY_MS;
  way_say(w, "system", "watch.sweep", "watch/main", "{}");
}

/* ---- samples, notices, talks, verdicts ------------------------------------------------------------------ */

static void listed(World *w) {
  accepted_first(w);
  way_say(w, "supervisor", "sample.list", "", LIST);
  w->now += 2 * DAY_MS;
}

static void drawn(World *w) {
  listed(w);
  way_say(w, "supervisor", "sample.draw", "sample/1", "{'number':'0713'}");
}

/* Nobody replies; the first acceptance begins the look, which comes by hand here. */
static void drafted(World *w) {
  silent(w);
  way_say(w, "supervisor", "bulletin.draft", "", "{}");
}

static void talked(World *w) {
  way_say(w, "supervisor", "talk.record", "", TALK);
}

/* An act of the window at eleven in the evening. */
static void by_night(World *w) {
  accepted_first(w);
  w->now = day_start(day_of(w->now)) + 23 * 3600000LL;
  way_say(w, "clerk", "stage.accept", "project/1", "{'stage':1}");
}

static void first_stage(World *w, Json *a) {
  json_put_int(w->mem, a, S("stage"), 1);
}

#define PORTFOLIO "{'from':'2019-09-01','document':'分工调整（示例）','rows':[{'unit':'audit','relation':'charge','leader':'朱云'}]}"
#define SECOND "{'post':'seat-housing-approver','fit':'建筑工程专业','discipline':true}"
#define GRANT "{'items':['construction-permit'],'from':'2019-09-01','document':'授权书（示例）'}"

/* ---- seats and authorisations -------------------------------------------------------------------------- */

static void reviewer(World *w) {
  way_say(w, "system", "user.create", "", "{'id':'hc','name':'陈建','roles':'approver','unit':'housing-construction'}");
}

static void seconded(World *w) {
  reviewer(w);
  way_say(w, "zhao", "user.second", "user/hc", SECOND);
}

static void authorised(World *w) {
  reviewer(w);
  way_say(w, "hc-head", "user.authorise", "user/hc", GRANT);
}

/* ---- rules and problems --------------------------------------------------------------------------------- */

#define ADD "{'name':'代办员管理办法','leads':['housing-construction'],'basis':'专题会议纪要'}"

#define ISSUE "{'code':'acceptance','title':'联合验收办法','number':'1号','day':'2019-09-01','files':[{'blob':'aa3fb947fadba43a34fea743d9549271a7b1b8f5b2550df076d6c842bf3db350','name':'办法.pdf','size':6}]}"

static void rule_issued(World *w) {
  way_say(w, "supervisor", "rule.issue", "", ISSUE);
}

static void reported(World *w) {
  way_say(w, "lg-head", "feedback.report", "", "{'subject':'图纸要求不一致','text':'要交两套图纸'}");
}

static void replied(World *w) {
  reported(w);
  way_say(w, "hc", "feedback.answer", "feedback/1", "{'answer':'以规划图为准'}");
}

static void solved(World *w) {
  replied(w);
  way_say(w, "lg-head", "feedback.solve", "feedback/1", "{}");
}

static void unanswered(World *w) {
  reported(w);
  w->now += 20 * DAY_MS;
}

/* ---- the evaluation of a year ------------------------------------------------------------------------------- */

#define IND(code, method, weight, more) "{'code':'" code "','name':'" code "','dimension':'results','method':'" method "','weight':" weight more "}"
#define APPRAISE                                                                                                                                  \
  "{'year':2019,'objects':['housing-construction'],'indicators':[" IND("open", "qualitative", "50", ",'disclosure':true") ","                     \
  IND("satisfaction", "quantitative", "50", ",'figure':'satisfaction'") "]}"
#define MARK(phase) "{'side':'inspection','phase':'" phase "','evidence':'查阅台账','rows':[{'unit':'housing-construction','indicator':'open','score':'90'}]}"

static void appraised(World *w) {
  way_say(w, "supervisor", "appraisal.draft", "", APPRAISE);
}

static void announced(World *w) {
  appraised(w);
  way_say(w, "supervisor", "appraisal.publish", "appraisal/2019", "{}");
}

static void marked(World *w) {
  announced(w);
  way_say(w, "supervisor", "appraisal.score", "appraisal/2019", MARK("daily"));
  way_say(w, "supervisor", "appraisal.score", "appraisal/2019", MARK("final"));
}

static void asked(World *w) {
  marked(w);
  way_say(w, "supervisor", "appraisal.consult", "appraisal/2019", "{'as_of':'2019-08-31'}");
}

static void opined(World *w) {
  asked(w);
  way_say(w, "hc-head", "appraisal.opine", "appraisal/2019", "{'text':'年终评分没有看台账'}");
}

static void heard(World *w) {
  opined(w);
  way_say(w, "supervisor", "appraisal.answer-opinion", "appraisal/2019", "{'no':1,'result':'explained','text':'台账没有交'}");
  w->now += 10 * DAY_MS;
}

static void ranked(World *w) {
  heard(w);
  way_say(w, "supervisor", "appraisal.close", "appraisal/2019", "{'as_of':'2019-08-31'}");
}

#define TOLD(c, w, b, s, j) {.command = (c), .who = (w), .before = (b), .stream = (s), .json = (j)}
const Way ways_super[] = {
    TOLD("portfolio.change", "sysadmin", nowhere, "", PORTFOLIO),
    TOLD("rule.add", "supervisor", nowhere, "", ADD),
    TOLD("rule.issue", "supervisor", nowhere, "", ISSUE),
    TOLD("rule.repeal", "supervisor", rule_issued, "rule/acceptance", "{'reason':'并入其他办法'}"),
    TOLD("feedback.report", "lg-head", nowhere, "", "{'subject':'图纸要求不一致','text':'要交两套图纸'}"),
    TOLD("feedback.pass", "hc", reported, "feedback/1", "{'unit':'natural-resources','reason':'由规划部门答复'}"),
    TOLD("feedback.answer", "hc", reported, "feedback/1", "{'answer':'以规划图为准'}"),
    TOLD("feedback.reopen", "lg-head", replied, "feedback/1", "{'reason':'没有解决'}"),
    TOLD("feedback.solve", "lg-head", replied, "feedback/1", "{}"),
    TOLD("feedback.withdraw", "lg-head", reported, "feedback/1", "{}"),
    TOLD("feedback.publish", "hc", solved, "feedback/1", "{'question':'要交几套图纸？','answer':'一套就可以'}"),
    TOLD("feedback.lapse", "system", unanswered, "feedback/1", "{'due':'2019-09-09'}"),
    TOLD("appraisal.draft", "supervisor", nowhere, "", APPRAISE),
    TOLD("appraisal.publish", "supervisor", appraised, "appraisal/2019", "{}"),
    TOLD("appraisal.score", "supervisor", announced, "appraisal/2019", MARK("daily")),
    TOLD("appraisal.consult", "supervisor", marked, "appraisal/2019", "{'as_of':'2019-08-31'}"),
    TOLD("appraisal.opine", "hc-head", asked, "appraisal/2019", "{'text':'年终评分没有看台账'}"),
    TOLD("appraisal.answer-opinion", "supervisor", opined, "appraisal/2019", "{'no':1,'result':'adopted','text':'重新评分'}"),
    TOLD("appraisal.close", "supervisor", heard, "appraisal/2019", "{'as_of':'2019-08-31'}"),
    TOLD("appraisal.report", "supervisor", ranked, "appraisal/2019", "{}"),
    TOLD("user.second", "zhao", reviewer, "user/hc", SECOND),
    TOLD("user.unseat", "zhao", seconded, "user/hc", "{'reason':'回原单位'}"),
    TOLD("user.authorise", "hc-head", reviewer, "user/hc", GRANT),
    TOLD("user.revoke-authority", "hc-head", authorised, "user/hc", "{'item':'construction-permit','reason':'岗位调整'}"),
    {.command = "watch.start", .via = "stage.accept", .who = "clerk", .before = accepted_first, .args = first_stage},
    TOLD("watch.sweep", "system", late, "watch/main", "{}"),
    {.command = "directive.issue", .via = "watch.sweep", .who = "system", .before = late, .stream = "watch/main", .json = "{}"},
    TOLD("directive.send", "supervisor", nowhere, "", SEND),
    TOLD("directive.reply", "supervisor", sent, "directive/1", REPLY), /* nobody is there below the bureau */
    TOLD("directive.note", "nr", sent, "directive/1", "{'text':'办法正在会签'}"),
    TOLD("directive.return", "supervisor", answered, "directive/1", "{'reason':'没有写明原因'}"),
    TOLD("directive.close", "supervisor", answered, "directive/1", "{'reason':'办法已经印发'}"),
    TOLD("directive.raise", "system", silent, "directive/1", "{'level':'bureau'}"),
    {.command = "directive.settle", .via = "consult.reply", .who = "nr", .before = overdue, .stream = "consult/1",
     .json = "{'reply':'退滨海路道路红线不少于 15 米。','basis':'葫芦岛市城市规划管理技术规定（示例）'}"},
    TOLD("sample.list", "supervisor", accepted_first, "", LIST),
    TOLD("sample.draw", "supervisor", listed, "sample/1", "{'number':'0713'}"),
    TOLD("sample.look", "supervisor", drawn, "sample/1", "{'case':'HLD-000001-P','result':'fine','note':'材料齐全'}"),
    TOLD("sample.drop", "supervisor", listed, "sample/1", "{'reason':'名单有误'}"),
    TOLD("sign.judge", "supervisor", by_night, "", "{'sign':'night-clerk-2019-09-02','verdict':'true','reason':'问过本人，是集中补录'}"),
    TOLD("bulletin.draft", "supervisor", silent, "", "{}"),
    TOLD("bulletin.issue", "supervisor", drafted, "bulletin/1", "{'text':'下列单位过期没有回复，现予通报。'}"),
    TOLD("bulletin.save", "supervisor", drafted, "bulletin/1", "{'text':'写了一半'}"),
    TOLD("bulletin.drop", "supervisor", drafted, "bulletin/1", "{'reason':'已经电话说明'}"),
    TOLD("talk.record", "supervisor", nowhere, "", TALK),
    TOLD("talk.end", "supervisor", talked, "talk/1", "{'outcome':'已经移交'}"),
};
const size_t way_super_count = COUNT(ways_super);
