/* SPDX-License-Identifier: Apache-2.0 */
/* views.c: the file of projections: its schema, its position, catching up, the due queue. */
#include "journal/journal_int.h"

#include <unistd.h>

static const char base_schema[] =
    "CREATE TABLE position(id INTEGER PRIMARY KEY CHECK(id = 1), pos INTEGER NOT NULL, schema TEXT NOT NULL) STRICT;"
    "CREATE TABLE due(stream TEXT NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL, args TEXT NOT NULL,"
    " PRIMARY KEY(stream, name)) WITHOUT ROWID, STRICT;"
    "CREATE INDEX due_at ON due(at);";

static const Sql sql_schema = {"views.schema", "", "s", "SELECT schema FROM position"};
static const Sql sql_position = {"views.position", "", "i", "SELECT pos FROM position"};
static const Sql sql_position_make = {"views.make", "s", "", "INSERT INTO position(id, pos, schema) VALUES(1, 0, ?1)"};
static const Sql sql_position_set = {"views.set", "i", "", "UPDATE position SET pos = ?1"};
static const RowTable due_rows = {
    2,
    {"due.set", "ssis", "",
     "INSERT INTO due(stream, name, at, args) VALUES(?1, ?2, ?3, ?4) "
     "ON CONFLICT(stream, name) DO UPDATE SET at = excluded.at, args = excluded.args"},
    {"due.clear", "ss", "", "DELETE FROM due WHERE stream = ?1 AND name = ?2"}};

const Engine *engine__of(const Engine *const *engines, size_t n, Str stream) {
  Str prefix, rest;
  if (!str_cut(stream, '/', &prefix, &rest)) return NULL;
  for (size_t i = 0; i < n; i++)
    if (str_eqz(prefix, engines[i]->prefix)) return engines[i];
  return NULL;
}

/* The schema of the program in one hash: another schema means that the views are built anew. */
Str views__schema(Cx *cx, const Engine *const *engines, size_t n) {
  Hasher *h = hasher_open(SUITE_INTL);
  hasher_add(h, base_schema, sizeof base_schema);
  hasher_add(h, personal__schema, strlen(personal__schema) + 1);
  for (size_t i = 0; i < n; i++) hasher_add(h, engines[i]->schema, strlen(engines[i]->schema) + 1);
  return hash_hex(cx->mem, hasher_close(h));
}

static Code tables_make(Cx *cx, Db *views, const Engine *const *engines, size_t n) {
  TRY(db__script(cx, views, base_schema));
  TRY(db__script(cx, views, personal__schema));
  for (size_t i = 0; i < n; i++) TRY(db__script(cx, views, engines[i]->schema));
  return db_run(cx, views, &sql_position_make, VALS(val_s(views__schema(cx, engines, n))));
}

Code views__prepare(Cx *cx, Db *views, const Engine *const *engines, size_t n) {
  int64_t there = 0;
  TRY(db_int(cx, views, &db__words(views)->table_has, VALS(val_s(S("position"))), 0, &there));
  if (there) return OK;
  TRY(db__script(cx, views, "BEGIN"));
  TRY(tables_make(cx, views, engines, n));
  return db__script(cx, views, "COMMIT");
}

bool views__fits(Cx *cx, Db *views, const Engine *const *engines, size_t n) {
  int64_t there = 0;
  SCOPED(rows_drop) Rows *r = NULL;
  if (db_int(cx, views, &db__words(views)->table_has, VALS(val_s(S("position"))), 0, &there) != OK || !there) return false;
  if (db_rows(cx, views, &sql_schema, NO_VALS, &r) != OK || !rows_next(r)) return false;
  return str_eq(row_s(cx, r, 0), views__schema(cx, engines, n));
}

Code views__position(Cx *cx, Db *views, int64_t *pos) {
  return db_int(cx, views, &sql_position, NO_VALS, 0, pos);
}

Code views__set_position(Cx *cx, Db *views, int64_t pos) {
  return db_run(cx, views, &sql_position_set, VALS(val_i(pos)));
}

Code views__clear(Cx *cx, Db *views) {
  return db__script(cx, views,
                    "DO $$DECLARE t name; BEGIN FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'views' LOOP"
                    " EXECUTE format('DROP TABLE views.%I', t); END LOOP; END$$");
}

