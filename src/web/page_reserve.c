/* SPDX-License-Identifier: Apache-2.0 */
/* page_reserve.c: the reserve library 储备库: published conditions for everybody, the library and its acts for departments. */
#include "web/page_early.h"
#include "web/page_region.h"

enum { STEP = 50 };
static const char none[] = "无"; /* typed for 不作要求 */

/* ---- lists ------------------------------------------------------------------------------------------------ */

static void plot_row(Request *rq, Json *o, const PlotRow *p) {
  Arena *m = rq->mem;
  PUT_INT(o, "no", p->no);
  PUT(o, "number", p->number);
  PUT(o, "name", p->name);
  PUT(o, "county_name", place_name(rq->app->policy, p->county));
  PUT(o, "status", p->status);
  PUT(o, "status_label", early_label(p->status));
  PUT_BOOL(o, "granted", p->granted);
  PUT(o, "owner", p->owner);
  PUT_INT(o, "project", p->project);
  PUT_INT(o, "waiting", p->waiting);
  PUT_INT(o, "changes", p->changes);
  PUT_BOOL(o, "assigned", str_eqz(p->status, "assigned"));
  if (p->published.n) PUT(o, "published", day_str(m, p->published));
}

Code plots_view(Cx *cx, Request *rq, Json *view, const PlotFilter *f) {
  PlotRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  TRY(plots_list(cx, rq->rd, f, &rows, &n, &total));
  Json *list = json_put_arr(rq->mem, view, S("plots"));
  for (size_t i = 0; i < n; i++) plot_row(rq, json_push_obj(rq->mem, list), &rows[i]);
  view_pages(rq, view, f->offset, n, f->limit, total);
  return OK;
}

Code opinions_view(Cx *cx, Request *rq, Json *view, Str unit) {
  enum { SHOWN = 100 };
  Arena *m = rq->mem;
  OpinionRow *rows = NULL;
  size_t n = 0;
  TRY(opinions_list(cx, rq->rd, rq->app->policy, unit, rq->now, SHOWN, &rows, &n));
  Json *list = json_put_arr(m, view, S("opinions"));
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "plot", rows[i].plot);
    PUT(o, "number", rows[i].number);
    PUT(o, "name", rows[i].name);
    PUT(o, "kind", rows[i].kind);
    PUT(o, "kind_label", opinion_kind_label(rows[i].kind));
    PUT(o, "topic", rows[i].topic);
    PUT(o, "unit_name", unit_name(rq->app->policy, rows[i].unit));
    view_reading(m, o, &rows[i].reading, rows[i].days);
  }
  return OK;
}

Code page_plots_public(Cx *cx, Request *rq, Reply *rp) {
  rp->title = tr(rq->lang, S("出让用地建设条件"));
  rp->view = json_obj(rq->mem);
  return plots_view(cx, rq, rp->view, &(PlotFilter){.published = true, .offset = from_of(rq), .limit = STEP});
}

Code page_plots(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Str status = request_arg(rq, S("status"));
  rp->title = S("储备库");
  rp->view = json_obj(m);
  PUT_BOOL(rp->view, "can_add", staff_of(rq, p->stages[1].lead));
  PUT(rp->view, "status", status);
  return plots_view(cx, rq, rp->view, &(PlotFilter){.status = status, .offset = from_of(rq), .limit = STEP});
}

/* ---- one plot --------------------------------------------------------------------------------------------- */

static void conditions_view(Request *rq, Json *view, const Plot *p) {
  Arena *m = rq->mem;
  const Field *fields[CONDITIONS_MAX];
  Json *list = json_put_arr(m, view, S("conditions"));
  for (size_t i = 0, n = early_conditions(rq->app->policy, fields); i < n; i++) {
    const Json *v = json_get(p->conditions, fields[i]->name);
    Json *o = json_push_obj(m, list);
    PUT(o, "name", fields[i]->name);
    PUT(o, "label", fields[i]->label);
    PUT(o, "unit", fields[i]->unit);
    PUT(o, "value", v ? v->str : S(""));
    PUT_BOOL(o, "stated", v != NULL);
    PUT_BOOL(o, "free", v && !v->str.len);
  }
}

