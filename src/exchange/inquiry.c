/* SPDX-License-Identifier: Apache-2.0 */
/* inquiry.c: what a platform says of a project code, field by field against the package. Nothing of it is believed that a person could not have typed. */
#include "exchange/exchange_int.h"

enum { NAME_MIN = 2, NAME_MAX = 120 };

static void left(Arena *mem, Filled *out, Str label, Str why) {
  Json *o = json_push_obj(mem, out->left);
  json_put_str(mem, o, S("label"), label);
  json_put_str(mem, o, S("why"), why);
}

/* Text of a member; false: it is there, but neither text, number nor yes and no. */
static bool text_of(Arena *mem, const Json *o, Str name, Str *out) {
  const Json *v = json_get(o, name);
  *out = str_trim(value__text(mem, v));
  return !v || v->kind == JSON_STR || v->kind == JSON_INT || v->kind == JSON_BOOL || v->kind == JSON_NULL;
}

static bool line_fits(Str s) {
  return utf8_valid(s) && !utf8_has_control(s) && utf8_count(s) >= NAME_MIN && utf8_count(s) <= NAME_MAX;
}

static void line_take(Arena *mem, const Json *o, Str column, const char *as, Str label, bool (*ok)(Str), Filled *out) {
  Str v;
  if (!text_of(mem, o, column, &v) || (v.len && !ok(v))) left(mem, out, label, S("写法不对"));
  else if (v.len) json_put_str(mem, out->values, str_of(as), v);
}

/* Our value of a code; empty: the code is not in the list, or several of ours mean it. */
static Str ours_of(const Policy *p, Str list, Str code) {
  const SpglCode *c = spgl_code_named(p, list, code);
  return c && c->of_count == 1 ? c->of[0] : S("");
}

static void fact_take(Cx *cx, const Policy *p, const Field *f, const Json *project, const Json *more, Filled *out) {
  Arena *mem = cx->mem;
  const SpglColumn *column = NULL;
  Str from = arena_fmt(mem, "fact.%.*s", SFMT(f->name)), raw, clean = S("");
  for (size_t i = 0; i < p->spgl.column_count && !column; i++)
    if (str_eq(p->spgl.columns[i].from, from) && spgl_of(p->spgl.columns[i].at, S("XMJBXXB"))) column = &p->spgl.columns[i];
  bool fits = column ? text_of(mem, project, spgl_short(column->at), &raw) : text_of(mem, more, f->name, &raw);
  if (!fits) {
    left(mem, out, f->label, S("写法不对"));
    return;
  }
  if (!raw.len) return;
  if (column && column->list.len) {
    Str code = raw;
    raw = ours_of(p, column->list, str_sub(code, 0, 20));
    if (!raw.len) {
      left(mem, out, f->label, arena_fmt(mem, "平台给的“%.*s”在这里没有对应的选项，请自己选择", SFMT(str_sub(code, 0, 20))));
      return;
    }
  }
  if (field_check(cx, f, raw, &clean) != OK) {
    left(mem, out, f->label, cx->detail);
    cx_clear(cx);
  } else if (clean.len) json_put_str(mem, out->values, arena_fmt(mem, "f_%.*s", SFMT(f->name)), clean);
}

/* The code of the national list says less than our category: where several of ours have it, the platform may name one. */
static void category_take(Arena *mem, const Policy *p, const Json *project, const Json *more, Filled *out) {
  Str national, named;
  const Category *one = NULL;
  size_t n = 0;
  bool fits = text_of(mem, project, S("SPLCLX"), &national) && text_of(mem, more, S("category"), &named);
  for (size_t i = 0; fits && i < p->category_count; i++) {
    const Category *c = &p->categories[i];
    if (!str_eq(c->national, national) || (named.len && !str_eq(c->code, named))) continue;
    one = c;
    n++;
  }
  if (n == 1) json_put_str(mem, out->values, S("category"), one->code);
  else if (!fits || national.len || named.len) left(mem, out, S("项目类别"), n ? S("平台的审批流程类型对应本市的几个类别，请选择") : S("平台的审批流程类型在这里没有对应的类别，请选择"));
}

static void county_take(Arena *mem, const Policy *p, const Json *project, Filled *out) {
  Str region;
  const Unit *one = NULL;
  bool fits = text_of(mem, project, S("JSDDXZQH"), &region);
  for (size_t i = 0; fits && region.len && i < p->unit_count; i++)
    if (str_eq(p->units[i].region, region) && str_eqz(p->units[i].kind, "county")) one = &p->units[i];
  if (one) json_put_str(mem, out->values, S("county"), one->code);
  else if (!fits || region.len) left(mem, out, S("建设地点所在的县（市）区"), S("行政区划代码不是本市县（市）区的"));
}

bool inquiry_read(Cx *cx, const Policy *p, Str code, const Json *answer, Filled *out) {
  Arena *mem = cx->mem;
  const Json *project = json_get(answer, S("project")), *more = json_get(answer, S("local"));
  *out = (Filled){.values = json_obj(mem), .left = json_arr(mem)};
  if (!project || (project->kind != JSON_OBJ && project->kind != JSON_NULL) || (more && more->kind != JSON_OBJ)) return false;
  if (project->kind == JSON_NULL) return out->unknown = true;
  if (!str_eq(json_str(project, S("XMDM")), code)) return false;
  line_take(mem, project, S("XMMC"), "name", S("项目名称"), line_fits, out);
  category_take(mem, p, project, more, out);
  county_take(mem, p, project, out);
  line_take(mem, project, S("DWMC"), "owner", S("建设单位"), line_fits, out);
  line_take(mem, project, S("DWTYSHXYDM"), "uscc", S("统一社会信用代码"), uscc_valid, out);
  for (size_t i = 0; i < p->fact_count; i++)
    if (!p->facts[i].personal) fact_take(cx, p, &p->facts[i], project, more, out);
  return true;
}
