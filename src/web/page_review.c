/* SPDX-License-Identifier: Apache-2.0 */
/* page_review.c: the joint review of drawings 联合审图, as the owner, the agency and the departments see it. */
#include "web/page_joint.h"

enum { STEP = 50 };

/* ---- lists ------------------------------------------------------------------------------------------------ */

static void stops_view(Arena *m, Json *obj, const Project *pr) {
  const Joined *j = pr->joined;
  if (project_halted(pr)) {
    const HaltNote *h = &j->halts[j->halt_count - 1];
    Json *o = json_put_obj(m, obj, S("stopped"));
    PUT(o, "since", time_cn(m, h->since));
    PUT(o, "reason", h->reason);
  }
  Json *list = j && j->revoked_count ? json_put_arr(m, obj, S("revoked")) : NULL;
  for (size_t i = 0; list && i < j->revoked_count; i++) {
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "stage", j->revoked[i].stage);
    PUT(o, "item_name", j->revoked[i].name);
    PUT(o, "decision", j->revoked[i].decision);
    PUT(o, "reason", j->revoked[i].reason);
    PUT(o, "at_cn", time_cn(m, j->revoked[i].at));
  }
}

static void blueprint_view(Arena *m, Json *obj, const Project *pr) {
  const BlueprintNote *b = project_blueprint(pr);
  if (!b) return;
  Json *o = json_put_obj(m, obj, S("blueprint"));
  PUT_INT(o, "check", b->no);
  PUT(o, "number", b->number);
  PUT_INT(o, "conflicts", b->conflicts);
  PUT_INT(o, "blocks", b->blocks);
  PUT_INT(o, "warnings", b->warnings);
  PUT(o, "reason", b->reason);
  PUT(o, "article", b->article);
  PUT(o, "way", b->way);
}

/* The acceptance waits for a row of a ledger 暂不办理 (S34). */
static void hold_view(Arena *m, Json *obj, const Project *pr) {
  const HoldNote *h = project_hold(pr, S(""));
  if (!h) return;
  Json *o = json_put_obj(m, obj, S("held_by"));
  PUT_INT(o, "entry", h->entry);
  PUT(o, "ledger", h->ledger);
  PUT(o, "number", h->number);
  PUT(o, "name", h->name);
  PUT(o, "text", h->text);
  PUT(o, "clause", h->clause);
  PUT(o, "since", day_str(m, day_of(h->since)));
}

void view_review(Arena *m, Json *obj, const Project *pr) {
  const ReviewNote *r = project_review(pr);
  hold_view(m, obj, pr);
  stops_view(m, obj, pr);
  blueprint_view(m, obj, pr);
  if (!r) return;
  Json *o = json_put_obj(m, obj, S("review"));
  PUT_INT(o, "no", r->no);
  PUT(o, "number", r->number);
  PUT(o, "status", r->status);
  PUT(o, "status_label", joint_label(r->status));
  PUT_BOOL(o, "promised", r->promised_at > 0);
  PUT_BOOL(o, "ready", project_drawings_ready(pr));
}

Code reviews_view(Cx *cx, Request *rq, Json *view, const ReviewFilter *f) {
  Arena *m = rq->mem;
  ReviewRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  TRY(reviews_list(cx, rq->rd, rq->app->policy, f, rq->now, &rows, &n, &total));
  Json *list = json_put_arr(m, view, S("reviews"));
  for (size_t i = 0; i < n; i++) {
    const ReviewRow *r = &rows[i];
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "no", r->no);
    PUT_INT(o, "project", r->project);
    PUT(o, "number", r->number);
    PUT(o, "project_number", r->project_number);
    PUT(o, "name", r->name);
    PUT(o, "owner", r->owner);
    PUT(o, "agency_name", r->agency_name);
    PUT(o, "status", r->status);
    PUT(o, "status_label", joint_label(r->status));
    PUT_INT(o, "round", r->round);
    PUT_INT(o, "pending", r->pending);
    PUT_BOOL(o, "promised", r->promised_at > 0);
    if (r->pending) view_reading(m, o, &r->reading, rq->app->policy->review_days);
  }
  view_pages(rq, view, f->offset, n, f->limit, total);
  return OK;
}

/* ---- one of them: the parts ---------------------------------------------------------------------------------- */

