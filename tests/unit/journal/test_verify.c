/* SPDX-License-Identifier: Apache-2.0 */
/* Each fault that is planted is found, and the report says at which position, in which stream, on which day. */
#include "shop.h"

#include <stdio.h>
#include <unistd.h>

/* Positions: 1 opens tally/1, 2 to 6 add to it, 7 opens tally/2, 8 adds. The day is 2 September 2019. */
static void shop_eight(Shop *s, Cx *cx) {
  CommandResult r;
  Code code = OK;
  shop_start(s, cx);
  for (int i = 0; i < 5 && code == OK; i++) {
    Str key = arena_fmt(cx->mem, "add-%06d", i), args = arena_fmt(cx->mem, "{\"amount\":%d,\"note\":\"第%d次记账\"}", i + 1, i);
    code = shop_do(s, cx, "tally.add", "tally/1", key.ptr, args.ptr, &r);
  }
  if (code == OK) code = shop_do(s, cx, "tally.open", "", "open-tally-2", "{\"label\":\"二\"}", &r);
  if (code == OK) code = shop_do(s, cx, "tally.add", "tally/2", "add-to-two-1", "{\"amount\":9}", &r);
  REQUIRE(code == OK);
  shop_close(s);
}

static void expect_fault(Test *t, Shop *s, Cx *cx, const char *where, const char *what) {
  VerifyReport v = shop_verify(s, cx);
  EXPECT(!v.chain_ok);
  if (!str_has(v.fault, str_of(where)) || !str_has(v.fault, str_of(what)) || !str_has(v.fault, S("2019年9月2日")))
    EXPECT_STR(v.fault, arena_fmt(t->mem, "%s … %s", where, what));
  cx_clear(cx);
}

TEST(a_sound_store_verifies_open_or_closed) {
  Shop s;
  shop_eight(&s, cx);
  VerifyReport v = shop_verify(&s, cx);
  EXPECT_STR(v.fault, S(""));
  EXPECT(v.chain_ok && v.views_ok);
  EXPECT_INT(v.events, 8);
  EXPECT_INT(v.streams, 2);
  EXPECT_INT(shop_open(&s, cx), OK);
  EXPECT_STR(shop_verify(&s, cx).fault, S(""));
  EXPECT_INT(shop_add(&s, cx, "beside-0001", 1), OK);
  EXPECT_STR(shop_verify(&s, cx).fault, S(""));
  shop_drop(&s);
}

TEST(changed_events_are_found) {
  static const struct { const char *sql, *where, *what; } rows[] = {
      {"UPDATE event SET actor = 'li' WHERE pos = 3", "第 3 条事件（tally/1 第 3 条", "散列不符"},
      {"UPDATE event SET actor_name = '李某' WHERE pos = 8", "第 8 条事件（tally/2 第 2 条", "散列不符"},
      {"UPDATE event SET body = '{\"amount\":2}' WHERE pos = 2", "第 2 条事件（tally/1 第 2 条", "散列不符"},
      {"UPDATE event SET body = '{\"amount\":' WHERE pos = 4", "第 4 条事件（tally/1 第 4 条", "JSON"},
      {"UPDATE event SET happened = happened - 86400000 WHERE pos = 5", "第 5 条事件（tally/1 第 5 条", "散列不符"},
      {"UPDATE event SET kind = 'tally.reset' WHERE pos = 6", "第 6 条事件（tally/1 第 6 条", "散列不符"},
      {"UPDATE event SET prev = leaf WHERE pos = 2", "第 2 条事件（tally/1 第 2 条", "不相接"},
      {"UPDATE event SET leaf = prev WHERE pos = 4", "第 4 条事件（tally/1 第 4 条", "散列不符"},
      {"DELETE FROM event WHERE pos = 4", "第 5 条事件（tally/1 第 5 条", "缺少事件"},
      {"DELETE FROM event WHERE pos = 1", "第 2 条事件（tally/1 第 2 条", "缺少事件"},
      {"UPDATE event SET pos = 99 WHERE pos = 3; UPDATE event SET pos = 3 WHERE pos = 4;"
       "UPDATE event SET pos = 4 WHERE pos = 99", "第 3 条事件（tally/1 第 4 条", "序号不连续"},
      {"UPDATE event SET pos = 99 WHERE pos = 6; UPDATE event SET pos = 6 WHERE pos = 7;" /* of two streams */
       "UPDATE event SET pos = 7 WHERE pos = 99", "第 6 条事件（tally/2 第 1 条", "散列不符"},
      {"UPDATE event SET seq = 99 WHERE pos = 3; UPDATE event SET seq = 3 WHERE pos = 4;"
       "UPDATE event SET seq = 4 WHERE pos = 3", "第 3 条事件（tally/1 第 4 条", "序号不连续"},
      {"INSERT INTO event SELECT 9, stream, seq + 1, kind, version, happened, recorded, actor, actor_name, unit,"
       " behalf, command, body, leaf, leaf FROM event WHERE pos = 8", "第 9 条事件（tally/2 第 3 条", "散列不符"}};
  for (size_t i = 0; i < COUNT(rows); i++) {
    Shop s;
    shop_eight(&s, cx);
    shop_tamper(&s, cx, "journal.db", rows[i].sql);
    expect_fault(t, &s, cx, rows[i].where, rows[i].what);
    shop_drop(&s);
  }
}

