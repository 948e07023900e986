/* SPDX-License-Identifier: Apache-2.0 */
/* page_view.c: parts of view trees that stand on many pages. */
#include "approval/beside.h"
#include "policy/when.h"
#include "web/page.h"

static const char *const lamp_css[LAMP__MAX] = {
    [LAMP_DONE] = "d", [LAMP_ENDED] = "e", [LAMP_RED] = "r",   [LAMP_GREY] = "p",
    [LAMP_YELLOW] = "y", [LAMP_GREEN] = "g", [LAMP_NONE] = "n"};

/* Each row of a list has one: cheaper than a format. */
static Str days_words(Arena *m, Str pattern, int days) {
  SCOPED(buf_drop) Buf b;
  Str before, after;
  buf_init(&b, 200);
  str_cut(pattern, '%', &before, &after);
  buf_add(&b, before);
  buf_i64(&b, days);
  buf_add(&b, str_sub(after, 1, SIZE_MAX));
  return arena_str(m, buf_str(&b));
}

static Str lamp_words(Arena *m, Lamp lamp, int left, int overdue_days) {
  if (lamp == LAMP_RED && overdue_days > 0) return days_words(m, S(N_("超期 %d 个工作日")), overdue_days);
  if (lamp == LAMP_RED) return S(N_("已过期限"));
  if (lamp == LAMP_YELLOW || lamp == LAMP_GREEN) return days_words(m, S(N_("剩 %d 个工作日")), left);
  if (lamp == LAMP_GREY) return days_words(m, S(N_("已暂停，剩 %d 个工作日")), left);
  if (lamp == LAMP_DONE && overdue_days > 0) return days_words(m, S(N_("已办结，超期 %d 个工作日")), overdue_days);
  return lamp_label(lamp);
}

void view_lamp(Arena *m, Json *obj, Lamp lamp, int left, int overdue_days) {
  Json *l = json_add_obj(m, obj, S("lamp"));
  json_add_str(m, l, S("css"), str_of(lamp < LAMP__MAX && lamp_css[lamp] ? lamp_css[lamp] : "n"));
  json_add_str(m, l, S("code"), lamp_code(lamp));
  json_add_str(m, l, S("label"), lamp_label(lamp));
  json_add_str(m, l, S("text"), lamp_words(m, lamp, left, overdue_days));
}

void view_lamp_stalled(Arena *m, Json *obj, int days) {
  Json *l = json_add_obj(m, obj, S("lamp"));
  json_add_str(m, l, S("css"), str_of(lamp_css[LAMP_YELLOW]));
  json_add_str(m, l, S("code"), lamp_code(LAMP_YELLOW));
  json_add_str(m, l, S("label"), lamp_label(LAMP_YELLOW));
  json_add_str(m, l, S("text"), days_words(m, S(N_("暂停已过预计恢复日 %d 天")), days));
}

void view_before(Arena *m, Json *obj, int used, int before, int limit, bool overdue) {
  if (!before) return;
  PUT_INT(obj, "before", before);
  PUT_INT(obj, "own", used - before);
  PUT_BOOL(obj, "own_in_time", overdue && used - before <= limit);
}

void view_reading(Arena *m, Json *obj, const Reading *r, int limit) {
  if (r->lamp == LAMP_YELLOW && r->stalled) view_lamp_stalled(m, obj, r->stalled);
  else view_lamp(m, obj, r->lamp, r->left, r->overdue_days);
  view_before(m, obj, r->used, r->before, limit, r->overdue);
  if (r->stalled) PUT_INT(obj, "stalled", r->stalled);
  PUT_INT(obj, "limit", limit);
  PUT_INT(obj, "used", r->used);
  PUT_INT(obj, "left", r->left);
  PUT_INT(obj, "gross", r->gross);
  PUT_BOOL(obj, "paused", r->paused);
  PUT_BOOL(obj, "provisional", r->provisional);
  Json *held = json_put_obj(m, obj, S("held"));
  PUT_INT(held, "unit", r->held[HELD_UNIT]);
  PUT_INT(held, "applicant", r->held[HELD_APPLICANT]);
  PUT_INT(held, "third", r->held[HELD_THIRD]);
  PUT_INT(held, "nobody", r->held[HELD_NOBODY]);
  if (!r->has_due && !r->paused) return;
  Day due = r->has_due ? r->due : r->due_if_resumed_today;
  PUT(obj, "due", day_str(m, due));
  PUT(obj, "due_cn", day_cn(m, due));
  PUT_BOOL(obj, "if_resumed", !r->has_due);
}

