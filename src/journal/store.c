/* SPDX-License-Identifier: Apache-2.0 */
/* store.c: the directory of a store: making it, its labels, its lock. */
#include "journal/journal_int.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

static const char journal_schema[] =
    "PRAGMA application_id = 0x59696368;" /* "Yich" */
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID, STRICT;"
    "CREATE TABLE event(pos INTEGER PRIMARY KEY, stream TEXT NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL,"
    " version INTEGER NOT NULL, happened INTEGER NOT NULL, recorded INTEGER NOT NULL, actor TEXT NOT NULL,"
    " actor_name TEXT NOT NULL, unit TEXT NOT NULL, behalf TEXT NOT NULL, command TEXT NOT NULL, body TEXT NOT NULL,"
    " prev BLOB NOT NULL, leaf BLOB NOT NULL, UNIQUE(stream, seq)) STRICT;"
    "CREATE TRIGGER event_kept BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;"
    "CREATE TRIGGER event_stays BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'events are never removed'); END;"
    "CREATE TABLE done(key TEXT PRIMARY KEY, digest BLOB NOT NULL, stream TEXT NOT NULL, seq INTEGER NOT NULL,"
    " pos INTEGER NOT NULL, answer TEXT NOT NULL) WITHOUT ROWID, STRICT;"
    "CREATE TABLE vault(ref TEXT PRIMARY KEY, kind TEXT NOT NULL, wrapped BLOB NOT NULL, box BLOB NOT NULL)"
    " WITHOUT ROWID, STRICT;";

static const Sql sql_tables = {"meta.tables", "", "i", "SELECT count(*) FROM sqlite_schema"};
static const Sql sql_meta_put = {"meta.put", "ss", "", "INSERT INTO meta(key, value) VALUES(?1, ?2)"};
static const Sql sql_meta_get = {"meta.get", "s", "s", "SELECT value FROM meta WHERE key = ?1"};

Str store__path(Arena *mem, Str dir, const char *name) {
  return arena_fmt(mem, "%.*s/%s", SFMT(dir), name);
}

/* Row i brings schema i to i + 1. Rows are never changed: stores of every age have gone through them. */
static const char *const journal_steps[] = {journal_schema};

static const Sql sql_version = {"schema.version", "", "i", "PRAGMA user_version"};
static const Sql sql_rows = {"schema.rows", "", "i", "SELECT count(*) + coalesce(max(pos), 0) FROM event"};

Code schema__up(Cx *cx, Db *db, const char *const *steps, int64_t to) {
  int64_t at = 0, before = 0, after = 0;
  TRY(db_int(cx, db, &sql_version, NO_VALS, 0, &at));
  if (at > to)
    FAIL(CONFLICT, "存储的结构是第 %lld 版，本程序只懂到第 %lld 版。请换用新版的程序；结构不会往回改。", (long long)at, (long long)to);
  if (at) TRY(db_int(cx, db, &sql_rows, NO_VALS, 0, &before));
  for (; at < to; at++) {
    TRY(db__script(cx, db, steps[at]));
    TRY(db__script(cx, db, arena_fmt(cx->mem, "PRAGMA user_version = %d", (int)at + 1).ptr));
  }
  TRY(db_int(cx, db, &sql_rows, NO_VALS, 0, &after));
  if (before && before != after) FAIL(BROKEN, "升级存储结构时事件的数目变了，没有升级");
  return OK;
}

Code store__schema(Cx *cx, Db *journal) {
  return schema__up(cx, journal, journal_steps, COUNT(journal_steps));
}

Code store__migrate(Cx *cx, Db *journal, const char *const *steps, int64_t to) {
  int64_t at = 0;
  TRY(db_int(cx, journal, &sql_version, NO_VALS, 0, &at));
  if (at == (steps ? to : (int64_t)COUNT(journal_steps))) return OK;
  TRY(db__script(cx, journal, "BEGIN IMMEDIATE"));
  Code code = steps ? schema__up(cx, journal, steps, to) : store__schema(cx, journal);
  if (code == OK) return db__script(cx, journal, "COMMIT");
  Cx own = {.mem = cx->mem};
  (void)db__script(&own, journal, "ROLLBACK");
  return code;
}

