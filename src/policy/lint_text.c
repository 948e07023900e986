/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lint_text.c: the sentences of the clauses against the data. A few phrases of official Chinese are read:
 * “八大类”, “…阶段主要由…牵头”, “（牵头部门：…）”, “…许可证”, “2019年5月底”, “…N个工作日”, “共39人”.
 */
#include "policy/lint.h"
#include "policy/policy_int.h"

static const char *const numerals[] = {"零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};

/* Each place of `word` in `text`, one after another: returns false at the end; *at is moved behind it. */
static bool next_place(Str text, Str word, size_t *at) {
  ptrdiff_t found = str_find(str_sub(text, *at, SIZE_MAX), word);
  if (found < 0 || !word.len) return false;
  *at += (size_t)found + word.len;
  return true;
}

static int number_at(Str s, size_t *len) {
  int n = 0;
  for (*len = 0; *len < s.len && *len < 6 && s.ptr[*len] >= '0' && s.ptr[*len] <= '9'; ++*len) n = n * 10 + (s.ptr[*len] - '0');
  return n;
}

/* ---- contradictions that a record must answer ------------------------------------------------------ */

static void category_count(Lint *t, const Clause *c) {
  for (int n = 1; n <= 10; n++) {
    size_t at = 0;
    Str phrase = arena_fmt(t->l->mem, "%s大类", numerals[n]);
    if (next_place(c->text, phrase, &at) && (size_t)n != t->p->category_count)
      lint_contradiction(t, "category-count", c, "写“%.*s”，列出的是 %zu 类", SFMT(phrase), t->p->category_count);
  }
}

static void lead_is(Lint *t, const Clause *c, const Stage *s, Str name) {
  const Unit *u = policy_unit_named(t->p, name);
  bool own = str_eq(c->id, s->source.clause);
  if (u && own && !str_eq(u->code, s->lead))
    lint_error(t, "lead-vs-text", s, "lead", "%.*s 写%.*s阶段由%.*s牵头，请核对", SFMT(c->id), SFMT(s->name), SFMT(name));
  else if (!u)
    lint_error(t, "unknown-unit", c, "text", "%.*s 的牵头单位“%.*s”不在 units.yaml，请补上单位或别名", SFMT(c->id), SFMT(name));
  else if (!str_eq(u->code, s->lead))
    lint_contradiction(t, "lead", c, "写%.*s由%.*s牵头，stages.yaml 写的是别的单位", SFMT(s->name), SFMT(name));
}

/* "施工许可阶段主要由市住房城乡建设局牵头" */
static void lead_of_stage(Lint *t, const Clause *c, const Stage *s) {
  Str phrase = arena_fmt(t->l->mem, "%.*s阶段主要由", SFMT(s->name));
  for (size_t at = 0; next_place(c->text, phrase, &at);) {
    Str rest = str_sub(c->text, at, SIZE_MAX);
    ptrdiff_t end = str_find(rest, S("牵头"));
    if (end > 0) lead_is(t, c, s, str_sub(rest, 0, (size_t)end));
  }
}

/* The work of a stage by another name: "由住建部门牵头", "（牵头部门：市自然资源局、…；": the first one named. */
static void lead_of_subject(Lint *t, const Clause *c, const Stage *s) {
  bool about = false;
  for (size_t i = 0; i < s->subject_count; i++) about |= str_has(c->text, s->subjects[i]);
  if (!about) return;
  ptrdiff_t lead = str_find(c->text, S("牵头部门：")), by = str_find(c->text, S("牵头"));
  if (lead >= 0) {
    Str rest = str_sub(c->text, (size_t)lead + strlen("牵头部门："), SIZE_MAX);
    size_t end = rest.len;
    static const char *const ends[] = {"、", "；", "）"};
    for (size_t i = 0; i < COUNT(ends); i++) {
      ptrdiff_t at = str_find(rest, str_of(ends[i]));
      if (at >= 0 && (size_t)at < end) end = (size_t)at;
    }
    lead_is(t, c, s, str_sub(rest, 0, end));
  } else if (by >= 0) {
    ptrdiff_t from = -1;
    for (size_t at = 0; next_place(str_sub(c->text, 0, (size_t)by), S("由"), &at);) from = (ptrdiff_t)at;
    if (from >= 0) lead_is(t, c, s, str_sub(c->text, (size_t)from, (size_t)(by - from)));
  }
}

/* The name of a certificate that ends at `end`: as far to the left as words of that trade go. */
static Str certificate_before(Str text, size_t end) {
  static const char *const words[] = {"建设", "建筑", "工程", "用地", "规划", "施工", "立项", "土地"};
  size_t from = end - strlen("许可证");
  for (bool more = true; more;) {
    more = false;
    for (size_t i = 0; i < COUNT(words) && !more; i++)
      if (str_ends(str_sub(text, 0, from), str_of(words[i]))) {
        from -= strlen(words[i]);
        more = true;
      }
  }
  return str_sub(text, from, end - from);
}

static void certificate_names(Lint *t, const Clause *c) {
  for (size_t at = 0; next_place(c->text, S("许可证"), &at);) {
    Str name = certificate_before(c->text, at);
    if (str_eq(name, S("许可证"))) continue; /* permits in general */
    bool known = false;
    for (int n = 1; n <= STAGE_MAX; n++) {
      const Stage *s = &t->p->stages[n];
      known |= str_eq(s->certificate, name);
      for (size_t i = 0; i < s->alias_count; i++)
        if (str_eq(s->aliases[i], name)) {
          known = true;
          lint_contradiction(t, "certificate-name", c, "把%.*s叫作“%.*s”", SFMT(s->certificate), SFMT(name));
        }
    }
    if (!known)
      lint_error(t, "unknown-certificate", c, "text", "%.*s 提到“%.*s”，stages.yaml 的证件和别名里都没有，请补上别名", SFMT(c->id), SFMT(name));
  }
}

/* "2019年5月底": the last day of that month, before the document was issued. */
static void deadline_past(Lint *t, const Clause *c, Day issued) {
  for (size_t at = 0; next_place(c->text, S("月底"), &at);) {
    Str before = str_sub(c->text, 0, at - strlen("月底"));
    size_t from = before.len, len;
    while (from && ((before.ptr[from - 1] >= '0' && before.ptr[from - 1] <= '9') || (signed char)before.ptr[from - 1] < 0)) {
      if (str_ends(str_sub(before, 0, from), S("年")) && from < before.len) break;
      from--;
    }
    int month = number_at(str_sub(before, from, SIZE_MAX), &len);
    Str year_part = from >= strlen("年") ? str_sub(before, 0, from - strlen("年")) : S("");
    if (year_part.len < 4 || !len || month < 1 || month > 12) continue;
    int year = number_at(str_sub(year_part, year_part.len - 4, 4), &len);
    if (len != 4 || year < 1949) continue;
    Day end = {day_ymd(month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, 1).n - 1};
    if (end.n < issued.n) lint_contradiction(t, "deadline-past", c, "限 %d年%d月底，印发时已过", year, month);
  }
}

static void deadlines(Lint *t, const Clause *c) {
  Day issued;
  for (size_t i = 0; i < t->p->issued_count; i++)
    if (str_eq(t->p->issued[i].doc, c->doc) && day_parse(t->p->issued[i].issued, &issued)) deadline_past(t, c, issued);
}

/* ---- numbers and names that must be those of the text ------------------------------------------------ */

static Str full_name(Lint *t, const Category *c) {
  if (!c->qualifier.len) return c->name;
  return arena_fmt(t->l->mem, "%.*s（%.*s）", SFMT(c->name), SFMT(c->qualifier));
}

/* "社会投资工业类70个工作日" wherever it stands. */
static void category_totals(Lint *t, const Clause *c) {
  for (size_t i = 0; i < t->p->category_count; i++) {
    const Category *k = &t->p->categories[i];
    Str name = full_name(t, k);
    for (size_t at = 0; next_place(c->text, name, &at);) {
      size_t len;
      int n = number_at(str_sub(c->text, at, SIZE_MAX), &len);
      if (len && str_starts(str_sub(c->text, at + len, SIZE_MAX), S("个工作日")) && n != k->total)
        lint_error(t, "number-vs-text", k, "total", "%.*s 写%.*s %d 个工作日，这里是 %d，请核对", SFMT(c->id), SFMT(k->name), n, k->total);
    }
  }
}

static void category_stages(Lint *t, const Category *k) {
  const Clause *c = policy_clause(t->p, k->source.clause);
  if (!c) return;
  if (!str_has(c->text, k->name))
    lint_error(t, "name-vs-text", k, "clause", "%.*s 的原文里没有“%.*s”，请核对条款", SFMT(c->id), SFMT(k->name));
  if (!str_has(c->text, S("个工作日"))) return;
  Str whole = arena_fmt(t->l->mem, "%.*s%d个工作日", SFMT(full_name(t, k)), k->total);
  if (!str_has(c->text, whole))
    lint_error(t, "number-vs-text", k, "total", "%.*s 的原文里没有“%.*s”，请核对名称和合计", SFMT(c->id), SFMT(whole));
  for (int n = 1; n <= STAGE_MAX; n++) {
    Str phrase = arena_fmt(t->l->mem, "%.*s阶段%d个工作日", SFMT(t->p->stages[n].name), k->limit[n]);
    if (!str_has(c->text, phrase))
      lint_error(t, "number-vs-text", k, "limits", "%.*s 的原文里没有“%.*s”，请核对天数", SFMT(c->id), SFMT(phrase));
    if (!k->limit[n] && str_has(c->text, phrase)) lint_contradiction(t, "zero-stage", c, "%.*s", SFMT(phrase));
  }
}

/* A name that must stand in the text of the clause it cites. */
static void name_in(Lint *t, const void *row, const char *key, Str name, Source s) {
  const Clause *c = policy_clause(t->p, s.clause);
  if (c && !str_has(c->text, name))
    lint_error(t, "name-vs-text", row, key, "%.*s 的原文里没有“%.*s”，请核对", SFMT(c->id), SFMT(name));
}

/* 5 → 五, 10 → 十, 25 → 二十五; up to 99. */
static Str cn_number(Arena *mem, int n) {
  const char *tens = n < 10 ? "" : "十", *many = n < 20 ? "" : numerals[n / 10 % 10], *ones = n % 10 ? numerals[n % 10] : "";
  return arena_fmt(mem, "%s%s%s", many, tens, ones);
}

static void days_in(Lint *t, const char *key, int days, Source s) {
  const Clause *c = policy_clause(t->p, s.clause);
  if (!c) return;
  Str phrase = days > 99 ? arena_fmt(t->l->mem, "%d日", days) : arena_fmt(t->l->mem, "%.*s日", SFMT(cn_number(t->l->mem, days)));
  /* 二十日 holds 十日: the numeral must be whole */
  size_t at = 0;
  bool whole = false;
  while (next_place(c->text, phrase, &at) && !whole) {
    Str before = str_sub(c->text, 0, at - phrase.len);
    whole = true;
    for (size_t i = 0; i < COUNT(numerals); i++) whole &= !str_ends(before, str_of(numerals[i]));
  }
  if (!whole)
    lint_error(t, "number-vs-text", t->p, key, "%.*s 的原文里没有“%.*s”，请核对天数", SFMT(c->id), SFMT(phrase));
}

/* "共39人": the seats that cite the clause add up to it. */
static void seats(Lint *t, const Clause *c) {
  size_t at = 0, len;
  int sum = 0, said;
  const Post *last = NULL;
  for (size_t i = 0; i < t->p->post_count; i++)
    if (t->p->posts[i].seats && str_eq(t->p->posts[i].source.clause, c->id)) {
      last = &t->p->posts[i];
      sum += last->seats;
    }
  if (!last || !next_place(c->text, S("共"), &at)) return;
  for (at = 0; next_place(c->text, S("共"), &at);) {
    said = number_at(str_sub(c->text, at, SIZE_MAX), &len);
    if (len && str_starts(str_sub(c->text, at + len, SIZE_MAX), S("人")) && said != sum)
      lint_error(t, "number-vs-text", last, "seats", "%.*s 写共 %d 人，seats 合计 %d，请核对", SFMT(c->id), said, sum);
  }
}

void lint_texts(Lint *t) {
  const Policy *p = t->p;
  for (size_t i = 0; i < p->clause_count; i++) {
    const Clause *c = &p->clauses[i];
    category_count(t, c);
    category_totals(t, c);
    certificate_names(t, c);
    deadlines(t, c);
    seats(t, c);
    for (int n = 1; n <= STAGE_MAX; n++) {
      lead_of_stage(t, c, &p->stages[n]);
      lead_of_subject(t, c, &p->stages[n]);
    }
  }
  for (size_t i = 0; i < p->category_count; i++) category_stages(t, &p->categories[i]);
  for (int n = 1; n <= STAGE_MAX; n++) {
    name_in(t, &p->stages[n], "certificate", p->stages[n].certificate, p->stages[n].certificate_source);
    name_in(t, &p->stages[n], "name", p->stages[n].name, p->stages[n].source);
  }
  name_in(t, p, "seal", p->seal, p->seal_source);
  days_in(t, "receipt_days", p->receipt_days, p->receipt_source);
  days_in(t, "extend_days", p->extend_days, p->extend_source);
  days_in(t, "deliver_days", p->deliver_days, p->deliver_source);
}
