/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Versions of the package on a real store: staged, published by two persons, in force from a day on. Cases keep theirs,
 * and a process that knows nothing makes the same rows by replay and by rebuilding.
 */
#include "approval/approval_int.h"
#include "city.h"
#include "policy/lint.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void shell(Arena *mem, const char *fmt, Str a, Str b) {
  Str line = arena_fmt(mem, "%s '%.*s' '%.*s'", fmt, SFMT(a), SFMT(b));
  REQUIRE(system(line.ptr) == 0);
}

/* A package with six days instead of seven, staged under that version. */
static const Policy *staged(Cx *cx, City *c, Str version) {
  Str from = arena_fmt(c->mem, "%.*s/policies/huludao", SFMT(test_root()));
  Str to = arena_fmt(c->mem, "%.*s/next-%.*s", SFMT(c->files), SFMT(version));
  Str line = arena_fmt(c->mem, "'%.*s/tests/lib/next_package.sh' '%.*s' '%.*s' '%.*s'", SFMT(test_root()), SFMT(from), SFMT(to), SFMT(version));
  const Policy *p = NULL, *known = NULL;
  Findings found = {0};
  bool already = true;
  REQUIRE(system(line.ptr) == 0);
  REQUIRE(package_stage(cx, c->policies.packages, to, &p, &already, &found) == OK && !already);
  REQUIRE(packages_need(cx, c->policies.packages, version, p->dir_hash, &known) == OK);
  return known;
}

static Json *proposal(Arena *mem, const Policy *p, Day effective) {
  Json *a = json_obj(mem);
  json_put_str(mem, a, S("version"), p->version);
  json_put_str(mem, a, S("hash"), p->dir_hash);
  json_put_str(mem, a, S("effective"), day_str(mem, effective));
  return a;
}

static void publish(Test *t, World *w, const Policy *p, Day effective) {
  Json *no = json_obj(w->mem);
  EXPECT(world_do(w, S("sysadmin"), S("policy.propose"), proposal(w->mem, p, effective)) == OK);
  json_put_int(w->mem, no, S("no"), (int64_t)w->published->count);
  EXPECT(world_do(w, S("supervisor"), S("policy.confirm"), no) == OK);
}

/* An industry project, submitted at `now` under what was published so far. */
static World *begun(City *c, int i, int64_t now) {
  World *w = &c->worlds[i];
  city_world(c, w, i + 1);
  if (i) w->published = c->worlds[0].published;
  w->now = now;
  world_register(w, S("industry"), S("longgang"));
  REQUIRE(w->code == OK && world_upto(w, 1, STAGE_SUBMITTED));
  return w;
}

static void accepted(Test *t, World *w, const char *version, int limit) {
  const StageState *s = &w->pr->stages[1];
  EXPECT(world_step(w, "clerk", "stage.accept", 1, S(""), NULL, NULL) == OK);
  EXPECT_STR(s->policy_version, str_of(version));
  EXPECT_INT(s->limit, limit);
}

/* After a restart the worlds belong to the new process. */
static void again(City *c, size_t n) {
  for (size_t i = 0; i < n; i++) {
    c->worlds[i].policies = c->policies;
    c->worlds[i].runner = c->runner;
  }
}

static const Sql sql_policy = {"test.policy", "i", "s", "SELECT policy FROM stage WHERE project = ?1 AND no = 1"};

static Str row_policy(Cx *cx, Db *views, int64_t no) {
  SCOPED(rows_drop) Rows *r = NULL;
  REQUIRE(db_rows(cx, views, &sql_policy, VALS(val_i(no)), &r) == OK && rows_next(r));
  return row_s(cx, r, 0);
}

TEST(cases_keep_the_version_they_were_accepted_under_and_a_replay_agrees) {
  City *c = arena_new(t->mem, City);
  Day monday = day_ymd(2019, 9, 2), tuesday = {monday.n + 1};
  int64_t nine = 9 * 3600000LL;
  PolicyVersion *list = NULL;
  size_t n = 0;
  Str now;
  city_make(cx, c, t->mem, huludao(cx));
  const Policy *next = staged(cx, c, S("2019.60.2"));
  Str hash = arena_str(t->mem, next->dir_hash); /* the package goes with the process that loaded it */
  EXPECT_INT(policy_category(next, S("industry"))->limit[1], 6);
  World *first = begun(c, 0, day_start(monday) + nine);
  accepted(t, first, "2019.60.1", 7);
  publish(t, first, next, tuesday);
  accepted(t, begun(c, 1, day_start(monday) + nine + 1), "2019.60.1", 7); /* tomorrow is not today */
  World *waiting = begun(c, 2, day_start(monday) + nine + 2);
  accepted(t, begun(c, 3, day_start(tuesday) + nine), "2019.60.2", 6);
  EXPECT_STR(c->worlds[3].pr->policy_version, S("2019.60.2"));
  EXPECT_INT(c->worlds[3].pr->limits[1], 6);
  waiting->now = day_start(tuesday) + nine + 1;
  accepted(t, waiting, "2019.60.2", 6); /* submitted before, accepted after */
  first->now = day_start(tuesday) + nine + 2;
  EXPECT(world_upto(first, 1, STAGE_DECIDED));
  EXPECT_STR(first->pr->stages[1].policy_version, S("2019.60.1"));
  EXPECT_INT(first->pr->stages[1].limit, 7);
  city_proves_itself(t, cx, c, huludao(cx));
  again(c, 4);
  SCOPED(reader_close_p) Reader *rd = NULL;
  EXPECT(reader_open(cx, c->runner, &rd) == OK);
  EXPECT(policy_in_force(cx, reader_views(rd), monday, &now) == OK && !now.len);
  EXPECT(policy_in_force(cx, reader_views(rd), tuesday, &now) == OK);
  EXPECT_STR(now, S("2019.60.2"));
  EXPECT(policy_versions(cx, reader_views(rd), &list, &n) == OK && n == 1);
  EXPECT_STR(list[0].hash, hash);
  EXPECT_STR(list[0].by, S("郑某"));
  EXPECT_STR(list[0].confirmed_by, S("钱某"));
  EXPECT_INT(list[0].effective.n, tuesday.n);
  EXPECT_STR(row_policy(cx, reader_views(rd), 1), S("2019.60.1"));
  EXPECT_STR(row_policy(cx, reader_views(rd), 4), S("2019.60.2"));
  EXPECT(packages_published(c->policies.packages)); /* known again from the views */
  reader_close_p(&rd);
  city_end(c);
  city_drop(c);
}

