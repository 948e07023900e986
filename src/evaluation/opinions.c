/* SPDX-License-Identifier: Apache-2.0 */
/*
 * opinions.c: the opinions of those who do the work and of the people about a draft result of the evaluation 征求意见 (D60-6.21.3-(8)): the draft is
 * public for some working days, whoever has an account says what he thinks, what came on paper or in a meeting is entered, and each is answered.
 */
#include "evaluation/appraisal_int.h"

#define CLAUSE "D60-6.21.3-(8)"

const Arg appraisal__consult_args[CONSULT_ARGS] = {
    {.name = "as_of", .label = "统计截至", .type = ARG_DAY, .required = true, .hint = "已经过去的一天"},
    {.name = "until", .label = "征求意见到哪一天", .type = ARG_DAY, .hint = "不写的，按政策包的最少工作日"}};
const Arg appraisal__opine_args[OPINE_ARGS] = {
    {.name = "text", .label = "意见", .type = ARG_LONG, .required = true, .min = 4, .max = 2000},
    {.name = "about", .label = "对哪个单位", .type = ARG_CODE, .hint = "不写的，对全部结果"},
    {.name = "kind", .label = "谁的意见", .type = ARG_CHOICE, .choices = "unit|cadre|public", .hint = "监督人员代为登记时填写"},
    {.name = "said_by", .label = "提出意见的人", .type = ARG_TEXT, .max = 60, .hint = "监督人员代为登记时填写"}};
const Arg appraisal__answer_args[ANSWER_ARGS] = {
    {.name = "no", .label = "第几条意见", .type = ARG_INT, .required = true, .min = 1, .max = APPRAISAL_OPINIONS_MAX},
    {.name = "result", .label = "答复", .type = ARG_CHOICE, .required = true, .choices = "adopted|explained"},
    {.name = "text", .label = "怎样处理、理由", .type = ARG_LONG, .required = true, .min = 4, .max = 2000}};

Str opinion_label(Str code) {
  static const struct { const char *code, *label; } labels[] = {{"unit", "被考评单位"}, {"cadre", "基层干部"}, {"public", "群众和企业"}, {"adopted", "采纳"}, {"explained", "说明理由"}};
  for (size_t i = 0; i < COUNT(labels); i++)
    if (str_eqz(code, labels[i].code)) return str_of(labels[i].label);
  return code;
}

size_t appraisal_unanswered(const Appraisal *a) {
  size_t n = 0;
  for (size_t i = 0; i < a->opinion_count; i++) n += a->opinions[i].answered_at == 0;
  return n;
}

Code appraisal__consult(Cx *cx, const Ask *ask, Decision *d) {
  Arena *m = decision_mem(d);
  const Policy *p = kit_policy(ask);
  Json *body = NULL;
  Day until = {0};
  TRY(appraisal__in(cx, ask, "open", NULL, "征求意见"));
  if (!p->reform.opinion_days) FAIL_AT(CONFLICT, S(""), S(CLAUSE), "政策包没有写征求意见的工作日（appraisal_opinion_days），不征求意见。");
  Day least = calendar_add(p->calendar, day_of(ask->now), p->reform.opinion_days);
  Str least_text = day_cn(cx->mem, least);
  if (!day_parse(json_str(ask->cmd->args, S("until")), &until)) until = least;
  if (until.n < least.n) FAIL_AT(INVALID, S("until"), S(CLAUSE), "征求意见至少 %d 个工作日，最早到%.*s", p->reform.opinion_days, SFMT(least_text));
  TRY(appraisal__result(cx, ask, d, &body));
  json_put_str(m, body, S("until"), day_str(m, until));
  decision_emit(d, "appraisal.consulted", 1, body);
  return OK;
}

/* ---- opinions ---------------------------------------------------------------------------------------------------- */

/* A supervisor enters what others said; everybody else speaks for himself: the head of an evaluated unit for it. */
static Code speaker(Cx *cx, const Ask *ask, Str *kind) {
  const Actor *who = &ask->cmd->actor;
  Str said = json_str(ask->cmd->args, S("said_by")), given = json_str(ask->cmd->args, S("kind"));
  if (who->roles & ROLE_SUPERVISOR) {
    if (!given.len) FAIL_AT(INVALID, S("kind"), S(CLAUSE), "写明是谁的意见：被考评单位、基层干部，还是群众和企业");
    if (said.len < 2) FAIL_AT(INVALID, S("said_by"), S(CLAUSE), "代为登记的，写明提出意见的人或者座谈会");
    *kind = given;
    return OK;
  }
  if (said.len || given.len) FAIL_AT(INVALID, said.len ? S("said_by") : S("kind"), S(CLAUSE), "这一栏由监督人员代为登记时填写，请空着");
  bool head = (who->roles & ROLE_UNIT_HEAD) && appraisal_object(ask->state, who->unit) >= 0;
  *kind = head ? S("unit") : who->unit.len ? S("cadre") : S("public");
  return OK;
}

