/* SPDX-License-Identifier: Apache-2.0 */
/* verb_policy.c: policy check, explain, diff, draw. */
#include "main/main_int.h"
#include "policy/answers.h"
#include "policy/lint.h"

#include <stdio.h>

static void finding_print(const Finding *f) {
  printf("%.*s:%d:%d: %.*s\n", SFMT(f->file), f->line, f->column, SFMT(f->text));
}

static void note_print(const Note *n) {
  printf("  %.*s  %.*s\n       选择：%.*s\n       条款：", SFMT(n->id), SFMT(n->says), SFMT(n->choice));
  for (size_t i = 0; i < n->clause_count; i++) printf("%s%.*s", i ? "、" : "", SFMT(n->clauses[i]));
  printf("%s\n", str_eq(n->kind, S("reading")) ? "" : "（程序核对过原文）");
}

static int check_one(Cx *cx, const Options *o, Str dir, const Policy **p) {
  Findings found = {0};
  cx_clear(cx);
  if (package_needed(cx, dir) != OK) return report_fault(cx);
  Code code = policy_check(cx, dir, p, &found);
  for (size_t i = 0; i < found.errors; i++) finding_print(&found.list[i]);
  if (code != OK && !found.errors) return report_fault(cx);
  if (found.errors) {
    printf("政策包 %.*s 有 %zu 处错误\n", SFMT(dir), found.errors);
    return EXIT_FAULT;
  }
  if (found.count && !o->quiet) {
    printf("文件本身的矛盾、缺漏和含糊之处 %zu 处，都已写明选择：\n", found.count);
    for (size_t i = 0; i < found.count; i++) note_print(found.list[i].note);
  }
  printf("政策包 %.*s %.*s 没有错误：%zu 个类别，%zu 个事项，%zu 份材料，%zu 个单位，%zu 条条款\n", SFMT((*p)->name),
         SFMT((*p)->version), (*p)->category_count, (*p)->item_count, (*p)->material_count, (*p)->unit_count, (*p)->clause_count);
  return EXIT_DONE;
}

int verb_policy_check(Cx *cx, const Options *o) {
  const Policy *list[COUNT(o->words)] = {0};
  size_t n = o->word_count ? o->word_count : 1;
  int rc = EXIT_DONE;
  for (size_t i = 0; i < n; i++) {
    int one = check_one(cx, o, o->word_count ? o->words[i] : o->policy, &list[i]);
    if (one) rc = one;
    for (size_t k = 0; k < i; k++) {
      Str overlap = list[i] && list[k] ? policy_overlap(cx->mem, list[k], list[i]) : S("");
      if (!overlap.len) continue;
      printf("package.yaml:1:1: %.*s\n", SFMT(overlap));
      rc = EXIT_FAULT;
    }
  }
  return rc;
}

/* ---- explain, diff ---------------------------------------------------------------------------------- */

static int load_one(Cx *cx, Str dir, const Policy **p) {
  Mistakes mistakes = {0};
  if (package_needed(cx, dir) != OK) return report_fault(cx);
  if (policy_load(cx, dir, p, &mistakes) == OK) return EXIT_DONE;
  fprintf(stderr, "错误：%.*s 不能用，请先 yichuang policy check %.*s\n", SFMT(dir), SFMT(dir));
  return EXIT_FAULT;
}

static Code facts_file(Cx *cx, const Policy *p, Str path, Json *facts) {
  Str text;
  Json *given = NULL;
  TRY(file_read(cx, path, 1 << 20, &text));
  TRY(json_parse(cx, text, &given));
  if (given->kind != JSON_OBJ) FAIL(INVALID, "%.*s 应是一个 JSON 对象，如 {\"建筑面积\": \"280\"}", SFMT(path));
  for (const Json *v = given->first; v; v = v->next) {
    Str value = v->kind == JSON_STR ? v->str : json_text(cx->mem, v);
    TRY(policy_fact(cx, p, facts, arena_fmt(cx->mem, "%.*s=%.*s", SFMT(v->key), SFMT(value))));
  }
  return OK;
}

