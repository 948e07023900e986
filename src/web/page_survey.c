/* SPDX-License-Identifier: Apache-2.0 */
/* page_survey.c: the one survey 多测合一: the hall for everybody, the owner's commission, the agency's desk, the departments' one result. */
#include "web/page_accept.h"

#include "policy/surveys.h"

enum { STEP = 50 };

static Str lead_of(const Request *rq) {
  return rq->app->policy->stages[2].lead;
}

/* ---- parts --------------------------------------------------------------------------------------------------- */

static void standards_view(Request *rq, Json *view) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Json *list = json_put_arr(m, view, S("standards"));
  PUT(view, "area_rule", p->area_rule);
  PUT_BOOL(view, "area_sample", p->area_source.sample);
  for (size_t i = 0; i < p->survey_count; i++) {
    const SurveyPart *x = &p->surveys[i];
    Json *o = json_push_obj(m, list), *contents = json_put_arr(m, o, S("contents"));
    PUT(o, "name", x->name);
    PUT(o, "unit_name", unit_name(p, x->unit));
    for (size_t k = 0; k < x->content_count; k++) json_push_str(m, contents, x->contents[k]);
    PUT(o, "precision", x->precision);
    PUT(o, "form", x->form);
    view_source(m, o, x->source);
  }
}

static Code surveyors_view(Cx *cx, Request *rq, Json *view, Str status) {
  Arena *m = rq->mem;
  SurveyorRow *rows = NULL;
  size_t n = 0;
  TRY(surveyors_list(cx, rq->rd, status, &rows, &n));
  Json *list = json_put_arr(m, view, S("surveyors"));
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "no", rows[i].no);
    PUT(o, "number", rows[i].number);
    PUT(o, "name", rows[i].name);
    PUT(o, "uscc", rows[i].uscc);
    PUT(o, "grade", str_eqz(rows[i].grade, "a") ? S(N_("甲级")) : S(N_("乙级")));
    PUT(o, "document", rows[i].document);
    PUT(o, "until", day_str(m, rows[i].until));
    PUT_BOOL(o, "over", rows[i].until.n < day_of(rq->now).n);
    PUT(o, "status", rows[i].status);
    PUT(o, "status_label", str_eqz(rows[i].status, "applied") ? S("待核查") : finish_label(rows[i].status));
  }
  return OK;
}

static Code surveys_view(Cx *cx, Request *rq, Json *view, const SurveyFilter *f) {
  Arena *m = rq->mem;
  SurveyRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  TRY(surveys_list(cx, rq->rd, f, &rows, &n, &total));
  Json *list = json_put_arr(m, view, S("surveys"));
  for (size_t i = 0; i < n; i++) {
    const SurveyRow *s = &rows[i];
    const struct { const char *key; Str value; } texts[] = {
        {"number", s->number}, {"project_number", s->project_number}, {"project_name", s->project_name}, {"owner", s->owner}, {"surveyor", s->surveyor},
        {"status", s->status}, {"status_label", finish_label(s->status)}, {"repeat", s->repeat}, {"reason", s->reason}, {"at_cn", time_cn(m, s->at)}};
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "no", s->no);
    PUT_INT(o, "project", s->project);
    PUT_INT(o, "fee", s->fee);
    for (size_t k = 0; k < COUNT(texts); k++) json_put_str(m, o, str_of(texts[k].key), texts[k].value);
  }
  view_pages(rq, view, f->offset, n, f->limit, total);
  return OK;
}

