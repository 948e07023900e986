/* SPDX-License-Identifier: Apache-2.0 */
/*
 * 240 harmful changes, drawn from a seed: each must be found by policy_check. A rule names a file, a piece of
 * text to look for, up to which characters the text is replaced, and by what; the place among all
 * places is drawn. Lines of comment are left alone. A change that alters nothing is drawn again.
 */
#include "pkg.h"
#include "policy/lint.h"

#include <stdio.h>

typedef struct Rule {
  const char *file, *find, *until, *put;
} Rule;

static const Rule rules[] = {
    /* items: unit, limit, basis, source, kind, conditions, order */
    {"items.yaml", "unit: ", ",}\n", "unit: nobody"},
    {"items.yaml", ", unit: ", ",}\n", ""},
    {"items.yaml", " days: ", ",", " days: 0"},
    {"items.yaml", " days: ", ",", " days: 99"},
    {"items.yaml", " days: ", ",", " days: -1"},
    {"items.yaml", " days: ", ",", " dayz: 5"},
    {"items.yaml", "basis: ", ",", "basis: \"\""},
    {"items.yaml", "clause: D60", ",}\n", "clause: D60-0.0"},
    {"items.yaml", ", sample: true", ",", ""},
    {"items.yaml", "days_sample: true", ",}", "days_sample: false"},
    {"items.yaml", "when_sample: true", ",}", "when_sample: false"},
    {"items.yaml", "kind: ", ",", "kind: 审查"},
    {"items.yaml", "attribute: ", ",", "attribute: 其他权利"},
    {"items.yaml", "{code: ", ",", "{code: planning-permit"},
    {"items.yaml", "result: ", "}", "result: \"\""},
    {"items.yaml", "name: ", ",", "name: \"\""},
    {"items.yaml", "when: \"", "", "when: \"("},
    {"items.yaml", "when: \"", "\"", "when: \"线性工程 且 非 线性工程"},
    {"items.yaml", "when: \"", "\"", "when: \"线性工程 或 非 线性工程"},
    {"items.yaml", "when: \"", "\"", "when: \"层数 > 3"},
    {"items.yaml", "when: \"", "\"", "when: \"建筑面积 > 很大"},
    {"items.yaml", "when: \"", "\"", "when: \"建设性质 > 新建"},
    {"items.yaml", "stage: 1,", "", "stage: 2,"},
    {"items.yaml", " stage: 3,", "", " stage: 4,"},
    {"items.yaml", " stage: ", ",", " stage: 6"},
    {"items.yaml", "categories: [", ",]", "categories: [school"},
    {"items.yaml", "categories: [gov-building", "", "categories: [gov-building, gov-building"},
    {"items.yaml", "limits: {", ":", "limits: {school"},
    {"items.yaml", "before_stage: ", ",", "before_stage: 9"},
    {"items.yaml", "parallel: true, before_stage", "", "parallel: false, before_stage"},
    {"items.yaml", "after: [", "]", "after: [no-such"},
    {"items.yaml", "after: [", "]", "after: [completion-filing"},
    {"items.yaml", "kind: ", "", "kind： "},
    {"items.yaml", ", days: ", "", "，days: "},
    {"items.yaml", "categories: [", "", "categories: ［"},
    {"items.yaml", "{code", "", "{code: x, code"},
    {"items.yaml", "{code", "", "&a {code"},
    /* categories and stages */
    {"categories.yaml", "limits: [", ",", "limits: [1"},
    {"categories.yaml", "limits: [", "]", "limits: [1, 2, 3"},
    {"categories.yaml", "    total: ", "\n", "    total: 1"},
    {"categories.yaml", "    total: ", "\n", ""},
    {"categories.yaml", "    clause: ", "\n", "    clause: D60-4.13-p1"},
    {"categories.yaml", "- code: ", "\n", "- code: eighth"},
    {"categories.yaml", "    name: ", "\n", "    name: 某类"},
    {"categories.yaml", "    qualifier: ", "\n", "    qualifier: 其他"},
    {"categories.yaml", "    national: ", "\n", "\tnational: \"1\""},
    {"categories.yaml", "    total: ", "", "    total："},
    {"stages.yaml", "    lead: ", "\n", "    lead: water"},
    {"stages.yaml", "    certificate: ", "\n", "    certificate: 许可书"},
    {"stages.yaml", "  - no: ", "\n", "  - no: 7"},
    {"stages.yaml", "    name: ", "\n", "    name: 某阶段"},
    {"stages.yaml", "    certificate_clause: ", "\n", ""},
    {"stages.yaml", "aliases: [建", "]", "aliases: [某证"},
    {"package.yaml", "seal: 葫芦岛市", "", "seal: 某市"},
    {"package.yaml", "receipt_days: ", "\n", "receipt_days: 15"},
    {"package.yaml", "liver_days: ", "\n", "liver_days: 7"},
    {"package.yaml", "_days: ", "\n", "_days: 十"},
    {"package.yaml", "_unit: ", "\n", "_unit: nobody"},
    {"package.yaml", "_clause: ", "\n", "_clause: X"},
    {"package.yaml", "_sample: true", "", "_sample: false"},
    /* materials and forms */
    {"materials.yaml", "basis: ", ",", "basis: \"\""},
    {"materials.yaml", "items: [", ",]", "items: [no-such"},
    {"materials.yaml", "stage: 2, required: true, items", "", "stage: 3, required: true, items"},
    {"materials.yaml", "stage: 3, required: true, items", "", "stage: 4, required: true, items"},
    {"materials.yaml", "stage: 4, required: true, items", "", "stage: 1, required: true, items"},
    {"materials.yaml", "types: [", "]", "types: ["},
    {"materials.yaml", "max_mb: ", ",}\n", "max_mb: 0"},
    {"materials.yaml", ", sample: true", ",}", ""},
    {"materials.yaml", "from_stage: \"", "", "from_stage: \"4"},
    {"materials.yaml", "again: [", "]", "again: [1"},
    {"materials.yaml", "results: [", "]", "results: [no-such"},
    {"materials.yaml", "required: false, types", "", "required: false, lack: true, types"},
    {"package.yaml", "ask_days: ", "\n", "ask_days: 5"},
    {"package.yaml", "lack_count: ", "\n", "lack_count: 0"},
    {"package.yaml", "report_period: ", "\n", "report_period: year"},
    {"forms.yaml", "type: decimal", "", "type: number"},
    {"forms.yaml", "required: true, fact: true", "", "required: false, fact: true"},
    {"forms.yaml", "fact: true,", "", "fact: false,"},
    {"forms.yaml", "label: 涉及特殊用地", "", "label: 特殊用地"},
    {"forms.yaml", "label: 划拨", "", "label: 无偿划拨"},
    {"forms.yaml", "when: 涉及特殊用地", "", "when: 使用林地"},
    {"forms.yaml", "personal: true", "", "personal: true, fact: true"},
    /* units, posts, causes */
    {"units.yaml", "{code: ", ",", "{code: housing-construction"},
    {"units.yaml", "name: 市发展改革委", "", "name: 市计划委"},
    {"units.yaml", "aliases: [", "", "aliases: [市教育局, "},
    {"units.yaml", "kind: ", ",}", "kind: bureau"},
    {"units.yaml", "clause: D6", ",}", "clause: D6"},
    {"posts.yaml", "seats: ", ",", "seats: 8"},
    {"posts.yaml", "unit: ", ",}", "unit: nobody"},
    {"posts.yaml", "unit: law-enforcement, role: ", ",", "unit: law-enforcement, role: clerk"},
    {"posts.yaml", "role: window_head", "", "role: clerk"},
    {"posts.yaml", ", sample: true", "}", ""},
    {"causes.yaml", "holder: ", "\n", "holder: nobody"},
    {"causes.yaml", "    clause: XKF-45", "\n", "    sample: true"},
    /* clauses, notes, calendar */
    {"clauses.yaml", "{id: ", ",", "{id: D60-2.5-p1"},
    {"clauses.yaml", "{id: XKF-4", ",", "{id: XKF-99"},
    {"clauses.yaml", "text: \"", "\"", "text: \""},
    {"notes.yaml", "kind: c", "\n", "kind: reading"},
    {"notes.yaml", "kind: reading", "", "kind: zero-stage"},
    {"notes.yaml", "kind: ", "\n", "kind: 别的"},
    {"notes.yaml", "clauses: [", ",]", "clauses: [D60-0.0"},
    {"notes.yaml", "choice: ", "\n", "choice: \"\""},
    {"personal.yaml", "clause: ", "}", "clause: GXF-99"},
    {"personal.yaml", "code: purpose", "", "code: kept"},
    {"personal.yaml", "keeps: ", ",", "keeps: 三年"},
    {"personal.yaml", "code: contact, name: 联系申请人办理本案, sample: true", "", "code: contact, name: 联系申请人办理本案"},
    {"package.yaml", "personal_keep_days: ", "\n", "personal_keep_days: 0"},
    {"package.yaml", "personal_looks: ", "\n", "personal_looks: 0"},
    {"package.yaml", "personal_sample: ", "\n", "personal_sample: false"},
    {"notes.yaml", "  - id: ", "\n", "  - id: X06"},
    {"search.yaml", "{unit: ", ",", "{unit: nobody"},
    {"search.yaml", "{leads: ", ",", "{leads: nowhere"},
    {"search.yaml", "{means: 施工许可证, say: ", "}", "{means: 施工许可证, say: []"},
    {"credit.yaml", "list: ", ",", "list: grey"},
    {"credit.yaml", "subject: ", ",", "subject: nobody"},
    {"credit.yaml", "from: ", ",", "from: 去年"},
    {"credit.yaml", ", sample: true", "}", ""},
    {"package.yaml", "credit_bars: [", "]", "credit_bars: [everything"},
    {"package.yaml", "credit_black: ", "\n", "credit_black: E"},
    {"holidays.csv", ",holiday,", "", ",rest,"},
    {"holidays.csv", "\n2019-", "", "\n2019/"},
    {"holidays.csv", "-05-0", ",", "-02-30"},
    {"holidays.csv", "date,kind", "", "日期,kind"},
};

