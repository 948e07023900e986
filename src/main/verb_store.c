/* SPDX-License-Identifier: Apache-2.0 */
/* verb_store.c: init, verify, rebuild: verbs about the store. */
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
  Str at = store_shown(cx->mem, o->store);
  Str again = store_shared(o->store) ? arena_fmt(cx->mem, "'%.*s' --files %.*s", SFMT(at), SFMT(o->files)) : at;
  printf("已在 %.*s 建立空的存储，没有任何账号。\n下一步：yichuang user add --store %.*s --id 账号 --name 姓名 --role sysadmin\n", SFMT(at), SFMT(again));
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
  world_close(w);
  if (report.chain_ok && report.views_ok) return EXIT_DONE;
  printf("首个出入：%.*s\n", SFMT(report.fault));
  return EXIT_FAULT;
}

int verb_rebuild(Cx *cx, const Options *o) {
  World *w = NULL;
  int64_t events = 0;
  if (world_load(cx, o, &w) != OK || store_needed(cx, o) != OK || store_rebuild(cx, &w->store, &events) != OK)
    return report_fault(cx);
  world_close(w);
  printf("已由 %lld 条事件重建视图\n", (long long)events);
  return EXIT_DONE;
}
