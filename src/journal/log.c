/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log.c: the journal as the leaves of the tree. Subtrees of 256 events and more stand in proof/tree, which is
 * 0.25 bytes an event; smaller ones are made from the leaves, one query for 256 of them.
 */
#include "journal/note.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <stdlib.h>

typedef struct Block { /* the leaves of one unit, as far as the journal goes */
  int64_t unit;
  int64_t count;
  Hash leaf[UNIT];
} Block;

struct Log {
  Db *journal;
  HashSuite suite;
  int fd;              /* of proof/tree, or -1 */
  int64_t units;       /* in it */
  Block blocks[2];     /* a proof looks at two: around the event, and at the end */
  int last;
  MerkleSource source;
};

static const Sql sql_leaves = {"event.leaves", "ii", "b",
                               "SELECT leaf FROM event WHERE pos > ?1 AND pos <= ?2 ORDER BY pos"};
static const Sql sql_last = {"log.size", "", "i", "SELECT max(pos) FROM event"};

/* ---- the file of subtrees ----------------------------------------------------------------------- */

/* Nodes in post-order over n units: 2n less one for each tree that is still open. */
static int64_t nodes_over(int64_t n) {
  return 2 * n - __builtin_popcountll((uint64_t)n);
}

static off_t node_at(int height, int64_t index) {
  return (off_t)(nodes_over(((index + 1) << height) - 1) + height) * 32;
}

static bool node_read(const Log *log, int height, int64_t index, Hash *out) {
  return pread(log->fd, out->b, sizeof out->b, node_at(height, index)) == sizeof out->b;
}

int64_t log__trust(Log *log, int64_t units) {
  struct stat st;
  bool whole = log->fd >= 0 && fstat(log->fd, &st) == 0 && (off_t)nodes_over(units) * 32 <= st.st_size;
  log->units = whole ? units : 0;
  return log->units;
}

Code log__unit_put(Cx *cx, Log *log, int fd, int64_t unit, Hash h) {
  Hash left;
  for (int height = 0;; height++) {
    int64_t index = unit >> height;
    if (pwrite(fd, h.b, sizeof h.b, node_at(height, index)) != sizeof h.b) FAIL(READONLY, "不能写 proof/tree");
    if (index % 2 == 0) return OK;
    if (pread(fd, left.b, sizeof left.b, node_at(height, index - 1)) != sizeof left.b) FAIL(READONLY, "不能读 proof/tree");
    h = merkle_node(log->suite, left, h);
    if (((unit + 1) & (((int64_t)2 << height) - 1)) != 0) return OK;
  }
}

/* ---- leaves ------------------------------------------------------------------------------------- */

static Code block_load(Cx *cx, Log *log, int64_t unit, Block *b) {
  SCOPED(rows_drop) Rows *r = NULL;
  b->unit = -1;
  b->count = 0;
  TRY(db_rows(cx, log->journal, &sql_leaves, VALS(val_i(unit * UNIT), val_i((unit + 1) * UNIT)), &r));
  while (b->count < UNIT && rows_next(r)) {
    Str leaf = row_s(cx, r, 0);
    if (leaf.len != sizeof b->leaf[0].b) FAIL(BROKEN, "第 %lld 条事件没有散列", (long long)(unit * UNIT + b->count + 1));
    memcpy(b->leaf[b->count++].b, leaf.ptr, leaf.len);
  }
  TRY(rows_end(cx, r));
  b->unit = unit;
  return OK;
}

static Code block_of(Cx *cx, Log *log, int64_t unit, const Block **out) {
  for (int i = 0; i < 2; i++)
    if (log->blocks[i].unit == unit) {
      log->last = i;
      *out = &log->blocks[i];
      return OK;
    }
  log->last = 1 - log->last;
  TRY(block_load(cx, log, unit, &log->blocks[log->last]));
  *out = &log->blocks[log->last];
  return OK;
}

static Hash block_node(HashSuite suite, const Hash *leaf, int level) {
  if (level == 0) return leaf[0];
  Hash left = block_node(suite, leaf, level - 1);
  return merkle_node(suite, left, block_node(suite, leaf + ((size_t)1 << (level - 1)), level - 1));
}

static Code log_node(Cx *cx, void *arg, int level, int64_t index, Hash *out) {
  Log *log = arg;
  const Block *b;
  if (level >= UNIT_LEVEL && ((index + 1) << (level - UNIT_LEVEL)) <= log->units &&
      node_read(log, level - UNIT_LEVEL, index, out))
    return OK;
  if (level > UNIT_LEVEL) {
    Hash left, right;
    TRY(log_node(cx, arg, level - 1, 2 * index, &left));
    TRY(log_node(cx, arg, level - 1, 2 * index + 1, &right));
    *out = merkle_node(log->suite, left, right);
    return OK;
  }
  int64_t first = index << level;
  TRY(block_of(cx, log, first >> UNIT_LEVEL, &b));
  if (first % UNIT + ((int64_t)1 << level) > b->count) FAIL(BROKEN, "日志里没有第 %lld 条事件", (long long)(first + b->count + 1));
  *out = block_node(log->suite, b->leaf + first % UNIT, level);
  return OK;
}

/* ---- opening ------------------------------------------------------------------------------------ */

static Code log_fill(Cx *cx, Str dir, Log *log) {
  Str path = store__path(cx->mem, dir, "journal.db");
  Checkpoint *newest;
  size_t n;
  TRY(store_exists(cx, dir));
  /* The heads first: the journal that is seen afterwards can only be longer. */
  TRY(checkpoints_list(cx, dir, 0, 1, &newest, &n));
  TRY(db__open(cx, path, DB_READ, &log->journal));
  TRY(db__script(cx, log->journal, "BEGIN"));
  TRY(store__suite(cx, log->journal, &log->suite));
  log->source = (MerkleSource){.suite = log->suite, .node = log_node, .arg = log};
  log->fd = open(arena_z(cx->mem, store__path(cx->mem, dir, "proof/tree")), O_RDONLY | O_CLOEXEC);
  (void)log__trust(log, n ? newest->size >> UNIT_LEVEL : 0);
  return OK;
}

Code log_open(Cx *cx, Str dir, Log **out) {
  Log *log = calloc(1, sizeof *log);
  REQUIRE(log != NULL);
  log->fd = -1;
  log->blocks[0].unit = log->blocks[1].unit = -1;
  Code code = log_fill(cx, dir, log);
  if (code == OK) *out = log;
  else log_close_p(&log);
  return code;
}

void log_close_p(Log **log) {
  if (!*log) return;
  db__close((*log)->journal);
  if ((*log)->fd >= 0) close((*log)->fd);
  free(*log);
  *log = NULL;
}

HashSuite log_suite(const Log *log) {
  return log->suite;
}

Code log_size(Cx *cx, Log *log, int64_t *out) {
  return db_int(cx, log->journal, &sql_last, NO_VALS, 0, out);
}

const MerkleSource *log_source(const Log *log) {
  return &log->source;
}

Db *log__journal(Log *log) {
  return log->journal;
}
