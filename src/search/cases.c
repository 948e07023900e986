/* SPDX-License-Identifier: Apache-2.0 */
/* cases.c: what a stream of the journal gives to find, and to whom. Names and numbers only: nothing of the vault, no texts of forms. */
#include "search/search_int.h"
#include "approval/approval.h"
#include "early/early.h"
#include "evaluation/evaluation.h"
#include "publish/publish.h"

enum { CASE_WHO_MAX = 160 };
typedef struct Whom { Str list[CASE_WHO_MAX]; size_t count; } Whom;

static void whom_add(Arena *mem, Whom *w, const char *mark, Str value) {
  if (!value.len || w->count == CASE_WHO_MAX) return;
  Str name = arena_fmt(mem, "%s:%.*s", mark, SFMT(value));
  for (size_t i = 0; i < w->count; i++)
    if (str_eq(w->list[i], name)) return;
  w->list[w->count++] = name;
}

/* Departments come into a case with their items; from the submission on, with what the package asks of them. */
static void units_of_stage(Arena *mem, const Policy *p, const Project *pr, int n, Whom *w) {
  const StageState *s = &pr->stages[n];
  if (s->status <= STAGE_OPEN && !s->item_count && !s->attempt) return;
  for (const Json *i = s->plan ? s->plan->first : NULL; i; i = i->next) whom_add(mem, w, "u", json_str(i, S("unit")));
  for (size_t i = 0; i < s->item_count; i++) whom_add(mem, w, "u", s->items[i].unit);
  for (const Json *r = s->reports ? s->reports->first : NULL; r; r = r->next) whom_add(mem, w, "u", json_str(r, S("unit")));
  if (s->status == STAGE_NA || s->status == STAGE_CLOSED || s->status == STAGE_OPEN) return;
  whom_add(mem, w, "u", p->stages[n].lead);
  ItemChoice *choices = NULL;
  if (s->status != STAGE_SUBMITTED && s->status != STAGE_CORRECTION) return;
  size_t count = policy_items(mem, p, n, pr->category, pr->county, policy_facts(mem, pr->facts, pr->category, pr->county), &choices);
  for (size_t i = 0; i < count; i++)
    if (choices[i].applies == YES) whom_add(mem, w, "u", choices[i].unit);
}

static void whom_of(Arena *mem, const Policy *p, const Project *pr, Whom *w) {
  whom_add(mem, w, "a", pr->applicant);
  whom_add(mem, w, "o", pr->uscc);
  whom_add(mem, w, "p", arena_fmt(mem, "%lld", (long long)pr->no));
  whom_add(mem, w, "w", S("all")); /* the window, supervisors and leaders have all cases in their lists */
  whom_add(mem, w, "u", pr->county);
  for (int n = 1; n <= STAGE_MAX; n++) units_of_stage(mem, p, pr, n, w);
}

/* Where it lies, so that a question with a place puts it first: 龙港区政府. */
static Str lies_in(const Policy *p, const Project *pr) {
  const Unit *u = policy_unit(p, pr->county);
  return u ? u->name : pr->county;
}

static void papers_of(Arena *mem, const Policy *p, const Project *pr, DocList *out) {
  Str where = lies_in(p, pr), of = arena_fmt(mem, "%.*s %.*s %.*s %.*s", SFMT(pr->name), SFMT(pr->number), SFMT(pr->owner), SFMT(where));
  for (size_t i = 0; i < pr->cert_count; i++) {
    const Cert *c = &pr->certs[i];
    SearchDoc *d = doc__add(mem, out, SEARCH_PAPER, arena_fmt(mem, "cert/%lld/%.*s", (long long)pr->no, SFMT(c->number)),
                            arena_fmt(mem, "%.*s %.*s", SFMT(c->name), SFMT(c->number)));
    d->text = of;
    for (size_t k = 0; k < c->merge_count; k++) d->text = arena_fmt(mem, "%.*s %.*s", SFMT(d->text), SFMT(c->merges[k]));
  }
  for (size_t i = 0; i < pr->document_count; i++) {
    const Document *doc = &pr->documents[i];
    SearchDoc *d = doc__add(mem, out, SEARCH_PAPER, arena_fmt(mem, "doc/%lld/%lld", (long long)pr->no, (long long)doc->seq),
                            arena_fmt(mem, "%.*s %.*s", SFMT(document_title(doc)), SFMT(document_number(mem, pr, doc))));
    d->text = arena_fmt(mem, "%.*s %.*s", SFMT(of), SFMT(doc->receipt));
  }
}

