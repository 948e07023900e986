/* SPDX-License-Identifier: Apache-2.0 */
/* page_missing.c: what is missing, as people type it: one line each "材料：原因（依据：法条）". */
#include "web/page.h"

/* "…（依据：《…》第…条）" at the end of a reason. */
static Str basis_split(Str why, Str *basis) {
  static const char *const opens[] = {"（依据：", "(依据："};
  for (size_t i = 0; i < COUNT(opens); i++) {
    ptrdiff_t at = str_find(why, str_of(opens[i]));
    if (at < 0) continue;
    Str rest = str_sub(why, (size_t)at + strlen(opens[i]), SIZE_MAX);
    if (str_ends(rest, S("）"))) rest = str_sub(rest, 0, rest.len - strlen("）"));
    else if (str_ends(rest, S(")"))) rest = str_sub(rest, 0, rest.len - 1);
    *basis = str_trim(rest);
    return str_trim(str_sub(why, 0, (size_t)at));
  }
  *basis = S("");
  return why;
}

static Code line_read(Cx *cx, Arena *m, Str field, Str line, Json *list) {
  ptrdiff_t colon = str_find(line, S("："));
  size_t width = colon >= 0 ? strlen("：") : 1;
  if (colon < 0) colon = str_find(line, S(":"));
  if (colon <= 0)
    FAIL_AT(INVALID, field, S("行政许可法第三十二条"), "每行写“材料：原因”，这一行没有冒号：%.*s", SFMT(line));
  Str basis, why = basis_split(str_trim(str_sub(line, (size_t)colon + width, SIZE_MAX)), &basis);
  Json *o = json_push_obj(m, list);
  PUT(o, "what", str_trim(str_sub(line, 0, (size_t)colon)));
  PUT(o, "why", why);
  if (basis.len) PUT(o, "basis", basis);
  return OK;
}

static void tick_read(Request *rq, Str code, Json *list) {
  Arena *m = rq->mem;
  const Material *one = policy_material(rq->app->policy, code);
  if (!one) return;
  Json *o = json_push_obj(m, list);
  Str why = str_trim(request_arg(rq, arena_fmt(m, "why-%.*s", SFMT(code))));
  PUT(o, "of", one->code);
  PUT(o, "what", one->name);
  PUT(o, "why", why.len ? why : S("没有交齐，或者不符合要求，请对照办事指南重新提交"));
}

static bool ticked(const Request *rq, Str code) {
  const Json *ticks = json_get(rq->args, S("points"));
  for (const Json *x = ticks && ticks->kind == JSON_ARR ? ticks->first : NULL; x; x = x->next)
    if (str_eq(x->str, code)) return true;
  return ticks && ticks->kind == JSON_STR && str_eq(ticks->str, code);
}

/* Materials that were ticked in the list of what may be asked for, with a ready reason; what is typed stands beside them. */
static void ticks_read(Request *rq, Json *list) {
  const Json *ticks = json_get(rq->args, S("points"));
  if (ticks && ticks->kind == JSON_STR) tick_read(rq, ticks->str, list);
  for (const Json *x = ticks && ticks->kind == JSON_ARR ? ticks->first : NULL; x; x = x->next) tick_read(rq, x->str, list);
  const Policy *p = rq->app->policy; /* a reason that was written and not ticked was meant all the same */
  for (size_t i = 0; i < p->material_count; i++) {
    Str code = p->materials[i].code, why = request_arg(rq, arena_fmt(rq->mem, "why-%.*s", SFMT(code)));
    if (str_trim(why).len && !ticked(rq, code)) tick_read(rq, code, list);
  }
}

Code missing_lines(Cx *cx, Request *rq, Str field, Json *list) {
  if (str_eqz(field, "missing")) ticks_read(rq, list);
  Str rest = request_arg(rq, field), line;
  while (rest.len) {
    str_cut(rest, '\n', &line, &rest);
    line = str_trim(line);
    if (line.len) TRY(line_read(cx, rq->mem, field, line, list));
  }
  if (!list->count)
    FAIL_AT(INVALID, field, S("行政许可法第三十二条"), "勾选缺的材料，或者写明需要补正的内容，每行一项，如“总平面图：未加盖印章”");
  return OK;
}

