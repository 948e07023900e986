/* SPDX-License-Identifier: Apache-2.0 */
/* pool.c: the roll of inspectors, for whom they stand aside, and the classes of enterprises. */
#include "inspect/inspect_int.h"

enum { AVOID_MAX = 50 };
static const Arg add_args[] = {
    {.name = "person", .label = "检查人员", .type = ARG_CODE, .required = true},
    {.name = "cert", .label = "执法证号", .type = ARG_CODE, .required = true, .min = 4, .max = 30},
    {.name = "avoid", .label = "回避的企业", .type = ARG_LIST, .max = AVOID_MAX, .hint = "统一社会信用代码，本人任职、有亲属任职或者有利害关系的企业"}};
static const Arg remove_args[] = {{.name = "cert", .label = "执法证号", .type = ARG_CODE, .required = true}, REASON};
static const Arg recuse_args[] = {{.name = "cert", .label = "执法证号", .type = ARG_CODE, .required = true},
                                  {.name = "uscc", .label = "统一社会信用代码", .type = ARG_CODE, .required = true}, REASON};
static const Arg class_args[] = {{.name = "uscc", .label = "统一社会信用代码", .type = ARG_CODE, .required = true},
                                 {.name = "class", .label = "信用等级", .type = ARG_CHOICE, .required = true, .choices = "A|B|C|D"},
                                 {.name = "basis", .label = "依据", .type = ARG_TEXT, .required = true, .min = 4, .max = 200}};

Inspector *pool__find(const SpotPool *p, Str cert) {
  for (size_t i = 0; p && i < p->count; i++)
    if (str_eq(p->list[i].cert, cert)) return &p->list[i];
  return NULL;
}

bool inspector__avoids(const Inspector *i, Str uscc) {
  for (size_t k = 0; k < i->avoid_count; k++)
    if (str_eq(i->avoid[k], uscc)) return true;
  return false;
}

/* ---- deciding ------------------------------------------------------------------------------------------------------- */

static Code uscc_check(Cx *cx, Str uscc, const char *field) {
  if (!uscc_valid(uscc)) FAIL_AT(INVALID, str_of(field), S("GB 32100-2015"), "统一社会信用代码应为 18 位，校验码要正确");
  return OK;
}

static Code decide_add(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"person", "cert", "avoid", NULL};
  const Json *u = json_get(ask->facts, S("person")), *avoid = json_get(ask->cmd->args, S("avoid"));
  Str id = json_str(ask->cmd->args, S("person"));
  const Inspector *known = pool__find(ask->state, json_str(ask->cmd->args, S("cert")));
  uint32_t roles = 0;
  TRY(kit_now(cx, ask));
  TRY(roles_parse(cx, json_str(u, S("roles")), &roles));
  if (!u || !str_eq(json_str(u, S("unit")), ask->cmd->actor.unit) || json_int(u, S("disabled"), 0) || !(roles & (ROLE_APPROVER | ROLE_UNIT_HEAD)))
    FAIL_AT(INVALID, S("person"), S(SPOT_CLAUSE), "“%.*s”不是本单位在用的工作人员，请从名单中选择", SFMT(id));
  if (known && known->active && !str_eq(known->person, id))
    FAIL_AT(CONFLICT, S("cert"), S(SPOT_CLAUSE), "执法证号 %.*s 已经登记给%.*s。", SFMT(known->cert), SFMT(known->name));
  for (const Json *x = avoid ? avoid->first : NULL; x; x = x->next) TRY(uscc_check(cx, x->kind == JSON_STR ? x->str : S(""), "avoid"));
  const SpotPool *p = ask->state;
  if (!known && p && p->count == SPOT_INSPECTORS_MAX) FAIL_AT(LIMIT, S("person"), S(""), "名录最多 %d 人。", SPOT_INSPECTORS_MAX);
  Json *body = kit_body(d, ask, names);
  json_put_str(decision_mem(d), body, S("name"), json_str(u, S("name")));
  json_put_str(decision_mem(d), body, S("unit"), json_str(u, S("unit")));
  decision_emit(d, "pool.inspector-added", 1, body);
  return OK;
}

