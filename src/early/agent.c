/* SPDX-License-Identifier: Apache-2.0 */
/* agent.c: orders for a free agent: who may order, assign, act, rate. There is no price anywhere. */
#include "early/early_int.h"

static const Arg order_args[] = {
    {.name = "county", .label = "县（市）区", .type = ARG_CODE, .required = true},
    {.name = "name", .label = "委托代办的项目", .type = ARG_TEXT, .required = true, .min = 2, .max = 120},
    {.name = "items", .label = "代办事项", .type = ARG_LIST, .required = true, .max = 60, .hint = "[\"目录里的事项名称\",…]"},
    {.name = "remark", .label = "需要说明的情况", .type = ARG_LONG, .max = 500},
    {.name = "project", .label = "已登记的项目", .type = ARG_INT},
    {.name = "direct", .label = "授权直接提交", .type = ARG_BOOL, .hint = "授权委托书写明由代办员直接提交；否则各阶段的申请和补正每次提交前由委托单位确认"},
    {.name = "consent", .label = "同意委托", .type = ARG_BOOL, .required = true}};
static const Arg assign_args[] = {{.name = "agent", .label = "代办员", .type = ARG_CODE, .required = true}};
static const Arg reassign_args[] = {{.name = "agent", .label = "代办员", .type = ARG_CODE, .required = true}, REASON};
static const Arg log_args[] = {{.name = "text", .label = "办了什么", .type = ARG_LONG, .required = true, .min = 4, .max = 1000}};
static const Arg rate_args[] = {{.name = "score", .label = "评分", .type = ARG_INT, .required = true, .min = 1, .max = 5},
                                {.name = "text", .label = "评语", .type = ARG_LONG, .max = 500}};
static const Arg end_args[] = {REASON};
static const Arg bind_args[] = {{.name = "project", .label = "项目", .type = ARG_INT, .required = true},
                                {.name = "number", .label = "办件编号", .type = ARG_CODE, .required = true}};
#define CLAUSE "D60-2.4.4-(1)"

bool order__live(const Order *o) {
  return str_eqz(o->status, "assigned") || str_eqz(o->status, "started");
}

static Code wrong_state(Cx *cx, const Order *o, const char *cannot) {
  Str label = early_label(o->status);
  FAIL_AT(CONFLICT, S(""), S(CLAUSE), "委托 %.*s 现在是“%.*s”，不能%s。", SFMT(o->number), SFMT(label), cannot);
}

/* ---- the enterprise ------------------------------------------------------------------------------------- */

static const Json *named(const Json *list, Str name) {
  for (const Json *x = list ? list->first : NULL; x; x = x->next)
    if (str_eq(json_str(x, S("name")), name)) return x;
  return NULL;
}

static Code items_of(Cx *cx, const Ask *ask, Arena *m, Json *out) {
  const Json *list = json_get(ask->cmd->args, S("items")), *catalogue = json_get(ask->facts, S("catalogue"));
  if (!catalogue || !catalogue->first)
    FAIL_AT(CONFLICT, S("county"), S(CLAUSE), "这个县（市）区还没有公布代办事项目录，请先到综合服务窗口咨询。");
  if (!list->first) FAIL_AT(INVALID, S("items"), S(CLAUSE), "请从目录中选择代办事项");
  for (const Json *x = list->first; x; x = x->next) {
    Str name = x->kind == JSON_STR ? x->str : S("?");
    const Json *found = named(catalogue, name);
    if (!found) FAIL_AT(INVALID, S("items"), S(CLAUSE), "“%.*s”不在公布的代办事项目录里，请从目录中选择", SFMT(name));
    if (named(out, name)) FAIL_AT(INVALID, S("items"), S(""), "“%.*s”选了两次", SFMT(name));
    json_push(m, out, found);
  }
  return OK;
}

static Code project_check(Cx *cx, const Ask *ask) {
  const Json *pr = json_get(ask->facts, S("project"));
  Str uscc = json_str(ask->facts, S("actor_uscc"));
  if (!json_int(ask->cmd->args, S("project"), 0)) return OK;
  if (!pr || !str_eq(json_str(pr, S("uscc")), uscc)) FAIL_AT(NOT_FOUND, S("project"), S(""), "没有这个项目，或者它不是您单位的项目。");
  if (!str_eqz(json_str(pr, S("status")), "running")) FAIL_AT(CONFLICT, S("project"), S(""), "项目已经办结或终止，不用再委托代办。");
  Str other = json_str(pr, S("order"));
  if (other.len) FAIL_AT(CONFLICT, S("project"), S(CLAUSE), "这个项目已有委托 %.*s；代办是一对一的，一个项目一名代办员。", SFMT(other));
  return OK;
}

