/* SPDX-License-Identifier: Apache-2.0 */
#include "org/org.h"
#include "test.h"

TEST(passwords_must_be_long_mixed_and_not_the_account) {
  static const struct { const char *account, *password; Code code; } rows[] = {
      {"wang", "Abcdefgh1", INVALID},        /* 9 */
      {"wang", "Abcdefgh12", OK},
      {"wang", "abcdefgh12", INVALID},       /* two kinds */
      {"wang", "ABCDEFGHIJ", INVALID},
      {"wang", "abcdefgh-12", OK},
      {"wang", "葫芦岛市行政审批局", INVALID}, /* one kind, 9 characters */
      {"wang", "葫芦岛市行政审批局窗口a1", OK},
      {"wang", "Xwang-2019-x", INVALID},     /* the account */
      {"wa", "Xwang-2019-x", OK},
      {"wang", "", INVALID},
      {"wang", "Abc\xff" "defgh12", INVALID}};
  for (size_t i = 0; i < COUNT(rows); i++) {
    Code code = password_check(cx, str_of(rows[i].account), str_of(rows[i].password));
    if (code != rows[i].code) EXPECT_STR(str_of(rows[i].password), code == OK ? S("refused") : S("taken"));
    if (code != OK) EXPECT_STR(cx->field, S("password"));
    EXPECT(!rows[i].password[0] || !str_has(cx->detail, str_of(rows[i].password)));
    cx_clear(cx);
  }
}

TEST(a_password_of_128_characters_is_the_longest) {
  Buf b;
  buf_init(&b, 4096);
  buf_add(&b, S("aA1"));
  for (int i = 3; i < 128; i++) buf_add(&b, S("字"));
  EXPECT_INT(password_check(cx, S("wang"), buf_str(&b)), OK);
  EXPECT(password_verify(password_hash(t->mem, buf_str(&b)), buf_str(&b)));
  buf_char(&b, 'x');
  EXPECT_INT(password_check(cx, S("wang"), buf_str(&b)), INVALID);
  buf_drop(&b);
}

TEST(a_hash_is_argon2id_with_its_parameters_and_a_salt_of_its_own) {
  Str a = password_hash(t->mem, S("Huludao-2019!")), b = password_hash(t->mem, S("Huludao-2019!"));
  EXPECT(str_starts(a, S("$argon2id$v=19$m=19456,t=2,p=1$")));
  EXPECT(!str_eq(a, b));
  EXPECT(!str_has(a, S("Huludao")));
  EXPECT(password_verify(a, S("Huludao-2019!")));
  EXPECT(password_verify(b, S("Huludao-2019!")));
}

TEST(only_the_very_password_is_taken) {
  Str hash = password_hash(t->mem, S("Huludao-2019!"));
  static const char *const wrong[] = {"", "Huludao-2019", "huludao-2019!", "Huludao-2019! ", "Huludao-2019!x"};
  for (size_t i = 0; i < COUNT(wrong); i++) EXPECT(!password_verify(hash, str_of(wrong[i])));
  EXPECT(!password_verify(hash, S("Huludao-2019!\0")));
}

TEST(what_is_no_hash_verifies_nothing) {
  static const char *const bad[] = {"", "x", "Huludao-2019!", "$argon2id$v=19$m=19456,t=2,p=1$", "$argon2id$v=19$m=19456,t=2,p=1$AAAA$AAAA"};
  for (size_t i = 0; i < COUNT(bad); i++) {
    EXPECT(!password_verify(str_of(bad[i]), str_of(bad[i])));
    EXPECT(!password_verify(str_of(bad[i]), S("")));
  }
  EXPECT(!password_verify((Str){0}, (Str){0}));
  Str hash = password_hash(t->mem, S("Huludao-2019!"));
  EXPECT(!password_verify(arena_fmt(t->mem, "%.*s%0100d", SFMT(hash), 0), S("Huludao-2019!")));
}

/* Made once by the reference library with m=8 MiB, t=1: a hash carries its own parameters. */
TEST(a_hash_made_with_older_parameters_still_verifies) {
  EXPECT(password_verify(S("$argon2id$v=19$m=8192,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$cg7VTsBTa+gQ1MYMO5WDCDt+qOVxfznf50tYr3zFL3k"), S("Huludao-2019!")));
  EXPECT(!password_verify(S("$argon2id$v=19$m=8192,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$cg7VTsBTa+gQ1MYMO5WDCDt+qOVxfznf50tYr3zFL3k"), S("Huludao-2018!")));
}

TEST(an_account_that_does_not_exist_costs_the_same_hash) {
  Str dummy = password_dummy_hash();
  EXPECT(str_starts(dummy, S("$argon2id$v=19$m=19456,t=2,p=1$")));
  EXPECT_STR(password_dummy_hash(), dummy);
  EXPECT(!password_verify(dummy, S("")));
  EXPECT(!password_verify(dummy, S("Huludao-2019!")));
}
