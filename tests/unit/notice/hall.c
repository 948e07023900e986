/* SPDX-License-Identifier: Apache-2.0 */
#include "hall.h"

static const Arg act_args[] = {{.name = "kind", .label = "什么", .type = ARG_CODE},      {.name = "stage", .label = "阶段", .type = ARG_INT},
                               {.name = "item", .label = "事项", .type = ARG_CODE},      {.name = "receipt", .label = "收件号", .type = ARG_CODE},
                               {.name = "result", .label = "结论", .type = ARG_CODE},    {.name = "certificate", .label = "证件", .type = ARG_CODE},
                               {.name = "reason", .label = "理由", .type = ARG_TEXT},    {.name = "taken", .label = "承办人", .type = ARG_TEXT},
                               {.name = "due", .label = "到期", .type = ARG_DAY},        {.name = "warn", .label = "预警", .type = ARG_DAY},
                               {.name = "paused", .label = "暂停", .type = ARG_INT},     {.name = "no", .label = "序号", .type = ARG_INT}};

static Code act_decide(Cx *cx, const Ask *ask, Decision *d) {
  (void)cx;
  Str kind = json_str(ask->cmd->args, S("kind"));
  decision_emit(d, kind.len ? arena_z(decision_mem(d), kind) : "project.registered", 1, ask->cmd->args);
  return OK;
}

static void *act_fold(Arena *mem, void *state, const Event *e) {
  (void)e;
  return state ? state : arena_new(mem, int);
}

static int64_t day_n(const Json *b, const char *key) {
  Day d = {0};
  (void)day_parse(json_str(b, str_of(key)), &d);
  return d.n;
}

static Code act_project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  static const Sql project = {"case.project", "i", "",
                              "INSERT INTO project(no, number, name, category, county, owner, uscc, applicant, status) VALUES(?1, 'HLD-000001-X',"
                              " '示例机械厂房', 'industry', 'longgang', '葫芦岛示例机械有限公司', '" USCC "', 'owner', 'running')"};
  static const Sql stage = {"case.stage", "i", "", "INSERT INTO stage(project, no, days, at, accepted) VALUES(?1, 2, 22, 0, 0)"};
  static const Sql item = {"case.item", "sisiii", "",
                           "INSERT INTO item(project, stage, code, name, unit, taken, status, start, open, paused, due, warn)"
                           " VALUES(1, ?2, ?1, '建设工程规划许可证核发', 'natural-resources', ?3, CASE WHEN ?3 = '' THEN 'waiting' ELSE 'taken' END, 0, 1, ?4, ?5, ?6)"
                           " ON CONFLICT(project, stage, code) DO UPDATE SET taken = excluded.taken, status = excluded.status, paused = excluded.paused, due = excluded.due, warn = excluded.warn"};
  const Json *b = e->body;
  (void)state;
  (void)env;
  if (str_eqz(e->kind, "project.registered")) {
    TRY(db_run(cx, views, &project, VALS(val_i(json_int(b, S("no"), 1)))));
    return db_run(cx, views, &stage, VALS(val_i(json_int(b, S("no"), 1))));
  }
  if (!json_str(b, S("item")).len) return OK;
  return db_run(cx, views, &item, VALS(val_s(json_str(b, S("item"))), val_i(json_int(b, S("stage"), 2)), val_s(json_str(b, S("taken"))),
                                       val_i(json_int(b, S("paused"), 0)), val_i(day_n(b, "due")), val_i(day_n(b, "warn"))));
}

static Code act_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)views;
  *stream = arena_fmt(cx->mem, "project/%lld", (long long)json_int(cmd->args, S("no"), 1));
  return OK;
}

