/* SPDX-License-Identifier: Apache-2.0 */
/* page_erase.c: erasing personal data: what an applicant has with us and asks to have erased; the workbench of 安全管理员. */
#include "web/page_personal.h"

enum { ROWS = 50, PROJECTS_SHOWN = 100, KEPT_SHOWN = 50, LOOKS_SHOWN = 30 };

void view_erasure(Request *rq, Json *o, const Erasure *e) {
  static const char *const labels[] = {[PROPOSAL_WAITING] = N_("等待确认"), [PROPOSAL_CONFIRMED] = N_("已清除"), [PROPOSAL_REJECTED] = N_("已驳回")};
  Arena *m = rq->mem;
  view_record(rq, o, e->record);
  PUT_INT(o, "no", e->again ? 0 : e->no);
  PUT(o, "ground_name", e->again ? S(N_("恢复备份后重做")) : e->ground_name);
  PUT(o, "basis", e->basis);
  PUT(o, "reason", e->reason);
  PUT(o, "by", e->by_name);
  PUT(o, "at", time_cn(m, e->at));
  PUT(o, "status_label", str_of(labels[e->status]));
  PUT_BOOL(o, "waiting", e->status == PROPOSAL_WAITING);
  PUT_BOOL(o, "erased", e->status == PROPOSAL_CONFIRMED);
  PUT_INT(o, "values_erased", e->erased);
  PUT_BOOL(o, "mine", rq->who && str_eq(rq->who->id, e->by));
  if (!e->again) {
    PUT(o, "href", arena_fmt(m, "/adm/personal/%.*s/%lld", SFMT(str_sub(personal_stream(m, e->record), 9, SIZE_MAX)), (long long)e->no));
  }
  if (!e->ended) return;
  PUT(o, "end_by", e->end_by);
  PUT(o, "ended", time_cn(m, e->ended));
  PUT(o, "end_reason", e->end_reason);
}

Code view_erasures(Cx *cx, Request *rq, Json *obj, const ErasureFilter *f) {
  Arena *m = rq->mem;
  Erasure *list = NULL;
  size_t n = 0;
  int64_t total = 0;
  TRY(erasures_list(cx, reader_views(rq->rd), f, &list, &n, &total));
  PUT_INT(obj, "erasures_total", total);
  Json *rows = json_put_arr(m, obj, S("erasures"));
  for (size_t i = 0; i < n; i++) view_erasure(rq, json_push_obj(m, rows), &list[i]);
  return OK;
}

/* ---- an applicant -------------------------------------------------------------------------------------- */

/* Whether it may be erased today, and if not why and when; what waits or was done. */
static Code view_mine(Cx *cx, Request *rq, Json *list, Json *askable, Str record, Str name) {
  Arena *m = rq->mem;
  Cx quiet = {.mem = m, .now = rq->now};
  const Policy *p = personal_rules(rq);
  Json *o = json_push_obj(m, list);
  Str ground = S(""); /* one that need not wait: on such a ground they may ask */
  PUT(o, "id", arena_fmt(m, "record-%u", list->count));
  PUT(o, "name", name);
  view_record(rq, o, record);
  TRY(view_values(cx, rq, o, S("values"), record));
  PUT_INT(o, "count", json_get(o, S("values"))->count);
  TRY(view_looks(cx, rq, o, &(LookFilter){.record = record, .limit = LOOKS_SHOWN}));
  TRY(view_erasures(cx, rq, o, &(ErasureFilter){.record = record, .limit = ROWS}));
  for (size_t i = 0; i < p->ground_count && !ground.len; i++)
    if (!p->grounds[i].keeps) ground = p->grounds[i].code;
  Code code = personal_allows(&quiet, reader_views(rq->rd), rq->app->policies, record, ground, rq->now);
  const Json *newest = json_get(o, S("erasures"))->first;
  bool waiting = newest && json_bool(newest, S("waiting"));
  if (code != OK) PUT(o, "why_not", quiet.detail);
  if (code != OK || waiting) return OK;
  Json *a = json_push_obj(m, askable);
  PUT(a, "id", askable->count > 1 ? arena_fmt(m, "record-ask-%u", askable->count) : S("record"));
  PUT(a, "name", name);
  PUT_BOOL(a, "chosen", str_eq(request_arg(rq, S("record")), record));
  view_record(rq, a, record);
  return OK;
}

static Code page_mine(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  ProjectFilter f = {.applicant = rq->who->id, .uscc = rq->who->org_uscc, .limit = PROJECTS_SHOWN};
  ProjectRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  TRY(projects_list(cx, rq->rd, rq->app->policy, &f, rq->now, &rows, &n, &total));
  rp->title = tr(rq->lang, S("我的个人信息"));
  rp->view = json_obj(m);
  view_rules(rq, rp->view);
  Json *list = json_put_arr(m, rp->view, S("records")), *askable = json_put_arr(m, rp->view, S("askable"));
  TRY(view_mine(cx, rq, list, askable, arena_fmt(m, "user/%.*s", SFMT(rq->who->id)), S("")));
  for (size_t i = 0; i < n; i++) TRY(view_mine(cx, rq, list, askable, arena_fmt(m, "project/%lld", (long long)rows[i].no), rows[i].name));
  return OK;
}

