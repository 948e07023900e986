/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_appraisal.c: the evaluation of departments and regions 考核评价: the years, one year with its plan and ranks, one unit with its
 * scores and figures, and the cases behind a figure (D60-6.21.3; S22).
 */
#include "web/page_appraisal.h"
#include "web/web_int.h"

enum { CASES_SHOWN = 100 };

Code appraisal_of(Cx *cx, Request *rq, const Appraisal **out) {
  TRY(appraisal_load(cx, rq->rd, param_no(rq, 0), out));
  if (str_eqz((*out)->status, "draft") && !request_has_role(rq, WATCH)) FAIL(NOT_FOUND, "没有这一年的考评，或者评价办法还没有公布。");
  return OK;
}

/* Figures and results: of closing, or as of yesterday while it is open. */
typedef struct Standing { Day as_of; Figure *figures; size_t figure_count; Result *results; size_t result_count; } Standing;

/* ---- figures and results ----------------------------------------------------------------------------------------- */

static FigureAsk ask_of(const Request *rq, const Appraisal *a, Day as_of) {
  const Packages *packages = rq->app->policies ? rq->app->policies->packages : NULL;
  const Policy *then = a->policy.len && packages ? packages_find(packages, a->policy) : NULL;
  return figure_ask(then ? then : rq->app->policy, a->year, as_of);
}

static Day day_asked(const Request *rq, const Appraisal *a) {
  return a->as_of.n ? a->as_of : (Day){day_of(rq->now).n - 1};
}

/* ---- counting is a worker's: it reads all facts of the store --------------------------------------------------------- */

typedef struct Counting {
  Web *web;
  FigureAsk ask;
  Arena *mem;              /* closed when the page has been made */
  Figure *figures; size_t figure_count;
  Str figure, unit, part;  /* figure empty: all figures; else the cases behind one */
  size_t skip;
  FigureCase *cases; size_t case_count; int64_t total;
  int64_t late, late_before; /* of the figure limits */
  Again *make;
  Code code;
} Counting;

static Code count_now(Cx *cx, Reader *rd, Counting *w) {
  if (!w->figure.len) return figures_count(cx, reader_views(rd), &w->ask, &w->figures, &w->figure_count);
  if (str_eqz(w->figure, "limits")) TRY(figure_late_before(cx, reader_views(rd), &w->ask, w->unit, &w->late, &w->late_before));
  return figure_cases(cx, reader_views(rd), &w->ask, w->figure, w->unit, w->part, w->skip, CASES_SHOWN, &w->cases, &w->case_count, &w->total);
}

static void count_run(void *arg) {
  SCOPED(loan_end) Loan loan = {0};
  Counting *w = arg;
  Cx cx = {.mem = w->mem};
  w->code = loan_take(&cx, w->web, &loan);
  if (w->code == OK) w->code = count_now(&cx, loan.rd, w);
}

static Code count_done(Cx *cx, Request *rq, void *arg, Reply *rp) {
  Counting *w = arg;
  SCOPED(arena_close_p) Arena *mem = w->mem;
  (void)mem;
  if (w->code == NOT_FOUND) FAIL(NOT_FOUND, "没有“%.*s”这样的指标，请从考评页打开。", SFMT(rq->params[2]));
  if (w->code != OK) FAIL(w->code, "考评的数没有算出来，请过一会儿再试。");
  for (size_t i = 0; i < w->case_count; i++) { /* the page outlives the worker's memory; figures are only compared */
    FigureCase *c = &w->cases[i];
    Str *const texts[] = {&c->item, &c->number, &c->name, &c->code};
    for (size_t k = 0; k < COUNT(texts); k++) *texts[k] = arena_str(rq->mem, *texts[k]);
  }
  rq->state = w;
  return w->make(cx, rq, rp);
}

/* Counts, then makes the page, which finds it in rq->state. After a refused form it is wanted at once. */
static Code counted_page(Cx *cx, Request *rq, Reply *rp, const Counting *want) {
  Counting *w = arena_new(rq->mem, Counting);
  *w = *want;
  w->web = rq->web;
  if (rq->method == POST) {
    TRY(count_now(cx, rq->rd, w));
    void *before = rq->state;
    rq->state = w;
    Code code = w->make(cx, rq, rp);
    rq->state = before;
    return code;
  }
  w->mem = arena_open((size_t)64 << 20);
  reply_job(rp, JOB_LONG, count_run, count_done, w);
  return OK;
}

