/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

TEST(day_numbers_count_from_1970) {
  EXPECT_INT(day_ymd(1970, 1, 1).n, 0);
  EXPECT_INT(day_ymd(1969, 12, 31).n, -1);
  EXPECT_INT(day_ymd(2000, 3, 1).n, 11017);
  EXPECT_INT(day_ymd(2019, 6, 28).n, 18075);
}

TEST(day_split_undoes_day_ymd_over_the_whole_range) {
  static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int32_t n = day_ymd(1900, 1, 1).n, wrong = 0;
  for (int y = 1900; y <= 2199; y++) {
    bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    for (int m = 1; m <= 12; m++)
      for (int d = 1; d <= lengths[m - 1] + (m == 2 && leap); d++, n++) {
        int y2, m2, d2;
        day_split((Day){n}, &y2, &m2, &d2);
        wrong += day_ymd(y, m, d).n != n || y2 != y || m2 != m || d2 != d;
      }
  }
  EXPECT_INT(wrong, 0);
}

TEST(day_weekdays_run_from_monday_1) {
  EXPECT_INT(day_weekday(day_ymd(1970, 1, 1)), 4);
  EXPECT_INT(day_weekday(day_ymd(1969, 12, 29)), 1);
  EXPECT_INT(day_weekday(day_ymd(1969, 12, 28)), 7);
  EXPECT_INT(day_weekday(day_ymd(2019, 6, 28)), 5);
  EXPECT_INT(day_weekday(day_ymd(2026, 11, 24)), 2);
}

TEST(day_changes_at_midnight_in_beijing) {
  int64_t midnight = 1561651200000; /* 2019-06-27T16:00:00Z = 2019-06-28T00:00:00+08:00 */
  EXPECT_INT(day_start(day_ymd(2019, 6, 28)), midnight);
  EXPECT_INT(day_of(midnight).n, 18075);
  EXPECT_INT(day_of(midnight - 1).n, 18074);
  EXPECT_INT(day_of(midnight + DAY_MS - 1).n, 18075);
  EXPECT_INT(day_of(0).n, 0); /* 08:00 in Beijing */
  EXPECT_INT(day_of(-BEIJING_MS).n, 0);
  EXPECT_INT(day_of(-BEIJING_MS - 1).n, -1);
  EXPECT_INT(day_of(-BEIJING_MS - DAY_MS).n, -1);
  EXPECT_INT(day_of(-BEIJING_MS - DAY_MS - 1).n, -2);
}

TEST(day_parse_takes_real_dates) {
  static const char *const good[] = {"1970-01-01", "2019-06-28", "2028-02-29", "2000-02-29",
                                     "1900-01-01", "2199-12-31"};
  for (size_t i = 0; i < COUNT(good); i++) {
    Day d = {0};
    EXPECT(day_parse(str_of(good[i]), &d));
    EXPECT_STR(day_str(t->mem, d), str_of(good[i]));
  }
}

TEST(day_parse_refuses_the_rest) {
  static const char *const bad[] = {
      "", "2020-02-30", "2019-02-29", "2100-02-29", "2019-04-31", "2019-00-10", "2019-13-01",
      "2019-06-00", "2019-06-32", "1899-12-31", "2200-01-01", "2019-6-28", "2019/06/28",
      "2019-06-28 ", " 2019-06-28", "20190628", "2019-06-2a", "-019-06-28", "２０１９-06-28"};
  for (size_t i = 0; i < COUNT(bad); i++) {
    Day d = {42};
    if (day_parse(str_of(bad[i]), &d)) EXPECT_STR(str_of(bad[i]), S("refused"));
    EXPECT_INT(d.n, 42);
  }
}

