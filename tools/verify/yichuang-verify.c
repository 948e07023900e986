/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yichuang-verify: checks a receipt, a signed head or the proof between two of them, or the text of their QR codes, with
 * a file of public keys. It shares nothing with the program that made them but docs/proofs.md; it needs OpenSSL 3 and zlib.
 *   gcc -std=c17 -O2 -o yichuang-verify yichuang-verify.c -lcrypto -lz
 * Exit code: 0 good, 1 not good, 2 wrong call.
 */
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

enum { FILE_MAX = 32 << 20, KEYS_MAX = 64, HASHES_MAX = 64, SM2_PUB = 65, ED_PUB = 32, SIG = 64 };
enum { CODES_MAX = 9, LETTERS_MAX = CODES_MAX * 2132, UNPACKED_MAX = 1 << 20 };

typedef struct Part { const char *p; size_t n; } Part; /* a piece of a text */
typedef struct Sum { unsigned char b[32]; } Sum;
typedef struct Key { bool gm; Part name, word, from, to; unsigned char id[4], pub[SM2_PUB]; } Key;
typedef struct Keys { Key list[KEYS_MAX]; int count; } Keys;
typedef struct Head { Part body, signatures, origin, time; uint64_t size; Sum root; const Key *key; } Head;
typedef struct Way { Sum list[HASHES_MAX]; int count; } Way;
typedef struct Found { /* why: NULL when good */
  const char *why;
  Part text; /* the file itself: for QR codes, what they hold */
  Head old, head;
  Part event;
  uint64_t index;
} Found;

static const char sm2_type[] = "\xff" "yichuang-sm2-sm3";

/* ---- text --------------------------------------------------------------------------------------- */

static bool part_is(Part a, const char *z) { return a.n == strlen(z) && memcmp(a.p, z, a.n) == 0; }
static bool part_same(Part a, Part b) { return a.n == b.n && memcmp(a.p, b.p, a.n) == 0; }

/* Takes one line off the front; every line ends with a line feed. */
static bool line_take(Part *rest, Part *line) {
  const char *end = rest->n ? memchr(rest->p, '\n', rest->n) : NULL;
  if (!end) return false;
  *line = (Part){rest->p, (size_t)(end - rest->p)};
  rest->n -= line->n + 1;
  rest->p = end + 1;
  return true;
}

static bool head_take(Part *line, const char *head) {
  size_t n = strlen(head);
  if (line->n < n || memcmp(line->p, head, n) != 0) return false;
  line->p += n;
  line->n -= n;
  return true;
}

static bool cut(Part s, char c, Part *a, Part *b) {
  const char *at = s.n ? memchr(s.p, c, s.n) : NULL;
  if (!at) return false;
  *a = (Part){s.p, (size_t)(at - s.p)};
  *b = (Part){at + 1, s.n - a->n - 1};
  return true;
}

static bool number_read(Part s, uint64_t *out) {
  if (s.n < 1 || s.n > 15 || (s.p[0] == '0' && s.n > 1)) return false;
  *out = 0;
  for (size_t i = 0; i < s.n; i++) {
    if (s.p[i] < '0' || s.p[i] > '9') return false;
    *out = *out * 10 + (uint64_t)(s.p[i] - '0');
  }
  return true;
}

/* 2026-11-25T09:30:00+08:00: of one length and one zone, so that the order of bytes is the order of time. */
static bool time_fits(Part s) {
  static const char form[] = "dddd-dd-ddTdd:dd:dd+08:00";
  if (s.n != sizeof form - 1) return false;
  for (size_t i = 0; i < s.n; i++)
    if (form[i] == 'd' ? s.p[i] < '0' || s.p[i] > '9' : s.p[i] != form[i]) return false;
  return true;
}

