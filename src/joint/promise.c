/* SPDX-License-Identifier: Apache-2.0 */
/* promise.c: promises: who may make one, what rests on it, the check that follows, what comes of a broken one. */
#include "joint/joint_int.h"

#define SIGNATURE {.name = "signature", .label = "签字", .type = ARG_TEXT, .required = true}
#define PROJECT {.name = "project", .label = "项目", .type = ARG_INT, .required = true, .min = 1, .max = INT32_MAX}
static const Arg sign_args[] = {PROJECT,
                                {.name = "kind", .label = "承诺的种类", .type = ARG_CHOICE, .required = true, .choices = "item|architect"},
                                {.name = "stage", .label = "阶段", .type = ARG_INT, .min = 1, .max = STAGE_MAX},
                                {.name = "item", .label = "事项", .type = ARG_CODE},
                                {.name = "bim", .label = "全过程采用建筑信息模型（BIM）技术", .type = ARG_BOOL},
                                {.name = "architect", .label = "负责的建筑师", .type = ARG_TEXT, .max = 60},
                                {.name = "consent", .label = "作出承诺", .type = ARG_BOOL, .required = true}, SIGNATURE};
static const Arg undertake_args[] = {PROJECT, {.name = "review", .label = "联合审图", .type = ARG_INT, .required = true},
                                     {.name = "by", .label = "签订人", .type = ARG_TEXT}, {.name = "applicant", .label = "账号", .type = ARG_CODE}};
static const Arg check_args[] = {{.name = "result", .label = "核查结果", .type = ARG_CHOICE, .required = true, .choices = "kept|not-due|broken"},
                                 {.name = "findings", .label = "核查情况", .type = ARG_LONG, .required = true, .min = 4, .max = 2000}, SIGNATURE};
static const Arg reason_args[] = {REASON};
static const Arg fulfil_args[] = {{.name = "review", .label = "联合审图", .type = ARG_INT, .required = true}};
#define CLAUSE "D60-2.10.1"
#define CLAUSE_CHECK "D60-5.16.3"
#define CLAUSE_ARCHITECT "D60-2.4.4-(5)"

static Code wrong_state(Cx *cx, const Promise *x, const char *cannot) {
  Str label = joint_label(x->status);
  FAIL_AT(CONFLICT, S(""), S(CLAUSE_CHECK), "承诺 %.*s 现在是“%.*s”，不能%s。", SFMT(x->number), SFMT(label), cannot);
}

static bool is(const Promise *x, const char *status) {
  return str_eqz(x->status, status);
}

static bool of_drawings(const Promise *x) {
  return str_eqz(x->kind, "drawing") || str_eqz(x->kind, "architect");
}

/* Every event says what it is about, for those who follow it. */
static Json *body_of(const Ask *ask, Decision *d, const char *const *names) {
  const Promise *x = ask->state;
  Arena *m = decision_mem(d);
  Json *body = kit_body(d, ask, names);
  json_put_int(m, body, S("project"), x->project);
  json_put_str(m, body, S("number"), x->number);
  json_put_str(m, body, S("kind"), x->kind);
  json_put_int(m, body, S("of_stage"), x->stage);
  json_put_str(m, body, S("of_item"), x->item);
  return body;
}

/* ---- signing -------------------------------------------------------------------------------------------------- */

static const Item *permit_of(const Policy *p, Str category) {
  for (size_t i = 0; i < p->item_count; i++)
    if (str_eqz(p->items[i].drawings, "permit") && policy_item_in(&p->items[i], category)) return &p->items[i];
  return NULL;
}

/* shared: the assessment of the region that this item shares, whose items are decided on promise (D60-2.10.1-p1). */
static Code hazard_check(Cx *cx, const Item *item, Str shared) {
  static const char *const codes[] = {"safety", "environment", "health", "property"}, *const words[] = {"公共安全", "生态环境保护", "人身健康", "生命财产安全"};
  for (size_t i = 0; i < COUNT(codes); i++)
    if (str_eqz(item->hazard, codes[i]))
      FAIL_AT(CONFLICT, S("item"), S(CLAUSE), "“%.*s”直接涉及%s，不能实行告知承诺，请按一般程序办理。", SFMT(item->name), words[i]);
  if (shared.len && item->outside) FAIL_AT(CONFLICT, S("item"), S(CLAUSE), "“%.*s”由国家、省级审批，本市不能实行告知承诺；区域成果照样共享。", SFMT(item->name));
  if (!item->promise && !shared.len) FAIL_AT(CONFLICT, S("item"), S(CLAUSE), "事项清单没有写明“%.*s”可以告知承诺，请按一般程序办理。", SFMT(item->name));
  if (item->drawings.len) FAIL_AT(CONFLICT, S("item"), S(CLAUSE_LETTER), "施工图的承诺书在联合审图里签订：收到修改意见以后签。");
  return OK;
}

