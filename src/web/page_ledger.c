/* SPDX-License-Identifier: Apache-2.0 */
/* page_ledger.c: the ledgers, and one of them: rows by lamp and county, this month's changes, the report in one click (W11; D59-3, 5.1). */
#include "web/page_ledger.h"
#include "stats/stats.h"

enum { STEP = 100, CSV_ROWS = 5000, WARN_MONTH = 7 }; /* a month has no room for a longer warning */

Code ledger_of(Cx *cx, const Request *rq, const LedgerKind **out) {
  *out = policy_ledger(rq->app->policy, rq->params[0]);
  if (!*out) FAIL(NOT_FOUND, "没有这个台账，请从台账列表里打开。");
  return OK;
}

bool ledger_fills(const Request *rq, const LedgerKind *k) {
  return rq->who && request_has_role(rq, FILLS) && ledger_region(k, rq->who->unit);
}

bool ledger_joint(const Request *rq, const LedgerKind *k) {
  return rq->who && request_has_role(rq, FILLS) && ledger_office(k, rq->who->unit);
}

void view_days(Arena *m, Json *o, Lamp lamp, int left) {
  static const char *const css[LAMP__MAX] = {[LAMP_DONE] = "n", [LAMP_RED] = "r", [LAMP_YELLOW] = "y", [LAMP_GREEN] = "g", [LAMP_NONE] = "n"};
  Json *l = json_put_obj(m, o, S("lamp"));
  PUT(l, "css", str_of(css[lamp] ? css[lamp] : "n"));
  PUT(l, "code", lamp_code(lamp));
  PUT(l, "text", lamp == LAMP_RED      ? arena_fmt(m, "超期 %d 天", -left)
                 : lamp == LAMP_YELLOW ? left ? arena_fmt(m, "还有 %d 天", left) : S("今天到期")
                 : lamp == LAMP_NONE   ? S(N_("未定期限"))
                                       : lamp_label(lamp));
}

/* ---- the month -------------------------------------------------------------------------------------------------- */

/* Is the report of a month due at all? From the first month after the first row on. */
static Code month_counts(Cx *cx, Request *rq, const LedgerKind *k, Str month, bool *out, Str *from) {
  const Ledger *l = NULL;
  TRY(ledger_load(cx, rq->rd, k->code, &l));
  *from = l ? l->from : S("");
  *out = from->len && str_cmp(month, *from) >= 0;
  return OK;
}

static void month_put(Request *rq, Json *o, const LedgerKind *k, Str month, bool reported, bool counts, Str from) {
  Arena *m = rq->mem;
  int n = ledger_report_day(rq->app->policy, k), left = 0;
  Day due = month_day(month, n);
  Lamp lamp = ledger_lamp(due, reported, k->warn_days < WARN_MONTH ? k->warn_days : WARN_MONTH, day_of(rq->now), &left);
  if (!counts && lamp != LAMP_DONE) lamp = LAMP_NONE;
  PUT(o, "month", month);
  PUT(o, "month_cn", month_cn(m, month));
  PUT_INT(o, "day", n);
  PUT(o, "due", day_str(m, due));
  view_days(m, o, lamp, left);
  Json *l = (Json *)(uintptr_t)json_get(o, S("lamp"));
  if (lamp == LAMP_YELLOW && left) PUT(l, "text", arena_fmt(m, "距 %d 日报送还有 %d 天", n, left));
  if (lamp == LAMP_GREEN) PUT(l, "text", arena_fmt(m, "距 %d 日报送还有 %d 天", n, left));
  if (lamp == LAMP_RED) PUT(l, "text", arena_fmt(m, "%d 日应当报送，已超过 %d 天", n, -left));
  if (lamp == LAMP_DONE) PUT(l, "text", S("本月已报送"));
  if (lamp == LAMP_NONE) PUT(l, "text", from.len ? arena_fmt(m, "从%.*s起按月报送", SFMT(month_cn(m, from))) : S("登记第一行以后按月报送"));
}

