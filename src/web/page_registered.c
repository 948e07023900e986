/* SPDX-License-Identifier: Apache-2.0 */
/* page_registered.c: what was registered about a project, and its correction 改正登记 by whoever registered it. */
#include "web/page.h"
#include "web/page_form.h"
#include "web/web_int.h"

static void line(Arena *m, Json *list, Str label, Str value) {
  if (!value.len) return;
  Json *o = json_push_obj(m, list);
  PUT(o, "label", label);
  PUT(o, "value", value);
}

/* What cannot be corrected, or all of it. */
static void lines_view(Request *rq, Json *view, const Project *pr, bool all) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  const Category *c = policy_category(p, pr->category);
  Json *list = json_put_arr(m, view, S("registered"));
  if (all) line(m, list, S("项目名称"), pr->name);
  line(m, list, S("项目代码"), pr->code);
  line(m, list, S("项目类别"), c ? c->name : pr->category);
  line(m, list, S("建设地点"), place_name(p, pr->county));
  line(m, list, S("建设单位"), pr->owner);
  line(m, list, S("统一社会信用代码"), pr->uscc);
  if (all) form_facts_add(rq, list, pr->facts);
}

/* A value of a correction as it is read elsewhere: of a fact with its unit or the words of its choice. */
static Str in_words(Request *rq, Str of, Str value, Str *label) {
  Json *facts = json_obj(rq->mem), *list = json_arr(rq->mem);
  json_put_str(rq->mem, facts, of, value);
  form_facts_add(rq, list, facts);
  if (!list->first) return value;
  *label = json_str(list->first, S("label"));
  return json_str(list->first, S("value"));
}

static void correction_put(Request *rq, Json *list, const Event *e, const Json *change) {
  Arena *m = rq->mem;
  Str of = json_str(change, S("of")), label = of;
  if (str_eqz(of, "name")) label = S("项目名称");
  if (str_eqz(of, "contact_name")) label = S("联系人");
  if (str_eqz(of, "contact_phone")) label = S("联系电话");
  Json *o = json_push_obj(m, list);
  PUT(o, "was", in_words(rq, of, json_str(change, S("was")), &label));
  PUT(o, "now", in_words(rq, of, json_str(change, S("now")), &label));
  PUT(o, "label", label);
  PUT_BOOL(o, "unsaid", str_eqz(of, "contact_phone"));
  PUT(o, "at_cn", time_cn(m, e->happened));
  PUT(o, "by", e->actor_name);
}

/* From what to what; a number is not kept in words. */
static Code corrections_view(Cx *cx, Request *rq, Json *view, const Project *pr) {
  enum { EVENTS = 4096 };
  Json *list = json_put_arr(rq->mem, view, S("corrections"));
  Events all = {0};
  TRY(reader_events(cx, rq->rd, arena_fmt(rq->mem, "project/%lld", (long long)pr->no), 0, EVENTS, &all));
  for (size_t i = 0; i < all.count; i++) {
    const Json *changed = str_eqz(all.list[i].kind, "project.corrected") ? json_get(all.list[i].body, S("changed")) : NULL;
    for (const Json *c = changed ? changed->first : NULL; c; c = c->next) correction_put(rq, list, &all.list[i], c);
  }
  return OK;
}

Code registered_view(Cx *cx, Request *rq, Json *view, const Project *pr) {
  lines_view(rq, view, pr, true);
  return corrections_view(cx, rq, view, pr);
}

static Str phone_of(Request *rq, const Project *pr) {
  Cx quiet = {.mem = rq->mem, .now = rq->now};
  Str plain = S("");
  Str ref = json_str(pr->contact, S("phone"));
  return ref.len && reader_vault(&quiet, rq->rd, ref, &plain) == OK ? plain : S("");
}

static void text_field(Request *rq, Json *list, const char *name, const char *kind, const char *label, Str value, const char *hint) {
  Arena *m = rq->mem;
  Json *o = json_push_obj(m, list);
  PUT(o, "id", str_of(name));
  PUT(o, "name", str_of(name));
  PUT(o, "kind", str_of(kind));
  PUT(o, "label", str_of(label));
  PUT(o, "hint", str_of(hint));
  PUT(o, "value", rq->method == POST ? request_arg(rq, str_of(name)) : value);
}

