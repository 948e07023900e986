/* SPDX-License-Identifier: Apache-2.0 */
/* page_my.c: applicants: their projects, registration, withdrawal. The stage form is in page_form.c. */
#include "approval/beside.h"
#include "finish/finish.h"
#include "joint/joint.h"
#include "notice/notice.h"
#include "policy/answers.h"
#include "web/page.h"
#include "web/page_accept.h"
#include "web/page_form.h"
#include "web/page_map.h"
#include "web/page_work.h"
#include "web/web_int.h"

/* "drawings": reviews that wait for a report of this enterprise, which is an agency then. */
static Code drawings_note(Cx *cx, Request *rq, Json *view) {
  Arena *m = rq->mem;
  ReviewRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  if (!rq->who->org_uscc.len) return OK;
  TRY(reviews_list(cx, rq->rd, rq->app->policy, &(ReviewFilter){.agency_uscc = rq->who->org_uscc, .limit = 1}, rq->now, &rows, &n, &total));
  PUT_INT(view, "drawings", total);
  return OK;
}

/* "surveys": commissions of the one survey that were given to this enterprise. */
static Code surveys_note(Cx *cx, Request *rq, Json *view) {
  Arena *m = rq->mem;
  SurveyRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  if (!rq->who->org_uscc.len) return OK;
  TRY(surveys_list(cx, rq->rd, &(SurveyFilter){.surveyor_uscc = rq->who->org_uscc}, &rows, &n, &total));
  PUT_INT(view, "surveys", total);
  return OK;
}

/* "credits": notices and records of this enterprise or account that are not over. */
static Code credit_note(Cx *cx, Request *rq, Json *view) {
  Arena *m = rq->mem;
  CreditRow *rows = NULL;
  size_t n = 0;
  int64_t draft = 0, published = 0;
  TRY(credits_list(cx, rq->rd, &(CreditFilter){.uscc = rq->who->org_uscc, .account = rq->who->id, .status = S("draft"), .limit = 0}, &rows, &n, &draft));
  TRY(credits_list(cx, rq->rd, &(CreditFilter){.uscc = rq->who->org_uscc, .account = rq->who->id, .status = S("published"), .limit = 0}, &rows, &n, &published));
  PUT_INT(view, "credits", draft + published);
  return OK;
}

/* "rates": what this enterprise is asked to rate and has not, newest first. */
static Code rates_note(Cx *cx, Request *rq, Json *view) {
  enum { SHOWN = 3 };
  Arena *m = rq->mem;
  RatingRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  TRY(ratings_list(cx, rq->rd, rq->app->policy, &(RatingFilter){.applicant = rq->who->id, .uscc = rq->who->org_uscc, .status = S("open"), .limit = SHOWN}, rq->now, &rows, &n, &total));
  Json *list = json_put_arr(m, view, S("rates"));
  PUT_INT(view, "rates_total", total);
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, list);
    PUT(o, "href", arena_fmt(m, "/my/rating/%lld/%d", (long long)rows[i].project, rows[i].stage));
    PUT(o, "name", rows[i].name);
    PUT_INT(o, "stage", rows[i].stage);
  }
  return OK;
}

/* What waits for them comes first: what an agent sent to be confirmed, corrections before applications, and of each kind the newest project. */
static int my_rank(const Json *o) {
  Str word = json_str(o, S("turn_word"));
  if (!json_int(o, S("own"), 0)) return 3;
  return str_eqz(word, "确认") ? 0 : str_eqz(word, "申报") ? 2 : 1;
}

static int64_t my_sorted(Arena *m, const Json *rows, Json *list) {
  int64_t own = 0;
  for (int rank = 0; rank <= 3; rank++)
    for (const Json *o = rows->first; o; o = o->next)
      if (my_rank(o) == rank) {
        json_push(m, list, o);
        own += rank < 3;
      }
  return own;
}

