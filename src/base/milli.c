/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base.h"

bool milli_parse(Str s, Milli *out) {
  Str whole, part;
  int64_t v, frac = 0;
  bool point = str_cut(s, '.', &whole, &part);
  bool minus = str_starts(s, S("-"));
  if (point && (part.len < 1 || part.len > 3)) return false;
  if (!str_to_i64(whole, &v)) return false;
  if (point) {
    for (size_t i = 0; i < 3; i++) {
      int digit = i < part.len ? part.ptr[i] - '0' : 0;
      if (digit < 0 || digit > 9) return false;
      frac = frac * 10 + digit;
    }
  }
  if (__builtin_mul_overflow(v, 1000, &v)) return false;
  if (__builtin_add_overflow(v, minus ? -frac : frac, &v)) return false;
  out->v = v;
  return true;
}

Str milli_str(Arena *a, Milli m) {
  uint64_t u = m.v < 0 ? 0 - (uint64_t)m.v : (uint64_t)m.v;
  unsigned frac = (unsigned)(u % 1000);
  const char *sign = m.v < 0 ? "-" : "";
  unsigned long long whole = u / 1000;
  if (!frac) return arena_fmt(a, "%s%llu", sign, whole);
  if (frac % 100 == 0) return arena_fmt(a, "%s%llu.%u", sign, whole, frac / 100);
  if (frac % 10 == 0) return arena_fmt(a, "%s%llu.%02u", sign, whole, frac / 10);
  return arena_fmt(a, "%s%llu.%03u", sign, whole, frac);
}
