/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pages_log.c: the committed pages of a write-ahead log, by SQLite's rules: frames count as long as their salts are those of
 * the head and the checksums follow from it, and up to the last that ends a commit (sqlite.org/fileformat2.html, 4).
 */
#include "journal/pages.h"

#include <sqlite3.h>
#include <stdlib.h>

enum { HEAD = 32, FRAME_HEAD = 24, LOG_MAX = 128 << 20, PIECE = 256, FIRST = 1 << 12 };

typedef struct Sum {
  uint32_t a, b;
  bool big; /* the words are read with the highest byte first */
} Sum;

static void sum_add(Sum *s, const uint8_t *p, size_t n) {
  for (size_t i = 0; i + 8 <= n; i += 8) {
    uint32_t x, y;
    memcpy(&x, p + i, sizeof x);
    memcpy(&y, p + i + 4, sizeof y);
    if (s->big != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)) x = __builtin_bswap32(x), y = __builtin_bswap32(y);
    s->a += x + s->b;
    s->b += y + s->a;
  }
}

static bool sum_is(const Sum *s, const uint8_t *p) {
  return s->a == pages__be32(p) && s->b == pages__be32(p + 4);
}

static bool read_at(sqlite3_file *file, uint8_t *to, int64_t at, int64_t n) {
  int rc = file->pMethods->xRead(file, to, (int)n, at);
  return rc == SQLITE_OK || rc == SQLITE_IOERR_SHORT_READ; /* what is missing is zeros then, and no frame */
}

static void note(PagesLog *log, uint32_t page, uint32_t frame) {
  if (page > log->pages) {
    uint32_t more = log->pages ? log->pages : FIRST;
    while (more < page) more = more < UINT32_MAX / 2 ? more * 2 : UINT32_MAX - 1;
    log->frames = realloc(log->frames, ((size_t)more + 1) * sizeof *log->frames);
    REQUIRE(log->frames != NULL);
    memset(log->frames + log->pages + (log->pages > 0), 0, (more - log->pages + !log->pages) * sizeof *log->frames);
    log->pages = more;
  }
  log->frames[page] = frame + 1;
}

/* How many frames are committed. */
static int64_t committed(PagesLog *log, sqlite3_file *file, int64_t most, uint32_t page_size) {
  int64_t frame_size = (int64_t)page_size + FRAME_HEAD, end = 0;
  const uint8_t *head = log->bytes;
  Sum s = {.big = pages__be32(head) & 1};
  sum_add(&s, head, 24);
  if ((pages__be32(head) | 1) != 0x377f0683 || pages__be32(head + 8) != page_size || !sum_is(&s, head + 24)) return 0;
  for (int64_t i = 0; i < most; i++) {
    uint8_t *frame = log->bytes + HEAD + i * frame_size;
    int64_t piece = most - i < PIECE ? most - i : PIECE;
    if (i % PIECE == 0 && !read_at(file, frame, HEAD + i * frame_size, piece * frame_size)) return end;
    if (!pages__be32(frame) || memcmp(frame + 8, head + 16, 8) != 0) return end;
    sum_add(&s, frame, 8);
    sum_add(&s, frame + FRAME_HEAD, page_size);
    if (!sum_is(&s, frame + 16)) return end;
    if (pages__be32(frame + 4)) end = i + 1;
  }
  return end;
}

bool pages__log_read(PagesLog *log, Db *journal, uint32_t page_size) {
  sqlite3_file *file = sqlite__log_file(journal);
  sqlite3_int64 size = 0;
  *log = (PagesLog){0};
  if (!file || !file->pMethods) return true;
  if (file->pMethods->xFileSize(file, &size) != SQLITE_OK || size > LOG_MAX) return false;
  int64_t frame_size = (int64_t)page_size + FRAME_HEAD;
  if (size < HEAD + frame_size) return true;
  log->bytes = malloc((size_t)size); /* only what is read of it becomes memory */
  REQUIRE(log->bytes != NULL);
  if (!read_at(file, log->bytes, 0, HEAD)) return false;
  int64_t n = committed(log, file, (size - HEAD) / frame_size, page_size);
  for (int64_t i = 0; i < n; i++) {
    uint32_t page = pages__be32(log->bytes + HEAD + i * frame_size);
    if (page > UINT32_MAX / 8) return false;
    note(log, page, (uint32_t)i);
  }
  return true;
}

void pages__log_drop(PagesLog *log) {
  free(log->bytes);
  free(log->frames);
  *log = (PagesLog){0};
}

const uint8_t *pages__log_page(const PagesLog *log, uint32_t page_size, uint32_t no) {
  if (no > log->pages || !log->frames[no]) return NULL;
  return log->bytes + HEAD + (size_t)(log->frames[no] - 1) * (page_size + FRAME_HEAD) + FRAME_HEAD;
}
