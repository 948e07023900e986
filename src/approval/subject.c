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

static bool asked_by(const Material *m, int stage) {
  if (m->stage == stage) return true;
  for (size_t i = 0; i < m->again_count; i++) {
    int64_t n = 0;
    if (str_to_i64(m->again[i], &n) && n == stage) return true;
  }
  return false;
}

/* The material that is meant by a name: the whole name, or a part of it that only one of the stage's has. */
static const Material *material_named(const Policy *p, int stage, Str name) {
  const Material *part = NULL;
  size_t parts = 0;
  for (size_t i = 0; i < p->material_count; i++) {
    const Material *m = &p->materials[i];
    if (!asked_by(m, stage)) continue;
    if (str_eq(m->name, name)) return m;
    if (!str_has(m->name, name)) continue;
    part = m;
    parts++;
  }
  return parts == 1 && utf8_count(name) >= 2 ? part : NULL;
}

/* 《…》第…条, or an article as the house writes it: 行政许可法第三十二条. */
static bool is_article(Str s) {
  ptrdiff_t at = str_find(s, S("第"));
  return at > 0 && str_find(str_sub(s, (size_t)at, SIZE_MAX), S("条")) > 0;
}

static Code subject_find(Cx *cx, const Policy *p, int stage, Str of, Str what, Str field, int no, Subject *out) {
  const Material *m = of.len ? policy_material(p, of) : material_named(p, stage, what);
  const Field *f = of.len ? policy_field(p, stage, of) : field_named(p, stage, what);
  if (m && (of.len ? asked_by(m, stage) : true)) of_material(out, m);
  else if (f) of_field(cx, out, p, stage, f);
  else if (of.len)
    FAIL_AT(INVALID, field, S("D60-4.14-p1"), "第 %d 项：本阶段没有 %.*s 这种材料或栏目，没有依据的不能要求提交。", no, SFMT(of));
  return OK;
}

Code subject_read(Cx *cx, const Policy *p, int stage, const Json *entry, Str field, int no, Subject *out) {
  Str of = str_trim(json_str(entry, S("of"))), what = str_trim(json_str(entry, S("what"))), basis = str_trim(json_str(entry, S("basis")));
  *out = (Subject){.what = what, .why = str_trim(json_str(entry, S("why"))), .basis = basis};
  if (!out->why.len || (!of.len && !what.len))
    FAIL_AT(INVALID, field, S("行政许可法第三十二条"), "每一项都要写明材料和原因");
  if (utf8_count(what) > WORDS_MAX || utf8_count(out->why) > WORDS_MAX || utf8_count(basis) > WORDS_MAX)
    FAIL_AT(INVALID, field, S(""), "第 %d 项太长，每处最多 %d 字", no, WORDS_MAX);
  TRY(subject_find(cx, p, stage, of, what, field, no, out));
  if (!out->of.len && !is_article(basis) && !article__of_documents(p, basis))
    FAIL_AT(INVALID, field, S("D60-4.14-p1"),
            "“%.*s”不是本阶段的材料或申请表栏目；要求清单以外的内容，须写明依据的法条，如“《……法》第几条”。没有法律、法规、规章依据的材料一律取消。",
            SFMT(what));
  return OK;
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

Code subjects_read(Cx *cx, const Policy *p, int stage, const Json *entries, Str field, Arena *m, Json *out) {
  int no = 0;
  for (const Json *x = entries ? entries->first : NULL; x; x = x->next) {
    Subject s;
    TRY(subject_read(cx, p, stage, x, field, ++no, &s));
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