TEST(a_flipped_byte_on_the_disk_is_found) {
  if (shop_in_pg()) return; /* of files */
  Shop s;
  shop_eight(&s, cx);
  unlink(shop_path(&s, "journal.db-wal").ptr); /* all of it is in the file: the store was closed */
  EXPECT_INT(shop_flip(&s, "journal.db", "第3次记账", "第3次记贴"), 1);
  expect_fault(t, &s, cx, "第 5 条事件（tally/1 第 5 条", "散列不符");
  shop_drop(&s);
  shop_eight(&s, cx);
  unlink(shop_path(&s, "journal.db-wal").ptr);
  EXPECT_INT(shop_flip(&s, "journal.db", "第3次", "第3\xe6\xac\xff"), 1); /* no text any more */
  expect_fault(t, &s, cx, "第 5 条事件（tally/1 第 5 条", "JSON");
  shop_drop(&s);
}

TEST(events_cut_off_at_the_end_are_found_by_the_views) {
  Shop s;
  shop_eight(&s, cx);
  shop_tamper(&s, cx, "journal.db", "DELETE FROM event WHERE pos = 8");
  VerifyReport v = shop_verify(&s, cx);
  EXPECT(!v.views_ok);
  EXPECT(str_has(v.fault, S("第 8 条")) && str_has(v.fault, S("第 7 条")));
  shop_drop(&s);
}

TEST(changed_views_are_found_with_table_and_row) {
  static const struct { const char *sql, *table; } rows[] = {
      {"UPDATE tally SET total = total + 1 WHERE id = 'tally/2'", "tally 第 2 行（tally/2）"},
      {"DELETE FROM tally_entry WHERE seq = 3", "tally_entry"},
      {"INSERT INTO tally VALUES('tally/3', '三', 0, 1)", "tally 第 3 行（tally/3）"},
      {"UPDATE due SET at = at + 1", "due 第 1 行（tally/1）"},
      {"UPDATE position SET schema = 'x'", "position"},
      {"DROP TABLE tally_entry", "tally_entry"}};
  for (size_t i = 0; i < COUNT(rows); i++) {
    Shop s;
    shop_eight(&s, cx);
    shop_tamper(&s, cx, "views.db", rows[i].sql);
    VerifyReport v = shop_verify(&s, cx);
    EXPECT(v.chain_ok && !v.views_ok);
    if (!str_has(v.fault, str_of(rows[i].table))) EXPECT_STR(v.fault, str_of(rows[i].table));
    shop_drop(&s);
  }
}

TEST(a_missing_or_changed_file_is_found) {
  if (shop_in_pg()) return; /* of files */
  Shop s;
  CommandResult r;
  Str hash, path;
  int64_t size;
  shop_start(&s, cx);
  SCOPED(blob_drop) Blob *b = NULL;
  EXPECT_INT(blob_open(cx, s.dir, 1 << 20, &b), OK);
  EXPECT_INT(blob_add(cx, b, "drawing", 7), OK);
  EXPECT_INT(blob_finish(cx, b, &hash, &size), OK);
  Str args = arena_fmt(t->mem, "{\"amount\":1,\"file\":\"%.*s\"}", SFMT(hash));
  EXPECT_INT(shop_do(&s, cx, "tally.add", "tally/1", "with-file-1", args.ptr, &r), OK);
  shop_close(&s);
  VerifyReport v = shop_verify(&s, cx);
  EXPECT_STR(v.fault, S(""));
  EXPECT_INT(v.blobs, 1);
  EXPECT_INT(blob_path(cx, s.dir, hash, &path), OK);
  EXPECT_INT(file_write(cx, path, S("drawinG"), 0600), OK);
  expect_fault(t, &s, cx, "第 2 条事件（tally/1 第 2 条", "文件被改动过");
  unlink(path.ptr);
  expect_fault(t, &s, cx, "第 2 条事件（tally/1 第 2 条", "文件不在了");
  shop_drop(&s);
}

TEST(verifying_leaves_nothing_behind_and_changes_nothing) {
  if (shop_in_pg()) return; /* of files */
  Shop s;
  Str before, after;
  shop_eight(&s, cx);
  EXPECT_INT(file_read(cx, shop_path(&s, "journal.db"), (size_t)64 << 20, &before), OK);
  EXPECT_STR(shop_verify(&s, cx).fault, S(""));
  EXPECT_INT(file_read(cx, shop_path(&s, "journal.db"), (size_t)64 << 20, &after), OK);
  EXPECT(str_eq(before, after));
  unlink(shop_path(&s, "vault.key").ptr);
  static const char *const kept[] = {"journal.db", "journal.db-wal", "journal.db-shm", "views.db", "views.db-wal",
                                     "views.db-shm", "lock", "reserve", "blobs/tmp", "blobs"};
  for (size_t i = 0; i < COUNT(kept); i++) remove(shop_path(&s, kept[i]).ptr);
  EXPECT_INT(rmdir(s.dir.ptr), 0); /* nothing else was there */
}

TEST(there_must_be_a_store_to_verify) {
  VerifyReport v;
  StoreOptions o = {.dir = S("/nonexistent/store")};
  EXPECT_INT(store_verify(cx, &o, &v), NOT_FOUND);
}
