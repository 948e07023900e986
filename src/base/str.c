/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base.h"
#include "base/bytes.h"

Str str_of(const char *z) {
  return z ? (Str){.ptr = z, .len = strlen(z)} : (Str){.ptr = "", .len = 0};
}

bool str_eq(Str a, Str b) {
  return a.len == b.len && (a.len == 0 || bytes__eq(a.ptr, b.ptr, a.len));
}

int str_cmp(Str a, Str b) {
  if (a.len && b.len && a.ptr[0] != b.ptr[0]) return (unsigned char)a.ptr[0] < (unsigned char)b.ptr[0] ? -1 : 1;
  size_t n = a.len < b.len ? a.len : b.len;
  int order = n ? memcmp(a.ptr, b.ptr, n) : 0;
  if (order) return order;
  return a.len < b.len ? -1 : a.len > b.len;
}

bool str_starts(Str s, Str head) {
  return s.len >= head.len && str_eq((Str){.ptr = s.ptr, .len = head.len}, head);
}

bool str_ends(Str s, Str tail) {
  return s.len >= tail.len && str_eq(str_sub(s, s.len - tail.len, tail.len), tail);
}

ptrdiff_t str_find(Str s, Str needle) {
  if (!needle.len) return 0;
  if (s.len < needle.len) return -1;
  const char *at = memmem(s.ptr, s.len, needle.ptr, needle.len);
  return at ? at - s.ptr : -1;
}

bool str_has(Str s, Str needle) {
  return str_find(s, needle) >= 0;
}

static bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

Str str_trim(Str s) {
  static const Str wide = {.ptr = "\xE3\x80\x80", .len = 3}; /* U+3000 */
  for (;;) {
    if (s.len && is_blank(s.ptr[0])) s = str_sub(s, 1, SIZE_MAX);
    else if (str_starts(s, wide)) s = str_sub(s, wide.len, SIZE_MAX);
    else break;
  }
  for (;;) {
    if (s.len && is_blank(s.ptr[s.len - 1])) s.len--;
    else if (str_ends(s, wide)) s.len -= wide.len;
    else return s;
  }
}

Str str_sub(Str s, size_t from, size_t len) {
  if (from > s.len) from = s.len;
  if (len > s.len - from) len = s.len - from;
  return (Str){.ptr = s.ptr ? s.ptr + from : "", .len = len};
}

bool str_cut(Str s, char sep, Str *head, Str *tail) {
  const char *at = s.len ? memchr(s.ptr, sep, s.len) : NULL;
  if (!at) {
    *head = s;
    *tail = (Str){.ptr = "", .len = 0};
    return false;
  }
  size_t n = (size_t)(at - s.ptr);
  *head = str_sub(s, 0, n);
  *tail = str_sub(s, n + 1, SIZE_MAX);
  return true;
}

bool str_to_i64(Str s, int64_t *out) {
  bool minus = s.len && s.ptr[0] == '-';
  int64_t v = 0;
  size_t i = minus;
  if (i == s.len) return false;
  for (; i < s.len; i++) {
    int digit = s.ptr[i] - '0';
    if (digit < 0 || digit > 9) return false;
    /* Counted downwards, so that INT64_MIN fits. */
    if (__builtin_mul_overflow(v, 10, &v) || __builtin_sub_overflow(v, digit, &v)) return false;
  }
  if (!minus && __builtin_sub_overflow(0, v, &v)) return false;
  *out = v;
  return true;
}

uint64_t str_hash(Str s) {
  uint64_t h = 0xCBF29CE484222325u;
  for (size_t i = 0; i < s.len; i++) h = (h ^ (unsigned char)s.ptr[i]) * 0x100000001B3u;
  return h ^ (h >> 32);
}
