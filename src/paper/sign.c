/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sign.c: signatures of the installation. In the PDF: PAdES (ETSI EN 319 142-1), a CMS with ESS signing-certificate-v2, P-256 and SHA-256, in an
 * incremental update, so that the bytes before it stay as they were drawn; OpenSSL also puts the machine's time into the CMS. Beside a file: SM2 with SM3 (GB/T 32918.2), DER.
 */
#include "paper/pdffile.h"

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

enum { DAYS_VALID = 3650, CMS_ROOM = 6000, SIGNED_MAX = PDF_FILE_MAX };
static const char identity[] = "1234567812345678"; /* GB/T 35276: when none was agreed on */

struct Sealer {
  EVP_PKEY *key, *sm2;
  X509 *cert;
  Str name, cert_pem, sm2_pem; /* malloced by OpenSSL's BIO, copied */
  Arena *mem;
};

/* ---- the key file -------------------------------------------------------------------------------- */

static Str bio_str(Arena *mem, BIO *b) {
  char *p = NULL;
  long n = BIO_get_mem_data(b, &p);
  return arena_str(mem, (Str){.ptr = p, .len = n > 0 ? (size_t)n : 0});
}

static bool name_add(X509_NAME *n, const char *field, Str value) {
  return X509_NAME_add_entry_by_txt(n, field, MBSTRING_UTF8, (const unsigned char *)value.ptr, (int)value.len, -1, 0) == 1;
}

/* Valid from the day before, for clocks differ. */
static X509 *cert_make(EVP_PKEY *key, Str name, int64_t now) {
  X509 *x = X509_new();
  X509_NAME *n = X509_NAME_new();
  time_t at = (time_t)(now / 1000);
  bool ok = x && n && X509_set_version(x, 2) && ASN1_INTEGER_set_int64(X509_get_serialNumber(x), now) && name_add(n, "CN", name) &&
            X509_set_subject_name(x, n) && X509_set_issuer_name(x, n) && X509_time_adj_ex(X509_getm_notBefore(x), -1, 0, &at) &&
            X509_time_adj_ex(X509_getm_notAfter(x), DAYS_VALID, 0, &at) && X509_set_pubkey(x, key);
  const struct { int nid; const char *value; } extras[] = {{NID_basic_constraints, "critical,CA:FALSE"}, {NID_key_usage, "critical,digitalSignature,nonRepudiation"}};
  for (size_t i = 0; ok && i < COUNT(extras); i++) {
    X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, NULL, extras[i].nid, extras[i].value);
    ok = e && X509_add_ext(x, e, -1);
    X509_EXTENSION_free(e);
  }
  ok = ok && X509_sign(x, key, EVP_sha256()) > 0;
  X509_NAME_free(n);
  if (!ok) X509_free(x);
  return ok ? x : NULL;
}

Code sealer_make(Cx *cx, Str name, Str *secret) {
  EVP_PKEY *key = EVP_EC_gen("P-256"), *sm2 = EVP_PKEY_Q_keygen(NULL, NULL, "SM2");
  X509 *x = key && sm2 ? cert_make(key, name, cx->now) : NULL;
  BIO *b = BIO_new(BIO_s_mem());
  bool ok = x && b && PEM_write_bio_PKCS8PrivateKey(b, key, NULL, NULL, 0, NULL, NULL) && PEM_write_bio_X509(b, x) &&
            PEM_write_bio_PKCS8PrivateKey(b, sm2, NULL, NULL, 0, NULL, NULL);
  if (ok) *secret = bio_str(cx->mem, b);
  BIO_free(b);
  X509_free(x);
  EVP_PKEY_free(key);
  EVP_PKEY_free(sm2);
  if (!ok) FAIL(BROKEN, "不能生成签名密钥");
  return OK;
}

static bool parts_read(Sealer *s, Str secret) {
  BIO *b = BIO_new_mem_buf(secret.ptr, (int)secret.len);
  s->key = b ? PEM_read_bio_PrivateKey(b, NULL, NULL, NULL) : NULL;
  s->cert = s->key ? PEM_read_bio_X509(b, NULL, NULL, NULL) : NULL;
  s->sm2 = s->cert ? PEM_read_bio_PrivateKey(b, NULL, NULL, NULL) : NULL;
  BIO_free(b);
  return s->sm2 && X509_check_private_key(s->cert, s->key) == 1;
}

static void names_read(Sealer *s) {
  BIO *b = BIO_new(BIO_s_mem()), *pub = BIO_new(BIO_s_mem());
  unsigned char *utf8 = NULL;
  X509_NAME *n = X509_get_subject_name(s->cert);
  int at = X509_NAME_get_index_by_NID(n, NID_commonName, -1);
  int len = at < 0 ? -1 : ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(n, at)));
  s->name = len > 0 ? arena_str(s->mem, (Str){.ptr = (const char *)utf8, .len = (size_t)len}) : S("");
  OPENSSL_free(utf8);
  REQUIRE(b && pub && PEM_write_bio_X509(b, s->cert) && PEM_write_bio_PUBKEY(pub, s->sm2));
  s->cert_pem = bio_str(s->mem, b);
  s->sm2_pem = bio_str(s->mem, pub);
  BIO_free(b);
  BIO_free(pub);
}

