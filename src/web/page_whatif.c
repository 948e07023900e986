/* SPDX-License-Identifier: Apache-2.0 */
/* page_whatif.c: 政策模拟, a draft made by filling in a form. A GET with its answers in the address: it changes nothing, can be
 * reloaded, kept and sent on. The cases are read and evaluated by a worker with a reader and memory of its own. */
#include "approval/whatif.h"
#include "web/page.h"
#include "web/web_int.h"

/* A worker folds 10 to 20 thousand projects in some ten seconds; a page that takes longer is left. */
enum { PROJECTS_MAX = 20000, CHANGES_MAX = 400, THREADS = 2, DAYS_MAX = 999 };

/* ---- the form ---------------------------------------------------------------------------------------------- */

typedef struct Form {
  Cx *cx;
  Request *rq;
  Reply *rp;
  const Policy *p;
  bool sent; /* the form was sent: what stands in it is shown, also when it is wrong */
  PolicyChange *changes; size_t count;
} Form;

static Str typed(const Form *f, Str name, Str standing) {
  return f->sent && json_get(f->rq->args, name) ? request_arg(f->rq, name) : standing;
}

static bool days_read(Form *f, Str name, Str text, int least, int *days) {
  int64_t n = 0;
  Str half = utf8_halfwidth(f->rq->mem, text);
  if (str_to_i64(half, &n) && n >= least && n <= DAYS_MAX) {
    *days = (int)n;
    return true;
  }
  reply_error(f->rq, f->rp, name, arena_fmt(f->rq->mem, "天数请填 %d 到 %d 的整数，不是“%.*s”。", least, DAYS_MAX, SFMT(text)));
  return false;
}

static void change_add(Form *f, PolicyChange c) {
  REQUIRE(f->count < CHANGES_MAX);
  f->changes[f->count++] = c;
}

static void limit_cell(Form *f, Json *cells, const Category *c, int n) {
  Arena *m = f->rq->mem;
  Str name = arena_fmt(m, "d-%.*s-%d", SFMT(c->code), n), standing = arena_fmt(m, "%d", c->limit[n]);
  Str value = typed(f, name, standing);
  Json *o = json_push_obj(m, cells);
  int days;
  PUT(o, "name", name);
  PUT(o, "value", value);
  PUT(o, "label", arena_fmt(m, "%.*s第 %d 阶段的天数", SFMT(c->name), n));
  PUT_BOOL(o, "edited", !str_eq(value, standing));
  if (!f->sent || str_eq(value, standing) || !days_read(f, name, value, 0, &days)) {
    PUT(o, "error", json_str(json_get(f->rp->extra, S("e")), name));
    return;
  }
  change_add(f, (PolicyChange){.kind = CHANGE_STAGE_DAYS, .category = c->code, .stage = n, .days = days});
}

static void limits_view(Form *f, Json *view) {
  Arena *m = f->rq->mem;
  Json *rows = json_put_arr(m, view, S("limits"));
  for (size_t i = 0; i < f->p->category_count; i++) {
    const Category *c = &f->p->categories[i];
    Json *row = json_push_obj(m, rows);
    PUT(row, "name", c->name);
    PUT_INT(row, "total", c->total);
    Json *cells = json_put_arr(m, row, S("cells"));
    for (int n = 1; n <= STAGE_MAX; n++) limit_cell(f, cells, c, n);
  }
}

static void choice_add(Arena *m, Json *list, Str value, Str label, Str chosen) {
  Json *o = json_push_obj(m, list);
  PUT(o, "value", value);
  PUT(o, "label", label);
  PUT_BOOL(o, "chosen", str_eq(value, chosen));
}

static void items_view_of(const Form *f, Json *view, const char *key, Str chosen) {
  Arena *m = f->rq->mem;
  Json *list = json_put_arr(m, view, str_of(key));
  for (size_t i = 0; i < f->p->item_count; i++) {
    const Item *item = &f->p->items[i];
    choice_add(m, list, item->code, arena_fmt(m, "%d %.*s", item->stage, SFMT(item->name)), chosen);
  }
}