static Code page_registered(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  const Project *pr = NULL;
  const char *why = NULL;
  TRY(project_of_owner(cx, rq, &pr));
  rp->title = S("登记的情况");
  rp->view = json_obj(m);
  PUT_INT(rp->view, "no", pr->no);
  PUT(rp->view, "number", pr->number);
  PUT(rp->view, "name", pr->name);
  PUT_BOOL(rp->view, "running", pr->status == PROJECT_RUNNING);
  bool whole = pr->status == PROJECT_RUNNING && project_correctable(pr, &why);
  lines_view(rq, rp->view, pr, !whole || rq->json); /* the rest stands in the form */
  TRY(corrections_view(cx, rq, rp->view, pr));
  if (pr->status != PROJECT_RUNNING) return OK;
  PUT(rp->view, "why", whole ? S("") : str_of(why));
  Json *contact = json_put_arr(m, rp->view, S("contact_fields"));
  text_field(rq, contact, "contact_name", "text", "联系人", json_str(pr->contact, S("name")), "");
  text_field(rq, contact, "contact_phone", "tel", "联系电话", rq->json ? S("") : phone_of(rq, pr), "加密保存，只用于本项目的联系。换了号码，原来的号码随即清除；已经写进申请表的除外。");
  if (!whole) return OK;
  text_field(rq, json_put_arr(m, rp->view, S("head")), "name", "text", "项目名称", pr->name, "与立项文件一致");
  form_fields_view(rq, rp->view, p->facts, p->fact_count, rq->method == POST ? rq->args : NULL, pr->facts, NULL);
  if (pr->locked) locked_fields_view(rq, rp->view, pr->locked);
  return OK;
}

static void after_corrected(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  after_or_again(cx, rq, result, rp, arena_fmt(rq->mem, "/my/%.*s", SFMT(rq->params[0])), page_registered, "my_registered");
}

static Code refused(Cx *cx, Request *rq, Reply *rp, const Json *faults) {
  TRY(page_registered(cx, rq, rp));
  rp->tmpl = "my_registered";
  reply_keep(rq, rp);
  for (const Json *f = faults->first; f; f = f->next) reply_error(rq, rp, json_str(f, S("field")), json_str(f, S("text")));
  form_errors_view(rq, rp);
  return OK;
}

static Code post_registered(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  const Project *pr = NULL;
  Json *faults = json_arr(m), *facts = NULL, *args = json_obj(m);
  Personal *personal = arena_array(m, Personal, 1);
  TRY(project_of_owner(cx, rq, &pr));
  bool whole = project_correctable(pr, NULL);
  if (whole) PUT(args, "name", form_need(rq, faults, S("name"), "填写项目名称，与立项文件一致", NULL));
  PUT(args, "contact_name", form_need(rq, faults, S("contact_name"), "填写联系人姓名", NULL));
  Str phone = form_need(rq, faults, S("contact_phone"), "填写手机号码，或带区号的座机号码，如 0429-3112345", phone_valid);
  if (whole) {
    TRY(form_fields_read(cx, rq, p->facts, p->fact_count, NULL, &facts, faults, policy_facts(m, NULL, pr->category, pr->county)));
    form_contradictions(rq, facts, pr->category, pr->county, faults);
    json_put(m, args, S("facts"), facts);
  }
  if (faults->count) return refused(cx, rq, rp, faults);
  bool same = str_eq(phone, phone_of(rq, pr));
  personal[0] = (Personal){.ref = same ? json_str(pr->contact, S("phone")) : personal_ref(m), .kind = S("phone"), .value = phone};
  PUT(args, "contact_phone", personal[0].ref);
  Command *c = reply_command(rq, rp, S("project.correct"), stream_of(rq), args);
  c->personal = personal;
  c->personal_count = same ? 0 : 1;
  rp->after = after_corrected;
  return OK;
}

#define OWNERS (ROLE_APPLICANT | ROLE_AGENT)
const Route registered_routes[] = {
    {.method = GET, .path = "/my/{id}/registered", .allow = OWNERS, .run = page_registered, .tmpl = "my_registered", .section = "my",
     .help = "登记的情况，和改正它的表单。"},
    {.method = POST, .path = "/my/{id}/registered", .allow = OWNERS, .run = post_registered, .section = "my", .help = "改正登记的情况。"},
    {.path = NULL},
};
