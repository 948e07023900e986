/* SPDX-License-Identifier: Apache-2.0 */
/* gazette.c: gazette.yaml and the texts beside it: read, checked, looked up. */
#include "policy/gazette.h"
#include "policy/check.h"

static const Cell setting_cells[] = {
    LIST(Disclosure, CELL_STRS, first, first_count), LIST(Disclosure, CELL_STRS, second, second_count), LIST(Disclosure, CELL_STRS, third, third_count), CELL(Disclosure, CELL_BOOL, apart, false),
    SOURCE(Disclosure, "review", review_source), CELL(Disclosure, CELL_STR, secrecy, true), SOURCE(Disclosure, "secrecy", secrecy_source),
    CELL(Disclosure, CELL_INT, talk_days, true), SOURCE(Disclosure, "talk", talk_source), LIST(Disclosure, CELL_STRS, guide_pending, guide_pending_count),
    CELL(Disclosure, CELL_INT, annex_mb, false), LIST(Disclosure, CELL_STRS, annex_types, annex_type_count), SOURCE(Disclosure, "annex", annex_source)};
static const Cell check_cells[] = {CELL(SiteCheck, CELL_STR, code, true), CELL(SiteCheck, CELL_STR, name, true), CELL(SiteCheck, CELL_INT, amount, true), CELL(SiteCheck, CELL_STR, unit, true),
                                   CELL(SiteCheck, CELL_INT, warn, false), CELL(SiteCheck, CELL_STR, basis, true), SOURCE(SiteCheck, "", source)};
static const Cell column_cells[] = {CELL(SiteColumn, CELL_STR, code, true), CELL(SiteColumn, CELL_STR, name, true), CELL(SiteColumn, CELL_STR, check, true), CELL(SiteColumn, CELL_STR, path, true),
                                    SOURCE(SiteColumn, "", source)};
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
  static const char *const keys[] = {"settings", "headings", "forms", "channels", "ways", "documents", "checks", "columns"};
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
  d->checks = rows_read(l, node_get(root, "checks"), check_cells, COUNT(check_cells), sizeof(SiteCheck), &d->check_count);
  d->columns = rows_read(l, node_get(root, "columns"), column_cells, COUNT(column_cells), sizeof(SiteColumn), &d->column_count);
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

/* What each threshold counts, and what has columns, is known to the program: publish/site.h. */
static void check_site(Loader *l, const Disclosure *d) {
  static const char *const since[] = {"home", "news", "notice", "messages"}, *const many[] = {"stale", "empty", "guides", "marks", "tags", "times"};
  static const char *const times[] = {"days", "months"}, *const counts[] = {"count"}, *const own[] = {"news", "notice"};
  static const char *const all[] = {"home", "news", "notice", "messages", "stale", "empty", "guides", "marks", "tags", "times"};
  static const char *const columns[] = {"documents", "readings", "talks", "answers", "rules", "appraisals", "random", "credit"};
  UNIQUE(l, d->checks, d->check_count, code)
  UNIQUE(l, d->columns, d->column_count, code)
  for (size_t i = 0; i < d->check_count; i++) {
    const SiteCheck *c = &d->checks[i];
    bool time = false, count = false;
    for (size_t k = 0; k < COUNT(since); k++) time |= str_eqz(c->code, since[k]);
    for (size_t k = 0; k < COUNT(many); k++) count |= str_eqz(c->code, many[k]);
    if (!time && !count) check__word(l, c, "code", c->code, all, COUNT(all));
    else check__word(l, c, "unit", c->unit, time ? times : counts, time ? COUNT(times) : COUNT(counts));
    if (c->amount < 1 || c->amount > 1000) check__at(l, c, "amount", "amount 是 1 到 1000");
    if (c->warn < 0 || c->warn > 1000) check__at(l, c, "warn", "warn 是 0 到 1000 天");
    check__source(l, c, "clause", c->source, true);
  }
  for (size_t i = 0; i < d->column_count; i++) {
    const SiteColumn *c = &d->columns[i];
    check__word(l, c, "code", c->code, columns, COUNT(columns));
    check__word(l, c, "check", c->check, own, COUNT(own));
    if (!site_check(d, c->check)) check__at(l, c, "check", "checks 里没有 %.*s 这个门槛", SFMT(c->check));
    check__source(l, c, "clause", c->source, true);
  }
}