void view_source(Arena *m, Json *obj, Source s) {
  Json *o = json_put_obj(m, obj, S("source"));
  PUT(o, "clause", s.clause);
  PUT_BOOL(o, "sample", s.sample);
}

/* What runs the cases also answers here, so nothing can be asked for that is not in the list. */
void view_catalogue_item(Arena *m, const Policy *p, Json *o, const Item *item) {
  PUT(o, "code", item->code);
  PUT(o, "name", item->name);
  PUT(o, "unit_name", str_eq(item->unit, S("county")) ? S(N_("项目所在县（市）区")) : unit_name(p, item->unit));
  PUT(o, "kind", item->kind);
  PUT(o, "attribute", item->attribute);
  PUT(o, "basis", item->basis);
  PUT(o, "result", item->result);
  PUT_INT(o, "stage", item->stage);
  PUT_INT(o, "n", item->stage);
  PUT(o, "stage_name", p->stages[item->stage].name);
  PUT_INT(o, "days", item->days);
  PUT_BOOL(o, "sample", item->days_source.sample);
  PUT_BOOL(o, "parallel", item->parallel);
  PUT_INT(o, "before_stage", item->before_stage);
  PUT_BOOL(o, "when", item->when != NULL);
  PUT(o, "condition", policy_item_when(m, p, item, S(""), NULL));
  PUT(o, "when_clause", item->when_source.clause);
  view_source(m, o, item->source);
}

/* `condition`: in which case it is asked for; empty: always. */
void view_material(Arena *m, Json *o, const Material *material, Str condition) {
  PUT(o, "name", material->name);
  PUT(o, "basis", material->basis);
  PUT(o, "hint", material->hint);
  PUT(o, "condition", condition);
  PUT_BOOL(o, "optional", !material->required);
  PUT_BOOL(o, "form", material->form);
  PUT_BOOL(o, "exempt", material->from_stage.len > 0);
  view_source(m, o, material->source);
}

void view_contact(Arena *m, const Policy *p, Json *obj, Str unit) {
  const Unit *u = policy_unit(p, unit);
  Json *o = json_put_obj(m, obj, S("contact"));
  PUT(o, "unit_name", unit_name(p, unit));
  PUT(o, "phone", u ? u->phone : S(""));
  PUT(o, "address", u ? u->address : S(""));
  PUT(o, "hours", u ? u->hours : S(""));
}

Str unit_name(const Policy *p, Str code) {
  const Unit *u = policy_unit(p, code);
  return u ? u->name : code;
}

Str place_name(const Policy *p, Str code) {
  const Unit *u = policy_unit(p, code);
  return u && u->alias_count ? u->aliases[0] : unit_name(p, code);
}

Str category_name(const Policy *p, Str code) {
  const Category *c = policy_category(p, code);
  return c ? c->name : code;
}

static Str project_status_label(ProjectStatus s) {
  if (s == PROJECT_COMPLETED) return S(N_("全部办结"));
  if (s == PROJECT_TERMINATED) return S(N_("已终止"));
  return S(N_("办理中"));
}

static void locked_label(Arena *m, const Policy *p, Json *o, Str name) {
  const Field *f = early_condition(p, name);
  PUT(o, "name", name);
  PUT(o, "label", f ? f->label : name);
}

/* "locked": the conditions that came from the reserve library, and how they changed. */
static void view_locked(Arena *m, const Policy *p, Json *obj, const Project *pr) {
  const Json *values = json_get(pr->locked, S("values")), *changes = json_get(pr->locked, S("changes"));
  if (!pr->locked) return;
  Json *o = json_put_obj(m, obj, S("locked")), *list = json_put_arr(m, o, S("values")), *past = json_put_arr(m, o, S("changes"));
  PUT(o, "number", json_str(pr->locked, S("number")));
  for (const Json *v = values ? values->first : NULL; v; v = v->next) {
    Json *row = json_push_obj(m, list);
    locked_label(m, p, row, v->key);
    PUT(row, "value", v->str);
  }
  for (const Json *c = changes ? changes->first : NULL; c; c = c->next) {
    Json *row = json_push_obj(m, past);
    locked_label(m, p, row, json_str(c, S("name")));
    PUT(row, "was", json_str(c, S("was")));
    PUT(row, "now", json_str(c, S("now")));
    PUT(row, "reason", json_str(c, S("reason")));
    PUT(row, "doc", json_str(c, S("doc")));
    PUT(row, "at_cn", time_cn(m, json_int(c, S("at"), 0)));
  }
}