static void tasks_view(Request *rq, Json *view, const Review *r) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("tasks"));
  for (Discipline d = 0; d < DISCIPLINES; d++) {
    const ReviewTask *t = &r->tasks[d];
    Reading reading = review_reading(rq->app->policy, r, d, rq->now);
    Json *o = json_push_obj(m, list);
    PUT(o, "discipline", discipline_text(d));
    PUT(o, "label", discipline_label(d));
    PUT(o, "unit_name", unit_name(rq->app->policy, discipline_unit(d)));
    PUT(o, "status", t->status);
    PUT(o, "status_label", joint_label(t->status));
    PUT_INT(o, "round", t->round);
    PUT_BOOL(o, "change", str_eqz(t->status, "change"));
    PUT_BOOL(o, "pass", str_eqz(t->status, "pass"));
    PUT(o, "opinion", t->given ? t->opinion : S(""));
    PUT(o, "reviewer", t->given ? t->reviewer : S(""));
    PUT(o, "registration", t->given ? t->registration : S(""));
    if (t->given) PUT(o, "given", time_cn(m, t->given));
    view_reading(m, o, &reading, r->days);
  }
}

static void files_view(Request *rq, Json *view, const Review *r) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("files"));
  for (size_t i = r->file_count; i > 0; i--) {
    const ReviewFile *f = &r->files[i - 1];
    Json *o = json_push_obj(m, list);
    PUT(o, "blob", f->blob);
    PUT(o, "name", f->name);
    PUT_INT(o, "round", f->round);
    PUT_INT(o, "kb", (f->size + 1023) / 1024);
  }
}

static void words_view(Request *rq, Json *view, const Review *r) {
  Arena *m = rq->mem;
  Json *guides = json_put_arr(m, view, S("guides")), *opinions = json_put_arr(m, view, S("opinions"));
  for (size_t i = 0; i < r->guide_count; i++) {
    Json *o = json_push_obj(m, guides);
    PUT(o, "label", discipline_label(r->guides[i].discipline));
    PUT(o, "unit_name", unit_name(rq->app->policy, r->guides[i].unit));
    PUT(o, "by", r->guides[i].by);
    PUT(o, "text", r->guides[i].text);
    PUT_BOOL(o, "again", r->guides[i].again);
    PUT(o, "at_cn", time_cn(m, r->guides[i].at));
  }
  for (size_t i = r->opinion_count; i > 0; i--) {
    const ReviewOpinion *x = &r->opinions[i - 1];
    Json *o = json_push_obj(m, opinions);
    PUT(o, "number", x->number);
    PUT(o, "result", x->result);
    PUT(o, "result_label", str_eqz(x->result, "change") ? S("需要修改") : joint_label(x->result));
    PUT(o, "text", x->text);
    PUT(o, "by", x->by);
    PUT(o, "at_cn", time_cn(m, x->at));
    PUT_INT(o, "round", x->round);
  }
}

static void period_view(Request *rq, Json *view) {
  Arena *m = rq->mem;
  PUT_INT(view, "review_days", rq->app->policy->review_days);
  PUT_BOOL(view, "days_sample", rq->app->policy->review_source.sample);
}

static void review_head(Request *rq, Json *view, const Review *r) {
  Arena *m = rq->mem;
  PUT_INT(view, "no", r->no);
  PUT(view, "number", r->number);
  PUT_INT(view, "project", r->project);
  PUT(view, "project_number", r->project_number);
  PUT(view, "name", r->name);
  PUT(view, "owner", r->owner);
  PUT(view, "agency_name", r->agency_name);
  PUT(view, "status", r->status);
  PUT(view, "status_label", joint_label(r->status));
  PUT_INT(view, "round", r->round);
  PUT(view, "applied", time_cn(m, r->applied_at));
  if (r->promised_at) PUT(view, "promised", arena_fmt(m, "%.*s　%.*s", SFMT(time_cn(m, r->promised_at)), SFMT(r->promised_by)));
  PUT(view, "end_reason", r->end_reason);
  period_view(rq, view);
  tasks_view(rq, view, r);
  files_view(rq, view, r);
  words_view(rq, view, r);
}

/* ---- the acts ------------------------------------------------------------------------------------------------ */

