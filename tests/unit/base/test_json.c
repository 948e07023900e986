/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

static Str again(Cx *cx, Str text) {
  Json *j = NULL;
  cx_clear(cx);
  if (json_parse(cx, text, &j) != OK) return cx->detail;
  return json_text(cx->mem, j);
}

/* Refused, in a sentence that has every one of the words. */
static bool refused(Cx *cx, Str text, const char *place, const char *why) {
  Json *j = NULL;
  cx_clear(cx);
  Code code = json_parse(cx, text, &j);
  bool ok = code == MALFORMED && !j && str_has(cx->detail, str_of(place)) &&
            str_has(cx->detail, str_of(why));
  if (!ok) log_line(LOG_ERROR, "%.*s: %.*s", SFMT(text), SFMT(cx->detail));
  return ok;
}

TEST(json_round_trip_is_canonical) {
  EXPECT_STR(again(cx, S(" { \"b\" : [ 1 , true , null ] , \"a\" : \"窗\" } ")),
             S("{\"a\":\"窗\",\"b\":[1,true,null]}"));
  EXPECT_STR(again(cx, S("{\"\":0,\"B\":1,\"a\":2,\"A\":3,\"aa\":4,\"窗\":5}")),
             S("{\"\":0,\"A\":3,\"B\":1,\"a\":2,\"aa\":4,\"窗\":5}"));
  EXPECT_STR(again(cx, S("[]")), S("[]"));
  EXPECT_STR(again(cx, S("{}")), S("{}"));
  EXPECT_STR(again(cx, S("false")), S("false"));
  EXPECT_STR(again(cx, S("-0")), S("0"));
}

TEST(json_keys_of_inner_objects_are_sorted_too) {
  Str once = again(cx, S("[{\"z\":{\"y\":1,\"x\":[{\"b\":1,\"a\":2}]},\"c\":0}]"));
  EXPECT_STR(once, S("[{\"c\":0,\"z\":{\"x\":[{\"a\":2,\"b\":1}],\"y\":1}}]"));
  EXPECT_STR(again(cx, once), once);
}

TEST(json_strings_are_escaped_in_one_way) {
  EXPECT_STR(again(cx, S("\"\\u7a97\\/\\ud842\\udfb7\"")), S("\"窗/𠮷\""));
  EXPECT_STR(again(cx, S("\"\\\"\\\\\\n\\r\\t\\b\\f\\u001f\\u007f\"")),
             S("\"\\\"\\\\\\n\\r\\t\\u0008\\u000c\\u001f\x7F\""));
}

TEST(json_integers_reach_2_to_the_53_and_no_further) {
  EXPECT_STR(again(cx, S("[9007199254740992,-9007199254740992]")),
             S("[9007199254740992,-9007199254740992]"));
  EXPECT(refused(cx, S("[9007199254740993]"), "第 1 行第 2 列", "2^53"));
  EXPECT(refused(cx, S("[-9007199254740993]"), "第 1 行第 2 列", "2^53"));
  EXPECT(refused(cx, S("[99999999999999999999999]"), "第 1 行第 2 列", "2^53"));
}

TEST(json_refuses_fractions_and_says_where) {
  EXPECT(refused(cx, S("1.5"), "第 1 行第 1 列", "请写成字符串"));
  EXPECT(refused(cx, S("{\"面积\":\n  1.5}"), "第 2 行第 3 列", "小数"));
  EXPECT(refused(cx, S("{\"面积\": 280.5}"), "第 1 行第 8 列", "\"280.5\"")); /* characters, not bytes */
  EXPECT(refused(cx, S("[1e400]"), "第 1 行第 2 列", "指数"));
  EXPECT(refused(cx, S("[0,1E2]"), "第 1 行第 4 列", "指数"));
  EXPECT(refused(cx, S("[1.0]"), "第 1 行第 2 列", "小数"));
}

