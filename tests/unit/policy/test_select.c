/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which items and materials a project needs, by its facts: the rules of D60-2.4 one by one. A row names the
 * clause, a project, an item, and whether it is dispatched. ABSENT: not in this category's list at all.
 */
#include "pkg.h"

enum { ABSENT = 9 };

static const ItemChoice *choice_of(Test *t, const Policy *p, int stage, const char *category, const char *county,
                                   const char *facts, const char *item) {
  ItemChoice *list = NULL;
  size_t n = policy_items(t->mem, p, stage, str_of(category), str_of(county), facts_of(t, facts), &list);
  for (size_t i = 0; i < n; i++)
    if (str_eqz(list[i].item->code, item)) return &list[i];
  return NULL;
}

static int applies(Test *t, const Policy *p, const char *category, const char *facts, const char *item) {
  const Item *found = policy_item(p, str_of(item));
  if (!found) return ABSENT;
  const ItemChoice *c = choice_of(t, p, found->stage, category, "longgang", facts, item);
  return c ? (int)c->applies : ABSENT;
}

typedef struct Rule {
  const char *clause, *category, *facts, *item;
  int want;
} Rule;

static void rules_check(Test *t, Cx *cx, const Rule *rows, size_t n) {
  const Policy *p = huludao(t, cx);
  for (size_t i = 0; i < n; i++) {
    const Rule *r = &rows[i];
    int got = applies(t, p, r->category, r->facts, r->item);
    EXPECT_INT(got, r->want);
    if (got != r->want) EXPECT_STR(arena_fmt(t->mem, "%s %s %s %s", r->clause, r->category, r->facts, r->item), S("as wanted"));
    const Item *item = policy_item(p, str_of(r->item));
    if (!item || r->want == ABSENT || !item->when) continue;
    EXPECT_STR(item->when_source.clause, str_of(r->clause));
  }
}

TEST(eight_cancellations) {
  static const Rule rows[] = {
      /* (1) approved land inside the plan's construction area: no land preview */
      {"D60-2.4.1-(1)", "industry", "approved_land=true", "land-preview", NO},
      {"D60-2.4.1-(1)", "industry", "approved_land=false", "land-preview", YES},
      {"D60-2.4.1-(1)", "industry", "", "land-preview", UNKNOWN},
      {"D60-2.4.1-(1)", "renovation", "approved_land=false", "land-preview", ABSENT},
      /* (2) site opinion only for approved or verified projects on allocated land */
      {"D60-2.4.1-(2)", "gov-building", "land_supply=allocation approval_type=approve", "site-opinion", YES},
      {"D60-2.4.1-(2)", "industry", "land_supply=allocation approval_type=verify", "site-opinion", YES},
      {"D60-2.4.1-(2)", "industry", "land_supply=allocation approval_type=record", "site-opinion", NO},
      {"D60-2.4.1-(2)", "industry", "land_supply=grant approval_type=verify", "site-opinion", NO},
      {"D60-2.4.1-(2)", "industry", "land_supply=grant", "site-opinion", NO},
      {"D60-2.4.1-(2)", "industry", "land_supply=allocation", "site-opinion", UNKNOWN},
      /* (3) up to and including 300 ㎡: no filing of the fire design, none at completion */
      {"D60-2.4.1-(3)", "renovation", "floor_area=280", "fire-design-filing", NO},
      {"D60-2.4.1-(3)", "renovation", "floor_area=300", "fire-design-filing", NO},
      {"D60-2.4.1-(3)", "renovation", "floor_area=300.001", "fire-design-filing", YES},
      {"D60-2.4.1-(3)", "renovation", "floor_area=320", "fire-design-filing", YES},
      {"D60-2.4.1-(3)", "renovation", "floor_area=280", "accept-fire", NO},
      {"D60-2.4.1-(3)", "renovation", "floor_area=320", "accept-fire", YES},
      {"D60-2.4.1-(3)", "industry", "", "accept-fire", UNKNOWN},
      {"D60-2.4.1-(3)", "highway", "floor_area=320", "fire-design-filing", ABSENT},
      /* (8) no preliminary design of enterprise projects */
      {"D60-2.4.1-(8)", "gov-building", "", "preliminary-design", YES},
      {"D60-2.4.1-(8)", "social-commercial", "", "preliminary-design", ABSENT},
      {"D60-2.4.1-(8)", "social-nonprofit", "", "preliminary-design", ABSENT},
      {"D60-2.4.1-(8)", "industry", "", "preliminary-design", ABSENT},
  };
  rules_check(t, cx, rows, COUNT(rows));
}

