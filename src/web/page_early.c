/* SPDX-License-Identifier: Apache-2.0 */
/* page_early.c: the two entrances to the pages before the case, and what the supervisor sees of them. */
#include "web/page_early.h"
#include "web/page_region.h"

#include "approval/beside.h"

enum { SHOWN = 50 };

/* ---- the two entrances -------------------------------------------------------------------------------------- */

static Code page_my_early(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  rp->title = S("前期服务");
  rp->view = json_obj(m);
  PUT(rp->view, "org", rq->who->org_name);
  TRY(consults_view(cx, rq, rp->view, &(ConsultFilter){.uscc = rq->who->org_uscc, .applicant = rq->who->id, .limit = SHOWN}));
  TRY(orders_view(cx, rq, rp->view, &(OrderFilter){.uscc = rq->who->org_uscc, .applicant = rq->who->id, .limit = SHOWN}));
  TRY(plots_view(cx, rq, rp->view, &(PlotFilter){.uscc = rq->who->org_uscc.len ? rq->who->org_uscc : S("-"), .limit = SHOWN}));
  for (Json *o = json_get(rp->view, S("plots"))->first; o; o = o->next) {
    const Plot *p = NULL;
    TRY(plot_load(cx, rq->rd, json_int(o, S("no"), 0), &p));
    TRY(region_of_plot(cx, rq, o, p));
  }
  return OK;
}

/* What waits for a department: opinions, questions, orders of its county, ratings. */
static Code page_work_early(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Str unit = rq->who->unit;
  const Unit *u = policy_unit(p, unit);
  bool window = request_has_role(rq, ROLE_WINDOW_HEAD), county = u && (str_eqz(u->kind, "county") || str_eqz(u->kind, "zone"));
  bool lead = false;
  for (int n = 1; n <= STAGE_MAX; n++) lead |= str_eq(p->stages[n].lead, unit);
  rp->title = S("前期");
  rp->view = json_obj(m);
  PUT(rp->view, "unit_name", unit_name(p, unit));
  PUT(rp->view, "unit", unit);
  PUT_BOOL(rp->view, "county", county);
  PUT_BOOL(rp->view, "window", window);
  PUT_BOOL(rp->view, "lead", lead);
  PUT_BOOL(rp->view, "leader", request_has_role(rq, ROLE_LEADER));
  PUT_BOOL(rp->view, "super", request_has_role(rq, ROLE_SUPERVISOR | ROLE_LEADER));
  TRY(catalogues_view(cx, rq, rp->view));
  if (request_has_role(rq, ROLE_APPROVER | ROLE_UNIT_HEAD)) {
    TRY(opinions_view(cx, rq, rp->view, unit));
    TRY(consults_view(cx, rq, rp->view, &(ConsultFilter){.unit = unit, .limit = SHOWN}));
  }
  if (county || window) TRY(orders_view(cx, rq, rp->view, &(OrderFilter){.county = window ? S("") : unit, .limit = SHOWN}));
  else if (lead) TRY(orders_view(cx, rq, rp->view, &(OrderFilter){.status = S("started"), .unit = unit, .limit = SHOWN}));
  return OK;
}

/* ---- supervision ---------------------------------------------------------------------------------------------- */

static Code overrides_view(Cx *cx, Request *rq, Json *view) {
  Arena *m = rq->mem;
  ChangeRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  TRY(changes_list(cx, rq->rd, 0, SHOWN, &rows, &n, &total));
  PUT_INT(view, "overrides_total", total);
  Json *list = json_put_arr(m, view, S("overrides"));
  for (size_t i = 0; i < n; i++) {
    const Field *f = early_condition(rq->app->policy, rows[i].name);
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "plot", rows[i].plot);
    PUT_INT(o, "project", rows[i].project);
    PUT(o, "number", rows[i].number);
    PUT(o, "plot_name", rows[i].plot_name);
    PUT(o, "name", rows[i].name);
    PUT(o, "label", f ? f->label : rows[i].name);
    PUT(o, "was", rows[i].was);
    PUT(o, "now", rows[i].now);
    PUT(o, "reason", rows[i].reason);
    PUT(o, "by", rows[i].by);
    PUT(o, "at_cn", time_cn(m, rows[i].at));
  }
  return OK;
}

