/* SPDX-License-Identifier: Apache-2.0 */
/* page_cert.c: certificates 证照: as a page, as PDF, and checked by anybody who holds one. The check code
 * 核验码 is the beginning of the leaf of its event: nobody has it who has not seen the document, and nothing is stored for it. */
#include "web/page.h"
#include "web/archive.h"
#include "web/press.h"
#include "web/web_int.h"
#include "approval/receipt.h"
#include "journal/proof.h"

enum { CODE_BYTES = 8, PAPER_ROWS = 80 };

typedef struct Held { /* the certificate that somebody holds, or asks for */
  const Project *pr;
  const StageState *s;
  const Cert *c;
  Event issued;
} Held;

static Code held_of(Cx *cx, Request *rq, const Project *pr, const Cert *c, Held *out) {
  *out = (Held){.pr = pr, .s = &pr->stages[c->stage], .c = c};
  request_pin(rq, pr, c->stage);
  return document_event(cx, rq->rd, pr, c->seq, &out->issued);
}

/* ?number= names one of several; otherwise the stage's own. */
static Code cert_asked(Cx *cx, Request *rq, Held *out) {
  const Project *pr = NULL;
  int n;
  Str number = request_arg(rq, S("number"));
  TRY(project_concerned(cx, rq, &pr));
  TRY(stage_of(cx, rq, &n));
  const Cert *c = number.len ? cert_find(pr, number) : cert_of_stage(pr, n);
  if (!c && number.len) FAIL(NOT_FOUND, "本项目没有编号为 %.*s 的证件。", SFMT(number));
  if (!c || c->stage != n) FAIL(NOT_FOUND, "第 %d 阶段还没有出件。", n);
  return held_of(cx, rq, pr, c, out);
}

/* 1A2B-3C4D-5E6F-7081 */
static Str code_of(Arena *m, const Held *h) {
  static const char hex[] = "0123456789ABCDEF";
  char *out = arena_alloc(m, CODE_BYTES * 5 / 2, 1, 1);
  size_t n = 0;
  for (size_t i = 0; i < CODE_BYTES; i++) {
    if (i && i % 2 == 0) out[n++] = '-';
    out[n++] = hex[h->issued.leaf.b[i] >> 4];
    out[n++] = hex[h->issued.leaf.b[i] & 15];
  }
  return (Str){.ptr = out, .len = n};
}

/* What had passed when it was issued, or NULL; parallel items may follow later, what was revoked was applied for again. A document beside the stage's own has its items. */
static const ItemState *belongs(const Policy *p, const Cert *c, const ItemState *i) {
  const Permit *x = c ? policy_permit(p, c->code) : NULL;
  while (i && (i->status != ITEM_PASSED || (c && i->decided_at > c->at))) i = i->before;
  if (!i || !x || str_eq(c->name, p->stages[c->stage].certificate)) return i;
  for (size_t k = 0; k < x->item_count; k++)
    if (str_eq(x->items[k], i->code)) return i;
  return NULL;
}

/* ---- the page ---------------------------------------------------------------------------------- */

static void names_put(Arena *m, Json *view, Str key, const Str *list, size_t n) {
  Json *out = json_put_arr(m, view, key);
  for (size_t i = 0; i < n; i++) json_push_str(m, out, list[i]);
}

void view_cert(Request *rq, Json *o, const Cert *c) {
  Arena *m = rq->mem;
  PUT(o, "certificate_name", c->name);
  PUT(o, "certificate", c->number);
  PUT_INT(o, "stage", c->stage);
  PUT(o, "certified", day_str(m, day_of(c->at)));
  PUT(o, "certified_cn", day_cn(m, day_of(c->at)));
  PUT(o, "status", cert_status_text(c->status));
  PUT(o, "cert_label", cert_status_label(c->status));
  PUT(o, "way", c->way);
  PUT_BOOL(o, "valid", c->status == CERT_VALID);
  PUT_BOOL(o, "suspended", c->status == CERT_SUSPENDED);
  PUT(o, "replaced_by", c->replaced_by);
  PUT(o, "replaces", c->replaces);
  PUT(o, "change", c->change);
  PUT(o, "since", c->status_at ? day_str(m, day_of(c->status_at)) : S(""));
  PUT(o, "since_cn", c->status_at ? day_cn(m, day_of(c->status_at)) : S(""));
  PUT(o, "reason", c->reason);
  PUT(o, "article", c->article);
  PUT(o, "until", c->until);
}

