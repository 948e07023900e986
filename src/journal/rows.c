/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rows.c: rows that projections put whole, by key. Beside a running server each goes to its table at once. While views are
 * built anew they wait in memory: of the eight versions that a project's row goes through only the last is written, and
 * rows of one table are written in the order of their keys.
 */
#include "journal/db_int.h"

#include <stdlib.h>

enum { FEW = 256, BUCKETS = 1 << 18, VALS_MAX = 32, FLUSH_MEM = 1 << 26, MEM_FIRST = 1 << 20 };

typedef struct Row {
  struct Row *next;
  const RowTable *table;
  uint32_t keys, len, cap; /* bytes of the keys, of all values, of room */
  bool dropped;
  char data[];             /* values one behind the other: integers as eight bytes, texts behind their length */
} Row;

struct Waiting {
  size_t count, bytes;
  size_t taken;         /* rows that came since the last flush; of the first FEW of them, where they went */
  uint32_t few[FEW];
  Arena *mem; /* of the rows: those that go or grow leave theirs until the next flush */
  Row *buckets[BUCKETS];
};

/* ---- values as bytes ---------------------------------------------------------------------------- */

static size_t packed_size(const Val *vals, size_t n) {
  size_t len = 0;
  for (size_t i = 0; i < n; i++) len += vals[i].kind == 'i' ? sizeof(int64_t) : sizeof(uint32_t) + vals[i].s.len;
  return len;
}

static char *pack(char *to, const Val *vals, size_t n) {
  for (size_t i = 0; i < n; i++) {
    if (vals[i].kind == 'i') {
      memcpy(to, &vals[i].i, sizeof(int64_t));
      to += sizeof(int64_t);
      continue;
    }
    uint32_t len = (uint32_t)vals[i].s.len;
    memcpy(to, &len, sizeof len);
    if (len) memcpy(to + sizeof len, vals[i].s.ptr, len);
    to += sizeof len + len;
  }
  return to;
}

/* kinds: of the statement that will take them; bytes and texts look the same here. */
static size_t unpack(const char *from, const char *kinds, Val *vals) {
  size_t n = 0;
  for (; kinds[n]; n++) {
    vals[n] = (Val){.kind = kinds[n] == 'i' ? 'i' : 's'};
    if (kinds[n] == 'i') {
      memcpy(&vals[n].i, from, sizeof(int64_t));
      from += sizeof(int64_t);
      continue;
    }
    uint32_t len;
    memcpy(&len, from, sizeof len);
    vals[n].s = (Str){.ptr = from + sizeof len, .len = len};
    from += sizeof len + len;
  }
  return n;
}

/* ---- waiting ------------------------------------------------------------------------------------ */

static size_t keys_of(const RowTable *t) {
  return (size_t)t->keys % ROWS_TOGETHER;
}

/* By the first key alone when all its rows are wanted at once; else by all keys, for a day may have ten thousand rows. */
static Row **place(Waiting *w, const RowTable *t, const Val *keys) {
  uint64_t h = 0;
  size_t n = t->keys & ROWS_TOGETHER ? 1 : keys_of(t);
  for (size_t i = 0; i < n; i++) {
    uint64_t k = keys[i].kind == 'i' ? (uint64_t)keys[i].i : str_hash(keys[i].s);
    h = (h ^ k) * 0x9E3779B97F4A7C15u;
    h ^= h >> 32;
  }
  return &w->buckets[(h ^ ((uintptr_t)t >> 4)) % BUCKETS];
}

static Row **find(Waiting *w, const RowTable *t, const Val *vals, const char *keys, size_t len) {
  Row **at = place(w, t, vals);
  while (*at && ((*at)->table != t || (*at)->keys != len || memcmp((*at)->data, keys, len) != 0)) at = &(*at)->next;
  return at;
}

static void taken_note(Waiting *w, const RowTable *t, const Val *vals) {
  if (w->taken < FEW) w->few[w->taken] = (uint32_t)(place(w, t, vals) - w->buckets);
  w->taken++;
  w->count++;
}

