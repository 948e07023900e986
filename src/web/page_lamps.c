/* SPDX-License-Identifier: Apache-2.0 */
/* page_lamps.c: the lamps of every clock on one board, and the goals of documents whose day has come. */
#include "evaluation/evaluation.h"
#include "supervision/supervision.h"
#include "web/forms.h"
#include "web/page_stats.h"
#include "web/page_work.h"

enum { STEP = 50, LOOKED = 100 };

static Str board_link(Request *rq, const char *kind, const char *lamp, Str unit) {
  return arena_fmt(rq->mem, "/w/super/lamps?kind=%s&lamp=%s&unit=%.*s", kind, lamp, SFMT(unit));
}

static void cell_put(Request *rq, Json *list, const BoardCount *c, const char *lamp, const char *label, int64_t n, Str unit) {
  Arena *m = rq->mem;
  Json *o = json_push_obj(m, list);
  PUT_INT(o, "n", n);
  PUT(o, "lamp", str_of(lamp));
  PUT(o, "what", arena_fmt(m, "%s，%.*s", label, SFMT(super_label(str_of(c->kind)))));
  PUT(o, "href", board_link(rq, c->kind, lamp, unit));
}

static void counts_view(Request *rq, Json *view, const BoardCount *counts, Str unit) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("kinds"));
  for (size_t i = 0; i < BOARD_KINDS; i++) {
    const BoardCount *c = &counts[i];
    Json *o = json_push_obj(m, list), *cells = json_put_arr(m, o, S("cells"));
    PUT(o, "kind", str_of(c->kind));
    PUT(o, "label", super_label(str_of(c->kind)));
    PUT_INT(o, "red", c->red);
    PUT_INT(o, "yellow", c->yellow);
    PUT_INT(o, "grey", c->grey);
    PUT_INT(o, "green", c->green);
    cell_put(rq, cells, c, "red", "超期", c->red, unit);
    cell_put(rq, cells, c, "yellow", "预警", c->yellow, unit);
    cell_put(rq, cells, c, "grey", "暂停", c->grey, unit);
    cell_put(rq, cells, c, "green", "正常", c->green, unit);
  }
}

static Str clock_href(Arena *m, const Running *c) {
  if (!strcmp(c->kind, "item")) return arena_fmt(m, "/w/t/%lld/%d/%.*s", (long long)c->no, c->stage, SFMT(c->item));
  if (!strcmp(c->kind, "consult")) return arena_fmt(m, "/w/ask/%lld", (long long)c->no);
  static const struct { const char *kind, *at; } pages[] = {
      {"review", "/w/draw"}, {"promise", "/w/promise"}, {"credit", "/w/credit"}, {"acceptance", "/w/a"}};
  if (!strcmp(c->kind, "utility")) return arena_fmt(m, "/w/utility/%lld/%.*s", (long long)c->no, SFMT(c->item));
  for (size_t i = 0; i < COUNT(pages); i++)
    if (!strcmp(c->kind, pages[i].kind)) return arena_fmt(m, "%s/%lld", pages[i].at, (long long)c->no);
  if (!strcmp(c->kind, "opinion")) return arena_fmt(m, "/w/reserve/%lld", (long long)c->no);
  return arena_fmt(m, "/w/p/%lld", (long long)c->no);
}

/* What the window owes belongs to no person of it: then who of it did the last step; and what it cannot do yet, it owes to nobody: then what it waits for. */
static Code hand_put(Cx *cx, Request *rq, Json *o, const Running *c) {
  const Project *pr = NULL;
  bool of_case = !strcmp(c->kind, "stage") || !strcmp(c->kind, "answer") || !strcmp(c->kind, "delivery");
  if (c->handler.len || !of_case || !str_eq(c->unit, rq->app->policy->window_unit)) return OK;
  TRY(project_load(cx, rq->rd, c->no, &pr));
  const StageState *s = &pr->stages[c->stage];
  Str why = s->status == STAGE_DECIDED && !stage_refused(s) ? issue_hindrance(rq, pr, c->stage) : S("");
  if (why.len) json_put_str(rq->mem, o, S("waits_for"), why);
  else json_put_str(rq->mem, o, S("hand"), arena_str(rq->mem, window_hand(rq->app->policy, pr, c->stage)));
  return OK;
}

