/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json_fast.c: the reader that nearly every text goes through: one pass, straight into the tree. It takes exactly
 * what json_parse_judged takes (tests hold the two against each other) but cannot say what is wrong; that is asked
 * of the other one. An event's body takes 0.7 us here where the other needs 5.
 */
#include "base/base.h"
#include "base/bytes.h"
#include "base/json_int.h"

#include <stdlib.h>

enum { POOL = 16 }; /* nodes are taken from the arena so many at a time */

typedef struct Fast {
  Arena *mem;
  Json *pool;
  int left;
  const char *at, *end;
  bool borrow; /* texts without escapes stay where they are */
  int depth;
} Fast;

static Json *node(Fast *f) {
  if (!f->left) {
    f->pool = arena_array(f->mem, Json, POOL);
    f->left = POOL;
  }
  f->left--;
  return f->pool++;
}

static inline void space(Fast *f) {
  while (f->at < f->end && (unsigned char)*f->at <= ' ' && (*f->at == ' ' || *f->at == '\n' || *f->at == '\t' || *f->at == '\r')) f->at++;
}

/* ---- texts ----------------------------------------------------------------------------------- */

static int hex4(const char *p) {
  int v = 0;
  for (int i = 0; i < 4; i++) {
    char c = p[i];
    if (c >= '0' && c <= '9') v = v << 4 | (c - '0');
    else if (c >= 'a' && c <= 'f') v = v << 4 | (c - 'a' + 10);
    else if (c >= 'A' && c <= 'F') v = v << 4 | (c - 'A' + 10);
    else return -1;
  }
  return v;
}

static size_t utf8_put(char *out, uint32_t cp) {
  if (cp < 0x80) {
    out[0] = (char)cp;
    return 1;
  }
  size_t n = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
  for (size_t i = n - 1; i > 0; i--, cp >>= 6) out[i] = (char)(0x80 | (cp & 0x3F));
  out[0] = (char)((n == 2 ? 0xC0 : n == 3 ? 0xE0 : 0xF0) | cp);
  return n;
}

/* \uXXXX, with its second half when it is a surrogate; *at is behind the 'u'. No NUL. */
static bool escape_u(const char **at, const char *end, char *out, size_t *len) {
  int high = end - *at >= 4 ? hex4(*at) : -1, low = -1;
  if (high <= 0 || (high >= 0xDC00 && high <= 0xDFFF)) return false;
  *at += 4;
  uint32_t cp = (uint32_t)high;
  if (high >= 0xD800) {
    if (high <= 0xDBFF) {
      if (end - *at < 6 || (*at)[0] != '\\' || (*at)[1] != 'u') return false;
      low = hex4(*at + 2);
      if (low < 0xDC00 || low > 0xDFFF) return false;
      *at += 6;
      cp = 0x10000 + ((uint32_t)(high - 0xD800) << 10) + (uint32_t)(low - 0xDC00);
    }
  }
  *len += utf8_put(out + *len, cp);
  return true;
}

static bool escape(const char **at, const char *end, char *out, size_t *len) {
  static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
  if (*at == end) return false;
  char c = *(*at)++;
  if (c == 'u') return escape_u(at, end, out, len);
  const char *found = c ? strchr(from, c) : NULL;
  if (!found) return false;
  out[(*len)++] = to[found - from];
  return true;
}

/* The text between the quotes, of which at least one character is written as an escape: it only gets shorter. */
static bool unescape(Fast *f, Str raw, Str *out) {
  char *text = arena_alloc(f->mem, raw.len + 1, 1, 1);
  size_t len = 0;
  for (const char *p = raw.ptr, *end = raw.ptr + raw.len; p < end;) {
    if (*p != '\\') {
      text[len++] = *p++;
      continue;
    }
    p++;
    if (!escape(&p, end, text, &len)) return false;
  }
  *out = (Str){.ptr = text, .len = len};
  return true;
}

static bool text_long(Fast *f, Str *out) {
  const char *from = f->at, *end = f->end, *p = from;
  uint64_t seen = 0;
  bool escapes = false;
  while ((p = bytes__plain(p, end, &seen)) < end && *p == '\\') {
    escapes = true;
    if (++p == end || (unsigned char)*p >= 0x80) return false;
    p++;
  }
  if (p == end || *p != '"') return false;
  Str raw = {.ptr = from, .len = (size_t)(p - from)};
  f->at = p + 1;
  if ((seen & BYTES_HIGH) && !utf8_valid(raw)) return false;
  if (escapes) return unescape(f, raw, out);
  *out = f->borrow ? raw : arena_str(f->mem, raw);
  return true;
}

