/* SPDX-License-Identifier: Apache-2.0 */
/* early.c: what the engines of the room share: the package in force, whose enterprise, numbers, words. */
#include "early/early_int.h"

#define WORD(s) {.ptr = s, .len = sizeof(s) - 1}
static const struct { Str text, label; } words[] = {
    {WORD("idea"), WORD("策划中")}, {WORD("generated"), WORD("已生成")}, {WORD("published"), WORD("条件已公布")},
    {WORD("converted"), WORD("已转为项目")}, {WORD("dropped"), WORD("已退出")}, {WORD("ordered"), WORD("待指派")},
    {WORD("assigned"), WORD("已指派")}, {WORD("started"), WORD("已开工")}, {WORD("ended"), WORD("已结束")},
    {WORD("draft"), WORD("待市政府审核")}, {WORD("issued"), WORD("已下发")}, {WORD("returned"), WORD("已退回")},
    {WORD("asked"), WORD("待答复")}, {WORD("more"), WORD("待补充")}, {WORD("replied"), WORD("已答复")},
    {WORD("withdrawn"), WORD("已撤回")}, {WORD("agree"), WORD("同意")}, {WORD("agree-if"), WORD("附条件同意")},
    {WORD("object"), WORD("不同意")}};

Str early_label(Str status) {
  for (size_t i = 0; i < COUNT(words); i++)
    if (str_eq(words[i].text, status)) return words[i].label;
  return status;
}

/* ---- what deciding reads ---------------------------------------------------------------------------- */

static const Sql sql_force = {"early.in-force", "i", "s",
                              "SELECT version FROM policy_version WHERE effective <= ?1 ORDER BY effective DESC, no DESC LIMIT 1"};
static const Sql sql_actor = {"early.actor", "s", "ss", "SELECT org_uscc, org_name FROM account WHERE id = ?1"};
static const Sql sql_mandate = {"early.mandate", "ss", "ss",
                                "SELECT owner, number FROM agent_order WHERE agent = ?1 AND uscc = ?2 AND project = 0 AND status = 'assigned'"
                                " ORDER BY no LIMIT 1"};

static Code two_of(Cx *cx, Db *views, const Sql *q, const Val *vals, size_t n, Str *a, Str *b) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, q, vals, n, &r));
  if (!rows_next(r)) return rows_end(cx, r);
  *a = row_s(cx, r, 0);
  if (b) *b = row_s(cx, r, 1);
  return OK;
}

Code early__facts(Cx *cx, Db *views, const Command *cmd, Json **out) {
  Str version = S("");
  *out = json_obj(cx->mem);
  TRY(two_of(cx, views, &sql_force, VALS(val_i(day_of(cmd->now).n)), &version, NULL));
  if (version.len) json_put_str(cx->mem, *out, S("policy"), version);
  return OK;
}

Code early__actor(Cx *cx, Db *views, const Command *cmd, Json *out) {
  Str uscc = S(""), org = S("");
  TRY(two_of(cx, views, &sql_actor, VALS(val_s(cmd->actor.id)), &uscc, &org));
  json_put_str(cx->mem, out, S("actor_uscc"), uscc);
  json_put_str(cx->mem, out, S("actor_org"), org);
  return OK;
}

const Policy *early__policy(const Ask *ask) {
  const Policy *p = ask->env, *other = NULL;
  Str version = json_str(ask->facts, S("policy"));
  if (version.len && p->packages) other = packages_find(p->packages, version);
  return other ? other : p;
}

Code early__open(Cx *cx, Db *views, const char *prefix, const Sql *last, Str *stream) {
  int64_t n = 0;
  TRY(db_int(cx, views, last, NO_VALS, 0, &n));
  *stream = arena_fmt(cx->mem, "%s/%lld", prefix, (long long)n + 1);
  return OK;
}

Code early__owner(Cx *cx, const Ask *ask, Str applicant, Str uscc) {
  const Actor *who = &ask->cmd->actor;
  Str own = json_str(ask->facts, S("actor_uscc"));
  if (str_eq(who->id, applicant) || (own.len && str_eq(own, uscc))) return OK;
  FAIL(DENIED, "这不是您单位提出的，只能由提出的单位办理。");
}

Code early__now(Cx *cx, const Ask *ask) {
  if (ask->happened < ask->now) FAIL_AT(INVALID, S("happened"), S(""), "前期事项不能补录，以系统收到的时间为准。");
  return OK;
}

/* ---- bodies and states -------------------------------------------------------------------------------- */

Str early__keep(Arena *mem, const Json *body, const char *key) {
  return arena_str(mem, json_str(body, str_of(key)));
}

Json *early__body(Decision *d, const Ask *ask, const char *const *names) {
  Json *body = json_obj(decision_mem(d));
  for (; *names; names++) {
    const Json *v = json_get(ask->cmd->args, str_of(*names));
    if (v) json_put(decision_mem(d), body, str_of(*names), v);
  }
  return body;
}

void early__answer(Decision *d, const char *key, Str value, int64_t no) {
  Json *answer = json_obj(decision_mem(d));
  if (no) json_put_int(decision_mem(d), answer, S("no"), no);
  if (value.len) json_put_str(decision_mem(d), answer, str_of(key), value);
  decision_answer(d, answer);
}

int early__year_of(int64_t ms) {
  int y, m, day;
  day_split(day_of(ms), &y, &m, &day);
  return y;
}

int month_of(int64_t ms) {
  int y, m, day;
  day_split(day_of(ms), &y, &m, &day);
  return y * 100 + m;
}

Str early__year(Arena *mem, const char *prefix, int64_t ms, int64_t seq) {
  return arena_fmt(mem, "%s-%d-%04lld", prefix, early__year_of(ms), (long long)seq);
}

void *early__grow(Arena *mem, void *list, size_t count, size_t *cap, size_t size, size_t align) {
  if (count < *cap) return list;
  *cap = *cap ? *cap * 2 : 8;
  void *wider = arena_alloc(mem, *cap, size, align);
  if (count) memcpy(wider, list, count * size);
  return wider;
}

Code early__state(Cx *cx, Reader *rd, const char *prefix, Str id, const char *missing, const void **out) {
  int64_t seq;
  Code code = reader_state(cx, rd, arena_fmt(cx->mem, "%s/%.*s", prefix, SFMT(id)), out, &seq);
  if (code != NOT_FOUND) return code;
  cx_clear(cx);
  FAIL(NOT_FOUND, "没有这%s，请从列表里重新打开。", missing);
}

Code agent_principal(Cx *cx, Db *views, Str agent, int64_t project, Str uscc, Str *owner) {
  static const Sql by_project = {"early.principal", "si", "ss",
                                 "SELECT owner, number FROM agent_order WHERE agent = ?1 AND project = ?2 AND status IN ('assigned', 'started')"};
  *owner = S("");
  if (project) return two_of(cx, views, &by_project, VALS(val_s(agent), val_i(project)), owner, NULL);
  return two_of(cx, views, &sql_mandate, VALS(val_s(agent), val_s(uscc)), owner, NULL);
}

const Engine *const early_engines[EARLY_ENGINES] = {&reserve_engine_base, &catalogue_engine_base, &roster_engine_base,
                                                    &agent_engine_base, &consult_engine_base};
