/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sheet: a document laid out: pages of marks, each a run of text in one font or a filled shape, in points from the top left corner. It is
 * laid out once and drawn twice: by pdf.c as PDF, by ofd.c as OFD, so that both look the same.
 */
#ifndef SHEET_H
#define SHEET_H

#include "paper/pen.h"

typedef enum MarkKind { MARK_TEXT, MARK_SHAPE } MarkKind;
typedef struct Mark {
  MarkKind kind;
  int page;
  double x, y;            /* text: where its baseline begins */
  double red, green, blue;
  PangoGlyphItem *item;   /* text: a copy */
  Str text;               /* text: the whole of which `item` is a part */
  cairo_path_t *path;     /* shape, filled where it winds round (non-zero) */
} Mark;

struct Sheet {
  Arena *mem;
  Mark *list; size_t count, cap;
  int pages;
  double red, green, blue; /* of what comes next */
};

Sheet *sheet__open(Arena *mem);
void sheet__close(Sheet *s);              /* NULL is fine */
void sheet__page(Sheet *s);
void sheet__colour(Sheet *s, double red, double green, double blue);
/* The lines of a layout whose upper left corner is at x, y. The text is copied. */
void sheet__layout(Sheet *s, PangoLayout *layout, double x, double y);
/* The path of cr as it stands, in its device's points; it is taken from cr. */
void sheet__shape(Sheet *s, cairo_t *cr);
/* pdf.c: the document on sheets. */
Code sheet__make(Cx *cx, const Paper *p, Sheet **out);

#endif
