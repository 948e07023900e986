/* SPDX-License-Identifier: Apache-2.0 */
/* desk.c: who of a unit has an item in hand, and how it is handed over. */
#include "approval/desk.h"
#include "approval/approval_int.h"
#include "org/kit.h"
#include "org/staff.h"

#define ITEMS {.name = "items", .label = "事项", .type = ARG_LIST, .max = DESK_MAX, .hint = "每项写成 项目/阶段/事项代码，如 18/1/land-permit"}
static const Arg take_args[] = {ITEMS};
static const Arg hand_args[] = {
    ITEMS,
    {.name = "to", .label = "交给谁", .type = ARG_CODE, .required = true, .hint = "本单位同事的账号"},
    {.name = "all", .label = "手上的全部", .type = ARG_BOOL},
    {.name = "from", .label = "谁的", .type = ARG_CODE, .hint = "不写：本人的；部门负责人可以写本单位同事的账号"},
    {.name = "note", .label = "交代", .type = ARG_TEXT, .max = 200}};

bool desk_item(Str text, int64_t *project, int *stage, Str *item) {
  Str no, rest, n;
  int64_t k = 0;
  if (!str_cut(text, '/', &no, &rest) || !str_cut(rest, '/', &n, item)) return false;
  if (!str_to_i64(no, project) || !str_to_i64(n, &k) || *project < 1 || k < 1 || k > STAGE_MAX) return false;
  *stage = (int)k;
  return item->len > 0;
}

/* ---- what deciding reads ------------------------------------------------------------------------------------- */

static const Sql sql_item = {"desk.item", "iis", "siss",
                             "SELECT i.unit, i.open, i.name, p.name FROM item i JOIN project p ON p.no = i.project WHERE i.project = ?1 AND i.stage = ?2 AND i.code = ?3"};
static const Sql sql_held = {"desk.held", "ssi", "iisss",
                             "SELECT i.project, i.stage, i.code, i.name, p.name FROM item i JOIN project p ON p.no = i.project WHERE i.unit = ?1 AND i.open = 1"
                             " AND EXISTS (SELECT 1 FROM account a WHERE a.id = ?2 AND a.unit = i.unit AND " DESK_HAS ") ORDER BY i.project, i.stage, i.code LIMIT ?3"};

static void found_put(Cx *cx, Json *list, int64_t project, int stage, Str item, Str label, Str unit, bool open) {
  Json *o = json_push_obj(cx->mem, list);
  json_put_int(cx->mem, o, S("project"), project);
  json_put_int(cx->mem, o, S("stage"), stage);
  json_put_str(cx->mem, o, S("item"), item);
  json_put_str(cx->mem, o, S("label"), label);
  json_put_str(cx->mem, o, S("unit"), unit);
  json_put_bool(cx->mem, o, S("open"), open);
}

static Code named_items(Cx *cx, Db *views, const Json *items, Json *list) {
  for (const Json *x = items ? items->first : NULL; x && list->count < DESK_MAX; x = x->next) {
    SCOPED(rows_drop) Rows *r = NULL;
    int64_t project = 0;
    int stage = 0;
    Str item;
    if (x->kind != JSON_STR || !desk_item(x->str, &project, &stage, &item)) continue;
    TRY(db_rows(cx, views, &sql_item, VALS(val_i(project), val_i(stage), val_s(item)), &r));
    if (rows_next(r))
      found_put(cx, list, project, stage, item, arena_fmt(cx->mem, "%.*s“%.*s”", SFMT(row_s(cx, r, 3)), SFMT(row_s(cx, r, 2))), row_s(cx, r, 0), row_i(r, 1) != 0);
    TRY(rows_end(cx, r));
  }
  return OK;
}

static Code held_items(Cx *cx, Db *views, Str unit, Str account, Json *list) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, &sql_held, VALS(val_s(unit), val_s(account), val_i(DESK_MAX)), &r));
  while (rows_next(r))
    found_put(cx, list, row_i(r, 0), (int)row_i(r, 1), row_s(cx, r, 2), arena_fmt(cx->mem, "%.*s“%.*s”", SFMT(row_s(cx, r, 4)), SFMT(row_s(cx, r, 3))), unit, true);
  return rows_end(cx, r);
}

