/* SPDX-License-Identifier: Apache-2.0 */
/* words.c: the vocabulary of a package: its names, their other names, and what people say instead. */
#include "search/search_int.h"

/* What people say for what the documents call otherwise. No document gives these words: they only lead to a name, never stand for
 * one in a form or on a certificate. */
static const struct { const char *say, *means; } everyday[] = {
    {"开工证", "建筑工程施工许可证"}, {"施工证", "施工许可证"}, {"规划证", "工程规划许可证"}, {"工程规划证", "工程规划许可证"},
    {"用地证", "规划用地许可证"}, {"用地规划证", "规划用地许可证"}, {"验收证", "竣工验收备案书"}, {"竣工证", "竣工验收备案书"},
    {"土地证", "规划用地许可证"}, {"图审", "联合审图"}, {"审图", "联合审图"}, {"红本", "规划用地许可证"}, {"绿本", "施工许可证"},
    {"代理办理", "免费代办"}, {"跑腿", "免费代办"}, {"查件", "查进度"}, {"快递查询", "查进度"}, {"住建委", "市住房城乡建设局"},
    {"规划局", "市自然资源局"}, {"国土局", "市自然资源局"}, {"环保局", "市生态环境局"}, {"安监局", "市应急管理局"},
    {"工商局", "市市场监管局"}, {"发改局", "市发展改革委"}, {"人防办", "市人民防空办公室"}, {"电力公司", "葫芦岛供电公司"}};

typedef struct Maker { Arena *mem; Words *w; size_t cap; } Maker;

static void add(Maker *m, SearchKind kind, Str text, Str to) {
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
  m->w->list[m->w->count++] = (Term){.text = arena_str(m->mem, text), .folded = folded, .sound = pinyin__of(m->mem, folded), .kind = kind,
                                     .to = other ? search_fold(m->mem, to) : S(""), .shown = other ? arena_str(m->mem, to) : S("")};
}

static void add_names(Maker *m, SearchKind kind, Str name, const Str *others, size_t n) {
  add(m, kind, name, S(""));
  for (size_t i = 0; i < n; i++) add(m, kind, others[i], name);
}

/* 市自然资源局 is also called without its 市. */
static void add_unit(Maker *m, const Unit *u) {
  add_names(m, SEARCH_UNIT, u->name, u->aliases, u->alias_count);
  if (str_starts(u->name, S("市")) && utf8_count(u->name) > 4) add(m, SEARCH_UNIT, str_sub(u->name, 3, SIZE_MAX), u->name);
}

Words *words__of(Arena *mem, const Policy *p) {
  Maker m = {.mem = mem, .w = arena_new(mem, Words)};
  for (int n = 1; n <= STAGE_MAX; n++) {
    const Stage *s = &p->stages[n];
    add_names(&m, SEARCH_SERVICE, s->certificate, s->aliases, s->alias_count);
    add_names(&m, SEARCH_SERVICE, s->name, NULL, 0);
    for (size_t i = 0; i < s->subject_count; i++) add(&m, SEARCH_SERVICE, s->subjects[i], S(""));
  }
  for (const FixedPage *f = search__pages; f->key; f++) add(&m, SEARCH_SERVICE, str_of(f->title), S(""));
  for (size_t i = 0; i < p->item_count; i++) add(&m, SEARCH_SERVICE, p->items[i].name, S(""));
  for (size_t i = 0; i < p->item_count; i++) add(&m, SEARCH_SERVICE, p->items[i].result, S(""));
  for (size_t i = 0; i < p->permit_count; i++) {
    add_names(&m, SEARCH_SERVICE, p->permits[i].name, p->permits[i].aliases, p->permits[i].alias_count);
    for (size_t k = 0; k < p->permits[i].merge_count; k++) add(&m, SEARCH_SERVICE, p->permits[i].merges[k], S(""));
  }
  for (size_t i = 0; i < p->category_count; i++) add(&m, SEARCH_SERVICE, p->categories[i].name, S(""));
  for (size_t i = 0; i < p->unit_count; i++) add_unit(&m, &p->units[i]);
  for (size_t i = 0; i < p->post_count; i++) add(&m, SEARCH_UNIT, p->posts[i].name, S(""));
  for (size_t i = 0; i < p->leader_count; i++) add(&m, SEARCH_UNIT, p->leaders[i].name, S(""));
  for (size_t i = 0; i < p->material_count; i++) add(&m, SEARCH_SERVICE, p->materials[i].name, S(""));
  for (size_t i = 0; i < p->clock_count; i++) add(&m, SEARCH_SERVICE, p->clocks[i].name, S(""));
  for (size_t i = 0; i < p->issued_count; i++) add(&m, SEARCH_CLAUSE, p->issued[i].doc, S(""));
  for (size_t i = 0; i < COUNT(everyday); i++) {
    const Term *known = words__find(m.w, search_fold(mem, str_of(everyday[i].means)));
    if (known) add(&m, known->kind, str_of(everyday[i].say), known->text);
  }
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
