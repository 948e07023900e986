/* SPDX-License-Identifier: Apache-2.0 */
/* While the owner rectifies after a joint visit the clocks of the stage rest (approval/ties.c). */
#include "approval/beside.h"
#include "world.h"

#define BY "联合验收 LHYS-2019-0001"

static Code turn(World *w, const char *command) {
  Json *a = json_obj(w->mem);
  json_put_int(w->mem, a, S("stage"), 4);
  json_put_str(w->mem, a, S("by"), S(BY));
  if (!strcmp(command, "stage.untie")) json_put_str(w->mem, a, S("reason"), S("建设单位撤回"));
  if (!strcmp(command, "stage.tie")) {
    Json *items = json_put_arr(w->mem, a, S("items"));
    json_push_str(w->mem, items, S("accept-planning"));
    json_push_str(w->mem, items, S("accept-fire"));
  }
  return world_do(w, S("timer"), str_of(command), a);
}

static const ItemState *item(const World *w, const char *code) {
  return stage_item(&w->pr->stages[4], str_of(code));
}

static int used(World *w, const char *code) {
  return project_item_reading(policies_find(&w->policies, w->pr->stages[4].policy_version), item(w, code), w->now).used;
}

/* Monday 2019-09-02: accepted and sent on; accept-fire is taken, the others wait. */
static void visited(World *w, Arena *mem, const Policy *p) {
  world_open(w, mem, p);
  world_register(w, S("industry"), S("longgang"));
  REQUIRE(world_upto(w, 4, STAGE_RUNNING));
  REQUIRE(world_step(w, "ap:housing-construction", "item.take", 4, S("accept-fire"), NULL, NULL) == OK);
  REQUIRE(turn(w, "stage.tie") == OK);
}

TEST(no_clock_of_the_stage_runs_while_the_owner_rectifies) {
  World w;
  visited(&w, t->mem, huludao(cx));
  int before = used(&w, "accept-fire");
  EXPECT_INT(turn(&w, "stage.rest"), OK);
  EXPECT(item_rests(item(&w, "accept-planning")) && item_rests(item(&w, "accept-fire")));
  EXPECT(item_rests(item(&w, "completion-filing"))); /* what is not tied can do nothing either */
  for (size_t i = 0; i < w.pr->stages[4].item_count; i++)
    if (w.pr->stages[4].items[i].parallel) EXPECT(!item_rests(&w.pr->stages[4].items[i]));
  world_days(&w, 28);
  const Policy *p = policies_find(&w.policies, w.pr->stages[4].policy_version);
  Reading r = project_stage_reading(t->mem, p, w.pr, 4, w.now);
  EXPECT(r.paused && !r.overdue && r.lamp == LAMP_GREY && r.stalled == 0);
  EXPECT(r.held[HELD_APPLICANT] > 10);
  EXPECT_INT(used(&w, "accept-fire"), before);
  EXPECT_INT(world_step(&w, "ap:housing-construction", "item.resume", 4, S("completion-filing"), NULL, NULL), CONFLICT);
  EXPECT(str_has(w.detail, S("提请复查")));
  EXPECT_INT(world_step(&w, "ap:housing-construction", "item.extend-pause", 4, S("accept-fire"), "planned", "2020-12-01"), CONFLICT);
  EXPECT_STR(world_fault(&w), S(""));
  EXPECT_INT(turn(&w, "stage.move-on"), OK);
  EXPECT_INT(item(&w, "accept-planning")->status, ITEM_WAITING); /* as they were */
  EXPECT_INT(item(&w, "accept-fire")->status, ITEM_TAKEN);
  world_days(&w, 14); /* the first week is that of the national day */
  EXPECT(used(&w, "accept-fire") > before);
  world_close(&w);
}

TEST(a_pause_of_its_own_outlives_the_turn_of_the_owner) {
  World w;
  visited(&w, t->mem, huludao(cx));
  EXPECT_INT(world_step(&w, "ap:housing-construction", "item.pause", 4, S("accept-fire"), "cause", "expert-review"), OK);
  EXPECT_INT(turn(&w, "stage.rest"), OK);
  EXPECT(!item_rests(item(&w, "accept-fire")) && item_rests(item(&w, "accept-planning")));
  EXPECT_INT(turn(&w, "stage.move-on"), OK);
  EXPECT_INT(item(&w, "accept-fire")->status, ITEM_PAUSED);
  EXPECT_INT(world_step(&w, "ap:housing-construction", "item.resume", 4, S("accept-fire"), NULL, NULL), OK);
  world_close(&w);
}

TEST(what_ends_the_joint_acceptance_ends_the_rest) {
  World w;
  visited(&w, t->mem, huludao(cx));
  EXPECT_INT(turn(&w, "stage.rest"), OK);
  EXPECT_INT(turn(&w, "stage.untie"), OK);
  EXPECT_INT(item(&w, "completion-filing")->status, ITEM_WAITING);
  EXPECT_INT(world_step(&w, "ap:housing-construction", "item.take", 4, S("completion-filing"), NULL, NULL), OK);
  EXPECT_INT(world_step(&w, "ap:housing-construction", "item.pause", 4, S("completion-filing"), "cause", "rectification"), INVALID);
  EXPECT_STR(w.field, S("cause"));
  world_close(&w);
}

TEST(without_such_a_cause_in_the_package_the_clocks_go_on) {
  World w;
  Policy *p = arena_new(t->mem, Policy);
  *p = *huludao(cx);
  REQUIRE(p->causes[p->cause_count - 1].joint);
  p->cause_count--;
  visited(&w, t->mem, p);
  EXPECT_INT(turn(&w, "stage.rest"), OK);
  EXPECT_INT(w.fresh, 0);
  EXPECT_INT(item(&w, "accept-planning")->status, ITEM_WAITING);
  EXPECT_INT(turn(&w, "stage.move-on"), OK);
  EXPECT_INT(w.fresh, 0);
  world_close(&w);
}
