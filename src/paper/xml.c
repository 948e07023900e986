/* SPDX-License-Identifier: Apache-2.0 */
/* xml.c: what must not stand in XML as it is. */
#include "paper/xml.h"

static bool writable(Str s, size_t at, size_t n) {
  unsigned char c = (unsigned char)s.ptr[at];
  if (n == 1) return c >= 0x20 || c == '\t' || c == '\n' || c == '\r';
  return !(n == 3 && c == 0xEF && (unsigned char)s.ptr[at + 1] == 0xBF && (unsigned char)s.ptr[at + 2] >= 0xBE);
}

void xml__text(Buf *b, Str s) {
  size_t n;
  uint32_t cp;
  for (size_t i = 0; i < s.len; i += n) {
    n = utf8_next(s, i, &cp);
    if (!writable(s, i, n)) continue;
    if (cp == '<') buf_add(b, S("&lt;"));
    else if (cp == '>') buf_add(b, S("&gt;"));
    else if (cp == '&') buf_add(b, S("&amp;"));
    else if (cp == '"') buf_add(b, S("&quot;"));
    else buf_add_n(b, s.ptr + i, n);
  }
}
