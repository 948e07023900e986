/* SPDX-License-Identifier: Apache-2.0 */
/* Month clocks (民法典 202, 203) and deemed acceptance (行政许可法 32). */
#include "test_twin.h"

TEST(month_clocks_end_on_the_corresponding_day_and_rest_days_move) {
  static const struct {
    const char *start;
    int months;
    const char *end;
  } rows[] = {
      {"2019-07-10", 3, "2019-10-10"},  {"2019-07-10", 2, "2019-09-10"},
      {"2019-08-01", 2, "2019-10-08"}, /* National Day: the whole break */
      {"2019-08-29", 1, "2019-09-29"}, /* a Sunday on which people work */
      {"2019-11-10", 3, "2020-02-10"}, /* over New Year */
      {"2020-01-02", 1, "2020-02-03"}, /* 2 February 2020 was added to the break */
      {"2019-06-30", 12, "2020-06-30"}, {"2019-06-28", 0, "2019-06-28"},
      {"2019-06-29", 0, "2019-07-01"}, /* a Saturday */
  };
  const Calendar *c = twin_load(t, cx)->calendar;
  for (size_t i = 0; i < COUNT(rows); i++)
    EXPECT_STR(day_str(t->mem, clock_months(c, at(rows[i].start), rows[i].months)),
               str_of(rows[i].end));
}

/* The day of that name, or the last one that exists before it, found by trying. */
static int month_day(Test *t, int y, int m, int d) {
  Day day;
  while (!day_parse(arena_fmt(t->mem, "%04d-%02d-%02d", y, m, d), &day))
    d--;
  return day.n;
}

TEST(month_clocks_from_every_day_agree_with_trying) {
  const Twin *w = twin_load(t, cx);
  int bad = 0;
  for (int start = TWIN_FIRST; start < TWIN_FIRST + TWIN_DAYS - 500; start++)
    for (int months = 0; months <= 14; months += 1 + months / 4) {
      int y, m, d;
      day_split((Day){start}, &y, &m, &d);
      for (int i = 0; i < months; i++)
        if (++m > 12) m = 1, y++;
      int want = month_day(t, y, m, d);
      while (!twin_work(w, want))
        want++;
      if (clock_months(w->calendar, (Day){start}, months).n != want) bad++;
    }
  EXPECT_INT(bad, 0);
}

TEST(silence_becomes_acceptance_when_the_fifth_working_day_has_ended) {
  static const struct {
    const char *receipt, *from;
  } rows[] = {
      {"2019-09-02", "2019-09-10"}, /* 9 September is the fifth */
      {"2019-09-27", "2019-10-11"}, /* 10 October, over National Day */
      {"2019-09-28", "2019-10-11"}, /* received on a Saturday */
      {"2019-06-28", "2019-07-06"}, /* a Saturday: 24:00 of Friday, not of the next working day */
      {"2020-01-23", "2020-02-08"}, /* 7 February */
  };
  const Calendar *c = twin_load(t, cx)->calendar;
  for (size_t i = 0; i < COUNT(rows); i++)
    EXPECT_STR(day_str(t->mem, clock_deemed_from(c, at(rows[i].receipt), 5)), str_of(rows[i].from));
}
