/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vault.c: personal data beside the journal. Each value has a key of its own, wrapped by the store's key; key and
 * box overwritten with zeros erase the person and leave the journal whole. SM4-CTR with HMAC-SM3 over nonce and
 * cipher text (OpenSSL 3.0 has no SM4-GCM).
 *
 * Why zeros and no DELETE: a tree that is rebalanced leaves copies of rows behind in the gaps of its pages, where
 * secure_delete does not look. Rows in the order of their arrival that never change their length never move
 * (docs/decisions/0014); the copies in the write-ahead log go with db__scrub.
 */
#include "journal/journal_int.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <pthread.h>

enum { NONCE = 16, MAC = 32, VALUE_MAX = 64 * 1024 };

static const Sql sql_put = {"vault.put", "ssbb", "",
                            "INSERT INTO vault(no, ref, kind, wrapped, box)"
                            " VALUES((SELECT coalesce(max(no), 0) + 1 FROM vault), ?1, ?2, ?3, ?4)"};
static const Sql sql_wipe = {"vault.wipe", "sbb", "", "UPDATE vault SET wrapped = ?2, box = ?3 WHERE ref = ?1"};
static const Sql sql_get = {"vault.get", "s", "bb", "SELECT wrapped, box FROM vault WHERE ref = ?1"};

static int nibble(char c) {
  return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

Code vault__key(Cx *cx, Str dir, VaultKey *out) {
  Str text;
  if (!file_exists(store__path(cx->mem, dir, "vault.key")))
    FAIL(NOT_FOUND, "%.*s 里没有个人信息的密钥。请把原来的 vault.key 放到那里（权限 600），再试一次。", SFMT(store_files(cx->mem, dir)));
  TRY(file_read(cx, store__path(cx->mem, dir, "vault.key"), 1024, &text));
  text = str_trim(text);
  if (text.len != 64) FAIL(BROKEN, "vault.key 不是 64 位十六进制数");
  for (size_t i = 0; i < 32; i++) {
    int high = nibble(text.ptr[2 * i]), low = nibble(text.ptr[2 * i + 1]);
    if (high < 0 || low < 0) FAIL(BROKEN, "vault.key 不是十六进制数");
    out->b[i] = (uint8_t)(high << 4 | low);
  }
  return OK;
}

Code vault__key_make(Cx *cx, Str dir) {
  uint8_t key[32];
  random_bytes(key, sizeof key);
  return file_write(cx, store__path(cx->mem, dir, "vault.key"), hex_str(cx->mem, key, sizeof key), 0600);
}

/* Fetched once: a page of personal data opens hundreds of boxes, and looking the algorithms up took half of the time of each. */
static EVP_CIPHER *sm4;
static EVP_MAC_CTX *hmac_sm3; /* without a key, to be copied */
static pthread_once_t fetched = PTHREAD_ONCE_INIT;

static void fetch(void) {
  char digest[] = "SM3";
  EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
  sm4 = EVP_CIPHER_fetch(NULL, "SM4-CTR", NULL);
  hmac_sm3 = hmac ? EVP_MAC_CTX_new(hmac) : NULL;
  REQUIRE(sm4 && hmac_sm3);
  REQUIRE(EVP_MAC_CTX_set_params(hmac_sm3, (OSSL_PARAM[]){OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0), OSSL_PARAM_construct_end()}) == 1);
  EVP_MAC_free(hmac); /* the context holds it */
}

static void sm4_ctr(const uint8_t *key, const uint8_t *nonce, const uint8_t *in, uint8_t *out, size_t n) {
  EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
  int len = 0;
  pthread_once(&fetched, fetch);
  REQUIRE(ctx && EVP_EncryptInit_ex2(ctx, sm4, key, nonce, NULL) == 1);
  REQUIRE(EVP_EncryptUpdate(ctx, out, &len, in, (int)n) == 1 && (size_t)len == n);
  EVP_CIPHER_CTX_free(ctx);
}

static void mac_of(const uint8_t *key, const uint8_t *data, size_t n, uint8_t *mac) {
  size_t len = 0;
  pthread_once(&fetched, fetch);
  EVP_MAC_CTX *ctx = EVP_MAC_CTX_dup(hmac_sm3);
  REQUIRE(ctx && EVP_MAC_init(ctx, key, 16, NULL) == 1 && EVP_MAC_update(ctx, data, n) == 1);
  REQUIRE(EVP_MAC_final(ctx, mac, &len, MAC) == 1 && len == MAC);
  EVP_MAC_CTX_free(ctx);
}

