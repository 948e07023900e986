/* SPDX-License-Identifier: Apache-2.0 */
/* appraisal.c: who may draft, publish, score, close and report the evaluation of a year, and when. */
#include "evaluation/appraisal_int.h"

#define CLAUSE APPRAISAL_CLAUSE
enum { YEAR_FIRST = 2000, YEAR_LAST = 2199, ROWS_MAX = APPRAISAL_OBJECTS_MAX * APPRAISAL_CRITERIA_MAX };

static const Arg draft_args[] = {
    {.name = "year", .label = "考评年度", .type = ARG_INT, .required = true, .min = YEAR_FIRST, .max = YEAR_LAST},
    {.name = "indicators", .label = "指标", .type = ARG_LIST, .max = APPRAISAL_CRITERIA_MAX, .hint = "{code, name, dimension, method, weight, figure?, disclosure?}；不写的用政策包里的"},
    {.name = "daily", .label = "日常考评占百分之几", .type = ARG_INT, .max = 100},
    {.name = "self", .label = "自我考评占百分之几", .type = ARG_INT, .max = 100},
    {.name = "objects", .label = "被考评的单位", .type = ARG_LIST, .max = APPRAISAL_OBJECTS_MAX, .hint = "单位代码；不写的是各部门、县（市）区和开发区"}};
static const Arg score_args[] = {
    {.name = "side", .label = "哪一方评分", .type = ARG_CHOICE, .required = true, .choices = "self|inspection"},
    {.name = "phase", .label = "日常还是年终", .type = ARG_CHOICE, .required = true, .choices = "daily|final"},
    {.name = "evidence", .label = "评分依据", .type = ARG_LONG, .required = true, .min = 4, .max = 2000},
    {.name = "rows", .label = "评分", .type = ARG_LIST, .required = true, .max = ROWS_MAX, .hint = "{unit, indicator, score}；score 是 0 到 100，最多两位小数"}};
static const Arg close_args[] = {{.name = "as_of", .label = "统计截至", .type = ARG_DAY, .required = true, .hint = "已经过去的一天"}};

Code appraisal__in(Cx *cx, const Ask *ask, const char *need, const char *also, const char *cannot) {
  const Appraisal *a = ask->state;
  Str label = appraisal_label(a->status);
  TRY(kit_now(cx, ask));
  if (str_eqz(a->status, need) || (also && str_eqz(a->status, also))) return OK;
  FAIL_AT(CONFLICT, S(""), S(CLAUSE), "%lld 年的考评现在是“%.*s”，不能%s。", (long long)a->year, SFMT(label), cannot);
}

/* ---- drafting ---------------------------------------------------------------------------------------------------- */

static void criterion_put(Arena *m, const Policy *p, Json *list, const Criterion *c) {
  Json *o = json_push_obj(m, list);
  json_put_str(m, o, S("code"), c->code);
  json_put_str(m, o, S("name"), c->name);
  json_put_str(m, o, S("dimension"), c->dimension);
  for (size_t i = 0; i < p->reform.dimension_count; i++)
    if (str_eq(p->reform.dimensions[i].code, c->dimension)) json_put_str(m, o, S("dimension_name"), p->reform.dimensions[i].name);
  json_put_str(m, o, S("method"), c->method);
  if (c->figure.len) json_put_str(m, o, S("figure"), c->figure);
  json_put_int(m, o, S("weight"), c->weight);
  if (c->disclosure) json_put_bool(m, o, S("disclosure"), true);
}

static void criteria_put(Arena *m, const Policy *p, const Json *given, Json *body) {
  Json *list = json_put_arr(m, body, S("indicators"));
  for (size_t i = 0; !given && i < p->reform.indicator_count; i++) {
    const Indicator *x = &p->reform.indicators[i];
    criterion_put(m, p, list, &(Criterion){.code = x->code, .name = x->name, .dimension = x->dimension, .method = x->method, .figure = x->figure, .weight = x->weight, .disclosure = x->disclosure});
  }
  for (const Json *x = given ? given->first : NULL; x; x = x->next) {
    int64_t weight = json_int(x, S("weight"), 0);
    criterion_put(m, p, list, &(Criterion){.code = json_str(x, S("code")), .name = json_str(x, S("name")), .dimension = json_str(x, S("dimension")), .method = json_str(x, S("method")),
                                           .figure = json_str(x, S("figure")), .weight = weight < 0 || weight > 1000 ? 0 : (int)weight, .disclosure = json_bool(x, S("disclosure"))});
  }
}

