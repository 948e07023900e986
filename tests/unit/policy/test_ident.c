/* SPDX-License-Identifier: Apache-2.0 */
/* Identifiers with check digits. The good ones are made up or public; none belongs to a person. */
#include "policy/policy.h"
#include "test.h"

TEST(uscc_check_digits) {
  static const char *const good[] = {"91350100M000100Y43", "91211402MA0XK6Q321", "11211400001234562N",
                                     "12211400MB0T1234XQ", "91211403123456702X", "91211403MA0P1R287M"};
  static const char *const bad[] = {
      "", "91350100M000100Y4", "91350100M000100Y433", "91350100M000100Y44", "91350100M000100Y34", "91350100M00010OY43",
      "91350100m000100y43", "9135010IM000100Y43", "91350100M000101Y43", "９1350100M000100Y", "91 50100M000100Y43"};
  for (size_t i = 0; i < COUNT(good); i++) EXPECT(uscc_valid(str_of(good[i])));
  for (size_t i = 0; i < COUNT(bad); i++) EXPECT(!uscc_valid(str_of(bad[i])));
}

/* Every single wrong character of a good code is found. */
TEST(uscc_finds_each_single_error) {
  static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  char code[] = "91350100M000100Y43";
  for (size_t at = 0; at < 18; at++) {
    char keep = code[at];
    for (size_t k = 0; alphabet[k]; k++) {
      if (alphabet[k] == keep) continue;
      code[at] = alphabet[k];
      EXPECT(!uscc_valid(str_of(code)));
    }
    code[at] = keep;
  }
}

TEST(idno_check_digit_and_date) {
  static const char *const good[] = {"11010519491231002X", "211402200002290015", "21140220000228001X"};
  /* lower case x, wrong check, month 13, 29 February 1900, 30 February 1999, short, long, a letter */
  static const char *const bad[] = {"", "11010519491231002x", "110105194912310021", "211402199913100029",
                                    "211402190002290019", "211402199902300017", "1101051949123100",
                                    "11010519491231002X0", "1101051949O231002X", "２1140220000229"};
  for (size_t i = 0; i < COUNT(good); i++) EXPECT(idno_valid(str_of(good[i])));
  for (size_t i = 0; i < COUNT(bad); i++) EXPECT(!idno_valid(str_of(bad[i])));
}

/* ISO 7064 MOD 11-2 finds each single wrong digit and each swap of neighbours. */
TEST(idno_finds_single_errors_and_swaps) {
  char code[] = "211402200002290015";
  for (size_t at = 0; at < 17; at++) {
    char keep = code[at];
    for (char c = '0'; c <= '9'; c++) {
      code[at] = c;
      EXPECT(idno_valid(str_of(code)) == (c == keep));
    }
    code[at] = keep;
    if (code[at] == code[at + 1]) continue;
    code[at] = code[at + 1];
    code[at + 1] = keep;
    EXPECT(!idno_valid(str_of(code)));
    code[at + 1] = code[at];
    code[at] = keep;
  }
}

TEST(phones_are_mobiles_or_landlines_with_area_code) {
  static const char *const good[] = {"13900000000", "19912345678", "0429-3112345", "024-23123456", "04293112345", "02423123456"};
  static const char *const bad[] = {"", "12345678901", "1390000000", "139000000000", "3112345", "0429-311234", "429-3112345",
                                    "0429-311234567", "0429 3112345", "+8613900000000", "1390000000a", "04-23123456",
                                    "0429-3112345-1", "-3112345"};
  for (size_t i = 0; i < COUNT(good); i++) EXPECT(phone_valid(str_of(good[i])));
  for (size_t i = 0; i < COUNT(bad); i++) EXPECT(!phone_valid(str_of(bad[i])));
}

TEST(project_codes_in_both_forms) {
  static const struct { const char *code; ProjectCodeForm form; } rows[] = {
      {"2019-211402-47-03-012345", PROJECT_CODE_OLD}, {"2016-000052-77-01-000001", PROJECT_CODE_OLD},
      {"2020-211402-47-01-999999", PROJECT_CODE_OLD}, {"2304-211403-04-01-135254", PROJECT_CODE_NEW},
      {"2012-211403-04-05-13525X", PROJECT_CODE_NEW}, {"2101-211403-04-01-135254", PROJECT_CODE_NEW},
      {"2300-211403-04-01-135254", PROJECT_CODE_BAD}, {"2313-211403-04-01-135254", PROJECT_CODE_BAD},
      {"2304-211403-04-06-135254", PROJECT_CODE_BAD}, {"2304-211403-04-00-135254", PROJECT_CODE_BAD},
      {"2304-211403-04-01-13525x", PROJECT_CODE_BAD}, {"2304-211403-04-01-13525", PROJECT_CODE_BAD},
      {"2304-211403-04-01-1352545", PROJECT_CODE_BAD}, {"2304-21140-304-01-135254", PROJECT_CODE_BAD},
      {"2304-211403-04-01-135254-1", PROJECT_CODE_BAD}, {"2304211403040113525", PROJECT_CODE_BAD},
      {"1999-211402-47-03-012345", PROJECT_CODE_BAD}, {"2019-211402-47-03-01234A", PROJECT_CODE_BAD},
      {"2019-211402-47-04-012345", PROJECT_CODE_BAD}, {"2304-2114O3-04-01-135254", PROJECT_CODE_BAD}, {"", PROJECT_CODE_BAD},
      {"----", PROJECT_CODE_BAD}, {"2304-211403-04-01-", PROJECT_CODE_BAD}};
  for (size_t i = 0; i < COUNT(rows); i++) {
    EXPECT_INT(project_code_form(str_of(rows[i].code)), rows[i].form);
    EXPECT_INT(project_code_fault(t->mem, str_of(rows[i].code)).len > 0, rows[i].form == PROJECT_CODE_BAD);
    if (project_code_form(str_of(rows[i].code)) != rows[i].form) EXPECT_STR(str_of(rows[i].code), S("see above"));
  }
}

