/* SPDX-License-Identifier: Apache-2.0 */
/* page_appraisal_do.c: what is entered about an evaluation: the plan, its steps, the scores. */
#include "web/page_appraisal.h"

/* ---- the plan ------------------------------------------------------------------------------------------------------ */

static const FormAct draft_act = {.act = "draft", .command = "appraisal.draft", .title = "起草考评方案", .button = "保存方案", .fields = NULL, .count = 0,
                                  .note = "权重合计要是 100；不写或写 0 的指标不用。公布评价办法以前可以重新起草。"};
static const FormField year_field = {"year", "number", "考评年度", NULL, false};
static const FormField daily_field = {"daily", "number", "日常考评占百分之几", "其余是年终考评", false};
static const FormField self_field = {"self", "number", "自我考评占百分之几", "其余是督查考评", false};
static const FormField new_fields[] = {{"new_name", "text", "增加一个由人评分的指标", "没有就不填", true},
                                       {"new_dimension", "select", "它属于哪项考评内容", NULL, true},
                                       {"new_method", "select", "定性还是定量", NULL, true},
                                       {"new_weight", "number", "它的权重", NULL, true}};

/* The criteria that the form begins with: of the plan, else of the package. */
static size_t base_of(Request *rq, const Appraisal *a, Criterion **out) {
  const Policy *p = rq->app->policy;
  if (a) {
    *out = a->criteria;
    return a->criterion_count;
  }
  *out = arena_array(rq->mem, Criterion, p->reform.indicator_count + 1);
  for (size_t i = 0; i < p->reform.indicator_count; i++) {
    const Indicator *x = &p->reform.indicators[i];
    Criterion *c = &(*out)[i];
    *c = (Criterion){.code = x->code, .name = x->name, .dimension = x->dimension, .method = x->method, .figure = x->figure, .weight = x->weight, .disclosure = x->disclosure};
    for (size_t k = 0; k < p->reform.dimension_count; k++)
      if (str_eq(p->reform.dimensions[k].code, x->dimension)) c->dimension_name = p->reform.dimensions[k].name;
  }
  return p->reform.indicator_count;
}

static void weight_field(Request *rq, Json *form, const Criterion *c, bool first) {
  Arena *m = rq->mem;
  Str hint = arena_fmt(m, "%.*s，%s%s", SFMT(c->dimension_name), str_eqz(c->method, "qualitative") ? "定性" : "定量", c->figure.len ? "，由系统从办件计算" : "，由人评分");
  FormField f = {arena_fmt(m, "w-%.*s", SFMT(c->code)).ptr, "number", arena_fmt(m, "权重：%.*s", SFMT(c->name)).ptr, hint.ptr, true};
  form_field_add(rq, form, &f);
  form_value(rq, form, f.name, arena_fmt(m, "%d", c->weight));
  if (!first) return; /* what is wrong with the weights together stands beside the first of them */
  const Json *fields = json_get(form, S("fields"));
  for (Json *x = fields->first; x; x = x->next)
    if (str_eqz(json_str(x, S("bare")), f.name)) PUT(x, "bare", S("indicators"));
}

void appraisal_draft_form(Request *rq, Json *view, const Appraisal *a) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Criterion *base = NULL;
  size_t n = base_of(rq, a, &base);
  Json *form = form_put_act(rq, view, &draft_act);
  if (!a) {
    form_field_add(rq, form, &year_field);
    form_value(rq, form, "year", str_sub(day_str(m, day_of(rq->now)), 0, 4));
  }
  for (size_t i = 0; i < n; i++) weight_field(rq, form, &base[i], i == 0);
  for (size_t i = 0; i < COUNT(new_fields); i++) form_field_add(rq, form, &new_fields[i]);
  for (size_t i = 0; i < p->reform.dimension_count; i++) form_choice(rq, form, "new_dimension", p->reform.dimensions[i].code, p->reform.dimensions[i].name);
  form_choice(rq, form, "new_method", S("qualitative"), S("定性"));
  form_choice(rq, form, "new_method", S("quantitative"), S("定量"));
  form_field_add(rq, form, &daily_field);
  form_value(rq, form, "daily", arena_fmt(m, "%d", a ? a->daily : p->reform.appraisal_daily));
  form_field_add(rq, form, &self_field);
  form_value(rq, form, "self", arena_fmt(m, "%d", a ? a->self : p->reform.appraisal_self));
}

