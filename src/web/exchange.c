/* SPDX-License-Identifier: Apache-2.0 */
/* One request on its way through the stations: match → session → permission → CSRF and origin → body → handler →
 * command → reply. It knows nothing of sockets. */
#include "approval/approval.h"
#include "web/web_int.h"

enum { WAIT_STORE = 1, WAIT_JOB, WAIT_COMMAND };

Exchange *exchange_open(Arena *mem, Web *web, Reader *rd, Str address, int64_t now) {
  Exchange *x = arena_new(mem, Exchange);
  x->mem = mem;
  x->cx = (Cx){.mem = mem, .now = now};
  x->web = web;
  x->head = (Head){.length = -1};
  x->rq = (Request){.mem = mem, .app = web->app, .rd = rd, .address = address, .lang = S("zh"), .now = now, .web = web,
                    .args = json_obj(mem), .actor = {.id = S("public"), .roles = ROLE_PUBLIC}};
  return x;
}

void exchange_drop(Exchange *x) {
  body_drop(x);
}

static Step ready(Exchange *x) {
  body_drop(x);
  reply_finish(x);
  return STEP_READY;
}

static Step refused(Exchange *x, Code code) {
  refuse_code(x, code);
  return ready(x);
}

Step exchange_refuse(Exchange *x, int status) {
  x->keep_alive = false;
  refuse_status(x, status);
  return ready(x);
}

/* ---- who ------------------------------------------------------------------------------------------------ */

User *user_copy(Arena *mem, const User *u) {
  User *c = arena_new(mem, User);
  *c = *u;
  Str *const texts[] = {&c->id, &c->name, &c->unit, &c->org_name, &c->org_uscc, &c->password_ref, &c->phone_ref};
  for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = arena_str(mem, *texts[i]);
  c->token_count = 0; /* tokens are nobody's business here */
  return c;
}

static void user_is(Exchange *x, const User *u) {
  User *c = user_copy(x->mem, u);
  x->rq.who = c;
  x->rq.actor = user_actor(c);
}

static Str session_cookie(const Exchange *x) {
  Str cookies = head_get(&x->head, S("cookie"));
  return cookie_get(cookies, x->web->app->options.secure_cookies ? S("__Host-sid") : S("sid"));
}

/* A session ends with its user: disabled, gone, or with another password. */
static Code session_user(Exchange *x) {
  Cx *cx = &x->cx;
  const User *u = NULL;
  Code code = user_load(cx, x->rq.rd, x->session.user, &u);
  if (code == OK && u->password_at == x->session.password_at) {
    x->has_session = true;
    user_is(x, u);
    return OK;
  }
  if (code != OK && code != NOT_FOUND && code != DENIED) return code;
  cx_clear(cx);
  sessions_end(x->web->sessions, x->token);
  return OK;
}

static Code who_is_it(Exchange *x, bool api_path) {
  Cx *cx = &x->cx;
  if (api_path && x->rq.bearer.len) {
    const User *u = NULL;
    Code code = user_by_token(cx, x->rq.rd, x->rq.bearer, &u);
    if (code == NOT_FOUND || code == DENIED) {
      cx_clear(cx);
      FAIL(UNKNOWN_USER, "令牌无效或已停用，请联系系统管理员重新发放。");
    }
    TRY(code);
    x->rq.api = true;
    user_is(x, u);
    return OK;
  }
  if (api_path && x->rq.method == POST) return OK; /* a cookie never writes through the API */
  x->token = session_cookie(x);
  if (x->token.len && sessions_find(x->web->sessions, x->mem, x->token, x->rq.now, &x->session)) TRY(session_user(x));
  return OK;
}

static void csrf_prepare(Exchange *x) {
  Str name = x->web->app->options.secure_cookies ? S("__Host-csrf") : S("csrf");
  if (x->has_session) {
    x->csrf = x->session.csrf;
  } else if (!csrf_from_cookie(cookie_get(head_get(&x->head, S("cookie")), name), &x->csrf)) {
    random_bytes(x->csrf.b, sizeof x->csrf.b);
    x->set_csrf_cookie = true;
  }
  x->rq.csrf = csrf_mask(x->mem, x->csrf);
  x->rq.key = random_token(x->mem, 16);
}

