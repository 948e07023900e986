/* SPDX-License-Identifier: Apache-2.0 */
/* rules.c: the register of supporting rules: what the documents want, what has been issued, who still owes what. */
#include "evaluation/evaluation.h"

#include <stdlib.h>

#define CLAUSE "D60-4.15-p6"

static const Arg add_args[] = {
    {.name = "name", .label = "制度", .type = ARG_TEXT, .required = true, .min = 4, .max = 120},
    {.name = "leads", .label = "牵头单位", .type = ARG_LIST, .required = true, .min = 1, .max = 20},
    {.name = "due", .label = "期限", .type = ARG_DAY},
    {.name = "basis", .label = "哪份文件要求的", .type = ARG_TEXT, .required = true, .min = 4, .max = 120}};
static const Arg issue_args[] = {
    {.name = "code", .label = "制度", .type = ARG_CODE, .required = true},
    {.name = "title", .label = "文件名称", .type = ARG_TEXT, .required = true, .min = 4, .max = 120, .hint = "《工程建设项目联合验收办法》"},
    {.name = "number", .label = "文号", .type = ARG_TEXT, .required = true, .min = 2, .max = 60},
    {.name = "day", .label = "印发日期", .type = ARG_DAY, .required = true},
    {.name = "files", .label = "文件", .type = ARG_LIST, .max = 1}};
static const Arg repeal_args[] = {KIT_REASON};

/* ---- deciding --------------------------------------------------------------------------------------------- */

static bool listed(const Json *leads, Str unit) {
  for (const Json *x = leads ? leads->first : NULL; x; x = x->next)
    if (str_eq(x->str, unit)) return true;
  return false;
}

static void leads_put(Arena *m, Json *body, const Str *leads, size_t n) {
  Json *list = json_put_arr(m, body, S("leads"));
  for (size_t i = 0; i < n; i++) json_push_str(m, list, leads[i]);
}

/* What the package knows of the duty, into the body: the event must be understood without it. False: no such duty. */
static bool duty_put(Arena *m, const Policy *p, Str code, Json *body) {
  const Milestone *goal = policy_milestone(p, code);
  const RuleKind *kind = policy_rule(p, code);
  json_put_str(m, body, S("code"), code);
  if (goal) {
    json_put_str(m, body, S("name"), goal->name);
    json_put_str(m, body, S("due"), goal->due);
    leads_put(m, body, goal->leads, goal->lead_count);
  } else if (kind) {
    json_put_str(m, body, S("name"), kind->name);
    leads_put(m, body, kind->leads, kind->lead_count);
  }
  return goal || kind;
}

static Code decide_add(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"name", "leads", "due", "basis", NULL};
  const Policy *p = kit_policy(ask);
  const Json *leads = json_get(ask->cmd->args, S("leads"));
  TRY(kit_now(cx, ask));
  if (!leads || !leads->first) FAIL_AT(INVALID, S("leads"), S(CLAUSE), "请选择牵头单位");
  for (const Json *x = leads->first; x; x = x->next)
    if (x->kind != JSON_STR || !policy_unit(p, x->str)) FAIL_AT(INVALID, S("leads"), S(""), "没有单位“%.*s”，请从列表中选择", SFMT(x->str));
  Json *body = kit_body(d, ask, names);
  Str code = arena_fmt(decision_mem(d), "x%lld", (long long)json_int(ask->facts, S("added"), 0) + 1);
  json_put_str(decision_mem(d), body, S("code"), code);
  kit_answer(d, "code", code, 0);
  decision_emit(d, "rule.added", 1, body);
  return OK;
}

/* The head of a department that leads, or the supervisor. */
static Code may_enter(Cx *cx, const Ask *ask, const Json *leads) {
  const Actor *who = &ask->cmd->actor;
  if (who->roles & ROLE_SUPERVISOR) return OK;
  if (!listed(leads, who->unit)) FAIL_AT(DENIED, S("code"), S(CLAUSE), "这项制度由牵头单位或市营商局登记。");
  return OK;
}

