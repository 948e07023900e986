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

Str event_text(Arena *mem, const Event *e) {
  Json *o = json_obj(mem);
  json_put_str(mem, o, S("actor"), e->actor);
  json_put_str(mem, o, S("behalf"), e->behalf);
  json_put(mem, o, S("body"), e->body);
  json_put_str(mem, o, S("command"), e->command);
  json_put_int(mem, o, S("happened"), e->happened);
  json_put_str(mem, o, S("kind"), e->kind);
  json_put_str(mem, o, S("name"), e->actor_name);
  json_put_int(mem, o, S("pos"), e->pos);
  json_put_str(mem, o, S("prev"), hash_hex(mem, e->prev));
  json_put_int(mem, o, S("recorded"), e->recorded);
  json_put_int(mem, o, S("seq"), e->seq);
  json_put_str(mem, o, S("stream"), e->stream);
  json_put_str(mem, o, S("unit"), e->unit);
  json_put_int(mem, o, S("version"), e->version);
  return json_text(mem, o);
}

Hash event__leaf(Arena *mem, HashSuite suite, const Event *e) {
  Str text = event_text(mem, e);
  Hasher *h = hasher_open(suite);
  hasher_add(h, "\0", 1); /* RFC 6962: a leaf, not a node */
  hasher_add(h, text.ptr, text.len);
  return hasher_close(h);
}

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

Code event__insert(Cx *cx, Db *journal, const Event *e) {
  Str body = json_text(cx->mem, e->body);
  return db_run(cx, journal, &sql__event_insert,
                VALS(val_i(e->pos), val_s(e->stream), val_i(e->seq), val_s(e->kind), val_i(e->version),
                     val_i(e->happened), val_i(e->recorded), val_s(e->actor), val_s(e->actor_name), val_s(e->unit),
                     val_s(e->behalf), val_s(e->command), val_s(body), val_s(hash_str(&e->prev)),
                     val_s(hash_str(&e->leaf))));
}
