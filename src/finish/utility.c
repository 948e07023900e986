/* SPDX-License-Identifier: Apache-2.0 */
/* utility.c: one form asks all utilities; each answers with its plan; after the acceptance each connects. */
#include "finish/finish_int.h"

#define CLAUSE "D60-2.4.5-(2)"
#define CONNECTION "市政公用接入"
static const Arg apply_args[] = {
    {.name = "project", .label = "项目", .type = ARG_INT, .required = true, .min = 1, .max = INT32_MAX},
    {.name = "kinds", .label = "报装哪几项", .type = ARG_LIST, .required = true, .max = UTILITY_KINDS, .hint = "[\"water\",\"power\",…]"},
    {.name = "needs", .label = "用量和要求", .type = ARG_LONG, .required = true, .min = 4, .max = 1000, .hint = "例如：用水 60 吨/日，用电 800 千伏安"},
    {.name = "ready", .label = "计划开工日期", .type = ARG_DAY}};
#define KIND {.name = "kind", .label = "哪一项", .type = ARG_CODE, .required = true}
static const Arg answer_args[] = {KIND, {.name = "plan", .label = "接入方案", .type = ARG_LONG, .required = true, .min = 10, .max = 2000}};
static const Arg connect_args[] = {KIND, {.name = "text", .label = "接入情况", .type = ARG_LONG, .required = true, .min = 4, .max = 1000}};
static const Arg follow_args[] = {KIND, {.name = "phase", .label = "哪一步", .type = ARG_CHOICE, .required = true, .choices = "answer|connect"},
                                  {.name = "text", .label = "意见", .type = ARG_LONG, .max = 2000},
                                  {.name = "by", .label = "谁", .type = ARG_TEXT}};
static const Arg reason_args[] = {KIT_REASON};

static const Item *item_of(Cx *cx, const Policy *p, const char *phase, Str kind) {
  return policy_item(p, arena_fmt(cx->mem, "%s-%.*s", phase, SFMT(kind)));
}

size_t utility_kinds(Cx *cx, const Policy *p, Str out[UTILITY_KINDS]) {
  size_t n = 0;
  (void)cx;
  for (size_t i = 0; i < p->item_count && n < UTILITY_KINDS; i++)
    if (str_eqz(p->items[i].kind, CONNECTION) && str_starts(p->items[i].code, S("supply-"))) out[n++] = str_sub(p->items[i].code, 7, SIZE_MAX);
  return n;
}

const UtilityPart *utility_part(const Utility *u, Str kind) {
  for (size_t i = 0; i < u->part_count; i++)
    if (str_eq(u->parts[i].kind, kind)) return &u->parts[i];
  return NULL;
}

/* ---- the owner ---------------------------------------------------------------------------------------------- */

static Code parts_put(Cx *cx, const Ask *ask, const Policy *p, Arena *m, Json *parts) {
  const Json *kinds = json_get(ask->cmd->args, S("kinds")), *had = json_get(ask->facts, S("had"));
  if (!kinds->first) FAIL_AT(INVALID, S("kinds"), S(CLAUSE), "请至少选一项");
  for (const Json *x = kinds->first; x; x = x->next) {
    const Item *supply = x->kind == JSON_STR ? item_of(cx, p, "supply", x->str) : NULL, *connect = supply ? item_of(cx, p, "connect", x->str) : NULL;
    if (!supply || !connect) FAIL_AT(INVALID, S("kinds"), S(CLAUSE), "没有“%.*s”这一项，请从供水、供电、燃气、供热、排水、通信中选择", SFMT(x->str));
    for (const Json *h = had ? had->first : NULL; h; h = h->next)
      if (str_eq(h->str, x->str)) FAIL_AT(CONFLICT, S("kinds"), S(CLAUSE), "“%.*s”已经报装过，不用再报。", SFMT(supply->name));
    for (const Json *o = parts->first; o; o = o->next)
      if (str_eq(json_str(o, S("kind")), x->str)) FAIL_AT(INVALID, S("kinds"), S(""), "“%.*s”选了两次", SFMT(supply->name));
    Json *o = json_push_obj(m, parts);
    json_put_str(m, o, S("kind"), x->str);
    json_put_str(m, o, S("name"), supply->name);
    json_put_str(m, o, S("unit"), supply->unit);
    json_put_int(m, o, S("days"), supply->days);
    json_put_int(m, o, S("connect_days"), connect->days);
  }
  return OK;
}

