/* SPDX-License-Identifier: Apache-2.0 */
/* page_exchange.c: data exchange 数据交换 for the integrator: connections, what waits, what failed and why, once more, the log, reconciliation,
 * certificates that a platform asks about (P77; S25). Messages to people are in page_messages.c. */
#include "exchange/exchange.h"
#include "web/forms.h"
#include "web/page_origin.h"

enum { STEP = 30, RECENT = 10, CHECKS = 200 };

static Str receiver_name(const Request *rq, Str code) {
  const Receiver *r = rq->app->receivers ? receiver_find(rq->app->receivers, code) : NULL;
  return r ? r->name : code;
}

static Str table_name(const Request *rq, Str table) {
  const SpglTable *t = spgl_table(rq->app->policy, table);
  return t ? t->label : table;
}

/* "province.12": of a part. */
static Str part_of(Str stream) {
  return str_sub(stream, sizeof "exchange/" - 1, SIZE_MAX);
}

/* ---- connections ------------------------------------------------------------------------------------------------ */

static Code receiver_view(Cx *cx, Request *rq, Json *o, const Receiver *r, int64_t sums[ROW_STATUS__MAX]) {
  Arena *m = rq->mem;
  LinkRow l;
  TRY(link_load(cx, rq->rd, r->code, &l));
  PUT(o, "code", r->code);
  PUT(o, "name", r->name);
  PUT(o, "url", r->url);
  PUT(o, "region", r->region);
  PUT_BOOL(o, "down", l.down > 0);
  PUT(o, "reason", l.reason);
  PUT(o, "state", l.down ? S("连不上") : l.last ? S("正常") : S("还没有发过"));
  if (l.down) PUT(o, "since", time_cn(m, l.down));
  if (l.last) PUT(o, "last", time_cn(m, l.last));
  if (l.oldest) PUT(o, "oldest", time_cn(m, l.oldest));
  if (l.reconciled.n) PUT(o, "reconciled", day_cn(m, l.reconciled));
  Json *counts = json_put_arr(m, o, S("counts"));
  for (int i = 0; i < ROW_STATUS__MAX; i++) {
    sums[i] += l.count[i];
    Json *c = json_push_obj(m, counts);
    PUT(c, "target", r->code);
    PUT(c, "status", row_status_text((RowStatus)i));
    PUT(c, "label", row_status_label(row_status_text((RowStatus)i)));
    PUT_INT(c, "count", l.count[i]);
  }
  return OK;
}

static Code pushes_view(Cx *cx, Request *rq, Json *view, Str target, size_t from, size_t step, int64_t *total) {
  static const struct { const char *kind, *label; } words[] = {{"pushed", "发送和回执"}, {"down", "连不上"}, {"up", "恢复"}, {"reconciled", "对账"}, {"asked", "要求对账"}, {"verified", "核验证照"}};
  Arena *m = rq->mem;
  PushLine *rows = NULL;
  size_t n = 0;
  TRY(pushes_list(cx, rq->rd, target, from, step, &rows, &n, total));
  Json *list = json_put_arr(m, view, S("pushes"));
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, list);
    Str label = rows[i].kind;
    for (size_t k = 0; k < COUNT(words); k++)
      if (str_eqz(label, words[k].kind)) label = str_of(words[k].label);
    PUT(o, "at", time_cn(m, rows[i].at));
    PUT(o, "kind", rows[i].kind);
    PUT(o, "label", label);
    PUT(o, "name", receiver_name(rq, rows[i].target));
    bool pushed = str_eqz(rows[i].kind, "pushed"), compared = str_eqz(rows[i].kind, "reconciled");
    Str what = rows[i].text;
    if (pushed) what = arena_fmt(m, "%lld 行：已校验 %lld，退回 %lld%s%.*s", (long long)rows[i].rows, (long long)rows[i].accepted, (long long)rows[i].refused, rows[i].text.len ? "。" : "", SFMT(rows[i].text));
    if (compared) what = rows[i].refused ? arena_fmt(m, "%.*s：%lld 行，%lld 行不一致", SFMT(rows[i].text), (long long)rows[i].rows, (long long)rows[i].refused) : arena_fmt(m, "%.*s：%lld 行，全部一致", SFMT(rows[i].text), (long long)rows[i].rows);
    PUT(o, "what", what);
    PUT_BOOL(o, "bad", str_eqz(rows[i].kind, "down") || rows[i].refused > 0);
    if (pushed) PUT_INT(o, "ms", rows[i].ms);
  }
  view_pages(rq, view, from, n, step, *total);
  return OK;
}

