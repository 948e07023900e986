/* SPDX-License-Identifier: Apache-2.0 */
/* form.c: one form, one set of materials: what is known already, what is missing, what is wrong. */
#include "approval/approval_int.h"

/* ---- what is known -------------------------------------------------------------------------------- */

static const Json *known_value(const Project *pr, int stage, const Field *f) {
  if (project_locked(pr, f->name).len) return json_get(json_get(pr->locked, S("values")), f->name);
  const Json *contact = json_get(pr->contact, str_starts(f->name, S("contact_")) ? str_sub(f->name, 8, SIZE_MAX) : f->name);
  for (int n = stage; n >= 1; n--) {
    const Json *v = json_get(pr->stages[n].form, f->name);
    if (v && contact && json_int(pr->contact, S("at"), 0) > pr->stages[n].submitted_at) return contact;
    if (v) return v;
  }
  return f->fact ? json_get(pr->facts, f->name) : contact;
}

static Json *known_put(Arena *m, Json *materials, Str code, int from, Str label, Str name) {
  Json *o = json_put_obj(m, materials, code);
  json_put_int(m, o, S("from"), from);
  json_put_str(m, o, S("label"), label);
  json_put_str(m, o, S("name"), name);
  return o;
}

static void known_blob(Arena *m, Json *o, Str blob, int64_t size) {
  json_put_str(m, o, S("blob"), blob);
  json_put_int(m, o, S("size"), size);
}

/* Of an earlier stage, or of an earlier attempt of this one; what is being corrected is not "earlier". */
static bool file_serves(const Project *pr, int stage, const LibFile *f) {
  const StageState *s = &pr->stages[stage];
  bool again = s->status == STAGE_OPEN || s->status == STAGE_REFUSED || s->status == STAGE_WITHDRAWN;
  return f->stage < stage || (f->stage == stage && (again || f->attempt < s->attempt));
}

static bool known_file(Arena *m, const Project *pr, int stage, const Material *material, Json *out) {
  for (size_t i = pr->library_count; i > 0; i--) {
    const LibFile *f = &pr->library[i - 1];
    if (!str_eq(f->material, material->code) || !file_serves(pr, stage, f)) continue;
    Json *o = known_put(m, out, material->code, f->stage, f->stage ? S("已交") : S("多测合一成果，各部门共用"), f->name);
    json_put_str(m, o, S("source"), f->source);
    known_blob(m, o, f->blob, f->size);
    json_put_int(m, o, S("version"), f->version);
    return true;
  }
  return false;
}

/* The item of an earlier stage whose result serves as this material. */
static const ItemState *result_item(const Project *pr, int stage, const Material *material, int *from) {
  for (int n = stage - 1; n >= 1; n--)
    for (size_t k = 0; k < material->result_count; k++) {
      const ItemState *i = stage_item(&pr->stages[n], material->results[k]);
      *from = n;
      if (i && i->status == ITEM_PASSED) return i;
    }
  return NULL;
}

static bool known_result(Arena *m, const Policy *p, const Project *pr, int stage, const Material *material, Json *out) {
  int n = 0;
  const ItemState *i = result_item(pr, stage, material, &n);
  if (!i) return false;
  const Item *item = policy_item(p, i->code);
  Str day = day_str(m, day_of(i->decided_at)), name = item && item->result.len ? item->result : i->name;
  Json *o = known_put(m, out, material->code, n, S("办理结果"), arena_fmt(m, "%.*s（%.*s）", SFMT(name), SFMT(day)));
  json_put_str(m, o, S("item"), i->code);
  return true;
}

static bool issued_here(const Project *pr, int stage, const Material *material) {
  int64_t from = 0;
  int n = 0;
  if (str_to_i64(material->from_stage, &from) && from >= 1 && from <= STAGE_MAX) return pr->stages[from].certificate.len > 0;
  return !library_latest(pr, material->code) && result_item(pr, stage, material, &n);
}

size_t project_askable(Arena *mem, const Policy *p, const Project *pr, int stage, bool issued, const Material ***out) {
  MaterialChoice *choices = NULL;
  size_t count = policy_materials(mem, p, stage, pr->category, pr->county, pr->facts, &choices), n = 0;
  const Material **list = arena_array(mem, const Material *, count + 1);
  for (size_t i = 0; i < count; i++)
    if (choices[i].needed != NO && issued_here(pr, stage, choices[i].material) == issued) list[n++] = choices[i].material;
  *out = list;
  return n;
}

