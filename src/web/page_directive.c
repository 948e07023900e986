/* SPDX-License-Identifier: Apache-2.0 */
/* page_directive.c: supervision orders 督办单: the supervisor's list, the recipient's own page, one order with its ladder. */
#include "ledger/ledger.h"
#include "web/page_directive.h"

enum { STEP = 50 };

static void row_put(Request *rq, Json *list, const DirectiveRow *r) {
  Arena *m = rq->mem;
  Json *o = json_push_obj(m, list);
  PUT_INT(o, "no", r->no);
  PUT(o, "number", r->number);
  PUT(o, "kind", r->kind);
  PUT(o, "kind_label", super_label(r->kind));
  PUT(o, "subject", r->subject);
  PUT(o, "unit_name", unit_name(rq->app->policy, r->unit));
  PUT(o, "level", r->level);
  PUT(o, "level_label", super_label(r->level));
  PUT(o, "to_name", r->to_name);
  PUT(o, "status", r->status);
  PUT(o, "status_label", super_label(r->status));
  PUT(o, "reply_by", day_str(m, r->reply_by));
  PUT_BOOL(o, "replied", str_eqz(r->status, "replied"));
  PUT_INT(o, "late", r->late);
  PUT_BOOL(o, "overdue", r->overdue && str_eqz(r->status, "issued"));
  PUT_BOOL(o, "settled", r->settled);
  PUT_BOOL(o, "closed", str_eqz(r->status, "closed"));
  PUT_BOOL(o, "risen", !str_eqz(r->status, "closed") && rq->who && str_eq(r->unit, rq->who->unit) && (str_eqz(r->level, "bureau") || str_eqz(r->level, "leader")));
}

static Code list_view(Cx *cx, Request *rq, Json *view, const DirectiveFilter *f) {
  DirectiveRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  TRY(directives_list(cx, rq->rd, rq->app->policy, f, rq->now, &rows, &n, &total));
  Json *list = json_put_arr(rq->mem, view, S("directives"));
  for (size_t i = 0; i < n; i++) row_put(rq, list, &rows[i]);
  view_pages(rq, view, f->offset, n, f->limit, total);
  return OK;
}

static void year_month(Request *rq, Day day, int *y, int *m) {
  Str text = day_str(rq->mem, day);
  int64_t year = 0, month = 0;
  (void)str_to_i64(str_sub(text, 0, 4), &year);
  (void)str_to_i64(str_sub(text, 5, 2), &month);
  *y = (int)year;
  *m = (int)month;
}

/* What was chosen: unit, kind and the month of issue, which the counts keep too. */
static DirectiveFilter chosen(Request *rq, bool mine) {
  DirectiveFilter f = {.unit = request_arg(rq, S("unit")), .kind = request_arg(rq, S("kind")), .offset = from_of(rq), .limit = STEP};
  Day first = {0};
  if (mine) {
    f.to = rq->who;
    f.risen = true;
  }
  if (!day_parse(arena_fmt(rq->mem, "%.*s-01", SFMT(request_arg(rq, S("month")))), &first)) return f;
  int y, m;
  year_month(rq, first, &y, &m);
  f.since = day_start(first);
  f.before = day_start(m == 12 ? day_ymd(y + 1, 1, 1) : day_ymd(y, m + 1, 1));
  return f;
}

static Code counted(Cx *cx, Request *rq, DirectiveFilter f, int64_t *n) {
  DirectiveRow *rows = NULL;
  size_t k = 0;
  f.offset = f.limit = 0;
  return directives_list(cx, rq->rd, rq->app->policy, &f, rq->now, &rows, &k, n);
}

static void state_set(DirectiveFilter *f, Str status) {
  f->late = str_eqz(status, "late");
  f->open = !status.len;
  f->owed = str_eqz(status, "owed");
  f->status = f->owed ? S("issued") : f->late || str_eqz(status, "all") ? S("") : status;
}

