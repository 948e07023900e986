/* SPDX-License-Identifier: Apache-2.0 */
/* Faults seen in other systems, R1 to R8 of the list of lessons, as far as they concern days and
 * clocks. */
#include "test_twin.h"

#include <stdio.h>

static Reading read(const Calendar *c, const ItemClock *k, const char *today) {
  return clock_item(c, k, at(today), lamp_rule_default);
}

/* R1 guards: a pause is working days, not wall-clock time added to the deadline (that gives
 * Saturday 2019-06-29 here). */
TEST(r1_a_pause_moves_the_due_day_by_working_days) {
  const Calendar *c = twin_load(t, cx)->calendar;
  const Pause p[] = {{.from = at("2019-06-25"), .to = at("2019-06-27"), .holder = HELD_APPLICANT}};
  ItemClock k = {.start = at("2019-06-24"), .limit = 3, .pauses = p, .pause_count = 1};
  EXPECT_STR(day_str(t->mem, read(c, &k, "2019-06-27").due), S("2019-07-01"));
}

/* R1 guards: an open pause counts, and its empty end date is never used as a date. */
TEST(r1_an_open_pause_stops_the_clock_until_today) {
  const Calendar *c = twin_load(t, cx)->calendar;
  Pause p[] = {{.from = at("2019-06-25"), .open = true, .holder = HELD_APPLICANT}};
  ItemClock k = {.start = at("2019-06-24"), .limit = 3, .pauses = p, .pause_count = 1};
  Reading r = read(c, &k, "2019-07-10");
  EXPECT(r.paused && !r.has_due && r.used == 1 && !r.overdue && r.lamp == LAMP_GREY);
  EXPECT_STR(day_str(t->mem, r.due_if_resumed_today), S("2019-07-12"));
  r = read(c, &k, "2019-07-20"); /* a Saturday */
  EXPECT_STR(day_str(t->mem, r.due_if_resumed_today), S("2019-07-23"));
  p[0].to = at("2019-06-26"); /* left over from a plan: ignored while open */
  EXPECT_INT(read(c, &k, "2019-07-20").used, 1);
}

/* R2 guards: a calendar that does not reach far enough gives a real working day, marked, and no
 * sentinel. */
TEST(r2_beyond_the_list_and_beyond_the_tables_days_are_real_and_provisional) {
  const Twin *w = twin_load(t, cx);
  ItemClock k = {.start = at("2026-12-20"), .limit = 45};
  Reading r = read(w->calendar, &k, "2026-12-20");
  EXPECT_INT(r.due.n, twin_add(w, k.start.n, 45));
  EXPECT(r.provisional && calendar_is_work(w->calendar, r.due));
  k.start = at("2099-12-20");
  r = read(w->calendar, &k, "2099-12-20");
  EXPECT_INT(r.due.n, twin_add(w, k.start.n, 45));
  EXPECT_STR(day_str(t->mem, r.due), S("2100-02-19"));
  EXPECT(r.provisional && calendar_count(w->calendar, k.start, r.due) == 45);
}

/* R3 guards: nothing looks only at the present year; a clock runs over New Year, even over many. */
TEST(r3_a_clock_of_last_year_is_still_there_after_new_year) {
  const Twin *w = twin_load(t, cx);
  ItemClock k = {.start = at("2019-12-25"), .limit = 10};
  EXPECT_STR(day_str(t->mem, read(w->calendar, &k, "2019-12-31").due), S("2020-01-09"));
  EXPECT_INT(read(w->calendar, &k, "2019-12-31").used, 4);
  EXPECT_INT(read(w->calendar, &k, "2020-01-02").used, 5);
  k.start = at("2018-12-28");
  Reading r = read(w->calendar, &k, "2026-03-02");
  EXPECT_INT(r.used, twin_count(w, k.start.n, at("2026-03-02").n));
  EXPECT(r.lamp == LAMP_RED && r.overdue_days == r.used - 10);
}

/* R4 guards: days added for one holiday run into another, and that one is skipped too. Ten weekdays
 * from 2021-09-17 end on 10-01; two more for Mid-Autumn end on 10-05, inside the National Day
 * break. */
