/* SPDX-License-Identifier: Apache-2.0 */
/* checkpoint.c: signing the journal as it stands, after reading again what is signed; the files of heads. */
#include "journal/note.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#define HEADS "proof/checkpoint/"
enum { NAME_LEN = 16, BATCH = 512, TEXT_MAX = 8192 };

/* ---- the files ---------------------------------------------------------------------------------- */

/* Heads and public keys are files in proof/. In PostgreSQL they lie in the table of files only, so that what one server
 * signed all others show; db is then a connection to it, and NULL for a directory. */
typedef struct Place {
  Str dir;
  Db *db;
} Place;

static const Sql sql_sizes = {"proof.sizes", "si", "s",
                              "SELECT path FROM file WHERE starts_with(path, 'proof/checkpoint/') AND path < ?1 "
                              "ORDER BY path DESC LIMIT ?2"};
static const Sql sql_text = {"proof.text", "s", "b", "SELECT bytes FROM file WHERE path = ?1"};
static const Sql sql_put = {"proof.put", "sb", "",
                            "INSERT INTO file(path, bytes) VALUES(?1, ?2) ON CONFLICT(path) DO UPDATE SET bytes = excluded.bytes"};

static Code place_open(Cx *cx, Str dir, DbRole role, Place *out) {
  *out = (Place){.dir = dir};
  return store_shared(dir) ? db__open(cx, store__path(cx->mem, dir, "journal.db"), role, &out->db) : OK;
}

static void place_close(Place *p) {
  db__close_p(&p->db);
}

static Str head_name(Arena *mem, int64_t size) {
  return arena_fmt(mem, HEADS "%016lld", (long long)size);
}

static Code text_read(Cx *cx, const Place *p, Str name, size_t max, Str *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  if (!p->db) return file_read(cx, store__path(cx->mem, p->dir, arena_z(cx->mem, name)), max, out);
  TRY(db_rows(cx, p->db, &sql_text, VALS(val_s(name)), &r));
  if (rows_next(r)) {
    *out = row_s(cx, r, 0);
    return OK;
  }
  TRY(rows_end(cx, r));
  FAIL(NOT_FOUND, "没有文件 %.*s", SFMT(name));
}

static Code text_write(Cx *cx, const Place *p, Str name, Str text) {
  if (!p->db) return file_write(cx, store__path(cx->mem, p->dir, arena_z(cx->mem, name)), text, 0644);
  return db_run(cx, p->db, &sql_put, VALS(val_s(name), val_s(text)));
}

static int newest_first(const void *a, const void *b) {
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return x < y ? 1 : x > y ? -1 : 0;
}

typedef struct Sizes {
  int64_t *list;
  size_t count, cap;
} Sizes;

/* What is not named so is not a head (a write that was interrupted). */
static void size_add(Arena *mem, Sizes *s, const char *name) {
  if (strlen(name) != NAME_LEN || strspn(name, "0123456789") != NAME_LEN) return;
  if (s->count == s->cap) {
    int64_t *more = arena_array(mem, int64_t, s->cap * 2 + 64);
    memcpy(more, s->list, s->count * sizeof *more);
    s->list = more;
    s->cap = s->cap * 2 + 64;
  }
  s->list[s->count++] = strtoll(name, NULL, 10);
}

/* Below `below`, or all when it is 0, newest first. */
static Code sizes_list(Cx *cx, const Place *p, int64_t below, size_t max, Sizes *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  *out = (Sizes){.list = arena_array(cx->mem, int64_t, 64), .cap = 64};
  if (!p->db) {
    DIR *d = opendir(arena_z(cx->mem, store__path(cx->mem, p->dir, "proof/checkpoint")));
    for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d)) size_add(cx->mem, out, e->d_name);
    if (d) closedir(d);
    qsort(out->list, out->count, sizeof *out->list, newest_first);
    for (; below && out->count && out->list[0] >= below; out->count--) out->list++;
    return OK;
  }
  Str end = below ? head_name(cx->mem, below) : S(HEADS "a");
  TRY(db_rows(cx, p->db, &sql_sizes, VALS(val_s(end), val_i(max < INT32_MAX ? (int64_t)max : INT32_MAX)), &r));
  while (rows_next(r)) size_add(cx->mem, out, arena_z(cx->mem, str_sub(row_s(cx, r, 0), sizeof HEADS - 1, SIZE_MAX)));
  return rows_end(cx, r);
}