/* "states": running ones, and each state, with its count and the address that keeps what else was chosen. */
static Code states_view(Cx *cx, Request *rq, Json *view, const DirectiveFilter *f, const char *path) {
  static const struct { const char *status, *label; } rows[] = {{"", "在办"}, {"owed", "等您回复"}, {"late", "到期没有回复或没有办结"}, {"issued", "待回复"}, {"replied", "已回复"}, {"closed", "已办结"}, {"all", "全部"}};
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("states"));
  for (size_t i = 0; i < COUNT(rows); i++) {
    DirectiveFilter one = *f;
    int64_t n = 0;
    if (str_eqz(str_of(rows[i].status), "owed") && !f->to) continue; /* of all orders nobody's own are picked out */
    state_set(&one, str_of(rows[i].status));
    TRY(counted(cx, rq, one, &n));
    Json *o = json_push_obj(m, list);
    PUT(o, "label", str_of(rows[i].label));
    PUT_INT(o, "n", n);
    PUT(o, "href", arena_fmt(m, "%s?status=%s&unit=%.*s&kind=%.*s&month=%.*s", path, rows[i].status, SFMT(f->unit), SFMT(f->kind), SFMT(request_arg(rq, S("month")))));
    PUT_BOOL(o, "current", str_eqz(request_arg(rq, S("status")), rows[i].status));
    if (one.late && n) PUT_INT(view, "late_count", n);
    if (str_eqz(one.status, "closed")) PUT_INT(view, "closed_count", n);
    if (one.open) PUT_INT(view, "open_count", n);
  }
  return OK;
}

static void choice_put(Request *rq, Json *list, const char *field, Str value, Str label) {
  Arena *m = rq->mem;
  Json *o = json_push_obj(m, list);
  PUT(o, "value", value);
  PUT(o, "label", label);
  PUT_BOOL(o, "chosen", str_eq(request_arg(rq, str_of(field)), value));
}

static void filters_view(Request *rq, Json *view, bool units) {
  enum { MONTHS = 13 };
  static const char *const kinds[] = {"item", "stage", "answer", "delivery", "consult", "opinion", "acceptance", "utility", "credit", "promise", "review", "feedback", "ledger", "manual"};
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Json *list = json_put_arr(m, view, S("kinds"));
  for (size_t i = 0; i < COUNT(kinds); i++)
    if (!str_eqz(super_label(str_of(kinds[i])), kinds[i])) choice_put(rq, list, "kind", str_of(kinds[i]), super_label(str_of(kinds[i])));
  list = json_put_arr(m, view, S("months"));
  int y, mo;
  year_month(rq, day_of(rq->now), &y, &mo);
  for (int i = 0; i < MONTHS; i++) {
    Str month = arena_fmt(m, "%04d-%02d", y, mo);
    choice_put(rq, list, "month", month, month);
    mo--;
    if (!mo) {
      mo = 12;
      y--;
    }
  }
  list = json_put_arr(m, view, S("units"));
  for (size_t i = 0; units && i < p->unit_count; i++) choice_put(rq, list, "unit", p->units[i].code, p->units[i].name);
}

static Code orders_page(Cx *cx, Request *rq, Json *view, bool mine) {
  Arena *m = rq->mem;
  const char *path = mine ? "/w/orders" : "/w/super/orders";
  Str status = request_arg(rq, S("status"));
  DirectiveFilter f = chosen(rq, mine);
  PUT(view, "path", str_of(path));
  PUT(view, "status", status);
  PUT(view, "unit", f.unit);
  PUT(view, "kind", f.kind);
  PUT(view, "month", request_arg(rq, S("month")));
  if (f.unit.len) PUT(view, "unit_name", unit_name(rq->app->policy, f.unit));
  TRY(states_view(cx, rq, view, &f, path));
  filters_view(rq, view, !mine);
  state_set(&f, status);
  return list_view(cx, rq, view, &f);
}

