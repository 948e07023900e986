/* SPDX-License-Identifier: Apache-2.0 */
/* Views behind the journal, gone, of another program, damaged: opening puts them right. */
#include "shop.h"

#include <stdlib.h>
#include <unistd.h>

static void shop_filled(Shop *s, Cx *cx) {
  CommandResult r;
  shop_start(s, cx);
  Code code = OK;
  for (int i = 0; i < 20 && code == OK; i++) code = shop_add(s, cx, arena_fmt(cx->mem, "add-%06d", i).ptr, 1 + i % 3);
  REQUIRE(code == OK);
  code = shop_do(s, cx, "tally.open", "", "open-tally-2", "{\"label\":\"二\"}", &r);
  REQUIRE(code == OK);
  shop_close(s);
}

static int64_t position(Shop *s, Cx *cx) {
  SCOPED(db__close_p) Db *db = NULL;
  int64_t pos = -1;
  Code code = db__open(cx, shop_path(s, "views.db"), DB_READ, &db);
  if (code == OK) code = views__position(cx, db, &pos);
  REQUIRE(code == OK);
  return pos;
}

static void copy_file(Shop *s, Cx *cx, const char *from, const char *to) {
  Str all;
  Code code = file_read(cx, shop_path(s, from), (size_t)64 << 20, &all);
  if (code == OK) code = file_write(cx, shop_path(s, to), all, 0600);
  REQUIRE(code == OK);
}

static void expect_right(Test *t, Shop *s, Cx *cx) {
  EXPECT_INT(shop_open(s, cx), OK);
  EXPECT_INT(shop_total(s, cx, "tally/1"), 39);
  EXPECT_INT(shop_total(s, cx, "tally/2"), 0);
  EXPECT_INT(shop_add(s, cx, "after-000001", 1), OK);
  shop_close(s);
  EXPECT_INT(position(s, cx), 23);
  EXPECT_STR(shop_verify(s, cx).fault, S(""));
}

TEST(views_left_behind_by_a_crash_catch_up_when_opened) {
  if (shop_in_pg()) return; /* of files */
  Shop s;
  shop_filled(&s, cx);
  copy_file(&s, cx, "views.db", "old-views");
  copy_file(&s, cx, "views.db-wal", "old-wal");
  EXPECT_INT(shop_open(&s, cx), OK);
  EXPECT_INT(shop_add(&s, cx, "more-000001", 5), OK);
  EXPECT_INT(shop_add(&s, cx, "more-000002", 6), OK);
  shop_close(&s);
  unlink(shop_path(&s, "views.db-shm").ptr);
  copy_file(&s, cx, "old-views", "views.db");
  copy_file(&s, cx, "old-wal", "views.db-wal");
  EXPECT_INT(position(&s, cx), 22);
  EXPECT_STR(shop_verify(&s, cx).fault, S("")); /* behind is not wrong */
  EXPECT_INT(shop_open(&s, cx), OK);
  EXPECT_INT(shop_total(&s, cx, "tally/1"), 50);
  shop_close(&s);
  EXPECT_INT(position(&s, cx), 24);
  EXPECT_STR(shop_verify(&s, cx).fault, S(""));
  shop_drop(&s);
}

TEST(views_that_were_deleted_are_built_anew) {
  if (shop_in_pg()) return; /* of files */
  Shop s;
  shop_filled(&s, cx);
  views__remove(cx->mem, shop_path(&s, "views.db"));
  VerifyReport v = shop_verify(&s, cx);
  EXPECT(!v.views_ok && str_has(v.fault, S("views.db")));
  expect_right(t, &s, cx);
  shop_drop(&s);
}

TEST(views_deleted_without_their_log_are_built_anew) {
  if (shop_in_pg()) return; /* of files */
  Shop s;
  shop_filled(&s, cx);
  unlink(shop_path(&s, "views.db").ptr); /* -wal and -shm of the old ones stay */
  expect_right(t, &s, cx);
  shop_drop(&s);
}

TEST(views_of_a_program_with_another_schema_are_built_anew) {
  if (shop_in_pg()) return; /* of files */
  Shop s;
  shop_filled(&s, cx);
  s.engine = tally_engine_wider;
  s.engine.env = &s.env;
  EXPECT(!shop_verify(&s, cx).views_ok);
  expect_right(t, &s, cx);
  static const Sql sql_more = {"test.more", "", "i", "SELECT count(*) FROM tally_more"};
  SCOPED(db__close_p) Db *db = NULL;
  int64_t n = -1;
  EXPECT_INT(db__open(cx, shop_path(&s, "views.db"), DB_READ, &db), OK);
  EXPECT_INT(db_int(cx, db, &sql_more, NO_VALS, -1, &n), OK);
  EXPECT_INT(n, 0);
  db__close_p(&db);
  shop_drop(&s);
}

/* They say 1 where the journal says 39, and a mark lies beside them as of a process that was killed. */
static void shop_killed(Shop *s, Cx *cx, const char *boot) {
  shop_filled(s, cx);
  shop_tamper(s, cx, "views.db", "UPDATE tally SET total = 1 WHERE id = 'tally/1'");
  REQUIRE(!file_exists(shop_path(s, "views.boot")));
  setenv("YICHUANG_BOOT_ID", boot, 1);
  REQUIRE(boot__begin(cx, s->dir));
  unsetenv("YICHUANG_BOOT_ID");
}

