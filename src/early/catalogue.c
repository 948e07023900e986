/* SPDX-License-Identifier: Apache-2.0 */
/* catalogue.c: what agents do in a county, drafted there and issued by the city; who was trained. */
#include "early/early_int.h"

enum { ITEMS_MAX = 60 };
#define CLAUSE "D60-4.13-p11"

Str catalogue_scope_label(Str scope) {
  if (str_eqz(scope, "approval")) return S("行政审批");
  if (str_eqz(scope, "utility")) return S("公共服务");
  return str_eqz(scope, "more") ? S("延伸服务") : scope;
}

/* ---- deciding ------------------------------------------------------------------------------------------- */

static const Arg draft_args[] = {
    {.name = "county", .label = "县（市）区", .type = ARG_CODE, .required = true},
    {.name = "items", .label = "代办事项", .type = ARG_LIST, .required = true, .max = ITEMS_MAX,
     .hint = "[{\"name\":\"企业投资项目备案\",\"scope\":\"approval|utility|more\",\"guide\":\"办事指南\"}]"},
    {.name = "guide", .label = "办事指南", .type = ARG_LONG, .required = true, .min = 10, .max = 4000}};
static const Arg issue_args[] = {{.name = "no", .label = "第几稿", .type = ARG_INT, .required = true, .min = 1, .max = INT32_MAX}};
static const Arg return_args[] = {{.name = "no", .label = "第几稿", .type = ARG_INT, .required = true, .min = 1, .max = INT32_MAX}, REASON};

static Code item_check(Cx *cx, const Json *list, const Json *one, int line) {
  Str name = json_str(one, S("name")), scope = json_str(one, S("scope"));
  if (one->kind != JSON_OBJ || utf8_count(name) < 2 || utf8_count(name) > 60)
    FAIL_AT(INVALID, S("items"), S(CLAUSE), "第 %d 项：事项名称应为 2 到 60 个字", line);
  if (!str_eqz(scope, "approval") && !str_eqz(scope, "utility") && !str_eqz(scope, "more"))
    FAIL_AT(INVALID, S("items"), S(CLAUSE), "第 %d 项：种类只能是行政审批、公共服务或延伸服务", line);
  if (utf8_count(json_str(one, S("guide"))) > 500) FAIL_AT(INVALID, S("items"), S(""), "第 %d 项：说明最多 500 个字", line);
  for (const Json *m = one->first; m; m = m->next)
    if (!str_eqz(m->key, "name") && !str_eqz(m->key, "scope") && !str_eqz(m->key, "guide"))
      FAIL_AT(INVALID, S("items"), S("D60-2.4.4-(1)"), "第 %d 项：不认识 %.*s；代办是无偿的，只写名称、种类和说明", line, SFMT(m->key));
  for (const Json *x = list->first; x != one; x = x->next)
    if (str_eq(json_str(x, S("name")), name)) FAIL_AT(INVALID, S("items"), S(""), "第 %d 项：“%.*s”写了两次", line, SFMT(name));
  return OK;
}

static Code decide_draft(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"county", "items", "guide", NULL};
  const Catalogue *c = ask->state;
  const Json *list = json_get(ask->cmd->args, S("items"));
  Str county = json_str(ask->cmd->args, S("county"));
  const Unit *u = policy_unit(kit_policy(ask), county);
  int line = 0;
  TRY(kit_now(cx, ask));
  if (!u || (!str_eqz(u->kind, "county") && !str_eqz(u->kind, "zone"))) FAIL_AT(INVALID, S("county"), S(""), "请选择县（市）区或开发区");
  if (!str_eq(ask->cmd->actor.unit, county)) FAIL_AT(DENIED, S("county"), S("D60-2.4.4-(1)"), "代办事项目录由属地政府制定，请由%.*s办理。", SFMT(u->name));
  if (c && str_eqz(c->status, "draft")) FAIL_AT(CONFLICT, S("county"), S(CLAUSE), "第 %lld 稿还在等市政府审核，请等审核后再报。", (long long)c->no);
  if (!list->first) FAIL_AT(INVALID, S("items"), S(CLAUSE), "至少写一个代办事项");
  for (const Json *one = list->first; one; one = one->next) TRY(item_check(cx, list, one, ++line));
  Json *body = kit_body(d, ask, names);
  json_put_int(decision_mem(d), body, S("no"), c ? c->no + 1 : 1);
  decision_emit(d, "catalogue.drafted", 1, body);
  kit_answer(d, "county", county, c ? c->no + 1 : 1);
  return OK;
}

