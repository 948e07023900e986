/* SPDX-License-Identifier: Apache-2.0 */
/* page_utility.c: utilities: the owner's one form, the tasks of each utility with its overdue days, one task. */
#include "web/page_accept.h"

enum { STEP = 50, CONSTRUCTION = 3 };

static Code texts_put(Cx *cx, Request *rq, Json *o, const UtilityRow *row) {
  Arena *m = rq->mem;
  const Utility *u = NULL;
  TRY(utility_load(cx, rq->rd, row->no, &u));
  const UtilityPart *p = utility_part(u, row->kind);
  if (!p) return OK;
  PUT(o, "plan", p->plan);
  PUT(o, "connection", p->connection);
  PUT_BOOL(o, "to_connect", p->answered_at && !p->opened_at && !u->closed);
  return OK;
}

Code utilities_view(Cx *cx, Request *rq, Json *view, const UtilityFilter *f) {
  Arena *m = rq->mem;
  UtilityRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  TRY(utilities_list(cx, rq->rd, rq->app->policy, f, rq->now, &rows, &n, &total));
  Json *list = json_put_arr(m, view, S("utilities"));
  for (size_t i = 0; i < n; i++) {
    const UtilityRow *u = &rows[i];
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "no", u->no);
    PUT(o, "number", u->number);
    if (f->project && !f->unit.len) TRY(texts_put(cx, rq, o, u)); /* the owner's few: what was answered stands beside each */
    PUT(o, "project_name", u->project_name);
    PUT(o, "owner", u->owner);
    PUT(o, "kind", u->kind);
    PUT(o, "name", u->name);
    PUT(o, "unit_name", unit_name(rq->app->policy, u->unit));
    PUT(o, "status", u->status);
    PUT(o, "status_label", finish_label(u->status));
    PUT_BOOL(o, "late", u->late);
    PUT_INT(o, "overdue_days", u->reading.overdue_days);
    view_reading(m, o, &u->reading, u->limit);
    if (u->reading.lamp == LAMP_DONE) PUT(o, "due", S("")); /* beside “done” it would read as the day of it */
  }
  view_pages(rq, view, f->offset, n, f->limit, total);
  return OK;
}

/* Which utilities the project needs and has not asked for 开工 (D60-2.4.5-(2)). */
Code utilities_missing(Cx *cx, Request *rq, const Project *pr, Json *list) {
  UtilityRow *rows = NULL;
  ItemChoice *choices = NULL;
  size_t n = 0;
  int64_t total = 0;
  const Policy *p = rq->app->policy;
  TRY(utilities_list(cx, rq->rd, p, &(UtilityFilter){.project = pr->no, .limit = STEP}, rq->now, &rows, &n, &total));
  size_t count = policy_items(rq->mem, p, CONSTRUCTION, pr->category, pr->county, pr->facts, &choices);
  for (size_t i = 0; i < count; i++) {
    const Item *item = choices[i].item;
    const ItemState *own = stage_item(&pr->stages[CONSTRUCTION], item->code);
    bool had = own && (own->status == ITEM_PASSED || own->status == ITEM_WITHDRAWN);
    if (choices[i].applies != YES || !str_starts(item->code, S("supply-"))) continue;
    for (size_t k = 0; k < n; k++) had |= str_eq(rows[k].kind, str_sub(item->code, 7, SIZE_MAX));
    if (!had) json_push_str(rq->mem, list, item->name);
  }
  return OK;
}

/* ---- the owner ------------------------------------------------------------------------------------------------- */

static const FormField apply_fields[] = {{"kinds", "checks", "报装哪几项", "六项在一张表单里一次报", false},
                                         {"needs", "long", "用量和要求", "例如：用水 60 吨/日，用电 800 千伏安", false},
                                         {"ready", "text", "计划开工日期", "写成 2026-12-01 这样", true}};
