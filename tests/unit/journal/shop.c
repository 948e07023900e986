/* SPDX-License-Identifier: Apache-2.0 */
#include "shop.h"
#include "place.h"

#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

bool shop_in_pg(void) {
  return place_in_pg();
}

void shop_make(Shop *s, Cx *cx, HashSuite suite) {
  char name[] = P_tmpdir "/yichuang-shop-XXXXXX";
  REQUIRE(mkdtemp(name) != NULL);
  *s = (Shop){.mem = cx->mem, .files = arena_str(cx->mem, str_of(name)), .engine = tally_engine, .base = -1};
  s->dir = place_make(cx, s->files, &s->base);
  gate_init(&s->gate);
  s->env.gate = &s->gate;
  s->engine.env = &s->env;
  s->engines[0] = &s->engine;
  s->o = (StoreOptions){.dir = s->dir, .engines = s->engines, .engine_count = 1};
  Json *labels = json_obj(cx->mem);
  json_put_str(cx->mem, labels, S("made-by"), S("测试"));
  Code code = store_make(cx, s->dir, suite, labels);
  if (code != OK) fprintf(stderr, "%.*s\n", SFMT(cx->detail));
  REQUIRE(code == OK);
}

void shop_start(Shop *s, Cx *cx) {
  CommandResult r;
  shop_make(s, cx, SUITE_GM);
  Code code = shop_open(s, cx);
  REQUIRE(code == OK);
  code = shop_do(s, cx, "tally.open", "", "open-tally-1", "{\"label\":\"计数一\"}", &r);
  REQUIRE(code == OK && str_eq(r.stream, S("tally/1")));
}

Code shop_open(Shop *s, Cx *cx) {
  return runner_open(cx, &s->o, &s->runner);
}

void shop_close(Shop *s) {
  runner_close(s->runner);
  s->runner = NULL;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at) {
  (void)st, (void)kind, (void)at;
  return remove(path);
}

