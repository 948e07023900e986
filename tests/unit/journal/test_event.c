/* SPDX-License-Identifier: Apache-2.0 */
/* An event as text and as a leaf: golden values, computed once by other programs (openssl dgst). */
#include "shop.h"

static Event sample(Cx *cx, const char *body) {
  Json *tree = NULL;
  Code code = json_parse(cx, str_of(body), &tree);
  REQUIRE(code == OK);
  return (Event){.pos = 7, .stream = S("project/1"), .seq = 3, .kind = S("stage.accepted"), .version = 1,
                 .happened = 1567386000000, .recorded = 1567386001000, .actor = S("wang"), .actor_name = S("王某"),
                 .unit = S("window"), .command = S("key-0001"), .body = tree};
}

#define GOLDEN                                                                                                 \
  "{\"actor\":\"wang\",\"behalf\":\"\",\"body\":{\"a\":[1,true,null],\"b\":\"中\"},\"command\":\"key-0001\"," \
  "\"happened\":1567386000000,\"kind\":\"stage.accepted\",\"name\":\"王某\",\"pos\":7,"                        \
  "\"prev\":\"0000000000000000000000000000000000000000000000000000000000000000\",\"recorded\":1567386001000,"  \
  "\"seq\":3,\"stream\":\"project/1\",\"unit\":\"window\",\"version\":1}"

TEST(an_event_has_one_text_whatever_the_order_and_spacing_of_its_body) {
  Event e = sample(cx, "{\"b\":\"中\",\"a\":[1,true,null]}"), f = sample(cx, "{ \"a\" : [1, true , null], \"b\":\"\\u4e2d\" }");
  EXPECT_STR(event_text(t->mem, &e), S(GOLDEN));
  EXPECT_STR(event_text(t->mem, &f), S(GOLDEN));
}

TEST(the_leaf_of_an_event_never_changes_in_either_suite) {
  Event e = sample(cx, "{\"b\":\"中\",\"a\":[1,true,null]}");
  EXPECT_STR(hash_hex(t->mem, event__leaf(t->mem, SUITE_GM, &e)), S("bae2ac147ffbed7a148062b16f8aa313501b1f6109f0cdca12d75263d72f591d"));
  EXPECT_STR(hash_hex(t->mem, event__leaf(t->mem, SUITE_INTL, &e)), S("e34c141ddbeb2cc6d14f596b865212c3ba0425d1da0e44699b7d4a3dead1f90e"));
}

TEST(every_part_of_an_event_is_in_its_leaf) {
  Event e = sample(cx, "{}");
  Hash first = event__leaf(t->mem, SUITE_GM, &e);
  Event other[14];
  for (size_t i = 0; i < COUNT(other); i++) other[i] = e;
  other[0].pos++, other[1].stream = S("project/2"), other[2].seq++, other[3].kind = S("x"), other[4].version++;
  other[5].happened++, other[6].recorded++, other[7].actor = S("li"), other[8].actor_name = S("李某");
  other[9].unit = S(""), other[10].behalf = S("owner"), other[11].command = S("key-0002"), other[12].prev.b[31] = 1;
  other[13].body = sample(cx, "{\"a\":0}").body;
  for (size_t i = 0; i < COUNT(other); i++)
    if (hash_eq(first, event__leaf(t->mem, SUITE_GM, &other[i]))) EXPECT_INT(i, -1);
}

TEST(the_same_stream_and_seq_cannot_be_written_twice) {
  Shop s;
  shop_make(&s, cx, SUITE_GM);
  SCOPED(db__close_p) Db *db = NULL;
  Event e = sample(cx, "{}");
  EXPECT_INT(db__open(cx, shop_path(&s, "journal.db"), DB_WRITE_JOURNAL, &db), OK);
  EXPECT_INT(event__insert(cx, db, &e), OK);
  e.pos = 8;
  EXPECT_INT(event__insert(cx, db, &e), CONFLICT);
  cx_clear(cx);
  e.seq = 4;
  e.pos = 7; /* nor the same position */
  EXPECT_INT(event__insert(cx, db, &e), CONFLICT);
  cx_clear(cx);
  e.pos = 8;
  EXPECT_INT(event__insert(cx, db, &e), OK);
  EXPECT_INT(db__script(cx, db, "UPDATE event SET actor = 'li'"), CONFLICT); /* the triggers */
  cx_clear(cx);
  EXPECT_INT(db__script(cx, db, "DELETE FROM event"), CONFLICT);
  cx_clear(cx);
  EXPECT_INT(shop_events(&s, cx), 2);
  db__close_p(&db);
  shop_drop(&s);
}

static Hash last_leaf(Shop *s, Cx *cx) {
  SCOPED(reader_close_p) Reader *rd = NULL;
  Events all = {0};
  Code code = reader_open(cx, s->runner, &rd);
  if (code == OK) code = reader_journal(cx, rd, 0, 100, &all);
  REQUIRE(code == OK && all.count > 0);
  const Event *e = &all.list[all.count - 1];
  for (size_t i = 0; i + 1 < all.count; i++) REQUIRE(all.list[i].pos == (int64_t)i + 1);
  return e->leaf;
}

TEST(both_suites_make_stores_whose_chain_is_sound) {
  static const HashSuite suites[] = {SUITE_GM, SUITE_INTL};
  Hash leaf[2];
  for (size_t i = 0; i < 2; i++) {
    Shop s;
    CommandResult r;
    shop_make(&s, cx, suites[i]);
    EXPECT_INT(shop_open(&s, cx), OK);
    EXPECT_INT(shop_do(&s, cx, "tally.open", "", "open-tally-1", "{\"label\":\"x\"}", &r), OK);
    EXPECT_INT(shop_add(&s, cx, "add-000001", 5), OK);
    leaf[i] = last_leaf(&s, cx);
    shop_close(&s);
    VerifyReport v = shop_verify(&s, cx);
    EXPECT_STR(v.fault, S(""));
    EXPECT(v.chain_ok && v.views_ok);
    EXPECT_INT(v.events, 2);
    EXPECT_INT(v.streams, 1);
    shop_drop(&s);
  }
  EXPECT(!hash_eq(leaf[0], leaf[1]));
}
