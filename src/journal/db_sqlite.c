/* SPDX-License-Identifier: Apache-2.0 */
/* db_sqlite.c: SQLite connections and statements. Beside walfile.c, and pages.c which reads files, the only one that speaks to the library. */
#include "journal/db_int.h"

#include <sqlite3.h>
#include <stdlib.h>

enum { BUSY_MS = 5000, SCRUB_MS = 20 }; /* how long a statement waits; scrubbing is tried again instead */
enum { OFTEN = 3 };

typedef struct Sqlite {
  Db db;
  sqlite3 *h;
  sqlite3_stmt *often[OFTEN];
  bool begun;          /* BEGIN was said, and neither COMMIT nor ROLLBACK since */
  int64_t frames;      /* of the log: see sqlite__log_keep */
} Sqlite;

/* Nobody asks how much memory the library has: counting it takes a mutex with every allocation. */
__attribute__((constructor)) static void library_set(void) {
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  walfile__register();
}

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

static Sqlite *lite(Db *db) {
  return (Sqlite *)db;
}

static Code fault_of(Cx *cx, Db *db, const char *what, int rc) {
  sqlite3 *h = lite(db)->h;
  FAIL(code_of(rc) == OK ? BROKEN : code_of(rc), "存储出错（%s）：%s", what, h ? sqlite3_errmsg(h) : sqlite3_errstr(rc));
}

/* A limit for the log that is never reached: with one SQLite cuts the log off when the last connection closes it and all of it is in the file.
 * Else whoever opens it next, to verify or to start, reads and checks 48 MB for nothing. */
#define LOG_LIMIT "PRAGMA journal_size_limit=1099511627776;"

static const char *const settings[] = {
    [DB_WRITE_JOURNAL] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000;" LOG_LIMIT
                         "PRAGMA secure_delete=ON; PRAGMA cache_size=-65536; PRAGMA trusted_schema=OFF;",
    [DB_WRITE_VIEWS] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=20000;" LOG_LIMIT
                       "PRAGMA cache_size=-131072; PRAGMA trusted_schema=OFF;",
    [DB_BUILD_VIEWS] = "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE; PRAGMA cache_size=-131072;"
                       "PRAGMA trusted_schema=OFF;",
    /* No mmap: behind a WAL a mapped page is looked up anew each time, a cached one only after a commit. */
    [DB_READ] = "PRAGMA query_only=ON; PRAGMA cache_size=-32768;"
                "PRAGMA trusted_schema=OFF; PRAGMA wal_autocheckpoint=0;",
    [DB_SCAN] = "PRAGMA query_only=ON; PRAGMA mmap_size=1099511627776; PRAGMA trusted_schema=OFF; PRAGMA wal_autocheckpoint=0;",
    [DB_COPY] = "PRAGMA cache_size=-32768; PRAGMA trusted_schema=OFF; PRAGMA wal_autocheckpoint=0;",
};

static const DbOps sqlite_ops;

static void sqlite_close(Db *db) {
  for (size_t i = 0; i < DB_SLOTS; i++) sqlite3_finalize(db->slots[i].stmt);
  for (size_t i = 0; i < OFTEN; i++) sqlite3_finalize(lite(db)->often[i]);
  sqlite3_close_v2(lite(db)->h);
  free(db);
}

