/* SPDX-License-Identifier: Apache-2.0 */
/* The linter: exactly the contradictions of the documents, and each kind of fault in a copy of the package. */
#include "pkg.h"
#include "policy/lint.h"

#include <stdio.h>

static Str notes_of(Test *t, const Findings *f) {
  Str all = S("");
  for (size_t i = f->errors; i < f->count; i++)
    all = arena_fmt(t->mem, "%.*s%.*s ", SFMT(all), SFMT(f->list[i].note->id));
  return all;
}

TEST(huludao_has_exactly_the_contradictions_of_the_documents) {
  const Policy *p = NULL;
  Findings f = {0};
  EXPECT_INT(policy_check(cx, huludao_dir(t), &p, &f), OK);
  EXPECT_INT(f.errors, 0);
  for (size_t i = 0; i < f.errors; i++) EXPECT_STR(f.list[i].text, S(""));
  EXPECT_INT(f.count, 45);
  EXPECT_STR(notes_of(t, &f), S("X01 X02 X03 X04 X05 X06 X07 X08 X09 X10 X11 X12 X13 X14 X15 X16 X17 X18 X19 X20 X21 X22 X23 "
                                "X24 X25 X26 X27 X28 X29 X30 X31 X32 X33 X34 X35 X36 X37 X38 X39 X40 X41 X42 X43 X44 X45 "));
  for (size_t i = f.errors; i < f.count; i++) {
    const Note *n = f.list[i].note;
    EXPECT(n->says.len && n->choice.len && n->clause_count >= 1);
    EXPECT_STR(f.list[i].file, S("notes.yaml"));
  }
}

/* Without its record each contradiction is found in the texts, clause by clause. */
TEST(contradictions_are_found_by_reading) {
  static const struct { const char *kind, *clauses; } rows[] = {
      {"category-count", "D60-2.5-p1 D60-2.7.1-p1 D60-4.14-p2 "},
      {"lead", "D60-2.8.2-p1 "},
      {"certificate-name", "D60-2.4.1-(8) D60-2.4.3-(1)-p1 D60-2.4.3-(6) D60-2.4.3-(7) D60-2.4.5-(3) D60-2.4.5-(5) D60-2.6.1 D60-2.6.1 "},
      {"deadline-past", "D60-2.4.1-p1 D60-2.4.2-p1 D60-2.4.3 D60-2.4.4-p1 D60-2.6.3-p1 D60-2.7.1-p1 D60-2.8.1-p1 D60-2.8.2-p1 "
                        "D60-2.9.2 D60-2.10.2 D60-5.16.3-p1 D60-5.17.2 "},
      {"zero-stage", "D60-4.13-p8 "}};
  for (size_t i = 0; i < COUNT(rows); i++) {
    SCOPED(copy_drop) Copy c = copy_make(t, cx);
    copy_patch(t, cx, &c, "notes.yaml", arena_fmt(t->mem, "kind: %s\n", rows[i].kind), S("kind: reading\n"));
    const Policy *p = NULL;
    Findings f = {0};
    cx_clear(cx);
    EXPECT_INT(policy_check(cx, c.dir, &p, &f), INVALID);
    EXPECT(p);
    Str clauses = S("");
    for (size_t k = 0; k < f.errors; k++) {
      Str head, rest;
      EXPECT_STR(f.list[k].rule, str_of(rows[i].kind));
      EXPECT_STR(f.list[k].file, S("clauses.yaml"));
      EXPECT(str_has(f.list[k].text, S("这处矛盾没有记录，请在 notes.yaml 写明选择")));
      ptrdiff_t colon = str_find(f.list[k].text, S("："));
      head = str_sub(f.list[k].text, 0, (size_t)colon);
      rest = clauses;
      clauses = arena_fmt(t->mem, "%.*s%.*s ", SFMT(rest), SFMT(head));
    }
    EXPECT_STR(clauses, str_of(rows[i].clauses));
  }
}

typedef struct Fault {
  const char *file, *old, *new, *rule, *at, *want;
} Fault;

static void try_fault(Test *t, const Fault *b) {
  Arena *mem = arena_open((size_t)64 << 20);
  Test own = {.mem = mem};
  Cx cx = {.mem = mem};
  SCOPED(copy_drop) Copy c = copy_make(&own, &cx);
  copy_patch(&own, &cx, &c, b->file, str_of(b->old), str_of(b->new));
  const Policy *p = NULL;
  Findings f = {0};
  EXPECT_INT(policy_check(&cx, c.dir, &p, &f), INVALID);
  EXPECT(p && !own.bad); /* it loads: only the linter sees it */
  bool found = false;
  for (size_t i = 0; i < f.errors; i++)
    found |= str_eqz(f.list[i].rule, b->rule) && str_eqz(f.list[i].file, b->at) && str_has(f.list[i].text, str_of(b->want));
  EXPECT(found);
  for (size_t i = 0; !found && i < f.errors; i++)
    fprintf(stderr, "    want %s %s, got %.*s %.*s:%d:%d: %.*s\n", b->rule, b->want, SFMT(f.list[i].rule), SFMT(f.list[i].file),
            f.list[i].line, f.list[i].column, SFMT(f.list[i].text));
  t->bad += own.bad;
  arena_close(mem);
}

