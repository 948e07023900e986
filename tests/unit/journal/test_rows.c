/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that wait: whatever is put, dropped, settled and flushed, the table is the one that is written at once. */
#include "journal/journal_int.h"
#include "shop.h"

static const RowTable pairs = {2 | ROWS_TOGETHER,
                               {"pair.put", "issi", "",
                                "INSERT INTO pair(a, b, v, n) VALUES(?1, ?2, ?3, ?4)"
                                " ON CONFLICT(a, b) DO UPDATE SET v = excluded.v, n = excluded.n"},
                               {"pair.drop", "is", "", "DELETE FROM pair WHERE a = ?1 AND b = ?2"}};
static const RowTable names = {1,
                               {"name.put", "sS", "",
                                "INSERT INTO name(id, v) VALUES(?1, ?2) ON CONFLICT(id) DO UPDATE SET v = excluded.v"},
                               {"name.drop", "s", "", "DELETE FROM name WHERE id = ?1"}};
static const RowTable words = {2 | ROWS_TOGETHER,
                               {"word.put", "iss", "",
                                "INSERT INTO word(a, b, v) VALUES(?1, ?2, ?3) ON CONFLICT(a, b) DO UPDATE SET v = excluded.v"},
                               {"word.drop", "i", "", "DELETE FROM word WHERE a = ?1"}};
static const Sql sql_low = {"pair.low", "ii", "", "DELETE FROM pair WHERE a = ?1 AND n < ?2"};

static Db *table_open(Test *t, Cx *cx, Shop *s, const char *name) {
  Db *db = NULL;
  EXPECT_INT(db__open(cx, shop_path(s, name), DB_WRITE_VIEWS, &db), OK);
  EXPECT_INT(db__script(cx, db, "CREATE TABLE pair(a INTEGER NOT NULL, b TEXT NOT NULL, v TEXT NOT NULL, n INTEGER NOT NULL,"
                                " PRIMARY KEY(a, b)) WITHOUT ROWID, STRICT;"
                                "CREATE TABLE name(id TEXT PRIMARY KEY, v TEXT) WITHOUT ROWID, STRICT;"
                                "CREATE TABLE word(a INTEGER NOT NULL, b TEXT NOT NULL, v TEXT NOT NULL, PRIMARY KEY(a, b)) WITHOUT ROWID, STRICT;"
                                "CREATE TABLE note(n INTEGER PRIMARY KEY) STRICT; CREATE TABLE told(id INTEGER PRIMARY KEY, v TEXT NOT NULL) STRICT;"
                                "CREATE TABLE sums(a TEXT NOT NULL, b INTEGER NOT NULL, c INTEGER NOT NULL, n INTEGER NOT NULL, m INTEGER NOT NULL,"
                                " PRIMARY KEY(a, b, c)) WITHOUT ROWID, STRICT;"), OK);
  return db;
}

static Str dump(Cx *cx, Db *db, Str table) {
  SCOPED(rows_drop) Rows *r = NULL;
  SCOPED(buf_drop) Buf b;
  buf_init(&b, 1 << 20);
  if (db__table_rows(cx, db, table, &r) != OK) return S("?");
  while (rows_next(r)) {
    for (int i = 0; i < db__columns(r); i++) {
      Str s;
      bool there = db__rows_text(r, i, &s);
      buf_add(&b, there ? s : S("NULL"));
      buf_char(&b, i + 1 < db__columns(r) ? ',' : '\n');
    }
  }
  return arena_str(cx->mem, buf_str(&b));
}

static uint64_t roll(uint64_t *r) {
  *r ^= *r << 13, *r ^= *r >> 7, *r ^= *r << 17;
  return *r >> 16;
}

static const Sql sql_note = {"note.put", "i", "", "INSERT INTO note(n) VALUES(?1)"};
static const Sql sql_notes = {"note.list", "", "i", "SELECT n FROM note ORDER BY n DESC LIMIT 3"};
static const AddTable sums = {{"sum.add", "siiii", "",
                               "INSERT INTO sums(a, b, c, n, m) VALUES(?1, ?2, ?3, ?4, ?5)"
                               " ON CONFLICT(a, b, c) DO UPDATE SET n = sums.n + excluded.n, m = sums.m + excluded.m"},
                              {"sum.trim", "", "", "DELETE FROM sums WHERE n = 0"}};

static Code sum_add(Cx *cx, Db *db, int64_t kind) {
  return table_add(cx, db, &sums, S("all"), (const int64_t[]){kind, 0}, (const int64_t[]){1, 2});
}

/* Asks, and adds, as a projection that counts does. */
static Code told_before(Cx *cx, Db *db, const Val *row) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, db, &sql_notes, NO_VALS, &r));
  while (rows_next(r)) {}
  TRY(rows_end(cx, r));
  return row[0].i % 2 ? sum_add(cx, db, 1) : OK;
}

