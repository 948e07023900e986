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

void view_warn_rule(const Request *rq, Json *view) {
  const Policy *p = rq->app->policy;
  Arena *m = rq->mem;
  PUT_INT(view, "warn_of", p->lamp.warn_of);
  PUT_INT(view, "warn_days", p->lamp.warn_days);
  PUT_BOOL(view, "sample", p->lamp_source.sample);
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
  PUT_BOOL(obj, "if_resumed", !r->has_due && !r->overdue);
}

void view_source(Arena *m, Json *obj, Source s) {
  Json *o = json_put_obj(m, obj, S("source"));
  PUT(o, "clause", s.clause);
  PUT_BOOL(o, "sample", s.sample);
}

/* The limit hangs on the category: both ends, where they are not the same. */
static void view_days_range(Arena *m, const Policy *p, Json *o, const Item *item) {
  int low = item->days, high = low;
  bool first = true;
  for (size_t i = 0; i < p->category_count; i++) {
    if (!policy_item_in(item, p->categories[i].code)) continue;
    int days = policy_item_days(item, p->categories[i].code);
    low = first || days < low ? days : low;
    high = first || days > high ? days : high;
    first = false;
  }
  PUT_BOOL(o, "varies", low != high);
  PUT_INT(o, "low", low);
  PUT_INT(o, "high", high);
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
  view_days_range(m, p, o, item);
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

/* Of a project that goes on the furthest stage that was applied for says it: after a refusal nothing is being handled. */
static Str project_status_label(const Project *pr) {
  if (pr->status == PROJECT_COMPLETED) return S(N_("全部办结"));
  if (pr->status == PROJECT_TERMINATED) return S(N_("已终止"));
  int n = STAGE_MAX;
  while (n > 1 && pr->stages[n].status < STAGE_SUBMITTED) n--;
  if (pr->stages[n].status == STAGE_REFUSED) return S(N_("上次申请不予许可"));
  if (pr->stages[n].status != STAGE_WITHDRAWN) return S(N_("办理中"));
  return pr->stages[n].not_accepted ? S(N_("上次申请不予受理")) : S(N_("上次申请已撤回"));
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
  PUT(obj, "status_label", project_status_label(pr));
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
