/* SPDX-License-Identifier: Apache-2.0 */
/* credit.c: records of credit and entries of lists: who may draft, publish, object, repair. */
#include "joint/joint_int.h"

#define CLAUSE "D60-5.17.1"
#define CLAUSE_LISTS "D60-5.17.2"
#define WHO                                                                                                                                                       \
  {.name = "subject_kind", .label = "信用主体", .type = ARG_CHOICE, .required = true, .choices = "enterprise|person"},                                             \
      {.name = "subject", .label = "企业名称", .type = ARG_TEXT, .max = 100}, {.name = "uscc", .label = "统一社会信用代码", .type = ARG_CODE},                      \
      {.name = "person", .label = "从业人员姓名", .type = ARG_TEXT, .hint = "存放编号，姓名在 personal 里"},                                                        \
      {.name = "registration", .label = "执业注册号", .type = ARG_CODE, .max = 40}, {.name = "employer", .label = "任职企业的统一社会信用代码", .type = ARG_CODE}, \
      {.name = "account", .label = "主体的账号", .type = ARG_CODE}
#define WHAT                                                                                                                                                       \
  {.name = "fact", .label = "事实", .type = ARG_LONG, .required = true, .min = 4, .max = 1000}, {.name = "evidence", .label = "证据", .type = ARG_LONG, .required = true, .min = 4, .max = 2000}, \
      {.name = "basis", .label = "依据", .type = ARG_TEXT, .required = true, .min = 4, .max = 200},                                                                \
      {.name = "decision", .label = "决定文号", .type = ARG_TEXT, .required = true, .min = 4, .max = 60}
static const Arg draft_args[] = {{.name = "subject", .label = "信用主体", .type = ARG_TEXT, .required = true}, {.name = "uscc", .label = "统一社会信用代码", .type = ARG_CODE, .required = true},
                                 {.name = "fact", .label = "事实", .type = ARG_LONG, .required = true, .max = 1000}, {.name = "evidence", .label = "证据", .type = ARG_LONG, .max = 2000},
                                 {.name = "basis", .label = "依据", .type = ARG_TEXT, .required = true}, {.name = "decision", .label = "决定文号", .type = ARG_CODE, .required = true},
                                 {.name = "project", .label = "项目", .type = ARG_INT}, {.name = "promise", .label = "承诺", .type = ARG_INT}};
static const Arg record_args[] = {WHO, WHAT, {.name = "project", .label = "项目", .type = ARG_INT, .min = 1, .max = INT32_MAX}};
static const Arg propose_args[] = {{.name = "list", .label = "名单", .type = ARG_CHOICE, .required = true, .choices = "black|red"},
                                   {.name = "condition", .label = "列入的情形", .type = ARG_CODE, .required = true}, WHO, WHAT};
static const Arg publish_args[] = {{.name = "text", .label = "审核意见", .type = ARG_LONG, .required = true, .min = 4, .max = 1000}};
static const Arg reason_args[] = {REASON};
static const Arg repair_args[] = {{.name = "document", .label = "信用修复的文件", .type = ARG_TEXT, .required = true, .min = 4, .max = 200}};
static const Arg plea_args[] = {{.name = "text", .label = "理由和证据", .type = ARG_LONG, .required = true, .min = 10, .max = 2000},
                                {.name = "files", .label = "附件", .type = ARG_LIST, .max = 5, .hint = "[{\"blob\",\"name\",\"size\"}]"},
                                {.name = "said_by", .label = "书面提出的人", .type = ARG_TEXT, .max = 60, .hint = "监督人员代为登记时填写"}};
static const Arg answer_args[] = {{.name = "result", .label = "答复", .type = ARG_CHOICE, .required = true, .choices = "upheld|dismissed"},
                                  {.name = "text", .label = "理由", .type = ARG_LONG, .required = true, .min = 10, .max = 2000}};

static bool is(const Credit *c, const char *status) {
  return str_eqz(c->status, status);
}

static bool is_list(const Credit *c) {
  return !str_eqz(c->kind, "record");
}

static Code wrong_state(Cx *cx, const Credit *c, const char *cannot) {
  Str label = credit_label(c->status, c->kind), kind = credit_kind_label(c->kind);
  FAIL_AT(CONFLICT, S(""), S(CLAUSE), "%.*s %.*s 现在是“%.*s”，不能%s。", SFMT(kind), SFMT(c->number), SFMT(label), cannot);
}

