/* SPDX-License-Identifier: Apache-2.0 */
/* page_random.c: plans of spot checks for everybody, the desk of those who have to do with them, and a new plan. */
#include "web/page_random.h"

enum { STEP = 50, CHECKS_SHOWN = 200 };

/* ---- lists --------------------------------------------------------------------------------------------------- */

/* Who has yet to commit or to reveal; then the public number is waited for. */
static Str draw_turn(Arena *m, const SpotDraw *d) {
  bool commit = str_eqz(d->status, "committing"), reveal = str_eqz(d->status, "revealing");
  if (str_eqz(d->status, "waiting")) return S("公开的数产生以后，由监督人员填入");
  if (!commit && !reveal) return S("");
  Str names = S("");
  for (size_t i = 0; i < d->party_count; i++) {
    const SpotParty *one = &d->parties[i];
    if (commit ? !one->committed : !one->revealed) names = arena_fmt(m, "%.*s%s%.*s", SFMT(names), names.len ? "、" : "", SFMT(one->name));
  }
  return arena_fmt(m, "轮到 %.*s %s", SFMT(names), commit ? "承诺" : "揭示");
}

static Code draw_turn_put(Cx *cx, Request *rq, Json *o, int64_t no) {
  const SpotDraw *d = NULL;
  TRY(draw_load(cx, rq->rd, no, &d));
  json_put_str(rq->mem, o, S("turn"), draw_turn(rq->mem, d));
  return OK;
}

/* One of the two records, the other confirms (行政处罚法 第四十二条), the supervisor publishes. */
static Code check_turn_put(Cx *cx, Request *rq, Json *o, const CheckRow *row) {
  const SpotDraw *d = NULL;
  TRY(draw_load(cx, rq->rd, row->draw, &d));
  const SpotCheck *c = draw_check(d, row->object);
  if (!c || c->published) return OK;
  const Str *names = c->names;
  Str turn = S("轮到监督人员公示");
  if (!c->recorded) turn = arena_fmt(rq->mem, "轮到 %.*s 或 %.*s 记录", SFMT(names[0]), SFMT(names[1]));
  else if (!c->confirmed) turn = arena_fmt(rq->mem, "轮到 %.*s 确认", SFMT(names[str_eq(c->recorded_by, c->persons[0])]));
  json_put_str(rq->mem, o, S("turn"), turn);
  return OK;
}

Code draws_view(Cx *cx, Request *rq, Json *view, int64_t plan) {
  Arena *m = rq->mem;
  DrawRow *rows = NULL;
  size_t n = 0;
  TRY(draws_list(cx, rq->rd, plan, rq->who ? rq->who->id : S(""), &rows, &n));
  Json *list = json_put_arr(m, view, S("draws"));
  for (size_t i = 0; i < n; i++) {
    const DrawRow *d = &rows[i];
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "no", d->no);
    PUT_INT(o, "attempt", d->attempt);
    PUT(o, "number", d->number);
    PUT(o, "plan_title", d->title);
    PUT(o, "status", d->status);
    PUT(o, "status_label", inspect_label(d->status));
    PUT(o, "hash", d->hash);
    PUT(o, "opened", time_cn(m, d->opened));
    PUT(o, "beacon_at", time_cn(m, d->beacon_at));
    if (d->ended) PUT(o, "ended", time_cn(m, d->ended));
    PUT(o, "reason", d->reason);
    PUT_BOOL(o, "to_commit", d->mine == 1);
    PUT_BOOL(o, "to_reveal", d->mine == 2);
    TRY(draw_turn_put(cx, rq, o, d->no));
  }
  return OK;
}