static int digit64(char c) {
  static const char abc[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const char *at = c ? strchr(abc, c) : NULL;
  return at ? (int)(at - abc) : -1;
}

/* Only the canonical spelling: padded, and no stray bits at the end. The length, or -1. */
static int base64_read(Part s, unsigned char *out, int max) {
  int n = 0, pad = 0;
  if (!s.n || s.n % 4) return -1;
  if (s.p[s.n - 1] == '=') pad = s.p[s.n - 2] == '=' ? 2 : 1;
  for (size_t i = 0; i < s.n; i += 4) {
    int use = i + 4 == s.n ? 3 - pad : 3;
    uint32_t v = 0;
    for (int k = 0; k < 4; k++) {
      int d = k > use ? 0 : digit64(s.p[i + (size_t)k]);
      if (d < 0) return -1;
      v = v << 6 | (uint32_t)d;
    }
    if (n + use > max || (use < 3 && v & ((1u << (24 - 8 * use)) - 1))) return -1;
    for (int k = 0; k < use; k++) out[n++] = (unsigned char)(v >> (16 - 8 * k));
  }
  return n;
}

/* ---- the text of QR codes ----------------------------------------------------------------------- */

static const char codes_head[] = "YICHUANG1/";

/* YICHUANG1/2/3/LETTERS: part 2 of 3. */
static bool code_put(Part line, Part parts[CODES_MAX], int *count) {
  if (!head_take(&line, codes_head) || line.n < 5 || line.p[1] != '/' || line.p[3] != '/') return false;
  int i = line.p[0] - '1', of = line.p[2] - '0';
  if (of < 1 || of > CODES_MAX || i < 0 || i >= of || (*count && *count != of) || parts[i].n) return false;
  parts[i] = (Part){line.p + 4, line.n - 4};
  *count = of;
  return true;
}

/* Three letters are two bytes, two at the end are one; the number of bytes, or 0. */
static size_t letters_read(const char *p, size_t n, unsigned char *out) {
  static const char abc[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$+-.:";
  size_t got = 0;
  for (size_t i = 0; i < n;) {
    int take = n - i < 3 ? (int)(n - i) : 3;
    uint32_t v = 0;
    for (int k = 0; k < take; k++, i++) {
      const char *at = p[i] ? strchr(abc, p[i]) : NULL;
      if (!at) return 0;
      v = v * 41 + (uint32_t)(at - abc);
    }
    if (take == 1 || v >= (take == 3 ? 1u << 16 : 1u << 8)) return 0;
    if (take == 3) out[got++] = (unsigned char)(v >> 8);
    out[got++] = (unsigned char)v;
  }
  return got;
}

/* deflate ‖ CRC-32 of it. What it holds, in a room of UNPACKED_MAX bytes. */
static bool unpack(unsigned char *p, size_t n, char *room, Part *out) {
  if (n < 6) return false;
  n -= 4;
  if (crc32(0, p, (unsigned)n) != ((unsigned long)p[n] << 24 | (unsigned long)p[n + 1] << 16 | (unsigned long)p[n + 2] << 8 | p[n + 3])) return false;
  z_stream z = {.next_in = p, .avail_in = (unsigned)n, .next_out = (unsigned char *)room, .avail_out = UNPACKED_MAX};
  if (inflateInit2(&z, -15) != Z_OK) abort();
  bool good = inflate(&z, Z_FINISH) == Z_STREAM_END && !z.avail_in;
  *out = (Part){room, UNPACKED_MAX - z.avail_out};
  inflateEnd(&z);
  return good;
}

static const char *codes_read(Part rest, char *room, Part *out) {
  Part parts[CODES_MAX] = {{0}}, line;
  int count = 0;
  char letters[LETTERS_MAX];
  unsigned char bytes[LETTERS_MAX];
  size_t n = 0;
  while (rest.n) {
    if (!line_take(&rest, &line)) line = rest, rest.n = 0; /* the last line feed may be missing */
    if (!code_put(line, parts, &count)) return "not the text of QR codes, or one was misread";
  }
  for (int i = 0; i < count; i++) {
    if (!parts[i].n) return "one of the QR codes is missing";
    if (n + parts[i].n > sizeof letters) return "the text of the QR codes is too long";
    memcpy(letters + n, parts[i].p, parts[i].n);
    n += parts[i].n;
  }
  n = letters_read(letters, n, bytes);
  return n && unpack(bytes, n, room, out) ? NULL : "a QR code was misread, or they are not of one file";
}

/* ---- hashes and the tree ------------------------------------------------------------------------ */

static Sum hash2(bool gm, const char *head, size_t head_n, Part a, Part b) {
  Sum out;
  EVP_MD_CTX *c = EVP_MD_CTX_new();
  if (!c || !EVP_DigestInit_ex(c, gm ? EVP_sm3() : EVP_sha256(), NULL) || !EVP_DigestUpdate(c, head, head_n) ||
      !EVP_DigestUpdate(c, a.p, a.n) || !EVP_DigestUpdate(c, b.p, b.n) || !EVP_DigestFinal_ex(c, out.b, NULL))
    abort();
  EVP_MD_CTX_free(c);
  return out;
}

static Sum node(bool gm, Sum l, Sum r) {
  return hash2(gm, "\1", 1, (Part){(char *)l.b, 32}, (Part){(char *)r.b, 32});
}

static bool same(Sum a, Sum b) { return memcmp(a.b, b.b, 32) == 0; }

/* RFC 9162 §2.1.3.2 */
static bool included(bool gm, Sum leaf, uint64_t index, uint64_t size, const Way *w, Sum root) {
  if (index >= size) return false;
  uint64_t fn = index, sn = size - 1;
  for (int i = 0; i < w->count; i++) {
    if (!sn) return false;
    if (fn & 1 || fn == sn) {
      leaf = node(gm, w->list[i], leaf);
      while (fn && !(fn & 1)) fn >>= 1, sn >>= 1;
    } else {
      leaf = node(gm, leaf, w->list[i]);
    }
    fn >>= 1, sn >>= 1;
  }
  return !sn && same(leaf, root);
}

/* RFC 9162 §2.1.4.2 */
static bool consistent(bool gm, uint64_t old, Sum old_root, uint64_t size, Sum root, const Way *w) {
  int i = 0;
  if (!old || old > size) return false;
  if (old == size) return !w->count && same(old_root, root);
  if (!w->count) return false;
  uint64_t fn = old - 1, sn = size - 1;
  while (fn & 1) fn >>= 1, sn >>= 1;
  Sum fr = old & (old - 1) ? w->list[i++] : old_root, sr = fr;
  for (; i < w->count; i++) {
    if (!sn) return false;
    if (fn & 1 || fn == sn) {
      fr = node(gm, w->list[i], fr);
      sr = node(gm, w->list[i], sr);
      while (fn && !(fn & 1)) fn >>= 1, sn >>= 1;
    } else {
      sr = node(gm, sr, w->list[i]);
    }
    fn >>= 1, sn >>= 1;
  }
  return !sn && same(fr, old_root) && same(sr, root);
}

/* ---- keys and signatures ------------------------------------------------------------------------ */

static EVP_PKEY *key_open(const Key *k) {
  if (!k->gm) return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, k->pub, ED_PUB);
  char group[] = "SM2";
  unsigned char pub[SM2_PUB];
  EVP_PKEY *key = NULL;
  memcpy(pub, k->pub, sizeof pub);
  OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
                         OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, pub, sizeof pub),
                         OSSL_PARAM_construct_end()};
  EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_name(NULL, "SM2", NULL);
  if (!c || EVP_PKEY_fromdata_init(c) != 1 || EVP_PKEY_fromdata(c, &key, EVP_PKEY_PUBLIC_KEY, params) != 1) key = NULL;
  EVP_PKEY_CTX_free(c);
  return key;
}

