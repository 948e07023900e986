/* SPDX-License-Identifier: Apache-2.0 */
/* page_consult.c: consultation 前期咨询: the public replies, asking, the department's answer. */
#include "web/page_early.h"

enum { STEP = 50 };

/* ---- lists ------------------------------------------------------------------------------------------------ */

Code consults_view(Cx *cx, Request *rq, Json *view, const ConsultFilter *f) {
  Arena *m = rq->mem;
  ConsultRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  TRY(consults_list(cx, rq->rd, rq->app->policy, f, rq->now, &rows, &n, &total));
  Json *list = json_put_arr(m, view, S("consults"));
  for (size_t i = 0; i < n; i++) {
    const ConsultRow *c = &rows[i];
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "no", c->no);
    PUT(o, "subject", c->subject);
    PUT(o, "unit_name", unit_name(rq->app->policy, c->unit));
    PUT(o, "status", c->status);
    PUT(o, "status_label", early_label(c->status));
    PUT(o, "reply_no", c->reply_no);
    view_reading(m, o, &c->reading, c->days);
    if (c->replied_at) PUT(o, "replied", day_str(m, day_of(c->replied_at)));
    if (f->open) continue; /* everybody may see these: no names */
    PUT(o, "owner", c->owner);
    PUT(o, "specialist", c->specialist);
  }
  if (!f->overdue) view_pages(rq, view, f->offset, n, f->limit, total);
  PUT_INT(view, "consults_shown", (int64_t)n);
  return OK;
}

static void period_view(Request *rq, Json *view) {
  Arena *m = rq->mem;
  PUT_INT(view, "consult_days", rq->app->policy->consult_days);
  PUT_BOOL(view, "consult_sample", rq->app->policy->consult_source.sample);
}

Code page_consults_public(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Str q = request_arg(rq, S("q"));
  rp->title = tr(rq->lang, S("前期咨询"));
  rp->view = json_obj(m);
  PUT(rp->view, "q", q);
  period_view(rq, rp->view);
  return consults_view(cx, rq, rp->view, &(ConsultFilter){.open = true, .q = q, .offset = from_of(rq), .limit = STEP});
}

/* ---- one of them -------------------------------------------------------------------------------------------- */

static Code consult_of(Cx *cx, Request *rq, const Consult **out) {
  return consult_load(cx, rq->rd, param_no(rq, 0), out);
}

void consult_public_view(Request *rq, Json *view, const Consult *c) {
  Arena *m = rq->mem;
  PUT_INT(view, "no", c->no);
  PUT(view, "subject", c->subject);
  PUT(view, "unit_name", unit_name(rq->app->policy, c->unit));
  PUT(view, "status", c->status);
  PUT(view, "status_label", early_label(c->status));
  PUT(view, "reply_no", c->reply_no);
  PUT(view, "reply", c->reply);
  PUT(view, "basis", c->basis);
  if (c->replied_at) PUT(view, "replied", time_cn(m, c->replied_at));
  PUT(view, "asked", time_cn(m, c->asked_at));
}

Code page_consult_public(Cx *cx, Request *rq, Reply *rp) {
  const Consult *c = NULL;
  TRY(consult_of(cx, rq, &c));
  if (!c->open || !c->reply_no.len) FAIL(NOT_FOUND, "没有这件咨询，或者它没有公开。");
  rp->title = c->subject;
  rp->view = json_obj(rq->mem);
  consult_public_view(rq, rp->view, c);
  return OK;
}

static const FormField assign_fields[] = {{"person", "select", "专员", "由本人对接到底", false}};
static const FormField more_fields[] = {{"what", "long", "需要补充的全部内容", "只能要求一次，请一次写全", false}};
static const FormField reply_fields[] = {{"reply", "long", "答复", "申办要件和审核要求一次告知；答复以后可以作为审批依据", false},
                                         {"basis", "text", "依据", "法规、标准或规划的名称和条文", false}};