/* Of whoever gets the items: what is registered about him, for each of them. */
static Code authority_put(Cx *cx, Db *views, const Command *cmd, Json *list) {
  Str to = json_str(cmd->args, S("to"));
  bool has_seat = false;
  if (!to.len) return OK;
  TRY(seated(cx, views, to, &has_seat));
  for (Json *x = list->first; x; x = x->next) {
    Authority a = AUTHORITY_UNSET;
    Day edge = {0};
    TRY(authority_of(cx, views, to, cmd->actor.unit, json_str(x, S("item")), day_of(cmd->now), &a, &edge));
    json_put_int(cx->mem, x, S("authority"), a);
    json_put_bool(cx->mem, x, S("seated"), has_seat);
  }
  return OK;
}

static Code desk_facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **facts) {
  Json *out = NULL, *list = NULL;
  Str from = json_str(cmd->args, S("from"));
  (void)state;
  TRY(kit_facts(cx, views, cmd, &out));
  *facts = out;
  list = json_put_arr(cx->mem, out, S("items"));
  if (json_str(cmd->args, S("to")).len) TRY(kit_person(cx, views, json_str(cmd->args, S("to")), out, S("to")));
  if (from.len) TRY(kit_person(cx, views, from, out, S("from")));
  if (json_bool(cmd->args, S("all"))) TRY(held_items(cx, views, cmd->actor.unit, from.len ? from : cmd->actor.id, list));
  else TRY(named_items(cx, views, json_get(cmd->args, S("items")), list));
  return authority_put(cx, views, cmd, list);
}

/* ---- deciding --------------------------------------------------------------------------------------------------- */

static Code own_items(Cx *cx, const Ask *ask, const Json **out) {
  const Json *found = json_get(ask->facts, S("items")), *wanted = json_get(ask->cmd->args, S("items"));
  bool all = json_bool(ask->cmd->args, S("all"));
  TRY(kit_now(cx, ask));
  if (!ask->cmd->actor.unit.len) FAIL(DENIED, "您的账号没有所属单位，没有可以承办的事项。");
  if (all && !found->count) FAIL_AT(CONFLICT, S("items"), S(""), "手上没有在办的事项，不用交接。");
  if (!all && (!wanted || !wanted->count)) FAIL_AT(INVALID, S("items"), S(""), "请先勾选事项");
  if (!all && found->count != wanted->count) FAIL_AT(INVALID, S("items"), S(""), "勾选的事项里有不存在的，请刷新页面后再选");
  for (const Json *x = found->first; x; x = x->next) {
    Str label = json_str(x, S("label"));
    if (!str_eq(json_str(x, S("unit")), ask->cmd->actor.unit)) FAIL_AT(DENIED, S("items"), S(""), "%.*s不归您的单位办理，不能认领或者交接。", SFMT(label));
    if (!json_bool(x, S("open"))) FAIL_AT(CONFLICT, S("items"), S(""), "%.*s已经办结，不用认领或者交接；请刷新页面后再选。", SFMT(label));
  }
  *out = found;
  return OK;
}

static Code colleague(Cx *cx, const Ask *ask, const char *key, const Json **out) {
  const Json *u = json_get(ask->facts, str_of(key));
  Str id = json_str(ask->cmd->args, str_of(key)), roles = arena_fmt(cx->mem, ",%.*s,", SFMT(json_str(u, S("roles"))));
  *out = u;
  if (!u || !str_eq(json_str(u, S("unit")), ask->cmd->actor.unit))
    FAIL_AT(INVALID, str_of(key), S(""), "“%.*s”不是本单位的账号，请从名单中选择", SFMT(id));
  if (str_eqz(S("from"), key)) return OK; /* who left hands over as well */
  if (json_int(u, S("disabled"), 0)) FAIL_AT(INVALID, str_of(key), S(""), "%.*s的账号已停用，请选别的同事", SFMT(json_str(u, S("name"))));
  if (str_find(roles, S(",approver,")) < 0 && str_find(roles, S(",unit_head,")) < 0)
    FAIL_AT(INVALID, str_of(key), S(""), "%.*s没有办理事项的岗位，请选别的同事", SFMT(json_str(u, S("name"))));
  return OK;
}

static bool may_sign(Arena *mem, const Policy *p, Authority a, bool has_seat) {
  return !authority_refusal(mem, a, (Day){0}, has_seat, p->reform.authority, S("")).len;
}

