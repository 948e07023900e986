/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_stats.c: a page for each question of statistics, as page, workbook or CSV, and the cases behind a figure. Supervisors and
 * leaders see all; the head of a department its own cases and the totals; a county its own.
 */
#include "paper/xlsx.h"
#include "web/page_stats.h"

enum { CASES_SHOWN = 100, CASES_FILE = 20000 };

Code stats_page(Cx *cx, Request *rq, Reply *rp, Again *make) {
  if (!rq->app->stats) FAIL(NOT_FOUND, "这个服务没有统计。");
  return reply_long(cx, rq, rp, make);
}

/* ---- who asks what -------------------------------------------------------------------------------------------------- */

static Str arg_of(const void *of, Str name) {
  return request_arg(of, name);
}

/* A department's head is bound to his unit, a county's to his county. */
static void scope_of(const Request *rq, Str *only, Str *county) {
  const Unit *u = rq->who ? policy_unit(rq->app->policy, rq->who->unit) : NULL;
  *only = *county = S("");
  if (request_has_role(rq, ROLE_SUPERVISOR | ROLE_LEADER) || !u) return;
  if (str_eqz(u->kind, "county") || str_eqz(u->kind, "zone")) *county = u->code;
  else *only = u->code;
}

Code stats_ask(Cx *cx, Request *rq, StatAsk *out) {
  StatPick p;
  Str county;
  Day today = day_of(rq->now);
  TRY(stat_pick_read(cx, arg_of, rq, &p));
  *out = (StatAsk){.ps = rq->app->policies, .as_of = p.as_of.n ? p.as_of : today, .from = p.from, .to = p.to, .unit = p.unit, .category = p.category,
                   .county = p.county, .stage = p.stage};
  if (out->as_of.n > today.n) FAIL_AT(INVALID, S("as_of"), S(""), "截至日期不能晚于今天：那一天还没有过去");
  if (!out->to.n) out->to = out->as_of;
  if (!out->from.n) out->from = (Day){out->to.n - 364};
  if (out->from.n > out->to.n) FAIL_AT(INVALID, S("first"), S(""), "期间的第一天不能晚于最后一天");
  scope_of(rq, &out->only, &county);
  if (county.len) out->county = county;
  return OK;
}

/* The address of this page with the fields of the ask; more comes behind. */
Str stats_address(Arena *m, const char *path, const StatAsk *ask) {
  StatPick p = {.what = S(""), .as_of = ask->as_of, .from = ask->from, .to = ask->to, .unit = ask->unit, .category = ask->category, .county = ask->county,
                .stage = ask->stage};
  return arena_fmt(m, "%s?%.*s", path, SFMT(str_sub(stat_pick_query(m, &p), sizeof "what=&" - 1, SIZE_MAX)));
}

Code outside_view(Cx *cx, Request *rq, Json *view) {
  Arena *m = rq->mem;
  StatPick p = {.what = S("open-outside"), .as_of = day_of(rq->now)};
  StatCase *list = NULL;
  StatTotal total;
  size_t n = 0;
  if (!rq->app->stats || !request_has_role(rq, ROLE_SUPERVISOR | ROLE_LEADER)) return OK;
  TRY(stat_cases(cx, rq->app->stats, rq->rd, rq->app->policies, &p, 0, 0, &list, &n, &total));
  PUT_INT(view, "outside", total.count);
  PUT_BOOL(view, "outside_said", true);
  PUT(view, "outside_href", arena_fmt(m, "/w/stats/cases?%.*s", SFMT(stat_pick_query(m, &p))));
  return OK;
}

/* ---- tables and charts as views ---------------------------------------------------------------------------------------- */

static void cell_view(Request *rq, Json *list, const StatTable *t, const StatRow *r, size_t col, Str tail, int64_t most) {
  Arena *m = rq->mem;
  const StatCell *c = &r->cells[col];
  Json *o = json_push_obj(m, list);
  PUT(o, "text", stat_cell_text(m, c));
  PUT_INT(o, "n", c->n);
  if (c->kind == STAT_SHARE || c->kind == STAT_DAYS) PUT_INT(o, "of", c->of);
  PUT(o, "what", arena_fmt(m, "%.*s，%.*s", SFMT(r->label), SFMT(t->columns[col])));
  if (most > 0 && c->n > 0 && col + 1 < t->column_count) PUT_INT(o, "step", 1 + (c->n * 4 - 1) / most);
  if (!c->linked || c->none) return;
  Str href = arena_fmt(m, "/w/stats/cases?%.*s%.*s", SFMT(stat_pick_query(m, &c->pick)), SFMT(tail));
  PUT(o, "href", href);
  PUT_INT(o, "field", c->field);
}

