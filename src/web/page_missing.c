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

Code missing_lines(Cx *cx, Request *rq, Str field, Json *list) {
  Str rest = request_arg(rq, field), line;
  while (rest.len) {
    str_cut(rest, '\n', &line, &rest);
    line = str_trim(line);
    if (line.len) TRY(line_read(cx, rq->mem, field, line, list));
  }
  if (!list->count)
    FAIL_AT(INVALID, field, S("行政许可法第三十二条"), "写明需要补正的全部内容，每行一项，如“总平面图：未加盖印章”");
  return OK;
}

void view_askable(Request *rq, Json *view, const Project *pr, int stage) {
  Arena *m = rq->mem;
  MaterialChoice *choices = NULL;
  size_t n = policy_materials(m, rq->app->policy, stage, pr->category, pr->county, pr->facts, &choices);
  Json *list = json_put_arr(m, view, S("askable"));
  for (size_t i = 0; i < n; i++) {
    if (choices[i].needed == NO) continue;
    Json *o = json_push_obj(m, list);
    PUT(o, "name", choices[i].material->name);
    PUT(o, "basis", choices[i].material->basis);
  }
}
