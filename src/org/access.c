/* SPDX-License-Identifier: Apache-2.0 */
/* access.c: what 系统管理员 asks for and 安全管理员 consents to; what follows of it in the accounts. */
#include "org/access.h"

#include "org/kit.h"
#include "org/org_int.h"

#define RULE S("GB/T 22239-2019 8.1.5")

static const struct { const char *word, *label; } states[] = {
    [ACCESS_WAITING] = {"waiting", "等待审批"}, [ACCESS_APPROVED] = {"approved", "已批准"}, [ACCESS_REFUSED] = {"refused", "已驳回"}, [ACCESS_WITHDRAWN] = {"withdrawn", "已收回"}};

Str access_label(AccessStatus s) {
  return s > ACCESS_UNSET && s <= ACCESS_WITHDRAWN ? str_of(states[s].label) : S("");
}

/* ---- what deciding reads --------------------------------------------------------------------------- */

static const Sql sql_last = {"access.last", "", "i", "SELECT max(no) FROM access_ask"};
static const Sql sql_waits = {"access.waits", "s", "i", "SELECT max(no) FROM access_ask WHERE account = ?1 AND ended = 0"};
static const Sql sql_account = {"access.account", "s", "sssssi", "SELECT name, roles, unit, org_name, org_uscc, disabled FROM account WHERE id = ?1"};

static Code account_put(Cx *cx, Db *views, Str id, Json *out) {
  static const char *const keys[] = {"name", "roles", "unit", "org_name", "org_uscc"};
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, &sql_account, VALS(val_s(id)), &r));
  if (!rows_next(r)) return rows_end(cx, r);
  Json *o = json_put_obj(cx->mem, out, S("account"));
  for (size_t i = 0; i < COUNT(keys); i++) json_put_str(cx->mem, o, str_of(keys[i]), row_s(cx, r, (int)i));
  json_put_bool(cx->mem, o, S("disabled"), row_i(r, 5) != 0);
  return OK;
}

static Code access_look(Cx *cx, Db *views, const Command *cmd, const void *state, const void *env, const Json **facts) {
  const Access *a = state;
  Json *out = json_obj(cx->mem);
  int64_t last = 0, waits = 0;
  (void)env;
  Str id = a ? a->account : json_str(cmd->args, S("id"));
  TRY(account_put(cx, views, id, out));
  TRY(db_int(cx, views, &sql_last, NO_VALS, 0, &last));
  TRY(db_int(cx, views, &sql_waits, VALS(val_s(id)), 0, &waits));
  TRY(user__admin_facts(cx, views, out));
  json_put_int(cx->mem, out, S("no"), last + 1);
  json_put_int(cx->mem, out, S("waits"), waits);
  *facts = out;
  return OK;
}

static Code access_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)cmd;
  return kit_open(cx, views, "access", &sql_last, stream);
}

/* ---- asking ----------------------------------------------------------------------------------------- */

static Code free_check(Cx *cx, const Ask *ask, Str id) {
  long long waits = (long long)json_int(ask->facts, S("waits"), 0);
  TRY(kit_now(cx, ask));
  TRY(user__id_check(cx, id));
  if (waits) FAIL_AT(CONFLICT, S("id"), RULE, "账号 %.*s 的第 %lld 号申请还在等安全管理员审批，请等它办完，或先收回它", SFMT(id), waits);
  return OK;
}

static void ask_emit(const Ask *ask, Decision *d, Json *body) {
  Arena *m = decision_mem(d);
  int64_t no = json_int(ask->facts, S("no"), 0);
  json_put_int(m, body, S("no"), no);
  json_put_str(m, body, S("account"), json_str(ask->cmd->args, S("id")));
  kit_answer(d, "account", json_str(ask->cmd->args, S("id")), no);
  decision_emit(d, "access.asked", 1, body);
}