static void row_view(Request *rq, Json *o, const StatTable *t, const StatRow *r, Str tail, int64_t most) {
  Arena *m = rq->mem;
  PUT(o, "label", r->label);
  Json *cells = json_put_arr(m, o, S("cells"));
  for (size_t c = 0; c < t->column_count; c++) cell_view(rq, cells, t, r, c, tail, most);
}

static int64_t most_of(const StatTable *t) {
  int64_t most = 0;
  for (size_t r = 0; r < t->count; r++) {
    int64_t sum = 0;
    if (t->chart == CHART_HEAT)
      for (size_t c = 0; c + 1 < t->column_count; c++) most = t->rows[r].cells[c].n > most ? t->rows[r].cells[c].n : most;
    for (size_t k = 0; k < t->charted_count; k++) {
      int64_t n = t->rows[r].cells[t->charted[k]].n;
      sum = t->chart == CHART_STACK ? sum + n : n > sum ? n : sum;
    }
    if (sum > most) most = sum;
  }
  return most;
}

/* Bars lie in a field of 1000 by 100; colours and their words are those of the legend. Marks lie over each other, the longest behind. */
static void bar_view(Request *rq, Json *list, const StatTable *t, const StatRow *r, int64_t most) {
  Arena *m = rq->mem;
  Json *o = json_push_obj(m, list), *parts = json_put_arr(m, o, S("parts"));
  SCOPED(buf_drop) Buf said = {0};
  int64_t x = 0, n = (int64_t)t->charted_count;
  buf_init(&said, 1000);
  PUT(o, "label", r->label);
  for (int64_t k = 0; k < n; k++) {
    int64_t at = t->chart == CHART_MARKS ? n - 1 - k : k;
    const StatCell *c = &r->cells[t->charted[at]], *told = &r->cells[t->charted[k]];
    int64_t w = c->none || most <= 0 ? 0 : c->n * 1000 / most;
    Json *p = json_push_obj(m, parts);
    PUT_INT(p, "c", at);
    PUT_INT(p, "x", x);
    PUT_INT(p, "w", w);
    PUT_INT(p, "y", t->chart == CHART_PAIRS ? k * 100 / n : t->chart == CHART_MARKS ? k * 12 : 0);
    PUT_INT(p, "h", t->chart == CHART_PAIRS ? 100 / n - 6 : t->chart == CHART_MARKS ? 100 - k * 24 : 100);
    if (t->chart == CHART_STACK) x += w;
    buf_fmt(&said, "%s%.*s", k ? " / " : "", SFMT(stat_cell_text(m, told)));
  }
  PUT(o, "text", arena_str(m, buf_str(&said)));
}

static void chart_view(Request *rq, Json *o, const StatTable *t, size_t rows) {
  Arena *m = rq->mem;
  int64_t most = most_of(t);
  if (!t->charted_count || most <= 0) return;
  Json *chart = json_put_obj(m, o, S("chart")), *legend = json_put_arr(m, chart, S("legend")), *bars = json_put_arr(m, chart, S("bars"));
  for (size_t k = 0; k < t->charted_count; k++) {
    Json *one = json_push_obj(m, legend);
    PUT_INT(one, "c", (int64_t)k);
    PUT(one, "label", t->columns[t->charted[k]]);
  }
  for (size_t r = 0; r < rows; r++) bar_view(rq, bars, t, &t->rows[r], most);
}

void stats_table_view(Request *rq, Json *list, const StatAnswer *a, const StatAsk *ask, size_t which, size_t rows_max) {
  Arena *m = rq->mem;
  const StatTable *t = &a->tables[which];
  size_t rows = t->count < rows_max ? t->count : rows_max;
  int64_t most = t->chart == CHART_HEAT ? most_of(t) : 0;
  Json *o = json_push_obj(m, list), *columns = json_put_arr(m, o, S("columns"));
  Str tail = arena_fmt(m, "&q=%.*s&q1=%.*s&q2=%.*s", SFMT(a->code), SFMT(day_str(m, ask->from)), SFMT(day_str(m, ask->to))); /* the way back */
  PUT(o, "id", arena_fmt(m, "%.*s%zu", SFMT(a->code), which));
  PUT(o, "title", t->title);
  PUT(o, "head", t->head);
  PUT_BOOL(o, "heat", t->chart == CHART_HEAT);
  for (size_t c = 0; c < t->column_count; c++) json_push_str(m, columns, t->columns[c]);
  Json *out = json_put_arr(m, o, S("rows"));
  for (size_t r = 0; r < rows; r++) row_view(rq, json_push_obj(m, out), t, &t->rows[r], tail, most);
  if (t->total) row_view(rq, json_put_obj(m, o, S("total")), t, t->total, tail, 0);
  if (rows < t->count) { /* said where the bars end, with where the rest is */
    PUT_INT(o, "left_out", (int64_t)(t->count - rows));
    PUT(o, "of", a->code);
    PUT(o, "of_title", a->title);
  }
  chart_view(rq, o, t, rows);
}

