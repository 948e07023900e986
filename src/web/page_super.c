/* SPDX-License-Identifier: Apache-2.0 */
/* page_super.c: 市营商局 and leaders: every node with its days left. */
#include "approval/window.h"
#include "joint/joint.h"
#include "notice/notice.h"
#include "supervision/supervision.h"
#include "web/page.h"
#include "web/page_random.h"
#include "web/page_stats.h"
#include "web/page_work.h"

static Code units_view(Cx *cx, Request *rq, Json *view) {
  Arena *m = rq->mem;
  UnitRow *rows = NULL;
  size_t n = 0;
  TRY(units_summary(cx, rq->rd, rq->app->policy, rq->now, &rows, &n));
  Json *list = json_put_arr(m, view, S("units"));
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, list);
    PUT(o, "unit", rows[i].unit);
    PUT(o, "name", unit_name(rq->app->policy, rows[i].unit));
    PUT_INT(o, "open", rows[i].open);
    PUT_INT(o, "red", rows[i].red);
    PUT_INT(o, "yellow", rows[i].yellow);
    PUT_INT(o, "grey", rows[i].grey);
    PUT_INT(o, "green", rows[i].green);
    PUT_INT(o, "done", rows[i].done);
    if (rows[i].done) PUT(o, "mean", milli_str(m, (Milli){rows[i].done_days * 10 / rows[i].done * 100}));
  }
  return OK;
}

static Code categories_view(Cx *cx, Request *rq, Json *view) {
  Arena *m = rq->mem;
  CategoryRow *rows = NULL;
  size_t n = 0;
  TRY(categories_summary(cx, rq->rd, rq->app->policy, &rows, &n));
  Json *list = json_put_arr(m, view, S("categories"));
  for (size_t i = 0; i < n; i++) {
    const Category *c = policy_category(rq->app->policy, rows[i].category);
    Json *o = json_push_obj(m, list);
    PUT(o, "name", c ? c->name : rows[i].category);
    PUT_INT(o, "limit", c ? c->total : 0);
    PUT_INT(o, "projects", rows[i].projects);
    PUT_INT(o, "running", rows[i].running);
    PUT_INT(o, "completed", rows[i].completed);
    PUT_INT(o, "terminated", rows[i].terminated);
    if (rows[i].completed)
      PUT(o, "mean", milli_str(m, (Milli){rows[i].completed_days * 10 / rows[i].completed * 100}));
  }
  return OK;
}

/* ---- how it stands: three drawings ---------------------------------------------------------------------------------- */

/* "plates": how long the stages take and how far projects come, as bars; "late": what was late, department by month. */
static Code plates_view(Cx *cx, Request *rq, Json *view) {
  enum { UNITS_SHOWN = 8 };
  StatAsk ask;
  StatAnswer how_long, funnel, heat;
  TRY(stats_ask(cx, rq, &ask));
  TRY(stat_answer(cx, rq->app->stats, rq->rd, S("long"), &ask, &how_long));
  TRY(stat_answer(cx, rq->app->stats, rq->rd, S("funnel"), &ask, &funnel));
  TRY(stat_answer(cx, rq->app->stats, rq->rd, S("heat"), &ask, &heat));
  how_long.tables[0].title = S("各阶段办理要多久");
  heat.tables[1].title = S("各部门每月超过时限才办结的事项（还在办的见上面的“超期”）");
  Json *plates = json_put_arr(rq->mem, view, S("plates")), *late = json_put_arr(rq->mem, view, S("late"));
  stats_table_view(rq, plates, &how_long, &ask, 0, SIZE_MAX);
  stats_table_view(rq, plates, &funnel, &ask, 0, SIZE_MAX);
  if (heat.tables[1].count) stats_table_view(rq, late, &heat, &ask, 1, UNITS_SHOWN);
  return OK;
}

/* ---- what somebody has to look at ------------------------------------------------------------------------------------ */

static void matter(Request *rq, Json *list, const char *label, const char *href, int64_t n) {
  Json *o = json_push_obj(rq->mem, list);
  json_put_str(rq->mem, o, S("label"), str_of(label));
  json_put_str(rq->mem, o, S("href"), str_of(href));
  json_put_int(rq->mem, o, S("n"), n);
  json_put_int(rq->mem, o, S("late"), 0); /* the page has a "late" of its own */
}

