/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pages_write.c: a table WITHOUT ROWID from its first leaf to its root, by the published format (sqlite.org/fileformat2.html; numbers of its
 * sections below). Such a table is an index b-tree of whole rows (2.4):
 *   page   (1.6) kind (2 branch, 10 leaf), first free block 0, count of cells, begin of the cells, 0; a branch then the number of its last child;
 *          then two bytes for each cell, where it stands; cells are laid from the end of the page to its beginning
 *   cell   (1.6) in a branch the number of the child before it; length of the record; the record, or its beginning and the number of a page on
 *          which it goes on: four bytes with the number of the next such page, or 0, then so much of the record (1.7)
 *   record (2.1) length of its head, a type for each column, then the columns
 * Each row stands once: those between two leaves stand in the branch above. A page without cells is damage, so that a row that no longer fits waits
 * for the next one: only then its page is written, and it goes up; when no other comes, it stays below and the one before it goes up.
 * Numbers of pages go on behind the last one; the page at 1 GiB, on whose bytes SQLite locks, is passed over (1.4).
 */
#include "journal/pages_write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { FILE_HEAD = 100, BRANCH = 0x02, LEAF = 0x0A, BRANCH_HEAD = 12, LEAF_HEAD = 8, DEPTH = 20, CELL_LEAST = 4, OUT_BYTES = 1 << 20, LOCK_AT = 1 << 30 };

/* ---- rows as records ----------------------------------------------------------------------------- */

static void be16_put(uint8_t *p, uint32_t v) {
  p[0] = (uint8_t)(v >> 8);
  p[1] = (uint8_t)v;
}

static void be32_put(uint8_t *p, uint32_t v) {
  be16_put(p, v >> 16);
  be16_put(p + 2, v);
}

static uint32_t be16(const uint8_t *p) {
  return (uint32_t)p[0] << 8 | p[1];
}

static uint32_t be32(const uint8_t *p) {
  return be16(p) << 16 | be16(p + 2);
}

static size_t varint_put(uint8_t *to, uint64_t v) { /* below 2^56: lengths and types */
  size_t n = 1;
  while (v >> 7 * n) n++;
  for (size_t i = 0; i < n; i++) to[i] = (uint8_t)((v >> 7 * (n - 1 - i) & 0x7F) | (i + 1 < n ? 0x80 : 0));
  return n;
}

/* The type of an integer by how many bytes it needs; 0 and 1 need none. */
static uint8_t type_of(int64_t i) {
  uint64_t u = (uint64_t)(i < 0 ? ~i : i);
  if (u < 128) return i == 0 || i == 1 ? (uint8_t)(8 + i) : 1;
  if (u < UINT64_C(1) << 15) return 2;
  if (u < UINT64_C(1) << 23) return 3;
  if (u < UINT64_C(1) << 31) return 4;
  return u < UINT64_C(1) << 47 ? 5 : 6;
}

static uint8_t *int_put(uint8_t *to, int64_t i, uint8_t type) {
  static const uint8_t widths[] = {0, 1, 2, 3, 4, 6, 8, 0, 0, 0};
  for (size_t n = widths[type]; n; n--) *to++ = (uint8_t)((uint64_t)i >> 8 * (n - 1));
  return to;
}

size_t record__most(const Val *vals, size_t n) {
  size_t most = RECORD_ROOM;
  for (size_t i = 0; i < n; i++) most += 2 * RECORD_ROOM + vals[i].s.len;
  return most;
}

size_t record__put(uint8_t *to, const char *kinds, const Val *vals, size_t n) {
  uint8_t types[RECORD_COLUMNS * RECORD_ROOM] = {0};
  size_t len = 0;
  REQUIRE(n <= RECORD_COLUMNS);
  for (size_t i = 0; i < n; i++) {
    if (kinds[i] == 'i') types[len++] = type_of(vals[i].i);
    else if (kinds[i] == 'S' && !vals[i].s.len) types[len++] = 0;
    else len += varint_put(types + len, 2 * vals[i].s.len + (kinds[i] == 'b' ? 12 : 13));
  }
  size_t head = len + 1 < 128 ? len + 1 : len + 2; /* its own length counts, too */
  uint8_t *at = to + varint_put(to, head);
  memcpy(at, types, len);
  at += len;
  for (size_t i = 0; i < n; i++) {
    if (kinds[i] == 'i') at = int_put(at, vals[i].i, type_of(vals[i].i));
    else if (vals[i].s.len) memcpy(at, vals[i].s.ptr, vals[i].s.len), at += vals[i].s.len;
  }
  return (size_t)(at - to);
}

