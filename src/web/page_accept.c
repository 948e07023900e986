/* SPDX-License-Identifier: Apache-2.0 */
/* page_accept.c: joint acceptance for the lead, the departments, the utilities: the list, one of them, the spot. */
#include "web/page_accept.h"
#include "web/page_heard.h"

enum { STEP = 50, OFFERED = 4 };

static bool leads(const Request *rq) {
  return staff_of(rq, rq->app->policy->stages[4].lead);
}

static bool watches(const Request *rq) {
  return request_has_role(rq, ROLE_SUPERVISOR | ROLE_LEADER | ROLE_CLERK | ROLE_WINDOW_HEAD);
}

static Code page_list(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  bool all = leads(rq) || watches(rq);
  int64_t waiting = 0;
  rp->title = S("联合验收");
  rp->view = json_obj(m);
  PUT(rp->view, "unit_name", unit_name(rq->app->policy, rq->who->unit));
  PUT_BOOL(rp->view, "all", all);
  PUT_BOOL(rp->view, "busy", request_has_role(rq, ROLE_APPROVER | ROLE_UNIT_HEAD));
  TRY(surveyors_waiting(cx, rq, &waiting));
  PUT_INT(rp->view, "surveyors", waiting);
  return acceptances_view(cx, rq, rp->view, &(AcceptanceFilter){.unit = all ? S("") : rq->who->unit, .status = request_arg(rq, S("status")),
                                                               .offset = from_of(rq), .limit = STEP});
}

/* ---- one of them --------------------------------------------------------------------------------------------- */

static bool takes_part(const Request *rq, const Acceptance *a) {
  for (size_t i = 0; i < a->part_count; i++)
    if (staff_of(rq, a->parts[i].unit)) return true;
  return false;
}

static Code seen(Cx *cx, Request *rq, const Acceptance **out) {
  TRY(acceptance_load(cx, rq->rd, param_no(rq, 0), out));
  if (!leads(rq) && !watches(rq) && !takes_part(rq, *out)) FAIL(NOT_FOUND, "没有这次联合验收，或者您的单位不参加。");
  return OK;
}

#define DESPITE {"despite", "text", "不能全到仍定这天的理由", "选推荐的日子不用写", true}
static const FormField schedule_fields[] = {{"day", "text", "勘验日期", "推荐的日子已经填好；要改就写成 2026-12-01 这样", false}, DESPITE};
static const FormField move_fields[] = {{"day", "text", "改到哪一天", "写成 2026-12-01 这样", false}, {"reason", "text", "改期的理由", "各单位都会看到", false}, DESPITE};
static const FormField conclude_fields[] = {{"opinion", "long", "联合验收意见", NULL, false}, {"signature", "text", "签名", "签您自己的姓名", false}};
enum { SCHEDULE, MOVE, CONCLUDE, ACTS };
static const FormAct acts[ACTS] = {
    {.act = "schedule", .command = "acceptance.schedule", .title = "安排勘验", .button = "确定并通知", FIELDS(schedule_fields),
     .note = "各专项和公用企业同一天一起去，只去一次。"},
    {.act = "move", .command = "acceptance.schedule", .title = "改勘验日期", .button = "改期并通知", FIELDS(move_fields), .note = "已经定好的日子合适，就不用改。"},
    {.act = "conclude", .command = "acceptance.conclude", .title = "出联合验收意见", .button = "签字并出意见", FIELDS(conclude_fields),
     .note = "一份意见管全部专项：第四阶段的各专项随之通过，不再分别出意见。"}};

/* "after": how many working days a day lies behind the day on which the stage is due. */
static void after_put(Request *rq, Json *o, Day due, Day day) {
  int after = due.n && day.n > due.n ? calendar_count(rq->app->policy->calendar, due, day) : 0;
  if (after) json_put_int(rq->mem, o, S("after"), after);
}

static void days_view(Request *rq, Json *view, const VisitDay *days, size_t n) {
  Arena *m = rq->mem;
  Day due = {0};
  (void)day_parse(json_str(view, S("due")), &due);
  Json *list = json_put_arr(m, view, S("days"));
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, list);
    PUT(o, "day", day_str(m, days[i].day));
    PUT(o, "day_cn", day_cn(m, days[i].day));
    PUT_BOOL(o, "fits", days[i].fits);
    after_put(rq, o, due, days[i].day);
    Json *why = json_put_arr(m, o, S("why"));
    for (size_t k = 0; k < days[i].why_count; k++) json_push_str(m, why, days[i].why[k]);
  }
}

