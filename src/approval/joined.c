/* SPDX-License-Identifier: Apache-2.0 */
/* joined.c: the joint review of drawings in the case: what is noted of it, and what it holds up or rules out. */
#include "approval/approval_int.h"
#include "org/kit.h"

#define CLAUSE "D60-2.4.3-(1)-p1"

/* ---- what is known ------------------------------------------------------------------------------------------- */

const ReviewNote *project_review(const Project *pr) {
  return pr->joined ? pr->joined->review : NULL;
}

static bool live_architect(const Project *pr) {
  for (size_t i = 0; pr->joined && i < pr->joined->promise_count; i++) {
    const PromiseNote *x = &pr->joined->promises[i];
    if (str_eqz(x->kind, "architect") && !str_eqz(x->status, "closed") && !str_eqz(x->status, "broken")) return true;
  }
  return false;
}

bool project_acceptance_waits(const Project *pr) {
  const ReviewNote *r = project_review(pr);
  return project_halted(pr) || (live_architect(pr) && !(r && str_eqz(r->status, "passed")));
}

bool project_halted(const Project *pr) {
  const Joined *j = pr->joined;
  return j && j->halt_count && !j->halts[j->halt_count - 1].until;
}

const Revoked *project_revoked(const Project *pr, int stage, Str item) {
  for (size_t i = 0; pr->joined && i < pr->joined->revoked_count; i++) {
    const Revoked *r = &pr->joined->revoked[i];
    const ItemState *at = stage_item(&pr->stages[stage], r->item);
    if (r->stage == stage && (!item.len || str_eq(r->item, item)) && at && at->revoked) return r;
  }
  return NULL;
}

const PromiseNote *project_promise(const Policy *p, const Project *pr, int stage, Str item) {
  const Item *row = policy_item(p, item);
  for (size_t i = 0; pr->joined && i < pr->joined->promise_count; i++) {
    const PromiseNote *x = &pr->joined->promises[i];
    bool fits = str_eqz(x->kind, "item") ? x->stage == stage && str_eq(x->item, item) : row && row->drawings.len > 0;
    if (fits && str_eqz(x->status, "signed")) return x;
  }
  return NULL;
}

bool project_drawings_ready(const Project *pr) {
  const ReviewNote *r = project_review(pr);
  if (live_architect(pr)) return true;
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
  const ReviewNote *r = project_review(at->pr);
  if (!item || !item->drawings.len || project_drawings_ready(at->pr)) return OK;
  Str word = word_of(r->status);
  FAIL_AT(CONFLICT, S("result"), S(CLAUSE),
          "联合审图 %.*s：%.*s。四个专业都合格，或者建设单位签订《施工图设计文件承诺书》以后，才能通过“%.*s”。", SFMT(r->number), SFMT(word),
          SFMT(at->i->name));
}