/* (4) contracts, (5) the winning price, (6) the way of contracting, (7) energy design, and the proposal of
 * D60-2.6.1: nothing of that kind is in the list, neither as an item nor as a material. */
TEST(cancelled_filings_are_nowhere_in_the_package) {
  static const char *const gone[] = {"合同备案", "中标价", "发包", "建筑节能设计", "项目建议书", "建议书审批"};
  const Policy *p = huludao(t, cx);
  for (size_t k = 0; k < COUNT(gone); k++) {
    for (size_t i = 0; i < p->item_count; i++) EXPECT(!str_has(p->items[i].name, str_of(gone[k])));
    for (size_t i = 0; i < p->material_count; i++) EXPECT(!str_has(p->materials[i].name, str_of(gone[k])));
  }
  static const char *const clauses[] = {"D60-2.4.1-(1)", "D60-2.4.1-(2)", "D60-2.4.1-(3)", "D60-2.4.1-(4)", "D60-2.4.1-(5)",
                                        "D60-2.4.1-(6)", "D60-2.4.1-(7)", "D60-2.4.1-(8)"};
  for (size_t i = 0; i < COUNT(clauses); i++) EXPECT(policy_clause(p, str_of(clauses[i])));
}

/* D60-2.4.2-p3: outside the centre and 杨家杖子 the county decides. */
TEST(one_delegation) {
  static const struct { const char *facts, *county, *unit; } rows[] = {
      {"location_zone=other", "xingcheng", "xingcheng"}, {"location_zone=other", "suizhong", "suizhong"},
      {"location_zone=center", "longgang", "natural-resources"}, {"location_zone=yangjiazhangzi", "nanpiao", "natural-resources"},
      {"location_zone=other", "yangjiazhangzi-zone", "natural-resources"}, {"", "xingcheng", "natural-resources"}};
  const Policy *p = huludao(t, cx);
  for (size_t i = 0; i < COUNT(rows); i++) {
    const ItemChoice *c = choice_of(t, p, 1, "gov-building", rows[i].county, rows[i].facts, "site-opinion");
    EXPECT_STR(c ? c->unit : S("?"), str_of(rows[i].unit));
    c = choice_of(t, p, 1, "gov-building", rows[i].county, rows[i].facts, "land-preview");
    EXPECT_STR(c ? c->unit : S("?"), S("natural-resources")); /* nothing else is delegated */
  }
  size_t delegated = 0;
  for (size_t i = 0; i < p->item_count; i++) delegated += p->items[i].county_when != NULL;
  EXPECT_INT(delegated, 1);
}

