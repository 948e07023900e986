/* SPDX-License-Identifier: Apache-2.0 */
/* page_window.c: the window 综合服务窗口: one stage from receipt to delivery, the project list, the certificate. */
#include "web/page.h"
#include "web/page_accept.h"
#include "web/page_credit.h"
#include "web/page_region.h"
#include "web/page_form.h"
#include "web/page_work.h"

/* Is the item on the slip that the clerk made? */
static bool slipped(const StageState *s, Str code) {
  const Json *list = json_get(s->slip, S("items"));
  for (const Json *x = list ? list->first : NULL; x; x = x->next)
    if (str_eq(x->kind == JSON_STR ? x->str : json_str(x, S("code")), code)) return true;
  return false;
}

/* Which items the slip will carry, as the catalogue says; the clerk cannot add another. */
static void slip_items_view(Request *rq, Json *view, const Project *pr, int n) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  ItemChoice *choices = NULL;
  size_t count = policy_items(m, p, n, pr->category, pr->county, pr->facts, &choices);
  Json *list = json_put_arr(m, view, S("slip_items")), *out = json_put_arr(m, view, S("left_out"));
  for (size_t i = 0; i < count; i++) {
    const ItemChoice *c = &choices[i];
    const ItemState *kept = stage_item(&pr->stages[n], c->item->code);
    if (kept && kept->kept_from) continue;
    Json *o = json_push_obj(m, c->applies == YES ? list : out);
    PUT(o, "code", c->item->code);
    PUT(o, "name", c->item->name);
    PUT(o, "unit_name", unit_name(p, c->unit));
    PUT_INT(o, "days", c->days);
    PUT_BOOL(o, "sample", c->item->days_source.sample);
    PUT_BOOL(o, "parallel", c->item->parallel);
    PUT_BOOL(o, "unknown", c->applies == UNKNOWN);
    PUT_BOOL(o, "slipped", slipped(&pr->stages[n], c->item->code));
    PUT(o, "basis", c->item->basis);
    PUT(o, "why", c->why);
    PUT(o, "clause", c->item->when_source.clause);
  }
}

/* The head of the window has no hand in these: whose turn it is. */
static Str clerks_turn(const StageState *s) {
  static const struct { StageStatus status; const char *act; } turns[] = {
      {STAGE_SUBMITTED, "受理或者一次性告知"}, {STAGE_ACCEPTED, "填派转单"}, {STAGE_DECIDED, "盖章出件"}, {STAGE_CERTIFIED, "登记送达"}};
  if (s->status == STAGE_DECIDED && stage_refused(s)) return S("作出不予许可决定");
  for (size_t i = 0; i < COUNT(turns); i++)
    if (turns[i].status == s->status) return str_of(turns[i].act);
  return S("");
}

static void acts_view(Request *rq, Json *view, const Project *pr, int n) {
  Arena *m = rq->mem;
  const StageState *s = &pr->stages[n];
  bool clerk = request_has_role(rq, ROLE_CLERK), head = request_has_role(rq, ROLE_WINDOW_HEAD), refused = stage_refused(s);
  Str hindered = s->status == STAGE_DECIDED && !refused ? issue_hindrance(rq, pr, n) : S("");
  PUT_BOOL(view, "can_accept", clerk && s->status == STAGE_SUBMITTED);
  PUT_BOOL(view, "can_take", clerk && !(json_bool(view, S("first")) && json_int(json_get(view, S("blueprint")), S("blocks"), 0)));
  PUT_BOOL(view, "can_notice", clerk && s->status == STAGE_SUBMITTED && !s->noticed);
  PUT_BOOL(view, "can_slip", clerk && s->status == STAGE_ACCEPTED);
  bool own = str_eq(json_str(s->slip, S("who")), rq->who->id);
  PUT_BOOL(view, "can_dispatch", head && s->status == STAGE_SLIP && !own);
  PUT_BOOL(view, "own_slip", head && s->status == STAGE_SLIP && own);
  PUT_BOOL(view, "can_certify", clerk && s->status == STAGE_DECIDED && !refused && !hindered.len);
  PUT(view, "hindered", hindered);
  PUT_BOOL(view, "can_refuse", clerk && s->status == STAGE_DECIDED && refused);
  PUT_BOOL(view, "can_deliver", clerk && s->status == STAGE_CERTIFIED);
  PUT(view, "turn", clerk || !head ? S("") : clerks_turn(s));
  PUT(view, "hand", window_hand(policy_of(rq, pr, n), pr, n));
}

