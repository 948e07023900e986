/* SPDX-License-Identifier: Apache-2.0 */
/* page_feedback.c: problems reported upward and their answers 沟通反馈; solved ones as questions and answers for everybody (D60-6.20-p1; S24). */
#include "evaluation/evaluation.h"
#include "web/forms.h"

enum { STEP = 50, ANSWERS_SHOWN = 100 };
#define SAYS (ROLE_APPROVER | ROLE_UNIT_HEAD | ROLE_STAGE_LEAD | ROLE_WINDOW_HEAD)

static const FormField report_fields[] = {{"subject", "text", "问题", NULL, false}, {"text", "long", "情况", "哪个环节、哪条规定、希望怎样解决", false}};
static const FormAct report_act = {.act = "report", .command = "feedback.report", .title = "上报一个问题", .button = "上报", FIELDS(report_fields)};

static Code page_feedbacks(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  FeedbackRow *rows = NULL;
  size_t n = 0, from = from_of(rq);
  int64_t total = 0;
  Str status = request_arg(rq, S("status"));
  rp->title = S("沟通反馈");
  rp->view = json_obj(m);
  PUT(rp->view, "path", S("/w/feedback"));
  PUT(rp->view, "status", status);
  PUT_INT(rp->view, "days", p->reform.feedback_days);
  PUT_BOOL(rp->view, "sample", p->reform.feedback_source.sample);
  PUT(rp->view, "owner_name", unit_name(p, p->reform.feedback_unit));
  TRY(feedbacks_list(cx, rq->rd, &(FeedbackFilter){.unit = request_has_role(rq, WATCH) ? S("") : rq->who->unit, .status = status, .offset = from, .limit = STEP}, &rows, &n, &total));
  Json *list = json_put_arr(m, rp->view, S("feedbacks"));
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "no", rows[i].no);
    PUT(o, "number", rows[i].number);
    PUT(o, "subject", rows[i].subject);
    PUT(o, "unit_name", unit_name(p, rows[i].unit));
    PUT(o, "owner_name", unit_name(p, rows[i].owner));
    PUT(o, "status", rows[i].status);
    PUT(o, "status_label", feedback_label(rows[i].status));
    PUT(o, "due", day_str(m, rows[i].due));
    PUT_BOOL(o, "open", str_eqz(rows[i].status, "open"));
    PUT_BOOL(o, "overdue", rows[i].overdue && str_eqz(rows[i].status, "open"));
    PUT_BOOL(o, "published", rows[i].published);
  }
  view_pages(rq, rp->view, from, n, STEP, total);
  if (request_has_role(rq, SAYS) && p->reform.feedback_days && rq->who->unit.len && !str_eq(rq->who->unit, p->reform.feedback_unit)) form_put_act(rq, rp->view, &report_act);
  return OK;
}

static Code post_feedbacks(Cx *cx, Request *rq, Reply *rp) {
  (void)cx;
  form_send(rq, rp, &report_act, S(""), form_args(rq, &report_act), S("/w/feedback/"), page_feedbacks, "feedbacks");
  return OK;
}

/* ---- one ---------------------------------------------------------------------------------------------------- */

static const FormField answer_fields[] = {{"answer", "long", "答复", NULL, false}};
static const FormField pass_fields[] = {{"unit", "select", "转给哪个单位", "期限不变", false}, {"reason", "long", "理由", NULL, false}};
static const FormField why_fields[] = {{"reason", "long", "哪里没有解决", NULL, false}};
static const FormField publish_fields[] = {{"question", "text", "问题", "不写单位、项目和人的名称", false}, {"answer", "long", "答复", NULL, false}};
enum { ANSWER, PASS, SOLVE, REOPEN, PUBLISH, WITHDRAW, ACTS };
static const FormAct acts[ACTS] = {
    {.act = "answer", .command = "feedback.answer", .title = "答复", .button = "答复", FIELDS(answer_fields)},
    {.act = "pass", .command = "feedback.pass", .title = "转办", .button = "转办", FIELDS(pass_fields)},
    {.act = "solve", .command = "feedback.solve", .title = "已经解决", .button = "确认解决", .note = "确认以后，答复单位可以把它公布为常见问题。"},
    {.act = "reopen", .command = "feedback.reopen", .title = "没有解决", .button = "要求重新答复", FIELDS(why_fields)},
    {.act = "publish", .command = "feedback.publish", .title = "公布为常见问题", .button = "公布", FIELDS(publish_fields), .note = "公布在“常见问题”里，任何人可以看到；再次公布就是更正。"},
    {.act = "withdraw", .command = "feedback.withdraw", .title = "撤回", .button = "撤回"}};

static Code feedback_seen(Cx *cx, Request *rq, const Feedback **out) {
  TRY(feedback_load(cx, rq->rd, param_no(rq, 0), out));
  Str unit = rq->who->unit;
  bool ours = unit.len && (str_eq(unit, (*out)->unit) || str_eq(unit, (*out)->owner));
  if (!request_has_role(rq, WATCH) && !ours) FAIL(NOT_FOUND, "没有这件反馈，或者它不归您的单位。");
  return OK;
}

static Str step_label(const FeedbackStep *s) {
  static const struct { const char *kind, *label; } labels[] = {{"reported", "上报"}, {"passed", "转办"}, {"overdue", "到期没有答复，已经督办"}, {"answered", "答复"}, {"reopened", "要求重新答复"},
                                                                {"solved", "确认解决"}, {"published", "公布为常见问题"}, {"withdrawn", "撤回"}};
  for (size_t i = 0; i < COUNT(labels); i++)
    if (str_eqz(s->kind, labels[i].kind)) return str_of(labels[i].label);
  return s->kind;
}