void view_project(Arena *m, const Policy *p, Json *obj, const Project *pr, bool masked) {
  PUT_INT(obj, "no", pr->no);
  PUT(obj, "number", pr->number);
  PUT(obj, "name", masked ? mask_name(m, pr->name) : pr->name);
  PUT(obj, "code", masked ? arena_fmt(m, "%.*s****", SFMT(str_sub(pr->code, 0, 12))) : pr->code);
  PUT(obj, "category", pr->category);
  PUT(obj, "category_name", category_name(p, pr->category));
  PUT(obj, "county_name", place_name(p, pr->county));
  PUT(obj, "owner", masked ? mask_name(m, pr->owner) : pr->owner);
  PUT(obj, "status_label", project_status_label(pr->status));
  PUT_BOOL(obj, "running", pr->status == PROJECT_RUNNING);
  PUT_BOOL(obj, "completed", pr->status == PROJECT_COMPLETED);
  PUT(obj, "registered", time_cn(m, pr->registered_at));
  if (pr->end_reason.len && !masked) PUT(obj, "end_reason", pr->end_reason);
  int total = 0;
  for (int n = 1; n <= STAGE_MAX; n++) total += pr->limits[n];
  PUT_INT(obj, "total", total);
  const Category *c = policy_category(p, pr->category);
  if (c) view_source(m, obj, c->source);
  if (masked) return;
  view_locked(m, p, obj, pr);
  view_review(m, obj, pr);
  PUT(obj, "uscc", pr->uscc);
  PUT(obj, "policy_version", pr->policy_version);
  PUT_INT(obj, "calendar_version", p->calendar_version);
}

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
    PUT_BOOL(one, "late", !ps->to && ps->planned.n < day_of(now).n);
    PUT(one, "planned", day_cn(m, ps->planned));
  }
}

/* Why it stands still now, for everybody: the notice is for those whom it concerns. */
static void view_standstill(Arena *m, const Policy *p, Json *obj, const ItemState *i) {
  if (i->status != ITEM_PAUSED || !i->pause_count) return;
  const PauseState *last = &i->pauses[i->pause_count - 1];
  const Cause *cause = policy_cause(p, last->cause);
  PUT(obj, "standstill", cause ? cause->name : last->cause);
  PUT(obj, "planned_end", day_str(m, last->planned));
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
  PUT_BOOL(obj, "tied", i->status < ITEM_PASSED && item_tied(s, i->code).len); /* its conclusion is signed there, its days are those of the stage */
  PUT_BOOL(obj, "open", i->status < ITEM_PASSED);
  PUT_BOOL(obj, "kept", i->kept_from > 0);
  PUT_BOOL(obj, "can_reapply", item_reapplies(s, i));
  PUT_BOOL(obj, "days_sample", item && item->days_source.sample);
  const Json *share = i->kept_from ? NULL : item_share(p, s, i->code);
  if (share) json_put(m, obj, S("share"), share);
  view_reading(m, obj, &r, i->limit);
  view_standstill(m, p, obj, i);
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
  PUT_BOOL(obj, "returned", i->status == ITEM_RETURNED);
  view_pauses(m, p, obj, i, now);
}