/* ---- the calendar and the package of the day --------------------------------------------------------------------------- */

/* The program is told by two numbers in memory that notices were confirmed and versions published; which of them
 * this request sees is what its views say, so that rows and readings go together. */
static Code rules_look(Exchange *x) {
  const Policy *p = x->web->app->policy, *now = x->rq.app->policy;
  const Policies *ps = x->web->app->policies;
  Cx *cx = &x->cx;
  int calendar = 0;
  Str version = S("");
  if (!p) return OK;
  if (calendars_newest(p->calendars)) TRY(calendar_version_of(cx, reader_views(x->rq.rd), &calendar));
  if (ps && ps->packages && packages_published(ps->packages))
    TRY(policy_in_force(cx, reader_views(x->rq.rd), day_of(x->rq.now), &version));
  const Policy *found = version.len ? policies_find(ps, version) : p;
  if (calendar == now->calendar_version && str_eq(found->version, now->version)) return OK;
  App *app = arena_new(x->mem, App);
  *app = *x->web->app;
  app->policy = policy_with_calendar(x->mem, found, p->calendars, calendar);
  x->rq.app = app;
  return OK;
}

/* ---- stations before the body --------------------------------------------------------------------------- */

static void wishes_read(Exchange *x, bool api_path) {
  Str accept = head_get(&x->head, S("accept"));
  Prefs p = prefs_parse(cookie_get(head_get(&x->head, S("cookie")), S("prefs")));
  x->rq.lang = x->rq.prefix.len ? S("en") : p.lang;
  x->rq.theme = p.theme;
  x->rq.size = p.size;
  x->rq.json = api_path || (head_token(accept, S("application/json")) && !head_token(accept, S("text/html")));
  x->packing = packing_of(head_get(&x->head, S("accept-encoding")));
}

/* The row; every page is also there below /api/v1, as JSON. */
static const Route *find_route(Exchange *x, bool api_path, uint32_t *methods) {
  Request *rq = &x->rq;
  const Route *r = routes_match(x->web->routes, rq->method, rq->path, rq->params, methods);
  if (r || !api_path || *methods) return r;
  uint32_t ignored;
  Str page = str_sub(rq->path, sizeof "/api/v1" - 1, rq->path.len);
  r = routes_match(x->web->routes, GET, page, rq->params, &ignored);
  if (!r || r->hidden) return NULL;
  *methods = 1u << GET;
  return rq->method == GET ? r : NULL;
}

/* "综合窗口人员、窗口负责人" of a row that is not for the public. */
static Str roles_that_may(Exchange *x) {
  Buf b;
  buf_init(&b, 2000);
  for (uint32_t bit = 1; bit < ROLE_SYSTEM; bit <<= 1)
    if (x->rq.route->allow & bit) buf_fmt(&b, "%s%.*s", b.len ? "、" : "", SFMT(role_label((Role)bit)));
  Str list = arena_str(x->mem, buf_str(&b));
  buf_drop(&b);
  return list;
}

static Step not_allowed(Exchange *x) {
  Cx *cx = &x->cx;
  Request *rq = &x->rq;
  if (rq->who) {
    LOG_PARTS(LOG_WARN, "denied", {"account", rq->who->id}, {"method", rq->method == GET ? S("GET") : S("POST")}, {"path", rq->path});
    cx_fail(cx, DENIED, __func__, __LINE__, "您的账号没有办理这一项的权限，它归：%.*s。", SFMT(roles_that_may(x)));
    return refused(x, DENIED);
  }
  if (rq->json) {
    cx_fail(cx, UNKNOWN_USER, __func__, __LINE__, "请先登录，或在 Authorization 头中提供令牌。");
    return refused(x, UNKNOWN_USER);
  }
  if (rq->method == POST) { /* a session has ended while somebody was typing */
    x->resume = true;
    return STEP_MORE;
  }
  Str back = url_encode(x->mem, rq->query.len ? arena_fmt(x->mem, "%.*s?%.*s", SFMT(rq->path), SFMT(rq->query)) : rq->path);
  reply_redirect(&x->rp, arena_fmt(x->mem, "/login?next=%.*s", SFMT(back)));
  return ready(x);
}