Code sealer_open(Cx *cx, Str secret, Sealer **out) {
  Arena *mem = arena_open((size_t)1 << 20);
  Sealer *s = arena_new(mem, Sealer);
  s->mem = mem;
  if (secret.len > (1 << 16) || !parts_read(s, secret)) {
    sealer_close(s);
    FAIL(INVALID, "这不是文书签名的密钥文件：里面应依次是 P-256 私钥、它的证书、SM2 私钥。用 yichuang key seal 做一份。");
  }
  names_read(s);
  *out = s;
  return OK;
}

void sealer_close(Sealer *s) {
  if (!s) return;
  EVP_PKEY_free(s->key);
  EVP_PKEY_free(s->sm2);
  X509_free(s->cert);
  arena_close(s->mem);
}

Str sealer_name(const Sealer *s) {
  return s->name;
}

Str sealer_certificate(const Sealer *s) {
  return s->cert_pem;
}

Str sealer_sm2_public(const Sealer *s) {
  return s->sm2_pem;
}

/* ---- beside a file --------------------------------------------------------------------------------- */

Code sealer_detached(Cx *cx, const Sealer *s, Str bytes, Str *der) {
  EVP_MD_CTX *ctx = EVP_MD_CTX_new();
  EVP_PKEY_CTX *pc = EVP_PKEY_CTX_new(s->sm2, NULL);
  unsigned char sig[160];
  size_t n = sizeof sig;
  REQUIRE(ctx && pc && EVP_PKEY_CTX_set1_id(pc, identity, sizeof identity - 1) == 1);
  EVP_MD_CTX_set_pkey_ctx(ctx, pc);
  bool ok = EVP_DigestSignInit(ctx, NULL, EVP_sm3(), NULL, s->sm2) == 1 && EVP_DigestSign(ctx, sig, &n, (const unsigned char *)bytes.ptr, bytes.len) == 1;
  EVP_MD_CTX_free(ctx);
  EVP_PKEY_CTX_free(pc);
  if (!ok) FAIL(BROKEN, "SM2 签名没有做成");
  *der = arena_str(cx->mem, (Str){.ptr = (const char *)sig, .len = n});
  return OK;
}

bool sealer_holds(const Sealer *s, Str bytes, Str der) {
  EVP_MD_CTX *ctx = EVP_MD_CTX_new();
  EVP_PKEY_CTX *pc = EVP_PKEY_CTX_new(s->sm2, NULL);
  REQUIRE(ctx && pc && EVP_PKEY_CTX_set1_id(pc, identity, sizeof identity - 1) == 1);
  EVP_MD_CTX_set_pkey_ctx(ctx, pc);
  bool ok = EVP_DigestVerifyInit(ctx, NULL, EVP_sm3(), NULL, s->sm2) == 1 &&
            EVP_DigestVerify(ctx, (const unsigned char *)der.ptr, der.len, (const unsigned char *)bytes.ptr, bytes.len) == 1;
  EVP_MD_CTX_free(ctx);
  EVP_PKEY_CTX_free(pc);
  ERR_clear_error(); /* a wrong signature is an answer, no fault of this thread */
  return ok;
}

/* ---- in a PDF -------------------------------------------------------------------------------------- */

/* (text) as UTF-16 with its mark, in hex. */
static void text_put(Buf *b, Str s) {
  buf_add(b, S("<FEFF"));
  for (size_t i = 0; i < s.len;) {
    uint32_t c = 0;
    size_t n = utf8_next(s, i, &c);
    if (!n) break;
    i += n;
    if (c >= 0x10000) buf_fmt(b, "%04X%04X", (unsigned)(0xD800 + ((c - 0x10000) >> 10)), (unsigned)(0xDC00 + ((c - 0x10000) & 0x3FF)));
    else buf_fmt(b, "%04X", (unsigned)c);
  }
  buf_add(b, S(">"));
}

static const char zeros[] = "0000000000";

