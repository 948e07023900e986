/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the list of notices: what is taken, and what is refused with its line and column. */
#include "test_twin.h"

static const Calendar *loaded(Test *t, Cx *cx, Str text) {
  const Calendar *c = NULL;
  EXPECT_INT(calendar_load(cx, text, &c), OK);
  return c;
}

#define HEAD "date,kind,name\n"

TEST(a_fault_in_the_list_names_line_and_column) {
  static const struct {
    const char *text, *detail, *field;
  } rows[] = {
      {"", "第 1 行第 1 列：表头应为", "date"},
      {"2019-10-01,holiday,国庆节\n", "第 1 行第 1 列：表头应为", "date"},
      {"\n" HEAD, "第 1 行第 1 列：表头应为", "date"},
      {HEAD "2019-02-29,holiday,x\n", "第 2 行第 1 列（date）：“2019-02-29”不是日期", "date"},
      {HEAD "\n\n2019/10/01,holiday,x", "第 4 行第 1 列（date）：“2019/10/01”不是日期", "date"},
      {HEAD ",holiday,x\n", "第 2 行第 1 列（date）：“”不是日期", "date"},
      {HEAD "1999-12-31,holiday,x\n",
       "第 2 行第 1 列（date）：“1999-12-31”不在 2000 年至 2099 年之内", "date"},
      {HEAD "2100-01-01,holiday,x\n",
       "第 2 行第 1 列（date）：“2100-01-01”不在 2000 年至 2099 年之内", "date"},
      {HEAD "2019-10-01,holiday,x\r\n2019-10-02,rest,x\r\n", "第 3 行第 2 列（kind）：“rest”无效",
       "kind"},
      {HEAD "2019-10-01\n", "第 2 行第 2 列（kind）：“”无效", "kind"},
      {HEAD "2019-10-01,Holiday,x\n", "第 2 行第 2 列（kind）：“Holiday”无效", "kind"},
      {HEAD "2019-10-01,holiday,x\n2019-10-02,holiday,x\n2019-10-01,workday,x\n",
       "第 4 行第 1 列（date）：2019-10-01 在第 2 行已经写过", "date"},
      {HEAD "2019-10-01,normal,x\n2019-10-01,normal,x\n",
       "第 3 行第 1 列（date）：2019-10-01 在第 2 行", "date"},
      {HEAD "2019-10-01,holiday,x,y\n", "第 2 行第 4 列：比表头多出一列", "notice"},
      {"date,kind,name,notice\n2019-10-01,holiday,x,y,z\n", "第 2 行第 5 列：比表头多出一列",
       "notice"},
      {HEAD "2019-10-01,holiday,\xFF\n", "第 2 行第 1 列：不是 UTF-8", ""},
  };
  for (size_t i = 0; i < COUNT(rows); i++) {
    const Calendar *c = NULL;
    cx_clear(cx);
    EXPECT_INT(calendar_load(cx, str_of(rows[i].text), &c), INVALID);
    EXPECT_STR(str_sub(cx->detail, 0, strlen(rows[i].detail)), str_of(rows[i].detail));
    EXPECT_STR(cx->field, str_of(rows[i].field));
    EXPECT(!c);
  }
}

TEST(a_long_wrong_value_is_shown_short_and_whole_in_its_characters) {
  Buf b;
  buf_init(&b, 1 << 20);
  buf_add(&b, S(HEAD "2019-10-01,x"));
  for (int i = 0; i < 10000; i++)
    buf_add(&b, S("节"));
  const Calendar *c = NULL;
  EXPECT_INT(calendar_load(cx, buf_str(&b), &c), INVALID);
  EXPECT(cx->detail.len < 300 && utf8_valid(cx->detail));
  buf_drop(&b);
}

TEST(byte_order_mark_carriage_returns_blanks_and_a_missing_last_newline_are_taken) {
  const Calendar *c = loaded(t, cx,
                             S("\xEF\xBB\xBF"
                               "date,kind,name\r\n 2019-10-01 , holiday , 国庆节 \r\n\r\n"
                               "2019-09-29,workday,国庆节"));
  EXPECT(!calendar_is_work(c, at("2019-10-01")));
  EXPECT(calendar_is_work(c, at("2019-09-29")));
  EXPECT_STR(calendar_reason(c, at("2019-10-01"), NULL), S("国庆节"));
}

TEST(the_list_may_be_thrown_away_after_loading) {
  char text[] =
      "date,kind,name,notice\n2019-10-01,holiday,国庆节,n1\n2019-09-29,workday,国庆节,n2\n";
  const Calendar *c = loaded(t, cx, (Str){.ptr = text, .len = sizeof text - 1});
  Str notice;
  memset(text, '?', sizeof text);
  EXPECT_STR(calendar_reason(c, at("2019-10-01"), &notice), S("国庆节"));
  EXPECT_STR(notice, S("n1"));
  EXPECT_STR(calendar_reason(c, at("2019-09-29"), NULL), S("调休上班（国庆节）"));
}

