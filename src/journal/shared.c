/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shared.c: what is different when several servers write into one database. Batches are serialised by one lock, which
 * PostgreSQL gives back with the transaction; so each batch sees all before it, and what another server wrote in the
 * meantime is looked at first.
 */
#include "journal/journal_int.h"

#include <unistd.h>

enum { TAKE_MEM = 256 << 20, BACK_MS = 30000, PAUSE_US = 200000 };

/* ---- settings of the database ------------------------------------------------------------------- */

static const Sql sql_settings = {
    "pg.settings", "", "ssssss",
    "SELECT current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit'),"
    " current_setting('synchronous_standby_names'), current_setting('server_encoding'), current_setting('data_checksums')"};

typedef struct Settings {
  Str fsync, pages, commit, standbys, encoding, checksums;
} Settings;

static Code settings_read(Cx *cx, Db *db, Settings *s) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, db, &sql_settings, NO_VALS, &r));
  if (!rows_next(r)) return rows_end(cx, r);
  *s = (Settings){.fsync = row_s(cx, r, 0), .pages = row_s(cx, r, 1), .commit = row_s(cx, r, 2), .standbys = row_s(cx, r, 3),
                  .encoding = row_s(cx, r, 4), .checksums = row_s(cx, r, 5)};
  return OK;
}

Code shared__check(Cx *cx, Db *db, bool say) {
  Settings s = {0};
  TRY(settings_read(cx, db, &s));
  if (!str_eq(s.fsync, S("on"))) FAIL(INVALID, "数据库设置了 fsync=off：断电会丢失已经答复的办理，不能在它上面启动。请改为 on。");
  if (!str_eq(s.pages, S("on"))) FAIL(INVALID, "数据库设置了 full_page_writes=off：断电会损坏数据页，不能在它上面启动。请改为 on。");
  bool waits = str_eq(s.commit, S("on")) || str_eq(s.commit, S("remote_apply"));
  if (!waits && (s.standbys.len || str_eq(s.commit, S("off"))))
    FAIL(INVALID, "数据库设置了 synchronous_commit=%.*s：已经答复的办理可能丢失，不能在它上面启动。请改为 on。", SFMT(s.commit));
  if (!str_eq(s.encoding, S("UTF8"))) FAIL(INVALID, "数据库的编码是 %.*s，要用 UTF8 的数据库。", SFMT(s.encoding));
  if (say && !str_eq(s.checksums, S("on")))
    log_line(LOG_WARN, "数据库没有数据页校验和（data_checksums=off）：坏盘可能很久不被发现。可以停库后用 pg_checksums --enable 打开。");
  if (say && !s.standbys.len)
    log_line(LOG_WARN, "数据库没有同步备库（synchronous_standby_names 为空）：主库的机器毁了，就要从备份恢复。");
  return OK;
}

/* ---- what other servers wrote ------------------------------------------------------------------- */

static const Sql sql_of_engine = {"foreign.events", "iis", "i",
                                  "SELECT count(*) FROM event WHERE pos > ?1 AND pos <= ?2 AND starts_with(stream, ?3)"};

static Code engine_take(Cx *cx, Db *db, const Engine *engine, int64_t from, int64_t to) {
  int64_t n = 0;
  if (!engine->ready) return OK;
  TRY(db_int(cx, db, &sql_of_engine, VALS(val_i(from), val_i(to), val_s(arena_fmt(cx->mem, "%s/", engine->prefix))), 0, &n));
  if (!n) return OK;
  return engine->ready(cx, db, engine->env);
}

static Code take(Cx *cx, const Writer *w, Db *db, int64_t upto) {
  int64_t from = atomic_load(&w->taken->pos);
  if (from >= upto) return OK;
  for (size_t i = 0; i < w->engine_count; i++) TRY(engine_take(cx, db, w->engines[i], from, upto));
  atomic_store(&w->taken->pos, upto);
  return OK;
}

Code shared__take(Cx *cx, const Writer *w, Db *db, int64_t upto) {
  if (atomic_load(&w->taken->pos) >= upto) return OK;
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)TAKE_MEM);
  Cx own = {.mem = mem, .now = cx->now};
  pthread_mutex_lock(&w->taken->lock);
  Code code = take(&own, w, db, upto);
  pthread_mutex_unlock(&w->taken->lock);
  if (code != OK) FAIL(code, "%.*s", SFMT(own.detail));
  return OK;
}

/* ---- the beginning of a batch ------------------------------------------------------------------- */

static const Sql sql_stand = {"shared.stand", "", "iis",
                              "SELECT coalesce((SELECT max(pos) FROM event), 0), pos, schema FROM position"};

Code shared__begin(Cx *cx, Writer *w) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db__script(cx, w->journal, "BEGIN IMMEDIATE"));
  TRY(db_rows(cx, w->journal, &sql_stand, NO_VALS, &r));
  if (!rows_next(r)) {
    TRY(rows_end(cx, r));
    FAIL(BUSY, "数据库里的视图正在重建，请过几分钟再试。");
  }
  int64_t last = row_i(r, 0), views = row_i(r, 1);
  if (!str_eq(row_s(cx, r, 2), views__schema(cx, w->engines, w->engine_count)))
    FAIL(BUSY, "数据库的视图是另一个版本的程序建的。请把各台服务器换成同一个版本，再重新启动。");
  if (views != last) FAIL(BUSY, "视图在第 %lld 条，日志到第 %lld 条。请重新启动服务，或运行 yichuang rebuild。", (long long)views, (long long)last);
  if (last < w->stood)
    FAIL(BUSY, "数据库只到第 %lld 条，本服务器已经答复到第 %lld 条：连上的是一个旧的副本。没有办理，请立即检查数据库。", (long long)last, (long long)w->stood);
  TRY(shared__take(cx, w, w->journal, last));
  db_forget(w->views); /* others may have written since */
  cache__epoch(w->cache, ++w->epoch);
  w->pos = w->stood = last;
  return OK;
}