/* ---- files ---------------------------------------------------------------------------------------------------------------- */

static XlsxCell cell_xlsx(Arena *m, const StatCell *c) {
  if (c->kind == STAT_NOTHING || c->none) return (XlsxCell){0};
  if (c->kind == STAT_SHARE) return xlsx_percent(stat_mille(c->n, c->of), 1);
  return c->kind == STAT_DAYS && c->over ? xlsx_text(stat_cell_text(m, c)) : xlsx_int(c->n);
}

static void sheet_of(Arena *m, const StatTable *t, const Str *lines, size_t line_count, XlsxSheet *out) {
  size_t columns = t->column_count + 1, rows = t->count + (t->total != NULL);
  XlsxColumn *heads = arena_array(m, XlsxColumn, columns);
  XlsxCell *cells = arena_array(m, XlsxCell, columns * rows + 1);
  heads[0] = (XlsxColumn){t->head, 36};
  for (size_t c = 0; c < t->column_count; c++) heads[c + 1] = (XlsxColumn){.title = t->columns[c]};
  for (size_t r = 0; r < rows; r++) {
    const StatRow *row = r < t->count ? &t->rows[r] : t->total;
    cells[r * columns] = xlsx_text(row->label);
    for (size_t c = 0; c < t->column_count; c++) cells[r * columns + c + 1] = cell_xlsx(m, &row->cells[c]);
  }
  *out = (XlsxSheet){.name = t->title, .lines = lines, .line_count = line_count, .columns = heads, .column_count = columns, .cells = cells, .row_count = rows};
}

static Code xlsx_reply(Cx *cx, Request *rq, Reply *rp, const StatAnswer *a, const StatAsk *ask) {
  Arena *m = rq->mem;
  Str lines[] = {a->title, arena_fmt(m, "截至 %.*s；期间 %.*s 至 %.*s", SFMT(day_str(m, ask->as_of)), SFMT(day_str(m, ask->from)), SFMT(day_str(m, ask->to))), a->says};
  XlsxSheet sheets[STAT_TABLES_MAX];
  for (size_t i = 0; i < a->count; i++) sheet_of(m, &a->tables[i], lines, COUNT(lines), &sheets[i]);
  rp->type = S(XLSX_TYPE);
  return xlsx_write(cx, sheets, a->count, a->title, day_start(ask->as_of), &rp->body);
}

/* ---- a question -------------------------------------------------------------------------------------------------------------- */

static void choices_view(Request *rq, Json *view, const StatAsk *ask) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Json *categories = json_put_arr(m, view, S("categories")), *counties = json_put_arr(m, view, S("counties")), *stages = json_put_arr(m, view, S("stages"));
  for (size_t i = 0; i < p->category_count; i++) {
    Json *o = json_push_obj(m, categories);
    PUT(o, "code", p->categories[i].code);
    PUT(o, "name", p->categories[i].name);
    PUT_BOOL(o, "chosen", str_eq(p->categories[i].code, ask->category));
  }
  for (size_t i = 0; i < p->unit_count; i++) {
    if (!str_eqz(p->units[i].kind, "county") && !str_eqz(p->units[i].kind, "zone")) continue;
    Json *o = json_push_obj(m, counties);
    PUT(o, "code", p->units[i].code);
    PUT(o, "name", place_name(p, p->units[i].code));
    PUT_BOOL(o, "chosen", str_eq(p->units[i].code, ask->county));
  }
  for (int n = 1; n <= STAGE_MAX; n++) {
    Json *o = json_push_obj(m, stages);
    PUT_INT(o, "n", n);
    PUT(o, "name", p->stages[n].name);
    PUT_BOOL(o, "chosen", n == ask->stage);
  }
}

