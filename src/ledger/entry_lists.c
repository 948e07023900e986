/* SPDX-License-Identifier: Apache-2.0 */
/* entry_lists.c: rows of a ledger by lamp, by county; and as lines of a report. */
#include "ledger/ledger_int.h"

/* ?5 today, ?6 the last day that is yellow. One lamp a row, as ledger_lamp has it. */
#define LAMP "CASE WHEN done = 1 THEN 'done' WHEN due = 0 THEN 'none' WHEN due < ?5 THEN 'red' WHEN due <= ?6 THEN 'yellow' ELSE 'green' END"
#define WHERE " FROM entry WHERE ledger = ?1 AND (?2 = '' OR county = ?2) AND (?3 = '' OR status = ?3) AND (?4 = '' OR measure = ?4) AND (?7 = 0 OR project = ?7)"
static const Sql sql_list = {"entry.list", "ssssiiisii", "iiissssssssiiiiis",
                             "SELECT no, project, at, number, county, name, status, measure, size, what, warning, due, done, hold, refused, extended, vals" WHERE " AND (?8 = '' OR " LAMP " = ?8)"
                             " ORDER BY done, CASE WHEN due = 0 THEN 1 ELSE 0 END, due, no LIMIT ?9 OFFSET ?10"};
static const Sql sql_counts = {"entry.counts", "ssssiii", "ssi", "SELECT county, " LAMP ", count(*)" WHERE " GROUP BY 1, 2 ORDER BY 1, 2"};

static EntryRow row_of(Cx *cx, const Rows *r, int warn_days, Day today) {
  EntryRow x = {.no = row_i(r, 0), .project = row_i(r, 1), .at = row_i(r, 2)};
  Str *const texts[] = {&x.number, &x.county, &x.name, &x.status, &x.measure, &x.size, &x.what, &x.warning};
  Json *values = NULL;
  for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = row_s(cx, r, (int)i + 3);
  x.due.n = (int32_t)row_i(r, 11);
  x.done = row_i(r, 12) != 0;
  x.hold = row_i(r, 13) != 0;
  x.refused = row_i(r, 14) != 0;
  x.extended = (int)row_i(r, 15);
  if (json_parse(cx, row_s(cx, r, 16), &values) != OK) cx_clear(cx);
  x.values = values;
  x.lamp = ledger_lamp(x.due, x.done, warn_days, today, &x.left);
  return x;
}

static void count_add(EntryCounts *c, Str lamp, int64_t n) {
  c->all += n;
  if (str_eqz(lamp, "red")) c->red += n;
  else if (str_eqz(lamp, "yellow")) c->yellow += n;
  else if (str_eqz(lamp, "green")) c->green += n;
  else if (str_eqz(lamp, "done")) c->done += n;
  else c->none += n;
}

static Code counted(Cx *cx, Db *views, const EntryFilter *f, int warn_days, Day today, EntryTally *list, size_t most, size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  *n = 0;
  TRY(db_rows(cx, views, &sql_counts, VALS(val_s(f->ledger), val_s(f->county), val_s(f->status), val_s(f->measure), val_i(today.n), val_i(today.n + warn_days), val_i(f->project)), &r));
  while (rows_next(r)) {
    Str county = row_s(cx, r, 0);
    if (!*n || !str_eq(list[*n - 1].county, county)) {
      if (*n == most) break;
      list[(*n)++] = (EntryTally){.county = county};
    }
    count_add(&list[*n - 1].counts, row_s(cx, r, 1), row_i(r, 2));
  }
  return rows_end(cx, r);
}

enum { COUNTIES_MAX = 60 };

Code entries_tally(Cx *cx, Db *views, Str ledger, int warn_days, Day today, EntryTally **out, size_t *n) {
  *out = arena_array(cx->mem, EntryTally, COUNTIES_MAX);
  return counted(cx, views, &(EntryFilter){.ledger = ledger}, warn_days, today, *out, COUNTIES_MAX, n);
}

Code entries_list(Cx *cx, Db *views, const EntryFilter *f, int warn_days, Day today, EntryRow **out, size_t *n, EntryCounts *counts) {
  EntryRow *list = arena_array(cx->mem, EntryRow, f->limit + 1);
  *n = 0;
  *out = list;
  if (counts) {
    size_t counties = 0;
    EntryTally *tally = arena_array(cx->mem, EntryTally, COUNTIES_MAX);
    *counts = (EntryCounts){0};
    TRY(counted(cx, views, f, warn_days, today, tally, COUNTIES_MAX, &counties));
    for (size_t i = 0; i < counties; i++) {
      const EntryCounts *c = &tally[i].counts;
      counts->all += c->all, counts->red += c->red, counts->yellow += c->yellow, counts->green += c->green, counts->done += c->done, counts->none += c->none;
    }
  }
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, &sql_list,
              VALS(val_s(f->ledger), val_s(f->county), val_s(f->status), val_s(f->measure), val_i(today.n), val_i(today.n + warn_days), val_i(f->project), val_s(f->lamp),
                   val_i((int64_t)f->limit), val_i((int64_t)f->offset)), &r));
  while (*n < f->limit && rows_next(r)) list[(*n)++] = row_of(cx, r, warn_days, today);
  return rows_end(cx, r);
}

