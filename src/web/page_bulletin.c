/* SPDX-License-Identifier: Apache-2.0 */
/* page_bulletin.c: notices 通报 and records of talks 约谈. */
#include "supervision/supervision.h"
#include "web/forms.h"

enum { SHOWN = 100 };

static const FormField issue_fields[] = {{"text", "long", "通报正文", "上面的表按印发当天的情况重新列出，附在正文后面", false}};
static const FormField drop_fields[] = {{"reason", "text", "理由", NULL, false}};
enum { DRAFT, ISSUE, DROP, SAVE, ACTS };
static const FormAct acts[ACTS] = {
    {.act = "draft", .command = "bulletin.draft", .title = "起草通报", .button = "现在起草", .fields = NULL, .count = 0, .note = "每次巡查时系统也会起草；同时只有一份通报稿。"},
    {.act = "issue", .command = "bulletin.issue", .title = "印发", .button = "印发", FIELDS(issue_fields), .note = "印发以后各单位都看得到，不能改。"},
    {.act = "drop", .command = "bulletin.drop", .title = "作废", .button = "作废", FIELDS(drop_fields)},
    {.act = "save", .command = "bulletin.save", .title = "印发", .button = "存为草稿", FIELDS(issue_fields)}}; /* a second button of the form that issues */

static Code page_bulletins(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  BulletinHead *rows = NULL;
  size_t n = 0;
  bool watch = request_has_role(rq, WATCH), draft = false;
  rp->title = S("通报");
  rp->view = json_obj(m);
  PUT(rp->view, "path", S("/w/bulletins"));
  PUT_BOOL(rp->view, "watch", watch);
  PUT_INT(rp->view, "days", rq->app->policy->bulletin_days);
  PUT_BOOL(rp->view, "sample", rq->app->policy->bulletin_source.sample);
  TRY(bulletins_list(cx, rq->rd, !request_has_role(rq, ROLE_SUPERVISOR), SHOWN, &rows, &n));
  Json *list = json_put_arr(m, rp->view, S("bulletins"));
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "no", rows[i].no);
    PUT(o, "number", rows[i].number);
    PUT(o, "status_label", super_label(rows[i].status));
    PUT_INT(o, "rows", rows[i].rows);
    PUT(o, "at_cn", time_cn(m, rows[i].at));
    draft |= str_eqz(rows[i].status, "draft");
  }
  if (request_has_role(rq, ROLE_SUPERVISOR) && !draft) form_put_act(rq, rp->view, &acts[DRAFT]);
  return OK;
}

static Code post_bulletins(Cx *cx, Request *rq, Reply *rp) {
  (void)cx;
  form_send(rq, rp, &acts[DRAFT], S(""), json_obj(rq->mem), S("/w/bulletins/"), page_bulletins, "bulletins");
  return OK;
}