static const FormField apply_fields[] = {{"agency", "select", "审图机构", "只列经省住建厅认定、能审查四个专业的机构", false}};
static const FormField resubmit_fields[] = {{"note", "long", "修改说明", "逐条说明怎样修改", false}};
static const FormField promise_fields[] = {{"consent", "yesno", "我单位承诺：施工图设计文件能够符合相应建设标准和调整要求", "承诺不实的，撤销许可并记入信用记录", false},
                                           {"signature", "text", "签字", "您自己的姓名", false}};
static const FormField withdraw_fields[] = {{"reason", "text", "理由", NULL, false}};
static const FormField report_fields[] = {{"discipline", "radio", "专业", NULL, false},
                                          {"result", "radio", "结论", NULL, false},
                                          {"opinion", "long", "审查报告", "需要修改的，逐条写明图号、问题和所依据的规范条文", false},
                                          {"reviewer", "text", "审查人", "本人姓名；出具过报告的，输入时会列出来", false},
                                          {"registration", "text", "注册号", NULL, false}};
static const FormField guide_fields[] = {{"discipline", "radio", "专业", NULL, false},
                                         {"text", "long", "业务指导意见", "审图机构和建设单位都看得到", false},
                                         {"again", "yesno", "请机构复核这个专业吗", "有联合审查意见、承诺书或者施工许可证以后不再复核", true}};
static const FormField conclude_fields[] = {{"result", "radio", "联合审查意见", NULL, false},
                                            {"text", "long", "意见", "需要修改的，汇总各专业的修改要求", false},
                                            {"signature", "text", "签字", "您自己的姓名", false}};
enum { APPLY, RESUBMIT, PROMISE, REPORT, CONCLUDE, GUIDE, WITHDRAW, ACTS };
static const FormAct acts[ACTS] = {
    {.act = "apply", .command = "review.apply", .title = "申请联合审图", .button = "上传并同时开始四项审查", FIELDS(apply_fields), .upload = true,
     .upload_label = "施工图设计文件（含勘察报告）", .note = "一次上传，消防、防雷、人防、施工图四项审查共用；审查报告由审图机构出具并承担技术审查责任。"},
    {.act = "resubmit", .command = "review.resubmit", .title = "提交修改后的图纸", .button = "再审一轮", FIELDS(resubmit_fields), .upload = true,
     .upload_label = "修改后的施工图设计文件", .note = "只审需要修改的专业，已经合格的不再审。"},
    {.act = "promise", .command = "review.promise", .title = "签订《施工图设计文件承诺书》", .button = "签订承诺书", FIELDS(promise_fields),
     .note = "在调整图纸的同时可以签订承诺书，据此办理施工许可证后即可进场施工（葫政办发〔2019〕60号 二、（四）3．（1）第1段）。"},
    {.act = "report", .command = "review.report", .title = "出具审查报告", .button = "出具报告", FIELDS(report_fields)},
    {.act = "conclude", .command = "review.conclude", .title = "出具联合审查意见", .button = "签字并出具", FIELDS(conclude_fields),
     .note = "依据各专业的审查报告出具；部门不再进行技术审查。"},
    {.act = "guide", .command = "review.guide", .title = "业务指导", .button = "提出", FIELDS(guide_fields)},
    {.act = "withdraw", .command = "review.withdraw", .title = "撤回联合审图", .button = "撤回", FIELDS(withdraw_fields)}};

static void discipline_choices(Request *rq, Json *form, const Review *r, Str unit) {
  for (Discipline d = 0; d < DISCIPLINES; d++)
    if (unit.len ? str_eq(discipline_unit(d), unit) : str_eqz(r->tasks[d].status, "pending")) form_choice(rq, form, "discipline", discipline_text(d), discipline_label(d));
}

static Code apply_form(Cx *cx, Request *rq, Json *view) {
  AgencyRow *rows = NULL;
  size_t n = 0;
  TRY(agencies_list(cx, rq->rd, &rows, &n));
  Json *form = form_put_act(rq, view, &acts[APPLY]);
  for (size_t i = 0; i < n; i++)
    if (rows[i].recognised && rows[i].all && rows[i].until.n >= day_of(rq->now).n) form_choice(rq, form, "agency", arena_fmt(rq->mem, "%lld", (long long)rows[i].no), rows[i].name);
  return OK;
}

