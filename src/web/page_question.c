/* SPDX-License-Identifier: Apache-2.0 */
/* page_question.c: a question by somebody without an account: asked, and its answer read with a number and a query code 查询码. */
#include "web/page_early.h"

enum { ASKED_MAX = 5 };

static const FormField fields[] = {{"unit", "select", N_("问哪个单位"), N_("不知道该问谁的不选，由牵头的单位答复"), true},
                                   {"subject", "text", N_("问什么"), N_("一句话，例如：自建房要不要办规划许可"), false},
                                   {"question", "long", N_("您的问题"), N_("写清地点和想知道的事，至少 10 个字；请不要写姓名、电话和身份证号"), false},
                                   {"name", "text", N_("怎么称呼您"), N_("单独加密存放，只有答复的单位看得到"), true},
                                   {"contact", "text", N_("电话或者邮箱"), N_("要我们把答复告诉您的才填；单独加密存放，告知以后清除"), true},
                                   {"open", "yesno", N_("答复可以公开吗"), N_("公开的只有问什么和答复，没有您的称呼和问题全文"), false}};
static const FormAct ask = {.act = "ask", .command = "consult.ask-public", .title = "提问", .button = "提交问题", FIELDS(fields)};

/* As for opinions about a draft: an office may share an address, a machine may not fill the worklists. Wrong codes are counted by themselves. */
static Str bucket(const Request *rq, const char *what) {
  return arena_fmt(rq->mem, "%s/%.*s", what, SFMT(rq->address));
}

static int wait_of(Request *rq, const char *what) {
  return rq->app->throttle ? throttle_wait(rq->app->throttle, bucket(rq, what), bucket(rq, what), rq->now) : 0;
}

static void counted(Request *rq, const char *what) {
  if (rq->app->throttle) throttle_failed(rq->app->throttle, bucket(rq, what), bucket(rq, what), rq->now);
}

Code page_question(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  (void)cx;
  rp->title = tr(rq->lang, S("提问"));
  rp->view = json_obj(m);
  PUT_INT(rp->view, "consult_days", rq->app->policy->consult_days);
  PUT_BOOL(rp->view, "consult_sample", rq->app->policy->consult_source.sample);
  units_choices(rq, form_put_act(rq, rp->view, &ask), "unit", "department|county|zone|company");
  return OK;
}

static void after_question(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  if (result->code == OK) counted(rq, "ask");
  form_done(cx, rq, result, rp);
}

/* Into the vault; *list has room. */
static void secret_put(Request *rq, Json *args, const char *name, Personal *list, size_t *n) {
  Arena *m = rq->mem;
  Str value = str_trim(json_str(args, str_of(name)));
  if (!value.len) return;
  list[*n] = (Personal){.ref = personal_ref(m), .kind = str_of(name), .value = value};
  json_put_str(m, args, str_of(name), list[(*n)++].ref);
}

Code post_question(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  int wait = wait_of(rq, "ask");
  Json *args = form_args(rq, &ask);
  Personal *secrets = arena_array(m, Personal, 2);
  size_t n = 0;
  if (wait) {
    TRY(page_question(cx, rq, rp));
    rp->tmpl = "question";
    form_fault(rq, rp, &ask, S("question"), arena_fmt(m, "这个地址刚才已经提了 %d 个问题，请 %d 分钟后再提；您写的还在下面。", ASKED_MAX, (wait + 59) / 60));
    rp->status = 429;
    rp->retry_after = wait;
    return OK;
  }
  /* A second click carries the same key: it gets the same code. */
  Str code = consult_code(m, rq->form_key.len ? rq->form_key : random_token(m, 16));
  secret_put(rq, args, "name", secrets, &n);
  secret_put(rq, args, "contact", secrets, &n);
  PUT(args, "lock", consult_lock(m, code));
  Command *c = form_send(rq, rp, &ask, S(""), args, arena_fmt(m, "/ask/mine/%.*s/", SFMT(code)), page_question, "question");
  c->personal = secrets;
  c->personal_count = n;
  rp->after = after_question;
  return OK;
}

/* ---- the answer ---------------------------------------------------------------------------------------------- */

/* One answer for a wrong number and a wrong code, and not many tries of either. */
static Code opened(Cx *cx, Request *rq, Str number, Str code, const Consult **out) {
  int64_t no = 0;
  int wait = wait_of(rq, "ask-code");
  if (wait) FAIL(THROTTLED, "这个地址刚才试错了多次，请 %d 分钟后再查。", (wait + 59) / 60);
  Cx own = {.mem = rq->mem, .now = rq->now};
  bool found = str_to_i64(str_trim(utf8_halfwidth(rq->mem, number)), &no) && no > 0 && consult_load(&own, rq->rd, no, out) == OK;
  if (found && consult_opens(rq->mem, *out, code)) return OK;
  counted(rq, "ask-code");
  FAIL(NOT_FOUND, "没有这个编号和查询码的问题。请照提问以后给您的再输一次。");
}

Code page_question_find(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Consult *c = NULL;
  Str number = request_arg(rq, S("no")), code = request_arg(rq, S("code"));
  rp->title = tr(rq->lang, S("看我的问题的答复"));
  rp->view = json_obj(m);
  PUT(rp->view, "no", number);
  PUT(rp->view, "code", code);
  if (!number.len && !code.len) return OK;
  Code found = opened(cx, rq, number, code, &c);
  if (found == THROTTLED) return found;
  if (found != OK) {
    Str text = cx->detail;
    cx_clear(cx);
    reply_error(rq, rp, S("no"), tr(rq->lang, text));
    return OK;
  }
  reply_redirect(rp, arena_fmt(m, "/ask/mine/%.*s/%lld", SFMT(consult_code_typed(m, code)), (long long)c->no));
  return OK;
}

Code page_question_own(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Consult *c = NULL;
  TRY(opened(cx, rq, rq->params[1], rq->params[0], &c));
  Reading r = consult_reading(rq->app->policy, c, rq->now);
  rp->title = c->subject;
  rp->view = json_obj(m);
  consult_public_view(rq, rp->view, c);
  PUT(rp->view, "code", consult_code_typed(m, rq->params[0]));
  PUT(rp->view, "question", c->question);
  PUT_BOOL(rp->view, "open", c->open);
  if (r.due.n) PUT(rp->view, "due", day_str(m, r.due));
  return OK;
}