/* Nobody is given what he may not sign; the head of the unit gives it on. */
static Code may_sign_all(Cx *cx, const Ask *ask, const Json *items, const Json *to) {
  enum { NAMED = 6 };
  Str names = S("");
  int n = 0;
  if (str_find(arena_fmt(cx->mem, ",%.*s,", SFMT(json_str(to, S("roles")))), S(",unit_head,")) >= 0) return OK;
  for (const Json *x = items->first; x; x = x->next) {
    if (may_sign(cx->mem, ask->env, (Authority)json_int(x, S("authority"), AUTHORITY_UNSET), json_bool(x, S("seated")))) continue;
    if (n++ < NAMED) names = arena_fmt(cx->mem, "%.*s%s%.*s", SFMT(names), names.len ? "、" : "", SFMT(json_str(x, S("label"))));
  }
  if (!n) return OK;
  FAIL_AT(INVALID, S("to"), S("D60-6.19.2-p2"), "%.*s没有这 %d 件的授权，不能签字，不能交给他：%.*s%s。请选别的同事，只交他有授权的几件，或者请本单位负责人先在“窗口人员”里授权。",
          SFMT(json_str(to, S("name"))), n, SFMT(names), n > NAMED ? "等" : "");
}

/* The message says what it is about: the first, and how many; and what its sender wrote. */
static Json *body_of(Decision *d, const Ask *ask, const Json *items, Str to, Str to_name) {
  static const char *const names[] = {"from", "note", NULL};
  Arena *m = decision_mem(d);
  Json *body = kit_body(d, ask, names), *list = NULL;
  Str first = json_str(items->first, S("label"));
  json_put_str(m, body, S("unit"), ask->cmd->actor.unit);
  json_put_str(m, body, S("to"), to);
  json_put_str(m, body, S("to_name"), to_name);
  json_put_str(m, body, S("name"), items->count == 1 ? first : arena_fmt(m, "%.*s等 %u 件", SFMT(first), items->count));
  list = json_put_arr(m, body, S("items"));
  for (const Json *x = items->first; x; x = x->next) {
    Json *o = json_push_obj(m, list);
    json_put_int(m, o, S("project"), json_int(x, S("project"), 0));
    json_put_int(m, o, S("stage"), json_int(x, S("stage"), 0));
    json_put_str(m, o, S("item"), json_str(x, S("item")));
  }
  return body;
}

static Code decide_take(Cx *cx, const Ask *ask, Decision *d) {
  const Json *items = NULL;
  TRY(own_items(cx, ask, &items));
  decision_emit(d, "desk.taken", 1, body_of(d, ask, items, ask->cmd->actor.id, ask->cmd->actor.name));
  kit_answer(d, "unit", ask->cmd->actor.unit, items->count);
  return OK;
}

static Code decide_hand(Cx *cx, const Ask *ask, Decision *d) {
  const Json *items = NULL, *to = NULL, *from = NULL;
  Str whose = json_str(ask->cmd->args, S("from"));
  if (whose.len && !str_eq(whose, ask->cmd->actor.id)) {
    if (!(ask->cmd->actor.roles & ROLE_UNIT_HEAD)) FAIL_AT(DENIED, S("from"), S(""), "别人手上的全部事项，由部门负责人交接；您可以逐项勾选后交给同事。");
    TRY(colleague(cx, ask, "from", &from));
  }
  TRY(colleague(cx, ask, "to", &to));
  if (json_bool(ask->cmd->args, S("all")) && str_eq(json_str(to, S("id")), whose.len ? whose : ask->cmd->actor.id))
    FAIL_AT(INVALID, S("to"), S(""), "交出的人和接手的人是同一个，请选别的同事");
  TRY(own_items(cx, ask, &items));
  TRY(may_sign_all(cx, ask, items, to));
  decision_emit(d, "desk.handed", 1, body_of(d, ask, items, json_str(to, S("id")), json_str(to, S("name"))));
  kit_answer(d, "unit", ask->cmd->actor.unit, items->count);
  return OK;
}

#define OFFICERS (ROLE_APPROVER | ROLE_UNIT_HEAD)
static const CommandDecl commands[] = {
    {.name = "desk.take", .label = "我来办", .help = "认领本单位的事项；不锁定，同事仍可办理。", .allow = OFFICERS, .creates = true, .decide = decide_take, WITH(take_args)},
    {.name = "desk.hand", .label = "交接", .help = "把事项交给本单位的同事，他会收到消息；休假、调离的，把手上的全部交出去。", .allow = OFFICERS, .creates = true, .decide = decide_hand,
     WITH(hand_args)}};

/* ---- the state and its rows ---------------------------------------------------------------------------------------- */