static Code decide_order(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"county", "name", "remark", NULL};
  Arena *m = decision_mem(d);
  int64_t no = json_int(ask->facts, S("no"), 0);
  const Json *pr = json_get(ask->facts, S("project"));
  TRY(kit_now(cx, ask));
  Str uscc = json_str(ask->facts, S("actor_uscc"));
  if (!uscc.len) FAIL(DENIED, "您的账号没有写明所代表的企业，不能委托代办。");
  if (!json_bool(ask->cmd->args, S("consent")))
    FAIL_AT(INVALID, S("consent"), S("行政许可法第二十九条"), "请确认委托：代办员要凭委托才能替您单位提出申请");
  Json *body = kit_body(d, ask, names), *items = json_put_arr(m, body, S("items"));
  TRY(items_of(cx, ask, m, items));
  TRY(project_check(cx, ask));
  Str number = kit_year(m, "DB", ask->now, json_int(ask->facts, S("year_seq"), 0) + 1);
  json_put_int(m, body, S("no"), no);
  json_put_int(m, body, S("year_seq"), json_int(ask->facts, S("year_seq"), 0) + 1);
  json_put_str(m, body, S("number"), number);
  json_put_str(m, body, S("owner"), json_str(ask->facts, S("actor_org")));
  json_put_str(m, body, S("uscc"), uscc);
  if (json_bool(ask->cmd->args, S("direct"))) json_put_bool(m, body, S("direct"), true);
  if (pr) json_put_int(m, body, S("project"), json_int(ask->cmd->args, S("project"), 0));
  if (pr) json_put_str(m, body, S("project_number"), json_str(pr, S("number")));
  decision_emit(d, "agent.ordered", 1, body);
  kit_answer(d, "number", number, no);
  return OK;
}

static Code decide_rate(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"score", "text", NULL};
  const Order *o = ask->state;
  bool unit = str_eqz(ask->cmd->name, "agent.rate-unit");
  Str who = unit ? ask->cmd->actor.unit : S("");
  TRY(kit_now(cx, ask));
  if (!unit) TRY(kit_owner(cx, ask, o->applicant, o->uscc));
  const Policy *p = kit_policy(ask);
  bool lead = !unit;
  for (int n = 1; n <= STAGE_MAX; n++) lead |= str_eq(p->stages[n].lead, who);
  if (!lead) FAIL_AT(DENIED, S(""), S(CLAUSE), "由各阶段的牵头部门（发改、自然资源、住建）评价代办员。");
  if (!o->started_at) FAIL_AT(CONFLICT, S("score"), S(CLAUSE), "项目开工（第三阶段办结）以后才能评价。");
  for (size_t i = 0; i < o->rating_count; i++)
    if (str_eq(o->ratings[i].unit, who)) FAIL_AT(CONFLICT, S("score"), S(""), "已由%.*s评价过，只能评价一次。", SFMT(o->ratings[i].by));
  Json *body = kit_body(d, ask, names);
  json_put_str(decision_mem(d), body, S("agent"), o->agent);
  json_put_str(decision_mem(d), body, S("agent_name"), o->agent_name);
  if (unit) json_put_str(decision_mem(d), body, S("unit"), who);
  decision_emit(d, unit ? "agent.unit-rated" : "agent.rated", 1, body);
  return OK;
}

static Code decide_end(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"reason", NULL};
  const Order *o = ask->state;
  TRY(kit_now(cx, ask));
  TRY(kit_owner(cx, ask, o->applicant, o->uscc));
  if (str_eqz(o->status, "ended")) return wrong_state(cx, o, "再结束");
  decision_emit(d, "agent.ended", 1, kit_body(d, ask, names));
  return OK;
}

/* ---- who assigns, and whom -------------------------------------------------------------------------------- */

static Code agent_check(Cx *cx, const Ask *ask, const Order *o) {
  const Json *u = json_get(ask->facts, S("agent"));
  Str id = json_str(ask->cmd->args, S("agent")), unit = json_str(u, S("unit"));
  uint32_t roles = 0;
  TRY(roles_parse(cx, json_str(u, S("roles")), &roles));
  if (!u || !(roles & ROLE_AGENT) || json_int(u, S("disabled"), 0))
    FAIL_AT(INVALID, S("agent"), S(""), "没有代办员账号“%.*s”，或者它已停用", SFMT(id));
  if (!json_int(u, S("trained"), 0)) FAIL_AT(CONFLICT, S("agent"), S(CLAUSE), "这名代办员还没有参加统一培训，不能指派。");
  if (!str_eq(unit, o->county) && !str_eq(unit, kit_policy(ask)->window_unit))
    FAIL_AT(INVALID, S("agent"), S(CLAUSE), "代办员应是属地的或综合服务窗口的。");
  return OK;
}