Code view_month(Cx *cx, Request *rq, Json *o, const LedgerKind *k) {
  Str month = month_text(rq->mem, day_of(rq->now)), from = S("");
  bool counts = false;
  if (!ledger_report_day(rq->app->policy, k)) return OK;
  TRY(month_counts(cx, rq, k, month, &counts, &from));
  month_put(rq, o, k, month, false, counts, from);
  return OK;
}

/* The order that was made about a county's report, if any. */
static Code order_of(Cx *cx, Request *rq, Str name, int64_t *no, Str *number) {
  static const Sql q = {"web.ledger-order", "s", "is", "SELECT no, number FROM directive WHERE kind = 'ledger' AND item = ?1 ORDER BY no DESC LIMIT 1"};
  SCOPED(rows_drop) Rows *r = NULL;
  *no = 0;
  TRY(db_rows(cx, reader_views(rq->rd), &q, VALS(val_s(name)), &r));
  if (rows_next(r)) *no = row_i(r, 0), *number = row_s(cx, r, 1);
  return rows_end(cx, r);
}

static Code report_put(Cx *cx, Request *rq, Json *list, const LedgerKind *k, Str unit, Str month, const MonthlyRow *row, bool counts, int64_t *late) {
  Arena *m = rq->mem;
  Day due = month_day(month, ledger_report_day(rq->app->policy, k));
  int64_t order = 0;
  Str number = S("");
  bool reported = row && row->first_reported, over = counts && day_of(rq->now).n > due.n;
  Json *o = json_push_obj(m, list);
  PUT(o, "county", unit);
  PUT(o, "county_name", place_name(rq->app->policy, unit));
  PUT(o, "status", row ? row->status : S("none"));
  PUT(o, "status_label", row ? monthly_label(row->status) : S("未生成"));
  if (row) PUT(o, "href", arena_fmt(m, "/w/l/%.*s/report/%.*s/%.*s", SFMT(k->code), SFMT(unit), SFMT(month)));
  if (row) PUT_INT(o, "lines", row->lines);
  if (reported) PUT(o, "reported", time_cn(m, row->first_reported));
  PUT_BOOL(o, "was_late", counts && reported && day_of(row->first_reported).n > due.n);
  PUT_BOOL(o, "late", !reported && over);
  if (!reported && over) PUT_INT(o, "days", day_of(rq->now).n - due.n), ++*late;
  TRY(order_of(cx, rq, monthly_name(m, k->code, unit, month), &order, &number));
  if (order) PUT_INT(o, "order", order), PUT(o, "order_number", number);
  PUT_BOOL(o, "order_opens", request_has_role(rq, WATCH) || (rq->who && str_eq(rq->who->unit, unit))); /* as page_directive.c lets in */
  return OK;
}

Code view_reports(Cx *cx, Request *rq, Json *view, const LedgerKind *k, Str month) {
  Arena *m = rq->mem;
  MonthlyRow *rows = NULL;
  size_t n = 0;
  int64_t late = 0, waiting = 0;
  bool counts = false;
  Str from = S("");
  TRY(month_counts(cx, rq, k, month, &counts, &from));
  TRY(monthlies_list(cx, reader_views(rq->rd), k->code, S(""), month, 60, &rows, &n));
  Json *list = json_put_arr(m, view, S("reports"));
  for (size_t i = 0; i < k->region_count; i++) {
    const MonthlyRow *row = NULL;
    for (size_t x = 0; x < n; x++)
      if (str_eq(rows[x].county, k->regions[i])) row = &rows[x];
    waiting += row && str_eqz(row->status, "reported");
    TRY(report_put(cx, rq, list, k, k->regions[i], month, row, counts, &late));
  }
  PUT_INT(view, "late", late);
  PUT_INT(view, "waiting", waiting);
  return OK;
}

/* ---- rows ----------------------------------------------------------------------------------------------------------- */

