/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pdfa.c: PDF/A-2b. cairo's files lack three things that an archive wants: metadata as XMP with what the file claims to be (ISO 19005-2, 6.6),
 * an output intent that says what red, green and blue mean (6.2.2), and an identifier in the trailer (6.1.3).
 */
#include "paper/pdffile.h"
#include "paper/pen.h"
#include "paper/xml.h"

#include <math.h>

/* ---- sRGB (IEC 61966-2-1) as an ICC profile, version 2.1 ------------------------------------------------------ */

enum { CURVE = 256, TAGS = 9, PROFILE_MAX = 4096 };
typedef struct Profile { uint8_t b[PROFILE_MAX]; size_t n; } Profile;

static void put_n(Profile *f, uint32_t v, int bytes) {
  for (int i = bytes - 1; i >= 0; i--) f->b[f->n++] = (uint8_t)(v >> (8 * i));
}

static void put_text(Profile *f, const char *s, size_t n) {
  for (size_t i = 0; i < n; i++) f->b[f->n++] = (uint8_t)s[i];
}

static void pad(Profile *f) {
  while (f->n % 4) f->b[f->n++] = 0;
}

static void put_xyz(Profile *f, const uint32_t *fixed) {
  put_text(f, "XYZ \0\0\0\0", 8);
  for (int i = 0; i < 3; i++) put_n(f, fixed[i], 4);
}

static void put_desc(Profile *f, const char *name) {
  size_t n = strlen(name) + 1;
  put_text(f, "desc\0\0\0\0", 8);
  put_n(f, (uint32_t)n, 4);
  put_text(f, name, n);
  f->n += 4 + 4 + 2 + 1 + 67; /* no other scripts */
  pad(f);
}

static void put_curve(Profile *f) {
  put_text(f, "curv\0\0\0\0", 8);
  put_n(f, CURVE, 4);
  for (int i = 0; i < CURVE; i++) {
    double v = (double)i / (CURVE - 1), light = v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
    put_n(f, (uint32_t)(light * 65535 + 0.5), 2);
  }
}

/* White point and primaries as s15Fixed16, adapted to D50. */
static Str profile(Arena *m) {
  static const uint32_t points[4][3] = {{0xF351, 0x10000, 0x116CC}, {0x6FA2, 0x38F5, 0x0390}, {0x6299, 0xB785, 0x18DA}, {0x24A0, 0x0F84, 0xB6CF}};
  static const char tags[TAGS][5] = {"desc", "cprt", "wtpt", "rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC"};
  Profile *f = arena_new(m, Profile);
  size_t at[TAGS + 1], table = 128;
  f->n = table + 4 + TAGS * 12;
  for (int i = 0; i < 7; i++) { /* the three curves are one */
    at[i] = f->n;
    if (i == 0) put_desc(f, "sRGB IEC61966-2.1");
    else if (i == 1) put_text(f, "text\0\0\0\0No copyright\0\0\0", 24);
    else if (i < 6) put_xyz(f, points[i - 2]);
    else put_curve(f);
  }
  at[7] = f->n;
  size_t total = f->n;
  f->n = 0;
  put_n(f, (uint32_t)total, 4);
  put_n(f, 0, 4);
  put_n(f, 0x02100000, 4);
  put_text(f, "mntrRGB XYZ ", 12);
  const uint32_t when[6] = {2019, 6, 28, 0, 0, 0};
  for (int i = 0; i < 6; i++) put_n(f, when[i], 2);
  put_text(f, "acsp", 4);
  f->n = 68;
  const uint32_t d50[3] = {0xF6D6, 0x10000, 0xD32D};
  for (int i = 0; i < 3; i++) put_n(f, d50[i], 4);
  f->n = table;
  put_n(f, TAGS, 4);
  for (int i = 0; i < TAGS; i++) {
    int k = i < 6 ? i : 6;
    put_text(f, tags[i], 4);
    put_n(f, (uint32_t)at[k], 4);
    put_n(f, (uint32_t)(at[k + 1] - at[k]), 4);
  }
  return (Str){.ptr = (const char *)f->b, .len = total};
}