/* What the package puts on this kind of certificate: one field, as it was applied for. */
static bool show_of(Arena *m, const Policy *p, const Project *pr, const StageState *s, int n, Str name, PaperRow *out) {
  const Field *f = policy_field(p, n, name);
  if (!f) f = policy_field(p, 0, name);
  const Json *v = f ? json_get(s->form, f->name) : NULL;
  if (f && !v) v = json_get(pr->facts, f->name);
  if (!v || (v->kind != JSON_STR && v->kind != JSON_INT)) return false;
  Str text = v->kind == JSON_INT ? arena_fmt(m, "%lld", (long long)v->num) : v->str;
  for (size_t k = 0; k < f->choice_count; k++)
    if (str_eq(f->choices[k].value, text)) text = f->choices[k].label;
  *out = (PaperRow){f->label, f->unit.len ? arena_fmt(m, "%.*s %.*s", SFMT(text), SFMT(f->unit)) : arena_str(m, text)};
  return text.len > 0;
}

static void shows_view(Arena *m, const Policy *p, Json *view, const Held *h) {
  const Permit *x = policy_permit(p, h->c->code);
  Json *list = json_put_arr(m, view, S("shows"));
  PaperRow r;
  for (size_t i = 0; x && i < x->show_count; i++) {
    if (!show_of(m, p, h->pr, h->s, h->c->stage, x->shows[i], &r)) continue;
    Json *o = json_push_obj(m, list);
    PUT(o, "label", r.label);
    PUT(o, "text", r.text);
  }
}

static void cert_view(Request *rq, Json *view, const Held *h, bool masked) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  const Cert *c = h->c;
  const Str *aliases;
  view_project(m, p, view, h->pr, masked);
  view_cert(rq, view, c);
  PUT_BOOL(view, "staff", reads_inside(rq));
  PUT_BOOL(view, "head", request_has_role(rq, ROLE_WINDOW_HEAD));
  PUT(view, "seal", c->seal.len ? c->seal : p->seal);
  PUT(view, "seal_basis", c->seal_basis);
  if (c->issuer.len) PUT(view, "issuer_name", unit_name(p, c->issuer));
  const Permit *x = policy_permit(p, c->code);
  PUT_BOOL(view, "issuer_sample", x && x->issuer_source.sample);
  PUT(view, "cert_clause", c->clause);
  PUT(view, "check_code", code_of(m, h));
  PUT_BOOL(view, "signed_files", rq->app->sealer != NULL);
  names_put(m, view, S("merges"), c->merges, c->merge_count);
  size_t n = cert_aliases(p, c->name, &aliases);
  names_put(m, view, S("aliases"), aliases, n);
  if (c->listed) json_put(m, view, S("listed"), c->listed);
  if (!masked) shows_view(m, p, view, h);
  Json *list = json_put_arr(m, view, S("results"));
  for (size_t i = 0; i < h->s->item_count; i++) {
    const ItemState *one = belongs(p, c, &h->s->items[i]);
    if (!one) continue;
    const Item *item = policy_item(p, one->code);
    Json *o = json_push_obj(m, list);
    PUT(o, "name", one->name);
    PUT(o, "unit_name", unit_name(p, one->unit));
    PUT(o, "result", item ? item->result : S(""));
    PUT(o, "decided", day_cn(m, day_of(one->decided_at)));
  }
}

static Code page_cert(Cx *cx, Request *rq, Reply *rp) {
  Held h;
  TRY(cert_asked(cx, rq, &h));
  rp->title = h.c->name;
  rp->view = json_obj(rq->mem);
  cert_view(rq, rp->view, &h, false);
  TRY(view_event_codes(cx, rq, rp->view, &h.issued));
  return view_proofs(cx, rq, rp->view, h.pr, h.c->stage, S(""));
}

