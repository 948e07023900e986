/* SPDX-License-Identifier: Apache-2.0 */
/* pen: what the files that draw share. */
#ifndef PEN_H
#define PEN_H

#include "paper/paper.h"

#include <cairo-ft.h>
#include <cairo-pdf.h>
#include <pango/pangocairo.h>

/* Points: 1/72 inch. */
#define MM (72.0 / 25.4)

typedef struct Sheet Sheet; /* sheet.h */
typedef struct Pen {
  Cx *cx;
  cairo_t *cr;         /* for paths; NULL while only glyphs are looked for */
  Sheet *sheet;        /* what is laid out */
  PangoContext *pango;
  PangoLayout *layout; /* one for all texts */
  double y;            /* where the next block begins */
  const Paper *paper;
} Pen;

typedef enum Face { FACE_TEXT, FACE_BOLD } Face;

/* The character after that at p, as g_utf8_next_char, which casts const away. */
static inline const char *pen__after(const char *p) {
  return p + g_utf8_skip[(unsigned char)*p];
}

Code pen__open(Cx *cx, const Paper *p, cairo_t *cr, Pen *out);
void pen__close(Pen *pen);
/* Sets the layout to a text; width 0: one line. INVALID when a glyph is missing. The height in *high. */
Code pen__set(Pen *pen, Str text, Face face, double size, double width, double *high);
/* seal.c: centre of the seal. */
Code pen__seal(Pen *pen, double x, double y);
/* seal.c: Paper.stamp across the page. */
Code pen__stamp(Pen *pen, double x, double y);

#endif
