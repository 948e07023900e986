/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ties.c: items that are handled in a record beside the case, under its number: joint acceptance and what else the room finish
 * has. By reactions only: the record begins and the items are tied; it ends without result and they are free again; it has its
 * result and settles them. What is tied nobody decides, and the owner does not withdraw it, in the case itself.
 * While the owner puts right what a joint visit found 整改, no department can do anything: the clocks of the stage's own items
 * stand still, where the package has a cause for that (Cause.joint). Cases under an earlier package go on as they were.
 *   StageState.ties  [{"by":"联合验收 LHYS-2026-0001","items":["accept-fire",…],"over":false}]
 */
#include "approval/approval_int.h"

static const Json *tie_of(const StageState *s, Str by) {
  for (const Json *t = s->ties ? s->ties->first : NULL; t; t = t->next)
    if (str_eq(json_str(t, S("by")), by) && !json_bool(t, S("over"))) return t;
  return NULL;
}

static bool names(const Json *items, Str code) {
  for (const Json *x = items ? items->first : NULL; x; x = x->next)
    if (str_eq(x->str, code)) return true;
  return false;
}

Str item_tied(const StageState *s, Str code) {
  for (const Json *t = s->ties ? s->ties->first : NULL; t; t = t->next)
    if (!json_bool(t, S("over")) && names(json_get(t, S("items")), code)) return json_str(t, S("by"));
  return S("");
}

Code ties__free(Cx *cx, const At *at, const char *what) {
  Str by = item_tied(at->s, at->i->code);
  if (!by.len) return OK;
  FAIL_AT(CONFLICT, S("item"), S("D60-2.4.3"), "“%.*s”在%.*s里办理，不能单独%s；结论在那里签署，随后自动记到这里。", SFMT(at->i->name), SFMT(by), what);
}

/* ---- deciding -------------------------------------------------------------------------------------------- */

/* The stage and its open tie "by". */
static Code tie_find(Cx *cx, const Ask *ask, At *at, const Json **out) {
  TRY(at__stage(cx, ask, at));
  Str by = json_str(at->args, S("by"));
  *out = tie_of(at->s, by);
  if (!*out) FAIL_AT(CONFLICT, S("by"), S(""), "第 %d 阶段没有在%.*s里办理的事项。", at->n, SFMT(by));
  return OK;
}

Code decide__tie(Cx *cx, const Ask *ask, Decision *d) {
  At at;
  TRY(at__stage(cx, ask, &at));
  if (at.s->status != STAGE_RUNNING) return at__wrong_state(cx, &at, "并到一起办理");
  for (const Json *x = json_get(at.args, S("items"))->first; x; x = x->next) {
    const ItemState *i = stage_item(at.s, x->str);
    Str other = item_tied(at.s, x->str);
    if (!i || !item_open(i)) FAIL_AT(CONFLICT, S("items"), S(""), "%.*s 没有派转或者已经办结，不能并到一起办理。", SFMT(x->str));
    if (other.len) FAIL_AT(CONFLICT, S("items"), S(""), "“%.*s”已经在%.*s里办理。", SFMT(i->name), SFMT(other));
  }
  Json *body = at__body(&at, d);
  json_put_str(decision_mem(d), body, S("by"), json_str(at.args, S("by")));
  json_put(decision_mem(d), body, S("items"), json_get(at.args, S("items")));
  decision_emit(d, "stage.tied", 1, body);
  return OK;
}

bool item_rests(const ItemState *i) {
  return i->status == ITEM_PAUSED && i->pauses[i->pause_count - 1].rest;
}

Code ties__rests(Cx *cx, const At *at, const char *what) {
  if (!item_rests(at->i)) return OK;
  Str by = at->i->pauses[at->i->pause_count - 1].notice;
  FAIL_AT(CONFLICT, S("item"), S(""), "“%.*s”在等建设单位整改（%.*s），提请复查那天起自动继续计时，不用%s。", SFMT(at->i->name), SFMT(by), what);
}

