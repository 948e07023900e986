/* SPDX-License-Identifier: Apache-2.0 */
#include "place.h"
#include "town.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- the case, as far as it is looked at ------------------------------------------------------------------ */

static const Arg case_args[] = {
    {.name = "no", .label = "序号", .type = ARG_INT},       {.name = "stage", .label = "阶段", .type = ARG_INT},     {.name = "reserve", .label = "储备", .type = ARG_INT},
    {.name = "mandate", .label = "委托", .type = ARG_CODE}, {.name = "uscc", .label = "代码", .type = ARG_CODE},     {.name = "number", .label = "编号", .type = ARG_CODE},
    {.name = "name", .label = "名称", .type = ARG_TEXT},    {.name = "category", .label = "类别", .type = ARG_CODE}, {.name = "owner", .label = "单位", .type = ARG_TEXT},
    {.name = "applicant", .label = "账号", .type = ARG_CODE}, {.name = "item", .label = "事项", .type = ARG_CODE},   {.name = "status", .label = "状态", .type = ARG_CODE},
    {.name = "unit", .label = "单位", .type = ARG_CODE},    {.name = "result", .label = "结论", .type = ARG_CODE},   {.name = "promise", .label = "承诺", .type = ARG_INT}, {.name = "share", .label = "区域评估", .type = ARG_CODE},
    {.name = "county", .label = "县区", .type = ARG_CODE}};
static const struct { const char *command, *kind; } case_kinds[] = {{"project.register", "project.registered"}, {"project.deliver", "stage.delivered"},
                                                                    {"project.withdraw", "project.withdrawn"},  {"project.mark", "project.marked"},
                                                                    {"project.decide", "item.decided"}};

static Code case_decide(Cx *cx, const Ask *ask, Decision *d) {
  (void)cx;
  for (size_t i = 0; i < COUNT(case_kinds); i++)
    if (str_eqz(ask->cmd->name, case_kinds[i].command)) decision_emit(d, case_kinds[i].kind, 1, ask->cmd->args);
  return OK;
}

static void *case_fold(Arena *mem, void *state, const Event *e) {
  (void)e;
  return state ? state : arena_new(mem, int);
}

static Str or_else(const Json *b, const char *key, const char *dflt) {
  Str s = json_str(b, str_of(key));
  return s.len ? s : str_of(dflt);
}

static Code case_mark(Cx *cx, Db *views, const Event *e) {
  const Json *b = e->body;
  static const Sql held = {"case.held", "iis", "", "INSERT INTO entry(no, number, name, project, hold) VALUES(1, 'TZ-2019-0001', ?3, ?1, ?2)"
                                                    " ON CONFLICT(no) DO UPDATE SET hold = excluded.hold"};
  static const Sql status = {"case.status", "is", "", "UPDATE project SET status = ?2 WHERE no = ?1"};
  static const Sql stage = {"case.stage", "iisi", "",
                            "INSERT INTO stage(project, no, status, accepted, days) VALUES(?1, ?2, ?3, ?4, 25) ON CONFLICT(project, no) DO UPDATE SET status = excluded.status"};
  static const Sql item = {"case.item", "iissss", "",
                           "INSERT INTO item(project, stage, code, status, unit, name) VALUES(?1, ?2, ?3, ?4, ?5, ?6)"
                           " ON CONFLICT(project, stage, code) DO UPDATE SET status = excluded.status"};
  static const Sql share = {"case.share", "iiss", "", "INSERT INTO item_share(project, stage, code, number) VALUES(?1, ?2, ?3, ?4)"};
  int64_t no = json_int(b, S("no"), 0), n = json_int(b, S("stage"), 0);
  Str code = json_str(b, S("item")), st = json_str(b, S("status"));
  if (str_eqz(code, "entry")) return db_run(cx, views, &held, VALS(val_i(no), val_i(str_eqz(st, "held")), val_s(or_else(b, "name", "示例小区"))));
  if (code.len && json_str(b, S("share")).len) TRY(db_run(cx, views, &share, VALS(val_i(no), val_i(n), val_s(code), val_s(json_str(b, S("share"))))));
  if (code.len)
    return db_run(cx, views, &item, VALS(val_i(no), val_i(n), val_s(code), val_s(st), val_s(or_else(b, "unit", "housing-construction")), val_s(or_else(b, "name", "事项"))));
  if (n) return db_run(cx, views, &stage, VALS(val_i(no), val_i(n), val_s(st), val_i(day_of(e->happened).n)));
  return db_run(cx, views, &status, VALS(val_i(no), val_s(st)));
}

