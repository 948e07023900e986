/* SPDX-License-Identifier: Apache-2.0 */
/* review.c: the joint review of drawings: who may do what, and when. */
#include "joint/joint_int.h"
#include "policy/surveys.h"

#define FILES(l) {.name = "files", .label = l, .type = ARG_LIST, .required = true, .max = REVIEW_FILES_MAX, .hint = "[{\"blob\",\"name\",\"size\"}]"}
#define DISCIPLINE {.name = "discipline", .label = "专业", .type = ARG_CHOICE, .required = true, .choices = "fire|lightning|air-defence|drawing"}
#define SIGNATURE {.name = "signature", .label = "签字", .type = ARG_TEXT, .required = true}
static const Arg apply_args[] = {{.name = "project", .label = "项目", .type = ARG_INT, .required = true, .min = 1, .max = INT32_MAX},
                                 {.name = "agency", .label = "审图机构", .type = ARG_INT, .required = true, .min = 1, .max = INT32_MAX}, FILES("施工图设计文件")};
static const Arg resubmit_args[] = {FILES("修改后的施工图设计文件"), {.name = "note", .label = "修改说明", .type = ARG_LONG, .required = true, .min = 4, .max = 2000}};
static const Arg promise_args[] = {{.name = "consent", .label = "作出承诺", .type = ARG_BOOL, .required = true}, SIGNATURE};
static const Arg report_args[] = {
    DISCIPLINE,
    {.name = "result", .label = "结论", .type = ARG_CHOICE, .required = true, .choices = "pass|change"},
    {.name = "opinion", .label = "审查报告", .type = ARG_LONG, .required = true, .min = 4, .max = 4000, .hint = "需要修改的，逐条写明图号、问题和所依据的规范条文"},
    {.name = "reviewer", .label = "审查人", .type = ARG_TEXT, .required = true, .min = 2, .max = 40},
    {.name = "registration", .label = "注册号", .type = ARG_TEXT, .required = true, .min = 2, .max = 60}};
static const Arg guide_args[] = {DISCIPLINE,
                                 {.name = "text", .label = "业务指导意见", .type = ARG_LONG, .required = true, .min = 4, .max = 2000},
                                 {.name = "again", .label = "请机构复核", .type = ARG_BOOL}};
static const Arg conclude_args[] = {{.name = "result", .label = "联合审查意见", .type = ARG_CHOICE, .required = true, .choices = "pass|change|fail"},
                                    {.name = "text", .label = "意见", .type = ARG_LONG, .required = true, .min = 4, .max = 4000}, SIGNATURE};
static const Arg withdraw_args[] = {REASON};

/* ---- shared ------------------------------------------------------------------------------------------------- */

static Code wrong_state(Cx *cx, const Review *r, const char *cannot) {
  Str label = joint_label(r->status);
  FAIL_AT(CONFLICT, S(""), S(CLAUSE_REVIEW), "联合审图 %.*s 现在是“%.*s”，不能%s。", SFMT(r->number), SFMT(label), cannot);
}

static Json *body_of(const Ask *ask, Decision *d, const char *const *names) {
  const Review *r = ask->state;
  Json *body = kit_body(d, ask, names);
  json_put_int(decision_mem(d), body, S("project"), r->project);
  json_put_str(decision_mem(d), body, S("number"), r->number);
  return body;
}

static Code mine(Cx *cx, const Ask *ask) {
  const Review *r = ask->state;
  TRY(kit_now(cx, ask));
  TRY(kit_owner(cx, ask, r->applicant, r->uscc));
  return joint__running(cx, ask, S(""));
}

/* ---- the owner ------------------------------------------------------------------------------------------------ */

