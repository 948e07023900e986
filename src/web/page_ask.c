/* SPDX-License-Identifier: Apache-2.0 */
/* page_ask.c: departments, before acceptance: which applications wait for their word, and what is missing in one. */
#include "web/page.h"
#include "web/page_form.h"
#include "web/page_work.h"

Code asks_view(Cx *cx, Request *rq, Json *view) {
  enum { SHOWN = 100 };
  Arena *m = rq->mem;
  AskRow *rows = NULL;
  size_t n = 0;
  TRY(asks_list(cx, rq->rd, rq->app->policy, rq->who->unit, false, SHOWN, &rows, &n));
  Json *list = json_put_arr(m, view, S("asks"));
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, list);
    view_case(rq, o, rows[i].project, rows[i].stage, rows[i].number, rows[i].project_name);
    PUT(o, "due", day_str(m, rows[i].due));
    PUT_BOOL(o, "over", rows[i].due.n < day_of(rq->now).n);
  }
  return OK;
}

static Code page_ask(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Project *pr = NULL;
  int n;
  TRY(case_of_staff(cx, rq, &pr, &n));
  const Policy *p = rq->app->policy;
  const StageState *s = &pr->stages[n];
  Asked asked = stage_asked(m, p, pr, n, rq->now);
  const Ask1 *mine = NULL;
  for (size_t i = 0; i < asked.unit_count; i++)
    if (str_eq(asked.units[i].unit, rq->who->unit)) mine = &asked.units[i];
  if (!mine) FAIL(NOT_FOUND, "这项申请没有等您单位提补正意见：它已经受理、已经告知，或者没有您单位的事项。");
  rp->title = arena_fmt(m, "补正意见：%.*s", SFMT(pr->name));
  rp->view = json_obj(m);
  view_project(m, p, rp->view, pr, false);
  PUT_INT(rp->view, "stage", n);
  PUT(rp->view, "stage_name", p->stages[n].name);
  view_asked(rq, rp->view, pr, n);
  Day by = {0};
  PUT_BOOL(rp->view, "past", day_parse(json_str(json_get(rp->view, S("asked")), S("due")), &by) && by.n < day_of(rq->now).n);
  view_askable(rq, rp->view, pr, n);
  PUT_BOOL(rp->view, "answered", mine->report != NULL);
  if (mine->report) json_put(m, rp->view, S("report"), mine->report);
  TRY(form_values_view(cx, rq, rp->view, n, s->form, false));
  form_files_view(rq, rp->view, s->files, s->file_count);
  return OK;
}

static void after_ask(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  after_or_again(cx, rq, result, rp, S("/w"), page_ask, "work_ask");
}

static Code post_ask(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Json *args = json_obj(m);
  int n;
  bool none = str_eq(request_arg(rq, S("act")), S("none"));
  TRY(stage_of(cx, rq, &n));
  PUT_INT(args, "stage", n);
  Json *missing = json_put_arr(m, args, S("missing"));
  if (!none && missing_lines(cx, rq, S("missing"), missing) != OK) return fault_again(cx, rq, rp, page_ask, "work_ask");
  reply_command(rq, rp, S("stage.report"), stream_of(rq), args);
  rp->after = after_ask;
  return OK;
}

const Route ask_routes[] = {
    {.method = GET, .path = "/w/a/{id}/{n}", .allow = ROLE_APPROVER | ROLE_UNIT_HEAD, .run = page_ask, .tmpl = "work_ask", .section = "work",
     .compact = true, .help = "受理前：本单位看一项申请缺什么。"},
    {.method = POST, .path = "/w/a/{id}/{n}", .allow = ROLE_APPROVER | ROLE_UNIT_HEAD, .run = post_ask, .section = "work", .compact = true,
     .help = "答复窗口：缺什么，或者没有意见。"},
    {.path = NULL},
};
