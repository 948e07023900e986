/* SPDX-License-Identifier: Apache-2.0 */
/* From a Reply to bytes: the view as HTML or JSON, compression, and the headers that every reply has. */
#include "web/web_int.h"

#include <sys/stat.h>

enum { PAGE_MAX = 32 << 20, PAGE_USUAL = 48 << 10, PACK_LEAST = 1024 };

static const char csp[] =
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/* ---- the body ------------------------------------------------------------------------------------------------ */

static void merge(Arena *mem, Json *view, const Json *extra) {
  for (const Json *m = extra ? extra->first : NULL; m; m = m->next) json_put(mem, view, m->key, m);
}

/* A page of somebody who is logged in, and one by a language's address, has its links looked through. */
static Str for_reader(Exchange *x, const Buf *page) {
  Doors d = {.routes = x->web->routes, .roles = x->rq.who ? x->rq.actor.roles : 0, .prefix = x->rq.prefix};
  if (!d.roles && !d.prefix.len) return arena_str(x->mem, buf_str(page));
  SCOPED(buf_drop) Buf out = {0};
  buf_init(&out, PAGE_MAX);
  buf_reserve(&out, page->len + (page->len >> 4));
  doors_write(&out, &d, buf_str(page));
  return arena_str(x->mem, buf_str(&out));
}

static void render(Exchange *x) {
  Reply *rp = &x->rp;
  if (!rp->view) rp->view = json_obj(x->mem);
  merge(x->mem, rp->view, rp->extra);
  SCOPED(buf_drop) Buf out = {0};
  if (x->rq.json) {
    buf_init(&out, PAGE_MAX);
    json_write(&out, rp->view);
    rp->type = S("application/json; charset=utf-8");
    rp->body = arena_str(x->mem, buf_str(&out));
    return;
  }
  TmplFn *fn = rp->tmpl ? tmpl_find(str_of(rp->tmpl)) : NULL;
  REQUIRE(fn != NULL);
  json_put(x->mem, rp->view, S("sh"), shell_view(x));
  Html h = {.lang = x->rq.lang, .policy = x->rq.app->policy};
  buf_init(&h.out, PAGE_MAX);
  buf_reserve(&h.out, PAGE_USUAL);
  fn(&h, rp->view);
  rp->type = S("text/html; charset=utf-8");
  bool full = h.out.full;
  rp->body = for_reader(x, &h.out);
  buf_drop(&h.out);
  if (full) rp->body = S("页面过大，无法显示。");
}

static bool is_text(Str type) {
  return str_starts(type, S("text/")) || str_starts(type, S("application/json")) || str_eq(type, S("image/svg+xml"));
}

static bool pack(Exchange *x) {
  Reply *rp = &x->rp;
  if (x->packing == PACK_NOT || rp->body.len < PACK_LEAST || !is_text(rp->type)) return false;
  Str packed = rp->packed ? rp->packed[x->packing] : pack_text(x->mem, x->packing, rp->body);
  if (!packed.len) return false;
  rp->body = packed;
  return true;
}

enum { DONE_SECONDS = 60 }; /* the browser asks for the next page at once */

/* ---- cookies ---------------------------------------------------------------------------------------------------- */

static void cookie_add(Exchange *x, Buf *h, const char *name, Str value, int64_t age) {
  bool secure = x->web->app->options.secure_cookies;
  buf_fmt(h, "Set-Cookie: %s%s=%.*s; Path=/; HttpOnly; SameSite=Lax", secure ? "__Host-" : "", name, SFMT(value));
  if (age >= 0) buf_fmt(h, "; Max-Age=%lld", (long long)age);
  buf_add(h, secure ? S("; Secure\r\n") : S("\r\n"));
}

/* A login always gets a new token: one that was known before is worth nothing afterwards. */
static void session_change(Exchange *x, Buf *h) {
  Reply *rp = &x->rp;
  if (!rp->login && !rp->logout) return;
  if (x->token.len) sessions_end(x->web->sessions, x->token);
  x->has_session = false;
  if (rp->logout) {
    cookie_add(x, h, "sid", S(""), 0);
    buf_add(h, S("Clear-Site-Data: \"cache\"\r\n"));
    x->rq.who = NULL;
    return;
  }
  User *u = user_copy(x->mem, rp->login);
  Str token = sessions_start(x->web->sessions, x->mem, u->id, u->password_at, x->rq.now, &x->session);
  cookie_add(x, h, "sid", token, -1);
  x->has_session = true;
  x->rq.who = u;
  x->rq.actor = user_actor(u);
  x->csrf = x->session.csrf;
  x->rq.csrf = csrf_mask(x->mem, x->csrf);
  x->set_csrf_cookie = false;
}

/* ---- the head --------------------------------------------------------------------------------------------------- */

