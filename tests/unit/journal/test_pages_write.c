/* SPDX-License-Identifier: Apache-2.0 */
/* Tables written as pages are sound, and the ones that INSERT makes; records that are sorted in runs come as those that are not. */
#include "journal/apart.h"
#include "journal/pages_write.h"
#include "journal/sorted.h"
#include "shop.h"

#include <fcntl.h>
#include <unistd.h>

enum { COLS = 6 };
static const char kinds[] = "issiSb";
#define SHAPE "(a INTEGER NOT NULL, b TEXT NOT NULL, s TEXT NOT NULL, i INTEGER NOT NULL, n TEXT, x BLOB NOT NULL, PRIMARY KEY(a, b)) WITHOUT ROWID, STRICT;"
#define PUT(table) "INSERT INTO " table "(a, b, s, i, n, x) VALUES(?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING"
static const Sql sql_put = {"t.put", kinds, "", PUT("u")};
static const Sql sql_check = {"t.check", "", "s", "PRAGMA integrity_check"};
static const Sql sql_root = {"t.root", "", "i", "SELECT rootpage FROM sqlite_schema WHERE name = 't'"};
static const Sql sql_count = {"t.count", "", "i", "SELECT count(*) FROM t"};
static const Sql sql_other = {"t.other", "", "i",
                              "SELECT (SELECT count(*) FROM (SELECT * FROM t EXCEPT SELECT * FROM u)) + (SELECT count(*) FROM (SELECT * FROM u EXCEPT SELECT * FROM t))"
                              " + (SELECT count(*) FROM t) - (SELECT count(*) FROM u)"};
static const Sql sql_found = {"t.found", "", "i", "SELECT count(*) FROM u CROSS JOIN t ON t.a = u.a AND t.b = u.b"}; /* each by its key */
static const Sql sql_types = {"t.types", "", "i", "SELECT count(*) FROM u CROSS JOIN t ON t.a = u.a AND t.b = u.b AND typeof(t.n) = typeof(u.n) AND typeof(t.x) = 'blob'"};

static uint64_t roll(uint64_t *r) {
  *r ^= *r << 13, *r ^= *r >> 7, *r ^= *r << 17;
  return *r >> 16;
}

static Str bytes_of(Arena *mem, uint64_t *r, size_t len, bool text) {
  char *p = arena_alloc(mem, len + 1, 1, 1);
  for (size_t i = 0; i < len; i++) p[i] = (char)(text ? 'a' + roll(r) % 26 : roll(r));
  return (Str){.ptr = p, .len = len};
}

/* Integers of each width and both signs. */
static int64_t int_of(uint64_t *r) {
  static const int64_t edges[] = {0, 1, -1, 2, 127, 128, -128, -129, 32767, 32768, -32768, -32769, 8388607, 8388608, -8388608, -8388609, INT32_MAX,
                                  INT64_C(2147483648), INT32_MIN, INT64_C(140737488355327), INT64_C(140737488355328), -INT64_C(140737488355328),
                                  -INT64_C(140737488355329), INT64_MAX, INT64_MIN};
  if (roll(r) % 2) return edges[roll(r) % COUNT(edges)];
  int64_t v = (int64_t)((roll(r) << 16 ^ roll(r)) >> (roll(r) % 63));
  return roll(r) % 2 ? v : -v;
}

static void row_make(Arena *mem, uint64_t *r, size_t fat, Val row[COLS]) {
  row[0] = val_i(roll(r) % 3 ? (int64_t)(roll(r) % 50) - 25 : int_of(r));
  row[1] = val_s(bytes_of(mem, r, roll(r) % 12, true));
  row[2] = val_s(bytes_of(mem, r, roll(r) % 9 ? roll(r) % 40 : roll(r) % fat, true));
  row[3] = val_i(int_of(r));
  row[4] = val_s(bytes_of(mem, r, roll(r) % 3, true));
  row[5] = (Val){.kind = 's', .s = bytes_of(mem, r, roll(r) % 20, false)};
}

