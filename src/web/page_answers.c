/* SPDX-License-Identifier: Apache-2.0 */
/* page_answers.c: a correction 补正: what was asked stands beside its field or its file, with room for an explanation 说明;
 * what concerns neither stands at the top. */
#include "approval/library.h"
#include "web/page_form.h"

static Str answer_id(Arena *m, int i) {
  return arena_fmt(m, "a_%d", i);
}

static const Json *asked_of(const Project *pr, int n) {
  const StageState *s = &pr->stages[n];
  return s->status == STAGE_CORRECTION ? json_get(s->notice, S("missing")) : NULL;
}

/* As typed, or as saved before. */
static Str note_now(Request *rq, const Project *pr, int n, const Json *point, int i) {
  Subject about = {.of = json_str(point, S("of")), .what = json_str(point, S("what"))};
  if (rq->method == POST && !str_ends(rq->path, S("/check"))) return str_trim(request_arg(rq, answer_id(rq->mem, i)));
  return json_str(subjects_find(json_get(pr->stages[n].draft, S("answers")), &about), S("note"));
}

static Json *row_of(const Json *list, Str id) {
  for (Json *o = list ? list->first : NULL; o; o = o->next)
    if (str_eq(json_str(o, S("id")), id) && !json_bool(o, S("form"))) return o;
  return NULL;
}

void answers_view(Request *rq, Json *view, const Project *pr, int n) {
  Arena *m = rq->mem;
  const Json *missing = asked_of(pr, n);
  Json *points = missing ? json_put_arr(m, view, S("points")) : NULL;
  int i = 0;
  for (const Json *x = missing ? missing->first : NULL; x; x = x->next, i++) {
    Str of = json_str(x, S("of")), field = arena_fmt(m, "f_%.*s", SFMT(of)), material = arena_fmt(m, "m_%.*s", SFMT(of));
    Json *o = json_push_obj(m, points), *row = of.len ? row_of(json_get(view, S("fields")), field) : NULL;
    if (of.len && !row) row = row_of(json_get(view, S("materials")), material);
    PUT(o, "id", answer_id(m, i));
    PUT(o, "what", json_str(x, S("what")));
    PUT(o, "why", json_str(x, S("why")));
    PUT(o, "basis", json_str(x, S("basis")));
    PUT(o, "error", S("")); /* of its own, not of the row it stands in */
    PUT(o, "note", note_now(rq, pr, n, x, i));
    PUT_BOOL(o, "placed", row != NULL);
    if (!row) continue;
    PUT(o, "at", json_str(row, S("id")));
    json_put(m, row, S("asked"), o);
  }
}

Json *answers_read(Request *rq, const Project *pr, int n) {
  Arena *m = rq->mem;
  Json *list = json_arr(m);
  const Json *missing = asked_of(pr, n);
  int i = 0;
  for (const Json *x = missing ? missing->first : NULL; x; x = x->next, i++) {
    Str note = note_now(rq, pr, n, x, i);
    if (!note.len) continue;
    Json *o = json_push_obj(m, list);
    if (json_str(x, S("of")).len) PUT(o, "of", json_str(x, S("of")));
    PUT(o, "what", json_str(x, S("what")));
    PUT(o, "note", note);
  }
  return list;
}

void answers_faults(Request *rq, const Project *pr, int n, const Json *values, const Json *files, const Json *answers, Json *faults) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  int i = 0;
  for (const Json *x = project_answers(m, p, pr, n, values, files, answers)->first; x; x = x->next, i++) {
    Str of = json_str(x, S("of")), what = json_str(x, S("what")), field = answer_id(m, i);
    const Material *material = of.len ? policy_material(p, of) : NULL;
    if (json_str(x, S("how")).len) continue;
    Str text = arena_fmt(m, "“%.*s”还没有补正：请写明怎样补正的", SFMT(what));
    if (material && !material->form) {
      field = arena_fmt(m, "m_%.*s", SFMT(of));
      text = arena_fmt(m, "“%.*s”还没有补正：请换一份新的文件，或者写明说明", SFMT(what));
    } else if (!material && of.len && policy_field(p, n, of)) {
      field = arena_fmt(m, "f_%.*s", SFMT(of));
      text = arena_fmt(m, "“%.*s”还没有补正：请改这一栏，或者写明说明", SFMT(what));
    } else if (material) {
      text = arena_fmt(m, "“%.*s”还没有补正：请改申请表里的内容，或者写明说明", SFMT(what));
    }
    Json *o = json_push_obj(m, faults);
    PUT(o, "field", field);
    PUT(o, "text", text);
  }
}

