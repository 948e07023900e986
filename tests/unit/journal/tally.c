/* SPDX-License-Identifier: Apache-2.0 */
#include "tally.h"

/* ---- the gate ------------------------------------------------------------------------------------- */

void gate_init(TallyGate *g) {
  *g = (TallyGate){0};
  pthread_mutex_init(&g->lock, NULL);
  pthread_cond_init(&g->moved, NULL);
}

void gate_await(TallyGate *g, int inside) {
  pthread_mutex_lock(&g->lock);
  while (g->inside < inside) pthread_cond_wait(&g->moved, &g->lock);
  pthread_mutex_unlock(&g->lock);
}

void gate_let(TallyGate *g, int permits) {
  pthread_mutex_lock(&g->lock);
  g->permits += permits;
  pthread_cond_broadcast(&g->moved);
  pthread_mutex_unlock(&g->lock);
}

static void gate_pass(TallyGate *g) {
  pthread_mutex_lock(&g->lock);
  g->inside++;
  pthread_cond_broadcast(&g->moved);
  while (!g->permits) pthread_cond_wait(&g->moved, &g->lock);
  g->permits--;
  pthread_mutex_unlock(&g->lock);
}

/* ---- decide --------------------------------------------------------------------------------------- */

static Code decide_open(Cx *cx, const Ask *ask, Decision *d) {
  if (ask->seq) FAIL(CONFLICT, "已经有了");
  Json *answer = json_obj(decision_mem(d));
  json_put_str(decision_mem(d), answer, S("receipt"), ask->cmd->key);
  decision_emit(d, "tally.opened", 1, ask->cmd->args);
  decision_answer(d, answer);
  return cx->fault;
}

static Code decide_add(Cx *cx, const Ask *ask, Decision *d) {
  int64_t amount = json_int(ask->cmd->args, S("amount"), 1);
  Str file = json_str(ask->cmd->args, S("file"));
  Json *body = json_clone(decision_mem(d), ask->cmd->args);
  if (file.len) json_put_str(decision_mem(d), body, S("blob"), file);
  decision_emit(d, "tally.added", 1, body);
  /* After the event was emitted: a refusal must take it back. */
  if (amount == 13) FAIL_AT(INVALID, S("amount"), S("示例条款13"), "不收 13");
  if (((const Tally *)ask->state)->total + amount > 1000000) FAIL(CONFLICT, "满了");
  return OK;
}

static Code decide_split(Cx *cx, const Ask *ask, Decision *d) {
  for (int64_t i = json_int(ask->cmd->args, S("parts"), 0); i > 0; i--) {
    Json *body = json_obj(decision_mem(d));
    json_put_int(decision_mem(d), body, S("amount"), 1);
    if (json_str(ask->cmd->args, S("phone_ref")).len)
      json_put_str(decision_mem(d), body, S("phone_ref"), json_str(ask->cmd->args, S("phone_ref")));
    decision_emit(d, "tally.added", 1, body);
  }
  return cx->fault;
}

/* A code that the context knows nothing of: as of a TRY over a context of one's own. */
static Code decide_silent(Cx *cx, const Ask *ask, Decision *d) {
  (void)cx, (void)ask, (void)d;
  return BUSY;
}

static Code decide_erase(Cx *cx, const Ask *ask, Decision *d) {
  decision_emit(d, "tally.erased", 1, ask->cmd->args);
  return cx->fault;
}

static Code decide_wait(Cx *cx, const Ask *ask, Decision *d) {
  const TallyEnv *env = ask->env;
  if (env && env->gate) gate_pass(env->gate);
  return decide_add(cx, ask, d);
}

static Code decide_spoil(Cx *cx, const Ask *ask, Decision *d) {
  decision_emit(d, "tally.spoiled", 1, ask->cmd->args);
  return cx->fault;
}

