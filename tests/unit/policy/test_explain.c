/* SPDX-License-Identifier: Apache-2.0 */
/* What an item says about itself for a project, and what changed between two packages. */
#include "pkg.h"
#include "policy/lint.h"
#include "policy/policy_int.h"
#include "policy/when.h"

static Str explained(Test *t, Cx *cx, const Policy *p, const char *item, const char *category, const char *facts) {
  const Item *found = policy_item(p, str_of(item));
  Json *all = json_obj(t->mem);
  Str rest = str_of(facts), one;
  REQUIRE(found);
  while (rest.len) {
    str_cut(rest, ' ', &one, &rest);
    cx_clear(cx);
    EXPECT_INT(policy_fact(cx, p, all, one), OK);
    EXPECT_STR(cx->detail, S(""));
  }
  return policy_explain(t->mem, p, found, str_of(category), json_str(all, S("county")), all);
}

TEST(an_item_explains_itself) {
  static const struct { const char *item, *category, *facts, *want; } rows[] = {
      {"fire-design-filing", "renovation", "建筑面积=280", "\n免办：建筑面积 280 ㎡ ≤ 300 ㎡，依据 葫政办发〔2019〕60号 二、（四）1．（3）\n条件：“建筑面积 > 300”不成立（建筑面积：280）\n"},
      {"fire-design-filing", "renovation", "建筑面积=320", "\n要办：建筑面积 320 ㎡ > 300 ㎡，依据 葫政办发〔2019〕60号 二、（四）1．（3）\n"},
      {"fire-design-filing", "renovation", "floor_area=320", "\n办理：市住房城乡建设局\n时限：5 个工作日（示例，文件没有给出）\n结果：消防设计备案凭证\n"},
      {"fire-design-filing", "renovation", "", "\n还不能确定：“建筑面积”还没有填写，依据"},
      {"fire-design-filing", "water", "建筑面积=320", "\n不适用：政府投资水利项目类没有这个事项\n"},
      {"site-opinion", "industry", "土地获取方式=出让 立项类型=备案", "\n免办：土地获取方式：出让，不是划拨，依据 葫政办发〔2019〕60号 二、（四）1．（2）\n"},
      {"site-opinion", "industry", "土地获取方式=划拨 立项类型=备案", "\n免办：立项类型：备案，不是审批、核准，"},
      {"site-opinion", "industry", "土地获取方式=划拨 立项类型=核准 建设区位=其他区域 县区=兴城市", "\n办理：兴城市政府（下放县（市）区：建设区位：其他区域，"},
      {"site-opinion", "industry", "土地获取方式=划拨 立项类型=核准 建设区位=中心城区 县区=龙港区", "\n办理：市自然资源局（不下放：建设区位：中心城区，不是其他区域）\n"},
      {"site-opinion", "industry", "土地获取方式=划拨 立项类型=核准", "\n时限：3 个工作日（示例，文件没有给出）\n"},
      {"eia-approval", "industry", "环评类别=登记表", "\n免办：环评类别：登记表，不是报告书、报告表，依据 葫政办发〔2019〕60号 二、（九）1．\n"},
      {"eia-approval", "industry", "环评类别=报告表", "\n时序：第 3 阶段出“施工许可证”之前办完\n"},
      {"eia-approval", "industry", "环评类别=报告表", "\n材料：环境影响报告书（表）（《中华人民共和国环境影响评价法》第二十二条）\n"},
      {"planning-permit", "industry", "", "\n要办：这个类别都要办，依据 葫政办发〔2019〕60号 二、（六）1．\n法律依据：《中华人民共和国城乡规划法》第四十条\n"},
      {"planning-permit", "industry", "", "\n前置：建设用地规划许可证核发"},
      {"mineral-overlay", "water", "涉及特殊用地=是 压覆重要矿产=是", "并行推进，不占阶段时限，国家、省级审批权限\n"}};
  const Policy *p = huludao(t, cx);
  for (size_t i = 0; i < COUNT(rows); i++) {
    Str text = explained(t, cx, p, rows[i].item, rows[i].category, rows[i].facts);
    EXPECT(str_has(text, str_of(rows[i].want)));
    if (!str_has(text, str_of(rows[i].want))) EXPECT_STR(text, str_of(rows[i].want));
  }
}

/* Every item, every category, without and with facts: always a sentence, never a crash. */
TEST(every_item_can_be_explained) {
  const Policy *p = huludao(t, cx);
  for (size_t i = 0; i < p->item_count; i++)
    for (size_t c = 0; c < p->category_count; c++)
      for (int with = 0; with < 2; with++) {
        Json *facts = with ? facts_of(t, "floor_area=0 land_supply=grant approval_type=record special_site=true") : NULL;
        Str text = policy_explain(t->mem, p, &p->items[i], p->categories[c].code, S("nanpiao"), facts);
        EXPECT(str_has(text, S("办：")) || str_has(text, S("不适用：")) || str_has(text, S("还不能确定：")));
        EXPECT(utf8_valid(text) && str_ends(text, S("\n")));
      }
}

