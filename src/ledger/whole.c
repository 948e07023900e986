/* SPDX-License-Identifier: Apache-2.0 */
/* whole.c: a ledger as a whole: months of reports and who is late, shares, targets, the plan of the city. */
#include "ledger/ledger_int.h"

enum { MISSED_MAX = 8 }; /* units in one event: each becomes an order (FOLLOW_MAX) */

#define LEDGER {.name = "ledger", .label = "台账", .type = ARG_CODE, .required = true}
static const Arg begin_args[] = {LEDGER};
static const Arg watch_args[] = {{.name = "month", .label = "哪个月", .type = ARG_TEXT, .required = true}};
static const Arg share_args[] = {LEDGER, {.name = "unit", .label = "县（市）区", .type = ARG_CODE, .required = true},
                                 {.name = "share", .label = "占比", .type = ARG_TEXT, .required = true, .max = 8, .hint = "百分数，如 52.5"},
                                 {.name = "as_of", .label = "截至哪天", .type = ARG_DAY, .required = true}};
static const Arg target_args[] = {LEDGER, {.name = "unit", .label = "县（市）区", .type = ARG_CODE, .required = true},
                                  {.name = "year", .label = "年度", .type = ARG_INT, .required = true, .min = 2000, .max = 2099},
                                  {.name = "count", .label = "处置几件", .type = ARG_INT, .required = true, .min = 1, .max = 10000}};
static const Arg plan_args[] = {LEDGER, {.name = "title", .label = "方案名称", .type = ARG_TEXT, .required = true, .min = 4, .max = 100},
                                {.name = "text", .label = "方案", .type = ARG_LONG, .required = true, .min = 10, .max = 20000}};
static const Arg agree_args[] = {{.name = "document", .label = "市政府同意的文号或会议", .type = ARG_TEXT, .required = true, .min = 2, .max = 100},
                                 {.name = "day", .label = "同意日期", .type = ARG_DAY, .required = true}};

/* ---- months of reports ---------------------------------------------------------------------------------------- */

static Str month_next(Arena *m, Str month) {
  return month_text(m, (Day){month_day(month, 28).n + 4});
}

/* The first report that is due: of this month while its day has not passed, not before the package begins. */
static Code decide_begin(Cx *cx, const Ask *ask, Decision *d) {
  const Policy *p = kit_policy(ask);
  Arena *m = decision_mem(d);
  const LedgerKind *k = policy_ledger(p, json_str(ask->cmd->args, S("ledger")));
  int n = k ? ledger_report_day(p, k) : 0;
  Day today = day_of(ask->now);
  if (!n) return OK; /* no monthly report */
  Str month = month_text(m, today);
  if (today.n > month_day(month, n).n) month = month_next(m, month);
  if (str_cmp(month, k->report_from) < 0) month = k->report_from;
  Json *body = json_obj(m);
  json_put_str(m, body, S("ledger"), k->code);
  json_put_str(m, body, S("month"), month);
  json_put_int(m, body, S("day"), n);
  decision_emit(d, "ledger.begun", 1, body);
  (void)cx;
  return OK;
}

static void missed_emit(const Ask *ask, Decision *d, const LedgerKind *k, Str month, Day due, const Json *units) {
  Arena *m = decision_mem(d);
  const Json *u = units->first;
  while (u) {
    Json *body = json_obj(m), *list = json_put_arr(m, body, S("units"));
    json_put_str(m, body, S("ledger"), k->code);
    json_put_str(m, body, S("name"), k->name);
    json_put_str(m, body, S("month"), month);
    json_put_str(m, body, S("month_cn"), month_cn(m, month));
    json_put_str(m, body, S("due"), day_str(m, due));
    json_put_int(m, body, S("late"), day_of(ask->now).n - due.n);
    for (int i = 0; u && i < MISSED_MAX; i++, u = u->next) json_push_str(m, list, u->str);
    decision_emit(d, "ledger.missed", 1, body);
  }
}

