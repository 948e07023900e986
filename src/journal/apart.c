/* SPDX-License-Identifier: Apache-2.0 */
/* apart.c: which tables are written apart, and their rows until then. */
#include "journal/apart.h"

#include "journal/pages_write.h"
#include "journal/sorted.h"

#include <stdlib.h>

enum { TABLES = 8, DETAIL_MEM = 1 << 20 };

typedef struct ApartTable {
  const RowTable *table;
  uint32_t root;
  Sorted *rows; /* NULL: it goes the usual way */
} ApartTable;

struct Apart {
  char *path;
  ApartTable list[TABLES];
  size_t count;
  pthread_t thread; /* sorts */
  bool threaded;
  Arena *mem;       /* of its fault */
  Code fault;
  Str detail;
};

Apart *apart__open(Str path) {
  Apart *a = calloc(1, sizeof *a);
  REQUIRE(a != NULL);
  a->path = strndup(path.ptr, path.len);
  REQUIRE(a->path != NULL);
  a->mem = arena_open(DETAIL_MEM);
  return a;
}

static void apart_join(Apart *a) {
  if (a->threaded) pthread_join(a->thread, NULL);
  a->threaded = false;
}

void apart__close(Apart *a) {
  if (!a) return;
  apart_join(a);
  for (size_t i = 0; i < a->count; i++) sorted__close(a->list[i].rows);
  arena_close(a->mem);
  free(a->path);
  free(a);
}

void apart__close_p(Apart **a) {
  apart__close(*a);
  *a = NULL;
}

/* ---- which tables -------------------------------------------------------------------------------- */

static const Sql sql_root = {"apart.root", "s", "i",
                             "SELECT rootpage FROM sqlite_schema WHERE type = 'table' AND name = ?1 AND sql LIKE '%WITHOUT ROWID%'"
                             " AND NOT EXISTS (SELECT 1 FROM sqlite_schema WHERE tbl_name = ?1 AND name <> ?1)"};
static const Sql sql_columns = {"apart.columns", "s", "s", "SELECT group_concat(name, ', ') FROM pragma_table_xinfo(?1)"};
static const Sql sql_keys = {"apart.keys", "si", "i",
                             "SELECT count(*) FROM pragma_table_xinfo(?1) WHERE (cid < ?2 AND pk <> cid + 1) OR (cid >= ?2 AND pk > 0)"};

/* INSERT INTO name(columns) …: *name and *columns as they stand there. */
static bool text_cut(const RowTable *t, Str *name, Str *columns) {
  Str text = str_of(t->put.text), rest;
  if (!str_starts(text, S("INSERT INTO "))) return false;
  return str_cut(str_sub(text, sizeof "INSERT INTO " - 1, SIZE_MAX), '(', name, &rest) && str_cut(rest, ')', columns, &rest);
}

/* The values must be the columns in their order, the key first, as they stand in a record; and nothing else may hang on the table. */
static Code root_of(Cx *cx, Db *views, const RowTable *t, int64_t *root) {
  SCOPED(rows_drop) Rows *r = NULL;
  Str name, columns;
  int64_t others = 0;
  *root = 0;
  if (db__kind(views) != DB_SQLITE || !text_cut(t, &name, &columns)) return OK;
  TRY(db_rows(cx, views, &sql_columns, VALS(val_s(name)), &r));
  if (!rows_next(r) || !str_eq(row_s(cx, r, 0), columns)) return rows_end(cx, r);
  TRY(db_int(cx, views, &sql_keys, VALS(val_s(name), val_i(t->keys % ROWS_TOGETHER)), 1, &others));
  return others ? OK : db_int(cx, views, &sql_root, VALS(val_s(name)), 0, root);
}

static Code table_of(Cx *cx, Db *views, Apart *a, const RowTable *t, ApartTable **out) {
  for (size_t i = 0; i < a->count; i++)
    if (a->list[i].table == t) {
      *out = &a->list[i];
      return OK;
    }
  REQUIRE(a->count < TABLES);
  int64_t root;
  TRY(root_of(cx, views, t, &root));
  *out = &a->list[a->count++];
  **out = (ApartTable){.table = t, .root = (uint32_t)root};
  if (root) (*out)->rows = sorted__open(arena_fmt(cx->mem, "%s-rows", a->path), 0);
  return OK;
}

/* ---- rows ---------------------------------------------------------------------------------------- */

Code apart__put(Cx *cx, Db *views, Apart *a, const RowTable *t, const Val *vals, size_t n, bool *taken) {
  ApartTable *own;
  uint8_t *key, *record;
  size_t keys = (size_t)t->keys % ROWS_TOGETHER;
  TRY(table_of(cx, views, a, t, &own));
  *taken = own->rows != NULL;
  if (!own->rows) return OK;
  TRY(sorted__room(cx, own->rows, record__key_most(vals, keys), record__most(vals, n), &key, &record));
  size_t len = record__put(record, t->put.in, vals, n);
  sorted__put(own->rows, record, record__key(key, vals, keys), len);
  return OK;
}

static void *apart_main(void *arg) {
  Apart *a = arg;
  Cx cx = {.mem = a->mem};
  for (size_t i = 0; i < a->count && a->fault == OK; i++)
    if (a->list[i].rows) a->fault = sorted__end(&cx, a->list[i].rows);
  a->detail = cx.detail;
  return NULL;
}

void apart__end(Apart *a) {
  a->threaded = pthread_create(&a->thread, NULL, apart_main, a) == 0; /* if not, they are sorted when they are written */
}

static Code table_write(Cx *cx, PagesFile *f, ApartTable *t) {
  const uint8_t *record;
  size_t len;
  TRY(pages_file__table(cx, f, t->root));
  for (;;) {
    TRY(sorted__next(cx, t->rows, &record, &len));
    if (!record) return pages_file__table_end(cx, f);
    TRY(pages_file__row(cx, f, record, len));
  }
}

Code apart__write(Cx *cx, Apart *a) {
  SCOPED(pages_file__close_p) PagesFile *f = NULL;
  apart_join(a);
  if (a->fault != OK) FAIL(a->fault, "%.*s", SFMT(a->detail));
  for (size_t i = 0; i < a->count; i++) {
    if (!a->list[i].rows) continue;
    if (!f) TRY(pages_file__open(cx, str_of(a->path), &f));
    TRY(table_write(cx, f, &a->list[i]));
    sorted__close(a->list[i].rows);
    a->list[i].rows = NULL;
  }
  return f ? pages_file__end(cx, f) : OK;
}
