/* SPDX-License-Identifier: Apache-2.0 */
/* page_work.c: staff: worklist, window lists, one item. The window's acts are in page_window.c. */
#include "approval/beside.h"
#include "org/staff.h"
#include "supervision/supervision.h"
#include "web/page.h"
#include "web/page_accept.h"
#include "web/page_desk.h"
#include "web/page_form.h"
#include "web/page_ledger.h"
#include "web/page_work.h"

enum { PAGE_ROWS = 50, FRONT_ROWS = 15 }; /* on the overview of supervision, which leads to the whole list */

static void item_row(Arena *m, const Policy *p, Json *o, const ItemRow *r, Str unit) {
  json_add_int(m, o, S("project"), r->project); /* in the order of the template */
  json_add_int(m, o, S("stage"), r->stage);
  json_add_str(m, o, S("code"), r->code);
  json_add_str(m, o, S("project_name"), r->project_name);
  json_add_str(m, o, S("number"), r->number);
  json_add_str(m, o, S("item"), r->item_name);
  json_add_str(m, o, S("stage_name"), p->stages[r->stage].name);
  if (r->stalled && r->lamp == LAMP_YELLOW) view_lamp_stalled(m, o, r->stalled);
  else view_lamp(m, o, r->lamp, r->left, r->left < 0 ? -r->left : 0);
  if (r->overdue) view_before(m, o, r->used, r->before, r->limit, true);
  if (r->has_due) json_add_str(m, o, S("due"), day_str(m, r->due));
  json_add_str(m, o, S("accepted"), day_str(m, r->start));
  json_add_str(m, o, S("taken"), r->taken_by);
  json_add_str(m, o, S("status_label"), r->status);
  json_add_str(m, o, S("unit_name"), unit);
  json_add_int(m, o, S("left"), r->left);
  json_add_int(m, o, S("limit"), r->limit);
}

/* The overview shows the beginning of the list only. */
static bool on_front(const Request *rq) {
  return str_eqz(str_of(rq->route->path), "/w/super"); /* the page and what programs read of it */
}

static void paging(Request *rq, Json *view, int64_t offset, size_t n, int64_t total) {
  Arena *m = rq->mem;
  PUT_INT(view, "total", total);
  PUT_INT(view, "from", n ? offset + 1 : 0);
  PUT_INT(view, "to", offset + (int64_t)n);
  Str lamp = request_arg(rq, S("lamp")), q = request_arg(rq, S("q"));
  PUT(view, "lamp_filter", lamp);
  PUT(view, "q", q);
  PUT_INT(view, "stage_filter", request_int(rq, S("stage"), 0));
  if (offset > 0) PUT_INT(view, "previous", offset > PAGE_ROWS ? offset - PAGE_ROWS : 0);
  PUT_BOOL(view, "has_previous", offset > 0);
  if (offset + (int64_t)n < total) PUT_INT(view, "next", offset + PAGE_ROWS);
}

/* The counters above a list: each leads to the list that it counts. */
static void lamps_view(Request *rq, Json *view, Str unit, const LampCount *count) {
  const struct { const char *lamp, *css, *label; int64_t n; } rows[] = {
      {"", "all", "全部在办", count->all}, {"red", "r", "超期", count->red}, {"yellow", "y", "预警", count->yellow},
      {"grey", "p", "暂停", count->grey}, {"green", "g", "正常", count->green}};
  Arena *m = rq->mem;
  bool super = str_starts(rq->path, S("/w/super")), done = str_eq(request_arg(rq, S("view")), S("done"));
  Json *list = json_put_arr(m, view, S("lamps"));
  for (size_t i = 0; i < COUNT(rows); i++) {
    Json *o = json_push_obj(m, list);
    PUT(o, "href", super ? arena_fmt(m, "/w/super/nodes?unit=%.*s&lamp=%s", SFMT(unit), rows[i].lamp) : arena_fmt(m, "/w?lamp=%s", rows[i].lamp));
    PUT(o, "css", str_of(rows[i].css));
    PUT(o, "label", str_of(rows[i].label));
    PUT_INT(o, "n", rows[i].n);
    PUT_BOOL(o, "current", !done && !on_front(rq) && str_eqz(request_arg(rq, S("lamp")), rows[i].lamp));
  }
}

