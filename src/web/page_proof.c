/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_proof.c: signed heads for everybody. What is given out is text that other programs check: docs/proofs.md.
 */
#include "web/page.h"
#include "journal/proof.h"

enum { HEADS_SHOWN = 30 }; /* a signature costs 0.3 ms to check */

static Str file_name(Request *rq, const char *what, int64_t n) {
  return arena_fmt(rq->mem, "yichuang-%s-%lld.txt", what, (long long)n);
}

static void reply_text(Reply *rp, Str text, Str filename) {
  rp->type = S("text/plain; charset=utf-8");
  rp->body = text;
  rp->filename = filename;
}

/* ---- heads -------------------------------------------------------------------------------------- */

static void keys_view(Arena *m, Json *view, const Keys *keys) {
  Json *list = json_put_arr(m, view, S("keys"));
  for (size_t i = keys->count; i > 0; i--) {
    const NoteKey *k = &keys->list[i - 1];
    Json *o = json_push_obj(m, list);
    PUT(o, "key", key_text(m, k));
    PUT(o, "from", k->from);
    PUT(o, "to", k->to);
  }
}

static Code page_heads(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Checkpoint *heads, known;
  Keys keys;
  size_t n;
  TRY(checkpoints_list(cx, rq->app->dir, request_int(rq, S("below"), 0), HEADS_SHOWN + 1, &heads, &n));
  TRY(checkpoint_keys(cx, rq->app->dir, &keys));
  rp->title = tr(rq->lang, S("检查点"));
  rp->view = json_obj(m);
  Json *list = json_put_arr(m, rp->view, S("checkpoints"));
  if (n > HEADS_SHOWN) PUT_INT(rp->view, "below", heads[HEADS_SHOWN - 1].size);
  for (size_t i = 0; i < n && i < HEADS_SHOWN; i++) {
    Json *o = json_push_obj(m, list);
    Cx own = {.mem = m, .now = rq->now};
    PUT_INT(o, "size", heads[i].size);
    PUT(o, "time", heads[i].time);
    PUT(o, "day", str_sub(heads[i].time, 0, 10));
    PUT(o, "clock", str_sub(heads[i].time, 11, 5));
    PUT(o, "root", hash_hex(m, heads[i].root));
    if (i + 1 < n) PUT_INT(o, "before", heads[i + 1].size);
    if (checkpoint_read(&own, &keys, heads[i].text, &known) == OK) PUT(o, "key", hex_str(m, known.key->id, 4));
  }
  keys_view(m, rp->view, &keys);
  PUT_BOOL(rp->view, "signer", rq->app->sealer != NULL);
  rp->cache = true;
  return OK;
}

static bool size_of(Str s, int64_t *out) {
  return str_to_i64(s, out) && *out > 0;
}

static Code page_head(Cx *cx, Request *rq, Reply *rp) {
  Checkpoint head;
  int64_t size;
  if (!size_of(rq->params[0], &size)) FAIL(NOT_FOUND, "没有这个检查点。");
  TRY(checkpoint_get(cx, rq->app->dir, size, &head));
  reply_text(rp, head.text, file_name(rq, "checkpoint", size));
  return OK;
}

static Code page_between(Cx *cx, Request *rq, Reply *rp) {
  int64_t old, size;
  Str text;
  if (!size_of(rq->params[0], &size) || !size_of(rq->params[1], &old) || old > size)
    FAIL(NOT_FOUND, "没有这两个检查点。");
  TRY(consistency_text(cx, rq->app->dir, old, size, &text));
  reply_text(rp, text, file_name(rq, "consistency", size));
  return OK;
}

static Code page_keys(Cx *cx, Request *rq, Reply *rp) {
  Keys keys;
  TRY(checkpoint_keys(cx, rq->app->dir, &keys));
  if (!keys.count) FAIL(NOT_FOUND, "还没有签过检查点，没有公钥。");
  reply_text(rp, keys_text(rq->mem, &keys, false), S("yichuang-keys.txt"));
  return OK;
}

