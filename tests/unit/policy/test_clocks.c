/* SPDX-License-Identifier: Apache-2.0 */
/* The periods of law and documents: each is data with its source, and ends on the right day. */
#include "pkg.h"

static Day at_day(const char *s) {
  Day d = {0};
  REQUIRE(day_parse(str_of(s), &d));
  return d;
}

TEST(each_period_ends_on_its_day) {
  static const struct { const char *code, *start; bool extended; const char *due; } rows[] = {
      {"notice", "2019-09-27", false, "2019-10-10"},          {"decide", "2019-06-28", false, "2019-07-26"},
      {"decide", "2019-06-28", true, "2019-08-09"},           {"joint", "2019-06-28", false, "2019-08-30"},
      {"joint", "2019-06-28", true, "2019-09-23"},            {"deliver", "2019-09-30", false, "2019-10-18"},
      {"completion-filing", "2019-09-20", false, "2019-10-08"}, {"promise-check", "2019-07-10", false, "2019-09-10"},
      {"drawing-review", "2019-07-10", false, "2019-10-10"},  {"drawing-review", "2019-11-30", false, "2020-03-02"},
      {"kindergarten-open", "2019-08-31", false, "2020-08-31"}, {"kindergarten-report", "2019-09-19", false, "2019-10-18"},
      {"kindergarten-report", "2019-12-19", false, "2020-01-18"}, {"review", "2019-08-10", false, "2019-10-09"}};
  const Policy *p = huludao(t, cx);
  for (size_t i = 0; i < COUNT(rows); i++) {
    const ClockRule *r = policy_clock(p, str_of(rows[i].code));
    REQUIRE(r);
    EXPECT_STR(day_str(t->mem, policy_clock_due(p, r, at_day(rows[i].start), rows[i].extended)), str_of(rows[i].due));
  }
}

TEST(each_period_names_its_clause) {
  const Policy *p = huludao(t, cx);
  EXPECT_INT(p->clock_count, 11);
  for (size_t i = 0; i < p->clock_count; i++) EXPECT(policy_clause(p, p->clocks[i].source.clause) != NULL);
  EXPECT_INT(policy_clock(p, S("notice"))->count, p->receipt_days);
  EXPECT_INT(policy_clock(p, S("deliver"))->count, p->deliver_days);
  EXPECT_INT(policy_clock(p, S("decide"))->extend, p->extend_days);
}

TEST(a_stage_above_the_joint_limit_is_a_mistake) {
  Copy c = copy_make(t, cx);
  copy_patch(t, cx, &c, "categories.yaml", S("limits: [14, 22, 29, 25]\n    total: 90"), S("limits: [14, 22, 46, 25]\n    total: 107"));
  const Policy *p = NULL;
  Mistakes m = {0};
  EXPECT_INT(policy_load(cx, c.dir, &p, &m), INVALID);
  bool found = false;
  for (size_t i = 0; i < m.count; i++) found |= str_has(m.list[i].text, S("46 天超过法定的 45 天"));
  EXPECT(found);
  copy_drop(&c);
}
