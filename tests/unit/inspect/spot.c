/* SPDX-License-Identifier: Apache-2.0 */
#include "spot.h"

#include <stdio.h>

static Json *told(Cx *cx, const char *text) {
  Json *tree = NULL;
  Str copy = arena_str(cx->mem, str_of(text));
  char *at = arena_array(cx->mem, char, copy.len + 1);
  for (size_t i = 0; i < copy.len; i++) at[i] = copy.ptr[i] == '\'' ? '"' : copy.ptr[i];
  Code code = json_parse(cx, (Str){.ptr = at, .len = copy.len}, &tree);
  REQUIRE(code == OK);
  return tree;
}

Code spot_do(Town *t, Cx *cx, const char *who, const char *command, const char *stream, const char *args) {
  bool inspector = who[0] == 'i', audit = !strcmp(who, "audit");
  if (!inspector && !audit) return town_do(t, cx, who, command, stream, args);
  cx_clear(cx);
  Actor a = {.id = str_of(who), .name = str_of(who), .unit = inspector ? S("housing-construction") : S(""),
             .roles = inspector ? ROLE_APPROVER : ROLE_AUDITOR};
  Command cmd = {.name = str_of(command), .stream = str_of(stream), .key = arena_fmt(cx->mem, "spot-%06d", ++t->keys), .actor = a, .now = t->now, .args = told(cx, args)};
  Code code = runner_run(cx, t->runner, &cmd, &t->r);
  reader_begin(t->reader);
  return code;
}

static void must(Town *t, Cx *cx, const char *who, const char *command, const char *stream, Str args) {
  Code code = spot_do(t, cx, who, command, stream, arena_z(cx->mem, args));
  if (code != OK) fprintf(stderr, "%s: %.*s\n", command, SFMT(cx->detail));
  REQUIRE(code == OK);
}

/* The lists of credit, of which a draw reads the table and nothing else. */
static const Arg list_args[] = {{.name = "uscc", .label = "代码", .type = ARG_CODE}, {.name = "kind", .label = "名单", .type = ARG_CODE}, {.name = "status", .label = "状态", .type = ARG_CODE}};

static Code list_decide(Cx *cx, const Ask *ask, Decision *d) {
  (void)cx;
  decision_emit(d, "credit.listed", 1, ask->cmd->args);
  return OK;
}

static void *list_fold(Arena *mem, void *state, const Event *e) {
  (void)e;
  return state ? state : arena_new(mem, int);
}

static Code list_project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  static const Sql put = {"spot.listed", "sss", "", "INSERT INTO credit(uscc, kind, status, subject_kind) VALUES(?1, ?2, ?3, 'enterprise')"
                                                   " ON CONFLICT(uscc, kind) DO UPDATE SET status = excluded.status"};
  (void)state, (void)env;
  return db_run(cx, views, &put, VALS(val_s(json_str(e->body, S("uscc"))), val_s(json_str(e->body, S("kind"))), val_s(json_str(e->body, S("status")))));
}

static Code list_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)views;
  *stream = arena_fmt(cx->mem, "credit/%.*s", SFMT(cmd->key));
  return OK;
}

static const CommandDecl list_commands[] = {
    {.name = "credit.list", .label = "名单", .help = "测试", .allow = ROLE_SUPERVISOR, .creates = true, .decide = list_decide, .args = list_args, .arg_count = COUNT(list_args)}};
static const Engine list_engine = {.prefix = "credit", .fold = list_fold, .commands = list_commands, .command_count = 1, .open = list_open, .project = list_project,
                                   .schema = "CREATE TABLE credit(uscc TEXT NOT NULL, kind TEXT NOT NULL, status TEXT NOT NULL, subject_kind TEXT NOT NULL,"
                                             " PRIMARY KEY(uscc, kind)) STRICT;"};

void spot_open(Town *t, Cx *cx) {
  const Engine *engines[INSPECT_ENGINES + 1] = {&list_engine};
  for (size_t i = 0; i < INSPECT_ENGINES; i++) engines[i + 1] = inspect_engines[i];
  town_open(t, cx, engines, COUNT(engines));
  must(t, cx, "system", "user.create", NULL, S("{'id':'audit','name':'审计员','roles':'auditor'}"));
  for (int i = 1; i <= PROJECTS; i++)
    must(t, cx, "owner", "project.register", NULL,
         arena_fmt(cx->mem, "{'no':%d,'number':'HLD-%06d','uscc':'%s'}", i, i, i == 1 ? USCC : arena_fmt(cx->mem, "FIRM%03d", i % 40).ptr));
  for (int i = 1; i <= INSPECTORS; i++) {
    must(t, cx, "system", "user.create", NULL, arena_fmt(cx->mem, "{'id':'i%02d','name':'检查员%d','roles':'approver','unit':'housing-construction'}", i, i));
    must(t, cx, "hc-head", "pool.add-inspector", NULL, arena_fmt(cx->mem, "{'person':'i%02d','cert':'LN-%02d'}", i, i));
  }
}

const SpotDraw *spot_draw(Town *t, Cx *cx, int64_t no) {
  const SpotDraw *d = NULL;
  Code code = draw_load(cx, t->reader, no, &d);
  REQUIRE(code == OK);
  return d;
}

void spot_plan(Town *t, Cx *cx, int count) {
  must(t, cx, "watch", "plan.make", NULL,
       arena_fmt(cx->mem, "{'title':'2019年第三季度抽查','items':['施工许可事后检查','安全生产条件'],'units':['housing-construction'],'count':%d,"
                          "'from':'2019-09-10','to':'2019-09-30','basis':'年度抽查工作计划'}", count));
  must(t, cx, "watch", "plan.publish", arena_z(cx->mem, arena_str(cx->mem, t->r.stream)), S("{}"));
}

static void commit(Town *t, Cx *cx, int64_t no, const char *who, const char *secret) {
  const SpotDraw *d = spot_draw(t, cx, no);
  Str hash = lot_commitment(cx->mem, d->hash, str_of(who), str_of(secret));
  must(t, cx, who, "draw.commit", arena_fmt(cx->mem, "draw/%lld", (long long)no).ptr, arena_fmt(cx->mem, "{'commitment':'%.*s'}", SFMT(hash)));
}

void spot_upto(Town *t, Cx *cx, int64_t plan, int64_t draw, int upto) {
  const char *stream = arena_fmt(cx->mem, "draw/%lld", (long long)draw).ptr;
  must(t, cx, "watch", "draw.open", NULL,
       arena_fmt(cx->mem, "{'plan':%lld,'parties':['watch','hc-head'],'beacon':'上证综合指数收盘点位','beacon_at':'" BEACON_AT "'}", (long long)plan));
  if (upto < 1) return;
  commit(t, cx, draw, "watch", SECRET1);
  commit(t, cx, draw, "hc-head", SECRET2);
  if (upto < 2) return;
  must(t, cx, "hc-head", "draw.reveal", stream, S("{'secret':'" SECRET2 "'}"));
  must(t, cx, "watch", "draw.reveal", stream, S("{'secret':'" SECRET1 "'}"));
  if (upto < 3) return;
  town_on(t, "2019-09-06");
  must(t, cx, "watch", "draw.complete", stream, S("{'value':'2985.86'}"));
}
