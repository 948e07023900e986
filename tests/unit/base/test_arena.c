/* SPDX-License-Identifier: Apache-2.0 */
#include "aborts.h"
#include "test.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#endif

TEST(arena_memory_is_zeroed_even_after_reset) {
  Arena *a = arena_open(1 << 20);
  for (int round = 0; round < 3; round++) {
    unsigned char *p = arena_array(a, unsigned char, 3000);
    int dirty = 0;
    for (int i = 0; i < 3000; i++) dirty += p[i] != 0;
    EXPECT_INT(dirty, 0);
    memset(p, 0xAA, 3000);
    arena_reset(a);
    EXPECT_INT(arena_used(a), 0);
  }
  arena_close(a);
}

TEST(arena_aligns_as_asked) {
  for (size_t i = 0; i < 200; i++) {
    arena_alloc(t->mem, i % 7, 1, 1);
    size_t align = (size_t)1 << (i % 5);
    EXPECT((uintptr_t)arena_alloc(t->mem, 1, 3, align) % align == 0);
  }
  EXPECT((uintptr_t)arena_new(t->mem, long double) % _Alignof(long double) == 0);
}

TEST(arena_grows_over_many_blocks_without_overlap) {
  enum { N = 2000 };
  uint32_t *kept[N];
  for (uint32_t i = 0; i < N; i++) {
    size_t n = 1 + i % 900;
    kept[i] = arena_array(t->mem, uint32_t, n);
    for (size_t k = 0; k < n; k++) kept[i][k] = i;
  }
  int wrong = 0;
  for (uint32_t i = 0; i < N; i++)
    for (size_t k = 0; k < 1 + i % 900; k++) wrong += kept[i][k] != i;
  EXPECT_INT(wrong, 0);
}

TEST(arena_serves_one_request_larger_than_a_block) {
  char *p = arena_array(t->mem, char, 5 << 20);
  p[0] = p[(5 << 20) - 1] = 'x';
  char *q = arena_array(t->mem, char, 10);
  EXPECT(q + 10 <= p || q >= p + (5 << 20));
  EXPECT_INT(arena_used(t->mem), (5 << 20) + 10);
}

TEST(arena_reset_keeps_the_first_block) {
  Arena *a = arena_open(1 << 20);
  void *first = arena_alloc(a, 1, 8, 8);
  arena_alloc(a, 1, 200000, 8);
  arena_reset(a);
  EXPECT(arena_alloc(a, 1, 8, 8) == first);
  arena_close(a);
}

TEST(arena_allows_exactly_its_cap) {
  Arena *a = arena_open(100000);
  arena_alloc(a, 100000, 1, 1);
  EXPECT_INT(arena_used(a), 100000);
  arena_reset(a);
  arena_alloc(a, 1000, 100, 4); /* the cap counts anew after a reset */
  EXPECT_INT(arena_used(a), 100000);
  arena_alloc(a, 0, 8, 8);
  arena_close(a);
}

static void past_the_cap(void) {
  arena_alloc(arena_open(1000), 1001, 1, 1);
}
static void past_the_cap_in_steps(void) {
  Arena *a = arena_open(1000);
  for (int i = 0; i < 11; i++) arena_alloc(a, 100, 1, 1);
}
static void product_overflow(void) {
  arena_alloc(arena_open(SIZE_MAX), SIZE_MAX / 2, 3, 1);
}
static void sum_overflow(void) {
  arena_alloc(arena_open(SIZE_MAX), SIZE_MAX, 1, 16);
}
static void block_overflow(void) {
  arena_alloc(arena_open(SIZE_MAX), SIZE_MAX - 16, 1, 16);
}
static void odd_alignment(void) {
  arena_alloc(arena_open(1000), 1, 1, 3);
}
static void nothing_wrong(void) {
  arena_alloc(arena_open(1000), 1000, 1, 1);
}

TEST(arena_refuses_what_cannot_be_served) {
  EXPECT(aborts(past_the_cap));
  EXPECT(aborts(past_the_cap_in_steps));
  EXPECT(aborts(product_overflow));
  EXPECT(aborts(sum_overflow));
  EXPECT(aborts(block_overflow));
  EXPECT(aborts(odd_alignment));
  EXPECT(!aborts(nothing_wrong));
}

TEST(arena_strings_end_with_nul_and_are_copies) {
  char text[] = "abc";
  Str copy = arena_str(t->mem, (Str){.ptr = text, .len = 2});
  text[0] = 'x';
  EXPECT_STR(copy, S("ab"));
  EXPECT_INT(copy.ptr[2], 0);
  EXPECT_INT(strlen(arena_z(t->mem, S("一窗"))), 6);
  EXPECT_STR(arena_str(t->mem, (Str){0}), S(""));
  EXPECT_STR(arena_fmt(t->mem, "%d-%s-%.*s", 7, "x", SFMT(S("窗"))), S("7-x-窗"));
  EXPECT_INT(arena_fmt(t->mem, "%30000d", 1).len, 30000);
}

TEST(arena_close_p_clears_the_pointer) {
  Arena *a = arena_open(1000);
  arena_close_p(&a);
  EXPECT(a == NULL);
  arena_close_p(&a); /* closing nothing is fine */
  arena_close(NULL);
}

#if defined(__SANITIZE_ADDRESS__)
TEST(arena_poisons_what_is_not_handed_out) {
  Arena *a = arena_open(1 << 20);
  char *p = arena_alloc(a, 8, 1, 8);
  EXPECT(!__asan_address_is_poisoned(p + 7));
  EXPECT(__asan_address_is_poisoned(p + 8));
  arena_reset(a);
  EXPECT(__asan_address_is_poisoned(p));
  arena_close(a);
}
#endif
