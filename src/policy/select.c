/* SPDX-License-Identifier: Apache-2.0 */
/* select.c: look-ups, and which items and materials a project needs. Tables hold a few hundred rows at most;
 * they are searched from the front. */
#include "policy/lists.h"
#include "policy/policy_int.h"

#define FIND(list, n, field, wanted)                          \
  for (size_t find_i = 0; find_i < (n); find_i++)             \
    if (str_eq((list)[find_i].field, (wanted))) return &(list)[find_i]; \
  return NULL

const Clause *policy_clause(const Policy *p, Str id) { FIND(p->clauses, p->clause_count, id, id); }

void policy_cite(Buf *b, const Policy *p, Str ids) {
  Str comma = S("、"), stop = S("．");
  for (ptrdiff_t at = 0; at >= 0;) {
    at = str_find(ids, comma);
    Str id = at < 0 ? ids : str_sub(ids, 0, (size_t)at);
    const Clause *c = policy_clause(p, id);
    Str number = c ? c->number : id;
    if (c) buf_add(b, c->doc), buf_char(b, ' ');
    if (c && str_ends(number, stop)) number.len -= stop.len;
    buf_add(b, number);
    if (at >= 0) buf_add(b, comma);
    if (at >= 0) ids = str_sub(ids, (size_t)at + comma.len, SIZE_MAX);
  }
}

const Category *policy_category(const Policy *p, Str code) { FIND(p->categories, p->category_count, code, code); }
const Item *policy_item(const Policy *p, Str code) { FIND(p->items, p->item_count, code, code); }
const Permit *policy_permit(const Policy *p, Str code) { FIND(p->permits, p->permit_count, code, code); }
const Material *policy_material(const Policy *p, Str code) { FIND(p->materials, p->material_count, code, code); }
const Unit *policy_unit(const Policy *p, Str code) { FIND(p->units, p->unit_count, code, code); }
const Ground *policy_ground(const Policy *p, Str code) { FIND(p->grounds, p->ground_count, code, code); }
const Purpose *policy_purpose(const Policy *p, Str code) { FIND(p->purposes, p->purpose_count, code, code); }
const Leader *policy_leader(const Policy *p, Str code) { FIND(p->leaders, p->leader_count, code, code); }
const ListCondition *policy_condition(const Policy *p, Str code) { FIND(p->conditions, p->condition_count, code, code); }

bool policy_condition_on(const ListCondition *c, Day day) {
  Day from, until;
  return day_parse(c->from, &from) && day.n >= from.n && (!c->until.len || (day_parse(c->until, &until) && day.n <= until.n));
}

bool policy_bars(const Policy *p, Str what) {
  for (size_t i = 0; i < p->credit_bar_count; i++)
    if (str_eq(p->credit_bars[i], what)) return true;
  return false;
}

const Milestone *policy_milestone(const Policy *p, Str code) { FIND(p->milestones, p->milestone_count, code, code); }
const RuleKind *policy_rule(const Policy *p, Str code) { FIND(p->reform.rules, p->reform.rule_count, code, code); }
const ClockRule *policy_clock(const Policy *p, Str code) {
  FIND(p->clocks, p->clock_count, code, code);
}

const Cause *policy_cause(const Policy *p, Str code) { FIND(p->causes, p->cause_count, code, code); }

const Cause *policy_joint_cause(const Policy *p) {
  for (size_t i = 0; i < p->cause_count; i++)
    if (p->causes[i].joint) return &p->causes[i];
  return NULL;
}
const Post *policy_post(const Policy *p, Str code) { FIND(p->posts, p->post_count, code, code); }

const Unit *policy_unit_named(const Policy *p, Str name) {
  for (size_t i = 0; i < p->unit_count; i++) {
    const Unit *u = &p->units[i];
    if (str_eq(u->name, name)) return u;
    for (size_t k = 0; k < u->alias_count; k++)
      if (str_eq(u->aliases[k], name)) return u;
  }
  return NULL;
}

const Unit *policy_unit_written(Arena *mem, const Policy *p, Str written) {
  size_t n = 0;
  while (n < written.len && !str_starts(str_sub(written, n, SIZE_MAX), S("（"))) n++;
  Str name = str_trim(str_sub(written, 0, n));
  const Unit *u = policy_unit_named(p, name);
  return u ? u : policy_unit_named(p, arena_fmt(mem, "市%.*s", SFMT(name)));
}

const Field *policy_field(const Policy *p, int stage, Str name) {
  if (stage == 0) {
    FIND(p->facts, p->fact_count, name, name);
  }
  if (stage < 0 || stage > STAGE_MAX) return NULL;
  FIND(p->form[stage], p->form_count[stage], name, name);
}

const char *const policy_assessments[POLICY_ASSESSMENTS] = {"", "mineral", "environment", "energy", "geology", "seismic", "water"};

Str policy_assessment_label(Str kind) {
  static const char *const labels[POLICY_ASSESSMENTS] = {"", "压覆重要矿产资源评估", "环境影响评价", "节能评价", "地质灾害危险性评估", "地震安全性评价", "水资源论证"};
  for (size_t i = 0; i < POLICY_ASSESSMENTS; i++)
    if (str_eqz(kind, policy_assessments[i])) return str_of(labels[i]);
  return kind;
}

Json *policy_facts(Arena *mem, const Json *facts, Str category, Str county) {
  Json *all = facts && facts->kind == JSON_OBJ ? json_clone(mem, facts) : json_obj(mem);
  json_put_str(mem, all, S("category"), category);
  json_put_str(mem, all, S("county"), county);
  return all;
}

