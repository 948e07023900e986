/* SPDX-License-Identifier: Apache-2.0 */
/* page_ledger_report.c: the report of a county for a month, frozen; shares, targets and the plan of the city; the public page (D59-5.2-p1). */
#include "web/page_ledger.h"

/* ---- one report --------------------------------------------------------------------------------------------------- */

static const FormField bounce_fields[] = {{"reason", "long", "退回的理由", NULL, false}};
enum { REPORT, BOUNCE, ACCEPT, RETURN, ACTS };
static const FormAct acts[ACTS] = {
    {.act = "report", .command = "monthly.report", .title = "签字上报", .button = "签字上报", .note = "以您的姓名签字，报表不再改动。"},
    {.act = "bounce", .command = "monthly.bounce", .title = "退回填报", .button = "退回填报", FIELDS(bounce_fields)},
    {.act = "accept", .command = "monthly.accept", .title = "接收", .button = "接收月报"},
    {.act = "return", .command = "monthly.return", .title = "退回重报", .button = "退回重报", FIELDS(bounce_fields)}};

static Code report_of(Cx *cx, Request *rq, const LedgerKind **k, const Monthly **x) {
  TRY(ledger_of(cx, rq, k));
  TRY(monthly_load(cx, rq->rd, monthly_name(rq->mem, (*k)->code, rq->params[1], rq->params[2]), x));
  if (!*x) FAIL(NOT_FOUND, "这个月的月报还没有生成。");
  return OK;
}

static Code lines_view(Cx *cx, Request *rq, Json *view, const LedgerKind *k, const Monthly *x) {
  Arena *m = rq->mem;
  int64_t red = 0, open = 0, closed = 0, confirmed = 0;
  Json *list = json_put_arr(m, view, S("lines"));
  for (size_t i = 0; i < x->line_count; i++) {
    const ReportLine *l = &x->lines[i];
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "no", l->no);
    PUT(o, "href", arena_fmt(m, "/w/l/%.*s/%lld", SFMT(k->code), (long long)l->no));
    PUT(o, "name", l->name);
    PUT(o, "number", l->number);
    PUT(o, "issue", l->issue);
    PUT(o, "measure", l->measure);
    PUT(o, "status_label", entry_label(l->status));
    TRY(view_limit(cx, rq, o, l->no, l->due, l->what));
    Lamp lamp = LAMP_NONE;
    for (int c = LAMP_DONE; c < LAMP__MAX; c++)
      if (str_eq(lamp_code((Lamp)c), l->lamp)) lamp = (Lamp)c;
    view_days(m, o, lamp, l->left);
    red += lamp == LAMP_RED;
    open += str_eqz(l->status, "open");
    closed += str_eqz(l->status, "closed");
    confirmed += str_eqz(l->status, "confirmed");
  }
  PUT_INT(view, "red", red);
  PUT_INT(view, "open", open);
  PUT_INT(view, "closed", closed);
  PUT_INT(view, "confirmed", confirmed);
  PUT_INT(view, "total", (int64_t)x->line_count);
  return OK;
}

static Str step_label(Str kind) {
  static const struct { const char *kind, *label; } labels[] = {{"made", "生成，送负责人审核"}, {"reported", "负责人签字上报"}, {"bounced", "负责人退回填报"}, {"accepted", "联合办公室接收"}, {"returned", "联合办公室退回"}};
  for (size_t i = 0; i < COUNT(labels); i++)
    if (str_eqz(kind, labels[i].kind)) return str_of(labels[i].label);
  return kind;
}