/* r ‖ s as the library wants it: DER. */
static int der_of(const unsigned char *raw, unsigned char **der) {
  ECDSA_SIG *s = ECDSA_SIG_new();
  if (!s || !ECDSA_SIG_set0(s, BN_bin2bn(raw, 32, NULL), BN_bin2bn(raw + 32, 32, NULL))) abort();
  int n = i2d_ECDSA_SIG(s, der);
  ECDSA_SIG_free(s);
  return n;
}

static bool signature_good(const Key *k, Part text, const unsigned char *sig) {
  static const char identity[] = "1234567812345678"; /* GB/T 35276 */
  unsigned char *der = NULL;
  EVP_PKEY *key = key_open(k);
  EVP_MD_CTX *c = EVP_MD_CTX_new();
  EVP_PKEY_CTX *pc = NULL;
  if (!key || !c) return false;
  if (k->gm) {
    pc = EVP_PKEY_CTX_new(key, NULL);
    if (!pc || EVP_PKEY_CTX_set1_id(pc, identity, sizeof identity - 1) <= 0) abort();
    EVP_MD_CTX_set_pkey_ctx(c, pc);
  }
  int n = k->gm ? der_of(sig, &der) : SIG;
  bool good = n > 0 && EVP_DigestVerifyInit(c, NULL, k->gm ? EVP_sm3() : NULL, NULL, key) == 1 &&
              EVP_DigestVerify(c, der ? der : sig, (size_t)n, (const unsigned char *)text.p, text.n) == 1;
  EVP_MD_CTX_free(c);
  EVP_PKEY_CTX_free(pc);
  EVP_PKEY_free(key);
  OPENSSL_free(der);
  return good;
}

