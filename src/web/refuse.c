/* SPDX-License-Identifier: Apache-2.0 */
/* Every refusal says what, which rule, and what to do next. */
#include "web/web_int.h"

static const struct {
  int status;
  const char *title, *detail, *next;
} texts[] = {
    {400, N_("请求无法识别"), N_("浏览器发来的内容不符合格式。"), N_("请返回上一页刷新后重新提交；仍然不行请拨打 8890。")},
    {401, N_("请先登录"), N_("这一页需要登录后才能使用。"), N_("请登录后重试。")},
    {403, N_("没有权限"), N_("您的账号不能办理这一项。"), N_("请换用有权限的账号，或联系本单位的系统管理员。")},
    {404, N_("没有找到"), N_("没有这个页面，或者它不归您查看。"), N_("请检查网址，或从首页重新进入。")},
    {405, N_("方法不支持"), N_("这个地址不接受这种请求。"), N_("请从本站页面操作。")},
    {408, N_("请求超时"), N_("内容没有在规定时间内传完。"), N_("请检查网络后重新提交。")},
    {409, N_("内容已变化"), N_("有人先您一步作了更改。"), N_("请刷新页面，看过最新内容后再决定。")},
    {413, N_("内容过大"), N_("提交的内容超过上限。"), N_("请减少内容或分几次提交。")},
    {415, N_("类型不支持"), N_("提交内容的类型无法识别。"), N_("请从本站页面提交。")},
    {417, N_("请求无法满足"), N_("请求头 Expect 的内容不支持。"), N_("请去掉这个请求头。")},
    {422, N_("填写不符合要求"), N_("有内容不符合规定。"), N_("请返回上一页修改后重新提交。")},
    {429, N_("操作过于频繁"), N_("短时间内尝试的次数过多。"), N_("请按提示的时间等待后再试。")},
    {431, N_("请求头过大"), N_("请求头超过 16 KB 或多于 100 行。"), N_("请清除浏览器中本站的 Cookie 后重试。")},
    {500, N_("系统出错"), N_("这是系统的问题，不是您的错。"), N_("已记录，请稍后重试；需要时请把下面的编号告诉 8890。")},
    {501, N_("方法不支持"), N_("服务器不认识这种请求方法。"), N_("请从本站页面操作。")},
    {503, N_("系统繁忙"), N_("现在办理的人较多。"), N_("请稍等几秒再试，已填内容没有丢失。")},
    {505, N_("协议版本不支持"), N_("服务器只支持 HTTP/1.1。"), N_("请更新浏览器。")},
    {507, N_("暂停写入"), N_("存储出现故障，系统已停止写入以保护数据。"), N_("请稍后重试；仍然不行请拨打 8890。")},
};

static size_t text_of(int status) {
  for (size_t i = 0; i < COUNT(texts); i++)
    if (texts[i].status == status) return i;
  return 0;
}

/* A clean reply; of what was there, only how to behave on the wire is kept. */
static void reply_anew(Exchange *x, int status) {
  x->rp = (Reply){.status = status, .retry_after = x->rp.retry_after};
  x->rp.view = json_obj(x->mem);
  x->rp.tmpl = "error";
}

static Str reference(Exchange *x) {
  Str ref = str_sub(random_token(x->mem, 9), 0, 8);
  LOG_PARTS(LOG_ERROR, "incident", {"ref", ref}, {"path", x->rq.path}, {"account", x->rq.who ? x->rq.who->id : S("")}, {"text", x->cx.detail},
            {"where", arena_fmt(x->mem, "%s:%d", x->cx.where ? x->cx.where : "?", x->cx.line)});
  return ref;
}

/* "up":{"href","name"}: the page above that this visitor may open; after a form, its own page. Of what is not found no record above is offered. */
static void up_view(Exchange *x, Json *refusal, int status) {
  Arena *m = x->mem;
  Str at = x->rq.path;
  while (at.len > 1) {
    Str params[4];
    uint32_t methods;
    if (at.len < x->rq.path.len || x->rq.method == POST) {
      const Route *r = routes_match(x->web->routes, GET, at, params, &methods);
      if (r && r->tmpl && (r->allow & (x->rq.actor.roles | ROLE_PUBLIC)) && (status != 404 || !route_param_count(r))) {
        Json *up = json_put_obj(m, refusal, S("up"));
        json_put_str(m, up, S("href"), at);
        json_put_str(m, up, S("name"), tr(x->rq.lang, shell_page_name(str_of(r->help))));
        return;
      }
    }
    while (at.len > 1 && at.ptr[at.len - 1] != '/') at.len--;
    at.len--;
  }
}

