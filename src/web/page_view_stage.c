/* SPDX-License-Identifier: Apache-2.0 */
/* page_view_stage.c: the stages of a project with their items, certificates and what may be done, on every page that shows them. */
#include "approval/beside.h"
#include "web/page.h"

static void view_pauses(Arena *m, const Policy *p, Json *obj, const ItemState *i, int64_t now) {
  Json *list = json_put_arr(m, obj, S("pauses"));
  for (size_t n = 0; n < i->pause_count; n++) {
    const PauseState *ps = &i->pauses[n];
    const Cause *cause = policy_cause(p, ps->cause);
    Json *one = json_push_obj(m, list);
    PUT(one, "cause", cause ? cause->name : ps->cause);
    PUT(one, "basis", cause ? cause->basis : S(""));
    PUT(one, "notice", ps->notice);
    PUT(one, "from", time_cn(m, ps->from));
    if (ps->to) PUT(one, "to", time_cn(m, ps->to));
    PUT_BOOL(one, "late", !ps->to && ps->planned.n && ps->planned.n < day_of(now).n);
    PUT(one, "planned", ps->planned.n ? day_cn(m, ps->planned) : S(""));
  }
}

/* Why it stands still now, for everybody: the notice is for those whom it concerns. */
static void view_standstill(Arena *m, const Policy *p, Json *obj, const ItemState *i, int64_t now) {
  if (i->status != ITEM_PAUSED || !i->pause_count) return;
  const PauseState *last = &i->pauses[i->pause_count - 1];
  const Cause *cause = policy_cause(p, last->cause);
  PUT(obj, "standstill", cause ? cause->name : last->cause);
  if (!last->planned.n) return;
  PUT(obj, "planned_end", day_str(m, last->planned));
  if (last->planned.n < day_of(now).n) return; /* it did not go on then: no day follows from it */
  Reading then = project_item_reading(p, i, day_start(last->planned));
  if (then.due_if_resumed_today.n) PUT(obj, "planned_due", day_str(m, then.due_if_resumed_today));
}

/* An item of the stage that is still to be decided, and that the stage waits for. */
static bool item_keeps(const ItemState *i) {
  return !i->parallel && i->status < ITEM_PASSED;
}

/* "turned_down": it was refused and no decision on the stage tells the applicant so yet: the reason, "remedy", and for which items of the
 * stage the decision waits. A parallel one is in no decision on a stage. */
static void view_turned_down(Arena *m, const Policy *p, Json *obj, const StageState *s, const ItemState *i) {
  bool told = s->status != STAGE_RUNNING && s->status != STAGE_DECIDED;
  PUT_BOOL(obj, "turned_down", i->status == ITEM_REFUSED && (i->parallel || !told));
  if (i->status != ITEM_REFUSED) return;
  Json *names = json_put_arr(m, obj, S("waits_for"));
  for (size_t k = 0; k < s->item_count; k++)
    if (item_keeps(&s->items[k])) json_push_str(m, names, s->items[k].name);
  PUT(obj, "remedy", p->remedy);
}

