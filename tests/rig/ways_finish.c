/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ways_finish.c: ways at the end of construction: joint acceptance, the days on which units are away. These acts are told
 * whole; what the case does about them follows in the same transaction (Way.via).
 */
#include "ways.h"

#define START "{'project':1,'from':'2020-03-02'}"
#define AWAY "{'from':'2020-03-04','until':'2020-03-05','reason':'集中培训'}"
#define DAY "{'day':'2020-03-03'}"
#define FOUND "{'part':'accept-planning','kind':'issue','text':'西侧围墙退线不足'}"
#define BAD "{'part':'accept-planning','result':'rectify','opinion':'一处要整改','signature':'张然'}"
#define OPINION "{'opinion':'各专项全部合格，同意通过联合验收。','signature':'陈长'}"
#define LATER "{'reason':'室外工程还没有完成'}"

#define FILE_ONE "'files':[{'blob':'aa3fb947fadba43a34fea743d9549271a7b1b8f5b2550df076d6c842bf3db350','name':'成果.pdf','size':6}]"
#define ENTER "{'grade':'a','document':'甲测资字示例1号','until':'2022-12-31'," FILE_ONE "}"
#define DRAWER "{'id':'drawer','name':'何审','roles':'applicant','org_name':'示例测绘有限公司','org_uscc':'91211400MA1004114F'}"
#define ENTERED "{'result':'enter','note':'资质证书已核对'}"
#define COMMISSION "{'project':1,'surveyor':1,'fee':50000}"
#define DELIVER "{'total':'12000.5','above':'10000.5','below':'2000','counted':'9800','signature':'何审'," FILE_ONE "}"
static const char *const nobody[] = {NULL};

/* The project's fourth stage runs; then it is the day of the visit. */
static void fourth(World *w) {
  way_accounts(w);
  way_project(w, "owner");
  REQUIRE(world_upto(w, 4, STAGE_RUNNING));
}

static void agency(World *w) {
  way_accounts(w);
  way_say(w, "system", "user.create", "", DRAWER);
}

static void applied_for(World *w) {
  agency(w);
  way_say(w, "drawer", "surveyor.apply", "", ENTER);
}

static void entered(World *w) {
  applied_for(w);
  way_say(w, "nr", "surveyor.check", "surveyor/1", ENTERED);
}

static void building(World *w) {
  entered(w);
  way_project(w, "owner");
}

static void commissioned(World *w) {
  building(w);
  way_say(w, "owner", "survey.commission", "", COMMISSION);
}

static void started(World *w) {
  fourth(w);
  way_say(w, "owner", "acceptance.start", "", START);
}

static void scheduled(World *w) {
  Day day = {0};
  started(w);
  way_say(w, "hc", "acceptance.schedule", "acceptance/1", DAY);
  REQUIRE(day_parse(S("2020-03-03"), &day));
  w->now = day_start(day) + 9 * 3600000LL;
}

/* Of an item that the project has in its fourth stage, but for those that are named. */
static void passed_but(World *w, const char *const *but) {
  static const struct { const char *who, *name, *part; } all[] = {
      {"nr", "张然", "accept-planning"},       {"nr", "张然", "accept-land"},       {"hc", "陈建", "accept-fire"},
      {"hc", "陈建", "accept-air-defence"},    {"hc", "陈建", "accept-archive"},    {"water", "孟水", "connect-water"},
      {"power", "傅电", "connect-power"},      {"gas", "钱气", "connect-gas"},      {"heat", "孙热", "connect-heat"},
      {"drainage", "周排", "connect-drainage"}, {"telecom", "吴信", "connect-telecom"}};
  for (size_t i = 0; i < COUNT(all); i++) {
    if (!stage_item(&w->pr->stages[4], str_of(all[i].part)) || (*but && str_eqz(str_of(*but), all[i].part))) continue;
    way_say(w, all[i].who, "acceptance.report", "acceptance/1",
            arena_fmt(w->mem, "{'part':'%s','result':'pass','opinion':'符合要求','signature':'%s'}", all[i].part, all[i].name).ptr);
  }
}

/* One signature is left in the round, and there is a problem. */
static void seen(World *w) {
  static const char *const planning[] = {"accept-planning", NULL};
  scheduled(w);
  passed_but(w, planning);
  way_say(w, "nr", "acceptance.note", "acceptance/1", FOUND);
}

static void found(World *w) {
  seen(w);
  way_say(w, "nr", "acceptance.report", "acceptance/1", BAD);
}

static void rectified(World *w) {
  found(w);
  way_say(w, "owner", "acceptance.rectify", "acceptance/1", "{'point':1,'text':'围墙已退到位'}");
}

static void ready(World *w) {
  scheduled(w);
  passed_but(w, nobody);
}

static void away(World *w) {
  way_accounts(w);
  way_say(w, "nr", "busy.add", "", AWAY);
}

