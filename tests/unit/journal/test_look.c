/* SPDX-License-Identifier: Apache-2.0 */
/* A store at a glance: what the doctor says of the last events. */
#include "shop.h"

enum { ADDED = 299, ALL = ADDED + 1 }; /* more than are hashed side by side */

static StoreLook looked(Cx *cx, Shop *s, int64_t last) {
  StoreLook l;
  REQUIRE(store_look(cx, s->dir, last, &l) == OK);
  return l;
}

static void filled(Shop *s, Cx *cx) {
  shop_start(s, cx);
  for (int i = 0; i < ADDED; i++) REQUIRE(shop_add(s, cx, arena_fmt(cx->mem, "add-%06d", i).ptr, 1) == OK);
  shop_close(s);
}

TEST(a_whole_store_is_looked_at_as_far_as_is_asked) {
  Shop s;
  filled(&s, cx);
  StoreLook l = looked(cx, &s, 1000);
  EXPECT_STR(l.fault, S(""));
  EXPECT_INT(l.looked, ALL);
  EXPECT_INT(l.events, ALL);
  EXPECT_INT(l.views, ALL);
  EXPECT(l.last_recorded > 0);
  EXPECT_INT(looked(cx, &s, 10).looked, 10);
  shop_drop(&s);
}

TEST(the_first_of_two_changed_events_is_named_and_older_ones_are_not_asked) {
  if (shop_in_pg()) return; /* its triggers are tried in test_shared.c */
  Shop s;
  filled(&s, cx);
  shop_tamper(&s, cx, "journal.db", "UPDATE event SET actor_name = 'li' WHERE pos IN (7, 280, 290)");
  EXPECT(str_has(looked(cx, &s, 1000).fault, S("日志第 7 条")));
  EXPECT(str_has(looked(cx, &s, 100).fault, S("日志第 280 条")));
  EXPECT_STR(looked(cx, &s, 10).fault, S(""));
  shop_drop(&s);
}

TEST(a_text_that_is_no_json_has_another_hash) {
  if (shop_in_pg()) return;
  Shop s;
  filled(&s, cx);
  shop_tamper(&s, cx, "journal.db", "UPDATE event SET body = '{' WHERE pos = 295");
  EXPECT(str_has(looked(cx, &s, 100).fault, S("日志第 295 条")));
  EXPECT(str_has(looked(cx, &s, 100).fault, S("散列对不上")));
  shop_drop(&s);
}

TEST(a_gap_is_named_and_a_change_before_it_first) {
  if (shop_in_pg()) return;
  Shop s;
  filled(&s, cx);
  shop_tamper(&s, cx, "journal.db", "DELETE FROM event WHERE pos = 250; UPDATE event SET actor = 'li' WHERE pos = 240");
  EXPECT_STR(looked(cx, &s, 55).fault, S("日志缺第 250 条"));
  EXPECT(str_has(looked(cx, &s, 1000).fault, S("日志第 240 条")));
  shop_drop(&s);
}