/* What a region's assessment proves is not drawn up again (D60-2.9.1). */
static bool known_share(Arena *m, const Material *material, const Json *shared, Json *out) {
  const Json *x = share__of(json_get(shared, REGION_SHARED), material->share);
  if (!x) return false;
  Str region = json_str(json_get(shared, REGION_SHARED), S("name")), until = json_str(x, S("until"));
  Str label = arena_fmt(m, "共享区域成果，无需单独编报：%.*s的%.*s，有效期至 %.*s", SFMT(region), SFMT(policy_assessment_label(material->share)), SFMT(until));
  Json *o = known_put(m, out, material->code, 0, label, json_str(x, S("name")));
  known_blob(m, o, json_str(x, S("blob")), json_int(x, S("size"), 0));
  json_put_str(m, o, S("source"), share_source(m, x));
  json_put_str(m, o, S("number"), json_str(x, S("number")));
  return true;
}

static void known_material(Arena *m, const Policy *p, const Project *pr, int stage, const Material *material, const Json *shared, Json *out) {
  int64_t from = 0;
  if (str_to_i64(material->from_stage, &from) && from >= 1 && from <= STAGE_MAX) {
    const StageState *s = &pr->stages[from];
    if (s->certificate.len) known_put(m, out, material->code, (int)from, S("出件"), s->certificate);
    return;
  }
  if (known_share(m, material, shared, out) || known_file(m, pr, stage, material, out) || known_result(m, p, pr, stage, material, out)) return;
  const Json *other = material->enterprise ? json_get(shared, material->code) : NULL;
  if (!other || json_int(other, S("project"), 0) == pr->no) return;
  Json *o = known_put(m, out, material->code, 0, S("本企业其他项目已交"), json_str(other, S("name")));
  known_blob(m, o, json_str(other, S("blob")), json_int(other, S("size"), 0));
  json_put_int(m, o, S("project"), json_int(other, S("project"), 0));
  json_put_str(m, o, S("number"), json_str(other, S("number")));
}

Json *project_known_with(Arena *mem, const Policy *p, const Project *pr, int stage, const Json *shared) {
  Json *known = json_obj(mem), *fields = json_put_obj(mem, known, S("fields"));
  Json *materials = json_put_obj(mem, known, S("materials"));
  for (size_t i = 0; i < p->form_count[stage]; i++) {
    const Json *v = known_value(pr, stage, &p->form[stage][i]);
    if (v) json_put(mem, fields, p->form[stage][i].name, v);
  }
  for (size_t i = 0; i < p->material_count; i++) known_material(mem, p, pr, stage, &p->materials[i], shared, materials);
  return known;
}

Json *project_known(Arena *mem, const Policy *p, const Project *pr, int stage) {
  return project_known_with(mem, p, pr, stage, NULL);
}

Json *project_facts_with(Arena *mem, const Policy *p, const Project *pr, int stage, const Json *form) {
  Json *facts = pr->facts ? json_clone(mem, pr->facts) : json_obj(mem);
  for (size_t i = 0; i < p->form_count[stage]; i++) {
    const Field *f = &p->form[stage][i];
    const Json *v = json_get(form, f->name);
    if (f->fact && v) json_put(mem, facts, f->name, json_clone(mem, v));
  }
  joined__cover(mem, p, pr, facts);
  return facts;
}

/* ---- what is wrong -------------------------------------------------------------------------------- */

static void fault(Arena *m, Json *faults, Str field, Str text) {
  Json *o = json_push_obj(m, faults);
  json_put_str(m, o, S("field"), field);
  json_put_str(m, o, S("text"), text);
}

static Str as_text(Arena *m, const Json *v) {
  if (!v) return S("");
  if (v->kind == JSON_INT) return arena_fmt(m, "%lld", (long long)v->num);
  if (v->kind == JSON_BOOL) return v->num ? S("true") : S("false");
  return v->kind == JSON_STR ? v->str : S("");
}

static void clean_put(Arena *m, Json *clean, const Field *f, Str value) {
  int64_t n;
  if (f->type == FIELD_BOOL) json_put_bool(m, clean, f->name, str_eq(value, S("true")));
  else if (f->type == FIELD_INT && str_to_i64(value, &n)) json_put_int(m, clean, f->name, n);
  else json_put_str(m, clean, f->name, value);
}

static Code personal_check(Cx *cx, const Field *f, Str value) {
  if (!value.len && f->required) FAIL_AT(INVALID, f->name, S(""), "请填写“%.*s”", SFMT(f->label));
  if (value.len && !str_starts(value, S(PERSONAL_MARK)))
    FAIL_AT(INVALID, f->name, S(""), "“%.*s”是个人信息，要先存入保险库，这里只写存放编号", SFMT(f->label));
  return OK;
}

/* Two counties, or two development zones, have no park in common; a zone lies in a county. Where the plot itself lies in the region
 * the drawing knows better. */
