/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base.h"
#include "base/bytes.h"

#include <stdlib.h>
#include <utf8proc.h>

/* Bytes of the code point at `at`, 0 when it is not well-formed (Unicode table 3-7). */
static size_t decode(Str s, size_t at, uint32_t *cp) {
  const unsigned char *p = (const unsigned char *)s.ptr + at;
  size_t left = s.len - at, need;
  uint32_t v, least;
  if (p[0] < 0x80) {
    *cp = p[0];
    return 1;
  }
  if (p[0] >= 0xC2 && p[0] <= 0xDF) need = 2, v = p[0] & 0x1Fu, least = 0x80;
  else if (p[0] >= 0xE0 && p[0] <= 0xEF) need = 3, v = p[0] & 0x0Fu, least = 0x800;
  else if (p[0] >= 0xF0 && p[0] <= 0xF4) need = 4, v = p[0] & 0x07u, least = 0x10000;
  else return 0;
  if (left < need) return 0;
  for (size_t i = 1; i < need; i++) {
    if ((p[i] & 0xC0) != 0x80) return 0;
    v = v << 6 | (p[i] & 0x3Fu);
  }
  if (v < least || v > 0x10FFFF || (v >= 0xD800 && v <= 0xDFFF)) return 0;
  *cp = v;
  return need;
}

/* Three bytes that neither may be overlong nor a surrogate: nearly all of Chinese. */
static inline bool three_plain(const char *p) {
  const unsigned char *u = (const unsigned char *)p;
  return u[0] > 0xE0 && u[0] <= 0xEF && u[0] != 0xED && (u[1] & 0xC0) == 0x80 && (u[2] & 0xC0) == 0x80;
}

/* Eight bytes of ASCII, none of them zero. */
static inline bool eight_plain(const char *p) {
  uint64_t x = bytes__8(p);
  return !((x | (x - BYTES_ALL(1))) & BYTES_HIGH);
}

bool utf8_valid(Str s) {
  for (size_t at = 0; at < s.len;) {
    uint32_t cp;
    if (s.len - at >= 3 && three_plain(s.ptr + at)) {
      at += 3;
      continue;
    }
    if (s.len - at >= 8 && eight_plain(s.ptr + at)) {
      at += 8;
      continue;
    }
    if ((signed char)s.ptr[at] > 0) {
      at++;
      continue;
    }
    size_t n = decode(s, at, &cp);
    if (!n || cp == 0) return false;
    at += n;
  }
  return true;
}

size_t utf8_next(Str s, size_t at, uint32_t *cp) {
  REQUIRE(at < s.len);
  size_t n = decode(s, at, cp);
  REQUIRE(n > 0);
  return n;
}

size_t utf8_count(Str s) {
  size_t n = 0;
  for (size_t i = 0; i < s.len; i++) n += ((unsigned char)s.ptr[i] & 0xC0) != 0x80;
  return n;
}

bool utf8_has_bidi(Str s) {
  uint32_t cp;
  for (size_t at = 0; at < s.len;) {
    at += utf8_next(s, at, &cp);
    if ((cp >= 0x202A && cp <= 0x202E) || (cp >= 0x2066 && cp <= 0x2069) || cp == 0x200E ||
        cp == 0x200F || cp == 0x061C)
      return true;
  }
  return false;
}

bool utf8_has_control(Str s) {
  uint32_t cp;
  for (size_t at = 0; at < s.len;) {
    at += utf8_next(s, at, &cp);
    if (cp < 0x20 && cp != '\t' && cp != '\n' && cp != '\r') return true;
    if ((cp >= 0x7F && cp <= 0x9F) || cp == 0xFFFE || cp == 0xFFFF) return true;
  }
  return false;
}

/* Of U+3000 to U+303F without the combining marks U+302A to U+302F; U+4E00 to U+9FFF; U+FF01 to U+FF5E. All of three
 * bytes, none composes with another, none is left out by normalisation. */
static bool plain_wide(const unsigned char *p) {
  if ((p[1] & 0xC0) != 0x80 || (p[2] & 0xC0) != 0x80) return false;
  uint32_t cp = (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
  return (cp >= 0x4E00 && cp <= 0x9FFF) || (cp >= 0x3000 && cp <= 0x3029) || (cp >= 0xFF01 && cp <= 0xFF5E);
}

bool utf8_plain(Str s) {
  const unsigned char *p = (const unsigned char *)s.ptr, *end = p + s.len;
  while (p < end) {
    bool wide = *p >= 0xE3 && *p <= 0xEF && end - p >= 3;
    if (wide ? !plain_wide(p) : *p < 0x20 || *p >= 0x7F) return false;
    p += wide ? 3 : 1;
  }
  return true;
}

static bool is_ascii(Str s) {
  for (size_t i = 0; i < s.len; i++)
    if ((unsigned char)s.ptr[i] >= 0x80) return false;
  return true;
}

Str utf8_nfc(Arena *a, Str s) {
  if (is_ascii(s) || utf8_plain(s)) return arena_str(a, s);
  utf8proc_uint8_t *out = NULL;
  utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)s.ptr, (utf8proc_ssize_t)s.len, &out,
                                    UTF8PROC_STABLE | UTF8PROC_COMPOSE);
  REQUIRE(n >= 0);
  Str nfc = arena_str(a, (Str){.ptr = (const char *)out, .len = (size_t)n});
  free(out);
  return nfc;
}

static char half_of(uint32_t cp) {
  if (cp >= 0xFF01 && cp <= 0xFF5E) return (char)(cp - 0xFF01 + '!');
  if (cp == 0x3000) return ' ';
  if ((cp >= 0x2010 && cp <= 0x2015) || cp == 0x2212) return '-';
  return 0;
}

Str utf8_halfwidth(Arena *a, Str s) {
  char *out = arena_alloc(a, s.len + 1, 1, 1);
  size_t len = 0;
  for (size_t at = 0; at < s.len;) {
    uint32_t cp;
    size_t n = utf8_next(s, at, &cp);
    char half = half_of(cp);
    if (half) {
      out[len++] = half;
    } else {
      memcpy(out + len, s.ptr + at, n);
      len += n;
    }
    at += n;
  }
  return (Str){.ptr = out, .len = len};
}
