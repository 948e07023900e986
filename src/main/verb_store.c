/* SPDX-License-Identifier: Apache-2.0 */
/* verb_store.c: init, verify, rebuild, policy check, openapi: verbs about the store and the package. */
#include "main/main_int.h"

#include <stdio.h>

int verb_init(Cx *cx, const Options *o) {
  HashSuite suite = str_eq(o->suite, S("gm")) ? SUITE_GM : SUITE_INTL;
  if (suite == SUITE_INTL && !str_eq(o->suite, S("intl"))) {
    fprintf(stderr, "错误：--suite 只能是 gm 或 intl\n");
    return EXIT_CALL;
  }
  Json *labels = json_obj(cx->mem);
  json_put_str(cx->mem, labels, S("made"), time_str(cx->mem, cx->now));
  if (store_make(cx, o->store, suite, labels) != OK) return report_fault(cx);
  printf("已在 %.*s 建立空的存储，没有任何账号。\n下一步：yichuang user add --store %.*s --id 账号 "
         "--name 姓名 --role sysadmin\n",
         SFMT(o->store), SFMT(o->store));
  return EXIT_DONE;
}

int verb_verify(Cx *cx, const Options *o) {
  World *w = NULL;
  VerifyReport report = {0};
  if (world_load(cx, o, &w) != OK || store_needed(cx, o) != OK || store_verify(cx, &w->store, &report) != OK)
    return report_fault(cx);
  printf("事件 %lld 条，流 %lld 个，文件 %lld 个\n", (long long)report.events,
         (long long)report.streams, (long long)report.blobs);
  printf("散列链：%s\n视图与日志：%s\n", report.chain_ok ? "完好" : "有出入",
         report.views_ok ? "一致" : "有出入");
  if (report.chain_ok && report.views_ok) return EXIT_DONE;
  printf("首个出入：%.*s\n", SFMT(report.fault));
  return EXIT_FAULT;
}

int verb_rebuild(Cx *cx, const Options *o) {
  World *w = NULL;
  int64_t events = 0;
  if (world_load(cx, o, &w) != OK || store_needed(cx, o) != OK || store_rebuild(cx, &w->store, &events) != OK)
    return report_fault(cx);
  printf("已由 %lld 条事件重建视图\n", (long long)events);
  return EXIT_DONE;
}

int verb_policy_check(Cx *cx, const Options *o) {
  const Policy *p = NULL;
  Mistakes mistakes = {0};
  Str dir = o->word_count ? o->words[0] : o->policy;
  if (package_needed(cx, dir) != OK) return report_fault(cx);
  if (policy_load(cx, dir, &p, &mistakes) != OK) {
    for (size_t i = 0; i < mistakes.count; i++)
      printf("%.*s:%d:%d: %.*s\n", SFMT(mistakes.list[i].file), mistakes.list[i].line,
             mistakes.list[i].column, SFMT(mistakes.list[i].text));
    if (!mistakes.count) return report_fault(cx);
    printf("政策包 %.*s 有 %zu 处错误\n", SFMT(dir), mistakes.count);
    return EXIT_FAULT;
  }
  printf("政策包 %.*s %.*s 没有错误：%zu 个类别，%zu 个事项，%zu 份材料，%zu 个单位，%zu 条条款\n",
         SFMT(p->name), SFMT(p->version), p->category_count, p->item_count, p->material_count,
         p->unit_count, p->clause_count);
  return EXIT_DONE;
}

/* The category by its code or its name. */
static const Category *category_of(const Policy *p, Str word) {
  for (size_t i = 0; i < p->category_count; i++)
    if (str_eq(p->categories[i].code, word) || str_eq(p->categories[i].name, word)) return &p->categories[i];
  return NULL;
}

int verb_policy_draw(Cx *cx, const Options *o) {
  World *w = NULL;
  Str out;
  if (world_load(cx, o, &w) != OK) return report_fault(cx);
  const Policy *p = w->policies.current;
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
