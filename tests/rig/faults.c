/* SPDX-License-Identifier: Apache-2.0 */
/*
 * faults: the machine of places.c over the smallest engine, and a disk that fills up.
 *
 *   full      a disk that fills up after 0, 4, 8 … KB (a small tmpfs of our own)
 *
 *   rig_faults [all|few [PART]]   "all" takes all acts and places; without it one act (a file, a person, an event)
 *
 * Afterwards what was acknowledged is there once and whole, what was refused is not, what had no answer is there at
 * most once; the store opens, takes the unknown ones again under their keys, and verifies. Nothing is acknowledged by a
 * store that has said it is read-only.
 */
#include "../unit/journal/tally.h"
#include "journal/journal_int.h"
#include "places.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ACTS = 5 };
static const int64_t day_one = 1567386000000; /* 2019-09-02 */
static const char *const keys[ACTS] = {"file-000001", "add-0000001", "split-00001", "refuse-0001", "add-0000002"};
static const Engine *const engines[] = {&tally_engine};

static StoreOptions options(const Rig *g) {
  return (StoreOptions){.dir = g->dir, .engines = engines, .engine_count = 1};
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

static int child(Rig *g) {
  Cx cx = {.mem = arena_open((size_t)64 << 20), .now = day_one};
  StoreOptions o = options(g);
  Runner *r = NULL;
  if (runner_open(&cx, &o, &r) != OK) return 2;
  rig_mark(g);
  acts_do(g, &cx, r);
  rig_unmark(g);
  runner_close(r);
  return 0;
}

/* ---- afterwards ----------------------------------------------------------------------------------- */

static void journal_count(Rig *g, Cx *cx, Reader *rd, int seen[ACTS], int64_t last[ACTS]) {
  Events e = {0};
  if (reader_journal(cx, rd, 0, 1000, &e) != OK) rig_wrong(g, "reading", cx->detail.ptr);
  for (size_t i = 0; i < e.count; i++)
    for (int k = 0; k < ACTS; k++)
      if (str_eqz(e.list[i].command, keys[k])) seen[k]++, last[k] = e.list[i].pos;
}

static void act_check(Rig *g, int i, int seen, int64_t last) {
  const Account *a = g->account;
  if (a->state[i] == 'A' && (seen != events_of(i) || last != a->pos[i])) rig_wrong(g, keys[i], "acknowledged and not there");
  if ((a->state[i] == 'R' || !a->state[i]) && seen) rig_wrong(g, keys[i], "refused or never sent, and there");
  if (seen && seen != events_of(i)) rig_wrong(g, keys[i], "half there, or more than once");
  for (int k = 0; k < i; k++)
    if (a->readonly[k] && a->state[i] == 'A') rig_wrong(g, keys[i], "acknowledged by a store that was read-only");
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
    if (code != OK || result.repeated != (seen[i] > 0)) rig_wrong(g, keys[i], "sent again: not answered as it should be");
    cx_clear(cx);
  }
  journal_count(g, cx, rd, again, ignored);
  for (int i = 0; i < g->acts; i++)
    if (again[i] != events_of(i)) rig_wrong(g, keys[i], "sent again: not there once");
}

static void check(Rig *g) {
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)256 << 20);
  Cx cx = {.mem = mem, .now = day_one};
  StoreOptions o = options(g);
  Runner *r = NULL;
  Reader *rd = NULL;
  VerifyReport v = {0};
  if (runner_open(&cx, &o, &r) != OK || reader_open(&cx, r, &rd) != OK) rig_wrong(g, "opening", arena_z(mem, cx.detail));
  else acts_check(g, &cx, r, rd);
  reader_close(rd);
  runner_close(r);
  cx_clear(&cx);
  if (store_verify(&cx, &o, &v) != OK || !v.chain_ok || !v.views_ok) rig_wrong(g, "verify", arena_z(mem, v.fault));
}

/* ---- the disk ------------------------------------------------------------------------------------- */

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
  rig_fresh(g);
  disk_fill(ballast, keep);
  (void)rig_forked(g, 0);
  bool stopped = false;
  for (int i = 0; i < g->acts; i++) stopped |= g->account->readonly[i];
  snprintf(ballast, sizeof ballast, "%s/readonly.log", g->dir.ptr);
  bool told = stat(ballast, &st) == 0 && st.st_size > 0;
  if (stopped != told) printf("FAILED %s: read-only %d, recorded %d\n", what, stopped, told), g->counts[1]++;
  snprintf(ballast, sizeof ballast, "%s/ballast", mount_point);
  unlink(ballast);
  rig_check(g, what);
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

static void base_make(Rig *g, Arena *mem) {
  Cx cx = {.mem = mem, .now = day_one};
  Runner *r = NULL;
  CommandResult result;
  Json *args = json_obj(mem);
  StoreOptions o = {.dir = g->base, .engines = engines, .engine_count = 1};
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
  static Rig g = {.child = child, .check = check, .which = ""};
  if (argc == 5 && !strcmp(argv[1], "--child")) {
    rig_fill(&g, mem, str_of(argv[2]), (int)strtol(argv[3], NULL, 10));
    return rig_child(&g);
  }
  bool all = argc > 1 && !strcmp(argv[1], "all");
  rig_fill(&g, mem, rig_work(mem), all ? ACTS : 1);
  base_make(&g, mem);
  Str part = argc > 2 ? str_of(argv[2]) : S("");
  Share every = {0}, some = {.max = all ? 0 : 150, .shift = (int)(time(NULL) % 1000)};
  if (!part.len || str_eq(part, S("kill"))) rig_kills(&g, "kill", every);
  if (!part.len || str_eq(part, S("io"))) rig_io(&g, "io", all, every);
  if (!part.len || str_eq(part, S("memory"))) rig_memory(&g, "memory", some);
  g.acts = ACTS; /* a disk fills up over several acts */
  if (!part.len || str_eq(part, S("full"))) full(&g, all);
  rig_end(&g);
  return g.counts[1] > 0;
}