static void view_item(const Request *rq, const Policy *p, Json *obj, const StageState *s, const ItemState *i, bool masked) {
  Arena *m = rq->mem;
  int64_t now = rq->now;
  Reading r = project_item_reading(p, i, now);
  const Item *item = policy_item(p, i->code);
  PUT(obj, "code", i->code);
  PUT(obj, "name", i->name);
  PUT(obj, "unit", i->unit);
  PUT(obj, "unit_name", unit_name(p, i->unit));
  PUT(obj, "status", item_status_text(i->status));
  PUT(obj, "status_label", reads_inside(rq) ? item_status_label(i->status) : item_status_plain(i->status));
  PUT_BOOL(obj, "parallel", i->parallel);
  PUT_BOOL(obj, "tied", i->status < ITEM_PASSED && item_tied(s, i->code).len); /* its conclusion is signed there; whoever applied waits for the days of the stage */
  PUT_BOOL(obj, "inside", reads_inside(rq)); /* the departments have a limit of their own as well */
  PUT_BOOL(obj, "open", i->status < ITEM_PASSED);
  PUT_BOOL(obj, "kept", i->kept_from > 0);
  PUT_BOOL(obj, "can_reapply", item_reapplies(s, i));
  PUT_BOOL(obj, "days_sample", item && item->days_source.sample);
  const Json *share = i->kept_from ? NULL : item_share(p, s, i->code);
  if (share) json_put(m, obj, S("share"), share);
  view_reading(m, obj, &r, i->limit);
  PUT_BOOL(obj, "spent", r.left <= 0);
  view_standstill(m, p, obj, i, now);
  if (i->taken_at) PUT(obj, "taken", time_cn(m, i->taken_at));
  if (i->decided_at) PUT(obj, "decided", time_cn(m, i->decided_at));
  PUT_BOOL(obj, "extended", i->extended);
  if (masked) return;
  PUT(obj, "taken_name", i->taken_name);
  PUT(obj, "opinion", i->opinion);
  PUT(obj, "signature", i->signature);
  PUT(obj, "article", i->article);
  PUT_BOOL(obj, "extension_asked", i->extension_asked);
  PUT_INT(obj, "extension_days", i->extension_days);
  PUT(obj, "extension_reason", i->extension_reason);
  PUT_INT(obj, "seen", i->seq);
  if (i->urged) {
    PUT_INT(obj, "urged", i->urged);
    PUT(obj, "urged_at", time_cn(m, i->urged_at));
    PUT(obj, "urged_by", i->urged_by);
  }
  if (i->demands) json_put(m, obj, S("demands"), i->demands);
  view_turned_down(m, p, obj, s, i);
  PUT_BOOL(obj, "returned", i->status == ITEM_RETURNED);
  if (i->status == ITEM_RETURNED && i->pause_count && reads_inside(rq)) {
    Day until = i->pauses[i->pause_count - 1].planned;
    PUT(obj, "supply_by", until.n ? day_str(m, until) : S(""));
    PUT_BOOL(obj, "supply_late", until.n && until.n < day_of(now).n);
  }
  bool supplied = i->status == ITEM_TAKEN && json_int(i->demands, S("supplied_at"), 0);
  PUT(obj, "supplied", supplied ? time_cn(m, json_int(i->demands, S("supplied_at"), 0)) : S(""));
  view_pauses(m, p, obj, i, now);
}

Str stage_posted(Arena *m, const StageState *s) {
  if (!s->posted_at || s->delivered_at) return S("");
  Str day = day_cn(m, day_of(s->posted_at));
  return s->posted_letter.len ? arena_fmt(m, "%.*s 已寄出，快递单号 %.*s", SFMT(day), SFMT(s->posted_letter)) : arena_fmt(m, "%.*s 已寄出", SFMT(day));
}

static void view_stage_papers(Arena *m, Json *o, const StageState *s, bool masked) {
  PUT(o, "receipt", s->receipt);
  if (s->submitted_at) PUT(o, "submitted", time_cn(m, s->submitted_at));
  if (s->accepted_at) PUT(o, "accepted", day_cn(m, s->accepted_on));
  if (s->accepted_at) PUT(o, "accepted_on", day_str(m, s->accepted_on));
  PUT_BOOL(o, "deemed", s->deemed);
  PUT(o, "certificate", s->certificate);
  if (s->certified_at) PUT(o, "certified", time_cn(m, s->certified_at));
  if (s->delivered_at) PUT(o, "delivered", s->delivered_day ? day_cn(m, day_of(s->delivered_at)) : time_cn(m, s->delivered_at));
  PUT(o, "posted", s->posted_at && !s->delivered_at ? day_cn(m, day_of(s->posted_at)) : S(""));
  PUT(o, "posted_letter", masked ? S("") : s->posted_letter);
  PUT(o, "delivered_how", s->delivered_how);
  PUT(o, "delivered_letter", masked ? S("") : s->delivered_letter);
  if (masked) return;
  if (s->notice) json_put(m, o, S("notice"), s->notice);
  if (s->refusal) json_put(m, o, S("refusal"), s->refusal);
  if (s->slip) json_put(m, o, S("slip"), s->slip);
  PUT(o, "return_reason", s->return_reason);
  PUT(o, "end_reason", s->end_reason);
}

