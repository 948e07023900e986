/* SPDX-License-Identifier: Apache-2.0 */
/* page_credit.c: credit records 信用记录 and lists 红黑名单: everybody, the subject, the office. */
#include "web/page_credit.h"

enum { STEP = 50 };

/* ---- parts ---------------------------------------------------------------------------------------------------------- */

static Str masked_no(Arena *m, Str no) {
  if (no.len < 6) return S("****");
  return arena_fmt(m, "%.*s****%.*s", SFMT(str_sub(no, 0, 2)), SFMT(str_sub(no, no.len - 2, 2)));
}

static bool is_person(Str kind) {
  return str_eqz(kind, "person");
}

Str credit_subject(Request *rq, const CreditRow *c) {
  return is_person(c->subject_kind) ? personal_text(rq, FIELD_TEXT, c->person, false) : c->subject;
}

Str credit_subject_no(Request *rq, const CreditRow *c) {
  return is_person(c->subject_kind) ? masked_no(rq->mem, c->registration) : c->uscc;
}

Code credits_view(Cx *cx, Request *rq, Json *view, const CreditFilter *f) {
  Arena *m = rq->mem;
  CreditRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  TRY(credits_list(cx, rq->rd, f, &rows, &n, &total));
  Json *list = json_put_arr(m, view, S("credits"));
  for (size_t i = 0; i < n; i++) {
    const CreditRow *c = &rows[i];
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "no", c->no);
    PUT(o, "number", c->number);
    PUT(o, "kind", c->kind);
    PUT(o, "kind_label", tr(rq->lang, credit_kind_label(c->kind)));
    PUT(o, "subject", credit_subject(rq, c));
    PUT(o, "subject_kind", c->subject_kind);
    PUT(o, "uscc", credit_subject_no(rq, c));
    PUT(o, "fact", c->fact);
    PUT(o, "basis", c->basis);
    PUT(o, "condition", c->condition_name);
    PUT(o, "decision", c->decision);
    PUT(o, "status", c->status);
    PUT(o, "status_label", tr(rq->lang, credit_label(c->status, c->kind)));
    PUT_BOOL(o, "objected", c->objected);
    PUT_BOOL(o, "repair", c->repair);
    if (c->published_at) PUT(o, "published", day_str(m, day_of(c->published_at)));
    if (c->until.n) PUT(o, "until", day_str(m, c->until));
  }
  view_pages(rq, view, f->offset, n, f->limit, total);
  return OK;
}

Code view_standing(Cx *cx, Request *rq, Json *view, Str uscc) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  CreditStanding s;
  TRY(credit_standing(cx, reader_views(rq->rd), uscc, &s));
  if (!s.black && !s.records && !s.red) return OK;
  Json *o = json_put_obj(m, view, S("credit"));
  PUT_BOOL(o, "black", s.black > 0);
  PUT(o, "number", s.black_number);
  PUT(o, "condition", s.condition);
  PUT_INT(o, "records", s.records);
  PUT_BOOL(o, "red", s.red > 0);
  PUT_BOOL(o, "promise", policy_bars(p, S("promise")));
  PUT_BOOL(o, "lacking", policy_bars(p, S("lacking")));
  PUT_BOOL(o, "sample", p->credit_source.sample);
  return OK;
}

static Str files_of(Arena *m, const CreditPlea *p) {
  Str all = S("");
  for (size_t i = 0; i < p->file_count; i++) all = arena_fmt(m, "%.*s%s%.*s", SFMT(all), i ? "、" : "", SFMT(p->files[i].name));
  return all;
}

static void pleas_view(Request *rq, Json *view, const Credit *c) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("pleas"));
  for (size_t i = 0; i < c->plea_count; i++) {
    const CreditPlea *p = &c->pleas[i];
    Json *o = json_push_obj(m, list);
    PUT_BOOL(o, "repair", p->repair);
    PUT(o, "text", p->text);
    PUT(o, "by", p->by);
    PUT(o, "at_cn", time_cn(m, p->at));
    PUT(o, "files", files_of(m, p));
    PUT_BOOL(o, "waits", !p->answered_at);
    if (p->due.n) PUT(o, "due", day_str(m, p->due));
    PUT_BOOL(o, "late", !p->answered_at && p->due.n && day_of(rq->now).n > p->due.n);
    PUT(o, "result", tr(rq->lang, credit_label(p->result, c->kind)));
    PUT(o, "answer", p->answer);
    PUT(o, "answered_by", p->answered_by);
    if (p->answered_at) PUT(o, "answered", time_cn(m, p->answered_at));
  }
}