/* The corresponding day, else the month's last. Nothing begins or ends on a rest day only because of it, so it is not moved. */
static Day months_after(Day from, int months) {
  int y, m, d;
  day_split(from, &y, &m, &d);
  y += (m - 1 + months) / 12;
  m = (m - 1 + months) % 12 + 1;
  Day next = day_ymd(m == 12 ? y + 1 : y, m == 12 ? 1 : m + 1, 1), same = day_ymd(y, m, d);
  return same.n < next.n ? same : (Day){next.n - 1};
}

static Code office(Cx *cx, const Ask *ask) {
  const Policy *p = kit_policy(ask);
  const Unit *u = policy_unit(p, p->supervisor_unit);
  Str name = u ? u->name : p->supervisor_unit;
  TRY(kit_now(cx, ask));
  if (!str_eq(ask->cmd->actor.unit, p->supervisor_unit)) FAIL_AT(DENIED, S(""), S(CLAUSE), "信用记录和名单由%.*s审核。", SFMT(name));
  return OK;
}

/* What somebody entered is looked at by somebody else (credit_may_review); to say 不予记录 of one's own harms nobody. */
static Code another(Cx *cx, const Ask *ask, const Credit *c, const char *what) {
  if (!credit_may_review(c, ask->cmd->actor.id))
    FAIL_AT(DENIED, S(""), S(CLAUSE), "%.*s 是您登记的，不能由您%s：请市营商局的另一位监督人员办理。", SFMT(c->number), what);
  return OK;
}

/* ---- drafting ------------------------------------------------------------------------------------------------ */

static void put_new(const Ask *ask, Decision *d, Json *body, const char *prefix, const char *kind, int months) {
  Arena *m = decision_mem(d);
  Str number = kit_year(m, prefix, ask->now, json_int(ask->facts, S("year_seq"), 1));
  json_put_int(m, body, S("no"), json_int(ask->facts, S("no"), 0));
  json_put_str(m, body, S("number"), number);
  json_put_str(m, body, S("kind"), str_of(kind));
  json_put_int(m, body, S("months"), months);
  json_put_int(m, body, S("repair_months"), kit_policy(ask)->credit_repair_months);
  if (ask->cmd->actor.unit.len) json_put_str(m, body, S("source"), ask->cmd->actor.unit);
  decision_emit(d, "credit.drafted", 1, body);
  kit_answer(d, "number", number, json_int(ask->facts, S("no"), 0));
}

static Code decide_draft(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"subject", "uscc", "fact", "evidence", "basis", "decision", "project", "promise", NULL};
  (void)cx;
  Json *body = kit_body(d, ask, names);
  json_put_str(decision_mem(d), body, S("subject_kind"), S("enterprise"));
  put_new(ask, d, body, "XY", "record", kit_policy(ask)->credit_months);
  return OK;
}

/* An enterprise and a person are told apart by different numbers; each kind has its own fields and none of the other's. */
static Code subject_check(Cx *cx, const Ask *ask) {
  static const char *const other[2][3] = {{"person", "registration", "employer"}, {"subject", "uscc", NULL}};
  const Json *a = ask->cmd->args;
  Str known = json_str(ask->facts, S("known"));
  bool person = str_eqz(json_str(a, S("subject_kind")), "person");
  for (size_t i = 0; i < 3 && other[person][i]; i++)
    if (json_str(a, str_of(other[person][i])).len)
      FAIL_AT(INVALID, str_of(other[person][i]), S(CLAUSE), "企业和从业人员分开记：%s，请空着", person ? "这是从业人员的" : "这是企业的");
  if (!person && json_str(a, S("subject")).len < 2) FAIL_AT(INVALID, S("subject"), S(CLAUSE), "请填写企业名称");
  if (!person && !uscc_valid(json_str(a, S("uscc")))) FAIL_AT(INVALID, S("uscc"), S("GB 32100-2015"), "统一社会信用代码应为 18 位，校验码要正确");
  if (!person && known.len && !str_eq(known, json_str(a, S("subject"))))
    FAIL_AT(INVALID, S("subject"), S(CLAUSE), "这个统一社会信用代码在本系统里是“%.*s”的，名称和代码要是同一家企业：请核对后改正", SFMT(known));
  if (!person) return OK;
  if (!str_starts(json_str(a, S("person")), S(PERSONAL_MARK))) FAIL_AT(INVALID, S("person"), S(CLAUSE), "请填写从业人员的姓名（个人信息，单独存放）");
  if (json_str(a, S("registration")).len < 4) FAIL_AT(INVALID, S("registration"), S(CLAUSE), "请填写执业注册号，至少 4 位：没有它分不清同名的人");
  Str employer = json_str(a, S("employer"));
  if (employer.len && !uscc_valid(employer)) FAIL_AT(INVALID, S("employer"), S("GB 32100-2015"), "任职企业的统一社会信用代码应为 18 位，校验码要正确");
  return OK;
}