static Code page_links(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Receivers *all = rq->app->receivers;
  int64_t sums[ROW_STATUS__MAX] = {0}, total = 0, down = 0;
  rp->title = S("数据交换");
  rp->view = json_obj(m);
  Json *list = json_put_arr(m, rp->view, S("receivers"));
  for (size_t i = 0; i < (all ? all->count : 0); i++) {
    Json *o = json_push_obj(m, list);
    TRY(receiver_view(cx, rq, o, &all->list[i], sums));
    down += json_bool(o, S("down"));
  }
  PUT_INT(rp->view, "count", (int64_t)(all ? all->count : 0));
  PUT_INT(rp->view, "down", down);
  PUT_INT(rp->view, "refused", sums[ROW_REFUSED]);
  PUT_INT(rp->view, "held", sums[ROW_HELD]);
  PUT_INT(rp->view, "waiting", sums[ROW_WAITING]);
  PUT_BOOL(rp->view, "letters", request_has_role(rq, ROLE_SYSADMIN));
  PUT_BOOL(rp->view, "mapped", rq->app->policy->spgl.table_count > 0);
  return pushes_view(cx, rq, rp->view, S(""), 0, RECENT, &total);
}

static Code page_log(Cx *cx, Request *rq, Reply *rp) {
  int64_t total = 0;
  Str target = request_arg(rq, S("target"));
  rp->title = S("推送日志");
  rp->view = json_obj(rq->mem);
  json_put_str(rq->mem, rp->view, S("target"), target);
  return pushes_view(cx, rq, rp->view, target, from_of(rq), STEP, &total);
}

/* ---- rows --------------------------------------------------------------------------------------------------------- */

static void line_view(Request *rq, Json *o, const RowLine *r) {
  Arena *m = rq->mem;
  PUT(o, "of", part_of(r->stream));
  PUT(o, "lsh", r->lsh);
  PUT(o, "target", r->target);
  PUT(o, "name", receiver_name(rq, r->target));
  PUT(o, "table", r->table);
  PUT(o, "table_name", table_name(rq, r->table));
  PUT(o, "key", r->key);
  PUT(o, "status", r->status);
  PUT(o, "status_label", row_status_label(r->status));
  PUT(o, "fault", r->fault);
  PUT(o, "number", r->number);
  PUT(o, "project_name", r->project_name);
  PUT_BOOL(o, "voids", !r->valid);
  PUT_INT(o, "no", r->no);
  PUT(o, "at", time_cn(m, r->at));
  PUT_BOOL(o, "refused", str_eqz(r->status, "refused"));
  PUT_BOOL(o, "bad", str_eqz(r->status, "refused") || str_eqz(r->status, "held"));
}

/* "again": what a resend has made, from its event: the old row made void and the new one, as they stand now. */
static Code again_view(Cx *cx, Request *rq, Json *view) {
  Arena *m = rq->mem;
  Str of = request_arg(rq, S("again"));
  int64_t seq = request_int(rq, S("seq"), 0), now = 0;
  Events ev = {0};
  const void *state = NULL;
  if (!of.len || seq < 1) return OK;
  Str stream = arena_fmt(m, "exchange/%.*s", SFMT(of));
  Code code = reader_state(cx, rq->rd, stream, &state, &now);
  if (code == OK) code = reader_events(cx, rq->rd, stream, seq - 1, 1, &ev);
  if (code == NOT_FOUND) cx_clear(cx);
  if (code != OK || !ev.count || !str_eqz(ev.list[0].kind, "exchange.prepared")) return code == NOT_FOUND ? OK : code;
  const Part *part = state;
  const Json *rows = json_get(ev.list[0].body, S("rows"));
  Json *list = json_put_arr(m, view, S("again"));
  for (const Json *x = rows ? rows->first : NULL; x; x = x->next)
    for (size_t i = 0; i < part->count; i++) {
      const Version *v = &part->rows[i];
      if (!str_eq(v->lsh, json_str(x, S("lsh")))) continue;
      Json *o = json_push_obj(m, list);
      PUT(o, "of", of);
      PUT(o, "lsh", v->lsh);
      PUT(o, "table_name", table_name(rq, v->table));
      PUT(o, "status_label", row_status_label(row_status_text(v->status)));
      PUT_BOOL(o, "voids", !v->valid);
    }
  return OK;
}

