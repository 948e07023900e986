/* SPDX-License-Identifier: Apache-2.0 */
/* db.c: SQLite connections and statements. The only file that speaks to the library, besides backup. */
#include "journal/journal_int.h"

#include <sqlite3.h>
#include <stdlib.h>

enum { SLOTS = 256 };

typedef struct Slot {
  const Sql *sql;
  sqlite3_stmt *stmt;
  bool busy;
} Slot;

struct Db {
  sqlite3 *h;
  Slot slots[SLOTS];
};

struct Rows {
  Db *db;
  const Sql *sql;
  sqlite3_stmt *stmt;
  Slot *slot; /* NULL: prepared for this use only */
  int rc;
};

static Code code_of(int rc) {
  switch (rc & 0xFF) {
    case SQLITE_OK:
    case SQLITE_DONE:
    case SQLITE_ROW: return OK;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return BUSY;
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN: return READONLY;
    case SQLITE_CONSTRAINT: return CONFLICT;
    default: return BROKEN;
  }
}

static Code db_fault(Cx *cx, Db *db, const char *what, int rc) {
  FAIL(code_of(rc) == OK ? BROKEN : code_of(rc), "存储出错（%s）：%s", what, db->h ? sqlite3_errmsg(db->h) : sqlite3_errstr(rc));
}

static const char *const settings[] = {
    [DB_WRITE_JOURNAL] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000;"
                         "PRAGMA secure_delete=ON; PRAGMA cache_size=-65536; PRAGMA trusted_schema=OFF;",
    [DB_WRITE_VIEWS] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=20000;"
                       "PRAGMA cache_size=-131072; PRAGMA trusted_schema=OFF;",
    /* No mmap: behind a WAL a mapped page is looked up anew each time, a cached one only after a commit. */
    [DB_READ] = "PRAGMA query_only=ON; PRAGMA cache_size=-32768;"
                "PRAGMA trusted_schema=OFF; PRAGMA wal_autocheckpoint=0;",
    [DB_COPY] = "PRAGMA cache_size=-32768; PRAGMA trusted_schema=OFF; PRAGMA wal_autocheckpoint=0;",
};

