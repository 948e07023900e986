/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

TEST(buf_collects_in_order) {
  SCOPED(buf_drop) Buf b;
  buf_init(&b, 1000);
  EXPECT_STR(buf_str(&b), S(""));
  buf_add(&b, S("一"));
  buf_char(&b, '-');
  buf_i64(&b, -42);
  buf_fmt(&b, "[%s]", "x");
  buf_add(&b, (Str){0});
  EXPECT_STR(buf_str(&b), S("一--42[x]"));
  EXPECT(!b.full);
}

TEST(buf_writes_extreme_integers) {
  SCOPED(buf_drop) Buf b;
  buf_init(&b, 1000);
  buf_i64(&b, INT64_MIN);
  buf_char(&b, ' ');
  buf_i64(&b, INT64_MAX);
  buf_char(&b, ' ');
  buf_i64(&b, 0);
  EXPECT_STR(buf_str(&b), S("-9223372036854775808 9223372036854775807 0"));
}

TEST(buf_overflow_is_sticky) {
  SCOPED(buf_drop) Buf b;
  buf_init(&b, 5);
  buf_add(&b, S("abcd"));
  buf_add(&b, S("ef")); /* 6 > 5: not even a part of it */
  EXPECT(b.full);
  buf_char(&b, 'x'); /* would fit, but nothing more is added */
  buf_fmt(&b, "y");
  buf_i64(&b, 1);
  EXPECT_STR(buf_str(&b), S("abcd"));
  buf_clear(&b);
  buf_add(&b, S("abcde"));
  EXPECT(!b.full);
  EXPECT_STR(buf_str(&b), S("abcde"));
}

TEST(buf_fmt_may_fill_it_exactly) {
  SCOPED(buf_drop) Buf b;
  buf_init(&b, 4);
  buf_fmt(&b, "%s", "abcd");
  EXPECT(!b.full);
  EXPECT_STR(buf_str(&b), S("abcd"));
  buf_fmt(&b, "%s", "");
  EXPECT(!b.full);
  buf_fmt(&b, "%d", 1);
  EXPECT(b.full);
  EXPECT_STR(buf_str(&b), S("abcd"));
}

TEST(buf_grows_to_its_maximum) {
  SCOPED(buf_drop) Buf b;
  buf_init(&b, 100001);
  for (int i = 0; i < 100001; i++) buf_char(&b, (char)('a' + i % 26));
  EXPECT(!b.full);
  int wrong = 0;
  for (size_t i = 0; i < b.len; i++) wrong += b.ptr[i] != (char)('a' + i % 26);
  EXPECT_INT(wrong, 0);
  EXPECT(b.cap <= b.max + 1);
  buf_char(&b, 'x');
  EXPECT(b.full);
}

TEST(buf_dropped_or_zeroed_is_harmless) {
  Buf b = {0};
  buf_add(&b, S("x")); /* a maximum of zero takes nothing */
  EXPECT(b.full);
  buf_drop(&b);
  buf_drop(&b);
  EXPECT(b.ptr == NULL && b.len == 0);
}