static Code decide_create(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"name", "unit", "org_name", "org_uscc", "reason", NULL};
  const Json *a = ask->cmd->args;
  Str id = json_str(a, S("id"));
  uint32_t roles = 0;
  TRY(free_check(cx, ask, id));
  if (json_get(ask->facts, S("account"))) FAIL_AT(CONFLICT, S("id"), S(""), "账号 %.*s 已经有了，请换一个；要改它的角色，请打开这个账号", SFMT(id));
  TRY(roles_parse(cx, json_str(a, S("roles")), &roles));
  TRY(user__roles_check(cx, roles, json_str(a, S("unit")), json_str(a, S("org_name")), json_str(a, S("org_uscc")), ask->env));
  Json *body = kit_body(d, ask, names);
  json_put_bool(decision_mem(d), body, S("fresh"), true);
  json_put_str(decision_mem(d), body, S("roles"), roles_text(decision_mem(d), roles));
  ask_emit(ask, d, body);
  return OK;
}

/* May the account have them? The engine of accounts asks again when it is approved. */
static Code change_check(Cx *cx, const Ask *ask, const Json *now, uint32_t roles, Str unit) {
  uint32_t was = 0;
  TRY(roles_parse(cx, json_str(now, S("roles")), &was));
  TRY(user__roles_check(cx, roles, unit, json_str(now, S("org_name")), json_str(now, S("org_uscc")), ask->env));
  if (roles == was && str_eq(unit, json_str(now, S("unit")))) FAIL_AT(INVALID, S("roles"), S(""), "角色和单位与现在一样，没有要改的");
  return json_bool(now, S("disabled")) ? OK : user__last_admin_check(cx, ask, was & ~roles);
}

static Code decide_change(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"reason", NULL};
  const Json *a = ask->cmd->args, *now = json_get(ask->facts, S("account"));
  Str id = json_str(a, S("id")), unit = json_str(a, S("unit"));
  Arena *m = decision_mem(d);
  uint32_t roles = 0;
  TRY(free_check(cx, ask, id));
  if (!now) FAIL_AT(NOT_FOUND, S("id"), S(""), "没有账号 %.*s", SFMT(id));
  TRY(roles_parse(cx, json_str(a, S("roles")), &roles));
  TRY(change_check(cx, ask, now, roles, unit));
  Json *body = kit_body(d, ask, names);
  json_put_bool(m, body, S("fresh"), false);
  json_put_str(m, body, S("name"), json_str(now, S("name")));
  json_put_str(m, body, S("roles"), roles_text(m, roles));
  json_put_str(m, body, S("unit"), unit);
  json_put_str(m, body, S("was_roles"), json_str(now, S("roles")));
  json_put_str(m, body, S("was_unit"), json_str(now, S("unit")));
  ask_emit(ask, d, body);
  return OK;
}

/* ---- consenting -------------------------------------------------------------------------------------- */

static Code waiting_check(Cx *cx, const Ask *ask) {
  const Access *a = ask->state;
  TRY(kit_now(cx, ask));
  if (a->status == ACCESS_WAITING) return OK;
  Str when = time_cn(cx->mem, a->ended), label = access_label(a->status);
  FAIL_AT(CONFLICT, S(""), RULE, "第 %lld 号申请已由%.*s于 %.*s 办过：%.*s。", (long long)a->no, SFMT(a->end_name), SFMT(when), SFMT(label));
}

static Code other_check(Cx *cx, const Ask *ask, const char *what) {
  const Access *a = ask->state;
  Str me = ask->cmd->actor.id;
  TRY(waiting_check(cx, ask));
  if (str_eq(me, a->by)) FAIL_AT(DENIED, S(""), RULE, "这份申请是您提出的，要由另一名安全管理员%s。", what);
  if (str_eq(me, a->account)) FAIL_AT(DENIED, S(""), RULE, "这份申请关系您本人的账号，要由另一名安全管理员%s。", what);
  return OK;
}

static Json *end_body(Decision *d, const Access *a) {
  Json *body = json_obj(decision_mem(d));
  json_put_int(decision_mem(d), body, S("no"), a->no);
  json_put_str(decision_mem(d), body, S("account"), a->account);
  return body;
}

