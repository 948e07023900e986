/* SPDX-License-Identifier: Apache-2.0 */
/* Idempotency keys, refusals, rights, the two times. */
#include "shop.h"

TEST(the_same_key_with_the_same_content_gives_the_same_answer_and_one_event) {
  Shop s;
  CommandResult a, b;
  shop_start(&s, cx);
  EXPECT_INT(shop_do(&s, cx, "tally.add", "tally/1", "add-000001", "{\"amount\":5,\"note\":\"一次\"}", &a), OK);
  EXPECT_INT(shop_do(&s, cx, "tally.add", "tally/1", "add-000001", "{\"note\":\"一次 \",\"amount\":\"5\"}", &b), OK);
  EXPECT(!a.repeated && b.repeated);
  EXPECT_INT(a.pos, 2);
  EXPECT_INT(b.pos, a.pos);
  EXPECT_INT(b.seq, a.seq);
  EXPECT_STR(b.stream, a.stream);
  EXPECT_INT(shop_events(&s, cx), 2);
  EXPECT_INT(shop_total(&s, cx, "tally/1"), 5);
  shop_drop(&s);
}

TEST(a_repeated_command_gets_its_first_answer_even_after_a_restart) {
  Shop s;
  CommandResult a, b;
  shop_make(&s, cx, SUITE_INTL);
  EXPECT_INT(shop_open(&s, cx), OK);
  EXPECT_INT(shop_do(&s, cx, "tally.open", "", "open-once-1", "{\"label\":\"甲\"}", &a), OK);
  shop_close(&s);
  EXPECT_INT(shop_open(&s, cx), OK);
  EXPECT_INT(shop_do(&s, cx, "tally.open", "", "open-once-1", "{\"label\":\"甲\"}", &b), OK);
  EXPECT(b.repeated);
  EXPECT_STR(json_str(a.answer, S("receipt")), S("open-once-1"));
  EXPECT_STR(json_str(b.answer, S("receipt")), S("open-once-1"));
  EXPECT_STR(b.stream, S("tally/1"));
  EXPECT_INT(shop_events(&s, cx), 1);
  shop_drop(&s);
}

TEST(the_same_key_with_another_content_actor_or_stream_is_a_conflict) {
  Shop s;
  CommandResult r;
  shop_start(&s, cx);
  EXPECT_INT(shop_add(&s, cx, "add-000001", 5), OK);
  EXPECT_INT(shop_do(&s, cx, "tally.add", "tally/1", "add-000001", "{\"amount\":6}", &r), CONFLICT);
  EXPECT_STR(r.field, S("key"));
  cx_clear(cx);
  EXPECT_INT(shop_do(&s, cx, "tally.add", "tally/2", "add-000001", "{\"amount\":5}", &r), CONFLICT);
  cx_clear(cx);
  EXPECT_INT(shop_do(&s, cx, "tally.split", "tally/1", "add-000001", "{\"parts\":5}", &r), CONFLICT);
  cx_clear(cx);
  Command other = shop_command(cx, "tally.add", "tally/1", "add-000001", "{\"amount\":5}");
  other.actor.id = S("li");
  EXPECT_INT(runner_run(cx, s.runner, &other, &r), CONFLICT);
  cx_clear(cx);
  EXPECT_INT(shop_events(&s, cx), 2);
  EXPECT_INT(shop_total(&s, cx, "tally/1"), 5);
  shop_drop(&s);
}

static Code open_with_phone(Shop *s, Cx *cx, const char *label, const char *ref, const char *actor, CommandResult *r) {
  Command cmd = shop_command(cx, "tally.open", "", "open-phone-1",
                             arena_fmt(cx->mem, "{\"label\":\"%s\",\"phone_ref\":\"%s\"}", label, ref).ptr);
  Personal phone = {.ref = str_of(ref), .kind = S("phone"), .value = S("13912345678")};
  cmd.personal = &phone;
  cmd.personal_count = 1;
  cmd.actor.id = str_of(actor);
  Code code = runner_run(cx, s->runner, &cmd, r);
  cx_clear(cx);
  return code;
}

TEST(references_to_personal_data_do_not_count_as_content_but_the_rest_does) {
  Shop s;
  CommandResult r;
  shop_start(&s, cx);
  EXPECT_INT(open_with_phone(&s, cx, "乙", "v1.first", "wang", &r), OK);
  EXPECT_INT(open_with_phone(&s, cx, "乙", "v1.second", "wang", &r), OK);
  EXPECT(r.repeated);
  EXPECT_INT(open_with_phone(&s, cx, "丙", "v1.third", "wang", &r), CONFLICT);
  EXPECT_INT(open_with_phone(&s, cx, "乙", "v1.fourth", "li", &r), CONFLICT); /* no answer for a stranger */
  EXPECT_INT(shop_events(&s, cx), 2);
  shop_drop(&s);
}

