/* SPDX-License-Identifier: Apache-2.0 */
/* page_fold.c: a long form made short. What an answer switches on stands behind that answer; what is there already, and what only the answers will call for, is folded. */
#include "web/page_form.h"

/* The field of yes or no whose YES alone brings this one; empty when it is otherwise. */
static Str switched_by(Request *rq, const Field *f, int stage) {
  const Policy *p = rq->app->policy;
  Str names[2];
  if (!f->when || policy_expr_facts(f->when, names, COUNT(names)) != 1) return S("");
  const Field *by = policy_field(p, stage, names[0]);
  if (!by || by->type != FIELD_BOOL) return S("");
  Json *facts = json_obj(rq->mem);
  json_put_bool(rq->mem, facts, by->name, true);
  return policy_eval(rq->mem, p, f->when, facts, NULL) == YES ? by->name : S("");
}

static Json *row_of(const Json *rows, Str id) {
  for (Json *o = rows->first; o; o = o->next)
    if (str_eq(json_str(o, S("id")), id)) return o;
  return NULL;
}

/* A field that the reserve library locked 锁定 has no answer to press, so nothing may hide behind it. */
static bool can_switch(const Json *row) {
  return row && str_eqz(json_str(row, S("kind")), "yesno");
}

static void fields_fold(Request *rq, Json *view, int stage) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  const Json *rows = json_get(view, S("fields"));
  Json *out = json_arr(m);
  for (const Json *o = rows->first; o; o = o->next) {
    Str head, name; /* of f_NAME */
    const Field *f = str_cut(json_str(o, S("id")), '_', &head, &name) ? policy_field(p, stage, name) : NULL;
    Str by = f ? switched_by(rq, f, stage) : S("");
    Json *lead = by.len ? row_of(out, arena_fmt(m, "f_%.*s", SFMT(by))) : NULL;
    if (!can_switch(lead)) {
      json_push(m, out, o);
      continue;
    }
    if (!json_get(lead, S("then"))) json_put_arr(m, lead, S("then"));
    Json *kid = json_clone(m, o); /* with an empty error of its own, or that of the answer above would be found */
    PUT(kid, "error", S(""));
    json_push(m, (Json *)(uintptr_t)json_get(lead, S("then")), kid);
  }
  json_put(m, view, S("fields"), out);
}

static bool untouched(const Json *o) {
  return !json_get(o, S("asked")) && (!json_str(o, S("file")).len || json_bool(o, S("again"))) && !json_str(o, S("lack_day")).len;
}

static void materials_fold(Request *rq, Json *view) {
  Arena *m = rq->mem;
  const Json *rows = json_get(view, S("materials"));
  Json *out = json_arr(m), *there = json_arr(m), *maybe = json_arr(m);
  for (const Json *o = rows->first; o; o = o->next) {
    bool known = json_get(o, S("known")) || json_bool(o, S("form"));
    json_push(m, !untouched(o) ? out : known ? there : json_bool(o, S("depends")) ? maybe : out, o);
  }
  json_put(m, view, S("materials"), out);
  json_put(m, view, S("there"), there);
  json_put(m, view, S("maybe"), maybe);
  PUT_INT(view, "there_count", (int64_t)there->count);
  PUT_BOOL(view, "there_open", json_get(view, S("refused_before")) != NULL); /* what is to be exchanged lies in it */
  PUT_INT(view, "maybe_count", (int64_t)maybe->count);
}

void form_fold(Request *rq, Json *view, int stage) {
  fields_fold(rq, view, stage);
  materials_fold(rq, view);
}

/* What reply_error put under e.ID, also beside the generated field or material itself; a fold that has one is open. */
static bool errors_beside(Arena *m, const Reply *rp, const Json *rows) {
  const Json *e = json_get(rp->extra, S("e"));
  bool any = false;
  for (Json *o = rows ? rows->first : NULL; o; o = o->next) {
    Str text = json_str(e, json_str(o, S("id")));
    if (text.len) PUT(o, "error", text);
    any |= text.len > 0;
    errors_beside(m, rp, json_get(o, S("then")));
  }
  return any;
}

void form_errors_view(Request *rq, Reply *rp) {
  static const char *const lists[] = {"fields", "head", "contact_fields", "materials", "points"};
  for (size_t i = 0; i < COUNT(lists); i++) errors_beside(rq->mem, rp, json_get(rp->view, str_of(lists[i])));
  if (errors_beside(rq->mem, rp, json_get(rp->view, S("there")))) json_put_bool(rq->mem, rp->view, S("there_open"), true);
  if (errors_beside(rq->mem, rp, json_get(rp->view, S("maybe")))) json_put_bool(rq->mem, rp->view, S("maybe_open"), true);
  if (errors_beside(rq->mem, rp, json_get(rp->view, S("others")))) json_put_bool(rq->mem, rp->view, S("others_open"), true);
}
