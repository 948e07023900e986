/* SPDX-License-Identifier: Apache-2.0 */
/* lamp.c: exactly one lamp for a reading, and its words. */
#include "calendar/calendar_int.h"

const LampRule lamp_rule_default = {.warn_days = 1, .warn_of = 5};

/* A share of 0 is no share: without this a rule that leaves it out would warn always. */
static bool warns(int left, int limit, LampRule rule) {
  if (left <= rule.warn_days) return true;
  return rule.warn_of > 0 && (int64_t)left * rule.warn_of <= limit;
}

Lamp lamp__of(const Reading *r, const Stand *s, int limit, LampRule rule) {
  if (s->end_kind == END_DONE) return LAMP_DONE;
  if (s->end_kind == END_STOPPED) return LAMP_ENDED;
  if (!s->started) return LAMP_NONE;
  if (r->overdue) return LAMP_RED;
  if (r->paused) return r->stalled ? LAMP_YELLOW : LAMP_GREY;
  return warns(r->left, limit, rule) ? LAMP_YELLOW : LAMP_GREEN;
}

#define WORD(s) \
  { .ptr = s, .len = sizeof(s) - 1 }
static const struct {
  Str code, label;
} lamps[LAMP__MAX] = {
    [LAMP_UNSET] = {WORD("unset"), WORD("")},       [LAMP_DONE] = {WORD("done"), WORD("已办结")},
    [LAMP_ENDED] = {WORD("ended"), WORD("已终止")}, [LAMP_RED] = {WORD("red"), WORD("超期")},
    [LAMP_GREY] = {WORD("grey"), WORD("暂停")},     [LAMP_YELLOW] = {WORD("yellow"), WORD("预警")},
    [LAMP_GREEN] = {WORD("green"), WORD("正常")},   [LAMP_NONE] = {WORD("none"), WORD("不适用")},
};

Str lamp_code(Lamp l) {
  REQUIRE(l < LAMP__MAX);
  return lamps[l].code;
}

Str lamp_label(Lamp l) {
  REQUIRE(l < LAMP__MAX);
  return lamps[l].label;
}
