/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_init(Buf *b, size_t max) {
  *b = (Buf){.max = max};
}

void buf_drop(Buf *b) {
  free(b->ptr);
  *b = (Buf){.max = b->max};
}

void buf_clear(Buf *b) {
  b->len = 0;
  b->full = false;
}

/* Room for n bytes and, not counted, for the terminator that vsnprintf writes behind them. */
static bool buf_room(Buf *b, size_t n) {
  if (b->full || n > b->max - b->len || b->len + n == SIZE_MAX) {
    b->full = true;
    return false;
  }
  size_t need = b->len + n + 1, cap = b->cap ? b->cap : 256;
  if (b->cap >= need) return true;
  while (cap < need) cap = cap > SIZE_MAX / 2 ? need : cap * 2;
  if (cap > b->max) cap = need > b->max ? need : b->max;
  char *p = realloc(b->ptr, cap);
  REQUIRE(p != NULL);
  b->ptr = p;
  b->cap = cap;
  return true;
}

void buf_reserve(Buf *b, size_t n) {
  size_t room = b->max - b->len;
  if (buf_room(b, n < room ? n : room)) return;
  b->full = false;
}

void buf_add_n(Buf *b, const void *p, size_t n) {
  bool fits = n < b->cap - b->len && n <= b->max - b->len && !b->full; /* nearly always */
  if (!n || (!fits && !buf_room(b, n))) return;
  memcpy(b->ptr + b->len, p, n);
  b->len += n;
}

void buf_add(Buf *b, Str s) {
  buf_add_n(b, s.ptr, s.len);
}

void buf_char(Buf *b, char c) {
  buf_add_n(b, &c, 1);
}

void buf_i64(Buf *b, int64_t v) {
  char text[24];
  size_t at = sizeof text;
  uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
  do {
    text[--at] = (char)('0' + u % 10);
    u /= 10;
  } while (u);
  if (v < 0) text[--at] = '-';
  buf_add_n(b, text + at, sizeof text - at);
}

void buf_fmt(Buf *b, const char *fmt, ...) {
  va_list ap, again;
  va_start(ap, fmt);
  va_copy(again, ap);
  int n = vsnprintf(NULL, 0, fmt, ap);
  va_end(ap);
  if (n < 0) b->full = true; /* longer than an int can say */
  if (n > 0 && buf_room(b, (size_t)n)) {
    vsnprintf(b->ptr + b->len, (size_t)n + 1, fmt, again);
    b->len += (size_t)n;
  }
  va_end(again);
}

Str buf_str(const Buf *b) {
  return (Str){.ptr = b->ptr ? b->ptr : "", .len = b->len};
}

void buf_csv(Buf *b, Str s, bool last) {
  buf_char(b, '"');
  if (s.len && memchr("=+-@\t\r", s.ptr[0], 6)) buf_char(b, '\'');
  for (size_t i = 0; i < s.len; i++) {
    if (s.ptr[i] == '"') buf_char(b, '"');
    buf_char(b, s.ptr[i]);
  }
  buf_add(b, last ? S("\"\r\n") : S("\","));
}