/* Signature, its field without a picture, page and catalogue once more, and the table of these four. */
static void update_put(Buf *b, const Pdf *p, const Sealer *s, int64_t when, Str reason, size_t *range, size_t *hole) {
  int y, m, d;
  day_split(day_of(when), &y, &m, &d);
  int64_t second = (when - day_start(day_of(when))) / 1000;
  size_t at[4];
  Str page = pdf__object(p, p->page), root = pdf__object(p, p->root);
  at[0] = p->bytes.len + buf_str(b).len;
  buf_fmt(b, "%lld 0 obj\n<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached\n/ByteRange [0 ", (long long)p->size);
  *range = buf_str(b).len;
  buf_fmt(b, "%s %s %s]\n/M (D:%04d%02d%02d%02d%02d%02d+08'00')\n/Name ", zeros, zeros, zeros, y, m, d, (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60));
  text_put(b, s->name);
  buf_add(b, S("\n/Reason "));
  text_put(b, reason);
  buf_add(b, S("\n/Contents <"));
  *hole = buf_str(b).len;
  for (int i = 0; i < CMS_ROOM * 2; i++) buf_char(b, '0');
  buf_add(b, S("> >>\nendobj\n"));
  at[1] = p->bytes.len + buf_str(b).len;
  buf_fmt(b, "%lld 0 obj\n<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature1) /F 132 /Rect [0 0 0 0] /V %lld 0 R /P %lld 0 R >>\nendobj\n", (long long)p->size + 1,
          (long long)p->size, (long long)p->page);
  at[2] = p->bytes.len + buf_str(b).len;
  buf_fmt(b, "%lld 0 obj\n<<%.*s/Annots [%lld 0 R] >>\nendobj\n", (long long)p->page, SFMT(page), (long long)p->size + 1);
  at[3] = p->bytes.len + buf_str(b).len;
  buf_fmt(b, "%lld 0 obj\n<<%.*s/AcroForm << /SigFlags 3 /Fields [%lld 0 R] >> >>\nendobj\n", (long long)p->root, SFMT(root), (long long)p->size + 1);
  size_t table = p->bytes.len + buf_str(b).len;
  buf_fmt(b, "xref\n0 1\n0000000000 65535 f \n%lld 1\n%010zu 00000 n \n%lld 1\n%010zu 00000 n \n%lld 2\n%010zu 00000 n \n%010zu 00000 n \n", (long long)p->page, at[2],
          (long long)p->root, at[3], (long long)p->size, at[0], at[1]);
  buf_fmt(b, "trailer\n<< /Size %lld /Root %lld 0 R /Info %lld 0 R /ID [%.*s] /Prev %zu >>\nstartxref\n%zu\n%%%%EOF\n", (long long)p->size + 2, (long long)p->root,
          (long long)p->info, SFMT(p->id), p->xref, table);
}

static bool cms_make(Cx *cx, const Sealer *s, Str a, Str z, Str *der) {
  BIO *in = BIO_new(BIO_s_mem());
  const unsigned flags = CMS_BINARY | CMS_DETACHED | CMS_PARTIAL | CMS_NOSMIMECAP | CMS_CADES;
  REQUIRE(in && BIO_write(in, a.ptr, (int)a.len) == (int)a.len && BIO_write(in, z.ptr, (int)z.len) == (int)z.len);
  CMS_ContentInfo *c = CMS_sign(NULL, NULL, NULL, NULL, flags);
  bool ok = c && CMS_add1_signer(c, s->cert, s->key, EVP_sha256(), flags) && CMS_final(c, in, NULL, flags);
  unsigned char *p = NULL;
  int n = ok ? i2d_CMS_ContentInfo(c, &p) : -1;
  if (n > 0) *der = arena_str(cx->mem, (Str){.ptr = (const char *)p, .len = (size_t)n});
  OPENSSL_free(p);
  CMS_ContentInfo_free(c);
  BIO_free(in);
  return n > 0 && n <= CMS_ROOM;
}

Code sealer_pdf(Cx *cx, const Sealer *s, Str pdf, int64_t when, Str reason, Str *out) {
  SCOPED(buf_drop) Buf b;
  Pdf p;
  size_t range, hole;
  Str der;
  buf_init(&b, SIGNED_MAX);
  if (!pdf__read(pdf, &p)) FAIL(BROKEN, "文书的结构不认识，不能签名");
  update_put(&b, &p, s, when, reason, &range, &hole);
  if (b.full) FAIL(LIMIT, "文书太大，不能签名");
  Str more = arena_str(cx->mem, buf_str(&b));
  char *whole = arena_alloc(cx->mem, pdf.len + more.len + 1, 1, 1);
  memcpy(whole, pdf.ptr, pdf.len);
  memcpy(whole + pdf.len, more.ptr, more.len);
  size_t total = pdf.len + more.len, from = pdf.len + hole - 1, to = pdf.len + hole + CMS_ROOM * 2 + 1; /* with the brackets */
  Str numbers = arena_fmt(cx->mem, "%010zu %010zu %010zu", from, to, total - to);
  memcpy(whole + pdf.len + range, numbers.ptr, numbers.len);
  if (!cms_make(cx, s, (Str){.ptr = whole, .len = from}, (Str){.ptr = whole + to, .len = total - to}, &der)) FAIL(BROKEN, "PDF 签名没有做成");
  Str hex = hex_str(cx->mem, (const uint8_t *)der.ptr, der.len);
  memcpy(whole + pdf.len + hole, hex.ptr, hex.len);
  *out = (Str){.ptr = whole, .len = total};
  return OK;
}
