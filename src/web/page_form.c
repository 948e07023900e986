/* SPDX-License-Identifier: Apache-2.0 */
/* page_form.c: one stage form 申请表: fill, save, check, submit. Its files are served by page_file.c. */
#include "web/page_accept.h"
#include "web/page_form.h"
#include "web/page_early.h"
#include "web/page_region.h"

#include "approval/beside.h"

typedef struct Form {
  const Policy *p;
  const Project *pr;
  int n;
  const StageState *s;
  const Json *saved;     /* values: the draft, else what was submitted (correction), else what is known */
  Json *shared;          /* enterprise_files */
  const Json *known;     /* project_known_with */
  bool barred;           /* library_barred */
} Form;

/* The form that names the region: as typed, or as saved. */
static const Json *region_form(Request *rq, const Form *f) {
  const Json *form = f->saved;
  for (size_t i = 0; rq->method == POST && i < f->p->form_count[f->n]; i++) {
    const Field *field = &f->p->form[f->n][i];
    Str id = arena_fmt(rq->mem, "f_%.*s", SFMT(field->name));
    if (!field->choose.len || !json_get(rq->args, id)) continue;
    Json *typed = json_obj(rq->mem);
    json_put_str(rq->mem, typed, field->name, request_arg(rq, id));
    form = typed;
  }
  return form;
}

static Code form_open(Cx *cx, Request *rq, Form *f) {
  TRY(project_of_owner(cx, rq, &f->pr));
  TRY(stage_of(cx, rq, &f->n));
  f->p = rq->app->policy;
  f->s = &f->pr->stages[f->n];
  TRY(enterprise_files(cx, reader_views(rq->rd), f->pr->uscc, &f->shared));
  TRY(library_barred(cx, reader_views(rq->rd), f->p, f->pr->uscc, &f->barred));
  const Json *fields = json_get(project_known(rq->mem, f->p, f->pr, f->n), S("fields"));
  f->saved = fields;
  if (f->s->draft) f->saved = json_get(f->s->draft, S("form")) ? json_get(f->s->draft, S("form")) : f->s->draft;
  else if (f->s->form) f->saved = f->s->form;
  else TRY(survey_fill(cx, rq, f->pr->no, f->p->form[f->n], f->p->form_count[f->n], &f->saved));
  TRY(region_shared(cx, reader_views(rq->rd), f->p, f->pr, f->n, region_form(rq, f), day_of(rq->now), f->shared));
  f->known = project_known_with(rq->mem, f->p, f->pr, f->n, f->shared);
  return OK;
}

static Code form_writable(Cx *cx, const Form *f) {
  StageStatus st = f->s->status;
  if (st == STAGE_OPEN || st == STAGE_CORRECTION || st == STAGE_REFUSED || st == STAGE_WITHDRAWN) return OK;
  if (st == STAGE_NA) FAIL_AT(CONFLICT, S(""), S("D60-4.13-p8"), "本类别不设第 %d 阶段，无需申报。", f->n);
  Str label = stage_status_plain(st);
  if (st == STAGE_SUBMITTED)
    FAIL(CONFLICT, "第 %d 阶段的申请已经提交，现在是“%.*s”，申请表不能再改。要换材料或者改内容，在项目页撤回本阶段申请，改好再报；也可以等窗口一次告知要补正什么。", f->n, SFMT(label));
  if (st < STAGE_SUBMITTED || st >= STAGE_CERTIFIED) FAIL(CONFLICT, "第 %d 阶段现在是“%.*s”，不能填写申请表。", f->n, SFMT(label));
  FAIL(CONFLICT, "第 %d 阶段现在是“%.*s”，申请表不能再改。缺材料、要换材料的，办理的部门退回补正时在项目页补交。", f->n, SFMT(label));
}

