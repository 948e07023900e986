/* SPDX-License-Identifier: Apache-2.0 */
/*
 * backup.c: a copy of the store while it is in use, and a store from a copy.
 *
 *   journal.db       one snapshot of the journal (VACUUM INTO: no free page, so nothing that was erased)
 *   blobs/ab/abcd…   the files, a second name for the same bytes where the file system allows
 *   policies/V/…     the versions of the package that were staged in the store
 *   proof/…          public keys and checkpoints up to that position
 *   vault.key        only when asked for: who has copy and key can read the personal data
 *   manifest.jsonl   what is there: position and head of the journal, size and SM3 of each file, and in the last
 *                    line the SM3 of the manifest itself
 *
 * Files come after the journal: whatever an event of the snapshot names was on the disk before the event was.
 */
#include "journal/lines.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const Sql sql_into = {"backup.into", "s", "", "VACUUM INTO ?1"};
static const Sql sql_last = {"backup.last", "", "ib", "SELECT pos, leaf FROM event ORDER BY pos DESC LIMIT 1"};

static Str under(Arena *mem, Str dir, Str name) {
  return arena_fmt(mem, "%.*s/%.*s", SFMT(dir), SFMT(name));
}

Code journal__last(Cx *cx, Db *journal, int64_t *pos, Str *head) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, journal, &sql_last, NO_VALS, &r));
  *pos = 0;
  *head = S("");
  if (rows_next(r)) {
    Str leaf = row_s(cx, r, 1);
    *pos = row_i(r, 0);
    *head = hex_str(cx->mem, leaf.ptr, leaf.len);
  }
  return rows_end(cx, r);
}

/* ---- backing up --------------------------------------------------------------------------------- */

Code backup__listed(Cx *cx, Copy *c, Str name, const FileSum *sum) {
  Json *line = json_obj(cx->mem);
  json_put_str(cx->mem, line, S("file"), name);
  json_put_str(cx->mem, line, S("hash"), hash_hex(cx->mem, sum->hash));
  json_put_int(cx->mem, line, S("size"), sum->size);
  c->report->files++;
  c->report->bytes += sum->size;
  return lines__put(cx, c->out, json_text(cx->mem, line));
}

static Code manifest_head(Cx *cx, Copy *c, Db *copy, HashSuite suite, const Json *labels) {
  Str head;
  TRY(journal__last(cx, copy, &c->report->events, &head));
  Json *line = json_obj(cx->mem), *b = json_put_obj(cx->mem, line, S("backup"));
  json_put_str(cx->mem, b, S("head"), head);
  json_put_bool(cx->mem, b, S("key"), c->report->key);
  json_put(cx->mem, b, S("labels"), labels);
  json_put_str(cx->mem, b, S("made"), time_str(cx->mem, cx->now));
  json_put_int(cx->mem, b, S("position"), c->report->events);
  json_put_str(cx->mem, b, S("suite"), suite == SUITE_GM ? S("gm") : S("intl"));
  json_put_int(cx->mem, b, S("version"), 1);
  return lines__put(cx, c->out, json_text(cx->mem, line));
}

Code backup__rows(Cx *cx, Str from, Str to) {
  SCOPED(db__close_p) Db *live = NULL;
  TRY(db__open(cx, from, DB_COPY, &live));
  return db_run(cx, live, &sql_into, VALS(val_s(to)));
}

static Code journal_copy(Cx *cx, Copy *c) {
  SCOPED(db__close_p) Db *copy = NULL;
  Json *labels = NULL;
  HashSuite suite;
  FileSum sum;
  Str path = store__path(cx->mem, c->to, "journal.db");
  TRY(store_shared(c->from) ? backup__rows_out(cx, c, path) : backup__rows(cx, store__path(cx->mem, c->from, "journal.db"), path));
  TRY(db__open(cx, path, DB_READ, &copy));
  TRY(store__suite(cx, copy, &suite));
  TRY(store_labels(cx, c->to, &labels));
  TRY(manifest_head(cx, c, copy, suite, labels));
  db__close_p(&copy);
  if (chmod(path.ptr, 0600) != 0) FAIL(READONLY, "不能写 %.*s", SFMT(path));
  TRY(file_sync(cx, path)); /* SQLite leaves the copy to the system's cache */
  TRY(file__sum(cx, path, &sum));
  return backup__listed(cx, c, S("journal.db"), &sum);
}

static Code blob_copy(Cx *cx, Copy *c, Str folder, Str hash) {
  FileSum sum;
  Str name = arena_fmt(cx->mem, "%.*s/%.*s", SFMT(folder), SFMT(hash));
  TRY(file__link(cx, under(cx->mem, c->from, name), under(cx->mem, c->to, name), &sum));
  if (!str_eq(hash_hex(cx->mem, sum.hash), hash))
    FAIL(BROKEN, "文件 %.*s 的内容与散列不符，已经损坏。请先从以前的备份取回它，再做备份。",
         SFMT(under(cx->mem, c->from, name)));
  return backup__listed(cx, c, name, &sum);
}