static Code page_rows(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  RowLine *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  RowFilter f = {.target = request_arg(rq, S("target")), .status = request_arg(rq, S("status")), .table = request_arg(rq, S("table")), .project = request_int(rq, S("project"), 0),
                 .offset = from_of(rq), .limit = STEP};
  rp->title = S("报出的行");
  rp->view = json_obj(m);
  PUT(rp->view, "path", S("/adm/api/rows"));
  PUT(rp->view, "target", f.target);
  PUT(rp->view, "status", f.status);
  PUT(rp->view, "table", f.table);
  if (f.project) PUT_INT(rp->view, "project", f.project);
  if (f.target.len) PUT(rp->view, "target_name", receiver_name(rq, f.target));
  if (f.table.len) PUT(rp->view, "table_name", table_name(rq, f.table));
  PUT_BOOL(rp->view, "failures", str_eqz(f.status, "refused"));
  Json *statuses = json_put_arr(m, rp->view, S("statuses"));
  for (int i = 0; i < ROW_STATUS__MAX; i++) put_choice(m, statuses, row_status_text((RowStatus)i), row_status_label(row_status_text((RowStatus)i)), f.status);
  TRY(again_view(cx, rq, rp->view));
  TRY(rows_list(cx, rq->rd, &f, &rows, &n, &total));
  Json *list = json_put_arr(m, rp->view, S("rows"));
  for (size_t i = 0; i < n; i++) line_view(rq, json_push_obj(m, list), &rows[i]);
  view_pages(rq, rp->view, f.offset, n, STEP, total);
  return OK;
}

static Code version_of(Cx *cx, Request *rq, const Part **part, const Version **out) {
  const void *state = NULL;
  int64_t seq = 0;
  *out = NULL;
  Code code = reader_state(cx, rq->rd, arena_fmt(rq->mem, "exchange/%.*s", SFMT(rq->params[0])), &state, &seq);
  if (code != OK && code != NOT_FOUND) return code;
  cx_clear(cx);
  *part = state;
  for (size_t i = 0; state && i < (*part)->count; i++)
    if (str_eq((*part)->rows[i].lsh, rq->params[1])) *out = &(*part)->rows[i];
  if (!*out) FAIL(NOT_FOUND, "没有这一行，请从列表里重新打开。");
  return OK;
}

static void columns_view(Request *rq, Json *view, const Version *v) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Json *list = json_put_arr(m, view, S("columns"));
  for (size_t i = 0; i < p->spgl.column_count; i++) {
    const SpglColumn *c = &p->spgl.columns[i];
    if (!spgl_of(c->at, v->table)) continue;
    const Json *value = json_get(v->row, spgl_short(c->at));
    Str text = !value ? S("") : value->kind == JSON_INT ? arena_fmt(m, "%lld", (long long)value->num) : value->str;
    const SpglCode *code = c->list.len && text.len ? spgl_code_named(p, c->list, text) : NULL;
    Json *o = json_push_obj(m, list);
    PUT(o, "column", spgl_short(c->at));
    PUT(o, "label", c->label);
    PUT(o, "value", text);
    if (code) PUT(o, "meaning", code->label);
    PUT_BOOL(o, "doubtful", code && !code->certain);
  }
}