static const ToldTable told = {{1 | ROWS_TOLD | ROWS_STAY, {"told.put", "is", "", "INSERT INTO told(id, v) VALUES(?1, ?2) ON CONFLICT DO NOTHING"}, {0}}, told_before};

/* What does not wait, beside it: a row, what is read, a sum. */
static void at_once(Test *t, Cx *cx, Db *db, int64_t n, Str v) {
  SCOPED(rows_drop) Rows *r = NULL;
  EXPECT_INT(db_run(cx, db, &sql_note, VALS(val_i(n))), OK);
  EXPECT_INT(table_put(cx, db, &told.table, VALS(val_i(n), val_s(v))), OK); /* each once */
  EXPECT_INT(table_put(cx, db, &told.table, VALS(val_i(n / 2), val_s(S("not the first")))), OK);
  EXPECT_INT(sum_add(cx, db, 0), OK);
  EXPECT_INT(db_rows(cx, db, &sql_notes, NO_VALS, &r), OK);
  EXPECT(rows_next(r) && row_i(r, 0) == n);
}

enum { HOW_MANY = 3 }; /* at once, later, later and by a thread */

static void one_act(Test *t, Cx *cx, Db *list[HOW_MANY], uint64_t *r, int64_t i) {
  int64_t a = (int64_t)(roll(r) % 9) - 4, n = (int64_t)(roll(r) % 100);
  Str b = arena_fmt(t->mem, "%.*s", (int)(roll(r) % 5), "abcd"), v = arena_fmt(t->mem, "%.*s", (int)(roll(r) % 40), "窗口受理之后各部门同时办理各部门同时办理各部门同时办理");
  unsigned what = (unsigned)(roll(r) % 100);
  v = str_sub(v, 0, v.len / 3 * 3);
  for (int k = 0; k < HOW_MANY; k++) {
    if (what < 45) EXPECT_INT(table_put(cx, list[k], &pairs, VALS(val_i(a), val_s(b), val_s(v), val_i(n))), OK);
    else if (what < 55) at_once(t, cx, list[k], i + 1, v);
    else if (what < 70) EXPECT_INT(table_drop(cx, list[k], &pairs, VALS(val_i(a), val_s(b))), OK);
    else if (what < 74) EXPECT_INT(table_put(cx, list[k], &words, VALS(val_i(a), val_s(b), val_s(v))), OK);
    else if (what < 76) EXPECT_INT(table_drop(cx, list[k], &words, VALS(val_i(a))), OK); /* all below */
    else if (what < 85) EXPECT_INT(table_put(cx, list[k], &names, VALS(val_s(b), val_s(v))), OK);
    else if (what < 90) EXPECT_INT(table_drop(cx, list[k], &names, VALS(val_s(b))), OK);
    else if (what < 92) {
      EXPECT_INT(table_settle(cx, list[k], &pairs, val_i(a)), OK);
      EXPECT_INT(table_settle(cx, list[k], &words, val_i(a)), OK);
      EXPECT_INT(db_run(cx, list[k], &sql_low, VALS(val_i(a), val_i(n))), OK);
    } else if (k) EXPECT_INT(k == 1 ? rows__flush(cx, list[k]) : rows__flush_beside(cx, list[k]), OK);
  }
}

TEST(rows_that_wait_end_as_if_they_had_not_waited) {
  static const char *const tables[] = {"pair", "name", "word", "note", "told"};
  Shop s;
  shop_make(&s, cx, SUITE_GM);
  uint64_t r = 60;
  Db *list[HOW_MANY] = {table_open(t, cx, &s, "at-once.db"), table_open(t, cx, &s, "later.db"), table_open(t, cx, &s, "beside.db")};
  rows__wait(list[1]);
  rows__wait(list[2]);
  rows__beside(list[2]);
  EXPECT(!tables_wait(list[0]) && tables_wait(list[1]));
  for (int k = 0; k < HOW_MANY; k++) EXPECT_INT(db__script(cx, list[k], "BEGIN"), OK);
  for (int i = 0; i < 6000; i++) one_act(t, cx, list, &r, i);
  EXPECT(rows__bytes(list[1]) > 0);
  for (int k = 1; k < HOW_MANY; k++) {
    EXPECT_INT(rows__flush(cx, list[k]), OK);
    EXPECT_INT(rows__bytes(list[k]), 0);
  }
  for (int k = 0; k < HOW_MANY; k++) EXPECT_INT(db__script(cx, list[k], "COMMIT"), OK);
  for (size_t i = 0; i < COUNT(tables); i++) {
    EXPECT(dump(cx, list[0], str_of(tables[i])).len > 20);
    for (int k = 1; k < HOW_MANY; k++) EXPECT_STR(dump(cx, list[k], str_of(tables[i])), dump(cx, list[0], str_of(tables[i])));
  }
  EXPECT_STR(dump(cx, list[2], S("sums")), dump(cx, list[1], S("sums"))); /* at once a row is told of when it is there, too */
  EXPECT(dump(cx, list[2], S("sums")).len > 10);
  for (int k = 0; k < HOW_MANY; k++) db__close(list[k]);
  shop_drop(&s);
}

