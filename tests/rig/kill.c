/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kill: a process writes from several threads and is killed at a random moment, again and again. What it
 * acknowledged before it died must be in the journal exactly once and whole; what it had only sent, at most
 * once and whole or not at all; what it refused, never. The store must verify each time, and go on.
 *
 *   rig_kill [ROUNDS [SEED]]
 *
 * The writer tells over a pipe: S before it sends, A after the answer, R when refused. A pipe keeps what was
 * written before a SIGKILL. A third of the rounds sets a limit on the size of files instead: the system then
 * kills in the middle of a write, between two commits or within one. A round also kills while files are uploaded, while the views catch up or are
 * rebuilt, and while a store is being made. Every 40 rounds a new store, so that a long run stays quick.
 */
#include "../unit/journal/tally.h"
#include "journal/journal_int.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 40, ROUNDS_PER_STORE = 40, THREADS = 4, STREAMS = 6, BUCKETS = 1 << 14, RESENDS = 4 };
static const int64_t day_one = 1567386000000; /* 2019-09-02 */

typedef enum Mode { MODE_WRITE, MODE_TORN, MODE_FILES, MODE_RECOVER, MODE_CATCH_UP, MODE_REBUILD, MODE__MAX } Mode;
static const char *const mode_names[] = {"writing", "torn write", "uploading", "recovering", "catching up", "rebuilding"};

typedef struct Record { /* smaller than PIPE_BUF: written whole or not at all */
  char what;            /* S, A, R */
  char key[31];
  int32_t events;       /* how many the command makes */
  int64_t pos;
} Record;

typedef struct Act {
  struct Act *next;
  char key[32];
  int events, seen;
  int64_t pos, last;    /* as answered; of the last event seen */
  bool acked, refused;
} Act;

typedef struct Rig {
  Arena *mem;           /* as long as the store */
  Str dir;
  const Engine *engines[1];
  StoreOptions o;
  uint64_t random;
  Act *acts[BUCKETS];
  int64_t read_to, acked, unknown, unknown_kept, refused;
  int bad;              /* of this round */
  int failed, passed;
} Rig;