static void wait_for(Waiting *w, const RowTable *t, const Val *vals, size_t n, size_t key_n, bool dropped) {
  char keys[512];
  size_t key_len = packed_size(vals, key_n), len = packed_size(vals, n);
  REQUIRE(key_len <= sizeof keys && n <= VALS_MAX && len <= UINT32_MAX / 2);
  pack(keys, vals, key_n);
  Row **at = find(w, t, vals, keys, key_len), *row = *at;
  if (row && t->keys & ROWS_STAY && !row->dropped && !dropped) return;
  if (!row || row->cap < len) {
    size_t cap = len + len / 8;
    Row *next = row ? row->next : NULL;
    if (!row) taken_note(w, t, vals);
    row = arena_alloc(w->mem, 1, sizeof *row + cap, _Alignof(Row));
    row->cap = (uint32_t)cap;
    row->next = next;
    w->bytes += cap + sizeof *row;
    *at = row;
  }
  row->table = t;
  row->keys = (uint32_t)key_len;
  row->len = (uint32_t)len;
  row->dropped = dropped;
  pack(row->data, vals, n);
}

static Code tell(Cx *cx, Db *db, const RowTable *t, const Val *vals) {
  return t->keys & ROWS_TOLD ? ((const ToldTable *)t)->before(cx, db, vals) : OK;
}

static Code row_write(Cx *cx, Db *db, const Row *row) {
  Val vals[VALS_MAX];
  const Sql *q = row->dropped ? &row->table->drop : &row->table->put;
  size_t n = unpack(row->data, q->in, vals);
  if (!row->dropped) TRY(tell(cx, db, row->table, vals));
  return db_run(cx, db, q, vals, n);
}

/* ---- flushing ----------------------------------------------------------------------------------- */

typedef struct Order { /* a row, with so much of its first key that rows need hardly ever be looked at to compare two */
  const RowTable *table;
  uint64_t first, second;
  const Row *row;
} Order;

static uint64_t eight(const char *p, size_t n) {
  uint64_t x = 0;
  memcpy(&x, p, n < sizeof x ? n : sizeof x);
  return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? __builtin_bswap64(x) : x;
}

static Order order_of(const Row *row) {
  Val key = {.kind = 'i'};
  char kind[2] = {row->table->put.in[0], '\0'};
  Order o = {.table = row->table, .row = row};
  unpack(row->data, kind, &key);
  if (key.kind == 'i') o.first = (uint64_t)key.i ^ UINT64_C(1) << 63;
  else o.first = eight(key.s.ptr, key.s.len), o.second = key.s.len > 8 ? eight(key.s.ptr + 8, key.s.len - 8) : 0;
  return o;
}

static int by_key(const Row *a, const Row *b) {
  Val p, q;
  char kind[2] = {a->table->put.in[0], '\0'};
  unpack(a->data, kind, &p);
  unpack(b->data, kind, &q);
  int order = p.kind == 'i' ? (p.i > q.i) - (p.i < q.i) : str_cmp(p.s, q.s);
  if (order) return order;
  order = memcmp(a->data, b->data, a->keys < b->keys ? a->keys : b->keys);
  return order ? order : (a->keys > b->keys) - (a->keys < b->keys); /* what drops the rows below comes before them */
}

static int by_order(const void *x, const void *y) {
  const Order *a = x, *b = y;
  if (a->table != b->table) return (uintptr_t)a->table < (uintptr_t)b->table ? -1 : 1;
  if (a->first != b->first) return a->first < b->first ? -1 : 1;
  if (a->second != b->second) return a->second < b->second ? -1 : 1;
  return by_key(a->row, b->row);
}

static size_t bucket_empty(Waiting *w, size_t bucket, Order *list) {
  size_t n = 0;
  for (const Row *row = w->buckets[bucket]; row; row = row->next) list[n++] = order_of(row);
  w->buckets[bucket] = NULL;
  return n;
}

/* Beside an engine that reads others' tables a few rows are written at each event: not all buckets are looked through for them. */
static Order *all_of(Waiting *w) {
  Order *list = malloc((w->count + 1) * sizeof *list);
  REQUIRE(list != NULL);
  size_t n = 0;
  bool few = w->taken <= FEW;
  for (size_t i = 0; i < (few ? w->taken : BUCKETS); i++) n += bucket_empty(w, few ? w->few[i] : i, list + n);
  REQUIRE(n == w->count);
  qsort(list, n, sizeof *list, by_order);
  return list;
}

Code waiting__write(Cx *cx, Db *db, Waiting *w) {
  if (!w->count) return OK;
  SCOPED(arena_close_p) Arena *mem = arena_open(FLUSH_MEM);
  Cx own = {.mem = mem, .now = cx->now};
  Order *list = all_of(w);
  Code code = OK;
  for (size_t i = 0; i < w->count && code == OK; i++) {
    if (db->beside) beside__turn(db->beside);
    code = row_write(&own, db, list[i].row);
    if (db->beside) beside__give(db->beside);
    if (i % 1024 == 0) arena_reset(mem);
  }
  free(list);
  arena_reset(w->mem);
  w->count = w->bytes = w->taken = 0;
  if (code != OK) FAIL(code, "%.*s", SFMT(own.detail));
  return OK;
}

