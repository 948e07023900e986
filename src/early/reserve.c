/* SPDX-License-Identifier: Apache-2.0 */
/* reserve.c: the reserve library: who may do what to a plot, and when. */
#include "early/early_int.h"

static const Arg add_args[] = {
    {.name = "name", .label = "储备项目名称", .type = ARG_TEXT, .required = true, .min = 2, .max = 120},
    {.name = "county", .label = "建设地点", .type = ARG_CODE, .required = true},
    {.name = "boundary", .label = "四至范围", .type = ARG_LONG, .required = true, .min = 4, .max = 500, .hint = "东、南、西、北各到哪里"},
    {.name = "scale", .label = "建设规模", .type = ARG_LONG, .required = true, .min = 4, .max = 500},
    {.name = "basis", .label = "规划依据", .type = ARG_TEXT, .required = true, .min = 4, .max = 200},
    {.name = "granted", .label = "出让用地", .type = ARG_BOOL},
    {.name = "region", .label = "所在区域", .type = ARG_TEXT, .max = 60, .hint = "登记过的区域的名称；不在区域内的不写"}};
static const Arg conditions_args[] = {
    {.name = "conditions", .label = "建设条件", .type = ARG_OBJECT, .hint = "{\"plot_ratio\":\"1.8\"}；不作要求的写空文字"},
    {.name = "survey", .label = "地籍调查", .type = ARG_LONG, .max = 500},
    {.name = "land_review", .label = "节地评价", .type = ARG_LONG, .max = 500}};
static const Arg asks_args[] = {{.name = "asks", .label = "征求意见", .type = ARG_LIST, .required = true, .max = OPINIONS_MAX,
                                 .hint = "[{\"kind\":\"planning|land|forest|sea|other\",\"unit\":\"natural-resources\",\"topic\":\"\"}]"}};
static const Arg opinion_args[] = {
    {.name = "kind", .label = "意见种类", .type = ARG_CHOICE, .required = true, .choices = "planning|land|forest|sea|other"},
    {.name = "result", .label = "结论", .type = ARG_CHOICE, .required = true, .choices = "agree|agree-if|object"},
    {.name = "opinion", .label = "意见", .type = ARG_LONG, .required = true, .min = 4, .max = 2000}};
static const Arg assign_args[] = {{.name = "owner", .label = "建设单位", .type = ARG_TEXT, .required = true, .min = 2, .max = 120},
                                  {.name = "uscc", .label = "统一社会信用代码", .type = ARG_CODE, .required = true}};
static const Arg change_args[] = {
    {.name = "name", .label = "建设条件", .type = ARG_CODE, .required = true},
    {.name = "value", .label = "改为", .type = ARG_TEXT, .max = 200},
    {.name = "reason", .label = "理由", .type = ARG_LONG, .required = true, .min = REASON_LEAST, .max = 1000},
    {.name = "doc", .label = "批准文件", .type = ARG_TEXT, .required = true, .min = 4, .max = 120}};
static const Arg convert_args[] = {{.name = "project", .label = "项目", .type = ARG_INT, .required = true},
                                   {.name = "number", .label = "办件编号", .type = ARG_CODE, .required = true}};
static const Arg drop_args[] = {REASON};
#define CLAUSE "D60-2.4.4-(2)"

/* ---- shared refusals ---------------------------------------------------------------------------------- */

static Code of_stage(Cx *cx, const Ask *ask, int stage, bool head, const char *what) {
  Str lead = kit_policy(ask)->stages[stage].lead;
  const Unit *u = policy_unit(kit_policy(ask), lead);
  Str name = u ? u->name : lead;
  TRY(kit_now(cx, ask));
  if (!str_eq(ask->cmd->actor.unit, lead)) FAIL_AT(DENIED, S(""), S(CLAUSE), "%s由%.*s办理。", what, SFMT(name));
  if (head && !(ask->cmd->actor.roles & ROLE_UNIT_HEAD)) FAIL_AT(DENIED, S(""), S(CLAUSE), "%s要由%.*s负责人签发。", what, SFMT(name));
  return OK;
}

