/* SPDX-License-Identifier: Apache-2.0 */
/* page_order.c: an order for an agent, as the enterprise, the agent, the county and the departments see it. */
#include "web/page_early.h"

enum { STEPS_SHOWN = 200 };

Code orders_view(Cx *cx, Request *rq, Json *view, const OrderFilter *f) {
  Arena *m = rq->mem;
  OrderRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  TRY(orders_list(cx, rq->rd, f, &rows, &n, &total));
  PUT_INT(view, "orders_total", total);
  Json *list = json_put_arr(m, view, S("orders"));
  for (size_t i = 0; i < n; i++) {
    const OrderRow *r = &rows[i];
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "no", r->no);
    PUT(o, "number", r->number);
    PUT(o, "name", r->name);
    PUT(o, "county_name", place_name(rq->app->policy, r->county));
    PUT(o, "owner", r->owner);
    PUT(o, "status", r->status);
    PUT(o, "status_label", order_label(r->status, r->finished));
    PUT_BOOL(o, "live", !r->finished && (str_eqz(r->status, "assigned") || str_eqz(r->status, "started")));
    PUT(o, "agent_name", r->agent_name);
    PUT_INT(o, "project", r->project);
    PUT(o, "project_number", r->project_number);
    PUT_INT(o, "ratings", r->ratings);
    PUT_BOOL(o, "to_assign", str_eqz(r->status, "ordered"));
    PUT_BOOL(o, "to_rate", str_eqz(r->status, "started") && f->unit.len && !r->unit_rated);
  }
  return OK;
}

/* What waits for the agent himself, what runs, what is over. */
static int part_of(const Json *o) {
  return json_int(o, S("own"), 0) > 0 ? 0 : json_bool(o, S("live")) ? 1 : 2;
}

/* Each part newest first; how many wait for him. */
static int64_t turns_first(Arena *m, Json *view) {
  const Json *orders = json_get(view, S("orders"));
  Json *list = json_arr(m);
  int64_t own = 0;
  for (int part = 0; part < 3; part++)
    for (const Json *o = orders ? orders->first : NULL; o; o = o->next)
      if (part_of(o) == part) {
        json_push(m, list, o);
        own += part == 0;
      }
  json_put(m, view, S("orders"), list);
  return own;
}

/* The order has the name that its client gave it; its project may have another. "stands": how far that is. */
static void project_stands(Request *rq, Json *o, const Project *pr) {
  Arena *m = rq->mem;
  int n = project_current_stage(pr);
  if (n > STAGE_MAX) return;
  PUT(o, "project_name", pr->name);
  PUT(o, "stands", arena_fmt(m, "第 %d 阶段 %.*s：%.*s", n, SFMT(policy_of(rq, pr, n)->stages[n].name), SFMT(stage_status_label(pr->stages[n].status))));
}

/* An order without a project: registering it is the first step, and his. */
static void unregistered(Request *rq, Json *o) {
  Arena *m = rq->mem;
  PUT_INT(o, "own", 1);
  PUT(o, "turn_word", S("登记项目"));
  Json *act = json_push_obj(m, json_put_arr(m, o, S("acts")));
  PUT(act, "href", arena_fmt(m, "/my/new?order=%lld", (long long)json_int(o, S("no"), 0)));
  PUT(act, "label", S("登记项目"));
}

Code page_errands(Cx *cx, Request *rq, Reply *rp) {
  rp->title = S("我的代办");
  rp->view = json_obj(rq->mem);
  TRY(orders_view(cx, rq, rp->view, &(OrderFilter){.agent = rq->who->id, .limit = 100}));
  const Json *orders = json_get(rp->view, S("orders"));
  for (Json *o = orders ? orders->first : NULL; o; o = o->next) {
    const Project *pr = NULL;
    bool runs = json_bool(o, S("live")), named = json_int(o, S("project"), 0) != 0;
    if (runs && !named) unregistered(rq, o);
    if (!runs || !named) continue;
    TRY(project_load(cx, rq->rd, json_int(o, S("project"), 0), &pr));
    TRY(view_turns(cx, rq, o, pr, 3));
    project_stands(rq, o, pr);
  }
  json_put_int(rq->mem, rp->view, S("own_total"), turns_first(rq->mem, rp->view));
  return OK;
}