TEST(the_reason_names_only_what_decides) {
  static const struct { const char *text, *facts, *want; } rows[] = {
      {"线性工程 且 重大工程", "linear=false major=false", "线性工程：否"},
      {"线性工程 且 重大工程", "linear=true major=true", "线性工程：是，重大工程：是"},
      {"线性工程 或 重大工程", "linear=false major=true", "重大工程：是"},
      {"线性工程 或 重大工程", "linear=false major=false", "线性工程：否，重大工程：否"},
      {"线性工程 且 重大工程", "linear=true", "“重大工程”还没有填写"},
      {"非 (建筑面积 >= 300)", "floor_area=280", "建筑面积 280 ㎡ < 300 ㎡"},
      {"总投资 < 500", "investment=600", "总投资 600 万元 ≥ 500 万元"},
      {"建设性质 != 新建", "project_nature=new", "建设性质：新建"},
      {"建设性质 != 新建", "project_nature=expand", "建设性质：扩建，不是新建"},
      {"线性工程 = 否", "linear=true", "线性工程：是"},
      {"类别 = 改造类", "category=industry", "类别：社会投资工业类，不是改造类"}};
  const Policy *p = huludao(t, cx);
  for (size_t i = 0; i < COUNT(rows); i++) {
    const Expr *e = NULL;
    EXPECT_INT(policy_expr(cx, p, str_of(rows[i].text), &e), OK);
    EXPECT_STR(policy_reason(t->mem, p, e, facts_of(t, rows[i].facts)), str_of(rows[i].want));
  }
  EXPECT_STR(policy_reason(t->mem, p, NULL, NULL), S("总是需要"));
}

TEST(facts_typed_wrong_say_what_to_type) {
  static const char *const rows[][2] = {{"建筑面积", "要写成 名称=值，如 建筑面积=280"}, {"层数=3", "没有“层数”这个事实"}, {"建筑面积=很大", "“建筑面积”用数字填写"},
                                        {"类别=第八类", "没有“第八类”这个类别"}, {"县区=沈阳市", "“沈阳市”不是县（市）区或开发区"}, {"线性工程=也许", "请选择“线性工程”"},
                                        {"立项类型=批准", "请选择“立项类型”"}, {"建筑面积=", "请填写“建筑面积”"}, {"联系人=王", "没有“联系人”这个事实"}};
  const Policy *p = huludao(t, cx);
  for (size_t i = 0; i < COUNT(rows); i++) {
    Json *facts = json_obj(t->mem);
    cx_clear(cx);
    EXPECT_INT(policy_fact(cx, p, facts, str_of(rows[i][0])), INVALID);
    EXPECT(str_has(cx->detail, str_of(rows[i][1])));
    EXPECT_INT(facts->count, 0);
  }
}

static Str diff_after(Test *t, Cx *cx, const char *file, const char *old, const char *new) {
  SCOPED(copy_drop) Copy c = copy_make(t, cx);
  copy_patch(t, cx, &c, file, str_of(old), str_of(new));
  const Policy *a = huludao(t, cx), *b = NULL;
  Mistakes m = {0};
  EXPECT_INT(policy_load(cx, c.dir, &b, &m), OK);
  EXPECT_STR(cx->detail, S(""));
  cx_clear(cx);
  return b ? policy_diff(t->mem, a, b) : S("");
}

TEST(changes_are_told_table_by_table) {
  static const struct { const char *file, *old, *new, *want; } rows[] = {
      {"categories.yaml", "limits: [7, 20, 24, 19]\n    total: 70", "limits: [8, 20, 24, 19]\n    total: 71", "类别 社会投资工业类（industry）：时限 7、20、24、19 → 8、20、24、19；合计 70 → 71\n"},
      {"package.yaml", "receipt_days: 5\nreceipt_clause: XKF-32", "receipt_days: 3\nreceipt_sample: true", "总表 huludao：告知期限 5 → 3；告知期限出处 XKF-32 → 示例\n"},
      {"stages.yaml", "lead: development-reform", "lead: finance", "阶段 立项用地规划许可：牵头单位 development-reform → finance\n"},
      {"items.yaml", "when: \"非 使用已批准用地\", when_clause: D60-2.4.1-(1),\n", "", "事项 建设项目用地预审（land-preview）：条件 非 使用已批准用地 → （空）；条件出处 D60-2.4.1-(1) → （空）\n"},
      {"items.yaml", "limits: {industry: 3}", "limits: {industry: 4}", "事项 建设项目选址意见书核发（site-opinion）：时限 industry 3 → industry 4\n"},
      {"materials.yaml", "code: quality-safety", "code: quality", "材料取消 保证工程质量和安全的具体措施（quality-safety）\n材料新增 保证工程质量和安全的具体措施（quality）\n"},
      {"forms.yaml", "{value: other, label: 其他}\n  - name: approval_type", "{value: other, label: 别的}\n  - name: approval_type", "登记表 建设性质（project_nature）：选项 new 新建、expand 扩建、relocate 迁建、rebuild 改建、other 其他 → new 新建、expand 扩建、relocate 迁建、rebuild 改建、other 别的\n"},
      {"forms.yaml", "{name: parking, label: 机动车停车位, type: int", "{name: parking, label: 停车位, type: decimal", "第二阶段申请表 停车位（parking）：栏目 机动车停车位 → 停车位；类型 int → decimal；"},
      {"units.yaml", "aliases: [市自然资源事务服务中心, 自然资源事务服务中心]", "aliases: [市自然资源事务服务中心]", "单位 市自然资源服务中心（natural-resources-centre）：别名 市自然资源事务服务中心、自然资源事务服务中心 → 市自然资源事务服务中心\n"},
      {"causes.yaml", "max_days: 40", "max_days: 50", "暂停事由 听证（hearing）：最长天数 40 → 50\n"},
      {"certificates.yaml", "merges: [国有土地划拨决定书, 建设用地批准书,", "merges: [国有土地划拨决定书,", "证照 规划用地许可证（land-use-allocated）：合并 "},
      {"notes.yaml", "choice: 录七类；", "choice: 先录七类；", "矛盾记录 X01：选择 录七类；"},
      {"holidays.csv", "2026-10-01,holiday", "2026-10-01,normal", "日历 2026-10-01：休息 → 上班（"}};
  for (size_t i = 0; i < COUNT(rows); i++) {
    Str text = diff_after(t, cx, rows[i].file, rows[i].old, rows[i].new);
    EXPECT(str_starts(text, str_of(rows[i].want)));
    if (!str_starts(text, str_of(rows[i].want))) EXPECT_STR(text, str_of(rows[i].want));
  }
  const Policy *a = huludao(t, cx), *b = huludao(t, cx);
  EXPECT_STR(policy_diff(t->mem, a, b), S(""));
}

