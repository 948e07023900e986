/* SPDX-License-Identifier: Apache-2.0 */
/*
 * faults: one process does a few acts; something is taken from it at one exact place; at the next run, at the place
 * after that, until there is no place left.
 *
 *   kill      SIGKILL at every system call of the acts and of closing (strace)
 *   io        EIO, or ENOSPC, from every fsync, fdatasync, write, pwrite64, ftruncate and rename, opening included
 *   memory    every allocation fails once; the process may abort
 *   full      a disk that fills up after 0, 4, 8 … KB (a small tmpfs of our own)
 *
 *   rig_faults [all|few [PART]]   "all" takes all acts and places; without it one act (a file, a person, an event)
 *
 * The process keeps its account in a shared mapping, which survives it and needs no system call. Afterwards what was
 * acknowledged is there once and whole, what was refused is not, what had no answer is there at most once; the
 * store opens, takes the unknown ones again under their keys, and verifies. Nothing is acknowledged by a
 * store that has said it is read-only.
 */
#include "../unit/journal/tally.h"
#include "journal/journal_int.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ACTS = 5, CALLS = 256 };
static const int64_t day_one = 1567386000000; /* 2019-09-02 */
static const char *const keys[ACTS] = {"file-000001", "add-0000001", "split-00001", "refuse-0001", "add-0000002"};

typedef struct Account {
  char state[ACTS];        /* 0 not sent, S sent, A acknowledged, R refused, E a fault: unknown */
  int64_t pos[ACTS];
  bool readonly[ACTS];     /* what the store said of itself after the act */
  bool started, ended;
  int64_t allocs;
} Account;

typedef struct Rig {
  Str work, base, dir;
  const Engine *engines[1];
  StoreOptions o;
  Account *account;
  int acts;                /* how many of them are done */
  int *counts;             /* passed, failed: shared with a process in a world of its own */
  int wrong, bitten;       /* of this store; places where the fault was felt */
} Rig;

/* ---- allocations ---------------------------------------------------------------------------------- */

extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t n);
static int64_t *allocs;    /* counts while it is set */
static int64_t alloc_fails;

static bool alloc_refused(void) {
  return allocs && __atomic_add_fetch(allocs, 1, __ATOMIC_SEQ_CST) == alloc_fails;
}
void *malloc(size_t n) {
  return alloc_refused() ? NULL : __libc_malloc(n);
}
void *calloc(size_t n, size_t size) {
  return alloc_refused() ? NULL : __libc_calloc(n, size);
}
void *realloc(void *p, size_t n) {
  return alloc_refused() ? NULL : __libc_realloc(p, n);
}

/* ---- the acts ------------------------------------------------------------------------------------- */

static int events_of(int act) {
  return keys[act][0] == 's' ? 3 : keys[act][0] == 'r' ? 0 : 1;
}

static Code upload(Cx *cx, Str dir, Str *hash) {
  SCOPED(blob_drop) Blob *b = NULL;
  int64_t size;
  TRY(blob_open(cx, dir, 1 << 20, &b));
  TRY(blob_add(cx, b, "file", 4));
  return blob_finish(cx, b, hash, &size);
}

static Code act_send(Cx *cx, Runner *r, Str dir, int act, CommandResult *out) {
  Json *args = json_obj(cx->mem);
  char letter = keys[act][0];
  Personal phone = {.ref = str_of(keys[act]), .kind = S("phone"), .value = S("13800001111")};
  Command cmd = {.name = letter == 's' ? S("tally.split") : S("tally.add"), .stream = S("tally/1"),
                 .key = str_of(keys[act]), .args = args, .now = day_one, .personal = &phone, .personal_count = 1,
                 .actor = {.id = S("wang"), .name = S("王某"), .roles = TALLY_USER}};
  json_put_str(cx->mem, args, S("phone_ref"), phone.ref);
  json_put_int(cx->mem, args, letter == 's' ? S("parts") : S("amount"), letter == 's' ? 3 : letter == 'r' ? 13 : 2);
  if (letter == 'f') {
    Str hash = {0};
    TRY(upload(cx, dir, &hash));
    json_put_str(cx->mem, args, S("file"), hash);
  }
  return runner_run(cx, r, &cmd, out);
}

