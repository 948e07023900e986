/* SPDX-License-Identifier: Apache-2.0 */
/* joined.c: the joint review of drawings in the case: what is noted of it, and what it holds up or rules out. */
#include "approval/approval_int.h"

#define CLAUSE "D60-2.4.3-(1)-p1"

/* ---- what is known ------------------------------------------------------------------------------------------- */

const ReviewNote *project_review(const Project *pr) {
  return pr->review;
}

bool project_drawings_ready(const Project *pr) {
  const ReviewNote *r = pr->review;
  return !r || str_eqz(r->status, "passed") || (r->promised_at && !str_eqz(r->status, "failed"));
}

static Str word_of(Str status) {
  static const struct { const char *status, *word; } words[] = {
      {"reviewing", "四个专业正在审查"}, {"change", "需要修改"}, {"passed", "审查合格"}, {"failed", "审查不合格"}, {"closed", "已撤回"},
      {"promised", "建设单位签订《施工图设计文件承诺书》"}};
  for (size_t i = 0; i < COUNT(words); i++)
    if (str_eqz(status, words[i].status)) return str_of(words[i].word);
  return status;
}

/* ---- deciding ------------------------------------------------------------------------------------------------ */

Code drawings__may_pass(Cx *cx, const At *at) {
  const Item *item = policy_item(at->p, at->i->code);
  const ReviewNote *r = at->pr->review;
  if (!item || !item->drawings.len || project_drawings_ready(at->pr)) return OK;
  Str word = word_of(r->status);
  FAIL_AT(CONFLICT, S("result"), S(CLAUSE),
          "联合审图 %.*s：%.*s。四个专业都合格，或者建设单位签订《施工图设计文件承诺书》以后，才能通过“%.*s”。", SFMT(r->number), SFMT(word),
          SFMT(at->i->name));
}

Code drawings__no_second(Cx *cx, const At *at, const char *cannot) {
  const Item *item = policy_item(at->p, at->i->code);
  const ReviewNote *r = at->pr->review;
  if (!item || !str_eqz(item->drawings, "review") || !r || !project_drawings_ready(at->pr)) return OK;
  Str word = r->promised_at ? word_of(S("promised")) : word_of(r->status);
  FAIL_AT(CONFLICT, S("result"), S(CLAUSE), "联合审图 %.*s：%.*s，相关部门不再进行技术审查，不能%s“%.*s”。", SFMT(r->number), SFMT(word), cannot,
          SFMT(at->i->name));
}

Code decide__note_review(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"number", "status"};
  Arena *m = decision_mem(d);
  Json *body = json_obj(m);
  (void)cx;
  json_put_int(m, body, S("review"), json_int(ask->cmd->args, S("review"), 0));
  for (size_t i = 0; i < COUNT(names); i++) json_put_str(m, body, str_of(names[i]), json_str(ask->cmd->args, str_of(names[i])));
  Str number = json_str(body, S("number")), word = word_of(json_str(body, S("status")));
  json_put_str(m, body, S("what"), arena_fmt(m, "%.*s，%.*s", SFMT(number), SFMT(word)));
  decision_emit(d, "project.review-noted", 1, body);
  return OK;
}

/* ---- folding --------------------------------------------------------------------------------------------------- */

void joined__fold(Arena *mem, Project *p, const Event *e) {
  if (!str_eq(e->kind, S("project.review-noted"))) return;
  int64_t no = json_int(e->body, S("review"), 0);
  Str status = json_str(e->body, S("status"));
  ReviewNote *r = p->review ? p->review : arena_new(mem, ReviewNote);
  p->review = r;
  if (r->no != no) *r = (ReviewNote){.no = no, .number = arena_str(mem, json_str(e->body, S("number")))};
  r->at = e->happened;
  if (str_eqz(status, "promised")) r->promised_at = e->happened; /* beside the state, which goes on */
  else r->status = arena_str(mem, status);
}

/* The drawings were uploaded once, for the review. */
void joined__cover(Arena *mem, const Policy *p, const Project *pr, Json *facts) {
  const ReviewNote *r = pr->review;
  bool has = r && !str_eqz(r->status, "closed") && !str_eqz(r->status, "failed");
  if (!has && !json_get(facts, POLICY_COVERED)) return;
  Json *list = json_put_arr(mem, facts, POLICY_COVERED);
  for (size_t i = 0; has && i < p->item_count; i++)
    if (str_eqz(p->items[i].drawings, "review")) json_push_str(mem, list, p->items[i].code);
}

/* ---- following the review ------------------------------------------------------------------------------------------ */

static Code aim(Cx *cx, const Event *e, const char *status, Follow out[FOLLOW_MAX], size_t *n) {
  int64_t project = json_int(e->body, S("project"), 0), no = 0;
  Str head, text;
  Json *args = json_obj(cx->mem);
  str_cut(e->stream, '/', &head, &text);
  if (!project || !str_to_i64(text, &no)) return OK;
  json_put_int(cx->mem, args, S("review"), no);
  json_put_str(cx->mem, args, S("number"), json_str(e->body, S("number")));
  json_put_str(cx->mem, args, S("status"), str_of(status));
  out[(*n)++] = (Follow){.stream = arena_fmt(cx->mem, "project/%lld", (long long)project), .args = args};
  return OK;
}

#define AIM(name, status)                                                                           \
  Code name(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {                 \
    (void)views;                                                                                    \
    return aim(cx, e, status, out, n);                                                              \
  }
AIM(joined__applied, "reviewing")
AIM(joined__changed, "change")
AIM(joined__promised, "promised")
AIM(joined__passed, "passed")
AIM(joined__failed, "failed")
AIM(joined__closed, "closed")