TEST(a_store_is_not_opened_without_a_version_that_it_needs) {
  City *c = arena_new(t->mem, City);
  Day monday = day_ymd(2019, 9, 2);
  VerifyReport report = {0};
  city_make(cx, c, t->mem, huludao(cx));
  const Policy *next = staged(cx, c, S("2019.60.2"));
  World *w = begun(c, 0, day_start(monday) + 9 * 3600000LL);
  publish(t, w, next, monday);
  city_end(c);
  Str there = arena_fmt(t->mem, "%.*s/policies/2019.60.2", SFMT(c->files)), away = arena_fmt(t->mem, "%.*s/away", SFMT(c->files));
  shell(t->mem, "mv", there, away);
  city_begin(c, huludao(cx));
  EXPECT(runner_open(cx, &c->store, &c->runner) == NOT_FOUND);
  EXPECT(str_has(cx->detail, S("2019.60.2")));
  cx_clear(cx);
  EXPECT(store_verify(cx, &c->store, &report) == NOT_FOUND);
  EXPECT(str_has(cx->detail, S("2019.60.2")));
  cx_clear(cx);
  shell(t->mem, "mv", away, there);
  EXPECT(runner_open(cx, &c->store, &c->runner) == OK);
  city_end(c);
  /* The same with the package of --policy: its cases need it as well. */
  Policy other = *huludao(cx);
  other.version = S("2018.1");
  city_begin(c, &other);
  EXPECT(runner_open(cx, &c->store, &c->runner) == NOT_FOUND);
  EXPECT(str_has(cx->detail, S("2019.60.1")));
  cx_clear(cx);
  city_end(c);
  city_drop(c);
}

/* Confirmed while it waits for its answer: the period is that of the package by which the form was checked. */
TEST(a_notice_after_a_publication_moves_answers_by_their_own_version) {
  City *c = arena_new(t->mem, City);
  Day monday = day_ymd(2019, 9, 2);
  MovedRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  city_make(cx, c, t->mem, huludao(cx));
  const Policy *next = staged(cx, c, S("2019.60.2"));
  World *w = begun(c, 0, day_start(monday) + 9 * 3600000LL);
  publish(t, w, next, monday);
  begun(c, 1, day_start(monday) + 10 * 3600000LL);
  EXPECT_STR(c->worlds[1].pr->stages[1].form_version, S("2019.60.2"));
  Json *args = json_obj(t->mem), *one = json_push_obj(t->mem, json_put_arr(t->mem, args, S("changes"))), *no = json_obj(t->mem);
  json_put_str(t->mem, one, S("date"), S("2019-09-05"));
  json_put_str(t->mem, one, S("kind"), S("holiday"));
  json_put_str(t->mem, one, S("name"), S("停水"));
  json_put_str(t->mem, args, S("notice"), S("示例通知"));
  json_put_int(t->mem, no, S("no"), 1);
  EXPECT(world_do(w, S("sysadmin"), S("calendar.propose"), args) == OK);
  EXPECT(world_do(w, S("supervisor"), S("calendar.confirm"), no) == OK);
  SCOPED(reader_close_p) Reader *rd = NULL;
  EXPECT(reader_open(cx, c->runner, &rd) == OK);
  EXPECT(moved_list(cx, rd, &(MovedFilter){.version = 1, .limit = 10}, w->now, &rows, &n, &total) == OK && n == 2);
  for (size_t i = 0; i < n; i++) {
    EXPECT_STR(day_str(t->mem, rows[i].was), S("2019-09-09"));
    EXPECT_STR(day_str(t->mem, rows[i].now), S("2019-09-10"));
  }
  reader_close_p(&rd);
  city_proves_itself(t, cx, c, huludao(cx));
  city_end(c);
  city_drop(c);
}
