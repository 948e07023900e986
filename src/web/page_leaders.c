/* SPDX-License-Identifier: Apache-2.0 */
/* page_leaders.c: who of the city's leaders is in charge of what, on a day: for everybody, and where it is entered. */
#include "org/portfolio.h"
#include "web/forms.h"

static void duty_put(Request *rq, Json *list, const Duty *d) {
  Arena *m = rq->mem;
  Json *o = json_push_obj(m, list);
  PUT(o, "leader", d->leader);
  PUT(o, "relation", d->relation);
  PUT(o, "relation_label", relation_label(d->relation));
  PUT(o, "unit", d->unit);
  PUT(o, "written", d->written);
  PUT(o, "from", day_str(m, d->from));
  if (d->clause) PUT(o, "clause", d->document);
  else PUT(o, "document", d->document);
}

/* What the clause says of the leader, in its own words. */
static Str duty_text(const Policy *p, Str name) {
  for (size_t i = 0; i < p->leader_count; i++) {
    const Clause *c = str_eq(p->leaders[i].name, name) ? policy_clause(p, p->leaders[i].source.clause) : NULL;
    if (c) return c->text;
  }
  return S("");
}

/* One leader with what is his on that day, in the order in which the duties come. */
static Json *leader_of(Request *rq, Json *list, Str name) {
  Arena *m = rq->mem;
  for (Json *o = list->first; o; o = o->next)
    if (str_eq(json_str(o, S("name")), name)) return o;
  Json *o = json_push_obj(m, list);
  PUT(o, "name", name);
  PUT(o, "text", duty_text(rq->app->policy, name));
  PUT_INT(o, "charge_count", 0);
  PUT_INT(o, "liaison_count", 0);
  json_put_arr(m, o, S("duties"));
  return o;
}

static void count_add(Arena *m, Json *o, const char *key) {
  json_put_int(m, o, str_of(key), json_int(o, str_of(key), 0) + 1);
}

static Code asked_unit(Cx *cx, Request *rq, Json *view, const Unit *u, Day on) {
  Arena *m = rq->mem;
  Duty *list = NULL;
  size_t n = 0;
  TRY(portfolio_of(cx, reader_views(rq->rd), rq->app->policy, u->code, on, &list, &n));
  Json *o = json_put_obj(m, view, S("asked")), *answers = json_put_arr(m, o, S("answers"));
  PUT(o, "unit", u->code);
  PUT(o, "unit_name", u->name);
  for (size_t i = 0; i < n; i++) duty_put(rq, answers, &list[i]);
  view_contact(m, rq->app->policy, o, u->code);
  return OK;
}

static Code day_asked(Cx *cx, Request *rq, Day *on) {
  Str text = str_trim(request_arg(rq, S("day")));
  *on = day_of(rq->now);
  if (text.len && !day_typed(text, on)) FAIL_AT(INVALID, S("day"), S(""), "日期写成 2019-09-01 的样子");
  return OK;
}

static Code duties_view(Cx *cx, Request *rq, Json *view, Day on) {
  Arena *m = rq->mem;
  Duty *all = NULL;
  size_t n = 0;
  TRY(portfolio_all(cx, reader_views(rq->rd), rq->app->policy, on, &all, &n));
  Json *leaders = json_put_arr(m, view, S("leaders"));
  for (size_t i = 0; i < n; i++) {
    Json *l = leader_of(rq, leaders, all[i].leader);
    duty_put(rq, (Json *)(uintptr_t)json_get(l, S("duties")), &all[i]);
    if (str_eqz(all[i].relation, "charge")) count_add(m, l, "charge_count");
    if (str_eqz(all[i].relation, "liaison")) count_add(m, l, "liaison_count");
  }
  return OK;
}

static void units_view(Request *rq, Json *view, Str chosen) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Json *list = json_put_arr(m, view, S("units"));
  for (size_t i = 0; i < p->unit_count; i++) {
    Json *o = json_push_obj(m, list);
    PUT(o, "code", p->units[i].code);
    PUT(o, "name", p->units[i].name);
    PUT_BOOL(o, "chosen", str_eq(p->units[i].code, chosen));
  }
}

static Code page_leaders(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Str unit = str_trim(request_arg(rq, S("unit")));
  Day on;
  TRY(day_asked(cx, rq, &on));
  const Unit *u = policy_unit(p, unit);
  if (!u) u = policy_unit_written(m, p, unit);
  if (unit.len && !u) FAIL_AT(NOT_FOUND, S("unit"), S(""), "没有叫“%.*s”的单位，请核对名称", SFMT(unit));
  rp->title = tr(rq->lang, S("领导分工和机构"));
  rp->view = json_obj(m);
  PUT(rp->view, "day", day_str(m, on));
  units_view(rq, rp->view, u ? u->code : S(""));
  if (u) TRY(asked_unit(cx, rq, rp->view, u, on));
  view_contact(m, p, rp->view, S("government-office"));
  return duties_view(cx, rq, rp->view, on);
}

