/* SPDX-License-Identifier: Apache-2.0 */
/* The clock of an item: random histories against the slow twin, and the cases worth a name. */
#include "history.h"


static Reading read(const Calendar *c, const ItemClock *k, const char *today) {
  return clock_item(c, k, at(today), lamp_rule_default);
}

TEST(random_items_read_as_the_slow_twin_reads_them) {
  const Twin *w = twin_load(t, cx);
  int seen[LAMP__MAX] = {0};
  for (unsigned seed = 1; seed <= histories(30000); seed++) {
    Lcg g = {seed};
    Pause pauses[HISTORY_PAUSES];
    ItemClock k = history_item(&g, pauses);
    int today = k.start.n + lcg_in(&g, -4, 90);
    LampRule rule = {.warn_days = lcg_below(&g, 4), .warn_of = lcg_below(&g, 8)};
    Reading got = clock_item(w->calendar, &k, (Day){today}, rule),
            want = twin_item(w, &k, today, rule);
    if (!twin_same(t, &got, &want, seed)) return;
    seen[got.lamp]++;
  }
  for (int l = LAMP_DONE; l < LAMP__MAX; l++)
    EXPECT(seen[l] > 100); /* the histories reach every lamp */
}

TEST(more_pauses_than_anyone_expects_are_read_exactly_in_and_out_of_order) {
  enum { MANY = 3000 };
  const Twin *w = twin_load(t, cx);
  Pause *p = arena_array(t->mem, Pause, MANY);
  Lcg g = {7};
  ItemClock k = {.start = at("2018-03-01"), .limit = 600, .pauses = p, .pause_count = MANY};
  for (int i = 0; i < MANY; i++) {
    int from = k.start.n + lcg_below(&g, 2600);
    p[i] = (Pause){.from = {from},
                   .to = {from + lcg_below(&g, 3)},
                   .holder = lcg_in(&g, HELD_APPLICANT, HELD_THIRD)};
  }
  int today = k.start.n + 2900;
  Reading want = twin_item(w, &k, today, lamp_rule_default);
  Reading got = clock_item(w->calendar, &k, (Day){today}, lamp_rule_default);
  twin_same(t, &got, &want, 1);
  pauses_sort(p, MANY);
  got = clock_item(w->calendar, &k, (Day){today}, lamp_rule_default);
  twin_same(t, &got, &want, 2);
}

TEST(the_due_day_is_in_time_and_the_next_calendar_day_is_overdue_though_a_rest_day) {
  const Calendar *c = twin_load(t, cx)->calendar;
  ItemClock k = {.start = at("2019-06-28"), .limit = 5};
  Reading r = read(c, &k, "2019-07-05"); /* Friday */
  EXPECT_STR(day_str(t->mem, r.due), S("2019-07-05"));
  EXPECT(!r.overdue && r.left == 0 && r.used == 5);
  r = read(c, &k, "2019-07-06");
  EXPECT(r.overdue && r.overdue_days == 0 && r.lamp == LAMP_RED);
  r = read(c, &k, "2019-07-08");
  EXPECT(r.overdue && r.overdue_days == 1 && r.left == -1);
}

TEST(an_item_done_at_once_is_due_on_the_day_of_acceptance) {
  const Calendar *c = twin_load(t, cx)->calendar;
  ItemClock k = {.start = at("2019-09-27"), .limit = 0};
  Reading r = read(c, &k, "2019-09-27");
  EXPECT(r.has_due && r.due.n == k.start.n && !r.overdue);
  r = read(c, &k, "2019-09-28"); /* a Saturday */
  EXPECT(r.overdue && r.overdue_days == 0 && r.lamp == LAMP_RED);
  EXPECT_INT(read(c, &k, "2019-09-29").overdue_days, 1); /* a make-up Sunday */
}

TEST(three_readings_side_by_side_for_one_case) {
  const Calendar *c = twin_load(t, cx)->calendar;
  const Pause p[] = {{.from = at("2019-09-25"), .to = at("2019-10-09"), .holder = HELD_APPLICANT},
                     {.from = at("2019-10-08"), .to = at("2019-10-11"), .holder = HELD_THIRD}};
  ItemClock k = {.start = at("2019-09-23"),
                 .limit = 10,
                 .pauses = p,
                 .pause_count = 2,
                 .end_kind = END_DONE,
                 .end = at("2019-10-14")};
  Reading r = read(c, &k, "2026-01-01");
  EXPECT_INT(r.gross, 21);
  /* unit: 09-24, 25, 10-12 (make-up), 14. applicant: 09-26, 27, 29, 30, 10-08, 09. third:
   * 10-10, 11. */
  EXPECT_INT(r.used, 4);
  EXPECT_INT(r.held[HELD_UNIT], 4);
  EXPECT_INT(r.held[HELD_APPLICANT], 6);
  EXPECT_INT(r.held[HELD_THIRD], 2);
  EXPECT_INT(r.held[HELD_NOBODY], 9);
  EXPECT_STR(day_str(t->mem, r.due), S("2019-10-22"));
}

