/* SPDX-License-Identifier: Apache-2.0 */
/* portfolio.c: the package's portfolios and the changes since, merged for a day. */
#include "org/portfolio.h"

#include "org/kit.h"
#include "org/org.h"

enum { ROWS_MAX = 200, DUTIES_MAX = 1000 };

static const struct { const char *code, *label; } relations[] = {
    {"charge", "分管"}, {"assist", "协助分管"}, {"run", "负责"}, {"liaison", "联系"}};

Str relation_label(Str relation) {
  for (size_t i = 0; i < COUNT(relations); i++)
    if (str_eqz(relation, relations[i].code)) return str_of(relations[i].label);
  return relation;
}

/* ---- the change ------------------------------------------------------------------------------------------ */

static const Arg change_args[] = {
    {.name = "from", .label = "自哪天起", .type = ARG_DAY, .required = true},
    {.name = "document", .label = "依据的文件", .type = ARG_TEXT, .required = true, .min = 4, .max = 120, .hint = "文号或名称"},
    {.name = "rows", .label = "分工", .type = ARG_LIST, .required = true, .max = ROWS_MAX,
     .hint = "[{\"unit\":\"business-environment\",\"relation\":\"charge|assist|run|liaison\",\"leader\":\"朱云\"}]；leader 为空表示不再有人"}};

static Code row_check(Cx *cx, const Policy *p, const Json *list, const Json *row) {
  Str unit = json_str(row, S("unit")), relation = json_str(row, S("relation")), leader = json_str(row, S("leader"));
  const Unit *u = policy_unit_known(p, unit);
  size_t k = 0;
  if (!u) FAIL_AT(INVALID, S("rows"), S(""), "没有单位“%.*s”，请写单位名称表里的代码或名称", SFMT(unit));
  while (k < COUNT(relations) && !str_eqz(relation, relations[k].code)) k++;
  if (k == COUNT(relations)) FAIL_AT(INVALID, S("rows"), S("D63-6"), "“%.*s”不是一种关系，只能是分管、协助分管、负责、联系", SFMT(relation));
  if (leader.len && (utf8_count(leader) < 2 || utf8_count(leader) > 20))
    FAIL_AT(INVALID, S("rows"), S(""), "领导的姓名写 2 到 20 个字");
  Str label = relation_label(relation);
  for (const Json *x = list->first; x != row; x = x->next) {
    bool same = str_eq(json_str(x, S("unit")), unit) && str_eq(json_str(x, S("relation")), relation);
    if (same && (str_eq(json_str(x, S("leader")), leader) || !leader.len || !json_str(x, S("leader")).len))
      FAIL_AT(INVALID, S("rows"), S(""), "%.*s的“%.*s”写了两次", SFMT(u->name), SFMT(label));
  }
  return OK;
}

static Code decide_change(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"from", "document", NULL};
  static const char *const keys[] = {"unit", "relation", "leader"};
  const Json *list = json_get(ask->cmd->args, S("rows"));
  Arena *m = decision_mem(d);
  TRY(kit_now(cx, ask));
  if (!list->first) FAIL_AT(INVALID, S("rows"), S(""), "至少写一行分工");
  for (const Json *row = list->first; row; row = row->next) TRY(row_check(cx, ask->env, list, row));
  Json *body = kit_body(d, ask, names), *rows = json_put_arr(m, body, S("rows"));
  for (const Json *row = list->first; row; row = row->next) {
    Json *o = json_push_obj(m, rows);
    for (size_t i = 0; i < COUNT(keys); i++) json_put_str(m, o, str_of(keys[i]), json_str(row, str_of(keys[i])));
  }
  decision_emit(d, "portfolio.changed", 1, body);
  return OK;
}

static void *portfolio_fold(Arena *mem, void *state, const Event *e) {
  int64_t *changes = state ? state : arena_new(mem, int64_t);
  *changes += str_eqz(e->kind, "portfolio.changed");
  return changes;
}

/* ---- its rows -------------------------------------------------------------------------------------------- */

static const char portfolio_schema[] =
    "CREATE TABLE portfolio(unit TEXT NOT NULL, relation TEXT NOT NULL, from_day INTEGER NOT NULL, leader TEXT NOT NULL,"
    " document TEXT NOT NULL, pos INTEGER NOT NULL, nth INTEGER NOT NULL, PRIMARY KEY(unit, relation, from_day, leader)) WITHOUT ROWID, STRICT;";
static const Sql sql_put = {"portfolio.put", "ssissii", "",
                            "INSERT INTO portfolio(unit, relation, from_day, leader, document, pos, nth) VALUES(?1,?2,?3,?4,?5,?6,?7)"};
/* What was said earlier for the same day is put right by what is said later. */
static const Sql sql_drop = {"portfolio.drop", "ssii", "",
                             "DELETE FROM portfolio WHERE unit = ?1 AND relation = ?2 AND from_day = ?3 AND pos < ?4"};

static Code portfolio_project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Json *rows = json_get(e->body, S("rows"));
  Day from = {0};
  int64_t nth = 0;
  (void)state, (void)env;
  if (!rows || !day_parse(json_str(e->body, S("from")), &from)) return OK;
  for (const Json *r = rows->first; r; r = r->next) {
    Val unit = val_s(json_str(r, S("unit"))), relation = val_s(json_str(r, S("relation")));
    TRY(db_run(cx, views, &sql_drop, VALS(unit, relation, val_i(from.n), val_i(e->pos))));
    TRY(db_run(cx, views, &sql_put,
               VALS(unit, relation, val_i(from.n), val_s(json_str(r, S("leader"))), val_s(json_str(e->body, S("document"))), val_i(e->pos), val_i(nth++))));
  }
  return OK;
}

