/* SPDX-License-Identifier: Apache-2.0 */
/* monthly.c: the report of a county for a month: made of the rows as they are, signed, accepted or returned. */
#include "ledger/ledger_int.h"

static const Arg make_args[] = {{.name = "ledger", .label = "台账", .type = ARG_CODE, .required = true}, {.name = "month", .label = "哪个月", .type = ARG_TEXT, .min = 7, .max = 7, .hint = "2019-08；不写就是本月"}};
static const Arg reason_args[] = {KIT_REASON};

/* ---- deciding --------------------------------------------------------------------------------------------- */

static Code month_check(Cx *cx, const Ask *ask, const LedgerKind *k, Str month) {
  const Policy *p = kit_policy(ask);
  int n = ledger_report_day(p, k);
  Str now = month_text(cx->mem, day_of(ask->now)), cn = month_cn(cx->mem, month), from = month_cn(cx->mem, k->report_from);
  if (!n) FAIL_AT(CONFLICT, S("ledger"), k->source.clause, "《%.*s》不用按月上报。", SFMT(k->name));
  if (!month_day(month, n).n) FAIL_AT(INVALID, S("month"), S(""), "月份写成 2019-08 的样子");
  if (str_cmp(month, now) > 0) FAIL_AT(INVALID, S("month"), k->source.clause, "还没有到%.*s，不能提前生成", SFMT(cn));
  if (str_cmp(month, k->report_from) < 0) FAIL_AT(INVALID, S("month"), k->report_source.clause, "月报从%.*s起", SFMT(from));
  return OK;
}

static void numbers_put(Arena *m, Json *o, const char *key, const int64_t *list, size_t n) {
  Json *out = json_put_arr(m, o, str_of(key));
  for (size_t i = 0; i < n; i++) json_push_str(m, out, arena_fmt(m, "%lld", (long long)list[i]));
}

static Code decide_make(Cx *cx, const Ask *ask, Decision *d) {
  const Monthly *x = ask->state;
  const LedgerKind *k = NULL;
  Arena *m = decision_mem(d);
  Str month = json_str(ask->facts, S("month")), unit = ask->cmd->actor.unit, cn = month_cn(cx->mem, month);
  TRY(ledger__kind(cx, ask, json_str(ask->cmd->args, S("ledger")), &k));
  if (!ledger_region(k, unit)) FAIL_AT(DENIED, S("ledger"), k->regions_source.clause, "《%.*s》由列入台账的县（市）区上报，您的单位不在其中。", SFMT(k->name));
  TRY(month_check(cx, ask, k, month));
  if (x && !str_eqz(x->status, "returned")) {
    Str label = monthly_label(x->status);
    FAIL_AT(CONFLICT, S("month"), k->source.clause, "%.*s的月报已经生成，现在是“%.*s”。", SFMT(cn), SFMT(label));
  }
  const Json *rows = json_get(ask->facts, S("rows"));
  ReportLine *now = NULL, *before = NULL;
  size_t n = report__read(m, rows, &now), before_count = report__read(m, json_get(ask->facts, S("before")), &before);
  ReportChanges c = report_changes(m, before, before_count, now, n);
  Json *body = json_obj(m);
  json_put_str(m, body, S("ledger"), k->code);
  json_put_str(m, body, S("county"), unit);
  json_put_str(m, body, S("month"), month);
  json_put_int(m, body, S("version"), (x ? x->version : 0) + 1);
  json_put_str(m, body, S("due"), day_str(m, month_day(month, ledger_report_day(kit_policy(ask), k))));
  json_put_str(m, body, S("since"), json_str(ask->facts, S("since")));
  json_put(m, body, S("rows"), rows);
  Json *changes = json_put_obj(m, body, S("changes"));
  numbers_put(m, changes, "added", c.added, c.added_count);
  numbers_put(m, changes, "done", c.done, c.done_count);
  numbers_put(m, changes, "late", c.late, c.late_count);
  numbers_put(m, changes, "extended", c.extended, c.extended_count);
  decision_emit(d, "monthly.made", 1, body);
  kit_answer(d, "month", month, 0);
  return OK;
}