static Code page_directives(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  rp->title = S("全部督办单（监督）");
  rp->view = json_obj(m);
  PUT_BOOL(rp->view, "all", true);
  PUT_BOOL(rp->view, "can_send", request_has_role(rq, ROLE_SUPERVISOR));
  return orders_page(cx, rq, rp->view, false);
}

static Code page_mine(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  rp->title = S("收到的督办单");
  rp->view = json_obj(m);
  PUT_BOOL(rp->view, "sends", request_has_role(rq, ROLE_SUPERVISOR));
  return orders_page(cx, rq, rp->view, true);
}

/* ---- one order ---------------------------------------------------------------------------------------------- */

static const FormField note_fields[] = {{"text", "long", "办理情况", "办了什么、哪天能办完；不代替收件人的回复", false}};
static const FormField why_fields[] = {{"reason", "long", "理由", NULL, false}};
enum { NOTE, CLOSE, RETURN, ACTS };
static const FormAct acts[ACTS] = {
    {.act = "note", .command = "directive.note", .title = "补充办理情况", .button = "补充", FIELDS(note_fields), .note = "记入经过，收件人和监督人员看得到。"},
    {.act = "close", .command = "directive.close", .title = "办结督办单", .button = "办结", FIELDS(why_fields), .note = "办结要写明理由，写了不能改。"},
    {.act = "return", .command = "directive.return", .title = "要求重新回复", .button = "要求重新回复", FIELDS(why_fields)}};

static bool is_to_me(const Request *rq, const Directive *d) {
  const User *u = rq->who;
  return u && directive_is_to(d, u->id, u->unit, u->name, u->roles);
}

/* The leader in charge has no account, so that any of them answers. */
static bool stands_in(const Request *rq, const Directive *d) {
  return is_to_me(rq, d) && str_eqz(d->level, "leader") && !d->to_account.len && !str_eq(rq->who->name, d->to_name);
}

bool order_open_to(const Request *rq, const Directive *d) {
  Str unit = rq->who->unit;
  bool ours = unit.len && (str_eq(unit, d->unit) || str_eq(unit, d->to_unit));
  return request_has_role(rq, WATCH) || ours || is_to_me(rq, d);
}

static Code directive_seen(Cx *cx, Request *rq, const Directive **out) {
  TRY(directive_load(cx, rq->rd, param_no(rq, 0), out));
  if (!order_open_to(rq, *out)) FAIL(NOT_FOUND, "没有这份督办单，或者它不归您的单位。");
  return OK;
}

static Str step_text(Arena *m, const DirectiveStep *s) {
  Str to = arena_fmt(m, "%.*s（%.*s）", SFMT(s->to), SFMT(super_label(s->level))), day = day_str(m, s->reply_by);
  if (str_eqz(s->kind, "issued")) return arena_fmt(m, "发给%.*s，%.*s 前回复", SFMT(to), SFMT(day));
  if (str_eqz(s->kind, "replied")) return arena_fmt(m, "回复：%.*s　承诺 %.*s 办结", SFMT(s->text), SFMT(day));
  if (str_eqz(s->kind, "raised"))
    return arena_fmt(m, "%s，升到%.*s，%.*s 前回复", str_eqz(s->text, "promise") ? "承诺的日子已过，没有办结" : "到期没有回复", SFMT(to), SFMT(day));
  if (str_eqz(s->kind, "returned")) return arena_fmt(m, "要求重新回复：%.*s　%.*s 前回复", SFMT(s->text), SFMT(day));
  if (str_eqz(s->kind, "noted")) return arena_fmt(m, "责任单位补充办理情况：%.*s", SFMT(s->text));
  if (str_eqz(s->kind, "overdue")) return S("最高一级也没有回复或没有办结");
  if (str_eqz(s->kind, "settled")) return S("事情已经办完或者时限已经延长，不再升级");
  return arena_fmt(m, "办结：%.*s", SFMT(s->text));
}