static Code decide_approve(Cx *cx, const Ask *ask, Decision *d) {
  const Access *a = ask->state;
  const Json *now = json_get(ask->facts, S("account"));
  Arena *m = decision_mem(d);
  uint32_t has = 0;
  TRY(other_check(cx, ask, "审批"));
  if (a->fresh && now) FAIL_AT(CONFLICT, S(""), S(""), "账号 %.*s 在申请以后已经有了，这份申请只能驳回。", SFMT(a->account));
  if (!a->fresh) {
    TRY(roles_parse(cx, json_str(now, S("roles")), &has));
    if (has != a->was_roles || !str_eq(json_str(now, S("unit")), a->was_unit))
      FAIL_AT(CONFLICT, S(""), RULE, "账号 %.*s 的角色或单位在申请以后变了，与您看到的不一样。请驳回，让系统管理员重新申请。", SFMT(a->account));
  }
  Json *body = end_body(d, a);
  const struct { const char *key; Str value; } texts[] = {{"name", a->name}, {"roles", roles_text(m, a->roles)}, {"unit", a->unit}, {"org_name", a->org_name},
                                                          {"org_uscc", a->org_uscc}, {"by", a->by}};
  json_put_bool(m, body, S("fresh"), a->fresh);
  for (size_t i = 0; i < COUNT(texts); i++) json_put_str(m, body, str_of(texts[i].key), texts[i].value);
  decision_emit(d, "access.approved", 1, body);
  return OK;
}

static Code decide_refuse(Cx *cx, const Ask *ask, Decision *d) {
  TRY(other_check(cx, ask, "驳回"));
  Json *body = end_body(d, ask->state);
  json_put_str(decision_mem(d), body, S("reason"), json_str(ask->cmd->args, S("reason")));
  decision_emit(d, "access.refused", 1, body);
  return OK;
}

static Code decide_withdraw(Cx *cx, const Ask *ask, Decision *d) {
  const Access *a = ask->state;
  TRY(waiting_check(cx, ask));
  if (!str_eq(ask->cmd->actor.id, a->by)) FAIL_AT(DENIED, S(""), RULE, "这份申请是%.*s提出的，只能由本人收回。", SFMT(a->by_name));
  decision_emit(d, "access.withdrawn", 1, end_body(d, a));
  return OK;
}

/* ---- the state and its row ------------------------------------------------------------------------------ */

static void fold_asked(Arena *mem, Access *a, const Event *e) {
  const Json *b = e->body;
  Cx quiet = {.mem = mem};
  *a = (Access){.no = json_int(b, S("no"), 0), .fresh = json_bool(b, S("fresh")), .status = ACCESS_WAITING, .at = e->happened,
                .account = kit_keep(mem, b, "account"), .name = kit_keep(mem, b, "name"), .unit = kit_keep(mem, b, "unit"), .was_unit = kit_keep(mem, b, "was_unit"),
                .org_name = kit_keep(mem, b, "org_name"), .org_uscc = kit_keep(mem, b, "org_uscc"), .reason = kit_keep(mem, b, "reason"),
                .by = arena_str(mem, e->actor), .by_name = arena_str(mem, e->actor_name)};
  (void)roles_parse(&quiet, json_str(b, S("roles")), &a->roles);
  (void)roles_parse(&quiet, json_str(b, S("was_roles")), &a->was_roles);
}

static AccessStatus status_after(Str kind) {
  if (str_eqz(kind, "access.approved")) return ACCESS_APPROVED;
  if (str_eqz(kind, "access.refused")) return ACCESS_REFUSED;
  return str_eqz(kind, "access.withdrawn") ? ACCESS_WITHDRAWN : ACCESS_UNSET;
}