static Str titled(Arena *m, Str title) {
  return str_starts(title, S("《")) ? title : arena_fmt(m, "《%.*s》", SFMT(title));
}

static Code decide_issue(Cx *cx, const Ask *ask, Decision *d) {
  Arena *m = decision_mem(d);
  const RuleFile *r = ask->state;
  const Json *a = ask->cmd->args, *files = json_get(a, S("files"));
  Day day = {0};
  Json *body = json_obj(m);
  TRY(kit_now(cx, ask));
  bool known = duty_put(m, kit_policy(ask), json_str(a, S("code")), body);
  if (!known && !r) FAIL_AT(NOT_FOUND, S("code"), S(CLAUSE), "台账里没有“%.*s”，请从列表里打开", SFMT(json_str(a, S("code"))));
  if (!known) {
    json_put_str(m, body, S("name"), r->name);
    leads_put(m, body, r->leads, r->lead_count);
  }
  TRY(may_enter(cx, ask, json_get(body, S("leads"))));
  (void)day_parse(json_str(a, S("day")), &day);
  if (day.n > day_of(ask->now).n) FAIL_AT(INVALID, S("day"), S(""), "印发日期不能晚于今天；印发以后再登记");
  if (!files || !files->first || !json_str(files->first, S("blob")).len) FAIL_AT(INVALID, S("files"), S(""), "请上传文件正文");
  json_put_str(m, body, S("title"), titled(m, json_str(a, S("title"))));
  json_put_str(m, body, S("number"), json_str(a, S("number")));
  json_put_str(m, body, S("day"), json_str(a, S("day")));
  json_put(m, body, S("file"), files->first);
  decision_emit(d, "rule.issued", 1, body);
  return OK;
}

static Code decide_repeal(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"reason", NULL};
  const RuleFile *r = ask->state;
  Json *leads = json_obj(cx->mem);
  TRY(kit_now(cx, ask));
  leads_put(cx->mem, leads, r->leads, r->lead_count);
  TRY(may_enter(cx, ask, json_get(leads, S("leads"))));
  if (!r->edition_count || r->repealed_at) FAIL(CONFLICT, "“%.*s”没有正在施行的文件可以废止。", SFMT(r->name));
  decision_emit(d, "rule.repealed", 1, kit_body(d, ask, names));
  return OK;
}

/* ---- the state and its row ------------------------------------------------------------------------------------ */

static void fold_leads(Arena *mem, RuleFile *r, const Json *leads) {
  r->leads = arena_array(mem, Str, leads ? leads->count + 1 : 1);
  r->lead_count = 0;
  for (const Json *x = leads ? leads->first : NULL; x; x = x->next) r->leads[r->lead_count++] = arena_str(mem, x->str);
}

void *rule_fold(Arena *mem, void *state, const Event *e) {
  RuleFile *r = state ? state : arena_new(mem, RuleFile);
  const Json *b = e->body, *file = json_get(b, S("file"));
  bool issued = str_eqz(e->kind, "rule.issued");
  if (str_eqz(e->kind, "rule.added") || issued) {
    r->code = kit_keep(mem, b, "code");
    r->name = kit_keep(mem, b, "name");
    fold_leads(mem, r, json_get(b, S("leads")));
    if (!issued) r->added = true, r->basis = kit_keep(mem, b, "basis");
    if (json_str(b, S("due")).len) (void)day_parse(json_str(b, S("due")), &r->due);
  }
  if (issued) {
    RuleEdition *x = GROW(mem, r->editions, r->edition_count, r->edition_cap, RuleEdition);
    *x = (RuleEdition){.title = kit_keep(mem, b, "title"), .number = kit_keep(mem, b, "number"), .blob = kit_keep(mem, file, "blob"), .file = kit_keep(mem, file, "name"),
                       .size = json_int(file, S("size"), 0), .by = arena_str(mem, e->actor_name), .unit = arena_str(mem, e->unit), .at = e->happened};
    (void)day_parse(json_str(b, S("day")), &x->day);
    r->repealed_at = 0;
  }
  if (str_eqz(e->kind, "rule.repealed")) r->repealed_at = e->happened, r->reason = kit_keep(mem, b, "reason");
  return r;
}

