/* SPDX-License-Identifier: Apache-2.0 */
/*
 * figures.c: what the journal can tell about a unit. Tables of other rooms are known by name: fact, act, project (approval), directive
 * (supervision), rating (notice). Each figure is a query over rows (unit, good, …), written once: summed by unit for the figure, listed for the
 * cases behind it, so that the two cannot differ. Only what can no longer change once the day is over is asked: facts are never changed, orders
 * keep when they were issued and first answered, an answer of a customer is final.
 */
#include "evaluation/evaluation.h"

/* ?1 and ?2: the first and the last day; ?3: as of the end of which day. Rows: unit, good, project, stage, item, no, value, day. */
#define DAY_OF(ms) "(" ms " + 28800000) / 86400000"
/* An item as it was known then; applied for again, it has another first day and is another one. 2: under national or provincial authority. */
#define ITEMS                                                                                                                             \
  " FROM (SELECT project, stage, item, attempt, start, max(pos) AS pos FROM fact WHERE item <> '' AND known <= ?3 GROUP BY project, stage, item, attempt, start) l" \
  " JOIN fact f ON f.pos = l.pos AND f.stage = l.stage AND f.item = l.item"
#define ENDED " WHERE f.state IN (4, 5) AND f.flags < 2 AND f.ended BETWEEN ?1 AND ?2"
#define OF_ITEM "f.project AS project, f.stage AS stage, f.item AS item, 0 AS no, 0 AS value, f.start AS begun, f.received AS sent, f.ended AS ended, f.used AS used, f.days AS days"
#define OF_NONE ", 0 AS begun, 0 AS sent, 0 AS ended, 0 AS used, 0 AS days"
#define LIMITS "SELECT f.unit AS unit, CASE WHEN f.late = 0 THEN 1 ELSE 0 END AS good, " OF_ITEM ", f.ended AS day" ITEMS ENDED
#define GROUPED " GROUP BY f.pos, f.stage, f.item, f.unit, f.project, f.start, f.received, f.ended, f.used, f.days, f.late"
#define LAMPS                                                                                                                             \
  "SELECT f.unit AS unit, CASE WHEN f.late = 0 AND count(d.no) = 0 THEN 1 ELSE 0 END AS good, " OF_ITEM ", f.start AS day" ITEMS                          \
  " LEFT JOIN (SELECT DISTINCT no, of_no, stage, item, issued FROM directive WHERE kind = 'item') d ON d.of_no = f.project AND d.stage = f.stage AND d.item = f.item"                            \
  " AND " DAY_OF("d.issued") " BETWEEN f.start AND ?3 AND (f.ended = 0 OR " DAY_OF("d.issued") " <= f.ended)"                              \
  " WHERE f.flags < 2 AND f.start BETWEEN ?1 AND ?2" GROUPED
#define RETURNS                                                                                                                           \
  "SELECT f.unit AS unit, CASE WHEN count(a.pos) <= 1 THEN 1 ELSE 0 END AS good, " OF_ITEM ", f.ended AS day" ITEMS                        \
  " LEFT JOIN (SELECT DISTINCT pos, project, stage, item, day FROM act WHERE kind = 'returned') a ON a.project = f.project AND a.stage = f.stage AND a.item = f.item AND a.day BETWEEN f.start AND f.known" ENDED GROUPED
/* Those that were to be answered in the period: whoever first answered, or had the matter settled or closed, by the first day that was set. */
#define ORDERS                                                                                                                            \
  "SELECT d.unit AS unit, CASE WHEN d.answered > 0 AND " DAY_OF("d.answered") " <= d.first_by THEN 1 ELSE 0 END AS good, 0 AS project, 0 AS stage, '' AS item,"  \
  " d.no AS no, 0 AS value" OF_NONE ", d.first_by AS day FROM directive d WHERE d.first_by BETWEEN ?1 AND ?2 AND ?2 <= ?3"