static void *access_fold(Arena *mem, void *state, const Event *e) {
  Access *a = state ? state : arena_new(mem, Access);
  AccessStatus after = status_after(e->kind);
  if (str_eqz(e->kind, "access.asked")) fold_asked(mem, a, e);
  if (after == ACCESS_UNSET) return a;
  a->status = after;
  a->end_by = arena_str(mem, e->actor);
  a->end_name = arena_str(mem, e->actor_name);
  a->end_reason = kit_keep(mem, e->body, "reason");
  a->ended = e->happened;
  return a;
}

static const char schema[] =
    "CREATE TABLE access_ask(no INTEGER PRIMARY KEY, account TEXT NOT NULL, fresh INTEGER NOT NULL, name TEXT NOT NULL, roles TEXT NOT NULL, unit TEXT NOT NULL,"
    " by_id TEXT NOT NULL, by_name TEXT NOT NULL, at INTEGER NOT NULL, status TEXT NOT NULL, end_name TEXT NOT NULL, end_reason TEXT NOT NULL,"
    " ended INTEGER NOT NULL) STRICT;"
    "CREATE INDEX access_account ON access_ask(account);";
static const Sql sql_put = {"access.put", "isisssssisssi", "",
                            "INSERT INTO access_ask(no, account, fresh, name, roles, unit, by_id, by_name, at, status, end_name, end_reason, ended)"
                            " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13) ON CONFLICT(no) DO UPDATE SET status = excluded.status,"
                            " end_name = excluded.end_name, end_reason = excluded.end_reason, ended = excluded.ended"};

static Code access_project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Access *a = state;
  (void)e, (void)env;
  return db_run(cx, views, &sql_put,
                VALS(val_i(a->no), val_s(a->account), val_i(a->fresh), val_s(a->name), val_s(roles_text(cx->mem, a->roles)), val_s(a->unit), val_s(a->by),
                     val_s(a->by_name), val_i(a->at), val_s(str_of(states[a->status].word)), val_s(a->end_name), val_s(a->end_reason), val_i(a->ended)));
}

/* ---- declarations ------------------------------------------------------------------------------------------ */

#define ACCOUNT {.name = "id", .label = "账号", .type = ARG_CODE, .required = true}
#define ROLES {.name = "roles", .label = "角色", .type = ARG_TEXT, .required = true, .hint = "用逗号分开，如 clerk,window_head"}
#define UNIT {.name = "unit", .label = "单位", .type = ARG_CODE, .hint = "单位代码；县（市）区也是单位"}
static const Arg create_args[] = {ACCOUNT, {.name = "name", .label = "姓名", .type = ARG_TEXT, .required = true, .max = 40}, ROLES, UNIT,
                                  {.name = "org_name", .label = "单位名称", .type = ARG_TEXT}, {.name = "org_uscc", .label = "统一社会信用代码", .type = ARG_CODE}, KIT_REASON};
static const Arg change_args[] = {ACCOUNT, ROLES, UNIT, KIT_REASON};
static const Arg refuse_args[] = {KIT_REASON};

static const CommandDecl commands[] = {
    {.name = "access.create", .label = "申请建账号", .help = "系统管理员申请建一个账号；安全管理员批准以前不起作用。", .allow = ROLE_SYSADMIN, .creates = true,
     .decide = decide_create, WITH(create_args)},
    {.name = "access.change", .label = "申请改角色", .help = "系统管理员申请改一个账号的角色和单位；安全管理员批准以前不变。", .allow = ROLE_SYSADMIN, .creates = true,
     .decide = decide_change, WITH(change_args)},
    {.name = "access.approve", .label = "批准授权", .help = "安全管理员批准另一个人申请的账号或角色，立即有效。", .allow = ROLE_SECADMIN, .decide = decide_approve},
    {.name = "access.refuse", .label = "驳回授权", .help = "安全管理员驳回申请，写明理由。", .allow = ROLE_SECADMIN, .decide = decide_refuse, WITH(refuse_args)},
    {.name = "access.withdraw", .label = "收回申请", .help = "提出的人收回还没有审批的申请。", .allow = ROLE_SYSADMIN, .decide = decide_withdraw}};

