/* SPDX-License-Identifier: Apache-2.0 */
/* page_advisor.c: three questions that end in a category, its items, days and materials; and the periods of law. */
#include "web/page.h"

#include "policy/answers.h"
#include "policy/when.h"

static void choice(Arena *m, Json *list, Str value, Str label, Str chosen) {
  Json *o = json_push_obj(m, list);
  PUT(o, "value", value);
  PUT(o, "label", label);
  PUT_BOOL(o, "checked", value.len && str_eq(value, chosen));
}

static void questions(Request *rq, Json *view) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Json *invest = json_put_arr(m, view, S("invest")), *build = json_put_arr(m, view, S("build")), *land = json_put_arr(m, view, S("land"));
  Str who = request_arg(rq, S("invest")), what = request_arg(rq, S("build")), how = request_arg(rq, S("land"));
  const Field *supply = policy_field(p, 0, S("land_supply"));
  choice(m, invest, S("gov"), S("政府投资"), who);
  choice(m, invest, S("social"), S("社会投资"), who);
  for (size_t i = 0; i < p->category_count; i++)
    if (p->categories[i].build.len) choice(m, build, p->categories[i].code, p->categories[i].build, what);
  for (size_t i = 0; supply && i < supply->choice_count; i++) choice(m, land, supply->choices[i].value, supply->choices[i].label, how);
}

/* What the answers settle, and what the rules make of it; the rest stays open. */
static Json *facts_of(Request *rq, Str category) {
  Json *facts = json_obj(rq->mem);
  Str land = request_arg(rq, S("land"));
  if (land.len) json_put_str(rq->mem, facts, S("land_supply"), land);
  if (str_eq(request_arg(rq, S("invest")), S("gov"))) json_put_str(rq->mem, facts, S("approval_type"), S("approve"));
  if (category.len) policy_settle(rq->mem, rq->app->policy, category, S(""), facts);
  return facts;
}

/* 立项类型 is not asked: the facts as they are with each kind that is left, and with none of them at [0]. Who invests himself asks for no approval 审批. */
enum { WORLDS_MAX = 8 };
typedef struct Worlds {
  const Json *facts[WORLDS_MAX + 1];
  size_t n; /* of the others, at [1] to [n]; 0: the kind is settled */
} Worlds;

static Worlds worlds_of(Request *rq, const Category *c) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Worlds w = {.facts = {facts_of(rq, c->code)}};
  const Field *f = policy_field(p, 0, S("approval_type"));
  if (!f || json_get(w.facts[0], f->name)) return w;
  Str *left = arena_array(m, Str, f->choice_count + 1);
  size_t n = policy_choices_left(m, p, c->code, S(""), w.facts[0], f, left);
  for (size_t i = 0; i < n && w.n < WORLDS_MAX; i++) {
    if (str_eq(left[i], S("approve"))) continue;
    Json *one = json_clone(m, w.facts[0]);
    json_put_str(m, one, f->name, left[i]);
    w.facts[++w.n] = one;
  }
  return w;
}

/* The same whatever kind it is: that is an answer. */
static Truth agreed(const Truth *t, const Worlds *w) {
  for (size_t k = 2; k <= w->n; k++)
    if (t[k] != t[1]) return UNKNOWN;
  return t[w->n ? 1 : 0];
}

static void items_answer(Request *rq, Json *stage, int n, const Category *c, const Worlds *w) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  ItemChoice *items[WORLDS_MAX + 1] = {0};
  size_t count = 0;
  Json *list = json_put_arr(m, stage, S("items"));
  for (size_t k = 0; k <= w->n; k++) count = policy_items_only(m, p, n, c->code, S(""), w->facts[k], &items[k]);
  for (size_t i = 0; i < count; i++) {
    const ItemChoice *it = &items[0][i];
    Truth t[WORLDS_MAX + 1];
    for (size_t k = 0; k <= w->n; k++) t[k] = items[k][i].applies;
    Truth applies = agreed(t, w);
    if (applies == NO) continue;
    Json *o = json_push_obj(m, list);
    PUT(o, "code", it->item->code);
    PUT(o, "name", it->item->name);
    PUT(o, "unit_name", unit_name(p, it->unit.len ? it->unit : it->item->unit));
    PUT_INT(o, "days", it->days);
    PUT_BOOL(o, "sample", it->item->days_source.sample);
    if (applies == UNKNOWN) PUT(o, "condition", policy_item_when(m, p, it->item, c->code, w->facts[0]));
    PUT_BOOL(o, "parallel", it->item->parallel);
  }
}

static void papers_answer(Request *rq, Json *stage, int n, const Category *c, const Worlds *w) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  MaterialChoice *materials[WORLDS_MAX + 1] = {0};
  size_t count = 0;
  Json *list = json_put_arr(m, stage, S("materials"));
  for (size_t k = 0; k <= w->n; k++) count = policy_materials(m, p, n, c->code, S(""), w->facts[k], &materials[k]);
  for (size_t i = 0; i < count; i++) {
    const Material *material = materials[0][i].material;
    Truth t[WORLDS_MAX + 1];
    for (size_t k = 0; k <= w->n; k++) t[k] = materials[k][i].needed;
    Truth needed = agreed(t, w);
    if (needed == NO || material->form || material->from_stage.len) continue;
    Json *o = json_push_obj(m, list);
    PUT(o, "name", material->name);
    PUT_BOOL(o, "optional", !material->required);
    if (needed == UNKNOWN) PUT(o, "condition", policy_material_when(m, p, material, n, c->code, w->facts[0]));
  }
}