/* ---- a head that somebody kept ------------------------------------------------------------------- */

/* As a line of its own at the end, and without the CR that forms put before each LF. */
static Str note_typed(Request *rq, Str typed) {
  Str out = S(""), line;
  while (typed.len) {
    str_cut(typed, '\n', &line, &typed);
    if (str_ends(line, S("\r"))) line.len--;
    out = arena_fmt(rq->mem, "%.*s%.*s\n", SFMT(out), SFMT(line));
  }
  return out;
}

/* The witness judges; here only which of its refusals it was: the site went back, shows two histories, or was rewritten. */
static Code verdict_view(Cx *cx, Request *rq, Json *view, const Keys *keys, const Checkpoint *kept) {
  Arena *m = rq->mem;
  Str dir = rq->app->dir;
  Checkpoint newest = {0}, same = {0};
  Cx own = {.mem = m, .now = rq->now}, quiet = own;
  Code code = witness_store(&own, keys, kept, dir, &newest);
  if (code != OK && code != BROKEN) FAIL(code, "%.*s", SFMT(own.detail));
  bool there = checkpoint_get(&quiet, dir, kept->size, &same) == OK && checkpoint_read(&quiet, keys, same.text, &same) == OK;
  bool older = code == BROKEN && newest.size < kept->size;
  bool fork = code == BROKEN && !older && there && !hash_eq(same.root, kept->root);
  PUT_BOOL(view, "good", code == OK);
  PUT_BOOL(view, "older", older);
  PUT_BOOL(view, "fork", fork);
  PUT_BOOL(view, "rewritten", code == BROKEN && !older && !fork);
  PUT_INT(view, "kept_size", kept->size);
  PUT(view, "kept_time", kept->time);
  PUT_INT(view, "size", newest.size);
  PUT(view, "time", newest.time);
  PUT_BOOL(view, "provable", code == OK && there);
  if (fork) PUT(view, "evidence", arena_fmt(m, "yichuang-consistency/1\n\n%.*s\n%.*s", SFMT(kept->text), SFMT(same.text)));
  return OK;
}

static Code page_compare(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Keys keys;
  Checkpoint kept;
  Cx own = {.mem = m, .now = rq->now};
  Str text = note_typed(rq, request_arg(rq, S("kept")));
  rp->title = tr(rq->lang, S("与留存的检查点核对"));
  rp->view = json_obj(m);
  PUT(rp->view, "kept", text);
  if (!text.len) return OK;
  TRY(checkpoint_keys(cx, rq->app->dir, &keys));
  if (checkpoint_read(&own, &keys, text, &kept) == OK) return verdict_view(cx, rq, rp->view, &keys, &kept);
  reply_error(rq, rp, S("kept"), tr(rq->lang, S("这不是本站签的检查点，或抄得不全。请把留存的检查点从第一行到签名行原样贴进来。")));
  return OK;
}

const Route proof_routes[] = {
    {.method = GET, .path = "/s/checkpoints", .allow = ROLE_PUBLIC, .run = page_heads, .tmpl = "checkpoints",
     .section = "open", .help = "日志的检查点：日期、条数、根、密钥，和签名用的公钥。"},
    {.method = GET, .path = "/s/checkpoint/{size}", .allow = ROLE_PUBLIC, .run = page_head, .section = "open",
     .help = "一个检查点的原文。"},
    {.method = GET, .path = "/s/checkpoint/{size}/from/{old}", .allow = ROLE_PUBLIC, .run = page_between, .section = "open",
     .help = "后一个检查点是前一个的延续：一致性证明。"},
    {.method = GET, .path = "/s/compare", .allow = ROLE_PUBLIC, .run = page_compare, .tmpl = "compare", .section = "open",
     .help = "拿留存的检查点来核对：本站的日志是不是它的延续，有没有分叉或恢复过旧备份。"},
    {.method = GET, .path = "/s/keys", .allow = ROLE_PUBLIC, .run = page_keys, .section = "open",
     .help = "签检查点的公钥。"},
    {.path = NULL},
};