static Code head_load(Cx *cx, const Place *p, int64_t size, Checkpoint *out) {
  Str text;
  TRY(text_read(cx, p, head_name(cx->mem, size), TEXT_MAX, &text));
  if (checkpoint_read(cx, NULL, text, out) != OK) {
    cx_clear(cx);
    FAIL(INVALID, "检查点文件 %lld 已损坏。请从备份或见证人处取回。", (long long)size);
  }
  if (out->size != size) FAIL(INVALID, "检查点文件 %lld 写的是另一个大小", (long long)size);
  return OK;
}

static Code heads_list(Cx *cx, const Place *p, int64_t below, size_t max, Checkpoint **out, size_t *n) {
  Sizes sizes;
  TRY(sizes_list(cx, p, below, max, &sizes));
  *n = sizes.count < max ? sizes.count : max;
  *out = arena_array(cx->mem, Checkpoint, *n + 1);
  for (size_t i = 0; i < *n; i++) TRY(head_load(cx, p, sizes.list[i], &(*out)[i]));
  return OK;
}

Code checkpoints_list(Cx *cx, Str dir, int64_t below, size_t max, Checkpoint **out, size_t *n) {
  SCOPED(place_close) Place p = {0};
  TRY(place_open(cx, dir, DB_READ, &p));
  return heads_list(cx, &p, below, max, out, n);
}

Code checkpoint_get(Cx *cx, Str dir, int64_t size, Checkpoint *out) {
  SCOPED(place_close) Place p = {0};
  TRY(place_open(cx, dir, DB_READ, &p));
  Code code = head_load(cx, &p, size, out);
  if (code != NOT_FOUND) return code;
  cx_clear(cx);
  FAIL(NOT_FOUND, "没有 %lld 条时的检查点。", (long long)size);
}

Code checkpoint_keys(Cx *cx, Str dir, Keys *out) {
  SCOPED(place_close) Place p = {0};
  Str text;
  out->count = 0;
  TRY(place_open(cx, dir, DB_READ, &p));
  Code code = text_read(cx, &p, S("proof/keys"), 1 << 20, &text);
  if (code == OK) return keys_read(cx, text, out);
  if (code == NOT_FOUND) cx_clear(cx); /* nothing was ever signed */
  return code == NOT_FOUND ? OK : code;
}

/* ---- reading again ------------------------------------------------------------------------------ */

typedef struct Reread {
  Log *log;
  int fd;              /* of proof/tree, for writing */
  int64_t pos, size;   /* events read; events to read */
  MerkleStack unit;    /* of the unit under way */
} Reread;

static Code event_reread(Cx *cx, Reread *r, const Event *e) {
  Hash leaf = event__leaf(cx->mem, log_suite(r->log), e);
  if (e->pos != r->pos + 1 || !hash_eq(leaf, e->leaf))
    FAIL(BROKEN, "第 %lld 条事件（%.*s，%.*s）与它的散列不符，没有签名。请运行 yichuang verify。", (long long)e->pos,
         SFMT(e->stream), SFMT(day_cn(cx->mem, day_of(e->recorded))));
  r->pos = e->pos;
  merkle_push(&r->unit, leaf);
  if (r->unit.size < UNIT) return OK;
  TRY(log__unit_put(cx, r->log, r->fd, e->pos / UNIT - 1, merkle_stack_root(&r->unit)));
  r->unit.size = 0;
  return OK;
}