static void answer(Request *rq, Json *view, const Category *c) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Worlds w = worlds_of(rq, c);
  Json *a = json_put_obj(m, view, S("answer"));
  PUT(a, "code", c->code);
  PUT(a, "name", c->name);
  PUT(a, "qualifier", c->qualifier);
  PUT_INT(a, "total", c->total);
  view_source(m, a, c->source);
  Json *stages = json_put_arr(m, a, S("stages"));
  for (int n = 1; n <= STAGE_MAX; n++) {
    Json *s = json_push_obj(m, stages);
    PUT_INT(s, "n", n);
    PUT(s, "name", p->stages[n].name);
    PUT_INT(s, "limit", c->limit[n]);
    PUT_BOOL(s, "na", !c->limit[n]);
    if (!c->limit[n]) continue;
    items_answer(rq, s, n, c, &w);
    papers_answer(rq, s, n, c, &w);
  }
}

/* The same rules as at registration; what they would have changed there is the land or the category here. */
static bool contradicted(Request *rq, Reply *rp, const Category *c) {
  const Policy *p = rq->app->policy;
  const Contradiction *list[CONTRADICTIONS_MAX];
  size_t n = policy_contradictions(rq->mem, p, policy_facts(rq->mem, facts_of(rq, S("")), c->code, S("")), list);
  for (size_t i = 0; i < n; i++)
    reply_error(rq, rp, str_eqz(list[i]->field, "land_supply") ? S("land") : S("build"), policy_contradiction_text(rq->mem, p, list[i]));
  return n > 0;
}

static Code page_advisor(Cx *cx, Request *rq, Reply *rp) {
  (void)cx;
  static const char *const names[] = {"invest", "build", "land"};
  static const char *const wants[] = {"请选择由谁投资", "请选择要建什么", "请选择土地怎样取得"};
  Arena *m = rq->mem;
  rp->title = tr(rq->lang, S("我该办哪些"));
  rp->view = json_obj(m);
  questions(rq, rp->view);
  if (!request_arg(rq, S("ask")).len) return OK;
  bool all = true;
  for (size_t i = 0; i < COUNT(names); i++) {
    if (request_arg(rq, str_of(names[i])).len) continue;
    reply_error(rq, rp, str_of(names[i]), str_of(wants[i]));
    all = false;
  }
  if (!all) return OK;
  const Category *c = policy_category(rq->app->policy, request_arg(rq, S("build")));
  Str who = request_arg(rq, S("invest"));
  if (!c) reply_error(rq, rp, S("build"), S("请从列出的几种中选择"));
  else if (c->invest.len && !str_eq(c->invest, who))
    reply_error(rq, rp, S("build"), str_eq(who, S("gov")) ? S("政府投资没有这一类，请改选一种，或把第一问改为社会投资")
                                                          : S("社会投资没有这一类，请改选一种，或把第一问改为政府投资"));
  else if (!contradicted(rq, rp, c)) answer(rq, rp->view, c);
  return OK;
}

/* ---- periods of law ----------------------------------------------------------------------------------- */

static Str unit_of(const ClockRule *r) {
  if (str_eq(r->unit, S("working"))) return S("个工作日");
  if (str_eq(r->unit, S("months"))) return S("个月");
  if (str_eq(r->unit, S("month-day"))) return S("日（每月）");
  return S("日");
}

static void clocks_view(Request *rq, Json *view, bool asked, Day start) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Json *list = json_put_arr(m, view, S("clocks"));
  for (size_t i = 0; i < p->clock_count; i++) {
    const ClockRule *r = &p->clocks[i];
    Json *o = json_push_obj(m, list);
    PUT(o, "code", r->code);
    PUT(o, "name", r->name);
    PUT_INT(o, "count", r->count);
    PUT(o, "unit", unit_of(r));
    PUT(o, "starts", r->starts);
    PUT(o, "note", r->note);
    if (r->extend) PUT_INT(o, "extend", r->extend);
    PUT(o, "extend_by", r->extend_by);
    view_source(m, o, r->source);
    if (!asked) continue;
    Day due = policy_clock_due(p, r, start, false);
    PUT(o, "due", day_str(m, due));
    PUT_BOOL(o, "provisional", calendar_is_provisional(p->calendar, due));
    if (r->extend) PUT(o, "due_extended", day_str(m, policy_clock_due(p, r, start, true)));
  }
}

static Code page_clocks(Cx *cx, Request *rq, Reply *rp) {
  (void)cx;
  Str typed = str_trim(utf8_halfwidth(rq->mem, request_arg(rq, S("start"))));
  Day start = {0};
  bool asked = typed.len && day_typed(typed, &start) && calendar_covers(start);
  rp->title = tr(rq->lang, S("法定期限"));
  rp->view = json_obj(rq->mem);
  json_put_str(rq->mem, rp->view, S("start"), typed);
  json_put_bool(rq->mem, rp->view, S("asked"), asked);
  if (typed.len && !asked) reply_error(rq, rp, S("start"), S("日期要写成 2019-09-27 这样，在 2000 年至 2099 年之内"));
  clocks_view(rq, rp->view, asked, start);
  return OK;
}

const Route advisor_routes[] = {
    {.method = GET, .path = "/s/advisor", .allow = ROLE_PUBLIC, .run = page_advisor, .tmpl = "advisor", .section = "guide",
     .help = "我该办哪些：三个问题，得到类别、事项、天数和材料。"},
    {.method = GET, .path = "/s/clocks", .allow = ROLE_PUBLIC, .run = page_clocks, .tmpl = "clocks", .section = "guide",
     .help = "法定期限：每个期限的依据，从某天起算到哪天。"},
    {.path = NULL},
};
