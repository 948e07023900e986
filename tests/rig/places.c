/* SPDX-License-Identifier: Apache-2.0 */
/* places.c: finds the places, takes something away there, and counts. */
#include "places.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CALLS = 256, THREADS = 64 };

/* ---- allocations ---------------------------------------------------------------------------------- */

extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t n);
static int64_t *allocs;    /* counts while it is set */
static int64_t alloc_fails;

static bool alloc_refused(void) {
  bool refused = allocs && __atomic_add_fetch(allocs, 1, __ATOMIC_SEQ_CST) == alloc_fails;
  if (refused) errno = ENOMEM; /* the library looks at it: scandir would take a short list for a whole one */
  return refused;
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

/* ---- processes ------------------------------------------------------------------------------------ */

static void silent(void) {
  int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
  dup2(fd, STDOUT_FILENO);
  dup2(fd, STDERR_FILENO);
  struct rlimit core = {0};
  setrlimit(RLIMIT_CORE, &core);
}

/* A tracer of our own waits for this stop. */
static bool mark_stops;
void rig_mark(Rig *g) {
  g->account->started = true;
  if (mark_stops) raise(SIGSTOP);
  if (alloc_fails) allocs = &g->account->allocs;
}

void rig_unmark(Rig *g) {
  (void)g;
  allocs = NULL;
}

int rig_child(Rig *g) {
  silent();
  int code = g->child(g);
  g->account->ended = code == 0;
  return code;
}

int rig_run(const char *const argv[]) {
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

int rig_forked(Rig *g, int64_t fails) {
  int status = -1;
  fflush(stdout);
  pid_t pid = fork();
  if (pid == 0) {
    alloc_fails = fails;
    _exit(rig_child(g));
  }
  waitpid(pid, &status, 0);
  return status;
}

/* ---- the working directory ------------------------------------------------------------------------ */

static void *shared(const char *path, size_t size) {
  int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0 || ftruncate(fd, (off_t)size) != 0) abort();
  void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (p == MAP_FAILED) abort();
  return p;
}

void rig_fill(Rig *g, Arena *mem, Str work, int acts) {
  g->work = work;
  g->base = arena_fmt(mem, "%.*s/base", SFMT(work));
  g->dir = arena_fmt(mem, "%.*s/store", SFMT(work));
  g->acts = acts;
  g->account = shared(arena_fmt(mem, "%.*s/account", SFMT(work)).ptr, sizeof *g->account);
  g->counts = shared(arena_fmt(mem, "%.*s/counts", SFMT(work)).ptr, 64);
}

Str rig_work(Arena *mem) {
  char fast[] = "/dev/shm/yichuang-rig-XXXXXX", slow[] = P_tmpdir "/yichuang-rig-XXXXXX";
  char *work = mkdtemp(fast) ? fast : mkdtemp(slow);
  if (!work) abort();
  return arena_str(mem, str_of(work));
}

void rig_end(Rig *g) {
  const char *const gone[] = {"rm", "-rf", g->work.ptr, NULL};
  if (!g->counts[1]) (void)rig_run(gone);
  else printf("kept: %s\n", g->work.ptr);
  printf("%d passed, %d failed\n", g->counts[0], g->counts[1]);
}

static void copy_tree(const char *from, const char *to);

static void copy_one(const char *from, const char *to) {
  struct stat st;
  char part[65536];
  if (stat(from, &st) != 0) abort();
  if (S_ISDIR(st.st_mode)) {
    copy_tree(from, to);
    return;
  }
  int in = open(from, O_RDONLY | O_CLOEXEC), out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, st.st_mode & 0777);
  for (ssize_t n; in >= 0 && out >= 0 && (n = read(in, part, sizeof part)) > 0;)
    if (write(out, part, (size_t)n) != n) abort();
  if (in < 0 || out < 0 || close(in) != 0 || close(out) != 0) abort();
}

static void each_entry(const char *from, const char *to, void (*one)(const char *from, const char *to)) {
  DIR *d = opendir(from);
  if (!d) return;
  for (struct dirent *e; (e = readdir(d)) != NULL;) {
    char a[4096], b[4096];
    if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, "..")) continue;
    int n = snprintf(a, sizeof a, "%s/%s", from, e->d_name), m = snprintf(b, sizeof b, "%s/%s", to, e->d_name);
    if (n >= (int)sizeof a || m >= (int)sizeof b) abort();
    one(a, b);
  }
  closedir(d);
}

static void copy_tree(const char *from, const char *to) {
  if (mkdir(to, 0700) != 0) abort();
  each_entry(from, to, copy_one);
}

static void remove_one(const char *path, const char *ignored) {
  (void)ignored;
  if (unlink(path) == 0) return;
  each_entry(path, "", remove_one);
  if (rmdir(path) != 0) abort();
}

void rig_fresh(Rig *g) {
  if (access(g->dir.ptr, F_OK) == 0) remove_one(g->dir.ptr, "");
  copy_tree(g->base.ptr, g->dir.ptr);
  memset(g->account, 0, sizeof *g->account);
}

/* ---- counting ------------------------------------------------------------------------------------- */