Code trade_of(Cx *cx, Request *rq, Trade *out) {
  ProjectRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  bool reviews = false, surveys = false;
  *out = (Trade){0};
  if (!rq->who || !request_has_role(rq, ROLE_APPLICANT) || !rq->who->org_uscc.len) return OK;
  TRY(agency_known(cx, rq->rd, rq->who->org_uscc, &reviews));
  if (!reviews) TRY(surveyor_known(cx, rq->rd, rq->who->org_uscc, &surveys));
  if (!reviews && !surveys) return OK;
  TRY(projects_list(cx, rq->rd, rq->app->policy, &(ProjectFilter){.applicant = rq->who->id, .uscc = rq->who->org_uscc, .limit = 1}, rq->now, &rows, &n, &total));
  if (!total) *out = (Trade){reviews ? S("/my/draw") : S("/my/surveys"), reviews ? S(N_("审图任务")) : S(N_("测绘任务"))};
  return OK;
}

static Code page_my(Cx *cx, Request *rq, Reply *rp) {
  enum { SHOWN = 100, ACTS = 3 };
  Arena *m = rq->mem;
  ProjectFilter f = {.applicant = rq->who->id, .uscc = rq->who->org_uscc, .limit = SHOWN};
  ProjectRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  Trade trade;
  TRY(trade_of(cx, rq, &trade));
  if (trade.path.len && !rq->json) {
    reply_redirect(rp, trade.path);
    return OK;
  }
  TRY(projects_list(cx, rq->rd, rq->app->policy, &f, rq->now, &rows, &n, &total));
  rp->title = tr(rq->lang, S("我的项目"));
  rp->view = json_obj(m);
  PUT_INT(rp->view, "total", total);
  PUT(rp->view, "org", rq->who->org_name);
  PUT_BOOL(rp->view, "agent", !request_has_role(rq, ROLE_APPLICANT));
  TRY(moved_note(cx, rq, rp->view));
  TRY(drawings_note(cx, rq, rp->view));
  TRY(surveys_note(cx, rq, rp->view));
  TRY(credit_note(cx, rq, rp->view));
  TRY(rates_note(cx, rq, rp->view));
  Json *list = json_arr(m);
  for (size_t i = 0; i < n; i++) {
    const Project *pr = NULL;
    TRY(project_load(cx, rq->rd, rows[i].no, &pr));
    Json *o = json_push_obj(m, list);
    view_project(m, rq->app->policy, o, pr, false);
    TRY(view_turns(cx, rq, o, pr, ACTS));
    int current = project_current_stage(pr);
    if (current > STAGE_MAX) continue;
    const StageState *s = &pr->stages[current];
    Reading r = project_stage_reading(m, rq->app->policy, pr, current, rq->now);
    PUT_INT(o, "stage", current);
    PUT(o, "stage_name", rq->app->policy->stages[current].name);
    PUT(o, "stage_status", stage_status_shown(s, false));
    PUT(o, "posted", stage_posted(m, s));
    if (s->accepted_at) view_reading(m, o, &r, s->limit);
  }
  PUT_INT(rp->view, "own_total", my_sorted(m, list, json_put_arr(m, rp->view, S("projects"))));
  return OK;
}

/* ---- registration ------------------------------------------------------------------------------ */

void put_choice(Arena *m, Json *list, Str value, Str label, Str chosen) {
  Json *o = json_push_obj(m, list);
  PUT(o, "value", value);
  PUT(o, "label", label);
  PUT_BOOL(o, "chosen", str_eq(value, chosen));
}

/* The commission under which an agent registers; NULL: none. */
static Code order_brought(Cx *cx, Request *rq, const Order **out) {
  int64_t from = request_int(rq, S("order"), 0);
  *out = NULL;
  if (!from) return OK;
  TRY(order_load(cx, rq->rd, from, out));
  if (!str_eq((*out)->agent, rq->who->id)) FAIL(NOT_FOUND, "没有这份委托，或者它没有指派给您。");
  return OK;
}

/* Whom the client's own account names; he and his agent read each other's number on the order as well. */
static void client_contact(Request *rq, Json *view, const Order *order) {
  Arena *m = rq->mem;
  const User *u = NULL;
  Str plain = S("");
  Cx own = {.mem = m, .now = rq->now};
  if (rq->json || user_load(&own, rq->rd, order->applicant, &u) != OK) return;
  PUT(view, "contact_name", u->name);
  if (u->phone_ref.len && reader_vault(&own, rq->rd, u->phone_ref, &plain) == OK) PUT(view, "contact_phone", plain);
}