bool policy_item_in(const Item *item, Str category) {
  for (size_t i = 0; i < item->category_count; i++)
    if (str_eq(item->categories[i], category)) return true;
  return item->category_count == 0;
}

int policy_item_days(const Item *item, Str category) {
  for (size_t i = 0; i < item->limit_count; i++)
    if (str_eq(item->limits[i].category, category)) return item->limits[i].days;
  return item->days;
}

static size_t items_of(Arena *mem, const Policy *p, int stage, Str category, Str county, const Json *facts, bool why,
                       ItemChoice **out) {
  const Json *all = policy_facts(mem, facts, category, county);
  ItemChoice *list = arena_array(mem, ItemChoice, p->item_count + 1);
  size_t n = 0;
  for (size_t i = 0; i < p->item_count; i++) {
    const Item *item = &p->items[i];
    if (item->stage != stage || !policy_item_in(item, category)) continue;
    ItemChoice *c = &list[n++];
    *c = (ItemChoice){.item = item, .unit = item->unit, .days = policy_item_days(item, category)};
    c->applies = policy_eval(mem, p, item->when, all, why ? &c->why : NULL);
    bool delegated = item->county_when && policy_eval(mem, p, item->county_when, all, NULL) == YES;
    if (delegated || str_eq(item->unit, S("county"))) c->unit = county;
  }
  *out = list;
  return n;
}

size_t policy_items(Arena *mem, const Policy *p, int stage, Str category, Str county, const Json *facts,
                    ItemChoice **out) {
  return items_of(mem, p, stage, category, county, facts, true, out);
}

size_t policy_items_only(Arena *mem, const Policy *p, int stage, Str category, Str county, const Json *facts, ItemChoice **out) {
  return items_of(mem, p, stage, category, county, facts, false, out);
}

static bool covered(const Json *facts, Str code) {
  const Json *list = json_get(facts, POLICY_COVERED);
  for (const Json *x = list ? list->first : NULL; x; x = x->next)
    if (x->kind == JSON_STR && str_eq(x->str, code)) return true;
  return false;
}

/* A material of certain items is needed when one of them applies. */
static Truth material_items(const Material *m, const ItemChoice *choices, size_t n, const Json *facts) {
  Truth best = NO;
  if (!m->item_count) return YES;
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < m->item_count; k++)
      if (str_eq(m->items[k], choices[i].item->code) && !covered(facts, m->items[k])) {
        if (choices[i].applies == YES) return YES;
        if (choices[i].applies == UNKNOWN) best = UNKNOWN;
      }
  return best;
}

bool policy_material_of(const Material *m, int stage) {
  int64_t n;
  for (size_t i = 0; i < m->again_count; i++)
    if (str_to_i64(m->again[i], &n) && n == stage) return true;
  return m->stage == stage;
}

size_t policy_materials(Arena *mem, const Policy *p, int stage, Str category, Str county, const Json *facts,
                        MaterialChoice **out) {
  const Json *all = policy_facts(mem, facts, category, county);
  ItemChoice *items = NULL;
  size_t item_n = policy_items(mem, p, stage, category, county, facts, &items), n = 0;
  const Category *c = policy_category(p, category);
  MaterialChoice *list = arena_array(mem, MaterialChoice, p->material_count + 1);
  for (size_t i = 0; i < p->material_count; i++) {
    const Material *m = &p->materials[i];
    int64_t from;
    if (!policy_material_of(m, stage)) continue;
    /* The certificate of a stage that this category does not have cannot be asked for. */
    if (m->from_stage.len && c && str_to_i64(m->from_stage, &from) && from >= 1 && from <= STAGE_MAX && !c->limit[from])
      continue;
    MaterialChoice *choice = &list[n++];
    choice->material = m;
    choice->needed = policy_eval(mem, p, m->when, all, &choice->why);
    Truth by_items = material_items(m, items, item_n, facts);
    if (by_items == NO || choice->needed == NO) choice->needed = NO;
    else if (by_items == UNKNOWN || choice->needed == UNKNOWN) choice->needed = UNKNOWN;
  }
  *out = list;
  return n;
}

/* The next day with that number: in this month or the next; a month without it ends it early. */
static Day day_of_month(Day start, int number) {
  for (int y, m, d;;) {
    day_split(start, &y, &m, &d);
    Day next = day_ymd(m == 12 ? y + 1 : y, m == 12 ? 1 : m + 1, 1), want = day_ymd(y, m, number);
    if (want.n >= next.n) want = (Day){next.n - 1};
    if (want.n >= start.n) return want;
    start = next;
  }
}

Day policy_clock_due(const Policy *p, const ClockRule *r, Day start, bool extended) {
  int n = r->count + (extended ? r->extend : 0);
  if (str_eq(r->unit, S("months"))) return clock_months(p->calendar, start, n);
  if (str_eq(r->unit, S("month-day"))) return day_of_month(start, n);
  if (str_eq(r->unit, S("calendar"))) return calendar_next_work(p->calendar, (Day){start.n + n});
  return calendar_add(p->calendar, start, n);
}

Day policy_issued_on(const Policy *p, Source s) {
  const Clause *c = policy_clause(p, s.clause);
  Day d = {0};
  for (size_t i = 0; c && i < p->issued_count; i++)
    if (str_eq(p->issued[i].doc, c->doc)) (void)day_parse(p->issued[i].issued, &d);
  return d;
}
