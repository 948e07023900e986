/* SPDX-License-Identifier: Apache-2.0 */
/* fonts.c: which fonts a sheet uses, and their used part by HarfBuzz. */
#include "paper/fonts.h"

#include <stdlib.h>

/* ---- which ------------------------------------------------------------------------------------------ */

const Font *fonts__of(const Fonts *fonts, PangoFont *font) {
  PangoFontFace *face = pango_font_get_face(font);
  for (size_t i = 0; i < fonts->count; i++)
    if (fonts->list[i].face == face) return &fonts->list[i];
  return NULL;
}

static const Font *font_add(Fonts *fonts, PangoFont *font) {
  const Font *known = fonts__of(fonts, font);
  if (known || fonts->count == FONTS_MAX) return known;
  Font *f = &fonts->list[fonts->count++];
  PangoFontDescription *d = pango_font_describe(font);
  *f = (Font){.face = pango_font_get_face(font), .hb = hb_font_get_face(pango_font_get_hb_font(font)), .chars = hb_set_create(), .glyphs = hb_set_create()};
  f->bold = pango_font_description_get_weight(d) >= PANGO_WEIGHT_SEMIBOLD;
  f->name = arena_fmt(fonts->cx->mem, "%s%s", pango_font_description_get_family(d), f->bold ? " Bold" : "");
  pango_font_description_free(d);
  return f;
}

bool fonts__collect(Fonts *fonts, Cx *cx, const Sheet *s) {
  *fonts = (Fonts){.cx = cx};
  for (size_t i = 0; i < s->count; i++) {
    const Mark *m = &s->list[i];
    if (m->kind != MARK_TEXT) continue;
    const Font *f = font_add(fonts, m->item->item->analysis.font);
    if (!f) return false;
    const char *p = m->text.ptr + m->item->item->offset, *end = p + m->item->item->length;
    for (; p < end; p = pen__after(p)) hb_set_add(f->chars, g_utf8_get_char(p));
    for (int k = 0; k < m->item->glyphs->num_glyphs; k++)
      if (m->item->glyphs->glyphs[k].glyph != PANGO_GLYPH_EMPTY) hb_set_add(f->glyphs, m->item->glyphs->glyphs[k].glyph);
  }
  return true;
}

void fonts__drop(Fonts *fonts) {
  for (size_t i = 0; i < fonts->count; i++) {
    hb_set_destroy(fonts->list[i].chars);
    hb_set_destroy(fonts->list[i].glyphs);
    hb_map_destroy(fonts->list[i].numbers);
    if (fonts->list[i].cut) cairo_font_face_destroy(fonts->list[i].cut);
  }
  fonts->count = 0;
}

/* ---- their used part -------------------------------------------------------------------------------- */

/* By characters, or by glyphs: then nothing but their outlines is kept. */
static hb_subset_input_t *input_of(const Font *f, bool glyphs) {
  static const char *const layout[] = {"GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx"};
  hb_subset_input_t *input = hb_subset_input_create_or_fail();
  REQUIRE(input != NULL);
  hb_subset_input_set_flags(input, HB_SUBSET_FLAGS_DESUBROUTINIZE);
  hb_set_union(glyphs ? hb_subset_input_glyph_set(input) : hb_subset_input_unicode_set(input), glyphs ? f->glyphs : f->chars);
  for (size_t i = 0; glyphs && i < COUNT(layout); i++) hb_set_add(hb_subset_input_set(input, HB_SUBSET_SETS_DROP_TABLE_TAG), hb_tag_from_string(layout[i], 4));
  return input;
}

/* `numbers`, unless NULL, gets the map from the glyphs of the font to those of its part. NULL: it cannot be cut. */
static hb_blob_t *cut(const Font *f, hb_map_t **numbers) {
  hb_subset_input_t *input = input_of(f, numbers != NULL);
  hb_subset_plan_t *plan = hb_subset_plan_create_or_fail(f->hb, input);
  hb_face_t *small = plan ? hb_subset_plan_execute_or_fail(plan) : NULL;
  hb_blob_t *blob = small ? hb_face_reference_blob(small) : NULL;
  if (numbers && blob) *numbers = hb_map_copy(hb_subset_plan_old_to_new_glyph_mapping(plan));
  hb_face_destroy(small);
  hb_subset_plan_destroy(plan);
  hb_subset_input_destroy(input);
  return blob;
}

Code fonts__cut(Cx *cx, const Font *f, Str *out) {
  hb_blob_t *blob = cut(f, NULL);
  unsigned n = 0;
  if (!blob) FAIL(BROKEN, "字体“%.*s”裁不出用到的字", SFMT(f->name));
  const char *p = hb_blob_get_data(blob, &n);
  *out = arena_str(cx->mem, (Str){.ptr = p, .len = n});
  hb_blob_destroy(blob);
  return OK;
}

/* ---- for cairo ---------------------------------------------------------------------------------------- */

typedef struct Opened { FT_Library lib; FT_Face face; hb_blob_t *blob; } Opened;

static void opened_drop(void *arg) {
  Opened *o = arg;
  if (o->face) FT_Done_Face(o->face);
  if (o->lib) FT_Done_FreeType(o->lib);
  hb_blob_destroy(o->blob);
  free(o);
}

/* cairo keeps the last 256 sizes of faces; what a face rests on goes with it. */
static cairo_font_face_t *face_open(Font *f) {
  static const cairo_user_data_key_t key;
  Opened *o = calloc(1, sizeof *o);
  REQUIRE(o != NULL);
  o->blob = cut(f, &f->numbers);
  unsigned n = 0;
  const char *p = o->blob ? hb_blob_get_data(o->blob, &n) : NULL;
  if (!p || FT_Init_FreeType(&o->lib) || FT_New_Memory_Face(o->lib, (const FT_Byte *)p, (FT_Long)n, 0, &o->face)) {
    opened_drop(o);
    return NULL;
  }
  cairo_font_face_t *face = cairo_ft_font_face_create_for_ft_face(o->face, FT_LOAD_NO_HINTING);
  if (cairo_font_face_set_user_data(face, &key, o, opened_drop) == CAIRO_STATUS_SUCCESS) return face;
  cairo_font_face_destroy(face);
  opened_drop(o);
  return NULL;
}

void fonts__open(Fonts *fonts) {
  for (size_t i = 0; i < fonts->count; i++) fonts->list[i].cut = face_open(&fonts->list[i]);
}
