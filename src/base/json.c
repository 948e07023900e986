/* SPDX-License-Identifier: Apache-2.0 */
/* json.c: reading, by jansson, with what we do not accept refused in a clear sentence. */
#include "base/base.h"

/* jansson has a JSON_NULL of its own */
#define JSON_NULL JANSSON_NULL
#include <jansson.h>
#undef JSON_NULL

enum { DEPTH_MAX = 32 };
#define INT_MAX_EXACT (INT64_C(1) << 53)

static Code convert(Cx *cx, json_t *from, int depth, Json *to);

static Code convert_array(Cx *cx, json_t *from, int depth, Json *to) {
  size_t n = json_array_size(from);
  to->kind = JSON_ARR;
  for (size_t i = 0; i < n; i++) {
    Json *kid = arena_new(cx->mem, Json);
    TRY(convert(cx, json_array_get(from, i), depth + 1, kid));
    if (to->last) to->last->next = kid;
    else to->first = kid;
    to->last = kid;
    to->count++;
  }
  return OK;
}

static Code convert_object(Cx *cx, json_t *from, int depth, Json *to) {
  to->kind = JSON_OBJ;
  for (void *it = json_object_iter(from); it; it = json_object_iter_next(from, it)) {
    Json *kid = arena_new(cx->mem, Json);
    kid->key = arena_str(cx->mem, str_of(json_object_iter_key(it)));
    TRY(convert(cx, json_object_iter_value(it), depth + 1, kid));
    if (to->last) to->last->next = kid;
    else to->first = kid;
    to->last = kid;
    to->count++;
  }
  return OK;
}

static Code convert_integer(Cx *cx, json_t *from, Json *to) {
  to->kind = JSON_INT;
  to->num = json_integer_value(from);
  if (to->num > INT_MAX_EXACT || to->num < -INT_MAX_EXACT)
    FAIL(MALFORMED, "整数 %lld 超出 ±2^53，请写成字符串", (long long)to->num);
  return OK;
}

static Code convert(Cx *cx, json_t *from, int depth, Json *to) {
  if (depth > DEPTH_MAX) FAIL(MALFORMED, "JSON 嵌套超过 %d 层", DEPTH_MAX);
  if (json_is_object(from)) return convert_object(cx, from, depth, to);
  if (json_is_array(from)) return convert_array(cx, from, depth, to);
  if (json_is_integer(from)) return convert_integer(cx, from, to);
  if (json_is_real(from)) FAIL(MALFORMED, "不接受小数或指数写法的数字，请写成字符串，例如 \"280.5\"");
  if (json_is_string(from)) {
    Str text = {.ptr = json_string_value(from), .len = json_string_length(from)};
    to->kind = JSON_STR;
    to->str = arena_str(cx->mem, text);
  } else if (json_is_boolean(from)) {
    to->kind = JSON_BOOL;
    to->num = json_is_true(from);
  } else {
    to->kind = JSON_NULL;
  }
  return OK;
}

/* jansson's words are English; the place and a Chinese reason are what a person can use. */
static const char *reason(enum json_error_code code) {
  switch ((int)code) {
    case json_error_duplicate_key: return "同一个键写了两次";
    case json_error_premature_end_of_input: return "内容没有写完";
    case json_error_end_of_input_expected: return "结尾处有多余的内容";
    case json_error_invalid_utf8: return "不是合法的 UTF-8";
    case json_error_null_character:
    case json_error_null_byte_in_key: return "含有空字符";
    case json_error_numeric_overflow: return "数字太大";
    case json_error_stack_overflow: return "嵌套太深";
    default: return "写法不对（检查引号、逗号和括号）";
  }
}

static void json_release(json_t **j) {
  json_decref(*j);
}

Code json_parse(Cx *cx, Str text, Json **out) {
  json_error_t error;
  SCOPED(json_release) json_t *root =
      json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
  if (!root)
    FAIL(MALFORMED, "JSON 第 %d 行第 %d 列：%s", error.line, error.column, reason(json_error_code(&error)));
  Json *j = arena_new(cx->mem, Json);
  TRY(convert(cx, root, 1, j));
  *out = j;
  return OK;
}
