/* SPDX-License-Identifier: Apache-2.0 */
/* decide_window.c: the window: notice, acceptance, slip. Issuing is in decide_issue.c. */
#include "approval/approval_int.h"

static Code submitted(Cx *cx, const Ask *ask, At *at, const char *what) {
  TRY(at__stage(cx, ask, at));
  if (at->s->status != STAGE_SUBMITTED) return at__wrong_state(cx, at, what);
  return OK;
}

/* The day from which the law has accepted by itself. */
static Day deemed_from(Cx *cx, const At *at) {
  const Policy *form = at__form(cx, at);
  return clock_deemed_from(form->calendar, day_of(at->s->submitted_at), form->receipt_days);
}

static bool deemed_already(Cx *cx, const At *at) {
  return at->ask->happened >= day_start(deemed_from(cx, at));
}

/* A notice or a refusal that comes too late is none, whether or not the timer was running. */
static Code in_time(Cx *cx, const At *at) {
  if (!deemed_already(cx, at)) return OK;
  Str receipt = day_cn(cx->mem, day_of(at->s->submitted_at));
  FAIL_AT(CONFLICT, S("stage"), S("行政许可法第三十二条"),
          "已过 %d 个工作日没有答复，自收到之日 %.*s 起视为受理，不能再要求补正或不予受理；请受理。",
          at__form(cx, at)->receipt_days, SFMT(receipt));
}

Code decide__request_correction(Cx *cx, const Ask *ask, Decision *d) {
  At at;
  TRY(submitted(cx, ask, &at, "告知补正"));
  TRY(in_time(cx, &at));
  const Json *missing = json_get(at.args, S("missing"));
  if (at.s->noticed)
    FAIL_AT(CONFLICT, S("missing"), S("行政许可法第三十二条"),
            "本次申请已经告知过一次，应当一次告知全部内容，不能再次要求补正。可以受理或不予受理。");
  Arena *m = decision_mem(d);
  Json *body = at__body(&at, d), *list = json_put_arr(m, body, S("missing"));
  TRY(asks__heard(cx, &at)); /* before what is wrong with the words: they cannot be sent today however they are put */
  TRY(subjects_read(cx, at__form(cx, &at), at.pr, at.n, missing, S("missing"), m, list));
  TRY(asks__settled(cx, &at, m, list, body));
  TRY(cites__relation(cx, &at, S(""), "要求补正", d, body));
  decision_emit(d, "stage.correction-requested", 1, body);
  return OK;
}

/* ---- acceptance: what the case keeps ------------------------------------------------------------- */

/* Applicable items with days and units; those already passed or running in an earlier attempt are left out.
 * A missing fact is never read as "no": acceptance waits until it is known, unless the law accepts by itself. */
static Code plan_make(Cx *cx, const At *at, Arena *m, bool deemed, Json *list) {
  ItemChoice *choices = NULL;
  size_t n = policy_items(m, at->p, at->n, at->pr->category, at->pr->county, at->pr->facts, &choices);
  for (size_t i = 0; i < n; i++) {
    const Item *item = choices[i].item;
    if (choices[i].applies == NO || stage_item(at->s, item->code)) continue;
    if (choices[i].applies == UNKNOWN && !deemed)
      FAIL_AT(INVALID, S("facts"), item->when_source.clause, "还不知道要不要办“%.*s”：%.*s。请让申请人补充。", SFMT(item->name),
              SFMT(choices[i].why));
    Json *o = json_push_obj(m, list);
    json_put_str(m, o, S("code"), item->code);
    json_put_str(m, o, S("name"), item->name);
    json_put_str(m, o, S("unit"), choices[i].unit);
    json_put_int(m, o, S("days"), choices[i].days);
    json_put_bool(m, o, S("parallel"), item->parallel);
    json_put_bool(m, o, S("outside"), item->outside);
    json_put_int(m, o, S("before_stage"), item->before_stage);
    if (item->opens.len) json_put_str(m, o, S("opens"), item->opens);
    const Json *share = item_share(at->p, at->s, item->code);
    if (share) json_put_str(m, o, S("share"), json_str(share, S("number")));
  }
  return OK;
}

static Code accept_emit(Cx *cx, At *at, Decision *d, Day day, bool deemed, const Json *dropped) {
  Arena *m = decision_mem(d);
  Json *body = at__body(at, d);
  /* The version of the day of acceptance is pinned; the law accepts as of the day of receipt. */
  at->p = deemed ? at__form(cx, at) : at__current(cx, at->ask);
  const Category *c = policy_category(at->p, at->pr->category);
  json_put_bool(m, body, S("deemed"), deemed);
  json_put_str(m, body, S("day"), day_str(m, day));
  json_put_str(m, body, S("policy"), at->p->version);
  /* A stage that exists for this case is not taken from it by a version that no longer has it. */
  json_put_int(m, body, S("limit"), c && c->limit[at->n] ? c->limit[at->n] : at->pr->limits[at->n]);
  TRY(plan_make(cx, at, m, deemed, json_put_arr(m, body, S("items"))));
  if (dropped) json_put(m, body, S("dropped"), dropped);
  decision_emit(d, "stage.accepted", 1, body);
  return OK;
}