/* ---- the paper --------------------------------------------------------------------------------- */

static Str joined(Arena *m, const Str *list, size_t n) {
  Str out = S("");
  for (size_t i = 0; i < n; i++) out = arena_fmt(m, "%.*s%s%.*s", SFMT(out), i ? "、" : "", SFMT(list[i]));
  return out;
}

static void row_add(PaperRow *rows, size_t *n, Str label, Str text) {
  if (text.len) rows[(*n)++] = (PaperRow){label, text};
}

/* What the certificate itself says beside the project. */
static size_t cert_rows(Arena *m, const Policy *p, const Cert *c, PaperRow *rows) {
  size_t n = 0;
  if (c->issuer.len) row_add(rows, &n, S("法定发证机关"), arena_str(m, unit_name(p, c->issuer)));
  row_add(rows, &n, S("合并的证件"), joined(m, c->merges, c->merge_count));
  for (const Json *x = c->listed ? c->listed->first : NULL; x; x = x->next) {
    Str all = S("");
    const Json *merges = json_get(x, S("merges"));
    for (const Json *y = merges ? merges->first : NULL; y; y = y->next) all = arena_fmt(m, "%.*s%s%.*s", SFMT(all), all.len ? "、" : "", SFMT(y->str));
    row_add(rows, &n, S("同时合并"), arena_fmt(m, "%.*s合并为%.*s", SFMT(all), SFMT(json_str(x, S("name")))));
  }
  row_add(rows, &n, S("变更的内容"), arena_str(m, c->change));
  row_add(rows, &n, S("代替的证件"), arena_str(m, c->replaces));
  row_add(rows, &n, S("印章和授权"), c->seal_basis.len ? arena_fmt(m, "%.*s（%.*s）", SFMT(c->seal), SFMT(c->seal_basis)) : S(""));
  return n;
}

/* Before it is issued (c NULL) those of every certificate of the stage: a character that cannot be printed is found in time. */
static void shows_onto(Arena *m, const Policy *p, const Project *pr, int n, const Cert *c, PaperRow *rows, size_t *count) {
  for (size_t i = 0; i < p->permit_count; i++) {
    const Permit *x = &p->permits[i];
    if (x->stage != n || (c && !str_eq(x->code, c->code))) continue;
    for (size_t k = 0; k < x->show_count && *count < PAPER_ROWS; k++) *count += show_of(m, p, pr, &pr->stages[n], n, x->shows[k], &rows[*count]);
  }
}

/* All texts copied: the states of the journal live only until the next request. c NULL: before it is issued. */
static Paper paper_of(Arena *m, const Policy *p, const Project *pr, int n, const Cert *c, bool demo) {
  const StageState *s = &pr->stages[n];
  PaperRow *rows = arena_array(m, PaperRow, PAPER_ROWS);
  Str *list = arena_array(m, Str, s->item_count + 1);
  size_t r = 0, count = 0;
  row_add(rows, &r, S("建设单位"), arena_str(m, pr->owner));
  row_add(rows, &r, S("统一社会信用代码"), arena_str(m, pr->uscc));
  row_add(rows, &r, S("项目名称"), arena_str(m, pr->name));
  row_add(rows, &r, S("项目代码"), arena_str(m, pr->code));
  row_add(rows, &r, S("建设地点"), arena_str(m, place_name(p, pr->county)));
  row_add(rows, &r, S("项目类别"), arena_str(m, category_name(p, pr->category)));
  if (c) r += cert_rows(m, p, c, rows + r);
  shows_onto(m, p, pr, n, c, rows, &r);
  for (size_t i = 0; i < s->item_count; i++) {
    const ItemState *one = belongs(p, c, &s->items[i]);
    if (!one) continue;
    const Item *item = policy_item(p, one->code);
    list[count++] = arena_fmt(m, "%.*s：%.*s%s%.*s（%.*s）", SFMT(unit_name(p, one->unit)), SFMT(one->name), item && item->result.len ? "，" : "",
                              SFMT(item ? item->result : S("")), SFMT(day_cn(m, day_of(one->decided_at))));
  }
  return (Paper){.title = arena_str(m, c ? c->name : p->stages[n].certificate), .number = arena_str(m, c ? c->number : S("")), .rows = rows,
                 .row_count = r, .heading = S("本阶段审定的事项"), .list = list, .list_count = count,
                 .seal = arena_str(m, c && c->seal.len ? c->seal : p->seal), .sample = demo};
}