static Code own_inspector(Cx *cx, const Ask *ask, bool himself, const Inspector **out) {
  const Inspector *i = pool__find(ask->state, json_str(ask->cmd->args, S("cert")));
  const Actor *who = &ask->cmd->actor;
  TRY(kit_now(cx, ask));
  if (!i || !i->active) FAIL_AT(NOT_FOUND, S("cert"), S(""), "名录里没有这个执法证号，请从名录中选择。");
  bool head = (who->roles & ROLE_UNIT_HEAD) && str_eq(who->unit, i->unit);
  if (!head && !(himself && str_eq(who->id, i->person))) FAIL_AT(DENIED, S("cert"), S(SPOT_CLAUSE), "由%s单位负责人办理。", himself ? "本人或者本" : "本");
  *out = i;
  return OK;
}

static Code decide_remove(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"cert", "reason", NULL};
  const Inspector *i = NULL;
  TRY(own_inspector(cx, ask, false, &i));
  decision_emit(d, "pool.inspector-removed", 1, kit_body(d, ask, names));
  return OK;
}

static Code decide_recuse(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"cert", "uscc", "reason", NULL};
  const Inspector *i = NULL;
  Str uscc = json_str(ask->cmd->args, S("uscc"));
  TRY(own_inspector(cx, ask, true, &i));
  TRY(uscc_check(cx, uscc, "uscc"));
  if (inspector__avoids(i, uscc)) FAIL_AT(CONFLICT, S("uscc"), S(SPOT_CLAUSE), "%.*s已经回避这家企业。", SFMT(i->name));
  if (i->avoid_count >= AVOID_MAX) FAIL_AT(LIMIT, S("uscc"), S(""), "一人最多回避 %d 家企业，请由负责人移出名录。", AVOID_MAX);
  decision_emit(d, "pool.recused", 1, kit_body(d, ask, names));
  return OK;
}

static Code decide_class(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"uscc", "class", "basis", NULL};
  TRY(kit_now(cx, ask));
  TRY(uscc_check(cx, json_str(ask->cmd->args, S("uscc")), "uscc"));
  decision_emit(d, "pool.class-set", 1, kit_body(d, ask, names));
  return OK;
}

#define ROW(n, l, h, who, fn, list, first) {.name = n, .label = l, .help = h, .allow = (who), .creates = (first), .decide = fn, WITH(list)}
const CommandDecl pool__commands[POOL_COMMANDS] = {
    ROW("pool.add-inspector", "登记检查人员", "单位负责人把持有执法证的工作人员登记进检查人员名录，写明应当回避的企业。", ROLE_UNIT_HEAD, decide_add, add_args, true),
    ROW("pool.remove-inspector", "移出名录", "写明理由，以后不再抽到。", ROLE_UNIT_HEAD, decide_remove, remove_args, false),
    ROW("pool.recuse", "登记回避", "检查人员本人或者单位负责人登记应当回避的企业。", ROLE_APPROVER | ROLE_UNIT_HEAD, decide_recuse, recuse_args, false),
    ROW("pool.set-class", "登记信用等级", "不在红黑名单上的企业，由监督部门登记信用等级（示例）。", ROLE_SUPERVISOR, decide_class, class_args, true),
};

/* ---- folding ---------------------------------------------------------------------------------------------------------- */

static void avoid_add(Arena *mem, Inspector *i, Str uscc) {
  if (!inspector__avoids(i, uscc)) *GROW(mem, i->avoid, i->avoid_count, i->avoid_cap, Str) = arena_str(mem, uscc);
}

static void fold_added(Arena *mem, SpotPool *p, const Json *b) {
  Inspector *i = pool__find(p, json_str(b, S("cert")));
  if (!i) i = GROW(mem, p->list, p->count, p->cap, Inspector);
  *i = (Inspector){.cert = kit_keep(mem, b, "cert"), .person = kit_keep(mem, b, "person"), .name = kit_keep(mem, b, "name"), .unit = kit_keep(mem, b, "unit"),
                   .active = true};
  const Json *avoid = json_get(b, S("avoid"));
  for (const Json *x = avoid ? avoid->first : NULL; x; x = x->next) avoid_add(mem, i, x->str);
}

