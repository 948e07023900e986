/* SPDX-License-Identifier: Apache-2.0 */
/* gazette.c: gazette.yaml and the texts beside it: read, checked, looked up. */
#include "policy/gazette.h"
#include "policy/check.h"

static const Cell setting_cells[] = {
    LIST(Disclosure, CELL_STRS, first, first_count), LIST(Disclosure, CELL_STRS, second, second_count), LIST(Disclosure, CELL_STRS, third, third_count), CELL(Disclosure, CELL_BOOL, apart, false),
    SOURCE(Disclosure, "review", review_source), CELL(Disclosure, CELL_STR, secrecy, true), SOURCE(Disclosure, "secrecy", secrecy_source),
    CELL(Disclosure, CELL_INT, talk_days, true), SOURCE(Disclosure, "talk", talk_source)};
static const Cell word_cells[] = {CELL(OpenWord, CELL_STR, code, true), CELL(OpenWord, CELL_STR, name, true), SOURCE(OpenWord, "", source)};
static const Cell document_cells[] = {
    CELL(Gazette, CELL_STR, code, true), CELL(Gazette, CELL_STR, number, true), CELL(Gazette, CELL_STR, title, true), CELL(Gazette, CELL_STR, issuer, true),
    CELL(Gazette, CELL_STR, unit, true), CELL(Gazette, CELL_STR, day, true), CELL(Gazette, CELL_STR, recipients, true), CELL(Gazette, CELL_STR, mark, false),
    CELL(Gazette, CELL_BOOL, explain, false), LIST(Gazette, CELL_STRS, basis, basis_count), CELL(Gazette, CELL_STR, file, true)};

static const OpenWord *words_read(Loader *l, const Node *root, const char *key, size_t *n) {
  return rows_read(l, node_get(root, key), word_cells, COUNT(word_cells), sizeof(OpenWord), n);
}

/* A text lies beside the table: a name without a path. */
static bool text_read(Loader *l, Str dir, Gazette *g, Hasher *h) {
  if (!str_ends(g->file, S(".txt")) || str_find(g->file, S("/")) >= 0) {
    check__at(l, g, "file", "正文的文件名以 .txt 结尾，和 gazette.yaml 放在一起");
    return false;
  }
  if (!policy__file_text(l, dir, arena_z(l->mem, g->file), h, &g->text)) return false;
  if (utf8_valid(g->text) && !utf8_has_bidi(g->text)) return true;
  mistake_at(l, g->file, 1, 1, "正文不是 UTF-8 文本，或者有改变书写方向的字符");
  return false;
}

bool policy__gazette(Loader *l, Str dir, Hasher *h) {
  static const char *const keys[] = {"settings", "headings", "forms", "channels", "ways", "documents"};
  Node *root;
  if (!policy__optional(l, dir, "gazette.yaml", h, &root)) return false;
  if (!root) return true;
  for (const Node *k = root->first; k; k = k->next) {
    bool known = false;
    for (size_t i = 0; i < COUNT(keys); i++) known |= str_eqz(k->key, keys[i]);
    if (!known) mistake_at(l, k->file, k->key_line, k->key_column, "没有“%.*s”这个键，请核对拼写", SFMT(k->key));
  }
  Disclosure *d = arena_new(l->mem, Disclosure);
  const Node *settings = node_get(root, "settings");
  if (!settings) {
    mistake_node(l, root, "缺少“settings”，请补上");
    return false;
  }
  row_read(l, settings, setting_cells, COUNT(setting_cells), d);
  d->headings = words_read(l, root, "headings", &d->heading_count);
  d->forms = words_read(l, root, "forms", &d->form_count);
  d->channels = words_read(l, root, "channels", &d->channel_count);
  d->ways = words_read(l, root, "ways", &d->way_count);
  Gazette *rows = rows_read(l, node_get(root, "documents"), document_cells, COUNT(document_cells), sizeof(Gazette), &d->document_count);
  bool whole = true;
  for (size_t i = 0; i < d->document_count; i++) whole &= text_read(l, dir, &rows[i], h);
  d->documents = rows;
  l->p->disclosure = d;
  return whole;
}

/* ---- checking -------------------------------------------------------------------------------------------- */

static void check_roles(Loader *l, const Disclosure *d, const char *key, const Str *list, size_t n) {
  static const char *const roles[] = {"editor", "unit_head", "approver", "leader"};
  if (!n) check__at(l, d, key, "至少写一个角色");
  for (size_t i = 0; i < n; i++) check__word(l, d, key, list[i], roles, COUNT(roles));
}

static void check_words(Loader *l, const OpenWord *list, size_t n) {
  UNIQUE(l, list, n, code)
  for (size_t i = 0; i < n; i++) check__source(l, &list[i], "clause", list[i].source, true);
}

static void check_document(Loader *l, const Gazette *g) {
  Day day;
  check__unit(l, g, "unit", g->unit);
  if (!day_parse(g->day, &day)) check__at(l, g, "day", "成文日期写成 2019-06-28 的样子");
  if (!str_trim(g->text).len) check__at(l, g, "file", "正文是空的");
}

void check__gazette(Loader *l) {
  const Disclosure *d = l->p->disclosure;
  if (!d) return;
  check_roles(l, d, "first", d->first, d->first_count);
  check_roles(l, d, "second", d->second, d->second_count);
  check_roles(l, d, "third", d->third, d->third_count);
  check__source(l, d, "review_clause", d->review_source, true);
  check__source(l, d, "secrecy_clause", d->secrecy_source, true);
  check__source(l, d, "talk_clause", d->talk_source, true);
  check__unit(l, d, "secrecy", d->secrecy);
  if (d->talk_days < 1 || d->talk_days > 365) check__at(l, d, "talk_days", "talk_days 是 1 到 365 天");
  if (d->heading_count != OPEN_HEADINGS) check__at(l, d, "first", "headings 要写解读的 %d 个方面（D01-1.2-p1），现在 %zu 个", OPEN_HEADINGS, d->heading_count);
  check_words(l, d->headings, d->heading_count);
  check_words(l, d->forms, d->form_count);
  check_words(l, d->channels, d->channel_count);
  check_words(l, d->ways, d->way_count);
  UNIQUE(l, d->documents, d->document_count, code)
  for (size_t i = 0; i < d->document_count; i++) check_document(l, &d->documents[i]);
}

/* ---- looking up -------------------------------------------------------------------------------------------- */

const Gazette *policy_gazette(const Policy *p, Str code) {
  for (size_t i = 0; p->disclosure && i < p->disclosure->document_count; i++)
    if (str_eq(p->disclosure->documents[i].code, code)) return &p->disclosure->documents[i];
  return NULL;
}

const OpenWord *open_word(const OpenWord *list, size_t n, Str code) {
  for (size_t i = 0; i < n; i++)
    if (str_eq(list[i].code, code)) return &list[i];
  return NULL;
}