static Code case_project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  static const Sql put = {"case.put", "isssssss", "", "INSERT INTO project(no, number, name, category, owner, uscc, applicant, county, status) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'running')"};
  (void)state;
  (void)env;
  if (str_eqz(e->kind, "project.marked")) return case_mark(cx, views, e);
  if (!str_eqz(e->kind, "project.registered")) return OK;
  return db_run(cx, views, &put,
                VALS(val_i(json_int(e->body, S("no"), 0)), val_s(json_str(e->body, S("number"))), val_s(or_else(e->body, "name", "示例产业园")),
                     val_s(or_else(e->body, "category", "industry")), val_s(or_else(e->body, "owner", "葫芦岛示例机械有限公司")), val_s(json_str(e->body, S("uscc"))),
                     val_s(or_else(e->body, "applicant", "owner")), val_s(or_else(e->body, "county", "longgang"))));
}

static Code case_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)views;
  *stream = arena_fmt(cx->mem, "project/%lld", (long long)json_int(cmd->args, S("no"), 1));
  return OK;
}

#define CASE(n, creates_) {.name = n, .label = "案件", .help = "测试", .allow = ROLE_ANY_ACCOUNT | ROLE_SYSTEM, .creates = creates_, .decide = case_decide, .args = case_args, .arg_count = COUNT(case_args)}
static const CommandDecl case_commands[] = {CASE("project.register", true), CASE("project.deliver", false), CASE("project.withdraw", false), CASE("project.mark", false),
                                            CASE("project.decide", false)};
#define CASE_SCHEMA \
  "CREATE TABLE project(no INTEGER PRIMARY KEY, number TEXT NOT NULL, name TEXT NOT NULL, category TEXT NOT NULL, owner TEXT NOT NULL," \
  " uscc TEXT NOT NULL, applicant TEXT NOT NULL, county TEXT NOT NULL, status TEXT NOT NULL) STRICT;" \
  "CREATE TABLE stage(project INTEGER NOT NULL, no INTEGER NOT NULL, status TEXT NOT NULL, accepted INTEGER NOT NULL," \
  " days INTEGER NOT NULL, PRIMARY KEY(project, no)) STRICT;" \
  "CREATE TABLE item(project INTEGER NOT NULL, stage INTEGER NOT NULL, code TEXT NOT NULL, status TEXT NOT NULL, unit TEXT NOT NULL," \
  " name TEXT NOT NULL, PRIMARY KEY(project, stage, code)) STRICT;" \
  "CREATE TABLE item_share(project INTEGER NOT NULL, stage INTEGER NOT NULL, code TEXT NOT NULL, number TEXT NOT NULL," \
  " PRIMARY KEY(project, stage, code)) STRICT;" \
  "CREATE TABLE calendar_version(version INTEGER PRIMARY KEY) STRICT;" \
  "CREATE TABLE policy_version(no INTEGER PRIMARY KEY, version TEXT NOT NULL, effective INTEGER NOT NULL) STRICT;"
static const Engine case_engine = {
    .prefix = "project", .fold = case_fold, .commands = case_commands, .command_count = COUNT(case_commands), .open = case_open, .project = case_project,
    .schema = CASE_SCHEMA};
/* With a table of the room ledger, for rooms that only read it. */
static const char case_and_entry[] = CASE_SCHEMA "CREATE TABLE entry(no INTEGER PRIMARY KEY, number TEXT NOT NULL, name TEXT NOT NULL, project INTEGER NOT NULL, hold INTEGER NOT NULL) STRICT;";


/* ---- people ---------------------------------------------------------------------------------------------------- */

