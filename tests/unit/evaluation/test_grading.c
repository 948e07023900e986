/* SPDX-License-Identifier: Apache-2.0 */
/* S22: points, grades and ranks, without a store. */
#include "evaluation/evaluation.h"
#include "test.h"

#define T(lit) {.ptr = (lit), .len = sizeof(lit) - 1}

static GradeLine grades[] = {{T("excellent"), T("优秀"), 90}, {T("good"), T("良好"), 80}, {T("pass"), T("合格"), 60}, {T("fail"), T("不合格"), 0}};
static Criterion by_hand[] = {{.code = T("h"), .name = T("人评"), .weight = 100}};
static Criterion both[] = {{.code = T("h"), .name = T("人评"), .weight = 40}, {.code = T("limits"), .name = T("时限"), .figure = T("limits"), .weight = 60}};

static Appraisal plan(Arena *mem, Criterion *list, size_t n, size_t objects) {
  Appraisal a = {.daily = 40, .self = 30, .criteria = list, .criterion_count = n, .grades = grades, .grade_count = COUNT(grades), .object_count = objects};
  a.objects = arena_array(mem, Str, objects);
  for (size_t i = 0; i < objects; i++) a.objects[i] = arena_fmt(mem, "u%zu", i);
  a.marks = arena_array(mem, Mark, objects * n * APPRAISAL_PLACES);
  return a;
}

static void give(Appraisal *a, size_t o, Place p, const char *score) {
  int64_t v = -1;
  REQUIRE(hundredths_parse(str_of(score), &v));
  a->marks[o * a->criterion_count * APPRAISAL_PLACES + p] = (Mark){.given = true, .value = v};
}

static Result graded(Arena *mem, const char *score) {
  Appraisal a = plan(mem, by_hand, 1, 1);
  Result r;
  for (Place p = DAILY_SELF; p < APPRAISAL_PLACES; p++) give(&a, 0, p, score);
  REQUIRE(appraisal_total(&a, 0, NULL, 0, &r));
  return r;
}

TEST(the_four_grades_begin_at_90_80_and_60_and_a_hair_below_is_the_lower_one) {
  static const struct { const char *score, *grade; } rows[] = {{"90.0", "优秀"}, {"100", "优秀"}, {"89.99", "良好"}, {"89.9", "良好"}, {"80", "良好"}, {"79.99", "合格"},
                                                             {"60", "合格"}, {"59.99", "不合格"}, {"59.9", "不合格"}, {"0", "不合格"}};
  for (size_t i = 0; i < COUNT(rows); i++) EXPECT_STR(graded(t->mem, rows[i].score).grade_name, str_of(rows[i].grade));
}

TEST(what_is_shown_is_cut_and_never_rounded_up_into_a_better_grade) {
  Appraisal a = plan(t->mem, by_hand, 1, 1);
  Result r[1];
  Policy p = {0};
  for (Place x = DAILY_SELF; x < APPRAISAL_PLACES; x++) give(&a, 0, x, "90");
  give(&a, 0, DAILY_SELF, "89.99"); /* 89.9988 */
  EXPECT_INT(appraisal_rank(t->mem, &a, &p, NULL, 0, r), 1);
  EXPECT(r[0].sum == 8999880000 && r[0].weight == 100);
  EXPECT_STR(r[0].shown, S("89.99"));
  EXPECT_STR(r[0].grade_name, S("良好"));
  Figure f = {.good = 8999999, .all = 10000000};
  EXPECT_INT(figure_points(&f), 8999); /* 89.99999 */
}

TEST(the_three_pairs_weigh_as_the_plan_says) {
  Appraisal a = plan(t->mem, by_hand, 1, 1);
  int64_t points = 0;
  EXPECT(criterion_points(&a, 0, 0, NULL, 0, &points) == WORTH_MISSING);
  give(&a, 0, DAILY_INSPECTION, "80");
  EXPECT(criterion_points(&a, 0, 0, NULL, 0, &points) == WORTH_MISSING); /* the end of the year is missing */
  give(&a, 0, FINAL_INSPECTION, "60");
  EXPECT(criterion_points(&a, 0, 0, NULL, 0, &points) == WORTH_KNOWN);
  EXPECT_INT(points, 68000000); /* nothing of its own: 0.4·80 + 0.6·60 */
  give(&a, 0, DAILY_SELF, "100");
  EXPECT(criterion_points(&a, 0, 0, NULL, 0, &points) == WORTH_KNOWN);
  EXPECT_INT(points, 70400000); /* 0.4·(0.3·100 + 0.7·80) + 0.6·60 */
  EXPECT_INT(appraisal_missing(&a, 0, FINAL_SELF), 1);
  EXPECT_INT(appraisal_missing(&a, 0, DAILY_SELF), 0);
}

TEST(what_has_nothing_to_count_is_left_out_and_equals_share_a_rank) {
  Appraisal a = plan(t->mem, both, 2, 4);
  Policy p = {0};
  Result r[4];
  Figure figures[] = {{T("u0"), T("limits"), 9, 10, 10}, {T("u1"), T("limits"), 0, 0, 2}, {T("u2"), T("limits"), 1, 3, 3}};
  for (size_t o = 0; o < 3; o++) give(&a, o, DAILY_INSPECTION, "90"), give(&a, o, FINAL_INSPECTION, "90");
  EXPECT_INT(appraisal_rank(t->mem, &a, &p, figures, COUNT(figures), r), 3); /* the fourth has no scores */
  EXPECT(r[0].rank == 1 && r[1].rank == 1 && r[2].rank == 3);
  EXPECT_STR(r[0].unit, S("u0"));
  EXPECT(r[0].weight == 100 && r[1].weight == 40);
  EXPECT_STR(r[2].shown, S("55.99")); /* 0.4·90 + 0.6·33.33 */
}

TEST(a_score_is_0_to_100_with_at_most_two_decimals) {
  static const char *const good[] = {"0", "100", "92.5", "92.55"}, *const bad[] = {"", "-1", "-0", "100.01", "92.555", "九十", "9 0", "1e2"};
  int64_t v = 0;
  for (size_t i = 0; i < COUNT(good); i++) EXPECT(hundredths_parse(str_of(good[i]), &v));
  EXPECT_INT(v, 9255);
  for (size_t i = 0; i < COUNT(bad); i++) EXPECT(!hundredths_parse(str_of(bad[i]), &v));
}
