/* SPDX-License-Identifier: Apache-2.0 */
/* Web's own pages: login and logout, preferences, assets. */
#include "web/web_int.h"

enum { PASSWORD_BYTES_MAX = 512, ACCOUNT_BYTES_MAX = 64 };

/* ---- login -------------------------------------------------------------------------------------------------- */

typedef struct Attempt {
  Str account, password, hash; /* a dummy hash when there is no such account: the same time either way */
  bool known, good;
} Attempt;

static void login_view(Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  rp->tmpl = "login";
  if (!rp->title.len) rp->title = tr(rq->lang, S("登录"));
  rp->view = json_obj(m);
  Str next = request_arg(rq, S("next")), resume = request_arg(rq, S("resume"));
  if (next_is_local(next)) json_put_str(m, rp->view, S("next"), next);
  json_put_str(m, rp->view, S("account"), request_arg(rq, S("account")));
  if (rq->method == POST && next_is_local(resume)) {
    json_put_str(m, rp->view, S("resume"), resume);
    json_put(m, rp->view, S("keep"), kept_fields(m, rq->args, S("keep."), S("keep.")));
  }
  if (rq->app->demo) json_put_str(m, rp->view, S("accounts"), rq->app->demo_accounts);
}

static Code page_login(Cx *cx, Request *rq, Reply *rp) {
  (void)cx;
  if (rq->who) {
    Str next = request_arg(rq, S("next"));
    reply_redirect(rp, next_is_local(next) ? next : shell_home(rq->web, rq->actor.roles));
    return OK;
  }
  login_view(rq, rp);
  return OK;
}

static void verify(void *arg) {
  Attempt *a = arg;
  a->good = password_verify(a->hash, a->password) && a->known;
}

/* The page that posts the kept fields once more, now as the person who has logged in. */
static void resume_view(Request *rq, Reply *rp, Str path) {
  Arena *m = rq->mem;
  rp->tmpl = "resume";
  rp->title = tr(rq->lang, S("已登录，请再提交一次"));
  rp->view = json_obj(m);
  json_put_str(m, rp->view, S("resume"), path);
  json_put(m, rp->view, S("keep"), kept_fields(m, rq->args, S(""), S("keep.")));
}

static Code login_over(Cx *cx, Request *rq, void *arg, Reply *rp) {
  Attempt *a = arg;
  const User *u = NULL;
  Code code = a->good ? user_load(cx, rq->rd, a->account, &u) : NOT_FOUND;
  if (code != OK && code != NOT_FOUND && code != DENIED) return code;
  if (code != OK) {
    cx_clear(cx);
    if (rq->app->throttle) throttle_failed(rq->app->throttle, a->account, rq->address, rq->now);
    /* What was typed instead of an account may be a name, or the password */
    LOG_PARTS(LOG_WARN, "login_failed", {"account", a->known ? a->account : S("?")}, {"address", rq->address});
    login_view(rq, rp);
    reply_error(rq, rp, S("account"), tr(rq->lang, S("账号或密码不对，请重新输入。")));
    return OK;
  }
  if (rq->app->throttle) throttle_passed(rq->app->throttle, a->account, rq->address);
  LOG_PARTS(LOG_INFO, "login", {"account", a->account}, {"address", rq->address});
  rp->login = u;
  Str next = request_arg(rq, S("next")), resume = request_arg(rq, S("resume"));
  if (next_is_local(resume)) resume_view(rq, rp, resume);
  else reply_redirect(rp, next_is_local(next) ? next : shell_home(rq->web, u->roles));
  return OK;
}

static bool account_fits(Str s) {
  for (size_t i = 0; i < s.len; i++) {
    char c = s.ptr[i];
    bool alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!alnum && c != '.' && c != '_' && c != '-') return false;
  }
  return s.len > 0 && s.len <= ACCOUNT_BYTES_MAX;
}

static Code post_login(Cx *cx, Request *rq, Reply *rp) {
  Attempt *a = arena_new(rq->mem, Attempt);
  a->account = utf8_halfwidth(rq->mem, request_arg(rq, S("account")));
  a->password = json_str(rq->args, S("password")); /* not trimmed */
  if (!a->account.len || !a->password.len) {
    login_view(rq, rp);
    if (!a->account.len) reply_error(rq, rp, S("account"), tr(rq->lang, S("请填写账号。")));
    if (!a->password.len) reply_error(rq, rp, S("password"), tr(rq->lang, S("请填写密码。")));
    return OK;
  }
  if (rq->app->throttle && throttle_check(cx, rq->app->throttle, a->account, rq->address) != OK) {
    rp->retry_after = throttle_wait(rq->app->throttle, a->account, rq->address, rq->now);
    if (rq->json) return THROTTLED;
    login_view(rq, rp); /* the account, and the form of an ended session, stay where they are */
    reply_fault(cx, rq, rp);
    return OK;
  }
  const User *u = NULL;
  a->hash = password_dummy_hash();
  if (account_fits(a->account) && a->password.len <= PASSWORD_BYTES_MAX) {
    Code code = user_load(cx, rq->rd, a->account, &u);
    if (code == OK) code = reader_vault(cx, rq->rd, u->password_ref, &a->hash);
    if (code != OK && code != NOT_FOUND && code != DENIED) return code;
    a->known = code == OK;
    cx_clear(cx);
  }
  if (!a->known) a->hash = password_dummy_hash();
  if (a->password.len > PASSWORD_BYTES_MAX) a->password = S("too long to be one");
  reply_job(rp, JOB_SHORT, verify, login_over, a);
  return OK;
}