TEST(views_that_were_written_in_this_boot_of_the_machine_are_kept) {
  if (shop_in_pg()) return; /* of files */
  Shop s;
  shop_filled(&s, cx);
  shop_tamper(&s, cx, "views.db", "UPDATE tally SET total = 1 WHERE id = 'tally/1'");
  EXPECT(boot__begin(cx, s.dir) && !boot__torn(cx, s.dir));
  EXPECT_INT(shop_open(&s, cx), OK);
  EXPECT_INT(shop_total(&s, cx, "tally/1"), 1);
  EXPECT(file_exists(shop_path(&s, "views.boot")));
  shop_close(&s);
  EXPECT(!file_exists(shop_path(&s, "views.boot")));
  shop_drop(&s);
}

TEST(views_that_a_machine_left_behind_are_made_anew) {
  if (shop_in_pg()) return; /* of files */
  Shop s;
  shop_killed(&s, cx, "0b2c-another");
  EXPECT(boot__torn(cx, s.dir));
  VerifyReport v = shop_verify(&s, cx);
  EXPECT(!v.views_ok && v.chain_ok && str_has(v.fault, S("停电")));
  expect_right(t, &s, cx);
  EXPECT(!boot__torn(cx, s.dir));
  shop_drop(&s);
}

TEST(a_copy_of_views_that_were_being_written_is_made_anew) {
  if (shop_in_pg()) return; /* of files */
  Shop s;
  shop_filled(&s, cx);
  shop_tamper(&s, cx, "views.db", "UPDATE tally SET total = 1 WHERE id = 'tally/1'");
  EXPECT(boot__begin(cx, s.dir));
  copy_file(&s, cx, "views.db", "views.db"); /* another file under the name */
  EXPECT(boot__torn(cx, s.dir));
  expect_right(t, &s, cx);
  shop_drop(&s);
}

TEST(making_views_anew_ends_the_mark_of_the_old_ones) {
  if (shop_in_pg()) return; /* of files */
  Shop s;
  int64_t events;
  shop_killed(&s, cx, "0b2c-another");
  EXPECT_INT(store_rebuild(cx, &s.o, &events), OK);
  EXPECT(!file_exists(shop_path(&s, "views.boot")));
  EXPECT_STR(shop_verify(&s, cx).fault, S(""));
  shop_drop(&s);
}

TEST(where_no_mark_can_be_made_the_views_are_called_for) {
  if (shop_in_pg()) return; /* of files */
  Shop s;
  shop_filled(&s, cx);
  EXPECT_INT(dir_make(cx, shop_path(&s, "views.boot")), OK);
  EXPECT(!boot__begin(cx, s.dir));
  EXPECT_INT(shop_open(&s, cx), OK);
  EXPECT_INT(shop_total(&s, cx, "tally/1"), 39);
  EXPECT_INT(shop_add(&s, cx, "after-000001", 1), OK);
  shop_close(&s);
  EXPECT_INT(position(&s, cx), 23);
  shop_drop(&s);
}

TEST(views_that_are_no_database_any_more_are_built_anew) {
  if (shop_in_pg()) return; /* of files */
  static const size_t sizes[] = {0, 1, 600, 70000};
  for (size_t i = 0; i < COUNT(sizes); i++) {
    Shop s;
    Buf junk;
    shop_filled(&s, cx);
    buf_init(&junk, 1 << 20);
    while (junk.len < sizes[i]) buf_char(&junk, 'x');
    unlink(shop_path(&s, "views.db-wal").ptr); /* it could heal the file by itself */
    EXPECT_INT(file_write(cx, shop_path(&s, "views.db"), buf_str(&junk), 0600), OK);
    buf_drop(&junk);
    expect_right(t, &s, cx);
    shop_drop(&s);
  }
}

TEST(views_ahead_of_the_journal_are_refused_not_believed) {
  Shop s;
  shop_filled(&s, cx);
  shop_tamper(&s, cx, "views.db", "UPDATE position SET pos = 99");
  EXPECT_INT(shop_open(&s, cx), BROKEN);
  EXPECT(str_has(cx->detail, S("旧的副本")));
  cx_clear(cx);
  VerifyReport v = shop_verify(&s, cx);
  EXPECT(!v.views_ok);
  shop_drop(&s);
}

TEST(rebuilt_views_equal_those_kept_event_by_event) {
  Shop s;
  int64_t events = 0;
  shop_filled(&s, cx);
  shop_tamper(&s, cx, "views.db", "UPDATE tally SET total = 1; DELETE FROM due; DELETE FROM tally_entry WHERE seq > 9");
  EXPECT(!shop_verify(&s, cx).views_ok);
  EXPECT_INT(store_rebuild(cx, &s.o, &events), OK);
  EXPECT_INT(events, 22);
  VerifyReport v = shop_verify(&s, cx);
  EXPECT_STR(v.fault, S(""));
  EXPECT(v.views_ok && v.chain_ok);
  expect_right(t, &s, cx);
  shop_drop(&s);
}