/* name+id+base64(type ‖ key): the id is the first four bytes of H(name ‖ LF ‖ type ‖ key). */
static bool key_word(Part word, Key *k) {
  Part id, b64, rest;
  unsigned char raw[128];
  char hex[9];
  k->word = word;
  if (!cut(word, '+', &k->name, &rest) || !cut(rest, '+', &id, &b64) || !k->name.n) return false;
  int n = base64_read(b64, raw, sizeof raw), type = (int)sizeof sm2_type - 1;
  k->gm = n == type + SM2_PUB && memcmp(raw, sm2_type, (size_t)type) == 0;
  if (!k->gm && (n != 1 + ED_PUB || raw[0] != 1)) return false;
  memcpy(k->pub, raw + (k->gm ? type : 1), k->gm ? SM2_PUB : ED_PUB);
  char *all = malloc(k->name.n + 1 + (size_t)n);
  if (!all) abort();
  memcpy(all, k->name.p, k->name.n);
  all[k->name.n] = '\n';
  memcpy(all + k->name.n + 1, raw, (size_t)n);
  Sum h = hash2(k->gm, "", 0, (Part){all, k->name.n + 1 + (size_t)n}, (Part){"", 0});
  free(all);
  memcpy(k->id, h.b, 4);
  snprintf(hex, sizeof hex, "%02x%02x%02x%02x", h.b[0], h.b[1], h.b[2], h.b[3]);
  return part_is(id, hex);
}

static bool keys_parse(Part text, Keys *out) {
  Part line, word, rest;
  out->count = 0;
  while (line_take(&text, &line)) {
    if (!line.n || line.p[0] == '#') continue;
    if (out->count == KEYS_MAX) return false;
    Key *k = &out->list[out->count++];
    if (!cut(line, ' ', &word, &rest) || !cut(rest, ' ', &k->from, &k->to) || !key_word(word, k)) return false;
    if (!time_fits(k->from) || (!part_is(k->to, "-") && !time_fits(k->to))) return false;
  }
  return out->count > 0 && !text.n;
}

/* ---- heads -------------------------------------------------------------------------------------- */

static const char *head_parse(Part note, Head *h) {
  Part rest = note, size, root, time;
  if (!line_take(&rest, &h->origin) || !line_take(&rest, &size) || !line_take(&rest, &root) || !line_take(&rest, &time))
    return "not a checkpoint";
  h->body = (Part){note.p, note.n - rest.n};
  if (!h->origin.n || !number_read(size, &h->size) || base64_read(root, h->root.b, 32) != 32) return "not a checkpoint";
  if (!head_take(&time, "time ") || !time_fits(time)) return "the checkpoint has no time";
  h->time = time;
  if (!rest.n || rest.p[0] != '\n') return "no empty line before the signatures";
  h->signatures = (Part){rest.p + 1, rest.n - 1};
  return h->signatures.n ? NULL : "the checkpoint is not signed";
}

static bool in_force(const Key *k, Part time) {
  return memcmp(k->from.p, time.p, time.n) <= 0 && (part_is(k->to, "-") || memcmp(time.p, k->to.p, time.n) <= 0);
}

