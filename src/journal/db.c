/* SPDX-License-Identifier: Apache-2.0 */
/* db.c: typed statements over either database: which connection, which prepared statement, one row after the other. */
#include "journal/db_int.h"

#include <stdlib.h>

Code db__open(Cx *cx, Str path, DbRole role, Db **out) {
  TRY(store_shared(path) ? pg__open(cx, path, role, out) : sqlite__open(cx, path, role, out));
  (*out)->keeps = role == DB_WRITE_JOURNAL || role == DB_WRITE_VIEWS || role == DB_BUILD_VIEWS;
  return OK;
}

void db__gate(Db *db, Gate *gate) {
  db->gate = gate;
}

void db__close(Db *db) {
  if (!db) return;
  rows__end(db);
  free(db->adds);
  db->ops->close(db);
}

void db__close_p(Db **db) {
  db__close(*db);
  *db = NULL;
}

DbKind db__kind(const Db *db) {
  return db->ops->kind;
}

const DbWords *db__words(const Db *db) {
  return &db->ops->words;
}

DbState db__state(const Db *db) {
  return db->ops->state(db);
}

int db__open_rows(const Db *db) {
  return db->open;
}

Code db__version_set(Cx *cx, Db *db, int64_t version) {
  return db__script(cx, db, db->ops->version_text(cx->mem, version).ptr);
}

Code db__scrub(Cx *cx, Db *db, bool *done) {
  return db->ops->scrub(cx, db, done);
}

Code db__again(Cx *cx, Db *db) {
  db_forget(db);
  adds__forget(db);
  return db->ops->again(cx, db);
}

void db__rest(Db *db) {
  if (db->ops->rest) db->ops->rest(db);
}

static void turn_take(const Db *db) {
  if (db->beside) beside__take(db->beside);
}

static void turn_give(const Db *db) {
  if (db->beside) beside__give(db->beside);
}

static Code script(Cx *cx, Db *db, const char *sql) {
  if (db->adds && !strcmp(sql, "COMMIT")) TRY(adds__flush(cx, db));
  if (db->adds && !strcmp(sql, "ROLLBACK")) adds__forget(db);
  return db->ops->script(cx, db, sql);
}

Code db__script(Cx *cx, Db *db, const char *sql) {
  turn_take(db);
  Code code = script(cx, db, sql);
  turn_give(db);
  return code;
}

/* The program has some 400 statements; texts lie 32 bytes apart, and a slot that is another's is passed by. */
static Slot *slot_of(Db *db, const Sql *q) {
  size_t at = ((uintptr_t)q >> 5) % DB_SLOTS;
  for (size_t i = 0; i < DB_SLOTS; i++, at = (at + 1) % DB_SLOTS)
    if (db->slots[at].sql == q || !db->slots[at].sql) return &db->slots[at];
  return NULL;
}

static Code rows_begin(Cx *cx, Db *db, const Sql *q, const Val *vals, size_t n, Rows *r) {
  REQUIRE(n == strlen(q->in));
  for (size_t i = 0; i < n; i++) REQUIRE((q->in[i] == 'i') == (vals[i].kind == 'i'));
  if (db->gate) gate__pass(db->gate);
  turn_take(db); /* until release */
  *r = (Rows){.db = db, .sql = q, .slot = slot_of(db, q), .step = STEP_ROW};
  Code code = db->ops->begin(cx, r, vals, n);
  if (code != OK) turn_give(db);
  db->open += code == OK;
  return code;
}

static void release(Rows *r) {
  r->db->ops->release(r);
  r->db->open--;
  turn_give(r->db);
}

Code db_run(Cx *cx, Db *db, const Sql *q, const Val *vals, size_t n) {
  Rows r;
  TRY(rows_begin(cx, db, q, vals, n, &r));
  while (r.step == STEP_ROW) r.step = db->ops->step(&r);
  Code code = r.step == STEP_DONE ? OK : db->ops->fault(cx, &r);
  release(&r);
  return code;
}

Code db_rows(Cx *cx, Db *db, const Sql *q, const Val *vals, size_t n, Rows **out) {
  /* Bound texts must live as long as the rows: they do, both end with the request. */
  Rows *r = arena_new(cx->mem, Rows);
  TRY(rows_begin(cx, db, q, vals, n, r));
  *out = r;
  return OK;
}

bool rows_next(Rows *r) {
  if (r->step != STEP_ROW) return false;
  r->step = r->db->ops->step(r);
  return r->step == STEP_ROW;
}

int64_t row_i(const Rows *r, int col) {
  REQUIRE(!r->sql || r->sql->out[col] == 'i');
  return r->db->ops->number(r, col);
}

bool db__rows_text(const Rows *r, int col, Str *out) {
  return r->db->ops->bytes(r, col, out);
}

int db__columns(const Rows *r) {
  return r->db->ops->columns(r);
}

Str row_s(Cx *cx, const Rows *r, int col) {
  Str s;
  REQUIRE(!r->sql || r->sql->out[col] != 'i');
  (void)r->db->ops->bytes(r, col, &s);
  return arena_str(cx->mem, s);
}

Code rows_end(Cx *cx, Rows *r) {
  return r->step == STEP_FAULT ? r->db->ops->fault(cx, r) : OK;
}

void rows_drop(Rows **r) {
  if (*r) release(*r);
  *r = NULL;
}

Code db_int(Cx *cx, Db *db, const Sql *q, const Val *vals, size_t n, int64_t dflt, int64_t *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  Str text;
  TRY(db_rows(cx, db, q, vals, n, &r));
  *out = rows_next(r) && db__rows_text(r, 0, &text) ? row_i(r, 0) : dflt;
  return rows_end(cx, r);
}

Code db__table_rows(Cx *cx, Db *db, Str table, Rows **out) {
  Rows *r = arena_new(cx->mem, Rows);
  *r = (Rows){.db = db, .step = STEP_ROW};
  turn_take(db);
  Code code = db->ops->table_rows(cx, r, table);
  if (code == OK) *out = r;
  else turn_give(db);
  db->open += code == OK;
  return code;
}