Code checks_view(Cx *cx, Request *rq, Json *view, bool all) {
  Arena *m = rq->mem;
  CheckRow *rows = NULL;
  size_t n = 0;
  TRY(checks_list(cx, rq->rd, rq->app->policy, all ? S("") : rq->who->id, rq->now, CHECKS_SHOWN, &rows, &n));
  Json *list = json_put_arr(m, view, S("checks"));
  for (size_t i = 0; i < n; i++) {
    const CheckRow *c = &rows[i];
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "draw", c->draw);
    PUT(o, "number", c->number);
    PUT(o, "object", c->object);
    PUT(o, "name", c->name);
    PUT(o, "certs", arena_fmt(m, "%.*s、%.*s", SFMT(c->certs[0]), SFMT(c->certs[1])));
    PUT(o, "status", c->status);
    PUT(o, "status_label", inspect_label(c->status));
    PUT(o, "result_label", inspect_label(c->result));
    if (c->confirmed) view_reading(m, o, &c->reading, c->days);
    TRY(check_turn_put(cx, rq, o, c));
  }
  PUT_INT(view, "checks_shown", (int64_t)n);
  return OK;
}

static Json *duty_put(Request *rq, Json *list, const char *label, int64_t n, int64_t late) {
  Arena *m = rq->mem;
  Json *o = json_push_obj(m, list);
  PUT(o, "label", str_of(label));
  PUT(o, "href", S("/w/random"));
  PUT_INT(o, "n", n);
  PUT_INT(o, "late", late);
  return o;
}

Code spots_wait(Cx *cx, Request *rq, Json *list) {
  Arena *m = rq->mem;
  SpotDuties d;
  TRY(spot_duties(cx, rq->rd, rq->app->policy, rq->who->id, rq->now, &d));
  if (d.checks) {
    Json *o = duty_put(rq, list, "双随机检查等您记录或确认", d.checks, d.late);
    PUT(o, "by", arena_fmt(m, "最近一项的检查日期到 %.*s", SFMT(day_str(m, d.check_by))));
  }
  if (d.draws) PUT(duty_put(rq, list, "双随机抽取等您承诺或揭示", d.draws, 0), "by", arena_fmt(m, "最近一次在 %.*s 以前", SFMT(time_cn(m, d.draw_by))));
  return OK;
}

static Code plans_view(Cx *cx, Request *rq, Json *view, bool published) {
  Arena *m = rq->mem;
  PlanRow *rows = NULL;
  size_t n = 0, from = from_of(rq);
  int64_t total = 0;
  TRY(plans_list(cx, rq->rd, published, from, STEP, &rows, &n, &total));
  Json *list = json_put_arr(m, view, S("plans"));
  for (size_t i = 0; i < n; i++) {
    const PlanRow *p = &rows[i];
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "no", p->no);
    PUT(o, "number", p->number);
    PUT(o, "plan_title", p->title);
    PUT(o, "status", p->status);
    PUT(o, "status_label", inspect_label(p->status));
    PUT_INT(o, "draws", p->draws);
    PUT(o, "from", day_str(m, p->from));
    PUT(o, "to", day_str(m, p->to));
  }
  view_pages(rq, view, from, n, STEP, total);
  return OK;
}


static Code page_random_public(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  rp->title = tr(rq->lang, S("双随机抽查"));
  rp->view = json_obj(m);
  const int rates[] = {p->spot_a, p->spot_b, p->spot_c, p->spot_d};
  Json *list = json_put_arr(m, rp->view, S("rates"));
  for (size_t i = 0; i < COUNT(rates); i++) {
    Json *o = json_push_obj(m, list);
    PUT(o, "class", str_sub(S("ABCD"), i, 1));
    PUT_INT(o, "rate", rates[i]);
  }
  PUT_INT(rp->view, "days", p->spot_days);
  PUT_BOOL(rp->view, "sample", p->spot_source.sample);
  Json *targets = json_put_arr(m, rp->view, S("targets"));
  for (size_t i = 0; i < p->spot_target_count; i++) json_push_str(m, targets, p->spot_targets[i]);
  PUT(rp->view, "targets_clause", p->spot_targets_source.clause);
  return plans_view(cx, rq, rp->view, true);
}

/* ---- one plan --------------------------------------------------------------------------------------------------- */