/* ---- XMP ----------------------------------------------------------------------------------------------------- */

static Str xmp(Cx *cx, const Paper *p, Str title) {
  SCOPED(buf_drop) Buf b;
  buf_init(&b, 1 << 16);
  buf_add(&b, S("<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">"
                "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\""
                " xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\""
                " xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\"><pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>"
                "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">"));
  xml__text(&b, title);
  buf_add(&b, S("</rdf:li></rdf:Alt></dc:title><xmp:CreateDate>"));
  buf_add(&b, time_str(cx->mem, p->made));
  buf_fmt(&b, "</xmp:CreateDate><pdf:Producer>cairo %s (https://cairographics.org)</pdf:Producer></rdf:Description></rdf:RDF></x:xmpmeta>\n", cairo_version_string());
  buf_add(&b, S("<?xpacket end=\"r\"?>"));
  return arena_str(cx->mem, buf_str(&b));
}

/* ---- the file ------------------------------------------------------------------------------------------------ */

typedef struct Making { Buf *b; const Pdf *p; size_t *at; } Making; /* at: where each object begins */

static void begin(Making *m, int64_t no) {
  m->at[no] = buf_str(m->b).len;
  buf_fmt(m->b, "%lld 0 obj\n", (long long)no);
}

static void stream_put(Making *m, int64_t no, const char *head, Str bytes) {
  begin(m, no);
  buf_fmt(m->b, "<< %s /Length %zu >>\nstream\n", head, bytes.len);
  buf_add(m->b, bytes);
  buf_add(m->b, S("\nendstream\nendobj\n"));
}

static void objects_put(Making *m, Str meta, Str icc) {
  int64_t n = m->p->size;
  Str root = pdf__object(m->p, m->p->root);
  stream_put(m, n, "/Type /Metadata /Subtype /XML", meta);
  stream_put(m, n + 1, "/N 3", icc);
  begin(m, n + 2);
  buf_fmt(m->b, "<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB IEC61966-2.1) /Info (sRGB IEC61966-2.1)"
                " /RegistryName (http://www.color.org) /DestOutputProfile %lld 0 R >>\nendobj\n", (long long)n + 1);
  begin(m, m->p->root);
  buf_fmt(m->b, "<<%.*s/Metadata %lld 0 R /OutputIntents [%lld 0 R] /Lang (zh-CN) >>\nendobj\n", SFMT(root), (long long)n, (long long)n + 2);
}

Code pdfa__make(Cx *cx, const Paper *p, Str title, Str pdf, Str *out) {
  SCOPED(buf_drop) Buf b;
  Pdf f;
  buf_init(&b, PDF_FILE_MAX);
  if (!pdf__read(pdf, &f)) FAIL(BROKEN, "文书的结构不认识，不能做成归档格式");
  size_t *at = arena_array(cx->mem, size_t, (size_t)f.size + 3);
  Making m = {.b = &b, .p = &f, .at = at};
  for (int64_t i = 1; i < f.size; i++) at[i] = pdf__place(&f, i);
  buf_add(&b, str_sub(pdf, 0, f.xref));
  objects_put(&m, xmp(cx, p, title), profile(cx->mem));
  size_t table = buf_str(&b).len;
  Hash h = hash_bytes(SUITE_GM, buf_str(&b));
  Str id = hex_str(cx->mem, h.b, 16);
  buf_fmt(&b, "xref\n0 %lld\n0000000000 65535 f \n", (long long)f.size + 3);
  for (int64_t i = 1; i < f.size + 3; i++) buf_fmt(&b, "%010zu 00000 n \n", at[i]);
  buf_fmt(&b, "trailer\n<< /Size %lld /Root %lld 0 R /Info %lld 0 R /ID [<%.*s> <%.*s>] >>\nstartxref\n%zu\n%%%%EOF\n", (long long)f.size + 3, (long long)f.root,
          (long long)f.info, SFMT(id), SFMT(id), table);
  if (b.full) FAIL(LIMIT, "文书太大");
  *out = arena_str(cx->mem, buf_str(&b));
  return OK;
}
