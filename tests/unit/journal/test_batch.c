/* SPDX-License-Identifier: Apache-2.0 */
/* The queue and the writer: group commit, a spoiled batch, a full queue, a disk that stops taking. */
#include "shop.h"

#include <stdio.h>
#include <unistd.h>

enum { MANY = 10 };

/* What done saw, on the writer's thread. */
typedef struct Seen {
  Shop *s;
  int calls;
  Code codes[MANY + 2];
  int64_t pos[MANY + 2];
  int64_t events[MANY + 2]; /* in the journal at that moment, for a fresh connection */
  Str streams[MANY + 2];
  Arena *mem;
  pthread_mutex_t lock;
} Seen;

static void seen_init(Seen *n, Shop *s, Arena *mem) {
  *n = (Seen){.s = s, .mem = mem};
  pthread_mutex_init(&n->lock, NULL);
}

static void note(void *arg, const CommandResult *r) {
  Seen *n = arg;
  Cx cx = {.mem = n->mem};
  pthread_mutex_lock(&n->lock);
  int i = n->calls++;
  REQUIRE(i < MANY + 2);
  n->codes[i] = r->code;
  n->pos[i] = r->pos;
  n->streams[i] = arena_str(n->mem, r->stream);
  n->events[i] = shop_events(n->s, &cx);
  pthread_mutex_unlock(&n->lock);
}

static void submit(Shop *s, Cx *cx, Seen *n, const char *name, const char *key, const char *args) {
  Command cmd = shop_command(cx, name, "tally/1", key, args);
  runner_submit(s->runner, &cmd, note, n);
}

static void submit_adds(Shop *s, Cx *cx, Seen *n, int count, int odd, const char *odd_name) {
  for (int i = 0; i < count; i++) {
    Str key = arena_fmt(cx->mem, "batch-%05d", i);
    if (i == odd) submit(s, cx, n, odd_name, key.ptr, "{}");
    else submit(s, cx, n, "tally.add", key.ptr, "{\"amount\":1}");
  }
}

TEST(everyone_of_a_batch_is_answered_after_its_one_commit) {
  Shop s;
  Seen n;
  shop_start(&s, cx);
  seen_init(&n, &s, arena_open((size_t)16 << 20));
  submit(&s, cx, &n, "tally.wait", "wait-00001", "{}"); /* the writer is busy; the others become one batch */
  gate_await(&s.gate, 1);
  submit_adds(&s, cx, &n, MANY, -1, NULL);
  EXPECT_INT(n.calls, 0);
  EXPECT_INT(shop_events(&s, cx), 1);
  gate_let(&s.gate, 1);
  shop_close(&s); /* finishes what is queued */
  EXPECT_INT(n.calls, MANY + 1);
  EXPECT_INT(n.events[0], 2);
  for (int i = 1; i <= MANY; i++) {
    EXPECT_INT(n.codes[i], OK);
    EXPECT_INT(n.pos[i], 2 + i);
    EXPECT_INT(n.events[i], 2 + MANY); /* the first one answered sees the last one's event */
  }
  arena_close(n.mem);
  shop_drop(&s);
}

TEST(a_reader_never_sees_what_is_not_committed) {
  Shop s;
  Seen n;
  const void *state;
  int64_t seq;
  shop_start(&s, cx);
  seen_init(&n, &s, arena_open((size_t)16 << 20));
  SCOPED(reader_close_p) Reader *rd = NULL;
  EXPECT_INT(reader_open(cx, s.runner, &rd), OK);
  submit(&s, cx, &n, "tally.wait", "wait-00001", "{}");
  gate_await(&s.gate, 1);
  submit(&s, cx, &n, "tally.add", "batch-00001", "{\"amount\":7}");
  submit(&s, cx, &n, "tally.wait", "wait-00002", "{}");
  gate_let(&s.gate, 1);
  gate_await(&s.gate, 2); /* the 7 is written inside the open transaction */
  EXPECT_INT(reader_state(cx, rd, S("tally/1"), &state, &seq), OK);
  EXPECT_INT(((const Tally *)state)->total, 1);
  EXPECT_INT(seq, 2);
  EXPECT_INT(shop_total(&s, cx, "tally/1"), 1);
  gate_let(&s.gate, 1);
  while (shop_events(&s, cx) < 4) usleep(1000);
  EXPECT_INT(reader_state(cx, rd, S("tally/1"), &state, &seq), OK);
  EXPECT_INT(((const Tally *)state)->total, 9);
  reader_close_p(&rd);
  shop_drop(&s);
  arena_close(n.mem);
}

