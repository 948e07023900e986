/* SPDX-License-Identifier: Apache-2.0 */
/* Heads and receipts over a store: signed, given out, changed, forked, gone back. */
#include "journal/note.h"
#include "shop.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct Office {
  Shop s;
  Keys keys, pub;
  int acts;
} Office;

static void office_open(Office *o, Cx *cx, HashSuite suite) {
  *o = (Office){0};
  cx->now = 1767229200000;
  shop_make(&o->s, cx, suite);
  REQUIRE(keys_add(cx, suite, S("yichuang-test"), &o->keys) == OK);
  REQUIRE(keys_read(cx, keys_text(cx->mem, &o->keys, false), &o->pub) == OK);
  REQUIRE(shop_open(&o->s, cx) == OK);
  REQUIRE(shop_do(&o->s, cx, "tally.open", "", "open-tally-1", "{\"label\":\"计数一\"}", &(CommandResult){0}) == OK);
}

static void add_events(Office *o, Cx *cx, int n) {
  while (n > 0) {
    int part = n > 50 ? 50 : n;
    Str key = arena_fmt(cx->mem, "split-%06d", o->acts++), args = arena_fmt(cx->mem, "{\"parts\":%d}", part);
    REQUIRE(shop_do(&o->s, cx, "tally.split", "tally/1", key.ptr, args.ptr, &(CommandResult){0}) == OK);
    n -= part;
  }
}

static Checkpoint head(Office *o, Cx *cx) {
  Checkpoint c;
  bool fresh;
  cx->now += 60000;
  Code code = checkpoint_make(cx, o->s.dir, &o->keys, &c, &fresh);
  if (code != OK) fprintf(stderr, "%.*s\n", SFMT(cx->detail));
  REQUIRE(code == OK && fresh);
  return c;
}

static Event event_of(Office *o, Cx *cx, int64_t pos) {
  Reader *rd;
  Events e;
  REQUIRE(reader_open_dir(cx, &o->s.o, &rd) == OK && reader_journal(cx, rd, pos - 1, 1, &e) == OK && e.count == 1);
  reader_close(rd);
  return e.list[0];
}

static Str receipt_of(Office *o, Cx *cx, int64_t pos) {
  Event e = event_of(o, cx, pos);
  Str text = {0};
  REQUIRE(receipt_text(cx, o->s.dir, &e, &text) == OK);
  return text;
}

static const HashSuite suites[] = {SUITE_GM, SUITE_INTL};

TEST(every_event_has_a_receipt_and_every_head_follows_from_every_earlier_one) {
  if (shop_in_pg()) return; /* of files, and long */
  static const int more[] = {0, 4, 250, 1, 1, 255, 300, 2};
  for (size_t k = 0; k < COUNT(suites); k++) {
    Office o;
    int64_t sizes[COUNT(more)], size = 1;
    office_open(&o, cx, suites[k]);
    for (size_t i = 0; i < COUNT(more); i++) {
      add_events(&o, cx, more[i]);
      if (i == 0) sizes[i] = 1;
      else sizes[i] = size += more[i];
      Checkpoint c = head(&o, cx);
      EXPECT_INT(c.size, sizes[i]);
    }
    Reader *rd;
    Events all;
    REQUIRE(reader_open_dir(cx, &o.s.o, &rd) == OK && reader_journal(cx, rd, 0, 10000, &all) == OK);
    reader_close(rd);
    EXPECT_INT(all.count, size);
    MerkleStack m = {.suite = suites[k]};
    size_t at = 0;
    for (size_t i = 0; i < all.count; i++) {
      merkle_push(&m, all.list[i].leaf);
      if (at < COUNT(sizes) && m.size == sizes[at]) {
        Checkpoint c;
        REQUIRE(checkpoint_get(cx, o.s.dir, m.size, &c) == OK);
        EXPECT(hash_eq(c.root, merkle_stack_root(&m)));
        at++;
      }
      if (i % 37 && i + 1 < all.count) continue;
      Str text, event;
      Checkpoint c;
      EXPECT_INT(receipt_text(cx, o.s.dir, &all.list[i], &text), OK);
      EXPECT_INT(receipt_check(cx, &o.pub, text, &event, &c), OK);
      EXPECT_STR(event, event_text(cx->mem, &all.list[i]));
    }
    for (size_t i = 0; i < COUNT(sizes); i++)
      for (size_t j = i; j < COUNT(sizes); j++) {
        Str text;
        Checkpoint a, b;
        EXPECT_INT(consistency_text(cx, o.s.dir, sizes[i], sizes[j], &text), OK);
        EXPECT_INT(consistency_check(cx, &o.pub, text, &a, &b), OK);
        EXPECT(a.size == sizes[i] && b.size == sizes[j]);
      }
    EXPECT_STR(shop_verify(&o.s, cx).fault, S(""));
    shop_drop(&o.s);
  }
}