static Code objects_put(Cx *cx, Arena *m, const Policy *p, const Json *given, Json *body) {
  Json *list = json_put_arr(m, body, S("objects"));
  static const char *const kinds[] = {"department", "county", "zone"};
  for (size_t k = 0; !given && k < COUNT(kinds); k++)
    for (size_t i = 0; i < p->unit_count; i++)
      if (str_eqz(p->units[i].kind, kinds[k]) && list->count < APPRAISAL_OBJECTS_MAX) json_push_str(m, list, p->units[i].code);
  for (const Json *x = given ? given->first : NULL; x; x = x->next) {
    bool before = false;
    for (const Json *y = list->first; y; y = y->next) before |= str_eq(y->str, x->str);
    if (x->kind != JSON_STR || !policy_unit(p, x->str) || before) FAIL_AT(INVALID, S("objects"), S(CLAUSE "-(9)"), "没有单位“%.*s”，或者列了两次", SFMT(x->str));
    json_push_str(m, list, x->str);
  }
  return OK;
}

static Code decide_draft(Cx *cx, const Ask *ask, Decision *d) {
  Arena *m = decision_mem(d);
  const Policy *p = kit_policy(ask);
  const Json *a = ask->cmd->args;
  int64_t year = json_int(a, S("year"), 0);
  TRY(kit_now(cx, ask));
  if (ask->state) TRY(appraisal__in(cx, ask, "draft", NULL, "重新起草：评价办法公布以后不再改"));
  if (!p->reform.grade_count || !p->reform.indicator_count) FAIL_AT(CONFLICT, S(""), S(CLAUSE), "政策包没有写考评等次和指标（evaluation.yaml），不能起草。");
  if (year > kit_year_of(ask->now) + 1 || year < kit_year_of(ask->now) - 1) FAIL_AT(INVALID, S("year"), S(CLAUSE), "只能起草今年、去年和明年的考评方案");
  Json *body = json_obj(m);
  json_put_int(m, body, S("year"), year);
  json_put_int(m, body, S("daily"), json_int(a, S("daily"), p->reform.appraisal_daily));
  json_put_int(m, body, S("self"), json_int(a, S("self"), p->reform.appraisal_self));
  json_put_int(m, body, S("disclosure"), p->reform.disclosure_weight);
  criteria_put(m, p, json_get(a, S("indicators")), body);
  TRY(objects_put(cx, m, p, json_get(a, S("objects")), body));
  Json *grades = json_put_arr(m, body, S("grades"));
  for (size_t i = 0; i < p->reform.grade_count; i++) {
    Json *o = json_push_obj(m, grades);
    json_put_str(m, o, S("code"), p->reform.grades[i].code);
    json_put_str(m, o, S("name"), p->reform.grades[i].name);
    json_put_int(m, o, S("from"), p->reform.grades[i].from);
  }
  Appraisal plan = {0};
  appraisal__plan(m, &plan, body);
  TRY(appraisal_check(cx, &plan));
  decision_emit(d, "appraisal.drafted", 1, body);
  return OK;
}

static Code decide_publish(Cx *cx, const Ask *ask, Decision *d) {
  TRY(appraisal__in(cx, ask, "draft", NULL, "再次公布"));
  decision_emit(d, "appraisal.published", 1, NULL);
  return OK;
}

/* ---- scoring ----------------------------------------------------------------------------------------------------- */

static Str unit_called(const Ask *ask, Str unit) {
  const Unit *u = policy_unit_known(ask->env, unit);
  return u ? u->name : unit;
}