Code view_limit(Cx *cx, Request *rq, Json *o, int64_t no, Day due, Str what) {
  Arena *m = rq->mem;
  const LedgerEntry *e = NULL;
  PUT(o, "what", what);
  PUT(o, "due", due.n ? day_str(m, due) : S("")); /* empty, not absent: a report has a due day of its own around its lines */
  if (!due.n) return OK;
  if (due.n >= day_of(rq->now).n) return OK;
  TRY(entry_load(cx, rq->rd, no, &e));
  if (e && due.n < day_of(e->added_at).n) PUT(o, "past", arena_fmt(m, "文件规定的期限（%.*s）在登记前已过", SFMT(day_cn(m, due))));
  return OK;
}

Code view_row(Cx *cx, Request *rq, Json *o, const LedgerKind *k, const EntryRow *x, bool open) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  PUT_INT(o, "no", x->no);
  PUT(o, "name", x->name);
  PUT(o, "number", x->number);
  PUT(o, "county_name", place_name(p, x->county));
  PUT(o, "status", x->status);
  PUT(o, "status_label", entry_label(x->status));
  PUT(o, "measure", x->measure);
  PUT(o, "size", x->size);
  PUT(o, "warning", x->warning);
  PUT_BOOL(o, "hold", x->hold);
  PUT_BOOL(o, "refused", x->refused);
  PUT_INT(o, "extended", x->extended);
  TRY(view_limit(cx, rq, o, x->no, x->due, x->what));
  PUT(o, "changed", day_str(m, day_of(x->at)));
  view_days(m, o, x->lamp, x->left);
  Json *cells = json_put_arr(m, o, S("cells"));
  for (size_t i = 0; i < p->ledgers.column_count; i++) {
    const LedgerColumn *c = &p->ledgers.columns[i];
    if (!str_eq(c->ledger, k->code) || !(open ? c->open : c->list)) continue;
    Str v = ledger_value_text(p, k->code, c->code, json_str(x->values, c->code));
    Json *cell = json_push_obj(m, cells);
    PUT(cell, "name", c->name);
    PUT_BOOL(cell, "number", str_eqz(c->type, "int") || str_eqz(c->type, "decimal"));
    PUT(cell, "text", v.len && c->unit.len && open ? arena_fmt(m, "%.*s %.*s", SFMT(v), SFMT(c->unit)) : v);
  }
  return OK;
}

static void columns_put(Request *rq, Json *view, const LedgerKind *k) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Json *list = json_put_arr(m, view, S("columns"));
  for (size_t i = 0; i < p->ledgers.column_count; i++) {
    const LedgerColumn *c = &p->ledgers.columns[i];
    if (!str_eq(c->ledger, k->code) || !c->list) continue;
    Json *o = json_push_obj(m, list);
    PUT(o, "name", c->unit.len ? arena_fmt(m, "%.*s（%.*s）", SFMT(c->name), SFMT(c->unit)) : c->name);
    PUT_BOOL(o, "number", str_eqz(c->type, "int") || str_eqz(c->type, "decimal"));
  }
}

static void lamps_put(Request *rq, Json *view, const EntryCounts *c, Str here, Str chosen) {
  Arena *m = rq->mem;
  const struct { const char *lamp, *label; int64_t n; } all[] = {{"", "全部", c->all}, {"red", "超期", c->red}, {"yellow", "临期", c->yellow}, {"green", "正常", c->green},
                                                                  {"none", "未定期限", c->none}, {"done", "已办结", c->done}};
  Json *list = json_put_arr(m, view, S("lamps"));
  for (size_t i = 0; i < COUNT(all); i++) {
    if (i && !all[i].n && !str_eqz(chosen, all[i].lamp)) continue;
    Json *o = json_push_obj(m, list);
    PUT(o, "label", str_of(all[i].label));
    PUT_INT(o, "n", all[i].n);
    PUT(o, "href", arena_fmt(m, "%.*s&lamp=%s", SFMT(here), all[i].lamp));
    PUT_BOOL(o, "chosen", str_eqz(chosen, all[i].lamp));
  }
}

static Str name_of(const ReportLine *lines, size_t n, int64_t no) {
  for (size_t i = 0; i < n; i++)
    if (lines[i].no == no) return lines[i].name;
  return S("");
}