static Code waiting(Cx *cx, const Ask *ask) {
  const Catalogue *c = ask->state;
  int64_t no = json_int(ask->cmd->args, S("no"), 0);
  TRY(kit_now(cx, ask));
  if (no != c->no) FAIL_AT(CONFLICT, S("no"), S(""), "最新的是第 %lld 稿，请看过再审核。", (long long)c->no);
  Str label = early_label(c->status);
  if (!str_eqz(c->status, "draft")) FAIL_AT(CONFLICT, S("no"), S(""), "第 %lld 稿%.*s，不用再审核。", (long long)no, SFMT(label));
  return OK;
}

static Code decide_issue(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"no", NULL};
  TRY(waiting(cx, ask));
  decision_emit(d, "catalogue.issued", 1, kit_body(d, ask, names));
  return OK;
}

static Code decide_return(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"no", "reason", NULL};
  TRY(waiting(cx, ask));
  decision_emit(d, "catalogue.returned", 1, kit_body(d, ask, names));
  return OK;
}

static const CommandDecl catalogue_commands[] = {
    {.name = "catalogue.draft", .label = "报送代办事项目录", .help = "属地政府制定代办事项目录和办事指南，报市政府审核。",
     .allow = ROLE_APPROVER | ROLE_UNIT_HEAD, .creates = true, .decide = decide_draft, WITH(draft_args)},
    {.name = "catalogue.issue", .label = "审核下发目录", .help = "市政府审核后下发，随即公布。", .allow = ROLE_LEADER, .decide = decide_issue,
     WITH(issue_args)},
    {.name = "catalogue.return", .label = "退回目录", .help = "写明理由，退回修改。", .allow = ROLE_LEADER, .decide = decide_return,
     WITH(return_args)},
};

/* ---- folding and projecting -------------------------------------------------------------------------------- */

size_t catalogue__items(Arena *mem, const Json *list, CatalogueItem **out) {
  size_t n = 0;
  *out = arena_array(mem, CatalogueItem, (list ? list->count : 0) + 1);
  for (const Json *x = list ? list->first : NULL; x; x = x->next)
    (*out)[n++] = (CatalogueItem){kit_keep(mem, x, "name"), kit_keep(mem, x, "scope"), kit_keep(mem, x, "guide")};
  return n;
}

void *catalogue_fold(Arena *mem, void *state, const Event *e) {
  Catalogue *c = state ? state : arena_new(mem, Catalogue);
  c->seq = e->seq;
  if (str_eqz(e->kind, "catalogue.drafted")) {
    c->county = kit_keep(mem, e->body, "county");
    c->no = json_int(e->body, S("no"), 0);
    c->status = S("draft");
    c->by = arena_str(mem, e->actor_name);
    c->at = e->happened;
    c->guide = kit_keep(mem, e->body, "guide");
    c->count = catalogue__items(mem, json_get(e->body, S("items")), &c->items);
  }
  if (str_eqz(e->kind, "catalogue.issued")) {
    c->status = S("issued");
    c->issued_no = c->no;
    c->issued_at = e->happened;
    c->issued_by = arena_str(mem, e->actor_name);
    c->issued = c->items;
    c->issued_count = c->count;
    c->issued_guide = c->guide;
  }
  if (str_eqz(e->kind, "catalogue.returned")) {
    c->status = S("returned");
    c->reason = kit_keep(mem, e->body, "reason");
  }
  return c;
}

/* `issued` holds the names of the items in force, one a line: an order names only these. */
static const Sql sql_put = {"catalogue.put", "ssiiiis", "",
                            "INSERT INTO catalogue(county, status, no, issued_no, issued_at, items, issued) VALUES(?1,?2,?3,?4,?5,?6,?7)"
                            " ON CONFLICT(county) DO UPDATE SET status = excluded.status, no = excluded.no, issued_no = excluded.issued_no,"
                            " issued_at = excluded.issued_at, items = excluded.items, issued = excluded.issued"};