static void criterion_add(Arena *m, Json *list, const Criterion *c, Str typed) {
  int64_t weight = 0;
  if (!typed.len || str_eqz(typed, "0")) return;
  Json *o = json_push_obj(m, list);
  PUT(o, "code", c->code);
  PUT(o, "name", c->name);
  PUT(o, "dimension", c->dimension);
  PUT(o, "method", c->method);
  if (c->figure.len) PUT(o, "figure", c->figure);
  if (c->disclosure) PUT_BOOL(o, "disclosure", true);
  PUT_INT(o, "weight", str_to_i64(typed, &weight) ? weight : -1);
}

static Json *draft_args(Request *rq, const Appraisal *a) {
  Arena *m = rq->mem;
  Criterion *base = NULL;
  size_t n = base_of(rq, a, &base);
  int added = 1;
  Json *args = json_obj(m), *list = json_put_arr(m, args, S("indicators"));
  static const char *const numbers[] = {"year", "daily", "self"};
  for (size_t i = 0; i < COUNT(numbers); i++) {
    int64_t v = 0;
    Str typed = request_arg(rq, str_of(numbers[i]));
    if (!typed.len) continue;
    if (str_to_i64(typed, &v)) json_put_int(m, args, str_of(numbers[i]), v);
    else json_put_str(m, args, str_of(numbers[i]), typed); /* the command says what is wrong */
  }
  if (a) PUT_INT(args, "year", a->year);
  for (size_t i = 0; i < n; i++) {
    criterion_add(m, list, &base[i], request_arg(rq, arena_fmt(m, "w-%.*s", SFMT(base[i].code))));
    added += str_starts(base[i].code, S("x"));
  }
  Str name = request_arg(rq, S("new_name"));
  if (name.len) {
    Str weight = request_arg(rq, S("new_weight"));
    criterion_add(m, list, &(Criterion){.code = arena_fmt(m, "x%d", added), .name = name, .dimension = request_arg(rq, S("new_dimension")), .method = request_arg(rq, S("new_method"))},
                  weight.len ? weight : S("-1"));
  }
  return args;
}

Code post_appraisals(Cx *cx, Request *rq, Reply *rp) {
  (void)cx;
  form_send(rq, rp, &draft_act, S(""), draft_args(rq, NULL), S("/w/appraisals/"), page_appraisals, "appraisals");
  return OK;
}

/* ---- its steps ------------------------------------------------------------------------------------------------------- */

static const FormField close_fields[] = {{"as_of", "text", "统计截至", "已经过去的一天，写成 2026-12-31 的样子", false}};
enum { PUBLISH, CLOSE, REPORT, ACTS };
static const FormAct acts[ACTS] = {
    {.act = "publish", .command = "appraisal.publish", .title = "公布评价办法", .button = "公布", .note = "公布以后方案不再改，大家都看得到；各方可以开始评分。"},
    {.act = "close", .command = "appraisal.close", .title = "结束考评", .button = "计算并结束", FIELDS(close_fields),
     .note = "系统按这一天结束时已经录入的办件计算各项指标，得出分数、等次和名次，写进记录并公布。以后不能改，任何有关的人都可以重新计算来核对。"},
    {.act = "report", .command = "appraisal.report", .title = "上报考评结果", .button = "上报", .note = "向市政府、市审批制度改革领导小组报告，并送市政府办纳入绩效考核。只报一次。"}};

