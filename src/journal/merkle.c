/* SPDX-License-Identifier: Apache-2.0 */
/* merkle.c: the tree of RFC 6962 §2.1 over any source of hashes; the making of proofs and, apart, their checking. */
#include "journal/proof.h"

Hash merkle_leaf(HashSuite suite, Str text) {
  Hasher *h = hasher_open(suite);
  hasher_add(h, "\0", 1);
  hasher_add(h, text.ptr, text.len);
  return hasher_close(h);
}

Hash merkle_node(HashSuite suite, Hash left, Hash right) {
  uint8_t both[65] = {1};
  memcpy(both + 1, left.b, 32);
  memcpy(both + 33, right.b, 32);
  return hash_bytes(suite, (Str){.ptr = (const char *)both, .len = sizeof both});
}

/* ---- making ------------------------------------------------------------------------------------- */

/* The largest power of two below n, n ≥ 2. */
static int64_t half_of(int64_t n) {
  int64_t k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/* The hash over n leaves from `from` on; `from` is a multiple of the power of two at or above n. */
static Code range_hash(Cx *cx, const MerkleSource *s, int64_t from, int64_t n, Hash *out) {
  if ((n & (n - 1)) == 0) {
    int level = 0;
    while ((int64_t)1 << level < n) level++;
    return s->node(cx, s->arg, level, from >> level, out);
  }
  Hash left, right;
  int64_t k = half_of(n);
  TRY(range_hash(cx, s, from, k, &left));
  TRY(range_hash(cx, s, from + k, n - k, &right));
  *out = merkle_node(s->suite, left, right);
  return OK;
}

Code merkle_root(Cx *cx, const MerkleSource *s, int64_t size, Hash *out) {
  if (size > 0) return range_hash(cx, s, 0, size, out);
  *out = hash_bytes(s->suite, S(""));
  return OK;
}

/* From the root down; a proof is read from the leaf up, so it is turned round at the end. */
static void proof_turn(Proof *p) {
  for (size_t i = 0; i < p->count / 2; i++) {
    Hash h = p->list[i];
    p->list[i] = p->list[p->count - 1 - i];
    p->list[p->count - 1 - i] = h;
  }
}

static Code proof_add(Cx *cx, const MerkleSource *s, int64_t from, int64_t n, Proof *p) {
  REQUIRE(p->count < PROOF_MAX);
  return range_hash(cx, s, from, n, &p->list[p->count++]);
}

Code merkle_inclusion(Cx *cx, const MerkleSource *s, int64_t index, int64_t size, Proof *out) {
  if (index < 0 || index >= size) FAIL(INVALID, "位置 %lld 不在前 %lld 条里", (long long)index, (long long)size);
  int64_t from = 0, n = size;
  out->count = 0;
  while (n > 1) {
    int64_t k = half_of(n);
    if (index < from + k) {
      TRY(proof_add(cx, s, from + k, n - k, out));
      n = k;
    } else {
      TRY(proof_add(cx, s, from, k, out));
      from += k;
      n -= k;
    }
  }
  proof_turn(out);
  return OK;
}

/* RFC 6962 §2.1.2: `whole` is true while the old tree is the left edge that the checker already knows. */
Code merkle_consistency(Cx *cx, const MerkleSource *s, int64_t old, int64_t size, Proof *out) {
  if (old < 1 || old > size) FAIL(INVALID, "%lld 条不能接到 %lld 条", (long long)old, (long long)size);
  int64_t from = 0, n = size, m = old;
  bool whole = true;
  out->count = 0;
  while (m < n) {
    int64_t k = half_of(n);
    if (m <= k) {
      TRY(proof_add(cx, s, from + k, n - k, out));
      n = k;
    } else {
      TRY(proof_add(cx, s, from, k, out));
      from += k;
      m -= k;
      n -= k;
      whole = false;
    }
  }
  if (!whole) TRY(proof_add(cx, s, from, n, out));
  proof_turn(out);
  return OK;
}

/* ---- checking ----------------------------------------------------------------------------------- */

bool merkle_included(HashSuite suite, Hash leaf, int64_t index, int64_t size, const Proof *p, Hash root) {
  if (index < 0 || index >= size || p->count > PROOF_MAX) return false;
  int64_t fn = index, sn = size - 1;
  Hash r = leaf;
  for (size_t i = 0; i < p->count; i++) {
    if (sn == 0) return false;
    if (fn % 2 || fn == sn) {
      r = merkle_node(suite, p->list[i], r);
      while (fn % 2 == 0 && fn) {
        fn /= 2;
        sn /= 2;
      }
    } else {
      r = merkle_node(suite, r, p->list[i]);
    }
    fn /= 2;
    sn /= 2;
  }
  return sn == 0 && hash_eq(r, root);
}

/* The old tree is a power of two: its root is the first hash and is not sent. */
static bool power_of_two(int64_t n) {
  return (n & (n - 1)) == 0;
}

bool merkle_consistent(HashSuite suite, int64_t old, Hash old_root, int64_t size, Hash root, const Proof *p) {
  if (old < 1 || old > size || p->count > PROOF_MAX) return false;
  if (old == size) return p->count == 0 && hash_eq(old_root, root);
  int64_t fn = old - 1, sn = size - 1;
  size_t i = 0;
  if (!p->count) return false;
  while (fn % 2) {
    fn /= 2;
    sn /= 2;
  }
  Hash fr = power_of_two(old) ? old_root : p->list[i++], sr = fr;
  for (; i < p->count; i++) {
    if (sn == 0) return false;
    if (fn % 2 || fn == sn) {
      fr = merkle_node(suite, p->list[i], fr);
      sr = merkle_node(suite, p->list[i], sr);
      while (fn % 2 == 0 && fn) {
        fn /= 2;
        sn /= 2;
      }
    } else {
      sr = merkle_node(suite, sr, p->list[i]);
    }
    fn /= 2;
    sn /= 2;
  }
  return sn == 0 && hash_eq(fr, old_root) && hash_eq(sr, root);
}

/* ---- one leaf after the other ------------------------------------------------------------------- */

void merkle_push(MerkleStack *m, Hash leaf) {
  int k = 0;
  for (; m->size >> k & 1; k++) leaf = merkle_node(m->suite, m->peak[k], leaf);
  m->peak[k] = leaf;
  m->size++;
}

Hash merkle_stack_root(const MerkleStack *m) {
  bool any = false;
  Hash r = hash_bytes(m->suite, S(""));
  for (int k = 0; k < 63; k++) {
    if (!(m->size >> k & 1)) continue;
    r = any ? merkle_node(m->suite, m->peak[k], r) : m->peak[k];
    any = true;
  }
  return r;
}