/* Between the request and the writer: what a certificate would say, or what a changed one would. */
Code certificate_check(Cx *cx, Request *rq, const Command *c) {
  const Project *pr = NULL;
  Str head, no;
  bool change = str_eq(c->name, S("certificate.change")) || str_eq(c->name, S("certificate.reissue"));
  int64_t number, n = json_int(c->args, S("stage"), 0);
  if (!str_eq(c->name, S("stage.certify")) && !change) return OK;
  if (!str_cut(c->stream, '/', &head, &no) || !str_to_i64(no, &number)) return OK;
  Code code = project_load(cx, rq->rd, number, &pr);
  if (code != OK) cx_clear(cx); /* the engine says it better */
  if (code != OK) return OK;
  const Cert *old = change ? cert_find(pr, json_str(c->args, S("certificate"))) : NULL;
  if (old) n = old->stage;
  if (n < 1 || n > STAGE_MAX) return OK;
  Paper p = paper_of(cx->mem, policy_of(rq, pr, (int)n), pr, (int)n, old, false);
  if (change) p.note = json_str(c->args, S("change"));
  return paper_check(cx, &p);
}

/* The codes as they are on the page; until a head covers the certificate there are none. */
static void codes_onto(Cx *own, Request *rq, const Held *h, Paper *p) {
  Str file;
  QrText t;
  p->note = S("凭证的二维码：要等下一次签发检查点以后再下载本证件才有。");
  if (receipt_text(own, rq->app->dir, &h->issued, &file) != OK || qrtext_make(own, file, &t) != OK) return;
  QrCode *codes = arena_array(own->mem, QrCode, QR_PARTS);
  if (qr_make_all(own, t.part, t.count, codes) != OK) return;
  p->codes = codes;
  p->code_count = t.count;
  p->note = S("二维码里是出件的整份凭证：记录全文、它在办理日志里的位置、证明和签过名的检查点，不联网也能用核对网页核对。核对通过，"
              "说明这条记录在签发检查点时已在日志里、一字未改；不说明那以后的事，撤销与否以网上核验为准。");
}

static Paper held_paper(Cx *cx, Request *rq, const Policy *policy, const Held *h) {
  Arena *own = cx->mem;
  Paper p = paper_of(own, policy, h->pr, h->c->stage, h->c, rq->app->demo);
  p.date = day_cn(own, day_of(h->c->at));
  p.made = h->c->at;
  p.check = arena_fmt(own, "网上核验：在工程建设项目审批服务网站的“证件核验”里输入编号和核验码。\n核验码：%.*s", SFMT(code_of(own, h)));
  if (h->c->status != CERT_VALID) p.stamp = h->c->way.len ? arena_fmt(own, "已%.*s", SFMT(h->c->way)) : cert_status_label(h->c->status);
  codes_onto(cx, rq, h, &p);
  return p;
}

Code cert_paper(Cx *own, Request *rq, const Project *pr, const Cert *c, Event *issued, Paper *out) {
  Held h = {.pr = pr, .s = &pr->stages[c->stage], .c = c};
  TRY(document_event(own, rq->rd, pr, c->seq, &h.issued));
  *issued = h.issued;
  *out = held_paper(own, rq, policy_of(rq, pr, c->stage), &h);
  cx_clear(own); /* no codes without a head: the note says so */
  return OK;
}

static Code cert_press(Cx *cx, Request *rq, Reply *rp, const Held *h, PressAs as) {
  Arena *own = press_memory();
  Cx mine = {.mem = own, .now = rq->now};
  Paper p = held_paper(&mine, rq, rq->app->policy, h);
  return reply_press(cx, rq, rp, own, &p, as);
}

static Code page_cert_pdf(Cx *cx, Request *rq, Reply *rp) {
  Held h;
  TRY(cert_asked(cx, rq, &h));
  return cert_press(cx, rq, rp, &h, PRESS_PDF);
}

