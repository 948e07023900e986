/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verb_publish.c: policy stage and list. Staging copies a package into the store; putting it into force takes two
 * persons with accounts, so there is no verb for it. Both work beside a running server.
 */
#include "main/main_int.h"
#include "policy/lint.h"

#include <stdio.h>

static void findings_print(const Findings *found) {
  for (size_t i = 0; i < found->errors; i++) {
    const Finding *f = &found->list[i];
    fprintf(stderr, "%.*s:%d:%d: %.*s\n", SFMT(f->file), f->line, f->column, SFMT(f->text));
  }
}

int verb_policy_stage(Cx *cx, const Options *o) {
  World *w = NULL;
  const Policy *p = NULL;
  Findings found = {0};
  bool already = false;
  if (!o->word_count) {
    fprintf(stderr, "错误：写明政策包的目录，如 yichuang policy stage policies/new --store var\n");
    return EXIT_CALL;
  }
  if (store_needed(cx, o) != OK || package_needed(cx, o->words[0]) != OK || world_load(cx, o, &w) != OK) return report_fault(cx);
  Code code = package_stage(cx, w->policies.packages, o->words[0], &p, &already, &found);
  if (code == OK) code = store_folder_send(cx, o->store, arena_fmt(cx->mem, "policies/%.*s", SFMT(p->version)), S(PACKAGE_MARK));
  findings_print(&found);
  world_close(w);
  if (code != OK) return report_fault(cx) == EXIT_STORE ? EXIT_STORE : found.errors ? EXIT_FAULT : EXIT_CALL;
  printf("政策包 %.*s %.*s %s（散列 %.*s）\n", SFMT(p->name), SFMT(p->version), already ? "以前暂存过，内容相同" : "已暂存，还没有施行",
         SFMT(p->dir_hash));
  printf("下一步：一个人在网页“政策发布”里核对、写明施行日期并提出，另一个人确认。\n");
  return EXIT_DONE;
}

/* ---- list ------------------------------------------------------------------------------------------------- */

static void versions_print(Cx *cx, const World *w, Str today) {
  const Policy *list[PACKAGES_MAX];
  size_t n = packages_list(w->policies.packages, list);
  const Policy *base = w->policies.current, *now = today.len ? policies_find(&w->policies, today) : base;
  printf("今天施行：%.*s%s\n认识的版本：\n  %.*s  --policy 指定的政策包  散列 %.*s\n", SFMT(now->version),
         today.len ? "" : "（没有发布过别的版本）", SFMT(base->version), SFMT(base->dir_hash));
  for (size_t i = 0; i < n; i++) {
    Str mark = arena_fmt(cx->mem, "%.*s/%.*s", SFMT(packages_dir(w->policies.packages)), SFMT(list[i]->version));
    printf("  %.*s  暂存在 %.*s  散列 %.*s\n", SFMT(list[i]->version), SFMT(mark), SFMT(list[i]->dir_hash));
  }
}

static Code list_print(Cx *cx, const Options *o, World *w) {
  SCOPED(reader_close_p) Reader *rd = NULL;
  PolicyVersion *list = NULL;
  const void *book = NULL;
  size_t n = 0;
  int64_t seq;
  Str today;
  TRY(store_needed(cx, o));
  TRY(reader_open_dir(cx, &w->store, &rd));
  TRY(policy_in_force(cx, reader_views(rd), day_of(cx->now), &today));
  TRY(policy_versions(cx, reader_views(rd), &list, &n));
  versions_print(cx, w, today);
  printf("发布过的：%s\n", n ? "" : "没有");
  for (size_t i = 0; i < n; i++) {
    const PolicyVersion *v = &list[i];
    Str from = day_str(cx->mem, v->effective), at = time_cn(cx->mem, v->at);
    printf("  %.*s  %.*s 起施行  %.*s 提出，%.*s 于 %.*s 确认  %.*s\n", SFMT(v->version), SFMT(from), SFMT(v->by), SFMT(v->confirmed_by),
           SFMT(at), SFMT(v->reason));
  }
  reader_begin(rd);
  if (reader_state(cx, rd, POLICY_STREAM, &book, &seq) != OK) {
    cx_clear(cx); /* nothing was ever proposed */
    return OK;
  }
  const Proposal *waiting = book_waiting(book);
  if (waiting)
    printf("等待确认：第 %lld 号，%.*s，%.*s 提出，%.*s 起施行\n", (long long)waiting->no, SFMT(waiting->package), SFMT(waiting->by_name),
           SFMT(day_str(cx->mem, waiting->effective)));
  return OK;
}

int verb_policy_list(Cx *cx, const Options *o) {
  World *w = NULL;
  if (world_load(cx, o, &w) != OK) return report_fault(cx);
  Code code = list_print(cx, o, w);
  world_close(w);
  return code == OK ? EXIT_DONE : report_fault(cx);
}
