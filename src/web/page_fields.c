/* SPDX-License-Identifier: Apache-2.0 */
/* page_fields.c: fields of the package as inputs, and what was typed into them. */
#include "web/page_form.h"
#include "approval/personal.h"
#include "policy/answers.h"

static Str field_id(Arena *m, const Field *f) {
  return arena_fmt(m, "f_%.*s", SFMT(f->name));
}

static Str json_as_text(Arena *m, const Json *v) {
  if (!v) return S("");
  switch (v->kind) {
    case JSON_STR: return v->str;
    case JSON_INT: return arena_fmt(m, "%lld", (long long)v->num);
    case JSON_BOOL: return v->num ? S("true") : S("false");
    case JSON_NULL:
    case JSON_ARR:
    case JSON_OBJ: break;
  }
  return S("");
}

/* Which input draws a field. */
static Str field_kind(const Field *f) {
  switch (f->type) {
    case FIELD_LONG: return S("long");
    case FIELD_BOOL: return S("yesno");
    case FIELD_CHOICE: return f->choice_count <= 5 ? S("radio") : S("select");
    case FIELD_INT: return S("number");
    case FIELD_DECIMAL: return S("decimal");
    case FIELD_PHONE: return S("tel");
    case FIELD_DATE:
    case FIELD_TEXT:
    case FIELD_IDNO:
    case FIELD_USCC:
    case FIELD_PROJECT_CODE:
    case FIELD_UNSET:
    case FIELD__MAX: break;
  }
  return S("text");
}

static void field_choices(Arena *m, Json *o, const Field *f, Str value) {
  Json *list = json_put_arr(m, o, S("choices"));
  static const Choice yes_no[] = {{{.ptr = "true", .len = 4}, {.ptr = "是", .len = 3}},
                                  {{.ptr = "false", .len = 5}, {.ptr = "否", .len = 3}}};
  const Choice *choices = f->type == FIELD_BOOL ? yes_no : f->choices;
  size_t n = f->type == FIELD_BOOL ? 2 : f->choice_count;
  for (size_t i = 0; i < n; i++) {
    Json *c = json_push_obj(m, list);
    /* The first choice carries the field's own id, so that the error summary leads to it. */
    PUT(c, "id", i ? arena_fmt(m, "f_%.*s-%zu", SFMT(f->name), i) : field_id(m, f));
    PUT(c, "value", choices[i].value);
    PUT(c, "label", choices[i].label);
    PUT_BOOL(c, "chosen", str_eq(choices[i].value, value));
  }
}

static Str field_value(Request *rq, const Field *f, const Json *typed, const Json *known) {
  Arena *m = rq->mem;
  const Json *v = typed ? json_get(typed, field_id(m, f)) : NULL;
  if (v) return json_as_text(m, v);
  Str value = json_as_text(m, json_get(known, f->name)), plain;
  if (!f->personal || !value.len || !str_starts(value, S(PERSONAL_MARK))) return value; /* the contact's name was registered as it is */
  Cx cx = {.mem = m, .now = rq->now};
  if (reader_vault(&cx, rq->rd, value, &plain) != OK) return S("");
  return rq->json ? mask_value(m, f->type, plain) : plain; /* on the page it is theirs to go on with; programs have it already */
}

/* A condition over facts of this same form stays open: its answer may still change. */
static bool never_asked(Request *rq, const Field *f, const Field *fields, size_t n, const Json *facts) {
  Json *settled = json_obj(rq->mem);
  if (!f->when) return false;
  for (const Json *v = facts ? facts->first : NULL; v; v = v->next) {
    size_t i = 0;
    while (i < n && !str_eq(fields[i].name, v->key)) i++;
    if (i == n) json_put(rq->mem, settled, v->key, json_clone(rq->mem, v));
  }
  return policy_eval(rq->mem, rq->app->policy, f->when, settled, NULL) == NO;
}

/* What a plan made earlier brings along may have gone by; whether it still holds only whoever plans can say. */
static bool plan_passed(const Request *rq, const Field *f, Str value) {
  Day day;
  return (f->planned || f->workday) && day_parse(value, &day) && day.n < day_of(rq->now).n;
}

