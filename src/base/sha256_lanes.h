/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sha256_lanes.h: some blocks of SHA-256 of each of two texts by the instructions that the processor has for it. Each of them waits for
 * the one before it, so two texts take hardly longer than one. Only hash_many.c includes it.
 */
static const uint32_t sha_k[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
    0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
    0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
    0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
    0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
    0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

#define SHA_TARGET __attribute__((target("sha,sse4.1")))

/* a to h of one lane as the instructions want them: a, b, e, f and c, d, g, h, the first in the highest place. */
#define SHA_LOAD(s, i, p, q, r, t) _mm_set_epi32((int)(s)[p][i], (int)(s)[q][i], (int)(s)[r][i], (int)(s)[t][i])
#define SHA_STORE(s, i, p, q, r, t, x)              \
  ((s)[p][i] = (uint32_t)_mm_extract_epi32((x), 3), \
   (s)[q][i] = (uint32_t)_mm_extract_epi32((x), 2), \
   (s)[r][i] = (uint32_t)_mm_extract_epi32((x), 1), \
   (s)[t][i] = (uint32_t)_mm_extract_epi32((x), 0))

/* One block: m are its words, in the order of the text. */
SHA_TARGET static inline __attribute__((always_inline)) void sha_rounds(__m128i m[2][4], __m128i x[2], __m128i y[2]) {
#pragma GCC unroll 16
  for (int g = 0; g < 16; g++) { /* four rounds; the words of those sixteen later take the place of these */
    const __m128i k = _mm_loadu_si128((const __m128i *)(const void *)(sha_k + 4 * g));
#pragma GCC unroll 2
    for (int i = 0; i < 2; i++) {
      __m128i w = _mm_add_epi32(m[i][g & 3], k);
      y[i] = _mm_sha256rnds2_epu32(y[i], x[i], w);
      x[i] = _mm_sha256rnds2_epu32(x[i], y[i], _mm_shuffle_epi32(w, 0x0E));
      if (g >= 12) continue;
      __m128i seven = _mm_alignr_epi8(m[i][(g + 3) & 3], m[i][(g + 2) & 3], 4);
      __m128i next = _mm_add_epi32(_mm_sha256msg1_epu32(m[i][g & 3], m[i][(g + 1) & 3]), seven);
      m[i][g & 3] = _mm_sha256msg2_epu32(next, m[i][(g + 3) & 3]);
    }
  }
}

/* n blocks of each, one behind the other; in between the state stays in registers. */
SHA_TARGET static void sha_2(uint32_t s[8][LANES_MAX], const char *const blocks[LANES_MAX], size_t n) {
  const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  __m128i x[2], y[2];
  for (int i = 0; i < 2; i++) {
    x[i] = SHA_LOAD(s, i, 0, 1, 4, 5);
    y[i] = SHA_LOAD(s, i, 2, 3, 6, 7);
  }
  for (size_t at = 0; at < n * BLOCK; at += BLOCK) {
    __m128i m[2][4], p[2] = {x[0], x[1]}, q[2] = {y[0], y[1]};
    for (int i = 0; i < 2; i++)
      for (int k = 0; k < 4; k++)
        m[i][k] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(const void *)(blocks[i] + at + 16 * k)), swap);
    sha_rounds(m, x, y);
    for (int i = 0; i < 2; i++) {
      x[i] = _mm_add_epi32(x[i], p[i]);
      y[i] = _mm_add_epi32(y[i], q[i]);
    }
  }
  for (int i = 0; i < 2; i++) {
    SHA_STORE(s, i, 0, 1, 4, 5, x[i]);
    SHA_STORE(s, i, 2, 3, 6, 7, y[i]);
  }
}
