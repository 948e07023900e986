/* SPDX-License-Identifier: Apache-2.0 */
/* rebuild.c: the views made anew from the journal. */
#include "journal/lines.h"
#include "journal/proof.h"

#include <unistd.h>

Code rebuild__views(Cx *cx, const StoreOptions *o, Db *journal, Str path, int64_t upto, Db **out) {
  views__remove(cx->mem, path);
  TRY(db__open(cx, path, DB_WRITE_VIEWS, out));
  TRY(views__prepare(cx, *out, o->engines, o->engine_count));
  return views__catch_up(cx, journal, *out, o, upto);
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
  TRY(rebuild__views(cx, o, journal, store__path(cx->mem, o->dir, "views.db"), INT64_MAX, &fresh));
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