static const char *reason(int status) {
  static const struct {
    int status;
    const char *text;
  } list[] = {{200, "OK"}, {303, "See Other"}, {304, "Not Modified"}, {400, "Bad Request"}, {401, "Unauthorized"},
              {403, "Forbidden"}, {404, "Not Found"}, {405, "Method Not Allowed"}, {408, "Request Timeout"},
              {409, "Conflict"}, {413, "Content Too Large"}, {415, "Unsupported Media Type"},
              {417, "Expectation Failed"}, {422, "Unprocessable Content"}, {429, "Too Many Requests"},
              {431, "Request Header Fields Too Large"}, {500, "Internal Server Error"}, {501, "Not Implemented"},
              {503, "Service Unavailable"}, {505, "HTTP Version Not Supported"}, {507, "Insufficient Storage"}};
  for (size_t i = 0; i < COUNT(list); i++)
    if (list[i].status == status) return list[i].text;
  return "Status";
}

static void date_add(Buf *h, int64_t ms) {
  static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  int64_t utc = ms - BEIJING_MS; /* day_of adds the eight hours that are taken off here */
  Day d = day_of(utc);
  int y, m, day;
  day_split(d, &y, &m, &day);
  int64_t s = (utc - day_start(d)) / 1000;
  buf_fmt(h, "Date: %s, %02d %s %04d %02lld:%02lld:%02lld GMT\r\n", days[day_weekday(d) - 1], day, months[m - 1], y,
          (long long)(s / 3600), (long long)(s / 60 % 60), (long long)(s % 60));
}

/* An address of this site only, with everything a header may not hold percent-encoded. */
static void location_add(Buf *h, Str prefix, Str to) {
  static const char hex[] = "0123456789ABCDEF";
  if (!to.len || (to.ptr[0] != '/' && to.ptr[0] != '?') || str_starts(to, S("//")) || str_starts(to, S("/\\"))) to = S("/");
  buf_add(h, S("Location: "));
  if (to.ptr[0] == '/' && !str_starts(to, S("/en/"))) buf_add(h, prefix);
  for (size_t i = 0; i < to.len; i++) {
    unsigned char c = (unsigned char)to.ptr[i];
    if (c > 0x20 && c < 0x7f && c != '"' && c != '\\') {
      buf_char(h, to.ptr[i]);
    } else {
      buf_char(h, '%');
      buf_char(h, hex[c >> 4]);
      buf_char(h, hex[c & 15]);
    }
  }
  buf_add(h, S("\r\n"));
}

static void security_add(Exchange *x, Buf *h) {
  buf_add(h, S("X-Content-Type-Options: nosniff\r\nReferrer-Policy: same-origin\r\nX-Frame-Options: DENY\r\n"
               "Cross-Origin-Opener-Policy: same-origin\r\nCross-Origin-Resource-Policy: same-origin\r\n"));
  bool stored = x->out.file.len > 0;
  if (x->rp.own.len) buf_fmt(h, "Content-Security-Policy: default-src 'none'; connect-src 'self'; %.*s; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n", SFMT(x->rp.own));
  else buf_fmt(h, "Content-Security-Policy: %s\r\n", stored ? "sandbox; default-src 'none'" : csp);
  if (x->web->app->options.secure_cookies) buf_add(h, S("Strict-Transport-Security: max-age=31536000\r\n"));
}

/* True when the browser has this very page already. */
static bool caching_add(Exchange *x, Buf *h) {
  Reply *rp = &x->rp;
  if (rp->forever) {
    buf_add(h, S("Cache-Control: public, max-age=31536000, immutable\r\nVary: Accept-Encoding\r\n"));
    return false;
  }
  if (!rp->cache || x->rq.who || rp->status != 200) {
    buf_add(h, x->rq.who ? S("Cache-Control: private, no-store\r\n") : S("Cache-Control: no-store\r\n"));
    return false;
  }
  Str hash = str_sub(hash_hex(x->mem, hash_bytes(SUITE_INTL, rp->body)), 0, 24);
  Str tag = arena_fmt(x->mem, "W/\"%.*s\"", SFMT(hash));
  buf_fmt(h, "Cache-Control: public, max-age=60\r\nVary: Cookie, Accept, Accept-Encoding\r\nETag: %.*s\r\n", SFMT(tag));
  return str_eq(head_get(&x->head, S("if-none-match")), tag);
}

static void file_add(Exchange *x, Buf *h) {
  Reply *rp = &x->rp;
  bool show = rp->inline_type.len > 0;
  Str name = url_encode(x->mem, filename_clean(x->mem, rp->filename));
  buf_fmt(h, "Content-Disposition: %s; filename*=UTF-8''%.*s\r\n", show ? "inline" : "attachment", SFMT(name));
  if (show) rp->type = rp->inline_type;
  else if (!rp->type.len) rp->type = S("application/octet-stream");
}