Code items_view(Cx *cx, Request *rq, Json *view, Str unit, bool open) {
  Arena *m = rq->mem;
  int64_t offset = request_int(rq, S("from"), 0), stage = request_int(rq, S("stage"), 0), total = 0;
  ItemRow *rows = NULL;
  size_t n = 0;
  if (offset < 0) offset = 0;
  bool own = open && unit.len && str_eqz(str_of(rq->route->path), "/w"); /* the worklist, not a look at it from above */
  ItemFilter f = {.unit = unit, .lamp = request_arg(rq, S("lamp")), .q = request_arg(rq, S("q")),
                  .stage = stage >= 1 && stage <= STAGE_MAX ? (int)stage : 0, .open = open,
                  .category = request_arg(rq, S("category")), .holder = own ? held_filter(rq) : S(""), .offset = (size_t)offset,
                  .limit = on_front(rq) ? FRONT_ROWS : PAGE_ROWS};
  LampCount count = {0};
  TRY(items_list(cx, rq->rd, rq->app->policy, &f, rq->now, &rows, &n, &total));
  TRY(items_count(cx, rq->rd, rq->app->policy, unit, rq->now, &count));
  Json *list = json_put_arr(m, view, S("items"));
  Str name = S("");
  for (size_t i = 0; i < n; i++) {
    if (!i || !str_eq(rows[i].unit, rows[i - 1].unit)) name = unit_name(rq->app->policy, rows[i].unit);
    Json *o = json_push_obj(m, list);
    item_row(m, rq->app->policy, o, &rows[i], name);
    if (open) TRY(joint_until_view(cx, rq, o, &rows[i]));
    if (!own) continue;
    PUT(o, "key", arena_fmt(m, "%lld/%d/%.*s", (long long)rows[i].project, rows[i].stage, SFMT(rows[i].code)));
    TRY(desk_item_view(cx, rq, o, unit, rows[i].project, rows[i].stage, rows[i].code, rows[i].taken_by));
  }
  PUT_BOOL(view, "pick", own);
  if (own) TRY(desk_tabs_view(cx, rq, view));
  Json *c = json_put_obj(m, view, S("count"));
  PUT_INT(c, "red", count.red);
  PUT_INT(c, "yellow", count.yellow);
  PUT_INT(c, "grey", count.grey);
  PUT_INT(c, "green", count.green);
  PUT_INT(c, "all", count.all);
  lamps_view(rq, view, unit, &count);
  paging(rq, view, offset, n, total);
  PUT(view, "as_of", time_cn(m, rq->now));
  return OK;
}

/* The home of staff: approvers see their unit's items, the window what waits there. */
static Code page_home_work(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  rp->title = tr(rq->lang, S("我的待办"));
  rp->view = json_obj(m);
  TRY(view_live(cx, rq, rp->view, S("project")));
  PUT_BOOL(rp->view, "clerk", request_has_role(rq, ROLE_CLERK));
  PUT_BOOL(rp->view, "head", request_has_role(rq, ROLE_WINDOW_HEAD));
  PUT_BOOL(rp->view, "window", request_has_role(rq, ROLE_CLERK | ROLE_WINDOW_HEAD));
  PUT_BOOL(rp->view, "approver", request_has_role(rq, ROLE_APPROVER | ROLE_UNIT_HEAD));
  TRY(moved_note(cx, rq, rp->view));
  TRY(waits_view(cx, rq, rp->view));
  TRY(ledger_due_view(cx, rq, rp->view));
  TRY(county_view(cx, rq, rp->view));
  leads_view(rq, rp->view);
  if (request_has_role(rq, ROLE_CLERK | ROLE_WINDOW_HEAD)) TRY(letters_tabs(cx, rq, json_put_obj(m, rp->view, S("letters")), S("-"), S("")));
  if (request_has_role(rq, ROLE_CLERK | ROLE_WINDOW_HEAD)) { /* the head answers for what is late in the window */
    TRY(stages_view(cx, rq, rp->view, S("arrived"), S("submitted")));
    TRY(stages_view(cx, rq, rp->view, S("to_slip"), S("accepted")));
    TRY(issue_view(cx, rq, rp->view));
    TRY(stages_view(cx, rq, rp->view, S("to_deliver"), S("certified")));
  }
  if (request_has_role(rq, ROLE_CLERK)) {
    TRY(stages_view(cx, rq, rp->view, S("waiting"), S("correction")));
    TRY(lacks_view(cx, rq, rp->view));
  }
  if (request_has_role(rq, ROLE_WINDOW_HEAD)) TRY(stages_view(cx, rq, rp->view, S("slips"), S("slip")));
  window_sums(rq, rp->view);
  if (!request_has_role(rq, ROLE_APPROVER | ROLE_UNIT_HEAD)) return OK;
  PUT(rp->view, "unit_name", unit_name(rq->app->policy, rq->who->unit));
  TRY(asks_view(cx, rq, rp->view));
  if (request_has_role(rq, ROLE_UNIT_HEAD)) TRY(extensions_view(cx, rq, rp->view));
  const Unit *unit = policy_unit(rq->app->policy, rq->who->unit);
  if (unit && str_eqz(unit->kind, "company"))
    TRY(utilities_view(cx, rq, json_put_obj(m, rp->view, S("supply")), &(UtilityFilter){.unit = unit->code, .open = true, .limit = PAGE_ROWS}));
  bool done = str_eq(request_arg(rq, S("view")), S("done"));
  PUT_BOOL(rp->view, "done", done);
  return items_view(cx, rq, rp->view, rq->who->unit, !done);
}