size_t record__key_most(const Val *vals, size_t n) {
  size_t most = 0;
  for (size_t i = 0; i < n; i++) most += RECORD_ROOM + 2 * vals[i].s.len;
  return most;
}

/* First how many bytes follow, above those of all numbers below 0, where more bytes mean less; then these bytes. */
static uint8_t *key_int(uint8_t *to, int64_t i) {
  uint64_t u = (uint64_t)(i < 0 ? ~i : i);
  size_t n = u ? (size_t)(71 - __builtin_clzll(u)) / 8 : 0;
  *to++ = (uint8_t)(i < 0 ? 0x7F - n : 0x80 + n);
  while (n) *to++ = (uint8_t)((uint64_t)i >> 8 * --n);
  return to;
}

/* A text ends with two zeros, and a zero in it is followed by 255, so that the shorter of two comes first. */
size_t record__key(uint8_t *to, const Val *vals, size_t n) {
  uint8_t *at = to;
  for (size_t i = 0; i < n; i++) {
    if (vals[i].kind == 'i') {
      at = key_int(at, vals[i].i);
      continue;
    }
    for (size_t k = 0; k < vals[i].s.len; k++) {
      *at++ = (uint8_t)vals[i].s.ptr[k];
      if (!vals[i].s.ptr[k]) *at++ = 0xFF;
    }
    *at++ = 0;
    *at++ = 0;
  }
  return (size_t)(at - to);
}

/* ---- pages in order ------------------------------------------------------------------------------ */

typedef struct Level {
  uint8_t *page;         /* NULL: nothing came here yet */
  uint32_t count, begin; /* of its cells; where the last one that was laid begins */
  uint8_t *waits;        /* a cell that no longer fitted */
  uint32_t waits_len;    /* 0: none */
  uint32_t waits_left;   /* the child before it */
} Level;

struct PagesFile {
  int fd;
  uint32_t size, usable, next, root; /* next: number of the page that is written next */
  uint32_t changes;
  uint8_t *out;          /* pages that are not in the file yet */
  size_t out_len;
  Level levels[DEPTH];   /* from the leaves up */
  size_t depth;
  uint8_t *cell, *up;    /* being made; on its way to a branch */
};

static Code all_written(Cx *cx, int fd, const uint8_t *p, size_t n, int64_t at) {
  while (n) {
    ssize_t done = pwrite(fd, p, n, at);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) FAIL(READONLY, "新建的视图写不下去：%s", done ? strerror(errno) : "磁盘已满");
    p += done;
    n -= (size_t)done;
    at += done;
  }
  return OK;
}

static Code out_flush(Cx *cx, PagesFile *f) {
  int64_t end = ((int64_t)f->next - 1) * f->size;
  TRY(all_written(cx, f->fd, f->out, f->out_len, end - (int64_t)f->out_len));
  f->out_len = 0;
  return OK;
}

/* Room for the next page, zeros; its number. */
static Code page_new(Cx *cx, PagesFile *f, uint8_t **page, uint32_t *no) {
  if (f->next == UINT32_MAX - 1) FAIL(LIMIT, "新建的视图太大");
  if (f->out_len + 2 * (size_t)f->size > OUT_BYTES) TRY(out_flush(cx, f));
  if (f->next == LOCK_AT / f->size + 1) {
    memset(f->out + f->out_len, 0, f->size);
    f->out_len += f->size;
    f->next++;
  }
  *page = memset(f->out + f->out_len, 0, f->size);
  f->out_len += f->size;
  *no = f->next++;
  return OK;
}

/* What does not stand in the cell. The next page of a row is the next of the file, or the one behind it at 1 GiB. */
static Code overflow(Cx *cx, PagesFile *f, const uint8_t *p, size_t n, uint8_t *first) {
  uint32_t lock = LOCK_AT / f->size + 1;
  be32_put(first, f->next == lock ? f->next + 1 : f->next);
  while (n) {
    uint8_t *page;
    uint32_t no;
    size_t here = n < f->usable - 4 ? n : f->usable - 4;
    TRY(page_new(cx, f, &page, &no));
    memcpy(page + 4, p, here);
    p += here;
    n -= here;
    if (n) be32_put(page, f->next == lock ? f->next + 1 : f->next);
  }
  return OK;
}