static Code page_bulletin(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Bulletin *b = NULL;
  TRY(bulletin_load(cx, rq->rd, param_no(rq, 0), &b));
  bool draft = str_eqz(b->status, "draft"), sent = str_eqz(b->status, "sent");
  if (!sent && !request_has_role(rq, ROLE_SUPERVISOR)) FAIL(NOT_FOUND, "没有这份通报，或者还没有印发。");
  rp->title = sent ? arena_fmt(m, "通报 %.*s", SFMT(b->number)) : arena_fmt(m, "第 %lld 份通报稿", (long long)b->no);
  rp->view = json_obj(m);
  PUT_INT(rp->view, "no", b->no);
  PUT(rp->view, "path", arena_fmt(m, "/w/bulletins/%lld", (long long)b->no));
  PUT(rp->view, "status", b->status);
  PUT(rp->view, "status_label", super_label(b->status));
  PUT(rp->view, "number", b->number);
  if (!draft) PUT(rp->view, "text", b->text);
  if (draft && b->text.len) PUT(rp->view, "saved", b->by);
  PUT(rp->view, "by", b->by);
  PUT(rp->view, "reason", b->reason);
  PUT(rp->view, "at_cn", time_cn(m, b->at));
  Json *list = json_put_arr(m, rp->view, S("rows"));
  for (size_t i = 0; i < b->count; i++) {
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "directive", b->rows[i].directive);
    PUT(o, "number", b->rows[i].number);
    PUT(o, "unit_name", unit_name(rq->app->policy, b->rows[i].unit));
    PUT(o, "task", b->rows[i].task);
    PUT_INT(o, "days", b->rows[i].days);
    PUT_BOOL(o, "opens", request_has_role(rq, WATCH) || str_eq(rq->who->unit, b->rows[i].unit)); /* as page_directive.c lets in */
  }
  if (!draft || !request_has_role(rq, ROLE_SUPERVISOR)) return OK;
  Json *form = form_put_act(rq, rp->view, &acts[ISSUE]);
  PUT(form, "also", S("save"));
  PUT(form, "also_button", str_of(acts[SAVE].button));
  bool typed = rq->method == POST && str_eqz(request_arg(rq, S("act")), "save"); /* refused: what was typed stays */
  form_value(rq, form, "text", typed ? request_arg(rq, S("text")) : b->text.len ? b->text : S("下列单位收到督办单以后，过了回复日仍没有回复，现予通报。请在三日内回复，并抓紧办理。"));
  form_put_act(rq, rp->view, &acts[DROP]);
  return OK;
}

static Code post_bulletin(Cx *cx, Request *rq, Reply *rp) {
  const FormAct *a = NULL;
  const Bulletin *b = NULL;
  TRY(bulletin_load(cx, rq->rd, param_no(rq, 0), &b));
  TRY(form_act(cx, rq, acts + 1, ACTS - 1, &a));
  form_send(rq, rp, a, arena_fmt(rq->mem, "bulletin/%lld", (long long)b->no), form_args(rq, a), arena_fmt(rq->mem, "/w/bulletins/%lld", (long long)b->no), page_bulletin,
            "bulletin");
  return OK;
}

/* ---- talks ------------------------------------------------------------------------------------------------------ */

static const FormField record_fields[] = {{"whom", "text", "约谈谁", "单位、建设单位或负责人", false},
                                          {"unit", "select", "单位", NULL, true},
                                          {"day", "text", "哪天", "写成 2026-12-01 的样子", false},
                                          {"about", "text", "事由", NULL, false},
                                          {"demand", "long", "整改要求", NULL, false},
                                          {"until", "text", "哪天前整改", "写成 2026-12-01 的样子", false},
                                          {"directive", "number", "督办单序号", "附到一份督办单时填写，见督办单网址末尾的数字", true}};
static const FormField end_fields[] = {{"outcome", "long", "整改结果", NULL, false}};
static const FormAct record_act = {.act = "record", .command = "talk.record", .title = "登记约谈", .button = "登记", FIELDS(record_fields)};
static const FormAct end_act = {.act = "end", .command = "talk.end", .title = "登记整改结果", .button = "登记", FIELDS(end_fields)};

static Code page_talks(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  TalkRow *rows = NULL;
  size_t n = 0;
  rp->title = S("约谈");
  rp->view = json_obj(m);
  PUT(rp->view, "path", S("/w/super/talks"));
  TRY(talks_list(cx, rq->rd, 0, SHOWN, &rows, &n));
  Json *list = json_put_arr(m, rp->view, S("talks"));
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "no", rows[i].no);
    PUT(o, "whom", rows[i].whom);
    PUT(o, "about", rows[i].about);
    PUT(o, "day", day_str(m, rows[i].day));
    PUT(o, "until", day_str(m, rows[i].until));
    PUT_BOOL(o, "ended", rows[i].ended);
    PUT_BOOL(o, "over", !rows[i].ended && rows[i].until.n < day_of(rq->now).n);
  }
  if (!request_has_role(rq, ROLE_SUPERVISOR)) return OK;
  Json *form = form_put_act(rq, rp->view, &record_act);
  units_choices(rq, form, "unit", "department|county|zone|company|institution|window");
  form_value(rq, form, "day", day_str(m, day_of(rq->now)));
  form_value(rq, form, "directive", request_arg(rq, S("directive")));
  return OK;
}