TEST(a_key_that_is_no_key_is_refused) {
  static const char *const bad[] = {"", "short-1", "has space in it", "nul/slash-1", "钥匙钥匙钥匙",
                                    "x123456789x123456789x123456789x123456789x123456789x123456789x123456789x123456789x"};
  Shop s;
  CommandResult r;
  shop_start(&s, cx);
  for (size_t i = 0; i < COUNT(bad); i++) {
    EXPECT_INT(shop_do(&s, cx, "tally.add", "tally/1", bad[i], "{\"amount\":5}", &r), INVALID);
    EXPECT_STR(r.field, S("key"));
    cx_clear(cx);
  }
  EXPECT_INT(shop_events(&s, cx), 1);
  shop_drop(&s);
}

/* ---- a double click ------------------------------------------------------------------------------- */

enum { CLICKS = 60 };

typedef struct Clicker {
  Shop *s;
  pthread_barrier_t *together;
  int ok, repeated;
  int64_t pos[CLICKS];
} Clicker;

static void *click(void *arg) {
  Clicker *c = arg;
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)16 << 20);
  for (int i = 0; i < CLICKS; i++) {
    Cx cx = {.mem = mem, .now = 1567386000000LL};
    CommandResult r;
    Str key = arena_fmt(mem, "click-%06d", i);
    pthread_barrier_wait(c->together);
    c->ok += shop_do(c->s, &cx, "tally.add", "tally/1", key.ptr, "{\"amount\":1}", &r) == OK;
    c->repeated += r.repeated;
    c->pos[i] = r.pos;
  }
  return NULL;
}

TEST(a_double_click_from_two_threads_makes_one_event) {
  Shop s;
  pthread_t threads[2];
  pthread_barrier_t together;
  Clicker c[2] = {{.s = &s, .together = &together}, {.s = &s, .together = &together}};
  shop_start(&s, cx);
  pthread_barrier_init(&together, NULL, 2);
  for (int i = 0; i < 2; i++) pthread_create(&threads[i], NULL, click, &c[i]);
  for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
  EXPECT_INT(c[0].ok + c[1].ok, 2 * CLICKS);
  EXPECT_INT(c[0].repeated + c[1].repeated, CLICKS);
  EXPECT(memcmp(c[0].pos, c[1].pos, sizeof c[0].pos) == 0);
  EXPECT_INT(shop_events(&s, cx), 1 + CLICKS);
  EXPECT_INT(shop_total(&s, cx, "tally/1"), CLICKS);
  pthread_barrier_destroy(&together);
  shop_drop(&s);
}

/* ---- refusals ------------------------------------------------------------------------------------- */

TEST(a_refused_command_leaves_no_trace_and_its_key_stays_free) {
  Shop s;
  CommandResult r;
  shop_start(&s, cx);
  Command cmd = shop_command(cx, "tally.add", "tally/1", "add-000001", "{\"amount\":13}");
  Personal phone = {.ref = S("v1.refused"), .kind = S("phone"), .value = S("13912345678")};
  cmd.personal = &phone;
  cmd.personal_count = 1;
  EXPECT_INT(runner_run(cx, s.runner, &cmd, &r), INVALID);
  EXPECT_STR(cx->field, S("amount"));
  EXPECT_STR(cx->clause, S("示例条款13"));
  EXPECT_STR(cx->detail, S("不收 13"));
  EXPECT_INT(r.pos, 0);
  cx_clear(cx);
  SCOPED(reader_close_p) Reader *rd = NULL;
  Str value;
  EXPECT_INT(reader_open(cx, s.runner, &rd), OK);
  EXPECT_INT(reader_vault(cx, rd, S("v1.refused"), &value), NOT_FOUND);
  cx_clear(cx);
  EXPECT_INT(shop_events(&s, cx), 1);
  EXPECT_INT(shop_total(&s, cx, "tally/1"), 0);
  EXPECT_INT(shop_add(&s, cx, "add-000001", 14), OK);
  EXPECT_INT(shop_total(&s, cx, "tally/1"), 14);
  reader_close_p(&rd);
  shop_drop(&s);
}

TEST(a_role_that_may_not_send_a_command_is_denied) {
  Shop s;
  CommandResult r;
  shop_start(&s, cx);
  Command cmd = shop_command(cx, "tally.reset", "tally/1", "reset-0001", "{}");
  EXPECT_INT(runner_run(cx, s.runner, &cmd, &r), DENIED);
  cx_clear(cx);
  cmd.actor.roles = 0;
  EXPECT_INT(runner_run(cx, s.runner, &cmd, &r), DENIED);
  cx_clear(cx);
  cmd.actor.roles = TALLY_BOSS;
  EXPECT_INT(runner_run(cx, s.runner, &cmd, &r), OK);
  shop_drop(&s);
}