static uint32_t draw(uint64_t *state, uint32_t below) {
  uint64_t z = (*state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return (uint32_t)((z ^ (z >> 31)) >> 32) % below;
}

static void wrong(Rig *g, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void wrong(Rig *g, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  if (g->bad++ < 10) {
    fputs("  ", stderr);
    vfprintf(stderr, fmt, ap);
    fputc('\n', stderr);
  }
  va_end(ap);
}

/* ---- the writer, which will be killed ------------------------------------------------------------- */

typedef struct Worker {
  Rig *g;
  Runner *runner;
  uint64_t random;
  int pipe, round, id;
  Mode mode;
} Worker;

static void tell(const Worker *w, char what, const char *key, int events, int64_t pos) {
  Record r = {.what = what, .events = events, .pos = pos};
  snprintf(r.key, sizeof r.key, "%s", key);
  if (write(w->pipe, &r, sizeof r) != sizeof r) _exit(3);
}

static Str upload(Cx *cx, Worker *w) {
  SCOPED(blob_drop) Blob *b = NULL;
  static const char part[4096];
  Str hash = {0};
  int64_t size, mark = draw(&w->random, 1u << 20);
  Code code = blob_open(cx, w->g->dir, 1 << 20, &b);
  if (code == OK) code = blob_add(cx, b, &mark, sizeof mark);
  for (uint32_t n = draw(&w->random, 40); n && code == OK; n--) code = blob_add(cx, b, part, sizeof part);
  if (code == OK) code = blob_finish(cx, b, &hash, &size);
  if (code != OK) _exit(4);
  return hash;
}

/* One command under its key. The personal value can be told from the key. */
static Code send_one(Cx *cx, Runner *r, const char *key, const char *name, int stream, const Json *args,
                     CommandResult *out) {
  Personal phone = {.ref = arena_fmt(cx->mem, "v1.%s", key), .kind = S("phone"), .value = str_of(key)};
  Json *own = json_clone(cx->mem, args);
  json_put_str(cx->mem, own, S("phone_ref"), phone.ref);
  Command cmd = {.name = str_of(name), .stream = arena_fmt(cx->mem, "tally/%d", stream), .key = str_of(key),
                 .args = own, .now = day_one, .personal = &phone, .personal_count = 1,
                 .actor = {.id = S("wang"), .name = S("王某"), .roles = TALLY_USER}};
  return runner_run(cx, r, &cmd, out);
}

/* What a key stands for follows from its letter and number alone, so that the parent can send it again. */
static Code act_send(Cx *cx, Runner *r, const char *key, Str file, CommandResult *out) {
  Json *args = json_obj(cx->mem);
  int n = 0, round = 0;
  if (sscanf(key + 1, "-%d-%d", &round, &n) != 2) _exit(5);
  int stream = 1 + n % STREAMS;
  if (key[0] == 's') {
    json_put_int(cx->mem, args, S("parts"), 2 + n % 5);
    return send_one(cx, r, key, "tally.split", stream, args, out);
  }
  json_put_int(cx->mem, args, S("amount"), key[0] == 'r' ? 13 : 1 + n % 7);
  if (file.len) json_put_str(cx->mem, args, S("file"), file);
  return send_one(cx, r, key, "tally.add", stream, args, out);
}

static void *work(void *arg) {
  Worker *w = arg;
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)64 << 20);
  char key[31];
  for (int i = 0;; i++) {
    Cx cx = {.mem = mem, .now = day_one};
    CommandResult result;
    Str file = {0};
    uint32_t kind = draw(&w->random, 100);
    bool uploads = w->mode == MODE_FILES ? kind < 80 : kind < 5;
    char letter = uploads ? 'f' : kind < 20 ? 's' : kind < 30 ? 'r' : 'a';
    snprintf(key, sizeof key, "%c-%d-%d-%d-padding", letter, w->round, i, w->id);
    if (uploads) file = upload(&cx, w);
    int events = letter == 's' ? 2 + i % 5 : letter == 'r' ? 0 : 1;
    tell(w, 'S', key, events, 0);
    Code code = act_send(&cx, w->runner, key, file, &result);
    if (code == OK && letter != 'r') tell(w, 'A', key, events, result.pos);
    else if (code == INVALID && letter == 'r') tell(w, 'R', key, 0, 0);
    else _exit(6);
    arena_reset(mem);
  }
  return NULL;
}

/* The first write past the limit is cut short, the next one ends the process (SIGXFSZ). */
static void torn_write(const Rig *g, Arena *mem, uint64_t random) {
  struct stat st = {0};
  (void)stat(store__path(mem, g->dir, random % 2 ? "journal.db-wal" : "views.db-wal").ptr, &st);
  struct rlimit size, core = {0};
  getrlimit(RLIMIT_FSIZE, &size);
  size.rlim_cur = 65536 + draw(&random, (uint32_t)st.st_size + 100000);
  setrlimit(RLIMIT_CORE, &core);
  setrlimit(RLIMIT_FSIZE, &size);
}

static void writer(Rig *g, int pipe, int round, Mode mode) {
  Arena *mem = arena_open((size_t)64 << 20);
  if (mode == MODE_TORN) torn_write(g, mem, g->random);
  Cx cx = {.mem = mem, .now = day_one};
  Worker workers[THREADS];
  pthread_t threads[THREADS];
  Runner *runner = NULL;
  if (runner_open(&cx, &g->o, &runner) != OK) {
    fprintf(stderr, "  writer: %.*s\n", SFMT(cx.detail));
    _exit(2);
  }
  for (int i = 0; i < THREADS; i++) {
    workers[i] = (Worker){.g = g, .runner = runner, .pipe = pipe, .round = round, .id = i, .mode = mode,
                          .random = g->random + (uint64_t)i * 7919};
    if (pthread_create(&threads[i], NULL, work, &workers[i]) != 0) _exit(2);
  }
  pthread_join(threads[0], NULL);
}

/* ---- what the parent knows ------------------------------------------------------------------------ */

static Act *act_of(Rig *g, Str key, bool make) {
  Act **at = &g->acts[str_hash(key) % BUCKETS];
  for (; *at; at = &(*at)->next)
    if (str_eqz(key, (*at)->key)) return *at;
  if (!make || key.len >= sizeof (*at)->key) return NULL;
  *at = arena_new(g->mem, Act);
  memcpy((*at)->key, key.ptr, key.len);
  return *at;
}

