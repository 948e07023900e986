/* SPDX-License-Identifier: Apache-2.0 */
/* page_accept_my.c: joint acceptance for the owner: start, rectify, ask for the second visit. */
#include "web/page_accept.h"

static const FormField start_fields[] = {{"from", "text", "从哪天起可以勘验", "写成 2026-12-01 这样；勘验只安排在工作日，填周末、节假日的从下一个工作日算起", false},
                                         {"avoid", "long", "不便的日子", "一行一个，写成 2026-12-01 这样", true},
                                         {"note", "long", "说明", "例如：现场联系人在门卫处等候", true}};
static const FormField rectify_fields[] = {{"point", "select", "整改清单第几条", NULL, false}, {"text", "long", "整改情况", NULL, false}};
static const FormField withdraw_fields[] = {{"reason", "text", "理由", NULL, false}};
enum { START, RECTIFY, RECHECK, WITHDRAW, ACTS };
static const FormAct acts[ACTS] = {
    {.act = "start", .command = "acceptance.start", .title = "提请联合验收", .button = "提请联合验收", FIELDS(start_fields),
     .note = "提请以后，各专项的部门和公用企业当天同时得到任务，一起到现场一次。"},
    {.act = "rectify", .command = "acceptance.rectify", .title = "登记整改", .button = "登记这一条", FIELDS(rectify_fields), .photo = true},
    {.act = "recheck", .command = "acceptance.recheck", .title = "提请复查", .button = "提请复查",
     .note = "复查只看整改清单上的问题，已经合格的专项不再去。"},
    {.act = "withdraw", .command = "acceptance.withdraw", .title = "撤回联合验收", .button = "撤回", FIELDS(withdraw_fields)}};

static Str own_path(Request *rq) {
  return arena_fmt(rq->mem, "/my/%.*s/accept", SFMT(rq->params[0]));
}

/* The newest of the project; NULL: none, or the last was withdrawn and another may begin. */
static Code newest(Cx *cx, Request *rq, const Project *pr, const Acceptance **out) {
  int64_t no = 0;
  *out = NULL;
  TRY(acceptance_of_project(cx, rq->rd, pr->no, &no));
  return no ? acceptance_load(cx, rq->rd, no, out) : OK;
}

/* The day that the form of the stage wished for, unless it is too early by now. */
static Str first_day(Request *rq, const Project *pr) {
  Day soonest = calendar_add(rq->app->policy->calendar, day_of(rq->now), 1), wished;
  bool told = day_parse(json_str(pr->stages[STAGE_MAX].form, S("visit_day")), &wished) && wished.n > soonest.n;
  return day_str(rq->mem, calendar_next_work(rq->app->policy->calendar, told ? wished : soonest));
}

/* Which special parts this project has: the sentence names no department that does not come. */
static Str parts_note(Request *rq, const Project *pr) {
  const StageState *s = &pr->stages[STAGE_MAX];
  Str names = S("");
  bool supplied = false;
  for (size_t i = 0; i < s->item_count; i++) {
    const Item *item = policy_item(policy_of(rq, pr, STAGE_MAX), s->items[i].code);
    supplied |= item && str_eqz(item->kind, "市政公用接入") && s->items[i].status < ITEM_PASSED;
    if (!item || !str_eqz(item->visit, "special") || s->items[i].status >= ITEM_PASSED) continue;
    Str name = s->items[i].name, head = S("联合验收：");
    if (str_starts(name, head)) name = str_sub(name, head.len, SIZE_MAX);
    names = arena_fmt(rq->mem, "%.*s%s%.*s", SFMT(names), names.len ? "、" : "", SFMT(name));
  }
  return arena_fmt(rq->mem, "提请以后，办理%.*s的部门%s当天同时得到任务，一起到现场一次。", SFMT(names), supplied ? "和公用企业" : "");
}

static void rectify_form(Request *rq, Json *view, const Acceptance *a) {
  bool all = true;
  Json *form = form_put_act(rq, view, &acts[RECTIFY]);
  for (size_t i = 0; i < a->point_count; i++) {
    const VisitPoint *p = &a->points[i];
    if (!point_open(p)) continue;
    all &= p->answered_at > 0;
    form_choice(rq, form, "point", arena_fmt(rq->mem, "%d", p->no),
                arena_fmt(rq->mem, "%d．%.*s%s", p->no, SFMT(p->text), p->answered_at ? "（已登记，可以重写）" : ""));
  }
  if (all) form_put_act(rq, view, &acts[RECHECK]);
}