static Code clock_put(Cx *cx, Request *rq, Json *list, const BoardRow *row) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  const Running *c = &row->clock;
  const Item *item = policy_item(p, c->item);
  Json *o = json_push_obj(m, list);
  PUT(o, "kind_label", super_label(str_of(c->kind)));
  PUT(o, "href", clock_href(m, c));
  PUT(o, "name", c->name);
  PUT(o, "number", c->number);
  PUT_INT(o, "stage", c->stage);
  PUT(o, "item_name", item ? item->name : !strcmp(c->kind, "opinion") ? opinion_kind_label(c->item) : super_label(c->item));
  PUT(o, "unit_name", unit_name(p, c->unit));
  PUT(o, "handler", c->handler);
  view_reading(m, o, &c->reading, c->limit);
  PUT_BOOL(o, "late", c->reading.lamp == LAMP_RED);
  if (row->directive) PUT_INT(o, "directive", row->directive);
  PUT(o, "directive_number", row->directive_number);
  PUT(o, "directive_label", super_label(row->directive_status));
  return hand_put(cx, rq, o, c);
}

static const Policies *policies_or(const Request *rq, const Policies *alone) {
  return rq->app->policies ? rq->app->policies : alone;
}

Code late_beside_view(Cx *cx, Request *rq, Json *view) {
  Arena *m = rq->mem;
  const Policy *one[] = {rq->app->policy};
  Policies alone = {.current = rq->app->policy, .all = one, .count = 1};
  BoardCount counts[BOARD_KINDS];
  BoardRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  TRY(board_list(cx, rq->rd, policies_or(rq, &alone), &(BoardFilter){.lamp = S("red"), .limit = LOOKED}, rq->now, counts, &rows, &n, &total));
  Json *o = json_obj(m), *kinds = json_put_arr(m, o, S("kinds"));
  for (size_t i = 0; i < BOARD_KINDS; i++) {
    if (!counts[i].red || !strcmp(counts[i].kind, "item")) continue;
    bool first = !kinds->first;
    Json *kind = json_push_obj(m, kinds);
    PUT_BOOL(kind, "first", first);
    PUT(kind, "label", super_label(str_of(counts[i].kind)));
    PUT_INT(kind, "n", counts[i].red);
    PUT(kind, "href", board_link(rq, counts[i].kind, "red", S("")));
  }
  if (!kinds->first) return OK;
  json_put(m, view, S("beside"), o);
  for (size_t i = 0; i < n; i++)
    if (strcmp(rows[i].clock.kind, "item")) return clock_put(cx, rq, json_put_arr(m, o, S("longest")), &rows[i]);
  return OK;
}

static Code make_lamps(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  const Policy *one[] = {p};
  Policies alone = {.current = p, .all = one, .count = 1};
  BoardFilter f = {.kind = request_arg(rq, S("kind")), .lamp = request_arg(rq, S("lamp")), .unit = request_arg(rq, S("unit")), .offset = from_of(rq), .limit = STEP};
  BoardCount counts[BOARD_KINDS];
  BoardRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  rp->title = S("全部亮灯");
  rp->view = json_obj(m);
  TRY(view_live(cx, rq, rp->view, S("project")));
  TRY(board_list(cx, rq->rd, policies_or(rq, &alone), &f, rq->now, counts, &rows, &n, &total));
  counts_view(rq, rp->view, counts, f.unit);
  TRY(outside_view(cx, rq, rp->view));
  PUT(rp->view, "kind", f.kind);
  PUT(rp->view, "kind_label", super_label(f.kind));
  PUT(rp->view, "lamp_filter", f.lamp);
  PUT(rp->view, "unit", f.unit);
  if (f.unit.len) PUT(rp->view, "unit_name", unit_name(p, f.unit));
  PUT(rp->view, "as_of", time_cn(m, rq->now));
  view_warn_rule(rq, rp->view);
  view_pages(rq, rp->view, f.offset, n, STEP, total);
  Json *list = json_put_arr(m, rp->view, S("clocks"));
  for (size_t i = 0; i < n; i++) TRY(clock_put(cx, rq, list, &rows[i]));
  return OK;
}