static const char rule_schema[] =
    "CREATE TABLE rule(code TEXT PRIMARY KEY, name TEXT NOT NULL, basis TEXT NOT NULL, leads TEXT NOT NULL, due INTEGER NOT NULL, added INTEGER NOT NULL,"
    " title TEXT NOT NULL, number TEXT NOT NULL, day INTEGER NOT NULL, blob TEXT NOT NULL, file TEXT NOT NULL, edition INTEGER NOT NULL,"
    " repealed INTEGER NOT NULL, since INTEGER NOT NULL, issued INTEGER NOT NULL) STRICT;";
static const Sql sql_put = {"rule.put", "ssssiississiiii", "",
                            "INSERT INTO rule(code, name, basis, leads, due, added, title, number, day, blob, file, edition, repealed, since, issued)"
                            " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15) ON CONFLICT(code) DO UPDATE SET title = excluded.title, number = excluded.number,"
                            " day = excluded.day, blob = excluded.blob, file = excluded.file, edition = excluded.edition, repealed = excluded.repealed, issued = excluded.issued"};
static const Sql sql_added = {"rule.added", "", "i", "SELECT count(*) FROM rule WHERE added = 1"};

static Code rule_project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const RuleFile *r = state;
  RuleEdition none = {0}, *x = r->edition_count ? &r->editions[r->edition_count - 1] : &none;
  Str leads = S("");
  (void)env;
  for (size_t i = 0; i < r->lead_count; i++) leads = arena_fmt(cx->mem, "%.*s%s%.*s", SFMT(leads), i ? "," : "", SFMT(r->leads[i]));
  return db_run(cx, views, &sql_put,
                VALS(val_s(r->code), val_s(r->name), val_s(r->basis), val_s(leads), val_i(r->due.n), val_i(r->added), val_s(x->title), val_s(x->number), val_i(x->day.n),
                     val_s(x->blob), val_s(x->file), val_i((int64_t)r->edition_count), val_i(r->repealed_at > 0), val_i(e->happened), val_i(r->edition_count ? r->editions[0].at : 0)));
}

static Code rule_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  int64_t added = 0;
  Str code = json_str(cmd->args, S("code"));
  TRY(db_int(cx, views, &sql_added, NO_VALS, 0, &added));
  *stream = code.len ? arena_fmt(cx->mem, "rule/%.*s", SFMT(code)) : arena_fmt(cx->mem, "rule/x%lld", (long long)added + 1);
  return OK;
}

static Code rule_facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **facts) {
  Json *out = NULL;
  int64_t added = 0;
  (void)state;
  TRY(kit_facts(cx, views, cmd, &out));
  *facts = out;
  TRY(db_int(cx, views, &sql_added, NO_VALS, 0, &added));
  json_put_int(cx->mem, out, S("added"), added);
  return OK;
}

#define ENTERS (ROLE_UNIT_HEAD | ROLE_SUPERVISOR)
static const CommandDecl commands[] = {
    {.name = "rule.add", .label = "增列配套制度", .help = "监督人员把其他文件要求的一项制度列入台账。", .allow = ROLE_SUPERVISOR, .creates = true, .decide = decide_add, WITH(add_args)},
    {.name = "rule.issue", .label = "登记出台", .help = "牵头单位或市营商局登记一项制度已经印发：名称、文号、日期、文件；再登记一次是新的一版。", .allow = ENTERS, .creates = true,
     .decide = decide_issue, WITH(issue_args)},
    {.name = "rule.repeal", .label = "登记废止", .help = "牵头单位或市营商局登记一项制度已经废止，写明理由。", .allow = ENTERS, .decide = decide_repeal, WITH(repeal_args)}};

