/* SPDX-License-Identifier: Apache-2.0 */
/* page_waits.c: what waits for this person outside the list of items, on the home where everybody looks first: documents and drafts to review,
 * monthly reports to sign or to accept. Each number is the length of a list. The lists of the window. And what stands beside an item. */
#include "approval/beside.h"
#include "early/early.h"
#include "joint/joint.h"
#include "ledger/ledger.h"
#include "notice/notice.h"
#include "supervision/supervision.h"
#include "web/page_ledger.h"
#include "web/page_random.h"
#include "web/page_work.h"

#include <stdlib.h>

static void wait_put(Request *rq, Json *list, const char *label, Str of, Str href, int64_t n, int64_t late) {
  Arena *m = rq->mem;
  if (!n) return;
  Json *o = json_push_obj(m, list);
  PUT(o, "label", str_of(label));
  PUT(o, "of", of);
  PUT(o, "href", href);
  PUT_INT(o, "n", n);
  PUT_INT(o, "late", late);
}

static Code reports_wait(Cx *cx, Request *rq, Json *list, const LedgerKind *k) {
  enum { LOOKED = 200 };
  MonthlyRow *rows = NULL;
  size_t n = 0;
  bool joint = ledger_joint(rq, k), county = request_has_role(rq, ROLE_UNIT_HEAD) && ledger_region(k, rq->who->unit);
  if (!joint && !county) return OK;
  TRY(monthlies_list(cx, reader_views(rq->rd), k->code, joint ? S("") : rq->who->unit, S(""), LOOKED, &rows, &n));
  for (size_t i = 0; i < n; i++) {
    bool sign = county && str_eqz(rows[i].status, "made") && str_eq(rows[i].county, rq->who->unit), accept = joint && str_eqz(rows[i].status, "reported");
    if (!sign && !accept) continue;
    Str href = arena_fmt(rq->mem, "/w/l/%.*s/report/%.*s/%.*s", SFMT(k->code), SFMT(rows[i].county), SFMT(rows[i].month));
    Str of = arena_fmt(rq->mem, "%.*s%.*s：", SFMT(unit_name(rq->app->policy, rows[i].county)), SFMT(month_cn(rq->mem, rows[i].month)));
    wait_put(rq, list, sign ? "月报等您签字上报" : "月报等接收", of, href, 1, 0);
  }
  return OK;
}

/* Enterprises that have asked for an agent and have none: for their county, and for the head of the window. */
static Code orders_wait(Cx *cx, Request *rq, Json *list) {
  const Unit *own = policy_unit(rq->app->policy, rq->who->unit);
  bool head = request_has_role(rq, ROLE_WINDOW_HEAD), county = own && (str_eqz(own->kind, "county") || str_eqz(own->kind, "zone"));
  if (!head && !county) return OK;
  OrderFilter f = {.county = head ? S("") : rq->who->unit, .status = S("ordered"), .limit = 1};
  OrderRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  TRY(orders_list(cx, rq->rd, &f, &rows, &n, &total));
  Str href = total == 1 ? arena_fmt(rq->mem, "/w/agent/%lld", (long long)rows[0].no) : S("/w/early");
  wait_put(rq, list, "委托代办等指派代办员", S(""), href, total, 0);
  return OK;
}

static int by_days_left(const void *x, const void *y) {
  const ConsultRow *a = x, *b = y;
  int u = a->reading.overdue ? -a->reading.overdue_days : a->reading.left, v = b->reading.overdue ? -b->reading.overdue_days : b->reading.left;
  if (u != v) return u < v ? -1 : 1;
  return a->no < b->no ? -1 : a->no > b->no;
}

/* view.questions {total, rows, cut}: consultations 咨询 that wait for this unit's answer, the most urgent first; and their number among what waits. */
static Code questions_wait(Cx *cx, Request *rq, Json *view, Json *list) {
  enum { LOOKED = 200, SHOWN = 20 };
  Arena *m = rq->mem;
  ConsultRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0, late = 0;
  if (!staff_of(rq, rq->who->unit)) return OK;
  TRY(consults_waiting(cx, rq->rd, rq->app->policy, rq->who->unit, rq->now, LOOKED, &rows, &n, &total));
  if (!n) return OK;
  qsort(rows, n, sizeof *rows, by_days_left);
  Json *o = json_put_obj(m, view, S("questions")), *out = json_put_arr(m, o, S("rows"));
  PUT_INT(o, "total", total);
  PUT_BOOL(o, "cut", total > SHOWN);
  for (size_t i = 0; i < n; i++) {
    late += rows[i].reading.lamp == LAMP_RED;
    if (i >= SHOWN) continue;
    Json *row = json_push_obj(m, out);
    PUT_INT(row, "no", rows[i].no);
    PUT(row, "subject", rows[i].subject);
    PUT(row, "owner", rows[i].owner);
    PUT(row, "specialist", rows[i].specialist);
    view_reading(m, row, &rows[i].reading, rows[i].days);
  }
  wait_put(rq, list, "咨询等本单位答复", S(""), S("#qs"), total, late);
  return OK;
}