static Code case_docs(Cx *cx, Reader *rd, const Policy *p, int64_t no, DocList *out, int64_t *seq) {
  const Project *pr = NULL;
  Arena *mem = cx->mem;
  TRY(project_load(cx, rd, no, &pr));
  *seq = pr->seq;
  Whom *w = arena_new(mem, Whom);
  whom_of(mem, p, pr, w);
  SearchDoc *d = doc__add(mem, out, SEARCH_CASE, arena_fmt(mem, "case/%lld", (long long)no), pr->name);
  d->text = arena_fmt(mem, "%.*s %.*s %.*s %.*s %.*s", SFMT(pr->number), SFMT(pr->code), SFMT(pr->owner), SFMT(pr->uscc), SFMT(lies_in(p, pr)));
  for (int n = 1; n <= STAGE_MAX; n++)
    if (pr->stages[n].receipt.len) d->text = arena_fmt(mem, "%.*s %.*s", SFMT(d->text), SFMT(pr->stages[n].receipt));
  papers_of(mem, p, pr, out);
  for (size_t i = 0; i < out->count; i++) {
    out->list[i].who = w->list;
    out->list[i].who_count = w->count;
  }
  return OK;
}

/* An open reply shows what its public page shows: neither who asked nor what he wrote. */
static Code consult_docs(Cx *cx, Reader *rd, const Policy *p, int64_t no, DocList *out, int64_t *seq) {
  const Consult *c = NULL;
  Arena *mem = cx->mem;
  TRY(consult_load(cx, rd, no, &c));
  *seq = c->seq;
  const Unit *u = policy_unit(p, c->unit);
  bool open = c->open && c->reply_no.len;
  SearchDoc *d = doc__add(mem, out, SEARCH_CONSULT, arena_fmt(mem, "consult/%lld", (long long)no), c->subject);
  d->text = arena_fmt(mem, "%.*s %.*s %.*s", SFMT(c->reply_no), SFMT(u ? u->name : c->unit), SFMT(c->reply));
  if (open) return OK;
  Whom *w = arena_new(mem, Whom);
  whom_add(mem, w, "a", c->applicant);
  whom_add(mem, w, "o", c->uscc);
  whom_add(mem, w, "u", c->unit);
  d->text = arena_fmt(mem, "%.*s %.*s %.*s", SFMT(d->text), SFMT(c->question), SFMT(c->owner));
  d->who = w->list;
  d->who_count = w->count;
  return OK;
}

/* Only what was published, in the words that were published. */
static Code answer_docs(Cx *cx, Reader *rd, const Policy *p, int64_t no, DocList *out, int64_t *seq) {
  const Feedback *f = NULL;
  Arena *mem = cx->mem;
  TRY(feedback_load(cx, rd, no, &f));
  *seq = f->seq;
  if (!f->question.len) return OK;
  const Unit *u = policy_unit(p, f->owner);
  SearchDoc *d = doc__add(mem, out, SEARCH_ANSWER, arena_fmt(mem, "answer/%lld", (long long)no), f->question);
  d->text = arena_fmt(mem, "%.*s %.*s", SFMT(f->public_answer), SFMT(u ? u->name : f->owner));
  return OK;
}

