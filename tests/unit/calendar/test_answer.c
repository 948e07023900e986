/* SPDX-License-Identifier: Apache-2.0 */
/* The filter's lines: the golden ones of tests/clock, lines that are no lines, and random damage. */
#include "history.h"

#include <stdio.h>

enum { LINE_MAX = 1 << 20, MEMORY = 256 << 20 }; /* as the verb has it */

typedef struct Filter {
  const Calendar *calendar;
  Arena *mem;
  Buf out;
} Filter;

static Filter filter_open(Test *t, Cx *cx) {
  Filter f = {.calendar = twin_load(t, cx)->calendar, .mem = arena_open(MEMORY)};
  buf_init(&f.out, 8 << 20);
  return f;
}

static void filter_close(Filter *f) {
  arena_close(f->mem);
  buf_drop(&f->out);
}

/* The one line that comes out, as JSON; NULL when it is not exactly one, or has not one of answer and error. */
static Json *ask(Filter *f, Str line) {
  Json *j = NULL;
  Cx cx = {.mem = f->mem};
  arena_reset(f->mem);
  buf_clear(&f->out);
  clock_answer(f->mem, f->calendar, lamp_rule_default, line, &f->out);
  Str out = buf_str(&f->out);
  if (f->out.full || !str_ends(out, S("\n")) || str_find(out, S("\n")) != (ptrdiff_t)out.len - 1) return NULL;
  if (json_parse(&cx, str_sub(out, 0, out.len - 1), &j) != OK || j->kind != JSON_OBJ) return NULL;
  const Json *answer = json_get(j, S("answer")), *error = json_get(j, S("error"));
  if (!answer == !error || (error && !json_str(error, S("text")).len)) return NULL;
  return j;
}

static Str golden(Cx *cx) {
  Str text;
  REQUIRE(file_read(cx, arena_fmt(cx->mem, "%.*s/tests/clock/answers.jsonl", SFMT(test_root())), 1 << 20, &text) == OK);
  return text;
}

static bool json_same(Arena *mem, const Json *a, const Json *b) {
  return a && b && str_eq(json_text(mem, a), json_text(mem, b));
}

static bool as_expected(Arena *mem, const Json *j) {
  const Json *expect = json_get(j, S("expect")), *answer = json_get(j, S("answer"));
  Str field = json_str(j, S("expect_error"));
  if (!expect) return !answer && field.len && str_eq(json_str(json_get(j, S("error")), S("field")), field);
  for (const Json *want = expect->first; want; want = want->next)
    if (!json_same(mem, json_get(answer, want->key), want)) return false;
  return answer != NULL;
}

TEST(the_golden_lines_are_answered_as_they_expect) {
  Filter f = filter_open(t, cx);
  Str rest = golden(cx), line;
  int answers = 0, errors = 0;
  while (rest.len) {
    str_cut(rest, '\n', &line, &rest);
    Json *j = ask(&f, line);
    bool good = j && as_expected(f.mem, j);
    EXPECT(good);
    if (!good) fprintf(stderr, "    %.*s", SFMT(buf_str(&f.out)));
    answers += j && json_get(j, S("answer"));
    errors += j && json_get(j, S("error"));
  }
  EXPECT(answers >= 60 && errors >= 35);
  filter_close(&f);
}

TEST(a_line_keeps_what_it_was_asked_and_gets_the_answer) {
  Filter f = filter_open(t, cx);
  Json *j = ask(&f, S("{\"id\":\"A-7\",\"note\":{\"x\":[1,null,true]},\"type\":\"month\",\"start\":\"2019-06-28\",\"months\":1,\"now\":\"2019-06-28\"}"));
  Json *answer = json_put_obj(f.mem, j, S("answer"));
  (void)answer;
  EXPECT_STR(json_text(f.mem, j), S("{\"answer\":{},\"id\":\"A-7\",\"months\":1,\"note\":{\"x\":[1,null,true]},\"now\":\"2019-06-28\",\"start\":"
                                    "\"2019-06-28\",\"type\":\"month\"}"));
  filter_close(&f);
}

#define GOOD "{\"type\":\"item\",\"start\":\"2019-06-28\",\"limit\":5,\"now\":\"2019-06-28\"}"

