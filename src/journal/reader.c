/* SPDX-License-Identifier: Apache-2.0 */
/* reader.c: read-only connections of one thread, with its own cache of states. */
#include "journal/journal_int.h"

#include <stdlib.h>

enum { STATES_MAX = 16384, SUMS_MAX = 128, SUM_KEY_MAX = 64, RETRY_MS = 1000 };

typedef struct Sums {
  size_t key_len;
  char key[SUM_KEY_MAX];
  int64_t commits; /* what commits_of said when they were counted */
  int64_t list[READER_SUMS];
} Sums;

struct Reader {
  const StoreOptions *o;
  const Runner *runner; /* NULL: another process writes, or nobody */
  Db *journal, *views;
  Cache *cache;
  VaultKey key;
  bool has_key, shared;
  int64_t pos, seen;   /* in PostgreSQL: the position of the views, and the commits of this process, when last looked at */
  int64_t retry;       /* then: not before this moment is a lost connection tried again */
  Sums sums[SUMS_MAX];
  int64_t worked;      /* reader_round: when there was last something to do, ms of the steady clock; */
  bool tired;          /* it has worked, or was opened, since it last rested */
};

static const Sql sql_due = {"due.now", "ii", "ssis",
                            "SELECT stream, name, at, args FROM due WHERE at <= ?1 ORDER BY at, stream LIMIT ?2"};

static Code reader_fill(Cx *cx, Reader *rd, const StoreOptions *o) {
  rd->cache = cache__open(o->engines, o->engine_count, STATES_MAX);
  TRY(db__open(cx, store__path(cx->mem, o->dir, "journal.db"), DB_READ, &rd->journal));
  rd->shared = store_shared(o->dir);
  if (rd->shared) rd->views = rd->journal;
  return rd->shared ? OK : db__open(cx, store__path(cx->mem, o->dir, "views.db"), DB_READ, &rd->views);
}

static Code reader_make(Cx *cx, const Runner *r, const StoreOptions *o, const VaultKey *key, Reader **out) {
  Reader *rd = calloc(1, sizeof *rd);
  REQUIRE(rd != NULL);
  rd->runner = r;
  rd->o = o;
  rd->has_key = key != NULL;
  rd->tired = true;
  if (key) rd->key = *key;
  Code code = reader_fill(cx, rd, o);
  if (code != OK) {
    reader_close(rd);
    return code;
  }
  *out = rd;
  return OK;
}

Code reader_open(Cx *cx, const Runner *r, Reader **out) {
  TRY(reader_make(cx, r, &r->o, &r->w.key, out));
  if (!r->w.shared) db__gate((*out)->views, r->w.gate);
  return OK;
}

Code reader_open_dir(Cx *cx, const StoreOptions *o, Reader **out) {
  Reader *rd = NULL;
  TRY(store_exists(cx, o->dir));
  if (!store_shared(o->dir) && !file_exists(store__path(cx->mem, o->dir, "views.db")))
    FAIL(BUSY, "%.*s 里没有视图。启动服务或运行 yichuang rebuild 会重建它。", SFMT(o->dir));
  if (boot__torn(cx, o->dir))
    FAIL(BUSY, "%.*s 的视图在机器停电或重启时没有写完。启动服务或运行 yichuang rebuild 会由日志重建它，已办的都在。", SFMT(o->dir));
  TRY(reader_make(cx, NULL, o, NULL, &rd));
  if (!views__fits(cx, rd->views, o->engines, o->engine_count)) {
    reader_close(rd);
    FAIL(BUSY, "%.*s 的视图是另一个版本的程序建的。启动服务或运行 yichuang rebuild 会重建它。", SFMT(store_shown(cx->mem, o->dir)));
  }
  Code code = views__ready(cx, rd->views, o);
  if (code == OK) *out = rd;
  else reader_close(rd);
  return code;
}

void reader_close(Reader *rd) {
  if (!rd) return;
  cache__close(rd->cache);
  if (rd->views != rd->journal) db__close(rd->views);
  db__close(rd->journal);
  explicit_bzero(&rd->key, sizeof rd->key);
  free(rd);
}

void reader_close_p(Reader **rd) {
  reader_close(*rd);
  *rd = NULL;
}

Db *reader_views(Reader *rd) {
  return rd->views;
}

/* In PostgreSQL the position of the views says whether anything is new, whoever wrote it; and before a page is made the
 * engines know all that its views know. */
static Code look(Cx *cx, Reader *rd) {
  rd->seen = atomic_load(&rd->runner->w.commits);
  TRY(views__position(cx, rd->views, &rd->pos));
  return shared__take(cx, &rd->runner->w, rd->views, rd->pos);
}

static Code connect_again(Cx *cx, Reader *rd) {
  int64_t now = clock_now_ms();
  if (db__state(rd->journal) == DB_FINE) return OK;
  if (now < rd->retry) FAIL(BUSY, "数据库连不上");
  rd->retry = now + RETRY_MS;
  return db__again(cx, rd->journal);
}

/* A fault here comes again with the first statement, and there it has somebody to tell. */
static void refresh(Reader *rd) {
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)1 << 20);
  Cx cx = {.mem = mem};
  rd->pos = -1;
  Code code = connect_again(&cx, rd);
  if (code == OK) code = look(&cx, rd);
  if (code != OK && db__state(rd->journal) != DB_FINE) { /* the server went since the last page: once more at once */
    cx_clear(&cx);
    code = connect_again(&cx, rd);
    if (code == OK) code = look(&cx, rd);
  }
  if (code != OK) rd->pos = -1;
}

void reader_hold(Reader *rd, size_t bytes) {
  cache__hold(rd->cache, bytes);
}

