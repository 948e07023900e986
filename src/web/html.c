/* SPDX-License-Identifier: Apache-2.0 */
#include "web/web_int.h"

void html_raw_(Html *h, const char *p, size_t n) {
  buf_add_n(&h->out, p, n);
}

/* Both quotes are escaped, so one function serves text and quoted attributes. */
static const char *entity(char c) {
  switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
  }
}

static const bool is_special[256] = {['&'] = true, ['<'] = true, ['>'] = true, ['"'] = true, ['\''] = true};

void html_text(Html *h, Str s) {
  size_t done = 0;
  for (size_t i = 0; i < s.len; i++) {
    if (!is_special[(unsigned char)s.ptr[i]]) continue;
    buf_add_n(&h->out, s.ptr + done, i - done);
    buf_add(&h->out, str_of(entity(s.ptr[i])));
    done = i + 1;
  }
  buf_add_n(&h->out, s.ptr + done, s.len - done);
}

/* "//host" and "/\host" would leave this site; browsers also drop tabs and line ends inside addresses. */
static bool url_is_local(Str s) {
  for (size_t i = 0; i < s.len; i++)
    if ((unsigned char)s.ptr[i] < 0x20 || s.ptr[i] == '\\' || s.ptr[i] == 0x7f) return false;
  if (s.len > 0 && (s.ptr[0] == '?' || s.ptr[0] == '#')) return true;
  if (str_starts(s, S("tel:"))) return true;
  return s.len > 0 && s.ptr[0] == '/' && !(s.len > 1 && s.ptr[1] == '/');
}

void html_url(Html *h, Str s) {
  html_text(h, url_is_local(s) ? s : S("#"));
}

static bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

static void encode_part(Buf *b, Str s) {
  static const char hex[] = "0123456789ABCDEF";
  size_t done = 0;
  for (size_t i = 0; i < s.len; i++) {
    if (is_unreserved(s.ptr[i])) continue;
    const char code[3] = {'%', hex[(unsigned char)s.ptr[i] >> 4], hex[(unsigned char)s.ptr[i] & 15]};
    buf_add_n(b, s.ptr + done, i - done);
    buf_add_n(b, code, sizeof code);
    done = i + 1;
  }
  buf_add_n(b, s.ptr + done, s.len - done);
}

Str url_encode(Arena *mem, Str s) {
  SCOPED(buf_drop) Buf b = {0};
  buf_init(&b, s.len * 3 + 1);
  encode_part(&b, s);
  return arena_str(mem, buf_str(&b));
}

Str html_text_of(const Json *v, char number[24]) {
  if (!v) return S("");
  switch (v->kind) {
    case JSON_STR: return v->str;
    case JSON_BOOL: return v->num ? S("true") : S("false");
    case JSON_INT: {
      uint64_t n = v->num < 0 ? 0 - (uint64_t)v->num : (uint64_t)v->num;
      size_t at = 24;
      do number[--at] = (char)('0' + n % 10);
      while (n /= 10);
      if (v->num < 0) number[--at] = '-';
      return (Str){.ptr = number + at, .len = 24 - at};
    }
    case JSON_NULL:
    case JSON_ARR:
    case JSON_OBJ: break;
  }
  return S("");
}

void html_value(Html *h, const Json *v) {
  char number[24];
  html_text(h, html_text_of(v, number));
}

void html_url_value(Html *h, const Json *v) {
  char number[24];
  html_url(h, html_text_of(v, number));
}

void html_url_part(Html *h, const Json *v) {
  char number[24];
  encode_part(&h->out, html_text_of(v, number));
}

void html_cite_id(Html *h, Str id) {
  SCOPED(buf_drop) Buf b = {0};
  if (!h->policy || str_eq(h->lang, S("en"))) {
    html_text(h, id);
    return;
  }
  buf_init(&b, 4096);
  policy_cite(&b, h->policy, id);
  html_text(h, buf_str(&b));
}

void html_cite(Html *h, const Json *v) {
  char number[24];
  html_cite_id(h, html_text_of(v, number));
}

bool html_is(const Json *v, Str literal) {
  char number[24];
  return v && str_eq(html_text_of(v, number), literal);
}