TEST(no_head_no_receipt_and_it_says_when_the_last_one_was) {
  Office o;
  Str text;
  office_open(&o, cx, SUITE_GM);
  Event e = event_of(&o, cx, 1);
  EXPECT_INT(receipt_text(cx, o.s.dir, &e, &text), NOT_FOUND);
  EXPECT(str_has(cx->detail, S("还没有签过")));
  cx_clear(cx);
  EXPECT_INT(shop_verify(&o.s, cx).heads, 0);
  Checkpoint c = head(&o, cx);
  EXPECT_INT(receipt_text(cx, o.s.dir, &e, &text), OK);
  add_events(&o, cx, 1);
  VerifyReport found = shop_verify(&o.s, cx); /* which says how much of the journal is under a signature */
  EXPECT(found.heads == 1 && found.signed_upto == 1 && found.events == 2);
  e = event_of(&o, cx, 2);
  EXPECT_INT(receipt_text(cx, o.s.dir, &e, &text), NOT_FOUND);
  EXPECT(str_has(cx->detail, str_sub(c.time, 0, 10)) && str_has(cx->detail, str_sub(c.time, 11, 5)) && !str_has(cx->detail, S("检查点")));
  cx_clear(cx);
  shop_drop(&o.s);
}

TEST(every_changed_bit_of_a_receipt_is_refused) {
  for (size_t k = 0; k < COUNT(suites); k++) {
    Office o;
    int fooled = 0;
    office_open(&o, cx, suites[k]);
    add_events(&o, cx, 20);
    head(&o, cx);
    Str text = receipt_of(&o, cx, 7), event;
    char *copy = arena_alloc(cx->mem, text.len, 1, 1);
    memcpy(copy, text.ptr, text.len);
    SCOPED(arena_close_p) Arena *scratch = arena_open(1 << 22);
    /* All of them through the two verifiers, tests/proof; here one of nine, shifting through the bits. */
    for (size_t bit = 0; bit < text.len * 8; bit += 9) {
      Cx own = {.mem = scratch};
      Checkpoint c;
      copy[bit / 8] ^= (char)(1 << bit % 8);
      if (receipt_check(&own, &o.pub, (Str){.ptr = copy, .len = text.len}, &event, &c) == OK) fooled++;
      copy[bit / 8] ^= (char)(1 << bit % 8);
      arena_reset(scratch);
    }
    EXPECT_INT(fooled, 0);
    EXPECT_INT(receipt_check(cx, &o.pub, (Str){.ptr = copy, .len = text.len}, &event, &(Checkpoint){0}), OK);
    EXPECT_INT(receipt_check(cx, &o.pub, str_sub(text, 0, text.len - 1), &event, &(Checkpoint){0}), INVALID);
    cx_clear(cx);
    shop_drop(&o.s);
  }
}

static Str event_forged(Office *o, Cx *cx, int64_t pos, HashSuite suite) {
  Event e = event_of(o, cx, pos);
  e.actor = S("li");
  Hash leaf = event__leaf(cx->mem, suite, &e);
  return arena_fmt(cx->mem, "UPDATE event SET actor = 'li', leaf = x'%.*s' WHERE pos = %lld", SFMT(hash_hex(cx->mem, leaf)),
                   (long long)pos);
}