static Code post_logout(Cx *cx, Request *rq, Reply *rp) {
  (void)cx;
  if (rq->who) LOG_PARTS(LOG_INFO, "logout", {"account", rq->who->id});
  rp->logout = true;
  reply_redirect(rp, S("/"));
  return OK;
}

/* ---- preferences -------------------------------------------------------------------------------------------------- */

static Code page_prefs(Cx *cx, Request *rq, Reply *rp) {
  (void)cx;
  Str back = request_arg(rq, S("back"));
  rp->title = tr(rq->lang, S("使用偏好"));
  rp->view = json_obj(rq->mem);
  json_put_str(rq->mem, rp->view, S("back"), next_is_local(back) ? back : S("/"));
  json_put_str(rq->mem, rp->view, S("theme"), rq->theme);
  json_put_str(rq->mem, rp->view, S("size"), rq->size);
  json_put_str(rq->mem, rp->view, S("lang"), rq->lang);
  return OK;
}

/* Only what was sent changes: the bar on top sends one of the three. */
static Code post_prefs(Cx *cx, Request *rq, Reply *rp) {
  (void)cx;
  Prefs p = {.theme = rq->theme, .size = rq->size, .lang = rq->lang};
  if (json_get(rq->args, S("theme"))) p.theme = request_arg(rq, S("theme"));
  if (json_get(rq->args, S("size"))) p.size = request_arg(rq, S("size"));
  if (json_get(rq->args, S("lang"))) p.lang = request_arg(rq, S("lang"));
  Str typed = arena_fmt(rq->mem, "%.*s.%.*s.%.*s", SFMT(p.theme), SFMT(p.size), SFMT(p.lang));
  rp->set_prefs = prefs_text(rq->mem, prefs_parse(typed)); /* read as a cookie is read: only known words pass */
  Str back = request_arg(rq, S("back"));
  reply_redirect(rp, next_is_local(back) ? back : S("/"));
  return OK;
}

/* ---- assets ---------------------------------------------------------------------------------------------------------- */

/* "script-src 'sha256-…'" of what stands between the tags: the page works from a disk, and here under the policy of the site. */
static Str own_source(Request *rq, Str page, Str tag, const char *directive) {
  ptrdiff_t from = str_find(page, arena_fmt(rq->mem, "<%.*s>", SFMT(tag))), to = str_find(page, arena_fmt(rq->mem, "</%.*s>", SFMT(tag)));
  if (from < 0 || to < from) return S("");
  size_t start = (size_t)from + tag.len + 2;
  Hash h = hash_bytes(SUITE_INTL, str_sub(page, start, (size_t)to - start));
  return arena_fmt(rq->mem, "%s 'sha256-%.*s='", directive, SFMT(base64url(rq->mem, h.b, sizeof h.b)));
}

static Code page_asset(Cx *cx, Request *rq, Reply *rp) {
  const Asset *a = asset_served(rq->params[0]);
  if (!a) FAIL(NOT_FOUND, "没有这个文件，请刷新页面。");
  rp->type = str_of(a->type);
  rp->body = (Str){.ptr = (const char *)a->data, .len = a->size};
  rp->packed = a->packed;
  rp->forever = true;
  if (!str_starts(rp->type, S("text/html"))) return OK;
  Str script = own_source(rq, rp->body, S("script"), "script-src"), style = own_source(rq, rp->body, S("style"), "style-src");
  rp->own = arena_fmt(rq->mem, "%.*s; %.*s", SFMT(script), SFMT(style));
  return OK;
}

static Code page_health(Cx *cx, Request *rq, Reply *rp) {
  (void)cx;
  bool readonly = rq->app->runner && runner_readonly(rq->app->runner);
  rp->status = readonly ? 503 : 200;
  rp->type = S("application/json; charset=utf-8");
  rp->body = readonly ? S("{\"ok\":false,\"readonly\":true}") : S("{\"ok\":true}");
  return OK;
}

const Route session_routes[] = {
    {.method = GET, .path = "/login", .allow = ROLE_PUBLIC, .run = page_login, .tmpl = "login", .section = "login",
     .help = "登录页。", .hidden = true},
    {.method = POST, .path = "/login", .allow = ROLE_PUBLIC, .run = post_login, .section = "login",
     .help = "用账号和密码登录。", .hidden = true},
    {.method = POST, .path = "/logout", .allow = ROLE_PUBLIC, .run = post_logout, .help = "退出登录。", .hidden = true},
    {.method = GET, .path = "/prefs", .allow = ROLE_PUBLIC, .run = page_prefs, .tmpl = "prefs", .help = "使用偏好：字号、颜色、语言，登录以后还有口令。",
     .hidden = true},
    {.method = POST, .path = "/prefs", .allow = ROLE_PUBLIC, .run = post_prefs,
     .help = "保存字号、深浅色和语言，一年有效。", .hidden = true},
    {.method = GET, .path = "/a/{file}", .allow = ROLE_PUBLIC, .run = page_asset, .help = "样式和脚本。", .hidden = true},
    {.method = GET, .path = "/health", .allow = ROLE_PUBLIC, .run = page_health, .help = "服务是否正常。", .hidden = true},
    {0},
};
