/* SPDX-License-Identifier: Apache-2.0 */
#include "aborts.h"
#include "test.h"

static Code fails(Cx *cx) {
  FAIL_AT(INVALID, S("area"), S("G1-07"), "面积不能是 %d", -1);
}
static Code fails_later(Cx *cx) {
  FAIL_AT(DENIED, S("other"), S("G1-08"), "另一句");
}
static Code forwards(Cx *cx) {
  TRY(fails(cx));
  return OK;
}

TEST(code_names_and_statuses) {
  EXPECT_INT(code_http(OK), 200);
  EXPECT_INT(code_http(NOT_FOUND), 404);
  EXPECT_INT(code_http(READONLY), 507);
  EXPECT_STR(code_text(NOT_FOUND), S("not-found"));
  EXPECT_STR(code_text(UNKNOWN_USER), S("login"));
}

TEST(code_names_are_distinct_and_present) {
  for (int i = 0; i < CODE__MAX; i++) {
    EXPECT(code_text((Code)i).len > 0);
    for (int k = 0; k < i; k++) EXPECT(!str_eq(code_text((Code)i), code_text((Code)k)));
  }
}

TEST(the_first_fault_wins) {
  EXPECT_INT(forwards(cx), INVALID);
  EXPECT_INT(fails_later(cx), DENIED);
  EXPECT_INT(cx->fault, INVALID);
  EXPECT_STR(cx->detail, S("面积不能是 -1"));
  EXPECT_STR(cx->field, S("area"));
  EXPECT_STR(cx->clause, S("G1-07"));
  EXPECT(cx->line > 0 && str_eqz(S("fails"), cx->where));
}

TEST(a_cleared_context_takes_the_next_fault) {
  int64_t now = cx->now;
  EXPECT_INT(fails(cx), INVALID);
  cx_clear(cx);
  EXPECT_INT(cx->fault, OK);
  EXPECT_INT(cx->detail.len + cx->field.len + cx->clause.len, 0);
  EXPECT(cx->mem == t->mem && cx->now == now);
  EXPECT_INT(fails_later(cx), DENIED);
  EXPECT_STR(cx->field, S("other"));
}

static void false_contract(void) {
  REQUIRE(1 + 1 == 3);
}
static Code fails_with(Cx *cx, Code code) {
  FAIL(code, "x");
}
static void fail_with_ok(void) {
  Cx c = {.mem = arena_open(10000)};
  (void)fails_with(&c, OK);
}
static void code_past_the_end(void) {
  (void)code_text(CODE__MAX);
}

TEST(a_broken_contract_aborts) {
  EXPECT(aborts(false_contract));
  EXPECT(aborts(fail_with_ok));
  EXPECT(aborts(code_past_the_end));
}

/* ---- a context of one's own ------------------------------------------------------------------------- */

TEST(what_fails_in_a_context_of_its_own_is_told_in_the_other) {
  Arena *mem = arena_open(10000);
  Cx own = {.mem = mem};
  EXPECT_INT(cx_pass(cx, &own, OK), OK);
  EXPECT_INT(cx->fault, OK);
  EXPECT_INT(cx_pass(cx, &own, fails_later(&own)), DENIED);
  arena_close(mem); /* the texts were copied */
  EXPECT_INT(cx->fault, DENIED);
  EXPECT_STR(cx->field, S("other"));
  EXPECT(cx->detail.len > 0);
}
