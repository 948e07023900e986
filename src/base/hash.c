/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <pthread.h>

struct Hasher {
  EVP_MD_CTX *ctx;
};

/* Fetched once: EVP_sm3() has the provider looked up anew for each text, which takes as long as hashing a short one. */
static EVP_MD *sm3, *sha256;
static pthread_once_t fetched = PTHREAD_ONCE_INIT;

static void fetch(void) {
  sm3 = EVP_MD_fetch(NULL, "SM3", NULL);
  sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
}

static const EVP_MD *digest_of(HashSuite suite) {
  REQUIRE(suite == SUITE_GM || suite == SUITE_INTL);
  pthread_once(&fetched, fetch);
  const EVP_MD *md = suite == SUITE_GM ? sm3 : sha256;
  REQUIRE(md != NULL);
  return md;
}

Hasher *hasher_open(HashSuite suite) {
  Hasher *h = OPENSSL_malloc(sizeof *h);
  REQUIRE(h != NULL);
  h->ctx = EVP_MD_CTX_new();
  REQUIRE(h->ctx != NULL && EVP_DigestInit_ex(h->ctx, digest_of(suite), NULL) == 1);
  return h;
}

void hasher_add(Hasher *h, const void *p, size_t n) {
  REQUIRE(EVP_DigestUpdate(h->ctx, p, n) == 1);
}

Hash hasher_close(Hasher *h) {
  Hash out;
  unsigned n = 0;
  REQUIRE(EVP_DigestFinal_ex(h->ctx, out.b, &n) == 1 && n == sizeof out.b);
  EVP_MD_CTX_free(h->ctx);
  OPENSSL_free(h);
  return out;
}

Hash hasher_next(Hasher *h) {
  Hash out;
  unsigned n = 0;
  REQUIRE(EVP_DigestFinal_ex(h->ctx, out.b, &n) == 1 && n == sizeof out.b);
  REQUIRE(EVP_DigestInit_ex(h->ctx, NULL, NULL) == 1);
  return out;
}

Hash hash_bytes(HashSuite suite, Str s) {
  Hasher *h = hasher_open(suite);
  hasher_add(h, s.ptr, s.len);
  return hasher_close(h);
}

bool hash_eq(Hash a, Hash b) {
  return memcmp(a.b, b.b, sizeof a.b) == 0;
}

Str hex_str(Arena *a, const void *p, size_t n) {
  static const char digits[] = "0123456789abcdef";
  const uint8_t *in = p;
  char *out = arena_alloc(a, n * 2 + 1, 1, 1);
  for (size_t i = 0; i < n; i++) {
    out[2 * i] = digits[in[i] >> 4];
    out[2 * i + 1] = digits[in[i] & 15];
  }
  return (Str){.ptr = out, .len = n * 2};
}

Str hash_hex(Arena *a, Hash h) {
  return hex_str(a, h.b, sizeof h.b);
}

static int nibble(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

bool hash_unhex(Str s, Hash *out) {
  if (s.len != 2 * sizeof out->b) return false;
  for (size_t i = 0; i < sizeof out->b; i++) {
    int high = nibble(s.ptr[2 * i]), low = nibble(s.ptr[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    out->b[i] = (uint8_t)(high << 4 | low);
  }
  return true;
}

Str base64url(Arena *a, const void *p, size_t n) {
  static const char abc[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const uint8_t *in = p;
  char *out = arena_alloc(a, (n + 2) / 3 * 4 + 1, 1, 1);
  size_t len = 0;
  for (size_t i = 0; i < n; i += 3) {
    uint32_t v = (uint32_t)in[i] << 16 | (i + 1 < n ? (uint32_t)in[i + 1] << 8 : 0) |
                 (i + 2 < n ? in[i + 2] : 0u);
    out[len++] = abc[v >> 18 & 63];
    out[len++] = abc[v >> 12 & 63];
    if (i + 1 < n) out[len++] = abc[v >> 6 & 63];
    if (i + 2 < n) out[len++] = abc[v & 63];
  }
  return (Str){.ptr = out, .len = len};
}

void random_bytes(void *p, size_t n) {
  REQUIRE(n < 1 << 20 && RAND_bytes(p, (int)n) == 1);
}

Str random_token(Arena *a, size_t bytes) {
  uint8_t raw[64];
  REQUIRE(bytes <= sizeof raw);
  random_bytes(raw, bytes);
  return base64url(a, raw, bytes);
}

bool secret_eq(Str a, Str b) {
  return a.len == b.len && CRYPTO_memcmp(a.ptr, b.ptr, a.len) == 0;
}
