/* SPDX-License-Identifier: Apache-2.0 */
/* page_moved.c: for those whom a notice concerns: due days that moved, and the days of a year for everybody. */
#include "web/page_calendar.h"
#include "web/page_work.h"

enum { MOVED_ROWS = 100 };

/* Applicants: their projects. Departments and the window: their unit. Those who oversee: all, or one unit. */
static MovedFilter scope_of(const Request *rq) {
  if (request_has_role(rq, ROLE_APPLICANT | ROLE_AGENT)) return (MovedFilter){.applicant = rq->who->id, .uscc = rq->who->org_uscc};
  if (request_has_role(rq, ROLE_SUPERVISOR | ROLE_LEADER | ROLE_SYSADMIN | ROLE_SECADMIN) || !rq->who->unit.len)
    return (MovedFilter){.unit = request_arg(rq, S("unit"))};
  return (MovedFilter){.unit = rq->who->unit};
}

Code view_moved(Cx *cx, Request *rq, Json *obj, const MovedFilter *f) {
  MovedRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  TRY(moved_list(cx, rq->rd, f, rq->now, &rows, &n, &total));
  json_put_int(rq->mem, obj, S("moved_total"), total);
  json_put_bool(rq->mem, obj, S("with_notice"), true);
  Json *list = json_put_arr(rq->mem, obj, S("moved"));
  for (size_t i = 0; i < n; i++) view_moved_row(rq, json_push_obj(rq->mem, list), &rows[i]);
  return OK;
}

Code moved_note(Cx *cx, Request *rq, Json *view) {
  Arena *m = rq->mem;
  MovedFilter f = scope_of(rq);
  MovedRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  if (!rq->app->policy->calendar_version) return OK; /* no notice, nothing moved */
  f.ahead = true;
  TRY(moved_list(cx, rq->rd, &f, rq->now, &rows, &n, &total));
  PUT_INT(view, "moved_ahead", total);
  PUT(view, "moved_href", request_has_role(rq, ROLE_APPLICANT | ROLE_AGENT) ? S("/my/moved") : S("/w/moved"));
  return OK;
}

Code page_moved(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  MovedFilter f = scope_of(rq);
  int64_t from = request_int(rq, S("from"), 0);
  f.version = (int)request_int(rq, S("version"), 0);
  f.limit = MOVED_ROWS;
  f.offset = from > 0 ? (size_t)from : 0;
  rp->title = tr(rq->lang, S("因放假通知变动的到期日"));
  rp->view = json_obj(m);
  PUT(rp->view, "unit", f.unit);
  if (f.unit.len) PUT(rp->view, "unit_name", unit_name(rq->app->policy, f.unit));
  PUT_INT(rp->view, "version", f.version);
  PUT(rp->view, "path", rq->path);
  TRY(view_moved(cx, rq, rp->view, &f));
  view_pages(rq, rp->view, f.offset, MOVED_ROWS, MOVED_ROWS, json_int(rp->view, S("moved_total"), 0));
  return OK;
}

/* ---- the days of a year ---------------------------------------------------------------------------------------- */

static void day_view(Arena *m, Json *week, const Calendar *c, Day d) {
  Json *o = json_push_obj(m, week);
  DayKind kind = DAY_NORMAL;
  Str name = {0};
  int y, month, day;
  day_split(d, &y, &month, &day);
  bool listed = calendar_listed(c, d, &kind, &name), work = calendar_is_work(c, d);
  PUT_INT(o, "day", day);
  PUT(o, "date", day_str(m, d));
  PUT_BOOL(o, "work", work);
  PUT_BOOL(o, "rest", !work);
  PUT_BOOL(o, "holiday", listed && kind == DAY_HOLIDAY);
  PUT_BOOL(o, "makeup", work && day_weekday(d) > 5);
  PUT_BOOL(o, "provisional", calendar_is_provisional(c, d));
}

