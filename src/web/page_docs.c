/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_docs.c: receipts, notices and decisions 文书 of a case, for whom they concern: the list, one as a page and as PDF, and its
 * delivery 送达 as the window records it.
 */
#include "web/page.h"
#include "web/archive.h"
#include "web/page_work.h"
#include "web/press.h"
#include "web/web_int.h"

static void docs_head(Request *rq, Json *view, const Project *pr) {
  Arena *m = rq->mem;
  view_project(m, rq->app->policy, view, pr, false);
  PUT_BOOL(view, "staff", reads_inside(rq));
  PUT_BOOL(view, "clerk", request_has_role(rq, ROLE_CLERK));
}

static void row_put(Request *rq, Json *o, const Project *pr, const Document *d) {
  Arena *m = rq->mem;
  const ItemState *i = d->stage ? stage_item(&pr->stages[d->stage], d->item) : NULL;
  PUT_INT(o, "seq", d->seq);
  PUT(o, "doc_title", document_title(d));
  PUT(o, "doc_number", document_number(m, pr, d));
  PUT_INT(o, "doc_stage", d->stage);
  if (i) PUT(o, "item_name", i->name);
  PUT(o, "day", day_str(m, day_of(d->at)));
  PUT(o, "day_cn", day_cn(m, day_of(d->at)));
  PUT_BOOL(o, "servable", document_servable(d));
  PUT_BOOL(o, "waits", document_servable(d) && !d->served_at);
  if (!d->served_at) return;
  PUT(o, "served", d->served_day ? day_cn(m, day_of(d->served_at)) : time_cn(m, d->served_at));
  PUT(o, "served_how", d->served_how);
  PUT(o, "served_to", d->served_to);
  PUT_INT(o, "served_seq", d->served_seq);
}

static Code page_docs(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Project *pr = NULL;
  TRY(project_concerned(cx, rq, &pr));
  rp->title = S("文书");
  rp->view = json_obj(m);
  docs_head(rq, rp->view, pr);
  Json *list = json_put_arr(m, rp->view, S("documents"));
  for (size_t i = pr->document_count; i > 0; i--) row_put(rq, json_push_obj(m, list), pr, &pr->documents[i - 1]);
  return OK;
}

/* ---- one ----------------------------------------------------------------------------------------- */

typedef struct Doc {
  const Project *pr;
  const Document *d;
  DocText text;
} Doc;

static Code doc_read(Cx *cx, Request *rq, const Project *pr, int64_t seq, Event *e, Doc *out) {
  TRY(document_event(cx, rq->rd, pr, seq, e));
  out->pr = pr;
  out->d = document_find(pr, seq);
  const Policy *p = out->d->stage ? policy_of(rq, pr, out->d->stage) : rq->app->policy;
  if (rq->app->policies) p = policies_at(cx->mem, rq->app->policies, p->version, (int)json_int(e->body, S("calendar"), 0));
  return document_text(cx, p, pr, e, &out->text);
}

static Json *strings_put(Arena *m, Json *view, Str key, const Str *list, size_t n) {
  Json *out = json_put_arr(m, view, key);
  for (size_t i = 0; i < n; i++) json_push_str(m, out, list[i]);
  return out;
}

/* ---- a refusal, on pages of whoever applied ------------------------------------------------------- */

void refused_view(Request *rq, Json *view, const Project *pr, int n) {
  Arena *m = rq->mem;
  const StageState *s = &pr->stages[n];
  if (s->status != STAGE_REFUSED && !(s->status == STAGE_WITHDRAWN && s->not_accepted)) return;
  Json *o = json_put_obj(m, view, S("refused_before"));
  PUT(o, "end_reason", s->end_reason);
  if (s->status == STAGE_REFUSED) json_put(m, o, S("refusal"), s->refusal);
  else json_put(m, o, S("declined"), s->declined);
  view_contact(m, rq->app->policy, o, rq->app->policy->window_unit);
  ways_view(rq, o, pr, n);
}

