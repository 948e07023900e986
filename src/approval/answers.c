/* SPDX-License-Identifier: Apache-2.0 */
/* answers.c: a correction 补正 answers the notice point by point: a new version of the file, a changed field, or an explanation 说明.
 * What changed nothing and says nothing is not a correction, and is not received. */
#include "approval/approval_int.h"

enum { NOTE_MAX = 500, NAMED = 10 };

static bool same_value(Arena *m, const Json *a, const Json *b) {
  if (!a || !b) return !a == !b;
  return str_eq(json_text(m, a), json_text(m, b));
}

/* The file of this material that was handed in with what is being corrected. */
static Str blob_before(const StageState *s, Str material) {
  for (size_t i = s->file_count; i > 0; i--)
    if (str_eq(s->files[i - 1].material, material)) return s->files[i - 1].blob;
  return S("");
}

static bool file_new(const StageState *s, const Json *files, Str material) {
  Str before = blob_before(s, material);
  for (const Json *f = files ? files->first : NULL; f; f = f->next)
    if (str_eq(json_str(f, S("material")), material) && json_str(f, S("blob")).len && !str_eq(json_str(f, S("blob")), before)) return true;
  return false;
}

/* Of a material that is made from the form: did anything in the form change? */
static bool form_changed(Arena *m, const Policy *p, int stage, const Json *before, const Json *now) {
  for (size_t i = 0; i < p->form_count[stage]; i++)
    if (!same_value(m, json_get(before, p->form[stage][i].name), json_get(now, p->form[stage][i].name))) return true;
  return false;
}

static const char *how_answered(Arena *m, const Policy *p, const Project *pr, int stage, const Json *point, const Json *form, const Json *files) {
  const StageState *s = &pr->stages[stage];
  Str of = json_str(point, S("of"));
  const Material *material = of.len ? policy_material(p, of) : NULL;
  if (material && material->form) return form_changed(m, p, stage, s->form, form) ? "form" : NULL;
  if (material) return file_new(s, files, of) ? "file" : NULL;
  if (of.len && policy_field(p, stage, of)) return same_value(m, json_get(s->form, of), json_get(form, of)) ? NULL : "field";
  return NULL;
}

static Str note_of(const Json *answers, const Json *point) {
  for (const Json *x = answers ? answers->first : NULL; x; x = x->next) {
    Str of = json_str(x, S("of"));
    if (of.len ? str_eq(of, json_str(point, S("of"))) : str_eq(json_str(x, S("what")), json_str(point, S("what")))) return str_trim(json_str(x, S("note")));
  }
  return S("");
}

Json *project_answers(Arena *mem, const Policy *p, const Project *pr, int stage, const Json *form, const Json *files, const Json *answers) {
  const StageState *s = &pr->stages[stage];
  const Json *missing = s->status == STAGE_CORRECTION ? json_get(s->notice, S("missing")) : NULL;
  Json *list = json_arr(mem);
  for (const Json *x = missing ? missing->first : NULL; x; x = x->next) {
    const char *how = how_answered(mem, p, pr, stage, x, form, files);
    Str note = note_of(answers, x);
    Json *o = json_push_obj(mem, list);
    if (json_str(x, S("of")).len) json_put_str(mem, o, S("of"), json_str(x, S("of")));
    json_put_str(mem, o, S("what"), json_str(x, S("what")));
    json_put_str(mem, o, S("how"), str_of(how ? how : note.len ? "note" : ""));
    if (note.len) json_put_str(mem, o, S("note"), note);
  }
  return list;
}

Code answers__put(Cx *cx, const At *at, Arena *m, const Json *form, const Json *files, const Json *typed, Json *body) {
  Json *list = project_answers(m, at->p, at->pr, at->n, form, files, typed);
  Str names = S("");
  int open = 0;
  for (const Json *x = typed ? typed->first : NULL; x; x = x->next)
    if (utf8_count(json_str(x, S("note"))) > NOTE_MAX) FAIL_AT(INVALID, S("answers"), S(""), "每一项的说明最多 %d 字", NOTE_MAX);
  for (const Json *x = list->first; x; x = x->next) {
    if (json_str(x, S("how")).len) continue;
    if (++open <= NAMED) names = arena_fmt(cx->mem, "%.*s%s“%.*s”", SFMT(names), names.len ? "、" : "", SFMT(json_str(x, S("what"))));
  }
  if (open)
    FAIL_AT(INVALID, S("answers"), S("行政许可法第三十二条"),
            "还有 %d 项没有补正：%.*s。每一项要换一份新的文件、改申请表里的这一栏，或者写明说明。", open, SFMT(names));
  if (list->count) json_put(m, body, S("answers"), list);
  return OK;
}

/* What was answered stands beside what was asked, for whoever reads the notice afterwards. */
void answers__fold(Arena *mem, StageState *s, const Event *e) {
  const Json *answers = json_get(e->body, S("answers")), *missing = json_get(s->notice, S("missing"));
  for (Json *x = missing ? missing->first : NULL; x; x = x->next) {
    Subject about = {.of = json_str(x, S("of")), .what = json_str(x, S("what"))};
    const Json *a = subjects_find(answers, &about);
    if (!a) continue;
    json_put_str(mem, x, S("answered"), arena_str(mem, json_str(a, S("how"))));
    if (json_str(a, S("note")).len) json_put_str(mem, x, S("answer"), arena_str(mem, json_str(a, S("note"))));
  }
}