static Code page_cert_ofd(Cx *cx, Request *rq, Reply *rp) {
  Held h;
  TRY(cert_asked(cx, rq, &h));
  return cert_press(cx, rq, rp, &h, PRESS_OFD);
}

static Code page_cert_files(Cx *cx, Request *rq, Reply *rp) {
  Held h;
  TRY(cert_asked(cx, rq, &h));
  return cert_press(cx, rq, rp, &h, PRESS_BUNDLE);
}

/* ---- checked by whoever holds it --------------------------------------------------------------- */

/* HLD-ZJ1-000001-1: stage, project, attempt. */
static bool number_parts(Str number, int64_t *no, int *n) {
  Str rest, word;
  int64_t stage;
  if (!str_starts(number, S("HLD-ZJ"))) return false;
  rest = str_sub(number, 6, SIZE_MAX);
  if (!str_cut(rest, '-', &word, &rest) || !str_to_i64(word, &stage) || stage < 1 || stage > STAGE_MAX) return false;
  *n = (int)stage;
  return str_cut(rest, '-', &word, &rest) && str_to_i64(word, no) && *no > 0;
}

/* As people read it from paper: small or large, with spaces, O for 0, I or L for 1, which no such code has. */
static Str code_typed(Arena *m, Str s) {
  Str plain = S("");
  s = str_trim(utf8_halfwidth(m, s));
  for (size_t i = 0; i < s.len; i++) {
    char c = ident_plain(s.ptr[i]);
    if (c >= 'A' && c <= 'F') c = (char)(c + 32);
    if (c != '-' && c != ' ') plain = arena_fmt(m, "%.*s%c", SFMT(plain), c);
  }
  return plain;
}

/* The number of a certificate has letters at its head only. */
static Str number_typed(Arena *m, Str s) {
  enum { HEAD = 6 };
  Str plain = S("");
  s = str_trim(utf8_halfwidth(m, s));
  for (size_t i = 0; i < s.len; i++) {
    char c = s.ptr[i] >= 'a' && s.ptr[i] <= 'z' ? (char)(s.ptr[i] - 32) : s.ptr[i];
    if (c != ' ') plain = arena_fmt(m, "%.*s%c", SFMT(plain), plain.len < HEAD ? c : ident_plain(c));
  }
  return plain;
}

/* One answer for a wrong number and a wrong code: it tells nothing about what exists. */
static Code cert_found(Cx *cx, Request *rq, Str number, Str typed, Held *out) {
  const Project *pr = NULL;
  int64_t no = 0;
  int n = 0;
  Cx own = {.mem = rq->mem, .now = rq->now};
  if (number.len < 40) number = number_typed(rq->mem, number);
  bool found = number.len < 40 && number_parts(number, &no, &n) && project_load(&own, rq->rd, no, &pr) == OK;
  const Cert *c = found ? cert_find(pr, number) : NULL;
  found = c && held_of(&own, rq, pr, c, out) == OK;
  Str hex = found ? hex_str(rq->mem, out->issued.leaf.b, CODE_BYTES) : S("");
  if (!found || typed.len > 80 || !str_eq(hex, code_typed(rq->mem, typed)))
    FAIL(NOT_FOUND, "没有这个编号和核验码的证件。请照证件上的编号和核验码再输一次；仍然没有，就不是本系统开具的。");
  return OK;
}

/* Of the last thing that happened to it: what a verifier without the network can know of its state. */
static Code status_receipt(Cx *cx, Request *rq, const Held *h, Str *text) {
  Event last = h->issued;
  if (h->c->status_seq) TRY(document_event(cx, rq->rd, h->pr, h->c->status_seq, &last));
  return receipt_text(cx, rq->app->dir, &last, text);
}

