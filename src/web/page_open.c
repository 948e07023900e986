/* SPDX-License-Identifier: Apache-2.0 */
/* page_open.c: disclosure 政务公开 for everybody: its home, a document, its interpretations (S38, S40; D01-1.2). */
#include "web/page_open.h"
#include "web/press.h"

enum { STEP = 20 };

/* ---- parts ------------------------------------------------------------------------------------------------------------- */

void view_blocks(Request *rq, Json *view, Str text) {
  Arena *m = rq->mem;
  Block *list = NULL;
  Json *blocks = json_put_arr(m, view, S("blocks")), *toc = json_put_arr(m, view, S("toc")), *subs = NULL;
  size_t n = text_blocks(m, text, &list);
  for (size_t i = 0; i < n; i++) {
    static const char *const kinds[] = {"para", "title", "head", "sub", "line"};
    Json *o = json_push_obj(m, blocks), *t = NULL;
    PUT(o, "kind", str_of(kinds[list[i].kind]));
    PUT(o, "anchor", list[i].anchor);
    PUT(o, "text", list[i].text);
    if (list[i].kind == BLOCK_HEAD) {
      t = json_push_obj(m, toc);
      subs = json_put_arr(m, t, S("subs"));
    } else if (list[i].kind == BLOCK_SUBHEAD && subs) {
      t = json_push_obj(m, subs);
    }
    if (!t) continue;
    PUT(t, "anchor", list[i].anchor);
    PUT(t, "text", list[i].text);
  }
}

Str item_form(const Request *rq, Str form) {
  const Disclosure *d = rq->app->policy->disclosure;
  const OpenWord *w = d ? open_word(d->forms, d->form_count, form) : NULL;
  return w ? w->name : form;
}

void view_article(Request *rq, Json *view, int64_t published, Str source) {
  Arena *m = rq->mem;
  Json *o = json_put_obj(m, view, S("article"));
  PUT(o, "date", time_cn(m, published));
  PUT(o, "source", source);
}

static void times_put(Request *rq, Json *o, Str openness, Str force, Day day, int64_t published) {
  Arena *m = rq->mem;
  PUT(o, "openness", openness);
  PUT(o, "openness_label", tr(rq->lang, openness_label(openness)));
  PUT(o, "force", force);
  PUT(o, "force_label", tr(rq->lang, force_label(force)));
  PUT(o, "day", day_str(m, day));
  PUT(o, "published", published ? day_str(m, day_of(published)) : S(""));
}

void view_gazette(Request *rq, Json *o, const GazetteFile *g) {
  Arena *m = rq->mem;
  PUT_INT(o, "no", g->no);
  PUT(o, "id", gazette_id(m, g));
  PUT(o, "number", g->number);
  PUT(o, "title", g->title);
  PUT(o, "issuer", g->issuer);
  PUT(o, "recipients", g->recipients);
  PUT(o, "unit_name", unit_name(rq->app->policy, g->unit));
  PUT_BOOL(o, "explain", g->explain);
  PUT(o, "force_basis", g->force_basis);
  PUT(o, "channels", g->channels);
  times_put(rq, o, g->openness, g->force, g->day, g->published);
  Json *basis = json_put_arr(m, o, S("basis"));
  for (size_t i = 0; i < g->basis_count; i++) json_push_str(m, basis, g->basis[i]);
}

void view_gazette_row(Request *rq, Json *o, const GazetteRow *r) {
  Arena *m = rq->mem;
  PUT_INT(o, "no", r->no);
  PUT(o, "id", r->code.len ? r->code : arena_fmt(m, "%lld", (long long)r->no));
  PUT(o, "number", r->number);
  PUT(o, "title", r->title);
  PUT(o, "issuer", r->issuer);
  PUT_INT(o, "readings", r->readings);
  PUT_BOOL(o, "explain", r->explain);
  PUT(o, "status", r->status);
  PUT(o, "status_label", gazette_label(r->status));
  PUT(o, "step", r->step);
  PUT(o, "step_label", scrutiny_label(r->step));
  PUT_BOOL(o, "about_item", r->about > 0);
  times_put(rq, o, r->openness, r->force, r->day, r->published);
}

Code view_documents(Cx *cx, Request *rq, Json *view, size_t max) {
  Arena *m = rq->mem;
  GazetteRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  TRY(gazettes_list(cx, rq->rd, &(GazetteFilter){.on_site = true, .limit = max}, &rows, &n, &total));
  Json *list = json_put_arr(m, view, S("documents"));
  for (size_t i = 0; i < n; i++) view_gazette_row(rq, json_push_obj(m, list), &rows[i]);
  return OK;
}