static void page_fill(Exchange *x, int status, Str detail, Str field, Str clause) {
  size_t t = text_of(status);
  Str lang = x->rq.lang;
  Arena *m = x->mem;
  x->rp.title = tr(lang, str_of(texts[t].title));
  Json *r = json_put_obj(m, x->rp.view, S("refusal"));
  json_put_int(m, r, S("status"), status);
  json_put_str(m, r, S("detail"), tr(lang, detail.len ? detail : str_of(texts[t].detail)));
  json_put_str(m, r, S("field"), field);
  json_put_str(m, r, S("clause"), clause);
  json_put_str(m, r, S("next"), tr(lang, str_of(texts[t].next)));
  if (status == 500 || status == 507) json_put_str(m, r, S("ref"), reference(x));
  if (status == 403 || status == 404 || status == 409 || status == 422) up_view(x, r, status);
  if (x->own_form) reply_typed(&x->rq, &x->rp);
  if (x->rq.method == GET && status == 401) json_put_str(m, r, S("login"), S("/login"));
}

static void json_fill(Exchange *x, int status, Code code, Str detail, Str field, Str clause) {
  size_t t = text_of(status);
  Json *v = x->rp.view;
  Arena *m = x->mem;
  json_put_str(m, v, S("error"), code_text(code));
  json_put_str(m, v, S("detail"), detail.len ? detail : str_of(texts[t].detail));
  json_put_str(m, v, S("field"), field);
  json_put_str(m, v, S("clause"), clause);
  if (status == 500 || status == 507) json_put_str(m, v, S("ref"), reference(x));
}

static void refuse(Exchange *x, int status, Code code, Str detail, Str field, Str clause) {
  reply_anew(x, status);
  if (status == 500) detail = S(""); /* its words are for the log */
  if (x->rq.json) json_fill(x, status, code, detail, field, clause);
  else page_fill(x, status, detail, field, clause);
}

void refuse_code(Exchange *x, Code code) {
  int status = x->rp.status >= 400 ? x->rp.status : code_http(code);
  if (code == THROTTLED && !x->rp.retry_after) x->rp.retry_after = 60;
  if (code == BUSY && !x->rp.retry_after) x->rp.retry_after = BUSY_SECONDS;
  refuse(x, status, code, x->cx.detail, x->cx.field, x->cx.clause);
  cx_clear(&x->cx);
}

void refuse_status(Exchange *x, int status) {
  bool stops = status == 503;
  if (stops) x->rp.retry_after = BUSY_SECONDS;
  Code code = stops ? BUSY : status == 413 || status == 431 ? LIMIT : status == 404 || status == 405 ? NOT_FOUND : MALFORMED;
  refuse(x, status, code, stops ? S("服务正在重新启动，这一次没有办理。请过几秒再试。") : S(""), S(""), S(""));
}

/* ---- nothing typed is lost ---------------------------------------------------------------------------------- */

static void keep_one(Arena *mem, Json *list, Str prefix, Str name, Str end, Str value) {
  Json *one = json_push_obj(mem, list);
  json_put_str(mem, one, S("name"), arena_fmt(mem, "%.*s%.*s%.*s", SFMT(prefix), SFMT(name), SFMT(end)));
  json_put_str(mem, one, S("value"), value);
}

Json *kept_fields(Arena *mem, const Json *args, Str prefix, Str strip) {
  Json *list = json_arr(mem);
  for (const Json *f = args ? args->first : NULL; f; f = f->next) {
    if (!str_starts(f->key, strip)) continue;
    Str name = str_sub(f->key, strip.len, f->key.len);
    if (f->kind == JSON_STR) keep_one(mem, list, prefix, name, S(""), f->str);
    for (const Json *i = f->kind == JSON_ARR ? f->first : NULL; i; i = i->next)
      keep_one(mem, list, prefix, name, S("[]"), i->str);
  }
  return list;
}

/* Expired: the login page, with the fields as keep.…; otherwise a page that posts them again, after a look. */
void refuse_resume(Exchange *x, bool expired) {
  reply_anew(x, expired ? 401 : 403);
  Arena *m = x->mem;
  Str prefix = expired ? S("keep.") : S("");
  Json *keep = kept_fields(m, x->rq.args, prefix, S(""));
  if (x->rq.form_key.len) keep_one(m, keep, prefix, S("key"), S(""), x->rq.form_key);
  x->rp.tmpl = expired ? "login" : "resume";
  x->rp.title = tr(x->rq.lang, expired ? S("登录已过期") : S("请再提交一次"));
  json_put_str(m, x->rp.view, S("resume"), x->rq.path);
  json_put(m, x->rp.view, S("keep"), keep);
  json_put_bool(m, x->rp.view, S("files"), x->rq.route && x->rq.route->uploads);
  if (x->web->app->demo) json_put_str(m, x->rp.view, S("accounts"), x->web->app->demo_accounts);
}