TEST(lines_that_cannot_be_read_get_an_error_that_says_why) {
  const struct { Str line, text; } rows[] = {
      {S("{"), S("没有写完")},
      {S("nonsense"), S("写法不对")},
      {S("{\"type\":\"item\",\"type\":\"item\"}"), S("写了两次")},
      {S("{\"type\":\"item\",\"limit\":5.5}"), S("不接受小数")},
      {S("{\"type\":\"item\",\"limit\":5e2}"), S("不接受小数")},
      {S("{\"type\":\"item\",\"limit\":99999999999999999999}"), S("2^53")},
      {S("{\"type\":\"item\"} x"), S("多余")},
      {S("{\"type\":\"\xff\xfe\"}"), S("UTF-8")},
      {S("{\"type\":\"\xed\xa0\x80\"}"), S("UTF-8")},
      {S("{\"type\":\"a\0b\"}"), S("UTF-8")},
      {S("{\"type\":\"\\u0000\"}"), S("空字符")},
      {S("[]"), S("JSON 对象")},
      {S("7"), S("JSON 对象")},
      {S("null"), S("JSON 对象")},
      {S("\xEF\xBB\xBF"), S("空的")},
  };
  Filter f = filter_open(t, cx);
  for (size_t i = 0; i < COUNT(rows); i++) {
    Json *j = ask(&f, rows[i].line);
    bool good = j && str_has(json_str(json_get(j, S("error")), S("text")), rows[i].text);
    EXPECT(good);
    if (!good) fprintf(stderr, "    %zu: %.*s", i, SFMT(buf_str(&f.out)));
  }
  EXPECT(json_get(ask(&f, S("\xEF\xBB\xBF" GOOD)), S("answer")) != NULL); /* a spreadsheet's mark */
  EXPECT(json_get(ask(&f, S("{\"type\":\"item\",\"start\":\"2019-06-28\",\"limit\":5,\"calendar\":null,\"pauses\":null,\"end\":null,"
                            "\"now\":\"2019-06-28\"}")), S("answer")) != NULL);
  filter_close(&f);
}

static Str repeated(Arena *mem, Str head, Str unit, Str tail, size_t most) {
  size_t n = (most - head.len - tail.len) / unit.len, at = head.len;
  char *p = arena_array(mem, char, most);
  memcpy(p, head.ptr, head.len);
  for (size_t i = 0; i < n; i++, at += unit.len) memcpy(p + at, unit.ptr, unit.len);
  memcpy(p + at, tail.ptr, tail.len);
  return (Str){.ptr = p, .len = at + tail.len};
}

/* As large as the verb lets a line be, in each way that makes the tree large or deep. */
TEST(very_long_and_very_deep_lines_are_answered_within_the_memory) {
  const struct { Str head, unit, tail; bool good; } rows[] = {
      {S("{\"x\":["), S("0,"), S("0],\"type\":\"month\",\"start\":\"2019-06-28\",\"months\":1,\"now\":\"2019-06-28\"}"), true},
      {S("{\"x\":["), S("{},"), S("0],\"type\":\"month\",\"start\":\"2019-06-28\",\"months\":1,\"now\":\"2019-06-28\"}"), true},
      {S("{\"x\":\""), S("\\u4e00"), S("\",\"type\":\"month\",\"start\":\"2019-06-28\",\"months\":1,\"now\":\"2019-06-28\"}"), true},
      {S("{\"type\":\"item\",\"start\":\"2019-06-28\",\"limit\":5,\"now\":\"2019-06-28\",\"pauses\":["),
       S("{\"from\":\"2019-06-28\",\"kind\":\"special\"},"), S("{}]}"), false},
      {S("{\"type\":\"stage\",\"limit\":5,\"now\":\"2019-06-28\",\"items\":["), S("{\"start\":\"2019-06-28\",\"limit\":5},"), S("{}]}"), false},
      {S("{\"x\":"), S("["), S(""), false},
      {S(""), S("{\"a\":"), S(""), false},
      {S("\""), S("x"), S(""), false},
      {S(""), S("9"), S(""), false},
      {S("{\"a\":1,"), S("\"a\":1,"), S("\"b\":1}"), false},
  };
  Filter f = filter_open(t, cx);
  for (size_t i = 0; i < COUNT(rows); i++) {
    Json *j = ask(&f, repeated(t->mem, rows[i].head, rows[i].unit, rows[i].tail, LINE_MAX));
    EXPECT(j && (json_get(j, S("answer")) != NULL) == rows[i].good);
  }
  Json *many = ask(&f, repeated(t->mem, S("{\"type\":\"item\",\"start\":\"2019-06-28\",\"limit\":5,\"now\":\"2019-06-28\",\"pauses\":["),
                                S("{\"from\":\"2019-06-28\",\"kind\":\"special\"},"), S("{}]}"), LINE_MAX));
  EXPECT_STR(json_str(json_get(many, S("error")), S("field")), S("pauses"));
  filter_close(&f);
}

