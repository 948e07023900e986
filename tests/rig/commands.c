/* SPDX-License-Identifier: Apache-2.0 */
/*
 * commands: the machine of places.c over the engines of the program: one act of each declared command (ways.c).
 *
 *   rig_commands [all | some | none | COMMAND] [SEED [PART OF]]     PART 0 of 2, PART 1 of 2: two halves beside each other
 *
 * "all" takes every place but, of the allocations, about 250 in each command, others at each run; a COMMAND all of them.
 * "none" does each act once and takes nothing away: is every way legal? "some" begins with that, then takes another few
 * commands at each run: the clock, or SEED, says which, and it is printed.
 *
 * The act is legal where it is done, and makes some events. Whatever was taken away from it: afterwards all of these
 * events are there or none; all, when it was answered. Sent again under its key it is there once, with the first answer.
 * Journal, files and views verify.
 */
#include "places.h"
#include "ways.h"

#include "approval/desk.h"
#include "approval/personal.h"
#include "early/early.h"
#include "joint/joint.h"
#include "evaluation/evaluation.h"
#include "exchange/exchange.h"
#include "publish/publish.h"
#include "ledger/ledger.h"
#include "inspect/inspect.h"
#include "map/map.h"
#include "notice/notice.h"
#include "finish/finish.h"
#include "journal/journal_int.h"
#include "org/access.h"
#include "org/portfolio.h"
#include "supervision/supervision.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

Str test_root(void) {
  const char *root = getenv("TEST_ROOT");
  return str_of(root ? root : ".");
}

enum { MANY = 5 + SUPERVISION_ENGINES, BESIDE = 3 + EARLY_ENGINES + JOINT_ENGINES + NOTICE_ENGINES + FINISH_ENGINES + INSPECT_ENGINES + EVALUATION_ENGINES + PUBLISH_ENGINES + EXCHANGE_ENGINES + MAP_ENGINES + LEDGER_ENGINES, ENGINES = MANY + BESIDE };

/* What a process that works on the store knows. */
typedef struct Town {
  Policy own[2];
  const Policy *list[2];
  Policies policies;
  Engine own_engines[ENGINES];
  const Engine *engines[ENGINES];
  StoreOptions o;
} Town;

/* The act of the way that is being tried, and how many events it makes when nothing is taken away, those of the commands
 * that follow it included. The store had `before` events. */
