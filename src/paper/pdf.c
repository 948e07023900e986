/* SPDX-License-Identifier: Apache-2.0 */
/* pdf.c: a document from top to bottom on A4. */
#include "paper/fonts.h"
#include "paper/pdffile.h"

#define WIDE (210 * MM)
#define TALL (297 * MM)
#define LEFT (26 * MM)
#define TOP (20 * MM)
#define BOTTOM (TALL - 18 * MM)
#define TEXT_WIDE (WIDE - 2 * LEFT)
#define LABEL_WIDE (38 * MM)
#define CODE_WIDE (60 * MM)
#define LETTER 14.0 /* size of a letter's text */
enum { PDF_MAX = 16 << 20 };

/* ---- blocks ------------------------------------------------------------------------------------- */

static void ink(Pen *pen, double x, double y) {
  sheet__layout(pen->sheet, pen->layout, x, y);
}

/* A block that does not fit begins the next page, which says what it belongs to. */
static Code room_for(Pen *pen, double high) {
  Str text = arena_fmt(pen->cx->mem, "%.*s　%.*s（续）", SFMT(pen->paper->title), SFMT(pen->paper->number));
  if (pen->y + high <= BOTTOM) return OK;
  sheet__page(pen->sheet);
  pen->y = TOP;
  TRY(pen__stamp(pen, WIDE / 2, TALL / 2));
  TRY(pen__set(pen, text, FACE_TEXT, 9, TEXT_WIDE, &high));
  ink(pen, LEFT, pen->y);
  pen->y += high + 4 * MM;
  return OK;
}

static Code paragraph(Pen *pen, Str text, Face face, double size, double left, double wide, double gap) {
  double high;
  if (!text.len) return OK;
  TRY(pen__set(pen, text, face, size, wide, &high));
  if (pen->y + high > BOTTOM) {
    TRY(room_for(pen, high));
    TRY(pen__set(pen, text, face, size, wide, &high));
  }
  ink(pen, left, pen->y);
  pen->y += high + gap;
  return OK;
}

static Code centred(Pen *pen, Str text, Face face, double size, double gap) {
  pango_layout_set_alignment(pen->layout, PANGO_ALIGN_CENTER);
  Code code = paragraph(pen, text, face, size, LEFT, TEXT_WIDE, gap);
  pango_layout_set_alignment(pen->layout, PANGO_ALIGN_LEFT);
  return code;
}

static void rule(Pen *pen) {
  cairo_new_path(pen->cr);
  cairo_rectangle(pen->cr, LEFT, pen->y - 0.25, TEXT_WIDE, 0.5);
  sheet__shape(pen->sheet, pen->cr);
}

/* How many bytes of what the layout holds are whole lines within `room`. */
static size_t lines_within(Pen *pen, double room) {
  PangoLayoutIter *it = pango_layout_get_iter(pen->layout);
  size_t bytes = 0;
  bool more = true;
  while (more) {
    const PangoLayoutLine *line = pango_layout_iter_get_line_readonly(it);
    int top, bottom;
    pango_layout_iter_get_line_yrange(it, &top, &bottom);
    if ((double)bottom / PANGO_SCALE > room) break;
    bytes = (size_t)(line->start_index + line->length);
    more = pango_layout_iter_next_line(it);
  }
  pango_layout_iter_free(it);
  return bytes;
}

#define ROW_SIZE 11.5
#define ROW_PAD (1.4 * MM)
#define ROW_LONG (60 * MM)  /* higher than this it goes on over the page; else it stands on one page */
#define ROW_LEAST (30 * MM) /* of a long one that begins on a page */

/* What of `rest` stands on this page; taken off it. */
static Code row_part(Pen *pen, Str label, Str *rest) {
  const double wide = TEXT_WIDE - LABEL_WIDE, side = LABEL_WIDE - 2 * MM;
  double high, beside, ignored;
  TRY(pen__set(pen, label, FACE_TEXT, ROW_SIZE, side, &beside));
  TRY(pen__set(pen, *rest, FACE_TEXT, ROW_SIZE, wide, &high));
  Str now = *rest;
  if (high > ROW_LONG && pen->y + high + 2 * ROW_PAD > BOTTOM) {
    if (BOTTOM - pen->y < ROW_LEAST + 2 * ROW_PAD) TRY(room_for(pen, TALL));
    TRY(pen__set(pen, *rest, FACE_TEXT, ROW_SIZE, wide, &high));
    now = str_sub(*rest, 0, lines_within(pen, BOTTOM - pen->y - 2 * ROW_PAD));
    TRY(pen__set(pen, now, FACE_TEXT, ROW_SIZE, wide, &high));
  }
  if (beside > high) high = beside;
  TRY(room_for(pen, high + 2 * ROW_PAD));
  rule(pen);
  TRY(pen__set(pen, label, FACE_TEXT, ROW_SIZE, side, &ignored));
  ink(pen, LEFT, pen->y + ROW_PAD);
  TRY(pen__set(pen, now, FACE_TEXT, ROW_SIZE, wide, &ignored));
  ink(pen, LEFT + LABEL_WIDE, pen->y + ROW_PAD);
  pen->y += high + 2 * ROW_PAD;
  *rest = str_trim(str_sub(*rest, now.len, SIZE_MAX));
  return OK;
}

