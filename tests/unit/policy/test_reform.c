/* SPDX-License-Identifier: Apache-2.0 */
/* What a plan of evaluation begins with: weights of 100, 政务公开 at least five of them, grades without a gap; bodies and duties that are known. */
#include "pkg.h"

/* "" when the package is accepted with these two lines changed, else the first mistake. */
static Str said(Test *t, Cx *cx, const char *file, const char *a, const char *b, const char *c, const char *d) {
  SCOPED(copy_drop) Copy x = copy_make(t, cx);
  const Policy *p = NULL;
  Mistakes m = {0};
  copy_patch(t, cx, &x, file, str_of(a), str_of(b));
  if (c) copy_patch(t, cx, &x, file, str_of(c), str_of(d));
  cx_clear(cx);
  Code code = policy_load(cx, x.dir, &p, &m);
  cx_clear(cx);
  return code == OK ? S("") : arena_str(t->mem, m.list[0].text);
}

TEST(weights_that_sum_to_99_are_refused) {
  EXPECT(str_has(said(t, cx, "evaluation.yaml", "figure: limits, weight: 20", "figure: limits, weight: 19", NULL, NULL), S("权重合计 99，应是 100")));
  EXPECT_STR(said(t, cx, "evaluation.yaml", "figure: limits, weight: 20", "figure: limits, weight: 19", "figure: lamps, weight: 10", "figure: lamps, weight: 11"), S(""));
}

TEST(openness_with_4_of_100_is_refused_and_with_5_accepted) {
  EXPECT(str_has(said(t, cx, "evaluation.yaml", "weight: 5, disclosure: true", "weight: 4, disclosure: true", "figure: lamps, weight: 10", "figure: lamps, weight: 11"),
                 S("政务公开的权重合计 4，不能低于 5")));
  EXPECT_STR(said(t, cx, "evaluation.yaml", "weight: 5, disclosure: true", "weight: 6, disclosure: true", "figure: lamps, weight: 10", "figure: lamps, weight: 9"), S(""));
}

TEST(grades_begin_lower_each_time_and_the_lowest_at_nothing) {
  const Policy *p = huludao(t, cx);
  static const int from[] = {90, 80, 60, 0};
  EXPECT_INT(p->reform.grade_count, COUNT(from));
  for (size_t i = 0; i < p->reform.grade_count && i < COUNT(from); i++) EXPECT_INT(p->reform.grades[i].from, from[i]);
  EXPECT(said(t, cx, "evaluation.yaml", "from: 80", "from: 95", NULL, NULL).len > 0);
  EXPECT(str_has(said(t, cx, "evaluation.yaml", "from: 0,", "from: 1,", NULL, NULL), S("从 0 分起")));
}

TEST(what_is_unknown_in_bodies_and_duties_is_said) {
  EXPECT(str_has(said(t, cx, "reform.yaml", "units: [united-front,", "units: [nobody,", NULL, NULL), S("没有单位 nobody")));
  EXPECT(str_has(said(t, cx, "reform.yaml", "{code: coordination,", "{code: acceptance,", NULL, NULL), S("已经是 milestones 里的代码")));
  EXPECT(str_has(said(t, cx, "package.yaml", "authority: allow", "authority: perhaps", NULL, NULL), S("allow、refuse")));
  EXPECT(said(t, cx, "package.yaml", "feedback_unit: housing-construction", "feedback_unit: nobody", NULL, NULL).len > 0);
}
