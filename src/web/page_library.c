/* SPDX-License-Identifier: Apache-2.0 */
/* page_library.c: the library of a project 材料库: every version with its source; what was promised 容缺 is handed in. */
#include "web/page.h"
#include "web/page_form.h"
#include "web/page_work.h"

static Str how_label(Str how) {
  static const struct { const char *how, *label; } words[] = {
      {"submitted", "申报时提交"}, {"corrected", "补正时提交"}, {"supplemented", "部门退回后补交"}, {"supplied", "容缺补交"}, {"surveyed", "测绘机构交来，各部门共用"}};
  for (size_t i = 0; i < COUNT(words); i++)
    if (str_eqz(how, words[i].how)) return str_of(words[i].label);
  return how;
}

/* Which stages use a material without its being handed in again. */
static void uses_view(Request *rq, Json *o, const Project *pr, Str material) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, o, S("uses"));
  for (int n = 1; n <= STAGE_MAX; n++)
    for (size_t i = 0; i < pr->stages[n].file_count; i++) {
      const FileRef *f = &pr->stages[n].files[i];
      if (!f->reused_from || !str_eq(f->material, material)) continue;
      Json *one = json_push_obj(m, list);
      PUT_INT(one, "stage", n);
      PUT_INT(one, "from", f->reused_from);
    }
}

static void materials_of(Request *rq, Json *view, const Project *pr) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("materials"));
  for (size_t i = 0; i < pr->library_count; i++) {
    const LibFile *first = &pr->library[i];
    const Material *material = policy_material(rq->app->policy, first->material);
    if (first->version != 1) continue;
    Json *o = json_push_obj(m, list), *versions = json_put_arr(m, o, S("versions"));
    PUT(o, "name", material ? material->name : first->material);
    PUT(o, "basis", material ? material->basis : S(""));
    PUT_BOOL(o, "enterprise", material && material->enterprise);
    for (size_t k = pr->library_count; k > i; k--) {
      const LibFile *f = &pr->library[k - 1];
      if (!str_eq(f->material, first->material)) continue;
      Json *v = json_push_obj(m, versions);
      PUT_INT(v, "version", f->version);
      PUT(v, "file", f->name);
      PUT(v, "blob", f->blob);
      PUT_INT(v, "kb", (f->size + 1023) / 1024);
      PUT_INT(v, "stage", f->stage);
      PUT(v, "how", how_label(f->how));
      PUT(v, "source", f->source);
      PUT(v, "by", f->by);
      PUT(v, "at", time_cn(m, f->at));
      PUT_BOOL(v, "current", f == library_latest(pr, f->material));
    }
    uses_view(rq, o, pr, first->material);
  }
}

/* Files of the enterprise's other projects, and results from beside the case, that serve here. */
static void borrowed_of(Request *rq, Json *view, const Project *pr) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("borrowed"));
  for (int n = 1; n <= STAGE_MAX; n++)
    for (size_t i = 0; i < pr->stages[n].file_count; i++) {
      const FileRef *f = &pr->stages[n].files[i];
      const Material *material = policy_material(rq->app->policy, f->material);
      if (!f->from_project && !f->source.len) continue;
      Json *o = json_push_obj(m, list);
      PUT(o, "name", material ? material->name : f->material);
      PUT_INT(o, "stage", n);
      if (f->from_project) PUT(o, "number", project_number(m, f->from_project));
      PUT(o, "source", f->source);
      PUT(o, "blob", f->blob);
      PUT(o, "file", f->name);
    }
}

/* What came out: certificates of stages, results of items. They enter by themselves. */
static void results_of(Request *rq, Json *view, const Project *pr) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("results"));
  for (int n = 1; n <= STAGE_MAX; n++) {
    const StageState *s = &pr->stages[n];
    const Policy *p = policy_of(rq, pr, n);
    if (s->certificate.len) {
      Json *o = json_push_obj(m, list);
      PUT(o, "name", arena_fmt(m, "%.*s %.*s", SFMT(p->stages[n].certificate), SFMT(s->certificate)));
      PUT_INT(o, "stage", n);
      PUT(o, "at", day_str(m, day_of(s->certified_at)));
    }
    for (size_t i = 0; i < s->item_count; i++) {
      const Item *item = policy_item(p, s->items[i].code);
      if (s->items[i].status != ITEM_PASSED) continue;
      Json *o = json_push_obj(m, list);
      PUT(o, "name", item && item->result.len ? item->result : s->items[i].name);
      PUT_INT(o, "stage", n);
      PUT(o, "unit_name", unit_name(p, s->items[i].unit));
      PUT(o, "at", day_str(m, day_of(s->items[i].decided_at)));
    }
  }
}

static Code library_view(Request *rq, Reply *rp, const Project *pr, bool staff) {
  Arena *m = rq->mem;
  rp->title = arena_fmt(m, "材料库：%.*s", SFMT(pr->name));
  rp->view = json_obj(m);
  view_project(m, rq->app->policy, rp->view, pr, false);
  PUT_BOOL(rp->view, "staff", staff);
  materials_of(rq, rp->view, pr);
  borrowed_of(rq, rp->view, pr);
  results_of(rq, rp->view, pr);
  return OK;
}

