/* SPDX-License-Identifier: Apache-2.0 */
/* acceptance_fold.c: a joint acceptance from its events. */
#include "finish/finish_int.h"

const AcceptPart *acceptance_part(const Acceptance *a, Str code) {
  for (size_t i = 0; i < a->part_count; i++)
    if (str_eq(a->parts[i].code, code)) return &a->parts[i];
  return NULL;
}

static AcceptPart *part_mut(Acceptance *a, Str code) {
  return (AcceptPart *)(uintptr_t)acceptance_part(a, code);
}

bool point_open(const VisitPoint *p) {
  return str_eqz(p->kind, "issue") && !p->closed;
}

size_t acceptance_open(const Acceptance *a, Str part) {
  size_t n = 0;
  for (size_t i = 0; i < a->point_count; i++) n += point_open(&a->points[i]) && (!part.len || str_eq(a->points[i].part, part));
  return n;
}

bool acceptance_over(const Acceptance *a) {
  return str_eqz(a->status, "concluded") || str_eqz(a->status, "withdrawn");
}

Json *acceptance__units(Arena *mem, const Acceptance *a) {
  Json *list = json_arr(mem);
  for (size_t i = 0; i < a->part_count; i++) {
    bool seen = false;
    for (const Json *x = list->first; x; x = x->next) seen |= str_eq(x->str, a->parts[i].unit);
    if (a->parts[i].due && !seen) json_push_str(mem, list, a->parts[i].unit);
  }
  return list;
}

/* ---- events -------------------------------------------------------------------------------------------------- */

static void fold_started(Arena *mem, Acceptance *a, const Event *e) {
  const Json *b = e->body, *parts = json_get(b, S("parts")), *avoid = json_get(b, S("avoid"));
  const struct { Str *to; const char *key; } texts[] = {
      {&a->number, "number"}, {&a->project_number, "project_number"}, {&a->project_name, "project_name"}, {&a->owner, "owner"},
      {&a->uscc, "uscc"},     {&a->county, "county"},                 {&a->applicant, "applicant"},       {&a->note, "note"},
      {&a->opinion_item, "opinion_item"}};
  for (size_t i = 0; i < COUNT(texts); i++) *texts[i].to = kit_keep(mem, b, texts[i].key);
  a->no = json_int(b, S("no"), 0);
  a->project = json_int(b, S("project"), 0);
  a->starter = arena_str(mem, e->actor_name);
  a->status = S("started");
  a->round = 1;
  a->from = finish__day(b, "from");
  a->accepted = finish__day(b, "accepted");
  a->deadline = finish__day(b, "deadline");
  a->limit = (int)json_int(b, S("limit"), 0);
  a->started_at = e->happened;
  for (const Json *x = avoid ? avoid->first : NULL; x && a->avoid_count < AVOID_MAX; x = x->next)
    if (day_parse(x->str, &a->avoid[a->avoid_count])) a->avoid_count++;
  a->parts = arena_array(mem, AcceptPart, parts ? parts->count + 1 : 1);
  for (const Json *x = parts ? parts->first : NULL; x; x = x->next)
    a->parts[a->part_count++] = (AcceptPart){.code = kit_keep(mem, x, "code"), .name = kit_keep(mem, x, "name"), .unit = kit_keep(mem, x, "unit"),
                                       .utility = json_bool(x, S("utility")), .due = true};
}

static void fold_noted(Arena *mem, Acceptance *a, const Event *e) {
  VisitPoint *p = GROW(mem, a->points, a->point_count, a->point_cap, VisitPoint);
  *p = (VisitPoint){.no = (int)json_int(e->body, S("no"), 0), .part = kit_keep(mem, e->body, "part"), .kind = kit_keep(mem, e->body, "kind"),
               .text = kit_keep(mem, e->body, "text"), .place = kit_keep(mem, e->body, "place"), .by = arena_str(mem, e->actor_name), .at = e->happened};
  p->file_count = finish__files(mem, json_get(e->body, S("files")), &p->files);
}

