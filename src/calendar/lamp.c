/* SPDX-License-Identifier: Apache-2.0 */
#include "calendar/calendar.h"

const LampRule lamp_rule_default = {.warn_days = 1, .warn_of = 5};

#define WORD(s) {.ptr = s, .len = sizeof(s) - 1}
static const struct {
  Str code, label;
} lamps[LAMP__MAX] = {
    [LAMP_UNSET] = {WORD("unset"), WORD("")},
    [LAMP_DONE] = {WORD("done"), WORD("已办结")},
    [LAMP_ENDED] = {WORD("ended"), WORD("已终止")},
    [LAMP_RED] = {WORD("red"), WORD("超期")},
    [LAMP_GREY] = {WORD("grey"), WORD("暂停")},
    [LAMP_YELLOW] = {WORD("yellow"), WORD("预警")},
    [LAMP_GREEN] = {WORD("green"), WORD("正常")},
    [LAMP_NONE] = {WORD("none"), WORD("不适用")},
};

Str lamp_code(Lamp l) {
  REQUIRE(l < LAMP__MAX);
  return lamps[l].code;
}

Str lamp_label(Lamp l) {
  REQUIRE(l < LAMP__MAX);
  return lamps[l].label;
}