static Code batch_reread(Cx *cx, Reread *r) {
  SCOPED(rows_drop) Rows *rows = NULL;
  int64_t from = r->pos;
  TRY(db_rows(cx, log__journal(r->log), &sql__all_events, VALS(val_i(r->pos), val_i(BATCH)), &rows));
  while (r->pos < r->size && arena_used(cx->mem) < 96 << 20 && rows_next(rows)) {
    Event e;
    TRY(event__row(cx, rows, &e));
    TRY(event_reread(cx, r, &e));
  }
  if (r->pos == from) FAIL(BROKEN, "第 %lld 条事件不见了，没有签名。请运行 yichuang verify。", (long long)from + 1);
  return OK;
}

/* From the last whole unit that the file holds. */
static Code events_reread(Cx *cx, Reread *r, int64_t units) {
  SCOPED(arena_close_p) Arena *scratch = arena_open((size_t)256 << 20);
  r->pos = units * UNIT;
  r->unit = (MerkleStack){.suite = log_suite(r->log)};
  while (r->pos < r->size) {
    Cx own = {.mem = scratch, .now = cx->now};
    if (batch_reread(&own, r) != OK) FAIL(own.fault, "%.*s", SFMT(own.detail));
    arena_reset(scratch);
  }
  if (fsync(r->fd) != 0) FAIL(READONLY, "不能写 proof/tree");
  (void)log__trust(r->log, r->size / UNIT);
  return OK;
}

/* ---- signing ------------------------------------------------------------------------------------ */

static Code last_follows(Cx *cx, Log *log, const Checkpoint *last, bool *out) {
  Hash root;
  TRY(merkle_root(cx, log_source(log), last->size, &root));
  *out = hash_eq(root, last->root);
  return OK;
}

/* The file of subtrees is a cache: when the last head does not follow from it, everything is read again before
 * the journal is said to be at fault. */
static Code reread_from_last(Cx *cx, Reread *r, const Checkpoint *last) {
  bool follows = true;
  int64_t units = log__trust(r->log, last ? last->size / UNIT : 0);
  TRY(events_reread(cx, r, units));
  if (last) TRY(last_follows(cx, r->log, last, &follows));
  if (!follows && units) {
    (void)log__trust(r->log, 0);
    TRY(events_reread(cx, r, 0));
    TRY(last_follows(cx, r->log, last, &follows));
  }
  if (!follows)
    FAIL(BROKEN, "日志与 %.*s 签的检查点（%lld 条）不一致：那以前的事件被改动过。没有签名。", SFMT(last->time),
         (long long)last->size);
  return OK;
}

/* From where it was put, by the reader that others will use: the signature, and that it is over what was counted. */
static Code head_reread(Cx *cx, const Place *p, const Keys *keys, const Hash *root, const Checkpoint *made) {
  Checkpoint known;
  Str text;
  TRY(text_read(cx, p, head_name(cx->mem, made->size), TEXT_MAX, &text));
  TRY(checkpoint_read(cx, keys, text, &known));
  if (!str_eq(text, made->text) || !hash_eq(known.root, *root)) FAIL(BROKEN, "签好的检查点写进存储后读回来不一样");
  return OK;
}

static Code head_make(Cx *cx, const Place *p, Log *log, int fd, const Keys *keys, const Checkpoint *last, Checkpoint *out) {
  Reread r = {.log = log, .fd = fd};
  Hash root;
  TRY(log_size(cx, log, &r.size));
  if (last && r.size < last->size)
    FAIL(BROKEN, "日志只有 %lld 条，%.*s 签的检查点已有 %lld 条：像是恢复了较早的备份。没有签名。", (long long)r.size,
         SFMT(last->time), (long long)last->size);
  if (last && r.size == last->size) {
    bool follows;
    *out = *last;
    TRY(last_follows(cx, log, last, &follows));
    if (!follows) FAIL(BROKEN, "日志与 %.*s 签的检查点不一致。请运行 yichuang verify。", SFMT(last->time));
    return OK;
  }
  TRY(reread_from_last(cx, &r, last));
  TRY(merkle_root(cx, log_source(log), r.size, &root));
  TRY(checkpoint_sign(cx, keys, r.size, root, out));
  /* The keys before the head: whoever sees the head finds its key. */
  TRY(text_write(cx, p, S("proof/keys"), keys_text(cx->mem, keys, false)));
  TRY(text_write(cx, p, head_name(cx->mem, r.size), out->text));
  return head_reread(cx, p, keys, &root, out);
}

