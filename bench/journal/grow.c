/* SPDX-License-Identifier: Apache-2.0 */
/*
 * grow.c: a large store out of a small one. The histories of a demonstration were decided by the engine; here each new
 * project gets the beginning of one of them, 6 to 11 events, under its own number. The events are hashed and chained
 * anew, so that the store verifies like any other. 512 histories advance side by side, as in life.
 */
#include "bench.h"

#include <stdio.h>

enum { TOGETHER = 512, LEAST = 6, MOST = 11, TEMPLATES_MAX = 4096 };

typedef struct Template {
  int64_t no;
  Event *list;
  size_t count;
} Template;

typedef struct Growing { /* one of those side by side */
  int64_t no;
  const Template *from;
  size_t length, next;
  Str stream;
  Hash head;
} Growing;

typedef struct Grow {
  Db *db;
  Leafer leafer;
  Template *list;
  size_t count;
  int64_t pos;
} Grow;

static const Sql sql_done = {"bench.done", "sbsiis", "",
                             "INSERT INTO done(key, digest, stream, seq, pos, answer) VALUES(?1,?2,?3,?4,?5,?6)"};

static Code templates(Cx *cx, Grow *g, Reader *rd) {
  g->list = arena_array(cx->mem, Template, TEMPLATES_MAX);
  for (int64_t no = 1; g->count < TEMPLATES_MAX; no++) {
    Events events;
    TRY(reader_events(cx, rd, arena_fmt(cx->mem, "project/%lld", (long long)no), 0, MOST, &events));
    if (!events.count) break;
    if (events.count < LEAST) continue;
    bool dispatched = false; /* something must be open in it */
    for (size_t i = 0; i < LEAST && i < events.count; i++) dispatched |= str_eq(events.list[i].kind, S("stage.dispatched"));
    if (!dispatched) continue;
    Event *list = arena_array(cx->mem, Event, events.count);
    memcpy(list, events.list, events.count * sizeof *list);
    g->list[g->count++] = (Template){.no = no, .list = list, .count = events.count};
  }
  if (!g->count) FAIL(INVALID, "no history of %d events with a dispatched stage in the store", LEAST);
  return OK;
}

/* Numbers of receipts and slips have the project's number in them: -000018-. */
static void renumber(Arena *mem, Json *j, Str was, Str now) {
  for (Json *kid = j->first; kid; kid = kid->next) {
    ptrdiff_t at = kid->kind == JSON_STR ? str_find(kid->str, was) : -1;
    if (at >= 0) {
      Str head = str_sub(kid->str, 0, (size_t)at), tail = str_sub(kid->str, (size_t)at + was.len, SIZE_MAX);
      kid->str = arena_fmt(mem, "%.*s%.*s%.*s", SFMT(head), SFMT(now), SFMT(tail));
    }
    renumber(mem, kid, was, now);
  }
}

static Json *body_of(Arena *mem, const Growing *p, const Event *e) {
  Json *body = json_clone(mem, e->body);
  renumber(mem, body, arena_fmt(mem, "-%06lld-", (long long)p->from->no), arena_fmt(mem, "-%06lld-", (long long)p->no));
  if (!str_eq(e->kind, S("project.registered"))) return body;
  json_put_int(mem, body, S("no"), p->no);
  json_put_str(mem, body, S("number"), project_number(mem, p->no));
  json_put_str(mem, body, S("code"), arena_fmt(mem, "2507-211404-04-%02lld-%06lld", (long long)(p->no / 1000000 % 100),
                                               (long long)(p->no % 1000000)));
  return body;
}

static Code event_add(Cx *cx, Grow *g, Growing *p) {
  Event e = p->from->list[p->next++];
  Hash digest;
  e.pos = ++g->pos;
  e.stream = p->stream;
  e.seq = (int64_t)p->next;
  e.command = arena_fmt(cx->mem, "grow-%010lld-%02d", (long long)p->no, (int)e.seq);
  e.body = body_of(cx->mem, p, &e);
  e.prev = p->head;
  Str text = json_text(cx->mem, e.body);
  e.leaf = p->head = leafer__leaf(&g->leafer, &e, text);
  digest = e.leaf;
  TRY(event__insert_text(cx, g->db, &e, text));
  return db_run(cx, g->db, &sql_done, VALS(val_s(e.command), val_s((Str){.ptr = (const char *)digest.b, .len = sizeof digest.b}),
                                           val_s(e.stream), val_i(e.seq), val_i(e.pos), val_s(S(""))));
}

static Code cohort(Cx *cx, Grow *g, int64_t first, int64_t n) {
  Growing *list = arena_array(cx->mem, Growing, (size_t)n);
  for (int64_t i = 0; i < n; i++) {
    const Template *t = &g->list[(size_t)(first + i) * 7919 % g->count];
    size_t length = LEAST + (size_t)(first + i) % (MOST - LEAST + 1);
    list[i] = (Growing){.no = first + i, .from = t, .length = length < t->count ? length : t->count,
                        .stream = arena_fmt(cx->mem, "project/%lld", (long long)(first + i))};
  }
  TRY(db__script(cx, g->db, "BEGIN"));
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)64 << 20);
  Cx own = {.mem = mem, .now = cx->now};
  for (size_t step = 0; step < MOST; step++)
    for (int64_t i = 0; i < n; i++) {
      if (list[i].next >= list[i].length) continue;
      if (event_add(&own, g, &list[i]) != OK) FAIL(own.fault, "%.*s", SFMT(own.detail));
      arena_reset(mem);
    }
  return db__script(cx, g->db, "COMMIT");
}

Code bench_grow(Cx *cx, Bench *b, Str from, int64_t projects) {
  SCOPED(reader_close_p) Reader *rd = NULL;
  SCOPED(db__close_p) Db *db = NULL;
  StoreOptions source = b->store;
  Grow g = {0};
  HashSuite suite = SUITE_GM;
  source.dir = from;
  TRY(reader_open_dir(cx, &source, &rd));
  TRY(templates(cx, &g, rd));
  TRY(db__open(cx, store__path(cx->mem, b->store.dir, "journal.db"), DB_WRITE_JOURNAL, &db));
  TRY(db__script(cx, db, "PRAGMA synchronous=OFF")); /* made again when the machine fails */
  TRY(store__suite(cx, db, &suite));
  leafer__open(&g.leafer, suite);
  g.db = db;
  for (int64_t first = 1; first <= projects; first += TOGETHER) {
    SCOPED(arena_close_p) Arena *mem = arena_open((size_t)64 << 20);
    Cx own = {.mem = mem, .now = cx->now};
    int64_t n = projects - first + 1 < TOGETHER ? projects - first + 1 : TOGETHER;
    if (cohort(&own, &g, first, n) != OK) FAIL(own.fault, "%.*s", SFMT(own.detail));
  }
  leafer__close(&g.leafer);
  printf("projects %lld\nevents %lld\ntemplates %zu\n", (long long)projects, (long long)g.pos, g.count);
  return OK;
}