static void after_mine(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  after_or_again(cx, rq, result, rp, S("/my/personal"), page_mine, "my_personal");
}

static Code post_mine(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Json *args = json_obj(m);
  Str record = request_arg(rq, S("record")), act = request_arg(rq, S("act"));
  PUT(args, "reason", request_arg(rq, S("reason")));
  if (str_eq(act, S("withdraw"))) {
    PUT_INT(args, "no", request_int(rq, S("no"), 0));
    reply_command(rq, rp, S("personal.reject"), personal_stream(m, record), args);
  } else if (str_eq(act, S("request"))) {
    PUT(args, "record", record);
    PUT(args, "ground", request_arg(rq, S("ground")));
    reply_command(rq, rp, S("personal.request"), S(""), args);
  } else {
    FAIL(MALFORMED, "没有“%.*s”这种办理动作。请返回上一页重新操作。", SFMT(act));
  }
  rp->after = after_mine;
  return OK;
}

/* ---- the security administrator -------------------------------------------------------------------------- */

static Code kept_view(Cx *cx, Request *rq, Json *view) {
  Arena *m = rq->mem;
  const Policy *p = personal_rules(rq);
  KeptRow *list = NULL;
  size_t n = 0;
  Json *rows = json_put_arr(m, view, S("kept"));
  if (p->personal_keep_days < 1) return OK;
  TRY(personal_kept(cx, reader_views(rq->rd), rq->now - p->personal_keep_days * DAY_MS, KEPT_SHOWN, &list, &n));
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, rows);
    PUT(o, "number", list[i].number);
    PUT(o, "name", list[i].name);
    PUT(o, "last", day_cn(m, day_of(list[i].last)));
    PUT_INT(o, "values", list[i].values);
  }
  return OK;
}

static Code page_desk(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  size_t from = from_of(rq);
  rp->title = tr(rq->lang, S("个人信息保护"));
  rp->view = json_obj(m);
  view_rules(rq, rp->view);
  PUT_BOOL(rp->view, "asks", request_has_role(rq, ROLE_SECADMIN));
  Json *waiting = json_put_obj(m, rp->view, S("waiting"));
  TRY(view_erasures(cx, rq, waiting, &(ErasureFilter){.waiting = true, .limit = ROWS}));
  TRY(view_erasures(cx, rq, rp->view, &(ErasureFilter){.offset = from, .limit = ROWS}));
  view_pages(rq, rp->view, from, ROWS, ROWS, json_int(rp->view, S("erasures_total"), 0));
  return kept_view(cx, rq, rp->view);
}

static Code page_ask(Cx *cx, Request *rq, Reply *rp) {
  (void)cx;
  rp->title = tr(rq->lang, S("提出清除个人信息"));
  rp->view = json_obj(rq->mem);
  view_rules(rq, rp->view);
  json_put_str(rq->mem, rp->view, S("number"), request_arg(rq, S("number")));
  return OK;
}

static void after_ask(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  Str stream = result->stream;
  Str at = arena_fmt(rq->mem, "/adm/personal/%.*s/%lld", SFMT(str_sub(stream, stream.len > 9 ? 9 : stream.len, SIZE_MAX)),
                     (long long)json_int(result->answer, S("no"), 0));
  CommandResult shown = *result;
  if (str_eq(shown.field, S("record"))) shown.field = S("number"); /* as the form calls it */
  after_or_again(cx, rq, &shown, rp, at, page_ask, "adm_personal_new");
}

/* A number as it stands on the receipt, or an account. */
static Code post_ask(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Json *args = json_obj(m);
  Str number = str_trim(utf8_halfwidth(m, request_arg(rq, S("number"))));
  int64_t no;
  Code code = project_find(cx, rq->rd, number, &no);
  if (code != OK && code != NOT_FOUND) return code;
  cx_clear(cx);
  PUT(args, "record", code == OK ? arena_fmt(m, "project/%lld", (long long)no) : arena_fmt(m, "user/%.*s", SFMT(number)));
  PUT(args, "ground", request_arg(rq, S("ground")));
  PUT(args, "reason", request_arg(rq, S("reason")));
  reply_command(rq, rp, S("personal.request"), S(""), args);
  rp->after = after_ask;
  return OK;
}