static Code survey_head(Cx *cx, Request *rq, Json *view, const Survey *s, Str base) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  const struct { const char *key; Str value; } texts[] = {
      {"number", s->number}, {"project_number", s->project_number}, {"project_name", s->project_name}, {"owner", s->owner}, {"surveyor", s->surveyor_name},
      {"status", s->status}, {"status_label", finish_label(s->status)}, {"area_rule", s->area_rule}, {"repeat", s->repeat}, {"reason", s->reason},
      {"end_reason", s->end_reason}, {"file", s->file.name}, {"blob", s->file.blob}, {"total", s->total}, {"above", s->above}, {"below", s->below},
      {"counted", s->counted}, {"note", s->note}, {"signature", s->signature}, {"path", base}, {"commissioned", time_cn(m, s->commissioned_at)}};
  for (size_t i = 0; i < COUNT(texts); i++) json_put_str(m, view, str_of(texts[i].key), texts[i].value);
  PUT_INT(view, "no", s->no);
  PUT_INT(view, "project", s->project);
  PUT_INT(view, "fee", s->fee);
  PUT_INT(view, "kb", (s->file.size + 1023) / 1024);
  PUT_BOOL(view, "area_sample", s->area_sample);
  if (s->delivered_at) PUT(view, "delivered", time_cn(m, s->delivered_at));
  Json *list = json_put_arr(m, view, S("tasks"));
  for (size_t i = 0; i < s->task_count; i++) {
    Json *o = json_push_obj(m, list);
    PUT(o, "name", s->tasks[i].name);
    PUT(o, "unit_name", unit_name(p, s->tasks[i].unit));
  }
  TRY(survey_said_view(cx, rq, view, s));
  return survey_off_view(cx, rq, view, s);
}

static Code file_of(Cx *cx, const Survey *s, Str blob, Reply *rp) {
  if (!s->file.blob.len || !str_eq(s->file.blob, blob)) FAIL(NOT_FOUND, "这次联合测绘没有这份文件。");
  rp->blob = s->file.blob;
  rp->filename = s->file.name;
  return OK;
}

/* ---- everybody ----------------------------------------------------------------------------------------------- */

static Code page_hall(Cx *cx, Request *rq, Reply *rp) {
  rp->title = tr(rq->lang, S("多测合一"));
  rp->view = json_obj(rq->mem);
  standards_view(rq, rp->view);
  return surveyors_view(cx, rq, rp->view, S("entered"));
}

/* ---- the owner ------------------------------------------------------------------------------------------------- */

static const FormField commission_fields[] = {{"surveyor", "select", "测绘机构", "只列已经入驻、资质有效的机构", false},
                                              {"fee", "number", "测绘费用（元）", "合同金额；免费补测的写 0", false}};
static const FormField again_fields[] = {{"surveyor", "select", "测绘机构", "只列已经入驻、资质有效的机构", false},
                                         {"parts", "checks", "再测哪几项", "已有成果的，各部门共用，一般不用再测", false},
                                         {"fee", "number", "测绘费用（元）", "免费补测的写 0", false},
                                         {"reason", "long", "重复测绘的理由", "付费重测已经委托过的，要写明，至少 10 个字；监督部门看得到", true}};
static const FormField cancel_fields[] = {{"no", "select", "哪一次", NULL, false}, {"reason", "text", "理由", NULL, false}};
enum { COMMISSION, AGAIN, CANCEL, ACTS };
static const FormAct acts[ACTS] = {
    {.act = "commission", .command = "survey.commission", .title = "委托联合测绘", .button = "一次委托全部测绘", FIELDS(commission_fields),
     .note = "一次委托，包括规划核实、土地、消防、人防、档案的测量和房产测绘；成果各部门共用，不再分别委托。"},
    {.act = "again", .command = "survey.commission", .title = "补测、重测", .button = "委托", FIELDS(again_fields)},
    {.act = "cancel", .command = "survey.cancel", .title = "撤销委托", .button = "撤销", FIELDS(cancel_fields)}};

static Str own_path(Request *rq) {
  return arena_fmt(rq->mem, "/my/%.*s/survey", SFMT(rq->params[0]));
}

static void surveyor_choices(Request *rq, Json *form, const Json *view) {
  for (const Json *x = json_get(view, S("surveyors"))->first; x; x = x->next)
    if (!json_bool(x, S("over"))) form_choice(rq, form, "surveyor", arena_fmt(rq->mem, "%lld", (long long)json_int(x, S("no"), 0)), json_str(x, S("name")));
}

static void part_choices(Request *rq, Json *form, Str category) {
  const Policy *p = rq->app->policy;
  for (size_t i = 0; i < p->survey_count; i++) {
    const Item *item = policy_item(p, p->surveys[i].item);
    if (!item || policy_item_in(item, category)) form_choice(rq, form, "parts", p->surveys[i].code, p->surveys[i].name);
  }
}

