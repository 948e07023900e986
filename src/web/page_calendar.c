/* SPDX-License-Identifier: Apache-2.0 */
/* page_calendar.c: notices that change the calendar: the list, one of them, the look ahead, confirming. */
#include "web/page_calendar.h"

enum { PREVIEW_ROWS = 300, LOOK_MEM = 1 << 30 };

static const char *const weekdays[] = {"", N_("周一"), N_("周二"), N_("周三"), N_("周四"), N_("周五"), N_("周六"), N_("周日")};

Str day_kind_label(DayKind k) {
  static const char *const labels[] = {[DAY_HOLIDAY] = N_("放假"), [DAY_WORKDAY] = N_("上班"), [DAY_NORMAL] = N_("照常")};
  return str_of(labels[k]);
}

void view_changes(Arena *m, const Policy *p, Json *obj, Str key, const DayChange *list, size_t n, Day today) {
  Json *rows = json_put_arr(m, obj, key);
  for (size_t i = 0; i < n; i++) {
    const DayChange *d = &list[i];
    Json *o = json_push_obj(m, rows);
    PUT(o, "date", day_str(m, d->day));
    PUT(o, "date_cn", day_cn(m, d->day));
    PUT(o, "weekday", str_of(weekdays[day_weekday(d->day)]));
    PUT(o, "kind", day_kind_text(d->kind));
    PUT(o, "kind_label", day_kind_label(d->kind));
    PUT(o, "name", d->name);
    PUT(o, "was", calendar_reason(p->calendar, d->day, NULL));
    PUT_BOOL(o, "past", d->day.n < today.n);
  }
}

/* ---- what moved ----------------------------------------------------------------------------------------- */

static Str moved_what(Arena *m, const MovedRow *row) {
  if (row->kind == CLOCK_ITEM) return arena_str(m, row->item_name);
  if (row->kind == CLOCK_STAGE) return arena_fmt(m, "第 %d 阶段时限", row->stage);
  return arena_fmt(m, "第 %d 阶段申请的答复期限", row->stage);
}

static Str moved_href(const Request *rq, const MovedRow *row) {
  Arena *m = rq->mem;
  long long no = (long long)row->project;
  if (request_has_role(rq, ROLE_APPLICANT | ROLE_AGENT)) return arena_fmt(m, "/my/%lld", no);
  bool own = rq->who && row->kind == CLOCK_ITEM && str_eq(row->unit, rq->who->unit);
  if (own && request_has_role(rq, ROLE_APPROVER | ROLE_UNIT_HEAD))
    return arena_fmt(m, "/w/t/%lld/%d/%.*s", no, row->stage, SFMT(arena_str(m, row->item)));
  if (request_has_role(rq, ROLE_CLERK | ROLE_WINDOW_HEAD | ROLE_SUPERVISOR | ROLE_LEADER)) return arena_fmt(m, "/w/p/%lld", no);
  return S("");
}

void view_moved_row(Request *rq, Json *o, const MovedRow *row) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  PUT(o, "kind", clock_kind_text(row->kind));
  PUT(o, "what", moved_what(m, row));
  PUT_INT(o, "project", row->project);
  PUT_INT(o, "stage", row->stage);
  PUT(o, "item", arena_str(m, row->item));
  PUT(o, "number", arena_str(m, row->number));
  PUT(o, "project_name", arena_str(m, row->project_name));
  PUT(o, "unit", arena_str(m, row->unit));
  PUT(o, "unit_name", arena_str(m, unit_name(p, row->unit)));
  PUT(o, "was", day_str(m, row->was));
  PUT(o, "was_cn", day_cn(m, row->was));
  PUT(o, "now", day_str(m, row->now));
  PUT(o, "now_cn", day_cn(m, row->now));
  PUT_BOOL(o, "provisional", calendar_is_provisional(p->calendar, row->now));
  PUT_BOOL(o, "earlier", row->now.n < row->was.n);
  PUT(o, "href", moved_href(rq, row));
  if (row->version) PUT_INT(o, "version", row->version);
  PUT(o, "notice", arena_str(m, row->notice));
}

