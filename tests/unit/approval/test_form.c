/* SPDX-License-Identifier: Apache-2.0 */
/* test_form.c: what is known already, what is wrong, and how it is said. */
#include "world.h"

static void start(World *w, Cx *cx, const char *category) {
  world_open(w, cx->mem, huludao(cx));
  world_register(w, str_of(category), S("longgang"));
  REQUIRE(w->pr);
}

/* The sentence about one field when `value` is typed there (NULL: nothing), or empty. */
static Str fault_of(World *w, Cx *cx, int stage, const char *field, const char *value, size_t *count) {
  Json *form = world_form(w, stage, NULL), *typed = json_obj(cx->mem), *clean = NULL, *faults = NULL;
  for (const Json *v = form->first; v; v = v->next)
    if (!str_eqz(v->key, field)) json_put(cx->mem, typed, v->key, json_clone(cx->mem, v));
  if (value) json_put_str(cx->mem, typed, str_of(field), str_of(value));
  REQUIRE(project_check_form(cx, w->policies.current, w->pr, stage, typed, NULL, &clean, &faults) == OK);
  Str text = S("");
  *count = 0;
  for (const Json *x = faults->first; x; x = x->next) {
    if (str_starts(json_str(x, S("field")), S("m_"))) continue;
    ++*count;
    if (str_eqz(json_str(x, S("field")), field)) text = json_str(x, S("text"));
  }
  return text;
}

TEST(each_type_of_field_says_what_is_wrong_with_it) {
  static const struct { int stage; const char *field, *value, *says; } rows[] = {
      {1, "site", NULL, "请填写“建设地点”"},
      {1, "site", "  ", "请填写“建设地点”"},
      {1, "site", "一\n二", "只能写一行"},
      {1, "industry_code", "E4700000", "最多写 6 个字"},
      {1, "site", "\xe2\x80\xae颠倒", "看不见的控制字符"},
      {1, "site", "\xff", "UTF-8"},
      {1, "planned_start", "明年", "年-月-日"},
      {1, "planned_start", "2020-02-30", "年-月-日"},
      {1, "eia_kind", NULL, "请选择“环评类别”"},
      {1, "eia_kind", "other", "请选择“环评类别”"},
      {1, "energy_review", NULL, "请选择“需要节能审查”"},
      {1, "energy_review", "也许", "请选择“需要节能审查”"},
      {1, "contact_name", NULL, "请填写“联系人”"},
      {1, "contact_name", "王某", "要先存入保险库"},
      {1, "contact_phone", "13900000000", "要先存入保险库"},
      {2, "parking", "很多", "用整数填写"},
      {2, "parking", "1.5", "用整数填写"},
      {2, "parking", "100001", "0 到 100000 之间"},
      {2, "parking", "-1", "0 到 100000 之间"},
      {2, "plot_ratio", "一点八", "用数字填写"},
      {2, "plot_ratio", "20.001", "0 到 20 之间"},
      {3, "contract_price", NULL, "请填写“合同价格”"},
      {4, "visit_day", "2020-04-04", "“希望联合勘验日期”：2020年4月4日不是工作日（清明节），下一个工作日是 2020-04-07"},
      {4, "remarks", "\x01", "看不见的控制字符"}};
  World w;
  start(&w, cx, "industry");
  for (size_t i = 0; i < COUNT(rows); i++) {
    size_t count = 0;
    Str text = fault_of(&w, cx, rows[i].stage, rows[i].field, rows[i].value, &count);
    if (!str_has(text, str_of(rows[i].says))) EXPECT_STR(text, str_of(rows[i].says));
    EXPECT_INT(count, 1);
  }
}

TEST(a_form_that_is_right_has_no_fault_and_canonical_values) {
  World w;
  start(&w, cx, "industry");
  Json *form = world_form(&w, 2, NULL), *clean = NULL, *faults = NULL;
  json_put_str(cx->mem, form, S("parking"), S("１８０"));
  json_put_str(cx->mem, form, S("plot_ratio"), S(" 1.800 "));
  REQUIRE(project_check_form(cx, w.policies.current, w.pr, 2, form, NULL, &clean, &faults) == OK);
  EXPECT_INT(json_int(clean, S("parking"), 0), 180);
  EXPECT_STR(json_str(clean, S("plot_ratio")), S("1.8"));
  EXPECT(json_get(clean, S("green_land"))->kind == JSON_BOOL);
  for (const Json *x = faults->first; x; x = x->next) EXPECT(str_starts(json_str(x, S("field")), S("m_")));
}

