/* SPDX-License-Identifier: Apache-2.0 */
/* clauses.c: a clause is asked for as offices write it, 葫政办发〔2019〕60号 五、（十七）3, and never by our numbering. */
#include "search/search.h"
#include "web/forms.h"

enum { LABEL_CHARS = 40, NAMED_MAX = 4 };

static Str cite_of(Arena *m, const Policy *p, Str ids) {
  SCOPED(buf_drop) Buf b = {0};
  buf_init(&b, 4096);
  policy_cite(&b, p, ids);
  return arena_str(m, buf_str(&b));
}

static Str first_chars(Str s, size_t max) {
  uint32_t c = 0;
  size_t at = 0;
  for (size_t n = 0; n < max && at < s.len; n++) at += utf8_next(s, at, &c);
  return str_sub(s, 0, at);
}

void form_offer_clauses(Request *rq, Json *form, const char *field) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  const Json *fields = json_get(form, S("fields"));
  for (Json *f = fields ? fields->first : NULL; f; f = f->next) {
    if (!str_eqz(json_str(f, S("bare")), field)) continue;
    Json *offers = json_put_arr(m, f, S("offers"));
    for (size_t i = 0; i < p->clause_count; i++) {
      Json *o = json_push_obj(m, offers);
      PUT(o, "value", cite_of(m, p, p->clauses[i].id));
      PUT(o, "label", first_chars(p->clauses[i].text, LABEL_CHARS));
    }
  }
}

/* Brackets, stops and blanks are written in many ways. */
static Str plain(Arena *m, Str s) {
  Str folded = search_fold(m, s);
  char *out = arena_array(m, char, folded.len + 1);
  size_t n = 0;
  for (size_t i = 0; i < folded.len; i++)
    if (folded.ptr[i] != ' ') out[n++] = folded.ptr[i];
  return (Str){.ptr = out, .len = n};
}

/* D60-5.16.3、D60-5.17.3: what an interface gives. */
static bool all_ids(const Policy *p, Str typed) {
  for (ptrdiff_t at = 0; at >= 0;) {
    at = str_find(typed, S("、"));
    if (!policy_clause(p, at < 0 ? typed : str_sub(typed, 0, (size_t)at))) return false;
    if (at >= 0) typed = str_sub(typed, (size_t)at + 3, SIZE_MAX);
  }
  return true;
}

/* 《建设工程质量管理条例》第六十四条 is no clause of the package, and a reason all the same. */
static bool names_document(Str typed) {
  return str_has(typed, S("《")) || (str_has(typed, S("第")) && str_has(typed, S("条"))) || str_has(typed, S("号")) || str_has(typed, S("GB")) || str_has(typed, S("JGJ"));
}

Str clause_typed(Arena *m, const Policy *p, Str typed, Str *id) {
  Str want = plain(m, typed), found = S(""), named = S("");
  size_t n = 0;
  *id = typed;
  if (all_ids(p, typed)) return S("");
  for (size_t i = 0; i < p->clause_count; i++) {
    Str cite = cite_of(m, p, p->clauses[i].id), as = plain(m, cite);
    bool whole = str_eq(as, want);
    if (!whole && !(utf8_count(want) >= 2 && (str_has(as, want) || str_has(plain(m, p->clauses[i].text), want)))) continue;
    found = p->clauses[i].id;
    if (whole) n = 0;
    if (n < NAMED_MAX) named = n ? arena_fmt(m, "%.*s；%.*s", SFMT(named), SFMT(cite)) : cite;
    n++;
    if (whole) break;
  }
  if (n == 1) *id = found;
  if (n == 1 || (!n && names_document(typed)) || str_has(typed, S("《"))) return S("");
  if (n) return arena_fmt(m, "“%.*s”在 %zu 个条款里都有：%.*s%s。请从列表里选一条，或者写得更完整", SFMT(typed), n, SFMT(named), n > NAMED_MAX ? "……" : "");
  return arena_fmt(m, "没有找到“%.*s”这一条。请从列表里选，或者写出条款里的几个字；别的法规写全名称和条，如《建设工程质量管理条例》第六十四条", SFMT(typed));
}
