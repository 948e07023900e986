/* SPDX-License-Identifier: Apache-2.0 */
#include "web/web_int.h"

enum { FIELDS_MAX = 1000, NAME_BYTES_MAX = 200 };

static int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/* Decodes %XX, and '+' as a space when `plus`. False for a bad escape. */
static bool unescape(Arena *mem, Str raw, bool plus, Str *out) {
  char *p = arena_array(mem, char, raw.len + 1);
  size_t n = 0;
  for (size_t i = 0; i < raw.len; i++) {
    char c = raw.ptr[i];
    if (c == '%') {
      if (i + 2 >= raw.len) return false;
      int high = hex_value(raw.ptr[i + 1]), low = hex_value(raw.ptr[i + 2]);
      if (high < 0 || low < 0) return false;
      c = (char)(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus) {
      c = ' ';
    }
    p[n++] = c;
  }
  *out = (Str){.ptr = p, .len = n};
  return true;
}

static bool segment_fits(Str s) {
  return !str_eq(s, S(".")) && !str_eq(s, S(".."));
}

bool path_decode(Arena *mem, Str raw, Str *out) {
  if (!unescape(mem, raw, false, out)) return false;
  size_t slashes = 0, decoded = 0;
  for (size_t i = 0; i < raw.len; i++) slashes += raw.ptr[i] == '/';
  for (size_t i = 0; i < out->len; i++) {
    char c = out->ptr[i];
    decoded += c == '/';
    if ((unsigned char)c < 0x20 || c == 0x7f || c == '%' || c == '\\') return false;
  }
  if (slashes != decoded || !utf8_valid(*out)) return false;
  Str rest = *out, segment;
  bool more = true;
  while (more) {
    more = str_cut(rest, '/', &segment, &rest);
    if (!segment_fits(segment)) return false;
  }
  return true;
}

static Code put_many(Cx *cx, Json *form, Str name, Str value) {
  Json *list = NULL;
  for (Json *m = form->first; m && !list; m = m->next)
    if (str_eq(m->key, name)) list = m;
  if (!list) list = json_put_arr(cx->mem, form, name);
  else if (list->kind != JSON_ARR) FAIL_AT(MALFORMED, name, S(""), "同名字段重复提交。请返回页面重新填写。");
  json_push_str(cx->mem, list, value);
  return OK;
}

static bool name_fits(Str s) {
  for (size_t i = 0; i < s.len; i++)
    if ((unsigned char)s.ptr[i] < 0x20) return false;
  return s.len && s.len <= NAME_BYTES_MAX && !str_eq(s, S("[]")) && utf8_valid(s) && !utf8_has_control(s);
}

Code form_put(Cx *cx, Json *form, Str name, Str value) {
  if (form->count >= FIELDS_MAX) FAIL(MALFORMED, "字段超过 %d 个。", FIELDS_MAX);
  if (!name_fits(name)) FAIL(MALFORMED, "字段名无法识别。");
  if (!utf8_valid(value)) FAIL_AT(MALFORMED, name, S(""), "字段内容不是有效的 UTF-8 文字。");
  if (utf8_has_control(value)) FAIL_AT(MALFORMED, name, S(""), "字段内容含有控制字符，请删除后重新提交。");
  value = utf8_nfc(cx->mem, value);
  if (str_ends(name, S("[]"))) return put_many(cx, form, str_sub(name, 0, name.len - 2), value);
  if (json_get(form, name)) FAIL_AT(MALFORMED, name, S(""), "同名字段重复提交。请返回页面重新填写。");
  json_put_str(cx->mem, form, name, value);
  return OK;
}

Code urlform_parse(Cx *cx, Str raw, Json **out) {
  *out = json_obj(cx->mem);
  size_t pairs = 0;
  Str rest = raw;
  while (rest.len) {
    Str pair, after = S(""), name, value = S("");
    str_cut(rest, '&', &pair, &after);
    rest = after;
    if (!pair.len) continue;
    if (++pairs > FIELDS_MAX) FAIL(MALFORMED, "字段超过 %d 个。", FIELDS_MAX);
    str_cut(pair, '=', &name, &value);
    if (!unescape(cx->mem, name, true, &name) || !unescape(cx->mem, value, true, &value))
      FAIL(MALFORMED, "字段的百分号编码有误。");
    TRY(form_put(cx, *out, name, value));
  }
  return OK;
}