TEST(eight_mergers) {
  static const Rule rows[] = {
      /* (6) and (7): one land permit, by the way the land was obtained */
      {"D60-2.4.3-(6)", "gov-building", "land_supply=allocation", "land-permit-allocated", YES},
      {"D60-2.4.3-(6)", "gov-building", "land_supply=grant", "land-permit-allocated", NO},
      {"D60-2.4.3-(7)", "social-commercial", "land_supply=grant", "land-permit-paid", YES},
      {"D60-2.4.3-(7)", "social-commercial", "land_supply=lease", "land-permit-paid", YES},
      {"D60-2.4.3-(7)", "social-commercial", "land_supply=allocation", "land-permit-paid", NO},
      {"D60-2.4.3-(6)", "renovation", "land_supply=allocation", "land-permit-allocated", ABSENT}};
  rules_check(t, cx, rows, COUNT(rows));
  const Policy *p = huludao(t, cx);
  /* (1) four reviews in one; (2) (4) joint acceptance by 住建; (3) one survey; (5) one opinion; (8) quality inside */
  static const struct { const char *item, *clause, *unit; } merged[] = {
      {"drawing-review", "D60-2.4.3-(1)", "housing-construction"}, {"joint-acceptance", "D60-2.4.3-(2)", "housing-construction"},
      {"joint-survey", "D60-2.4.3-(3)", "natural-resources"}, {"construction-permit", "D60-2.4.3-(8)", "housing-construction"},
      {"water-start", "D60-2.4.3-(8)", "water"}, {"highway-permit", "D60-2.4.3-(8)", "transport"}};
  for (size_t i = 0; i < COUNT(merged); i++) {
    const Item *item = policy_item(p, str_of(merged[i].item));
    EXPECT(item);
    if (!item) continue;
    EXPECT_STR(item->source.clause, str_of(merged[i].clause));
    EXPECT_STR(item->unit, str_of(merged[i].unit));
  }
  EXPECT_STR(policy_item(p, S("site-opinion"))->result, policy_item(p, S("land-preview"))->result);
  EXPECT_STR(policy_item(p, S("site-opinion"))->result, S("建设项目用地预审意见（选址意见书）"));
  static const char *const inside[] = {"防雷", "人防工程建设审查", "消防设计审核", "质量监督手续办理"};
  for (size_t k = 0; k < COUNT(inside); k++)
    for (size_t i = 0; i < p->item_count; i++)
      EXPECT(p->items[i].stage != 3 || !str_starts(p->items[i].name, str_of(inside[k])));
}

/* D60-2.4.4: what was an approval is now asked inside the government, or promised. */
TEST(five_changes_of_management) {
  const Policy *p = huludao(t, cx);
  static const char *const internal[] = {"scheme-review", "drawing-opinion", "joint-acceptance"};
  size_t found = 0, promise = 0;
  for (size_t i = 0; i < p->item_count; i++) {
    found += str_eq(p->items[i].attribute, S("内部协作"));
    promise += p->items[i].promise;
  }
  EXPECT_INT(found, COUNT(internal));
  for (size_t i = 0; i < COUNT(internal); i++)
    EXPECT_STR(policy_item(p, str_of(internal[i]))->attribute, S("内部协作"));
  EXPECT_INT(promise, 2); /* (5): the promise letter of the drawings; one more as an example */
  EXPECT(policy_item(p, S("drawing-review"))->promise);
  const Post *agent = policy_post(p, S("window-agent")); /* (1): the free agent */
  EXPECT(agent && str_eq(agent->role, S("agent")));
  for (int n = 1; n <= 5; n++) EXPECT(n == 4 || policy_clause(p, arena_fmt(t->mem, "D60-2.4.4-(%d)", n)));
}

