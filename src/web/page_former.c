/* SPDX-License-Identifier: Apache-2.0 */
/* page_former.c: what an application that was refused or not accepted leaves to the next one of the same stage: its reasons, and
 * which of its items the new answers do not call for any more. */
#include "web/page_form.h"

static const ItemChoice *choice_of(const ItemChoice *list, size_t n, Str code) {
  for (size_t i = 0; i < n; i++)
    if (str_eq(list[i].item->code, code)) return &list[i];
  return NULL;
}

/* What passed is not asked for again, and what goes on beside was not ended. */
static bool goes_on(const StageState *s, Str code) {
  const ItemState *i = stage_item(s, code);
  return i && (i->status == ITEM_PASSED || item_open(i));
}

/* Of “需要节能审查”不成立（需要节能审查：否） what was answered: to whoever applies the condition is not spelt as the package has it. */
static Str answered(Str why) {
  Str sign = S("”不成立（"), end = S("）");
  ptrdiff_t at = str_find(why, sign);
  if (at < 0 || !str_ends(why, end)) return S("");
  size_t from = (size_t)at + sign.len;
  return str_sub(why, from, why.len - from - end.len);
}

typedef struct Left {
  const StageState *s;
  const ItemChoice *now; /* what the new answers call for */
  size_t count;
  Json *out, *again; /* what is not needed any more; what is handled once more */
} Left;

static void left_out(Request *rq, const Left *l, Str code, Str name) {
  Arena *m = rq->mem;
  const ItemChoice *c = choice_of(l->now, l->count, code);
  const ItemState *i = stage_item(l->s, code);
  if (i ? !i->kept_from : c && c->applies != NO) {
    Json *once_more = json_push_obj(m, l->again);
    PUT(once_more, "name", name);
    PUT_BOOL(once_more, "first", l->again->count == 1);
  }
  if (goes_on(l->s, code) || (c && c->applies != NO)) return;
  Json *o = json_push_obj(m, l->out);
  PUT(o, "name", name);
  PUT(o, "why", c ? c->why : S("现在的事项清单里没有这一项"));
  PUT(o, "answered", c ? answered(c->why) : S(""));
  PUT(o, "clause", c ? c->item->when_source.clause : S(""));
}

/* Before acceptance no items were named: then those that the former answers called for. */
static void no_longer_view(Request *rq, Json *view, const Project *pr, int n, const Json *facts) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  const Json *former = pr->stages[n].former, *plan = json_get(former, S("plan"));
  ItemChoice *now = NULL, *then = NULL;
  size_t count = policy_items(m, p, n, pr->category, pr->county, facts, &now);
  Left l = {.s = &pr->stages[n], .now = now, .count = count, .out = json_put_arr(m, view, S("no_longer")), .again = json_put_arr(m, view, S("once_more"))};
  bool named = plan && plan->kind == JSON_ARR;
  for (const Json *x = named ? plan->first : NULL; x; x = x->next) left_out(rq, &l, json_str(x, S("code")), json_str(x, S("name")));
  if (named) return;
  count = policy_items(m, p, n, pr->category, pr->county, project_facts_with(m, p, pr, n, json_get(former, S("form"))), &then);
  for (size_t i = 0; i < count; i++)
    if (then[i].applies == YES) left_out(rq, &l, then[i].item->code, then[i].item->name);
}

static void reason_put(Request *rq, Json *list, Str name, Str text, Str article) {
  Arena *m = rq->mem;
  Json *o = json_push_obj(m, list);
  PUT(o, "item_name", name);
  PUT(o, "text", text);
  PUT(o, "article", article);
}

static void why_view(Request *rq, Json *o, const Json *former) {
  const Json *why = json_get(former, S("why")), *reasons = json_get(why, S("reasons"));
  Json *list = json_put_arr(rq->mem, o, S("reasons"));
  if (json_bool(former, S("declined"))) reason_put(rq, list, S(""), json_str(why, S("reason")), json_str(why, S("article")));
  for (const Json *x = reasons ? reasons->first : NULL; x; x = x->next) reason_put(rq, list, json_str(x, S("name")), json_str(x, S("opinion")), json_str(x, S("article")));
}

void former_view(Request *rq, Json *view, const Project *pr, int n, const Json *facts) {
  Arena *m = rq->mem;
  const StageState *s = &pr->stages[n];
  const Json *former = s->former;
  if (!former) return;
  bool again = !str_eq(json_str(former, S("receipt")), s->receipt);
  Json *o = json_put_obj(m, view, S("former"));
  const Document *letter = document_find(pr, json_int(former, S("seq"), 0));
  PUT_BOOL(o, "again", again); /* the new one has come in */
  PUT_BOOL(o, "declined", json_bool(former, S("declined")));
  PUT(o, "former_receipt", json_str(former, S("receipt")));
  PUT(o, "day", day_cn(m, day_of(json_int(former, S("at"), 0))));
  PUT(o, "letter", letter ? arena_fmt(m, "/doc/%lld/%lld", (long long)pr->no, (long long)letter->seq) : S(""));
  PUT(o, "letter_title", letter ? document_title(letter) : S(""));
  PUT(o, "letter_number", letter ? document_number(m, pr, letter) : S(""));
  PUT(o, "letter_served", S(""));
  ways_view(rq, o, pr, n);
  why_view(rq, o, former);
  no_longer_view(rq, o, pr, n, facts);
}

void formers_view(Request *rq, const Json *stages, const Project *pr) {
  Arena *m = rq->mem;
  int n = 0;
  for (Json *o = stages->first; o && ++n <= STAGE_MAX; o = o->next) {
    const StageState *s = &pr->stages[n];
    if (!s->former || str_eq(json_str(s->former, S("receipt")), s->receipt) || s->status == STAGE_DELIVERED) continue;
    former_view(rq, o, pr, n, pr->facts);
    PUT_BOOL(o, "former_live", s->status >= STAGE_SUBMITTED && s->status <= STAGE_CERTIFIED);
    PUT_BOOL(o, "former_named", s->accepted_at > 0);
  }
}

/* ---- a correction -------------------------------------------------------------------------------------- */

static Json *value_row(const Json *rows, Str id) {
  for (Json *o = rows ? rows->first : NULL; o; o = o->next)
    if (str_eq(json_str(o, S("id")), id)) return o;
  return NULL;
}

Code values_before(Cx *cx, Request *rq, Json *view, const Project *pr, int n) {
  Arena *m = rq->mem;
  const StageState *s = &pr->stages[n];
  const Json *rows = json_get(view, S("values"));
  if (!s->corrected_form) return OK;
  Json *old = json_obj(m);
  TRY(form_values_view(cx, rq, old, n, s->corrected_form, false));
  for (Json *o = rows->first; o; o = o->next) {
    const Json *before = value_row(json_get(old, S("values")), json_str(o, S("id")));
    PUT_BOOL(o, "filled_in", !before);
    if (before && !str_eq(json_str(before, S("value")), json_str(o, S("value")))) PUT(o, "was_value", json_str(before, S("value")));
  }
  Json *gone = json_put_arr(m, view, S("values_gone"));
  for (const Json *x = json_get(old, S("values"))->first; x; x = x->next)
    if (!value_row(rows, json_str(x, S("id")))) json_push(m, gone, x);
  return OK;
}