Code drawings__no_second(Cx *cx, const At *at, const char *cannot) {
  const Item *item = policy_item(at->p, at->i->code);
  const ReviewNote *r = project_review(at->pr);
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

Code halt__check(Cx *cx, const At *at, const char *what) {
  if (at->n < STAGE_MAX || !project_acceptance_waits(at->pr)) return OK;
  if (!project_halted(at->pr))
    FAIL_AT(CONFLICT, S("stage"), S("D60-2.4.4-(5)"), "建筑师负责制的项目，施工图审查通过以后才能%s竣工验收；请申请联合审图。", what);
  const HaltNote *h = &at->pr->joined->halts[at->pr->joined->halt_count - 1];
  Str since = time_cn(cx->mem, h->since);
  FAIL_AT(CONFLICT, S("stage"), S("D60-2.4.4-(5)"), "项目已于 %.*s 叫停（%.*s），施工图审查通过、恢复施工以后才能%s竣工验收。", SFMT(since), SFMT(h->reason), what);
}

void promise__put(const At *at, Decision *d, Json *body) {
  const PromiseNote *x = project_promise(at->p, at->pr, at->n, at->i->code);
  if (x) json_put_int(decision_mem(d), body, S("promise"), x->no);
}

static Json *copied(const Ask *ask, Decision *d) {
  Json *body = json_obj(decision_mem(d));
  for (const Json *v = ask->cmd->args->first; v; v = v->next) json_put(decision_mem(d), body, v->key, v);
  return body;
}

static Str promise_word(Str kind, Str status) {
  static const struct { const char *status, *word; } words[] = {
      {"signed", "已签订"}, {"accepted", "据以作出决定，两个月内核查"}, {"closed", "不再使用"}, {"kept", "核查：已履行"}, {"broken", "核查：没有履行"}};
  (void)kind;
  for (size_t i = 0; i < COUNT(words); i++)
    if (str_eqz(status, words[i].status)) return str_of(words[i].word);
  return status;
}

Code decide__note_promise(Cx *cx, const Ask *ask, Decision *d) {
  Json *body = copied(ask, d);
  Arena *m = decision_mem(d);
  (void)cx;
  Str number = json_str(body, S("number")), word = promise_word(json_str(body, S("kind")), json_str(body, S("status")));
  json_put_str(m, body, S("what"), arena_fmt(m, "%.*s，%.*s", SFMT(number), SFMT(word)));
  decision_emit(d, "project.promise-noted", 1, body);
  return OK;
}

#define CLAUSE_STOP "D60-2.4.4-(5)"
#define STOPPED "停工：" /* how the reason of a certificate that a stop suspends begins */

static int permit_stage(Cx *cx, const Ask *ask) {
  const Policy *p = at__current(cx, ask);
  for (size_t i = 0; i < p->item_count; i++)
    if (str_eqz(p->items[i].drawings, "permit")) return p->items[i].stage;
  return 3;
}

/* No certificate over what was revoked, and none that a stop would suspend. */
Code joined__certify(Cx *cx, const At *at) {
  const Revoked *r = project_revoked(at->pr, at->n, S(""));
  if (r) FAIL_AT(CONFLICT, S("stage"), S("D60-5.16.3"), "“%.*s”的决定已经撤销（%.*s），不能出件。", SFMT(r->name), SFMT(r->decision));
  if (project_halted(at->pr) && at->n >= permit_stage(cx, at->ask)) FAIL_AT(CONFLICT, S("stage"), S(CLAUSE_STOP), "项目已叫停，恢复施工以后才能出件。");
  return hold__may_certify(cx, at);
}

Code joined__restore(Cx *cx, const Project *pr, const Cert *c) {
  if (!project_halted(pr) || !str_starts(c->reason, S(STOPPED))) return OK;
  FAIL_AT(CONFLICT, S("certificate"), S(CLAUSE_STOP), "项目叫停期间证件不能恢复；施工图审查通过后由系统恢复。");
}

Code decide__halt(Cx *cx, const Ask *ask, Decision *d) {
  if (project_halted(ask->state)) FAIL(CONFLICT, "项目已经叫停。");
  decision_emit(d, "project.halted", 1, copied(ask, d));
  CertStep stop = {.kind = "certificate.suspended", .reason = arena_fmt(decision_mem(d), STOPPED "%.*s", SFMT(json_str(ask->cmd->args, S("reason")))),
                   .article = S(CLAUSE_STOP), .against = true};
  certs__follow(cx, ask, d, permit_stage(cx, ask), CERT_VALID, CERT_VALID, &stop);
  return OK;
}

Code decide__resume_work(Cx *cx, const Ask *ask, Decision *d) {
  if (!project_halted(ask->state)) FAIL(CONFLICT, "项目没有叫停。");
  decision_emit(d, "project.resumed", 1, copied(ask, d));
  CertStep go = {.kind = "certificate.restored", .reason = S("施工图设计文件审查已经通过，恢复施工"), .article = S(CLAUSE_STOP), .only = S(STOPPED)};
  certs__follow(cx, ask, d, permit_stage(cx, ask), CERT_SUSPENDED, CERT_SUSPENDED, &go);
  return OK;
}

/* What a broken promise was decided on is no longer there; the document that stands on it says so from now on. */
Code decide__revoke(Cx *cx, const Ask *ask, Decision *d) {
  const Project *pr = ask->state;
  int stage = (int)json_int(ask->cmd->args, S("stage"), 0);
  Str code = json_str(ask->cmd->args, S("item"));
  const ItemState *i = stage >= 1 && stage <= STAGE_MAX ? stage_item(&pr->stages[stage], code) : NULL;
  if (!i || i->status != ITEM_PASSED) FAIL(CONFLICT, "“%.*s”没有通过，没有可以撤销的决定。", SFMT(code));
  if (project_revoked(pr, stage, code)) FAIL(CONFLICT, "“%.*s”的决定已经撤销。", SFMT(i->name));
  Json *body = copied(ask, d);
  json_put_str(decision_mem(d), body, S("article"), S("D60-5.16.3"));
  at__stamp(ask, decision_mem(d), body);
  decision_emit(d, "item.revoked", 1, body);
  CertStep end = {.kind = "certificate.revoked", .reason = arena_fmt(decision_mem(d), "没有履行承诺，撤销“%.*s”（%.*s）：%.*s", SFMT(i->name),
                                                                     SFMT(json_str(body, S("decision"))), SFMT(json_str(body, S("reason")))),
                  .article = S("D60-5.16.3"), .way = S("撤销"), .item = i, .against = true};
  certs__follow(cx, ask, d, stage, CERT_VALID, CERT_SUSPENDED, &end);
  return OK;
}

/* ---- folding --------------------------------------------------------------------------------------------------- */

static void fold_review(Arena *mem, Joined *j, const Event *e) {
  int64_t no = json_int(e->body, S("review"), 0);
  Str status = json_str(e->body, S("status"));
  ReviewNote *r = j->review ? j->review : arena_new(mem, ReviewNote);
  j->review = r;
  if (r->no != no) *r = (ReviewNote){.no = no, .number = arena_str(mem, json_str(e->body, S("number")))};
  r->at = e->happened;
  if (str_eqz(status, "promised")) r->promised_at = e->happened; /* beside the state, which goes on */
  else r->status = arena_str(mem, status);
}

static Str kept(Arena *mem, const Event *e, const char *key) {
  return arena_str(mem, json_str(e->body, str_of(key)));
}

static void fold_promise(Arena *mem, Joined *j, const Event *e) {
  int64_t no = json_int(e->body, S("promise"), 0);
  PromiseNote *x = NULL;
  for (size_t i = 0; i < j->promise_count; i++)
    if (j->promises[i].no == no) x = &j->promises[i];
  if (!x) {
    x = GROW(mem, j->promises, j->promise_count, j->promise_cap, PromiseNote);
    *x = (PromiseNote){.no = no, .number = kept(mem, e, "number"), .kind = kept(mem, e, "kind"), .stage = (int)json_int(e->body, S("of_stage"), 0),
                       .item = kept(mem, e, "of_item")};
  }
  x->status = kept(mem, e, "status");
}

static void fold_revoked(Arena *mem, const Project *p, Joined *j, const Event *e) {
  int stage = (int)json_int(e->body, S("stage"), 0);
  const ItemState *i = stage >= 1 && stage <= STAGE_MAX ? stage_item(&p->stages[stage], json_str(e->body, S("item"))) : NULL;
  Revoked *r = GROW(mem, j->revoked, j->revoked_count, j->revoked_cap, Revoked);
  *r = (Revoked){.stage = stage, .item = kept(mem, e, "item"), .name = i ? i->name : S(""), .decision = kept(mem, e, "decision"), .reason = kept(mem, e, "reason"),
                 .article = kept(mem, e, "article"), .at = e->happened};
}

void joined__fold(Arena *mem, Project *p, const Event *e) {
  static const char *const kinds[] = {"project.review-noted", "project.promise-noted", "project.halted", "project.resumed", "item.revoked", "project.blueprint-noted"};
  size_t k = 0;
  while (k < COUNT(kinds) && !str_eqz(e->kind, kinds[k])) k++;
  if (k == COUNT(kinds)) return;
  if (!p->joined) p->joined = arena_new(mem, Joined);
  Joined *j = p->joined;
  if (k == 0) fold_review(mem, j, e);
  if (k == 1) fold_promise(mem, j, e);
  if (k == 4) fold_revoked(mem, p, j, e);
  if (k == 5) blueprint__fold(mem, j, e);
  if (k == 2) {
    HaltNote *h = GROW(mem, j->halts, j->halt_count, j->halt_cap, HaltNote);
    *h = (HaltNote){.since = e->happened, .reason = kept(mem, e, "reason")};
  }
  if (k == 3 && j->halt_count) j->halts[j->halt_count - 1].until = e->happened;
}

/* The drawings were uploaded once, for the review. */
void joined__cover(Arena *mem, const Policy *p, const Project *pr, Json *facts) {
  const ReviewNote *r = project_review(pr);
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

/* ---- following promises ------------------------------------------------------------------------------------------------- */

static Code aim_promise(Cx *cx, const Event *e, const char *status, Follow out[FOLLOW_MAX], size_t *n) {
  static const char *const names[] = {"number", "kind", "of_item"};
  int64_t project = json_int(e->body, S("project"), 0), no = 0;
  Str head, text;
  Json *args = json_obj(cx->mem);
  str_cut(e->stream, '/', &head, &text);
  if (!project || !str_to_i64(text, &no)) return OK;
  json_put_int(cx->mem, args, S("promise"), no);
  for (size_t i = 0; i < COUNT(names); i++) json_put_str(cx->mem, args, str_of(names[i]), json_str(e->body, str_of(names[i])));
  json_put_int(cx->mem, args, S("of_stage"), json_int(e->body, S("of_stage"), 0));
  json_put_str(cx->mem, args, S("status"), str_of(status));
  out[(*n)++] = (Follow){.stream = arena_fmt(cx->mem, "project/%lld", (long long)project), .args = args};
  return OK;
}

#define AIM_PROMISE(name, status)                                                                   \
  Code name(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {                 \
    (void)views;                                                                                    \
    return aim_promise(cx, e, status, out, n);                                                      \
  }
AIM_PROMISE(joined__signed, "signed")
AIM_PROMISE(joined__accepted, "accepted")
AIM_PROMISE(joined__ended, "closed")
AIM_PROMISE(joined__kept, "kept")
AIM_PROMISE(joined__broken, "broken")

Code joined__stops(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  int64_t project = json_int(e->body, S("project"), 0);
  Json *args = json_obj(cx->mem);
  (void)views;
  json_put_str(cx->mem, args, S("number"), json_str(e->body, S("number")));
  json_put_str(cx->mem, args, S("reason"), str_eqz(e->kind, "promise.resumed") ? S("施工图设计文件审查已经通过") : json_str(e->body, S("reason")));
  out[(*n)++] = (Follow){.stream = arena_fmt(cx->mem, "project/%lld", (long long)project), .args = args};
  return OK;
}

Code joined__revokes(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  int64_t project = json_int(e->body, S("project"), 0);
  static const Sql q = {"promise.rests", "iis", "i", "SELECT count(*) FROM item WHERE project = ?1 AND stage = ?2 AND code = ?3 AND status = 'passed'"};
  Json *args = json_obj(cx->mem);
  int64_t passed = 0;
  TRY(db_int(cx, views, &q, VALS(val_i(project), val_i(json_int(e->body, S("of_stage"), 0)), val_s(json_str(e->body, S("of_item")))), 0, &passed));
  if (!passed) return OK; /* a promise about drawings is in use from the review on: the permit may still run, or have been refused */
  json_put_int(cx->mem, args, S("stage"), json_int(e->body, S("of_stage"), 0));
  json_put_str(cx->mem, args, S("item"), json_str(e->body, S("of_item")));
  json_put_str(cx->mem, args, S("number"), json_str(e->body, S("number")));
  json_put_str(cx->mem, args, S("decision"), json_str(e->body, S("decision")));
  json_put_str(cx->mem, args, S("reason"), json_str(e->body, S("findings")));
  out[(*n)++] = (Follow){.stream = arena_fmt(cx->mem, "project/%lld", (long long)project), .args = args};
  return OK;
}