static void owner_forms(Request *rq, Json *view, const Review *r) {
  if (str_eqz(r->status, "change")) form_put_act(rq, view, &acts[RESUBMIT]);
  if (str_eqz(r->status, "change") && !r->promised_at) form_put_act(rq, view, &acts[PROMISE]);
  if (!review_ended(r->status) && !r->promised_at) form_put_act(rq, view, &acts[WITHDRAW]);
}

/* "offers" of a field: a <datalist>, with the other one of the two beside each. */
static Code reviewer_offers(Cx *cx, Request *rq, Json *form, const Review *r) {
  Arena *m = rq->mem;
  Reviewer *rows = NULL;
  size_t n = 0;
  const Policy *p = rq->app->policy;
  TRY(reviewers_list(cx, rq->rd, r->agency_uscc, &rows, &n));
  for (Json *f = json_get(form, S("fields"))->first; f; f = f->next) {
    bool name = str_eqz(json_str(f, S("bare")), "reviewer"), number = str_eqz(json_str(f, S("bare")), "registration");
    if (number && p->reviewer_example.len)
      PUT(f, "hint", arena_fmt(m, "照注册证书填写，如 %.*s%s；一个注册号只能是一个人", SFMT(p->reviewer_example), p->review_source.sample ? "（示例）" : ""));
    if (!(name || number) || !n) continue;
    Json *offers = json_put_arr(m, f, S("offers"));
    for (size_t i = 0; i < n; i++) {
      Json *o = json_push_obj(m, offers);
      PUT(o, "value", name ? rows[i].name : rows[i].registration);
      PUT(o, "label", name ? rows[i].registration : rows[i].name);
    }
  }
  return OK;
}

static Code agency_forms(Cx *cx, Request *rq, Json *view, const Review *r) {
  if (!str_eqz(r->status, "reviewing")) return OK;
  Json *form = form_put_act(rq, view, &acts[REPORT]);
  discipline_choices(rq, form, r, S(""));
  form_choice(rq, form, "result", S("pass"), S("合格"));
  form_choice(rq, form, "result", S("change"), S("需要修改"));
  return reviewer_offers(cx, rq, form, r);
}

static void staff_forms(Request *rq, Json *view, const Review *r) {
  bool wanting = false, guides = false, live = str_eqz(r->status, "reviewing") || str_eqz(r->status, "reported");
  for (Discipline d = 0; d < DISCIPLINES; d++) {
    wanting |= str_eqz(r->tasks[d].status, "change");
    guides |= staff_of(rq, discipline_unit(d));
  }
  if (str_eqz(r->status, "reported") && head_of(rq, rq->app->policy->stages[3].lead)) {
    Json *form = form_put_act(rq, view, &acts[CONCLUDE]);
    if (!wanting) form_choice(rq, form, "result", S("pass"), S("合格"));
    if (wanting) form_choice(rq, form, "result", S("change"), S("需要修改"));
    if (wanting) form_choice(rq, form, "result", S("fail"), S("不合格"));
  }
  if (live && guides && !r->promised_at) discipline_choices(rq, form_put_act(rq, view, &acts[GUIDE]), r, rq->who->unit);
}

/* ---- the owner's page, by project ------------------------------------------------------------------------------- */

static Code page_my_review(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Project *pr = NULL;
  const Review *r = NULL;
  int64_t no = 0;
  TRY(project_of_owner(cx, rq, &pr));
  TRY(review_of_project(cx, rq->rd, pr->no, &no));
  if (no) TRY(review_load(cx, rq->rd, no, &r));
  rp->title = S("联合审图");
  rp->view = json_obj(m);
  PUT(rp->view, "path", arena_fmt(m, "/my/%lld/review", (long long)pr->no));
  PUT(rp->view, "back", arena_fmt(m, "/my/%lld", (long long)pr->no));
  PUT(rp->view, "back_text", S("返回项目"));
  PUT(rp->view, "name", pr->name);
  period_view(rq, rp->view);
  if (r) review_head(rq, rp->view, r);
  if (!request_has_role(rq, ROLE_APPLICANT) || pr->status != PROJECT_RUNNING) return OK;
  if (r && !str_eqz(r->status, "failed") && !str_eqz(r->status, "closed")) owner_forms(rq, rp->view, r);
  else TRY(apply_form(cx, rq, rp->view));
  return OK;
}

