/* SPDX-License-Identifier: Apache-2.0 */
/* keys.c: key pairs of signers, as lines of a file, and the two signature schemes. */
#include "journal/note.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

/* C2SP signed-note: 0x01 is Ed25519; 0xff, and a name behind it, for what has no number of its own. */
static const Str sm2_type = {.ptr = "\xff" "yichuang-sm2-sm3", .len = 17};
static const Str ed_type = {.ptr = "\x01", .len = 1};
/* The identity that GB/T 35276 lays down when none was agreed on. */
static const char sm2_identity[] = "1234567812345678";
enum { SM2_PUB = 65, ED_PUB = 32 };

static Str type_of(HashSuite suite) {
  return suite == SUITE_GM ? sm2_type : ed_type;
}

/* ---- base64 ------------------------------------------------------------------------------------- */

Str base64_text(Arena *mem, Str bytes) {
  unsigned char *out = arena_alloc(mem, (bytes.len + 2) / 3 * 4 + 1, 1, 1);
  int n = EVP_EncodeBlock(out, (const unsigned char *)bytes.ptr, (int)bytes.len);
  return (Str){.ptr = (const char *)out, .len = (size_t)n};
}

/* The library is lenient about white space and the last bits; what is not written back the same is refused. */
bool base64_bytes(Arena *mem, Str text, Str *out) {
  if (!text.len || text.len % 4 || text.len > 8192) return false;
  unsigned char *p = arena_alloc(mem, text.len / 4 * 3 + 1, 1, 1);
  int n = EVP_DecodeBlock(p, (const unsigned char *)text.ptr, (int)text.len);
  if (n < 0) return false;
  size_t pad = str_ends(text, S("==")) ? 2 : str_ends(text, S("=")) ? 1 : 0;
  *out = (Str){.ptr = (const char *)p, .len = (size_t)n - pad};
  return str_eq(base64_text(mem, *out), text);
}

/* ---- a key as a word: name+id+base64(type ‖ key) ------------------------------------------------- */

static Str joined(Arena *mem, Str a, Str b) {
  char *p = arena_alloc(mem, a.len + b.len + 1, 1, 1);
  memcpy(p, a.ptr, a.len);
  memcpy(p + a.len, b.ptr, b.len);
  return (Str){.ptr = p, .len = a.len + b.len};
}

/* The first four bytes of H(name ‖ LF ‖ type ‖ key). */
static void id_of(Arena *mem, const NoteKey *k, uint8_t out[4]) {
  Str head = arena_fmt(mem, "%.*s\n", SFMT(k->name));
  Hash h = hash_bytes(k->suite, joined(mem, head, joined(mem, type_of(k->suite), k->pub)));
  memcpy(out, h.b, 4);
}

Str key_text(Arena *mem, const NoteKey *k) {
  return arena_fmt(mem, "%.*s+%.*s+%.*s", SFMT(k->name), SFMT(hex_str(mem, k->id, 4)),
                   SFMT(base64_text(mem, joined(mem, type_of(k->suite), k->pub))));
}

bool note__name_fits(Str name) {
  return name.len > 0 && name.len <= 100 && utf8_valid(name) && !utf8_has_control(name) && !str_has(name, S(" ")) &&
         !str_has(name, S("+")) && !str_has(name, S("\n")) && !str_has(name, S("\t")) && !str_has(name, S("\r"));
}

static bool key_word(Arena *mem, Str word, NoteKey *k) {
  Str rest, id, b64, bytes;
  uint8_t real[4];
  if (!str_cut(word, '+', &k->name, &rest) || !str_cut(rest, '+', &id, &b64)) return false;
  if (!note__name_fits(k->name) || !base64_bytes(mem, b64, &bytes)) return false;
  k->suite = str_starts(bytes, sm2_type) ? SUITE_GM : str_starts(bytes, ed_type) ? SUITE_INTL : SUITE_UNSET;
  if (k->suite == SUITE_UNSET) return false;
  k->pub = str_sub(bytes, type_of(k->suite).len, SIZE_MAX);
  if (k->pub.len != (k->suite == SUITE_GM ? SM2_PUB : ED_PUB)) return false;
  id_of(mem, k, real);
  memcpy(k->id, real, 4);
  return str_eq(hex_str(mem, real, 4), id);
}

static bool moment_fits(Str s) {
  int64_t ms;
  return s.len == 25 && str_ends(s, S("+08:00")) && time_parse(s, &ms);
}