static Db *file_make(Test *t, Cx *cx, Str path, int page) {
  Db *db = NULL;
  views__remove(cx->mem, path);
  EXPECT_INT(db__open(cx, path, DB_BUILD_VIEWS, &db), OK);
  EXPECT_INT(db__script(cx, db, arena_fmt(cx->mem, "PRAGMA page_size = %d; CREATE TABLE t" SHAPE "CREATE TABLE u" SHAPE, page).ptr), OK);
  return db;
}

static Db *file_again(Test *t, Cx *cx, Str path) {
  Db *db = NULL;
  EXPECT_INT(db__open(cx, path, DB_WRITE_VIEWS, &db), OK);
  return db;
}

static Str answer(Cx *cx, Db *db, const Sql *q) {
  SCOPED(rows_drop) Rows *r = NULL;
  return db_rows(cx, db, q, NO_VALS, &r) == OK && rows_next(r) ? row_s(cx, r, 0) : S("?");
}

static int64_t number(Cx *cx, Db *db, const Sql *q) {
  int64_t n = -1;
  return db_int(cx, db, q, NO_VALS, -1, &n) == OK ? n : -2;
}

static void sorted_add(Cx *cx, Sorted *s, const Val row[COLS]) {
  uint8_t *key, *record;
  REQUIRE(sorted__room(cx, s, record__key_most(row, 2), record__most(row, COLS), &key, &record) == OK);
  size_t len = record__put(record, kinds, row, COLS);
  sorted__put(s, record, record__key(key, row, 2), len);
}

static Code table_write(Cx *cx, Str path, uint32_t root, Sorted *s) {
  SCOPED(pages_file__close_p) PagesFile *f = NULL;
  const uint8_t *record;
  size_t len;
  TRY(pages_file__open(cx, path, &f));
  TRY(pages_file__table(cx, f, root));
  for (;;) {
    TRY(sorted__next(cx, s, &record, &len));
    if (!record) break;
    TRY(pages_file__row(cx, f, record, len));
  }
  TRY(pages_file__table_end(cx, f));
  return pages_file__end(cx, f);
}

/* n rows into t by pages and into u by INSERT; most: what is sorted in memory. */
static void compared(Test *t, Cx *cx, Str path, int page, int n, size_t fat, size_t most, uint64_t seed) {
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)256 << 20);
  Cx own = {.mem = mem, .now = cx->now};
  Db *db = file_make(t, &own, path, page);
  Sorted *s = sorted__open(arena_fmt(mem, "%.*s-rows", SFMT(path)), most);
  int64_t root = number(&own, db, &sql_root);
  EXPECT_INT(db__script(&own, db, "BEGIN"), OK);
  for (int i = 0; i < n; i++) {
    Val row[COLS];
    row_make(mem, &seed, fat, row);
    sorted_add(&own, s, row);
    EXPECT_INT(db_run(&own, db, &sql_put, row, COLS), OK);
  }
  EXPECT_INT(db__script(&own, db, "COMMIT"), OK);
  db__close(db);
  EXPECT_INT(table_write(&own, path, (uint32_t)root, s), OK);
  sorted__close(s);
  db = file_again(t, &own, path);
  EXPECT_STR(answer(&own, db, &sql_check), S("ok"));
  EXPECT_INT(number(&own, db, &sql_other), 0);
  EXPECT_INT(number(&own, db, &sql_found), number(&own, db, &sql_count));
  EXPECT_INT(number(&own, db, &sql_types), number(&own, db, &sql_count));
  EXPECT_INT(db__script(&own, db, "DELETE FROM t WHERE i % 3 = 0; DELETE FROM u WHERE i % 3 = 0; INSERT INTO t SELECT a, b || '0', s, i, n, x FROM u;"
                                  "INSERT INTO u SELECT a, b || '0', s, i, n, x FROM u;"), OK); /* and it is a table like any other */
  EXPECT_STR(answer(&own, db, &sql_check), S("ok"));
  EXPECT_INT(number(&own, db, &sql_other), 0);
  db__close(db);
  EXPECT(!file_exists(arena_fmt(mem, "%.*s-rows", SFMT(path))));
}

