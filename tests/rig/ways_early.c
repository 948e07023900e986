/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ways_early.c: ways before the case and beside it: the reserve library, agents, consultation, personal data. These acts
 * are told whole; whether they are legal says the store. Those of the program follow an act of a person (Way.via).
 */
#include "ways.h"

#include <stdio.h>

#define FIRM "葫芦岛示例机械有限公司"
#define USCC "91211400MA0XYW122L"
#define PLOT "{'name':'龙港区北港地块','county':'longgang','boundary':'东至滨海路，西至北港街','scale':'工业用地，建筑面积约 12500 平方米','basis':'葫芦岛市城市总体规划','granted':true}"
/* Empty ones lock nothing, so that the ordinary form of the world can be handed in. */
#define CONDITIONS "{'conditions':{'plot_ratio':'','building_density':'','green_rate':'','building_height':'','parking':'','land_area':''},'survey':'已完成'}"
#define ASKS "{'asks':[{'kind':'planning','unit':'natural-resources'}]}"
#define OPINION "{'kind':'planning','result':'agree','opinion':'同意，符合规划。'}"
#define CHANGE "{'name':'plot_ratio','value':'1.6','reason':'城市设计调整，容积率相应降低','doc':'葫自然规〔2019〕1号（示例）'}"
#define ZONE "{'name':'葫芦岛经济开发区','kind':'zone','county':'longgang','boundary':'东至滨海路，西至北港街','body':'开发区管理委员会'}"
#define ASSESSED                                                                                                                    \
  "{'kind':'geology','body':'市自然资源局','doc':'葫自然资评（示例）','since':'2019-09-01','until':'2021-12-31','requirements':'坡脚三十米内不得开挖','files':[{'blob':'aa3fb947fadba43a34fea743d9549271a7b1b8f5b2550df076d6c842bf3db350','name':'评估.pdf','size':6}]}"
#define CATALOGUE "{'county':'longgang','items':[{'name':'企业投资项目备案','scope':'approval','guide':'带营业执照'}],'guide':'到龙港区代办窗口提出委托。'}"
#define TRAINING "{'agents':['agent','agent2'],'day':'2019-09-01','topic':'统一培训'}"
#define ORDER "{'county':'longgang','name':'示例产业园','items':['企业投资项目备案'],'consent':true}"
#define QUESTION "{'unit':'natural-resources','subject':'建筑退线','question':'未取得土地，拟建厂房退道路红线要多少米？','county':'longgang','open':true}"
#define REQUEST "{'record':'project/1','ground':'consent','reason':'已经用不着了'}"
/* The reference that registering put into the vault of the store: see refs_own of the world. */
#define REF "v1.sample-1-1-0"
#define LETTER "v1.letter"
#define CONTACT "{'email_ref':'" LETTER "','mail':true,'sms':false}"
#define BAD "{'level':1,'felt':2,'gained':3,'satisfied':1,'aspects':['ease'],'text':'等了太久'}"
#define REPLY "{'found':'情况属实，已核实','done':'已经调整排班','called':true}"
#define AGAIN "{'record':'project/1','refs':['" REF "'],'at':1567386000000,'pos':1,'leaf':'00','list':'00'}"

