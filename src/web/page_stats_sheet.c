/* SPDX-License-Identifier: Apache-2.0 */
/* page_stats_sheet.c: the front page of statistics, the leader's sheet of one A4, the screen on the wall, the public page. */
#include "supervision/supervision.h"
#include "web/page_stats.h"

static Code answer(Cx *cx, Request *rq, const char *question, const StatAsk *ask, StatAnswer *out) {
  return stat_answer(cx, rq->app->stats, rq->rd, str_of(question), ask, out);
}

/* ---- the front page ---------------------------------------------------------------------------------------------- */

static Code make_index(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  StatAsk ask;
  StatAnswer late;
  TRY(stats_ask(cx, rq, &ask));
  TRY(answer(cx, rq, "late", &ask, &late));
  rp->title = S("统计");
  rp->view = json_obj(m);
  stats_head_view(rq, rp->view, &ask);
  PUT_BOOL(rp->view, "all", request_has_role(rq, ROLE_SUPERVISOR | ROLE_LEADER));
  TRY(outside_view(cx, rq, rp->view));
  StatTable *t = &late.tables[0];
  if (ask.only.len && t->count + late.tables[1].count) { /* his own figures, not the city's */
    t->total = arena_new(m, StatRow);
    *t->total = t->count ? t->rows[0] : late.tables[1].rows[0];
  }
  t->count = t->charted_count = 0;
  t->title = ask.only.len ? S("本部门") : S("当日");
  Json *tables = json_put_arr(m, rp->view, S("tables"));
  stats_table_view(rq, tables, &late, &ask, 0, 0);
  return OK;
}

Code page_stats_index(Cx *cx, Request *rq, Reply *rp) {
  return stats_page(cx, rq, rp, make_index);
}

/* ---- parts of tables --------------------------------------------------------------------------------------------------- */

static StatRow row_part(Arena *m, const StatRow *r, const size_t *columns, size_t n) {
  StatRow out = {.key = r->key, .label = r->label, .cells = arena_array(m, StatCell, n + 1)};
  for (size_t c = 0; c < n; c++) out.cells[c] = r->cells[columns[c]];
  return out;
}

/* Some columns of a table, at their own places; the chart stays with those that are left. */
static void table_part(Arena *m, StatTable *t, const size_t *columns, size_t n) {
  StatTable was = *t;
  t->column_count = n;
  t->rows = arena_array(m, StatRow, was.count + 1);
  t->charted_count = 0;
  for (size_t c = 0; c < n; c++) {
    t->columns[c] = was.columns[columns[c]];
    for (size_t k = 0; k < was.charted_count; k++)
      if (was.charted[k] == columns[c]) t->charted[t->charted_count++] = c;
  }
  for (size_t r = 0; r < was.count; r++) t->rows[r] = row_part(m, &was.rows[r], columns, n);
  if (!was.total) return;
  t->total = arena_new(m, StatRow);
  *t->total = row_part(m, was.total, columns, n);
}
#define PART(t, ...) table_part(rq->mem, (t), (const size_t[]){__VA_ARGS__}, sizeof((const size_t[]){__VA_ARGS__}) / sizeof(size_t))

/* ---- the leader's sheet ---------------------------------------------------------------------------------------------------- */

static void tile_view(Request *rq, Json *list, const StatTable *t, size_t now, const char *label, bool before) {
  Arena *m = rq->mem;
  const StatCell *c = &t->total->cells[now], *was = &t->total->cells[now + 1];
  Json *o = json_push_obj(m, list);
  PUT(o, "label", str_of(label));
  PUT(o, "text", stat_cell_text(m, c));
  PUT(o, "was", before ? stat_cell_text(m, was) : S("没有记录"));
  PUT_INT(o, "n", c->n);
  PUT_INT(o, "field", 0);
  if (c->linked) PUT(o, "href", arena_fmt(m, "/w/stats/cases?%.*s&q=year", SFMT(stat_pick_query(m, &c->pick))));
  if (was->linked && before) PUT(o, "was_href", arena_fmt(m, "/w/stats/cases?%.*s&q=year", SFMT(stat_pick_query(m, &was->pick))));
}

static void tiles_view(Request *rq, Json *view, const StatAnswer *year) {
  static const char *const labels[] = {"今年登记项目", "今年受理", "今年出件", "今年办结事项", "办结的超过时限"};
  Json *list = json_put_arr(rq->mem, view, S("tiles"));
  bool before = false; /* a store that began this year has nothing to compare with, which is not the same as nothing done */
  for (size_t i = 0; i < COUNT(labels); i++) before |= year->tables[0].total->cells[2 * i + 1].n != 0;
  for (size_t i = 0; i < COUNT(labels); i++) tile_view(rq, list, &year->tables[0], 2 * i, labels[i], before);
}

