/* SPDX-License-Identifier: Apache-2.0 */
/* page_report.c: the window's report, and the register of 体外循环. */
#include "web/page.h"

enum { ACTS_SHOWN = 100 };

/* The period asked for; the one that the package prescribes when none is. */
static Code period_of(Cx *cx, Request *rq, Str *period, Day *day) {
  Str set = rq->app->policy->report_period.len ? rq->app->policy->report_period : S("month");
  *period = request_arg(rq, S("period"));
  *day = day_of(rq->now);
  if (request_arg(rq, S("of")).len && !day_parse(request_arg(rq, S("of")), day)) FAIL_AT(INVALID, S("of"), S(""), "日期写成 2026-12-31 的样子");
  if (!str_eq(*period, S("day")) && !str_eq(*period, S("week")) && !str_eq(*period, S("month"))) *period = set;
  return OK;
}

static void periods_view(Request *rq, Json *view, Str period) {
  static const struct { const char *code, *label; } periods[] = {{"day", "日报"}, {"week", "周报"}, {"month", "月报"}};
  Arena *m = rq->mem;
  Str set = rq->app->policy->report_period.len ? rq->app->policy->report_period : S("month");
  Json *list = json_put_arr(m, view, S("periods"));
  for (size_t i = 0; i < COUNT(periods); i++) {
    Json *o = json_push_obj(m, list);
    PUT(o, "code", str_of(periods[i].code));
    PUT(o, "label", str_of(periods[i].label));
    PUT_BOOL(o, "current", str_eqz(period, periods[i].code));
    PUT_BOOL(o, "set", str_eqz(set, periods[i].code));
  }
  PUT_BOOL(view, "sample", rq->app->policy->report_source.sample && str_eq(period, set));
}

static Code page_report(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Str period;
  Day day;
  Report r;
  TRY(period_of(cx, rq, &period, &day));
  TRY(window_report(cx, rq->rd, period, day, &r));
  rp->title = S("窗口业务报表");
  rp->view = json_obj(m);
  PUT(rp->view, "path", rq->path);
  PUT(rp->view, "from", day_str(m, r.from));
  PUT(rp->view, "to", day_str(m, r.to));
  PUT(rp->view, "before_of", day_str(m, r.before_from));
  PUT(rp->view, "after_of", day_str(m, (Day){r.to.n + 1}));
  PUT_BOOL(rp->view, "open", r.to.n >= day_of(rq->now).n);
  PUT(rp->view, "period", period);
  PUT(rp->view, "of", day_str(m, day));
  periods_view(rq, rp->view, period);
  Json *rows = json_put_arr(m, rp->view, S("rows"));
  for (size_t i = 0; i < r.count; i++) {
    Json *o = json_push_obj(m, rows);
    PUT(o, "kind", r.rows[i].kind);
    PUT(o, "label", r.rows[i].label);
    PUT_INT(o, "now", r.rows[i].now);
    PUT_INT(o, "before", r.rows[i].before);
  }
  return OK;
}

static void acts_view(Request *rq, Json *view, const ActRow *rows, size_t n) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("acts"));
  for (size_t i = 0; i < n; i++) {
    const Item *item = policy_item(rq->app->policy, rows[i].item);
    Json *o = json_push_obj(m, list);
    view_case(rq, o, rows[i].project, rows[i].stage, rows[i].number, rows[i].project_name);
    PUT(o, "item_name", item ? item->name : rows[i].item);
    PUT(o, "name", rows[i].name);
    PUT(o, "at_cn", time_cn(m, rows[i].at));
    PUT_INT(o, "pos", rows[i].pos);
  }
}

/* The cases behind one figure of the report. */
static Code page_report_acts(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Str period, kind = request_arg(rq, S("kind")).len ? request_arg(rq, S("kind")) : S("submitted"), label = report_label(kind);
  Day day;
  Report r;
  ActRow *rows = NULL;
  size_t n = 0, skip = from_of(rq);
  int64_t total = 0;
  if (!label.len) FAIL(NOT_FOUND, "报表里没有“%.*s”这个数。请从报表里打开。", SFMT(kind));
  TRY(period_of(cx, rq, &period, &day));
  TRY(window_report(cx, rq->rd, period, day, &r));
  TRY(report_acts(cx, rq->rd, kind, r.from, r.to, skip, ACTS_SHOWN, &rows, &n, &total));
  rp->title = arena_fmt(m, "窗口业务报表：%.*s", SFMT(label));
  rp->view = json_obj(m);
  PUT(rp->view, "path", rq->path);
  PUT(rp->view, "report", str_sub(rq->path, 0, rq->path.len - (sizeof "/acts" - 1)));
  PUT(rp->view, "kind", kind);
  PUT(rp->view, "label", label);
  PUT(rp->view, "period", period);
  PUT(rp->view, "of", day_str(m, day));
  PUT(rp->view, "first_day", day_str(m, r.from));
  PUT(rp->view, "last_day", day_str(m, r.to));
  acts_view(rq, rp->view, rows, n);
  view_pages(rq, rp->view, skip, n, ACTS_SHOWN, total);
  return OK;
}

/* ---- 体外循环 ------------------------------------------------------------------------------------------ */