/* ---- one order ---------------------------------------------------------------------------------------------- */

static const FormField assign_fields[] = {{"agent", "select", "代办员", "受过统一培训、属地或窗口的", false}};
static const FormField reassign_fields[] = {{"agent", "select", "换成", NULL, false}, {"reason", "text", "理由", NULL, false}};
static const FormField log_fields[] = {{"text", "long", "办了什么", "系统以外的一步，例如陪同勘察；您在项目里办的每一步已自动记录", false}};
static const FormField rate_fields[] = {{"score", "radio", "评分", NULL, false}, {"text", "long", "评语", NULL, true}};
static const FormField end_fields[] = {{"reason", "text", "理由", NULL, false}};
enum { ASSIGN, LOG, RATE, RATE_UNIT, REASSIGN, END, ACTS };
static const FormAct acts[ACTS] = {
    {.act = "assign", .command = "agent.assign", .title = "指派代办员", .button = "指派", FIELDS(assign_fields)},
    {.act = "log", .command = "agent.log", .title = "登记代办经过", .button = "登记", FIELDS(log_fields)},
    {.act = "rate", .command = "agent.rate", .title = "评价代办员", .button = "提交评价", FIELDS(rate_fields),
     .note = "1 到 5 分，5 分最好。只能评价一次，计入每月排名。"},
    {.act = "rate-unit", .command = "agent.rate-unit", .title = "部门评价", .button = "提交评价", FIELDS(rate_fields),
     .note = "1 到 5 分，5 分最好。每个部门只能评价一次，计入每月排名。"},
    {.act = "reassign", .command = "agent.reassign", .title = "更换代办员", .button = "更换", FIELDS(reassign_fields)},
    {.act = "end", .command = "agent.end", .title = "结束委托", .button = "结束委托", FIELDS(end_fields)}};

static bool live(const Order *o) {
  return str_eqz(o->status, "assigned") || str_eqz(o->status, "started");
}

static bool rated_by(const Order *o, Str unit) {
  for (size_t i = 0; i < o->rating_count; i++)
    if (str_eq(o->ratings[i].unit, unit)) return true;
  return false;
}

static bool lead_unit(const Request *rq) {
  bool lead = false;
  for (int n = 1; n <= STAGE_MAX; n++) lead |= staff_of(rq, rq->app->policy->stages[n].lead);
  return lead;
}

static bool is_assigner(const Request *rq, const Order *o) {
  return staff_of(rq, o->county) || request_has_role(rq, ROLE_WINDOW_HEAD);
}

/* Which door: the enterprise's, the agent's, the staff's. Each sees only its own orders. */
static Code order_seen(Cx *cx, Request *rq, const Order **out) {
  TRY(order_load(cx, rq->rd, param_no(rq, 0), out));
  const Order *o = *out;
  bool my = str_has(rq->path, S("/my/agent/")), errand = str_has(rq->path, S("/agent/w/"));
  bool may = my       ? own_enterprise(rq, o->applicant, o->uscc)
             : errand ? str_eq(o->agent, rq->who->id)
                      : is_assigner(rq, o) || lead_unit(rq) || request_has_role(rq, ROLE_SUPERVISOR | ROLE_LEADER);
  if (!may) FAIL(NOT_FOUND, "没有这份委托，或者它与您无关。");
  return OK;
}

static Str order_path(Request *rq, const Order *o) {
  const char *door = str_has(rq->path, S("/my/agent/")) ? "/my/agent" : str_has(rq->path, S("/agent/w/")) ? "/agent/w" : "/w/agent";
  return arena_fmt(rq->mem, "%s/%lld", door, (long long)o->no);
}

static void score_choices(Request *rq, Json *form) {
  for (int i = 5; i >= 1; i--) form_choice(rq, form, "score", arena_fmt(rq->mem, "%d", i), arena_fmt(rq->mem, "%d 分", i));
}