void ways_view(Request *rq, Json *o, const Project *pr, int n) {
  Arena *m = rq->mem;
  const Document *letter;
  Remedy ways[REMEDIES_MAX];
  bool sample, open = false;
  size_t count = document_remedies(m, policy_of(rq, pr, n), pr, n, &letter, ways, &sample);
  Json *list = json_put_arr(m, o, S("ways"));
  for (size_t i = 0; i < count; i++) {
    Json *way = json_push_obj(m, list);
    PUT(way, "text", ways[i].text);
    if (ways[i].until.n) PUT(way, "until", day_str(m, ways[i].until));
    if (ways[i].until.n) PUT(way, "until_cn", day_cn(m, ways[i].until));
    bool provisional = ways[i].until.n && calendar_is_provisional(policy_of(rq, pr, n)->calendar, ways[i].until);
    PUT_BOOL(way, "provisional", provisional);
    PUT_BOOL(way, "past", ways[i].until.n && ways[i].until.n < day_of(rq->now).n);
    if (provisional) PUT_BOOL(o, "ways_provisional", true);
    open |= ways[i].until.n >= day_of(rq->now).n || !ways[i].until.n;
  }
  PUT_BOOL(o, "ways_open", open);
  PUT_BOOL(o, "ways_sample", sample);
  if (!letter) return;
  PUT(o, "letter", arena_fmt(m, "/doc/%lld/%lld", (long long)pr->no, (long long)letter->seq));
  PUT(o, "letter_title", document_title(letter));
  PUT(o, "letter_number", document_number(m, pr, letter));
  if (letter->served_at) PUT(o, "letter_served", day_cn(m, day_of(letter->served_at)));
}

Code turned_down_view(Cx *cx, Request *rq, const Json *stages, const Project *pr) {
  Arena *m = rq->mem;
  int n = 0;
  for (const Json *stage = stages->first; stage && ++n <= STAGE_MAX; stage = stage->next) {
    const Json *items = json_get(stage, S("items"));
    for (Json *o = items ? items->first : NULL; o; o = o->next) {
      DocText t;
      if (!json_bool(o, S("turned_down"))) continue;
      TRY(document_refusal_draft(cx, policy_of(rq, pr, n), pr, n, json_str(o, S("code")), S(""), S(""), rq->now, &t));
      strings_put(m, o, S("ways"), t.remedies, t.remedy_count);
      PUT_BOOL(o, "ways_sample", t.remedy_sample);
    }
  }
  return OK;
}

/* In memory of its own when it is printed. */
static Code doc_asked(Cx *cx, Request *rq, Doc *out) {
  int64_t seq = 0;
  Event e;
  TRY(project_concerned(cx, rq, &out->pr));
  if (!str_to_i64(rq->params[1], &seq)) seq = 0;
  return doc_read(cx, rq, out->pr, seq, &e, out);
}

static Code page_doc(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Doc d;
  TRY(doc_asked(cx, rq, &d));
  const DocText *t = &d.text;
  rp->title = t->title;
  Json *view = rp->view = json_obj(m);
  docs_head(rq, view, d.pr);
  row_put(rq, view, d.pr, d.d);
  PUT(view, "addressee", t->addressee);
  strings_put(m, view, S("paragraphs"), t->paragraphs, t->paragraph_count);
  PUT(view, "heading", t->heading);
  strings_put(m, view, S("list"), t->list, t->list_count);
  Json *lines = json_put_arr(m, view, S("lines"));
  for (size_t i = 0; i < t->line_count; i++) {
    Json *o = json_push_obj(m, lines);
    PUT(o, "label", t->lines[i].label);
    PUT(o, "text", t->lines[i].text);
  }
  PUT(view, "basis", t->basis);
  strings_put(m, view, S("remedies"), t->remedies, t->remedy_count);
  PUT_BOOL(view, "remedy_sample", t->remedy_sample);
  PUT(view, "issuer", t->issuer);
  if (t->seal) PUT(view, "seal", rq->app->policy->seal);
  PUT_BOOL(view, "can_serve", request_has_role(rq, ROLE_CLERK) && document_servable(d.d) && !d.d->served_at);
  return OK;
}