/* Of closing, of the draft that opinions are asked about, or as it is now. */
static Standing standing_of(Request *rq, const Appraisal *a, const Counting *w, bool again) {
  if (a->as_of.n && !again) return (Standing){a->as_of, a->figures, a->figure_count, a->results, a->result_count};
  Standing s = {.as_of = w->ask.as_of, .figures = w->figures, .figure_count = w->figure_count, .results = arena_array(rq->mem, Result, a->object_count + 1)};
  s.result_count = appraisal_rank(rq->mem, a, w->ask.p, w->figures, w->figure_count, s.results);
  return s;
}

static Str points_text(Arena *m, int64_t millionths) {
  return hundredths_text(m, millionths / 10000);
}

static Str figure_text(Arena *m, const Figure *f) {
  if (!str_eqz(f->figure, "satisfaction")) return arena_fmt(m, "%lld／%lld", (long long)f->good, (long long)f->all);
  return arena_fmt(m, "%.*s 分，%lld 份", SFMT(hundredths_text(m, f->n ? f->good * 100 / f->n : 0)), (long long)f->n);
}

/* ---- parts of views ------------------------------------------------------------------------------------------------ */

static Str method_label(const Request *rq, Str method) {
  return str_eqz(method, "qualitative") ? tr(rq->lang, S("定性")) : tr(rq->lang, S("定量"));
}

static void criterion_view(Request *rq, Json *o, const Criterion *c) {
  Arena *m = rq->mem;
  PUT(o, "code", c->code);
  PUT(o, "name", c->name);
  PUT(o, "dimension_name", c->dimension_name);
  PUT(o, "method_label", method_label(rq, c->method));
  PUT_INT(o, "weight", c->weight);
  PUT_BOOL(o, "disclosure", c->disclosure);
  PUT(o, "figure", c->figure);
  if (c->figure.len) PUT(o, "says", tr(rq->lang, figure_says(c->figure)));
}

void appraisal_plan_view(Request *rq, Json *view, const Appraisal *a) {
  Arena *m = rq->mem;
  Json *criteria = json_put_arr(m, view, S("criteria")), *grades = json_put_arr(m, view, S("grades"));
  PUT_INT(view, "year", a->year);
  PUT(view, "status", a->status);
  PUT(view, "status_label", tr(rq->lang, appraisal_label(a->status)));
  PUT_INT(view, "daily", a->daily);
  PUT_INT(view, "final", 100 - a->daily);
  PUT_INT(view, "self", a->self);
  PUT_INT(view, "inspection", 100 - a->self);
  PUT_INT(view, "least", a->disclosure);
  PUT_BOOL(view, "sample", rq->app->policy->reform.appraisal_source.sample);
  for (size_t i = 0; i < a->criterion_count; i++) criterion_view(rq, json_push_obj(m, criteria), &a->criteria[i]);
  for (size_t i = 0; i < a->grade_count; i++) {
    Json *o = json_push_obj(m, grades);
    PUT(o, "name", tr(rq->lang, a->grades[i].name));
    PUT_INT(o, "low", a->grades[i].from);
    if (i) PUT_INT(o, "below", a->grades[i - 1].from);
  }
  if (a->as_of.n) PUT(view, "as_of", day_str(m, a->as_of));
  if (a->as_of.n) PUT(view, "first", day_str(m, a->from));
  if (a->as_of.n) PUT(view, "last", day_str(m, a->to));
  if (a->reported_at) PUT(view, "reported", time_cn(m, a->reported_at));
  Json *to = json_put_arr(m, view, S("reported_to"));
  for (size_t i = 0; i < a->reported_count; i++) json_push_str(m, to, a->reported_to[i]);
}

/* Of 100: below it most of what the plan weighs was not counted, and the place says little. */
enum { COUNTED_HALF = 50 };

void appraisal_ranks_view(Request *rq, Json *view, const Result *list, size_t n) {
  Arena *m = rq->mem;
  bool thin = false;
  Json *tables[] = {json_put_arr(m, view, S("departments")), json_put_arr(m, view, S("regions"))};
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, tables[list[i].region]);
    PUT(o, "unit", list[i].unit);
    PUT(o, "name", unit_name(rq->app->policy, list[i].unit));
    PUT_INT(o, "rank", list[i].rank);
    PUT(o, "points", list[i].shown);
    PUT_INT(o, "counted", list[i].weight);
    PUT_BOOL(o, "thin", list[i].weight < COUNTED_HALF);
    thin |= list[i].weight < COUNTED_HALF;
    PUT(o, "grade", list[i].grade);
    PUT(o, "grade_name", tr(rq->lang, list[i].grade_name));
    PUT_BOOL(o, "own", rq->who && str_eq(rq->who->unit, list[i].unit));
  }
  PUT_BOOL(view, "thin", thin);
}

