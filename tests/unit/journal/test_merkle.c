/* SPDX-License-Identifier: Apache-2.0 */
/* The tree against the definition of RFC 6962 §2.1, all proofs up to 300 leaves with both suites, and wrong ones. */
#include "journal/proof.h"
#include "test.h"

#include <stdio.h>

enum { LEAVES = 300 };
static const HashSuite suites[] = {SUITE_GM, SUITE_INTL};

typedef struct Flat {
  HashSuite suite;
  Hash leaf[LEAVES];
  Hash node[10][LEAVES];   /* complete subtrees */
  Hash root[LEAVES + 1];   /* by the definition */
} Flat;

/* MTH(D[n]) word for word: MTH(D[0:k]) and MTH(D[k:n]) with k the largest power of two below n. */
static Hash mth(const Flat *f, int from, int n) {
  int k = 1;
  if (n == 1) return f->leaf[from];
  while (k * 2 < n) k *= 2;
  return merkle_node(f->suite, mth(f, from, k), mth(f, from + k, n - k));
}

static Code flat_node(Cx *cx, void *arg, int level, int64_t index, Hash *out) {
  const Flat *f = arg;
  if (level > 8 || (index + 1) << level > LEAVES) FAIL(BROKEN, "beyond the leaves");
  *out = f->node[level][index];
  return OK;
}

static Flat *flat_make(Cx *cx, HashSuite suite) {
  Flat *f = arena_new(cx->mem, Flat);
  f->suite = suite;
  for (int i = 0; i < LEAVES; i++) f->leaf[i] = merkle_leaf(suite, arena_fmt(cx->mem, "leaf %d", i));
  for (int i = 0; i < LEAVES; i++) f->node[0][i] = f->leaf[i];
  for (int level = 1; level <= 8; level++)
    for (int i = 0; (i + 1) << level <= LEAVES; i++)
      f->node[level][i] = merkle_node(suite, f->node[level - 1][2 * i], f->node[level - 1][2 * i + 1]);
  f->root[0] = hash_bytes(suite, S(""));
  for (int n = 1; n <= LEAVES; n++) f->root[n] = mth(f, 0, n);
  return f;
}

static MerkleSource source_of(Flat *f) {
  return (MerkleSource){.suite = f->suite, .node = flat_node, .arg = f};
}

/* One bit of hash `which` changes; p is put back. */
static void flip(Proof *p, size_t which, int bit) {
  p->list[which].b[bit / 8] ^= (uint8_t)(1 << bit % 8);
}

TEST(roots_follow_the_definition_and_the_stack_agrees) {
  for (size_t k = 0; k < COUNT(suites); k++) {
    Flat *f = flat_make(cx, suites[k]);
    MerkleSource s = source_of(f);
    MerkleStack m = {.suite = suites[k]};
    for (int n = 0; n <= LEAVES; n++) {
      Hash r;
      EXPECT_INT(merkle_root(cx, &s, n, &r), OK);
      EXPECT(hash_eq(r, f->root[n]) && hash_eq(merkle_stack_root(&m), f->root[n]));
      if (n < LEAVES) merkle_push(&m, f->leaf[n]);
    }
  }
}