Waiting *waiting__open(void) {
  Waiting *w = calloc(1, sizeof *w);
  REQUIRE(w != NULL);
  w->mem = arena_open_large(SIZE_MAX / 2, MEM_FIRST); /* WAIT_MAX bounds it */
  return w;
}

void waiting__close(Waiting *w) {
  if (!w) return;
  arena_close(w->mem);
  free(w);
}

Code rows__flush(Cx *cx, Db *db) {
  if (!db->waiting) return OK;
  if (db->beside) TRY(beside__done(cx, db->beside));
  return waiting__write(cx, db, db->waiting);
}

Code rows__flush_beside(Cx *cx, Db *db) {
  return db->beside ? beside__write(cx, db->beside, &db->waiting) : rows__flush(cx, db);
}

void rows__wait(Db *db) {
  db->waiting = waiting__open();
}

void rows__beside(Db *db) {
  db->beside = beside__open(db);
}

void rows__end(Db *db) {
  beside__close(db->beside);
  db->beside = NULL;
  waiting__close(db->waiting);
  db->waiting = NULL;
}

void rows__apart(Db *views, Apart *a) {
  views->apart = a;
}

void rows__apart_end(Db *views) {
  if (views->apart) apart__end(views->apart);
}

size_t rows__bytes(const Db *db) {
  return db->waiting ? db->waiting->bytes : 0;
}

/* ---- for projections ---------------------------------------------------------------------------- */

bool tables_wait(const Db *db) {
  return db->waiting != NULL;
}

Code table_put(Cx *cx, Db *db, const RowTable *t, const Val *vals, size_t n) {
  REQUIRE(n == strlen(t->put.in));
  if (!db->waiting) {
    TRY(tell(cx, db, t, vals));
    return db_run(cx, db, &t->put, vals, n);
  }
  bool taken = false;
  if (db->apart && t->keys & ROWS_APART) TRY(apart__put(cx, db, db->apart, t, vals, n, &taken));
  if (!taken) wait_for(db->waiting, t, vals, n, keys_of(t), false);
  return OK;
}

/* What waits below these keys goes, and what stands in the table will: a row with fewer keys than the others says so. */
static void wait_drop_below(Waiting *w, const RowTable *t, const Val *keys, size_t n) {
  char bytes[512];
  size_t len = packed_size(keys, n);
  REQUIRE(len <= sizeof bytes);
  pack(bytes, keys, n);
  for (Row **at = place(w, t, keys); *at;) {
    Row *row = *at;
    if (row->table != t || row->keys <= len || memcmp(row->data, bytes, len) != 0) {
      at = &row->next;
      continue;
    }
    *at = row->next;
    w->count--;
  }
  wait_for(w, t, keys, n, n, true);
}

Code table_drop(Cx *cx, Db *db, const RowTable *t, const Val *keys, size_t n) {
  REQUIRE(n <= keys_of(t) && n == strlen(t->drop.in) && (n == keys_of(t) || (t->keys & ROWS_TOGETHER)));
  if (!db->waiting) return db_run(cx, db, &t->drop, keys, n);
  if (n < keys_of(t)) wait_drop_below(db->waiting, t, keys, n);
  else wait_for(db->waiting, t, keys, n, n, true);
  return OK;
}

static bool begins_with(const Row *row, const Val *first) {
  Val key = {.kind = 'i'};
  char kind[2] = {row->table->put.in[0], '\0'};
  unpack(row->data, kind, &key);
  return first->kind == 'i' ? key.i == first->i : str_eq(key.s, first->s);
}

Code table_settle(Cx *cx, Db *db, const RowTable *t, Val first) {
  REQUIRE(t->keys & ROWS_TOGETHER);
  if (!db->waiting) return OK;
  if (db->beside) TRY(beside__done(cx, db->beside));
  for (Row **at = place(db->waiting, t, &first); *at;) {
    Row *row = *at;
    if (row->table != t || !begins_with(row, &first)) {
      at = &row->next;
      continue;
    }
    *at = row->next;
    db->waiting->count--;
    TRY(row_write(cx, db, row));
  }
  return OK;
}
