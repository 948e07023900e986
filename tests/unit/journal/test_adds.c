/* SPDX-License-Identifier: Apache-2.0 */
/* Sums that wait for their commit: whatever is added, committed and rolled back, the table is the plain sum of what was committed. */
#include "journal/journal_int.h"
#include "shop.h"

enum { UNITS = 3, DAYS = 60, KINDS = 3 };

static const AddTable sums = {{"sum.add", "siiii", "",
                               "INSERT INTO sums(a, b, c, n, m) VALUES(?1, ?2, ?3, ?4, ?5)"
                               " ON CONFLICT(a, b, c) DO UPDATE SET n = sums.n + excluded.n, m = sums.m + excluded.m"},
                              {"sum.trim", "", "", "DELETE FROM sums WHERE n = 0"}};
static const Sql sql_sum = {"sum.of", "sii", "i", "SELECT n * 1000 + m FROM sums WHERE a = ?1 AND b = ?2 AND c = ?3"};
static const Sql sql_rows = {"sum.rows", "", "i", "SELECT count(*) FROM sums"};
static const char *const units[UNITS] = {"a", "", "a very long name of a department, longer than what is kept beside the sums"};

typedef struct Books { int64_t n[UNITS][DAYS][KINDS], m[UNITS][DAYS][KINDS]; } Books;

static Db *sums_open(Test *t, Cx *cx, Shop *s) {
  Db *db = NULL;
  shop_make(s, cx, SUITE_GM);
  EXPECT_INT(db__open(cx, shop_path(s, "views.db"), DB_WRITE_VIEWS, &db), OK);
  EXPECT_INT(db__script(cx, db, "CREATE TABLE sums(a TEXT NOT NULL, b INTEGER NOT NULL, c INTEGER NOT NULL, n INTEGER NOT NULL,"
                                " m INTEGER NOT NULL, PRIMARY KEY(a, b, c)) WITHOUT ROWID, STRICT"), OK);
  return db;
}

static void sums_same(Test *t, Cx *cx, Db *db, const Books *b) {
  int64_t rows = 0, wanted = 0;
  for (int u = 0; u < UNITS; u++)
    for (int d = 0; d < DAYS; d++)
      for (int k = 0; k < KINDS; k++) {
        int64_t got = 0;
        EXPECT_INT(db_int(cx, db, &sql_sum, VALS(val_s(str_of(units[u])), val_i(d), val_i(k)), -1, &got), OK);
        EXPECT_INT(got, b->n[u][d][k] ? b->n[u][d][k] * 1000 + b->m[u][d][k] : -1);
        wanted += b->n[u][d][k] != 0;
      }
  EXPECT_INT(db_int(cx, db, &sql_rows, NO_VALS, 0, &rows), OK);
  EXPECT_INT(rows, wanted);
}

TEST(sums_are_what_was_committed_and_nothing_that_was_rolled_back) {
  Shop s;
  SCOPED(db__close_p) Db *db = sums_open(t, cx, &s);
  static Books kept, now;
  uint64_t r = 45;
  for (int round = 0; round < 12 && !t->bad; round++) {
    EXPECT_INT(db__script(cx, db, "BEGIN"), OK);
    now = kept;
    int most = round % 3 ? 40 : 400; /* more than are kept waiting */
    for (int i = 0; i < most; i++) {
      r ^= r << 13, r ^= r >> 7, r ^= r << 17;
      unsigned u = r % 11 == 0 ? 2 : r % 2, d = (unsigned)(r >> 8) % DAYS, k = (unsigned)(r >> 20) % KINDS;
      int64_t more = now.n[u][d][k] && r >> 40 & 1 ? -1 : 1;
      now.n[u][d][k] += more;
      now.m[u][d][k] = now.n[u][d][k] * 7;
      EXPECT_INT(table_add(cx, db, &sums, str_of(units[u]), (const int64_t[]){d, k}, (const int64_t[]){more, more * 7}), OK);
    }
    bool back = round % 4 == 2;
    EXPECT_INT(db__script(cx, db, back ? "ROLLBACK" : "COMMIT"), OK);
    if (!back) kept = now;
    sums_same(t, cx, db, &kept);
  }
  db__close_p(&db);
  shop_drop(&s);
}