/* Keys and most values are ASCII and end in the first sixteen bytes. */
static inline bool text(Fast *f, Str *out) {
  const char *from = ++f->at;
  size_t len = bytes__short(from, f->end);
  if (len == BYTES_LONG) return text_long(f, out);
  f->at = from + len + 1;
  *out = (Str){.ptr = from, .len = len};
  if (!f->borrow) *out = arena_str(f->mem, *out);
  return true;
}

/* ---- the rest -------------------------------------------------------------------------------- */

static bool number(Fast *f, Json *j) {
  bool minus = *f->at == '-';
  int64_t v = 0;
  f->at += minus;
  const char *from = f->at;
  while (f->at < f->end && *f->at >= '0' && *f->at <= '9' && f->at - from < 17) v = v * 10 + (*f->at++ - '0');
  ptrdiff_t digits = f->at - from;
  if (!digits || digits > 16 || (digits > 1 && *from == '0') || v > JSON_INT_MAX) return false;
  if (f->at < f->end && (*f->at == '.' || *f->at == 'e' || *f->at == 'E')) return false;
  j->kind = JSON_INT;
  j->num = minus ? -v : v;
  return true;
}

static bool word(Fast *f, Json *j, const char *w, size_t n, JsonKind kind, int64_t v) {
  if ((size_t)(f->end - f->at) < n || memcmp(f->at, w, n) != 0) return false;
  f->at += n;
  j->kind = kind;
  j->num = v;
  return true;
}

static void adopt(Json *parent, Json *kid) {
  if (parent->last) parent->last->next = kid;
  else parent->first = kid;
  parent->last = kid;
  parent->count++;
}

static int by_key(const void *x, const void *y) {
  return str_cmp((*(const Json *const *)x)->key, (*(const Json *const *)y)->key);
}

/* Only asked when keys do not come in their order: ours always do. */
static bool keys_differ(const Json *obj) {
  const Json **kids = malloc(obj->count * sizeof *kids);
  REQUIRE(kids != NULL);
  size_t n = 0;
  bool differ = true;
  for (const Json *kid = obj->first; kid; kid = kid->next) kids[n++] = kid;
  qsort(kids, n, sizeof *kids, by_key);
  for (size_t i = 1; i < n; i++) differ &= str_cmp(kids[i - 1]->key, kids[i]->key) != 0;
  free(kids);
  return differ;
}

static inline bool key_behind(Str before, Str key) {
  if (before.len && key.len && before.ptr[0] != key.ptr[0]) return (unsigned char)before.ptr[0] < (unsigned char)key.ptr[0];
  return str_cmp(before, key) < 0;
}

static bool value(Fast *f, Json *j);

/* Behind a member: another one follows, or the end; neither is a mistake. */
static bool more(Fast *f, char close, bool *another) {
  space(f);
  if (f->at == f->end) return false;
  *another = *f->at == ',';
  return *another || *f->at == close;
}

static bool member(Fast *f, Json *parent, bool *sorted) {
  Json *kid = node(f);
  if (parent->kind == JSON_OBJ) {
    space(f);
    if (f->at == f->end || *f->at != '"' || !text(f, &kid->key)) return false;
    space(f);
    if (f->at == f->end || *f->at++ != ':') return false;
    if (parent->last && !key_behind(parent->last->key, kid->key)) *sorted = false;
  }
  if (!value(f, kid)) return false;
  adopt(parent, kid);
  return true;
}

static bool members(Fast *f, Json *j, char close) {
  bool another = true, sorted = true;
  if (++f->depth > JSON_DEPTH_MAX) return false;
  f->at++;
  space(f);
  if (f->at < f->end && *f->at == close) another = false;
  while (another) {
    if (!member(f, j, &sorted) || !more(f, close, &another)) return false;
    f->at += another;
  }
  f->at++;
  f->depth--;
  return sorted || keys_differ(j);
}

/* Recursion is bounded by JSON_DEPTH_MAX. */
static bool value(Fast *f, Json *j) {
  space(f);
  if (f->at == f->end) return false;
  switch (*f->at) {
    case '{': j->kind = JSON_OBJ; return members(f, j, '}');
    case '[': j->kind = JSON_ARR; return members(f, j, ']');
    case '"': j->kind = JSON_STR; return text(f, &j->str);
    case 't': return word(f, j, "true", 4, JSON_BOOL, 1);
    case 'f': return word(f, j, "false", 5, JSON_BOOL, 0);
    case 'n': return word(f, j, "null", 4, JSON_NULL, 0);
    default: return number(f, j);
  }
}

bool json__fast(Arena *mem, Str from, bool borrow, Json **out) {
  Fast f = {.mem = mem, .at = from.ptr, .end = from.ptr + from.len, .borrow = borrow};
  Json *j = node(&f);
  if (!value(&f, j)) return false;
  space(&f);
  if (f.at != f.end) return false;
  *out = j;
  return true;
}
