/* SPDX-License-Identifier: Apache-2.0 */
/* load.c: maps into rows by description: one table a kind of row instead of code for each key. */
#include "policy/policy_int.h"

static const char *const type_names[FIELD__MAX] = {
    [FIELD_UNSET] = "unset", [FIELD_TEXT] = "text", [FIELD_LONG] = "long", [FIELD_INT] = "int",
    [FIELD_DECIMAL] = "decimal", [FIELD_DATE] = "date", [FIELD_BOOL] = "bool", [FIELD_CHOICE] = "choice",
    [FIELD_PHONE] = "phone", [FIELD_IDNO] = "idno", [FIELD_USCC] = "uscc", [FIELD_PROJECT_CODE] = "project_code"};

Str field_type_name(FieldType t) {
  REQUIRE(t < FIELD__MAX);
  return str_of(type_names[t]);
}

static bool scalar_need(Loader *l, const Node *n) {
  if (n->kind == NODE_SCALAR) return true;
  mistake_node(l, n, "“%.*s”应是一个值，不是列表或一组键", SFMT(n->key));
  return false;
}

static void read_int(Loader *l, const Node *n, int *out) {
  int64_t v;
  if (!scalar_need(l, n)) return;
  if (!str_to_i64(n->text, &v) || v < 0 || v > 1000000) mistake_node(l, n, "“%.*s”应是 0 到 1000000 的整数", SFMT(n->key));
  else *out = (int)v;
}

static void read_bool(Loader *l, const Node *n, bool *out) {
  if (!scalar_need(l, n)) return;
  if (str_eq(n->text, S("true"))) *out = true;
  else if (!str_eq(n->text, S("false"))) mistake_node(l, n, "“%.*s”只能写 true 或 false", SFMT(n->key));
}

static const Str *read_strs(Loader *l, const Node *n, size_t *count) {
  size_t total = 0, at = 0;
  *count = 0;
  if (n->kind == NODE_MAP) {
    mistake_node(l, n, "“%.*s”应是列表，如 [甲, 乙]", SFMT(n->key));
    return NULL;
  }
  for (const Node *k = n->first; k; k = k->next) total++;
  Str *list = arena_array(l->mem, Str, total + 1);
  if (n->kind == NODE_SCALAR) {
    list[at++] = n->text;
  } else {
    for (const Node *k = n->first; k; k = k->next) {
      if (k->kind == NODE_SCALAR) list[at++] = k->text;
      else mistake_node(l, k, "列表里应是一个个值，如 [甲, 乙]");
    }
  }
  *count = at;
  return list;
}

static const ItemLimit *read_limits(Loader *l, const Node *n, size_t *count) {
  size_t total = 0, at = 0;
  *count = 0;
  if (n->kind != NODE_MAP) {
    mistake_node(l, n, "“limits”应写成 {类别代码: 天数}");
    return NULL;
  }
  for (const Node *k = n->first; k; k = k->next) total++;
  ItemLimit *list = arena_array(l->mem, ItemLimit, total + 1);
  for (const Node *k = n->first; k; k = k->next) {
    list[at].category = k->key;
    read_int(l, k, &list[at++].days);
  }
  *count = at;
  return list;
}

static const Choice *read_choices(Loader *l, const Node *n, size_t *count) {
  static const Cell cells[] = {{"value", CELL_STR, true, offsetof(Choice, value), 0},
                               {"label", CELL_STR, true, offsetof(Choice, label), 0}};
  return rows_read(l, n, cells, COUNT(cells), sizeof(Choice), count);
}

static void read_four(Loader *l, const Node *n, int *out) {
  int at = 1;
  for (const Node *k = n->kind == NODE_LIST ? n->first : NULL; k; k = k->next, at++)
    if (at <= STAGE_MAX) read_int(l, k, &out[at]);
  if (at != STAGE_MAX + 1) mistake_node(l, n, "“%.*s”应是四个阶段的天数，如 [7, 20, 24, 19]", SFMT(n->key));
}

static void read_type(Loader *l, const Node *n, FieldType *out) {
  for (int i = 1; i < FIELD__MAX; i++)
    if (str_eqz(n->text, type_names[i])) *out = (FieldType)i;
  if (*out == FIELD_UNSET) mistake_node(l, n, "没有“%.*s”这种字段类型，请核对拼写，可用的见 docs/policy.md", SFMT(n->text));
}

static void read_holder(Loader *l, const Node *n, Holder *out) {
  if (str_eq(n->text, S("third"))) *out = HELD_THIRD;
  else if (str_eq(n->text, S("applicant"))) *out = HELD_APPLICANT;
  else mistake_node(l, n, "“holder”只能是 third（第三方）或 applicant（申请人）");
}

