/* SPDX-License-Identifier: Apache-2.0 */
/* Random people doing random things: nothing impossible happens and nothing ever gets stuck. */
#include <stdio.h>
#include "world.h"

static uint64_t seed;
static uint32_t roll(uint32_t n) { /* splitmix64 */
  uint64_t z = (seed += 0x9E3779B97F4A7C15ULL);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return (uint32_t)((z ^ (z >> 31)) % n);
}

/* Now and then somebody who has no business here. */
static Str person(World *w, const CommandDecl *d, const ItemState *item) {
  static const char *const others[] = {"owner", "stranger", "clerk", "head", "timer", "ap:housing", "supervisor"};
  if (roll(12) == 0) return str_of(others[roll(COUNT(others))]);
  if (d->allow & ROLE_APPLICANT) return roll(4) ? S("owner") : S("partner");
  if (d->allow & ROLE_CLERK) return S("clerk");
  if (d->allow & ROLE_WINDOW_HEAD) return S("head");
  if (d->allow & ROLE_SYSTEM) return S("timer");
  Str unit = item ? item->unit : S("natural-resources");
  return arena_fmt(w->mem, "%s:%.*s", d->allow & ROLE_UNIT_HEAD ? "uh" : "ap", SFMT(unit));
}

/* What only follows other engines is not done here: nobody reviews drawings or breaks promises in a walk. */
static const CommandDecl *random_command(void) {
  static const char *const follows[] = {"project.note-review", "project.note-promise", "project.note-blueprint", "project.halt", "project.resume", "item.revoke"};
  for (;;) {
    const CommandDecl *d = &approval_commands[roll((uint32_t)approval_command_count)];
    size_t k = 0;
    while (k < COUNT(follows) && strcmp(d->name, follows[k]) != 0) k++;
    if (k == COUNT(follows)) return d;
  }
}

static void random_step(World *w) {
  const CommandDecl *d = random_command();
  Json *a = json_obj(w->mem);
  int n = roll(5) ? project_current_stage(w->pr) : (int)roll(5);
  const ItemState *item = NULL;
  if (n >= 1 && n <= STAGE_MAX && w->pr->stages[n].item_count)
    item = &w->pr->stages[n].items[roll((uint32_t)w->pr->stages[n].item_count)];
  if (d->creates) return;
  if (!strcmp(d->name, "project.withdraw") && roll(30)) return;
  if (!strcmp(d->name, "stage.withdraw") && roll(4)) return;
  if (!strcmp(d->name, "certificate.revoke") && roll(20)) return;
  if (d->arg_count && !strcmp(d->args[0].name, "stage")) json_put_int(w->mem, a, S("stage"), n);
  if (!strncmp(d->name, "item.", 5)) json_put_str(w->mem, a, S("item"), item ? item->code : S("nothing"));
  if (!strcmp(d->name, "item.decide") && roll(6) == 0) json_put_str(w->mem, a, S("result"), S("refuse"));
  Str before = world_text(w->mem, w->pr);
  world_do(w, person(w, d, item), str_of(d->name), a);
  if (w->code != OK) REQUIRE(str_eq(before, world_text(w->mem, w->pr)));
  if (w->code != OK) REQUIRE(w->detail.len && utf8_valid(w->detail));
}

static bool finish(World *w) {
  for (int n = 1; n <= STAGE_MAX; n++) {
    if (w->pr->stages[n].status != STAGE_NA) world_through(w, n);
  }
  for (size_t i = 0; i < w->pr->cert_count; i++) /* nothing is built on what was taken away */
    if (w->pr->certs[i].status == CERT_REVOKED) return true;
  return w->pr->status == PROJECT_COMPLETED;
}

/* Every clock of the project, told day by day. */
static Str clocks_fault(World *w, size_t *told) {
  for (int n = 1; n <= STAGE_MAX; n++) {
    const StageState *s = &w->pr->stages[n];
    if (!s->accepted_at) continue;
    for (size_t i = 0; i <= s->item_count; i++) {
      SCOPED(arena_close_p) Arena *mem = arena_open((size_t)32 << 20);
      Cx cx = {.mem = mem};
      Json *tree = NULL;
      const Policy *p = policies_find(&w->policies, s->policy_version);
      Str item = i < s->item_count ? s->items[i].code : S("");
      REQUIRE(project_explain(&cx, p, w->pr, n, item, w->now, &tree) == OK);
      Str fault = explain_fault(mem, tree);
      if (fault.len) return arena_fmt(w->mem, "stage %d %.*s: %.*s", n, SFMT(item), SFMT(fault));
      ++*told;
    }
  }
  return S("");
}

static Str walk(World *w, Arena *mem, const Policy *p, uint64_t number, size_t *told) {
  seed = number;
  world_open(w, mem, p);
  json_put_str(mem, w->facts, S("special_site"), roll(3) ? S("false") : S("true"));
  json_put_str(mem, w->facts, S("floor_area"), roll(2) ? S("280") : S("12500"));
  world_register(w, p->categories[roll((uint32_t)p->category_count)].code, S("longgang"));
  REQUIRE(w->pr);
  for (int i = 0; i < 200 && w->pr->status == PROJECT_RUNNING; i++) {
    random_step(w);
    if (roll(3) == 0) world_days(w, (int)roll(4));
    Str fault = world_fault(w);
    if (!fault.len && i % 25 == 24) fault = clocks_fault(w, told);
    if (fault.len) return fault;
  }
  if (!str_eq(world_text(mem, w->pr), world_text(mem, world_refold(w, mem)))) return S("folding again gives another state");
  if (w->pr->status == PROJECT_RUNNING && !finish(w))
    return arena_fmt(mem, "stuck in stage %d (%.*s): %.*s", project_current_stage(w->pr),
                     SFMT(stage_status_text(w->pr->stages[project_current_stage(w->pr)].status)), SFMT(w->detail));
  Str fault = clocks_fault(w, told);
  return fault.len ? fault : world_fault(w);
}

TEST(whatever_people_do_the_rules_hold_and_the_project_can_be_finished) {
  enum { WALKS = 150 };
  const Policy *p = huludao(cx);
  size_t accepted = 0, told = 0;
  for (uint64_t n = 1; n <= WALKS && !t->bad; n++) {
    Arena *mem = arena_open((size_t)512 << 20);
    World w;
    Str fault = walk(&w, mem, p, n, &told);
    if (fault.len) fprintf(stderr, "  walk %llu: %.*s\n", (unsigned long long)n, SFMT(fault));
    EXPECT_STR(fault, S(""));
    accepted += w.count;
    arena_close(mem);
  }
  EXPECT(accepted > WALKS * 20); /* the walks do get somewhere */
  EXPECT(told > WALKS * 20);
}