/* The days with their reasons, and the form with the earliest that fits. */
static Code schedule_form(Cx *cx, Request *rq, Json *view, const Acceptance *a) {
  VisitPlan plan = {0};
  VisitDay *days = NULL;
  TRY(acceptance_plan(cx, rq->rd, rq->app->policy, a, rq->now, &plan));
  size_t n = visit_days(cx->mem, rq->app->policy->calendar, &plan, OFFERED, &days);
  days_view(rq, view, days, n);
  json_put_bool(rq->mem, view, S("visit_sample"), rq->app->policy->visit_source.sample);
  Json *form = form_put_act(rq, view, &acts[a->day.n ? MOVE : SCHEDULE]);
  for (size_t i = 0; i < n && !a->day.n; i++)
    if (days[i].fits) {
      form_value(rq, form, "day", day_str(rq->mem, days[i].day));
      break;
    }
  return OK;
}

static bool nobody_signed(const Acceptance *a) {
  for (size_t i = 0; i < a->part_count; i++)
    if (a->parts[i].due && a->parts[i].result.len) return false;
  return true;
}

static Code acts_view(Cx *cx, Request *rq, Json *view, const Acceptance *a) {
  bool lead = leads(rq);
  if (lead && str_eqz(a->status, "ready") && request_has_role(rq, ROLE_UNIT_HEAD)) {
    Json *form = form_put_act(rq, view, &acts[CONCLUDE]);
    form_value(rq, form, "opinion", S("各专项全部合格，同意通过联合验收。"));
  }
  if (lead && (str_eqz(a->status, "started") || str_eqz(a->status, "scheduled")) && nobody_signed(a)) TRY(schedule_form(cx, rq, view, a));
  return OK;
}

static Str own_path(Request *rq, const Acceptance *a) {
  return arena_fmt(rq->mem, "/w/a/%lld", (long long)a->no);
}

static Code page_one(Cx *cx, Request *rq, Reply *rp) {
  const Acceptance *a = NULL;
  TRY(seen(cx, rq, &a));
  rp->title = arena_fmt(rq->mem, "联合验收：%.*s", SFMT(a->project_name));
  rp->view = json_obj(rq->mem);
  TRY(acceptance_view(cx, rq, rp->view, a, own_path(rq, a)));
  json_put_str(rq->mem, rp->view, S("path"), own_path(rq, a));
  json_put_str(rq->mem, rp->view, S("turn"), acceptance_turn(rq, a));
  if (str_eqz(a->status, "scheduled"))
    TRY(heard_view(cx, rq, rp->view, &(Message){.about = arena_fmt(rq->mem, "acceptance/%lld", (long long)a->no)}, "acceptance.scheduled", a->owner));
  Day due = {0};
  if (!a->concluded_at && day_parse(json_str(rp->view, S("due")), &due)) after_put(rq, rp->view, due, a->day);
  json_put_bool(rq->mem, rp->view, S("whole"), watches(rq) && !request_has_role(rq, ROLE_LEADER));
  return acts_view(cx, rq, rp->view, a);
}

static Code post_one(Cx *cx, Request *rq, Reply *rp) {
  const FormAct *act = NULL;
  const Acceptance *a = NULL;
  TRY(seen(cx, rq, &a));
  TRY(form_act(cx, rq, acts, ACTS, &act));
  form_send(rq, rp, act, arena_fmt(rq->mem, "acceptance/%lld", (long long)a->no), form_args(rq, act), own_path(rq, a), page_one, "accept");
  return OK;
}

static Code page_file(Cx *cx, Request *rq, Reply *rp) {
  const Acceptance *a = NULL;
  TRY(seen(cx, rq, &a));
  return acceptance_file(cx, a, rq->params[1], rp);
}

static Code page_opinion(Cx *cx, Request *rq, Reply *rp) {
  const Acceptance *a = NULL;
  TRY(seen(cx, rq, &a));
  if (!a->opinion_no.len) FAIL(NOT_FOUND, "还没有出联合验收意见。");
  rp->title = S("联合验收意见书");
  rp->view = json_obj(rq->mem);
  json_put_str(rq->mem, rp->view, S("back"), own_path(rq, a));
  return acceptance_view(cx, rq, rp->view, a, own_path(rq, a));
}

/* ---- on the spot: made for a telephone ------------------------------------------------------------------------------ */

static const FormField note_fields[] = {{"kind", "radio", "记什么", NULL, false}, {"text", "long", "内容", NULL, false},
                                        {"place", "text", "位置", "例如：二层东侧楼梯间", true}};
