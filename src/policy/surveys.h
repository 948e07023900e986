/* SPDX-License-Identifier: Apache-2.0 */
/*
 * surveys: what the one survey 多测合一 measures for whom (surveys.yaml, D60-2.4.3-(3)). The document asks for the lists and gives none: 示例. In
 * Policy: `surveys`, none when there is no one survey; `area_rule`, the version of the rule by which floor areas are counted
 * 建筑面积计算规则, which is printed on each result.
 */
#ifndef POLICY_SURVEYS_H
#define POLICY_SURVEYS_H

#include "policy/policy.h"

typedef struct SurveyPart { /* 多测合一 (D60-2.4.3-(3)): what one department, or the registry, needs measured */
  Str code, name, unit;
  Str item;               /* of stage 4 that uses it; empty: the registration of property */
  const Str *contents; size_t content_count;
  Str precision, form;    /* 精度, 成果形式 */
  Source source;
} SurveyPart;
/* Is this a registration 注册号 as `reviewer_number` wants it? Any is, when the package does not say. */
bool reviewer_number_fits(Arena *mem, const Policy *p, Str number);
const SurveyPart *policy_survey(const Policy *p, Str code); /* NULL when unknown */

#endif
