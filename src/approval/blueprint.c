/* SPDX-License-Identifier: Apache-2.0 */
/* blueprint.c: the check against the one blueprint 蓝图检查 in the case: what is noted of it, and that it holds up the acceptance of stage 1. */
#include "approval/approval_int.h"
#include "org/kit.h"

const BlueprintNote *project_blueprint(const Project *pr) {
  return pr->joined ? pr->joined->blueprint : NULL;
}

Code blueprint__accept(Cx *cx, const At *at) {
  const BlueprintNote *b = project_blueprint(at->pr);
  if (at->n != 1 || !b || !b->blocks) return OK;
  FAIL_AT(CONFLICT, S("stage"), b->article, "蓝图检查 %.*s 有 %lld 项冲突，不能直接受理：%.*s请一次性告知申请人怎样调整，重新检查没有冲突以后再受理；不能调整的，不予受理。",
          SFMT(b->number), (long long)b->conflicts, SFMT(b->reason));
}

Code decide__note_blueprint(Cx *cx, const Ask *ask, Decision *d) {
  Arena *m = decision_mem(d);
  Json *body = json_obj(m);
  (void)cx;
  for (const Json *v = ask->cmd->args->first; v; v = v->next) json_put(m, body, v->key, v);
  Str number = json_str(body, S("number"));
  long long conflicts = json_int(body, S("conflicts"), 0), warnings = json_int(body, S("warnings"), 0);
  json_put_str(m, body, S("what"),
               conflicts ? arena_fmt(m, "%.*s，%lld 项冲突", SFMT(number), conflicts)
                         : warnings ? arena_fmt(m, "%.*s，没有冲突，%lld 项需注意", SFMT(number), warnings) : arena_fmt(m, "%.*s，没有冲突", SFMT(number)));
  decision_emit(d, "project.blueprint-noted", 1, body);
  return OK;
}

void blueprint__fold(Arena *mem, Joined *j, const Event *e) {
  static const char *const counts[] = {"check", "conflicts", "blocks", "warnings"};
  BlueprintNote *b = j->blueprint ? j->blueprint : arena_new(mem, BlueprintNote);
  int64_t *const to[] = {&b->no, &b->conflicts, &b->blocks, &b->warnings};
  for (size_t i = 0; i < COUNT(counts); i++) *to[i] = json_int(e->body, str_of(counts[i]), 0);
  b->number = kit_keep(mem, e->body, "number");
  b->reason = kit_keep(mem, e->body, "reason");
  b->article = kit_keep(mem, e->body, "article");
  b->way = kit_keep(mem, e->body, "way");
  b->at = e->happened;
  j->blueprint = b;
}

Code blueprint__checked(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  static const char *const texts[] = {"number", "reason", "article", "way"}, *const counts[] = {"conflicts", "blocks", "warnings"};
  int64_t project = json_int(e->body, S("project"), 0);
  Json *args = json_obj(cx->mem);
  (void)views;
  if (!project) return OK;
  json_put_int(cx->mem, args, S("check"), json_int(e->body, S("no"), 0));
  for (size_t i = 0; i < COUNT(counts); i++) json_put_int(cx->mem, args, str_of(counts[i]), json_int(e->body, str_of(counts[i]), 0));
  for (size_t i = 0; i < COUNT(texts); i++)
    if (json_get(e->body, str_of(texts[i]))) json_put_str(cx->mem, args, str_of(texts[i]), json_str(e->body, str_of(texts[i])));
  out[(*n)++] = (Follow){.stream = arena_fmt(cx->mem, "project/%lld", (long long)project), .args = args};
  return OK;
}