static void item_view(const Form *f, Json *view) {
  static const char *const orders[][2] = {{"after", "串联：排在下面选的事项之后"}, {"together", "并联：和本阶段其他事项同时办"},
                                          {"beside", "并行推进：不占阶段时限"}, {"inside", "占阶段时限"}};
  Arena *m = f->rq->mem;
  Str order = typed(f, S("order"), S("")), unit = typed(f, S("unit"), S(""));
  items_view_of(f, view, "items", typed(f, S("item"), S("")));
  items_view_of(f, view, "afters", typed(f, S("after"), S("")));
  PUT(view, "days", typed(f, S("days"), S("")));
  Json *list = json_put_arr(m, view, S("orders"));
  for (size_t i = 0; i < COUNT(orders); i++) choice_add(m, list, str_of(orders[i][0]), str_of(orders[i][1]), order);
  list = json_put_arr(m, view, S("unit_choices"));
  choice_add(m, list, S("county"), S("项目所在县（市）区"), unit);
  for (size_t i = 0; i < f->p->unit_count; i++) choice_add(m, list, f->p->units[i].code, f->p->units[i].name, unit);
}

static void order_read(Form *f, Str item, Str order) {
  Str after = request_arg(f->rq, S("after"));
  if (!order.len) return;
  if (str_eq(order, S("after")) && !after.len) {
    reply_error(f->rq, f->rp, S("after"), S("请选择排在哪个事项之后。"));
  } else if (str_eq(order, S("after")) || str_eq(order, S("together"))) {
    change_add(f, (PolicyChange){.kind = CHANGE_ITEM_AFTER, .item = item, .code = str_eq(order, S("after")) ? after : S("")});
  } else if (str_eq(order, S("beside")) || str_eq(order, S("inside"))) {
    change_add(f, (PolicyChange){.kind = CHANGE_ITEM_BESIDE, .item = item, .beside = str_eq(order, S("beside"))});
  } else {
    reply_error(f->rq, f->rp, S("order"), S("请从列表中选择次序。"));
  }
}

static void item_read(Form *f) {
  Request *rq = f->rq;
  Str item = request_arg(rq, S("item")), days = request_arg(rq, S("days")), unit = request_arg(rq, S("unit")),
      order = request_arg(rq, S("order"));
  int n;
  if (!item.len) {
    if (days.len || unit.len || order.len) reply_error(rq, f->rp, S("item"), S("请选择要改的事项，或清空下面几栏。"));
    return;
  }
  if (days.len && days_read(f, S("days"), days, 1, &n)) change_add(f, (PolicyChange){.kind = CHANGE_ITEM_DAYS, .item = item, .days = n});
  if (unit.len) change_add(f, (PolicyChange){.kind = CHANGE_ITEM_UNIT, .item = item, .code = unit});
  order_read(f, item, order);
}

/* ---- the worker --------------------------------------------------------------------------------------------- */

typedef struct Run {
  Arena *mem;
  Web *web;
  const Policy *now, *draft;
  int64_t at;
  Json *tree;
  Code code;
  Str detail;
} Run;

static Code run_all(Cx *cx, Run *r) {
  SCOPED(reader_close_p) Reader *rd = NULL;
  SCOPED(whatif_close_p) WhatIf *w = whatif_open(r->now);
  WhatIfReport report;
  TRY(reader_open(cx, r->web->app->runner, &rd));
  TRY(whatif_read(cx, w, rd, PROJECTS_MAX, NULL, NULL));
  TRY(whatif_run(cx, w, r->draft, day_of(r->at), THREADS, &report));
  r->tree = whatif_view(r->mem, &report, r->now, r->draft);
  return OK;
}

static void run_job(void *arg) {
  Run *r = arg;
  Cx cx = {.mem = r->mem, .now = r->at};
  r->code = run_all(&cx, r);
  r->detail = cx.detail;
}

/* Bars for the share of late stages, side by side; the table below has the same numbers. */
static void chart_view(Arena *m, Json *result) {
  enum { ROW = 40, TOP = 8, BAR = 12, WIDE = 400 };
  const Json *cells = json_get(result, S("cells"));
  Json *chart = json_put_obj(m, result, S("chart")), *bars = json_put_arr(m, chart, S("bars"));
  int64_t y = TOP;
  for (const Json *c = cells->first; c; c = c->next, y += ROW) {
    int64_t now = json_int(c, S("counted_now"), 0), draft = json_int(c, S("counted_draft"), 0);
    int64_t late_now = json_int(c, S("late_now"), 0), late_draft = json_int(c, S("late_draft"), 0);
    Json *o = json_push_obj(m, bars);
    PUT(o, "label", arena_fmt(m, "%.*s %lld", SFMT(json_str(c, S("category_name"))), (long long)json_int(c, S("stage"), 0)));
    PUT_INT(o, "y_text", y + 16);
    PUT_INT(o, "y_now", y);
    PUT_INT(o, "y_draft", y + BAR + 2);
    PUT_INT(o, "w_now", now ? late_now * WIDE / now : 0);
    PUT_INT(o, "w_draft", draft ? late_draft * WIDE / draft : 0);
    PUT(o, "share", arena_fmt(m, "%lld/%lld → %lld/%lld", (long long)late_now, (long long)now, (long long)late_draft, (long long)draft));
  }
  PUT_INT(chart, "height", y + TOP);
}