static Code row(Pen *pen, const PaperRow *r) {
  Str rest = r->text;
  TRY(row_part(pen, r->label, &rest));
  while (rest.len) TRY(row_part(pen, arena_fmt(pen->cx->mem, "%.*s（续）", SFMT(r->label)), &rest));
  return OK;
}

static void code_draw(Pen *pen, const QrCode *q, double x, double y) {
  cairo_t *cr = pen->cr;
  double module = CODE_WIDE / (q->side + 2 * QR_QUIET);
  cairo_new_path(cr);
  for (int row = 0; row < q->side; row++)
    for (int col = 0, end; col < q->side; col = end) {
      const uint8_t *line = q->dark + (size_t)row * (size_t)q->side;
      end = col + 1;
      while (end < q->side && line[end] == line[col]) end++;
      if (line[col])
        cairo_rectangle(cr, x + (col + QR_QUIET) * module, y + (row + QR_QUIET) * module, (end - col) * module, module);
    }
  sheet__shape(pen->sheet, cr);
}

/* ---- the document ------------------------------------------------------------------------------- */

/* Letters: lines wider apart than in a table, each paragraph two characters in. */
static Code paragraphs(Pen *pen, const Str *list, size_t n) {
  for (size_t i = 0; i < n; i++)
    TRY(paragraph(pen, arena_fmt(pen->cx->mem, "　　%.*s", SFMT(list[i])), FACE_TEXT, LETTER, LEFT, TEXT_WIDE, 2 * MM));
  if (n) pen->y += 3 * MM;
  return OK;
}

static Code letter(Pen *pen) {
  const Paper *p = pen->paper;
  if (p->addressee.len) TRY(paragraph(pen, arena_fmt(pen->cx->mem, "%.*s：", SFMT(p->addressee)), FACE_TEXT, LETTER, LEFT, TEXT_WIDE, 2 * MM));
  return paragraphs(pen, p->paragraphs, p->paragraph_count);
}

static Code head(Pen *pen) {
  const Paper *p = pen->paper;
  pen->y = TOP;
  TRY(pen__stamp(pen, WIDE / 2, TALL / 2));
  if (p->sample) TRY(centred(pen, S("样章：演示系统开具，项目和人员都是示例，不具有法律效力"), FACE_TEXT, 10, 8 * MM));
  TRY(centred(pen, p->title, FACE_BOLD, 24, 3 * MM));
  if (p->number.len) TRY(centred(pen, arena_fmt(pen->cx->mem, "编号：%.*s", SFMT(p->number)), FACE_TEXT, 12, 7 * MM));
  TRY(letter(pen));
  for (size_t i = 0; i < p->row_count; i++) TRY(row(pen, &p->rows[i]));
  if (p->row_count) rule(pen);
  pen->y += 5 * MM;
  return OK;
}

static Code list(Pen *pen) {
  const Paper *p = pen->paper;
  TRY(paragraph(pen, p->heading, FACE_BOLD, 13, LEFT, TEXT_WIDE, 2 * MM));
  for (size_t i = 0; i < p->list_count; i++) {
    Str line = arena_fmt(pen->cx->mem, "%zu. %.*s", i + 1, SFMT(p->list[i]));
    TRY(paragraph(pen, line, FACE_TEXT, p->row_count ? 10.5 : 12, LEFT + 3 * MM, TEXT_WIDE - 3 * MM, 1.2 * MM));
  }
  pen->y += 4 * MM;
  return paragraphs(pen, p->closing, p->closing_count);
}