static bool file_open(Exchange *x) {
  Cx *cx = &x->cx;
  Reply *rp = &x->rp;
  if (!rp->blob.len) return true;
  Code code = blob_path(cx, x->web->app->dir, rp->blob, &x->out.file);
  struct stat st;
  if (code == OK && stat(arena_z(x->mem, x->out.file), &st) == 0) {
    x->out.file_size = (int64_t)st.st_size;
    return true;
  }
  cx_clear(cx);
  x->out.file = S("");
  cx_fail(cx, NOT_FOUND, __func__, __LINE__, "这个文件不在存储中。");
  refuse_code(x, NOT_FOUND);
  return false;
}

static void status_decide(Reply *rp) {
  if (rp->status) return;
  if (rp->location.len) rp->status = 303;
  else rp->status = rp->extra && json_get(rp->extra, S("errors")) ? 422 : 200;
}

static Str allow_line(uint32_t methods) {
  bool get = !methods || methods & 1u << GET, post = !methods || methods & 1u << POST;
  return get && post ? S("Allow: GET, HEAD, POST\r\n") : post ? S("Allow: POST\r\n") : S("Allow: GET, HEAD\r\n");
}

static void head_write(Exchange *x, Buf *h, Str cookies) {
  Reply *rp = &x->rp;
  bool has_body = !rp->location.len && !x->out.file.len && !rp->live.len;
  bool same = caching_add(x, h);
  if (x->out.file.len || (rp->filename.len && !rp->blob.len && rp->status == 200)) file_add(x, h);
  bool packed = has_body && pack(x);
  if (packed) buf_fmt(h, "Content-Encoding: %s\r\n", packing_name(x->packing));
  if (rp->location.len) location_add(h, x->rq.prefix, rp->location);
  if (rp->refresh) buf_fmt(h, "Refresh: %d\r\n", rp->refresh);
  if (rp->retry_after) buf_fmt(h, "Retry-After: %d\r\n", rp->retry_after);
  if (rp->status == 405) buf_add(h, allow_line(x->methods));
  if (rp->status == 401 && x->rq.json) buf_add(h, S("WWW-Authenticate: Bearer\r\n"));
  if (rp->type.len) buf_fmt(h, "Content-Type: %.*s\r\n", SFMT(rp->type));
  buf_add(h, cookies);
  security_add(x, h);
  int64_t length = x->out.file.len ? x->out.file_size : has_body ? (int64_t)rp->body.len : 0;
  if (rp->live.len) buf_add(h, S("X-Accel-Buffering: no\r\n")); /* a proxy that collects would make it late */
  else if (!same) buf_fmt(h, "Content-Length: %lld\r\n", (long long)length);
  x->out.close |= !x->keep_alive;
  buf_add(h, x->out.close ? S("Connection: close\r\n\r\n") : x->head.minor == 0 ? S("Connection: keep-alive\r\n\r\n") : S("\r\n"));
  if (same) rp->status = 304;
  x->out.body = has_body && !same && !x->head_only ? rp->body : S("");
  if (x->head_only) x->out.file = S("");
}

void reply_finish(Exchange *x) {
  SCOPED(buf_drop) Buf h = {0}, cookies = {0}, all = {0};
  buf_init(&h, 64 << 10);
  buf_init(&cookies, 16 << 10);
  buf_init(&all, 96 << 10);
  Reply *rp = &x->rp;
  session_change(x, &cookies);
  if (rp->set_prefs.len) {
    const char *secure = x->web->app->options.secure_cookies ? "; Secure" : "";
    buf_fmt(&cookies, "Set-Cookie: prefs=%.*s; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000%s\r\n", SFMT(rp->set_prefs), secure);
  }
  if (rp->blob.len && !file_open(x)) rp = &x->rp;
  status_decide(rp);
  if (rp->status >= 400) rp->live = S("");
  if (rp->live.len) rp->type = S("text/event-stream; charset=utf-8");
  else if (!rp->location.len && !x->out.file.len && !rp->body.ptr) render(x);
  bool page = str_starts(rp->type, S("text/html")) && (!rp->cache || x->rq.who);
  if (x->set_csrf_cookie && page) cookie_add(x, &cookies, "csrf", csrf_cookie(x->mem, x->csrf), -1);
  if (x->done.len && rp->location.len) cookie_add(x, &cookies, "done", x->done, DONE_SECONDS);
  else if (x->said) cookie_add(x, &cookies, "done", S(""), 0);
  date_add(&h, x->date);
  head_write(x, &h, buf_str(&cookies));
  buf_fmt(&all, "HTTP/1.1 %d %s\r\n", rp->status, reason(rp->status));
  buf_add(&all, buf_str(&h));
  REQUIRE(!all.full && !h.full);
  x->out.head = arena_str(x->mem, buf_str(&all));
  x->out.live = x->head_only ? S("") : rp->live;
  x->out.live_from = rp->live_from;
}