void view_lacks(Arena *m, Json *o, const StageState *s, int64_t now) {
  bool ended = s->status == STAGE_WITHDRAWN || s->status == STAGE_REFUSED, live = s->status >= STAGE_SUBMITTED && s->status <= STAGE_DECIDED;
  PUT_INT(o, "lack_open", live ? (int64_t)lacks_open(s) : 0);
  PUT_BOOL(o, "can_supply", live && lacks_open(s) && s->status != STAGE_CORRECTION);
  Json *list = json_put_arr(m, o, S("lacks"));
  for (size_t i = 0; i < s->lack_count; i++) {
    const Lack *l = &s->lacks[i];
    Json *one = json_push_obj(m, list);
    PUT(one, "material", l->name);
    PUT(one, "promised", day_str(m, l->promised));
    PUT_BOOL(one, "supplied", l->supplied_at > 0);
    PUT_BOOL(one, "ended", ended);
    PUT_BOOL(one, "over", !l->supplied_at && l->promised.n < day_of(now).n);
    if (l->supplied_at) PUT(one, "at", time_cn(m, l->supplied_at));
    PUT_BOOL(one, "late", l->supplied_at && day_of(l->supplied_at).n > l->promised.n);
  }
}

Reading delivery_reading(const Policy *p, int64_t made, int64_t now) {
  ItemClock k = {.start = day_of(made), .limit = p->deliver_days};
  return clock_item(p->calendar, &k, day_of(now), p->lamp);
}

static void view_deliver_by(const Request *rq, Json *o, const Policy *p, const StageState *s) {
  if (s->status != STAGE_CERTIFIED || !s->certified_at) return;
  Arena *m = rq->mem;
  Reading r = delivery_reading(p, s->certified_at, rq->now);
  PUT(o, "deliver_by", day_str(m, r.due));
  PUT_BOOL(o, "deliver_late", r.lamp == LAMP_RED);
}

/* What the window reads beside a stage that waits for it or for the owner: the day that counts then is that of the step, as in its lists. */
static void view_step(const Request *rq, Json *o, const Project *pr, const StageState *s, int n) {
  Arena *m = rq->mem;
  const Policy *p = policy_of(rq, pr, n);
  if (s->status == STAGE_CERTIFIED && s->certified_at) {
    PUT(o, "step", arena_fmt(m, "待送达：最迟 %.*s 送达（%.*s 出件）；下面是本阶段的时限，出件时已经停止计算", SFMT(day_str(m, delivery_reading(p, s->certified_at, rq->now).due)), SFMT(day_str(m, day_of(s->certified_at)))));
  }
  if (s->status != STAGE_CORRECTION) return;
  const Json *missing = s->notice ? json_get(s->notice, S("missing")) : NULL;
  PUT(o, "step", arena_fmt(m, "%.*s 起等申请人补正，要补正 %zu 处", SFMT(time_cn(m, json_int(s->notice, S("at"), s->last_at))), missing ? missing->count : (size_t)0));
  PUT(o, "step_link", S("看要补正什么"));
  PUT(o, "step_href", arena_fmt(m, "/w/c/%lld/%d", (long long)pr->no, n));
}

/* All that the stage still waits for was returned to the applicant: no department can go on with it. */
static bool all_returned(const StageState *s) {
  size_t returned = 0;
  for (size_t i = 0; i < s->item_count && s->status == STAGE_RUNNING; i++) {
    if (item_keeps(&s->items[i]) && s->items[i].status != ITEM_RETURNED) return false;
    returned += item_keeps(&s->items[i]);
  }
  return returned > 0;
}