/* Origin and body of a POST. */
static Step post_enter(Exchange *x) {
  Cx *cx = &x->cx;
  if (!x->rq.api && !origin_is_own(&x->head)) {
    LOG_PARTS(LOG_WARN, "foreign_origin", {"path", x->rq.path}, {"address", x->rq.address});
    cx_fail(cx, DENIED, __func__, __LINE__, "这个请求不是从本站页面发出的，没有受理。");
    return refused(x, DENIED);
  }
  Code code = body_open(x);
  return code == OK ? STEP_MORE : refused(x, code);
}

/* Whose request it is, as far as the line it came on says so. */
static void sender_read(Exchange *x) {
  Str auth = head_get(&x->head, S("authorization")), bearer = S("Bearer "), forwarded = head_get(&x->head, S("x-forwarded-for"));
  x->rq.proxied = forwarded.len || head_get(&x->head, S("forwarded")).len || head_get(&x->head, S("via")).len || head_get(&x->head, S("x-real-ip")).len;
  x->rq.address = proxy_client(x->mem, x->web->app->options.proxies, x->rq.address, forwarded);
  if (str_starts(auth, bearer)) x->rq.bearer = str_sub(auth, bearer.len, auth.len);
}

/* Whoever came in with a first password 初始口令 changes it before anything that needs an account. */
static bool first_changes(const Exchange *x) {
  const Request *rq = &x->rq;
  return rq->who && rq->who->initial && !rq->api && !(rq->route->allow & ROLE_PUBLIC) && !str_eqz(str_of(rq->route->path), PASSWORD_PAGE);
}

static Step change_first(Exchange *x) {
  Cx *cx = &x->cx;
  if (x->rq.method == GET && !x->rq.json) {
    reply_redirect(&x->rp, S(PASSWORD_PAGE));
    return ready(x);
  }
  cx_fail(cx, DENIED, __func__, __LINE__, "请先把初始口令改成自己的（“使用偏好”里的“改口令”），再办这一项。");
  return refused(x, DENIED);
}

static Step enter(Exchange *x) {
  Cx *cx = &x->cx;
  Request *rq = &x->rq;
  bool api_path = str_starts(rq->path, S("/api/v1/"));
  wishes_read(x, api_path);
  sender_read(x);
  if (x->late) return exchange_refuse(x, 503);
  reader_begin(rq->rd);
  Code code = rules_look(x);
  if (code == OK) code = who_is_it(x, api_path);
  csrf_prepare(x);
  if (code != OK) return refused(x, code);
  rq->route = find_route(x, api_path, &x->methods);
  if (rq->route) {
    bool allowed = rq->route->allow & (rq->actor.roles | ROLE_PUBLIC);
    Step step = allowed ? STEP_MORE : not_allowed(x);
    if (step == STEP_MORE && first_changes(x)) return change_first(x);
    if (step == STEP_MORE && rq->method == POST) step = post_enter(x);
    return step;
  }
  if (x->methods) return exchange_refuse(x, 405);
  cx_fail(cx, NOT_FOUND, __func__, __LINE__, "没有这个页面，可能已移动或网址有误。");
  return refused(x, NOT_FOUND);
}

/* "/en/s/time" is "/s/time" in English, for whoever follows the link. */
static void language_cut(Request *rq) {
  static const char prefix[] = "/en";
  if (!str_eqz(rq->path, prefix) && !str_starts(rq->path, S("/en/"))) return;
  rq->prefix = str_of(prefix);
  rq->path = str_sub(rq->path, sizeof prefix - 1, SIZE_MAX);
  if (!rq->path.len) rq->path = S("/");
}