void rig_wrong(Rig *g, const char *what, const char *detail) {
  if (g->wrong++ < 5) printf("  wrong: %s: %s\n", what, detail);
}

void rig_check(Rig *g, const char *what) {
  g->wrong = 0;
  g->check(g);
  if (g->wrong) printf("FAILED %s%s%s\n", g->which, *g->which ? ", " : "", what);
  g->counts[g->wrong > 0]++;
}

/* A rig that nobody feels proves nothing. What fails while the store is opened or closed is not felt: of a small act that is most of
 * its places, the more the larger the base is (agency.change: 16 of 222 writes are the act's, the others move the logs into the files); a
 * rig that takes nothing away is felt nowhere. Of every step-th place only so much is asked: 1 in 14 may fall between them. */
void rig_report(Rig *g, const char *what, int places, int step, int sound) {
  printf("%s: %d places, %d felt it, %d sound\n", what, places, g->bitten, sound);
  enum { MANY = 40, FEW = 5 };
  int whole = places * step, least = whole > MANY ? FEW + whole / 50 : 1;
  if (g->bitten < least / step) printf("FAILED %s: hardly a fault was felt\n", what), g->counts[1]++;
  g->bitten = 0;
  fflush(stdout);
}

static bool felt(const Rig *g) {
  bool yes = !g->account->ended;
  for (int i = 0; i < g->acts; i++) yes |= g->account->state[i] == 'E' || g->account->readonly[i];
  return yes;
}

/* Every `step`-th of so many places, from `from` on. */
static void share_of(Share s, int total, int *from, int *step) {
  *step = s.max && total > s.max ? (total + s.max - 1) / s.max : 1;
  *from = s.shift % *step;
}

/* ---- system calls --------------------------------------------------------------------------------- */

typedef struct Call {
  char name[24];
  int last; /* places, counted in each thread */
} Call;

static int child_traced(const Rig *g, const char *log, const char *trace, const char *inject) {
  char acts[8], self[4096];
  snprintf(acts, sizeof acts, "%d", g->acts);
  ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
  if (n <= 0) abort();
  self[n] = 0;
  const char *const argv[] = {"strace", "-f", "--seccomp-bpf", "-qq", "-o", log, "-e", trace, "-e", inject, self, "--child", g->work.ptr,
                              acts, g->which, NULL};
  return rig_run(argv);
}

/* How often each thread makes each call, from a run without faults. */
static size_t calls_count(Rig *g, Call *calls) {
  struct { int pid; char name[24]; int n; } seen[4 * CALLS];
  size_t count = 0, total = 0;
  char log[4200], line[4096];
  rig_fresh(g);
  snprintf(log, sizeof log, "%s/trace", g->work.ptr);
  (void)child_traced(g, log, "trace=all", "signal=none");
  FILE *f = fopen(log, "r");
  while (f && fgets(line, sizeof line, f)) {
    int pid = 0;
    char name[24];
    if (sscanf(line, "%d %23[a-z0-9_](", &pid, name) != 2 || !strcmp(name, "exit_group")) continue;
    size_t i = 0, k = 0;
    while (i < count && (seen[i].pid != pid || strcmp(seen[i].name, name) != 0)) i++;
    if (i == COUNT(seen)) abort();
    if (i == count) seen[count].pid = pid, seen[count].n = 0, memcpy(seen[count++].name, name, sizeof name);
    seen[i].n++;
    while (k < total && strcmp(calls[k].name, name) != 0) k++;
    if (k == CALLS) abort();
    if (k == total) memcpy(calls[total].name, name, sizeof name), calls[total++].last = 0;
    if (seen[i].n > calls[k].last) calls[k].last = seen[i].n;
  }
  if (f) fclose(f);
  if (g->account->ended) return total;
  printf("FAILED %s: strace does not run here, or the acts fail without a fault\n", g->which);
  g->counts[1]++;
  return 0;
}

static void inject(Rig *g, const char *call, int at, const char *what) {
  char trace[64], fault[128];
  snprintf(trace, sizeof trace, "trace=%s", call);
  snprintf(fault, sizeof fault, "inject=%s:%s:when=%d", call, what, at);
  rig_fresh(g);
  (void)child_traced(g, "/dev/null", trace, fault);
  g->bitten += felt(g);
  rig_check(g, fault);
}

/* ---- killed at the n-th system call --------------------------------------------------------------------- */

/* strace sees each call of a whole run of the process; here what is before the mark runs at full speed. */
typedef struct Trace {
  pid_t pid, threads[THREADS];
  int count, calls;   /* calls: entries seen since the mark, of all threads together */
  bool marked;
} Trace;

static void thread_known(Trace *t, pid_t tid) {
  for (int i = 0; i < t->count; i++)
    if (t->threads[i] == tid) return;
  if (t->count == THREADS) abort();
  t->threads[t->count++] = tid;
}

/* From now on every thread stops at its calls; those that sleep are woken for it. */
static void marked(Trace *t) {
  t->marked = true;
  for (int i = 0; i < t->count; i++)
    if (t->threads[i] != t->pid) ptrace(PTRACE_INTERRUPT, t->threads[i], NULL, NULL);
}

