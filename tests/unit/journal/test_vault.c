/* SPDX-License-Identifier: Apache-2.0 */
/* Personal data: nowhere readable on the disk, unreadable with another key, erasable. */
#include "shop.h"

#define PHONE "13912345678"

static void shop_with_phone(Shop *s, Cx *cx) {
  CommandResult r;
  shop_start(s, cx);
  Command cmd = shop_command(cx, "tally.open", "", "open-phone-1", "{\"label\":\"看得见的字\",\"phone_ref\":\"v1.wang\"}");
  Personal all[] = {{.ref = S("v1.wang"), .kind = S("phone"), .value = S(PHONE)},
                    {.ref = S("v1.empty"), .kind = S("phone"), .value = S("")}};
  cmd.personal = all;
  cmd.personal_count = 1;
  Code code = runner_run(cx, s->runner, &cmd, &r);
  REQUIRE(code == OK);
  cmd = shop_command(cx, "tally.open", "", "open-phone-2", "{\"label\":\"没有电话\",\"phone_ref\":\"v1.empty\"}");
  cmd.personal = &all[1];
  cmd.personal_count = 1;
  code = runner_run(cx, s->runner, &cmd, &r);
  REQUIRE(code == OK);
}

static Code read_ref(Shop *s, Cx *cx, const char *ref, Str *value) {
  SCOPED(reader_close_p) Reader *rd = NULL;
  cx_clear(cx);
  TRY(reader_open(cx, s->runner, &rd));
  return reader_vault(cx, rd, str_of(ref), value);
}

TEST(a_telephone_number_is_nowhere_on_the_disk_and_still_readable) {
  if (shop_in_pg()) return; /* of files */
  Shop s;
  Str value;
  shop_with_phone(&s, cx);
  EXPECT(shop_grep(&s, S("看得见的字")) > 0); /* what is not personal is found: the search works */
  EXPECT_INT(shop_grep(&s, S(PHONE)), 0);
  EXPECT_INT(read_ref(&s, cx, "v1.wang", &value), OK);
  EXPECT_STR(value, S(PHONE));
  EXPECT_INT(read_ref(&s, cx, "v1.empty", &value), OK);
  EXPECT_STR(value, S(""));
  shop_close(&s);
  EXPECT_INT(shop_grep(&s, S(PHONE)), 0);
  EXPECT_INT(shop_grep(&s, S("v1.wang")) > 0, 1); /* the event has the reference */
  shop_drop(&s);
}

TEST(the_same_value_is_sealed_differently_each_time) {
  Shop s;
  shop_make(&s, cx, SUITE_GM);
  SCOPED(db__close_p) Db *db = NULL;
  VaultKey key = {{7}};
  static const Sql sql_boxes = {"test.boxes", "", "i", "SELECT count(DISTINCT box) + count(DISTINCT wrapped) FROM vault"};
  int64_t n;
  EXPECT_INT(db__open(cx, shop_path(&s, "journal.db"), DB_WRITE_JOURNAL, &db), OK);
  for (int i = 0; i < 10; i++) {
    Personal p = {.ref = arena_fmt(t->mem, "v1.%d", i), .kind = S("phone"), .value = S(PHONE)};
    EXPECT_INT(vault__put(cx, db, &key, &p), OK);
  }
  EXPECT_INT(db_int(cx, db, &sql_boxes, NO_VALS, 0, &n), OK);
  EXPECT_INT(n, 20);
  db__close_p(&db);
  shop_drop(&s);
}

TEST(with_another_key_nothing_personal_can_be_read) {
  if (shop_in_pg()) return; /* of files */
  Shop s;
  Str value;
  shop_with_phone(&s, cx);
  shop_close(&s);
  EXPECT_INT(file_write(cx, shop_path(&s, "vault.key"),
                        S("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"), 0600), OK);
  EXPECT_INT(shop_open(&s, cx), OK);
  EXPECT_INT(read_ref(&s, cx, "v1.wang", &value), BROKEN);
  EXPECT(!str_has(cx->detail, S(PHONE)));
  cx_clear(cx);
  shop_drop(&s);
}

TEST(a_key_file_that_is_damaged_or_missing_is_said_at_once) {
  static const char *const bad[] = {"", "abc", "zz112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"};
  Shop s;
  shop_make(&s, cx, SUITE_GM);
  for (size_t i = 0; i < COUNT(bad); i++) {
    EXPECT_INT(file_write(cx, shop_path(&s, "vault.key"), str_of(bad[i]), 0600), OK);
    EXPECT_INT(shop_open(&s, cx), BROKEN);
    cx_clear(cx);
  }
  shop_drop(&s);
}

TEST(a_changed_or_exchanged_box_is_not_opened) {
  static const char *const changes[] = {
      ("UPDATE vault SET box = CAST(substr(box, 1, 20) || CASE substr(box, 21, 1) WHEN x'41' THEN x'42' ELSE x'41' END"
       " || substr(box, 22) AS BLOB) WHERE ref = 'v1.wang'"),
      "UPDATE vault SET box = (SELECT box FROM vault WHERE ref = 'v1.empty') WHERE ref = 'v1.wang'",
      "UPDATE vault SET wrapped = randomblob(80) WHERE ref = 'v1.wang'",
      "UPDATE vault SET box = x'' WHERE ref = 'v1.wang'"};
  static const char *const in_pg[COUNT(changes)] = {
      "UPDATE vault SET box = set_byte(box, 20, get_byte(box, 20) # 1) WHERE ref = 'v1.wang'",
      "UPDATE vault SET box = (SELECT box FROM vault WHERE ref = 'v1.empty') WHERE ref = 'v1.wang'",
      "UPDATE vault SET wrapped = sha512(wrapped) || wrapped WHERE ref = 'v1.wang'",
      "UPDATE vault SET box = '' WHERE ref = 'v1.wang'"};
  for (size_t i = 0; i < COUNT(changes); i++) {
    Shop s;
    Str value;
    shop_with_phone(&s, cx);
    shop_close(&s);
    shop_tamper(&s, cx, "journal.db", shop_in_pg() ? in_pg[i] : changes[i]);
    EXPECT_INT(shop_open(&s, cx), OK);
    EXPECT_INT(read_ref(&s, cx, "v1.wang", &value), BROKEN);
    cx_clear(cx);
    shop_drop(&s);
  }
}

TEST(personal_data_has_a_limit) {
  Shop s;
  CommandResult r;
  shop_start(&s, cx);
  Buf b;
  buf_init(&b, 1 << 20);
  for (int i = 0; i < 64 * 1024 + 1; i++) buf_char(&b, 'x');
  Command cmd = shop_command(cx, "tally.add", "tally/1", "too-long-01", "{\"amount\":1}");
  Personal p = {.ref = S("v1.long"), .kind = S("phone"), .value = buf_str(&b)};
  cmd.personal = &p;
  cmd.personal_count = 1;
  log_level(LOG_ERROR + 1);
  EXPECT_INT(runner_run(cx, s.runner, &cmd, &r), LIMIT);
  log_level(LOG_INFO);
  EXPECT_STR(r.field, S("phone"));
  cx_clear(cx);
  buf_drop(&b);
  EXPECT_INT(shop_events(&s, cx), 1);
  EXPECT_INT(shop_add(&s, cx, "add-000001", 5), OK);
  shop_drop(&s);
}
