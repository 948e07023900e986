/* SPDX-License-Identifier: Apache-2.0 */
/* page_signs.c: the supervisor's list of signs 异常线索, each with its evidence and the way to the case. */
#include "supervision/supervision.h"
#include "web/page.h"

enum { SHOWN = 50 };

/* What was found when somebody looked at it. */
static Code verdict_put(Cx *cx, Request *rq, Json *o, Str sign) {
  Arena *m = rq->mem;
  Judgement v;
  TRY(verdict_of(cx, rq->rd, sign, &v));
  PUT(o, "sign", sign);
  PUT(o, "verdict", v.verdict);
  PUT(o, "verdict_label", verdict_label(v.verdict));
  PUT(o, "verdict_reason", v.reason);
  return OK;
}

/* Fewer than so many verdicts are told without a share. */
static Code rates_view(Cx *cx, Request *rq, Json *view) {
  enum { LEAST = 10 };
  Arena *m = rq->mem;
  VerdictRate rates[SIGN_KINDS_MAX];
  size_t n = 0;
  TRY(verdict_rates(cx, rq->rd, rq->app->policy->sign_night_acts, rates, &n));
  Json *list = json_put_arr(m, view, S("rates"));
  for (size_t i = 0; i < n; i++) {
    int64_t judged = rates[i].right + rates[i].wrong;
    Json *o = json_push_obj(m, list);
    PUT(o, "kind", rates[i].kind);
    PUT(o, "label", sign_label(rates[i].kind));
    PUT_INT(o, "found", rates[i].found);
    PUT_INT(o, "right", rates[i].right);
    PUT_INT(o, "wrong", rates[i].wrong);
    PUT_INT(o, "unclear", rates[i].unclear);
    if (judged >= LEAST) PUT(o, "precision", arena_fmt(m, "%lld%%", (long long)((rates[i].right * 100 + judged / 2) / judged)));
  }
  PUT_INT(view, "least", LEAST);
  return OK;
}

static Code sign_rows(Cx *cx, Request *rq, Json *view, const SignRow *rows, size_t n) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Json *list = json_put_arr(m, view, S("signs"));
  for (size_t i = 0; i < n; i++) {
    const SignRow *r = &rows[i];
    const Item *item = policy_item(p, r->item);
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "pos", r->pos);
    PUT(o, "kind", r->kind);
    PUT(o, "kind_label", sign_label(r->kind));
    PUT_INT(o, "project", r->project);
    PUT_INT(o, "stage", r->stage);
    PUT(o, "item", r->item);
    PUT(o, "item_name", item ? item->name : r->item);
    PUT(o, "number", r->number);
    PUT(o, "project_name", r->project_name);
    PUT(o, "unit_name", unit_name(p, r->unit));
    PUT(o, "name", r->name);
    PUT(o, "at_cn", time_cn(m, r->at));
    PUT(o, "evidence", r->evidence);
    TRY(verdict_put(cx, rq, o, arena_fmt(m, "%.*s-%lld", SFMT(r->kind), (long long)r->pos)));
  }
  return OK;
}

static Code nights_view(Cx *cx, Request *rq, Json *view) {
  Arena *m = rq->mem;
  NightRow *rows = NULL;
  size_t n = 0;
  TRY(nights_list(cx, rq->rd, rq->app->policy->sign_night_acts, &rows, &n));
  Json *list = json_put_arr(m, view, S("nights"));
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, list);
    PUT(o, "name", rows[i].name);
    PUT(o, "unit_name", unit_name(rq->app->policy, rows[i].unit));
    PUT(o, "night", day_str(m, rows[i].night));
    PUT_INT(o, "acts", rows[i].acts);
    PUT_INT(o, "pos", rows[i].pos);
    TRY(verdict_put(cx, rq, o, arena_fmt(m, "night-%.*s-%.*s", SFMT(rows[i].actor), SFMT(day_str(m, rows[i].night)))));
  }
  return OK;
}

static void kinds_view(Request *rq, Json *view, Str chosen) {
  static const char *const kinds[] = {"late-pause", "night-pause", "quick", "late-entry", "late-demand", "lack-broken"};
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("kinds"));
  for (size_t i = 0; i < COUNT(kinds); i++) {
    Json *o = json_push_obj(m, list);
    PUT(o, "kind", str_of(kinds[i]));
    PUT(o, "label", sign_label(str_of(kinds[i])));
    PUT_BOOL(o, "current", str_eqz(chosen, kinds[i]));
  }
}

static Code page_signs(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Str kind = request_arg(rq, S("kind")), unit = request_arg(rq, S("unit"));
  int64_t total = 0;
  SignRow *rows = NULL;
  size_t n = 0, from = from_of(rq);
  rp->title = tr(rq->lang, S("异常线索"));
  rp->view = json_obj(m);
  TRY(signs_list(cx, rq->rd, kind, unit, from, SHOWN, &rows, &n, &total));
  TRY(sign_rows(cx, rq, rp->view, rows, n));
  TRY(rates_view(cx, rq, rp->view));
  PUT_BOOL(rp->view, "judges", request_has_role(rq, ROLE_SUPERVISOR));
  kinds_view(rq, rp->view, kind);
  PUT(rp->view, "kind", kind);
  PUT(rp->view, "unit", unit);
  PUT(rp->view, "unit_name", unit.len ? unit_name(p, unit) : S(""));
  view_pages(rq, rp->view, from, n, SHOWN, total);
  PUT(rp->view, "as_of", time_cn(m, rq->now));
  PUT_INT(rp->view, "last_days", p->sign_last_days);
  PUT_INT(rp->view, "quick_minutes", p->sign_quick_minutes);
  PUT_INT(rp->view, "late_hours", p->sign_late_hours);
  PUT_INT(rp->view, "night_from", p->sign_night_from);
  PUT_INT(rp->view, "night_to", p->sign_night_to);
  PUT_INT(rp->view, "night_acts", p->sign_night_acts);
  PUT_BOOL(rp->view, "sample", p->sign_source.sample);
  return nights_view(cx, rq, rp->view);
}

const Route signs_routes[] = {
    {.method = GET, .path = "/w/super/signs", .allow = ROLE_SUPERVISOR | ROLE_LEADER, .run = page_signs, .tmpl = "signs",
     .section = "super", .compact = true, .help = "异常线索：临期暂停、过夜即恢复、过快、补录、告知后又提要求、夜间集中，附证据。"},
    {.path = NULL},
};
