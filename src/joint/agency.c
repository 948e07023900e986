/* SPDX-License-Identifier: Apache-2.0 */
/* agency.c: the agencies that may review drawings: who is recognised by the province, until when, for what. */
#include "joint/joint_int.h"

#define UNTIL {.name = "until", .label = "认定有效期至", .type = ARG_DAY, .required = true}
#define RECOGNISED {.name = "recognised", .label = "经省住建厅认定", .type = ARG_BOOL, .required = true}
#define DOCUMENT {.name = "document", .label = "认定文件", .type = ARG_TEXT, .required = true, .min = 2, .max = 120}
#define DOES {.name = "disciplines", .label = "可以审查的专业", .type = ARG_LIST, .required = true, .max = DISCIPLINES, .hint = "[\"fire\",\"lightning\",\"air-defence\",\"drawing\"]"}
static const Arg add_args[] = {{.name = "name", .label = "审图机构", .type = ARG_TEXT, .required = true, .min = 4, .max = 120},
                               {.name = "uscc", .label = "统一社会信用代码", .type = ARG_CODE, .required = true}, RECOGNISED, DOCUMENT, UNTIL, DOES};
static const Arg change_args[] = {RECOGNISED, DOCUMENT, UNTIL, DOES, REASON};

/* ---- deciding ---------------------------------------------------------------------------------------------- */

static Code does_check(Cx *cx, const Json *list) {
  bool seen[DISCIPLINES] = {false};
  for (const Json *x = list->first; x; x = x->next) {
    Discipline d = DISCIPLINES;
    if (x->kind != JSON_STR || !discipline_parse(x->str, &d)) FAIL_AT(INVALID, S("disciplines"), S(CLAUSE_REVIEW), "专业只能是消防、防雷、人防、施工图四个");
    if (seen[d]) FAIL_AT(INVALID, S("disciplines"), S(""), "“%.*s”写了两次", SFMT(discipline_label(d)));
    seen[d] = true;
  }
  if (!list->first) FAIL_AT(INVALID, S("disciplines"), S(CLAUSE_REVIEW), "至少写一个可以审查的专业");
  return OK;
}

static Code decide_add(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"name", "uscc", "recognised", "document", "until", "disciplines", NULL};
  Str uscc = json_str(ask->cmd->args, S("uscc")), other = json_str(ask->facts, S("same"));
  int64_t no = json_int(ask->facts, S("no"), 0);
  TRY(joint__lead(cx, ask, 3, false, CLAUSE_LETTER, "审图机构名录"));
  if (!uscc_valid(uscc)) FAIL_AT(INVALID, S("uscc"), S("GB 32100-2015"), "统一社会信用代码应为 18 位，校验码要正确");
  if (other.len) FAIL_AT(CONFLICT, S("uscc"), S(""), "名录里已经有这个机构：%.*s", SFMT(other));
  TRY(does_check(cx, json_get(ask->cmd->args, S("disciplines"))));
  Json *body = kit_body(d, ask, names);
  json_put_int(decision_mem(d), body, S("no"), no);
  decision_emit(d, "agency.added", 1, body);
  kit_answer(d, "name", json_str(ask->cmd->args, S("name")), no);
  return OK;
}

static Code decide_change(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"recognised", "document", "until", "disciplines", "reason", NULL};
  TRY(joint__lead(cx, ask, 3, false, CLAUSE_LETTER, "审图机构名录"));
  TRY(does_check(cx, json_get(ask->cmd->args, S("disciplines"))));
  decision_emit(d, "agency.changed", 1, kit_body(d, ask, names));
  return OK;
}

const CommandDecl agency__commands[AGENCY_COMMANDS] = {
    {.name = "agency.add", .label = "登记审图机构", .help = "把一个审图机构放入名录，写明省住建厅的认定和有效期。", .allow = STAFF, .creates = true,
     .decide = decide_add, WITH(add_args)},
    ROW("agency.change", "变更审图机构", "变更认定、有效期或者专业，写明理由；取消认定的不能再被选择。", STAFF, decide_change, change_args),
};

/* ---- folding ------------------------------------------------------------------------------------------------ */