static Code row_check(Cx *cx, const Ask *ask, const Json *row, bool self, int64_t *value) {
  const Appraisal *a = ask->state;
  Str unit = json_str(row, S("unit")), code = json_str(row, S("indicator")), name = unit_called(ask, unit);
  int c = appraisal_criterion(a, code);
  if (appraisal_object(a, unit) < 0) FAIL_AT(INVALID, S("rows"), S(CLAUSE), "“%.*s”不在这一年的考评对象里", SFMT(name));
  if (c < 0) FAIL_AT(INVALID, S("rows"), S(CLAUSE), "方案里没有指标“%.*s”", SFMT(code));
  if (a->criteria[c].figure.len) FAIL_AT(INVALID, S("rows"), S(CLAUSE), "“%.*s”由系统从办件计算，不评分", SFMT(a->criteria[c].name));
  if (self && !str_eq(unit, ask->cmd->actor.unit)) FAIL_AT(DENIED, S("rows"), S(CLAUSE), "自评只评本单位，%.*s由它自己的负责人评。", SFMT(name));
  if (!hundredths_parse(json_str(row, S("score")), value)) FAIL_AT(INVALID, S("rows"), S(CLAUSE "-(5)"), "%.*s的“%.*s”：分数是 0 到 100，最多两位小数", SFMT(name), SFMT(a->criteria[c].name));
  return OK;
}

static Code decide_score(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"side", "phase", "evidence", NULL};
  Arena *m = decision_mem(d);
  const Json *rows = json_get(ask->cmd->args, S("rows"));
  bool self = str_eqz(json_str(ask->cmd->args, S("side")), "self");
  TRY(appraisal__in(cx, ask, "open", "opinions", "评分"));
  if (!(ask->cmd->actor.roles & (self ? ROLE_UNIT_HEAD : ROLE_SUPERVISOR))) FAIL_AT(DENIED, S("side"), S(CLAUSE), "%s", self ? "自评由被考评单位的负责人评。" : "督查评分由监督人员评。");
  if (!rows || !rows->first) FAIL_AT(INVALID, S("rows"), S(CLAUSE), "一个分数也没有填");
  Json *body = kit_body(d, ask, names), *list = json_put_arr(m, body, S("rows"));
  for (const Json *x = rows->first; x; x = x->next) {
    int64_t value = 0;
    TRY(row_check(cx, ask, x, self, &value));
    Json *o = json_push_obj(m, list);
    json_put_str(m, o, S("unit"), json_str(x, S("unit")));
    json_put_str(m, o, S("indicator"), json_str(x, S("indicator")));
    json_put_int(m, o, S("value"), value);
  }
  decision_emit(d, "appraisal.scored", 1, body);
  return OK;
}

/* ---- closing ----------------------------------------------------------------------------------------------------- */

static Code scores_there(Cx *cx, const Ask *ask) {
  const Appraisal *a = ask->state;
  size_t units = 0, first = a->object_count;
  int all = 0;
  for (size_t o = 0; o < a->object_count; o++) {
    int n = appraisal_missing(a, o, DAILY_INSPECTION) + appraisal_missing(a, o, FINAL_INSPECTION);
    if (n && first == a->object_count) first = o;
    all += n;
    units += n > 0;
  }
  if (!all) return OK;
  Str name = unit_called(ask, a->objects[first]);
  FAIL_AT(CONFLICT, S("as_of"), S(CLAUSE), "还有 %zu 个单位缺督查评分，共 %d 个（%.*s等）。请评完再结束。", units, all, SFMT(name));
}

static void figures_read(Arena *m, const Json *list, Figure **out, size_t *n) {
  *out = arena_array(m, Figure, list ? list->count + 1 : 1);
  *n = 0;
  for (const Json *x = list ? list->first : NULL; x; x = x->next)
    (*out)[(*n)++] = (Figure){.unit = json_str(x, S("unit")), .figure = json_str(x, S("figure")), .good = json_int(x, S("good"), 0), .all = json_int(x, S("all"), 0), .n = json_int(x, S("n"), 0)};
}