/* Files chosen so far: of the draft, else of the submission that is being corrected. */
static const FileRef *form_file(const Form *f, Str material) {
  for (size_t i = f->s->draft_file_count; i > 0; i--)
    if (str_eq(f->s->draft_files[i - 1].material, material)) return &f->s->draft_files[i - 1];
  for (size_t i = f->s->file_count; i > 0; i--)
    if (str_eq(f->s->files[i - 1].material, material) && !f->s->files[i - 1].reused_from && !f->s->files[i - 1].from_project && !f->s->files[i - 1].source.len) return &f->s->files[i - 1];
  return NULL;
}

/* A file carried along by the form that was just posted: hidden k_CODE = "blob|size|name". */
static bool upload_carried(Request *rq, Str material, Str *blob, int64_t *size, Str *name) {
  Str text = request_arg(rq, arena_fmt(rq->mem, "k_%.*s", SFMT(material))), rest, number;
  return text.len && str_cut(text, '|', blob, &rest) && str_cut(rest, '|', &number, name) &&
         str_to_i64(number, size);
}

Str form_types(Arena *m, const Material *material) {
  Str text = S("");
  for (size_t i = 0; i < material->type_count; i++)
    text = arena_fmt(m, "%.*s%s.%.*s", SFMT(text), i ? "," : "", SFMT(material->types[i]));
  return text;
}

void form_material_view(Arena *m, Json *o, const Material *material, Str hint) {
  PUT(o, "code", material->code);
  PUT(o, "id", arena_fmt(m, "m_%.*s", SFMT(material->code)));
  PUT(o, "name", material->name);
  PUT(o, "hint", hint);
  PUT(o, "basis", material->basis);
  PUT(o, "types", form_types(m, material));
  PUT_INT(o, "max_mb", material->max_mb);
}

void form_upload_view(Request *rq, Json *o, const Material *material, const FileRef *file) {
  Arena *m = rq->mem;
  const Upload *up = rq->method == POST ? request_upload(rq, arena_fmt(m, "m_%.*s", SFMT(material->code))) : NULL;
  Str blob = {0}, name = {0};
  int64_t size = 0;
  PUT(o, "blob", S("")); /* what is not saved yet cannot be opened */
  if (up && up->blob.len) {
    blob = up->blob;
    name = up->filename;
    size = up->size;
  } else if (!(rq->method == POST && upload_carried(rq, material->code, &blob, &size, &name)) && file) {
    blob = file->blob;
    name = file->name;
    size = file->size;
  }
  if (!blob.len) return;
  if (file && str_eq(file->blob, blob)) PUT(o, "blob", blob);
  PUT(o, "file", name);
  PUT_INT(o, "kb", (size + 1023) / 1024);
  PUT(o, "carry", arena_fmt(m, "%.*s|%lld|%.*s", SFMT(blob), (long long)size, SFMT(name)));
}

/* What is known with what stands in the form now, so that only what it calls for is asked for. */
static Json *facts_now(Request *rq, const Form *f) {
  Arena *m = rq->mem;
  Json *typed = f->saved ? json_clone(m, f->saved) : json_obj(m);
  for (size_t i = 0; rq->method == POST && i < f->p->form_count[f->n]; i++) {
    const Field *field = &f->p->form[f->n][i];
    Str value = request_arg(rq, arena_fmt(m, "f_%.*s", SFMT(field->name)));
    if (!field->fact || !value.len) continue;
    if (field->type == FIELD_BOOL) json_put_bool(m, typed, field->name, str_eq(value, S("true")));
    else json_put_str(m, typed, field->name, value);
  }
  return project_facts_with(m, f->p, f->pr, f->n, typed);
}

/* The promised day 容缺, as typed, as saved, or as submitted before. */
static Str lack_day(Request *rq, const Form *f, Str material) {
  if (rq->method == POST && !str_ends(rq->path, S("/check"))) return request_arg(rq, arena_fmt(rq->mem, "l_%.*s", SFMT(material)));
  const Json *saved = json_get(f->s->draft, S("lacking"));
  for (const Json *x = saved ? saved->first : NULL; x; x = x->next)
    if (str_eq(json_str(x, S("material")), material)) return json_str(x, S("promised"));
  for (size_t i = 0; i < f->s->lack_count && !f->s->draft && f->s->status == STAGE_CORRECTION; i++)
    if (str_eq(f->s->lacks[i].material, material) && !f->s->lacks[i].supplied_at) return day_str(rq->mem, f->s->lacks[i].promised);
  return S("");
}