static Code portfolio_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)cx, (void)views, (void)cmd;
  *stream = PORTFOLIO_STREAM;
  return OK;
}

static const CommandDecl commands[] = {
    {.name = "portfolio.change", .label = "调整领导分工", .help = "按文件登记市领导分工的调整，自某天起有效。", .allow = ROLE_SYSADMIN, .creates = true,
     .decide = decide_change, WITH(change_args)}};

const Engine portfolio_engine_base = {.prefix = "portfolio",
                                      .fold = portfolio_fold,
                                      .commands = commands,
                                      .command_count = COUNT(commands),
                                      .open = portfolio_open,
                                      .schema = portfolio_schema,
                                      .project = portfolio_project};

/* ---- merged for a day ------------------------------------------------------------------------------------ */

typedef struct Duties { Duty *list; size_t count; } Duties;

static void package_add(Arena *m, const Policy *p, Duties *all, const Leader *l, const char *relation, const Str *written, size_t n) {
  Day from = {0};
  (void)day_parse(p->leaders_from, &from);
  for (size_t i = 0; i < n && all->count < DUTIES_MAX; i++) {
    const Unit *u = policy_unit_written(m, p, written[i]);
    all->list[all->count++] = (Duty){.leader = l->name, .relation = str_of(relation), .unit = u ? u->code : S(""), .written = written[i], .from = from,
                                     .document = l->source.clause, .clause = l->source.clause.len > 0};
  }
}

static void package_duties(Arena *m, const Policy *p, Day on, Duties *all) {
  Day from = {0};
  if (!day_parse(p->leaders_from, &from) || on.n < from.n) return;
  for (size_t i = 0; i < p->leader_count; i++) {
    const Leader *l = &p->leaders[i];
    package_add(m, p, all, l, "charge", l->charge, l->charge_count);
    package_add(m, p, all, l, "assist", l->assist, l->assist_count);
    package_add(m, p, all, l, "run", l->run, l->run_count);
    package_add(m, p, all, l, "liaison", l->liaison, l->liaison_count);
  }
}

static const Sql sql_all = {"portfolio.all", "i", "ssiss",
                            "SELECT unit, relation, from_day, leader, document FROM portfolio o WHERE from_day <= ?1 AND from_day ="
                            " (SELECT max(from_day) FROM portfolio i WHERE i.unit = o.unit AND i.relation = o.relation AND i.from_day <= ?1)"
                            " ORDER BY pos, nth"};
static const Sql sql_changes = {"portfolio.changes", "", "ssiss",
                                "SELECT unit, relation, from_day, leader, document FROM portfolio ORDER BY from_day DESC, pos DESC, nth LIMIT 200"};

static Duty duty_row(Cx *cx, const Policy *p, const Rows *r) {
  Duty d = {.unit = row_s(cx, r, 0), .relation = row_s(cx, r, 1), .from = {(int32_t)row_i(r, 2)}, .leader = row_s(cx, r, 3), .document = row_s(cx, r, 4)};
  const Unit *u = p ? policy_unit(p, d.unit) : NULL;
  d.written = u ? u->name : d.unit;
  return d;
}

/* The later beginning holds; a change of the package's own first day comes after the package. */
static void supersede(Duties *all, size_t package, const Duty *d) {
  bool later = true;
  for (size_t i = 0; i < package; i++)
    if (str_eq(all->list[i].unit, d->unit) && str_eq(all->list[i].relation, d->relation) && all->list[i].from.n > d->from.n) later = false;
  if (!later) return;
  for (size_t i = 0; i < package; i++)
    if (str_eq(all->list[i].unit, d->unit) && str_eq(all->list[i].relation, d->relation)) all->list[i].leader = S("");
  if (d->leader.len && all->count < DUTIES_MAX) all->list[all->count++] = *d;
}

Code portfolio_all(Cx *cx, Db *views, const Policy *p, Day on, Duty **out, size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  Duties all = {.list = arena_array(cx->mem, Duty, DUTIES_MAX)};
  package_duties(cx->mem, p, on, &all);
  size_t package = all.count;
  TRY(db_rows(cx, views, &sql_all, VALS(val_i(on.n)), &r));
  while (rows_next(r)) {
    Duty d = duty_row(cx, p, r);
    supersede(&all, package, &d);
  }
  *n = 0;
  for (size_t i = 0; i < all.count; i++)
    if (all.list[i].leader.len) all.list[(*n)++] = all.list[i];
  *out = all.list;
  return rows_end(cx, r);
}

Code portfolio_of(Cx *cx, Db *views, const Policy *p, Str unit, Day on, Duty **out, size_t *n) {
  Duty *all = NULL;
  size_t count = 0;
  TRY(portfolio_all(cx, views, p, on, &all, &count));
  Duty *list = arena_array(cx->mem, Duty, count + 1);
  *n = 0;
  for (size_t k = 0; k < COUNT(relations); k++)
    for (size_t i = 0; i < count; i++)
      if (unit.len && str_eq(all[i].unit, unit) && str_eqz(all[i].relation, relations[k].code)) list[(*n)++] = all[i];
  *out = list;
  return OK;
}

Code portfolio_changes(Cx *cx, Db *views, Duty **out, size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  Duty *list = arena_array(cx->mem, Duty, ROWS_MAX + 1);
  *n = 0;
  *out = list;
  TRY(db_rows(cx, views, &sql_changes, NO_VALS, &r));
  while (*n < ROWS_MAX && rows_next(r)) list[(*n)++] = duty_row(cx, NULL, r);
  return rows_end(cx, r);
}