static Code item_check(Cx *cx, const Ask *ask, const Item **out) {
  Str code = json_str(ask->cmd->args, S("item"));
  int stage = (int)json_int(ask->cmd->args, S("stage"), 0);
  const Item *item = *out = policy_item(kit_policy(ask), code);
  const Json *at = joint__item(ask, stage, code);
  if (!item) FAIL_AT(NOT_FOUND, S("item"), S("D60-2.5-p1"), "事项清单里没有 %.*s。", SFMT(code));
  TRY(hazard_check(cx, item, json_str(at, S("share"))));
  if (!at) FAIL_AT(CONFLICT, S("item"), S(CLAUSE), "“%.*s”还没有转给承办部门，转了以后再作出承诺。", SFMT(item->name));
  if (!joint__is(json_str(at, S("status")), "waiting|taken|paused|returned")) FAIL_AT(CONFLICT, S("item"), S(CLAUSE), "“%.*s”已经办结，不用再承诺。", SFMT(item->name));
  return OK;
}

static Code architect_check(Cx *cx, const Ask *ask, const Item **out) {
  const Item *item = *out = permit_of(kit_policy(ask), json_str(json_get(ask->facts, S("project")), S("category")));
  Str number = json_str(ask->facts, S("review"));
  if (!item) FAIL_AT(CONFLICT, S("project"), S(CLAUSE_ARCHITECT), "这类项目没有施工图审查和施工许可证，不用这样承诺。");
  if (!json_bool(ask->cmd->args, S("bim"))) FAIL_AT(INVALID, S("bim"), S(CLAUSE_ARCHITECT), "只有全过程采用建筑信息模型（BIM）技术和建筑师负责制的项目可以这样承诺");
  if (json_str(ask->cmd->args, S("architect")).len < 2) FAIL_AT(INVALID, S("architect"), S(CLAUSE_ARCHITECT), "请写明负责的建筑师");
  if (joint__permitted(ask)) FAIL_AT(CONFLICT, S("project"), S(CLAUSE_ARCHITECT), "施工许可证已经核发，不用再承诺。");
  if (number.len) FAIL_AT(CONFLICT, S("project"), S(CLAUSE_ARCHITECT), "这个项目的联合审图 %.*s 已经开始，按审图结果或者承诺书办理。", SFMT(number));
  return OK;
}

static void put_case(const Ask *ask, Arena *m, Json *body) {
  static const char *const copied[] = {"name", "owner", "uscc"};
  const Json *pr = json_get(ask->facts, S("project"));
  json_put_str(m, body, S("project_number"), json_str(pr, S("number")));
  for (size_t i = 0; i < COUNT(copied); i++) json_put_str(m, body, str_of(copied[i]), json_str(pr, str_of(copied[i])));
}

static Str put_of(const Ask *ask, Arena *m, Json *body, const Item *item) {
  const Json *at = joint__item(ask, item->stage, item->code);
  Str number = kit_year(m, "CN", ask->now, json_int(ask->facts, S("year_seq"), 0));
  json_put_int(m, body, S("no"), json_int(ask->facts, S("no"), 0));
  json_put_str(m, body, S("number"), number);
  json_put_int(m, body, S("of_stage"), item->stage);
  json_put_str(m, body, S("of_item"), item->code);
  json_put_str(m, body, S("item_name"), item->name);
  json_put_str(m, body, S("unit"), at ? json_str(at, S("unit")) : item->unit);
  put_case(ask, m, body);
  return number;
}

static Code decide_sign(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"project", "kind", "bim", "architect", "signature", NULL};
  bool architect = str_eqz(json_str(ask->cmd->args, S("kind")), "architect");
  const Item *item = NULL;
  TRY(kit_now(cx, ask));
  TRY(joint__own(cx, ask, S("project")));
  TRY(joint__running(cx, ask, S("project")));
  TRY(architect ? architect_check(cx, ask, &item) : item_check(cx, ask, &item));
  Str other = json_str(ask->facts, S("other"));
  if (other.len) FAIL_AT(CONFLICT, S("item"), S(CLAUSE), "已经作出承诺 %.*s，不用再签。", SFMT(other));
  TRY(joint__may_promise(cx, ask, S("kind")));
  if (!json_bool(ask->cmd->args, S("consent"))) FAIL_AT(INVALID, S("consent"), S(CLAUSE), "请确认承诺的内容");
  TRY(joint__signed(cx, ask, CLAUSE));
  Json *body = kit_body(d, ask, names);
  Str number = put_of(ask, decision_mem(d), body, item);
  decision_emit(d, "promise.signed", 1, body);
  kit_answer(d, "number", number, json_int(ask->facts, S("no"), 0));
  return OK;
}

