/* SPDX-License-Identifier: Apache-2.0 */
/* explain.c: an item for a project, said as at the counter: needed or not, why, by which clause, what then. */
#include "policy/lint.h"
#include "policy/policy_int.h"

static Str joined(Arena *mem, Str a, const char *by, Str b) {
  return a.len ? arena_fmt(mem, "%.*s%s%.*s", SFMT(a), by, SFMT(b)) : b;
}

/* What a value is called on the form: the label of a choice, 是/否, a number with its unit. */
Str policy__said(Arena *mem, const Policy *p, const Field *f, Str fact, Str value) {
  const Category *c = policy_category(p, value);
  const Unit *u = policy_unit(p, value);
  if (!f) return str_eq(fact, S("category")) && c ? c->name : u ? u->name : value;
  if (str_eq(value, S("true"))) return S("是");
  if (str_eq(value, S("false"))) return S("否");
  for (size_t i = 0; i < f->choice_count; i++)
    if (str_eq(f->choices[i].value, value)) return f->choices[i].label;
  return f->unit.len ? arena_fmt(mem, "%.*s %.*s", SFMT(value), SFMT(f->unit)) : value;
}

static Str value_of(Arena *mem, const Json *facts, Str fact) {
  const Json *v = json_get(facts, fact);
  if (!v) return S("");
  if (v->kind == JSON_STR) return v->str;
  if (v->kind == JSON_INT) return arena_fmt(mem, "%lld", (long long)v->num);
  return v->kind == JSON_BOOL ? v->num ? S("true") : S("false") : S("");
}

static Str leaf_reason(Arena *mem, const Policy *p, const Expr *e, const Json *facts, Truth answer) {
  static const char *const yes[] = {[EXPR_EQ] = "=", [EXPR_NE] = "≠", [EXPR_LT] = "<", [EXPR_LE] = "≤", [EXPR_GT] = ">", [EXPR_GE] = "≥"};
  static const char *const no[] = {[EXPR_EQ] = "≠", [EXPR_NE] = "=", [EXPR_LT] = "≥", [EXPR_LE] = ">", [EXPR_GT] = "≤", [EXPR_GE] = "<"};
  const Field *f = expr_builtin(e->fact) ? NULL : fact_find(p, e->fact);
  Str label = f ? f->label : str_eq(e->fact, S("category")) ? S("类别") : S("县区");
  Str have = policy__said(mem, p, f, e->fact, value_of(mem, facts, e->fact)), wanted = S("");
  if (answer == UNKNOWN) return arena_fmt(mem, "“%.*s”还没有填写", SFMT(label));
  for (size_t i = 0; i < e->value_count; i++) wanted = joined(mem, wanted, "、", policy__said(mem, p, f, e->fact, e->values[i]));
  bool order = e->op != EXPR_FACT && e->op != EXPR_IN && f && (f->type == FIELD_INT || f->type == FIELD_DECIMAL || f->type == FIELD_DATE);
  if (order) return arena_fmt(mem, "%.*s %.*s %s %.*s", SFMT(label), SFMT(have), (answer == YES ? yes : no)[e->op], SFMT(wanted));
  bool same = e->op == EXPR_FACT || (f && f->type == FIELD_BOOL) || (answer == YES && e->op != EXPR_NE) || (answer == NO && e->op == EXPR_NE);
  if (same) return arena_fmt(mem, "%.*s：%.*s", SFMT(label), SFMT(have));
  return arena_fmt(mem, "%.*s：%.*s，不是%.*s", SFMT(label), SFMT(have), SFMT(wanted));
}