static void turn_emit(const At *at, Decision *d, const char *kind, Str cause) {
  Json *body = at__body(at, d);
  json_put_str(decision_mem(d), body, S("by"), json_str(at->args, S("by")));
  if (cause.len) json_put_str(decision_mem(d), body, S("cause"), cause);
  decision_emit(d, kind, 1, body);
}

/* What stands still already goes on for its own reason. */
Code decide__rest(Cx *cx, const Ask *ask, Decision *d) {
  At at;
  const Json *tie = NULL;
  TRY(tie_find(cx, ask, &at, &tie));
  const Cause *cause = policy_joint_cause(at.p);
  for (size_t k = 0; cause && k < at.s->item_count; k++) {
    at.i = &at.s->items[k];
    if (!at.i->parallel && item_open(at.i) && !item_stopped(at.i) && at.i->pause_count < ITEM_PAUSES_MAX) turn_emit(&at, d, "item.rested", cause->code);
  }
  return OK;
}

static void move_on(At *at, Decision *d) {
  for (size_t k = 0; k < at->s->item_count; k++) {
    at->i = &at->s->items[k];
    if (item_rests(at->i)) turn_emit(at, d, "item.moved-on", S(""));
  }
  at->i = NULL;
}

Code decide__move_on(Cx *cx, const Ask *ask, Decision *d) {
  At at;
  const Json *tie = NULL;
  TRY(tie_find(cx, ask, &at, &tie));
  move_on(&at, d);
  return OK;
}

Code decide__untie(Cx *cx, const Ask *ask, Decision *d) {
  At at;
  const Json *tie = NULL;
  TRY(tie_find(cx, ask, &at, &tie));
  move_on(&at, d);
  Json *body = at__body(&at, d);
  json_put_str(decision_mem(d), body, S("by"), json_str(at.args, S("by")));
  json_put_str(decision_mem(d), body, S("reason"), json_str(at.args, S("reason")));
  decision_emit(d, "stage.untied", 1, body);
  return OK;
}

/* Whoever signed there has decided here: the event says who and under which number. */
Code decide__settle(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const copied[] = {"opinion", "signature"};
  At at;
  const Json *tie = NULL;
  Arena *m = decision_mem(d);
  TRY(tie_find(cx, ask, &at, &tie));
  for (const Json *x = json_get(at.args, S("parts"))->first; x; x = x->next) {
    at.i = stage_item(at.s, json_str(x, S("code")));
    if (!at.i || !names(json_get(tie, S("items")), at.i->code)) FAIL_AT(CONFLICT, S("parts"), S(""), "%.*s 不在这次办理的事项里。", SFMT(json_str(x, S("code"))));
    if (!item_open(at.i)) {
      Str label = item_status_label(at.i->status);
      FAIL_AT(CONFLICT, S("parts"), S(""), "“%.*s”已经是“%.*s”。", SFMT(at.i->name), SFMT(label));
    }
    TRY(hold__may_pass(cx, &at));
    Json *body = at__body(&at, d);
    json_put_str(m, body, S("by"), json_str(at.args, S("by")));
    json_put_str(m, body, S("number"), json_str(at.args, S("number")));
    json_put_str(m, body, S("result"), S("pass"));
    for (size_t i = 0; i < COUNT(copied); i++) json_put_str(m, body, str_of(copied[i]), json_str(x, str_of(copied[i])));
    decision_emit(d, "item.settled", 1, body);
  }
  if (!decision_count(d)) FAIL_AT(INVALID, S("parts"), S(""), "没有写明哪些事项有了结论。");
  return OK;
}

/* A utility answered or connected in its own record: its item is passed here too, also after the project is complete. */
Code decide__follow(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const copied[] = {"number", "opinion", "signature"};
  At at;
  Arena *m = decision_mem(d);
  TRY(at__item(cx, ask, &at));
  if (!at.i->parallel || !item_open(at.i)) FAIL_AT(CONFLICT, S("item"), S(""), "“%.*s”已经办结。", SFMT(at.i->name));
  Json *body = at__body(&at, d);
  json_put_str(m, body, S("result"), S("pass"));
  for (size_t i = 0; i < COUNT(copied); i++) json_put_str(m, body, str_of(copied[i]), json_str(at.args, str_of(copied[i])));
  decision_emit(d, "item.settled", 1, body);
  return OK;
}

