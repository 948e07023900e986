/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_policy.c: versions of the package: which are there, what one changes, proposing and confirming it. Loading,
 * checking and comparing packages takes a tenth of a second and is done on a worker.
 */
#include "policy/lint.h"
#include "web/page.h"

enum { LOOK_MEM = 512 << 20, LINES_MAX = 400 };

/* ---- what holds now --------------------------------------------------------------------------------------- */

Code view_in_force(Cx *cx, Request *rq, Json *obj) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  const Policies *ps = rq->app->policies;
  PolicyVersion *list = NULL;
  size_t n = 0;
  Day from = {0};
  bool known = day_parse(p->effective_from, &from);
  if (ps && ps->packages && packages_published(ps->packages)) TRY(policy_versions(cx, reader_views(rq->rd), &list, &n));
  for (size_t i = 0; i < n; i++) {
    if (list[i].effective.n > day_of(rq->now).n) continue;
    from = list[i].effective; /* latest first */
    known = true;
    break;
  }
  PUT(obj, "version", p->version);
  if (known) PUT(obj, "effective", day_str(m, from));
  if (known) PUT(obj, "effective_cn", day_cn(m, from));
  return OK;
}

/* ---- a look at one version, on a worker ------------------------------------------------------------------- */

typedef struct Look {
  Arena *mem;
  Packages *packages;
  Policy now;              /* what it is compared with; shares what never changes */
  Str version, hash;       /* empty: only look for what was staged since */
  int64_t at;
  const Policy *found;
  bool checked;            /* a staged folder is there to be checked */
  Findings findings;
  Str diff;
  Code code;
  Str detail;
} Look;

static Code look(Cx *cx, Look *l) {
  const Policy *checked = NULL;
  if (!l->version.len) return packages_scan(cx, l->packages);
  TRY(packages_need(cx, l->packages, l->version, l->hash, &l->found));
  /* The calendar belongs to the city, not to the version. */
  const Policy *then = policy_with_calendar(cx->mem, l->found, l->now.calendars, l->now.calendar_version);
  l->diff = policy_diff(cx->mem, &l->now, then);
  Str dir = arena_fmt(cx->mem, "%.*s/%.*s", SFMT(packages_dir(l->packages)), SFMT(l->version));
  if (!file_exists(dir)) return OK;
  l->checked = true;
  if (policy_check(cx, dir, &checked, &l->findings) == INVALID) cx_clear(cx); /* its findings say it */
  return cx->fault;
}

static void look_work(void *arg) {
  Look *l = arg;
  Cx cx = {.mem = l->mem, .now = l->at};
  l->code = look(&cx, l);
  l->detail = cx.detail;
}

static void look_begin(Request *rq, Reply *rp, const Policy *now, Str version, Str hash, JobDone *done) {
  Arena *own = arena_open(LOOK_MEM);
  Look *l = arena_new(own, Look);
  *l = (Look){.mem = own, .packages = rq->app->policies->packages, .now = *now, .version = arena_str(own, version),
              .hash = arena_str(own, hash), .at = rq->now};
  reply_job(rp, JOB_LONG, look_work, done, l);
}

static void lines_view(Arena *m, Json *view, Str text) {
  Json *list = json_put_arr(m, view, S("diff"));
  Str line, rest = text;
  int64_t n = 0;
  while (rest.len) {
    str_cut(rest, '\n', &line, &rest);
    if (line.len && n++ < LINES_MAX) json_push_str(m, list, arena_str(m, line));
  }
  PUT_INT(view, "diff_total", n);
  PUT_BOOL(view, "diff_cut", n > LINES_MAX);
}

static void findings_view(Arena *m, Json *view, const Findings *f) {
  Json *list = json_put_arr(m, view, S("lint"));
  for (size_t i = 0; i < f->errors; i++) {
    const Finding *one = &f->list[i];
    json_push_str(m, list, arena_fmt(m, "%.*s:%d:%d: %.*s", SFMT(one->file), one->line, one->column, SFMT(one->text)));
  }
  PUT_INT(view, "errors", (int64_t)f->errors);
  PUT_INT(view, "notes", (int64_t)(f->count - f->errors));
}

