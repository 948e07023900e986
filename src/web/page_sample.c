/* SPDX-License-Identifier: Apache-2.0 */
/* page_sample.c: random samples, for everybody to draw again and for the supervisor to look into; verdicts on signs. */
#include "supervision/supervision.h"
#include "web/forms.h"

enum { SHOWN = 100 };

static Code samples_view(Cx *cx, Request *rq, Json *view) {
  Arena *m = rq->mem;
  SampleRow *rows = NULL;
  size_t n = 0;
  TRY(samples_list(cx, rq->rd, SHOWN, &rows, &n));
  Json *list = json_put_arr(m, view, S("samples"));
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "no", rows[i].no);
    PUT(o, "status", rows[i].status);
    PUT(o, "status_label", super_label(rows[i].status));
    PUT_INT(o, "size", rows[i].size);
    PUT_INT(o, "pool", rows[i].pool);
    PUT(o, "source", rows[i].source);
    PUT(o, "at_cn", time_cn(m, rows[i].at));
  }
  return OK;
}

static Code case_href(Cx *cx, Request *rq, Str number, Str *out) {
  int64_t no = 0;
  (void)cx;
  *out = project_number_parse(number, &no) ? arena_fmt(rq->mem, "/w/p/%lld", (long long)no) : S("");
  return OK;
}

/* What there is to do now: `watch` on the supervisor's own page, which has the fields; the public one has none, whoever reads it. */
static Str sample_now(const Sample *s, bool watch) {
  if (str_eqz(s->status, "dropped")) return S(N_("这次抽查作废了。"));
  if (str_eqz(s->status, "drawn")) return watch ? S(N_("已经抽好：逐件去看，在下面登记结果。")) : S(N_("已经抽好。想核对的，照下面的办法重算。"));
  return watch ? S(N_("等公开的数产生；产生以后照原样填在下面，按“抽取”。")) : S(N_("等公开的数产生。想监督的，现在抄下名单的指纹。"));
}

static Code sample_view(Cx *cx, Request *rq, Json *view, const Sample *s, bool watch) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("list")), *picked = json_put_arr(m, view, S("picked"));
  PUT_INT(view, "no", s->no);
  PUT(view, "status", s->status);
  PUT(view, "status_label", super_label(s->status));
  PUT(view, "now", sample_now(s, watch));
  PUT_INT(view, "size", (int64_t)s->size);
  PUT_INT(view, "pool", (int64_t)s->count);
  PUT(view, "county_name", s->county.len ? place_name(rq->app->policy, s->county) : S(""));
  PUT(view, "source", s->source);
  PUT(view, "day", day_str(m, s->day));
  PUT(view, "hash", s->hash);
  PUT(view, "number", s->number);
  if (s->number.len) PUT(view, "seed", sample_seed(m, s->hash, s->number));
  PUT(view, "listed", time_cn(m, s->listed_at));
  if (s->drawn_at) PUT(view, "drawn", time_cn(m, s->drawn_at));
  PUT(view, "reason", s->reason);
  for (size_t i = 0; i < s->count; i++) json_push_str(m, list, s->list[i]);
  for (size_t i = 0; i < s->picked_count; i++) {
    Json *o = json_push_obj(m, picked);
    Str href = S("");
    TRY(case_href(cx, rq, s->picked[i].number, &href));
    PUT(o, "number", s->picked[i].number);
    PUT(o, "href", href);
    PUT(o, "result", s->picked[i].result);
    PUT(o, "result_label", super_label(s->picked[i].result));
    PUT(o, "note", s->picked[i].note);
    PUT(o, "by", s->picked[i].by);
  }
  return OK;
}

static Code page_public(Cx *cx, Request *rq, Reply *rp) {
  rp->title = tr(rq->lang, S("随机抽查"));
  rp->view = json_obj(rq->mem);
  return samples_view(cx, rq, rp->view);
}

static Code page_public_one(Cx *cx, Request *rq, Reply *rp) {
  const Sample *s = NULL;
  TRY(sample_load(cx, rq->rd, param_no(rq, 0), &s));
  rp->title = tr(rq->lang, arena_fmt(rq->mem, "第 %lld 次随机抽查", (long long)s->no));
  rp->view = json_obj(rq->mem);
  return sample_view(cx, rq, rp->view, s, false);
}

/* ---- the supervisor ------------------------------------------------------------------------------------------- */