TEST(an_event_rewritten_with_its_hashes_is_found_by_the_head_over_it) {
  Office o;
  Checkpoint c;
  bool fresh;
  office_open(&o, cx, SUITE_GM);
  head(&o, cx);
  add_events(&o, cx, 300);
  head(&o, cx);
  Str forged = event_forged(&o, cx, 301, SUITE_GM);
  shop_close(&o.s);
  shop_tamper(&o.s, cx, "journal.db", forged.ptr);
  VerifyReport v = shop_verify(&o.s, cx);
  EXPECT(!v.chain_ok && str_has(v.fault, S("第 2 至 301 条事件与 2026-01-01T")));
  EXPECT_INT(checkpoint_make(cx, o.s.dir, &o.keys, &c, &fresh), BROKEN);
  cx_clear(cx);
  REQUIRE(shop_open(&o.s, cx) == OK);
  add_events(&o, cx, 3);
  EXPECT_INT(checkpoint_make(cx, o.s.dir, &o.keys, &c, &fresh), BROKEN);
  EXPECT(str_has(cx->detail, S("被改动过")));
  cx_clear(cx);
  shop_drop(&o.s);
}

TEST(events_that_differ_from_their_hash_are_not_signed) {
  Office o;
  Checkpoint c;
  bool fresh;
  office_open(&o, cx, SUITE_INTL);
  head(&o, cx);
  add_events(&o, cx, 9);
  shop_close(&o.s);
  shop_tamper(&o.s, cx, "journal.db", "UPDATE event SET actor = 'li' WHERE pos = 5");
  EXPECT_INT(checkpoint_make(cx, o.s.dir, &o.keys, &c, &fresh), BROKEN);
  EXPECT(str_has(cx->detail, S("第 5 条事件（tally/1，2026年1月1日）")));
  cx_clear(cx);
  shop_drop(&o.s);
}

TEST(a_journal_shorter_than_its_head_is_named_an_old_backup) {
  Office o;
  Checkpoint c;
  bool fresh;
  office_open(&o, cx, SUITE_GM);
  add_events(&o, cx, 9);
  head(&o, cx);
  shop_close(&o.s);
  shop_tamper(&o.s, cx, "journal.db", "DELETE FROM event WHERE pos > 6");
  EXPECT_INT(checkpoint_make(cx, o.s.dir, &o.keys, &c, &fresh), BROKEN);
  EXPECT(str_has(cx->detail, S("较早的备份")));
  cx_clear(cx);
  EXPECT(str_has(shop_verify(&o.s, cx).fault, S("日志只有 6 条")));
  cx_clear(cx);
  shop_drop(&o.s);
}

TEST(every_changed_bit_of_a_head_in_the_store_is_found) {
  if (shop_in_pg()) return; /* of files */
  Office o;
  Str text;
  int missed = 0;
  office_open(&o, cx, SUITE_INTL);
  Checkpoint c = head(&o, cx);
  Str path = shop_path(&o.s, "proof/checkpoint/0000000000000001");
  REQUIRE(file_read(cx, path, 4096, &text) == OK && str_eq(text, c.text));
  char *copy = arena_alloc(cx->mem, text.len, 1, 1);
  memcpy(copy, text.ptr, text.len);
  for (size_t bit = 0; bit < text.len * 8; bit += 23) {
    copy[bit / 8] ^= (char)(1 << bit % 8);
    FILE *f = fopen(path.ptr, "w");
    REQUIRE(f != NULL && fwrite(copy, 1, text.len, f) == text.len && fclose(f) == 0);
    VerifyReport v = shop_verify(&o.s, cx);
    missed += v.chain_ok || !str_has(v.fault, S("检查点"));
    copy[bit / 8] ^= (char)(1 << bit % 8);
  }
  EXPECT_INT(missed, 0);
  REQUIRE(file_write(cx, path, text, 0644) == OK);
  EXPECT_STR(shop_verify(&o.s, cx).fault, S(""));
  shop_drop(&o.s);
}