void appraisal_act_forms(Request *rq, Json *view, const Appraisal *a) {
  Arena *m = rq->mem;
  if (str_eqz(a->status, "draft")) {
    form_put_act(rq, view, &acts[PUBLISH]);
    appraisal_draft_form(rq, view, a);
  } else if (str_eqz(a->status, "open") && rq->app->policy->reform.opinion_days) {
    appraisal_consult_form(rq, view, a);
  } else if (str_eqz(a->status, "open")) {
    Day last = day_ymd((int)a->year, 12, 31), yesterday = {day_of(rq->now).n - 1};
    form_value(rq, form_put_act(rq, view, &acts[CLOSE]), "as_of", day_str(m, yesterday.n < last.n ? yesterday : last));
  } else if (str_eqz(a->status, "opinions")) {
    if (day_of(rq->now).n > a->until.n && !appraisal_unanswered(a)) form_value(rq, form_put_act(rq, view, &acts[CLOSE]), "as_of", day_str(m, a->as_of));
    appraisal_opinion_forms(rq, view, a);
  } else if (!a->reported_at) {
    form_put_act(rq, view, &acts[REPORT]);
  }
}

Code post_appraisal(Cx *cx, Request *rq, Reply *rp) {
  const Appraisal *a = NULL;
  const FormAct *act = NULL;
  TRY(appraisal_of(cx, rq, &a));
  Str path = arena_fmt(rq->mem, "/w/appraisals/%lld", (long long)a->year), stream = arena_fmt(rq->mem, "appraisal/%lld", (long long)a->year);
  if (str_eqz(request_arg(rq, S("act")), draft_act.act)) {
    form_send(rq, rp, &draft_act, S(""), draft_args(rq, a), path, page_appraisal, "appraisal");
    return OK;
  }
  if (form_act(cx, rq, appraisal_opinion_acts, APPRAISAL_OPINION_ACTS, &act) != OK) {
    cx_clear(cx);
    TRY(form_act(cx, rq, acts, ACTS, &act));
  }
  Json *args = form_args(rq, act);
  int64_t no = 0;
  if (str_to_i64(json_str(args, S("no")), &no)) json_put_int(rq->mem, args, S("no"), no);
  form_send(rq, rp, act, stream, args, path, page_appraisal, "appraisal");
  return OK;
}

/* ---- scores: a table of units and indicators ---------------------------------------------------------------------------- */

/* Whom this person scores: the supervisor all, a head his own unit. */
static bool scores_it(const Request *rq, const Appraisal *a, size_t object) {
  return request_has_role(rq, ROLE_SUPERVISOR) || head_of(rq, a->objects[object]);
}

static Str cell_name(Arena *m, size_t object, size_t c) {
  return arena_fmt(m, "s%zu-%zu", object + 1, c + 1);
}

static Str phase_of(const Request *rq) {
  return str_eqz(request_arg(rq, S("phase")), "final") ? S("final") : S("daily");
}

static Place place_of(const Request *rq) {
  bool self = !request_has_role(rq, ROLE_SUPERVISOR), final = str_eqz(phase_of(rq), "final");
  return final ? (self ? FINAL_SELF : FINAL_INSPECTION) : self ? DAILY_SELF : DAILY_INSPECTION;
}

static void cells_view(Request *rq, Json *row, const Appraisal *a, size_t object) {
  Arena *m = rq->mem;
  Json *cells = json_put_arr(m, row, S("cells"));
  for (size_t c = 0; c < a->criterion_count; c++) {
    if (a->criteria[c].figure.len) continue;
    const Mark *k = mark_of(a, object, c, place_of(rq));
    Json *x = json_push_obj(m, cells);
    Str name = cell_name(m, object, c);
    int64_t v = 0;
    bool posted = rq->method == POST;
    Str typed = posted ? request_arg(rq, name) : S("");
    PUT(x, "id", name);
    PUT(x, "label", arena_fmt(m, "%.*s，%.*s", SFMT(unit_name(rq->app->policy, a->objects[object])), SFMT(a->criteria[c].name)));
    PUT(x, "value", posted ? typed : k->given ? hundredths_text(m, k->value) : S(""));
    PUT_BOOL(x, "bad", typed.len && !hundredths_parse(typed, &v));
  }
}

