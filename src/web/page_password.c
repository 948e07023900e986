/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_password.c: one's own password 改口令, for every account; and the first one 初始口令, which the system administrator makes
 * for an account and sees once. Hashing takes 30 ms and more and is done on a worker.
 */
#include "web/web_int.h"
#include "web/page.h"

enum { PASSWORD_BYTES_MAX = 512, SAID_MS = 10 * 60 * 1000 };

typedef struct Change {
  Arena *mem;                /* its own, for the worker */
  Str was, old, fresh, hash; /* was: the hash in force */
  bool good;
} Change;

static void change_work(void *arg) {
  Change *c = arg;
  c->good = !c->was.len || password_verify(c->was, c->old);
  if (c->good) c->hash = password_hash(c->mem, c->fresh);
}

static Change *change_new(void) {
  Arena *own = arena_open((size_t)1 << 20);
  Change *c = arena_new(own, Change);
  c->mem = own;
  return c;
}

/* The command that puts the new hash into the vault; the worker's memory is given back. */
static void change_send(Request *rq, Reply *rp, Change *c, Str account) {
  Arena *m = rq->mem;
  Json *args = json_obj(m);
  Personal *secret = arena_new(m, Personal);
  *secret = (Personal){.ref = personal_ref(m), .kind = S("password"), .value = arena_str(m, c->hash)};
  arena_close(c->mem);
  PUT(args, "password_ref", secret->ref);
  Command *cmd = reply_command(rq, rp, S("user.set-password"), arena_fmt(m, "user/%.*s", SFMT(account)), args);
  cmd->personal = secret;
  cmd->personal_count = 1;
}

/* ---- one's own ----------------------------------------------------------------------------------------- */

static Code page_password(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const User *u = rq->who;
  (void)cx;
  rp->title = tr(rq->lang, S("改口令"));
  rp->tmpl = "password";
  rp->view = json_obj(m);
  PUT(rp->view, "account", u->id);
  PUT_BOOL(rp->view, "initial", u->initial);
  PUT(rp->view, "home", shell_home(rq->web, u->roles));
  if (u->password_at) PUT(rp->view, "since", time_cn(m, u->password_at));
  PUT_BOOL(rp->view, "changed", json_get(rq->args, S("changed")) && !u->initial && rq->now - u->password_at < SAID_MS);
  return OK;
}

static void after_password(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  const User *u = NULL;
  if (result->code == OK && user_load(cx, rq->rd, rq->who->id, &u) == OK) rp->login = u; /* this session goes on; the others know the old password */
  after_or_again(cx, rq, result, rp, S("/prefs/password?changed=1"), page_password, "password");
}

static Code password_made(Cx *cx, Request *rq, void *arg, Reply *rp) {
  Change *c = arg;
  Str me = rq->who->id;
  if (c->good) {
    if (rq->app->throttle) throttle_passed(rq->app->throttle, me, rq->address);
    change_send(rq, rp, c, me);
    rp->after = after_password;
    return OK;
  }
  arena_close(c->mem);
  if (rq->app->throttle) throttle_failed(rq->app->throttle, me, rq->address, rq->now);
  LOG_PARTS(LOG_WARN, "password_failed", {"account", me}, {"address", rq->address});
  TRY(page_password(cx, rq, rp));
  reply_error(rq, rp, S("old"), tr(rq->lang, S("现在的口令不对，请重新输入。")));
  return OK;
}

static void password_faults(Request *rq, Reply *rp, Str old, Str fresh, Str again) {
  Cx quiet = {.mem = rq->mem, .now = rq->now};
  if (!old.len) reply_error(rq, rp, S("old"), tr(rq->lang, S("请填写现在的口令。")));
  if (!fresh.len) reply_error(rq, rp, S("fresh"), tr(rq->lang, S("请填写新口令。")));
  else if (password_check(&quiet, rq->who->id, fresh) != OK) reply_error(rq, rp, S("fresh"), quiet.detail);
  else if (str_eq(old, fresh)) reply_error(rq, rp, S("fresh"), tr(rq->lang, S("新口令不能和现在的一样。")));
  else if (!str_eq(fresh, again)) reply_error(rq, rp, S("again"), tr(rq->lang, S("两次填的新口令不一样，请再填一次。")));
}

static Code post_password(Cx *cx, Request *rq, Reply *rp) {
  Str old = json_str(rq->args, S("old")), fresh = json_str(rq->args, S("fresh")), again = json_str(rq->args, S("again")); /* not trimmed */
  Str was = S("");
  TRY(page_password(cx, rq, rp));
  password_faults(rq, rp, old, fresh, again);
  if (reply_has_errors(rp)) return OK;
  if (rq->app->throttle && throttle_check(cx, rq->app->throttle, rq->who->id, rq->address) != OK) {
    rp->retry_after = throttle_wait(rq->app->throttle, rq->who->id, rq->address, rq->now);
    reply_fault(cx, rq, rp);
    return OK;
  }
  TRY(reader_vault(cx, rq->rd, rq->who->password_ref, &was));
  Change *c = change_new();
  c->was = arena_str(c->mem, was);
  c->old = old.len <= PASSWORD_BYTES_MAX ? arena_str(c->mem, old) : S("too long to be one");
  c->fresh = arena_str(c->mem, fresh);
  rp->view = NULL;
  reply_job(rp, JOB_SHORT, change_work, password_made, c);
  return OK;
}

/* ---- the first one ----------------------------------------------------------------------------------------- */

/* Four groups as "Kt7m": upper, lower, digit, lower, without characters that look alike; 50 bits. */
static Str password_draw(Arena *m) {
  static const char *const sets[] = {"ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnpqrstuvwxyz", "23456789", "abcdefghijkmnpqrstuvwxyz"};
  uint8_t raw[16];
  char *text = arena_array(m, char, 20);
  size_t n = 0;
  random_bytes(raw, sizeof raw);
  for (size_t i = 0; i < sizeof raw; i++) {
    const char *set = sets[i % 4];
    if (i && i % 4 == 0) text[n++] = '-';
    text[n++] = set[raw[i] % strlen(set)];
  }
  return (Str){.ptr = text, .len = n};
}

typedef struct First { Change *change; Str password; After *after; } First;

static Code first_made(Cx *cx, Request *rq, void *arg, Reply *rp) {
  First *f = rq->state;
  (void)cx, (void)arg;
  change_send(rq, rp, f->change, rq->params[0]);
  rp->after = f->after;
  return OK;
}

Str first_password(const Request *rq) {
  const First *f = rq->state;
  return f->password;
}

void reply_first_password(Request *rq, Reply *rp, After *after) {
  First *f = arena_new(rq->mem, First);
  *f = (First){.change = change_new(), .password = password_draw(rq->mem), .after = after};
  f->change->fresh = arena_str(f->change->mem, f->password);
  rq->state = f;
  rp->view = NULL;
  reply_job(rp, JOB_SHORT, change_work, first_made, f->change);
}

const Route password_routes[] = {
    {.method = GET, .path = PASSWORD_PAGE, .allow = ROLE_ANY_ACCOUNT, .run = page_password, .tmpl = "password", .help = "改自己的口令。", .hidden = true},
    {.method = POST, .path = PASSWORD_PAGE, .allow = ROLE_ANY_ACCOUNT, .run = post_password, .help = "改自己的口令，在别处的登录随即退出。", .hidden = true},
    {.path = NULL},
};
