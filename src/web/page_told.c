/* SPDX-License-Identifier: Apache-2.0 */
/* page_told.c: a plain question is answered above what was found: who is in charge today, which department, how long, which materials, phone, hours, fees. */
#include "web/page_search.h"
#include "org/portfolio.h"
#include "policy/sayings.h"

enum { MATERIALS_TOLD = 8 };

static void leader_put(Request *rq, Json *list, Str leader, Str relation, Str clause, Str document) {
  Arena *m = rq->mem;
  Json *o = json_push_obj(m, list);
  PUT(o, "leader", leader);
  PUT(o, "relation_label", relation_label(relation));
  PUT(o, "clause", clause);
  PUT(o, "document", document);
}

/* Who of the city has the unit on this day; a change that was entered counts from its day on. */
static Code leaders_view(Cx *cx, Request *rq, Json *o, const Unit *u) {
  Arena *m = rq->mem;
  Duty *list = NULL;
  size_t n = 0;
  Json *leaders = json_put_arr(m, o, S("leaders"));
  Day today = day_of(rq->now);
  TRY(portfolio_of(cx, reader_views(rq->rd), rq->app->policy, u->code, today, &list, &n));
  for (size_t i = 0; i < n; i++)
    if (list[i].leader.len) leader_put(rq, leaders, list[i].leader, list[i].relation, list[i].clause ? list[i].document : S(""), list[i].clause ? S("") : list[i].document);
  PUT(o, "day", day_str(m, today));
  PUT(o, "unit_name", u->name);
  PUT(o, "href", arena_fmt(m, "/s/leaders?unit=%.*s", SFMT(u->code)));
  return OK;
}

/* A field that no unit is called by, but a leader's clause names. */
static void duty_view(Request *rq, Json *o, Str name, Str about) {
  const Policy *p = rq->app->policy;
  for (size_t i = 0; i < p->leader_count; i++)
    if (str_eq(p->leaders[i].name, name)) leader_put(rq, json_put_arr(rq->mem, o, S("leaders")), name, S("charge"), p->leaders[i].source.clause, S(""));
  json_put_str(rq->mem, o, S("day"), day_str(rq->mem, day_of(rq->now)));
  json_put_str(rq->mem, o, S("unit_name"), about);
  json_put_str(rq->mem, o, S("href"), S("/s/leaders"));
}

static Code charge_told(Cx *cx, Request *rq, Json *o, const SearchAsked *q) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  const Unit *u = search_unit(p, q->key);
  Str of, code;
  if (!u && str_cut(q->key, '/', &of, &code) && str_eqz(of, "leader")) {
    PUT(o, "kind", S("leader"));
    duty_view(rq, o, code, q->about);
    return OK;
  }
  if (!u) return OK;
  TRY(leaders_view(cx, rq, o, u));
  PUT(o, "kind", search_question_text(q->what));
  PUT(o, "about", q->about);
  view_contact(m, p, o, u->code);
  return OK;
}

static void category_told(Request *rq, Json *o, const SearchDays *d) {
  Arena *m = rq->mem;
  PUT(o, "kind", S("days"));
  PUT(o, "name", d->category->name);
  PUT_INT(o, "days", d->days);
  if (d->stage) PUT(o, "stage_name", rq->app->policy->stages[d->stage].name);
  PUT_BOOL(o, "none", d->days == 0);
  view_source(m, o, d->category->source);
}

static void days_told(Request *rq, Json *o, const SearchAsked *q, Str asked) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Str of, code;
  int64_t n = 0;
  SearchDays d;
  if (search_days(m, p, asked, &d)) {
    category_told(rq, o, &d);
    return;
  }
  if (!str_cut(q->key, '/', &of, &code)) return;
  const Item *it = str_eqz(of, "item") ? policy_item(p, code) : NULL;
  if (it && it->days) {
    PUT(o, "kind", S("item-days"));
    PUT(o, "name", it->name);
    PUT_INT(o, "days", it->days);
    PUT(o, "href", arena_fmt(m, "/s/item/%.*s", SFMT(it->code)));
    view_source(m, o, it->days_source);
  }
  if (str_eqz(of, "stage") && str_to_i64(code, &n) && n >= 1 && n <= STAGE_MAX) {
    view_stage_limits(m, p, o, (int)n);
    PUT(o, "kind", S("stage-days"));
    PUT(o, "href", S("/s/time"));
  }
}

static void materials_told(Request *rq, Json *o, const SearchAsked *q) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Str of, code;
  int64_t n = 0, count = 0;
  if (!str_cut(q->key, '/', &of, &code)) return;
  const Item *it = str_eqz(of, "item") ? policy_item(p, code) : NULL;
  bool stage = str_eqz(of, "stage") && str_to_i64(code, &n) && n >= 1 && n <= STAGE_MAX;
  if (!it && !stage) return;
  Json *list = json_put_arr(m, o, S("materials"));
  for (size_t i = 0; i < p->material_count; i++) {
    const Material *x = &p->materials[i];
    bool needed = stage && x->stage == n;
    for (size_t k = 0; it && k < x->item_count; k++) needed |= str_eq(x->items[k], it->code);
    if (needed && count++ < MATERIALS_TOLD) json_push_str(m, list, x->name);
  }
  PUT(o, "kind", S("materials"));
  PUT(o, "name", it ? it->name : p->stages[n].certificate);
  PUT_INT(o, "count", count);
  PUT(o, "href", it ? arena_fmt(m, "/s/item/%.*s", SFMT(it->code)) : arena_fmt(m, "/s/stage/%lld", (long long)n));
}

/* Of the unit that is asked for, otherwise of the window, where everything begins. */
static void contact_told(Request *rq, Json *o, const SearchAsked *q) {
  const Unit *u = search_unit(rq->app->policy, q->key);
  json_put_str(rq->mem, o, S("kind"), S("contact"));
  view_contact(rq->mem, rq->app->policy, o, u ? u->code : rq->app->policy->window_unit);
}

/* What staff look for that is no service: the public has nothing under these words. */
static bool desk_told(Request *rq, Json *view, Str asked) {
  const Policy *p = rq->app->policy;
  bool said = false;
  for (size_t i = 0; i < p->errand_count; i++)
    for (size_t k = 0; k < p->errands[i].say_count && str_eqz(p->errands[i].leads, ERRAND_HAND_OVER); k++) said |= str_find(asked, p->errands[i].say[k]) >= 0;
  if (!said || !request_has_role(rq, ROLE_APPROVER | ROLE_UNIT_HEAD)) return false;
  json_put_str(rq->mem, json_put_obj(rq->mem, view, S("answer")), S("kind"), S("desk"));
  return true;
}

Code told_view(Cx *cx, Request *rq, Json *view, Str asked) {
  SearchAsked q;
  Json *o = json_obj(rq->mem);
  if (desk_told(rq, view, asked)) return OK;
  if (!search_asked(cx, rq->app->search, rq->app->policy, asked, &q)) return OK;
  if (q.what == ASKS_LEADER || q.what == ASKS_UNIT) TRY(charge_told(cx, rq, o, &q));
  if (q.what == ASKS_DAYS) days_told(rq, o, &q, asked);
  if (q.what == ASKS_MATERIALS) materials_told(rq, o, &q);
  if (q.what == ASKS_PHONE || q.what == ASKS_ADDRESS || q.what == ASKS_HOURS) contact_told(rq, o, &q);
  if (q.what == ASKS_FEES) json_put_str(rq->mem, o, S("kind"), S("fees"));
  if (json_get(o, S("kind"))) json_put(rq->mem, view, S("answer"), o);
  return OK;
}
