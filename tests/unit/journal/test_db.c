/* SPDX-License-Identifier: Apache-2.0 */
/* Contracts of the typed statements. */
#include "../base/aborts.h"
#include "shop.h"

static const Sql sql_put = {"t.put", "isSb", "", "INSERT INTO t(a, b, c, d) VALUES(?1, ?2, ?3, ?4)"};
static const Sql sql_all = {"t.all", "", "issb", "SELECT a, b, coalesce(c, 'NULL'), d FROM t ORDER BY a"};
static const Sql sql_one = {"t.one", "i", "s", "SELECT b FROM t WHERE a = ?1"};
static const Sql sql_sum = {"t.sum", "", "i", "SELECT sum(a) FROM t"};
static const Sql sql_wrong = {"t.wrong", "", "", "INSERT INTO nowhere VALUES(1)"};
static const Sql sql_divide = {"t.fault", "", "i", "SELECT abs(-9223372036854775807 - CASE WHEN a > 1 THEN 1 ELSE 0 END) FROM t ORDER BY a"};

static Db *table(Shop *s, Cx *cx) {
  Db *db = NULL;
  shop_make(s, cx, SUITE_GM);
  Code code = db__open(cx, shop_path(s, "views.db"), DB_WRITE_VIEWS, &db);
  if (code == OK) code = db__script(cx, db, "CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT NOT NULL, c TEXT, d BLOB) STRICT");
  REQUIRE(code == OK);
  return db;
}

static Code put(Cx *cx, Db *db, int64_t a, Str b, Str c, Str d) {
  return db_run(cx, db, &sql_put, VALS(val_i(a), val_s(b), val_s(c), val_s(d)));
}

TEST(values_come_back_as_they_went_in) {
  Shop s;
  SCOPED(db__close_p) Db *db = table(&s, cx);
  EXPECT_INT(put(cx, db, INT64_MAX, S("中\"';--"), S(""), S("\0\xff\0")), OK);
  EXPECT_INT(put(cx, db, -1, (Str){0}, S("x"), (Str){0}), OK);
  SCOPED(rows_drop) Rows *r = NULL;
  EXPECT_INT(db_rows(cx, db, &sql_all, NO_VALS, &r), OK);
  EXPECT(rows_next(r));
  EXPECT_INT(row_i(r, 0), -1);
  EXPECT_STR(row_s(cx, r, 1), S(""));
  EXPECT_STR(row_s(cx, r, 2), S("x"));
  EXPECT(rows_next(r));
  EXPECT_INT(row_i(r, 0), INT64_MAX);
  EXPECT_STR(row_s(cx, r, 1), S("中\"';--"));
  EXPECT_STR(row_s(cx, r, 2), S("NULL")); /* S: empty is NULL */
  EXPECT_STR(row_s(cx, r, 3), S("\0\xff\0"));
  EXPECT(!rows_next(r));
  EXPECT(!rows_next(r));
  EXPECT_INT(rows_end(cx, r), OK);
  rows_drop(&r);
  db__close_p(&db);
  shop_drop(&s);
}

TEST(a_statement_in_use_may_be_used_again_inside) {
  Shop s;
  SCOPED(db__close_p) Db *db = table(&s, cx);
  for (int i = 1; i <= 3; i++) EXPECT_INT(put(cx, db, i, S("x"), S(""), S("")), OK);
  int seen = 0;
  SCOPED(rows_drop) Rows *outer = NULL;
  EXPECT_INT(db_rows(cx, db, &sql_all, NO_VALS, &outer), OK);
  while (rows_next(outer)) {
    SCOPED(rows_drop) Rows *inner = NULL;
    EXPECT_INT(db_rows(cx, db, &sql_all, NO_VALS, &inner), OK);
    while (rows_next(inner)) seen++;
    EXPECT_INT(rows_end(cx, inner), OK);
  }
  EXPECT_INT(seen, 9);
  rows_drop(&outer);
  db__close_p(&db);
  shop_drop(&s);
}

TEST(faults_of_the_database_have_our_codes) {
  Shop s;
  SCOPED(db__close_p) Db *db = table(&s, cx);
  EXPECT_INT(put(cx, db, 1, S("x"), S(""), S("")), OK);
  EXPECT_INT(put(cx, db, 1, S("y"), S(""), S("")), CONFLICT);
  EXPECT(str_has(cx->detail, S("t.put")));
  cx_clear(cx);
  EXPECT_INT(db_run(cx, db, &sql_wrong, NO_VALS), BROKEN);
  EXPECT(str_has(cx->detail, S("t.wrong")));
  cx_clear(cx);
  EXPECT_INT(db__script(cx, db, "NOT SQL"), BROKEN);
  EXPECT_INT(db__script(cx, db, ""), OK); /* the schema of a view that has no table of its own */
  cx_clear(cx);
  EXPECT_INT(put(cx, db, 2, S("z"), S(""), S("")), OK); /* usable after each of them */
  SCOPED(db__close_p) Db *reader = NULL;
  EXPECT_INT(db__open(cx, shop_path(&s, "views.db"), DB_READ, &reader), OK);
  EXPECT_INT(put(cx, reader, 3, S("x"), S(""), S("")), READONLY);
  cx_clear(cx);
  EXPECT_INT(db__open(cx, shop_in_pg() ? S("postgresql:///absent?host=/nowhere") : shop_path(&s, "absent.db"), DB_READ, &(Db *){NULL}),
             shop_in_pg() ? BUSY : READONLY);
  cx_clear(cx);
  db__close_p(&reader);
  db__close_p(&db);
  shop_drop(&s);
}