TEST(unknown_commands_and_streams_are_refused) {
  static const struct { const char *name, *stream; Code code; const char *field; } rows[] = {
      {"tally.nothing", "tally/1", NOT_FOUND, "name"}, {"tally.add", "tally/99", NOT_FOUND, ""},
      {"tally.add", "other/1", INVALID, "stream"},     {"tally.add", "", INVALID, "stream"},
      {"tally.add", "tally/../1", INVALID, "stream"},  {"tally.add", "tally/", INVALID, "stream"},
      {"tally.open", "tally/7", INVALID, "stream"}};
  Shop s;
  CommandResult r;
  shop_start(&s, cx);
  for (size_t i = 0; i < COUNT(rows); i++) {
    const char *args = strcmp(rows[i].name, "tally.open") ? "{\"amount\":1}" : "{\"label\":\"x\"}";
    EXPECT_INT(shop_do(&s, cx, rows[i].name, rows[i].stream, "unknown-01", args, &r), rows[i].code);
    EXPECT_STR(r.field, str_of(rows[i].field));
    cx_clear(cx);
  }
  EXPECT_INT(shop_events(&s, cx), 1);
  shop_drop(&s);
}

TEST(a_stream_that_exists_is_not_opened_twice) {
  Shop s;
  CommandResult r;
  shop_start(&s, cx);
  EXPECT_INT(shop_do(&s, cx, "tally.open", "", "open-again-1", "{\"label\":\"x\",\"id\":\"1\"}", &r), CONFLICT);
  cx_clear(cx);
  EXPECT_INT(shop_events(&s, cx), 1);
  shop_drop(&s);
}

/* ---- the two times -------------------------------------------------------------------------------- */

static Event last_event(Shop *s, Cx *cx) {
  SCOPED(reader_close_p) Reader *rd = NULL;
  Events all = {0};
  Code code = reader_open(cx, s->runner, &rd);
  if (code == OK) code = reader_events(cx, rd, S("tally/1"), 0, 100, &all);
  REQUIRE(code == OK && all.count > 0);
  return all.list[all.count - 1];
}

TEST(what_happened_earlier_keeps_both_times_and_never_comes_after_its_record) {
  Shop s;
  CommandResult r;
  shop_start(&s, cx);
  Command cmd = shop_command(cx, "tally.add", "tally/1", "late-00001", "{\"amount\":1}");
  cmd.happened = cx->now - 3 * DAY_MS;
  EXPECT_INT(runner_run(cx, s.runner, &cmd, &r), OK);
  EXPECT_INT(last_event(&s, cx).happened, cx->now - 3 * DAY_MS);
  EXPECT_INT(last_event(&s, cx).recorded, cx->now);
  cmd.key = S("late-00002");
  cmd.happened = cx->now + 1500; /* clocks of two machines: taken as now */
  EXPECT_INT(runner_run(cx, s.runner, &cmd, &r), OK);
  EXPECT_INT(last_event(&s, cx).happened, cx->now);
  cmd.key = S("late-00003");
  cmd.happened = cx->now + DAY_MS;
  EXPECT_INT(runner_run(cx, s.runner, &cmd, &r), INVALID);
  EXPECT_STR(r.field, S("happened"));
  cx_clear(cx);
  EXPECT_INT(shop_add(&s, cx, "now-000001", 1), OK);
  EXPECT_INT(last_event(&s, cx).happened, cx->now);
  EXPECT_STR(last_event(&s, cx).actor_name, S("王某"));
  EXPECT_STR(last_event(&s, cx).command, S("now-000001"));
  shop_drop(&s);
}

TEST(a_body_that_could_not_be_read_again_is_never_written) {
  Shop s;
  CommandResult r;
  shop_start(&s, cx);
  log_level(LOG_ERROR + 1);
  EXPECT(shop_do(&s, cx, "tally.unreadable", "tally/1", "garbage-01", "{}", &r) != OK);
  log_level(LOG_INFO);
  cx_clear(cx);
  EXPECT_INT(shop_events(&s, cx), 1);
  EXPECT_INT(shop_add(&s, cx, "add-000001", 5), OK); /* and the store goes on */
  shop_close(&s);
  EXPECT_STR(shop_verify(&s, cx).fault, S(""));
  shop_drop(&s);
}

TEST(args_with_too_many_values_are_refused_before_they_are_copied) {
  Shop s;
  CommandResult r;
  shop_start(&s, cx);
  Command cmd = shop_command(cx, "tally.add", "tally/1", "heavy-0001", "{\"amount\":1}");
  Json *args = json_clone(cx->mem, cmd.args), *extra = json_put_obj(cx->mem, args, S("extra"));
  Json *many = json_put_arr(cx->mem, extra, S("many")), one = {.kind = JSON_INT, .num = 1};
  for (int i = 0; i < 400000; i++) json_push(cx->mem, many, &one);
  cmd.args = args;
  EXPECT_INT(runner_run(cx, s.runner, &cmd, &r), LIMIT);
  cx_clear(cx);
  EXPECT_INT(shop_events(&s, cx), 1);
  shop_drop(&s);
}
