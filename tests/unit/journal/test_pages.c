/* SPDX-License-Identifier: Apache-2.0 */
/* Events read from pages are those that a statement gives: from every position, out of the log and out of the file, on overflowing pages too. */
#include "journal/pages.h"
#include "shop.h"

#include <fcntl.h>
#include <unistd.h>

enum { EVENTS = 2600, FEW = 60 };

static uint64_t roll(uint64_t *r) {
  *r ^= *r << 13, *r ^= *r >> 7, *r ^= *r << 17;
  return *r >> 16;
}

static Str text_of(Arena *mem, uint64_t *r, size_t len) {
  char *p = arena_alloc(mem, len + 1, 1, 1);
  for (size_t i = 0; i < len; i++) p[i] = (char)('a' + roll(r) % 26);
  return (Str){.ptr = p, .len = len};
}

/* Most are small, some fill pages of their own; numbers of every width. */
static void add(Cx *cx, Db *db, int64_t from, int64_t to, uint64_t *r) {
  static const size_t sizes[] = {3, 40, 600, 3000, 3900, 4100, 9000, 70000};
  REQUIRE(db__script(cx, db, "BEGIN") == OK);
  for (int64_t pos = from; pos <= to; pos++) {
    size_t size = roll(r) % 10 ? roll(r) % 700 : sizes[roll(r) % COUNT(sizes)];
    Event e = {.pos = pos, .stream = arena_fmt(cx->mem, "tally/%d", (int)(roll(r) % 50)), .seq = pos, .kind = text_of(cx->mem, r, roll(r) % 30),
               .version = (int)(roll(r) % 3), .happened = (int64_t)(roll(r) >> (roll(r) % 48)), .actor = text_of(cx->mem, r, roll(r) % 200), .unit = S("单位𠮷"),
               .recorded = -(int64_t)(roll(r) >> (roll(r) % 48)), .actor_name = S("张三"), .behalf = S(""), .command = text_of(cx->mem, r, 12)};
    for (size_t i = 0; i < sizeof e.leaf.b; i++) e.leaf.b[i] = (uint8_t)roll(r), e.prev.b[i] = (uint8_t)roll(r);
    REQUIRE(event__insert_text(cx, db, &e, arena_fmt(cx->mem, "\"%.*s\"", SFMT(text_of(cx->mem, r, size)))) == OK);
  }
  REQUIRE(db__script(cx, db, "COMMIT") == OK);
}

static bool same(Arena *mem, const Event *a, Str x, const Event *b, Str y) {
  return hash_eq(a->prev, b->prev) && hash_eq(a->leaf, b->leaf) && str_eq(event_text(mem, a), event_text(mem, b)) && str_eq(x, y);
}

/* How many events come from pages, when each is the one that the statement gives; -1 when one is not. A statement looks through a
 * branch in another order and may fail before its first row: what pages says then is not compared. */
static int64_t compared(Cx *cx, Db *db, int64_t after, int64_t upto) {
  SCOPED(rows_drop) Rows *r = NULL;
  Event e, f;
  Str x, y;
  int64_t n = 0;
  Pages *p = pages__open(db, after, upto);
  if (!p || db_rows(cx, db, &sql__all_events, VALS(val_i(after), val_i(INT64_MAX)), &r) != OK) return pages__close(p), 0;
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)64 << 20);
  SCOPED(arena_close_p) Arena *texts = arena_open((size_t)64 << 20);
  pages__batch(p, mem);
  for (; pages__next(p, &e, &x); n++) {
    if (!rows_next(r)) return pages__close(p), rows_end(cx, r) == OK ? -1 : 0;
    event__row_borrow(r, &f, &y);
    if (!same(texts, &e, x, &f, y)) return pages__close(p), -1;
    arena_reset(texts);
    if (n % 7 == 6) arena_reset(mem), pages__batch(p, mem);
  }
  pages__close(p);
  return n;
}

static Db *scan_open(Cx *cx, Str path) {
  Db *db = NULL;
  REQUIRE(db__open(cx, path, DB_SCAN, &db) == OK && db__script(cx, db, "BEGIN") == OK);
  return db;
}

static void all_ways(Test *t, Cx *cx, Str path, int64_t last) {
  SCOPED(db__close_p) Db *db = scan_open(cx, path);
  for (int64_t after = 0; after < last; after += after < 90 || after > last - 9 ? 1 : 571) EXPECT_INT(compared(cx, db, after, last), last - after);
  if (last > 40) EXPECT_INT(compared(cx, db, 17, 40), 23);
  EXPECT_INT(compared(cx, db, last, last), 0);
  EXPECT_INT(compared(cx, db, 0, last + 100), last);
}