/* What is over is changed here no more: then only the other side can. */
static Code over_view(Cx *cx, Request *rq, Json *view, int64_t no) {
  Arena *m = rq->mem;
  const Project *pr = NULL;
  if (no) TRY(project_load(cx, rq->rd, no, &pr));
  PUT_BOOL(view, "over", pr && pr->status != PROJECT_RUNNING);
  return OK;
}

static Code page_row(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Part *part = NULL;
  const Version *v = NULL;
  TRY(version_of(cx, rq, &part, &v));
  RowLine line = {.stream = part_stream(m, part->target, part->project), .lsh = v->lsh, .target = part->target, .table = v->table, .key = v->key,
                  .status = row_status_text(v->status), .fault = v->fault, .valid = v->valid, .no = v->no, .at = v->at, .project = part->project};
  rp->title = arena_fmt(m, "%.*s：%.*s", SFMT(table_name(rq, v->table)), SFMT(v->key));
  rp->view = json_obj(m);
  line_view(rq, rp->view, &line);
  PUT(rp->view, "path", arena_fmt(m, "/adm/api/rows/%.*s/%.*s", SFMT(rq->params[0]), SFMT(v->lsh)));
  PUT_BOOL(rp->view, "voided", v->voided);
  PUT_BOOL(rp->view, "refused", v->status == ROW_REFUSED && !v->voided && v->valid);
  PUT_BOOL(rp->view, "held", v->status == ROW_HELD);
  if (part->project) PUT_INT(rp->view, "project", part->project);
  columns_view(rq, rp->view, v);
  if (v->fault.len) view_origins(rq, rp->view, v->table, v->row, v->fault);
  TRY(over_view(cx, rq, rp->view, part->project));
  Json *list = json_put_arr(m, rp->view, S("versions"));
  for (size_t i = part->count; i > 0; i--) {
    const Version *x = &part->rows[i - 1];
    if (x->table.ptr != v->table.ptr && (!str_eq(x->table, v->table) || !str_eq(x->key, v->key))) continue;
    if (!str_eq(x->key, v->key)) continue;
    Json *o = json_push_obj(m, list);
    PUT(o, "of", rq->params[0]);
    PUT(o, "lsh", x->lsh);
    PUT_INT(o, "no", x->no);
    PUT_BOOL(o, "voids", !x->valid);
    PUT_BOOL(o, "this", x == v);
    PUT(o, "status_label", row_status_label(row_status_text(x->status)));
    PUT(o, "at", time_cn(m, x->at));
    PUT(o, "fault", x->fault);
  }
  return OK;
}

static void after_again(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  Str to = arena_fmt(rq->mem, "/adm/api/rows?status=refused&again=%.*s&seq=%lld", SFMT(rq->params[0]), (long long)result->seq);
  after_or_again(cx, rq, result, rp, to, page_row, "exchange_row");
}

static Code post_row(Cx *cx, Request *rq, Reply *rp) {
  const Part *part = NULL;
  const Version *v = NULL;
  Json *args = json_obj(rq->mem);
  TRY(version_of(cx, rq, &part, &v));
  if (!str_eqz(request_arg(rq, S("act")), "all")) json_put_str(rq->mem, args, S("lsh"), v->lsh);
  reply_command(rq, rp, S("exchange.again"), arena_fmt(rq->mem, "exchange/%.*s", SFMT(rq->params[0])), args);
  rp->after = after_again;
  return OK;
}

/* ---- reconciliation ---------------------------------------------------------------------------------------------------- */

static const FormField day_fields[] = {{"day", "text", "核对哪一天", "写成 2026-11-25 的样子；流水号里的日期", false}};
static const FormAct day_act = {.act = "ask", .command = "link.ask", .title = "现在核对一天", .button = "核对", .note = "几秒钟以后刷新这一页。每天早上自动核对前一天。", FIELDS(day_fields)};