static Str field_hint(Request *rq, const Field *f, bool passed) {
  Str hint = f->type == FIELD_DATE && !f->hint.len && f->example.len ? arena_fmt(rq->mem, "写成 %.*s 这样", SFMT(f->example)) : f->hint;
  return passed ? arena_fmt(rq->mem, "这一天已经过去，请核对。%.*s", SFMT(hint)) : hint;
}

void form_fields_view(Request *rq, Json *view, const Field *fields, size_t n, const Json *typed, const Json *known,
                      const Json *facts) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("fields"));
  int64_t empty = 0, gone = 0;
  Json *now = facts ? json_clone(m, facts) : json_obj(m); /* with what stands in the form so far */
  for (size_t i = 0; i < n; i++) {
    const Field *f = &fields[i];
    if (never_asked(rq, f, fields, n, facts)) continue;
    Str value = field_value(rq, f, typed, known);
    Json *o = json_push_obj(m, list);
    PUT(o, "id", field_id(m, f));
    PUT(o, "name", field_id(m, f));
    PUT(o, "label", f->label);
    bool passed = plan_passed(rq, f, value);
    PUT(o, "hint", field_hint(rq, f, passed));
    gone += passed;
    PUT(o, "kind", field_kind(f));
    PUT(o, "value", value);
    PUT_BOOL(o, "optional", !f->required);
    PUT_BOOL(o, "known", value.len > 0);
    PUT_BOOL(o, "masked", f->personal && rq->json && value.len > 0);
    if (f->type == FIELD_BOOL || f->type == FIELD_CHOICE) field_choices(m, o, f, value);
    if (f->fact && value.len && f->type == FIELD_BOOL) json_put_bool(m, now, f->name, str_eq(value, S("true")));
    else if (f->fact && value.len) json_put_str(m, now, f->name, value);
    if (f->required && !value.len && (!f->when || policy_eval(m, rq->app->policy, f->when, now, NULL) == YES)) empty++;
  }
  PUT_INT(view, "empty_fields", empty);
  PUT_INT(view, "passed_days", gone);
}

static void fault_add(Arena *m, Json *faults, Str field, Str text) {
  Json *f = json_push_obj(m, faults);
  PUT(f, "field", field);
  PUT(f, "text", text);
}

/* A reference for a personal value: the old one when nothing changed. */
static Str secret_ref(Request *rq, Secrets *secrets, const Field *f, Str value) {
  Arena *m = rq->mem;
  Str old = json_str(secrets->before, f->name), plain;
  Cx quiet = {.mem = m, .now = rq->now};
  if (old.len && reader_vault(&quiet, rq->rd, old, &plain) == OK && str_eq(plain, value)) return old;
  REQUIRE(secrets->count < COUNT(secrets->list));
  Str ref = personal_ref(m);
  secrets->list[secrets->count++] = (Personal){.ref = ref, .kind = f->name, .value = value};
  return ref;
}

static void value_keep(Request *rq, Secrets *secrets, const Field *f, Json *values, Str clean) {
  Arena *m = rq->mem;
  int64_t number;
  if (f->personal && secrets) json_put_str(m, values, f->name, secret_ref(rq, secrets, f, clean));
  else if (f->type == FIELD_BOOL) json_put_bool(m, values, f->name, str_eq(clean, S("true")));
  else if (f->type == FIELD_INT && str_to_i64(clean, &number)) json_put_int(m, values, f->name, number);
  else json_put_str(m, values, f->name, clean);
}

Code form_fields_read(Cx *cx, Request *rq, const Field *fields, size_t n, Secrets *secrets, Json **values,
                      Json *faults, const Json *facts) {
  Arena *m = rq->mem;
  Json *out = json_obj(m), *all = facts ? json_clone(m, facts) : json_obj(m);
  for (size_t i = 0; i < n; i++) {
    const Field *f = &fields[i];
    Str typed = request_arg(rq, field_id(m, f)), clean = {0};
    if (f->when && policy_eval(m, rq->app->policy, f->when, all, NULL) == NO) continue;
    if (secrets && secrets->lenient && !typed.len) continue;
    if (field_check(cx, f, typed, &clean) != OK) {
      if (cx->fault != INVALID) return cx->fault;
      fault_add(m, faults, field_id(m, f), cx->detail);
      cx_clear(cx);
      continue;
    }
    if (!clean.len) continue;
    value_keep(rq, secrets, f, out, clean);
    if (f->fact) json_put(m, all, f->name, json_get(out, f->name));
  }
  *values = out;
  return OK;
}

