/* SPDX-License-Identifier: Apache-2.0 */
/* ways_ledger.c: ways of a row of a ledger, of a monthly report, and of what follows them in the case, in credit and in supervision. */
#include "ways.h"

#define ROW "{'ledger':'kindergarten','name':'某小区','measure':'transfer','values':{'households':'1620','state':'building','issue':'stopped','land':'true','house':'true','assets':'true','received':'2019-09-01'}}"
#define REPORT "monthly/kindergarten.longgang.2019-09"
#define PLAN "{'ledger':'reclamation','title':'围填海历史遗留问题处理方案','text':'一项一策，逐项明确责任和期限。'}"

static void nowhere(World *w) {
  (void)w;
}
static void added(World *w) {
  way_say(w, "lg-head", "entry.add", "", ROW);
}
static void apart(World *w) {
  way_project(w, "owner");
  added(w);
}
static void linked(World *w) {
  apart(w);
  way_say(w, "lg-head", "entry.link", "entry/1", "{'project':1}");
}
static void closed(World *w) {
  linked(w);
  way_say(w, "lg-head", "entry.close", "entry/1", "{'result':'已经建成移交'}");
}
static void made(World *w) {
  added(w);
  way_say(w, "lg-head", "monthly.make", "", "{'ledger':'kindergarten'}");
}
static void reported(World *w) {
  made(w);
  way_say(w, "lg-head", "monthly.report", REPORT, "{}");
}
static void silent(World *w) {
  added(w);
  w->now += 20 * DAY_MS;
}
static void planned(World *w) {
  way_say(w, "nr", "ledger.plan", "", PLAN);
}
static void agreed(World *w) {
  planned(w);
  way_say(w, "nr", "ledger.agree", "ledger/reclamation", "{'document':'市政府常务会议','day':'2019-09-02'}");
}

#define TOLD(c, w, b, s, j) {.command = (c), .who = (w), .before = (b), .stream = (s), .json = (j)}
#define AFTER(c, v, w, b, s, j) {.command = (c), .via = (v), .who = (w), .before = (b), .stream = (s), .json = (j)}
const Way ways_ledger[] = {
    TOLD("entry.add", "lg-head", nowhere, "", ROW),
    AFTER("ledger.begin", "entry.add", "lg-head", nowhere, "", ROW),
    TOLD("entry.change", "lg-head", added, "entry/1", "{'measure':'reclaim','reason':'要先收回'}"),
    TOLD("entry.extend", "lg-head", added, "entry/1", "{'until':'2019-12-31','reason':'产权正在办理'}"),
    TOLD("entry.link", "lg-head", apart, "entry/1", "{'project':1}"),
    AFTER("project.hold", "entry.link", "lg-head", apart, "entry/1", "{'project':1}"),
    TOLD("entry.unlink", "hc", linked, "entry/1", "{'reason':'不是这个项目'}"),
    TOLD("entry.refuse", "lg-head", linked, "entry/1", "{'fact':'约谈三次没有复工','evidence':'约谈记录'}"),
    TOLD("entry.close", "lg-head", linked, "entry/1", "{'result':'已经建成移交'}"),
    TOLD("entry.confirm", "hc", closed, "entry/1", "{}"),
    AFTER("project.free", "entry.confirm", "hc", closed, "entry/1", "{}"),
    TOLD("entry.reopen", "hc", closed, "entry/1", "{'reason':'没有建成'}"),
    TOLD("monthly.make", "lg-head", added, "", "{'ledger':'kindergarten'}"),
    TOLD("monthly.report", "lg-head", made, REPORT, "{}"),
    TOLD("monthly.bounce", "lg-head", made, REPORT, "{'reason':'缺一个小区'}"),
    TOLD("monthly.accept", "hc", reported, REPORT, "{}"),
    TOLD("monthly.return", "hc", reported, REPORT, "{'reason':'数字不一致'}"),
    TOLD("ledger.watch", "system", silent, "ledger/kindergarten", "{'month':'2019-09'}"),
    TOLD("ledger.share", "hc", nowhere, "", "{'ledger':'kindergarten','unit':'longgang','share':'49','as_of':'2019-09-01'}"),
    TOLD("ledger.target", "lg-head", nowhere, "", "{'ledger':'reclamation','unit':'longgang','year':2019,'count':3}"),
    TOLD("ledger.plan", "nr", nowhere, "", PLAN),
    TOLD("ledger.agree", "nr", planned, "ledger/reclamation", "{'document':'市政府常务会议','day':'2019-09-02'}"),
    TOLD("ledger.send", "nr-head", agreed, "ledger/reclamation", "{}"),
};
const size_t way_ledger_count = COUNT(ways_ledger);
