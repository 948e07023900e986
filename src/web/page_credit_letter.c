/* SPDX-License-Identifier: Apache-2.0 */
/* page_credit_letter.c: the letters 告知书、决定书 of a matter of credit, for its subject and for the office that prints them: as a page, PDF, OFD. */
#include "web/page_credit.h"
#include "web/press.h"

void credit_letters_view(Request *rq, Json *view, const Credit *c) {
  Arena *m = rq->mem;
  Json *list = json_put_arr(m, view, S("letters"));
  for (size_t i = c->step_count; i > 0; i--) {
    const CreditStep *s = &c->steps[i - 1];
    Json *o = json_push_obj(m, list);
    PUT(o, "letter_title", credit_letter_title(m, c, s));
    PUT(o, "letter_number", arena_fmt(m, "%.*s-%lld", SFMT(c->number), (long long)s->seq));
    PUT(o, "day", day_str(m, day_of(s->at)));
    PUT_INT(o, "seq", s->seq);
  }
}

typedef struct LetterAsked { const Credit *c; CreditLetter letter; Str addressee, base; } LetterAsked;

/* An enterprise by its name; a person in full only for himself. */
static Str addressee_of(Request *rq, const Credit *c, bool own) {
  if (!str_eqz(c->subject_kind, "person")) return arena_fmt(rq->mem, "%.*s（%.*s）", SFMT(c->subject), SFMT(c->uscc));
  Str name = personal_text(rq, FIELD_TEXT, c->person, own && str_eq(c->account, rq->who->id));
  return arena_fmt(rq->mem, "%.*s（执业注册号 %.*s）", SFMT(name), SFMT(c->registration));
}

static Code letter_asked(Cx *cx, Request *rq, LetterAsked *out) {
  bool own = rq->who->roles & ROLE_APPLICANT;
  int64_t seq = 0;
  TRY(credit_load(cx, rq->rd, param_no(rq, 0), &out->c));
  TRY(own ? credit_own(cx, rq, out->c) : credit_seen(cx, rq, out->c));
  if (!str_to_i64(rq->params[1], &seq)) seq = 0;
  for (size_t i = 0; i < out->c->step_count; i++) {
    if (out->c->steps[i].seq != seq) continue;
    credit_letter(rq->mem, rq->app->policy, out->c, &out->c->steps[i], &out->letter);
    out->addressee = addressee_of(rq, out->c, own);
    out->base = arena_fmt(rq->mem, "%s/%lld", own ? "/my/credit" : "/w/credit", (long long)out->c->no);
    return OK;
  }
  FAIL(NOT_FOUND, "%.*s 没有这份文书，请从它的页面里打开。", SFMT(out->c->number));
}

Code page_credit_letter(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  LetterAsked a = {0};
  TRY(letter_asked(cx, rq, &a));
  const CreditLetter *t = &a.letter;
  Json *view = rp->view = json_obj(m);
  rp->title = t->title;
  PUT(view, "back", a.base);
  PUT(view, "path", arena_fmt(m, "%.*s/letter/%.*s", SFMT(a.base), SFMT(rq->params[1])));
  PUT(view, "letter_title", t->title);
  PUT(view, "letter_number", t->number);
  PUT(view, "addressee", a.addressee);
  PUT(view, "issuer", t->issuer);
  PUT(view, "day_cn", day_cn(m, t->day));
  PUT_BOOL(view, "sample", t->sample);
  Json *paragraphs = json_put_arr(m, view, S("paragraphs")), *rows = json_put_arr(m, view, S("rows")), *closing = json_put_arr(m, view, S("closing"));
  for (size_t i = 0; i < t->paragraph_count; i++) json_push_str(m, paragraphs, t->paragraphs[i]);
  for (size_t i = 0; i < t->closing_count; i++) json_push_str(m, closing, t->closing[i]);
  for (size_t i = 0; i < t->row_count; i++) {
    Json *o = json_push_obj(m, rows);
    PUT(o, "label", t->rows[i].label);
    PUT(o, "text", t->rows[i].text);
  }
  return OK;
}

/* A worker draws it, after this request's memory is gone. */
static Code letter_press(Cx *cx, Request *rq, Reply *rp, PressAs as) {
  LetterAsked a = {0};
  TRY(letter_asked(cx, rq, &a));
  const CreditLetter *t = &a.letter;
  Arena *own = press_memory();
  PaperRow *rows = arena_array(own, PaperRow, t->row_count + 1);
  Str *paragraphs = arena_array(own, Str, t->paragraph_count + 1), *closing = arena_array(own, Str, t->closing_count + 2);
  size_t n = t->closing_count;
  for (size_t i = 0; i < t->row_count; i++) rows[i] = (PaperRow){arena_str(own, t->rows[i].label), arena_str(own, t->rows[i].text)};
  for (size_t i = 0; i < t->paragraph_count; i++) paragraphs[i] = arena_str(own, t->paragraphs[i]);
  for (size_t i = 0; i < n; i++) closing[i] = arena_str(own, t->closing[i]);
  if (t->sample) closing[n++] = S("（复议机关、法院为示例。）");
  Paper p = {.title = arena_str(own, t->title), .number = arena_str(own, t->number), .addressee = arena_str(own, a.addressee), .paragraphs = paragraphs,
             .paragraph_count = t->paragraph_count, .rows = rows, .row_count = t->row_count, .closing = closing, .closing_count = n, .issuer = arena_str(own, t->issuer),
             .date = day_cn(own, t->day), .sample = rq->app->demo, .made = day_start(t->day)};
  return reply_press(cx, rq, rp, own, &p, as);
}

Code page_credit_letter_pdf(Cx *cx, Request *rq, Reply *rp) {
  return letter_press(cx, rq, rp, PRESS_PDF);
}

Code page_credit_letter_ofd(Cx *cx, Request *rq, Reply *rp) {
  return letter_press(cx, rq, rp, PRESS_OFD);
}