/* `whole`: also what is only for the office. */
static void matter_view(Request *rq, Json *view, const Credit *c, bool whole) {
  Arena *m = rq->mem;
  CreditRow row = {.subject_kind = c->subject_kind, .subject = c->subject, .uscc = c->uscc, .person = c->person, .registration = c->registration};
  PUT_INT(view, "no", c->no);
  PUT(view, "number", c->number);
  PUT(view, "kind", c->kind);
  PUT(view, "kind_label", tr(rq->lang, credit_kind_label(c->kind)));
  PUT(view, "subject_kind", c->subject_kind);
  PUT(view, "subject", credit_subject(rq, &row));
  PUT(view, "uscc", whole && is_person(c->subject_kind) ? c->registration : credit_subject_no(rq, &row));
  PUT(view, "fact", c->fact);
  PUT(view, "evidence", c->evidence);
  PUT(view, "basis", c->basis);
  PUT(view, "decision", c->decision);
  PUT(view, "condition", c->condition_name);
  PUT(view, "status", c->status);
  PUT(view, "status_label", tr(rq->lang, credit_label(c->status, c->kind)));
  if (c->notice_due.n) PUT(view, "notice_due", day_str(m, c->notice_due));
  PUT_BOOL(view, "notice", str_eqz(c->status, "draft") && c->notice_due.n);
  bool live = str_eqz(c->status, "published"); /* afterwards neither the day until which nor the day from which it may be repaired says anything */
  if (c->until.n && live) PUT(view, "until", day_str(m, c->until));
  if (c->repair_from.n && live && !str_eqz(c->kind, "red")) PUT(view, "repair_from", day_str(m, c->repair_from));
  PUT(view, "drafted", time_cn(m, c->drafted_at));
  if (c->published_at) PUT(view, "published", time_cn(m, c->published_at));
  if (c->ended_at) PUT(view, "ended", time_cn(m, c->ended_at));
  PUT(view, "reason", c->reason);
  PUT(view, "by", c->by);
  pleas_view(rq, view, c);
  if (!whole) return;
  PUT(view, "employer", c->employer);
  PUT_INT(view, "promise", c->promise);
  PUT_INT(view, "project", c->project);
  PUT(view, "drafter", c->drafter_name);
  PUT_BOOL(view, "own", !credit_may_review(c, rq->who->id) && (str_eqz(c->status, "draft") || credit_open_plea(c, false)));
  if (c->source.len) PUT(view, "source_name", unit_name(rq->app->policy, c->source));
}

static Str kind_of(const Request *rq) {
  Str list = request_arg(rq, S("list"));
  return str_eqz(list, "black") || str_eqz(list, "red") ? list : S("record");
}

/* ---- everybody ------------------------------------------------------------------------------------------------------ */

static void conditions_view(Request *rq, Json *view, Str list) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Json *rows = json_put_arr(m, view, S("conditions"));
  for (size_t i = 0; i < p->condition_count; i++) {
    const ListCondition *c = &p->conditions[i];
    if (!str_eq(c->list, list)) continue;
    Json *o = json_push_obj(m, rows);
    PUT(o, "name", c->name);
    PUT(o, "from", c->from);
    PUT(o, "until", c->until);
    PUT_INT(o, "months", c->months);
    PUT_BOOL(o, "person", !str_eqz(c->subject, "enterprise"));
    PUT_BOOL(o, "enterprise", !str_eqz(c->subject, "person"));
    view_source(m, o, c->source);
  }
}

static Code page_credit_public(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  rp->title = tr(rq->lang, S("信用公示"));
  rp->view = json_obj(m);
  PUT(rp->view, "list", kind_of(rq));
  PUT_BOOL(rp->view, "records", str_eqz(kind_of(rq), "record"));
  conditions_view(rq, rp->view, kind_of(rq));
  return credits_view(cx, rq, rp->view, &(CreditFilter){.status = S("published"), .kind = kind_of(rq), .offset = from_of(rq), .limit = STEP});
}

/* ---- the subject ------------------------------------------------------------------------------------------------------ */

