/* SPDX-License-Identifier: Apache-2.0 */
/*
 * commands: the machine of places.c over the engines of the program: one act of each declared command (ways.c).
 *
 *   rig_commands [all | some | COMMAND] [SEED [PART OF]]     PART 0 of 2, PART 1 of 2: two halves beside each other
 *
 * "all" takes every place but, of the allocations, about 250 in each command, others at each run; a COMMAND all of them.
 * "some" takes another few commands at each run: the clock, or SEED, says which, and it is printed.
 *
 * The act is legal where it is done, and makes some events. Whatever was taken away from it: afterwards all of these
 * events are there or none; all, when it was answered. Sent again under its key it is there once, with the first answer.
 * Journal, files and views verify.
 */
#include "places.h"
#include "ways.h"

#include "journal/journal_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

Str test_root(void) {
  const char *root = getenv("TEST_ROOT");
  return str_of(root ? root : ".");
}

/* What a process that works on the store knows. */
typedef struct Town {
  Policy own[2];
  const Policy *list[2];
  Policies policies;
  Engine org, approval, calendar, publish;
  const Engine *engines[4];
  StoreOptions o;
} Town;

/* The act of the way that is being tried, and how many events it makes when nothing is taken away. */
typedef struct Act {
  Arena *mem;
  Command cmd;
  int events;
} Act;
static Act act;

static void town_open(Town *t, Arena *mem, Str dir) {
  Cx cx = {.mem = mem, .now = 1567386000000};
  t->own[0] = *huludao(&cx);
  t->own[0].calendars = calendars_open(mem, t->own[0].calendar);
  t->own[1] = t->own[0];
  t->own[1].version = S("2019.r1");
  t->own[1].dir_hash = hash_hex(mem, hash_bytes(SUITE_GM, S("another package")));
  for (int i = 0; i < 2; i++) t->list[i] = &t->own[i];
  t->policies = (Policies){.current = t->list[0], .all = t->list, .count = 2};
  t->org = org_engine_base, t->approval = approval_engine_base, t->calendar = calendar_engine_base, t->publish = policy_engine_base;
  t->org.env = t->list[0];
  t->approval.env = t->calendar.env = t->publish.env = &t->policies;
  const Engine *engines[] = {&t->org, &t->approval, &t->calendar, &t->publish};
  memcpy(t->engines, engines, sizeof engines);
  t->o = (StoreOptions){.dir = dir, .engines = t->engines, .engine_count = COUNT(t->engines)};
}

static void world_begin(World *w, Arena *mem, const Town *t, Runner *r) {
  world_open(w, mem, t->list[0]);
  calendars_close(w->policies.current->calendars);
  w->policies = t->policies;
  w->blob = hash_hex(mem, hash_bytes(SUITE_GM, S("sample")));
  w->runner = r;
}

/* The way again, in memory, to the same command. False when it is not legal. */
static bool act_make(const Way *way) {
  Town t;
  arena_close_p(&act.mem);
  act = (Act){.mem = arena_open((size_t)256 << 20)};
  World *w = arena_new(act.mem, World);
  Cx cx = {.mem = act.mem};
  town_open(&t, act.mem, S(""));
  world_begin(w, act.mem, &t, NULL);
  way->before(w);
  bool legal = way_act(&cx, w, way, &act.cmd) == OK;
  if (!legal) printf("  %s is refused where it should be legal: %.*s\n", way->command, SFMT(cx.detail));
  calendars_close(t.own[0].calendars);
  return legal;
}

static int child(Rig *g) {
  Arena *mem = arena_open((size_t)512 << 20);
  Town t;
  Runner *r = NULL;
  if (!act.mem && !act_make(way_of(str_of(g->which)))) return 2;
  town_open(&t, mem, g->dir);
  Cx cx = {.mem = mem, .now = act.cmd.now};
  CommandResult result;
  if (runner_open(&cx, &t.o, &r) != OK) return 2;
  rig_mark(g);
  g->account->state[0] = 'S';
  Code code = runner_run(&cx, r, &act.cmd, &result);
  if (code == OK) g->account->pos[0] = result.pos;
  g->account->state[0] = code == OK ? 'A' : 'E';
  g->account->readonly[0] = runner_readonly(r);
  rig_unmark(g);
  runner_close(r);
  return 0;
}

/* ---- afterwards ----------------------------------------------------------------------------------- */

static int events_of(Rig *g, Cx *cx, Reader *rd, Str key, int64_t *last) {
  Events e = {0};
  int seen = 0;
  if (reader_journal(cx, rd, 0, 1000, &e) != OK) rig_wrong(g, "reading", cx->detail.ptr);
  for (size_t i = 0; i < e.count; i++)
    if (str_eq(e.list[i].command, key)) seen++, *last = e.list[i].pos;
  return seen;
}

static void act_check(Rig *g, Cx *cx, Runner *r, Reader *rd) {
  const Command *cmd = &act.cmd;
  int64_t last = 0, ignored = 0;
  CommandResult result = {0};
  int seen = events_of(g, cx, rd, cmd->key, &last);
  if (!act.events && g->account->state[0] == 'A') act.events = seen;
  if (seen && seen != act.events) rig_wrong(g, g->which, "half there");
  if (g->account->state[0] == 'A' && (!seen || last != g->account->pos[0])) rig_wrong(g, g->which, "acknowledged and not there");
  if (!g->account->state[0] && seen) rig_wrong(g, g->which, "never sent, and there");
  Code code = runner_run(cx, r, cmd, &result);
  if (code != OK || result.repeated != (seen > 0)) rig_wrong(g, "sent again: not answered as it should be", arena_z(cx->mem, cx->detail));
  if (seen && result.pos != last) rig_wrong(g, g->which, "sent again: another answer");
  cx_clear(cx);
  if (events_of(g, cx, rd, cmd->key, &ignored) != act.events) rig_wrong(g, g->which, "sent again: not there once");
}