/* ---- folding ----------------------------------------------------------------------------------------------- */

void ties__fold(Arena *mem, StageState *s, const Event *e) {
  if (str_eq(e->kind, S("stage.tied"))) {
    if (!s->ties) s->ties = json_arr(mem);
    Json *t = json_push_obj(mem, s->ties);
    json_put_str(mem, t, S("by"), arena_str(mem, json_str(e->body, S("by"))));
    json_put(mem, t, S("items"), json_clone(mem, json_get(e->body, S("items"))));
  }
  if (!str_eq(e->kind, S("stage.untied"))) return;
  Json *t = (Json *)(uintptr_t)tie_of(s, json_str(e->body, S("by")));
  if (t) json_put_bool(mem, t, S("over"), true);
}

/* ---- what they follow ---------------------------------------------------------------------------------------- */

static Follow follow(Cx *cx, const Json *body, Json **args) {
  *args = json_obj(cx->mem);
  json_put_int(cx->mem, *args, S("stage"), json_int(body, S("stage"), 0));
  json_put_str(cx->mem, *args, S("by"), json_str(body, S("by")));
  return (Follow){.stream = arena_fmt(cx->mem, "project/%lld", (long long)json_int(body, S("project"), 0)), .args = *args};
}

Code ties__aim_begun(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  const Json *items = json_get(e->body, S("tied"));
  Json *args = NULL;
  (void)views;
  if (!items || !items->first) return OK;
  out[(*n)++] = follow(cx, e->body, &args);
  json_put(cx->mem, args, S("items"), items);
  return OK;
}

/* The turn of the owner begins with the last signature of a round that leaves something to be put right, and ends when the owner asks for the next one. */
Code ties__aim_turn(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  const Json *turn = json_get(e->body, S("turn"));
  Json *args = NULL;
  (void)views;
  if (turn) out[(*n)++] = follow(cx, turn, &args);
  return OK;
}

/* What the case itself ended has nothing to be freed in it. */
Code ties__aim_ended(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  Json *args = NULL;
  (void)views;
  if (str_eq(e->actor, S("system"))) return OK;
  out[(*n)++] = follow(cx, e->body, &args);
  json_put_str(cx->mem, args, S("reason"), json_str(e->body, S("reason")));
  return OK;
}

static const Sql sql_open = {"ties.open", "iis", "i", "SELECT count(*) FROM item WHERE project = ?1 AND stage = ?2 AND code = ?3 AND open = 1"};

Code ties__aim_utility(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  int64_t project = json_int(e->body, S("project"), 0), stage = json_int(e->body, S("stage"), 0), open = 0;
  Str item = json_str(e->body, S("item"));
  TRY(db_int(cx, views, &sql_open, VALS(val_i(project), val_i(stage), val_s(item)), 0, &open));
  if (!open) return OK;
  Json *args = json_obj(cx->mem);
  json_put_int(cx->mem, args, S("stage"), stage);
  json_put_str(cx->mem, args, S("item"), item);
  json_put_str(cx->mem, args, S("number"), json_str(e->body, S("number")));
  json_put_str(cx->mem, args, S("opinion"), json_str(e->body, S("text")));
  json_put_str(cx->mem, args, S("signature"), json_str(e->body, S("signature")));
  out[(*n)++] = (Follow){.stream = arena_fmt(cx->mem, "project/%lld", (long long)project), .args = args};
  return OK;
}

Code ties__aim_settled(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  const Json *parts = json_get(e->body, S("settled"));
  Json *args = NULL;
  (void)views;
  if (!parts || !parts->first) return OK;
  out[(*n)++] = follow(cx, e->body, &args);
  json_put_str(cx->mem, args, S("number"), json_str(e->body, S("number")));
  json_put(cx->mem, args, S("parts"), parts);
  return OK;
}
