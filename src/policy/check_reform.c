/* SPDX-License-Identifier: Apache-2.0 */
/* check_reform.c: bodies, rules, settings of the reform; and that what a plan of evaluation begins with would be accepted. */
#include "policy/check.h"

void check__reform(Loader *l) {
  const Policy *p = l->p;
  static const char *const defaults[] = {"allow", "refuse"};
  UNIQUE(l, p->reform.bodies, p->reform.body_count, code)
  UNIQUE(l, p->reform.rules, p->reform.rule_count, code)
  for (size_t i = 0; i < p->reform.body_count; i++) {
    check__source(l, &p->reform.bodies[i], "clause", p->reform.bodies[i].source, true);
    for (size_t k = 0; k < p->reform.bodies[i].unit_count; k++) check__unit(l, &p->reform.bodies[i], "units", p->reform.bodies[i].units[k]);
  }
  for (size_t i = 0; i < p->reform.rule_count; i++) {
    check__source(l, &p->reform.rules[i], "clause", p->reform.rules[i].source, true);
    for (size_t k = 0; k < p->reform.rules[i].lead_count; k++) check__unit(l, &p->reform.rules[i], "leads", p->reform.rules[i].leads[k]);
    if (policy_milestone(p, p->reform.rules[i].code)) check__at(l, &p->reform.rules[i], "code", "“%.*s”已经是 milestones 里的代码", SFMT(p->reform.rules[i].code));
  }
  if (p->reform.authority.len) check__word(l, p, "authority", p->reform.authority, defaults, COUNT(defaults));
  check__source(l, p, "authority_clause", p->reform.authority_source, p->reform.authority.len > 0);
  check__source(l, p, "feedback_clause", p->reform.feedback_source, p->reform.feedback_days > 0);
  if (p->reform.feedback_days < 0 || p->reform.feedback_days > 60) check__at(l, p, "feedback_days", "feedback_days 是 1 到 60 个工作日");
  if (p->reform.feedback_days) check__unit(l, p, "feedback_unit", p->reform.feedback_unit);
}

static bool dimension_known(const Policy *p, Str code) {
  for (size_t i = 0; i < p->reform.dimension_count; i++)
    if (str_eq(p->reform.dimensions[i].code, code)) return true;
  return false;
}

/* What a plan of evaluation begins with must be one that would be accepted. */
void check__evaluation(Loader *l) {
  static const char *const methods[] = {"qualitative", "quantitative"};
  const Policy *p = l->p;
  int all = 0, disclosure = 0;
  UNIQUE(l, p->reform.grades, p->reform.grade_count, code)
  UNIQUE(l, p->reform.dimensions, p->reform.dimension_count, code)
  UNIQUE(l, p->reform.indicators, p->reform.indicator_count, code)
  for (size_t i = 0; i < p->reform.grade_count; i++) {
    check__source(l, &p->reform.grades[i], "clause", p->reform.grades[i].source, true);
    if (i ? p->reform.grades[i].from >= p->reform.grades[i - 1].from : p->reform.grades[i].from > 100) check__at(l, &p->reform.grades[i], "from", "等次由高到低写，起分依次变小");
    if (i + 1 == p->reform.grade_count && p->reform.grades[i].from != 0) check__at(l, &p->reform.grades[i], "from", "最低的等次从 0 分起");
  }
  for (size_t i = 0; i < p->reform.dimension_count; i++) check__source(l, &p->reform.dimensions[i], "clause", p->reform.dimensions[i].source, true);
  for (size_t i = 0; i < p->reform.indicator_count; i++) {
    const Indicator *x = &p->reform.indicators[i];
    check__word(l, x, "method", x->method, methods, COUNT(methods));
    check__source(l, x, "clause", x->source, true);
    check__source(l, x, "weight_clause", x->weight_source, true);
    if (!dimension_known(p, x->dimension)) check__at(l, x, "dimension", "dimensions 里没有“%.*s”", SFMT(x->dimension));
    if (x->weight < 1 || x->weight > 100) check__at(l, x, "weight", "权重是 1 到 100 的整数");
    all += x->weight;
    disclosure += x->disclosure ? x->weight : 0;
  }
  if (!p->reform.indicator_count) return;
  if (all != 100) check__at(l, &p->reform.indicators[p->reform.indicator_count - 1], "weight", "各指标的权重合计 %d，应是 100（D60-6.21.3-(5)）", all);
  if (disclosure < p->reform.disclosure_weight) check__at(l, p, "disclosure_weight", "政务公开的权重合计 %d，不能低于 %d（D01-5.1-p1）", disclosure, p->reform.disclosure_weight);
  check__source(l, p, "disclosure_clause", p->reform.disclosure_source, p->reform.disclosure_weight > 0);
  check__source(l, p, "appraisal_clause", p->reform.appraisal_source, true);
  check__source(l, p, "appraisal_opinion_clause", p->reform.opinion_source, p->reform.opinion_days > 0);
  if (p->reform.opinion_days < 0 || p->reform.opinion_days > 60) check__at(l, p, "appraisal_opinion_days", "appraisal_opinion_days 是 0 到 60 个工作日");
  if (p->reform.appraisal_daily < 1 || p->reform.appraisal_daily > 99 || p->reform.appraisal_self < 1 || p->reform.appraisal_self > 99)
    check__at(l, p, "appraisal_daily", "appraisal_daily 和 appraisal_self 是 1 到 99 的百分比");
}