static Str *copied(Arena *own, const Str *list, size_t n) {
  Str *out = arena_array(own, Str, n + 1);
  for (size_t i = 0; i < n; i++) out[i] = arena_str(own, list[i]);
  return out;
}

/* A letter, or the table of a return. Copied: the state lives only until the next request. */
static Paper paper_of(Arena *own, Request *rq, const Doc *d) {
  const DocText *t = &d->text;
  PaperRow *rows = arena_array(own, PaperRow, t->line_count + 1);
  Str *closing = arena_array(own, Str, t->remedy_count + 2);
  size_t n = 0;
  for (size_t i = 0; i < t->line_count; i++) rows[i] = (PaperRow){arena_str(own, t->lines[i].label), arena_str(own, t->lines[i].text)};
  if (t->basis.len) closing[n++] = arena_fmt(own, "依据：%.*s。", SFMT(t->basis));
  for (size_t i = 0; i < t->remedy_count; i++) closing[n++] = arena_str(own, t->remedies[i]);
  if (t->remedy_sample) closing[n++] = S("（复议机关、法院为示例。）");
  return (Paper){.title = arena_str(own, t->title), .number = arena_str(own, t->number), .addressee = t->line_count ? S("") : arena_str(own, t->addressee),
                 .paragraphs = copied(own, t->paragraphs, t->paragraph_count), .paragraph_count = t->paragraph_count, .rows = rows, .row_count = t->line_count,
                 .heading = arena_str(own, t->heading), .list = copied(own, t->list, t->list_count), .list_count = t->list_count, .closing = closing,
                 .closing_count = n, .issuer = arena_str(own, t->issuer), .date = day_cn(own, t->day), .seal = t->seal ? arena_str(own, rq->app->policy->seal) : S(""),
                 .sample = rq->app->demo, .made = d->d->at};
}

Code doc_paper(Cx *own, Request *rq, const Project *pr, int64_t seq, Event *e, Paper *out) {
  Doc d;
  TRY(doc_read(own, rq, pr, seq, e, &d));
  *out = paper_of(own->mem, rq, &d);
  return OK;
}

static Code doc_press(Cx *cx, Request *rq, Reply *rp, PressAs as) {
  Doc d;
  TRY(doc_asked(cx, rq, &d));
  Arena *own = press_memory();
  Paper p = paper_of(own, rq, &d);
  return reply_press(cx, rq, rp, own, &p, as);
}

static Code page_doc_pdf(Cx *cx, Request *rq, Reply *rp) {
  return doc_press(cx, rq, rp, PRESS_PDF);
}

static Code page_doc_ofd(Cx *cx, Request *rq, Reply *rp) {
  return doc_press(cx, rq, rp, PRESS_OFD);
}

/* ---- its delivery --------------------------------------------------------------------------------- */

static void after_serve(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  after_or_again(cx, rq, result, rp, arena_fmt(rq->mem, "/doc/%.*s/%.*s", SFMT(rq->params[0]), SFMT(rq->params[1])), page_doc, "doc");
}

/* Another day than today: the journal says when it was entered. Within the day it comes after what was done last. */
Code served_day(Cx *cx, Request *rq, const char *made, int64_t made_at, int64_t last_at, Json *args, int64_t *happened) {
  Str typed = str_trim(utf8_halfwidth(rq->mem, request_arg(rq, S("on"))));
  Day on, today = day_of(rq->now), first = day_of(made_at);
  if (!typed.len) return OK;
  if (!day_typed(typed, &on)) FAIL_AT(INVALID, S("on"), S(""), "送达日期要写成日期，如 %.*s", SFMT(day_str(rq->mem, today)));
  if (on.n > today.n) FAIL_AT(INVALID, S("on"), S(""), "送达日期不能晚于今天（%.*s）：还没有送到的，送到以后再登记", SFMT(day_str(rq->mem, today)));
  if (on.n < first.n) FAIL_AT(INVALID, S("on"), S(""), "送达日期不能早于%s的那一天（%.*s）", made, SFMT(day_str(rq->mem, first)));
  if (on.n == today.n) return OK;
  json_put_str(rq->mem, args, S("on"), day_str(rq->mem, on));
  *happened = day_of(last_at).n == on.n ? last_at : day_start(on);
  return OK;
}