static void lack_view(Request *rq, const Form *f, Json *o, const Material *material) {
  Arena *m = rq->mem;
  if (!material->lack || !f->p->lack_days || project_broke_promise(f->pr) || f->barred) return;
  PUT_BOOL(o, "lack", true);
  PUT(o, "lack_id", arena_fmt(m, "l_%.*s", SFMT(material->code)));
  PUT(o, "lack_day", json_get(o, S("file")) ? S("") : lack_day(rq, f, material->code));
  Day last = calendar_add(f->p->calendar, day_of(rq->now), f->p->lack_days);
  PUT(o, "lack_until", day_cn(m, last));
  PUT(o, "lack_example", day_str(m, last));
  PUT_INT(o, "lack_days", f->p->lack_days);
  PUT_INT(o, "lack_count", f->p->lack_count);
  PUT_BOOL(o, "lack_sample", f->p->lack_source.sample);
}

/* What is not known of it is empty: inside the row a name would otherwise be looked up further out. */
static void known_view(Arena *m, Json *o, const Json *known) {
  Json *k = json_clone(m, known);
  static const char *const texts[] = {"source", "number"}, *const counts[] = {"from", "version"};
  for (size_t i = 0; i < COUNT(texts); i++)
    if (!json_get(k, str_of(texts[i]))) json_put_str(m, k, str_of(texts[i]), S(""));
  for (size_t i = 0; i < COUNT(counts); i++)
    if (!json_get(k, str_of(counts[i]))) json_put_int(m, k, str_of(counts[i]), 0);
  json_put(m, o, S("known"), k);
}

/* What the file is compared with: what was handed in before and is being corrected, else what is known already. */
static Str blob_before(const Form *f, const Material *material, const Json *known) {
  for (size_t i = f->s->status == STAGE_CORRECTION ? f->s->file_count : 0; i > 0; i--)
    if (str_eq(f->s->files[i - 1].material, material->code)) return f->s->files[i - 1].blob;
  return json_str(known, S("blob"));
}

/* "changed": another file than before, 这次换成. The same one again is no news: "again". */
static void changed_view(Arena *m, const Form *f, Json *o, const Material *material, const Json *known) {
  Str carry = json_str(o, S("carry")), blob = {0}, rest = {0}, before = blob_before(f, material, known);
  bool file = carry.len && str_cut(carry, '|', &blob, &rest);
  PUT_BOOL(o, "changed", file && before.len && !str_eq(before, blob));
  PUT_BOOL(o, "again", file && known && str_eq(before, blob));
}

/* view.materials, with how many are still to be handed in, and how many only the answers will tell. */
static void materials_view(Request *rq, const Form *f, Json *view) {
  Arena *m = rq->mem;
  MaterialChoice *choices = NULL;
  size_t n = policy_materials(m, f->p, f->n, f->pr->category, f->pr->county, facts_now(rq, f), &choices);
  Json *list = json_put_arr(m, view, S("materials"));
  int64_t need = 0, have = 0, open = 0;
  for (size_t i = 0; i < n; i++) {
    const Material *material = choices[i].material;
    const Json *known = json_get(json_get(f->known, S("materials")), material->code);
    if (choices[i].needed == NO) continue;
    Json *o = json_push_obj(m, list);
    form_material_view(m, o, material, material->hint);
    PUT_BOOL(o, "optional", !material->required);
    PUT_BOOL(o, "form", material->form);
    PUT_BOOL(o, "depends", choices[i].needed == UNKNOWN);
    view_source(m, o, material->source);
    if (known) known_view(m, o, known);
    if (!material->form && !material->from_stage.len) form_upload_view(rq, o, material, form_file(f, material->code));
    changed_view(m, f, o, material, known);
    if (known) PUT_BOOL(o, "optional", true); /* another version, if they like */
    else lack_view(rq, f, o, material);
    if (known || json_str(o, S("lack_day")).len) have++;
    else if (!material->required || material->form || json_get(o, S("file"))) continue;
    else if (choices[i].needed == UNKNOWN) open++;
    else need++;
  }
  PUT_INT(view, "need_files", need);
  PUT_INT(view, "open_files", open);
  PUT_INT(view, "have_files", have);
}