/* In the order of their names: two backups of one store have one manifest. */
Code backup__folder_each(Cx *cx, Copy *c, Str folder, BackupEach *each) {
  SCOPED(arena_close_p) Arena *scratch = arena_open(1 << 20);
  struct dirent **list = NULL;
  Code code = OK;
  int n = scandir(under(cx->mem, c->from, folder).ptr, &list, NULL, alphasort);
  if (n < 0) FAIL(READONLY, "不能读取目录 %.*s/%.*s", SFMT(c->from), SFMT(folder));
  for (int i = 0; i < n; i++) {
    Cx own = {.mem = scratch, .now = cx->now};
    if (code == OK && list[i]->d_name[0] != '.' && each(&own, c, folder, str_of(list[i]->d_name)) != OK) {
      cx_fail(cx, own.fault, own.where, own.line, "%.*s", SFMT(own.detail));
      code = own.fault;
    }
    free(list[i]);
    arena_reset(scratch);
  }
  free(list);
  return code;
}

static Code blob_each(Cx *cx, Copy *c, Str folder, Str name) {
  Hash ignored;
  return hash_unhex(name, &ignored) ? blob_copy(cx, c, folder, name) : OK;
}

static Code blob_folder_each(Cx *cx, Copy *c, Str folder, Str name) {
  Str path = under(cx->mem, folder, name);
  if (name.len != 2) return OK; /* tmp */
  TRY(dir_make(cx, under(cx->mem, c->to, path)));
  TRY(backup__folder_each(cx, c, path, blob_each));
  return dir_sync(cx, under(cx->mem, c->to, path));
}

/* What is not finished (a dot, tmp), can be made again (the tree of hashes), or speaks of events that this copy of
 * the journal does not have yet (a checkpoint signed since). */
bool backup__left_out(const Copy *c, Str folder, Str name) {
  int64_t size;
  if (str_ends(name, S(".tmp"))) return true;
  if (str_eq(folder, S("proof")) && str_eq(name, S("tree"))) return true;
  return str_eq(folder, S("proof/checkpoint")) && str_to_i64(name, &size) && size > c->report->events;
}

/* Folders of packages and proofs, and what stands in them. */
static Code entry_each(Cx *cx, Copy *c, Str folder, Str name) {
  struct stat st;
  FileSum sum;
  Str path = under(cx->mem, folder, name);
  if (backup__left_out(c, folder, name)) return OK;
  if (stat(under(cx->mem, c->from, path).ptr, &st) != 0) FAIL(READONLY, "不能读取 %.*s", SFMT(under(cx->mem, c->from, path)));
  if (!S_ISDIR(st.st_mode)) {
    TRY(file__copy(cx, under(cx->mem, c->from, path), under(cx->mem, c->to, path), &sum));
    return backup__listed(cx, c, path, &sum);
  }
  TRY(dir_make(cx, under(cx->mem, c->to, path)));
  TRY(backup__folder_each(cx, c, path, entry_each));
  return dir_sync(cx, under(cx->mem, c->to, path));
}

static Code tree_copy(Cx *cx, Copy *c, const char *folder) {
  if (!file_exists(store__path(cx->mem, c->from, folder))) return OK; /* nothing was ever staged, or signed */
  TRY(dir_make(cx, store__path(cx->mem, c->to, folder)));
  TRY(backup__folder_each(cx, c, str_of(folder), entry_each));
  return dir_sync(cx, store__path(cx->mem, c->to, folder));
}

static Code files_copy(Cx *cx, Copy *c) {
  TRY(backup__folder_each(cx, c, S("blobs"), blob_folder_each));
  TRY(dir_sync(cx, store__path(cx->mem, c->to, "blobs")));
  TRY(tree_copy(cx, c, "policies"));
  return tree_copy(cx, c, "proof");
}

static Code backup_fill(Cx *cx, Copy *c) {
  FileSum sum;
  TRY(dir_make(cx, store__path(cx->mem, c->to, "blobs")));
  TRY(journal_copy(cx, c));
  TRY(store_shared(c->from) ? backup__files_out(cx, c) : files_copy(cx, c));
  if (c->report->key) {
    TRY(file__copy(cx, store__path(cx->mem, c->from, "vault.key"), store__path(cx->mem, c->to, "vault.key"), &sum));
    TRY(backup__listed(cx, c, S("vault.key"), &sum));
  }
  Json *line = json_obj(cx->mem), *end = json_put_obj(cx->mem, line, S("end"));
  json_put_int(cx->mem, end, S("files"), c->report->files);
  json_put_str(cx->mem, end, S("hash"), lines__hash(cx->mem, c->out));
  return lines__finish(cx, c->out, json_text(cx->mem, line));
}