static Code plan_view(Cx *cx, Request *rq, Reply *rp, const SpotPlan *p) {
  Arena *m = rq->mem;
  const Policy *policy = rq->app->policy;
  rp->title = p->title;
  rp->view = json_obj(m);
  PUT_INT(rp->view, "plan", p->no);
  PUT(rp->view, "number", p->number);
  PUT(rp->view, "plan_title", p->title);
  PUT(rp->view, "basis", p->basis);
  PUT(rp->view, "status", p->status);
  PUT(rp->view, "status_label", inspect_label(p->status));
  PUT(rp->view, "reason", p->reason);
  PUT(rp->view, "category_name", p->category.len ? category_name(policy, p->category) : S(""));
  PUT(rp->view, "county_name", p->county.len ? place_name(policy, p->county) : S(""));
  if (p->count) PUT_INT(rp->view, "count", p->count);
  PUT(rp->view, "from", day_str(m, p->from));
  PUT(rp->view, "to", day_str(m, p->to));
  if (p->published_at) PUT(rp->view, "published", time_cn(m, p->published_at));
  Json *items = json_put_arr(m, rp->view, S("items")), *units = json_put_arr(m, rp->view, S("units"));
  for (size_t i = 0; i < p->item_count; i++) json_push_str(m, items, p->items[i]);
  for (size_t i = 0; i < p->unit_count; i++) json_push_str(m, units, unit_name(policy, p->units[i]));
  TRY(draws_view(cx, rq, rp->view, p->no));
  for (const Json *x = json_get(rp->view, S("draws"))->first; x; x = x->next)
    if (str_eqz(json_str(x, S("status")), "drawn")) PUT(rp->view, "status_label", inspect_label(S("drawn"))); /* as the list of plans says */
  return OK;
}

static Code page_plan_public(Cx *cx, Request *rq, Reply *rp) {
  const SpotPlan *p = NULL;
  TRY(plan_load(cx, rq->rd, param_no(rq, 0), &p));
  if (!p->published_at) FAIL(NOT_FOUND, "没有这个抽查计划，或者它还没有公布。");
  return plan_view(cx, rq, rp, p);
}

static const FormField open_fields[] = {
    {"parties", "checks", "参与各方", "至少两方，不能都是一个单位的；各方先承诺、后揭示，缺一方就抽不成", false},
    {"beacon", "text", "公开随机数", "届时由外界产生、人人查得到的数，例如 11 月 27 日上证综合指数收盘点位", false},
    {"beacon_at", "text", "产生时间", "例如 2026-11-27 15:30；各方在这以前承诺和揭示，到时没有做完就中止", false}};
static const FormField drop_fields[] = {{"reason", "long", "理由", "至少 10 个字；公布过的计划，理由也公布", false}};
enum { PUBLISH, OPEN, DROP, PLAN_ACTS };
static const FormAct plan_acts[PLAN_ACTS] = {
    {.act = "publish", .command = "plan.publish", .title = "公布计划", .button = "公布", .fields = NULL, .count = 0, .note = "公布以后才能抽取。"},
    {.act = "open", .command = "draw.open", .title = "公布抽取名单", .button = "编制名单，公布名单和散列", FIELDS(open_fields),
     .note = "名单照现在的在办项目、检查人员名录和信用等级编制，公布以后不能更改。"},
    {.act = "drop", .command = "plan.drop", .title = "取消计划", .button = "取消计划", FIELDS(drop_fields)}};

static Code plan_forms(Cx *cx, Request *rq, Json *view, const SpotPlan *p) {
  const Json *draws = json_get(view, S("draws"));
  bool free = str_eqz(p->status, "published"); /* every draw so far was ended */
  for (const Json *d = draws ? draws->first : NULL; d; d = d->next) free = free && str_eqz(json_str(d, S("status")), "voided");
  SpotPerson *people = NULL;
  size_t n = 0;
  if (!request_has_role(rq, ROLE_SUPERVISOR)) return OK;
  if (str_eqz(p->status, "draft")) form_put_act(rq, view, &plan_acts[PUBLISH]);
  if (free) {
    Json *form = form_put_act(rq, view, &plan_acts[OPEN]);
    TRY(spot_parties(cx, rq->rd, p, &people, &n));
    for (size_t i = 0; i < n; i++)
      form_choice(rq, form, "parties", people[i].id,
                  arena_fmt(rq->mem, "%.*s（%.*s）", SFMT(people[i].name), SFMT(people[i].unit.len ? unit_name(rq->app->policy, people[i].unit) : people[i].id)));
  }
  if (free || str_eqz(p->status, "draft")) form_put_act(rq, view, &plan_acts[DROP]);
  return OK;
}