/* "worst": which department has most of those that are late now; those that have as many are named, too. "before": how many of them would not be
 * late without the days before their dispatch 派转, which are the window's: whoever reads who is latest reads that, too (docs/decisions/0084). */
static void worst_view(Request *rq, Json *view, const StatTable *late) {
  enum { LATE = 1, LATE_BEFORE = 7 };
  Arena *m = rq->mem;
  const StatRow *most = NULL;
  Str units = S("");
  bool several = false;
  int64_t before = 0;
  for (size_t i = 0; i < late->count; i++)
    if (late->rows[i].cells[LATE].n > (most ? most->cells[LATE].n : 0)) most = &late->rows[i];
  if (!most) return;
  for (size_t i = 0; i < late->count; i++) {
    if (late->rows[i].cells[LATE].n != most->cells[LATE].n) continue;
    before += late->rows[i].cells[LATE_BEFORE].n;
    several = units.len > 0;
    units = several ? arena_fmt(m, "%.*s、%.*s", SFMT(units), SFMT(late->rows[i].label)) : late->rows[i].label;
  }
  Json *o = json_put_obj(m, view, S("worst"));
  PUT(o, "unit", units);
  PUT(o, "code", most->key);
  PUT_BOOL(o, "several", several);
  PUT_INT(o, "n", most->cells[LATE].n);
  if (before) PUT_INT(o, "before", before);
}

/* "now": how many run and are late today, "worst", "longest": which one is late the longest. */
static Code now_view(Cx *cx, Request *rq, Json *view, const StatTable *late) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  LampCount count = {0};
  ItemRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  TRY(items_count(cx, rq->rd, p, S(""), rq->now, &count));
  TRY(items_list(cx, rq->rd, p, &(ItemFilter){.lamp = S("red"), .open = true, .limit = 1}, rq->now, &rows, &n, &total));
  Json *now = json_put_obj(m, view, S("now"));
  PUT_INT(now, "all", count.all);
  PUT_INT(now, "red", count.red);
  PUT_INT(now, "yellow", count.yellow);
  worst_view(rq, view, late);
  if (!n || !rows[0].has_due) return OK;
  Json *o = json_put_obj(m, view, S("longest"));
  PUT(o, "name", rows[0].project_name);
  PUT(o, "item", rows[0].item_name);
  PUT(o, "unit", unit_name(p, rows[0].unit));
  PUT(o, "due", day_cn(m, rows[0].due));
  PUT_INT(o, "days", -rows[0].left);
  view_before(m, o, rows[0].used, rows[0].before, rows[0].limit, true);
  PUT(o, "href", arena_fmt(m, "/w/p/%lld", (long long)rows[0].project));
  return OK;
}

/* What the package allows each stage, shortest and longest of the categories, beside the days; "limits": whose clause says so. */
static void limits_view(Request *rq, Json *view, const Json *table) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  int n = 1;
  for (Json *row = json_get(table, S("rows"))->first; row && n <= STAGE_MAX; row = row->next, n++) {
    int low = 0, high = 0;
    for (size_t i = 0; i < p->category_count; i++) {
      int days = p->categories[i].limit[n];
      if (days && (!low || days < low)) low = days;
      if (days > high) high = days;
    }
    if (high) PUT(row, "allowed", low == high ? arena_fmt(m, "%d", high) : arena_fmt(m, "%d—%d", low, high));
  }
  Json *list = json_put_arr(m, view, S("limits"));
  if (p->category_count) PUT(view, "limits_clause", p->categories[0].source.clause);
  for (size_t i = 0; i < p->category_count; i++) {
    Json *o = json_push_obj(m, list);
    PUT(o, "name", p->categories[i].name);
    view_source(m, o, p->categories[i].source);
  }
}

/* "ended": of what ended late this year, what would not have been late without the days before its dispatch 派转 is the window's (0084). */
static Code ended_view(Cx *cx, Request *rq, Json *view, const StatAsk *ask) {
  enum { DONE_LATE = 4, DONE_LATE_BEFORE = 8 };
  StatAsk year = *ask;
  StatAnswer late;
  int y, month, d;
  day_split(ask->as_of, &y, &month, &d);
  year.from = day_ymd(y, 1, 1);
  year.to = ask->as_of;
  TRY(answer(cx, rq, "late", &year, &late));
  const StatCell *c = late.tables[0].total ? late.tables[0].total->cells : NULL;
  if (!c || !c[DONE_LATE].n) return OK;
  Arena *m = rq->mem;
  Json *o = json_put_obj(m, view, S("ended"));
  PUT_INT(o, "n", c[DONE_LATE].n);
  PUT_INT(o, "window", c[DONE_LATE_BEFORE].n);
  PUT_INT(o, "own", c[DONE_LATE].n - c[DONE_LATE_BEFORE].n);
  return OK;
}

