/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_audit_proof.c: 核对日志, the whole journal recomputed for the auditor: what `yichuang verify` does on the server, by the running
 * server of itself. Who does not trust the server takes a copy and a checkpoint: the page says how.
 */
#include "web/page.h"
#include "web/web_int.h"

/* Measured: 85 µs an event, with its files and the comparison of the views. So many take half a minute, the longest that a page may make somebody wait. */
enum { EVENTS_MAX = 300000 };

typedef struct Proof {
  Arena *mem;
  Web *web;
  VerifyReport found;
  int64_t took; /* µs */
  Code code;
  Str detail;
} Proof;

static void proof_run(void *arg) {
  Proof *v = arg;
  Cx cx = {.mem = v->mem, .now = clock_now_ms()};
  int64_t began = clock_steady_us();
  v->code = runner_verify(&cx, v->web->app->runner, &v->found);
  v->detail = cx.detail;
  v->took = clock_steady_us() - began;
}

static Code proof_over(Cx *cx, Request *rq, void *arg, Reply *rp) {
  Proof *v = arg;
  Arena *m = rq->mem;
  Code code = v->code;
  Str detail = arena_str(m, v->detail), fault = arena_str(m, v->found.fault);
  atomic_store(&v->web->proof_busy, false);
  arena_close(v->mem);
  if (code != OK) FAIL(code, "%.*s", SFMT(detail.len ? detail : S("没有核对成，请稍后再试。")));
  Json *o = json_put_obj(m, rp->view, S("result"));
  PUT_INT(o, "events", v->found.events);
  PUT_INT(o, "streams", v->found.streams);
  PUT_INT(o, "blobs", v->found.blobs);
  PUT_INT(o, "heads", v->found.heads);
  PUT_INT(o, "signed_upto", v->found.signed_upto);
  PUT_INT(o, "unsigned", v->found.events - v->found.signed_upto);
  PUT_BOOL(o, "chain", v->found.chain_ok);
  PUT_BOOL(o, "views", v->found.views_ok);
  PUT_BOOL(o, "whole", v->found.chain_ok && v->found.views_ok);
  PUT(o, "fault", fault);
  PUT(o, "at", time_cn(m, rq->now));
  PUT(o, "seconds", milli_str(m, (Milli){v->took / 1000}));
  return OK;
}

static Code proof_begin(Cx *cx, Request *rq, Reply *rp) {
  bool idle = false;
  Web *web = rq->web;
  if (!atomic_compare_exchange_strong(&web->proof_busy, &idle, true)) {
    rp->retry_after = 30;
    FAIL(BUSY, "另一次核对正在进行，请过半分钟刷新本页。");
  }
  Arena *own = arena_open((size_t)1 << 30); /* as the command has */
  Proof *v = arena_new(own, Proof);
  *v = (Proof){.mem = own, .web = web};
  reply_job(rp, JOB_LONG, proof_run, proof_over, v);
  return OK;
}

static Code page_proof(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  int64_t events = 0;
  rp->title = tr(rq->lang, S("核对日志"));
  rp->view = json_obj(m);
  TRY(reader_position(cx, rq->rd, &events));
  PUT_INT(rp->view, "events", events);
  PUT_BOOL(rp->view, "many", events > EVENTS_MAX);
  if (!request_arg(rq, S("run")).len || events > EVENTS_MAX) return OK;
  return proof_begin(cx, rq, rp);
}

const Route audit_proof_routes[] = {
    {.method = GET, .path = "/audit/proof", .allow = ROLE_AUDITOR, .run = page_proof, .tmpl = "audit_proof", .compact = true,
     .help = "核对日志：把每一条的散列从头重算一遍，再和各表比较；带 run=1 时给出结果，不改动任何数据。"},
    {.path = NULL},
};