typedef struct Act {
  Arena *mem;
  const Way *way;
  Command cmd;
  int64_t before;
  int events, followed;
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
  const Engine *base[ENGINES] = {&org_engine_base, &approval_engine_base, &calendar_engine_base, &policy_engine_base, &personal_engine_base};
  base[MANY] = &portfolio_engine_base;
  base[ENGINES - LEDGER_ENGINES - MAP_ENGINES - EXCHANGE_ENGINES - 1] = &access_engine_base;
  base[ENGINES - LEDGER_ENGINES - MAP_ENGINES - EXCHANGE_ENGINES - 2] = &desk_engine_base;
  for (size_t i = 0; i < EARLY_ENGINES; i++) base[MANY + 1 + i] = early_engines[i];
  for (size_t i = 0; i < SUPERVISION_ENGINES; i++) base[5 + i] = supervision_engines[i];
  for (size_t i = 0; i < JOINT_ENGINES; i++) base[MANY + 1 + EARLY_ENGINES + i] = joint_engines[i];
  for (size_t i = 0; i < NOTICE_ENGINES; i++) base[MANY + 1 + EARLY_ENGINES + JOINT_ENGINES + i] = notice_engines[i];
  for (size_t i = 0; i < FINISH_ENGINES; i++) base[MANY + 1 + EARLY_ENGINES + JOINT_ENGINES + NOTICE_ENGINES + i] = finish_engines[i];
  for (size_t i = 0; i < INSPECT_ENGINES; i++) base[MANY + 1 + EARLY_ENGINES + JOINT_ENGINES + NOTICE_ENGINES + FINISH_ENGINES + i] = inspect_engines[i];
  for (size_t i = 0; i < EVALUATION_ENGINES; i++) base[MANY + 1 + EARLY_ENGINES + JOINT_ENGINES + NOTICE_ENGINES + FINISH_ENGINES + INSPECT_ENGINES + i] = evaluation_engines[i];
  for (size_t i = 0; i < MAP_ENGINES; i++) base[ENGINES - LEDGER_ENGINES - MAP_ENGINES + i] = map_engines[i];
  for (size_t i = 0; i < EXCHANGE_ENGINES; i++) base[ENGINES - LEDGER_ENGINES - MAP_ENGINES - EXCHANGE_ENGINES + i] = exchange_engines[i];
  for (size_t i = 0; i < LEDGER_ENGINES; i++) base[ENGINES - LEDGER_ENGINES + i] = ledger_engines[i];
  for (size_t i = 0; i < PUBLISH_ENGINES; i++) base[MANY + 1 + EARLY_ENGINES + JOINT_ENGINES + NOTICE_ENGINES + FINISH_ENGINES + INSPECT_ENGINES + EVALUATION_ENGINES + i] = publish_engines[i];
  for (size_t i = 0; i < ENGINES; i++) {
    bool one = !i || i >= MANY; /* those of accounts and beside the case take the package, the others all versions */
    t->own_engines[i] = *base[i];
    t->own_engines[i].env = one ? (const void *)t->list[0] : &t->policies;
    t->engines[i] = &t->own_engines[i];
  }
  t->o = (StoreOptions){.dir = dir, .engines = t->engines, .engine_count = COUNT(t->engines)};
}

static void world_begin(World *w, Arena *mem, const Town *t, Runner *r) {
  world_open(w, mem, t->list[0]);
  calendars_close(w->policies.current->calendars);
  w->policies = t->policies;
  w->blob = hash_hex(mem, hash_bytes(SUITE_GM, S("sample")));
  w->corrected = hash_hex(mem, hash_bytes(SUITE_GM, S("sample, corrected")));
  w->runner = r;
}

/* The way again, in memory, to the same command. False when it is not legal. */
static bool act_make(const Way *way) {
  Town t;
  arena_close_p(&act.mem);
  act = (Act){.mem = arena_open((size_t)256 << 20), .way = way};
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
  Str follows = arena_fmt(cx->mem, ">%s>", act.way->command);
  if (reader_journal(cx, rd, act.before, 1000, &e) != OK) rig_wrong(g, "reading", cx->detail.ptr);
  act.followed = 0;
  for (size_t i = 0; i < e.count; i++) {
    if (str_eq(e.list[i].command, key)) *last = e.list[i].pos;
    else act.followed += str_has(e.list[i].command, follows);
  }
  return (int)e.count;
}

/* verify looks whether what an event erases is gone; here also: what is gone has its event. */
static void erased_check(Rig *g, Cx *cx, Reader *rd, bool done) {
  Str value;
  if (!act.way->erases) return;
  Code code = reader_vault(cx, rd, str_of(act.way->erases), &value);
  if (code != (done ? NOT_FOUND : OK)) rig_wrong(g, g->which, done ? "done, and the value is there" : "not done, and the value is not there");
  cx_clear(cx);
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
  erased_check(g, cx, rd, seen > 0);
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

static int64_t base_make(Rig *g, const Way *way) {
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)512 << 20);
  Cx cx = {.mem = mem};
  Town t;
  World *w = arena_new(mem, World);
  Runner *r = NULL;
  Reader *rd = NULL;
  Events e = {0};
  Blob *b = NULL;
  Str hash;
  int64_t size;
  const char *const gone[] = {"rm", "-rf", g->base.ptr, NULL};
  (void)rig_run(gone);
  town_open(&t, mem, g->base);
  REQUIRE(store_make(&cx, g->base, SUITE_GM, json_obj(mem)) == OK);
  REQUIRE(blob_open(&cx, g->base, 100, &b) == OK && blob_add(&cx, b, "sample", 6) == OK && blob_finish(&cx, b, &hash, &size) == OK);
  blob_drop(&b);
  REQUIRE(blob_open(&cx, g->base, 100, &b) == OK && blob_add(&cx, b, "sample, corrected", 17) == OK && blob_finish(&cx, b, &hash, &size) == OK);
  blob_drop(&b);
  REQUIRE(runner_open(&cx, &t.o, &r) == OK);
  world_begin(w, mem, &t, r);
  way->before(w);
  REQUIRE(reader_open(&cx, r, &rd) == OK && reader_journal(&cx, rd, 0, 1000, &e) == OK && e.count < 1000);
  int64_t last = e.count ? e.list[e.count - 1].pos : 0;
  reader_close(rd);
  runner_close(r);
  calendars_close(t.own[0].calendars);
  return last;
}

