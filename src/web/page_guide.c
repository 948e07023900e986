/* SPDX-License-Identifier: Apache-2.0 */
/* page_guide.c: the catalogue for everybody: all items, one item's guide, the flow chart of a category. */
#include "policy/when.h"
#include "web/page_region.h"
#include "web/page_work.h"

static Code page_list(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  rp->title = tr(rq->lang, S("审批事项清单"));
  rp->view = json_obj(m);
  TRY(view_in_force(cx, rq, rp->view));
  PUT_INT(rp->view, "total", (int64_t)p->item_count);
  Json *stages = json_put_arr(m, rp->view, S("stages"));
  for (int n = 1; n <= STAGE_MAX; n++) {
    Json *s = json_push_obj(m, stages);
    PUT_INT(s, "n", n);
    PUT(s, "name", p->stages[n].name);
    Json *items = json_put_arr(m, s, S("items"));
    for (size_t i = 0; i < p->item_count; i++)
      if (p->items[i].stage == n) view_catalogue_item(m, p, json_push_obj(m, items), &p->items[i]);
  }
  rp->cache = true;
  return OK;
}

/* ---- one item: every element of 行政许可法 30 --------------------------------------------------------- */

static bool needed_by(const Material *m, Str item) {
  for (size_t i = 0; i < m->item_count; i++)
    if (str_eq(m->items[i], item)) return true;
  return false;
}

static void item_materials(Arena *m, const Policy *p, Json *view, const Item *item) {
  Json *list = json_put_arr(m, view, S("materials"));
  for (size_t i = 0; i < p->material_count; i++) {
    const Material *material = &p->materials[i];
    if (!needed_by(material, item->code)) continue;
    Json *o = json_push_obj(m, list);
    view_material(m, o, material, policy_when(m, p, material->when, NULL)); /* that the item is needed is said above */
  }
}

/* Which categories have it, in how many days. */
static void item_categories(Arena *m, const Policy *p, Json *view, const Item *item) {
  Json *list = json_put_arr(m, view, S("categories"));
  for (size_t k = 0; k < p->category_count; k++) {
    const Category *c = &p->categories[k];
    ItemChoice *choices = NULL;
    size_t n = policy_items(m, p, item->stage, c->code, S(""), NULL, &choices);
    for (size_t i = 0; i < n; i++) {
      if (choices[i].item != item || choices[i].applies == NO || !c->limit[item->stage]) continue;
      Json *o = json_push_obj(m, list);
      PUT(o, "code", c->code);
      PUT(o, "name", c->name);
      PUT_INT(o, "days", choices[i].days);
      PUT_BOOL(o, "depends", choices[i].applies == UNKNOWN);
    }
  }
}

/* What must be there before: with its own condition, and the categories of this item that do not have it. */
static void item_after(Arena *m, const Policy *p, Json *view, const Item *item) {
  Json *after = json_put_arr(m, view, S("after"));
  for (size_t i = 0; i < item->after_count; i++) {
    const Item *before = policy_item(p, item->after[i]);
    Json *o = json_push_obj(m, after), *without = json_put_arr(m, o, S("without"));
    PUT(o, "code", item->after[i]);
    PUT(o, "name", before ? before->name : item->after[i]);
    if (!before) continue;
    for (size_t k = 0; k < p->category_count; k++) {
      const Category *c = &p->categories[k];
      bool here = policy_item_in(item, c->code) && c->limit[item->stage];
      if (here && !(policy_item_in(before, c->code) && c->limit[before->stage])) PUT(json_push_obj(m, without), "name", c->name);
    }
    PUT(o, "condition", policy_when(m, p, before->when, NULL));
    PUT_BOOL(o, "depends", before->when || without->first);
  }
}

static Code page_item(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  const Item *item = policy_item(p, rq->params[0]);
  if (!item) FAIL(NOT_FOUND, "事项清单里没有 %.*s。清单以外无审批，请从清单中选择。", SFMT(rq->params[0]));
  rp->title = str_eq(rq->lang, S("en")) ? tr(rq->lang, S("事项办事指南")) : item->name;
  rp->view = json_obj(m);
  view_catalogue_item(m, p, rp->view, item);
  PUT(rp->view, "version", p->version);
  PUT(rp->view, "certificate", p->stages[item->stage].certificate);
  PUT(rp->view, "seal", p->seal);
  PUT(rp->view, "remedy", p->remedy);
  PUT_INT(rp->view, "receipt_days", p->receipt_days);
  PUT_INT(rp->view, "deliver_days", p->deliver_days);
  PUT_BOOL(rp->view, "promise", item->promise);
  PUT_BOOL(rp->view, "before_joint", item_before_joint(p, item));
  view_contact(m, p, rp->view, item->unit);
  item_materials(m, p, rp->view, item);
  item_categories(m, p, rp->view, item);
  TRY(region_guide(cx, rq, rp->view, item));
  item_after(m, p, rp->view, item);
  rp->cache = !item->share.len; /* what is shared changes with the day */
  return OK;
}