static Code wrong_state(Cx *cx, const Plot *p, const char *cannot) {
  Str label = early_label(p->status);
  FAIL_AT(CONFLICT, S(""), S(CLAUSE), "%.*s现在是“%.*s”，不能%s。", SFMT(p->number), SFMT(label), cannot);
}

static bool is(const Plot *p, const char *status) {
  return str_eqz(p->status, status);
}

const Opinion *plot__opinion(const Plot *p, Str kind, Str unit) {
  for (size_t i = 0; i < p->opinion_count; i++)
    if (str_eq(p->opinions[i].kind, kind) && str_eq(p->opinions[i].unit, unit)) return &p->opinions[i];
  return NULL;
}

/* ---- IDEA ------------------------------------------------------------------------------------------------ */

static Code decide_add(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"name", "county", "boundary", "scale", "basis", "granted", "region", NULL};
  const Unit *county = policy_unit(kit_policy(ask), json_str(ask->cmd->args, S("county")));
  int64_t no = json_int(ask->facts, S("no"), 0);
  TRY(of_stage(cx, ask, 1, false, "储备项目入库"));
  if (!county || (!str_eqz(county->kind, "county") && !str_eqz(county->kind, "zone")))
    FAIL_AT(INVALID, S("county"), S(""), "建设地点要选择县（市）区或开发区");
  Str region = json_str(ask->cmd->args, S("region"));
  if (region.len && !json_int(ask->facts, S("region_no"), 0))
    FAIL_AT(INVALID, S("region"), S("D60-2.9.1"), "没有登记过名为“%.*s”的区域，请从登记的区域里选；不在区域内的不选", SFMT(region));
  Json *body = kit_body(d, ask, names);
  Str number = arena_fmt(decision_mem(d), "CB-%06lld", (long long)no);
  json_put_int(decision_mem(d), body, S("no"), no);
  json_put_str(decision_mem(d), body, S("number"), number);
  decision_emit(d, "reserve.added", 1, body);
  kit_answer(d, "number", number, no);
  return OK;
}

/* One value by the rule of its field; empty is a statement. */
static Code condition_check(Cx *cx, const Policy *p, Str name, const Json *v, Str *clean) {
  const Field *f = early_condition(p, name);
  if (!f) FAIL_AT(INVALID, name, S(CLAUSE), "“%.*s”不是建设条件，请从列表中选择", SFMT(name));
  Str typed = v && v->kind == JSON_STR ? str_trim(v->str) : S("");
  if (v && v->kind == JSON_INT) typed = arena_fmt(cx->mem, "%lld", (long long)v->num);
  *clean = S("");
  return typed.len ? field_check(cx, f, typed, clean) : OK;
}

static Code decide_conditions(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"survey", "land_review", NULL};
  const Plot *p = ask->state;
  const Json *typed = json_get(ask->cmd->args, S("conditions"));
  TRY(of_stage(cx, ask, 2, false, "建设条件"));
  if (!is(p, "idea")) FAIL_AT(CONFLICT, S("conditions"), S(CLAUSE), "%.*s的建设条件已经锁定；确需调整的，由负责人写明理由后变更。", SFMT(p->number));
  Json *body = kit_body(d, ask, names), *clean = json_put_obj(decision_mem(d), body, S("conditions"));
  for (const Json *v = typed ? typed->first : NULL; v; v = v->next) {
    Str value = S("");
    TRY(condition_check(cx, kit_policy(ask), v->key, v, &value));
    json_put_str(decision_mem(d), clean, v->key, value);
  }
  if (!clean->count && body->count == 1) FAIL_AT(INVALID, S("conditions"), S(CLAUSE), "至少填写一项建设条件、地籍调查或节地评价");
  decision_emit(d, "reserve.conditions-set", 1, body);
  return OK;
}

