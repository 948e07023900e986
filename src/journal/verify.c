/* SPDX-License-Identifier: Apache-2.0 */
/* verify.c: is the journal whole, and do the views follow from it? */
#include "base/bytes.h"
#include "journal/lines.h"
#include "journal/pages.h"
#include "journal/proof.h"

#include <stdlib.h>

enum { BATCH = 2000, MEM_MAX = 1 << 28, SOUND = 1 << 12, BLOB_HEX = 64, HEADS_MIN = 1 << 10, HEADS_MAX = 1 << 22 };

typedef struct Head { /* the last event seen of a stream */
  struct Head *next;
  Str stream;
  int64_t seq;
  Hash leaf;
} Head;

typedef struct Check {
  Arena *mem;              /* for the whole check */
  Db *journal;
  const StoreOptions *o;
  VerifyReport *report;
  HashSuite suite;
  Pages *pages;            /* NULL: rows by statements */
  Leaves leaves;
  char (*sound)[BLOB_HEX]; /* files that were just found whole */
  int64_t pos, total;
  int64_t recorded;        /* of the event at pos */
  Head **heads;
  size_t buckets;          /* of heads; a power of two */
  MerkleStack tree;
  Checkpoint *signed_heads; /* newest first */
  size_t signed_left;       /* those not yet reached: the next is the last of them */
  Keys keys;                /* none: a store from which they were taken */
  bool torn;                /* the views: boot.c */
} Check;

/* The day of the event may be what was changed: the other days that speak of it are said when they differ. */
static void fault_behind(Check *c, const Event *e, int64_t pos, int64_t recorded, const char *what) {
  if (c->report->fault.len) return;
  Day day = day_of(e->recorded), before = day_of(recorded), happened = day_of(e->happened);
  c->report->chain_ok = false;
  c->report->fault = arena_fmt(c->mem, "第 %lld 条事件（%.*s 第 %lld 条，%.*s）：%s", (long long)e->pos,
                               SFMT(e->stream), (long long)e->seq, SFMT(day_cn(c->mem, day)), what);
  if (happened.n != day.n)
    c->report->fault = arena_fmt(c->mem, "%.*s。它发生于%.*s", SFMT(c->report->fault), SFMT(day_cn(c->mem, happened)));
  if (pos && before.n != day.n)
    c->report->fault = arena_fmt(c->mem, "%.*s。前一条记于%.*s", SFMT(c->report->fault), SFMT(day_cn(c->mem, before)));
}

/* The leaves of all that wait are computed and compared. A text that is no JSON any more is called so, whatever its hash. */
static void leaves_settle(Check *c) {
  Str body;
  const Leaf *l = leaves__settle(&c->leaves, &body);
  if (!l || c->report->fault.len) return;
  SCOPED(arena_close_p) Arena *mem = arena_open(MEM_MAX);
  Cx cx = {.mem = mem};
  Json *tree = NULL;
  bool json = json_parse_in(&cx, body, &tree) == OK;
  Event e = {.stream = l->stream, .pos = l->pos, .seq = l->seq, .happened = l->happened, .recorded = l->recorded};
  fault_behind(c, &e, l->before, l->before_recorded, json ? "内容与散列不符，被改动过" : "内容不是合法的 JSON，被改动过");
}

/* The first fault counts, so what waits is asked before. */
static void fault_at(Check *c, const Event *e, const char *what) {
  leaves_settle(c);
  fault_behind(c, e, c->pos, c->recorded, what);
}

static Head *head_of(Check *c, Str stream) {
  Head **at = &c->heads[str_hash(stream) & (c->buckets - 1)];
  for (; *at; at = &(*at)->next)
    if (str_eq((*at)->stream, stream)) return *at;
  *at = arena_new(c->mem, Head);
  (*at)->stream = arena_str(c->mem, stream);
  c->report->streams++;
  return *at;
}

static const Sql sql_file = {"verify.file", "s", "b", "SELECT bytes FROM file WHERE path = ?1"};
static const char absent[] = "它提到的文件不在了", changed[] = "它提到的文件被改动过";

/* In PostgreSQL the table counts: the copy that this server has may be whole when the table's is not. */
static const char *file_fault(Cx *cx, Check *c, Str hash) {
  SCOPED(rows_drop) Rows *r = NULL;
  Str path = arena_fmt(cx->mem, "blobs/%.*s/%.*s", SFMT(str_sub(hash, 0, 2)), SFMT(hash)), bytes;
  if (db_rows(cx, c->journal, &sql_file, VALS(val_s(path)), &r) != OK) return "它提到的文件读不出来";
  if (!rows_next(r) || !db__rows_text(r, 0, &bytes)) return absent;
  return str_eq(hash_hex(cx->mem, hash_bytes(SUITE_GM, bytes)), hash) ? NULL : changed;
}

