/* SPDX-License-Identifier: Apache-2.0 */
#include "place.h"
#include "town.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- the case, as far as it is looked at ------------------------------------------------------------------ */

static const Arg case_args[] = {{.name = "no", .label = "序号", .type = ARG_INT},     {.name = "stage", .label = "阶段", .type = ARG_INT},
                                {.name = "reserve", .label = "储备", .type = ARG_INT}, {.name = "mandate", .label = "委托", .type = ARG_CODE},
                                {.name = "uscc", .label = "代码", .type = ARG_CODE},   {.name = "number", .label = "编号", .type = ARG_CODE}};

static Code case_decide(Cx *cx, const Ask *ask, Decision *d) {
  (void)cx;
  Str name = ask->cmd->name;
  const char *kind = str_eqz(name, "project.register") ? "project.registered" : str_eqz(name, "project.deliver") ? "stage.delivered" : "project.withdrawn";
  decision_emit(d, kind, 1, ask->cmd->args);
  return OK;
}

static void *case_fold(Arena *mem, void *state, const Event *e) {
  (void)e;
  return state ? state : arena_new(mem, int);
}

static Code case_project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  static const Sql put = {"case.put", "iss", "", "INSERT INTO project(no, number, uscc, status) VALUES(?1, ?2, ?3, 'running')"};
  (void)state;
  (void)env;
  if (!str_eqz(e->kind, "project.registered")) return OK;
  return db_run(cx, views, &put, VALS(val_i(json_int(e->body, S("no"), 0)), val_s(json_str(e->body, S("number"))), val_s(json_str(e->body, S("uscc")))));
}

static Code case_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)views;
  *stream = arena_fmt(cx->mem, "project/%lld", (long long)json_int(cmd->args, S("no"), 1));
  return OK;
}

#define CASE(n, creates_) {.name = n, .label = "案件", .help = "测试", .allow = ROLE_ANY_ACCOUNT | ROLE_SYSTEM, .creates = creates_, .decide = case_decide, .args = case_args, .arg_count = COUNT(case_args)}
static const CommandDecl case_commands[] = {CASE("project.register", true), CASE("project.deliver", false), CASE("project.withdraw", false)};
static const Engine case_engine = {
    .prefix = "project", .fold = case_fold, .commands = case_commands, .command_count = COUNT(case_commands), .open = case_open, .project = case_project,
    .schema = "CREATE TABLE project(no INTEGER PRIMARY KEY, number TEXT NOT NULL, uscc TEXT NOT NULL, status TEXT NOT NULL) STRICT;"
              "CREATE TABLE policy_version(no INTEGER PRIMARY KEY, version TEXT NOT NULL, effective INTEGER NOT NULL) STRICT;"};

/* ---- people ---------------------------------------------------------------------------------------------------- */

static const struct { const char *who, *name, *unit, *roles; bool enterprise; } people[] = {
    {"dr", "李发", "development-reform", "approver", false},   {"dr-head", "李长", "development-reform", "unit_head", false},
    {"nr", "张然", "natural-resources", "approver", false},    {"nr-head", "张长", "natural-resources", "unit_head", false},
    {"nr2", "张二", "natural-resources", "approver", false},   {"hc", "陈建", "housing-construction", "approver", false},
    {"hc-head", "陈长", "housing-construction", "unit_head", false},
    {"sz", "赵绥", "suizhong", "approver", false},             {"sz-head", "赵长", "suizhong", "unit_head", false},
    {"owner", "王某", "", "applicant", true},                  {"partner", "王二", "", "applicant", true},
    {"stranger", "孙某", "", "applicant", false},              {"agent1", "周代", "suizhong", "agent", false},
    {"agent2", "吴代", "window", "agent", false},              {"green", "郑新", "suizhong", "agent", false},
    {"far", "冯远", "xingcheng", "agent", false},              {"head", "钱窗", "window", "window_head", false},
    {"leader", "市领导甲", "", "leader", false}};

static Str quotes(Arena *m, const char *text) {
  Str copy = arena_str(m, str_of(text));
  char *at = arena_array(m, char, copy.len + 1);
  for (size_t i = 0; i < copy.len; i++) at[i] = copy.ptr[i] == '\'' ? '"' : copy.ptr[i];
  return (Str){.ptr = at, .len = copy.len};
}

static Code send(Town *t, Cx *cx, Actor actor, const char *command, const char *stream, const char *args) {
  Json *tree = NULL;
  cx_clear(cx);
  Code code = json_parse(cx, quotes(cx->mem, args), &tree);
  REQUIRE(code == OK);
  Command cmd = {.name = str_of(command), .stream = str_of(stream), .key = arena_fmt(cx->mem, "town-%06d", ++t->keys), .actor = actor,
                 .now = t->now, .args = tree};
  code = runner_run(cx, t->runner, &cmd, &t->r);
  reader_begin(t->reader);
  return code;
}

