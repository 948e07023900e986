/* SPDX-License-Identifier: Apache-2.0 */
/* forms.c: forms as rows, and whose page it is. */
#include "web/forms.h"

static bool posted(const Request *rq, const char *act) {
  return rq->method == POST && str_eqz(request_arg(rq, S("act")), act);
}

static bool typed_has(const Request *rq, const char *name, Str value) {
  const Json *v = json_get(rq->args, str_of(name));
  if (!v) return false;
  if (v->kind == JSON_STR) return str_eq(str_trim(v->str), value);
  for (const Json *x = v->first; x; x = x->next)
    if (str_eq(x->str, value)) return true;
  return false;
}

static Json *field_named(const Json *form, const char *name) {
  const Json *fields = json_get(form, S("fields"));
  for (Json *f = fields ? fields->first : NULL; f; f = f->next)
    if (str_eqz(json_str(f, S("bare")), name)) return f;
  return NULL;
}

void form_field_add(Request *rq, Json *form, const FormField *f) {
  Arena *m = rq->mem;
  Str act = json_str(form, S("act"));
  bool checks = !strcmp(f->kind, "checks");
  Json *fields = (Json *)(uintptr_t)json_get(form, S("fields")), *o = json_push_obj(m, fields);
  PUT(o, "id", arena_fmt(m, "%.*s-%s", SFMT(act), f->name));
  PUT(o, "bare", str_of(f->name));
  PUT(o, "name", checks ? arena_fmt(m, "%s[]", f->name) : str_of(f->name));
  PUT(o, "kind", str_of(f->kind));
  PUT(o, "label", str_of(f->label));
  PUT(o, "hint", str_of(f->hint));
  PUT(o, "value", posted(rq, act.ptr) && !checks ? request_arg(rq, str_of(f->name)) : S(""));
  PUT_BOOL(o, "optional", f->optional);
  if (strcmp(f->kind, "yesno") != 0) return;
  form_choice(rq, form, f->name, S("true"), S("是"));
  form_choice(rq, form, f->name, S("false"), S("否"));
}

Json *form_put_act(Request *rq, Json *view, const FormAct *a) {
  Arena *m = rq->mem;
  Json *forms = (Json *)(uintptr_t)json_get(view, S("forms"));
  if (!forms) forms = json_put_arr(m, view, S("forms"));
  Json *form = json_push_obj(m, forms);
  PUT(form, "act", str_of(a->act));
  PUT(form, "title", str_of(a->title));
  PUT(form, "button", str_of(a->button));
  PUT(form, "note", str_of(a->note));
  PUT_BOOL(form, "upload", a->upload || a->photo);
  PUT_BOOL(form, "photo", a->photo);
  PUT(form, "upload_label", str_of(a->upload_label));
  PUT_BOOL(form, "second", json_get(view, S("forms"))->count > 1);
  PUT_BOOL(form, "opened", posted(rq, a->act)); /* for pages that fold their further forms: what is wrong stands in it */
  json_put_arr(m, form, S("fields"));
  for (size_t i = 0; i < a->count; i++) form_field_add(rq, form, &a->fields[i]);
  return form;
}

void form_choice(Request *rq, Json *form, const char *field, Str value, Str label) {
  Arena *m = rq->mem;
  Json *f = field_named(form, field);
  REQUIRE(f != NULL);
  const Json *list = json_get(f, S("choices"));
  Json *choices = list ? (Json *)(uintptr_t)list : json_put_arr(m, f, S("choices"));
  Str id = json_str(f, S("id"));
  Json *c = json_push_obj(m, choices);
  PUT(c, "id", choices->count == 1 ? id : arena_fmt(m, "%.*s-%u", SFMT(id), choices->count - 1));
  PUT(c, "value", value);
  PUT(c, "label", label);
  bool mine = posted(rq, json_str(form, S("act")).ptr);
  PUT_BOOL(c, "chosen", mine ? typed_has(rq, field, value) : str_eq(json_str(f, S("value")), value) && value.len > 0);
}

void form_value(Request *rq, Json *form, const char *field, Str value) {
  Json *f = field_named(form, field);
  if (!posted(rq, json_str(form, S("act")).ptr)) json_put_str(rq->mem, f, S("value"), value);
}

void form_hint(Request *rq, Json *form, const char *field, Str hint) {
  json_put_str(rq->mem, field_named(form, field), S("hint"), hint);
}