#define SUBJECT "subject_kind", "subject", "uscc", "person", "registration", "employer", "account", "fact", "evidence", "basis", "decision"

static Code decide_record(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {SUBJECT, "project", NULL};
  TRY(kit_now(cx, ask));
  TRY(subject_check(cx, ask));
  put_new(ask, d, kit_body(d, ask, names), "XY", "record", kit_policy(ask)->credit_months);
  return OK;
}

/* The condition that was written down and holds today; without one nobody is listed. */
static Code condition_of(Cx *cx, const Ask *ask, Str list, Str code, bool person, const ListCondition **out) {
  const Policy *p = kit_policy(ask);
  const ListCondition *c = *out = policy_condition(p, code);
  Str label = credit_kind_label(list);
  if (!p->condition_count || p->credit_notice_days < 1)
    FAIL_AT(CONFLICT, S("condition"), S(CLAUSE_LISTS), "还没有写明列入红黑名单的情形（政策包的 credit.yaml）：先出台规定，再列入。");
  if (!c || !str_eq(c->list, list)) FAIL_AT(INVALID, S("condition"), S(CLAUSE_LISTS), "列入%.*s要有写明的情形，请从列表中选择", SFMT(label));
  if (!str_eqz(c->subject, "any") && str_eqz(c->subject, "person") != person)
    FAIL_AT(INVALID, S("condition"), S(CLAUSE_LISTS), "“%.*s”只适用于%s", SFMT(c->name), person ? "企业" : "从业人员");
  Str period = c->until.len ? arena_fmt(cx->mem, "%.*s 到 %.*s ", SFMT(c->from), SFMT(c->until)) : arena_fmt(cx->mem, "%.*s 起", SFMT(c->from));
  if (!policy_condition_on(c, day_of(ask->now)))
    FAIL_AT(CONFLICT, S("condition"), S(CLAUSE_LISTS), "“%.*s”自 %.*s施行，今天不能据以列入。", SFMT(c->name), SFMT(period));
  return OK;
}

static Code decide_propose(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"condition", SUBJECT, NULL};
  const ListCondition *c = NULL;
  const Json *a = ask->cmd->args;
  Arena *m = decision_mem(d);
  Str list = json_str(a, S("list"));
  Day due = {0};
  TRY(office(cx, ask));
  TRY(subject_check(cx, ask));
  TRY(condition_of(cx, ask, list, json_str(a, S("condition")), str_eqz(json_str(a, S("subject_kind")), "person"), &c));
  Str other = json_str(ask->facts, S("other")), label = credit_kind_label(list);
  if (other.len) FAIL_AT(CONFLICT, S("condition"), S(CLAUSE_LISTS), "同一主体、同一情形已经有一条%.*s：%.*s。", SFMT(label), SFMT(other));
  TRY(joint__after(cx, ask, kit_policy(ask)->credit_notice_days, &due));
  Json *body = kit_body(d, ask, names);
  json_put_str(m, body, S("condition_name"), c->name);
  json_put_str(m, body, S("notice_due"), day_str(m, due));
  put_new(ask, d, body, str_eqz(list, "black") ? "HEI" : "HONG", arena_z(m, list), c->months);
  return OK;
}

/* ---- publishing ------------------------------------------------------------------------------------------------- */

static Code may_list(Cx *cx, const Ask *ask, const Credit *c) {
  const ListCondition *condition = NULL;
  Str due = day_cn(cx->mem, c->notice_due);
  if (day_of(ask->now).n <= c->notice_due.n) FAIL_AT(CONFLICT, S(""), S(CLAUSE_LISTS), "已经告知主体，%.*s以前可以陈述、提出异议；过了这一天才能列入。", SFMT(due));
  return condition_of(cx, ask, c->kind, c->condition, str_eqz(c->subject_kind, "person"), &condition);
}