static const struct { const char *who, *name, *unit, *behalf; uint32_t roles; } people[] = {
    {"dr", "李发", "development-reform", "", ROLE_APPROVER},    {"dr-head", "李长", "development-reform", "", ROLE_UNIT_HEAD},
    {"nr", "张然", "natural-resources", "", ROLE_APPROVER},     {"nr-head", "张长", "natural-resources", "", ROLE_UNIT_HEAD},
    {"lg-head", "赵长", "longgang", "", ROLE_UNIT_HEAD},        {"leader", "市领导甲", "", "", ROLE_LEADER},
    {"hc", "陈建", "housing-construction", "", ROLE_APPROVER},   {"hc-head", "陈长", "housing-construction", "", ROLE_UNIT_HEAD},
    {"drawer", "何审", "", "", ROLE_APPLICANT},
    {"owner", "王某", "", "", ROLE_APPLICANT},                  {"agent", "周代", "longgang", FIRM, ROLE_AGENT},
    {"clerk", "李某", "window", "", ROLE_CLERK},                {"zhao", "赵窗", "window", "", ROLE_WINDOW_HEAD},
    {"secadmin", "冯某", "", "", ROLE_SECADMIN},
    {"supervisor", "钱某", "business-environment", "", ROLE_SUPERVISOR}, {"system", "系统", "", "", ROLE_SYSTEM}, {"sysadmin", "孙某", "", "", ROLE_SYSADMIN}, {"secadmin", "冯某", "", "", ROLE_SECADMIN},
    {"water", "孟水", "water-company", "", ROLE_APPROVER},
    {"power", "傅电", "power-company", "", ROLE_APPROVER},
    {"gas", "钱气", "gas-company", "", ROLE_APPROVER},
    {"heat", "孙热", "heat-company", "", ROLE_APPROVER},
    {"drainage", "周排", "drainage-company", "", ROLE_APPROVER},
    {"telecom", "吴信", "telecom-company", "", ROLE_APPROVER},
    {"ed", "冯编", "government-office", "", ROLE_EDITOR},       {"ed2", "褚编", "government-office", "", ROLE_EDITOR},
    {"ed3", "卫编", "government-office", "", ROLE_EDITOR},      {"go-head", "蒋办", "government-office", "", ROLE_UNIT_HEAD},
    {"se-head", "沈密", "state-secrets", "", ROLE_UNIT_HEAD},   {"anybody", "公众", "", "", ROLE_PUBLIC}};

/* JSON with ' for ". */
static Json *told(World *w, const char *text) {
  Cx cx = {.mem = w->mem};
  Json *tree = NULL;
  char *copy = (char *)(uintptr_t)arena_z(w->mem, arena_str(w->mem, str_of(text)));
  for (char *c = copy; *c; c++)
    if (*c == '\'') *c = '"';
  REQUIRE(json_parse(&cx, str_of(copy), &tree) == OK);
  return tree;
}

static const Personal letter_address = {{.ptr = LETTER, .len = sizeof LETTER - 1}, {.ptr = "email", .len = 5}, {.ptr = "wang@example.com", .len = 16}};

static Command command_of(World *w, const char *who, const char *command, const char *stream, const char *json) {
  Command cmd = {.name = str_of(command), .stream = str_of(stream), .now = w->now, .args = told(w, json)};
  for (size_t i = 0; i < COUNT(people); i++)
    if (!strcmp(people[i].who, who))
      cmd.actor = (Actor){.id = str_of(who), .name = str_of(people[i].name), .unit = str_of(people[i].unit),
                          .behalf = str_of(people[i].behalf), .roles = people[i].roles};
  REQUIRE(cmd.actor.id.len);
  if (strstr(json, LETTER)) {
    cmd.personal = &letter_address;
    cmd.personal_count = 1;
  }
  return cmd;
}

Command way_told(World *w, const Way *way, const Json *more) {
  Command cmd = command_of(w, way->who, way->via ? way->via : way->command, way->stream, way->json);
  for (const Json *x = more->first; x; x = x->next) json_put(w->mem, (Json *)(uintptr_t)cmd.args, x->key, x);
  return cmd;
}

/* On the way there; only where there is a store. The key is of what is said. */
void way_say(World *w, const char *who, const char *command, const char *stream, const char *json) {
  Cx cx = {.mem = w->mem, .now = w->now};
  CommandResult result;
  if (!w->runner) return;
  Command cmd = command_of(w, who, command, stream, json);
  Str hash = hash_hex(w->mem, hash_bytes(SUITE_GM, arena_fmt(w->mem, "%s %s %s", who, command, json)));
  cmd.key = arena_fmt(w->mem, "said-%.40s", hash.ptr);
  bool legal = runner_run(&cx, w->runner, &cmd, &result) == OK;
  if (!legal) fprintf(stderr, "  the store refused %s: %.*s\n", command, SFMT(cx.detail));
  REQUIRE(legal);
}

static void zone(World *w) {
  way_say(w, "dr", "region.add", "", ZONE);
}

static void assessed(World *w) {
  zone(w);
  way_say(w, "dr", "region.assess", "region/1", ASSESSED);
}

/* ---- the reserve library ----------------------------------------------------------------------------- */

static void idea(World *w) {
  way_say(w, "dr", "reserve.add", "", PLOT);
}

