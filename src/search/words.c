/* SPDX-License-Identifier: Apache-2.0 */
/* words.c: the vocabulary of a package: its names, their other names, and what people say instead. */
#include "search/search_int.h"
#include "policy/sayings.h"

typedef struct Maker { Arena *mem; Words *w; size_t cap; } Maker;

static void add(Maker *m, SearchKind kind, Str text, Str to, Str key) {
  Str folded = search_fold(m->mem, text);
  if (utf8_count(folded) < 2 || words__find(m->w, folded)) return; /* the first that is called so */
  if (m->w->count == m->cap) {
    size_t cap = m->cap ? m->cap * 2 : 256;
    Term *list = arena_array(m->mem, Term, cap);
    if (m->w->count) memcpy(list, m->w->list, m->w->count * sizeof *list);
    m->w->list = list;
    m->cap = cap;
  }
  bool other = to.len && !str_eq(to, text);
  m->w->list[m->w->count++] = (Term){.text = arena_str(m->mem, text), .folded = folded, .sound = pinyin__of(m->mem, folded), .kind = kind, .key = arena_str(m->mem, key),
                                     .to = other ? search_fold(m->mem, to) : S(""), .shown = other ? arena_str(m->mem, to) : S("")};
}

static void add_names(Maker *m, SearchKind kind, Str name, const Str *others, size_t n, Str key) {
  add(m, kind, name, S(""), key);
  for (size_t i = 0; i < n; i++) add(m, kind, others[i], name, key);
}

static Str key_of(Maker *m, const char *of, Str code) {
  return arena_fmt(m->mem, "%s/%.*s", of, SFMT(code));
}

/* 市自然资源局 is also called without its 市. */
static void add_unit(Maker *m, const Unit *u) {
  Str key = key_of(m, "unit", u->code);
  add_names(m, SEARCH_UNIT, u->name, u->aliases, u->alias_count, key);
  if (str_starts(u->name, S("市")) && utf8_count(u->name) > 4) add(m, SEARCH_UNIT, str_sub(u->name, 3, SIZE_MAX), u->name, key);
}

static void add_stages(Maker *m, const Policy *p) {
  for (int n = 1; n <= STAGE_MAX; n++) {
    const Stage *s = &p->stages[n];
    Str key = arena_fmt(m->mem, "stage/%d", n);
    add_names(m, SEARCH_SERVICE, s->certificate, s->aliases, s->alias_count, key);
    add(m, SEARCH_SERVICE, s->name, S(""), key);
    for (size_t i = 0; i < s->subject_count; i++) add(m, SEARCH_SERVICE, s->subjects[i], S(""), key);
  }
}

static void add_permits(Maker *m, const Policy *p) {
  for (size_t i = 0; i < p->permit_count; i++) {
    const Permit *x = &p->permits[i];
    Str key = arena_fmt(m->mem, "stage/%d", x->stage);
    add_names(m, SEARCH_SERVICE, x->name, x->aliases, x->alias_count, key);
    for (size_t k = 0; k < x->merge_count; k++) add(m, SEARCH_SERVICE, x->merges[k], S(""), key);
  }
}

/* What people say; the names in their English. */
static void add_said(Maker *m, const Policy *p, SearchEnglish *english) {
  size_t names = m->w->count;
  for (size_t i = 0; i < p->saying_count; i++) {
    const Saying *x = &p->sayings[i];
    const Term *known = words__find(m->w, search_fold(m->mem, x->means));
    if (!known) continue;
    Str name = known->text, key = known->key; /* the list may move */
    SearchKind kind = known->kind;
    for (size_t k = 0; k < x->say_count; k++) add(m, kind, x->say[k], name, key);
  }
  for (size_t i = 0; i < names && english; i++) {
    Term t = m->w->list[i];
    Str en = english(t.text);
    if (!str_eq(en, t.text)) add(m, t.kind, en, t.text, t.key);
  }
}

Words *words__of(Arena *mem, const Policy *p, SearchEnglish *english) {
  Maker m = {.mem = mem, .w = arena_new(mem, Words)};
  add_stages(&m, p);
  for (const FixedPage *f = search__pages; f->key; f++) add(&m, SEARCH_SERVICE, str_of(f->title), S(""), key_of(&m, "page", str_of(f->key)));
  for (size_t i = 0; i < p->item_count; i++) add(&m, SEARCH_SERVICE, p->items[i].name, S(""), key_of(&m, "item", p->items[i].code));
  for (size_t i = 0; i < p->item_count; i++) add(&m, SEARCH_SERVICE, p->items[i].result, S(""), key_of(&m, "item", p->items[i].code));
  add_permits(&m, p);
  for (size_t i = 0; i < p->category_count; i++) add(&m, SEARCH_SERVICE, p->categories[i].name, S(""), key_of(&m, "category", p->categories[i].code));
  for (size_t i = 0; i < p->unit_count; i++) add_unit(&m, &p->units[i]);
  for (size_t i = 0; i < p->post_count; i++) add(&m, SEARCH_UNIT, p->posts[i].name, S(""), key_of(&m, "unit", p->posts[i].unit));
  for (size_t i = 0; i < p->leader_count; i++) add(&m, SEARCH_UNIT, p->leaders[i].name, S(""), key_of(&m, "leader", p->leaders[i].name));
  for (size_t i = 0; i < p->material_count; i++) add(&m, SEARCH_SERVICE, p->materials[i].name, S(""), key_of(&m, "material", p->materials[i].code));
  for (size_t i = 0; i < p->clock_count; i++) add(&m, SEARCH_SERVICE, p->clocks[i].name, S(""), key_of(&m, "clock", p->clocks[i].code));
  for (size_t i = 0; i < p->blueprint.layer_count; i++) add(&m, SEARCH_SERVICE, p->blueprint.layers[i].name, S(""), key_of(&m, "layer", p->blueprint.layers[i].code));
  for (size_t i = 0; i < p->issued_count; i++) add(&m, SEARCH_CLAUSE, p->issued[i].doc, S(""), S(""));
  add_said(&m, p, english);
  places__of(mem, p, m.w);
  return m.w;
}

const Term *words__find(const Words *w, Str folded) {
  for (size_t i = 0; i < w->count; i++)
    if (str_eq(w->list[i].folded, folded)) return &w->list[i];
  return NULL;
}

/* ---- one typing error ----------------------------------------------------------------------------------------- */

enum { NEAR_MAX = 64 };

static size_t chars_of(Str s, uint32_t out[NEAR_MAX]) {
  size_t n = 0;
  for (size_t at = 0; at < s.len && n < NEAR_MAX; n++) at += utf8_next(s, at, &out[n]);
  return n;
}

bool words__near(Str a, Str b) {
  uint32_t x[NEAR_MAX], y[NEAR_MAX];
  size_t n = chars_of(a, x), m = chars_of(b, y), head = 0, tail = 0;
  size_t least = n < m ? n : m;
  if (n > m + 1 || m > n + 1 || n == NEAR_MAX || m == NEAR_MAX) return false;
  while (head < least && x[head] == y[head]) head++;
  while (tail < least - head && x[n - 1 - tail] == y[m - 1 - tail]) tail++;
  size_t left_x = n - head - tail, left_y = m - head - tail;
  if (left_x <= 1 && left_y <= 1) return true;
  return left_x == 2 && left_y == 2 && x[head] == y[head + 1] && x[head + 1] == y[head];
}
