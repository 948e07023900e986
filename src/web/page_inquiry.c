/* SPDX-License-Identifier: Apache-2.0 */
/* page_inquiry.c: 带出项目信息: a platform is asked about the project code, and its answer fills what is empty in the form of registration. A worker asks, one
 * question at a time, so that a platform that is silent keeps neither the loop nor the hashing of passwords. */
#include "exchange/exchange.h"
#include "web/page_form.h"
#include "web/web_int.h"

enum { ASK_BYTES = 4 << 20, CAME_BYTES = 8 << 10 };

typedef struct Inquiry {
  Arena *mem;
  Web *web;
  const Receivers *to;
  FormAgain *again;
  Str code, body, answer, why;
  int status;
} Inquiry;

static bool configured(const Request *rq) {
  return rq->app->receivers && rq->app->receivers->inquiry.url.len > 0;
}

/* What a platform gave before, as the form carries it: {name, at, values}. Its reader is whoever typed the form, so nothing is decided by it. */
static Json *came_posted(Request *rq) {
  Cx cx = {.mem = rq->mem};
  Json *came = NULL;
  Str text = rq->method == POST ? request_arg(rq, S("came")) : S("");
  if (!text.len || text.len > CAME_BYTES || json_parse(&cx, text, &came) != OK) return NULL;
  const Json *values = json_get(came, S("values"));
  return values && values->kind == JSON_OBJ ? came : NULL;
}

/* Fields that still stand as they came say so; one that was corrected no longer does. */
void inquiry_view(Request *rq, Json *view) {
  Arena *m = rq->mem;
  const Json *came = came_posted(rq), *fields = json_get(view, S("fields"));
  if (configured(rq)) {
    Json *o = json_put_obj(m, view, S("inquiry"));
    PUT(o, "name", rq->app->receivers->inquiry.name);
    PUT(o, "hint", rq->app->receivers->inquiry_hint);
  }
  if (!came) return;
  Str name = arena_fmt(m, "%.*s，%.*s", SFMT(json_str(came, S("name"))), SFMT(json_str(came, S("at"))));
  Json *o = json_put_obj(m, view, S("came")), *of = json_put_obj(m, o, S("of"));
  PUT(o, "text", request_arg(rq, S("came")));
  PUT(o, "name", name);
  for (const Json *v = json_get(came, S("values"))->first; v; v = v->next)
    if (v->kind == JSON_STR && str_eq(request_arg(rq, v->key), v->str)) json_put_bool(m, of, v->key, true);
  for (Json *f = fields ? fields->first : NULL; f; f = f->next) {
    if (!json_bool(of, json_str(f, S("name")))) continue;
    Str hint = json_str(f, S("hint"));
    PUT(f, "hint", arena_fmt(m, "%.*s%s来自%.*s", SFMT(hint), hint.len ? "。" : "", SFMT(name)));
  }
}

static void ask_run(void *arg) {
  Inquiry *a = arg;
  a->status = a->to->post(a->mem, &a->to->inquiry, "project", a->body, a->to->inquiry_seconds, &a->answer, &a->why);
}

static Json *asked_put(Request *rq, Json *view, Str text, size_t count) {
  Arena *m = rq->mem;
  Json *o = json_put_obj(m, view, S("asked"));
  PUT(o, "text", text);
  PUT_INT(o, "count", (int64_t)count);
  return o;
}

/* What the platform has on record, as the form would show it. */
static Str on_record(const Request *rq, Str key, Str value) {
  const Policy *p = rq->app->policy;
  const Field *field = str_starts(key, S("f_")) ? policy_field(p, 0, str_sub(key, 2, SIZE_MAX)) : NULL;
  if (str_eqz(key, "category")) return category_name(p, value);
  if (str_eqz(key, "county")) return place_name(p, value);
  if (field && field->type == FIELD_BOOL) return str_eqz(value, "true") ? S("是") : S("否");
  for (size_t i = 0; field && i < field->choice_count; i++)
    if (str_eq(field->choices[i].value, value)) return field->choices[i].label;
  return value;
}

/* The form as it was posted, with what came: typed values stay, and where the platform says otherwise it is told. */
static size_t merge(Request *rq, const Filled *f, Json *left) {
  Arena *m = rq->mem;
  const Json *before = came_posted(rq);
  Json *args = json_clone(m, rq->args), *came = json_obj(m), *values = json_put_obj(m, came, S("values"));
  size_t n = 0;
  for (const Json *v = before ? json_get(before, S("values"))->first : NULL; v; v = v->next) /* of the code that was asked before */
    if (v->kind == JSON_STR && str_eq(request_arg(rq, v->key), v->str)) json_put_str(m, args, v->key, S(""));
  for (const Json *v = f->values->first; v; v = v->next) {
    Str typed = str_trim(json_str(args, v->key));
    if (typed.len && !str_eq(typed, v->str)) {
      Json *o = json_push_obj(m, left);
      const Field *field = policy_field(rq->app->policy, 0, str_sub(v->key, 2, SIZE_MAX));
      static const struct { const char *name, *label; } words[] = {{"name", "项目名称"}, {"category", "项目类别"}, {"county", "建设地点所在的县（市）区"}, {"owner", "建设单位"}, {"uscc", "统一社会信用代码"}};
      Str label = str_starts(v->key, S("f_")) && field ? field->label : v->key;
      for (size_t i = 0; i < COUNT(words); i++)
        if (str_eqz(v->key, words[i].name)) label = str_of(words[i].label);
      PUT(o, "label", label);
      PUT(o, "why", arena_fmt(m, "平台登记的是“%.*s”，与您填的不同；保留您填的，请核对", SFMT(on_record(rq, v->key, v->str))));
      continue;
    }
    json_put_str(m, args, v->key, v->str);
    json_put_str(m, values, v->key, v->str);
    n++;
  }
  json_put_str(m, came, S("name"), rq->app->receivers->inquiry.name);
  json_put_str(m, came, S("at"), time_cn(m, rq->now));
  json_put_str(m, args, S("came"), n ? json_text(m, came) : S(""));
  rq->args = args;
  return n;
}

