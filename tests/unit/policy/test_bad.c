/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One mistake at a time in a copy of the Huludao package. Each must be found at its file, line and column,
 * with a sentence that says what to do. The mistake must begin at `at`, a part of the new text or else of
 * the file.
 */
#include "pkg.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct Bad {
  const char *file, *old, *new, *at, *want;
} Bad;

static bool shown(const Mistakes *m, const char *file, int line, int column, const char *want) {
  for (size_t i = 0; i < m->count; i++) {
    const Mistake *x = &m->list[i];
    if (str_eqz(x->file, file) && x->line == line && x->column == column && str_has(x->text, str_of(want))) return true;
  }
  return false;
}

static void print_all(const Bad *b, int line, int column, const Mistakes *m) {
  fprintf(stderr, "  want %s:%d:%d %s, got %zu:\n", b->file, line, column, b->want, m->count);
  for (size_t i = 0; i < m->count && i < 5; i++)
    fprintf(stderr, "    %.*s:%d:%d: %.*s\n", SFMT(m->list[i].file), m->list[i].line, m->list[i].column, SFMT(m->list[i].text));
}

/* Every sentence is Chinese and tells the next step. */
static void sentences_check(Test *t, const Mistakes *m) {
  for (size_t i = 0; i < m->count; i++) {
    const Mistake *x = &m->list[i];
    EXPECT(x->file.len && x->line >= 1 && x->column >= 1 && x->text.len && utf8_valid(x->text));
    static const char *const steps[] = {"请", "应", "要", "只能", "写", "不用", "至少", "最多"};
    bool step = false;
    for (size_t k = 0; k < COUNT(steps); k++) step |= str_has(x->text, str_of(steps[k]));
    EXPECT(step);
    if (!step) EXPECT_STR(x->text, S("says what to do"));
  }
}

static void try_bad(Test *t, const Bad *b) {
  Arena *mem = arena_open((size_t)64 << 20);
  Test own = {.mem = mem};
  Cx cx = {.mem = mem};
  SCOPED(copy_drop) Copy c = copy_make(&own, &cx);
  size_t from = copy_patch(&own, &cx, &c, b->file, str_of(b->old), str_of(b->new));
  ptrdiff_t in = str_find(str_of(b->new), str_of(b->at));
  int line, column;
  Str text = copy_read(&own, &cx, &c, b->file);
  size_t place = in >= 0 ? from + (size_t)in : (size_t)str_find(text, str_of(b->at));
  EXPECT(place < text.len && !own.bad);
  place_of(text, place, &line, &column);
  const Policy *p = NULL;
  Mistakes m = {0};
  EXPECT_INT(policy_load(&cx, c.dir, &p, &m), INVALID);
  EXPECT(!p && m.count > 0 && cx.detail.len > 0);
  sentences_check(t, &m);
  bool found = shown(&m, b->file, line, column, b->want);
  EXPECT(found);
  if (!found) print_all(b, line, column, &m);
  t->bad += own.bad;
  arena_close(mem);
}