TEST(json_text_that_looks_like_a_number_or_a_bracket_is_text) {
  Str numbers = S("\"1.5 1e9 99999999999999999999\"");
  EXPECT_STR(again(cx, numbers), numbers);
  EXPECT_STR(again(cx, S("{\"a\\\"1.5\":\"\\\\\"}")), S("{\"a\\\"1.5\":\"\\\\\"}"));
  EXPECT_STR(again(cx, S("\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"")),
             S("\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\""));
}

TEST(json_refuses_what_is_not_json) {
  EXPECT(refused(cx, S("{\"a\":1,\n\"a\":2}"), "第 2 行", "两次"));
  EXPECT(refused(cx, S("[1,]"), "第 1 行", "写法不对"));
  EXPECT(refused(cx, S("{\"a\":1,}"), "第 1 行", "写法不对"));
  EXPECT(refused(cx, S("[NaN]"), "第 1 行", "写法不对"));
  EXPECT(refused(cx, S("[-Infinity]"), "第 1 行", "写法不对"));
  EXPECT(refused(cx, S("[-]"), "第 1 行", "写法不对"));
  EXPECT(refused(cx, S("[1-2]"), "第 1 行", "写法不对"));
  EXPECT(refused(cx, S("[01]"), "第 1 行", "写法不对"));
  EXPECT(refused(cx, S("[+1]"), "第 1 行", "写法不对"));
  EXPECT(refused(cx, S("{'a':1}"), "第 1 行", "写法不对"));
  EXPECT(refused(cx, S("[1] x"), "第 1 行", "多余"));
  EXPECT(refused(cx, S("{}{}"), "第 1 行", "多余"));
  EXPECT(refused(cx, S("[1"), "第 1 行", "没有写完"));
  EXPECT(refused(cx, S("\"abc"), "第 1 行", "没有写完"));
  EXPECT(refused(cx, S("[/*x*/1]"), "第 1 行", "写法不对"));
}

TEST(json_refuses_empty_input) {
  EXPECT(refused(cx, S(""), "第 1 行第 1 列", "空的"));
  EXPECT(refused(cx, (Str){0}, "第 1 行第 1 列", "空的"));
  EXPECT(refused(cx, S(" \n"), "行", "没有写完"));
}

TEST(json_refuses_bad_text) {
  EXPECT(refused(cx, S("\"\\ud800\""), "第 1 行", ""));
  EXPECT(refused(cx, S("\"\\udc00x\""), "第 1 行", ""));
  EXPECT(refused(cx, S("\"\\ud842\\u0041\""), "第 1 行", ""));
  EXPECT(refused(cx, S("\"\\u0000\""), "第 1 行", "空字符"));
  EXPECT(refused(cx, S("{\"a\\u0000b\":1}"), "第 1 行", "空字符"));
  EXPECT(refused(cx, S("\"a\0b\""), "第 1 行", ""));
  EXPECT(refused(cx, S("\"\xC0\x80\""), "第 1 行", "UTF-8"));
  EXPECT(refused(cx, S("\"\xED\xA0\x80\""), "第 1 行", "UTF-8"));
  EXPECT(refused(cx, S("\"a\nb\""), "行", ""));
  EXPECT(refused(cx, S("\xEF\xBB\xBF{}"), "第 1 行", ""));
}

static Str nested(Arena *a, int depth, const char *open, const char *middle, const char *close) {
  SCOPED(buf_drop) Buf b;
  buf_init(&b, 1 << 24);
  for (int i = 0; i < depth; i++) buf_add(&b, str_of(open));
  buf_add(&b, str_of(middle));
  for (int i = 0; i < depth; i++) buf_add(&b, str_of(close));
  return arena_str(a, buf_str(&b));
}

TEST(json_depth_32_is_the_limit) {
  Str deepest = nested(t->mem, 32, "[", "7", "]");
  EXPECT_STR(again(cx, deepest), deepest);
  EXPECT(refused(cx, nested(t->mem, 33, "[", "7", "]"), "第 1 行第 33 列", "32 层"));
  Str objects = nested(t->mem, 32, "{\"a\":", "7", "}");
  EXPECT_STR(again(cx, objects), objects);
  EXPECT(refused(cx, nested(t->mem, 33, "{\"a\":", "7", "}"), "第 1 行", "32 层"));
  EXPECT(refused(cx, nested(t->mem, 1000000, "[", "", ""), "第 1 行第 33 列", "32 层"));
  /* breadth is not depth */
  EXPECT_INT(again(cx, S("[[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],"
                         "[],[],[],[],[],[],[],[],[],[],[],[],[]]")).len, 109);
}

TEST(json_that_was_damaged_never_breaks_the_reader) {
  static const char seed[] =
      "{\"a\":[1,-2,{\"b\":\"窗\\u7a97\\n\"}],\"c\":true,\"d\":null,\"e\":{\"f\":[[],{}]}}";
  static const char dirt[] = "{}[]\",:\\.eE-+0123456789tfnu \n\x80\xE7\x01";
  uint64_t r = 20190628; /* xorshift: the same damage on every run */
  int taken = 0;
  for (int i = 0; i < 20000; i++) {
    char text[sizeof seed];
    memcpy(text, seed, sizeof seed);
    for (int k = 0; k < 1 + i % 3; k++) {
      r ^= r << 13, r ^= r >> 7, r ^= r << 17;
      text[r % (sizeof seed - 1)] = dirt[(r >> 32) % (sizeof dirt - 1)];
    }
    Json *j = NULL;
    cx_clear(cx);
    if (json_parse(cx, (Str){.ptr = text, .len = sizeof seed - 1}, &j) != OK) {
      EXPECT(cx->fault == MALFORMED && str_starts(cx->detail, S("JSON 第 ")));
      continue;
    }
    taken++;
    Str once = json_text(t->mem, j);
    EXPECT_STR(again(cx, once), once);
  }
  EXPECT(taken > 100 && taken < 19900);
}
