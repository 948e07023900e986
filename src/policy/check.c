/* SPDX-License-Identifier: Apache-2.0 */
/* check.c: what no single file shows: references, sums, sources, cycles. */
#include "policy/policy_int.h"

static void at(Loader *l, const void *row, const char *key, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
static void at(Loader *l, const void *row, const char *key, const char *fmt, ...) {
  const Node *map = origin_of(l, row), *n = node_get(map, key);
  va_list ap;
  va_start(ap, fmt);
  Str text = arena_vfmt(l->mem, fmt, ap);
  va_end(ap);
  if (n) mistake_at(l, n->file, n->key_line, n->key_column, "%.*s", SFMT(text));
  else if (map) mistake_node(l, map, "%.*s", SFMT(text));
  else mistake_at(l, S("package.yaml"), 1, 1, "%.*s", SFMT(text));
}

static void source_check(Loader *l, const void *row, const char *key, Source s, bool needed) {
  if (s.clause.len && !policy_clause(l->p, s.clause))
    at(l, row, key, "clauses.yaml 里没有条款 %.*s", SFMT(s.clause));
  if (needed && !s.clause.len && !s.sample) at(l, row, key, "数字和规则要写出处：%s 条款编号，或 sample: true（示例）", key);
}

static void unit_check(Loader *l, const void *row, const char *key, Str code) {
  if (code.len && !str_eq(code, S("county")) && !policy_unit(l->p, code))
    at(l, row, key, "units.yaml 里没有单位 %.*s", SFMT(code));
}

/* Codes of one table are unique. */
#define UNIQUE(l, list, n, field)                                                       \
  for (size_t u = 0; u < (n); u++)                                                      \
    for (size_t v = 0; v < u; v++)                                                      \
      if (str_eq((list)[u].field, (list)[v].field)) {                                   \
        at((l), &(list)[u], #field, "代码 %.*s 重复了", SFMT((list)[u].field));          \
        break;                                                                          \
      }

static void categories_check(Loader *l) {
  const Policy *p = l->p;
  UNIQUE(l, p->categories, p->category_count, code)
  for (size_t i = 0; i < p->category_count; i++) {
    const Category *c = &p->categories[i];
    int sum = 0;
    for (int n = 1; n <= STAGE_MAX; n++) sum += c->limit[n];
    if (sum != c->total) at(l, c, "total", "四个阶段合计 %d，与 total %d 不符", sum, c->total);
    source_check(l, c, "clause", c->source, true);
  }
}

static void stages_check(Loader *l) {
  for (int n = 1; n <= STAGE_MAX; n++) {
    const Stage *s = &l->p->stages[n];
    const void *row = NULL;
    for (size_t i = 0; i < l->origin_count; i++) {
      const Node *no = node_get(l->origins[i].node, "certificate");
      if (no && str_eq(no->text, s->certificate)) row = l->origins[i].what;
    }
    unit_check(l, row, "lead", s->lead);
    source_check(l, row, "clause", s->source, true);
    source_check(l, row, "certificate_clause", s->certificate_source, true);
  }
}

static void item_days_check(Loader *l, const Item *item) {
  const Policy *p = l->p;
  if (item->days < 1) at(l, item, "days", "事项时限至少 1 个工作日");
  for (size_t i = 0; i < item->limit_count; i++) {
    if (!policy_category(p, item->limits[i].category))
      at(l, item, "limits", "categories.yaml 里没有类别 %.*s", SFMT(item->limits[i].category));
    if (item->limits[i].days < 1) at(l, item, "limits", "事项时限至少 1 个工作日");
  }
  if (item->parallel) return; /* outside the stage clock */
  for (size_t i = 0; i < p->category_count; i++) {
    const Category *c = &p->categories[i];
    bool applies = item->category_count == 0;
    int days = item->days;
    for (size_t k = 0; k < item->category_count; k++) applies |= str_eq(item->categories[k], c->code);
    for (size_t k = 0; k < item->limit_count; k++)
      if (str_eq(item->limits[k].category, c->code)) days = item->limits[k].days;
    if (applies && c->limit[item->stage] && days > c->limit[item->stage])
      at(l, item, "days", "%.*s 的时限 %d 天，超过 %.*s 第 %d 阶段的 %d 天", SFMT(item->name), days, SFMT(c->name),
         item->stage, c->limit[item->stage]);
  }
}

static void items_check(Loader *l) {
  const Policy *p = l->p;
  UNIQUE(l, p->items, p->item_count, code)
  for (size_t i = 0; i < p->item_count; i++) {
    const Item *item = &p->items[i];
    if (item->stage < 1 || item->stage > STAGE_MAX) {
      at(l, item, "stage", "stage 应是 1 到 4");
      continue;
    }
    if (item->before_stage > STAGE_MAX) at(l, item, "before_stage", "before_stage 应是 1 到 4");
    unit_check(l, item, "unit", item->unit);
    source_check(l, item, "clause", item->source, true);
    source_check(l, item, "days_clause", item->days_source, true);
    source_check(l, item, "when_clause", item->when_source, item->when != NULL);
    for (size_t k = 0; k < item->category_count; k++)
      if (!policy_category(p, item->categories[k]))
        at(l, item, "categories", "categories.yaml 里没有类别 %.*s", SFMT(item->categories[k]));
    for (size_t k = 0; k < item->after_count; k++)
      if (!policy_item(p, item->after[k])) at(l, item, "after", "没有事项 %.*s", SFMT(item->after[k]));
    item_days_check(l, item);
  }
}

/* A requires B and B requires A: 互为前置 (D60-4.15-p5). `depth` bounds the walk by the number of items. */
static bool reaches(const Policy *p, const Item *from, Str goal, size_t depth) {
  for (size_t i = 0; depth && from && i < from->after_count; i++)
    if (str_eq(from->after[i], goal) || reaches(p, policy_item(p, from->after[i]), goal, depth - 1)) return true;
  return false;
}

static void cycles_check(Loader *l) {
  for (size_t i = 0; i < l->p->item_count; i++) {
    const Item *item = &l->p->items[i];
    if (item->after_count && reaches(l->p, item, item->code, 12))
      at(l, item, "after", "%.*s 与别的事项互为前置，文件不允许（D60-4.15-p5）", SFMT(item->name));
  }
}

static void materials_check(Loader *l) {
  const Policy *p = l->p;
  UNIQUE(l, p->materials, p->material_count, code)
  for (size_t i = 0; i < p->material_count; i++) {
    const Material *m = &p->materials[i];
    if (m->stage < 1 || m->stage > STAGE_MAX) at(l, m, "stage", "stage 应是 1 到 4");
    if (!str_trim(m->basis).len) at(l, m, "basis", "%.*s 没有法定依据，不能要求提交（D60-4.14-p1）", SFMT(m->name));
    source_check(l, m, "clause", m->source, true);
    for (size_t k = 0; k < m->item_count; k++)
      if (!policy_item(p, m->items[k])) at(l, m, "items", "没有事项 %.*s", SFMT(m->items[k]));
    if (!m->form && !m->from_stage.len && (!m->type_count || m->max_mb < 1))
      at(l, m, "types", "%.*s 要上传文件，须写 types 和 max_mb", SFMT(m->name));
  }
}

static void fields_check(Loader *l) {
  for (int stage = 0; stage <= STAGE_MAX; stage++) {
    const Field *fields = stage ? l->p->form[stage] : l->p->facts;
    size_t n = stage ? l->p->form_count[stage] : l->p->fact_count;
    UNIQUE(l, fields, n, name)
    for (size_t i = 0; i < n; i++) {
      if (fields[i].type == FIELD_CHOICE && fields[i].choice_count < 2) at(l, &fields[i], "choices", "选择题至少两个选项");
      if (fields[i].personal && fields[i].fact) at(l, &fields[i], "personal", "个人信息不能作为判断条件的事实");
    }
  }
}

static void people_check(Loader *l) {
  const Policy *p = l->p;
  UNIQUE(l, p->units, p->unit_count, code)
  UNIQUE(l, p->posts, p->post_count, code)
  UNIQUE(l, p->causes, p->cause_count, code)
  UNIQUE(l, p->clauses, p->clause_count, id)
  for (size_t i = 0; i < p->unit_count; i++) {
    source_check(l, &p->units[i], "clause", p->units[i].source, true);
    unit_check(l, &p->units[i], "county_of", p->units[i].county_of);
  }
  for (size_t i = 0; i < p->post_count; i++) {
    unit_check(l, &p->posts[i], "unit", p->posts[i].unit);
    source_check(l, &p->posts[i], "clause", p->posts[i].source, true);
  }
  for (size_t i = 0; i < p->cause_count; i++) source_check(l, &p->causes[i], "clause", p->causes[i].source, true);
}

void policy__check(Loader *l) {
  const Policy *p = l->p;
  unit_check(l, p, "window_unit", p->window_unit);
  unit_check(l, p, "supervisor_unit", p->supervisor_unit);
  source_check(l, p, "lamp_clause", p->lamp_source, true);
  source_check(l, p, "receipt_clause", p->receipt_source, true);
  source_check(l, p, "take_clause", p->take_source, true);
  source_check(l, p, "extend_clause", p->extend_source, true);
  source_check(l, p, "deliver_clause", p->deliver_source, true);
  source_check(l, p, "seal_clause", p->seal_source, true);
  categories_check(l);
  stages_check(l);
  items_check(l);
  cycles_check(l);
  materials_check(l);
  fields_check(l);
  people_check(l);
}