static Code decide_publish(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"text", NULL};
  const Credit *c = ask->state;
  Arena *m = decision_mem(d);
  Day today = day_of(ask->now);
  TRY(office(cx, ask));
  if (!is(c, "draft")) return wrong_state(cx, c, is_list(c) ? "列入" : "公布");
  TRY(another(cx, ask, c, is_list(c) ? "列入" : "审核、公布"));
  if (credit_open_plea(c, false)) FAIL_AT(CONFLICT, S(""), S(CLAUSE), "主体的异议还没有答复，答复以后才能%s。", is_list(c) ? "列入" : "公布");
  if (is_list(c)) TRY(may_list(cx, ask, c));
  Json *body = kit_body(d, ask, names);
  if (c->months) json_put_str(m, body, S("until"), day_str(m, months_after(today, c->months)));
  json_put_str(m, body, S("repair_from"), day_str(m, months_after(today, c->repair_months)));
  decision_emit(d, "credit.published", 1, body);
  return OK;
}

static Code step(Cx *cx, const Ask *ask, Decision *d, const char *from, const char *kind, const char *name, const char *cannot) {
  const char *const names[] = {name, NULL};
  const Credit *c = ask->state;
  TRY(office(cx, ask));
  if (!is(c, from)) return wrong_state(cx, c, cannot);
  decision_emit(d, kind, 1, kit_body(d, ask, names));
  return OK;
}

static Code decide_reject(Cx *cx, const Ask *ask, Decision *d) {
  return step(cx, ask, d, "draft", "credit.rejected", "reason", "不予记录");
}

static Code decide_withdraw(Cx *cx, const Ask *ask, Decision *d) {
  return step(cx, ask, d, "published", "credit.withdrawn", "reason", "撤销");
}

static Code decide_repair(Cx *cx, const Ask *ask, Decision *d) {
  const Credit *c = ask->state;
  if (str_eqz(c->kind, "red")) FAIL_AT(CONFLICT, S(""), S(CLAUSE), "红名单没有信用修复；要移出的，写明理由撤销。");
  return step(cx, ask, d, "published", "credit.repaired", "document", "修复");
}

static Code decide_expire(Cx *cx, const Ask *ask, Decision *d) {
  const Credit *c = ask->state;
  if (!is(c, "published") || !c->until.n || day_of(ask->now).n <= c->until.n) return wrong_state(cx, c, "到期");
  decision_emit(d, "credit.expired", 1, NULL);
  return OK;
}

/* ---- objections and repair ---------------------------------------------------------------------------------------- */

/* The subject itself, or the office for one who came on paper, by name. */
static Code subject_acts(Cx *cx, const Ask *ask, const Credit *c) {
  Str said = json_str(ask->cmd->args, S("said_by"));
  if (ask->cmd->actor.roles & ROLE_SUPERVISOR) {
    TRY(office(cx, ask));
    if (said.len < 2) FAIL_AT(INVALID, S("said_by"), S(CLAUSE), "代为登记的，写明书面提出的人");
    return OK;
  }
  TRY(kit_now(cx, ask));
  if (said.len) FAIL_AT(INVALID, S("said_by"), S(CLAUSE), "这一栏由监督部门代为登记时填写，请空着");
  if (!credit_is_subject(c, ask->cmd->actor.id, json_str(ask->facts, S("actor_uscc")))) FAIL_AT(NOT_FOUND, S(""), S(CLAUSE), "没有这条信用信息，或者它不是您的。");
  return OK;
}

static Code plead(Cx *cx, const Ask *ask, Decision *d, const char *kind, int days) {
  static const char *const names[] = {"text", "files", NULL};
  const Credit *c = ask->state;
  Arena *m = decision_mem(d);
  const Json *files = json_get(ask->cmd->args, S("files"));
  Str said = json_str(ask->cmd->args, S("said_by"));
  Day due = {0};
  if (c->plea_count >= CREDIT_PLEAS_MAX) FAIL_AT(LIMIT, S("text"), S(CLAUSE), "异议和修复申请已经有 %d 次，请到窗口书面提出。", CREDIT_PLEAS_MAX);
  if (files && files->first) TRY(joint__files(cx, files, "附件"));
  if (days) TRY(joint__after(cx, ask, days, &due));
  Json *body = kit_body(d, ask, names);
  json_put_str(m, body, S("by"), said.len ? said : ask->cmd->actor.name);
  if (due.n) json_put_str(m, body, S("due"), day_str(m, due));
  decision_emit(d, kind, 1, body);
  return OK;
}

static Code decide_object(Cx *cx, const Ask *ask, Decision *d) {
  const Credit *c = ask->state;
  TRY(subject_acts(cx, ask, c));
  if (!is(c, "draft") && !is(c, "published")) return wrong_state(cx, c, "提出异议");
  if (credit_open_plea(c, false)) FAIL_AT(CONFLICT, S("text"), S(CLAUSE), "已经提出的异议还在处理，答复以后可以再提出。");
  return plead(cx, ask, d, "credit.objected", kit_policy(ask)->credit_objection_days);
}