static Code decide_apply(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"project", "needs", "ready", NULL};
  static const char *const copied[] = {"number", "name", "uscc", "owner", "applicant"};
  static const char *const as[] = {"project_number", "project_name", "uscc", "owner", "applicant"};
  Arena *m = decision_mem(d);
  const Json *pr = json_get(ask->facts, S("project"));
  TRY(kit_now(cx, ask));
  if (!pr) FAIL_AT(NOT_FOUND, S("project"), S(""), "没有这个项目。");
  TRY(kit_party(cx, ask, json_str(pr, S("applicant")), json_str(pr, S("uscc"))));
  if (!str_eqz(json_str(pr, S("status")), "running")) FAIL_AT(CONFLICT, S("project"), S(""), "项目已经办结或终止，不能报装。");
  Json *body = kit_body(d, ask, names);
  TRY(parts_put(cx, ask, finish__policy(cx, ask), m, json_put_arr(m, body, S("parts"))));
  Str number = kit_year(m, "BZ", ask->now, json_int(ask->facts, S("year_seq"), 0) + 1);
  json_put_int(m, body, S("no"), json_int(ask->facts, S("no"), 0));
  json_put_str(m, body, S("number"), number);
  for (size_t i = 0; i < COUNT(copied); i++) json_put_str(m, body, str_of(as[i]), json_str(pr, str_of(copied[i])));
  if (json_bool(ask->facts, S("begun"))) json_put_bool(m, body, S("late"), true); /* 开工 is over: it should have come before */
  decision_emit(d, "utility.applied", 1, body);
  kit_answer(d, "number", number, json_int(ask->facts, S("no"), 0));
  return OK;
}

/* ---- a utility ---------------------------------------------------------------------------------------------- */

static Code part_of(Cx *cx, const Ask *ask, const UtilityPart **out) {
  const Utility *u = ask->state;
  *out = utility_part(u, json_str(ask->cmd->args, S("kind")));
  if (!*out) FAIL_AT(NOT_FOUND, S("kind"), S(CLAUSE), "报装单 %.*s 没有这一项。", SFMT(u->number));
  if (u->closed) FAIL_AT(CONFLICT, S("kind"), S(CLAUSE), "报装单 %.*s 已随项目结束。", SFMT(u->number));
  return OK;
}

static Code of_unit(Cx *cx, const Ask *ask, const UtilityPart *p) {
  Str unit = finish__unit(finish__policy(cx, ask), p->unit);
  TRY(kit_now(cx, ask));
  if (!str_eq(ask->cmd->actor.unit, p->unit)) FAIL_AT(DENIED, S("kind"), S(CLAUSE), "“%.*s”由%.*s办理。", SFMT(p->name), SFMT(unit));
  return OK;
}

/* What the case is told: an item that is passed there too (approval/ties.c). */
static Json *told(Decision *d, const Ask *ask, const UtilityPart *p, const char *phase, Str text, Str by) {
  const Utility *u = ask->state;
  Arena *m = decision_mem(d);
  Json *body = json_obj(m);
  json_put_str(m, body, S("kind"), p->kind);
  json_put_str(m, body, S("text"), text);
  json_put_int(m, body, S("project"), u->project);
  json_put_int(m, body, S("stage"), !strcmp(phase, "supply") ? STAGE_FINISH - 1 : STAGE_FINISH);
  json_put_str(m, body, S("item"), arena_fmt(m, "%s-%.*s", phase, SFMT(p->kind)));
  json_put_str(m, body, S("number"), u->number);
  json_put_str(m, body, S("signature"), by);
  return body;
}