/* ---- one item ---------------------------------------------------------------------------------- */

typedef struct Place {
  const Project *pr;
  int n;
  const StageState *s;
  const ItemState *i;
} Place;

static Code place_of(Cx *cx, Request *rq, Place *at) {
  TRY(project_of_staff(cx, rq, &at->pr));
  TRY(stage_of(cx, rq, &at->n));
  at->s = &at->pr->stages[at->n];
  at->i = stage_item(at->s, rq->params[2]);
  bool own = at->i && str_eq(at->i->unit, rq->who->unit);
  if (!own && !request_has_role(rq, ROLE_SUPERVISOR | ROLE_LEADER)) FAIL(NOT_FOUND, "没有这个事项，或者它不归您的单位办理。");
  return OK;
}

static Json *row_of(const Json *view, int stage, Str item) {
  const Json *stages = json_get(view, S("stages"));
  Json *row = stages ? stages->first : NULL;
  for (int n = 1; row && n < stage; n++) row = row->next;
  const Json *items = json_get(row, S("items"));
  for (Json *i = items ? items->first : NULL; i; i = i->next)
    if (str_eq(json_str(i, S("code")), item)) return i;
  return NULL;
}

static void causes_view(Request *rq, Json *view) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Json *list = json_put_arr(m, view, S("causes"));
  for (size_t i = 0; i < p->cause_count; i++) {
    if (p->causes[i].joint) continue;
    Json *o = json_push_obj(m, list);
    PUT(o, "code", p->causes[i].code);
    PUT(o, "label", arena_fmt(m, "%.*s（%.*s）", SFMT(p->causes[i].name), SFMT(p->causes[i].basis)));
    PUT_BOOL(o, "chosen", str_eq(request_arg(rq, S("cause")), p->causes[i].code));
  }
}

Code unauthorised_view(Cx *cx, Request *rq, Json *view, Str item, Str name) {
  Authority a = AUTHORITY_UNSET;
  Day edge = {0};
  bool has_seat = false;
  Db *views = reader_views(rq->rd);
  TRY(authority_of(cx, views, rq->who->id, rq->who->unit, item, day_of(rq->now), &a, &edge));
  if (a == AUTHORITY_NONE) TRY(seated(cx, views, rq->who->id, &has_seat));
  json_put_str(rq->mem, view, S("unauthorised"), authority_refusal(rq->mem, a, edge, has_seat, rq->app->policy->reform.authority, name));
  return OK;
}

/* "order": a supervision order about an item that is late, as it would be sent. The daily look makes orders by itself; this one is by hand, and
 * while one is open asks why there should be another. "orders": those that there are. */
