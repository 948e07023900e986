/* SPDX-License-Identifier: Apache-2.0 */
/* Where the paragraphs of a document stand: the six documents of the package against the clauses that are cited from them. */
#include "publish/publish.h"
#include "policy/policy.h"
#include "town.h"

static const Policy *package(Cx *cx) {
  const Policy *p = NULL;
  Mistakes wrong = {0};
  Code code = policy_load(cx, arena_fmt(cx->mem, "%.*s/policies/huludao", SFMT(test_root())), &p, &wrong);
  REQUIRE(code == OK);
  return p;
}

static const Block *block_of(const Block *list, size_t n, Str id) {
  for (size_t i = 0; i < n; i++)
    if (str_eq(list[i].id, id)) return &list[i];
  return NULL;
}

/* A clause about the page of a document as such: its number, its day. */
static bool about_the_head(Str id) {
  static const char *const heads[] = {"docno", "date", "title", "openness", "addressee", "signer"};
  for (size_t i = 0; i < COUNT(heads); i++)
    if (str_eqz(id, heads[i])) return true;
  return false;
}

TEST(every_cited_clause_stands_in_the_text_under_its_own_number) {
  const Policy *p = package(cx);
  size_t met = 0;
  for (size_t i = 0; i < p->disclosure->document_count; i++) {
    const Gazette *g = &p->disclosure->documents[i];
    Block *list = NULL;
    size_t n = text_blocks(cx->mem, g->text, &list);
    for (size_t k = 0; k < p->clause_count; k++) {
      const Clause *c = &p->clauses[k];
      Str head = arena_fmt(cx->mem, "%.*s-", SFMT(g->code));
      if (!str_starts(c->id, head)) continue;
      Str id = str_sub(c->id, head.len, SIZE_MAX);
      if (about_the_head(id)) continue;
      const Block *b = block_of(list, n, id);
      EXPECT(str_eq(c->doc, g->number));
      EXPECT_STR(b ? id : S("-"), id);
      EXPECT(!b || str_has(b->text, c->text)); /* a clause may be a part of its paragraph */
      met++;
    }
  }
  EXPECT(met > 100);
}

TEST(anchors_are_unique_and_made_of_plain_characters) {
  const Policy *p = package(cx);
  for (size_t i = 0; i < p->disclosure->document_count; i++) {
    Block *list = NULL;
    size_t n = text_blocks(cx->mem, p->disclosure->documents[i].text, &list);
    EXPECT(n > 8);
    for (size_t k = 0; k < n; k++) {
      for (size_t x = 0; x < k; x++) EXPECT(!str_eq(list[k].anchor, list[x].anchor));
      for (size_t x = 0; x < list[k].anchor.len; x++) EXPECT(strchr("abcdefghijklmnopqrstuvwxyz0123456789_-", list[k].anchor.ptr[x]) != NULL);
    }
  }
  EXPECT_STR(text_anchor(cx->mem, S("2.4.1-(3)")), S("c2_4_1-3"));
}

TEST(headings_are_told_from_paragraphs_that_begin_with_a_number) {
  const Policy *p = package(cx);
  Block *list = NULL;
  size_t n = text_blocks(cx->mem, policy_gazette(p, S("D59"))->text, &list), heads = 0, subs = 0;
  for (size_t i = 0; i < n; i++) heads += list[i].kind == BLOCK_HEAD, subs += list[i].kind == BLOCK_SUBHEAD;
  EXPECT_INT(heads, 5);
  EXPECT_INT(subs, 4 + 3 + 2); /* the eight duties of 四 are paragraphs */
  EXPECT_INT(block_of(list, n, S("4.6"))->kind, BLOCK_PARA);
  n = text_blocks(cx->mem, S("一、总则\n第一段\n1.5倍以上的不算\n1．第一项\n（1）第一目\n二、附则\n"), &list);
  EXPECT_INT(n, 6);
  EXPECT_STR(list[2].id, S("1-p2"));
  EXPECT_STR(list[4].id, S("1.1-(1)"));
  EXPECT_INT(text_blocks(cx->mem, S("\n \n"), &list), 0);
}

TEST(an_interpretation_has_all_six_headings_with_something_below_each) {
  const Disclosure *d = package(cx)->disclosure;
  Str empty = text_template(cx->mem, d);
  EXPECT_STR(text_missing(cx->mem, d, empty), S("政策背景依据、目标任务、主要内容、执行标准、惠民利民举措、新旧政策差异"));
  Str good = S("一、政策背景依据\n国务院要求。\n二、目标任务\n压减时间。\n主要内容：\n四个统一。\n（四）执行标准\n见清单。\n五、惠民利民举措\n一次告知。\n六、新旧政策差异\n由 200 天到 90 天。");
  EXPECT_STR(text_missing(cx->mem, d, good), S(""));
  EXPECT_STR(text_missing(cx->mem, d, S("一、政策背景依据\n国务院要求。\n二、目标任务\n\n三、主要内容\n有。")), S("目标任务、执行标准、惠民利民举措、新旧政策差异"));
  EXPECT_STR(text_empty(cx->mem, d, S("一、政策背景依据\n国务院要求。\n二、目标任务\n\n三、主要内容\n有。")), S("目标任务")); /* the others do not stand there */
  EXPECT_STR(text_empty(cx->mem, d, good), S(""));
  EXPECT_STR(text_empty(cx->mem, d, empty), text_missing(cx->mem, d, empty));
  EXPECT(!text_begun(d, empty) && !text_begun(d, S("")) && text_begun(d, good) && text_begun(d, S("没有标题的一段话。")));
}
