/* SPDX-License-Identifier: Apache-2.0 */
/* ways_inspect.c: ways of spot checks by lot. One project, two inspectors, two parties; the list is written out here as the engine must write it. */
#include "inspect/inspect.h"
#include "ways.h"

#define PLAN "{'title':'年度抽查','items':['施工许可事后检查'],'units':['natural-resources'],'count':1,'from':'2019-09-10','to':'2019-09-30','basis':'年度抽查工作计划'}"
#define BEACON_AT "2019-09-05T15:30"
#define OPEN "{'plan':1,'parties':['supervisor','nr-head'],'beacon':'收盘点位','beacon_at':'" BEACON_AT "'}"
#define SECRET1 "secret-of-the-supervisor"
#define SECRET2 "secret-of-the-department"
#define REASON "'reason':'名录漏登，补登以后重新抽取'"

static void enrolled(World *w) {
  way_say(w, "system", "user.create", "", "{'id':'nr','name':'张然','roles':'approver','unit':'natural-resources'}");
  way_say(w, "system", "user.create", "", "{'id':'nr-head','name':'张长','roles':'unit_head','unit':'natural-resources'}");
  way_say(w, "system", "user.create", "", "{'id':'supervisor','name':'钱某','roles':'supervisor','unit':'business-environment'}");
}

static void rolled(World *w) {
  enrolled(w);
  way_say(w, "nr-head", "pool.add-inspector", "", "{'person':'nr','cert':'LN-01'}");
  way_say(w, "nr-head", "pool.add-inspector", "", "{'person':'nr-head','cert':'LN-02'}");
}

static void planned(World *w) {
  rolled(w);
  way_project(w, "owner");
  way_say(w, "supervisor", "plan.make", "", PLAN);
}

static void published(World *w) {
  planned(w);
  way_say(w, "supervisor", "plan.publish", "plan/1", "{}");
}

static void opened(World *w) {
  published(w);
  way_say(w, "supervisor", "draw.open", "", OPEN);
}

static Str commitment(World *w, const char *who, const char *secret) {
  const Policy *p = w->policies.current;
  Str list = arena_fmt(w->mem,
                       "yichuang-draw/1\nplan SJ-2019-0001 1\nrule 2 1\nrate A %d\nrate B %d\nrate C %d\nrate D %d\nbeacon " BEACON_AT ":00+08:00 收盘点位\n"
                       "party supervisor 钱某\nparty nr-head 张长\nobject %.*s %.*s %.*s %.*s\ninspector LN-01 natural-resources - 张然\n"
                       "inspector LN-02 natural-resources - 张长\n",
                       p->spot_a, p->spot_b, p->spot_c, p->spot_d, SFMT(w->pr->number), SFMT(w->pr->uscc), SFMT(p->spot_class), SFMT(w->pr->name));
  return lot_commitment(w->mem, hash_hex(w->mem, lot_hash(list)), str_of(who), str_of(secret));
}

static void commit(World *w, const char *who, const char *secret) {
  Str hash = commitment(w, who, secret);
  way_say(w, who, "draw.commit", "draw/1", arena_fmt(w->mem, "{'commitment':'%.*s'}", SFMT(hash)).ptr);
}

static void commit_args(World *w, Json *a) {
  json_put_str(w->mem, a, S("commitment"), commitment(w, "nr-head", SECRET2));
}

static void half(World *w) {
  opened(w);
  commit(w, "supervisor", SECRET1);
}

static void committed(World *w) {
  half(w);
  commit(w, "nr-head", SECRET2);
}

static void revealed(World *w) {
  committed(w);
  way_say(w, "supervisor", "draw.reveal", "draw/1", "{'secret':'" SECRET1 "'}");
  way_say(w, "nr-head", "draw.reveal", "draw/1", "{'secret':'" SECRET2 "'}");
}

static void days_go(World *w) {
  w->now = day_start((Day){day_of(w->now).n + 4}) + 9 * 3600000LL;
}

static void overdue(World *w) {
  committed(w);
  days_go(w);
}

static void waiting(World *w) {
  revealed(w);
  days_go(w);
}

static void drawn(World *w) {
  waiting(w);
  way_say(w, "supervisor", "draw.complete", "draw/1", "{'value':'2985.86'}");
}