/* Bad ratings 差评 that nobody has answered, for the head of the window, whose task that is. */
static Code ratings_wait(Cx *cx, Request *rq, Json *list) {
  enum { LOOKED = 1000 };
  RatingRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0, late = 0;
  if (!request_has_role(rq, ROLE_WINDOW_HEAD)) return OK;
  TRY(ratings_list(cx, rq->rd, rq->app->policy, &(RatingFilter){.bad = true, .status = S("answered"), .limit = LOOKED}, rq->now, &rows, &n, &total));
  for (size_t i = 0; i < n; i++) late += rows[i].reading.lamp == LAMP_RED;
  wait_put(rq, list, "差评等核实、答复", S(""), S("/w/ratings"), total, late);
  return OK;
}

/* What the departments owe beside their items: pre-opinions 前期意见, checks of promises 承诺核查. */
static Code owed_wait(Cx *cx, Request *rq, Json *list) {
  enum { LOOKED = 200 };
  Str unit = rq->who->unit;
  OpinionRow *rows = NULL;
  PromiseCount promises;
  size_t n = 0;
  int64_t late = 0;
  if (!staff_of(rq, unit)) return OK;
  TRY(opinions_list(cx, rq->rd, rq->app->policy, unit, rq->now, LOOKED, &rows, &n));
  for (size_t i = 0; i < n; i++) late += rows[i].reading.lamp == LAMP_RED;
  wait_put(rq, list, "前期意见等您单位出具", S(""), S("/w/early"), (int64_t)n, late);
  TRY(promises_count(cx, rq->rd, unit, rq->now, &promises));
  wait_put(rq, list, "承诺到期没有核查", S(""), S("/w/promise?figure=late"), promises.late, promises.late);
  return OK;
}

static Code directives_count(Cx *cx, Request *rq, DirectiveFilter f, int64_t *n) {
  DirectiveRow *rows = NULL;
  size_t k = 0;
  return directives_list(cx, rq->rd, rq->app->policy, &f, rq->now, &rows, &k, n);
}

/* Orders 督办单 that this person has to reply to on the rung where they are. */
static Code directives_wait(Cx *cx, Request *rq, Json *list) {
  int64_t n = 0, late = 0;
  TRY(directives_count(cx, rq, (DirectiveFilter){.to = rq->who, .status = S("issued"), .owed = true}, &n));
  TRY(directives_count(cx, rq, (DirectiveFilter){.to = rq->who, .status = S("issued"), .owed = true, .late = true}, &late));
  wait_put(rq, list, "督办单等您回复", S(""), S("/w/orders?status=owed"), n, late);
  return OK;
}

Code waits_view(Cx *cx, Request *rq, Json *view) {
  const Policy *p = rq->app->policy;
  Json *list = json_put_arr(rq->mem, view, S("waits"));
  TRY(directives_wait(cx, rq, list));
  TRY(orders_wait(cx, rq, list));
  TRY(ratings_wait(cx, rq, list));
  TRY(questions_wait(cx, rq, view, list));
  TRY(owed_wait(cx, rq, list));
  TRY(spots_wait(cx, rq, list));
  if (request_has_role(rq, ROLE_EDITOR | ROLE_UNIT_HEAD) && p->disclosure) {
    Json *of = json_obj(rq->mem);
    TRY(pub_waiting_view(cx, rq, of));
    wait_put(rq, list, "公文和草案等我审查", S(""), S("/w/pub"), json_int(of, S("waiting_total"), 0), 0);
  }
  for (size_t i = 0; i < p->ledgers.kind_count; i++)
    if (ledger_report_day(p, &p->ledgers.kinds[i])) TRY(reports_wait(cx, rq, list, &p->ledgers.kinds[i]));
  return OK;
}

/* ---- the lists of the window ----------------------------------------------------------------------------------------- */

/* One of the window's rows: its step's clock (answer, delivery), or else the clock of the stage, as inside the case. */
typedef struct Wait {
  const StageRow *row;
  const Project *pr;
  Lamp lamp;
  int left, over;
  Day due;
  bool has_due;
} Wait;

