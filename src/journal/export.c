/* SPDX-License-Identifier: Apache-2.0 */
/*
 * export.c: the journal as JSON lines and back. Every line is canonical JSON, so that one journal has one text:
 *
 *   {"export":{"meta":{…},"personal":true,"version":1},"hash":"…"}
 *   {"event":{…},"leaf":"…"}                 each event, by position; see event_text
 *   {"done":{…},"hash":"…"}                  the idempotency keys, by key
 *   {"hash":"…","vault":{…}}                 personal data, encrypted, by reference
 *   {"manifest":{"done":N,"events":N,"hash":"…","head":"…","vault":N}}
 *
 * A line's hash is the SM3 of its content: it tells which line was changed. The manifest's is over all lines before.
 */
#include "journal/lines.h"

#include <stdlib.h>

enum { BATCH = 2000, MEM_MAX = 1 << 28 };

static const Sql sql_meta = {"export.meta", "", "ss", "SELECT key, value FROM meta ORDER BY key"};
static const Sql sql_done = {"export.done", "si", "sbsiis",
                             "SELECT key, digest, stream, seq, pos, answer FROM done WHERE key > ?1 ORDER BY key LIMIT ?2"};
static const Sql sql_vault = {"export.vault", "si", "ssbb",
                              "SELECT ref, kind, wrapped, box FROM vault WHERE ref > ?1 ORDER BY ref LIMIT ?2"};
static const Sql sql_meta_put = {"import.meta", "ss", "", "INSERT INTO meta(key, value) VALUES(?1, ?2)"};
static const Sql sql_done_put = {"import.done", "sbsiis", "",
                                 "INSERT INTO done(key, digest, stream, seq, pos, answer) VALUES(?1,?2,?3,?4,?5,?6)"};
static const Sql sql_vault_put = {"import.vault", "ssbb", "",
                                  "INSERT INTO vault(no, ref, kind, wrapped, box)"
                                  " VALUES((SELECT coalesce(max(no), 0) + 1 FROM vault), ?1, ?2, ?3, ?4)"};
static const Sql sql_head = {"import.head", "s", "ib",
                             "SELECT seq, leaf FROM event WHERE stream = ?1 ORDER BY seq DESC LIMIT 1"};

/* A line of `what` with its hash. */
static Str line_of(Arena *mem, Str what, const Json *content) {
  Json *line = json_obj(mem);
  json_put(mem, line, what, content);
  json_put_str(mem, line, S("hash"), hash_hex(mem, hash_bytes(SUITE_GM, json_text(mem, content))));
  return json_text(mem, line);
}

static Str hex_of(Arena *mem, Str bytes) {
  return hex_str(mem, bytes.ptr, bytes.len);
}

/* ---- out ---------------------------------------------------------------------------------------- */

static Code meta_out(Cx *cx, Db *db, LinesOut *out, bool personal) {
  SCOPED(rows_drop) Rows *r = NULL;
  Json *head = json_obj(cx->mem), *meta = json_put_obj(cx->mem, head, S("meta"));
  json_put_bool(cx->mem, head, S("personal"), personal);
  json_put_int(cx->mem, head, S("version"), 1);
  TRY(db_rows(cx, db, &sql_meta, NO_VALS, &r));
  while (rows_next(r)) json_put_str(cx->mem, meta, row_s(cx, r, 0), row_s(cx, r, 1));
  TRY(rows_end(cx, r));
  return lines__put(cx, out, line_of(cx->mem, S("export"), head));
}

static Code event_out(Cx *cx, LinesOut *out, const Event *e) {
  Str text = event_text(cx->mem, e), leaf = hash_hex(cx->mem, e->leaf);
  return lines__put(cx, out, arena_fmt(cx->mem, "{\"event\":%.*s,\"leaf\":\"%.*s\"}", SFMT(text), SFMT(leaf)));
}

static Code events_batch(Cx *cx, Db *db, LinesOut *out, int64_t *pos, size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  *n = 0;
  TRY(db_rows(cx, db, &sql__all_events, VALS(val_i(*pos), val_i(BATCH)), &r));
  while (arena_used(cx->mem) < MEM_MAX / 2 && rows_next(r)) {
    Event e;
    TRY(event__row(cx, r, &e));
    if (e.pos <= *pos) FAIL(BROKEN, "数据库文件已损坏：第 %lld 条事件之后的次序乱了", (long long)*pos);
    TRY(event_out(cx, out, &e));
    *pos = e.pos;
    (*n)++;
  }
  return rows_end(cx, r);
}