static Str seal(Arena *mem, const uint8_t key[32], Str value) {
  size_t n = NONCE + value.len;
  uint8_t *box = arena_alloc(mem, n + MAC, 1, 1);
  random_bytes(box, NONCE);
  sm4_ctr(key, box, (const uint8_t *)value.ptr, box + NONCE, value.len);
  mac_of(key + 16, box, n, box + n);
  return (Str){.ptr = (const char *)box, .len = n + MAC};
}

static bool unseal(Arena *mem, const uint8_t key[32], Str box, Str *value) {
  uint8_t mac[MAC];
  if (box.len < NONCE + MAC) return false;
  const uint8_t *p = (const uint8_t *)box.ptr;
  size_t n = box.len - MAC;
  mac_of(key + 16, p, n, mac);
  if (!secret_eq((Str){.ptr = (const char *)mac, .len = MAC}, str_sub(box, n, MAC))) return false;
  uint8_t *out = arena_alloc(mem, n - NONCE + 1, 1, 1);
  sm4_ctr(key, p, p + NONCE, out, n - NONCE);
  *value = (Str){.ptr = (const char *)out, .len = n - NONCE};
  return true;
}

Code vault__fits(Cx *cx, const Personal *p) {
  if (p->value.len > VALUE_MAX) FAIL_AT(LIMIT, p->kind, S(""), "内容太长");
  return OK;
}

Code vault__put(Cx *cx, Db *journal, const VaultKey *key, const Personal *p) {
  uint8_t own[32];
  random_bytes(own, sizeof own);
  Str wrapped = seal(cx->mem, key->b, (Str){.ptr = (const char *)own, .len = sizeof own});
  Str box = seal(cx->mem, own, p->value);
  explicit_bzero(own, sizeof own);
  return db_run(cx, journal, &sql_put, VALS(val_s(p->ref), val_s(p->kind), val_s(wrapped), val_s(box)));
}

bool vault__wiped(Str wrapped) {
  for (size_t i = 0; i < wrapped.len; i++)
    if (wrapped.ptr[i]) return false;
  return true;
}

/* Key and box as they stand; *live is false when there is none, or it was erased. */
static Code row_get(Cx *cx, Db *journal, Str ref, Str *wrapped, Str *box, bool *live) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, journal, &sql_get, VALS(val_s(ref)), &r));
  *live = rows_next(r);
  if (!*live) return rows_end(cx, r);
  *wrapped = row_s(cx, r, 0);
  *box = row_s(cx, r, 1);
  *live = !vault__wiped(*wrapped);
  return OK;
}

Code vault__live(Cx *cx, Db *journal, Str ref, bool *live) {
  Str wrapped, box;
  return row_get(cx, journal, ref, &wrapped, &box, live);
}

static Str zeros(Arena *mem, size_t n) {
  char *p = arena_alloc(mem, n + 1, 1, 1);
  memset(p, 0, n);
  return (Str){.ptr = p, .len = n};
}

Code vault__wipe(Cx *cx, Db *journal, Str ref, bool *wiped) {
  Str wrapped, box;
  TRY(row_get(cx, journal, ref, &wrapped, &box, wiped));
  if (!*wiped) return OK;
  return db_run(cx, journal, &sql_wipe, VALS(val_s(ref), val_s(zeros(cx->mem, wrapped.len)), val_s(zeros(cx->mem, box.len))));
}

Code vault__get(Cx *cx, Db *journal, const VaultKey *key, Str ref, Str *value) {
  Str wrapped, box, own;
  bool live;
  TRY(row_get(cx, journal, ref, &wrapped, &box, &live));
  if (!live) FAIL(NOT_FOUND, "这项个人信息已按规定清除。");
  if (!unseal(cx->mem, key->b, wrapped, &own) || own.len != 32 ||
      !unseal(cx->mem, (const uint8_t *)own.ptr, box, value))
    FAIL(BROKEN, "个人信息无法解密：vault.key 不对，或内容被改动过。");
  return OK;
}

/* HMAC-SM3 under the whole key; the label keeps it apart from what the key wraps. 26 letters of 5 bits. */
Str vault__token(Arena *mem, const VaultKey *key, Str of) {
  static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
  enum { LETTERS = 26 };
  Str text = arena_fmt(mem, "yichuang token 1\n%.*s", SFMT(of));
  uint8_t mac[MAC];
  unsigned len = 0;
  char *out = arena_alloc(mem, LETTERS + 1, 1, 1);
  REQUIRE(HMAC(EVP_sm3(), key->b, sizeof key->b, (const uint8_t *)text.ptr, text.len, mac, &len) != NULL && len == MAC);
  for (size_t i = 0; i < LETTERS; i++) out[i] = letters[mac[i] & 31];
  return (Str){.ptr = out, .len = LETTERS};
}
