/* SPDX-License-Identifier: Apache-2.0 */
/* calendar_fold.c: the book of proposals and versions from its events. */
#include "approval/approval_int.h"

static Str keep(Arena *mem, const Json *body, Str key) {
  return arena_str(mem, json_str(body, key));
}

size_t changes__of(Arena *mem, const Json *body, DayChange **out) {
  const Json *list = json_get(body, S("changes"));
  Str notice = keep(mem, body, S("notice"));
  size_t n = 0;
  DayChange *changes = arena_array(mem, DayChange, (list ? list->count : 0) + 1);
  for (const Json *one = list ? list->first : NULL; one; one = one->next) {
    DayChange *d = &changes[n];
    if (!day_parse(json_str(one, S("date")), &d->day) || !day_kind_parse(json_str(one, S("kind")), &d->kind)) continue;
    d->name = keep(mem, one, S("name"));
    d->notice = notice;
    n++;
  }
  *out = changes;
  return n;
}

static Proposal *proposal_add(Arena *mem, CalendarBook *b) {
  if (b->count == b->cap) {
    size_t cap = b->cap ? b->cap * 2 : 8;
    Proposal *more = arena_array(mem, Proposal, cap);
    if (b->count) memcpy(more, b->list, b->count * sizeof *more);
    b->list = more;
    b->cap = cap;
  }
  return &b->list[b->count++];
}

static void fold_proposed(Arena *mem, CalendarBook *b, const Event *e) {
  Proposal *p = proposal_add(mem, b);
  DayChange *changes = NULL;
  const Json *past = json_get(e->body, S("past"));
  size_t n = changes__of(mem, e->body, &changes);
  Day *days = arena_array(mem, Day, (past ? past->count : 0) + 1);
  *p = (Proposal){.no = json_int(e->body, S("no"), 0), .changes = changes, .change_count = n, .past = days,
                  .notice = keep(mem, e->body, S("notice")), .reason = keep(mem, e->body, S("reason")),
                  .by = arena_str(mem, e->actor), .by_name = arena_str(mem, e->actor_name), .at = e->happened};
  for (const Json *x = past ? past->first : NULL; x; x = x->next)
    if (x->kind == JSON_STR && day_parse(x->str, &days[p->past_count])) p->past_count++;
}

const Proposal *calendar_proposal(const CalendarBook *b, int64_t no) {
  for (size_t i = 0; b && i < b->count; i++)
    if (b->list[i].no == no) return &b->list[i];
  return NULL;
}

const Proposal *calendar_waiting(const CalendarBook *b) {
  for (size_t i = 0; b && i < b->count; i++)
    if (b->list[i].status == PROPOSAL_WAITING) return &b->list[i];
  return NULL;
}

static void fold_ended(Arena *mem, CalendarBook *b, const Event *e, ProposalStatus status) {
  int64_t no = json_int(e->body, S("no"), 0);
  for (size_t i = 0; i < b->count; i++) {
    Proposal *p = &b->list[i];
    if (p->no != no) continue;
    p->status = status;
    p->end_by_name = arena_str(mem, e->actor_name);
    p->end_reason = keep(mem, e->body, S("reason"));
    p->ended_at = e->happened;
    p->version = (int)json_int(e->body, S("version"), 0);
    if (p->version > b->version) b->version = p->version;
  }
}

void *calendar_fold(Arena *mem, void *state, const Event *e) {
  CalendarBook *b = state ? state : arena_new(mem, CalendarBook);
  b->seq = e->seq;
  if (str_eq(e->kind, S("calendar.proposed"))) fold_proposed(mem, b, e);
  if (str_eq(e->kind, S("calendar.confirmed"))) fold_ended(mem, b, e, PROPOSAL_CONFIRMED);
  if (str_eq(e->kind, S("calendar.rejected"))) fold_ended(mem, b, e, PROPOSAL_REJECTED);
  return b;
}
