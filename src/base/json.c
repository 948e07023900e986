/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json.c: reading. What the fast reader takes is read; for what it refuses, the judge says why, in two steps. Our own
 * scan goes first: it refuses what we do not accept although it is JSON (fractions, integers beyond 2^53, deep nesting)
 * while the place is still known, and so also bounds the recursion of what follows. Then jansson judges the grammar.
 */
#include "base/base.h"
#include "base/json_int.h"

/* jansson has a JSON_NULL of its own */
#define JSON_NULL JANSSON_NULL
#include <jansson.h>
#include <stdlib.h>
#undef JSON_NULL

/* jansson drops a character of a text when it finds no memory for it, and goes on: that byte would be missing from an
 * event for ever. Without memory it must not come back at all. */
static void *memory_or_nothing(size_t n) {
  void *p = malloc(n);
  REQUIRE(p != NULL);
  return p;
}

__attribute__((constructor)) static void memory_choose(void) {
  json_set_alloc_funcs(memory_or_nothing, free);
}

/* ---- the scan -------------------------------------------------------------------------------- */

typedef struct Scan {
  Str text;
  size_t at;
  int line, column; /* of text[at], from 1; columns count characters */
  int depth;
} Scan;

static char scan_step(Scan *s) {
  char c = s->text.ptr[s->at++];
  bool inside = s->at < s->text.len && ((unsigned char)s->text.ptr[s->at] & 0xC0) == 0x80;
  if (c == '\n') s->line++, s->column = 1;
  else if (!inside) s->column++; /* the next byte begins a character */
  return c;
}

static void scan_string(Scan *s) {
  scan_step(s);
  while (s->at < s->text.len) {
    char c = scan_step(s);
    if (c == '"') return;
    if (c == '\\' && s->at < s->text.len) scan_step(s);
  }
}

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/* The number that begins here. What is no number at all (a lone '-', "1-2") is left to jansson. */
static Code scan_number(Cx *cx, Scan *s) {
  int line = s->line, column = s->column;
  size_t from = s->at;
  bool whole = true;
  int64_t v;
  while (s->at < s->text.len) {
    char c = s->text.ptr[s->at];
    bool point = c == '.' || c == 'e' || c == 'E';
    if (!point && !is_digit(c) && c != '-' && c != '+') break;
    if (point) whole = false;
    scan_step(s);
  }
  Str word = str_sub(s->text, from, s->at - from);
  if (!whole)
    FAIL(MALFORMED,
         "JSON 第 %d 行第 %d 列：不接受小数或指数写法的数字，请写成字符串，例如 \"280.5\"", line, column);
  for (size_t i = word.ptr[0] == '-'; i < word.len; i++)
    if (!is_digit(word.ptr[i])) return OK;
  if (str_eq(word, S("-"))) return OK;
  if (!str_to_i64(word, &v) || v > JSON_INT_MAX || v < -JSON_INT_MAX)
    FAIL(MALFORMED, "JSON 第 %d 行第 %d 列：整数超出 ±2^53，请写成字符串", line, column);
  return OK;
}

static Code scan_text(Cx *cx, Str text) {
  Scan s = {.text = text, .line = 1, .column = 1};
  while (s.at < text.len) {
    char c = text.ptr[s.at];
    if (c == '"') {
      scan_string(&s);
    } else if (c == '-' || is_digit(c)) {
      TRY(scan_number(cx, &s));
    } else {
      if (!c) FAIL(MALFORMED, "JSON 第 %d 行第 %d 列：含有空字符，请删去", s.line, s.column); /* jansson would end here */
      if (c == ']' || c == '}') s.depth--;
      if ((c == '[' || c == '{') && ++s.depth > JSON_DEPTH_MAX)
        FAIL(MALFORMED, "JSON 第 %d 行第 %d 列：嵌套超过 %d 层，请减少层次", s.line, s.column,
             JSON_DEPTH_MAX);
      scan_step(&s);
    }
  }
  return OK;
}

/* ---- from jansson's tree to ours ------------------------------------------------------------- */

static void convert(Arena *a, json_t *from, Json *to);

static void adopt(Json *parent, Json *kid) {
  if (parent->last) parent->last->next = kid;
  else parent->first = kid;
  parent->last = kid;
  parent->count++;
}

static void convert_array(Arena *a, json_t *from, Json *to) {
  size_t n = json_array_size(from);
  for (size_t i = 0; i < n; i++) {
    Json *kid = arena_new(a, Json);
    convert(a, json_array_get(from, i), kid);
    adopt(to, kid);
  }
}

static void convert_object(Arena *a, json_t *from, Json *to) {
  for (void *it = json_object_iter(from); it; it = json_object_iter_next(from, it)) {
    Json *kid = arena_new(a, Json);
    kid->key = arena_str(a, str_of(json_object_iter_key(it)));
    convert(a, json_object_iter_value(it), kid);
    adopt(to, kid);
  }
}

/* Recursion is bounded by the scan: what jansson reads as JSON has at most JSON_DEPTH_MAX levels. */
static void convert(Arena *a, json_t *from, Json *to) {
  switch (json_typeof(from)) {
    case JSON_OBJECT: to->kind = JSON_OBJ, convert_object(a, from, to); return;
    case JSON_ARRAY: to->kind = JSON_ARR, convert_array(a, from, to); return;
    case JSON_INTEGER: to->kind = JSON_INT, to->num = json_integer_value(from); return;
    case JSON_TRUE: to->kind = JSON_BOOL, to->num = 1; return;
    case JSON_FALSE: to->kind = JSON_BOOL; return;
    case JSON_STRING: {
      Str text = {.ptr = json_string_value(from), .len = json_string_length(from)};
      to->kind = JSON_STR;
      to->str = arena_str(a, text);
      return;
    }
    case JSON_REAL: REQUIRE(json_typeof(from) != JSON_REAL); return; /* the scan refused it */
    case JANSSON_NULL: to->kind = JSON_NULL; return;
  }
}

/* jansson's words are English; the place and a Chinese reason are what a person can use. */
static const char *reason(enum json_error_code code) {
  switch ((int)code) {
    case json_error_duplicate_key: return "同一个键写了两次，请删去一个";
    case json_error_premature_end_of_input: return "内容没有写完，请检查括号和引号是否成对";
    case json_error_end_of_input_expected: return "结尾处有多余的内容，请删去";
    case json_error_invalid_utf8: return "不是合法的 UTF-8，请按 UTF-8 保存后再提交";
    case json_error_null_character:
    case json_error_null_byte_in_key: return "含有空字符，请删去";
    default: return "写法不对，请检查引号、逗号和括号";
  }
}

static void json_release(json_t **j) {
  json_decref(*j);
}

Code json_parse(Cx *cx, Str text, Json **out) {
  return text.len && json__fast(cx->mem, text, false, out) ? OK : json_parse_judged(cx, text, out);
}

Code json_parse_in(Cx *cx, Str text, Json **out) {
  return text.len && json__fast(cx->mem, text, true, out) ? OK : json_parse_judged(cx, text, out);
}

Code json_parse_judged(Cx *cx, Str text, Json **out) {
  if (!text.len) FAIL(MALFORMED, "JSON 第 1 行第 1 列：内容是空的");
  TRY(scan_text(cx, text));
  json_error_t error;
  SCOPED(json_release) json_t *root =
      json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
  if (!root)
    FAIL(MALFORMED, "JSON 第 %d 行第 %d 列：%s", error.line, error.column,
         reason(json_error_code(&error)));
  Json *j = arena_new(cx->mem, Json);
  convert(cx->mem, root, j);
  *out = j;
  return OK;
}