static void changes_view(Request *rq, Json *view, const Plot *p) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("changes"));
  for (size_t i = p->change_count; i > 0; i--) {
    const ConditionChange *c = &p->changes[i - 1];
    const Field *f = early_condition(rq->app->policy, c->name);
    Json *o = json_push_obj(m, list);
    PUT(o, "label", f ? f->label : c->name);
    PUT(o, "was", c->was);
    PUT(o, "now", c->now);
    PUT(o, "reason", c->reason);
    PUT(o, "doc", c->doc);
    PUT(o, "by", c->by);
    PUT(o, "at_cn", time_cn(m, c->at));
  }
}

static void plot_opinions(Request *rq, Json *view, const Plot *p) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("opinions"));
  for (size_t i = 0; i < p->opinion_count; i++) {
    const Opinion *o = &p->opinions[i];
    Reading r = opinion_reading(rq->app->policy, o, rq->now);
    Json *row = json_push_obj(m, list);
    PUT(row, "kind_label", opinion_kind_label(o->kind));
    PUT(row, "topic", o->topic);
    PUT(row, "unit_name", unit_name(rq->app->policy, o->unit));
    PUT(row, "asked", time_cn(m, o->asked));
    PUT_BOOL(row, "waits", !o->given);
    PUT(row, "result_label", early_label(o->result));
    PUT_BOOL(row, "object", str_eqz(o->result, "object"));
    PUT(row, "text", o->text);
    PUT(row, "by", o->by);
    if (o->given) PUT(row, "given", time_cn(m, o->given));
    view_reading(m, row, &r, o->days);
  }
}

static void plot_head(Request *rq, Json *view, const Plot *p) {
  Arena *m = rq->mem;
  PUT_INT(view, "no", p->no);
  PUT(view, "number", p->number);
  PUT(view, "name", p->name);
  PUT(view, "county_name", place_name(rq->app->policy, p->county));
  PUT(view, "boundary", p->boundary);
  PUT(view, "scale", p->scale);
  PUT(view, "basis", p->basis);
  PUT_BOOL(view, "granted", p->granted);
  PUT(view, "status", p->status);
  PUT(view, "status_label", early_label(p->status));
  if (p->published_at) PUT(view, "published", time_cn(m, p->published_at));
  PUT(view, "publisher", unit_name(rq->app->policy, rq->app->policy->stages[2].lead));
  conditions_view(rq, view, p);
  changes_view(rq, view, p);
}

static Code plot_of(Cx *cx, Request *rq, const Plot **out) {
  return plot_load(cx, rq->rd, param_no(rq, 0), out);
}

Code page_plot_public(Cx *cx, Request *rq, Reply *rp) {
  const Plot *p = NULL;
  TRY(plot_of(cx, rq, &p));
  if (!p->published_at) FAIL(NOT_FOUND, "没有这宗用地，或者它的建设条件还没有公布。");
  rp->title = p->name;
  rp->view = json_obj(rq->mem);
  plot_head(rq, rp->view, p);
  return region_of_plot(cx, rq, rp->view, p);
}

/* ---- the acts ------------------------------------------------------------------------------------------------ */

static const FormField describe_fields[] = {{"survey", "long", "地籍调查", "在生成阶段完成（葫政办发〔2019〕60号 二、（四）5．（4））", true},
                                            {"land_review", "long", "节地评价", "在生成阶段完成（葫政办发〔2019〕60号 二、（四）5．（4））", true}};
static const FormField asks_fields[] = {{"kinds", "checks", "同时征求哪些意见", "同一时刻发出，各自计时", true},
                                        {"other_unit", "select", "另外征求的单位", "行业管理部门等", true},
                                        {"other_topic", "text", "另外征求什么意见", NULL, true}};
