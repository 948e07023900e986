/* SPDX-License-Identifier: Apache-2.0 */
/* What 葫政办发〔2019〕60号 says in numbers and names, read back from the package. */
#include "pkg.h"

TEST(seven_categories_have_the_limits_of_the_document) {
  static const struct { const char *code, *name, *qualifier; int limit[4], total; const char *clause; } rows[] = {
      {"gov-building", "政府投资房屋建筑类", "市政基础设施类", {14, 22, 29, 25}, 90, "D60-4.13-p4"},
      {"social-commercial", "社会投资一般经营性房屋建筑类工程", "备案类", {9, 22, 24, 25}, 80, "D60-4.13-p5"},
      {"social-nonprofit", "社会投资非经营性建筑类工程", "划拨用地项目", {14, 22, 24, 25}, 85, "D60-4.13-p6"},
      {"industry", "社会投资工业类", "", {7, 20, 24, 19}, 70, "D60-4.13-p7"},
      {"renovation", "改造类", "规划条件不变", {4, 0, 19, 12}, 35, "D60-4.13-p8"},
      {"water", "政府投资水利项目类", "", {14, 26, 5, 21}, 66, "D60-4.13-p9"},
      {"highway", "政府投资公路项目类", "", {14, 13, 37, 21}, 85, "D60-4.13-p10"}};
  const Policy *p = huludao(t, cx);
  EXPECT_INT(p->category_count, COUNT(rows));
  for (size_t i = 0; i < COUNT(rows); i++) {
    const Category *c = policy_category(p, str_of(rows[i].code));
    EXPECT(c == &p->categories[i]);
    if (!c) continue;
    EXPECT_STR(c->name, str_of(rows[i].name));
    EXPECT_STR(c->qualifier, str_of(rows[i].qualifier));
    for (int n = 1; n <= STAGE_MAX; n++) EXPECT_INT(c->limit[n], rows[i].limit[n - 1]);
    EXPECT_INT(c->total, rows[i].total);
    EXPECT_STR(c->source.clause, str_of(rows[i].clause));
    EXPECT(!c->source.sample);
  }
}

/* The same numbers once more, out of the sentences of the document. */
TEST(the_limits_stand_in_the_text_of_their_clauses) {
  const Policy *p = huludao(t, cx);
  const Clause *all = policy_clause(p, S("D60-1.3.1"));
  EXPECT(all);
  for (size_t i = 0; i < p->category_count; i++) {
    const Category *c = &p->categories[i];
    const Clause *own = policy_clause(p, c->source.clause);
    EXPECT(own);
    if (!own || !all) continue;
    Str name = c->qualifier.len ? arena_fmt(t->mem, "%.*s（%.*s）", SFMT(c->name), SFMT(c->qualifier)) : c->name;
    EXPECT(str_has(own->text, arena_fmt(t->mem, "%.*s%d个工作日", SFMT(name), c->total)));
    EXPECT(str_has(all->text, arena_fmt(t->mem, "%.*s%d个工作日", SFMT(name), c->total)));
    for (int n = 1; n <= STAGE_MAX; n++)
      EXPECT(str_has(own->text, arena_fmt(t->mem, "%.*s阶段%d个工作日", SFMT(p->stages[n].name), c->limit[n])));
  }
}

