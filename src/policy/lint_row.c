/* SPDX-License-Identifier: Apache-2.0 */
/* lint_row.c: rows that nobody needs, or that nobody could work on. */
#include "policy/gazette.h"
#include "policy/lint.h"
#include "policy/policy_int.h"

static void twice(Lint *t, const void *row, const char *key, const Str *list, size_t n) {
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < i; k++)
      if (str_eq(list[i], list[k])) lint_error(t, "twice", row, key, "“%s”里 %.*s 写了两次，请删去一个", key, SFMT(list[i]));
}

static bool staffed(const Policy *p, Str unit, const char *role) {
  for (size_t i = 0; i < p->post_count; i++)
    if (str_eq(p->posts[i].unit, unit) && str_eqz(p->posts[i].role, role)) return true;
  return false;
}

static bool share_category(const Policy *p, const Item *a, const Item *b) {
  for (size_t i = 0; i < p->category_count; i++)
    if (policy_item_in(a, p->categories[i].code) && policy_item_in(b, p->categories[i].code)) return true;
  return false;
}

static void item_rows(Lint *t, const Item *item) {
  const Policy *p = t->p;
  twice(t, item, "categories", item->categories, item->category_count);
  twice(t, item, "after", item->after, item->after_count);
  for (size_t i = 0; i < item->limit_count; i++)
    if (!policy_item_in(item, item->limits[i].category))
      lint_error(t, "useless-limit", item, "limits", "%.*s 不适用于 %.*s，limits 里的天数用不上，请删去", SFMT(item->name), SFMT(item->limits[i].category));
  for (size_t i = 0; i < (size_t)(item - p->items); i++)
    if (p->items[i].stage == item->stage && str_eq(p->items[i].name, item->name))
      lint_error(t, "twice", item, "name", "同一阶段有两个事项都叫“%.*s”，请改一个", SFMT(item->name));
  if (!str_eq(item->unit, S("county")) && !staffed(p, item->unit, "unit_head"))
    lint_error(t, "no-post", item, "unit", "posts.yaml 里 %.*s 没有负责人（unit_head），%.*s 没有人批准延期（行政许可法 42），请加岗位",
               SFMT(item->unit), SFMT(item->name));
  for (size_t i = 0; i < item->after_count; i++)
    if (!share_category(p, item, policy_item(p, item->after[i])))
      lint_error(t, "useless-after", item, "after", "%.*s 与 %.*s 没有共同的类别，等不着它，请删去", SFMT(item->name), SFMT(item->after[i]));
  if (!str_eq(item->unit, S("county")) && !staffed(p, item->unit, "approver"))
    lint_error(t, "no-post", item, "unit", "posts.yaml 里 %.*s 没有审批岗（approver），%.*s 没有人办，请加岗位", SFMT(item->unit), SFMT(item->name));
  for (size_t i = 0; i < p->unit_count && (item->county_when || str_eq(item->unit, S("county"))); i++) {
    const Unit *u = &p->units[i];
    if ((str_eq(u->kind, S("county")) || str_eq(u->kind, S("zone"))) && !staffed(p, u->code, "approver"))
      lint_error(t, "no-post", u, "code", "%.*s 承接 %.*s，posts.yaml 里没有它的审批岗（approver），请加岗位", SFMT(u->name), SFMT(item->name));
  }
}

/* The stage's certificate waits for all its items: the longest takes the whole stage, or nobody can say where
 * the days go. */
static void stage_rows(Lint *t, const Category *c, int stage) {
  const Item *longest = NULL;
  int days = 0;
  for (size_t i = 0; i < t->p->item_count; i++) {
    const Item *item = &t->p->items[i];
    if (item->stage != stage || item->parallel || !policy_item_in(item, c->code)) continue;
    if (policy_item_days(item, c->code) <= days) continue;
    days = policy_item_days(item, c->code);
    longest = item;
  }
  if (!c->limit[stage]) return;
  if (!longest)
    lint_error(t, "empty-stage", c, "limits", "%.*s 第 %d 阶段有 %d 天，却没有事项，请在 items.yaml 里加上", SFMT(c->name), stage, c->limit[stage]);
  else if (days != c->limit[stage])
    lint_error(t, "short-stage", longest, "days", "%.*s 第 %d 阶段 %d 天，最长的事项 %.*s 只有 %d 天，请核对", SFMT(c->name), stage,
               c->limit[stage], SFMT(longest->name), days);
}

/* A parallel item has the stages up to the one it must precede; one that precedes none has the whole flow. */
static void parallel_days(Lint *t, const Item *item) {
  for (size_t i = 0; i < t->p->category_count && item->parallel; i++) {
    const Category *c = &t->p->categories[i];
    int room = 0, days = policy_item_days(item, c->code);
    for (int n = item->stage; n <= item->before_stage; n++) room += c->limit[n];
    if (!item->before_stage) room = c->total;
    if (policy_item_in(item, c->code) && days > room)
      lint_error(t, "too-long", item, "days", "%.*s %d 天，%.*s 到第 %d 阶段只有 %d 天，请改短", SFMT(item->name), days, SFMT(c->name),
                 item->before_stage ? item->before_stage : STAGE_MAX, room);
  }
}