static Code page_report(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  const LedgerKind *k = NULL;
  const Monthly *x = NULL;
  TRY(report_of(cx, rq, &k, &x));
  Str county = place_name(p, x->county), path = arena_fmt(m, "/w/l/%.*s/report/%.*s/%.*s", SFMT(k->code), SFMT(x->county), SFMT(x->month));
  rp->title = arena_fmt(m, "%.*s%.*s%.*s月报", SFMT(county), SFMT(k->name), SFMT(month_cn(m, x->month)));
  rp->view = json_obj(m);
  const struct { const char *key; Str value; } texts[] = {
      {"path", path}, {"code", k->code}, {"ledger_name", k->name}, {"office_name", k->office_name}, {"object", k->object}, {"county_name", county}, {"month_cn", month_cn(m, x->month)},
      {"status", x->status}, {"status_label", monthly_label(x->status)}, {"since", x->since.len ? month_cn(m, x->since) : S("")}, {"made_by", x->made_by}, {"signed_by", x->signed_by},
      {"judged_by", x->judged_by}, {"reason", x->reason}, {"due", day_str(m, x->due)}, {"unit_name", unit_name(p, x->county)}};
  for (size_t i = 0; i < COUNT(texts); i++) json_put_str(m, rp->view, str_of(texts[i].key), texts[i].value);
  PUT_INT(rp->view, "version", x->version);
  PUT(rp->view, "made_cn", time_cn(m, x->made_at));
  if (x->reported_at) PUT(rp->view, "reported_cn", time_cn(m, x->reported_at)), PUT(rp->view, "reported_day", day_cn(m, day_of(x->reported_at)));
  if (x->judged_at) PUT(rp->view, "judged_cn", time_cn(m, x->judged_at));
  PUT_BOOL(rp->view, "late", x->first_reported_at ? day_of(x->first_reported_at).n > x->due.n : day_of(rq->now).n > x->due.n);
  PUT(rp->view, "made_day", day_cn(m, day_of(x->made_at)));
  PUT_BOOL(rp->view, "afterwards", !str_eq(month_text(m, day_of(x->made_at)), x->month));
  TRY(lines_view(cx, rq, rp->view, k, x));
  view_ledger_changes(rq, rp->view, k, &x->changes, x->lines, x->line_count);
  Json *steps = json_put_arr(m, rp->view, S("steps"));
  for (size_t i = x->step_count; i-- > 0;) {
    Json *o = json_push_obj(m, steps);
    PUT(o, "at_cn", time_cn(m, x->steps[i].at));
    PUT(o, "by", arena_fmt(m, "%.*s %.*s", SFMT(unit_name(p, x->steps[i].unit)), SFMT(x->steps[i].by)));
    PUT(o, "label", step_label(x->steps[i].kind));
    PUT(o, "text", x->steps[i].text);
  }
  bool head = head_of(rq, x->county), joint = ledger_joint(rq, k);
  if (head && str_eqz(x->status, "made")) form_put_act(rq, rp->view, &acts[REPORT]), form_put_act(rq, rp->view, &acts[BOUNCE]);
  if (joint && str_eqz(x->status, "reported")) form_put_act(rq, rp->view, &acts[ACCEPT]), form_put_act(rq, rp->view, &acts[RETURN]);
  if (staff_of(rq, x->county) && str_eqz(x->status, "returned")) PUT_BOOL(rp->view, "again", true);
  return OK;
}

static Code post_report(Cx *cx, Request *rq, Reply *rp) {
  const FormAct *a = NULL;
  const LedgerKind *k = NULL;
  const Monthly *x = NULL;
  TRY(report_of(cx, rq, &k, &x));
  Str path = arena_fmt(rq->mem, "/w/l/%.*s/report/%.*s/%.*s", SFMT(k->code), SFMT(x->county), SFMT(x->month));
  if (str_eqz(request_arg(rq, S("act")), "make")) {
    ledger_make_send(rq, rp, k, x->month, page_report, "ledger_report");
    return OK;
  }
  TRY(form_act(cx, rq, acts, ACTS, &a));
  form_send(rq, rp, a, x->stream, form_args(rq, a), path, page_report, "ledger_report");
  return OK;
}

/* ---- shares, targets, the plan of the city ------------------------------------------------------------------------------ */