static Code page_verify(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Held h;
  Str number = request_arg(rq, S("number")), code = request_arg(rq, S("code")), text;
  rp->title = tr(rq->lang, S("证件核验"));
  rp->view = json_obj(m);
  PUT(rp->view, "asked", number);
  PUT(rp->view, "asked_code", code);
  if (rq->app->sealer) PUT(rp->view, "signer", sealer_name(rq->app->sealer));
  if (receipt_sent_on(rq, rp, number)) return OK;
  bool sent = json_get(rq->args, S("code")) != NULL;
  if (sent && !number.len) reply_error(rq, rp, S("number"), tr(rq->lang, S("请填写证件编号和核验码，它们印在证件上。")));
  else if (sent && !code.len) reply_error(rq, rp, S("code"), tr(rq->lang, S("请填写核验码，它印在证件下方。没有核验码不能核验。")));
  if (!code.len || !number.len) return OK; /* a link from the search brings the number alone */
  if (cert_found(cx, rq, number, code, &h) != OK) {
    reply_error(rq, rp, S("number"), tr(rq->lang, cx->detail));
    cx_clear(cx);
    return OK;
  }
  Cx own = {.mem = m, .now = rq->now};
  Json *found = json_put_obj(m, rp->view, S("found"));
  cert_view(rq, found, &h, false);
  PUT_BOOL(found, "ended", h.pr->status == PROJECT_TERMINATED);
  PUT_BOOL(found, "has_receipt", status_receipt(&own, rq, &h, &text) == OK); /* nothing is signed yet before the first checkpoint */
  return OK;
}

static const Upload *sent(const Request *rq, Str field) {
  const Upload *up = request_upload(rq, field);
  return up && (up->bytes.len || up->fault.len) ? up : NULL;
}

/* A file that we gave out, and the SM2 signature beside it: looked at and forgotten. */
static Code post_verify(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const struct Sealer *s = rq->app->sealer;
  const Upload *file = sent(rq, S("file")), *sign = sent(rq, S("signature"));
  if (!s) FAIL(NOT_FOUND, "本系统没有装文书签名的密钥，不能核对签名。");
  TRY(page_verify(cx, rq, rp));
  rp->tmpl = "verify";
  if (!file || file->fault.len) reply_error(rq, rp, S("file"), file ? file->fault : tr(rq->lang, S("请选择证件文件（PDF 或 OFD）")));
  if (!sign || sign->fault.len) reply_error(rq, rp, S("signature"), sign ? sign->fault : tr(rq->lang, S("请选择文件旁边的 .sm2 签名")));
  if (!file || !sign || file->fault.len || sign->fault.len) return OK;
  Json *o = json_put_obj(m, rp->view, S("signed"));
  PUT_BOOL(o, "holds", sealer_holds(s, file->bytes, sign->bytes));
  PUT(o, "file", file->filename);
  PUT_INT(o, "size", file->size);
  PUT(o, "sm3", hash_hex(m, hash_bytes(SUITE_GM, file->bytes)));
  return OK;
}

static Code page_verify_pdf(Cx *cx, Request *rq, Reply *rp) {
  Held h;
  TRY(cert_found(cx, rq, rq->params[0], rq->params[1], &h));
  return cert_press(cx, rq, rp, &h, PRESS_PDF);
}

static Code page_verify_ofd(Cx *cx, Request *rq, Reply *rp) {
  Held h;
  TRY(cert_found(cx, rq, rq->params[0], rq->params[1], &h));
  return cert_press(cx, rq, rp, &h, PRESS_OFD);
}

static Code page_signer(Cx *cx, Request *rq, Reply *rp) {
  const struct Sealer *s = rq->app->sealer;
  if (!s) FAIL(NOT_FOUND, "本系统没有装文书签名的密钥。");
  rp->type = S("text/plain; charset=utf-8");
  rp->filename = S("yichuang-signer.pem");
  rp->body = arena_fmt(rq->mem, "%.*s%.*s", SFMT(sealer_certificate(s)), SFMT(sealer_sm2_public(s)));
  return OK;
}

static Code page_verify_receipt(Cx *cx, Request *rq, Reply *rp) {
  Held h;
  TRY(cert_found(cx, rq, rq->params[0], rq->params[1], &h));
  TRY(status_receipt(cx, rq, &h, &rp->body));
  rp->type = S("text/plain; charset=utf-8");
  rp->filename = arena_fmt(rq->mem, "%.*s-状态凭证.txt", SFMT(h.c->number));
  return OK;
}

