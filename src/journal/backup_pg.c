/* SPDX-License-Identifier: Apache-2.0 */
/*
 * backup_pg.c: backups of a store in PostgreSQL, and stores in PostgreSQL from backups. A backup has one form, whichever
 * database it was made from: rows go from one into the other in one snapshot, files from the table into files.
 */
#include "journal/lines.h"

#include <sys/stat.h>
#include <unistd.h>

enum { PAGE = 2000, FILE_ROOM = 1 << 30 };

static const Sql sql_paths = {"backup.paths", "si", "s", "SELECT path FROM file WHERE path > ?1 ORDER BY path LIMIT ?2"};
static const Sql sql_bytes = {"backup.bytes", "s", "b", "SELECT bytes FROM file WHERE path = ?1"};
static const Sql sql_has = {"backup.has", "s", "i", "SELECT count(*) FROM file WHERE path = ?1"};
static const Sql sql_put = {"backup.put", "sb", "", "INSERT INTO file(path, bytes) VALUES(?1, ?2) ON CONFLICT(path) DO NOTHING"};

/* ---- out ---------------------------------------------------------------------------------------- */

static Code rows_out(Cx *cx, Copy *c, Str temp) {
  SCOPED(db__close_p) Db *lite = NULL;
  TRY(db__open(cx, store__path(cx->mem, c->from, "journal.db"), DB_COPY, &c->db));
  TRY(db__script(cx, c->db, "BEGIN"));
  TRY(db__open(cx, temp, DB_WRITE_JOURNAL, &lite));
  TRY(db__script(cx, lite, "BEGIN IMMEDIATE"));
  TRY(store__schema(cx, lite));
  TRY(journal__copy(cx, c->db, lite));
  return db__script(cx, lite, "COMMIT");
}

Code backup__rows_out(Cx *cx, Copy *c, Str path) {
  Str temp = store__path(cx->mem, c->to, "rows.tmp");
  Code code = rows_out(cx, c, temp);
  if (code == OK) code = backup__rows(cx, temp, path);
  views__remove(cx->mem, temp);
  return code;
}

static Str folder_of(Str path) {
  while (path.len && path.ptr[path.len - 1] != '/') path.len--;
  return str_sub(path, 0, path.len ? path.len - 1 : 0);
}

/* Each folder is in its parent before anything is in it. */
static Code folder_make(Cx *cx, Str root, Str folder) {
  Str path = arena_fmt(cx->mem, "%.*s/%.*s", SFMT(root), SFMT(folder));
  if (!folder.len || file_exists(path)) return OK;
  Str parent = folder_of(folder);
  TRY(folder_make(cx, root, parent));
  TRY(dir_make(cx, path));
  return dir_sync(cx, parent.len ? arena_fmt(cx->mem, "%.*s/%.*s", SFMT(root), SFMT(parent)) : root);
}

static Code file_out(Cx *cx, Copy *c, Str path) {
  SCOPED(rows_drop) Rows *r = NULL;
  Str bytes, folder = folder_of(path), name = str_sub(path, folder.len + 1, SIZE_MAX);
  if (!backup__name_fits(path) || backup__left_out(c, folder, name)) return OK;
  TRY(db_rows(cx, c->db, &sql_bytes, VALS(val_s(path)), &r));
  if (!rows_next(r) || !db__rows_text(r, 0, &bytes)) {
    TRY(rows_end(cx, r));
    FAIL(BROKEN, "数据库里的文件 %.*s 读不出来", SFMT(path));
  }
  FileSum sum = {.hash = hash_bytes(SUITE_GM, bytes), .size = (int64_t)bytes.len};
  if (str_starts(path, S("blobs/")) && !str_eq(hash_hex(cx->mem, sum.hash), name))
    FAIL(BROKEN, "数据库里的文件 %.*s 的内容与散列不符，已经损坏。请先从以前的备份取回它，再做备份。", SFMT(path));
  TRY(folder_make(cx, c->to, folder));
  TRY(file_write(cx, arena_fmt(cx->mem, "%.*s/%.*s", SFMT(c->to), SFMT(path)), bytes, 0600));
  return backup__listed(cx, c, path, &sum);
}

static Code page_out(Cx *cx, Copy *c, Str *last, int64_t *n) {
  SCOPED(arena_close_p) Arena *scratch = arena_open(1 << 20);
  SCOPED(rows_drop) Rows *r = NULL;
  Str path = {0};
  *n = 0;
  TRY(db_rows(cx, c->db, &sql_paths, VALS(val_s(*last), val_i(PAGE)), &r));
  for (; rows_next(r); (*n)++) {
    Cx own = {.mem = scratch, .now = cx->now};
    path = row_s(cx, r, 0);
    if (file_out(&own, c, path) != OK) FAIL(own.fault, "%.*s", SFMT(own.detail));
    arena_reset(scratch);
  }
  *last = path;
  return rows_end(cx, r);
}

Code backup__files_out(Cx *cx, Copy *c) {
  Str last = S("");
  for (int64_t n = 1; n;) TRY(page_out(cx, c, &last, &n));
  return OK;
}

/* ---- in ----------------------------------------------------------------------------------------- */