static Code contrary_view(Cx *cx, Request *rq, Json *view) {
  Arena *m = rq->mem;
  ContraryRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  TRY(contrary_list(cx, rq->rd, 0, SHOWN, &rows, &n, &total));
  PUT_INT(view, "contrary_total", total);
  Json *list = json_put_arr(m, view, S("contrary"));
  for (size_t i = 0; i < n; i++) {
    const Item *item = policy_item(rq->app->policy, rows[i].item);
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "project", rows[i].project);
    PUT_INT(o, "stage", rows[i].stage);
    PUT(o, "number", rows[i].number);
    PUT(o, "project_name", rows[i].project_name);
    PUT(o, "item", rows[i].item);
    PUT(o, "item_name", item ? item->name : S("一次性告知补正"));
    PUT(o, "unit_name", unit_name(rq->app->policy, rows[i].unit));
    PUT(o, "name", rows[i].name);
    PUT_BOOL(o, "against", str_eqz(rows[i].relation, "contrary"));
    PUT(o, "cited", rows[i].cited);
    PUT(o, "reason", rows[i].reason);
    PUT(o, "at_cn", time_cn(m, rows[i].at));
  }
  return OK;
}

static Code page_super_early(Cx *cx, Request *rq, Reply *rp) {
  rp->title = S("前期监督");
  rp->view = json_obj(rq->mem);
  TRY(overrides_view(cx, rq, rp->view));
  TRY(contrary_view(cx, rq, rp->view));
  TRY(opinions_view(cx, rq, rp->view, S("")));
  TRY(consults_view(cx, rq, rp->view, &(ConsultFilter){.status = S("asked"), .overdue = true, .limit = SHOWN * 4}));
  return orders_view(cx, rq, rp->view, &(OrderFilter){.limit = SHOWN});
}

/* ---- the rows ------------------------------------------------------------------------------------------------- */

#define UNIT (ROLE_APPROVER | ROLE_UNIT_HEAD)
#define PARTY (ROLE_APPLICANT | ROLE_AGENT)
#define ROUTE(how, at, who, fn, t, sec, what) {.method = how, .path = at, .allow = (who), .run = fn, .tmpl = t, .section = sec, .help = what}
#define DESK(how, at, who, fn, t, what) \
  {.method = how, .path = at, .allow = (who), .run = fn, .tmpl = t, .section = "early", .compact = true, .help = what}