static void asked(World *w) {
  idea(w);
  way_say(w, "nr", "reserve.set-conditions", "reserve/1", CONDITIONS);
  way_say(w, "dr", "reserve.ask-opinions", "reserve/1", ASKS);
}

static void agreed(World *w) {
  asked(w);
  way_say(w, "nr", "reserve.give-opinion", "reserve/1", OPINION);
}

static void generated(World *w) {
  agreed(w);
  way_say(w, "dr-head", "reserve.generate", "reserve/1", "{}");
}

static void published(World *w) {
  generated(w);
  way_say(w, "nr-head", "reserve.publish", "reserve/1", "{}");
}

/* What the world must know of the tables of the store, to do in memory what the store does. */
static void assigned(World *w) {
  published(w);
  way_say(w, "dr", "reserve.assign", "reserve/1", "{'owner':'" FIRM "','uscc':'" USCC "'}");
  w->beside = told(w, "{'plot':{'no':1,'number':'CB-000001','status':'assigned','uscc':'" USCC "','values':{}}}");
}

static void reserve_args(World *w, Json *a) {
  json_put_int(w->mem, a, S("reserve"), 1);
}

static void project(World *w, const char *who, bool of_plot) {
  Json *a = json_obj(w->mem);
  w->category = S("industry");
  w->county = S("longgang");
  if (of_plot) reserve_args(w, a);
  REQUIRE(world_do(w, str_of(who), S("project.register"), a) == OK);
}

void way_project(World *w, const char *who) {
  project(w, who, false);
}

static void converted(World *w) {
  assigned(w);
  project(w, "owner", true);
}

/* ---- agents ------------------------------------------------------------------------------------------ */

void way_accounts(World *w) {
  way_say(w, "system", "user.create", "", "{'id':'owner','name':'王某','roles':'applicant','org_name':'" FIRM "','org_uscc':'" USCC "'}");
  way_say(w, "system", "user.create", "", "{'id':'agent','name':'周代','roles':'agent','unit':'longgang'}");
  way_say(w, "system", "user.create", "", "{'id':'agent2','name':'吴代','roles':'agent','unit':'window'}");
  way_say(w, "system", "user.create", "", "{'id':'nr','name':'张然','roles':'approver','unit':'natural-resources'}");
}

static void drafted(World *w) {
  way_say(w, "lg-head", "catalogue.draft", "", CATALOGUE);
}

static void issued(World *w) {
  way_accounts(w);
  drafted(w);
  way_say(w, "leader", "catalogue.issue", "catalogue/longgang", "{'no':1}");
  way_say(w, "dr-head", "roster.train", "", TRAINING);
}

static void ordered(World *w) {
  issued(w);
  way_say(w, "owner", "agent.order", "", ORDER);
}

static void mandated(World *w) {
  ordered(w);
  way_say(w, "lg-head", "agent.assign", "agent/1", "{'agent':'agent'}");
  w->beside = told(w, "{'mandate':'DB-2019-0001','mandate_owner':'" FIRM "','mandate_applicant':'owner'}");
}

static void begun(World *w) {
  mandated(w);
  way_say(w, "system", "agent.start", "agent/1", "{}");
}

static void bound(World *w) {
  mandated(w);
  project(w, "agent", false);
}

static void saved(World *w) {
  bound(w);
  REQUIRE(world_step(w, "agent", "stage.save-draft", 1, S(""), NULL, NULL) == OK);
}

static void sent(World *w) {
  saved(w);
  REQUIRE(world_step(w, "agent", "stage.ask-confirm", 1, S(""), NULL, NULL) == OK);
}

static void built(World *w) {
  bound(w);
  REQUIRE(world_upto(w, 3, STAGE_CERTIFIED));
}

static void third_args(World *w, Json *a) {
  json_put_int(w->mem, a, S("stage"), 3);
}

/* ---- consultation ------------------------------------------------------------------------------------ */

static void consulted(World *w) {
  way_accounts(w);
  way_say(w, "owner", "consult.ask", "", QUESTION);
}

#define ASKED_FREELY "{'unit':'natural-resources','subject':'自建房','question':'村里自建房要不要办规划许可证？','open':true,'name':'v1.AAAAAAAAAAAAAAAAAAAAAA','lock':'64a312979d533db9febf686a4faf3d34bcac9c06d48cd88f5a3d3e9ca8ac09f0'}"
static void told_freely(World *w) {
  way_accounts(w);
  way_say(w, "anybody", "consult.ask-public", "", ASKED_FREELY);
  way_say(w, "nr", "consult.reply", "consult/1", "{'reply':'宅基地上的自建房办乡村建设规划许可证。','basis':'城乡规划法第四十一条'}");
}

