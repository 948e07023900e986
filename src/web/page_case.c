/* SPDX-License-Identifier: Apache-2.0 */
/* page_case.c: whose case is it, and what to show after a refused command. */
#include "web/page.h"

static Code project_of(Cx *cx, Request *rq, const Project **out) {
  int64_t no;
  if (!str_to_i64(rq->params[0], &no) || no < 1) FAIL(NOT_FOUND, "没有这个项目。请从列表里重新打开。");
  return project_load(cx, rq->rd, no, out);
}

Code project_of_owner(Cx *cx, Request *rq, const Project **out) {
  TRY(project_of(cx, rq, out));
  const User *u = rq->who;
  bool own = u && (str_eq((*out)->applicant, u->id) || (u->org_uscc.len && str_eq((*out)->uscc, u->org_uscc)));
  Str owner = S("");
  if (!own && request_has_role(rq, ROLE_AGENT)) TRY(agent_principal(cx, reader_views(rq->rd), u->id, (*out)->no, S(""), &owner));
  if (!own && !owner.len) FAIL(NOT_FOUND, "没有这个项目，或者它不是您单位的项目。");
  return OK;
}

Code project_of_staff(Cx *cx, Request *rq, const Project **out) {
  return project_of(cx, rq, out);
}

bool reads_inside(const Request *rq) {
  return request_has_role(rq, ROLE_STAFF | ROLE_LEADER);
}

Code project_concerned(Cx *cx, Request *rq, const Project **out) {
  return reads_inside(rq) ? project_of_staff(cx, rq, out) : project_of_owner(cx, rq, out);
}

static bool takes_part(const Policy *p, const Project *pr, Str unit) {
  for (int n = 1; n <= STAGE_MAX; n++) {
    if (str_eq(p->stages[n].lead, unit)) return true;
    for (size_t i = 0; i < pr->stages[n].item_count; i++)
      if (str_eq(pr->stages[n].items[i].unit, unit)) return true;
  }
  return false;
}

/* Agents 代办员 are of the window's unit too, but what they do in somebody's name is not the window's hand. */
Str window_hand(const Policy *p, const Project *pr, int stage) {
  for (size_t i = pr->moment_count; i > 0; i--) {
    const Moment *one = &pr->moments[i - 1];
    if (one->stage == stage && one->who.len && !one->behalf && str_eq(one->unit, p->window_unit)) return one->who;
  }
  return S("");
}

bool reads_whole(const Request *rq, const Project *pr) {
  return request_has_role(rq, ROLE_CLERK | ROLE_WINDOW_HEAD | ROLE_SUPERVISOR | ROLE_LEADER) ||
         (reads_inside(rq) && takes_part(rq->app->policy, pr, rq->who->unit));
}

bool opens_whole(Cx *cx, const Request *rq, int64_t no) {
  const Project *pr = NULL;
  if (no < 1 || !reads_inside(rq)) return false;
  if (project_load(cx, rq->rd, no, &pr) == OK) return reads_whole(rq, pr);
  cx_clear(cx);
  return false;
}

Code stage_of(Cx *cx, const Request *rq, int *stage) {
  int64_t n;
  if (!str_to_i64(rq->params[1], &n) || n < 1 || n > STAGE_MAX)
    FAIL(NOT_FOUND, "没有第 %.*s 阶段，共有四个阶段。", SFMT(rq->params[1]));
  *stage = (int)n;
  return OK;
}

Str stream_of(const Request *rq) {
  return arena_fmt(rq->mem, "project/%.*s", SFMT(rq->params[0]));
}

void after_or_again(Cx *cx, Request *rq, const CommandResult *result, Reply *rp, Str location, Again *again,
                    const char *tmpl) {
  if (result->code == OK) {
    reply_redirect(rp, location);
    return;
  }
  Str field = result->code == CONFLICT && str_eqz(result->field, "seen") ? S("") : arena_str(rq->mem, result->field);
  Str detail = arena_str(rq->mem, result->detail), stream = rq->sent;
  if (again(cx, rq, rp) != OK) return;
  rp->tmpl = tmpl;
  reply_keep(rq, rp);
  const Json *all = reply_faults(rq, result->code); /* of the arguments, those that were typed on this page */
  reply_error(rq, rp, field, detail);
  for (const Json *x = all->first; x; x = x->next)
    if (!str_eq(json_str(x, S("field")), field) && json_get(rq->args, json_str(x, S("field")))) reply_error(rq, rp, json_str(x, S("field")), json_str(x, S("text")));
  reply_trouble(rp, result->code);
  if (result->code != CONFLICT) return;
  rp->status = 409;
  reply_conflict(cx, rq, rp, stream); /* what has happened meanwhile may have taken the form away */
}

Code fault_again(Cx *cx, Request *rq, Reply *rp, Again *again, const char *tmpl) {
  Str field = cx->field, detail = cx->detail;
  cx_clear(cx);
  TRY(again(cx, rq, rp));
  rp->tmpl = tmpl;
  reply_keep(rq, rp);
  reply_error(rq, rp, field, detail);
  return OK;
}