/* ---- levels -------------------------------------------------------------------------------------- */

static uint32_t head_of(size_t level) {
  return level ? BRANCH_HEAD : LEAF_HEAD;
}

static void level_clear(const PagesFile *f, Level *l) {
  l->count = 0;
  l->begin = f->usable;
}

/* `cell` without the child before it. */
static bool cell_fits(const Level *l, size_t level, uint32_t len) {
  return head_of(level) + 2 * (l->count + 1) + len + (level ? 4 : 0) <= l->begin;
}

static void cell_lay(Level *l, size_t level, const uint8_t *cell, uint32_t len, uint32_t left) {
  l->begin -= len + (level ? 4 : 0);
  be16_put(l->page + head_of(level) + 2 * l->count++, l->begin);
  if (level) be32_put(l->page + l->begin, left);
  memcpy(l->page + l->begin + (level ? 4 : 0), cell, len);
}

static void page_close(const Level *l, size_t level, uint32_t last, uint8_t *to, uint32_t usable) {
  uint32_t head = head_of(level) + 2 * l->count;
  memcpy(to, l->page, head);
  memcpy(to + l->begin, l->page + l->begin, usable - l->begin);
  to[0] = level ? BRANCH : LEAF;
  be16_put(to + 3, l->count);
  be16_put(to + 5, l->begin);
  if (level) be32_put(to + 8, last);
}

static Code page_write(Cx *cx, PagesFile *f, size_t level, uint32_t last, uint32_t *no) {
  uint8_t *page;
  TRY(page_new(cx, f, &page, no));
  page_close(&f->levels[level], level, last, page, f->usable);
  level_clear(f, &f->levels[level]);
  return OK;
}

static Code level_open(Cx *cx, PagesFile *f) {
  if (f->depth == DEPTH) FAIL(LIMIT, "新建的视图太大");
  Level *l = &f->levels[f->depth++];
  if (!l->page) {
    l->page = calloc(2, f->size);
    REQUIRE(l->page != NULL);
    l->waits = l->page + f->size;
  }
  level_clear(f, l);
  l->waits_len = 0;
  return OK;
}

/* A cell, and the child before it, to a level. When another waits there its page is full: it is written, and that one goes up. A page holds four
 * cells at least, whatever they are. */
static Code cell_add(Cx *cx, PagesFile *f, size_t level, const uint8_t *cell, uint32_t len, uint32_t left) {
  for (;; level++) {
    if (level == f->depth) TRY(level_open(cx, f));
    Level *l = &f->levels[level];
    if (!l->waits_len && cell_fits(l, level, len)) {
      cell_lay(l, level, cell, len, left);
      return OK;
    }
    uint32_t up = l->waits_len, no = 0;
    if (up) {
      TRY(page_write(cx, f, level, l->waits_left, &no));
      cell_lay(l, level, cell, len, left);
      memcpy(f->up, l->waits, up);
      l->waits_len = 0;
    } else {
      memcpy(l->waits, cell, len);
      l->waits_len = len;
      l->waits_left = left;
      return OK;
    }
    cell = f->up;
    len = up;
    left = no;
  }
}

/* Nothing comes behind the one that waits: it begins the last page, and the last of the full page goes up in its place. */
static Code waits_end(Cx *cx, PagesFile *f, size_t level) {
  Level *l = &f->levels[level];
  uint32_t child = level ? 4 : 0, no = 0, left = child ? be32(l->page + l->begin) : 0;
  uint32_t end = be16(l->page + head_of(level) + 2 * (l->count - 2)), len = end - l->begin - child;
  REQUIRE(l->count >= 2);
  memcpy(f->up, l->page + l->begin + child, len);
  l->begin = end;
  l->count--;
  TRY(page_write(cx, f, level, left, &no));
  cell_lay(l, level, l->waits, l->waits_len, l->waits_left);
  l->waits_len = 0;
  return cell_add(cx, f, level + 1, f->up, len, no);
}

/* ---- tables -------------------------------------------------------------------------------------- */

static bool head_known(const PagesFile *f, const uint8_t *head, int64_t bytes) {
  static const char magic[16] = "SQLite format 3";
  enum { ROLLS_BACK = 1, UTF_8 = 1 };
  return !memcmp(head, magic, sizeof magic) && head[18] == ROLLS_BACK && head[19] == ROLLS_BACK && f->size >= 512 && !(f->size & (f->size - 1)) &&
         f->usable >= 480 && be32(head + 24) == be32(head + 92) && (int64_t)be32(head + 28) * f->size == bytes && !be32(head + 52) &&
         be32(head + 56) == UTF_8;
}

