/* SPDX-License-Identifier: Apache-2.0 */
/* page_agent.c: catalogues of the agent service, training, the monthly ranking. Orders are in page_order.c. */
#include "web/page_early.h"

enum { LINES = 12 };

/* ---- catalogues -------------------------------------------------------------------------------------------- */

static bool county_kind(const Unit *u) {
  return str_eqz(u->kind, "county") || str_eqz(u->kind, "zone");
}

/* Every county has a line, also one that has nothing yet. */
Code catalogues_view(Cx *cx, Request *rq, Json *view) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  CatalogueRow *rows = NULL;
  size_t n = 0;
  TRY(catalogues_list(cx, rq->rd, &rows, &n));
  Json *list = json_put_arr(m, view, S("catalogues"));
  for (size_t i = 0; i < p->unit_count; i++) {
    const CatalogueRow *row = NULL;
    if (!county_kind(&p->units[i])) continue;
    for (size_t k = 0; k < n; k++)
      if (str_eq(rows[k].county, p->units[i].code)) row = &rows[k];
    Json *o = json_push_obj(m, list);
    PUT(o, "county", p->units[i].code);
    PUT(o, "county_name", place_name(p, p->units[i].code));
    PUT_BOOL(o, "issued", row && row->issued_no);
    PUT_BOOL(o, "waiting", row && str_eqz(row->status, "draft"));
    PUT_INT(o, "items", row && row->issued_no ? row->items : 0);
    PUT(o, "status_label", row ? early_label(row->status) : S(N_("还没有公布")));
    if (row && row->issued_no) PUT(o, "issued_on", day_str(m, day_of(row->issued_at)));
  }
  return OK;
}

Code page_agents_public(Cx *cx, Request *rq, Reply *rp) {
  rp->title = tr(rq->lang, S("免费代办"));
  rp->view = json_obj(rq->mem);
  return catalogues_view(cx, rq, rp->view);
}

static void items_view(Arena *m, Json *obj, Str key, const CatalogueItem *list, size_t n) {
  Json *out = json_put_arr(m, obj, key);
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, out);
    PUT(o, "name", list[i].name);
    PUT(o, "scope", list[i].scope);
    PUT(o, "scope_label", catalogue_scope_label(list[i].scope));
    PUT(o, "guide", list[i].guide);
  }
}

Code page_catalogue_public(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Catalogue *c = NULL;
  TRY(catalogue_load(cx, rq->rd, rq->params[0], &c));
  if (!c->issued_no) FAIL(NOT_FOUND, "这个县（市）区还没有公布代办事项目录。");
  Str place = place_name(rq->app->policy, c->county);
  rp->title = tr(rq->lang, S("代办事项目录"));
  rp->view = json_obj(m);
  PUT(rp->view, "county", c->county);
  PUT(rp->view, "county_name", place);
  PUT(rp->view, "issued_on", day_str(m, day_of(c->issued_at)));
  PUT(rp->view, "guide", c->issued_guide);
  items_view(m, rp->view, S("items"), c->issued, c->issued_count);
  return OK;
}

/* ---- drafting and issuing ---------------------------------------------------------------------------------- */

static const FormField draft_fields[] = {
    {"lines", "long", "代办事项", "每行一项：“种类：名称：说明”，种类写 审批、公共服务 或 延伸；说明可以不写", false},
    {"guide", "long", "办事指南", "怎样委托、到哪里、代办员做什么；代办是无偿的", false}};
static const FormField no_fields[] = {{"no", "number", "第几稿", NULL, false}};
static const FormField return_fields[] = {{"no", "number", "第几稿", NULL, false}, {"reason", "long", "退回的理由", NULL, false}};
enum { DRAFT, ISSUE, RETURN, ACTS };
static const FormAct acts[ACTS] = {
    {.act = "draft", .command = "catalogue.draft", .title = "报送代办事项目录", .button = "报市政府审核", FIELDS(draft_fields)},
    {.act = "issue", .command = "catalogue.issue", .title = "审核下发", .button = "下发并公布", FIELDS(no_fields)},
    {.act = "return", .command = "catalogue.return", .title = "退回", .button = "退回修改", FIELDS(return_fields)}};

static Str scope_word(Str scope) {
  return str_eqz(scope, "approval") ? S("审批") : str_eqz(scope, "utility") ? S("公共服务") : S("延伸");
}

