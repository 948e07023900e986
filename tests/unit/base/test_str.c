/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

TEST(str_equality_and_order_are_by_bytes) {
  EXPECT(str_eq(S("abc"), S("abc")));
  EXPECT(!str_eq(S("abc"), S("abd")));
  EXPECT(!str_eq(S("abc"), S("ab")));
  EXPECT(str_eq((Str){0}, S("")));
  EXPECT(str_eqz(S("窗"), "窗"));
  EXPECT(str_eqz((Str){0}, NULL));
  EXPECT(str_cmp(S("a"), S("b")) < 0);
  EXPECT(str_cmp(S("ab"), S("a")) > 0);
  EXPECT(str_cmp(S("a"), S("ab")) < 0);
  EXPECT(str_cmp(S("a\x80"), S("a\x7f")) > 0); /* bytes are unsigned */
  EXPECT_INT(str_cmp((Str){0}, S("")), 0);
}

TEST(str_of_null_is_empty) {
  EXPECT_INT(str_of(NULL).len, 0);
  EXPECT(str_of(NULL).ptr != NULL);
  EXPECT_STR(str_of("葫芦岛"), S("葫芦岛"));
}

TEST(str_starts_ends_and_find) {
  EXPECT(str_starts(S("葫芦岛市"), S("葫芦")));
  EXPECT(!str_starts(S("葫"), S("葫芦")));
  EXPECT(str_starts(S("x"), S("")));
  EXPECT(str_ends(S("a.html"), S(".html")));
  EXPECT(!str_ends(S("html"), S(".html")));
  EXPECT(str_ends((Str){0}, S("")));
  EXPECT_INT(str_find(S("abcabd"), S("abd")), 3);
  EXPECT_INT(str_find(S("abc"), S("abcd")), -1);
  EXPECT_INT(str_find(S("abc"), S("")), 0);
  EXPECT_INT(str_find((Str){0}, S("a")), -1);
  EXPECT(str_has(S("a\0b"), S("\0b"))); /* NUL is a byte like any other */
  EXPECT(!str_has(S("abc"), S("d")));
}

TEST(str_trim_takes_wide_space_too) {
  EXPECT_STR(str_trim(S(" \t\r\n　x y　 　")), S("x y"));
  EXPECT_STR(str_trim(S("　 　")), S(""));
  EXPECT_STR(str_trim((Str){0}), S(""));
  /* 。 is E3 80 82: it shares two bytes with U+3000 and must stay */
  EXPECT_STR(str_trim(S("。x。")), S("。x。"));
}

TEST(str_sub_is_clamped) {
  EXPECT_STR(str_sub(S("abcdef"), 2, 3), S("cde"));
  EXPECT_STR(str_sub(S("abc"), 1, SIZE_MAX), S("bc"));
  EXPECT_STR(str_sub(S("abc"), 3, 1), S(""));
  EXPECT_STR(str_sub(S("abc"), SIZE_MAX, SIZE_MAX), S(""));
  EXPECT_STR(str_sub((Str){0}, 1, 1), S(""));
}

TEST(str_cut_at_the_first_separator) {
  Str head, tail;
  EXPECT(str_cut(S("a=b=c"), '=', &head, &tail));
  EXPECT_STR(head, S("a"));
  EXPECT_STR(tail, S("b=c"));
  EXPECT(!str_cut(S("abc"), '=', &head, &tail));
  EXPECT_STR(head, S("abc"));
  EXPECT_STR(tail, S(""));
  EXPECT(str_cut(S("="), '=', &head, &tail));
  EXPECT_INT(head.len + tail.len, 0);
  EXPECT(str_cut(S("a="), '=', &head, &tail));
  EXPECT_STR(head, S("a"));
  EXPECT_STR(tail, S(""));
  EXPECT(!str_cut((Str){0}, '=', &head, &tail));
  EXPECT_INT(head.len + tail.len, 0);
}

TEST(str_cut_may_write_into_its_own_input) {
  Str rest = S("a,b,c"), head;
  int n = 0;
  while (str_cut(rest, ',', &head, &rest)) n++;
  EXPECT_INT(n, 2);
  EXPECT_STR(head, S("c"));
}

TEST(str_to_i64_reads_the_whole_range) {
  int64_t v = 7;
  EXPECT(str_to_i64(S("0"), &v) && v == 0);
  EXPECT(str_to_i64(S("-0"), &v) && v == 0);
  EXPECT(str_to_i64(S("9223372036854775807"), &v) && v == INT64_MAX);
  EXPECT(str_to_i64(S("-9223372036854775808"), &v) && v == INT64_MIN);
}

TEST(str_to_i64_refuses_and_leaves_the_output_alone) {
  static const char *const bad[] = {
      "", "-", "+1", " 1", "1 ", "1a", "--1", "0x10", "1.0", "9223372036854775808",
      "-9223372036854775809", "99999999999999999999999", "１"};
  int64_t v = 7;
  for (size_t i = 0; i < COUNT(bad); i++) {
    EXPECT(!str_to_i64(str_of(bad[i]), &v));
    EXPECT_INT(v, 7);
  }
  EXPECT(!str_to_i64(S("1\0"), &v));
}

TEST(str_hash_differs_for_near_strings) {
  EXPECT(str_hash(S("a")) == str_hash(arena_str(t->mem, S("a"))));
  EXPECT(str_hash(S("a")) != str_hash(S("b")));
  EXPECT(str_hash(S("ab")) != str_hash(S("ba")));
  EXPECT(str_hash(S("")) != str_hash(S("\0")));
  EXPECT(str_hash((Str){0}) == str_hash(S("")));
  /* 10 000 keys into 16 384 places: a fair hash fills about 7 485 of them */
  static bool seen[1 << 14];
  memset(seen, 0, sizeof seen);
  int filled = 0;
  for (int i = 0; i < 10000; i++) {
    bool *place = &seen[str_hash(arena_fmt(t->mem, "case/%d", i)) & (COUNT(seen) - 1)];
    filled += !*place;
    *place = true;
  }
  EXPECT(filled > 7200 && filled < 7800);
}