void *agency_fold(Arena *mem, void *state, const Event *e) {
  Agency *a = state ? state : arena_new(mem, Agency);
  const Json *list = json_get(e->body, S("disciplines"));
  a->seq = e->seq;
  if (str_eqz(e->kind, "agency.added")) {
    a->no = json_int(e->body, S("no"), 0);
    a->name = kit_keep(mem, e->body, "name");
    a->uscc = kit_keep(mem, e->body, "uscc");
  }
  if (!str_eqz(e->kind, "agency.added") && !str_eqz(e->kind, "agency.changed")) return a;
  a->recognised = json_bool(e->body, S("recognised"));
  a->document = kit_keep(mem, e->body, "document");
  if (!day_parse(json_str(e->body, S("until")), &a->until)) a->until = (Day){0};
  memset(a->does, 0, sizeof a->does);
  for (const Json *x = list ? list->first : NULL; x; x = x->next) {
    Discipline d = DISCIPLINES;
    if (discipline_parse(x->str, &d)) a->does[d] = true;
  }
  a->reason = kit_keep(mem, e->body, "reason");
  a->by = arena_str(mem, e->actor_name);
  a->at = e->happened;
  return a;
}

/* ---- projection, facts, lists --------------------------------------------------------------------------------- */

static const char schema[] =
    "CREATE TABLE agency(no INTEGER PRIMARY KEY, name TEXT NOT NULL, uscc TEXT NOT NULL, document TEXT NOT NULL, until INTEGER NOT NULL,"
    " recognised INTEGER NOT NULL, does INTEGER NOT NULL) STRICT;"
    "CREATE INDEX agency_uscc ON agency(uscc);";
static const Sql sql_put = {"agency.put", "isssiii", "",
                            "INSERT INTO agency(no, name, uscc, document, until, recognised, does) VALUES(?1,?2,?3,?4,?5,?6,?7)"
                            " ON CONFLICT(no) DO UPDATE SET document = excluded.document, until = excluded.until,"
                            " recognised = excluded.recognised, does = excluded.does"};
static const Sql sql_last = {"agency.last", "", "i", "SELECT max(no) FROM agency"};
static const Sql sql_same = {"agency.same", "s", "s", "SELECT name FROM agency WHERE uscc = ?1"};
static const Sql sql_list = {"agency.list", "", "isssiii", "SELECT no, name, uscc, document, until, recognised, does FROM agency ORDER BY no LIMIT 500"};

static Code project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Agency *a = state;
  int64_t does = 0;
  (void)e;
  (void)env;
  for (size_t i = 0; i < DISCIPLINES; i++) does |= a->does[i] ? (int64_t)1 << i : 0;
  return db_run(cx, views, &sql_put, VALS(val_i(a->no), val_s(a->name), val_s(a->uscc), val_s(a->document), val_i(a->until.n), val_i(a->recognised), val_i(does)));
}

static Code facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **out) {
  SCOPED(rows_drop) Rows *r = NULL;
  Json *o = NULL;
  TRY(kit_facts(cx, views, cmd, &o));
  *out = o;
  if (state) return OK;
  TRY(joint__numbers(cx, views, cmd, state, &sql_last, NULL, o));
  TRY(db_rows(cx, views, &sql_same, VALS(val_s(json_str(cmd->args, S("uscc")))), &r));
  if (rows_next(r)) json_put_str(cx->mem, o, S("same"), row_s(cx, r, 0));
  return rows_end(cx, r);
}

static Code open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)cmd;
  return kit_open(cx, views, "agency", &sql_last, stream);
}

const Engine agency_engine_base = {.prefix = "agency", .fold = agency_fold, .commands = agency__commands, .command_count = AGENCY_COMMANDS,
                                   .open = open, .facts = facts, .schema = schema, .project = project, .alone = true};

Code agencies_list(Cx *cx, Reader *rd, AgencyRow **out, size_t *n) {
  enum { AGENCIES_MAX = 500, ALL = (1 << DISCIPLINES) - 1 };
  SCOPED(rows_drop) Rows *r = NULL;
  AgencyRow *list = arena_array(cx->mem, AgencyRow, AGENCIES_MAX + 1);
  *n = 0;
  *out = list;
  TRY(db_rows(cx, reader_views(rd), &sql_list, NO_VALS, &r));
  while (*n < AGENCIES_MAX && rows_next(r))
    list[(*n)++] = (AgencyRow){.no = row_i(r, 0), .name = row_s(cx, r, 1), .uscc = row_s(cx, r, 2), .document = row_s(cx, r, 3),
                               .until = {(int32_t)row_i(r, 4)}, .recognised = row_i(r, 5) != 0, .all = row_i(r, 6) == ALL};
  return rows_end(cx, r);
}

Code agency_known(Cx *cx, Reader *rd, Str uscc, bool *known) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, reader_views(rd), &sql_same, VALS(val_s(uscc)), &r));
  *known = rows_next(r);
  return rows_end(cx, r);
}

Code agency_load(Cx *cx, Reader *rd, int64_t no, const Agency **out) {
  const void *state = NULL;
  TRY(kit_state(cx, rd, "agency", arena_fmt(cx->mem, "%lld", (long long)no), "个审图机构", &state));
  *out = state;
  return OK;
}