/* A document with its interpretations, while it is on the site. */
static Code gazette_docs(Cx *cx, Reader *rd, Str no, DocList *out, int64_t *seq) {
  const GazetteFile *g = NULL;
  Arena *mem = cx->mem;
  TRY(gazette_load(cx, rd, no, &g));
  *seq = g->seq;
  if (!g->published) return OK;
  SearchDoc *d = doc__add(mem, out, SEARCH_DOCUMENT, arena_fmt(mem, "gazette/%lld", (long long)g->no), arena_fmt(mem, "%.*s %.*s", SFMT(g->title), SFMT(g->number)));
  d->text = arena_fmt(mem, "%.*s %.*s", SFMT(g->issuer), SFMT(g->text));
  for (size_t i = 0; i < g->item_count; i++)
    if (str_eqz(g->items[i].status, "public")) d->text = arena_fmt(mem, "%.*s %.*s %.*s", SFMT(d->text), SFMT(g->items[i].title), SFMT(g->items[i].text));
  return OK;
}

/* The draft while it is public; never what people said of it. */
static Code canvass_docs(Cx *cx, Reader *rd, int64_t no, DocList *out, int64_t *seq) {
  const Canvass *v = NULL;
  Arena *mem = cx->mem;
  TRY(canvass_load(cx, rd, no, &v));
  *seq = v->seq;
  if (!canvass_public(v)) return OK;
  SearchDoc *d = doc__add(mem, out, SEARCH_TALK, arena_fmt(mem, "canvass/%lld", (long long)no), v->title);
  d->text = arena_fmt(mem, "%.*s %.*s", SFMT(v->number), SFMT(v->text));
  return OK;
}

Code cases__of(Cx *cx, Reader *rd, const Policy *p, Str stream, DocList *out, int64_t *seq) {
  Str kind, number;
  int64_t no;
  *seq = 0;
  if (!str_cut(stream, '/', &kind, &number) || !str_to_i64(number, &no)) return OK;
  if (str_eqz(kind, "project")) return case_docs(cx, rd, p, no, out, seq);
  if (str_eqz(kind, "feedback")) return answer_docs(cx, rd, p, no, out, seq);
  if (str_eqz(kind, "canvass")) return canvass_docs(cx, rd, no, out, seq);
  if (str_eqz(kind, "gazette")) return gazette_docs(cx, rd, number, out, seq);
  if (str_eqz(kind, "consult")) return consult_docs(cx, rd, p, no, out, seq);
  return OK;
}

/* ---- for whom a visitor may look ------------------------------------------------------------------------------ */

static Code mandates(Cx *cx, Reader *rd, const User *u, Str out[SEARCH_WHO_MAX], size_t *n) {
  OrderRow *rows = NULL;
  size_t count = 0;
  int64_t total = 0;
  TRY(orders_list(cx, rd, &(OrderFilter){.agent = u->id, .limit = SEARCH_WHO_MAX}, &rows, &count, &total));
  for (size_t i = 0; i < count && *n < SEARCH_WHO_MAX; i++) {
    Str owner = S("");
    if (!rows[i].project) continue;
    TRY(agent_principal(cx, reader_views(rd), u->id, rows[i].project, S(""), &owner));
    if (owner.len) out[(*n)++] = arena_fmt(cx->mem, "p:%lld", (long long)rows[i].project);
  }
  return OK;
}

Code search_who(Cx *cx, Reader *rd, const User *u, Str out[SEARCH_WHO_MAX], size_t *n) {
  *n = 0;
  out[(*n)++] = SEARCH_ALL;
  if (!u) return OK;
  if (u->roles & (ROLE_CLERK | ROLE_WINDOW_HEAD | ROLE_SUPERVISOR | ROLE_LEADER)) out[(*n)++] = S("w:all");
  if (u->unit.len && (u->roles & (ROLE_APPROVER | ROLE_UNIT_HEAD | ROLE_STAGE_LEAD))) out[(*n)++] = arena_fmt(cx->mem, "u:%.*s", SFMT(u->unit));
  if (u->roles & ROLE_APPLICANT) {
    out[(*n)++] = arena_fmt(cx->mem, "a:%.*s", SFMT(u->id));
    if (u->org_uscc.len) out[(*n)++] = arena_fmt(cx->mem, "o:%.*s", SFMT(u->org_uscc));
  }
  return u->roles & ROLE_AGENT ? mandates(cx, rd, u, out, n) : OK;
}
