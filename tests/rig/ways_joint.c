/* SPDX-License-Identifier: Apache-2.0 */
/* ways_joint.c: ways to the acts of the joint review of drawings. They are told whole; whether they are legal says the store. */
#include "ways.h"

#define OWNER "{'id':'owner','name':'王某','roles':'applicant','org_name':'葫芦岛示例机械有限公司','org_uscc':'91211400MA0XYW122L'}"
#define DRAWER "{'id':'drawer','name':'何审','roles':'applicant','org_name':'示例审图有限公司','org_uscc':'91211400MA1004114F'}"
#define FOUR "'disciplines':['fire','lightning','air-defence','drawing']"
#define AGENCY "{'name':'示例审图有限公司','uscc':'91211400MA1004114F','recognised':true,'document':'示例','until':'2030-12-31'," FOUR "}"
/* The file that the rig puts into each store: "sample". */
#define FILES "'files':[{'blob':'aa3fb947fadba43a34fea743d9549271a7b1b8f5b2550df076d6c842bf3db350','name':'施工图.zip','size':6}]"
#define APPLY "{'project':1,'agency':1," FILES "}"
#define REPORT(d, r) "{'discipline':'" d "','result':'" r "','opinion':'按规范审查，见附表所列各条','reviewer':'何审','registration':'S21'}"
#define OPINION(r) "{'result':'" r "','text':'依据各专业的审查报告','signature':'陈长'}"
#define PROMISE "{'consent':true,'signature':'王某'}"

static void nowhere(World *w) {
  (void)w;
}

static void listed(World *w) {
  way_say(w, "system", "user.create", "", OWNER);
  way_say(w, "system", "user.create", "", DRAWER);
  way_say(w, "hc", "agency.add", "", AGENCY);
  way_project(w, "owner");
}

static void reviewing(World *w) {
  listed(w);
  way_say(w, "owner", "review.apply", "", APPLY);
}

static void three(World *w) {
  reviewing(w);
  way_say(w, "drawer", "review.report", "review/1", REPORT("lightning", "pass"));
  way_say(w, "drawer", "review.report", "review/1", REPORT("air-defence", "pass"));
  way_say(w, "drawer", "review.report", "review/1", REPORT("drawing", "pass"));
}

static void reported(World *w) {
  three(w);
  way_say(w, "drawer", "review.report", "review/1", REPORT("fire", "change"));
}

static void change(World *w) {
  reported(w);
  way_say(w, "hc-head", "review.conclude", "review/1", OPINION("change"));
}

/* ---- promises ---------------------------------------------------------------------------------------- */

#define ARCHITECT "{'project':1,'kind':'architect','bim':true,'architect':'梁建筑师','consent':true,'signature':'王某'}"
#define CHECK(who, result) "{'result':'" result "','findings':'现场核查，情况属实，见照片','signature':'" who "'}"
#define PERMIT S("construction-permit")

/* What the case has noted, in memory as in the store: its passes name the promise. */
static void noted(World *w, const char *status) {
  Runner *store = w->runner;
  Json *a = json_obj(w->mem);
  w->runner = NULL; /* there it follows by itself */
  json_put_int(w->mem, a, S("promise"), 1);
  json_put_str(w->mem, a, S("number"), S("CN-2019-0001"));
  json_put_str(w->mem, a, S("kind"), S("architect"));
  json_put_int(w->mem, a, S("of_stage"), 3);
  json_put_str(w->mem, a, S("of_item"), PERMIT);
  json_put_str(w->mem, a, S("status"), str_of(status));
  REQUIRE(world_do(w, S("timer"), S("project.note-promise"), a) == OK);
  w->runner = store;
}

static void third(World *w) {
  listed(w);
  REQUIRE(world_upto(w, 3, STAGE_RUNNING));
}

static void promised(World *w) {
  third(w);
  way_say(w, "owner", "promise.sign", "", ARCHITECT);
  noted(w, "signed");
}