static Db *journal_make(Cx *cx, Shop *s, HashSuite suite) {
  Db *db = NULL;
  shop_make(s, cx, suite);
  REQUIRE(db__open(cx, shop_path(s, "journal.db"), DB_WRITE_JOURNAL, &db) == OK);
  return db;
}

TEST(pages_give_what_statements_give) {
  Shop s;
  uint64_t r = 59;
  if (shop_in_pg()) return;
  SCOPED(db__close_p) Db *db = journal_make(cx, &s, SUITE_GM);
  Str path = shop_path(&s, "journal.db");
  bool done = false;
  sqlite__log_keep(db);
  add(cx, db, 1, 1, &r);
  all_ways(t, cx, path, 1);
  add(cx, db, 2, FEW, &r);
  all_ways(t, cx, path, FEW); /* out of the log */
  EXPECT_INT(db__scrub(cx, db, &done), OK);
  EXPECT(done);
  all_ways(t, cx, path, FEW); /* out of the file */
  add(cx, db, FEW + 1, EVENTS, &r);
  all_ways(t, cx, path, EVENTS); /* out of both */
  EXPECT_INT(db__scrub(cx, db, &done), OK);
  all_ways(t, cx, path, EVENTS);
  db__close_p(&db);
  shop_drop(&s);
}

/* What is written, or moved out of the log, behind a reader's back does not reach it. */
TEST(pages_are_those_of_the_transaction) {
  Shop s;
  uint64_t r = 61;
  if (shop_in_pg()) return;
  SCOPED(db__close_p) Db *db = journal_make(cx, &s, SUITE_INTL);
  Str path = shop_path(&s, "journal.db");
  for (int round = 0; round < 2; round++) {
    int64_t begin = 1 + round * 900, frames = 0, moved = 0;
    bool done = false;
    if (round) EXPECT_INT(db__scrub(cx, db, &done), OK); /* the log is empty when the reader begins */
    add(cx, db, begin, begin + 299, &r);
    if (round) EXPECT_INT(db__scrub(cx, db, &done), OK);
    SCOPED(db__close_p) Db *reader = scan_open(cx, path);
    Pages *p = pages__open(reader, 0, begin + 299);
    EXPECT(p != NULL);
    pages__batch(p, cx->mem);
    Event e;
    Str body;
    int64_t n = 0;
    while (n < begin + 99 && pages__next(p, &e, &body)) n++;
    add(cx, db, begin + 300, begin + 599, &r);
    EXPECT_INT(sqlite__log_move(cx, db, true, &frames, &moved), OK);
    add(cx, db, begin + 600, begin + 899, &r);
    while (pages__next(p, &e, &body)) n++;
    EXPECT_INT(n, begin + 299);
    pages__close(p);
    EXPECT_INT(compared(cx, reader, 0, begin + 299), begin + 299);
  }
  db__close_p(&db);
  shop_drop(&s);
}

/* A changed byte makes them go to the statement, or both read it alike. */
TEST(pages_are_never_surer_than_statements) {
  Shop s;
  uint64_t r = 67;
  Str all;
  int short_of = 0;
  if (shop_in_pg()) return;
  Db *db = journal_make(cx, &s, SUITE_GM);
  bool done = false;
  add(cx, db, 1, 300, &r);
  EXPECT_INT(db__scrub(cx, db, &done), OK);
  db__close_p(&db);
  Str path = shop_path(&s, "journal.db");
  EXPECT_INT(file_read(cx, path, (size_t)64 << 20, &all), OK);
  int fd = open(path.ptr, O_RDWR | O_CLOEXEC);
  REQUIRE(fd >= 0);
  for (int i = 0; i < 1500; i++) {
    SCOPED(arena_close_p) Arena *mem = arena_open((size_t)256 << 20);
    Cx own = {.mem = mem};
    size_t page = 1 + roll(&r) % (all.len / 4096 - 1), at = page * 4096 + (i % 3 ? roll(&r) % 60 : roll(&r) % 4096);
    char byte = (char)roll(&r);
    REQUIRE(pwrite(fd, &byte, 1, (off_t)at) == 1);
    Db *reader = scan_open(&own, path);
    int64_t n = compared(&own, reader, 0, 300);
    db__close(reader);
    REQUIRE(pwrite(fd, all.ptr + at, 1, (off_t)at) == 1);
    if (n < 0) EXPECT_STR(arena_fmt(cx->mem, "byte %zu of page %zu as %d", at % 4096, page + 1, byte), S("read alike"));
    short_of += n < 300;
  }
  close(fd);
  EXPECT(short_of > 100);
  shop_drop(&s);
}
