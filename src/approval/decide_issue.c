/* SPDX-License-Identifier: Apache-2.0 */
/* decide_issue.c: the end of a stage: one certificate, or a refusal with reasons; delivery. */
#include "approval/approval_int.h"

static const ItemState *first_with(const StageState *s, ItemStatus status) {
  for (size_t i = 0; i < s->item_count; i++)
    if (!s->items[i].parallel && s->items[i].status == status) return &s->items[i];
  return NULL;
}

bool stage_refused(const StageState *s) {
  return first_with(s, ITEM_REFUSED) != NULL;
}

bool stage_reapplies(const StageState *s) {
  return s->status == STAGE_DECIDED && !stage_refused(s) && first_with(s, ITEM_WITHDRAWN);
}

/* A connection that was asked for and then withdrawn is not wanted; any other item that the catalogue
 * names has to pass, or a certificate would be had by withdrawing what stands in its way. */
static bool settled(const At *at, const StageState *s, const ItemState *i) {
  if (i->status == ITEM_PASSED) return true;
  const Item *item = policy_item(policies_find(at->ask->env, s->policy_version), i->code);
  return i->status == ITEM_WITHDRAWN && item && str_eq(item->kind, S("市政公用接入"));
}

/* Parallel items that had to be ready before this stage's certificate (D60-2.4.5). */
static Code beside_check(Cx *cx, const At *at) {
  for (int n = 1; n <= STAGE_MAX; n++)
    for (size_t i = 0; i < at->pr->stages[n].item_count; i++) {
      const ItemState *item = &at->pr->stages[n].items[i];
      if (!item->parallel || item->before_stage != at->n) continue;
      if (settled(at, &at->pr->stages[n], item)) continue;
      Str label = item_status_label(item->status);
      FAIL_AT(CONFLICT, S("stage"), S("D60-2.4.5"), "“%.*s”要在本阶段出件前办完，现在是“%.*s”。", SFMT(item->name), SFMT(label));
    }
  return OK;
}

static const ItemState *anywhere(const Project *pr, Str code) {
  for (int n = 1; n <= STAGE_MAX; n++) {
    const ItemState *i = stage_item(&pr->stages[n], code);
    if (i) return i;
  }
  return NULL;
}

/* Legal prerequisites are looked at when a certificate is issued, never when a case is accepted. */
static Code after_check(Cx *cx, const At *at) {
  for (size_t i = 0; i < at->s->item_count; i++) {
    const Item *item = policy_item(at->p, at->s->items[i].code);
    for (size_t k = 0; item && k < item->after_count; k++) {
      const ItemState *before = anywhere(at->pr, item->after[k]);
      if (!before || before->status == ITEM_PASSED) continue;
      FAIL_AT(CONFLICT, S("stage"), S(""), "“%.*s”要先通过，才能为“%.*s”出件。", SFMT(before->name), SFMT(item->name));
    }
  }
  return OK;
}

/* What the command and stage_may_certify ask alike. */
static Code certify_check(Cx *cx, const At *at) {
  if (at->s->status != STAGE_DECIDED) return at__wrong_state(cx, at, "出件");
  const ItemState *refused = first_with(at->s, ITEM_REFUSED), *withdrawn = first_with(at->s, ITEM_WITHDRAWN);
  if (refused) FAIL(CONFLICT, "“%.*s”没有通过，不能出件；请作出不予许可决定。", SFMT(refused->name));
  if (withdrawn)
    FAIL_AT(CONFLICT, S("stage"), S("D60-4.15-p1"), "“%.*s”已撤回，不能出件；请申请人重新申报这个事项，或者撤回本阶段申请。",
            SFMT(withdrawn->name));
  TRY(lack__settled(cx, at->s));
  TRY(joined__certify(cx, at));
  TRY(beside_check(cx, at));
  TRY(after_check(cx, at));
  return certs__hold(cx, at);
}

Code stage_may_certify(Cx *cx, const Policies *ps, const Project *pr, int n, int64_t now) {
  At at;
  Json *args = json_obj(cx->mem), *facts = json_obj(cx->mem);
  Command cmd = {.now = now, .args = args};
  json_put_int(cx->mem, args, S("stage"), n);
  json_put_str(cx->mem, facts, S("policy"), ps->current->version);
  Ask ask = {.cmd = &cmd, .state = pr, .happened = now, .now = now, .facts = facts, .env = ps};
  TRY(at__stage(cx, &ask, &at));
  return certify_check(cx, &at);
}

