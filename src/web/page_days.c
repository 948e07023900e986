/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_days.c: the day ledger 逐日台账 of a clock, for the department, the applicant and anyone with the number.
 * The same rows as `yichuang clock explain` prints: whoever is concerned counts along with a pencil.
 */
#include "web/page.h"

typedef struct Days {
  const Project *pr;
  int stage;
  Str item, base;  /* item empty: the stage; base: the address without the question */
  bool masked;     /* no names of persons */
  Str unit;        /* only this unit's items; empty = all */
} Days;

static void names_drop(Arena *m, Json *view) {
  static const Json nothing = {.kind = JSON_NULL};
  json_put(m, view, S("start_by"), &nothing);
  json_put(m, view, S("project"), &nothing);
  const Json *rows = json_get(view, S("rows"));
  for (Json *r = rows ? rows->first : NULL; r; r = r->next) json_put(m, r, S("event_by"), &nothing);
}

/* The stage's clock and its items', each a link. */
static void clocks_view(Request *rq, const Days *d, Json *view) {
  Arena *m = rq->mem;
  const StageState *s = &d->pr->stages[d->stage];
  Json *list = json_put_arr(m, view, S("clocks"));
  if (!d->unit.len) {
    Json *o = json_push_obj(m, list);
    PUT(o, "href", d->base);
    PUT(o, "text", S("阶段"));
    PUT_BOOL(o, "current", !d->item.len);
  }
  for (size_t i = 0; i < s->item_count; i++) {
    if (d->unit.len && !str_eq(d->unit, s->items[i].unit)) continue;
    Json *o = json_push_obj(m, list);
    PUT(o, "href", arena_fmt(m, "%.*s?item=%.*s", SFMT(d->base), SFMT(s->items[i].code)));
    PUT(o, "text", s->items[i].name);
    PUT_BOOL(o, "current", str_eq(d->item, s->items[i].code));
  }
}

static void rows_show(Arena *m, Json *view) {
  const Json *rows = json_get(view, S("rows"));
  for (Json *r = rows ? rows->first : NULL; r; r = r->next) {
    if (!str_eq(json_str(r, S("holder")), S("unit"))) PUT_BOOL(r, "stands", true);
  }
}

static Code csv_reply(Request *rq, Reply *rp, const Json *view) {
  SCOPED(buf_drop) Buf b = {0};
  buf_init(&b, (size_t)16 << 20);
  buf_fmt(&b, "\xEF\xBB\xBF%s\r\n", explain_csv_head);
  const Json *rows = json_get(view, S("rows"));
  for (const Json *r = rows ? rows->first : NULL; r; r = r->next) {
    buf_add(&b, explain_row_csv(rq->mem, r));
    buf_add(&b, S("\r\n"));
  }
  rp->type = S("text/csv; charset=utf-8");
  rp->body = arena_str(rq->mem, buf_str(&b));
  return OK;
}

static Code days_view(Cx *cx, Request *rq, Reply *rp, const Days *d) {
  Arena *m = rq->mem;
  Json *view = NULL;
  request_pin(rq, d->pr, d->stage);
  TRY(project_explain(cx, rq->app->policy, d->pr, d->stage, d->item, rq->now, &view));
  if (d->masked) names_drop(m, view);
  if (str_eq(request_arg(rq, S("format")), S("csv"))) return csv_reply(rq, rp, view);
  rp->title = arena_fmt(m, "%.*s %.*s", SFMT(tr(rq->lang, S("逐日台账"))), SFMT(d->pr->number));
  rp->view = view;
  rows_show(m, view);
  clocks_view(rq, d, view);
  PUT_BOOL(view, "several", !d->unit.len && d->pr->stages[d->stage].item_count > 0);
  PUT_BOOL(view, "reapplies", !d->item.len && stage_reapplies(&d->pr->stages[d->stage]));
  PUT(view, "csv", arena_fmt(m, "%.*s?item=%.*s&format=csv", SFMT(d->base), SFMT(d->item)));
  return OK;
}

