/* SPDX-License-Identifier: Apache-2.0 */
/* kit.c: what the engines beside the case share. */
#include "org/kit.h"

#include "org/org.h"

/* ---- what deciding reads ---------------------------------------------------------------------------- */

static const Sql sql_force = {"kit.in-force", "i", "s",
                              "SELECT version FROM policy_version WHERE effective <= ?1 ORDER BY effective DESC, no DESC LIMIT 1"};
static const Sql sql_actor = {"kit.actor", "s", "ss", "SELECT org_uscc, org_name FROM account WHERE id = ?1"};

static const Sql sql_person = {"kit.person", "s", "sssi", "SELECT name, roles, unit, disabled FROM account WHERE id = ?1"};

static Code two_of(Cx *cx, Db *views, const Sql *q, const Val *vals, size_t n, Str *a, Str *b) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, q, vals, n, &r));
  if (!rows_next(r)) return rows_end(cx, r);
  *a = row_s(cx, r, 0);
  if (b) *b = row_s(cx, r, 1);
  return OK;
}

Code kit_facts(Cx *cx, Db *views, const Command *cmd, Json **out) {
  Str version = S("");
  *out = json_obj(cx->mem);
  TRY(db_str_kept(cx, views, &sql_force, day_of(cmd->now).n, &version));
  if (version.len) json_put_str(cx->mem, *out, S("policy"), version);
  return OK;
}

Code kit_actor(Cx *cx, Db *views, const Command *cmd, Json *out) {
  Str uscc = S(""), org = S("");
  TRY(two_of(cx, views, &sql_actor, VALS(val_s(cmd->actor.id)), &uscc, &org));
  json_put_str(cx->mem, out, S("actor_uscc"), uscc);
  json_put_str(cx->mem, out, S("actor_org"), org);
  return OK;
}

Code kit_person(Cx *cx, Db *views, Str id, Json *out, Str key) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, &sql_person, VALS(val_s(id)), &r));
  if (!rows_next(r)) return rows_end(cx, r);
  Json *o = json_put_obj(cx->mem, out, key);
  json_put_str(cx->mem, o, S("id"), id);
  json_put_str(cx->mem, o, S("name"), row_s(cx, r, 0));
  json_put_str(cx->mem, o, S("roles"), row_s(cx, r, 1));
  json_put_str(cx->mem, o, S("unit"), row_s(cx, r, 2));
  json_put_int(cx->mem, o, S("disabled"), row_i(r, 3));
  return OK;
}

const Policy *kit_policy(const Ask *ask) {
  const Policy *p = ask->env, *other = NULL;
  Str version = json_str(ask->facts, S("policy"));
  if (version.len && p->packages) other = packages_find(p->packages, version);
  return other ? other : p;
}

Code kit_open(Cx *cx, Db *views, const char *prefix, const Sql *last, Str *stream) {
  int64_t n = 0;
  TRY(db_int(cx, views, last, NO_VALS, 0, &n));
  *stream = arena_fmt(cx->mem, "%s/%lld", prefix, (long long)n + 1);
  return OK;
}

Code kit_owner(Cx *cx, const Ask *ask, Str applicant, Str uscc) {
  const Actor *who = &ask->cmd->actor;
  Str own = json_str(ask->facts, S("actor_uscc"));
  if (str_eq(who->id, applicant) || (own.len && str_eq(own, uscc))) return OK;
  FAIL(DENIED, "这不是您单位提出的，只能由提出的单位办理。");
}

Code kit_mandate(Cx *cx, Db *views, const Command *cmd, int64_t project, Json *out) {
  static const Sql q = {"kit.mandate", "si", "s",
                        "SELECT owner FROM agent_order WHERE agent = ?1 AND project = ?2 AND status IN ('assigned', 'started') ORDER BY no LIMIT 1"};
  Str owner = S("");
  if (!(cmd->actor.roles & ROLE_AGENT)) return OK;
  TRY(two_of(cx, views, &q, VALS(val_s(cmd->actor.id), val_i(project)), &owner, NULL));
  if (owner.len) json_put_str(cx->mem, out, S("mandate_owner"), owner);
  return OK;
}

