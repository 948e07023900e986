/* SPDX-License-Identifier: Apache-2.0 */
/* What handlers call: reading a request and filling a reply. */
#include "web/page.h"
#include "web/web_int.h"

Str request_arg(const Request *rq, Str name) {
  const Json *v = json_get(rq->args, name);
  return v && v->kind == JSON_STR ? str_trim(v->str) : S("");
}

int64_t request_int(const Request *rq, Str name, int64_t dflt) {
  const Json *v = json_get(rq->args, name);
  int64_t n = dflt;
  if (v && v->kind == JSON_INT) return v->num;
  return v && v->kind == JSON_STR && str_to_i64(str_trim(v->str), &n) ? n : dflt;
}

const Upload *request_upload(const Request *rq, Str name) {
  for (size_t i = 0; i < rq->upload_count; i++)
    if (str_eq(rq->uploads[i].name, name)) return &rq->uploads[i];
  return NULL;
}

bool request_has_role(const Request *rq, uint32_t roles) {
  return (rq->actor.roles & roles) != 0;
}

/* For whom an agent acts is not said by the agent: it follows from the order (agent_order) that names the project, or
 * the enterprise that is being registered. */
static Str behalf_of(Request *rq, Str stream, const Json *args) {
  Cx cx = {.mem = rq->mem, .now = rq->now};
  const Order *o = NULL;
  Str head, no, owner = S("");
  int64_t n = 0;
  if (!str_cut(stream, '/', &head, &no) || !str_to_i64(no, &n)) n = 0;
  if (str_eqz(head, "agent")) return n && order_load(&cx, rq->rd, n, &o) == OK && str_eq(o->agent, rq->actor.id) ? o->owner : S("");
  if (stream.len && !str_eqz(head, "project")) return S("");
  if (!n) n = json_int(args, S("project"), 0);
  Str uscc = n ? S("") : json_str(args, S("uscc"));
  return agent_principal(&cx, reader_views(rq->rd), rq->actor.id, n, uscc, &owner) == OK ? owner : S("");
}

Command *reply_command(Request *rq, Reply *rp, Str name, Str stream, Json *args) {
  Command *c = arena_new(rq->mem, Command);
  *c = (Command){.name = name, .stream = stream, .actor = rq->actor, .now = rq->now,
                 .key = rq->form_key.len ? rq->form_key : random_token(rq->mem, 16),
                 .args = args ? args : json_obj(rq->mem)};
  if (rq->actor.roles & ROLE_AGENT) c->actor.behalf = behalf_of(rq, stream, c->args);
  rp->command = c;
  rq->sent = stream;
  rq->asked = c;
  return c;
}

static Json *extra(Request *rq, Reply *rp) {
  if (!rp->extra) rp->extra = json_obj(rq->mem);
  return rp->extra;
}

static Json *member(Request *rq, Json *obj, Str key, JsonKind kind) {
  for (Json *m = obj->first; m; m = m->next)
    if (str_eq(m->key, key)) return m;
  return kind == JSON_ARR ? json_put_arr(rq->mem, obj, key) : json_put_obj(rq->mem, obj, key);
}

void reply_error(Request *rq, Reply *rp, Str field, Str text) {
  Json *list = member(rq, extra(rq, rp), S("errors"), JSON_ARR);
  Json *one = json_push_obj(rq->mem, list);
  json_put_str(rq->mem, one, S("field"), field);
  json_put_str(rq->mem, one, S("text"), text);
  Json *beside = member(rq, rp->extra, S("e"), JSON_OBJ);
  if (field.len && !json_get(beside, field)) json_put_str(rq->mem, beside, field, text);
}

bool reply_has_errors(const Reply *rp) {
  return json_get(rp->extra, S("errors")) != NULL;
}

Json *reply_faults(Request *rq, Code code) {
  const CommandDecl *const *list = NULL;
  size_t n = code == INVALID && rq->asked && rq->app->runner ? runner_commands(rq->app->runner, &list) : 0;
  for (size_t i = 0; i < n; i++)
    if (str_eqz(rq->asked->name, list[i]->name)) return command_faults(rq->mem, list[i], rq->asked->args);
  return json_arr(rq->mem);
}

void reply_trouble(Reply *rp, Code code) {
  if (code != BUSY && code != READONLY) return;
  rp->status = code_http(code);
  if (code == BUSY) rp->retry_after = BUSY_SECONDS;
}

void reply_fault(Cx *cx, Request *rq, Reply *rp) {
  if (cx->fault != OK && cx->fault != INVALID && !rp->status) rp->status = code_http(cx->fault);
  reply_error(rq, rp, cx->field, cx->detail.len ? cx->detail : S("没有办成，请稍后再试。"));
  cx_clear(cx);
}

void reply_keep(Request *rq, Reply *rp) {
  Json *kept = json_obj(rq->mem);
  for (const Json *f = rq->args->first; f; f = f->next)
    if (!str_has(f->key, S("password"))) json_put(rq->mem, kept, f->key, f);
  json_put(rq->mem, extra(rq, rp), S("v"), kept);
}

void reply_redirect(Reply *rp, Str location) {
  rp->location = location;
}

void reply_job(Reply *rp, JobKind kind, Job *job, JobDone *done, void *arg) {
  rp->job_kind = kind;
  rp->job = job;
  rp->job_done = done;
  rp->job_arg = arg;
}

/* ---- a page that takes long: a worker's, never the loop's ------------------------------------------------------------ */

typedef struct Lengthy { Request *rq; Reply *rp; Again *make; Cx cx; Code code; } Lengthy;

/* The loop leaves the request alone meanwhile; only its reader is the loop's own. */
static void long_run(void *arg) {
  SCOPED(loan_end) Loan loan = {0};
  Lengthy *w = arg;
  Request *rq = w->rq;
  Reader *loops = rq->rd;
  w->code = loan_take(&w->cx, rq->web, &loan);
  if (w->code != OK) return;
  rq->rd = loan.rd;
  w->code = w->make(&w->cx, rq, w->rp);
  rq->rd = loops;
}

static Code long_done(Cx *cx, Request *rq, void *arg, Reply *rp) {
  const Lengthy *w = arg;
  (void)rq, (void)rp;
  return cx_pass(cx, &w->cx, w->code);
}

Code reply_long(Cx *cx, Request *rq, Reply *rp, Again *make) {
  Lengthy *w = arena_new(rq->mem, Lengthy);
  *w = (Lengthy){.rq = rq, .rp = rp, .make = make, .cx = {.mem = rq->mem, .now = cx->now}};
  reply_job(rp, JOB_LONG, long_run, long_done, w);
  return OK;
}