TEST(a_field_that_is_not_asked_is_not_missed_and_not_kept) {
  World w;
  size_t count = 0;
  start(&w, cx, "industry");
  EXPECT_STR(fault_of(&w, cx, 1, "forest", NULL, &count), S("")); /* 涉及特殊用地 = 否 */
  EXPECT_INT(count, 0);
  Json *form = world_form(&w, 1, NULL), *clean = NULL, *faults = NULL;
  json_put_str(cx->mem, form, S("forest"), S("true"));
  REQUIRE(project_check_form(cx, w.policies.current, w.pr, 1, form, NULL, &clean, &faults) == OK);
  EXPECT(!json_get(clean, S("forest")));
  json_put_str(cx->mem, w.facts, S("special_site"), S("true"));
  EXPECT_STR(fault_of(&w, cx, 1, "forest", NULL, &count), S("请选择“使用林地”：永久或临时使用林地"));
}

TEST(a_field_of_another_category_is_not_asked) {
  World w;
  size_t count = 0;
  start(&w, cx, "highway");
  EXPECT_STR(fault_of(&w, cx, 2, "hazardous", NULL, &count), S(""));
  EXPECT_STR(fault_of(&w, cx, 2, "air_defence", NULL, &count), S(""));
  World other;
  start(&other, cx, "industry");
  EXPECT(str_has(fault_of(&other, cx, 2, "hazardous", NULL, &count), S("危险化学品项目")));
}

TEST(materials_follow_from_the_answers) {
  World w;
  start(&w, cx, "industry");
  Json *form = world_form(&w, 1, NULL), *clean = NULL, *faults = NULL;
  REQUIRE(project_check_form(cx, w.policies.current, w.pr, 1, form, NULL, &clean, &faults) == OK);
  Str all = json_text(cx->mem, faults);
  EXPECT(str_has(all, S("m_licence")));
  EXPECT(str_has(all, S("m_eia-document")));
  EXPECT(str_has(all, S("依据：《中华人民共和国环境影响评价法》第二十二条")));
  EXPECT(!str_has(all, S("m_application-1"))); /* made from the form */
  EXPECT(!str_has(all, S("m_agent-letter")));  /* not required */
  json_put_str(cx->mem, form, S("eia_kind"), S("none"));
  REQUIRE(project_check_form(cx, w.policies.current, w.pr, 1, form, NULL, &clean, &faults) == OK);
  EXPECT(!str_has(json_text(cx->mem, faults), S("m_eia-document")));
}

TEST(a_file_without_content_does_not_count_as_handed_in) {
  World w;
  start(&w, cx, "industry");
  Json *files = json_arr(cx->mem), *clean = NULL, *faults = NULL, *f = json_push_obj(cx->mem, files);
  json_put_str(cx->mem, f, S("material"), S("licence"));
  json_put_str(cx->mem, f, S("name"), S("营业执照.pdf"));
  REQUIRE(project_check_form(cx, w.policies.current, w.pr, 1, world_form(&w, 1, NULL), files, &clean, &faults) == OK);
  EXPECT(str_has(json_text(cx->mem, faults), S("m_licence")));
}

/* ---- known ----------------------------------------------------------------------------------------- */

TEST(the_licence_of_stage_1_is_already_there_in_stage_3) {
  World w;
  start(&w, cx, "industry");
  const Json *known = json_get(project_known(cx->mem, w.policies.current, w.pr, 1), S("materials"));
  EXPECT(!json_get(known, S("licence")));
  world_through(&w, 1);
  world_through(&w, 2);
  known = json_get(project_known(cx->mem, w.policies.current, w.pr, 3), S("materials"));
  const Json *licence = json_get(known, S("licence"));
  EXPECT_INT(json_int(licence, S("from"), 0), 1);
  EXPECT_STR(json_str(licence, S("label")), S("已交"));
  EXPECT_STR(json_str(licence, S("name")), S("材料.pdf"));
  EXPECT(json_str(licence, S("blob")).len > 0);
  const Json *certificate = json_get(known, S("certificate-2"));
  EXPECT_STR(json_str(certificate, S("name")), S("HLD-ZJ2-000001-1"));
  EXPECT_STR(json_str(certificate, S("label")), S("出件"));
  world_upto(&w, 3, STAGE_SUBMITTED);
  size_t reused = 0;
  for (size_t i = 0; i < w.pr->stages[3].file_count; i++) {
    const FileRef *f = &w.pr->stages[3].files[i];
    if (str_eqz(f->material, "licence") && f->reused_from == 1 && f->blob.len) reused++;
    if (str_eqz(f->material, "certificate-2") && f->reused_from == 2) reused++;
  }
  EXPECT_INT(reused, 2);
}