static bool with_unit(const ItemState *i) {
  return item_keeps(i) && i->status != ITEM_RETURNED;
}

/* All that the stage waits for from this unit is paused. */
static bool unit_stands(const StageState *s, Str unit) {
  for (size_t i = 0; i < s->item_count; i++)
    if (with_unit(&s->items[i]) && str_eq(s->items[i].unit, unit) && s->items[i].status != ITEM_PAUSED) return false;
  return true;
}

/* "with_units": the units whose open items the certificate waits for, "stands" where they may not go on themselves; "also": what was returned to the applicant meanwhile and waits for him. */
static void with_units(const Request *rq, Json *o, const StageState *s) {
  Json *list = json_put_arr(rq->mem, o, S("with_units")), *also = json_put_arr(rq->mem, o, S("also"));
  for (size_t i = 0; i < s->item_count; i++) {
    bool before = false;
    for (size_t k = 0; k < i; k++) before |= with_unit(&s->items[k]) && str_eq(s->items[k].unit, s->items[i].unit);
    if (s->items[i].status == ITEM_RETURNED) json_push_str(rq->mem, also, s->items[i].name);
    if (!with_unit(&s->items[i]) || before) continue;
    Json *one = json_push_obj(rq->mem, list);
    json_put_str(rq->mem, one, S("name"), unit_name(rq->app->policy, s->items[i].unit));
    json_put_bool(rq->mem, one, S("first"), list->count == 1);
    json_put_bool(rq->mem, one, S("stands"), unit_stands(s, s->items[i].unit));
  }
}

static void view_stage_acts(const Request *rq, Json *o, const StageState *s) {
  Arena *m = rq->mem;
  StageStatus st = s->status;
  PUT_BOOL(o, "can_apply", st == STAGE_OPEN || st == STAGE_CORRECTION || st == STAGE_REFUSED || st == STAGE_WITHDRAWN);
  PUT_BOOL(o, "correction", st == STAGE_CORRECTION);
  PUT_BOOL(o, "can_withdraw", st >= STAGE_SUBMITTED && st <= STAGE_DECIDED);
  PUT_BOOL(o, "done", st == STAGE_DELIVERED);
  PUT_BOOL(o, "na", st == STAGE_NA);
  PUT_BOOL(o, "refused", st == STAGE_REFUSED);
  PUT_BOOL(o, "not_accepted", st == STAGE_WITHDRAWN && s->not_accepted);
  PUT_BOOL(o, "has_clock", s->accepted_at > 0 && st != STAGE_NA);
  bool own = json_bool(o, S("can_apply")) || stage_reapplies(s) || all_returned(s);
  PUT_BOOL(o, "all_returned", all_returned(s));
  PUT_BOOL(o, "reapplies", stage_reapplies(s));
  if (st == STAGE_SUBMITTED) PUT(o, "answer_by", day_str(m, calendar_add(rq->app->policy->calendar, day_of(s->submitted_at), rq->app->policy->receipt_days)));
  if (st == STAGE_RUNNING && !own) with_units(rq, o, s);
  PUT(o, "with", own ? S(N_("申请单位")) : st == STAGE_RUNNING ? S(N_("审批部门")) : S(N_("综合窗口"))); /* whoever acts next */
}

/* A line about a certificate; reasons are for those whom they concern. */
static void cert_brief(Arena *m, Json *o, const Cert *c, bool masked) {
  PUT(o, "certificate_name", c->name);
  PUT(o, "certificate", c->number);
  PUT(o, "status", cert_status_text(c->status));
  PUT(o, "cert_label", cert_status_label(c->status));
  PUT_BOOL(o, "valid", c->status == CERT_VALID);
  if (c->status_at) PUT(o, "since", day_str(m, day_of(c->status_at)));
  if (!masked) PUT(o, "cert_reason", c->reason);
}