static Code elsewhere_check(Cx *cx, const Policy *p, const Project *pr, const Field *f, const Json *shared, Str value) {
  const Unit *there = policy_unit(p, json_str(json_get(shared, REGION_SHARED), S("county"))), *here = policy_unit(p, pr->county);
  if (!there || !here || there == here || !str_eq(there->kind, here->kind) || str_eq(region_inside(shared), value)) return OK;
  FAIL_AT(INVALID, f->name, S("D60-2.9.1"), "“%.*s”在%.*s，本项目的建设地点在%.*s；请选本地的区域，不在区域内的不选", SFMT(value), SFMT(there->name), SFMT(here->name));
}

/* A name that nobody registered shares nothing, and would only look as if it did. */
static Code region_check(Cx *cx, const Policy *p, const Project *pr, const Field *f, const Json *shared, Str value) {
  bool locked = project_locked(pr, f->name).len > 0;
  const Json *region = json_get(shared, REGION_SHARED);
  Str why = json_str(region, S("why"));
  if (!f->choose.len || !value.len || !region) return OK;
  if (why.len && !locked && str_eq(value, json_str(region, S("name")))) FAIL_AT(INVALID, f->name, S("D60-2.9.1"), "%.*s请不选这个区域，或者调整用地，重新做蓝图检查", SFMT(why));
  if (json_bool(region, S("known"))) return locked ? OK : elsewhere_check(cx, p, pr, f, shared, value);
  FAIL_AT(INVALID, f->name, S("D60-2.9.1"), "没有登记过名为“%.*s”的区域，请从登记的区域里选；不在区域内的不选", SFMT(value));
}

static Code fields_check(Cx *cx, const Policy *p, const Project *pr, int stage, const Json *form, const Json *shared, Json *clean, Json *faults) {
  Arena *m = cx->mem;
  Json *facts = policy_facts(m, pr->facts, pr->category, pr->county);
  for (size_t i = 0; i < p->form_count[stage]; i++) {
    const Field *f = &p->form[stage][i];
    Str typed = as_text(m, json_get(form, f->name)), value = typed;
    if (f->when && policy_eval(m, p, f->when, facts, NULL) == NO) continue;
    if (locks__check(cx, pr->locked, f, json_get(form, f->name)) != OK) {
      fault(m, faults, f->name, cx->detail);
      cx_clear(cx);
      continue;
    }
    if (project_locked(pr, f->name).len) typed = value = project_locked(pr, f->name);
    if (f->choose.len && !value.len) typed = value = region_inside(shared);
    Code code = f->personal ? personal_check(cx, f, typed) : field_check(cx, f, typed, &value);
    if (code == OK) code = region_check(cx, p, pr, f, shared, value);
    if (code != OK && code != INVALID) return code;
    if (code == INVALID) {
      fault(m, faults, f->name, cx->detail);
      cx_clear(cx);
      continue;
    }
    if (!value.len) continue;
    clean_put(m, clean, f, value);
    if (f->fact) json_put(m, facts, f->name, json_get(clean, f->name));
  }
  return OK;
}

/* A day for something still to come is one on which it can be. What a correction leaves as it was may have passed since. */
static void workdays_check(Arena *m, const Policy *p, const Project *pr, int stage, const Json *clean, Day today, Json *faults) {
  const StageState *s = &pr->stages[stage];
  for (size_t i = 0; i < p->form_count[stage]; i++) {
    const Field *f = &p->form[stage][i];
    Str typed = json_str(clean, f->name);
    Day day;
    if (!f->workday || !day_parse(typed, &day) || (s->status == STAGE_CORRECTION && str_eq(typed, json_str(s->form, f->name)))) continue;
    Str why = calendar_refuses(m, p->calendar, day, today);
    if (why.len) fault(m, faults, f->name, arena_fmt(m, "“%.*s”：%.*s", SFMT(f->label), SFMT(why)));
  }
}

/* Of two dates in one form the second may not come before the first. */
static void pairs_check(Arena *m, const Policy *p, int stage, const Json *clean, Json *faults) {
  for (size_t i = 0; i < p->form_count[stage]; i++) {
    const Field *f = &p->form[stage][i], *first = f->not_before.len ? policy_field(p, stage, f->not_before) : NULL;
    Day from, to;
    if (!first || !day_parse(json_str(clean, f->name), &to) || !day_parse(json_str(clean, first->name), &from) || to.n >= from.n) continue;
    fault(m, faults, f->name, arena_fmt(m, "“%.*s”不能早于“%.*s”（%.*s）", SFMT(f->label), SFMT(first->label), SFMT(day_str(m, from))));
  }
}