static Code events_out(Cx *cx, Db *db, LinesOut *out, ExportReport *report) {
  SCOPED(arena_close_p) Arena *scratch = arena_open(MEM_MAX);
  int64_t pos = 0;
  for (size_t n = 1; n;) {
    Cx own = {.mem = scratch};
    if (events_batch(&own, db, out, &pos, &n) != OK) FAIL(own.fault, "%.*s", SFMT(own.detail));
    report->events += (int64_t)n;
    arena_reset(scratch);
  }
  return OK;
}

static Str done_line(Cx *cx, const Rows *r) {
  Json *o = json_obj(cx->mem);
  json_put_str(cx->mem, o, S("answer"), row_s(cx, r, 5));
  json_put_str(cx->mem, o, S("digest"), hex_of(cx->mem, row_s(cx, r, 1)));
  json_put_str(cx->mem, o, S("key"), row_s(cx, r, 0));
  json_put_int(cx->mem, o, S("pos"), row_i(r, 4));
  json_put_int(cx->mem, o, S("seq"), row_i(r, 3));
  json_put_str(cx->mem, o, S("stream"), row_s(cx, r, 2));
  return line_of(cx->mem, S("done"), o);
}

/* Nothing for a row that was erased: a journal that is brought in need not know that it once was. */
static Str vault_line(Cx *cx, const Rows *r) {
  Json *o = json_obj(cx->mem);
  if (vault__wiped(row_s(cx, r, 2))) return S("");
  json_put_str(cx->mem, o, S("box"), hex_of(cx->mem, row_s(cx, r, 3)));
  json_put_str(cx->mem, o, S("kind"), row_s(cx, r, 1));
  json_put_str(cx->mem, o, S("ref"), row_s(cx, r, 0));
  json_put_str(cx->mem, o, S("wrapped"), hex_of(cx->mem, row_s(cx, r, 2)));
  return line_of(cx->mem, S("vault"), o);
}

typedef Str LineOf(Cx *cx, const Rows *r);

/* By pages: PostgreSQL gives a result whole. *last is empty after the last one. */
static Code rows_page(Cx *cx, Db *db, LinesOut *out, const Sql *q, LineOf *line, Str *last, int64_t *count) {
  SCOPED(rows_drop) Rows *r = NULL;
  Str key = S("");
  TRY(db_rows(cx, db, q, VALS(val_s(*last), val_i(BATCH)), &r));
  while (arena_used(cx->mem) < MEM_MAX / 2 && rows_next(r)) {
    Str text = line(cx, r);
    key = row_s(cx, r, 0);
    if (!text.len) continue;
    TRY(lines__put(cx, out, text));
    (*count)++;
  }
  *last = key;
  return rows_end(cx, r);
}

static Code rows_out(Cx *cx, Db *db, LinesOut *out, const Sql *q, LineOf *line, int64_t *count) {
  SCOPED(arena_close_p) Arena *scratch = arena_open(MEM_MAX);
  Str last = S("");
  do {
    Cx own = {.mem = scratch};
    if (rows_page(&own, db, out, q, line, &last, count) != OK) FAIL(own.fault, "%.*s", SFMT(own.detail));
    last = arena_str(cx->mem, last);
    arena_reset(scratch);
  } while (last.len);
  return OK;
}

static Code all_out(Cx *cx, Db *db, LinesOut *out, bool personal, ExportReport *report) {
  int64_t last = 0;
  Str head;
  TRY(db__script(cx, db, "BEGIN"));
  TRY(meta_out(cx, db, out, personal));
  TRY(events_out(cx, db, out, report));
  TRY(rows_out(cx, db, out, &sql_done, done_line, &report->done));
  if (personal) TRY(rows_out(cx, db, out, &sql_vault, vault_line, &report->vault));
  TRY(journal__last(cx, db, &last, &head));
  report->hash = lines__hash(cx->mem, out);
  Json *line = json_obj(cx->mem), *m = json_put_obj(cx->mem, line, S("manifest"));
  json_put_int(cx->mem, m, S("done"), report->done);
  json_put_int(cx->mem, m, S("events"), report->events);
  json_put_str(cx->mem, m, S("hash"), report->hash);
  json_put_str(cx->mem, m, S("head"), head);
  json_put_int(cx->mem, m, S("vault"), report->vault);
  return lines__finish(cx, out, json_text(cx->mem, line));
}

Code store_export(Cx *cx, Str dir, Str path, bool personal, ExportReport *report) {
  SCOPED(db__close_p) Db *db = NULL;
  SCOPED(lines__drop_out) LinesOut out = {0};
  *report = (ExportReport){0};
  TRY(store_exists(cx, dir));
  TRY(db__open(cx, store__path(cx->mem, dir, "journal.db"), DB_READ, &db));
  TRY(lines__create(cx, path, &out));
  return all_out(cx, db, &out, personal, report);
}