/* "owed": orders 督办单 that wait for whoever reads this; a leader begins here, and has no list of what waits. */
static Code owed_view(Cx *cx, Request *rq, Json *view) {
  DirectiveRow *rows = NULL;
  size_t n = 0;
  int64_t owed = 0;
  DirectiveFilter f = {.to = rq->who, .status = S("issued"), .owed = true};
  TRY(directives_list(cx, rq->rd, rq->app->policy, &f, rq->now, &rows, &n, &owed));
  if (owed) json_put_int(rq->mem, view, S("owed"), owed);
  return OK;
}

static Code make_sheet(Cx *cx, Request *rq, Reply *rp) {
  enum { LATE_SHOWN = 6, UNITS_SHOWN = 6 };
  Arena *m = rq->mem;
  StatAsk ask;
  StatAnswer year, how_long, late, next, funnel, where;
  TRY(stats_ask(cx, rq, &ask));
  TRY(answer(cx, rq, "year", &ask, &year));
  TRY(answer(cx, rq, "long", &ask, &how_long));
  TRY(answer(cx, rq, "late", &ask, &late));
  TRY(answer(cx, rq, "next", &ask, &next));
  TRY(answer(cx, rq, "funnel", &ask, &funnel));
  TRY(answer(cx, rq, "where", &ask, &where));
  rp->title = S("一页统计");
  rp->view = json_obj(m);
  stats_head_view(rq, rp->view, &ask);
  tiles_view(rq, rp->view, &year);
  TRY(now_view(cx, rq, rp->view, &late.tables[0]));
  if (day_of(rq->now).n == ask.as_of.n) TRY(late_beside_view(cx, rq, rp->view));
  TRY(owed_view(cx, rq, rp->view));
  TRY(outside_view(cx, rq, rp->view));
  TRY(ended_view(cx, rq, rp->view, &ask));
  PART(&how_long.tables[0], 0, 1, 2, 3, 4, 5, 6, 7);
  PART(&late.tables[0], 0, 1, 3, 4, 6);
  PART(&funnel.tables[0], 0, 2, 3, 4);
  PART(&where.tables[0], 0, 1, 2, 3, 4, 5);
  Json *list = json_put_arr(m, rp->view, S("tables"));
  stats_table_view(rq, list, &how_long, &ask, 0, SIZE_MAX);
  limits_view(rq, rp->view, list->first);
  stats_table_view(rq, list, &where, &ask, 0, SIZE_MAX);
  stats_table_view(rq, list, &late, &ask, 0, LATE_SHOWN);
  stats_table_view(rq, list, &next, &ask, 1, SIZE_MAX);
  stats_table_view(rq, list, &funnel, &ask, 0, SIZE_MAX);
  return OK;
}

Code page_stats_sheet(Cx *cx, Request *rq, Reply *rp) {
  return stats_page(cx, rq, rp, make_sheet);
}

/* ---- the screen on the wall ---------------------------------------------------------------------------------------------------- */

static void wall_tile(Request *rq, Json *list, const char *label, int64_t n, const char *css) {
  Arena *m = rq->mem;
  Json *o = json_push_obj(m, list);
  PUT(o, "label", str_of(label));
  PUT_INT(o, "n", n);
  PUT(o, "css", str_of(css));
}

/* Those that are late now, the most first; what ended late is history. */
static void late_now(StatTable *t) {
  size_t n = 0;
  for (size_t i = 0; i < t->count; i++) {
    StatRow r = t->rows[i];
    size_t at = n;
    if (!r.cells[1].n) continue;
    for (n++; at && t->rows[at - 1].cells[1].n < r.cells[1].n; at--) t->rows[at] = t->rows[at - 1];
    t->rows[at] = r;
  }
  t->count = n;
}

