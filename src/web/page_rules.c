/* SPDX-License-Identifier: Apache-2.0 */
/* page_rules.c: the register of supporting rules 配套制度台账: for everybody, and where they are entered (D60-4.15-p6; S26). */
#include "evaluation/evaluation.h"
#include "web/forms.h"

static void row_view(Request *rq, Json *o, const RuleRow *r) {
  Arena *m = rq->mem;
  Json *leads = json_put_arr(m, o, S("leads"));
  PUT(o, "code", r->code);
  PUT(o, "name", r->name);
  PUT(o, "basis", r->basis);
  view_source(m, o, r->source);
  for (size_t i = 0; i < r->lead_count; i++) json_push_str(m, leads, unit_name(rq->app->policy, r->leads[i]));
  if (r->due.n) PUT(o, "due", day_str(m, r->due));
  PUT(o, "status", r->status);
  PUT(o, "status_label", tr(rq->lang, rule_label(r->status)));
  PUT_BOOL(o, "before_issue", r->before_issue);
  PUT_BOOL(o, "issued", str_eqz(r->status, "issued"));
  PUT_INT(o, "late", r->late);
  PUT_INT(o, "edition", r->edition);
  PUT(o, "title", r->title);
  PUT(o, "number", r->number);
  if (r->day.n) PUT(o, "day", day_str(m, r->day));
}

static Code rows_view(Cx *cx, Request *rq, Json *view, const RuleFilter *f) {
  Arena *m = rq->mem;
  RuleRow *rows = NULL;
  size_t n = 0;
  int64_t issued = 0;
  TRY(rules_list(cx, reader_views(rq->rd), rq->app->policy, f, day_of(rq->now), &rows, &n));
  Json *list = json_put_arr(m, view, S("rules"));
  for (size_t i = 0; i < n; i++) {
    row_view(rq, json_push_obj(m, list), &rows[i]);
    issued += str_eqz(rows[i].status, "issued");
  }
  PUT_INT(view, "total", (int64_t)n);
  PUT_INT(view, "issued_total", issued);
  PUT_INT(view, "missing_total", (int64_t)n - issued);
  return OK;
}

static Code debts_view(Cx *cx, Request *rq, Json *view) {
  Arena *m = rq->mem;
  RuleDebt *list = NULL;
  size_t n = 0;
  TRY(rules_debts(cx, rq->rd, rq->app->policy, day_of(rq->now), &list, &n));
  Json *out = json_put_arr(m, view, S("debts"));
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, out);
    PUT(o, "unit", list[i].unit);
    PUT(o, "name", list[i].unit.len ? unit_name(rq->app->policy, list[i].unit) : S("文件没有写牵头单位"));
    PUT_INT(o, "all", list[i].all);
    PUT_INT(o, "missing", list[i].missing);
  }
  return OK;
}

/* ---- for everybody ---------------------------------------------------------------------------------------- */

static Code page_public(Cx *cx, Request *rq, Reply *rp) {
  rp->title = tr(rq->lang, S("配套制度"));
  rp->view = json_obj(rq->mem);
  return rows_view(cx, rq, rp->view, &(RuleFilter){0});
}

static Code page_file(Cx *cx, Request *rq, Reply *rp) {
  const RuleFile *r = NULL;
  int64_t edition = 0;
  TRY(rule_load(cx, rq->rd, rq->params[0], &r));
  bool known = r && str_to_i64(rq->params[1], &edition) && edition >= 1 && edition <= (int64_t)r->edition_count;
  if (!known) FAIL(NOT_FOUND, "台账里没有这份文件，请从配套制度里重新打开。");
  rp->blob = r->editions[edition - 1].blob;
  rp->filename = r->editions[edition - 1].file;
  return OK;
}

/* ---- the register ------------------------------------------------------------------------------------------- */

static const FormField add_fields[] = {{"name", "text", "制度", NULL, false}, {"leads", "checks", "牵头单位", NULL, false},
                                       {"due", "text", "期限", "写成 2026-12-31 的样子；没有期限的不填", true}, {"basis", "text", "哪份文件要求的", "文号和条款", false}};
static const FormAct add_act = {.act = "add", .command = "rule.add", .title = "增列一项制度", .button = "增列", FIELDS(add_fields)};

static Code page_rules(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Str unit = request_arg(rq, S("unit")), status = request_arg(rq, S("status"));
  rp->title = S("配套制度台账");
  rp->view = json_obj(m);
  PUT(rp->view, "path", S("/w/rules"));
  PUT(rp->view, "unit", unit);
  PUT(rp->view, "status", status);
  if (unit.len) PUT(rp->view, "unit_name", unit_name(rq->app->policy, unit));
  PUT_BOOL(rp->view, "filtered", unit.len || status.len);
  TRY(rows_view(cx, rq, rp->view, &(RuleFilter){.unit = unit, .status = status, .due = request_arg(rq, S("due"))}));
  TRY(debts_view(cx, rq, rp->view));
  if (request_has_role(rq, ROLE_SUPERVISOR)) {
    Json *form = form_put_act(rq, rp->view, &add_act);
    for (size_t i = 0; i < rq->app->policy->milestone_count; i++) { /* those that lead anything: a list of all units would be too long to tick */
      const Milestone *g = &rq->app->policy->milestones[i];
      for (size_t k = 0; k < g->lead_count; k++) {
        bool before = false;
        const Json *fields = json_get(form, S("fields"));
        for (const Json *f = fields->first; f; f = f->next)
          for (const Json *c = json_get(f, S("choices")) ? json_get(f, S("choices"))->first : NULL; c; c = c->next) before |= str_eq(json_str(c, S("value")), g->leads[k]);
        if (!before) form_choice(rq, form, "leads", g->leads[k], unit_name(rq->app->policy, g->leads[k]));
      }
    }
  }
  return OK;
}