static Code decide_assign(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"agent", "reason", NULL};
  const Order *o = ask->state;
  bool again = str_eqz(ask->cmd->name, "agent.reassign");
  bool window = ask->cmd->actor.roles & ROLE_WINDOW_HEAD;
  TRY(kit_now(cx, ask));
  if (!window && !str_eq(ask->cmd->actor.unit, o->county)) FAIL_AT(DENIED, S(""), S(CLAUSE), "由属地政府或综合服务窗口负责人指派代办员。");
  if (!again && !str_eqz(o->status, "ordered")) return wrong_state(cx, o, "指派；一对一服务，换人请用“更换代办员”");
  if (again && !order__live(o)) return wrong_state(cx, o, "更换代办员");
  TRY(agent_check(cx, ask, o));
  if (again && str_eq(o->agent, json_str(ask->cmd->args, S("agent")))) FAIL_AT(CONFLICT, S("agent"), S(""), "现在就是这名代办员。");
  Json *body = kit_body(d, ask, names);
  json_put_str(decision_mem(d), body, S("agent_name"), json_str(json_get(ask->facts, S("agent")), S("name")));
  decision_emit(d, again ? "agent.reassigned" : "agent.assigned", 1, body);
  return OK;
}

/* ---- the agent --------------------------------------------------------------------------------------------- */

static Code decide_log(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"text", NULL};
  const Order *o = ask->state;
  TRY(kit_now(cx, ask));
  if (!str_eq(ask->cmd->actor.id, o->agent)) FAIL_AT(DENIED, S(""), S(CLAUSE), "这份委托不是指派给您的。");
  if (!order__live(o)) return wrong_state(cx, o, "登记代办经过");
  if (!str_eq(ask->cmd->actor.behalf, o->owner)) FAIL_AT(DENIED, S("behalf"), S(CLAUSE), "代办要以委托单位“%.*s”的名义，两个名字都记录。", SFMT(o->owner));
  decision_emit(d, "agent.logged", 1, kit_body(d, ask, names));
  return OK;
}

/* ---- what follows the case ---------------------------------------------------------------------------------- */

static Code decide_bind(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"project", "number", NULL};
  const Order *o = ask->state;
  if (!order__live(o) || o->project) return wrong_state(cx, o, "对应到另一个项目");
  decision_emit(d, "agent.bound", 1, kit_body(d, ask, names));
  return OK;
}

static Code decide_start(Cx *cx, const Ask *ask, Decision *d) {
  const Order *o = ask->state;
  if (!str_eqz(o->status, "assigned")) return wrong_state(cx, o, "开工");
  decision_emit(d, "agent.started", 1, NULL);
  return OK;
}

static Code decide_close(Cx *cx, const Ask *ask, Decision *d) {
  const Order *o = ask->state;
  Arena *m = decision_mem(d);
  if (str_eqz(o->status, "ended")) return wrong_state(cx, o, "再结束");
  Json *body = json_obj(m);
  json_put_str(m, body, S("reason"), S("项目已撤回，委托随之结束。"));
  decision_emit(d, "agent.ended", 1, body);
  return OK;
}

#define RATERS (ROLE_APPROVER | ROLE_UNIT_HEAD)
#define ROW(n, l, h, who, fn, list) {.name = n, .label = l, .help = h, .allow = (who), .decide = fn, WITH(list)}
const CommandDecl agent__commands[AGENT_COMMANDS] = {
    {.name = "agent.order", .label = "委托代办", .help = "企业从属地公布的目录中选择事项，委托一名代办员；代办是无偿的。",
     .allow = ROLE_APPLICANT, .creates = true, .decide = decide_order, WITH(order_args)},
    ROW("agent.assign", "指派代办员", "给一份委托指派一名受过统一培训的代办员。", RATERS | ROLE_WINDOW_HEAD, decide_assign, assign_args),
    ROW("agent.reassign", "更换代办员", "写明理由，换一名代办员；原代办员随即不能再代办。", RATERS | ROLE_WINDOW_HEAD, decide_assign,
        reassign_args),
    ROW("agent.log", "登记代办经过", "代办员登记系统以外的一步，例如陪同勘察。", ROLE_AGENT, decide_log, log_args),
    ROW("agent.rate", "企业评价", "开工以后，委托的企业给代办员打 1 到 5 分。", ROLE_APPLICANT, decide_rate, rate_args),
    ROW("agent.rate-unit", "部门评价", "开工以后，牵头部门给代办员打 1 到 5 分。", RATERS, decide_rate, rate_args),
    ROW("agent.end", "结束委托", "企业写明理由，结束委托。", ROLE_APPLICANT, decide_end, end_args),
    ROW("agent.bind", "对应项目", "代办员登记项目时由系统对应。", ROLE_SYSTEM, decide_bind, bind_args),
    {.name = "agent.start", .label = "项目开工", .help = "第三阶段办结时由系统记录，此后可以评价。", .allow = ROLE_SYSTEM, .decide = decide_start},
    {.name = "agent.close", .label = "随项目结束", .help = "项目撤回时由系统结束委托。", .allow = ROLE_SYSTEM, .decide = decide_close},
};