Code entries_confirmed(Cx *cx, Db *views, Str ledger, Str county, int year, int64_t *out) {
  static const Sql q = {"entry.confirmed", "ssii", "i",
                        "SELECT count(*) FROM entry WHERE ledger = ?1 AND county = ?2 AND status = 'confirmed' AND confirmed >= ?3 AND confirmed < ?4"};
  *out = 0;
  return db_int(cx, views, &q, VALS(val_s(ledger), val_s(county), val_i(day_start(day_ymd(year, 1, 1))), val_i(day_start(day_ymd(year + 1, 1, 1)))), 0, out);
}

/* ---- lines of a report ---------------------------------------------------------------------------------------------- */

Code report_lines(Cx *cx, Db *views, const Policy *p, Str ledger, Str county, Day today, ReportLine **out, size_t *n) {
  const LedgerKind *k = policy_ledger(p, ledger);
  EntryRow *rows = NULL;
  size_t count = 0;
  *n = 0;
  TRY(entries_list(cx, views, &(EntryFilter){.ledger = ledger, .county = county, .limit = ENTRY_ROWS_MAX}, k ? k->warn_days : 0, today, &rows, &count, NULL));
  ReportLine *list = arena_array(cx->mem, ReportLine, count + 1);
  *out = list;
  for (size_t i = 0; i < count; i++) {
    const EntryRow *x = &rows[i];
    list[(*n)++] = (ReportLine){.no = x->no, .number = x->number, .name = x->name, .issue = ledger_value_text(p, ledger, S("issue"), json_str(x->values, S("issue"))), .measure = x->measure,
                                .status = x->status, .lamp = lamp_code(x->lamp), .what = x->what, .due = x->due, .left = x->left};
  }
  return OK;
}

static const struct { const char *key; size_t at; } texts[] = {{"number", offsetof(ReportLine, number)}, {"name", offsetof(ReportLine, name)}, {"issue", offsetof(ReportLine, issue)},
                                                               {"measure", offsetof(ReportLine, measure)}, {"status", offsetof(ReportLine, status)}, {"lamp", offsetof(ReportLine, lamp)},
                                                               {"what", offsetof(ReportLine, what)}};

Json *report__json(Arena *mem, const ReportLine *lines, size_t n) {
  Json *list = json_arr(mem);
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(mem, list);
    json_put_int(mem, o, S("no"), lines[i].no);
    for (size_t k = 0; k < COUNT(texts); k++) json_put_str(mem, o, str_of(texts[k].key), *(const Str *)(const void *)((const char *)&lines[i] + texts[k].at));
    json_put_str(mem, o, S("due"), lines[i].due.n ? day_str(mem, lines[i].due) : S(""));
    json_put_int(mem, o, S("left"), lines[i].left);
  }
  return list;
}

size_t report__read(Arena *mem, const Json *list, ReportLine **out) {
  size_t n = 0;
  *out = arena_array(mem, ReportLine, list ? list->count + 1 : 1);
  for (const Json *o = list ? list->first : NULL; o; o = o->next) {
    ReportLine *x = &(*out)[n++];
    x->no = json_int(o, S("no"), 0);
    for (size_t k = 0; k < COUNT(texts); k++) *(Str *)(void *)((char *)x + texts[k].at) = kit_keep(mem, o, texts[k].key);
    x->due = ledger__day(o, "due");
    x->left = (int)json_int(o, S("left"), 0);
  }
  return n;
}

static const ReportLine *line_of(const ReportLine *list, size_t n, int64_t no) {
  for (size_t i = 0; i < n; i++)
    if (list[i].no == no) return &list[i];
  return NULL;
}

ReportChanges report_changes(Arena *mem, const ReportLine *before, size_t before_count, const ReportLine *now, size_t n) {
  ReportChanges c = {.added = arena_array(mem, int64_t, n + 1), .done = arena_array(mem, int64_t, n + 1), .late = arena_array(mem, int64_t, n + 1), .extended = arena_array(mem, int64_t, n + 1)};
  for (size_t i = 0; i < n; i++) {
    const ReportLine *x = &now[i], *was = line_of(before, before_count, x->no);
    bool done = str_eqz(x->status, "confirmed"), same = was && str_eq(was->what, x->what);
    if (!was) c.added[c.added_count++] = x->no;
    if (done && !(was && str_eqz(was->status, "confirmed"))) c.done[c.done_count++] = x->no; /* closed by the county is not yet done (docs/decisions/0092) */
    if (str_eqz(x->lamp, "red") && !(was && str_eqz(was->lamp, "red"))) c.late[c.late_count++] = x->no;
    if (same && was->due.n && x->due.n > was->due.n) c.extended[c.extended_count++] = x->no;
  }
  return c;
}
