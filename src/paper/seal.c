/* SPDX-License-Identifier: Apache-2.0 */
/* seal.c: the round seal 专用章, drawn: ring, star, the name along the ring. Shapes, not text: it is a picture. */
#include "paper/sheet.h"

#include <math.h>

static void star(Sheet *s, cairo_t *cr, double r) {
  for (int i = 0; i < 10; i++) {
    double a = -G_PI_2 + i * G_PI / 5, d = i % 2 ? r * 0.382 : r;
    cairo_line_to(cr, d * cos(a), d * sin(a));
  }
  cairo_close_path(cr);
  sheet__shape(s, cr);
}

/* A character with its middle at the origin. */
static Code glyph(Pen *pen, Str c, double size) {
  double high;
  PangoRectangle ink;
  TRY(pen__set(pen, c, FACE_BOLD, size, 0, &high));
  pango_layout_get_extents(pen->layout, &ink, NULL);
  cairo_move_to(pen->cr, -(ink.x + ink.width / 2.0) / PANGO_SCALE, -(ink.y + ink.height / 2.0) / PANGO_SCALE);
  pango_cairo_layout_path(pen->cr, pen->layout);
  sheet__shape(pen->sheet, pen->cr);
  return OK;
}

/* Over 250 degrees, the middle of the name on top. */
static Code name_round(Pen *pen, Str name, double r) {
  const double whole = 250 * G_PI / 180;
  long n = g_utf8_strlen(name.ptr, (gssize)name.len);
  const char *p = name.ptr;
  double step = n > 1 ? whole / (double)(n - 1) : 0, size = fmin(r * 0.27, r * step * 0.92);
  if (n < 2) size = r * 0.27;
  for (long i = 0; i < n; i++) {
    const char *next = pen__after(p);
    cairo_save(pen->cr);
    cairo_rotate(pen->cr, n > 1 ? (double)i * step - whole / 2 : 0);
    cairo_translate(pen->cr, 0, -r * 0.76);
    TRY(glyph(pen, (Str){.ptr = p, .len = (size_t)(next - p)}, size));
    cairo_restore(pen->cr);
    p = next;
  }
  return OK;
}

Code pen__seal(Pen *pen, double x, double y) {
  const double r = 21 * MM;
  cairo_t *cr = pen->cr;
  cairo_save(cr);
  cairo_translate(cr, x, y);
  sheet__colour(pen->sheet, 0.702, 0.086, 0.106); /* the red of the page's seal */
  cairo_new_path(cr); /* what was written before left a point */
  cairo_arc(cr, 0, 0, r, 0, 2 * G_PI);
  cairo_close_path(cr);
  cairo_new_sub_path(cr);
  cairo_arc_negative(cr, 0, 0, r - 1.2 * MM, 2 * G_PI, 0); /* the other way round: a hole, for readers that know one rule of filling */
  cairo_close_path(cr);
  sheet__shape(pen->sheet, cr);
  star(pen->sheet, cr, r * 0.33);
  TRY(name_round(pen, pen->paper->seal, r));
  if (pen->paper->sample) {
    cairo_translate(cr, 0, -r * 0.47);
    TRY(glyph(pen, S("样 章"), r * 0.17));
  }
  cairo_restore(cr);
  sheet__colour(pen->sheet, 0, 0, 0);
  return OK;
}

/* In outlines, light enough to read what lies under it. */
Code pen__stamp(Pen *pen, double x, double y) {
  const double size = 44 * MM;
  Code code;
  if (!pen->paper->stamp.len) return OK;
  cairo_save(pen->cr);
  cairo_translate(pen->cr, x, y);
  cairo_rotate(pen->cr, -G_PI / 6);
  sheet__colour(pen->sheet, 0.965, 0.86, 0.86);
  code = glyph(pen, pen->paper->stamp, size);
  cairo_restore(pen->cr);
  sheet__colour(pen->sheet, 0, 0, 0);
  return code;
}