size_t reader__held(const Reader *rd) {
  return cache__held(rd->cache);
}

void reader_rest(Reader *rd) {
  cache__clear(rd->cache);
  db__rest(rd->journal);
  if (rd->views != rd->journal) db__rest(rd->views);
  arena_return_memory();
}

bool reader_idle(const Reader *rd) {
  return !db__open_rows(rd->journal) && !db__open_rows(rd->views);
}

void reader_round(Reader *rd, bool worked) {
  int64_t now = clock_steady_us() / 1000;
  if (worked || !rd->worked) rd->worked = now;
  rd->tired |= worked;
  if (!rd->tired || now - rd->worked < rd->o->rest_ms) return;
  reader_rest(rd);
  rd->tired = false;
}

void reader_begin(Reader *rd) {
  cache__trim(rd->cache);
  if (rd->shared && rd->runner) refresh(rd);
}

/* Odd: nothing that was kept may be trusted, because a commit is under way or nobody here would know of one. */
static int64_t commits_of(Reader *rd) {
  if (!rd->runner) return 1;
  if (!rd->shared) return atomic_load(&rd->runner->w.commits);
  if (rd->pos < 0 || rd->seen != atomic_load(&rd->runner->w.commits)) refresh(rd);
  return rd->pos < 0 ? 1 : rd->pos * 2;
}

Code reader_fold(Cx *cx, Reader *rd, Str prefix, StreamFolded *seen, void *arg) {
  return streams_fold(cx, rd->o, prefix, seen, arg);
}

Code reader_state(Cx *cx, Reader *rd, Str stream, const void **state, int64_t *seq) {
  StreamState *s = NULL;
  /* The commits are looked at first: the state may be newer than they say, never older. */
  int64_t commits = commits_of(rd);
  cache__epoch(rd->cache, commits % 2 ? 0 : commits + 1);
  TRY(cache__state(cx, rd->cache, rd->journal, stream, &s));
  if (s->seq == 0) {
    cache__drop(rd->cache, s); /* or asking for names at random would fill the memory */
    FAIL(NOT_FOUND, "没有 %.*s 这个记录。", SFMT(stream));
  }
  *state = s->state;
  *seq = s->seq;
  return OK;
}

static Code events_read(Cx *cx, Db *db, const Sql *q, const Val *vals, size_t n, size_t max, Events *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  size_t cap = max < 64 ? max : 64, count = 0;
  Event *list = arena_array(cx->mem, Event, cap + 1);
  TRY(db_rows(cx, db, q, vals, n, &r));
  while (count < max && rows_next(r)) {
    if (count == cap) {
      Event *more = arena_array(cx->mem, Event, cap * 2 + 1);
      memcpy(more, list, count * sizeof *more);
      list = more;
      cap *= 2;
    }
    TRY(event__row(cx, r, &list[count]));
    count++;
  }
  *out = (Events){.list = list, .count = count};
  return rows_end(cx, r);
}

Code reader_events(Cx *cx, Reader *rd, Str stream, int64_t after_seq, size_t max, Events *out) {
  return events_read(cx, rd->journal, &sql__stream_events, VALS(val_s(stream), val_i(after_seq), val_i((int64_t)max)),
                     max, out);
}

Code reader_journal(Cx *cx, Reader *rd, int64_t after_pos, size_t max, Events *out) {
  return events_read(cx, rd->journal, &sql__all_events, VALS(val_i(after_pos), val_i((int64_t)max)), max, out);
}

Code reader_position(Cx *cx, Reader *rd, int64_t *pos) {
  return views__position(cx, rd->views, pos);
}

Code reader_vault(Cx *cx, Reader *rd, Str ref, Str *value) {
  if (!rd->has_key) FAIL(DENIED, "这样打开的存储不读个人信息。");
  return vault__get(cx, rd->journal, &rd->key, ref, value);
}

Code reader_token(Cx *cx, Reader *rd, Str of, Str *out) {
  if (!rd->has_key) FAIL(DENIED, "这样打开的存储不能算出链接。");
  *out = vault__token(cx->mem, &rd->key, of);
  return OK;
}

/* The commits are looked at before counting: what is counted may be newer than they say, never older. */
Code reader_sums(Cx *cx, Reader *rd, Str key, ReaderCount *count, const void *arg, int64_t out[READER_SUMS]) {
  int64_t commits = commits_of(rd);
  Sums *s = &rd->sums[str_hash(key) % SUMS_MAX];
  Str kept = {.ptr = s->key, .len = s->key_len};
  if (!key.len || !str_eq(kept, key) || s->commits != commits || commits % 2) {
    int64_t fresh[READER_SUMS] = {0};
    TRY(count(cx, rd, arg, fresh));
    *s = (Sums){.key_len = key.len <= SUM_KEY_MAX ? key.len : 0, .commits = commits};
    memcpy(s->key, key.ptr, s->key_len);
    memcpy(s->list, fresh, sizeof fresh);
  }
  memcpy(out, s->list, sizeof s->list);
  return OK;
}

Code reader_due(Cx *cx, Reader *rd, int64_t now, size_t max, Due **out, size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  Due *list = arena_array(cx->mem, Due, max + 1);
  *n = 0;
  TRY(db_rows(cx, rd->views, &sql_due, VALS(val_i(now), val_i((int64_t)max)), &r));
  while (*n < max && rows_next(r)) {
    Json *args = NULL;
    list[*n] = (Due){.stream = row_s(cx, r, 0), .name = row_s(cx, r, 1), .at = row_i(r, 2)};
    TRY(json_parse(cx, row_s(cx, r, 3), &args));
    list[(*n)++].args = args;
  }
  *out = list;
  return rows_end(cx, r);
}
