/* SPDX-License-Identifier: Apache-2.0 */
/* The draw as a function: fairness over 10^6 draws, shares, recusal, and a list that is not one. */
#include "spot.h"

#include <stdio.h>

enum { DRAWS = 1000000, N = 120, K = 10, M = 16, PAIRS = M * (M - 1) / 2 };

static double chi2(const uint32_t *seen, size_t n, double expected) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += ((double)seen[i] - expected) * ((double)seen[i] - expected) / expected;
  return sum;
}

/* Cells of a draw without putting back vary less: by (N-K)/(N-1) for objects. With 119 degrees of freedom 99.9 % of fair ones lie
 * below 173.6 and 0.1 % below 75.5; the seeds are fixed, so that the figures are the same each time. */
TEST(over_a_million_draws_every_object_and_every_pair_of_inspectors_is_equally_probable) {
  static uint32_t objects[N], pairs[PAIRS], first[N];
  uint32_t out[N];
  Hash seed = {0};
  for (uint32_t i = 0; i < DRAWS; i++) {
    memcpy(seed.b, &i, sizeof i);
    lot_sample(seed, S("B"), N, K, out);
    for (int k = 0; k < K; k++) objects[out[k]]++;
    first[out[0]]++;
    lot_sample(seed, S("HLD-000012"), M, 2, out);
    uint32_t a = out[0] < out[1] ? out[0] : out[1], b = out[0] < out[1] ? out[1] : out[0];
    pairs[b * (b - 1) / 2 + a]++;
  }
  double each = chi2(objects, N, (double)DRAWS * K / N) * (N - 1) / (N - K), pair = chi2(pairs, PAIRS, (double)DRAWS / PAIRS), one = chi2(first, N, (double)DRAWS / N);
  printf("  chi2 with 119 degrees of freedom: objects %.1f, first object %.1f, pairs of inspectors %.1f\n", each, one, pair);
  EXPECT(each > 75.5 && each < 173.6 && one > 75.5 && one < 173.6 && pair > 75.5 && pair < 173.6);
}

/* The same measure finds a draw that takes words modulo n without throwing any away, where that matters: 3 of 4 GiB in two thirds. */
TEST(words_that_would_favour_small_numbers_are_thrown_away) {
  enum { ROUNDS = 20000 };
  const uint32_t big = 3u << 30;
  uint32_t low = 0;
  for (uint32_t i = 0; i < ROUNDS; i++) { /* a number below 3·2^30 lies below 2^30 in a third of all cases; with words modulo n in a half */
    Hash seed = {0};
    memcpy(seed.b, &i, sizeof i);
    low += lot_number(seed, S("x"), big) < 1u << 30;
  }
  EXPECT(low > ROUNDS / 3 - 400 && low < ROUNDS / 3 + 400);
}

static Str list_of(Arena *m, int a, int b, int c, int d, int count) {
  Str text = arena_fmt(m, "yichuang-draw/1\nplan SJ-2019-0001 1\nrule 2 %d\nrate A 3\nrate B 10\nrate C 30\nrate D 100\nbeacon 2019-09-05T15:30:00+08:00 x\n", count);
  const int have[] = {a, b, c, d};
  for (int k = 0, no = 1; k < 4; k++)
    for (int i = 0; i < have[k]; i++, no++) text = arena_fmt(m, "%.*sobject HLD-%06d FIRM%d %c 名称 %d\n", SFMT(text), no, no, "ABCD"[k], no);
  for (int i = 0; i < 3; i++) text = arena_fmt(m, "%.*sinspector LN-%d unit %s 某\n", SFMT(text), i, i ? "-" : "FIRM1,FIRM2");
  return text;
}

static void shares(Cx *cx, Str list, size_t out[4]) {
  LotPick *picks = NULL;
  size_t n = 0;
  Hash seed = lot_hash(S("seed"));
  Code code = lot_draw(cx, list, &seed, &picks, &n);
  REQUIRE(code == OK);
  memset(out, 0, 4 * sizeof *out);
  for (size_t i = 0; i < n; i++) out[picks[i].class.ptr[0] - 'A']++;
}

TEST(the_better_the_class_the_fewer_are_drawn) {
  size_t n[4];
  shares(cx, list_of(t->mem, 100, 100, 100, 10, 0), n);
  EXPECT(n[0] == 3 && n[1] == 10 && n[2] == 30 && n[3] == 10);
  shares(cx, list_of(t->mem, 1, 1, 1, 0, 0), n);
  EXPECT(n[0] == 1 && n[1] == 1 && n[2] == 1 && n[3] == 0);
  shares(cx, list_of(t->mem, 40, 40, 40, 0, 10), n); /* 10 of 120 in the proportion 3 : 10 : 30 */
  EXPECT(n[0] == 1 && n[1] == 2 && n[2] == 7 && n[3] == 0);
  shares(cx, list_of(t->mem, 3, 2, 0, 1, 10), n); /* more than there are */
  EXPECT(n[0] == 3 && n[1] == 2 && n[3] == 1);
}

TEST(whoever_stands_aside_is_not_drawn_and_two_are_always_left) {
  LotPick *picks = NULL;
  size_t n = 0;
  for (int i = 0; i < 200; i++) {
    Hash seed = lot_hash(arena_fmt(t->mem, "%d", i));
    EXPECT_INT(lot_draw(cx, list_of(t->mem, 0, 0, 0, 4, 0), &seed, &picks, &n), OK);
    for (size_t k = 0; k < n; k++)
      if (str_eqz(picks[k].object, "HLD-000001") || str_eqz(picks[k].object, "HLD-000002"))
        EXPECT(!str_eqz(picks[k].certs[0], "LN-0") && !str_eqz(picks[k].certs[1], "LN-0"));
  }
  Str few = S("yichuang-draw/1\nplan x 1\nrule 2 0\nrate D 100\nobject HLD-000001 FIRM1 D x\ninspector A u FIRM1 x\ninspector B u FIRM2,FIRM1 x\ninspector C u - x\n");
  EXPECT_INT(lot_draw(cx, few, NULL, NULL, &n), CONFLICT);
  EXPECT(str_has(cx->detail, S("HLD-000001 只剩 1 名")));
}

TEST(what_is_no_list_is_refused_with_its_line) {
  static const char *const bad[] = {"", "yichuang-draw/2\n", "yichuang-draw/1\nplan x 1\nrule 3 0\n", "yichuang-draw/1\nobject HLD-1 FIRM E x\n",
                                    "yichuang-draw/1\nrate A 101\n", "yichuang-draw/1\nhello\n", "yichuang-draw/1\nplan x 1\n"};
  size_t n = 0;
  for (size_t i = 0; i < COUNT(bad); i++) {
    cx_clear(cx);
    EXPECT_INT(lot_draw(cx, str_of(bad[i]), NULL, NULL, &n), INVALID);
  }
}
