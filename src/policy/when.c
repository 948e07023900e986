/* SPDX-License-Identifier: Apache-2.0 */
/* when.c: conditions as people say them, for guides: in which case an item is needed, and a material. */
#include "policy/lint.h"
#include "policy/policy_int.h"
#include "policy/when.h"

/* The same twice is said once. */
static Str both(Arena *mem, Str a, const char *by, Str b) {
  if (!a.len || !b.len || str_eq(a, b)) return a.len ? a : b;
  return arena_fmt(mem, "%.*s%s%.*s", SFMT(a), by, SFMT(b));
}

static Str leaf(Arena *mem, const Policy *p, const Expr *e, bool no) {
  static const char *const orders[] = {[EXPR_LT] = "小于", [EXPR_LE] = "不超过", [EXPR_GT] = "大于", [EXPR_GE] = "不小于"};
  const Field *f = expr_builtin(e->fact) ? NULL : fact_find(p, e->fact);
  Str label = f ? f->label : str_eq(e->fact, S("category")) ? S("类别") : S("县区"), values = S("");
  for (size_t i = 0; i < e->value_count; i++) values = both(mem, values, "、", policy__said(mem, p, f, e->fact, e->values[i]));
  if (e->op == EXPR_FACT) return no ? arena_fmt(mem, "“%.*s”为否", SFMT(label)) : label;
  if (e->op == EXPR_EQ || e->op == EXPR_NE || e->op == EXPR_IN)
    return arena_fmt(mem, "%.*s%s%.*s", SFMT(label), no == (e->op == EXPR_NE) ? "是" : "不是", SFMT(values));
  static const ExprOp opposite[] = {[EXPR_LT] = EXPR_GE, [EXPR_LE] = EXPR_GT, [EXPR_GT] = EXPR_LE, [EXPR_GE] = EXPR_LT};
  return arena_fmt(mem, "%.*s%s %.*s", SFMT(label), orders[no ? opposite[e->op] : e->op], SFMT(values));
}

/* `no`: the opposite of it. A side that the facts have settled says nothing any more. */
static Str words(Arena *mem, const Policy *p, const Expr *e, const Json *facts, bool no) {
  if (e->op == EXPR_NOT) return words(mem, p, e->left, facts, !no);
  if (e->op != EXPR_AND && e->op != EXPR_OR) return leaf(mem, p, e, no);
  Truth settled = e->op == EXPR_AND ? YES : NO;
  bool all = (e->op == EXPR_AND) != no;
  if (policy_eval(mem, p, e->left, facts, NULL) == settled) return words(mem, p, e->right, facts, no);
  if (policy_eval(mem, p, e->right, facts, NULL) == settled) return words(mem, p, e->left, facts, no);
  Str a = words(mem, p, e->left, facts, no), b = words(mem, p, e->right, facts, no);
  if (all && e->left->op == EXPR_OR) a = arena_fmt(mem, "（%.*s）", SFMT(a));
  if (all && e->right->op == EXPR_OR) b = arena_fmt(mem, "（%.*s）", SFMT(b));
  return both(mem, a, all ? "，并且" : "，或者", b);
}

/* Of the categories that have the stage: which ones, or which not, whatever is shorter; empty for all. */
static Str categories(Arena *mem, const Policy *p, int stage, const bool *in) {
  Str names[2] = {{0}, {0}};
  size_t n[2] = {0, 0};
  for (size_t i = 0; i < p->category_count; i++) {
    const Category *c = &p->categories[i];
    if (!c->limit[stage]) continue;
    names[in[i]] = both(mem, names[in[i]], "、", c->name);
    n[in[i]]++;
  }
  if (!n[0] || !n[1]) return S("");
  return n[0] < n[1] ? arena_fmt(mem, "类别不是%.*s", SFMT(names[0])) : arena_fmt(mem, "类别是%.*s", SFMT(names[1]));
}