static void results_put(Arena *m, Json *body, const Result *list, size_t n) {
  Json *out = json_put_arr(m, body, S("results"));
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, out);
    json_put_str(m, o, S("unit"), list[i].unit);
    json_put_bool(m, o, S("region"), list[i].region);
    json_put_int(m, o, S("rank"), list[i].rank);
    json_put_str(m, o, S("points"), list[i].shown);
    json_put_str(m, o, S("grade"), list[i].grade);
    json_put_str(m, o, S("grade_name"), list[i].grade_name);
    json_put_int(m, o, S("sum"), list[i].sum);
    json_put_int(m, o, S("weight"), list[i].weight);
  }
}

Code appraisal__result(Cx *cx, const Ask *ask, Decision *d, Json **out) {
  Arena *m = decision_mem(d);
  const Appraisal *a = ask->state;
  const Policy *p = kit_policy(ask);
  Day as_of = {0};
  (void)day_parse(json_str(ask->cmd->args, S("as_of")), &as_of);
  if (as_of.n >= day_of(ask->now).n) FAIL_AT(INVALID, S("as_of"), S(CLAUSE), "统计截至的一天要已经过去：当天还会变，以后就核不对了");
  if (as_of.n < day_ymd((int)a->year, 1, 1).n) FAIL_AT(INVALID, S("as_of"), S(CLAUSE), "统计截至的一天不能早于 %lld 年 1 月 1 日", (long long)a->year);
  TRY(scores_there(cx, ask));
  FigureAsk period = figure_ask(p, a->year, as_of);
  Json *body = *out = json_obj(m);
  json_put_str(m, body, S("as_of"), day_str(m, as_of));
  json_put_str(m, body, S("from"), day_str(m, period.from));
  json_put_str(m, body, S("to"), day_str(m, period.to));
  json_put_str(m, body, S("policy"), p->version);
  const Json *found = json_get(ask->facts, S("figures"));
  if (found) json_put(m, body, S("figures"), found);
  Figure *figures = NULL;
  size_t n = 0;
  figures_read(m, found, &figures, &n);
  Result *results = arena_array(m, Result, a->object_count + 1);
  results_put(m, body, results, appraisal_rank(m, a, p, figures, n, results));
  return OK;
}

static Code decide_close(Cx *cx, const Ask *ask, Decision *d) {
  Json *body = NULL;
  TRY(appraisal__in(cx, ask, "open", "opinions", "结束考评"));
  TRY(appraisal__heard(cx, ask));
  TRY(appraisal__result(cx, ask, d, &body));
  decision_emit(d, "appraisal.closed", 1, body);
  return OK;
}

static Code decide_report(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const to[] = {"市政府", "市审批制度改革领导小组", "市政府办（绩效考核）"};
  Arena *m = decision_mem(d);
  const Appraisal *a = ask->state;
  TRY(appraisal__in(cx, ask, "closed", NULL, "上报"));
  if (a->reported_at) FAIL_AT(CONFLICT, S(""), S(CLAUSE "-(7)"), "%lld 年的考评结果已于 %.*s 上报，只报一次。", (long long)a->year, SFMT(time_cn(m, a->reported_at)));
  Json *body = json_obj(m), *list = json_put_arr(m, body, S("to"));
  for (size_t i = 0; i < COUNT(to); i++) json_push_str(m, list, str_of(to[i]));
  decision_emit(d, "appraisal.reported", 1, body);
  return OK;
}

/* ---- what deciding reads: at closing the figures, of the units that are evaluated ------------------------------------ */