/* ---- the years ----------------------------------------------------------------------------------------------------- */

Code page_appraisals(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  AppraisalRow *rows = NULL;
  size_t n = 0;
  rp->title = S("考核评价");
  rp->view = json_obj(m);
  PUT(rp->view, "path", S("/w/appraisals"));
  TRY(appraisals_list(cx, rq->rd, request_has_role(rq, WATCH), &rows, &n));
  Json *list = json_put_arr(m, rp->view, S("years"));
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "year", rows[i].year);
    PUT(o, "status_label", appraisal_label(rows[i].status));
    if (rows[i].as_of.n) PUT(o, "as_of", day_str(m, rows[i].as_of));
    if (rows[i].reported_at) PUT(o, "reported", day_str(m, day_of(rows[i].reported_at)));
  }
  if (request_has_role(rq, ROLE_SUPERVISOR) && rq->app->policy->reform.indicator_count) appraisal_draft_form(rq, rp->view, NULL);
  return OK;
}

/* ---- one year ------------------------------------------------------------------------------------------------------- */

/* Of each object, how many scores are still missing. */
static void progress_view(Request *rq, Json *view, const Appraisal *a) {
  Arena *m = rq->mem;
  bool watch = request_has_role(rq, WATCH);
  Json *list = json_put_arr(m, view, S("units"));
  int64_t missing = 0, units = 0;
  for (size_t o = 0; o < a->object_count; o++) {
    int own = appraisal_missing(a, o, DAILY_SELF) + appraisal_missing(a, o, FINAL_SELF), theirs = appraisal_missing(a, o, DAILY_INSPECTION) + appraisal_missing(a, o, FINAL_INSPECTION);
    bool mine = rq->who && str_eq(rq->who->unit, a->objects[o]);
    missing += theirs;
    units += theirs > 0;
    if (!watch && !mine) continue;
    Json *x = json_push_obj(m, list);
    PUT(x, "unit", a->objects[o]);
    PUT(x, "name", unit_name(rq->app->policy, a->objects[o]));
    PUT_INT(x, "own_missing", own);
    PUT_INT(x, "missing", theirs);
  }
  PUT_INT(view, "missing_total", missing);
  PUT_INT(view, "missing_units", units);
}

/* A trial needs figures; what is closed has them. */
static bool on_trial(const Request *rq, const Appraisal *a) {
  return str_eqz(a->status, "open") && request_has_role(rq, WATCH);
}

static Code make_year(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Appraisal *a = NULL;
  TRY(appraisal_of(cx, rq, &a));
  bool watch = request_has_role(rq, WATCH), draft = str_eqz(a->status, "draft");
  rp->title = arena_fmt(m, "%lld 年考核评价", (long long)a->year);
  rp->view = json_obj(m);
  PUT(rp->view, "path", arena_fmt(m, "/w/appraisals/%lld", (long long)a->year));
  PUT_BOOL(rp->view, "watch", watch);
  PUT_BOOL(rp->view, "draft", draft);
  PUT_BOOL(rp->view, "closed", a->closed_at > 0);
  appraisal_plan_view(rq, rp->view, a);
  PUT_INT(rp->view, "object_count", (int64_t)a->object_count);
  if (str_eqz(a->status, "open")) progress_view(rq, rp->view, a);
  if (a->as_of.n || on_trial(rq, a)) {
    Standing s = standing_of(rq, a, rq->state, false);
    PUT(rp->view, "standing_of", day_str(m, s.as_of));
    appraisal_ranks_view(rq, rp->view, s.results, s.result_count);
    PUT_BOOL(rp->view, "ranked", s.result_count > 0);
  }
  bool scoring = str_eqz(a->status, "open") || str_eqz(a->status, "opinions");
  appraisal_asking_view(rq, rp->view, a);
  if (watch) appraisal_opinions_view(rq, rp->view, a, false);
  if (scoring) PUT_BOOL(rp->view, "can_score", request_has_role(rq, ROLE_SUPERVISOR) || (request_has_role(rq, ROLE_UNIT_HEAD) && appraisal_object(a, rq->who->unit) >= 0));
  if (request_has_role(rq, ROLE_SUPERVISOR)) appraisal_act_forms(rq, rp->view, a);
  return OK;
}