Code db__open(Cx *cx, Str path, DbRole role, Db **out) {
  Db *db = calloc(1, sizeof *db);
  REQUIRE(db != NULL);
  bool reads = role == DB_READ || role == DB_COPY;
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (reads ? 0 : SQLITE_OPEN_CREATE);
  int rc = sqlite3_open_v2(arena_z(cx->mem, path), &db->h, flags, NULL);
  if (rc == SQLITE_OK) {
    int on = 1;
    sqlite3_extended_result_codes(db->h, 1);
    sqlite3_busy_timeout(db->h, 5000);
    sqlite3_db_config(db->h, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    if (reads) sqlite3_db_config(db->h, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    else sqlite3_file_control(db->h, NULL, SQLITE_FCNTL_PERSIST_WAL, &on);
    rc = sqlite3_exec(db->h, settings[role], NULL, NULL, NULL);
  }
  if (rc != SQLITE_OK) {
    Code code = db_fault(cx, db, "打开", rc);
    db__close(db);
    return code;
  }
  *out = db;
  return OK;
}

void db__close(Db *db) {
  if (!db) return;
  for (size_t i = 0; i < SLOTS; i++) sqlite3_finalize(db->slots[i].stmt);
  sqlite3_close_v2(db->h);
  free(db);
}

void db__close_p(Db **db) {
  db__close(*db);
  *db = NULL;
}

Code db__script(Cx *cx, Db *db, const char *sql) {
  int rc = sqlite3_exec(db->h, sql, NULL, NULL, NULL);
  return rc == SQLITE_OK ? OK : db_fault(cx, db, "脚本", rc);
}

static Code prepare(Cx *cx, Db *db, const Sql *q, bool keep, sqlite3_stmt **out) {
  int rc = sqlite3_prepare_v3(db->h, q->text, -1, keep ? SQLITE_PREPARE_PERSISTENT : 0, out, NULL);
  if (rc != SQLITE_OK) return db_fault(cx, db, q->name, rc);
  REQUIRE((size_t)sqlite3_bind_parameter_count(*out) <= strlen(q->in));
  REQUIRE((size_t)sqlite3_column_count(*out) == strlen(q->out));
  return OK;
}

static Slot *slot_of(Db *db, const Sql *q) {
  size_t at = ((uintptr_t)q >> 4) % SLOTS;
  for (size_t i = 0; i < SLOTS; i++, at = (at + 1) % SLOTS)
    if (db->slots[at].sql == q || !db->slots[at].sql) return &db->slots[at];
  return NULL;
}

static void bind(sqlite3_stmt *stmt, const Sql *q, const Val *vals, size_t n) {
  REQUIRE(n == strlen(q->in));
  for (size_t i = 0; i < n; i++) {
    int at = (int)i + 1;
    char kind = q->in[i];
    REQUIRE((kind == 'i') == (vals[i].kind == 'i'));
    if (kind == 'i') sqlite3_bind_int64(stmt, at, vals[i].i);
    else if (kind == 'b') sqlite3_bind_blob64(stmt, at, vals[i].s.ptr, vals[i].s.len, SQLITE_STATIC);
    else if (kind == 'S' && !vals[i].s.len) sqlite3_bind_null(stmt, at);
    else sqlite3_bind_text64(stmt, at, vals[i].s.ptr ? vals[i].s.ptr : "", vals[i].s.len, SQLITE_STATIC, SQLITE_UTF8);
  }
}

static Code rows_begin(Cx *cx, Db *db, const Sql *q, const Val *vals, size_t n, Rows *r) {
  Slot *slot = slot_of(db, q);
  *r = (Rows){.db = db, .sql = q, .rc = SQLITE_ROW};
  if (slot && !slot->busy) {
    if (!slot->stmt) TRY(prepare(cx, db, q, true, &slot->stmt));
    slot->sql = q;
    slot->busy = true;
    r->slot = slot;
    r->stmt = slot->stmt;
  } else {
    TRY(prepare(cx, db, q, false, &r->stmt));
  }
  bind(r->stmt, q, vals, n);
  return OK;
}

static void rows_release(Rows *r) {
  if (!r->stmt) return;
  if (r->slot) {
    sqlite3_reset(r->stmt);
    sqlite3_clear_bindings(r->stmt);
    r->slot->busy = false;
  } else {
    sqlite3_finalize(r->stmt);
  }
  r->stmt = NULL;
}

Code db_run(Cx *cx, Db *db, const Sql *q, const Val *vals, size_t n) {
  Rows r;
  TRY(rows_begin(cx, db, q, vals, n, &r));
  int rc;
  do rc = sqlite3_step(r.stmt);
  while (rc == SQLITE_ROW);
  Code code = rc == SQLITE_DONE ? OK : db_fault(cx, db, q->name, rc);
  rows_release(&r);
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
  if (r->rc != SQLITE_ROW) return false;
  r->rc = sqlite3_step(r->stmt);
  return r->rc == SQLITE_ROW;
}

int64_t row_i(const Rows *r, int col) {
  REQUIRE(!r->sql || r->sql->out[col] == 'i');
  return sqlite3_column_int64(r->stmt, col);
}

bool db__rows_text(const Rows *r, int col, Str *out) {
  const void *p = sqlite3_column_blob(r->stmt, col);
  *out = (Str){.ptr = p ? p : "", .len = (size_t)sqlite3_column_bytes(r->stmt, col)};
  return sqlite3_column_type(r->stmt, col) != SQLITE_NULL;
}

int db__columns(const Rows *r) {
  return sqlite3_column_count(r->stmt);
}

Str row_s(Cx *cx, const Rows *r, int col) {
  REQUIRE(!r->sql || r->sql->out[col] != 'i');
  const void *p = sqlite3_column_blob(r->stmt, col);
  return arena_str(cx->mem, (Str){.ptr = p ? p : "", .len = (size_t)sqlite3_column_bytes(r->stmt, col)});
}

Code rows_end(Cx *cx, Rows *r) {
  if (r->rc == SQLITE_DONE || r->rc == SQLITE_ROW) return OK;
  return db_fault(cx, r->db, r->sql ? r->sql->name : "rows", r->rc);
}

void rows_drop(Rows **r) {
  if (*r) rows_release(*r);
  *r = NULL;
}

Code db_int(Cx *cx, Db *db, const Sql *q, const Val *vals, size_t n, int64_t dflt, int64_t *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, db, q, vals, n, &r));
  *out = rows_next(r) && sqlite3_column_type(r->stmt, 0) != SQLITE_NULL ? row_i(r, 0) : dflt;
  return rows_end(cx, r);
}

Code db__table_rows(Cx *cx, Db *db, Str table, Rows **out) {
  Rows *r = arena_new(cx->mem, Rows);
  char *text = sqlite3_mprintf("SELECT * FROM \"%.*w\" ORDER BY 1, 2, 3", (int)table.len, table.ptr);
  *r = (Rows){.db = db, .rc = SQLITE_ROW};
  int rc = sqlite3_prepare_v2(db->h, text, -1, &r->stmt, NULL);
  if (rc != SQLITE_OK) { /* fewer than three columns */
    sqlite3_free(text);
    text = sqlite3_mprintf("SELECT * FROM \"%.*w\" ORDER BY 1", (int)table.len, table.ptr);
    rc = sqlite3_prepare_v2(db->h, text, -1, &r->stmt, NULL);
  }
  sqlite3_free(text);
  if (rc != SQLITE_OK) return db_fault(cx, db, "表", rc);
  *out = r;
  return OK;
}