static void acts_do(const Rig *g, Cx *cx, Runner *r) {
  Account *a = g->account;
  for (int i = 0; i < g->acts; i++) {
    CommandResult result;
    a->state[i] = 'S';
    Code code = act_send(cx, r, g->dir, i, &result);
    if (code == OK) a->pos[i] = result.pos;
    a->state[i] = code == OK ? 'A' : code == INVALID && keys[i][0] == 'r' ? 'R' : 'E';
    a->readonly[i] = runner_readonly(r);
    cx_clear(cx);
  }
}

static void silent(void) {
  int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
  dup2(fd, STDOUT_FILENO);
  dup2(fd, STDERR_FILENO);
  struct rlimit core = {0};
  setrlimit(RLIMIT_CORE, &core);
}

/* A process: opens, acts, closes. The mark in a trace is getppid. */
static int child(const Rig *g, int64_t fails) {
  Cx cx = {.mem = arena_open((size_t)64 << 20), .now = day_one};
  Runner *r = NULL;
  silent();
  if (runner_open(&cx, &g->o, &r) != OK) return 2;
  g->account->started = getppid() > 0;
  alloc_fails = fails;
  if (fails) allocs = &g->account->allocs;
  acts_do(g, &cx, r);
  allocs = NULL;
  runner_close(r);
  g->account->ended = true;
  return 0;
}

/* ---- afterwards ----------------------------------------------------------------------------------- */

static void wrong(Rig *g, const char *what, const char *detail) {
  if (g->wrong++ < 5) printf("  wrong: %s: %s\n", what, detail);
}

static void journal_count(Rig *g, Cx *cx, Reader *rd, int seen[ACTS], int64_t last[ACTS]) {
  Events e = {0};
  if (reader_journal(cx, rd, 0, 1000, &e) != OK) wrong(g, "reading", cx->detail.ptr);
  for (size_t i = 0; i < e.count; i++)
    for (int k = 0; k < ACTS; k++)
      if (str_eqz(e.list[i].command, keys[k])) seen[k]++, last[k] = e.list[i].pos;
}

static void act_check(Rig *g, int i, int seen, int64_t last) {
  const Account *a = g->account;
  if (a->state[i] == 'A' && (seen != events_of(i) || last != a->pos[i])) wrong(g, keys[i], "acknowledged and not there");
  if ((a->state[i] == 'R' || !a->state[i]) && seen) wrong(g, keys[i], "refused or never sent, and there");
  if (seen && seen != events_of(i)) wrong(g, keys[i], "half there, or more than once");
  for (int k = 0; k < i; k++)
    if (a->readonly[k] && a->state[i] == 'A') wrong(g, keys[i], "acknowledged by a store that was read-only");
}

static void acts_check(Rig *g, Cx *cx, Runner *r, Reader *rd) {
  int seen[ACTS] = {0}, again[ACTS] = {0};
  int64_t last[ACTS] = {0}, ignored[ACTS];
  journal_count(g, cx, rd, seen, last);
  for (int i = 0; i < g->acts; i++) {
    CommandResult result = {0};
    act_check(g, i, seen[i], last[i]);
    if (keys[i][0] == 'r') continue;
    Code code = act_send(cx, r, g->dir, i, &result);
    if (code != OK || result.repeated != (seen[i] > 0)) wrong(g, keys[i], "sent again: not answered as it should be");
    cx_clear(cx);
  }
  journal_count(g, cx, rd, again, ignored);
  for (int i = 0; i < g->acts; i++)
    if (again[i] != events_of(i)) wrong(g, keys[i], "sent again: not there once");
}

static void store_check(Rig *g, const char *what) {
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)256 << 20);
  Cx cx = {.mem = mem, .now = day_one};
  Runner *r = NULL;
  Reader *rd = NULL;
  VerifyReport v = {0};
  g->wrong = 0;
  if (runner_open(&cx, &g->o, &r) != OK || reader_open(&cx, r, &rd) != OK) wrong(g, "opening", arena_z(mem, cx.detail));
  else acts_check(g, &cx, r, rd);
  reader_close(rd);
  runner_close(r);
  cx_clear(&cx);
  if (store_verify(&cx, &g->o, &v) != OK || !v.chain_ok || !v.views_ok) wrong(g, "verify", arena_z(mem, v.fault));
  if (g->wrong) printf("FAILED %s\n", what);
  g->counts[g->wrong > 0]++;
}