static Code step(Cx *cx, const Ask *ask, Decision *d, const char *need, const char *cannot, const char *kind, bool office) {
  static const char *const names[] = {"reason", NULL};
  const Monthly *x = ask->state;
  const LedgerKind *k = NULL;
  Arena *m = decision_mem(d);
  Str label = monthly_label(x->status), cn = month_cn(cx->mem, x->month);
  TRY(ledger__kind(cx, ask, x->ledger, &k));
  TRY(office ? ledger__office(cx, ask, k) : ledger__of(cx, ask, k, x->county, true));
  if (!str_eqz(x->status, need)) FAIL_AT(CONFLICT, S(""), k->source.clause, "%.*s的月报现在是“%.*s”，不能%s。", SFMT(cn), SFMT(label), cannot);
  Json *body = kit_body(d, ask, names);
  json_put_str(m, body, S("ledger"), x->ledger);
  json_put_str(m, body, S("county"), x->county);
  json_put_str(m, body, S("month"), x->month);
  decision_emit(d, kind, 1, body);
  return OK;
}

static Code decide_report(Cx *cx, const Ask *ask, Decision *d) {
  return step(cx, ask, d, "made", "签字上报", "monthly.reported", false);
}
static Code decide_bounce(Cx *cx, const Ask *ask, Decision *d) {
  return step(cx, ask, d, "made", "退回填报", "monthly.bounced", false);
}
static Code decide_accept(Cx *cx, const Ask *ask, Decision *d) {
  return step(cx, ask, d, "reported", "接收", "monthly.accepted", true);
}
static Code decide_return(Cx *cx, const Ask *ask, Decision *d) {
  return step(cx, ask, d, "reported", "退回", "monthly.returned", true);
}

/* ---- the state ------------------------------------------------------------------------------------------------ */

Str monthly_label(Str status) {
  static const struct { const char *code, *label; } labels[] = {{"made", "待负责人审核"}, {"reported", "已上报"}, {"accepted", "已接收"}, {"returned", "已退回"}};
  for (size_t i = 0; i < COUNT(labels); i++)
    if (str_eqz(status, labels[i].code)) return str_of(labels[i].label);
  return status;
}

static int64_t *numbers(Arena *mem, const Json *list, size_t *n) {
  int64_t *out = arena_array(mem, int64_t, list ? list->count + 1 : 1);
  *n = 0;
  for (const Json *x = list ? list->first : NULL; x; x = x->next)
    if (str_to_i64(x->str, &out[*n])) ++*n;
  return out;
}

static void fold_made(Arena *mem, Monthly *x, const Event *e) {
  const Json *b = e->body, *c = json_get(b, S("changes"));
  x->stream = arena_str(mem, e->stream);
  x->ledger = kit_keep(mem, b, "ledger");
  x->county = kit_keep(mem, b, "county");
  x->month = kit_keep(mem, b, "month");
  x->version = (int)json_int(b, S("version"), 1);
  x->due = ledger__day(b, "due");
  x->since = kit_keep(mem, b, "since");
  x->line_count = report__read(mem, json_get(b, S("rows")), &x->lines);
  x->changes.added = numbers(mem, json_get(c, S("added")), &x->changes.added_count);
  x->changes.done = numbers(mem, json_get(c, S("done")), &x->changes.done_count);
  x->changes.late = numbers(mem, json_get(c, S("late")), &x->changes.late_count);
  x->changes.extended = numbers(mem, json_get(c, S("extended")), &x->changes.extended_count);
  x->made_by = arena_str(mem, e->actor_name);
  x->made_at = e->happened;
  x->signed_by = x->reason = x->judged_by = S("");
  x->reported_at = x->judged_at = 0;
  x->status = S("made");
}

void *monthly_fold(Arena *mem, void *state, const Event *e) {
  Monthly *x = state ? state : arena_new(mem, Monthly);
  if (!str_starts(e->kind, S("monthly."))) return x;
  Str kind = str_sub(e->kind, 8, SIZE_MAX);
  x->seq = e->seq;
  step__add(mem, &x->steps, &x->step_count, &x->step_cap, e, 8, "reason");
  if (str_eqz(kind, "made")) fold_made(mem, x, e);
  if (str_eqz(kind, "reported")) {
    x->status = S("reported"), x->signed_by = arena_str(mem, e->actor_name), x->reported_at = e->happened;
    if (!x->first_reported_at) x->first_reported_at = e->happened;
  }
  bool back = str_eqz(kind, "returned") || str_eqz(kind, "bounced");
  if (back) x->status = S("returned"), x->reason = kit_keep(mem, e->body, "reason");
  if (str_eqz(kind, "accepted")) x->status = S("accepted");
  if (back || str_eqz(kind, "accepted")) x->judged_by = arena_str(mem, e->actor_name), x->judged_at = e->happened;
  return x;
}

