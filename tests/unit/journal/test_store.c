/* SPDX-License-Identifier: Apache-2.0 */
/* Making a store, its labels, its lock. */
#include "shop.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

TEST(a_store_is_made_once_and_remembers_its_labels) {
  if (shop_in_pg()) return; /* of files */
  Shop s;
  Json *labels = NULL;
  shop_make(&s, cx, SUITE_GM);
  EXPECT_INT(store_labels(cx, s.dir, &labels), OK);
  EXPECT_STR(json_str(labels, S("made-by")), S("测试"));
  EXPECT_INT(store_make(cx, s.dir, SUITE_INTL, json_obj(t->mem)), CONFLICT);
  cx_clear(cx);
  EXPECT_INT(store_labels(cx, shop_path(&s, "blobs"), &labels), NOT_FOUND);
  cx_clear(cx);
  s.o.dir = shop_path(&s, "blobs");
  EXPECT_INT(shop_open(&s, cx), NOT_FOUND);
  cx_clear(cx);
  struct stat st;
  EXPECT_INT(stat(shop_path(&s, "vault.key").ptr, &st), 0);
  EXPECT_INT(st.st_mode & 07777, 0600);
  EXPECT_INT(stat(s.dir.ptr, &st), 0);
  EXPECT_INT(st.st_mode & 077, 0);
  shop_drop(&s);
}

TEST(a_store_whose_making_was_interrupted_can_be_made_again) {
  if (shop_in_pg()) return; /* of files */
  Shop s;
  Json *labels = NULL;
  shop_make(&s, cx, SUITE_GM);
  static const char *const parts[] = {"journal.db", "journal.db-wal", "journal.db-shm", "vault.key"};
  for (size_t i = 0; i < COUNT(parts); i++) unlink(shop_path(&s, parts[i]).ptr);
  SCOPED(db__close_p) Db *db = NULL;
  EXPECT_INT(db__open(cx, shop_path(&s, "journal.db"), DB_WRITE_JOURNAL, &db), OK); /* the file, and no more */
  db__close_p(&db);
  EXPECT_INT(store_make(cx, s.dir, SUITE_GM, json_obj(t->mem)), OK);
  EXPECT_INT(store_labels(cx, s.dir, &labels), OK);
  EXPECT_INT(shop_open(&s, cx), OK);
  shop_drop(&s);
}

TEST(a_file_that_is_no_store_is_not_overwritten) {
  if (shop_in_pg()) return; /* of files */
  Shop s;
  Str text;
  shop_make(&s, cx, SUITE_GM);
  unlink(shop_path(&s, "journal.db-wal").ptr);
  unlink(shop_path(&s, "journal.db-shm").ptr);
  Str precious = S("somebody's precious notes, kept under an unlucky name; longer than a header of a database, surely 100");
  EXPECT_INT(file_write(cx, shop_path(&s, "journal.db"), precious, 0600), OK);
  EXPECT_INT(store_make(cx, s.dir, SUITE_GM, json_obj(t->mem)), CONFLICT);
  cx_clear(cx);
  EXPECT_INT(file_read(cx, shop_path(&s, "journal.db"), 1000, &text), OK);
  EXPECT_STR(text, precious);
  EXPECT_INT(shop_open(&s, cx), BROKEN);
  cx_clear(cx);
  shop_drop(&s);
}

/* The code with which another process is told off; the child answers by its exit status. */
static int other_process(Shop *s, Code (*act)(Shop *s, Cx *cx)) {
  pid_t child = fork();
  if (child == 0) {
    Cx cx = {.mem = arena_open((size_t)64 << 20), .now = 1567386000000LL};
    _exit((int)act(s, &cx));
  }
  int status = 0;
  return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static Code other_opens(Shop *s, Cx *cx) {
  Runner *r = NULL;
  return runner_open(cx, &s->o, &r);
}

static Code other_rebuilds(Shop *s, Cx *cx) {
  int64_t n;
  return store_rebuild(cx, &s->o, &n);
}

static Code other_verifies(Shop *s, Cx *cx) {
  VerifyReport v;
  Code code = store_verify(cx, &s->o, &v);
  return code == OK && v.chain_ok && v.views_ok ? OK : BROKEN;
}

TEST(one_process_writes_and_any_may_verify) {
  if (shop_in_pg()) return; /* of files */
  Shop s;
  shop_start(&s, cx);
  EXPECT_INT(other_process(&s, other_opens), BUSY);
  EXPECT_INT(other_process(&s, other_rebuilds), BUSY);
  EXPECT_INT(other_process(&s, other_verifies), OK);
  Runner *second = NULL;
  EXPECT_INT(runner_open(cx, &s.o, &second), BUSY); /* nor twice in one process */
  EXPECT(str_has(cx->detail, S("另一个进程")));
  cx_clear(cx);
  EXPECT_INT(shop_add(&s, cx, "add-000001", 5), OK);
  shop_close(&s);
  EXPECT_INT(other_process(&s, other_rebuilds), OK);
  EXPECT_INT(shop_open(&s, cx), OK);
  EXPECT_INT(shop_total(&s, cx, "tally/1"), 5);
  shop_drop(&s);
}

TEST(commands_are_listed_in_the_order_of_the_engines) {
  Shop s;
  const CommandDecl *const *list;
  shop_start(&s, cx);
  EXPECT_INT(runner_commands(s.runner, &list), tally_engine.command_count);
  for (size_t i = 0; i < tally_engine.command_count; i++) EXPECT(list[i] == &tally_engine.commands[i]);
  EXPECT(runner_command(s.runner, S("tally.add")) == list[1]);
  EXPECT(runner_command(s.runner, S("tally.ad")) == NULL);
  shop_drop(&s);
}

TEST(closing_finishes_what_was_queued_and_an_empty_queue_closes_too) {
  Shop s;
  shop_start(&s, cx);
  shop_close(&s);
  EXPECT_INT(shop_open(&s, cx), OK);
  shop_close(&s);
  EXPECT_INT(shop_events(&s, cx), 1);
  runner_close(NULL);
  shop_drop(&s);
}
