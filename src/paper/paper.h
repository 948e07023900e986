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

#endif