/* The position is written even when nothing else was: a commit that writes waits for the standby, and with it for all
 * that this batch has read. An act whose first commit broke off is answered only then. */
Code shared__commit(Cx *cx, Writer *w) {
  TRY(views__set_position(cx, w->views, w->pos));
  TRY(db__script(cx, w->journal, "COMMIT"));
  w->stood = w->pos;
  if (atomic_load(&w->taken->pos) < w->pos) atomic_store(&w->taken->pos, w->pos);
  return OK;
}

/* ---- opening and connecting anew ---------------------------------------------------------------- */

static Code views_ready(Cx *cx, Writer *w, const StoreOptions *o) {
  if (!views__fits(cx, w->views, o->engines, o->engine_count)) {
    cx_clear(cx);
    TRY(views__clear(cx, w->views));
  }
  TRY(views__prepare(cx, w->views, o->engines, o->engine_count));
  TRY(views__catch_up(cx, w->journal, w->views, o, INT64_MAX));
  TRY(views__position(cx, w->views, &w->stood));
  atomic_store(&w->taken->pos, w->stood);
  return OK;
}

static const Sql sql_key = {"vault.check", "s", "b", "SELECT bytes FROM file WHERE path = ?1"};
static const Sql sql_key_put = {"vault.check-put", "sb", "", "INSERT INTO file(path, bytes) VALUES(?1, ?2)"};

/* With two keys nobody could read everything. The hash of a random key says nothing about it. */
Code shared__key(Cx *cx, Db *db, const VaultKey *key) {
  SCOPED(rows_drop) Rows *r = NULL;
  Str path = S("vault.check");
  Hasher *hasher = hasher_open(SUITE_GM);
  hasher_add(hasher, "yichuang vault key", 18);
  hasher_add(hasher, key->b, sizeof key->b);
  Hash h = hasher_close(hasher);
  Str own = {.ptr = (const char *)h.b, .len = sizeof h.b};
  TRY(db_rows(cx, db, &sql_key, VALS(val_s(path)), &r));
  if (!rows_next(r)) {
    TRY(rows_end(cx, r));
    return db_run(cx, db, &sql_key_put, VALS(val_s(path), val_s(own)));
  }
  if (!str_eq(row_s(cx, r, 0), own))
    FAIL(CONFLICT, "本机的 vault.key 不是这个数据库的。请从已有的服务器取来 vault.key，放进 --files 的目录（权限 600）。");
  return OK;
}

/* Journal and views are one connection, and one transaction. The tables are made by a connection of its own, whose
 * names go into the other schema. */
Code shared__open(Cx *cx, Writer *w, const StoreOptions *o) {
  SCOPED(db__close_p) Db *journal = NULL;
  Str address = store__path(cx->mem, o->dir, "journal.db");
  TRY(db__open(cx, address, DB_WRITE_JOURNAL, &journal));
  TRY(shared__check(cx, journal, true));
  TRY(store__migrate(cx, journal, NULL, 0));
  db__close_p(&journal);
  TRY(db__open(cx, address, DB_WRITE_VIEWS, &w->views));
  w->journal = w->views;
  return OK;
}

Code shared__views(Cx *cx, Writer *w, const StoreOptions *o) {
  if (db__script(cx, w->views, "SELECT pg_advisory_lock(" PG_LOCK_TEXT ")") != OK) {
    Str why = cx->detail;
    cx_clear(cx);
    FAIL(BUSY, "另一台服务器正在建视图或写入，请过几分钟再启动。（%.*s）", SFMT(why));
  }
  Code code = views_ready(cx, w, o);
  Cx own = {.mem = cx->mem};
  if (code == OK || db__state(w->views) == DB_SPOILED) (void)db__script(&own, w->views, "SELECT pg_advisory_unlock(" PG_LOCK_TEXT ")");
  return code;
}

static Code connect_again(Cx *cx, Writer *w) {
  TRY(db__again(cx, w->journal));
  return shared__check(cx, w->journal, false);
}

bool shared__back(Writer *w) {
  if (db__state(w->journal) != DB_LOST) return true; /* rolled back for somebody else's sake */
  int64_t until = clock_now_ms() + (w->down ? 0 : BACK_MS);
  for (int n = 0;; n++) {
    SCOPED(arena_close_p) Arena *mem = arena_open((size_t)1 << 20);
    Cx cx = {.mem = mem};
    w->down = connect_again(&cx, w) != OK;
    if (!w->down) log_line(LOG_WARN, "数据库又连上了");
    else if (!n) log_line(LOG_ERROR, "数据库断开了：%.*s", SFMT(cx.detail));
    if (!w->down) return true;
    if (clock_now_ms() >= until) return false;
    usleep(PAUSE_US);
  }
}
