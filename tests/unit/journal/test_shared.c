/* SPDX-License-Identifier: Apache-2.0 */
/* Several servers on one database. Most of this needs a server: TEST_PG. */
#include "journal/db_int.h"
#include "shop.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- names and texts: without a server ------------------------------------------------------------- */

TEST(a_store_is_named_by_one_text) {
  Arena *m = t->mem;
  Str store = store_address(m, S("postgresql://li:geheim@db1,db2/yichuang?sslmode=require"), S("/srv/files"));
  EXPECT(store_shared(store) && !store_shared(S("/srv/yichuang")));
  EXPECT_STR(store_files(m, store), S("/srv/files"));
  EXPECT_STR(store_files(m, S("/srv/yichuang")), S("/srv/yichuang"));
  EXPECT_STR(store_shown(m, store), S("postgresql://li@db1,db2/yichuang?sslmode=require"));
  EXPECT_STR(store_shown(m, S("postgresql:///y?host=/s&password=geheim#var")), S("postgresql:///y?host=/s&…"));
  EXPECT_STR(store__path(m, store, "vault.key"), S("/srv/files/vault.key"));
  EXPECT_STR(store__path(m, store, "journal.db"), store);
  EXPECT_STR(store__path(m, S("d"), "journal.db"), S("d/journal.db"));
}

TEST(statements_are_put_into_the_other_words) {
  static const char *const rows[][2] = {
      {"SELECT a FROM t WHERE b = ?1 AND c = ?12", "SELECT a FROM t WHERE b = $1 AND c = $12"},
      {"SELECT '?1', \"?2\" FROM t /* ?3 */ LIMIT ?2 OFFSET ?1", "SELECT '?1', \"?2\" FROM t /* ?3 */ LIMIT nullif($2, -1) OFFSET $1"},
      {"SELECT 'it''s ?1' || ?1", "SELECT 'it''s ?1' || $1"}};
  for (size_t i = 0; i < COUNT(rows); i++) EXPECT_STR(pg__statement(t->mem, rows[i][0]), str_of(rows[i][1]));
  EXPECT_STR(pg__script(t->mem, "CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT NOT NULL, c BLOB) WITHOUT ROWID, STRICT;"),
             S("CREATE TABLE t(a bigint PRIMARY KEY, b text COLLATE \"C\" NOT NULL, c bytea);"));
  EXPECT_STR(pg__script(t->mem, "CREATE TABLE t(a INTEGER CHECK(a <> 'TEXT')) STRICT"),
             S("CREATE TABLE t(a bigint CHECK(a <> 'TEXT'))"));
  EXPECT_STR(pg__script(t->mem, "BEGIN IMMEDIATE"), S("BEGIN ; SELECT pg_advisory_xact_lock(" PG_LOCK_TEXT ")"));
}

/* ---- two servers ----------------------------------------------------------------------------------- */

typedef struct Pair {
  Shop a;
  Shop b;           /* the same database, a directory and a writer of its own */
} Pair;

static void second_make(Shop *a, Cx *cx, Shop *b) {
  char name[] = P_tmpdir "/yichuang-shop-XXXXXX";
  Str key;
  REQUIRE(mkdtemp(name) != NULL);
  *b = *a;
  b->runner = NULL;
  b->base = -1;
  b->files = arena_str(cx->mem, str_of(name));
  Str address, files;
  (void)str_cut(a->dir, '#', &address, &files);
  b->dir = store_address(cx->mem, address, b->files);
  b->engines[0] = &b->engine;
  b->engine.env = &b->env;
  b->env.gate = &b->gate;
  gate_init(&b->gate);
  b->o = (StoreOptions){.dir = b->dir, .engines = b->engines, .engine_count = 1};
  Code code = dir_make(cx, store__path(cx->mem, b->dir, "blobs/tmp"));
  if (code == OK) code = file_read(cx, store__path(cx->mem, a->dir, "vault.key"), 100, &key);
  if (code == OK) code = file_write(cx, store__path(cx->mem, b->dir, "vault.key"), key, 0600);
  REQUIRE(code == OK);
}