static void permit(World *w) {
  promised(w);
  REQUIRE(world_step(w, "ap:housing-construction", "item.take", 3, PERMIT, NULL, NULL) == OK);
}

static void granted(World *w) {
  permit(w);
  REQUIRE(world_step(w, "ap:housing-construction", "item.decide", 3, PERMIT, NULL, NULL) == OK);
  noted(w, "accepted");
}

static void late(World *w) {
  granted(w);
  w->now += 100 * DAY_MS;
}

static void stopped(World *w) {
  late(w);
  way_say(w, "system", "promise.expire", "promise/1", "{}");
}

static void again(World *w) {
  stopped(w);
  way_say(w, "owner", "review.apply", "", APPLY);
  way_say(w, "drawer", "review.report", "review/1", REPORT("fire", "pass"));
  way_say(w, "drawer", "review.report", "review/1", REPORT("lightning", "pass"));
  way_say(w, "drawer", "review.report", "review/1", REPORT("air-defence", "pass"));
  way_say(w, "drawer", "review.report", "review/1", REPORT("drawing", "pass"));
}

static void unfit(World *w) {
  granted(w);
  way_say(w, "owner", "review.apply", "", APPLY);
  way_say(w, "drawer", "review.report", "review/1", REPORT("fire", "change"));
  way_say(w, "drawer", "review.report", "review/1", REPORT("lightning", "pass"));
  way_say(w, "drawer", "review.report", "review/1", REPORT("air-defence", "pass"));
  way_say(w, "drawer", "review.report", "review/1", REPORT("drawing", "pass"));
}

static void broken(World *w) {
  granted(w);
  way_say(w, "hc-head", "promise.check", "promise/1", CHECK("陈长", "broken"));
}

static void published(World *w) {
  broken(w);
  way_say(w, "supervisor", "credit.publish", "credit/1", "{'text':'属实，公布'}");
}

#define CREDIT "'fact':'未取得施工许可擅自开工','evidence':'现场检查笔录和照片','basis':'D60-5.17.3','decision':'葫建罚字示例1号'"
#define RECORD "{'subject_kind':'enterprise','subject':'葫芦岛示例机械有限公司','uscc':'91211400MA0XYW122L'," CREDIT "}"
#define BLACK "{'list':'black','condition':'unlawful-works','subject_kind':'enterprise','subject':'葫芦岛示例机械有限公司','uscc':'91211400MA0XYW122L'," CREDIT "}"
#define PLEA "{'text':'施工许可证已于六月取得，见附件'}"

static void recorded(World *w) {
  way_say(w, "system", "user.create", "", OWNER);
  way_say(w, "hc", "credit.record", "", RECORD);
}

static void objected(World *w) {
  recorded(w);
  way_say(w, "owner", "credit.object", "credit/1", PLEA);
}

static void public_long(World *w) {
  recorded(w);
  way_say(w, "supervisor", "credit.publish", "credit/1", "{'text':'属实，公布'}");
  w->now += 100 * DAY_MS;
}

static void repair_asked(World *w) {
  public_long(w);
  way_say(w, "owner", "credit.ask-repair", "credit/1", PLEA);
}

static void out_of_time(World *w) {
  public_long(w);
  w->now += 1100 * DAY_MS;
}

static void permit_args(World *w, Json *a) {
  json_put_int(w->mem, a, S("stage"), 3);
  json_put_str(w->mem, a, S("item"), PERMIT);
}