/* Back on the loop: "found", "diff", "lint" …, or what is wrong with the package. */
static Code look_done(Cx *cx, Request *rq, void *arg, Reply *rp) {
  Look *l = arg;
  Arena *m = rq->mem;
  (void)cx;
  PUT(rp->view, "compared", arena_str(m, l->now.version));
  PUT_BOOL(rp->view, "found", l->code == OK);
  if (l->code == OK) {
    PUT(rp->view, "hash", arena_str(m, l->found->dir_hash));
    PUT(rp->view, "package_title", arena_str(m, l->found->title));
    PUT_BOOL(rp->view, "checked", l->checked);
    lines_view(m, rp->view, l->diff);
    findings_view(m, rp->view, &l->findings);
  } else {
    PUT(rp->view, "problem", arena_str(m, l->detail));
  }
  arena_close(l->mem);
  return OK;
}

/* ---- the list ---------------------------------------------------------------------------------------------- */

static void proposal_view(Request *rq, Json *o, const Proposal *p) {
  Arena *m = rq->mem;
  view_proposal(rq, o, p);
  PUT(o, "package", arena_str(m, p->package));
  PUT(o, "package_hash", arena_str(m, p->hash));
  PUT(o, "effective", day_str(m, p->effective));
  PUT(o, "effective_cn", day_cn(m, p->effective));
  PUT_BOOL(o, "ahead", p->effective.n > day_of(rq->now).n);
}

static void staged_view(Request *rq, Json *view) {
  Arena *m = rq->mem;
  const Policy *list[PACKAGES_MAX], *base = rq->app->policies->current;
  size_t n = packages_list(rq->app->policies->packages, list);
  Json *rows = json_put_arr(m, view, S("packages"));
  for (size_t i = 0; i <= n; i++) {
    const Policy *p = i ? list[i - 1] : base;
    Json *o = json_push_obj(m, rows);
    PUT(o, "version", p->version);
    PUT(o, "title", p->title);
    PUT(o, "short_hash", str_sub(p->dir_hash, 0, 12));
    PUT_BOOL(o, "base", !i);
    PUT_BOOL(o, "in_force", str_eq(p->version, rq->app->policy->version));
  }
}

static Code scan_done(Cx *cx, Request *rq, void *arg, Reply *rp) {
  Look *l = arg;
  Arena *m = rq->mem;
  const Book *b = NULL;
  if (l->code != OK) PUT(rp->view, "problem", arena_str(m, l->detail));
  arena_close(l->mem);
  TRY(book_of(cx, rq, POLICY_STREAM, &b));
  TRY(view_in_force(cx, rq, rp->view));
  staged_view(rq, rp->view);
  PUT_BOOL(rp->view, "blocked", book_waiting(b) != NULL);
  Json *list = json_put_arr(m, rp->view, S("proposals"));
  for (size_t i = b ? b->count : 0; i > 0; i--) proposal_view(rq, json_push_obj(m, list), &b->list[i - 1]);
  return OK;
}

static Code page_policy(Cx *cx, Request *rq, Reply *rp) {
  (void)cx;
  rp->title = tr(rq->lang, S("政策发布"));
  rp->view = json_obj(rq->mem);
  look_begin(rq, rp, rq->app->policy, S(""), S(""), scan_done);
  return OK;
}

/* ---- proposing ---------------------------------------------------------------------------------------------- */

static Code page_policy_new(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  Str version = request_arg(rq, S("version"));
  if (!package_version_fits(version)) { /* none was chosen: choose one */
    rp->tmpl = "adm_policy";
    return page_policy(cx, rq, rp);
  }
  rp->title = arena_fmt(m, "发布政策包 %.*s", SFMT(version));
  rp->tmpl = "adm_policy_new";
  rp->view = json_obj(m);
  PUT(rp->view, "package", version);
  PUT(rp->view, "effective", request_arg(rq, S("effective")));
  PUT(rp->view, "reason", request_arg(rq, S("reason")));
  PUT(rp->view, "today", day_str(m, day_of(rq->now)));
  look_begin(rq, rp, rq->app->policy, version, S(""), look_done);
  return OK;
}