/* ---- three doors ------------------------------------------------------------------------------------ */

static Code page_days_work(Cx *cx, Request *rq, Reply *rp) {
  Days d = {.item = request_arg(rq, S("item"))};
  TRY(project_of_staff(cx, rq, &d.pr));
  TRY(stage_of(cx, rq, &d.stage));
  if (!request_has_role(rq, ROLE_CLERK | ROLE_WINDOW_HEAD | ROLE_SUPERVISOR | ROLE_LEADER)) d.unit = rq->who->unit;
  const ItemState *i = stage_item(&d.pr->stages[d.stage], d.item);
  if (d.unit.len && (!i || !str_eq(i->unit, d.unit))) FAIL(NOT_FOUND, "没有这个事项，或者它不归您的单位办理。");
  d.base = arena_fmt(rq->mem, "/w/days/%lld/%d", (long long)d.pr->no, d.stage);
  TRY(days_view(cx, rq, rp, &d));
  if (rp->view) json_put_str(rq->mem, rp->view, S("back"), d.unit.len ? arena_fmt(rq->mem, "/w/t/%lld/%d/%.*s", (long long)d.pr->no, d.stage, SFMT(d.item))
                                             : arena_fmt(rq->mem, "/w/p/%lld", (long long)d.pr->no));
  return OK;
}

static Code page_days_my(Cx *cx, Request *rq, Reply *rp) {
  Days d = {.item = request_arg(rq, S("item"))};
  TRY(project_of_owner(cx, rq, &d.pr));
  TRY(stage_of(cx, rq, &d.stage));
  d.base = arena_fmt(rq->mem, "/my/%lld/stage/%d/days", (long long)d.pr->no, d.stage);
  TRY(days_view(cx, rq, rp, &d));
  if (rp->view) json_put_str(rq->mem, rp->view, S("back"), arena_fmt(rq->mem, "/my/%lld", (long long)d.pr->no));
  return OK;
}

static Code page_days_anyone(Cx *cx, Request *rq, Reply *rp) {
  Days d = {.item = request_arg(rq, S("item")), .masked = true};
  int64_t no;
  Code code = project_find(cx, rq->rd, rq->params[0], &no);
  if (code == NOT_FOUND) cx_clear(cx);
  if (code == NOT_FOUND) FAIL(NOT_FOUND, "没有找到编号 %.*s。请核对回执上的办件编号。", SFMT(rq->params[0]));
  TRY(code);
  TRY(project_load(cx, rq->rd, no, &d.pr));
  TRY(stage_of(cx, rq, &d.stage));
  d.base = arena_fmt(rq->mem, "/track/%.*s/days/%d", SFMT(d.pr->number), d.stage);
  TRY(days_view(cx, rq, rp, &d));
  if (rp->view) json_put_str(rq->mem, rp->view, S("back"), arena_fmt(rq->mem, "/track/%.*s", SFMT(d.pr->number)));
  return OK;
}

#define DAYS_STAFF (ROLE_STAFF | ROLE_LEADER)
const Route days_routes[] = {
    {.method = GET, .path = "/w/days/{id}/{stage}", .allow = DAYS_STAFF, .run = page_days_work, .tmpl = "days", .section = "work",
     .compact = true, .help = "逐日台账：每天算不算、谁占用、依据哪个通知；?item= 看一个事项，?format=csv 下载。"},
    {.method = GET, .path = "/my/{id}/stage/{stage}/days", .allow = ROLE_APPLICANT | ROLE_AGENT, .run = page_days_my, .tmpl = "days",
     .section = "my", .help = "逐日台账，给申请人。"},
    {.method = GET, .path = "/track/{number}/days/{stage}", .allow = ROLE_PUBLIC, .run = page_days_anyone, .tmpl = "days",
     .section = "track", .help = "逐日台账，凭编号查看，没有姓名。"},
    {.path = NULL},
};