TEST(wrong_yaml_is_found_where_it_stands) {
  static const Bad rows[] = {
      {"categories.yaml", "    name: 改造类", "    name: [改造类", ": 改造、装修", "写法不对，请检查缩进、冒号、引号和括号，从第 47 行看起"},
      {"categories.yaml", "    total: 90", "\ttotal: 90", "\t", "这里用了制表符（Tab）缩进，请改用空格"},
      {"categories.yaml", "    total: 90", "　total: 90", "　", "这里用了全角空格缩进，请改用半角空格"},
      {"categories.yaml", "    total: 90", "    total：90", "：", "全角冒号“：”，请改成半角"},
      {"categories.yaml", "    total: 90", "    total:90", "90", "冒号后面要空一格"},
      {"package.yaml", "title: 葫芦岛市工程建设项目审批（葫政办发〔2019〕60号）", "title: “葫芦岛”", "“", "全角引号，请改成半角引号"},
      {"items.yaml", "{code: site-opinion, name", "{code: site-opinion，name", "，", "全角逗号“，”，请改成半角"},
      {"items.yaml", "{code: site-opinion, name", "{code：site-opinion, name", "：", "全角冒号“：”，请改成半角"},
      {"items.yaml", "kind: 审批, attribute: 行政许可,\n", "kind：审批, attribute: 行政许可,\n", "：", "全角冒号“：”"},
      {"categories.yaml", "    limits: [14, 22, 29, 25]", "    limits: ［14, 22, 29, 25]", "［", "全角括号，请改成半角 ["},
      {"categories.yaml", "    limits: [14, 22, 29, 25]", "    limits: 【14, 22, 29, 25】", "【", "全角括号"},
      {"categories.yaml", "    total: 90\n", "    total: 90\n    total: 91\n", "total: 91", "同一个键写了两次，请删去一个"},
      {"categories.yaml", "name: 改造类", "name: &x 改造类", "&x", "不用锚点（&），请直接写内容"},
      {"categories.yaml", "name: 改造类", "name: *x", "*x", "不用别名（*），请直接写内容"},
      {"categories.yaml", "name: 改造类", "name: !!str 改造类", "!!str", "不用标签（!），请直接写内容"},
      {"categories.yaml", "limits: [14, 22, 29, 25]", "limits: &x [14, 22, 29, 25]", "&x", "不用锚点（&）和标签（!）"},
      {"categories.yaml", "limits: [14, 22, 29, 25]", "limits: !!seq [14, 22, 29, 25]", "!!seq", "不用锚点（&）和标签（!）"},
      {"categories.yaml", "categories:\n", "categories: [[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]\n#", "[[[]]]]", "嵌套太深"},
      {"categories.yaml", "categories:\n", "categories: ]\n", "]", "写法不对，请检查"},
      {"stages.yaml", "desk: 审批一科", "desk: 审批\x01一科", "\x01", "看不见的控制字符，请删去"},
      {"stages.yaml", "desk: 审批一科", "desk: 审批\xff一科", "\xff", "不是合法的 UTF-8，请用 UTF-8 编码保存文件"},
  };
  for (size_t i = 0; i < COUNT(rows); i++) try_bad(t, &rows[i]);
}

