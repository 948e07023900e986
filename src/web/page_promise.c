/* SPDX-License-Identifier: Apache-2.0 */
/* page_promise.c: promises 告知承诺 and their checks: the owner, the departments. */
#include "approval/beside.h"
#include "web/page_joint.h"

enum { STEP = 50 };

/* ---- promises: parts -------------------------------------------------------------------------------------------- */

static Code promises_view(Cx *cx, Request *rq, Json *view, const PromiseFilter *f) {
  Arena *m = rq->mem;
  PromiseRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  TRY(promises_list(cx, rq->rd, rq->app->policy, f, rq->now, &rows, &n, &total));
  Json *list = json_put_arr(m, view, S("promises"));
  for (size_t i = 0; i < n; i++) {
    const PromiseRow *r = &rows[i];
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "no", r->no);
    PUT_INT(o, "project", r->project);
    PUT(o, "number", r->number);
    PUT(o, "kind", r->kind);
    PUT(o, "kind_label", promise_kind_label(r->kind));
    PUT(o, "status", r->status);
    PUT(o, "status_label", joint_label(r->status));
    PUT(o, "project_number", r->project_number);
    PUT(o, "name", r->name);
    PUT(o, "owner", r->owner);
    PUT(o, "item_name", r->item_name);
    PUT(o, "unit_name", unit_name(rq->app->policy, r->unit));
    PUT(o, "signed", day_str(m, r->signed_on));
    if (r->check_due.n) PUT(o, "check_due", day_str(m, r->check_due));
    if (r->review_due.n) PUT(o, "review_due", day_str(m, r->review_due));
    PUT_BOOL(o, "halted", r->halted);
    PUT_BOOL(o, "reviewed", r->reviewed);
    PUT_BOOL(o, "waits", str_eqz(r->status, "accepted"));
    if (str_eqz(r->status, "accepted")) view_reading(m, o, &r->reading, r->reading.used + r->reading.left);
  }
  view_pages(rq, view, f->offset, n, f->limit, total);
  return OK;
}

static void checks_view(Request *rq, Json *view, const Promise *x) {
  Arena *m = rq->mem;
  Json *checks = json_put_arr(m, view, S("checks")), *halts = json_put_arr(m, view, S("halts"));
  for (size_t i = 0; i < x->check_count; i++) {
    Json *o = json_push_obj(m, checks);
    PUT(o, "result", x->checks[i].result);
    PUT(o, "result_label", joint_label(x->checks[i].result));
    PUT(o, "findings", x->checks[i].findings);
    PUT(o, "by", x->checks[i].by);
    PUT(o, "at_cn", time_cn(m, x->checks[i].at));
  }
  for (size_t i = 0; i < x->halt_count; i++) {
    Json *o = json_push_obj(m, halts);
    PUT(o, "from", time_cn(m, x->halts[i].from));
    PUT(o, "reason", x->halts[i].reason);
    if (x->halts[i].to) PUT(o, "to", time_cn(m, x->halts[i].to));
  }
}

static void promise_head(Request *rq, Json *view, const Promise *x) {
  Arena *m = rq->mem;
  Reading r = promise_reading(rq->app->policy, x, rq->now);
  PUT_INT(view, "no", x->no);
  PUT(view, "number", x->number);
  PUT(view, "kind", x->kind);
  PUT(view, "kind_label", promise_kind_label(x->kind));
  PUT(view, "status", x->status);
  PUT(view, "status_label", joint_label(x->status));
  PUT_INT(view, "project", x->project);
  PUT(view, "project_number", x->project_number);
  PUT(view, "name", x->name);
  PUT(view, "owner", x->owner);
  PUT(view, "item_name", x->item_name);
  PUT(view, "unit_name", unit_name(rq->app->policy, x->unit));
  PUT(view, "signed", arena_fmt(m, "%.*s　%.*s", SFMT(time_cn(m, x->signed_at)), SFMT(x->signed_by)));
  PUT(view, "architect", x->architect);
  PUT_INT(view, "review", x->review);
  if (x->accepted_at) PUT(view, "accepted", time_cn(m, x->accepted_at));
  if (x->check_due.n) PUT(view, "check_due", day_str(m, x->check_due));
  if (x->review_due.n) PUT(view, "review_due", day_str(m, x->review_due));
  if (x->reviewed_at) PUT(view, "reviewed", time_cn(m, x->reviewed_at));
  PUT_BOOL(view, "halted", promise_halted(x));
  PUT(view, "decision", x->decision);
  PUT(view, "end_reason", x->end_reason);
  if (x->check_due.n) view_reading(m, view, &r, r.used + r.left);
  checks_view(rq, view, x);
}

/* ---- the owner's page ------------------------------------------------------------------------------------------- */

static const FormField item_fields[] = {{"item", "radio", "对哪个事项作出承诺", "只列清单写明可以告知承诺、还没有办结的事项", false},
                                        {"consent", "yesno", "我单位已知悉条件、标准和法律后果，承诺符合要求", "两个月内核查；没有履行的，撤销决定并记入信用记录", false},
                                        {"signature", "text", "签字", "您自己的姓名", false}};