void shop_drop(Shop *s) {
  if (s->runner) shop_close(s);
  place_free(s->base);
  nftw(arena_z(s->mem, s->files), remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

Str shop_path(const Shop *s, const char *name) {
  return store__path(s->mem, s->dir, name);
}

Command shop_command(Cx *cx, const char *name, const char *stream, const char *key, const char *args) {
  Json *tree = NULL;
  Code code = json_parse(cx, str_of(args), &tree);
  REQUIRE(code == OK);
  return (Command){.name = str_of(name), .stream = str_of(stream), .key = str_of(key), .args = tree, .now = cx->now,
                   .actor = {.id = S("wang"), .name = S("王某"), .unit = S("window"), .roles = TALLY_USER}};
}

Code shop_do(Shop *s, Cx *cx, const char *name, const char *stream, const char *key, const char *args,
             CommandResult *out) {
  Command cmd = shop_command(cx, name, stream, key, args);
  return runner_run(cx, s->runner, &cmd, out);
}

Code shop_add(Shop *s, Cx *cx, const char *key, int amount) {
  CommandResult r;
  Str args = arena_fmt(cx->mem, "{\"amount\":%d}", amount);
  Code code = shop_do(s, cx, "tally.add", "tally/1", key, args.ptr, &r);
  cx_clear(cx);
  return code;
}

static const Sql sql_events = {"test.events", "", "i", "SELECT count(*) FROM event"};

static int64_t one_number(Shop *s, Cx *cx, const char *file, const Sql *q, const Val *vals, size_t n) {
  SCOPED(db__close_p) Db *db = NULL;
  int64_t out = -1;
  if (db__open(cx, shop_path(s, file), DB_READ, &db) == OK) {
    if (!strcmp(file, "views.db")) shop_gate(s, db);
    (void)db_int(cx, db, q, vals, n, -1, &out);
  }
  cx_clear(cx);
  return out;
}

void shop_gate(Shop *s, Db *db) {
  if (s->runner && !shop_in_pg()) db__gate(db, s->runner->w.gate);
}

int64_t shop_events(Shop *s, Cx *cx) {
  return one_number(s, cx, "journal.db", &sql_events, NO_VALS);
}

int64_t shop_total(Shop *s, Cx *cx, const char *stream) {
  return one_number(s, cx, "views.db", &sql_tally_total, VALS(val_s(str_of(stream))));
}

/* x'ab' → '\xab' */
static const char *bytes_in_pg(Arena *mem, const char *sql) {
  SCOPED(buf_drop) Buf b;
  buf_init(&b, 1 << 20);
  for (char before = ' '; *sql; before = *sql++)
    if (sql[0] == 'x' && sql[1] == '\'' && (before == ' ' || before == '(')) {
      buf_add(&b, S("'\\x"));
      sql++;
    } else {
      buf_char(&b, *sql);
    }
  return arena_str(mem, buf_str(&b)).ptr;
}

void shop_tamper(Shop *s, Cx *cx, const char *file, const char *sql) {
  SCOPED(db__close_p) Db *db = NULL;
  bool journal = !strcmp(file, "journal.db");
  Code code = db__open(cx, shop_path(s, file), journal ? DB_WRITE_JOURNAL : DB_WRITE_VIEWS, &db);
  if (code == OK && journal) code = db__script(cx, db, shop_in_pg() ? "DROP TRIGGER event_kept ON event; DROP TRIGGER event_stays ON event"
                                                                            : "DROP TRIGGER event_kept; DROP TRIGGER event_stays");
  if (code == OK) code = db__script(cx, db, shop_in_pg() ? bytes_in_pg(cx->mem, sql) : sql);
  if (code != OK) fprintf(stderr, "%.*s\n", SFMT(cx->detail));
  REQUIRE(code == OK);
}

int shop_flip(Shop *s, const char *file, const char *from, const char *to) {
  Cx cx = {.mem = s->mem};
  Str path = shop_path(s, file), all;
  int places = 0;
  if (file_read(&cx, path, (size_t)64 << 20, &all) != OK) return 0;
  int fd = open(path.ptr, O_WRONLY | O_CLOEXEC);
  REQUIRE(fd >= 0 && strlen(from) == strlen(to));
  for (size_t at = 0; at + strlen(from) <= all.len; at++)
    if (!memcmp(all.ptr + at, from, strlen(from)))
      places += pwrite(fd, to, strlen(to), (off_t)at) == (ssize_t)strlen(to);
  close(fd);
  return places;
}

int shop_grep(Shop *s, Str needle) {
  static const char *const files[] = {"journal.db", "journal.db-wal", "journal.db-shm", "views.db", "views.db-wal",
                                      "views.db-shm", "vault.key",     "lock"};
  int found = 0;
  for (size_t i = 0; i < COUNT(files); i++) {
    Cx cx = {.mem = s->mem};
    Str all;
    if (file_read(&cx, shop_path(s, files[i]), (size_t)64 << 20, &all) == OK)
      found += memmem(all.ptr, all.len, needle.ptr, needle.len) != NULL;
  }
  return found;
}

VerifyReport shop_verify(Shop *s, Cx *cx) {
  VerifyReport report = {0};
  Code code = store_verify(cx, &s->o, &report);
  if (code != OK) report.fault = arena_fmt(cx->mem, "verify itself failed: %.*s", SFMT(cx->detail));
  return report;
}

int64_t shop_size(Shop *s, const char *file) {
  struct stat st;
  return stat(shop_path(s, file).ptr, &st) == 0 ? st.st_size : 0;
}

void shop_limit(int64_t bytes) {
  struct rlimit lim;
  getrlimit(RLIMIT_FSIZE, &lim);
  signal(SIGXFSZ, SIG_IGN);
  lim.rlim_cur = bytes < 0 ? lim.rlim_max : (rlim_t)bytes;
  setrlimit(RLIMIT_FSIZE, &lim);
}