TEST(known_roots_of_sha256) {
  /* The empty tree and one empty leaf, as other implementations of RFC 6962 have them. */
  MerkleStack m = {.suite = SUITE_INTL};
  EXPECT_STR(hash_hex(cx->mem, merkle_stack_root(&m)),
             S("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
  merkle_push(&m, merkle_leaf(SUITE_INTL, S("")));
  EXPECT_STR(hash_hex(cx->mem, merkle_stack_root(&m)),
             S("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"));
}

TEST(every_inclusion_proof_holds_and_a_changed_one_does_not) {
  for (size_t k = 0; k < COUNT(suites); k++) {
    Flat *f = flat_make(cx, suites[k]);
    MerkleSource s = source_of(f);
    int bad = 0, fooled = 0;
    for (int n = 1; n <= LEAVES; n++)
      for (int i = 0; i < n; i++) {
        Proof p;
        REQUIRE(merkle_inclusion(cx, &s, i, n, &p) == OK);
        bad += !merkle_included(f->suite, f->leaf[i], i, n, &p, f->root[n]);
        if (n % 6 && n != LEAVES - 1) continue;
        /* another place, another size, another leaf, one hash less or more */
        fooled += merkle_included(f->suite, f->leaf[i], (i + 1) % n == i ? i + 1 : (i + 1) % n, n, &p, f->root[n]);
        fooled += merkle_included(f->suite, f->leaf[i], i, n, &p, f->root[n - 1]);
        fooled += merkle_included(f->suite, f->leaf[(i + 1) % LEAVES], i, n, &p, f->root[n]);
        p.list[p.count] = f->leaf[0];
        p.count++;
        fooled += merkle_included(f->suite, f->leaf[i], i, n, &p, f->root[n]);
        if (p.count < 2) continue;
        p.count -= 2;
        fooled += merkle_included(f->suite, f->leaf[i], i, n, &p, f->root[n]);
        p.count++;
        flip(&p, (size_t)(i + n) % p.count, (i * 31 + n) % 256);
        fooled += merkle_included(f->suite, f->leaf[i], i, n, &p, f->root[n]);
      }
    EXPECT_INT(bad, 0);
    EXPECT_INT(fooled, 0);
  }
}

TEST(every_consistency_proof_holds_and_a_changed_one_does_not) {
  for (size_t k = 0; k < COUNT(suites); k++) {
    Flat *f = flat_make(cx, suites[k]);
    MerkleSource s = source_of(f);
    int bad = 0, fooled = 0;
    for (int n = 1; n <= LEAVES; n++)
      for (int m = 1; m <= n; m++) {
        Proof p;
        Hash other = f->root[m];
        REQUIRE(merkle_consistency(cx, &s, m, n, &p) == OK);
        bad += !merkle_consistent(f->suite, m, f->root[m], n, f->root[n], &p);
        if (n % 6 && n != LEAVES - 1) continue;
        other.b[m % 32] ^= 4;
        fooled += merkle_consistent(f->suite, m, other, n, f->root[n], &p);
        fooled += merkle_consistent(f->suite, m, f->root[m - 1], n, f->root[n], &p);
        fooled += merkle_consistent(f->suite, m, f->root[m], n, f->root[n - 1], &p);
        if (!p.count) continue;
        flip(&p, (size_t)(m + n) % p.count, (m * 31 + n) % 256);
        fooled += merkle_consistent(f->suite, m, f->root[m], n, f->root[n], &p);
        flip(&p, (size_t)(m + n) % p.count, (m * 31 + n) % 256);
        p.count--;
        fooled += merkle_consistent(f->suite, m, f->root[m], n, f->root[n], &p);
      }
    EXPECT_INT(bad, 0);
    EXPECT_INT(fooled, 0);
  }
}

TEST(every_bit_of_a_proof_counts) {
  Flat *f = flat_make(cx, SUITE_GM);
  MerkleSource s = source_of(f);
  Proof in, on;
  int fooled = 0;
  REQUIRE(merkle_inclusion(cx, &s, 200, 299, &in) == OK && merkle_consistency(cx, &s, 201, 299, &on) == OK);
  for (size_t i = 0; i < in.count; i++)
    for (int bit = 0; bit < 256; bit++) {
      flip(&in, i, bit);
      fooled += merkle_included(f->suite, f->leaf[200], 200, 299, &in, f->root[299]);
      flip(&in, i, bit);
    }
  for (size_t i = 0; i < on.count; i++)
    for (int bit = 0; bit < 256; bit++) {
      flip(&on, i, bit);
      fooled += merkle_consistent(f->suite, 201, f->root[201], 299, f->root[299], &on);
      flip(&on, i, bit);
    }
  EXPECT_INT(fooled, 0);
  EXPECT(merkle_included(f->suite, f->leaf[200], 200, 299, &in, f->root[299]));
  EXPECT(merkle_consistent(f->suite, 201, f->root[201], 299, f->root[299], &on));
}

TEST(proofs_of_nothing_are_refused) {
  Flat *f = flat_make(cx, SUITE_INTL);
  MerkleSource s = source_of(f);
  Proof p = {0};
  static const int64_t wrong[][2] = {{-1, 5}, {5, 5}, {0, 0}};
  for (size_t i = 0; i < COUNT(wrong); i++) {
    EXPECT_INT(merkle_inclusion(cx, &s, wrong[i][0], wrong[i][1], &p), INVALID);
    cx_clear(cx);
    p.count = 0;
    EXPECT(!merkle_included(f->suite, f->leaf[0], wrong[i][0], wrong[i][1], &p, f->leaf[0]));
  }
  EXPECT_INT(merkle_consistency(cx, &s, 0, 5, &p), INVALID);
  cx_clear(cx);
  EXPECT_INT(merkle_consistency(cx, &s, 6, 5, &p), INVALID);
  cx_clear(cx);
  EXPECT(!merkle_consistent(f->suite, 0, f->root[0], 5, f->root[5], &(Proof){0}));
}