Code page_appraisal(Cx *cx, Request *rq, Reply *rp) {
  const Appraisal *a = NULL;
  TRY(appraisal_of(cx, rq, &a));
  if (!on_trial(rq, a)) return make_year(cx, rq, rp);
  return counted_page(cx, rq, rp, &(Counting){.ask = ask_of(rq, a, day_asked(rq, a)), .make = make_year});
}

/* ---- one unit -------------------------------------------------------------------------------------------------------- */

/* The object of the path: for supervisors and leaders any, for a head his own. */
static Code object_of(Cx *cx, Request *rq, const Appraisal *a, size_t *out) {
  int o = appraisal_object(a, rq->params[1]);
  bool may = request_has_role(rq, WATCH) || head_of(rq, rq->params[1]);
  if (o < 0 || !may) FAIL(NOT_FOUND, "没有这个单位的考评，或者不归您查看。");
  *out = (size_t)o;
  return OK;
}

/* Why, once for each act of scoring. */
static void reason_view(Request *rq, Json *reasons, Place p, const Mark *k) {
  Arena *m = rq->mem;
  Str at = time_cn(m, k->at);
  for (const Json *x = reasons->first; x; x = x->next)
    if (str_eq(json_str(x, S("place")), place_label(p)) && str_eq(json_str(x, S("at_cn")), at) && str_eq(json_str(x, S("evidence")), k->evidence)) return;
  Json *o = json_push_obj(m, reasons);
  PUT(o, "place", place_label(p));
  PUT(o, "evidence", k->evidence);
  PUT(o, "by", k->by);
  PUT(o, "at_cn", at);
}

static void points_view(Request *rq, Json *o, Json *reasons, const Appraisal *a, size_t object, size_t c) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, o, S("marks"));
  for (Place p = DAILY_SELF; p < APPRAISAL_PLACES; p++) {
    const Mark *k = mark_of(a, object, c, p);
    Json *x = json_push_obj(m, list);
    PUT(x, "place", place_label(p));
    PUT_BOOL(x, "given", k->given);
    if (!k->given) continue;
    PUT(x, "score", hundredths_text(m, k->value));
    reason_view(rq, reasons, p, k);
  }
}

static void figure_view(Request *rq, Json *o, const Appraisal *a, size_t object, const Criterion *c, const Standing *s, const Standing *again, bool *same) {
  Arena *m = rq->mem;
  const Figure *f = figure_of(s->figures, s->figure_count, a->objects[object], c->figure), *g = figure_of(again->figures, again->figure_count, a->objects[object], c->figure);
  bool equal = (!f && !g) || (f && g && f->good == g->good && f->all == g->all && f->n == g->n);
  if (f) {
    PUT(o, "figure_text", figure_text(m, f));
    PUT_INT(o, "good", f->good);
    PUT_INT(o, "all", f->all);
    PUT_INT(o, "n", f->n);
  }
  PUT(o, "href", arena_fmt(m, "/w/appraisals/%lld/%.*s/%.*s", (long long)a->year, SFMT(a->objects[object]), SFMT(c->figure)));
  PUT_BOOL(o, "differs", !equal);
  if (!equal) PUT(o, "again_text", g ? figure_text(m, g) : S("没有可计算的"));
  *same = *same && equal;
}

static void unit_rows(Request *rq, Json *view, const Appraisal *a, size_t object, const Standing *s, const Standing *again) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("rows")), *reasons = json_put_arr(m, view, S("reasons"));
  bool same = true;
  for (size_t c = 0; c < a->criterion_count; c++) {
    Json *o = json_push_obj(m, list);
    int64_t points = 0;
    criterion_view(rq, o, &a->criteria[c]);
    Worth w = criterion_points(a, object, c, s->figures, s->figure_count, &points);
    PUT(o, "worth", w == WORTH_KNOWN ? S("known") : w == WORTH_NOTHING ? S("nothing") : S("missing"));
    if (w == WORTH_KNOWN) PUT(o, "points", points_text(m, points));
    if (a->criteria[c].figure.len) figure_view(rq, o, a, object, &a->criteria[c], s, again, &same);
    else points_view(rq, o, reasons, a, object, c);
  }
  PUT_BOOL(view, "same", same);
}