#define ANSWERS(who)                                                                                                                      \
  "SELECT r." who " AS unit, CASE WHEN r.satisfied >= 3 THEN 1 ELSE 0 END AS good, r.project AS project, r.stage AS stage, '' AS item, 0 AS no,"                   \
  " r.satisfied AS value" OF_NONE ", " DAY_OF("r.answered") " AS day FROM rating r WHERE r.level > 0 AND " DAY_OF("r.answered") " BETWEEN ?1 AND ?2 AND ?2 <= ?3"
#define SUM_OF(rows, name) {"figure." name, "iii", "siii", "SELECT unit, sum(good), sum(value), count(*) FROM (" rows ") x GROUP BY unit ORDER BY unit"}
#define PART " WHERE x.unit = ?4 AND (?5 = 'all' OR x.good = CASE WHEN ?5 = 'good' THEN 1 ELSE 0 END)"
#define CASES_OF(rows, name)                                                                                                              \
  {"figure.cases-" name, "iiissii", "iisiiiissiiiii",                                                                                          \
   "SELECT x.project, x.stage, x.item, x.no, x.value, x.day, x.good, coalesce(p.number, ''), coalesce(p.name, ''), x.begun, x.sent, x.ended, x.used, x.days FROM (" rows ") x LEFT JOIN project p ON p.no = x.project" \
   PART " ORDER BY x.good, x.day, x.project, x.stage, x.item, x.no LIMIT ?6 OFFSET ?7"}
#define COUNT_OF(rows, name) {"figure.total-" name, "iiiss", "i", "SELECT count(*) FROM (" rows ") x" PART}
#define ALL_OF(rows, name) SUM_OF(rows, name), CASES_OF(rows, name), COUNT_OF(rows, name)

typedef struct Queries { const char *figure; Sql sum, cases, total; bool region; } Queries; /* region: rows go by county */
static const Queries queries[] = {{"limits", ALL_OF(LIMITS, "limits"), false},
                                  {"lamps", ALL_OF(LAMPS, "lamps"), false},
                                  {"returns", ALL_OF(RETURNS, "returns"), false},
                                  {"orders", ALL_OF(ORDERS, "orders"), false},
                                  {"satisfaction", ALL_OF(ANSWERS("unit"), "satisfaction"), false},
                                  {"satisfaction", ALL_OF(ANSWERS("county"), "satisfaction-county"), true}};

static const struct { const char *code, *name, *says; } names[] = {
    {"limits", "事项在时限内办结", "期间办结的事项里，没有超过时限的（批准的延长不算超过）。"},
    {"lamps", "事项没有超期亮灯", "期间开始办理的事项里，没有超期的：没有超过时限才办结，也没有因超期被督办。"},
    {"returns", "退回补正不超过一次", "期间办结的事项里，退回申请人补正不超过一次的。"},
    {"orders", "督办单按期回复", "期间应当回复的督办单里，在第一次写明的回复日以前回复或者办结的。"},
    {"rules", "牵头的配套制度出台", "由本单位牵头、期限已到的配套制度里，已经登记出台的。"},
    {"satisfaction", "群众和企业满意度", "好差评里满意度的平均分，五分为满分；份数太少的不计。部门按牵头的阶段算，县（市）区按项目所在地算。"}};

static int name_at(Str figure) {
  for (size_t i = 0; i < COUNT(names); i++)
    if (str_eqz(figure, names[i].code)) return (int)i;
  return -1;
}
bool figure_known(Str figure) { return name_at(figure) >= 0; }
Str figure_name(Str figure) { return figure_known(figure) ? str_of(names[name_at(figure)].name) : figure; }
Str figure_says(Str figure) { return figure_known(figure) ? str_of(names[name_at(figure)].says) : S(""); }