Code page_appraisal_score(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Appraisal *a = NULL;
  TRY(appraisal_of(cx, rq, &a));
  bool self = !request_has_role(rq, ROLE_SUPERVISOR);
  if (!str_eqz(a->status, "open") && !str_eqz(a->status, "opinions")) FAIL(CONFLICT, "%lld 年的考评现在是“%.*s”，不能评分。", (long long)a->year, SFMT(appraisal_label(a->status)));
  if (self && appraisal_object(a, rq->who->unit) < 0) FAIL(NOT_FOUND, "您的单位不在这一年的考评对象里。");
  rp->title = arena_fmt(m, "%lld 年考评：%s", (long long)a->year, self ? "自评" : "督查评分");
  rp->view = json_obj(m);
  PUT(rp->view, "path", arena_fmt(m, "/w/appraisals/%lld/score", (long long)a->year));
  PUT_INT(rp->view, "year", a->year);
  PUT_BOOL(rp->view, "self", self);
  PUT(rp->view, "phase", phase_of(rq));
  PUT(rp->view, "place", place_label(place_of(rq)));
  PUT(rp->view, "evidence", rq->method == POST ? request_arg(rq, S("evidence")) : S(""));
  Json *heads = json_put_arr(m, rp->view, S("heads")), *rows = json_put_arr(m, rp->view, S("rows"));
  for (size_t c = 0; c < a->criterion_count; c++)
    if (!a->criteria[c].figure.len) json_push_str(m, heads, arena_fmt(m, "%.*s（%d）", SFMT(a->criteria[c].name), a->criteria[c].weight));
  for (size_t o = 0; o < a->object_count; o++) {
    if (!scores_it(rq, a, o)) continue;
    Json *row = json_push_obj(m, rows);
    PUT(row, "unit", a->objects[o]);
    PUT(row, "name", unit_name(rq->app->policy, a->objects[o]));
    cells_view(rq, row, a, o);
  }
  return OK;
}

/* The first cell that is no score, else what the command named. */
static void after_score(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  Arena *m = rq->mem;
  if (result->code == OK) {
    reply_redirect(rp, arena_fmt(m, "/w/appraisals/%lld", (long long)param_no(rq, 0)));
    return;
  }
  CommandResult named = *result;
  named.detail = arena_str(m, result->detail);
  named.field = arena_str(m, result->field);
  if (page_appraisal_score(cx, rq, rp) == OK && str_eqz(named.field, "rows"))
    for (const Json *row = json_get(rp->view, S("rows"))->first; row; row = row->next)
      for (const Json *c = json_get(row, S("cells"))->first; c; c = c->next)
        if (json_bool(c, S("bad")) && str_eqz(named.field, "rows")) named.field = json_str(c, S("id"));
  after_or_again(cx, rq, &named, rp, S(""), page_appraisal_score, "appraisal_score");
}

Code post_appraisal_score(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Appraisal *a = NULL;
  TRY(appraisal_of(cx, rq, &a));
  Json *args = json_obj(m);
  PUT(args, "side", request_has_role(rq, ROLE_SUPERVISOR) ? S("inspection") : S("self"));
  PUT(args, "phase", phase_of(rq));
  PUT(args, "evidence", request_arg(rq, S("evidence")));
  Json *rows = json_put_arr(m, args, S("rows"));
  for (size_t o = 0; o < a->object_count; o++)
    for (size_t c = 0; c < a->criterion_count; c++) {
      Str typed = scores_it(rq, a, o) && !a->criteria[c].figure.len ? request_arg(rq, cell_name(m, o, c)) : S("");
      if (!typed.len) continue;
      Json *x = json_push_obj(m, rows);
      PUT(x, "unit", a->objects[o]);
      PUT(x, "indicator", a->criteria[c].code);
      PUT(x, "score", typed);
    }
  reply_command(rq, rp, S("appraisal.score"), arena_fmt(m, "appraisal/%lld", (long long)a->year), args);
  rp->after = after_score;
  return OK;
}