static Code post_my_review(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const FormAct *a = NULL;
  const Project *pr = NULL;
  int64_t no = 0, agency = 0;
  TRY(project_of_owner(cx, rq, &pr));
  TRY(form_act(cx, rq, acts, ACTS, &a));
  TRY(review_of_project(cx, rq->rd, pr->no, &no));
  Json *args = form_args(rq, a);
  if (a->upload) TRY(form_upload(cx, rq, args));
  if (a->upload && !json_get(args, S("files"))) json_put_arr(m, args, S("files")); /* the engine says what is missing */
  if (a == &acts[APPLY]) {
    (void)str_to_i64(request_arg(rq, S("agency")), &agency);
    PUT_INT(args, "project", pr->no);
    PUT_INT(args, "agency", agency);
  }
  form_send(rq, rp, a, a == &acts[APPLY] ? S("") : arena_fmt(m, "review/%lld", (long long)no), args, arena_fmt(m, "/my/%lld/review", (long long)pr->no), page_my_review,
            "review");
  return OK;
}

/* ---- the agency's and the departments' pages, by review ------------------------------------------------------------ */

static bool from_agency(const Request *rq) {
  return str_starts(rq->path, S("/my/")) || str_starts(rq->path, S("/api/v1/my/"));
}

static Code review_seen(Cx *cx, Request *rq, const Review **out) {
  TRY(review_load(cx, rq->rd, param_no(rq, 0), out));
  bool may = from_agency(rq) ? rq->who->org_uscc.len && str_eq(rq->who->org_uscc, (*out)->agency_uscc) : true;
  if (!may) FAIL(NOT_FOUND, "没有这次联合审图，或者它没有委托您的机构。");
  return OK;
}

static Str own_path(Request *rq, const Review *r) {
  return arena_fmt(rq->mem, "/%s/draw/%lld", from_agency(rq) ? "my" : "w", (long long)r->no);
}

static Code page_draw(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Review *r = NULL;
  TRY(review_seen(cx, rq, &r));
  rp->title = r->number;
  rp->view = json_obj(m);
  PUT(rp->view, "path", own_path(rq, r));
  PUT(rp->view, "back", from_agency(rq) ? S("/my/draw") : S("/w/draw"));
  PUT(rp->view, "back_text", from_agency(rq) ? S("返回审图任务") : S("返回联合审图"));
  const Project *pr = NULL;
  TRY(project_load(cx, rq->rd, r->project, &pr));
  PUT_BOOL(rp->view, "staff", !from_agency(rq) && reads_whole(rq, pr));
  review_head(rq, rp->view, r);
  if (from_agency(rq)) TRY(agency_forms(cx, rq, rp->view, r));
  else staff_forms(rq, rp->view, r);
  return OK;
}

static Code post_draw(Cx *cx, Request *rq, Reply *rp) {
  const FormAct *a = NULL;
  const Review *r = NULL;
  TRY(review_seen(cx, rq, &r));
  TRY(form_act(cx, rq, acts, ACTS, &a));
  form_send(rq, rp, a, arena_fmt(rq->mem, "review/%lld", (long long)r->no), form_args(rq, a), own_path(rq, r), page_draw, "review");
  return OK;
}

/* "waiting": how many wait for a report of the agency; "trade": it has no projects of its own to go back to. */
static Code waiting_view(Cx *cx, Request *rq, Json *view, Str uscc) {
  Arena *m = rq->mem;
  ReviewRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  Trade trade;
  TRY(reviews_list(cx, rq->rd, rq->app->policy, &(ReviewFilter){.agency_uscc = uscc, .status = S("reviewing"), .limit = 1}, rq->now, &rows, &n, &total));
  TRY(trade_of(cx, rq, &trade));
  PUT_INT(view, "waiting", total);
  PUT_BOOL(view, "trade", trade.path.len > 0);
  return OK;
}

static Code page_draws(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  bool agency = from_agency(rq);
  Str uscc = agency ? (rq->who->org_uscc.len ? rq->who->org_uscc : S("-")) : S("");
  rp->title = agency ? S("审图任务") : S("联合审图");
  rp->view = json_obj(m);
  PUT(rp->view, "base", agency ? S("/my/draw") : S("/w/draw"));
  PUT_BOOL(rp->view, "agency", agency);
  PUT(rp->view, "status", request_arg(rq, S("status")));
  period_view(rq, rp->view);
  if (agency) TRY(waiting_view(cx, rq, rp->view, uscc));
  return reviews_view(cx, rq, rp->view, &(ReviewFilter){.agency_uscc = uscc, .status = request_arg(rq, S("status")), .offset = from_of(rq), .limit = STEP});
}