/* What is written for the clerk says the clause as offices write it, not its id. */
static void cited_article(Request *rq, Json *view) {
  SCOPED(buf_drop) Buf b;
  const Json *o = json_get(view, S("blueprint"));
  if (!o) return;
  buf_init(&b, 200);
  policy_cite(&b, rq->app->policy, json_str(o, S("article")));
  json_put_str(rq->mem, view, S("article_cited"), arena_str(rq->mem, buf_str(&b)));
}

/* Letters of the stage that were made and have no delivery on record. */
static void unserved_view(Request *rq, Json *view, const Project *pr, int n) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("unserved"));
  for (size_t i = 0; i < pr->document_count; i++) {
    const Document *d = &pr->documents[i];
    if (d->stage != n || !document_servable(d) || d->served_at) continue;
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "seq", d->seq);
    PUT(o, "doc_title", document_title(d));
    PUT(o, "doc_number", document_number(m, pr, d));
  }
}

/* "corrects": what the owner was told to correct and how that letter reached him. No document gives a last day for it, so the page says what counts instead. */
static void corrects_view(Request *rq, Json *view, const Project *pr, int n) {
  Arena *m = rq->mem;
  const StageState *s = &pr->stages[n];
  if (s->status != STAGE_CORRECTION) return;
  int64_t at = json_int(s->notice, S("at"), 0);
  Json *o = json_put_obj(m, view, S("corrects"));
  PUT(o, "since", time_cn(m, at));
  PUT(o, "by", json_str(s->notice, S("by")));
  PUT_INT(o, "answer_days", rq->app->policy->receipt_days);
  json_put(m, o, S("missing"), json_get(s->notice, S("missing")));
  for (size_t i = 0; i < pr->document_count; i++) {
    const Document *d = &pr->documents[i];
    if (d->stage != n || d->item.len || d->at != at || !document_servable(d)) continue;
    PUT_INT(o, "letter_seq", d->seq);
    PUT(o, "letter_title", document_title(d));
    PUT(o, "letter_number", document_number(m, pr, d));
    PUT(o, "letter_served", d->served_at ? day_cn(m, day_of(d->served_at)) : S(""));
    PUT(o, "letter_how", d->served_how);
  }
}

/* "deliver": the last day of a certificate that waits for its delivery, counted as in the list of the window. */
static void deliver_view(Request *rq, Json *view, const StageState *s) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  if (s->status != STAGE_CERTIFIED) return;
  Reading r = delivery_reading(p, s->certified_at, rq->now);
  Json *o = json_put_obj(m, view, S("deliver"));
  PUT(o, "by", day_str(m, r.due));
  PUT(o, "by_cn", day_cn(m, r.due));
  PUT(o, "from", day_cn(m, day_of(s->certified_at)));
  PUT_INT(o, "days", p->deliver_days);
  view_lamp(m, o, r.lamp, r.left, r.overdue_days);
  view_source(m, o, p->deliver_source);
}