static void record_take(Rig *g, const Record *r) {
  Act *a = act_of(g, str_of(r->key), true);
  a->events = r->events;
  if (r->what == 'S') g->unknown++;
  else g->unknown--;
  if (r->what == 'A') a->acked = true, a->pos = r->pos, g->acked++;
  if (r->what == 'R') a->refused = true, g->refused++;
}

/* Reads records until the writer has nothing more to say or `ms` have passed; false at its end. */
static bool listen(Rig *g, int fd, int ms) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  int64_t until = now.tv_sec * 1000LL + now.tv_nsec / 1000000 + ms;
  for (;;) {
    struct pollfd p = {.fd = fd, .events = POLLIN};
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t left = until - (now.tv_sec * 1000LL + now.tv_nsec / 1000000);
    if (left <= 0 || poll(&p, 1, (int)left) == 0) return true;
    Record r;
    ssize_t n = read(fd, &r, sizeof r);
    if (n == 0) return false;
    if (n != sizeof r) abort();
    record_take(g, &r);
  }
}

static Act *act_of_event(Rig *g, const Event *e) {
  Act *a = act_of(g, e->command, false);
  if (!a) wrong(g, "event %lld of a command nobody sent: %.*s", (long long)e->pos, SFMT(e->command));
  else if (a->last && a->last != e->pos - 1) wrong(g, "events of %s are not side by side", a->key);
  return a;
}

/* Reads what is new in the journal and settles every act against it. */
static void journal_settle(Rig *g, Cx *cx, Reader *rd) {
  Events e = {0};
  do {
    if (reader_journal(cx, rd, g->read_to, 2000, &e) != OK) {
      wrong(g, "reading: %.*s", SFMT(cx->detail));
      return;
    }
    for (size_t i = 0; i < e.count; i++) {
      g->read_to = e.list[i].pos;
      if (str_eq(e.list[i].kind, S("tally.opened"))) continue;
      Act *a = act_of_event(g, &e.list[i]);
      if (a) a->seen++, a->last = e.list[i].pos;
    }
  } while (e.count);
}

static void act_check(Rig *g, const Act *a) {
  if (a->refused && a->seen) wrong(g, "%s was refused and is there", a->key);
  if (a->acked && a->seen != a->events)
    wrong(g, "%s was acknowledged; %d of %d events are there", a->key, a->seen, a->events);
  if (a->acked && a->last != a->pos)
    wrong(g, "%s was answered with position %lld, is at %lld", a->key, (long long)a->pos, (long long)a->last);
  if (a->seen && a->seen != a->events) wrong(g, "%s is half there: %d of %d events", a->key, a->seen, a->events);
}

static void personal_check(Rig *g, Cx *cx, Reader *rd, const Act *a) {
  Str value = {0};
  Code code = reader_vault(cx, rd, arena_fmt(cx->mem, "v1.%s", a->key), &value);
  bool there = code == OK && str_eqz(value, a->key);
  if (there != (a->seen > 0))
    wrong(g, "%s: %d events, personal data %s", a->key, a->seen, there ? "there" : "not there");
  cx_clear(cx);
}

/* A client that saw no answer sends again: then it is there exactly once. One that did gets the same answer. */
static void resend(Rig *g, Cx *cx, Runner *r, Act *a) {
  CommandResult result;
  if (a->refused || a->key[0] == 'f' || a->key[0] == 'r') return;
  Code code = act_send(cx, r, a->key, S(""), &result);
  if (code != OK) wrong(g, "%s sent again: %.*s", a->key, SFMT(cx->detail));
  else if (result.repeated != (a->seen > 0))
    wrong(g, "%s sent again: repeated is %d, seen %d", a->key, result.repeated, a->seen);
  else if (a->seen && result.pos != a->last) wrong(g, "%s sent again: another position", a->key);
  cx_clear(cx);
  if (!a->acked) g->unknown_kept++;
  if (code == OK) a->acked = true, a->pos = result.pos;
}