TEST(an_empty_list_is_the_week_and_wholly_provisional) {
  const Calendar *c = loaded(t, cx, S("date,kind,name"));
  EXPECT_INT(calendar_last_year(c), 0);
  EXPECT(calendar_is_provisional(c, at("2019-06-28")));
  EXPECT_STR(day_str(t->mem, calendar_add(c, at("2019-09-27"), 5)), S("2019-10-04"));
}

TEST(normal_puts_a_day_back_to_its_week) {
  const Calendar *c =
      loaded(t, cx, S(HEAD "2019-09-28,normal,\n2019-09-30,normal,\n2019-10-08,holiday,\n"));
  EXPECT(!calendar_is_work(c, at("2019-09-28")));
  EXPECT(calendar_is_work(c, at("2019-09-30")));
  EXPECT_STR(calendar_reason(c, at("2019-09-28"), NULL), S("周六"));
  EXPECT_STR(calendar_reason(c, at("2019-09-30"), NULL), S("工作日"));
  EXPECT_STR(calendar_reason(c, at("2019-10-08"), NULL), S("放假"));
}

TEST(a_closure_or_the_first_rows_of_next_year_do_not_make_that_year_settled) {
  const Calendar *c =
      loaded(t, cx,
             S(HEAD "2026-10-01,holiday,国庆节\n2027-01-01,holiday,元旦\n"
                    "2027-08-09,holiday,示例：台风停工\n2025-10-01,workday,示例\n"));
  EXPECT_INT(calendar_last_year(c), 2026);
  EXPECT(calendar_is_provisional(c, at("2026-12-25")));
  EXPECT(calendar_is_provisional(c, at("2027-08-09")));
  EXPECT(calendar_is_provisional(c, at("2025-06-02")));
  EXPECT(!calendar_is_work(c, at("2027-08-09"))); /* yet it is closed */
}

TEST(a_year_missing_in_between_is_provisional_with_the_week_before_it) {
  const Calendar *c =
      loaded(t, cx, S(HEAD "2024-10-01,holiday,国庆节\n2026-10-01,holiday,国庆节\n"));
  EXPECT(!calendar_is_provisional(c, at("2024-12-24")));
  EXPECT(calendar_is_provisional(c, at("2024-12-25")));
  EXPECT(calendar_is_provisional(c, at("2025-07-01")));
  EXPECT(!calendar_is_provisional(c, at("2026-01-01")));
}

/* A list in which every one of the 36 525 days is `kind`. */
static Str every_day(Test *t, Buf *b, const char *kind) {
  buf_init(b, 4 << 20);
  buf_add(b, S(HEAD));
  for (int d = at("2000-01-01").n; d <= at("2099-12-31").n; d++)
    buf_fmt(b, "%.*s,%s,\n", SFMT(day_str(t->mem, (Day){d})), kind);
  return buf_str(b);
}

TEST(a_list_of_nothing_but_working_days_fits_the_tables) {
  Buf b;
  const Calendar *c = loaded(t, cx, every_day(t, &b, "workday"));
  EXPECT_INT(calendar_count(c, at("1999-12-31"), at("2099-12-31")), 36525);
  EXPECT_INT(calendar_add(c, at("1999-12-31"), 36525).n, at("2099-12-31").n);
  EXPECT_STR(day_str(t->mem, calendar_add(c, at("1999-12-31"), 36526)),
             S("2100-01-01")); /* a Friday */
  buf_drop(&b);
}

TEST(a_list_of_nothing_but_holidays_gives_the_first_day_after_it) {
  Buf b;
  const Calendar *c = loaded(t, cx, every_day(t, &b, "holiday"));
  EXPECT_INT(calendar_count(c, at("1999-12-31"), at("2099-12-31")), 0);
  EXPECT_STR(day_str(t->mem, calendar_add(c, at("2019-01-01"), 1)), S("2100-01-01"));
  buf_drop(&b);
}

TEST(the_last_working_day_of_the_tables_need_not_be_their_last_weekday) {
  const Calendar *c = loaded(t, cx, S(HEAD "2099-12-30,holiday,示例\n2099-12-31,holiday,示例\n"));
  EXPECT_STR(day_str(t->mem, calendar_add(c, at("2099-12-28"), 1)), S("2099-12-29"));
  EXPECT_STR(day_str(t->mem, calendar_add(c, at("2099-12-28"), 2)), S("2100-01-01"));
  EXPECT_INT(calendar_count(c, at("2099-12-28"), at("2100-01-01")), 2);
}