static Code order_view(Cx *cx, Request *rq, Json *view, const Place *at) {
  Arena *m = rq->mem;
  DirectiveRow *rows = NULL;
  size_t n = 0;
  bool open = false, opens = request_has_role(rq, WATCH) || str_eq(rq->who->unit, at->i->unit); /* as page_directive.c lets in */
  TRY(directives_about(cx, rq->rd, rq->app->policy, at->i->unit, at->pr->no, at->n, at->i->code, rq->now, &rows, &n));
  Json *list = json_put_arr(m, view, S("orders"));
  for (size_t i = 0; i < n; i++) {
    bool closed = str_eqz(rows[i].status, "closed");
    Json *x = json_push_obj(m, list);
    PUT_INT(x, "order", rows[i].no);
    PUT(x, "order_number", rows[i].number);
    PUT(x, "order_status", super_label(rows[i].status));
    PUT(x, "order_to", arena_fmt(m, "%.*s（%.*s）", SFMT(rows[i].to_name), SFMT(super_label(rows[i].level))));
    PUT_BOOL(x, "order_opens", opens);
    PUT_BOOL(x, "order_open", !closed);
    PUT_BOOL(x, "order_replied", str_eqz(rows[i].status, "replied"));
    const Directive *d = NULL;
    TRY(directive_load(cx, rq->rd, rows[i].no, &d)); /* one or two of an item */
    if (opens) PUT(x, "order_reply", d->reply);
    PUT(x, "order_by", day_str(m, rows[i].reply_by));
    open |= !closed;
  }
  Reading r = project_item_reading(rq->app->policy, at->i, rq->now);
  if (!request_has_role(rq, ROLE_SUPERVISOR) || r.lamp != LAMP_RED) return OK;
  Json *o = json_put_obj(m, view, S("order"));
  PUT_BOOL(o, "again", open);
  PUT_INT(o, "no", at->pr->no);
  PUT_INT(o, "stage", at->n);
  PUT(o, "code", at->i->code);
  PUT(o, "unit", at->i->unit);
  PUT(o, "subject", arena_fmt(m, "%.*s %.*s 超期", SFMT(at->pr->number), SFMT(at->i->name)));
  Str late = r.overdue_days > 0 ? arena_fmt(m, "已经超期 %d 个工作日", r.overdue_days) : arena_fmt(m, "的到期日 %.*s 已经过了", SFMT(day_str(m, r.due)));
  PUT(o, "demand", arena_fmt(m, "“%.*s”%.*s。请报超期的原因、采取的措施和办结的日期。", SFMT(at->i->name), SFMT(late)));
  return OK;
}

/* view.articles: what a refusal usually rests on: the item's own bases, and the article of the law about refusals. */
static void articles_view(Request *rq, Json *view, const Item *item) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("articles"));
  Str comma = S("、《"), rest = item ? item->basis : S("");
  while (rest.len) {
    ptrdiff_t at = str_find(rest, comma);
    Str one = at < 0 ? rest : str_sub(rest, 0, (size_t)at);
    if (str_find(one, S("条")) > 0) json_push_str(m, list, one);
    rest = at < 0 ? S("") : str_sub(rest, (size_t)at + 3, SIZE_MAX);
  }
  json_push_str(m, list, S("《中华人民共和国行政许可法》第三十八条第二款"));
}

static void standstill_view(Arena *m, Json *view, const ItemState *i, bool mine) {
  bool rests = item_rests(i), paused = i->status == ITEM_PAUSED, returned = i->status == ITEM_RETURNED;
  PUT_BOOL(view, "rests", rests);
  PUT_BOOL(view, "returned", returned);
  PUT_BOOL(view, "can_resume", mine && (paused || returned) && !rests);
  PUT_BOOL(view, "can_extend_pause", mine && paused && !rests);
}

