/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_cert.c: the certificate of a stage 阶段证件: as a page, as PDF, and checked by anybody who holds one. The check code
 * 核验码 is the beginning of the leaf of its event: nobody has it who has not seen the document, and nothing is stored for it.
 */
#include "web/page.h"
#include "web/press.h"
#include "web/web_int.h"
#include "approval/receipt.h"
#include "journal/proof.h"

enum { CODE_BYTES = 8 };

typedef struct Cert {
  const Project *pr;
  int n;
  const StageState *s;
  Receipt issued;
} Cert;

static Code cert_of(Cx *cx, Request *rq, const Project *pr, int n, Cert *out) {
  *out = (Cert){.pr = pr, .n = n, .s = &pr->stages[n]};
  if (!out->s->certificate.len) FAIL(NOT_FOUND, "第 %d 阶段还没有出件。", n);
  request_pin(rq, pr, n);
  return receipt_last(cx, rq->rd, pr->no, n, receipt_kind(S("certified")), S(""), &out->issued);
}

static Code cert_asked(Cx *cx, Request *rq, Cert *out) {
  const Project *pr = NULL;
  int n;
  TRY(request_has_role(rq, ROLE_STAFF) ? project_of_staff(cx, rq, &pr) : project_of_owner(cx, rq, &pr));
  TRY(stage_of(cx, rq, &n));
  return cert_of(cx, rq, pr, n, out);
}

/* 1A2B-3C4D-5E6F-7081 */
static Str code_of(Arena *m, const Cert *c) {
  static const char hex[] = "0123456789ABCDEF";
  char *out = arena_alloc(m, CODE_BYTES * 5 / 2, 1, 1);
  size_t n = 0;
  for (size_t i = 0; i < CODE_BYTES; i++) {
    uint8_t b = c->issued.event.leaf.b[i];
    if (i && i % 2 == 0) out[n++] = '-';
    out[n++] = hex[b >> 4];
    out[n++] = hex[b & 15];
  }
  return (Str){.ptr = out, .len = n};
}

/* What had passed when it was issued; parallel items may follow later. */
static bool belongs(const StageState *s, const ItemState *i) {
  return i->status == ITEM_PASSED && (!s->certified_at || i->decided_at <= s->certified_at);
}

/* ---- the page ---------------------------------------------------------------------------------- */

static void cert_view(Request *rq, Json *view, const Cert *c, bool masked) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  view_project(m, p, view, c->pr, masked);
  PUT_INT(view, "stage", c->n);
  PUT_BOOL(view, "staff", request_has_role(rq, ROLE_STAFF));
  PUT(view, "certificate_name", p->stages[c->n].certificate);
  PUT(view, "certificate", c->s->certificate);
  PUT(view, "certified", day_str(m, day_of(c->s->certified_at)));
  PUT(view, "certified_cn", day_cn(m, day_of(c->s->certified_at)));
  PUT(view, "seal", p->seal);
  PUT(view, "check_code", code_of(m, c));
  Json *list = json_put_arr(m, view, S("results"));
  for (size_t i = 0; i < c->s->item_count; i++) {
    const ItemState *one = &c->s->items[i];
    if (!belongs(c->s, one)) continue;
    const Item *item = policy_item(p, one->code);
    Json *o = json_push_obj(m, list);
    PUT(o, "name", one->name);
    PUT(o, "unit_name", unit_name(p, one->unit));
    PUT(o, "result", item ? item->result : S(""));
    PUT(o, "decided", day_cn(m, day_of(one->decided_at)));
  }
}

static Code page_cert(Cx *cx, Request *rq, Reply *rp) {
  Cert c;
  TRY(cert_asked(cx, rq, &c));
  rp->title = rq->app->policy->stages[c.n].certificate;
  rp->view = json_obj(rq->mem);
  cert_view(rq, rp->view, &c, false);
  TRY(view_codes(cx, rq, rp->view, c.pr, c.n, S("certified")));
  return view_proofs(cx, rq, rp->view, c.pr, c.n, S(""));
}

