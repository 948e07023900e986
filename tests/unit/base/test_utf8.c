/* SPDX-License-Identifier: Apache-2.0 */
#include "aborts.h"
#include "test.h"

TEST(utf8_takes_every_border_that_is_well_formed) {
  EXPECT(utf8_valid((Str){0}));
  EXPECT(utf8_valid(S("\x01\x7F")));
  EXPECT(utf8_valid(S("\xC2\x80\xDF\xBF")));                 /* U+0080, U+07FF */
  EXPECT(utf8_valid(S("\xE0\xA0\x80\xEF\xBF\xBF")));         /* U+0800, U+FFFF */
  EXPECT(utf8_valid(S("\xED\x9F\xBF\xEE\x80\x80")));         /* around the surrogates */
  EXPECT(utf8_valid(S("\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"))); /* U+10000, U+10FFFF */
  EXPECT(utf8_valid(S("葫芦岛𠮷")));
}

TEST(utf8_refuses_what_is_not_well_formed) {
  static const Str bad[] = {
      {"\0", 1},                                 /* NUL */
      {"a\0b", 3},
      {"\xC0\x80", 2},                           /* overlong NUL */
      {"\xC1\xBF", 2},                           /* overlong U+007F */
      {"\xE0\x9F\xBF", 3},                       /* overlong U+07FF */
      {"\xF0\x8F\xBF\xBF", 4},                   /* overlong U+FFFF */
      {"\xED\xA0\x80", 3}, {"\xED\xBF\xBF", 3},  /* surrogates U+D800, U+DFFF */
      {"\xF4\x90\x80\x80", 4},                   /* U+110000 */
      {"\xF5\x80\x80\x80", 4}, {"\xFF", 1}, {"\xFE", 1},
      {"\x80", 1}, {"\xBF", 1},                  /* a continuation alone */
      {"\xC2" "a", 2}, {"\xE4\xB8" "a", 3},      /* broken off by a letter */
  };
  for (size_t i = 0; i < COUNT(bad); i++) {
    if (utf8_valid(bad[i])) EXPECT_INT(i, -1);
    SCOPED(buf_drop) Buf b;
    buf_init(&b, 20);
    buf_add(&b, S("窗"));
    buf_add(&b, bad[i]);
    EXPECT(!utf8_valid(buf_str(&b)));
  }
}

TEST(utf8_refuses_a_character_cut_anywhere) {
  static const Str whole[] = {{"é", 2}, {"窗", 3}, {"𠮷", 4}};
  for (size_t i = 0; i < COUNT(whole); i++) {
    EXPECT(utf8_valid(whole[i]));
    for (size_t n = 1; n < whole[i].len; n++) {
      /* on the heap and exact, so that reading past the end is seen by ASan */
      SCOPED(buf_drop) Buf b;
      buf_init(&b, 8);
      buf_add(&b, str_sub(whole[i], 0, n));
      EXPECT(!utf8_valid(buf_str(&b)));
      EXPECT(!utf8_valid(str_sub(whole[i], n, SIZE_MAX)));
    }
  }
}

TEST(utf8_counts_and_steps_by_code_point) {
  uint32_t cp = 0;
  EXPECT_INT(utf8_count(S("a窗𠮷")), 3);
  EXPECT_INT(utf8_count((Str){0}), 0);
  EXPECT_INT(utf8_next(S("a窗𠮷"), 0, &cp), 1);
  EXPECT_INT(cp, 'a');
  EXPECT_INT(utf8_next(S("a窗𠮷"), 1, &cp), 3);
  EXPECT_INT(cp, 0x7A97);
  EXPECT_INT(utf8_next(S("a窗𠮷"), 4, &cp), 4);
  EXPECT_INT(cp, 0x20BB7);
}

static void next_past_the_end(void) {
  uint32_t cp;
  utf8_next(S("a"), 1, &cp);
}
TEST(utf8_next_past_the_end_is_a_broken_contract) {
  EXPECT(aborts(next_past_the_end));
}

static Str encode3(Arena *a, unsigned cp) {
  return arena_fmt(a, "x%c%c%cx", (char)(0xE0 | cp >> 12), (char)(0x80 | (cp >> 6 & 63)),
                   (char)(0x80 | (cp & 63)));
}