static void pair_start(Pair *p, Cx *cx) {
  shop_start(&p->a, cx);
  second_make(&p->a, cx, &p->b);
  Code code = shop_open(&p->b, cx);
  if (code != OK) fprintf(stderr, "%.*s\n", SFMT(cx->detail));
  REQUIRE(code == OK);
}

static void pair_drop(Pair *p) {
  shop_drop(&p->b);
  shop_drop(&p->a);
}

static void base_say(Shop *s, Cx *cx, const char *sql) {
  SCOPED(db__close_p) Db *db = NULL;
  Code code = db__open(cx, s->dir, DB_WRITE_JOURNAL, &db);
  if (code == OK) code = db__script(cx, db, sql);
  if (code != OK) fprintf(stderr, "%.*s\n", SFMT(cx->detail));
  REQUIRE(code == OK);
}

TEST(two_servers_write_in_turn_into_one_journal_without_gaps) {
  Pair p;
  Events e;
  if (!shop_in_pg()) return;
  pair_start(&p, cx);
  for (int i = 0; i < 20; i++)
    EXPECT_INT(shop_add(i % 2 ? &p.a : &p.b, cx, arena_fmt(cx->mem, "turn-%05d", i).ptr, 20 + i), OK);
  SCOPED(reader_close_p) Reader *rd = NULL;
  EXPECT_INT(reader_open(cx, p.b.runner, &rd), OK);
  EXPECT_INT(reader_journal(cx, rd, 0, 1000, &e), OK);
  EXPECT_INT(e.count, 21);
  for (size_t i = 0; i < e.count; i++) {
    EXPECT_INT(e.list[i].pos, i + 1);
    EXPECT_INT(e.list[i].seq, i + 1);
    if (i) EXPECT(hash_eq(e.list[i].prev, e.list[i - 1].leaf));
  }
  EXPECT_INT(shop_total(&p.a, cx, "tally/1"), 20 * 20 + 190);
  EXPECT_STR(shop_verify(&p.a, cx).fault, S(""));
  reader_close_p(&rd);
  pair_drop(&p);
}

TEST(a_key_that_one_server_answered_is_answered_the_same_by_the_other) {
  Pair p;
  CommandResult first, again;
  if (!shop_in_pg()) return;
  pair_start(&p, cx);
  EXPECT_INT(shop_do(&p.a, cx, "tally.add", "tally/1", "same-key-1", "{\"amount\":30}", &first), OK);
  EXPECT_INT(shop_do(&p.b, cx, "tally.add", "tally/1", "same-key-1", "{\"amount\":30}", &again), OK);
  EXPECT(again.repeated && !first.repeated);
  EXPECT_INT(again.pos, first.pos);
  EXPECT_INT(shop_do(&p.b, cx, "tally.add", "tally/1", "same-key-1", "{\"amount\":31}", &again), CONFLICT);
  cx_clear(cx);
  EXPECT_INT(shop_events(&p.a, cx), 2);
  pair_drop(&p);
}

static Code count_total(Cx *cx, Reader *rd, const void *arg, int64_t out[READER_SUMS]) {
  (void)arg;
  return db_int(cx, reader_views(rd), &sql_tally_sum, NO_VALS, 0, &out[0]);
}

TEST(a_page_of_one_server_shows_at_once_what_the_other_answered) {
  Pair p;
  const void *state = NULL;
  int64_t seq, sums[READER_SUMS];
  if (!shop_in_pg()) return;
  pair_start(&p, cx);
  SCOPED(reader_close_p) Reader *rd = NULL;
  EXPECT_INT(reader_open(cx, p.b.runner, &rd), OK);
  for (int i = 1; i <= 5; i++) {
    EXPECT_INT(shop_add(&p.a, cx, arena_fmt(cx->mem, "shown-%04d", i).ptr, 20), OK);
    reader_begin(rd);
    EXPECT_INT(reader_state(cx, rd, S("tally/1"), &state, &seq), OK);
    EXPECT_INT(((const Tally *)state)->total, 20 * i);
    EXPECT_INT(reader_sums(cx, rd, S("total"), count_total, NULL, sums), OK);
    EXPECT_INT(sums[0], 20 * i);
  }
  reader_close_p(&rd);
  pair_drop(&p);
}