/* "matters":[{"label","href","n"}]: each number is the length of the list it leads to. */
static Code matters_view(Cx *cx, Request *rq, Json *view) {
  enum { OUTSIDE_MAX = 200 };
  const Policy *p = rq->app->policy;
  DirectiveRow *orders = NULL;
  SignRow *signs = NULL;
  RatingRow *bad = NULL;
  ExemptRow *outside = NULL;
  PromiseCount promises;
  size_t n = 0, outside_n = 0;
  int64_t late = 0, found = 0, rated = 0, mine = 0, back = 0;
  TRY(directives_list(cx, rq->rd, p, &(DirectiveFilter){.late = true, .limit = 1}, rq->now, &orders, &n, &late));
  TRY(directives_list(cx, rq->rd, p, &(DirectiveFilter){.to = rq->who, .status = S("issued"), .owed = true, .limit = 1}, rq->now, &orders, &n, &mine));
  TRY(directives_list(cx, rq->rd, p, &(DirectiveFilter){.status = S("replied"), .limit = 1}, rq->now, &orders, &n, &back));
  TRY(signs_list(cx, rq->rd, S(""), S(""), 0, 1, &signs, &n, &found));
  TRY(promises_count(cx, rq->rd, S(""), rq->now, &promises));
  TRY(ratings_list(cx, rq->rd, p, &(RatingFilter){.bad = true, .limit = 1}, rq->now, &bad, &n, &rated));
  TRY(exemptions_list(cx, rq->rd, OUTSIDE_MAX, &outside, &outside_n));
  Json *list = json_put_arr(rq->mem, view, S("matters"));
  matter(rq, list, "督办单等您回复", "/w/orders?status=owed", mine);
  TRY(spots_wait(cx, rq, list));
  matter(rq, list, "督办单逾期没有回复或没有办结", "/w/super/orders?status=late", late);
  matter(rq, list, "督办单已回复，看要不要办结", "/w/super/orders?status=replied", back);
  matter(rq, list, "承诺到期没有核查", "/w/promise?figure=late", promises.late);
  matter(rq, list, "异常线索", "/w/super/signs", found);
  matter(rq, list, "体外循环登记", "/w/outside", (int64_t)outside_n);
  matter(rq, list, "差评", "/w/ratings", rated);
  return OK;
}

static Code make_super(Cx *cx, Request *rq, Reply *rp) {
  rp->title = tr(rq->lang, S("监督总览"));
  rp->view = json_obj(rq->mem);
  TRY(view_live(cx, rq, rp->view, S("project")));
  json_put_bool(rq->mem, rp->view, S("every_unit"), true);
  TRY(moved_note(cx, rq, rp->view));
  leads_view(rq, rp->view);
  TRY(items_view(cx, rq, rp->view, S(""), true));
  TRY(outside_view(cx, rq, rp->view));
  TRY(matters_view(cx, rq, rp->view));
  if (rq->app->stats) TRY(plates_view(cx, rq, rp->view));
  TRY(units_view(cx, rq, rp->view));
  return categories_view(cx, rq, rp->view);
}

static Code page_super(Cx *cx, Request *rq, Reply *rp) {
  return reply_long(cx, rq, rp, make_super);
}

/* What the list is narrowed to, for its heading; empty: to nothing. */
static Str filtered_by(Request *rq) {
  static const struct { const char *lamp, *label; } lamps[] = {{"red", "超期"}, {"yellow", "预警"}, {"grey", "暂停"}, {"green", "正常"}};
  Arena *m = rq->mem;
  Str lamp = request_arg(rq, S("lamp")), q = request_arg(rq, S("q")), out = S("");
  int64_t stage = request_int(rq, S("stage"), 0);
  for (size_t i = 0; i < COUNT(lamps); i++)
    if (str_eqz(lamp, lamps[i].lamp)) out = str_of(lamps[i].label);
  if (stage > 0) out = arena_fmt(m, "%.*s%s第 %lld 阶段", SFMT(out), out.len ? "，" : "", (long long)stage);
  if (q.len) out = arena_fmt(m, "%.*s%s含“%.*s”", SFMT(out), out.len ? "，" : "", SFMT(q));
  return out;
}

static Code make_nodes(Cx *cx, Request *rq, Reply *rp) {
  Str unit = request_arg(rq, S("unit"));
  rp->title = tr(rq->lang, S("全部节点"));
  rp->view = json_obj(rq->mem);
  json_put_str(rq->mem, rp->view, S("unit"), unit);
  json_put_bool(rq->mem, rp->view, S("every_unit"), !unit.len);
  json_put_str(rq->mem, rp->view, S("filtered"), filtered_by(rq));
  view_warn_rule(rq, rp->view);
  if (unit.len) json_put_str(rq->mem, rp->view, S("unit_name"), unit_name(rq->app->policy, unit));
  TRY(outside_view(cx, rq, rp->view));
  return items_view(cx, rq, rp->view, unit, true);
}

static Code page_nodes(Cx *cx, Request *rq, Reply *rp) {
  return reply_long(cx, rq, rp, make_nodes);
}

const Route super_routes[] = {
    {.method = GET, .path = "/w/super", .allow = ROLE_SUPERVISOR | ROLE_LEADER, .run = page_super, .tmpl = "super",
     .section = "super", .compact = true, .help = "监督总览：红黄灯、各单位、各类别，每个数字都能点开。"},
    {.method = GET, .path = "/w/super/nodes", .allow = ROLE_SUPERVISOR | ROLE_LEADER, .run = page_nodes,
     .tmpl = "nodes", .section = "super", .compact = true, .help = "全部办理节点和剩余天数。"},
    {.path = NULL},
};
