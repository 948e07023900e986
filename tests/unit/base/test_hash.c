/* SPDX-License-Identifier: Apache-2.0 */
#include "aborts.h"
#include "test.h"

static Str hex_of(Arena *a, HashSuite suite, Str s) {
  return hash_hex(a, hash_bytes(suite, s));
}

TEST(hash_agrees_with_the_published_examples) {
  EXPECT_STR(hex_of(t->mem, SUITE_GM, S("abc")), /* GB/T 32905-2016, A.1 */
             S("66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"));
  EXPECT_STR(hex_of(t->mem, SUITE_INTL, S("abc")), /* FIPS 180-4 example */
             S("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
  EXPECT_STR(hex_of(t->mem, SUITE_INTL, (Str){0}),
             S("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
}

TEST(hash_of_a_stream_is_the_hash_of_the_whole) {
  Str text = S("abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd");
  Hasher *h = hasher_open(SUITE_GM);
  for (size_t at = 0; at < text.len; at += 7) {
    Str part = str_sub(text, at, 7);
    hasher_add(h, part.ptr, part.len);
  }
  hasher_add(h, NULL, 0);
  Hash streamed = hasher_close(h);
  EXPECT(hash_eq(streamed, hash_bytes(SUITE_GM, text)));
  EXPECT_STR(hash_hex(t->mem, streamed), /* GB/T 32905-2016, A.2 */
             S("debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"));
}

/* Every length from nothing to three blocks, then longer ones; 1 to 40 texts together, so that lanes run empty and are filled again. */
TEST(hashes_side_by_side_are_those_one_by_one) {
  enum { TEXTS = 700 };
  static Str texts[TEXTS];
  static Hash out[TEXTS];
  uint32_t x = 7;
  for (size_t i = 0; i < TEXTS; i++) {
    size_t len = i < 200 ? i : (x >> 8) % 3000;
    char *p = arena_array(t->mem, char, len + 1);
    for (size_t k = 0; k <= len; k++) p[k] = (char)((x = x * 1664525 + 1013904223) >> 24);
    texts[i] = (Str){.ptr = p, .len = len};
  }
  for (HashSuite suite = SUITE_GM; suite <= SUITE_INTL; suite++)
    for (size_t together = 1; together <= 40; together += together < 20 ? 1 : 20) {
      for (size_t i = 0; i < TEXTS; i += together)
        hash_many(suite, texts + i, i + together <= TEXTS ? together : TEXTS - i, out + i);
      size_t wrong = 0;
      for (size_t i = 0; i < TEXTS; i++) wrong += !hash_eq(out[i], hash_bytes(suite, texts[i]));
      EXPECT_INT(wrong, 0);
    }
  hash_many(SUITE_GM, NULL, 0, NULL);
}

static void no_suite(void) {
  hash_bytes(SUITE_UNSET, S("x"));
}
TEST(hash_without_a_suite_is_a_broken_contract) {
  EXPECT(aborts(no_suite));
}

TEST(hash_hex_goes_there_and_back) {
  Hash h = hash_bytes(SUITE_GM, S("x")), back = {{0}};
  Str hex = hash_hex(t->mem, h);
  EXPECT_INT(hex.len, 64);
  EXPECT(hash_unhex(hex, &back) && hash_eq(h, back));
  back.b[31] ^= 1;
  EXPECT(!hash_eq(h, back));
  EXPECT(!hash_unhex(str_sub(hex, 0, 63), &back));
  EXPECT(!hash_unhex(arena_fmt(t->mem, "%.*s0", SFMT(hex)), &back));
  EXPECT(!hash_unhex(arena_fmt(t->mem, "g%.*s", SFMT(str_sub(hex, 1, 63))), &back));
  EXPECT(!hash_unhex((Str){0}, &back));
  EXPECT_STR(hex_str(t->mem, "\x00\xFF\x1a", 3), S("00ff1a"));
}

TEST(base64url_has_no_padding) {
  EXPECT_STR(base64url(t->mem, "", 0), S(""));
  EXPECT_STR(base64url(t->mem, "f", 1), S("Zg")); /* RFC 4648, section 10 */
  EXPECT_STR(base64url(t->mem, "fo", 2), S("Zm8"));
  EXPECT_STR(base64url(t->mem, "foo", 3), S("Zm9v"));
  EXPECT_STR(base64url(t->mem, "foob", 4), S("Zm9vYg"));
  EXPECT_STR(base64url(t->mem, "foobar", 6), S("Zm9vYmFy"));
  EXPECT_STR(base64url(t->mem, "\xFB\xFF\xBF", 3), S("-_-_"));
}

TEST(random_bytes_and_tokens_differ) {
  uint8_t a[32] = {0}, b[32] = {0};
  random_bytes(a, sizeof a);
  random_bytes(b, sizeof b);
  EXPECT(memcmp(a, b, sizeof a) != 0);
  Str one = random_token(t->mem, 18), two = random_token(t->mem, 18);
  EXPECT_INT(one.len, 24);
  EXPECT(!str_eq(one, two));
  static const char abc[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (size_t i = 0; i < one.len; i++) EXPECT(memchr(abc, one.ptr[i], 64));
}

TEST(secret_eq_compares_all_of_it) {
  EXPECT(secret_eq(S("secret"), S("secret")));
  EXPECT(!secret_eq(S("secret"), S("secreT")));
  EXPECT(!secret_eq(S("secret"), S("Secret")));
  EXPECT(!secret_eq(S("secret"), S("secre")));
  EXPECT(secret_eq((Str){0}, S("")));
}
