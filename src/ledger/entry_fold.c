/* SPDX-License-Identifier: Apache-2.0 */
/* entry_fold.c: the state of a row, its row in the tables, what deciding reads, lists. */
#include "ledger/ledger_int.h"

Str entry_label(Str status) {
  static const struct { const char *code, *label; } labels[] = {{"open", "整改中"}, {"closed", "待确认"}, {"confirmed", "已销号"}};
  for (size_t i = 0; i < COUNT(labels); i++)
    if (str_eqz(status, labels[i].code)) return str_of(labels[i].label);
  return status;
}

bool entry_holds(const LedgerEntry *e) {
  return e->hold && e->project && !str_eqz(e->status, "confirmed");
}

Day entry_next(const LedgerEntry *e, Str *what) {
  Day first = {0}, due = e->until.n ? e->until : e->due;
  bool open = str_eqz(e->status, "open");
  *what = S("");
  if (open && due.n) first = due, *what = e->measure_name;
  if (open && e->plan_due.n && !json_str(e->values, S("planned")).len && (!first.n || e->plan_due.n < first.n) && !e->until.n) first = e->plan_due, *what = S("完成规划");
  for (size_t i = 0; i < e->span_count; i++) {
    const EntrySpan *s = &e->spans[i];
    if (json_str(e->values, s->ends).len || (first.n && first.n <= s->due.n)) continue;
    first = s->due;
    *what = s->name;
  }
  return first;
}

/* ---- the state ------------------------------------------------------------------------------------------------ */

static void fold_pinned(Arena *mem, LedgerEntry *x, const Json *body) {
  const Json *o = json_get(body, S("pinned")), *spans = json_get(o, S("spans"));
  Str measure = kit_keep(mem, body, "measure");
  if (!str_eq(measure, x->measure)) x->until = (Day){0};
  x->measure = measure;
  x->measure_name = kit_keep(mem, o, "measure_name");
  x->proposed = json_bool(body, S("proposed"));
  x->due = ledger__day(o, "due");
  x->plan_due = ledger__day(o, "plan_due");
  x->size = kit_keep(mem, o, "size");
  x->warning = kit_keep(mem, o, "warning");
  x->hold = json_bool(o, S("hold"));
  x->hold_text = kit_keep(mem, o, "hold_text");
  x->spans = arena_array(mem, EntrySpan, spans ? spans->count + 1 : 1);
  x->span_count = 0;
  for (const Json *s = spans ? spans->first : NULL; s; s = s->next)
    x->spans[x->span_count++] = (EntrySpan){.code = kit_keep(mem, s, "code"), .name = kit_keep(mem, s, "name"), .ends = kit_keep(mem, s, "ends"), .due = ledger__day(s, "due")};
}

static void fold_values(Arena *mem, LedgerEntry *x, const Json *values) {
  if (!x->values) x->values = json_obj(mem);
  for (const Json *v = values ? values->first : NULL; v; v = v->next) json_put_str(mem, x->values, arena_str(mem, v->key), arena_str(mem, v->str));
}

static void fold_added(Arena *mem, LedgerEntry *x, const Event *e) {
  const Json *b = e->body;
  x->no = json_int(b, S("no"), 0);
  x->number = kit_keep(mem, b, "number");
  x->ledger = kit_keep(mem, b, "ledger");
  x->county = kit_keep(mem, b, "county");
  x->name = kit_keep(mem, b, "name");
  x->status = S("open");
  x->added_at = e->happened;
  fold_values(mem, x, json_get(b, S("values")));
  fold_pinned(mem, x, b);
  x->until = ledger__day(b, "until");
}

static void fold_changes(Arena *mem, EntryStep *s, const Json *list) {
  s->changes = arena_array(mem, EntryChange, list ? list->count + 1 : 1);
  for (const Json *c = list ? list->first : NULL; c; c = c->next)
    s->changes[s->change_count++] = (EntryChange){.column = kit_keep(mem, c, "column"), .was = kit_keep(mem, c, "was"), .is = kit_keep(mem, c, "is")};
}

static void fold_extended(Arena *mem, LedgerEntry *x, EntryStep *s, const Json *b) {
  x->until = ledger__day(b, "until");
  x->extended += json_str(b, S("was")).len > 0;
  s->changes = arena_array(mem, EntryChange, 1);
  s->changes[s->change_count++] = (EntryChange){.column = S("期限"), .was = kit_keep(mem, b, "was"), .is = kit_keep(mem, b, "until")};
}