static Code page_my_survey(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Project *pr = NULL;
  Json *cancel = NULL;
  bool live = false;
  TRY(project_of_owner(cx, rq, &pr));
  rp->title = S("联合测绘（多测合一）");
  rp->view = json_obj(m);
  PUT_INT(rp->view, "project_no", pr->no);
  PUT(rp->view, "name", pr->name);
  PUT(rp->view, "path", own_path(rq));
  TRY(surveys_view(cx, rq, rp->view, &(SurveyFilter){.project = pr->no, .limit = STEP}));
  TRY(surveyors_view(cx, rq, rp->view, S("entered")));
  standards_view(rq, rp->view);
  if (pr->status != PROJECT_RUNNING || !rq->app->policy->survey_count) return OK;
  for (const Json *x = json_get(rp->view, S("surveys"))->first; x; x = x->next) live |= !str_eqz(json_str(x, S("status")), "cancelled");
  Json *form = form_put_act(rq, rp->view, &acts[live ? AGAIN : COMMISSION]);
  surveyor_choices(rq, form, rp->view);
  if (live) part_choices(rq, form, pr->category);
  for (const Json *x = json_get(rp->view, S("surveys"))->first; x; x = x->next) {
    if (!str_eqz(json_str(x, S("status")), "commissioned")) continue;
    if (!cancel) cancel = form_put_act(rq, rp->view, &acts[CANCEL]);
    form_choice(rq, cancel, "no", arena_fmt(m, "%lld", (long long)json_int(x, S("no"), 0)), json_str(x, S("number")));
  }
  return OK;
}

static void int_put(Request *rq, Json *args, const char *name) {
  int64_t n;
  if (str_to_i64(str_trim(request_arg(rq, str_of(name))), &n)) json_put_int(rq->mem, args, str_of(name), n);
}

static Code post_my_survey(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const FormAct *a = NULL;
  const Project *pr = NULL;
  TRY(project_of_owner(cx, rq, &pr));
  TRY(form_act(cx, rq, acts, ACTS, &a));
  Json *args = form_args(rq, a);
  if (a == &acts[CANCEL]) {
    Json *own = json_obj(m);
    PUT(own, "reason", request_arg(rq, S("reason")));
    form_send(rq, rp, a, arena_fmt(m, "survey/%lld", (long long)request_int(rq, S("no"), 0)), own, own_path(rq), page_my_survey, "my_survey");
    return OK;
  }
  PUT_INT(args, "project", pr->no);
  int_put(rq, args, "surveyor");
  int_put(rq, args, "fee");
  form_send(rq, rp, a, S(""), args, own_path(rq), page_my_survey, "my_survey");
  return OK;
}

static Code page_my_result(Cx *cx, Request *rq, Reply *rp) {
  const Project *pr = NULL;
  const Survey *s = NULL;
  TRY(project_of_owner(cx, rq, &pr));
  TRY(survey_load(cx, rq->rd, param_no(rq, 1), &s));
  if (s->project != pr->no) FAIL(NOT_FOUND, "这个项目没有这次联合测绘。");
  rp->title = arena_fmt(rq->mem, "联合测绘成果 %.*s", SFMT(s->number));
  rp->view = json_obj(rq->mem);
  json_put_str(rq->mem, rp->view, S("back"), own_path(rq));
  return survey_head(cx, rq, rp->view, s, arena_fmt(rq->mem, "/my/%lld/survey/%lld", (long long)pr->no, (long long)s->no));
}

static Code page_my_file(Cx *cx, Request *rq, Reply *rp) {
  const Project *pr = NULL;
  const Survey *s = NULL;
  TRY(project_of_owner(cx, rq, &pr));
  TRY(survey_load(cx, rq->rd, param_no(rq, 1), &s));
  if (s->project != pr->no) FAIL(NOT_FOUND, "这个项目没有这次联合测绘。");
  return file_of(cx, s, rq->params[2], rp);
}

/* ---- the agency --------------------------------------------------------------------------------------------------- */

static const FormField apply_fields[] = {{"grade", "radio", "测绘资质等级", NULL, false},
                                         {"document", "text", "资质证书编号", NULL, false},
                                         {"until", "text", "资质有效期至", "如 2027-12-31", false}};
static const FormAct apply_act = {.act = "apply", .command = "surveyor.apply", .title = "申请入驻中介服务大厅", .button = "申请入驻", FIELDS(apply_fields), .upload = true,
                                  .upload_label = "测绘资质证书", .note = "由市自然资源局核查，准予以后建设单位才能选择。"};