static void fold_class(Arena *mem, SpotPool *p, const Event *e) {
  Str uscc = json_str(e->body, S("uscc"));
  CreditClass *c = NULL;
  for (size_t i = 0; i < p->class_count; i++)
    if (str_eq(p->classes[i].uscc, uscc)) c = &p->classes[i];
  if (!c) c = GROW(mem, p->classes, p->class_count, p->class_cap, CreditClass);
  *c = (CreditClass){.uscc = arena_str(mem, uscc), .class = kit_keep(mem, e->body, "class"), .basis = kit_keep(mem, e->body, "basis"),
                     .by = arena_str(mem, e->actor_name), .at = e->happened};
}

void *pool_fold(Arena *mem, void *state, const Event *e) {
  SpotPool *p = state ? state : arena_new(mem, SpotPool);
  Inspector *i = pool__find(p, json_str(e->body, S("cert")));
  p->seq = e->seq;
  if (str_eqz(e->kind, "pool.inspector-added")) fold_added(mem, p, e->body);
  if (str_eqz(e->kind, "pool.inspector-removed") && i) i->active = false;
  if (str_eqz(e->kind, "pool.recused") && i) avoid_add(mem, i, json_str(e->body, S("uscc")));
  if (str_eqz(e->kind, "pool.class-set")) fold_class(mem, p, e);
  return p;
}

/* ---- projections ------------------------------------------------------------------------------------------------------ */

const char pool__schema[] =
    "CREATE TABLE inspect_person(cert TEXT PRIMARY KEY, person TEXT NOT NULL, name TEXT NOT NULL, unit TEXT NOT NULL, avoid TEXT NOT NULL,"
    " active INTEGER NOT NULL) WITHOUT ROWID, STRICT;"
    "CREATE TABLE inspect_class(uscc TEXT PRIMARY KEY, class TEXT NOT NULL) WITHOUT ROWID, STRICT;";

static const Sql sql_person = {"inspect.person", "sssssi", "",
                               "INSERT INTO inspect_person(cert, person, name, unit, avoid, active) VALUES(?1,?2,?3,?4,?5,?6) ON CONFLICT(cert)"
                               " DO UPDATE SET person = excluded.person, name = excluded.name, unit = excluded.unit, avoid = excluded.avoid,"
                               " active = excluded.active"};
static const Sql sql_class = {"inspect.class", "ss", "",
                              "INSERT INTO inspect_class(uscc, class) VALUES(?1,?2) ON CONFLICT(uscc) DO UPDATE SET class = excluded.class"};

Code pool__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Inspector *i = pool__find(state, json_str(e->body, S("cert")));
  Str avoid = S("");
  (void)env;
  if (str_eqz(e->kind, "pool.class-set"))
    return db_run(cx, views, &sql_class, VALS(val_s(json_str(e->body, S("uscc"))), val_s(json_str(e->body, S("class")))));
  if (!i) return OK;
  for (size_t k = 0; k < i->avoid_count; k++) avoid = arena_fmt(cx->mem, "%.*s%s%.*s", SFMT(avoid), k ? "," : "", SFMT(i->avoid[k]));
  return db_run(cx, views, &sql_person,
                VALS(val_s(i->cert), val_s(i->person), val_s(i->name), val_s(i->unit), val_s(avoid), val_i(i->active)));
}

/* ---- the engine -------------------------------------------------------------------------------------------------------- */

static Code pool_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)cx, (void)views, (void)cmd;
  *stream = POOL_STREAM;
  return OK;
}

static Code pool_facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **facts) {
  Json *out = NULL;
  Str person = json_str(cmd->args, S("person"));
  (void)state;
  TRY(kit_facts(cx, views, cmd, &out));
  if (person.len) TRY(kit_person(cx, views, person, out, S("person")));
  *facts = out;
  return OK;
}

const Engine pool_engine_base = {.prefix = "pool",
                                 .fold = pool_fold,
                                 .commands = pool__commands,
                                 .command_count = POOL_COMMANDS,
                                 .open = pool_open,
                                 .facts = pool_facts,
                                 .schema = pool__schema,
                                 .project = pool__project};

Code pool_load(Cx *cx, Reader *rd, const SpotPool **out) {
  static const SpotPool none = {0};
  const void *state = NULL;
  int64_t seq;
  *out = &none;
  Code code = reader_state(cx, rd, POOL_STREAM, &state, &seq);
  if (code == NOT_FOUND) {
    cx_clear(cx);
    return OK;
  }
  *out = state ? state : &none;
  return code;
}