static void view_stage_papers(Arena *m, Json *o, const StageState *s, bool masked) {
  PUT(o, "receipt", s->receipt);
  if (s->submitted_at) PUT(o, "submitted", time_cn(m, s->submitted_at));
  if (s->accepted_at) PUT(o, "accepted", day_cn(m, s->accepted_on));
  if (s->accepted_at) PUT(o, "accepted_on", day_str(m, s->accepted_on));
  PUT_BOOL(o, "deemed", s->deemed);
  PUT(o, "certificate", s->certificate);
  if (s->certified_at) PUT(o, "certified", time_cn(m, s->certified_at));
  if (s->delivered_at) PUT(o, "delivered", time_cn(m, s->delivered_at));
  PUT(o, "delivered_how", s->delivered_how);
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

static void view_stage_acts(Json *o, Arena *m, const StageState *s) {
  StageStatus st = s->status;
  PUT_BOOL(o, "can_apply", st == STAGE_OPEN || st == STAGE_CORRECTION || st == STAGE_REFUSED || st == STAGE_WITHDRAWN);
  PUT_BOOL(o, "correction", st == STAGE_CORRECTION);
  PUT_BOOL(o, "can_withdraw", st >= STAGE_SUBMITTED && st <= STAGE_DECIDED);
  PUT_BOOL(o, "done", st == STAGE_DELIVERED);
  PUT_BOOL(o, "na", st == STAGE_NA);
  PUT_BOOL(o, "refused", st == STAGE_REFUSED);
  PUT_BOOL(o, "not_accepted", st == STAGE_WITHDRAWN && s->not_accepted);
  PUT_BOOL(o, "has_clock", s->accepted_at > 0 && st != STAGE_NA);
  PUT(o, "with", st == STAGE_RUNNING ? S("审批部门") : S("综合窗口")); /* whoever acts next, while it is not the applicant */
}

const Policy *policy_of(const Request *rq, const Project *pr, int stage) {
  const App *app = rq->app;
  const StageState *s = &pr->stages[stage];
  Str version = s->policy_version.len ? s->policy_version : s->form_version;
  if (!app->policies || !version.len || str_eq(version, app->policy->version)) return app->policy;
  return policies_at(rq->mem, app->policies, version, app->policy->calendar_version);
}

Code case_of_owner(Cx *cx, Request *rq, const Project **pr, int *stage) {
  TRY(project_of_owner(cx, rq, pr));
  TRY(stage_of(cx, rq, stage));
  request_pin(rq, *pr, *stage);
  return OK;
}

Code case_of_staff(Cx *cx, Request *rq, const Project **pr, int *stage) {
  TRY(project_of_staff(cx, rq, pr));
  TRY(stage_of(cx, rq, stage));
  request_pin(rq, *pr, *stage);
  return OK;
}

size_t from_of(const Request *rq) {
  int64_t from = request_int(rq, S("from"), 0);
  return from > 0 ? (size_t)from : 0;
}

void view_pages(Request *rq, Json *view, size_t from, size_t n, size_t step, int64_t total) {
  Arena *m = rq->mem;
  PUT_INT(view, "total", total);
  PUT_INT(view, "from", n ? (int64_t)from + 1 : 0);
  PUT_INT(view, "to", (int64_t)(from + n) < total ? (int64_t)(from + n) : total);
  PUT_BOOL(view, "has_previous", from > 0);
  PUT_INT(view, "previous", from > step ? (int64_t)(from - step) : 0);
  if ((int64_t)(from + n) < total) PUT_INT(view, "next", (int64_t)(from + step));
}

void view_case(const Request *rq, Json *o, int64_t project, int stage, Str number, Str name) {
  Arena *m = rq->mem;
  PUT_INT(o, "project", project);
  PUT_INT(o, "stage", stage);
  PUT(o, "stage_name", rq->app->policy->stages[stage].name);
  PUT(o, "number", number);
  PUT(o, "project_name", name);
}

void request_pin(Request *rq, const Project *pr, int stage) {
  const Policy *p = policy_of(rq, pr, stage);
  if (p == rq->app->policy) return;
  App *app = arena_new(rq->mem, App);
  *app = *rq->app;
  app->policy = p;
  rq->app = app;
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
      PUT_BOOL(one, "handed", s->delivered_at >= pr->certs[k].at); /* one that came by a change is not yet */
    }
    PUT(o, "certificate_name", p->stages[n].certificate);
    PUT(o, "status", stage_status_text(s->status));
    PUT(o, "status_label", stage_status_shown(s, reads_inside(rq)));
    PUT_BOOL(o, "now", n == current && pr->status == PROJECT_RUNNING);
    view_stage_acts(o, m, s);
    PUT_BOOL(o, "acceptance", n == STAGE_MAX && (acceptance_possible(p, pr) || s->ties));
    view_lacks(m, o, s, now);
    view_stage_papers(m, o, s, masked);
    Reading r = project_stage_reading(m, p, pr, n, now);
    view_reading(m, o, &r, s->limit > 0 ? s->limit : pr->limits[n]);
    bool paused = false;
    for (size_t i = 0; i < s->item_count; i++) paused |= !s->items[i].parallel && s->items[i].status == ITEM_PAUSED;
    PUT_BOOL(o, "moves", paused && r.has_due); /* while one stands still the others run on the stage's days */
    Json *items = json_put_arr(m, o, S("items"));
    for (size_t i = 0; i < s->item_count; i++)
      if (!unit.len || str_eq(unit, s->items[i].unit))
        view_item(rq, p, json_push_obj(m, items), s, &s->items[i], masked);
  }
}