static const char *blob_fault(Cx *cx, Check *c, Str hash) {
  Str path;
  if (store_shared(c->o->dir)) return file_fault(cx, c, hash);
  if (blob_path(cx, c->o->dir, hash, &path) != OK) return absent;
  return blob__sound(cx, path, hash) ? NULL : changed;
}

/* The same file is often named again, by the next attempt or the next stage. */
static char *place_sound(const Check *c, Str hash) {
  return c->sound[(bytes__8(hash.ptr) * 0x9E3779B97F4A7C15u >> 32) % SOUND];
}

static bool seen_sound(const Check *c, Str hash) {
  return c->sound && hash.len == BLOB_HEX && memcmp(place_sound(c, hash), hash.ptr, BLOB_HEX) == 0;
}

static void note_sound(Check *c, Str hash) {
  if (!c->sound) c->sound = arena_alloc(c->mem, SOUND, BLOB_HEX, 1);
  if (hash.len == BLOB_HEX) memcpy(place_sound(c, hash), hash.ptr, BLOB_HEX);
}

/* Events name files under the key "blob", at any depth. */
static void blobs_check(Check *c, Arena *scratch, const Event *e, const Json *j) {
  for (const Json *kid = j->first; kid; kid = kid->next) {
    if (kid->kind == JSON_STR && str_eq(kid->key, S("blob")) && kid->str.len) {
      Cx cx = {.mem = scratch};
      c->report->blobs++;
      if (seen_sound(c, kid->str)) continue; /* a text has no kids */
      const char *fault = blob_fault(&cx, c, kid->str);
      if (fault) fault_at(c, e, fault);
      else note_sound(c, kid->str);
    }
    blobs_check(c, scratch, e, kid);
  }
}

/* Whoever rewrites an event can make its hashes anew, but not the heads that were signed over them. */
static void signed_check(Check *c) {
  const Checkpoint *head = c->signed_left ? &c->signed_heads[c->signed_left - 1] : NULL;
  if (!head || head->size != c->tree.size) return;
  Hash root = merkle_stack_root(&c->tree);
  leaves_settle(c);
  const Checkpoint *before = head[1].size ? &head[1] : NULL; /* the list ends with an empty one */
  Cx own = {.mem = c->mem};
  c->signed_left--;
  if (c->report->fault.len) return;
  if (hash_eq(root, head->root) && checkpoint_read(&own, &c->keys, head->text, &(Checkpoint){0}) == OK) {
    c->report->heads++;
    c->report->signed_upto = head->size;
    return;
  }
  c->report->chain_ok = false;
  if (hash_eq(root, head->root)) {
    c->report->fault = arena_fmt(c->mem, "%.*s 签的检查点（%lld 条）：%.*s", SFMT(head->time), (long long)head->size,
                                 SFMT(own.detail));
    return;
  }
  c->report->fault = arena_fmt(c->mem, "第 %lld 至 %lld 条事件与 %.*s 签的检查点不符：在那以后被改写过",
                               (long long)(before ? before->size + 1 : 1), (long long)head->size, SFMT(head->time));
}

static void signed_end(Check *c) {
  const Checkpoint *head = &c->signed_heads[0];
  if (c->report->fault.len || !c->signed_left) return;
  c->report->chain_ok = false;
  c->report->fault = arena_fmt(c->mem, "日志只有 %lld 条，%.*s 签的检查点已有 %lld 条：后来的事件不见了，或恢复了较早的备份",
                               (long long)c->tree.size, SFMT(head->time), (long long)head->size);
}

/* What an event erases is not in the vault. */
static Code erased_check(Cx *cx, Check *c, const Event *e) {
  for (const Json *one = NULL; (one = personal__erased(e->body, one)) != NULL;) {
    bool live;
    TRY(vault__live(cx, c->journal, one->str, &live));
    if (live) fault_at(c, e, arena_fmt(c->mem, "它清除的个人信息 %.*s 还在保险库里", SFMT(one->str)).ptr);
  }
  return OK;
}

/* Does the text have members named "blob" or "erased", or are names spelled so that one would have to read them? Only in front of
 * a name or a text stands a quote that is not behind a backslash, so what is found is one. */
