/* SPDX-License-Identifier: Apache-2.0 */
/* pack.c: texts made smaller for the way, as the reader's browser takes them. */
#include "web/web_int.h"

#include <brotli/encode.h>
#include <zlib.h>

enum {
  TEXT_MAX = 32 << 20,
  /* Of a page of 30 KB, made for one reader: brotli 5 is a fifth smaller than gzip 4; 6 to 9 are no smaller, and 11 takes thirty times as long. */
  GZIP_PAGE = 4, BROTLI_PAGE = 5,
  WINDOW_PAGE = 18, /* 256 KB: more memory for the window makes no page smaller */
};

static bool gzip(Str in, Buf *out) {
  z_stream z = {.next_in = (unsigned char *)(uintptr_t)in.ptr, .avail_in = (unsigned)in.len};
  if (deflateInit2(&z, GZIP_PAGE, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) return false;
  int end = Z_OK;
  while (end == Z_OK) {
    unsigned char part[16384];
    z.next_out = part;
    z.avail_out = sizeof part;
    end = deflate(&z, Z_FINISH);
    buf_add_n(out, part, sizeof part - z.avail_out);
  }
  deflateEnd(&z);
  return end == Z_STREAM_END && !out->full;
}

static bool brotli(Str in, Buf *out) {
  buf_reserve(out, BrotliEncoderMaxCompressedSize(in.len));
  size_t n = out->cap;
  BROTLI_BOOL ok = n && BrotliEncoderCompress(BROTLI_PAGE, WINDOW_PAGE, BROTLI_MODE_TEXT, in.len, (const uint8_t *)in.ptr, &n, (uint8_t *)out->ptr);
  if (ok) out->len = n;
  return ok;
}

const char *packing_name(Packing how) {
  static const char *const names[PACKING__MAX] = {"", "gzip", "br"};
  return names[how];
}

Packing packing_of(Str accept_encoding) {
  for (Packing how = PACKING__MAX; --how > PACK_NOT;)
    if (head_token(accept_encoding, str_of(packing_name(how)))) return how;
  return PACK_NOT;
}

Str pack_text(Arena *mem, Packing how, Str in) {
  SCOPED(buf_drop) Buf out = {0};
  buf_init(&out, TEXT_MAX);
  bool done = in.len <= TEXT_MAX && (how == PACK_BROTLI ? brotli(in, &out) : how == PACK_GZIP && gzip(in, &out));
  return done && out.len < in.len ? arena_str(mem, buf_str(&out)) : S("");
}