static Code agency_check(Cx *cx, const Ask *ask) {
  const Json *a = json_get(ask->facts, S("agency"));
  Str name = json_str(a, S("name")), until = json_str(a, S("until_cn"));
  if (!a) FAIL_AT(NOT_FOUND, S("agency"), S(CLAUSE_LETTER), "审图机构名录里没有这个机构，请从名录中选择");
  if (!json_int(a, S("recognised"), 0)) FAIL_AT(CONFLICT, S("agency"), S(CLAUSE_LETTER), "“%.*s”没有经省住建厅认定，不能选择；请从名录中选择经认定的机构", SFMT(name));
  if (json_int(a, S("until"), 0) < day_of(ask->now).n)
    FAIL_AT(CONFLICT, S("agency"), S(CLAUSE_LETTER), "“%.*s”的认定有效期到 %.*s，已经过期，不能选择", SFMT(name), SFMT(until));
  if (json_int(a, S("does"), 0) != (1 << DISCIPLINES) - 1)
    FAIL_AT(CONFLICT, S("agency"), S(CLAUSE_REVIEW), "“%.*s”不能审查全部四个专业；一套图纸由一个机构同时审查，请另选机构", SFMT(name));
  return OK;
}

/* Does the catalogue ask for a review of drawings in this category? */
static bool asked_for(const Policy *p, Str category) {
  for (size_t i = 0; i < p->item_count; i++)
    if (str_eqz(p->items[i].drawings, "review") && policy_item_in(&p->items[i], category)) return true;
  return false;
}

static Code may_apply(Cx *cx, const Ask *ask) {
  const Policy *p = kit_policy(ask);
  const Json *pr = json_get(ask->facts, S("project"));
  Str other = json_str(ask->facts, S("other")), status = json_str(ask->facts, S("other_status")), label = joint_label(status);
  TRY(kit_now(cx, ask));
  if (!p->review_days) FAIL(INVALID, "政策包没有写明联合审图的期限（review_days），请先补上。");
  TRY(joint__own(cx, ask, S("project")));
  TRY(joint__running(cx, ask, S("project")));
  if (!asked_for(p, json_str(pr, S("category")))) FAIL_AT(CONFLICT, S("project"), S("D60-2.5-p1"), "这类项目的事项清单里没有施工图设计文件联合审查，不用申请。");
  if (other.len) FAIL_AT(CONFLICT, S("project"), S(CLAUSE_REVIEW), "这个项目已有联合审图 %.*s（%.*s），一套图纸只审一次。", SFMT(other), SFMT(label));
  /* A letter of promise is kept by a review that passes, though the permit is there and the first one failed. */
  if (joint__permitted(ask) && !json_int(ask->facts, S("promised"), 0)) FAIL_AT(CONFLICT, S("project"), S(CLAUSE_LETTER), "施工许可证已经核发，不再进行技术审查。");
  return OK;
}

static Code decide_apply(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"project", "agency", "files", NULL};
  static const char *const copied[] = {"name", "owner", "uscc"};
  Arena *m = decision_mem(d);
  const Json *pr = json_get(ask->facts, S("project")), *a = json_get(ask->facts, S("agency"));
  int64_t no = json_int(ask->facts, S("no"), 0), seq = json_int(ask->facts, S("year_seq"), 0);
  TRY(may_apply(cx, ask));
  TRY(agency_check(cx, ask));
  TRY(joint__files(cx, json_get(ask->cmd->args, S("files")), "施工图设计文件"));
  Json *body = kit_body(d, ask, names);
  Str number = kit_year(m, "SG", ask->now, seq);
  json_put_int(m, body, S("no"), no);
  json_put_str(m, body, S("number"), number);
  json_put_int(m, body, S("days"), kit_policy(ask)->review_days);
  json_put_str(m, body, S("project_number"), json_str(pr, S("number")));
  for (size_t i = 0; i < COUNT(copied); i++) json_put_str(m, body, str_of(copied[i]), json_str(pr, str_of(copied[i])));
  json_put_str(m, body, S("agency_name"), json_str(a, S("name")));
  json_put_str(m, body, S("agency_uscc"), json_str(a, S("uscc")));
  decision_emit(d, "review.applied", 1, body);
  kit_answer(d, "number", number, no);
  return OK;
}

