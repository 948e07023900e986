/* SPDX-License-Identifier: Apache-2.0 */
/* rows.c: one row from named values by the mapping of the package; the rows of the catalogue. */
#include "exchange/exchange_int.h"

enum { INT_DIGITS = 10, DECIMAL_DIGITS = 14 };

Str value__text(Arena *mem, const Json *v) {
  if (!v) return S("");
  if (v->kind == JSON_BOOL) return v->num ? S("true") : S("false");
  if (v->kind == JSON_INT) return arena_fmt(mem, "%lld", (long long)v->num);
  return v->kind == JSON_STR ? v->str : S("");
}

Str time__text(Arena *mem, int64_t ms) {
  Str t = time_str(mem, ms); /* 2019-06-28T09:12:00+08:00 */
  return arena_fmt(mem, "%.*s %.*s", 10, t.ptr, 8, t.ptr + 11);
}

void row__fault(Arena *mem, SpglRow *r, const char *fmt, ...) {
  va_list ap;
  va_start(ap, fmt);
  Str text = arena_vfmt(mem, fmt, ap);
  va_end(ap);
  r->fault = r->fault.len ? arena_fmt(mem, "%.*s；%.*s", SFMT(r->fault), SFMT(text)) : text;
}

/* ---- one column --------------------------------------------------------------------------------------------- */

static bool date_fits(Str v) {
  Day d;
  return day_parse(v, &d) || str_eqz(v, "9999-01-01"); /* no end, as the standard writes it */
}

static bool fits(const SpglColumn *c, Str v) {
  Milli m;
  int64_t n;
  if (str_eqz(c->type, "int")) return v.len <= INT_DIGITS && str_to_i64(v, &n);
  if (str_eqz(c->type, "decimal")) return v.len <= DECIMAL_DIGITS && milli_parse(v, &m);
  if (str_eqz(c->type, "date")) return date_fits(v);
  if (str_eqz(c->type, "time")) return v.len == 19 && v.ptr[10] == ' ' && date_fits(str_sub(v, 0, 10));
  return utf8_valid(v) && !utf8_has_control(v);
}

/* An opinion of several lines is one text there. */
static Str one_line(Arena *mem, Str v) {
  char *flat = arena_array(mem, char, v.len + 1);
  for (size_t i = 0; i < v.len; i++) flat[i] = v.ptr[i] == '\n' || v.ptr[i] == '\r' || v.ptr[i] == '\t' ? ' ' : v.ptr[i];
  return (Str){.ptr = flat, .len = v.len};
}

static void column_put(Arena *mem, const Policy *p, SpglRow *r, const SpglColumn *c, const Json *values) {
  Str raw = c->value.len ? c->value : value__text(mem, json_get(values, c->from)), name = spgl_short(c->at), v = raw;
  if (!raw.len) {
    if (c->required) row__fault(mem, r, "〔%.*s %.*s〕没有填写", SFMT(name), SFMT(c->label));
    return;
  }
  if (c->list.len) {
    const SpglCode *code = spgl_code(p, c->list, raw);
    v = code ? spgl_short(code->code) : raw;
    if (!code) row__fault(mem, r, "〔%.*s %.*s〕的值“%.*s”不在代码项之中", SFMT(name), SFMT(c->label), SFMT(raw));
  }
  if (str_eqz(c->type, "text")) v = one_line(mem, v);
  if (!fits(c, v)) row__fault(mem, r, "〔%.*s %.*s〕的值“%.*s”写法不对", SFMT(name), SFMT(c->label), SFMT(v));
  if (c->max && (int64_t)utf8_count(v) > c->max) row__fault(mem, r, "〔%.*s %.*s〕最多 %d 个字", SFMT(name), SFMT(c->label), c->max);
  int64_t n = 0;
  if (str_eqz(c->type, "int") && str_to_i64(v, &n)) json_put_int(mem, r->row, name, n);
  else json_put_str(mem, r->row, name, v);
}

SpglRow *row__add(Arena *mem, const Policy *p, SpglRows *out, const char *per, Str key, const Json *values) {
  const SpglTable *t = NULL;
  for (size_t i = 0; i < p->spgl.table_count; i++)
    if (str_eqz(p->spgl.tables[i].per, per)) t = &p->spgl.tables[i];
  if (!t) return NULL;
  SpglRow *r = GROW(mem, out->list, out->count, out->cap, SpglRow);
  *r = (SpglRow){.table = t, .key = key, .row = json_obj(mem), .fault = S("")};
  json_put_str(mem, r->row, S("DFSJZJ"), key);
  json_put_str(mem, r->row, S("XZQHDM"), p->city_code);
  for (size_t i = 0; i < p->spgl.column_count; i++)
    if (spgl_of(p->spgl.columns[i].at, t->name)) column_put(mem, p, r, &p->spgl.columns[i], values);
  return r;
}

