/* SPDX-License-Identifier: Apache-2.0 */
/* What a command may cost: one wait for the disk for a batch, and none for the views. The library's calls of
 * fdatasync and fsync come here first, because the program's symbols go before those of shared libraries. */
#include "journal/journal.h"
#include "test.h"

#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_int waits;

int fdatasync(int fd) {
  atomic_fetch_add(&waits, 1);
  return (int)syscall(SYS_fdatasync, fd);
}

int fsync(int fd) {
  atomic_fetch_add(&waits, 1);
  return (int)syscall(SYS_fsync, fd);
}

/* ---- an engine that counts ------------------------------------------------------------------------ */

static void *fold(Arena *mem, void *state, const Event *e) {
  int64_t *n = state ? state : arena_new(mem, int64_t);
  (void)e;
  ++*n;
  return n;
}

static Code decide(Cx *cx, const Ask *ask, Decision *d) {
  (void)cx;
  (void)ask;
  decision_emit(d, "sum.added", 1, NULL);
  return OK;
}

static const Sql sql_put = {"sum.put", "si", "",
                            "INSERT INTO sum(stream, n) VALUES(?1, ?2) ON CONFLICT(stream) DO UPDATE SET n = excluded.n"};
static Code project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  (void)env;
  return db_run(cx, views, &sql_put, VALS(val_s(e->stream), val_i(*(const int64_t *)state)));
}

static Code open_stream(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)cx;
  (void)views;
  (void)cmd;
  *stream = S("sum/1");
  return OK;
}

static const CommandDecl commands[] = {
    {.name = "sum.open", .label = "开", .help = "Opens.", .allow = 1, .creates = true, .decide = decide},
    {.name = "sum.add", .label = "加", .help = "Adds one.", .allow = 1, .decide = decide}};
static const Engine engine = {.prefix = "sum", .fold = fold, .commands = commands, .command_count = 2, .open = open_stream,
                              .schema = "CREATE TABLE sum(stream TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID, STRICT;",
                              .project = project};
static const Engine *const engines[] = {&engine};

static Command command_of(Cx *cx, const char *name, int i) {
  return (Command){.name = str_of(name), .stream = i ? S("sum/1") : S(""), .key = arena_fmt(cx->mem, "key-%08d", i),
                   .actor = {.id = S("a"), .name = S("甲"), .roles = 1}, .now = cx->now};
}

static Str store_of(Cx *cx) {
  char dir[] = "/tmp/yichuang-cost-XXXXXX";
  REQUIRE(mkdtemp(dir) != NULL);
  Str store = arena_fmt(cx->mem, "%s/store", dir);
  REQUIRE(store_make(cx, store, SUITE_INTL, json_obj(cx->mem)) == OK);
  return store;
}

static void store_remove(Cx *cx, Str store) {
  static const char *const files[] = {"journal.db", "journal.db-wal", "journal.db-shm", "views.db", "views.db-wal",
                                      "views.db-shm", "vault.key", "lock"};
  for (size_t i = 0; i < COUNT(files); i++) unlink(arena_fmt(cx->mem, "%.*s/%s", SFMT(store), files[i]).ptr);
  static const char *const dirs[] = {"/blobs/tmp", "/blobs", "", "/.."};
  for (size_t i = 0; i < COUNT(dirs); i++) {
    Str dir = arena_fmt(cx->mem, "%.*s%s", SFMT(i < 3 ? store : str_sub(store, 0, store.len - 6)), i < 3 ? dirs[i] : "");
    rmdir(dir.ptr);
  }
}

TEST(a_command_waits_for_the_disk_once) {
  enum { COMMANDS = 50 };
  Str store = store_of(cx);
  StoreOptions o = {.dir = store, .engines = engines, .engine_count = 1};
  Runner *r = NULL;
  REQUIRE(runner_open(cx, &o, &r) == OK);
  Command first = command_of(cx, "sum.open", 0);
  CommandResult result;
  EXPECT(runner_run(cx, r, &first, &result) == OK);
  atomic_store(&waits, 0);
  for (int i = 1; i <= COMMANDS; i++) {
    Command cmd = command_of(cx, "sum.add", i);
    EXPECT(runner_run(cx, r, &cmd, &result) == OK);
  }
  EXPECT_INT(atomic_load(&waits), COMMANDS);
  runner_close(r);
  store_remove(cx, store);
}

typedef struct Hold { sem_t held, go; } Hold;

static void hold(void *arg, const CommandResult *result) { /* the writer's thread stands here while the others queue */
  Hold *h = arg;
  REQUIRE(result->code == OK);
  sem_post(&h->held);
  sem_wait(&h->go);
}

static void count_down(void *arg, const CommandResult *result) {
  if (result->code == OK) atomic_fetch_sub((atomic_int *)arg, 1);
}

TEST(commands_that_wait_together_wait_for_the_disk_together) {
  enum { COMMANDS = 640, BATCH = 64 };
  Str store = store_of(cx);
  StoreOptions o = {.dir = store, .engines = engines, .engine_count = 1, .batch_max = BATCH};
  Runner *r = NULL;
  Hold h;
  atomic_int left = COMMANDS;
  REQUIRE(sem_init(&h.go, 0, 0) == 0 && sem_init(&h.held, 0, 0) == 0 && runner_open(cx, &o, &r) == OK);
  Command first = command_of(cx, "sum.open", 0);
  runner_submit(r, &first, hold, &h);
  sem_wait(&h.held);
  for (int i = 1; i <= COMMANDS; i++) {
    Command cmd = command_of(cx, "sum.add", i);
    runner_submit(r, &cmd, count_down, &left);
  }
  atomic_store(&waits, 0);
  sem_post(&h.go);
  while (atomic_load(&left)) usleep(1000);
  EXPECT_INT(atomic_load(&waits), COMMANDS / BATCH);
  runner_close(r);
  sem_destroy(&h.go);
  sem_destroy(&h.held);
  store_remove(cx, store);
}
