/* SPDX-License-Identifier: Apache-2.0 */
/*
 * qrtext.c: a receipt or head as the text of one or more QR codes. Deflate (RFC 1951) over the file, its CRC-32 behind
 * it, and two bytes as three letters of 41: a QR code keeps those in 16.5 bits, so that 3 % are lost, where base64 in
 * bytes loses 33 %. The check is over the packed bytes: one text of deflate has many packings, and a changed bit may
 * lead from one to another.
 */
#include "journal/note.h"

#include <zlib.h>

static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$+-.:";
static const Str head = {.ptr = "YICHUANG1/", .len = 10};
enum { BASE = 41, HEAD_CHARS = 14, FILE_MAX = 1 << 20, PACKED_MAX = QR_PARTS * QR_CHARS };

/* ---- making ------------------------------------------------------------------------------------- */

static bool pack(Arena *mem, Str file, Str *out) {
  z_stream z = {.next_in = (unsigned char *)(uintptr_t)file.ptr, .avail_in = (unsigned)file.len};
  unsigned char *p = arena_alloc(mem, PACKED_MAX, 1, 1);
  if (file.len > FILE_MAX || deflateInit2(&z, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY) != Z_OK) return false;
  z.next_out = p;
  z.avail_out = PACKED_MAX - 4;
  int end = deflate(&z, Z_FINISH);
  size_t n = PACKED_MAX - 4 - z.avail_out;
  deflateEnd(&z);
  if (end != Z_STREAM_END) return false;
  unsigned long crc = crc32(0, p, (unsigned)n);
  for (int i = 0; i < 4; i++) p[n++] = (unsigned char)(crc >> (24 - 8 * i));
  *out = (Str){.ptr = (char *)p, .len = n};
  return true;
}

static Str letters(Arena *mem, Str bytes) {
  char *out = arena_alloc(mem, bytes.len / 2 * 3 + 2, 1, 1);
  const unsigned char *p = (const unsigned char *)bytes.ptr;
  size_t n = 0;
  for (size_t i = 0; i < bytes.len; i += 2) {
    bool two = i + 1 < bytes.len;
    unsigned v = two ? (unsigned)p[i] << 8 | p[i + 1] : p[i];
    if (two) out[n++] = digits[v / (BASE * BASE)];
    out[n++] = digits[v / BASE % BASE];
    out[n++] = digits[v % BASE];
  }
  return (Str){.ptr = out, .len = n};
}

Code qrtext_make(Cx *cx, Str file, QrText *out) {
  enum { ROOM = QR_CHARS - HEAD_CHARS };
  Str bytes, all, again, lines = S("");
  *out = (QrText){0};
  if (!pack(cx->mem, file, &bytes)) FAIL(LIMIT, "内容太长，放不进 %d 个二维码。请下载凭证文件。", QR_PARTS);
  all = letters(cx->mem, bytes);
  size_t parts = (all.len + ROOM - 1) / ROOM;
  if (parts > QR_PARTS) FAIL(LIMIT, "内容太长，放不进 %d 个二维码。请下载凭证文件。", QR_PARTS);
  for (size_t i = 0; i < parts; i++) {
    size_t from = all.len * i / parts, to = all.len * (i + 1) / parts;
    out->part[i] = arena_fmt(cx->mem, "%.*s%zu/%zu/%.*s", SFMT(head), i + 1, parts, SFMT(str_sub(all, from, to - from)));
    lines = arena_fmt(cx->mem, "%.*s%.*s\n", SFMT(lines), SFMT(out->part[i]));
  }
  out->count = parts;
  /* What is given out was read again. */
  TRY(qrtext_read(cx, lines, &again));
  if (!str_eq(again, file)) FAIL(BROKEN, "二维码的内容读回来不一样");
  return OK;
}

/* ---- reading ------------------------------------------------------------------------------------ */

static int digit_of(char c) {
  const char *at = c ? memchr(digits, c, BASE) : NULL;
  return at ? (int)(at - digits) : -1;
}

static bool bytes_of(Arena *mem, Str s, Str *out) {
  unsigned char *p = arena_alloc(mem, s.len, 1, 1);
  size_t n = 0;
  for (size_t i = 0; i < s.len;) {
    size_t take = s.len - i < 3 ? s.len - i : 3;
    unsigned v = 0;
    for (size_t k = 0; k < take; k++, i++) {
      int d = digit_of(s.ptr[i]);
      if (d < 0) return false;
      v = v * BASE + (unsigned)d;
    }
    if (take == 1 || v >= (take == 3 ? 1u << 16 : 1u << 8)) return false;
    if (take == 3) p[n++] = (unsigned char)(v >> 8);
    p[n++] = (unsigned char)v;
  }
  *out = (Str){.ptr = (char *)p, .len = n};
  return true;
}

static bool unpack(Arena *mem, Str bytes, Str *out) {
  const unsigned char *p = (const unsigned char *)bytes.ptr;
  if (bytes.len < 6) return false;
  size_t n = bytes.len - 4;
  if (crc32(0, p, (unsigned)n) != ((unsigned long)p[n] << 24 | p[n + 1] << 16 | p[n + 2] << 8 | p[n + 3])) return false;
  SCOPED(buf_drop) Buf b;
  unsigned char part[16384];
  z_stream z = {.next_in = (unsigned char *)(uintptr_t)p, .avail_in = (unsigned)n};
  buf_init(&b, FILE_MAX);
  if (inflateInit2(&z, -15) != Z_OK) return false;
  int end = Z_OK;
  while (end == Z_OK && !b.full) {
    z.next_out = part;
    z.avail_out = sizeof part;
    end = inflate(&z, Z_NO_FLUSH);
    buf_add_n(&b, part, sizeof part - z.avail_out);
  }
  inflateEnd(&z);
  *out = arena_str(mem, buf_str(&b));
  return end == Z_STREAM_END && !z.avail_in && !b.full;
}

/* "YICHUANG1/2/3/…": each of the three once. */
static bool part_put(QrText *t, Str line) {
  if (!str_starts(line, head) || line.len <= HEAD_CHARS || line.ptr[11] != '/' || line.ptr[13] != '/') return false;
  int i = line.ptr[10] - '1', of = line.ptr[12] - '0';
  if (of < 1 || of > QR_PARTS || i < 0 || i >= of || (t->count && t->count != (size_t)of) || t->part[i].len) return false;
  t->part[i] = str_sub(line, HEAD_CHARS, SIZE_MAX);
  t->count = (size_t)of;
  return true;
}

Code qrtext_read(Cx *cx, Str text, Str *file) {
  QrText t = {0};
  Str rest = text, line, all = S(""), bytes;
  while (rest.len) {
    (void)note__line(&rest, &line); /* the last line feed may be missing */
    if (!part_put(&t, line)) FAIL(INVALID, "这不是凭证的二维码，或读错了");
  }
  for (size_t i = 0; i < t.count; i++) {
    if (!t.part[i].len) FAIL(INVALID, "一共 %zu 个二维码，还缺第 %zu 个", t.count, i + 1);
    all = arena_fmt(cx->mem, "%.*s%.*s", SFMT(all), SFMT(t.part[i]));
  }
  if (!t.count || !bytes_of(cx->mem, all, &bytes) || !unpack(cx->mem, bytes, file))
    FAIL(INVALID, "二维码读错了，或几个二维码不是一份凭证的");
  return OK;
}