static Str plan_path(Request *rq) {
  return arena_fmt(rq->mem, "/w/random/plan/%lld", (long long)param_no(rq, 0));
}

static Code page_plan(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const SpotPlan *p = NULL;
  TRY(plan_load(cx, rq->rd, param_no(rq, 0), &p));
  TRY(plan_view(cx, rq, rp, p));
  PUT_BOOL(rp->view, "staff", true);
  PUT(rp->view, "path", plan_path(rq));
  return plan_forms(cx, rq, rp->view, p);
}

static Code post_plan(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const FormAct *a = NULL;
  TRY(form_act(cx, rq, plan_acts, PLAN_ACTS, &a));
  Json *args = form_args(rq, a);
  if (a != &plan_acts[OPEN]) {
    form_send(rq, rp, a, arena_fmt(m, "plan/%lld", (long long)param_no(rq, 0)), args, plan_path(rq), page_plan, "random_plan");
    return OK;
  }
  PUT_INT(args, "plan", param_no(rq, 0));
  form_send(rq, rp, a, S(""), args, S("/w/random/draw/"), page_plan, "random_plan");
  return OK;
}

/* ---- the desk ----------------------------------------------------------------------------------------------------- */

static Code page_work_random(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  bool watch = request_has_role(rq, ROLE_SUPERVISOR | ROLE_LEADER);
  rp->title = S("双随机");
  rp->view = json_obj(m);
  PUT_BOOL(rp->view, "watch", watch);
  PUT_BOOL(rp->view, "can_plan", request_has_role(rq, ROLE_SUPERVISOR));
  PUT_BOOL(rp->view, "unit", request_has_role(rq, ROLE_APPROVER | ROLE_UNIT_HEAD));
  TRY(draws_view(cx, rq, rp->view, 0));
  TRY(checks_view(cx, rq, rp->view, watch));
  return plans_view(cx, rq, rp->view, false);
}

/* ---- a new plan ------------------------------------------------------------------------------------------------------ */

static const FormField make_fields[] = {{"title", "text", "计划名称", "例如：2026 年第四季度工程建设领域部门联合抽查", false},
                                        {"items", "long", "抽查事项", "监管事项目录清单、检查实施清单里的事项，一行一项；一次检查一个对象的几件事一起查", false},
                                        {"units", "checks", "参加的部门", "从这些部门登记的检查人员中抽取", false},
                                        {"category", "select", "项目类别", "不选就是全部类别", true},
                                        {"county", "select", "建设地点", "不选就是全市", true},
                                        {"count", "number", "抽取数量", "不填就按各信用等级的比例抽取", true},
                                        {"from", "text", "检查开始日期", "例如 2026-12-01", false},
                                        {"to", "text", "检查结束日期", NULL, false},
                                        {"basis", "text", "依据", "年度抽查工作计划的名称和文号", false}};
static const FormAct make_act = {.act = "make", .command = "plan.make", .title = "抽查计划", .button = "保存，下一步公布", FIELDS(make_fields)};

static Code page_plan_new(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  const SpotPool *pool = NULL;
  rp->title = S("拟订抽查计划");
  rp->view = json_obj(m);
  PUT(rp->view, "path", S("/w/random/new"));
  PUT(rp->view, "back", S("/w/random"));
  PUT(rp->view, "back_text", S("返回双随机"));
  PUT(rp->view, "intro", S("检查对象是在办的项目。计划公布以后，才能编制名单、抽取对象和检查人员。"));
  Json *form = form_put_act(rq, rp->view, &make_act);
  TRY(pool_load(cx, rq->rd, &pool));
  for (size_t i = 0; i < pool->count; i++) { /* each unit that has inspectors, once */
    size_t k = 0;
    while (k < i && !(pool->list[k].active && str_eq(pool->list[k].unit, pool->list[i].unit))) k++;
    if (k == i && pool->list[i].active) form_choice(rq, form, "units", pool->list[i].unit, unit_name(p, pool->list[i].unit));
  }
  for (size_t i = 0; i < p->category_count; i++) form_choice(rq, form, "category", p->categories[i].code, p->categories[i].name);
  units_choices(rq, form, "county", "county|zone");
  return OK;
}