/* key FROM TO [secret]; TO is - while the key is in force. */
static bool key_line(Arena *mem, Str line, NoteKey *k) {
  Str word, from, to, secret, rest;
  *k = (NoteKey){0};
  if (!str_cut(line, ' ', &word, &rest) || !str_cut(rest, ' ', &from, &rest)) return false;
  bool has = str_cut(rest, ' ', &to, &secret);
  if (has && !base64_bytes(mem, secret, &k->secret)) return false;
  if (!key_word(mem, word, k) || !moment_fits(from)) return false;
  k->from = from;
  if (str_eq(to, S("-"))) return true;
  k->to = to;
  return moment_fits(to) && str_cmp(from, to) <= 0;
}

Code keys_read(Cx *cx, Str text, Keys *out) {
  Str line;
  text = arena_str(cx->mem, text);
  out->count = 0;
  for (int n = 1; text.len; n++) {
    str_cut(text, '\n', &line, &text);
    if (!line.len || line.ptr[0] == '#') continue;
    if (out->count == COUNT(out->list)) FAIL(LIMIT, "密钥文件里最多 %zu 个密钥", COUNT(out->list));
    if (!key_line(cx->mem, line, &out->list[out->count])) FAIL(INVALID, "密钥文件第 %d 行不是密钥", n);
    out->count++;
  }
  if (!out->count) FAIL(INVALID, "密钥文件里没有密钥");
  return OK;
}

Str keys_text(Arena *mem, const Keys *k, bool secret) {
  Str out = secret ? S("# 私钥文件：签检查点用。不要放进存储目录，不要交给别人；公开的是同名的 .pub 文件。\n")
                   : S("# 公钥：核对检查点和凭证用。每行：密钥、启用时间、停用时间（- 为在用）。\n");
  for (size_t i = 0; i < k->count; i++) {
    const NoteKey *key = &k->list[i];
    out = arena_fmt(mem, "%.*s%.*s %.*s %.*s", SFMT(out), SFMT(key_text(mem, key)), SFMT(key->from),
                    SFMT(key->to.len ? key->to : S("-")));
    if (secret && key->secret.len) out = arena_fmt(mem, "%.*s %.*s", SFMT(out), SFMT(base64_text(mem, key->secret)));
    out = arena_fmt(mem, "%.*s\n", SFMT(out));
  }
  return out;
}

const NoteKey *keys_current(const Keys *k) {
  for (size_t i = k->count; i > 0; i--)
    if (!k->list[i - 1].to.len && k->list[i - 1].secret.len) return &k->list[i - 1];
  return NULL;
}

/* ---- pairs -------------------------------------------------------------------------------------- */

static bool pair_make(Arena *mem, NoteKey *k) {
  EVP_PKEY *pair = k->suite == SUITE_GM ? EVP_PKEY_Q_keygen(NULL, NULL, "SM2") : EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
  unsigned char *der = NULL;
  size_t n = SM2_PUB + 1;
  if (!pair) return false;
  unsigned char *pub = arena_alloc(mem, n, 1, 1);
  bool ok = EVP_PKEY_get_octet_string_param(
                pair, k->suite == SUITE_GM ? OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY : OSSL_PKEY_PARAM_PUB_KEY, pub, n, &n) == 1;
  PKCS8_PRIV_KEY_INFO *p8 = EVP_PKEY2PKCS8(pair);
  int len = p8 ? i2d_PKCS8_PRIV_KEY_INFO(p8, &der) : -1;
  ok = ok && len > 0 && n == (k->suite == SUITE_GM ? SM2_PUB : ED_PUB);
  k->pub = (Str){.ptr = (const char *)pub, .len = n};
  if (ok) k->secret = arena_str(mem, (Str){.ptr = (const char *)der, .len = (size_t)len});
  if (len > 0) OPENSSL_clear_free(der, (size_t)len);
  PKCS8_PRIV_KEY_INFO_free(p8);
  EVP_PKEY_free(pair);
  return ok;
}

Code keys_add(Cx *cx, HashSuite suite, Str name, Keys *k) {
  NoteKey fresh = {.suite = suite, .name = name, .from = time_str(cx->mem, cx->now)};
  if (!note__name_fits(name)) FAIL_AT(INVALID, S("name"), S(""), "名称不能有空格和加号，最多 100 字节");
  if (k->count == COUNT(k->list)) FAIL(LIMIT, "密钥文件里最多 %zu 个密钥", COUNT(k->list));
  if (!pair_make(cx->mem, &fresh)) FAIL(BROKEN, "不能生成密钥");
  id_of(cx->mem, &fresh, fresh.id);
  for (size_t i = 0; i < k->count; i++) {
    if (!k->list[i].to.len) k->list[i].to = fresh.from;
    k->list[i].secret = S("");
  }
  k->list[k->count++] = fresh;
  return OK;
}