static Code page_request(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  int64_t no = 0, total = 0;
  Erasure *list = NULL;
  size_t n = 0, at = 0;
  Str record = personal_record(m, arena_fmt(m, "personal/%.*s", SFMT(rq->params[0])));
  bool fits = record.len && str_to_i64(rq->params[1], &no);
  if (fits) TRY(erasures_list(cx, reader_views(rq->rd), &(ErasureFilter){.record = record, .limit = ROWS * 10}, &list, &n, &total));
  while (at < n && list[at].no != no) at++;
  if (at == n) FAIL(NOT_FOUND, "没有这份清除个人信息的请求，请从列表里打开。");
  rp->title = arena_fmt(m, "清除个人信息：第 %lld 号", (long long)no);
  rp->view = json_obj(m);
  view_erasure(rq, rp->view, &list[at]);
  PUT(rp->view, "path_record", rq->params[0]);
  Json *rows = json_put_obj(m, rp->view, S("of"));
  TRY(view_values(cx, rq, rows, S("values"), record));
  Cx quiet = {.mem = m, .now = rq->now};
  if (list[at].status == PROPOSAL_WAITING &&
      personal_allows(&quiet, reader_views(rq->rd), rq->app->policies, record, list[at].ground, rq->now) != OK)
    PUT(rp->view, "why_not", quiet.detail);
  return OK;
}

static void after_request(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  after_or_again(cx, rq, result, rp, arena_fmt(rq->mem, "/adm/personal/%.*s/%.*s", SFMT(rq->params[0]), SFMT(rq->params[1])), page_request,
                 "adm_personal_one");
}

static Code post_request(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Json *args = json_obj(m);
  int64_t no = 0;
  Str act = request_arg(rq, S("act"));
  bool confirm = str_eq(act, S("confirm"));
  if (!confirm && !str_eq(act, S("reject"))) FAIL(MALFORMED, "没有“%.*s”这种办理动作。请返回上一页重新操作。", SFMT(act));
  if (!str_to_i64(rq->params[1], &no)) FAIL(NOT_FOUND, "没有这份清除个人信息的请求，请从列表里打开。");
  PUT_INT(args, "no", no);
  if (!confirm) PUT(args, "reason", request_arg(rq, S("reason")));
  reply_command(rq, rp, confirm ? S("personal.confirm") : S("personal.reject"), arena_fmt(m, "personal/%.*s", SFMT(rq->params[0])), args);
  rp->after = after_request;
  return OK;
}

/* ---- the auditor ------------------------------------------------------------------------------------------- */

static Code page_looks(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Str number = str_trim(utf8_halfwidth(m, request_arg(rq, S("number")))), record = S("");
  size_t from = from_of(rq);
  int64_t no;
  Code code = number.len ? project_find(cx, rq->rd, number, &no) : NOT_FOUND;
  if (code != OK && code != NOT_FOUND) return code;
  cx_clear(cx);
  if (number.len) record = code == OK ? arena_fmt(m, "project/%lld", (long long)no) : arena_fmt(m, "user/%.*s", SFMT(number));
  LookFilter f = {.record = record, .actor = request_arg(rq, S("actor")), .offset = from, .limit = ROWS};
  rp->title = tr(rq->lang, S("查看和清除个人信息"));
  rp->view = json_obj(m);
  PUT(rp->view, "number", number);
  PUT(rp->view, "actor", f.actor);
  TRY(view_looks(cx, rq, rp->view, &f));
  TRY(view_erasures(cx, rq, rp->view, &(ErasureFilter){.record = record, .limit = ROWS}));
  view_pages(rq, rp->view, from, ROWS, ROWS, json_int(rp->view, S("looks_total"), 0));
  return OK;
}

#define OWNERS (ROLE_APPLICANT | ROLE_AGENT)
const Route erase_routes[] = {
    {.method = GET, .path = "/my/personal", .allow = OWNERS, .run = page_mine, .tmpl = "my_personal", .section = "my",
     .help = "存了我的哪些个人信息（已脱敏），谁看过、为什么看，清除的请求。"},
    {.method = POST, .path = "/my/personal", .allow = OWNERS, .run = post_mine, .section = "my", .help = "请求清除个人信息，或者收回请求。"},
    {.method = GET, .path = "/adm/personal", .allow = PERSONAL_CONFIRM, .run = page_desk, .tmpl = "adm_personal", .section = "personal",
     .compact = true, .help = "清除个人信息的请求、办过的清除、保存期限届满的项目。"},
    {.method = GET, .path = "/adm/personal/new", .allow = ROLE_SECADMIN, .run = page_ask, .tmpl = "adm_personal_new", .section = "personal",
     .compact = true, .help = "提出清除一个项目或账号的个人信息。"},
    {.method = POST, .path = "/adm/personal/new", .allow = ROLE_SECADMIN, .run = post_ask, .section = "personal", .compact = true,
     .help = "提出清除，由另一个人确认。"},
    {.method = GET, .path = "/adm/personal/{record}/{no}", .allow = PERSONAL_CONFIRM, .run = page_request, .tmpl = "adm_personal_one",
     .section = "personal", .compact = true, .help = "一份请求：谁提出、什么情形、会清除哪些项。"},
    {.method = POST, .path = "/adm/personal/{record}/{no}", .allow = PERSONAL_CONFIRM, .run = post_request, .section = "personal",
     .compact = true, .help = "由另一个人确认后清除，或者驳回。"},
    {.method = GET, .path = "/audit/personal", .allow = ROLE_AUDITOR, .run = page_looks, .tmpl = "audit_personal", .section = "audit", .compact = true,
     .help = "谁在什么时候、为了什么看过谁的个人信息；办过的清除。"},
    {.path = NULL},
};