/* ---- the home of disclosure ---------------------------------------------------------------------------------------------- */

static Code page_open(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  GazetteRow *rows = NULL;
  size_t n = 0, from = from_of(rq);
  int64_t total = 0;
  rp->title = tr(rq->lang, S("政务公开"));
  rp->view = json_obj(m);
  TRY(gazettes_list(cx, rq->rd, &(GazetteFilter){.on_site = true, .limit = STEP, .offset = from}, &rows, &n, &total));
  Json *list = json_put_arr(m, rp->view, S("documents"));
  for (size_t i = 0; i < n; i++) view_gazette_row(rq, json_push_obj(m, list), &rows[i]);
  view_pages(rq, rp->view, from, n, STEP, total);
  TRY(view_talks(cx, rq, rp->view, &(CanvassFilter){.on_site = true, .limit = 3}));
  rp->cache = true;
  return OK;
}

/* ---- a document ------------------------------------------------------------------------------------------------------------ */

/* One answer for what does not exist and what is not public. */
static Code public_file(Cx *cx, Request *rq, const GazetteFile **out) {
  Code code = gazette_load(cx, rq->rd, rq->params[0], out);
  if (code == NOT_FOUND || (code == OK && !(*out)->published)) {
    cx_clear(cx);
    FAIL(NOT_FOUND, "没有公开这份文件。请从“政务公开”里打开，或者搜索文件名、字号。");
  }
  return code;
}

static void service(Request *rq, Json *list, Str title, Str href, Str more) {
  Arena *m = rq->mem;
  Json *o = json_push_obj(m, list);
  PUT(o, "title", title);
  PUT(o, "href", href);
  PUT(o, "more", more);
}

/* What can be done because this document says so: stages, the catalogue, limits, portfolios whose clause is one of its own. */
static void services_view(Request *rq, Json *view, const GazetteFile *g) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Json *list = json_put_arr(m, view, S("services"));
  Str head = arena_fmt(m, "%.*s-", SFMT(g->code));
  int64_t items = 0;
  if (!g->code.len) return;
  for (int n = 1; n <= STAGE_MAX; n++) {
    if (!str_starts(p->stages[n].source.clause, head)) continue;
    Json *limits = json_obj(m);
    view_stage_limits(m, p, limits, n);
    service(rq, list, p->stages[n].certificate, arena_fmt(m, "/s/stage/%d", n),
            arena_fmt(m, "%lld—%lld", (long long)json_int(limits, S("low"), 0), (long long)json_int(limits, S("high"), 0)));
  }
  for (size_t i = 0; i < p->item_count; i++) items += str_starts(p->items[i].source.clause, head);
  if (items) service(rq, list, tr(rq->lang, S("审批事项清单")), S("/s/list"), S(""));
  if (p->category_count && str_starts(p->categories[0].source.clause, head)) service(rq, list, tr(rq->lang, S("各类别审批时限一览")), S("/s/time"), S(""));
  if (p->leader_count && str_starts(p->leaders[0].source.clause, head)) service(rq, list, tr(rq->lang, S("领导分工和机构")), S("/s/leaders"), S(""));
}

static void items_view(Request *rq, Json *view, const GazetteFile *g, bool whole) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("items"));
  for (size_t i = 0; i < g->item_count; i++) {
    const Interpretation *x = &g->items[i];
    if (!str_eqz(x->status, "public")) continue;
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "item", x->no);
    PUT(o, "title", x->title);
    PUT(o, "form", item_form(rq, x->form));
    PUT(o, "published", day_str(m, day_of(x->published)));
    if (!whole) continue;
    view_annexes(rq, o, g, x->no, arena_fmt(m, "/open/doc/%.*s", SFMT(rq->params[0])), false);
    view_blocks(rq, o, x->text);
    for (Json *b = json_get(o, S("blocks"))->first; b; b = b->next) PUT(b, "anchor", arena_fmt(m, "jd%d-%.*s", x->no, SFMT(json_str(b, S("anchor")))));
  }
}

static Code page_document(Cx *cx, Request *rq, Reply *rp) {
  const GazetteFile *g = NULL;
  TRY(public_file(cx, rq, &g));
  rp->title = g->title;
  rp->view = json_obj(rq->mem);
  view_gazette(rq, rp->view, g);
  view_blocks(rq, rp->view, g->text);
  items_view(rq, rp->view, g, false);
  view_annexes(rq, rp->view, g, 0, arena_fmt(rq->mem, "/open/doc/%.*s", SFMT(rq->params[0])), false);
  services_view(rq, rp->view, g);
  view_article(rq, rp->view, g->published, g->issuer);
  rp->cache = true;
  return view_talks(cx, rq, rp->view, &(CanvassFilter){.on_site = true, .document = g->no, .limit = STEP});
}