/* The report that an order about a missed one asks for, once it has come in; NULL: another kind of order, or it has not. */
static Code report_come(Cx *cx, Request *rq, const Directive *d, const Monthly **out) {
  *out = NULL;
  if (!str_eqz(d->kind, "ledger")) return OK;
  TRY(monthly_load(cx, rq->rd, d->item, out));
  if (*out && !(*out)->first_reported_at) *out = NULL;
  return OK;
}

static Str come_text(Arena *m, const Monthly *x) {
  Day on = day_of(x->first_reported_at);
  return arena_fmt(m, "该月月报已于 %.*s 上报%s", SFMT(day_str(m, on)), on.n > x->due.n ? "（迟报）" : "");
}

/* No event of the order: the report's own, read where the order is read, so that nobody asks again for what is there. */
static void come_put(Request *rq, Json *list, const Monthly *x) {
  Arena *m = rq->mem;
  Str by = S("");
  for (size_t i = x->step_count; i-- > 0;)
    if (str_eqz(x->steps[i].kind, "reported")) by = x->steps[i].by;
  Json *o = json_push_obj(m, list);
  PUT(o, "kind", S("reported"));
  PUT(o, "at_cn", time_cn(m, x->first_reported_at));
  PUT(o, "by", arena_fmt(m, "%.*s %.*s", SFMT(unit_name(rq->app->policy, x->county)), SFMT(by)));
  PUT(o, "text", come_text(m, x));
}

static void steps_view(Request *rq, Json *view, const Directive *d, const Monthly *come) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("steps"));
  for (size_t i = 0; i <= d->step_count; i++) {
    if (come && (i == d->step_count || d->steps[i].at > come->first_reported_at || str_eqz(d->steps[i].kind, "settled"))) { /* it settles the order in the same moment */
      come_put(rq, list, come);
      come = NULL;
    }
    if (i == d->step_count) break;
    Json *o = json_push_obj(m, list);
    PUT(o, "kind", d->steps[i].kind);
    PUT(o, "level", d->steps[i].level);
    PUT(o, "at_cn", time_cn(m, d->steps[i].at));
    PUT(o, "by", d->steps[i].by);
    PUT(o, "text", step_text(m, &d->steps[i]));
  }
}

static Str about_href(Arena *m, const Directive *d) {
  Str ledger, county, month;
  if (str_eqz(d->kind, "ledger") && str_cut(d->item, '.', &ledger, &county) && str_cut(county, '.', &county, &month))
    return arena_fmt(m, "/w/l/%.*s?month=%.*s#h-rep", SFMT(ledger), SFMT(month));
  if (!d->of) return S("");
  if (str_eqz(d->kind, "item") || (str_eqz(d->kind, "manual") && d->item.len)) return arena_fmt(m, "/w/t/%lld/%d/%.*s", (long long)d->of, d->stage, SFMT(d->item));
  if (str_eqz(d->kind, "consult")) return arena_fmt(m, "/w/ask/%lld", (long long)d->of);
  if (str_eqz(d->kind, "feedback")) return arena_fmt(m, "/w/feedback/%lld", (long long)d->of);
  if (str_eqz(d->kind, "opinion")) return arena_fmt(m, "/w/reserve/%lld", (long long)d->of);
  return arena_fmt(m, "/w/p/%lld", (long long)d->of);
}

static Code talks_view(Cx *cx, Request *rq, Json *view, int64_t no) {
  enum { SHOWN = 20 };
  Arena *m = rq->mem;
  TalkRow *rows = NULL;
  size_t n = 0;
  TRY(talks_list(cx, rq->rd, no, SHOWN, &rows, &n));
  Json *list = json_put_arr(m, view, S("talks"));
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "no", rows[i].no);
    PUT(o, "whom", rows[i].whom);
    PUT(o, "day", day_str(m, rows[i].day));
  }
  return OK;
}

