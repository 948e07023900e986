/* SPDX-License-Identifier: Apache-2.0 */
/* What is due and was refused steps back, further each time, and stops nobody behind it. */
#include "journal/duties.h"
#include "shop.h"

enum { STREAMS = 6, ROUND = 4 };

static void streams_make(Shop *s, Cx *cx) {
  CommandResult r;
  shop_start(s, cx);
  for (int i = 2; i <= STREAMS; i++)
    REQUIRE(shop_do(s, cx, "tally.open", "", arena_fmt(cx->mem, "open-%06d", i).ptr, arena_fmt(cx->mem, "{\"label\":\"%d\"}", i).ptr, &r) == OK);
  for (int i = 1; i <= STREAMS; i++) {
    Command cmd = shop_command(cx, "tally.add", arena_fmt(cx->mem, "tally/%d", i).ptr, arena_fmt(cx->mem, "due-%06d", i).ptr, "{\"amount\":1}");
    cmd.now = cmd.happened = cx->now + i * 1000; /* due a day later, in the order of their numbers */
    REQUIRE(runner_run(cx, s->runner, &cmd, &r) == OK);
  }
}

static size_t due_of(Cx *cx, Duties *d, Reader *rd, int64_t now, Due **due) {
  size_t n = 0;
  REQUIRE(duties_due(cx, d, rd, now, ROUND, due, &n) == OK);
  return n;
}

TEST(refused_duties_step_back_and_stop_nobody_behind_them) {
  Shop s;
  Due *due = NULL;
  CommandResult r;
  streams_make(&s, cx);
  int64_t now = cx->now + 2 * DAY_MS, wait = DUTY_WAIT_FIRST_S;
  Duties *d = duties_open();
  SCOPED(reader_close_p) Reader *rd = NULL;
  EXPECT_INT(reader_open(cx, s.runner, &rd), OK);
  EXPECT_INT(due_of(cx, d, rd, now, &due), ROUND); /* the oldest fill a round … */
  for (size_t i = 0; i < ROUND; i++) duties_refused(d, &due[i], now);
  EXPECT_INT(due_of(cx, d, rd, now, &due), STREAMS - ROUND); /* … and when they are refused the next are those behind them */
  EXPECT_STR(due[0].stream, S("tally/5"));
  EXPECT_STR(due[1].stream, S("tally/6"));
  Command reset = shop_command(cx, "tally.reset", "tally/6", "reset-0006", "{}");
  reset.actor.roles = TALLY_BOSS;
  EXPECT_INT(runner_run(cx, s.runner, &reset, &r), OK);
  duties_done(d, &due[1]);
  EXPECT_INT(due_of(cx, d, rd, now, &due), 1);
  for (int times = 0; times < 14; times++) { /* a minute, two, four … a day, and no longer */
    EXPECT_INT(due_of(cx, d, rd, now + wait * 1000 - 1, &due), 1);
    now += wait * 1000;
    EXPECT_INT(due_of(cx, d, rd, now, &due), ROUND);
    EXPECT_STR(due[0].stream, S("tally/1"));
    for (size_t i = 0; i < ROUND; i++)
      if (!str_eqz(due[i].stream, "tally/5")) duties_refused(d, &due[i], now);
    wait = 2 * wait > DUTY_WAIT_MOST_S ? DUTY_WAIT_MOST_S : 2 * wait;
  }
  EXPECT_INT(wait, DUTY_WAIT_MOST_S);
  EXPECT_INT(duties_waiting(d), ROUND);
  /* Set anew it is another duty, and waits for nobody. */
  Command add = shop_command(cx, "tally.add", "tally/2", "again-0002", "{\"amount\":1}");
  add.now = add.happened = now - DAY_MS;
  EXPECT_INT(runner_run(cx, s.runner, &add, &r), OK);
  size_t n = due_of(cx, d, rd, now, &due);
  bool found = false;
  for (size_t i = 0; i < n; i++) found |= str_eqz(due[i].stream, "tally/2");
  EXPECT(found);
  reader_close_p(&rd);
  duties_close(d);
  shop_drop(&s);
}