static int run(const char *const argv[]) {
  pid_t pid = fork();
  int status = -1;
  if (pid == 0) {
    silent();
    execvp(argv[0], (char *const *)(uintptr_t)argv);
    _exit(127);
  }
  waitpid(pid, &status, 0);
  return status;
}

static void store_fresh(Rig *g) {
  const char *const gone[] = {"rm", "-rf", g->dir.ptr, NULL};
  const char *const copy[] = {"cp", "-a", g->base.ptr, g->dir.ptr, NULL};
  if (run(gone) != 0 || run(copy) != 0) abort();
  memset(g->account, 0, sizeof *g->account);
}

/* ---- system calls --------------------------------------------------------------------------------- */

typedef struct Call {
  char name[24];
  int first, last; /* places, counted in each thread; first: the first after the mark */
} Call;

static int child_traced(const Rig *g, const char *log, const char *trace, const char *inject) {
  char acts[8];
  snprintf(acts, sizeof acts, "%d", g->acts);
  char self[4096];
  ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
  if (n <= 0) abort();
  self[n] = 0;
  const char *const argv[] = {"strace", "-f", "-qq", "-o", log, "-e", trace, "-e", inject, self, "--child", g->work.ptr,
                              acts, NULL};
  return run(argv);
}

/* How often each thread makes each call, from a run without faults. */
static size_t calls_count(const Rig *g, Call *calls) {
  struct { int pid; char name[24]; int n; } seen[4 * CALLS];
  size_t count = 0, total = 0;
  bool marked = false;
  char log[4200], line[4096];
  snprintf(log, sizeof log, "%s/trace", g->work.ptr);
  (void)child_traced(g, log, "trace=all", "signal=none");
  FILE *f = fopen(log, "r");
  while (f && fgets(line, sizeof line, f)) {
    int pid = 0;
    char name[24];
    if (sscanf(line, "%d %23[a-z0-9_](", &pid, name) != 2 || !strcmp(name, "exit_group")) continue;
    marked |= !strcmp(name, "getppid");
    size_t i = 0, k = 0;
    while (i < count && (seen[i].pid != pid || strcmp(seen[i].name, name) != 0)) i++;
    if (i == COUNT(seen)) abort();
    if (i == count) seen[count].pid = pid, seen[count].n = 0, memcpy(seen[count++].name, name, sizeof name);
    seen[i].n++;
    while (k < total && strcmp(calls[k].name, name) != 0) k++;
    if (k == CALLS) abort();
    if (k == total) memcpy(calls[total].name, name, sizeof name), calls[total].first = 0, calls[total++].last = 0;
    if (marked && (!calls[k].first || seen[i].n < calls[k].first)) calls[k].first = seen[i].n;
    if (seen[i].n > calls[k].last) calls[k].last = seen[i].n;
  }
  if (f) fclose(f);
  return total;
}

static void inject(Rig *g, const char *call, int at, const char *what) {
  char trace[64], fault[128];
  snprintf(trace, sizeof trace, "trace=%s", call);
  snprintf(fault, sizeof fault, "inject=%s:%s:when=%d", call, what, at);
  store_fresh(g);
  (void)child_traced(g, "/dev/null", trace, fault);
  bool felt = !g->account->ended;
  for (int i = 0; i < g->acts; i++) felt |= g->account->state[i] == 'E' || g->account->readonly[i];
  g->bitten += felt;
  store_check(g, fault);
}

/* A rig that nobody feels proves nothing. */
static void report(Rig *g, const char *what, int places, int sound) {
  printf("%s: %d places, %d felt it, %d sound\n", what, places, g->bitten, sound);
  if (g->bitten * 2 < places) printf("FAILED %s: hardly a fault was felt\n", what), g->counts[1]++;
  g->bitten = 0;
}

static void kills(Rig *g) {
  static Call calls[CALLS];
  store_fresh(g);
  size_t n = calls_count(g, calls);
  int before = g->counts[0], places = 0;
  if (!g->account->ended) {
    printf("FAILED strace does not run here\n");
    g->counts[1]++;
    return;
  }
  for (size_t i = 0; i < n; i++)
    for (int at = calls[i].first; at && at <= calls[i].last; at++, places++) inject(g, calls[i].name, at, "signal=KILL");
  report(g, "kill", places, g->counts[0] - before);
}

