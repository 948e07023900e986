/* SPDX-License-Identifier: Apache-2.0 */
/* check_surveys.c: what the one survey measures, looked up and checked; numbers of reviewers, who answers the public; the words that people search by. */
#include "policy/check.h"
#include "policy/sayings.h"
#include "policy/surveys.h"

#include <regex.h>

const SurveyPart *policy_survey(const Policy *p, Str code) {
  for (size_t i = 0; i < p->survey_count; i++)
    if (str_eq(p->surveys[i].code, code)) return &p->surveys[i];
  return NULL;
}

bool reviewer_number_fits(Arena *mem, const Policy *p, Str number) {
  regex_t r;
  if (!p->reviewer_number.len) return true;
  if (regcomp(&r, arena_z(mem, p->reviewer_number), REG_EXTENDED | REG_NOSUB)) return false;
  bool fits = !regexec(&r, arena_z(mem, number), 0, NULL, 0);
  regfree(&r);
  return fits;
}

static void asked_check(Loader *l) {
  const Policy *p = l->p;
  if (p->consult_unit.len && !policy_unit(p, p->consult_unit)) check__at(l, p, "consult_unit", "units.yaml 里没有单位 %.*s，请核对代码", SFMT(p->consult_unit));
  if (p->consult_unit.len) check__source(l, p, "consult_clause", p->consult_source, true);
}

static void reviewers_check(Loader *l) {
  const Policy *p = l->p;
  if (!p->reviewer_number.len) return;
  if (!p->reviewer_example.len) check__at(l, p, "reviewer_example", "写了 reviewer_number，就要写 reviewer_example：一个对的例子，写在表单里");
  else if (!reviewer_number_fits(l->mem, p, p->reviewer_example)) check__at(l, p, "reviewer_number", "reviewer_number 不是正则表达式（POSIX 扩展），或者 reviewer_example 不合它");
  check__source(l, p, "review_clause", p->review_source, true);
}

void check__surveys(Loader *l) {
  const Policy *p = l->p;
  reviewers_check(l);
  asked_check(l);
  UNIQUE(l, p->surveys, p->survey_count, code)
  for (size_t i = 0; i < p->survey_count; i++) {
    const SurveyPart *x = &p->surveys[i];
    if (!policy_unit(p, x->unit)) check__at(l, x, "unit", "units.yaml 里没有单位 %.*s，请核对代码", SFMT(x->unit));
    if (x->item.len && !policy_item(p, x->item)) check__at(l, x, "item", "items.yaml 里没有事项 %.*s，请核对代码", SFMT(x->item));
    if (!x->content_count) check__at(l, x, "contents", "%.*s 要写明测绘内容", SFMT(x->name));
    check__source(l, x, "clause", x->source, true);
  }
  if (p->survey_count && !p->area_rule.len) check__at(l, p, "area_rule", "写了 surveys.yaml，就要写 area_rule：建筑面积计算规则的版本，印在成果上");
  if (p->area_off > 100) check__at(l, p, "area_off", "area_off 是百分之几，1 到 100；不写就不比");
  for (size_t i = 0; i < p->survey_type_count; i++)
    if (!str_eqz(p->survey_types[i], "pdf") && !str_eqz(p->survey_types[i], "ofd")) check__at(l, p, "survey_types", "测绘成果是报告，类型写 pdf、ofd");
  if (p->area_rule.len || p->area_max || p->area_off || p->survey_type_count) check__source(l, p, "area_clause", p->area_source, true);
}

/* A name in `means` that nobody has is no mistake: the same words serve a package without that item. */
void check__sayings(Loader *l) {
  const Policy *p = l->p;
  UNIQUE(l, p->sayings, p->saying_count, means)
  UNIQUE(l, p->spheres, p->sphere_count, unit)
  for (size_t i = 0; i < p->saying_count; i++)
    if (!p->sayings[i].say_count) check__at(l, &p->sayings[i], "say", "“%.*s”要写明别的说法，至少一个", SFMT(p->sayings[i].means));
  for (size_t i = 0; i < p->sphere_count; i++) {
    if (!policy_unit(p, p->spheres[i].unit)) check__at(l, &p->spheres[i], "unit", "units.yaml 里没有单位 %.*s，请核对代码", SFMT(p->spheres[i].unit));
    if (!p->spheres[i].say_count) check__at(l, &p->spheres[i], "say", "要写明分管什么，至少一个领域");
  }
  UNIQUE(l, p->errands, p->errand_count, leads)
  for (size_t i = 0; i < p->errand_count; i++) {
    if (!str_eqz(p->errands[i].leads, ERRAND_HAND_OVER)) check__at(l, &p->errands[i], "leads", "内部用词领到的只有 " ERRAND_HAND_OVER "（交接），没有“%.*s”", SFMT(p->errands[i].leads));
    if (!p->errands[i].say_count) check__at(l, &p->errands[i], "say", "要写明怎样说，至少一个");
  }
}
