/* SPDX-License-Identifier: Apache-2.0 */
/* page_tokens.c: the administrator issues tokens of the interface while the server runs, and takes them back. */
#include "web/page.h"

Code page_tokens(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const void *state = NULL;
  int64_t seq;
  TRY(reader_state(cx, rq->rd, arena_fmt(m, "user/%.*s", SFMT(rq->params[0])), &state, &seq));
  const User *u = state;
  rp->title = arena_fmt(m, "%.*s 的接口令牌", SFMT(u->name));
  rp->tmpl = "tokens";
  rp->view = json_obj(m);
  PUT(rp->view, "id", arena_str(m, u->id));
  Json *list = json_put_arr(m, rp->view, S("tokens"));
  for (size_t i = 0; i < u->token_count; i++) {
    Json *o = json_push_obj(m, list);
    PUT(o, "id", arena_str(m, u->id));
    PUT(o, "name", arena_str(m, u->token_names[i]));
  }
  return OK;
}

static void after_tokens(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  Arena *m = rq->mem;
  const Str *token = rq->state;
  if (result->code == OK && !token) {
    reply_redirect(rp, rq->path);
    return;
  }
  if (result->code != OK || result->repeated) {
    after_or_again(cx, rq, result, rp, rq->path, page_tokens, "tokens");
    return;
  }
  if (page_tokens(cx, rq, rp) == OK) PUT(rp->view, "token", *token);
}

Code post_tokens(Cx *cx, Request *rq, Reply *rp) {
  (void)cx;
  Arena *m = rq->mem;
  Json *args = json_obj(m);
  Str act = request_arg(rq, S("act"));
  bool issue = str_eq(act, S("issue"));
  if (!issue && !str_eq(act, S("revoke"))) FAIL(MALFORMED, "没有“%.*s”这种办理动作。请返回上一页重新操作。", SFMT(act));
  PUT(args, "name", request_arg(rq, S("name")));
  if (issue) {
    Str *token = arena_new(m, Str);
    *token = random_token(m, 32);
    PUT(args, "hash", hash_hex(m, hash_bytes(SUITE_INTL, *token)));
    rq->state = token;
  }
  reply_command(rq, rp, issue ? S("user.issue-token") : S("user.revoke-token"),
                arena_fmt(m, "user/%.*s", SFMT(rq->params[0])), args);
  rp->after = after_tokens;
  return OK;
}