static const FormField plea_fields[] = {{"text", "long", "理由和证据", "写明哪里不对、有什么证据，至少 10 个字", false}};
static const FormField repair_fields[] = {{"text", "long", "怎样纠正的", "写明已经怎样纠正、有什么证明，至少 10 个字", false}};
enum { OBJECT, ASK_REPAIR, OWN_ACTS };
static const FormAct own_acts[OWN_ACTS] = {
    {.act = "object", .command = "credit.object", .title = "提出异议", .button = "提出异议", FIELDS(plea_fields), .upload = true,
     .note = "答复以前，没有公布的不公布，已经公布的注明“异议处理中”。"},
    {.act = "ask-repair", .command = "credit.ask-repair", .title = "申请信用修复", .button = "申请修复", FIELDS(repair_fields), .upload = true}};

static Code page_my_credits(Cx *cx, Request *rq, Reply *rp) {
  rp->title = tr(rq->lang, S("我的信用"));
  rp->view = json_obj(rq->mem);
  TRY(view_standing(cx, rq, rp->view, rq->who->org_uscc));
  return credits_view(cx, rq, rp->view, &(CreditFilter){.uscc = rq->who->org_uscc, .account = rq->who->id, .offset = from_of(rq), .limit = STEP});
}

Code credit_own(Cx *cx, const Request *rq, const Credit *c) {
  if (!credit_is_subject(c, rq->who->id, rq->who->org_uscc)) FAIL(NOT_FOUND, "没有这条信用信息，或者它不是您的。");
  return OK;
}

static Code own_matter(Cx *cx, Request *rq, const Credit **out) {
  TRY(credit_load(cx, rq->rd, param_no(rq, 0), out));
  return credit_own(cx, rq, *out);
}

static bool may_object(const Credit *c) {
  return (str_eqz(c->status, "draft") || str_eqz(c->status, "published")) && !credit_open_plea(c, false);
}

static bool may_ask_repair(const Request *rq, const Credit *c) {
  return str_eqz(c->status, "published") && !str_eqz(c->kind, "red") && day_of(rq->now).n >= c->repair_from.n && !credit_open_plea(c, true);
}

static Code page_my_credit(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Credit *c = NULL;
  TRY(own_matter(cx, rq, &c));
  rp->title = c->number;
  rp->view = json_obj(m);
  PUT(rp->view, "path", arena_fmt(m, "/my/credit/%lld", (long long)c->no));
  matter_view(rq, rp->view, c, false);
  credit_letters_view(rq, rp->view, c);
  if (may_object(c)) form_put_act(rq, rp->view, &own_acts[OBJECT]);
  if (may_ask_repair(rq, c)) form_put_act(rq, rp->view, &own_acts[ASK_REPAIR]);
  return OK;
}

static Code post_my_credit(Cx *cx, Request *rq, Reply *rp) {
  const FormAct *a = NULL;
  const Credit *c = NULL;
  TRY(own_matter(cx, rq, &c));
  TRY(form_act(cx, rq, own_acts, OWN_ACTS, &a));
  Json *args = form_args(rq, a);
  if (form_upload(cx, rq, args) != OK) {
    Str detail = cx->detail;
    cx_clear(cx);
    TRY(page_my_credit(cx, rq, rp));
    rp->tmpl = "my_credit";
    form_fault(rq, rp, a, S("files"), detail);
    return OK;
  }
  form_send(rq, rp, a, arena_fmt(rq->mem, "credit/%lld", (long long)c->no), args, arena_fmt(rq->mem, "/my/credit/%lld", (long long)c->no), page_my_credit, "my_credit");
  return OK;
}

/* ---- the office --------------------------------------------------------------------------------------------------------- */

static Code page_credits(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  bool watch = request_has_role(rq, ROLE_SUPERVISOR | ROLE_LEADER), waiting = str_eqz(request_arg(rq, S("status")), "waiting");
  Str status = request_arg(rq, S("status")), kind = request_arg(rq, S("list")).len ? kind_of(rq) : S("");
  rp->title = S("信用记录和名单");
  rp->view = json_obj(m);
  PUT(rp->view, "status", status);
  PUT(rp->view, "list", kind);
  PUT_BOOL(rp->view, "watch", watch);
  PUT_BOOL(rp->view, "supervisor", request_has_role(rq, ROLE_SUPERVISOR));
  return credits_view(cx, rq, rp->view,
                      &(CreditFilter){.status = waiting ? S("") : status, .waiting = waiting, .kind = kind, .source = watch ? S("") : rq->who->unit,
                                      .offset = from_of(rq), .limit = STEP});
}

