/* SPDX-License-Identifier: Apache-2.0 */
/* Working days: the table against known vectors and against the slow twin. */
#include "test_twin.h"

typedef struct Vector {
  const char *start;
  int n;
  const char *due;
} Vector;

static void vectors_check(Test *t, const Calendar *c, const Vector *v, size_t count) {
  for (size_t i = 0; i < count; i++) {
    Day due = calendar_add(c, at(v[i].start), v[i].n);
    EXPECT_STR(day_str(t->mem, due), str_of(v[i].due));
    EXPECT_INT(calendar_count(c, at(v[i].start), due), v[i].n);
  }
}

TEST(due_days_of_the_known_vectors) {
  static const Vector vectors[] = {
      {"2019-06-28", 5, "2019-07-05"},  {"2019-06-28", 22, "2019-07-30"},
      {"2019-09-27", 5, "2019-10-10"},  {"2019-09-28", 5, "2019-10-10"},
      {"2019-09-29", 5, "2019-10-11"},  {"2020-01-23", 7, "2020-02-11"},
      {"2020-06-24", 3, "2020-06-30"},  {"2021-02-07", 5, "2021-02-19"},
      {"2024-02-09", 10, "2024-02-29"}, {"2025-09-26", 7, "2025-10-13"},
      {"2026-02-13", 10, "2026-03-05"},
  };
  vectors_check(t, twin_load(t, cx)->calendar, vectors, COUNT(vectors));
}

TEST(road_project_stage_three_skips_mid_autumn_and_national_day_and_counts_make_up_days) {
  static const Vector vectors[] = {{"2019-09-02", 37, "2019-10-29"},
                                   {"2019-09-02", 22, "2019-10-09"}};
  vectors_check(t, twin_load(t, cx)->calendar, vectors, COUNT(vectors));
}

TEST(used_at_the_due_day_is_the_limit_for_every_start_rest_days_included) {
  static const int limits[] = {0, 1, 2, 3, 5, 7, 10, 14, 20, 22, 37, 45, 60, 250};
  const Calendar *c = twin_load(t, cx)->calendar;
  int bad = 0;
  for (int d = TWIN_FIRST; d < TWIN_FIRST + TWIN_DAYS; d++)
    for (size_t i = 0; i < COUNT(limits); i++) {
      Day due = calendar_add(c, (Day){d}, limits[i]);
      if (calendar_count(c, (Day){d}, due) != limits[i]) bad++;
      if (limits[i] && !calendar_is_work(c, due)) bad++;
      /* The day before is one short, and the day after is used > n only when it is a working day.
       */
      if (limits[i] && calendar_count(c, (Day){d}, (Day){due.n - 1}) != limits[i] - 1) bad++;
    }
  EXPECT_INT(bad, 0);
}

TEST(every_day_of_the_list_agrees_with_the_slow_loop) {
  const Twin *w = twin_load(t, cx);
  int bad = 0, checked = 0, count = 0;
  for (int d = TWIN_FIRST; d < TWIN_FIRST + TWIN_DAYS; d++, checked++) {
    Day day = {d};
    count += twin_work(w, d);
    if (calendar_is_work(w->calendar, day) != twin_work(w, d)) bad++;
    if (calendar_count(w->calendar, (Day){TWIN_FIRST - 1}, day) != count) bad++;
    if (calendar_is_provisional(w->calendar, day) != twin_provisional(d)) bad++;
    for (int n = 1; n <= 30; n += 1 + n / 5)
      if (calendar_add(w->calendar, day, n).n != twin_add(w, d, n)) bad++;
    int next = d;
    while (!twin_work(w, next))
      next++;
    if (calendar_next_work(w->calendar, day).n != next) bad++;
  }
  EXPECT_INT(checked, 3287);
  EXPECT_INT(bad, 0);
}

TEST(working_days_per_year) {
  static const int want[] = {250, 250, 249, 250, 249, 249, 251, 248, 248};
  const Calendar *c = twin_load(t, cx)->calendar;
  for (int y = 2018; y <= 2026; y++)
    EXPECT_INT(calendar_count(c, day_ymd(y - 1, 12, 31), day_ymd(y, 12, 31)), want[y - 2018]);
}

TEST(random_spans_agree_with_the_slow_loop) {
  const Twin *w = twin_load(t, cx);
  Lcg g = {20190902};
  int bad = 0;
  for (int i = 0; i < 4000; i++) {
    int from = lcg_in(&g, TWIN_FIRST - 400, TWIN_FIRST + TWIN_DAYS + 400),
        to = from + lcg_in(&g, -20, 400);
    if (calendar_count(w->calendar, (Day){from}, (Day){to}) != twin_count(w, from, to)) bad++;
  }
  EXPECT_INT(bad, 0);
}