Code dropped_lines(Cx *cx, Request *rq, Json *args) {
  Arena *m = rq->mem;
  Json *lines = json_arr(m), *list = json_put_arr(m, args, S("dropped"));
  if (!request_arg(rq, S("dropped")).len) return OK;
  TRY(missing_lines(cx, rq, S("dropped"), lines));
  for (const Json *x = lines->first; x; x = x->next) {
    Json *o = json_push_obj(m, list);
    PUT(o, "what", json_str(x, S("what")));
    PUT(o, "reason", json_str(x, S("why")));
  }
  return OK;
}

/* ---- what departments said ------------------------------------------------------------------------- */

static void asked_units(Request *rq, Json *o, const Asked *asked) {
  static const struct { const char *status, *label; } words[] = {
      {"waiting", "还没有答复"}, {"answered", "已答复"}, {"silent", "到期没有答复，视为没有意见"}};
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, o, S("units"));
  for (size_t i = 0; i < asked->unit_count; i++) {
    const Ask1 *a = &asked->units[i];
    const Json *missing = json_get(a->report, S("missing"));
    Json *u = json_push_obj(m, list);
    PUT(u, "unit", a->unit);
    PUT(u, "unit_name", unit_name(rq->app->policy, a->unit));
    PUT(u, "status", str_of(words[a->status].status));
    PUT(u, "label", str_of(words[a->status].label));
    if (!a->report) continue;
    PUT(u, "by", json_str(a->report, S("by")));
    PUT(u, "at", time_cn(m, json_int(a->report, S("at"), 0)));
    PUT_INT(u, "count", missing ? missing->count : 0);
  }
}

/* The lines are the notice as it would be sent; of a contradiction the window has to choose, so it is not among them. */
static void asked_merged(Request *rq, Json *o, const Asked *asked) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, o, S("merged"));
  Str lines = S("");
  for (size_t i = 0; i < asked->merged_count; i++) {
    const Merged *x = &asked->merged[i];
    Json *one = json_push_obj(m, list);
    PUT(one, "what", x->about.what);
    PUT(one, "basis", x->about.basis);
    PUT_BOOL(one, "conflict", x->conflict);
    Json *asks = json_put_arr(m, one, S("asks"));
    for (size_t k = 0; k < x->count; k++) {
      Json *a = json_push_obj(m, asks);
      PUT(a, "unit_name", unit_name(rq->app->policy, x->units[k]));
      PUT(a, "why", json_str(x->asks[k], S("why")));
    }
    if (x->conflict) continue;
    Str basis = x->about.of.len ? S("") : arena_fmt(m, "（依据：%.*s）", SFMT(x->about.basis));
    lines = arena_fmt(m, "%.*s%s%.*s：%.*s%.*s", SFMT(lines), lines.len ? "\n" : "", SFMT(x->about.what), SFMT(x->about.why), SFMT(basis));
  }
  PUT(o, "lines", lines);
}

void view_asked(Request *rq, Json *view, const Project *pr, int stage) {
  Arena *m = rq->mem;
  Asked asked = stage_asked(m, rq->app->policy, pr, stage, rq->now);
  if (!asked.unit_count) return;
  Json *o = json_put_obj(m, view, S("asked"));
  PUT(o, "due", day_str(m, asked.due));
  PUT(o, "due_cn", day_cn(m, asked.due));
  PUT_INT(o, "waiting", (int64_t)asked.waiting);
  PUT_INT(o, "conflicts", (int64_t)asked.conflicts);
  PUT_BOOL(o, "sample", rq->app->policy->ask_source.sample);
  PUT_INT(o, "ask_days", rq->app->policy->ask_days);
  asked_units(rq, o, &asked);
  asked_merged(rq, o, &asked);
}

void view_askable(Request *rq, Json *view, const Project *pr, int stage) {
  Arena *m = rq->mem;
  const Material **asked = NULL;
  size_t n = project_askable(m, rq->app->policy, pr, stage, false, &asked);
  Json *list = json_put_arr(m, view, S("askable"));
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, list);
    PUT(o, "code", asked[i]->code);
    PUT(o, "name", asked[i]->name);
    PUT_BOOL(o, "chosen", ticked(rq, asked[i]->code));
    PUT(o, "why", request_arg(rq, arena_fmt(m, "why-%.*s", SFMT(asked[i]->code))));
    PUT(o, "basis", asked[i]->basis);
  }
}
