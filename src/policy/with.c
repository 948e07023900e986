/* SPDX-License-Identifier: Apache-2.0 */
/* with.c: a draft, as a copy of a package with some changes. Tables that nothing changes are shared. */
#include "policy/policy_int.h"

enum { DAYS_MAX = 999, AFTER_MAX = 50 };

typedef struct Draft {
  Policy *p;
  Category *categories;
  Item *items;
} Draft;

static Code category_find(Cx *cx, const Draft *d, Str code, Category **out) {
  const Category *c = policy_category(d->p, code);
  if (!c) FAIL_AT(INVALID, S("category"), S(""), "没有类别 %.*s，请从类别表中选择。", SFMT(code));
  *out = &d->categories[c - d->p->categories];
  return OK;
}

static Code item_find(Cx *cx, const Draft *d, Str code, Item **out) {
  const Item *i = policy_item(d->p, code);
  if (!i) FAIL_AT(INVALID, S("item"), S("D60-2.5-p1"), "事项清单里没有 %.*s，请从清单中选择。", SFMT(code));
  *out = &d->items[i - d->p->items];
  return OK;
}

static Code days_check(Cx *cx, int days, int least) {
  if (days >= least && days <= DAYS_MAX) return OK;
  FAIL_AT(INVALID, S("days"), S(""), "天数应是 %d 到 %d 的整数，收到 %d。", least, DAYS_MAX, days);
}

static Code stage_days(Cx *cx, Draft *d, const PolicyChange *c) {
  Category *category = NULL;
  TRY(category_find(cx, d, c->category, &category));
  if (c->stage < 1 || c->stage > STAGE_MAX) FAIL_AT(INVALID, S("stage"), S("D60-2.6.1"), "阶段应是 1 到 4。");
  TRY(days_check(cx, c->days, 0));
  category->total += c->days - category->limit[c->stage];
  category->limit[c->stage] = c->days;
  return OK;
}

static Code item_days(Cx *cx, Draft *d, Item *item, const PolicyChange *c) {
  TRY(days_check(cx, c->days, 1));
  if (!c->category.len) {
    item->days = c->days;
    item->limits = NULL;
    item->limit_count = 0;
    return OK;
  }
  Category *category = NULL;
  TRY(category_find(cx, d, c->category, &category));
  ItemLimit *limits = arena_array(cx->mem, ItemLimit, item->limit_count + 1);
  size_t n = 0;
  for (size_t i = 0; i < item->limit_count; i++)
    if (!str_eq(item->limits[i].category, c->category)) limits[n++] = item->limits[i];
  limits[n++] = (ItemLimit){.category = category->code, .days = c->days};
  item->limits = limits;
  item->limit_count = n;
  return OK;
}

static Code item_unit(Cx *cx, Draft *d, Item *item, const PolicyChange *c) {
  if (!str_eq(c->code, S("county")) && !policy_unit(d->p, c->code))
    FAIL_AT(INVALID, S("unit"), S(""), "没有单位 %.*s，请从单位表中选择。", SFMT(c->code));
  item->unit = arena_str(cx->mem, c->code);
  item->county_when = NULL;
  return OK;
}

/* What comes before the stage stays: it is law. Inside the stage the order is the draft's. */
static Code item_after(Cx *cx, Draft *d, Item *item, const PolicyChange *c) {
  const Item *before = c->code.len ? policy_item(d->p, c->code) : NULL;
  Str *after = arena_array(cx->mem, Str, item->after_count + 1);
  size_t n = 0;
  if (c->code.len && (!before || before->stage != item->stage))
    FAIL_AT(INVALID, S("after"), S(""), "“%.*s”只能排在同一阶段的事项之后，请另选。", SFMT(item->name));
  if (item->after_count >= AFTER_MAX) FAIL_AT(INVALID, S("after"), S(""), "前置事项太多。");
  for (size_t i = 0; i < item->after_count; i++) {
    const Item *old = policy_item(d->p, item->after[i]);
    if (c->code.len ? !str_eq(item->after[i], c->code) : !old || old->stage != item->stage) after[n++] = item->after[i];
  }
  if (before) after[n++] = before->code;
  item->after = after;
  item->after_count = n;
  if (!item__waits_for_itself(cx->mem, d->p, item)) return OK;
  FAIL_AT(INVALID, S("after"), S("D60-4.15-p5"), "“%.*s”和“%.*s”会互为前置，文件不允许，请去掉其中一个方向。", SFMT(item->name),
          SFMT(before ? before->name : item->name));
}

static Code apply(Cx *cx, Draft *d, const PolicyChange *c) {
  Item *item = NULL;
  if (c->kind == CHANGE_STAGE_DAYS) return stage_days(cx, d, c);
  TRY(item_find(cx, d, c->item, &item));
  switch (c->kind) {
    case CHANGE_ITEM_DAYS: return item_days(cx, d, item, c);
    case CHANGE_ITEM_UNIT: return item_unit(cx, d, item, c);
    case CHANGE_ITEM_AFTER: return item_after(cx, d, item, c);
    case CHANGE_ITEM_BESIDE: item->parallel = c->beside; return OK;
    case CHANGE_UNSET:
    case CHANGE_STAGE_DAYS: break;
  }
  REQUIRE(c->kind != CHANGE_UNSET);
  return OK;
}

Code policy_with(Cx *cx, const Policy *p, const PolicyChange *changes, size_t n, const Policy **out) {
  Draft d = {.p = arena_new(cx->mem, Policy),
             .categories = arena_array(cx->mem, Category, p->category_count + 1),
             .items = arena_array(cx->mem, Item, p->item_count + 1)};
  *d.p = *p;
  memcpy(d.categories, p->categories, p->category_count * sizeof *d.categories);
  memcpy(d.items, p->items, p->item_count * sizeof *d.items);
  d.p->categories = d.categories;
  d.p->items = d.items;
  for (size_t i = 0; i < n; i++) TRY(apply(cx, &d, &changes[i]));
  *out = d.p;
  return OK;
}