static const FormField publish_fields[] = {{"text", "long", "审核意见", NULL, false}};
static const FormField reason_fields[] = {{"reason", "long", "理由", NULL, false}};
static const FormField document_fields[] = {{"document", "text", "信用修复的文件", "文号或名称", false}};
static const FormField answer_fields[] = {{"result", "radio", "答复", NULL, false}, {"text", "long", "理由", "至少 10 个字", false}};
static const FormField paper_fields[] = {{"said_by", "text", "书面提出的人", NULL, false}, {"text", "long", "理由和证据", "照书面材料登记，至少 10 个字", false}};
enum { ANSWER, REPAIR, REFUSE_REPAIR, PUBLISH, LIST, REJECT, WITHDRAW, PAPER_OBJECT, PAPER_REPAIR, CREDIT_ACTS };
static const FormAct credit_acts[CREDIT_ACTS] = {
    {.act = "answer", .command = "credit.answer", .title = "答复异议", .button = "答复", FIELDS(answer_fields), .note = "成立的随即撤销，不再公布。"},
    {.act = "repair", .command = "credit.repair", .title = "信用修复", .button = "修复", FIELDS(document_fields)},
    {.act = "refuse-repair", .command = "credit.refuse-repair", .title = "不予修复", .button = "不予修复", FIELDS(reason_fields)},
    {.act = "publish", .command = "credit.publish", .title = "审核并公布", .button = "公布", FIELDS(publish_fields), .note = "没有审核的不公布。"},
    {.act = "list", .command = "credit.publish", .title = "列入名单", .button = "列入", FIELDS(publish_fields), .note = "情形在今天仍然施行的才能列入。"},
    {.act = "reject", .command = "credit.reject", .title = "不予记录", .button = "不予记录", FIELDS(reason_fields)},
    {.act = "withdraw", .command = "credit.withdraw", .title = "撤销", .button = "撤销", FIELDS(reason_fields), .note = "据以公布的决定已经不存在的，撤销。"},
    {.act = "paper-object", .command = "credit.object", .title = "登记书面异议", .button = "登记异议", FIELDS(paper_fields)},
    {.act = "paper-repair", .command = "credit.ask-repair", .title = "登记书面修复申请", .button = "登记申请", FIELDS(paper_fields)}};

static void office_forms(Request *rq, Json *view, const Credit *c) {
  bool draft = str_eqz(c->status, "draft"), published = str_eqz(c->status, "published"), record = str_eqz(c->kind, "record"), red = str_eqz(c->kind, "red");
  const CreditPlea *objection = credit_open_plea(c, false), *repair = credit_open_plea(c, true);
  bool other = credit_may_review(c, rq->who->id);
  if (objection && other) {
    Json *form = form_put_act(rq, view, &credit_acts[ANSWER]);
    form_choice(rq, form, "result", S("dismissed"), S("不成立"));
    form_choice(rq, form, "result", S("upheld"), S("成立"));
  }
  if (published && !red) form_put_act(rq, view, &credit_acts[REPAIR]);
  if (published && repair) form_put_act(rq, view, &credit_acts[REFUSE_REPAIR]);
  if (draft && other && !objection && (record || day_of(rq->now).n > c->notice_due.n)) form_put_act(rq, view, &credit_acts[record ? PUBLISH : LIST]);
  if (draft) form_put_act(rq, view, &credit_acts[REJECT]);
  if (may_object(c)) form_put_act(rq, view, &credit_acts[PAPER_OBJECT]);
  if (may_ask_repair(rq, c)) form_put_act(rq, view, &credit_acts[PAPER_REPAIR]);
  if (published) form_put_act(rq, view, &credit_acts[WITHDRAW]);
}

Code credit_seen(Cx *cx, const Request *rq, const Credit *c) {
  if (!request_has_role(rq, WATCH) && !str_eq(c->source, rq->who->unit)) FAIL(NOT_FOUND, "没有这条信用信息，或者它不是您单位登记的。");
  return OK;
}

static Code page_credit(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Credit *c = NULL;
  TRY(credit_load(cx, rq->rd, param_no(rq, 0), &c));
  bool watch = request_has_role(rq, WATCH);
  TRY(credit_seen(cx, rq, c));
  rp->title = c->number;
  rp->view = json_obj(m);
  PUT(rp->view, "path", arena_fmt(m, "/w/credit/%lld", (long long)c->no));
  PUT_BOOL(rp->view, "watch", watch);
  matter_view(rq, rp->view, c, true);
  credit_letters_view(rq, rp->view, c);
  if (request_has_role(rq, ROLE_SUPERVISOR)) office_forms(rq, rp->view, c);
  return OK;
}

