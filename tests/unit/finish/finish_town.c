/* SPDX-License-Identifier: Apache-2.0 */
#include "finish_town.h"

static const char *const codes[] = {"accept-planning", "accept-land", "accept-fire", "accept-air-defence", "accept-archive", "joint-acceptance",
                                    "completion-filing", "connect-water", "connect-power", "connect-gas", "connect-heat", "connect-drainage",
                                    "connect-telecom"};
enum { FEW = 9 };

static void fourth(Town *t, Cx *cx, size_t items) {
  town_open(t, cx, finish_engines, FINISH_ENGINES);
  Code code = town_do(t, cx, "system", "project.register", NULL, "{'no':1,'number':'HLD-000001-P','uscc':'" USCC "'}");
  if (code == OK) code = town_do(t, cx, "system", "project.mark", "project/1", "{'no':1,'stage':4,'status':'running'}");
  for (size_t i = 0; code == OK && i < items; i++) {
    const Item *item = policy_item(&t->policy, str_of(codes[i]));
    Str args = arena_fmt(cx->mem, "{'no':1,'stage':4,'item':'%s','status':'waiting','unit':'%.*s','name':'%.*s'}", codes[i], SFMT(item->unit), SFMT(item->name));
    code = town_do(t, cx, "system", "project.mark", "project/1", args.ptr);
  }
  REQUIRE(code == OK);
}

void finish_open(Town *t, Cx *cx) {
  fourth(t, cx, COUNT(codes));
}

void finish_few(Town *t, Cx *cx) {
  fourth(t, cx, FEW);
}

const Acceptance *town_acceptance(Town *t, Cx *cx, int64_t no) {
  const Acceptance *a = NULL;
  Code code = acceptance_load(cx, t->reader, no, &a);
  REQUIRE(code == OK);
  return a;
}
