/* SPDX-License-Identifier: Apache-2.0 */
#include "place.h"
#include "city.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

static const Policy *huludao(Cx *cx) {
  static const Policy *loaded;
  static Arena *mem; /* for the life of the program */
  if (loaded) return loaded;
  mem = arena_open((size_t)64 << 20);
  Cx own = {.mem = mem, .now = cx->now};
  Mistakes wrong = {0};
  Code code = policy_load(&own, arena_fmt(own.mem, "%.*s/policies/huludao", SFMT(test_root())), &loaded, &wrong);
  REQUIRE(code == OK);
  return loaded;
}

void city_reopen(City *c, Cx *cx) {
  runner_close(c->runner);
  c->runner = NULL;
  Code code = runner_open(cx, &c->o, &c->runner);
  REQUIRE(code == OK);
}

void city_open(City *c, Cx *cx) {
  char name[] = P_tmpdir "/yichuang-city-XXXXXX";
  REQUIRE(mkdtemp(name) != NULL);
  *c = (City){.mem = cx->mem, .files = arena_str(cx->mem, str_of(name)), .engine = org_engine_base, .portfolio = portfolio_engine_base, .access = access_engine_base};
  c->dir = place_make(cx, c->files, &c->base);
  c->engine.env = huludao(cx);
  c->portfolio.env = huludao(cx);
  c->engines[0] = &c->engine;
  c->access.env = huludao(cx);
  c->engines[1] = &c->portfolio;
  c->engines[2] = &c->access;
  c->o = (StoreOptions){.dir = c->dir, .engines = c->engines, .engine_count = 3};
  Code code = store_make(cx, c->dir, SUITE_GM, json_obj(cx->mem));
  REQUIRE(code == OK);
  city_reopen(c, cx);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at) {
  (void)st, (void)kind, (void)at;
  return remove(path);
}

void city_drop(City *c) {
  runner_close(c->runner);
  place_free(c->base);
  nftw(arena_z(c->mem, c->files), remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static Code send(City *c, Cx *cx, const char *actor, uint32_t roles, Command cmd) {
  CommandResult r;
  cmd.key = arena_fmt(cx->mem, "city-%06d", c->keys++);
  cmd.now = cx->now;
  cmd.actor = (Actor){.id = str_of(actor), .name = str_of(actor), .unit = str_of(c->unit), .roles = roles};
  return runner_run(cx, c->runner, &cmd, &r);
}

static Json *parse(Cx *cx, const char *args) {
  Json *tree = NULL;
  cx_clear(cx);
  Code code = json_parse(cx, str_of(args), &tree);
  REQUIRE(code == OK);
  return tree;
}

Code city_send(City *c, Cx *cx, const char *actor, uint32_t roles, const char *name, const char *id, const char *args) {
  Command cmd = {.name = str_of(name), .args = parse(cx, args)};
  if (id) cmd.stream = arena_fmt(cx->mem, "user/%s", id);
  return send(c, cx, actor, roles, cmd);
}

Code city_stream(City *c, Cx *cx, const char *actor, uint32_t roles, const char *name, const char *stream, const char *args) {
  return send(c, cx, actor, roles, (Command){.name = str_of(name), .args = parse(cx, args), .stream = str_of(stream)});
}

Code city_add(City *c, Cx *cx, const char *id, const char *roles, const char *unit) {
  Str args = arena_fmt(cx->mem, "{\"id\":\"%s\",\"name\":\"某人\",\"roles\":\"%s\",\"unit\":\"%s\",\"org_name\":\"%s\",\"org_uscc\":\"%s\"}",
                       id, roles, unit, strstr(roles, "applicant") ? "示例公司" : "", strstr(roles, "applicant") ? USCC : "");
  return city_send(c, cx, "system", ROLE_SYSTEM, "user.create", NULL, args.ptr);
}

Code city_password(City *c, Cx *cx, const char *actor, uint32_t roles, const char *id, const char *password) {
  cx_clear(cx);
  TRY(password_check(cx, str_of(id), str_of(password)));
  Personal secret = {.ref = arena_fmt(cx->mem, "v1.%.*s", SFMT(random_token(cx->mem, 16))), .kind = S("password"),
                     .value = password_hash(cx->mem, str_of(password))};
  Json *args = json_obj(cx->mem);
  json_put_str(cx->mem, args, S("password_ref"), secret.ref);
  Command cmd = {.name = S("user.set-password"), .stream = arena_fmt(cx->mem, "user/%s", id), .args = args,
                 .personal = &secret, .personal_count = 1};
  return send(c, cx, actor, roles, cmd);
}

const User *city_user(City *c, Cx *cx, const char *id) {
  SCOPED(reader_close_p) Reader *rd = NULL;
  const User *u = NULL;
  cx_clear(cx);
  if (reader_open(cx, c->runner, &rd) != OK || user_load(cx, rd, str_of(id), &u) != OK) return NULL;
  User *copy = arena_new(cx->mem, User);
  *copy = *u;
  Str *const texts[] = {&copy->id, &copy->name, &copy->unit, &copy->org_name, &copy->org_uscc, &copy->password_ref, &copy->phone_ref};
  for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = arena_str(cx->mem, *texts[i]);
  return copy;
}

bool city_login(City *c, Cx *cx, const char *id, const char *password) {
  SCOPED(reader_close_p) Reader *rd = NULL;
  const User *u = city_user(c, cx, id);
  Str hash;
  if (!u) return false;
  cx_clear(cx);
  return reader_open(cx, c->runner, &rd) == OK && reader_vault(cx, rd, u->password_ref, &hash) == OK &&
         password_verify(hash, str_of(password));
}