static Code post_doc(Cx *cx, Request *rq, Reply *rp) {
  static const char *const texts[] = {"how", "to", "note"};
  Arena *m = rq->mem;
  const Project *pr = NULL;
  int64_t seq = 0, happened = 0;
  Json *args = json_obj(m);
  TRY(project_of_staff(cx, rq, &pr));
  if (!str_to_i64(rq->params[1], &seq)) FAIL(NOT_FOUND, "本项目没有这份文书。请从项目的文书目录里打开。");
  PUT_INT(args, "seq", seq);
  for (size_t i = 0; i < COUNT(texts); i++) {
    Str value = request_arg(rq, str_of(texts[i]));
    if (value.len) json_put_str(m, args, str_of(texts[i]), value);
  }
  const Document *doc = document_find(pr, seq);
  Code code = doc && !doc->served_at ? served_day(cx, rq, "作出", doc->at, doc->at, args, &happened) : OK;
  if (code != OK) return fault_again(cx, rq, rp, page_doc, "doc");
  reply_command(rq, rp, S("document.serve"), stream_of(rq), args)->happened = happened;
  rp->after = after_serve;
  return OK;
}

/* ---- what waits for it ----------------------------------------------------------------------------- */

enum { LETTERS_SHOWN = 50 };
typedef struct Tab { const char *which, *css, *label; int64_t from, before; } Tab;
enum { TABS = 4 };

static void tabs_of(const Request *rq, Tab out[TABS]) {
  int64_t late = letters_late_before(rq->app->policy, rq->now), today = day_start(day_of(rq->now));
  out[0] = (Tab){"", "all", "全部待送达", 0, 0};
  out[1] = (Tab){"late", "r", "已超期", 0, late};
  out[2] = (Tab){"fresh", "g", "没有超期", late, 0};
  out[3] = (Tab){"today", "all", "今天作出", today, 0};
}

/* view.lamps: each number is as long as the list that it leads to. */
Code letters_tabs(Cx *cx, Request *rq, Json *view, Str which, Str title) {
  Arena *m = rq->mem;
  Tab tabs[TABS];
  tabs_of(rq, tabs);
  Json *list = json_put_arr(m, view, S("lamps"));
  for (size_t i = 0; i < TABS; i++) {
    int64_t n = 0;
    TRY(letters_count(cx, rq->rd, &(LetterFilter){.title = title, .from = tabs[i].from, .before = tabs[i].before}, &n));
    Json *o = json_push_obj(m, list);
    PUT(o, "href", arena_fmt(m, "/w/letters?which=%s&kind=%.*s", tabs[i].which, SFMT(url_encode(m, title))));
    PUT(o, "css", str_of(tabs[i].css));
    PUT(o, "label", str_of(tabs[i].label));
    PUT_INT(o, "n", n);
    PUT_BOOL(o, "current", str_eqz(which, tabs[i].which));
  }
  return OK;
}

static Code letter_kinds_view(Cx *cx, Request *rq, Json *view, Str title) {
  Arena *m = rq->mem;
  LetterKind *kinds = NULL;
  size_t n = 0;
  TRY(letters_kinds(cx, rq->rd, &kinds, &n));
  Json *list = json_put_arr(m, view, S("kinds"));
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, list);
    PUT(o, "title", kinds[i].title);
    PUT_INT(o, "n", kinds[i].n);
    PUT_BOOL(o, "chosen", str_eq(kinds[i].title, title));
  }
  return OK;
}

