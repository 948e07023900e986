/* SPDX-License-Identifier: Apache-2.0 */
/* Answers about a project that exclude each other: which are refused, where, and that drawn answers are made to agree. */
#include "pkg.h"
#include "policy/answers.h"
#include "policy/lint.h"

typedef struct Row { const char *category, *county, *facts, *field, *says; } Row; /* field "": nothing is wrong */

static const char *const usual = "approval_type=record land_supply=grant project_nature=new location_zone=other with_scheme=false ";

static void row_check(Test *t, Cx *cx, const Policy *p, const Row *r) {
  Json *facts = json_obj(cx->mem);
  Str rest = arena_fmt(cx->mem, "%s%s", usual, r->facts), one;
  for (bool more = true; more && rest.len;) {
    more = str_cut(rest, ' ', &one, &rest);
    if (one.len) EXPECT_INT(policy_fact(cx, p, facts, one), OK);
  }
  const Contradiction *list[CONTRADICTIONS_MAX];
  size_t n = policy_contradictions(cx->mem, p, policy_facts(cx->mem, facts, str_of(r->category), str_of(r->county)), list);
  if (!*r->field) {
    EXPECT_INT(n, 0);
    if (n) EXPECT_STR(policy_contradiction_text(cx->mem, p, list[0]), str_of(r->facts));
    return;
  }
  EXPECT_INT(n, 1);
  if (!n) return;
  Str text = policy_contradiction_text(cx->mem, p, list[0]);
  EXPECT_STR(list[0]->field, str_of(r->field));
  EXPECT(str_has(text, str_of(r->says)));
}

TEST(answers_that_exclude_each_other_are_told_where_they_stand) {
  static const Row rows[] = {
      {"industry", "longgang", "", "", ""},
      {"industry", "longgang", "approval_type=verify", "", ""},
      {"industry", "longgang", "approval_type=approve", "approval_type", "没有审批"},
      {"social-nonprofit", "longgang", "land_supply=allocation approval_type=approve", "approval_type", "示例规则"},
      {"social-commercial", "longgang", "approval_type=verify", "approval_type", "备案项目"},
      {"water", "suizhong", "approval_type=approve land_supply=allocation", "", ""},
      {"water", "suizhong", "land_supply=allocation", "approval_type", "审批"},
      {"social-nonprofit", "longgang", "", "land_supply", "葫政办发〔2019〕60号"},
      {"social-nonprofit", "longgang", "land_supply=allocation", "", ""},
      {"social-commercial", "longgang", "land_supply=allocation", "land_supply", "不能划拨"},
      {"industry", "longgang", "with_scheme=true land_supply=allocation", "with_scheme", "带方案出让"},
      {"industry", "longgang", "with_scheme=true land_supply=agreement", "", ""},
      {"industry", "longgang", "with_scheme=true land_supply=lease", "with_scheme", "葫政办发〔2019〕60号"},
      {"industry", "suizhong", "location_zone=yangjiazhangzi", "location_zone", "杨家杖子"},
      {"industry", "yangjiazhangzi-zone", "location_zone=yangjiazhangzi", "", ""},
      {"industry", "yangjiazhangzi-zone", "", "location_zone", "杨家杖子"},
      {"industry", "suizhong", "location_zone=center", "location_zone", "不在中心城区"},
      {"industry", "lianshan", "location_zone=center", "", ""},
      {"renovation", "longgang", "", "project_nature", "改造类"},
      {"renovation", "longgang", "project_nature=rebuild approval_type=approve", "", ""},
  };
  const Policy *p = huludao(t, cx);
  for (size_t i = 0; i < COUNT(rows); i++) row_check(t, cx, p, &rows[i]);
}

TEST(a_missing_answer_contradicts_nothing) {
  const Policy *p = huludao(t, cx);
  const Contradiction *list[CONTRADICTIONS_MAX];
  for (size_t i = 0; i < p->category_count; i++)
    EXPECT_INT(policy_contradictions(cx->mem, p, policy_facts(cx->mem, NULL, p->categories[i].code, S("")), list), 0);
}

/* Every combination of category, county and first choices can be made to agree: no category is shut out by its rules. */
TEST(each_category_has_answers_that_agree) {
  const Policy *p = huludao(t, cx);
  const Contradiction *list[CONTRADICTIONS_MAX];
  for (size_t i = 0; i < p->category_count; i++)
    for (size_t u = 0; u < p->unit_count; u++) {
      if (!str_eqz(p->units[u].kind, "county") && !str_eqz(p->units[u].kind, "zone")) continue;
      for (size_t draw = 0; draw < 6; draw++) {
        Json *facts = json_obj(cx->mem);
        for (size_t k = 0; k < p->fact_count; k++) {
          const Field *f = &p->facts[k];
          if (f->type == FIELD_BOOL) json_put_bool(cx->mem, facts, f->name, draw & 1);
          else if (f->type == FIELD_CHOICE) json_put_str(cx->mem, facts, f->name, f->choices[(draw + k) % f->choice_count].value);
        }
        Str category = p->categories[i].code, county = p->units[u].code;
        policy_agree(cx->mem, p, category, county, facts);
        size_t left = policy_contradictions(cx->mem, p, policy_facts(cx->mem, facts, category, county), list);
        EXPECT_INT(left, 0);
        if (left) EXPECT_STR(list[0]->code, category);
      }
    }
}

/* What a land that is allotted, and who builds, leave open: 带方案出让 is settled, and of the kinds of 立项 two are left. */
TEST(rules_leave_what_they_do_not_refuse) {
  const Policy *p = huludao(t, cx);
  Json *facts = json_obj(cx->mem);
  json_put_str(cx->mem, facts, S("land_supply"), S("allocation"));
  policy_settle(cx->mem, p, S("social-nonprofit"), S(""), facts);
  EXPECT(json_get(facts, S("with_scheme")) && !json_bool(facts, S("with_scheme")));
  EXPECT(!json_get(facts, S("approval_type")));
  Str left[8];
  const Field *f = policy_field(p, 0, S("approval_type"));
  EXPECT_INT(policy_choices_left(cx->mem, p, S("social-nonprofit"), S(""), facts, f, left), 2);
  EXPECT_STR(left[0], S("verify"));
  EXPECT_STR(left[1], S("record"));
  facts = json_obj(cx->mem);
  policy_settle(cx->mem, p, S("social-commercial"), S(""), facts);
  EXPECT_STR(json_str(facts, S("approval_type")), S("record"));
  EXPECT(!json_get(facts, S("land_supply"))); /* several are left */
}