TEST(what_was_filled_in_before_is_filled_in_again) {
  World w;
  start(&w, cx, "industry");
  const Json *known = json_get(project_known(cx->mem, w.policies.current, w.pr, 1), S("fields"));
  EXPECT_STR(json_str(known, S("contact_name")), S("王某"));      /* of the registration */
  EXPECT_STR(json_str(known, S("contact_phone")), S("v1.sample"));
  EXPECT(!json_get(known, S("site")));
  Json *args = json_obj(cx->mem), *form = json_put_obj(cx->mem, args, S("form"));
  json_put_int(cx->mem, args, S("stage"), 1);
  json_put_str(cx->mem, form, S("site"), S("龙港区示例路1号"));
  json_put_str(cx->mem, form, S("contact_name"), S("v1.other"));
  REQUIRE(world_do(&w, S("owner"), S("stage.submit"), args) == OK);
  known = json_get(project_known(cx->mem, w.policies.current, w.pr, 1), S("fields"));
  EXPECT_STR(json_str(known, S("site")), S("龙港区示例路1号"));
  known = json_get(project_known(cx->mem, w.policies.current, w.pr, 2), S("fields"));
  EXPECT_STR(json_str(known, S("contact_name")), S("v1.other"));
}

TEST(the_answers_of_a_form_become_facts_of_the_project) {
  World w;
  start(&w, cx, "industry");
  Json *form = json_obj(cx->mem);
  json_put_str(cx->mem, form, S("eia_kind"), S("none"));
  json_put_str(cx->mem, form, S("site"), S("龙港区"));
  const Json *facts = project_facts_with(cx->mem, w.policies.current, w.pr, 1, form);
  EXPECT_STR(json_str(facts, S("eia_kind")), S("none"));
  EXPECT(!json_get(facts, S("site"))); /* not declared as a fact */
  EXPECT_STR(json_str(facts, S("floor_area")), S("12500"));
  EXPECT(!json_get(w.pr->facts, S("eia_kind"))); /* the project itself is untouched */
}

/* What the enterprise handed in for another project, as the views give it. */
TEST(an_enterprise_hands_in_its_licence_once_for_all_its_projects) {
  World w;
  world_open(&w, t->mem, huludao(cx));
  world_register(&w, S("industry"), S("longgang"));
  Json *shared = NULL, *clean = NULL, *faults = NULL;
  REQUIRE(json_parse(cx, S("{\"licence\":{\"project\":7,\"number\":\"HLD-000007-X\",\"name\":\"执照.pdf\",\"blob\":\"ab\",\"size\":5,\"at\":1},"
                           "\"redline\":{\"project\":7,\"number\":\"HLD-000007-X\",\"name\":\"红线.zip\",\"blob\":\"cd\",\"size\":5,\"at\":1}}"), &shared) == OK);
  const Json *known = json_get(project_known_with(cx->mem, w.policies.current, w.pr, 1, shared), S("materials"));
  EXPECT_INT(json_int(json_get(known, S("licence")), S("project"), 0), 7);
  EXPECT(json_get(known, S("redline")) == NULL); /* it is about the project, not the enterprise */
  Handed h = {.shared = shared, .today = day_of(w.now)};
  REQUIRE(project_check_handed(cx, w.policies.current, w.pr, 1, world_form(&w, 1, NULL), &h, &clean, &faults) == OK);
  for (const Json *f = faults->first; f; f = f->next) EXPECT(!str_eq(json_str(f, S("field")), S("m_licence")));
  EXPECT(faults->count > 0);
}