static Code file_of(Cx *cx, const Review *r, Str blob, Reply *rp) {
  for (size_t i = 0; i < r->file_count; i++)
    if (str_eq(r->files[i].blob, blob)) {
      rp->blob = r->files[i].blob;
      rp->filename = r->files[i].name;
      return OK;
    }
  FAIL(NOT_FOUND, "这次联合审图没有这份图纸。");
}

static Code page_draw_file(Cx *cx, Request *rq, Reply *rp) {
  const Review *r = NULL;
  TRY(review_seen(cx, rq, &r));
  return file_of(cx, r, rq->params[1], rp);
}

static Code page_my_file(Cx *cx, Request *rq, Reply *rp) {
  const Project *pr = NULL;
  const Review *r = NULL;
  int64_t no = 0;
  TRY(project_of_owner(cx, rq, &pr));
  TRY(review_of_project(cx, rq->rd, pr->no, &no));
  TRY(review_load(cx, rq->rd, no, &r));
  return file_of(cx, r, rq->params[1], rp);
}

/* ---- the rows ------------------------------------------------------------------------------------------------- */

#define UNIT (ROLE_APPROVER | ROLE_UNIT_HEAD)
#define PARTY (ROLE_APPLICANT | ROLE_AGENT)
#define ROUTE(how, at, who, fn, t, sec, what) {.method = how, .path = at, .allow = (who), .run = fn, .tmpl = t, .section = sec, .help = what}
#define DESK(how, at, who, fn, t, what) \
  {.method = how, .path = at, .allow = (who), .run = fn, .tmpl = t, .section = "joint", .compact = true, .help = what}
const Route joint_routes[] = {
    ROUTE(GET, "/my/{id}/review", PARTY, page_my_review, "review", "my", "一个项目的联合审图：四个专业、修改意见、承诺书。"),
    {.method = POST, .path = "/my/{id}/review", .allow = ROLE_APPLICANT, .run = post_my_review, .section = "my", .uploads = "many",
     .help = "申请联合审图、提交修改后的图纸、签订承诺书、撤回。"},
    ROUTE(GET, "/my/{id}/review/file/{blob}", PARTY, page_my_file, NULL, "my", "下载送审的图纸。"),
    ROUTE(GET, "/my/draw", ROLE_APPLICANT, page_draws, "reviews", "my", "审图机构的任务。"),
    ROUTE(GET, "/my/draw/{n}", ROLE_APPLICANT, page_draw, "review", "my", "审图机构：一次联合审图。"),
    ROUTE(POST, "/my/draw/{n}", ROLE_APPLICANT, post_draw, NULL, "my", "审图机构按专业出具审查报告。"),
    ROUTE(GET, "/my/draw/{n}/file/{blob}", ROLE_APPLICANT, page_draw_file, NULL, "my", "审图机构下载图纸。"),
    DESK(GET, "/w/draw", UNIT | WATCH, page_draws, "reviews", "联合审图：各项目的四个专业和期限。"),
    DESK(GET, "/w/draw/{n}", UNIT | WATCH, page_draw, "review", "联合审图意见汇总。"),
    DESK(POST, "/w/draw/{n}", UNIT, post_draw, NULL, "业务指导、联合审查意见。"),
    DESK(GET, "/w/draw/{n}/file/{blob}", UNIT | WATCH, page_draw_file, NULL, "下载送审的图纸。"),
    DESK(GET, "/w/agencies", UNIT | WATCH, page_agencies, "agencies", "审图机构名录。"),
    DESK(GET, "/w/agencies/new", UNIT, page_agency_new, "early_form", "登记审图机构。"),
    DESK(POST, "/w/agencies/new", UNIT, post_agency_new, NULL, "登记审图机构。"),
    DESK(GET, "/w/agencies/{n}", UNIT | WATCH, page_agency, "agency_one", "一个审图机构：认定、有效期、专业。"),
    DESK(POST, "/w/agencies/{n}", UNIT, post_agency, NULL, "变更审图机构的认定。"),
    {.path = NULL},
};