/* One stop of one thread; false when the n-th call has been reached. */
static bool stop_taken(Trace *t, pid_t tid, int status, int n) {
  int sig = WSTOPSIG(status), event = status >> 16;
  enum __ptrace_request go = t->marked ? PTRACE_SYSCALL : PTRACE_CONT;
  thread_known(t, tid);
  if (event == PTRACE_EVENT_STOP && sig == SIGSTOP && !t->marked) { /* the mark: a group stop, which we end */
    marked(t);
    kill(t->pid, SIGCONT);
    go = PTRACE_SYSCALL;
  }
  if (sig == (SIGTRAP | 0x80)) {
    struct __ptrace_syscall_info info = {0};
    ptrace(PTRACE_GET_SYSCALL_INFO, tid, sizeof info, &info);
    if (info.op == PTRACE_SYSCALL_INFO_ENTRY && ++t->calls == n) return false;
  }
  bool delivered = !event && sig != (SIGTRAP | 0x80) && sig != SIGTRAP;
  ptrace(go, tid, NULL, delivered ? (uintptr_t)sig : 0);
  return true;
}

/* The process is killed as it enters its n-th call after the mark (0: never); how many calls were seen. */
static int killed_at(Rig *g, int n) {
  Trace t = {.pid = fork()};
  int status = 0;
  if (t.pid == 0) {
    raise(SIGSTOP); /* until it is seized */
    mark_stops = true;
    _exit(rig_child(g));
  }
  if (waitpid(t.pid, &status, WUNTRACED) != t.pid || !WIFSTOPPED(status)) abort();
  if (ptrace(PTRACE_SEIZE, t.pid, NULL, PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD) != 0) return -1;
  kill(t.pid, SIGCONT);
  for (pid_t tid; (tid = waitpid(-1, &status, __WALL)) > 0;) {
    if (WIFSTOPPED(status)) {
      if (stop_taken(&t, tid, status, n)) continue;
      kill(t.pid, SIGKILL);
    } else if (tid == t.pid) {
      break;
    }
  }
  return t.calls;
}

void rig_kills(Rig *g, const char *name, Share share) {
  int before = g->counts[0], places = 0, from, step;
  rig_fresh(g);
  fflush(stdout);
  int total = killed_at(g, 0);
  if (total <= 0 || !g->account->ended) {
    printf("FAILED %s: the process cannot be traced here, or its acts fail without a fault\n", g->which);
    g->counts[1]++;
    return;
  }
  share_of(share, total, &from, &step);
  for (int n = 1 + from; n <= total; n += step, places++) {
    char what[64];
    snprintf(what, sizeof what, "killed at system call %d of %d", n, total);
    rig_fresh(g);
    (void)killed_at(g, n);
    g->bitten += felt(g);
    rig_check(g, what);
  }
  rig_report(g, name, places, step, g->counts[0] - before);
}

static bool writes(const char *name) {
  static const char *const names[] = {"fsync", "fdatasync", "write", "pwrite64", "rename", "ftruncate"};
  for (size_t k = 0; k < COUNT(names); k++)
    if (!strcmp(name, names[k])) return true;
  return false;
}

void rig_io(Rig *g, const char *name, bool nospace, Share share) {
  static Call calls[CALLS];
  size_t n = calls_count(g, calls);
  int before = g->counts[0], places = 0, total = 0, from, step, k = 0;
  for (size_t i = 0; i < n; i++) total += writes(calls[i].name) ? calls[i].last : 0;
  share_of(share, total, &from, &step);
  for (size_t i = 0; i < n; i++)
    for (int at = 1; writes(calls[i].name) && at <= calls[i].last; at++) {
      if (k++ % step != from && strcmp(calls[i].name, "rename") != 0) continue; /* renames are few, and each decides whether something exists */
      inject(g, calls[i].name, at, "error=EIO"), places++;
      if (nospace && strcmp(calls[i].name, "fsync") != 0 && strcmp(calls[i].name, "fdatasync") != 0)
        inject(g, calls[i].name, at, "error=ENOSPC"), places++;
    }
  if (n) rig_report(g, name, places, step, g->counts[0] - before);
}

void rig_memory(Rig *g, const char *name, Share share) {
  int before = g->counts[0], places = 0, from, step;
  rig_fresh(g);
  (void)rig_forked(g, INT64_MAX);
  int64_t total = g->account->allocs;
  share_of(share, (int)total, &from, &step);
  for (int64_t at = 1 + from; at <= total; at += step, places++) {
    char what[64];
    snprintf(what, sizeof what, "allocation %lld of %lld", (long long)at, (long long)total);
    rig_fresh(g);
    int status = rig_forked(g, at);
    g->bitten += status != 0 || felt(g);
    rig_check(g, what);
    if (g->wrong) printf("  status %x, state %.5s\n", (unsigned)status, g->account->state);
    if (WIFSIGNALED(status) && WTERMSIG(status) != SIGABRT) {
      printf("FAILED %s: signal %d\n", what, WTERMSIG(status));
      g->counts[1]++;
    }
  }
  rig_report(g, name, places, step, g->counts[0] - before);
}