static const FormAct renew_act = {.act = "apply", .command = "surveyor.apply", .title = "资质换证续期", .button = "申请续期", FIELDS(apply_fields), .upload = true,
                                  .upload_label = "测绘资质证书", .note = "新的有效期应当比现在的晚；核查准予以后代替现在的登记，核查期间不影响受托。"};
static const FormField deliver_fields[] = {{"total", "decimal", "总建筑面积（㎡）", "等于地上加地下", false}, {"above", "decimal", "地上建筑面积（㎡）", NULL, false},
                                           {"below", "decimal", "地下建筑面积（㎡）", "没有的写 0", false}, {"counted", "decimal", "计容建筑面积（㎡）", NULL, false},
                                           {"note", "long", "说明", NULL, true}, {"signature", "text", "签字", "您自己的姓名", false}};
static const FormAct deliver_act = {.act = "deliver", .command = "survey.deliver", .title = "交成果", .button = "签字并交成果", FIELDS(deliver_fields), .upload = true,
                                    .upload_label = "成果文件", .note = "一份成果，各部门共用；进入项目的材料库。"};

static Code page_desk(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  bool waits = false, entered = false;
  Trade trade;
  rp->title = S("测绘任务");
  rp->view = json_obj(m);
  PUT(rp->view, "org", rq->who->org_name);
  PUT(rp->view, "path", S("/my/surveys"));
  PUT(rp->view, "lead_name", unit_name(rq->app->policy, lead_of(rq)));
  TRY(surveyors_view(cx, rq, rp->view, S("")));
  Json *own = json_put_arr(m, rp->view, S("own"));
  for (const Json *x = json_get(rp->view, S("surveyors"))->first; x; x = x->next) {
    if (!rq->who->org_uscc.len || !str_eq(json_str(x, S("uscc")), rq->who->org_uscc)) continue;
    json_push(m, own, x);
    waits |= str_eqz(json_str(x, S("status")), "applied");
    entered |= str_eqz(json_str(x, S("status")), "entered");
  }
  json_put_arr(m, rp->view, S("surveyors"));
  TRY(surveys_view(cx, rq, rp->view, &(SurveyFilter){.surveyor_uscc = rq->who->org_uscc.len ? rq->who->org_uscc : S("-"), .open_first = true, .offset = from_of(rq), .limit = STEP}));
  int64_t open = 0;
  for (const Json *x = json_get(rp->view, S("surveys"))->first; x; x = x->next) open += str_eqz(json_str(x, S("status")), "commissioned");
  TRY(trade_of(cx, rq, &trade));
  PUT_INT(rp->view, "waiting", open);
  PUT_BOOL(rp->view, "entered", entered);
  PUT_BOOL(rp->view, "trade", trade.path.len > 0);
  if (waits) return OK;
  Json *form = form_put_act(rq, rp->view, entered ? &renew_act : &apply_act);
  form_choice(rq, form, "grade", S("a"), S("甲级"));
  form_choice(rq, form, "grade", S("b"), S("乙级"));
  return OK;
}

/* The form again with the fault of its file; OK: nothing is wrong with it. */
static Code upload_or_again(Cx *cx, Request *rq, Reply *rp, const FormAct *a, Json *args, Again *again, const char *tmpl, bool *stop) {
  Code code = form_upload(cx, rq, args);
  *stop = code != OK;
  if (code == OK) return OK;
  Str field = cx->field, detail = cx->detail;
  cx_clear(cx);
  TRY(again(cx, rq, rp));
  rp->tmpl = tmpl;
  form_fault(rq, rp, a, field, detail);
  return OK;
}

static Code post_desk(Cx *cx, Request *rq, Reply *rp) {
  Json *args = form_args(rq, &apply_act);
  bool stop = false;
  TRY(upload_or_again(cx, rq, rp, &apply_act, args, page_desk, "survey_desk", &stop));
  if (!stop) form_send(rq, rp, &apply_act, S(""), args, S("/my/surveys"), page_desk, "survey_desk");
  return OK;
}

static Code own_survey(Cx *cx, Request *rq, const Survey **out) {
  TRY(survey_load(cx, rq->rd, param_no(rq, 0), out));
  if (!rq->who->org_uscc.len || !str_eq((*out)->surveyor_uscc, rq->who->org_uscc)) FAIL(NOT_FOUND, "没有委托您单位的这次联合测绘。");
  return OK;
}