static void faults(Rig *g, bool all) {
  static const char *const names[] = {"fsync", "fdatasync", "write", "pwrite64", "rename", "ftruncate"};
  static Call calls[CALLS];
  store_fresh(g);
  size_t n = calls_count(g, calls);
  int before = g->counts[0], places = 0;
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < COUNT(names); k++)
      for (int at = 1; !strcmp(calls[i].name, names[k]) && at <= calls[i].last; at++) {
        inject(g, names[k], at, "error=EIO"), places++;
        if (all && k > 1) inject(g, names[k], at, "error=ENOSPC"), places++;
      }
  report(g, "io", places, g->counts[0] - before);
}

/* ---- memory and disk ------------------------------------------------------------------------------ */

static int child_forked(Rig *g, int64_t fails) {
  int status = -1;
  fflush(stdout);
  pid_t pid = fork();
  if (pid == 0) _exit(child(g, fails));
  waitpid(pid, &status, 0);
  return status;
}

static void memory(Rig *g, bool all) {
  int64_t total;
  int before = g->counts[0], places = 0;
  store_fresh(g);
  (void)child_forked(g, INT64_MAX);
  total = g->account->allocs;
  int64_t step = all || total < 150 ? 1 : 1 + total / 150;
  for (int64_t at = 1 + time(NULL) % step; at <= total; at += step, places++) { /* over the days, all of them */
    char what[64];
    snprintf(what, sizeof what, "allocation %lld of %lld", (long long)at, (long long)total);
    store_fresh(g);
    int status = child_forked(g, at);
    g->bitten += status != 0 || g->account->state[0] == 'E';
    store_check(g, what);
    if (g->wrong) printf("  status %x, state %.5s\n", (unsigned)status, g->account->state);
    if (WIFSIGNALED(status) && WTERMSIG(status) != SIGABRT) {
      printf("FAILED %s: signal %d\n", what, WTERMSIG(status));
      g->counts[1]++;
    }
  }
  report(g, "memory", places, g->counts[0] - before);
}

/* Fills what is left of the disk but `keep` bytes. */
static void disk_fill(const char *path, int64_t keep) {
  static const char block[4096] = "ballast";
  int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  int64_t size = 0;
  while (write(fd, block, sizeof block) == sizeof block) size += sizeof block;
  if (ftruncate(fd, size > keep ? size - keep : 0) != 0) abort();
  close(fd);
}

static int full_once(Rig *g, const char *mount_point, int64_t keep) {
  char ballast[4300], what[64];
  struct stat st;
  if (mount("none", mount_point, "tmpfs", 0, "size=4m") != 0) return 1;
  snprintf(ballast, sizeof ballast, "%s/ballast", mount_point);
  snprintf(what, sizeof what, "disk full after %lld bytes", (long long)keep);
  store_fresh(g);
  disk_fill(ballast, keep);
  (void)child_forked(g, 0);
  bool stopped = false;
  for (int i = 0; i < g->acts; i++) stopped |= g->account->readonly[i];
  snprintf(ballast, sizeof ballast, "%s/readonly.log", g->dir.ptr);
  bool told = stat(ballast, &st) == 0 && st.st_size > 0;
  if (stopped != told) printf("FAILED %s: read-only %d, recorded %d\n", what, stopped, told), g->counts[1]++;
  snprintf(ballast, sizeof ballast, "%s/ballast", mount_point);
  unlink(ballast);
  store_check(g, what);
  if (stopped) g->counts[2]++;
  umount2(mount_point, MNT_DETACH);
  return 0;
}

/* Mounts in a world of its own, which goes with the process. */
static int full_world(Rig *g, int64_t limit) {
  char point[4200];
  Arena *mem = arena_open(1 << 20);
  if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return 3;
  snprintf(point, sizeof point, "%s/small", g->work.ptr);
  mkdir(point, 0700);
  g->dir = arena_fmt(mem, "%s/store", point);
  g->o.dir = g->dir;
  for (int64_t keep = 0; keep <= limit; keep += 4096)
    if (full_once(g, point, keep) != 0) return 3;
  return 0;
}

