/* SPDX-License-Identifier: Apache-2.0 */
/* page_cites.c: what a stage form has from before the case: locked conditions, and replies that it cites. */
#include "web/page_form.h"

#include "approval/beside.h"

void locked_fields_view(Request *rq, Json *view, const Json *locked) {
  Arena *m = rq->mem;
  const Json *values = json_get(locked, S("values")), *fields = json_get(view, S("fields"));
  Str number = json_str(locked, S("number"));
  for (Json *o = values && fields ? fields->first : NULL; o; o = o->next) {
    Str value = json_str(values, str_sub(json_str(o, S("name")), 2, SIZE_MAX)); /* f_NAME */
    if (!value.len) continue;
    PUT(o, "kind", S("locked"));
    PUT(o, "value", value);
    PUT(o, "hint", arena_fmt(m, "由储备项目 %.*s 锁定；确需调整的，由自然资源部门写明理由后变更（葫政办发〔2019〕60号 二、（四）4．（2））", SFMT(number)));
  }
}

/* ---- citing -------------------------------------------------------------------------------------------------- */

static bool listed(const Json *list, Str number) {
  for (const Json *x = list ? list->first : NULL; x; x = x->next)
    if (str_eq(x->kind == JSON_STR ? x->str : json_str(x, S("no")), number)) return true;
  return false;
}

static const Json *chosen_before(const StageState *s) {
  return s->draft ? json_get(s->draft, S("cites")) : s->cites;
}

Code cites_view(Cx *cx, Request *rq, Json *view, const Project *pr, const StageState *s) {
  Arena *m = rq->mem;
  ConsultFilter f = {.status = S("replied"), .uscc = pr->uscc, .applicant = pr->applicant, .limit = 100};
  ConsultRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  TRY(consults_list(cx, rq->rd, rq->app->policy, &f, rq->now, &rows, &n, &total));
  const Json *chosen = rq->method == POST ? json_get(rq->args, S("cites")) : chosen_before(s);
  Json *list = json_put_arr(m, view, S("citable"));
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, list);
    PUT(o, "no", rows[i].reply_no);
    PUT(o, "id", i ? arena_fmt(m, "cites-%zu", i) : S("cites"));
    PUT(o, "subject", rows[i].subject);
    PUT(o, "unit_name", unit_name(rq->app->policy, rows[i].unit));
    PUT(o, "reply", rows[i].reply);
    PUT_BOOL(o, "chosen", listed(chosen, rows[i].reply_no));
  }
  return OK;
}

void cites_args(Request *rq, Json *args) {
  const Json *typed = json_get(rq->args, S("cites"));
  if (!typed || typed->kind != JSON_ARR || !typed->first) return;
  Json *list = json_put_arr(rq->mem, args, S("cites"));
  for (const Json *x = typed->first; x; x = x->next) json_push_str(rq->mem, list, x->str);
}

void cites_again(Arena *m, const StageState *s, Json *args) {
  const Json *before = chosen_before(s);
  if (!before || !before->first) return;
  Json *list = json_put_arr(m, args, S("cites"));
  for (const Json *x = before->first; x; x = x->next) json_push_str(m, list, json_str(x, S("no")));
}

void cited_view(Request *rq, Json *view, const StageState *s, Str unit) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("cites"));
  bool relation = false;
  for (const Json *c = s->cites ? s->cites->first : NULL; c; c = c->next) {
    Json *o = json_push_obj(m, list);
    relation |= !unit.len || str_eq(json_str(c, S("unit")), unit);
    PUT(o, "no", json_str(c, S("no")));
    PUT(o, "unit_name", unit_name(rq->app->policy, json_str(c, S("unit"))));
    PUT(o, "subject", json_str(c, S("subject")));
    PUT(o, "reply", json_str(c, S("reply")));
  }
  PUT_BOOL(view, "relation", relation);
}