static const FormAct apply_act = {.act = "apply", .command = "utility.apply", .title = "报装", .button = "一次报装", FIELDS(apply_fields),
                                  .note = "开工前报装，施工阶段建设，竣工验收备案后直接接入。"};

static Str own_path(Request *rq) {
  return arena_fmt(rq->mem, "/my/%.*s/utility", SFMT(rq->params[0]));
}

static bool asked_for(const Json *view, Str kind) {
  for (const Json *x = json_get(view, S("utilities"))->first; x; x = x->next)
    if (str_eq(json_str(x, S("kind")), kind) && !str_eqz(json_str(x, S("status")), "closed")) return true;
  return false;
}

Code page_my_utility(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Project *pr = NULL;
  Str kinds[UTILITY_KINDS];
  size_t left = 0, n = utility_kinds(cx, rq->app->policy, kinds);
  TRY(project_of_owner(cx, rq, &pr));
  rp->title = S("市政公用报装");
  rp->view = json_obj(m);
  PUT_INT(rp->view, "project_no", pr->no);
  PUT(rp->view, "name", pr->name);
  PUT(rp->view, "path", own_path(rq));
  TRY(utilities_view(cx, rq, rp->view, &(UtilityFilter){.project = pr->no, .limit = STEP}));
  for (size_t i = 0; i < n; i++) left += !asked_for(rp->view, kinds[i]);
  if (!left || pr->status != PROJECT_RUNNING) return OK;
  Json *form = form_put_act(rq, rp->view, &apply_act);
  for (size_t i = 0; i < n; i++) {
    const Item *item = policy_item(rq->app->policy, arena_fmt(m, "supply-%.*s", SFMT(kinds[i])));
    if (!asked_for(rp->view, kinds[i])) form_choice(rq, form, "kinds", kinds[i], item->name);
  }
  return OK;
}

Code post_my_utility(Cx *cx, Request *rq, Reply *rp) {
  const Project *pr = NULL;
  TRY(project_of_owner(cx, rq, &pr));
  Json *args = form_args(rq, &apply_act);
  json_put_int(rq->mem, args, S("project"), pr->no);
  form_send(rq, rp, &apply_act, S(""), args, own_path(rq), page_my_utility, "my_utility");
  return OK;
}

/* ---- utilities, and those who look on ------------------------------------------------------------------------------ */

Code page_utilities(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  bool all = request_has_role(rq, ROLE_SUPERVISOR | ROLE_LEADER | ROLE_CLERK | ROLE_WINDOW_HEAD) || staff_of(rq, rq->app->policy->stages[4].lead);
  bool open = str_eqz(request_arg(rq, S("view")), "open");
  rp->title = S("报装和接入");
  rp->view = json_obj(m);
  PUT_BOOL(rp->view, "all", all);
  PUT(rp->view, "unit_name", unit_name(rq->app->policy, rq->who->unit));
  PUT(rp->view, "query", open ? S("view=open&") : S(""));
  return utilities_view(cx, rq, rp->view, &(UtilityFilter){.unit = all ? S("") : rq->who->unit, .open = open, .offset = from_of(rq), .limit = STEP});
}

static const FormField answer_fields[] = {{"plan", "long", "接入方案", "接入点、管径或容量、申请人要建设什么、费用依据哪份公布的标准", false}};
static const FormField connect_fields[] = {{"text", "long", "接入情况", "例如：已通水，水表号", false}};
enum { ANSWER, CONNECT, ACTS };
static const FormAct acts[ACTS] = {
    {.act = "answer", .command = "utility.answer", .title = "答复报装", .button = "答复", FIELDS(answer_fields)},
    {.act = "connect", .command = "utility.connect", .title = "登记接入", .button = "已接入", FIELDS(connect_fields)}};