TEST(a_file_that_breaks_the_schema_is_refused) {
  static const Bad rows[] = {
      {"categories.yaml", "    qualifier: 市政", "    qualifer: 市政", "qualifer", "没有“qualifer”这个键，请核对拼写"},
      {"categories.yaml", "categories:\n", "x: 1\ncategories:\n", "x", "没有“x”这个键"},
      {"categories.yaml", "    total: 90\n", "", "code: gov-building", "缺少“total”，请补上"},
      {"package.yaml", "city: 葫芦岛市\n", "", "name: huludao", "缺少“city”，请补上"},
      {"package.yaml", "city: 葫芦岛市\n", "city: \"\"\n", "city", "“city”不能空着，请填写"},
      {"package.yaml", "receipt_days: 5", "receipt_days: 0", "receipt_days", "“receipt_days”至少 1 天"},
      {"package.yaml", "receipt_days: 5", "receipt_days: 五", "五", "“receipt_days”应是 0 到 1000000 的整数"},
      {"package.yaml", "receipt_days: 5", "receipt_days: -5", "-5", "应是 0 到 1000000 的整数"},
      {"package.yaml", "receipt_days: 5", "receipt_days: 1000001", "1000001", "应是 0 到 1000000 的整数"},
      {"package.yaml", "receipt_days: 5", "receipt_days: [5]", "[5]", "应是一个值，不是列表"},
      {"categories.yaml", "limits: [14, 22, 29, 25]", "limits: [14, 22, 29]", "[14", "应是四个阶段的天数"},
      {"categories.yaml", "limits: [14, 22, 29, 25]", "limits: [14, 22, 29, 25, 1]", "[14", "应是四个阶段的天数"},
      {"categories.yaml", "limits: [14, 22, 29, 25]", "limits: 90", "90", "应是四个阶段的天数"},
      {"categories.yaml", "limits: [14, 22, 29, 25]", "limits: [14, x, 29, 25]", "x", "应是 0 到 1000000 的整数"},
      {"items.yaml", "milestone: true", "milestone: yes", "yes", "“milestone”只能写 true 或 false"},
      {"items.yaml", "limits: {industry: 3}", "limits: [3]", "[3]", "“limits”应写成 {类别代码: 天数}"},
      {"items.yaml", "limits: {industry: 3}", "limits: {industry: {a: 3}}", "{a", "应是一个值"},
      {"items.yaml", "after: [land-permit-allocated, land-permit-paid]", "after: {a: b}", "{a: b}", "“after”应是列表，如 [甲, 乙]"},
      {"items.yaml", "after: [land-permit-allocated, land-permit-paid]", "after: [[a]]", "[a]", "列表里应是一个个值"},
      {"forms.yaml", "label: 建筑面积, type: decimal", "label: 建筑面积, type: number", "number", "没有“number”这种字段类型"},
      {"forms.yaml", "max: 10000000,\n     hint: 总建筑", "max: 很大,\n     hint: 总建筑", "很大", "“max”应是数字"},
      {"causes.yaml", "holder: third", "holder: nobody", "nobody", "“holder”只能是 third（第三方）或 applicant（申请人）"},
      {"causes.yaml", "causes:\n", "causes: 四个\nx:\n", "四个", "“causes”应是列表，每项以“- ”开头"},
      {"stages.yaml", "  - no: 1\n", "  - 第一阶段\n  - no: 1\n", "第一阶段", "这里应是一组“键: 值”"},
      {"stages.yaml", "  - no: 4\n", "  - no: 5\n", "no: 5", "阶段的 no 应是 1 到 4"},
      {"stages.yaml", "  - no: 4\n", "  - no: 3\n", "no: 3", "第 3 阶段写了两次，请删去一个"},
  };
  for (size_t i = 0; i < COUNT(rows); i++) try_bad(t, &rows[i]);
}