TEST(four_stages_have_their_lead_desk_and_certificate) {
  static const struct { const char *name, *lead, *desk, *certificate, *alias; } rows[] = {
      {"立项用地规划许可", "市发展改革委", "审批一科", "规划用地许可证", "建设用地规划许可证"},
      {"工程建设许可", "市自然资源局", "审批二科", "工程规划许可证", "建设用地工程规划许可证"},
      {"施工许可", "市住房城乡建设局", "审批三科", "施工许可证", "建设工程施工许可证"},
      {"竣工验收", "市住房城乡建设局", "审批四科", "竣工验收备案书", "竣工验收备案表"}};
  const Policy *p = huludao(t, cx);
  for (int n = 1; n <= STAGE_MAX; n++) {
    const Stage *s = &p->stages[n];
    EXPECT_INT(s->no, n);
    EXPECT_STR(s->name, str_of(rows[n - 1].name));
    const Unit *lead = policy_unit(p, s->lead);
    EXPECT_STR(lead ? lead->name : S(""), str_of(rows[n - 1].lead));
    EXPECT_STR(s->desk, str_of(rows[n - 1].desk));
    EXPECT_STR(s->certificate, str_of(rows[n - 1].certificate));
    bool alias = false;
    for (size_t i = 0; i < s->alias_count; i++) alias |= str_eqz(s->aliases[i], rows[n - 1].alias);
    EXPECT(alias);
    EXPECT_STR(s->source.clause, S("D60-2.6.3"));
    EXPECT_STR(s->certificate_source.clause, S("D60-4.15-p3"));
  }
}

TEST(one_seal_and_the_general_limits) {
  const Policy *p = huludao(t, cx);
  EXPECT_STR(p->seal, S("葫芦岛市建设项目审批专用章"));
  EXPECT_STR(p->seal_source.clause, S("D60-4.15-p4"));
  EXPECT_STR(p->city, S("葫芦岛市"));
  EXPECT_STR(p->city_code, S("211400"));
  EXPECT_INT(p->receipt_days, 5);
  EXPECT_STR(p->receipt_source.clause, S("XKF-32"));
  EXPECT_INT(p->extend_days, 10);
  EXPECT_STR(p->extend_source.clause, S("XKF-42"));
  EXPECT_INT(p->deliver_days, 10);
  EXPECT_STR(p->deliver_source.clause, S("XKF-44"));
  EXPECT_INT(p->take_days, 1);
  EXPECT(p->take_source.sample && !p->take_source.clause.len);
  EXPECT(p->lamp_source.sample && p->lamp.warn_days == 1 && p->lamp.warn_of == 5);
  EXPECT(str_has(p->remedy, S("六十日")) && str_has(p->remedy, S("六个月")));
}

TEST(the_window_has_39_seats) {
  static const struct { const char *unit; int seats; } rows[] = {
      {"housing-construction", 16}, {"development-reform", 2}, {"ecology-environment", 1}, {"natural-resources", 6},
      {"emergency", 4}, {"business-environment", 1}, {"power-company", 1}, {"water-company", 1},
      {"drainage-company", 1}, {"gas-company", 1}, {"heat-company", 2}, {"telecom-company", 3}};
  const Policy *p = huludao(t, cx);
  int all = 0, known = 0, utilities = 0;
  for (size_t k = 0; k < p->post_count; k++) {
    all += p->posts[k].seats;
    if (p->posts[k].seats) EXPECT_STR(p->posts[k].source.clause, S("D60-6.19.2-p1"));
  }
  for (size_t i = 0; i < COUNT(rows); i++) {
    int seats = 0;
    for (size_t k = 0; k < p->post_count; k++)
      if (str_eqz(p->posts[k].unit, rows[i].unit)) seats += p->posts[k].seats;
    EXPECT_INT(seats, rows[i].seats);
    known += seats;
    if (str_has(str_of(rows[i].unit), S("-company"))) utilities += seats;
  }
  EXPECT_INT(all, 39);
  EXPECT_INT(known, 39);
  EXPECT_INT(utilities, 9);
  const Post *approvers = policy_post(p, S("seat-housing-approver")), *counter = policy_post(p, S("seat-counter")),
             *affairs = policy_post(p, S("seat-affairs"));
  EXPECT(approvers && approvers->seats == 7 && counter && counter->seats == 6 && affairs && affairs->seats == 3);
}