Code store_backup(Cx *cx, Str dir, Str to, bool with_key, BackupReport *report) {
  SCOPED(stage__drop) Stage s = {.fd = -1};
  SCOPED(lines__drop_out) LinesOut out = {0};
  *report = (BackupReport){.key = with_key};
  TRY(store_exists(cx, dir));
  TRY(stage__open(cx, to, &s));
  TRY(lines__create(cx, store__path(cx->mem, s.temp, "manifest.jsonl"), &out));
  Copy c = {.from = dir, .to = s.temp, .out = &out, .report = report};
  Code code = backup_fill(cx, &c);
  db__close(c.db);
  TRY(code);
  return stage__finish(cx, &s);
}

/* ---- restoring ---------------------------------------------------------------------------------- */

/* Names come from a file that somebody may have written: only those that a backup has. */
bool backup__name_fits(Str name) {
  Hash ignored;
  if (str_starts(name, S("policies/")) || str_starts(name, S("proof/"))) return !str_has(name, S("/.")) && !str_has(name, S("//")) && !str_ends(name, S("/"));
  if (str_eq(name, S("journal.db")) || str_eq(name, S("vault.key"))) return true;
  return name.len == 6 + 3 + 64 && str_starts(name, S("blobs/")) && name.ptr[8] == '/' &&
         str_eq(str_sub(name, 6, 2), str_sub(name, 9, 2)) && hash_unhex(str_sub(name, 9, 64), &ignored);
}

static Str folder_of(Str path) {
  while (path.len && path.ptr[path.len - 1] != '/') path.len--;
  return str_sub(path, 0, path.len ? path.len - 1 : 0);
}

static Code file_restore(Cx *cx, Copy *c, LinesIn *in, const Json *line) {
  Str name = json_str(line, S("file"));
  FileSum sum;
  if (!backup__name_fits(name)) return lines__bad(cx, in, "写的不是备份里的文件");
  Str from = under(cx->mem, c->from, name), to = under(cx->mem, c->to, name);
  Str folder = folder_of(to);
  bool looks = !c->to.len; /* it is only compared */
  if (!looks && str_has(name, S("/"))) TRY(dir_make(cx, folder));
  TRY(looks ? file__sum(cx, from, &sum) : file__copy(cx, from, to, &sum));
  if (sum.size != json_int(line, S("size"), -1) || !str_eq(hash_hex(cx->mem, sum.hash), json_str(line, S("hash"))))
    FAIL(BROKEN, "备份里的 %.*s 已损坏：内容与清单不符。请换用另一份备份。", SFMT(from));
  c->report->files++;
  c->report->bytes += sum.size;
  if (str_eq(name, S("vault.key"))) c->report->key = true;
  return looks ? OK : dir_sync(cx, folder);
}

/* Lines of files until the last; *last is its content. */
static Code files_restore(Cx *cx, Copy *c, LinesIn *in, int64_t *files, Str *hash) {
  SCOPED(arena_close_p) Arena *scratch = arena_open((size_t)160 << 20);
  for (;;) {
    Cx own = {.mem = scratch, .now = cx->now};
    Str text;
    Json *line = NULL;
    Code code = lines__next(&own, in, &text);
    if (code == OK) code = lines__json(&own, in, text, &line);
    const Json *end = code == OK ? json_get(line, S("end")) : NULL;
    if (end) {
      *files = json_int(end, S("files"), -1);
      *hash = arena_str(cx->mem, json_str(end, S("hash")));
      return OK;
    }
    if (code == OK) lines__take(in, text);
    if (code == OK) code = file_restore(&own, c, in, line);
    if (code != OK) FAIL(code, "%.*s", SFMT(own.detail));
    arena_reset(scratch);
  }
}

/* The journal that was brought in: whole, and as far as was said? Then its views. */
Code store__accept(Cx *cx, const StoreOptions *o, Str dir, int64_t pos, Str head) {
  SCOPED(db__close_p) Db *journal = NULL;
  StoreOptions own = *o;
  VerifyReport v;
  int64_t events = 0, here = 0;
  Str last;
  own.dir = dir;
  TRY(db__open(cx, store__path(cx->mem, dir, "journal.db"), DB_READ, &journal));
  TRY(journal__last(cx, journal, &here, &last));
  db__close_p(&journal);
  if (here != pos || !str_eq(last, head)) FAIL(BROKEN, "日志到第 %lld 条，清单写的是第 %lld 条", (long long)here, (long long)pos);
  TRY(store_rebuild(cx, &own, &events));
  TRY(store_verify(cx, &own, &v));
  if (!v.chain_ok || !v.views_ok) FAIL(BROKEN, "日志本身有出入，没有采用。%.*s", SFMT(v.fault));
  return OK;
}

