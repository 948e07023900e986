/* SPDX-License-Identifier: Apache-2.0 */
/* page_cards.c: what was found, as cards with the act on them. The index says which; each is read here where it stands. */
#include "web/page_search.h"
#include "evaluation/evaluation.h"
#include "publish/publish.h"

enum { BEFORE = 24, SNIPPET = 90 }; /* characters of a text around what was looked for */

static void act(const Request *rq, Json *card, const char *label, Str href) {
  Arena *m = rq->mem;
  Json *acts = (Json *)(uintptr_t)json_get(card, S("acts"));
  if (!acts) acts = json_put_arr(m, card, S("acts"));
  Json *o = json_push_obj(m, acts);
  PUT(o, "label", tr(rq->lang, str_of(label)));
  PUT(o, "href", href);
  PUT_BOOL(o, "first", acts->count == 1 && !json_get(card, S("after"))); /* a text is read, not done */
}

static size_t forward(Str s, size_t at, size_t chars) {
  uint32_t c = 0;
  for (size_t i = 0; i < chars && at < s.len; i++) at += utf8_next(s, at, &c);
  return at;
}

/* "before", "hit", "after": the place where one of the words stands, or the beginning. */
static void snippet(const Request *rq, Json *card, const Understood *u, Str text) {
  Arena *m = rq->mem;
  ptrdiff_t at = -1;
  Str hit = S("");
  for (size_t i = 0; u && i < u->count && at < 0; i++)
    for (size_t k = 0; k < u->words[i].count && at < 0; k++) {
      hit = u->words[i].any[k];
      at = hit.len ? str_find(text, hit) : -1;
    }
  size_t begin = 0, end = at < 0 ? 0 : (size_t)at + hit.len;
  if (at > 0) {
    size_t chars = utf8_count(str_sub(text, 0, (size_t)at));
    begin = chars > BEFORE ? forward(text, 0, chars - BEFORE) : 0;
  }
  size_t stop = forward(text, end, SNIPPET);
  Str before = at < 0 ? S("") : str_sub(text, begin, (size_t)at - begin), after = str_sub(text, end, stop - end);
  PUT(card, "before", begin ? arena_fmt(m, "…%.*s", SFMT(before)) : before);
  PUT(card, "hit", at < 0 ? S("") : hit);
  PUT(card, "after", stop < text.len ? arena_fmt(m, "%.*s…", SFMT(after)) : after);
}

/* ---- services -------------------------------------------------------------------------------------------------- */

static bool card_stage(const Request *rq, Json *card, Str code) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  int64_t n;
  if (!str_to_i64(code, &n) || n < 1 || n > STAGE_MAX) return false;
  PUT(card, "title", tr(rq->lang, p->stages[n].certificate));
  view_stage_limits(m, p, card, (int)n);
  act(rq, card, N_("在线申请"), S("/my"));
  act(rq, card, N_("办事指南和材料"), arena_fmt(m, "/s/stage/%d", (int)n));
  act(rq, card, N_("问一问"), S("/ask"));
  return true;
}

static bool card_item(const Request *rq, Json *card, Str code) {
  Arena *m = rq->mem;
  const Item *it = policy_item(rq->app->policy, code);
  if (!it) return false;
  view_catalogue_item(m, rq->app->policy, card, it);
  PUT(card, "title", tr(rq->lang, it->name));
  act(rq, card, N_("在线申请"), S("/my"));
  act(rq, card, N_("看指南和材料"), arena_fmt(m, "/s/item/%.*s", SFMT(code)));
  act(rq, card, N_("问一问"), S("/ask"));
  return true;
}

static bool card_category(const Request *rq, Json *card, Str code) {
  Arena *m = rq->mem;
  const Category *c = policy_category(rq->app->policy, code);
  if (!c) return false;
  PUT(card, "title", tr(rq->lang, c->name));
  PUT_INT(card, "all_days", c->total);
  view_source(m, card, c->source);
  act(rq, card, N_("看流程图"), arena_fmt(m, "/s/flow/%.*s", SFMT(code)));
  act(rq, card, N_("各类别审批时限一览"), S("/s/time"));
  return true;
}