TEST(five_rules_of_order) {
  const Policy *p = huludao(t, cx);
  static const struct { const char *item; int stage, before; } rows[] = {
      {"seismic-safety", 1, 2},                                                        /* (1) before the design */
      {"eia-approval", 1, 3}, {"eia-register", 1, 3}, {"energy-review", 1, 3}, {"water-permit", 2, 3}, /* (1) before the start */
      {"supply-water", 3, 3}, {"supply-power", 3, 3}, {"supply-gas", 3, 3}, {"supply-heat", 3, 3},     /* (2) asked for before */
      {"supply-drainage", 3, 3}, {"supply-telecom", 3, 3},
      {"connect-water", 4, 0}, {"connect-power", 4, 0}, {"connect-gas", 4, 0}, {"connect-heat", 4, 0}, /* (2) connected after */
      {"connect-drainage", 4, 0}, {"connect-telecom", 4, 0}};
  for (size_t i = 0; i < COUNT(rows); i++) {
    const Item *item = policy_item(p, str_of(rows[i].item));
    EXPECT(item && item->parallel);
    if (!item) continue;
    EXPECT_INT(item->stage, rows[i].stage);
    EXPECT_INT(item->before_stage, rows[i].before);
  }
  const Material *proof = policy_material(p, S("land-proof")); /* (3) and (5): which papers prove the land */
  EXPECT(proof && str_eq(proof->source.clause, S("D60-2.4.5-(3)")) && str_has(proof->hint, S("用地预审意见")) &&
         str_has(proof->hint, S("不动产权证")));
  for (size_t i = 0; i < p->item_count; i++) /* (4): 地籍调查 and 节地评价 belong to the time before the approval */
    EXPECT(!str_has(p->items[i].name, S("地籍调查")) && !str_has(p->items[i].name, S("节地评价")));
}

/* What a region has assessed is still an item, shared and on promise: it does not drop out. */
TEST(region_assessment_leaves_its_items_and_schemes_are_not_reviewed_twice) {
  static const Rule rows[] = {
      {"D60-2.9.1", "industry", "eia_kind=table", "eia-approval", YES},
      {"D60-2.9.1", "industry", "eia_kind=none", "eia-approval", NO},
      {"D60-2.9.1", "industry", "energy_review=false", "energy-review", NO},
      {"D60-2.9.1", "industry", "energy_review=true", "energy-review", YES},
      {"D60-2.9.1", "industry", "special_site=true mineral=true", "mineral-overlay", YES},
      {"D60-2.9.1", "industry", "special_site=false", "mineral-overlay", NO},
      {"D60-2.9.1", "water", "special_site=true geo_hazard=false", "geo-hazard", NO},
      {"D60-2.9.1", "water", "special_site=true seismic=true", "seismic-safety", YES},
      {"D60-2.7.1-p1", "social-commercial", "with_scheme=true", "scheme-review", NO},
      {"D60-2.7.1-p1", "social-commercial", "with_scheme=false", "scheme-review", YES},
      {"D60-2.4.5-(1)", "industry", "takes_water=true", "water-permit", YES},
      {"D60-2.4.5-(2)", "renovation", "need_gas=false", "supply-gas", NO},
      {"D60-2.4.5-(2)", "renovation", "need_gas=true", "connect-gas", YES}};
  rules_check(t, cx, rows, COUNT(rows));
}

/* Exactly one of 审批, 核准, 备案 for every enterprise project, and none of them for the government's. */
TEST(one_way_into_the_flow) {
  static const char *const types[] = {"approve", "verify", "record"}, *const items[] = {"project-approval", "project-verify", "project-filing"};
  const Policy *p = huludao(t, cx);
  for (size_t c = 0; c < p->category_count; c++) {
    const char *category = arena_z(t->mem, p->categories[c].code);
    bool government = applies(t, p, category, "", "feasibility") == YES;
    for (size_t k = 0; k < 3; k++)
      for (size_t i = 0; i < 3; i++) {
        const char *facts = arena_z(t->mem, arena_fmt(t->mem, "approval_type=%s", types[k]));
        EXPECT_INT(applies(t, p, category, facts, items[i]), government ? ABSENT : i == k ? YES : NO);
      }
  }
}

/* Of the items inside a stage clock the longest takes the whole stage: the certificate needs them all. */
TEST(item_limits_fill_their_stage_in_every_category) {
  const Policy *p = huludao(t, cx);
  for (size_t c = 0; c < p->category_count; c++)
    for (int stage = 1; stage <= STAGE_MAX; stage++) {
      ItemChoice *list = NULL;
      size_t n = policy_items(t->mem, p, stage, p->categories[c].code, S("longgang"), NULL, &list);
      int longest = 0;
      for (size_t i = 0; i < n; i++) {
        EXPECT(list[i].days >= 1);
        if (!list[i].item->parallel && list[i].days > longest) longest = list[i].days;
      }
      EXPECT_INT(longest, p->categories[c].limit[stage]);
      if (!p->categories[c].limit[stage]) EXPECT_INT(n, 0);
    }
}

