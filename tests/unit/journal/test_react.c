/* SPDX-License-Identifier: Apache-2.0 */
/* Reactions: what follows an event of another engine lies in the same transaction, or leaves no trace. */
#include "shop.h"

enum { ECHO_SYSTEM = 8 };

typedef struct Echo {
  int64_t heard;
} Echo;

static void *echo_fold(Arena *mem, void *state, const Event *e) {
  Echo *s = state ? state : arena_new(mem, Echo);
  if (str_eq(e->kind, S("echo.heard"))) s->heard++;
  return s;
}

/* Refuses what is 7, and half writes what is 8. */
static Code echo_decide(Cx *cx, const Ask *ask, Decision *d) {
  int64_t amount = json_int(ask->cmd->args, S("amount"), 0);
  if (amount == 9) FAIL(BROKEN, "读不出来");
  if (amount == 7) FAIL_AT(CONFLICT, S("amount"), S("示例条款7"), "不听 7");
  decision_emit(d, amount == 8 ? "echo.spoiled" : "echo.heard", 1, ask->cmd->args);
  return OK;
}

static const Sql sql_echo = {"echo.put", "si", "", "INSERT INTO echo(stream, heard) VALUES(?1, ?2) ON CONFLICT(stream) DO UPDATE SET heard = excluded.heard"};
static const Sql sql_heard = {"echo.heard", "s", "i", "SELECT heard FROM echo WHERE stream = ?1"};

static Code echo_project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  (void)env;
  if (str_eq(e->kind, S("echo.spoiled"))) FAIL(BROKEN, "写坏了");
  return db_run(cx, views, &sql_echo, VALS(val_s(e->stream), val_i(((const Echo *)state)->heard)));
}

static Code echo_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)views;
  *stream = arena_fmt(cx->mem, "echo/%lld", (long long)json_int(cmd->args, S("to"), 1));
  return OK;
}

static Follow follow_of(Cx *cx, const Event *e, int64_t to) {
  Json *args = json_obj(cx->mem);
  json_put_int(cx->mem, args, S("amount"), json_int(e->body, S("amount"), 0));
  json_put_int(cx->mem, args, S("to"), to);
  return (Follow){.args = args};
}

/* Two listeners; what they do depends on the views, which already have the event. */
static Code aim_added(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  int64_t total = 0;
  TRY(db_int(cx, views, &sql_tally_total, VALS(val_s(e->stream)), 0, &total));
  if (total == 0) FAIL(BROKEN, "视图里还没有这个事件");
  out[(*n)++] = follow_of(cx, e, 1);
  out[(*n)++] = follow_of(cx, e, 2);
  return OK;
}

/* echo/1 and echo/2 are heard by echo/11, echo/12, those by echo/21 … without end. */
static Code aim_heard(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  (void)views;
  if (json_int(e->body, S("amount"), 0) == 100) out[(*n)++] = follow_of(cx, e, json_int(e->body, S("to"), 0) + 10);
  return OK;
}

static const Arg echo_args[] = {{.name = "amount", .label = "数量", .type = ARG_INT}, {.name = "to", .label = "给谁", .type = ARG_INT}};
static const CommandDecl echo_commands[] = {{.name = "echo.hear", .label = "听", .help = "测试", .allow = ECHO_SYSTEM, .creates = true,
                                             .decide = echo_decide, .args = echo_args, .arg_count = COUNT(echo_args)}};
static const Reaction easy[] = {{.event = "tally.added", .command = "echo.hear", .aim = aim_added},
                                {.event = "echo.heard", .command = "echo.hear", .aim = aim_heard}};
static const Reaction strict[] = {{.event = "tally.added", .command = "echo.hear", .required = true, .aim = aim_added}};
static const Reaction absent[] = {{.event = "tally.added", .command = "echo.shout", .aim = aim_added}};
static const Engine echo_engine = {.prefix = "echo", .fold = echo_fold, .commands = echo_commands, .command_count = 1, .open = echo_open,
                                   .schema = "CREATE TABLE echo(stream TEXT PRIMARY KEY, heard INTEGER NOT NULL) WITHOUT ROWID, STRICT;",
                                   .project = echo_project};

typedef struct Pair {
  Shop s;
  Engine echo;
  const Engine *engines[2];
} Pair;

static Code pair_start(Pair *p, Cx *cx, const Reaction *list, size_t n) {
  CommandResult r;
  shop_make(&p->s, cx, SUITE_GM);
  p->echo = echo_engine;
  p->echo.reactions = list;
  p->echo.reaction_count = n;
  p->engines[0] = &p->s.engine;
  p->engines[1] = &p->echo;
  p->s.o.engines = p->engines;
  p->s.o.engine_count = 2;
  TRY(shop_open(&p->s, cx));
  return shop_do(&p->s, cx, "tally.open", "", "open-tally-1", "{\"label\":\"计数一\"}", &r);
}

static int64_t heard(Pair *p, Cx *cx, const char *stream) {
  SCOPED(db__close_p) Db *db = NULL;
  int64_t out = -1;
  if (db__open(cx, shop_path(&p->s, "views.db"), DB_READ, &db) == OK) {
    shop_gate(&p->s, db);
    (void)db_int(cx, db, &sql_heard, VALS(val_s(str_of(stream))), -1, &out);
  }
  cx_clear(cx);
  return out;
}