static Code page_directive(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Directive *d = NULL;
  const Monthly *come = NULL;
  TRY(directive_seen(cx, rq, &d));
  TRY(report_come(cx, rq, d, &come));
  bool issued = str_eqz(d->status, "issued"), replied = str_eqz(d->status, "replied"), super = request_has_role(rq, ROLE_SUPERVISOR);
  Day by = d->promised.n ? d->promised : d->reply_by;
  rp->title = d->subject;
  rp->view = json_obj(m);
  PUT_INT(rp->view, "no", d->no);
  PUT(rp->view, "path", arena_fmt(m, "/w/orders/%lld", (long long)d->no));
  PUT_BOOL(rp->view, "watch", request_has_role(rq, WATCH));
  PUT(rp->view, "number", d->number);
  PUT(rp->view, "kind", d->kind);
  PUT(rp->view, "kind_label", super_label(d->kind));
  PUT(rp->view, "subject", d->subject);
  PUT(rp->view, "demand", d->demand);
  PUT(rp->view, "again", d->again);
  PUT(rp->view, "unit_name", unit_name(rq->app->policy, d->unit));
  PUT(rp->view, "level", d->level);
  PUT(rp->view, "level_label", super_label(d->level));
  PUT(rp->view, "to_name", d->to_name);
  PUT(rp->view, "status", d->status);
  PUT(rp->view, "status_label", super_label(d->status));
  PUT(rp->view, "reply_by", day_str(m, by));
  PUT(rp->view, "reply_by_cn", day_cn(m, by));
  PUT_INT(rp->view, "days", d->days);
  PUT_BOOL(rp->view, "replied", replied);
  PUT_BOOL(rp->view, "promised", d->promised.n > 0);
  if (d->promised.n) PUT(rp->view, "asked_by_cn", day_cn(m, d->reply_by));
  PUT_BOOL(rp->view, "over", !str_eqz(d->status, "closed") && by.n < day_of(rq->now).n);
  PUT_BOOL(rp->view, "overdue", d->overdue);
  PUT_BOOL(rp->view, "super", super);
  bool ours = rq->who->unit.len && str_eq(rq->who->unit, d->unit);
  PUT_BOOL(rp->view, "risen", ours && directive_risen(d));
  PUT_BOOL(rp->view, "stands_in", str_eqz(d->status, "issued") && stands_in(rq, d));
  PUT_BOOL(rp->view, "settled", d->settled);
  PUT_BOOL(rp->view, "waits", !come && d->settled && !str_eqz(d->status, "closed"));
  if (come) PUT(rp->view, "come", come_text(m, come));
  PUT_BOOL(rp->view, "ended", str_eqz(d->status, "closed"));
  PUT(rp->view, "closer", unit_name(rq->app->policy, rq->app->policy->supervisor_unit));
  if (d->due.n) PUT(rp->view, "due", day_str(m, d->due));
  order_rating_view(cx, rq, rp->view, d);
  Str about = about_href(m, d);
  PUT(rp->view, "about", str_starts(about, S("/w/p/")) && !opens_whole(cx, rq, d->of) ? S("") : about);
  PUT(rp->view, "of_number", d->of_number);
  PUT(rp->view, "close_reason", d->close_reason);
  steps_view(rq, rp->view, d, come);
  if (request_has_role(rq, WATCH)) TRY(talks_view(cx, rq, rp->view, d->no));
  if (issued && is_to_me(rq, d)) form_put_act(rq, rp->view, order_reply(d));
  if (ours && (issued || replied) && !(issued && is_to_me(rq, d))) form_put_act(rq, rp->view, &acts[NOTE]);
  if (super && (issued || replied)) form_put_act(rq, rp->view, &acts[CLOSE]);
  if (super && replied) form_put_act(rq, rp->view, &acts[RETURN]);
  return OK;
}