TEST(what_a_thread_could_not_write_is_said_to_who_asks_next) {
  Shop s;
  shop_make(&s, cx, SUITE_GM);
  Db *db = table_open(t, cx, &s, "fault.db");
  rows__wait(db);
  rows__beside(db);
  EXPECT_INT(db__script(cx, db, "DROP TABLE name"), OK);
  EXPECT_INT(table_put(cx, db, &names, VALS(val_s(S("a")), val_s(S("1")))), OK);
  EXPECT_INT(rows__flush_beside(cx, db), OK);
  EXPECT_INT(table_put(cx, db, &pairs, VALS(val_i(1), val_s(S("b")), val_s(S("v")), val_i(2))), OK);
  for (int i = 0; i < 3; i++) { /* and again */
    EXPECT_INT(i == 0 ? rows__flush_beside(cx, db) : i == 1 ? rows__flush(cx, db) : table_settle(cx, db, &pairs, val_i(1)), BROKEN);
    EXPECT(str_has(cx->detail, S("name")));
    cx_clear(cx);
  }
  db__close(db);
  shop_drop(&s);
}

TEST(what_still_waits_when_a_connection_closes_is_forgotten) {
  Shop s;
  shop_make(&s, cx, SUITE_GM);
  Db *db = table_open(t, cx, &s, "closed.db");
  rows__wait(db);
  EXPECT_INT(table_put(cx, db, &names, VALS(val_s(S("a")), val_s(S("1")))), OK);
  EXPECT_STR(dump(cx, db, S("name")), S(""));
  rows__end(db);
  EXPECT_STR(dump(cx, db, S("name")), S(""));
  EXPECT_INT(table_put(cx, db, &names, VALS(val_s(S("a")), val_s(S("")))), OK);
  EXPECT_STR(dump(cx, db, S("name")), S("a,NULL\n"));
  rows__wait(db);
  EXPECT_INT(table_put(cx, db, &names, VALS(val_s(S("b")), val_s(S("2")))), OK);
  db__close(db);
  shop_drop(&s);
}

/* ---- what is remembered ------------------------------------------------------------------------- */

static const Sql sql_n = {"pair.n", "i", "i", "SELECT n FROM pair WHERE a = ?1"};
static const Sql sql_v = {"pair.v", "i", "s", "SELECT v FROM pair WHERE a = ?1"};

TEST(an_answer_is_remembered_until_it_is_forgotten) {
  Shop s;
  shop_make(&s, cx, SUITE_GM);
  Db *db = table_open(t, cx, &s, "kept.db");
  int64_t n = 0;
  Str v;
  EXPECT_INT(db_int_kept(cx, db, &sql_n, 1, 7, &n), OK);
  EXPECT_INT(n, 7);
  EXPECT_INT(table_put(cx, db, &pairs, VALS(val_i(1), val_s(S("x")), val_s(S("one")), val_i(5))), OK);
  EXPECT_INT(db_int_kept(cx, db, &sql_n, 1, 7, &n), OK);
  EXPECT_INT(n, 7); /* nobody said that it changed */
  db_forget(db);
  EXPECT_INT(db_int_kept(cx, db, &sql_n, 1, 7, &n), OK);
  EXPECT_INT(n, 5);
  EXPECT_INT(db_str_kept(cx, db, &sql_v, 1, &v), OK);
  EXPECT_STR(v, S("one"));
  EXPECT_INT(db_str_kept(cx, db, &sql_v, 1, &v), OK);
  EXPECT_STR(v, S("one"));
  EXPECT_INT(db_str_kept(cx, db, &sql_v, 2, &v), OK);
  EXPECT_STR(v, S(""));
  EXPECT(db_first(db, &sql_v, S("2019.60.1")) && !db_first(db, &sql_v, S("2019.60.1")));
  db_forget(db);
  EXPECT(db_first(db, &sql_v, S("2019.60.1")));
  db__close(db);
  shop_drop(&s);
}

TEST(a_connection_that_only_reads_asks_each_time) {
  Shop s;
  shop_make(&s, cx, SUITE_GM);
  Db *db = table_open(t, cx, &s, "asked.db"), *reader = NULL;
  int64_t n = 0;
  EXPECT_INT(db__open(cx, shop_path(&s, "asked.db"), DB_READ, &reader), OK);
  EXPECT_INT(db_int_kept(cx, reader, &sql_n, 1, 7, &n), OK);
  EXPECT_INT(table_put(cx, db, &pairs, VALS(val_i(1), val_s(S("x")), val_s(S("one")), val_i(5))), OK);
  EXPECT_INT(db_int_kept(cx, reader, &sql_n, 1, 7, &n), OK);
  EXPECT_INT(n, 5);
  EXPECT(db_first(reader, &sql_v, S("a")) && db_first(reader, &sql_v, S("a")));
  db__close(reader);
  db__close(db);
  shop_drop(&s);
}