/* As a disk that cannot be read, or no memory: the statement that only wanted to look ends the transaction. */
static Code facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **out) {
  static const Sql sql_end = {"tally.end", "", "", "ROLLBACK"};
  (void)state;
  *out = NULL;
  if (!str_eqz(cmd->name, "tally.lose")) return OK;
  TRY(db_run(cx, views, &sql_end, NO_VALS));
  FAIL(BROKEN, "读不出来");
}

static Code decide_unreadable(Cx *cx, const Ask *ask, Decision *d) {
  Json *body = json_clone(decision_mem(d), ask->cmd->args);
  json_put_str(decision_mem(d), body, S("note"), S("\xff\xfe"));
  decision_emit(d, "tally.added", 1, body);
  return cx->fault;
}

static Code decide_reset(Cx *cx, const Ask *ask, Decision *d) {
  decision_emit(d, "tally.reset", 1, ask->cmd->args);
  return cx->fault;
}

/* ---- fold and project ----------------------------------------------------------------------------- */

static void *fold(Arena *mem, void *state, const Event *e) {
  Tally *s = state ? state : arena_new(mem, Tally);
  if (str_eq(e->kind, S("tally.opened"))) s->label = arena_str(mem, json_str(e->body, S("label")));
  if (str_eq(e->kind, S("tally.added"))) {
    s->total += json_int(e->body, S("amount"), 1);
    s->count++;
  }
  if (str_eq(e->kind, S("tally.reset"))) s->total = 0;
  return s;
}

const Sql sql_tally_total = {"tally.total", "s", "i", "SELECT total FROM tally WHERE id = ?1"};
const Sql sql_tally_entries = {"tally.entries", "s", "i", "SELECT count(*) FROM tally_entry WHERE stream = ?1"};
const Sql sql_tally_count = {"tally.count", "", "i", "SELECT count(*) FROM tally"};
const Sql sql_tally_sum = {"tally.sum", "", "i", "SELECT sum(total) FROM tally"};
static const Sql sql_put = {"tally.put", "ssii", "",
                            "INSERT INTO tally(id, label, total, seq) VALUES(?1, ?2, ?3, ?4) ON CONFLICT(id) "
                            "DO UPDATE SET total = excluded.total, seq = excluded.seq"};
static const Sql sql_entry = {"tally.entry", "sii", "", "INSERT INTO tally_entry(stream, seq, amount) VALUES(?1, ?2, ?3)"};

static Code project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Tally *s = state;
  (void)env;
  TRY(db_run(cx, views, &sql_put, VALS(val_s(e->stream), val_s(s->label), val_i(s->total), val_i(e->seq))));
  if (str_eq(e->kind, S("tally.spoiled"))) FAIL(BROKEN, "视图写坏了");
  if (str_eq(e->kind, S("tally.reset"))) return due_clear(cx, views, e->stream, S("tally.reset"));
  if (!str_eq(e->kind, S("tally.added"))) return OK;
  int64_t amount = json_int(e->body, S("amount"), 1);
  TRY(db_run(cx, views, &sql_entry, VALS(val_s(e->stream), val_i(e->seq), val_i(amount))));
  Json *args = json_obj(cx->mem);
  json_put_int(cx->mem, args, S("count"), s->count);
  return due_set(cx, views, e->stream, S("tally.reset"), e->happened + DAY_MS, args);
}

static Code open_stream(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  int64_t n = 0;
  Str id = json_str(cmd->args, S("id"));
  if (id.len) *stream = arena_fmt(cx->mem, "tally/%.*s", SFMT(id));
  if (id.len) return OK;
  TRY(db_int(cx, views, &sql_tally_count, NO_VALS, 0, &n));
  *stream = arena_fmt(cx->mem, "tally/%lld", (long long)n + 1);
  return OK;
}

/* ---- declarations --------------------------------------------------------------------------------- */