static void check_pending(Loader *l, const Disclosure *d) {
  const char *codes[GUIDE_ELEMENTS];
  for (size_t i = 0; i < GUIDE_ELEMENTS; i++) codes[i] = guide_elements[i].code;
  for (size_t i = 0; i < d->guide_pending_count; i++) check__word(l, d, "guide_pending", d->guide_pending[i], codes, GUIDE_ELEMENTS);
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
  static const char *const types[] = {"pdf", "ofd", "png", "jpg"};
  check__source(l, d, "annex_clause", d->annex_source, d->annex_mb > 0);
  if (d->annex_mb < 0 || d->annex_mb > 50 || (d->annex_mb > 0 && !d->annex_type_count)) check__at(l, d, "annex_mb", "annex_mb 是 1 到 50，并写 annex_types：附件可以是哪些格式");
  for (size_t i = 0; i < d->annex_type_count; i++) check__word(l, d, "annex_types", d->annex_types[i], types, COUNT(types));
  if (d->talk_days < 1 || d->talk_days > 365) check__at(l, d, "talk_days", "talk_days 是 1 到 365 天");
  if (d->heading_count != OPEN_HEADINGS) check__at(l, d, "first", "headings 要写解读的 %d 个方面（D01-1.2-p1），现在 %zu 个", OPEN_HEADINGS, d->heading_count);
  check_words(l, d->headings, d->heading_count);
  check_words(l, d->forms, d->form_count);
  check_words(l, d->channels, d->channel_count);
  check_words(l, d->ways, d->way_count);
  check_site(l, d);
  check_pending(l, d);
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

const SiteCheck *site_check(const Disclosure *d, Str code) {
  for (size_t i = 0; d && i < d->check_count; i++)
    if (str_eq(d->checks[i].code, code)) return &d->checks[i];
  return NULL;
}

/* ---- guides 办事指南 ------------------------------------------------------------------------------------------ */

const GuideElement guide_elements[GUIDE_ELEMENTS] = {{"name", "事项名称"}, {"basis", "设定依据"}, {"condition", "申请条件"}, {"materials", "办理材料"},
                                                     {"place", "办理地点"}, {"hours", "办理时间"}, {"phone", "联系电话"},     {"process", "办理流程"}};

/* Of its own, or one of the set that its stage asks for. */
static bool has_material(const Policy *p, const Item *item) {
  for (size_t i = 0; i < p->material_count; i++) {
    const Material *m = &p->materials[i];
    if (!m->item_count && m->stage == item->stage) return true;
    for (size_t k = 0; k < m->item_count; k++)
      if (str_eq(m->items[k], item->code)) return true;
  }
  return false;
}

static bool has_condition(const Policy *p, const Item *item) {
  for (size_t i = 0; i < p->category_count; i++)
    if (policy_item_in(item, p->categories[i].code) && p->categories[i].limit[item->stage]) return true;
  return false;
}

uint32_t guide_lacks(const Policy *p, const Item *item) {
  const Unit *u = policy_unit(p, item->unit);
  bool has[GUIDE_ELEMENTS] = {item->name.len > 0, item->basis.len > 0, has_condition(p, item), has_material(p, item), u && u->address.len,
                              u && u->hours.len,  u && u->phone.len,   p->receipt_days > 0 && p->stages[item->stage].certificate.len};
  uint32_t out = 0;
  for (uint32_t i = 0; i < GUIDE_ELEMENTS; i++) out |= has[i] ? 0 : 1u << i;
  return out;
}

uint32_t guide_pending(const Disclosure *d) {
  uint32_t out = 0;
  for (size_t i = 0; d && i < d->guide_pending_count; i++)
    for (uint32_t k = 0; k < GUIDE_ELEMENTS; k++)
      if (str_eqz(d->guide_pending[i], guide_elements[k].code)) out |= 1u << k;
  return out;
}

Str guide_names(Arena *mem, uint32_t elements) {
  Str out = S("");
  for (uint32_t i = 0; i < GUIDE_ELEMENTS; i++)
    if (elements & 1u << i) out = arena_fmt(mem, "%.*s%s%s", SFMT(out), out.len ? "、" : "", guide_elements[i].name);
  return out;
}
