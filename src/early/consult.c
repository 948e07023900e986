/* SPDX-License-Identifier: Apache-2.0 */
/* consult.c: a question before land and design, its named person, its one reply that binds. */
#include "early/early_int.h"

enum { FILES_MAX = 10 };
static const Arg ask_args[] = {
    {.name = "unit", .label = "咨询单位", .type = ARG_CODE, .required = true},
    {.name = "subject", .label = "咨询事项", .type = ARG_TEXT, .required = true, .min = 2, .max = 100},
    {.name = "question", .label = "咨询内容", .type = ARG_LONG, .required = true, .min = 10, .max = 4000},
    {.name = "project_name", .label = "拟建项目", .type = ARG_TEXT, .max = 120},
    {.name = "county", .label = "拟建地点", .type = ARG_CODE},
    {.name = "open", .label = "答复可以公开", .type = ARG_BOOL, .hint = "公开时不显示单位和项目名称"},
    {.name = "files", .label = "附件", .type = ARG_LIST, .max = FILES_MAX, .hint = "[{\"blob\",\"name\",\"size\"}]"}};
static const Arg public_args[] = {
    {.name = "unit", .label = "问哪个单位", .type = ARG_CODE, .hint = "不选的由政策包写明的单位答复"},
    {.name = "subject", .label = "问什么", .type = ARG_TEXT, .required = true, .min = 2, .max = 100},
    {.name = "question", .label = "问题", .type = ARG_LONG, .required = true, .min = 10, .max = 2000},
    {.name = "open", .label = "答复可以公开", .type = ARG_BOOL},
    {.name = "name", .label = "称呼", .type = ARG_TEXT, .max = 40, .hint = "个人信息，单独存放"},
    {.name = "contact", .label = "联系方式", .type = ARG_TEXT, .max = 80, .hint = "个人信息，单独存放"},
    {.name = "lock", .label = "查询码的散列", .type = ARG_CODE, .required = true}};
static const Arg assign_args[] = {{.name = "person", .label = "专员", .type = ARG_CODE, .required = true}};
static const Arg more_args[] = {{.name = "what", .label = "需要补充的全部内容", .type = ARG_LONG, .required = true, .min = 10, .max = 2000}};
static const Arg supplement_args[] = {{.name = "text", .label = "补充说明", .type = ARG_LONG, .required = true, .min = 2, .max = 4000},
                                      {.name = "files", .label = "附件", .type = ARG_LIST, .max = FILES_MAX}};
static const Arg reply_args[] = {
    {.name = "reply", .label = "答复", .type = ARG_LONG, .required = true, .min = 10, .max = 4000, .hint = "申办要件和审核要求一次告知"},
    {.name = "basis", .label = "依据", .type = ARG_TEXT, .required = true, .min = 4, .max = 200}};
static const Arg withdraw_args[] = {REASON};
#define CLAUSE "D60-2.4.4-(3)"

/* ---- the enterprise ---------------------------------------------------------------------------------------- */

static Code files_check(Cx *cx, const Json *list) {
  Hash ignored;
  for (const Json *f = list ? list->first : NULL; f; f = f->next)
    if (!hash_unhex(json_str(f, S("blob")), &ignored) || !json_str(f, S("name")).len)
      FAIL_AT(INVALID, S("files"), S(""), "附件要写明 blob（上传后得到的散列）和文件名");
  return OK;
}

static bool answers(const Unit *u) {
  return u && (str_eqz(u->kind, "department") || str_eqz(u->kind, "company") || str_eqz(u->kind, "county") || str_eqz(u->kind, "zone"));
}

static Code decide_ask(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"unit", "subject", "question", "project_name", "county", "open", "files", NULL};
  const Policy *p = kit_policy(ask);
  const Unit *u = policy_unit(p, json_str(ask->cmd->args, S("unit")));
  int64_t no = json_int(ask->facts, S("no"), 0);
  TRY(kit_now(cx, ask));
  if (!p->consult_days) FAIL(INVALID, "政策包没有写明咨询答复的期限（consult_days），请先补上。");
  if (!answers(u)) FAIL_AT(INVALID, S("unit"), S(CLAUSE), "请选择要咨询的部门、县（市）区或公用企业");
  TRY(files_check(cx, json_get(ask->cmd->args, S("files"))));
  Json *body = kit_body(d, ask, names);
  json_put_int(decision_mem(d), body, S("no"), no);
  json_put_int(decision_mem(d), body, S("days"), p->consult_days);
  json_put_str(decision_mem(d), body, S("owner"), json_str(ask->facts, S("actor_org")));
  json_put_str(decision_mem(d), body, S("uscc"), json_str(ask->facts, S("actor_uscc")));
  decision_emit(d, "consult.asked", 1, body);
  kit_answer(d, "unit", u->code, no);
  return OK;
}