static Code store_fill(Cx *cx, Str dir, HashSuite suite, const Json *labels) {
  SCOPED(db__close_p) Db *db = NULL;
  TRY(db__open(cx, store__path(cx->mem, dir, "journal.db"), DB_WRITE_JOURNAL, &db));
  TRY(db__script(cx, db, "BEGIN IMMEDIATE"));
  TRY(store__schema(cx, db));
  TRY(db_run(cx, db, &sql_meta_put, VALS(val_s(S("suite")), val_s(suite == SUITE_GM ? S("gm") : S("intl")))));
  TRY(db_run(cx, db, &sql_meta_put, VALS(val_s(S("labels")), val_s(json_text(cx->mem, labels)))));
  TRY(vault__key_make(cx, dir));
  return db__script(cx, db, "COMMIT");
}

/* A store whose making was interrupted says nothing of itself yet: it may be made again. */
static bool store_there(Cx *cx, Str dir) {
  SCOPED(db__close_p) Db *db = NULL;
  Str path = store__path(cx->mem, dir, "journal.db");
  int64_t tables = 1;
  if (!file_exists(path)) return false;
  if (db__open(cx, path, DB_READ, &db) == OK) (void)db_int(cx, db, &sql_tables, NO_VALS, 0, &tables);
  cx_clear(cx); /* unreadable is there */
  return tables > 0;
}

Code store_make(Cx *cx, Str dir, HashSuite suite, const Json *labels) {
  if (store_there(cx, dir))
    FAIL(CONFLICT, "%.*s 里已经有一个存储。请换一个目录，或先把它移走。", SFMT(dir));
  TRY(dir_make(cx, dir));
  TRY(dir_make(cx, store__path(cx->mem, dir, "blobs/tmp")));
  TRY(store_fill(cx, dir, suite, labels));
  /* SQLite does not report a failed fsync of the directory; ours is checked. */
  TRY(dir_sync(cx, store__path(cx->mem, dir, "blobs")));
  return dir_sync(cx, dir);
}

static Code meta_get(Cx *cx, Db *db, Str key, Str *value) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, db, &sql_meta_get, VALS(val_s(key)), &r));
  *value = rows_next(r) ? row_s(cx, r, 0) : S("");
  return rows_end(cx, r);
}

Code store_labels(Cx *cx, Str dir, Json **labels) {
  SCOPED(db__close_p) Db *db = NULL;
  Str path = store__path(cx->mem, dir, "journal.db"), text;
  if (!file_exists(path)) FAIL(NOT_FOUND, "%.*s 里没有存储。", SFMT(dir));
  TRY(db__open(cx, path, DB_READ, &db));
  TRY(meta_get(cx, db, S("labels"), &text));
  return json_parse(cx, text, labels);
}

Code store__suite(Cx *cx, Db *journal, HashSuite *out) {
  Str text;
  TRY(meta_get(cx, journal, S("suite"), &text));
  *out = str_eq(text, S("gm")) ? SUITE_GM : str_eq(text, S("intl")) ? SUITE_INTL : SUITE_UNSET;
  if (*out == SUITE_UNSET) FAIL(BROKEN, "存储没有写明散列算法");
  return OK;
}

Code store__lock(Cx *cx, Str dir, int *fd) {
  *fd = -1;
  if (!file_exists(store__path(cx->mem, dir, "journal.db")))
    FAIL(NOT_FOUND, "%.*s 里没有存储。先用 yichuang init 或 yichuang demo 建立。", SFMT(dir));
  *fd = open(arena_z(cx->mem, store__path(cx->mem, dir, "lock")), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (*fd < 0) FAIL(READONLY, "不能打开 %.*s/lock", SFMT(dir));
  if (flock(*fd, LOCK_EX | LOCK_NB) == 0) return OK;
  close(*fd);
  *fd = -1;
  FAIL(BUSY, "%.*s 正被另一个进程使用。请先停止服务。", SFMT(dir));
}