static const FormField supplement_fields[] = {{"text", "long", "补充说明", NULL, false}};
static const FormField withdraw_fields[] = {{"reason", "text", "理由", NULL, false}};
enum { ASSIGN, REPLY, MORE, SUPPLEMENT, WITHDRAW, FORGET, ACTS };
static const FormAct acts[ACTS] = {
    {.act = "assign", .command = "consult.assign", .title = "指定专员", .button = "指定", FIELDS(assign_fields)},
    {.act = "reply", .command = "consult.reply", .title = "答复", .button = "答复，取得编号", FIELDS(reply_fields),
     .note = "答复有编号，申请人可以在申请表中引用；本单位对答复负责。"},
    {.act = "more", .command = "consult.ask-more", .title = "要求补充", .button = "一次性告知", FIELDS(more_fields)},
    {.act = "supplement", .command = "consult.supplement", .title = "补充", .button = "提交补充", FIELDS(supplement_fields), .upload = true},
    {.act = "withdraw", .command = "consult.withdraw", .title = "撤回咨询", .button = "撤回", FIELDS(withdraw_fields)},
    {.act = "forget", .command = "consult.forget", .title = "已经告知提问人", .button = "清除联系方式", .fields = NULL, .count = 0, .note = "答复告知以后，提问人留的称呼和联系方式不再需要，清除以后不能恢复。"}};

static Code assign_form(Cx *cx, Request *rq, Json *view, const Consult *c) {
  PersonRow *rows = NULL;
  size_t n = 0;
  TRY(persons_list(cx, rq->rd, c->unit, &rows, &n));
  Json *form = form_put_act(rq, view, &acts[ASSIGN]);
  for (size_t i = 0; i < n; i++) form_choice(rq, form, "person", rows[i].id, rows[i].name);
  return OK;
}

static Code acts_view(Cx *cx, Request *rq, Json *view, const Consult *c) {
  bool asked = str_eqz(c->status, "asked"), more = str_eqz(c->status, "more"), mine = own_enterprise(rq, c->applicant, c->uscc);
  bool answers = staff_of(rq, c->unit) && (!c->specialist.len || str_eq(c->specialist, rq->who->id));
  if (asked && answers) form_put_act(rq, view, &acts[REPLY]);
  if (asked && answers && !c->more_at && !c->lock.len) form_put_act(rq, view, &acts[MORE]);
  if ((asked || more) && head_of(rq, c->unit)) TRY(assign_form(cx, rq, view, c));
  if (more && mine) form_put_act(rq, view, &acts[SUPPLEMENT]);
  if ((asked || more) && mine) form_put_act(rq, view, &acts[WITHDRAW]);
  if (str_eqz(c->status, "replied") && staff_of(rq, c->unit) && (c->asker.len || c->contact.len)) form_put_act(rq, view, &acts[FORGET]);
  return OK;
}

static bool from_enterprise(const Request *rq) {
  return str_starts(rq->path, S("/my/")) || str_starts(rq->path, S("/api/v1/my/"));
}

static Code consult_seen(Cx *cx, Request *rq, const Consult **out) {
  TRY(consult_of(cx, rq, out));
  bool may = from_enterprise(rq) ? own_enterprise(rq, (*out)->applicant, (*out)->uscc)
                                 : staff_of(rq, (*out)->unit) || request_has_role(rq, ROLE_SUPERVISOR | ROLE_LEADER);
  if (!may) FAIL(NOT_FOUND, "没有这件咨询，或者它不归您的单位。");
  return OK;
}

static Str own_path(Request *rq, const Consult *c) {
  return arena_fmt(rq->mem, "/%s/ask/%lld", from_enterprise(rq) ? "my" : "w", (long long)c->no);
}

