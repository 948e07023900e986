/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small unit-test runner. A test is a sentence; it registers itself.
 *
 *   TEST(due_day_is_still_in_time) { EXPECT(x == 1); EXPECT_STR(s, S("…")); }
 *
 * Inside a test, `t->mem` is a fresh arena and `cx` a fresh context (cx->now = 2019-09-02T09:00+08:00).
 * A failing EXPECT prints the expression and goes on. The program prints "N passed, N failed" and exits
 * non-zero when anything failed. `TEST_ONLY=substring` in the environment runs a part.
 */
#ifndef TEST_H
#define TEST_H
#include "base/base.h"

typedef struct Test {
  Arena *mem;
  int bad;
  const void *data; /* what the test was registered with */
} Test;
typedef void TestFn(Test *t, Cx *cx);
void test_register(const char *name, TestFn *fn, const char *file);
/* One function, many tests: each entry of a table or file counts. name and file live as long as the program. */
void test_register_with(const char *name, TestFn *fn, const char *file, const void *data);
void test_expect(Test *t, bool ok, const char *expr, const char *file, int line);
void test_expect_str(Test *t, Str got, Str want, const char *file, int line);
void test_expect_int(Test *t, long long got, long long want, const char *file, int line);
/* The directory of the source tree, for fixtures (from TEST_ROOT, default "."). */
Str test_root(void);

#define TEST(name)                                                                   \
  static void name(Test *t, Cx *cx);                                                 \
  __attribute__((constructor)) static void name##_reg(void) {                        \
    test_register(#name, name, __FILE__);                                            \
  }                                                                                  \
  static void name(Test *t __attribute__((unused)), Cx *cx __attribute__((unused)))
#define EXPECT(x) test_expect(t, (x), #x, __FILE__, __LINE__)
#define EXPECT_STR(got, want) test_expect_str(t, (got), (want), __FILE__, __LINE__)
#define EXPECT_INT(got, want) test_expect_int(t, (long long)(got), (long long)(want), __FILE__, __LINE__)
#endif
