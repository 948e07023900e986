/* SPDX-License-Identifier: Apache-2.0 */
/* Reading: events, states, the cache behind them, the due queue. */
#include "shop.h"

#include <unistd.h>

static void three_streams(Shop *s, Cx *cx) {
  CommandResult r;
  Code code = OK;
  shop_start(s, cx);
  for (int i = 2; i <= 3 && code == OK; i++)
    code = shop_do(s, cx, "tally.open", "", arena_fmt(cx->mem, "open-tally-%d", i).ptr, "{\"label\":\"又一个\"}", &r);
  for (int i = 0; i < 30 && code == OK; i++)
    code = shop_do(s, cx, "tally.add", arena_fmt(cx->mem, "tally/%d", 1 + i % 3).ptr,
                   arena_fmt(cx->mem, "add-%06d", i).ptr, arena_fmt(cx->mem, "{\"amount\":%d}", i + 20).ptr, &r);
  REQUIRE(code == OK);
}

static int64_t expected_total(int stream) {
  int64_t sum = 0;
  for (int i = stream - 1; i < 30; i += 3) sum += i + 20;
  return sum;
}

TEST(a_reader_gives_events_in_order_from_where_it_is_asked) {
  Shop s;
  Events e;
  three_streams(&s, cx);
  SCOPED(reader_close_p) Reader *rd = NULL;
  EXPECT_INT(reader_open(cx, s.runner, &rd), OK);
  EXPECT_INT(reader_events(cx, rd, S("tally/2"), 0, 1000, &e), OK);
  EXPECT_INT(e.count, 11);
  for (size_t i = 0; i < e.count; i++) EXPECT_INT(e.list[i].seq, i + 1);
  EXPECT_INT(reader_events(cx, rd, S("tally/2"), 9, 1000, &e), OK);
  EXPECT_INT(e.count, 2);
  EXPECT_INT(reader_events(cx, rd, S("tally/2"), 0, 3, &e), OK);
  EXPECT_INT(e.count, 3);
  EXPECT_INT(reader_events(cx, rd, S("tally/9"), 0, 3, &e), OK);
  EXPECT_INT(e.count, 0);
  EXPECT_INT(reader_journal(cx, rd, 30, 1000, &e), OK);
  EXPECT_INT(e.count, 3);
  EXPECT_INT(e.list[0].pos, 31);
  EXPECT_INT(reader_journal(cx, rd, 0, 0, &e), OK);
  EXPECT_INT(e.count, 0);
  reader_close_p(&rd);
  shop_drop(&s);
}

TEST(a_reader_gives_more_events_than_its_first_guess) {
  Shop s;
  CommandResult r;
  Events e;
  shop_start(&s, cx);
  for (int i = 0; i < 5; i++)
    EXPECT_INT(shop_do(&s, cx, "tally.split", "tally/1", arena_fmt(cx->mem, "split-%04d", i).ptr, "{\"parts\":60}", &r), OK);
  SCOPED(reader_close_p) Reader *rd = NULL;
  EXPECT_INT(reader_open(cx, s.runner, &rd), OK);
  EXPECT_INT(reader_journal(cx, rd, 0, 100000, &e), OK);
  EXPECT_INT(e.count, 301);
  for (size_t i = 0; i < e.count; i++) EXPECT_INT(e.list[i].pos, i + 1);
  EXPECT_INT(reader_journal(cx, rd, 0, 65, &e), OK);
  EXPECT_INT(e.count, 65);
  EXPECT_INT(e.list[64].pos, 65);
  reader_close_p(&rd);
  shop_drop(&s);
}