Json *form_args(Request *rq, const FormAct *a) {
  Arena *m = rq->mem;
  Json *args = json_obj(m);
  for (size_t i = 0; i < a->count; i++) {
    Str name = str_of(a->fields[i].name), value = request_arg(rq, name);
    const Json *v = json_get(rq->args, name);
    if (!strcmp(a->fields[i].kind, "checks")) {
      Json *list = json_put_arr(m, args, name);
      for (const Json *x = v && v->kind == JSON_ARR ? v->first : NULL; x; x = x->next) json_push_str(m, list, x->str);
    } else if (!strcmp(a->fields[i].kind, "yesno")) {
      if (value.len) json_put_bool(m, args, name, str_eqz(value, "true"));
    } else if (value.len) {
      json_put_str(m, args, name, value);
    }
  }
  return args;
}

Code form_act(Cx *cx, Request *rq, const FormAct *a, size_t n, const FormAct **out) {
  Str act = request_arg(rq, S("act"));
  for (size_t i = 0; i < n; i++)
    if (str_eqz(act, a[i].act)) {
      *out = &a[i];
      return OK;
    }
  FAIL(MALFORMED, "没有“%.*s”这种办理动作。请返回上一页重新操作。", SFMT(act));
}

typedef struct SentForm {
  const FormAct *act;
  Str location;
  Again *again;
  const char *tmpl;
} SentForm;

/* The field that is at fault, else the first one of the form: the summary must lead somewhere. */
static Json *fault_field(const Json *view, const char *act, Str name) {
  const Json *forms = json_get(view, S("forms"));
  for (const Json *form = forms ? forms->first : NULL; form; form = form->next) {
    const Json *fields = json_get(form, S("fields"));
    if (!str_eqz(json_str(form, S("act")), act) || !fields) continue;
    for (Json *f = fields->first; f; f = f->next)
      if (str_eq(json_str(f, S("bare")), name)) return f;
    return fields->first;
  }
  return NULL;
}

/* A fault of the file stands beside the file. */
static bool file_fault(Request *rq, const Json *view, const char *act, Str field, Str detail) {
  const Json *forms = json_get(view, S("forms"));
  if (!str_eqz(field, "files")) return false;
  for (Json *form = forms ? forms->first : NULL; form; form = form->next) {
    if (!str_eqz(json_str(form, S("act")), act) || !json_bool(form, S("upload"))) continue;
    json_put_str(rq->mem, form, S("file_error"), detail);
    return true;
  }
  return false;
}

/* The file that is in the store already, from this posting or from one before it: sent again by its hash. NULL: none. */
static Json *file_kept(Request *rq) {
  Arena *m = rq->mem;
  Json *o = json_obj(m);
  for (size_t i = 0; i < rq->upload_count; i++) {
    const Upload *up = &rq->uploads[i];
    if (!str_eq(up->name, S("file")) || (!up->blob.len && !up->fault.len)) continue;
    if (up->fault.len || json_get(o, S("blob"))) return NULL; /* refused, or more than one: these are chosen again */
    PUT(o, "blob", up->blob);
    PUT(o, "name", up->filename);
    PUT_INT(o, "size", up->size);
  }
  if (json_get(o, S("blob"))) return o;
  Str blob = request_arg(rq, S("kept_blob")), name = request_arg(rq, S("kept_name"));
  if (!blob.len || !name.len) return NULL;
  PUT(o, "blob", blob);
  PUT(o, "name", name);
  PUT_INT(o, "size", request_int(rq, S("kept_size"), 0));
  return o;
}

/* What was typed stays in the form; a file in its field cannot, so its hash stays, or it is said that it has to be chosen again. */
static void file_again(Request *rq, const Json *view, const char *act) {
  const Json *forms = json_get(view, S("forms"));
  for (Json *form = forms ? forms->first : NULL; form; form = form->next) {
    if (!str_eqz(json_str(form, S("act")), act) || !json_bool(form, S("upload"))) continue;
    Json *kept = json_bool(form, S("photo")) ? NULL : file_kept(rq);
    if (kept) json_put(rq->mem, form, S("kept"), kept);
    else if (rq->upload_count) json_put_bool(rq->mem, form, S("file_again"), true);
  }
}

void form_fault(Request *rq, Reply *rp, const FormAct *a, Str field, Str detail) {
  reply_keep(rq, rp);
  file_again(rq, rp->view, a->act);
  bool file = file_fault(rq, rp->view, a->act, field, detail);
  Json *at = file ? NULL : fault_field(rp->view, a->act, field);
  reply_error(rq, rp, file ? arena_fmt(rq->mem, "%s-file", a->act) : at ? json_str(at, S("id")) : S(""), detail);
  if (at && field.len) json_put_str(rq->mem, at, S("error"), detail);
}

