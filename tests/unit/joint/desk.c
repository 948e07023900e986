/* SPDX-License-Identifier: Apache-2.0 */
#include "desk.h"

#include <stdio.h>

static void must(Town *w, Cx *cx, const char *who, const char *command, const char *stream, const char *args) {
  Code code = town_do(w, cx, who, command, stream, args);
  if (code != OK) fprintf(stderr, "%s %s: %.*s\n", who, command, SFMT(cx->detail));
  REQUIRE(code == OK);
}

static void drawings_stored(Town *w, Cx *cx) {
  SCOPED(blob_drop) Blob *b = NULL;
  Str hash;
  int64_t size;
  Code code = blob_open(cx, w->dir, 100, &b);
  if (code == OK) code = blob_add(cx, b, "sample drawings", 15);
  if (code == OK) code = blob_finish(cx, b, &hash, &size);
  REQUIRE(code == OK && str_has(S(BLOB), hash));
}

void desk_open(Town *w, Cx *cx) {
  static const char *const items[] = {"drawing-review", "drawing-opinion", "construction-permit"};
  town_open(w, cx, joint_engines, JOINT_ENGINES);
  drawings_stored(w, cx);
  must(w, cx, "system", "project.register", NULL, "{'no':1,'number':'HLD-000001-X','uscc':'" USCC "'}");
  must(w, cx, "system", "project.mark", "project/1", "{'no':1,'stage':3,'status':'running'}");
  for (size_t i = 0; i < COUNT(items); i++)
    must(w, cx, "system", "project.mark", "project/1", arena_fmt(cx->mem, "{'no':1,'stage':3,'item':'%s','status':'taken','name':'%s'}", items[i], items[i]).ptr);
  must(w, cx, "hc", "agency.add", NULL,
       "{'name':'示例审图有限公司','uscc':'" AGENCY "','recognised':true,'document':'辽住建示例1号','until':'2020-12-31','disciplines':['fire','lightning','air-defence','drawing']}");
  must(w, cx, "hc", "agency.add", NULL,
       "{'name':'示例二审图有限公司','uscc':'" AGENCY2 "','recognised':false,'document':'尚未认定','until':'2020-12-31','disciplines':['fire','lightning','air-defence','drawing']}");
}

const Review *desk_review(Town *w, Cx *cx, int64_t no) {
  const Review *r = NULL;
  Code code = review_load(cx, w->reader, no, &r);
  REQUIRE(code == OK);
  return r;
}

void desk_fire_wants(Town *w, Cx *cx, bool opinion) {
  must(w, cx, "owner", "review.apply", NULL, "{'project':1,'agency':1,'files':[" BLOB "]}");
  must(w, cx, "drawer", "review.report", "review/1", REPORT("lightning", "pass"));
  must(w, cx, "drawer", "review.report", "review/1", REPORT("air-defence", "pass"));
  must(w, cx, "drawer", "review.report", "review/1", REPORT("drawing", "pass"));
  must(w, cx, "drawer", "review.report", "review/1", REPORT("fire", "change"));
  if (opinion) must(w, cx, "hc-head", "review.conclude", "review/1", "{'result':'change','text':'消防专业按第 5.1.3 条修改疏散宽度','signature':'陈长'}");
}