TEST(a_state_follows_its_stream_and_a_missing_one_is_not_found) {
  Shop s;
  const void *state = NULL;
  int64_t seq = 0;
  three_streams(&s, cx);
  SCOPED(reader_close_p) Reader *rd = NULL;
  EXPECT_INT(reader_open(cx, s.runner, &rd), OK);
  EXPECT_INT(reader_state(cx, rd, S("tally/1"), &state, &seq), OK);
  EXPECT_INT(((const Tally *)state)->total, expected_total(1));
  EXPECT_INT(seq, 11);
  EXPECT_STR(((const Tally *)state)->label, S("计数一"));
  EXPECT_INT(shop_add(&s, cx, "after-00001", 100), OK);
  reader_begin(rd);
  EXPECT_INT(reader_state(cx, rd, S("tally/1"), &state, &seq), OK);
  EXPECT_INT(((const Tally *)state)->total, expected_total(1) + 100);
  EXPECT_INT(seq, 12);
  static const char *const missing[] = {"tally/9", "nobody/1", "tally", "", "tally/'; DROP TABLE event"};
  for (size_t i = 0; i < COUNT(missing); i++) {
    EXPECT_INT(reader_state(cx, rd, str_of(missing[i]), &state, &seq), NOT_FOUND);
    cx_clear(cx);
  }
  reader_close_p(&rd);
  shop_drop(&s);
}

TEST(a_stream_that_was_missing_is_found_once_it_exists) {
  Shop s;
  CommandResult r;
  const void *state = NULL;
  int64_t seq = 0;
  shop_start(&s, cx);
  SCOPED(reader_close_p) Reader *rd = NULL;
  EXPECT_INT(reader_open(cx, s.runner, &rd), OK);
  EXPECT_INT(reader_state(cx, rd, S("tally/2"), &state, &seq), NOT_FOUND);
  cx_clear(cx);
  EXPECT_INT(shop_do(&s, cx, "tally.open", "", "open-tally-2", "{\"label\":\"二\"}", &r), OK);
  EXPECT_INT(reader_state(cx, rd, S("tally/2"), &state, &seq), OK);
  EXPECT_INT(seq, 1);
  reader_close_p(&rd);
  shop_drop(&s);
}

TEST(a_cache_that_forgets_gives_the_same_states) {
  Shop s;
  StreamState *one = NULL;
  three_streams(&s, cx);
  SCOPED(db__close_p) Db *db = NULL;
  EXPECT_INT(db__open(cx, shop_path(&s, "journal.db"), DB_READ, &db), OK);
  for (size_t max = 0; max <= 4; max++) {
    Cache *c = cache__open(s.engines, 1, max);
    for (int i = 0; i < 40; i++) {
      int n = 1 + (i * i + i / 3) % 3;
      EXPECT_INT(cache__state(cx, c, db, arena_fmt(cx->mem, "tally/%d", n), &one), OK);
      EXPECT_INT(((Tally *)one->state)->total, expected_total(n));
      EXPECT_INT(one->seq, 11);
      cache__trim(c);
    }
    cache__close(c);
  }
  db__close_p(&db);
  shop_drop(&s);
}

TEST(what_was_given_back_in_a_quiet_while_is_had_again) {
  Shop s;
  const void *state = NULL;
  int64_t seq = 0;
  three_streams(&s, cx);
  SCOPED(reader_close_p) Reader *rd = NULL;
  EXPECT_INT(reader_open(cx, s.runner, &rd), OK);
  for (int round = 0; round < 3; round++) {
    EXPECT_INT(reader_state(cx, rd, S("tally/1"), &state, &seq), OK);
    EXPECT_INT(((const Tally *)state)->total, expected_total(1) + 2 * round);
    EXPECT(cache__held(s.runner->w.cache) > 0);
    s.runner->o.rest_ms = 1; /* the writer is told by the next act */
    EXPECT_INT(shop_add(&s, cx, arena_fmt(cx->mem, "after-0000%d", round).ptr, 1), OK);
    for (int ms = 0; ms < 10000 && atomic_load(&s.runner->w.tired); ms++) usleep(1000);
    EXPECT_INT(cache__held(s.runner->w.cache), 0);
    s.runner->o.rest_ms = REST_MS;
    EXPECT_INT(shop_add(&s, cx, arena_fmt(cx->mem, "again-0000%d", round).ptr, 1), OK);
    reader_rest(rd);
    reader_begin(rd);
  }
  reader_close_p(&rd);
  shop_drop(&s);
}

