/* SPDX-License-Identifier: Apache-2.0 */
/* typed.c: what was typed, for a page that no longer has the form; and beside it what somebody else did meanwhile. */
#include "web/page.h"
#include "web/web_int.h"

enum { THEIRS_LOOKED = 12, THEIRS_SHOWN = 5 };

/* As the form calls it that was posted, when the page still has that form. */
static Str form_label(const Request *rq, const Json *view, Str name) {
  Str act = request_arg(rq, S("act"));
  const Json *forms = view ? json_get(view, S("forms")) : NULL;
  for (const Json *form = forms ? forms->first : NULL; form; form = form->next) {
    const Json *fields = str_eq(json_str(form, S("act")), act) ? json_get(form, S("fields")) : NULL;
    for (const Json *f = fields ? fields->first : NULL; f; f = f->next)
      if (str_eq(json_str(f, S("name")), name)) return json_str(f, S("label"));
  }
  return S("");
}

/* The label of a field is that of its form, of the argument it becomes, or of the field of the package. */
static Str typed_label(const Request *rq, const Json *view, Str name) {
  Str own = form_label(rq, view, name);
  if (own.len) return own;
  const CommandDecl *const *list = NULL;
  size_t n = rq->app->runner ? runner_commands(rq->app->runner, &list) : 0;
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < list[i]->arg_count; k++)
      if (str_eqz(name, list[i]->args[k].name) && list[i]->args[k].label) return str_of(list[i]->args[k].label);
  Str bare = str_starts(name, S("f_")) ? str_sub(name, 2, name.len) : name;
  for (int stage = 0; rq->app->policy && stage <= STAGE_MAX; stage++) {
    const Field *f = policy_field(rq->app->policy, stage, bare);
    if (f) return f->label;
  }
  return S("");
}

/* Words of a choice as the forms say them. */
static Str typed_value(const Request *rq, Str name, Str value) {
  static const struct { const char *name, *value, *label; } words[] = {
      {"result", "pass", "通过"}, {"result", "refuse", "不通过"}, {"relation", "contrary", "与答复不一致"}, {"relation", "other", "与答复无关"}};
  for (size_t i = 0; i < COUNT(words); i++)
    if (str_eqz(name, words[i].name) && str_eqz(value, words[i].value)) return str_of(words[i].label);
  const Cause *cause = str_eqz(name, "cause") && rq->app->policy ? policy_cause(rq->app->policy, value) : NULL;
  return cause ? cause->name : value;
}

static void typed_put(Request *rq, const Json *view, Json *list, Str name, Str value) {
  Arena *m = rq->mem;
  Str label = str_trim(value).len ? typed_label(rq, view, name) : S("");
  if (!label.len || str_eqz(name, "seen")) return;
  Json *one = json_push_obj(m, list);
  PUT(one, "label", label);
  PUT(one, "value", typed_value(rq, name, value));
}

static Json *typed_list(Request *rq, const Json *view) {
  Json *list = json_arr(rq->mem);
  for (const Json *f = rq->args->first; f; f = f->next)
    if (f->kind == JSON_STR) typed_put(rq, view, list, f->key, f->str);
  return list;
}

static Json *typed_extra(Request *rq, Reply *rp) {
  if (!rp->extra) rp->extra = json_obj(rq->mem);
  return rp->extra;
}

void reply_typed(Request *rq, Reply *rp) {
  json_put(rq->mem, typed_extra(rq, rp), S("typed"), typed_list(rq, rp->view));
}

/* ---- a lost race ---------------------------------------------------------------------------------------------- */

/* Of what the other wrote, the fields that were typed here too: then both texts stand side by side. Nothing else of the event: its
 * reader may not be meant to see it. */
static void theirs_fields(Request *rq, const Json *view, Json *o, const Event *e) {
  Json *list = json_put_arr(rq->mem, o, S("fields"));
  for (const Json *f = rq->args->first; f; f = f->next) {
    const Json *v = f->kind == JSON_STR ? json_get(e->body, f->key) : NULL;
    if (v && v->kind == JSON_STR && !str_eqz(f->key, "item")) typed_put(rq, view, list, f->key, v->str);
  }
}

