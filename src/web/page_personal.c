/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_personal.c: staff look at personal data of a case, one value at a time and with a purpose. The value stands in the
 * answer to the POST alone: no address, no title and no log has it, and the same form sent again does not show it again.
 */
#include "web/page_personal.h"
#include "web/web_int.h"

enum { LOOKS_SHOWN = 20 };

const Policy *personal_rules(const Request *rq) {
  return rq->app->policies ? rq->app->policies->current : rq->app->policy;
}

/* ---- one value ------------------------------------------------------------------------------------- */

static Str erased_words(Cx *cx, Request *rq, Str ref) {
  PersonalRef one;
  Arena *m = rq->mem;
  if (personal_one(cx, reader_views(rq->rd), ref, &one) != OK || !one.erased) return S("〔已清除〕");
  return arena_fmt(m, "〔已清除 %.*s〕", SFMT(day_str(m, day_of(one.erased))));
}

Str personal_text(Request *rq, FieldType type, Str ref, bool full) {
  Cx quiet = {.mem = rq->mem, .now = rq->now};
  Str plain;
  if (reader_vault(&quiet, rq->rd, ref, &plain) != OK) {
    cx_clear(&quiet);
    return erased_words(&quiet, rq, ref);
  }
  return full && !rq->json ? plain : mask_value(rq->mem, type, plain);
}

Code view_values(Cx *cx, Request *rq, Json *obj, Str key, Str record) {
  Arena *m = rq->mem;
  PersonalRef *list = NULL;
  size_t n = 0, live = 0;
  Json *rows = json_put_arr(m, obj, key);
  TRY(personal_of(cx, reader_views(rq->rd), record, &list, &n));
  for (size_t i = 0; i < n; i++) {
    Str label, plain;
    Cx quiet = {.mem = m, .now = rq->now};
    FieldType type = personal_field(personal_rules(rq), list[i].name, &label);
    bool there = reader_vault(&quiet, rq->rd, list[i].ref, &plain) == OK;
    cx_clear(&quiet);
    if (type == FIELD_UNSET || (!there && !list[i].erased)) continue; /* nothing was ever put there */
    Json *o = json_push_obj(m, rows);
    PUT(o, "ref", list[i].ref);
    PUT(o, "name", list[i].name);
    PUT(o, "id", there && live++ ? arena_fmt(m, "ref-%zu", i) : S("ref"));
    PUT(o, "label", label);
    PUT(o, "text", there ? mask_value(m, type, plain) : erased_words(&quiet, rq, list[i].ref));
    PUT(o, "since", day_str(m, day_of(list[i].since)));
    PUT_BOOL(o, "live", there);
    PUT_BOOL(o, "chosen", str_eq(request_arg(rq, S("ref")), list[i].ref));
  }
  return OK;
}

/* ---- lists ----------------------------------------------------------------------------------------- */

void view_record(Request *rq, Json *o, Str record) {
  Arena *m = rq->mem;
  Str head, name, href = S("");
  int64_t no;
  PUT(o, "record", record);
  if (!str_cut(record, '/', &head, &name)) return;
  if (str_eq(head, S("project")) && str_to_i64(name, &no)) {
    if (request_has_role(rq, ROLE_CLERK | ROLE_WINDOW_HEAD | ROLE_SUPERVISOR)) href = arena_fmt(m, "/w/p/%lld", (long long)no);
    if (request_has_role(rq, ROLE_APPLICANT | ROLE_AGENT)) href = arena_fmt(m, "/my/%lld", (long long)no);
    name = project_number(m, no);
  }
  PUT(o, "record_name", str_eq(head, S("user")) ? arena_fmt(m, "账号 %.*s", SFMT(name)) : name);
  PUT(o, "record_href", href);
}