static void object_args(World *w, Json *a) {
  json_put_str(w->mem, a, S("object"), w->pr->number);
}

static void check(World *w, const char *who, const char *command, const char *more) {
  way_say(w, who, command, "draw/1", arena_fmt(w->mem, "{'object':'%.*s'%s}", SFMT(w->pr->number), more).ptr);
}

static void recorded(World *w) {
  drawn(w);
  check(w, "nr", "draw.record", ",'result':'ok','finding':'现场与许可内容一致'");
}

static void confirmed(World *w) {
  recorded(w);
  check(w, "nr-head", "draw.confirm", "");
}

/* ---- the one blueprint ----------------------------------------------------------------------------------------- */

#define PLOT "120.85,40.70\\n120.852,40.70\\n120.852,40.702\\n120.85,40.702"
#define LAYER "{'layer':'wetland','source':'示例数据','date':'2019-08-30','basis':'示例批准文件','shape':'" PLOT "'}"
#define PLOTTED "{'project':1,'shape':'" PLOT "','reclaim':true,'industry':'allowed'}"

static void layered(World *w) {
  enrolled(w);
  way_say(w, "nr", "layer.propose", "", LAYER);
}

static void listed(World *w) {
  way_accounts(w);
  way_project(w, "owner");
}

#define OF_OBJECT(c, w, b, j) {.command = (c), .who = (w), .before = (b), .stream = "draw/1", .json = (j), .args = object_args}
const Way ways_inspect[] = {
    WAY_TOLD("pool.add-inspector", "nr-head", enrolled, "", "{'person':'nr','cert':'LN-01','avoid':['91211400MA0XYW122L']}"),
    WAY_TOLD("pool.remove-inspector", "nr-head", rolled, "pool/main", "{'cert':'LN-01'," REASON "}"),
    WAY_TOLD("pool.recuse", "nr", rolled, "pool/main", "{'cert':'LN-01','uscc':'91211400MA0XYW122L','reason':'有近亲属在这家企业任职'}"),
    WAY_TOLD("pool.set-class", "supervisor", enrolled, "", "{'uscc':'91211400MA0XYW122L','class':'A','basis':'守信名单（示例）'}"),
    WAY_TOLD("plan.make", "supervisor", enrolled, "", PLAN),
    WAY_TOLD("plan.publish", "supervisor", planned, "plan/1", "{}"),
    WAY_TOLD("plan.drop", "supervisor", published, "plan/1", "{" REASON "}"),
    WAY_TOLD("draw.open", "supervisor", published, "", OPEN),
    {.command = "draw.commit", .who = "nr-head", .before = half, .stream = "draw/1", .json = "{}", .args = commit_args},
    WAY_TOLD("draw.reveal", "nr-head", committed, "draw/1", "{'secret':'" SECRET2 "'}"),
    WAY_TOLD("draw.complete", "supervisor", waiting, "draw/1", "{'value':'2985.86'}"),
    WAY_TOLD("draw.void", "supervisor", revealed, "draw/1", "{" REASON "}"),
    WAY_TOLD("draw.expire", "system", overdue, "draw/1", "{}"),
    OF_OBJECT("draw.record", "nr", drawn, "{'result':'ok','finding':'现场与许可内容一致'}"),
    OF_OBJECT("draw.confirm", "nr-head", recorded, "{}"),
    OF_OBJECT("draw.send-back", "nr-head", recorded, "{'reason':'照片没有附上，请补充以后再记'}"),
    WAY_TOLD("draw.publish", "supervisor", confirmed, "draw/1", "{}"),
    WAY_TOLD("layer.propose", "nr", enrolled, "", LAYER),
    WAY_TOLD("layer.publish", "nr-head", layered, "layer/wetland", "{'version':1}"),
    WAY_TOLD("layer.refuse", "nr-head", layered, "layer/wetland", "{'version':1,'reason':'范围与批准文件的附图不一致'}"),
    WAY_TOLD("mapcheck.make", "owner", listed, "", PLOTTED),
    {.command = "project.note-blueprint", .via = "mapcheck.make", .who = "owner", .before = listed, .stream = "", .json = PLOTTED},
};
const size_t way_inspect_count = COUNT(ways_inspect);
