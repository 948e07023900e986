/* SPDX-License-Identifier: Apache-2.0 */
/* subject.c: what a demand is about. Only what the package names, with its basis, or an article of a law. */
#include "approval/approval_int.h"

enum { WORDS_MAX = 500 };

static void of_material(Subject *s, const Material *m) {
  s->material = m;
  s->of = m->code;
  s->what = m->name;
  s->basis = m->basis;
}

static void of_field(Cx *cx, Subject *s, const Policy *p, int stage, const Field *f) {
  s->of = f->name;
  s->what = arena_fmt(cx->mem, "%.*s阶段申请表：%.*s", SFMT(p->stages[stage].name), SFMT(f->label));
  s->basis = S("《中华人民共和国行政许可法》第二十九条");
}

static const Field *field_named(const Policy *p, int stage, Str name) {
  for (size_t i = 0; i < p->form_count[stage]; i++)
    if (str_eq(p->form[stage][i].label, name)) return &p->form[stage][i];
  return NULL;
}

/* The material that is meant by a name: the whole name, or a part that only one of them has, or the beginning of only one. */
static const Material *material_named(const Material *const *list, size_t n, Str name) {
  const Material *part = NULL, *start = NULL;
  size_t parts = 0, starts = 0;
  for (size_t i = 0; i < n; i++) {
    if (str_eq(list[i]->name, name)) return list[i];
    if (str_has(list[i]->name, name) && ++parts) part = list[i];
    if (str_starts(list[i]->name, name) && ++starts) start = list[i];
  }
  if (utf8_count(name) < 2) return NULL;
  return parts == 1 ? part : starts == 1 ? start : NULL;
}

static const Material *material_coded(const Material *const *list, size_t n, Str code) {
  for (size_t i = 0; i < n; i++)
    if (str_eq(list[i]->code, code)) return list[i];
  return NULL;
}

/* Two characters in a row that both have, as 可行性报告 and 可行性研究报告. */
static bool alike(Str name, Str typed) {
  uint32_t cp = 0;
  for (size_t at = 0, one; at < typed.len; at += one) {
    one = utf8_next(typed, at, &cp);
    if (at + one < typed.len && str_has(name, str_sub(typed, at, one + utf8_next(typed, at + one, &cp)))) return true;
  }
  return false;
}

/* The names that may be meant: those alike, else all of the case. */
static Str names_like(Arena *m, const Material *const *list, size_t n, Str typed) {
  Str out = S("");
  for (int all = 0; all < 2 && !out.len; all++)
    for (size_t i = 0; i < n; i++)
      if (all || alike(list[i]->name, typed)) out = arena_fmt(m, "%.*s%s“%.*s”", SFMT(out), out.len ? "、" : "", SFMT(list[i]->name));
  return out;
}

/* 《…》第…条, or an article as the house writes it: 行政许可法第三十二条. */
static bool is_article(Str s) {
  ptrdiff_t at = str_find(s, S("第"));
  return at > 0 && str_find(str_sub(s, (size_t)at, SIZE_MAX), S("条")) > 0;
}

typedef struct Asking { const Policy *p; const Project *pr; int stage; Str field; int no; } Asking;

static Code subject_find(Cx *cx, const Asking *k, Str of, Subject *out) {
  const Material **list = NULL, **issued = NULL, *m, *ours;
  size_t n = project_askable(cx->mem, k->p, k->pr, k->stage, false, &list), k_issued = project_askable(cx->mem, k->p, k->pr, k->stage, true, &issued);
  const Field *f = of.len ? policy_field(k->p, k->stage, of) : field_named(k->p, k->stage, out->what);
  m = of.len ? material_coded(list, n, of) : material_named(list, n, out->what);
  ours = of.len ? material_coded(issued, k_issued, of) : material_named(issued, k_issued, out->what);
  if (m) of_material(out, m);
  else if (f) of_field(cx, out, k->p, k->stage, f);
  else if (ours)
    FAIL_AT(INVALID, k->field, S("D60-4.14-p1"), "第 %d 项：“%.*s”是本系统已经出具的，申请人免提交，不能要求补正。", k->no, SFMT(ours->name));
  else if (of.len)
    FAIL_AT(INVALID, k->field, S("D60-4.14-p1"), "第 %d 项：本次申请没有要求 %.*s 这种材料或栏目，没有依据的不能要求提交。", k->no, SFMT(of));
  else if (!is_article(out->basis) && !article__of_documents(k->p, out->basis))
    FAIL_AT(INVALID, k->field, S("D60-4.14-p1"),
            "“%.*s”不是本次申请要交的一种材料，也不是申请表栏目。可能是：%.*s。请写其中一种的名称，或者在清单里勾选；要求清单以外的内容，须写明依据的法条，"
            "如“《……法》第几条”。没有法律、法规、规章依据的材料一律取消。",
            SFMT(out->what), SFMT(names_like(cx->mem, list, n, out->what)));
  return OK;
}

Code subject_read(Cx *cx, const Policy *p, const Project *pr, int stage, const Json *entry, Str field, int no, Subject *out) {
  Str of = str_trim(json_str(entry, S("of"))), what = str_trim(json_str(entry, S("what"))), basis = str_trim(json_str(entry, S("basis")));
  *out = (Subject){.what = what, .why = str_trim(json_str(entry, S("why"))), .basis = basis};
  if (!out->why.len || (!of.len && !what.len))
    FAIL_AT(INVALID, field, S("行政许可法第三十二条"), "每一项都要写明材料和原因");
  if (utf8_count(what) > WORDS_MAX || utf8_count(out->why) > WORDS_MAX || utf8_count(basis) > WORDS_MAX)
    FAIL_AT(INVALID, field, S(""), "第 %d 项太长，每处最多 %d 字", no, WORDS_MAX);
  return subject_find(cx, &(Asking){.p = p, .pr = pr, .stage = stage, .field = field, .no = no}, of, out);
}

bool subject_same(const Subject *a, const Subject *b) {
  return a->of.len || b->of.len ? str_eq(a->of, b->of) : str_eq(a->what, b->what);
}

const Json *subjects_find(const Json *list, const Subject *s) {
  for (const Json *x = list ? list->first : NULL; x; x = x->next) {
    Subject one = {.of = json_str(x, S("of")), .what = json_str(x, S("what"))};
    if (subject_same(&one, s)) return x;
  }
  return NULL;
}

Code subjects_read(Cx *cx, const Policy *p, const Project *pr, int stage, const Json *entries, Str field, Arena *m, Json *out) {
  int no = 0;
  for (const Json *x = entries ? entries->first : NULL; x; x = x->next) {
    Subject s;
    TRY(subject_read(cx, p, pr, stage, x, field, ++no, &s));
    if (subjects_find(out, &s)) FAIL_AT(INVALID, field, S(""), "“%.*s”写了两次，请合并成一项", SFMT(s.what));
    subject__put(m, out, &s);
  }
  if (!no) FAIL_AT(INVALID, field, S("行政许可法第三十二条"), "写明需要补正的内容");
  return OK;
}

Json *subject__put(Arena *m, Json *list, const Subject *s) {
  Json *o = json_push_obj(m, list);
  if (s->of.len) json_put_str(m, o, S("of"), s->of);
  json_put_str(m, o, S("what"), s->what);
  json_put_str(m, o, S("why"), s->why);
  json_put_str(m, o, S("basis"), s->basis);
  return o;
}