/* What is not dispatched says why, with the fact that was read. */
TEST(an_item_left_out_says_why) {
  const Policy *p = huludao(t, cx);
  const ItemChoice *c = choice_of(t, p, 3, "renovation", "lianshan", "floor_area=280", "fire-design-filing");
  EXPECT_STR(c ? c->why : S("?"), S("“建筑面积 > 300”不成立（建筑面积：280）"));
  c = choice_of(t, p, 3, "renovation", "lianshan", "", "fire-design-filing");
  EXPECT_STR(c ? c->why : S("?"), S("“建筑面积 > 300”还不能确定（建筑面积：未填写）"));
}

static int needed(Test *t, const Policy *p, int stage, const char *category, const char *facts, const char *material) {
  MaterialChoice *list = NULL;
  size_t n = policy_materials(t->mem, p, stage, str_of(category), S("longgang"), facts_of(t, facts), &list);
  for (size_t i = 0; i < n; i++)
    if (str_eqz(list[i].material->code, material)) return (int)list[i].needed;
  return ABSENT;
}

TEST(materials_follow_their_items_and_are_asked_for_once) {
  static const struct { int stage; const char *category, *facts, *material; int want; } rows[] = {
      {1, "industry", "", "licence", YES}, {3, "industry", "", "licence", YES}, {2, "industry", "", "licence", ABSENT},
      {1, "industry", "eia_kind=report", "eia-document", YES}, {1, "industry", "eia_kind=none", "eia-document", NO},
      {1, "industry", "", "eia-document", UNKNOWN}, {1, "renovation", "", "renovation-proof", YES}, {1, "industry", "", "renovation-proof", NO},
      {2, "industry", "", "certificate-1", YES}, {3, "industry", "", "certificate-2", YES}, {4, "industry", "", "certificate-3", YES},
      {3, "renovation", "", "certificate-2", ABSENT}, /* no stage 2, no certificate of it */
      {3, "industry", "drawing_promise=true", "promise-letter", YES}, {3, "industry", "drawing_promise=false", "promise-letter", NO},
      {3, "highway", "drawing_promise=true", "promise-letter", NO}, {2, "industry", "takes_water=true", "water-argument", YES},
      {2, "industry", "takes_water=false", "water-argument", NO},
      {4, "renovation", "floor_area=280", "fire-acceptance-report", NO}, {4, "renovation", "floor_area=320", "fire-acceptance-report", YES},
      {4, "social-commercial", "residential=true", "housing-books", YES}, {4, "social-commercial", "residential=false", "housing-books", NO}};
  const Policy *p = huludao(t, cx);
  for (size_t i = 0; i < COUNT(rows); i++) {
    int got = needed(t, p, rows[i].stage, rows[i].category, rows[i].facts, rows[i].material);
    EXPECT_INT(got, rows[i].want);
    if (got != rows[i].want) EXPECT_STR(str_of(rows[i].material), str_of(rows[i].facts));
  }
}

/* One form and one set per stage (D60-4.14-p1): each stage of each category has its form as a material. */
TEST(each_stage_has_one_form) {
  const Policy *p = huludao(t, cx);
  for (size_t c = 0; c < p->category_count; c++)
    for (int stage = 1; stage <= STAGE_MAX; stage++) {
      if (!p->categories[c].limit[stage]) continue;
      MaterialChoice *list = NULL;
      size_t n = policy_materials(t->mem, p, stage, p->categories[c].code, S("longgang"), NULL, &list), forms = 0;
      for (size_t i = 0; i < n; i++) forms += list[i].material->form && !list[i].material->item_count && list[i].needed == YES;
      EXPECT_INT(forms, 1);
    }
}