static Code decide_undertake(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"project", "review", "by", "applicant", NULL};
  const Item *item = permit_of(kit_policy(ask), json_str(json_get(ask->facts, S("project")), S("category")));
  if (!item) FAIL(CONFLICT, "这类项目没有施工许可证，承诺书没有用处。");
  Json *body = kit_body(d, ask, names);
  json_put_str(decision_mem(d), body, S("kind"), S("drawing"));
  put_of(ask, decision_mem(d), body, item);
  decision_emit(d, "promise.signed", 1, body);
  return OK;
}

static Code decide_withdraw(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"reason", NULL};
  const Promise *x = ask->state;
  TRY(kit_now(cx, ask));
  TRY(kit_owner(cx, ask, x->applicant, x->uscc));
  if (!is(x, "signed") || str_eqz(x->kind, "drawing")) return wrong_state(cx, x, "撤回");
  decision_emit(d, "promise.closed", 1, body_of(ask, d, names));
  return OK;
}

static Code decide_close(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"reason", NULL};
  const Promise *x = ask->state;
  if (!is(x, "signed")) return wrong_state(cx, x, "随事项结束");
  decision_emit(d, "promise.closed", 1, body_of(ask, d, names));
  return OK;
}

/* ---- what rests on it --------------------------------------------------------------------------------------------- */

/* The check is there from the moment something rests on the promise. */
static Code decide_accept(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {NULL};
  const Promise *x = ask->state;
  Arena *m = decision_mem(d);
  Day due = {0}, reviewed = {0}, from = day_of(x->signed_at);
  if (!is(x, "signed")) return wrong_state(cx, x, "据以作出决定");
  TRY(joint__due(cx, ask, "promise-check", from, &due));
  Json *body = body_of(ask, d, names);
  json_put_str(m, body, S("check_due"), day_str(m, due));
  if (str_eqz(x->kind, "architect")) {
    TRY(joint__due(cx, ask, "drawing-review", from, &reviewed));
    json_put_str(m, body, S("review_due"), day_str(m, reviewed));
  }
  decision_emit(d, "promise.accepted", 1, body);
  return OK;
}

static void emit_resumed(const Ask *ask, Decision *d) {
  static const char *const names[] = {NULL};
  decision_emit(d, "promise.resumed", 1, body_of(ask, d, names));
}

static Code decide_fulfil(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"review", NULL};
  const Promise *x = ask->state;
  if (!of_drawings(x) || (!is(x, "signed") && !is(x, "accepted")) || x->reviewed_at) return wrong_state(cx, x, "记录施工图审查通过");
  decision_emit(d, "promise.reviewed", 1, body_of(ask, d, names));
  if (promise_halted(x)) emit_resumed(ask, d);
  return OK;
}

static Code emit_halted(Cx *cx, const Ask *ask, Decision *d, Str reason) {
  static const char *const names[] = {NULL};
  const Promise *x = ask->state;
  if (!str_eqz(x->kind, "architect") || !is(x, "accepted") || x->reviewed_at || promise_halted(x)) return wrong_state(cx, x, "叫停");
  Json *body = body_of(ask, d, names);
  json_put_str(decision_mem(d), body, S("reason"), reason);
  decision_emit(d, "promise.halted", 1, body);
  return OK;
}

static Code decide_halt(Cx *cx, const Ask *ask, Decision *d) {
  return emit_halted(cx, ask, d, json_str(ask->cmd->args, S("reason")));
}

static Code decide_expire(Cx *cx, const Ask *ask, Decision *d) {
  const Promise *x = ask->state;
  if (!x->review_due.n || day_of(ask->now).n <= x->review_due.n) return wrong_state(cx, x, "叫停：还没有到期");
  Str due = day_cn(cx->mem, x->review_due);
  return emit_halted(cx, ask, d, arena_fmt(decision_mem(d), "承诺的期限 %.*s 已过，没有完成施工图设计文件审查", SFMT(due)));
}

/* ---- the check ------------------------------------------------------------------------------------------------------ */

static Code check_mine(Cx *cx, const Ask *ask, const Promise *x, bool broken) {
  const Unit *u = policy_unit(kit_policy(ask), x->unit);
  Str name = u ? u->name : x->unit;
  TRY(kit_now(cx, ask));
  if (!str_eq(ask->cmd->actor.unit, x->unit)) FAIL_AT(DENIED, S(""), S(CLAUSE_CHECK), "这个承诺由%.*s核查。", SFMT(name));
  if (broken && !(ask->cmd->actor.roles & ROLE_UNIT_HEAD)) FAIL_AT(DENIED, S("result"), S(CLAUSE_CHECK), "撤销决定要由%.*s负责人作出。", SFMT(name));
  return OK;
}

