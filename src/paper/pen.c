/* SPDX-License-Identifier: Apache-2.0 */
/* pen.c: texts with their fonts, and the search for glyphs that no font has. */
#include "paper/pen.h"

/* Both have 20 976 of the 20 992 characters of the URO and 2 365 beyond the BMP; what they lack, pango looks for in the other
 * fonts of the machine. */
static const char family[] = "Noto Serif CJK SC, Noto Sans CJK SC, serif";

Code pen__open(Cx *cx, const Paper *p, cairo_t *cr, Pen *out) {
  PangoFontMap *map = pango_cairo_font_map_get_default(); /* one a thread, and kept */
  cairo_font_options_t *o = cairo_font_options_create();
  *out = (Pen){.cx = cx, .cr = cr, .pango = pango_font_map_create_context(map), .paper = p};
  REQUIRE(o != NULL && out->pango != NULL);
  /* Lines break where the glyphs of the font say, not where some screen would. */
  cairo_font_options_set_hint_metrics(o, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_hint_style(o, CAIRO_HINT_STYLE_NONE);
  pango_cairo_context_set_font_options(out->pango, o);
  cairo_font_options_destroy(o);
  pango_context_set_language(out->pango, pango_language_from_string("zh-cn"));
  out->layout = pango_layout_new(out->pango);
  pango_layout_set_wrap(out->layout, PANGO_WRAP_WORD_CHAR);
  /* No ligatures: each character has its own glyph, as OFD counts them. */
  PangoAttrList *plain = pango_attr_list_new();
  pango_attr_list_insert(plain, pango_attr_font_features_new("liga=0,clig=0,dlig=0,kern=1"));
  pango_layout_set_attributes(out->layout, plain);
  pango_attr_list_unref(plain);
  return OK;
}

void pen__close(Pen *pen) {
  g_object_unref(pen->layout);
  g_object_unref(pen->pango);
}

/* The first character that has none, with where it stands. */
static Code glyph_missing(Pen *pen, Str text) {
  Cx *cx = pen->cx;
  const char *p = text.ptr, *end = text.ptr + text.len;
  while (p < end) {
    const char *next = pen__after(p);
    pango_layout_set_text(pen->layout, p, (int)(next - p));
    if (pango_layout_get_unknown_glyphs_count(pen->layout)) break;
    p = next;
  }
  if (p >= end) FAIL(INVALID, "“%.*s”里有字体不能排的字，文书不能开具。", SFMT(text)); /* only together with its neighbours */
  FAIL(INVALID, "“%.*s”里的“%.*s”（U+%04X）现有字体都没有，印出来会是方框，文书不能开具。请安装收有这个字的字体，或先更正名称。",
       SFMT(text), (int)(pen__after(p) - p), p, (unsigned)g_utf8_get_char(p));
}

Code pen__set(Pen *pen, Str text, Face face, double size, double width, double *high) {
  PangoFontDescription *font = pango_font_description_from_string(family);
  int w, h;
  pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
  pango_font_description_set_weight(font, face == FACE_BOLD ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description(pen->layout, font);
  pango_font_description_free(font);
  pango_layout_set_width(pen->layout, width > 0 ? (int)(width * PANGO_SCALE) : -1);
  pango_layout_set_line_spacing(pen->layout, 1.1F);
  pango_layout_set_text(pen->layout, text.ptr, (int)text.len);
  if (pango_layout_get_unknown_glyphs_count(pen->layout)) return glyph_missing(pen, text);
  pango_layout_get_size(pen->layout, &w, &h);
  *high = (double)h / PANGO_SCALE;
  return OK;
}