static int readied;
static Code ready(Cx *cx, Db *views, const void *env) {
  (void)cx, (void)views, (void)env;
  readied++;
  return OK;
}

TEST(engines_take_in_what_another_server_wrote_before_a_batch_and_before_a_page) {
  Pair p;
  if (!shop_in_pg()) return;
  shop_start(&p.a, cx);
  second_make(&p.a, cx, &p.b);
  p.b.engine.ready = ready;
  EXPECT_INT(shop_open(&p.b, cx), OK);
  readied = 0;
  EXPECT_INT(shop_add(&p.b, cx, "own-000001", 20), OK);
  EXPECT_INT(readied, 0); /* its own */
  EXPECT_INT(shop_add(&p.a, cx, "other-0001", 20), OK);
  EXPECT_INT(shop_add(&p.b, cx, "own-000002", 20), OK);
  EXPECT_INT(readied, 1);
  SCOPED(reader_close_p) Reader *rd = NULL;
  EXPECT_INT(reader_open(cx, p.b.runner, &rd), OK);
  EXPECT_INT(shop_add(&p.a, cx, "other-0002", 20), OK);
  reader_begin(rd);
  EXPECT_INT(readied, 2);
  reader_begin(rd);
  EXPECT_INT(readied, 2);
  reader_close_p(&rd);
  pair_drop(&p);
}

TEST(a_file_that_one_server_took_is_had_by_the_other) {
  Pair p;
  Str hash, path, bytes;
  int64_t size;
  if (!shop_in_pg()) return;
  pair_start(&p, cx);
  SCOPED(blob_drop) Blob *b = NULL;
  EXPECT_INT(blob_open(cx, p.a.dir, 1000, &b), OK);
  EXPECT_INT(blob_add(cx, b, "drawing", 7), OK);
  EXPECT_INT(blob_finish(cx, b, &hash, &size), OK);
  EXPECT_INT(blob_path(cx, p.b.dir, hash, &path), OK);
  EXPECT(str_starts(path, p.b.files));
  EXPECT_INT(file_read(cx, path, 100, &bytes), OK);
  EXPECT_STR(bytes, S("drawing"));
  EXPECT_INT(unlink(arena_z(cx->mem, path)), 0);
  base_say(&p.a, cx, "UPDATE file SET bytes = 'other' WHERE path LIKE 'blobs/%'");
  EXPECT_INT(blob_path(cx, p.b.dir, hash, &path), BROKEN);
  cx_clear(cx);
  pair_drop(&p);
}

/* ---- connections ----------------------------------------------------------------------------------- */

#define CUT "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"

TEST(after_its_connections_were_cut_a_server_goes_on_by_itself) {
  Shop s;
  const void *state = NULL;
  int64_t seq;
  if (!shop_in_pg()) return;
  shop_start(&s, cx);
  SCOPED(reader_close_p) Reader *rd = NULL;
  EXPECT_INT(reader_open(cx, s.runner, &rd), OK);
  for (int i = 0; i < 3; i++) {
    base_say(&s, cx, CUT);
    EXPECT_INT(shop_add(&s, cx, arena_fmt(cx->mem, "cut-%06d", i).ptr, 20), OK);
    base_say(&s, cx, CUT);
    usleep(1100000); /* a lost connection is tried again once a second */
    reader_begin(rd);
    EXPECT_INT(reader_state(cx, rd, S("tally/1"), &state, &seq), OK);
    EXPECT_INT(((const Tally *)state)->total, 20 * (i + 1));
  }
  EXPECT(!runner_readonly(s.runner));
  EXPECT_INT(shop_events(&s, cx), 4);
  reader_close_p(&rd);
  shop_drop(&s);
}

static void *let_go(void *arg) {
  Shop *s = arg;
  Cx cx = {.mem = arena_open((size_t)1 << 20)};
  gate_await(&s->gate, 1);
  base_say(s, &cx, CUT); /* in the middle of its transaction */
  gate_let(&s->gate, 9);
  arena_close(cx.mem);
  return NULL;
}