static Code decide_answer(Cx *cx, const Ask *ask, Decision *d) {
  const UtilityPart *p = NULL;
  TRY(part_of(cx, ask, &p));
  TRY(of_unit(cx, ask, p));
  if (p->answered_at) FAIL_AT(CONFLICT, S("plan"), S(CLAUSE), "“%.*s”已经答复。", SFMT(p->name));
  decision_emit(d, "utility.answered", 1, told(d, ask, p, "supply", json_str(ask->cmd->args, S("plan")), ask->cmd->actor.name));
  return OK;
}

static Code decide_connect(Cx *cx, const Ask *ask, Decision *d) {
  const UtilityPart *p = NULL;
  TRY(part_of(cx, ask, &p));
  TRY(of_unit(cx, ask, p));
  if (p->connected_at) FAIL_AT(CONFLICT, S("text"), S(CLAUSE), "“%.*s”已经接入。", SFMT(p->name));
  if (!p->opened_at) FAIL_AT(CONFLICT, S("text"), S(CLAUSE), "竣工验收备案书出件以后才能接入，到时候任务自动开始。");
  decision_emit(d, "utility.connected", 1, told(d, ask, p, "connect", json_str(ask->cmd->args, S("text")), ask->cmd->actor.name));
  return OK;
}

/* ---- what follows the case ------------------------------------------------------------------------------------- */

static Code decide_open(Cx *cx, const Ask *ask, Decision *d) {
  const Utility *u = ask->state;
  if (u->opened_at || u->closed) FAIL_AT(CONFLICT, S(""), S(CLAUSE), "报装单 %.*s 的接入任务已经开始或者结束。", SFMT(u->number));
  decision_emit(d, "utility.opened", 1, NULL);
  return OK;
}

/* The utility passed the item in the case: that is its answer. */
static Code decide_follow(Cx *cx, const Ask *ask, Decision *d) {
  const UtilityPart *p = NULL;
  bool answer = str_eqz(json_str(ask->cmd->args, S("phase")), "answer");
  TRY(part_of(cx, ask, &p));
  if (answer ? p->answered_at : p->connected_at) FAIL_AT(CONFLICT, S("kind"), S(CLAUSE), "“%.*s”已经记过。", SFMT(p->name));
  decision_emit(d, answer ? "utility.answered" : "utility.connected", 1,
                told(d, ask, p, answer ? "supply" : "connect", json_str(ask->cmd->args, S("text")), json_str(ask->cmd->args, S("by"))));
  return OK;
}

static Code decide_close(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"reason", NULL};
  const Utility *u = ask->state;
  if (u->closed) FAIL_AT(CONFLICT, S(""), S(CLAUSE), "报装单 %.*s 已经结束。", SFMT(u->number));
  decision_emit(d, "utility.closed", 1, kit_body(d, ask, names));
  return OK;
}

#define ROW(n, l, h, who, fn, list) {.name = n, .label = l, .help = h, .allow = (who), .decide = fn, WITH(list)}
const CommandDecl utility__commands[UTILITY_COMMANDS] = {
    {.name = "utility.apply", .label = "市政公用报装", .help = "开工前用一张表单向供水、供电、燃气、供热、排水、通信报装；各企业同时得到任务。",
     .allow = PARTY_ROLES, .creates = true, .decide = decide_apply, WITH(apply_args)},
    ROW("utility.answer", "答复报装", "公用企业写明接入方案。", PERSON, decide_answer, answer_args),
    ROW("utility.connect", "登记接入", "竣工验收备案以后，公用企业登记接入。", PERSON, decide_connect, connect_args),
    {.name = "utility.open", .label = "开始接入", .help = "竣工验收备案书出件时由系统开始各项接入任务。", .allow = ROLE_SYSTEM, .decide = decide_open},
    ROW("utility.follow", "随事项记录", "公用企业在项目里通过了报装或接入事项，由系统记到报装单。", ROLE_SYSTEM, decide_follow, follow_args),
    ROW("utility.close", "随项目结束", "项目撤回时由系统结束报装。", ROLE_SYSTEM, decide_close, reason_args)};