static const FormField list_fields[] = {{"size", "number", "抽几件", NULL, false},
                                        {"county", "select", "只在哪个县（市）区", "不选就是全市的在办件", true},
                                        {"source", "text", "用哪个公开的数", "还没有产生、谁都能查到的数，例如某天的彩票开奖号码", false},
                                        {"day", "text", "这个数哪天产生", "写成 2026-12-01 的样子，明天以后", false}};
static const FormField draw_fields[] = {{"number", "text", "公开的数", "照公布的样子填写，数字之间不加空格", false}};
static const FormField look_fields[] = {{"case", "select", "办件", NULL, false}, {"result", "radio", "结果", "一登记就在“随机抽检”公示：办件编号和结果；下面的说明不公示", false}, {"note", "long", "说明", "看了什么、发现什么", false}};
static const FormField drop_fields[] = {{"reason", "text", "理由", NULL, false}};
enum { LIST, DRAW, LOOK, DROP, ACTS };
static const FormAct acts[ACTS] = {
    {.act = "list", .command = "sample.list", .title = "新的抽查", .button = "定下名单", FIELDS(list_fields),
     .note = "先定下全部在办件的名单和散列并公开，再等公开的数产生：谁都不能挑件，谁都可以重算。"},
    {.act = "draw", .command = "sample.draw", .title = "抽取", .button = "抽取", FIELDS(draw_fields)},
    {.act = "look", .command = "sample.look", .title = "登记抽查结果", .button = "登记", FIELDS(look_fields)},
    {.act = "drop", .command = "sample.drop", .title = "作废", .button = "作废", FIELDS(drop_fields)}};

static Code page_samples(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  rp->title = S("随机抽查");
  rp->view = json_obj(m);
  PUT(rp->view, "path", S("/w/super/samples"));
  TRY(samples_view(cx, rq, rp->view));
  if (!request_has_role(rq, ROLE_SUPERVISOR)) return OK;
  Json *form = form_put_act(rq, rp->view, &acts[LIST]);
  form_value(rq, form, "size", S("10"));
  const Json *before = json_get(rp->view, S("samples"));
  form_value(rq, form, "source", before && before->first ? json_str(before->first, S("source")) : S(""));
  form_value(rq, form, "day", day_str(m, calendar_add(rq->app->policy->calendar, day_of(rq->now), 1)));
  units_choices(rq, form, "county", "county|zone");
  return OK;
}

static Json *with_size(Request *rq) {
  Arena *m = rq->mem;
  Json *args = form_args(rq, &acts[LIST]);
  int64_t size = 0;
  if (str_to_i64(json_str(args, S("size")), &size)) PUT_INT(args, "size", size);
  return args;
}

static Code post_samples(Cx *cx, Request *rq, Reply *rp) {
  (void)cx;
  form_send(rq, rp, &acts[LIST], S(""), with_size(rq), S("/w/super/samples/"), page_samples, "samples");
  return OK;
}

static Code page_one(Cx *cx, Request *rq, Reply *rp) {
  static const char *const results[] = {"fine", "fault"};
  Arena *m = rq->mem;
  const Sample *s = NULL;
  TRY(sample_load(cx, rq->rd, param_no(rq, 0), &s));
  bool super = request_has_role(rq, ROLE_SUPERVISOR);
  rp->title = arena_fmt(m, "第 %lld 次随机抽查", (long long)s->no);
  rp->view = json_obj(m);
  PUT(rp->view, "path", arena_fmt(m, "/w/super/samples/%lld", (long long)s->no));
  TRY(sample_view(cx, rq, rp->view, s, request_has_role(rq, ROLE_SUPERVISOR)));
  if (super && str_eqz(s->status, "listed")) {
    form_put_act(rq, rp->view, &acts[DRAW]);
    form_put_act(rq, rp->view, &acts[DROP]);
  }
  if (!super || !str_eqz(s->status, "drawn")) return OK;
  Json *form = form_put_act(rq, rp->view, &acts[LOOK]);
  for (size_t i = 0; i < s->picked_count; i++)
    if (!s->picked[i].at) form_choice(rq, form, "case", s->picked[i].number, s->picked[i].number);
  for (size_t i = 0; i < COUNT(results); i++) form_choice(rq, form, "result", str_of(results[i]), super_label(str_of(results[i])));
  return OK;
}

