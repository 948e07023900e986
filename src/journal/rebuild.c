/* SPDX-License-Identifier: Apache-2.0 */
/* rebuild.c: the views made anew from the journal. */
#include "journal/apart.h"
#include "journal/lines.h"
#include "journal/proof.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

Code rebuild__fresh(Cx *cx, const StoreOptions *o, Db *journal, Str path, int64_t upto, Db **out) {
  SCOPED(apart__close_p) Apart *apart = apart__open(path);
  views__remove(cx->mem, path);
  TRY(db__open(cx, path, DB_BUILD_VIEWS, out));
  TRY(views__prepare(cx, *out, o->engines, o->engine_count));
  rows__apart(*out, apart);
  TRY(views__catch_up(cx, journal, *out, o, upto));
  db__close_p(out);
  TRY(apart__write(cx, apart));
  return db__open(cx, path, DB_BUILD_VIEWS, out);
}

/* Beside the views that are there: nothing is in their place before it is whole and on the disk. */
static Code build_beside(Cx *cx, const StoreOptions *o, Db *journal, Str path) {
  SCOPED(db__close_p) Db *db = NULL;
  TRY(rebuild__fresh(cx, o, journal, path, INT64_MAX, &db));
  db__close_p(&db);
  return file_sync(cx, path);
}

static const Sql sql_move = {"rebuild.move", "", "iii", "PRAGMA wal_checkpoint(TRUNCATE)"};

/* What the old ones have in their log goes into their file first: a log that outlives its file would be read as the new one's, and a
 * file without its log may be in pieces. Where that does not go, because they are damaged or somebody reads them, they are removed. */
static void retire(Cx *cx, Str path) {
  SCOPED(db__close_p) Db *db = NULL;
  int64_t left = 0;
  Code code = file_exists(path) ? db__open(cx, path, DB_WRITE_VIEWS, &db) : OK;
  if (code == OK && db) code = db_int(cx, db, &sql_move, NO_VALS, 1, &left);
  db__close_p(&db);
  cx_clear(cx);
  if (code != OK || left) views__remove(cx->mem, path);
  unlink(arena_fmt(cx->mem, "%.*s-wal", SFMT(path)).ptr);
  unlink(arena_fmt(cx->mem, "%.*s-shm", SFMT(path)).ptr);
}

Code rebuild__views(Cx *cx, const StoreOptions *o, Db *journal, Db **out) {
  Str path = store__path(cx->mem, o->dir, "views.db"), beside = store__path(cx->mem, o->dir, "views.new");
  Code code = build_beside(cx, o, journal, beside);
  if (code != OK) {
    views__remove(cx->mem, beside);
    return code;
  }
  retire(cx, path);
  if (rename(beside.ptr, path.ptr) != 0) FAIL(READONLY, "新建的视图放不到 %.*s：%s", SFMT(path), strerror(errno));
  TRY(dir_sync(cx, o->dir));
  TRY(boot__end(cx, o->dir));
  return db__open(cx, path, DB_WRITE_VIEWS, out);
}

/* Alone among all who write. Files that lie in the directory, and in the database not yet (after an import), go into it. */
static Code rebuild_shared(Cx *cx, const StoreOptions *o, int64_t *events) {
  SCOPED(db__close_p) Db *db = NULL;
  Str address = store__path(cx->mem, o->dir, "journal.db");
  TRY(db__open(cx, address, DB_WRITE_JOURNAL, &db));
  TRY(store__migrate(cx, db, NULL, 0));
  db__close_p(&db);
  TRY(db__open(cx, address, DB_WRITE_VIEWS, &db));
  TRY(db__script(cx, db, "BEGIN IMMEDIATE"));
  TRY(backup__files_in(cx, store_files(cx->mem, o->dir), db));
  TRY(views__anew(cx, db, o));
  TRY(views__position(cx, db, events));
  return db__script(cx, db, "COMMIT");
}

static Code rebuild_dir(Cx *cx, const StoreOptions *o, int64_t *events) {
  SCOPED(db__close_p) Db *journal = NULL;
  SCOPED(db__close_p) Db *fresh = NULL;
  TRY(db__open(cx, store__path(cx->mem, o->dir, "journal.db"), DB_WRITE_JOURNAL, &journal));
  TRY(rebuild__views(cx, o, journal, &fresh));
  return views__position(cx, fresh, events);
}

Code store_rebuild(Cx *cx, const StoreOptions *o, int64_t *events) {
  int lock;
  TRY(store_exists(cx, o->dir));
  if (store_shared(o->dir)) return rebuild_shared(cx, o, events);
  TRY(store__lock(cx, o->dir, &lock));
  Code code = rebuild_dir(cx, o, events); /* its connections are closed before the lock: whoever takes it next must be alone */
  close(lock);
  return code;
}