static Code wait_of(Cx *cx, Request *rq, const StageRow *row, Wait *w) {
  *w = (Wait){.row = row, .lamp = row->lamp, .left = row->left, .over = row->left < 0 ? -row->left : 0, .due = row->deadline, .has_due = row->has_deadline};
  TRY(project_load(cx, rq->rd, row->project, &w->pr));
  if (row->has_deadline) return OK;
  if (!w->pr->stages[row->stage].accepted_at) return OK;
  Reading r = project_stage_reading(rq->mem, policy_of(rq, w->pr, row->stage), w->pr, row->stage, rq->now);
  w->lamp = r.lamp;
  w->left = r.left;
  w->over = r.overdue_days;
  w->due = r.due;
  w->has_due = r.has_due;
  return OK;
}

/* Days late count below zero; what stands still comes after what runs, what has no clock last. */
static int64_t urgency(const Wait *w) {
  enum { STILL = 1 << 20, NONE = 1 << 21 };
  if (w->lamp == LAMP_RED) return -(int64_t)w->over - 1;
  if (w->lamp == LAMP_YELLOW || w->lamp == LAMP_GREEN) return w->left;
  return w->lamp == LAMP_GREY ? STILL : NONE;
}

static int by_urgency(const void *x, const void *y) {
  const Wait *a = x, *b = y;
  int64_t u = urgency(a), v = urgency(b);
  if (u != v) return u < v ? -1 : 1;
  if (a->row->at != b->row->at) return a->row->at < b->row->at ? -1 : 1;
  return a->row->project < b->row->project ? -1 : 1;
}

static void stage_put(Request *rq, Json *o, const Wait *w) {
  Arena *m = rq->mem;
  view_case(rq, o, w->row->project, w->row->stage, w->row->number, w->row->project_name);
  const StageState *s = &w->pr->stages[w->row->stage];
  PUT(o, "owner", w->row->owner);
  PUT(o, "status_label", w->row->status);
  PUT_BOOL(o, "corrected", s->status == STAGE_SUBMITTED && s->noticed);
  PUT(o, "at", time_cn(m, w->row->at));
  if (w->has_due) PUT(o, "deadline", day_str(m, w->due));
  PUT_INT(o, "waited", calendar_count(rq->app->policy->calendar, day_of(w->row->at), day_of(rq->now)));
  PUT_BOOL(o, "clock", w->lamp != LAMP_NONE);
  PUT(o, "clock_of", !w->row->has_deadline ? S(N_("阶段")) : s->certified_at ? S(N_("送达")) : S(N_("受理答复")));
  if (request_has_role(rq, ROLE_WINDOW_HEAD)) PUT(o, "hand", window_hand(rq->app->policy, w->pr, w->row->stage));
  view_lamp(m, o, w->lamp, w->left, w->over);
  if (s->status == STAGE_CERTIFIED) PUT(o, "why", stage_posted(m, s));
}

static Code waits_of(Cx *cx, Request *rq, Str statuses, Wait **out, size_t *n) {
  enum { SHOWN = 200 };
  StageRow *rows = NULL;
  TRY(stages_list(cx, rq->rd, rq->app->policy, statuses, rq->now, SHOWN, &rows, n));
  Wait *waits = arena_array(rq->mem, Wait, *n + 1);
  for (size_t i = 0; i < *n; i++) TRY(wait_of(cx, rq, &rows[i], &waits[i]));
  if (*n) qsort(waits, *n, sizeof *waits, by_urgency);
  *out = waits;
  return OK;
}

Code stages_view(Cx *cx, Request *rq, Json *view, Str key, Str statuses) {
  Wait *waits = NULL;
  size_t n = 0;
  TRY(waits_of(cx, rq, statuses, &waits, &n));
  Json *list = json_put_arr(rq->mem, view, key);
  for (size_t i = 0; i < n; i++) stage_put(rq, json_push_obj(rq->mem, list), &waits[i]);
  return OK;
}

Str issue_hindrance(Request *rq, const Project *pr, int n) {
  const Policy *one[] = {rq->app->policy};
  Policies alone = {.current = rq->app->policy, .all = one, .count = 1};
  Cx own = {.mem = rq->mem, .now = rq->now};
  return stage_may_certify(&own, rq->app->policies ? rq->app->policies : &alone, pr, n, rq->now) == OK ? S("") : own.detail;
}