/* The page of one, from the list `back`. */
static Code one_view(Cx *cx, Request *rq, Reply *rp, const Survey *s, const char *title, const char *back) {
  rp->title = arena_fmt(rq->mem, "%s %.*s", title, SFMT(s->number));
  rp->view = json_obj(rq->mem);
  json_put_str(rq->mem, rp->view, S("back"), str_of(back));
  return survey_head(cx, rq, rp->view, s, arena_fmt(rq->mem, "%s/%lld", back, (long long)s->no));
}

static Code page_task(Cx *cx, Request *rq, Reply *rp) {
  const Survey *s = NULL;
  TRY(survey_load(cx, rq->rd, param_no(rq, 0), &s));
  bool agency = rq->who->org_uscc.len && str_eq(s->surveyor_uscc, rq->who->org_uscc);
  if (!agency && str_eq(s->applicant, rq->who->id)) { /* from a message: the owner has it below his project */
    reply_redirect(rp, arena_fmt(rq->mem, "/my/%lld/survey/%lld", (long long)s->project, (long long)s->no));
    return OK;
  }
  TRY(own_survey(cx, rq, &s));
  TRY(one_view(cx, rq, rp, s, "联合测绘", "/my/surveys"));
  if (!str_eqz(s->status, "commissioned")) return survey_next_view(cx, rq, rp->view, s);
  Json *form = form_put_act(rq, rp->view, &deliver_act);
  Str kinds = survey_kinds(rq->mem, rq->app->policy);
  if (kinds.len) json_put_str(rq->mem, form, S("upload_label"), arena_fmt(rq->mem, "成果文件（%.*s）", SFMT(kinds)));
  return survey_declared(cx, rq, rp->view, form, s);
}

/* Each fault beside its field, so that one look says all. */
static void faults_put(Request *rq, Reply *rp, const Json *faults) {
  for (const Json *x = faults->first; x; x = x->next) form_fault(rq, rp, &deliver_act, json_str(x, S("field")), json_str(x, S("text")));
}

static void deliver_done(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  const Json *faults = NULL;
  if (!survey_again(cx, rq, result, &faults)) {
    form_done(cx, rq, result, rp);
    return;
  }
  if (page_task(cx, rq, rp) != OK) return;
  rp->tmpl = "survey";
  faults_put(rq, rp, faults);
}

static Code post_task(Cx *cx, Request *rq, Reply *rp) {
  const Survey *s = NULL;
  bool stop = false;
  static const char *const areas[] = {"total", "above", "below", "counted"};
  TRY(own_survey(cx, rq, &s));
  Json *typed = (Json *)(uintptr_t)rq->args;
  for (size_t i = 0; i < COUNT(areas); i++)
    if (json_get(typed, str_of(areas[i]))) json_put_str(rq->mem, typed, str_of(areas[i]), survey_area_plain(rq->mem, request_arg(rq, str_of(areas[i]))));
  const Json *ticked = json_get(rq->args, S("checked"));
  Json *args = form_args(rq, &deliver_act);
  if (ticked && ticked->first) json_put_bool(rq->mem, args, S("checked"), true);
  TRY(upload_or_again(cx, rq, rp, &deliver_act, args, page_task, "survey", &stop));
  if (stop) { /* the file came to grief: what is wrong beside it is said all the same */
    faults_put(rq, rp, survey_beside(rq, args));
    return OK;
  }
  Str at = arena_fmt(rq->mem, "/my/surveys/%lld", (long long)s->no);
  form_send(rq, rp, &deliver_act, arena_fmt(rq->mem, "survey/%lld", (long long)s->no), args, at, page_task, "survey");
  rp->after = deliver_done;
  return OK;
}

static Code page_task_file(Cx *cx, Request *rq, Reply *rp) {
  const Survey *s = NULL;
  TRY(own_survey(cx, rq, &s));
  return file_of(cx, s, rq->params[1], rp);
}

/* ---- departments, supervisors ---------------------------------------------------------------------------------------- */

static bool watches(const Request *rq) {
  return request_has_role(rq, ROLE_SUPERVISOR | ROLE_LEADER | ROLE_CLERK | ROLE_WINDOW_HEAD) || staff_of(rq, lead_of(rq));
}

