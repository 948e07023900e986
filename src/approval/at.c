/* SPDX-License-Identifier: Apache-2.0 */
/* at.c: where a command points, and the refusals that all commands share. */
#include "approval/approval_int.h"

int at__calendar(const Ask *ask) {
  return (int)json_int(ask->facts, S("calendar"), 0);
}

const Policy *at__current(Cx *cx, const Ask *ask) {
  return policies_at(cx->mem, ask->env, json_str(ask->facts, S("policy")), at__calendar(ask));
}

const Policy *at__form(Cx *cx, const At *at) {
  return policies_at(cx->mem, at->ask->env, at->s->form_version, at->calendar);
}

void at__stamp(const Ask *ask, Arena *m, Json *body) {
  int version = at__calendar(ask);
  if (version) json_put_int(m, body, S("calendar"), version);
}

static void point(Cx *cx, const Ask *ask, At *at) {
  *at = (At){.ask = ask, .args = ask->cmd->args, .pr = ask->state, .p = at__current(cx, ask), .calendar = at__calendar(ask)};
}

static Code project_open(Cx *cx, const At *at) {
  if (at->pr->status == PROJECT_RUNNING) return OK;
  FAIL(CONFLICT, "项目已%s，不能再办理。", at->pr->status == PROJECT_COMPLETED ? "全部办结" : "终止");
}

static int64_t latest(int64_t a, int64_t b) {
  return a > b ? a : b;
}

Code at__on(Cx *cx, const Ask *ask) {
  Str on = json_str(ask->cmd->args, S("on"));
  Day day = {0};
  if (on.len && (!day_parse(on, &day) || day.n != day_of(ask->happened).n)) FAIL_AT(INVALID, S("on"), S(""), "“送达日期”要和发生时间 happened 是同一天。");
  return OK;
}

/* What is entered late keeps the order of things. Only staff enter late: a submission dated back by its
 * sender would count as accepted at once. */
Code at__late(Cx *cx, const Ask *ask, int64_t since) {
  if (ask->happened >= ask->now) return OK;
  if (!(ask->cmd->actor.roles & ROLE_STAFF))
    FAIL_AT(DENIED, S("happened"), S(""), "只有工作人员可以补录，申请以系统收到的时间为准。");
  Str when = time_cn(cx->mem, since);
  if (ask->happened < since)
    FAIL_AT(INVALID, S("happened"), S(""), "发生时间不能早于上一步（%.*s），请核对后再补录。", SFMT(when));
  return OK;
}

Code at__project(Cx *cx, const Ask *ask, At *at) {
  point(cx, ask, at);
  TRY(project_open(cx, at));
  return at__late(cx, ask, at->pr->registered_at);
}

static Code stage_find(Cx *cx, const Ask *ask, At *at) {
  at->n = (int)json_int(at->args, S("stage"), 0);
  if (at->n < 1 || at->n > STAGE_MAX) FAIL_AT(INVALID, S("stage"), S("D60-2.6.1"), "阶段应是 1 到 4");
  at->s = &at->pr->stages[at->n];
  if (at->s->status == STAGE_NA)
    FAIL_AT(CONFLICT, S("stage"), S("D60-4.13-p8"), "本类别不设第 %d 阶段（0 个工作日），无需办理。", at->n);
  if (at->s->policy_version.len) at->p = policies_at(cx->mem, ask->env, at->s->policy_version, at->calendar);
  return OK;
}

Code at__stage(Cx *cx, const Ask *ask, At *at) {
  TRY(at__project(cx, ask, at));
  TRY(stage_find(cx, ask, at));
  int64_t before = at->n > 1 ? at->pr->stages[at->n - 1].delivered_at : 0;
  return at__late(cx, ask, latest(latest(at->s->last_at, at->s->decided_at), before));
}

/* What runs beside, such as connecting water after the acceptance, outlives the project's completion. */
Code at__item(Cx *cx, const Ask *ask, At *at) {
  point(cx, ask, at);
  if (at->pr->status != PROJECT_COMPLETED) TRY(project_open(cx, at));
  TRY(stage_find(cx, ask, at));
  Str code = json_str(at->args, S("item"));
  at->i = stage_item(at->s, code);
  bool anew = at->i && (at->i->before || item_reapplies(at->s, at->i)); /* a revocation comes when it comes */
  if (!at->i || (!at->i->parallel && !anew)) TRY(project_open(cx, at));
  if (at->i) return at__late(cx, ask, at->i->last_at);
  if (!policy_item(at->p, code))
    FAIL_AT(NOT_FOUND, S("item"), S("D60-2.5-p1"), "事项清单里没有 %.*s，清单以外无审批。", SFMT(code));
  FAIL_AT(NOT_FOUND, S("item"), S("D60-4.15-p2"), "第 %d 阶段没有派转这个事项；派转单经窗口负责人阅批后才能办理。", at->n);
}

Code at__owner(Cx *cx, const At *at) {
  const Actor *who = &at->ask->cmd->actor;
  TRY(beside__agent(cx, at->ask));
  if (str_eq(who->id, at->pr->applicant) || json_get(at->ask->facts, S("mandate"))) return OK;
  Str uscc = json_str(at->ask->facts, S("actor_uscc"));
  if (uscc.len && str_eq(uscc, at->pr->uscc)) return OK;
  FAIL(DENIED, "这个项目不是您单位的，只能由申请单位办理。");
}

Code at__seen(Cx *cx, const At *at) {
  int64_t seen = json_int(at->args, S("seen"), at->i->seq);
  if (seen >= at->i->seq) return OK;
  Str when = time_cn(cx->mem, at->i->last_at);
  FAIL_AT(CONFLICT, S("seen"), S(""), "%.*s 已于 %.*s 办理过这个事项，请看过最新情况再操作。", SFMT(at->i->last_by), SFMT(when));
}

Code at__wrong_state(Cx *cx, const At *at, const char *cannot) {
  bool outside = at->ask->cmd->actor.roles & (ROLE_APPLICANT | ROLE_AGENT);
  Str label = stage_status_shown(at->s, !outside), when = time_cn(cx->mem, at->s->last_at);
  if (at->s->last_by.len)
    FAIL(CONFLICT, "第 %d 阶段现在是“%.*s”（%.*s，%.*s），不能%s。", at->n, SFMT(label), SFMT(at->s->last_by), SFMT(when), cannot);
  FAIL(CONFLICT, "第 %d 阶段现在是“%.*s”，不能%s。", at->n, SFMT(label), cannot);
}

Json *at__body(const At *at, Decision *d) {
  Arena *m = decision_mem(d);
  Json *body = json_obj(m);
  json_put_int(m, body, S("stage"), at->n);
  if (at->i) json_put_str(m, body, S("item"), at->i->code);
  at__stamp(at->ask, m, body);
  if (json_get(at->ask->facts, S("mandate"))) json_put_str(m, body, S("mandate"), json_str(at->ask->facts, S("mandate")));
  return body;
}
