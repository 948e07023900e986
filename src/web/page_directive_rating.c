/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_directive_rating.c: an order about a rating 差评. The window answers whoever rated once, on the page of the rating; the order asks what was
 * put right, and not, as one about a limit does, why it is late.
 */
#include "web/page_directive.h"

static const FormField late_fields[] = {{"reply", "long", "回复", "超期的原因、已采取的措施", false},
                                        {"promised", "text", "哪天办结", "写成 2026-12-01 的样子；到那天没有办结，督办升到上一级，最高一级的记为逾期", false}};
static const FormField sent_fields[] = {{"reply", "long", "回复", "按要求逐条说明：办了什么，没有办完的为什么、接下来怎么办", false},
                                        {"promised", "text", "哪天办结", "写成 2026-12-01 的样子；到那天没有办结，督办升到上一级，最高一级的记为逾期", false}};
static const FormField rating_fields[] = {{"reply", "long", "核实和整改的情况", "核实到什么、已经改了什么、怎样避免再发生", false},
                                          {"promised", "text", "哪天整改完", "写成 2026-12-01 的样子，已经整改完的写今天；到那天没有办结，督办升到上一级，最高一级的记为逾期", false}};
#define REPLY(head, button_text, fields) {.act = "reply", .command = "directive.reply", .title = head, .button = button_text, FIELDS(fields)}
static const FormAct late_reply = REPLY("回复督办单", "回复", late_fields), sent_reply = REPLY("回复督办单", "回复", sent_fields),
                     rating_reply = REPLY("报告整改", "报告整改", rating_fields);

const FormAct *order_reply(const Directive *d) {
  if (d->rating) return &rating_reply;
  return str_eqz(d->kind, "manual") ? &sent_reply : &late_reply;
}

bool rating_named(const Request *rq, int64_t *project, int *stage) {
  Str no, rest;
  int64_t n = 0;
  if (!str_cut(request_arg(rq, S("rating")), '-', &no, &rest) || !str_to_i64(no, project) || !str_to_i64(rest, &n) || n < 1 || n > STAGE_MAX) return false;
  *stage = (int)n;
  return true;
}

/* About a rating 差评: to the window, whose answer it is, with words that name it; a rating that is not bad is told to nobody. */
void send_about_rating(Cx *cx, Request *rq, Json *view, Json *form) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  const Verdict *r = NULL;
  int64_t project = 0;
  int stage = 0;
  if (!rating_named(rq, &project, &stage) || rating_load(cx, rq->rd, project, stage, &r) != OK || !r->level || r->level > RATING_BAD) {
    cx_clear(cx);
    return;
  }
  Str day = day_cn(m, day_of(r->answered_at)), how = rating_level(r->level);
  PUT(view, "back", arena_fmt(m, "/w/rating/%lld/%d", (long long)project, r->stage));
  PUT(view, "back_text", S("返回差评"));
  PUT(view, "path", arena_fmt(m, "/w/super/orders/new?rating=%lld-%d", (long long)project, r->stage));
  form_value(rq, form, "unit", p->window_unit);
  form_value(rq, form, "case", r->number);
  form_value(rq, form, "subject", arena_fmt(m, "第 %d 阶段“%.*s”的差评（%.*s，%.*s）", r->stage, SFMT(p->stages[r->stage].name), SFMT(how), SFMT(day)));
  form_value(rq, form, "demand", r->replied_at ? S("差评已经答复。请报告整改落实的情况：做了什么，怎样避免再发生。")
                                               : S("请核实差评反映的情况，按期答复评价人，并报告怎样整改。"));
}

void order_rating_view(Cx *cx, Request *rq, Json *view, const Directive *d) {
  Arena *m = rq->mem;
  const Verdict *r = NULL;
  if (!d->rating) return;
  bool sees = request_has_role(rq, ROLE_WINDOW_HEAD | ROLE_SUPERVISOR | ROLE_LEADER);
  PUT_BOOL(view, "rated", true);
  PUT(view, "rating_href", sees ? arena_fmt(m, "/w/rating/%lld/%d", (long long)d->of, d->rating) : S(""));
  if (rating_load(cx, rq->rd, d->of, d->rating, &r) == OK && r->replied_at) PUT(view, "rating_told", day_cn(m, day_of(r->replied_at)));
  cx_clear(cx);
}