TEST(a_thread_that_looks_every_second_gives_back_what_it_kept_once_nothing_is_to_be_done) {
  Shop s;
  const void *state = NULL;
  int64_t seq = 0;
  three_streams(&s, cx);
  SCOPED(reader_close_p) Reader *rd = NULL;
  EXPECT_INT(reader_open(cx, s.runner, &rd), OK);
  s.runner->o.rest_ms = 3;
  for (int round = 0; round < 3; round++) { /* first because it was opened, then because it worked */
    EXPECT_INT(reader_state(cx, rd, S("tally/1"), &state, &seq), OK);
    reader_round(rd, true);
    EXPECT(reader__held(rd) > 0);
    usleep(5000);
    reader_round(rd, true);
    EXPECT(reader__held(rd) > 0);
    usleep(5000);
    reader_round(rd, false);
    EXPECT_INT(reader__held(rd), 0);
  }
  EXPECT_INT(reader_state(cx, rd, S("tally/1"), &state, &seq), OK);
  usleep(5000);
  reader_round(rd, false); /* it rests once after work, not every minute */
  EXPECT(reader__held(rd) > 0);
  reader_close_p(&rd);
  shop_drop(&s);
}

TEST(a_state_can_be_had_as_of_an_earlier_event) {
  Shop s;
  StreamState *one = NULL;
  three_streams(&s, cx);
  SCOPED(db__close_p) Db *db = NULL;
  EXPECT_INT(db__open(cx, shop_path(&s, "journal.db"), DB_READ, &db), OK);
  Cache *c = cache__open(s.engines, 1, 10);
  static const int64_t seqs[] = {11, 3, 7, 1, 11};
  static const int64_t totals[] = {335, 20 + 23, 20 + 23 + 26 + 29 + 32 + 35, 0, 335};
  for (size_t i = 0; i < COUNT(seqs); i++) {
    EXPECT_INT(cache__upto(cx, c, db, S("tally/1"), seqs[i], &one), OK);
    EXPECT_INT(((Tally *)one->state)->total, totals[i]);
    EXPECT_INT(one->seq, seqs[i]);
  }
  cache__close(c);
  db__close_p(&db);
  shop_drop(&s);
}

TEST(a_hole_in_a_stream_is_no_state) {
  Shop s;
  StreamState *one = NULL;
  three_streams(&s, cx);
  shop_close(&s);
  shop_tamper(&s, cx, "journal.db", "DELETE FROM event WHERE stream = 'tally/1' AND seq = 5");
  SCOPED(db__close_p) Db *db = NULL;
  EXPECT_INT(db__open(cx, shop_path(&s, "journal.db"), DB_READ, &db), OK);
  Cache *c = cache__open(s.engines, 1, 10);
  for (int i = 0; i < 2; i++) { /* not kept half folded either */
    EXPECT_INT(cache__state(cx, c, db, S("tally/1"), &one), BROKEN);
    EXPECT(str_has(cx->detail, S("tally/1")));
    cx_clear(cx);
  }
  EXPECT_INT(cache__state(cx, c, db, S("tally/2"), &one), OK);
  cache__close(c);
  db__close_p(&db);
  shop_drop(&s);
}

/* ---- the due queue ---------------------------------------------------------------------------------- */