/* enterprise: 0 none or another company, 1 the owner, 2 and 3 agencies */
static const struct { const char *who, *name, *unit, *roles; int enterprise; } people[] = {
    {"dr", "李发", "development-reform", "approver", 0},   {"dr-head", "李长", "development-reform", "unit_head", 0},
    {"nr", "张然", "natural-resources", "approver", 0},    {"nr-head", "张长", "natural-resources", "unit_head", 0},
    {"nr2", "张二", "natural-resources", "approver", 0},   {"hc", "陈建", "housing-construction", "approver", 0},
    {"hc-head", "陈长", "housing-construction", "unit_head", 0},
    {"sz", "赵绥", "suizhong", "approver", 0},             {"sz-head", "赵长", "suizhong", "unit_head", 0},
    {"owner", "王某", "", "applicant", 1},                  {"partner", "王二", "", "applicant", 1},
    {"stranger", "孙某", "", "applicant", 0},              {"drawer", "何审", "", "applicant", 2},
    {"drawer2", "高审", "", "applicant", 3},                   {"mt", "林象", "meteorology", "approver", 0},
    {"watch", "钱监", "business-environment", "supervisor", 0}, {"watch2", "冯监", "business-environment", "supervisor", 0},
                  {"agent1", "周代", "suizhong", "agent", 0},
    {"agent2", "吴代", "window", "agent", 0},              {"green", "郑新", "suizhong", "agent", 0},
    {"far", "冯远", "xingcheng", "agent", 0},              {"head", "钱窗", "window", "window_head", 0}, {"clerk", "李某", "window", "clerk", 0}, {"admin", "韩某", "", "sysadmin", 0},
    {"leader", "市领导甲", "", "leader", 0},               {"water", "孟水", "water-company", "approver", 0},
    {"power", "傅电", "power-company", "approver", 0}};

/* Whom no engine asks about: they have no accounts. */
static const struct { const char *who, *name, *unit, *roles; } strangers[] = {
    {"ed", "冯编", "government-office", "editor"},   {"ed2", "褚编", "government-office", "editor"},         {"ed3", "卫编", "government-office", "editor"},
    {"go-head", "蒋办", "government-office", "unit_head"}, {"se-head", "沈密", "state-secrets", "unit_head"}, {"ed-hc", "韩编", "housing-construction", "editor"},
    {"anybody", "公众", "", "public"}};

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
  for (size_t i = 0; i < COUNT(strangers); i++)
    if (!strcmp(strangers[i].who, who)) a = (Actor){.id = str_of(who), .name = str_of(strangers[i].name), .unit = str_of(strangers[i].unit), .roles = role_parse(str_of(strangers[i].roles))};
  return send(t, cx, a, command, stream, args);
}

Code town_do(Town *t, Cx *cx, const char *who, const char *command, const char *stream, const char *args) {
  return town_for(t, cx, who, NULL, command, stream, args);
}

static void person_make(Town *t, Cx *cx, size_t i) {
  bool applicant = !strcmp(people[i].roles, "applicant");
  static const char *const firms[][2] = {{"另一家公司", "91211400MA1001378P"}, {"葫芦岛示例机械有限公司", USCC}, {"示例审图有限公司", AGENCY}, {"示例二审图有限公司", AGENCY2}};
  const char *const *firm = firms[people[i].enterprise];
  Str org = applicant ? arena_fmt(cx->mem, ",'org_name':'%s','org_uscc':'%s'", firm[0], firm[1])
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

void town_open(Town *t, Cx *cx, const Engine *const *engines, size_t n) {
  town_open_with(t, cx, &case_engine, engines, n);
}

void town_open_with(Town *t, Cx *cx, const Engine *the_case, const Engine *const *engines, size_t n) {
  char name[] = P_tmpdir "/yichuang-town-XXXXXX";
  REQUIRE(mkdtemp(name) != NULL);
  *t = (Town){.mem = cx->mem, .files = arena_str(cx->mem, str_of(name)), .policy = *huludao(cx), .org = org_engine_base, .project = *the_case};
  t->dir = place_make(cx, t->files, &t->base);
  t->org.env = &t->policy;
  t->engines[0] = &t->org;
  t->engines[1] = &t->project;
  bool entries = false;
  for (size_t i = 0; i < n; i++) entries |= !strcmp(engines[i]->prefix, "entry");
  if (the_case == &case_engine && !entries) t->project.schema = case_and_entry;
  REQUIRE(n <= TOWN_ENGINES_MAX);
  for (size_t i = 0; i < n; i++) {
    t->own[i] = *engines[i];
    t->own[i].env = &t->policy;
    t->engines[2 + i] = &t->own[i];
  }
  t->o = (StoreOptions){.dir = t->dir, .engines = t->engines, .engine_count = 2 + n};
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