/* One line after the other. `check` false: only which key claims to have signed, for its kind of hash. */
static const char *head_signed(const Keys *keys, Head *h, bool check) {
  Part rest = h->signatures, line, name, word;
  unsigned char raw[4 + 256];
  h->key = NULL;
  while (rest.n) {
    if (!line_take(&rest, &line) || !head_take(&line, "\xe2\x80\x94 ") || !cut(line, ' ', &name, &word) || !name.n)
      return "a line of the signatures is malformed";
    int n = base64_read(word, raw, sizeof raw);
    if (n <= 4) return "a signature is not base64";
    for (int i = 0; i < keys->count && !h->key; i++) {
      const Key *k = &keys->list[i];
      if (!part_same(name, k->name) || !part_same(h->origin, k->name) || memcmp(raw, k->id, 4) != 0) continue;
      if (n == 4 + SIG && in_force(k, h->time) && (!check || signature_good(k, h->body, raw + 4))) h->key = k;
    }
  }
  return h->key ? NULL : "no valid signature of a listed key in its time";
}

/* ---- the three files ---------------------------------------------------------------------------- */

static bool way_read(Part *rest, Way *w) {
  Part line;
  for (w->count = 0; line_take(rest, &line); w->count++) {
    if (!line.n) return true;
    if (w->count == HASHES_MAX || base64_read(line, w->list[w->count].b, 32) != 32) return false;
  }
  return false;
}

/* The tree before the signature: it is the cheaper of the two, and both must hold. */
static const char *receipt(const Keys *keys, Part rest, Found *f) {
  Way w;
  Part index;
  if (!line_take(&rest, &f->event) || !head_take(&f->event, "event ") || !f->event.n || f->event.p[0] != '{')
    return "no event";
  if (!line_take(&rest, &index) || !head_take(&index, "index ") || !number_read(index, &f->index)) return "no index";
  if (!way_read(&rest, &w)) return "the proof is malformed";
  const char *why = head_parse(rest, &f->head);
  if (!why) why = head_signed(keys, &f->head, false);
  if (why) return why;
  bool gm = f->head.key->gm;
  Sum leaf = hash2(gm, "\0", 1, f->event, (Part){"", 0});
  if (!included(gm, leaf, f->index, f->head.size, &w, f->head.root)) return "the event is not under this checkpoint";
  return head_signed(keys, &f->head, true);
}

static const char *consistency(const Keys *keys, Part rest, Found *f) {
  Way w;
  if (!way_read(&rest, &w)) return "the proof is malformed";
  /* The first note ends at the empty line behind its signatures. */
  const char *body = NULL, *end = NULL;
  for (size_t i = 0; i + 1 < rest.n && !end; i++)
    if (rest.p[i] == '\n' && rest.p[i + 1] == '\n') {
      if (body) end = rest.p + i + 1;
      else body = rest.p + i++;
    }
  if (!end) return "two checkpoints are needed";
  Part a = {rest.p, (size_t)(end - rest.p)}, b = {end + 1, rest.n - a.n - 1};
  const char *why = head_parse(a, &f->old);
  if (!why) why = head_parse(b, &f->head);
  if (!why) why = head_signed(keys, &f->old, false);
  if (!why) why = head_signed(keys, &f->head, false);
  if (why) return why;
  if (!part_same(f->old.origin, f->head.origin) || f->old.key->gm != f->head.key->gm) return "checkpoints of two logs";
  if (f->old.size == f->head.size && !same(f->old.root, f->head.root)) return "a fork: two heads of one size";
  if (!consistent(f->head.key->gm, f->old.size, f->old.root, f->head.size, f->head.root, &w))
    return "the newer checkpoint does not continue the older";
  why = head_signed(keys, &f->old, true);
  return why ? why : head_signed(keys, &f->head, true);
}

/* `room`: UNPACKED_MAX bytes for what QR codes hold. */
static void check(const Keys *keys, Part text, char *room, Found *f) {
  Part rest = text, line, held;
  *f = (Found){.text = text};
  if (head_take(&rest, codes_head)) {
    f->why = codes_read(text, room, &held);
    if (f->why) return;
    f->text = text = rest = held;
  }
  if (!line_take(&rest, &line)) f->why = "an empty file";
  else if (part_is(line, "yichuang-receipt/1")) f->why = receipt(keys, rest, f);
  else if (part_is(line, "yichuang-consistency/1")) f->why = consistency(keys, rest, f);
  else if ((f->why = head_parse(text, &f->head)) == NULL) f->why = head_signed(keys, &f->head, true);
}