Str policy_when(Arena *mem, const Policy *p, const Expr *e, const Json *facts) {
  return e && policy_eval(mem, p, e, facts, NULL) == UNKNOWN ? words(mem, p, e, facts, false) : S("");
}

Str policy_item_when(Arena *mem, const Policy *p, const Item *item, Str category, const Json *facts) {
  Str of = S(""), when = policy_when(mem, p, item->when, policy_facts(mem, facts, category, S("")));
  bool *in = arena_array(mem, bool, p->category_count + 1);
  for (size_t i = 0; i < p->category_count; i++) in[i] = policy_item_in(item, p->categories[i].code);
  if (!category.len) of = categories(mem, p, item->stage, in);
  return both(mem, of, "，并且", when);
}

/* Items that ask for one material, each under a condition that nothing has settled yet; `always`: categories in which one asks for it in any case. */
typedef struct Askers {
  const Item **list;
  size_t count;
  bool *always;
} Askers;

static bool covered(const Policy *p, const Askers *a, const Item *item) {
  for (size_t i = 0; i < p->category_count; i++)
    if (p->categories[i].limit[item->stage] && policy_item_in(item, p->categories[i].code) && !a->always[i]) return false;
  return true;
}

/* One asks when something is so, the other when it is not: where both are handled one of them always asks. */
static void pairs_settle(Arena *mem, const Policy *p, Str category, const Json *all, Askers *a) {
  const Json *facts = policy_facts(mem, all, category, S(""));
  for (size_t i = 0; i < a->count; i++)
    for (size_t k = 0; k < a->count; k++) {
      if (!str_eq(words(mem, p, a->list[i]->when, facts, true), policy_when(mem, p, a->list[k]->when, facts))) continue;
      for (size_t c = 0; c < p->category_count; c++) a->always[c] |= policy_item_in(a->list[i], p->categories[c].code) && policy_item_in(a->list[k], p->categories[c].code);
    }
}

/* By its items: those without a condition of their own together, then each other one. Empty: there is always one that needs it. */
static Str by_items(Arena *mem, const Policy *p, const Material *m, int stage, Str category, const Json *all) {
  Askers a = {.list = arena_array(mem, const Item *, m->item_count + 1), .always = arena_array(mem, bool, p->category_count + 1)};
  Str out = S("");
  bool whole = true;
  for (size_t i = 0; i < p->category_count; i++) a.always[i] = false;
  for (size_t k = 0; k < m->item_count; k++) {
    const Item *item = policy_item(p, m->items[k]);
    if (!item || item->stage != stage || (category.len && !policy_item_in(item, category))) continue;
    Truth needed = policy_eval(mem, p, item->when, all, NULL);
    for (size_t i = 0; i < p->category_count; i++) a.always[i] |= needed == YES && policy_item_in(item, p->categories[i].code);
    if (needed == UNKNOWN) a.list[a.count++] = item;
  }
  pairs_settle(mem, p, category, all, &a);
  for (size_t i = 0; i < p->category_count; i++) {
    if (category.len && a.always[i] && str_eq(p->categories[i].code, category)) return S("");
    whole &= a.always[i] || !p->categories[i].limit[stage];
  }
  if (whole && !category.len) return S("");
  for (size_t k = 0; k < a.count; k++)
    if (category.len || !covered(p, &a, a.list[k])) out = both(mem, out, "；或者", policy_item_when(mem, p, a.list[k], category, all));
  return both(mem, category.len ? S("") : categories(mem, p, stage, a.always), "；或者", out);
}

Str policy_material_when(Arena *mem, const Policy *p, const Material *m, int stage, Str category, const Json *facts) {
  const Json *all = policy_facts(mem, facts, category, S(""));
  Str own = policy_when(mem, p, m->when, all);
  return both(mem, m->item_count ? by_items(mem, p, m, stage, category, all) : S(""), "，并且", own);
}