static Code answered(Cx *cx, Request *rq, const Inquiry *a, const Json *answer, Reply *rp) {
  Arena *m = rq->mem;
  Str name = rq->app->receivers->inquiry.name, text;
  Filled f;
  size_t n = 0;
  if (!inquiry_read(cx, rq->app->policy, a->code, answer, &f)) text = arena_fmt(m, "%.*s的回答看不懂，没有采用。填好的都还在；请自己填写，一样可以登记。", SFMT(name));
  else if (f.unknown) text = arena_fmt(m, "%.*s没有项目代码 %.*s。填好的都还在；请核对代码，或者自己填写。", SFMT(name), SFMT(a->code));
  else {
    n = merge(rq, &f, f.left);
    text = arena_fmt(m, "来自%.*s，%.*s。请核对，不对的可以改；再填好空着的就可以登记。", SFMT(name), SFMT(time_cn(m, rq->now)));
  }
  TRY(a->again(cx, rq, rp));
  json_put(m, asked_put(rq, rp->view, text, n), S("left"), f.left);
  return OK;
}

static Code ask_over(Cx *cx, Request *rq, void *arg, Reply *rp) {
  Inquiry *a = arg;
  Json *answer = NULL;
  Str text = arena_str(rq->mem, a->answer), why = arena_str(rq->mem, a->why);
  Inquiry kept = {.again = a->again, .code = arena_str(rq->mem, a->code), .status = a->status};
  atomic_store(&a->web->inquiry_busy, false);
  arena_close(a->mem);
  if (kept.status == 200 && json_parse(cx, text, &answer) == OK) return answered(cx, rq, &kept, answer, rp);
  if (kept.status == 200) why = S("回答看不懂，没有采用");
  cx_clear(cx);
  TRY(kept.again(cx, rq, rp));
  asked_put(rq, rp->view, arena_fmt(rq->mem, "%.*s：%.*s。填好的都还在；可以过一会儿再按，也可以自己填写，一样可以登记。", SFMT(rq->app->receivers->inquiry.name), SFMT(why)), 0);
  return OK;
}

/* The number of the case that has it; empty: none. Told before a whole form is filled in, not after. */
static Code code_taken(Cx *cx, Request *rq, Str code, Str *number) {
  int64_t no = 0;
  Code found = project_find(cx, rq->rd, code, &no);
  *number = found == OK ? project_number(rq->mem, no) : S("");
  if (found != NOT_FOUND) return found;
  cx_clear(cx);
  return OK;
}

Code inquiry_ask(Cx *cx, Request *rq, Reply *rp, FormAgain *again) {
  bool idle = false;
  Str taken;
  Str code = str_trim(utf8_halfwidth(rq->mem, request_arg(rq, S("code"))));
  if (!configured(rq)) FAIL(NOT_FOUND, "没有设置查询项目信息的平台，请自己填写。");
  if (project_code_form(code) == PROJECT_CODE_BAD) {
    TRY(again(cx, rq, rp));
    reply_error(rq, rp, S("code"), code.len ? project_code_fault(rq->mem, code)
                                            : S("先填写项目代码，格式如 2304-211403-04-01-135254，再带出项目信息"));
    return OK;
  }
  TRY(code_taken(cx, rq, code, &taken));
  if (taken.len) {
    TRY(again(cx, rq, rp));
    reply_error(rq, rp, S("code"), arena_fmt(rq->mem, "这个项目代码已经登记过，办件编号 %.*s，不能再登记", SFMT(taken)));
    return OK;
  }
  if (!atomic_compare_exchange_strong(&rq->web->inquiry_busy, &idle, true)) {
    TRY(again(cx, rq, rp));
    asked_put(rq, rp->view, S("正在替别人查询，请过几秒再按一次。填好的都还在。"), 0);
    return OK;
  }
  Arena *own = arena_open(ASK_BYTES);
  Inquiry *a = arena_new(own, Inquiry);
  Json *body = json_obj(own);
  json_put_str(own, body, S("XMDM"), code);
  *a = (Inquiry){.mem = own, .web = rq->web, .to = rq->app->receivers, .again = again, .code = arena_str(own, code), .body = json_text(own, body), .answer = S(""), .why = S("")};
  reply_job(rp, JOB_LONG, ask_run, ask_over, a);
  return OK;
}