TEST(each_fault_that_only_a_reader_sees) {
  static const Fault rows[] = {
      {"categories.yaml", "limits: [7, 20, 24, 19]\n    total: 70", "limits: [7, 20, 25, 19]\n    total: 71", "number-vs-text", "categories.yaml", "D60-4.13-p7 的原文里没有“施工许可阶段25个工作日”"},
      {"categories.yaml", "limits: [7, 20, 24, 19]\n    total: 70", "limits: [7, 20, 24, 20]\n    total: 71", "number-vs-text", "categories.yaml", "D60-1.3.1 写社会投资工业类 70 个工作日，这里是 71"},
      {"categories.yaml", "name: 社会投资工业类", "name: 社会投资商业类", "name-vs-text", "categories.yaml", "没有“社会投资商业类”"},
      {"categories.yaml", "    qualifier: 备案类\n", "", "number-vs-text", "categories.yaml", "请核对名称和合计"},
      {"stages.yaml", "lead: development-reform", "lead: finance", "lead-vs-text", "stages.yaml", "D60-2.6.3 写立项用地规划许可阶段由市发展改革委牵头"},
      {"stages.yaml", "certificate: 竣工验收备案书", "certificate: 竣工验收备案表", "name-vs-text", "stages.yaml", "没有“竣工验收备案表”"},
      {"stages.yaml", "建设工程规划许可证, 建设用地工程规划许可证, ", "建设工程规划许可证, ", "unknown-certificate", "clauses.yaml", "D60-2.4.5-(5) 提到“建设用地工程规划许可证”"},
      {"units.yaml", "住建部门, ", "", "unknown-unit", "clauses.yaml", "的牵头单位“住建部门”不在 units.yaml"},
      {"package.yaml", "seal: 葫芦岛市建设项目审批专用章", "seal: 葫芦岛市行政审批专用章", "name-vs-text", "package.yaml", "没有“葫芦岛市行政审批专用章”"},
      {"package.yaml", "receipt_days: 5", "receipt_days: 7", "number-vs-text", "package.yaml", "XKF-32 的原文里没有“七日”"},
      {"package.yaml", "deliver_days: 10", "deliver_days: 20", "number-vs-text", "package.yaml", "XKF-44 的原文里没有“二十日”"},
      {"posts.yaml", "role: approver, seats: 3", "role: approver, seats: 4", "number-vs-text", "posts.yaml", "D60-6.19.2-p1 写共 39 人，seats 合计 40"},
      {"posts.yaml", "unit: law-enforcement, role: approver", "unit: law-enforcement, role: clerk", "no-post", "items.yaml", "law-enforcement 没有审批岗"},
      {"posts.yaml", "unit: suizhong, role: approver", "unit: suizhong, role: clerk", "no-post", "units.yaml", "绥中县政府 承接"},
      {"posts.yaml", "role: window_head", "role: clerk", "no-post", "package.yaml", "派转单没有人签"},
      {"posts.yaml", "unit: development-reform, role: stage_lead", "unit: development-reform, role: clerk", "no-post", "stages.yaml", "第 1 阶段的牵头单位没有牵头岗"},
      {"items.yaml", "days: 24, limits: {gov-building: 29, renovation: 19}", "days: 23, limits: {gov-building: 29, renovation: 19}", "short-stage", "items.yaml", "第 3 阶段 24 天，最长的事项 建筑工程施工许可证核发（含质量、安全监督手续） 只有 23 天"},
      {"items.yaml", "days: 10, days_sample: true, categories: [highway], result", "days: 10, limits: {water: 9}, days_sample: true, categories: [highway], result", "useless-limit", "items.yaml", "limits 里的天数用不上"},
      {"items.yaml", "after: [land-permit-allocated, land-permit-paid]", "after: [land-permit-allocated, land-permit-allocated]", "twice", "items.yaml", "“after”里 land-permit-allocated 写了两次"},
      {"items.yaml", "days: 20, days_sample: true, categories: [industry]", "days: 45, days_sample: true, categories: [industry]", "too-long", "items.yaml", "到第 3 阶段只有 44 天"},
      {"items.yaml", "when: \"非 使用已批准用地\"", "when: \"使用已批准用地 且 非 使用已批准用地\"", "unreachable", "items.yaml", "条件永远不成立"},
      {"items.yaml", "when: \"非 使用已批准用地\"", "when: \"建筑面积 > 300 且 建筑面积 < 300\"", "unreachable", "items.yaml", "条件永远不成立"},
      {"items.yaml", "when: \"非 使用已批准用地\"", "when: \"建筑面积 > 10000000\"", "unreachable", "items.yaml", "条件永远不成立"},
      {"items.yaml", "when: \"非 使用已批准用地\"", "when: \"类别 = 改造类\"", "unreachable", "items.yaml", "条件永远不成立"},
      {"items.yaml", "when: \"非 使用已批准用地\"", "when: \"建筑面积 >= 0\"", "always", "items.yaml", "条件总是成立"},
      {"items.yaml", "when: \"非 使用已批准用地\"", "when: 住宅工程", "undecidable", "items.yaml", "“住宅工程”那时没有问"},
      {"items.yaml", "when: \"涉及特殊用地 且 需要水土保持方案\"", "when: \"需要水土保持方案\"", "undecidable", "items.yaml", "“需要水土保持方案”那时没有问"},
      {"items.yaml", "when: \"需要供水\",\n     when_clause: D60-2.4.5-(2), days: 3, days_sample: true, result: 供水接入", "when: 占用城市绿地,\n     when_clause: D60-2.4.5-(2), days: 3, days_sample: true, result: 供水接入", "undecidable", "items.yaml", "“占用城市绿地”那时没有问"},
      {"forms.yaml", "label: 使用已批准用地, type: bool, required: true", "label: 使用已批准用地, type: bool, required: false", "optional-fact", "items.yaml", "“使用已批准用地”不是必填"},
      {"materials.yaml", "stage: 1, required: true, items: [project-verify]", "stage: 2, required: true, items: [project-verify]", "orphan-material", "materials.yaml", "第 2 阶段没有事项要“项目申请书”"},
      {"materials.yaml", "stage: 1, again: [3], required: true,\n", "stage: 1, again: [3], required: true, items: [land-preview],\n", "orphan-material", "materials.yaml", "第 3 阶段没有事项要“营业执照"},
      {"materials.yaml", "items: [feasibility, project-approval]", "items: [feasibility, planning-permit]", "orphan-material", "materials.yaml", "那时不收“可行性研究报告"},
      {"materials.yaml", "name: 节能报告", "name: 水土保持方案", "twice", "materials.yaml", "两份材料都叫“水土保持方案”"},
      {"causes.yaml", "    max_days: 40\n    clause: XKF-45", "    max_days: 40\n    sample: true", "no-source", "causes.yaml", "听证 写着法律列明（certain），却没有条款"},
      {"gazette.yaml", "guide_pending: [place, hours, phone]", "guide_pending: [place, hours]", "guide-lacks", "items.yaml", "的办事指南缺联系电话，缺要素的指南不能发布"},
      {"gazette.yaml", "guide_pending: [place, hours, phone]", "guide_pending: [place, hours, phone, basis]", "stale-pending", "gazette.yaml", "设定依据已经没有指南缺"},
      {"notes.yaml", "id: X02\n    kind: reading", "id: X02\n    kind: lead", "stale-note", "notes.yaml", "X02 记录的矛盾在条款原文里已经没有"},
  };
  for (size_t i = 0; i < COUNT(rows); i++)
    try_fault(t, &rows[i]);
}