/* Everything has passed: the seal is one press, straight from the row. A refusal is the window's to write, too. The rest waits for somebody else
 * and is no work of the window's: it has a list of its own, each with what stands in the way. */
Code issue_view(Cx *cx, Request *rq, Json *view) {
  Arena *m = rq->mem;
  Wait *waits = NULL;
  size_t n = 0;
  TRY(waits_of(cx, rq, S("decided"), &waits, &n));
  Json *ready = json_put_arr(m, view, S("to_issue")), *held = json_put_arr(m, view, S("held_up"));
  for (size_t i = 0; i < n; i++) {
    int stage = waits[i].row->stage;
    Str why = issue_hindrance(rq, waits[i].pr, stage);
    bool refused = stage_refused(&waits[i].pr->stages[stage]);
    Json *o = json_push_obj(m, why.len && !refused ? held : ready);
    stage_put(rq, o, &waits[i]);
    if (!why.len && request_has_role(rq, ROLE_CLERK)) PUT_BOOL(o, "can_seal", true);
    if (why.len && !refused) PUT(o, "why", why);
  }
  return OK;
}

void window_sums(Request *rq, Json *view) {
  static const struct { const char *key, *label, *href; } lists[] = {
      {"slips", "派转单待阅批", "#g6"}, {"arrived", "待受理", "#g1"}, {"to_slip", "待填派转单", "#g2"}, {"to_issue", "待出件", "#g3"}, {"to_deliver", "待送达的证件", "#g4"}};
  Arena *m = rq->mem;
  Json *sums = json_put_arr(m, view, S("sums"));
  for (size_t i = 0; i < COUNT(lists); i++) {
    const Json *list = json_get(view, str_of(lists[i].key));
    int64_t late = 0;
    for (const Json *row = list ? list->first : NULL; row; row = row->next) late += str_eqz(json_str(json_get(row, S("lamp")), S("code")), "red");
    if (!list) continue;
    Json *o = json_push_obj(m, sums);
    PUT(o, "label", str_of(lists[i].label));
    PUT(o, "href", str_of(lists[i].href));
    PUT_INT(o, "n", (int64_t)list->count);
    if (late) PUT_INT(o, "late", late);
  }
}

/* ---- extensions 延期 ------------------------------------------------------------------------------------------------- */

static void extension_put(Request *rq, Json *list, const Project *pr, const ItemRow *row, const ItemState *i) {
  Arena *m = rq->mem;
  const Policy *p = policy_of(rq, pr, row->stage);
  Reading r = project_item_reading(p, i, rq->now);
  Json *o = json_push_obj(m, list);
  view_case(rq, o, row->project, row->stage, row->number, row->project_name);
  PUT(o, "code", i->code);
  PUT(o, "item_name", i->name);
  PUT_INT(o, "days", i->extension_days);
  PUT(o, "reason", i->extension_reason);
  PUT(o, "by", i->extension_by);
  view_lamp(m, o, r.lamp, r.left, r.overdue_days);
  PUT_BOOL(o, "too_late", r.overdue);
  if (!r.has_due) return;
  PUT(o, "due", day_str(m, r.due));
  PUT(o, "due_new", day_str(m, calendar_add(p->calendar, r.due, i->extension_days)));
}

/* view.extensions: what the unit's people have asked for and its head has not answered 延期待批. An item of these is taken, so its
 * lamp is red, yellow or green; the unit's open ones are looked through, most urgent first. */
Code extensions_view(Cx *cx, Request *rq, Json *view) {
  enum { LOOKED_AT = 500 };
  ItemFilter f = {.unit = rq->who->unit, .open = true, .limit = LOOKED_AT};
  ItemRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  TRY(items_list(cx, rq->rd, rq->app->policy, &f, rq->now, &rows, &n, &total));
  Json *list = json_put_arr(rq->mem, view, S("extensions"));
  for (size_t i = 0; i < n; i++) {
    const Project *pr = NULL;
    if (rows[i].paused) continue;
    TRY(project_load(cx, rq->rd, rows[i].project, &pr));
    const ItemState *item = stage_item(&pr->stages[rows[i].stage], rows[i].code);
    if (item && item->extension_asked) extension_put(rq, list, pr, &rows[i], item);
  }
  json_put_int(rq->mem, view, S("extension_count"), (int64_t)list->count);
  return OK;
}

/* ---- beside an item ----------------------------------------------------------------------------------------------------- */

Str item_open_tied(const StageState *s, const ItemState *i) {
  bool over = i->status == ITEM_PASSED || i->status == ITEM_REFUSED || i->status == ITEM_WITHDRAWN;
  return over ? S("") : item_tied(s, i->code);
}