TEST(tables_of_pages_are_those_of_inserts) {
  static const int pages[] = {512, 1024, 4096, 65536};
  Shop s;
  shop_make(&s, cx, SUITE_GM);
  Str path = shop_path(&s, "written.db");
  for (size_t i = 0; i < COUNT(pages); i++)
    for (int n = 0; n < 40; n++) compared(t, cx, path, pages[i], n, (size_t)pages[i] * 3, 0, 60 + (uint64_t)n);
  compared(t, cx, path, 512, 9000, 600, 0, 7);         /* six levels */
  compared(t, cx, path, 4096, 9000, 20000, 1 << 16, 8); /* in runs */
  compared(t, cx, path, 4096, 3000, 200000, 1 << 12, 9);
  shop_drop(&s);
}

/* One number and a text of one length: pages come out full to the last byte, and a byte short of it. */
TEST(full_pages_are_sound) {
  Shop s;
  shop_make(&s, cx, SUITE_GM);
  Str path = shop_path(&s, "full.db");
  for (size_t len = 1; len < 130; len += len < 12 ? 1 : 7)
    for (int n = 1; n < 900; n += n < 70 ? 3 : 97) {
      SCOPED(arena_close_p) Arena *mem = arena_open((size_t)64 << 20);
      Cx own = {.mem = mem};
      Db *db = NULL;
      uint64_t seed = len;
      views__remove(mem, path);
      EXPECT_INT(db__open(&own, path, DB_BUILD_VIEWS, &db), OK);
      EXPECT_INT(db__script(&own, db, "PRAGMA page_size = 512; CREATE TABLE t(a INTEGER PRIMARY KEY, s TEXT NOT NULL) WITHOUT ROWID, STRICT"), OK);
      int64_t root = number(&own, db, &sql_root);
      db__close(db);
      PagesFile *f = NULL;
      EXPECT_INT(pages_file__open(&own, path, &f), OK);
      EXPECT_INT(pages_file__table(&own, f, (uint32_t)root), OK);
      for (int i = 0; i < n; i++) {
        Val row[] = {val_i(1000 + i), val_s(bytes_of(mem, &seed, len, true))};
        uint8_t *record = arena_alloc(mem, record__most(row, 2), 1, 1);
        EXPECT_INT(pages_file__row(&own, f, record, record__put(record, "is", row, 2)), OK);
      }
      EXPECT_INT(pages_file__table_end(&own, f), OK);
      EXPECT_INT(pages_file__end(&own, f), OK);
      pages_file__close(f);
      db = file_again(t, &own, path);
      EXPECT_STR(answer(&own, db, &sql_check), S("ok"));
      EXPECT_INT(number(&own, db, &sql_count), n);
      db__close(db);
    }
  shop_drop(&s);
}

static const Sql sql_halves = {"t.halves", "", "i", "SELECT count(*) FROM t WHERE x = a / 2.0 AND typeof(x) = 'real'"};

/* No table of ours has any; the pages do not care. */
TEST(reals_are_what_they_were) {
  enum { REALS = 100, FIRST = 2 }; /* numbers of one byte that are neither 0 nor 1 */
  Shop s;
  Db *db = NULL;
  PagesFile *f = NULL;
  shop_make(&s, cx, SUITE_GM);
  Str path = shop_path(&s, "reals.db");
  EXPECT_INT(db__open(cx, path, DB_BUILD_VIEWS, &db), OK);
  EXPECT_INT(db__script(cx, db, "CREATE TABLE t(a INTEGER PRIMARY KEY, x REAL NOT NULL) WITHOUT ROWID, STRICT"), OK);
  int64_t root = number(cx, db, &sql_root);
  db__close(db);
  EXPECT_INT(pages_file__open(cx, path, &f), OK);
  EXPECT_INT(pages_file__table(cx, f, (uint32_t)root), OK);
  for (int a = FIRST; a < FIRST + REALS; a++) {
    uint8_t record[12] = {3, 1, 7, (uint8_t)a};
    double x = a / 2.0;
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    for (int i = 0; i < 8; i++) record[4 + i] = (uint8_t)(bits >> 8 * (7 - i));
    EXPECT_INT(pages_file__row(cx, f, record, sizeof record), OK);
  }
  EXPECT_INT(pages_file__table_end(cx, f), OK);
  EXPECT_INT(pages_file__end(cx, f), OK);
  pages_file__close(f);
  db = file_again(t, cx, path);
  EXPECT_STR(answer(cx, db, &sql_check), S("ok"));
  EXPECT_INT(number(cx, db, &sql_halves), REALS);
  db__close(db);
  shop_drop(&s);
}

