/* SPDX-License-Identifier: Apache-2.0 */
/* book.c: what takes two persons: proposals, who may confirm, how they end. For the calendar and the package. */
#include "approval/approval_int.h"

Proposal *book__add(Arena *mem, Book *b, const Event *e) {
  if (b->count == b->cap) {
    size_t cap = b->cap ? b->cap * 2 : 8;
    Proposal *more = arena_array(mem, Proposal, cap);
    if (b->count) memcpy(more, b->list, b->count * sizeof *more);
    b->list = more;
    b->cap = cap;
  }
  Proposal *p = &b->list[b->count++];
  *p = (Proposal){.no = json_int(e->body, S("no"), 0), .reason = arena_str(mem, json_str(e->body, S("reason"))),
                  .by = arena_str(mem, e->actor), .by_name = arena_str(mem, e->actor_name), .at = e->happened};
  return p;
}

Proposal *book__end(Arena *mem, Book *b, const Event *e, ProposalStatus status) {
  Proposal *p = (Proposal *)(uintptr_t)book_proposal(b, json_int(e->body, S("no"), 0));
  if (!p) return NULL;
  p->status = status;
  p->end_by_name = arena_str(mem, e->actor_name);
  if (status == PROPOSAL_REJECTED) p->end_reason = arena_str(mem, json_str(e->body, S("reason")));
  p->ended_at = e->happened;
  return p;
}

const Proposal *book_proposal(const Book *b, int64_t no) {
  for (size_t i = 0; b && i < b->count; i++)
    if (b->list[i].no == no) return &b->list[i];
  return NULL;
}

const Proposal *book_waiting(const Book *b) {
  for (size_t i = 0; b && i < b->count; i++)
    if (b->list[i].status == PROPOSAL_WAITING) return &b->list[i];
  return NULL;
}

/* ---- deciding ---------------------------------------------------------------------------------------- */

static Code not_late(Cx *cx, const Ask *ask, const char *what) {
  if (ask->happened < ask->now) FAIL_AT(INVALID, S("happened"), S(""), "%s不能补录，以系统收到的时间为准。", what);
  return OK;
}

/* One waits at a time, so that what was looked at is what comes into force. */
Code book__free(Cx *cx, const Ask *ask, const char *what, Str field) {
  const Proposal *waiting = book_waiting(ask->state);
  TRY(not_late(cx, ask, what));
  if (!waiting) return OK;
  Str name = waiting->notice.len ? waiting->notice : waiting->package;
  FAIL_AT(CONFLICT, field, S(""), "第 %lld 号%s（%.*s）还在等待确认，请先确认或驳回它。", (long long)waiting->no, what, SFMT(name));
}

static Code waiting_of(Cx *cx, const Ask *ask, const char *what, const Proposal **out) {
  int64_t no = json_int(ask->cmd->args, S("no"), 0);
  const Proposal *p = book_proposal(ask->state, no);
  TRY(not_late(cx, ask, what));
  if (!p) FAIL_AT(NOT_FOUND, S("no"), S(""), "没有第 %lld 号%s。", (long long)no, what);
  *out = p;
  if (p->status == PROPOSAL_WAITING) return OK;
  Str when = time_cn(cx->mem, p->ended_at);
  FAIL_AT(CONFLICT, S("no"), S(""), "第 %lld 号%s已由%.*s于 %.*s %s。", (long long)no, what, SFMT(p->end_by_name), SFMT(when),
          p->status == PROPOSAL_CONFIRMED ? "确认" : "驳回");
}

Code book__confirm(Cx *cx, const Ask *ask, const char *what, const Proposal **out) {
  TRY(waiting_of(cx, ask, what, out));
  if (str_eq((*out)->by, ask->cmd->actor.id))
    FAIL_AT(DENIED, S("no"), S(""), "%s要两个人：这是您提出的，请另一位有权的人员核对后确认。", what);
  return OK;
}

Code book__reject(Cx *cx, const Ask *ask, const char *what, const char *kind, Decision *d) {
  const Proposal *p = NULL;
  Arena *m = decision_mem(d);
  TRY(waiting_of(cx, ask, what, &p));
  Json *body = json_obj(m);
  json_put_int(m, body, S("no"), p->no);
  json_put_str(m, body, S("reason"), json_str(ask->cmd->args, S("reason")));
  decision_emit(d, kind, 1, body);
  return OK;
}