static Code page_reading(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const GazetteFile *g = NULL;
  TRY(public_file(cx, rq, &g));
  if (!gazette_public_item(g)) FAIL(NOT_FOUND, "这份文件还没有公开的解读。");
  rp->title = arena_fmt(m, "%.*s：%.*s", SFMT(tr(rq->lang, S("解读"))), SFMT(g->title));
  rp->view = json_obj(m);
  view_gazette(rq, rp->view, g);
  items_view(rq, rp->view, g, true);
  view_article(rq, rp->view, gazette_public_item(g)->published, unit_name(rq->app->policy, g->unit));
  rp->cache = true;
  return OK;
}

/* ---- where a clause stands ---------------------------------------------------------------------------------------------- */

Code view_clause_place(Cx *cx, Request *rq, Json *view, Str id) {
  Arena *m = rq->mem;
  const GazetteFile *g = NULL;
  Block *list = NULL;
  Str code, rest;
  if (!str_cut(id, '-', &code, &rest) || !policy_gazette(rq->app->policy, code)) return OK;
  Code loaded = gazette_load(cx, rq->rd, code, &g);
  if (loaded == NOT_FOUND) cx_clear(cx);
  if (loaded == NOT_FOUND || (loaded == OK && !g->published)) return OK;
  TRY(loaded);
  size_t n = text_blocks(m, g->text, &list);
  for (size_t i = 0; i < n; i++) {
    if (!str_eq(list[i].id, rest)) continue;
    PUT(view, "place", code);
    PUT(view, "anchor", list[i].anchor);
  }
  return OK;
}

/* ---- on paper ------------------------------------------------------------------------------------------------------------------ */

static Paper paper_of(Arena *own, Request *rq, const GazetteFile *g) {
  Block *list = NULL;
  size_t n = text_blocks(own, g->text, &list);
  Str *lines = arena_array(own, Str, n + 1);
  for (size_t i = 0; i < n; i++) lines[i] = arena_str(own, list[i].text);
  return (Paper){.title = arena_str(own, g->title), .number = arena_str(own, g->number), .addressee = arena_str(own, g->recipients), .paragraphs = lines, .paragraph_count = n,
                 .issuer = arena_str(own, g->issuer), .date = day_cn(own, g->day), .sample = rq->app->demo, .made = g->published};
}

static Code press(Cx *cx, Request *rq, Reply *rp, PressAs as) {
  const GazetteFile *g = NULL;
  TRY(public_file(cx, rq, &g));
  Arena *own = press_memory();
  Paper p = paper_of(own, rq, g);
  return reply_press(cx, rq, rp, own, &p, as);
}

static Code page_pdf(Cx *cx, Request *rq, Reply *rp) {
  return press(cx, rq, rp, PRESS_PDF);
}

static Code page_ofd(Cx *cx, Request *rq, Reply *rp) {
  return press(cx, rq, rp, PRESS_OFD);
}

static Code page_annex(Cx *cx, Request *rq, Reply *rp) {
  const GazetteFile *g = NULL;
  TRY(public_file(cx, rq, &g));
  return reply_annex(cx, rq, rp, g, false);
}

const Route open_routes[] = {
    {.method = GET, .path = "/open", .allow = ROLE_PUBLIC, .run = page_open, .tmpl = "open", .section = "open", .help = "政务公开：政策文件和解读，按成文日期，新的在前。"},
    {.method = GET, .path = "/open/doc/{id}", .allow = ROLE_PUBLIC, .run = page_document, .tmpl = "open_doc", .section = "open", .help = "一份文件的全文，每一条有固定的锚点，和它的解读互为链接。"},
    {.method = GET, .path = "/open/doc/{id}/jd", .allow = ROLE_PUBLIC, .run = page_reading, .tmpl = "open_jd", .section = "open", .help = "一份文件的解读。"},
    {.method = GET, .path = "/open/doc/{id}/file/{n}", .allow = ROLE_PUBLIC, .run = page_annex, .section = "open", .help = "一份文件或者解读的附件。"},
    {.method = GET, .path = "/open/doc/{id}/pdf", .allow = ROLE_PUBLIC, .run = page_pdf, .section = "open", .help = "一份文件的 PDF。"},
    {.method = GET, .path = "/open/doc/{id}/ofd", .allow = ROLE_PUBLIC, .run = page_ofd, .section = "open", .help = "一份文件的 OFD。"},
    {.path = NULL},
};