Code page_case(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Project *pr = NULL;
  int n;
  TRY(case_of_staff(cx, rq, &pr, &n));
  const Policy *p = rq->app->policy;
  const StageState *s = &pr->stages[n];
  rp->title = arena_fmt(m, "%.*s：%.*s", SFMT(p->stages[n].name), SFMT(pr->name));
  rp->view = json_obj(m);
  view_project(m, p, rp->view, pr, false);
  view_stages(rq, rp->view, pr, S(""), false);
  TRY(view_joint_turn(cx, rq, rp->view, pr));
  const Json *row = json_get(rp->view, S("stages"))->first;
  for (int i = 1; i < n; i++) row = row->next;
  json_put(m, rp->view, S("here"), row);
  if (request_has_role(rq, ROLE_CLERK)) unserved_view(rq, rp->view, pr, n);
  cited_article(rq, rp->view);
  PUT_INT(rp->view, "stage", n);
  PUT(rp->view, "stage_name", p->stages[n].name);
  PUT_BOOL(rp->view, "first", n == 1);
  PUT(rp->view, "seal", p->seal);
  acts_view(rq, rp->view, pr, n);
  corrects_view(rq, rp->view, pr, n);
  deliver_view(rq, rp->view, s);
  if (s->status == STAGE_SUBMITTED) {
    Day by = calendar_add(p->calendar, day_of(s->submitted_at), p->receipt_days);
    PUT(rp->view, "answer_by", day_cn(m, by));
    PUT_INT(rp->view, "answer_left", calendar_count(p->calendar, day_of(rq->now), by));
  }
  TRY(view_standing(cx, rq, rp->view, pr->uscc));
  view_asked(rq, rp->view, pr, n);
  if (json_bool(rp->view, S("can_notice"))) view_askable(rq, rp->view, pr, n);
  const Json *asked = json_get(rp->view, S("asked")), *merged = json_get(asked, S("merged"));
  bool waiting = json_int(asked, S("waiting"), 0) > 0; /* departments still may answer: what is refused today is not offered */
  PUT_BOOL(rp->view, "can_send", !waiting);
  bool objects = !s->noticed && merged && merged->count; /* accepted only with a reason for each: in the form where they are answered */
  PUT_INT(rp->view, "objections", objects ? merged->count : 0);
  if (objects) PUT_BOOL(rp->view, "can_take", false);
  PUT_BOOL(rp->view, "can_settle", !waiting || (merged && merged->count)); /* what they said so far may be set aside, to accept */
  slip_items_view(rq, rp->view, pr, n);
  TRY(form_values_view(cx, rq, rp->view, n, s->form, false));
  TRY(values_before(cx, rq, rp->view, pr, n));
  former_view(rq, rp->view, pr, n, pr->facts);
  form_files_view(rq, rp->view, s->files, s->file_count);
  corrected_view(rq, rp->view, pr, n);
  region_view(rq, rp->view, p, pr, n, s->region, pr->facts);
  TRY(region_today(cx, rq, rp->view, p, pr, n));
  cited_view(rq, rp->view, s, S(""));
  view_timeline(rq, rp->view, pr, false);
  return view_proofs(cx, rq, rp->view, pr, n, S(""));
}

/* ---- acts -------------------------------------------------------------------------------------- */

typedef struct WindowAct {
  const char *act, *command, *text[4];
} WindowAct;
static const WindowAct window_acts[] = {
    {"accept", "stage.accept", {NULL}},
    {"notice", "stage.request-correction", {"decided", "relation", "contrary", NULL}},
    {"not-accept", "stage.not-accept", {"reason", "article", "where", NULL}},
    {"slip", "stage.draft-slip", {"opinion", NULL}},
    {"dispatch", "stage.dispatch", {"opinion", NULL}},
    {"return", "stage.return-slip", {"reason", NULL}},
    {"certify", "stage.certify", {NULL}},
    {"refuse", "stage.refuse", {NULL}},
    {"post", "stage.post", {"letter", NULL}},
    {"deliver", "stage.deliver", {"how", "to", "letter", NULL}},
};

static void after_case(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  Str at = arena_fmt(rq->mem, "/w/c/%.*s/%.*s", SFMT(rq->params[0]), SFMT(rq->params[1]));
  after_or_again(cx, rq, result, rp, at, page_case, "work_case");
}

static void slip_items_read(Request *rq, Json *args) {
  Arena *m = rq->mem;
  const Json *chosen = json_get(rq->args, S("items"));
  Json *list = json_put_arr(m, args, S("items"));
  if (chosen && chosen->kind == JSON_STR) json_push_str(m, list, chosen->str);
  for (const Json *i = chosen && chosen->kind == JSON_ARR ? chosen->first : NULL; i; i = i->next)
    json_push_str(m, list, i->str);
}

Code post_case(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  int n;
  const WindowAct *act = NULL;
  Str wanted = request_arg(rq, S("act"));
  const Project *pr = NULL;
  int64_t happened = 0;
  TRY(case_of_staff(cx, rq, &pr, &n));
  for (size_t i = 0; i < COUNT(window_acts); i++)
    if (str_eqz(wanted, window_acts[i].act)) act = &window_acts[i];
  if (!act) FAIL(MALFORMED, "没有“%.*s”这种办理动作。请返回上一页重新操作。", SFMT(wanted));
  Json *args = json_obj(m);
  PUT_INT(args, "stage", n);
  for (size_t i = 0; i < COUNT(act->text) && act->text[i]; i++) {
    Str name = str_of(act->text[i]), value = request_arg(rq, name);
    if (value.len) json_put_str(m, args, name, value);
  }
  if (str_eq(wanted, S("slip"))) slip_items_read(rq, args);
  bool notice = str_eq(wanted, S("notice"));
  Code code = notice ? missing_lines(cx, rq, S("missing"), json_put_arr(m, args, S("missing"))) : OK;
  if (code == OK && (notice || str_eq(wanted, S("accept")))) code = dropped_lines(cx, rq, args);
  const StageState *s = &pr->stages[n];
  if (code == OK && str_eqz(wanted, "deliver") && s->status == STAGE_CERTIFIED) code = served_day(cx, rq, "出件", s->certified_at, s->last_at, args, &happened);
  if (code != OK) return fault_again(cx, rq, rp, page_case, "work_case");
  reply_command(rq, rp, str_of(act->command), stream_of(rq), args)->happened = happened;
  rp->after = after_case;
  return OK;
}

