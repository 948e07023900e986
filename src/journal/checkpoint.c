/* SPDX-License-Identifier: Apache-2.0 */
/* checkpoint.c: signing the journal as it stands, after reading again what is signed; the files of heads. */
#include "journal/note.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

enum { NAME_LEN = 16, BATCH = 512, TEXT_MAX = 8192 };

static Str head_path(Arena *mem, Str dir, int64_t size) {
  return arena_fmt(mem, "%.*s/proof/checkpoint/%016lld", SFMT(dir), (long long)size);
}

/* ---- the files ---------------------------------------------------------------------------------- */

static int newest_first(const void *a, const void *b) {
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return x < y ? 1 : x > y ? -1 : 0;
}

/* Sizes of the heads on the disk; what is not named so is not one (a write that was interrupted). */
static int64_t *sizes_list(Cx *cx, Str dir, size_t *count) {
  size_t n = 0, cap = 64;
  int64_t *list = arena_array(cx->mem, int64_t, cap);
  DIR *d = opendir(arena_z(cx->mem, store__path(cx->mem, dir, "proof/checkpoint")));
  *count = 0;
  if (!d) return list;
  for (struct dirent *e = readdir(d); e; e = readdir(d)) {
    if (strlen(e->d_name) != NAME_LEN || strspn(e->d_name, "0123456789") != NAME_LEN) continue;
    if (n == cap) {
      int64_t *more = arena_array(cx->mem, int64_t, cap * 2);
      memcpy(more, list, n * sizeof *list);
      list = more;
      cap *= 2;
    }
    list[n++] = strtoll(e->d_name, NULL, 10);
  }
  closedir(d);
  qsort(list, n, sizeof *list, newest_first);
  *count = n;
  return list;
}

static Code head_load(Cx *cx, Str dir, int64_t size, Checkpoint *out) {
  Str text;
  TRY(file_read(cx, head_path(cx->mem, dir, size), TEXT_MAX, &text));
  if (checkpoint_read(cx, NULL, text, out) != OK) {
    cx_clear(cx);
    FAIL(INVALID, "检查点文件 %lld 已损坏。请从备份或见证人处取回。", (long long)size);
  }
  if (out->size != size) FAIL(INVALID, "检查点文件 %lld 写的是另一个大小", (long long)size);
  return OK;
}

Code checkpoints_list(Cx *cx, Str dir, int64_t below, size_t max, Checkpoint **out, size_t *n) {
  size_t count;
  const int64_t *sizes = sizes_list(cx, dir, &count);
  for (; below && count && sizes[0] >= below; count--) sizes++;
  *n = count < max ? count : max;
  *out = arena_array(cx->mem, Checkpoint, *n + 1);
  for (size_t i = 0; i < *n; i++) TRY(head_load(cx, dir, sizes[i], &(*out)[i]));
  return OK;
}

Code checkpoint_get(Cx *cx, Str dir, int64_t size, Checkpoint *out) {
  Code code = head_load(cx, dir, size, out);
  if (code != NOT_FOUND) return code;
  cx_clear(cx);
  FAIL(NOT_FOUND, "没有 %lld 条时的检查点。", (long long)size);
}

Code checkpoint_keys(Cx *cx, Str dir, Keys *out) {
  Str text;
  out->count = 0;
  if (!file_exists(store__path(cx->mem, dir, "proof/keys"))) return OK;
  TRY(file_read(cx, store__path(cx->mem, dir, "proof/keys"), 1 << 20, &text));
  return keys_read(cx, text, out);
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

static Code head_make(Cx *cx, Str dir, Log *log, int fd, const Keys *keys, const Checkpoint *last, Checkpoint *out) {
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
  TRY(file_write(cx, store__path(cx->mem, dir, "proof/keys"), keys_text(cx->mem, keys, false), 0644));
  return file_write(cx, head_path(cx->mem, dir, r.size), out->text, 0644);
}

/* The last head again, this time with its signature; NULL when there is none. */
static Code last_head(Cx *cx, Str dir, const Keys *keys, const Checkpoint **out) {
  Checkpoint *newest;
  size_t n;
  *out = NULL;
  TRY(checkpoints_list(cx, dir, 0, 1, &newest, &n));
  if (!n) return OK;
  Str text = newest->text;
  const NoteKey *now = keys_current(keys);
  if (now && !str_eq(now->name, newest->origin))
    FAIL(INVALID, "此存储的检查点属于“%.*s”，密钥文件属于“%.*s”。", SFMT(newest->origin), SFMT(now->name));
  TRY(checkpoint_read(cx, keys, text, newest));
  *out = newest;
  return OK;
}

static Code make_locked(Cx *cx, Str dir, int fd, const Keys *keys, Checkpoint *out, bool *fresh) {
  SCOPED(log_close_p) Log *log = NULL;
  const Checkpoint *last;
  const NoteKey *now = keys_current(keys);
  TRY(last_head(cx, dir, keys, &last));
  TRY(log_open(cx, dir, &log));
  if (!now) FAIL(INVALID, "密钥文件里没有在用的私钥");
  if (now->suite != log_suite(log))
    FAIL(INVALID, "存储用%s，密钥是%s。请用 key make --suite 另做一对。", log_suite(log) == SUITE_GM ? "国密" : "国际算法",
         now->suite == SUITE_GM ? "国密" : "国际算法");
  TRY(head_make(cx, dir, log, fd, keys, last, out));
  *fresh = !last || last->size != out->size;
  return OK;
}

Code checkpoint_make(Cx *cx, Str dir, const Keys *keys, Checkpoint *out, bool *fresh) {
  if (!file_exists(store__path(cx->mem, dir, "journal.db"))) FAIL(NOT_FOUND, "%.*s 里没有存储。", SFMT(dir));
  TRY(dir_make(cx, store__path(cx->mem, dir, "proof/checkpoint")));
  int fd = open(arena_z(cx->mem, store__path(cx->mem, dir, "proof/tree")), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) FAIL(READONLY, "不能写 %.*s/proof/tree", SFMT(dir));
  Code code = OK;
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    cx_fail(cx, BUSY, __func__, __LINE__, "另一个进程正在签检查点");
    code = BUSY;
  }
  if (code == OK) code = dir_sync(cx, store__path(cx->mem, dir, "proof"));
  if (code == OK) code = make_locked(cx, dir, fd, keys, out, fresh);
  close(fd);
  return code;
}
