/* SPDX-License-Identifier: Apache-2.0 */
/* whatif_rules.c: two packages as tables by number, and where the draft differs in more than a limit. */
#include "approval/whatif_int.h"

static void words_copy(Words *to, Arena *mem, const Words *from) {
  words_open(to, mem);
  for (uint32_t i = 0; i < from->count; i++) words_add(to, from->list[i]);
}

/* ---- order inside a stage ---------------------------------------------------------------------------- */

static bool has_order(const Policy *p, int stage) {
  for (size_t i = 0; i < p->item_count; i++)
    for (size_t k = 0; p->items[i].stage == stage && k < p->items[i].after_count; k++) {
      const Item *before = policy_item(p, p->items[i].after[k]);
      if (before && before->stage == stage) return true;
    }
  return false;
}

static bool placed(const Order *o, uint32_t code, uint16_t *place) {
  for (size_t i = 0; i < o->count; i++)
    if (o->codes[i] == code) {
      *place = (uint16_t)i;
      return true;
    }
  return false;
}

/* Places an item when all that come before it have their place. */
static bool place(Compare *c, const Rules *r, Order *o, const Item *item) {
  uint32_t code = 0;
  uint16_t at;
  size_t n = 0;
  uint16_t *before = arena_array(c->codes.mem, uint16_t, item->after_count + 1);
  words_find(&c->codes, item->code, &code);
  if (placed(o, code, &at)) return false;
  for (size_t k = 0; k < item->after_count; k++) {
    uint32_t other;
    const Item *first = policy_item(r->p, item->after[k]);
    if (!first || first->stage != item->stage) continue;
    if (!words_find(&c->codes, first->code, &other) || !placed(o, other, &before[n])) return false;
    n++;
  }
  o->before[o->count] = before;
  o->before_count[o->count] = n;
  o->codes[o->count++] = (uint16_t)code;
  return true;
}

static Code order_make(Cx *cx, Compare *c, Rules *r, int stage) {
  Order *o = &r->order[stage];
  size_t all = 0, n = r->p->item_count;
  if (!has_order(r->p, stage)) return OK;
  *o = (Order){.codes = arena_array(cx->mem, uint16_t, n), .before = arena_array(cx->mem, uint16_t *, n),
               .before_count = arena_array(cx->mem, size_t, n)};
  for (bool more = true; more;) {
    more = false;
    for (size_t i = 0; i < n; i++)
      if (r->p->items[i].stage == stage && place(c, r, o, &r->p->items[i])) more = true;
  }
  for (size_t i = 0; i < n; i++) all += r->p->items[i].stage == stage;
  if (o->count < all) FAIL_AT(INVALID, S("after"), S("D60-4.15-p5"), "第 %d 阶段有事项互为前置，排不出先后。", stage);
  return OK;
}

static size_t longest_item(const Member *list, size_t n) {
  size_t best = 0;
  for (size_t i = 1; i < n; i++)
    if (list[i].days > list[best].days) best = i;
  return best;
}

static int days_of(const Member *list, size_t n, uint16_t code, bool *there) {
  for (size_t i = 0; i < n; i++)
    if (list[i].code == code) {
      *there = true;
      return list[i].days;
    }
  *there = false;
  return 0;
}

/* An item that this case does not need takes no time; what comes before it still comes before what follows. */
void chain_find(const Rules *r, int stage, const Member *list, size_t n, Chain *out) {
  const Order *o = &r->order[stage];
  size_t one = longest_item(list, n), best = 0;
  out->days = 0;
  out->count = 0;
  if (!n) return;
  if (o->count) {
    int sum[CODES_MAX] = {0}, from[CODES_MAX];
    bool there[CODES_MAX] = {0};
    for (size_t i = 0; i < o->count; i++) {
      from[i] = -1;
      for (size_t k = 0; k < o->before_count[i]; k++)
        if (from[i] < 0 || sum[o->before[i][k]] > sum[from[i]]) from[i] = o->before[i][k];
      if (from[i] >= 0) sum[i] = sum[from[i]];
      sum[i] += days_of(list, n, o->codes[i], &there[i]);
      if (sum[i] > sum[best]) best = i;
    }
    for (int at = (int)best; at >= 0 && sum[best] >= list[one].days; at = from[at]) {
      if (!there[at]) continue;
      out->codes[out->count] = o->codes[at];
      out->each[out->count++] = (uint16_t)(sum[at] - (from[at] >= 0 ? sum[from[at]] : 0));
    }
    out->days = sum[best];
    if (out->count) return;
  }
  out->days = list[one].days; /* nothing in series, or an item that the package does not know */
  out->codes[0] = list[one].code;
  out->each[0] = list[one].days;
  out->count = 1;
}

