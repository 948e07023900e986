/* SPDX-License-Identifier: Apache-2.0 */
/* Exactly one lamp, in a fixed precedence, with its words. */
#include "test_twin.h"

TEST(a_stage_of_22_days_is_yellow_from_day_18_and_red_after_day_22) {
  const Calendar *c = twin_load(t, cx)->calendar;
  StageClock k = {.start = at("2019-09-02"), .limit = 22};
  static const struct {
    int used;
    Lamp lamp;
  } rows[] = {
      {0, LAMP_GREEN}, {17, LAMP_GREEN}, {18, LAMP_YELLOW}, {22, LAMP_YELLOW}, {23, LAMP_RED}};
  for (size_t i = 0; i < COUNT(rows); i++) {
    Day today = calendar_add(c, k.start, rows[i].used);
    EXPECT_INT(clock_stage(t->mem, c, &k, today, lamp_rule_default).lamp, rows[i].lamp);
  }
}

static Lamp lamp_after(const Calendar *c, int limit, int used, LampRule rule) {
  ItemClock k = {.start = at("2019-06-03"), .limit = limit};
  return clock_item(c, &k, calendar_add(c, k.start, used), rule).lamp;
}

TEST(warning_comes_at_the_days_left_or_at_the_share_left) {
  const Calendar *c = twin_load(t, cx)->calendar;
  EXPECT_INT(lamp_after(c, 3, 1, lamp_rule_default), LAMP_GREEN);
  EXPECT_INT(lamp_after(c, 3, 2, lamp_rule_default), LAMP_YELLOW); /* 1 left */
  EXPECT_INT(lamp_after(c, 10, 7, lamp_rule_default), LAMP_GREEN);
  EXPECT_INT(lamp_after(c, 10, 8, lamp_rule_default), LAMP_YELLOW); /* 2 × 5 = 10 */
  EXPECT_INT(lamp_after(c, 10, 6, (LampRule){.warn_days = 4, .warn_of = 5}), LAMP_YELLOW);
  EXPECT_INT(lamp_after(c, 10, 5, (LampRule){.warn_days = 1, .warn_of = 2}), LAMP_YELLOW);
  /* A rule without a share warns by days alone. */
  EXPECT_INT(lamp_after(c, 10, 8, (LampRule){.warn_days = 1}), LAMP_GREEN);
  EXPECT_INT(lamp_after(c, 10, 9, (LampRule){.warn_days = 1}), LAMP_YELLOW);
  EXPECT_INT(lamp_after(c, 10, 9, (LampRule){0}), LAMP_GREEN);
  EXPECT_INT(lamp_after(c, 10, 10, (LampRule){0}), LAMP_YELLOW);
}

TEST(done_and_ended_go_before_red_red_before_grey_grey_before_yellow) {
  const Calendar *c = twin_load(t, cx)->calendar;
  const Pause early[] = {{.from = at("2019-06-25"), .open = true, .holder = HELD_THIRD}};
  const Pause late[] = {{.from = at("2019-07-08"), .open = true, .holder = HELD_THIRD}};
  ItemClock k = {.start = at("2019-06-24"), .limit = 2, .pauses = early, .pause_count = 1};
  Day today = at("2019-07-10");
  Reading r = clock_item(c, &k, today, lamp_rule_default);
  EXPECT(r.lamp == LAMP_GREY && r.left == 1); /* 1 left would be yellow */
  k.pauses = late;
  r = clock_item(c, &k, today, lamp_rule_default);
  EXPECT(r.lamp == LAMP_RED && r.paused && r.overdue_days == 8); /* a pause hides nothing */
  EXPECT_STR(day_str(t->mem, r.due_if_resumed_today), S("2019-06-26"));
  k.end_kind = END_DONE;
  k.end = today;
  r = clock_item(c, &k, today, lamp_rule_default);
  EXPECT(r.lamp == LAMP_DONE && r.overdue);
  k.end_kind = END_STOPPED;
  EXPECT_INT(clock_item(c, &k, today, lamp_rule_default).lamp, LAMP_ENDED);
}