/* What is known before: a plot of the reserve library, an order under which an agent registers. */
static Code before_view(Cx *cx, Request *rq, Json *view) {
  Arena *m = rq->mem;
  const Plot *plot = NULL;
  const Order *order = NULL;
  int64_t no = request_int(rq, S("reserve"), 0);
  if (no) {
    TRY(plot_load(cx, rq->rd, no, &plot));
    if (!str_eqz(plot->status, "assigned") || !str_eq(plot->uscc, rq->who->org_uscc))
      FAIL(NOT_FOUND, "没有这个储备项目，或者它不能由您单位登记。");
    PUT_INT(view, "reserve", no);
    PUT(view, "reserve_number", plot->number);
    PUT(view, "name", plot->name);
    Json *locked = json_obj(m);
    PUT(locked, "number", plot->number);
    json_put(m, locked, S("values"), plot->conditions);
    locked_fields_view(rq, view, locked);
  }
  TRY(order_brought(cx, rq, &order));
  if (!order) return OK;
  PUT_INT(view, "order", order->no);
  PUT(view, "order_number", order->number);
  PUT(view, "name", order->name);
  PUT(view, "owner", order->owner);
  PUT(view, "uscc", order->uscc);
  client_contact(rq, view, order);
  return OK;
}

/* "contact_name", "contact_phone": whom this account named for its last project; put down anew, since each project keeps its own. */
static Code contact_before(Cx *cx, Request *rq, Json *view) {
  Arena *m = rq->mem;
  ProjectRow *rows = NULL;
  const Project *pr = NULL;
  size_t n = 0;
  int64_t total = 0;
  if (rq->json) return OK;
  TRY(projects_list(cx, rq->rd, rq->app->policy, &(ProjectFilter){.applicant = rq->who->id, .limit = 1}, rq->now, &rows, &n, &total));
  if (!n) return OK;
  TRY(project_load(cx, rq->rd, rows[0].no, &pr));
  Str plain = S("");
  Cx quiet = {.mem = m, .now = rq->now};
  if (!str_eq(pr->applicant, rq->who->id) || reader_vault(&quiet, rq->rd, json_str(pr->contact, S("phone")), &plain) != OK) return OK;
  PUT(view, "contact_name", json_str(pr->contact, S("name")));
  PUT(view, "contact_phone", plain);
  return OK;
}

static Code page_new(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  rp->title = tr(rq->lang, S("登记项目"));
  rp->view = json_obj(m);
  Json *categories = json_put_arr(m, rp->view, S("categories"));
  for (size_t i = 0; i < p->category_count; i++)
    put_choice(m, categories, p->categories[i].code, p->categories[i].name, request_arg(rq, S("category")));
  Json *counties = json_put_arr(m, rp->view, S("counties"));
  const Order *order = NULL;
  Str county = request_arg(rq, S("county"));
  TRY(order_brought(cx, rq, &order));
  if (order && !county.len) county = order->county; /* an agent registers in the county of his commission only */
  for (size_t i = 0; i < p->unit_count; i++) {
    const Unit *u = &p->units[i];
    if (str_eq(u->kind, S("county")) || str_eq(u->kind, S("zone")))
      put_choice(m, counties, u->code, place_name(p, u->code), county);
  }
  PUT(rp->view, "owner", rq->who->org_name);
  PUT(rp->view, "uscc", rq->who->org_uscc);
  form_fields_view(rq, rp->view, p->facts, p->fact_count, rq->method == POST ? rq->args : NULL, NULL, NULL);
  inquiry_view(rq, rp->view);
  TRY(plot_brought_view(cx, rq, rp->view));
  if (!request_has_role(rq, ROLE_AGENT)) TRY(contact_before(cx, rq, rp->view));
  return before_view(cx, rq, rp->view);
}