static bool asked_in(const Policy *p, const Material *m, int stage) {
  if (!m->item_count) return true;
  for (size_t i = 0; i < m->item_count; i++) {
    const Item *item = policy_item(p, m->items[i]);
    if (item && item->stage == stage) return true;
  }
  return false;
}

static void material_rows(Lint *t, const Material *m) {
  const Policy *p = t->p;
  int64_t n;
  bool stage_exists = false;
  twice(t, m, "items", m->items, m->item_count);
  twice(t, m, "types", m->types, m->type_count);
  twice(t, m, "again", m->again, m->again_count);
  for (size_t i = 0; i < p->category_count; i++) stage_exists |= p->categories[i].limit[m->stage] > 0;
  if (!stage_exists || !asked_in(p, m, m->stage))
    lint_error(t, "orphan-material", m, "stage", "第 %d 阶段没有事项要“%.*s”，谁也不会收到它，请改 stage 或 items", m->stage, SFMT(m->name));
  for (size_t i = 0; i < m->again_count; i++)
    if (str_to_i64(m->again[i], &n) && !asked_in(p, m, (int)n))
      lint_error(t, "orphan-material", m, "again", "第 %lld 阶段没有事项要“%.*s”，请改 again", (long long)n, SFMT(m->name));
  for (size_t i = 0; i < m->item_count; i++) {
    const Item *item = policy_item(p, m->items[i]);
    bool used = item && item->stage == m->stage;
    for (size_t k = 0; k < m->again_count; k++) used |= item && str_to_i64(m->again[k], &n) && n == item->stage;
    if (item && !used)
      lint_error(t, "orphan-material", m, "items", "%.*s 在第 %d 阶段，那时不收“%.*s”，请改 stage 或 again", SFMT(item->name), item->stage, SFMT(m->name));
  }
  for (size_t i = 0; i < (size_t)(m - p->materials); i++)
    if (p->materials[i].stage == m->stage && str_eq(p->materials[i].name, m->name))
      lint_error(t, "twice", m, "name", "同一阶段有两份材料都叫“%.*s”，请改一个（D60-4.14-p2）", SFMT(m->name));
}

static void posts(Lint *t) {
  const Policy *p = t->p;
  if (!staffed(p, p->window_unit, "clerk")) lint_error(t, "no-post", p, "window_unit", "窗口没有受理岗（clerk），请在 posts.yaml 里加上");
  if (!staffed(p, p->window_unit, "window_head"))
    lint_error(t, "no-post", p, "window_unit", "窗口没有负责人（window_head），派转单没有人签，请在 posts.yaml 里加上（D60-4.15-p2）");
  if (!staffed(p, p->supervisor_unit, "supervisor"))
    lint_error(t, "no-post", p, "supervisor_unit", "监督部门没有督办岗（supervisor），请在 posts.yaml 里加上");
  for (int n = 1; n <= STAGE_MAX; n++)
    if (!staffed(p, p->stages[n].lead, "stage_lead"))
      lint_error(t, "no-post", &p->stages[n], "lead", "第 %d 阶段的牵头单位没有牵头岗（stage_lead），请在 posts.yaml 里加上", n);
}

/* 办事指南 is made from the package: one that lacks an element is not published (国办秘函〔2019〕19号), but what the package says is pending. */
static void guides(Lint *t) {
  const Disclosure *d = t->p->disclosure;
  uint32_t pending = guide_pending(d), open = 0;
  if (!d || !d->check_count) return;
  for (size_t i = 0; i < t->p->item_count; i++) {
    const Item *item = &t->p->items[i];
    uint32_t lacks = guide_lacks(t->p, item);
    open |= lacks;
    if (lacks & ~pending)
      lint_error(t, "guide-lacks", item, "code", "“%.*s”的办事指南缺%.*s，缺要素的指南不能发布：请补上；还没有人提供的，写在 gazette.yaml 的 guide_pending 里", SFMT(item->name),
                 SFMT(guide_names(t->l->mem, lacks & ~pending)));
  }
  if (pending & ~open)
    lint_error(t, "stale-pending", d, "guide_pending", "%.*s已经没有指南缺，请从 guide_pending 里删去，以后再缺就不能发布", SFMT(guide_names(t->l->mem, pending & ~open)));
}

void lint_rows(Lint *t) {
  const Policy *p = t->p;
  guides(t);
  for (size_t i = 0; i < p->item_count; i++) {
    item_rows(t, &p->items[i]);
    parallel_days(t, &p->items[i]);
  }
  for (size_t i = 0; i < p->category_count; i++)
    for (int n = 1; n <= STAGE_MAX; n++) stage_rows(t, &p->categories[i], n);
  for (size_t i = 0; i < p->material_count; i++) material_rows(t, &p->materials[i]);
  for (size_t i = 0; i < p->cause_count; i++)
    if (p->causes[i].certain && p->causes[i].source.sample)
      lint_error(t, "no-source", &p->causes[i], "certain", "%.*s 写着法律列明（certain），却没有条款，请写 clause", SFMT(p->causes[i].name));
  posts(t);
}