static Code post_plan_new(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Json *args = form_args(rq, &make_act), *items = json_put_arr(m, args, S("items"));
  Str rest = request_arg(rq, S("items")), line, count = json_str(args, S("count"));
  int64_t n = 0;
  (void)cx;
  while (rest.len) {
    str_cut(rest, '\n', &line, &rest);
    if (str_trim(line).len) json_push_str(m, items, str_trim(line));
  }
  if (count.len && str_to_i64(count, &n)) PUT_INT(args, "count", n);
  form_send(rq, rp, &make_act, S(""), args, S("/w/random/plan/"), page_plan_new, "early_form");
  return OK;
}

/* ---- the rows ------------------------------------------------------------------------------------------------------- */

#define UNIT (ROLE_APPROVER | ROLE_UNIT_HEAD)
#define PARTY (ROLE_SUPERVISOR | ROLE_LEADER | ROLE_UNIT_HEAD | ROLE_AUDITOR)
#define OPEN_TO_ALL(at, fn, t, what) {.method = GET, .path = at, .allow = ROLE_PUBLIC, .run = fn, .tmpl = t, .section = "open", .help = what}
#define DESK(how, at, who, fn, t, what) \
  {.method = how, .path = at, .allow = (who), .run = fn, .tmpl = t, .section = "random", .compact = true, .help = what}
const Route random_routes[] = {
    OPEN_TO_ALL("/s/random", page_random_public, "random", "双随机、一公开：公布的抽查计划。"),
    OPEN_TO_ALL("/s/random/{no}", page_plan_public, "random_plan", "一个抽查计划：事项、部门、每一次抽取。"),
    OPEN_TO_ALL("/s/random/draw/{no}", page_draw_public, "random_draw", "一次抽取：名单散列、承诺、揭示、抽中的对象和公示的结果。"),
    OPEN_TO_ALL("/s/random/draw/{no}/file", page_draw_file, NULL, "一次抽取的公布文件：凭它可以重算（docs/draw.md）。"),
    OPEN_TO_ALL("/s/random/draw/{no}/results", page_draw_results, NULL, "公示了的检查结果（CSV），给各公示网站。"),
    DESK(GET, "/w/random", UNIT | WATCH | ROLE_AUDITOR, page_work_random, "work_random", "双随机：计划、等我承诺和揭示的抽取、要我做的检查。"),
    DESK(GET, "/w/random/new", ROLE_SUPERVISOR, page_plan_new, "early_form", "拟订抽查计划。"),
    DESK(POST, "/w/random/new", ROLE_SUPERVISOR, post_plan_new, NULL, "拟订抽查计划。"),
    DESK(GET, "/w/random/pool", UNIT | WATCH, page_pool, "random_pool", "检查人员名录、回避和信用等级。"),
    DESK(POST, "/w/random/pool", UNIT | ROLE_SUPERVISOR, post_pool, NULL, "登记检查人员、回避、信用等级。"),
    DESK(GET, "/w/random/plan/{no}", UNIT | WATCH | ROLE_AUDITOR, page_plan, "random_plan", "一个抽查计划：公布、抽取、取消。"),
    DESK(POST, "/w/random/plan/{no}", ROLE_SUPERVISOR, post_plan, NULL, "公布、抽取、取消。"),
    DESK(GET, "/w/random/draw/{no}", UNIT | WATCH | ROLE_AUDITOR, page_draw, "random_draw", "一次抽取：承诺、揭示、录入公开随机数、公示结果。"),
    DESK(POST, "/w/random/draw/{no}", PARTY, post_draw, NULL, "承诺、揭示、录入公开随机数、中止、公示结果。"),
    DESK(GET, "/w/random/check/{no}/{object}", UNIT | WATCH, page_spot, "random_check", "一个抽中的对象：检查结果。"),
    DESK(POST, "/w/random/check/{no}/{object}", UNIT, post_spot, NULL, "记录、确认、退回检查结果。"),
    {.path = NULL},
};