static Code decide_resubmit(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"files", "note", NULL};
  const Review *r = ask->state;
  TRY(mine(cx, ask));
  if (!joint__is(r->status, "change")) return wrong_state(cx, r, "提交修改后的图纸");
  if (r->file_count + json_get(ask->cmd->args, S("files"))->count > REVIEW_FILES_MAX * 4) FAIL_AT(LIMIT, S("files"), S(""), "一次审图最多 %d 个文件", REVIEW_FILES_MAX * 4);
  TRY(joint__files(cx, json_get(ask->cmd->args, S("files")), "修改后的施工图设计文件"));
  Json *body = body_of(ask, d, names);
  json_put_int(decision_mem(d), body, S("round"), r->round + 1);
  json_put_int(decision_mem(d), body, S("days"), kit_policy(ask)->review_days ? kit_policy(ask)->review_days : r->days);
  decision_emit(d, "review.resubmitted", 1, body);
  return OK;
}

static Code decide_promise(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"signature", NULL};
  const Review *r = ask->state;
  TRY(mine(cx, ask));
  if (r->promised_at) FAIL_AT(CONFLICT, S("consent"), S(CLAUSE_LETTER), "已经签订过《施工图设计文件承诺书》，不用再签。");
  if (!joint__is(r->status, "change")) return wrong_state(cx, r, "签订承诺书：收到联合审查的修改意见以后才能签");
  if (joint__permitted(ask)) FAIL_AT(CONFLICT, S("consent"), S(CLAUSE_LETTER), "施工许可证已经核发，不用再签承诺书。");
  TRY(joint__may_promise(cx, ask, S("consent")));
  if (!json_bool(ask->cmd->args, S("consent"))) FAIL_AT(INVALID, S("consent"), S(CLAUSE_LETTER), "请确认承诺的内容");
  TRY(joint__signed(cx, ask, CLAUSE_LETTER));
  decision_emit(d, "review.promised", 1, body_of(ask, d, names));
  return OK;
}

static Code decide_withdraw(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"reason", NULL};
  const Review *r = ask->state;
  TRY(mine(cx, ask));
  if (review_ended(r->status)) return wrong_state(cx, r, "撤回");
  if (r->promised_at) FAIL_AT(CONFLICT, S(""), S(CLAUSE_LETTER), "已经签订承诺书，审图要做完，不能撤回。");
  decision_emit(d, "review.closed", 1, body_of(ask, d, names));
  return OK;
}

static Code decide_close(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {NULL};
  const Review *r = ask->state;
  if (review_ended(r->status)) return wrong_state(cx, r, "再结束");
  Json *body = body_of(ask, d, names);
  json_put_str(decision_mem(d), body, S("reason"), S("项目已撤回，联合审图随之结束。"));
  decision_emit(d, "review.closed", 1, body);
  return OK;
}

/* ---- the agency and the departments ----------------------------------------------------------------------------- */

/* 何某, 欧阳·某某, O. Reviewer: letters of a name, and what stands between them. */
static Code name_check(Cx *cx, Str name) {
  uint32_t c, last = ' ';
  size_t letters = 0;
  for (size_t at = 0; at < name.len;) {
    at += utf8_next(name, at, &c);
    bool han = (c >= 0x3400 && c <= 0x9fff) || (c >= 0x20000 && c <= 0x3ffff), latin = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= 0xc0 && c <= 0x24f);
    bool between = (c == 0xb7 || c == 0x2022 || c == ' ' || c == '-' || c == '.') && letters && last != c;
    if (!han && !latin && !between) FAIL_AT(INVALID, S("reviewer"), S(CLAUSE_LETTER), "“%.*s”不像人的姓名。写审查人本人的姓名，只用汉字、字母和间隔号，不写数字、单位和职务", SFMT(name));
    letters += han || latin;
    last = c;
  }
  if (letters < 2) FAIL_AT(INVALID, S("reviewer"), S(CLAUSE_LETTER), "请写审查人的全名，至少两个字");
  return OK;
}