static void acts_check(Rig *g, Cx *cx, Runner *runner, Reader *rd) {
  int again = RESENDS;
  journal_settle(g, cx, rd);
  for (size_t i = 0; i < BUCKETS; i++)
    for (Act *a = g->acts[i]; a; a = a->next) {
      act_check(g, a);
      if (draw(&g->random, 50) == 0 || !a->acked) personal_check(g, cx, rd, a);
      if (!a->acked && !a->refused) resend(g, cx, runner, a);
      else if (again > 0 && draw(&g->random, 20) == 0) again--, resend(g, cx, runner, a);
    }
  journal_settle(g, cx, rd);
  for (size_t i = 0; i < BUCKETS; i++)
    for (Act *a = g->acts[i]; a; a = a->next) act_check(g, a);
}

static void temps_check(Rig *g, Cx *cx) {
  DIR *d = opendir(store__path(cx->mem, g->dir, "blobs/tmp").ptr);
  int n = 0;
  while (d && readdir(d)) n++;
  if (d) closedir(d);
  if (n != 2) wrong(g, "%d uploads left half written", n - 2);
}

static void store_check(Rig *g) {
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)1 << 30);
  Cx cx = {.mem = mem, .now = day_one};
  Runner *runner = NULL;
  Reader *rd = NULL;
  VerifyReport v = {0};
  if (runner_open(&cx, &g->o, &runner) != OK || reader_open(&cx, runner, &rd) != OK) {
    wrong(g, "the store does not open: %.*s", SFMT(cx.detail));
  } else {
    temps_check(g, &cx);
    acts_check(g, &cx, runner, rd);
  }
  reader_close(rd);
  runner_close(runner);
  cx_clear(&cx);
  if (store_verify(&cx, &g->o, &v) != OK || !v.chain_ok || !v.views_ok)
    wrong(g, "verify: %.*s%.*s", SFMT(v.fault), SFMT(cx.detail));
}

/* ---- rounds --------------------------------------------------------------------------------------- */