/* ---- the catalogue -------------------------------------------------------------------------------------------- */

void flow__values(Arena *mem, const Policy *p, const Category *c, Json *v) {
  json_put_str(mem, v, S("flow.code"), arena_fmt(mem, "%.*s-%.*s", SFMT(p->city_code), SFMT(c->code)));
  json_put_str(mem, v, S("flow.name"), c->name);
  json_put_str(mem, v, S("flow.version"), p->spgl.version);
  json_put_str(mem, v, S("flow.type"), c->national);
  json_put_str(mem, v, S("flow.since"), p->effective_from);
  json_put_str(mem, v, S("flow.note"), c->note);
}

static void stage_row(Arena *mem, const Policy *p, const Category *c, int n, SpglRows *out) {
  Json *v = json_obj(mem);
  bool beside = n > STAGE_MAX;
  flow__values(mem, p, c, v);
  json_put_str(mem, v, S("stage.code"), beside ? S("beside") : p->stages[n].code);
  json_put_str(mem, v, S("stage.name"), beside ? S("并行推进") : p->stages[n].name);
  json_put_int(mem, v, S("stage.no"), n);
  json_put_int(mem, v, S("stage.limit"), beside ? 0 : c->limit[n]);
  row__add(mem, p, out, "stage", arena_fmt(mem, "%.*s-%.*s-%d", SFMT(c->code), SFMT(p->spgl.version), n), v);
}

static void item_row(Arena *mem, const Policy *p, const Category *c, const Item *i, SpglRows *out) {
  Json *v = json_obj(mem);
  Str after = S("");
  flow__values(mem, p, c, v);
  for (size_t k = 0; k < i->after_count; k++) after = arena_fmt(mem, "%.*s%s%.*s", SFMT(after), k ? "," : "", SFMT(i->after[k]));
  const Unit *u = policy_unit(p, i->unit);
  json_put_int(mem, v, S("stage.no"), i->parallel ? STAGE_MAX + 1 : i->stage);
  json_put_str(mem, v, S("item.code"), i->code);
  json_put_str(mem, v, S("item.name"), i->name);
  json_put_int(mem, v, S("item.days"), policy_item_days(i, c->code));
  json_put_int(mem, v, S("item.promise"), i->promise);
  json_put_int(mem, v, S("item.milestone"), i->milestone);
  json_put_str(mem, v, S("item.after"), after);
  json_put_str(mem, v, S("unit.code"), i->unit);
  json_put_str(mem, v, S("unit.name"), u ? u->name : S("项目所在县（市）区"));
  row__add(mem, p, out, "stage-item", arena_fmt(mem, "%.*s-%.*s-%.*s", SFMT(c->code), SFMT(p->spgl.version), SFMT(i->code)), v);
}

static void flow_row(Arena *mem, const Policy *p, const Category *c, SpglRows *out) {
  Json *v = json_obj(mem);
  flow__values(mem, p, c, v);
  row__add(mem, p, out, "flow", arena_fmt(mem, "%.*s-%.*s", SFMT(c->code), SFMT(p->spgl.version)), v);
}

void exchange_catalogue(Arena *mem, const Policy *p, SpglRows *out) {
  for (size_t k = 0; k < p->category_count; k++) flow_row(mem, p, &p->categories[k], out);
  for (size_t k = 0; k < p->category_count; k++)
    for (int n = 1; n <= STAGE_MAX + 1; n++)
      if (n > STAGE_MAX || p->categories[k].limit[n] > 0) stage_row(mem, p, &p->categories[k], n, out);
  for (size_t k = 0; k < p->category_count; k++)
    for (size_t i = 0; i < p->item_count; i++) {
      const Item *item = &p->items[i];
      bool exists = policy_item_in(item, p->categories[k].code) && (item->parallel || p->categories[k].limit[item->stage] > 0);
      if (exists) item_row(mem, p, &p->categories[k], item, out);
    }
  check__catalogue(mem, p, out);
}

const Receiver *receiver_find(const Receivers *all, Str code) {
  for (size_t i = 0; i < all->count; i++)
    if (str_eq(all->list[i].code, code)) return &all->list[i];
  return NULL;
}

bool receiver_wants(const Receiver *r, const Policy *p, Str county) {
  const Unit *u = policy_unit_known(p, county);
  return !r->region.len || (u && str_eq(u->region, r->region));
}