static Code page_lamps(Cx *cx, Request *rq, Reply *rp) {
  return reply_long(cx, rq, rp, make_lamps);
}

/* ---- goals of documents -------------------------------------------------------------------------------------- */

static Code goal_put(Cx *cx, Request *rq, Json *list, const Milestone *g) {
  static const Sql sql = {"web.goal", "s", "iss", "SELECT no, number, status FROM directive WHERE subject = ?1 ORDER BY no DESC LIMIT 20"};
  SCOPED(rows_drop) Rows *r = NULL;
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Day due = {0}, issued = policy_issued_on(p, g->source);
  (void)day_parse(g->due, &due);
  Json *o = json_push_obj(m, list), *leads = json_put_arr(m, o, S("leads")), *sent = json_put_arr(m, o, S("directives"));
  PUT(o, "code", g->code);
  PUT(o, "name", g->name);
  PUT(o, "due", g->due);
  PUT_BOOL(o, "before_issue", issued.n && due.n < issued.n);
  PUT_BOOL(o, "over", due.n < day_of(rq->now).n);
  view_source(m, o, g->source);
  for (size_t i = 0; i < g->lead_count; i++) json_push_str(m, leads, unit_name(p, g->leads[i]));
  const RuleFile *rule = NULL;
  TRY(rule_load(cx, rq->rd, g->code, &rule));
  if (rule && rule->edition_count && !rule->repealed_at) PUT(o, "issued", rule->editions[rule->edition_count - 1].number);
  TRY(db_rows(cx, reader_views(rq->rd), &sql, VALS(val_s(g->name)), &r));
  while (rows_next(r)) {
    Json *x = json_push_obj(m, sent);
    PUT_INT(x, "no", row_i(r, 0));
    PUT(x, "number", row_s(cx, r, 1));
    PUT(x, "status_label", super_label(row_s(cx, r, 2)));
  }
  return rows_end(cx, r);
}

static Code page_goals(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Str due = request_arg(rq, S("due"));
  rp->title = S("阶段性工作目标");
  rp->view = json_obj(m);
  PUT(rp->view, "due", due);
  PUT_BOOL(rp->view, "can_send", request_has_role(rq, ROLE_SUPERVISOR));
  Json *list = json_put_arr(m, rp->view, S("goals"));
  for (size_t i = 0; i < p->milestone_count; i++)
    if (!due.len || str_eq(due, p->milestones[i].due)) TRY(goal_put(cx, rq, list, &p->milestones[i]));
  PUT_INT(rp->view, "total", (int64_t)list->count);
  return OK;
}

const Route lamps_routes[] = {
    {.method = GET, .path = "/w/super/lamps", .allow = WATCH, .run = page_lamps, .tmpl = "lamps", .section = "super", .compact = true,
     .help = "每一个时钟的灯：事项、阶段、受理答复、送达、咨询、前期意见、联合审图、承诺核查、异议和修复、市政报装接入、联合验收，超期的连到督办单。"},
    {.method = GET, .path = "/w/super/goals", .allow = WATCH, .run = page_goals, .tmpl = "goals", .section = "super", .compact = true,
     .help = "文件写明日期的阶段性工作目标，和发出的督办单。"},
    {.path = NULL},
};