/* "asks": an agent here sends the form to his client, "direct": and may hand it in himself; "confirming", "returned", "confirm": where the draft stands. */
static Code confirm_view(Cx *cx, Request *rq, Json *view, const Form *f) {
  Arena *m = rq->mem;
  bool asks = acts_as_agent(rq, f->pr), direct = !asks;
  Str state = stage_draft_state(f->s);
  if (asks) TRY(agent_direct(cx, rq->rd, rq->who->id, f->pr->no, &direct));
  PUT_BOOL(view, "asks", asks);
  PUT_BOOL(view, "direct", direct);
  PUT_BOOL(view, "confirming", str_eqz(state, "asked")); /* no name that a row has: what a row lacks is looked up here */
  PUT_BOOL(view, "returned", str_eqz(state, "returned"));
  if (json_get(f->s->draft, S("confirm"))) json_put(m, view, S("confirm"), json_get(f->s->draft, S("confirm")));
  return OK;
}

static Code form_view(Cx *cx, Request *rq, Reply *rp) {
  Form f = {0};
  Arena *m = rq->mem;
  TRY(form_open(cx, rq, &f));
  TRY(form_writable(cx, &f));
  rp->title = arena_fmt(m, "%.*s阶段申请表", SFMT(f.p->stages[f.n].name));
  rp->view = json_obj(m);
  view_project(m, f.p, rp->view, f.pr, false);
  PUT_INT(rp->view, "stage", f.n);
  PUT(rp->view, "stage_name", f.p->stages[f.n].name);
  PUT_BOOL(rp->view, "joint", f.n == STAGE_MAX && acceptance_comes(rq, f.p, f.pr));
  PUT_BOOL(rp->view, "correction", f.s->status == STAGE_CORRECTION);
  PUT_INT(rp->view, "receipt_days", f.p->receipt_days);
  if (f.s->notice && f.s->status == STAGE_CORRECTION) json_put(m, rp->view, S("notice"), f.s->notice);
  if (f.s->draft_at) PUT(rp->view, "saved_at", time_cn(m, f.s->draft_at));
  PUT_BOOL(rp->view, "just_saved", request_int(rq, S("saved"), 0) == 1);
  form_fields_view(rq, rp->view, f.p->form[f.n], f.p->form_count[f.n], rq->method == POST ? rq->args : NULL, f.saved,
                   policy_facts(m, f.pr->facts, f.pr->category, f.pr->county));
  TRY(region_choices(cx, rq, rp->view, f.p->form[f.n], f.p->form_count[f.n], region_inside(f.shared)));
  locked_fields_view(rq, rp->view, f.pr->locked);
  region_view(rq, rp->view, f.p, f.pr, f.n, json_get(f.shared, REGION_SHARED), facts_now(rq, &f));
  materials_view(rq, &f, rp->view);
  answers_view(rq, rp->view, f.pr, f.n);
  refused_view(rq, rp->view, f.pr, f.n);
  if (!rq->json) form_fold(rq, rp->view, f.n); /* programs have the plain lists */
  TRY(confirm_view(cx, rq, rp->view, &f));
  return cites_view(cx, rq, rp->view, f.pr, f.s);
}

Code page_form(Cx *cx, Request *rq, Reply *rp) {
  return form_view(cx, rq, rp);
}