/* ---- entering a change -------------------------------------------------------------------------------------- */

static const FormField change_fields[] = {{"from", "text", "自哪天起", "写成 2020-03-01 的样子", false},
                                          {"document", "text", "依据的文件", "文号或名称", false},
                                          {"rows", "long", "分工", "一行一句：姓名：分管|协助分管|负责|联系：单位、单位。不再有人的，姓名写“无”", false}};
static const FormAct change_act = {.act = "change", .command = "portfolio.change", .title = "登记分工调整", .button = "登记", FIELDS(change_fields),
                                   .note = "只写有变动的单位；没有写的照旧。登记错了，用同一天再登记一次就改过来。"};

static Code page_portfolio(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Duty *list = NULL;
  size_t n = 0;
  rp->title = S("领导分工");
  rp->view = json_obj(m);
  PUT(rp->view, "path", S("/adm/portfolio"));
  TRY(portfolio_changes(cx, reader_views(rq->rd), &list, &n));
  Json *changes = json_put_arr(m, rp->view, S("changes"));
  for (size_t i = 0; i < n; i++) {
    list[i].written = unit_name(rq->app->policy, list[i].unit);
    duty_put(rq, changes, &list[i]);
  }
  form_put_act(rq, rp->view, &change_act);
  return OK;
}

static Str relation_code(Str label) {
  static const char *const codes[] = {"charge", "assist", "run", "liaison"};
  for (size_t i = 0; i < COUNT(codes); i++)
    if (str_eq(relation_label(str_of(codes[i])), label)) return str_of(codes[i]);
  return label;
}

/* "：" or ":" */
static bool colon_cut(Str s, Str *head, Str *rest) {
  for (size_t i = 0; i < s.len; i++) {
    Str at = str_sub(s, i, SIZE_MAX);
    size_t n = str_starts(at, S("：")) ? 3 : str_starts(at, S(":")) ? 1 : 0;
    if (!n) continue;
    *head = str_trim(str_sub(s, 0, i));
    *rest = str_trim(str_sub(s, i + n, SIZE_MAX));
    return true;
  }
  return false;
}

static void units_add(Request *rq, Json *rows, Str leader, Str relation, Str units) {
  Arena *m = rq->mem;
  for (size_t from = 0, i = 0; i <= units.len; i++) {
    bool end = i == units.len, comma = !end && str_starts(str_sub(units, i, SIZE_MAX), S("、"));
    if (!end && !comma) continue;
    Str written = str_trim(str_sub(units, from, i - from));
    const Unit *u = policy_unit_written(m, rq->app->policy, written);
    if (written.len) {
      Json *o = json_push_obj(m, rows);
      PUT(o, "unit", u ? u->code : written);
      PUT(o, "relation", relation);
      PUT(o, "leader", str_eqz(leader, "无") ? S("") : leader);
    }
    from = i + 3;
  }
}

static Code post_portfolio(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Json *args = json_obj(m), *rows = json_put_arr(m, args, S("rows"));
  Str rest = request_arg(rq, S("rows")), line, leader, relation, units;
  bool malformed = false;
  for (bool more = rest.len > 0; more;) {
    more = str_cut(rest, '\n', &line, &rest);
    line = str_trim(line);
    if (!line.len) continue;
    if (colon_cut(line, &leader, &relation) && colon_cut(relation, &relation, &units)) units_add(rq, rows, leader, relation_code(relation), units);
    else malformed = true;
  }
  if (malformed) { /* said in the words of the command, beside the field */
    Json *o = json_push_obj(m, rows);
    PUT(o, "unit", S("每行要写成 姓名：分管：单位"));
  }
  if (request_arg(rq, S("from")).len) PUT(args, "from", request_arg(rq, S("from")));
  if (request_arg(rq, S("document")).len) PUT(args, "document", request_arg(rq, S("document")));
  (void)cx;
  form_send(rq, rp, &change_act, S(""), args, S("/adm/portfolio"), page_portfolio, "adm_portfolio");
  return OK;
}

const Route leaders_routes[] = {
    {.method = GET, .path = "/s/leaders", .allow = ROLE_PUBLIC, .run = page_leaders, .tmpl = "leaders", .section = "guide",
     .help = "领导分工和机构：某一天谁分管某个单位；单位的电话、地址、时间。"},
    {.method = GET, .path = "/adm/portfolio", .allow = ROLE_SYSADMIN, .run = page_portfolio, .tmpl = "adm_portfolio", .section = "admin", .compact = true,
     .help = "登记过的领导分工调整。"},
    {.method = POST, .path = "/adm/portfolio", .allow = ROLE_SYSADMIN, .run = post_portfolio, .section = "admin", .compact = true,
     .help = "登记一次领导分工调整。"},
    {.path = NULL},
};
