/* SPDX-License-Identifier: Apache-2.0 */
/* store.c: where a store is; making it, its labels, its lock. */
#include "journal/journal_int.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

static const Sql sql_meta_put = {"meta.put", "ss", "", "INSERT INTO meta(key, value) VALUES(?1, ?2)"};
static const Sql sql_meta_get = {"meta.get", "s", "s", "SELECT value FROM meta WHERE key = ?1"};

/* ---- its name ----------------------------------------------------------------------------------- */

bool store_shared(Str store) {
  return str_starts(store, S("postgresql://")) || str_starts(store, S("postgres://"));
}

Str store_address(Arena *mem, Str place, Str files) {
  return store_shared(place) ? arena_fmt(mem, "%.*s#%.*s", SFMT(place), SFMT(files)) : place;
}

Str store_files(Arena *mem, Str store) {
  Str address, files;
  if (!store_shared(store)) return store;
  return str_cut(store, '#', &address, &files) ? arena_str(mem, files) : S("var");
}

/* user:password@host → user@host; a password=… behind ? stays out too. */
Str store_shown(Arena *mem, Str store) {
  Str address, files, head, rest, user, secret, host;
  if (!store_shared(store)) return store;
  (void)str_cut(store, '#', &address, &files);
  ptrdiff_t at = str_find(address, S("password="));
  if (at >= 0) address = arena_fmt(mem, "%.*s…", (int)at, address.ptr);
  at = str_find(address, S("://")) + 3;
  head = str_sub(address, 0, (size_t)at);
  if (!str_cut(str_sub(address, (size_t)at, SIZE_MAX), '@', &rest, &host) || !str_cut(rest, ':', &user, &secret)) return address;
  return arena_fmt(mem, "%.*s%.*s@%.*s", SFMT(head), SFMT(user), SFMT(host));
}

Str store__path(Arena *mem, Str store, const char *name) {
  bool database = !strcmp(name, "journal.db") || !strcmp(name, "views.db");
  if (database && store_shared(store)) return store;
  return arena_fmt(mem, "%.*s/%s", SFMT(store_files(mem, store)), name);
}

/* ---- making it ---------------------------------------------------------------------------------- */

/* In front of a database the directory may have been used before: a key is never written over. */
static Code key_make(Cx *cx, Str dir, Db *db) {
  VaultKey key;
  if (!store_shared(dir)) return vault__key_make(cx, dir);
  if (!file_exists(store__path(cx->mem, dir, "vault.key"))) TRY(vault__key_make(cx, dir));
  TRY(vault__key(cx, dir, &key));
  return shared__key(cx, db, &key);
}

static Code store_fill(Cx *cx, Str dir, HashSuite suite, const Json *labels) {
  SCOPED(db__close_p) Db *db = NULL;
  TRY(db__open(cx, store__path(cx->mem, dir, "journal.db"), DB_WRITE_JOURNAL, &db));
  TRY(db__script(cx, db, "BEGIN IMMEDIATE"));
  TRY(store__schema(cx, db));
  TRY(db_run(cx, db, &sql_meta_put, VALS(val_s(S("suite")), val_s(suite == SUITE_GM ? S("gm") : S("intl")))));
  TRY(db_run(cx, db, &sql_meta_put, VALS(val_s(S("labels")), val_s(json_text(cx->mem, labels)))));
  TRY(key_make(cx, dir, db));
  return db__script(cx, db, "COMMIT");
}

/* A store whose making was interrupted says nothing of itself yet: it may be made again. */
static Code store_there(Cx *cx, Str dir, bool *there) {
  SCOPED(db__close_p) Db *db = NULL;
  Str path = store__path(cx->mem, dir, "journal.db");
  int64_t made = 1;
  *there = false;
  if (!store_shared(dir) && !file_exists(path)) return OK;
  Code code = db__open(cx, path, DB_READ, &db);
  if (code == OK) code = db_int(cx, db, &db__words(db)->made, NO_VALS, 0, &made);
  if (store_shared(dir)) TRY(code);
  cx_clear(cx); /* a file that cannot be read is there */
  *there = made > 0;
  return OK;
}

static Code occupied(Cx *cx, Str dir) {
  FAIL(CONFLICT, "%.*s 里已经有一个存储。请换一个%s，或先把它移走。", SFMT(store_shown(cx->mem, dir)),
       store_shared(dir) ? "数据库" : "目录");
}

/* vault.key and copies of files would lie among those of another store. */
static Code directory_fits(Cx *cx, Str dir) {
  Str local = store_files(cx->mem, dir);
  if (store_shared(dir) && file_exists(arena_fmt(cx->mem, "%.*s/journal.db", SFMT(local))))
    FAIL(CONFLICT, "目录 %.*s 里是另一个存储。请用 --files 写明另一个目录，放 vault.key 和文件副本。", SFMT(local));
  return OK;
}

Code store__vacant(Cx *cx, Db *journal, Str dir) {
  int64_t made = 0;
  TRY(db_int(cx, journal, &db__words(journal)->made, NO_VALS, 0, &made));
  return made ? occupied(cx, dir) : directory_fits(cx, dir);
}

Code store_make(Cx *cx, Str dir, HashSuite suite, const Json *labels) {
  bool there = false;
  TRY(store_there(cx, dir, &there));
  if (there) return occupied(cx, dir);
  TRY(directory_fits(cx, dir));
  TRY(dir_make(cx, store_files(cx->mem, dir)));
  TRY(dir_make(cx, store__path(cx->mem, dir, "blobs/tmp")));
  TRY(store_fill(cx, dir, suite, labels));
  /* SQLite does not report a failed fsync of the directory; ours is checked. */
  TRY(dir_sync(cx, store__path(cx->mem, dir, "blobs")));
  return dir_sync(cx, store_files(cx->mem, dir));
}

Code store_exists(Cx *cx, Str dir) {
  bool there = true;
  if (store_shared(dir)) TRY(store_there(cx, dir, &there));
  else there = file_exists(store__path(cx->mem, dir, "journal.db"));
  if (!there)
    FAIL(NOT_FOUND, "%.*s 里没有存储。先用 yichuang init 或 yichuang demo 建立，或用 --store 写明它在哪里。",
         SFMT(store_shown(cx->mem, dir)));
  return OK;
}

static Code meta_get(Cx *cx, Db *db, Str key, Str *value) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, db, &sql_meta_get, VALS(val_s(key)), &r));
  *value = rows_next(r) ? row_s(cx, r, 0) : S("");
  return rows_end(cx, r);
}

Code store_labels(Cx *cx, Str dir, Json **labels) {
  SCOPED(db__close_p) Db *db = NULL;
  Str text;
  TRY(store_exists(cx, dir));
  TRY(db__open(cx, store__path(cx->mem, dir, "journal.db"), DB_READ, &db));
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
  TRY(store_exists(cx, dir));
  *fd = open(arena_z(cx->mem, store__path(cx->mem, dir, "lock")), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (*fd < 0) FAIL(READONLY, "不能打开 %.*s/lock", SFMT(store_files(cx->mem, dir)));
  if (flock(*fd, LOCK_EX | LOCK_NB) == 0) return OK;
  close(*fd);
  *fd = -1;
  if (store_shared(dir)) return OK;
  FAIL(BUSY, "%.*s 正被另一个进程使用。请先停止服务。", SFMT(dir));
}