/* The newest draft as it was typed, so that it can be changed and sent again. */
static Str lines_of(Arena *m, const Catalogue *c) {
  SCOPED(buf_drop) Buf b = {0};
  buf_init(&b, 64 * 1024);
  for (size_t i = 0; c && i < c->count; i++)
    buf_fmt(&b, "%.*s：%.*s%s%.*s\n", SFMT(scope_word(c->items[i].scope)), SFMT(c->items[i].name), c->items[i].guide.len ? "：" : "",
            SFMT(c->items[i].guide));
  return arena_str(m, buf_str(&b));
}

static bool cut_colon(Str s, Str *head, Str *tail) {
  ptrdiff_t full = str_find(s, S("：")), half = str_find(s, S(":"));
  bool wide = full >= 0 && (half < 0 || full < half);
  ptrdiff_t at = wide ? full : half;
  *head = at < 0 ? s : str_sub(s, 0, (size_t)at);
  *tail = at < 0 ? S("") : str_sub(s, (size_t)at + (wide ? 3 : 1), SIZE_MAX);
  return at >= 0;
}

static void items_typed(Request *rq, Json *args) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, args, S("items"));
  Str rest = request_arg(rq, S("lines")), line, scope, name, guide;
  for (bool more = rest.len > 0; more;) {
    more = str_cut(rest, '\n', &line, &rest);
    line = str_trim(line);
    if (!line.len) continue;
    cut_colon(line, &scope, &line);
    cut_colon(line, &name, &guide);
    scope = str_trim(scope);
    Json *o = json_push_obj(m, list);
    PUT(o, "name", str_trim(name));
    PUT(o, "scope", str_eqz(scope, "审批") ? S("approval") : str_eqz(scope, "公共服务") ? S("utility") : str_eqz(scope, "延伸") ? S("more") : scope);
    if (str_trim(guide).len) PUT(o, "guide", str_trim(guide));
  }
}

static Code catalogue_read(Cx *cx, Request *rq, const Catalogue **out) {
  Cx own = {.mem = cx->mem, .now = cx->now};
  const Unit *u = policy_unit(rq->app->policy, rq->params[0]);
  if (!u || !county_kind(u)) FAIL(NOT_FOUND, "没有这个县（市）区或开发区。");
  *out = NULL;
  Code code = catalogue_load(&own, rq->rd, u->code, out);
  if (code != OK && code != NOT_FOUND) FAIL(code, "%.*s", SFMT(own.detail));
  return OK;
}

Code page_catalogue(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Catalogue *c = NULL;
  TRY(catalogue_read(cx, rq, &c));
  Str place = place_name(rq->app->policy, rq->params[0]);
  rp->title = arena_fmt(m, "%.*s代办事项目录", SFMT(place));
  rp->view = json_obj(m);
  PUT(rp->view, "county", rq->params[0]);
  PUT(rp->view, "path", arena_fmt(m, "/w/catalogue/%.*s", SFMT(rq->params[0])));
  if (c) {
    PUT_INT(rp->view, "no", c->no);
    PUT(rp->view, "status_label", early_label(c->status));
    PUT(rp->view, "by", c->by);
    PUT(rp->view, "at_cn", time_cn(m, c->at));
    PUT(rp->view, "reason", c->reason);
    PUT(rp->view, "guide", c->guide);
    PUT_INT(rp->view, "issued_no", c->issued_no);
    if (c->issued_no) PUT(rp->view, "issued_on", time_cn(m, c->issued_at));
    items_view(m, rp->view, S("items"), c->items, c->count);
  }
  bool waits = c && str_eqz(c->status, "draft");
  if (waits && request_has_role(rq, ROLE_LEADER)) {
    for (int i = ISSUE; i <= RETURN; i++) form_value(rq, form_put_act(rq, rp->view, &acts[i]), "no", arena_fmt(m, "%lld", (long long)c->no));
  } else if (!waits && staff_of(rq, rq->params[0])) {
    Json *form = form_put_act(rq, rp->view, &acts[DRAFT]);
    form_value(rq, form, "lines", lines_of(m, c));
    form_value(rq, form, "guide", c ? c->guide : S(""));
  }
  return OK;
}

Code post_catalogue(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const FormAct *a = NULL;
  TRY(form_act(cx, rq, acts, ACTS, &a));
  Json *args = a == &acts[DRAFT] ? json_obj(m) : form_args(rq, a);
  Str stream = arena_fmt(m, "catalogue/%.*s", SFMT(rq->params[0]));
  if (a == &acts[DRAFT]) {
    PUT(args, "county", rq->params[0]);
    PUT(args, "guide", request_arg(rq, S("guide")));
    items_typed(rq, args);
    stream = S("");
  }
  form_send(rq, rp, a, stream, args, arena_fmt(m, "/w/catalogue/%.*s", SFMT(rq->params[0])), page_catalogue, "catalogue");
  return OK;
}