static Code post_one(Cx *cx, Request *rq, Reply *rp) {
  const FormAct *a = NULL;
  const Sample *s = NULL;
  TRY(sample_load(cx, rq->rd, param_no(rq, 0), &s));
  TRY(form_act(cx, rq, acts + 1, ACTS - 1, &a));
  form_send(rq, rp, a, arena_fmt(rq->mem, "sample/%lld", (long long)s->no), form_args(rq, a), arena_fmt(rq->mem, "/w/super/samples/%lld", (long long)s->no), page_one,
            "sample_one");
  return OK;
}

/* ---- a verdict on a sign ---------------------------------------------------------------------------------------- */

static const FormField judge_fields[] = {{"verdict", "radio", "判定", NULL, false}, {"reason", "long", "理由", "看了什么、因此判定属实或不属实", false}};
static const FormAct judge_act = {.act = "judge", .command = "sign.judge", .title = "判定", .button = "判定", FIELDS(judge_fields),
                                  .note = "线索只是该去看一看的理由。判定以后可以改判，每次都有记录。"};

static Code page_sign(Cx *cx, Request *rq, Reply *rp) {
  static const char *const verdicts[] = {"true", "false", "unclear"};
  Arena *m = rq->mem;
  Judgement v;
  TRY(verdict_of(cx, rq->rd, rq->params[0], &v));
  rp->title = S("异常线索的判定");
  rp->view = json_obj(m);
  PUT(rp->view, "path", arena_fmt(m, "/w/super/signs/%.*s", SFMT(rq->params[0])));
  PUT(rp->view, "back", S("/w/super/signs"));
  PUT(rp->view, "back_text", S("返回异常线索"));
  PUT(rp->view, "sign", v.sign);
  PUT(rp->view, "verdict", v.verdict);
  PUT(rp->view, "intro", v.verdict.len ? arena_fmt(m, "线索 %.*s 已由%.*s判定为%.*s：%.*s", SFMT(v.sign), SFMT(v.by), SFMT(verdict_label(v.verdict)), SFMT(v.reason))
                                       : arena_fmt(m, "线索 %.*s 还没有判定。", SFMT(v.sign)));
  Json *form = form_put_act(rq, rp->view, &judge_act);
  for (size_t i = 0; i < COUNT(verdicts); i++) form_choice(rq, form, "verdict", str_of(verdicts[i]), verdict_label(str_of(verdicts[i])));
  return OK;
}

static Code post_sign(Cx *cx, Request *rq, Reply *rp) {
  Json *args = form_args(rq, &judge_act);
  (void)cx;
  json_put_str(rq->mem, args, S("sign"), rq->params[0]);
  form_send(rq, rp, &judge_act, S(""), args, S("/w/super/signs"), page_sign, "early_form");
  return OK;
}

#define DESK(how, at, who, fn, t, what) \
  {.method = how, .path = at, .allow = (who), .run = fn, .tmpl = t, .section = "super", .compact = true, .help = what}
const Route sample_routes[] = {
    {.method = GET, .path = "/s/samples", .allow = ROLE_PUBLIC, .run = page_public, .tmpl = "samples_public", .section = "open", .help = "随机抽查：每一次的名单、公开的数和抽中的办件。"},
    {.method = GET, .path = "/s/samples/{n}", .allow = ROLE_PUBLIC, .run = page_public_one, .tmpl = "sample_public", .section = "open",
     .help = "一次随机抽查，谁都可以重算。"},
    DESK(GET, "/w/super/samples", WATCH, page_samples, "samples", "随机抽查。"),
    DESK(POST, "/w/super/samples", ROLE_SUPERVISOR, post_samples, NULL, "定下一次抽查的名单。"),
    DESK(GET, "/w/super/samples/{n}", WATCH, page_one, "sample_one", "一次随机抽查：名单、抽中的、结果。"),
    DESK(POST, "/w/super/samples/{n}", ROLE_SUPERVISOR, post_one, NULL, "抽取、登记结果或作废。"),
    DESK(GET, "/w/super/signs/{sign}", ROLE_SUPERVISOR, page_sign, "early_form", "一条异常线索的判定。"),
    DESK(POST, "/w/super/signs/{sign}", ROLE_SUPERVISOR, post_sign, NULL, "判定一条异常线索。"),
    {.path = NULL},
};
