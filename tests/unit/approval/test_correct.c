/* SPDX-License-Identifier: Apache-2.0 */
/* 改正登记: a number that is replaced leaves the vault, unless an application was handed in with it; name and facts rest while somebody works by them. */
#include "world.h"

static const Json *corrected(World *w, const char *phone) {
  Json *a = json_obj(w->mem);
  json_put_str(w->mem, a, S("contact_phone"), str_of(phone));
  return world_do(w, S("owner"), S("project.correct"), a) == OK ? w->events[w->count - 1].body : NULL;
}

TEST(a_number_that_is_replaced_is_erased_unless_an_application_has_it) {
  World w;
  world_open(&w, t->mem, huludao(cx));
  world_register(&w, S("industry"), S("longgang"));
  const Json *body = corrected(&w, "v1.other");
  REQUIRE(body != NULL);
  EXPECT_STR(json_get(body, S("erased"))->first->str, S("v1.sample"));
  EXPECT_STR(json_str(w.pr->contact, S("phone")), S("v1.other"));
  REQUIRE(corrected(&w, "v1.sample") != NULL);
  REQUIRE(world_upto(&w, 1, STAGE_SUBMITTED));
  REQUIRE(world_step(&w, "owner", "stage.withdraw", 1, S(""), NULL, NULL) == OK);
  body = corrected(&w, "v1.other");
  REQUIRE(body != NULL);
  EXPECT(!json_get(body, S("erased")));
}

TEST(name_and_facts_rest_while_a_department_works_by_them) {
  World w;
  world_open(&w, t->mem, huludao(cx));
  world_register(&w, S("industry"), S("longgang"));
  EXPECT(world_step(&w, "owner", "project.correct", 0, S(""), "name", "改正的名称") == OK);
  EXPECT_STR(w.pr->name, S("改正的名称"));
  world_upto(&w, 1, STAGE_RUNNING);
  EXPECT(world_step(&w, "owner", "project.correct", 0, S(""), "name", "又一个名称") == CONFLICT);
  EXPECT(world_step(&w, "owner", "project.correct", 0, S(""), "contact_name", "孙某") == OK);
}
