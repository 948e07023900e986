/* SPDX-License-Identifier: Apache-2.0 */
/*
 * files.c: the files of a store in PostgreSQL. The table `file` has them all, by their paths in the store; the directory
 * of a server has copies, which may be lost. A file that has its place in the directory is in the table, so that
 * whatever one server names can be had by all. They come in the order in which they were put there: a file that says
 * that others are complete is sent last, and arrives last. A store that is a directory needs none of this.
 */
#include "journal/journal_int.h"

#include <dirent.h>
#include <sys/stat.h>

enum { FILE_MAX = 1 << 30, SHOWN_MAX = 1 << 20 }; /* a value in PostgreSQL has at most 1 GB */

static const Sql sql_put = {"file.put", "sb", "",
                            "INSERT INTO file(path, bytes) VALUES(?1, ?2) ON CONFLICT(path) DO UPDATE SET bytes = excluded.bytes "
                            "WHERE file.bytes <> excluded.bytes"};
static const Sql sql_add = {"file.add", "sb", "", "INSERT INTO file(path, bytes) VALUES(?1, ?2) ON CONFLICT(path) DO NOTHING"};
static const Sql sql_get = {"file.get", "s", "b", "SELECT bytes FROM file WHERE path = ?1"};
static const Sql sql_list = {"file.list", "s", "ss",
                             "SELECT path, CASE WHEN path = 'proof/keys' THEN encode(sha256(bytes), 'hex') ELSE '' END FROM file"
                             " WHERE path >= ?1 AND starts_with(path, ?1) ORDER BY no"};

/* Paths come from a database that others can write to. */
static Code path_check(Cx *cx, Str path) {
  if (!path.len || path.len > 300 || path.ptr[0] == '/' || str_has(path, S("..")) || str_has(path, S("//")) || !utf8_valid(path) ||
      utf8_has_control(path))
    FAIL(BROKEN, "“%.*s”不是存储里文件的名称", SFMT(path));
  return OK;
}

static Str local_path(Arena *mem, Str store, Str path) {
  return arena_fmt(mem, "%.*s/%.*s", SFMT(store_files(mem, store)), SFMT(path));
}

static Code put(Cx *cx, Str store, Str path, Str local, const Sql *q) {
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)FILE_MAX + SHOWN_MAX);
  SCOPED(db__close_p) Db *db = NULL;
  Cx own = {.mem = mem};
  Str bytes;
  Code code = path_check(&own, path);
  if (code == OK) code = file_read(&own, local, FILE_MAX, &bytes);
  if (code == OK) code = db__open(&own, store__path(mem, store, "journal.db"), DB_WRITE_JOURNAL, &db);
  if (code == OK) code = db_run(&own, db, q, VALS(val_s(path), val_s(bytes)));
  if (code != OK) FAIL(code, "%.*s", SFMT(own.detail));
  return OK;
}

Code files__put(Cx *cx, Str store, Str path) {
  return store_shared(store) ? put(cx, store, path, local_path(cx->mem, store, path), &sql_put) : OK;
}

Code files__add(Cx *cx, Str store, Str path, Str local) {
  return store_shared(store) ? put(cx, store, path, local, &sql_add) : OK;
}

static Code copy_write(Cx *cx, Str store, Str path, Str bytes) {
  Str local = local_path(cx->mem, store, path), dir = local;
  while (dir.len && dir.ptr[dir.len - 1] != '/') dir.len--;
  TRY(dir_make(cx, str_sub(dir, 0, dir.len - 1)));
  return file_write(cx, local, bytes, str_eq(path, S("proof/keys")) || str_starts(path, S("proof/checkpoint/")) ? 0644 : 0600);
}

/* The table's bytes have an arena of their own: a request's memory has another measure. */
static Code get(Cx *cx, Db *db, Str store, Str path) {
  SCOPED(rows_drop) Rows *r = NULL;
  Str bytes;
  TRY(path_check(cx, path));
  TRY(db_rows(cx, db, &sql_get, VALS(val_s(path)), &r));
  if (!rows_next(r)) {
    TRY(rows_end(cx, r));
    FAIL(NOT_FOUND, "没有这个文件。");
  }
  (void)db__rows_text(r, 0, &bytes);
  return copy_write(cx, store, path, bytes);
}

Code files__get(Cx *cx, Str store, Str path) {
  SCOPED(db__close_p) Db *db = NULL;
  if (!store_shared(store)) FAIL(NOT_FOUND, "没有这个文件。");
  TRY(db__open(cx, store__path(cx->mem, store, "journal.db"), DB_READ, &db));
  return get(cx, db, store, path);
}

/* Only the list of keys changes; everything else is written once. */
static bool same_here(Cx *cx, Str local, Str hash) {
  Str bytes;
  if (!hash.len) return file_exists(local);
  bool same = file_read(cx, local, FILE_MAX, &bytes) == OK && str_eq(hash_hex(cx->mem, hash_bytes(SUITE_INTL, bytes)), hash);
  cx_clear(cx);
  return same;
}

static Code sync_all(Cx *cx, Db *db, Str store, Str prefix) {
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)FILE_MAX + SHOWN_MAX);
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, db, &sql_list, VALS(val_s(prefix)), &r));
  while (rows_next(r)) {
    Cx own = {.mem = mem};
    Str path = row_s(&own, r, 0), hash = row_s(&own, r, 1);
    Code code = path_check(&own, path);
    if (code == OK && !same_here(&own, local_path(mem, store, path), hash)) code = get(&own, db, store, path);
    if (code != OK) FAIL(code, "%.*s", SFMT(own.detail));
    arena_reset(mem);
  }
  return rows_end(cx, r);
}

Code files__sync(Cx *cx, Str store, Str prefix) {
  SCOPED(db__close_p) Db *db = NULL;
  if (!store_shared(store)) return OK;
  TRY(db__open(cx, store__path(cx->mem, store, "journal.db"), DB_READ, &db));
  return sync_all(cx, db, store, prefix);
}

Code store_files_fetch(Cx *cx, Str store, Str prefix) {
  return files__sync(cx, store, prefix);
}

static Code folder_send(Cx *cx, DIR *d, Str store, Str folder, Str last) {
  for (struct dirent *one; (one = readdir(d)) != NULL;) {
    struct stat st;
    if (one->d_name[0] == '.' || str_eqz(last, one->d_name)) continue;
    if (fstatat(dirfd(d), one->d_name, &st, 0) != 0 || !S_ISREG(st.st_mode)) continue;
    TRY(files__put(cx, store, arena_fmt(cx->mem, "%.*s/%s", SFMT(folder), one->d_name)));
  }
  return files__put(cx, store, arena_fmt(cx->mem, "%.*s/%.*s", SFMT(folder), SFMT(last)));
}

Code store_folder_send(Cx *cx, Str store, Str folder, Str last) {
  if (!store_shared(store)) return OK;
  DIR *d = opendir(local_path(cx->mem, store, folder).ptr);
  if (!d) FAIL(NOT_FOUND, "没有目录 %.*s", SFMT(folder));
  Code code = folder_send(cx, d, store, folder, last);
  closedir(d);
  return code;
}
