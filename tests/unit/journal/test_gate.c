/* SPDX-License-Identifier: Apache-2.0 */
/* Answers that leave before the views are committed, and the thread that moves the logs into their files. */
#include "journal/db_int.h"
#include "shop.h"

#include <unistd.h>

enum { UNREAD = 40 }; /* acts in a row without reading: by then answers leave first */

/* What an act's answer finds in the views, on the writer's thread, for a connection that does not wait. */
typedef struct Found {
  Shop *s;
  Arena *mem;
  int64_t last;
  int early;      /* answers that came before their rows */
  pthread_mutex_t lock;
  int answered;
} Found;

static int64_t total_now(Shop *s, Cx *cx) {
  SCOPED(db__close_p) Db *db = NULL;
  int64_t out = -1;
  if (db__open(cx, shop_path(s, "views.db"), DB_READ, &db) == OK) (void)db_int(cx, db, &sql_tally_total, VALS(val_s(S("tally/1"))), -1, &out);
  cx_clear(cx);
  return out;
}

static void look(void *arg, const CommandResult *r) {
  Found *f = arg;
  Cx cx = {.mem = f->mem};
  pthread_mutex_lock(&f->lock);
  int64_t shown = total_now(f->s, &cx);
  REQUIRE(r->code == OK && shown <= f->answered + 1);
  f->early += shown <= f->answered;
  f->answered++;
  pthread_mutex_unlock(&f->lock);
}

static void adds(Shop *s, Cx *cx, Found *f, const char *head, int n) {
  for (int i = 0; i < n; i++) {
    int before = f->answered, now = before;
    Command cmd = shop_command(cx, "tally.add", "tally/1", arena_fmt(cx->mem, "%s-%05d", head, i).ptr, "{\"amount\":1}");
    runner_submit(s->runner, &cmd, look, f);
    while (now == before) {
      usleep(20);
      pthread_mutex_lock(&f->lock);
      now = f->answered;
      pthread_mutex_unlock(&f->lock);
    }
  }
}

static void found_init(Found *f, Shop *s) {
  *f = (Found){.s = s, .mem = arena_open((size_t)64 << 20)};
  pthread_mutex_init(&f->lock, NULL);
}

TEST(an_answer_may_leave_before_its_rows_and_who_reads_then_waits_for_them) {
  if (shop_in_pg()) return; /* there both are one commit */
  Shop s;
  Found f;
  shop_start(&s, cx);
  found_init(&f, &s);
  adds(&s, cx, &f, "unread", UNREAD);
  EXPECT(f.early > UNREAD / 3); /* the first ones after the start are shown first */
  EXPECT_INT(shop_total(&s, cx, "tally/1"), UNREAD);
  int early = f.early;
  adds(&s, cx, &f, "again", 10); /* somebody has read: pages and acts come by turns */
  EXPECT_INT(f.early, early);
  EXPECT_INT(total_now(&s, cx), UNREAD + 10);
  shop_close(&s);
  EXPECT_STR(shop_verify(&s, cx).fault, S(""));
  arena_close(f.mem);
  shop_drop(&s);
}

TEST(a_spoiled_batch_takes_nothing_from_the_views_of_those_before_it) {
  if (shop_in_pg()) return;
  Shop s;
  Found f;
  CommandResult r;
  shop_start(&s, cx);
  found_init(&f, &s);
  log_level(LOG_ERROR + 1);
  for (int i = 0; i < 5; i++) {
    const char *head = arena_fmt(cx->mem, "round%d", i).ptr;
    adds(&s, cx, &f, head, UNREAD);
    EXPECT_INT(shop_do(&s, cx, "tally.spoil", "tally/1", arena_fmt(cx->mem, "spoil-%03d", i).ptr, "{}", &r), BROKEN);
    cx_clear(cx);
    EXPECT_INT(shop_add(&s, cx, arena_fmt(cx->mem, "after-%03d", i).ptr, 1), OK);
    pthread_mutex_lock(&f.lock);
    f.answered++; /* what the last one added */
    pthread_mutex_unlock(&f.lock);
    EXPECT_INT(shop_total(&s, cx, "tally/1"), f.answered);
  }
  log_level(LOG_INFO);
  EXPECT(f.early > UNREAD);
  shop_close(&s);
  EXPECT_STR(shop_verify(&s, cx).fault, S(""));
  arena_close(f.mem);
  shop_drop(&s);
}

TEST(when_the_journal_fails_nothing_is_missing_that_was_answered_before) {
  if (shop_in_pg()) return;
  Shop s;
  Found f;
  shop_start(&s, cx);
  found_init(&f, &s);
  adds(&s, cx, &f, "unread", UNREAD);
  log_level(LOG_ERROR + 1);
  shop_limit(shop_size(&s, "journal.db-wal"));
  EXPECT_INT(shop_add(&s, cx, "fails-0001", 6), READONLY);
  shop_limit(-1);
  log_level(LOG_INFO);
  EXPECT(runner_readonly(s.runner));
  EXPECT_INT(shop_events(&s, cx), UNREAD + 1);
  shop_close(&s);
  EXPECT_INT(shop_open(&s, cx), OK);
  EXPECT_INT(shop_total(&s, cx, "tally/1"), UNREAD);
  shop_close(&s);
  EXPECT_STR(shop_verify(&s, cx).fault, S(""));
  arena_close(f.mem);
  shop_drop(&s);
}

/* ---- the logs ------------------------------------------------------------------------------------------- */

