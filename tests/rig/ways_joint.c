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

const Way ways_joint[] = {
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