static Code post_credit(Cx *cx, Request *rq, Reply *rp) {
  const FormAct *a = NULL;
  const Credit *c = NULL;
  TRY(credit_load(cx, rq->rd, param_no(rq, 0), &c));
  TRY(form_act(cx, rq, credit_acts, CREDIT_ACTS, &a));
  Str path = arena_fmt(rq->mem, "/w/credit/%lld", (long long)c->no);
  form_send(rq, rp, a, arena_fmt(rq->mem, "credit/%lld", (long long)c->no), form_args(rq, a), path, page_credit, "credit_one");
  return OK;
}

/* ---- the rows --------------------------------------------------------------------------------------------------------- */

#define UNIT (ROLE_APPROVER | ROLE_UNIT_HEAD)
#define ROUTE(how, at, who, fn, t, sec, what) {.method = how, .path = at, .allow = (who), .run = fn, .tmpl = t, .section = sec, .help = what}
#define DESK(how, at, who, fn, t, what) {.method = how, .path = at, .allow = (who), .run = fn, .tmpl = t, .section = "joint", .compact = true, .help = what}
const Route credit_routes[] = {
    ROUTE(GET, "/credit", ROLE_PUBLIC, page_credit_public, "credit", "open", "审核后公布的信用记录和红黑名单，列入的情形。"),
    ROUTE(GET, "/my/credit", ROLE_APPLICANT, page_my_credits, "my_credits", "my", "本单位、本人的信用记录和名单。"),
    ROUTE(GET, "/my/credit/{no}", ROLE_APPLICANT, page_my_credit, "my_credit", "my", "一条信用信息：告知、异议、修复。"),
    {.method = POST, .path = "/my/credit/{no}", .allow = ROLE_APPLICANT, .run = post_my_credit, .section = "my", .uploads = "file", .help = "提出异议，申请信用修复。"},
    ROUTE(GET, "/my/credit/{no}/letter/{seq}", ROLE_APPLICANT, page_credit_letter, "credit_letter", "my", "一份告知书、决定书，可打印。"),
    ROUTE(GET, "/my/credit/{no}/letter/{seq}/pdf", ROLE_APPLICANT, page_credit_letter_pdf, NULL, "my", "它的 PDF。"),
    ROUTE(GET, "/my/credit/{no}/letter/{seq}/ofd", ROLE_APPLICANT, page_credit_letter_ofd, NULL, "my", "它的 OFD。"),
    DESK(GET, "/w/credit", UNIT | WATCH, page_credits, "credits", "信用记录和红黑名单：审核、公布、异议、修复。"),
    DESK(GET, "/w/credit/new", UNIT | ROLE_SUPERVISOR, page_credit_new, "credit_new", "登记失信行为，拟列入名单。"),
    DESK(POST, "/w/credit/new", UNIT | ROLE_SUPERVISOR, post_credit_new, NULL, "登记失信行为，拟列入名单。"),
    DESK(GET, "/w/credit/out", WATCH, page_credit_out, "credit_out", "给各信用网站的文件：公布的信息和以后的每次变更。"),
    DESK(GET, "/w/credit/out/{site}/{format}", WATCH, page_credit_file, NULL, "一个网站的文件：csv 或 jsonl。"),
    DESK(GET, "/w/credit/{no}", UNIT | WATCH, page_credit, "credit_one", "一条信用记录、一条名单。"),
    DESK(GET, "/w/credit/{no}/letter/{seq}", UNIT | WATCH, page_credit_letter, "credit_letter", "一份告知书、决定书，打印送达没有账号的主体。"),
    DESK(GET, "/w/credit/{no}/letter/{seq}/pdf", UNIT | WATCH, page_credit_letter_pdf, NULL, "它的 PDF。"),
    DESK(GET, "/w/credit/{no}/letter/{seq}/ofd", UNIT | WATCH, page_credit_letter_ofd, NULL, "它的 OFD。"),
    DESK(POST, "/w/credit/{no}", ROLE_SUPERVISOR, post_credit, NULL, "公布、列入、答复异议、信用修复、撤销。"),
    {.path = NULL},
};