TEST(a_pause_beyond_its_planned_end_warns_and_does_not_outshine_red) {
  const Calendar *c = twin_load(t, cx)->calendar;
  Pause p = {.from = at("2019-06-25"), .open = true, .planned = at("2019-06-28"), .holder = HELD_THIRD};
  ItemClock k = {.start = at("2019-06-24"), .limit = 5, .pauses = &p, .pause_count = 1};
  Reading r = clock_item(c, &k, at("2019-06-28"), lamp_rule_default);
  EXPECT(r.lamp == LAMP_GREY && r.stalled == 0); /* the planned day itself */
  r = clock_item(c, &k, at("2019-06-29"), lamp_rule_default);
  EXPECT(r.lamp == LAMP_YELLOW && r.paused && !r.has_due && r.stalled == 1 && r.left == 4); /* a Saturday: calendar days */
  StageClock s = {.start = k.start, .limit = 5, .items = &k, .item_count = 1};
  EXPECT_INT(clock_stage(t->mem, c, &s, at("2019-07-08"), lamp_rule_default).lamp, LAMP_YELLOW);
  p.from = at("2019-07-08");
  r = clock_item(c, &k, at("2019-07-10"), lamp_rule_default);
  EXPECT(r.lamp == LAMP_RED && r.stalled == 12);
  p.planned = (Day){0};
  p.from = at("2019-06-25");
  EXPECT_INT(clock_item(c, &k, at("2019-07-08"), lamp_rule_default).lamp, LAMP_GREY); /* nobody said when it is to end */
  p = (Pause){.from = at("2019-06-25"), .to = at("2019-07-05"), .planned = at("2019-06-28"), .holder = HELD_THIRD};
  r = clock_item(c, &k, at("2019-07-05"), lamp_rule_default);
  EXPECT(!r.paused && r.stalled == 0);
}

TEST(days_before_the_dispatch_are_part_of_those_used) {
  const Calendar *c = twin_load(t, cx)->calendar;
  ItemClock k = {.start = at("2019-06-24"), .dispatched = at("2019-06-27"), .limit = 5};
  Reading r = clock_item(c, &k, at("2019-06-25"), lamp_rule_default);
  EXPECT(r.used == 1 && r.before == 1);
  r = clock_item(c, &k, at("2019-07-02"), lamp_rule_default); /* six used, three of them before: late, and not without them */
  EXPECT(r.used == 6 && r.before == 3 && r.overdue && r.used - r.before <= k.limit);
  k.dispatched = k.start; /* dispatched on the day of acceptance: the first counted day began with the department */
  EXPECT_INT(clock_item(c, &k, at("2019-07-02"), lamp_rule_default).before, 0);
  k.dispatched = at("2019-07-20"); /* dispatched after its end cannot be; it is cut to what was used */
  k.end_kind = END_DONE;
  k.end = at("2019-06-26");
  EXPECT_INT(clock_item(c, &k, at("2019-07-30"), lamp_rule_default).before, 2);
}

TEST(lamps_have_a_code_and_words_of_their_own) {
  static const struct {
    Lamp lamp;
    const char *code, *label;
  } rows[] = {
      {LAMP_DONE, "done", "已办结"}, {LAMP_ENDED, "ended", "已终止"}, {LAMP_RED, "red", "超期"},
      {LAMP_GREY, "grey", "暂停"},   {LAMP_YELLOW, "yellow", "预警"}, {LAMP_GREEN, "green", "正常"},
      {LAMP_NONE, "none", "不适用"},
  };
  EXPECT_INT(COUNT(rows), LAMP__MAX - 1);
  for (size_t i = 0; i < COUNT(rows); i++) {
    EXPECT_STR(lamp_code(rows[i].lamp), str_of(rows[i].code));
    EXPECT_STR(lamp_label(rows[i].lamp), str_of(rows[i].label));
  }
}