static const FormField share_fields[] = {{"unit", "select", "县（市）区", NULL, false}, {"share", "decimal", "占比（%）", "如 52.5", false}, {"as_of", "text", "截至哪天", "如 2019-08-31", false}};
static const FormField target_fields[] = {{"count", "number", "本年度处置几件", NULL, false}};
static const FormField plan_fields[] = {{"title", "text", "方案名称", NULL, false}, {"text", "long", "方案", NULL, false}};
static const FormField agree_fields[] = {{"document", "text", "市政府同意的文号或会议", NULL, false}, {"day", "text", "同意日期", "如 2019-09-05", false}};
enum { SHARE, TARGET, AGREE, SEND, PLAN, SETS };
static const FormAct sets[SETS] = {
    {.act = "share", .command = "ledger.share", .title = "登记占比", .button = "登记", FIELDS(share_fields)},
    {.act = "target", .command = "ledger.target", .title = "定年度目标", .button = "定目标", FIELDS(target_fields)},
    {.act = "agree", .command = "ledger.agree", .title = "登记市政府同意", .button = "登记同意", FIELDS(agree_fields)},
    {.act = "send", .command = "ledger.send", .title = "报省", .button = "登记已报省", .note = "登记了市政府同意才能报。"},
    {.act = "plan", .command = "ledger.plan", .title = "登记方案", .button = "登记方案", FIELDS(plan_fields), .note = "再登记一次是新的一版，要重新报市政府同意。"}};

static int year_now(const Request *rq) {
  int y, mo, d;
  day_split(day_of(rq->now), &y, &mo, &d);
  return y;
}

static Code counties_view(Cx *cx, Request *rq, Json *view, const LedgerKind *k, const Ledger *l) {
  Arena *m = rq->mem;
  int year = year_now(rq);
  Json *list = json_put_arr(m, view, S("counties"));
  for (size_t i = 0; i < k->region_count; i++) {
    const LedgerShare *s = ledger_share(l, k->regions[i]);
    const LedgerTarget *t = ledger_target(l, k->regions[i], year);
    int64_t done = 0;
    Json *o = json_push_obj(m, list);
    PUT(o, "name", place_name(rq->app->policy, k->regions[i]));
    if (s) {
      Milli v = {0};
      PUT(o, "share", s->share);
      PUT(o, "as_of", day_str(m, s->as_of));
      PUT_BOOL(o, "above", milli_parse(s->share, &v) && v.v > k->share_over * 1000LL);
    }
    if (!k->target_name.len) continue;
    TRY(entries_confirmed(cx, reader_views(rq->rd), k->code, k->regions[i], year, &done));
    PUT_INT(o, "done", done);
    if (t) PUT_INT(o, "target", t->count), PUT_INT(o, "percent", (done * 200 + t->count) / (2 * t->count));
  }
  return OK;
}

static void plan_view(Request *rq, Json *view, const LedgerKind *k, const Ledger *l) {
  Arena *m = rq->mem;
  Json *o = json_put_obj(m, view, S("plan"));
  PUT(o, "name", k->plan_name);
  PUT(o, "to", k->plan_to);
  PUT(o, "unit_name", unit_name(rq->app->policy, k->plan_unit));
  view_source(m, o, k->plan_source);
  if (!l || !l->plan_version) return;
  PUT(o, "title", l->plan_title);
  PUT(o, "text", l->plan_text);
  PUT(o, "by", l->plan_by);
  PUT(o, "at_cn", time_cn(m, l->plan_at));
  PUT_INT(o, "version", l->plan_version);
  if (l->agreed_at) PUT(o, "agreed", day_str(m, l->agree_day)), PUT(o, "document", l->agree_document);
  if (l->sent_at) PUT(o, "sent", time_cn(m, l->sent_at));
}

