/* SPDX-License-Identifier: Apache-2.0 */
/* page_agencies.c: the list of agencies that review drawings 审图机构名录: who keeps it, who may read it. */
#include "web/page_joint.h"

static bool keeps(const Request *rq) {
  return staff_of(rq, rq->app->policy->stages[3].lead);
}

static void agency_head(Request *rq, Json *o, Str name, Str uscc, Str document, Day until, bool recognised) {
  Arena *m = rq->mem;
  PUT(o, "name", name);
  PUT(o, "uscc", uscc);
  PUT(o, "document", document);
  PUT(o, "until", day_str(m, until));
  PUT_BOOL(o, "recognised", recognised);
  PUT_BOOL(o, "over", until.n < day_of(rq->now).n);
}

Code page_agencies(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  AgencyRow *rows = NULL;
  size_t n = 0;
  TRY(agencies_list(cx, rq->rd, &rows, &n));
  rp->title = S("审图机构名录");
  rp->view = json_obj(m);
  PUT_BOOL(rp->view, "can_add", keeps(rq));
  PUT_BOOL(rp->view, "staff", request_has_role(rq, ROLE_STAFF | ROLE_LEADER));
  Json *list = json_put_arr(m, rp->view, S("agencies"));
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "no", rows[i].no);
    agency_head(rq, o, rows[i].name, rows[i].uscc, rows[i].document, rows[i].until, rows[i].recognised);
    PUT_BOOL(o, "all", rows[i].all);
  }
  return OK;
}

static const FormField add_fields[] = {{"name", "text", "审图机构", "与营业执照一致", false},
                                       {"uscc", "text", "统一社会信用代码", "18 位", false},
                                       {"recognised", "yesno", "是否经省住建厅认定", "没有认定的不能被选择（葫政办发〔2019〕60号 二、（四）3．（1）第1段）", false},
                                       {"document", "text", "认定文件", "文号或名称；没有认定的写明情况", false},
                                       {"until", "text", "认定有效期至", "如 2027-12-31", false},
                                       {"disciplines", "checks", "可以审查的专业", "四个专业都能审查的，才能受托联合审图", false}};
static const FormField change_fields[] = {{"recognised", "yesno", "是否经省住建厅认定", NULL, false},
                                          {"document", "text", "认定文件", NULL, false},
                                          {"until", "text", "认定有效期至", "如 2027-12-31", false},
                                          {"disciplines", "checks", "可以审查的专业", NULL, false},
                                          {"reason", "long", "理由", NULL, false}};
static const FormAct add_act = {.act = "add", .command = "agency.add", .title = "审图机构", .button = "登记", FIELDS(add_fields)};
static const FormAct change_act = {.act = "change", .command = "agency.change", .title = "变更", .button = "变更", FIELDS(change_fields)};

static void discipline_choices(Request *rq, Json *form, const char *field) {
  for (Discipline d = 0; d < DISCIPLINES; d++) form_choice(rq, form, field, discipline_text(d), discipline_label(d));
}

Code page_agency_new(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  if (!keeps(rq)) FAIL(DENIED, "审图机构名录由%.*s登记。", SFMT(unit_name(rq->app->policy, rq->app->policy->stages[3].lead)));
  rp->title = S("登记审图机构");
  rp->view = json_obj(m);
  PUT(rp->view, "path", S("/w/agencies/new"));
  PUT(rp->view, "back", S("/w/agencies"));
  PUT(rp->view, "back_text", S("返回审图机构名录"));
  discipline_choices(rq, form_put_act(rq, rp->view, &add_act), "disciplines");
  return OK;
}

Code post_agency_new(Cx *cx, Request *rq, Reply *rp) {
  (void)cx;
  form_send(rq, rp, &add_act, S(""), form_args(rq, &add_act), S("/w/agencies/"), page_agency_new, "early_form");
  return OK;
}

Code page_agency(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Agency *a = NULL;
  TRY(agency_load(cx, rq->rd, param_no(rq, 0), &a));
  rp->title = a->name;
  rp->view = json_obj(m);
  PUT_INT(rp->view, "no", a->no);
  agency_head(rq, rp->view, a->name, a->uscc, a->document, a->until, a->recognised);
  PUT(rp->view, "reason", a->reason);
  PUT(rp->view, "by", a->by);
  PUT(rp->view, "at_cn", time_cn(m, a->at));
  PUT(rp->view, "path", arena_fmt(m, "/w/agencies/%lld", (long long)a->no));
  Json *does = json_put_arr(m, rp->view, S("disciplines"));
  for (Discipline d = 0; d < DISCIPLINES; d++)
    if (a->does[d]) json_push_str(m, does, discipline_label(d));
  if (!keeps(rq)) return OK;
  Json *form = form_put_act(rq, rp->view, &change_act);
  form_value(rq, form, "document", a->document);
  form_value(rq, form, "until", day_str(m, a->until));
  discipline_choices(rq, form, "disciplines");
  return OK;
}

Code post_agency(Cx *cx, Request *rq, Reply *rp) {
  const Agency *a = NULL;
  TRY(agency_load(cx, rq->rd, param_no(rq, 0), &a));
  Str path = arena_fmt(rq->mem, "/w/agencies/%lld", (long long)a->no);
  form_send(rq, rp, &change_act, arena_fmt(rq->mem, "agency/%lld", (long long)a->no), form_args(rq, &change_act), path, page_agency, "agency_one");
  return OK;
}
