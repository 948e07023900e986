/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check.c: what must hold of a project's state, and at the end of the year.
 *
 * Which invariant of the test programme is looked at where (numbers as there; "part" says which part):
 *
 *   shadow.c, shadow_item.c, publish.c: at each event
 *     2 listed steps, by a role that may · 3 nothing after the end · 4 decisions only after acceptance · 5 acceptance when five working
 *     days have passed · 6 refusals with reasons and remedy · 7 certificates only when all passed, numbers once · 9 part: notices and
 *     versions take two persons · 10 the plan is the catalogue · 11 the version of the day is pinned · 14 part: an extension has its
 *     bound · 15 pauses have a listed cause and an end · 16 sequences without gaps, time goes forward · 19 each event has its command,
 *     actor, role and unit of that time · 21 nobody acts when disabled or outside the unit · 22 the system under its own name · 30 numbers
 *     without doubles or gaps · 35 part: no personal data in events · 39 three administrators, three persons · 40 no role does what is
 *     another's · 43 the last administrator of a kind stays
 *   send.c: at each answer
 *     33 one key, one effect, one answer · 34 what was acknowledged is there · 42 who is disabled is kept out at the next request
 *   check.c: after each crash, notice and version, and every 40 steps
 *     1 states are what the events say · 11 pinned limits never change · at the end: 27 files have their hash, 28 replay and rebuilding
 *     give the same rows, 35 part: no personal data in views; and with everybody polite every project comes to its end
 *   check_clock.c
 *     12 each clock counted again by hand · 13 due days are working days · 14 left is limit minus used · 15 pauses count once · 17 part: one
 *     lamp and the right one
 *   check_views.c
 *     1, 17 lists and the due queue are what the states say · 47 sums are recounts · 50 the sum over states is all
 *   copies.c
 *     25 each signed head is the journal's, and continues the one before · 26 the witness recognises a store that was rolled back
 *
 * Not here, because a city without pages, sessions, sockets and a second database has nothing of the sort: 8, 20, 24, 29, 31, 32, 36, 38,
 * 41, 44, 45, 46, 48, 49 (tests/http, tests/cli, tests/proof, tests/pg, tests/busy and the unit tests look at some). Not yet: 18 (no alarm for an
 * undelivered certificate is an event), 23 (agents are a room of their own, tests/unit/early), 37 (only the addresses that an account replaces are erased here).
 *   stats.c
 *     what is open is what the states say, the cube is a full count, figures of a past day stay
 *   notice.c
 *     who is told, written to and asked: once each, nobody without an address, one server at a time; one rating for each matter
 */
#include "sim.h"

#include <stdio.h>

static void items_check(City *c, const StageState *s, ShStage *sh, int64_t no, int n) {
  CHECK(c, s->item_count == sh->count, "states are what the events say", "project %lld stage %d: %zu items, %zu", (long long)no, n, s->item_count, sh->count);
  for (size_t i = 0; i < sh->count && !c->failed; i++) {
    const ShItem *x = &sh->items[i];
    const ItemState *item = stage_item(s, x->code);
    if (!item) STOP(c, "states are what the events say", "project %lld: %.*s is missing", (long long)no, SFMT(x->code));
    CHECK(c, item->status == x->status, "states are what the events say", "project %lld %.*s: %.*s, %.*s", (long long)no, SFMT(x->code),
          SFMT(item_status_text(item->status)), SFMT(item_status_text(x->status)));
    CHECK(c, item->limit == x->limit && item->days == x->days, "pinned limits never change", "project %lld %.*s: %d, %d", (long long)no, SFMT(x->code),
          item->limit, x->limit);
    CHECK(c, item->seq == x->last, "an item knows who touched it last", "project %lld %.*s", (long long)no, SFMT(x->code));
    CHECK(c, item->pause_count == x->pause_count, "pauses are closed or running", "project %lld %.*s", (long long)no, SFMT(x->code));
  }
}

void check_project(City *c, int64_t no) {
  const Project *p = project_read(c, no);
  ShProject *sh = shadow_project(c, no);
  if (!p || c->failed) return;
  CHECK(c, p->seq == sh->seq && p->status == sh->status && str_eq(p->number, sh->number), "states are what the events say", "project %lld", (long long)no);
  for (int n = 1; n <= STAGE_MAX && !c->failed; n++) {
    const StageState *s = &p->stages[n];
    ShStage *t = &sh->stages[n];
    CHECK(c, s->status == t->status && s->attempt == t->attempt, "states are what the events say", "project %lld stage %d: %.*s, %.*s", (long long)no, n,
          SFMT(stage_status_text(s->status)), SFMT(stage_status_text(t->status)));
    CHECK(c, p->limits[n] == sh->limits[n], "pinned limits never change", "project %lld stage %d", (long long)no, n);
    if (t->accepted.n)
      CHECK(c, s->limit == t->limit && s->accepted_on.n == t->accepted.n && str_eq(s->policy_version, t->version), "pinned limits never change",
            "project %lld stage %d", (long long)no, n);
    items_check(c, s, t, no, n);
  }
  World w = {.mem = c->cx.mem, .policies = c->policies, .pr = p, .no = no, .now = c->now};
  w.policies.current = policy_now(c, S(""));
  Str wrong = c->failed ? S("") : world_fault(&w);
  CHECK(c, !wrong.len, "nothing impossible", "project %lld: %.*s", (long long)no, SFMT(wrong));
  if (!c->failed) check_clocks(c, p, sh);
}