/* ---- signing and checking ----------------------------------------------------------------------- */

static EVP_MD_CTX *context_of(EVP_PKEY *key, HashSuite suite, bool sign) {
  EVP_MD_CTX *ctx = EVP_MD_CTX_new();
  EVP_PKEY_CTX *pc = NULL;
  const EVP_MD *md = suite == SUITE_GM ? EVP_sm3() : NULL;
  REQUIRE(ctx != NULL);
  if (suite == SUITE_GM) {
    pc = EVP_PKEY_CTX_new(key, NULL);
    REQUIRE(pc != NULL);
    EVP_PKEY_CTX_set1_id(pc, sm2_identity, sizeof sm2_identity - 1);
    EVP_MD_CTX_set_pkey_ctx(ctx, pc); /* stays ours: freed in context_drop */
  }
  int rc = sign ? EVP_DigestSignInit(ctx, NULL, md, NULL, key) : EVP_DigestVerifyInit(ctx, NULL, md, NULL, key);
  REQUIRE(rc == 1);
  return ctx;
}

static void context_drop(EVP_MD_CTX *ctx, HashSuite suite) {
  EVP_PKEY_CTX *pc = suite == SUITE_GM ? EVP_MD_CTX_get_pkey_ctx(ctx) : NULL;
  EVP_MD_CTX_free(ctx);
  EVP_PKEY_CTX_free(pc);
}

/* r and s of SM2 are written as 32 bytes each; the library speaks DER. */
static bool der_to_raw(const unsigned char *der, size_t n, unsigned char out[64]) {
  ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, (long)n);
  bool ok = sig && BN_bn2binpad(ECDSA_SIG_get0_r(sig), out, 32) == 32 &&
            BN_bn2binpad(ECDSA_SIG_get0_s(sig), out + 32, 32) == 32;
  ECDSA_SIG_free(sig);
  return ok;
}

static int raw_to_der(const unsigned char *raw, unsigned char **der) {
  ECDSA_SIG *sig = ECDSA_SIG_new();
  REQUIRE(sig != NULL);
  REQUIRE(ECDSA_SIG_set0(sig, BN_bin2bn(raw, 32, NULL), BN_bin2bn(raw + 32, 32, NULL)) == 1);
  int n = i2d_ECDSA_SIG(sig, der);
  ECDSA_SIG_free(sig);
  return n;
}

bool note__sign(const NoteKey *k, Str text, uint8_t out[64]) {
  const unsigned char *p = (const unsigned char *)k->secret.ptr;
  unsigned char sig[128];
  size_t n = sizeof sig;
  EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &p, (long)k->secret.len);
  if (!key) return false;
  EVP_MD_CTX *ctx = context_of(key, k->suite, true);
  bool ok = EVP_DigestSign(ctx, sig, &n, (const unsigned char *)text.ptr, text.len) == 1;
  context_drop(ctx, k->suite);
  EVP_PKEY_free(key);
  if (ok && k->suite == SUITE_GM) return der_to_raw(sig, n, out);
  ok = ok && n == 64;
  if (ok) memcpy(out, sig, 64);
  return ok;
}

static EVP_PKEY *public_key(const NoteKey *k) {
  const unsigned char *raw = (const unsigned char *)k->pub.ptr;
  if (k->suite == SUITE_INTL) return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, raw, k->pub.len);
  EVP_PKEY *key = NULL;
  char group[] = "SM2";
  unsigned char copy[SM2_PUB];
  memcpy(copy, raw, sizeof copy);
  OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
                         OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, copy, sizeof copy),
                         OSSL_PARAM_construct_end()};
  EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "SM2", NULL);
  if (!ctx || EVP_PKEY_fromdata_init(ctx) != 1 || EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
    key = NULL; /* not a point of the curve */
  EVP_PKEY_CTX_free(ctx);
  return key;
}

bool note__signed(const NoteKey *k, Str text, const uint8_t sig[64]) {
  EVP_PKEY *key = public_key(k);
  unsigned char *der = NULL;
  if (!key) return false;
  int n = k->suite == SUITE_GM ? raw_to_der(sig, &der) : 64;
  EVP_MD_CTX *ctx = context_of(key, k->suite, false);
  bool ok = n > 0 && EVP_DigestVerify(ctx, der ? der : sig, (size_t)n, (const unsigned char *)text.ptr, text.len) == 1;
  context_drop(ctx, k->suite);
  OPENSSL_free(der);
  EVP_PKEY_free(key);
  return ok;
}