void view_ledger_changes(Request *rq, Json *view, const LedgerKind *k, const ReportChanges *c, const ReportLine *lines, size_t n) {
  Arena *m = rq->mem;
  const struct { const char *label; const int64_t *list; size_t count; } all[] = {
      {"新增", c->added, c->added_count}, {"完成", c->done, c->done_count}, {"新超期", c->late, c->late_count}, {"延期", c->extended, c->extended_count}};
  Json *list = json_put_arr(m, view, S("changes"));
  for (size_t i = 0; i < COUNT(all); i++) {
    Json *o = json_push_obj(m, list), *rows = json_put_arr(m, o, S("rows"));
    PUT(o, "label", str_of(all[i].label));
    PUT_INT(o, "n", (int64_t)all[i].count);
    for (size_t x = 0; x < all[i].count; x++) {
      Json *r = json_push_obj(m, rows);
      PUT(r, "name", name_of(lines, n, all[i].list[x]));
      PUT(r, "href", arena_fmt(m, "/w/l/%.*s/%lld", SFMT(k->code), (long long)all[i].list[x]));
    }
  }
}

/* What the report of this month would say: shown before it is made. */
static Code changes_now(Cx *cx, Request *rq, Json *view, const LedgerKind *k, Str county, Str month) {
  ReportLine *now = NULL, *before = NULL;
  size_t n = 0, was = 0;
  Str since = S("");
  Db *views = reader_views(rq->rd);
  TRY(report_lines(cx, views, rq->app->policy, k->code, county, day_of(rq->now), &now, &n));
  TRY(report_before(cx, views, k->code, county, month, &before, &was, &since));
  ReportChanges c = report_changes(rq->mem, before, was, now, n);
  view_ledger_changes(rq, view, k, &c, now, n);
  json_put_str(rq->mem, view, S("since"), since.len ? month_cn(rq->mem, since) : since);
  return OK;
}

/* ---- the report in one click ----------------------------------------------------------------------------------------- */

const FormAct ledger_make = {.act = "make", .command = "monthly.make", .title = "月报", .button = "生成本月报表并送审"};

void ledger_make_send(Request *rq, Reply *rp, const LedgerKind *k, Str month, Again *again, const char *tmpl) {
  Arena *m = rq->mem;
  Json *args = json_obj(m);
  if (!month.len) month = month_text(m, day_of(rq->now));
  PUT(args, "ledger", k->code);
  PUT(args, "month", month);
  form_send(rq, rp, &ledger_make, S(""), args, arena_fmt(m, "/w/l/%.*s/report/%.*s/%.*s", SFMT(k->code), SFMT(rq->who->unit), SFMT(month)), again, tmpl);
}

/* Whether the county can make its report of the month, and what stands in the way. */
static Code own_report_of(Cx *cx, Request *rq, Json *o, const LedgerKind *k, Str month) {
  Arena *m = rq->mem;
  const Monthly *x = NULL;
  if (!ledger_fills(rq, k) || !ledger_report_day(rq->app->policy, k)) return OK;
  Str unit = rq->who->unit;
  TRY(monthly_load(cx, rq->rd, monthly_name(m, k->code, unit, month), &x));
  bool reported = x && (str_eqz(x->status, "reported") || str_eqz(x->status, "accepted"));
  bool counts = false;
  Str from = S("");
  TRY(month_counts(cx, rq, k, month, &counts, &from));
  month_put(rq, o, k, month, reported, counts, from);
  PUT_BOOL(o, "can_make", !x || str_eqz(x->status, "returned"));
  if (!x) return OK;
  PUT(o, "own_label", monthly_label(x->status));
  PUT(o, "own_reason", str_eqz(x->status, "returned") ? x->reason : S(""));
  PUT_BOOL(o, "own_sent", str_eqz(x->status, "made") && !request_has_role(rq, ROLE_UNIT_HEAD));
  PUT_BOOL(o, "own_sign", str_eqz(x->status, "made") && request_has_role(rq, ROLE_UNIT_HEAD));
  PUT(o, "own_href", arena_fmt(m, "/w/l/%.*s/report/%.*s/%.*s", SFMT(k->code), SFMT(unit), SFMT(month)));
  return OK;
}