/* Only what decides: one false side of 且 is enough, one true side of 或; all sides otherwise. */
Str policy_reason(Arena *mem, const Policy *p, const Expr *e, const Json *facts) {
  Truth answer = policy_eval(mem, p, e, facts, NULL);
  if (!e) return S("总是需要");
  if (e->op == EXPR_NOT) return policy_reason(mem, p, e->left, facts);
  if (e->op != EXPR_AND && e->op != EXPR_OR) return leaf_reason(mem, p, e, facts, answer);
  bool one = (e->op == EXPR_AND && answer == NO) || (e->op == EXPR_OR && answer == YES);
  const Expr *sides[] = {e->left, e->right};
  Str out = S("");
  for (size_t i = 0; i < 2; i++) {
    if (policy_eval(mem, p, sides[i], facts, NULL) != answer) continue;
    Str reason = policy_reason(mem, p, sides[i], facts);
    if (!str_has(out, reason)) out = joined(mem, out, "，", reason);
    if (one) return out;
  }
  return out;
}

static Str source_said(Arena *mem, const Policy *p, Source s) {
  const Clause *c = policy_clause(p, s.clause);
  if (c) return arena_fmt(mem, "%.*s %.*s", SFMT(c->doc), SFMT(c->number));
  return s.sample ? S("示例，文件没有给出") : S("");
}

static void line(Arena *mem, Str *out, Str text) {
  *out = arena_fmt(mem, "%.*s%.*s\n", SFMT(*out), SFMT(text));
}

static void verdict(Arena *mem, const Policy *p, const Item *item, const Json *facts, Truth answer, Str *out) {
  static const char *const words[] = {[NO] = "免办", [YES] = "要办", [UNKNOWN] = "还不能确定"};
  Str why = item->when ? policy_reason(mem, p, item->when, facts) : S("这个类别都要办");
  Str by = source_said(mem, p, item->when ? item->when_source : item->source);
  line(mem, out, arena_fmt(mem, "%s：%.*s%s%.*s", words[answer], SFMT(why), by.len ? "，依据 " : "", SFMT(by)));
  if (item->when) {
    Str whole;
    policy_eval(mem, p, item->when, facts, &whole);
    line(mem, out, arena_fmt(mem, "条件：%.*s", SFMT(whole)));
  }
}

static void work(Arena *mem, const Policy *p, const ItemChoice *c, const Json *facts, Str *out) {
  const Item *item = c->item;
  const Unit *u = policy_unit(p, c->unit);
  Str delegated = S("");
  if (item->county_when) {
    Truth county = policy_eval(mem, p, item->county_when, facts, NULL);
    Str why = policy_reason(mem, p, item->county_when, facts);
    delegated = arena_fmt(mem, "（%s：%.*s）", county == YES ? "下放县（市）区" : county == NO ? "不下放" : "是否下放还不能确定", SFMT(why));
  }
  line(mem, out, arena_fmt(mem, "办理：%.*s%.*s", SFMT(u ? u->name : c->unit), SFMT(delegated)));
  line(mem, out, arena_fmt(mem, "时限：%d 个工作日（%.*s）%s%s", c->days, SFMT(source_said(mem, p, item->days_source)),
                           item->parallel ? "，并行推进，不占阶段时限" : "", item->outside ? "，国家、省级审批权限" : ""));
  if (item->before_stage) {
    const Stage *s = &p->stages[item->before_stage];
    line(mem, out, arena_fmt(mem, "时序：第 %d 阶段出“%.*s”之前办完", s->no, SFMT(s->certificate)));
  }
  if (item->opens.len) line(mem, out, arena_fmt(mem, "开始：第 %d 阶段“%.*s”出件时，时限从那天起算", item->stage, SFMT(p->stages[item->stage].certificate)));
  for (size_t i = 0; i < item->after_count; i++)
    line(mem, out, arena_fmt(mem, "前置：%.*s（受理时不看，出证时核对；不用办的不算）", SFMT(policy_item(p, item->after[i])->name)));
  line(mem, out, arena_fmt(mem, "结果：%.*s", SFMT(item->result)));
}