/* ---- saving ------------------------------------------------------------------------------------ */

static void file_put(Arena *m, Json *files, Str material, Str blob, Str name, int64_t size) {
  Json *o = json_push_obj(m, files);
  PUT(o, "material", material);
  PUT(o, "blob", blob);
  PUT(o, "name", name);
  PUT_INT(o, "size", size);
}

static bool type_accepted(const Material *material, Str type) {
  for (size_t i = 0; i < material->type_count; i++)
    if (str_eq(material->types[i], type)) return true;
  return material->type_count == 0;
}

void form_upload_read(Request *rq, const Material *material, const FileRef *file, Json *files, Json *faults) {
  Arena *m = rq->mem;
  Str id = arena_fmt(m, "m_%.*s", SFMT(material->code)), blob, name, fault = {0};
  int64_t size;
  const Upload *up = request_upload(rq, id);
  if (up && (up->blob.len || up->fault.len)) {
    if (up->fault.len) fault = up->fault;
    else if (!type_accepted(material, up->type))
      fault = arena_fmt(m, "“%.*s”的内容不是可接受的类型，请选择 %.*s 文件", SFMT(up->filename),
                        SFMT(form_types(m, material)));
    else if (material->max_mb && up->size > (int64_t)material->max_mb << 20)
      fault = arena_fmt(m, "文件超过 %d MB，请压缩或分册后再选", material->max_mb);
    else file_put(m, files, material->code, up->blob, up->filename, up->size);
    if (!fault.len) return;
    Json *o = json_push_obj(m, faults);
    PUT(o, "field", id);
    PUT(o, "text", fault);
  } else if (upload_carried(rq, material->code, &blob, &size, &name)) {
    file_put(m, files, material->code, blob, name, size);
  } else if (file && file->blob.len) {
    file_put(m, files, material->code, file->blob, file->name, file->size);
  }
}

static void files_read(Request *rq, const Form *f, Json *files, Json *faults) {
  MaterialChoice *choices = NULL;
  size_t n = policy_materials(rq->mem, f->p, f->n, f->pr->category, f->pr->county, facts_now(rq, f), &choices); /* as the form asked */
  for (size_t i = 0; i < n; i++) {
    const Material *material = choices[i].material;
    if (choices[i].needed != NO && !material->form && !material->from_stage.len)
      form_upload_read(rq, material, form_file(f, material->code), files, faults);
  }
}

/* What is promised for later; a chosen file needs no promise. */
static void lacking_read(Request *rq, const Form *f, const Json *files, Json *lacking) {
  Arena *m = rq->mem;
  for (size_t i = 0; i < f->p->material_count; i++) {
    const Material *material = &f->p->materials[i];
    Str day = material->lack ? str_trim(utf8_halfwidth(m, lack_day(rq, f, material->code))) : S("");
    bool chosen = json_get(json_get(f->known, S("materials")), material->code) != NULL;
    for (const Json *x = files->first; x; x = x->next) chosen |= str_eq(json_str(x, S("material")), material->code);
    if (!day.len || chosen) continue;
    Json *o = json_push_obj(m, lacking);
    PUT(o, "material", material->code);
    PUT(o, "promised", day);
  }
}

static void after_form(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  bool draft = request_arg(rq, S("draft")).len > 0;
  Str at = arena_fmt(rq->mem, "/my/%.*s/stage/%.*s%s", SFMT(rq->params[0]), SFMT(rq->params[1]),
                     draft ? "?saved=1" : "/check");
  after_or_again(cx, rq, result, rp, at, form_view, "my_form");
}

static void after_send(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  Str at = arena_fmt(rq->mem, "/my/%.*s/stage/%.*s/receipt", SFMT(rq->params[0]), SFMT(rq->params[1]));
  after_or_again(cx, rq, result, rp, at, form_view, "my_form");
}