TEST(one_command_that_fails_while_writing_does_not_harm_the_others_of_its_batch) {
  Shop s;
  Seen n;
  shop_start(&s, cx);
  seen_init(&n, &s, arena_open((size_t)16 << 20));
  log_level(LOG_ERROR + 1);
  submit(&s, cx, &n, "tally.wait", "wait-00001", "{}");
  gate_await(&s.gate, 1);
  submit_adds(&s, cx, &n, MANY, 4, "tally.spoil");
  gate_let(&s.gate, 1);
  shop_close(&s);
  log_level(LOG_INFO);
  EXPECT_INT(n.calls, MANY + 1);
  for (int i = 1; i <= MANY; i++) {
    EXPECT_INT(n.codes[i], i == 5 ? BROKEN : OK);
    EXPECT_STR(n.streams[i], i == 5 ? S("") : S("tally/1"));
  }
  EXPECT_INT(shop_open(&s, cx), OK);
  EXPECT_INT(shop_events(&s, cx), 1 + MANY);
  EXPECT_INT(shop_total(&s, cx, "tally/1"), MANY);
  EXPECT_STR(shop_verify(&s, cx).fault, S(""));
  arena_close(n.mem);
  shop_drop(&s);
}

TEST(one_command_that_loses_the_transaction_while_reading_does_not_harm_the_others_of_its_batch) {
  Shop s;
  Seen n;
  shop_start(&s, cx);
  seen_init(&n, &s, arena_open((size_t)16 << 20));
  log_level(LOG_ERROR + 1);
  submit(&s, cx, &n, "tally.wait", "wait-00001", "{}");
  gate_await(&s.gate, 1);
  submit_adds(&s, cx, &n, MANY, 4, "tally.lose");
  gate_let(&s.gate, 1);
  shop_close(&s);
  log_level(LOG_INFO);
  EXPECT_INT(n.calls, MANY + 1);
  for (int i = 1; i <= MANY; i++) EXPECT_INT(n.codes[i], i == 5 ? BROKEN : OK);
  EXPECT_INT(shop_open(&s, cx), OK);
  EXPECT_INT(shop_events(&s, cx), 1 + MANY);
  EXPECT_INT(shop_total(&s, cx, "tally/1"), MANY);
  EXPECT_STR(shop_verify(&s, cx).fault, S(""));
  arena_close(n.mem);
  shop_drop(&s);
}

TEST(after_a_spoiled_command_the_state_is_that_of_the_journal_again) {
  Shop s;
  CommandResult r;
  shop_start(&s, cx);
  EXPECT_INT(shop_add(&s, cx, "add-000001", 5), OK);
  log_level(LOG_ERROR + 1);
  EXPECT_INT(shop_do(&s, cx, "tally.spoil", "tally/1", "spoil-0001", "{}", &r), BROKEN);
  log_level(LOG_INFO);
  cx_clear(cx);
  EXPECT(!runner_readonly(s.runner));
  EXPECT_INT(shop_do(&s, cx, "tally.add", "tally/1", "add-000002", "{\"amount\":6}", &r), OK);
  EXPECT_INT(r.seq, 3);
  EXPECT_INT(r.pos, 3);
  EXPECT_INT(shop_total(&s, cx, "tally/1"), 11);
  shop_close(&s);
  EXPECT_STR(shop_verify(&s, cx).fault, S(""));
  shop_drop(&s);
}

TEST(a_command_may_make_as_many_as_sixty_four_events_at_once) {
  Shop s;
  CommandResult r;
  shop_start(&s, cx);
  EXPECT_INT(shop_do(&s, cx, "tally.split", "tally/1", "split-0001", "{\"parts\":64}", &r), OK);
  EXPECT_INT(r.seq, 65);
  EXPECT_INT(shop_total(&s, cx, "tally/1"), 64);
  EXPECT_INT(shop_do(&s, cx, "tally.split", "tally/1", "split-0002", "{\"parts\":0}", &r), OK); /* and none */
  EXPECT_INT(r.seq, 65);
  EXPECT_INT(shop_events(&s, cx), 65);
  shop_drop(&s);
}