static bool speaks_of(Str body, const char *from, const char **at) {
  for (const char *p = from, *end = body.ptr + body.len; (p = bytes__pair(p, end, '"', 'b', 'e')) < end; p++) {
    Str rest = {.ptr = p, .len = (size_t)(end - p)};
    *at = p;
    if (str_starts(rest, S("\"blob\"")) || str_starts(rest, S("\"erased\""))) return true;
  }
  return false;
}

static bool spelled_otherwise(Str body) {
  const char *end = body.ptr + body.len;
  return memchr(body.ptr, '\\', body.len) && bytes__pair(body.ptr, end, '\\', 'u', 'u') < end;
}

/* Files as canonical texts name them: "blob":"64 digits". False: it must be read as JSON. */
static bool blobs_known(Check *c, Str body) {
  int64_t seen = 0;
  const char *end = body.ptr + body.len;
  for (const char *at = body.ptr; speaks_of(body, at, &at); at += BLOB_HEX) {
    static const char name[] = "\"blob\":\"";
    if ((size_t)(end - at) <= sizeof name + BLOB_HEX || memcmp(at, name, sizeof name - 1) != 0) return false;
    at += sizeof name - 1;
    if (at[BLOB_HEX] != '"' || !seen_sound(c, (Str){.ptr = at, .len = BLOB_HEX})) return false;
    seen++;
  }
  c->report->blobs += seen;
  return true;
}

static Code body_check(Cx *cx, Check *c, Event *e, Str body) {
  Json *tree = NULL;
  if (json_parse_in(cx, body, &tree) != OK) { /* seen when it is hashed */
    cx_clear(cx);
    leaves_settle(c);
    return OK;
  }
  e->body = tree;
  blobs_check(c, cx->mem, e, tree);
  return erased_check(cx, c, e);
}

static void leaf_wait(Check *c, const Event *e, Str stream, Str body) {
  if (leaves__full(&c->leaves)) leaves_settle(c);
  Leaf l = {.stream = stream, .pos = e->pos, .seq = e->seq, .happened = e->happened, .recorded = e->recorded, .before = c->pos,
            .before_recorded = c->recorded};
  leaves__add(&c->leaves, &l, e, body);
}

/* The body is hashed as it stands: any other spelling than the canonical one is a change. It is read only for what it may say
 * about files and erased persons; whether it is JSON is asked when its hash differs. A text that somebody hashed anew and that
 * is no JSON is refused where views are built from it. */
static Code event_check(Cx *cx, Check *c, Event *e, Str body) {
  Head *head = head_of(c, e->stream);
  if (e->pos != c->pos + 1) fault_at(c, e, "前面缺少事件，位置不连续");
  if (e->seq != head->seq + 1) fault_at(c, e, "在流中的序号不连续");
  if (!hash_eq(e->prev, head->leaf)) fault_at(c, e, "与上一条的散列不相接");
  leaf_wait(c, e, head->stream, body);
  if (spelled_otherwise(body) || !blobs_known(c, body)) TRY(body_check(cx, c, e, body));
  if (c->signed_left) {
    merkle_push(&c->tree, e->leaf);
    signed_check(c);
  }
  c->pos = e->pos;
  c->recorded = e->recorded;
  head->seq = e->seq;
  head->leaf = e->leaf;
  c->report->events++;
  return OK;
}

/* A damaged tree of the database can lead in a circle. */
static void order_fault(Check *c) {
  leaves_settle(c);
  if (c->report->fault.len) return;
  c->report->chain_ok = false;
  c->report->fault = arena_fmt(c->mem, "第 %lld 条事件（%.*s）之后读不下去，次序乱了：数据库文件已损坏", (long long)c->pos,
                               SFMT(c->pos ? day_cn(c->mem, day_of(c->recorded)) : S("一条也没有")));
}

static const Sql sql_total = {"verify.total", "", "i", "SELECT max(pos) FROM event"};

static Code chain_pages(Cx *cx, Check *c, size_t *n) {
  Event e;
  Str body;
  pages__batch(c->pages, cx->mem);
  while (*n < BATCH && arena_used(cx->mem) < MEM_MAX / 2) {
    if (!pages__next(c->pages, &e, &body)) {
      leaves_settle(c);
      pages__close(c->pages);
      c->pages = NULL;
      return OK;
    }
    ++*n;
    TRY(event_check(cx, c, &e, body));
  }
  leaves_settle(c);
  return OK;
}