static void after_new(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  Str head, no;
  str_cut(result->stream, '/', &head, &no);
  Json *brought = json_obj(rq->mem); /* a plot that was tried on the map comes along to the check */
  bool plot = plot_brought_view(cx, rq, brought) == OK && json_get(brought, S("plot"));
  Str next = plot ? arena_fmt(rq->mem, "/my/%.*s/map?plot=%.*s", SFMT(no), SFMT(url_encode(rq->mem, json_str(brought, S("plot"))))) : arena_fmt(rq->mem, "/my/%.*s", SFMT(no));
  after_or_again(cx, rq, result, rp, next, page_new, "my_new");
}

static Code new_again(Cx *cx, Request *rq, Reply *rp) {
  TRY(page_new(cx, rq, rp));
  rp->tmpl = "my_new";
  reply_keep(rq, rp);
  return OK;
}

static bool project_code_ok(Str s) {
  return project_code_form(s) != PROJECT_CODE_BAD;
}

/* One that was typed and is none: which of its parts cannot be. */
static void code_why(Request *rq, Json *faults, Str code) {
  Str why = code.len ? project_code_fault(rq->mem, code) : S("");
  if (why.len && faults->last) json_put_str(rq->mem, faults->last, S("text"), why);
}

static Code post_new(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Json *faults = json_arr(m), *facts = NULL, *args = json_obj(m);
  Personal *personal = arena_array(m, Personal, 1);
  /* The key Enter presses the first button: it asks the platform while there is a code and nothing else, afterwards it registers. */
  bool enter = str_eqz(request_arg(rq, S("act")), "enter") && !request_arg(rq, S("name")).len && !request_arg(rq, S("category")).len;
  if (enter || str_eqz(request_arg(rq, S("act")), "ask")) return inquiry_ask(cx, rq, rp, new_again);
  PUT(args, "code", form_need(rq, faults, S("code"),
                         "填写项目代码，格式如 2019-211403-47-03-012345 或 2304-211403-04-01-135254", project_code_ok));
  code_why(rq, faults, json_str(args, S("code")));
  PUT(args, "name", form_need(rq, faults, S("name"), "填写项目名称，与立项文件一致", NULL));
  PUT(args, "category", form_need(rq, faults, S("category"), "选择项目类别", NULL));
  PUT(args, "county", form_need(rq, faults, S("county"), "选择建设地点所在的县（市）区或开发区", NULL));
  PUT(args, "owner", form_need(rq, faults, S("owner"), "填写建设单位名称", NULL));
  PUT(args, "uscc", form_need(rq, faults, S("uscc"), "填写 18 位统一社会信用代码，校验码要正确", uscc_valid));
  PUT(args, "contact_name", form_need(rq, faults, S("contact_name"), "填写联系人姓名", NULL));
  Str phone = form_need(rq, faults, S("contact_phone"), "填写手机号码，或带区号的座机号码，如 0429-3112345", phone_valid);
  TRY(form_fields_read(cx, rq, p->facts, p->fact_count, NULL, &facts, faults,
                       policy_facts(m, NULL, request_arg(rq, S("category")), request_arg(rq, S("county")))));
  form_contradictions(rq, facts, request_arg(rq, S("category")), request_arg(rq, S("county")), faults);
  if (faults->count) {
    TRY(new_again(cx, rq, rp));
    for (const Json *f = faults->first; f; f = f->next)
      reply_error(rq, rp, json_str(f, S("field")), json_str(f, S("text")));
    form_errors_view(rq, rp);
    return OK;
  }
  personal[0] = (Personal){.ref = personal_ref(m), .kind = S("phone"), .value = phone};
  PUT(args, "contact_phone", personal[0].ref);
  json_put(m, args, S("facts"), facts);
  if (request_int(rq, S("reserve"), 0)) PUT_INT(args, "reserve", request_int(rq, S("reserve"), 0));
  Command *c = reply_command(rq, rp, S("project.register"), S(""), args);
  c->personal = personal;
  c->personal_count = 1;
  rp->after = after_new;
  return OK;
}

/* ---- one project ------------------------------------------------------------------------------- */