static const FormField opinion_fields[] = {{"kind", "radio", "意见种类", NULL, false},
                                           {"result", "radio", "结论", NULL, false},
                                           {"opinion", "long", "意见", NULL, false}};
static const FormField assign_fields[] = {{"owner", "text", "建设单位", NULL, false},
                                          {"uscc", "text", "统一社会信用代码", "18 位", false}};
static const FormField change_fields[] = {{"name", "select", "变更哪一项", NULL, false},
                                          {"value", "text", "改为", "不作要求的填“无”", false},
                                          {"reason", "long", "理由", "至少 10 个字；监督部门看得到，公布过的同时公布", false},
                                          {"doc", "text", "批准文件", "文号或名称", false}};
static const FormField drop_fields[] = {{"reason", "long", "理由", NULL, false}};
enum { CONDITIONS, ASKS, OPINION, GENERATE, PUBLISH, ASSIGN, CHANGE, DROP, ACTS };
static const FormAct acts[ACTS] = {
    {.act = "conditions", .command = "reserve.set-conditions", .title = "建设条件", .button = "保存", FIELDS(describe_fields),
     .note = "不作要求的填“无”。全部写明后才能生成，生成后锁定。"},
    {.act = "asks", .command = "reserve.ask-opinions", .title = "征求前期意见", .button = "同时发出", FIELDS(asks_fields)},
    {.act = "opinion", .command = "reserve.give-opinion", .title = "出具前期意见", .button = "出具意见", FIELDS(opinion_fields)},
    {.act = "generate", .command = "reserve.generate", .title = "项目生成", .button = "生成，锁定建设条件", .fields = NULL, .count = 0,
     .note = "条件写全、意见出齐以后生成。生成后原则上不得变更。"},
    {.act = "publish", .command = "reserve.publish", .title = "公布出让用地建设条件", .button = "一次性公布全部条件", .fields = NULL, .count = 0,
     .note = "只能公布一次，全部条件一起公布。"},
    {.act = "assign", .command = "reserve.assign", .title = "确定建设单位", .button = "确定", FIELDS(assign_fields),
     .note = "由这个单位登记项目，建设条件随之锁定在项目里。"},
    {.act = "change", .command = "reserve.change-condition", .title = "变更锁定的建设条件", .button = "变更", FIELDS(change_fields)},
    {.act = "drop", .command = "reserve.drop", .title = "退出储备库", .button = "退出", FIELDS(drop_fields)}};

static bool is(const Plot *p, const char *status) {
  return str_eqz(p->status, status);
}

static void conditions_form(Request *rq, Json *view, const Plot *p) {
  Arena *m = rq->mem;
  const Field *fields[CONDITIONS_MAX];
  Json *form = form_put_act(rq, view, &acts[CONDITIONS]);
  for (size_t i = 0, n = early_conditions(rq->app->policy, fields); i < n; i++) {
    const Field *f = fields[i];
    const Json *v = json_get(p->conditions, f->name);
    FormField row = {arena_z(m, f->name), "text", arena_fmt(m, "%.*s%s%.*s", SFMT(f->label), f->unit.len ? "，" : "", SFMT(f->unit)).ptr, NULL, true};
    form_field_add(rq, form, &row);
    form_value(rq, form, row.name, !v ? S("") : v->str.len ? v->str : str_of(none));
  }
  form_value(rq, form, "survey", p->survey);
  form_value(rq, form, "land_review", p->land_review);
}

static void asks_form(Request *rq, Json *view) {
  static const char *const kinds[] = {"planning", "land", "forest", "sea"};
  Json *form = form_put_act(rq, view, &acts[ASKS]);
  for (size_t i = 0; i < COUNT(kinds); i++) form_choice(rq, form, "kinds", str_of(kinds[i]), opinion_kind_label(str_of(kinds[i])));
  units_choices(rq, form, "other_unit", "department|county|zone");
}