void view_moved_units(Request *rq, Json *obj, const MovedUnit *list, size_t n) {
  Arena *m = rq->mem;
  Json *rows = json_put_arr(m, obj, S("units"));
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, rows);
    PUT(o, "unit", arena_str(m, list[i].unit));
    PUT(o, "name", arena_str(m, unit_name(rq->app->policy, list[i].unit)));
    PUT_INT(o, "moved", list[i].moved);
  }
}

/* ---- the look ahead: it reads every running clock, so a worker does it ----------------------------------- */

typedef struct Look {
  Arena *mem;
  Runner *runner;
  const Policies *policies;
  Policy policy;           /* shares what never changes */
  DayChange *changes;
  size_t count;
  int64_t now;
  Preview out;
  Code code;
  Str detail;
} Look;

static Code look(Cx *cx, Look *l) {
  SCOPED(reader_close_p) Reader *rd = NULL;
  TRY(reader_open(cx, l->runner, &rd));
  return calendar_preview(cx, reader_views(rd), l->policies, &l->policy, l->changes, l->count, l->now, PREVIEW_ROWS, &l->out);
}

static void look_work(void *arg) {
  Look *l = arg;
  Cx cx = {.mem = l->mem, .now = l->now};
  l->code = look(&cx, l);
  l->detail = cx.detail;
}

static Code look_done(Cx *cx, Request *rq, void *arg, Reply *rp) {
  Look *l = arg;
  Arena *m = rq->mem;
  Code code = l->code;
  Str detail = arena_str(m, l->detail);
  if (code == OK) {
    Json *o = json_put_obj(m, rp->view, S("preview"));
    PUT_INT(o, "clocks", l->out.clocks);
    PUT_INT(o, "moved_total", l->out.moved);
    PUT_INT(o, "shown", (int64_t)l->out.count);
    PUT_BOOL(o, "cut", l->out.moved > (int64_t)l->out.count);
    Json *rows = json_put_arr(m, o, S("moved"));
    for (size_t i = 0; i < l->out.count; i++) view_moved_row(rq, json_push_obj(m, rows), &l->out.list[i]);
    view_moved_units(rq, o, l->out.units, l->out.unit_count);
  }
  arena_close(l->mem);
  if (code != OK) FAIL(code, "%.*s", SFMT(detail));
  return OK;
}

void preview_begin(Request *rq, Reply *rp, const DayChange *changes, size_t n) {
  Arena *own = arena_open(LOOK_MEM);
  Look *l = arena_new(own, Look);
  *l = (Look){.mem = own, .runner = rq->app->runner, .policies = rq->app->policies, .policy = *rq->app->policy,
               .count = n, .now = rq->now};
  l->changes = arena_array(own, DayChange, n + 1);
  for (size_t i = 0; i < n; i++)
    l->changes[i] = (DayChange){.day = changes[i].day, .kind = changes[i].kind, .name = arena_str(own, changes[i].name),
                                .notice = arena_str(own, changes[i].notice)};
  reply_job(rp, JOB_LONG, look_work, look_done, l);
}

/* ---- the list -------------------------------------------------------------------------------------------- */

static void proposal_view(Request *rq, Json *o, const Proposal *p) {
  Arena *m = rq->mem;
  view_proposal(rq, o, p);
  PUT(o, "notice", arena_str(m, p->notice));
  PUT_INT(o, "days", (int64_t)p->change_count);
  PUT_INT(o, "past_days", (int64_t)p->past_count);
  if (p->version) PUT_INT(o, "version", p->version);
}

static Code page_calendar(Cx *cx, Request *rq, Reply *rp) {
  const Book *b = NULL;
  Arena *m = rq->mem;
  TRY(book_of(cx, rq, CALENDAR_STREAM, &b));
  rp->title = tr(rq->lang, S("日历变更"));
  rp->view = json_obj(m);
  PUT_INT(rp->view, "version", rq->app->policy->calendar_version);
  PUT_INT(rp->view, "last_year", calendar_last_year(rq->app->policy->calendar));
  PUT_BOOL(rp->view, "blocked", book_waiting(b) != NULL);
  Json *list = json_put_arr(m, rp->view, S("proposals"));
  for (size_t i = b ? b->count : 0; i > 0; i--) proposal_view(rq, json_push_obj(m, list), &b->list[i - 1]);
  return OK;
}