const Route early_routes[] = {
    ROUTE(GET, "/ask", ROLE_PUBLIC, page_consults_public, "ask", "guide", "前期咨询：可以公开的答复，和怎样提问。"),
    ROUTE(GET, "/ask/new", ROLE_PUBLIC, page_question, "question", "guide", "提问，不用账号：得到编号和查询码。"),
    ROUTE(POST, "/ask/new", ROLE_PUBLIC, post_question, NULL, "guide", "提问，不用账号。"),
    ROUTE(GET, "/ask/mine", ROLE_PUBLIC, page_question_find, "question_find", "guide", "凭编号和查询码看自己问题的答复。"),
    ROUTE(GET, "/ask/mine/{code}/{n}", ROLE_PUBLIC, page_question_own, "question_own", "guide", "没有账号的人提的一个问题和它的答复，凭查询码。"),
    ROUTE(GET, "/ask/{n}", ROLE_PUBLIC, page_consult_public, "ask_one", "guide", "一件可以公开的咨询答复。"),
    ROUTE(GET, "/agent", ROLE_PUBLIC, page_agents_public, "agent", "guide", "免费代办：各县（市）区的代办事项目录。"),
    ROUTE(GET, "/agent/{county}", ROLE_PUBLIC, page_catalogue_public, "agent_county", "guide", "一个县（市）区的代办事项目录和办事指南。"),
    ROUTE(GET, "/s/reserve", ROLE_PUBLIC, page_plots_public, "reserve", "guide", "一次性公布的出让用地建设条件。"),
    ROUTE(GET, "/s/reserve/{no}", ROLE_PUBLIC, page_plot_public, "reserve_one", "guide", "一宗出让用地的全部建设条件。"),
    ROUTE(GET, "/my/early", PARTY, page_my_early, "my_early", "my", "本单位的咨询、代办委托和可以登记的储备项目。"),
    ROUTE(GET, "/my/ask/new", ROLE_APPLICANT, page_consult_new, "early_form", "my", "提出前期咨询。"),
    {.method = POST, .path = "/my/ask/new", .allow = ROLE_APPLICANT, .run = post_consult_new, .section = "my", .uploads = "many",
     .help = "提出前期咨询，可以附一个文件。"},
    ROUTE(GET, "/my/ask/{n}", ROLE_APPLICANT, page_consult, "consult", "my", "一件咨询：到期日、专员、答复。"),
    {.method = POST, .path = "/my/ask/{n}", .allow = ROLE_APPLICANT, .run = post_consult, .section = "my", .uploads = "many",
     .help = "补充或撤回咨询。"},
    ROUTE(GET, "/my/ask/{n}/file/{blob}", ROLE_APPLICANT, page_consult_file, NULL, "my", "下载咨询的附件。"),
    ROUTE(GET, "/my/agent/new", ROLE_APPLICANT, page_order_new, "early_form", "my", "委托代办：选择县（市）区和目录里的事项。"),
    ROUTE(POST, "/my/agent/new", ROLE_APPLICANT, post_order_new, NULL, "my", "委托代办。"),
    ROUTE(GET, "/my/agent/{n}", ROLE_APPLICANT, page_order, "order", "my", "一份委托：代办员、经过、评价。"),
    ROUTE(POST, "/my/agent/{n}", ROLE_APPLICANT, post_order, NULL, "my", "评价代办员，或结束委托。"),
    ROUTE(GET, "/agent/w", ROLE_AGENT, page_errands, "errands", "errand", "代办员工作台：指派给我的委托。"),
    ROUTE(GET, "/agent/w/{n}", ROLE_AGENT, page_order, "order", "errand", "一份委托：替谁办、办什么、经过。"),
    ROUTE(POST, "/agent/w/{n}", ROLE_AGENT, post_order, NULL, "errand", "登记代办经过。"),
    DESK(GET, "/w/early", UNIT | ROLE_WINDOW_HEAD | WATCH, page_work_early, "work_early", "前期：征求的意见、咨询、代办委托。"),
    DESK(GET, "/w/reserve", UNIT | WATCH, page_plots, "plots", "储备库。"),
    DESK(GET, "/w/reserve/new", UNIT, page_plot_new, "early_form", "储备项目入库。"),
    DESK(POST, "/w/reserve/new", UNIT, post_plot_new, NULL, "储备项目入库。"),
    DESK(GET, "/w/reserve/{no}", UNIT | WATCH, page_plot, "plot", "一个储备项目：条件、意见、变更。"),
    DESK(POST, "/w/reserve/{no}", UNIT, post_plot, NULL, "填写条件、征求和出具意见、生成、公布、变更。"),
    DESK(GET, "/w/ask/{n}", UNIT | WATCH, page_consult, "consult", "一件向本单位提出的咨询。"),
    DESK(POST, "/w/ask/{n}", UNIT, post_consult, NULL, "指定专员、要求补充、答复。"),
    DESK(GET, "/w/ask/{n}/file/{blob}", UNIT | WATCH, page_consult_file, NULL, "下载咨询的附件。"),
    DESK(GET, "/w/agent/{n}", UNIT | ROLE_WINDOW_HEAD | WATCH, page_order, "order", "一份代办委托：指派、经过、评价。"),
    DESK(POST, "/w/agent/{n}", UNIT | ROLE_WINDOW_HEAD, post_order, NULL, "指派、更换代办员，部门评价。"),
    DESK(GET, "/w/catalogue/{county}", UNIT | WATCH, page_catalogue, "catalogue", "一个县（市）区的代办事项目录：报送、审核。"),
    DESK(POST, "/w/catalogue/{county}", UNIT | ROLE_LEADER, post_catalogue, NULL, "报送、下发或退回目录。"),
    DESK(GET, "/w/training", UNIT | ROLE_WINDOW_HEAD | WATCH, page_training, "training", "代办员和统一培训记录。"),
    DESK(POST, "/w/training", ROLE_UNIT_HEAD, post_training, NULL, "登记统一培训。"),
    DESK(GET, "/w/ranking", UNIT | ROLE_WINDOW_HEAD | WATCH, page_ranking, "ranking", "代办员每月排名：企业评分和部门评分。"),
    {.method = GET, .path = "/w/super/early", .allow = WATCH, .run = page_super_early, .tmpl = "super_early", .section = "super",
     .compact = true, .help = "前期监督：条件变更、与答复不一致、超期。"},
    {.path = NULL},
};