TEST(what_no_single_file_shows_is_found) {
  static const Bad rows[] = {
      {"categories.yaml", "limits: [14, 22, 29, 25]\n    total", "limits: [14, 22, 29, 26]\n    total", "total", "四个阶段合计 91 天，与 total 90 天不符"},
      {"categories.yaml", "  - code: water\n", "  - code: industry\n    name: 另一类\n    limits: [1, 1, 1, 1]\n    total: 4\n    sample: true\n    national: \"8\"\n  - code: water\n", "code", "industry 重复了，请改一个"},
      {"package.yaml", "effective_from: 2019-06-28", "effective_from: 2019-06-31", "effective_from", "effective_from 应是日期"},
      {"package.yaml", "effective_from: 2019-06-28", "effective_from: 2019-06-28\neffective_until: 2019-06-27", "effective_until", "在 effective_from 之前，请核对"},
      {"categories.yaml", "clause: D60-4.13-p4", "clause: D60-9.9", "clause", "clauses.yaml 里没有条款 D60-9.9，请核对编号"},
      {"categories.yaml", "    clause: D60-4.13-p4\n    national", "    national", "code: gov-building", "数字和规则要写出处：clause: 条款编号；文件没有给出的写 sample: true"},
      {"stages.yaml", "lead: development-reform", "lead: planning", "lead", "units.yaml 里没有单位 planning，请核对代码"},
      {"stages.yaml", "lead: development-reform", "lead: county", "lead", "units.yaml 里没有单位 county"},
      {"package.yaml", "window_unit: window", "window_unit: hall", "window_unit", "units.yaml 里没有单位 hall"},
      {"items.yaml", "{code: land-preview, name: 建设项目用地预审, stage: 1, unit: natural-resources", "{code: land-preview, name: 建设项目用地预审, stage: 1, unit: land-office", "unit: land", "units.yaml 里没有单位 land-office"},
      {"items.yaml", "{code: land-preview, name: 建设项目用地预审, stage: 1", "{code: land-preview, name: 建设项目用地预审, stage: 5", "stage: 5", "stage 应是 1 到 4"},
      {"items.yaml", "{code: land-preview,", "{code: site-opinion,", "code", "site-opinion 重复了，请改一个"},
      {"items.yaml", "kind: 审批, attribute: 其他权力, basis: 《中华人民共和国土地管理法》第五十二条", "kind: 审查, attribute: 其他权力, basis: 《中华人民共和国土地管理法》第五十二条", "kind", "“kind”只能写：审批、核准、备案、中介服务、技术审查、市政公用接入"},
      {"items.yaml", "attribute: 其他权力, basis: 《中华人民共和国土地管理法》第五十二条", "attribute: 其他权利, basis: 《中华人民共和国土地管理法》第五十二条", "attribute", "“attribute”只能写：行政许可、其他权力"},
      {"items.yaml", "basis: 《中华人民共和国土地管理法》第五十二条, clause", "basis: \"\", clause", "basis", "建设项目用地预审 没有法定依据"},
      {"items.yaml", "days: 10, days_sample: true, categories: [gov-building, water, highway]", "days: 0, days_sample: true, categories: [gov-building, water, highway]", "days: 0", "事项时限至少 1 个工作日"},
      {"items.yaml", "days: 10, days_sample: true, categories: [gov-building, water, highway]", "days: 15, days_sample: true, categories: [gov-building, water, highway]", "days: 15", "超过 政府投资房屋建筑类 第 1 阶段的 14 天，请改短"},
      {"items.yaml", "days: 10, days_sample: true, categories: [gov-building, water, highway]", "days: 10, categories: [gov-building, water, highway]", "{code: feasibility,", "数字和规则要写出处"},
      {"items.yaml", "categories: [gov-building], result: 初步设计", "categories: [gov-building, renovation], result: 初步设计", "stage: 2, unit: development-reform", "改造类 没有第 2 阶段（0 天）"},
      {"items.yaml", "categories: [gov-building], result: 初步设计", "categories: [gov-building, school], result: 初步设计", "categories", "categories.yaml 里没有类别 school"},
      {"items.yaml", "limits: {industry: 3}", "limits: {school: 3}", "limits", "categories.yaml 里没有类别 school"},
      {"items.yaml", "limits: {industry: 3}", "limits: {industry: 0}", "limits", "事项时限至少 1 个工作日"},
      {"items.yaml", "after: [land-permit-allocated, land-permit-paid]", "after: [land-permit]", "after", "items.yaml 里没有事项 land-permit"},
      {"items.yaml", "after: [land-permit-allocated, land-permit-paid]", "after: [planning-permit]", "after", "互为前置，文件不允许（D60-4.15-p5）"},
      {"items.yaml", "after: [land-permit-allocated, land-permit-paid]", "after: [construction-permit]", "after", "在后面的阶段，永远等不到"},
      {"items.yaml", "stage: 1, parallel: true, before_stage: 2", "stage: 1, parallel: true, before_stage: 5", "before_stage", "before_stage 应是 1 到 4"},
      {"items.yaml", "stage: 2, parallel: true, before_stage: 3", "stage: 2, parallel: true, before_stage: 1", "before_stage", "before_stage 应是 2 到 4"},
      {"items.yaml", "stage: 2, parallel: true, before_stage: 3", "stage: 2, before_stage: 3", "before_stage", "只有并行推进"},
      {"items.yaml", "when: \"非 使用已批准用地\", when_clause: D60-2.4.1-(1)", "when: \"非 使用已批准用地\"", "{code: land-preview", "数字和规则要写出处：when_clause: 条款编号；文件没有给出的写 when_sample: true"},
      {"items.yaml", "when: \"非 使用已批准用地\"", "when: \"非 (使用已批准用地\"", "\"非", "括号没有配对"},
      {"items.yaml", "when: \"非 使用已批准用地\"", "when: \"非 使用已批准土地\"", "\"非", "“使用已批准土地”不是 forms.yaml 里的事实"},
      {"items.yaml", "when: \"建筑面积 > 300\"", "when: \"建筑面积 > 三百\"", "\"建筑", "要和数字比较"},
      {"items.yaml", "when: \"立项类型 = 审批\"", "when: \"立项类型 = 批准\"", "\"立项", "没有“批准”这个选项"},
      {"items.yaml", "when: 直接取用水资源", "when: [直接取用水资源]", "[直接", "应是一个值"},
      {"materials.yaml", "basis: 《中华人民共和国行政许可法》第三十一条, clause", "basis: \"\", clause", "basis", "没有法定依据，不能要求提交（D60-4.14-p1）"},
      {"materials.yaml", "code: licence, name: 营业执照或统一社会信用代码证书, stage: 1, again: [3]", "code: licence, name: 营业执照或统一社会信用代码证书, stage: 1, again: [1]", "again", "again 写后面还要用到它的阶段"},
      {"materials.yaml", "stage: 2, required: true, from_stage: \"1\"", "stage: 2, required: true, from_stage: \"2\"", "from_stage", "from_stage 写前面某个阶段的号"},
      {"materials.yaml", "required: true, items: [project-verify],\n     types: [pdf, ofd], max_mb: 100", "required: true, items: [project-verify],\n     max_mb: 100", "{code: verify-report", "要上传文件，须写 types 和 max_mb"},
      {"materials.yaml", "required: true, items: [project-verify]", "required: true, items: [project-check]", "items", "items.yaml 里没有事项 project-check"},
      {"forms.yaml", "      - {value: expand, label: 扩建}\n      - {value: relocate, label: 迁建}\n      - {value: rebuild, label: 改建}\n      - {value: other, label: 其他}\n", "", "choices:\n      - {value: new", "选择题至少写两个选项"},
      {"forms.yaml", "{name: contact_name, label: 联系人, type: text, required: true, personal: true", "{name: contact_name, label: 联系人, type: text, required: true, fact: true, personal: true", "personal", "个人信息不能作为判断条件的事实"},
      {"forms.yaml", "label: 用地面积", "label: 建筑面积", "label", "有两个事实都叫“建筑面积”，请改一个"},
      {"forms.yaml", "{name: land_area", "{name: floor_area", "name", "floor_area 重复了，请改一个"},
      {"units.yaml", "code: finance,", "code: development-reform,", "code", "development-reform 重复了"},
      {"units.yaml", "name: 市民政局, kind: department", "name: 市民政局, kind: bureau", "kind", "“kind”只能写：department、county"},
      {"units.yaml", "aliases: [市交通局]", "aliases: [市财政局]", "aliases", "“市财政局”已是别的单位的名称或别名"},
      {"posts.yaml", "code: window-head, name: 窗口负责人, unit: window", "code: window-head, name: 窗口负责人, unit: hall", "unit", "units.yaml 里没有单位 hall"},
      {"clauses.yaml", "id: D60-1.2.2", "id: D60-1.2.1", "id", "D60-1.2.1 重复了"},
      {"causes.yaml", "code: tender", "code: hearing", "code", "hearing 重复了"},
      {"causes.yaml", "    joint: true\n", "    joint: true\n    sample: true\n  - code: again\n    name: 再整改\n    basis: 示例\n    holder: applicant\n    joint:  true\n", "joint:  true", "联合验收整改（joint）的事由只能有一个"},
      {"causes.yaml", "    max_days: 0\n    joint: true", "    max_days: 9\n    joint: true", "max_days", "到建设单位提请复查为止，不写 max_days"},
      {"holidays.csv", "2018-02-15,holiday", "2018-02-30,holiday", "2018-02-30", "第 4 行第 1 列（date）：“2018-02-30”不是日期"},
      {"holidays.csv", "2018-02-15,holiday", "2018-02-15,rest", "018-02-15,rest", "第 2 列（kind）：“rest”无效"},
  };
  for (size_t i = 0; i < COUNT(rows); i++) try_bad(t, &rows[i]);
}
