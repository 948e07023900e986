/* SPDX-License-Identifier: Apache-2.0 */
/* check_credit.c: settings of credit, and the conditions of its lists. */
#include "policy/check.h"
#include "policy/lists.h"

static void conditions_check(Loader *l) {
  static const char *const lists[] = {"black", "red"}, *const subjects[] = {"enterprise", "person", "any"};
  const Policy *p = l->p;
  UNIQUE(l, p->conditions, p->condition_count, code)
  if (p->condition_count && !p->credit_notice_days) check__at(l, p, "credit_notice_days", "credit.yaml 写了列入名单的情形，就要写 credit_notice_days：列入以前提前几个工作日告知");
  for (size_t i = 0; i < p->condition_count; i++) {
    const ListCondition *c = &p->conditions[i];
    Day from = {0}, until = {0};
    check__word(l, c, "list", c->list, lists, COUNT(lists));
    check__word(l, c, "subject", c->subject, subjects, COUNT(subjects));
    if (!day_parse(c->from, &from)) check__at(l, c, "from", "from 写成 2019-06-28 的样子：自哪天起可以据以列入");
    if (c->until.len && (!day_parse(c->until, &until) || until.n < from.n)) check__at(l, c, "until", "until 写成 2020-12-31 的样子，不早于 from");
    if (c->months < 0 || c->months > 240) check__at(l, c, "months", "months 是 0 到 240 个月");
    check__source(l, c, "clause", c->source, true);
  }
}

void check__credit(Loader *l) {
  static const char *const bars[] = {"promise", "lacking"};
  const Policy *p = l->p;
  const Str classes[] = {p->credit_black, p->credit_red};
  const int days[] = {p->credit_notice_days, p->credit_objection_days, p->credit_repair_days};
  bool given = days[0] || days[1] || days[2] || p->credit_months || p->credit_bar_count;
  for (size_t i = 0; given && i < COUNT(days); i++)
    if (days[i] < 1 || days[i] > 60) check__at(l, p, "credit_notice_days", "credit_notice_days、credit_objection_days、credit_repair_days 要一起写，都是 1 到 60 个工作日");
  if (p->credit_months < 0 || p->credit_months > 240) check__at(l, p, "credit_months", "credit_months 是 0 到 240 个月");
  if (p->credit_repair_months < 0 || p->credit_repair_months > 240) check__at(l, p, "credit_repair_months", "credit_repair_months 是 0 到 240 个月");
  for (size_t i = 0; i < COUNT(classes); i++)
    if (classes[i].len && (classes[i].len != 1 || !str_has(S("ABCD"), classes[i]))) check__at(l, p, "credit_black", "credit_black、credit_red 是 A、B、C 或 D");
  for (size_t i = 0; i < p->credit_bar_count; i++) check__word(l, p, "credit_bars", p->credit_bars[i], bars, COUNT(bars));
  check__source(l, p, "credit_clause", p->credit_source, given);
  check__source(l, p, "credit_targets_clause", p->credit_targets_source, p->credit_target_count > 0);
  conditions_check(l);
}
