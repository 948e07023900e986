/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pages.c: the tree of the table `event` from its first leaf to its last (sqlite.org/fileformat2.html, 1.5, 1.6 and 2). A page comes
 * out of the log when it stands there, else out of the file: the open transaction keeps pages that a reader may need from being
 * written over. Events are never changed, so that a row is the same in each version of its page; which rows are
 * there is known by their positions, which have no gaps.
 */
#include "journal/pages.h"

#include <sqlite3.h>
#include <stdlib.h>

enum { DEPTH = 20, COLUMNS = 15, FILE_HEAD = 100, BRANCH = 0x05, LEAF = 0x0D, BRANCH_HEAD = 12, LEAF_HEAD = 8 };

typedef struct Level { /* a page that leads to others */
  uint8_t *page;       /* a copy; kept for the next one of this level */
  uint32_t next, count; /* the next of its children, 0 to count */
} Level;

struct Pages {
  sqlite3_file *file;
  uint32_t size, usable, last; /* bytes of a page, those that are used, the number of the last page */
  void *held;                  /* something stays fetched, so that the map stays where it is; NULL: nothing of ours */
  const uint8_t *map;          /* the file from its first page on; NULL: there is none */
  uint32_t mapped;             /* so many pages of it */
  PagesLog own;
  const PagesLog *log;         /* own, or that of another */
  Arena *mem;
  Level levels[DEPTH];
  size_t depth;
  uint32_t leaf_no, cell, cells;
  const uint8_t *leaf;         /* NULL: over */
  int64_t pos, upto;
};

typedef struct Bytes { /* what is left to read */
  const uint8_t *at, *end;
} Bytes;

static uint32_t be16(const uint8_t *p) {
  return (uint32_t)p[0] << 8 | p[1];
}

static bool varint_long(Bytes *b, uint64_t *out) {
  uint64_t v = 0;
  for (int i = 0; i < 9 && b->at < b->end; i++) {
    uint8_t c = *b->at++;
    v = i == 8 ? v << 8 | c : v << 7 | (c & 0x7F);
    if (i < 8 && c & 0x80) continue;
    *out = v;
    return true;
  }
  return false;
}

static inline bool varint(Bytes *b, uint64_t *out) {
  if (b->at == b->end || *b->at >= 0x80) return varint_long(b, out);
  *out = *b->at++;
  return true;
}

/* ---- pages -------------------------------------------------------------------------------------- */

/* Where it can be read without a call; NULL: behind the map, which ends at 2 GiB, or there is no such page. */
static inline const uint8_t *page_here(const Pages *p, uint32_t no) {
  if (no < 2 || no > p->last) return NULL;
  const uint8_t *logged = pages__log_page(p->log, p->size, no);
  return logged || no > p->mapped ? logged : p->map + ((size_t)no - 1) * p->size;
}

static const uint8_t *page_get(const Pages *p, uint32_t no) {
  const uint8_t *here = page_here(p, no);
  if (here || no < 2 || no > p->last) return here;
  uint8_t *page = arena_alloc(p->mem, p->size, 1, 16);
  return p->file->pMethods->xRead(p->file, page, (int)p->size, ((int64_t)no - 1) * p->size) == SQLITE_OK ? page : NULL;
}

static bool level_add(Pages *p, const uint8_t *page) {
  uint32_t count = be16(page + 3);
  if (p->depth == DEPTH || BRANCH_HEAD + 2 * count > p->usable) return false;
  Level *l = &p->levels[p->depth++];
  if (!l->page) l->page = malloc(p->size);
  REQUIRE(l->page != NULL);
  memcpy(l->page, page, p->size);
  l->count = count;
  l->next = 0;
  return true;
}

static bool branch_cell(const Pages *p, const Level *l, uint32_t i, Bytes *out) {
  uint32_t at = be16(l->page + BRANCH_HEAD + 2 * i);
  *out = (Bytes){.at = l->page + at, .end = l->page + p->usable};
  return at + 4 <= p->usable;
}

/* Its next child; 0 when there is none, or none that can be. */
static uint32_t child_next(const Pages *p, Level *l) {
  Bytes cell;
  if (l->next > l->count) return 0;
  if (l->next == l->count) return l->next++, pages__be32(l->page + 8);
  return branch_cell(p, l, l->next++, &cell) ? pages__be32(cell.at) : 0;
}

/* Rows lie from the end of a page to its beginning; all of it is wanted soon. */
static void prefetch(const Pages *p, uint32_t no) {
  const uint8_t *page = no ? page_here(p, no) : NULL;
  for (uint32_t at = 0; page && at < p->size; at += 64) __builtin_prefetch(page + at);
}