static Code run_done(Cx *cx, Request *rq, void *arg, Reply *rp) {
  Run *r = arg;
  Arena *m = rq->mem;
  Code code = r->code;
  Str detail = arena_str(m, r->detail);
  Json *result = NULL;
  if (code == OK) {
    SCOPED(buf_drop) Buf text = {0}; /* through its text: the tree borrows from memory that goes now */
    buf_init(&text, 16 << 20);
    json_write(&text, r->tree);
    code = text.full ? LIMIT : json_parse(cx, arena_str(m, buf_str(&text)), &result);
  }
  atomic_store(&r->web->whatif_busy, false);
  arena_close(r->mem);
  if (code != OK && cx->fault == OK) FAIL(code, "%.*s", SFMT(detail.len ? detail : S("没有算成，请稍后再试。")));
  if (code != OK) return code;
  chart_view(m, result);
  PUT(result, "at", time_cn(m, rq->now));
  json_put(m, rp->view, S("result"), result);
  PUT_BOOL(rp->view, "open_cases", request_has_role(rq, ROLE_SUPERVISOR | ROLE_LEADER));
  return OK;
}

static Code run_begin(Cx *cx, Form *f) {
  bool idle = false;
  Run *r = NULL;
  Web *web = f->rq->web;
  Arena *own = arena_open((size_t)256 << 20);
  Cx mine = {.mem = own, .now = cx->now};
  const Policy *draft = NULL;
  Policy *now = arena_new(own, Policy); /* the request's copy may carry the calendar of the day */
  *now = *f->p;
  if (policy_with(&mine, now, f->changes, f->count, &draft) != OK) {
    reply_error(f->rq, f->rp, arena_str(f->rq->mem, mine.field), arena_str(f->rq->mem, mine.detail));
    arena_close(own);
    return OK;
  }
  if (!atomic_compare_exchange_strong(&web->whatif_busy, &idle, true)) {
    arena_close(own);
    f->rp->retry_after = 10;
    FAIL(BUSY, "另一次模拟正在进行，请过十几秒刷新本页。");
  }
  r = arena_new(own, Run);
  *r = (Run){.mem = own, .web = web, .now = now, .draft = draft, .at = f->rq->now};
  reply_job(f->rp, JOB_LONG, run_job, run_done, r);
  return OK;
}

static Code page_whatif(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Form f = {.cx = cx, .rq = rq, .rp = rp, .p = rq->app->policy, .sent = request_arg(rq, S("run")).len > 0,
            .changes = arena_array(m, PolicyChange, CHANGES_MAX)};
  rp->title = tr(rq->lang, S("政策模拟"));
  rp->view = json_obj(m);
  PUT(rp->view, "version", f.p->version);
  PUT(rp->view, "as_of", time_cn(m, rq->now));
  PUT_BOOL(rp->view, "super", request_has_role(rq, ROLE_SUPERVISOR | ROLE_LEADER));
  limits_view(&f, rp->view);
  item_view(&f, rp->view);
  if (!f.sent) return OK;
  item_read(&f);
  if (!reply_has_errors(rp) && !f.count)
    reply_error(rq, rp, arena_fmt(m, "d-%.*s-1", SFMT(f.p->categories[0].code)), S("草案和现行的一样，请至少改一个数。"));
  PUT_INT(rp->view, "changed", (int64_t)f.count);
  return reply_has_errors(rp) ? OK : run_begin(cx, &f);
}

const Route whatif_routes[] = {
    {.method = GET, .path = "/w/whatif", .allow = ROLE_SUPERVISOR | ROLE_LEADER | ROLE_SYSADMIN, .run = page_whatif,
     .tmpl = "whatif", .compact = true,
     .help = "政策模拟：改时限、单位或次序，按草案重算全部办件；带 run=1 时给出结果，不改动任何数据。"},
    {.path = NULL},
};
