/* SPDX-License-Identifier: Apache-2.0 */
/* fonts: the fonts of a sheet, cut down to what it uses. Noto's licence (SIL OFL 1.1) allows that. */
#ifndef FONTS_H
#define FONTS_H

#include "paper/sheet.h"

#include <hb-subset.h>

enum { FONTS_MAX = 12 };
typedef struct Font {     /* one font of a document */
  PangoFontFace *face;
  hb_face_t *hb;
  hb_set_t *chars, *glyphs; /* what is used of it */
  Str name;
  bool bold;
  cairo_font_face_t *cut; /* opened by fonts__open; NULL: as the machine has it */
  hb_map_t *numbers;      /* which glyph has which number in it */
} Font;
typedef struct Fonts { Cx *cx; Font list[FONTS_MAX]; size_t count; } Fonts;

bool fonts__collect(Fonts *fonts, Cx *cx, const Sheet *s); /* false: there are more fonts than there is room for */
void fonts__drop(Fonts *fonts);
const Font *fonts__of(const Fonts *fonts, PangoFont *font); /* NULL: not collected */
Code fonts__cut(Cx *cx, const Font *f, Str *out); /* the file of the used part, in which characters find their glyphs */
/* Opens the used part of each for cairo, which then needs to leave nothing out by itself: cairo 1.16 keeps all subroutines of a font. */
void fonts__open(Fonts *fonts);

#endif