/* One line, its middle at x; a long one ends at the right edge. */
static Code below(Pen *pen, Str text, double x, double y) {
  double high;
  PangoRectangle box;
  if (!text.len) return OK;
  TRY(pen__set(pen, text, FACE_TEXT, 12, 0, &high));
  pango_layout_get_extents(pen->layout, NULL, &box);
  double wide = (double)box.width / PANGO_SCALE, left = x - wide / 2;
  if (left + wide > LEFT + TEXT_WIDE) left = LEFT + TEXT_WIDE - wide;
  ink(pen, left, y);
  return OK;
}

/* Seal and date to the right, the first code to the left of them; more codes below. */
static Code foot(Pen *pen) {
  const Paper *p = pen->paper;
  const double centre = LEFT + TEXT_WIDE - 26 * MM;
  double wide = CODE_WIDE;
  TRY(room_for(pen, p->code_count ? CODE_WIDE + 24 * MM : 50 * MM)); /* with what is said below: together on one page */
  double top = pen->y;
  TRY(below(pen, p->issuer, centre, top + 26 * MM));
  TRY(below(pen, p->date, centre, top + 34 * MM));
  if (p->seal.len) TRY(pen__seal(pen, centre, top + 24 * MM));
  for (size_t i = 0; i < p->code_count; i++) {
    if (i > 2 && i % 2 == 1) pen->y += wide;
    if (i % 2 == 1) TRY(room_for(pen, wide));
    code_draw(pen, &p->codes[i], LEFT + (i == 0 ? 0 : (double)((i - 1) % 2) * wide), i ? pen->y : top);
    if (i == 0) pen->y = top + wide;
  }
  if (p->code_count > 1) pen->y += wide;
  if (!p->code_count) pen->y = top + 48 * MM;
  pen->y += 2 * MM;
  TRY(paragraph(pen, p->check, FACE_TEXT, 10, LEFT, TEXT_WIDE, 1.5 * MM));
  return paragraph(pen, p->note, FACE_TEXT, 9, LEFT, TEXT_WIDE, 0);
}