static void more(World *w) {
  consulted(w);
  way_say(w, "nr", "consult.ask-more", "consult/1", "{'what':'请补充地块的红线图和用地性质说明'}");
}

/* ---- personal data ----------------------------------------------------------------------------------- */

static void registered(World *w) {
  way_accounts(w);
  project(w, "owner", false);
}

static void over(World *w) {
  registered(w);
  REQUIRE(world_do(w, S("owner"), S("project.withdraw"), NULL) == OK);
}

static void requested(World *w) {
  over(w);
  way_say(w, "secadmin", "personal.request", "", REQUEST);
}

/* ---- messages and ratings ------------------------------------------------------------------------------- */

static void reached(World *w) {
  way_accounts(w);
  way_say(w, "owner", "user.set-contact", "user/owner", CONTACT);
  project(w, "owner", false);
}

/* The first event of notice/1 tells owner by mail: row 1000 of its outbox. */
static void told_of(World *w) {
  reached(w);
  REQUIRE(world_upto(w, 1, STAGE_SUBMITTED));
}

static void attempted(World *w) {
  told_of(w);
  way_say(w, "system", "notice.attempt", "notice/1", "{'id':1000}");
}

static void lost(World *w) {
  attempted(w);
  way_say(w, "system", "notice.report", "notice/1", "{'id':1000,'try':1,'result':'failed','text':'550 no such user'}");
}

static void late(World *w) {
  reached(w);
  REQUIRE(world_upto(w, 1, STAGE_RUNNING));
  w->now = day_start(day_ymd(2020, 3, 2)) + 9 * 3600000LL;
}

static void certified(World *w) {
  reached(w);
  REQUIRE(world_upto(w, 1, STAGE_CERTIFIED));
}

static void delivered(World *w) {
  reached(w);
  REQUIRE(world_upto(w, 1, STAGE_DELIVERED));
}

static void rated_badly(World *w) {
  delivered(w);
  way_say(w, "system", "rating.answer-by-link", "rating/1-1", BAD);
}

/* ---- the table --------------------------------------------------------------------------------------- */

static void nowhere(World *w) {
  (void)w;
}

