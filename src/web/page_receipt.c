/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_receipt.c: receipts that prove themselves, for whom they concern: as a file, and as QR codes that hold the same file.
 * Not for everybody: an event has in it what was typed into the form.
 */
#include "web/page.h"
#include "web/web_int.h"
#include "approval/receipt.h"
#include "journal/proof.h"
#include "paper/paper.h"

/* 事项决定：name of the item */
static Str words_of(const Request *rq, const Project *pr, int stage, const Receipt *r) {
  Arena *m = rq->mem;
  const ItemState *i = r->item.len ? stage_item(&pr->stages[stage], r->item) : NULL;
  Str label = str_of(r->kind->label);
  if (!r->item.len) return label;
  const Item *known = i ? NULL : policy_item(rq->app->policy, r->item); /* of an application before this one */
  return arena_fmt(m, "%.*s（%.*s）", SFMT(label), SFMT(i ? i->name : known ? known->name : r->item));
}

Code view_proofs(Cx *cx, Request *rq, Json *view, const Project *pr, int stage, Str item) {
  Arena *m = rq->mem;
  Checkpoint *newest;
  Receipt *all;
  size_t n, count, later = 0;
  int64_t ms;
  TRY(checkpoints_list(cx, rq->app->dir, 0, 1, &newest, &n));
  if (n && time_parse(newest->time, &ms)) PUT(view, "signed", time_cn(m, ms));
  Json *list = json_put_arr(m, view, S("proofs"));
  TRY(receipts_list(cx, rq->rd, pr->no, stage, item, &all, &count));
  for (size_t i = 0; i < count; i++) {
    const Event *e = &all[i].event;
    Json *o = json_push_obj(m, list);
    PUT(o, "kind", str_of(all[i].kind->code));
    PUT(o, "label", words_of(rq, pr, stage, &all[i]));
    PUT(o, "at", time_cn(m, e->recorded));
    PUT_INT(o, "seq", e->seq);
    PUT_BOOL(o, "former", !all[i].kind->whole && pr->stages[stage].attempt > 1 && e->recorded < pr->stages[stage].submitted_at);
    if (!n || newest->size < e->pos) {
      later++;
      continue;
    }
    PUT(o, "href", arena_fmt(m, "/proof/%lld/%d?seq=%lld", (long long)pr->no, stage, (long long)e->seq));
    PUT(o, "codes", arena_fmt(m, "/proof/%lld/%d/code?seq=%lld", (long long)pr->no, stage, (long long)e->seq));
  }
  PUT_BOOL(view, "proofs_ready", later < count);
  PUT_INT(view, "proofs_later", (int64_t)later);
  return OK;
}

/* ---- a number, looked up by whoever holds the paper ------------------------------------------------ */

bool receipt_sent_on(Request *rq, Reply *rp, Str typed) {
  Str text = str_trim(typed);
  if (!str_starts(text, S("SL-")) && !str_starts(text, S("sl-"))) return false;
  reply_redirect(rp, arena_fmt(rq->mem, "/track?no=%.*s", SFMT(url_encode(rq->mem, text))));
  return true;
}

static void received_note(Arena *m, Json *o, const Event *e) {
  if (str_eqz(e->kind, "stage.submitted")) PUT(o, "received", time_cn(m, e->recorded));
  else PUT(o, "corrected", time_cn(m, e->recorded));
}

Code view_receipt_given(Cx *cx, Request *rq, Json *view, const Project *pr, Str typed) {
  Arena *m = rq->mem;
  ReceiptNo no;
  Receipt *all;
  size_t n;
  if (!receipt_number_read(m, typed, &no)) return OK;
  const StageState *s = no.project == pr->no ? &pr->stages[no.stage] : NULL;
  if (!s || no.attempt > s->attempt) FAIL(NOT_FOUND, "没有找到编号 %.*s。请核对回执上的办件编号。", SFMT(typed));
  Str number = receipt_number(m, no);
  TRY(receipts_list(cx, rq->rd, pr->no, no.stage, S(""), &all, &n));
  Json *o = json_put_obj(m, view, S("given"));
  PUT(o, "receipt", number);
  PUT_INT(o, "n", no.stage);
  PUT(o, "name", rq->app->policy->stages[no.stage].name);
  for (size_t i = 0; i < n; i++) {
    const Event *e = &all[i].event;
    if (!str_eqz(e->kind, "stage.submitted") && !str_eqz(e->kind, "stage.corrected")) continue;
    if (str_eq(json_str(e->body, S("receipt")), number)) received_note(m, o, e);
  }
  if (no.attempt == s->attempt) return OK;
  Json *later = json_put_obj(m, o, S("later"));
  PUT(later, "newest", s->receipt);
  PUT(later, "at", time_cn(m, s->submitted_at));
  return OK;
}

/* ---- codes ------------------------------------------------------------------------------------- */

static Code codes_put(Cx *cx, Request *rq, Json *view, Str file) {
  Arena *m = rq->mem;
  QrText t;
  QrCode codes[QR_PARTS];
  TRY(qrtext_make(cx, file, &t));
  TRY(qr_make_all(cx, t.part, t.count, codes));
  Json *list = json_put_arr(m, view, S("codes"));
  for (size_t i = 0; i < t.count; i++) {
    const QrCode *q = &codes[i];
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "part", (int64_t)i + 1);
    PUT_INT(o, "parts", (int64_t)t.count);
    PUT_BOOL(o, "several", t.count > 1);
    PUT_INT(o, "side", q->side + 2 * QR_QUIET);
    PUT(o, "path", qr_path(m, q));
    PUT(o, "text", t.part[i]);
  }
  return OK;
}

