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

static void fold_proposed(Arena *mem, Book *b, const Event *e) {
  Proposal *p = book__add(mem, b, e);
  DayChange *changes = NULL;
  const Json *past = json_get(e->body, S("past"));
  size_t n = changes__of(mem, e->body, &changes);
  Day *days = arena_array(mem, Day, (past ? past->count : 0) + 1);
  p->changes = changes;
  p->change_count = n;
  p->past = days;
  p->notice = keep(mem, e->body, S("notice"));
  for (const Json *x = past ? past->first : NULL; x; x = x->next)
    if (x->kind == JSON_STR && day_parse(x->str, &days[p->past_count])) p->past_count++;
}

static void fold_confirmed(Arena *mem, Book *b, const Event *e) {
  Proposal *p = book__end(mem, b, e, PROPOSAL_CONFIRMED);
  if (!p) return;
  p->version = (int)json_int(e->body, S("version"), 0);
  if (p->version > b->version) b->version = p->version;
}

void *calendar_fold(Arena *mem, void *state, const Event *e) {
  Book *b = state ? state : arena_new(mem, Book);
  b->seq = e->seq;
  if (str_eq(e->kind, S("calendar.proposed"))) fold_proposed(mem, b, e);
  if (str_eq(e->kind, S("calendar.confirmed"))) fold_confirmed(mem, b, e);
  if (str_eq(e->kind, S("calendar.rejected"))) book__end(mem, b, e, PROPOSAL_REJECTED);
  return b;
}