Code decide__certify(Cx *cx, const Ask *ask, Decision *d) {
  At at;
  Arena *m = decision_mem(d);
  TRY(at__stage(cx, ask, &at));
  TRY(certify_check(cx, &at));
  Json *body = at__body(&at, d);
  Str number = arena_fmt(m, "HLD-ZJ%d-%06lld-%d", at.n, (long long)at.pr->no, at.s->attempt);
  TRY(certs__issue(cx, &at, m, number, body));
  decision_emit(d, "stage.certified", 1, body);
  Json *answer = json_obj(m);
  json_put_str(m, answer, S("certificate"), number);
  json_put(m, answer, S("certificates"), json_get(body, S("certificates")));
  decision_answer(d, answer);
  return OK;
}

Code decide__refuse(Cx *cx, const Ask *ask, Decision *d) {
  At at;
  Arena *m = decision_mem(d);
  TRY(at__stage(cx, ask, &at));
  if (at.s->status != STAGE_DECIDED) return at__wrong_state(cx, &at, "作出不予许可决定");
  if (!stage_refused(at.s)) FAIL(CONFLICT, "没有不通过的事项，不能不予许可。");
  Json *body = at__body(&at, d), *reasons = json_put_arr(m, body, S("reasons"));
  Str articles = S("");
  for (size_t i = 0; i < at.s->item_count; i++) {
    const ItemState *item = &at.s->items[i];
    if (item->status != ITEM_REFUSED || item->parallel) continue;
    Json *o = json_push_obj(m, reasons);
    json_put_str(m, o, S("name"), item->name);
    json_put_str(m, o, S("unit"), item->unit);
    json_put_str(m, o, S("opinion"), item->opinion);
    json_put_str(m, o, S("article"), item->article);
    if (!str_has(articles, item->article))
      articles = arena_fmt(m, "%.*s%s%.*s", SFMT(articles), articles.len ? "；" : "", SFMT(item->article));
  }
  json_put_str(m, body, S("article"), articles);
  json_put_str(m, body, S("remedy"), at.p->remedy);
  document__remedies(&at, m, body);
  decision_emit(d, "stage.refused", 1, body);
  return OK;
}

/* A day of its own is entered late like all else, and says that no time of day is known. */
static Code delivery_check(Cx *cx, const At *at) {
  Str letter = json_str(at->args, S("letter"));
  if (letter.len && !str_eqz(json_str(at->args, S("how")), "邮递")) FAIL_AT(INVALID, S("letter"), S(""), "快递单号只在送达方式是“邮递”时填写；不是邮递的请清空。");
  return at__on(cx, at->ask);
}

/* Posted and not signed for: nobody has it yet, so the limit of the delivery (art. 44) runs on. */
Code decide__post(Cx *cx, const Ask *ask, Decision *d) {
  At at;
  TRY(at__stage(cx, ask, &at));
  if (at.s->status != STAGE_CERTIFIED) return at__wrong_state(cx, &at, "寄出");
  Json *body = at__body(&at, d);
  json_put_str(decision_mem(d), body, S("letter"), json_str(at.args, S("letter")));
  decision_emit(d, "stage.posted", 1, body);
  return OK;
}

Code decide__deliver(Cx *cx, const Ask *ask, Decision *d) {
  At at;
  Arena *m = decision_mem(d);
  bool last = true;
  TRY(at__stage(cx, ask, &at));
  if (at.s->status != STAGE_CERTIFIED) return at__wrong_state(cx, &at, "送达");
  TRY(delivery_check(cx, &at));
  Json *body = at__body(&at, d);
  json_put_str(m, body, S("how"), json_str(at.args, S("how")));
  json_put_str(m, body, S("to"), json_str(at.args, S("to")));
  if (json_str(at.args, S("letter")).len) json_put_str(m, body, S("letter"), json_str(at.args, S("letter")));
  if (json_str(at.args, S("on")).len) json_put_str(m, body, S("on"), json_str(at.args, S("on")));
  decision_emit(d, "stage.delivered", 1, body);
  for (int n = at.n + 1; n <= STAGE_MAX; n++)
    if (at.pr->stages[n].status != STAGE_NA) last = false;
  Json *completed = json_obj(m);
  at__stamp(ask, m, completed);
  if (last) decision_emit(d, "project.completed", 1, completed);
  return OK;
}