Str surveys_unit(const Request *rq) {
  return watches(rq) ? S("") : rq->who->unit;
}

Code surveyors_waiting(Cx *cx, Request *rq, int64_t *count) {
  SurveyorRow *rows = NULL;
  size_t n = 0;
  *count = 0;
  if (!staff_of(rq, lead_of(rq))) return OK;
  TRY(surveyors_list(cx, rq->rd, S("applied"), &rows, &n));
  *count = (int64_t)n;
  return OK;
}

static Code page_surveys(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  bool repeated = str_eqz(request_arg(rq, S("view")), "repeat");
  rp->title = S("联合测绘（多测合一）");
  rp->view = json_obj(m);
  PUT_BOOL(rp->view, "repeated", repeated);
  PUT_BOOL(rp->view, "lead", staff_of(rq, lead_of(rq)));
  TRY(surveyors_view(cx, rq, rp->view, S("")));
  return surveys_view(cx, rq, rp->view,
                      &(SurveyFilter){.unit = surveys_unit(rq), .repeated = repeated, .open_first = true, .offset = from_of(rq), .limit = STEP});
}

static Code seen(Cx *cx, Request *rq, const Survey **out) {
  TRY(survey_load(cx, rq->rd, param_no(rq, 0), out));
  bool mine = watches(rq);
  for (size_t i = 0; i < (*out)->task_count; i++) mine |= staff_of(rq, (*out)->tasks[i].unit);
  if (!mine) FAIL(NOT_FOUND, "没有这次联合测绘，或者您的单位不用它的成果。");
  return OK;
}

static Code page_survey(Cx *cx, Request *rq, Reply *rp) {
  const Survey *s = NULL;
  TRY(seen(cx, rq, &s));
  return one_view(cx, rq, rp, s, "联合测绘成果", "/w/surveys");
}

static Code page_survey_file(Cx *cx, Request *rq, Reply *rp) {
  const Survey *s = NULL;
  TRY(seen(cx, rq, &s));
  return file_of(cx, s, rq->params[1], rp);
}

static const FormField check_fields[] = {{"result", "radio", "核查结论", NULL, false}, {"note", "long", "核查情况", "核对了哪些证书，从哪里查的", false}};
static const FormField remove_fields[] = {{"reason", "long", "理由", NULL, false}};
enum { CHECK, REMOVE, LEAD_ACTS };
static const FormAct lead_acts[LEAD_ACTS] = {
    {.act = "check", .command = "surveyor.check", .title = "入驻信息核查", .button = "签发结论", FIELDS(check_fields)},
    {.act = "remove", .command = "surveyor.remove", .title = "清退", .button = "清退", FIELDS(remove_fields)}};

static Code page_surveyor(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Surveyor *s = NULL;
  TRY(surveyor_load(cx, rq->rd, param_no(rq, 0), &s));
  const struct { const char *key; Str value; } texts[] = {
      {"number", s->number}, {"name", s->name}, {"uscc", s->uscc}, {"grade", str_eqz(s->grade, "a") ? S("甲级") : S("乙级")}, {"document", s->document},
      {"until", day_str(m, s->until)}, {"note", s->note}, {"checked_by", s->checked_by}, {"path", arena_fmt(m, "/w/surveyors/%lld", (long long)s->no)},
      {"status_label", str_eqz(s->status, "applied") ? S("待核查") : finish_label(s->status)}};
  rp->title = s->name;
  rp->view = json_obj(m);
  for (size_t i = 0; i < COUNT(texts); i++) json_put_str(m, rp->view, str_of(texts[i].key), texts[i].value);
  if (s->file_count) PUT(rp->view, "file", s->files[0].name);
  if (s->file_count) PUT(rp->view, "blob", s->files[0].blob);
  if (str_eqz(s->status, "applied") && staff_of(rq, lead_of(rq))) {
    Json *form = form_put_act(rq, rp->view, &lead_acts[CHECK]);
    form_choice(rq, form, "result", S("enter"), S("准予入驻"));
    form_choice(rq, form, "result", S("refuse"), S("不准入驻"));
  }
  if (str_eqz(s->status, "entered") && head_of(rq, lead_of(rq))) form_put_act(rq, rp->view, &lead_acts[REMOVE]);
  return OK;
}

