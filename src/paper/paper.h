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

#endif