static Code form_refused(Cx *cx, Request *rq, Reply *rp, const Json *faults) {
  TRY(form_view(cx, rq, rp));
  rp->tmpl = "my_form";
  for (const Json *e = faults->first; e; e = e->next) reply_error(rq, rp, json_str(e, S("field")), json_str(e, S("text")));
  form_errors_view(rq, rp);
  return OK;
}

static Str fault_field(Arena *m, const Form *f, Str field) {
  if (str_starts(field, S("m_"))) return field;
  return policy_field(f->p, f->n, field) ? arena_fmt(m, "f_%.*s", SFMT(field)) : field;
}

/* A locked value is shown read-only; one that comes back changed is not saved, not even as a draft. */
static void locks_faults(Cx *cx, Request *rq, const Form *f, const Json *values, Json *faults) {
  Arena *m = rq->mem;
  for (const Json *v = f->pr->locked ? values->first : NULL; v; v = v->next) {
    const Field *field = policy_field(f->p, f->n, v->key);
    if (!field || project_lock_check(cx, f->pr, field, v) == OK) continue;
    Json *o = json_push_obj(m, faults);
    PUT(o, "field", arena_fmt(m, "f_%.*s", SFMT(v->key)));
    PUT(o, "text", cx->detail);
    cx_clear(cx);
  }
}

static bool fault_at(const Json *faults, Str field) {
  for (const Json *x = faults->first; x; x = x->next)
    if (str_eq(json_str(x, S("field")), field)) return true;
  return false;
}

/* What the whole form and its files say, beside what single fields said already. */
static Code handed_faults(Cx *cx, Request *rq, const Form *f, const Json *values, const Json *files, const Json *lacking, const Json *answers, Json *faults) {
  Arena *m = rq->mem;
  Json *clean = NULL, *more = NULL;
  Handed handed = {.files = files, .lacking = lacking, .shared = f->shared, .today = day_of(rq->now), .barred = f->barred};
  TRY(project_check_handed(cx, f->p, f->pr, f->n, values, &handed, &clean, &more));
  for (const Json *e = more ? more->first : NULL; e; e = e->next) {
    Str field = fault_field(m, f, json_str(e, S("field")));
    if (fault_at(faults, field)) continue;
    Json *o = json_push_obj(m, faults);
    PUT(o, "field", field);
    PUT(o, "text", json_str(e, S("text")));
  }
  answers_faults(rq, f->pr, f->n, clean, files, answers, faults);
  return OK;
}

Code post_form(Cx *cx, Request *rq, Reply *rp) {
  Form f = {0};
  Arena *m = rq->mem;
  Json *faults = json_arr(m), *values = NULL, *files = json_arr(m), *args = json_obj(m);
  TRY(form_open(cx, rq, &f));
  TRY(form_writable(cx, &f));
  bool draft = request_arg(rq, S("draft")).len > 0;
  Secrets *secrets = arena_new(m, Secrets);
  secrets->before = f.saved;
  secrets->lenient = draft;
  TRY(form_fields_read(cx, rq, f.p->form[f.n], f.p->form_count[f.n], secrets, &values, faults,
                       policy_facts(m, f.pr->facts, f.pr->category, f.pr->county)));
  files_read(rq, &f, files, faults);
  locks_faults(cx, rq, &f, values, faults);
  Json *lacking = json_put_arr(m, args, S("lacking"));
  lacking_read(rq, &f, files, lacking);
  Json *answers = answers_read(rq, f.pr, f.n);
  if (answers->count) json_put(m, args, S("answers"), answers);
  if (!draft) TRY(handed_faults(cx, rq, &f, values, files, lacking, answers, faults));
  if (faults->count) return form_refused(cx, rq, rp, faults);
  PUT_INT(args, "stage", f.n);
  json_put(m, args, S("form"), values);
  json_put(m, args, S("files"), files);
  cites_args(rq, args);
  /* A correction has been looked through once: it may go straight from the form. */
  bool send = !draft && f.s->status == STAGE_CORRECTION && request_arg(rq, S("send")).len;
  Command *c = reply_command(rq, rp, send ? S("stage.submit") : S("stage.save-draft"), stream_of(rq), args);
  c->personal = secrets->list;
  c->personal_count = secrets->count;
  rp->after = send ? after_send : after_form;
  return OK;
}