/* ---- lists and papers -------------------------------------------------------------------------- */

const Unit *county_unit(const Policy *p, Str code) {
  const Unit *u = policy_unit(p, code);
  return u && (str_eqz(u->kind, "county") || str_eqz(u->kind, "zone")) ? u : NULL;
}

static void counties_view(Request *rq, Json *view, Str chosen) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Json *list = json_put_arr(m, view, S("counties"));
  for (size_t i = 0; i < p->unit_count; i++) {
    if (!county_unit(p, p->units[i].code)) continue;
    Json *o = json_push_obj(m, list);
    PUT(o, "code", p->units[i].code);
    PUT(o, "name", place_name(p, p->units[i].code));
    PUT_BOOL(o, "chosen", str_eq(p->units[i].code, chosen));
  }
}

/* Which items stand still, and until when they were said to. */
static Code pauses_put(Cx *cx, Request *rq, Json *o, int64_t no) {
  Arena *m = rq->mem;
  const Project *pr = NULL;
  Json *list = json_put_arr(m, o, S("pauses"));
  TRY(project_load(cx, rq->rd, no, &pr));
  for (int n = 1; n <= STAGE_MAX; n++)
    for (size_t i = 0; i < pr->stages[n].item_count; i++) {
      const ItemState *item = &pr->stages[n].items[i];
      if (item->status != ITEM_PAUSED || !item->pause_count) continue;
      Day planned = item->pauses[item->pause_count - 1].planned;
      Json *one = json_push_obj(m, list);
      PUT(one, "item_name", item->name);
      PUT(one, "unit_name", unit_name(rq->app->policy, item->unit));
      PUT(one, "planned", planned.n ? day_str(m, planned) : S(""));
      PUT_BOOL(one, "rest", item->pauses[item->pause_count - 1].rest);
      PUT_BOOL(one, "late", planned.n && planned.n < day_of(rq->now).n);
    }
  return OK;
}

static void project_put(Cx *cx, Request *rq, Json *list, const ProjectRow *row, bool own) {
  Arena *m = rq->mem;
  Json *o = json_push_obj(m, list);
  bool inside = !own || opens_whole(cx, rq, row->no); /* else what everybody may see of it */
  PUT_INT(o, "no", row->no);
  PUT(o, "number", row->number);
  PUT(o, "href", inside ? arena_fmt(m, "/w/p/%lld", (long long)row->no) : arena_fmt(m, "/track/%.*s", SFMT(row->number)));
  PUT(o, "name", row->name);
  PUT(o, "code", row->code);
  PUT(o, "owner", row->owner);
  PUT(o, "category_name", category_name(rq->app->policy, row->category));
  PUT(o, "county_name", place_name(rq->app->policy, row->county));
  PUT_INT(o, "stage", row->stage);
  PUT_BOOL(o, "over", row->stage > STAGE_MAX); /* no number beside 已办结: there is no fifth stage */
  PUT(o, "stage_status", row->stage_status);
  PUT(o, "registered", day_str(m, day_of(row->registered_at)));
}

/* Where a running project stands now; a pause is one of its items', whatever its stage does. */
static void stands_view(Request *rq, Json *view, Str chosen) {
  static const StageStatus kinds[] = {STAGE_OPEN, STAGE_SUBMITTED, STAGE_CORRECTION, STAGE_ACCEPTED, STAGE_SLIP, STAGE_RUNNING, STAGE_DECIDED, STAGE_CERTIFIED, STAGE_REFUSED};
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("stands"));
  put_choice(m, list, S("paused"), S("有事项暂停"), chosen);
  for (size_t i = 0; i < COUNT(kinds); i++) put_choice(m, list, stage_status_text(kinds[i]), stage_status_label(kinds[i]), chosen);
}

