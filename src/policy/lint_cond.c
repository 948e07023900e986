/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lint_cond.c: conditions tried out. Each fact gets the values at which the condition could turn (both sides of
 * each bound, each choice), and all combinations are asked, as an applicant could have answered by then: what
 * a form does not ask, or asks later, is not known. Facts are few; 20 000 combinations are the bound.
 */
#include "policy/lint.h"
#include "policy/policy_int.h"

enum { VARY_MAX = 12, VALUES_MAX = 24, COMBINATIONS_MAX = 20000 };

typedef struct Vary {
  Str name;
  const Field *field;  /* NULL for category and county */
  int stage;           /* of the form that asks it; 0: at registration */
  Str values[VALUES_MAX];
  size_t count;
} Vary;

typedef struct Trial {
  Lint *t;
  const void *row;
  const char *key;
  const Expr *e;
  int stage;           /* when the condition is asked */
  Vary vary[VARY_MAX];
  size_t count;
  Str unknown;         /* a fact that was missing when the answer was unknown */
  bool can[3];
} Trial;

static int stage_of(const Policy *p, const Field *f) {
  for (int n = 1; n <= STAGE_MAX; n++)
    if (p->form_count[n] && f >= p->form[n] && f < p->form[n] + p->form_count[n]) return n;
  return 0;
}

static Vary *vary_of(Trial *r, Str name) {
  for (size_t i = 0; i < r->count; i++)
    if (str_eq(r->vary[i].name, name)) return &r->vary[i];
  if (r->count == VARY_MAX) return NULL;
  Vary *v = &r->vary[r->count++];
  *v = (Vary){.name = name, .field = expr_builtin(name) ? NULL : fact_find(r->t->p, name)};
  if (v->field) v->stage = stage_of(r->t->p, v->field);
  return v;
}

static void value_add(Vary *v, Str value) {
  for (size_t i = 0; i < v->count; i++)
    if (str_eq(v->values[i], value)) return;
  if (v->count < VALUES_MAX) v->values[v->count++] = value;
}

/* Both sides of a bound, inside what the field takes. */
static void bound_add(Trial *r, Vary *v, Str literal) {
  Milli m;
  Day day;
  Arena *mem = r->t->l->mem;
  const Field *f = v->field;
  int64_t step = f->type == FIELD_INT ? 1000 : 1, scale = f->type == FIELD_INT ? 1000 : 1;
  if (f->type == FIELD_DATE && day_parse(literal, &day))
    for (int d = -1; d <= 1; d++) value_add(v, day_str(mem, (Day){day.n + d}));
  else if (milli_parse(literal, &m))
    for (int64_t n = m.v - step; n <= m.v + step; n += step)
      if ((!f->min && !f->max) || (n >= f->min * scale && (!f->max || n <= f->max * scale)))
        value_add(v, milli_str(mem, (Milli){n}));
}

static void leaf_values(Trial *r, Vary *v, const Expr *e) {
  const Field *f = v->field;
  if (!f) return; /* categories and counties are filled in whole */
  if (f->type == FIELD_BOOL) {
    value_add(v, S("true"));
    value_add(v, S("false"));
  } else if (f->type == FIELD_CHOICE) {
    for (size_t i = 0; i < f->choice_count; i++) value_add(v, f->choices[i].value);
  } else {
    for (size_t i = 0; i < e->value_count; i++) {
      if (f->type == FIELD_INT || f->type == FIELD_DECIMAL || f->type == FIELD_DATE) bound_add(r, v, e->values[i]);
      else value_add(v, e->values[i]);
    }
    if (f->type == FIELD_TEXT || f->type == FIELD_LONG) value_add(v, S("别的"));
  }
}

/* The facts of a condition, and those that decide whether these are asked. */
static void facts_collect(Trial *r, const Expr *e, int depth) {
  if (!e || depth > 4) return;
  facts_collect(r, e->left, depth);
  facts_collect(r, e->right, depth);
  if (!e->fact.len) return;
  Vary *v = vary_of(r, e->fact);
  if (!v) return;
  leaf_values(r, v, e);
  if (v->field) facts_collect(r, v->field->when, depth + 1);
}