static Code post_directive(Cx *cx, Request *rq, Reply *rp) {
  const FormAct *a = NULL;
  const Directive *d = NULL;
  TRY(directive_seen(cx, rq, &d));
  if (str_eqz(request_arg(rq, S("act")), "reply")) a = order_reply(d);
  else TRY(form_act(cx, rq, acts, ACTS, &a));
  form_send(rq, rp, a, arena_fmt(rq->mem, "directive/%lld", (long long)d->no), form_args(rq, a), arena_fmt(rq->mem, "/w/orders/%lld", (long long)d->no),
            page_directive, "directive");
  return OK;
}

/* ---- sending one by hand --------------------------------------------------------------------------------------- */

static const FormField send_fields[] = {{"unit", "select", "督办哪个单位", "发给单位负责人，逾期逐级升级", false},
                                        {"subject", "text", "事由", NULL, false},
                                        {"demand", "long", "要求", "要报告什么、办到什么程度", false},
                                        {"case", "text", "针对哪个项目", "办件编号、项目代码或者项目名称；事项页上和督办单上都显示", true},
                                        {"days", "number", "几个工作日内回复", "这一栏和下面的日期填一个就行；都不填，按政策包的期限（示例）", true},
                                        {"reply_on", "text", "或者哪天前回复", "写一个工作日，如 2026-12-31", true},
                                        {"milestone", "select", "阶段性工作目标", "针对文件写明日期的目标时选择", true},
                                        {"again", "text", "为什么另发一份", "这个事项已有没办结的督办单时填写", true}};
static const FormAct send_act = {.act = "send", .command = "directive.send", .title = "督办单", .button = "发出", FIELDS(send_fields)};

static Code page_send(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  const Milestone *goal = policy_milestone(p, request_arg(rq, S("goal")));
  (void)cx;
  rp->title = S("发督办单");
  rp->view = json_obj(m);
  PUT(rp->view, "path", S("/w/super/orders/new"));
  PUT(rp->view, "back", S("/w/super/orders"));
  PUT(rp->view, "back_text", S("返回全部督办单"));
  /* About an item: the address says which, also after a refusal. */
  Str item = request_arg(rq, S("item"));
  if (item.len)
    PUT(rp->view, "path", arena_fmt(m, "/w/super/orders/new?project=%lld&stage=%lld&item=%.*s", (long long)request_int(rq, S("project"), 0), (long long)request_int(rq, S("stage"), 0), SFMT(item)));
  Json *form = form_put_act(rq, rp->view, &send_act);
  if (item.len) {
    const Project *pr = NULL;
    if (project_load(cx, rq->rd, request_int(rq, S("project"), 0), &pr) == OK) form_value(rq, form, "case", pr->number);
    cx_clear(cx);
  }
  if (request_arg(rq, S("rating")).len) send_about_rating(cx, rq, rp->view, form);
  if (goal) {
    form_value(rq, form, "unit", request_arg(rq, S("unit")).len || !goal->lead_count ? request_arg(rq, S("unit")) : goal->leads[0]);
    form_value(rq, form, "subject", goal->name);
    form_value(rq, form, "demand", arena_fmt(m, "“%.*s”应于 %.*s 完成。请报办理情况、没有完成的原因和完成的日期。", SFMT(goal->name), SFMT(goal->due)));
    form_value(rq, form, "milestone", goal->code);
  }
  static const char *const given[] = {"unit", "subject", "demand", "case"};
  for (size_t i = 0; i < COUNT(given) && !goal; i++)
    if (request_arg(rq, str_of(given[i])).len) form_value(rq, form, given[i], request_arg(rq, str_of(given[i])));
  units_choices(rq, form, "unit", "department|county|zone|company|institution|window");
  for (size_t i = 0; i < p->milestone_count; i++) form_choice(rq, form, "milestone", p->milestones[i].code, p->milestones[i].name);
  return OK;
}