static uint64_t draw(uint64_t *seed) {
  *seed ^= *seed << 13;
  *seed ^= *seed >> 7;
  *seed ^= *seed << 17;
  return *seed;
}

static bool in_comment(Str text, size_t at) {
  while (at && text.ptr[at - 1] != '\n') at--;
  return str_starts(str_trim(str_sub(text, at, 40)), S("#"));
}

/* The n-th place of `find`, or all of them counted in *n when it is SIZE_MAX. */
static size_t place(Str text, Str find, size_t *n) {
  size_t seen = 0;
  for (size_t at = 0; at < text.len; at++) {
    ptrdiff_t next = str_find(str_sub(text, at, SIZE_MAX), find);
    if (next < 0) break;
    at += (size_t)next;
    if (in_comment(text, at + find.len - 1)) continue;
    if (seen++ == *n) return at;
  }
  *n = seen;
  return SIZE_MAX;
}

static Str mutated(Arena *mem, Str text, const Rule *r, uint64_t *seed, size_t *where) {
  Str find = str_of(r->find);
  size_t n = SIZE_MAX;
  place(text, find, &n);
  REQUIRE(n > 0);
  n = draw(seed) % n;
  *where = place(text, find, &n);
  size_t end = *where + find.len;
  while (*r->until && end < text.len && !strchr(r->until, text.ptr[end])) end++;
  return arena_fmt(mem, "%.*s%s%.*s", (int)*where, text.ptr, r->put, SFMT(str_sub(text, end, SIZE_MAX)));
}

