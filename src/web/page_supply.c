/* SPDX-License-Identifier: Apache-2.0 */
/* page_supply.c: applicants supply what a department returned its item for, and have a receipt of it. */
#include "approval/receipt.h"
#include "web/page.h"
#include "web/page_form.h"

typedef struct Supply {
  const Project *pr;
  int n;
  const ItemState *i;
} Supply;

static Code supply_open(Cx *cx, Request *rq, Supply *at) {
  TRY(case_of_owner(cx, rq, &at->pr, &at->n));
  at->i = stage_item(&at->pr->stages[at->n], rq->params[2]);
  if (!at->i) FAIL(NOT_FOUND, "没有这个事项。请从项目页重新打开。");
  return OK;
}

/* A material with its file is asked for as a file, all else in words. */
static const Material *demanded(const Policy *p, const Json *one) {
  Str of = json_str(one, S("of"));
  const Material *material = of.len ? policy_material(p, of) : NULL;
  return material && !material->form ? material : NULL;
}

static const Json *demands_of(const Supply *at) {
  const Json *missing = json_get(at->i->demands, S("missing"));
  return missing ? missing->first : NULL;
}

static bool is_demanded(const Policy *p, const Supply *at, const Material *material) {
  for (const Json *x = demands_of(at); x; x = x->next)
    if (demanded(p, x) == material) return true;
  return false;
}

/* What else of the stage may come along: a department that asks in words for a paper gets the paper. */
static size_t others_of(Request *rq, const Supply *at, const Material ***out) {
  MaterialChoice *choices = NULL;
  const Policy *p = rq->app->policy;
  size_t count = 0, n = policy_materials(rq->mem, p, at->n, at->pr->category, at->pr->county, at->pr->facts, &choices);
  *out = arena_array(rq->mem, const Material *, n + 1);
  for (size_t i = 0; i < n; i++) {
    const Material *material = choices[i].material;
    if (choices[i].needed != NO && !material->form && !material->from_stage.len && !is_demanded(p, at, material)) (*out)[count++] = material;
  }
  return count;
}

static void others_view(Request *rq, Json *view, const Supply *at) {
  const Material **others = NULL;
  size_t n = others_of(rq, at, &others);
  bool open = false;
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("others"));
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, list);
    form_material_view(m, o, others[i], others[i]->hint);
    PUT_BOOL(o, "optional", true);
    form_upload_view(rq, o, others[i], NULL);
    open |= json_str(o, S("file")).len > 0;
  }
  PUT_BOOL(view, "others_open", open);
}

static void supply_head(Request *rq, Json *view, const Supply *at) {
  Arena *m = rq->mem;
  view_project(m, rq->app->policy, view, at->pr, false);
  PUT_INT(view, "stage", at->n);
  PUT(view, "item", at->i->code);
  PUT(view, "item_name", at->i->name);
  PUT(view, "unit_name", unit_name(rq->app->policy, at->i->unit));
}

/* "filled": what the form says there, where a field was asked about by its code or its name. */
static void filled_put(Request *rq, Json *o, const Supply *at) {
  const Policy *p = policy_of(rq, at->pr, at->n);
  const StageState *s = &at->pr->stages[at->n];
  for (size_t i = 0; i < p->form_count[at->n]; i++) {
    const Field *f = &p->form[at->n][i];
    if (!str_eq(json_str(o, S("of")), f->name) && !str_eq(json_str(o, S("what")), f->label)) continue;
    json_put_str(rq->mem, o, S("filled"), form_field_text(rq, f, s->form));
  }
}

static Code supply_form(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Supply at = {0};
  TRY(supply_open(cx, rq, &at));
  const Policy *p = rq->app->policy;
  if (at.i->status != ITEM_RETURNED) {
    Str label = item_status_label(at.i->status);
    FAIL(CONFLICT, "“%.*s”现在是“%.*s”，没有等您补交的内容。", SFMT(at.i->name), SFMT(label));
  }
  rp->title = arena_fmt(m, "补交：%.*s", SFMT(at.i->name));
  rp->view = json_obj(m);
  supply_head(rq, rp->view, &at);
  const PauseState *pause = &at.i->pauses[at.i->pause_count - 1];
  PUT(rp->view, "until", day_cn(m, pause->planned));
  PUT_BOOL(rp->view, "late", pause->planned.n < day_of(rq->now).n);
  Json *list = json_put_arr(m, rp->view, S("missing")), *files = json_put_arr(m, rp->view, S("materials"));
  for (const Json *x = demands_of(&at); x; x = x->next) {
    const Material *material = demanded(p, x);
    Json *row = json_clone(m, x);
    json_push(m, list, row);
    filled_put(rq, row, &at);
    if (!material) continue;
    Json *o = json_push_obj(m, files);
    form_material_view(m, o, material, material->hint);
    form_upload_view(rq, o, material, NULL);
  }
  others_view(rq, rp->view, &at);
  return OK;
}

static void files_sent(Request *rq, Json *view, const Json *files) {
  FileRef *list = arena_array(rq->mem, FileRef, files ? files->count + 1 : 1);
  size_t n = 0;
  for (const Json *x = files ? files->first : NULL; x; x = x->next)
    list[n++] = (FileRef){.material = json_str(x, S("material")), .blob = json_str(x, S("blob")), .name = json_str(x, S("name")), .size = json_int(x, S("size"), 0)};
  form_files_view(rq, view, list, n);
}