void check_all(City *c) {
  c->checks++;
  for (size_t i = 0; i < c->project_count && !c->failed; i++) check_project(c, (int64_t)i + 1);
  if (!c->failed) early_check(c);
  if (!c->failed) super_check(c);
  if (!c->failed) joint_check(c);
  if (!c->failed) notice_check(c);
  if (!c->failed) finish_check(c);
  if (!c->failed) spot_check(c);
  if (!c->failed) disclose_check(c);
  if (!c->failed) check_views(c);
  if (!c->failed) stats_check(c);
  if (!c->failed) appraise_check(c);
  if (!c->failed && c->project_count) check_ledgers(c, 1 + (int64_t)roll(c, (uint32_t)c->project_count));
}

/* ---- at the end ------------------------------------------------------------------------------------------- */

static void verify(City *c) {
  Cx cx = {.mem = c->cx.mem, .now = c->now};
  VerifyReport r = {0};
  if (store_verify(&cx, &c->options, &r) != OK) STOP(c, "the store is verified", "%.*s", SFMT(cx.detail));
  CHECK(c, r.chain_ok && r.views_ok, "the store is verified", "%.*s", SFMT(r.fault));
  CHECK(c, r.events == c->pos && r.streams == (int64_t)c->stream_count, "verify counts what was done", "%lld events, %lld streams", (long long)r.events,
        (long long)r.streams);
}

/* The journal alone, in an empty directory, makes the same views; and made anew in place, again the same. */
static void replay(City *c) {
  Str live = city_text(c, c->mem), old = c->dir, fresh = arena_fmt(c->mem, "%.*s-replay", SFMT(c->dir));
  int64_t events = 0;
  city_copy(c, c->dir, fresh, true, false);
  city_stop(c);
  c->dir = fresh;
  city_start(c);
  CHECK(c, str_eq(live, city_text(c, c->mem)), "replay into an empty store gives the same views", "of %lld events", (long long)c->pos);
  Cx cx = {.mem = c->cx.mem, .now = c->now};
  StoreOptions o = c->options;
  reader_close_p(&c->reader);
  runner_close_p(&c->runner);
  CHECK(c, store_rebuild(&cx, &o, &events) == OK && events == c->pos, "views are made anew", "%.*s", SFMT(cx.detail));
  calendars_close(c->own[0].calendars);
  arena_close_p(&c->engine_mem);
  city_start(c);
  CHECK(c, str_eq(live, city_text(c, c->mem)), "views made anew are the same", "of %lld events", (long long)c->pos);
  static const char *const canaries[] = {"1380013", "11010519491231002X", "argon2id"};
  for (size_t i = 0; i < COUNT(canaries); i++) CHECK(c, !str_has(live, str_of(canaries[i])), "no personal data in views", "%s", canaries[i]);
  for (size_t i = 0; i < c->project_count && !c->failed; i++) check_project(c, (int64_t)i + 1);
  if (!c->failed) early_check(c);
  if (!c->failed) super_check(c);
  if (!c->failed) joint_check(c);
  if (!c->failed) notice_check(c);
  if (!c->failed) finish_check(c);
  if (!c->failed) spot_check(c);
  if (!c->failed) disclose_check(c);
  if (!c->failed) check_views(c);
  if (!c->failed) stats_check(c);
  dir_remove(c->cx.mem, old);
}

/* Everyone does what is asked of them: every project comes to its end. */
static void liveness(City *c) {
  enum { ROUNDS = 120 };
  c->polite = true;
  staff_complete(c);
  reform_finish(c);
  finish_let_go(c);
  map_finish(c);
  for (int round = 0; round < ROUNDS && !c->failed; round++) {
    bool moved = false;
    c->now += 3600000;
    arena_reset(c->cx.mem);
    reader_begin(c->reader);
    send_timer(c);
    moved = joint_finish(c);
    for (size_t i = 0; i < c->project_count && !c->failed; i++) moved = project_step(c, (int64_t)i + 1) || moved;
    if (!moved) break;
  }
  for (size_t i = 0; i < c->project_count && !c->failed; i++)
    CHECK(c, c->projects[i].status != PROJECT_RUNNING, "nothing is stuck", "project %zu in stage %d", i + 1,
          project_current_stage(project_read(c, (int64_t)i + 1)));
}

void check_end(City *c) {
  if (!c->failed) liveness(c);
  if (!c->failed) check_all(c);
  for (size_t i = 0; i < c->project_count && !c->failed; i++) check_ledgers(c, (int64_t)i + 1);
  if (!c->failed) verify(c);
  if (!c->failed) replay(c);
}