TEST(day_typed_takes_what_people_write) {
  static const char *const good[] = {"2019-06-28", "2019-6-28", "2019年6月28日", "2019年06月28日", "2019/6/28", " 2019.06.28 "};
  static const char *const bad[] = {"", "2019年6月28", "2019-6/28", "2019-6-281", "2019-13-1", "2019年2月30日", "19年6月28日", "2019-6-", "2019-6", "2019"};
  for (size_t i = 0; i < COUNT(good); i++) {
    Day d = {0};
    EXPECT(day_typed(str_of(good[i]), &d));
    EXPECT_STR(day_str(t->mem, d), S("2019-06-28"));
  }
  for (size_t i = 0; i < COUNT(bad); i++) {
    Day d = {42};
    if (day_typed(str_of(bad[i]), &d)) EXPECT_STR(str_of(bad[i]), S("refused"));
    EXPECT_INT(d.n, 42);
  }
}

TEST(day_and_time_are_printed_for_people_and_machines) {
  EXPECT_STR(day_cn(t->mem, day_ymd(2019, 6, 28)), S("2019年6月28日"));
  EXPECT_STR(time_str(t->mem, 1561684320999), S("2019-06-28T09:12:00+08:00"));
  EXPECT_STR(time_cn(t->mem, 1561684320999), S("2019-06-28 09:12"));
  EXPECT_STR(time_str(t->mem, 0), S("1970-01-01T08:00:00+08:00"));
  EXPECT_STR(time_str(t->mem, -1), S("1970-01-01T07:59:59+08:00"));
  EXPECT_STR(time_str(t->mem, 1561651199999), S("2019-06-27T23:59:59+08:00"));
}

TEST(time_parse_reads_every_form) {
  static const struct {
    const char *text;
    int64_t ms;
  } rows[] = {
      {"2019-06-28T09:12", 1561684320000},
      {"2019-06-28T09:12+08:00", 1561684320000},
      {"2019-06-28T01:12Z", 1561684320000},
      {"2019-06-28T09:12:34", 1561684354000},
      {"2019-06-28T09:12:34+08:00", 1561684354000},
      {"2019-06-28T01:12:34.567Z", 1561684354567},
      {"2019-06-28T09:12:34.567", 1561684354567},
      {"1970-01-01T00:00Z", 0},
      {"1970-01-01T00:00", -BEIJING_MS},
      {"2019-06-28T00:00:00", 1561651200000},
      {"2019-06-28T23:59:59.999", 1561737599999},
  };
  for (size_t i = 0; i < COUNT(rows); i++) {
    int64_t ms = -7;
    EXPECT(time_parse(str_of(rows[i].text), &ms));
    EXPECT_INT(ms, rows[i].ms);
  }
}

TEST(time_parse_refuses_the_rest) {
  static const char *const bad[] = {
      "", "2019-06-28", "2019-06-28T", "2019-06-28T9:12", "2019-06-28 09:12", "2019-06-28t09:12",
      "2019-06-28T24:00", "2019-06-28T23:60", "2019-06-28T23:59:60", "2019-06-28T09:12:",
      "2019-06-28T09:12:3", "2019-06-28T09:12:34.", "2019-06-28T09:12:34.5",
      "2019-06-28T09:12:34.5678", "2019-06-28T09:12.500", "2019-06-28T09:12z",
      "2019-06-28T09:12+09:00", "2019-06-28T09:12-08:00", "2019-06-28T09:12+0800",
      "2019-06-28T09:12Z ", "2020-02-30T09:12", "2019-06-28T0a:12", "2019-06-28T09-12"};
  for (size_t i = 0; i < COUNT(bad); i++) {
    int64_t ms = 42;
    if (time_parse(str_of(bad[i]), &ms)) EXPECT_STR(str_of(bad[i]), S("refused"));
    EXPECT_INT(ms, 42);
  }
}

TEST(time_text_survives_a_round_trip) {
  for (int64_t at = -2000000000000; at < 7000000000000; at += 86399999000) {
    int64_t back = 0;
    EXPECT(time_parse(time_str(t->mem, at), &back));
    EXPECT_INT(back, at);
  }
}

TEST(clock_tells_the_present) {
  int64_t now = clock_now_ms();
  EXPECT(now > 1700000000000 && now < 7258118400000); /* after 2023, before 2200 */
  EXPECT(clock_now_ms() >= now);
}