TEST(two_versions_must_not_be_in_force_together) {
  Policy a = {.name = S("x"), .version = S("1"), .effective_from = S("2019-06-28"), .effective_until = S("2026-12-31")};
  Policy b = {.name = S("x"), .version = S("2"), .effective_from = S("2027-01-01")};
  EXPECT_STR(policy_overlap(t->mem, &a, &b), S(""));
  EXPECT_STR(policy_overlap(t->mem, &b, &a), S(""));
  b.effective_from = S("2026-12-31");
  EXPECT_STR(policy_overlap(t->mem, &a, &b), S("x 1 与 2 的施行日期重叠（2026-12-31起），请在前一版写明 effective_until"));
  a.effective_until = S("");
  EXPECT(policy_overlap(t->mem, &b, &a).len > 0);
  b.name = S("y");
  EXPECT_STR(policy_overlap(t->mem, &a, &b), S(""));
}

/* Eight categories announced and eight named: the contradiction is gone, and its record must go too. */
TEST(an_eighth_category_ends_the_contradiction) {
  SCOPED(copy_drop) Copy c = copy_make(t, cx);
  Str text = copy_read(t, cx, &c, "categories.yaml");
  copy_write(t, cx, &c, "categories.yaml",
             arena_fmt(t->mem, "%.*s  - {code: eighth, name: 第八类, limits: [10, 22, 24, 25], total: 81, sample: true, national: \"9\"}\n", SFMT(text)));
  const Policy *p = NULL;
  Findings f = {0};
  EXPECT_INT(policy_check(cx, c.dir, &p, &f), INVALID);
  bool stale = false;
  for (size_t i = 0; i < f.errors; i++) stale |= str_eqz(f.list[i].rule, "stale-note") && str_starts(f.list[i].text, S("X01 "));
  EXPECT(p && stale);
}