/* By somebody without an account: the same event, so that the clock, the worklist and the messages of the unit are the same. */
static Code decide_ask_public(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"subject", "question", "open", "name", "contact", "lock", NULL}, *const secret[] = {"name", "contact"};
  Arena *m = decision_mem(d);
  const Policy *p = kit_policy(ask);
  const Json *a = ask->cmd->args;
  Str unit = json_str(a, S("unit"));
  int64_t no = json_int(ask->facts, S("no"), 0);
  Hash ignored;
  TRY(kit_now(cx, ask));
  if (!p->consult_days) FAIL(INVALID, "政策包没有写明咨询答复的期限（consult_days），请先补上。");
  if (!answers(policy_unit(p, unit.len ? unit : p->consult_unit))) FAIL_AT(INVALID, S("unit"), S(CLAUSE), "请选择要问的单位");
  for (size_t i = 0; i < COUNT(secret); i++) {
    Str value = json_str(a, str_of(secret[i]));
    if (value.len && !str_starts(value, S(PERSONAL_MARK))) FAIL_AT(INVALID, str_of(secret[i]), S(""), "这是个人信息，单独存放，不能直接写在提问里");
  }
  if (!hash_unhex(json_str(a, S("lock")), &ignored)) FAIL_AT(INVALID, S("lock"), S(""), "查询码的散列是 64 位十六进制数");
  Json *body = kit_body(d, ask, names);
  json_put_str(m, body, S("unit"), unit.len ? unit : p->consult_unit);
  json_put_int(m, body, S("no"), no);
  json_put_int(m, body, S("days"), p->consult_days);
  json_put_str(m, body, S("owner"), S("公众（没有账号）"));
  decision_emit(d, "consult.asked", 1, body);
  kit_answer(d, "unit", unit.len ? unit : p->consult_unit, no);
  return OK;
}

static Code wrong_state(Cx *cx, const Consult *c, const char *cannot) {
  Str label = early_label(c->status);
  FAIL_AT(CONFLICT, S(""), S(CLAUSE), "第 %lld 号咨询现在是“%.*s”，不能%s。", (long long)c->no, SFMT(label), cannot);
}

static Code decide_supplement(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"text", "files", NULL};
  const Consult *c = ask->state;
  TRY(kit_now(cx, ask));
  TRY(kit_owner(cx, ask, c->applicant, c->uscc));
  if (!str_eqz(c->status, "more")) return wrong_state(cx, c, "补充");
  TRY(files_check(cx, json_get(ask->cmd->args, S("files"))));
  decision_emit(d, "consult.supplemented", 1, kit_body(d, ask, names));
  return OK;
}

static Code decide_withdraw(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"reason", NULL};
  const Consult *c = ask->state;
  TRY(kit_now(cx, ask));
  TRY(kit_owner(cx, ask, c->applicant, c->uscc));
  if (!str_eqz(c->status, "asked") && !str_eqz(c->status, "more")) return wrong_state(cx, c, "撤回");
  decision_emit(d, "consult.withdrawn", 1, kit_body(d, ask, names));
  return OK;
}

/* ---- the department ------------------------------------------------------------------------------------------ */

static Code of_unit(Cx *cx, const Ask *ask, const Consult *c, bool person) {
  TRY(kit_now(cx, ask));
  const Unit *u = policy_unit(kit_policy(ask), c->unit);
  Str name = u ? u->name : c->unit;
  if (!str_eq(ask->cmd->actor.unit, c->unit)) FAIL_AT(DENIED, S(""), S(CLAUSE), "这是向%.*s提出的咨询，由它答复并负责。", SFMT(name));
  if (!person || !c->specialist.len || str_eq(c->specialist, ask->cmd->actor.id)) return OK;
  FAIL_AT(DENIED, S(""), S("D60-4.13-p10"), "这件咨询由专员%.*s对接，请由本人办理，或者由负责人换一名专员。", SFMT(c->specialist_name));
}

static Code decide_assign(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"person", NULL};
  const Consult *c = ask->state;
  const Json *u = json_get(ask->facts, S("person"));
  Str id = json_str(ask->cmd->args, S("person"));
  uint32_t roles = 0;
  TRY(of_unit(cx, ask, c, false));
  if (!str_eqz(c->status, "asked") && !str_eqz(c->status, "more")) return wrong_state(cx, c, "指定专员");
  TRY(roles_parse(cx, json_str(u, S("roles")), &roles));
  if (!u || !(roles & (ROLE_APPROVER | ROLE_UNIT_HEAD)) || json_int(u, S("disabled"), 0) || !str_eq(json_str(u, S("unit")), c->unit))
    FAIL_AT(INVALID, S("person"), S("D60-4.13-p10"), "“%.*s”不是本单位在用的审批人员，请从名单中选择", SFMT(id));
  if (str_eq(id, c->specialist)) FAIL_AT(CONFLICT, S("person"), S(""), "现在就是这名专员。");
  Json *body = kit_body(d, ask, names);
  json_put_str(decision_mem(d), body, S("name"), json_str(u, S("name")));
  decision_emit(d, "consult.assigned", 1, body);
  return OK;
}