/* Without a fault the act is done, and makes events. */
static bool sound(Rig *g) {
  rig_fresh(g);
  (void)rig_forked(g, 0);
  rig_check(g, "without a fault");
  if (!act.events || g->wrong) printf("FAILED %s: not done even without a fault\n", g->which);
  else if (act.way->via && !act.followed) printf("FAILED %s does not follow %s\n", g->which, act.way->via);
  else return true;
  return false;
}

typedef struct Extent { Share kills, io, memory; bool nospace; } Extent;

static bool way_begin(Rig *g, const Way *way) {
  g->which = way->command;
  int64_t before = base_make(g, way);
  bool made = act_make(way);
  act.before = before;
  bool ok = made && sound(g);
  if (!ok) g->counts[1]++;
  return ok;
}

static void way_run(Rig *g, const Way *way, const Extent *x) {
  char name[80];
  if (!way_begin(g, way)) return;
  snprintf(name, sizeof name, "%s (%d events), kill", way->command, act.events);
  rig_kills(g, name, x->kills);
  snprintf(name, sizeof name, "%s, io", way->command);
  rig_io(g, name, x->nospace, x->io);
  snprintf(name, sizeof name, "%s, memory", way->command);
  rig_memory(g, name, x->memory);
}

static void all_covered(Rig *g) {
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)64 << 20);
  Town t;
  town_open(&t, mem, S(""));
  calendars_close(t.own[0].calendars);
  for (size_t e = 0; e < ENGINES; e++)
    for (size_t i = 0; i < t.engines[e]->command_count; i++) {
      const char *name = t.engines[e]->commands[i].name;
      bool there = way_of(str_of(name)) != NULL;
      if (!there) printf("FAILED %s has no way in tests/rig/ways.c\n", name);
      g->counts[!there]++;
    }
  if (program_engines != ENGINES) printf("FAILED the program has %zu engines, the rig %d\n", program_engines, ENGINES);
  g->counts[program_engines != ENGINES]++;
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
  int shift = (int)(seed / way_count() % 1000);
  Extent everything = {.memory = {250, shift}, .nospace = true}, share = {.kills = {110, shift}, .io = {18, shift}, .memory = {45, shift}};
  rig_fill(&g, mem, rig_work(mem), 1);
  all_covered(&g);
  if (str_eq(what, S("some"))) printf("seed %u: rig_commands some %u\n", seed, seed);
  if (way_of(what)) way_run(&g, way_of(what), &(Extent){.nospace = true});
  for (size_t i = part; all && i < way_count(); i += of) way_run(&g, way_at(i), &everything);
  for (size_t i = part; !all && !way_of(what) && i < way_count(); i += of) (void)way_begin(&g, way_at(i));
  for (size_t i = 0; str_eq(what, S("some")) && i < SOME; i++) way_run(&g, way_at((seed * SOME + i) % way_count()), &share);
  rig_end(&g);
  return g.counts[1] > 0;
}
