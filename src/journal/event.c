/* SPDX-License-Identifier: Apache-2.0 */
/* event.c: an event as text, as a leaf, as a row. */
#include "journal/journal_int.h"

#define EVENT_COLUMNS \
  "pos, stream, seq, kind, version, happened, recorded, actor, actor_name, unit, behalf, command, body, prev, leaf"

const Sql sql__event_insert = {"event.insert", "isisiiisssssSbb", "",
                               "INSERT INTO event(" EVENT_COLUMNS ") VALUES"
                               "(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15)"};
const Sql sql__stream_events = {"event.of-stream", "sii", "isisiiisssssSbb",
                                "SELECT " EVENT_COLUMNS " FROM event WHERE stream = ?1 AND seq > ?2 "
                                "ORDER BY seq LIMIT ?3"};
const Sql sql__all_events = {"event.all", "ii", "isisiiisssssSbb",
                             "SELECT " EVENT_COLUMNS " FROM event WHERE pos > ?1 ORDER BY pos LIMIT ?2"};
const Sql sql__stream_head = {"event.head", "s", "i",
                              "SELECT seq FROM event WHERE stream = ?1 ORDER BY seq DESC LIMIT 1"};

/* ---- the canonical text ------------------------------------------------------------------------- */

enum { TEXT_MAX = EVENT_MAX + (1 << 20) };

/* Members in the order of their keys, as json_write would put them. */
static void put_str(Buf *b, Str before, Str v) {
  Json j = {.kind = JSON_STR, .str = v};
  buf_add(b, before);
  json_write(b, &j);
}

static void put_int(Buf *b, Str before, int64_t v) {
  buf_add(b, before);
  buf_i64(b, v);
}

static void put_hash(Buf *b, Str before, const Hash *h) {
  static const char digits[] = "0123456789abcdef";
  char hex[2 * sizeof h->b];
  for (size_t i = 0; i < sizeof h->b; i++) {
    hex[2 * i] = digits[h->b[i] >> 4];
    hex[2 * i + 1] = digits[h->b[i] & 15];
  }
  buf_add(b, before);
  buf_add_n(b, hex, sizeof hex);
}

static void put_text(Buf *b, const Event *e, Str body) {
  put_str(b, S("{\"actor\":"), e->actor);
  put_str(b, S(",\"behalf\":"), e->behalf);
  buf_add(b, S(",\"body\":"));
  buf_add(b, body);
  put_str(b, S(",\"command\":"), e->command);
  put_int(b, S(",\"happened\":"), e->happened);
  put_str(b, S(",\"kind\":"), e->kind);
  put_str(b, S(",\"name\":"), e->actor_name);
  put_int(b, S(",\"pos\":"), e->pos);
  put_hash(b, S(",\"prev\":\""), &e->prev);
  put_int(b, S("\",\"recorded\":"), e->recorded);
  put_int(b, S(",\"seq\":"), e->seq);
  put_str(b, S(",\"stream\":"), e->stream);
  put_str(b, S(",\"unit\":"), e->unit);
  put_int(b, S(",\"version\":"), e->version);
  buf_char(b, '}');
}

static Str body_text(Arena *mem, const Event *e) {
  return e->body ? json_text(mem, e->body) : S("null");
}

Str event_text(Arena *mem, const Event *e) {
  SCOPED(buf_drop) Buf b;
  buf_init(&b, TEXT_MAX);
  put_text(&b, e, body_text(mem, e));
  REQUIRE(!b.full);
  return arena_str(mem, buf_str(&b));
}

void leafer__open(Leafer *l, HashSuite suite) {
  *l = (Leafer){.hasher = hasher_open(suite)};
  buf_init(&l->text, TEXT_MAX);
}

void leafer__close(Leafer *l) {
  if (l->hasher) (void)hasher_close(l->hasher);
  buf_drop(&l->text);
  l->hasher = NULL;
}

Hash leafer__leaf(Leafer *l, const Event *e, Str body) {
  buf_clear(&l->text);
  buf_char(&l->text, '\0'); /* RFC 6962: a leaf, not a node */
  put_text(&l->text, e, body);
  REQUIRE(!l->text.full);
  hasher_add(l->hasher, l->text.ptr, l->text.len);
  return hasher_next(l->hasher);
}

Hash event__leaf(Arena *mem, HashSuite suite, const Event *e) {
  SCOPED(leafer__close) Leafer l;
  leafer__open(&l, suite);
  return leafer__leaf(&l, e, body_text(mem, e));
}

/* ---- as a row ----------------------------------------------------------------------------------- */

static Hash hash_of(Str s) {
  Hash h = {{0}};
  if (s.len == sizeof h.b) memcpy(h.b, s.ptr, sizeof h.b);
  return h;
}

static Str hash_str(const Hash *h) {
  return (Str){.ptr = (const char *)h->b, .len = sizeof h->b};
}

Code event__row(Cx *cx, const Rows *r, Event *out) {
  Json *body = NULL;
  *out = (Event){.pos = row_i(r, 0), .stream = row_s(cx, r, 1), .seq = row_i(r, 2), .kind = row_s(cx, r, 3),
                 .version = (int)row_i(r, 4), .happened = row_i(r, 5), .recorded = row_i(r, 6)};
  out->actor = row_s(cx, r, 7);
  out->actor_name = row_s(cx, r, 8);
  out->unit = row_s(cx, r, 9);
  out->behalf = row_s(cx, r, 10);
  out->command = row_s(cx, r, 11);
  if (json_parse(cx, row_s(cx, r, 12), &body) != OK) {
    cx_clear(cx);
    FAIL(BROKEN, "第 %lld 条事件的内容不是合法的 JSON", (long long)out->pos);
  }
  out->body = body;
  out->prev = hash_of(row_s(cx, r, 13));
  out->leaf = hash_of(row_s(cx, r, 14));
  return OK;
}

static Str borrowed(const Rows *r, int col) {
  Str s;
  (void)db__rows_text(r, col, &s);
  return s;
}

Code event__row_in(Cx *cx, const Rows *r, Event *out, Str *text) {
  Json *body = NULL;
  *out = (Event){.pos = row_i(r, 0), .stream = borrowed(r, 1), .seq = row_i(r, 2), .kind = borrowed(r, 3),
                 .version = (int)row_i(r, 4), .happened = row_i(r, 5), .recorded = row_i(r, 6), .actor = borrowed(r, 7),
                 .actor_name = borrowed(r, 8), .unit = borrowed(r, 9), .behalf = borrowed(r, 10), .command = borrowed(r, 11),
                 .prev = hash_of(borrowed(r, 13)), .leaf = hash_of(borrowed(r, 14))};
  *text = borrowed(r, 12);
  if (json_parse_in(cx, *text, &body) != OK) {
    cx_clear(cx);
    FAIL(BROKEN, "第 %lld 条事件的内容不是合法的 JSON", (long long)out->pos);
  }
  out->body = body;
  return OK;
}

Code event__insert(Cx *cx, Db *journal, const Event *e) {
  return event__insert_text(cx, journal, e, json_text(cx->mem, e->body));
}

Code event__insert_text(Cx *cx, Db *journal, const Event *e, Str body) {
  return db_run(cx, journal, &sql__event_insert,
                VALS(val_i(e->pos), val_s(e->stream), val_i(e->seq), val_s(e->kind), val_i(e->version),
                     val_i(e->happened), val_i(e->recorded), val_s(e->actor), val_s(e->actor_name), val_s(e->unit),
                     val_s(e->behalf), val_s(e->command), val_s(body), val_s(hash_str(&e->prev)),
                     val_s(hash_str(&e->leaf))));
}