static Code file_put(Cx *cx, Db *db, Str local, Str path, Str name) {
  SCOPED(arena_close_p) Arena *room = arena_open((size_t)FILE_ROOM + (1 << 20));
  Cx own = {.mem = room};
  Str bytes;
  Code code = file_read(&own, local, FILE_ROOM, &bytes);
  if (code == OK && str_starts(path, S("blobs/")) && !str_eq(hash_hex(room, hash_bytes(SUITE_GM, bytes)), name)) {
    cx_fail(&own, BROKEN, __func__, __LINE__, "文件 %.*s 的内容与散列不符，已经损坏", SFMT(local));
    code = BROKEN;
  }
  if (code == OK) code = db_run(&own, db, &sql_put, VALS(val_s(path), val_s(bytes)));
  if (code != OK) FAIL(code, "%.*s", SFMT(own.detail));
  return OK;
}

static Code file_in(Cx *cx, Copy *c, Str path, Str name) {
  Str local = arena_fmt(cx->mem, "%.*s/%.*s", SFMT(c->from), SFMT(path));
  int64_t there = 0;
  if (!backup__name_fits(path) || !file_exists(local)) return OK;
  TRY(db_int(cx, c->db, &sql_has, VALS(val_s(path)), 0, &there));
  return there ? OK : file_put(cx, c->db, local, path, name);
}

/* A folder's file that says it is whole goes in last: servers fetch files in the order in which they came. */
#define STAGED "staged.json"
static Code entry_in(Cx *cx, Copy *c, Str folder, Str name) {
  struct stat st;
  Str path = arena_fmt(cx->mem, "%.*s/%.*s", SFMT(folder), SFMT(name));
  Str local = arena_fmt(cx->mem, "%.*s/%.*s", SFMT(c->from), SFMT(path));
  if (backup__left_out(c, folder, name) || str_eq(path, S("blobs/tmp")) || str_eq(name, S(STAGED))) return OK;
  if (stat(local.ptr, &st) != 0) FAIL(READONLY, "不能读取 %.*s", SFMT(local));
  if (S_ISDIR(st.st_mode)) {
    TRY(backup__folder_each(cx, c, path, entry_in));
    return file_in(cx, c, arena_fmt(cx->mem, "%.*s/" STAGED, SFMT(path)), S(STAGED));
  }
  return file_in(cx, c, path, name);
}

Code backup__files_in(Cx *cx, Str from, Db *db) {
  static const char *const folders[] = {"blobs", "policies", "proof"};
  BackupReport all = {.events = INT64_MAX};
  Copy c = {.from = from, .db = db, .report = &all};
  for (size_t i = 0; i < COUNT(folders); i++)
    if (file_exists(store__path(cx->mem, from, folders[i]))) TRY(backup__folder_each(cx, &c, str_of(folders[i]), entry_in));
  return OK;
}

/* The key that came with the backup; another one that lies there already is not overwritten. */
static Code key_in(Cx *cx, Str store, Str from) {
  Str brought = store__path(cx->mem, from, "vault.key"), kept = store__path(cx->mem, store, "vault.key"), a, b;
  if (!file_exists(brought)) return OK;
  TRY(file_read(cx, brought, 1024, &a));
  if (!file_exists(kept)) return file_write(cx, kept, a, 0600);
  TRY(file_read(cx, kept, 1024, &b));
  if (!secret_eq(a, b)) FAIL(CONFLICT, "%.*s 与备份里的密钥不同。请先把它移走，再恢复一次。", SFMT(kept));
  return OK;
}

static const Sql sql_refs = {"backup.refs", "", "s", "SELECT ref FROM vault ORDER BY no DESC LIMIT 1000"};

/* A directory in front of a database may have been used before: its key must open what was brought. Newest rows first:
 * those are least likely to be erased. */
Code backup__key_fits(Cx *cx, Str store, Db *db) {
  SCOPED(rows_drop) Rows *r = NULL;
  VaultKey key;
  bool live = false;
  if (!file_exists(store__path(cx->mem, store, "vault.key"))) return OK;
  TRY(vault__key(cx, store, &key));
  TRY(db_rows(cx, db, &sql_refs, NO_VALS, &r));
  while (!live && rows_next(r)) {
    Str ref = row_s(cx, r, 0), ignored;
    TRY(vault__live(cx, db, ref, &live));
    if (!live || vault__get(cx, db, &key, ref, &ignored) == OK) continue;
    cx_clear(cx);
    FAIL(CONFLICT, "%.*s 打不开这里的个人信息，是另一个存储的密钥。请先把它移走，再做一次。", SFMT(store__path(cx->mem, store, "vault.key")));
  }
  return rows_end(cx, r);
}

static Code rows_in(Cx *cx, const StoreOptions *o, Str from, Db *lite, Db *db) {
  TRY(db__script(cx, db, "BEGIN IMMEDIATE"));
  TRY(store__vacant(cx, db, o->dir));
  TRY(key_in(cx, o->dir, from));
  TRY(store__schema(cx, db));
  TRY(journal__copy(cx, lite, db));
  TRY(backup__key_fits(cx, o->dir, db));
  TRY(backup__files_in(cx, from, db));
  return db__script(cx, db, "COMMIT");
}

Code backup__into(Cx *cx, const StoreOptions *o, Str from) {
  SCOPED(db__close_p) Db *lite = NULL;
  SCOPED(db__close_p) Db *db = NULL;
  TRY(db__open(cx, store__path(cx->mem, from, "journal.db"), DB_READ, &lite));
  TRY(db__open(cx, store__path(cx->mem, o->dir, "journal.db"), DB_WRITE_JOURNAL, &db));
  return rows_in(cx, o, from, lite, db);
}