static Code room_for(Cx *cx, const Ask *ask) {
  const Appraisal *a = ask->state;
  size_t own = 0;
  for (size_t i = 0; i < a->opinion_count; i++) own += str_eq(a->opinions[i].account, ask->cmd->actor.id);
  if (a->opinion_count >= APPRAISAL_OPINIONS_MAX) FAIL_AT(LIMIT, S("text"), S(CLAUSE), "意见已经有 %d 条，请书面交给市营商局。", APPRAISAL_OPINIONS_MAX);
  if (own >= APPRAISAL_OPINIONS_EACH && !(ask->cmd->actor.roles & ROLE_SUPERVISOR))
    FAIL_AT(LIMIT, S("text"), S(CLAUSE), "每个账号最多提 %d 条意见，您已经提了 %zu 条；还有的请书面交给市营商局。", APPRAISAL_OPINIONS_EACH, own);
  return OK;
}

Code appraisal__opine(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"text", "about", "said_by", NULL};
  Arena *m = decision_mem(d);
  const Appraisal *a = ask->state;
  Str about = json_str(ask->cmd->args, S("about")), kind = S(""), until = day_cn(cx->mem, a->until);
  TRY(appraisal__in(cx, ask, "opinions", NULL, "提意见"));
  TRY(speaker(cx, ask, &kind));
  if (day_of(ask->now).n > a->until.n && !(ask->cmd->actor.roles & ROLE_SUPERVISOR)) FAIL_AT(CONFLICT, S("text"), S(CLAUSE), "征求意见已于%.*s结束。", SFMT(until));
  if (about.len && appraisal_object(a, about) < 0) FAIL_AT(INVALID, S("about"), S(CLAUSE), "“%.*s”不在这一年的考评对象里，请从列表中选择", SFMT(about));
  TRY(room_for(cx, ask));
  Json *body = kit_body(d, ask, names);
  json_put_int(m, body, S("no"), (int64_t)a->opinion_count + 1);
  json_put_str(m, body, S("kind"), kind);
  bool own = !(ask->cmd->actor.roles & ROLE_SUPERVISOR);
  if (own) json_put_str(m, body, S("account"), ask->cmd->actor.id);
  if (own && ask->cmd->actor.unit.len) json_put_str(m, body, S("unit"), ask->cmd->actor.unit);
  decision_emit(d, "appraisal.opined", 1, body);
  return OK;
}

Code appraisal__answer(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"no", "result", "text", NULL};
  const Appraisal *a = ask->state;
  int64_t no = json_int(ask->cmd->args, S("no"), 0);
  TRY(appraisal__in(cx, ask, "opinions", NULL, "答复意见"));
  if (no > (int64_t)a->opinion_count) FAIL_AT(INVALID, S("no"), S(CLAUSE), "没有第 %lld 条意见，一共 %zu 条", (long long)no, a->opinion_count);
  Json *body = kit_body(d, ask, names);
  Str account = a->opinions[no - 1].account;
  if (account.len) json_put_str(decision_mem(d), body, S("account"), account);
  decision_emit(d, "appraisal.opinion-answered", 1, body);
  return OK;
}

Code appraisal__heard(Cx *cx, const Ask *ask) {
  const Appraisal *a = ask->state;
  int days = kit_policy(ask)->reform.opinion_days;
  size_t waiting = appraisal_unanswered(a);
  Str until = day_cn(cx->mem, a->until);
  if (!a->consulted_at && days)
    FAIL_AT(CONFLICT, S(""), S(CLAUSE), "结束考评以前，要就初评结果广泛征求基层干部群众的意见，至少 %d 个工作日。请先“征求意见”。", days);
  if (a->consulted_at && day_of(ask->now).n <= a->until.n) FAIL_AT(CONFLICT, S(""), S(CLAUSE), "正在征求意见，到%.*s为止；过了这一天，意见都答复了才能结束考评。", SFMT(until));
  if (waiting) FAIL_AT(CONFLICT, S(""), S(CLAUSE), "还有 %zu 条意见没有答复，逐条答复以后才能结束考评。", waiting);
  return OK;
}

/* ---- folding ------------------------------------------------------------------------------------------------------ */

void appraisal__opined(Arena *mem, Appraisal *a, const Event *e) {
  AppraisalOpinion *o = GROW(mem, a->opinions, a->opinion_count, a->opinion_cap, AppraisalOpinion);
  *o = (AppraisalOpinion){.no = (int)a->opinion_count, .kind = kit_keep(mem, e->body, "kind"), .unit = kit_keep(mem, e->body, "unit"), .about = kit_keep(mem, e->body, "about"),
                 .text = kit_keep(mem, e->body, "text"), .by = arena_str(mem, e->actor_name), .account = kit_keep(mem, e->body, "account"),
                 .said_by = kit_keep(mem, e->body, "said_by"), .at = e->happened};
}

void appraisal__opinion_answered(Arena *mem, Appraisal *a, const Event *e) {
  int64_t no = json_int(e->body, S("no"), 0);
  if (no < 1 || no > (int64_t)a->opinion_count) return;
  AppraisalOpinion *o = &a->opinions[no - 1];
  o->answered_at = e->happened;
  o->result = kit_keep(mem, e->body, "result");
  o->answer = kit_keep(mem, e->body, "text");
  o->answered_by = arena_str(mem, e->actor_name);
}