static const FormField again_fields[] = {{"text", "long", "内容", "复查只记情况；第一次没有提的问题不能再提", false},
                                         {"place", "text", "位置", NULL, true}};
static const FormField report_fields[] = {{"result", "radio", "结论", NULL, false}, {"opinion", "long", "意见", NULL, false},
                                          {"signature", "text", "签名", "签您自己的姓名；签字以后不能再改", false}};
enum { NOTE, AGAIN, REPORT, VISIT_ACTS };
static const FormAct visit_acts[VISIT_ACTS] = {
    {.act = "note", .command = "acceptance.note", .title = "记一条", .button = "记下来", FIELDS(note_fields), .photo = true},
    {.act = "again", .command = "acceptance.note", .title = "记一条情况", .button = "记下来", FIELDS(again_fields), .photo = true},
    {.act = "report", .command = "acceptance.report", .title = "签署结论", .button = "签字", FIELDS(report_fields)}};

static Code part_seen(Cx *cx, Request *rq, const Acceptance **a, const AcceptPart **out) {
  TRY(seen(cx, rq, a));
  *out = acceptance_part(*a, rq->params[1]);
  if (!*out || !staff_of(rq, (*out)->unit)) FAIL(NOT_FOUND, "没有这个专项，或者它不归您的单位勘验。");
  return OK;
}

static Str visit_path(Request *rq, const Acceptance *a, const AcceptPart *p) {
  return arena_fmt(rq->mem, "/w/a/%lld/visit/%.*s", (long long)a->no, SFMT(p->code));
}

static void report_form(Request *rq, Json *view, const Acceptance *a, const AcceptPart *p) {
  static const FormField remains = {"open", "checks", "仍未整改到位的", "结论为整改时勾选；都没有到位就不用勾", true};
  Json *form = form_put_act(rq, view, &visit_acts[REPORT]);
  form_choice(rq, form, "result", S("pass"), S("合格"));
  form_choice(rq, form, "result", S("rectify"), S("整改"));
  if (a->round < 2) return;
  form_field_add(rq, form, &remains);
  for (size_t i = 0; i < a->point_count; i++)
    if (point_open(&a->points[i]) && str_eq(a->points[i].part, p->code))
      form_choice(rq, form, "open", arena_fmt(rq->mem, "%d", a->points[i].no), arena_fmt(rq->mem, "%d．%.*s", a->points[i].no, SFMT(a->points[i].text)));
}

/* Only what belongs to this part: one screen on a telephone. */
static Json *own_points(Arena *m, const Json *all, Str code) {
  Json *list = json_arr(m);
  for (const Json *x = all ? all->first : NULL; x; x = x->next)
    if (str_eq(json_str(x, S("part")), code)) json_push(m, list, json_clone(m, x));
  return list;
}

static Code page_visit(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Acceptance *a = NULL;
  const AcceptPart *p = NULL;
  TRY(part_seen(cx, rq, &a, &p));
  rp->title = arena_fmt(m, "现场记录：%.*s", SFMT(p->name));
  rp->view = json_obj(m);
  TRY(acceptance_view(cx, rq, rp->view, a, own_path(rq, a)));
  PUT(rp->view, "path", visit_path(rq, a, p));
  PUT(rp->view, "part_name", p->name);
  PUT(rp->view, "result", p->result);
  PUT(rp->view, "result_label", str_eqz(p->result, "rectify") ? S("整改") : finish_label(p->result));
  PUT(rp->view, "part_opinion", p->opinion);
  PUT(rp->view, "part_by", p->by);
  json_put(m, rp->view, S("issues"), own_points(m, json_get(rp->view, S("issues")), p->code));
  json_put(m, rp->view, S("records"), own_points(m, json_get(rp->view, S("records")), p->code));
  bool open = str_eqz(a->status, "scheduled") && p->due && !p->result.len, today = a->day.n && day_of(rq->now).n >= a->day.n;
  PUT_BOOL(rp->view, "early", open && !today);
  if (open && !head_of(rq, p->unit)) TRY(unauthorised_view(cx, rq, rp->view, p->code, p->name));
  if (!open || !today) return OK;
  Json *form = form_put_act(rq, rp->view, &visit_acts[a->round > 1 ? AGAIN : NOTE]);
  if (a->round == 1) {
    form_choice(rq, form, "kind", S("issue"), S("问题（要整改）"));
    form_choice(rq, form, "kind", S("record"), S("情况（不用整改）"));
  }
  report_form(rq, rp->view, a, p);
  return OK;
}