FigureAsk figure_ask(const Policy *p, int64_t year, Day as_of) {
  Day last = day_ymd((int)year, 12, 31);
  return (FigureAsk){.p = p, .from = day_ymd((int)year, 1, 1), .to = as_of.n < last.n ? as_of : last, .as_of = as_of};
}
#define PERIOD(ask) val_i((ask)->from.n), val_i((ask)->to.n), val_i((ask)->as_of.n)

/* ---- the figures ------------------------------------------------------------------------------------------------- */

enum { FIGURES_MAX = 2000, RATING_BEST = 5 };
typedef struct Figures { Figure *list; size_t count; } Figures;

static Figure *figure_at(Figures *f, Str unit, Str figure) {
  for (size_t i = 0; i < f->count; i++)
    if (str_eq(f->list[i].unit, unit) && str_eq(f->list[i].figure, figure)) return &f->list[i];
  if (f->count == FIGURES_MAX) return NULL;
  f->list[f->count] = (Figure){.unit = unit, .figure = figure};
  return &f->list[f->count++];
}

/* A mean is a fraction of five for each answer, and nothing below the least number of answers. */
static Code counted(Cx *cx, Db *views, const FigureAsk *ask, const Queries *q, Figures *f) {
  SCOPED(rows_drop) Rows *r = NULL;
  bool mean = !strcmp(q->figure, "satisfaction");
  TRY(db_rows(cx, views, &q->sum, VALS(PERIOD(ask)), &r));
  while (rows_next(r)) {
    Figure *x = figure_at(f, row_s(cx, r, 0), str_of(q->figure));
    if (!x) break;
    x->n = row_i(r, 3);
    x->good = mean ? row_i(r, 2) : row_i(r, 1);
    x->all = mean ? (x->n < ask->p->rating_least ? 0 : RATING_BEST * x->n) : x->n;
  }
  return rows_end(cx, r);
}

/* Whoever registered it by that day has issued it; that it was repealed later is another matter. */
static bool rule_due(const FigureAsk *ask, const RuleRow *r) {
  return r->due.n && r->due.n <= ask->to.n && (!r->added_at || day_of(r->added_at).n <= ask->as_of.n);
}

static bool rule_good(const FigureAsk *ask, const RuleRow *r) {
  return r->issued_at && day_of(r->issued_at).n <= ask->as_of.n;
}

static Code rules_counted(Cx *cx, Db *views, const FigureAsk *ask, Figures *f) {
  RuleRow *rows = NULL;
  size_t n = 0;
  TRY(rules_list(cx, views, ask->p, &(RuleFilter){0}, ask->as_of, &rows, &n));
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; rule_due(ask, &rows[i]) && k < rows[i].lead_count; k++) {
      Figure *x = figure_at(f, rows[i].leads[k], S("rules"));
      if (x) x->all = ++x->n, x->good += rule_good(ask, &rows[i]);
    }
  return OK;
}

Code figures_count(Cx *cx, Db *views, const FigureAsk *ask, Figure **out, size_t *n) {
  Figures f = {.list = arena_array(cx->mem, Figure, FIGURES_MAX)};
  for (size_t i = 0; i < COUNT(queries); i++) TRY(counted(cx, views, ask, &queries[i], &f));
  TRY(rules_counted(cx, views, ask, &f));
  *out = f.list;
  *n = f.count;
  return OK;
}

/* Late by the legal clock, which began with the acceptance, and not without the working days that passed before the department got it. */
static void dispatch_days(const FigureAsk *ask, const Rows *r, int from, FigureCase *c) {
  Day begun = {(int32_t)row_i(r, from)}, sent = {(int32_t)row_i(r, from + 1)}, ended = {(int32_t)row_i(r, from + 2)};
  int used = (int)row_i(r, from + 3);
  if (!sent.n || !ended.n) return;
  c->before = calendar_count(ask->p->calendar, begun, sent.n < ended.n ? sent : ended);
  if (c->before > used) c->before = used;
  c->own_in_time = !c->good && c->before > 0 && used - c->before <= (int)row_i(r, from + 4);
}