static Code page_days(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  CheckLine *rows = NULL;
  LinkRow l;
  size_t n = 0;
  int64_t wrong = 0;
  Str target = rq->params[0];
  if (!rq->app->receivers || !receiver_find(rq->app->receivers, target)) FAIL(NOT_FOUND, "没有这个对接方，请从“数据交换”里打开。");
  rp->title = arena_fmt(m, "对账：%.*s", SFMT(receiver_name(rq, target)));
  rp->view = json_obj(m);
  PUT(rp->view, "path", arena_fmt(m, "/adm/api/days/%.*s", SFMT(target)));
  PUT(rp->view, "target", target);
  TRY(link_load(cx, rq->rd, target, &l));
  if (l.asked.n) PUT(rp->view, "asked", day_cn(m, l.asked));
  TRY(compared_list(cx, rq->rd, target, CHECKS, &rows, &n));
  Json *list = json_put_arr(m, rp->view, S("rows"));
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, list);
    wrong += rows[i].missing > 0 || rows[i].extra > 0;
    PUT(o, "day", day_str(m, rows[i].day));
    PUT(o, "table", rows[i].table);
    PUT(o, "table_name", table_name(rq, rows[i].table));
    PUT_INT(o, "ours", rows[i].ours);
    PUT_INT(o, "theirs", rows[i].theirs);
    PUT_INT(o, "missing", rows[i].missing);
    PUT_INT(o, "extra", rows[i].extra);
    PUT_BOOL(o, "same", !rows[i].missing && !rows[i].extra);
    PUT(o, "at", time_cn(m, rows[i].at));
  }
  PUT_INT(rp->view, "wrong", wrong);
  Json *form = form_put_act(rq, rp->view, &day_act);
  form_value(rq, form, "day", day_str(m, day_of(rq->now)));
  return OK;
}

static Code post_days(Cx *cx, Request *rq, Reply *rp) {
  Json *args = form_args(rq, &day_act);
  if (!rq->app->receivers || !receiver_find(rq->app->receivers, rq->params[0])) FAIL(NOT_FOUND, "没有这个对接方，请从“数据交换”里打开。");
  json_put_str(rq->mem, args, S("target"), rq->params[0]);
  form_send(rq, rp, &day_act, S(""), args, arena_fmt(rq->mem, "/adm/api/days/%.*s", SFMT(rq->params[0])), page_days, "exchange_days");
  return OK;
}

/* ---- certificates that are asked about ------------------------------------------------------------------------------------ */

static const FormField cert_fields[] = {{"target", "select", "谁来核验", NULL, false}, {"number", "text", "证照编号", "如 HLD-ZJ1-000001-1", false},
                                        {"code", "text", "项目代码", "写了就一起核对", true}, {"owner", "text", "持证单位", "写了就一起核对", true}};
static const FormAct cert_act = {.act = "verify", .command = "link.verify", .title = "核验证照", .button = "核验", FIELDS(cert_fields)};

static Code page_certs(Cx *cx, Request *rq, Reply *rp) {
  const Receivers *all = rq->app->receivers;
  (void)cx;
  rp->title = S("核验证照");
  rp->tmpl = "exchange_cert";
  rp->view = json_obj(rq->mem);
  json_put_str(rq->mem, rp->view, S("path"), S("/adm/api/certs"));
  Json *form = form_put_act(rq, rp->view, &cert_act);
  for (size_t i = 0; i < (all ? all->count : 0); i++) form_choice(rq, form, "target", all->list[i].code, all->list[i].name);
  return OK;
}

static void after_cert(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  if (result->code != OK || rq->json) {
    after_or_again(cx, rq, result, rp, S("/adm/api/certs"), page_certs, "exchange_cert");
    return;
  }
  if (page_certs(cx, rq, rp) == OK) json_put(rq->mem, rp->view, S("answer"), result->answer);
}

static Code post_certs(Cx *cx, Request *rq, Reply *rp) {
  Json *args = form_args(rq, &cert_act);
  const Receivers *all = rq->app->receivers;
  if (all && receiver_find(all, json_str(args, S("target")))) {
    form_send(rq, rp, &cert_act, S(""), args, S("/adm/api/certs"), page_certs, "exchange_cert");
    rp->after = after_cert;
    return OK;
  }
  TRY(page_certs(cx, rq, rp));
  form_fault(rq, rp, &cert_act, S("target"), S("请选择对接方"));
  return OK;
}

