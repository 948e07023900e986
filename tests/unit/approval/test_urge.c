/* SPDX-License-Identifier: Apache-2.0 */
/* 催办: the lead of a stage urges what is yellow or red, once a day; what the department has open stays valid. */
#include "world.h"

TEST(the_lead_of_a_stage_urges_what_is_late_once_a_day_and_the_item_stays_as_it_is) {
  World w;
  world_open(&w, t->mem, huludao(cx));
  world_register(&w, S("industry"), S("longgang"));
  world_upto(&w, 1, STAGE_RUNNING);
  const ItemState *i = NULL;
  for (size_t k = 0; k < w.pr->stages[1].item_count; k++)
    if (!str_eqz(w.pr->stages[1].items[k].unit, "development-reform")) i = &w.pr->stages[1].items[k];
  REQUIRE(i != NULL);
  Str code = i->code;
  const char *own = arena_fmt(t->mem, "ap:%.*s", SFMT(i->unit)).ptr;
  EXPECT(world_step(&w, own, "item.take", 1, code, NULL, NULL) == OK);
  EXPECT(world_step(&w, "ap:development-reform", "item.urge", 1, code, NULL, NULL) == CONFLICT); /* green */
  world_days(&w, 60);
  EXPECT(world_step(&w, own, "item.urge", 1, code, NULL, NULL) == DENIED);
  int64_t seen = stage_item(&w.pr->stages[1], code)->seq;
  EXPECT(world_step(&w, "ap:development-reform", "item.urge", 1, code, NULL, NULL) == OK);
  EXPECT(world_step(&w, "ap:development-reform", "item.urge", 1, code, NULL, NULL) == CONFLICT);
  i = stage_item(&w.pr->stages[1], code);
  EXPECT(i->urged == 1 && i->seq == seen && i->status == ITEM_TAKEN && i->urged_by.len);
  world_days(&w, 1);
  EXPECT(world_step(&w, "ap:development-reform", "item.urge", 1, code, NULL, NULL) == OK);
  EXPECT_INT(stage_item(&w.pr->stages[1], code)->urged, 2);
  EXPECT(world_step(&w, own, "item.decide", 1, code, NULL, NULL) == OK);
  EXPECT(world_step(&w, "ap:development-reform", "item.urge", 1, code, NULL, NULL) == CONFLICT);
}

TEST(a_pause_is_urged_once_the_day_on_which_it_was_to_end_has_passed) {
  World w;
  world_open(&w, t->mem, huludao(cx));
  world_register(&w, S("industry"), S("longgang"));
  world_upto(&w, 1, STAGE_RUNNING);
  const ItemState *i = NULL;
  for (size_t k = 0; k < w.pr->stages[1].item_count; k++)
    if (!str_eqz(w.pr->stages[1].items[k].unit, "development-reform")) i = &w.pr->stages[1].items[k];
  REQUIRE(i != NULL);
  Str code = i->code;
  const char *own = arena_fmt(t->mem, "ap:%.*s", SFMT(i->unit)).ptr;
  REQUIRE(world_step(&w, own, "item.take", 1, code, NULL, NULL) == OK);
  REQUIRE(world_step(&w, own, "item.pause", 1, code, NULL, NULL) == OK);
  i = stage_item(&w.pr->stages[1], code);
  int wait = i->pauses[0].planned.n - day_of(w.now).n;
  EXPECT(world_step(&w, "ap:development-reform", "item.urge", 1, code, NULL, NULL) == CONFLICT);
  world_days(&w, wait);
  EXPECT(world_step(&w, "ap:development-reform", "item.urge", 1, code, NULL, NULL) == CONFLICT);
  world_days(&w, 1);
  EXPECT(world_step(&w, "ap:development-reform", "item.urge", 1, code, NULL, NULL) == OK);
  EXPECT(stage_item(&w.pr->stages[1], code)->status == ITEM_PAUSED && stage_item(&w.pr->stages[1], code)->urged == 1);
}