Str form_need(Request *rq, Json *faults, Str name, const char *what, bool (*ok)(Str)) {
  Arena *m = rq->mem;
  Str value = str_trim(ok ? utf8_halfwidth(m, request_arg(rq, name)) : request_arg(rq, name)); /* numbers; a name keeps its signs */
  if (value.len && (!ok || ok(value))) return value;
  Json *f = json_push_obj(m, faults);
  PUT(f, "field", name);
  PUT(f, "text", str_of(what));
  return value;
}

void form_contradictions(Request *rq, const Json *facts, Str category, Str county, Json *faults) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  const Contradiction *list[CONTRADICTIONS_MAX];
  size_t n = policy_contradictions(m, p, policy_facts(m, facts, category, county), list);
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, faults);
    PUT(o, "field", policy_field(p, 0, list[i]->field) ? arena_fmt(m, "f_%.*s", SFMT(list[i]->field)) : list[i]->field);
    PUT(o, "text", policy_contradiction_text(m, p, list[i]));
  }
}

static Str readable(Request *rq, const Field *f, Str value, bool full) {
  if (f->type == FIELD_BOOL) return str_eq(value, S("true")) ? S("是") : S("否");
  for (size_t i = 0; i < f->choice_count; i++)
    if (str_eq(f->choices[i].value, value)) return f->choices[i].label;
  return f->personal ? personal_text(rq, f->type, value, full) : value;
}

Str form_field_text(Request *rq, const Field *f, const Json *values) {
  return readable(rq, f, json_as_text(rq->mem, json_get(values, f->name)), false);
}

/* A number with its unit, for whoever has no hint beside it. */
static Str with_unit(Arena *m, const Field *f, Str value) {
  bool number = f->type == FIELD_INT || f->type == FIELD_DECIMAL;
  return number && f->unit.len && value.len ? arena_fmt(m, "%.*s %.*s", SFMT(value), SFMT(f->unit)) : value;
}

static void values_add(Request *rq, Json *list, const Field *fields, size_t n, const Json *values, bool full) {
  Arena *m = rq->mem;
  for (size_t i = 0; i < n; i++) {
    const Field *f = &fields[i];
    const Json *v = json_get(values, f->name);
    if (!v) continue;
    Json *o = json_push_obj(m, list);
    PUT(o, "id", field_id(m, f));
    PUT(o, "label", f->label);
    PUT(o, "value", with_unit(m, f, readable(rq, f, json_as_text(m, v), full)));
    PUT_BOOL(o, "passed", plan_passed(rq, f, json_as_text(m, v)));
  }
}

Code form_values_view(Cx *cx, Request *rq, Json *view, int stage, const Json *form, bool full) {
  (void)cx;
  const Policy *p = rq->app->policy;
  values_add(rq, json_put_arr(rq->mem, view, S("values")), p->form[stage], p->form_count[stage], form, full);
  return OK;
}

void form_facts_add(Request *rq, Json *list, const Json *facts) {
  const Policy *p = rq->app->policy;
  values_add(rq, list, p->facts, p->fact_count, facts, false);
}

void form_files_view(Request *rq, Json *view, const FileRef *files, size_t n) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("files"));
  for (size_t i = 0; i < n; i++) {
    const Material *material = policy_material(rq->app->policy, files[i].material);
    Json *o = json_push_obj(m, list);
    PUT(o, "material", material ? material->name : files[i].material);
    PUT(o, "basis", material ? material->basis : S(""));
    PUT(o, "name", files[i].name);
    PUT(o, "blob", files[i].blob);
    PUT_INT(o, "kb", (files[i].size + 1023) / 1024);
    PUT_INT(o, "reused_from", files[i].reused_from);
    PUT_INT(o, "from_project", files[i].from_project);
    PUT(o, "source", files[i].source);
    PUT_BOOL(o, "from_form", material && material->form);
  }
}