static const Arg open_args[] = {{.name = "label", .label = "名称", .type = ARG_TEXT, .required = true, .max = 20},
                                {.name = "id", .label = "编号", .type = ARG_CODE},
                                {.name = "phone_ref", .label = "电话", .type = ARG_CODE}};
static const Arg add_args[] = {
    {.name = "amount", .label = "数量", .type = ARG_INT, .required = true, .min = 1, .max = 1000},
    {.name = "note", .label = "说明", .type = ARG_LONG, .min = 2},
    {.name = "on", .label = "日期", .type = ARG_DAY},
    {.name = "colour", .label = "颜色", .type = ARG_CHOICE, .choices = "red|green"},
    {.name = "code", .label = "编码", .type = ARG_CODE, .max = 10},
    {.name = "flag", .label = "标记", .type = ARG_BOOL},
    {.name = "any", .label = "任意数", .type = ARG_INT},
    {.name = "extra", .label = "附加", .type = ARG_OBJECT},
    {.name = "list", .label = "清单", .type = ARG_LIST, .max = 3},
    {.name = "file", .label = "文件", .type = ARG_CODE},
    {.name = "phone_ref", .label = "电话", .type = ARG_CODE}};
static const Arg split_args[] = {{.name = "parts", .label = "份数", .type = ARG_INT, .required = true, .max = 64},
                                 {.name = "phone_ref", .label = "电话", .type = ARG_CODE}};
static const Arg erase_args[] = {{.name = "erased", .label = "清除哪些", .type = ARG_LIST, .required = true, .max = 5000}};

#define WITH(list) .args = (list), .arg_count = COUNT(list)
#define BOTH (TALLY_USER | TALLY_BOSS)
static const CommandDecl commands[] = {
    {.name = "tally.open", .label = "开计数", .help = "测试", .allow = BOTH, .creates = true, .decide = decide_open, WITH(open_args)},
    {.name = "tally.add", .label = "加数", .help = "测试", .allow = BOTH, .decide = decide_add, WITH(add_args)},
    {.name = "tally.split", .label = "拆分", .help = "测试", .allow = BOTH, .decide = decide_split, WITH(split_args)},
    {.name = "tally.erase", .label = "清除", .help = "测试", .allow = BOTH, .decide = decide_erase, WITH(erase_args)},
    {.name = "tally.wait", .label = "等待", .help = "测试", .allow = BOTH, .decide = decide_wait},
    {.name = "tally.spoil", .label = "写坏", .help = "测试", .allow = BOTH, .decide = decide_spoil},
    {.name = "tally.lose", .label = "丢失", .help = "测试", .allow = BOTH, .decide = decide_spoil},
    {.name = "tally.unreadable", .label = "乱码", .help = "测试", .allow = BOTH, .decide = decide_unreadable},
    {.name = "tally.silent", .label = "不说原因", .help = "测试", .allow = BOTH, .decide = decide_silent},
    {.name = "tally.reset", .label = "清零", .help = "测试", .allow = TALLY_BOSS, .decide = decide_reset},
};

#define TABLES                                                                                            \
  "CREATE TABLE tally(id TEXT PRIMARY KEY, label TEXT NOT NULL, total INTEGER NOT NULL, seq INTEGER NOT NULL)" \
  " WITHOUT ROWID, STRICT;"                                                                               \
  "CREATE TABLE tally_entry(stream TEXT NOT NULL, seq INTEGER NOT NULL, amount INTEGER NOT NULL,"         \
  " PRIMARY KEY(stream, seq)) WITHOUT ROWID, STRICT;"
#define ENGINE                                                                                       \
  .prefix = "tally", .fold = fold, .commands = commands, .command_count = COUNT(commands), .open = open_stream, \
  .facts = facts, .project = project
const Engine tally_engine = {ENGINE, .schema = TABLES};
const Engine tally_engine_wider = {ENGINE, .schema = TABLES "CREATE TABLE tally_more(id TEXT PRIMARY KEY) STRICT;"};