static void materials(Arena *mem, const Policy *p, const Item *item, Str category, Str county, const Json *facts, Str *out) {
  MaterialChoice *list = NULL;
  size_t n = policy_materials(mem, p, item->stage, category, county, facts, &list);
  for (size_t i = 0; i < n; i++) {
    const Material *m = list[i].material;
    bool own = false;
    for (size_t k = 0; k < m->item_count; k++) own |= str_eq(m->items[k], item->code);
    if (!own || list[i].needed == NO) continue;
    line(mem, out, arena_fmt(mem, "材料：%.*s%s（%.*s）", SFMT(m->name),
                             list[i].needed == UNKNOWN ? "，要不要还不能确定" : m->form ? "，由申请表生成" : m->required ? "" : "，可以不交", SFMT(m->basis)));
  }
}

Str policy_explain(Arena *mem, const Policy *p, const Item *item, Str category, Str county, const Json *facts) {
  const Stage *s = &p->stages[item->stage];
  const Category *c = policy_category(p, category);
  const Json *all = policy_facts(mem, facts, category, county);
  ItemChoice *list = NULL;
  size_t n = policy_items(mem, p, item->stage, category, county, facts, &list), at = 0;
  Str out = S("");
  line(mem, &out, arena_fmt(mem, "%.*s（%.*s），第 %d 阶段 %.*s，%.*s", SFMT(item->name), SFMT(item->code), s->no, SFMT(s->name), SFMT(item->kind)));
  while (at < n && list[at].item != item) at++;
  if (at == n || (c && !c->limit[item->stage])) {
    line(mem, &out, arena_fmt(mem, "不适用：%.*s没有这个事项", SFMT(c ? c->name : category)));
    return out;
  }
  verdict(mem, p, item, all, list[at].applies, &out);
  line(mem, &out, arena_fmt(mem, "法律依据：%.*s", SFMT(item->basis)));
  if (list[at].applies == NO) return out;
  work(mem, p, &list[at], all, &out);
  materials(mem, p, item, category, county, facts, &out);
  return out;
}

/* ---- facts typed by a person ------------------------------------------------------------------------ */

static Code builtin_fact(Cx *cx, const Policy *p, Json *facts, bool category, Str value) {
  const Unit *u = policy_unit(p, value);
  if (!u) u = policy_unit_named(p, value);
  for (size_t i = 0; category && i < p->category_count; i++)
    if (str_eq(p->categories[i].code, value) || str_eq(p->categories[i].name, value)) {
      json_put_str(cx->mem, facts, S("category"), p->categories[i].code);
      return OK;
    }
  if (category) FAIL(INVALID, "没有“%.*s”这个类别，请写 categories.yaml 里的代码或名称", SFMT(value));
  if (!u || (!str_eq(u->kind, S("county")) && !str_eq(u->kind, S("zone"))))
    FAIL(INVALID, "“%.*s”不是县（市）区或开发区，请核对", SFMT(value));
  json_put_str(cx->mem, facts, S("county"), u->code);
  return OK;
}

Code policy_fact(Cx *cx, const Policy *p, Json *facts, Str typed) {
  Str name, value = {0}, clean;
  if (!str_cut(typed, '=', &name, &value)) FAIL(INVALID, "“%.*s”要写成 名称=值，如 建筑面积=280", SFMT(typed));
  name = str_trim(name);
  value = str_trim(value);
  bool category = str_eq(name, S("category")) || str_eq(name, S("类别"));
  if (category || expr_builtin(name)) return builtin_fact(cx, p, facts, category, value);
  const Field *f = fact_find(p, name);
  if (!f) FAIL(INVALID, "没有“%.*s”这个事实，名称见政策包的 forms.yaml", SFMT(name));
  if (f->type == FIELD_BOOL && str_eq(value, S("是"))) value = S("true");
  if (f->type == FIELD_BOOL && str_eq(value, S("否"))) value = S("false");
  for (size_t i = 0; i < f->choice_count; i++)
    if (str_eq(f->choices[i].label, value)) value = f->choices[i].value;
  TRY(field_check(cx, f, value, &clean));
  if (!clean.len) return OK;
  if (f->type == FIELD_BOOL) json_put_bool(cx->mem, facts, f->name, str_eq(clean, S("true")));
  else json_put_str(cx->mem, facts, f->name, clean);
  return OK;
}