static void opinion_form(Request *rq, Json *view, const Plot *p) {
  static const char *const results[] = {"agree", "agree-if", "object"};
  Json *form = NULL;
  for (size_t i = 0; i < p->opinion_count; i++) {
    const Opinion *o = &p->opinions[i];
    if (o->given || !str_eq(o->unit, rq->who->unit)) continue;
    if (!form) form = form_put_act(rq, view, &acts[OPINION]);
    Str label = opinion_kind_label(o->kind);
    form_choice(rq, form, "kind", o->kind, o->topic.len ? arena_fmt(rq->mem, "%.*s：%.*s", SFMT(label), SFMT(o->topic)) : label);
  }
  for (size_t i = 0; form && i < COUNT(results); i++) form_choice(rq, form, "result", str_of(results[i]), early_label(str_of(results[i])));
}

static void change_form(Request *rq, Json *view) {
  const Field *fields[CONDITIONS_MAX];
  Json *form = form_put_act(rq, view, &acts[CHANGE]);
  for (size_t i = 0, n = early_conditions(rq->app->policy, fields); i < n; i++) form_choice(rq, form, "name", fields[i]->name, fields[i]->label);
}

static void acts_view(Request *rq, Json *view, const Plot *p) {
  const Policy *policy = rq->app->policy;
  Str first = policy->stages[1].lead, second = policy->stages[2].lead;
  bool idea = is(p, "idea"), ended = is(p, "converted") || is(p, "dropped");
  if (idea) opinion_form(rq, view, p);
  if (idea && staff_of(rq, second)) conditions_form(rq, view, p);
  if (idea && staff_of(rq, first)) asks_form(rq, view);
  if (idea && head_of(rq, first)) form_put_act(rq, view, &acts[GENERATE]);
  if (is(p, "generated") && p->granted && head_of(rq, second)) form_put_act(rq, view, &acts[PUBLISH]);
  if (is(p, p->granted ? "published" : "generated") && staff_of(rq, first)) form_put_act(rq, view, &acts[ASSIGN]);
  if (!idea && !is(p, "dropped") && head_of(rq, second)) change_form(rq, view);
  if (!ended && staff_of(rq, first)) form_put_act(rq, view, &acts[DROP]);
}

Code page_plot(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Plot *p = NULL;
  TRY(plot_of(cx, rq, &p));
  rp->title = p->name;
  rp->view = json_obj(m);
  plot_head(rq, rp->view, p);
  plot_opinions(rq, rp->view, p);
  PUT(rp->view, "path", arena_fmt(m, "/w/reserve/%lld", (long long)p->no));
  PUT(rp->view, "survey", p->survey);
  PUT(rp->view, "land_review", p->land_review);
  PUT(rp->view, "added", time_cn(m, p->added_at));
  if (p->generated_at) PUT(rp->view, "generated", arena_fmt(m, "%.*s　%.*s", SFMT(time_cn(m, p->generated_at)), SFMT(p->generated_by)));
  PUT(rp->view, "owner", p->owner);
  PUT(rp->view, "uscc", p->uscc);
  PUT(rp->view, "end_reason", p->end_reason);
  if (p->project) PUT_INT(rp->view, "project", p->project);
  PUT(rp->view, "project_number", p->project_number);
  PUT_INT(rp->view, "opinion_days", rq->app->policy->opinion_days);
  PUT_BOOL(rp->view, "days_sample", rq->app->policy->opinion_source.sample);
  acts_view(rq, rp->view, p);
  return region_of_plot(cx, rq, rp->view, p);
}

