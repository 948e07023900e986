/* SPDX-License-Identifier: Apache-2.0 */
/* verb_policy.c: policy check, explain, diff. */
#include "main/main_int.h"
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