static Code make_unit(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Appraisal *a = NULL;
  size_t object = 0;
  const Counting *w = rq->state;
  TRY(appraisal_of(cx, rq, &a));
  TRY(object_of(cx, rq, a, &object));
  Standing s = standing_of(rq, a, w, false), again = standing_of(rq, a, w, true);
  Str name = unit_name(rq->app->policy, a->objects[object]);
  rp->title = arena_fmt(m, "%lld 年考评：%.*s", (long long)a->year, SFMT(name));
  rp->view = json_obj(m);
  appraisal_plan_view(rq, rp->view, a);
  PUT(rp->view, "unit", a->objects[object]);
  PUT(rp->view, "unit_name", name);
  PUT(rp->view, "standing_of", day_str(m, s.as_of));
  PUT_BOOL(rp->view, "closed", a->closed_at > 0);
  unit_rows(rq, rp->view, a, object, &s, &again);
  for (size_t i = 0; i < s.result_count; i++) {
    if (!str_eq(s.results[i].unit, a->objects[object]) || (!a->as_of.n && !request_has_role(rq, WATCH))) continue;
    PUT(rp->view, "points", s.results[i].shown);
    PUT(rp->view, "grade_name", s.results[i].grade_name);
    PUT_INT(rp->view, "rank", s.results[i].rank);
    PUT_BOOL(rp->view, "region", s.results[i].region);
  }
  PUT_BOOL(rp->view, "can_score", (str_eqz(a->status, "open") || str_eqz(a->status, "opinions")) && (request_has_role(rq, ROLE_SUPERVISOR) || head_of(rq, a->objects[object])));
  return OK;
}

static Code page_unit(Cx *cx, Request *rq, Reply *rp) {
  const Appraisal *a = NULL;
  size_t object = 0;
  TRY(appraisal_of(cx, rq, &a));
  TRY(object_of(cx, rq, a, &object));
  return counted_page(cx, rq, rp, &(Counting){.ask = ask_of(rq, a, day_asked(rq, a)), .make = make_unit});
}

/* ---- the cases behind a figure ----------------------------------------------------------------------------------------- */

/* Who rated is nobody's business in the department that was rated; supervisors and leaders see the case. */
static void case_view(Request *rq, Json *o, Str figure, const FigureCase *c) {
  Arena *m = rq->mem;
  bool watch = request_has_role(rq, WATCH), rating = str_eqz(figure, "satisfaction");
  const Item *item = policy_item(rq->app->policy, c->item);
  PUT_BOOL(o, "good", c->good);
  PUT(o, "day", day_str(m, c->day));
  if (c->stage) PUT_INT(o, "stage", c->stage);
  if (c->item.len) PUT(o, "item_name", item ? item->name : c->item);
  if (c->value) PUT_INT(o, "value", c->value);
  if (!c->good && c->before) PUT_INT(o, "before", c->before);
  PUT_BOOL(o, "own_in_time", c->own_in_time);
  if (rating && !watch) return;
  PUT(o, "number", c->number);
  PUT(o, "name", c->name);
  if (c->code.len) PUT(o, "href", arena_fmt(m, "/w/rules/%.*s", SFMT(c->code)));
  else if (c->no) PUT(o, "href", arena_fmt(m, "/w/orders/%lld", (long long)c->no));
  else if (watch) PUT(o, "href", arena_fmt(m, "/w/p/%lld", (long long)c->project));
  else PUT(o, "href", arena_fmt(m, "/w/t/%lld/%d/%.*s", (long long)c->project, c->stage, SFMT(c->item)));
  if (c->no) PUT(o, "name", arena_fmt(m, "督办单第 %lld 份", (long long)c->no));
}

static Code make_cases(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Appraisal *a = NULL;
  size_t object = 0;
  const Counting *w = rq->state;
  Str figure = rq->params[2], part = w->part;
  TRY(appraisal_of(cx, rq, &a));
  TRY(object_of(cx, rq, a, &object));
  rp->title = arena_fmt(m, "%.*s：%.*s", SFMT(figure_name(figure)), SFMT(unit_name(rq->app->policy, a->objects[object])));
  rp->view = json_obj(m);
  PUT(rp->view, "path", arena_fmt(m, "/w/appraisals/%lld/%.*s", (long long)a->year, SFMT(a->objects[object])));
  PUT_INT(rp->view, "year", a->year);
  PUT(rp->view, "unit_name", unit_name(rq->app->policy, a->objects[object]));
  PUT(rp->view, "figure", figure);
  PUT(rp->view, "says", figure_says(figure));
  PUT(rp->view, "part", part);
  PUT(rp->view, "first", day_str(m, w->ask.from));
  PUT(rp->view, "last", day_str(m, w->ask.to));
  PUT(rp->view, "as_of", day_str(m, w->ask.as_of));
  PUT_BOOL(rp->view, "limits", str_eqz(figure, "limits"));
  PUT_INT(rp->view, "late", w->late);
  PUT_INT(rp->view, "late_before", w->late_before);
  PUT_BOOL(rp->view, "hidden", str_eqz(figure, "satisfaction") && !request_has_role(rq, WATCH));
  Json *list = json_put_arr(m, rp->view, S("cases"));
  for (size_t i = 0; i < w->case_count; i++) case_view(rq, json_push_obj(m, list), figure, &w->cases[i]);
  view_pages(rq, rp->view, w->skip, w->case_count, CASES_SHOWN, w->total);
  return OK;
}