static cairo_status_t put(void *arg, const unsigned char *p, unsigned n) {
  Buf *b = arg;
  buf_add_n(b, p, n);
  return b->full ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

/* Paths are made on a surface of which nothing is kept. */
Code sheet__make(Cx *cx, const Paper *p, Sheet **out) {
  Pen pen;
  cairo_surface_t *s = cairo_recording_surface_create(CAIRO_CONTENT_ALPHA, NULL);
  cairo_t *cr = cairo_create(s);
  Sheet *sheet = *out = sheet__open(cx->mem);
  Code code = pen__open(cx, p, cr, &pen);
  if (code == OK) {
    pen.sheet = sheet;
    code = head(&pen);
    if (code == OK) code = list(&pen);
    if (code == OK) code = foot(&pen);
    pen__close(&pen);
  }
  cairo_destroy(cr);
  cairo_surface_destroy(s);
  return code;
}

/* One run: each cluster with the characters it stands for, so that they can be found and copied. */
static void text_draw(cairo_t *cr, const Mark *m, const Font *f) {
  enum { RUN_MAX = 512 };
  cairo_glyph_t glyphs[RUN_MAX];
  cairo_text_cluster_t clusters[RUN_MAX];
  PangoGlyphItemIter it;
  int n = 0, c = 0;
  double x = m->x;
  const PangoItem *item = m->item->item;
  for (gboolean more = pango_glyph_item_iter_init_start(&it, m->item, m->text.ptr); more && c < RUN_MAX; more = pango_glyph_item_iter_next_cluster(&it)) {
    int first = n;
    for (int g = it.start_glyph; g < it.end_glyph && n < RUN_MAX; g++) {
      const PangoGlyphInfo *info = &m->item->glyphs->glyphs[g];
      double dx = (double)info->geometry.x_offset / PANGO_SCALE, dy = (double)info->geometry.y_offset / PANGO_SCALE;
      if (info->glyph != PANGO_GLYPH_EMPTY) glyphs[n++] = (cairo_glyph_t){hb_map_get(f->numbers, info->glyph), x + dx, m->y + dy};
      x += (double)info->geometry.width / PANGO_SCALE;
    }
    clusters[c++] = (cairo_text_cluster_t){it.end_index - it.start_index, n - first};
  }
  PangoFontDescription *d = pango_font_describe_with_absolute_size(item->analysis.font);
  cairo_set_font_face(cr, f->cut);
  cairo_set_font_size(cr, (double)pango_font_description_get_size(d) / PANGO_SCALE);
  pango_font_description_free(d);
  cairo_show_text_glyphs(cr, m->text.ptr + item->offset, item->length, glyphs, n, clusters, c, 0);
}

static void mark_draw(cairo_t *cr, const Mark *m, const Fonts *fonts) {
  const Font *f = m->kind == MARK_TEXT ? fonts__of(fonts, m->item->item->analysis.font) : NULL;
  cairo_set_source_rgb(cr, m->red, m->green, m->blue);
  if (f && f->cut && m->item->glyphs->num_glyphs <= 512) {
    text_draw(cr, m, f);
    return;
  }
  if (m->kind == MARK_TEXT) {
    cairo_move_to(cr, m->x, m->y);
    pango_cairo_show_glyph_item(cr, m->text.ptr, m->item);
    return;
  }
  cairo_new_path(cr);
  cairo_append_path(cr, m->path);
  cairo_fill(cr);
}

static void sheet_draw(cairo_t *cr, const Sheet *s, const Fonts *fonts) {
  cairo_font_options_t *o = cairo_font_options_create();
  int page = 0;
  cairo_font_options_set_hint_metrics(o, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_hint_style(o, CAIRO_HINT_STYLE_NONE);
  cairo_set_font_options(cr, o);
  cairo_font_options_destroy(o);
  for (size_t i = 0; i < s->count; i++) {
    for (; page < s->list[i].page; page++) cairo_show_page(cr);
    mark_draw(cr, &s->list[i], fonts);
  }
}

static Code pdf_write(Cx *cx, const Paper *p, const Sheet *sheet, Str *out) {
  SCOPED(buf_drop) Buf b;
  buf_init(&b, PDF_MAX);
  cairo_surface_t *s = cairo_pdf_surface_create_for_stream(put, &b, WIDE, TALL);
  Str title = arena_fmt(cx->mem, "%.*s %.*s", SFMT(p->title), SFMT(p->number));
  cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_TITLE, arena_z(cx->mem, title));
  cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATE_DATE, arena_z(cx->mem, time_str(cx->mem, p->made)));
  cairo_t *cr = cairo_create(s);
  Fonts fonts;
  if (fonts__collect(&fonts, cx, sheet)) fonts__open(&fonts); /* too many of them: they come as they are */
  sheet_draw(cr, sheet, &fonts);
  cairo_status_t status = cairo_status(cr);
  cairo_destroy(cr);
  cairo_surface_finish(s);
  fonts__drop(&fonts);
  if (!status) status = cairo_surface_status(s);
  cairo_surface_destroy(s);
  if (status) FAIL(BROKEN, "文书画不出来：%s", cairo_status_to_string(status));
  return pdfa__make(cx, p, title, buf_str(&b), out);
}

Code paper_pdf(Cx *cx, const Paper *p, Str *out) {
  Sheet *sheet = NULL;
  Code code = sheet__make(cx, p, &sheet);
  if (code == OK) code = pdf_write(cx, p, sheet, out);
  sheet__close(sheet);
  return code;
}

/* ---- glyphs ------------------------------------------------------------------------------------- */

static Code texts_check(Pen *pen, const Paper *p) {
  const Str single[] = {p->title, p->number, p->addressee, p->heading, p->issuer, p->date, p->seal, p->stamp, p->check, p->note};
  double high;
  for (size_t i = 0; i < COUNT(single); i++) TRY(pen__set(pen, single[i], FACE_TEXT, 12, 0, &high));
  for (size_t i = 0; i < p->row_count; i++) {
    TRY(pen__set(pen, p->rows[i].label, FACE_TEXT, 12, 0, &high));
    TRY(pen__set(pen, p->rows[i].text, FACE_TEXT, 12, 0, &high));
  }
  for (size_t i = 0; i < p->list_count; i++) TRY(pen__set(pen, p->list[i], FACE_TEXT, 12, 0, &high));
  for (size_t i = 0; i < p->paragraph_count; i++) TRY(pen__set(pen, p->paragraphs[i], FACE_TEXT, 12, 0, &high));
  for (size_t i = 0; i < p->closing_count; i++) TRY(pen__set(pen, p->closing[i], FACE_TEXT, 12, 0, &high));
  return OK;
}

Code paper_check(Cx *cx, const Paper *p) {
  Pen pen;
  TRY(pen__open(cx, p, NULL, &pen));
  Code code = texts_check(&pen, p);
  pen__close(&pen);
  return code;
}