const Engine access_engine_base = {.prefix = "access", .fold = access_fold, .commands = commands, .command_count = COUNT(commands), .open = access_open,
                                   .look = access_look, .schema = schema, .project = access_project, .alone = true};

/* ---- what follows in the accounts ---------------------------------------------------------------------------- */

static Code aim_admit(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  static const char *const names[] = {"name", "roles", "unit", "org_name", "org_uscc"};
  (void)views;
  if (!json_bool(e->body, S("fresh"))) return OK;
  Json *args = json_obj(cx->mem);
  json_put_str(cx->mem, args, S("id"), json_str(e->body, S("account")));
  for (size_t i = 0; i < COUNT(names); i++) {
    Str value = json_str(e->body, str_of(names[i]));
    if (value.len) json_put_str(cx->mem, args, str_of(names[i]), value);
  }
  out[(*n)++] = (Follow){.args = args};
  return OK;
}

static Code aim_assign(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  (void)views;
  if (json_bool(e->body, S("fresh"))) return OK;
  Json *args = json_obj(cx->mem);
  json_put_str(cx->mem, args, S("roles"), json_str(e->body, S("roles")));
  json_put_str(cx->mem, args, S("unit"), json_str(e->body, S("unit")));
  out[(*n)++] = (Follow){.stream = arena_fmt(cx->mem, "user/%.*s", SFMT(json_str(e->body, S("account")))), .args = args};
  return OK;
}

const Reaction user__reactions[USER_REACTIONS] = {{.event = "access.approved", .command = "user.admit", .required = true, .aim = aim_admit},
                                                  {.event = "access.approved", .command = "user.assign", .required = true, .aim = aim_assign}};

/* ---- the list -------------------------------------------------------------------------------------------------- */

#define FIT " FROM access_ask WHERE (?1 = 0 OR ended = 0) AND (?2 = 0 OR ended <> 0) AND (?3 = '' OR by_id = ?3)"
static const Sql sql_count = {"access.count", "iis", "i", "SELECT count(*)" FIT};
static const Sql sql_list = {"access.list", "iisii", "isisssssisssi",
                             "SELECT no, account, fresh, name, roles, unit, by_id, by_name, at, status, end_name, end_reason, ended" FIT
                             " ORDER BY CASE WHEN ?1 = 0 THEN -no ELSE no END LIMIT ?4 OFFSET ?5"};

static Access row_of(Cx *cx, const Rows *r) {
  Access a = {.no = row_i(r, 0), .account = row_s(cx, r, 1), .fresh = row_i(r, 2) != 0, .name = row_s(cx, r, 3), .unit = row_s(cx, r, 5), .by = row_s(cx, r, 6),
              .by_name = row_s(cx, r, 7), .at = row_i(r, 8), .end_name = row_s(cx, r, 10), .end_reason = row_s(cx, r, 11), .ended = row_i(r, 12)};
  Cx quiet = {.mem = cx->mem};
  (void)roles_parse(&quiet, row_s(cx, r, 4), &a.roles);
  Str status = row_s(cx, r, 9);
  for (AccessStatus s = ACCESS_WAITING; s <= ACCESS_WITHDRAWN; s++)
    if (str_eqz(status, states[s].word)) a.status = s;
  return a;
}

Code access_list(Cx *cx, Db *views, const AccessFilter *f, Access **out, size_t *n, int64_t *total) {
  SCOPED(rows_drop) Rows *r = NULL;
  Access *list = arena_array(cx->mem, Access, f->limit + 1);
  *n = 0;
  *out = list;
  TRY(db_int(cx, views, &sql_count, VALS(val_i(f->waiting), val_i(f->over), val_s(f->by)), 0, total));
  TRY(db_rows(cx, views, &sql_list, VALS(val_i(f->waiting), val_i(f->over), val_s(f->by), val_i((int64_t)f->limit), val_i((int64_t)f->offset)), &r));
  while (*n < f->limit && rows_next(r)) list[(*n)++] = row_of(cx, r);
  return rows_end(cx, r);
}