/* ---- in ----------------------------------------------------------------------------------------- */

typedef struct Import {
  Db *db;
  Str dir;
  LinesIn *in;
  HashSuite suite;
  ExportReport *report;
} Import;

static Str unhex(Arena *mem, Str s) {
  char *out = arena_alloc(mem, s.len / 2 + 1, 1, 1);
  for (size_t i = 0; i + 1 < s.len; i += 2) {
    char pair[3] = {s.ptr[i], s.ptr[i + 1], 0};
    out[i / 2] = (char)strtol(pair, NULL, 16);
  }
  return (Str){.ptr = out, .len = s.len / 2};
}

static Hash hash_from(Str hex) {
  Hash h = {{0}};
  (void)hash_unhex(hex, &h);
  return h;
}

/* Is the content as its line says? */
static Code content_check(Cx *cx, Import *m, const Json *line, const Json *content) {
  Str own = hash_hex(cx->mem, hash_bytes(SUITE_GM, json_text(cx->mem, content)));
  return str_eq(own, json_str(line, S("hash"))) ? OK : lines__bad(cx, m->in, "的内容与散列不符，被改动过");
}

static Code event_in(Cx *cx, Import *m, const Json *line, const Json *j) {
  SCOPED(rows_drop) Rows *r = NULL;
  Event e = {.pos = json_int(j, S("pos"), 0), .stream = json_str(j, S("stream")), .seq = json_int(j, S("seq"), 0),
             .kind = json_str(j, S("kind")), .version = (int)json_int(j, S("version"), 0),
             .happened = json_int(j, S("happened"), 0), .recorded = json_int(j, S("recorded"), 0),
             .actor = json_str(j, S("actor")), .actor_name = json_str(j, S("name")), .unit = json_str(j, S("unit")),
             .behalf = json_str(j, S("behalf")), .command = json_str(j, S("command")), .body = json_get(j, S("body")),
             .prev = hash_from(json_str(j, S("prev"))), .leaf = hash_from(json_str(line, S("leaf")))};
  Hash prev = {{0}};
  int64_t seq = 0;
  if (!e.body || !str_eq(event_text(cx->mem, &e), json_text(cx->mem, j)))
    return lines__bad(cx, m->in, "不是一条事件，被改动过");
  if (!hash_eq(e.leaf, event__leaf(cx->mem, m->suite, &e))) return lines__bad(cx, m->in, "的内容与散列不符，被改动过");
  TRY(db_rows(cx, m->db, &sql_head, VALS(val_s(e.stream)), &r));
  if (rows_next(r)) {
    Str leaf = row_s(cx, r, 1);
    seq = row_i(r, 0);
    if (leaf.len == sizeof prev.b) memcpy(prev.b, leaf.ptr, leaf.len);
  }
  TRY(rows_end(cx, r));
  if (e.pos != ++m->report->events || e.seq != seq + 1 || !hash_eq(e.prev, prev))
    return lines__bad(cx, m->in, "与前面的事件不相接：缺少、多出或调换了行");
  return event__insert(cx, m->db, &e);
}

static Code done_in(Cx *cx, Import *m, const Json *j) {
  m->report->done++;
  return db_run(cx, m->db, &sql_done_put,
                VALS(val_s(json_str(j, S("key"))), val_s(unhex(cx->mem, json_str(j, S("digest")))),
                     val_s(json_str(j, S("stream"))), val_i(json_int(j, S("seq"), 0)), val_i(json_int(j, S("pos"), 0)),
                     val_s(json_str(j, S("answer")))));
}

static Code vault_in(Cx *cx, Import *m, const Json *j) {
  m->report->vault++;
  return db_run(cx, m->db, &sql_vault_put,
                VALS(val_s(json_str(j, S("ref"))), val_s(json_str(j, S("kind"))),
                     val_s(unhex(cx->mem, json_str(j, S("wrapped")))), val_s(unhex(cx->mem, json_str(j, S("box"))))));
}

static Code row_in(Cx *cx, Import *m, const Json *line) {
  const Json *event = json_get(line, S("event")), *done = json_get(line, S("done")), *vault = json_get(line, S("vault"));
  if (line->count != 2) return lines__bad(cx, m->in, "不是导出的内容");
  if (event) return event_in(cx, m, line, event);
  if (!done && !vault) return lines__bad(cx, m->in, "不是导出的内容");
  TRY(content_check(cx, m, line, done ? done : vault));
  Code code = done ? done_in(cx, m, done) : vault_in(cx, m, vault);
  if (code != CONFLICT) return code;
  cx_clear(cx);
  return lines__bad(cx, m->in, "重复了前面的一行");
}