static Code catalogue_project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Catalogue *c = state;
  Json *names = json_arr(cx->mem);
  (void)e;
  (void)env;
  for (size_t i = 0; i < c->issued_count; i++) {
    Json *o = json_push_obj(cx->mem, names);
    json_put_str(cx->mem, o, S("name"), c->issued[i].name);
    json_put_str(cx->mem, o, S("scope"), c->issued[i].scope);
  }
  return db_run(cx, views, &sql_put,
                VALS(val_s(c->county), val_s(c->status), val_i(c->no), val_i(c->issued_no), val_i(c->issued_at),
                     val_i((int64_t)c->issued_count), val_s(json_text(cx->mem, names))));
}

static Code catalogue_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)views;
  *stream = arena_fmt(cx->mem, "catalogue/%.*s", SFMT(json_str(cmd->args, S("county"))));
  return OK;
}

static Code plain_facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **facts) {
  Json *out = NULL;
  (void)state;
  TRY(kit_facts(cx, views, cmd, &out));
  *facts = out;
  return OK;
}

const Engine catalogue_engine_base = {
    .prefix = "catalogue", .fold = catalogue_fold, .commands = catalogue_commands, .command_count = COUNT(catalogue_commands),
    .open = catalogue_open, .facts = plain_facts, .project = catalogue_project,
    .schema = "CREATE TABLE catalogue(county TEXT PRIMARY KEY, status TEXT NOT NULL, no INTEGER NOT NULL, issued_no INTEGER NOT NULL,"
              " issued_at INTEGER NOT NULL, items INTEGER NOT NULL, issued TEXT NOT NULL) WITHOUT ROWID, STRICT;"};

static const Sql sql_list = {"catalogue.list", "", "ssiiii", "SELECT county, status, no, issued_no, issued_at, items FROM catalogue ORDER BY county"};

Code catalogues_list(Cx *cx, Reader *rd, CatalogueRow **out, size_t *n) {
  enum { COUNTIES_MAX = 100 };
  SCOPED(rows_drop) Rows *r = NULL;
  CatalogueRow *list = arena_array(cx->mem, CatalogueRow, COUNTIES_MAX + 1);
  *n = 0;
  *out = list;
  TRY(db_rows(cx, reader_views(rd), &sql_list, NO_VALS, &r));
  while (*n < COUNTIES_MAX && rows_next(r))
    list[(*n)++] = (CatalogueRow){.county = row_s(cx, r, 0), .status = row_s(cx, r, 1), .no = row_i(r, 2), .issued_no = row_i(r, 3),
                                  .issued_at = row_i(r, 4), .items = row_i(r, 5)};
  return rows_end(cx, r);
}

Code catalogue_load(Cx *cx, Reader *rd, Str county, const Catalogue **out) {
  const void *state = NULL;
  TRY(kit_state(cx, rd, "catalogue", county, "个县（市）区的代办事项目录", &state));
  *out = state;
  return OK;
}

/* ---- training 统一培训 ------------------------------------------------------------------------------------ */

static const Arg train_args[] = {
    {.name = "agents", .label = "参加培训的代办员", .type = ARG_LIST, .required = true, .max = 100, .hint = "[\"账号\",…]"},
    {.name = "day", .label = "培训日期", .type = ARG_DAY, .required = true},
    {.name = "topic", .label = "培训内容", .type = ARG_TEXT, .required = true, .min = 2, .max = 120}};

static Code decide_train(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"agents", "day", "topic", NULL};
  const Policy *p = kit_policy(ask);
  const Json *list = json_get(ask->cmd->args, S("agents"));
  Day day = {0};
  bool lead = false;
  TRY(kit_now(cx, ask));
  for (int n = 1; n <= STAGE_MAX; n++) lead |= str_eq(p->stages[n].lead, ask->cmd->actor.unit);
  if (!lead) FAIL_AT(DENIED, S(""), S("D60-2.4.4-(1)"), "代办员由各阶段的牵头部门（发改、自然资源、住建）统一培训。");
  if (!day_parse(json_str(ask->cmd->args, S("day")), &day) || day.n > day_of(ask->now).n)
    FAIL_AT(INVALID, S("day"), S(""), "培训日期不能晚于今天");
  if (!list->first) FAIL_AT(INVALID, S("agents"), S(""), "至少选择一名代办员");
  for (const Json *x = list->first; x; x = x->next) {
    Str unknown = x->kind == JSON_STR ? x->str : S("?");
    if (x->kind != JSON_STR || !json_get(json_get(ask->facts, S("agents")), x->str))
      FAIL_AT(INVALID, S("agents"), S(""), "没有代办员账号“%.*s”", SFMT(unknown));
  }
  decision_emit(d, "roster.trained", 1, kit_body(d, ask, names));
  return OK;
}