/* ---- the program -------------------------------------------------------------------------------- */

static bool file_load(const char *path, Part *out) {
  FILE *f = fopen(path, "rb");
  char *p = malloc(FILE_MAX);
  if (!f || !p) return false;
  *out = (Part){p, fread(p, 1, FILE_MAX, f)};
  fclose(f);
  return out->n > 0 && out->n < FILE_MAX;
}

static void head_print(const char *what, const Head *h) {
  printf("%s: %.*s, %llu events, signed %.*s with %s, key %02x%02x%02x%02x\n", what, (int)h->origin.n, h->origin.p,
         (unsigned long long)h->size, (int)h->time.n, h->time.p, h->key->gm ? "SM2/SM3" : "Ed25519/SHA-256", h->key->id[0],
         h->key->id[1], h->key->id[2], h->key->id[3]);
}

typedef struct Days { char event[16], head[32]; } Days; /* 2026-11-25, and with the time; empty: not readable */

/* Which day a file is about, as it says itself: read also from one that is not valid, line by line. In the text of an
 * event the last ,"recorded": is the member of that name: quotes in strings are escaped, and the body comes before. */
static Days days_of(Part text) {
  static const char mark[] = ",\"recorded\":";
  Part line;
  Days d = {0};
  while (line_take(&text, &line)) {
    Part time = line;
    if (head_take(&time, "time ") && time_fits(time)) snprintf(d.head, sizeof d.head, "%.*s", (int)time.n, time.p);
    if (!head_take(&line, "event ")) continue;
    for (size_t i = 0; i + sizeof mark + 13 <= line.n; i++) {
      uint64_t ms;
      if (memcmp(line.p + i, mark, sizeof mark - 1) != 0 || !number_read((Part){line.p + i + sizeof mark - 1, 13}, &ms)) continue;
      time_t s = (time_t)(ms / 1000 + 8 * 3600);
      strftime(d.event, sizeof d.event, "%Y-%m-%d", gmtime(&s));
    }
  }
  return d;
}

/* Every bit of the file is changed once; a verifier that accepts any of these is no verifier. */
static int flips(const Keys *keys, Part text, char *room) {
  unsigned long long accepted = 0, named = 0;
  Found f;
  Days right = days_of(text);
  char *copy = malloc(text.n);
  if (!copy) abort();
  memcpy(copy, text.p, text.n);
  for (size_t bit = 0; bit < text.n * 8; bit++) {
    copy[bit / 8] ^= (char)(1 << bit % 8);
    check(keys, (Part){copy, text.n}, room, &f);
    Days d = days_of(f.text);
    copy[bit / 8] ^= (char)(1 << bit % 8);
    accepted += f.why == NULL;
    named += f.why && ((d.event[0] && strcmp(d.event, right.event) == 0) || (d.head[0] && strncmp(d.head, right.head, 10) == 0));
  }
  printf("%zu bits changed one at a time, %llu accepted, %llu refused with the day\n", text.n * 8, accepted, named);
  free(copy);
  return accepted ? 1 : 0;
}

/* ---- certificates: what the records say of their state ------------------------------------------------ */

enum { CERTS_MAX = 64 };
typedef struct Cert { char number[64], state[160], day[16]; uint64_t index; } Cert;
typedef struct Certs { Cert list[CERTS_MAX]; int count; } Certs;

/* The text behind the first or the last such mark, up to the next quote. Quotes within texts are escaped, and keys are in byte order, so
 * the last ,"kind":" is the event's own, and the first "certificate":" the body's. */
static bool member(Part text, const char *mark, bool last, Part *out) {
  size_t n = strlen(mark);
  bool found = false;
  for (size_t i = 0; i + n < text.n && (last || !found); i++) {
    if (memcmp(text.p + i, mark, n) != 0) continue;
    const char *p = text.p + i + n, *end = memchr(p, '"', text.n - i - n);
    if (!end) continue;
    *out = (Part){p, (size_t)(end - p)};
    found = true;
  }
  return found;
}