/* Never refused: the due queue would ask for ever. */
static Code decide_watch(Cx *cx, const Ask *ask, Decision *d) {
  const Ledger *l = ask->state;
  const Policy *p = kit_policy(ask);
  Arena *m = decision_mem(d);
  Str month = json_str(ask->cmd->args, S("month"));
  const LedgerKind *k = policy_ledger(p, l->code);
  int n = k ? ledger_report_day(p, k) : 0;
  const Json *units = json_get(ask->facts, S("missing"));
  (void)cx;
  if (!month_day(month, 1).n || (l->watched.len && str_cmp(month, l->watched) <= 0)) return OK;
  if (n && units && units->first) missed_emit(ask, d, k, month, month_day(month, n), units);
  Json *body = json_obj(m);
  json_put_str(m, body, S("month"), month);
  json_put_int(m, body, S("day"), n);
  decision_emit(d, "ledger.watched", 1, body);
  return OK;
}

/* ---- what a county has, and what it owes ------------------------------------------------------------------------- */

static Code whole_kind(Cx *cx, const Ask *ask, const LedgerKind **k) {
  const Ledger *l = ask->state;
  Str code = json_str(ask->cmd->args, S("ledger"));
  return ledger__kind(cx, ask, code.len ? code : l ? l->code : S(""), k);
}

static Code region_check(Cx *cx, const Ask *ask, const LedgerKind *k, Str unit) {
  Str name = ledger__unit(kit_policy(ask), unit);
  if (!ledger_region(k, unit)) FAIL_AT(INVALID, S("unit"), k->regions_source.clause, "《%.*s》没有列“%.*s”，请从列表中选择", SFMT(k->name), SFMT(name));
  return OK;
}

static Code decide_share(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"unit", "share", "as_of", NULL};
  const LedgerKind *k = NULL;
  Milli v = {0};
  TRY(whole_kind(cx, ask, &k));
  TRY(ledger__office(cx, ask, k));
  if (!k->share_over) FAIL_AT(CONFLICT, S("share"), k->source.clause, "《%.*s》不登记占比。", SFMT(k->name));
  TRY(region_check(cx, ask, k, json_str(ask->cmd->args, S("unit"))));
  if (!milli_parse(json_str(ask->cmd->args, S("share")), &v) || v.v < 0 || v.v > 100000) FAIL_AT(INVALID, S("share"), k->share_source.clause, "占比是 0 到 100 的百分数，如 52.5");
  if (ledger__day(ask->cmd->args, "as_of").n > day_of(ask->now).n) FAIL_AT(INVALID, S("as_of"), S(""), "截至的日子不能晚于今天");
  Json *body = kit_body(d, ask, names);
  json_put_str(decision_mem(d), body, S("share"), milli_str(decision_mem(d), v));
  json_put_str(decision_mem(d), body, S("ledger"), k->code);
  decision_emit(d, "ledger.share-stated", 1, body);
  return OK;
}

static Code decide_target(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"unit", "year", "count", NULL};
  const LedgerKind *k = NULL;
  TRY(whole_kind(cx, ask, &k));
  if (!k->target_name.len) FAIL_AT(CONFLICT, S("count"), k->source.clause, "《%.*s》不定年度目标。", SFMT(k->name));
  TRY(region_check(cx, ask, k, json_str(ask->cmd->args, S("unit"))));
  TRY(ledger__of(cx, ask, k, json_str(ask->cmd->args, S("unit")), true));
  Json *body = kit_body(d, ask, names);
  json_put_str(decision_mem(d), body, S("ledger"), k->code);
  decision_emit(d, "ledger.target-set", 1, body);
  return OK;
}

/* ---- the plan of the city ------------------------------------------------------------------------------------------ */

static Code drafter(Cx *cx, const Ask *ask, const LedgerKind **k) {
  TRY(whole_kind(cx, ask, k));
  if (!(*k)->plan_name.len) FAIL_AT(CONFLICT, S("title"), (*k)->source.clause, "《%.*s》不编制方案。", SFMT((*k)->name));
  Str name = ledger__unit(kit_policy(ask), (*k)->plan_unit);
  if (!str_eq(ask->cmd->actor.unit, (*k)->plan_unit)) FAIL_AT(DENIED, S(""), (*k)->plan_source.clause, "《%.*s》由%.*s制定。", SFMT((*k)->plan_name), SFMT(name));
  return OK;
}