static Code post_visit(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const FormAct *act = NULL;
  const Acceptance *a = NULL;
  const AcceptPart *p = NULL;
  TRY(part_seen(cx, rq, &a, &p));
  TRY(form_act(cx, rq, visit_acts, VISIT_ACTS, &act));
  Json *args = form_args(rq, act);
  PUT(args, "part", p->code);
  if (act == &visit_acts[AGAIN]) PUT(args, "kind", S("record"));
  if (act->photo) TRY(form_upload(cx, rq, args));
  const Json *open = json_get(rq->args, S("open"));
  if (act == &visit_acts[REPORT] && open && open->kind == JSON_ARR) json_put(m, args, S("open"), json_clone(m, open));
  form_send(rq, rp, act, arena_fmt(m, "acceptance/%lld", (long long)a->no), args, visit_path(rq, a, p), page_visit, "accept_visit");
  return OK;
}

/* ---- the rows ------------------------------------------------------------------------------------------------- */

#define UNIT (ROLE_APPROVER | ROLE_UNIT_HEAD)
#define SEES (UNIT | ROLE_SUPERVISOR | ROLE_LEADER | ROLE_CLERK | ROLE_WINDOW_HEAD)
#define PARTY (ROLE_APPLICANT | ROLE_AGENT)
#define DESK(how, at, who, fn, t, what) \
  {.method = how, .path = at, .allow = (who), .run = fn, .tmpl = t, .section = "accept", .compact = true, .help = what}
const Route accept_routes[] = {
    DESK(GET, "/w/a", SEES, page_list, "accepts", "联合验收：等安排的、等勘验的、整改中的。"),
    DESK(GET, "/w/a/busy", UNIT, page_busy, "busy", "本单位的日程：哪些天不能参加联合勘验。"),
    DESK(POST, "/w/a/busy", UNIT, post_busy, NULL, "登记或取消本单位的日程。"),
    DESK(GET, "/w/a/{no}", SEES, page_one, "accept", "一次联合验收：日期、各专项、整改清单、意见。"),
    DESK(POST, "/w/a/{no}", UNIT, post_one, NULL, "安排勘验、出意见。"),
    DESK(GET, "/w/a/{no}/opinion", SEES, page_opinion, "accept_opinion", "联合验收意见书，可以打印。"),
    DESK(GET, "/w/a/{no}/file/{blob}", SEES, page_file, NULL, "一张现场照片或一份附件。"),
    {.method = GET, .path = "/w/a/{no}/visit/{part}", .allow = UNIT, .run = page_visit, .tmpl = "accept_visit", .section = "accept",
     .help = "现场记录：一个专项的问题、照片、结论，手机上填写。"},
    {.method = POST, .path = "/w/a/{no}/visit/{part}", .allow = UNIT, .run = post_visit, .section = "accept", .uploads = "many",
     .help = "在现场登记问题或情况，签署专项结论。"},
    {.method = GET, .path = "/my/accepts/{no}", .allow = PARTY, .run = page_my_accept_of, .section = "my", .help = "从消息到联合验收。"},
    {.method = GET, .path = "/my/{id}/accept", .allow = PARTY, .run = page_my_accept, .tmpl = "my_accept", .section = "my",
     .help = "提请联合验收；看进展、整改清单、意见。"},
    {.method = POST, .path = "/my/{id}/accept", .allow = PARTY, .run = post_my_accept, .section = "my", .uploads = "many",
     .help = "提请联合验收、登记整改、提请复查、撤回。"},
    {.method = GET, .path = "/my/{id}/accept/file/{blob}", .allow = PARTY, .run = page_my_accept_file, .section = "my", .help = "一张现场照片或一份附件。"},
    {.method = GET, .path = "/my/{id}/accept/opinion", .allow = PARTY, .run = page_my_opinion, .tmpl = "accept_opinion", .section = "my",
     .help = "联合验收意见书，可以打印。"},
    DESK(GET, "/w/utility", SEES, page_utilities, "utilities", "报装和接入：各项的状态和超期天数。"),
    DESK(GET, "/w/utility/{no}/{kind}", SEES, page_utility, "utility", "一项报装：用量、方案、接入。"),
    DESK(POST, "/w/utility/{no}/{kind}", UNIT, post_utility, NULL, "答复报装、登记接入。"),
    {.method = GET, .path = "/my/{id}/utility", .allow = PARTY, .run = page_my_utility, .tmpl = "my_utility", .section = "my",
     .help = "市政公用报装：一张表单报六项；看各项的方案和接入。"},
    {.method = POST, .path = "/my/{id}/utility", .allow = PARTY, .run = post_my_utility, .section = "my", .help = "市政公用报装。"},
    {.path = NULL},
};
