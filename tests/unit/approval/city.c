/* SPDX-License-Identifier: Apache-2.0 */
#define _XOPEN_SOURCE 700
#include "place.h"
#include "city.h"
#include "approval/personal.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

void city_begin(City *c, const Policy *p) {
  c->policy = *p;
  c->policy.calendars = calendars_open(c->mem, p->calendar);
  c->list[0] = &c->policy;
  c->policies = (Policies){.current = c->list[0], .all = c->list, .count = 1};
  c->policies.packages = packages_open(c->mem, arena_fmt(c->mem, "%.*s/policies", SFMT(c->files)), c->list[0]);
  c->org = org_engine_base;
  c->org.env = c->list[0];
  c->approval = approval_engine_base;
  c->approval.env = &c->policies;
  c->calendar = calendar_engine_base;
  c->calendar.env = &c->policies;
  c->engines[0] = &c->org;
  c->engines[1] = &c->approval;
  c->engines[2] = &c->calendar;
  c->publish = policy_engine_base;
  c->publish.env = &c->policies;
  c->engines[3] = &c->publish;
  c->personal = personal_engine_base;
  c->personal.env = &c->policies;
  c->engines[4] = &c->personal;
  c->supplies = (Engine){.prefix = "utility", .schema = "CREATE TABLE utility(no INTEGER PRIMARY KEY, project INTEGER NOT NULL, closed INTEGER NOT NULL) STRICT;"
                                                        "CREATE TABLE utility_part(utility INTEGER NOT NULL, unit TEXT NOT NULL, connected INTEGER NOT NULL) STRICT;"};
  c->engines[5] = &c->supplies;
  c->store = (StoreOptions){.dir = c->dir, .engines = c->engines, .engine_count = COUNT(c->engines)};
}

void city_end(City *c) {
  runner_close(c->runner);
  c->runner = NULL;
  calendars_close(c->policy.calendars);
  packages_close(c->policies.packages);
}

static int one_drop(const char *path, const struct stat *st, int kind, struct FTW *at) {
  (void)st;
  (void)kind;
  (void)at;
  return remove(path);
}

void city_drop(City *c) {
  place_free(c->base);
  REQUIRE(nftw(arena_z(c->mem, c->files), one_drop, 16, FTW_DEPTH | FTW_PHYS) == 0);
}

void city_make(Cx *cx, City *c, Arena *mem, const Policy *p) {
  char name[] = "/tmp/approval-test-XXXXXX";
  REQUIRE(mkdtemp(name));
  *c = (City){.mem = mem, .files = arena_fmt(mem, "%s", name)};
  c->dir = place_make(cx, c->files, &c->base);
  REQUIRE(store_make(cx, c->dir, SUITE_INTL, json_obj(mem)) == OK);
  SCOPED(blob_drop) Blob *b = NULL, *more = NULL;
  int64_t size;
  REQUIRE(blob_open(cx, c->dir, 100, &b) == OK && blob_add(cx, b, "sample", 6) == OK && blob_finish(cx, b, &c->blob, &size) == OK);
  REQUIRE(blob_open(cx, c->dir, 100, &more) == OK && blob_add(cx, more, "corrected", 9) == OK && blob_finish(cx, more, &c->corrected, &size) == OK);
  city_begin(c, p);
  REQUIRE(runner_open(cx, &c->store, &c->runner) == OK);
}

void city_proves_itself(Test *t, Cx *cx, City *c, const Policy *p) {
  for (int round = 0; round < 2; round++) {
    VerifyReport report = {0};
    int64_t events = 0;
    city_end(c);
    city_begin(c, p);
    EXPECT(store_verify(cx, &c->store, &report) == OK);
    EXPECT(report.chain_ok && report.views_ok);
    EXPECT_STR(report.fault, S(""));
    city_end(c);
    city_begin(c, p);
    if (round == 0) EXPECT(store_rebuild(cx, &c->store, &events) == OK && events > 0);
  }
  EXPECT(runner_open(cx, &c->store, &c->runner) == OK); /* no replay now: the versions come from the views */
}

void city_world(City *c, World *w, int64_t no) {
  world_open(w, c->mem, c->list[0]);
  w->policies = c->policies; /* one calendar and one set of packages for all, as on a server */
  w->runner = c->runner;
  w->blob = c->blob;
  w->corrected = c->corrected;
  w->no = no;
}

void city_worlds(City *c, Arena *mem) {
  for (int i = 0; i < PROJECTS; i++) {
    World *w = &c->worlds[i];
    city_world(c, w, i + 1);
    world_register(w, c->policy.categories[i % (int)c->policy.category_count].code, S("longgang"));
    REQUIRE(w->pr && w->code == OK);
    json_put_str(mem, w->facts, S("floor_area"), S("12500"));
  }
}