static Code make_wall(Cx *cx, Request *rq, Reply *rp) {
  enum { LATE_SHOWN = 8 };
  Arena *m = rq->mem;
  StatAsk ask;
  StatAnswer late, next, year;
  int y, month, d;
  TRY(stats_ask(cx, rq, &ask));
  TRY(answer(cx, rq, "late", &ask, &late));
  TRY(answer(cx, rq, "next", &ask, &next));
  TRY(answer(cx, rq, "year", &ask, &year));
  day_split(ask.as_of, &y, &month, &d);
  rp->refresh = 60;
  rp->title = S("工程建设项目审批大屏");
  rp->view = json_obj(m);
  TRY(view_live(cx, rq, rp->view, S("project")));
  PUT(rp->view, "at", time_cn(m, rq->now));
  TRY(outside_view(cx, rq, rp->view));
  PUT(rp->view, "as_of_cn", day_cn(m, ask.as_of));
  const StatCell *now = late.tables[0].total->cells, *here = year.tables[0].rows[month - 1].cells;
  Json *tiles = json_put_arr(m, rp->view, S("tiles"));
  wall_tile(rq, tiles, "在办事项", now[0].n, "");
  wall_tile(rq, tiles, "超期", now[1].n, now[1].n ? "bad" : "ok");
  wall_tile(rq, tiles, "预警", now[2].n, now[2].n ? "warn" : "ok");
  wall_tile(rq, tiles, "七天内到期（含今天）", next.tables[0].total->cells[next.tables[0].column_count - 1].n, "");
  wall_tile(rq, tiles, "本月登记项目", here[0].n, "");
  wall_tile(rq, tiles, "本月受理", here[2].n, "");
  wall_tile(rq, tiles, "本月出件", here[4].n, "");
  wall_tile(rq, tiles, "本月办结事项", here[6].n, "");
  late_now(&late.tables[0]);
  PART(&late.tables[0], 1);
  late.tables[0].total = NULL;
  late.tables[0].title = S("有在办超期的部门");
  Json *list = json_put_arr(m, rp->view, S("tables"));
  stats_table_view(rq, list, &late, &ask, 0, LATE_SHOWN);
  stats_table_view(rq, list, &next, &ask, 1, SIZE_MAX);
  return OK;
}

Code page_stats_wall(Cx *cx, Request *rq, Reply *rp) {
  return stats_page(cx, rq, rp, make_wall);
}

/* ---- for everybody ------------------------------------------------------------------------------------------------------------------ */

/* A count below the bound is not told; where the parts of a row add up, neither are the others. */
static Str public_count(Request *rq, int64_t n) {
  int small = rq->app->policy->stats_small;
  if (!n || n >= small) return arena_fmt(rq->mem, "%lld", (long long)n);
  return str_eq(rq->lang, S("en")) ? arena_fmt(rq->mem, "fewer than %d", small) : arena_fmt(rq->mem, "少于 %d", small);
}

static bool is_small(const Request *rq, int64_t n) {
  return n > 0 && n < rq->app->policy->stats_small;
}

static Str public_days(Request *rq, const StatCell *c, bool told) {
  if (!told || c->none) return S("—");
  if (c->over) return str_eq(rq->lang, S("en")) ? arena_fmt(rq->mem, "more than %lld", (long long)c->n) : stat_cell_text(rq->mem, c);
  return stat_cell_text(rq->mem, c);
}

static void public_stage(Request *rq, Json *list, const StatRow *r, int stage) {
  Arena *m = rq->mem;
  const StatCell *c = r->cells;
  bool hide = is_small(rq, c[1].n) || is_small(rq, c[2].n) || is_small(rq, c[3].n), told = c[0].n > 0 && !is_small(rq, c[0].n);
  Json *o = json_push_obj(m, list);
  PUT_INT(o, "stage", stage);
  PUT(o, "name", rq->app->policy->stages[stage].name);
  PUT(o, "begun", public_count(rq, c[0].n));
  PUT(o, "ended", hide ? S("—") : public_count(rq, c[1].n));
  PUT(o, "running", hide ? S("—") : public_count(rq, c[2].n));
  PUT(o, "half", public_days(rq, &c[4], told));
  PUT(o, "most", public_days(rq, &c[5], told));
  PUT(o, "nearly", public_days(rq, &c[6], told));
}

static Code make_public(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Day today = day_of(rq->now);
  StatAsk ask = {.ps = rq->app->policies, .as_of = today, .from = {today.n - 364}, .to = today};
  StatAnswer how_long, kinds;
  TRY(answer(cx, rq, "long", &ask, &how_long));
  TRY(answer(cx, rq, "category", &ask, &kinds));
  rp->title = tr(rq->lang, S("办理要多久"));
  rp->view = json_obj(m);
  PUT(rp->view, "as_of", day_str(m, today));
  PUT(rp->view, "first", day_str(m, ask.from));
  PUT_INT(rp->view, "small", rq->app->policy->stats_small);
  PUT_BOOL(rp->view, "sample", rq->app->policy->stats_source.sample);
  Json *stages = json_put_arr(m, rp->view, S("rows")), *list = json_put_arr(m, rp->view, S("kinds"));
  for (size_t i = 0; i < how_long.tables[0].count; i++) public_stage(rq, stages, &how_long.tables[0].rows[i], (int)i + 1);
  for (size_t i = 0; i < kinds.tables[0].count; i++) {
    const StatRow *r = &kinds.tables[0].rows[i];
    Json *o = json_push_obj(m, list);
    PUT(o, "name", r->label);
    PUT(o, "registered", public_count(rq, r->cells[0].n));
    PUT(o, "completed", public_count(rq, r->cells[2].n));
  }
  rp->cache = true;
  return OK;
}

Code page_stats_public(Cx *cx, Request *rq, Reply *rp) {
  return stats_page(cx, rq, rp, make_public);
}
