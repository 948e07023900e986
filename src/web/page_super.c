/* SPDX-License-Identifier: Apache-2.0 */
/* page_super.c: 市营商局 and leaders: every node with its days left. */
#include "web/page.h"
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

static Code page_super(Cx *cx, Request *rq, Reply *rp) {
  rp->title = tr(rq->lang, S("监督总览"));
  rp->view = json_obj(rq->mem);
  TRY(view_live(cx, rq, rp->view, S("project")));
  json_put_bool(rq->mem, rp->view, S("every_unit"), true);
  TRY(moved_note(cx, rq, rp->view));
  leads_view(rq, rp->view);
  TRY(items_view(cx, rq, rp->view, S(""), true));
  TRY(units_view(cx, rq, rp->view));
  return categories_view(cx, rq, rp->view);
}

static Code page_nodes(Cx *cx, Request *rq, Reply *rp) {
  Str unit = request_arg(rq, S("unit"));
  rp->title = tr(rq->lang, S("全部节点"));
  rp->view = json_obj(rq->mem);
  json_put_str(rq->mem, rp->view, S("unit"), unit);
  json_put_bool(rq->mem, rp->view, S("every_unit"), !unit.len);
  if (unit.len) json_put_str(rq->mem, rp->view, S("unit_name"), unit_name(rq->app->policy, unit));
  return items_view(cx, rq, rp->view, unit, true);
}

const Route super_routes[] = {
    {.method = GET, .path = "/w/super", .allow = ROLE_SUPERVISOR | ROLE_LEADER, .run = page_super, .tmpl = "super",
     .section = "super", .compact = true, .help = "监督总览：红黄灯、各单位、各类别，每个数字都能点开。"},
    {.method = GET, .path = "/w/super/nodes", .allow = ROLE_SUPERVISOR | ROLE_LEADER, .run = page_nodes,
     .tmpl = "nodes", .section = "super", .compact = true, .help = "全部办理节点和剩余天数。"},
    {.path = NULL},
};
