/* SPDX-License-Identifier: Apache-2.0 */
/* page_appraisal_opinion.c: opinions about the draft result of a year's evaluation 征求意见 (D60-6.21.3-(8)): asking for them, saying one, answering each. */
#include "web/page_appraisal.h"

static Str about_name(const Request *rq, Str unit) {
  return unit.len ? unit_name(rq->app->policy, unit) : tr(rq->lang, S("全部结果"));
}

/* Who said it is for the supervisor; whoever said it sees his own. */
void appraisal_opinions_view(Request *rq, Json *view, const Appraisal *a, bool own) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("opinions"));
  for (size_t i = 0; i < a->opinion_count; i++) {
    const AppraisalOpinion *x = &a->opinions[i];
    if (own && !(x->account.len && str_eq(x->account, rq->who->id))) continue;
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "no", x->no);
    PUT(o, "kind_label", tr(rq->lang, opinion_label(x->kind)));
    if (x->unit.len) PUT(o, "unit_name", unit_name(rq->app->policy, x->unit));
    PUT(o, "by", x->said_by.len ? arena_fmt(m, "%.*s（%.*s登记）", SFMT(x->said_by), SFMT(x->by)) : x->by);
    PUT(o, "about", about_name(rq, x->about));
    PUT(o, "text", x->text);
    PUT(o, "at_cn", time_cn(m, x->at));
    PUT_BOOL(o, "waits", !x->answered_at);
    if (!x->answered_at) continue;
    PUT(o, "result_label", tr(rq->lang, opinion_label(x->result)));
    PUT(o, "answer", x->answer);
    PUT(o, "answered", time_cn(m, x->answered_at));
  }
}

/* "asking": while it goes on; the counts for everybody. */
void appraisal_asking_view(Request *rq, Json *view, const Appraisal *a) {
  Arena *m = rq->mem;
  if (!a->consulted_at) return;
  Json *o = json_put_obj(m, view, S("asked"));
  PUT(o, "until", day_str(m, a->until));
  PUT_BOOL(o, "going", str_eqz(a->status, "opinions") && day_of(rq->now).n <= a->until.n);
  PUT_BOOL(o, "draft", str_eqz(a->status, "opinions"));
  PUT_INT(o, "count", (int64_t)a->opinion_count);
  PUT_INT(o, "answered", (int64_t)(a->opinion_count - appraisal_unanswered(a)));
  size_t adopted = 0;
  for (size_t i = 0; i < a->opinion_count; i++) adopted += str_eqz(a->opinions[i].result, "adopted");
  PUT_INT(o, "adopted", (int64_t)adopted);
}

/* ---- the supervisor's forms ---------------------------------------------------------------------------------------- */

static const FormField consult_fields[] = {{"as_of", "text", "统计截至", "已经过去的一天，写成 2026-12-31 的样子", false},
                                           {"until", "text", "征求意见到哪一天", "写成 2027-01-15 的样子", false}};
static const FormField answer_fields[] = {{"no", "select", "哪一条意见", NULL, false}, {"result", "radio", "答复", NULL, false}, {"text", "long", "怎样处理、理由", NULL, false}};
static const FormField paper_fields[] = {{"kind", "radio", "谁的意见", NULL, false}, {"said_by", "text", "提出意见的人", "姓名或者座谈会，只给监督人员看", false},
                                         {"about", "select", "对哪个单位", NULL, true}, {"text", "long", "意见", NULL, false}};
enum { CONSULT, ANSWER, PAPER };
const FormAct appraisal_opinion_acts[APPRAISAL_OPINION_ACTS] = {
    {.act = "consult", .command = "appraisal.consult", .title = "就初评结果征求意见", .button = "公布初评结果，征求意见", FIELDS(consult_fields),
     .note = "先按这一天算出初评结果，向社会公布，通知被考评单位。过了期限、意见逐条答复以后才能结束考评。"},
    {.act = "answer", .command = "appraisal.answer-opinion", .title = "答复意见", .button = "答复", FIELDS(answer_fields), .note = "要改分的，先答复，再重新评分；结束考评时按改后的计算。"},
    {.act = "paper", .command = "appraisal.opine", .title = "登记书面和座谈会上的意见", .button = "登记意见", FIELDS(paper_fields)}};

static void objects_choices(Request *rq, Json *form, const Appraisal *a) {
  for (size_t i = 0; i < a->object_count; i++) form_choice(rq, form, "about", a->objects[i], unit_name(rq->app->policy, a->objects[i]));
}

