/* SPDX-License-Identifier: Apache-2.0 */
#include "org/org.h"
#include "test.h"

#include <pthread.h>

enum { MINUTE = 60 * 1000 };

static void fail_times(Throttle *th, Cx *cx, const char *account, const char *address, int n) {
  for (int i = 0; i < n; i++) throttle_failed(th, str_of(account), str_of(address), cx->now);
}

static Code check(Throttle *th, Cx *cx, const char *account, const char *address) {
  cx_clear(cx);
  return throttle_check(cx, th, str_of(account), str_of(address));
}

TEST(five_failures_close_an_account_for_a_quarter_of_an_hour) {
  Throttle *th = throttle_open(1024);
  fail_times(th, cx, "wang", "10.0.0.1", 4);
  EXPECT_INT(check(th, cx, "wang", "10.0.0.1"), OK);
  fail_times(th, cx, "wang", "10.0.0.1", 1);
  EXPECT_INT(check(th, cx, "wang", "10.0.0.1"), THROTTLED);
  EXPECT(str_has(cx->detail, S("15 分钟")));
  EXPECT_INT(check(th, cx, "wang", "10.0.0.2"), THROTTLED); /* from wherever */
  EXPECT_INT(check(th, cx, "li", "10.0.0.1"), OK);          /* the others are free */
  cx->now += 14 * MINUTE;
  EXPECT_INT(check(th, cx, "wang", "10.0.0.1"), THROTTLED);
  EXPECT(str_has(cx->detail, S(" 1 分钟")));
  cx->now += MINUTE;
  EXPECT_INT(check(th, cx, "wang", "10.0.0.1"), OK);
  throttle_close(th);
}

TEST(half_of_the_failures_is_forgotten_each_quarter_of_an_hour) {
  Throttle *th = throttle_open(1024);
  fail_times(th, cx, "wang", "10.0.0.1", 5);
  cx->now += 15 * MINUTE; /* 2 left */
  fail_times(th, cx, "wang", "10.0.0.1", 2);
  EXPECT_INT(check(th, cx, "wang", "10.0.0.1"), OK);
  fail_times(th, cx, "wang", "10.0.0.1", 1);
  EXPECT_INT(check(th, cx, "wang", "10.0.0.1"), THROTTLED);
  cx->now += 45 * MINUTE; /* 0 left */
  fail_times(th, cx, "wang", "10.0.0.1", 4);
  EXPECT_INT(check(th, cx, "wang", "10.0.0.1"), OK);
  throttle_close(th);
}

TEST(a_right_password_forgets_the_failures_before_it) {
  Throttle *th = throttle_open(1024);
  for (int i = 0; i < 10; i++) {
    fail_times(th, cx, "wang", "10.0.0.1", 4);
    EXPECT_INT(check(th, cx, "wang", "10.0.0.1"), OK);
    throttle_passed(th, S("wang"), S("10.0.0.1"));
  }
  throttle_close(th);
}

TEST(an_address_that_tries_many_accounts_is_closed_and_only_it) {
  Throttle *th = throttle_open(4096);
  int tried = 0, locked = 0;
  /* A stranger who wants to lock everyone out gets ten accounts, not the city. */
  for (int i = 0; i < 200; i++) {
    const char *account = arena_fmt(t->mem, "clerk%d", i).ptr;
    for (int k = 0; k < 5; k++) {
      if (check(th, cx, account, "203.0.113.9") != OK) continue;
      fail_times(th, cx, account, "203.0.113.9", 1);
      tried++;
    }
  }
  for (int i = 0; i < 200; i++) locked += check(th, cx, arena_fmt(t->mem, "clerk%d", i).ptr, "10.0.0.1") != OK;
  EXPECT_INT(tried, 50);
  EXPECT_INT(locked, 10);
  EXPECT_INT(check(th, cx, "li", "203.0.113.9"), THROTTLED);
  EXPECT_INT(check(th, cx, "li", "203.0.113.10"), OK);
  throttle_passed(th, S("li"), S("203.0.113.9")); /* one's own right password does not reopen the address */
  EXPECT_INT(check(th, cx, "wu", "203.0.113.9"), THROTTLED);
  cx->now += 15 * MINUTE;
  EXPECT_INT(check(th, cx, "li", "203.0.113.9"), OK);
  throttle_close(th);
}

TEST(a_flood_of_names_pushes_counters_out_but_locks_nobody) {
  Throttle *th = throttle_open(64);
  for (int i = 0; i < 20000; i++)
    fail_times(th, cx, arena_fmt(t->mem, "x%d", i).ptr, arena_fmt(t->mem, "198.51.%d.%d", i / 250, i % 250).ptr, 1);
  int locked = 0;
  for (int i = 0; i < 500; i++) locked += check(th, cx, arena_fmt(t->mem, "real%d", i).ptr, "10.0.0.1") != OK;
  EXPECT_INT(locked, 0);
  throttle_close(th);
}

TEST(an_account_named_like_an_address_is_not_that_address) {
  Throttle *th = throttle_open(1024);
  fail_times(th, cx, "10.0.0.1", "10.0.0.2", 60);
  EXPECT_INT(check(th, cx, "wang", "10.0.0.1"), OK);
  EXPECT_INT(check(th, cx, "10.0.0.1", "10.0.0.3"), THROTTLED);
  throttle_close(th);
}

TEST(a_clock_that_is_set_back_does_not_lock_for_ever) {
  Throttle *th = throttle_open(1024);
  fail_times(th, cx, "wang", "10.0.0.1", 5);
  cx->now -= DAY_MS;
  EXPECT_INT(check(th, cx, "wang", "10.0.0.1"), THROTTLED);
  cx->now += 15 * MINUTE;
  EXPECT_INT(check(th, cx, "wang", "10.0.0.1"), OK);
  throttle_close(th);
}

static void *hammer(void *arg) {
  SCOPED(arena_close_p) Arena *mem = arena_open((size_t)16 << 20);
  for (int i = 0; i < 2000; i++) {
    Cx cx = {.mem = mem, .now = 1567386000000LL};
    Str account = arena_fmt(mem, "a%d", i % 50);
    (void)throttle_check(&cx, arg, account, S("10.0.0.1"));
    throttle_failed(arg, account, S("10.0.0.1"), cx.now);
    if (i % 3 == 0) throttle_passed(arg, account, S("10.0.0.1"));
  }
  throttle_failed(arg, S("counted"), S("10.9.9.9"), 1567386000000LL);
  return NULL;
}

TEST(threads_may_count_at_the_same_time) {
  Throttle *th = throttle_open(4096);
  pthread_t threads[5];
  for (int i = 0; i < 5; i++) pthread_create(&threads[i], NULL, hammer, th);
  for (int i = 0; i < 5; i++) pthread_join(threads[i], NULL);
  EXPECT_INT(check(th, cx, "counted", "10.0.0.7"), THROTTLED); /* none of the five was lost */
  throttle_close(th);
}
