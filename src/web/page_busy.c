/* SPDX-License-Identifier: Apache-2.0 */
/* page_busy.c: the days on which a unit, or one of its people, cannot come to a visit. */
#include "web/page_accept.h"

static const FormField add_fields[] = {{"from", "text", "从哪天", "写成 2026-12-01 这样", false}, {"until", "text", "到哪天", "只有一天的写同一天", false},
                                       {"person", "select", "谁", "不选：整个单位都不能去", true},
                                       {"reason", "text", "事由", "会写在推荐日期的说明里，例如：集中培训", false}};
static const FormField drop_fields[] = {{"no", "select", "取消哪一条", NULL, false}};
enum { ADD, DROP, ACTS };
static const FormAct acts[ACTS] = {{.act = "add", .command = "busy.add", .title = "登记", .button = "登记", FIELDS(add_fields)},
                                   {.act = "drop", .command = "busy.drop", .title = "取消", .button = "取消这一条", FIELDS(drop_fields)}};

Code page_busy(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Absence *rows = NULL;
  PersonRow *persons = NULL;
  size_t n = 0, people = 0;
  TRY(absences_list(cx, rq->rd, rq->who->unit, day_of(rq->now), &rows, &n));
  TRY(persons_list(cx, rq->rd, rq->who->unit, &persons, &people));
  rp->title = S("本单位的日程");
  rp->view = json_obj(m);
  PUT(rp->view, "unit_name", unit_name(rq->app->policy, rq->who->unit));
  PUT(rp->view, "path", S("/w/a/busy"));
  Json *list = json_put_arr(m, rp->view, S("absences"));
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "no", rows[i].no);
    PUT(o, "who", rows[i].person.len ? rows[i].name : S("整个单位"));
    PUT(o, "reason", rows[i].reason);
    PUT(o, "from", day_str(m, rows[i].from));
    PUT(o, "until", day_str(m, rows[i].until));
  }
  Json *form = form_put_act(rq, rp->view, &acts[ADD]);
  for (size_t i = 0; i < people; i++) form_choice(rq, form, "person", persons[i].id, persons[i].name);
  if (!n) return OK;
  form = form_put_act(rq, rp->view, &acts[DROP]);
  for (size_t i = 0; i < n; i++)
    form_choice(rq, form, "no", arena_fmt(m, "%lld", (long long)rows[i].no),
                arena_fmt(m, "%.*s 至 %.*s　%.*s", SFMT(day_str(m, rows[i].from)), SFMT(day_str(m, rows[i].until)), SFMT(rows[i].reason)));
  return OK;
}

Code post_busy(Cx *cx, Request *rq, Reply *rp) {
  const FormAct *act = NULL;
  TRY(form_act(cx, rq, acts, ACTS, &act));
  Json *args = form_args(rq, act);
  bool drop = act == &acts[DROP];
  if (drop) json_put_int(rq->mem, args, S("no"), request_int(rq, S("no"), 0));
  form_send(rq, rp, act, drop ? arena_fmt(rq->mem, "busy/%.*s", SFMT(rq->who->unit)) : S(""), args, S("/w/a/busy"), page_busy, "busy");
  return OK;
}