Code page_consult(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Consult *c = NULL;
  TRY(consult_seen(cx, rq, &c));
  Reading r = consult_reading(rq->app->policy, c, rq->now);
  rp->title = c->subject;
  rp->view = json_obj(m);
  consult_public_view(rq, rp->view, c);
  PUT(rp->view, "path", own_path(rq, c));
  PUT_BOOL(rp->view, "mine", from_enterprise(rq));
  PUT(rp->view, "question", c->question);
  PUT(rp->view, "project_name", c->project_name);
  PUT(rp->view, "owner", c->owner);
  PUT_BOOL(rp->view, "open", c->open);
  PUT_BOOL(rp->view, "public", c->lock.len > 0);
  bool whole = staff_of(rq, c->unit); /* others see that there is one */
  if (c->asker.len) PUT(rp->view, "asker", personal_text(rq, FIELD_TEXT, c->asker, whole));
  if (c->contact.len) PUT(rp->view, "contact", personal_text(rq, FIELD_TEXT, c->contact, whole));
  PUT(rp->view, "specialist", c->specialist_name);
  PUT(rp->view, "reply_by", c->reply_by);
  PUT(rp->view, "more", c->more);
  if (c->more_at) PUT(rp->view, "more_at", time_cn(m, c->more_at));
  PUT(rp->view, "supplement", c->supplement);
  if (c->supplement_at) PUT(rp->view, "supplement_at", time_cn(m, c->supplement_at));
  PUT(rp->view, "end_reason", c->end_reason);
  Json *files = json_put_arr(m, rp->view, S("files"));
  for (size_t i = 0; i < c->file_count; i++) {
    Json *o = json_push_obj(m, files);
    PUT(o, "blob", c->files[i].blob);
    PUT(o, "name", c->files[i].name);
    PUT_INT(o, "kb", (c->files[i].size + 1023) / 1024);
  }
  period_view(rq, rp->view);
  view_reading(m, rp->view, &r, c->days);
  return acts_view(cx, rq, rp->view, c);
}

Code post_consult(Cx *cx, Request *rq, Reply *rp) {
  const FormAct *a = NULL;
  const Consult *c = NULL;
  TRY(consult_seen(cx, rq, &c));
  TRY(form_act(cx, rq, acts, ACTS, &a));
  Json *args = form_args(rq, a);
  if (a->upload) TRY(form_upload(cx, rq, args));
  form_send(rq, rp, a, arena_fmt(rq->mem, "consult/%lld", (long long)c->no), args, own_path(rq, c), page_consult, "consult");
  return OK;
}

Code page_consult_file(Cx *cx, Request *rq, Reply *rp) {
  const Consult *c = NULL;
  TRY(consult_seen(cx, rq, &c));
  for (size_t i = 0; i < c->file_count; i++)
    if (str_eq(c->files[i].blob, rq->params[1])) {
      rp->blob = c->files[i].blob;
      rp->filename = c->files[i].name;
      return OK;
    }
  FAIL(NOT_FOUND, "这件咨询没有这份附件。");
}

/* ---- asking ---------------------------------------------------------------------------------------------------- */

static const FormField ask_fields[] = {{"unit", "select", "向哪个单位咨询", "部门、县（市）区或公用企业", false},
                                       {"subject", "text", "咨询事项", "例如：建筑退线", false},
                                       {"question", "long", "咨询内容", "写明拟建地点、用途和想知道的要求", false},
                                       {"project_name", "text", "拟建项目", "还没有立项的可以不填", true},
                                       {"county", "select", "拟建地点", NULL, true},
                                       {"open", "yesno", "答复可以公开吗", "公开时不显示您的单位和项目名称", false}};
static const FormAct ask_act = {.act = "ask", .command = "consult.ask", .title = "咨询", .button = "提交咨询", FIELDS(ask_fields), .upload = true};

Code page_consult_new(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  (void)cx;
  rp->title = S("提出前期咨询");
  rp->view = json_obj(m);
  PUT(rp->view, "path", S("/my/ask/new"));
  PUT(rp->view, "back", S("/my/early"));
  PUT(rp->view, "back_text", S("返回前期服务"));
  PUT(rp->view, "intro", arena_fmt(m, "取得土地和编制设计以前就可以咨询，%d 个工作日内答复%s。答复有编号，以后申报时可以引用；答复单位对答复负责。",
                                   rq->app->policy->consult_days, rq->app->policy->consult_source.sample ? "（示例）" : ""));
  Json *form = form_put_act(rq, rp->view, &ask_act);
  units_choices(rq, form, "unit", "department|county|zone|company");
  units_choices(rq, form, "county", "county|zone");
  return OK;
}

Code post_consult_new(Cx *cx, Request *rq, Reply *rp) {
  Json *args = form_args(rq, &ask_act);
  TRY(form_upload(cx, rq, args));
  form_send(rq, rp, &ask_act, S(""), args, S("/my/ask/"), page_consult_new, "early_form");
  return OK;
}