static Code page_project(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  const Project *pr = NULL;
  TRY(project_of_owner(cx, rq, &pr));
  rp->title = pr->name;
  rp->view = json_obj(m);
  TRY(view_live(cx, rq, rp->view, stream_of(rq)));
  view_project(m, p, rp->view, pr, false);
  view_stages(rq, rp->view, pr, S(""), false);
  PUT(rp->view, "client_name", acts_as_agent(rq, pr) ? pr->owner : S(""));
  TRY(view_joint_turn(cx, rq, rp->view, pr));
  TRY(turned_down_view(cx, rq, json_get(rp->view, S("stages")), pr));
  formers_view(rq, json_get(rp->view, S("stages")), pr);
  TRY(view_turns(cx, rq, rp->view, pr, 12));
  int current = project_current_stage(pr);
  if (current <= STAGE_MAX) {
    const Json *row = json_get(rp->view, S("stages"))->first;
    for (int n = 1; n < current; n++) row = row->next;
    json_put(m, rp->view, S("here"), row);
    refused_view(rq, rp->view, pr, current);
  }
  TRY(view_moved(cx, rq, rp->view, &(MovedFilter){.project = pr->no, .limit = MOVED_OF_PROJECT}));
  view_timeline(rq, rp->view, pr, false);
  return OK;
}

static Code page_receipt(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Project *pr = NULL;
  int stage;
  TRY(case_of_owner(cx, rq, &pr, &stage));
  const StageState *s = &pr->stages[stage];
  if (!s->receipt.len) FAIL(NOT_FOUND, "第 %d 阶段还没有提交，没有回执。", stage);
  rp->title = tr(rq->lang, S("申报回执"));
  rp->view = json_obj(m);
  view_project(m, rq->app->policy, rp->view, pr, false);
  PUT_INT(rp->view, "stage", stage);
  PUT_BOOL(rp->view, "joint", stage == STAGE_MAX && acceptance_comes(rq, policy_of(rq, pr, stage), pr));
  PUT(rp->view, "stage_name", rq->app->policy->stages[stage].name);
  PUT(rp->view, "receipt", s->receipt);
  PUT(rp->view, "submitted", time_cn(m, s->submitted_at));
  PUT_INT(rp->view, "receipt_days", rq->app->policy->receipt_days);
  PUT(rp->view, "answer_by",
      day_cn(m, calendar_add(rq->app->policy->calendar, day_of(s->submitted_at), rq->app->policy->receipt_days)));
  form_files_view(rq, rp->view, s->files, s->file_count);
  view_lacks(m, rp->view, s, rq->now);
  if (s->status == STAGE_WITHDRAWN || s->status == STAGE_REFUSED) PUT(rp->view, "ended", stage_status_shown(s, false));
  bool corrected = corrected_view(rq, rp->view, pr, stage);
  PUT_BOOL(rp->view, "corrected", corrected);
  if (corrected && json_get(s->notice, S("missing"))) json_put(m, rp->view, S("answers"), json_get(s->notice, S("missing")));
  former_view(rq, rp->view, pr, stage, pr->facts);
  TRY(view_codes(cx, rq, rp->view, pr, stage, corrected ? S("corrected") : S("submitted")));
  return view_proofs(cx, rq, rp->view, pr, stage, S(""));
}

/* ---- withdrawal -------------------------------------------------------------------------------- */

/* The same page for withdrawing and for applying again: an item, and why. */
static bool reapplies(const Request *rq) {
  return str_ends(rq->path, S("/reapply"));
}

static Code page_withdraw(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Project *pr = NULL;
  TRY(project_of_owner(cx, rq, &pr));
  rp->title = reapplies(rq) ? S("重新申报事项") : S("撤回");
  rp->view = json_obj(m);
  PUT_BOOL(rp->view, "reapply", reapplies(rq));
  view_project(m, rq->app->policy, rp->view, pr, false);
  int64_t stage = request_int(rq, S("stage"), 0);
  Str item = request_arg(rq, S("item"));
  PUT_INT(rp->view, "stage", stage);
  PUT(rp->view, "item", item);
  if (stage < 1 || stage > STAGE_MAX) return OK;
  const ItemState *i = stage_item(&pr->stages[stage], item);
  PUT(rp->view, "stage_name", rq->app->policy->stages[stage].name);
  if (i) PUT(rp->view, "item_name", i->name);
  return OK;
}