/* ---- the paper --------------------------------------------------------------------------------- */

/* All texts copied: the states of the journal live only until the next request. */
static Paper paper_of(Arena *m, const Policy *p, const Project *pr, int n, bool demo) {
  const StageState *s = &pr->stages[n];
  PaperRow *rows = arena_array(m, PaperRow, 6);
  Str *list = arena_array(m, Str, s->item_count + 1);
  size_t r = 0, count = 0;
  rows[r++] = (PaperRow){S("建设单位"), arena_str(m, pr->owner)};
  rows[r++] = (PaperRow){S("统一社会信用代码"), arena_str(m, pr->uscc)};
  rows[r++] = (PaperRow){S("项目名称"), arena_str(m, pr->name)};
  rows[r++] = (PaperRow){S("项目代码"), arena_str(m, pr->code)};
  rows[r++] = (PaperRow){S("建设地点"), arena_str(m, place_name(p, pr->county))};
  rows[r++] = (PaperRow){S("项目类别"), arena_str(m, category_name(p, pr->category))};
  for (size_t i = 0; i < s->item_count; i++) {
    const Item *item = policy_item(p, s->items[i].code);
    if (!belongs(s, &s->items[i])) continue;
    list[count++] = arena_fmt(m, "%.*s：%.*s%s%.*s（%.*s）", SFMT(unit_name(p, s->items[i].unit)), SFMT(s->items[i].name),
                              item && item->result.len ? "，" : "", SFMT(item ? item->result : S("")),
                              SFMT(day_cn(m, day_of(s->items[i].decided_at))));
  }
  return (Paper){.title = arena_str(m, p->stages[n].certificate), .number = arena_str(m, s->certificate), .rows = rows,
                 .row_count = r, .heading = S("本阶段审定的事项"), .list = list, .list_count = count,
                 .seal = arena_str(m, p->seal), .sample = demo};
}

Code certificate_check(Cx *cx, Request *rq, const Command *c) {
  const Project *pr = NULL;
  Str head, no;
  int64_t number, n = json_int(c->args, S("stage"), 0);
  if (!str_eq(c->name, S("stage.certify")) || n < 1 || n > STAGE_MAX) return OK;
  if (!str_cut(c->stream, '/', &head, &no) || !str_to_i64(no, &number)) return OK;
  Code code = project_load(cx, rq->rd, number, &pr);
  if (code != OK) cx_clear(cx); /* the engine says it better */
  if (code != OK) return OK;
  Paper p = paper_of(cx->mem, policy_of(rq, pr, (int)n), pr, (int)n, false);
  return paper_check(cx, &p);
}

/* The codes as they are on the page; until a head covers the certificate there are none. */
static void codes_onto(Cx *own, Request *rq, const Cert *c, Paper *p) {
  Str file;
  QrText t;
  p->note = S("凭证的二维码：要等下一次签发检查点以后再下载本证件才有。");
  if (receipt_text(own, rq->app->dir, &c->issued.event, &file) != OK || qrtext_make(own, file, &t) != OK) return;
  QrCode *codes = arena_array(own->mem, QrCode, QR_PARTS);
  for (size_t i = 0; i < t.count; i++)
    if (qr_make(own, t.part[i], &codes[i]) != OK) return;
  p->codes = codes;
  p->code_count = t.count;
  p->note = S("二维码里是出件的整份凭证：记录全文、它在办理日志里的位置、证明和签过名的检查点，不联网也能用核对网页核对。核对通过，"
              "说明这条记录在签发检查点时已在日志里、一字未改；不说明那以后的事，撤销与否以网上核验为准。");
}

static Code cert_pdf(Request *rq, Reply *rp, const Cert *c) {
  Arena *own = press_memory();
  Cx cx = {.mem = own, .now = rq->now};
  Paper p = paper_of(own, rq->app->policy, c->pr, c->n, rq->app->demo);
  p.date = day_cn(own, day_of(c->s->certified_at));
  p.made = c->s->certified_at;
  p.check = arena_fmt(own, "网上核验：在工程建设项目审批服务网站的“证件核验”里输入编号和核验码。核验码：%.*s", SFMT(code_of(own, c)));
  codes_onto(&cx, rq, c, &p);
  reply_press(rp, own, &p);
  return OK;
}