typedef struct Desk { int64_t acts; } Desk; /* who has what is in the rows: nothing is decided by the past of a desk */

static void *desk_fold(Arena *mem, void *state, const Event *e) {
  Desk *k = state ? state : arena_new(mem, Desk);
  (void)e;
  k->acts++;
  return k;
}

static const Sql sql_put = {"desk.put", "iiss", "",
                            "INSERT INTO desk(project, stage, item, account) VALUES(?1,?2,?3,?4) ON CONFLICT(project, stage, item) DO UPDATE SET account = excluded.account"};

static Code desk_project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Json *items = json_get(e->body, S("items"));
  (void)state;
  (void)env;
  for (const Json *x = items ? items->first : NULL; x; x = x->next)
    TRY(db_run(cx, views, &sql_put, VALS(val_i(json_int(x, S("project"), 0)), val_i(json_int(x, S("stage"), 0)), val_s(json_str(x, S("item"))), val_s(json_str(e->body, S("to"))))));
  return OK;
}

/* The stream is the unit's own, so it is "created" by whoever of the unit comes first. */
static Code desk_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)views;
  *stream = arena_fmt(cx->mem, "desk/%.*s", SFMT(cmd->actor.unit.len ? cmd->actor.unit : S("none")));
  return OK;
}

const Engine desk_engine_base = {.prefix = "desk", .fold = desk_fold, .commands = commands, .command_count = COUNT(commands), .open = desk_open, .facts = desk_facts,
                                 .schema = "" /* its table stands among those of the items */, .project = desk_project};

/* ---- reading ----------------------------------------------------------------------------------------------------------- */

static const Sql sql_holder = {"desk.holder", "siiss", "ss",
                               "SELECT a.id, a.name FROM account a WHERE a.unit = ?1 AND a.disabled = 0 AND (a.id = (SELECT d.account FROM desk d WHERE d.project = ?2"
                               " AND d.stage = ?3 AND d.item = ?4) OR (a.name = ?5 AND NOT EXISTS (SELECT 1 FROM desk d WHERE d.project = ?2 AND d.stage = ?3 AND d.item = ?4)))"
                               " ORDER BY a.id LIMIT 1"};
static const Sql sql_colleagues = {"desk.colleagues", "ss", "ssi",
                                   "SELECT id, name, CASE WHEN instr(',' || roles || ',', ',unit_head,') > 0 THEN 1 ELSE 0 END FROM account WHERE unit = ?1 AND id <> ?2 AND disabled = 0 AND (instr(',' || roles || ',', ',approver,') > 0 OR"
                                   " instr(',' || roles || ',', ',unit_head,') > 0) ORDER BY name, id LIMIT 200"};

Code desk_holder(Cx *cx, Reader *rd, Str unit, int64_t project, int stage, Str item, Str taken, Colleague *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  *out = (Colleague){0};
  TRY(db_rows(cx, reader_views(rd), &sql_holder, VALS(val_s(unit), val_i(project), val_i(stage), val_s(item), val_s(taken)), &r));
  if (rows_next(r)) *out = (Colleague){.id = row_s(cx, r, 0), .name = row_s(cx, r, 1)};
  return rows_end(cx, r);
}

Code desk_colleagues(Cx *cx, Reader *rd, Str unit, Str but, Colleague **out, size_t *n) {
  enum { SHOWN = 200 };
  SCOPED(rows_drop) Rows *r = NULL;
  Colleague *list = arena_array(cx->mem, Colleague, SHOWN);
  *out = list;
  *n = 0;
  TRY(db_rows(cx, reader_views(rd), &sql_colleagues, VALS(val_s(unit), val_s(but)), &r));
  while (*n < SHOWN && rows_next(r)) list[(*n)++] = (Colleague){.id = row_s(cx, r, 0), .name = row_s(cx, r, 1), .head = row_i(r, 2) != 0};
  return rows_end(cx, r);
}

Code desk_may_sign(Cx *cx, Reader *rd, const Policy *p, Str account, Str unit, Str item, Day on, bool *out) {
  Authority a = AUTHORITY_UNSET;
  Day edge = {0};
  bool has_seat = false;
  TRY(authority_of(cx, reader_views(rd), account, unit, item, on, &a, &edge));
  if (a == AUTHORITY_NONE) TRY(seated(cx, reader_views(rd), account, &has_seat));
  *out = may_sign(cx->mem, p, a, has_seat);
  return OK;
}