static Code page_outside(Cx *cx, Request *rq, Reply *rp) {
  enum { SHOWN = 200 };
  Arena *m = rq->mem;
  ExemptRow *rows = NULL;
  size_t n = 0;
  TRY(exemptions_list(cx, rq->rd, SHOWN, &rows, &n));
  rp->title = S("体外循环登记");
  rp->view = json_obj(m);
  PUT_BOOL(rp->view, "head", request_has_role(rq, ROLE_WINDOW_HEAD));
  Json *list = json_put_arr(m, rp->view, S("rows"));
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "project", rows[i].project);
    PUT_INT(o, "no", rows[i].no);
    PUT(o, "number", rows[i].number);
    PUT(o, "project_name", rows[i].project_name);
    PUT(o, "matter", rows[i].matter);
    PUT(o, "approved_by", rows[i].approved_by);
    PUT(o, "document", rows[i].document);
    PUT(o, "from", day_str(m, rows[i].from));
    PUT(o, "until", day_str(m, rows[i].until));
    PUT_BOOL(o, "major", rows[i].major);
    PUT_BOOL(o, "ended", rows[i].ended);
    PUT_BOOL(o, "over", !rows[i].ended && rows[i].until.n < day_of(rq->now).n);
  }
  return OK;
}

static Code page_exempt(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Project *pr = NULL;
  TRY(project_of_staff(cx, rq, &pr));
  rp->title = arena_fmt(m, "登记体外循环：%.*s", SFMT(pr->name));
  rp->view = json_obj(m);
  view_project(m, rq->app->policy, rp->view, pr, false);
  view_exemptions(rq, rp->view, pr);
  return OK;
}

void view_exemptions(Request *rq, Json *view, const Project *pr) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("exemptions"));
  for (size_t i = 0; i < pr->exemption_count; i++) {
    const Exemption *x = &pr->exemptions[i];
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "number_of", x->no);
    PUT(o, "matter", x->matter);
    PUT(o, "approved_by", x->approved_by);
    PUT(o, "document", x->document);
    PUT(o, "reason", x->reason);
    PUT(o, "from", day_str(m, x->from));
    PUT(o, "until", day_str(m, x->until));
    PUT(o, "by", x->by);
    PUT_BOOL(o, "major", x->major);
    PUT_BOOL(o, "ended", x->ended_at > 0);
    PUT(o, "end_reason", x->end_reason);
    PUT_BOOL(o, "over", !x->ended_at && x->until.n < day_of(rq->now).n);
  }
}

static void after_exempt(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  after_or_again(cx, rq, result, rp, arena_fmt(rq->mem, "/w/exempt/%.*s", SFMT(rq->params[0])), page_exempt, "exempt");
}

static Code post_exempt(Cx *cx, Request *rq, Reply *rp) {
  static const char *const texts[] = {"matter", "approved_by", "document", "from", "until", "reason"};
  Arena *m = rq->mem;
  const Project *pr = NULL;
  Json *args = json_obj(m);
  TRY(project_of_staff(cx, rq, &pr));
  bool end = str_eq(request_arg(rq, S("act")), S("end"));
  for (size_t i = 0; i < COUNT(texts); i++) {
    Str value = request_arg(rq, str_of(texts[i]));
    if (value.len && (!end || !strcmp(texts[i], "reason"))) json_put_str(m, args, str_of(texts[i]), value);
  }
  if (end) PUT_INT(args, "no", request_int(rq, S("no"), 0));
  else PUT_BOOL(args, "major", str_eq(request_arg(rq, S("major")), S("true")));
  reply_command(rq, rp, end ? S("project.end-exemption") : S("project.exempt"), stream_of(rq), args);
  rp->after = after_exempt;
  return OK;
}

const Route report_routes[] = {
    {.method = GET, .path = "/w/report", .allow = ROLE_CLERK | ROLE_WINDOW_HEAD, .run = page_report, .tmpl = "report", .section = "work",
     .compact = true, .help = "窗口业务报表：日、周、月，与上一期对照。"},
    {.method = GET, .path = "/w/super/report", .allow = ROLE_SUPERVISOR | ROLE_LEADER, .run = page_report, .tmpl = "report", .section = "super",
     .compact = true, .help = "窗口业务报表，给监督人员和领导。"},
    {.method = GET, .path = "/w/report/acts", .allow = ROLE_CLERK | ROLE_WINDOW_HEAD, .run = page_report_acts, .tmpl = "report_acts",
     .section = "work", .compact = true, .help = "报表里一个数背后的办件，逐件列出。"},
    {.method = GET, .path = "/w/super/report/acts", .allow = ROLE_SUPERVISOR | ROLE_LEADER, .run = page_report_acts, .tmpl = "report_acts",
     .section = "super", .compact = true, .help = "报表里一个数背后的办件，给监督人员和领导。"},
    {.method = GET, .path = "/w/outside", .allow = ROLE_WINDOW_HEAD | ROLE_SUPERVISOR | ROLE_LEADER, .run = page_outside, .tmpl = "outside",
     .section = "super", .compact = true, .help = "体外循环登记：谁批准、什么文件、多长时间，没有结束的标红。"},
    {.method = GET, .path = "/w/exempt/{id}", .allow = ROLE_WINDOW_HEAD, .run = page_exempt, .tmpl = "exempt", .section = "work", .compact = true,
     .help = "登记一个项目的体外循环。"},
    {.method = POST, .path = "/w/exempt/{id}", .allow = ROLE_WINDOW_HEAD, .run = post_exempt, .section = "work", .compact = true,
     .help = "登记或结束。"},
    {.path = NULL},
};