static Code ask_check(Cx *cx, const Ask *ask, const Json *list, const Json *one) {
  static const char *const kinds[] = {"planning", "land", "forest", "sea", "other"};
  const Plot *p = ask->state;
  Str kind = json_str(one, S("kind")), unit = json_str(one, S("unit"));
  size_t i = 0;
  while (i < COUNT(kinds) && !str_eqz(kind, kinds[i])) i++;
  if (i == COUNT(kinds)) FAIL_AT(INVALID, S("asks"), S(CLAUSE), "意见种类只能是规划、土地、林地转用、征海或其他");
  if (!policy_unit(kit_policy(ask), unit)) FAIL_AT(INVALID, S("asks"), S(""), "没有单位“%.*s”，请从列表中选择", SFMT(unit));
  if (str_eqz(kind, "other") && !json_str(one, S("topic")).len) FAIL_AT(INVALID, S("asks"), S(""), "“其他”要写明征求什么意见");
  const Opinion *o = plot__opinion(p, kind, unit);
  Str label = opinion_kind_label(kind);
  if (o && !str_eqz(o->result, "object")) FAIL_AT(CONFLICT, S("asks"), S(CLAUSE), "“%.*s”已经征求过这个单位的意见，不能重复征求", SFMT(label));
  for (const Json *x = list->first; x != one; x = x->next)
    if (str_eq(json_str(x, S("kind")), kind) && str_eq(json_str(x, S("unit")), unit))
      FAIL_AT(INVALID, S("asks"), S(""), "“%.*s”写了两次", SFMT(label));
  return OK;
}

static Code decide_ask(Cx *cx, const Ask *ask, Decision *d) {
  const Plot *p = ask->state;
  const Policy *policy = kit_policy(ask);
  const Json *list = json_get(ask->cmd->args, S("asks"));
  Arena *m = decision_mem(d);
  TRY(of_stage(cx, ask, 1, false, "征求前期意见"));
  if (!is(p, "idea")) return wrong_state(cx, p, "再征求意见");
  if (!policy->opinion_days) FAIL(INVALID, "政策包没有写明前期意见的期限（opinion_days），请先补上。");
  if (!list->first) FAIL_AT(INVALID, S("asks"), S(CLAUSE), "至少征求一个部门的意见");
  if (p->opinion_count + list->count > OPINIONS_MAX) FAIL_AT(LIMIT, S("asks"), S(""), "最多征求 %d 次意见", OPINIONS_MAX);
  for (const Json *one = list->first; one; one = one->next) TRY(ask_check(cx, ask, list, one));
  Json *body = json_obj(m), *asks = json_put_arr(m, body, S("asks"));
  for (const Json *one = list->first; one; one = one->next) {
    Json *o = json_push_obj(m, asks);
    json_put_str(m, o, S("kind"), json_str(one, S("kind")));
    json_put_str(m, o, S("unit"), json_str(one, S("unit")));
    json_put_str(m, o, S("topic"), json_str(one, S("topic")));
  }
  json_put_int(m, body, S("days"), policy->opinion_days);
  decision_emit(d, "reserve.opinions-asked", 1, body);
  return OK;
}

static Code decide_opinion(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"kind", "result", "opinion", NULL};
  const Plot *p = ask->state;
  Str kind = json_str(ask->cmd->args, S("kind")), label = opinion_kind_label(kind);
  TRY(kit_now(cx, ask));
  const Opinion *o = plot__opinion(p, kind, ask->cmd->actor.unit);
  if (!o) FAIL_AT(DENIED, S("kind"), S(CLAUSE), "没有向您的单位征求“%.*s”的意见。", SFMT(label));
  if (o->given) FAIL_AT(CONFLICT, S("kind"), S(CLAUSE), "“%.*s”的意见已由%.*s出具。", SFMT(label), SFMT(o->by));
  if (!is(p, "idea")) return wrong_state(cx, p, "出具意见");
  Json *body = kit_body(d, ask, names);
  json_put_str(decision_mem(d), body, S("unit"), ask->cmd->actor.unit);
  decision_emit(d, "reserve.opinion-given", 1, body);
  return OK;
}