Code sqlite__open(Cx *cx, Str path, DbRole role, Db **out) {
  Sqlite *own = calloc(1, sizeof *own);
  REQUIRE(own != NULL);
  own->db.ops = &sqlite_ops;
  bool writes = role == DB_WRITE_JOURNAL || role == DB_WRITE_VIEWS, builds = role == DB_BUILD_VIEWS, reads = !writes && !builds;
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (reads ? 0 : SQLITE_OPEN_CREATE);
  int rc = sqlite3_open_v2(arena_z(cx->mem, path), &own->h, flags, writes ? WALFILE_VFS : NULL);
  if (rc == SQLITE_OK) {
    int on = 1;
    sqlite3_extended_result_codes(own->h, 1);
    sqlite3_busy_timeout(own->h, BUSY_MS);
    sqlite3_db_config(own->h, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    if (reads) sqlite3_db_config(own->h, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    if (writes) sqlite3_file_control(own->h, NULL, SQLITE_FCNTL_PERSIST_WAL, &on);
    rc = sqlite3_exec(own->h, settings[role], NULL, NULL, NULL);
  }
  if (rc != SQLITE_OK) {
    Code code = fault_of(cx, &own->db, "打开", rc);
    sqlite_close(&own->db);
    return code;
  }
  *out = &own->db;
  return OK;
}

/* The bounds of a transaction are said with every act: they are prepared once. */
static const char *const often[OFTEN] = {"BEGIN IMMEDIATE", "BEGIN", "COMMIT"};

static int script_once(Sqlite *own, const char *sql) {
  for (size_t i = 0; i < OFTEN; i++) {
    if (strcmp(sql, often[i]) != 0) continue;
    if (!own->often[i]) {
      int rc = sqlite3_prepare_v3(own->h, sql, -1, SQLITE_PREPARE_PERSISTENT, &own->often[i], NULL);
      if (rc != SQLITE_OK) return rc;
    }
    sqlite3_step(own->often[i]);
    return sqlite3_reset(own->often[i]);
  }
  return sqlite3_exec(own->h, sql, NULL, NULL, NULL);
}

static int script_run(Sqlite *own, const char *sql) {
  int rc = script_once(own, sql);
  if (rc == SQLITE_OK && strncmp(sql, "BEGIN", 5) == 0) own->begun = true;
  else if (strcmp(sql, "ROLLBACK") == 0 || (rc == SQLITE_OK && strcmp(sql, "COMMIT") == 0)) own->begun = false;
  return rc;
}

static Code sqlite_script(Cx *cx, Db *db, const char *sql) {
  int rc = script_run(lite(db), sql);
  return rc == SQLITE_OK ? OK : fault_of(cx, db, "脚本", rc);
}

static void sqlite_rest(Db *db) {
  sqlite3_db_release_memory(lite(db)->h);
}

static Code sqlite_scrub(Cx *cx, Db *db, bool *done) {
  sqlite3 *h = lite(db)->h;
  sqlite3_busy_timeout(h, SCRUB_MS);
  int rc = sqlite3_wal_checkpoint_v2(h, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  sqlite3_busy_timeout(h, BUSY_MS);
  *done = rc == SQLITE_OK;
  return *done || code_of(rc) == BUSY ? OK : fault_of(cx, db, "清理", rc);
}

/* ---- the log ------------------------------------------------------------------------------------ */

static int frames_note(void *arg, sqlite3 *h, const char *name, int frames) {
  (void)h, (void)name;
  ((Sqlite *)arg)->frames = frames;
  return SQLITE_OK;
}

void sqlite__log_keep(Db *db) {
  sqlite3_wal_hook(lite(db)->h, frames_note, lite(db)); /* in place of the one that moves it */
}

int64_t sqlite__log_frames(const Db *db) {
  return ((const Sqlite *)db)->frames;
}

struct sqlite3_file *sqlite__log_file(Db *db) {
  sqlite3_file *file = NULL;
  return sqlite3_file_control(lite(db)->h, NULL, SQLITE_FCNTL_JOURNAL_POINTER, &file) == SQLITE_OK ? file : NULL;
}

struct sqlite3_file *sqlite__main_file(Db *db) {
  sqlite3_file *file = NULL;
  return sqlite3_file_control(lite(db)->h, NULL, SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK ? file : NULL;
}

bool sqlite__inside(const Db *db) {
  return !sqlite3_get_autocommit(((const Sqlite *)db)->h);
}

/* SQLite makes the file durable only when the whole log is in it, for only then the log may be begun anew. Here it is done each
 * time, so that little is left for that last one. */
static int main_sync(sqlite3 *h) {
  sqlite3_file *file = NULL;
  int rc = sqlite3_file_control(h, NULL, SQLITE_FCNTL_FILE_POINTER, &file);
  return rc != SQLITE_OK || !file || !file->pMethods ? rc : file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
}

Code sqlite__log_move(Cx *cx, Db *db, bool durable, int64_t *frames, int64_t *moved) {
  int all = 0, done = 0;
  int rc = sqlite3_wal_checkpoint_v2(lite(db)->h, NULL, SQLITE_CHECKPOINT_PASSIVE, &all, &done);
  if (rc == SQLITE_OK && durable && done < all) rc = main_sync(lite(db)->h);
  *frames = all;
  *moved = done;
  return rc == SQLITE_OK || code_of(rc) == BUSY ? OK : fault_of(cx, db, "移入", rc);
}

/* ---- transactions and statements ---------------------------------------------------------------- */

/* A file is not lost. A statement that fails takes only itself back, but for want of memory, room or a readable disk it takes the
 * whole transaction; what is written after that would be committed piece by piece. */
static DbState sqlite_state(const Db *db) {
  const Sqlite *own = (const Sqlite *)db;
  return own->begun && sqlite3_get_autocommit(own->h) ? DB_SPOILED : DB_FINE;
}

static Code sqlite_again(Cx *cx, Db *db) {
  (void)cx, (void)db;
  return OK;
}

static Code prepare(Cx *cx, Db *db, const Sql *q, bool keep, sqlite3_stmt **out) {
  int rc = sqlite3_prepare_v3(lite(db)->h, q->text, -1, keep ? SQLITE_PREPARE_PERSISTENT : 0, out, NULL);
  if (rc != SQLITE_OK) return fault_of(cx, db, q->name, rc);
  REQUIRE((size_t)sqlite3_bind_parameter_count(*out) <= strlen(q->in));
  REQUIRE((size_t)sqlite3_column_count(*out) == strlen(q->out));
  return OK;
}

static void bind(sqlite3_stmt *stmt, const Sql *q, const Val *vals, size_t n) {
  for (size_t i = 0; i < n; i++) {
    int at = (int)i + 1;
    char kind = q->in[i];
    if (kind == 'i') sqlite3_bind_int64(stmt, at, vals[i].i);
    else if (kind == 'b') sqlite3_bind_blob64(stmt, at, vals[i].s.ptr, vals[i].s.len, SQLITE_STATIC);
    else if (kind == 'S' && !vals[i].s.len) sqlite3_bind_null(stmt, at);
    else sqlite3_bind_text64(stmt, at, vals[i].s.ptr ? vals[i].s.ptr : "", vals[i].s.len, SQLITE_STATIC, SQLITE_UTF8);
  }
}

static Code sqlite_begin(Cx *cx, Rows *r, const Val *vals, size_t n) {
  sqlite3_stmt *stmt = NULL;
  if (r->slot && r->slot->busy) r->slot = NULL;
  if (r->slot) {
    stmt = r->slot->stmt;
    if (!stmt) TRY(prepare(cx, r->db, r->sql, true, &stmt));
    *r->slot = (Slot){.sql = r->sql, .stmt = stmt, .busy = true};
  } else {
    TRY(prepare(cx, r->db, r->sql, false, &stmt));
  }
  r->stmt = stmt;
  bind(stmt, r->sql, vals, n);
  return OK;
}

static void sqlite_release(Rows *r) {
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

static Step sqlite_step(Rows *r) {
  r->rc = sqlite3_step(r->stmt);
  return r->rc == SQLITE_ROW ? STEP_ROW : r->rc == SQLITE_DONE ? STEP_DONE : STEP_FAULT;
}

static Code sqlite_fault(Cx *cx, const Rows *r) {
  return fault_of(cx, r->db, r->sql ? r->sql->name : "rows", r->rc);
}

/* One call that locks and looks for the column, three that only read: without mutexes a value of a column may be asked like any
 * other. A number as text needs memory; without it nothing would be read where there is something. */
static bool sqlite_bytes(const Rows *r, int col, Str *out) {
  sqlite3_value *v = sqlite3_column_value(r->stmt, col);
  bool there = sqlite3_value_type(v) != SQLITE_NULL;
  const void *p = sqlite3_value_blob(v);
  *out = (Str){.ptr = p ? p : "", .len = (size_t)sqlite3_value_bytes(v)};
  REQUIRE(p || sqlite3_errcode(lite(r->db)->h) != SQLITE_NOMEM);
  return there;
}

static int64_t sqlite_number(const Rows *r, int col) {
  return sqlite3_column_int64(r->stmt, col);
}

static int sqlite_columns(const Rows *r) {
  return sqlite3_column_count(r->stmt);
}

static Code sqlite_table_rows(Cx *cx, Rows *r, Str table) {
  sqlite3_stmt *stmt = NULL;
  char *text = sqlite3_mprintf("SELECT * FROM \"%.*w\" ORDER BY 1, 2, 3", (int)table.len, table.ptr);
  int rc = sqlite3_prepare_v2(lite(r->db)->h, text, -1, &stmt, NULL);
  if (rc != SQLITE_OK) { /* fewer than three columns */
    sqlite3_free(text);
    text = sqlite3_mprintf("SELECT * FROM \"%.*w\" ORDER BY 1", (int)table.len, table.ptr);
    rc = sqlite3_prepare_v2(lite(r->db)->h, text, -1, &stmt, NULL);
  }
  sqlite3_free(text);
  r->stmt = stmt;
  return rc == SQLITE_OK ? OK : fault_of(cx, r->db, "表", rc);
}

static Str sqlite_version(Arena *mem, int64_t version) {
  return arena_fmt(mem, "PRAGMA user_version = %lld", (long long)version);
}

static const DbOps sqlite_ops = {
    .kind = DB_SQLITE,
    .words = {.tables = {"db.tables", "", "s",
                         "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"},
              .table_has = {"db.table-has", "s", "i", "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?1"},
              .made = {"db.made", "", "i", "SELECT count(*) FROM sqlite_schema"},
              .version = {"db.version", "", "i", "PRAGMA user_version"}},
    .version_text = sqlite_version, .close = sqlite_close, .script = sqlite_script, .scrub = sqlite_scrub, .rest = sqlite_rest, .state = sqlite_state, .again = sqlite_again, .begin = sqlite_begin, .step = sqlite_step, .fault = sqlite_fault,
    .bytes = sqlite_bytes, .number = sqlite_number, .columns = sqlite_columns, .release = sqlite_release,
    .table_rows = sqlite_table_rows};