static Code post_rules(Cx *cx, Request *rq, Reply *rp) {
  (void)cx;
  form_send(rq, rp, &add_act, S(""), form_args(rq, &add_act), S("/w/rules/"), page_rules, "rules");
  return OK;
}

/* ---- one rule ------------------------------------------------------------------------------------------------ */

static const FormField issue_fields[] = {{"title", "text", "文件名称", "如《工程建设项目联合验收办法》", false}, {"number", "text", "文号", NULL, false},
                                         {"day", "text", "印发日期", "写成 2026-11-25 的样子", false}};
static const FormField repeal_fields[] = {{"reason", "long", "理由", NULL, false}};
enum { ISSUE, REPEAL, ACTS };
static const FormAct acts[ACTS] = {
    {.act = "issue", .command = "rule.issue", .title = "登记出台", .button = "登记", FIELDS(issue_fields), .upload = true, .upload_label = "文件正文",
     .note = "登记以后公布在“配套制度”里。修订以后再登记一次，前一版保留。"},
    {.act = "repeal", .command = "rule.repeal", .title = "登记废止", .button = "废止", FIELDS(repeal_fields)}};

static Code row_of(Cx *cx, Request *rq, RuleRow *out) {
  RuleRow *rows = NULL;
  size_t n = 0;
  TRY(rules_list(cx, reader_views(rq->rd), rq->app->policy, &(RuleFilter){0}, day_of(rq->now), &rows, &n));
  for (size_t i = 0; i < n; i++)
    if (str_eq(rows[i].code, rq->params[0])) {
      *out = rows[i];
      return OK;
    }
  FAIL(NOT_FOUND, "台账里没有这项制度，请从列表里重新打开。");
}

static bool may_enter(const Request *rq, const RuleRow *r) {
  bool lead = false;
  for (size_t i = 0; i < r->lead_count; i++) lead |= head_of(rq, r->leads[i]);
  return lead || request_has_role(rq, ROLE_SUPERVISOR);
}

static Code page_rule(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const RuleFile *r = NULL;
  RuleRow row;
  TRY(row_of(cx, rq, &row));
  TRY(rule_load(cx, rq->rd, row.code, &r));
  rp->title = row.name;
  rp->view = json_obj(m);
  PUT(rp->view, "path", arena_fmt(m, "/w/rules/%.*s", SFMT(row.code)));
  row_view(rq, rp->view, &row);
  Json *list = json_put_arr(m, rp->view, S("editions"));
  for (size_t i = r ? r->edition_count : 0; i-- > 0;) {
    const RuleEdition *x = &r->editions[i];
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "no", (int64_t)i + 1);
    PUT(o, "title", x->title);
    PUT(o, "number", x->number);
    PUT(o, "day", day_str(m, x->day));
    PUT(o, "by", x->by);
    PUT(o, "at_cn", time_cn(m, x->at));
  }
  if (r && r->repealed_at) PUT(rp->view, "reason", r->reason);
  if (!may_enter(rq, &row)) return OK;
  form_put_act(rq, rp->view, &acts[ISSUE]);
  if (str_eqz(row.status, "issued")) form_put_act(rq, rp->view, &acts[REPEAL]);
  return OK;
}

static Code post_rule(Cx *cx, Request *rq, Reply *rp) {
  const FormAct *a = NULL;
  RuleRow row;
  TRY(row_of(cx, rq, &row));
  TRY(form_act(cx, rq, acts, ACTS, &a));
  Json *args = form_args(rq, a);
  bool issue = a == &acts[ISSUE];
  if (issue) json_put_str(rq->mem, args, S("code"), row.code);
  if (issue) TRY(form_upload(cx, rq, args));
  Str path = arena_fmt(rq->mem, "/w/rules/%.*s", SFMT(row.code));
  form_send(rq, rp, a, issue ? S("") : arena_fmt(rq->mem, "rule/%.*s", SFMT(row.code)), args, path, page_rule, "rule");
  return OK;
}

#define SEES (ROLE_UNIT_HEAD | ROLE_STAGE_LEAD | ROLE_SUPERVISOR | ROLE_LEADER)
const Route rules_routes[] = {
    {.method = GET, .path = "/s/rules", .allow = ROLE_PUBLIC, .run = page_public, .tmpl = "rules_public", .section = "guide",
     .help = "配套制度：文件要求的每一项，期限、牵头单位，已经出台的文号、日期和文件。"},
    {.method = GET, .path = "/s/rules/{code}/{n}", .allow = ROLE_PUBLIC, .run = page_file, .section = "guide", .help = "下载一项配套制度的文件。"},
    {.method = GET, .path = "/w/rules", .allow = SEES, .run = page_rules, .tmpl = "rules", .section = "rules", .compact = true,
     .help = "配套制度台账：已出台、逾期未出台，各部门还欠几项。"},
    {.method = POST, .path = "/w/rules", .allow = ROLE_SUPERVISOR, .run = post_rules, .section = "rules", .compact = true, .help = "增列一项配套制度。"},
    {.method = GET, .path = "/w/rules/{code}", .allow = SEES, .run = page_rule, .tmpl = "rule", .section = "rules", .compact = true, .help = "一项配套制度和它的各版文件。"},
    {.method = POST, .path = "/w/rules/{code}", .allow = ROLE_UNIT_HEAD | ROLE_SUPERVISOR, .run = post_rule, .section = "rules", .compact = true, .uploads = "many",
     .help = "登记出台、登记废止。"},
    {.path = NULL},
};