TEST(all_29_units_and_9_regions_are_known) {
  static const char *const units[] = {
      "市统战部", "市编委办", "市发展改革委", "市教育局", "市科技局", "市工业和信息化局", "市公安局", "市国家安全局", "市民政局",
      "市财政局", "市人力资源社会保障局", "市自然资源局", "市生态环境局", "市住房城乡建设局", "市司法局", "市交通运输局",
      "市水利局", "市商务局", "市文旅广电局", "市卫生健康委", "市应急管理局", "市国资委", "市市场监管局", "市金融发展局",
      "市营商局", "市自然资源服务中心", "葫芦岛供电公司", "市气象局", "市通信办"};
  static const struct { const char *name, *kind, *region; } regions[] = {
      {"兴城市政府", "county", "211481"}, {"绥中县政府", "county", "211421"}, {"建昌县政府", "county", "211422"},
      {"连山区政府", "county", "211402"}, {"龙港区政府", "county", "211403"}, {"南票区政府", "county", "211404"},
      {"葫芦岛经济开发区管委会", "zone", ""}, {"高新技术产业开发区管委会", "zone", ""},
      {"杨家杖子经济开发区管委会", "zone", ""}};
  const Policy *p = huludao(t, cx);
  const Clause *group = policy_clause(p, S("D60-6.19.1"));
  EXPECT(group);
  for (size_t i = 0; i < COUNT(units); i++) {
    const Unit *u = policy_unit_named(p, str_of(units[i]));
    EXPECT(u && str_eq(u->source.clause, S("D60-6.19.1")));
    EXPECT(group && str_has(group->text, str_of(units[i])));
  }
  size_t county = 0, zone = 0;
  for (size_t i = 0; i < COUNT(regions); i++) {
    const Unit *u = policy_unit_named(p, str_of(regions[i].name));
    EXPECT(u && str_eqz(u->kind, regions[i].kind));
    EXPECT_STR(u ? u->region : S("?"), str_of(regions[i].region));
  }
  for (size_t i = 0; i < p->unit_count; i++) {
    county += str_eq(p->units[i].kind, S("county"));
    zone += str_eq(p->units[i].kind, S("zone"));
  }
  EXPECT_INT(county, 6);
  EXPECT_INT(zone, 3);
}

/* The documents spell one unit in several ways. */
TEST(spellings_of_the_documents_lead_to_one_unit) {
  static const char *const rows[][2] = {
      {"市委编办", "staffing-office"}, {"市发改委", "development-reform"}, {"发改部门", "development-reform"},
      {"自然资源部门", "natural-resources"}, {"住建部门", "housing-construction"}, {"市人防办", "housing-construction"},
      {"营商部门", "business-environment"}, {"市委统战部", "united-front"}, {"供气公司", "gas-company"},
      {"热力公司", "heat-company"}, {"通讯公司", "telecom-company"}, {"市自然资源事务服务中心", "natural-resources-centre"},
      {"市文化旅游和广播电视局", "culture-tourism"}, {"市市场监督管理局", "market-regulation"},
      {"市通信管理办公室", "telecom-office"}, {"行政服务中心", "service-centre"}, {"市供电公司", "power-company"},
      {"政务服务中心", "service-centre"}, {"兴城市", "xingcheng"}, {"杨家杖子经济开发区", "yangjiazhangzi-zone"}};
  const Policy *p = huludao(t, cx);
  for (size_t i = 0; i < COUNT(rows); i++) {
    const Unit *u = policy_unit_named(p, str_of(rows[i][0]));
    EXPECT_STR(u ? u->code : S("-"), str_of(rows[i][1]));
  }
  EXPECT(!policy_unit_named(p, S("市住建")));
  EXPECT(!policy_unit(p, S("county")));
}

static bool sourced(const Policy *p, Source s) {
  return s.sample ? !s.clause.len : policy_clause(p, s.clause) != NULL;
}