/* 生成: what is locked afterwards must be complete, or it would be changed at once. */
static Code decide_generate(Cx *cx, const Ask *ask, Decision *d) {
  const Plot *p = ask->state;
  const Field *fields[CONDITIONS_MAX];
  size_t n = early_conditions(kit_policy(ask), fields);
  TRY(of_stage(cx, ask, 1, true, "项目生成"));
  if (!is(p, "idea")) return wrong_state(cx, p, "再次生成");
  for (size_t i = 0; i < n; i++)
    if (!json_get(p->conditions, fields[i]->name))
      FAIL_AT(CONFLICT, fields[i]->name, S(CLAUSE), "还没有写明“%.*s”；不作要求的也要写明。条件要一次写全，生成后锁定。", SFMT(fields[i]->label));
  if (!p->opinion_count) FAIL_AT(CONFLICT, S("asks"), S(CLAUSE), "还没有征求前期意见；先并行征求规划、土地等意见，再生成。");
  for (size_t i = 0; i < p->opinion_count; i++) {
    const Opinion *o = &p->opinions[i];
    Str label = opinion_kind_label(o->kind);
    if (!o->given) FAIL_AT(CONFLICT, S("asks"), S(CLAUSE), "“%.*s”的意见还没有出具，等全部出具后再生成。", SFMT(label));
    if (str_eqz(o->result, "object")) FAIL_AT(CONFLICT, S("asks"), S(CLAUSE), "“%.*s”的意见是不同意；调整后重新征求，或者退出储备库。", SFMT(label));
  }
  Json *body = json_obj(decision_mem(d));
  json_put(decision_mem(d), body, S("conditions"), p->conditions);
  decision_emit(d, "reserve.generated", 1, body);
  return OK;
}

/* ---- afterwards -------------------------------------------------------------------------------------------- */

/* 供地以前告知: what holds in the region stands in the event that goes before the supply of land. */
static void tell_region(const Ask *ask, Decision *d, Json *body) {
  const Plot *p = ask->state;
  if (!p->region.len) return;
  json_put_str(decision_mem(d), body, S("region"), p->region);
  json_put(decision_mem(d), body, S("told"), json_get(ask->facts, S("told")));
}

static Code decide_publish(Cx *cx, const Ask *ask, Decision *d) {
  const Plot *p = ask->state;
  TRY(of_stage(cx, ask, 2, true, "公布出让用地建设条件"));
  if (!p->granted) FAIL_AT(CONFLICT, S("granted"), S(CLAUSE), "%.*s不是出让用地，不用公布建设条件。", SFMT(p->number));
  Str day = time_cn(cx->mem, p->published_at);
  if (p->published_at) FAIL_AT(CONFLICT, S("conditions"), S(CLAUSE), "建设条件已于 %.*s 一次性公布，不能再次公布。", SFMT(day));
  if (!is(p, "generated")) return wrong_state(cx, p, "公布建设条件：先生成，条件写全以后一次公布");
  Json *body = json_obj(decision_mem(d));
  json_put(decision_mem(d), body, S("conditions"), p->conditions);
  tell_region(ask, d, body);
  decision_emit(d, "reserve.published", 1, body);
  return OK;
}

static Code decide_assign(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"owner", "uscc", NULL};
  const Plot *p = ask->state;
  TRY(of_stage(cx, ask, 1, false, "确定建设单位"));
  if (p->granted && is(p, "generated"))
    FAIL_AT(CONFLICT, S("conditions"), S(CLAUSE), "出让用地要先一次性公布建设条件，再确定建设单位。");
  if (!is(p, "generated") && !is(p, "published")) return wrong_state(cx, p, "确定建设单位");
  if (!uscc_valid(json_str(ask->cmd->args, S("uscc"))))
    FAIL_AT(INVALID, S("uscc"), S("GB 32100-2015"), "统一社会信用代码应为 18 位，校验码要正确");
  Json *body = kit_body(d, ask, names);
  tell_region(ask, d, body);
  decision_emit(d, "reserve.assigned", 1, body);
  return OK;
}

static Code decide_convert(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"project", "number", NULL};
  const Plot *p = ask->state;
  if (!is(p, "assigned")) return wrong_state(cx, p, "转为项目");
  decision_emit(d, "reserve.converted", 1, kit_body(d, ask, names));
  return OK;
}