static void fat_adds(Shop *s, Cx *cx, int from, int n) {
  CommandResult r;
  Json *args = json_obj(cx->mem), *extra = json_put_obj(cx->mem, args, S("extra"));
  char *text = arena_array(cx->mem, char, 200000);
  memset(text, 'x', 200000);
  json_put_int(cx->mem, args, S("amount"), 1);
  json_put_str(cx->mem, extra, S("x"), (Str){.ptr = text, .len = 200000});
  for (int i = from; i < from + n; i++)
    REQUIRE(shop_do(s, cx, "tally.add", "tally/1", arena_fmt(cx->mem, "fat-%06d", i).ptr, json_text(cx->mem, args).ptr, &r) == OK);
}

static const Sql sql_events = {"test.events", "", "i", "SELECT count(*) FROM event"};

/* What a server that is killed now leaves behind; SQLite makes the index of the log anew. */
static int64_t events_after_crash(Shop *s, Cx *cx) {
  SCOPED(db__close_p) Db *db = NULL;
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)512 << 20);
  Cx own = {.mem = mem};
  Str log = {0}, main = {0};
  int64_t n = -1;
  REQUIRE(file_read(&own, shop_path(s, "journal.db-wal"), (size_t)256 << 20, &log) == OK);
  REQUIRE(file_read(&own, shop_path(s, "journal.db"), (size_t)256 << 20, &main) == OK);
  unlink(shop_path(s, "crashed.db-shm").ptr);
  REQUIRE(file_write(cx, shop_path(s, "crashed.db"), main, 0600) == OK);
  REQUIRE(file_write(cx, shop_path(s, "crashed.db-wal"), log, 0600) == OK);
  REQUIRE(db__open(cx, shop_path(s, "crashed.db"), DB_WRITE_JOURNAL, &db) == OK);
  REQUIRE(db_int(cx, db, &sql_events, NO_VALS, 0, &n) == OK);
  return n;
}

TEST(a_log_is_moved_into_its_file_beside_the_writer_gets_its_length_and_is_begun_anew) {
  if (shop_in_pg()) return;
  Shop s;
  shop_start(&s, cx);
  int64_t before = shop_size(&s, "journal.db"), full = (int64_t)48 << 20;
  fat_adds(&s, cx, 0, 100); /* 5 000 pages of which at least 4 096 are moved */
  for (int i = 0; i < 10000 && (shop_size(&s, "journal.db") < before + 7000000 || shop_size(&s, "journal.db-wal") < full); i++) usleep(1000);
  EXPECT(shop_size(&s, "journal.db") >= before + 7000000);
  EXPECT(shop_size(&s, "journal.db-wal") >= full);
  EXPECT_INT(events_after_crash(&s, cx), 101);
  int n = 100;
  bool anew = false;
  for (int64_t frames = 0; !anew && n < 600; n += 10) { /* until some go where others stood before */
    fat_adds(&s, cx, n, 10);
    usleep(5000);
    REQUIRE(mover__bar(s.runner->mover, true)); /* a pass that is under way ends in quiet */
    mover__unbar(s.runner->mover);
    anew = sqlite__log_frames(s.runner->w.journal) < frames;
    frames = sqlite__log_frames(s.runner->w.journal);
  }
  EXPECT(anew);
  EXPECT_INT(events_after_crash(&s, cx), n + 1);
  EXPECT_INT(shop_events(&s, cx), n + 1);
  shop_close(&s);
  EXPECT_INT(shop_size(&s, "journal.db-wal"), 0); /* all of it is in the file: whoever verifies has nothing to read in it */
  EXPECT_INT(shop_size(&s, "views.db-wal"), 0);
  EXPECT_STR(shop_verify(&s, cx).fault, S(""));
  shop_drop(&s);
}

/* A page that was still kept back would be read as it was before, or as nothing at all. */
TEST(another_connection_finds_every_page_of_a_commit_of_any_size) {
  static const Sql put = {"test.put", "ii", "", "INSERT INTO page(no, x) VALUES(?1, zeroblob(3900)) ON CONFLICT(no) DO UPDATE SET x = zeroblob(3900 - ?2)"};
  static const Sql sum = {"test.sum", "", "i", "SELECT coalesce(sum(length(x)), 0) FROM page"};
  enum { ROWS = 64 };
  if (shop_in_pg()) return;
  Shop s;
  shop_start(&s, cx);
  SCOPED(db__close_p) Db *db = NULL, *other = NULL;
  EXPECT_INT(db__open(cx, shop_path(&s, "pages.db"), DB_WRITE_VIEWS, &db), OK);
  EXPECT_INT(db__script(cx, db, "CREATE TABLE page(no INTEGER PRIMARY KEY, x BLOB NOT NULL) STRICT"), OK);
  EXPECT_INT(db__open(cx, shop_path(&s, "pages.db"), DB_READ, &other), OK);
  int64_t lens[ROWS] = {0};
  for (int n = 1; n <= ROWS; n++) {
    int64_t found = 0, expected = 0;
    EXPECT_INT(db__script(cx, db, "BEGIN IMMEDIATE"), OK);
    for (int i = 0; i < n; i++) {
      EXPECT_INT(db_run(cx, db, &put, VALS(val_i(i), val_i(n))), OK);
      lens[i] = lens[i] ? 3900 - n : 3900;
    }
    EXPECT_INT(db__script(cx, db, "COMMIT"), OK);
    for (int i = 0; i < ROWS; i++) expected += lens[i];
    EXPECT_INT(db_int(cx, other, &sum, NO_VALS, 0, &found), OK);
    EXPECT_INT(found, expected);
  }
  shop_drop(&s);
}