static Code decide_plan(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"title", "text", NULL};
  const LedgerKind *k = NULL;
  const Ledger *l = ask->state;
  TRY(drafter(cx, ask, &k));
  Json *body = kit_body(d, ask, names);
  json_put_str(decision_mem(d), body, S("ledger"), k->code);
  json_put_int(decision_mem(d), body, S("version"), (l ? l->plan_version : 0) + 1);
  decision_emit(d, "ledger.planned", 1, body);
  return OK;
}

static Code decide_agree(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"document", "day", NULL};
  const LedgerKind *k = NULL;
  const Ledger *l = ask->state;
  TRY(drafter(cx, ask, &k));
  if (!l->plan_version) FAIL_AT(CONFLICT, S("document"), k->plan_source.clause, "还没有《%.*s》，先登记方案。", SFMT(k->plan_name));
  if (l->agreed_at) FAIL_AT(CONFLICT, S("document"), k->plan_source.clause, "已经登记市政府同意（%.*s）。", SFMT(l->agree_document));
  Day day = ledger__day(ask->cmd->args, "day");
  if (day.n > day_of(ask->now).n) FAIL_AT(INVALID, S("day"), S(""), "同意日期不能晚于今天；同意以后再登记");
  if (day.n < day_of(l->plan_at).n) FAIL_AT(INVALID, S("day"), k->plan_source.clause, "同意日期不能早于登记这一版方案的日子");
  decision_emit(d, "ledger.agreed", 1, kit_body(d, ask, names));
  return OK;
}

static Code decide_send(Cx *cx, const Ask *ask, Decision *d) {
  const LedgerKind *k = NULL;
  const Ledger *l = ask->state;
  TRY(drafter(cx, ask, &k));
  if (!l->plan_version) FAIL_AT(CONFLICT, S(""), k->plan_source.clause, "还没有《%.*s》，先登记方案。", SFMT(k->plan_name));
  if (!l->agreed_at) FAIL_AT(CONFLICT, S(""), k->plan_source.clause, "还没有登记“市政府同意”，不能报%.*s。", SFMT(k->plan_to));
  if (l->sent_at) FAIL_AT(CONFLICT, S(""), k->plan_source.clause, "这一版方案已经报%.*s。", SFMT(k->plan_to));
  Json *body = json_obj(decision_mem(d));
  json_put_str(decision_mem(d), body, S("to"), k->plan_to);
  json_put_int(decision_mem(d), body, S("version"), l->plan_version);
  decision_emit(d, "ledger.sent", 1, body);
  return OK;
}

/* ---- the state ------------------------------------------------------------------------------------------------------ */

const LedgerShare *ledger_share(const Ledger *l, Str unit) {
  for (size_t i = 0; l && i < l->share_count; i++)
    if (str_eq(l->shares[i].unit, unit)) return &l->shares[i];
  return NULL;
}

const LedgerTarget *ledger_target(const Ledger *l, Str unit, int year) {
  for (size_t i = 0; l && i < l->target_count; i++)
    if (l->targets[i].year == year && str_eq(l->targets[i].unit, unit)) return &l->targets[i];
  return NULL;
}

static void fold_figure(Arena *mem, Ledger *l, const Event *e) {
  const Json *b = e->body;
  Str unit = kit_keep(mem, b, "unit"), by = arena_str(mem, e->actor_name);
  if (str_eqz(e->kind, "ledger.share-stated")) {
    LedgerShare *s = (LedgerShare *)(uintptr_t)ledger_share(l, unit);
    if (!s) s = GROW(mem, l->shares, l->share_count, l->share_cap, LedgerShare);
    *s = (LedgerShare){.unit = unit, .share = kit_keep(mem, b, "share"), .by = by, .as_of = ledger__day(b, "as_of"), .at = e->happened};
    return;
  }
  int year = (int)json_int(b, S("year"), 0);
  LedgerTarget *t = (LedgerTarget *)(uintptr_t)ledger_target(l, unit, year);
  if (!t) t = GROW(mem, l->targets, l->target_count, l->target_cap, LedgerTarget);
  *t = (LedgerTarget){.unit = unit, .by = by, .year = year, .count = json_int(b, S("count"), 0), .at = e->happened};
}

