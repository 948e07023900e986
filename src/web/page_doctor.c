/* SPDX-License-Identifier: Apache-2.0 */
/* page_doctor.c: 系统自查. The questions of yichuang doctor, asked by the running server of itself, on a worker: they read files. */
#include "upkeep/upkeep.h"
#include "web/page.h"
#include "web/web_int.h"

typedef struct Visit {
  Arena *mem; /* of what is found */
  Web *web;
  Checkup c;
  Remarks found;
} Visit;

static void visit_run(void *arg) {
  Visit *v = arg;
  SCOPED(loan_end) Loan loan = {0};
  Cx cx = {.mem = v->mem, .now = v->c.now};
  if (loan_take(&cx, v->web, &loan) != OK) v->c.unopened = cx.detail;
  v->c.rd = loan.rd;
  v->c.readonly = runner_readonly(v->web->app->runner);
  checkup_run(&v->c, v->mem, &v->found);
}

static Code visit_over(Cx *cx, Request *rq, void *arg, Reply *rp) {
  (void)cx;
  static const char *const tags[REMARK__MAX] = {"ok", "pause", "warn", "bad"};
  Visit *v = arg;
  Arena *m = rq->mem;
  int64_t counts[REMARK__MAX] = {0};
  rp->title = tr(rq->lang, S("系统自查"));
  rp->view = json_obj(m);
  Json *wrong = json_put_arr(m, rp->view, S("findings")), *good = json_put_arr(m, rp->view, S("good"));
  for (size_t i = 0; i < v->found.count; i++) {
    const Remark *f = &v->found.list[i];
    Json *o = json_push_obj(m, f->level >= REMARK_LOOK ? wrong : good);
    counts[f->level]++;
    PUT(o, "id", str_of(f->id));
    PUT(o, "level", remark_code(f->level));
    PUT(o, "label", remark_label(f->level));
    PUT(o, "tag", str_of(tags[f->level]));
    PUT(o, "what", arena_str(m, f->what));
    PUT(o, "why", f->why);
    PUT(o, "next", arena_str(m, f->next));
  }
  PUT_INT(rp->view, "bad", counts[REMARK_BAD]);
  PUT_INT(rp->view, "look", counts[REMARK_LOOK]);
  PUT_INT(rp->view, "good_count", counts[REMARK_GOOD] + counts[REMARK_SKIP]);
  PUT(rp->view, "at", time_cn(m, v->c.now));
  arena_close(v->mem);
  return OK;
}

static Code page_doctor(Cx *cx, Request *rq, Reply *rp) {
  const Checkup *how = rq->app->checkup;
  if (!how) FAIL(NOT_FOUND, "这里没有系统自查。");
  Visit *v = arena_new(rq->mem, Visit);
  *v = (Visit){.mem = arena_open((size_t)64 << 20), .web = rq->web, .c = *how};
  v->c.policy = rq->app->policy;
  v->c.now = clock_now_ms();
  reply_job(rp, JOB_LONG, visit_run, visit_over, v);
  return OK;
}

const Route doctor_routes[] = {
    {.method = GET, .path = "/adm/doctor", .allow = ROLE_SYSADMIN | ROLE_SECADMIN, .run = page_doctor, .tmpl = "doctor", .compact = true, /* no section: it is nobody's home */
     .help = "系统自查：存储、备份、检查点、时钟、字库、权限、账号，每一条是什么、为什么要紧、怎么办。"},
    {.path = NULL},
};
