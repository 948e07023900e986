/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sm3_lanes.h: one block of SM3 (GB/T 32905-2016) in each of LANES lanes at once. Included by hash_many.c once for each width with NAME,
 * VEC, LANES, TARGET, INDEX_LOW and INDEX_HIGH, and what three words make bit by bit: XOR3, MAJOR (what two of them have) and CHOOSE
 * (of y or z, by x). The compiler lays vectors out by the target of the function, so one text makes both.
 */
typedef uint32_t VEC __attribute__((vector_size(LANES * 4)));

#define ROTL(x, n) ((x) << (n) | (x) >> (32 - (n)))
#define SWAP(x) ((ROTL(x, 8) & 0x00FF00FF) | (ROTL(x, 24) & 0xFF00FF00))
#define P0(x) XOR3(x, ROTL(x, 9), ROTL(x, 17))
#define P1(x) XOR3(x, ROTL(x, 15), ROTL(x, 23))

/* blocks[i]: 64 bytes of lane i; state[k]: word k of every lane. */
TARGET static void NAME(uint32_t (*state)[LANES_MAX], const char *const *blocks) {
  VEC w[16], v[8], other[LANES];
  /* LANES words of each lane become LANES vectors with a word of each: rows i and i + LANES/2 are laid into each other until
   * the bits of row and column have changed places. */
#pragma GCC unroll 2
  for (int part = 0; part < 16; part += LANES) {
    VEC *row = &w[part];
#pragma GCC unroll 16
    for (int i = 0; i < LANES; i++) memcpy(&row[i], blocks[i] + 4 * part, sizeof row[i]);
#pragma GCC unroll 4
    for (int step = 1; step < LANES; step *= 2) {
#pragma GCC unroll 16
      for (int i = 0; i < LANES; i++) other[i] = row[i];
#pragma GCC unroll 8
      for (int i = 0; i < LANES / 2; i++) {
        row[2 * i] = __builtin_shufflevector(other[i], other[i + LANES / 2], INDEX_LOW);
        row[2 * i + 1] = __builtin_shufflevector(other[i], other[i + LANES / 2], INDEX_HIGH);
      }
    }
  }
  for (int i = 0; i < 8; i++) memcpy(&v[i], state[i], sizeof v[i]);
#pragma GCC unroll 16
  for (int i = 0; i < 16; i++) w[i] = SWAP(w[i]);
  VEC a = v[0], b = v[1], c = v[2], d = v[3], e = v[4], f = v[5], g = v[6], h = v[7];
#pragma GCC unroll 64
  for (int j = 0; j < 64; j++) {
    VEC wj = w[j & 15], w4;
    if (j < 12) {
      w4 = w[j + 4];
    } else { /* W[j+4] takes the place of W[j-12] */
      VEC x = XOR3(w[(j + 4) & 15], w[(j + 11) & 15], ROTL(w[(j + 1) & 15], 15));
      w4 = XOR3(P1(x), ROTL(w[(j + 7) & 15], 7), w[(j + 14) & 15]);
      w[(j + 4) & 15] = w4;
    }
    VEC a12 = ROTL(a, 12), s = a12 + e + sm3_t[j], ss1 = ROTL(s, 7), ff, gg;
    if (j < 16) ff = XOR3(a, b, c), gg = XOR3(e, f, g);
    else ff = MAJOR(a, b, c), gg = CHOOSE(e, f, g);
    VEC t1 = ff + d + (ss1 ^ a12) + (wj ^ w4), t2 = gg + h + ss1 + wj;
    d = c, c = ROTL(b, 9), b = a, a = t1;
    h = g, g = ROTL(f, 19), f = e, e = P0(t2);
  }
  v[0] ^= a, v[1] ^= b, v[2] ^= c, v[3] ^= d, v[4] ^= e, v[5] ^= f, v[6] ^= g, v[7] ^= h;
  for (int i = 0; i < 8; i++) memcpy(state[i], &v[i], sizeof v[i]);
}

#undef ROTL
#undef SWAP
#undef P0
#undef P1
#undef NAME
#undef VEC
#undef LANES
#undef TARGET
#undef INDEX_LOW
#undef INDEX_HIGH
#undef XOR3
#undef MAJOR
#undef CHOOSE
