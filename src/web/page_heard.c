/* SPDX-License-Identifier: Apache-2.0 */
/* page_heard.c: for whoever has just urged or fixed a day: whom the message went to and who has read it; and who may sign what he may not. */
#include "approval/desk.h"
#include "notice/notice.h"
#include "web/page_heard.h"

Code heard_view(Cx *cx, Request *rq, Json *view, const Message *of, const char *event, Str owner) {
  Arena *m = rq->mem;
  Told *rows = NULL;
  size_t n = 0;
  TRY(messages_told(cx, rq->rd, of, str_of(event), &rows, &n));
  if (!n) return OK;
  Json *list = json_put_arr(m, view, S("heard"));
  PUT(view, "heard_at", time_cn(m, rows[0].at));
  for (size_t i = 0; i < n; i++) {
    bool party = str_eqz(rows[i].whom, "applicant");
    Json *o = json_push_obj(m, list);
    PUT(o, "who", party ? rows[i].name.len && n > 1 ? arena_fmt(m, "%.*s %.*s", SFMT(owner), SFMT(rows[i].name)) : owner : arena_fmt(m, "%.*s%.*s", SFMT(unit_name(rq->app->policy, rows[i].unit)), SFMT(rows[i].name)));
    if (rows[i].seen) PUT(o, "seen", time_cn(m, rows[i].seen));
  }
  return OK;
}

Code signers_view(Cx *cx, Request *rq, Json *o, Str item) {
  Arena *m = rq->mem;
  Colleague *people = NULL;
  size_t n = 0;
  Str names = S("");
  TRY(desk_colleagues(cx, rq->rd, rq->who->unit, rq->who->id, &people, &n));
  for (size_t i = 0; i < n; i++) {
    bool may = people[i].head; /* by his post */
    if (!may) TRY(desk_may_sign(cx, rq->rd, rq->app->policy, people[i].id, rq->who->unit, item, day_of(rq->now), &may));
    if (may) names = arena_fmt(m, "%.*s%s%.*s%s", SFMT(names), names.len ? "、" : "", SFMT(people[i].name), people[i].head ? "（负责人）" : "");
  }
  json_put_str(m, o, S("signers"), names);
  return OK;
}