TEST(r4_a_holiday_inside_the_tail_of_another_is_skipped_too) {
  const Calendar *c = twin_load(t, cx)->calendar;
  EXPECT_STR(day_str(t->mem, calendar_add(c, at("2021-09-17"), 10)), S("2021-10-08"));
  EXPECT_STR(day_str(t->mem, calendar_add(c, at("2019-09-12"), 13)), S("2019-10-08"));
}

/* R5 guards: overlapping pauses are one union, not two subtractions. */
TEST(r5_overlapping_pauses_are_subtracted_once) {
  const Calendar *c = twin_load(t, cx)->calendar;
  const Pause p[] = {{.from = at("2019-06-25"), .to = at("2019-06-28"), .holder = HELD_APPLICANT},
                     {.from = at("2019-06-26"), .to = at("2019-07-02"), .holder = HELD_THIRD},
                     {.from = at("2019-06-26"), .to = at("2019-06-27"), .holder = HELD_THIRD}};
  ItemClock k = {.start = at("2019-06-24"), .limit = 10, .pauses = p, .pause_count = 3};
  Reading r = read(c, &k, "2019-07-03");
  EXPECT(r.used == 2 && r.held[HELD_APPLICANT] == 3 && r.held[HELD_THIRD] == 2);
}

/* R5 guards: rest days inside a pause are held by nobody. */
TEST(r5_a_pause_across_a_holiday_costs_only_its_working_days) {
  const Calendar *c = twin_load(t, cx)->calendar;
  const Pause p[] = {{.from = at("2019-09-30"), .to = at("2019-10-08"), .holder = HELD_THIRD}};
  ItemClock k = {.start = at("2019-09-27"), .limit = 5, .pauses = p, .pause_count = 1};
  Reading r = read(c, &k, "2019-10-08");
  EXPECT(r.used == 2 && r.held[HELD_THIRD] == 1 && r.held[HELD_NOBODY] == 8);
  EXPECT_STR(day_str(t->mem, r.due), S("2019-10-11"));
}

/* R5 guards: same-day pauses, also in great number, and a pause on the day of the start. */
TEST(r5_a_pause_within_a_day_costs_nothing_and_one_on_the_first_day_counts) {
  const Calendar *c = twin_load(t, cx)->calendar;
  const Pause same[] = {
      {.from = at("2019-06-25"), .to = at("2019-06-25"), .holder = HELD_THIRD},
      {.from = at("2019-06-25"), .to = at("2019-06-25"), .holder = HELD_APPLICANT},
      {.from = at("2019-06-26"), .to = at("2019-06-26"), .holder = HELD_THIRD}};
  ItemClock k = {.start = at("2019-06-24"), .limit = 5, .pauses = same, .pause_count = 3};
  Reading r = read(c, &k, "2019-06-28");
  EXPECT(r.used == 4 && r.held[HELD_THIRD] == 0 && r.held[HELD_APPLICANT] == 0);
  const Pause first[] = {
      {.from = at("2019-06-24"), .to = at("2019-06-26"), .holder = HELD_APPLICANT}};
  k.pauses = first;
  k.pause_count = 1;
  EXPECT_INT(read(c, &k, "2019-06-28").used, 2);
  const Pause before[] = {
      {.from = at("2019-06-21"), .to = at("2019-06-26"), .holder = HELD_APPLICANT}};
  k.pauses = before; /* before acceptance there is nothing to pause */
  EXPECT_INT(read(c, &k, "2019-06-28").used, 4);
}

/* The list as it stood before the epidemic extension of 2020 (1 February was to be a working day).
 */
static const Calendar *before_extension(Test *t, Cx *cx, Str text) {
  const Calendar *c = NULL;
  Str row;
  Buf b;
  buf_init(&b, 1 << 20);
  while (text.len) {
    str_cut(text, '\n', &row, &text);
    if (!str_has(row, S("content_5472352"))) buf_fmt(&b, "%.*s\n", SFMT(row));
  }
  buf_add(&b, S("2020-02-01,workday,春节,\n"));
  EXPECT_INT(calendar_load(cx, buf_str(&b), &c), OK);
  buf_drop(&b);
  return c;
}