static Code own_report(Cx *cx, Request *rq, Json *o, const LedgerKind *k) {
  return own_report_of(cx, rq, o, k, month_text(rq->mem, day_of(rq->now)));
}

/* Reports of one ledger that are due or late, oldest first; `earlier`: of months before this one only. */
static Code owed_put(Cx *cx, Request *rq, Json *list, const LedgerKind *k, bool earlier) {
  enum { LOOKED_BACK = 12 }; /* months: each stays until it is sent; what is older has its order */
  Arena *m = rq->mem;
  Str months[LOOKED_BACK];
  months[LOOKED_BACK - 1] = month_text(m, day_of(rq->now));
  for (size_t i = LOOKED_BACK - 1; i; i--) months[i - 1] = month_text(m, (Day){month_day(months[i], 1).n - 1});
  for (size_t i = 0; i < LOOKED_BACK - (earlier ? 1 : 0); i++) {
    Json *o = json_obj(m);
    TRY(own_report_of(cx, rq, o, k, months[i]));
    Str lamp = json_str(json_get(o, S("lamp")), S("code"));
    if (!lamp.len || str_eq(lamp, lamp_code(LAMP_DONE)) || str_eq(lamp, lamp_code(LAMP_NONE))) continue;
    PUT(o, "ledger_name", k->name);
    if (!json_get(o, S("own_sent"))) PUT_BOOL(o, "own_sent", false);
    if (!json_get(o, S("own_label"))) PUT(o, "own_label", S("")); /* else a template finds that of this month around it */
    if (!json_get(o, S("own_href"))) PUT(o, "own_href", arena_fmt(m, "/w/l/%.*s?month=%.*s#h-rep", SFMT(k->code), SFMT(months[i])));
    json_push(m, list, o);
  }
  return OK;
}

Code ledger_due_view(Cx *cx, Request *rq, Json *view) {
  const Policy *p = rq->app->policy;
  Json *list = json_put_arr(rq->mem, view, S("reports_due"));
  for (size_t i = 0; i < p->ledgers.kind_count; i++) TRY(owed_put(cx, rq, list, &p->ledgers.kinds[i], false));
  return OK;
}

/* ---- all ledgers ----------------------------------------------------------------------------------------------------- */

static Code ledger_put(Cx *cx, Request *rq, Json *o, const LedgerKind *k) {
  Arena *m = rq->mem;
  EntryRow *rows = NULL;
  EntryCounts counts;
  size_t n = 0;
  bool fills = ledger_fills(rq, k);
  EntryFilter f = {.ledger = k->code, .county = fills ? rq->who->unit : S("")};
  PUT(o, "code", k->code);
  PUT(o, "name", k->name);
  PUT(o, "object", k->object);
  view_source(m, o, k->source);
  TRY(entries_list(cx, reader_views(rq->rd), &f, k->warn_days, day_of(rq->now), &rows, &n, &counts));
  lamps_put(rq, o, &counts, arena_fmt(m, "/w/l/%.*s?county=%.*s", SFMT(k->code), SFMT(f.county)), S("-"));
  TRY(view_month(cx, rq, o, k));
  TRY(own_report(cx, rq, o, k));
  TRY(owed_put(cx, rq, json_put_arr(m, o, S("owed")), k, true));
  PUT_BOOL(o, "monthly", ledger_report_day(rq->app->policy, k) > 0);
  PUT_BOOL(o, "fills", fills);
  if (!fills && ledger_report_day(rq->app->policy, k)) TRY(view_reports(cx, rq, o, k, month_text(m, day_of(rq->now))));
  return OK;
}

static Code page_ledgers(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Ledgers *l = &rq->app->policy->ledgers;
  rp->title = S("台账");
  rp->view = json_obj(m);
  Json *list = json_put_arr(m, rp->view, S("ledgers"));
  PUT(rp->view, "unit_name", unit_name(rq->app->policy, rq->who->unit));
  for (size_t i = 0; i < l->kind_count; i++) TRY(ledger_put(cx, rq, json_push_obj(m, list), &l->kinds[i]));
  return OK;
}

/* ---- one ---------------------------------------------------------------------------------------------------------------- */

