/* SPDX-License-Identifier: Apache-2.0 */
/* sheet.c: marks, as they are laid out. */
#include "paper/sheet.h"

Sheet *sheet__open(Arena *mem) {
  Sheet *s = arena_new(mem, Sheet);
  s->mem = mem;
  s->pages = 1;
  return s;
}

void sheet__close(Sheet *s) {
  for (size_t i = 0; s && i < s->count; i++) {
    if (s->list[i].item) pango_glyph_item_free(s->list[i].item);
    if (s->list[i].path) cairo_path_destroy(s->list[i].path);
  }
}

static Mark *mark_add(Sheet *s, MarkKind kind) {
  if (s->count == s->cap) {
    size_t cap = s->cap ? s->cap * 2 : 256;
    Mark *more = arena_array(s->mem, Mark, cap);
    if (s->count) memcpy(more, s->list, s->count * sizeof *more);
    s->list = more;
    s->cap = cap;
  }
  Mark *m = &s->list[s->count++];
  *m = (Mark){.kind = kind, .page = s->pages - 1, .red = s->red, .green = s->green, .blue = s->blue};
  return m;
}

void sheet__page(Sheet *s) {
  s->pages++;
}

void sheet__colour(Sheet *s, double red, double green, double blue) {
  s->red = red;
  s->green = green;
  s->blue = blue;
}

void sheet__layout(Sheet *s, PangoLayout *layout, double x, double y) {
  Str text = arena_str(s->mem, str_of(pango_layout_get_text(layout)));
  PangoLayoutIter *it = pango_layout_get_iter(layout);
  do {
    PangoLayoutRun *run = pango_layout_iter_get_run_readonly(it);
    PangoRectangle box;
    if (!run) continue; /* the end of a line */
    pango_layout_iter_get_run_extents(it, NULL, &box);
    Mark *m = mark_add(s, MARK_TEXT);
    m->x = x + (double)box.x / PANGO_SCALE;
    m->y = y + (double)pango_layout_iter_get_baseline(it) / PANGO_SCALE;
    m->item = pango_glyph_item_copy(run);
    m->text = text;
  } while (pango_layout_iter_next_run(it));
  pango_layout_iter_free(it);
}

void sheet__shape(Sheet *s, cairo_t *cr) {
  Mark *m = mark_add(s, MARK_SHAPE);
  cairo_save(cr);
  cairo_identity_matrix(cr);
  m->path = cairo_copy_path(cr);
  cairo_restore(cr);
  cairo_new_path(cr);
}