static void sets_view(Request *rq, Json *view, const LedgerKind *k, const Ledger *l) {
  const Policy *p = rq->app->policy;
  if (k->share_over && ledger_joint(rq, k)) {
    Json *form = form_put_act(rq, view, &sets[SHARE]);
    for (size_t i = 0; i < k->region_count; i++) form_choice(rq, form, "unit", k->regions[i], place_name(p, k->regions[i]));
    form_value(rq, form, "as_of", day_str(rq->mem, day_of(rq->now)));
  }
  if (k->target_name.len && ledger_fills(rq, k) && request_has_role(rq, ROLE_UNIT_HEAD)) form_put_act(rq, view, &sets[TARGET]);
  if (!k->plan_name.len || !staff_of(rq, k->plan_unit)) return;
  bool planned = l && l->plan_version;
  if (planned && !l->agreed_at) form_put_act(rq, view, &sets[AGREE]);
  if (planned && !l->sent_at && head_of(rq, k->plan_unit)) form_put_act(rq, view, &sets[SEND]);
  form_value(rq, form_put_act(rq, view, &sets[PLAN]), "title", k->plan_name);
}

static Code page_city(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const LedgerKind *k = NULL;
  const Ledger *l = NULL;
  TRY(ledger_of(cx, rq, &k));
  TRY(ledger_load(cx, rq->rd, k->code, &l));
  rp->title = arena_fmt(m, "占比、目标和方案：%.*s", SFMT(k->name));
  rp->view = json_obj(m);
  PUT(rp->view, "path", arena_fmt(m, "/w/l/%.*s/city", SFMT(k->code)));
  PUT(rp->view, "code", k->code);
  PUT(rp->view, "ledger_name", k->name);
  PUT(rp->view, "share_name", k->share_name);
  PUT_INT(rp->view, "share_over", k->share_over);
  if (k->share_over) view_source(m, json_put_obj(m, rp->view, S("share_rule")), k->share_source);
  PUT(rp->view, "target_name", k->target_name);
  PUT_INT(rp->view, "year", year_now(rq));
  if (k->target_name.len) view_source(m, json_put_obj(m, rp->view, S("target_rule")), k->target_source);
  TRY(counties_view(cx, rq, rp->view, k, l));
  if (k->plan_name.len) plan_view(rq, rp->view, k, l);
  sets_view(rq, rp->view, k, l);
  return OK;
}

static Code post_city(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const FormAct *a = NULL;
  const LedgerKind *k = NULL;
  int64_t n = 0;
  TRY(ledger_of(cx, rq, &k));
  TRY(form_act(cx, rq, sets, SETS, &a));
  Json *args = form_args(rq, a);
  bool opens = a == &sets[SHARE] || a == &sets[TARGET] || a == &sets[PLAN];
  if (opens) PUT(args, "ledger", k->code);
  if (a == &sets[TARGET]) {
    PUT(args, "unit", rq->who->unit);
    PUT_INT(args, "year", year_now(rq));
    if (str_to_i64(request_arg(rq, S("count")), &n)) PUT_INT(args, "count", n);
  }
  form_send(rq, rp, a, opens ? S("") : arena_fmt(m, "ledger/%.*s", SFMT(k->code)), args, arena_fmt(m, "/w/l/%.*s/city", SFMT(k->code)), page_city, "ledger_city");
  return OK;
}

/* ---- for everybody -------------------------------------------------------------------------------------------------------- */

enum { SHOWN = 1000 };

static Code entry_open_view(Cx *cx, Request *rq, Json *o, const LedgerKind *k, const EntryRow *x) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  TRY(view_row(cx, rq, o, k, x, true));
  PUT(o, "plan", json_str(x->values, S("plan")));
  PUT(o, "issue", ledger_value_text(p, k->code, S("issue"), json_str(x->values, S("issue"))));
  PUT(o, "households", json_str(x->values, S("households")));
  return OK;
}

