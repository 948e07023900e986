/* SPDX-License-Identifier: Apache-2.0 */
/* check_spgl.c: the mapping to the exchange standard, looked up and checked. */
#include "policy/check.h"

#define FLOW " flow.code flow.name flow.version flow.type "
#define CASE " project.code " FLOW
#define ITEM " item.code item.name item.days unit.code unit.name instance.code instance.receipt "
const SpglSource spgl_sources[SPGL_KINDS] = {
    {"flow", FLOW "flow.since flow.note "},
    {"stage", FLOW "stage.code stage.name stage.no stage.limit "},
    {"stage-item", FLOW "stage.no item.code item.name item.days item.promise item.milestone item.after unit.code unit.name "},
    {"project", CASE "project.name project.invest project.scale project.region project.region-code project.done project.done-at project.submitted-at "},
    {"owner", " project.code owner.uscc owner.name "},
    {"instance", CASE ITEM},
    {"event", " project.code instance.code event.desk event.by event.status event.text event.at "},
    {"special", " project.code instance.code special.cause special.name special.from special.days "},
    {"document", " project.code instance.code document.day document.number document.title "},
    {"file", " project.code instance.code instance.receipt file.name file.type file.id "}};

Str spgl_short(Str at) {
  Str head, tail;
  return str_cut(at, '.', &head, &tail) ? tail : at;
}

bool spgl_of(Str at, Str head) {
  return at.len > head.len && str_starts(at, head) && at.ptr[head.len] == '.';
}

const SpglTable *spgl_table(const Policy *p, Str name) {
  for (size_t i = 0; i < p->spgl.table_count; i++)
    if (str_eq(p->spgl.tables[i].name, name)) return &p->spgl.tables[i];
  return NULL;
}

const SpglAct *spgl_act(const Policy *p, Str code) {
  for (size_t i = 0; i < p->spgl.act_count; i++)
    if (str_eq(p->spgl.acts[i].code, code)) return &p->spgl.acts[i];
  return NULL;
}

const SpglCode *spgl_code_named(const Policy *p, Str list, Str code) {
  for (size_t i = 0; i < p->spgl.code_count; i++)
    if (spgl_of(p->spgl.codes[i].code, list) && str_eq(spgl_short(p->spgl.codes[i].code), code)) return &p->spgl.codes[i];
  return NULL;
}

const SpglCode *spgl_code(const Policy *p, Str list, Str value) {
  const SpglCode *other = NULL;
  bool mapped = false;
  for (size_t i = 0; i < p->spgl.code_count; i++) {
    const SpglCode *c = &p->spgl.codes[i];
    if (!spgl_of(c->code, list)) continue;
    for (size_t k = 0; k < c->of_count; k++)
      if (str_eq(c->of[k], value)) return c;
    mapped |= c->of_count > 0;
    if (c->other) other = c;
  }
  return mapped || other ? other : spgl_code_named(p, list, value);
}

/* ---- checks ------------------------------------------------------------------------------------------------- */

static bool field_known(const Policy *p, Str name) {
  for (int n = 0; n <= STAGE_MAX; n++)
    if (policy_field(p, n, name)) return true;
  return false;
}

static bool source_known(Arena *mem, const Policy *p, const SpglTable *t, Str from) {
  for (size_t i = 0; i < SPGL_KINDS; i++)
    if (str_eqz(t->per, spgl_sources[i].per) && str_has(str_of(spgl_sources[i].names), arena_fmt(mem, " %.*s ", SFMT(from)))) return true;
  return str_eqz(t->per, "project") && str_starts(from, S("fact.")) && field_known(p, str_sub(from, 5, SIZE_MAX));
}

static bool list_known(const Policy *p, Str list) {
  for (size_t i = 0; i < p->spgl.code_count; i++)
    if (spgl_of(p->spgl.codes[i].code, list)) return true;
  return false;
}

static void column_check(Loader *l, const SpglColumn *c) {
  static const char *const types[] = {"text", "int", "decimal", "date", "time"};
  const Policy *p = l->p;
  Str table, column;
  const SpglTable *t = str_cut(c->at, '.', &table, &column) ? spgl_table(p, table) : NULL;
  check__word(l, c, "type", c->type, types, COUNT(types));
  if (!t || !column.len) check__at(l, c, "at", "at 要写成 表.栏目，表要在 tables 里");
  else if (c->from.len && !source_known(l->mem, p, t, c->from)) check__at(l, c, "from", "%.*s 不能由“%.*s”来，请照 docs/policy.md 写", SFMT(c->at), SFMT(c->from));
  if (!c->from.len == !c->value.len) check__at(l, c, "at", "%.*s 要写 from 或者 value，只写一个", SFMT(c->at));
  if (c->list.len && !list_known(p, c->list)) check__at(l, c, "list", "codes 里没有代码表 %.*s，请补上", SFMT(c->list));
  else if (c->list.len && c->value.len && !spgl_code_named(p, c->list, c->value)) check__at(l, c, "value", "代码表 %.*s 里没有 %.*s，请补上", SFMT(c->list), SFMT(c->value));
}

static bool version_fits(Str v) {
  Milli m;
  return v.len <= 6 && milli_parse(v, &m) && m.v > 0;
}

void check__spgl(Loader *l) {
  const Policy *p = l->p;
  const Spgl *x = &p->spgl;
  UNIQUE(l, x->tables, x->table_count, name)
  UNIQUE(l, x->tables, x->table_count, no)
  UNIQUE(l, x->columns, x->column_count, at)
  UNIQUE(l, x->codes, x->code_count, code)
  UNIQUE(l, x->acts, x->act_count, code)
  for (size_t i = 0; i < x->table_count; i++) {
    bool known = false;
    for (size_t k = 0; k < SPGL_KINDS; k++) known |= str_eqz(x->tables[i].per, spgl_sources[k].per);
    if (!known) check__at(l, &x->tables[i], "per", "没有“%.*s”这种行，请照 docs/policy.md 写", SFMT(x->tables[i].per));
    if (x->tables[i].no.len != 2) check__at(l, &x->tables[i], "no", "no 是两位数字");
  }
  for (size_t i = 0; i < x->column_count; i++) column_check(l, &x->columns[i]);
  for (size_t i = 0; i < x->act_count; i++)
    if (!spgl_code_named(p, S("BLZT"), x->acts[i].status)) check__at(l, &x->acts[i], "status", "代码表 BLZT 里没有 %.*s，请补上", SFMT(x->acts[i].status));
  if (x->table_count && !version_fits(x->version)) check__at(l, p, "exchange_version", "写了 exchange.yaml，就要写 exchange_version：流程版本号，小数，如 \"1.0\"");
  check__source(l, p, "exchange_clause", p->exchange_source, x->table_count > 0);
}