Code figure_late_before(Cx *cx, Db *views, const FigureAsk *ask, Str unit, int64_t *late, int64_t *before) {
  static const Sql sql = {"figure.late-before", "iiis", "iiiii", "SELECT x.begun, x.sent, x.ended, x.used, x.days FROM (" LIMITS ") x WHERE x.unit = ?4 AND x.good = 0"};
  SCOPED(rows_drop) Rows *r = NULL;
  *late = *before = 0;
  TRY(db_rows(cx, views, &sql, VALS(PERIOD(ask), val_s(unit)), &r));
  while (rows_next(r)) {
    FigureCase c = {0};
    dispatch_days(ask, r, 0, &c);
    ++*late;
    *before += c.own_in_time;
  }
  return rows_end(cx, r);
}

/* ---- the cases behind one ------------------------------------------------------------------------------------------ */

static Code rule_cases(Cx *cx, Db *views, const FigureAsk *ask, Str unit, Str part, size_t skip, size_t max, FigureCase *list, size_t *n, int64_t *total) {
  RuleRow *rows = NULL;
  size_t count = 0;
  TRY(rules_list(cx, views, ask->p, &(RuleFilter){.unit = unit}, ask->as_of, &rows, &count));
  *total = 0;
  for (size_t i = 0; i < count; i++) {
    bool good = rule_good(ask, &rows[i]);
    if (!rule_due(ask, &rows[i]) || (!str_eqz(part, "all") && good != str_eqz(part, "good"))) continue;
    if (*total >= (int64_t)skip && *n < max) list[(*n)++] = (FigureCase){.name = rows[i].name, .number = good ? rows[i].number : S(""), .code = rows[i].code, .day = rows[i].due, .good = good};
    (*total)++;
  }
  return OK;
}

static const Queries *queries_of(const Policy *p, Str figure, Str unit) {
  const Unit *u = policy_unit_known(p, unit);
  bool region = u && (str_eqz(u->kind, "county") || str_eqz(u->kind, "zone"));
  for (size_t i = 0; i < COUNT(queries); i++)
    if (str_eqz(figure, queries[i].figure) && (strcmp(queries[i].figure, "satisfaction") != 0 || queries[i].region == region)) return &queries[i];
  return NULL;
}

Code figure_cases(Cx *cx, Db *views, const FigureAsk *ask, Str figure, Str unit, Str part, size_t skip, size_t max, FigureCase **out, size_t *n, int64_t *total) {
  SCOPED(rows_drop) Rows *r = NULL;
  const Queries *q = queries_of(ask->p, figure, unit);
  FigureCase *list = arena_array(cx->mem, FigureCase, max + 1);
  *out = list;
  *n = 0;
  if (str_eqz(figure, "rules")) return rule_cases(cx, views, ask, unit, part, skip, max, list, n, total);
  if (!q) FAIL(NOT_FOUND, "没有“%.*s”这样的指标，请从考评页打开。", SFMT(figure));
  TRY(db_int(cx, views, &q->total, VALS(PERIOD(ask), val_s(unit), val_s(part)), 0, total));
  TRY(db_rows(cx, views, &q->cases, VALS(PERIOD(ask), val_s(unit), val_s(part), val_i((int64_t)max), val_i((int64_t)skip)), &r));
  while (*n < max && rows_next(r)) {
    FigureCase *c = &list[(*n)++];
    *c = (FigureCase){.project = row_i(r, 0), .stage = (int)row_i(r, 1), .item = row_s(cx, r, 2), .no = row_i(r, 3), .value = row_i(r, 4),
                      .day = {(int32_t)row_i(r, 5)}, .good = row_i(r, 6) != 0, .number = row_s(cx, r, 7), .name = row_s(cx, r, 8)};
    if (c->item.len) dispatch_days(ask, r, 9, c);
  }
  return rows_end(cx, r);
}