const Engine rule_engine_base = {.prefix = "rule",
                                 .fold = rule_fold,
                                 .commands = commands,
                                 .command_count = COUNT(commands),
                                 .open = rule_open,
                                 .facts = rule_facts,
                                 .schema = rule_schema,
                                 .project = rule_project};

/* ---- the register ------------------------------------------------------------------------------------------------ */

Str rule_label(Str status) {
  static const struct { const char *code, *label; } labels[] = {{"issued", "已出台"}, {"repealed", "已废止"}, {"late", "逾期未出台"}, {"open", "未出台"}};
  for (size_t i = 0; i < COUNT(labels); i++)
    if (str_eqz(status, labels[i].code)) return str_of(labels[i].label);
  return status;
}

static const Sql sql_all = {"rule.all", "", "ssssiississiiii",
                            "SELECT code, name, basis, leads, due, added, title, number, day, blob, file, edition, repealed, since, issued FROM rule ORDER BY added, length(code), code"};
typedef struct Entered { RuleRow row; bool added, repealed; } Entered;
enum { ENTERED_MAX = 500 };

static void leads_cut(Arena *m, Str text, RuleRow *row) {
  Str *list = arena_array(m, Str, 21), rest = text, one;
  row->leads = list;
  for (bool more = text.len > 0; more && row->lead_count < 20;) {
    more = str_cut(rest, ',', &one, &rest);
    list[row->lead_count++] = one;
  }
}

static Code entered(Cx *cx, Db *views, Entered **out, size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  Entered *list = arena_array(cx->mem, Entered, ENTERED_MAX);
  *n = 0;
  *out = list;
  TRY(db_rows(cx, views, &sql_all, NO_VALS, &r));
  while (*n < ENTERED_MAX && rows_next(r)) {
    Entered *x = &list[(*n)++];
    *x = (Entered){.added = row_i(r, 5) != 0, .repealed = row_i(r, 12) != 0,
                   .row = {.code = row_s(cx, r, 0), .name = row_s(cx, r, 1), .basis = row_s(cx, r, 2), .due = {(int32_t)row_i(r, 4)}, .title = row_s(cx, r, 6), .number = row_s(cx, r, 7),
                           .day = {(int32_t)row_i(r, 8)}, .blob = row_s(cx, r, 9), .file = row_s(cx, r, 10), .edition = (int)row_i(r, 11), .added_at = row_i(r, 13), .issued_at = row_i(r, 14)}};
    leads_cut(cx->mem, row_s(cx, r, 3), &x->row);
  }
  return rows_end(cx, r);
}

typedef struct Gather { const Policy *p; const RuleFilter *f; Day today; const Entered *list; size_t count; RuleRow *out; size_t n; } Gather;

static bool leads_it(const RuleRow *r, Str unit) {
  for (size_t i = 0; i < r->lead_count; i++)
    if (str_eq(r->leads[i], unit)) return true;
  return false;
}

static void row_add(Arena *m, Gather *g, RuleRow row) {
  Day issued = policy_issued_on(g->p, row.source);
  bool done = false, repealed = false;
  for (size_t i = 0; i < g->count; i++) {
    const Entered *x = &g->list[i];
    if (!str_eq(x->row.code, row.code) || !x->row.edition) continue;
    row.title = x->row.title, row.number = x->row.number, row.blob = x->row.blob, row.file = x->row.file, row.day = x->row.day, row.edition = x->row.edition;
    row.issued_at = x->row.issued_at;
    done = true, repealed = x->repealed;
  }
  row.before_issue = row.due.n && issued.n && row.due.n < issued.n;
  Day until = done ? row.day : g->today;
  row.late = row.due.n && until.n > row.due.n ? until.n - row.due.n : 0;
  row.status = repealed ? S("repealed") : done ? S("issued") : row.late ? S("late") : S("open");
  if (g->f->unit.len && !leads_it(&row, g->f->unit)) return;
  if (g->f->status.len && !str_eq(g->f->status, row.status)) return;
  if (g->f->due.len && !(row.due.n && str_eq(day_str(m, row.due), g->f->due))) return;
  g->out[g->n++] = row;
}