/* The sample form 申请书示范文本 of a stage: every field with its hint and example, from the package. */
static Code page_sample(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  int64_t n;
  if (!str_to_i64(rq->params[0], &n) || n < 1 || n > STAGE_MAX) FAIL(NOT_FOUND, "没有第 %.*s 阶段，共有四个阶段。", SFMT(rq->params[0]));
  rp->title = tr(rq->lang, S("申请表示范文本"));
  rp->view = json_obj(m);
  PUT_INT(rp->view, "n", n);
  PUT(rp->view, "name", p->stages[n].name);
  PUT(rp->view, "version", p->version);
  Json *list = json_put_arr(m, rp->view, S("fields"));
  for (size_t i = 0; i < p->form_count[n]; i++) {
    const Field *f = &p->form[n][i];
    Json *o = json_push_obj(m, list);
    PUT(o, "label", f->label);
    PUT(o, "hint", f->hint);
    PUT(o, "example", f->choice_count ? f->choices[0].label : f->type == FIELD_BOOL ? S(N_("否")) : f->example);
    PUT_BOOL(o, "optional", !f->required);
    PUT_BOOL(o, "depends", f->when != NULL);
  }
  rp->cache = true;
  return OK;
}

/* ---- the flow chart ------------------------------------------------------------------------------- */

static Code category_asked(Cx *cx, const Request *rq, const Category **out) {
  Str code = rq->params[0];
  if (str_ends(code, S(".svg"))) code = str_sub(code, 0, code.len - 4);
  *out = policy_category(rq->app->policy, code);
  if (!*out) FAIL(NOT_FOUND, "没有这个项目类别，请从时限一览中选择。");
  return OK;
}

/* Drawing takes tens of milliseconds: it is done by a worker, with memory of its own. */
typedef struct Chart {
  Arena *mem;
  Str dot, svg;
  Code code;
} Chart;

static void chart_draw(void *arg) {
  Chart *c = arg;
  Cx cx = {.mem = c->mem};
  c->code = policy_chart(&cx, c->dot, "svg", &c->svg);
}

static Code chart_drawn(Cx *cx, Request *rq, void *arg, Reply *rp) {
  Chart *c = arg;
  Code code = c->code;
  rp->body = arena_str(rq->mem, c->svg);
  rp->type = S("image/svg+xml");
  rp->cache = true;
  arena_close(c->mem);
  if (code != OK) FAIL(BROKEN, "流程图画不出来。");
  return OK;
}

static Code chart_svg(Request *rq, Reply *rp, const Category *category) {
  Arena *own = arena_open((size_t)64 << 20);
  Chart *c = arena_new(own, Chart);
  *c = (Chart){.mem = own, .dot = policy_dot(own, rq->app->policy, category)};
  reply_job(rp, JOB_SHORT, chart_draw, chart_drawn, c);
  return OK;
}

/* What the stage waits for, and what runs beside it and must be decided before a later certificate. */
static void flow_items(Request *rq, Json *stage, const Category *c, int n) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  ItemChoice *choices = NULL;
  size_t count = c->limit[n] ? policy_items(m, p, n, c->code, S(""), NULL, &choices) : 0;
  Json *within = json_put_arr(m, stage, S("within")), *beside = json_put_arr(m, stage, S("beside"));
  for (size_t i = 0; i < count; i++) {
    if (choices[i].applies == NO) continue;
    const Item *item = choices[i].item;
    Json *o = json_push_obj(m, item->parallel ? beside : within);
    view_catalogue_item(m, p, o, item);
    PUT_INT(o, "days", choices[i].days);
    PUT_BOOL(o, "depends", choices[i].applies == UNKNOWN);
    if (item->parallel && item->before_stage) PUT_INT(o, "before", item->before_stage);
    PUT_BOOL(o, "opened", item->opens.len > 0);
  }
}

/* The stages one below the other, each drawn by the style sheet: window, items side by side, certificate. */
static Code page_flow(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  const Category *c = NULL;
  TRY(category_asked(cx, rq, &c));
  if (str_ends(rq->params[0], S(".svg"))) return chart_svg(rq, rp, c);
  rp->title = arena_fmt(m, "%.*s %.*s", SFMT(tr(rq->lang, c->name)), SFMT(tr(rq->lang, S("审批流程图"))));
  rp->view = json_obj(m);
  PUT(rp->view, "category", c->code);
  PUT(rp->view, "name", c->name);
  PUT_INT(rp->view, "total", c->total);
  PUT(rp->view, "version", p->version);
  PUT(rp->view, "seal", p->seal);
  view_source(m, rp->view, c->source);
  Json *stages = json_put_arr(m, rp->view, S("stages"));
  for (int n = 1; n <= STAGE_MAX; n++) {
    Json *s = json_push_obj(m, stages);
    PUT_INT(s, "n", n);
    PUT(s, "name", p->stages[n].name);
    PUT(s, "lead", unit_name(p, p->stages[n].lead));
    PUT(s, "certificate", p->stages[n].certificate);
    PUT_INT(s, "limit", c->limit[n]);
    PUT_BOOL(s, "na", !c->limit[n]);
    flow_items(rq, s, c, n);
  }
  rp->cache = true;
  return OK;
}

const Route guide_routes[] = {
    {.method = GET, .path = "/s/list", .allow = ROLE_PUBLIC, .run = page_list, .tmpl = "list", .section = "guide",
     .help = "审批事项清单：清单以外无审批。"},
    {.method = GET, .path = "/s/item/{code}", .allow = ROLE_PUBLIC, .run = page_item, .tmpl = "item", .section = "guide",
     .help = "一个事项的办事指南：依据、条件、材料、时限、程序、救济。"},
    {.method = GET, .path = "/s/form/{n}", .allow = ROLE_PUBLIC, .run = page_sample, .tmpl = "sample", .section = "guide",
     .help = "一个阶段申请表的示范文本：各栏怎么填，附样例。"},
    {.method = GET, .path = "/s/flow/{category}", .allow = ROLE_PUBLIC, .run = page_flow, .tmpl = "flow", .section = "guide",
     .help = "一个类别的审批流程图，图和文字各一份。"},
    {.path = NULL},
};