static void full(Rig *g, bool all) {
  int status = -1, before = g->counts[0];
  fflush(stdout);
  pid_t pid = fork();
  if (pid == 0) {
    int rc = full_world(g, all ? 400000 : 160000);
    fflush(stdout);
    _exit(rc);
  }
  waitpid(pid, &status, 0);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 3) {
    printf("SKIPPED full: this machine does not let us mount a tmpfs (needs root or CAP_SYS_ADMIN)\n");
    return;
  }
  printf("full: %d sound, %d of them read-only\n", g->counts[0] - before, g->counts[2]);
  if (status != 0 || !g->counts[2]) printf("FAILED full: no disk ever filled up\n"), g->counts[1]++;
}

/* ---- the whole ------------------------------------------------------------------------------------ */

static void *shared(const char *path, size_t size) {
  int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0 || ftruncate(fd, (off_t)size) != 0) abort();
  void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (p == MAP_FAILED) abort();
  return p;
}

static void rig_fill(Rig *g, Arena *mem, Str work, int acts) {
  *g = (Rig){.work = work, .base = arena_fmt(mem, "%.*s/base", SFMT(work)), .dir = arena_fmt(mem, "%.*s/store", SFMT(work)),
             .acts = acts};
  g->engines[0] = &tally_engine;
  g->account = shared(arena_fmt(mem, "%.*s/account", SFMT(work)).ptr, sizeof *g->account);
  g->counts = shared(arena_fmt(mem, "%.*s/counts", SFMT(work)).ptr, 64);
}

static void base_make(Rig *g, Arena *mem) {
  Cx cx = {.mem = mem, .now = day_one};
  Runner *r = NULL;
  CommandResult result;
  Json *args = json_obj(mem);
  StoreOptions o = {.dir = g->base, .engines = g->engines, .engine_count = 1};
  json_put_str(mem, args, S("label"), S("计数"));
  Command cmd = {.name = S("tally.open"), .key = S("open-000001"), .args = args, .now = day_one,
                 .actor = {.id = S("wang"), .name = S("王某"), .roles = TALLY_USER}};
  if (store_make(&cx, g->base, SUITE_GM, json_obj(mem)) != OK || runner_open(&cx, &o, &r) != OK ||
      runner_run(&cx, r, &cmd, &result) != OK)
    abort();
  runner_close(r);
}

int main(int argc, char **argv) {
  Arena *mem = arena_open((size_t)64 << 20);
  static Rig g;
  if (argc == 4 && !strcmp(argv[1], "--child")) {
    rig_fill(&g, mem, str_of(argv[2]), (int)strtol(argv[3], NULL, 10));
    g.o = (StoreOptions){.dir = g.dir, .engines = g.engines, .engine_count = 1};
    return child(&g, 0);
  }
  bool all = argc > 1 && !strcmp(argv[1], "all");
  /* In memory where there is such a place: these faults are not about what a disk keeps. */
  char fast[] = "/dev/shm/yichuang-faults-XXXXXX", slow[] = P_tmpdir "/yichuang-faults-XXXXXX";
  char *work = mkdtemp(fast) ? fast : mkdtemp(slow);
  if (!work) return 2;
  rig_fill(&g, mem, str_of(work), all ? ACTS : 1);
  g.o = (StoreOptions){.dir = g.dir, .engines = g.engines, .engine_count = 1};
  base_make(&g, mem);
  Str part = argc > 2 ? str_of(argv[2]) : S("");
  if (!part.len || str_eq(part, S("kill"))) kills(&g), fflush(stdout);
  if (!part.len || str_eq(part, S("io"))) faults(&g, all), fflush(stdout);
  if (!part.len || str_eq(part, S("memory"))) memory(&g, all), fflush(stdout);
  g.acts = ACTS; /* a disk fills up over several acts */
  if (!part.len || str_eq(part, S("full"))) full(&g, all);
  const char *const gone[] = {"rm", "-rf", work, NULL};
  if (!g.counts[1]) (void)run(gone);
  else printf("kept: %s\n", work);
  printf("%d passed, %d failed\n", g.counts[0], g.counts[1]);
  return g.counts[1] > 0;
}