/* The number is of the form that the package names, and belongs to the one who gave it first. */
static Code reviewer_check(Cx *cx, const Ask *ask, Str name, Str number) {
  const Policy *p = kit_policy(ask);
  const Json *had = json_get(ask->facts, S("holder"));
  Str other = json_str(had, S("name")), body = json_str(had, S("agency"));
  TRY(name_check(cx, name));
  if (!reviewer_number_fits(cx->mem, p, number))
    FAIL_AT(INVALID, S("registration"), S(CLAUSE_LETTER), "注册号“%.*s”的写法不对，如 %.*s%s；请照注册证书上的填写", SFMT(number), SFMT(p->reviewer_example), p->review_source.sample ? "（示例）" : "");
  if (other.len && !str_eq(other, name))
    FAIL_AT(CONFLICT, S("registration"), S(CLAUSE_LETTER), "注册号 %.*s 已经是%.*s（%.*s）的，一个注册号只能是一个人；请核对姓名和注册号", SFMT(number), SFMT(other), SFMT(body));
  return OK;
}

static Code decide_report(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"discipline", "result", "opinion", NULL};
  const Review *r = ask->state;
  Str uscc = json_str(ask->facts, S("actor_uscc"));
  Discipline x = DISCIPLINES;
  bool change = str_eqz(json_str(ask->cmd->args, S("result")), "change");
  TRY(kit_now(cx, ask));
  if (!uscc.len || !str_eq(uscc, r->agency_uscc)) FAIL_AT(DENIED, S(""), S(CLAUSE_LETTER), "审查报告由%.*s出具，由它承担技术审查责任。", SFMT(r->agency_name));
  TRY(joint__running(cx, ask, S("")));
  if (!discipline_parse(json_str(ask->cmd->args, S("discipline")), &x)) FAIL_AT(INVALID, S("discipline"), S(""), "请选择专业");
  if (!joint__is(r->status, "reviewing")) return wrong_state(cx, r, "出具审查报告");
  if (!joint__is(r->tasks[x].status, "pending")) {
    Str label = discipline_label(x), was = joint_label(r->tasks[x].status);
    FAIL_AT(CONFLICT, S("discipline"), S(CLAUSE_LETTER), "“%.*s”的审查报告已经出具（%.*s）。", SFMT(label), SFMT(was));
  }
  if (change && utf8_count(json_str(ask->cmd->args, S("opinion"))) < 10)
    FAIL_AT(INVALID, S("opinion"), S(CLAUSE_LETTER), "需要修改的，要写明问题和依据，至少 10 个字");
  Str name = str_trim(json_str(ask->cmd->args, S("reviewer"))), number = reviewer__number(cx->mem, json_str(ask->cmd->args, S("registration")));
  TRY(reviewer_check(cx, ask, name, number));
  Json *body = body_of(ask, d, names);
  json_put_str(decision_mem(d), body, S("reviewer"), name);
  json_put_str(decision_mem(d), body, S("registration"), number);
  json_put_int(decision_mem(d), body, S("round"), r->round);
  decision_emit(d, "review.reported", 1, body);
  return OK;
}

static Code decide_guide(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"discipline", "text", "again", NULL};
  const Review *r = ask->state;
  Discipline x = DISCIPLINES;
  TRY(kit_now(cx, ask));
  if (!discipline_parse(json_str(ask->cmd->args, S("discipline")), &x)) FAIL_AT(INVALID, S("discipline"), S(""), "请选择专业");
  const Unit *u = policy_unit(kit_policy(ask), discipline_unit(x));
  Str name = u ? u->name : discipline_unit(x), label = discipline_label(x);
  if (!str_eq(ask->cmd->actor.unit, discipline_unit(x)))
    FAIL_AT(DENIED, S("discipline"), S("D60-2.8.1"), "“%.*s”由%.*s进行业务指导。", SFMT(label), SFMT(name));
  if (joint__permitted(ask) || r->promised_at || joint__is(r->status, "passed"))
    FAIL_AT(CONFLICT, S("again"), S(CLAUSE_LETTER), "%s，相关部门不再进行技术审查。",
            joint__permitted(ask) ? "施工许可证已经核发" : r->promised_at ? "建设单位已经签订施工图设计文件承诺书" : "联合审查已经合格");
  if (!joint__is(r->status, "reviewing|reported")) return wrong_state(cx, r, "提出业务指导意见");
  if (r->guide_count >= REVIEW_GUIDES_MAX) FAIL(LIMIT, "这次审图已经有 %d 条指导意见，不能再加", REVIEW_GUIDES_MAX);
  if (json_bool(ask->cmd->args, S("again")) && joint__is(r->tasks[x].status, "pending"))
    FAIL_AT(CONFLICT, S("again"), S("D60-2.8.1"), "“%.*s”的审查报告还没有出具，不用复核；指导意见机构看得到。", SFMT(label));
  Json *body = body_of(ask, d, names);
  json_put_str(decision_mem(d), body, S("unit"), ask->cmd->actor.unit);
  decision_emit(d, "review.guided", 1, body);
  return OK;
}