TEST(a_fault_between_rows_is_told_at_the_end) {
  Shop s;
  SCOPED(db__close_p) Db *db = table(&s, cx);
  EXPECT_INT(put(cx, db, 1, S("x"), S(""), S("")), OK);
  EXPECT_INT(put(cx, db, 2, S("x"), S(""), S("")), OK);
  SCOPED(rows_drop) Rows *r = NULL;
  EXPECT_INT(db_rows(cx, db, &sql_divide, NO_VALS, &r), OK);
  if (!shop_in_pg()) EXPECT(rows_next(r)); /* PostgreSQL gives no row of a result that has a fault */
  EXPECT_INT(rows_end(cx, r), OK); /* stopping early is no fault */
  EXPECT(!rows_next(r));           /* integer overflow */
  EXPECT_INT(rows_end(cx, r), BROKEN);
  cx_clear(cx);
  rows_drop(&r);
  db__close_p(&db);
  shop_drop(&s);
}

TEST(a_single_number_has_a_default) {
  Shop s;
  SCOPED(db__close_p) Db *db = table(&s, cx);
  int64_t n = 0;
  EXPECT_INT(db_int(cx, db, &sql_sum, NO_VALS, 7, &n), OK);
  EXPECT_INT(n, 7); /* sum of nothing is NULL */
  EXPECT_INT(put(cx, db, 5, S("x"), S(""), S("")), OK);
  EXPECT_INT(db_int(cx, db, &sql_sum, NO_VALS, 7, &n), OK);
  EXPECT_INT(n, 5);
  db__close_p(&db);
  shop_drop(&s);
}

TEST(more_statements_than_places_still_work) {
  enum { MANY = 400 };
  Shop s;
  SCOPED(db__close_p) Db *db = table(&s, cx);
  Sql *all = arena_array(t->mem, Sql, MANY);
  int64_t n, sum = 0;
  for (int round = 0; round < 2; round++)
    for (int i = 0; i < MANY; i++) {
      all[i] = (Sql){"many", "", "i", arena_fmt(t->mem, "SELECT %d", i).ptr};
      EXPECT_INT(db_int(cx, db, &all[i], NO_VALS, 0, &n), OK);
      sum += n;
    }
  EXPECT_INT(sum, MANY * (MANY - 1));
  db__close_p(&db);
  shop_drop(&s);
}

/* ---- contracts between programmers ------------------------------------------------------------------ */

static void with_table(void (*act)(Cx *cx, Db *db)) {
  Cx cx = {.mem = arena_open((size_t)1 << 20)};
  Db *db = NULL;
  if (db__open(&cx, S(":memory:"), DB_WRITE_VIEWS, &db) != OK ||
      db__script(&cx, db, "CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT, c TEXT, d BLOB); INSERT INTO t VALUES(1,'x','y','z')") != OK)
    return;
  act(&cx, db);
}
static void wrong_count(Cx *cx, Db *db) { (void)db_run(cx, db, &sql_one, NO_VALS); }
static void wrong_kind(Cx *cx, Db *db) { (void)db_run(cx, db, &sql_one, VALS(val_s(S("1")))); }
static void wrong_column(Cx *cx, Db *db) {
  Rows *r = NULL;
  if (db_rows(cx, db, &sql_one, VALS(val_i(1)), &r) == OK && rows_next(r)) (void)row_i(r, 0);
}
static void wrong_columns(Cx *cx, Db *db) {
  static const Sql two = {"t.two", "", "i", "SELECT a, b FROM t"};
  (void)db_run(cx, db, &two, NO_VALS);
}
static void right_use(Cx *cx, Db *db) { (void)db_run(cx, db, &sql_one, VALS(val_i(1))); }
static void run_wrong_count(void) { with_table(wrong_count); }
static void run_wrong_kind(void) { with_table(wrong_kind); }
static void run_wrong_column(void) { with_table(wrong_column); }
static void run_wrong_columns(void) { with_table(wrong_columns); }
static void run_right_use(void) { with_table(right_use); }

TEST(values_and_columns_must_be_of_the_declared_kinds) {
  EXPECT(!aborts(run_right_use));
  EXPECT(aborts(run_wrong_count));
  EXPECT(aborts(run_wrong_kind));
  EXPECT(aborts(run_wrong_column));
  EXPECT(aborts(run_wrong_columns));
}
