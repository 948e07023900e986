/* SPDX-License-Identifier: Apache-2.0 */
#include "org/org.h"
#include "test.h"

TEST(each_role_has_a_word_a_label_and_one_bit) {
  uint32_t all = 0;
  for (int bit = 0; bit < 16; bit++) {
    Role one = (Role)(1u << bit);
    EXPECT(role_text(one).len > 0);
    EXPECT(role_label(one).len > 0);
    EXPECT_INT(role_parse(role_text(one)), one);
    all |= (uint32_t)one;
  }
  uint32_t back = 0;
  EXPECT_INT(roles_parse(cx, roles_text(t->mem, all), &back), OK);
  EXPECT_INT(back, all);
  EXPECT_STR(role_label(ROLE_CLERK), S("窗口人员"));
  EXPECT_STR(role_text(ROLE_UNSET), S(""));
  EXPECT_INT(role_parse(S("")), 0);
  EXPECT_INT(role_parse(S("Clerk")), 0);
  EXPECT(!(ROLE_ANY_ACCOUNT & (ROLE_SYSTEM | ROLE_PUBLIC)));
}

TEST(lists_of_roles_are_read_strictly) {
  uint32_t roles = 9;
  EXPECT_INT(roles_parse(cx, S(""), &roles), OK);
  EXPECT_INT(roles, 0);
  EXPECT_INT(roles_parse(cx, S("clerk, window_head"), &roles), OK);
  EXPECT_INT(roles, ROLE_CLERK | ROLE_WINDOW_HEAD);
  static const char *const bad[] = {",", "clerk,", "clerk,,agent", "clerk;agent", "clerk agent", "窗口人员"};
  for (size_t i = 0; i < COUNT(bad); i++) {
    EXPECT_INT(roles_parse(cx, str_of(bad[i]), &roles), INVALID);
    EXPECT_STR(cx->field, S("roles"));
    cx_clear(cx);
  }
}