static void counties_put(Request *rq, Json *view, const LedgerKind *k, Str chosen) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("counties"));
  for (size_t i = 0; i < k->region_count; i++) {
    Json *o = json_push_obj(m, list);
    PUT(o, "code", k->regions[i]);
    PUT(o, "name", place_name(rq->app->policy, k->regions[i]));
    PUT_BOOL(o, "chosen", str_eq(k->regions[i], chosen));
  }
}

static Str csv_of(Request *rq, const LedgerKind *k, const EntryRow *rows, size_t n) {
  const Policy *p = rq->app->policy;
  Arena *m = rq->mem;
  SCOPED(buf_drop) Buf b = {0};
  buf_init(&b, (size_t)32 << 20);
  buf_fmt(&b, "\xEF\xBB\xBF编号,%.*s,县（市）区,状态,整改方式,应配,灯,到期的事,期限", SFMT(k->object));
  for (size_t i = 0; i < p->ledgers.column_count; i++)
    if (str_eq(p->ledgers.columns[i].ledger, k->code)) buf_char(&b, ','), stat_csv_text(&b, p->ledgers.columns[i].name);
  for (size_t i = 0; i < n; i++) {
    const EntryRow *x = &rows[i];
    Str first[] = {x->number, x->name, place_name(p, x->county), entry_label(x->status), x->measure, x->size, lamp_label(x->lamp), x->what, x->due.n ? day_str(m, x->due) : S("")};
    buf_add(&b, S("\r\n"));
    for (size_t c = 0; c < COUNT(first); c++) {
      if (c) buf_char(&b, ',');
      stat_csv_text(&b, first[c]);
    }
    for (size_t c = 0; c < p->ledgers.column_count; c++)
      if (str_eq(p->ledgers.columns[c].ledger, k->code)) buf_char(&b, ','), stat_csv_text(&b, ledger_value_text(p, k->code, p->ledgers.columns[c].code, json_str(x->values, p->ledgers.columns[c].code)));
  }
  buf_add(&b, S("\r\n"));
  return arena_str(m, buf_str(&b));
}

static Code csv_reply(Cx *cx, Request *rq, Reply *rp, const LedgerKind *k, EntryFilter *f) {
  EntryRow *rows = NULL;
  size_t n = 0;
  f->limit = CSV_ROWS;
  f->offset = 0;
  TRY(entries_list(cx, reader_views(rq->rd), f, k->warn_days, day_of(rq->now), &rows, &n, NULL));
  rp->type = S("text/csv; charset=utf-8");
  rp->body = csv_of(rq, k, rows, n);
  rp->filename = arena_fmt(rq->mem, "%.*s-%.*s.csv", SFMT(k->name), SFMT(day_str(rq->mem, day_of(rq->now))));
  return OK;
}

static int64_t count_by(const EntryCounts *c, Str lamp) {
  return str_eqz(lamp, "red") ? c->red : str_eqz(lamp, "yellow") ? c->yellow : str_eqz(lamp, "green") ? c->green : str_eqz(lamp, "done") ? c->done : str_eqz(lamp, "none") ? c->none : c->all;
}

static EntryFilter filter_of(const Request *rq, const LedgerKind *k) {
  const Json *county = json_get(rq->args, S("county"));
  EntryFilter f = {.ledger = k->code, .lamp = request_arg(rq, S("lamp")), .status = request_arg(rq, S("status")), .county = request_arg(rq, S("county")), .offset = from_of(rq), .limit = STEP};
  if (!county && ledger_fills(rq, k)) f.county = rq->who->unit;
  return f;
}