static bool card_material(const Request *rq, Json *card, Str code) {
  Arena *m = rq->mem;
  const Material *one = policy_material(rq->app->policy, code);
  if (!one) return false;
  PUT(card, "title", tr(rq->lang, one->name));
  PUT(card, "basis", one->basis);
  PUT(card, "tag", S(N_("材料")));
  view_source(m, card, one->source);
  bool item = one->item_count > 0;
  act(rq, card, N_("看指南和材料"), item ? arena_fmt(m, "/s/item/%.*s", SFMT(one->items[0])) : arena_fmt(m, "/s/stage/%d", one->stage));
  return true;
}

static bool card_clock(const Request *rq, Json *card, Str code) {
  Arena *m = rq->mem;
  const ClockRule *c = policy_clock(rq->app->policy, code);
  if (!c) return false;
  PUT(card, "title", tr(rq->lang, c->name));
  PUT(card, "tag", S(N_("期限")));
  PUT(card, "text", c->note);
  view_source(m, card, c->source);
  act(rq, card, N_("法定期限"), S("/s/clocks"));
  return true;
}

static bool card_layer(const Request *rq, Json *card, Str code) {
  Arena *m = rq->mem;
  const LayerKind *k = policy_layer(rq->app->policy, code);
  if (!k) return false;
  PUT(card, "title", tr(rq->lang, k->name));
  PUT(card, "tag", S(N_("图层")));
  PUT(card, "text", k->effect);
  view_source(m, card, k->source);
  act(rq, card, N_("依据和各版本"), arena_fmt(m, "/map/layer/%.*s", SFMT(k->code)));
  return true;
}

static bool card_page(const Request *rq, Json *card, Str code) {
  Str title, path;
  if (!search_page(code, &title, &path)) return false;
  Arena *m = rq->mem;
  PUT(card, "title", tr(rq->lang, title));
  act(rq, card, N_("打开"), path);
  return true;
}

/* ---- units and clauses -------------------------------------------------------------------------------------------- */

static bool card_unit(const Request *rq, Json *card, Str code) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  const Unit *u = policy_unit(p, code);
  if (!u) return false;
  PUT(card, "title", tr(rq->lang, u->name));
  view_contact(m, p, card, code);
  if (u->alias_count) {
    Json *also = json_put_arr(m, card, S("also"));
    for (size_t i = 0; i < u->alias_count; i++) json_push_str(m, also, u->aliases[i]);
  }
  Json *posts = json_put_arr(m, card, S("posts"));
  for (size_t i = 0; i < p->post_count; i++)
    if (str_eq(p->posts[i].unit, code)) json_push_str(m, posts, p->posts[i].name);
  int64_t items = 0;
  for (size_t i = 0; i < p->item_count; i++) items += str_eq(p->items[i].unit, code);
  PUT_INT(card, "items", items);
  if (u->phone.len) act(rq, card, N_("打电话"), arena_fmt(m, "tel:%.*s", SFMT(u->phone)));
  act(rq, card, N_("谁分管、怎么联系"), arena_fmt(m, "/s/leaders?unit=%.*s", SFMT(code)));
  act(rq, card, N_("问一问"), S("/ask"));
  return true;
}

static bool card_clause(const Request *rq, Json *card, const Understood *u, Str id) {
  const Clause *c = policy_clause(rq->app->policy, id);
  if (!c) return false;
  Arena *m = rq->mem;
  PUT(card, "title", arena_fmt(m, "%.*s　%.*s", SFMT(c->doc), SFMT(c->number)));
  snippet(rq, card, u, c->text);
  act(rq, card, N_("看原文"), arena_fmt(m, "/clause/%.*s", SFMT(id)));
  return true;
}

/* ---- cases, papers, consultations: only what the index had for this visitor ------------------------------------------ */

enum { ALL_CASES = ROLE_CLERK | ROLE_WINDOW_HEAD | ROLE_SUPERVISOR | ROLE_LEADER };