static Code page_figure(Cx *cx, Request *rq, Reply *rp) {
  const Appraisal *a = NULL;
  size_t object = 0;
  Str part = request_arg(rq, S("part"));
  TRY(appraisal_of(cx, rq, &a));
  TRY(object_of(cx, rq, a, &object));
  if (!str_eqz(part, "good") && !str_eqz(part, "bad")) part = S("all");
  return counted_page(cx, rq, rp, &(Counting){.ask = ask_of(rq, a, day_asked(rq, a)), .figure = rq->params[2], .unit = arena_str(rq->mem, a->objects[object]), .part = arena_str(rq->mem, part), .skip = from_of(rq), .make = make_cases});
}

#define SEES (ROLE_UNIT_HEAD | WATCH)
#define DESK(how, at, who, fn, t, what) {.method = how, .path = at, .allow = (who), .run = fn, .tmpl = t, .section = "appraisal", .compact = true, .help = what}
const Route appraisal_routes[] = {
    DESK(GET, "/w/appraisals", SEES, page_appraisals, "appraisals", "考核评价：每年的方案、评分、名次。"),
    DESK(POST, "/w/appraisals", ROLE_SUPERVISOR, post_appraisals, NULL, "起草一年的考评方案。"),
    DESK(GET, "/w/appraisals/{year}", SEES, page_appraisal, "appraisal", "一年的考评：方案、评分进度、名次。"),
    DESK(POST, "/w/appraisals/{year}", ROLE_SUPERVISOR, post_appraisal, NULL, "重新起草、公布评价办法、征求和答复意见、结束考评、上报结果。"),
    DESK(GET, "/w/appraisals/{year}/score", ROLE_SUPERVISOR | ROLE_UNIT_HEAD, page_appraisal_score, "appraisal_score", "评分：监督人员评各单位，部门和县区的负责人评本单位。"),
    DESK(POST, "/w/appraisals/{year}/score", ROLE_SUPERVISOR | ROLE_UNIT_HEAD, post_appraisal_score, NULL, "提交评分。"),
    DESK(GET, "/w/appraisals/{year}/report.pdf", SEES, page_appraisal_pdf, NULL, "考评结果报告 PDF。"),
    DESK(GET, "/w/appraisals/{year}/report.xlsx", WATCH, page_appraisal_xlsx, NULL, "考评结果 XLSX：名次、各指标得分、方案。"),
    DESK(GET, "/w/appraisals/{year}/{unit}", SEES, page_unit, "appraisal_unit", "一个单位的考评：每个指标的评分、数和得分。"),
    DESK(GET, "/w/appraisals/{year}/{unit}/{figure}", SEES, page_figure, "appraisal_cases", "一个数背后的办件，逐件列出；?part=bad 只看没有做到的。"),
    {.method = GET, .path = "/s/appraisals", .allow = ROLE_PUBLIC, .run = page_appraisals_public, .tmpl = "appraisals_public", .section = "open",
     .help = "考核评价：评价办法和结果。"},
    {.method = GET, .path = "/s/appraisals/{year}", .allow = ROLE_PUBLIC, .run = page_appraisal_public, .tmpl = "appraisal_public", .section = "open",
     .help = "一年考评的评价办法、初评结果和结果。"},
    {.method = GET, .path = "/s/appraisals/{year}/opinion", .allow = ROLE_ANY_ACCOUNT, .run = page_appraisal_opinion, .tmpl = "appraisal_opinion", .section = "open",
     .help = "对初评结果提意见，看自己的意见和答复。"},
    {.method = POST, .path = "/s/appraisals/{year}/opinion", .allow = ROLE_ANY_ACCOUNT, .run = post_appraisal_opinion, .section = "open", .help = "对初评结果提意见。"},
    {.path = NULL},
};