static void fold_plan(Arena *mem, Ledger *l, const Event *e, Str kind) {
  const Json *b = e->body;
  Str by = arena_str(mem, e->actor_name);
  if (str_eqz(kind, "planned")) {
    l->plan_title = kit_keep(mem, b, "title"), l->plan_text = kit_keep(mem, b, "text"), l->plan_by = by, l->plan_at = e->happened;
    l->plan_version = (int)json_int(b, S("version"), 1);
    l->agreed_at = l->sent_at = 0, l->agree_document = S("");
  }
  if (str_eqz(kind, "agreed")) l->agree_document = kit_keep(mem, b, "document"), l->agree_by = by, l->agree_day = ledger__day(b, "day"), l->agreed_at = e->happened;
  if (str_eqz(kind, "sent")) l->sent_by = by, l->sent_at = e->happened;
}

void *ledger_fold(Arena *mem, void *state, const Event *e) {
  Ledger *l = state ? state : arena_new(mem, Ledger);
  Str head, code;
  if (!str_starts(e->kind, S("ledger.")) || !str_cut(e->stream, '/', &head, &code)) return l;
  Str kind = str_sub(e->kind, 7, SIZE_MAX);
  l->seq = e->seq;
  l->code = arena_str(mem, code);
  if (str_eqz(kind, "begun")) l->from = kit_keep(mem, e->body, "month");
  if (str_eqz(kind, "watched")) l->watched = kit_keep(mem, e->body, "month");
  if (str_eqz(kind, "share-stated") || str_eqz(kind, "target-set")) fold_figure(mem, l, e);
  fold_plan(mem, l, e, kind);
  if (!str_eqz(kind, "watched")) step__add(mem, &l->steps, &l->step_count, &l->step_cap, e, 7, str_eqz(kind, "agreed") ? "document" : "title");
  return l;
}

/* ---- its rows, and its place in the due queue --------------------------------------------------------------------------- */

static const char schema[] = "CREATE TABLE ledger_share(ledger TEXT NOT NULL, unit TEXT NOT NULL, share TEXT NOT NULL, as_of INTEGER NOT NULL, PRIMARY KEY(ledger, unit)) STRICT;"
                             "CREATE TABLE ledger_month(ledger TEXT PRIMARY KEY, from_month TEXT NOT NULL, watched TEXT NOT NULL) STRICT;";
static const Sql sql_share = {"ledger.share-put", "sssi", "", "INSERT INTO ledger_share(ledger, unit, share, as_of) VALUES(?1, ?2, ?3, ?4)"
                                                              " ON CONFLICT(ledger, unit) DO UPDATE SET share = excluded.share, as_of = excluded.as_of"};
static const Sql sql_month = {"ledger.month-put", "sss", "", "INSERT INTO ledger_month(ledger, from_month, watched) VALUES(?1, ?2, ?3)"
                                                             " ON CONFLICT(ledger) DO UPDATE SET watched = excluded.watched"};

static Code whole_project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Ledger *l = state;
  (void)env;
  if (str_eqz(e->kind, "ledger.share-stated"))
    return db_run(cx, views, &sql_share, VALS(val_s(l->code), val_s(json_str(e->body, S("unit"))), val_s(json_str(e->body, S("share"))), val_i(ledger__day(e->body, "as_of").n)));
  bool begun = str_eqz(e->kind, "ledger.begun"), watched = str_eqz(e->kind, "ledger.watched");
  if (!begun && !watched) return OK;
  TRY(db_run(cx, views, &sql_month, VALS(val_s(l->code), val_s(l->from), val_s(l->watched))));
  int n = (int)json_int(e->body, S("day"), 0);
  if (!n) return due_clear(cx, views, e->stream, S("ledger.watch"));
  Str month = begun ? l->from : month_next(cx->mem, l->watched);
  Json *args = json_obj(cx->mem);
  json_put_str(cx->mem, args, S("month"), month);
  return due_set(cx, views, e->stream, S("ledger.watch"), day_start((Day){month_day(month, n).n + 1}), args);
}