void stats_head_view(Request *rq, Json *view, const StatAsk *ask) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("questions"));
  Str county, only;
  for (size_t i = 0; i < STAT_QUESTIONS; i++) {
    Json *o = json_push_obj(m, list);
    PUT(o, "code", str_of(stat_questions[i]));
    PUT(o, "title", stat_title(str_of(stat_questions[i])));
    PUT(o, "href", stats_address(m, arena_fmt(m, "/w/stats/%s", stat_questions[i]).ptr, ask));
    PUT_BOOL(o, "current", rq->params[0].len && str_eqz(rq->params[0], stat_questions[i]));
  }
  PUT(view, "as_of", day_str(m, ask->as_of));
  PUT(view, "as_of_cn", day_cn(m, ask->as_of));
  PUT(view, "first", day_str(m, ask->from));
  PUT(view, "last", day_str(m, ask->to));
  PUT_BOOL(view, "past", ask->as_of.n < day_of(rq->now).n);
  PUT(view, "unit", ask->unit);
  if (ask->unit.len) PUT(view, "unit_name", unit_name(rq->app->policy, ask->unit));
  if (ask->only.len) PUT(view, "only_name", unit_name(rq->app->policy, ask->only));
  scope_of(rq, &only, &county);
  if (county.len) PUT(view, "county_name", unit_name(rq->app->policy, county));
  PUT(view, "sheet_href", stats_address(m, "/w/stats/sheet", ask));
  choices_view(rq, view, ask);
}

static Code make_question(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  StatAsk ask;
  StatAnswer a;
  Str format = request_arg(rq, S("format"));
  TRY(stats_ask(cx, rq, &ask));
  TRY(stat_answer(cx, rq->app->stats, rq->rd, rq->params[0], &ask, &a));
  Str file = arena_fmt(m, "%.*s-%.*s", SFMT(a.title), SFMT(day_str(m, ask.as_of)));
  if (str_eq(format, S("csv"))) {
    rp->type = S("text/csv; charset=utf-8");
    rp->body = stat_csv(m, &a, &ask);
    rp->filename = arena_fmt(m, "%.*s.csv", SFMT(file));
    return OK;
  }
  if (str_eq(format, S("xlsx"))) {
    rp->filename = arena_fmt(m, "%.*s.xlsx", SFMT(file));
    return xlsx_reply(cx, rq, rp, &a, &ask);
  }
  rp->title = arena_fmt(m, "统计：%.*s", SFMT(a.title));
  rp->view = json_obj(m);
  stats_head_view(rq, rp->view, &ask);
  PUT(rp->view, "question", a.code);
  PUT(rp->view, "title", a.title);
  PUT(rp->view, "says", a.says);
  TRY(outside_view(cx, rq, rp->view));
  PUT(rp->view, "path", arena_fmt(m, "/w/stats/%.*s", SFMT(a.code)));
  Str address = stats_address(m, arena_fmt(m, "/w/stats/%.*s", SFMT(a.code)).ptr, &ask);
  PUT(rp->view, "csv", arena_fmt(m, "%.*s&format=csv", SFMT(address)));
  PUT(rp->view, "xlsx", arena_fmt(m, "%.*s&format=xlsx", SFMT(address)));
  Json *tables = json_put_arr(m, rp->view, S("tables"));
  for (size_t i = 0; i < a.count; i++) stats_table_view(rq, tables, &a, &ask, i, SIZE_MAX);
  return OK;
}

static Code page_question(Cx *cx, Request *rq, Reply *rp) {
  return stats_page(cx, rq, rp, make_question);
}

/* ---- the cases behind a figure --------------------------------------------------------------------------------------------------- */

