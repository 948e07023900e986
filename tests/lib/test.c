/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"
#include <stdio.h>
#include <stdlib.h>

typedef struct Entry {
  const char *name, *file;
  TestFn *fn;
  const void *data;
} Entry;

enum { TESTS_MAX = 4000 };
static Entry entries[TESTS_MAX];
static size_t entry_count;

void test_register_with(const char *name, TestFn *fn, const char *file, const void *data) {
  REQUIRE(entry_count < TESTS_MAX);
  entries[entry_count++] = (Entry){.name = name, .fn = fn, .file = file, .data = data};
}

void test_register(const char *name, TestFn *fn, const char *file) {
  test_register_with(name, fn, file, NULL);
}

void test_expect(Test *t, bool ok, const char *expr, const char *file, int line) {
  if (ok) return;
  t->bad++;
  fprintf(stderr, "  %s:%d: %s\n", file, line, expr);
}

void test_expect_str(Test *t, Str got, Str want, const char *file, int line) {
  if (str_eq(got, want)) return;
  t->bad++;
  fprintf(stderr, "  %s:%d: got  \"%.*s\"\n  %*s want \"%.*s\"\n", file, line, SFMT(got),
          (int)strlen(file) + 4, "", SFMT(want));
}

void test_expect_int(Test *t, long long got, long long want, const char *file, int line) {
  if (got == want) return;
  t->bad++;
  fprintf(stderr, "  %s:%d: got %lld, want %lld\n", file, line, got, want);
}

Str test_root(void) {
  const char *root = getenv("TEST_ROOT");
  return str_of(root ? root : ".");
}

static bool run_one(const Entry *e) {
  Arena *mem = arena_open((size_t)256 << 20);
  Cx cx = {.mem = mem, .now = 1567386000000LL};
  Test t = {.mem = mem, .data = e->data};
  e->fn(&t, &cx);
  arena_close(mem);
  if (t.bad) fprintf(stderr, "FAILED %s (%s)\n", e->name, e->file);
  return t.bad == 0;
}

int main(void) {
  const char *only = getenv("TEST_ONLY");
  int passed = 0, failed = 0;
  for (size_t i = 0; i < entry_count; i++) {
    if (only && !strstr(entries[i].name, only)) continue;
    if (run_one(&entries[i])) passed++;
    else failed++;
  }
  printf("%d passed, %d failed\n", passed, failed);
  return failed ? 1 : 0;
}