static Code chain_batch(Cx *cx, Db *journal, Check *c, size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  *n = 0;
  if (c->pages) TRY(chain_pages(cx, c, n));
  if (*n) return OK;
  TRY(db_rows(cx, journal, &sql__all_events, VALS(val_i(c->pos), val_i(BATCH)), &r));
  while (arena_used(cx->mem) < MEM_MAX / 2 && rows_next(r)) {
    Event e;
    Str body;
    event__row_borrow(r, &e, &body);
    if (e.pos <= c->pos) {
      order_fault(c);
      *n = 0;
      break;
    }
    (*n)++;
    TRY(event_check(cx, c, &e, body));
  }
  leaves_settle(c);
  return rows_end(cx, r);
}

static Code chain_check(Cx *cx, Db *journal, Check *c) {
  SCOPED(arena_close_p) Arena *scratch = arena_open(MEM_MAX);
  size_t n;
  do {
    Cx own = {.mem = scratch, .now = cx->now};
    if (chain_batch(&own, journal, c, &n) != OK)
      FAIL(own.fault, "%.*s。读到第 %lld 条事件（%.*s）为止", SFMT(own.detail), (long long)c->pos,
           SFMT(c->pos ? day_cn(cx->mem, day_of(c->recorded)) : S("一条也没有")));
    if (c->o->progress) c->o->progress(c->o->progress_arg, "核对日志", c->pos, c->total);
    arena_reset(scratch);
  } while (n);
  return OK;
}

/* ---- views -------------------------------------------------------------------------------------- */

static bool row_same(const Rows *a, const Rows *b) {
  for (int col = 0; col < db__columns(a); col++) {
    Str x, y;
    if (db__rows_text(a, col, &x) != db__rows_text(b, col, &y) || !str_eq(x, y)) return false;
  }
  return true;
}

static Code table_compare(Cx *cx, Db *fresh, Db *kept, Str table, Check *c) {
  SCOPED(rows_drop) Rows *a = NULL;
  SCOPED(rows_drop) Rows *b = NULL;
  TRY(db__table_rows(cx, fresh, table, &a));
  TRY(db__table_rows(cx, kept, table, &b));
  for (int64_t row = 1;; row++) {
    bool more = rows_next(a), other = rows_next(b);
    if (!more && !other) break;
    if (more == other && row_same(a, b)) continue;
    c->report->views_ok = false;
    if (!c->report->fault.len) {
      Str key;
      db__rows_text(more ? a : b, 0, &key);
      c->report->fault = arena_fmt(c->mem, "视图 %.*s 第 %lld 行（%.*s）与日志重放的结果不同", SFMT(table),
                                   (long long)row, SFMT(key));
    }
    break;
  }
  TRY(rows_end(cx, a));
  return rows_end(cx, b);
}

static Code views_compare(Cx *cx, Db *fresh, Db *kept, Check *c) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, fresh, &db__words(fresh)->tables, NO_VALS, &r));
  while (rows_next(r)) {
    Str table = row_s(cx, r, 0);
    int64_t there = 0;
    TRY(db_int(cx, kept, &db__words(kept)->table_has, VALS(val_s(table)), 0, &there));
    if (there) {
      TRY(table_compare(cx, fresh, kept, table, c));
      continue;
    }
    c->report->views_ok = false;
    if (!c->report->fault.len) c->report->fault = arena_fmt(c->mem, "视图里缺少 %.*s 这张表", SFMT(table));
  }
  return rows_end(cx, r);
}

/* The views as they stood at `there`, compared with the journal replayed up to there. */
static Code views_check(Cx *cx, Db *journal, Db *kept, int64_t there, Check *c) {
  SCOPED(db__close_p) Db *fresh = NULL;
  Str folder = store_files(cx->mem, c->o->dir);
  Str path = arena_fmt(cx->mem, "%.*s/verify-%.*s.tmp", SFMT(folder), SFMT(random_token(cx->mem, 6)));
  int64_t here = 0;
  Code code = rebuild__fresh(cx, c->o, journal, path, there, &fresh);
  if (code == OK) code = views__position(cx, fresh, &here);
  if (code == OK && here != there) {
    c->report->views_ok = false;
    if (!c->report->fault.len)
      c->report->fault = arena_fmt(c->mem, "视图在第 %lld 条，日志只到第 %lld 条（%.*s）", (long long)there, (long long)here,
                                   SFMT(here ? day_cn(c->mem, day_of(c->recorded)) : S("一条也没有")));
  } else if (code == OK) {
    code = views_compare(cx, fresh, kept, c);
  }
  db__close(fresh);
  fresh = NULL;
  views__remove(cx->mem, path);
  return code;
}