Code rules_list(Cx *cx, Db *views, const Policy *p, const RuleFilter *f, Day today, RuleRow **out, size_t *n) {
  Entered *list = NULL;
  size_t count = 0;
  TRY(entered(cx, views, &list, &count));
  Gather g = {.p = p, .f = f, .today = today, .list = list, .count = count, .out = arena_array(cx->mem, RuleRow, p->milestone_count + p->reform.rule_count + count + 1)};
  for (size_t i = 0; i < p->milestone_count; i++) {
    const Milestone *x = &p->milestones[i];
    RuleRow row = {.code = x->code, .name = x->name, .source = x->source, .leads = x->leads, .lead_count = x->lead_count};
    (void)day_parse(x->due, &row.due);
    row_add(cx->mem, &g, row);
  }
  for (size_t i = 0; i < p->reform.rule_count; i++) {
    const RuleKind *x = &p->reform.rules[i];
    row_add(cx->mem, &g, (RuleRow){.code = x->code, .name = x->name, .source = x->source, .leads = x->leads, .lead_count = x->lead_count});
  }
  for (size_t i = 0; i < count; i++)
    if (list[i].added) row_add(cx->mem, &g, (RuleRow){.code = list[i].row.code, .name = list[i].row.name, .basis = list[i].row.basis, .leads = list[i].row.leads,
                                                      .lead_count = list[i].row.lead_count, .due = list[i].row.due, .added_at = list[i].row.added_at});
  *out = g.out;
  *n = g.n;
  return OK;
}

static void debt_add(RuleDebt *list, size_t *n, Str unit, bool missing) {
  size_t k = 0;
  while (k < *n && !str_eq(list[k].unit, unit)) k++;
  if (k == *n) list[(*n)++] = (RuleDebt){.unit = unit};
  list[k].all++;
  list[k].missing += missing;
}

static int by_missing(const void *a, const void *b) {
  const RuleDebt *x = a, *y = b;
  if (x->missing != y->missing) return x->missing < y->missing ? 1 : -1;
  return str_cmp(x->unit, y->unit);
}

Code rules_debts(Cx *cx, Reader *rd, const Policy *p, Day today, RuleDebt **out, size_t *n) {
  RuleRow *rows = NULL;
  size_t count = 0, most = 1;
  TRY(rules_list(cx, reader_views(rd), p, &(RuleFilter){0}, today, &rows, &count));
  for (size_t i = 0; i < count; i++) most += rows[i].lead_count + 1;
  RuleDebt *list = arena_array(cx->mem, RuleDebt, most);
  *n = 0;
  for (size_t i = 0; i < count; i++) {
    bool missing = !str_eqz(rows[i].status, "issued");
    for (size_t k = 0; k < rows[i].lead_count; k++) debt_add(list, n, rows[i].leads[k], missing);
    if (!rows[i].lead_count) debt_add(list, n, S(""), missing);
  }
  qsort(list, *n, sizeof *list, by_missing);
  *out = list;
  return OK;
}

Code rule_load(Cx *cx, Reader *rd, Str code, const RuleFile **out) {
  const void *state = NULL;
  int64_t seq = 0;
  *out = NULL;
  Code c = reader_state(cx, rd, arena_fmt(cx->mem, "rule/%.*s", SFMT(code)), &state, &seq);
  if (c == NOT_FOUND) {
    cx_clear(cx);
    return OK;
  }
  TRY(c);
  *out = state;
  return OK;
}