static Code page_library(Cx *cx, Request *rq, Reply *rp) {
  const Project *pr = NULL;
  TRY(project_of_owner(cx, rq, &pr));
  return library_view(rq, rp, pr, false);
}

static Code page_work_library(Cx *cx, Request *rq, Reply *rp) {
  const Project *pr = NULL;
  TRY(project_of_staff(cx, rq, &pr));
  return library_view(rq, rp, pr, true);
}

Code lacks_view(Cx *cx, Request *rq, Json *view) {
  enum { SHOWN = 100 };
  Arena *m = rq->mem;
  LackRow *rows = NULL;
  size_t n = 0;
  TRY(lacks_list(cx, rq->rd, SHOWN, &rows, &n));
  Json *list = json_put_arr(m, view, S("lacking"));
  for (size_t i = 0; i < n; i++) {
    const Material *material = policy_material(rq->app->policy, rows[i].material);
    Json *o = json_push_obj(m, list);
    view_case(rq, o, rows[i].project, rows[i].stage, rows[i].number, rows[i].project_name);
    PUT(o, "material", material ? material->name : rows[i].material);
    PUT(o, "promised", day_str(m, rows[i].promised));
    PUT_BOOL(o, "over", rows[i].promised.n < day_of(rq->now).n);
  }
  return OK;
}

/* ---- handing in what was promised ------------------------------------------------------------------ */

typedef struct Owed {
  const Project *pr;
  int n;
  const StageState *s;
} Owed;

static Code owed_open(Cx *cx, Request *rq, Owed *at) {
  TRY(case_of_owner(cx, rq, &at->pr, &at->n));
  at->s = &at->pr->stages[at->n];
  if (!lacks_open(at->s)) FAIL(CONFLICT, "第 %d 阶段没有等着补交的容缺材料。", at->n);
  return OK;
}

static Code page_lack(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Owed at = {0};
  TRY(owed_open(cx, rq, &at));
  rp->title = S("补交容缺材料");
  rp->view = json_obj(m);
  view_project(m, rq->app->policy, rp->view, at.pr, false);
  PUT_INT(rp->view, "stage", at.n);
  Json *list = json_put_arr(m, rp->view, S("materials"));
  for (size_t i = 0; i < at.s->lack_count; i++) {
    const Material *material = policy_material(rq->app->policy, at.s->lacks[i].material);
    if (!material || at.s->lacks[i].supplied_at) continue;
    Json *o = json_push_obj(m, list);
    form_material_view(m, o, material, arena_fmt(m, "承诺 %.*s 前补交。", SFMT(day_cn(m, at.s->lacks[i].promised))));
    form_upload_view(rq, o, material, NULL);
  }
  return OK;
}

static void after_lack(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  after_or_again(cx, rq, result, rp, arena_fmt(rq->mem, "/my/%.*s", SFMT(rq->params[0])), page_lack, "my_lack");
}

static Code post_lack(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Owed at = {0};
  Json *args = json_obj(m), *faults = json_arr(m);
  TRY(owed_open(cx, rq, &at));
  Json *files = json_put_arr(m, args, S("files"));
  for (size_t i = 0; i < at.s->lack_count; i++) {
    const Material *material = policy_material(rq->app->policy, at.s->lacks[i].material);
    if (material && !at.s->lacks[i].supplied_at) form_upload_read(rq, material, NULL, files, faults);
  }
  if (!files->count && !faults->count) {
    Json *o = json_push_obj(m, faults);
    PUT(o, "field", arena_fmt(m, "m_%.*s", SFMT(at.s->lacks[0].material)));
    PUT(o, "text", S("请选择要补交的文件"));
  }
  if (faults->count) {
    TRY(page_lack(cx, rq, rp));
    rp->tmpl = "my_lack";
    reply_keep(rq, rp);
    for (const Json *e = faults->first; e; e = e->next) reply_error(rq, rp, json_str(e, S("field")), json_str(e, S("text")));
    form_errors_view(rq, rp);
    return OK;
  }
  PUT_INT(args, "stage", at.n);
  reply_command(rq, rp, S("stage.supply"), stream_of(rq), args);
  rp->after = after_lack;
  return OK;
}

#define OWNERS (ROLE_APPLICANT | ROLE_AGENT)
const Route library_routes[] = {
    {.method = GET, .path = "/my/{id}/library", .allow = OWNERS, .run = page_library, .tmpl = "library", .section = "my",
     .help = "本项目的材料库：每份材料的各版本和来源。"},
    {.method = GET, .path = "/w/lib/{id}", .allow = ROLE_APPROVER | ROLE_UNIT_HEAD | ROLE_CLERK | ROLE_WINDOW_HEAD | ROLE_SUPERVISOR, .run = page_work_library,
     .tmpl = "library", .section = "work", .compact = true, .help = "一个项目的材料库，各部门共用。"},
    {.method = GET, .path = "/my/{id}/lack/{n}", .allow = OWNERS, .run = page_lack, .tmpl = "my_lack", .section = "my", .help = "补交容缺材料。"},
    {.method = POST, .path = "/my/{id}/lack/{n}", .allow = OWNERS, .run = post_lack, .section = "my", .uploads = "many", .help = "补交容缺材料。"},
    {.path = NULL},
};