Code decide__accept(Cx *cx, const Ask *ask, Decision *d) {
  At at;
  TRY(submitted(cx, ask, &at, "受理"));
  TRY(halt__check(cx, &at, "受理"));
  TRY(blueprint__accept(cx, &at));
  bool late = deemed_already(cx, &at); /* before the timer came to it: the law's day, not the clerk's */
  Json *kept = json_obj(decision_mem(d));
  if (!late && !at.s->noticed) TRY(asks__settled(cx, &at, decision_mem(d), NULL, kept));
  return accept_emit(cx, &at, d, day_of(late ? at.s->submitted_at : ask->happened), late, json_get(kept, S("dropped")));
}

Code decide__deem_accepted(Cx *cx, const Ask *ask, Decision *d) {
  At at;
  TRY(submitted(cx, ask, &at, "视为受理"));
  Day receipt = day_of(at.s->submitted_at), from = deemed_from(cx, &at);
  if (ask->now < day_start(from)) {
    Str day = day_cn(cx->mem, from);
    FAIL_AT(CONFLICT, S("stage"), S("行政许可法第三十二条"), "还没有到视为受理的时候，%.*s 零时起才是。", SFMT(day));
  }
  return accept_emit(cx, &at, d, receipt, true, NULL);
}

Code decide__not_accept(Cx *cx, const Ask *ask, Decision *d) {
  At at;
  Arena *m = decision_mem(d);
  TRY(at__stage(cx, ask, &at));
  if (at.s->status != STAGE_SUBMITTED && at.s->status != STAGE_CORRECTION) return at__wrong_state(cx, &at, "不予受理");
  if (at.s->status == STAGE_SUBMITTED) TRY(in_time(cx, &at));
  Json *body = at__body(&at, d);
  json_put_str(m, body, S("reason"), json_str(at.args, S("reason")));
  json_put_str(m, body, S("article"), json_str(at.args, S("article")));
  json_put_str(m, body, S("where"), json_str(at.args, S("where")));
  document__remedies(&at, m, body);
  decision_emit(d, "stage.not-accepted", 1, body);
  return OK;
}

/* ---- the dispatch slip 业务派转单 ----------------------------------------------------------------- */

static bool listed(const Json *list, Str code) {
  for (const Json *x = list ? list->first : NULL; x; x = x->next)
    if (str_eq(x->kind == JSON_STR ? x->str : json_str(x, S("code")), code)) return true;
  return false;
}

/* Exactly the plan: nothing outside the catalogue, nothing left out. */
static Code slip_check(Cx *cx, const At *at, const Json *items) {
  for (const Json *x = items->first; x; x = x->next) {
    if (x->kind != JSON_STR) FAIL_AT(INVALID, S("items"), S(""), "事项要写代码");
    for (const Json *y = items->first; y != x; y = y->next)
      if (str_eq(x->str, y->str)) FAIL_AT(INVALID, S("items"), S(""), "%.*s 写了两次", SFMT(x->str));
    if (!listed(at->s->plan, x->str))
      FAIL_AT(INVALID, S("items"), S("D60-2.5-p1"), "%.*s 不在本项目的事项清单里，清单以外无审批。", SFMT(x->str));
  }
  for (const Json *x = at->s->plan ? at->s->plan->first : NULL; x; x = x->next)
    if (!listed(items, json_str(x, S("code")))) {
      Str name = json_str(x, S("name"));
      FAIL_AT(INVALID, S("items"), S("D60-4.15-p1"), "漏了“%.*s”：本阶段的事项要同步派转、并联办理。", SFMT(name));
    }
  return OK;
}

Code decide__draft_slip(Cx *cx, const Ask *ask, Decision *d) {
  At at;
  Arena *m = decision_mem(d);
  TRY(at__stage(cx, ask, &at));
  if (at.s->status != STAGE_ACCEPTED) return at__wrong_state(cx, &at, "填写派转单");
  const Json *items = json_get(at.args, S("items"));
  if (!items) items = json_arr(m);
  TRY(slip_check(cx, &at, items));
  Json *body = at__body(&at, d);
  json_put_str(m, body, S("no"), arena_fmt(m, "PZ-%06lld-%d-%d", (long long)at.pr->no, at.n, at.s->attempt));
  json_put(m, body, S("items"), items);
  json_put_str(m, body, S("opinion"), json_str(at.args, S("opinion")));
  decision_emit(d, "stage.slip-drafted", 1, body);
  return OK;
}

Code decide__return_slip(Cx *cx, const Ask *ask, Decision *d) {
  At at;
  TRY(at__stage(cx, ask, &at));
  if (at.s->status != STAGE_SLIP) return at__wrong_state(cx, &at, "退回派转单");
  Json *body = at__body(&at, d);
  json_put_str(decision_mem(d), body, S("reason"), json_str(at.args, S("reason")));
  decision_emit(d, "stage.slip-returned", 1, body);
  return OK;
}

Code decide__dispatch(Cx *cx, const Ask *ask, Decision *d) {
  At at;
  TRY(at__stage(cx, ask, &at));
  if (at.s->status != STAGE_SLIP) return at__wrong_state(cx, &at, "阅批派转单");
  if (str_eq(json_str(at.s->slip, S("who")), ask->cmd->actor.id))
    FAIL_AT(DENIED, S("stage"), S("D60-4.15-p2"), "这张派转单是您自己拟的，要由另一位窗口负责人阅批。");
  Json *body = at__body(&at, d);
  json_put_str(decision_mem(d), body, S("opinion"), json_str(at.args, S("opinion")));
  decision_emit(d, "stage.dispatched", 1, body);
  return OK;
}