static Code agent_choices(Cx *cx, Request *rq, Json *form, const Order *o) {
  AgentRow *rows = NULL;
  size_t n = 0;
  TRY(agents_list(cx, rq->rd, rq->app->policy, o->county, &rows, &n));
  for (size_t i = 0; i < n; i++) {
    if (!rows[i].trained || str_eq(rows[i].id, o->agent)) continue;
    Str unit = unit_name(rq->app->policy, rows[i].unit);
    form_choice(rq, form, "agent", rows[i].id, arena_fmt(rq->mem, "%.*s（%.*s，在办 %lld 件）", SFMT(rows[i].name), SFMT(unit), (long long)rows[i].open));
  }
  return OK;
}

static Code acts_view(Cx *cx, Request *rq, Json *view, const Order *o) {
  bool mine = own_enterprise(rq, o->applicant, o->uscc) && request_has_role(rq, ROLE_APPLICANT), staff = str_has(rq->path, S("/w/agent/"));
  bool errand = str_has(rq->path, S("/agent/w/"));
  if (staff && is_assigner(rq, o) && str_eqz(o->status, "ordered")) TRY(agent_choices(cx, rq, form_put_act(rq, view, &acts[ASSIGN]), o));
  if (errand && live(o)) form_put_act(rq, view, &acts[LOG]);
  if (mine && o->started_at && !rated_by(o, S(""))) score_choices(rq, form_put_act(rq, view, &acts[RATE]));
  if (staff && lead_unit(rq) && o->started_at && !rated_by(o, rq->who->unit)) score_choices(rq, form_put_act(rq, view, &acts[RATE_UNIT]));
  if (staff && is_assigner(rq, o) && live(o)) TRY(agent_choices(cx, rq, form_put_act(rq, view, &acts[REASSIGN]), o));
  if (mine && !str_eqz(o->status, "ended")) form_put_act(rq, view, &acts[END]);
  return OK;
}

/* The client's own acts that the agent's work leads to or waits for. */
static bool client_step(const Order *o, const Event *e) {
  static const char *const kinds[] = {"stage.submitted", "stage.corrected", "stage.draft-returned"};
  bool named = false;
  for (size_t i = 0; i < COUNT(kinds); i++) named |= str_eqz(e->kind, kinds[i]);
  return named && o->assigned_at && e->happened >= o->assigned_at && (!o->ended_at || e->happened <= o->ended_at);
}

/* What the agent did in the project, from its own journal, each with both names; and what the client confirmed. */
static Code project_steps(Cx *cx, Request *rq, Json *list, const Order *o) {
  Arena *m = rq->mem;
  Events events = {0};
  if (!o->project) return OK;
  TRY(reader_events(cx, rq->rd, arena_fmt(m, "project/%lld", (long long)o->project), 0, 5000, &events));
  for (size_t i = 0; i < events.count && list->count < STEPS_SHOWN; i++) {
    const Event *e = &events.list[i];
    if (!e->behalf.len && !client_step(o, e)) continue;
    Str text = event_sentence(m, rq->app->policy, e, reads_inside(rq) ? TELL_ALL : TELL_OWNER);
    Json *row = json_push_obj(m, list);
    PUT(row, "at_cn", time_cn(m, e->happened));
    PUT(row, "by", arena_str(m, e->actor_name));
    PUT(row, "behalf", e->behalf.len ? arena_str(m, e->behalf) : o->owner);
    PUT(row, "text", text.len ? arena_str(m, text) : S("保存申请表"));
  }
  return OK;
}

static void ratings_view(Request *rq, Json *view, const Order *o) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("ratings"));
  for (size_t i = 0; i < o->rating_count; i++) {
    const Rating *r = &o->ratings[i];
    Json *row = json_push_obj(m, list);
    PUT(row, "who", r->unit.len ? unit_name(rq->app->policy, r->unit) : o->owner);
    PUT_INT(row, "score", r->score);
    PUT(row, "text", r->text);
    PUT(row, "at_cn", time_cn(m, r->at));
  }
}

/* Of the order's project; empty: there is none, or it has no number. */
static Str contact_of(const Request *rq, const Order *o) {
  const Project *pr = NULL;
  Cx own = {.mem = rq->mem, .now = rq->now};
  return o->project && project_load(&own, rq->rd, o->project, &pr) == OK ? json_str(pr->contact, S("phone")) : S("");
}

