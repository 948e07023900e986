/* SPDX-License-Identifier: Apache-2.0 */
/* event.c: an event as text, as a leaf, as a row. */
#include "base/bytes.h"
#include "journal/journal_int.h"

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

/* A text as json_write would put it. */
static char *put_str(char *to, Str v) {
  uint64_t seen = 0;
  const char *end = v.ptr + v.len;
  *to++ = '"';
  bytes__put(to, v.ptr, v.len);
  to += v.len;
  if (v.len && bytes__plain(v.ptr, end, &seen) != end) {
    SCOPED(buf_drop) Buf b;
    buf_init(&b, TEXT_MAX);
    json_write(&b, &(Json){.kind = JSON_STR, .str = v});
    memcpy(to - v.len - 1, b.ptr, b.len);
    return to - v.len - 1 + b.len;
  }
  *to++ = '"';
  return to;
}

static char *put_int(char *to, int64_t v) {
  char text[24];
  size_t at = sizeof text;
  uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
  for (; u >= 100; u /= 100) { /* two digits with each division */
    unsigned two = (unsigned)(u % 100);
    text[--at] = (char)('0' + two % 10);
    text[--at] = (char)('0' + two / 10);
  }
  text[--at] = (char)('0' + u % 10);
  if (u >= 10) text[--at] = (char)('0' + u / 10);
  if (v < 0) text[--at] = '-';
  memcpy(to, text + at, sizeof text - at);
  return to + sizeof text - at;
}

static char *put_hash(char *to, const Hash *h) {
  for (size_t i = 0; i < sizeof h->b; i += 4, to += 8) {
    uint64_t hex = bytes__hex(bytes__4((const char *)h->b + i));
    memcpy(to, &hex, sizeof hex);
  }
  return to;
}

#define PUT(lit) (memcpy(p, "" lit, sizeof(lit) - 1), p += sizeof(lit) - 1)

/* Members in the order of their keys, as json_write would put them: with every event, so room is asked for once. Returns where
 * the body stands. */
static size_t put_text(Buf *b, const Event *e, Str body) {
  size_t texts = e->actor.len + e->behalf.len + e->command.len + e->kind.len + e->actor_name.len + e->stream.len + e->unit.len;
  size_t most = 512 + 6 * texts + body.len, at; /* \u001f is the longest way to write a byte */
  buf_reserve(b, most);
  if (b->max - b->len < most) {
    b->full = true;
    return 0;
  }
  char *p = b->ptr + b->len;
  PUT("{\"actor\":"), p = put_str(p, e->actor);
  PUT(",\"behalf\":"), p = put_str(p, e->behalf);
  PUT(",\"body\":");
  at = (size_t)(p - b->ptr);
  if (body.len) memcpy(p, body.ptr, body.len);
  p += body.len;
  PUT(",\"command\":"), p = put_str(p, e->command);
  PUT(",\"happened\":"), p = put_int(p, e->happened);
  PUT(",\"kind\":"), p = put_str(p, e->kind);
  PUT(",\"name\":"), p = put_str(p, e->actor_name);
  PUT(",\"pos\":"), p = put_int(p, e->pos);
  PUT(",\"prev\":\""), p = put_hash(p, &e->prev);
  PUT("\",\"recorded\":"), p = put_int(p, e->recorded);
  PUT(",\"seq\":"), p = put_int(p, e->seq);
  PUT(",\"stream\":"), p = put_str(p, e->stream);
  PUT(",\"unit\":"), p = put_str(p, e->unit);
  PUT(",\"version\":"), p = put_int(p, e->version);
  *p++ = '}';
  b->len = (size_t)(p - b->ptr);
  return at;
}

static Str body_text(Arena *mem, const Event *e) {
  return e->body ? json_text(mem, e->body) : S("null");
}

Str event_text(Arena *mem, const Event *e) {
  SCOPED(buf_drop) Buf b;
  buf_init(&b, TEXT_MAX);
  (void)put_text(&b, e, body_text(mem, e));
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

size_t event__leaf_text(Buf *b, const Event *e, Str body) {
  buf_char(b, '\0'); /* RFC 6962: a leaf, not a node */
  size_t at = put_text(b, e, body);
  REQUIRE(!b->full);
  return at;
}

Hash leafer__leaf(Leafer *l, const Event *e, Str body) {
  buf_clear(&l->text);
  (void)event__leaf_text(&l->text, e, body);
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
  TRY(event__body_in(cx, out->pos, row_s(cx, r, 12), &body));
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

void event__row_borrow(const Rows *r, Event *out, Str *text) {
  *out = (Event){.pos = row_i(r, 0), .stream = borrowed(r, 1), .seq = row_i(r, 2), .kind = borrowed(r, 3),
                 .version = (int)row_i(r, 4), .happened = row_i(r, 5), .recorded = row_i(r, 6), .actor = borrowed(r, 7),
                 .actor_name = borrowed(r, 8), .unit = borrowed(r, 9), .behalf = borrowed(r, 10), .command = borrowed(r, 11),
                 .prev = hash_of(borrowed(r, 13)), .leaf = hash_of(borrowed(r, 14))};
  *text = borrowed(r, 12);
}

Code event__body_in(Cx *cx, int64_t pos, Str text, Json **out) {
  if (json_parse_in(cx, text, out) == OK) return OK;
  cx_clear(cx);
  FAIL(BROKEN, "第 %lld 条事件的内容不是合法的 JSON", (long long)pos);
}

Code event__row_in(Cx *cx, const Rows *r, Event *out, Str *text) {
  Json *body = NULL;
  event__row_borrow(r, out, text);
  TRY(event__body_in(cx, out->pos, *text, &body));
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