/* Starts `act` in a process and kills it after about `us`; a process that had died by itself is a failure. */
static void kill_after(Rig *g, uint32_t us, void (*act)(Rig *g)) {
  pid_t child = fork();
  int status = 0;
  if (child == 0) {
    act(g);
    pause();
  }
  usleep(us);
  kill(child, SIGKILL);
  if (waitpid(child, &status, 0) != child || !WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
    wrong(g, "a process died by itself: status %x", (unsigned)status);
}

static void child_opens(Rig *g) {
  Cx cx = {.mem = arena_open((size_t)64 << 20), .now = day_one};
  Runner *r = NULL;
  if (runner_open(&cx, &g->o, &r) != OK) _exit(2);
}

static void child_rebuilds(Rig *g) {
  Cx cx = {.mem = arena_open((size_t)1 << 30), .now = day_one};
  int64_t n;
  for (;;)
    if (store_rebuild(&cx, &g->o, &n) != OK) _exit(2);
}

static void child_makes(Rig *g) {
  Cx cx = {.mem = arena_open((size_t)1 << 20), .now = day_one};
  if (store_make(&cx, g->dir, SUITE_GM, json_obj(cx.mem)) != OK) _exit(2);
}

static void writer_killed(Rig *g, int round, Mode mode) {
  int pipe_fds[2], status = 0;
  if (pipe(pipe_fds) != 0) abort();
  pid_t child = fork();
  if (child == 0) {
    close(pipe_fds[0]);
    writer(g, pipe_fds[1], round, mode);
    _exit(7);
  }
  close(pipe_fds[1]);
  struct pollfd p = {.fd = pipe_fds[0], .events = POLLIN};
  (void)poll(&p, 1, 10000); /* from the first command on */
  /* A torn write comes by itself. */
  bool alive = listen(g, pipe_fds[0], mode == MODE_TORN ? 2000 : 1 + (int)draw(&g->random, 150));
  usleep(draw(&g->random, 2000));
  kill(child, SIGKILL);
  while (alive && listen(g, pipe_fds[0], 10000)) continue;
  close(pipe_fds[0]);
  bool killed = waitpid(child, &status, 0) == child && WIFSIGNALED(status);
  if (!killed || (WTERMSIG(status) != SIGKILL && (mode != MODE_TORN || WTERMSIG(status) != SIGXFSZ)))
    wrong(g, "the writer died by itself: status %x", (unsigned)status);
}

static void round_run(Rig *g, int round) {
  Mode mode = round % 3 == 0 ? MODE_WRITE : round % 3 == 1 ? MODE_TORN : (Mode)draw(&g->random, MODE__MAX);
  SCOPED(arena_close_p) Arena *mem = arena_open(1 << 20);
  Str views = store__path(mem, g->dir, "views.db");
  writer_killed(g, round, mode);
  if (mode == MODE_RECOVER)
    for (int i = 0; i < 3; i++) kill_after(g, draw(&g->random, 30000), child_opens);
  for (int i = 0; i < 2 && mode == MODE_CATCH_UP; i++) {
    views__remove(mem, views);
    kill_after(g, 3000 + draw(&g->random, 60000), child_opens);
  }
  if (mode == MODE_REBUILD) kill_after(g, draw(&g->random, 100000), child_rebuilds);
  store_check(g);
  if (g->bad) printf("round %d (%s): %d wrong\n", round, mode_names[mode], g->bad);
  if (g->bad) g->failed++;
  else g->passed++;
  g->bad = 0;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at) {
  (void)st, (void)kind, (void)at;
  return remove(path);
}

/* A store whose making was killed, made again, with its streams opened. */
static void store_begin(Rig *g) {
  char name[] = P_tmpdir "/yichuang-kill-XXXXXX";
  g->mem = arena_open((size_t)1 << 30);
  g->dir = arena_str(g->mem, str_of(mkdtemp(name)));
  g->engines[0] = &tally_engine;
  g->o = (StoreOptions){.dir = g->dir, .engines = g->engines, .engine_count = 1};
  memset(g->acts, 0, sizeof g->acts);
  g->read_to = 0;
  kill_after(g, draw(&g->random, 15000), child_makes);
  Cx cx = {.mem = g->mem, .now = day_one};
  SCOPED(runner_close_p) Runner *runner = NULL;
  Code code = store_make(&cx, g->dir, SUITE_GM, json_obj(g->mem));
  if (code == CONFLICT) cx_clear(&cx), code = OK;
  if (code == OK) code = runner_open(&cx, &g->o, &runner);
  for (int i = 1; i <= STREAMS && code == OK; i++) {
    Json *args = json_obj(g->mem);
    json_put_str(g->mem, args, S("label"), S("计数"));
    Command cmd = {.name = S("tally.open"), .key = arena_fmt(g->mem, "open-%06d", i), .args = args, .now = day_one,
                   .actor = {.id = S("wang"), .name = S("王某"), .roles = TALLY_USER}};
    CommandResult result;
    code = runner_run(&cx, runner, &cmd, &result);
  }
  if (code != OK) wrong(g, "a store whose making was killed: %.*s", SFMT(cx.detail));
}

static void store_end(Rig *g) {
  if (g->failed) printf("kept: %.*s\n", SFMT(g->dir));
  else nftw(g->dir.ptr, remove_one, 16, FTW_DEPTH | FTW_PHYS);
  arena_close(g->mem);
}

int main(int argc, char **argv) {
  int rounds = argc > 1 ? (int)strtol(argv[1], NULL, 10) : ROUNDS;
  Rig *g = calloc(1, sizeof *g);
  if (!g) return 2;
  g->random = argc > 2 ? strtoull(argv[2], NULL, 10) : (uint64_t)time(NULL);
  printf("%d rounds, seed %llu\n", rounds, (unsigned long long)g->random);
  fflush(stdout);
  for (int i = 0; i < rounds && !g->failed; i++) {
    if (i % ROUNDS_PER_STORE == 0) {
      if (i) store_end(g);
      store_begin(g);
    }
    round_run(g, i);
    if (i % ROUNDS_PER_STORE == ROUNDS_PER_STORE - 1)
      printf("%d rounds: %lld acknowledged, %lld refused, %lld without an answer and sent again\n", i + 1,
             (long long)g->acked, (long long)g->refused, (long long)g->unknown_kept);
    fflush(stdout);
  }
  store_end(g);
  printf("%d passed, %d failed\n", g->passed, g->failed);
  bool bad = g->failed > 0;
  free(g);
  return bad;
}