Code view_looks(Cx *cx, Request *rq, Json *obj, const LookFilter *f) {
  Arena *m = rq->mem;
  Look *list = NULL;
  size_t n = 0;
  int64_t total = 0;
  TRY(looks_list(cx, reader_views(rq->rd), f, &list, &n, &total));
  PUT_INT(obj, "looks_total", total);
  Json *rows = json_put_arr(m, obj, S("looks"));
  for (size_t i = 0; i < n; i++) {
    Str label;
    Json *o = json_push_obj(m, rows);
    (void)personal_field(personal_rules(rq), list[i].name, &label);
    view_record(rq, o, list[i].record);
    PUT_INT(o, "pos", list[i].pos);
    PUT(o, "ref", list[i].ref);
    PUT(o, "label", label);
    PUT(o, "purpose", list[i].purpose);
    PUT(o, "note", list[i].note);
    PUT(o, "actor", list[i].actor);
    PUT(o, "name", list[i].actor_name);
    PUT(o, "unit_name", unit_name(rq->app->policy, list[i].unit));
    PUT(o, "at", time_cn(m, list[i].at));
  }
  return OK;
}

void view_rules(Request *rq, Json *obj) {
  Arena *m = rq->mem;
  const Policy *p = personal_rules(rq);
  Json *grounds = json_put_arr(m, obj, S("grounds")), *purposes = json_put_arr(m, obj, S("purposes"));
  for (size_t i = 0; i < p->ground_count; i++) {
    const Ground *g = &p->grounds[i];
    Json *o = json_push_obj(m, grounds);
    PUT(o, "code", g->code);
    PUT(o, "id", i ? arena_fmt(m, "ground-%zu", i) : S("ground"));
    PUT(o, "name", g->name);
    PUT(o, "basis", g->basis);
    PUT(o, "clause", g->source.clause);
    PUT_BOOL(o, "keeps", g->keeps);
    PUT_BOOL(o, "chosen", str_eq(request_arg(rq, S("ground")), g->code));
  }
  for (size_t i = 0; i < p->purpose_count; i++) {
    Json *o = json_push_obj(m, purposes);
    PUT(o, "code", p->purposes[i].code);
    PUT(o, "id", i ? arena_fmt(m, "purpose-%zu", i) : S("purpose"));
    PUT(o, "name", p->purposes[i].name);
    PUT_BOOL(o, "sample", p->purposes[i].source.sample);
    PUT_BOOL(o, "chosen", str_eq(request_arg(rq, S("purpose")), p->purposes[i].code));
  }
  PUT_INT(obj, "keep_days", p->personal_keep_days);
  PUT_INT(obj, "looks_max", p->personal_looks);
  PUT_BOOL(obj, "sample", p->personal_source.sample);
}

/* ---- the page --------------------------------------------------------------------------------------- */

static bool unit_works_on(const Project *pr, Str unit) {
  for (int n = 1; n <= STAGE_MAX; n++)
    for (size_t i = 0; i < pr->stages[n].item_count; i++)
      if (str_eq(pr->stages[n].items[i].unit, unit)) return true;
  return false;
}

static Str record_of(const Request *rq) {
  return arena_fmt(rq->mem, "project/%.*s", SFMT(rq->params[0]));
}

static bool works_on(const Request *rq, const Project *pr) {
  if (request_has_role(rq, ROLE_CLERK | ROLE_WINDOW_HEAD | ROLE_SUPERVISOR)) return true;
  return request_has_role(rq, ROLE_APPROVER | ROLE_UNIT_HEAD) && unit_works_on(pr, rq->who->unit);
}

Code personal_asks(Cx *cx, const Request *rq, const Project *pr, bool *out) {
  *out = works_on(rq, pr);
  if (*out || !request_has_role(rq, ROLE_APPROVER | ROLE_UNIT_HEAD)) return OK;
  return personal_supplies(cx, reader_views(rq->rd), pr->no, rq->who->unit, out);
}

static void contact_only(Arena *m, Json *view) {
  Json *kept = json_arr(m);
  for (const Json *v = json_get(view, S("values"))->first; v; v = v->next)
    if (personal_contact(json_str(v, S("name")))) json_push(m, kept, v);
  json_put(m, view, S("values"), kept);
  PUT_BOOL(view, "contact_only", true);
}

