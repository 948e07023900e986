/* SPDX-License-Identifier: Apache-2.0 */
/*
 * holds.c: the acceptance of a project waits for a row of a ledger 暂不办理 (D59-2.2-p1; S34). The room ledger says when it begins and when it
 * ends, by reactions; in between the items that the package names cannot pass, in the case or by the joint acceptance, and no
 * certificate of their stage is issued. Their clocks go on: the document gives no ground to stop them.
 */
#include "approval/approval_int.h"
#include "org/kit.h"

const HoldNote *project_hold(const Project *pr, Str item) {
  for (size_t i = 0; pr->joined && i < pr->joined->hold_count; i++) {
    const HoldNote *h = &pr->joined->holds[i];
    for (size_t k = 0; !h->until && k < h->item_count; k++)
      if (!item.len || str_eq(h->items[k], item)) return h;
  }
  return NULL;
}

static Code refused(Cx *cx, const HoldNote *h, Str what) {
  FAIL_AT(CONFLICT, S("result"), h->clause, "“%.*s”%.*s：台账 %.*s（%.*s）整改到位、销号并经确认以后才能办理。", SFMT(what), SFMT(h->text), SFMT(h->number), SFMT(h->name));
}

Code hold__may_pass(Cx *cx, const At *at) {
  const HoldNote *h = project_hold(at->pr, at->i->code);
  return h ? refused(cx, h, at->i->name) : OK;
}

Code hold__may_certify(Cx *cx, const At *at) {
  for (size_t i = 0; i < at->s->item_count; i++) {
    const HoldNote *h = project_hold(at->pr, at->s->items[i].code);
    if (h) return refused(cx, h, at->s->items[i].name);
  }
  return OK;
}

/* ---- deciding: nothing of a reaction is refused but what would be said twice ------------------------------------------ */

static const HoldNote *note_of(const Project *pr, int64_t entry) {
  for (size_t i = 0; pr->joined && i < pr->joined->hold_count; i++)
    if (pr->joined->holds[i].entry == entry && !pr->joined->holds[i].until) return &pr->joined->holds[i];
  return NULL;
}

static Code put(const Ask *ask, Decision *d, const char *kind) {
  Json *body = json_obj(decision_mem(d));
  for (const Json *v = ask->cmd->args->first; v; v = v->next) json_put(decision_mem(d), body, v->key, v);
  json_put_str(decision_mem(d), body, S("what"), arena_fmt(decision_mem(d), "%.*s（%.*s）", SFMT(json_str(body, S("text"))), SFMT(json_str(body, S("number")))));
  decision_emit(d, kind, 1, body);
  return OK;
}

Code decide__hold(Cx *cx, const Ask *ask, Decision *d) {
  if (note_of(ask->state, json_int(ask->cmd->args, S("entry"), 0))) FAIL(CONFLICT, "项目已经因这一行台账暂不办理。");
  return put(ask, d, "project.held");
}

Code decide__free(Cx *cx, const Ask *ask, Decision *d) {
  if (!note_of(ask->state, json_int(ask->cmd->args, S("entry"), 0))) FAIL(CONFLICT, "项目没有因这一行台账暂不办理。");
  return put(ask, d, "project.freed");
}

/* ---- folding ------------------------------------------------------------------------------------------------------------ */

static Str kept(Arena *mem, const Event *e, const char *key) {
  return arena_str(mem, json_str(e->body, str_of(key)));
}

void holds__fold(Arena *mem, Project *p, const Event *e) {
  bool held = str_eqz(e->kind, "project.held");
  if (!held && !str_eqz(e->kind, "project.freed")) return;
  if (!p->joined) p->joined = arena_new(mem, Joined);
  if (!held) {
    HoldNote *h = (HoldNote *)(uintptr_t)note_of(p, json_int(e->body, S("entry"), 0));
    if (h) h->until = e->happened;
    return;
  }
  const Json *items = json_get(e->body, S("items"));
  HoldNote *h = GROW(mem, p->joined->holds, p->joined->hold_count, p->joined->hold_cap, HoldNote);
  *h = (HoldNote){.entry = json_int(e->body, S("entry"), 0), .since = e->happened, .number = kept(mem, e, "number"), .ledger = kept(mem, e, "ledger"), .name = kept(mem, e, "name"),
                  .text = kept(mem, e, "text"), .clause = kept(mem, e, "clause"), .items = arena_array(mem, Str, items ? items->count + 1 : 1)};
  for (const Json *x = items ? items->first : NULL; x; x = x->next) h->items[h->item_count++] = arena_str(mem, x->str);
}

/* ---- what they follow ------------------------------------------------------------------------------------------------------ */

Code holds__aim(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  static const char *const names[] = {"number", "ledger", "name", "text", "clause"};
  int64_t project = json_int(e->body, S("project"), 0);
  Json *args = json_obj(cx->mem);
  (void)views;
  json_put_int(cx->mem, args, S("entry"), json_int(e->body, S("no"), 0));
  for (size_t i = 0; i < COUNT(names); i++)
    if (json_str(e->body, str_of(names[i])).len) json_put_str(cx->mem, args, str_of(names[i]), json_str(e->body, str_of(names[i])));
  if (json_get(e->body, S("items"))) json_put(cx->mem, args, S("items"), json_get(e->body, S("items")));
  out[(*n)++] = (Follow){.stream = arena_fmt(cx->mem, "project/%lld", (long long)project), .args = args};
  return OK;
}
