/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ofd.c: a document as OFD (GB/T 33190-2016): a zip of XML, millimetres from the upper left corner. The sheet that the PDF is drawn from is written
 * out: texts with the place of each character, shapes as paths. Fonts are inside, cut down to the characters that are used; Noto CJK
 * allows that (SIL OFL 1.1).
 */
#include "paper/fonts.h"
#include "paper/xml.h"

enum { XML_MAX = 16 << 20 };
#define NS " xmlns:ofd=\"http://www.ofdspec.org/2016\""

typedef struct Ofd {
  Cx *cx;
  const Sheet *sheet;
  Fonts fonts;
  int id;                 /* the last one given */
} Ofd;

/* ---- its parts ------------------------------------------------------------------------------------------- */

static double mm(double points) {
  return points / MM;
}

static int percent(double part) {
  return (int)(part * 255 + 0.5);
}

static void colour_put(Buf *b, const Mark *m) {
  buf_fmt(b, "<ofd:FillColor Value=\"%d %d %d\"/>", percent(m->red), percent(m->green), percent(m->blue));
}

/* Where each character begins after the one before; the sheet has one glyph a character, or a mark above another without width. */
static size_t advances(const PangoGlyphItem *item, double *out, size_t max) {
  const PangoGlyphString *g = item->glyphs;
  size_t n = 0;
  for (int i = 0; i < g->num_glyphs && n < max; i++) out[n++] = (double)g->glyphs[i].geometry.width / PANGO_SCALE;
  return n;
}

static void text_mark(Ofd *o, Buf *b, const Mark *m) {
  enum { CHARS_MAX = 400 };
  double step[CHARS_MAX], wide = 0;
  const PangoItem *item = m->item->item;
  Str text = str_sub(m->text, (size_t)item->offset, (size_t)item->length);
  PangoFontDescription *d = pango_font_describe_with_absolute_size(item->analysis.font);
  double size = (double)pango_font_description_get_size(d) / PANGO_SCALE;
  pango_font_description_free(d);
  size_t n = advances(m->item, step, CHARS_MAX), chars = (size_t)g_utf8_strlen(text.ptr, (gssize)text.len);
  for (size_t i = 0; i < n; i++) wide += step[i];
  const Font *f = fonts__of(&o->fonts, item->analysis.font);
  buf_fmt(b, "<ofd:TextObject ID=\"%d\" Boundary=\"%.3f %.3f %.3f %.3f\" Font=\"%d\" Size=\"%.3f\"%s>", ++o->id, mm(m->x), mm(m->y - size), mm(wide + size / 4),
          mm(size * 1.4), (int)(f - o->fonts.list) + 1, mm(size), f->bold ? " Weight=\"700\"" : "");
  colour_put(b, m);
  buf_fmt(b, "<ofd:TextCode X=\"0\" Y=\"%.3f\"", mm(size));
  if (chars > 1) {
    buf_add(b, S(" DeltaX=\""));
    for (size_t i = 0; i + 1 < chars; i++) buf_fmt(b, "%s%.3f", i ? " " : "", mm(i < n ? step[i] : size));
    buf_char(b, '"');
  }
  buf_char(b, '>');
  xml__text(b, text);
  buf_add(b, S("</ofd:TextCode></ofd:TextObject>\n"));
}

static void shape_mark(Ofd *o, Buf *b, const Mark *m) {
  static const struct { int letter; int points; } ops[] = {[CAIRO_PATH_MOVE_TO] = {'M', 1}, [CAIRO_PATH_LINE_TO] = {'L', 1},
                                                           [CAIRO_PATH_CURVE_TO] = {'B', 3}, [CAIRO_PATH_CLOSE_PATH] = {'C', 0}};
  buf_fmt(b, "<ofd:PathObject ID=\"%d\" Boundary=\"0 0 210 297\" Stroke=\"false\" Fill=\"true\">", ++o->id);
  colour_put(b, m);
  buf_add(b, S("<ofd:AbbreviatedData>"));
  for (int i = 0; i < m->path->num_data; i += m->path->data[i].header.length) {
    const cairo_path_data_t *d = &m->path->data[i];
    buf_char(b, (char)ops[d->header.type].letter);
    for (int k = 1; k <= ops[d->header.type].points; k++) buf_fmt(b, " %.3f %.3f", mm(d[k].point.x), mm(d[k].point.y));
    buf_char(b, ' ');
  }
  buf_add(b, S("</ofd:AbbreviatedData></ofd:PathObject>\n"));
}

static Str page_xml(Ofd *o, int page) {
  SCOPED(buf_drop) Buf b;
  buf_init(&b, XML_MAX);
  buf_add(&b, S(XML_HEAD "<ofd:Page" NS "><ofd:Area><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:Area><ofd:Content><ofd:Layer Type=\"Body\""));
  buf_fmt(&b, " ID=\"%d\">\n", ++o->id);
  for (size_t i = 0; i < o->sheet->count; i++) {
    const Mark *m = &o->sheet->list[i];
    if (m->page != page) continue;
    if (m->kind == MARK_TEXT) text_mark(o, &b, m);
    else shape_mark(o, &b, m);
  }
  buf_add(&b, S("</ofd:Layer></ofd:Content></ofd:Page>\n"));
  return arena_str(o->cx->mem, buf_str(&b));
}