TEST(each_of_240_harmful_changes_is_found) {
  SCOPED(copy_drop) Copy c = copy_make(t, cx);
  uint64_t seed = 20190628;
  for (size_t round = 0; round < 240; round++) {
    const Rule *r = &rules[round % COUNT(rules)];
    Arena *mem = arena_open((size_t)64 << 20);
    Test own = {.mem = mem};
    Cx mine = {.mem = mem};
    Str text = copy_read(&own, &mine, &c, r->file), changed = text;
    size_t where = 0;
    for (int again = 0; str_eq(changed, text) && again < 50; again++) changed = mutated(mem, text, r, &seed, &where);
    EXPECT(!str_eq(changed, text));
    copy_write(&own, &mine, &c, r->file, changed);
    const Policy *p = NULL;
    Findings f = {0};
    Code code = policy_check(&mine, c.dir, &p, &f);
    EXPECT_INT(code, INVALID);
    EXPECT(f.errors > 0 && f.list[0].line >= 1);
    if (code == OK) {
      int line, column;
      place_of(text, where, &line, &column);
      fprintf(stderr, "    not found: %s:%d:%d %s -> %s\n", r->file, line, column, r->find, r->put);
    }
    copy_write(&own, &mine, &c, r->file, text);
    t->bad += own.bad;
    arena_close(mem);
  }
}

/* Changes that harm nobody are not held against the package. */
TEST(harmless_changes_are_not_found) {
  static const Rule harmless[] = {{"items.yaml", "# ----", "", "# ===="},
                                  {"categories.yaml", "    note: ", "\n", "    note: 说明"},
                                  {"items.yaml", "result: 设计方案审定意见", "", "result: 设计方案审查意见"},
                                  {"units.yaml", ", kind: department, clause: D60-6.19.1}", "", ", kind: department, clause: D60-6.19.1, region: \"211400\"}"},
                                  {"materials.yaml", "max_mb: 100", "", "max_mb: 120"},
                                  {"holidays.csv", "元旦", "", "新年"},
                                  {"notes.yaml", "choice: ", "", "choice: 仍然"},
                                  {"package.yaml", "lamp_warn_days: 1", "", "lamp_warn_days: 2"}};
  for (size_t i = 0; i < COUNT(harmless); i++) {
    SCOPED(copy_drop) Copy c = copy_make(t, cx);
    const Rule *r = &harmless[i];
    Str text = copy_read(t, cx, &c, r->file);
    ptrdiff_t at = str_find(text, str_of(r->find));
    REQUIRE(at >= 0);
    size_t end = (size_t)at + strlen(r->find);
    while (*r->until && text.ptr[end] != *r->until) end++;
    copy_write(t, cx, &c, r->file, arena_fmt(t->mem, "%.*s%s%.*s", (int)at, text.ptr, r->put, SFMT(str_sub(text, end, SIZE_MAX))));
    const Policy *p = NULL;
    Findings f = {0};
    cx_clear(cx);
    EXPECT_INT(policy_check(cx, c.dir, &p, &f), OK);
    for (size_t k = 0; k < f.errors; k++) EXPECT_STR(f.list[k].text, S(""));
  }
}