static void read_cell(Loader *l, const Node *n, const Cell *c, char *row) {
  void *at = row + c->at;
  size_t *count = (size_t *)(void *)(row + c->count_at);
  Milli m = {0};
  switch (c->kind) {
    case CELL_STR:
      if (scalar_need(l, n)) *(Str *)at = n->text;
      return;
    case CELL_INT: read_int(l, n, at); return;
    case CELL_BOOL: read_bool(l, n, at); return;
    case CELL_STRS: *(const Str **)at = read_strs(l, n, count); return;
    case CELL_LIMITS: *(const ItemLimit **)at = read_limits(l, n, count); return;
    case CELL_CHOICES: *(const Choice **)at = read_choices(l, n, count); return;
    case CELL_FOUR: read_four(l, n, at); return;
    case CELL_TYPE: read_type(l, n, at); return;
    case CELL_HOLDER: read_holder(l, n, at); return;
    case CELL_MILLI:
      if (scalar_need(l, n) && !milli_parse(n->text, &m)) mistake_node(l, n, "“%.*s”应是数字", SFMT(n->key));
      *(int64_t *)at = m.v;
      return;
    case CELL_EXPR:
      if (!scalar_need(l, n)) return;
      l->pending = grown(l->mem, l->pending, l->pending_count, &l->pending_cap, sizeof *l->pending);
      l->pending[l->pending_count].node = n;
      l->pending[l->pending_count++].slot = at;
      return;
    case CELL_SOURCE: break; /* two keys; read by source_cell */
  }
}

/* CELL_SOURCE "when": the keys when_clause and when_sample; "": clause and sample. */
static bool source_cell(Loader *l, const Node *n, const Cell *c, char *row) {
  Str prefix = str_of(c->key), rest = n->key;
  Source *s = (Source *)(void *)(row + c->at);
  if (prefix.len) {
    if (!str_starts(rest, prefix) || rest.len <= prefix.len || rest.ptr[prefix.len] != '_') return false;
    rest = str_sub(rest, prefix.len + 1, SIZE_MAX);
  }
  if (str_eq(rest, S("clause"))) {
    if (scalar_need(l, n)) s->clause = n->text;
    return true;
  }
  if (!str_eq(rest, S("sample"))) return false;
  read_bool(l, n, &s->sample);
  return true;
}

static const Cell *cell_of(Loader *l, const Node *n, const Cell *cells, size_t count, void *row) {
  for (size_t i = 0; i < count; i++) {
    if (cells[i].kind == CELL_SOURCE) {
      if (source_cell(l, n, &cells[i], row)) return &cells[i];
    } else if (str_eqz(n->key, cells[i].key)) {
      read_cell(l, n, &cells[i], row);
      return &cells[i];
    }
  }
  return NULL;
}

void origin_add(Loader *l, const void *what, const Node *node) {
  l->origins = grown(l->mem, l->origins, l->origin_count, &l->origin_cap, sizeof *l->origins);
  l->origins[l->origin_count++] = (struct Origin){what, node};
}

void row_read(Loader *l, const Node *map, const Cell *cells, size_t n, void *row) {
  if (map->kind != NODE_MAP) {
    mistake_node(l, map, "这里应是一组“键: 值”");
    return;
  }
  origin_add(l, row, map);
  for (const Node *k = map->first; k; k = k->next)
    if (!cell_of(l, k, cells, n, row))
      mistake_at(l, k->file, k->key_line, k->key_column, "没有“%.*s”这个键，请核对拼写", SFMT(k->key));
  for (size_t i = 0; i < n; i++) {
    if (!cells[i].required) continue;
    const Node *v = node_get(map, cells[i].key);
    if (!v) mistake_node(l, map, "缺少“%s”，请补上", cells[i].key);
    else if (cells[i].kind == CELL_STR && v->kind == NODE_SCALAR && !str_trim(v->text).len)
      mistake_at(l, v->file, v->key_line, v->key_column, "“%s”不能空着，请填写", cells[i].key);
  }
}

void *rows_read(Loader *l, const Node *list, const Cell *cells, size_t n, size_t size, size_t *count) {
  size_t total = 0;
  *count = 0;
  if (!list) return NULL;
  if (list->kind != NODE_LIST) {
    mistake_node(l, list, "“%.*s”应是列表，每项以“- ”开头", SFMT(list->key));
    return NULL;
  }
  for (const Node *k = list->first; k; k = k->next) total++;
  char *rows = arena_alloc(l->mem, total + 1, size, _Alignof(max_align_t));
  for (const Node *k = list->first; k; k = k->next) row_read(l, k, cells, n, rows + size * (*count)++);
  return rows;
}

void policy__keys(Loader *l, const Node *root, const char *const *allowed, size_t n) {
  for (const Node *k = root->first; k; k = k->next) {
    bool known = false;
    for (size_t i = 0; i < n; i++) known |= str_eqz(k->key, allowed[i]);
    if (!known) mistake_at(l, k->file, k->key_line, k->key_column, "没有“%.*s”这个键，请核对拼写", SFMT(k->key));
  }
  for (size_t i = 0; i < n; i++)
    if (!node_get(root, allowed[i])) mistake_node(l, root, "缺少“%s”，请补上", allowed[i]);
}

void *grown(Arena *mem, void *list, size_t count, size_t *cap, size_t size) {
  if (count < *cap) return list;
  *cap = *cap ? *cap * 2 : 64;
  char *more = arena_alloc(mem, *cap, size, _Alignof(max_align_t));
  if (count) memcpy(more, list, count * size);
  return more;
}

const Node *origin_of(const Loader *l, const void *what) {
  for (size_t i = 0; i < l->origin_count; i++)
    if (l->origins[i].what == what) return l->origins[i].node;
  return NULL;
}