static Str last_day(const Request *rq, const Appraisal *a) {
  Day last = day_ymd((int)a->year, 12, 31), yesterday = {day_of(rq->now).n - 1};
  return day_str(rq->mem, yesterday.n < last.n ? yesterday : last);
}

void appraisal_consult_form(Request *rq, Json *view, const Appraisal *a) {
  const Policy *p = rq->app->policy;
  Json *form = form_put_act(rq, view, &appraisal_opinion_acts[CONSULT]);
  form_value(rq, form, "as_of", last_day(rq, a));
  form_value(rq, form, "until", day_str(rq->mem, calendar_add(p->calendar, day_of(rq->now), p->reform.opinion_days)));
}

void appraisal_opinion_forms(Request *rq, Json *view, const Appraisal *a) {
  Arena *m = rq->mem;
  if (a->opinion_count) {
    Json *form = form_put_act(rq, view, &appraisal_opinion_acts[ANSWER]);
    for (int waits = 1; waits >= 0; waits--) /* those that wait come first; an answer may be corrected */
      for (size_t i = 0; i < a->opinion_count; i++) {
        const AppraisalOpinion *x = &a->opinions[i];
        if ((x->answered_at == 0) != (waits == 1)) continue;
        form_choice(rq, form, "no", arena_fmt(m, "%d", x->no), arena_fmt(m, "第 %d 条 %.*s%s", x->no, SFMT(opinion_label(x->kind)), waits ? "" : "（已答复，更正）"));
      }
    form_choice(rq, form, "result", S("adopted"), opinion_label(S("adopted")));
    form_choice(rq, form, "result", S("explained"), opinion_label(S("explained")));
  }
  Json *paper = form_put_act(rq, view, &appraisal_opinion_acts[PAPER]);
  static const char *const kinds[] = {"unit", "cadre", "public"};
  for (size_t i = 0; i < COUNT(kinds); i++) form_choice(rq, paper, "kind", str_of(kinds[i]), opinion_label(str_of(kinds[i])));
  objects_choices(rq, paper, a);
}

/* ---- whoever has an account ------------------------------------------------------------------------------------------ */

static const FormField opine_fields[] = {{"about", "select", "对哪个单位", "不选的，对全部结果", true}, {"text", "long", "意见", "写明哪里不对、有什么根据", false}};
static const FormAct opine_act = {.act = "opine", .command = "appraisal.opine", .title = "提意见", .button = "提交意见", FIELDS(opine_fields),
                                  .note = "监督人员看得到是谁提的，其他人看不到；逐条答复，答复了会告诉您。"};

static Code asked_of(Cx *cx, Request *rq, const Appraisal **out) {
  TRY(appraisal_load(cx, rq->rd, param_no(rq, 0), out));
  if (!(*out)->consulted_at) FAIL(NOT_FOUND, "这一年的考评还没有征求意见。");
  return OK;
}

Code page_appraisal_opinion(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Appraisal *a = NULL;
  TRY(asked_of(cx, rq, &a));
  rp->title = str_eq(rq->lang, S("en")) ? arena_fmt(m, "Opinions about the evaluation of %lld", (long long)a->year) : arena_fmt(m, "对 %lld 年考评初评结果的意见", (long long)a->year);
  rp->view = json_obj(m);
  PUT(rp->view, "path", arena_fmt(m, "/s/appraisals/%lld/opinion", (long long)a->year));
  PUT_INT(rp->view, "year", a->year);
  appraisal_asking_view(rq, rp->view, a);
  appraisal_opinions_view(rq, rp->view, a, true);
  size_t own = json_get(rp->view, S("opinions"))->count;
  bool may = str_eqz(a->status, "opinions") && day_of(rq->now).n <= a->until.n && own < APPRAISAL_OPINIONS_EACH && !request_has_role(rq, ROLE_SUPERVISOR);
  if (may) objects_choices(rq, form_put_act(rq, rp->view, &opine_act), a);
  return OK;
}

Code post_appraisal_opinion(Cx *cx, Request *rq, Reply *rp) {
  const Appraisal *a = NULL;
  TRY(asked_of(cx, rq, &a));
  Str path = arena_fmt(rq->mem, "/s/appraisals/%lld/opinion", (long long)a->year);
  form_send(rq, rp, &opine_act, arena_fmt(rq->mem, "appraisal/%lld", (long long)a->year), form_args(rq, &opine_act), path, page_appraisal_opinion, "appraisal_opinion");
  return OK;
}