static const Json *file_of(const Json *files, Str material) {
  for (const Json *f = files ? files->first : NULL; f; f = f->next)
    if (str_eq(json_str(f, S("material")), material) && json_str(f, S("blob")).len) return f;
  return NULL;
}

static const Json *promise_of(const Json *lacking, Str material) {
  for (const Json *x = lacking ? lacking->first : NULL; x; x = x->next)
    if (str_eq(json_str(x, S("material")), material)) return x;
  return NULL;
}

/* Why this promise cannot be taken; empty: it can. */
static Str promise_fault(Arena *m, const Policy *p, const Project *pr, const Material *material, const Json *promise, const Handed *h) {
  Day day, last = calendar_add(p->calendar, h->today, p->lack_days);
  if (!p->lack_days || !material->lack) return arena_fmt(m, "“%.*s”不能容缺，请选择文件", SFMT(material->name));
  if (h->barred) return arena_fmt(m, "您单位在黑名单上，移出以前不能容缺，请选择“%.*s”的文件", SFMT(material->name));
  if (project_broke_promise(pr)) return arena_fmt(m, "本项目有过容缺材料到期没有补交，不能再容缺，请选择“%.*s”的文件", SFMT(material->name));
  if (h->lacking->count > (uint32_t)p->lack_count)
    return arena_fmt(m, "一个阶段最多容缺 %d 份材料，请选择“%.*s”的文件", p->lack_count, SFMT(material->name));
  Str until = day_cn(m, last), example = day_str(m, last);
  if (!day_parse(json_str(promise, S("promised")), &day) || day.n <= h->today.n || day.n > last.n)
    return arena_fmt(m, "“%.*s”要承诺一个补交的日期，从明天到 %.*s（最多 %d 个工作日），写成 %.*s 这样", SFMT(material->name), SFMT(until), p->lack_days,
                     SFMT(example));
  Str why = calendar_refuses(m, p->calendar, day, h->today);
  return why.len ? arena_fmt(m, "“%.*s”承诺补交的日期要是工作日：%.*s", SFMT(material->name), SFMT(why)) : S("");
}

static void material_check(Arena *m, const Policy *p, const Project *pr, const Material *material, const Json *known, const Handed *h, Json *faults) {
  const Json *promise = promise_of(h->lacking, material->code);
  Str id = arena_fmt(m, "m_%.*s", SFMT(material->code)), wrong;
  if (json_get(known, material->code) || file_of(h->files, material->code))
    wrong = promise ? arena_fmt(m, "“%.*s”已经有了，不用容缺", SFMT(material->name)) : S("");
  else if (promise)
    wrong = promise_fault(m, p, pr, material, promise, h);
  else
    wrong = arena_fmt(m, "请选择“%.*s”的文件（依据：%.*s）", SFMT(material->name), SFMT(material->basis));
  if (wrong.len) fault(m, faults, id, wrong);
}

static void materials_check(Arena *m, const Policy *p, const Project *pr, int stage, const Json *facts, const Handed *h, Json *faults) {
  const Json *known = json_get(project_known_with(m, p, pr, stage, h->shared), S("materials"));
  MaterialChoice *choices = NULL;
  size_t n = policy_materials(m, p, stage, pr->category, pr->county, facts, &choices);
  uint32_t promises = h->lacking ? h->lacking->count : 0;
  for (size_t i = 0; i < n; i++) {
    const Material *material = choices[i].material;
    bool asked = choices[i].needed == YES && material->required && !material->form;
    if (asked) material_check(m, p, pr, material, known, h, faults);
    if (asked && promise_of(h->lacking, material->code)) promises--;
  }
  if (promises) fault(m, faults, S("lacking"), S("容缺的只能是本阶段必须交的材料，每份写一次"));
}

Code project_check_handed(Cx *cx, const Policy *p, const Project *pr, int stage, const Json *form, const Handed *h, Json **clean,
                          Json **faults) {
  Json *values = json_obj(cx->mem), *wrong = json_arr(cx->mem);
  TRY(fields_check(cx, p, pr, stage, form, h->shared, values, wrong));
  pairs_check(cx->mem, p, stage, values, wrong);
  workdays_check(cx->mem, p, pr, stage, values, h->today, wrong);
  materials_check(cx->mem, p, pr, stage, project_facts_with(cx->mem, p, pr, stage, values), h, wrong);
  *clean = values;
  *faults = wrong;
  return OK;
}

Code project_check_form(Cx *cx, const Policy *p, const Project *pr, int stage, const Json *form, const Json *files,
                        Json **clean, Json **faults) {
  Handed h = {.files = files, .today = day_of(cx->now)};
  return project_check_handed(cx, p, pr, stage, form, &h, clean, faults);
}