/* The child behind the one that was given last; 0: not known. */
static uint32_t child_peek(const Pages *p) {
  const Level *l = p->depth ? &p->levels[p->depth - 1] : NULL;
  Level as = l ? *l : (Level){.next = 1};
  return child_next(p, &as);
}

/* To the first child that may hold what is behind p->pos: the key of a cell is the last one below it. */
static bool children_skip(const Pages *p, Level *l) {
  for (; l->next < l->count; l->next++) {
    Bytes cell;
    uint64_t key;
    if (!branch_cell(p, l, l->next, &cell)) return false;
    cell.at += 4;
    if (!varint(&cell, &key)) return false;
    if ((int64_t)key > p->pos) return true;
  }
  return true;
}

/* From page `no` down to the first leaf below it. */
static bool descend(Pages *p, uint32_t no) {
  for (;;) {
    const uint8_t *page = page_get(p, no);
    if (!page) return false;
    if (page[0] == LEAF) {
      p->leaf_no = no;
      p->cell = 0;
      p->cells = be16(page + 3);
      p->leaf = LEAF_HEAD + 2 * p->cells <= p->usable ? page : NULL;
      prefetch(p, child_peek(p));
      return p->leaf != NULL;
    }
    if (page[0] != BRANCH || !level_add(p, page)) return false;
    Level *l = &p->levels[p->depth - 1];
    if (!children_skip(p, l)) return false;
    no = child_next(p, l);
  }
}

static bool leaf_next(Pages *p) {
  while (p->depth && p->levels[p->depth - 1].next > p->levels[p->depth - 1].count) p->depth--;
  return p->depth && descend(p, child_next(p, &p->levels[p->depth - 1]));
}

/* ---- rows --------------------------------------------------------------------------------------- */

/* The part of a row that stands in its leaf is followed by the number of a page; there by the next number and more of the row. */
static bool row_gather(const Pages *p, const uint8_t *head, uint32_t here, uint64_t all, Bytes *out) {
  uint8_t *to = arena_alloc(p->mem, all, 1, 1);
  uint32_t no = pages__be32(head + here);
  uint64_t have = here;
  memcpy(to, head, here);
  while (have < all) {
    const uint8_t *page = page_get(p, no);
    uint64_t n = all - have < p->usable - 4 ? all - have : p->usable - 4;
    if (!page) return false;
    memcpy(to + have, page + 4, n);
    have += n;
    no = pages__be32(page);
  }
  *out = (Bytes){.at = to, .end = to + all};
  return true;
}

/* A row of a leaf that has so many cells. */
static bool row_in(const Pages *p, const uint8_t *leaf, uint32_t cells, uint32_t at, Bytes *out, int64_t *pos) {
  uint32_t most = p->usable - 35;
  Bytes b = {.at = leaf + at, .end = leaf + p->usable};
  uint64_t all, key;
  if (at < LEAF_HEAD + 2 * cells || at >= p->usable || !varint(&b, &all) || !varint(&b, &key)) return false;
  *pos = (int64_t)key;
  if (all <= most) {
    *out = (Bytes){.at = b.at, .end = b.at + (all <= (uint64_t)(b.end - b.at) ? all : 0)};
    return out->end - out->at == (int64_t)all;
  }
  if (all > EVENT_MAX + (1 << 20)) return false;
  uint32_t least = (p->usable - 12) * 32 / 255 - 23, here = least + (uint32_t)((all - least) % (p->usable - 4));
  if (here > most) here = least;
  return (size_t)here + 4 <= (size_t)(b.end - b.at) && row_gather(p, b.at, here, all, out);
}

static bool row_find(const Pages *p, Bytes *out, int64_t *pos) {
  return row_in(p, p->leaf, p->cells, be16(p->leaf + LEAF_HEAD + 2 * p->cell), out, pos);
}

static int64_t big_int(const uint8_t *p, size_t n) {
  uint64_t v = n && p[0] & 0x80 ? UINT64_MAX : 0;
  for (size_t i = 0; i < n; i++) v = v << 8 | p[i];
  return (int64_t)v;
}

typedef struct Cell {
  const uint8_t *at;
  uint64_t len;
  uint64_t type;
} Cell;

/* Kinds as they must be: the position is the key of the row and stands as NULL. */
static const char kinds[COLUMNS + 1] = "nsisiiisssssshh";

static bool cell_fits(char kind, const Cell *c) {
  switch (kind) {
    case 'n': return c->type == 0;
    case 'i': return c->type >= 1 && c->type <= 9 && c->type != 7;
    case 'h': return c->type == 12 + 2 * sizeof(Hash);
    default: return c->type >= 13 && c->type & 1;
  }
}