static Str cleaned(Test *t, Cx *cx, const Field *f, const char *typed) {
  Str clean = S("");
  cx_clear(cx);
  Code code = field_check(cx, f, str_of(typed), &clean);
  if (code != OK) {
    EXPECT_INT(code, INVALID);
    EXPECT_STR(cx->field, f->name);
    EXPECT(cx->detail.len > 0 && utf8_valid(cx->detail));
    return arena_fmt(t->mem, "!%.*s", SFMT(cx->detail));
  }
  return clean;
}

/* What is typed with an input method is understood; what cannot be meant says what to type. */
TEST(fields_clean_what_was_typed) {
  static const struct { FieldType type; bool required; int64_t min, max; const char *typed, *want; } rows[] = {
      {FIELD_TEXT, true, 0, 10, "  龙港区　", "龙港区"}, {FIELD_TEXT, true, 0, 3, "一二三四", "!“栏”最多写 3 个字，现在 4 个"},
      {FIELD_TEXT, true, 2, 9, "一", "!“栏”至少写 2 个字"}, {FIELD_TEXT, true, 0, 0, "a\nb", "!“栏”只能写一行"},
      {FIELD_TEXT, true, 0, 0, " 　 ", "!请填写“栏”"}, {FIELD_TEXT, false, 0, 0, "", ""},
      {FIELD_TEXT, true, 0, 0, "a\xe2\x80\xae" "b", "!“栏”含有看不见的控制字符，请重新输入"},
      {FIELD_TEXT, true, 0, 0, "\xff", "!“栏”不是合法的 UTF-8 文字"}, {FIELD_LONG, true, 0, 0, "a\nb", "a\nb"},
      {FIELD_INT, true, 0, 99, "４２", "42"}, {FIELD_INT, true, 0, 99, "100", "!“栏”应在 0 到 99 之间"},
      {FIELD_INT, true, 0, 99, "-1", "!“栏”应在 0 到 99 之间"}, {FIELD_INT, true, 0, 99, "3.5", "!“栏”用整数填写，如 12"},
      {FIELD_DECIMAL, true, 0, 500000, "２８０．５", "280.5"}, {FIELD_DECIMAL, true, 0, 500000, "0280.50", "280.5"},
      {FIELD_DECIMAL, true, 0, 500000, "500.001", "!“栏”应在 0 到 500 之间"},
      {FIELD_DECIMAL, true, 0, 500000, "三百", "!“栏”用数字填写，如 1250.5"},
      {FIELD_DATE, true, 0, 0, "2026－02－28", "2026-02-28"}, {FIELD_DATE, true, 0, 0, "2026-02-29", "!“栏”写成年-月-日，如 2026-12-31"},
      {FIELD_BOOL, true, 0, 0, "true", "true"}, {FIELD_BOOL, true, 0, 0, "yes", "!请选择“栏”"}, {FIELD_BOOL, true, 0, 0, "", "!请选择“栏”"},
      {FIELD_PHONE, true, 0, 0, "１３９００００００００", "13900000000"}, {FIELD_PHONE, true, 0, 0, "139", "!“栏”写 11 位手机号码，或带区号的座机，如 0429-3112345"},
      {FIELD_IDNO, true, 0, 0, "11010519491231002Ｘ", "11010519491231002X"},
      {FIELD_IDNO, true, 0, 0, "1", "!“栏”写 18 位公民身份号码，末位校验码要正确（可为 X）"},
      {FIELD_USCC, true, 0, 0, " 91350100M000100Y43 ", "91350100M000100Y43"},
      {FIELD_USCC, true, 0, 0, "91350100M000100Y44", "!“栏”写 18 位统一社会信用代码，校验码要正确"},
      {FIELD_PROJECT_CODE, true, 0, 0, "2304－211403－04－01－135254", "2304-211403-04-01-135254"},
      {FIELD_PROJECT_CODE, true, 0, 0, "2304", "!“栏”写 24 位项目代码，如 2304-211403-04-01-135254。“2304”应分五段，依次是 4、6、2、2、6 位，中间用“-”隔开。请照平台给的批复或者备案证核对；确实是这个号的，请平台更正，或者问综合窗口。"}};
  for (size_t i = 0; i < COUNT(rows); i++) {
    Field f = {.name = S("f"), .label = S("栏"), .type = rows[i].type, .required = rows[i].required, .min = rows[i].min, .max = rows[i].max};
    EXPECT_STR(cleaned(t, cx, &f, rows[i].typed), str_of(rows[i].want));
  }
  const Choice choices[] = {{S("a"), S("甲")}, {S("b"), S("乙")}};
  Field f = {.name = S("f"), .label = S("栏"), .type = FIELD_CHOICE, .required = true, .choices = choices, .choice_count = 2};
  EXPECT_STR(cleaned(t, cx, &f, "b"), S("b"));
  EXPECT_STR(cleaned(t, cx, &f, "c"), S("!请选择“栏”"));
}
