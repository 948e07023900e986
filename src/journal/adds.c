/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adds.c: sums beside the rows of a projection. What is added to a key waits with the transaction and is written when it is committed:
 * a batch that stops and starts forty clocks of a department writes a few rows of sums and not eighty. A rollback forgets it.
 */
#include "journal/db_int.h"

#include <stdlib.h>

enum { FEW = 256, MANY = 1 << 15, TEXT_MAX_LEN = 64 }; /* places: of a batch, and of views that are built anew */

typedef struct Add {
  const AddTable *table; /* NULL: free */
  Str first;             /* points to text */
  int64_t rest[ADD_KEYS - 1], by[ADD_SUMS];
  char text[TEXT_MAX_LEN];
} Add;

struct Adds {
  size_t count, places;
  Add list[];
};

static Code add_write(Cx *cx, Db *db, const AddTable *t, Str first, const int64_t *rest, const int64_t *by) {
  Val vals[ADD_KEYS + ADD_SUMS] = {val_s(first)};
  for (size_t i = 0; i < ADD_KEYS - 1; i++) vals[1 + i] = val_i(rest[i]);
  for (size_t i = 0; i < ADD_SUMS; i++) vals[ADD_KEYS + i] = val_i(by[i]);
  return db_run(cx, db, &t->add, vals, COUNT(vals));
}

Code adds__flush(Cx *cx, Db *db) {
  Adds *a = db->adds;
  const AddTable *trim = NULL;
  if (!a || !a->count) return OK;
  for (size_t i = 0; i < a->places; i++) {
    const Add *one = &a->list[i];
    if (!one->table || (!one->by[0] && !one->by[1])) continue;
    if (trim && trim != one->table) TRY(db_run(cx, db, &trim->trim, NO_VALS));
    trim = one->table;
    TRY(add_write(cx, db, one->table, one->first, one->rest, one->by));
  }
  if (trim) TRY(db_run(cx, db, &trim->trim, NO_VALS));
  adds__forget(db);
  return OK;
}

void adds__forget(Db *db) {
  if (!db->adds) return;
  for (size_t i = 0; i < db->adds->places && db->adds->count; i++) db->adds->list[i].table = NULL;
  db->adds->count = 0;
  if (db->adds->places == FEW) return;
  free(db->adds); /* whatever comes next may be a batch */
  db->adds = NULL;
}

static Adds *adds_of(Db *db) {
  if (db->adds) return db->adds;
  size_t places = tables_wait(db) ? MANY : FEW;
  db->adds = calloc(1, sizeof *db->adds + places * sizeof *db->adds->list);
  REQUIRE(db->adds != NULL);
  db->adds->places = places;
  return db->adds;
}

static bool same(const Add *a, const AddTable *t, Str first, const int64_t *rest) {
  return a->table == t && a->rest[0] == rest[0] && a->rest[1] == rest[1] && str_eq(a->first, first);
}

static Code add(Cx *cx, Db *db, const AddTable *t, Str first, const int64_t rest[ADD_KEYS - 1], const int64_t by[ADD_SUMS]) {
  Adds *a = adds_of(db);
  if (first.len > TEXT_MAX_LEN) {
    TRY(add_write(cx, db, t, first, rest, by));
    return db_run(cx, db, &t->trim, NO_VALS);
  }
  if (a->count >= a->places / 4 * 3) {
    TRY(adds__flush(cx, db));
    a = adds_of(db);
  }
  uint64_t h = str_hash(first) + (uint64_t)rest[0] * 31 + (uint64_t)rest[1] * 7;
  Add *one = &a->list[h % a->places];
  while (one->table && !same(one, t, first, rest)) one = one + 1 < a->list + a->places ? one + 1 : a->list;
  if (!one->table) {
    *one = (Add){.table = t, .rest = {rest[0], rest[1]}};
    memcpy(one->text, first.ptr ? first.ptr : "", first.len);
    one->first = (Str){.ptr = one->text, .len = first.len};
    a->count++;
  }
  for (size_t i = 0; i < ADD_SUMS; i++) one->by[i] += by[i];
  return OK;
}

Code table_add(Cx *cx, Db *db, const AddTable *t, Str first, const int64_t rest[ADD_KEYS - 1], const int64_t by[ADD_SUMS]) {
  if (!db->beside) return add(cx, db, t, first, rest, by);
  beside__take(db->beside); /* whoever writes rows adds, too */
  Code code = add(cx, db, t, first, rest, by);
  beside__give(db->beside);
  return code;
}