/* ---- the mapping ------------------------------------------------------------------------------------------------------------ */

static Code page_tables(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Spgl *x = &rq->app->policy->spgl;
  (void)cx;
  rp->title = S("交换标准对照");
  rp->view = json_obj(m);
  PUT(rp->view, "version", x->version);
  view_source(m, rp->view, rq->app->policy->exchange_source);
  Json *tables = json_put_arr(m, rp->view, S("tables"));
  int64_t doubtful = 0;
  for (size_t i = 0; i < x->table_count; i++) {
    Json *t = json_push_obj(m, tables), *columns = json_put_arr(m, t, S("columns"));
    PUT(t, "table", x->tables[i].name);
    PUT(t, "label", x->tables[i].label);
    PUT(t, "section", x->tables[i].section);
    for (size_t k = 0; k < x->column_count; k++) {
      const SpglColumn *c = &x->columns[k];
      if (!spgl_of(c->at, x->tables[i].name)) continue;
      bool codes = true;
      for (size_t j = 0; c->list.len && j < x->code_count; j++) codes &= !spgl_of(x->codes[j].code, c->list) || x->codes[j].certain;
      Json *o = json_push_obj(m, columns);
      PUT(o, "column", spgl_short(c->at));
      PUT(o, "label", c->label);
      PUT(o, "from", c->from.len ? c->from : c->value);
      PUT_BOOL(o, "fixed", c->value.len > 0);
      PUT(o, "list", c->list);
      PUT_BOOL(o, "required", c->required);
      PUT_BOOL(o, "doubtful", !codes);
      doubtful += !codes;
    }
  }
  PUT_INT(rp->view, "doubtful", doubtful);
  return OK;
}

#define MAY (ROLE_INTEGRATOR | ROLE_SYSADMIN)
#define ROUTE .section = "exchange", .compact = true
const Route exchange_routes[] = {
    {.method = GET, .path = "/adm/api", .allow = MAY, .run = page_links, .tmpl = "exchange", ROUTE, .help = "数据交换：对接方、待发的、被退回的、最近的推送。"},
    {.method = GET, .path = "/adm/api/rows", .allow = MAY, .run = page_rows, .tmpl = "exchange_rows", ROUTE, .help = "报出的行：待发、被退回、没有通过检查的；按对接方、状态、表筛选。"},
    {.method = GET, .path = "/adm/api/rows/{of}/{lsh}", .allow = MAY, .run = page_row, .tmpl = "exchange_row", ROUTE, .help = "一行的各个栏目、原因和各个版本。"},
    {.method = POST, .path = "/adm/api/rows/{of}/{lsh}", .allow = MAY, .run = post_row, ROUTE, .help = "重发被退回的一行；act=all 重发这个项目全部被退回的行。"},
    {.method = GET, .path = "/adm/api/log", .allow = MAY, .run = page_log, .tmpl = "exchange_log", ROUTE, .help = "推送日志：每一次发送、断开、恢复、对账、核验。"},
    {.method = GET, .path = "/adm/api/days/{target}", .allow = MAY, .run = page_days, .tmpl = "exchange_days", ROUTE, .help = "与一个对接方每天、每张表的对账。"},
    {.method = POST, .path = "/adm/api/days/{target}", .allow = MAY, .run = post_days, ROUTE, .help = "要求核对一天。"},
    {.method = GET, .path = "/adm/api/certs", .allow = MAY, .run = page_certs, .tmpl = "exchange_cert", ROUTE, .help = "核验证照的表单。"},
    {.method = POST, .path = "/adm/api/certs", .allow = MAY, .run = post_certs, ROUTE, .help = "对接方核验一个证照编号：有效，或者为什么无效。"},
    {.method = GET, .path = "/adm/api/tables", .allow = MAY, .run = page_tables, .tmpl = "exchange_tables", ROUTE, .help = "交换标准对照：每张表的栏目从哪里来，哪些待核对。"},
    {.path = NULL},
};