/* ---- tables ------------------------------------------------------------------------------------------ */

static Code rules_make(Cx *cx, Compare *c, const Policy *p, Rules *r) {
  *r = (Rules){.p = p, .count = c->codes.count, .list = arena_array(cx->mem, Rule, c->codes.count + 1)};
  for (size_t i = 0; i < p->item_count; i++) {
    uint32_t code;
    if (!words_find(&c->codes, p->items[i].code, &code)) continue;
    Rule *rule = &r->list[code];
    rule->item = &p->items[i];
    rule->beside = p->items[i].parallel || p->items[i].outside;
    for (uint32_t k = 0; k < c->categories.count; k++)
      rule->days[k] = (uint16_t)policy_item_days(rule->item, c->categories.list[k]);
  }
  for (uint32_t k = 0; k < c->categories.count; k++) {
    const Category *category = policy_category(p, c->categories.list[k]);
    for (int n = 1; n <= STAGE_MAX; n++) r->limit[k][n] = (uint16_t)(category ? category->limit[n] : 0);
  }
  for (int n = 1; n <= STAGE_MAX; n++) TRY(order_make(cx, c, r, n));
  return OK;
}

static bool same_categories(const Item *a, const Item *b) {
  if (a->category_count != b->category_count) return false;
  for (size_t i = 0; i < a->category_count; i++)
    if (!policy_item_in(b, a->categories[i])) return false;
  return true;
}

static void item_compare(Compare *c, uint16_t code) {
  const Rule *was = &c->side[0].list[code], *is = &c->side[1].list[code];
  const Item *a = was->item, *b = is->item;
  if (!a && !b) return;
  c->need[code] = !a || !b || a->stage != b->stage || !policy_expr_same(a->when, b->when) || !same_categories(a, b);
  if (c->need[code] && b) c->needs[b->stage][c->need_count[b->stage]++] = code;
  if (!a || !b) return;
  c->beside[code] = was->beside != is->beside;
  c->unit[code] = !str_eq(a->unit, b->unit) || !policy_expr_same(a->county_when, b->county_when);
}

Code compare_make(Cx *cx, const WhatIf *w, const Policy *draft, Compare **out) {
  Compare *c = arena_new(cx->mem, Compare);
  c->w = w;
  words_copy(&c->codes, cx->mem, &w->codes);
  words_copy(&c->units, cx->mem, &w->units);
  words_copy(&c->categories, cx->mem, &w->categories);
  for (size_t i = 0; i < draft->item_count; i++) {
    words_add(&c->codes, draft->items[i].code);
    words_add(&c->units, draft->items[i].unit);
  }
  if (c->codes.count > CODES_MAX || c->units.count > UNITS_MAX) FAIL(LIMIT, "草案的事项或单位太多。");
  TRY(rules_make(cx, c, w->now, &c->side[0]));
  TRY(rules_make(cx, c, draft, &c->side[1]));
  for (uint32_t i = 0; i < c->codes.count; i++) item_compare(c, (uint16_t)i);
  *out = c;
  return OK;
}

/* ---- conditions over what a case declared ------------------------------------------------------------- */

static Truth ask(Arena *mem, const Compare *c, int side, const Expr *e, const Row *r) {
  const WhatIf *w = c->w;
  Str names[FACTS_MAX];
  uint32_t set[FACTS_MAX];
  if (!e) return YES;
  Json *facts = json_obj(mem);
  size_t n = policy_expr_facts(e, names, FACTS_MAX);
  memcpy(set, w->sets.list[r->facts].ptr, w->fact_count * sizeof set[0]);
  json_put_str(mem, facts, S("category"), w->categories.list[r->category]);
  json_put_str(mem, facts, S("county"), w->units.list[r->county]);
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < w->fact_count; k++)
      if (set[k] && str_eq(names[i], w->facts[k])) json_put_str(mem, facts, names[i], w->values.list[set[k]]);
  return policy_eval(mem, c->side[side].p, e, facts, NULL);
}

Truth compare_applies(Arena *mem, const Compare *c, int side, uint16_t code, const Row *r) {
  const Item *item = c->side[side].list[code].item;
  if (!item || item->stage != r->stage || !policy_item_in(item, c->w->categories.list[r->category])) return NO;
  return ask(mem, c, side, item->when, r);
}

uint16_t compare_unit(Arena *mem, const Compare *c, uint16_t code, uint16_t was, const Row *r) {
  const Item *item = c->side[1].list[code].item;
  uint32_t unit = was;
  if (!item) return was;
  bool county = str_eq(item->unit, S("county")) || (item->county_when && ask(mem, c, 1, item->county_when, r) == YES);
  if (county) return r->county;
  words_find(&c->units, item->unit, &unit);
  return (uint16_t)unit;
}