#define APPLY "{'project':1,'kinds':['water','power'],'needs':'用水 60 吨/日，用电 800 千伏安'}"
#define PLAN "{'kind':'water','plan':'从滨海路 DN200 给水管接入，设水表井一座。'}"

static void registered(World *w) {
  w->facts = json_obj(w->mem);
  json_put_str(w->mem, w->facts, S("need_water"), S("true"));
  way_accounts(w);
  way_project(w, "owner");
}

static void applied(World *w) {
  registered(w);
  way_say(w, "owner", "utility.apply", "", APPLY);
}

static void opened(World *w) {
  applied(w);
  way_say(w, "system", "utility.open", "utility/1", "{}");
}

/* The third stage is with the departments, the utilities among them. */
static void third(World *w) {
  applied(w);
  REQUIRE(world_upto(w, 3, STAGE_RUNNING));
}

static void taken(World *w) {
  third(w);
  way_say(w, "water", "item.take", "project/1", "{'stage':3,'item':'supply-water'}");
}

static void permits(World *w) {
  way_accounts(w);
  way_project(w, "owner");
  REQUIRE(world_upto(w, 1, STAGE_RUNNING));
}

#define MINE "{'items':['1/1/land-preview']}"
#define TOLD WAY_TOLD
#define FOLLOWS(c, v, w, b, s, j) {.command = (c), .via = (v), .who = (w), .before = (b), .stream = (s), .json = (j)}
const Way ways_finish[] = {
    WAY_TOLD("surveyor.apply", "drawer", agency, "", ENTER),
    WAY_TOLD("surveyor.check", "nr", applied_for, "surveyor/1", ENTERED),
    WAY_TOLD("surveyor.remove", "nr-head", entered, "surveyor/1", "{'reason':'资质被降级，不再符合条件'}"),
    WAY_TOLD("survey.commission", "owner", building, "", COMMISSION),
    WAY_TOLD("survey.deliver", "drawer", commissioned, "survey/1", DELIVER),
    {.command = "project.take-survey", .via = "survey.deliver", .who = "drawer", .before = commissioned, .stream = "survey/1", .json = DELIVER},
    WAY_TOLD("survey.cancel", "owner", commissioned, "survey/1", "{'reason':'合同没有签成'}"),
    WAY_AFTER("survey.close", "project.withdraw", "owner", commissioned, NULL),
    TOLD("busy.add", "nr", way_accounts, "", AWAY),
    TOLD("busy.drop", "nr", away, "busy/natural-resources", "{'no':1}"),
    TOLD("desk.take", "nr", permits, "", MINE),
    TOLD("desk.hand", "nr-head", permits, "", "{'items':['1/1/land-preview'],'to':'nr','note':'出差一周'}"),
    TOLD("acceptance.start", "owner", fourth, "", START),
    TOLD("acceptance.schedule", "hc", started, "acceptance/1", DAY),
    TOLD("acceptance.note", "nr", scheduled, "acceptance/1", FOUND),
    TOLD("acceptance.report", "nr", scheduled, "acceptance/1", "{'part':'accept-planning','result':'pass','opinion':'符合要求','signature':'张然'}"),
    TOLD("acceptance.rectify", "owner", found, "acceptance/1", "{'point':1,'text':'围墙已退到位'}"),
    TOLD("acceptance.recheck", "owner", rectified, "acceptance/1", "{}"),
    TOLD("acceptance.withdraw", "owner", started, "acceptance/1", LATER),
    TOLD("acceptance.conclude", "hc-head", ready, "acceptance/1", OPINION),
    {.command = "acceptance.close", .via = "project.withdraw", .who = "owner", .before = started},
    FOLLOWS("stage.tie", "acceptance.start", "owner", fourth, "", START),
    FOLLOWS("stage.untie", "acceptance.withdraw", "owner", started, "acceptance/1", LATER),
    FOLLOWS("stage.rest", "acceptance.report", "nr", seen, "acceptance/1", BAD),
    FOLLOWS("stage.move-on", "acceptance.recheck", "owner", rectified, "acceptance/1", "{}"),
    FOLLOWS("stage.settle", "acceptance.conclude", "hc-head", ready, "acceptance/1", OPINION),
    TOLD("utility.apply", "owner", registered, "", APPLY),
    TOLD("utility.answer", "water", applied, "utility/1", PLAN),
    TOLD("utility.open", "system", applied, "utility/1", "{}"),
    TOLD("utility.connect", "water", opened, "utility/1", "{'kind':'water','text':'已通水，水表号 0117'}"),
    FOLLOWS("utility.follow", "item.decide", "water", taken, "project/1",
            "{'stage':3,'item':'supply-water','result':'pass','opinion':'同意接入','signature':'孟水'}"),
    FOLLOWS("item.follow", "utility.answer", "water", third, "utility/1", PLAN),
    {.command = "utility.close", .via = "project.withdraw", .who = "owner", .before = applied},
};
const size_t way_finish_count = COUNT(ways_finish);