#define TOLD WAY_TOLD
#define DRAWN "{'shape':'120.84,40.68\\n120.88,40.68\\n120.88,40.71','basis':'葫政示例1号','sample':true}"
#define AFTER WAY_AFTER
const Way ways_early[] = {
    TOLD("reserve.add", "dr", nowhere, "", PLOT),
    TOLD("reserve.set-conditions", "nr", idea, "reserve/1", CONDITIONS),
    TOLD("reserve.ask-opinions", "dr", idea, "reserve/1", ASKS),
    TOLD("reserve.give-opinion", "nr", asked, "reserve/1", OPINION),
    TOLD("reserve.generate", "dr-head", agreed, "reserve/1", "{}"),
    TOLD("reserve.publish", "nr-head", generated, "reserve/1", "{}"),
    TOLD("reserve.assign", "dr", published, "reserve/1", "{'owner':'" FIRM "','uscc':'" USCC "'}"),
    AFTER("reserve.convert", "project.register", "owner", assigned, reserve_args),
    AFTER("reserve.release", "project.withdraw", "owner", converted, NULL),
    TOLD("reserve.change-condition", "nr-head", generated, "reserve/1", CHANGE),
    {.command = "project.change-condition", .via = "reserve.change-condition", .who = "nr-head", .before = converted, .stream = "reserve/1",
     .json = CHANGE},
    TOLD("reserve.drop", "dr", idea, "reserve/1", "{'reason':'规划调整，不再储备'}"),
    TOLD("region.add", "dr", nowhere, "", ZONE),
    TOLD("region.draw", "dr", zone, "region/1", DRAWN),
    {.command = "layer.gather", .via = "region.draw", .who = "dr", .before = zone, .stream = "region/1", .json = DRAWN},
    TOLD("region.assess", "dr", zone, "region/1", ASSESSED),
    TOLD("region.stop", "dr-head", assessed, "region/1", "{'no':1,'reason':'边坡加固以后重新评估'}"),
    TOLD("catalogue.draft", "lg-head", nowhere, "", CATALOGUE),
    TOLD("catalogue.issue", "leader", drafted, "catalogue/longgang", "{'no':1}"),
    TOLD("catalogue.return", "leader", drafted, "catalogue/longgang", "{'no':1,'reason':'请补充办事指南'}"),
    TOLD("roster.train", "dr-head", way_accounts, "", TRAINING),
    TOLD("agent.order", "owner", issued, "", ORDER),
    TOLD("agent.assign", "lg-head", ordered, "agent/1", "{'agent':'agent'}"),
    TOLD("agent.reassign", "lg-head", mandated, "agent/1", "{'agent':'agent2','reason':'原代办员休假'}"),
    TOLD("agent.log", "agent", mandated, "agent/1", "{'text':'陪同现场勘察'}"),
    TOLD("agent.rate", "owner", begun, "agent/1", "{'score':5,'text':'随叫随到'}"),
    TOLD("agent.rate-unit", "nr-head", begun, "agent/1", "{'score':4}"),
    TOLD("agent.end", "owner", ordered, "agent/1", "{'reason':'自行办理'}"),
    {.command = "stage.ask-confirm", .who = "agent", .before = saved},
    {.command = "stage.return-draft", .who = "owner", .before = sent},
    AFTER("agent.bind", "project.register", "agent", mandated, NULL),
    AFTER("agent.start", "stage.deliver", "clerk", built, third_args),
    AFTER("agent.close", "project.withdraw", "owner", bound, NULL),
    TOLD("consult.ask", "owner", way_accounts, "", QUESTION),
    TOLD("consult.assign", "nr-head", consulted, "consult/1", "{'person':'nr'}"),
    TOLD("consult.ask-more", "nr", consulted, "consult/1", "{'what':'请补充地块的红线图和用地性质说明'}"),
    TOLD("consult.supplement", "owner", more, "consult/1", "{'text':'红线图见附件，用地性质为工业'}"),
    TOLD("consult.reply", "nr", consulted, "consult/1", "{'reply':'退滨海路道路红线不少于 15 米。','basis':'葫芦岛市城市规划管理技术规定（示例）'}"),
    TOLD("consult.ask-public", "anybody", way_accounts, "", ASKED_FREELY),
    TOLD("consult.forget", "nr", told_freely, "consult/1", "{}"),
    TOLD("consult.withdraw", "owner", consulted, "consult/1", "{'reason':'不再需要答复'}"),
    TOLD("user.set-contact", "owner", way_accounts, "user/owner", CONTACT),
    AFTER("notice.tell", "stage.accept", "clerk", told_of, NULL),
    TOLD("notice.remind", "system", late, "", "{'day':'2020-03-02'}"),
    TOLD("notice.attempt", "system", told_of, "notice/1", "{'id':1000}"),
    TOLD("notice.report", "system", attempted, "notice/1", "{'id':1000,'try':1,'result':'sent','text':'250 ok'}"),
    TOLD("notice.again", "sysadmin", lost, "notice/1", "{'id':1000,'reason':'邮件服务器已修好'}"),
    TOLD("notice.read", "owner", told_of, "", "{'upto':9007199254740991}"),
    AFTER("rating.open", "stage.deliver", "clerk", certified, NULL),
    TOLD("rating.answer", "owner", delivered, "rating/1-1", BAD),
    TOLD("rating.answer-by-link", "system", delivered, "rating/1-1", BAD),
    TOLD("rating.reply", "zhao", rated_badly, "rating/1-1", REPLY),
    TOLD("personal.request", "secadmin", over, "", REQUEST),
    {.command = "personal.confirm", .who = "supervisor", .before = requested, .stream = "personal/project-1", .json = "{'no':1}", .erases = REF},
    TOLD("personal.reject", "supervisor", requested, "personal/project-1", "{'no':1,'reason':'还要用来送达证件'}"),
    TOLD("personal.look", "clerk", registered, "", "{'record':'project/1','ref':'" REF "','purpose':'contact','note':'通知领取证件'}"),
    {.command = "personal.again", .who = "system", .before = over, .stream = "", .json = AGAIN, .erases = REF},
};
const size_t way_early_count = COUNT(ways_early);