static const Sql sql_agents = {"roster.agents", "", "ss", "SELECT id, roles FROM account WHERE roles LIKE '%agent%' AND disabled = 0 ORDER BY id"};

static Code roster_facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **facts) {
  SCOPED(rows_drop) Rows *r = NULL;
  Json *out = NULL;
  uint32_t roles = 0;
  (void)state;
  TRY(kit_facts(cx, views, cmd, &out));
  Json *agents = json_put_obj(cx->mem, out, S("agents"));
  *facts = out;
  TRY(db_rows(cx, views, &sql_agents, NO_VALS, &r));
  while (rows_next(r)) {
    TRY(roles_parse(cx, row_s(cx, r, 1), &roles));
    if (roles & ROLE_AGENT) json_put_bool(cx->mem, agents, row_s(cx, r, 0), true);
  }
  return rows_end(cx, r);
}

void *roster_fold(Arena *mem, void *state, const Event *e) {
  int64_t *seq = state ? state : arena_new(mem, int64_t);
  *seq = e->seq;
  return seq;
}

static const Sql sql_training = {"roster.put", "siiss", "", "INSERT INTO training(agent, seq, day, topic, unit) VALUES(?1,?2,?3,?4,?5)"
                                                           " ON CONFLICT DO NOTHING"};

static Code roster_project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Json *list = json_get(e->body, S("agents"));
  Day day = {0};
  (void)state;
  (void)env;
  if (!str_eqz(e->kind, "roster.trained") || !day_parse(json_str(e->body, S("day")), &day)) return OK;
  for (const Json *x = list ? list->first : NULL; x; x = x->next)
    TRY(db_run(cx, views, &sql_training,
               VALS(val_s(x->str), val_i(e->seq), val_i(day.n), val_s(json_str(e->body, S("topic"))), val_s(e->unit))));
  return OK;
}

static Code roster_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)cx;
  (void)views;
  (void)cmd;
  *stream = ROSTER_STREAM;
  return OK;
}

static const CommandDecl roster_commands[] = {{.name = "roster.train", .label = "登记统一培训", .help = "牵头部门登记代办员参加的统一培训；没有培训记录的不能接受指派。",
                                               .allow = ROLE_UNIT_HEAD, .creates = true, .decide = decide_train, WITH(train_args)}};
const Engine roster_engine_base = {
    .prefix = "roster", .fold = roster_fold, .commands = roster_commands, .command_count = COUNT(roster_commands), .open = roster_open,
    .facts = roster_facts, .project = roster_project,
    .schema = "CREATE TABLE training(agent TEXT NOT NULL, seq INTEGER NOT NULL, day INTEGER NOT NULL, topic TEXT NOT NULL, unit TEXT NOT NULL,"
              " PRIMARY KEY(agent, seq)) WITHOUT ROWID, STRICT;"};

static const Sql sql_trainings = {"roster.list", "s", "siss",
                                  "SELECT agent, day, topic, unit FROM training WHERE (?1 = '' OR agent = ?1) ORDER BY day DESC, seq DESC, agent LIMIT 200"};

Code trainings_list(Cx *cx, Reader *rd, Str agent, TrainingRow **out, size_t *n) {
  enum { SHOWN = 200 };
  SCOPED(rows_drop) Rows *r = NULL;
  TrainingRow *list = arena_array(cx->mem, TrainingRow, SHOWN + 1);
  *n = 0;
  *out = list;
  TRY(db_rows(cx, reader_views(rd), &sql_trainings, VALS(val_s(agent)), &r));
  while (*n < SHOWN && rows_next(r))
    list[(*n)++] = (TrainingRow){.agent = row_s(cx, r, 0), .day = {(int32_t)row_i(r, 1)}, .topic = row_s(cx, r, 2), .unit = row_s(cx, r, 3)};
  return rows_end(cx, r);
}