/* The receipt of the last supplement, as it was recorded; it has no number of its own, as a stage has. */
static Code supply_receipt(Cx *cx, Request *rq, Reply *rp, const Supply *at) {
  Arena *m = rq->mem;
  Receipt r;
  TRY(receipt_last(cx, rq->rd, at->pr->no, at->n, receipt_kind(S("supplemented")), at->i->code, &r));
  Reading reading = project_item_reading(rq->app->policy, at->i, rq->now);
  rp->tmpl = "my_supplied";
  rp->title = S("补交回执");
  rp->view = json_obj(m);
  supply_head(rq, rp->view, at);
  PUT(rp->view, "received", time_cn(m, r.event.recorded));
  PUT(rp->view, "note", json_str(r.event.body, S("note")));
  json_put(m, rp->view, S("missing"), json_get(at->i->demands, S("missing")));
  PUT(rp->view, "due", at->i->status == ITEM_TAKEN && reading.has_due ? day_cn(m, reading.due) : S(""));
  PUT_BOOL(rp->view, "spent", reading.left <= 0);
  PUT_BOOL(rp->view, "over", !item_open(at->i));
  files_sent(rq, rp->view, json_get(r.event.body, S("files")));
  TRY(view_event_codes(cx, rq, rp->view, &r.event));
  return view_proofs(cx, rq, rp->view, at->pr, at->n, at->i->code);
}

/* What was supplied is answered where it was asked for. */
static Code page_supply(Cx *cx, Request *rq, Reply *rp) {
  Supply at = {0};
  TRY(supply_open(cx, rq, &at));
  bool there = at.i->status != ITEM_RETURNED && json_int(at.i->demands, S("supplied_at"), 0);
  return there ? supply_receipt(cx, rq, rp, &at) : supply_form(cx, rq, rp);
}

static void after_supply(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  after_or_again(cx, rq, result, rp, arena_fmt(rq->mem, "/my/%.*s/supply/%.*s/%.*s", SFMT(rq->params[0]), SFMT(rq->params[1]), SFMT(rq->params[2])), supply_form, "my_supply");
}

static Code supply_refused(Cx *cx, Request *rq, Reply *rp, const Json *faults) {
  TRY(supply_form(cx, rq, rp));
  rp->tmpl = "my_supply";
  reply_keep(rq, rp);
  for (const Json *e = faults->first; e; e = e->next) reply_error(rq, rp, json_str(e, S("field")), json_str(e, S("text")));
  form_errors_view(rq, rp);
  return OK;
}

static void same_fault(Arena *m, const Material *material, Json *faults) {
  Json *o = json_push_obj(m, faults);
  PUT(o, "field", arena_fmt(m, "m_%.*s", SFMT(material->code)));
  PUT(o, "text", arena_fmt(m, "“%.*s”的文件和退回的那份内容相同，没有改正；请选择改正以后的文件", SFMT(material->name)));
}

/* Left out is no fault here; what is given must be a file of its kind, and another one than before. */
static void others_read(Request *rq, const Supply *at, Json *files, Json *faults) {
  const Material **others = NULL;
  size_t n = others_of(rq, at, &others);
  for (size_t i = 0; i < n; i++) {
    uint32_t before = files->count;
    form_upload_read(rq, others[i], NULL, files, faults);
    if (files->count != before && library_same(at->pr, others[i]->code, json_str(files->last, S("blob")))) same_fault(rq->mem, others[i], faults);
  }
}

static Code post_supply(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Supply at = {0};
  Json *args = json_obj(m), *faults = json_arr(m);
  TRY(supply_open(cx, rq, &at));
  Json *files = json_put_arr(m, args, S("files"));
  for (const Json *x = demands_of(&at); x; x = x->next) {
    const Material *material = demanded(rq->app->policy, x);
    if (!material) continue;
    uint32_t before = files->count, wrong = faults->count;
    form_upload_read(rq, material, NULL, files, faults);
    if (files->count != before && library_same(at.pr, material->code, json_str(files->last, S("blob")))) same_fault(m, material, faults);
    if (files->count != before || faults->count != wrong) continue;
    Json *o = json_push_obj(m, faults);
    PUT(o, "field", arena_fmt(m, "m_%.*s", SFMT(material->code)));
    PUT(o, "text", arena_fmt(m, "请选择“%.*s”的文件", SFMT(material->name)));
  }
  others_read(rq, &at, files, faults);
  if (faults->count) return supply_refused(cx, rq, rp, faults);
  PUT_INT(args, "stage", at.n);
  PUT(args, "item", at.i->code);
  if (request_arg(rq, S("note")).len) PUT(args, "note", request_arg(rq, S("note")));
  reply_command(rq, rp, S("item.supplement"), stream_of(rq), args);
  rp->after = after_supply;
  return OK;
}

#define OWNERS (ROLE_APPLICANT | ROLE_AGENT)
const Route supply_routes[] = {
    {.method = GET, .path = "/my/{id}/supply/{n}/{item}", .allow = OWNERS, .run = page_supply, .tmpl = "my_supply", .section = "my",
     .help = "补交部门退回时要的内容；交了以后是它的回执。"},
    {.method = POST, .path = "/my/{id}/supply/{n}/{item}", .allow = OWNERS, .run = post_supply, .section = "my", .uploads = "many",
     .help = "补交，事项回到原来的承办人。"},
    {.path = NULL},
};