static Code appraisal_look(Cx *cx, Db *views, const Command *cmd, const void *state, const void *env, const Json **facts) {
  const Appraisal *a = state;
  Json *out = NULL;
  Figure *list = NULL;
  size_t n = 0;
  Day as_of = {0};
  TRY(kit_facts(cx, views, cmd, &out));
  *facts = out;
  bool result = str_eqz(cmd->name, "appraisal.close") || str_eqz(cmd->name, "appraisal.consult");
  if (!a || !result || !day_parse(json_str(cmd->args, S("as_of")), &as_of)) return OK;
  if (as_of.n < day_ymd((int)a->year, 1, 1).n || as_of.n >= day_of(cmd->now).n) return OK;
  FigureAsk ask = figure_ask(kit_policy(&(Ask){.env = env, .facts = out}), a->year, as_of);
  TRY(figures_count(cx, views, &ask, &list, &n));
  Json *found = json_put_arr(cx->mem, out, S("figures"));
  for (size_t i = 0; i < n; i++) {
    bool wanted = false;
    for (size_t c = 0; c < a->criterion_count; c++) wanted |= str_eq(a->criteria[c].figure, list[i].figure);
    if (!wanted || !list[i].all || appraisal_object(a, list[i].unit) < 0) continue;
    Json *o = json_push_obj(cx->mem, found);
    json_put_str(cx->mem, o, S("unit"), list[i].unit);
    json_put_str(cx->mem, o, S("figure"), list[i].figure);
    json_put_int(cx->mem, o, S("good"), list[i].good);
    json_put_int(cx->mem, o, S("all"), list[i].all);
    json_put_int(cx->mem, o, S("n"), list[i].n);
  }
  return OK;
}

static Code appraisal_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)views;
  *stream = arena_fmt(cx->mem, "appraisal/%lld", (long long)json_int(cmd->args, S("year"), 0));
  return OK;
}

static const CommandDecl commands[] = {
    {.name = "appraisal.draft", .label = "起草考评方案", .help = "监督人员起草一年的考评方案：指标、权重、日常和自我考评的比例；公布以前可以重新起草。", .allow = ROLE_SUPERVISOR,
     .creates = true, .decide = decide_draft, WITH(draft_args)},
    {.name = "appraisal.publish", .label = "公布评价办法", .help = "公布以后方案不再改，各方开始评分。", .allow = ROLE_SUPERVISOR, .decide = decide_publish},
    {.name = "appraisal.score", .label = "考评评分", .help = "被考评单位自评，监督人员督查评分；再评一次以后一次为准。", .allow = ROLE_SUPERVISOR | ROLE_UNIT_HEAD, .decide = decide_score,
     WITH(score_args)},
    {.name = "appraisal.consult", .label = "征求意见", .help = "结束以前公布初评结果，广泛征求基层干部群众的意见，至少政策包写明的工作日。", .allow = ROLE_SUPERVISOR, .decide = appraisal__consult,
     .args = appraisal__consult_args, .arg_count = CONSULT_ARGS},
    {.name = "appraisal.opine", .label = "对初评结果提意见", .help = "被考评单位、基层干部、群众和企业提意见；书面的、座谈会上的由监督人员登记。", .allow = ROLE_ANY_ACCOUNT,
     .decide = appraisal__opine, .args = appraisal__opine_args, .arg_count = OPINE_ARGS},
    {.name = "appraisal.answer-opinion", .label = "答复意见", .help = "逐条答复，采纳的写明怎样改，不采纳的说明理由；结束以前可以更正。", .allow = ROLE_SUPERVISOR, .decide = appraisal__answer,
     .args = appraisal__answer_args, .arg_count = ANSWER_ARGS},
    {.name = "appraisal.close", .label = "结束考评", .help = "按截至的一天计算各项指标，得出分数、等次和名次，写进记录。", .allow = ROLE_SUPERVISOR, .decide = decide_close, WITH(close_args)},
    {.name = "appraisal.report", .label = "上报考评结果", .help = "向市政府、领导小组报告，送市政府办纳入绩效考核；只报一次。", .allow = ROLE_SUPERVISOR, .decide = decide_report}};

const Engine appraisal_engine_base = {.prefix = "appraisal",
                                      .fold = appraisal_fold,
                                      .commands = commands,
                                      .command_count = COUNT(commands),
                                      .open = appraisal_open,
                                      .look = appraisal_look,
                                      .schema = appraisal__schema,
                                      .project = appraisal__project};