/* By number, code or receipt, or by a name that only one project has. */
static Code case_named(Cx *cx, Request *rq, Str named, int64_t *no) {
  ProjectFilter f = {.q = named, .limit = 4};
  ProjectRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  if (project_find(cx, rq->rd, named, no) == OK) return OK;
  cx_clear(cx);
  TRY(projects_list(cx, rq->rd, rq->app->policy, &f, rq->now, &rows, &n, &total));
  if (total == 1) {
    *no = rows[0].no;
    return OK;
  }
  if (!total) FAIL_AT(NOT_FOUND, S("case"), S(""), "没有“%.*s”这个项目，请核对编号或者名称，也可以不填", SFMT(named));
  Str some = S("");
  for (size_t i = 0; i < n; i++) some = some.len ? arena_fmt(rq->mem, "%.*s；%.*s %.*s", SFMT(some), SFMT(rows[i].number), SFMT(rows[i].name)) : arena_fmt(rq->mem, "%.*s %.*s", SFMT(rows[i].number), SFMT(rows[i].name));
  FAIL_AT(INVALID, S("case"), S(""), "有 %lld 个项目的名称里有“%.*s”，请改填编号：%.*s%s", (long long)total, SFMT(named), SFMT(some), total > (int64_t)n ? " 等" : "");
}

static Code post_send(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Json *args = form_args(rq, &send_act);
  int64_t days = 0;
  static const char *const numbers[] = {"project", "stage"};
  Str typed = json_str(args, S("days")), item = request_arg(rq, S("item")), named = json_str(args, S("case"));
  Json *only = json_obj(m);
  int64_t about = 0;
  if (named.len && case_named(cx, rq, named, &about) != OK) {
    Str detail = cx->detail;
    cx_clear(cx);
    TRY(page_send(cx, rq, rp));
    rp->tmpl = "early_form";
    reply_keep(rq, rp);
    form_fault(rq, rp, &send_act, S("case"), detail);
    return OK;
  }
  for (const Json *x = args->first; x; x = x->next)
    if (!str_eqz(x->key, "case")) json_put(m, only, x->key, x);
  args = only;
  if (typed.len && str_to_i64(typed, &days)) PUT_INT(args, "days", days);
  if (item.len) PUT(args, "item", item);
  for (size_t i = 0; i < COUNT(numbers) && item.len; i++) json_put_int(m, args, str_of(numbers[i]), request_int(rq, str_of(numbers[i]), 0));
  if (!item.len && about) PUT_INT(args, "project", about);
  int64_t rated = 0;
  int stage = 0;
  if (!item.len && about && rating_named(rq, &rated, &stage) && rated == about) PUT_INT(args, "rating", stage);
  form_send(rq, rp, &send_act, S(""), args, S("/w/orders/"), page_send, "early_form");
  return OK;
}

#define DESK(how, at, who, fn, t, sec, what) \
  {.method = how, .path = at, .allow = (who), .run = fn, .tmpl = t, .section = sec, .compact = true, .help = what}
const Route directive_routes[] = {
    DESK(GET, "/w/super/orders", WATCH, page_directives, "orders", "super", "督办单：待回复、超期没有回复、已回复、已办结。"),
    DESK(GET, "/w/super/orders/new", ROLE_SUPERVISOR, page_send, "early_form", "super", "发一份督办单。"),
    DESK(POST, "/w/super/orders/new", ROLE_SUPERVISOR, post_send, NULL, "super", "发一份督办单。"),
    DESK(GET, "/w/orders", ROLE_STAFF | ROLE_LEADER, page_mine, "orders", "orders", "发给本人、本单位的督办单。"),
    DESK(GET, "/w/orders/{n}", ROLE_STAFF | ROLE_LEADER, page_directive, "directive", "orders", "一份督办单：发给谁、哪天前回复、逐级经过。"),
    DESK(POST, "/w/orders/{n}", ROLE_STAFF | ROLE_LEADER, post_directive, NULL, "orders", "回复、办结督办单或要求重新回复。"),
    {.path = NULL},
};