static Code projects_view(Cx *cx, Request *rq, Reply *rp, Str path, Str county, bool own) {
  enum { ROWS = 50 };
  Arena *m = rq->mem;
  int64_t total = 0;
  ProjectRow *rows = NULL;
  size_t n = 0, offset = from_of(rq);
  ProjectFilter f = {.q = request_arg(rq, S("q")), .category = request_arg(rq, S("category")), .county = county,
                     .status = request_arg(rq, S("status")), .stands = request_arg(rq, S("stands")), .offset = offset, .limit = ROWS};
  TRY(projects_list(cx, rq->rd, rq->app->policy, &f, rq->now, &rows, &n, &total));
  rp->view = json_obj(m);
  Json *list = json_put_arr(m, rp->view, S("projects"));
  for (size_t i = 0; i < n; i++) project_put(cx, rq, list, &rows[i], own);
  if (str_eqz(f.stands, "paused"))
    for (Json *o = list->first; o; o = o->next) TRY(pauses_put(cx, rq, o, json_int(o, S("no"), 0)));
  PUT(rp->view, "q", f.q);
  PUT(rp->view, "path", path);
  PUT_BOOL(rp->view, "narrowed", f.q.len || f.stands.len || (!own && county.len));
  PUT(rp->view, "stands_now", f.stands);
  stands_view(rq, rp->view, f.stands);
  PUT(rp->view, "county", own ? S("") : county);
  PUT_BOOL(rp->view, "own", own);
  if (!own) counties_view(rq, rp->view, county);
  view_pages(rq, rp->view, offset, n, ROWS, total);
  return OK;
}

Code page_projects(Cx *cx, Request *rq, Reply *rp) {
  rp->title = tr(rq->lang, S("项目"));
  return projects_view(cx, rq, rp, S("/w/projects"), request_arg(rq, S("county")), false);
}

/* What is built in the county, whoever decides it. */
Code page_county(Cx *cx, Request *rq, Reply *rp) {
  const Unit *u = county_unit(rq->app->policy, rq->who->unit);
  if (!u) FAIL(DENIED, "您的单位不是县（市）区或开发区，没有这一页。");
  rp->title = arena_fmt(rq->mem, "%.*s的项目", SFMT(place_name(rq->app->policy, u->code)));
  return projects_view(cx, rq, rp, S("/w/county"), u->code, true);
}

Code county_view(Cx *cx, Request *rq, Json *view) {
  const Unit *u = county_unit(rq->app->policy, rq->who->unit);
  ProjectRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  if (!u) return OK;
  TRY(projects_list(cx, rq->rd, rq->app->policy, &(ProjectFilter){.county = u->code, .limit = 1}, rq->now, &rows, &n, &total));
  Json *o = json_put_obj(rq->mem, view, S("of_county"));
  json_put_str(rq->mem, o, S("name"), place_name(rq->app->policy, u->code));
  json_put_int(rq->mem, o, S("n"), total);
  return OK;
}

Code page_whole(Cx *cx, Request *rq, Reply *rp) {
  const Project *pr = NULL;
  TRY(project_of_staff(cx, rq, &pr));
  if (!reads_whole(rq, pr)) FAIL(NOT_FOUND, "没有这个项目，或者其中没有您的单位办理的事项。");
  rp->title = pr->name;
  rp->view = json_obj(rq->mem);
  TRY(view_live(cx, rq, rp->view, stream_of(rq)));
  view_project(rq->mem, rq->app->policy, rp->view, pr, false);
  view_stages(rq, rp->view, pr, S(""), false);
  TRY(view_joint_turn(cx, rq, rp->view, pr));
  json_put_bool(rq->mem, rp->view, S("looks"), request_has_role(rq, ROLE_CLERK | ROLE_WINDOW_HEAD | ROLE_SUPERVISOR));
  view_exemptions(rq, rp->view, pr);
  TRY(registered_view(cx, rq, rp->view, pr));
  json_put_bool(rq->mem, rp->view, S("head"), request_has_role(rq, ROLE_WINDOW_HEAD));
  TRY(view_moved(cx, rq, rp->view, &(MovedFilter){.project = pr->no, .limit = MOVED_OF_PROJECT}));
  view_timeline(rq, rp->view, pr, false);
  return OK;
}