TEST(what_is_due_comes_oldest_first_and_only_when_it_is_due) {
  Shop s;
  CommandResult r;
  Due *due;
  size_t n;
  three_streams(&s, cx);
  /* Entered late and happened at different times: 3 is due first, then 1, then 2. */
  static const int64_t hours[] = {5, 9, 1};
  for (int i = 0; i < 3; i++) {
    Command cmd = shop_command(cx, "tally.add", arena_fmt(cx->mem, "tally/%d", i + 1).ptr,
                               arena_fmt(cx->mem, "late-%06d", i).ptr, "{\"amount\":1}");
    cmd.now = cx->now + 10 * 3600000;
    cmd.happened = cx->now + hours[i] * 3600000;
    EXPECT_INT(runner_run(cx, s.runner, &cmd, &r), OK);
  }
  SCOPED(reader_close_p) Reader *rd = NULL;
  EXPECT_INT(reader_open(cx, s.runner, &rd), OK);
  EXPECT_INT(reader_due(cx, rd, cx->now + DAY_MS, 10, &due, &n), OK);
  EXPECT_INT(n, 0);
  EXPECT_INT(reader_due(cx, rd, cx->now + DAY_MS + 5 * 3600000, 10, &due, &n), OK);
  EXPECT_INT(n, 2);
  EXPECT_STR(due[0].stream, S("tally/3"));
  EXPECT_STR(due[1].stream, S("tally/1"));
  EXPECT_STR(due[1].name, S("tally.reset"));
  EXPECT_INT(due[1].at, cx->now + DAY_MS + 5 * 3600000);
  EXPECT_INT(json_int(due[1].args, S("count"), 0), 11); /* set anew, not added */
  EXPECT_INT(reader_due(cx, rd, INT64_MAX, 2, &due, &n), OK);
  EXPECT_INT(n, 2);
  Command reset = shop_command(cx, "tally.reset", "tally/3", "reset-0001", "{}");
  reset.actor.roles = TALLY_BOSS;
  EXPECT_INT(runner_run(cx, s.runner, &reset, &r), OK);
  EXPECT_INT(reader_due(cx, rd, INT64_MAX, 10, &due, &n), OK);
  EXPECT_INT(n, 2); /* cleared */
  EXPECT_STR(due[0].stream, S("tally/1"));
  reader_close_p(&rd);
  shop_drop(&s);
}

/* What a timer or a sender left undone on 31 December is still there in January: nothing asks for "this year". */
TEST(r3_what_fell_due_last_year_is_found_after_the_new_year) {
  Shop s;
  CommandResult r;
  Due *due;
  size_t n;
  three_streams(&s, cx);
  Command cmd = shop_command(cx, "tally.add", "tally/2", "new-year-01", "{\"amount\":1}");
  cmd.now = cmd.happened = day_start(day_ymd(2019, 12, 30)) + 9 * 3600000; /* due a day later */
  EXPECT_INT(runner_run(cx, s.runner, &cmd, &r), OK);
  SCOPED(reader_close_p) Reader *rd = NULL;
  EXPECT_INT(reader_open(cx, s.runner, &rd), OK);
  EXPECT_INT(reader_due(cx, rd, day_start(day_ymd(2020, 1, 2)), 10, &due, &n), OK);
  bool found = false;
  for (size_t i = 0; i < n; i++) found |= str_eq(due[i].stream, S("tally/2")) && day_of(due[i].at).n == day_ymd(2019, 12, 31).n;
  EXPECT(found);
  reader_close_p(&rd);
  shop_drop(&s);
}

/* ---- without a runner ------------------------------------------------------------------------------- */

TEST(a_store_can_be_read_beside_the_process_that_writes_and_after_it) {
  Shop s;
  const void *state = NULL;
  int64_t seq = 0;
  Str value;
  three_streams(&s, cx);
  SCOPED(reader_close_p) Reader *rd = NULL;
  EXPECT_INT(reader_open_dir(cx, &s.o, &rd), OK); /* the runner holds the lock */
  EXPECT_INT(reader_state(cx, rd, S("tally/1"), &state, &seq), OK);
  EXPECT_INT(((const Tally *)state)->total, expected_total(1));
  EXPECT_INT(shop_add(&s, cx, "after-00001", 100), OK); /* and goes on writing */
  reader_begin(rd);
  EXPECT_INT(reader_state(cx, rd, S("tally/1"), &state, &seq), OK);
  EXPECT_INT(((const Tally *)state)->total, expected_total(1) + 100);
  EXPECT_INT(reader_vault(cx, rd, S("v1.wang"), &value), DENIED);
  cx_clear(cx);
  shop_close(&s);
  reader_close_p(&rd);
  EXPECT_INT(reader_open_dir(cx, &s.o, &rd), OK);
  EXPECT_INT(reader_state(cx, rd, S("tally/1"), &state, &seq), OK);
  EXPECT_INT(seq, 12);
  reader_close_p(&rd);
  shop_drop(&s);
}