TEST(utf8_finds_each_bidi_control_and_no_neighbour) {
  int found = 0;
  for (unsigned cp = 0x2000; cp <= 0x2080; cp++) {
    bool want = cp == 0x200E || cp == 0x200F || (cp >= 0x202A && cp <= 0x202E) ||
                (cp >= 0x2066 && cp <= 0x2069);
    found += want;
    EXPECT_INT(utf8_has_bidi(encode3(t->mem, cp)), want);
  }
  EXPECT_INT(found, 11);
  EXPECT(utf8_has_bidi(S("a\xD8\x9C"))); /* U+061C */
  EXPECT(!utf8_has_bidi(S("\xD8\x9B葫芦岛𠮷")));
  EXPECT(!utf8_has_bidi((Str){0}));
}

TEST(utf8_finds_control_characters) {
  EXPECT(!utf8_has_control(S("一\t二\r\n三")));
  EXPECT(utf8_has_control(S("a\x01")));
  EXPECT(utf8_has_control(S("\x1B[31m")));
  EXPECT(utf8_has_control(S("\x7F")));
  EXPECT(utf8_has_control(S("\xC2\x80")) && utf8_has_control(S("\xC2\x9F")));
  EXPECT(!utf8_has_control(S("\xC2\xA0")));
  EXPECT(utf8_has_control(S("\xEF\xBF\xBE")) && utf8_has_control(S("\xEF\xBF\xBF")));
  EXPECT(!utf8_has_control(S("\xEF\xBF\xBD𠮷")));
}

static size_t encode(uint32_t cp, char out[3]) {
  if (cp < 0x80) return out[0] = (char)cp, 1;
  if (cp < 0x800) return out[0] = (char)(0xC0 | cp >> 6), out[1] = (char)(0x80 | (cp & 0x3F)), 2;
  out[0] = (char)(0xE0 | cp >> 12), out[1] = (char)(0x80 | (cp >> 6 & 0x3F)), out[2] = (char)(0x80 | (cp & 0x3F));
  return 3;
}

/* Behind an é, which is not plain, the slow way is gone. */
TEST(plain_characters_are_what_the_slow_checks_find_them_to_be) {
  int plain = 0;
  for (uint32_t cp = 1; cp < 0x10000; cp++) {
    char text[5] = "\xC3\xA9";
    size_t n = encode(cp, text + 2);
    Str alone = {.ptr = text + 2, .len = n}, behind = {.ptr = text, .len = n + 2};
    if (!utf8_plain(alone)) continue;
    SCOPED(arena_close_p) Arena *mem = arena_open(1 << 12);
    plain++;
    EXPECT(utf8_valid(alone) && !utf8_has_bidi(alone) && !utf8_has_control(alone));
    EXPECT_STR(utf8_nfc(mem, behind), behind);
  }
  EXPECT(plain > 21000);
  EXPECT(utf8_plain(S("准予许可，(A-1)")) && utf8_plain(S("")));
  EXPECT(!utf8_plain(S("a\nb")) && !utf8_plain(S("\xE7\xAA")) && !utf8_plain(S("a\xE7\xAA")) && !utf8_plain(S("é")));
}

TEST(utf8_nfc_composes_and_keeps_the_rest) {
  EXPECT_STR(utf8_nfc(t->mem, S("e\xCC\x81")), S("\xC3\xA9"));
  EXPECT_STR(utf8_nfc(t->mem, S("葫芦岛 abc １")), S("葫芦岛 abc １")); /* NFC, not NFKC */
  EXPECT_STR(utf8_nfc(t->mem, S("\xEF\xA4\x80")), S("\xE8\xB1\x88")); /* U+F900 → U+8C48 豈 */
  EXPECT_STR(utf8_nfc(t->mem, S("𠮷")), S("𠮷"));
  EXPECT_STR(utf8_nfc(t->mem, (Str){0}), S(""));
}

TEST(utf8_halfwidth_for_codes_typed_with_an_input_method) {
  EXPECT_STR(utf8_halfwidth(t->mem, S("２１１４００")), S("211400"));
  EXPECT_STR(utf8_halfwidth(t->mem, S("ＡＢｚ！～")), S("ABz!~"));
  EXPECT_STR(utf8_halfwidth(t->mem, S("1　2")), S("1 2"));
  EXPECT_STR(utf8_halfwidth(t->mem, S("‐‑‒–—―−")), S("-------"));
  EXPECT_STR(utf8_halfwidth(t->mem, S("。、《窗》‖𠮷")), S("。、《窗》‖𠮷"));
  EXPECT_STR(utf8_halfwidth(t->mem, S("\xEF\xBC\x80\xEF\xBD\x9F")), S("\xEF\xBC\x80\xEF\xBD\x9F"));
  EXPECT_STR(utf8_halfwidth(t->mem, (Str){0}), S(""));
}