static Code chain_all(Cx *cx, Db *journal, Check *c) {
  TRY(store__suite(cx, journal, &c->suite));
  TRY(db_int(cx, journal, &sql_total, NO_VALS, 0, &c->total));
  c->tree.suite = c->suite;
  c->journal = journal;
  for (c->buckets = HEADS_MIN; c->buckets < HEADS_MAX && (int64_t)c->buckets < c->total / 4; c->buckets *= 2);
  c->heads = calloc(c->buckets, sizeof(Head *));
  REQUIRE(c->heads != NULL);
  leaves__open(&c->leaves, c->suite);
  c->pages = pages__open(journal, 0, c->total);
  Code code = chain_check(cx, journal, c);
  pages__close(c->pages);
  leaves__close(&c->leaves);
  free(c->heads);
  return code;
}

Code verify__chain(Cx *cx, const StoreOptions *o, VerifyReport *report, HashSuite *suite) {
  SCOPED(db__close_p) Db *journal = NULL;
  *report = (VerifyReport){.chain_ok = true, .views_ok = true};
  TRY(db__open(cx, store__path(cx->mem, o->dir, "journal.db"), DB_SCAN, &journal));
  Check c = {.mem = cx->mem, .o = o, .report = report};
  TRY(db__script(cx, journal, "BEGIN"));
  TRY(chain_all(cx, journal, &c));
  *suite = c.suite;
  return OK;
}

/* A store that has just been made, or restored into a database, has none: the first start makes them. */
static void views_absent(Check *c) {
  if (!c->report->events) return;
  c->report->views_ok = false;
  c->report->fault = c->torn ? S("视图在机器停电或重启时没有写完。启动服务或运行 yichuang rebuild 会由日志重建它。")
                             : arena_fmt(c->mem, "没有视图%s。启动服务或运行 yichuang rebuild 会重建它。",
                                         store_shared(c->o->dir) ? "" : "文件 views.db");
}

/* The snapshot of the views is taken first: beside a running server the journal can then only be ahead. kept NULL: no
 * views. */
static Code verify_all(Cx *cx, Db *journal, Db *kept, Check *c) {
  int64_t there = 0;
  if (kept) TRY(db__script(cx, kept, "BEGIN"));
  if (kept) TRY(views__position(cx, kept, &there));
  TRY(db__script(cx, journal, "BEGIN"));
  TRY(chain_all(cx, journal, c));
  signed_end(c);
  if (!c->report->chain_ok) return OK;
  if (kept) return views_check(cx, journal, kept, there, c);
  views_absent(c);
  return OK;
}

/* NULL when there are no views. */
static Code kept_open(Cx *cx, Str store, Db **out) {
  SCOPED(db__close_p) Db *db = NULL;
  Str path = store__path(cx->mem, store, "views.db");
  int64_t there = 1;
  *out = NULL;
  if (!store_shared(store) && !file_exists(path)) return OK;
  TRY(db__open(cx, path, DB_READ, &db));
  if (store_shared(store)) TRY(db_int(cx, db, &db__words(db)->table_has, VALS(val_s(S("position"))), 0, &there));
  if (!there) return OK;
  *out = db;
  db = NULL;
  return OK;
}

/* What is stored is one thing, whether it will stay another. */
static void settings_tell(Cx *cx, Db *journal) {
  if (shared__check(cx, journal, true) == OK) return;
  log_line(LOG_WARN, "%.*s", SFMT(cx->detail));
  cx_clear(cx);
}

Code store_verify(Cx *cx, const StoreOptions *o, VerifyReport *report) {
  SCOPED(db__close_p) Db *journal = NULL;
  SCOPED(db__close_p) Db *kept = NULL;
  *report = (VerifyReport){.chain_ok = true, .views_ok = true};
  TRY(store_exists(cx, o->dir));
  bool torn = boot__torn(cx, o->dir);
  if (!torn) TRY(kept_open(cx, o->dir, &kept));
  TRY(db__open(cx, store__path(cx->mem, o->dir, "journal.db"), DB_SCAN, &journal));
  if (store_shared(o->dir)) settings_tell(cx, journal);
  Check c = {.mem = cx->mem, .o = o, .report = report, .torn = torn};
  if (checkpoints_list(cx, o->dir, 0, SIZE_MAX, &c.signed_heads, &c.signed_left) != OK ||
      checkpoint_keys(cx, o->dir, &c.keys) != OK) {
    report->chain_ok = false;
    report->fault = cx->detail;
    cx_clear(cx);
    return OK;
  }
  return verify_all(cx, journal, kept, &c);
}