TEST(nothing_is_counted_backwards) {
  const Calendar *c = twin_load(t, cx)->calendar;
  EXPECT_INT(calendar_count(c, at("2019-09-10"), at("2019-09-10")), 0);
  EXPECT_INT(calendar_count(c, at("2019-09-10"), at("2019-09-02")), 0);
  EXPECT_INT(calendar_add(c, at("2019-09-14"), 0).n, at("2019-09-14").n);
  EXPECT_INT(calendar_add(c, at("2019-09-14"), -3).n, at("2019-09-14").n);
}

TEST(the_week_goes_on_before_2000_and_after_2099) {
  const Twin *w = twin_load(t, cx);
  const int edges[] = {at("2000-01-01").n, at("2099-12-31").n, at("1970-01-01").n,
                       at("1960-01-01").n};
  int bad = 0;
  for (size_t e = 0; e < COUNT(edges); e++)
    for (int d = edges[e] - 30; d <= edges[e] + 30; d++) {
      if (calendar_is_work(w->calendar, (Day){d}) != twin_work(w, d)) bad++;
      for (int n = 1; n <= 40; n++) {
        if (calendar_add(w->calendar, (Day){d}, n).n != twin_add(w, d, n)) bad++;
        if (calendar_count(w->calendar, (Day){d}, (Day){d + n}) != twin_count(w, d, d + n)) bad++;
      }
    }
  EXPECT_INT(bad, 0);
  EXPECT(!calendar_is_work(w->calendar, at("1960-01-02"))); /* a Saturday, before 1970 */
  EXPECT(calendar_is_work(w->calendar, at("1960-01-04")));
  EXPECT_STR(day_str(t->mem, calendar_add(w->calendar, at("1960-01-01"), 1)), S("1960-01-04"));
}

TEST(what_no_notice_settles_is_provisional) {
  const Calendar *c = twin_load(t, cx)->calendar;
  EXPECT_INT(calendar_last_year(c), 2026);
  EXPECT(!calendar_is_provisional(c, at("2026-12-24")));
  for (int d = at("2026-12-25").n; d <= at("2027-12-31").n; d++)
    EXPECT(calendar_is_provisional(c, (Day){d}));
  EXPECT(!calendar_is_provisional(c, at("2018-01-01")));
  EXPECT(!calendar_is_provisional(c, at("2025-12-31"))); /* the notice of 2026 is known */
  EXPECT(calendar_is_provisional(c, at("2017-12-31")));
  EXPECT(calendar_is_provisional(c, at("2150-06-01")));
}

TEST(a_day_for_something_to_come_is_refused_with_the_nearest_that_can_be) {
  static const struct {
    const char *day, *why;
  } rows[] = {
      {"2019-09-06", ""},
      {"2019-09-29", ""}, /* a Sunday that is worked */
      {"2019-09-05", "2019年9月5日已经过去，最近的工作日是 2019-09-06"},
      {"2019-09-07", "2019年9月7日不是工作日（周六），下一个工作日是 2019-09-09"},
      {"2019-10-03", "2019年10月3日不是工作日（国庆节），下一个工作日是 2019-10-08"}};
  const Calendar *c = twin_load(t, cx)->calendar;
  for (size_t i = 0; i < COUNT(rows); i++) EXPECT_STR(calendar_refuses(t->mem, c, at(rows[i].day), at("2019-09-06")), str_of(rows[i].why));
}

TEST(a_reason_says_why_and_by_which_notice) {
  static const struct {
    const char *day, *reason, *notice;
  } rows[] = {
      {"2019-10-01", "国庆节", "gov.cn content_5346276"},
      {"2019-09-29", "调休上班（国庆节）", "gov.cn content_5346276"},
      {"2019-05-02", "劳动节", "gov.cn content_5375877"},           /* the changed notice of 2019 */
      {"2018-12-29", "调休上班（元旦）", "gov.cn content_5346276"}, /* from the notice of 2019 */
      {"2020-01-31", "春节", "gov.cn content_5472352"},             /* the extension of 2020 */
      {"2020-02-03", "工作日", "gov.cn content_5472352"}, /* a Monday: the week, confirmed */
      {"2019-09-07", "周六", ""},
      {"2019-09-08", "周日", ""},
      {"2019-09-09", "工作日", ""},
      {"2120-01-06", "周六", ""},
  };
  const Calendar *c = twin_load(t, cx)->calendar;
  for (size_t i = 0; i < COUNT(rows); i++) {
    Str notice = S("x");
    EXPECT_STR(calendar_reason(c, at(rows[i].day), &notice), str_of(rows[i].reason));
    EXPECT_STR(notice, str_of(rows[i].notice));
    EXPECT_STR(calendar_reason(c, at(rows[i].day), NULL), str_of(rows[i].reason));
  }
}