static Code post_surveyor(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const FormAct *a = NULL;
  TRY(form_act(cx, rq, lead_acts, LEAD_ACTS, &a));
  Str no = arena_fmt(m, "%lld", (long long)param_no(rq, 0));
  form_send(rq, rp, a, arena_fmt(m, "surveyor/%.*s", SFMT(no)), form_args(rq, a), arena_fmt(m, "/w/surveyors/%.*s", SFMT(no)), page_surveyor, "surveyor");
  return OK;
}

static Code page_surveyor_file(Cx *cx, Request *rq, Reply *rp) {
  const Surveyor *s = NULL;
  TRY(surveyor_load(cx, rq->rd, param_no(rq, 0), &s));
  for (size_t i = 0; i < s->file_count; i++)
    if (str_eq(s->files[i].blob, rq->params[1])) {
      rp->blob = s->files[i].blob;
      rp->filename = s->files[i].name;
      return OK;
    }
  FAIL(NOT_FOUND, "这个机构没有这份文件。");
}

#define UNIT (ROLE_APPROVER | ROLE_UNIT_HEAD)
#define OVERSEE (ROLE_SUPERVISOR | ROLE_LEADER | ROLE_CLERK | ROLE_WINDOW_HEAD)
#define PARTY (ROLE_APPLICANT | ROLE_AGENT)
#define ROUTE(how, at, who, fn, t, sec, what) {.method = how, .path = at, .allow = (who), .run = fn, .tmpl = t, .section = sec, .help = what}
#define DESK(how, at, who, fn, t, what) {.method = how, .path = at, .allow = (who), .run = fn, .tmpl = t, .section = "accept", .compact = true, .help = what}
const Route survey_routes[] = {
    ROUTE(GET, "/s/surveys", ROLE_PUBLIC, page_hall, "survey_hall", "guide", "多测合一：入驻的测绘机构，各部门要的测绘内容、精度、成果形式，面积规则版本。"),
    ROUTE(GET, "/my/{id}/survey", PARTY, page_my_survey, "my_survey", "my", "本项目的联合测绘：委托、成果。"),
    ROUTE(POST, "/my/{id}/survey", PARTY, post_my_survey, NULL, "my", "委托联合测绘，撤销委托。"),
    ROUTE(GET, "/my/{id}/survey/{n}", PARTY, page_my_result, "survey", "my", "一次联合测绘的成果。"),
    ROUTE(GET, "/my/{id}/survey/{n}/file/{blob}", PARTY, page_my_file, NULL, "my", "下载联合测绘成果。"),
    ROUTE(GET, "/my/surveys", ROLE_APPLICANT, page_desk, "survey_desk", "my", "测绘机构：入驻和受托的联合测绘。"),
    {.method = POST, .path = "/my/surveys", .allow = ROLE_APPLICANT, .run = post_desk, .section = "my", .uploads = "many", .help = "测绘机构申请入驻。"},
    ROUTE(GET, "/my/surveys/{n}", ROLE_APPLICANT, page_task, "survey", "my", "受托的一次联合测绘。"),
    {.method = POST, .path = "/my/surveys/{n}", .allow = ROLE_APPLICANT, .run = post_task, .section = "my", .uploads = "many", .help = "交成果。"},
    ROUTE(GET, "/my/surveys/{n}/file/{blob}", ROLE_APPLICANT, page_task_file, NULL, "my", "下载联合测绘成果。"),
    DESK(GET, "/w/surveys", UNIT | OVERSEE, page_surveys, "surveys", "联合测绘：各项目的成果、重复测绘、测绘机构。"),
    DESK(GET, "/w/surveys/{n}", UNIT | OVERSEE, page_survey, "survey", "一次联合测绘的成果，各部门共用。"),
    DESK(GET, "/w/surveys/{n}/file/{blob}", UNIT | OVERSEE, page_survey_file, NULL, "下载联合测绘成果。"),
    DESK(GET, "/w/surveyors/{n}", UNIT | OVERSEE, page_surveyor, "surveyor", "一个测绘机构的入驻信息。"),
    DESK(POST, "/w/surveyors/{n}", UNIT, post_surveyor, NULL, "核查入驻信息，清退。"),
    DESK(GET, "/w/surveyors/{n}/file/{blob}", UNIT | OVERSEE, page_surveyor_file, NULL, "下载测绘资质证书。"),
    {.path = NULL},
};
