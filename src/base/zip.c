/* SPDX-License-Identifier: Apache-2.0 */
/* zip.c: archives whose files are stored, not packed: what goes in is small or packed already. APPNOTE 6.3.9, names in UTF-8 (bit 11). */
#include "base/base.h"

enum { UTF8_NAMES = 0x0800, VERSION = 20 };

/* CRC-32 as in ISO 3309, four bits at a time. */
static uint32_t crc32_of(Str s) {
  uint32_t table[16], crc = 0xFFFFFFFFu;
  for (uint32_t i = 0; i < 16; i++) {
    table[i] = i;
    for (int k = 0; k < 4; k++) table[i] = table[i] & 1 ? table[i] >> 1 ^ 0xEDB88320u : table[i] >> 1;
  }
  for (size_t i = 0; i < s.len; i++) {
    crc ^= (uint8_t)s.ptr[i];
    crc = crc >> 4 ^ table[crc & 15];
    crc = crc >> 4 ^ table[crc & 15];
  }
  return ~crc;
}

static void le(Buf *b, uint64_t v, int bytes) {
  for (int i = 0; i < bytes; i++) buf_char(b, (char)(v >> 8 * i & 0xFF));
}

/* What both headers of a file have in common, from the version that is needed on. */
static void common(Buf *b, const ZipFile *f, uint32_t crc, uint32_t date, uint32_t time) {
  le(b, VERSION, 2);
  le(b, UTF8_NAMES, 2);
  le(b, 0, 2); /* stored */
  le(b, time, 2);
  le(b, date, 2);
  le(b, crc, 4);
  le(b, (uint32_t)f->bytes.len, 4);
  le(b, (uint32_t)f->bytes.len, 4);
  le(b, (uint32_t)f->name.len, 2);
  le(b, 0, 2);
}

Code zip_store(Cx *cx, const ZipFile *files, size_t n, int64_t ms, Str *out) {
  enum { WHOLE_MAX = 256 << 20, FILES_MAX = 1000 };
  SCOPED(buf_drop) Buf b;
  buf_init(&b, WHOLE_MAX);
  int y, m, d;
  day_split(day_of(ms), &y, &m, &d);
  int64_t second = (ms - day_start(day_of(ms))) / 1000;
  uint32_t date = (uint32_t)((y - 1980) << 9 | m << 5 | d), time = (uint32_t)(second / 3600 << 11 | second / 60 % 60 << 5 | second % 60 / 2);
  uint32_t *crc = arena_array(cx->mem, uint32_t, n + 1), *at = arena_array(cx->mem, uint32_t, n + 1);
  if (n > FILES_MAX || y < 1980) FAIL(LIMIT, "压缩包里最多 %d 个文件", FILES_MAX);
  for (size_t i = 0; i < n; i++) {
    at[i] = (uint32_t)buf_str(&b).len;
    crc[i] = crc32_of(files[i].bytes);
    le(&b, 0x04034b50, 4);
    common(&b, &files[i], crc[i], date, time);
    buf_add(&b, files[i].name);
    buf_add(&b, files[i].bytes);
  }
  uint32_t list = (uint32_t)buf_str(&b).len;
  for (size_t i = 0; i < n; i++) {
    le(&b, 0x02014b50, 4);
    le(&b, VERSION, 2);
    common(&b, &files[i], crc[i], date, time);
    le(&b, 0, 2 + 2 + 2); /* comment, disk, attributes */
    le(&b, 0, 4);
    le(&b, at[i], 4);
    buf_add(&b, files[i].name);
  }
  uint32_t size = (uint32_t)buf_str(&b).len - list;
  le(&b, 0x06054b50, 4);
  le(&b, 0, 4);
  le(&b, (uint32_t)n, 2);
  le(&b, (uint32_t)n, 2);
  le(&b, size, 4);
  le(&b, list, 4);
  le(&b, 0, 2);
  if (b.full) FAIL(LIMIT, "压缩包太大，请少选一些文件");
  *out = arena_str(cx->mem, buf_str(&b));
  return OK;
}