/* ---- check and submit -------------------------------------------------------------------------- */

Code page_check(Cx *cx, Request *rq, Reply *rp) {
  Form f = {0};
  Arena *m = rq->mem;
  TRY(form_open(cx, rq, &f));
  TRY(form_writable(cx, &f));
  rp->title = tr(rq->lang, S("核对并提交"));
  rp->view = json_obj(m);
  view_project(m, f.p, rp->view, f.pr, false);
  PUT_INT(rp->view, "stage", f.n);
  PUT(rp->view, "stage_name", f.p->stages[f.n].name);
  PUT_BOOL(rp->view, "correction", f.s->status == STAGE_CORRECTION);
  TRY(form_values_view(cx, rq, rp->view, f.n, f.saved, true));
  region_view(rq, rp->view, f.p, f.pr, f.n, json_get(f.shared, REGION_SHARED), facts_now(rq, &f));
  materials_view(rq, &f, rp->view);
  refused_view(rq, rp->view, f.pr, f.n);
  answers_view(rq, rp->view, f.pr, f.n);
  answered_view(rq, rp->view, f.pr, f.n, f.saved);
  former_view(rq, rp->view, f.pr, f.n, facts_now(rq, &f));
  TRY(confirm_view(cx, rq, rp->view, &f));
  return cites_view(cx, rq, rp->view, f.pr, f.s);
}

/* Sent to the client, or back to the agent: the page says where the draft is now. */
static void after_confirm(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  bool asks = str_eqz(request_arg(rq, S("act")), "ask");
  Str at = asks ? arena_fmt(rq->mem, "/my/%.*s/stage/%.*s/check", SFMT(rq->params[0]), SFMT(rq->params[1])) : arena_fmt(rq->mem, "/my/%.*s", SFMT(rq->params[0]));
  after_or_again(cx, rq, result, rp, at, page_check, "my_check");
}

static void after_check(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  Str at = arena_fmt(rq->mem, "/my/%.*s/stage/%.*s/receipt", SFMT(rq->params[0]), SFMT(rq->params[1]));
  after_or_again(cx, rq, result, rp, at, page_check, "my_check");
}

Code post_check(Cx *cx, Request *rq, Reply *rp) {
  Form f = {0};
  Arena *m = rq->mem;
  TRY(form_open(cx, rq, &f));
  Json *args = json_obj(m), *files = json_arr(m);
  Str act = request_arg(rq, S("act"));
  PUT_INT(args, "stage", f.n);
  if (str_eqz(act, "ask") || str_eqz(act, "return")) {
    if (str_eqz(act, "return")) PUT(args, "reason", request_arg(rq, S("reason")));
    reply_command(rq, rp, str_eqz(act, "ask") ? S("stage.ask-confirm") : S("stage.return-draft"), stream_of(rq), args);
    rp->after = after_confirm;
    return OK;
  }
  json_put(m, args, S("form"), f.saved ? f.saved : json_obj(m));
  for (size_t i = 0; i < f.s->draft_file_count; i++) {
    const FileRef *file = &f.s->draft_files[i];
    if (file->blob.len) file_put(m, files, file->material, file->blob, file->name, file->size);
  }
  json_put(m, args, S("files"), files);
  cites_again(m, f.s, args);
  const Json *lacking = json_get(f.s->draft, S("lacking"));
  if (lacking && lacking->count) json_put(m, args, S("lacking"), lacking);
  if (json_get(f.s->draft, S("answers"))) json_put(m, args, S("answers"), json_get(f.s->draft, S("answers")));
  reply_command(rq, rp, S("stage.submit"), stream_of(rq), args);
  rp->after = after_check;
  return OK;
}