TEST(a_batch_whose_connection_is_cut_in_the_middle_is_done_once) {
  Shop s;
  CommandResult r;
  pthread_t other;
  if (!shop_in_pg()) return;
  shop_start(&s, cx);
  REQUIRE(pthread_create(&other, NULL, let_go, &s) == 0);
  EXPECT_INT(shop_do(&s, cx, "tally.wait", "tally/1", "waited-001", "{}", &r), OK);
  pthread_join(other, NULL);
  EXPECT_INT(shop_events(&s, cx), 2);
  EXPECT_STR(shop_verify(&s, cx).fault, S(""));
  shop_drop(&s);
}

/* From another database of the same server: nobody gets in any more, or everybody. */
static void base_shut(Shop *s, Cx *cx, bool shut) {
  SCOPED(db__close_p) Db *db = NULL;
  Str address = arena_fmt(cx->mem, "postgresql:///postgres?host=%s&user=postgres", getenv("TEST_PG")), rest, name, more;
  (void)str_cut(str_sub(s->dir, strlen("postgresql:///"), SIZE_MAX), '?', &name, &more);
  rest = arena_fmt(cx->mem, "ALTER DATABASE %.*s ALLOW_CONNECTIONS %s", SFMT(name), shut ? "false" : "true");
  Code code = db__open(cx, address, DB_WRITE_VIEWS, &db);
  if (code == OK) code = db__script(cx, db, rest.ptr);
  rest = arena_fmt(cx->mem, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%.*s'", SFMT(name));
  if (code == OK && shut) code = db__script(cx, db, rest.ptr);
  REQUIRE(code == OK);
}

TEST(a_server_whose_database_is_gone_says_busy_and_works_again_when_it_is_back) {
  Shop s;
  CommandResult r;
  if (!shop_in_pg()) return;
  shop_start(&s, cx);
  s.runner->w.down = true; /* as if it had waited half a minute once already */
  base_shut(&s, cx, true);
  EXPECT_INT(shop_do(&s, cx, "tally.add", "tally/1", "gone-00001", "{\"amount\":20}", &r), BUSY);
  EXPECT(str_has(cx->detail, S("没有办理")) && !runner_readonly(s.runner));
  cx_clear(cx);
  base_shut(&s, cx, false);
  EXPECT_INT(shop_do(&s, cx, "tally.add", "tally/1", "gone-00001", "{\"amount\":20}", &r), OK);
  EXPECT(!r.repeated);
  EXPECT_INT(shop_events(&s, cx), 2);
  shop_drop(&s);
}

TEST(an_old_primary_is_not_believed) {
  Shop s;
  Str text, system, rest;
  int64_t timeline = 0;
  if (!shop_in_pg()) return;
  shop_start(&s, cx);
  Str path = store__path(cx->mem, s.dir, "timeline");
  EXPECT_INT(file_read(cx, path, 100, &text), OK);
  EXPECT(str_cut(str_trim(text), ' ', &system, &rest) && str_to_i64(rest, &timeline) && timeline >= 1);
  EXPECT_INT(file_write(cx, path, arena_fmt(cx->mem, "%.*s %lld\n", SFMT(system), (long long)timeline + 1), 0600), OK);
  SCOPED(db__close_p) Db *db = NULL;
  EXPECT_INT(db__open(cx, s.dir, DB_READ, &db), BUSY);
  EXPECT(str_has(cx->detail, S("旧主库")));
  cx_clear(cx);
  EXPECT_INT(file_write(cx, path, arena_fmt(cx->mem, "%.*s %lld\n", SFMT(system), (long long)timeline - 1), 0600), OK);
  EXPECT_INT(db__open(cx, s.dir, DB_READ, &db), OK);
  EXPECT_INT(file_read(cx, path, 100, &text), OK); /* what is newer is written down */
  EXPECT_STR(text, arena_fmt(cx->mem, "%.*s %lld\n", SFMT(system), (long long)timeline));
  db__close_p(&db);
  shop_drop(&s);
}

TEST(the_first_host_that_answers_is_taken) {
  Shop s;
  if (!shop_in_pg()) return;
  shop_make(&s, cx, SUITE_GM);
  Str address, files, head, tail;
  (void)str_cut(s.dir, '#', &address, &files);
  ptrdiff_t at = str_find(address, S("host="));
  head = str_sub(address, 0, (size_t)at + 5);
  tail = str_sub(address, (size_t)at + 5, SIZE_MAX);
  SCOPED(db__close_p) Db *db = NULL;
  EXPECT_INT(db__open(cx, arena_fmt(cx->mem, "%.*s/nowhere,%.*s", SFMT(head), SFMT(tail)), DB_READ, &db), OK);
  EXPECT_INT(db__open(cx, S("postgresql:///x?nonsense=1"), DB_READ, &(Db *){NULL}), INVALID);
  cx_clear(cx);
  db__close_p(&db);
  shop_drop(&s);
}

/* ---- what is refused -------------------------------------------------------------------------------- */

TEST(a_database_that_may_lose_what_was_answered_is_refused) {
  Shop s;
  if (!shop_in_pg()) return;
  shop_make(&s, cx, SUITE_GM);
  base_say(&s, cx, "DO $$BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END$$");
  EXPECT_INT(shop_open(&s, cx), INVALID);
  EXPECT(str_has(cx->detail, S("synchronous_commit=off")));
  cx_clear(cx);
  base_say(&s, cx, "DO $$BEGIN EXECUTE format('ALTER DATABASE %I RESET synchronous_commit', current_database()); END$$");
  EXPECT_INT(shop_open(&s, cx), OK);
  shop_drop(&s);
}

TEST(a_server_with_another_key_of_the_vault_is_refused) {
  Pair p;
  if (!shop_in_pg()) return;
  shop_start(&p.a, cx);
  second_make(&p.a, cx, &p.b);
  EXPECT_INT(vault__key_make(cx, p.b.files), OK);
  EXPECT_INT(shop_open(&p.b, cx), CONFLICT);
  EXPECT(str_has(cx->detail, S("vault.key")));
  cx_clear(cx);
  pair_drop(&p);
}

TEST(a_server_of_another_version_does_not_write_into_views_it_does_not_know) {
  Pair p;
  if (!shop_in_pg()) return;
  pair_start(&p, cx);
  shop_close(&p.b);
  p.b.engine = tally_engine_wider;
  p.b.engine.env = &p.b.env;
  EXPECT_INT(shop_open(&p.b, cx), OK); /* builds them anew */
  EXPECT_INT(shop_add(&p.b, cx, "newer-0001", 20), OK);
  EXPECT_INT(shop_add(&p.a, cx, "older-0001", 20), BUSY);
  EXPECT_INT(shop_events(&p.a, cx), 2);
  EXPECT_STR(shop_verify(&p.b, cx).fault, S(""));
  pair_drop(&p);
}

TEST(a_database_older_than_what_was_answered_gets_nothing_more) {
  Shop s;
  CommandResult r;
  if (!shop_in_pg()) return;
  shop_start(&s, cx);
  EXPECT_INT(shop_add(&s, cx, "kept-00001", 20), OK);
  shop_tamper(&s, cx, "journal.db", "DELETE FROM event WHERE pos = 2; UPDATE views.position SET pos = 1");
  EXPECT_INT(shop_do(&s, cx, "tally.add", "tally/1", "lost-00001", "{\"amount\":20}", &r), BUSY);
  EXPECT(str_has(cx->detail, S("旧的副本")));
  cx_clear(cx);
  EXPECT_INT(shop_events(&s, cx), 1);
  shop_drop(&s);
}

TEST(events_are_never_changed_removed_or_cut_off) {
  static const char *const acts[] = {"UPDATE event SET actor = 'li'", "DELETE FROM event", "TRUNCATE event"};
  Shop s;
  if (!shop_in_pg()) return;
  shop_start(&s, cx);
  for (size_t i = 0; i < COUNT(acts); i++) {
    SCOPED(db__close_p) Db *db = NULL;
    EXPECT_INT(db__open(cx, s.dir, DB_WRITE_JOURNAL, &db), OK);
    EXPECT_INT(db__script(cx, db, acts[i]), CONFLICT);
    cx_clear(cx);
  }
  EXPECT_INT(shop_events(&s, cx), 1);
  shop_drop(&s);
}