/* The four pre-opinions are the land office's; others name their unit and topic. */
static Json *asks_args(Request *rq) {
  Arena *m = rq->mem;
  Json *args = json_obj(m), *list = json_put_arr(m, args, S("asks"));
  const Json *kinds = json_get(rq->args, S("kinds"));
  for (const Json *x = kinds && kinds->kind == JSON_ARR ? kinds->first : NULL; x; x = x->next) {
    Json *o = json_push_obj(m, list);
    PUT(o, "kind", x->str);
    PUT(o, "unit", rq->app->policy->stages[2].lead);
  }
  Str unit = request_arg(rq, S("other_unit"));
  if (!unit.len) return args;
  Json *o = json_push_obj(m, list);
  PUT(o, "kind", S("other"));
  PUT(o, "unit", unit);
  PUT(o, "topic", request_arg(rq, S("other_topic")));
  return args;
}

static Json *conditions_args(Request *rq) {
  Arena *m = rq->mem;
  const Field *fields[CONDITIONS_MAX];
  Json *args = form_args(rq, &acts[CONDITIONS]), *values = json_put_obj(m, args, S("conditions"));
  for (size_t i = 0, n = early_conditions(rq->app->policy, fields); i < n; i++) {
    Str typed = request_arg(rq, fields[i]->name);
    if (typed.len) json_put_str(m, values, fields[i]->name, str_eqz(typed, none) ? S("") : typed);
  }
  return args;
}

Code post_plot(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const FormAct *a = NULL;
  const Plot *p = NULL;
  TRY(plot_of(cx, rq, &p));
  TRY(form_act(cx, rq, acts, ACTS, &a));
  Json *args = a == &acts[ASKS] ? asks_args(rq) : a == &acts[CONDITIONS] ? conditions_args(rq) : form_args(rq, a);
  if (a == &acts[CHANGE] && str_eqz(json_str(args, S("value")), none)) json_put_str(m, args, S("value"), S(""));
  form_send(rq, rp, a, arena_fmt(m, "reserve/%lld", (long long)p->no), args, arena_fmt(m, "/w/reserve/%lld", (long long)p->no), page_plot, "plot");
  return OK;
}

/* ---- a new one ------------------------------------------------------------------------------------------------ */

static const FormField add_fields[] = {{"name", "text", "储备项目名称", NULL, false},
                                       {"county", "select", "建设地点", NULL, false},
                                       {"boundary", "long", "四至范围", "东、南、西、北各到哪里", false},
                                       {"scale", "long", "建设规模", NULL, false},
                                       {"basis", "text", "规划依据", "规划名称和批准文号", false},
                                       {"granted", "yesno", "是否出让用地", "出让用地的建设条件要一次性公布", false},
                                       {"region", "select", "所在区域", "在登记的开发区、园区内的选择；区域评估的建设要求同建设条件一起告知", true}};
static const FormAct add_act = {.act = "add", .command = "reserve.add", .title = "储备项目", .button = "入库", FIELDS(add_fields)};

Code page_plot_new(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  if (!staff_of(rq, p->stages[1].lead)) FAIL(DENIED, "储备项目由%.*s入库。", SFMT(unit_name(p, p->stages[1].lead)));
  rp->title = S("储备项目入库");
  rp->view = json_obj(m);
  PUT(rp->view, "path", S("/w/reserve/new"));
  PUT(rp->view, "back", S("/w/reserve"));
  PUT(rp->view, "back_text", S("返回储备库"));
  RegionRow *rows = NULL;
  size_t n = 0;
  TRY(regions_list(cx, rq->rd, day_of(rq->now), &rows, &n));
  Json *form = form_put_act(rq, rp->view, &add_act);
  units_choices(rq, form, "county", "county|zone");
  for (size_t i = 0; i < n; i++) form_choice(rq, form, "region", rows[i].name, rows[i].name);
  return OK;
}

Code post_plot_new(Cx *cx, Request *rq, Reply *rp) {
  (void)cx;
  form_send(rq, rp, &add_act, S(""), form_args(rq, &add_act), S("/w/reserve/"), page_plot_new, "early_form");
  return OK;
}