void views__remove(Arena *mem, Str path) {
  static const char *const parts[] = {"", "-wal", "-shm", "-rows"};
  for (size_t i = 0; i < COUNT(parts); i++) unlink(arena_fmt(mem, "%.*s%s", SFMT(path), parts[i]).ptr);
}

/* ---- catching up -------------------------------------------------------------------------------- */

enum { BATCH = 2000, SCRATCH = 1 << 18, MEM_MAX = 1 << 28, STATES_MAX = 1 << 20, HELD_MAX = 256 << 20, WAIT_MAX = 8 << 20, BESIDE_LEAST = 4096 };

typedef struct CatchUp {
  Db *journal, *views;
  Feed *feed;
  Cache *cache;
  const StoreOptions *o;
  int64_t pos, total;
  bool inside; /* a transaction of the caller's */
  bool fresh;  /* a file of its own, from the beginning */
  Str indexes; /* the script that makes those that were dropped */
} CatchUp;

static const Sql sql_last = {"event.last", "", "i", "SELECT max(pos) FROM event"};

/* Streams that run side by side are folded side by side: one that had to go is read again from its beginning when its
 * next event comes, so there is room for as many as usually run. */
static Cache *states_open(const StoreOptions *o) {
  Cache *c = cache__open(o->engines, o->engine_count, STATES_MAX);
  cache__hold(c, HELD_MAX);
  return c;
}

static Code project_one(Cx *cx, CatchUp *u, const Event *e, bool personal) {
  StreamState *s = NULL;
  if (!engine__of(u->o->engines, u->o->engine_count, e->stream)) return OK; /* of an engine that is gone */
  TRY(cache__upto(cx, u->cache, u->journal, e->stream, e->seq - 1, &s));
  cache__fold(u->cache, s, e);
  if (personal) TRY(personal__note(cx, u->views, e));
  if (!s->engine->alone) TRY(rows__flush(cx, u->views));
  return s->engine->project(cx, u->views, e, s->state, s->engine->env);
}

static Code catch_up_batch(Cx *cx, CatchUp *u, size_t *n) {
  const Event *list;
  const bool *personal;
  size_t count;
  *n = 0;
  do {
    arena_reset(cx->mem);
    TRY(feed__next(cx, u->feed, &list, &personal, &count));
    for (size_t i = 0; i < count; i++, ++*n) {
      TRY(project_one(cx, u, &list[i], personal[i]));
      u->pos = list[i].pos;
    }
  } while (count && *n < BATCH);
  return OK;
}

/* The feed of one run over the journal. In PostgreSQL the transaction of the caller alone sees what it wrote. */
static void feed_open(Cx *cx, CatchUp *u) {
  Str path = store_shared(u->o->dir) ? S("") : store__path(cx->mem, u->o->dir, "journal.db");
  u->feed = feed__open(cx, u->journal, path, u->pos, u->total);
}

static const Sql sql_indexes = {"views.indexes", "", "ss",
                                "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"};

static bool is_late(const StoreOptions *o, Arena *mem, Str name) {
  Str word = arena_fmt(mem, " %.*s ", SFMT(name));
  for (size_t i = 0; i < o->engine_count; i++)
    if (o->engines[i]->late_indexes && str_has(str_of(o->engines[i]->late_indexes), word)) return true;
  return false;
}

/* *make: the script that makes them again. Names and texts are those of the engines' schemas. */
static Code indexes_drop(Cx *cx, Db *views, const StoreOptions *o, Str *make) {
  SCOPED(rows_drop) Rows *r = NULL;
  Str drop = arena_str(cx->mem, S(""));
  *make = arena_str(cx->mem, S(""));
  TRY(db_rows(cx, views, &sql_indexes, NO_VALS, &r));
  while (rows_next(r)) {
    Str name = row_s(cx, r, 0), text = row_s(cx, r, 1);
    if (!is_late(o, cx->mem, name)) continue;
    drop = arena_fmt(cx->mem, "%.*sDROP INDEX %.*s;", SFMT(drop), SFMT(name));
    *make = arena_fmt(cx->mem, "%.*s%.*s;", SFMT(*make), SFMT(text));
  }
  TRY(rows_end(cx, r));
  rows_drop(&r);
  return db__script(cx, views, drop.ptr);
}

/* Rows that wait are written with the position that they stand at. A file that is built from its beginning is one
 * transaction: its indexes are made when all rows are there, and a crash leaves nothing. */