static void check(Rig *g) {
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)512 << 20);
  Cx cx = {.mem = mem, .now = act.cmd.now};
  Town t;
  Runner *r = NULL;
  Reader *rd = NULL;
  VerifyReport v = {0};
  town_open(&t, mem, g->dir);
  if (runner_open(&cx, &t.o, &r) != OK || reader_open(&cx, r, &rd) != OK) rig_wrong(g, "opening", arena_z(mem, cx.detail));
  else act_check(g, &cx, r, rd);
  reader_close(rd);
  runner_close(r);
  cx_clear(&cx);
  if (store_verify(&cx, &t.o, &v) != OK || !v.chain_ok || !v.views_ok) rig_wrong(g, "verify", arena_z(mem, v.fault));
  calendars_close(t.own[0].calendars);
}

/* ---- one command ---------------------------------------------------------------------------------- */

static void base_make(Rig *g, const Way *way) {
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)512 << 20);
  Cx cx = {.mem = mem};
  Town t;
  World *w = arena_new(mem, World);
  Runner *r = NULL;
  Blob *b = NULL;
  Str hash;
  int64_t size;
  const char *const gone[] = {"rm", "-rf", g->base.ptr, NULL};
  (void)rig_run(gone);
  town_open(&t, mem, g->base);
  REQUIRE(store_make(&cx, g->base, SUITE_GM, json_obj(mem)) == OK);
  REQUIRE(blob_open(&cx, g->base, 100, &b) == OK && blob_add(&cx, b, "sample", 6) == OK && blob_finish(&cx, b, &hash, &size) == OK);
  blob_drop(&b);
  REQUIRE(runner_open(&cx, &t.o, &r) == OK);
  world_begin(w, mem, &t, r);
  way->before(w);
  runner_close(r);
  calendars_close(t.own[0].calendars);
}

/* Without a fault the act is done, and makes events. */
static bool sound(Rig *g) {
  rig_fresh(g);
  (void)rig_forked(g, 0);
  rig_check(g, "without a fault");
  if (act.events && !g->wrong) return true;
  printf("FAILED %s: not done even without a fault\n", g->which);
  return false;
}

typedef struct Extent { Share kills, io, memory; bool nospace; } Extent;

static void way_run(Rig *g, const Way *way, const Extent *x) {
  char name[80];
  g->which = way->command;
  base_make(g, way);
  if (!act_make(way) || !sound(g)) {
    g->counts[1]++;
    return;
  }
  snprintf(name, sizeof name, "%s (%d events), kill", way->command, act.events);
  rig_kills(g, name, x->kills);
  snprintf(name, sizeof name, "%s, io", way->command);
  rig_io(g, name, x->nospace, x->io);
  snprintf(name, sizeof name, "%s, memory", way->command);
  rig_memory(g, name, x->memory);
}

static void all_covered(Rig *g) {
  const struct { const CommandDecl *list; size_t count; } engines[] = {
      {org_engine_base.commands, org_engine_base.command_count},           {approval_engine_base.commands, approval_engine_base.command_count},
      {calendar_engine_base.commands, calendar_engine_base.command_count}, {policy_engine_base.commands, policy_engine_base.command_count}};
  for (size_t e = 0; e < COUNT(engines); e++)
    for (size_t i = 0; i < engines[e].count; i++) {
      Str name = str_of(engines[e].list[i].name);
      bool there = way_of(name) || way_elsewhere(name);
      if (way_elsewhere(name)) printf("not here: %.*s\n", SFMT(name));
      if (!there) printf("FAILED %s has no way in tests/rig/ways.c\n", engines[e].list[i].name);
      g->counts[!there]++;
    }
}

int main(int argc, char **argv) {
  enum { SOME = 3 };
  Arena *mem = arena_open((size_t)64 << 20);
  static Rig g = {.child = child, .check = check, .which = ""};
  log_level(LOG_ERROR);
  if (argc == 5 && !strcmp(argv[1], "--child")) {
    g.which = argv[4];
    rig_fill(&g, mem, str_of(argv[2]), 1);
    return rig_child(&g);
  }
  Str what = argc > 1 ? str_of(argv[1]) : S("some");
  unsigned seed = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : (unsigned)(time(NULL) / 60);
  bool all = str_eq(what, S("all"));
  size_t part = argc > 4 ? (size_t)strtoul(argv[3], NULL, 10) : 0, of = argc > 4 ? (size_t)strtoul(argv[4], NULL, 10) : 1;
  int shift = (int)(seed / way_count % 1000);
  Extent everything = {.memory = {250, shift}, .nospace = true}, share = {.kills = {110, shift}, .io = {18, shift}, .memory = {45, shift}};
  rig_fill(&g, mem, rig_work(mem), 1);
  all_covered(&g);
  if (str_eq(what, S("some"))) printf("seed %u: rig_commands some %u\n", seed, seed);
  if (way_of(what)) way_run(&g, way_of(what), &(Extent){.nospace = true});
  for (size_t i = part; all && i < way_count; i += of) way_run(&g, &ways[i], &everything);
  for (size_t i = 0; str_eq(what, S("some")) && i < SOME; i++) way_run(&g, &ways[(seed * SOME + i) % way_count], &share);
  rig_end(&g);
  return g.counts[1] > 0;
}