static Code file_begin(Cx *cx, PagesFile *f, Str path) {
  uint8_t head[FILE_HEAD] = {0};
  f->fd = open(arena_z(cx->mem, path), O_RDWR | O_CLOEXEC);
  if (f->fd < 0) FAIL(READONLY, "打不开 %.*s：%s", SFMT(path), strerror(errno));
  if (pread(f->fd, head, sizeof head, 0) != sizeof head) FAIL(BROKEN, "%.*s 不是数据库文件", SFMT(path));
  f->size = be16(head + 16) == 1 ? 1 << 16 : be16(head + 16);
  f->usable = f->size - head[20];
  f->next = be32(head + 28) + 1;
  f->changes = be32(head + 24);
  if (!head_known(f, head, lseek(f->fd, 0, SEEK_END))) FAIL(BROKEN, "%.*s 的文件头与预期不符", SFMT(path));
  f->out = malloc(OUT_BYTES);
  f->cell = malloc(2 * (size_t)f->size);
  REQUIRE(f->out != NULL && f->cell != NULL);
  f->up = f->cell + f->size;
  return OK;
}

Code pages_file__open(Cx *cx, Str path, PagesFile **out) {
  PagesFile *f = calloc(1, sizeof *f);
  REQUIRE(f != NULL);
  Code code = file_begin(cx, f, path);
  if (code == OK) *out = f;
  else pages_file__close(f);
  return code;
}

Code pages_file__table(Cx *cx, PagesFile *f, uint32_t root) {
  uint8_t head[LEAF_HEAD] = {0};
  if (root < 2 || root >= f->next || pread(f->fd, head, sizeof head, ((int64_t)root - 1) * f->size) != sizeof head || head[0] != LEAF || be16(head + 3))
    FAIL(BROKEN, "第 %u 页不是空表", root);
  f->root = root;
  f->depth = 0;
  return OK;
}

Code pages_file__row(Cx *cx, PagesFile *f, const uint8_t *record, size_t len) {
  uint32_t most = (f->usable - 12) * 64 / 255 - 23, least = (f->usable - 12) * 32 / 255 - 23, here = (uint32_t)len;
  if (len > INT32_MAX) FAIL(LIMIT, "一行太大");
  if (len > most) here = least + (uint32_t)((len - least) % (f->usable - 4));
  if (here > most) here = least;
  uint32_t n = (uint32_t)varint_put(f->cell, len);
  memcpy(f->cell + n, record, here);
  n += here;
  if (here < len) {
    TRY(overflow(cx, f, record + here, len - here, f->cell + n));
    n += 4;
  }
  while (n < CELL_LEAST) f->cell[n++] = 0;
  return cell_add(cx, f, 0, f->cell, n, 0);
}

Code pages_file__table_end(Cx *cx, PagesFile *f) {
  uint32_t last = 0;
  for (size_t level = 0; level < f->depth; level++) {
    if (f->levels[level].waits_len) TRY(waits_end(cx, f, level));
    if (level + 1 < f->depth) {
      TRY(page_write(cx, f, level, last, &last));
      continue;
    }
    memset(f->cell, 0, f->size);
    page_close(&f->levels[level], level, last, f->cell, f->usable);
    TRY(all_written(cx, f->fd, f->cell, f->size, ((int64_t)f->root - 1) * f->size));
  }
  f->depth = 0;
  return OK;
}

Code pages_file__end(Cx *cx, PagesFile *f) {
  uint8_t number[4];
  TRY(out_flush(cx, f));
  be32_put(number, f->next - 1);
  TRY(all_written(cx, f->fd, number, sizeof number, 28));
  be32_put(number, f->changes + 1);
  TRY(all_written(cx, f->fd, number, sizeof number, 24));
  return all_written(cx, f->fd, number, sizeof number, 92); /* the count holds for this number of changes */
}

void pages_file__close(PagesFile *f) {
  if (!f) return;
  if (f->fd >= 0) close(f->fd);
  for (size_t i = 0; i < DEPTH; i++) free(f->levels[i].page);
  free(f->cell);
  free(f->out);
  free(f);
}

void pages_file__close_p(PagesFile **f) {
  pages_file__close(*f);
  *f = NULL;
}