static Code task_of(Cx *cx, Request *rq, const Utility **u, const UtilityPart **p) {
  TRY(utility_load(cx, rq->rd, param_no(rq, 0), u));
  *p = utility_part(*u, rq->params[1]);
  bool watch = request_has_role(rq, ROLE_SUPERVISOR | ROLE_LEADER | ROLE_CLERK | ROLE_WINDOW_HEAD) || staff_of(rq, rq->app->policy->stages[4].lead);
  if (!*p || (!staff_of(rq, (*p)->unit) && !watch)) FAIL(NOT_FOUND, "没有这项报装，或者它不归您的单位。");
  return OK;
}

static Str task_path(Request *rq, const Utility *u, const UtilityPart *p) {
  return arena_fmt(rq->mem, "/w/utility/%lld/%.*s", (long long)u->no, SFMT(p->kind));
}

/* Where to go and whom to ask: the place, and the door to the telephone number, which asks for a purpose and is told to the applicant. */
static Code place_view(Cx *cx, Request *rq, Json *view, const Utility *u) {
  Arena *m = rq->mem;
  const Project *pr = NULL;
  TRY(project_load(cx, rq->rd, u->project, &pr));
  PUT(view, "site", json_str(pr->stages[1].form, S("site")));
  PUT(view, "county_name", place_name(rq->app->policy, pr->county));
  bool asks = false;
  TRY(personal_asks(cx, rq, pr, &asks));
  if (asks) PUT_INT(view, "contact_of", u->project);
  PUT_BOOL(view, "asks_window", !asks && request_has_role(rq, ROLE_APPROVER | ROLE_UNIT_HEAD));
  return OK;
}

Code page_utility(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Utility *u = NULL;
  const UtilityPart *p = NULL;
  TRY(task_of(cx, rq, &u, &p));
  Reading r = utility_reading(rq->app->policy, u, p, rq->now);
  const struct { const char *key; Str value; } texts[] = {
      {"number", u->number}, {"project_number", u->project_number}, {"project_name", u->project_name}, {"owner", u->owner}, {"needs", u->needs},
      {"name", p->name}, {"plan", p->plan}, {"answered_by", p->answered_by}, {"connection", p->connection}, {"connected_by", p->connected_by},
      {"path", task_path(rq, u, p)}, {"unit_name", unit_name(rq->app->policy, p->unit)}};
  rp->title = arena_fmt(m, "%.*s：%.*s", SFMT(p->name), SFMT(u->project_name));
  rp->view = json_obj(m);
  for (size_t i = 0; i < COUNT(texts); i++) json_put_str(m, rp->view, str_of(texts[i].key), texts[i].value);
  PUT(rp->view, "applied", time_cn(m, u->applied_at));
  if (u->ready.n) PUT(rp->view, "ready", day_str(m, u->ready));
  if (p->answered_at) PUT(rp->view, "answered", time_cn(m, p->answered_at));
  if (p->opened_at) PUT(rp->view, "opened", time_cn(m, p->opened_at));
  if (p->connected_at) PUT(rp->view, "connected", time_cn(m, p->connected_at));
  PUT_BOOL(rp->view, "late", u->late);
  TRY(place_view(cx, rq, rp->view, u));
  view_reading(m, rp->view, &r, p->opened_at ? p->connect_days : p->days);
  if (u->closed || !staff_of(rq, p->unit)) return OK;
  if (!p->answered_at) form_put_act(rq, rp->view, &acts[ANSWER]);
  if (p->opened_at && !p->connected_at) form_put_act(rq, rp->view, &acts[CONNECT]);
  return OK;
}

Code post_utility(Cx *cx, Request *rq, Reply *rp) {
  const FormAct *act = NULL;
  const Utility *u = NULL;
  const UtilityPart *p = NULL;
  TRY(task_of(cx, rq, &u, &p));
  TRY(form_act(cx, rq, acts, ACTS, &act));
  Json *args = form_args(rq, act);
  json_put_str(rq->mem, args, S("kind"), p->kind);
  form_send(rq, rp, act, arena_fmt(rq->mem, "utility/%lld", (long long)u->no), args, task_path(rq, u, p), page_utility, "utility");
  return OK;
}