static void fold_linked(Arena *mem, LedgerEntry *x, const Json *b) {
  x->project = json_int(b, S("project"), 0);
  x->project_number = kit_keep(mem, b, "project_number");
  x->project_name = kit_keep(mem, b, "project_name");
  x->owner = kit_keep(mem, b, "owner");
  x->uscc = kit_keep(mem, b, "uscc");
}

void *entry_fold(Arena *mem, void *state, const Event *e) {
  static const struct { const char *kind, *text; } kinds[] = {{"added", "reason"}, {"changed", "reason"}, {"extended", "reason"}, {"closed", "result"}, {"confirmed", ""}, {"reopened", "reason"},
                                                              {"linked", "project_number"}, {"unlinked", "reason"}, {"refused", "fact"}, {"held", "text"}, {"released", "text"}};
  LedgerEntry *x = state ? state : arena_new(mem, LedgerEntry);
  size_t k = 0;
  if (!str_starts(e->kind, S("entry."))) return x;
  Str kind = str_sub(e->kind, 6, SIZE_MAX);
  while (k < COUNT(kinds) && !str_eqz(kind, kinds[k].kind)) k++;
  if (k == COUNT(kinds)) return x;
  x->seq = e->seq;
  x->changed_at = e->happened;
  EntryStep *s = step__add(mem, &x->steps, &x->step_count, &x->step_cap, e, 6, kinds[k].text);
  if (k == 0) fold_added(mem, x, e);
  if (k == 1) {
    fold_values(mem, x, json_get(e->body, S("values")));
    fold_pinned(mem, x, e->body);
    fold_changes(mem, s, json_get(e->body, S("changes")));
    if (json_str(e->body, S("name")).len) x->name = kit_keep(mem, e->body, "name");
  }
  if (k == 2) fold_extended(mem, x, s, e->body);
  if (k == 3) x->status = S("closed"), x->result = kit_keep(mem, e->body, "result"), x->closed_at = e->happened;
  if (k == 4) x->status = S("confirmed"), x->confirmed_at = e->happened;
  if (k == 5) x->status = S("open"), x->closed_at = x->confirmed_at = 0;
  if (k == 6) fold_linked(mem, x, e->body);
  if (k == 7) x->project = 0, x->project_number = x->project_name = x->owner = x->uscc = S("");
  if (k == 8) x->refused = true;
  return x;
}

/* ---- its row ---------------------------------------------------------------------------------------------------- */

static const char schema[] =
    "CREATE TABLE entry(no INTEGER PRIMARY KEY, number TEXT NOT NULL, year INTEGER NOT NULL, year_seq INTEGER NOT NULL, ledger TEXT NOT NULL, county TEXT NOT NULL,"
    " name TEXT NOT NULL, status TEXT NOT NULL, measure TEXT NOT NULL, size TEXT NOT NULL, what TEXT NOT NULL, warning TEXT NOT NULL, due INTEGER NOT NULL, done INTEGER NOT NULL,"
    " hold INTEGER NOT NULL, refused INTEGER NOT NULL, extended INTEGER NOT NULL, project INTEGER NOT NULL, confirmed INTEGER NOT NULL, result TEXT NOT NULL,"
    " vals TEXT NOT NULL, at INTEGER NOT NULL) STRICT;"
    "CREATE INDEX entry_ledger ON entry(ledger, done, due, no);"
    "CREATE INDEX entry_county ON entry(county, ledger, no);"
    "CREATE INDEX entry_project ON entry(project) WHERE project > 0;"
    "CREATE INDEX entry_year ON entry(year, year_seq);";
static const RowTable table = {
    .keys = 1,
    .put = {"entry.put", "isiissssssssiiiiiiissi", "",
            "INSERT INTO entry(no, number, year, year_seq, ledger, county, name, status, measure, size, what, warning, due, done, hold, refused, extended, project, confirmed, result, vals, at)"
            " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22) ON CONFLICT(no) DO UPDATE SET name = excluded.name, status = excluded.status,"
            " measure = excluded.measure, size = excluded.size, what = excluded.what, warning = excluded.warning, due = excluded.due, done = excluded.done, hold = excluded.hold,"
            " refused = excluded.refused, extended = excluded.extended, project = excluded.project, confirmed = excluded.confirmed, result = excluded.result, vals = excluded.vals, at = excluded.at"},
    .drop = {"entry.drop", "i", "", "DELETE FROM entry WHERE no = ?1"}};