static Str until_text(Arena *m, const Reading *r) {
  return r->has_due ? arena_fmt(m, "%.*s 到期", SFMT(day_str(m, r->due))) : S("现在停算");
}

/* Both run: the package gives each item its days and each stage its own, and seeing the site together stops neither. */
Str joint_limits(Request *rq, const Project *pr, int n, const ItemState *i) {
  Arena *m = rq->mem;
  const Policy *p = policy_of(rq, pr, n);
  const StageState *s = &pr->stages[n];
  Reading own = project_item_reading(p, i, rq->now), whole = project_stage_reading(m, p, pr, n, rq->now);
  if (!item_open_tied(s, i).len) return S("");
  return arena_fmt(m, "两个时限都算：这一项 %d 个工作日（%.*s），超过的算本单位超期；联合验收按第 %d 阶段 %d 个工作日（%.*s），超过的算整个阶段超期。事项和阶段各有时限，一起勘验、一起出意见不改变任何一个。", i->limit,
                   SFMT(until_text(m, &own)), n, s->limit > 0 ? s->limit : pr->limits[n], SFMT(until_text(m, &whole)));
}

/* Only what the catalogue has in a joint acceptance can be tied to one; the case is read for no other row. */
Code joint_until_view(Cx *cx, Request *rq, Json *o, const ItemRow *r) {
  Arena *m = rq->mem;
  const Item *item = policy_item(rq->app->policy, r->code);
  const Project *pr = NULL;
  if (!item || !item->visit.len) return OK;
  TRY(project_load(cx, rq->rd, r->project, &pr));
  const ItemState *i = stage_item(&pr->stages[r->stage], r->code);
  if (!i || !item_open_tied(&pr->stages[r->stage], i).len) return OK;
  Reading whole = project_stage_reading(m, policy_of(rq, pr, r->stage), pr, r->stage, rq->now);
  PUT(o, "joint_until", until_text(m, &whole));
  return OK;
}

bool item_open_for_decision(ItemStatus s) {
  return s == ITEM_WAITING || s == ITEM_TAKEN || s == ITEM_PAUSED || s == ITEM_RETURNED;
}

bool item_before_joint(const Policy *p, const Item *item) {
  bool joint = false;
  for (size_t i = 0; i < p->item_count; i++) joint |= p->items[i].stage == item->stage && str_eqz(p->items[i].visit, "special");
  return joint && !item->visit.len && str_eq(item->result, p->stages[item->stage].certificate);
}

/* "beside": how the other items of the stage stand, for none of them may wait for another (D60-4.15-p5) and whoever decides sees it. */
void items_beside_view(Request *rq, Json *view, const Project *pr, int n, const ItemState *own) {
  Arena *m = rq->mem;
  const StageState *s = &pr->stages[n];
  const Policy *p = rq->app->policy;
  const Item *item = policy_item(p, own->code);
  PUT_BOOL(view, "before_joint", item && item_before_joint(p, item));
  Json *list = json_put_arr(m, view, S("beside")), *open = json_put_arr(m, view, S("next_open"));
  bool over = own->decided_at && own->status != ITEM_WITHDRAWN && !own->parallel; /* what comes next is asked by whoever has just signed */
  PUT_BOOL(view, "next", over && (s->status == STAGE_RUNNING || s->status == STAGE_DECIDED));
  PUT_BOOL(view, "next_refused", stage_refused(s));
  PUT(view, "next_hindered", s->status == STAGE_DECIDED && !stage_refused(s) ? issue_hindrance(rq, pr, n) : S(""));
  for (size_t i = 0; i < s->item_count; i++) {
    const ItemState *other = &s->items[i];
    if (other == own) continue;
    if (!other->parallel && item_open_for_decision(other->status)) json_push_str(m, open, arena_fmt(m, "%.*s（%.*s）", SFMT(other->name), SFMT(unit_name(p, other->unit))));
    Json *o = json_push_obj(m, list);
    PUT(o, "name", other->name);
    PUT(o, "unit_name", unit_name(p, other->unit));
    PUT(o, "status_label", item_status_label(other->status));
    PUT_BOOL(o, "parallel", other->parallel);
    PUT(o, "tied", item_open_tied(s, other));
    if (other->decided_at) PUT(o, "ended", day_str(m, day_of(other->decided_at)));
    if (!item_open_for_decision(other->status)) continue;
    Reading r = project_item_reading(p, other, rq->now);
    view_reading(m, o, &r, other->limit);
  }
}