/* When the last of what stands still is to go on; none where one of them has no such day, or it has gone by. */
static Day planned_end(const StageState *s, Day today) {
  Day last = {0};
  for (size_t i = 0; i < s->item_count; i++) {
    const ItemState *it = &s->items[i];
    if (it->parallel || it->status != ITEM_PAUSED || !it->pause_count) continue;
    Day planned = it->pauses[it->pause_count - 1].planned;
    if (planned.n < today.n) return (Day){0};
    if (planned.n > last.n) last = planned;
  }
  return last;
}

/* The day that its items name, too: on the telephone there is one answer. */
static void view_planned(const Request *rq, const Policy *p, Json *o, const Project *pr, int n) {
  Arena *m = rq->mem;
  Day end = planned_end(&pr->stages[n], day_of(rq->now));
  if (!end.n) return;
  Reading then = project_stage_reading(m, p, pr, n, day_start(end));
  if (!then.due_if_resumed_today.n) return;
  PUT(o, "stage_planned_end", day_str(m, end));
  PUT(o, "stage_planned_due", day_str(m, then.due_if_resumed_today));
}

void view_stages(const Request *rq, Json *obj, const Project *pr, Str unit, bool masked) {
  Arena *m = rq->mem;
  int64_t now = rq->now;
  Json *list = json_put_arr(m, obj, S("stages"));
  int current = project_current_stage(pr);
  PUT_INT(obj, "current", current);
  for (int n = 1; n <= STAGE_MAX; n++) {
    const StageState *s = &pr->stages[n];
    const Policy *p = policy_of(rq, pr, n);
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "n", n);
    PUT_INT(o, "project", pr->no);
    PUT(o, "policy_version", s->policy_version);
    PUT(o, "name", p->stages[n].name);
    PUT(o, "lead", unit_name(p, p->stages[n].lead));
    Json *certs = json_put_arr(m, o, S("certificates"));
    for (size_t k = 0; k < pr->cert_count; k++) {
      if (pr->certs[k].stage != n) continue;
      Json *one = json_push_obj(m, certs);
      cert_brief(m, one, &pr->certs[k], masked);
      bool handed = s->delivered_at >= pr->certs[k].at; /* one that came by a change is not yet */
      PUT_BOOL(one, "handed", handed);
      if (str_eq(pr->certs[k].number, s->certificate)) PUT_BOOL(o, "handed_over", handed && s->delivered_at);
    }
    PUT(o, "certificate_name", p->stages[n].certificate);
    PUT(o, "status", stage_status_text(s->status));
    PUT(o, "status_label", stage_status_shown(s, reads_inside(rq)));
    PUT_BOOL(o, "now", n == current && pr->status == PROJECT_RUNNING);
    view_stage_acts(rq, o, s);
    view_deliver_by(rq, o, p, s);
    PUT_BOOL(o, "acceptance", n == STAGE_MAX && (acceptance_possible(p, pr) || s->ties));
    view_lacks(m, o, s, now);
    view_stage_papers(m, o, s, masked);
    Reading r = project_stage_reading(m, p, pr, n, now);
    view_reading(m, o, &r, s->limit > 0 ? s->limit : pr->limits[n]);
    if (r.paused && !r.overdue) view_planned(rq, p, o, pr, n);
    if (!masked && request_has_role(rq, ROLE_CLERK | ROLE_WINDOW_HEAD)) view_step(rq, o, pr, s, n);
    bool paused = false;
    for (size_t i = 0; i < s->item_count; i++) paused |= !s->items[i].parallel && s->items[i].status == ITEM_PAUSED;
    PUT_BOOL(o, "moves", paused && r.has_due); /* while one stands still the others run on the stage's days */
    Json *items = json_put_arr(m, o, S("items"));
    for (size_t i = 0; i < s->item_count; i++)
      if (!unit.len || str_eq(unit, s->items[i].unit))
        view_item(rq, p, json_push_obj(m, items), s, &s->items[i], masked);
  }
}