TEST(every_number_and_rule_has_a_clause_or_is_marked_as_an_example) {
  const Policy *p = huludao(t, cx);
  for (size_t i = 0; i < p->item_count; i++) {
    const Item *item = &p->items[i];
    EXPECT(sourced(p, item->source) && sourced(p, item->days_source));
    EXPECT(!item->when || sourced(p, item->when_source));
    EXPECT(item->days >= 1 && item->basis.len && item->result.len);
    EXPECT(item->days_source.sample); /* the document gives no limit of an item (D60-2.7.2 asks for them) */
  }
  for (size_t i = 0; i < p->material_count; i++) {
    EXPECT(sourced(p, p->materials[i].source));
    EXPECT(str_has(p->materials[i].basis, S("《"))); /* a law by name (D60-4.14-p1) */
  }
  for (size_t i = 0; i < p->unit_count; i++) EXPECT(sourced(p, p->units[i].source));
  for (size_t i = 0; i < p->post_count; i++) EXPECT(sourced(p, p->posts[i].source));
  for (size_t i = 0; i < p->cause_count; i++) EXPECT(sourced(p, p->causes[i].source));
  for (int n = 1; n <= STAGE_MAX; n++) EXPECT(sourced(p, p->stages[n].source) && sourced(p, p->stages[n].certificate_source));
}

/* 行政许可法 45 lists eight; what local practice adds is marked. */
TEST(eight_lawful_causes_of_pause_and_four_marked_ones) {
  const Policy *p = huludao(t, cx);
  size_t certain = 0;
  for (size_t i = 0; i < p->cause_count; i++) {
    const Cause *c = &p->causes[i];
    certain += c->certain;
    EXPECT(c->certain ? str_eq(c->source.clause, S("XKF-45")) : c->source.sample);
    if (c->certain) EXPECT(str_has(policy_clause(p, S("XKF-45"))->text, c->name));
  }
  EXPECT_INT(certain, 8);
  EXPECT_INT(p->cause_count, 12);
  const Cause *joint = policy_joint_cause(p);
  EXPECT(joint && joint->holder == HELD_APPLICANT && joint->source.sample && !joint->max_days);
  const Cause *correction = policy_cause(p, S("correction"));
  EXPECT(correction && correction->holder == HELD_APPLICANT && !correction->certain);
}

TEST(forms_ask_in_plain_words_and_keep_persons_out_of_the_facts) {
  const Policy *p = huludao(t, cx);
  EXPECT_INT(p->fact_count, 11);
  for (int n = 0; n <= STAGE_MAX; n++) {
    const Field *fields = n ? p->form[n] : p->facts;
    size_t count = n ? p->form_count[n] : p->fact_count;
    EXPECT(count > 0);
    for (size_t i = 0; i < count; i++) {
      EXPECT(!(fields[i].personal && fields[i].fact));
      EXPECT(fields[i].type != FIELD_UNSET);
      EXPECT(!fields[i].fact || (!str_has(fields[i].label, S(" ")) && !str_has(fields[i].label, S("（"))));
      Str clean;
      cx_clear(cx);
      if (fields[i].example.len) EXPECT_INT(field_check(cx, &fields[i], fields[i].example, &clean), OK);
    }
    if (n) EXPECT(policy_field(p, n, S("contact_name")) && policy_field(p, n, S("contact_name"))->personal);
  }
  EXPECT(!policy_field(p, 5, S("site")) && !policy_field(p, -1, S("site")) && policy_field(p, 1, S("site")));
}

TEST(the_package_is_hashed_and_its_hash_follows_its_files) {
  const Policy *p = huludao(t, cx), *q = NULL;
  Mistakes m = {0};
  SCOPED(copy_drop) Copy c = copy_make(t, cx);
  EXPECT_INT(policy_load(cx, c.dir, &q, &m), OK);
  EXPECT_STR(q->dir_hash, p->dir_hash);
  EXPECT_INT(p->dir_hash.len, 64);
  copy_patch(t, cx, &c, "holidays.csv", S("元旦"), S("新年"));
  EXPECT_INT(policy_load(cx, c.dir, &q, &m), OK);
  EXPECT(!str_eq(q->dir_hash, p->dir_hash));
}