static Code manifest_in(Cx *cx, Import *m, const Json *end, Str head) {
  ExportReport *r = m->report;
  if (json_int(end, S("events"), -1) != r->events || json_int(end, S("done"), -1) != r->done ||
      json_int(end, S("vault"), -1) != r->vault || !str_eq(json_str(end, S("head")), head))
    return lines__bad(cx, m->in, "的清单与前面各行不符");
  r->hash = arena_str(cx->mem, json_str(end, S("hash")));
  return lines__close(cx, m->in, r->hash);
}

static Code meta_in(Cx *cx, Import *m) {
  Str text;
  Json *line = NULL;
  TRY(lines__next(cx, m->in, &text));
  TRY(lines__json(cx, m->in, text, &line));
  const Json *head = json_get(line, S("export")), *meta = json_get(head, S("meta"));
  if (!meta || json_int(head, S("version"), 0) != 1) return lines__bad(cx, m->in, "不是本程序能读的导出");
  TRY(content_check(cx, m, line, head));
  lines__take(m->in, text);
  for (const Json *one = meta->first; one; one = one->next)
    TRY(db_run(cx, m->db, &sql_meta_put, VALS(val_s(one->key), val_s(one->str))));
  return store__suite(cx, m->db, &m->suite);
}

/* At most a batch of lines; *more is false when the last was read. */
static Code batch_in(Cx *cx, Import *m, Hash *head, bool *more) {
  for (int i = 0; i < BATCH && arena_used(cx->mem) < MEM_MAX / 8 && *more; i++) {
    Str text;
    Json *line = NULL;
    TRY(lines__next(cx, m->in, &text));
    TRY(lines__json(cx, m->in, text, &line));
    const Json *end = json_get(line, S("manifest"));
    if (end) {
      *more = false;
      return manifest_in(cx, m, end, m->report->events ? hash_hex(cx->mem, *head) : S(""));
    }
    lines__take(m->in, text);
    TRY(row_in(cx, m, line));
    if (json_get(line, S("leaf"))) *head = hash_from(json_str(line, S("leaf")));
  }
  return OK;
}

/* Into a directory by batches: it appears only when it is whole. Into a database in one transaction, which is left open:
 * what is not whole goes back. */
static Code all_in(Cx *cx, Import *m, Hash *head) {
  SCOPED(arena_close_p) Arena *scratch = arena_open(MEM_MAX * (size_t)2);
  bool batches = db__kind(m->db) == DB_SQLITE;
  TRY(db__script(cx, m->db, "BEGIN IMMEDIATE"));
  TRY(store__vacant(cx, m->db, m->dir));
  TRY(store__schema(cx, m->db));
  TRY(meta_in(cx, m));
  for (bool more = true; more;) {
    Cx own = {.mem = scratch};
    Code code = batch_in(&own, m, head, &more);
    if (!more && code == OK) m->report->hash = arena_str(cx->mem, m->report->hash);
    if (code == OK && more && batches) code = db__script(&own, m->db, "COMMIT; BEGIN IMMEDIATE");
    if (code != OK) FAIL(code, "%.*s", SFMT(own.detail));
    arena_reset(scratch);
  }
  return OK;
}

static Code import_fill(Cx *cx, Str dir, Str path, ExportReport *report) {
  SCOPED(db__close_p) Db *db = NULL;
  SCOPED(lines__drop_in) LinesIn in = {0};
  Hash head = {{0}};
  TRY(lines__open(cx, path, &in));
  TRY(dir_make(cx, store__path(cx->mem, dir, "blobs/tmp")));
  TRY(db__open(cx, store__path(cx->mem, dir, "journal.db"), DB_WRITE_JOURNAL, &db));
  Import m = {.report = report, .db = db, .in = &in, .dir = dir};
  TRY(all_in(cx, &m, &head));
  TRY(dir_sync(cx, store__path(cx->mem, dir, "blobs")));
  TRY(backup__key_fits(cx, dir, db));
  report->key = file_exists(store__path(cx->mem, dir, "vault.key"));
  if (!report->key && !report->vault) { /* nothing is encrypted yet: a key of its own */
    TRY(vault__key_make(cx, dir));
    report->key = true;
  }
  return db__script(cx, db, "COMMIT");
}

Code store_import(Cx *cx, Str dir, Str path, ExportReport *report) {
  SCOPED(stage__drop) Stage s = {.fd = -1};
  *report = (ExportReport){0};
  if (store_shared(dir)) return import_fill(cx, dir, path, report);
  TRY(stage__open(cx, dir, &s));
  TRY(import_fill(cx, s.temp, path, report));
  return stage__finish(cx, &s);
}