static Code results_put(Cx *cx, Request *rq, Json *list, const EntryRow *rows, size_t n) {
  static const Sql q = {"web.ledger-result", "i", "s", "SELECT result FROM entry WHERE no = ?1"};
  Json *o = (Json *)(uintptr_t)list->first;
  for (size_t i = 0; i < n; i++, o = o->next) {
    SCOPED(rows_drop) Rows *r = NULL;
    TRY(db_rows(cx, reader_views(rq->rd), &q, VALS(val_i(rows[i].no)), &r));
    if (rows_next(r) && !str_eqz(rows[i].status, "open")) json_put_str(rq->mem, o, S("result"), row_s(cx, r, 0));
    TRY(rows_end(cx, r));
  }
  return OK;
}

static Code page_public(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  const LedgerKind *k = NULL;
  EntryRow *rows = NULL;
  EntryTally *tally = NULL;
  EntryCounts counts;
  size_t n = 0, counties = 0;
  TRY(ledger_of(cx, rq, &k));
  bool open = false;
  for (size_t i = 0; i < p->ledgers.column_count; i++) open |= str_eq(p->ledgers.columns[i].ledger, k->code) && p->ledgers.columns[i].open;
  if (!open) FAIL(NOT_FOUND, "没有这个台账，或者它不公开。");
  TRY(entries_list(cx, reader_views(rq->rd), &(EntryFilter){.ledger = k->code, .limit = SHOWN}, k->warn_days, day_of(rq->now), &rows, &n, &counts));
  TRY(entries_tally(cx, reader_views(rq->rd), k->code, k->warn_days, day_of(rq->now), &tally, &counties));
  rp->title = tr(rq->lang, S(N_("小区配套幼儿园治理")));
  rp->view = json_obj(m);
  PUT(rp->view, "hotline", k->hotline);
  PUT(rp->view, "mailbox", k->mailbox);
  view_source(m, rp->view, k->source);
  PUT_INT(rp->view, "all", counts.all);
  PUT_INT(rp->view, "late", counts.red);
  PUT_INT(rp->view, "done", counts.done);
  Json *sums = json_put_arr(m, rp->view, S("sums")), *list = json_put_arr(m, rp->view, S("rows"));
  for (size_t i = 0; i < counties; i++) {
    Json *o = json_push_obj(m, sums);
    PUT(o, "name", place_name(p, tally[i].county));
    PUT_INT(o, "all", tally[i].counts.all);
    PUT_INT(o, "late", tally[i].counts.red);
    PUT_INT(o, "done", tally[i].counts.done);
  }
  for (size_t i = 0; i < n; i++) TRY(entry_open_view(cx, rq, json_push_obj(m, list), k, &rows[i]));
  return results_put(cx, rq, list, rows, n);
}

const Route ledger_report_routes[] = {
    {.method = GET, .path = "/s/l/{code}", .allow = ROLE_PUBLIC, .run = page_public, .tmpl = "ledger_public", .section = "guide", .help = "小区配套幼儿园治理：每个小区的方案、措施、结果，监督举报电话和信箱。"},
    {.method = GET, .path = "/w/l/{code}/city", .allow = SEES, .run = page_city, .tmpl = "ledger_city", .section = "ledger", .compact = true, .help = "台账的占比、年度目标和全市方案。"},
    {.method = POST, .path = "/w/l/{code}/city", .allow = FILLS, .run = post_city, .section = "ledger", .compact = true, .help = "登记占比、定年度目标、登记方案、登记市政府同意、报省。"},
    {.method = GET, .path = "/w/l/{code}/report/{unit}/{month}", .allow = SEES, .run = page_report, .tmpl = "ledger_report", .section = "ledger", .compact = true, .help = "一个县（市）区一个月的月报，生成后不变。"},
    {.method = POST, .path = "/w/l/{code}/report/{unit}/{month}", .allow = FILLS, .run = post_report, .section = "ledger", .compact = true, .help = "签字上报、退回填报、接收、退回重报、重新生成。"},
    {.path = NULL},
};