static void after_withdraw(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  after_or_again(cx, rq, result, rp, arena_fmt(rq->mem, "/my/%.*s", SFMT(rq->params[0])), page_withdraw, "my_withdraw");
}

static Code post_withdraw(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Project *pr = NULL;
  TRY(project_of_owner(cx, rq, &pr));
  Json *args = json_obj(m);
  int64_t stage = request_int(rq, S("stage"), 0);
  Str item = request_arg(rq, S("item")), command = S("project.withdraw");
  PUT(args, "reason", request_arg(rq, S("reason")));
  if (stage) {
    command = reapplies(rq) ? S("item.reapply") : item.len ? S("item.withdraw") : S("stage.withdraw");
    PUT_INT(args, "stage", stage);
  }
  if (stage && item.len) PUT(args, "item", item);
  reply_command(rq, rp, command, stream_of(rq), args);
  rp->after = after_withdraw;
  return OK;
}

#define OWNERS (ROLE_APPLICANT | ROLE_AGENT)
const Route my_routes[] = {
    {.method = GET, .path = "/my", .allow = OWNERS, .run = page_my, .tmpl = "my", .section = "my",
     .help = "本单位的项目，轮到我办的在前。"},
    {.method = GET, .path = "/my/new", .allow = OWNERS, .run = page_new, .tmpl = "my_new", .section = "my",
     .help = "登记项目的表单。"},
    {.method = POST, .path = "/my/new", .allow = OWNERS, .run = post_new, .section = "my", .help = "登记一个项目。"},
    {.method = GET, .path = "/my/{id}", .allow = OWNERS, .run = page_project, .tmpl = "my_project", .section = "my",
     .help = "一个项目的进度：四个阶段、各事项、全部经过。"},
    {.method = GET, .path = "/my/{id}/stage/{n}", .allow = OWNERS, .run = page_form, .tmpl = "my_form",
     .section = "my", .help = "阶段申请表：已知的信息和已交的材料都已列出。"},
    {.method = POST, .path = "/my/{id}/stage/{n}", .allow = OWNERS, .run = post_form, .section = "my",
     .uploads = "many", .help = "保存申请表；检查后进入核对。"},
    {.method = GET, .path = "/my/{id}/stage/{n}/check", .allow = OWNERS, .run = page_check, .tmpl = "my_check",
     .section = "my", .help = "提交前核对。"},
    {.method = POST, .path = "/my/{id}/stage/{n}/check", .allow = OWNERS, .run = post_check, .section = "my",
     .help = "提交申请。"},
    {.method = GET, .path = "/my/{id}/stage/{n}/receipt", .allow = OWNERS, .run = page_receipt, .tmpl = "my_receipt",
     .section = "my", .help = "申报回执，可打印。"},
    {.method = GET, .path = "/my/{id}/withdraw", .allow = OWNERS, .run = page_withdraw, .tmpl = "my_withdraw",
     .section = "my", .help = "撤回一个事项、一个阶段或整个项目：说明理由。"},
    {.method = POST, .path = "/my/{id}/withdraw", .allow = OWNERS, .run = post_withdraw, .section = "my",
     .help = "撤回。"},
    {.method = GET, .path = "/my/{id}/reapply", .allow = OWNERS, .run = page_withdraw, .tmpl = "my_withdraw", .section = "my",
     .help = "没有通过的并行推进事项，单独重新申报。"},
    {.method = POST, .path = "/my/{id}/reapply", .allow = OWNERS, .run = post_withdraw, .section = "my",
     .help = "重新申报一个事项。"},
    {.method = GET, .path = "/my/{id}/file/{blob}", .allow = OWNERS, .run = page_file, .section = "my",
     .help = "下载本项目的一份材料。"},
    {.path = NULL},
};