static size_t count_of(const Review *r, const char *status) {
  size_t n = 0;
  for (size_t i = 0; i < DISCIPLINES; i++) n += str_eqz(r->tasks[i].status, status);
  return n;
}

static Code decide_conclude(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"result", "text", "signature", NULL};
  const Review *r = ask->state;
  Str result = json_str(ask->cmd->args, S("result"));
  TRY(joint__lead(cx, ask, 3, true, CLAUSE_LETTER, "联合审查意见"));
  TRY(joint__running(cx, ask, S("")));
  if (!joint__is(r->status, "reported")) return wrong_state(cx, r, "出具联合审查意见：四个专业的审查报告都出具以后才能出");
  bool pass = str_eqz(result, "pass"), wanting = count_of(r, "change") > 0;
  if (pass && wanting) FAIL_AT(CONFLICT, S("result"), S(CLAUSE_LETTER), "还有专业需要修改，不能出具“合格”的联合审查意见。");
  if (!pass && !wanting) FAIL_AT(CONFLICT, S("result"), S("D60-2.8.1"), "四个专业都合格，部门不再进行技术审查，联合审查意见应为“合格”。");
  TRY(joint__signed(cx, ask, CLAUSE_LETTER));
  Json *body = body_of(ask, d, names);
  Str opinion = arena_fmt(decision_mem(d), "%.*s-%d", SFMT(r->number), (int)r->opinion_count + 1);
  json_put_str(decision_mem(d), body, S("opinion"), opinion);
  json_put_int(decision_mem(d), body, S("round"), r->round);
  decision_emit(d, pass ? "review.passed" : str_eqz(result, "fail") ? "review.failed" : "review.change-asked", 1, body);
  kit_answer(d, "number", opinion, r->no);
  return OK;
}

const CommandDecl review__commands[REVIEW_COMMANDS] = {
    {.name = "review.apply", .label = "申请联合审图", .help = "一次上传施工图设计文件，消防、防雷、人防、施工图四项审查同时开始。", .allow = ROLE_APPLICANT,
     .creates = true, .decide = decide_apply, WITH(apply_args)},
    ROW("review.resubmit", "提交修改后的图纸", "按修改意见调整后再审一轮，只审需要修改的专业。", ROLE_APPLICANT, decide_resubmit, resubmit_args),
    ROW("review.promise", "签订施工图设计文件承诺书", "收到修改意见后承诺图纸符合标准和调整要求，据此先办施工许可证。", ROLE_APPLICANT, decide_promise, promise_args),
    ROW("review.withdraw", "撤回联合审图", "不再审查这套图纸。", ROLE_APPLICANT, decide_withdraw, withdraw_args),
    ROW("review.report", "出具审查报告", "审图机构按专业出具审查报告，承担技术审查责任。", ROLE_APPLICANT, decide_report, report_args),
    ROW("review.guide", "业务指导", "部门对一个专业的审查提出指导意见，可以请机构复核；有结论以后不再进行技术审查。", STAFF, decide_guide, guide_args),
    ROW("review.conclude", "联合审查意见", "住建部门牵头出具联合审查意见：合格、需要修改或者不合格。", ROLE_UNIT_HEAD, decide_conclude, conclude_args),
    {.name = "review.close", .label = "随项目结束", .help = "项目撤回时由系统结束联合审图。", .allow = ROLE_SYSTEM, .decide = decide_close},
};