TEST(what_follows_an_event_is_in_the_journal_with_it_and_names_its_cause) {
  Pair p;
  CommandResult r;
  Events list = {0};
  EXPECT_INT(pair_start(&p, cx, easy, COUNT(easy)), OK);
  EXPECT_INT(shop_do(&p.s, cx, "tally.add", "tally/1", "add-00001", "{\"amount\":5}", &r), OK);
  EXPECT_STR(r.stream, S("tally/1"));
  EXPECT_INT(r.pos, 2); /* the answer is about what was sent */
  EXPECT_INT(heard(&p, cx, "echo/1"), 1);
  EXPECT_INT(heard(&p, cx, "echo/2"), 1);
  Reader *rd = NULL;
  EXPECT_INT(reader_open(cx, p.s.runner, &rd), OK);
  EXPECT_INT(reader_journal(cx, rd, 0, 10, &list), OK);
  EXPECT_INT(list.count, 4);
  EXPECT_STR(list.list[2].command, S("tally/1#2>echo.hear>1"));
  EXPECT_STR(list.list[2].actor, S("system"));
  EXPECT_INT(list.list[2].happened, list.list[1].happened);
  reader_close(rd);
  EXPECT_INT(shop_do(&p.s, cx, "tally.add", "tally/1", "add-00001", "{\"amount\":5}", &r), OK);
  EXPECT(r.repeated);
  EXPECT_INT(shop_events(&p.s, cx), 4); /* a double click is followed by nothing */
  EXPECT(shop_verify(&p.s, cx).views_ok);
  shop_drop(&p.s);
}

TEST(a_refused_reaction_leaves_the_act_alone) {
  Pair p;
  EXPECT_INT(pair_start(&p, cx, easy, COUNT(easy)), OK);
  EXPECT_INT(shop_add(&p.s, cx, "add-00007", 7), OK);
  EXPECT_INT(shop_total(&p.s, cx, "tally/1"), 7);
  EXPECT_INT(heard(&p, cx, "echo/1"), -1);
  EXPECT_INT(shop_events(&p.s, cx), 2);
  shop_drop(&p.s);
}

TEST(a_required_reaction_that_is_refused_refuses_the_act) {
  Pair p;
  CommandResult r = {0};
  EXPECT_INT(pair_start(&p, cx, strict, COUNT(strict)), OK);
  EXPECT_INT(shop_do(&p.s, cx, "tally.add", "tally/1", "add-00007", "{\"amount\":7}", &r), CONFLICT);
  EXPECT_STR(cx->field, S("amount"));
  EXPECT(str_has(cx->detail, S("不听 7")));
  cx_clear(cx);
  EXPECT_INT(shop_total(&p.s, cx, "tally/1"), 0);
  EXPECT_INT(shop_events(&p.s, cx), 1);
  EXPECT_INT(shop_add(&p.s, cx, "add-00006", 6), OK); /* and the next one goes on */
  EXPECT_INT(heard(&p, cx, "echo/2"), 1);
  EXPECT(shop_verify(&p.s, cx).views_ok);
  shop_drop(&p.s);
}

TEST(a_reaction_that_fails_while_it_writes_takes_the_act_back) {
  Pair p;
  EXPECT_INT(pair_start(&p, cx, easy, COUNT(easy)), OK);
  EXPECT_INT(shop_add(&p.s, cx, "add-00008", 8), BROKEN);
  EXPECT_INT(shop_total(&p.s, cx, "tally/1"), 0);
  EXPECT_INT(shop_events(&p.s, cx), 1);
  EXPECT(shop_verify(&p.s, cx).views_ok);
  shop_drop(&p.s);
}

TEST(a_reaction_that_cannot_be_decided_takes_the_act_back_though_it_is_not_required) {
  Pair p;
  EXPECT_INT(pair_start(&p, cx, easy, COUNT(easy)), OK);
  EXPECT_INT(shop_add(&p.s, cx, "add-00009", 9), BROKEN);
  EXPECT_INT(shop_total(&p.s, cx, "tally/1"), 0);
  EXPECT_INT(shop_events(&p.s, cx), 1);
  EXPECT_INT(shop_add(&p.s, cx, "add-00005", 5), OK);
  EXPECT_INT(heard(&p, cx, "echo/1"), 1);
  EXPECT(shop_verify(&p.s, cx).views_ok);
  shop_drop(&p.s);
}

TEST(reactions_to_reactions_end_at_a_depth) {
  Pair p;
  EXPECT_INT(pair_start(&p, cx, easy, COUNT(easy)), OK);
  EXPECT_INT(shop_add(&p.s, cx, "add-00100", 100), OK);
  EXPECT_INT(heard(&p, cx, "echo/1"), 1);
  EXPECT_INT(heard(&p, cx, "echo/31"), 1); /* the fourth */
  EXPECT_INT(heard(&p, cx, "echo/41"), -1);
  EXPECT_INT(shop_events(&p.s, cx), 2 + 8);
  shop_drop(&p.s);
}

TEST(a_reaction_without_its_command_stops_the_program_at_its_start) {
  Pair p;
  EXPECT_INT(pair_start(&p, cx, absent, COUNT(absent)), BROKEN);
  EXPECT(str_has(cx->detail, S("联动")));
  cx_clear(cx);
  shop_drop(&p.s);
}

TEST(nobody_can_send_a_command_under_the_key_of_a_reaction) {
  Pair p;
  CommandResult r = {0};
  EXPECT_INT(pair_start(&p, cx, easy, COUNT(easy)), OK);
  EXPECT_INT(shop_do(&p.s, cx, "tally.add", "tally/1", "tally/1#2>echo.hear>1", "{\"amount\":1}", &r), INVALID);
  cx_clear(cx);
  EXPECT_INT(shop_events(&p.s, cx), 1);
  shop_drop(&p.s);
}
