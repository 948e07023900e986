/* SPDX-License-Identifier: Apache-2.0 */
/* copy.c: the rows of a journal into another database: for backups and restores that cross from one kind to the other. */
#include "journal/journal_int.h"

enum { PAGE = 2000, COLUMNS_MAX = 16, MEM_MAX = 1 << 28 };

typedef struct Table {
  const Sql *out;     /* rows after ?1, at most ?2, in the order of the first column */
  const Sql *in;
} Table;

static const Sql sql_meta_out = {"copy.meta-out", "si", "ss", "SELECT key, value FROM meta WHERE key > ?1 ORDER BY key LIMIT ?2"};
static const Sql sql_meta_in = {"copy.meta-in", "ss", "", "INSERT INTO meta(key, value) VALUES(?1, ?2)"};
static const Sql sql_done_out = {"copy.done-out", "si", "sbsiis",
                                 "SELECT key, digest, stream, seq, pos, answer FROM done WHERE key > ?1 ORDER BY key LIMIT ?2"};
static const Sql sql_done_in = {"copy.done-in", "sbsiis", "",
                                "INSERT INTO done(key, digest, stream, seq, pos, answer) VALUES(?1,?2,?3,?4,?5,?6)"};
static const Sql sql_vault_out = {"copy.vault-out", "ii", "issbb",
                                  "SELECT no, ref, kind, wrapped, box FROM vault WHERE no > ?1 ORDER BY no LIMIT ?2"};
static const Sql sql_vault_in = {"copy.vault-in", "issbb", "", "INSERT INTO vault(no, ref, kind, wrapped, box) VALUES(?1,?2,?3,?4,?5)"};

static const Table tables[] = {{&sql_meta_out, &sql_meta_in},
                               {&sql__all_events, &sql__event_insert},
                               {&sql_done_out, &sql_done_in},
                               {&sql_vault_out, &sql_vault_in}};

static Val value_of(Cx *cx, const Rows *r, const char *kinds, int col) {
  return kinds[col] == 'i' ? val_i(row_i(r, col)) : val_s(row_s(cx, r, col));
}

/* Rows after *last, which is kept in `keep`; *n of them. */
static Code page_copy(Cx *cx, Arena *keep, const Table *t, Db *from, Db *to, Val *last, int64_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  size_t columns = strlen(t->out->out);
  REQUIRE(columns <= COLUMNS_MAX);
  *n = 0;
  TRY(db_rows(cx, from, t->out, VALS(*last, val_i(PAGE)), &r));
  while (arena_used(cx->mem) < MEM_MAX / 2 && rows_next(r)) {
    Val vals[COLUMNS_MAX];
    for (size_t i = 0; i < columns; i++) vals[i] = value_of(cx, r, t->out->out, (int)i);
    TRY(db_run(cx, to, t->in, vals, columns));
    *last = vals[0];
    (*n)++;
  }
  if (*n && last->kind == 's') last->s = arena_str(keep, last->s);
  return rows_end(cx, r);
}

static Code table_copy(Cx *cx, const Table *t, Db *from, Db *to) {
  SCOPED(arena_close_p) Arena *scratch = arena_open(MEM_MAX);
  SCOPED(arena_close_p) Arena *keep = arena_open(MEM_MAX);
  Val last = t->out->in[0] == 'i' ? val_i(0) : val_s(S(""));
  for (int64_t n = 1; n;) {
    Cx own = {.mem = scratch, .now = cx->now};
    Code code = page_copy(&own, keep, t, from, to, &last, &n);
    if (code != OK) FAIL(code, "%.*s", SFMT(own.detail));
    arena_reset(scratch);
  }
  return OK;
}

Code journal__copy(Cx *cx, Db *from, Db *to) {
  for (size_t i = 0; i < COUNT(tables); i++) TRY(table_copy(cx, &tables[i], from, to));
  return OK;
}