static bool cells_read(Bytes row, Cell out[COLUMNS]) {
  static const uint8_t widths[12] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};
  uint64_t head;
  Bytes types = row;
  if (!varint(&types, &head) || head > (uint64_t)(row.end - row.at)) return false;
  types.end = row.at + head;
  const uint8_t *at = types.end;
  for (size_t i = 0; i < COLUMNS; i++) {
    Cell *c = &out[i];
    if (!varint(&types, &c->type)) return false;
    c->len = c->type < 12 ? widths[c->type] : (c->type - 12) / 2;
    c->at = at;
    if (c->len > (uint64_t)(row.end - at) || !cell_fits(kinds[i], c)) return false;
    at += c->len;
  }
  return types.at == types.end && at == row.end;
}

static int64_t cell_int(const Cell *c) {
  return c->type >= 8 ? (int64_t)c->type - 8 : big_int(c->at, c->len);
}

static Str cell_str(const Cell *c) {
  return (Str){.ptr = (const char *)c->at, .len = c->len};
}

static void event_of(const Cell c[COLUMNS], int64_t pos, Event *e, Str *body) {
  *e = (Event){.pos = pos, .stream = cell_str(&c[1]), .seq = cell_int(&c[2]), .kind = cell_str(&c[3]),
               .version = (int)cell_int(&c[4]), .happened = cell_int(&c[5]), .recorded = cell_int(&c[6]),
               .actor = cell_str(&c[7]), .actor_name = cell_str(&c[8]), .unit = cell_str(&c[9]), .behalf = cell_str(&c[10]),
               .command = cell_str(&c[11])};
  *body = cell_str(&c[12]);
  memcpy(e->prev.b, c[13].at, sizeof e->prev.b);
  memcpy(e->leaf.b, c[14].at, sizeof e->leaf.b);
}

/* The row behind the last one; p stands at it. */
static bool row_next(Pages *p, Bytes *row) {
  int64_t pos = 0;
  if (p->pos >= p->upto || !p->leaf) return false;
  while (p->cell == p->cells)
    if (!leaf_next(p)) return false;
  if (!row_find(p, row, &pos) || pos != p->pos + 1) return false;
  p->pos = pos;
  return true;
}

bool pages__next(Pages *p, Event *e, Str *body) {
  Bytes row;
  Cell cells[COLUMNS];
  if (!row_next(p, &row) || !cells_read(row, cells)) return p->leaf = NULL, false;
  event_of(cells, p->pos, e, body);
  p->cell++;
  return true;
}

/* Of the head only the first two types are read: the position, which takes no room, and the name of the stream. */
static bool name_read(Bytes row, Str *stream) {
  uint64_t head, none, type;
  Bytes types = row;
  if (!varint(&types, &head) || head > (uint64_t)(row.end - row.at) || !varint(&types, &none) || !varint(&types, &type)) return false;
  Cell c = {.at = row.at + head, .type = type, .len = (type - 12) / 2};
  if (none || !cell_fits('s', &c) || c.len > (uint64_t)(row.end - c.at)) return false;
  *stream = cell_str(&c);
  return true;
}

bool pages__pass(Pages *p, PagesPlace *at, Str *stream) {
  Bytes row;
  if (!row_next(p, &row) || !name_read(row, stream)) return p->leaf = NULL, false;
  *at = (PagesPlace){.page = p->leaf_no, .at = (uint16_t)be16(p->leaf + LEAF_HEAD + 2 * p->cell)};
  p->cell++;
  return true;
}

bool pages__at(Pages *p, PagesPlace at, Event *e, Str *body) {
  Bytes row;
  Cell cells[COLUMNS];
  int64_t pos;
  const uint8_t *leaf = page_get(p, at.page);
  if (!leaf || leaf[0] != LEAF || !row_in(p, leaf, 1, at.at, &row, &pos) || !cells_read(row, cells)) return false;
  event_of(cells, pos, e, body);
  return true;
}

/* An event and what stands before its body take some 700 bytes. */
void pages__soon(const Pages *p, PagesPlace at) {
  const uint8_t *page = page_here(p, at.page);
  for (uint32_t i = at.at; page && i < p->usable && i < at.at + 768u; i += 64) __builtin_prefetch(page + i);
  if (page) __builtin_prefetch(page);
}

/* A page that is not mapped was read into the memory of the batch before. */
void pages__batch(Pages *p, Arena *mem) {
  p->mem = mem;
  if (p->leaf) p->leaf = page_get(p, p->leaf_no);
}

void pages__memory(Pages *p, Arena *mem) {
  p->mem = mem;
  p->leaf = NULL;
}

/* ---- opening ------------------------------------------------------------------------------------ */

static const Sql sql_root = {"pages.root", "", "i", "SELECT rootpage FROM sqlite_schema WHERE type = 'table' AND name = 'event'"};
static const Sql sql_columns = {"pages.columns", "", "s", "SELECT group_concat(name, ', ') FROM pragma_table_info('event')"};
static const Sql sql_count = {"pages.count", "", "i", "PRAGMA page_count"};