#define FOLLOWS(c, v, w, b, s, j) {.command = (c), .via = (v), .who = (w), .before = (b), .stream = (s), .json = (j)}
const Way ways_joint[] = {
    WAY_TOLD("promise.sign", "owner", third, "", ARCHITECT),
    WAY_TOLD("promise.withdraw", "owner", promised, "promise/1", "{'reason':'按一般程序办理'}"),
    FOLLOWS("project.note-promise", "promise.sign", "owner", third, "", ARCHITECT),
    FOLLOWS("promise.undertake", "review.promise", "owner", change, "review/1", PROMISE),
    WAY_AFTER("promise.accept", "item.decide", "ap:housing-construction", permit, permit_args),
    WAY_AFTER("promise.close", "project.withdraw", "owner", promised, NULL),
    WAY_TOLD("promise.check", "hc", granted, "promise/1", CHECK("陈建", "not-due")),
    FOLLOWS("item.revoke", "promise.check", "hc-head", granted, "promise/1", CHECK("陈长", "broken")),
    FOLLOWS("credit.draft", "promise.check", "hc-head", granted, "promise/1", CHECK("陈长", "broken")),
    WAY_TOLD("promise.expire", "system", late, "promise/1", "{}"),
    FOLLOWS("promise.halt", "review.conclude", "hc-head", unfit, "review/1", OPINION("fail")),
    FOLLOWS("project.halt", "review.conclude", "hc-head", unfit, "review/1", OPINION("fail")),
    FOLLOWS("promise.fulfil", "review.conclude", "hc-head", again, "review/1", OPINION("pass")),
    FOLLOWS("project.resume", "review.conclude", "hc-head", again, "review/1", OPINION("pass")),
    WAY_TOLD("credit.record", "hc", nowhere, "", RECORD),
    WAY_TOLD("credit.propose", "supervisor", nowhere, "", BLACK),
    WAY_TOLD("credit.object", "owner", recorded, "credit/1", PLEA),
    WAY_TOLD("credit.answer", "supervisor", objected, "credit/1", "{'result':'upheld','text':'核对发证记录，确已发证'}"),
    WAY_TOLD("credit.withdraw", "supervisor", public_long, "credit/1", "{'reason':'处罚决定已被撤销'}"),
    WAY_TOLD("credit.ask-repair", "owner", public_long, "credit/1", PLEA),
    WAY_TOLD("credit.refuse-repair", "supervisor", repair_asked, "credit/1", "{'reason':'罚款还没有缴清'}"),
    WAY_TOLD("credit.expire", "system", out_of_time, "credit/1", "{}"),
    WAY_TOLD("credit.publish", "supervisor", broken, "credit/1", "{'text':'属实，公布'}"),
    WAY_TOLD("credit.reject", "supervisor", broken, "credit/1", "{'reason':'申诉成立'}"),
    WAY_TOLD("credit.repair", "supervisor", published, "credit/1", "{'document':'信用修复决定示例1号'}"),
    WAY_TOLD("agency.add", "hc", nowhere, "", AGENCY),
    WAY_TOLD("agency.change", "hc", listed, "agency/1", "{'recognised':false,'document':'认定被取消','until':'2019-12-31','reason':'认定被取消'," FOUR "}"),
    WAY_TOLD("review.apply", "owner", listed, "", APPLY),
    {.command = "project.note-review", .via = "review.apply", .who = "owner", .before = listed, .stream = "", .json = APPLY},
    WAY_TOLD("review.report", "drawer", three, "review/1", REPORT("fire", "pass")),
    WAY_TOLD("review.guide", "hc", three, "review/1", "{'discipline':'drawing','text':'请核对防火分区面积','again':true}"),
    WAY_TOLD("review.conclude", "hc-head", reported, "review/1", OPINION("change")),
    WAY_TOLD("review.promise", "owner", change, "review/1", PROMISE),
    WAY_TOLD("review.resubmit", "owner", change, "review/1", "{'note':'已按意见修改'," FILES "}"),
    WAY_TOLD("review.withdraw", "owner", reviewing, "review/1", "{'reason':'设计要调整'}"),
    WAY_AFTER("review.close", "project.withdraw", "owner", reviewing, NULL),
};
const size_t way_joint_count = COUNT(ways_joint);
