/* SPDX-License-Identifier: Apache-2.0 */
/* Streams folded whole are what folding them event by event gives: of one engine or all, out of the log and the file, by one thread or two. */
#include "journal/pages.h"
#include "shop.h"

enum { STREAMS = 700, EVENTS = 6000 }; /* more than 4096 events: two threads */

static uint64_t roll(uint64_t *r) {
  *r ^= *r << 13, *r ^= *r >> 7, *r ^= *r << 17;
  return *r >> 16;
}

typedef struct Book { /* what was written, by stream */
  int64_t seq[STREAMS], total[STREAMS];
  int64_t pos, began, order[STREAMS]; /* number of the stream among those that began */
} Book;

/* Streams of every length run side by side; some texts fill pages, each hundredth event is of an engine that nobody has. */
static void write_events(Cx *cx, Db *db, Book *b, int64_t upto, uint64_t *r) {
  REQUIRE(db__script(cx, db, "BEGIN") == OK);
  while (b->pos < upto) {
    size_t n = (roll(r) % STREAMS) * (roll(r) % STREAMS) / STREAMS;
    int64_t amount = (int64_t)(roll(r) % 1000);
    bool stranger = roll(r) % 100 == 0;
    Str pad = S("字");
    if (roll(r) % 50 == 0) pad = (Str){.ptr = arena_alloc(cx->mem, 6000, 1, 1), .len = roll(r) % 6000};
    for (size_t i = 0; pad.len > 3 && i < pad.len; i++) ((char *)(uintptr_t)pad.ptr)[i] = 'x';
    Event e = {.pos = ++b->pos, .stream = arena_fmt(cx->mem, "%s/%zu", stranger ? "gone" : "tally", n), .seq = stranger ? b->pos : ++b->seq[n],
               .kind = S("tally.added"), .version = 1, .actor = S("wang"), .actor_name = S("王某"), .command = arena_fmt(cx->mem, "key-%08lld", (long long)b->pos)};
    if (!stranger && e.seq == 1) b->order[n] = b->began++;
    if (!stranger) b->total[n] += amount;
    REQUIRE(event__insert_text(cx, db, &e, arena_fmt(cx->mem, "{\"amount\":%lld,\"pad\":\"%.*s\"}", (long long)amount, SFMT(pad))) == OK);
  }
  REQUIRE(db__script(cx, db, "COMMIT") == OK);
}

typedef struct Told {
  const Book *book;
  int64_t count, wrong, stop; /* stop: after so many; 0: never */
} Told;

static Code told(Cx *cx, void *arg, Str stream, const void *state, int64_t seq) {
  Told *w = arg;
  const Tally *s = state;
  int64_t n = -1;
  bool known = str_starts(stream, S("tally/")) && str_to_i64(str_sub(stream, 6, SIZE_MAX), &n) && n >= 0 && n < STREAMS;
  if (!known || w->book->order[n] != w->count || w->book->seq[n] != seq || s->count != seq || s->total != w->book->total[n]) w->wrong++;
  w->count++;
  if (w->count == w->stop) FAIL(LIMIT, "genug");
  return OK;
}

static void all_right(Test *t, Cx *cx, Shop *s, const Book *b, Str prefix) {
  Told w = {.book = b};
  EXPECT_INT(streams_fold(cx, &s->o, prefix, told, &w), OK);
  EXPECT_INT(w.count, b->began);
  EXPECT_INT(w.wrong, 0);
}

static Db *journal_open(Cx *cx, Shop *s) {
  Db *db = NULL;
  shop_make(s, cx, SUITE_GM);
  REQUIRE(db__open(cx, store__path(cx->mem, s->dir, "journal.db"), DB_WRITE_JOURNAL, &db) == OK);
  return db;
}