/* On the bytes at 1 GiB SQLite locks: no page stands there. The file is mostly a hole. */
TEST(the_page_at_one_gibibyte_is_passed_over) {
  enum { PAGE = 4096, BEFORE = 3 };
  Shop s;
  shop_make(&s, cx, SUITE_GM);
  Str path = shop_path(&s, "large.db");
  uint64_t seed = 5;
  uint8_t count[4];
  uint32_t pages = (1 << 30) / PAGE - BEFORE;
  Db *db = file_make(t, cx, path, PAGE);
  int64_t root = number(cx, db, &sql_root);
  Sorted *rows = sorted__open(shop_path(&s, "large-rows"), 0);
  EXPECT_INT(db__script(cx, db, "BEGIN"), OK);
  for (int i = 0; i < 300; i++) {
    Val row[COLS];
    row_make(cx->mem, &seed, 20000, row);
    sorted_add(cx, rows, row);
    EXPECT_INT(db_run(cx, db, &sql_put, row, COLS), OK);
  }
  EXPECT_INT(db__script(cx, db, "COMMIT"), OK);
  db__close(db);
  int fd = open(path.ptr, O_RDWR | O_CLOEXEC);
  for (int i = 0; i < 4; i++) count[i] = (uint8_t)(pages >> 8 * (3 - i));
  EXPECT(fd >= 0 && ftruncate(fd, (off_t)pages * PAGE) == 0 && pwrite(fd, count, sizeof count, 28) == sizeof count);
  EXPECT_INT(table_write(cx, path, (uint32_t)root, rows), OK);
  sorted__close(rows);
  char lock[PAGE];
  EXPECT_INT(pread(fd, lock, sizeof lock, 1 << 30), PAGE);
  for (size_t i = 0; i < sizeof lock; i++) EXPECT(!lock[i]);
  close(fd);
  db = file_again(t, cx, path);
  EXPECT_INT(number(cx, db, &sql_other), 0);
  EXPECT_INT(number(cx, db, &sql_found), number(cx, db, &sql_count));
  db__close(db);
  shop_drop(&s);
}

TEST(keys_stand_in_the_order_of_their_values) {
  static const int64_t ints[] = {INT64_MIN, INT64_MIN + 1, -65537, -65536, -65535, -257, -256, -255, -2, -1, 0, 1, 2, 255, 256, 65535, 65536, INT64_MAX};
  const Str texts[] = {S(""), {.ptr = "\0", .len = 1}, {.ptr = "\0\0", .len = 2}, {.ptr = "\0a", .len = 2}, S("a"), {.ptr = "a\0", .len = 2}, S("ab"), S("b"), S("申")};
  uint8_t last[64] = {0}, key[64];
  for (size_t i = 0; i < COUNT(ints); i++)
    for (size_t k = 0; k < COUNT(texts); k++) {
      memset(key, 0, sizeof key);
      EXPECT(record__key(key, VALS(val_i(ints[i]), val_s(texts[k]))) <= record__key_most(VALS(val_i(ints[i]), val_s(texts[k]))));
      EXPECT(memcmp(last, key, sizeof key) < 0);
      memcpy(last, key, sizeof key);
    }
}