/* The state after the last signature of a round follows from the parts. */
static void settle(Acceptance *a) {
  bool rectify = false;
  for (size_t i = 0; i < a->part_count; i++) {
    if (a->parts[i].due && !a->parts[i].result.len) return;
    rectify |= a->parts[i].due && str_eqz(a->parts[i].result, "rectify");
  }
  a->status = rectify ? S("rectify") : S("ready");
}

static void fold_reported(Arena *mem, Acceptance *a, const Event *e) {
  AcceptPart *p = part_mut(a, json_str(e->body, S("part")));
  const Json *closed = json_get(e->body, S("closed"));
  int64_t no = 0;
  if (!p) return;
  p->result = kit_keep(mem, e->body, "result");
  p->opinion = kit_keep(mem, e->body, "opinion");
  p->by = arena_str(mem, e->actor_name);
  p->at = e->happened;
  if (str_eqz(p->result, "pass")) p->passed = a->round;
  for (const Json *x = closed ? closed->first : NULL; x; x = x->next)
    if (str_to_i64(x->str, &no) && no >= 1 && no <= (int64_t)a->point_count) a->points[no - 1].closed = a->round;
  for (size_t i = 0; i < a->point_count; i++) /* what remains wants a new answer */
    if (a->round > 1 && str_eq(a->points[i].part, p->code) && point_open(&a->points[i])) a->points[i].answered_at = 0;
  settle(a);
}

static void fold_rectified(Arena *mem, Acceptance *a, const Event *e) {
  int64_t no = json_int(e->body, S("point"), 0);
  if (no < 1 || no > (int64_t)a->point_count) return;
  VisitPoint *p = &a->points[no - 1];
  p->answer = kit_keep(mem, e->body, "text");
  p->answer_by = arena_str(mem, e->actor_name);
  p->answered_at = e->happened;
  p->answer_file_count = finish__files(mem, json_get(e->body, S("files")), &p->answer_files);
}

static void fold_rechecked(Acceptance *a) {
  a->status = S("started");
  a->round++;
  a->day = (Day){0};
  a->despite = a->move_reason = S("");
  for (size_t i = 0; i < a->part_count; i++) {
    a->parts[i].due = str_eqz(a->parts[i].result, "rectify");
    if (a->parts[i].due) a->parts[i].result = S("");
  }
}

void *acceptance_fold(Arena *mem, void *state, const Event *e) {
  Acceptance *a = state ? state : arena_new(mem, Acceptance);
  Str kind = str_starts(e->kind, S("acceptance.")) ? str_sub(e->kind, 11, SIZE_MAX) : S("");
  a->seq = e->seq;
  a->last_at = e->happened;
  if (str_eqz(kind, "started")) fold_started(mem, a, e);
  if (str_eqz(kind, "scheduled")) {
    a->status = S("scheduled");
    a->day = finish__day(e->body, "day");
    a->despite = kit_keep(mem, e->body, "despite");
    a->move_reason = kit_keep(mem, e->body, "reason");
    a->scheduled_by = arena_str(mem, e->actor_name);
  }
  if (str_eqz(kind, "noted")) fold_noted(mem, a, e);
  if (str_eqz(kind, "reported")) fold_reported(mem, a, e);
  if (str_eqz(kind, "rectified")) fold_rectified(mem, a, e);
  if (str_eqz(kind, "rechecked")) fold_rechecked(a);
  if (str_eqz(kind, "concluded")) {
    a->status = S("concluded");
    a->opinion_no = kit_keep(mem, e->body, "number");
    a->opinion = kit_keep(mem, e->body, "opinion");
    a->opinion_by = arena_str(mem, e->actor_name);
    a->concluded_at = a->ended_at = e->happened;
  }
  if (str_eqz(kind, "withdrawn")) {
    a->status = S("withdrawn");
    a->end_reason = kit_keep(mem, e->body, "reason");
    a->ended_at = e->happened;
  }
  return a;
}