/* Where this visitor opens a case: its own page, the item of his unit, or what everybody may see. */
Str case_address(const Request *rq, const Project *pr) {
  Arena *m = rq->mem;
  if (request_has_role(rq, ALL_CASES)) return arena_fmt(m, "/w/p/%lld", (long long)pr->no);
  for (int n = STAGE_MAX; n >= 1 && request_has_role(rq, ROLE_APPROVER | ROLE_UNIT_HEAD); n--)
    for (size_t i = 0; i < pr->stages[n].item_count; i++)
      if (str_eq(pr->stages[n].items[i].unit, rq->who->unit))
        return arena_fmt(m, "/w/t/%lld/%d/%.*s", (long long)pr->no, n, SFMT(pr->stages[n].items[i].code));
  bool own = rq->who && (str_eq(pr->applicant, rq->who->id) || (pr->uscc.len && str_eq(pr->uscc, rq->who->org_uscc)));
  if (own && request_has_role(rq, ROLE_APPLICANT)) return arena_fmt(m, "/my/%lld", (long long)pr->no);
  return arena_fmt(m, "/track/%.*s", SFMT(pr->number));
}

static bool card_case(Cx *cx, const Request *rq, Json *card, Str no) {
  Arena *m = rq->mem;
  const Project *pr = NULL;
  int64_t n;
  if (!str_to_i64(no, &n) || project_load(cx, rq->rd, n, &pr) != OK) return false;
  view_project(m, rq->app->policy, card, pr, false);
  PUT(card, "title", pr->name);
  PUT_BOOL(card, "is_case", true);
  Str at = case_address(rq, pr);
  if (request_has_role(rq, ROLE_AGENT) && str_starts(at, S("/track/"))) at = arena_fmt(m, "/my/%lld", (long long)n);
  if (!str_starts(at, S("/track/"))) act(rq, card, N_("打开"), at);
  act(rq, card, N_("查进度"), arena_fmt(m, "/track/%.*s", SFMT(pr->number)));
  return true;
}

static bool card_cert(Cx *cx, const Request *rq, Json *card, Str rest) {
  Arena *m = rq->mem;
  const Project *pr = NULL;
  Str no, number;
  int64_t n;
  if (!str_cut(rest, '/', &no, &number) || !str_to_i64(no, &n) || project_load(cx, rq->rd, n, &pr) != OK) return false;
  const Cert *c = cert_find(pr, number);
  if (!c) return false;
  PUT(card, "title", arena_fmt(m, "%.*s　%.*s", SFMT(c->name), SFMT(c->number)));
  PUT(card, "text", arena_fmt(m, "%.*s　%.*s", SFMT(pr->number), SFMT(pr->name)));
  PUT(card, "tag", cert_status_label(c->status));
  if (request_has_role(rq, ROLE_STAFF | ROLE_APPLICANT | ROLE_AGENT)) act(rq, card, N_("看证件"), arena_fmt(m, "/cert/%lld/%d", (long long)n, c->stage));
  act(rq, card, N_("核验"), arena_fmt(m, "/verify?number=%.*s", SFMT(c->number)));
  return true;
}

static bool card_doc(Cx *cx, const Request *rq, Json *card, Str rest) {
  Arena *m = rq->mem;
  const Project *pr = NULL;
  Str no, seq;
  int64_t n, s;
  if (!str_cut(rest, '/', &no, &seq) || !str_to_i64(no, &n) || !str_to_i64(seq, &s) || project_load(cx, rq->rd, n, &pr) != OK) return false;
  const Document *d = document_find(pr, s);
  if (!d) return false;
  PUT(card, "title", arena_fmt(m, "%.*s　%.*s", SFMT(document_title(d)), SFMT(document_number(m, pr, d))));
  PUT(card, "text", arena_fmt(m, "%.*s　%.*s", SFMT(pr->number), SFMT(pr->name)));
  PUT(card, "day", day_str(m, day_of(d->at)));
  if (request_has_role(rq, ROLE_STAFF | ROLE_APPLICANT | ROLE_AGENT)) act(rq, card, N_("看文书"), arena_fmt(m, "/doc/%lld/%lld", (long long)n, (long long)s));
  return true;
}

static bool card_consult(Cx *cx, const Request *rq, Json *card, const Understood *u, Str no) {
  Arena *m = rq->mem;
  const Consult *c = NULL;
  int64_t n;
  if (!str_to_i64(no, &n) || consult_load(cx, rq->rd, n, &c) != OK) return false;
  PUT(card, "title", c->subject);
  PUT(card, "tag", c->reply_no);
  PUT(card, "unit_name", unit_name(rq->app->policy, c->unit));
  if (c->replied_at) PUT(card, "day", day_str(m, day_of(c->replied_at)));
  snippet(rq, card, u, c->reply);
  bool open = c->open && c->reply_no.len;
  act(rq, card, N_("看答复"), arena_fmt(m, open ? "/ask/%lld" : request_has_role(rq, ROLE_STAFF) ? "/w/ask/%lld" : "/my/ask/%lld", (long long)n));
  act(rq, card, N_("问一问"), S("/ask"));
  return true;
}