static Code decide_release(Cx *cx, const Ask *ask, Decision *d) {
  const Plot *p = ask->state;
  if (!is(p, "converted")) return wrong_state(cx, p, "退回储备库");
  decision_emit(d, "reserve.released", 1, NULL);
  return OK;
}

static Code decide_change(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"name", "reason", "doc", NULL};
  const Plot *p = ask->state;
  Str name = json_str(ask->cmd->args, S("name")), value = S("");
  TRY(of_stage(cx, ask, 2, true, "变更建设条件"));
  if (is(p, "idea") || is(p, "dropped")) return wrong_state(cx, p, "变更锁定的建设条件");
  TRY(condition_check(cx, kit_policy(ask), name, json_get(ask->cmd->args, S("value")), &value));
  Str was = json_str(p->conditions, name);
  if (json_get(p->conditions, name) && str_eq(was, value)) FAIL_AT(CONFLICT, S("value"), S(CLAUSE), "现在就是这个值，没有变更。");
  Json *body = kit_body(d, ask, names);
  json_put_str(decision_mem(d), body, S("was"), was);
  json_put_str(decision_mem(d), body, S("value"), value);
  if (p->project) json_put_int(decision_mem(d), body, S("project"), p->project);
  decision_emit(d, "reserve.condition-changed", 1, body);
  return OK;
}

static Code decide_drop(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"reason", NULL};
  const Plot *p = ask->state;
  TRY(of_stage(cx, ask, 1, false, "退出储备库"));
  if (is(p, "converted") || is(p, "dropped")) return wrong_state(cx, p, "退出储备库");
  decision_emit(d, "reserve.dropped", 1, kit_body(d, ask, names));
  return OK;
}

/* ---- declarations ------------------------------------------------------------------------------------------- */

#define STAFF (ROLE_APPROVER | ROLE_UNIT_HEAD)
#define ROW(n, l, h, who, fn, list) {.name = n, .label = l, .help = h, .allow = (who), .decide = fn, WITH(list)}
const CommandDecl reserve__commands[RESERVE_COMMANDS] = {
    {.name = "reserve.add", .label = "储备项目入库", .help = "依据规划把一个储备项目放入储备库。", .allow = STAFF, .creates = true,
     .decide = decide_add, WITH(add_args)},
    ROW("reserve.set-conditions", "填写建设条件", "生成以前填写容积率等建设条件、地籍调查和节地评价；不作要求的也写明。", STAFF, decide_conditions,
        conditions_args),
    ROW("reserve.ask-opinions", "征求前期意见", "同时向各部门征求规划、土地、林地转用、征海等前期意见。", STAFF, decide_ask, asks_args),
    ROW("reserve.give-opinion", "出具前期意见", "被征求意见的部门出具意见。", STAFF, decide_opinion, opinion_args),
    {.name = "reserve.generate", .label = "项目生成", .help = "条件齐全、意见出齐后生成项目，建设条件从此锁定。", .allow = ROLE_UNIT_HEAD,
     .decide = decide_generate},
    {.name = "reserve.publish", .label = "公布建设条件", .help = "出让用地的建设条件一次性、完整公布。", .allow = ROLE_UNIT_HEAD,
     .decide = decide_publish},
    ROW("reserve.assign", "确定建设单位", "由这个单位登记项目。", STAFF, decide_assign, assign_args),
    ROW("reserve.convert", "转为项目", "登记项目时由系统转为项目。", ROLE_SYSTEM, decide_convert, convert_args),
    {.name = "reserve.release", .label = "退回储备库", .help = "项目撤回时由系统退回。", .allow = ROLE_SYSTEM, .decide = decide_release},
    ROW("reserve.change-condition", "变更建设条件", "变更已经锁定的建设条件：写明理由和批准文件，监督部门看得到。", ROLE_UNIT_HEAD, decide_change,
        change_args),
    ROW("reserve.drop", "退出储备库", "写明理由，退出储备库。", STAFF, decide_drop, drop_args),
};