static Code decide_answer(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"result", "text", NULL};
  const Credit *c = ask->state;
  TRY(office(cx, ask));
  if (!credit_open_plea(c, false)) FAIL_AT(CONFLICT, S(""), S(CLAUSE), "%.*s 没有等着答复的异议。", SFMT(c->number));
  TRY(another(cx, ask, c, "答复异议"));
  decision_emit(d, "credit.answered", 1, kit_body(d, ask, names));
  return OK;
}

static Code decide_ask_repair(Cx *cx, const Ask *ask, Decision *d) {
  const Credit *c = ask->state;
  Str from = day_cn(cx->mem, c->repair_from);
  TRY(subject_acts(cx, ask, c));
  if (str_eqz(c->kind, "red")) FAIL_AT(CONFLICT, S(""), S(CLAUSE), "红名单没有信用修复。");
  if (!is(c, "published")) return wrong_state(cx, c, "申请信用修复");
  if (day_of(ask->now).n < c->repair_from.n) FAIL_AT(CONFLICT, S("text"), S(CLAUSE), "公布满 %d 个月才能申请信用修复：%.*s起。", c->repair_months, SFMT(from));
  if (credit_open_plea(c, true)) FAIL_AT(CONFLICT, S("text"), S(CLAUSE), "已经提出的修复申请还在处理。");
  return plead(cx, ask, d, "credit.repair-asked", kit_policy(ask)->credit_repair_days);
}

static Code decide_refuse_repair(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"reason", NULL};
  const Credit *c = ask->state;
  TRY(office(cx, ask));
  if (!credit_open_plea(c, true)) FAIL_AT(CONFLICT, S(""), S(CLAUSE), "%.*s 没有等着决定的修复申请。", SFMT(c->number));
  decision_emit(d, "credit.repair-refused", 1, kit_body(d, ask, names));
  return OK;
}

#define NEW(n, l, h, who, fn, list) {.name = n, .label = l, .help = h, .allow = (who), .creates = true, .decide = fn, WITH(list)}
#define PLEADS (ROLE_APPLICANT | ROLE_SUPERVISOR)
const CommandDecl credit__commands[CREDIT_COMMANDS] = {
    NEW("credit.draft", "起草信用记录", "承诺没有履行时由系统起草，审核以后才公布。", ROLE_SYSTEM, decide_draft, draft_args),
    NEW("credit.record", "登记失信行为", "部门把企业或者从业人员违法违规、不履行承诺的行为登记为信用记录，市营商局审核以后才公布。", STAFF | ROLE_SUPERVISOR, decide_record, record_args),
    NEW("credit.propose", "拟列入名单", "按写明的、当天施行的情形拟列入红名单或者黑名单，先告知主体。", ROLE_SUPERVISOR, decide_propose, propose_args),
    ROW("credit.publish", "公布、列入", "信用记录审核后公布；名单告知期满、异议答复以后列入。", ROLE_SUPERVISOR, decide_publish, publish_args),
    ROW("credit.reject", "不予记录", "审核不通过，写明理由，不公布、不列入。", ROLE_SUPERVISOR, decide_reject, reason_args),
    ROW("credit.withdraw", "撤销", "据以公布的决定已不存在，写明理由撤销。", ROLE_SUPERVISOR, decide_withdraw, reason_args),
    ROW("credit.repair", "信用修复", "修复以后不再公布，名单移出，企业可以再作出承诺。", ROLE_SUPERVISOR, decide_repair, repair_args),
    ROW("credit.object", "提出异议", "主体认为事实、依据不对的，公布以前和以后都可以提出。", PLEADS, decide_object, plea_args),
    ROW("credit.answer", "答复异议", "异议成立的撤销，不成立的写明理由。", ROLE_SUPERVISOR, decide_answer, answer_args),
    ROW("credit.ask-repair", "申请信用修复", "公布满规定的月数，主体写明怎样纠正，申请修复。", PLEADS, decide_ask_repair, plea_args),
    ROW("credit.refuse-repair", "不予修复", "写明理由；以后可以再申请。", ROLE_SUPERVISOR, decide_refuse_repair, reason_args),
    {.name = "credit.expire", .label = "信用信息到期", .help = "公布、列入的期限届满，由系统停止公布、移出名单。", .allow = ROLE_SYSTEM, .decide = decide_expire},
};