static Code entry_project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const LedgerEntry *x = state;
  int64_t year = 0, seq = 0;
  Str what = S("");
  Day due = entry_next(x, &what);
  (void)env;
  kit_year_parts(x->number, &year, &seq);
  Val vals[] = {val_i(x->no), val_s(x->number), val_i(year), val_i(seq), val_s(x->ledger), val_s(x->county), val_s(x->name), val_s(x->status), val_s(x->measure_name), val_s(x->size),
                val_s(what), val_s(x->warning), val_i(due.n), val_i(!due.n && !str_eqz(x->status, "open")), val_i(entry_holds(x)), val_i(x->refused), val_i(x->extended), val_i(x->project),
                val_i(x->confirmed_at), val_s(x->result), val_s(json_text(cx->mem, x->values)), val_i(e->happened)};
  return table_put(cx, views, &table, vals, COUNT(vals));
}

/* ---- what deciding reads ------------------------------------------------------------------------------------------ */

static const Sql sql_last = {"entry.last", "", "i", "SELECT max(no) FROM entry"};
static const Sql sql_year = {"entry.year", "i", "i", "SELECT max(year_seq) FROM entry WHERE year = ?1"};
static const Sql sql_share = {"entry.share", "ss", "s", "SELECT share FROM ledger_share WHERE ledger = ?1 AND unit = ?2"};
static const Sql sql_project = {"entry.project", "i", "ssssss", "SELECT number, name, owner, uscc, county, status FROM project WHERE no = ?1"};

static Code project_put(Cx *cx, Db *views, int64_t no, Json *out) {
  static const char *const names[] = {"number", "name", "owner", "uscc", "county", "status"};
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, &sql_project, VALS(val_i(no)), &r));
  if (!rows_next(r)) return rows_end(cx, r);
  Json *o = json_put_obj(cx->mem, out, S("project"));
  for (size_t i = 0; i < COUNT(names); i++) json_put_str(cx->mem, o, str_of(names[i]), row_s(cx, r, (int)i));
  return OK;
}

static Code share_put(Cx *cx, Db *views, Str ledger, Str unit, Json *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  json_put_str(cx->mem, out, S("county"), unit);
  TRY(db_rows(cx, views, &sql_share, VALS(val_s(ledger), val_s(unit)), &r));
  if (rows_next(r)) json_put_str(cx->mem, out, S("share"), row_s(cx, r, 0));
  return rows_end(cx, r);
}

static Code entry_facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **facts) {
  const LedgerEntry *x = state;
  Json *out = NULL;
  int64_t last = 0, seq = 0;
  TRY(kit_facts(cx, views, cmd, &out));
  *facts = out;
  if (!x || str_eqz(cmd->name, "entry.change")) TRY(share_put(cx, views, x ? x->ledger : json_str(cmd->args, S("ledger")), x ? x->county : cmd->actor.unit, out));
  if (x) return str_eqz(cmd->name, "entry.link") ? project_put(cx, views, json_int(cmd->args, S("project"), 0), out) : OK;
  TRY(db_int(cx, views, &sql_last, NO_VALS, 0, &last));
  TRY(db_int(cx, views, &sql_year, VALS(val_i(kit_year_of(cmd->now))), 0, &seq));
  json_put_int(cx->mem, out, S("no"), last + 1);
  json_put_int(cx->mem, out, S("year_seq"), seq);
  return OK;
}

static Code entry_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)cmd;
  return kit_open(cx, views, "entry", &sql_last, stream);
}

const Engine entry_engine_base = {.prefix = "entry",
                                  .fold = entry_fold,
                                  .commands = entry__commands,
                                  .command_count = ENTRY_COMMANDS,
                                  .open = entry_open,
                                  .facts = entry_facts,
                                  .schema = schema,
                                  .project = entry_project,
                                  .alone = true};

Code entry_load(Cx *cx, Reader *rd, int64_t no, const LedgerEntry **out) {
  const void *state = NULL;
  TRY(kit_state(cx, rd, "entry", arena_fmt(cx->mem, "%lld", (long long)no), "一行", &state));
  *out = state;
  return OK;
}