Str monthly_name(Arena *mem, Str ledger, Str county, Str month) {
  return arena_fmt(mem, "%.*s.%.*s.%.*s", SFMT(ledger), SFMT(county), SFMT(month));
}

/* ---- its row ----------------------------------------------------------------------------------------------------- */

static const char schema[] =
    "CREATE TABLE monthly(name TEXT PRIMARY KEY, ledger TEXT NOT NULL, county TEXT NOT NULL, month TEXT NOT NULL, status TEXT NOT NULL, version INTEGER NOT NULL,"
    " made INTEGER NOT NULL, reported INTEGER NOT NULL, first_reported INTEGER NOT NULL, lines INTEGER NOT NULL, lines_text TEXT NOT NULL) STRICT;"
    "CREATE INDEX monthly_month ON monthly(ledger, month, county);";
static const RowTable table = {
    .keys = 1,
    .put = {"monthly.put", "sssssiiiiis", "",
            "INSERT INTO monthly(name, ledger, county, month, status, version, made, reported, first_reported, lines, lines_text) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11)"
            " ON CONFLICT(name) DO UPDATE SET status = excluded.status, version = excluded.version, made = excluded.made, reported = excluded.reported,"
            " first_reported = excluded.first_reported, lines = excluded.lines, lines_text = excluded.lines_text"},
    .drop = {"monthly.drop", "s", "", "DELETE FROM monthly WHERE name = ?1"}};

static Code monthly_project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Monthly *x = state;
  (void)e, (void)env;
  return table_put(cx, views, &table,
                   VALS(val_s(monthly_name(cx->mem, x->ledger, x->county, x->month)), val_s(x->ledger), val_s(x->county), val_s(x->month), val_s(x->status), val_i(x->version),
                        val_i(x->made_at), val_i(x->reported_at), val_i(x->first_reported_at), val_i((int64_t)x->line_count),
                        val_s(json_text(cx->mem, report__json(cx->mem, x->lines, x->line_count)))));
}

/* ---- what deciding reads ------------------------------------------------------------------------------------------- */

static const Sql sql_before = {"monthly.before", "sss", "ss",
                               "SELECT month, lines_text FROM monthly WHERE ledger = ?1 AND county = ?2 AND month < ?3 AND first_reported > 0 ORDER BY month DESC LIMIT 1"};

static Code before_text(Cx *cx, Db *views, Str ledger, Str county, Str month, Str *of, Json **out) {
  SCOPED(rows_drop) Rows *r = NULL;
  *of = S("");
  *out = NULL;
  TRY(db_rows(cx, views, &sql_before, VALS(val_s(ledger), val_s(county), val_s(month)), &r));
  if (!rows_next(r)) return rows_end(cx, r);
  *of = row_s(cx, r, 0);
  return json_parse(cx, row_s(cx, r, 1), out);
}

Code report_before(Cx *cx, Db *views, Str ledger, Str county, Str month, ReportLine **out, size_t *n, Str *of) {
  Json *list = NULL;
  TRY(before_text(cx, views, ledger, county, month, of, &list));
  *n = report__read(cx->mem, list, out);
  return OK;
}

static Str month_asked(Cx *cx, const Command *cmd) {
  Str month = json_str(cmd->args, S("month"));
  return month.len ? month : month_text(cx->mem, day_of(cmd->now));
}

static Code monthly_look(Cx *cx, Db *views, const Command *cmd, const void *state, const void *env, const Json **facts) {
  Json *out = NULL, *before = NULL;
  ReportLine *lines = NULL;
  size_t n = 0;
  Str since = S(""), ledger = json_str(cmd->args, S("ledger")), month = month_asked(cx, cmd);
  (void)state;
  TRY(kit_facts(cx, views, cmd, &out));
  *facts = out;
  if (!str_eqz(cmd->name, "monthly.make")) return OK;
  const Policy *p = kit_policy(&(Ask){.facts = out, .env = env});
  TRY(report_lines(cx, views, p, ledger, cmd->actor.unit, day_of(cmd->now), &lines, &n));
  TRY(before_text(cx, views, ledger, cmd->actor.unit, month, &since, &before));
  json_put_str(cx->mem, out, S("month"), month);
  json_put_str(cx->mem, out, S("since"), since);
  json_put(cx->mem, out, S("rows"), report__json(cx->mem, lines, n));
  if (before) json_put(cx->mem, out, S("before"), before);
  return OK;
}