static Code catch_up_step(Cx *cx, CatchUp *u, size_t *n) {
  TRY(catch_up_batch(cx, u, n));
  bool over = !*n || u->pos >= u->total;
  if (u->fresh && !over) return rows__bytes(u->views) < WAIT_MAX ? OK : rows__flush_beside(cx, u->views);
  if (u->fresh) rows__apart_end(u->views);
  TRY(rows__flush(cx, u->views));
  if (u->fresh) TRY(db__script(cx, u->views, u->indexes.ptr));
  return views__set_position(cx, u->views, u->pos);
}

static Code catch_up_all(Cx *cx, CatchUp *u) {
  SCOPED(arena_close_p) Arena *scratch = arena_open_large(MEM_MAX, SCRATCH);
  size_t n;
  bool open = u->inside;
  if (u->fresh) {
    TRY(db__script(cx, u->views, "BEGIN"));
    TRY(indexes_drop(cx, u->views, u->o, &u->indexes));
    open = true;
  }
  do {
    Cx own = {.mem = scratch, .now = cx->now};
    Code code = open ? OK : db__script(&own, u->views, "BEGIN");
    if (code == OK) code = catch_up_step(&own, u, &n);
    bool over = code != OK || !n || u->pos >= u->total;
    if (code == OK && !u->inside && (over || !u->fresh)) code = db__script(&own, u->views, "COMMIT");
    if (code != OK) FAIL(code, "重建视图时出错，第 %lld 条事件之后：%.*s", (long long)u->pos, SFMT(own.detail));
    if (u->o->progress && n) u->o->progress(u->o->progress_arg, "由日志更新视图", u->pos, u->total);
    cache__trim(u->cache);
    arena_reset(scratch);
  } while (n && u->pos < u->total);
  return u->fresh ? db__script(cx, u->views, "PRAGMA wal_checkpoint(TRUNCATE)") : OK; /* its log is as large as itself */
}

Code views__ready(Cx *cx, Db *views, const StoreOptions *o) {
  for (size_t i = 0; i < o->engine_count; i++)
    if (o->engines[i]->ready) TRY(o->engines[i]->ready(cx, views, o->engines[i]->env));
  return OK;
}

static Code catch_up(Cx *cx, CatchUp *u, int64_t upto) {
  db_forget(u->views);
  TRY(views__ready(cx, u->views, u->o));
  TRY(views__position(cx, u->views, &u->pos));
  TRY(db_int(cx, u->journal, &sql_last, NO_VALS, 0, &u->total));
  if (u->pos > u->total)
    FAIL(BROKEN, "视图在第 %lld 条，日志只到第 %lld 条：日志被换成了旧的副本？", (long long)u->pos, (long long)u->total);
  if (u->total > upto) u->total = upto;
  if (u->pos >= u->total) return OK;
  u->fresh = u->pos == 0 && !u->inside && db__kind(u->views) == DB_SQLITE;
  u->cache = states_open(u->o);
  feed_open(cx, u);
  rows__wait(u->views);
  if (u->fresh && u->total >= BESIDE_LEAST) rows__beside(u->views);
  Code code = catch_up_all(cx, u);
  feed__close(u->feed);
  rows__end(u->views);
  cache__close(u->cache);
  return code;
}

Code views__catch_up(Cx *cx, Db *journal, Db *views, const StoreOptions *o, int64_t upto) {
  CatchUp u = {.journal = journal, .views = views, .o = o};
  return catch_up(cx, &u, upto);
}

Code views__anew(Cx *cx, Db *db, const StoreOptions *o) {
  CatchUp u = {.journal = db, .views = db, .o = o, .inside = true};
  TRY(views__clear(cx, db));
  TRY(tables_make(cx, db, o->engines, o->engine_count));
  return catch_up(cx, &u, INT64_MAX);
}

/* ---- the due queue ------------------------------------------------------------------------------ */

Code due_set(Cx *cx, Db *views, Str stream, Str name, int64_t at, const Json *args) {
  Str text = json_text(cx->mem, args ? args : json_obj(cx->mem));
  return table_put(cx, views, &due_rows, VALS(val_s(stream), val_s(name), val_i(at), val_s(text)));
}

Code due_clear(Cx *cx, Db *views, Str stream, Str name) {
  return table_drop(cx, views, &due_rows, VALS(val_s(stream), val_s(name)));
}