static Code page_item(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Place at = {0};
  TRY(place_of(cx, rq, &at));
  request_pin(rq, at.pr, at.n);
  const Policy *p = rq->app->policy;
  const Item *item = policy_item(p, at.i->code);
  rp->title = arena_fmt(m, "%.*s：%.*s", SFMT(at.i->name), SFMT(at.pr->name));
  rp->view = json_obj(m);
  TRY(view_live(cx, rq, rp->view, stream_of(rq)));
  view_project(m, p, rp->view, at.pr, false);
  view_stages(rq, rp->view, at.pr, at.i->unit, false);
  Json *row = row_of(rp->view, at.n, at.i->code);
  REQUIRE(row != NULL);
  json_put(m, rp->view, S("item"), row);
  PUT_INT(rp->view, "stage", at.n);
  PUT(rp->view, "stage_name", p->stages[at.n].name);
  PUT(rp->view, "basis", item ? item->basis : S(""));
  PUT(rp->view, "signer", rq->who->name);
  bool mine = request_has_role(rq, ROLE_APPROVER) && str_eq(at.i->unit, rq->who->unit);
  ItemStatus st = at.i->status;
  PUT_BOOL(rp->view, "can_take", mine && st == ITEM_WAITING);
  PUT_BOOL(rp->view, "ledger", at.s->accepted_at > 0); /* an item that was kept may stand in a stage that is applied for again */
  Str tied = item_open_tied(at.s, at.i);
  PUT(rp->view, "tied", tied);
  JointTurn joint = {.text = S("")};
  if (tied.len && at.n == STAGE_MAX) TRY(joint_turn(cx, rq, at.pr, at.i->code, &joint));
  if (joint.no) PUT_INT(rp->view, "acceptance", joint.no);
  PUT(rp->view, "joint_limits", joint_limits(rq, at.pr, at.n, at.i));
  PUT(rp->view, "joint_turn", joint.text);
  PUT_BOOL(rp->view, "joint_owner", joint.owner);
  if (at.n == STAGE_MAX) TRY(survey_result(cx, rq, rp->view, at.pr->no, 0, S("/w/")));
  if (at.n == 3 && item && item->milestone) TRY(utilities_missing(cx, rq, at.pr, json_put_arr(m, rp->view, S("unasked"))));
  PUT_BOOL(rp->view, "can_decide", mine && st == ITEM_TAKEN && !tied.len);
  if (mine && item_open_for_decision(st)) TRY(unauthorised_view(cx, rq, rp->view, at.i->code, at.i->name));
  standstill_view(m, rp->view, at.i, mine);
  items_beside_view(rq, rp->view, at.pr, at.n, at.i);
  if (st == ITEM_TAKEN) view_askable(rq, rp->view, at.pr, at.n);
  bool late = project_item_reading(p, at.i, rq->now).overdue;
  PUT_BOOL(rp->view, "can_ask", mine && st == ITEM_TAKEN && !at.i->extended && !at.i->extension_asked && !late);
  PUT_BOOL(rp->view, "asked_extension", mine && at.i->extension_asked && item_open_for_decision(st));
  PUT_BOOL(rp->view, "can_extend", request_has_role(rq, ROLE_UNIT_HEAD) && at.i->extension_asked &&
                                       str_eq(at.i->unit, rq->who->unit));
  PUT_INT(rp->view, "extend_days", p->extend_days);
  causes_view(rq, rp->view);
  articles_view(rq, rp->view, item);
  const Json *here = json_get(rp->view, S("stages"))->first;
  for (int k = 1; k < at.n; k++) here = here->next;
  json_put(m, rp->view, S("lacks"), json_get(here, S("lacks")));
  TRY(form_values_view(cx, rq, rp->view, at.n, at.s->form, false));
  TRY(values_before(cx, rq, rp->view, at.pr, at.n));
  form_files_view(rq, rp->view, at.s->files, at.s->file_count);
  const PromiseNote *promise = item_open_for_decision(st) ? project_promise(p, at.pr, at.n, at.i->code) : NULL;
  if (promise) PUT(rp->view, "promise", promise->number);
  cited_view(rq, rp->view, at.s, at.i->unit);
  TRY(order_view(cx, rq, rp->view, &at));
  if (st == ITEM_WAITING || st == ITEM_TAKEN || st == ITEM_PAUSED || st == ITEM_RETURNED) TRY(desk_here_view(cx, rq, rp->view, at.i->unit, at.pr->no, at.n, at.i->code, at.i->taken_name));
  view_timeline(rq, rp->view, at.pr, false);
  return view_proofs(cx, rq, rp->view, at.pr, at.n, at.i->code);
}

