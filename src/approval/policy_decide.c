/* SPDX-License-Identifier: Apache-2.0 */
/* policy_decide.c: publishing a version of the package: proposed by one person, confirmed by another. */
#include "approval/approval_int.h"

static const Arg propose_args[] = {
    {.name = "version", .label = "政策包版本", .type = ARG_CODE, .required = true, .max = 40, .hint = "暂存过的版本号"},
    {.name = "hash", .label = "内容的散列", .type = ARG_CODE, .required = true, .hint = "看过的那份的散列，64 个字符"},
    {.name = "effective", .label = "施行日期", .type = ARG_DAY, .required = true, .hint = "今天或以后"},
    {.name = "reason", .label = "说明", .type = ARG_LONG, .required = true, .min = 2, .max = 500}};
static const Arg confirm_args[] = {PROPOSAL_NO};
static const Arg reject_args[] = {PROPOSAL_NO, PROPOSAL_WHY};
static const char what[] = "政策发布";

/* What is over never changes: cases were accepted under what was in force then. */
static Code day_check(Cx *cx, const Ask *ask, const Policy *p, Day effective) {
  Day from, until;
  Str today = day_cn(cx->mem, day_of(ask->now));
  if (effective.n < day_of(ask->now).n)
    FAIL_AT(INVALID, S("effective"), S(""), "施行日期不能早于今天（%.*s）：已经过去的日子按当时的版本办。", SFMT(today));
  if (day_parse(p->effective_from, &from) && effective.n < from.n)
    FAIL_AT(INVALID, S("effective"), S(""), "政策包自己写明 %.*s 起施行，施行日期不能更早。", SFMT(p->effective_from));
  if (day_parse(p->effective_until, &until) && effective.n > until.n)
    FAIL_AT(INVALID, S("effective"), S(""), "政策包自己写明施行到 %.*s 为止，施行日期不能更晚。", SFMT(p->effective_until));
  return OK;
}

static Json *package_body(Arena *m, int64_t no, Str version, Str hash, Day effective, Str reason) {
  Json *body = json_obj(m);
  json_put_int(m, body, S("no"), no);
  json_put_str(m, body, S("version"), version);
  json_put_str(m, body, S("hash"), hash);
  json_put_str(m, body, S("effective"), day_str(m, effective));
  json_put_str(m, body, S("reason"), reason);
  return body;
}

static Code decide_propose(Cx *cx, const Ask *ask, Decision *d) {
  const Book *b = ask->state;
  const Policies *ps = ask->env;
  const Json *a = ask->cmd->args;
  const Policy *p = NULL;
  Arena *m = decision_mem(d);
  Day effective = {0};
  TRY(book__free(cx, ask, what, S("version")));
  TRY(policy__need(cx, ps, json_str(a, S("version")), json_str(a, S("hash")), &p));
  REQUIRE(day_parse(json_str(a, S("effective")), &effective));
  TRY(day_check(cx, ask, p, effective));
  Str then = json_str(ask->facts, S("then"));
  if (str_eq(then.len ? then : ps->current->version, p->version))
    FAIL_AT(CONFLICT, S("version"), S(""), "%.*s 施行的本来就是 %.*s，不用再发布。", SFMT(day_cn(cx->mem, effective)), SFMT(p->version));
  Json *answer = json_obj(m);
  int64_t no = b ? (int64_t)b->count + 1 : 1;
  decision_emit(d, "policy.proposed", 1, package_body(m, no, p->version, p->dir_hash, effective, json_str(a, S("reason"))));
  json_put_int(m, answer, S("no"), no);
  decision_answer(d, answer);
  return OK;
}

static Code decide_confirm(Cx *cx, const Ask *ask, Decision *d) {
  const Proposal *p = NULL;
  const Policy *package = NULL;
  Arena *m = decision_mem(d);
  TRY(book__confirm(cx, ask, what, &p));
  TRY(policy__need(cx, ask->env, p->package, p->hash, &package));
  if (p->effective.n < day_of(ask->now).n)
    FAIL_AT(CONFLICT, S("no"), S(""), "施行日期 %.*s 已经过去，请驳回后重新提出。", SFMT(day_cn(cx->mem, p->effective)));
  Json *body = package_body(m, p->no, p->package, p->hash, p->effective, p->reason), *answer = json_obj(m);
  json_put_str(m, body, S("proposed_by"), p->by);
  json_put_str(m, body, S("proposed_name"), p->by_name);
  decision_emit(d, "policy.confirmed", 1, body);
  json_put_str(m, answer, S("version"), p->package);
  json_put_str(m, answer, S("effective"), day_str(m, p->effective));
  decision_answer(d, answer);
  return OK;
}

static Code decide_reject(Cx *cx, const Ask *ask, Decision *d) {
  return book__reject(cx, ask, what, "policy.rejected", d);
}

const CommandDecl policy_commands[] = {
    {.name = "policy.propose", .label = "提出政策发布", .help = "让一份暂存的政策包从某一天起施行；由另一个人确认后生效。",
     .allow = POLICY_ROLES, .creates = true, .decide = decide_propose, .args = propose_args, .arg_count = COUNT(propose_args)},
    {.name = "policy.confirm", .label = "确认政策发布", .help = "核对后确认，从施行日期起受理的案件按它办；不能确认自己提出的。",
     .allow = POLICY_ROLES, .decide = decide_confirm, .args = confirm_args, .arg_count = COUNT(confirm_args)},
    {.name = "policy.reject", .label = "驳回政策发布", .help = "驳回，或者收回自己提出的发布。", .allow = POLICY_ROLES,
     .decide = decide_reject, .args = reject_args, .arg_count = COUNT(reject_args)},
};
const size_t policy_command_count = COUNT(policy_commands);

static Code policy_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)cx;
  (void)views;
  (void)cmd;
  *stream = POLICY_STREAM; /* always the same: the first proposal begins it */
  return OK;
}

/* What would be in force on the proposed day. */
static Code policy_facts_read(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **facts) {
  Json *out = json_obj(cx->mem);
  Day effective;
  Str then;
  (void)state;
  *facts = out;
  if (!day_parse(json_str(cmd->args, S("effective")), &effective)) return OK;
  TRY(policy_in_force(cx, views, effective, &then));
  json_put_str(cx->mem, out, S("then"), then);
  return OK;
}

const Engine policy_engine_base = {.prefix = "policy",
                                   .fold = policy_fold,
                                   .commands = policy_commands,
                                   .command_count = COUNT(policy_commands),
                                   .open = policy_open,
                                   .facts = policy_facts_read,
                                   .schema = policy__schema,
                                   .project = policy__project,
                                   .ready = policy__ready};