/* ---- training ------------------------------------------------------------------------------------------------ */

static const FormField train_fields[] = {{"agents", "checks", "参加的代办员", NULL, false},
                                         {"day", "text", "培训日期", "如 2026-11-20", false},
                                         {"topic", "text", "培训内容", NULL, false}};
static const FormAct train_act = {.act = "train", .command = "roster.train", .title = "登记统一培训", .button = "登记", FIELDS(train_fields)};

static bool leads(const Request *rq) {
  bool lead = false;
  for (int n = 1; n <= STAGE_MAX; n++) lead |= str_eq(rq->app->policy->stages[n].lead, rq->who->unit);
  return lead;
}

Code page_training(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  AgentRow *agents = NULL;
  TrainingRow *rows = NULL;
  size_t n = 0, k = 0;
  TRY(agents_list(cx, rq->rd, rq->app->policy, S(""), &agents, &n));
  TRY(trainings_list(cx, rq->rd, S(""), &rows, &k));
  rp->title = S("代办员和统一培训");
  rp->view = json_obj(m);
  PUT(rp->view, "path", S("/w/training"));
  Json *list = json_put_arr(m, rp->view, S("agents")), *trainings = json_put_arr(m, rp->view, S("trainings"));
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, list);
    PUT(o, "id", agents[i].id);
    PUT(o, "name", agents[i].name);
    PUT(o, "unit_name", unit_name(rq->app->policy, agents[i].unit));
    PUT_INT(o, "open", agents[i].open);
    PUT_BOOL(o, "trained", agents[i].trained);
  }
  for (size_t i = 0; i < k; i++) {
    Json *o = json_push_obj(m, trainings);
    PUT(o, "agent", rows[i].agent);
    PUT(o, "day", day_str(m, rows[i].day));
    PUT(o, "topic", rows[i].topic);
    PUT(o, "unit_name", unit_name(rq->app->policy, rows[i].unit));
  }
  if (!leads(rq) || !request_has_role(rq, ROLE_UNIT_HEAD)) return OK;
  Json *form = form_put_act(rq, rp->view, &train_act);
  for (size_t i = 0; i < n; i++) form_choice(rq, form, "agents", agents[i].id, agents[i].name);
  return OK;
}

Code post_training(Cx *cx, Request *rq, Reply *rp) {
  (void)cx;
  form_send(rq, rp, &train_act, S(""), form_args(rq, &train_act), S("/w/training"), page_training, "training");
  return OK;
}

/* ---- ranking ------------------------------------------------------------------------------------------------- */

static Str mean_text(Arena *m, int64_t hundredths) {
  return arena_fmt(m, "%lld.%02lld", (long long)(hundredths / 100), (long long)(hundredths % 100));
}

static int month_arg(const Request *rq) {
  Str text = request_arg(rq, S("month")), y, mon;
  int64_t year = 0, month = 0;
  if (str_cut(text, '-', &y, &mon) && str_to_i64(y, &year) && str_to_i64(mon, &month) && year >= 2000 && year < 2200 && month >= 1 && month <= 12)
    return (int)(year * 100 + month);
  return month_of(rq->now);
}

Code page_ranking(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  RankRow *rows = NULL;
  size_t n = 0;
  int month = month_arg(rq), now = month_of(rq->now), year = now / 100, mon = now % 100;
  TRY(ranking_list(cx, rq->rd, month, &rows, &n));
  rp->title = S("代办员排名");
  rp->view = json_obj(m);
  PUT(rp->view, "month", arena_fmt(m, "%d-%02d", month / 100, month % 100));
  Json *months = json_put_arr(m, rp->view, S("months")), *list = json_put_arr(m, rp->view, S("agents"));
  for (int i = 0; i < LINES; i++) {
    Json *o = json_push_obj(m, months);
    PUT(o, "month", arena_fmt(m, "%d-%02d", year, mon));
    PUT_BOOL(o, "current", year * 100 + mon == month);
    if (--mon == 0) year--, mon = 12;
  }
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "rank", (int64_t)i + 1);
    PUT(o, "agent", rows[i].agent);
    PUT(o, "name", rows[i].name);
    PUT_INT(o, "enterprise_n", rows[i].enterprise_n);
    PUT_INT(o, "unit_n", rows[i].unit_n);
    if (rows[i].enterprise_n) PUT(o, "enterprise", mean_text(m, rows[i].enterprise));
    if (rows[i].unit_n) PUT(o, "unit", mean_text(m, rows[i].unit));
  }
  return OK;
}