TEST(a_full_queue_says_busy_at_once) {
  Shop s;
  Seen n;
  shop_make(&s, cx, SUITE_GM);
  s.o.queue_max = 3;
  EXPECT_INT(shop_open(&s, cx), OK);
  CommandResult r;
  EXPECT_INT(shop_do(&s, cx, "tally.open", "", "open-tally-1", "{\"label\":\"x\"}", &r), OK);
  seen_init(&n, &s, arena_open((size_t)16 << 20));
  submit(&s, cx, &n, "tally.wait", "wait-00001", "{}");
  gate_await(&s.gate, 1);
  submit_adds(&s, cx, &n, 3, -1, NULL);
  EXPECT_INT(n.calls, 0);
  submit(&s, cx, &n, "tally.add", "one-too-many", "{\"amount\":1}");
  EXPECT_INT(n.calls, 1); /* before submit returned */
  EXPECT_INT(n.codes[0], BUSY);
  gate_let(&s.gate, 1);
  shop_close(&s);
  EXPECT_INT(n.calls, 5);
  EXPECT_INT(shop_events(&s, cx), 5);
  EXPECT_INT(shop_total(&s, cx, "tally/1"), 4);
  arena_close(n.mem);
  shop_drop(&s);
}

/* ---- a disk that takes nothing more ----------------------------------------------------------------- */

TEST(a_commit_that_fails_stops_all_writing_until_the_store_is_opened_anew) {
  if (shop_in_pg()) return; /* of files */
  Shop s;
  CommandResult r;
  shop_start(&s, cx);
  EXPECT_INT(shop_add(&s, cx, "add-000001", 5), OK);
  log_level(LOG_ERROR + 1);
  shop_limit(shop_size(&s, "journal.db-wal"));
  EXPECT_INT(shop_add(&s, cx, "add-000002", 6), READONLY);
  shop_limit(-1);
  EXPECT(runner_readonly(s.runner));
  Str why = {0};
  EXPECT_INT(file_read(cx, shop_path(&s, "readonly.log"), 1 << 16, &why), OK);
  EXPECT(str_has(why, S("已转为只读")));
  EXPECT(!file_exists(shop_path(&s, "reserve")));
  EXPECT_INT(shop_add(&s, cx, "add-000003", 7), READONLY); /* though the disk would take it again */
  log_level(LOG_INFO);
  EXPECT_INT(shop_do(&s, cx, "tally.add", "tally/1", "add-000001", "{\"amount\":5}", &r), READONLY);
  cx_clear(cx);
  EXPECT_INT(shop_total(&s, cx, "tally/1"), 5); /* reading goes on */
  shop_close(&s);
  EXPECT_INT(shop_open(&s, cx), OK);
  EXPECT(!runner_readonly(s.runner));
  EXPECT(file_exists(shop_path(&s, "reserve")));
  EXPECT_INT(shop_events(&s, cx), 2);
  EXPECT_INT(shop_add(&s, cx, "add-000002", 6), OK);
  EXPECT_INT(shop_total(&s, cx, "tally/1"), 11);
  shop_close(&s);
  EXPECT_STR(shop_verify(&s, cx).fault, S(""));
  shop_drop(&s);
}

TEST(a_whole_batch_learns_that_its_commit_failed) {
  if (shop_in_pg()) return; /* of files */
  Shop s;
  Seen n;
  shop_start(&s, cx);
  seen_init(&n, &s, arena_open((size_t)16 << 20));
  submit(&s, cx, &n, "tally.wait", "wait-00001", "{}");
  gate_await(&s.gate, 1);
  submit_adds(&s, cx, &n, MANY, -1, NULL);
  log_level(LOG_ERROR + 1);
  shop_limit(shop_size(&s, "journal.db-wal"));
  gate_let(&s.gate, 1);
  shop_close(&s);
  shop_limit(-1);
  log_level(LOG_INFO);
  EXPECT_INT(n.calls, MANY + 1);
  for (int i = 0; i <= MANY; i++) EXPECT_INT(n.codes[i], READONLY);
  EXPECT_INT(shop_events(&s, cx), 1);
  arena_close(n.mem);
  shop_drop(&s);
}

