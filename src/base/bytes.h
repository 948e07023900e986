/* SPDX-License-Identifier: Apache-2.0 */
/* bytes: eight bytes at a time, for what is done with every text of every event. */
#ifndef BYTES_H
#define BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

static inline uint64_t bytes__8(const char *p) {
  uint64_t x;
  memcpy(&x, p, sizeof x);
  return x;
}

static inline uint32_t bytes__4(const char *p) {
  uint32_t x;
  memcpy(&x, p, sizeof x);
  return x;
}

/* Keys and kinds are short: most of the time of memcmp is its call. n > 0. */
static inline bool bytes__eq(const char *a, const char *b, size_t n) {
  if (n >= 32) return memcmp(a, b, n) == 0;
  if (n >= 8) {
    for (size_t i = 0; i + 8 < n; i += 8)
      if (bytes__8(a + i) != bytes__8(b + i)) return false;
    return bytes__8(a + n - 8) == bytes__8(b + n - 8);
  }
  if (n >= 4) return bytes__4(a) == bytes__4(b) && bytes__4(a + n - 4) == bytes__4(b + n - 4);
  return a[0] == b[0] && a[n / 2] == b[n / 2] && a[n - 1] == b[n - 1];
}

/* memcpy for what is nearly always short; the two do not overlap. */
static inline void bytes__put(char *to, const char *from, size_t n) {
  if (n > 32) {
    memcpy(to, from, n);
  } else if (n >= 16) {
    memcpy(to, from, 16);
    memcpy(to + n - 16, from + n - 16, 16);
  } else if (n >= 8) {
    memcpy(to, from, 8);
    memcpy(to + n - 8, from + n - 8, 8);
  } else if (n >= 4) {
    memcpy(to, from, 4);
    memcpy(to + n - 4, from + n - 4, 4);
  } else if (n) {
    to[0] = from[0];
    to[n / 2] = from[n / 2];
    to[n - 1] = from[n - 1];
  }
}

/* Four bytes as eight hexadecimal digits, both in the order of the memory. */
static inline uint64_t bytes__hex(uint32_t four) {
  uint64_t x = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? four : __builtin_bswap32(four);
  x = (x | x << 16) & UINT64_C(0x0000FFFF0000FFFF);
  x = (x | x << 8) & UINT64_C(0x00FF00FF00FF00FF);
  x = (x >> 4 | x << 8) & UINT64_C(0x0F0F0F0F0F0F0F0F); /* the higher half of each byte comes first */
  uint64_t ten = ((x + UINT64_C(0x0606060606060606)) >> 4) & UINT64_C(0x0101010101010101);
  x += UINT64_C(0x3030303030303030) + ten * ('a' - '0' - 10);
  return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? x : __builtin_bswap64(x);
}

/*
 * The first byte of a text that JSON does not take as it is: a quote, a backslash, a control; or end. *seen gets the bits of all
 * before it, of which BYTES_HIGH say that not all of it is ASCII. A byte is found by what borrows into its highest bit;
 * only the lowest such bit is exact, and that is the one asked for.
 */
#define BYTES_ALL(c) (UINT64_C(0x0101010101010101) * (c))
#define BYTES_HIGH BYTES_ALL(0x80)
static inline const char *bytes__plain(const char *p, const char *end, uint64_t *seen) {
#ifdef __SSE2__
  for (; end - p >= 16; p += 16) { /* most texts end in the first sixteen bytes */
    __m128i x = _mm_loadu_si128((const __m128i *)(const void *)p), low = _mm_set1_epi8(0x1F);
    __m128i stop = _mm_or_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8('"')), _mm_cmpeq_epi8(x, _mm_set1_epi8('\\')));
    unsigned at = (unsigned)_mm_movemask_epi8(_mm_or_si128(stop, _mm_cmpeq_epi8(_mm_min_epu8(x, low), x)));
    unsigned wide = (unsigned)_mm_movemask_epi8(x);
    if (at) wide &= (at & -at) - 1;
    *seen |= wide ? BYTES_HIGH : 0;
    if (at) return p + __builtin_ctz(at);
  }
#endif
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  for (; end - p >= 8; p += 8) {
    uint64_t x = bytes__8(p), q = x ^ BYTES_ALL('"'), b = x ^ BYTES_ALL('\\');
    uint64_t stop = (((x - BYTES_ALL(0x20)) & ~x) | ((q - BYTES_ALL(1)) & ~q) | ((b - BYTES_ALL(1)) & ~b)) & BYTES_HIGH;
    if (stop) {
      *seen |= x & ((stop & -stop) - 1);
      return p + __builtin_ctzll(stop) / 8;
    }
    *seen |= x;
  }
#endif
  for (; p < end; p++) {
    unsigned char c = (unsigned char)*p;
    if (c < 0x20 || c == '"' || c == '\\') break;
    *seen |= c;
  }
  return p;
}

/* Bytes of a text of ASCII whose closing quote is among the first sixteen bytes and that JSON takes as it is; BYTES_LONG: another. */
#define BYTES_LONG SIZE_MAX
static inline size_t bytes__short(const char *p, const char *end) {
#ifdef __SSE2__
  if (end - p < 16) return BYTES_LONG;
  __m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
  __m128i odd = _mm_or_si128(_mm_cmpgt_epi8(_mm_set1_epi8(' '), x), _mm_cmpeq_epi8(x, _mm_set1_epi8('\\'))); /* or above ASCII */
  unsigned quotes = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(x, _mm_set1_epi8('"')));
  unsigned odds = (unsigned)_mm_movemask_epi8(odd);
  return quotes && !(odds & ((quotes & -quotes) - 1)) ? (size_t)__builtin_ctz(quotes) : BYTES_LONG;
#else
  (void)p, (void)end;
  return BYTES_LONG;
#endif
}

/* Sixteen at a time; no vector leaves the function, so every compiler lays it out as it likes. */
typedef unsigned char Bytes16 __attribute__((vector_size(16)));
static inline bool bytes__pair_here(const char *p, unsigned char first, unsigned char a, unsigned char b) {
  Bytes16 x, y;
  memcpy(&x, p, sizeof x);
  memcpy(&y, p + 1, sizeof y);
  Bytes16 hit = (Bytes16)(x == first) & (Bytes16)((y == a) | (y == b));
  uint64_t low, high;
  memcpy(&low, &hit, sizeof low);
  memcpy(&high, (const char *)&hit + 8, sizeof high);
  return (low | high) != 0;
}

/* The first place where `first` stands before `a` or `b`; end when there is none. */
static inline const char *bytes__pair(const char *p, const char *end, char first, char a, char b) {
  while (end - p > 16 && !bytes__pair_here(p, (unsigned char)first, (unsigned char)a, (unsigned char)b)) p += 16;
  for (; end - p >= 2; p++)
    if (p[0] == first && (p[1] == a || p[1] == b)) return p;
  return end;
}

#endif
