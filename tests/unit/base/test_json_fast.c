/* SPDX-License-Identifier: Apache-2.0 */
/* Two readers of JSON: the fast one and the one that judges. What one takes the other takes, as the same tree. */
#include "base/json_int.h"
#include "test.h"

static bool same(const Json *a, const Json *b) {
  if (!a || !b) return a == b;
  if (a->kind != b->kind || a->num != b->num || a->count != b->count) return false;
  if (!str_eq(a->key, b->key) || !str_eq(a->str, b->str)) return false;
  const Json *x = a->first, *y = b->first;
  for (; x && y; x = x->next, y = y->next)
    if (!same(x, y)) return false;
  return x == y && (a->last != NULL) == (b->last != NULL) && (!a->last || !a->last->next);
}

/* -1: they disagree; else whether both take it. */
static int both(Cx *cx, Str text) {
  Json *fast = NULL, *in = NULL, *judged = NULL;
  cx_clear(cx);
  bool a = text.len && json__fast(cx->mem, text, false, &fast), b = text.len && json__fast(cx->mem, text, true, &in);
  bool c = json_parse_judged(cx, text, &judged) == OK;
  if (a != b || a != c) return -1;
  if (!c) return 0;
  return same(fast, judged) && same(in, judged) ? 1 : -1;
}

TEST(both_readers_agree_on_the_edges) {
  static const struct { const char *text; int taken; } rows[] = {
      {"0", 1}, {"-0", 1}, {"00", 0}, {"-01", 0}, {"-", 0}, {"1-2", 0}, {"+1", 0}, {"1.", 0}, {"1e1", 0},
      {"9007199254740992", 1}, {"9007199254740993", 0}, {"-9007199254740992", 1}, {"90071992547409920", 0},
      {"00000000000000000001", 0}, {" \t\r\n1 ", 1}, {"\v1", 0}, {"1 2", 0}, {"true", 1}, {"truefalse", 0}, {"True", 0},
      {"nul", 0}, {"[true1]", 0}, {"[1,]", 0}, {"[,1]", 0}, {"[", 0}, {"]", 0}, {"{\"a\":1,}", 0}, {"{\"a\" : 1 }", 1},
      {"{\"a\":1,\"a\":2}", 0}, {"{\"b\":1,\"a\":2,\"b\":3}", 0}, {"{\"a\":1,\"\\u0061\":2}", 0}, {"{1:2}", 0}, {"{\"a\"1}", 0},
      {"\"\\u0000\"", 0}, {"\"\\u7a97\\/\\ud842\\udfb7\"", 1}, {"\"\\ud842\"", 0}, {"\"\\udfb7\"", 0}, {"\"\\ud842\\u0041\"", 0},
      {"\"\\ud842x\"", 0}, {"\"\\u12\"", 0}, {"\"\\x\"", 0}, {"\"\\\"", 0}, {"\"\\", 0}, {"\"", 0}, {"\"\\u007f\x7f\"", 1},
      {"\"\xC0\x80\"", 0}, {"\"\xED\xA0\x80\"", 0}, {"\"\xF4\x90\x80\x80\"", 0}, {"\"\xE7\xAA\"", 0}, {"\"\xEF\xBF\xBF\"", 1},
      {"\xEF\xBB\xBF[]", 0}, {"\"\\\xE7\xAA\x97\"", 0}, {"\"\n\"", 0}, {"'a'", 0}, {"", 0}, {" ", 0}, {"{}{}", 0}};
  for (size_t i = 0; i < COUNT(rows); i++) {
    int got = both(cx, str_of(rows[i].text));
    if (got != rows[i].taken) log_line(LOG_ERROR, "%s: %d", rows[i].text, got);
    EXPECT_INT(got, rows[i].taken);
  }
  EXPECT_INT(both(cx, S("\"a\0b\"")), 0);
  EXPECT_INT(both(cx, S("1\0")), 0);
  EXPECT_INT(both(cx, S("[1,\0 2]")), 0);
}

/* Bodies as they are written, then damaged; longer ones than in test_json.c, with everything that is escaped. */
TEST(both_readers_agree_on_damaged_texts) {
  static const char *const seeds[] = {
      "{\"a\":[1,-2,{\"b\":\"窗\\u7a97\\n\"}],\"c\":true,\"d\":null,\"e\":{\"f\":[[],{}]}}",
      "{\"day\":\"2025-07-22\",\"deemed\":false,\"items\":[{\"before_stage\":0,\"code\":\"land\",\"name\":\"预审\"}],\"stage\":1}",
      "{\"z\":9007199254740992,\"a\":-9007199254740991,\"m\":\"\\ud842\\udfb7\\\"\\\\\\u001f\",\"\":{\"k\":\"v\",\"K\":0}}",
      "[{\"one\":\"\",\"two\":\"\\/\\b\\f\"},[[[[[[]]]]]],\"\xF0\xA0\xAE\xB7\",0,10,100]"};
  static const char dirt[] = "{}[]\",:\\.eE-+0123456789tfnuaADd \n\x80\xE7\x01";
  uint64_t r = 60;
  int taken = 0, refused = 0;
  for (int i = 0; i < 60000; i++) {
    char text[256];
    const char *seed = seeds[i % COUNT(seeds)];
    size_t len = strlen(seed);
    memcpy(text, seed, len);
    for (int k = 0; k < i % 4; k++) {
      r ^= r << 13, r ^= r >> 7, r ^= r << 17;
      text[r % len] = r >> 20 & 1 ? text[(r >> 40) % len] : dirt[(r >> 32) % (sizeof dirt - 1)];
    }
    Arena *mem = cx->mem;
    SCOPED(arena_close_p) Arena *own = arena_open(1 << 20);
    cx->mem = own;
    int got = both(cx, (Str){.ptr = text, .len = i % 7 ? len : r % (len + 1)});
    cx->mem = mem;
    cx_clear(cx);
    if (got < 0) log_line(LOG_ERROR, "%.*s", (int)len, text);
    EXPECT(got >= 0);
    taken += got == 1, refused += got == 0;
  }
  EXPECT(taken > 3000 && refused > 3000);
}

TEST(many_keys_out_of_order_are_still_compared) {
  SCOPED(buf_drop) Buf b;
  buf_init(&b, 1 << 20);
  for (int round = 0; round < 2; round++) {
    buf_clear(&b);
    buf_char(&b, '{');
    for (int i = 0; i < 3000; i++) buf_fmt(&b, "\"k%d\":%d,", i * 7919 % 3001, i);
    buf_fmt(&b, "\"k%d\":0}", round ? 7919 * 1500 % 3001 : 9999);
    EXPECT_INT(both(cx, buf_str(&b)), round ? 0 : 1);
  }
}

TEST(texts_read_in_place_are_borrowed) {
  static const char text[] = "{\"a\":\"plain\",\"b\":\"with\\n\"}";
  Json *j = NULL;
  EXPECT(json_parse_in(cx, str_of(text), &j) == OK);
  Str plain = json_str(j, S("a"));
  EXPECT(plain.ptr > text && plain.ptr < text + sizeof text);
  EXPECT_STR(json_str(j, S("b")), S("with\n"));
  EXPECT(json_parse(cx, str_of(text), &j) == OK);
  plain = json_str(j, S("a"));
  EXPECT(plain.ptr < text || plain.ptr >= text + sizeof text);
}