static void case_view(Request *rq, Json *list, const StatCase *c, bool own) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  const Item *item = policy_item(p, c->item);
  Json *o = json_push_obj(m, list);
  PUT(o, "href", own ? arena_fmt(m, "/w/t/%lld/%d/%.*s", (long long)c->project, c->stage, SFMT(c->item)) : arena_fmt(m, "/w/p/%lld", (long long)c->project));
  PUT(o, "number", c->number);
  PUT(o, "project_name", c->name);
  if (c->stage) PUT_INT(o, "stage", c->stage);
  if (c->attempt > 1) PUT_INT(o, "attempt", c->attempt);
  PUT(o, "item_name", c->item.len ? item ? item->name : c->item : S(""));
  PUT(o, "unit_name", c->unit.len ? unit_name(p, c->unit) : S(""));
  PUT(o, "category_name", category_name(p, c->category));
  PUT(o, "county_name", place_name(p, c->county));
  if (c->received.n) json_put_str(m, o, c->item.len ? S("dispatched") : S("received"), day_str(m, c->received));
  if (c->start.n) PUT(o, "start", day_str(m, c->start));
  if (c->ended.n) PUT(o, "ended", day_str(m, c->ended));
  if (!c->start.n) return;
  view_reading(m, o, &c->clock, c->limit);
  PUT_INT(o, "unit_days", c->clock.held[HELD_UNIT] - c->clock.before);
  PUT_INT(o, "before_days", c->clock.before);
  PUT_INT(o, "applicant_days", c->clock.held[HELD_APPLICANT]);
  PUT_INT(o, "third_days", c->clock.held[HELD_THIRD]);
  PUT_INT(o, "rest_days", c->clock.held[HELD_NOBODY]);
  PUT_INT(o, "gross_days", c->clock.gross);
}

static Str cases_csv(Arena *m, const Json *cases) {
  static const char *const keys[] = {"number", "project_name", "category_name", "county_name", "stage", "attempt", "item_name", "unit_name", "received", "start", "dispatched", "ended", "limit",
                                     "used", "gross_days", "before_days", "unit_days", "applicant_days", "third_days", "rest_days"};
  static const char head[] = "编号,项目,类别,县区,阶段,第几次,事项,部门,收件,受理,派转,办结,时限,已用,合计,派转前,部门办理,申请人,特别程序,休息日\r\n";
  SCOPED(buf_drop) Buf b = {0};
  buf_init(&b, (size_t)32 << 20);
  buf_fmt(&b, "\xEF\xBB\xBF%s", head);
  for (const Json *c = cases->first; c; c = c->next)
    for (size_t i = 0; i < COUNT(keys); i++) {
      const Json *v = json_get(c, str_of(keys[i]));
      if (i) buf_char(&b, ',');
      if (v && v->kind == JSON_INT) buf_i64(&b, v->num);
      else if (v && v->kind == JSON_STR) stat_csv_text(&b, v->str);
      if (i + 1 == COUNT(keys)) buf_add(&b, S("\r\n"));
    }
  return arena_str(m, buf_str(&b));
}

static Code pick_of(Cx *cx, Request *rq, StatPick *p, bool *own) {
  Str only, county;
  TRY(stat_pick_read(cx, arg_of, rq, p));
  if (!p->what.len) p->what = S("open"); /* as the site map leads here */
  if (!p->as_of.n) p->as_of = day_of(rq->now);
  if (p->as_of.n > day_of(rq->now).n) FAIL_AT(INVALID, S("as_of"), S(""), "截至日期不能晚于今天：那一天还没有过去");
  scope_of(rq, &only, &county);
  if (county.len) p->county = county;
  *own = only.len > 0;
  if (!*own) return OK;
  if (!stat_of_items(p->what)) FAIL(DENIED, "部门只能打开本部门事项的名单；这个数的名单由营商部门和市领导查看。");
  p->unit = only;
  return OK;
}

static void cases_head(Request *rq, Json *view, const StatPick *p, const StatTotal *t) {
  Arena *m = rq->mem;
  const Policy *pol = rq->app->policy;
  const Item *item = policy_item(pol, p->item);
  Str q = request_arg(rq, S("q")), q1 = request_arg(rq, S("q1")), q2 = request_arg(rq, S("q2"));
  PUT(view, "label", stat_label(p->what));
  PUT(view, "as_of", day_str(m, p->as_of));
  if (p->from.n) PUT(view, "first", day_str(m, p->from));
  if (p->to.n) PUT(view, "last", day_str(m, p->to));
  if (p->stage) PUT_INT(view, "of_stage", p->stage);
  if (p->unit.len) PUT(view, "unit_name", unit_name(pol, p->unit));
  if (p->item.len) PUT(view, "item_name", item ? item->name : p->item);
  if (p->category.len) PUT(view, "category_name", category_name(pol, p->category));
  if (p->county.len) PUT(view, "county_name", place_name(pol, p->county));
  if (stat_title(q).len) {
    PUT(view, "question_title", stat_title(q));
    PUT(view, "question_href", arena_fmt(m, "/w/stats/%.*s?as_of=%.*s%s%.*s%s%.*s", SFMT(q), SFMT(day_str(m, p->as_of)), q1.len ? "&first=" : "", SFMT(q1), q2.len ? "&last=" : "", SFMT(q2)));
  }
  Json *o = json_put_obj(m, view, S("total_days"));
  PUT_INT(o, "gross", t->gross);
  PUT_INT(o, "unit", t->unit);
  PUT_INT(o, "before", t->before);
  PUT_INT(o, "own", t->unit - t->before);
  PUT_INT(o, "applicant", t->applicant);
  PUT_INT(o, "third", t->third);
  PUT_INT(o, "rest", t->rest);
}