static void month_view(Arena *m, Json *months, const Calendar *c, int year, int month) {
  Day first = day_ymd(year, month, 1), end = month == 12 ? day_ymd(year + 1, 1, 1) : day_ymd(year, month + 1, 1);
  Json *o = json_push_obj(m, months), *weeks = json_put_arr(m, o, S("weeks")), *days = NULL;
  PUT(o, "name", arena_fmt(m, "%d-%02d", year, month));
  PUT(o, "id", arena_fmt(m, "m%d", month));
  for (Day d = first; d.n < end.n; d.n++) {
    if (!days || day_weekday(d) == 1) {
      days = json_put_arr(m, json_push_obj(m, weeks), S("days"));
      for (int blank = 1; d.n == first.n && blank < day_weekday(d); blank++) json_push_obj(m, days);
    }
    day_view(m, days, c, d);
  }
  PUT_INT(o, "work_days", calendar_count(c, (Day){first.n - 1}, (Day){end.n - 1}));
}

/* Days that are not what the week makes them, and which notice says so. */
static void special_view(Request *rq, Json *view, const Calendar *c, int year) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("special"));
  Day end = day_ymd(year + 1, 1, 1);
  for (Day d = day_ymd(year, 1, 1); d.n < end.n; d.n++) {
    DayKind kind;
    Str name, notice;
    if (!calendar_listed(c, d, &kind, &name)) continue;
    Json *o = json_push_obj(m, list);
    PUT(o, "date", day_str(m, d));
    PUT(o, "date_cn", day_cn(m, d));
    PUT(o, "kind", day_kind_text(kind));
    PUT(o, "kind_label", tr(rq->lang, day_kind_label(kind)));
    PUT(o, "reason", calendar_reason(c, d, &notice));
    PUT(o, "notice", notice);
    PUT_BOOL(o, "provisional", calendar_is_provisional(c, d));
  }
}

static Code versions_view(Cx *cx, Request *rq, Json *view) {
  Arena *m = rq->mem;
  CalendarVersion *list = NULL;
  size_t n = 0;
  TRY(calendar_versions(cx, reader_views(rq->rd), &list, &n));
  Json *rows = json_put_arr(m, view, S("versions"));
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, rows);
    PUT_INT(o, "version", list[i].version);
    PUT(o, "notice", list[i].notice);
    PUT(o, "at", time_cn(m, list[i].at));
    PUT_INT(o, "moved", list[i].moved);
    view_changes(m, policy_with_calendar(m, rq->app->policy, rq->app->policy->calendars, list[i].version - 1), o, S("changes"),
                 list[i].changes, list[i].count, (Day){0});
  }
  return OK;
}

Code page_calendar_year(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Calendar *c = rq->app->policy->calendar;
  int now, month, day;
  day_split(day_of(rq->now), &now, &month, &day);
  int64_t year = request_int(rq, S("year"), now);
  if (year < 2000 || year > 2099) FAIL_AT(INVALID, S("year"), S(""), "年份应在 2000 到 2099 之间，例如 /s/calendar?year=%d", now);
  Str title = tr(rq->lang, S("工作日历"));
  rp->title = arena_fmt(m, "%.*s %lld", SFMT(title), (long long)year);
  rp->view = json_obj(m);
  PUT_INT(rp->view, "year", year);
  PUT_INT(rp->view, "previous", year > 2000 ? year - 1 : 0);
  PUT_INT(rp->view, "next", year < 2099 ? year + 1 : 0);
  PUT_INT(rp->view, "version", rq->app->policy->calendar_version);
  PUT_BOOL(rp->view, "provisional", calendar_is_provisional(c, day_ymd((int)year, 6, 15)));
  PUT_BOOL(rp->view, "year_end_provisional", calendar_is_provisional(c, day_ymd((int)year, 12, 31)));
  PUT_INT(rp->view, "work_days", calendar_count(c, day_ymd((int)year - 1, 12, 31), day_ymd((int)year, 12, 31)));
  Json *months = json_put_arr(m, rp->view, S("months"));
  for (int i = 1; i <= 12; i++) month_view(m, months, c, (int)year, i);
  special_view(rq, rp->view, c, (int)year);
  TRY(versions_view(cx, rq, rp->view));
  rp->cache = true;
  return OK;
}