static Str item_path(Request *rq) {
  return arena_fmt(rq->mem, "/w/t/%.*s/%.*s/%.*s", SFMT(rq->params[0]), SFMT(rq->params[1]), SFMT(rq->params[2]));
}

static void after_item(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  after_or_again(cx, rq, result, rp, item_path(rq), page_item, "work_item");
}

/* Acts on an item: the button's value names the command, its form the arguments. */
typedef struct Act {
  const char *act, *command;
  const char *text[6]; /* arguments taken from the form as text */
  bool days, seen;
} Act;
static const Act acts[] = {
    {"take", "item.take", {NULL}, false, false},
    {"pause", "item.pause", {"cause", "notice", "planned", NULL}, false, true},
    {"resume", "item.resume", {NULL}, false, true},
    {"extend-pause", "item.extend-pause", {"notice", "planned", NULL}, false, true},
    {"return", "item.return", {"why_late", "until", NULL}, false, true},
    {"ask", "item.ask-extension", {"reason", NULL}, true, true},
    {"extend", "item.extend", {NULL}, false, false},
    {"refuse-extension", "item.refuse-extension", {"reason", NULL}, false, false},
    {"decide", "item.decide", {"result", "opinion", "signature", "article", "relation", "contrary"}, false, true},
};

/* When the letter comes: "beside_stage": never, a parallel item is in no decision on a stage; "waits_for": after these items. */
static void draft_when(Arena *m, Json *o, const Place *at) {
  Json *list = json_put_arr(m, o, S("waits_for"));
  PUT_BOOL(o, "beside_stage", at->i->parallel);
  for (size_t k = 0; k < at->s->item_count; k++) {
    const ItemState *one = &at->s->items[k];
    if (one == at->i || one->parallel || one->status >= ITEM_PASSED) continue;
    Json *row = json_push_obj(m, list);
    PUT(row, "name", one->name);
    PUT_BOOL(row, "first", list->count == 1);
  }
}

/* A refusal is signed in two steps: its letter is read first. The mark stands for opinion and article as they were read. */
static Str draft_mark(Request *rq) {
  Str all = arena_fmt(rq->mem, "%.*s\n%.*s", SFMT(request_arg(rq, S("opinion"))), SFMT(request_arg(rq, S("article"))));
  return arena_fmt(rq->mem, "%016llx", (unsigned long long)str_hash(all));
}

static bool draft_first(Request *rq, const Place *at) {
  enum { OPINION_MIN = 10 };
  const Policy *p = policy_of(rq, at->pr, at->n);
  bool whole = article_allowed(p, policy_item(p, at->i->code), request_arg(rq, S("article"))) && utf8_count(request_arg(rq, S("opinion"))) >= OPINION_MIN;
  return at->i->status == ITEM_TAKEN && whole && !str_eq(request_arg(rq, S("letter")), draft_mark(rq)); /* else the command says what is wrong */
}

static Code draft_page(Cx *cx, Request *rq, Reply *rp, const Place *at) {
  Arena *m = rq->mem;
  DocText t;
  Place now = *at;
  TRY(page_item(cx, rq, rp));
  TRY(place_of(cx, rq, &now));
  TRY(document_refusal_draft(cx, policy_of(rq, now.pr, now.n), now.pr, now.n, now.i->code, request_arg(rq, S("opinion")), request_arg(rq, S("article")), rq->now, &t));
  Json *o = json_put_obj(m, rp->view, S("draft")), *paragraphs = json_put_arr(m, o, S("paragraphs")), *list = json_put_arr(m, o, S("reasons")), *ways = json_put_arr(m, o, S("remedies"));
  PUT(o, "mark", draft_mark(rq));
  PUT(o, "doc_title", t.title);
  PUT(o, "addressee", t.addressee);
  PUT(o, "doc_basis", t.basis);
  PUT(o, "issuer", t.issuer);
  PUT_BOOL(o, "remedy_sample", t.remedy_sample);
  draft_when(m, o, &now);
  for (size_t i = 0; i < t.paragraph_count; i++) json_push_str(m, paragraphs, t.paragraphs[i]);
  for (size_t i = 0; i < t.list_count; i++) json_push_str(m, list, t.list[i]);
  for (size_t i = 0; i < t.remedy_count; i++) json_push_str(m, ways, t.remedies[i]);
  rp->title = arena_fmt(m, "还没有签字：%.*s", SFMT(rp->title));
  rp->tmpl = "work_item";
  reply_keep(rq, rp);
  return OK;
}

