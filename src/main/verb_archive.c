/* SPDX-License-Identifier: Apache-2.0 */
/* verb_archive.c: `archive`, one case as a folder, beside a running server; `archive check`, a folder compared with its lists. */
#include "main/main_int.h"
#include "web/archive.h"

#include <stdio.h>

static Code archive_make(Cx *cx, const Options *o, World *w, const Sealer *sealer, Archive *a) {
  SCOPED(reader_close_p) Reader *rd = NULL;
  const Project *pr = NULL;
  Json *labels = NULL;
  int64_t no = 0;
  TRY(store_labels(cx, o->store, &labels));
  TRY(reader_open_dir(cx, &w->store, &rd));
  reader_begin(rd);
  Code code = project_find(cx, rd, o->words[0], &no);
  if (code == NOT_FOUND) {
    cx_clear(cx);
    FAIL(NOT_FOUND, "没有编号为 %.*s 的项目。写办件编号、项目代码或收件编号。", SFMT(o->words[0]));
  }
  TRY(code);
  TRY(project_load(cx, rd, no, &pr));
  App app = {.policy = w->policies.current, .policies = &w->policies, .dir = o->store, .sealer = sealer,
             .demo = str_eq(json_str(labels, S("demo")), S("yes"))};
  Request rq = {.mem = cx->mem, .app = &app, .rd = rd, .now = cx->now, .lang = S("zh")};
  TRY(archive_plan(cx, &rq, pr, a));
  return archive_write(cx, a, o->words[1]);
}

int verb_archive(Cx *cx, const Options *o) {
  World *w = NULL;
  Archive a = {0};
  Sealer *sealer = NULL;
  Str secret;
  if (o->word_count < 2) {
    fprintf(stderr, "错误：写明项目和目录。例如 yichuang archive HLD-000007-M /归档/HLD-000007-M\n");
    return EXIT_CALL;
  }
  if (store_needed(cx, o) != OK || world_load(cx, o, &w) != OK) return report_fault(cx);
  if (o->seal_key.len && (file_read(cx, o->seal_key, 1 << 16, &secret) != OK || sealer_open(cx, secret, &sealer) != OK)) return report_fault(cx);
  Code code = archive_make(cx, o, w, sealer, &a);
  sealer_close(sealer);
  if (code == OK)
    printf("已归档到 %.*s：%zu 个文件%s\n", SFMT(o->words[1]), a.count - a.uncovered + 4, a.uncovered ? "；有的记录还没有凭证，签发检查点以后重新归档即有" : "");
  int rc = code == OK ? EXIT_DONE : report_fault(cx);
  world_close(w);
  return rc;
}

int verb_archive_check(Cx *cx, const Options *o) {
  int64_t files = 0;
  Json *wrong = NULL;
  if (!o->word_count) {
    fprintf(stderr, "错误：写明归档所在的目录。例如 yichuang archive check /归档/HLD-000007-M\n");
    return EXIT_CALL;
  }
  if (archive_check(cx, o->words[0], &files, &wrong) != OK) return report_fault(cx);
  for (const Json *x = wrong->first; x; x = x->next) printf("%.*s\n", SFMT(x->str));
  if (wrong->count) printf("有 %u 处与清单不符。\n", wrong->count);
  else printf("%lld 个文件与清单一致。\n", (long long)files);
  return wrong->count ? EXIT_FAULT : EXIT_DONE;
}