/* The files as they would be handed in: of the draft, else of what is being corrected. */
static Json *files_now(Arena *m, const StageState *s) {
  Json *files = json_arr(m);
  size_t n = s->draft ? s->draft_file_count : s->file_count;
  for (size_t i = 0; i < n; i++) {
    const FileRef *file = s->draft ? &s->draft_files[i] : &s->files[i];
    Json *o = json_push_obj(m, files);
    PUT(o, "material", file->material);
    PUT(o, "blob", file->blob);
  }
  return files;
}

static Str done_text(Arena *m, const Json *view, const Json *answer) {
  Str how = json_str(answer, S("how")), of = json_str(answer, S("of")), field = arena_fmt(m, "f_%.*s", SFMT(of));
  if (str_eqz(how, "file")) {
    const Json *row = row_of(json_get(view, S("materials")), arena_fmt(m, "m_%.*s", SFMT(of)));
    return arena_fmt(m, "这次换成 %.*s", SFMT(json_str(row, S("file"))));
  }
  if (str_eqz(how, "form")) return S("申请表里的内容已改");
  if (!str_eqz(how, "field")) return S("");
  const Json *row = row_of(json_get(view, S("values")), field);
  return row ? arena_fmt(m, "改成 %.*s", SFMT(json_str(row, S("value")))) : S("这一栏已清空");
}

void answered_view(Request *rq, Json *view, const Project *pr, int n, const Json *form) {
  Arena *m = rq->mem;
  const Json *points = json_get(view, S("points"));
  if (!points) return;
  const Json *a = project_answers(m, rq->app->policy, pr, n, form, files_now(m, &pr->stages[n]), NULL)->first;
  for (Json *o = points->first; o && a; o = o->next, a = a->next) PUT(o, "done", done_text(m, view, a));
  Json *others = json_put_arr(m, view, S("others"));
  for (const Json *x = json_get(view, S("materials"))->first; x; x = x->next)
    if (json_bool(x, S("changed")) && !json_get(x, S("asked"))) json_push(m, others, x);
}

/* The version that came with the correction; NULL: this file had been there before. */
static const LibFile *corrected_by(const Project *pr, int n, const FileRef *file) {
  for (size_t i = pr->library_count; i > 0; i--) {
    const LibFile *v = &pr->library[i - 1];
    if (v->stage == n && v->attempt == pr->stages[n].attempt && str_eqz(v->how, "corrected") && str_eq(v->material, file->material) && str_eq(v->blob, file->blob)) return v;
  }
  return NULL;
}

static bool asked_for(const StageState *s, Str material) {
  const Json *missing = json_get(s->notice, S("missing"));
  for (const Json *x = missing ? missing->first : NULL; x; x = x->next)
    if (str_eq(json_str(x, S("of")), material)) return true;
  return false;
}

bool corrected_view(Request *rq, Json *view, const Project *pr, int n) {
  Arena *m = rq->mem;
  const StageState *s = &pr->stages[n];
  if (!s->noticed || s->status == STAGE_CORRECTION) return false;
  Json *row = json_get(view, S("files"))->first, *others = json_put_arr(m, view, S("others"));
  for (size_t i = 0; i < s->file_count && row; i++, row = row->next) {
    const LibFile *v = corrected_by(pr, n, &s->files[i]);
    if (!v) continue;
    json_put_bool(m, row, v->version > 1 ? S("renewed") : S("added"), true);
    if (asked_for(s, v->material)) continue;
    Json *o = json_push_obj(m, others);
    PUT(o, "name", json_str(row, S("material")));
    PUT(o, "file", v->name);
    PUT_BOOL(o, "added", v->version == 1);
  }
  return true;
}
