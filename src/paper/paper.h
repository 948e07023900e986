/* SPDX-License-Identifier: Apache-2.0 */
/*
 * paper 文书: what goes onto paper, as bytes. Pure: the same description gives the same bytes. It knows nothing of cases
 * and stores; whoever asks says what is written.
 */
#ifndef PAPER_H
#define PAPER_H

#include "base/base.h"

/* ---- QR codes 二维码 (GB/T 18284; qr.c, the only file that includes libqrencode) ---------------------- */

typedef struct QrCode {
  int side;            /* modules, 21 to 177, without the quiet zone */
  const uint8_t *dark; /* side × side, row by row; 1 is dark */
} QrCode;
enum { QR_QUIET = 4 }; /* modules of white around it that readers need */
/* Letters of the QR alphabet take 5.5 bits, others 8. Level M (15 % may be lost) when that needs no more than 105 × 105
 * modules, otherwise L (7 %). LIMIT: longer than one code holds; INVALID: empty. */
Code qr_make(Cx *cx, Str text, QrCode *out);
/* Each of several, the others beside the first, on threads of their own: a large code takes milliseconds. The same errors. */
Code qr_make_all(Cx *cx, const Str *texts, size_t n, QrCode *out);
/* The dark modules as path data of SVG, in modules, quiet zone included: the picture is side + 8 wide and high. */
Str qr_path(Arena *mem, const QrCode *q);

/* ---- documents 文书 (pdf.c, seal.c; cairo and pango are included there only) -------------------------- */

typedef struct PaperRow { Str label, text; } PaperRow;
typedef struct Paper {      /* one document; empty parts are left out */
  Str title;                /* 规划用地许可证 */
  Str number;
  Str addressee;            /* of a letter; a colon follows */
  const Str *paragraphs; size_t paragraph_count; /* indented by two characters */
  const PaperRow *rows; size_t row_count;
  Str heading;              /* of the list */
  const Str *list; size_t list_count;
  const Str *closing; size_t closing_count; /* paragraphs behind the list */
  Str issuer;               /* above the date */
  Str date;                 /* below the seal */
  Str seal;                 /* name around the star of the round seal 专用章, 42 mm */
  Str stamp;                /* across each page, when it is no longer in force: 已撤销 */
  bool sample;              /* 样章: the seal and a line on top say that it proves nothing */
  Str check;                /* how to check it, 核验 */
  const QrCode *codes; size_t code_count;
  Str note;                 /* beside the codes: what they prove */
  int64_t made;             /* ms; the date in the file, never the clock */
} Paper;
/* Is there a glyph for every character? INVALID names the character, with its code point, and the text it stands in. To be
 * asked before a document is issued. Reads the fonts of the machine: a few milliseconds, the first time on a thread 50. */
Code paper_check(Cx *cx, const Paper *p);
/* A4 as PDF with the fonts it needs inside; the text can be selected and searched. The same Paper and fonts give the same
 * bytes. As many pages as it takes. INVALID as above: a box instead of a character is never printed. */
Code paper_pdf(Cx *cx, const Paper *p, Str *out);

/* The same document as OFD (GB/T 33190-2016), with the same look: one layout is written twice. Fonts are inside, cut down to what is used. As above
 * the same Paper and fonts give the same bytes. */
Code paper_ofd(Cx *cx, const Paper *p, Str *out);

/* ---- signatures of the installation (sign.c) ------------------------------------------------------------ */

/* The keys with which documents are signed when they are given out: P-256 with a certificate that it signs itself, and SM2. They say that
 * this installation made the file; what a certificate proves by law is the seal's and the journal's matter. Not pure: signatures are random.
 * May be used by several threads at once. */
typedef struct Sealer Sealer;
/* A key file (PEM: P-256 key, its certificate for ten years, SM2 key) in the name of `name`. Keep it with mode 0600. */
Code sealer_make(Cx *cx, Str name, Str *secret);
Code sealer_open(Cx *cx, Str secret, Sealer **out); /* INVALID: not such a file */
void sealer_close(Sealer *s);                       /* NULL is fine */
Str sealer_name(const Sealer *s);
Str sealer_certificate(const Sealer *s);            /* PEM, for those who check */
Str sealer_sm2_public(const Sealer *s);             /* PEM */
/* A PDF of paper_pdf with a PAdES signature (ETSI EN 319 142-1) as an incremental update; `when` and `reason` stand in it. */
Code sealer_pdf(Cx *cx, const Sealer *s, Str pdf, int64_t when, Str reason, Str *out);
/* An SM2 signature with SM3 over any bytes, DER, identity 1234567812345678. */
Code sealer_detached(Cx *cx, const Sealer *s, Str bytes, Str *der);
bool sealer_holds(const Sealer *s, Str bytes, Str der); /* such a signature of these bytes, by this key; DER without a byte too many */

#endif