/* ---- what becomes of it: by the head of the window --------------------------------------------------- */

static void after_act(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  Arena *m = rq->mem;
  Str number = request_arg(rq, S("number"));
  after_or_again(cx, rq, result, rp, arena_fmt(m, "/cert/%.*s/%.*s?number=%.*s", SFMT(rq->params[0]), SFMT(rq->params[1]), SFMT(number)), page_cert, "cert");
}

static Code post_cert(Cx *cx, Request *rq, Reply *rp) {
  static const struct { const char *act, *fields[6]; } acts[] = {{"change", {"change", "reason", "article", NULL}},
                                                                 {"suspend", {"until", "reason", "article", NULL}},
                                                                 {"restore", {"reason", NULL}},
                                                                 {"reissue", {"reason", NULL}},
                                                                 {"revoke", {"way", "reason", "article", NULL}}};
  Arena *m = rq->mem;
  Json *args = json_obj(m);
  Str act = request_arg(rq, S("act"));
  (void)cx;
  PUT(args, "certificate", request_arg(rq, S("number")));
  for (size_t i = 0; i < COUNT(acts); i++)
    for (size_t k = 0; str_eqz(act, acts[i].act) && acts[i].fields[k]; k++) {
      Str value = request_arg(rq, str_of(acts[i].fields[k]));
      if (value.len) json_put_str(m, args, str_of(acts[i].fields[k]), value);
    }
  reply_command(rq, rp, arena_fmt(m, "certificate.%.*s", SFMT(act)), stream_of(rq), args);
  rp->after = after_act;
  return OK;
}

const Route cert_routes[] = {
    {.method = GET, .path = "/cert/{id}/{n}", .allow = CONCERNED, .run = page_cert, .tmpl = "cert", .section = "work",
     .help = "阶段证件，可打印。"},
    {.method = GET, .path = "/cert/{id}/{n}/pdf", .allow = CONCERNED, .run = page_cert_pdf, .section = "work",
     .help = "阶段证件的 PDF。"},
    {.method = GET, .path = "/cert/{id}/{n}/ofd", .allow = CONCERNED, .run = page_cert_ofd, .section = "work",
     .help = "阶段证件的 OFD（GB/T 33190）。"},
    {.method = GET, .path = "/cert/{id}/{n}/files", .allow = CONCERNED, .run = page_cert_files, .section = "work",
     .help = "带签名的文件包：PDF、OFD、旁边的 SM2 签名、证书和公钥。"},
    {.method = POST, .path = "/cert/{id}/{n}", .allow = ROLE_WINDOW_HEAD, .run = post_cert, .section = "work",
     .help = "变更、暂停、恢复、撤销、重新核发一个证件。"},
    {.method = GET, .path = "/verify", .allow = ROLE_PUBLIC, .run = page_verify, .tmpl = "verify", .section = "open",
     .help = "证件核验：凭证件上的编号和核验码。"},
    {.method = POST, .path = "/verify", .allow = ROLE_PUBLIC, .run = post_verify, .tmpl = "verify", .section = "open", .uploads = "held",
     .help = "核对证件文件（file）和它的 SM2 签名（signature）：是不是本系统给出的，有没有改过。"},
    {.method = GET, .path = "/verify/{number}/{code}/pdf", .allow = ROLE_PUBLIC, .run = page_verify_pdf, .section = "open",
     .help = "核验过的证件的 PDF。"},
    {.method = GET, .path = "/verify/{number}/{code}/ofd", .allow = ROLE_PUBLIC, .run = page_verify_ofd, .section = "open",
     .help = "核验过的证件的 OFD。"},
    {.method = GET, .path = "/s/signer", .allow = ROLE_PUBLIC, .run = page_signer, .section = "open",
     .help = "文书签名的证书和 SM2 公钥。"},
    {.method = GET, .path = "/verify/{number}/{code}/receipt", .allow = ROLE_PUBLIC, .run = page_verify_receipt, .section = "open",
     .help = "核验过的证件的状态凭证：出件、变更、暂停、恢复、撤销里最后的一条，不联网也能核对。"},
    {.path = NULL},
};