/* Seen from the other side, new is old: as many lines, and 新增 and 取消 change places. */
TEST(a_comparison_turned_round_has_as_many_lines) {
  SCOPED(copy_drop) Copy c = copy_make(t, cx);
  copy_patch(t, cx, &c, "materials.yaml", S("code: quality-safety"), S("code: quality"));
  copy_patch(t, cx, &c, "causes.yaml", S("max_days: 40"), S("max_days: 50"));
  const Policy *a = huludao(t, cx), *b = NULL;
  Mistakes m = {0};
  EXPECT_INT(policy_load(cx, c.dir, &b, &m), OK);
  Str there = policy_diff(t->mem, a, b), back = policy_diff(t->mem, b, a);
  size_t x = 0, y = 0;
  for (size_t i = 0; i < there.len; i++) x += there.ptr[i] == '\n';
  for (size_t i = 0; i < back.len; i++) y += back.ptr[i] == '\n';
  EXPECT_INT(x, 3);
  EXPECT_INT(y, 3);
  EXPECT(str_has(there, S("材料新增 保证工程质量和安全的具体措施（quality）")) && str_has(back, S("材料取消 保证工程质量和安全的具体措施（quality）")));
}

/* No key is printed raw, but those that identify a row and cannot differ. */
TEST(each_key_has_a_name_for_people) {
  size_t n;
  const TableInfo *tables = policy__tables(&n);
  EXPECT_INT(n, 40);
  const Policy *p = huludao(t, cx);
  for (size_t i = 0; i < n; i++) {
    size_t rows;
    const char *first = policy__rows(&tables[i], p, &rows);
    EXPECT(first && rows > 0);
    for (size_t k = 0; k < tables[i].cell_count; k++) {
      Str key = str_of(tables[i].cells[k].key);
      bool is_key = str_eq(key, S("code")) || str_eq(key, S("id")) || str_eq(key, S("no"));
      EXPECT(is_key || !str_eq(policy__label(&tables[i].cells[k]), key));
    }
  }
}

static Str material_when(Test *t, const Policy *p, const char *code, int stage) {
  return policy_material_when(t->mem, p, policy_material(p, str_of(code)), stage, S(""), NULL);
}

/* Guides say the condition; what every project brings has none. */
TEST(guides_say_in_which_case) {
  const Policy *p = huludao(t, cx);
  EXPECT_STR(material_when(t, p, "road-plan", 3), S("占用挖掘道路"));
  EXPECT_STR(material_when(t, p, "waste-plan", 3), S("处置建筑垃圾"));
  EXPECT(str_ends(material_when(t, p, "promise-letter", 3), S("签订施工图承诺书")));
  EXPECT_STR(material_when(t, p, "contractor-proof", 3), S(""));
  EXPECT_STR(material_when(t, p, "redline", 1), S("类别不是改造类")); /* allocated or not: one of its items asks for it */
  EXPECT_STR(policy_item_when(t->mem, p, policy_item(p, S("fire-design-filing")), S("renovation"), NULL), S("建筑面积大于 300 ㎡"));
  EXPECT_STR(policy_item_when(t->mem, p, policy_item(p, S("site-opinion")), S("industry"), facts_of(t, "land_supply=allocation")),
             S("立项类型是审批、核准"));
  EXPECT_STR(policy_when(t->mem, p, policy_item(p, S("land-preview"))->when, NULL), S("“使用已批准用地”为否"));
}