/* The last head again, this time with its signature; NULL when there is none. */
static Code last_head(Cx *cx, const Place *p, const Keys *keys, const Checkpoint **out) {
  Checkpoint *newest;
  size_t n;
  *out = NULL;
  TRY(heads_list(cx, p, 0, 1, &newest, &n));
  if (!n) return OK;
  Str text = newest->text;
  const NoteKey *now = keys_current(keys);
  if (now && !str_eq(now->name, newest->origin))
    FAIL(INVALID, "此存储的检查点属于“%.*s”，密钥文件属于“%.*s”。", SFMT(newest->origin), SFMT(now->name));
  TRY(checkpoint_read(cx, keys, text, newest));
  *out = newest;
  return OK;
}

static Code make_locked(Cx *cx, const Place *p, int fd, const Keys *keys, Checkpoint *out, bool *fresh) {
  SCOPED(log_close_p) Log *log = NULL;
  const Checkpoint *last;
  const NoteKey *now = keys_current(keys);
  TRY(last_head(cx, p, keys, &last));
  TRY(log_open(cx, p->dir, &log));
  if (!now) FAIL(INVALID, "密钥文件里没有在用的私钥");
  if (now->suite != log_suite(log))
    FAIL(INVALID, "存储用%s，密钥是%s。请用 key make --suite 另做一对。", log_suite(log) == SUITE_GM ? "国密" : "国际算法",
         now->suite == SUITE_GM ? "国密" : "国际算法");
  TRY(head_make(cx, p, log, fd, keys, last, out));
  *fresh = !last || last->size != out->size;
  return OK;
}

static const Sql sql_alone = {"proof.alone", "i", "i", "SELECT CASE WHEN pg_try_advisory_lock(?1) THEN 1 ELSE 0 END"};
static const Sql sql_release = {"proof.release", "i", "i", "SELECT CASE WHEN pg_advisory_unlock(?1) THEN 1 ELSE 0 END"};
enum { SIGNING = 0x59696370 };

static Code alone(Cx *cx, const Place *p, int fd) {
  int64_t here = flock(fd, LOCK_EX | LOCK_NB) == 0;
  if (here && p->db) TRY(db_int(cx, p->db, &sql_alone, VALS(val_i(SIGNING)), 0, &here));
  if (!here) FAIL(BUSY, "另一个进程正在签检查点");
  return OK;
}

/* A server of a busy machine notices the end of a connection some milliseconds later, and the next signer would be turned away. Should
 * this fail, the end of the connection does it. */
static void release(const Cx *cx, const Place *p) {
  Cx own = {.mem = cx->mem, .now = cx->now};
  int64_t done;
  if (p->db) (void)db_int(&own, p->db, &sql_release, VALS(val_i(SIGNING)), 0, &done);
}

static Code make_at(Cx *cx, const Place *p, int fd, const Keys *keys, Checkpoint *out, bool *fresh) {
  TRY(alone(cx, p, fd));
  Code code = dir_sync(cx, store__path(cx->mem, p->dir, "proof"));
  if (code == OK) code = make_locked(cx, p, fd, keys, out, fresh);
  release(cx, p);
  return code;
}

Code checkpoint_make(Cx *cx, Str dir, const Keys *keys, Checkpoint *out, bool *fresh) {
  SCOPED(place_close) Place p = {0};
  TRY(store_exists(cx, dir));
  TRY(place_open(cx, dir, DB_WRITE_JOURNAL, &p));
  TRY(dir_make(cx, store__path(cx->mem, dir, p.db ? "proof" : "proof/checkpoint")));
  int fd = open(arena_z(cx->mem, store__path(cx->mem, dir, "proof/tree")), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) FAIL(READONLY, "不能写 %.*s", SFMT(store__path(cx->mem, dir, "proof/tree")));
  Code code = make_at(cx, &p, fd, keys, out, fresh);
  close(fd);
  return code;
}