/* "unreached": who reads this has given none himself, so the other cannot reach him. "agent_phone", "client_phone": while they work together, each reads the number that the other's account has, of a client else that of
 * the project's contact; nobody else does. */
static void phones_view(Request *rq, Json *view, const Order *o) {
  Arena *m = rq->mem;
  const User *u = NULL;
  Str ref = S(""), phone = S("");
  Cx own = {.mem = m, .now = rq->now};
  bool mine = json_bool(view, S("mine")), errand = json_bool(view, S("errand"));
  if (rq->json || !live(o) || (!mine && !errand)) return;
  PUT_BOOL(view, "unreached", !rq->who->phone_ref.len && (errand || !contact_of(rq, o).len));
  if (user_load(&own, rq->rd, mine ? o->agent : o->applicant, &u) == OK) ref = u->phone_ref;
  if (!ref.len && errand) ref = contact_of(rq, o);
  if (!ref.len || reader_vault(&own, rq->rd, ref, &phone) != OK) return;
  json_put_str(m, view, mine ? S("agent_phone") : S("client_phone"), phone);
}

static Code status_put(Cx *cx, Request *rq, Json *v, const Order *o) {
  const Project *pr = NULL;
  if (o->project) TRY(project_load(cx, rq->rd, o->project, &pr));
  json_put_str(rq->mem, v, S("status_label"), order_label(o->status, pr && pr->status == PROJECT_COMPLETED));
  return OK;
}

Code page_order(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Order *o = NULL;
  TRY(order_seen(cx, rq, &o));
  rp->title = o->name;
  rp->view = json_obj(m);
  Json *v = rp->view;
  PUT_INT(v, "no", o->no);
  PUT(v, "number", o->number);
  PUT(v, "name", o->name);
  PUT_BOOL(v, "direct", o->direct);
  PUT(v, "path", order_path(rq, o));
  PUT(v, "county_name", place_name(rq->app->policy, o->county));
  PUT(v, "owner", o->owner);
  PUT(v, "remark", o->remark);
  PUT(v, "status", o->status);
  TRY(status_put(cx, rq, v, o));
  PUT(v, "agent_name", o->agent_name);
  PUT(v, "ordered", time_cn(m, o->ordered_at));
  PUT_BOOL(v, "to_assign", str_eqz(o->status, "ordered"));
  if (o->assigned_at) PUT(v, "assigned", time_cn(m, o->assigned_at));
  if (o->started_at) PUT(v, "started", time_cn(m, o->started_at));
  if (o->ended_at) PUT(v, "ended", time_cn(m, o->ended_at));
  PUT(v, "end_reason", o->end_reason);
  if (o->project) PUT_INT(v, "project", o->project);
  PUT(v, "project_number", o->project_number);
  PUT_BOOL(v, "errand", str_has(rq->path, S("/agent/w/")));
  PUT_BOOL(v, "mine", str_has(rq->path, S("/my/agent/")));
  PUT_BOOL(v, "can_register", str_has(rq->path, S("/agent/w/")) && str_eqz(o->status, "assigned") && !o->project);
  PUT_BOOL(v, "live", live(o));
  Json *items = json_put_arr(m, v, S("items")), *steps = json_put_arr(m, v, S("steps"));
  for (size_t i = 0; i < o->count; i++) {
    Json *row = json_push_obj(m, items);
    PUT(row, "name", o->items[i].name);
    PUT(row, "scope_label", catalogue_scope_label(o->items[i].scope));
  }
  for (size_t i = 0; i < o->step_count && i < STEPS_SHOWN; i++) {
    Json *row = json_push_obj(m, steps);
    PUT(row, "at_cn", time_cn(m, o->steps[i].at));
    PUT(row, "by", o->steps[i].by);
    PUT(row, "behalf", o->owner);
    PUT(row, "text", o->steps[i].text);
  }
  phones_view(rq, v, o);
  TRY(project_steps(cx, rq, steps, o));
  ratings_view(rq, v, o);
  return acts_view(cx, rq, v, o);
}