static Code page_cert_pdf(Cx *cx, Request *rq, Reply *rp) {
  Cert c;
  TRY(cert_asked(cx, rq, &c));
  return cert_pdf(rq, rp, &c);
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

static Str code_typed(Arena *m, Str s) {
  Str plain = S("");
  s = str_trim(utf8_halfwidth(m, s));
  for (size_t i = 0; i < s.len; i++) {
    char c = s.ptr[i] >= 'A' && s.ptr[i] <= 'F' ? (char)(s.ptr[i] + 32) : s.ptr[i];
    if (c != '-' && c != ' ') plain = arena_fmt(m, "%.*s%c", SFMT(plain), c);
  }
  return plain;
}

/* One answer for a wrong number and a wrong code: it tells nothing about what exists. */
static Code cert_found(Cx *cx, Request *rq, Str number, Str typed, Cert *out) {
  const Project *pr = NULL;
  int64_t no;
  int n;
  Cx own = {.mem = rq->mem, .now = rq->now};
  number = str_trim(utf8_halfwidth(rq->mem, number));
  bool found = number.len < 40 && number_parts(number, &no, &n) && project_load(&own, rq->rd, no, &pr) == OK &&
               str_eq(pr->stages[n].certificate, number) && cert_of(&own, rq, pr, n, out) == OK;
  Str hex = found ? hex_str(rq->mem, out->issued.event.leaf.b, CODE_BYTES) : S("");
  if (!found || !str_eq(hex, code_typed(rq->mem, typed)))
    FAIL(NOT_FOUND, "没有这个编号和核验码的证件。请照证件上的编号和核验码再输一次；仍然没有，就不是本系统开具的，或已被后来的证件代替。");
  return OK;
}

static Code page_verify(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Cert c;
  Str number = request_arg(rq, S("number")), code = request_arg(rq, S("code"));
  rp->title = tr(rq->lang, S("证件核验"));
  rp->view = json_obj(m);
  PUT(rp->view, "asked", number);
  PUT(rp->view, "asked_code", code);
  if (!number.len && !code.len) return OK;
  Cx own = {.mem = m, .now = rq->now};
  if (cert_found(&own, rq, number, code, &c) != OK) {
    reply_error(rq, rp, S("number"), tr(rq->lang, own.detail));
    return OK;
  }
  Json *found = json_put_obj(m, rp->view, S("found"));
  cert_view(rq, found, &c, false);
  PUT_BOOL(found, "ended", c.pr->status == PROJECT_TERMINATED);
  (void)cx;
  return OK;
}

static Code page_verify_pdf(Cx *cx, Request *rq, Reply *rp) {
  Cert c;
  TRY(cert_found(cx, rq, rq->params[0], rq->params[1], &c));
  return cert_pdf(rq, rp, &c);
}

#define CONCERNED (ROLE_STAFF | ROLE_APPLICANT | ROLE_AGENT)
const Route cert_routes[] = {
    {.method = GET, .path = "/cert/{id}/{n}", .allow = CONCERNED, .run = page_cert, .tmpl = "cert", .section = "work",
     .help = "阶段证件，可打印。"},
    {.method = GET, .path = "/cert/{id}/{n}/pdf", .allow = CONCERNED, .run = page_cert_pdf, .section = "work",
     .help = "阶段证件的 PDF。"},
    {.method = GET, .path = "/verify", .allow = ROLE_PUBLIC, .run = page_verify, .tmpl = "verify", .section = "open",
     .help = "证件核验：凭证件上的编号和核验码。"},
    {.method = GET, .path = "/verify/{number}/{code}/pdf", .allow = ROLE_PUBLIC, .run = page_verify_pdf, .section = "open",
     .help = "核验过的证件的 PDF。"},
    {.path = NULL},
};
