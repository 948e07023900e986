/* SPDX-License-Identifier: Apache-2.0 */
/* check_notices.c: who is told what, and the ratings that are asked for: do events, people and holes exist, are the numbers in bounds. */
#include "policy/check.h"
#include "policy/notices.h"

static void notice_check(Loader *l, const NoticeRule *r) {
  static const char *const ways[] = {"mail", "sms"};
  Str wrong = notice_hole_wrong(r->text);
  check__source(l, r, "clause", r->source, true);
  if (!notice_may(r->event, S(""))) check__at(l, r, "event", "没有“%.*s”这种可以通知的事，可用的见 docs/policy.md", SFMT(r->event));
  else if (!r->to_count) check__at(l, r, "code", "%.*s 没有写通知谁（to）", SFMT(r->code));
  for (size_t i = 0; i < r->to_count && notice_may(r->event, S("")); i++)
    if (!notice_may(r->event, r->to[i])) check__at(l, r, "to", "%.*s 不能通知“%.*s”，可用的见 docs/policy.md", SFMT(r->event), SFMT(r->to[i]));
  for (size_t i = 0; i < r->by_count; i++) check__word(l, r, "by", r->by[i], ways, COUNT(ways));
  if (wrong.len) check__at(l, r, "text", "没有“{%.*s}”可填，可用的见 docs/policy.md", SFMT(wrong));
}

void check__notices(Loader *l) {
  const Policy *p = l->p;
  UNIQUE(l, p->notices, p->notice_count, code)
  for (size_t i = 0; i < p->notice_count; i++) notice_check(l, &p->notices[i]);
  check__source(l, p, "notice_clause", p->notice_source, p->notice_tries > 0);
  check__source(l, p, "rating_clause", p->rating_source, p->rating_days > 0);
  if (p->notice_count && (p->notice_tries < 1 || p->notice_tries > 20)) check__at(l, p, "notice_tries", "写了 notices.yaml，就要写 notice_tries：投递最多试几次，1 到 20");
  if (p->notice_count && (p->notice_wait < 1 || p->notice_wait > 1440)) check__at(l, p, "notice_wait", "写了 notices.yaml，就要写 notice_wait：第二次投递前等几分钟，1 到 1440");
  if (p->rating_days > 60) check__at(l, p, "rating_days", "rating_days 是 1 到 60 个工作日");
}