static void cert_note(Certs *c, Part number, const Found *f, const char *state, Part more) {
  int i = 0;
  char name[64];
  snprintf(name, sizeof name, "%.*s", (int)number.n, number.p);
  while (i < c->count && strcmp(c->list[i].number, name) != 0) i++;
  if (i == CERTS_MAX) return;
  if (i == c->count) c->list[c->count++] = (Cert){{0}, {0}, {0}, 0};
  else if (c->list[i].index > f->index) return; /* what came later counts */
  Cert *x = &c->list[i];
  snprintf(x->number, sizeof x->number, "%s", name);
  snprintf(x->state, sizeof x->state, "%s%.*s", state, (int)more.n, more.p);
  snprintf(x->day, sizeof x->day, "%s", days_of(f->text).event);
  x->index = f->index;
}

static void certs_read(Certs *c, const Found *f) {
  static const struct { const char *kind, *state; } states[] = {{"certificate.changed", "CHANGED, replaced by "},
                                                                {"certificate.suspended", "SUSPENDED"},
                                                                {"certificate.restored", "IN FORCE again"},
                                                                {"certificate.revoked", "REVOKED"}};
  static const char issued[] = "IN FORCE, issued", one[] = "\"number\":\"";
  Part kind, number, next = {"", 0}, rest = f->event;
  if (!f->event.n || !member(f->event, ",\"kind\":\"", true, &kind) || !member(f->event, "\"certificate\":\"", false, &number)) return;
  for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
    if (!part_is(kind, states[i].kind)) continue;
    bool changed = i == 0 && member(f->event, "\"new\":\"", false, &next);
    cert_note(c, number, f, states[i].state, next);
    if (changed) cert_note(c, next, f, issued, (Part){"", 0});
  }
  if (!part_is(kind, "stage.certified")) return;
  cert_note(c, number, f, issued, (Part){"", 0});
  while (member(rest, one, false, &number)) { /* several of one day */
    cert_note(c, number, f, issued, (Part){"", 0});
    rest = (Part){number.p, (size_t)(f->event.p + f->event.n - number.p)};
  }
}

static void certs_print(const Certs *c) {
  for (int i = 0; i < c->count; i++)
    printf("certificate %s: %s, record %llu of %s\n", c->list[i].number, c->list[i].state, (unsigned long long)c->list[i].index + 1, c->list[i].day);
  if (c->count) printf("That is what these records say; a later one may say otherwise.\n");
}

/* ---- a file with its signature beside it ---------------------------------------------------------------- */

/* The block PUBLIC KEY of a PEM text: a SubjectPublicKeyInfo of a point of SM2, which has one spelling. Other blocks are passed over. */
static bool pem_key(Part text, Key *k) {
  static const unsigned char front[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d, 0x03, 0x42, 0x00};
  char letters[256];
  unsigned char raw[128];
  size_t n = 0;
  bool inside = false, over = false;
  Part line;
  while (!over && line_take(&text, &line)) {
    over = inside && part_is(line, "-----END PUBLIC KEY-----");
    if (inside && !over) {
      if (n + line.n > sizeof letters) return false;
      memcpy(letters + n, line.p, line.n);
      n += line.n;
    }
    inside |= part_is(line, "-----BEGIN PUBLIC KEY-----");
  }
  if (!over || base64_read((Part){letters, n}, raw, sizeof raw) != (int)sizeof front + SM2_PUB || memcmp(raw, front, sizeof front) != 0) return false;
  *k = (Key){.gm = true};
  memcpy(k->pub, raw + sizeof front, SM2_PUB);
  return true;
}

/* DER of two positive numbers, shortest form and nothing behind it, as r ‖ s. */
static bool der_read(Part der, unsigned char raw[SIG]) {
  const unsigned char *p = (const unsigned char *)der.p, *end = p + der.n;
  if (der.n < 8 || der.n > 72 || p[0] != 0x30 || p[1] != der.n - 2) return false;
  memset(raw, 0, SIG);
  p += 2;
  for (int i = 0; i < 2; i++) {
    if (end - p < 3 || p[0] != 2 || !p[1] || p[1] > 33 || end - p < 2 + p[1]) return false;
    size_t n = p[1];
    p += 2;
    if (p[0] & 0x80 || (n > 1 && !p[0] && !(p[1] & 0x80))) return false;
    if (n == 33 && p[0]) return false;
    size_t skip = n == 33;
    memcpy(raw + 32 * i + 32 - (n - skip), p + skip, n - skip);
    p += n;
  }
  return p == end;
}