static Code page_ledger(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const LedgerKind *k = NULL;
  EntryRow *rows = NULL;
  EntryCounts counts;
  size_t n = 0;
  TRY(ledger_of(cx, rq, &k));
  EntryFilter f = filter_of(rq, k);
  if (rq->method == GET && str_eqz(request_arg(rq, S("format")), "csv")) return csv_reply(cx, rq, rp, k, &f);
  TRY(entries_list(cx, reader_views(rq->rd), &f, k->warn_days, day_of(rq->now), &rows, &n, &counts));
  Str here = arena_fmt(m, "/w/l/%.*s?county=%.*s&status=%.*s", SFMT(k->code), SFMT(f.county), SFMT(f.status)), month = month_text(m, day_of(rq->now));
  rp->title = k->name;
  rp->view = json_obj(m);
  PUT(rp->view, "path", arena_fmt(m, "/w/l/%.*s", SFMT(k->code)));
  PUT(rp->view, "code", k->code);
  PUT(rp->view, "object", k->object);
  PUT(rp->view, "office_name", k->office_name);
  PUT(rp->view, "county", f.county);
  if (f.county.len) PUT(rp->view, "county_name", place_name(rq->app->policy, f.county));
  PUT(rp->view, "status", f.status);
  PUT(rp->view, "lamp_filter", f.lamp);
  view_source(m, rp->view, k->source);
  Json *warn = json_put_obj(m, rp->view, S("warn"));
  PUT_INT(warn, "days", k->warn_days);
  view_source(m, warn, k->warn_source);
  PUT_BOOL(rp->view, "shared", k->share_over || k->target_name.len || k->plan_name.len);
  counties_put(rq, rp->view, k, f.county);
  lamps_put(rq, rp->view, &counts, here, f.lamp);
  columns_put(rq, rp->view, k);
  Json *list = json_put_arr(m, rp->view, S("rows"));
  for (size_t i = 0; i < n; i++) TRY(view_row(cx, rq, json_push_obj(m, list), k, &rows[i], false));
  view_pages(rq, rp->view, f.offset, n, STEP, count_by(&counts, f.lamp));
  PUT(rp->view, "here", arena_fmt(m, "%.*s&lamp=%.*s", SFMT(here), SFMT(f.lamp)));
  PUT_BOOL(rp->view, "fills", ledger_fills(rq, k));
  Json *report = json_put_obj(m, rp->view, S("report"));
  TRY(view_month(cx, rq, report, k));
  TRY(own_report(cx, rq, report, k));
  TRY(owed_put(cx, rq, json_put_arr(m, report, S("owed")), k, true));
  PUT_BOOL(rp->view, "monthly", ledger_report_day(rq->app->policy, k) > 0);
  if (!ledger_report_day(rq->app->policy, k)) return OK;
  if (ledger_fills(rq, k)) TRY(changes_now(cx, rq, rp->view, k, rq->who->unit, month));
  Str asked = request_arg(rq, S("month"));
  bool known = asked.len && month_day(asked, 1).n && rq->method == GET;
  Json *city = json_put_obj(m, rp->view, S("city"));
  PUT(city, "month_cn", month_cn(m, known ? asked : month));
  PUT(city, "before", month_text(m, (Day){month_day(known ? asked : month, 1).n - 1}));
  if (known && str_cmp(asked, month) < 0) TRY(own_report_of(cx, rq, json_put_obj(m, rp->view, S("past")), k, asked)); /* one that is still owed */
  return view_reports(cx, rq, city, k, known ? asked : month);
}

static Code post_ledger(Cx *cx, Request *rq, Reply *rp) {
  const LedgerKind *k = NULL;
  TRY(ledger_of(cx, rq, &k));
  ledger_make_send(rq, rp, k, request_arg(rq, S("month")), page_ledger, "ledger");
  return OK;
}

const Route ledger_routes[] = {
    {.method = GET, .path = "/w/l", .allow = SEES, .run = page_ledgers, .tmpl = "ledgers", .section = "ledger", .compact = true, .help = "台账：各个台账的灯、本月月报。"},
    {.method = GET, .path = "/w/l/{code}", .allow = SEES, .run = page_ledger, .tmpl = "ledger", .section = "ledger", .compact = true,
     .help = "一个台账：?county= 县（市）区，?lamp= 灯，?status= 状态，?month= 哪个月的月报，?format=csv 下载。"},
    {.method = POST, .path = "/w/l/{code}", .allow = FILLS, .run = post_ledger, .section = "ledger", .compact = true, .help = "生成本月报表并送审。"},
    {.path = NULL},
};