TEST(the_file_of_subtrees_is_only_a_cache) {
  Office o;
  Str text;
  office_open(&o, cx, SUITE_GM);
  add_events(&o, cx, 600);
  head(&o, cx);
  Event e = event_of(&o, cx, 300);
  EXPECT_INT(truncate(shop_path(&o.s, "proof/tree").ptr, 32), 0);
  EXPECT_INT(receipt_text(cx, o.s.dir, &e, &text), OK);
  add_events(&o, cx, 300);
  head(&o, cx);
  struct stat st;
  EXPECT_INT(stat(shop_path(&o.s, "proof/tree").ptr, &st), 0);
  EXPECT_INT(st.st_size, 4 * 32); /* 901 events: units 0, 1, their parent, unit 2 */
  /* Wrong hashes in it: nothing wrong is given out, and the next signing makes it anew. */
  FILE *f = fopen(shop_path(&o.s, "proof/tree").ptr, "r+");
  REQUIRE(f != NULL);
  fputc('x', f);
  fclose(f);
  EXPECT_INT(receipt_text(cx, o.s.dir, &e, &text), OK);
  e = event_of(&o, cx, 900);
  add_events(&o, cx, 1);
  head(&o, cx);
  EXPECT_INT(receipt_text(cx, o.s.dir, &e, &text), OK);
  shop_drop(&o.s);
}

TEST(keys_are_turned_and_old_heads_keep_theirs) {
  Office o;
  Checkpoint c;
  Str event;
  office_open(&o, cx, SUITE_GM);
  Checkpoint first = head(&o, cx);
  Str receipt = receipt_of(&o, cx, 1);
  Keys only_first = o.pub;
  cx->now += 60000;
  REQUIRE(keys_add(cx, SUITE_GM, S("yichuang-test"), &o.keys) == OK);
  add_events(&o, cx, 1);
  Checkpoint second = head(&o, cx);
  Keys both;
  REQUIRE(checkpoint_keys(cx, o.s.dir, &both) == OK);
  EXPECT_INT(both.count, 2);
  EXPECT(both.list[0].to.len && !both.list[1].to.len && !both.list[0].secret.len && !both.list[1].secret.len);
  EXPECT_INT(checkpoint_read(cx, &both, first.text, &c), OK);
  EXPECT_INT(receipt_check(cx, &both, receipt, &event, &c), OK);
  EXPECT_INT(checkpoint_read(cx, &both, second.text, &c), OK);
  EXPECT_INT(checkpoint_read(cx, &only_first, second.text, &c), INVALID);
  cx_clear(cx);
  /* Signed with the old key after its end */
  Keys stolen = o.pub;
  REQUIRE(keys_read(cx, keys_text(cx->mem, &o.keys, true), &stolen) == OK);
  EXPECT(!stolen.list[0].secret.len && stolen.list[1].secret.len);
  both.list[1].to = both.list[1].from; /* as if it had ended before the second head */
  EXPECT_INT(checkpoint_read(cx, &both, second.text, &c), INVALID);
  cx_clear(cx);
  shop_drop(&o.s);
}

TEST(a_key_of_another_kind_or_log_signs_nothing) {
  Office o;
  Checkpoint c;
  bool fresh;
  Keys other = {0};
  office_open(&o, cx, SUITE_GM);
  REQUIRE(keys_add(cx, SUITE_INTL, S("yichuang-test"), &other) == OK);
  EXPECT_INT(checkpoint_make(cx, o.s.dir, &other, &c, &fresh), INVALID);
  cx_clear(cx);
  EXPECT_INT(checkpoint_make(cx, o.s.dir, &o.pub, &c, &fresh), INVALID); /* no private half */
  cx_clear(cx);
  head(&o, cx);
  EXPECT_INT(checkpoint_make(cx, o.s.dir, &o.keys, &c, &fresh), OK);
  EXPECT(!fresh);
  Keys stranger = {0};
  REQUIRE(keys_add(cx, SUITE_GM, S("elsewhere"), &stranger) == OK);
  add_events(&o, cx, 1);
  EXPECT_INT(checkpoint_make(cx, o.s.dir, &stranger, &c, &fresh), INVALID);
  EXPECT(str_has(cx->detail, S("elsewhere")));
  cx_clear(cx);
  shop_drop(&o.s);
}