static const FormField architect_fields[] = {
    {"bim", "yesno", "全过程采用建筑信息模型（BIM）技术和建筑师负责制", NULL, false},
    {"architect", "text", "负责的建筑师", "姓名和注册号", false},
    {"consent", "yesno", "我单位承诺：自承诺之日起 3 个月内完成施工图设计文件审查", "逾期或者不合格的立即叫停，通过后恢复；一切后果和损失由建设单位承担", false},
    {"signature", "text", "签字", "您自己的姓名", false}};
static const FormField reason_fields[] = {{"reason", "text", "理由", NULL, false}};
static const FormField check_fields[] = {{"result", "radio", "核查结果", NULL, false},
                                         {"findings", "long", "核查情况", "没有履行的，写明事实和证据", false},
                                         {"signature", "text", "签字", "您自己的姓名", false}};
enum { ITEM, ARCHITECT, WITHDRAW, CHECK, ACTS };
static const FormAct acts[ACTS] = {
    {.act = "item", .command = "promise.sign", .title = "签订告知承诺书", .button = "签订承诺书", FIELDS(item_fields),
     .note = "部门据承诺作出决定。直接涉及公共安全、生态环境保护、人身健康、生命财产安全的事项不能这样办（葫政办发〔2019〕60号 二、（十）1）。"},
    {.act = "architect", .command = "promise.sign", .title = "建筑师负责制：先取得施工许可证，施工图事后审查", .button = "签订承诺书", FIELDS(architect_fields),
     .note = "依据 葫政办发〔2019〕60号 二、（四）4．（5）。"},
    {.act = "withdraw", .command = "promise.withdraw", .title = "撤回承诺", .button = "撤回", FIELDS(reason_fields)},
    {.act = "check", .command = "promise.check", .title = "核查", .button = "签字并提交核查结果", FIELDS(check_fields),
     .note = "未履行的由负责人作出，决定随即撤销，并起草信用记录。"}};

/* shared: its assessment of the region is shared, then it is decided on promise (D60-2.10.1-p1). */
static bool may_promise(const Item *item, bool shared) {
  return item && (item->promise || (shared && !item->outside)) && !item->hazard.len && !item->drawings.len;
}

static void item_form(Request *rq, Json *view, const Project *pr) {
  Json *form = NULL;
  for (int n = 1; n <= STAGE_MAX; n++)
    for (size_t i = 0; i < pr->stages[n].item_count; i++) {
      const ItemState *s = &pr->stages[n].items[i];
      bool open = s->status == ITEM_WAITING || s->status == ITEM_TAKEN || s->status == ITEM_PAUSED || s->status == ITEM_RETURNED;
      if (!open || !may_promise(policy_item(rq->app->policy, s->code), item_share(rq->app->policy, &pr->stages[n], s->code) != NULL) || project_promise(rq->app->policy, pr, n, s->code)) continue;
      if (!form) form = form_put_act(rq, view, &acts[ITEM]);
      form_choice(rq, form, "item", arena_fmt(rq->mem, "%d/%.*s", n, SFMT(s->code)), s->name);
    }
}

static bool permit_open(const Policy *p, const Project *pr) {
  const StageState *s = &pr->stages[3];
  for (size_t i = 0; i < p->item_count; i++)
    if (str_eqz(p->items[i].drawings, "permit") && policy_item_in(&p->items[i], pr->category)) {
      const ItemState *item = stage_item(&pr->stages[p->items[i].stage], p->items[i].code);
      return (!item || item->status != ITEM_PASSED) && s->status != STAGE_CERTIFIED && s->status != STAGE_DELIVERED;
    }
  return false;
}

static Code page_my_promise(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Project *pr = NULL;
  TRY(project_of_owner(cx, rq, &pr));
  rp->title = S("告知承诺");
  rp->view = json_obj(m);
  PUT(rp->view, "path", arena_fmt(m, "/my/%lld/promise", (long long)pr->no));
  PUT(rp->view, "back", arena_fmt(m, "/my/%lld", (long long)pr->no));
  PUT(rp->view, "name", pr->name);
  TRY(promises_view(cx, rq, rp->view, &(PromiseFilter){.project = pr->no, .limit = STEP}));
  if (!request_has_role(rq, ROLE_APPLICANT) || pr->status != PROJECT_RUNNING) return OK;
  item_form(rq, rp->view, pr);
  bool pending = false, promised = pr->joined && pr->joined->promise_count > 0;
  for (size_t i = 0; promised && i < pr->joined->promise_count; i++) pending |= str_eqz(pr->joined->promises[i].status, "signed") && !str_eqz(pr->joined->promises[i].kind, "drawing");
  if (permit_open(rq->app->policy, pr) && !project_review(pr) && !pending) form_put_act(rq, rp->view, &acts[ARCHITECT]);
  if (pending) form_put_act(rq, rp->view, &acts[WITHDRAW]);
  return OK;
}

static int64_t pending_of(const Project *pr) {
  for (size_t i = 0; pr->joined && i < pr->joined->promise_count; i++)
    if (str_eqz(pr->joined->promises[i].status, "signed") && !str_eqz(pr->joined->promises[i].kind, "drawing")) return pr->joined->promises[i].no;
  return 0;
}