TEST(a_catch_up_longer_than_one_batch_arrives) {
  Shop s;
  CommandResult r;
  shop_start(&s, cx);
  for (int i = 0; i < 70; i++)
    EXPECT_INT(shop_do(&s, cx, "tally.split", "tally/1", arena_fmt(cx->mem, "split-%04d", i).ptr, "{\"parts\":64}", &r), OK);
  shop_close(&s);
  views__remove(cx->mem, shop_path(&s, "views.db"));
  EXPECT_INT(shop_open(&s, cx), OK);
  EXPECT_INT(shop_total(&s, cx, "tally/1"), 70 * 64);
  shop_close(&s);
  VerifyReport v = shop_verify(&s, cx);
  EXPECT_STR(v.fault, S(""));
  EXPECT_INT(v.events, 70 * 64 + 1);
  if (!shop_in_pg()) { /* what was read ahead before the damage is told from what was not */
    shop_tamper(&s, cx, "journal.db", "UPDATE event SET body = '{' WHERE pos = 3000");
    views__remove(cx->mem, shop_path(&s, "views.db"));
    EXPECT_INT(shop_open(&s, cx), BROKEN);
    EXPECT(str_has(cx->detail, S("第 2999 条事件之后")) && str_has(cx->detail, S("第 3000 条事件的内容不是合法的 JSON")));
    cx_clear(cx);
  }
  shop_drop(&s);
}

/* What cannot be built leaves what was there: its lists are read as before. */
TEST(a_rebuild_that_fails_leaves_the_old_views) {
  Shop s;
  int64_t events = 0;
  shop_filled(&s, cx);
  shop_tamper(&s, cx, "views.db", "UPDATE tally SET total = 41 WHERE id = 'tally/1'"); /* still in their log */
  shop_tamper(&s, cx, "journal.db", "UPDATE event SET body = '{' WHERE pos = 12");
  EXPECT_INT(store_rebuild(cx, &s.o, &events), BROKEN);
  EXPECT(str_has(cx->detail, S("第 12 条事件的内容不是合法的 JSON")));
  cx_clear(cx);
  EXPECT_INT(shop_total(&s, cx, "tally/1"), 41);
  if (!shop_in_pg()) EXPECT(!file_exists(shop_path(&s, "views.new")));
  shop_drop(&s);
}

TEST(what_is_damaged_or_half_built_is_no_hindrance_to_rebuilding) {
  if (shop_in_pg()) return; /* of files */
  Shop s;
  int64_t events = 0;
  shop_filled(&s, cx);
  EXPECT_INT(file_write(cx, shop_path(&s, "views.new"), S("half of something"), 0600), OK);
  EXPECT_INT(file_write(cx, shop_path(&s, "views.db"), S("neither a database nor its log"), 0600), OK);
  EXPECT_INT(store_rebuild(cx, &s.o, &events), OK);
  EXPECT_INT(events, 22);
  expect_right(t, &s, cx);
  EXPECT(shop_verify(&s, cx).views_ok && !file_exists(shop_path(&s, "views.new")));
  shop_drop(&s);
}

/* A body that names or erases a reference is never taken for one that does not, however its letters are spelled. */
TEST(texts_that_may_name_personal_data_are_known) {
  static const char *const may[] = {"{\"a\":\"v1.abc\"}", "{\"erased\":[]}", "{\"a\":[{\"b\":\"v1.x\"}]}", "{\"a\":\"\\u0076\\u0031.abc\"}",
                                    "{\"\\u0065rased\":[\"x\"]}", "{\"0123456789abcdef0123456789abcdef0\":\"v1.abc\"}"};
  static const char *const not_so[] = {"{}", "", "{\"a\":\"v2.abc\",\"e\":1}", "{\"a\":\"see v1.abc\",\"veto\":\"erasing\"}", "{\"erases\":\"\\n\"}"};
  for (size_t i = 0; i < COUNT(may); i++)
    for (size_t pad = 0; pad < 40; pad++) { /* at every place of a vector */
      Str text = arena_fmt(cx->mem, "{\"%.*s\":%s}", (int)pad, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", may[i]);
      if (!personal__may(text)) EXPECT_STR(text, S("known"));
    }
  for (size_t i = 0; i < COUNT(not_so); i++) EXPECT(!personal__may(str_of(not_so[i])));
}

TEST(rebuilding_needs_a_store_that_is_there_and_closed) {
  if (shop_in_pg()) return; /* of files */
  Shop s;
  int64_t events;
  shop_start(&s, cx);
  EXPECT_INT(store_rebuild(cx, &s.o, &events), BUSY);
  cx_clear(cx);
  shop_close(&s);
  StoreOptions nowhere = s.o;
  nowhere.dir = shop_path(&s, "blobs");
  EXPECT_INT(store_rebuild(cx, &nowhere, &events), NOT_FOUND);
  cx_clear(cx);
  EXPECT(!file_exists(shop_path(&s, "blobs/journal.db"))); /* and made nothing */
  shop_drop(&s);
}