static Str root_xml(Ofd *o, const Paper *p) {
  SCOPED(buf_drop) Buf b;
  buf_init(&b, XML_MAX);
  Hash h = hash_bytes(SUITE_GM, arena_fmt(o->cx->mem, "%.*s %.*s %lld", SFMT(p->title), SFMT(p->number), (long long)p->made));
  buf_add(&b, S(XML_HEAD "<ofd:OFD" NS " Version=\"1.1\" DocType=\"OFD\"><ofd:DocBody><ofd:DocInfo><ofd:DocID>"));
  buf_add(&b, hex_str(o->cx->mem, h.b, 16));
  buf_add(&b, S("</ofd:DocID><ofd:Title>"));
  xml__text(&b, arena_fmt(o->cx->mem, "%.*s %.*s", SFMT(p->title), SFMT(p->number)));
  buf_add(&b, S("</ofd:Title><ofd:CreationDate>"));
  buf_add(&b, day_str(o->cx->mem, day_of(p->made)));
  buf_add(&b, S("</ofd:CreationDate><ofd:Creator>Yichuang</ofd:Creator></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>\n"));
  return arena_str(o->cx->mem, buf_str(&b));
}

/* After all pages: the largest number is known then. */
static Str document_xml(Ofd *o, int first_page) {
  Str pages = S("");
  for (int i = 0; i < o->sheet->pages; i++)
    pages = arena_fmt(o->cx->mem, "%.*s<ofd:Page ID=\"%d\" BaseLoc=\"Pages/Page_%d/Content.xml\"/>", SFMT(pages), first_page + i, i);
  return arena_fmt(o->cx->mem,
                   XML_HEAD "<ofd:Document" NS "><ofd:CommonData><ofd:MaxUnitID>%d</ofd:MaxUnitID><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
                       "<ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData><ofd:Pages>%.*s</ofd:Pages></ofd:Document>\n",
                   o->id, SFMT(pages));
}

static Str fonts_xml(Ofd *o) {
  SCOPED(buf_drop) Buf b;
  buf_init(&b, XML_MAX);
  buf_add(&b, S(XML_HEAD "<ofd:Res" NS " BaseLoc=\"Res\"><ofd:Fonts>"));
  for (size_t i = 0; i < o->fonts.count; i++) {
    buf_fmt(&b, "<ofd:Font ID=\"%zu\" FontName=\"", i + 1);
    xml__text(&b, o->fonts.list[i].name);
    buf_add(&b, S("\" FamilyName=\""));
    xml__text(&b, o->fonts.list[i].name);
    buf_fmt(&b, "\"%s><ofd:FontFile>font_%zu.otf</ofd:FontFile></ofd:Font>", o->fonts.list[i].bold ? " Bold=\"true\"" : "", i + 1);
  }
  buf_add(&b, S("</ofd:Fonts></ofd:Res>\n"));
  return arena_str(o->cx->mem, buf_str(&b));
}

static Code ofd_write(Ofd *o, const Paper *p, Str *out) {
  Arena *m = o->cx->mem;
  size_t n = 0, pages = (size_t)o->sheet->pages;
  Cx *cx = o->cx;
  if (!fonts__collect(&o->fonts, cx, o->sheet)) FAIL(LIMIT, "文书用到的字体超过 %d 种，不能做成 OFD", FONTS_MAX);
  ZipFile *files = arena_array(m, ZipFile, pages + o->fonts.count + 3);
  o->id = (int)(o->fonts.count + pages);
  files[n++] = (ZipFile){S("OFD.xml"), root_xml(o, p)};
  files[n++] = (ZipFile){S("Doc_0/PublicRes.xml"), fonts_xml(o)};
  for (size_t i = 0; i < pages; i++) files[n++] = (ZipFile){arena_fmt(m, "Doc_0/Pages/Page_%zu/Content.xml", i), page_xml(o, (int)i)};
  files[n++] = (ZipFile){S("Doc_0/Document.xml"), document_xml(o, (int)o->fonts.count + 1)};
  for (size_t i = 0; i < o->fonts.count; i++) {
    Str font;
    TRY(fonts__cut(cx, &o->fonts.list[i], &font));
    files[n++] = (ZipFile){arena_fmt(m, "Doc_0/Res/font_%zu.otf", i + 1), font};
  }
  return zip_store(cx, files, n, p->made, out);
}

Code paper_ofd(Cx *cx, const Paper *p, Str *out) {
  Sheet *sheet = NULL;
  Code code = sheet__make(cx, p, &sheet);
  Ofd o = {.cx = cx, .sheet = sheet};
  if (code == OK) code = ofd_write(&o, p, out);
  fonts__drop(&o.fonts);
  sheet__close(sheet);
  return code;
}