static Code make_cases(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  StatPick p;
  StatCase *list = NULL;
  StatTotal total;
  size_t n = 0, skip = from_of(rq);
  bool own, csv = str_eq(request_arg(rq, S("format")), S("csv"));
  TRY(pick_of(cx, rq, &p, &own));
  TRY(stat_cases(cx, rq->app->stats, rq->rd, rq->app->policies, &p, csv ? 0 : skip, csv ? CASES_FILE : CASES_SHOWN, &list, &n, &total));
  Json *view = json_obj(m), *cases = json_put_arr(m, view, S("cases"));
  for (size_t i = 0; i < n; i++) case_view(rq, cases, &list[i], own);
  if (csv) {
    rp->type = S("text/csv; charset=utf-8");
    rp->body = cases_csv(m, cases);
    rp->filename = arena_fmt(m, "名单-%.*s-%.*s.csv", SFMT(stat_label(p.what)), SFMT(day_str(m, p.as_of)));
    return OK;
  }
  rp->title = arena_fmt(m, "统计名单：%.*s", SFMT(stat_label(p.what)));
  rp->view = view;
  cases_head(rq, view, &p, &total);
  view_pages(rq, view, skip, n, CASES_SHOWN, total.count);
  Str here = arena_fmt(m, "/w/stats/cases?%.*s&q=%.*s&q1=%.*s&q2=%.*s", SFMT(stat_pick_query(m, &p)), SFMT(request_arg(rq, S("q"))),
                       SFMT(request_arg(rq, S("q1"))), SFMT(request_arg(rq, S("q2"))));
  PUT(view, "csv", arena_fmt(m, "%.*s&format=csv", SFMT(here)));
  if (skip) PUT(view, "previous_href", arena_fmt(m, "%.*s&from=%zu", SFMT(here), skip > CASES_SHOWN ? skip - CASES_SHOWN : 0));
  if (skip + n < (size_t)total.count) PUT(view, "next_href", arena_fmt(m, "%.*s&from=%zu", SFMT(here), skip + CASES_SHOWN));
  return OK;
}

static Code page_cases(Cx *cx, Request *rq, Reply *rp) {
  return stats_page(cx, rq, rp, make_cases);
}

#define SEES (ROLE_SUPERVISOR | ROLE_LEADER | ROLE_UNIT_HEAD)
const Route stats_routes[] = {
    {.method = GET, .path = "/w/stats", .allow = SEES, .run = page_stats_index, .tmpl = "stats_index", .section = "stats", .compact = true,
     .help = "统计：每个问题一页，加一张给领导的纸、一块墙上的屏。"},
    {.method = GET, .path = "/w/stats/sheet", .allow = ROLE_SUPERVISOR | ROLE_LEADER, .run = page_stats_sheet, .tmpl = "stats_sheet", .section = "stats", .compact = true,
     .help = "给领导的一页：打印成一张 A4。"},
    {.method = GET, .path = "/w/stats/wall", .allow = ROLE_SUPERVISOR | ROLE_LEADER, .run = page_stats_wall, .tmpl = "stats_wall", .section = "stats",
     .help = "墙上的大屏：有变化时自己刷新，没有脚本的每分钟刷新，没有个人信息。"},
    {.method = GET, .path = "/w/stats/cases", .allow = SEES, .run = page_cases, .tmpl = "stats_cases", .section = "stats", .compact = true,
     .help = "统计里一个数背后的办件，逐件列出；?format=csv 下载。"},
    {.method = GET, .path = "/w/stats/{question}", .allow = SEES, .run = page_question, .tmpl = "stats", .section = "stats", .compact = true,
     .help = "一个统计问题：?as_of= 截至哪一天，?first= ?last= 期间，?category= ?county= ?stage= ?unit= 只看一部分，?format=csv 或 xlsx 下载。"},
    {.method = GET, .path = "/s/stats", .allow = ROLE_PUBLIC, .run = page_stats_public, .tmpl = "stats_public", .section = "open",
     .help = "公开的统计：办理要多久，各类别登记和办结多少。"},
    {.path = NULL},
};