TEST(streams_folded_whole_are_what_folding_event_by_event_gives) {
  Shop s;
  uint64_t r = 77;
  Book *b = arena_new(cx->mem, Book);
  Told none = {.book = b}, few = {.book = b, .stop = 5};
  bool done = false;
  Db *db = journal_open(cx, &s);
  all_right(t, cx, &s, b, S("tally")); /* empty */
  if (!shop_in_pg()) sqlite__log_keep(db);
  write_events(cx, db, b, 40, &r);
  all_right(t, cx, &s, b, S("")); /* by one thread */
  write_events(cx, db, b, EVENTS / 2, &r);
  if (!shop_in_pg()) EXPECT_INT(db__scrub(cx, db, &done), OK); /* one half into the file */
  write_events(cx, db, b, EVENTS, &r);
  all_right(t, cx, &s, b, S(""));
  all_right(t, cx, &s, b, S("tally"));
  EXPECT_INT(streams_fold(cx, &s.o, S("tall"), told, &none), OK);
  EXPECT_INT(none.count, 0);
  EXPECT_INT(streams_fold(cx, &s.o, S("tally"), told, &few), LIMIT); /* whoever has enough says so */
  EXPECT_INT(few.count, 5);
  cx_clear(cx);
  db__close(db);
  shop_drop(&s);
}

static void refused(Test *t, Cx *cx, const char *harm, Str word) {
  Shop s;
  uint64_t r = 78;
  Book *b = arena_new(cx->mem, Book);
  Told w = {.book = b};
  Db *db = journal_open(cx, &s);
  write_events(cx, db, b, EVENTS, &r);
  db__close(db);
  shop_tamper(&s, cx, "journal.db", harm);
  EXPECT_INT(streams_fold(cx, &s.o, S("tally"), told, &w), BROKEN);
  EXPECT(str_has(cx->detail, word));
  EXPECT_INT(w.wrong, 0);
  cx_clear(cx);
  shop_drop(&s);
}

/* What is not as it should be is said, and nothing is given that has a gap. */
TEST(a_stream_with_a_gap_or_without_a_body_is_not_folded) {
  refused(t, cx, "UPDATE event SET seq = seq + 1000 WHERE stream = 'tally/0' AND seq = 2", S("tally/0 缺少第 2 条"));
  refused(t, cx, "UPDATE event SET body = '{' WHERE stream = 'tally/0' AND seq = 2", S("JSON"));
}

/* Where an event stands is told, and it is the same event; elsewhere there is none, or another. */
TEST(pages_find_an_event_where_they_saw_it) {
  Shop s;
  uint64_t r = 79;
  Book *b = arena_new(cx->mem, Book);
  if (shop_in_pg()) return;
  Db *db = journal_open(cx, &s), *scan = NULL;
  write_events(cx, db, b, 900, &r);
  EXPECT_INT(db__open(cx, shop_path(&s, "journal.db"), DB_SCAN, &scan), OK);
  EXPECT_INT(db__script(cx, scan, "BEGIN"), OK);
  Pages *p = pages__open(scan, 0, 900);
  EXPECT(p != NULL);
  pages__batch(p, cx->mem);
  PagesPlace at[900];
  Str name, body;
  Event e;
  int wrong = 0;
  for (int i = 0; i < 900; i++) wrong += !pages__pass(p, &at[i], &name);
  wrong += pages__pass(p, &at[0], &name);
  pages__memory(p, cx->mem);
  for (int i = 899; i >= 0; i--) wrong += !pages__at(p, at[i], &e, &body) || e.pos != i + 1 || !str_starts(body, S("{\"amount\""));
  wrong += pages__at(p, (PagesPlace){.page = at[0].page, .at = UINT16_MAX}, &e, &body);
  wrong += pages__at(p, (PagesPlace){.page = UINT32_MAX}, &e, &body) + pages__at(p, (PagesPlace){.page = 1}, &e, &body);
  EXPECT_INT(wrong, 0);
  pages__close(p);
  db__close(scan);
  db__close(db);
  shop_drop(&s);
}