Step exchange_head(Exchange *x, Str raw, HttpBody *http) {
  const char *why = NULL;
  int status = head_parse(x->mem, raw, &x->head, &why);
  if (status) {
    LOG_PARTS(LOG_DEBUG, "bad_head", {"address", x->rq.address}, {"why", str_of(why)});
    return exchange_refuse(x, status);
  }
  status = method_status(x->head.method, &x->rq.method, &x->head_only);
  if (status) {
    Str path = x->head.path, params[4];
    if (path.len) routes_match(x->web->routes, METHOD_UNSET, path, params, &x->methods);
    return exchange_refuse(x, status);
  }
  if (!http_begin(http, raw, &x->head)) return exchange_refuse(x, 400);
  x->rq.path = x->head.path;
  language_cut(&x->rq);
  x->rq.query = x->head.query;
  x->keep_alive = http_keep_alive(http) && http_done(http); /* a refusal leaves the body unread and must close */
  Step step = enter(x);
  if (step == STEP_MORE) x->keep_alive = http_keep_alive(http);
  return step;
}

Step exchange_body(Exchange *x, Str bytes) {
  if (x->failed != OK) return STEP_READY;
  x->failed = body_feed(x, bytes);
  return x->failed == OK ? STEP_MORE : STEP_READY;
}

/* ---- handler, job, command -------------------------------------------------------------------------------- */

static void job_on_worker(void *arg) {
  Exchange *x = arg;
  if (x->waiting == WAIT_STORE) body_store(x);
  else x->rp.job(x->rp.job_arg);
  x->post(x->post_arg, x);
}

const char *exchange_awaits(const Exchange *x) {
  return x->waiting == WAIT_COMMAND ? "the writer" : "a worker";
}

static Step to_worker(Exchange *x, int waiting) {
  Cx *cx = &x->cx;
  x->waiting = waiting;
  JobKind kind = waiting == WAIT_JOB ? x->rp.job_kind : JOB_SHORT;
  if (pool_add(x->web->pools[kind], job_on_worker, x)) return STEP_WAIT;
  cx_fail(cx, BUSY, __func__, __LINE__, "现在办理的人较多，请稍等几秒再试。");
  return refused(x, BUSY);
}

/* On the writer's thread: the result lives only during this call. The loop leaves x alone meanwhile. */
static void command_done(void *arg, const CommandResult *r) {
  Exchange *x = arg;
  x->result = *r;
  x->result.detail = arena_str(x->mem, r->detail);
  x->result.field = arena_str(x->mem, r->field);
  x->result.clause = arena_str(x->mem, r->clause);
  x->result.stream = arena_str(x->mem, r->stream);
  x->result.answer = r->answer ? json_clone(x->mem, r->answer) : NULL;
  x->post(x->post_arg, x);
}

/* A command may only name files that are in the store: the journal would never verify again. */
static bool blobs_exist(Exchange *x, const Json *at) {
  Cx *cx = &x->cx;
  Str ignored;
  if (at->kind == JSON_STR && at->str.len && str_eq(at->key, S("blob")) &&
      blob_path(cx, x->web->app->dir, at->str, &ignored) != OK) {
    cx_clear(cx);
    x->result = (CommandResult){.code = INVALID, .field = S("files"), .detail = S("所附的文件不在存储中，请重新选择文件。")};
    return false;
  }
  for (const Json *child = at->first; child; child = child->next)
    if (!blobs_exist(x, child)) return false;
  return true;
}

/* What cannot be printed is not issued, and what is no report is no result, whichever way the command came. */
static bool printable(Exchange *x, const Command *c) {
  Cx *cx = &x->cx;
  Code code = certificate_check(cx, &x->rq, c);
  if (code == OK) code = survey_check(cx, &x->rq, c);
  if (code == OK) return true;
  x->result = (CommandResult){.code = code, .detail = cx->detail, .field = cx->field, .clause = cx->clause};
  cx_clear(cx);
  return false;
}