TEST(of_two_pauses_of_one_day_the_one_given_first_holds) {
  const Calendar *c = twin_load(t, cx)->calendar;
  Pause p[] = {{.from = at("2019-06-25"), .to = at("2019-06-27"), .holder = HELD_THIRD},
               {.from = at("2019-06-25"), .to = at("2019-06-28"), .holder = HELD_APPLICANT}};
  ItemClock k = {.start = at("2019-06-24"), .limit = 5, .pauses = p, .pause_count = 2};
  Reading r = read(c, &k, "2019-07-01");
  EXPECT(r.held[HELD_THIRD] == 2 && r.held[HELD_APPLICANT] == 1);
}

TEST(the_end_of_an_item_ends_its_pauses) {
  const Calendar *c = twin_load(t, cx)->calendar;
  const Pause p[] = {{.from = at("2019-06-26"), .open = true, .holder = HELD_THIRD}};
  ItemClock k = {.start = at("2019-06-24"),
                 .limit = 5,
                 .pauses = p,
                 .pause_count = 1,
                 .end_kind = END_STOPPED,
                 .end = at("2019-06-28")};
  Reading r = read(c, &k, "2019-12-01");
  EXPECT(!r.paused && r.has_due && r.gross == 4 && r.used == 2 && r.held[HELD_THIRD] == 2);
  EXPECT_STR(day_str(t->mem, r.due), S("2019-07-03"));
}

TEST(a_decision_in_time_is_never_overdue_later) {
  const Calendar *c = twin_load(t, cx)->calendar;
  ItemClock k = {
      .start = at("2019-06-28"), .limit = 5, .end_kind = END_DONE, .end = at("2019-07-05")};
  EXPECT(!read(c, &k, "2026-01-01").overdue);
  k.end = at("2019-07-06");
  Reading r = read(c, &k, "2026-01-01");
  EXPECT(r.overdue && r.overdue_days == 0 && r.lamp == LAMP_DONE);
}

/* Accepted Monday, one day, so due on Tuesday 2019-06-25. */
TEST(a_pause_that_begins_on_the_due_day_takes_it_along) {
  const Calendar *c = twin_load(t, cx)->calendar;
  Pause p[] = {{.from = at("2019-06-25"), .open = true, .holder = HELD_APPLICANT}, {.from = at("2019-07-05"), .to = at("2019-07-06"), .holder = HELD_THIRD}};
  ItemClock k = {.start = at("2019-06-24"), .limit = 1, .pauses = p, .pause_count = 1};
  Reading r = read(c, &k, "2019-07-02");
  EXPECT(r.paused && !r.overdue && r.left == 0 && r.lamp == LAMP_GREY);
  EXPECT_STR(day_str(t->mem, r.due_if_resumed_today), S("2019-07-02"));
  p[0].open = false;
  p[0].to = at("2019-07-05");
  r = read(c, &k, "2019-07-05");
  EXPECT(!r.overdue && r.left == 0 && r.lamp == LAMP_YELLOW);
  EXPECT_STR(day_str(t->mem, r.due), S("2019-07-05"));
  EXPECT(read(c, &k, "2019-07-06").overdue); /* a Saturday */
  k.pause_count = 2;                         /* a second one goes on where the first ended */
  EXPECT_STR(day_str(t->mem, read(c, &k, "2019-07-08").due), S("2019-07-06"));
  k.pause_count = 1;
  k.limit = 0; /* at once: due on the day of acceptance, which has no pause */
  EXPECT(read(c, &k, "2019-06-25").overdue);
  p[0].from = at("2019-06-26");
  k.limit = 1; /* it had passed already: stays red */
  EXPECT(read(c, &k, "2019-07-01").lamp == LAMP_RED);
  EXPECT_STR(day_str(t->mem, read(c, &k, "2019-07-01").due_if_resumed_today), S("2019-06-25"));
}

TEST(a_clock_that_has_not_started_shows_nothing) {
  const Calendar *c = twin_load(t, cx)->calendar;
  const Pause p[] = {{.from = at("2019-09-10"), .open = true, .holder = HELD_THIRD}};
  ItemClock k = {.start = at("2019-09-10"), .limit = 5, .pauses = p, .pause_count = 1};
  Reading r = read(c, &k, "2019-09-02");
  EXPECT(r.lamp == LAMP_NONE && !r.paused && !r.overdue && r.used == 0 && r.gross == 0 &&
         r.left == 5);
}

TEST(a_due_day_beyond_the_last_notice_is_provisional) {
  const Calendar *c = twin_load(t, cx)->calendar;
  ItemClock k = {.start = at("2026-12-21"), .limit = 3};
  EXPECT(!read(c, &k, "2026-12-21").provisional); /* 24 December */
  k.limit = 4;
  EXPECT(read(c, &k, "2026-12-21").provisional);
  k.limit = 20;
  EXPECT(read(c, &k, "2026-12-21").provisional);
}