static void after_new(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  Str location = arena_fmt(rq->mem, "/adm/policy/%lld", (long long)json_int(result->answer, S("no"), 0));
  after_or_again(cx, rq, result, rp, location, page_policy_new, "adm_policy_new");
}

/* Both fields are looked at before the command, so that all faults are told at once. */
static Code post_policy_new(Cx *cx, Request *rq, Reply *rp) {
  static const char *const fields[] = {"version", "hash", "effective", "reason"};
  Arena *m = rq->mem;
  Json *args = json_obj(m);
  Day day;
  Str effective = str_trim(utf8_halfwidth(m, request_arg(rq, S("effective")))), reason = request_arg(rq, S("reason"));
  for (size_t i = 0; i < COUNT(fields); i++) json_put_str(m, args, str_of(fields[i]), request_arg(rq, str_of(fields[i])));
  PUT(args, "effective", effective);
  if (!day_typed(effective, &day)) reply_error(rq, rp, S("effective"), S("写明施行日期，如 2026-12-01，今天或以后"));
  if (utf8_count(reason) < 2) reply_error(rq, rp, S("reason"), S("用一句话说明为什么发布，确认的人会看到"));
  if (reply_has_errors(rp)) return page_policy_new(cx, rq, rp);
  reply_command(rq, rp, S("policy.propose"), S(""), args);
  rp->after = after_new;
  return OK;
}

/* ---- one publication ------------------------------------------------------------------------------------------ */

static Code page_policy_one(Cx *cx, Request *rq, Reply *rp) {
  const Proposal *p = NULL;
  Arena *m = rq->mem;
  TRY(proposal_of(cx, rq, POLICY_STREAM, "政策发布", &p));
  rp->title = arena_fmt(m, "第 %lld 号政策发布", (long long)p->no);
  rp->view = json_obj(m);
  proposal_view(rq, rp->view, p);
  PUT(rp->view, "path", arena_fmt(m, "/adm/policy/%lld", (long long)p->no));
  PUT(rp->view, "noun", S("发布"));
  const Policy *now = rq->app->policy;
  Str before = {0};
  if (p->status == PROPOSAL_CONFIRMED) { /* with what it took the place of */
    TRY(policy_in_force(cx, reader_views(rq->rd), (Day){p->effective.n - 1}, &before));
    now = policies_at(m, rq->app->policies, before, now->calendar_version);
  }
  look_begin(rq, rp, now, p->package, p->hash, look_done);
  return OK;
}

static void after_one(Cx *cx, Request *rq, const CommandResult *result, Reply *rp) {
  after_or_again(cx, rq, result, rp, arena_fmt(rq->mem, "/adm/policy/%.*s", SFMT(rq->params[0])), page_policy_one, "adm_policy_one");
}

static Code post_policy_one(Cx *cx, Request *rq, Reply *rp) {
  TRY(proposal_command(cx, rq, rp, S("policy"), POLICY_STREAM));
  rp->after = after_one;
  return OK;
}

const Route policy_routes[] = {
    {.method = GET, .path = "/adm/policy", .allow = POLICY_ROLES, .run = page_policy, .tmpl = "adm_policy", .section = "policy",
     .compact = true, .help = "政策包的各个版本：施行的、暂存的、等待确认的。"},
    {.method = GET, .path = "/adm/policy/new", .allow = POLICY_ROLES, .run = page_policy_new, .tmpl = "adm_policy_new",
     .section = "policy", .compact = true, .help = "一份暂存的政策包：与施行的有什么不同，检查的结果，提出发布。"},
    {.method = POST, .path = "/adm/policy/new", .allow = POLICY_ROLES, .run = post_policy_new, .section = "policy", .compact = true,
     .help = "写明施行日期和理由，提出发布。"},
    {.method = GET, .path = "/adm/policy/{no}", .allow = POLICY_ROLES, .run = page_policy_one, .tmpl = "adm_policy_one",
     .section = "policy", .compact = true, .help = "一次发布：版本、施行日期、与施行的有什么不同。"},
    {.method = POST, .path = "/adm/policy/{no}", .allow = POLICY_ROLES, .run = post_policy_one, .section = "policy", .compact = true,
     .help = "由另一个人确认，或者驳回。"},
    {.path = NULL},
};