Code kit_party(Cx *cx, const Ask *ask, Str applicant, Str uscc) {
  Str owner = json_str(ask->facts, S("mandate_owner"));
  bool agent = ask->cmd->actor.roles & ROLE_AGENT && !(ask->cmd->actor.roles & ROLE_APPLICANT);
  if (!agent && !owner.len) return kit_owner(cx, ask, applicant, uscc);
  if (!owner.len) FAIL_AT(DENIED, S(""), S("D60-2.4.4-(1)"), "没有指派给您的委托，不能代办这个项目。");
  if (!str_eq(ask->cmd->actor.behalf, owner))
    FAIL_AT(DENIED, S("behalf"), S("D60-2.4.4-(1)"), "代办要以委托单位“%.*s”的名义，两个名字都记录。", SFMT(owner));
  return OK;
}

Code kit_now(Cx *cx, const Ask *ask) {
  if (ask->happened < ask->now) FAIL_AT(INVALID, S("happened"), S(""), "这类事项不能补录，以系统收到的时间为准。");
  return OK;
}

/* ---- bodies and states -------------------------------------------------------------------------------- */

Str kit_keep(Arena *mem, const Json *body, const char *key) {
  return arena_str(mem, json_str(body, str_of(key)));
}

Json *kit_body(Decision *d, const Ask *ask, const char *const *names) {
  Json *body = json_obj(decision_mem(d));
  for (; *names; names++) {
    const Json *v = json_get(ask->cmd->args, str_of(*names));
    if (v) json_put(decision_mem(d), body, str_of(*names), v);
  }
  return body;
}

void kit_answer(Decision *d, const char *key, Str value, int64_t no) {
  Json *answer = json_obj(decision_mem(d));
  if (no) json_put_int(decision_mem(d), answer, S("no"), no);
  if (value.len) json_put_str(decision_mem(d), answer, str_of(key), value);
  decision_answer(d, answer);
}

int kit_year_of(int64_t ms) {
  int y, m, day;
  day_split(day_of(ms), &y, &m, &day);
  return y;
}

Str kit_year(Arena *mem, const char *prefix, int64_t ms, int64_t seq) {
  return arena_fmt(mem, "%s-%d-%04lld", prefix, kit_year_of(ms), (long long)seq);
}

void *kit_grow(Arena *mem, void *list, size_t count, size_t *cap, size_t size, size_t align) {
  if (count < *cap) return list;
  *cap = *cap ? *cap * 2 : 8;
  void *wider = arena_alloc(mem, *cap, size, align);
  if (count) memcpy(wider, list, count * size);
  return wider;
}

Code kit_state(Cx *cx, Reader *rd, const char *prefix, Str id, const char *missing, const void **out) {
  int64_t seq;
  Code code = reader_state(cx, rd, arena_fmt(cx->mem, "%s/%.*s", prefix, SFMT(id)), out, &seq);
  if (code != NOT_FOUND) return code;
  cx_clear(cx);
  FAIL(NOT_FOUND, "没有这%s，请从列表里重新打开。", missing);
}

/* The number carries its year and place in it: DB-2026-0007. */
void kit_year_parts(Str number, int64_t *year, int64_t *seq) {
  Str head, rest, y, s;
  *year = *seq = 0;
  if (!str_cut(number, '-', &head, &rest) || !str_cut(rest, '-', &y, &s)) return;
  (void)str_to_i64(y, year);
  (void)str_to_i64(s, seq);
}

Code running_tell(Cx *cx, const Policy *p, Day today, Running *c, RunningSeen *seen, void *arg) {
  ItemClock k = {.start = c->start, .limit = c->limit};
  c->reading = clock_item(p->calendar, &k, today, p->lamp);
  return seen(cx, arg, c);
}