static Code command_over(Exchange *x);

/* What comes next after a handler, a job or an `after` has returned. */
static Step advance(Exchange *x, Code code) {
  if (code != OK) return refused(x, code);
  if (x->rp.job) return to_worker(x, WAIT_JOB);
  if (x->rp.command && (!blobs_exist(x, x->rp.command->args) || !printable(x, x->rp.command)))
    return advance(x, command_over(x));
  if (x->rp.command) {
    x->waiting = WAIT_COMMAND;
    runner_submit(x->web->app->runner, x->rp.command, command_done, x); /* x may be back before this returns */
    return STEP_WAIT;
  }
  return ready(x);
}

static Code command_over(Exchange *x) {
  Cx *cx = &x->cx;
  const CommandResult *r = &x->result;
  After *after = x->rp.after;
  if (r->code == OK && x->has_session && !x->rq.json) x->done = x->rp.did.len ? x->rp.did : x->rp.command->name;
  x->rp.command = NULL;
  x->rp.after = NULL;
  if (after) {
    after(cx, &x->rq, r, &x->rp);
    return cx->fault;
  }
  if (r->code != OK) {
    cx->field = r->field;
    cx->clause = r->clause;
    cx_fail(cx, r->code, __func__, __LINE__, "%.*s", SFMT(r->detail));
    return r->code;
  }
  if (!x->rq.json) {
    if (!x->rp.location.len) x->rp.location = S("/");
    return OK;
  }
  x->rp.location = S("");
  x->rp.view = json_obj(x->mem);
  json_put_str(x->mem, x->rp.view, S("stream"), r->stream);
  json_put_int(x->mem, x->rp.view, S("seq"), r->seq);
  if (r->answer) json_put(x->mem, x->rp.view, S("answer"), r->answer);
  return OK;
}

static Step run(Exchange *x) {
  reader_begin(x->rq.rd);
  x->rp.tmpl = x->rq.route->tmpl;
  return advance(x, x->rq.route->run(&x->cx, &x->rq, &x->rp));
}

static Step post_end(Exchange *x) {
  Cx *cx = &x->cx;
  bool has_files = false;
  Code code = body_end(x, &has_files);
  if (code != OK) return refused(x, code);
  if (x->resume) {
    refuse_resume(x, true);
    return ready(x);
  }
  if (!x->rq.api && !csrf_check(body_csrf(x), x->csrf)) {
    if (!head_get(&x->head, S("origin")).len || !x->has_session) {
      cx_fail(cx, DENIED, __func__, __LINE__, "页面已过期或不是本站的表单，请返回上一页刷新后重新提交。");
      return refused(x, DENIED);
    }
    refuse_resume(x, false); /* our own page of an earlier session: nothing typed is lost */
    return ready(x);
  }
  x->own_form = true;
  if (has_files) return to_worker(x, WAIT_STORE);
  body_stored(x);
  return run(x);
}

Step exchange_end(Exchange *x) {
  Cx *cx = &x->cx;
  if (x->failed != OK) {
    x->keep_alive = false;
    return refused(x, x->failed);
  }
  if (x->rq.method == POST) return post_end(x);
  Json *args = NULL;
  Code code = urlform_parse(cx, x->rq.query, &args);
  if (code != OK) return refused(x, code);
  x->rq.args = args;
  return run(x);
}

Step exchange_resume(Exchange *x) {
  reader_begin(x->rq.rd);
  Code looked = rules_look(x); /* a command that has come back may have confirmed a notice */
  if (looked != OK) return refused(x, looked);
  switch (x->waiting) {
    case WAIT_STORE: {
      Code code = body_stored(x);
      return code == OK ? run(x) : refused(x, code);
    }
    case WAIT_JOB: {
      JobDone *done = x->rp.job_done;
      x->rp.job = NULL;
      x->rp.job_done = NULL;
      return advance(x, done(&x->cx, &x->rq, x->rp.job_arg, &x->rp));
    }
    default: return advance(x, command_over(x));
  }
}
