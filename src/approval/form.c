/* SPDX-License-Identifier: Apache-2.0 */
/* form.c: one form, one set of materials: what is known already, what is missing, what is wrong. */
#include "approval/approval_int.h"

/* ---- what is known -------------------------------------------------------------------------------- */

static const Json *known_value(const Project *pr, int stage, const Field *f) {
  if (project_locked(pr, f->name).len) return json_get(json_get(pr->locked, S("values")), f->name);
  for (int n = stage; n >= 1; n--) {
    const Json *v = json_get(pr->stages[n].form, f->name);
    if (v) return v;
  }
  if (f->fact) return json_get(pr->facts, f->name);
  return json_get(pr->contact, str_starts(f->name, S("contact_")) ? str_sub(f->name, 8, SIZE_MAX) : f->name);
}

static void known_put(Arena *m, Json *materials, Str code, int from, Str label, Str name, Str blob) {
  Json *o = json_put_obj(m, materials, code);
  json_put_int(m, o, S("from"), from);
  json_put_str(m, o, S("label"), label);
  json_put_str(m, o, S("name"), name);
  if (blob.len) json_put_str(m, o, S("blob"), blob);
}

static void known_material(Arena *m, const Project *pr, int stage, const Material *material, Json *out) {
  int64_t from = 0;
  if (str_to_i64(material->from_stage, &from) && from >= 1 && from <= STAGE_MAX) {
    const StageState *s = &pr->stages[from];
    if (s->certificate.len) known_put(m, out, material->code, (int)from, S("出件"), s->certificate, S(""));
    return;
  }
  for (int n = stage - 1; n >= 1; n--)
    for (size_t i = 0; i < pr->stages[n].file_count; i++) {
      const FileRef *f = &pr->stages[n].files[i];
      if (!str_eq(f->material, material->code) || !f->blob.len) continue;
      known_put(m, out, material->code, n, S("已交"), f->name, f->blob);
      return;
    }
}

Json *project_known(Arena *mem, const Policy *p, const Project *pr, int stage) {
  Json *known = json_obj(mem), *fields = json_put_obj(mem, known, S("fields"));
  Json *materials = json_put_obj(mem, known, S("materials"));
  for (size_t i = 0; i < p->form_count[stage]; i++) {
    const Json *v = known_value(pr, stage, &p->form[stage][i]);
    if (v) json_put(mem, fields, p->form[stage][i].name, v);
  }
  for (size_t i = 0; i < p->material_count; i++) known_material(mem, pr, stage, &p->materials[i], materials);
  return known;
}

Json *project_facts_with(Arena *mem, const Policy *p, const Project *pr, int stage, const Json *form) {
  Json *facts = pr->facts ? json_clone(mem, pr->facts) : json_obj(mem);
  for (size_t i = 0; i < p->form_count[stage]; i++) {
    const Field *f = &p->form[stage][i];
    const Json *v = json_get(form, f->name);
    if (f->fact && v) json_put(mem, facts, f->name, json_clone(mem, v));
  }
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
  if (value.len && !str_starts(value, S("v1.")))
    FAIL_AT(INVALID, f->name, S(""), "“%.*s”是个人信息，要先存入保险库，这里只写存放编号", SFMT(f->label));
  return OK;
}

static Code fields_check(Cx *cx, const Policy *p, const Project *pr, int stage, const Json *form, Json *clean, Json *faults) {
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
    Code code = f->personal ? personal_check(cx, f, typed) : field_check(cx, f, typed, &value);
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

static const Json *file_of(const Json *files, Str material) {
  for (const Json *f = files ? files->first : NULL; f; f = f->next)
    if (str_eq(json_str(f, S("material")), material) && json_str(f, S("blob")).len) return f;
  return NULL;
}

static void materials_check(Arena *m, const Policy *p, const Project *pr, int stage, const Json *facts, const Json *files,
                            Json *faults) {
  const Json *known = json_get(project_known(m, p, pr, stage), S("materials"));
  MaterialChoice *choices = NULL;
  size_t n = policy_materials(m, p, stage, pr->category, pr->county, facts, &choices);
  for (size_t i = 0; i < n; i++) {
    const Material *material = choices[i].material;
    if (choices[i].needed != YES || !material->required || material->form) continue;
    if (json_get(known, material->code) || file_of(files, material->code)) continue;
    fault(m, faults, arena_fmt(m, "m_%.*s", SFMT(material->code)),
          arena_fmt(m, "请选择“%.*s”的文件（依据：%.*s）", SFMT(material->name), SFMT(material->basis)));
  }
}

Code project_check_form(Cx *cx, const Policy *p, const Project *pr, int stage, const Json *form, const Json *files,
                        Json **clean, Json **faults) {
  Json *values = json_obj(cx->mem), *wrong = json_arr(cx->mem);
  TRY(fields_check(cx, p, pr, stage, form, values, wrong));
  materials_check(cx->mem, p, pr, stage, project_facts_with(cx->mem, p, pr, stage, values), files, wrong);
  *clean = values;
  *faults = wrong;
  return OK;
}