static Code page_look(Cx *cx, Request *rq, Reply *rp) {
  const Project *pr = NULL;
  bool asks = false;
  Arena *m = rq->mem;
  TRY(project_of_staff(cx, rq, &pr));
  TRY(personal_asks(cx, rq, pr, &asks));
  if (!asks) FAIL(NOT_FOUND, "没有这个项目，或者它没有归您的单位办理的事项。");
  rp->title = tr(rq->lang, S("个人信息"));
  rp->view = json_obj(m);
  view_project(m, rq->app->policy, rp->view, pr, false);
  view_rules(rq, rp->view);
  PUT_BOOL(rp->view, "window", request_has_role(rq, ROLE_CLERK | ROLE_WINDOW_HEAD | ROLE_SUPERVISOR));
  TRY(view_values(cx, rq, rp->view, S("values"), record_of(rq)));
  if (!works_on(rq, pr)) contact_only(m, rp->view);
  const Json *values = json_get(rp->view, S("values"));
  int64_t live = 0;
  for (const Json *v = values->first; v; v = v->next) live += json_bool(v, S("live"));
  PUT_INT(rp->view, "live", live);
  return view_looks(cx, rq, rp->view, &(LookFilter){.record = record_of(rq), .limit = LOOKS_SHOWN});
}

static Code look_again(Cx *cx, Request *rq, Reply *rp, Str field, Str text) {
  TRY(page_look(cx, rq, rp));
  rp->tmpl = "work_personal";
  reply_keep(rq, rp);
  reply_error(rq, rp, field, text);
  return OK;
}

static void after_look(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  Arena *m = rq->mem;
  Str ref = request_arg(rq, S("ref")), plain, label;
  PersonalRef one;
  if (result->code != OK || result->repeated) {
    Str field = arena_str(m, result->field), text = arena_str(m, result->detail);
    if (result->repeated) text = S("这一次已经显示过了，不再显示。还要看的，请重新写明用途。");
    (void)look_again(cx, rq, rp, result->repeated ? S("ref") : field, text);
    if (result->code == LIMIT) rp->status = 429;
    return;
  }
  rp->tmpl = "work_personal";
  rq->args = json_obj(m); /* the next look has a purpose of its own */
  if (reader_vault(cx, rq->rd, ref, &plain) != OK || personal_one(cx, reader_views(rq->rd), ref, &one) != OK ||
      page_look(cx, rq, rp) != OK)
    return;
  (void)personal_field(personal_rules(rq), one.name, &label);
  Json *shown = json_put_obj(m, rp->view, S("shown"));
  PUT(shown, "label", label);
  PUT(shown, "value", plain);
}

static Code post_look(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Json *args = json_obj(m);
  if (!request_arg(rq, S("ref")).len) return look_again(cx, rq, rp, S("ref"), S("选择要看哪一项"));
  if (!request_arg(rq, S("purpose")).len) return look_again(cx, rq, rp, S("purpose"), S("选择查看的用途"));
  PUT(args, "record", record_of(rq));
  PUT(args, "ref", request_arg(rq, S("ref")));
  PUT(args, "purpose", request_arg(rq, S("purpose")));
  PUT(args, "note", request_arg(rq, S("note")));
  reply_command(rq, rp, S("personal.look"), S(""), args);
  rp->after = after_look;
  return OK;
}

/* Through the interface the value comes with the answer to the command, once; the answer that is kept has none. */
void api_looked(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  const Str *ref = rq->state;
  Arena *m = rq->mem;
  Str plain;
  if (result->code != OK) {
    cx->field = arena_str(m, result->field);
    cx->clause = arena_str(m, result->clause);
    cx_fail(cx, result->code, __func__, __LINE__, "%.*s", SFMT(result->detail));
    return;
  }
  rp->view = json_obj(m);
  PUT(rp->view, "stream", arena_str(m, result->stream));
  PUT_INT(rp->view, "seq", result->seq);
  if (!result->repeated && reader_vault(cx, rq->rd, *ref, &plain) == OK) PUT(rp->view, "value", plain);
  PUT_BOOL(rp->view, "repeated", result->repeated);
}

const Route personal_routes[] = {
    {.method = GET, .path = "/w/personal/{id}", .allow = PERSONAL_LOOK, .run = page_look, .tmpl = "work_personal", .section = "work",
     .compact = true, .help = "一个项目的个人信息，已脱敏；谁看过、为什么看。"},
    {.method = POST, .path = "/w/personal/{id}", .allow = PERSONAL_LOOK, .run = post_look, .section = "work", .compact = true,
     .help = "写明用途，看一项完整的个人信息一次。"},
    {.path = NULL},
};