static const Item *item_named(const Policy *p, Str word) {
  const Item *item = policy_item(p, word);
  for (size_t i = 0; !item && i < p->item_count; i++)
    if (str_eq(p->items[i].name, word)) item = &p->items[i];
  return item;
}

int verb_policy_explain(Cx *cx, const Options *o) {
  const Policy *p = NULL;
  Json *facts = json_obj(cx->mem);
  if (!o->word_count) {
    fprintf(stderr, "错误：写明事项，如 yichuang policy explain fire-design-filing 类别=改造类 建筑面积=280\n");
    return EXIT_CALL;
  }
  int rc = load_one(cx, o->policy, &p);
  if (rc) return rc;
  const Item *item = item_named(p, o->words[0]);
  if (!item) {
    fprintf(stderr, "错误：清单里没有事项“%.*s”；清单以外无审批（D60-2.5-p1）\n", SFMT(o->words[0]));
    return EXIT_CALL;
  }
  if (o->facts.len && facts_file(cx, p, o->facts, facts) != OK) return report_fault(cx);
  for (size_t i = 1; i < o->word_count; i++)
    if (policy_fact(cx, p, facts, o->words[i]) != OK) return report_fault(cx);
  Str category = json_str(facts, S("category"));
  if (!category.len) {
    fprintf(stderr, "错误：写明类别，如 类别=%.*s\n", SFMT(p->categories[0].name));
    return EXIT_CALL;
  }
  const Contradiction *wrong[CONTRADICTIONS_MAX];
  size_t n = policy_contradictions(cx->mem, p, policy_facts(cx->mem, facts, category, json_str(facts, S("county"))), wrong);
  for (size_t i = 0; i < n; i++) fprintf(stderr, "注意：%.*s\n", SFMT(policy_contradiction_text(cx->mem, p, wrong[i])));
  Str text = policy_explain(cx->mem, p, item, category, json_str(facts, S("county")), facts);
  printf("%.*s政策包 %.*s %.*s\n", SFMT(text), SFMT(p->name), SFMT(p->version));
  return EXIT_DONE;
}

int verb_policy_diff(Cx *cx, const Options *o) {
  const Policy *a = NULL, *b = NULL;
  if (o->word_count != 2) {
    fprintf(stderr, "错误：写明两个目录：yichuang policy diff 旧目录 新目录\n");
    return EXIT_CALL;
  }
  if (load_one(cx, o->words[0], &a) || load_one(cx, o->words[1], &b)) return EXIT_CALL;
  Str text = policy_diff(cx->mem, a, b);
  if (!text.len) {
    printf("两份政策包没有差别\n");
    return EXIT_DONE;
  }
  printf("%.*s", SFMT(text));
  if (str_eq(a->version, b->version)) printf("注意：两份的版本号都是 %.*s，发布前请换一个\n", SFMT(a->version));
  return EXIT_FAULT;
}

/* The category by its code or its name. */
static const Category *category_of(const Policy *p, Str word) {
  for (size_t i = 0; i < p->category_count; i++)
    if (str_eq(p->categories[i].code, word) || str_eq(p->categories[i].name, word)) return &p->categories[i];
  return NULL;
}

int verb_policy_draw(Cx *cx, const Options *o) {
  const Policy *p = NULL;
  Str out;
  if (package_load(cx, o->policy, &p) != OK) return report_fault(cx);
  const Category *c = o->word_count ? category_of(p, o->words[0]) : NULL;
  if (!c) {
    fprintf(stderr, "错误：请写明类别，可用的有：\n");
    for (size_t i = 0; i < p->category_count; i++)
      fprintf(stderr, "  %-18.*s %.*s\n", SFMT(p->categories[i].code), SFMT(p->categories[i].name));
    return EXIT_CALL;
  }
  Str dot = policy_dot(cx->mem, p, c);
  if (str_eq(o->format, S("dot"))) out = dot;
  else if (policy_chart(cx, dot, arena_z(cx->mem, o->format), &out) != OK) return report_fault(cx);
  fwrite(out.ptr, 1, out.len, stdout);
  return EXIT_DONE;
}