static Code post_my_promise(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const FormAct *a = NULL;
  const Project *pr = NULL;
  Str stage, item;
  int64_t n = 0;
  TRY(project_of_owner(cx, rq, &pr));
  TRY(form_act(cx, rq, acts, ACTS, &a));
  Json *args = form_args(rq, a);
  if (a == &acts[ITEM] && str_cut(request_arg(rq, S("item")), '/', &stage, &item) && str_to_i64(stage, &n)) {
    PUT_INT(args, "stage", n);
    PUT(args, "item", item);
  }
  if (a != &acts[WITHDRAW]) PUT_INT(args, "project", pr->no);
  if (a != &acts[WITHDRAW]) PUT(args, "kind", str_of(a->act));
  Str stream = a == &acts[WITHDRAW] ? arena_fmt(m, "promise/%lld", (long long)pending_of(pr)) : S("");
  form_send(rq, rp, a, stream, args, arena_fmt(m, "/my/%lld/promise", (long long)pr->no), page_my_promise, "promises");
  return OK;
}

/* ---- the departments ---------------------------------------------------------------------------------------------- */

static Code page_promises(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  bool watch = request_has_role(rq, ROLE_SUPERVISOR | ROLE_LEADER);
  Str unit = watch ? S("") : rq->who->unit;
  PromiseCount c;
  TRY(promises_count(cx, rq->rd, unit, rq->now, &c));
  rp->title = S("承诺核查");
  rp->view = json_obj(m);
  PUT_BOOL(rp->view, "staff", true);
  PUT(rp->view, "status", request_arg(rq, S("status")));
  PUT(rp->view, "figure", request_arg(rq, S("figure")));
  Json *o = json_put_obj(m, rp->view, S("coverage"));
  PUT_INT(o, "accepted", c.accepted);
  PUT_INT(o, "due", c.due);
  PUT_INT(o, "late", c.late);
  PUT_INT(o, "kept", c.kept);
  PUT_INT(o, "broken", c.broken);
  PUT_INT(o, "halted", c.halted);
  return promises_view(cx, rq, rp->view, &(PromiseFilter){.unit = unit, .status = request_arg(rq, S("status")), .figure = request_arg(rq, S("figure")), .offset = from_of(rq), .limit = STEP});
}

static Code page_promise(Cx *cx, Request *rq, Reply *rp) {
  static const char *const results[] = {"kept", "not-due", "broken"};
  Arena *m = rq->mem;
  const Promise *x = NULL;
  TRY(promise_load(cx, rq->rd, param_no(rq, 0), &x));
  rp->title = x->number;
  rp->view = json_obj(m);
  PUT(rp->view, "path", arena_fmt(m, "/w/promise/%lld", (long long)x->no));
  promise_head(rq, rp->view, x);
  if (!str_eqz(x->status, "accepted") || !staff_of(rq, x->unit)) return OK;
  Json *form = form_put_act(rq, rp->view, &acts[CHECK]);
  for (size_t i = 0; i < COUNT(results); i++)
    if (i < 2 || head_of(rq, x->unit)) form_choice(rq, form, "result", str_of(results[i]), joint_label(str_of(results[i])));
  return OK;
}

static Code post_promise(Cx *cx, Request *rq, Reply *rp) {
  const Promise *x = NULL;
  TRY(promise_load(cx, rq->rd, param_no(rq, 0), &x));
  Str path = arena_fmt(rq->mem, "/w/promise/%lld", (long long)x->no);
  form_send(rq, rp, &acts[CHECK], arena_fmt(rq->mem, "promise/%lld", (long long)x->no), form_args(rq, &acts[CHECK]), path, page_promise, "promise");
  return OK;
}

/* ---- the rows ------------------------------------------------------------------------------------------------- */

#define UNIT (ROLE_APPROVER | ROLE_UNIT_HEAD)
#define PARTY (ROLE_APPLICANT | ROLE_AGENT)
#define ROUTE(how, at, who, fn, t, sec, what) {.method = how, .path = at, .allow = (who), .run = fn, .tmpl = t, .section = sec, .help = what}
#define DESK(how, at, who, fn, t, what) \
  {.method = how, .path = at, .allow = (who), .run = fn, .tmpl = t, .section = "joint", .compact = true, .help = what}
const Route promise_routes[] = {
    ROUTE(GET, "/my/{id}/promise", PARTY, page_my_promise, "promises", "my", "一个项目的告知承诺：可以承诺的事项、核查期限、叫停。"),
    ROUTE(POST, "/my/{id}/promise", ROLE_APPLICANT, post_my_promise, NULL, "my", "签订或撤回承诺。"),
    DESK(GET, "/w/promise", UNIT | WATCH, page_promises, "promises", "承诺核查：两个月、三个月的期限。"),
    DESK(GET, "/w/promise/{n}", UNIT | WATCH, page_promise, "promise", "一个承诺：核查、叫停、撤销。"),
    DESK(POST, "/w/promise/{n}", UNIT, post_promise, NULL, "核查承诺。"),
    {.path = NULL},
};