static int signed_file(char **names) {
  Part key, file, der;
  Key k;
  unsigned char raw[SIG];
  const char *why = NULL;
  if (!file_load(names[0], &key) || !pem_key(key, &k)) {
    fprintf(stderr, "%s: no public key of SM2 in PEM\n", names[0]);
    return 2;
  }
  if (!file_load(names[1], &file) || !file_load(names[2], &der)) {
    fprintf(stderr, "a file cannot be read, or is too large\n");
    return 2;
  }
  if (!der_read(der, raw)) why = "the signature is not one of SM2 in DER";
  else if (!signature_good(&k, file, raw)) why = "file, signature and key do not belong together: one of them was changed, or is another's";
  if (why) printf("NOT VALID: %s\n", why);
  else printf("VALID: whoever holds this key signed exactly these %zu bytes. Whether a certificate is in force, its record says.\n", file.n);
  return why != NULL;
}

static int refused(const Found *f) {
  Days d = days_of(f->text);
  printf("NOT VALID: %s\n", f->why);
  if (d.event[0]) printf("It says it is an event of %s.\n", d.event);
  if (f->old.time.n) printf("It says it continues a checkpoint signed %.*s.\n", (int)f->old.time.n, f->old.time.p);
  if (d.head[0]) printf("It says its checkpoint was signed %s.\n", d.head);
  return 1;
}

static int usage(void) {
  fprintf(stderr, "usage: yichuang-verify [--flips] PUBLIC-KEYS FILE [FILE ...]\n       yichuang-verify --file SM2-KEY.pub FILE SIGNATURE.sm2\n"
                  "FILE is a receipt, a checkpoint or a consistency proof of Yichuang, or the text of its QR codes,\n"
                  "one a line (docs/proofs.md). Of certificates it says in which state the records leave them: give it all\n"
                  "receipts that you have of one.\n"
                  "--flips changes each bit of FILE in turn and counts how many such files would be accepted.\n"
                  "--file checks the SM2 signature beside a certificate file; the key is in PEM (sm2.pub of the bundle, or /s/signer).\n");
  return 2;
}

static int one_file(const Keys *keys, const char *path, bool all, Certs *certs) {
  Part text;
  Found f;
  char *room = malloc(UNPACKED_MAX);
  if (!room) abort();
  if (!file_load(path, &text)) {
    fprintf(stderr, "%s: cannot be read, or is too large\n", path);
    return 2;
  }
  check(keys, text, room, &f);
  if (f.why) return refused(&f);
  if (all) return flips(keys, text, room);
  if (f.event.n) printf("event %llu: %.*s\n", (unsigned long long)f.index + 1, (int)f.event.n, f.event.p);
  if (f.old.key) head_print("older checkpoint", &f.old);
  head_print("checkpoint", &f.head);
  printf("VALID\n");
  certs_read(certs, &f);
  return 0;
}

int main(int argc, char **argv) {
  static Keys keys;
  static Certs certs;
  Part key_text;
  bool all = argc == 4 && strcmp(argv[1], "--flips") == 0;
  int first = all ? 2 : 1, worst = 0;
  if (argc == 5 && strcmp(argv[1], "--file") == 0) return signed_file(argv + 2);
  if (argc - first < 2 || (!all && argv[1][0] == '-')) return usage();
  if (!file_load(argv[first], &key_text) || !keys_parse(key_text, &keys)) {
    fprintf(stderr, "%s: not a file of public keys\n", argv[first]);
    return 2;
  }
  for (int i = first + 1; i < argc; i++) {
    int rc = one_file(&keys, argv[i], all, &certs);
    if (rc > worst) worst = rc;
  }
  if (!worst) certs_print(&certs);
  return worst;
}