Code town_for(Town *t, Cx *cx, const char *who, const char *behalf, const char *command, const char *stream, const char *args) {
  Actor a = {.id = S("system"), .name = S("系统"), .roles = ROLE_SYSTEM, .behalf = str_of(behalf)};
  for (size_t i = 0; i < COUNT(people); i++)
    if (!strcmp(people[i].who, who)) {
      a = (Actor){.id = str_of(who), .name = str_of(people[i].name), .unit = str_of(people[i].unit), .behalf = str_of(behalf)};
      Code code = roles_parse(cx, str_of(people[i].roles), &a.roles);
      REQUIRE(code == OK);
    }
  return send(t, cx, a, command, stream, args);
}

Code town_do(Town *t, Cx *cx, const char *who, const char *command, const char *stream, const char *args) {
  return town_for(t, cx, who, NULL, command, stream, args);
}

static void person_make(Town *t, Cx *cx, size_t i) {
  bool applicant = !strcmp(people[i].roles, "applicant");
  Str org = applicant ? arena_fmt(cx->mem, ",'org_name':'%s','org_uscc':'%s'", people[i].enterprise ? "葫芦岛示例机械有限公司" : "另一家公司",
                                  people[i].enterprise ? USCC : "91211400MA1001378P")
                      : S("");
  Str unit = *people[i].unit ? arena_fmt(cx->mem, ",'unit':'%s'", people[i].unit) : S("");
  Str args = arena_fmt(cx->mem, "{'id':'%s','name':'%s','roles':'%s'%.*s%.*s}", people[i].who, people[i].name, people[i].roles, SFMT(unit), SFMT(org));
  Code code = town_do(t, cx, "system", "user.create", NULL, args.ptr);
  if (code != OK) fprintf(stderr, "%s: %.*s\n", people[i].who, SFMT(cx->detail));
  REQUIRE(code == OK);
}

/* ---- the store --------------------------------------------------------------------------------------------------- */

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

void town_on(Town *t, const char *day) {
  Day d = {0};
  REQUIRE(day_parse(str_of(day), &d));
  t->now = day_start(d) + 9 * 3600000LL;
}

void town_open(Town *t, Cx *cx) {
  char name[] = P_tmpdir "/yichuang-town-XXXXXX";
  REQUIRE(mkdtemp(name) != NULL);
  *t = (Town){.mem = cx->mem, .files = arena_str(cx->mem, str_of(name)), .policy = *huludao(cx), .org = org_engine_base, .project = case_engine};
  t->dir = place_make(cx, t->files, &t->base);
  t->org.env = &t->policy;
  t->engines[0] = &t->org;
  t->engines[1] = &t->project;
  for (size_t i = 0; i < EARLY_ENGINES; i++) {
    t->early[i] = *early_engines[i];
    t->early[i].env = &t->policy;
    t->engines[2 + i] = &t->early[i];
  }
  t->o = (StoreOptions){.dir = t->dir, .engines = t->engines, .engine_count = COUNT(t->engines)};
  town_on(t, "2019-09-02");
  Code code = store_make(cx, t->dir, SUITE_GM, json_obj(cx->mem));
  if (code == OK) code = runner_open(cx, &t->o, &t->runner);
  if (code == OK) code = reader_open(cx, t->runner, &t->reader);
  REQUIRE(code == OK);
  for (size_t i = 0; i < COUNT(people); i++) person_make(t, cx, i);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at) {
  (void)st, (void)kind, (void)at;
  return remove(path);
}

void town_drop(Town *t) {
  reader_close(t->reader);
  runner_close(t->runner);
  place_free(t->base);
  nftw(arena_z(t->mem, t->files), remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

bool town_verified(Town *t, Cx *cx) {
  VerifyReport report = {0};
  cx_clear(cx);
  Code code = store_verify(cx, &t->o, &report);
  if (report.fault.len) fprintf(stderr, "%.*s\n", SFMT(report.fault));
  return code == OK && report.chain_ok && report.views_ok;
}

const Plot *town_plot(Town *t, Cx *cx, int64_t no) {
  const Plot *p = NULL;
  Code code = plot_load(cx, t->reader, no, &p);
  REQUIRE(code == OK);
  return p;
}

const Order *town_order(Town *t, Cx *cx, int64_t no) {
  const Order *o = NULL;
  Code code = order_load(cx, t->reader, no, &o);
  REQUIRE(code == OK);
  return o;
}

const Consult *town_consult(Town *t, Cx *cx, int64_t no) {
  const Consult *c = NULL;
  Code code = consult_load(cx, t->reader, no, &c);
  REQUIRE(code == OK);
  return c;
}