/* Whoever has no unit, or writes no month, is refused by deciding; a name must be there before. */
static Code monthly_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  Str unit = cmd->actor.unit, month = month_asked(cx, cmd);
  (void)views;
  if (!month_day(month, 1).n) FAIL_AT(INVALID, S("month"), S(""), "月份写成 2019-08 的样子");
  *stream = arena_fmt(cx->mem, "monthly/%.*s", SFMT(monthly_name(cx->mem, json_str(cmd->args, S("ledger")), unit.len ? unit : S("none"), month)));
  return OK;
}

#define HEAD(n, l, h, fn) {.name = n, .label = l, .help = h, .allow = ROLE_UNIT_HEAD, .decide = fn}
static const CommandDecl commands[] = {
    {.name = "monthly.make", .label = "生成月报表并送审", .help = "县（市）区按台账现状生成本月报表，自动与上月比对，冻结后送负责人审核。", .allow = STAFF, .creates = true, .decide = decide_make, WITH(make_args)},
    HEAD("monthly.report", "签字上报", "县（市）区负责人签字，上报联合办公室。", decide_report),
    {.name = "monthly.bounce", .label = "退回填报", .help = "县（市）区负责人写明理由退回，更新台账后重新生成。", .allow = ROLE_UNIT_HEAD, .decide = decide_bounce, WITH(reason_args)},
    {.name = "monthly.accept", .label = "接收月报", .help = "联合办公室接收。", .allow = STAFF, .decide = decide_accept},
    {.name = "monthly.return", .label = "退回月报", .help = "联合办公室写明理由退回，县（市）区更新后重新上报。", .allow = STAFF, .decide = decide_return, WITH(reason_args)}};

const Engine monthly_engine_base = {.prefix = "monthly",
                                    .fold = monthly_fold,
                                    .commands = commands,
                                    .command_count = COUNT(commands),
                                    .open = monthly_open,
                                    .look = monthly_look,
                                    .schema = schema,
                                    .project = monthly_project,
                                    .alone = true};

/* ---- lists ------------------------------------------------------------------------------------------------------- */

static const Sql sql_list = {"monthly.list", "sssi", "ssssiiiii",
                             "SELECT ledger, county, month, status, version, made, reported, first_reported, lines FROM monthly WHERE ledger = ?1 AND (?2 = '' OR county = ?2)"
                             " AND (?3 = '' OR month = ?3) ORDER BY month DESC, county LIMIT ?4"};

Code monthlies_list(Cx *cx, Db *views, Str ledger, Str county, Str month, size_t max, MonthlyRow **out, size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  MonthlyRow *list = arena_array(cx->mem, MonthlyRow, max + 1);
  *n = 0;
  *out = list;
  TRY(db_rows(cx, views, &sql_list, VALS(val_s(ledger), val_s(county), val_s(month), val_i((int64_t)max)), &r));
  while (*n < max && rows_next(r))
    list[(*n)++] = (MonthlyRow){.ledger = row_s(cx, r, 0), .county = row_s(cx, r, 1), .month = row_s(cx, r, 2), .status = row_s(cx, r, 3), .version = (int)row_i(r, 4),
                                .made = row_i(r, 5), .reported = row_i(r, 6), .first_reported = row_i(r, 7), .lines = row_i(r, 8)};
  return rows_end(cx, r);
}

static Code state_or_none(Cx *cx, Reader *rd, Str stream, const void **out) {
  int64_t seq = 0;
  *out = NULL;
  Code c = reader_state(cx, rd, stream, out, &seq);
  if (c == NOT_FOUND) cx_clear(cx), *out = NULL;
  return c == NOT_FOUND ? OK : c;
}

Code monthly_load(Cx *cx, Reader *rd, Str name, const Monthly **out) {
  const void *state = NULL;
  TRY(state_or_none(cx, rd, arena_fmt(cx->mem, "monthly/%.*s", SFMT(name)), &state));
  *out = state;
  return OK;
}

Code ledger_load(Cx *cx, Reader *rd, Str code, const Ledger **out) {
  const void *state = NULL;
  TRY(state_or_none(cx, rd, arena_fmt(cx->mem, "ledger/%.*s", SFMT(code)), &state));
  *out = state;
  return OK;
}