Code page_my_accept(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Project *pr = NULL;
  const Acceptance *a = NULL;
  TRY(project_of_owner(cx, rq, &pr));
  TRY(newest(cx, rq, pr, &a));
  rp->title = S("联合验收");
  rp->view = json_obj(m);
  PUT_INT(rp->view, "project_no", pr->no);
  PUT(rp->view, "name", pr->name);
  PUT(rp->view, "path", own_path(rq));
  PUT_BOOL(rp->view, "some", a != NULL);
  if (a) TRY(acceptance_view(cx, rq, rp->view, a, own_path(rq)));
  if (a && !str_eqz(a->status, "rectify")) PUT(rp->view, "turn", acceptance_turn(rq, a));
  bool free = !a || str_eqz(a->status, "withdrawn"), running = pr->stages[4].status == STAGE_RUNNING;
  bool some = acceptance_possible(policy_of(rq, pr, STAGE_MAX), pr);
  PUT_BOOL(rp->view, "not_yet", free && !running);
  PUT_BOOL(rp->view, "nothing", free && running && !some);
  if (free && running && some) {
    Json *form = form_put_act(rq, rp->view, &acts[START]);
    form_value(rq, form, "from", first_day(rq, pr));
    PUT(form, "note", parts_note(rq, pr));
  }
  if (a && str_eqz(a->status, "rectify")) rectify_form(rq, rp->view, a);
  if (a && !acceptance_over(a)) form_put_act(rq, rp->view, &acts[WITHDRAW]);
  return OK;
}

Code post_my_accept(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const FormAct *act = NULL;
  const Project *pr = NULL;
  const Acceptance *a = NULL;
  TRY(project_of_owner(cx, rq, &pr));
  TRY(newest(cx, rq, pr, &a));
  TRY(form_act(cx, rq, acts, ACTS, &act));
  bool start = act == &acts[START];
  if (!start && !a) FAIL(NOT_FOUND, "这个项目还没有提请联合验收。");
  Json *args = form_args(rq, act);
  if (start) lines_put(rq, args, "avoid");
  if (start) PUT_INT(args, "project", pr->no);
  if (act == &acts[RECTIFY]) PUT_INT(args, "point", request_int(rq, S("point"), 0));
  if (act->photo) TRY(form_upload(cx, rq, args));
  form_send(rq, rp, act, start ? S("") : arena_fmt(m, "acceptance/%lld", (long long)a->no), args, own_path(rq), page_my_accept, "my_accept");
  return OK;
}

static Code own_newest(Cx *cx, Request *rq, const Acceptance **out) {
  const Project *pr = NULL;
  TRY(project_of_owner(cx, rq, &pr));
  TRY(newest(cx, rq, pr, out));
  if (!*out) FAIL(NOT_FOUND, "这个项目还没有提请联合验收。");
  return OK;
}

Code page_my_accept_of(Cx *cx, Request *rq, Reply *rp) {
  const Acceptance *a = NULL;
  TRY(acceptance_load(cx, rq->rd, param_no(rq, 0), &a));
  reply_redirect(rp, arena_fmt(rq->mem, "/my/%lld/accept", (long long)a->project));
  return OK;
}

Code page_my_accept_file(Cx *cx, Request *rq, Reply *rp) {
  const Acceptance *a = NULL;
  TRY(own_newest(cx, rq, &a));
  return acceptance_file(cx, a, rq->params[1], rp);
}

Code page_my_opinion(Cx *cx, Request *rq, Reply *rp) {
  const Acceptance *a = NULL;
  TRY(own_newest(cx, rq, &a));
  if (!a->opinion_no.len) FAIL(NOT_FOUND, "还没有出联合验收意见。");
  rp->title = S("联合验收意见书");
  rp->view = json_obj(rq->mem);
  json_put_str(rq->mem, rp->view, S("back"), own_path(rq));
  return acceptance_view(cx, rq, rp->view, a, own_path(rq));
}
