/* SPDX-License-Identifier: Apache-2.0 */
/* answers.c: answers that exclude each other: loaded, checked, asked. */
#include "policy/answers.h"
#include "policy/check.h"

const Cell policy__contradiction_cells[6] = {
    CELL(Contradiction, CELL_STR, code, true), CELL(Contradiction, CELL_STR, field, true), CELL(Contradiction, CELL_EXPR, when, true),
    CELL(Contradiction, CELL_STR, says, true), CELL(Contradiction, CELL_STR, way, true),   SOURCE(Contradiction, "", source)};

static bool built_in(Str name) {
  return str_eqz(name, "category") || str_eqz(name, "county");
}

/* A rule over what a later form asks would be asked too early, and never be YES. */
static void facts_known(Loader *l, const Contradiction *c) {
  Str names[32];
  size_t n = c->when ? policy_expr_facts(c->when, names, COUNT(names)) : 0;
  for (size_t i = 0; i < n && i < COUNT(names); i++)
    if (!built_in(names[i]) && !policy_field(l->p, 0, names[i])) check__at(l, c, "when", "登记项目时不问“%.*s”，不能用在这里", SFMT(names[i]));
}

void check__answers(Loader *l) {
  const Policy *p = l->p;
  UNIQUE(l, p->contradictions, p->contradiction_count, code)
  for (size_t i = 0; i < p->contradiction_count; i++) {
    const Contradiction *c = &p->contradictions[i];
    if (!built_in(c->field) && !policy_field(p, 0, c->field)) check__at(l, c, "field", "登记项目时没有名为 %.*s 的栏目，请核对名称", SFMT(c->field));
    facts_known(l, c);
    check__source(l, c, "clause", c->source, true);
  }
}

size_t policy_contradictions(Arena *mem, const Policy *p, const Json *facts, const Contradiction *out[CONTRADICTIONS_MAX]) {
  size_t n = 0;
  for (size_t i = 0; i < p->contradiction_count && n < CONTRADICTIONS_MAX; i++)
    if (policy_eval(mem, p, p->contradictions[i].when, facts, NULL) == YES) out[n++] = &p->contradictions[i];
  return n;
}

Str policy_contradiction_text(Arena *mem, const Policy *p, const Contradiction *c) {
  if (c->source.sample) return arena_fmt(mem, "%.*s。%.*s（示例规则）", SFMT(c->says), SFMT(c->way));
  SCOPED(buf_drop) Buf b;
  buf_init(&b, 4096);
  policy_cite(&b, p, c->source.clause);
  return arena_fmt(mem, "%.*s。%.*s（%.*s）", SFMT(c->says), SFMT(c->way), SFMT(buf_str(&b)));
}

/* ---- what is left ------------------------------------------------------------------------------------- */

static size_t count_of(Arena *mem, const Policy *p, Str category, Str county, const Json *facts) {
  const Contradiction *list[CONTRADICTIONS_MAX];
  return policy_contradictions(mem, p, policy_facts(mem, facts, category, county), list);
}

static size_t choice_count(const Field *f) {
  return f->type == FIELD_BOOL ? 2 : f->type == FIELD_CHOICE ? f->choice_count : 0;
}

static void choose(Arena *mem, Json *facts, const Field *f, size_t i) {
  if (f->type == FIELD_BOOL) json_put_bool(mem, facts, f->name, i == 1);
  else json_put_str(mem, facts, f->name, f->choices[i].value);
}

/* Refused is a choice with which more rules hold than without an answer. */
static size_t left_of(Arena *mem, const Policy *p, Str category, Str county, const Json *facts, const Field *f, size_t *left) {
  Json *tried = json_clone(mem, facts);
  size_t n = 0, before = count_of(mem, p, category, county, facts);
  for (size_t i = 0; i < choice_count(f); i++) {
    choose(mem, tried, f, i);
    if (count_of(mem, p, category, county, tried) <= before) left[n++] = i;
  }
  return n;
}

size_t policy_choices_left(Arena *mem, const Policy *p, Str category, Str county, const Json *facts, const Field *f, Str *left) {
  size_t *at = arena_array(mem, size_t, choice_count(f) + 1);
  size_t n = f->type == FIELD_CHOICE ? left_of(mem, p, category, county, facts, f, at) : 0;
  for (size_t i = 0; i < n; i++) left[i] = f->choices[at[i]].value;
  return n;
}

void policy_settle(Arena *mem, const Policy *p, Str category, Str county, Json *facts) {
  for (size_t i = 0; i < p->fact_count; i++) {
    const Field *f = &p->facts[i];
    size_t *at = arena_array(mem, size_t, choice_count(f) + 1);
    if (choice_count(f) < 2 || json_get(facts, f->name)) continue;
    if (left_of(mem, p, category, county, facts, f, at) == 1) choose(mem, facts, f, at[0]);
  }
}

/* ---- answers that agree ------------------------------------------------------------------------------- */

/* Of the choices by which this rule holds no longer, the one that leaves the fewest. */
static void choice_try(Arena *mem, const Policy *p, Str category, Str county, const Contradiction *c, const Field *f, Json *facts) {
  Json *was = json_clone(mem, json_get(facts, f->name)), *best = was;
  size_t least = CONTRADICTIONS_MAX + 1;
  for (size_t i = 0; i < choice_count(f); i++) {
    choose(mem, facts, f, i);
    size_t left = count_of(mem, p, category, county, facts);
    if (left >= least || policy_eval(mem, p, c->when, policy_facts(mem, facts, category, county), NULL) == YES) continue;
    least = left;
    best = json_clone(mem, json_get(facts, f->name));
  }
  json_put(mem, facts, f->name, best);
}

void policy_agree(Arena *mem, const Policy *p, Str category, Str county, Json *facts) {
  const Contradiction *list[CONTRADICTIONS_MAX];
  for (size_t round = 0; round < CONTRADICTIONS_MAX; round++) {
    size_t n = policy_contradictions(mem, p, policy_facts(mem, facts, category, county), list);
    if (!n) return;
    const Contradiction *c = list[round % n];
    const Field *f = policy_field(p, 0, c->field);
    if (f && (f->type == FIELD_CHOICE || f->type == FIELD_BOOL)) choice_try(mem, p, category, county, c, f, facts);
    else if (f && f->example.len) json_put_str(mem, facts, f->name, f->example);
  }
}