Code post_order(Cx *cx, Request *rq, Reply *rp) {
  const FormAct *a = NULL;
  const Order *o = NULL;
  TRY(order_seen(cx, rq, &o));
  TRY(form_act(cx, rq, acts, ACTS, &a));
  form_send(rq, rp, a, arena_fmt(rq->mem, "agent/%lld", (long long)o->no), form_args(rq, a), order_path(rq, o), page_order, "order");
  return OK;
}

/* ---- ordering ---------------------------------------------------------------------------------------------- */

static const FormField order_fields[] = {{"county", "select", "县（市）区", NULL, false},
                                         {"name", "text", "委托代办的项目", NULL, false},
                                         {"items", "checks", "代办事项", "从属地公布的目录中选择", false},
                                         {"project", "select", "已登记的项目", "还没有登记的，由代办员替您登记", true},
                                         {"remark", "long", "需要说明的情况", NULL, true},
                                         {"direct", "yesno", "授权代办员直接提交申请", "授权委托书里写明的才选“是”；选“否”的，各阶段的申请和补正每次提交前由您在网上核对、确认；撤回、报装等代办员当时就办，每件都给您发消息", true},
                                         {"consent", "yesno", "委托代办员以本单位名义办理以上事项", "代办是无偿的；每一步都记录代办员和委托单位两个名字，可以随时结束", false}};
static const FormAct order_act = {.act = "order", .command = "agent.order", .title = "委托", .button = "委托代办", FIELDS(order_fields)};
static const FormField county_fields[] = {{"county", "select", "项目在哪个县（市）区", NULL, false}};
static const FormAct county_act = {.act = "choose", .command = "", .title = "先选择县（市）区", .button = "下一步", FIELDS(county_fields)};

static Code projects_choices(Cx *cx, Request *rq, Json *form) {
  ProjectFilter f = {.applicant = rq->who->id, .uscc = rq->who->org_uscc, .status = S("running"), .limit = 100};
  ProjectRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  TRY(projects_list(cx, rq->rd, rq->app->policy, &f, rq->now, &rows, &n, &total));
  for (size_t i = 0; i < n; i++)
    form_choice(rq, form, "project", arena_fmt(rq->mem, "%lld", (long long)rows[i].no), arena_fmt(rq->mem, "%.*s %.*s", SFMT(rows[i].number), SFMT(rows[i].name)));
  return OK;
}

Code page_order_new(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Str county = request_arg(rq, S("county"));
  const Catalogue *c = NULL;
  rp->title = S("委托免费代办");
  rp->view = json_obj(m);
  PUT(rp->view, "path", S("/my/agent/new"));
  PUT(rp->view, "back", S("/my/early"));
  PUT(rp->view, "back_text", S("返回前期服务"));
  if (!county.len) {
    CatalogueRow *rows = NULL;
    size_t n = 0;
    TRY(catalogues_list(cx, rq->rd, &rows, &n));
    PUT(rp->view, "intro", S("只有公布了代办事项目录的县（市）区可以委托。"));
    Json *form = form_put_act(rq, rp->view, &county_act);
    PUT_BOOL(rp->view, "get", true);
    for (size_t i = 0; i < n; i++)
      if (rows[i].issued_no) form_choice(rq, form, "county", rows[i].county, place_name(rq->app->policy, rows[i].county));
    return OK;
  }
  TRY(catalogue_load(cx, rq->rd, county, &c));
  PUT(rp->view, "intro", c->issued_guide);
  Json *form = form_put_act(rq, rp->view, &order_act);
  form_value(rq, form, "county", county);
  form_choice(rq, form, "county", county, place_name(rq->app->policy, county));
  for (size_t i = 0; i < c->issued_count; i++) form_choice(rq, form, "items", c->issued[i].name, c->issued[i].name);
  return projects_choices(cx, rq, form);
}

Code post_order_new(Cx *cx, Request *rq, Reply *rp) {
  (void)cx;
  form_send(rq, rp, &order_act, S(""), form_args(rq, &order_act), S("/my/agent/"), page_order_new, "early_form");
  return OK;
}