static bool card_answer(Cx *cx, const Request *rq, Json *card, const Understood *u, Str no) {
  Arena *m = rq->mem;
  const Feedback *f = NULL;
  int64_t n;
  if (!str_to_i64(no, &n) || feedback_load(cx, rq->rd, n, &f) != OK || !f->question.len) return false;
  PUT(card, "title", f->question);
  PUT(card, "unit_name", unit_name(rq->app->policy, f->owner));
  for (size_t i = 0; i < f->step_count; i++)
    if (str_eqz(f->steps[i].kind, "published")) PUT(card, "day", day_str(m, day_of(f->steps[i].at)));
  snippet(rq, card, u, f->public_answer);
  act(rq, card, N_("看答复"), S("/s/answers"));
  act(rq, card, N_("问一问"), S("/ask"));
  return true;
}

static bool card_gazette(Cx *cx, const Request *rq, Json *card, const Understood *u, Str no) {
  Arena *m = rq->mem;
  const GazetteFile *g = NULL;
  if (gazette_load(cx, rq->rd, no, &g) != OK || !g->published) return false;
  Str id = gazette_id(m, g);
  PUT(card, "title", g->title);
  PUT(card, "number", g->number);
  PUT(card, "unit_name", g->issuer);
  PUT(card, "day", day_str(m, g->day));
  snippet(rq, card, u, g->text);
  act(rq, card, N_("看原文"), arena_fmt(m, "/open/doc/%.*s", SFMT(id)));
  if (gazette_public_item(g)) act(rq, card, N_("看解读"), arena_fmt(m, "/open/doc/%.*s/jd", SFMT(id)));
  return true;
}

static bool card_canvass(Cx *cx, const Request *rq, Json *card, const Understood *u, Str no) {
  Arena *m = rq->mem;
  const Canvass *v = NULL;
  int64_t n;
  if (!str_to_i64(no, &n) || canvass_load(cx, rq->rd, n, &v) != OK || !canvass_public(v)) return false;
  PUT(card, "title", v->title);
  PUT(card, "tag", canvass_label(v->status));
  PUT(card, "unit_name", unit_name(rq->app->policy, v->unit));
  PUT(card, "day", day_str(m, v->until));
  snippet(rq, card, u, v->text);
  act(rq, card, v->closed ? N_("看采纳情况") : N_("看草案、提意见"), arena_fmt(m, "/talk/%lld", (long long)n));
  return true;
}

bool card_view(Cx *cx, const Request *rq, Json *card, const Understood *u, const SearchHit *hit) {
  Str of, code;
  if (!str_cut(hit->key, '/', &of, &code)) return false;
  if (str_eqz(of, "stage")) return card_stage(rq, card, code);
  if (str_eqz(of, "item")) return card_item(rq, card, code);
  if (str_eqz(of, "category")) return card_category(rq, card, code);
  if (str_eqz(of, "material")) return card_material(rq, card, code);
  if (str_eqz(of, "clock")) return card_clock(rq, card, code);
  if (str_eqz(of, "layer")) return card_layer(rq, card, code);
  if (str_eqz(of, "page")) return card_page(rq, card, code);
  if (str_eqz(of, "unit")) return card_unit(rq, card, code);
  if (str_eqz(of, "clause")) return card_clause(rq, card, u, code);
  bool shown = str_eqz(of, "case") ? card_case(cx, rq, card, code) : str_eqz(of, "cert") ? card_cert(cx, rq, card, code)
             : str_eqz(of, "doc") ? card_doc(cx, rq, card, code) : str_eqz(of, "consult") ? card_consult(cx, rq, card, u, code)
             : str_eqz(of, "canvass") ? card_canvass(cx, rq, card, u, code) : str_eqz(of, "gazette") ? card_gazette(cx, rq, card, u, code) : str_eqz(of, "answer") && card_answer(cx, rq, card, u, code);
  if (!shown) cx_clear(cx); /* the index is a moment ahead of this reader, or behind it */
  return shown;
}