/* A page stands also without its codes; it says why there are none. */
static void codes_or_why(Cx *cx, Request *rq, Json *view, const Event *e) {
  Str file;
  Code code = receipt_text(cx, rq->app->dir, e, &file);
  if (code == OK) code = codes_put(cx, rq, view, file);
  if (code == OK) return;
  json_put_str(rq->mem, view, S("no_codes"), arena_str(rq->mem, cx->detail));
  cx_clear(cx);
}

Code view_event_codes(Cx *cx, Request *rq, Json *view, const Event *e) {
  codes_or_why(cx, rq, view, e);
  return OK;
}

Code view_codes(Cx *cx, Request *rq, Json *view, const Project *pr, int stage, Str what) {
  Receipt r;
  Code code = receipt_last(cx, rq->rd, pr->no, stage, receipt_kind(what), S(""), &r);
  if (code == OK) codes_or_why(cx, rq, view, &r.event);
  if (code == NOT_FOUND) cx_clear(cx);
  return code == NOT_FOUND ? OK : code;
}

/* ---- pages ------------------------------------------------------------------------------------- */

/* ?seq= names the event; ?what= and ?item= the last of a kind. */
static Code receipt_asked(Cx *cx, Request *rq, const Project **pr, int *stage, Receipt *out) {
  TRY(project_concerned(cx, rq, pr));
  TRY(stage_of(cx, rq, stage));
  int64_t seq = request_int(rq, S("seq"), 0);
  if (seq > 0) return receipt_at(cx, rq->rd, (*pr)->no, *stage, seq, out);
  Str what = request_arg(rq, S("what"));
  const ReceiptKind *k = receipt_kind(what.len ? what : S("submitted"));
  if (!k) FAIL_AT(INVALID, S("what"), S(""), "没有这种凭证。");
  return receipt_last(cx, rq->rd, (*pr)->no, *stage, k, request_arg(rq, S("item")), out);
}

static Code page_receipt_file(Cx *cx, Request *rq, Reply *rp) {
  const Project *pr = NULL;
  int stage;
  Receipt r;
  TRY(receipt_asked(cx, rq, &pr, &stage, &r));
  TRY(receipt_text(cx, rq->app->dir, &r.event, &rp->body));
  rp->type = S("text/plain; charset=utf-8");
  const ItemState *i = stage_item(&pr->stages[stage], json_str(r.event.body, S("item"))); /* several items are decided on one day */
  Str of = i ? arena_fmt(rq->mem, "（%.*s）", SFMT(i->name)) : S("");
  rp->filename = arena_fmt(rq->mem, "%.*s-第%d阶段-%s%.*s凭证-%.*s.txt", SFMT(pr->number), stage, r.kind->label, SFMT(of),
                           SFMT(day_str(rq->mem, day_of(r.event.recorded))));
  return OK;
}

static void stage_head(Request *rq, Json *view, const Project *pr, int stage) {
  Arena *m = rq->mem;
  request_pin(rq, pr, stage);
  view_project(m, rq->app->policy, view, pr, false);
  PUT_INT(view, "stage", stage);
  PUT(view, "stage_name", rq->app->policy->stages[stage].name);
  PUT_BOOL(view, "staff", reads_inside(rq));
}

static Code page_codes(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Project *pr = NULL;
  int stage;
  Receipt r;
  TRY(receipt_asked(cx, rq, &pr, &stage, &r));
  rp->view = json_obj(m);
  stage_head(rq, rp->view, pr, stage);
  rp->title = arena_fmt(m, "%s凭证的二维码", r.kind->label);
  PUT(rp->view, "label", words_of(rq, pr, stage, &r));
  PUT(rp->view, "at", time_cn(m, r.event.recorded));
  PUT(rp->view, "by", r.event.actor_name);
  PUT_INT(rp->view, "pos", r.event.pos);
  PUT_INT(rp->view, "seq", r.event.seq);
  codes_or_why(cx, rq, rp->view, &r.event);
  return OK;
}

static Code page_receipts(Cx *cx, Request *rq, Reply *rp) {
  const Project *pr = NULL;
  int stage;
  TRY(project_concerned(cx, rq, &pr));
  TRY(stage_of(cx, rq, &stage));
  rp->title = S("可核验的凭证");
  rp->view = json_obj(rq->mem);
  stage_head(rq, rp->view, pr, stage);
  return view_proofs(cx, rq, rp->view, pr, stage, S(""));
}

const Route receipt_routes[] = {
    {.method = GET, .path = "/proof/{id}/{n}", .allow = CONCERNED, .run = page_receipt_file, .section = "my",
     .help = "一次办理的凭证：记录、证明和检查点。"},
    {.method = GET, .path = "/proof/{id}/{n}/all", .allow = CONCERNED, .run = page_receipts, .tmpl = "receipts", .section = "my",
     .help = "一个阶段的全部凭证。"},
    {.method = GET, .path = "/proof/{id}/{n}/code", .allow = CONCERNED, .run = page_codes, .tmpl = "codes", .section = "my",
     .help = "一份凭证的二维码：内容与凭证文件相同，不联网也能核对。"},
    {.path = NULL},
};