static bool form_has(const Json *view, const char *act, Str name) {
  const Json *at = fault_field(view, act, name);
  return at && str_eq(json_str(at, S("bare")), name);
}

/* All that can be told from the form alone, in its order; what was refused first when it is none of these. */
static void form_faults(Request *rq, Reply *rp, const FormAct *a, Code code, Str field, Str detail) {
  const Json *all = reply_faults(rq, code);
  bool among = false;
  for (const Json *x = all->first; x; x = x->next) among |= str_eq(json_str(x, S("field")), field);
  if (!among) form_fault(rq, rp, a, field, detail);
  for (const Json *x = all->first; x; x = x->next) {
    Str name = json_str(x, S("field"));
    if (str_eq(name, field) || str_eqz(name, "files") || form_has(rp->view, a->act, name)) form_fault(rq, rp, a, name, json_str(x, S("text")));
  }
}

void form_done(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  const SentForm *s = rq->state;
  Arena *m = rq->mem;
  if (result->code == OK) {
    Str head, no;
    str_cut(result->stream, '/', &head, &no);
    bool numbered = s->location.len > 1 && str_ends(s->location, S("/"));
    reply_redirect(rp, numbered ? arena_fmt(m, "%.*s%.*s", SFMT(s->location), SFMT(arena_str(m, no))) : s->location);
    return;
  }
  Str field = arena_str(m, result->field), detail = arena_str(m, result->detail);
  if (s->again(cx, rq, rp) != OK) return;
  rp->tmpl = s->tmpl;
  form_faults(rq, rp, s->act, result->code, field, detail);
  reply_trouble(rp, result->code);
  if (result->code == DENIED) rp->status = 403;
  if (result->code != CONFLICT) return;
  rp->status = 409;
  reply_conflict(cx, rq, rp, rq->sent);
}

Command *form_send(Request *rq, Reply *rp, const FormAct *a, Str stream, Json *args, Str location, Again *again, const char *tmpl) {
  SentForm *s = arena_new(rq->mem, SentForm);
  *s = (SentForm){a, location, again, tmpl};
  rq->state = s;
  Command *c = reply_command(rq, rp, str_of(a->command), stream, args);
  rp->after = form_done;
  return c;
}

Code form_upload(Cx *cx, Request *rq, Json *args) {
  Arena *m = rq->mem;
  Json *list = NULL;
  for (size_t i = 0; i < rq->upload_count; i++) {
    const Upload *up = &rq->uploads[i];
    if (!str_eq(up->name, S("file")) || (!up->blob.len && !up->fault.len)) continue;
    if (up->fault.len) FAIL_AT(INVALID, S("file"), S(""), "%.*s：%.*s", SFMT(up->filename), SFMT(up->fault));
    if (!list) list = json_put_arr(m, args, S("files"));
    Json *o = json_push_obj(m, list);
    PUT(o, "blob", up->blob);
    PUT(o, "name", up->filename);
    PUT_INT(o, "size", up->size);
  }
  Json *kept = list ? NULL : file_kept(rq);
  if (kept) json_push(m, json_put_arr(m, args, S("files")), kept);
  return OK;
}

/* ---- small things ----------------------------------------------------------------------------------------- */

void units_choices(Request *rq, Json *form, const char *field, const char *kinds) {
  const Policy *p = rq->app->policy;
  for (size_t i = 0; i < p->unit_count; i++) {
    const Unit *u = &p->units[i];
    Str rest = str_of(kinds), one;
    for (bool more = true; more;) {
      more = str_cut(rest, '|', &one, &rest);
      if (str_eq(one, u->kind)) form_choice(rq, form, field, u->code, u->name);
    }
  }
}

bool staff_of(const Request *rq, Str unit) {
  return rq->who && unit.len && str_eq(rq->who->unit, unit) && request_has_role(rq, ROLE_APPROVER | ROLE_UNIT_HEAD);
}

bool head_of(const Request *rq, Str unit) {
  return staff_of(rq, unit) && request_has_role(rq, ROLE_UNIT_HEAD);
}

int64_t param_no(const Request *rq, int i) {
  int64_t no = 0;
  return str_to_i64(rq->params[i], &no) && no > 0 ? no : 0;
}

bool own_enterprise(const Request *rq, Str applicant, Str uscc) {
  const User *u = rq->who;
  return u && (str_eq(u->id, applicant) || (u->org_uscc.len && str_eq(u->org_uscc, uscc)));
}