static Code not_due(Cx *cx, const Ask *ask, Decision *d, const Promise *x) {
  static const char *const names[] = {"result", "findings", "signature", NULL};
  Arena *m = decision_mem(d);
  Day today = day_of(ask->now), next = x->review_due;
  if (!of_drawings(x) || x->reviewed_at) FAIL_AT(CONFLICT, S("result"), S(CLAUSE_CHECK), "这个承诺的核查没有“未到期”：请核查后写明是否履行。");
  if (next.n && today.n > next.n) FAIL_AT(CONFLICT, S("result"), S(CLAUSE_ARCHITECT), "施工图审查的期限已过，不能再写“未到期”。");
  if (!next.n) TRY(joint__due(cx, ask, "promise-check", today, &next));
  Json *body = body_of(ask, d, names);
  json_put_str(m, body, S("check_due"), day_str(m, next));
  decision_emit(d, "promise.checked", 1, body);
  return OK;
}

static Code decide_check(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"result", "findings", "signature", NULL};
  const Promise *x = ask->state;
  Arena *m = decision_mem(d);
  Str result = json_str(ask->cmd->args, S("result"));
  bool broken = str_eqz(result, "broken");
  TRY(check_mine(cx, ask, x, broken));
  if (!is(x, "accepted")) return wrong_state(cx, x, "核查");
  TRY(joint__signed(cx, ask, CLAUSE_CHECK));
  if (str_eqz(result, "not-due")) return not_due(cx, ask, d, x);
  if (!broken && of_drawings(x) && !x->reviewed_at)
    FAIL_AT(CONFLICT, S("result"), S(CLAUSE_CHECK), "施工图设计文件审查还没有通过，不能写“已履行”；还没有到期的写“未到期”。");
  if (broken && utf8_count(json_str(ask->cmd->args, S("findings"))) < 10) FAIL_AT(INVALID, S("findings"), S(CLAUSE_CHECK), "没有履行的，要写明事实和证据，至少 10 个字");
  Json *body = body_of(ask, d, names);
  if (broken) {
    static const char *const copied[] = {"owner", "uscc", "item_name", "unit"};
    const Str values[] = {x->owner, x->uscc, x->item_name, x->unit};
    json_put_str(m, body, S("decision"), kit_year(m, "CX", ask->now, json_int(ask->facts, S("decision_seq"), 1)));
    for (size_t i = 0; i < COUNT(copied); i++) json_put_str(m, body, str_of(copied[i]), values[i]);
  }
  decision_emit(d, broken ? "promise.broken" : "promise.kept", 1, body);
  if (broken) kit_answer(d, "decision", json_str(body, S("decision")), x->no);
  return OK;
}

#define SYSTEM(n, l, h, fn, list) ROW(n, l, h, ROLE_SYSTEM, fn, list)
const CommandDecl promise__commands[PROMISE_COMMANDS] = {
    {.name = "promise.sign", .label = "签订告知承诺书", .help = "对可以告知承诺的事项作出承诺，或者以 BIM 和建筑师负责制承诺三个月内通过施工图审查。", .allow = ROLE_APPLICANT,
     .creates = true, .decide = decide_sign, WITH(sign_args)},
    ROW("promise.withdraw", "撤回承诺", "作出决定以前可以撤回，按一般程序办理。", ROLE_APPLICANT, decide_withdraw, reason_args),
    ROW("promise.check", "核查承诺", "作出决定的部门两个月内核查：已履行、未到期或者未履行；未履行的撤销决定。", STAFF, decide_check, check_args),
    {.name = "promise.undertake", .label = "登记施工图承诺书", .help = "联合审图中签订承诺书时由系统登记。", .allow = ROLE_SYSTEM, .creates = true,
     .decide = decide_undertake, WITH(undertake_args)},
    {.name = "promise.accept", .label = "据承诺作出决定", .help = "部门据承诺作出决定时由系统建立核查。", .allow = ROLE_SYSTEM, .decide = decide_accept},
    SYSTEM("promise.close", "随事项结束", "事项撤回或不通过时由系统结束承诺。", decide_close, reason_args),
    SYSTEM("promise.fulfil", "施工图审查通过", "联合审图合格时由系统记录，叫停的恢复施工。", decide_fulfil, fulfil_args),
    SYSTEM("promise.halt", "叫停", "施工图审查不合格时由系统叫停。", decide_halt, reason_args),
    {.name = "promise.expire", .label = "审图期限届满", .help = "承诺之日起三个月没有完成施工图审查的，由系统叫停。", .allow = ROLE_SYSTEM, .decide = decide_expire},
};