/* Before the directory appears: nobody is brought back who was erased since. */
static Code personal_restore(Cx *cx, Copy *c) {
  SCOPED(db__close_p) Db *journal = NULL;
  TRY(db__open(cx, store__path(cx->mem, c->to, "journal.db"), DB_WRITE_JOURNAL, &journal));
  TRY(store__migrate(cx, journal, NULL, 0));
  if (c->o->erased.len) TRY(erased__again(cx, journal, c->to, c->o->erased, &c->report->erased));
  return vault__count(cx, journal, &c->report->personal);
}

/* The first line of a manifest; then its files, one by one, and its end. */
static Code manifest_head_read(Cx *cx, Copy *c, LinesIn *in, const Json **backup) {
  Str text;
  Json *line = NULL;
  TRY(lines__next(cx, in, &text));
  TRY(lines__json(cx, in, text, &line));
  lines__take(in, text);
  const Json *b = json_get(line, S("backup"));
  if (!b || json_int(b, S("version"), 0) != 1) return lines__bad(cx, in, "不是本程序能读的备份清单");
  *backup = json_clone(cx->mem, b);
  c->report->events = json_int(b, S("position"), -1);
  return OK;
}

static Code manifest_files_read(Cx *cx, Copy *c, LinesIn *in) {
  Str hash = {0};
  int64_t files = 0;
  TRY(files_restore(cx, c, in, &files, &hash));
  TRY(lines__close(cx, in, hash));
  if (files != c->report->files) return lines__bad(cx, in, "写的文件数与清单不符");
  return OK;
}

Code store_backup_check(Cx *cx, Str from, bool files, int64_t *made, BackupReport *report) {
  SCOPED(lines__drop_in) LinesIn in = {0};
  const Json *b = NULL;
  *report = (BackupReport){0};
  Str list = store__path(cx->mem, from, "manifest.jsonl");
  if (!file_exists(list)) FAIL(NOT_FOUND, "%.*s 里没有备份（没有 manifest.jsonl）。", SFMT(from));
  TRY(lines__open(cx, list, &in));
  Copy c = {.from = from, .report = report};
  TRY(manifest_head_read(cx, &c, &in, &b));
  if (files) TRY(manifest_files_read(cx, &c, &in));
  if (!time_parse(json_str(b, S("made")), made)) *made = 0;
  return OK;
}

static Code restore_fill(Cx *cx, Copy *c, LinesIn *in) {
  const Json *b = NULL;
  TRY(manifest_head_read(cx, c, in, &b));
  TRY(manifest_files_read(cx, c, in));
  TRY(dir_make(cx, store__path(cx->mem, c->to, "blobs/tmp")));
  TRY(dir_sync(cx, store__path(cx->mem, c->to, "blobs")));
  TRY(personal_restore(cx, c));
  return store__accept(cx, c->o, c->to, c->report->events, json_str(b, S("head")));
}

/* Everything is restored and looked at in a directory first, views too; a database then gets the journal and the files
 * in one transaction. Its views are left to the first server: whoever restores may not own their schema. */
static Code restored_into(Cx *cx, const StoreOptions *o, Str from) {
  VerifyReport v;
  TRY(backup__into(cx, o, from));
  TRY(store_verify(cx, o, &v));
  if (!v.chain_ok) FAIL(BROKEN, "已写入数据库，但核对有出入：%.*s", SFMT(v.fault));
  return OK;
}

Code store_restore(Cx *cx, const StoreOptions *o, Str from, BackupReport *report) {
  SCOPED(stage__drop) Stage s = {.fd = -1};
  SCOPED(lines__drop_in) LinesIn in = {0};
  StoreOptions own = *o;
  *report = (BackupReport){0};
  Str list = store__path(cx->mem, from, "manifest.jsonl");
  if (!file_exists(list)) FAIL(NOT_FOUND, "%.*s 里没有备份（没有 manifest.jsonl）。", SFMT(from));
  TRY(lines__open(cx, list, &in));
  if (store_shared(o->dir)) own.dir = store__path(cx->mem, o->dir, "restored");
  TRY(stage__open(cx, own.dir, &s));
  Copy c = {.o = &own, .from = from, .to = s.temp, .report = report};
  TRY(restore_fill(cx, &c, &in));
  if (!store_shared(o->dir)) return stage__finish(cx, &s);
  TRY(restored_into(cx, o, s.temp));
  TRY(erased__carry(cx, s.temp, o->dir));
  report->key = file_exists(store__path(cx->mem, o->dir, "vault.key"));
  return OK;
}