static void theirs_one(Request *rq, const Json *view, Json *list, const Event *e) {
  Arena *m = rq->mem;
  bool of_case = str_starts(e->stream, S("project/"));
  Str text = of_case ? event_sentence(m, rq->app->policy, e, reads_inside(rq) ? TELL_ALL : TELL_OWNER) : arena_fmt(m, "%.*s办理了这一件", SFMT(e->actor_name));
  if (!text.len) return;
  Json *o = json_push_obj(m, list);
  PUT(o, "at", time_str(m, e->happened));
  PUT(o, "at_cn", time_cn(m, e->happened));
  PUT(o, "text", text);
  PUT_BOOL(o, "mine", str_eq(e->actor, rq->actor.id));
  theirs_fields(rq, view, o, e);
}

/* Since the page was shown, newest first; when that is not known, the last one. By the position in the journal: two acts and a page are often of one millisecond. */
static Code theirs(Cx *cx, Request *rq, const Json *view, Str stream, int64_t shown, Json *list) {
  Events events = {0};
  const void *state = NULL;
  int64_t seq = 0;
  TRY(reader_state(cx, rq->rd, stream, &state, &seq));
  TRY(reader_events(cx, rq->rd, stream, seq > THEIRS_LOOKED ? seq - THEIRS_LOOKED : 0, THEIRS_LOOKED, &events));
  for (size_t i = events.count; i > 0 && list->count < THEIRS_SHOWN; i--)
    if (shown ? events.list[i - 1].pos > shown : !list->count) theirs_one(rq, view, list, &events.list[i - 1]);
  return OK;
}

/* The field of the form that was posted, when the page still has that form: its flag can_…, or its row in "forms". */
static Str form_left(Request *rq, const Json *view) {
  static const struct { const char *act, *flag; } flags[] = {
      {"pause", "can_decide"}, {"return", "can_decide"}, {"ask", "can_ask"}, {"not-accept", "can_accept"}, {"refuse-extension", "can_extend"}};
  Str act = request_arg(rq, S("act")), flag = arena_fmt(rq->mem, "can_%.*s", SFMT(act)), name = S("");
  for (const Json *f = rq->args->first; f && !name.len; f = f->next)
    if (f->kind == JSON_STR && !str_eqz(f->key, "seen") && !str_eqz(f->key, "item") && str_trim(f->str).len && typed_label(rq, view, f->key).len) name = f->key;
  const Json *forms = json_get(view, S("forms"));
  for (const Json *f = forms ? forms->first : NULL; f; f = f->next)
    if (str_eq(json_str(f, S("act")), act)) return name.len ? arena_fmt(rq->mem, "%.*s-%.*s", SFMT(act), SFMT(name)) : S("");
  for (size_t i = 0; i < COUNT(flags); i++)
    if (str_eqz(act, flags[i].act)) flag = str_of(flags[i].flag);
  return json_bool(view, flag) || json_bool(json_get(view, S("item")), flag) ? name : S("");
}

void reply_conflict(Cx *cx, Request *rq, Reply *rp, Str stream) {
  if (!stream.len) return; /* something new was to be made: a rule refuses it, and its form is still there */
  Arena *m = rq->mem;
  Json *list = json_arr(m);
  int64_t shown = request_int(rq, S("shown"), 0);
  Cx own = {.mem = cx->mem, .now = cx->now};
  Code looked = theirs(&own, rq, rp->view, stream, shown, list);
  if (looked == OK && shown && !list->count) { /* nobody was first: a rule refuses it, and says which */
    if (!form_left(rq, rp->view).len) reply_typed(rq, rp);
    return;
  }
  if (looked != OK) cx_clear(&own); /* then it says only that something was done */
  Json *o = json_put_obj(m, typed_extra(rq, rp), S("conflict")), *mine = typed_list(rq, rp->view);
  json_put(m, o, S("mine"), mine);
  json_put(m, o, S("theirs"), list);
  PUT(o, "left", mine->count ? form_left(rq, rp->view) : S(""));
  PUT(o, "fresh", rq->path);
  PUT_BOOL(o, "typed", mine->count > 0);
}