TEST(a_line_with_a_hundred_thousand_keys_is_not_slow) {
  Filter f = filter_open(t, cx);
  SCOPED(buf_drop) Buf b;
  buf_init(&b, LINE_MAX);
  buf_char(&b, '{');
  for (int i = 0; i < 70000; i++) buf_fmt(&b, "\"k%d\":1,", i);
  buf_add(&b, S("\"type\":\"month\",\"start\":\"2019-06-28\",\"months\":1,\"now\":\"2019-06-28\"}"));
  REQUIRE(!b.full);
  EXPECT(json_get(ask(&f, buf_str(&b)), S("answer")) != NULL);
  filter_close(&f);
}

/* ---- damage ---------------------------------------------------------------------------------------- */

static Str damaged(Lcg *g, char *buf, size_t max, Str line, Str other) {
  static const char *const bits[] = {"null", "-1", "0", "99999", "\"\"", "[]", "{}", "true", "\"2000-01-01\"", "\"2099-12-31\"",
                                     "\"2100-01-01\"", "\"1999-12-31\"", "\"2019-06-28T24:00:00\"", ",", ":", "\"", "\\", "]", "}"};
  size_t len = line.len < max ? line.len : max;
  memcpy(buf, line.ptr, len);
  for (int n = lcg_in(g, 1, 4); n > 0 && len > 2; n--) {
    size_t at = (size_t)lcg_below(g, (int)len), span = (size_t)lcg_below(g, 12);
    if (at + span > len) span = len - at;
    Str bit = str_of(bits[lcg_below(g, COUNT(bits))]);
    switch (lcg_below(g, 5)) {
      case 0: buf[at] = (char)lcg_below(g, 256); break;
      case 1: memmove(buf + at, buf + at + span, len - at - span), len -= span; break;
      case 2: len = at + 1; break;
      case 3: /* a value or a mark put in */
        if (len + bit.len > max) break;
        memmove(buf + at + bit.len, buf + at, len - at);
        memcpy(buf + at, bit.ptr, bit.len);
        len += bit.len;
        break;
      default: /* a piece of another line */
        if (other.len < span + 1) break;
        memcpy(buf + at, other.ptr + lcg_below(g, (int)(other.len - span)), span);
    }
  }
  for (size_t i = 0; i < len; i++)
    if (buf[i] == '\n') buf[i] = ' ';
  return (Str){.ptr = buf, .len = len};
}

/* A digit for another keeps the line well-formed: this reaches behind the reader into the clocks. */
static Str digits_damaged(Lcg *g, char *buf, Str line) {
  memcpy(buf, line.ptr, line.len);
  for (size_t i = 0; i < line.len; i++)
    if (buf[i] >= '0' && buf[i] <= '9' && lcg_below(g, 12) == 0) buf[i] = (char)('0' + lcg_below(g, 10));
  return (Str){.ptr = buf, .len = line.len};
}

TEST(damaged_lines_give_one_line_each_and_the_sums_hold) {
  Filter f = filter_open(t, cx);
  Str lines[200], rest = golden(cx);
  size_t n = 0;
  char buf[4096];
  int answered = 0, refused = 0;
  while (rest.len && n < COUNT(lines)) str_cut(rest, '\n', &lines[n++], &rest);
  for (unsigned seed = 1; seed <= histories(20000); seed++) {
    Lcg g = {seed};
    Str base = lines[lcg_below(&g, (int)n)], other = lines[lcg_below(&g, (int)n)];
    Str line = seed % 2 ? digits_damaged(&g, buf, base) : damaged(&g, buf, sizeof buf, base, other);
    Json *j = ask(&f, line);
    const Json *answer = json_get(j, S("answer")), *held = json_get(answer, S("held"));
    int64_t sum = 0;
    for (const Json *h = held ? held->first : NULL; h; h = h->next) sum += h->num;
    bool good = j && (!held || (sum == json_int(answer, S("gross"), -1) && held->first->num == json_int(answer, S("used"), -1)));
    EXPECT(good);
    if (!good) {
      fprintf(stderr, "    seed %u: %.*s\n    %.*s", seed, SFMT(line), SFMT(buf_str(&f.out)));
      break;
    }
    answered += answer != NULL;
    refused += answer == NULL;
  }
  EXPECT(answered > 2000 && refused > 2000);
  filter_close(&f);
}