TEST(when_only_the_views_fail_the_act_stands_and_opening_makes_up_for_it) {
  if (shop_in_pg()) return; /* of files */
  Shop s;
  shop_start(&s, cx);
  /* A fat log of the views: the limit then stops their commit alone. */
  shop_tamper(&s, cx, "views.db", "CREATE TABLE ballast(x BLOB) STRICT; INSERT INTO ballast VALUES(zeroblob(2000000));"
                                  "DROP TABLE ballast;");
  EXPECT(shop_size(&s, "views.db-wal") > shop_size(&s, "journal.db-wal") + 100000);
  log_level(LOG_ERROR + 1);
  shop_limit(shop_size(&s, "views.db-wal"));
  EXPECT_INT(shop_add(&s, cx, "add-000001", 5), OK); /* it is durable */
  shop_limit(-1);
  EXPECT(runner_readonly(s.runner)); /* nothing may be projected past the hole */
  EXPECT_INT(shop_add(&s, cx, "add-000002", 6), READONLY);
  log_level(LOG_INFO);
  EXPECT_INT(shop_events(&s, cx), 2);
  EXPECT_INT(shop_total(&s, cx, "tally/1"), 0);
  shop_close(&s);
  EXPECT_INT(shop_open(&s, cx), OK);
  EXPECT_INT(shop_total(&s, cx, "tally/1"), 5);
  EXPECT_INT(shop_add(&s, cx, "add-000002", 6), OK);
  shop_close(&s);
  EXPECT_STR(shop_verify(&s, cx).fault, S(""));
  shop_drop(&s);
}

TEST(once_writing_has_stopped_the_rest_of_a_spoiled_batch_is_not_tried) {
  if (shop_in_pg()) return; /* of files */
  Shop s;
  Seen n;
  shop_start(&s, cx);
  seen_init(&n, &s, arena_open((size_t)16 << 20));
  submit(&s, cx, &n, "tally.wait", "wait-00001", "{}");
  gate_await(&s.gate, 1);
  submit(&s, cx, &n, "tally.add", "batch-00001", "{\"amount\":1}");
  submit(&s, cx, &n, "tally.wait", "wait-00002", "{}");
  submit(&s, cx, &n, "tally.spoil", "spoil-0001", "{}"); /* each is then tried by itself */
  gate_let(&s.gate, 1);
  gate_await(&s.gate, 2);
  log_level(LOG_ERROR + 1);
  shop_limit(shop_size(&s, "journal.db-wal"));
  gate_let(&s.gate, 2);
  shop_close(&s);
  shop_limit(-1);
  log_level(LOG_INFO);
  EXPECT_INT(s.gate.inside, 2); /* wait-00002 was decided in the batch, and not again */
  EXPECT_INT(n.calls, 4);
  for (int i = 1; i < 4; i++) EXPECT_INT(n.codes[i], READONLY);
  EXPECT_INT(shop_events(&s, cx), 2);
  arena_close(n.mem);
  shop_drop(&s);
}

/* ---- who moves the log into the file ---------------------------------------------------------------- */

TEST(only_the_writer_moves_its_log_into_the_file) {
  if (shop_in_pg()) return; /* of files */
  Shop s;
  shop_start(&s, cx);
  for (int i = 0; i < 20; i++) EXPECT_INT(shop_add(&s, cx, arena_fmt(cx->mem, "add-%06d", i).ptr, 1), OK);
  Str before, after;
  EXPECT_INT(file_read(cx, shop_path(&s, "journal.db"), (size_t)64 << 20, &before), OK);
  for (int i = 0; i < 3; i++) {
    Reader *rd = NULL;
    Json *labels = NULL;
    EXPECT_INT(reader_open(cx, s.runner, &rd), OK);
    reader_close(rd);
    EXPECT_INT(store_labels(cx, s.dir, &labels), OK);
    EXPECT_STR(shop_verify(&s, cx).fault, S(""));
  }
  EXPECT_INT(file_read(cx, shop_path(&s, "journal.db"), (size_t)64 << 20, &after), OK);
  EXPECT(str_eq(before, after));
  shop_close(&s);
  unlink(shop_path(&s, "journal.db-wal").ptr); /* closing has moved everything */
  unlink(shop_path(&s, "journal.db-shm").ptr);
  EXPECT_INT(shop_events(&s, cx), 21);
  shop_drop(&s);
}

TEST(a_code_without_a_fault_is_not_answered_as_done) {
  Shop s;
  CommandResult result;
  shop_start(&s, cx);
  EXPECT_INT(shop_do(&s, cx, "tally.silent", "tally/1", "silent-0001", "{}", &result), BUSY);
  cx_clear(cx);
  EXPECT_INT(result.code, BUSY);
  EXPECT(result.detail.len > 0);
  EXPECT_INT(shop_events(&s, cx), 1);
  shop_drop(&s);
}