/* ---- one of them ------------------------------------------------------------------------------------------- */

static Code moved_by(Cx *cx, Request *rq, Json *view, int version) {
  MovedUnit *units = NULL;
  size_t n = 0;
  TRY(view_moved(cx, rq, view, &(MovedFilter){.version = version, .limit = PREVIEW_ROWS}));
  TRY(moved_units(cx, rq->rd, version, &units, &n));
  view_moved_units(rq, view, units, n);
  return OK;
}

static Code page_calendar_one(Cx *cx, Request *rq, Reply *rp) {
  const Proposal *p = NULL;
  Arena *m = rq->mem;
  TRY(proposal_of(cx, rq, CALENDAR_STREAM, "日历变更", &p));
  rp->title = arena_fmt(m, "第 %lld 号日历变更", (long long)p->no);
  rp->view = json_obj(m);
  proposal_view(rq, rp->view, p);
  PUT(rp->view, "path", arena_fmt(m, "/adm/calendar/%lld", (long long)p->no));
  PUT(rp->view, "noun", S("变更"));
  const Policy *before = rq->app->policy;
  if (p->version) before = policy_with_calendar(m, before, before->calendars, p->version - 1);
  view_changes(m, before, rp->view, S("changes"), p->changes, p->change_count, day_of(p->at));
  if (p->status == PROPOSAL_CONFIRMED) return moved_by(cx, rq, rp->view, p->version);
  if (p->status == PROPOSAL_WAITING) preview_begin(rq, rp, p->changes, p->change_count);
  return OK;
}

static void after_one(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  after_or_again(cx, rq, result, rp, arena_fmt(rq->mem, "/adm/calendar/%.*s", SFMT(rq->params[0])), page_calendar_one,
                 "adm_calendar_one");
}

static Code post_calendar_one(Cx *cx, Request *rq, Reply *rp) {
  TRY(proposal_command(cx, rq, rp, S("calendar"), CALENDAR_STREAM));
  rp->after = after_one;
  return OK;
}

#define MOVED_STAFF (ROLE_STAFF | ROLE_LEADER | ROLE_SYSADMIN | ROLE_SECADMIN)
const Route calendar_routes[] = {
    {.method = GET, .path = "/adm/calendar", .allow = CALENDAR_ROLES, .run = page_calendar, .tmpl = "adm_calendar",
     .section = "calendar", .compact = true, .help = "日历的各个版本和等待确认的变更。"},
    {.method = GET, .path = "/adm/calendar/new", .allow = CALENDAR_ROLES, .run = page_calendar_new, .tmpl = "adm_calendar_new",
     .section = "calendar", .compact = true, .help = "按放假通知填写变动的日子，或者上传表格。"},
    {.method = POST, .path = "/adm/calendar/new", .allow = CALENDAR_ROLES, .run = post_calendar_new, .section = "calendar",
     .compact = true, .uploads = "many", .help = "预览会变动的到期日；提出变更。"},
    {.method = GET, .path = "/adm/calendar/{no}", .allow = CALENDAR_ROLES, .run = page_calendar_one, .tmpl = "adm_calendar_one",
     .section = "calendar", .compact = true, .help = "一次变更：日子、会变动或已经变动的到期日。"},
    {.method = POST, .path = "/adm/calendar/{no}", .allow = CALENDAR_ROLES, .run = post_calendar_one, .section = "calendar",
     .compact = true, .help = "由另一个人确认，或者驳回。"},
    {.method = GET, .path = "/w/moved", .allow = MOVED_STAFF, .run = page_moved, .tmpl = "moved", .section = "calendar",
     .compact = true, .help = "本单位因放假通知变动的到期日。"},
    {.method = GET, .path = "/my/moved", .allow = ROLE_APPLICANT | ROLE_AGENT, .run = page_moved, .tmpl = "moved",
     .section = "my", .help = "本单位项目因放假通知变动的到期日。"},
    {.method = GET, .path = "/s/calendar", .allow = ROLE_PUBLIC, .run = page_calendar_year, .tmpl = "calendar", .section = "guide",
     .help = "一年的工作日和休息日，各由哪次通知规定，哪些是暂定的。"},
    {.path = NULL},
};
