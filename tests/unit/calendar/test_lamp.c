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
