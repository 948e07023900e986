/* SPDX-License-Identifier: Apache-2.0 */
/* compact.c: the files of a store as small as they can be without losing a row of the journal. */
#include "journal/journal_int.h"

#include <sys/stat.h>
#include <unistd.h>

static const Sql sql_rows = {"compact.rows", "", "i",
                             "SELECT (SELECT count(*) FROM event) + (SELECT count(*) FROM done) + (SELECT count(*) FROM vault)"};
static const Sql sql_checkpoint = {"compact.checkpoint", "", "iii", "PRAGMA wal_checkpoint(TRUNCATE)"};

static int64_t size_of(Cx *cx, Str dir) {
  static const char *const names[] = {"journal.db", "journal.db-wal", "views.db", "views.db-wal"};
  struct stat st;
  int64_t sum = 0;
  for (size_t i = 0; i < COUNT(names); i++)
    if (stat(store__path(cx->mem, dir, names[i]).ptr, &st) == 0) sum += st.st_size;
  return sum;
}

static Code checkpoint(Cx *cx, Db *db) {
  int64_t busy = 0;
  TRY(db_int(cx, db, &sql_checkpoint, NO_VALS, 0, &busy));
  if (busy) FAIL(BUSY, "有别的进程正在读这个存储，请稍后再试。");
  return OK;
}

/* The journal itself is not rewritten: it only grows, and pages of erased persons are overwritten at once. */
static Code journal_compact(Cx *cx, Str dir) {
  SCOPED(db__close_p) Db *db = NULL;
  int64_t before = 0, after = 0;
  TRY(db__open(cx, store__path(cx->mem, dir, "journal.db"), DB_WRITE_JOURNAL, &db));
  TRY(db_int(cx, db, &sql_rows, NO_VALS, 0, &before));
  TRY(checkpoint(cx, db));
  TRY(db_int(cx, db, &sql_rows, NO_VALS, 0, &after));
  if (before != after) FAIL(BROKEN, "整理前日志有 %lld 行，整理后 %lld 行", (long long)before, (long long)after);
  return OK;
}

static Code views_compact(Cx *cx, Str dir) {
  SCOPED(db__close_p) Db *db = NULL;
  Str path = store__path(cx->mem, dir, "views.db");
  if (!file_exists(path) || boot__torn(cx, dir)) return OK; /* the next start makes them */
  TRY(db__open(cx, path, DB_WRITE_VIEWS, &db));
  TRY(db__script(cx, db, "VACUUM"));
  return checkpoint(cx, db);
}

Code store_compact(Cx *cx, Str dir, int64_t *before, int64_t *after) {
  int lock;
  if (store_shared(dir))
    FAIL(INVALID, "compact 整理目录里的存储。PostgreSQL 的表由数据库自己整理（autovacuum），不必再做什么。");
  TRY(store__lock(cx, dir, &lock));
  *before = size_of(cx, dir);
  Code code = journal_compact(cx, dir);
  if (code == OK) code = views_compact(cx, dir);
  *after = size_of(cx, dir);
  close(lock);
  return code;
}