TEST(reading_without_a_runner_needs_no_key_of_the_vault) {
  Shop s;
  const void *state = NULL;
  int64_t seq = 0;
  three_streams(&s, cx);
  shop_close(&s);
  REQUIRE(unlink(arena_z(cx->mem, shop_path(&s, "vault.key"))) == 0);
  SCOPED(reader_close_p) Reader *rd = NULL;
  EXPECT_INT(reader_open_dir(cx, &s.o, &rd), OK);
  EXPECT_INT(reader_state(cx, rd, S("tally/2"), &state, &seq), OK);
  reader_close_p(&rd);
  shop_drop(&s);
}

TEST(a_store_that_is_not_there_or_has_no_fitting_views_is_said_to_be_so) {
  if (shop_in_pg()) return; /* of files */
  Shop s;
  SCOPED(reader_close_p) Reader *rd = NULL;
  three_streams(&s, cx);
  shop_close(&s);
  StoreOptions other = s.o;
  other.dir = S("build/no-such-store");
  EXPECT_INT(reader_open_dir(cx, &other, &rd), NOT_FOUND);
  cx_clear(cx);
  const Engine *wider[] = {&tally_engine_wider};
  other = s.o;
  other.engines = wider;
  EXPECT_INT(reader_open_dir(cx, &other, &rd), BUSY);
  EXPECT(str_has(cx->detail, S("rebuild")));
  cx_clear(cx);
  REQUIRE(unlink(arena_z(cx->mem, shop_path(&s, "views.db"))) == 0);
  EXPECT_INT(reader_open_dir(cx, &s.o, &rd), BUSY);
  EXPECT(str_has(cx->detail, S("rebuild")));
  cx_clear(cx);
  shop_drop(&s);
}

/* An engine whose states are heavy: ten megabytes an event. */
static void *heavy_fold(Arena *mem, void *state, const Event *e) {
  (void)e;
  arena_alloc(mem, 10, 1 << 20, 16);
  return state ? state : arena_new(mem, Tally);
}

TEST(heavy_states_are_dropped_by_their_weight) {
  enum { STREAMS = 20 };
  Shop s;
  shop_start(&s, cx);
  for (int n = 2; n <= STREAMS; n++) {
    CommandResult r;
    Str key = arena_fmt(cx->mem, "open-heavy-%d", n);
    EXPECT_INT(shop_do(&s, cx, "tally.open", "", arena_z(cx->mem, key), "{\"label\":\"重\"}", &r), OK);
  }
  Engine heavy = s.engine;
  heavy.fold = heavy_fold;
  const Engine *engines[] = {&heavy};
  Cache *c = cache__open(engines, 1, 16384);
  SCOPED(db__close_p) Db *db = NULL;
  EXPECT_INT(db__open(cx, shop_path(&s, "journal.db"), DB_READ, &db), OK);
  for (int n = 1; n <= STREAMS; n++) {
    StreamState *one = NULL;
    EXPECT_INT(cache__state(cx, c, db, arena_fmt(cx->mem, "tally/%d", n), &one), OK);
    cache__trim(c);
    EXPECT(cache__held(c) <= (size_t)128 << 20);
  }
  EXPECT(cache__held(c) > (size_t)100 << 20); /* and no more is dropped than must be */
  cache__close(c);
  db__close_p(&db);
  shop_drop(&s);
}