static const Sql sql_reported = {"ledger.reported", "sss", "i", "SELECT count(*) FROM monthly WHERE ledger = ?1 AND month = ?2 AND county = ?3 AND first_reported > 0"};

static Code whole_look(Cx *cx, Db *views, const Command *cmd, const void *state, const void *env, const Json **facts) {
  const Ledger *l = state;
  Json *out = NULL;
  TRY(kit_facts(cx, views, cmd, &out));
  *facts = out;
  if (!l || !str_eqz(cmd->name, "ledger.watch")) return OK;
  const LedgerKind *k = policy_ledger(kit_policy(&(Ask){.facts = out, .env = env}), l->code);
  Json *list = json_put_arr(cx->mem, out, S("missing"));
  for (size_t i = 0; k && i < k->region_count; i++) {
    int64_t n = 0;
    TRY(db_int(cx, views, &sql_reported, VALS(val_s(l->code), val_s(json_str(cmd->args, S("month"))), val_s(k->regions[i])), 0, &n));
    if (!n) json_push_str(cx->mem, list, k->regions[i]);
  }
  return OK;
}

/* "ledger/CODE" is named by whoever opens the page of the ledger; the first act of it makes the stream. */
static Code whole_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)views;
  *stream = arena_fmt(cx->mem, "ledger/%.*s", SFMT(json_str(cmd->args, S("ledger"))));
  return OK;
}

static const Sql sql_begun = {"ledger.begun", "s", "i", "SELECT count(*) FROM ledger_month WHERE ledger = ?1"};

static Code aim_added(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  int64_t begun = 0;
  Str ledger = json_str(e->body, S("ledger"));
  TRY(db_int(cx, views, &sql_begun, VALS(val_s(ledger)), 0, &begun));
  if (begun) return OK;
  Json *args = json_obj(cx->mem);
  json_put_str(cx->mem, args, S("ledger"), ledger);
  out[(*n)++] = (Follow){.stream = S(""), .args = args};
  return OK;
}

static const Reaction reactions[] = {{.event = "entry.added", .command = "ledger.begin", .aim = aim_added}};
#define HEADS (ROLE_UNIT_HEAD)
static const CommandDecl commands[] = {
    {.name = "ledger.begin", .label = "开始月报", .help = "台账有了第一行，由系统开始按月计报送日。", .allow = ROLE_SYSTEM, .creates = true, .decide = decide_begin, WITH(begin_args)},
    {.name = "ledger.watch", .label = "核对月报", .help = "报送日的次日，由系统核对哪些县（市）区没有上报，逐一督办。", .allow = ROLE_SYSTEM, .decide = decide_watch, WITH(watch_args)},
    {.name = "ledger.share", .label = "登记占比", .help = "联合办公室登记一个县（市）区的公办幼儿园在园幼儿占比。", .allow = STAFF, .creates = true, .decide = decide_share, WITH(share_args)},
    {.name = "ledger.target", .label = "定年度目标", .help = "县（市）区负责人定本年度处置几件。", .allow = HEADS, .creates = true, .decide = decide_target, WITH(target_args)},
    {.name = "ledger.plan", .label = "登记方案", .help = "起草单位登记全市的处理方案；再登记一次是新的一版，要重新报市政府同意。", .allow = STAFF, .creates = true, .decide = decide_plan, WITH(plan_args)},
    {.name = "ledger.agree", .label = "登记市政府同意", .help = "起草单位登记市政府同意的文号（会议）和日期。", .allow = STAFF, .decide = decide_agree, WITH(agree_args)},
    {.name = "ledger.send", .label = "报省", .help = "市政府同意以后，起草单位登记已报省。", .allow = ROLE_UNIT_HEAD, .decide = decide_send}};

const Engine ledger_engine_base = {.prefix = "ledger",
                                   .fold = ledger_fold,
                                   .commands = commands,
                                   .command_count = COUNT(commands),
                                   .reactions = reactions,
                                   .reaction_count = COUNT(reactions),
                                   .open = whole_open,
                                   .look = whole_look,
                                   .schema = schema,
                                   .project = whole_project};
