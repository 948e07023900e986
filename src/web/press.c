/* SPDX-License-Identifier: Apache-2.0 */
/* press.c: documents that are drawn for a reply, by a worker. */
#include "web/press.h"

typedef struct Press {
  Arena *mem;
  Paper paper;
  Str pdf, detail;
  Code code;
} Press;

Arena *press_memory(void) {
  return arena_open((size_t)64 << 20);
}

static void press_run(void *arg) {
  Press *p = arg;
  Cx cx = {.mem = p->mem};
  p->code = paper_pdf(&cx, &p->paper, &p->pdf);
  p->detail = cx.detail;
}

static Code press_done(Cx *cx, Request *rq, void *arg, Reply *rp) {
  Press *p = arg;
  Code code = p->code;
  Str detail = arena_str(rq->mem, p->detail), file = arena_fmt(rq->mem, "%.*s-%.*s.pdf", SFMT(p->paper.title), SFMT(p->paper.number));
  rp->body = arena_str(rq->mem, p->pdf);
  rp->type = S("application/pdf");
  rp->filename = file;
  arena_close(p->mem);
  if (code != OK) FAIL(code, "%.*s", SFMT(detail));
  return OK;
}

void reply_press(Reply *rp, Arena *own, const Paper *paper) {
  Press *p = arena_new(own, Press);
  *p = (Press){.mem = own, .paper = *paper};
  rp->job = press_run;
  rp->job_done = press_done;
  rp->job_arg = p;
}