static void forms_view(Request *rq, Json *view, const Feedback *f) {
  bool owner = request_has_role(rq, SAYS) && str_eq(rq->who->unit, f->owner), source = request_has_role(rq, SAYS) && str_eq(rq->who->unit, f->unit);
  bool open = str_eqz(f->status, "open"), answered = str_eqz(f->status, "answered");
  if (owner && open) {
    form_put_act(rq, view, &acts[ANSWER]);
    units_choices(rq, form_put_act(rq, view, &acts[PASS]), "unit", "department");
  }
  if (source && answered) form_put_act(rq, view, &acts[SOLVE]);
  if (source && answered) form_put_act(rq, view, &acts[REOPEN]);
  if (source && open) form_put_act(rq, view, &acts[WITHDRAW]);
  if (!owner || !str_eqz(f->status, "solved")) return;
  Json *form = form_put_act(rq, view, &acts[PUBLISH]);
  form_value(rq, form, "question", f->question.len ? f->question : f->subject);
  form_value(rq, form, "answer", f->public_answer.len ? f->public_answer : f->answer);
}

static Code page_feedback(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  const Feedback *f = NULL;
  TRY(feedback_seen(cx, rq, &f));
  rp->title = f->subject;
  rp->view = json_obj(m);
  PUT(rp->view, "path", arena_fmt(m, "/w/feedback/%lld", (long long)f->no));
  PUT_INT(rp->view, "no", f->no);
  PUT(rp->view, "number", f->number);
  PUT(rp->view, "subject", f->subject);
  PUT(rp->view, "status", f->status);
  PUT(rp->view, "status_label", feedback_label(f->status));
  PUT(rp->view, "unit_name", unit_name(p, f->unit));
  PUT(rp->view, "owner_name", unit_name(p, f->owner));
  PUT(rp->view, "due", day_str(m, f->due));
  PUT_INT(rp->view, "days", f->days);
  PUT_BOOL(rp->view, "open", str_eqz(f->status, "open"));
  PUT_BOOL(rp->view, "overdue", f->overdue && str_eqz(f->status, "open"));
  PUT_BOOL(rp->view, "published", f->question.len > 0);
  Json *list = json_put_arr(m, rp->view, S("steps"));
  for (size_t i = 0; i < f->step_count; i++) {
    Json *o = json_push_obj(m, list);
    PUT(o, "at_cn", time_cn(m, f->steps[i].at));
    PUT(o, "by", f->steps[i].unit.len ? arena_fmt(m, "%.*s %.*s", SFMT(unit_name(p, f->steps[i].unit)), SFMT(f->steps[i].by)) : f->steps[i].by);
    PUT(o, "label", step_label(&f->steps[i]));
    PUT(o, "text", f->steps[i].text);
  }
  forms_view(rq, rp->view, f);
  return OK;
}

static Code post_feedback(Cx *cx, Request *rq, Reply *rp) {
  const FormAct *a = NULL;
  const Feedback *f = NULL;
  TRY(feedback_seen(cx, rq, &f));
  TRY(form_act(cx, rq, acts, ACTS, &a));
  form_send(rq, rp, a, arena_fmt(rq->mem, "feedback/%lld", (long long)f->no), form_args(rq, a), a == &acts[PASS] ? S("/w/feedback") : arena_fmt(rq->mem, "/w/feedback/%lld", (long long)f->no),
            page_feedback, "feedback");
  return OK;
}

/* ---- for everybody ------------------------------------------------------------------------------------------- */

static Code page_answers(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Answered *rows = NULL;
  size_t n = 0;
  TRY(answers_list(cx, rq->rd, ANSWERS_SHOWN, &rows, &n));
  rp->title = tr(rq->lang, S("常见问题"));
  rp->view = json_obj(m);
  Json *list = json_put_arr(m, rp->view, S("answers"));
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "no", rows[i].no);
    PUT(o, "question", rows[i].question);
    PUT(o, "answer", rows[i].answer);
    PUT(o, "owner_name", unit_name(rq->app->policy, rows[i].owner));
    PUT(o, "day", day_str(m, rows[i].day));
  }
  return OK;
}

const Route feedback_routes[] = {
    {.method = GET, .path = "/s/answers", .allow = ROLE_PUBLIC, .run = page_answers, .tmpl = "answers", .section = "guide", .help = "常见问题：县（市）区和部门遇到、已经解决的问题和答复。"},
    {.method = GET, .path = "/w/feedback", .allow = SAYS | WATCH, .run = page_feedbacks, .tmpl = "feedbacks", .section = "feedback", .compact = true,
     .help = "沟通反馈：本单位上报的、由本单位答复的问题。"},
    {.method = POST, .path = "/w/feedback", .allow = SAYS, .run = post_feedbacks, .section = "feedback", .compact = true, .help = "上报一个问题。"},
    {.method = GET, .path = "/w/feedback/{n}", .allow = SAYS | WATCH, .run = page_feedback, .tmpl = "feedback", .section = "feedback", .compact = true, .help = "一件反馈和它的经过。"},
    {.method = POST, .path = "/w/feedback/{n}", .allow = SAYS, .run = post_feedback, .section = "feedback", .compact = true, .help = "答复、转办、确认解决、要求重新答复、公布、撤回。"},
    {.path = NULL},
};