#define CASE(n, creates_) {.name = n, .label = "案件", .help = "测试", .allow = ROLE_ANY_ACCOUNT | ROLE_SYSTEM, .creates = creates_, .decide = act_decide, .args = act_args, .arg_count = COUNT(act_args)}
static const CommandDecl act_commands[] = {CASE("project.register", true), CASE("project.act", false)};
static const Engine town_case = {
    .prefix = "project", .fold = act_fold, .commands = act_commands, .command_count = COUNT(act_commands), .open = act_open, .project = act_project,
    .schema = "CREATE TABLE project(no INTEGER PRIMARY KEY, number TEXT NOT NULL, name TEXT NOT NULL, category TEXT NOT NULL, county TEXT NOT NULL,"
              " owner TEXT NOT NULL, uscc TEXT NOT NULL, applicant TEXT NOT NULL, status TEXT NOT NULL) STRICT;"
              "CREATE TABLE stage(project INTEGER NOT NULL, no INTEGER NOT NULL, days INTEGER NOT NULL, at INTEGER NOT NULL, accepted INTEGER NOT NULL, PRIMARY KEY(project, no)) STRICT;"
              "CREATE TABLE desk(project INTEGER NOT NULL, stage INTEGER NOT NULL, item TEXT NOT NULL, account TEXT NOT NULL, PRIMARY KEY(project, stage, item)) STRICT;"
              "CREATE TABLE item(project INTEGER NOT NULL, stage INTEGER NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL, unit TEXT NOT NULL,"
              " taken TEXT NOT NULL, status TEXT NOT NULL, start INTEGER NOT NULL, open INTEGER NOT NULL, paused INTEGER NOT NULL, due INTEGER NOT NULL, warn INTEGER NOT NULL, left_days INTEGER NOT NULL DEFAULT 3,"
              " PRIMARY KEY(project, stage, code)) STRICT;"
              "CREATE TABLE agent_order(no INTEGER PRIMARY KEY, agent TEXT NOT NULL, project INTEGER NOT NULL, status TEXT NOT NULL) STRICT;"
              "CREATE TABLE policy_version(no INTEGER PRIMARY KEY, version TEXT NOT NULL, effective INTEGER NOT NULL) STRICT;"};

void hall_open(Town *w, Cx *cx) {
  town_open_with(w, cx, &town_case, notice_engines, NOTICE_ENGINES);
  Code code = town_do(w, cx, "owner", "project.register", NULL, "{'no':1}");
  REQUIRE(code == OK);
}

void hall_contact(Town *w, Cx *cx, const char *who, const char *email, bool mail) {
  Json *args = json_obj(cx->mem);
  Personal p = {.ref = personal_ref(cx->mem), .kind = S("email"), .value = str_of(email)};
  json_put_str(cx->mem, args, S("email_ref"), p.ref);
  json_put_bool(cx->mem, args, S("mail"), mail);
  json_put_bool(cx->mem, args, S("sms"), false);
  Command cmd = {.name = S("user.set-contact"), .stream = arena_fmt(cx->mem, "user/%s", who), .key = arena_fmt(cx->mem, "contact-%06d", ++w->keys),
                 .actor = {.id = str_of(who), .name = str_of(who), .roles = ROLE_APPLICANT}, .now = w->now, .args = args, .personal = &p, .personal_count = 1};
  Code code = runner_run(cx, w->runner, &cmd, &w->r);
  reader_begin(w->reader);
  REQUIRE(code == OK);
}

Str hall_titles(Town *w, Cx *cx, const char *who) {
  Message *list = NULL;
  size_t n = 0;
  int64_t total = 0;
  Str all = S("");
  Code code = messages_list(cx, w->reader, str_of(who), false, 0, 50, &list, &n, &total);
  REQUIRE(code == OK);
  for (size_t i = n; i > 0; i--) all = arena_fmt(cx->mem, "%.*s%s%.*s", SFMT(all), all.len ? " " : "", SFMT(list[i - 1].title));
  return all;
}

int64_t hall_unread(Town *w, Cx *cx, const char *who) {
  int64_t n = 0;
  Code code = messages_unread(cx, w->reader, str_of(who), &n);
  REQUIRE(code == OK);
  return n;
}

Outgoing hall_out(Town *w, Cx *cx, size_t nth) {
  Outgoing *list = NULL;
  size_t n = 0;
  int64_t total = 0;
  Code code = outbox_list(cx, w->reader, S(""), 0, 50, &list, &n, &total);
  REQUIRE(code == OK);
  for (size_t i = 0; i < n; i++) /* oldest first, whatever its state */
    for (size_t k = i + 1; k < n; k++)
      if (list[k].message < list[i].message) {
        Outgoing one = list[i];
        list[i] = list[k];
        list[k] = one;
      }
  return nth < n ? list[nth] : (Outgoing){0};
}