TEST(what_cannot_be_added_to_is_refused) {
  Shop s;
  shop_make(&s, cx, SUITE_GM);
  Str path = shop_path(&s, "other.db");
  PagesFile *f = NULL;
  EXPECT_INT(pages_file__open(cx, shop_path(&s, "none.db"), &f), READONLY);
  EXPECT_INT(file_write(cx, path, S("no database at all, though longer than a head of one is: a hundred bytes and some more of them, to be sure of it"), 0600), OK);
  EXPECT_INT(pages_file__open(cx, path, &f), BROKEN);
  db__close(file_make(t, cx, path, 4096));
  EXPECT_INT(pages_file__open(cx, path, &f), OK);
  EXPECT_INT(pages_file__table(cx, f, 1), BROKEN);
  EXPECT_INT(pages_file__table(cx, f, 9), BROKEN);
  pages_file__close(f);
  Db *db = file_again(t, cx, path); /* now it has a log */
  EXPECT_INT(db__script(cx, db, "INSERT INTO t VALUES(1, '', '', 1, NULL, x'')"), OK);
  db__close(db);
  cx_clear(cx);
  f = NULL;
  EXPECT_INT(pages_file__open(cx, path, &f), BROKEN);
  EXPECT(!f);
  shop_drop(&s);
}

/* ---- rows of views that are built ----------------------------------------------------------------- */

static const RowTable apart_rows = {2 | ROWS_APART, {"t.apart", kinds, "", PUT("t")}, {0}};

static Code all_put(Cx *cx, Str path, Apart *a, Db *db, int n) {
  uint64_t seed = 60;
  rows__apart(db, a);
  rows__wait(db);
  TRY(db__script(cx, db, "BEGIN"));
  for (int i = 0; i < n; i++) {
    Val row[COLS];
    row_make(cx->mem, &seed, 900, row);
    TRY(table_put(cx, db, &apart_rows, row, COLS));
    TRY(db_run(cx, db, &sql_put, row, COLS));
  }
  TRY(rows__flush(cx, db));
  (void)path;
  return db__script(cx, db, "COMMIT");
}

TEST(a_table_goes_apart_only_when_nothing_hangs_on_it) {
  static const char *const more[] = {"", "CREATE INDEX t_i ON t(i)", "ALTER TABLE t ADD COLUMN z TEXT", "DROP TABLE t; CREATE TABLE t(b TEXT NOT NULL, a INTEGER NOT NULL,"
                                     " s TEXT NOT NULL, i INTEGER NOT NULL, n TEXT, x BLOB NOT NULL, PRIMARY KEY(a, b)) WITHOUT ROWID, STRICT",
                                     "DROP TABLE t; CREATE TABLE t(a INTEGER NOT NULL, b TEXT NOT NULL, s TEXT NOT NULL, i INTEGER NOT NULL, n TEXT, x BLOB NOT NULL, PRIMARY KEY(a, b)) STRICT"};
  Shop s;
  shop_make(&s, cx, SUITE_GM);
  Str path = shop_path(&s, "apart.db");
  for (size_t i = 0; i < COUNT(more); i++) {
    Db *db = file_make(t, cx, path, 4096);
    EXPECT_INT(db__script(cx, db, more[i]), OK);
    Apart *a = apart__open(path);
    EXPECT_INT(all_put(cx, path, a, db, 500), OK);
    EXPECT((number(cx, db, &sql_count) == 0) == !i);
    apart__end(a);
    db__close(db);
    EXPECT_INT(apart__write(cx, a), OK);
    apart__close(a);
    db = file_again(t, cx, path);
    EXPECT_STR(answer(cx, db, &sql_check), S("ok"));
    EXPECT(number(cx, db, &sql_count) > 300);
    if (!i) EXPECT_INT(number(cx, db, &sql_other), 0);
    db__close(db);
  }
  shop_drop(&s);
}

TEST(without_room_rows_that_go_apart_are_a_fault) {
  Shop s;
  shop_make(&s, cx, SUITE_GM);
  Str path = shop_path(&s, "apart.db");
  Db *db = file_make(t, cx, path, 4096);
  Apart *a = apart__open(path);
  EXPECT_INT(all_put(cx, path, a, db, 3000), OK);
  db__close(db);
  shop_limit(shop_size(&s, "apart.db") + 40000);
  EXPECT_INT(apart__write(cx, a), READONLY);
  shop_limit(-1);
  apart__close(a);
  shop_drop(&s);
}
