/* SPDX-License-Identifier: Apache-2.0 */
/* Words on English pages: sentences of the engines, plural forms, Chinese that says it is Chinese. */
#include "test.h"
#include "web/web_int.h"

typedef void Shower(Html *h, const Json *v);

static Str shown(Test *t, const char *lang, Shower *fn, Str value) {
  Json *o = json_obj(t->mem);
  json_put_str(t->mem, o, S("x"), value);
  Html h = {.lang = str_of(lang)};
  buf_init(&h.out, 65536);
  fn(&h, json_get(o, S("x")));
  Str s = arena_str(t->mem, buf_str(&h.out));
  buf_drop(&h.out);
  return s;
}

TEST(a_sentence_with_its_values_in_it_is_found_by_its_pattern) {
  EXPECT_STR(shown(t, "en", html_words, S("剩 3 个工作日")), S("3 working days left"));
  EXPECT_STR(shown(t, "en", html_words, S("剩 1 个工作日")), S("1 working day left"));
  EXPECT_STR(shown(t, "zh", html_words, S("剩 1 个工作日")), S("剩 1 个工作日"));
  EXPECT_STR(shown(t, "en", html_words, S("已暂停，剩 11 个工作日")), S("Paused, 11 working days left"));
  EXPECT_STR(shown(t, "en", html_words, S("综合窗口：受理第2阶段申请")), S("Service window: application for stage 2 accepted"));
  EXPECT(str_has(shown(t, "en", html_words, S("综合窗口：受理第2阶段申请（逾期未答复，自收到之日 2026-11-02 起视为受理）")),
                 S("deemed accepted as of the day of receipt, 2026-11-02")));
}

TEST(values_in_a_sentence_are_translated_or_marked) {
  EXPECT_STR(shown(t, "en", html_words_show, S("市自然资源局“某项示例事项”：接单")),
             S("Municipal Natural Resources Bureau “<span lang=\"zh-CN\">某项示例事项</span>”: taken up"));
  /* An item whose name holds the quotes of the pattern: the last one ends it. */
  EXPECT_STR(shown(t, "en", html_words_show, S("“甲“乙””：通过")), S(" “<span lang=\"zh-CN\">甲“乙”</span>”: approved"));
}

TEST(the_longest_pattern_wins_and_a_bad_fit_is_none) {
  EXPECT_STR(shown(t, "en", html_words, S("“甲”：不批准延期")), S(" “甲”: extension not granted"));
  EXPECT_STR(shown(t, "en", html_words, S("剩 3 个工作日，")), S("剩 3 个工作日，"));
  EXPECT_STR(shown(t, "en", html_words, S("剩个工作日")), S("剩个工作日"));
  EXPECT_STR(shown(t, "en", html_words, S("甲：乙")), S("甲：乙")); /* "{certificate_name}：{certificate}" says too little */
  EXPECT_STR(shown(t, "en", html_words, S("")), S(""));
  EXPECT_STR(shown(t, "en", html_words, S("{n}")), S("{n}"));
}

TEST(a_value_is_never_read_as_a_pattern) {
  EXPECT_STR(shown(t, "en", html_words, S("没有编号为 {n}|<b> 的条款。")), S("There is no clause with the number {n}|&lt;b&gt;."));
}

TEST(chinese_data_is_marked_in_english_only) {
  EXPECT_STR(shown(t, "en", html_show, S("甲<乙")), S("<span lang=\"zh-CN\">甲&lt;乙</span>"));
  EXPECT_STR(shown(t, "zh", html_show, S("甲")), S("甲"));
  EXPECT_STR(shown(t, "en", html_value, S("甲")), S("甲"));
  EXPECT_STR(shown(t, "en", html_show, S("HLD-000123-C　（1）")), S("HLD-000123-C　（1）"));
  EXPECT_STR(shown(t, "en", html_show, S("〇")), S("<span lang=\"zh-CN\">〇</span>"));
  EXPECT_STR(shown(t, "en", html_show, S("𠀀")), S("<span lang=\"zh-CN\">𠀀</span>"));
  EXPECT_STR(shown(t, "en", html_show, S("\xe4\xb8")), S("\xe4\xb8")); /* cut inside a character: no abort */
}

TEST(a_catalogue_that_is_damaged_finds_nothing) {
  Str mo = mo_english(), text;
  MoHole holes[MO_HOLES_MAX];
  size_t count;
  EXPECT(mo_find(mo, S("首页"), &text));
  EXPECT(mo_match(mo, S("剩 3 个工作日"), &text, holes, &count));
  EXPECT_INT(count, 1);
  for (size_t n = 0; n < mo.len; n += 97) {
    Str cut = {.ptr = mo.ptr, .len = n};
    if (mo_match(cut, S("剩 3 个工作日"), &text, holes, &count)) EXPECT(text.ptr + text.len <= cut.ptr + cut.len);
  }
}