void view_timeline(Request *rq, Json *obj, const Project *pr, bool masked) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, obj, S("timeline"));
  Telling to = masked ? TELL_PUBLIC : reads_inside(rq) ? TELL_ALL : TELL_OWNER;
  for (size_t i = pr->moment_count; i > 0; i--) {
    const Moment *at = &pr->moments[i - 1];
    Json *one = json_push_obj(m, list);
    json_add_str(m, one, S("at"), time_str(m, at->happened));
    json_add_str(m, one, S("at_cn"), time_cn(m, at->happened));
    json_add_str(m, one, S("text"), moment_sentence(m, rq->app->policy, at, to));
    /* Entered more than ten minutes after it happened: said openly. */
    if (at->recorded - at->happened > 600000) json_add_str(m, one, S("late"), time_cn(m, at->recorded));
  }
}

/* ---- what takes two persons ------------------------------------------------------------------------------- */

Code proposal_of(Cx *cx, Request *rq, Str stream, const char *what, const Proposal **out) {
  const Book *b = NULL;
  int64_t no = 0;
  TRY(book_of(cx, rq, stream, &b));
  *out = str_to_i64(rq->params[0], &no) ? book_proposal(b, no) : NULL;
  if (!*out) FAIL(NOT_FOUND, "没有第 %.*s 号%s，请从列表里打开。", SFMT(rq->params[0]), what);
  return OK;
}

Code book_of(Cx *cx, Request *rq, Str stream, const Book **out) {
  const void *state = NULL;
  int64_t seq;
  Code code = reader_state(cx, rq->rd, stream, &state, &seq);
  if (code == NOT_FOUND) {
    cx_clear(cx);
    *out = NULL;
    return OK;
  }
  TRY(code);
  *out = state;
  return OK;
}

void view_proposal(Request *rq, Json *o, const Proposal *p) {
  static const char *const labels[] = {"等待确认", "已确认", "已驳回"};
  Arena *m = rq->mem;
  PUT_INT(o, "no", p->no);
  PUT(o, "reason", arena_str(m, p->reason));
  PUT(o, "by", arena_str(m, p->by_name));
  PUT(o, "at", time_cn(m, p->at));
  PUT(o, "status_label", str_of(labels[p->status]));
  PUT_BOOL(o, "waiting", p->status == PROPOSAL_WAITING);
  PUT_BOOL(o, "confirmed", p->status == PROPOSAL_CONFIRMED);
  PUT_BOOL(o, "mine", rq->who && str_eq(p->by, rq->who->id));
  if (p->status == PROPOSAL_WAITING) return;
  PUT(o, "end_by", arena_str(m, p->end_by_name));
  PUT(o, "ended", time_cn(m, p->ended_at));
  PUT(o, "end_reason", arena_str(m, p->end_reason));
}

Code proposal_command(Cx *cx, Request *rq, Reply *rp, Str prefix, Str stream) {
  Arena *m = rq->mem;
  Json *args = json_obj(m);
  int64_t no = 0;
  Str act = request_arg(rq, S("act"));
  bool confirm = str_eq(act, S("confirm"));
  if (!confirm && !str_eq(act, S("reject"))) FAIL(MALFORMED, "没有“%.*s”这种办理动作。请返回上一页重新操作。", SFMT(act));
  if (!str_to_i64(rq->params[0], &no)) FAIL(NOT_FOUND, "没有第 %.*s 号，请从列表里打开。", SFMT(rq->params[0]));
  PUT_INT(args, "no", no);
  if (!confirm) PUT(args, "reason", request_arg(rq, S("reason")));
  reply_command(rq, rp, arena_fmt(m, "%.*s.%s", SFMT(prefix), confirm ? "confirm" : "reject"), stream, args);
  return OK;
}