static Code post_talks(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Json *args = form_args(rq, &record_act);
  int64_t no = 0;
  (void)cx;
  if (str_to_i64(json_str(args, S("directive")), &no)) PUT_INT(args, "directive", no);
  form_send(rq, rp, &record_act, S(""), args, S("/w/super/talks/"), page_talks, "talks");
  return OK;
}

static Code page_talk(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const TalkRecord *t = NULL;
  TRY(talk_load(cx, rq->rd, param_no(rq, 0), &t));
  rp->title = arena_fmt(m, "约谈%.*s", SFMT(t->whom));
  rp->view = json_obj(m);
  PUT(rp->view, "path", arena_fmt(m, "/w/super/talks/%lld", (long long)t->no));
  PUT(rp->view, "whom", t->whom);
  PUT(rp->view, "unit_name", t->unit.len ? unit_name(rq->app->policy, t->unit) : S(""));
  PUT(rp->view, "about", t->about);
  PUT(rp->view, "demand", t->demand);
  PUT(rp->view, "day", day_str(m, t->day));
  PUT(rp->view, "until", day_str(m, t->until));
  PUT(rp->view, "by", t->by);
  PUT_INT(rp->view, "directive", t->directive);
  PUT(rp->view, "directive_number", t->number);
  PUT(rp->view, "outcome", t->outcome);
  PUT_BOOL(rp->view, "over", !t->ended_at && t->until.n < day_of(rq->now).n);
  if (!t->ended_at && request_has_role(rq, ROLE_SUPERVISOR)) form_put_act(rq, rp->view, &end_act);
  return OK;
}

static Code post_talk(Cx *cx, Request *rq, Reply *rp) {
  const TalkRecord *t = NULL;
  TRY(talk_load(cx, rq->rd, param_no(rq, 0), &t));
  form_send(rq, rp, &end_act, arena_fmt(rq->mem, "talk/%lld", (long long)t->no), form_args(rq, &end_act), arena_fmt(rq->mem, "/w/super/talks/%lld", (long long)t->no),
            page_talk, "talk");
  return OK;
}

#define DESK(how, at, who, fn, t, sec, what) \
  {.method = how, .path = at, .allow = (who), .run = fn, .tmpl = t, .section = sec, .compact = true, .help = what}
const Route bulletin_routes[] = {
    DESK(GET, "/w/bulletins", ROLE_STAFF | ROLE_LEADER, page_bulletins, "bulletins", "orders", "通报：印发的给各单位看，通报稿只给监督人员看。"),
    DESK(POST, "/w/bulletins", ROLE_SUPERVISOR, post_bulletins, NULL, "orders", "现在起草一份通报。"),
    DESK(GET, "/w/bulletins/{n}", ROLE_STAFF | ROLE_LEADER, page_bulletin, "bulletin", "orders", "一份通报：单位、事项、天数。"),
    DESK(POST, "/w/bulletins/{n}", ROLE_SUPERVISOR, post_bulletin, NULL, "orders", "存为草稿、印发或作废一份通报稿。"),
    DESK(GET, "/w/super/talks", WATCH, page_talks, "talks", "super", "约谈的记录。"),
    DESK(POST, "/w/super/talks", ROLE_SUPERVISOR, post_talks, NULL, "super", "登记一次约谈。"),
    DESK(GET, "/w/super/talks/{n}", WATCH, page_talk, "talk", "super", "一次约谈：事由、整改要求、结果。"),
    DESK(POST, "/w/super/talks/{n}", ROLE_SUPERVISOR, post_talk, NULL, "super", "登记整改结果。"),
    {.path = NULL},
};