static void letter_put(Request *rq, Json *o, const LetterRow *row) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Reading r = delivery_reading(p, row->at, rq->now);
  PUT_INT(o, "project", row->project);
  PUT_INT(o, "seq", row->seq);
  PUT(o, "doc_title", row->title);
  PUT(o, "doc_number", row->doc_number);
  PUT(o, "number", row->number);
  PUT(o, "project_name", row->project_name);
  PUT(o, "owner", row->owner);
  PUT(o, "day", day_str(m, day_of(row->at)));
  PUT(o, "due", day_str(m, r.due));
  PUT_BOOL(o, "late", r.lamp == LAMP_RED);
  view_lamp(m, o, r.lamp, r.left, r.overdue_days);
}

static Code page_letters(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  LetterRow *rows = NULL;
  Tab tabs[TABS], *tab = &tabs[0];
  size_t n = 0;
  int64_t total = 0;
  Str which = request_arg(rq, S("which")), kind = request_arg(rq, S("kind"));
  tabs_of(rq, tabs);
  for (size_t i = 0; i < TABS; i++)
    if (str_eqz(which, tabs[i].which)) tab = &tabs[i];
  LetterFilter f = {.title = kind, .from = tab->from, .before = tab->before, .offset = from_of(rq), .limit = LETTERS_SHOWN};
  TRY(letters_list(cx, rq->rd, &f, &rows, &n, &total));
  rp->title = S("待送达的文书");
  rp->view = json_obj(m);
  TRY(letters_tabs(cx, rq, rp->view, str_of(tab->which), kind));
  TRY(letter_kinds_view(cx, rq, rp->view, kind));
  Json *list = json_put_arr(m, rp->view, S("rows"));
  bool head = request_has_role(rq, ROLE_WINDOW_HEAD);
  PUT_BOOL(rp->view, "head", head);
  for (size_t i = 0; i < n; i++) {
    const Project *pr = NULL;
    Json *o = json_push_obj(m, list);
    letter_put(rq, o, &rows[i]);
    if (!head) continue; /* it is for a clerk to do; who was the last at it is the one to ask */
    TRY(project_load(cx, rq->rd, rows[i].project, &pr));
    PUT(o, "hand", window_hand(policy_of(rq, pr, rows[i].stage), pr, rows[i].stage));
  }
  PUT(rp->view, "which", str_of(tab->which));
  PUT(rp->view, "kind", kind);
  PUT_INT(rp->view, "deliver_days", rq->app->policy->deliver_days);
  view_source(m, rp->view, rq->app->policy->deliver_source);
  view_pages(rq, rp->view, f.offset, n, LETTERS_SHOWN, total);
  return OK;
}

const Route doc_routes[] = {
    {.method = GET, .path = "/doc/{id}", .allow = CONCERNED, .run = page_docs, .tmpl = "docs", .section = "work",
     .help = "一个项目的全部文书：收件、受理、补正、特别程序、延期、准予、不予许可、送达回证，编号和送达情况。"},
    {.method = GET, .path = "/w/letters", .allow = ROLE_CLERK | ROLE_WINDOW_HEAD, .run = page_letters, .tmpl = "letters", .section = "work", .compact = true,
     .help = "还没有登记送达的通知和决定，新作出的在前；which=late 已超期、fresh 没有超期、today 今天作出，kind=文书名称，from 从第几份起。"},
    {.method = GET, .path = "/doc/{id}/{seq}", .allow = CONCERNED, .run = page_doc, .tmpl = "doc", .section = "work", .help = "一份文书，可打印。"},
    {.method = GET, .path = "/doc/{id}/{seq}/pdf", .allow = CONCERNED, .run = page_doc_pdf, .section = "work", .help = "一份文书的 PDF。"},
    {.method = GET, .path = "/doc/{id}/{seq}/ofd", .allow = CONCERNED, .run = page_doc_ofd, .section = "work", .help = "一份文书的 OFD。"},
    {.method = POST, .path = "/doc/{id}/{seq}", .allow = ROLE_CLERK, .run = post_doc, .section = "work", .help = "登记文书的送达。"},
    {.path = NULL},
};