/* R6 guards: a late notice changes running clocks as soon as the list is loaded. */
TEST(r6_a_late_notice_moves_the_due_day_of_a_running_case) {
  const Twin *w = twin_load(t, cx);
  const Calendar *old = before_extension(t, cx, w->text);
  ItemClock k = {.start = at("2020-01-23"), .limit = 7};
  EXPECT_STR(day_str(t->mem, read(old, &k, "2020-02-10").due), S("2020-02-07"));
  EXPECT_INT(read(old, &k, "2020-02-10").lamp, LAMP_RED);
  EXPECT_STR(day_str(t->mem, read(w->calendar, &k, "2020-02-10").due), S("2020-02-11"));
  EXPECT_INT(read(w->calendar, &k, "2020-02-10").lamp, LAMP_YELLOW);
}

/* R6 guards: a make-up working day on a weekend counts. */
TEST(r6_a_make_up_day_on_a_weekend_is_counted) {
  const Calendar *c = twin_load(t, cx)->calendar;
  EXPECT(calendar_is_work(c, at("2019-09-29")) && calendar_is_work(c, at("2019-10-12")));
  EXPECT_INT(calendar_count(c, at("2019-09-27"), at("2019-09-29")), 1);
  EXPECT_STR(day_str(t->mem, calendar_next_work(c, at("2019-09-28"))), S("2019-09-29"));
}

static Day day_at_time(const char *time) {
  int64_t ms = 0;
  REQUIRE(time_parse(str_of(time), &ms));
  return day_of(ms);
}

/* R7 guards: a working day is a day, not 24 hours of anything: the hour of acceptance does not
 * matter. */
TEST(r7_the_hour_of_acceptance_does_not_move_the_due_day) {
  static const char *const times[] = {"2019-06-27T00:00", "2019-06-27T08:30",
                                      "2019-06-27T23:59:59.999"};
  const Calendar *c = twin_load(t, cx)->calendar;
  for (size_t i = 0; i < COUNT(times); i++)
    EXPECT_STR(day_str(t->mem, calendar_add(c, day_at_time(times[i]), 1)), S("2019-06-28"));
  EXPECT_STR(day_str(t->mem, calendar_add(c, day_at_time("2019-06-28T00:00"), 1)), S("2019-07-01"));
}

/* R7 guards: two minutes over midnight cost a day, twenty-three hours within one cost nothing. */
TEST(r7_a_pause_costs_by_midnights_not_by_hours) {
  const Calendar *c = twin_load(t, cx)->calendar;
  Pause p[] = {{.from = day_at_time("2019-06-25T23:59"),
                .to = day_at_time("2019-06-26T00:01"),
                .holder = HELD_THIRD}};
  ItemClock k = {.start = at("2019-06-24"), .limit = 5, .pauses = p, .pause_count = 1};
  EXPECT_INT(read(c, &k, "2019-06-28").used, 3);
  p[0].from = day_at_time("2019-06-25T00:00");
  p[0].to = day_at_time("2019-06-25T23:59");
  EXPECT_INT(read(c, &k, "2019-06-28").used, 4);
}

/* R8 guards: a month that has no such day ends on its last day; leap years are known. */
TEST(r8_a_month_after_the_31st_is_the_last_day_of_the_month) {
  static const struct {
    const char *start;
    int months;
    const char *end;
  } rows[] = {
      {"2019-01-31", 1, "2019-02-28"}, {"2024-01-31", 1, "2024-02-29"},
      {"2020-01-31", 1, "2020-03-02"}, {"2024-02-29", 12, "2025-02-28"},
      {"2019-05-31", 1, "2019-07-01"}, {"2018-12-31", 2, "2019-02-28"},
  };
  const Calendar *c = twin_load(t, cx)->calendar;
  for (size_t i = 0; i < COUNT(rows); i++)
    EXPECT_STR(day_str(t->mem, clock_months(c, at(rows[i].start), rows[i].months)),
               str_of(rows[i].end));
}
