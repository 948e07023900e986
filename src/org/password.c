/* SPDX-License-Identifier: Apache-2.0 */
/* password.c: Argon2id with OWASP's floor, and the rules of 等保 8.1.4.1 for what may be chosen. */
#include "org/org.h"

#include <argon2.h>
#include <pthread.h>

enum { MEMORY_KIB = 19 * 1024, PASSES = 2, LANES = 1, SALT = 16, KEY = 32, ENCODED_MAX = 128, LENGTH_MIN = 10, LENGTH_MAX = 128 };

Code password_check(Cx *cx, Str account, Str password) {
  bool lower = false, upper = false, number = false, other = false;
  Str field = S("password");
  if (!utf8_valid(password)) FAIL_AT(INVALID, field, S(""), "口令不是合法的文字");
  size_t n = utf8_count(password);
  if (n < LENGTH_MIN || n > LENGTH_MAX)
    FAIL_AT(INVALID, field, S("GB/T 22239-2019 8.1.4.1"), "口令要有 %d 到 %d 位，现在 %zu 位", LENGTH_MIN, LENGTH_MAX, n);
  for (size_t i = 0; i < password.len; i++) {
    char c = password.ptr[i];
    if (c >= 'a' && c <= 'z') lower = true;
    else if (c >= 'A' && c <= 'Z') upper = true;
    else if (c >= '0' && c <= '9') number = true;
    else other = true;
  }
  if (lower + upper + number + other < 3)
    FAIL_AT(INVALID, field, S("GB/T 22239-2019 8.1.4.1"), "口令要含大写字母、小写字母、数字、符号中的三种");
  if (account.len >= 3 && str_has(password, account)) FAIL_AT(INVALID, field, S(""), "口令里不能有账号");
  return OK;
}

Str password_hash(Arena *mem, Str password) {
  uint8_t salt[SALT];
  char encoded[ENCODED_MAX];
  random_bytes(salt, sizeof salt);
  int rc = argon2id_hash_encoded(PASSES, MEMORY_KIB, LANES, password.ptr, password.len, salt, sizeof salt, KEY, encoded,
                                 sizeof encoded);
  REQUIRE(rc == ARGON2_OK);
  return arena_str(mem, str_of(encoded));
}

bool password_verify(Str hash, Str password) {
  char encoded[ENCODED_MAX];
  if (!hash.len || hash.len >= sizeof encoded) return false;
  memcpy(encoded, hash.ptr, hash.len);
  encoded[hash.len] = 0;
  return argon2id_verify(encoded, password.ptr, password.len) == ARGON2_OK;
}

static char dummy[ENCODED_MAX];
static pthread_once_t dummy_once = PTHREAD_ONCE_INIT;

static void dummy_make(void) {
  Arena *mem = arena_open(1 << 16);
  Str hash = password_hash(mem, random_token(mem, 24));
  memcpy(dummy, hash.ptr, hash.len);
  arena_close(mem);
}

Str password_dummy_hash(void) {
  pthread_once(&dummy_once, dummy_make);
  return str_of(dummy);
}