static Code post_item(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Place at = {0};
  TRY(place_of(cx, rq, &at));
  const Act *act = NULL;
  Str wanted = request_arg(rq, S("act"));
  for (size_t i = 0; i < COUNT(acts); i++)
    if (str_eqz(wanted, acts[i].act)) act = &acts[i];
  if (!act) FAIL(MALFORMED, "没有“%.*s”这种办理动作。请返回上一页重新操作。", SFMT(wanted));
  bool refuses = str_eqz(wanted, "decide") && str_eqz(request_arg(rq, S("result")), "refuse");
  if (refuses && draft_first(rq, &at)) return draft_page(cx, rq, rp, &at);
  Json *args = json_obj(m);
  PUT_INT(args, "stage", at.n);
  PUT(args, "item", at.i->code);
  for (size_t i = 0; i < COUNT(act->text) && act->text[i]; i++) {
    Str name = str_of(act->text[i]), value = request_arg(rq, name);
    if (value.len) json_put_str(m, args, name, value);
  }
  if (str_eqz(wanted, "return") && missing_lines(cx, rq, S("missing"), json_put_arr(m, args, S("missing"))) != OK) return fault_again(cx, rq, rp, page_item, "work_item");
  if (act->days) PUT_INT(args, "days", request_int(rq, S("days"), 0));
  if (act->seen) PUT_INT(args, "seen", request_int(rq, S("seen"), 0));
  reply_command(rq, rp, str_of(act->command), stream_of(rq), args);
  rp->after = after_item;
  return OK;
}

#define APPROVERS (ROLE_APPROVER | ROLE_UNIT_HEAD)
#define WINDOW (ROLE_CLERK | ROLE_WINDOW_HEAD)
const Route work_routes[] = {
    {.method = GET, .path = "/w", .allow = APPROVERS | WINDOW, .run = page_home_work, .tmpl = "work", .section = "work",
     .compact = true, .help = "我的待办：按剩余天数排列，每件只有一盏灯。"},
    {.method = GET, .path = "/w/t/{id}/{n}/{item}", .allow = APPROVERS | ROLE_SUPERVISOR | ROLE_LEADER, .run = page_item,
     .tmpl = "work_item", .section = "work", .compact = true, .help = "办理一个事项。"},
    {.method = POST, .path = "/w/t/{id}/{n}/{item}", .allow = APPROVERS, .run = post_item, .section = "work",
     .compact = true, .help = "接单、暂停、延长暂停、恢复、退回补正、申请延期、决定。"},
    {.method = GET, .path = "/w/c/{id}/{n}", .allow = WINDOW, .run = page_case, .tmpl = "work_case", .section = "work",
     .compact = true, .help = "窗口办理一个阶段：收件、受理、派转单、出件、送达。"},
    {.method = POST, .path = "/w/c/{id}/{n}", .allow = WINDOW, .run = post_case, .section = "work", .compact = true,
     .help = "窗口的一个动作。"},
    {.method = GET, .path = "/w/projects", .allow = WINDOW | ROLE_SUPERVISOR | ROLE_LEADER, .run = page_projects,
     .tmpl = "work_projects", .section = "projects", .compact = true, .help = "查找项目。"},
    {.method = GET, .path = "/w/county", .allow = APPROVERS, .run = page_county, .tmpl = "work_projects", .section = "work", .compact = true,
     .help = "县（市）区、开发区：建设地点在本地的全部项目。"},
    {.method = GET, .path = "/w/p/{id}", .allow = APPROVERS | ROLE_STAGE_LEAD | WINDOW | ROLE_SUPERVISOR | ROLE_LEADER, .run = page_whole,
     .tmpl = "work_project", .section = "projects", .compact = true, .help = "一个项目的全貌。"},
    {.method = GET, .path = "/w/file/{id}/{blob}", .allow = APPROVERS | WINDOW | ROLE_SUPERVISOR, .run = page_work_file,
     .section = "work", .help = "下载一份材料。"},
    {.path = NULL},
};