/* Which of them is read in which column is known here, so they must be these. */
static bool columns_known(Cx *cx, Db *journal) {
  SCOPED(rows_drop) Rows *r = NULL;
  if (db_rows(cx, journal, &sql_columns, NO_VALS, &r) != OK || !rows_next(r)) return false;
  return str_eq(row_s(cx, r, 0), S(EVENT_COLUMNS));
}

static bool file_known(Pages *p) {
  static const char magic[16] = "SQLite format 3";
  uint8_t head[FILE_HEAD];
  const sqlite3_io_methods *io = p->file ? p->file->pMethods : NULL;
  if (!io || io->xRead(p->file, head, sizeof head, 0) != SQLITE_OK || memcmp(head, magic, sizeof magic) != 0) return false;
  p->size = be16(head + 16) == 1 ? 1 << 16 : be16(head + 16);
  p->usable = p->size - head[20];
  return p->size >= 512 && !(p->size & (p->size - 1)) && p->usable >= 480 && pages__be32(head + 56) == 1; /* 1: UTF-8 */
}

static bool is_mapped(const Pages *p, uint32_t no) {
  const sqlite3_io_methods *io = p->file->pMethods;
  int64_t at = ((int64_t)no - 1) * p->size;
  void *page = NULL;
  if (io->xFetch(p->file, at, (int)p->size, &page) != SQLITE_OK || !page) return false;
  io->xUnfetch(p->file, at, page);
  return page == (const char *)p->held + at;
}

/* The map is one piece, from the first page on: the last page that is in it is looked for. */
static void map_find(Pages *p) {
  const sqlite3_io_methods *io = p->file->pMethods;
  uint32_t here = 1, not = p->last + 1;
  if (io->iVersion < 3 || io->xFetch(p->file, 0, (int)p->size, &p->held) != SQLITE_OK || !p->held) return;
  if (is_mapped(p, p->last)) here = p->last;
  while (here + 1 < not && here != p->last) {
    uint32_t mid = here + (not - here) / 2;
    if (is_mapped(p, mid)) here = mid;
    else not = mid;
  }
  p->map = p->held;
  p->mapped = here;
}

/* To the first row behind p->pos. */
static bool seek(Pages *p, uint32_t root) {
  Bytes row;
  int64_t pos;
  if (!descend(p, root)) return false;
  for (; p->cell < p->cells; p->cell++) {
    if (!row_find(p, &row, &pos)) return false;
    if (pos > p->pos) return true;
  }
  return true;
}

static bool ready(Cx *cx, Pages *p, Db *journal, const Pages *first) {
  int64_t root = 0, count = 0;
  if (!columns_known(cx, journal) || db_int(cx, journal, &sql_root, NO_VALS, 0, &root) != OK ||
      db_int(cx, journal, &sql_count, NO_VALS, 0, &count) != OK || !sqlite__inside(journal))
    return false;
  p->file = sqlite__main_file(journal);
  if (root < 2 || root > UINT32_MAX || count > UINT32_MAX - 1 || !file_known(p) || (first && first->size != p->size)) return false;
  p->log = first ? first->log : &p->own;
  if (!first && !pages__log_read(&p->own, journal, p->size)) return false;
  p->last = count > (int64_t)p->log->pages ? (uint32_t)count : p->log->pages;
  if (first) p->map = first->map, p->mapped = first->mapped;
  else map_find(p);
  return seek(p, (uint32_t)root);
}

static Pages *pages_open(Db *journal, const Pages *first, int64_t after, int64_t upto) {
  if (db__kind(journal) != DB_SQLITE) return NULL;
  SCOPED(arena_close_p) Arena *mem = arena_open(1 << 24);
  Cx cx = {.mem = mem};
  Pages *p = calloc(1, sizeof *p);
  REQUIRE(p != NULL);
  *p = (Pages){.mem = mem, .pos = after, .upto = upto};
  bool fine = ready(&cx, p, journal, first);
  p->mem = NULL; /* until pages__batch */
  if (fine) return p;
  pages__close(p);
  return NULL;
}

Pages *pages__open(Db *journal, int64_t after, int64_t upto) {
  return pages_open(journal, NULL, after, upto);
}

Pages *pages__beside(Db *journal, const Pages *first, int64_t after, int64_t upto) {
  return pages_open(journal, first, after, upto);
}

void pages__close(Pages *p) {
  if (!p) return;
  if (p->held) p->file->pMethods->xUnfetch(p->file, 0, p->held);
  for (size_t i = 0; i < DEPTH; i++) free(p->levels[i].page);
  pages__log_drop(&p->own);
  free(p);
}