static void ask(Trial *r, Arena *mem, const size_t *pick) {
  const Policy *p = r->t->p;
  Json *facts = json_obj(mem);
  const Category *c = NULL;
  for (size_t i = 0; i < r->count; i++) {
    json_put_str(mem, facts, r->vary[i].name, r->vary[i].values[pick[i]]);
    if (str_eq(r->vary[i].name, S("category"))) c = policy_category(p, r->vary[i].values[pick[i]]);
  }
  Str missing = S("");
  for (int round = 0; round < 3; round++) /* what is not asked makes others unasked in turn */
    for (size_t i = 0; i < r->count; i++) {
      const Vary *v = &r->vary[i];
      bool asked = v->stage <= r->stage && (!v->stage || !c || c->limit[v->stage]);
      if (v->field && v->field->when) asked &= policy_eval(mem, p, v->field->when, facts, NULL) == YES;
      if (asked) continue;
      json_put_str(mem, facts, v->name, S(""));
      missing = v->field ? v->field->label : v->name;
    }
  Truth answer = policy_eval(mem, p, r->e, facts, NULL);
  r->can[answer] = true;
  if (answer == UNKNOWN && missing.len && !r->unknown.len) r->unknown = missing;
}

static bool tried(Trial *r) {
  size_t pick[VARY_MAX] = {0}, total = 1, at = 0;
  for (size_t i = 0; i < r->count; i++) {
    if (!r->vary[i].count) return false;
    total *= r->vary[i].count;
    if (total > COMBINATIONS_MAX) return false;
  }
  Arena *mem = arena_open((size_t)4 << 20);
  do {
    arena_reset(mem);
    ask(r, mem, pick);
    for (at = 0; at < r->count && ++pick[at] == r->vary[at].count; at++) pick[at] = 0;
  } while (at < r->count);
  arena_close(mem);
  return true;
}

static void optional_facts(Trial *r) {
  for (size_t i = 0; i < r->count; i++) {
    const Field *f = r->vary[i].field;
    if (f && !f->required)
      lint_error(r->t, "optional-fact", r->row, r->key, "条件用到的“%.*s”不是必填，没有填就判断不了，请在 forms.yaml 改为必填：%.*s",
                 SFMT(f->label), SFMT(r->e->text));
  }
}

/* item: NULL when the condition belongs to all categories. */
static void try_condition(Lint *t, const void *row, const char *key, const Expr *e, int stage, const Item *item) {
  const Policy *p = t->p;
  if (!e) return;
  Trial r = {.t = t, .row = row, .key = key, .e = e, .stage = stage};
  Vary *category = vary_of(&r, S("category"));
  for (size_t i = 0; i < p->category_count; i++) {
    const Category *c = &p->categories[i];
    if ((!stage || c->limit[stage]) && (!item || policy_item_in(item, c->code))) value_add(category, c->code);
  }
  facts_collect(&r, e, 0);
  for (size_t i = 0; i < r.count; i++)
    for (size_t k = 0; str_eq(r.vary[i].name, S("county")) && k < p->unit_count; k++)
      if (str_eq(p->units[k].kind, S("county")) || str_eq(p->units[k].kind, S("zone"))) value_add(&r.vary[i], p->units[k].code);
  optional_facts(&r);
  if (!tried(&r)) return;
  if (r.can[UNKNOWN])
    lint_error(t, "undecidable", row, key, "填完第 %d 阶段的表单还判断不了：“%.*s”那时没有问，请改条件或提前问：%.*s", stage,
               SFMT(r.unknown), SFMT(e->text));
  else if (!r.can[YES])
    lint_error(t, "unreachable", row, key, "条件永远不成立，这一行用不上，请改条件或删去：%.*s", SFMT(e->text));
  else if (!r.can[NO])
    lint_error(t, "always", row, key, "条件总是成立，不用写，请核对：%.*s", SFMT(e->text));
}

void lint_conditions(Lint *t) {
  const Policy *p = t->p;
  for (size_t i = 0; i < p->item_count; i++) {
    try_condition(t, &p->items[i], "when", p->items[i].when, p->items[i].stage, &p->items[i]);
    try_condition(t, &p->items[i], "county_when", p->items[i].county_when, p->items[i].stage, &p->items[i]);
  }
  for (size_t i = 0; i < p->material_count; i++)
    try_condition(t, &p->materials[i], "when", p->materials[i].when, p->materials[i].stage, NULL);
  for (int n = 0; n <= STAGE_MAX; n++) {
    const Field *fields = n ? p->form[n] : p->facts;
    for (size_t i = 0; i < (n ? p->form_count[n] : p->fact_count); i++)
      try_condition(t, &fields[i], "when", fields[i].when, n, NULL);
  }
}