static Code decide_more(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"what", NULL};
  const Consult *c = ask->state;
  TRY(of_unit(cx, ask, c, true));
  if (!str_eqz(c->status, "asked")) return wrong_state(cx, c, "要求补充");
  if (c->lock.len) FAIL_AT(CONFLICT, S("what"), S(CLAUSE), "提问人没有账号，不能在这里补充，所以不能停止计时。请按他写的答复，写明还要知道什么；他留了联系方式的，可以先问清。");
  if (c->more_at) FAIL_AT(CONFLICT, S("what"), S(CLAUSE), "已经要求补充过一次；应当一次性告知，不能再次要求补充，请答复。");
  decision_emit(d, "consult.more-asked", 1, kit_body(d, ask, names));
  return OK;
}

static Code decide_reply(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"reply", "basis", NULL};
  const Consult *c = ask->state;
  TRY(of_unit(cx, ask, c, true));
  if (!str_eqz(c->status, "asked")) return wrong_state(cx, c, "答复");
  Json *body = kit_body(d, ask, names);
  int64_t seq = json_int(ask->facts, S("year_seq"), 0) + 1;
  Str number = kit_year(decision_mem(d), "ZX", ask->now, seq);
  json_put_str(decision_mem(d), body, S("number"), number);
  decision_emit(d, "consult.replied", 1, body);
  kit_answer(d, "number", number, c->no);
  return OK;
}

/* Once whoever asked was told, name and contact have served their purpose (个人信息保护法 47). */
static Code decide_forget(Cx *cx, const Ask *ask, Decision *d) {
  const Consult *c = ask->state;
  TRY(of_unit(cx, ask, c, false));
  if (!str_eqz(c->status, "replied")) return wrong_state(cx, c, "清除联系方式：答复并告知提问人以后才能清除");
  if (!c->asker.len && !c->contact.len) FAIL_AT(CONFLICT, S(""), S(CLAUSE), "提问人没有留称呼和联系方式，或者已经清除。");
  Json *body = json_obj(decision_mem(d)), *erased = json_put_arr(decision_mem(d), body, S("erased"));
  if (c->asker.len) json_push_str(decision_mem(d), erased, c->asker);
  if (c->contact.len) json_push_str(decision_mem(d), erased, c->contact);
  decision_emit(d, "consult.forgotten", 1, body);
  return OK;
}

#define ANSWERS (ROLE_APPROVER | ROLE_UNIT_HEAD)
#define ROW(n, l, h, who, fn, list) {.name = n, .label = l, .help = h, .allow = (who), .decide = fn, WITH(list)}
const CommandDecl consult__commands[CONSULT_COMMANDS] = {
    {.name = "consult.ask", .label = "提出咨询", .help = "取得土地和编制设计以前，向部门咨询；答复限时、有编号、以后可以引用。",
     .allow = ROLE_APPLICANT, .creates = true, .decide = decide_ask, WITH(ask_args)},
    ROW("consult.assign", "指定专员", "单位负责人指定一名专员对接。", ROLE_UNIT_HEAD, decide_assign, assign_args),
    ROW("consult.ask-more", "要求补充", "一次性告知需要补充的全部内容；只能一次，期间停止计时。", ANSWERS, decide_more, more_args),
    ROW("consult.supplement", "补充", "按要求补充后，接着计时。", ROLE_APPLICANT, decide_supplement, supplement_args),
    ROW("consult.reply", "答复咨询", "答复得到编号，可以在申请表中引用；单位对答复负责。", ANSWERS, decide_reply, reply_args),
    {.name = "consult.ask-public", .label = "公众提问", .help = "没有账号的人提问，得到编号和查询码，凭它们看答复。", .allow = ROLE_PUBLIC | ROLE_ANY_ACCOUNT, .creates = true,
     .decide = decide_ask_public, WITH(public_args)},
    {.name = "consult.forget", .label = "清除联系方式", .help = "答复已经告知提问人的，清除他留的称呼和联系方式。", .allow = ANSWERS, .decide = decide_forget},
    ROW("consult.withdraw", "撤回咨询", "不再需要答复。", ROLE_APPLICANT, decide_withdraw, withdraw_args),
};
