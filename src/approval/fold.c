/* SPDX-License-Identifier: Apache-2.0 */
/* fold.c: a project from its events. Everything kept is copied into the state's own memory. */
#include "approval/approval_int.h"

static Str keep(Arena *mem, const Json *body, Str key) {
  return arena_str(mem, json_str(body, key));
}

static void fold_registered(Arena *mem, Project *p, const Event *e) {
  const Json *b = e->body, *limits = json_get(b, S("limits"));
  p->no = json_int(b, S("no"), 0);
  p->number = keep(mem, b, S("number"));
  p->code = keep(mem, b, S("code"));
  p->name = keep(mem, b, S("name"));
  p->category = keep(mem, b, S("category"));
  p->county = keep(mem, b, S("county"));
  p->owner = keep(mem, b, S("owner"));
  p->uscc = keep(mem, b, S("uscc"));
  p->applicant = json_get(b, S("applicant")) ? keep(mem, b, S("applicant")) : arena_str(mem, e->actor);
  p->facts = json_clone(mem, json_get(b, S("facts")));
  p->contact = json_clone(mem, json_get(b, S("contact")));
  p->policy_version = keep(mem, b, S("policy"));
  p->status = PROJECT_RUNNING;
  p->registered_at = e->happened;
  int n = 1;
  for (const Json *l = limits ? limits->first : NULL; l && n <= STAGE_MAX; l = l->next, n++) {
    p->limits[n] = (int)l->num;
    p->stages[n].status = l->num ? STAGE_CLOSED : STAGE_NA;
  }
  fold__open_next(p);
}

static void fold_corrected(Arena *mem, Project *p, const Event *e) {
  const Json *b = e->body;
  if (json_get(b, S("name"))) p->name = keep(mem, b, S("name"));
  if (json_get(b, S("facts"))) p->facts = json_clone(mem, json_get(b, S("facts")));
  if (!json_get(b, S("contact"))) return;
  p->contact = json_clone(mem, json_get(b, S("contact")));
  json_put_int(mem, p->contact, S("at"), e->happened); /* newer than what earlier forms say */
}

void fold__open_next(Project *p) {
  for (int n = 1; n <= STAGE_MAX; n++) {
    StageStatus st = p->stages[n].status;
    if (st == STAGE_NA || st == STAGE_DELIVERED) continue;
    if (st == STAGE_CLOSED) p->stages[n].status = STAGE_OPEN;
    return;
  }
}

int event__calendar(const Event *e) {
  return (int)json_int(e->body, S("calendar"), 0);
}

static void items_end(StageState *s, const Event *e, Arena *mem) {
  for (size_t i = 0; i < s->item_count; i++) {
    ItemState *item = &s->items[i];
    if (!item_open(item) && item->status != ITEM_HELD) continue;
    if (item->status == ITEM_HELD) item->start = day_of(e->happened); /* its clock never ran */
    if (item_stopped(item)) item->pauses[item->pause_count - 1].to = e->happened;
    item->status = ITEM_WITHDRAWN;
    item->decided_at = e->happened;
    item->calendar = event__calendar(e);
    item->withdraw_reason = keep(mem, e->body, S("reason"));
    item->seq = e->seq;
    item->last_by = arena_str(mem, e->actor_name);
    item->last_at = e->happened;
  }
}

static void fold_ended(Arena *mem, Project *p, const Event *e, ProjectStatus status) {
  p->status = status;
  p->ended_at = e->happened;
  p->end_reason = keep(mem, e->body, S("reason"));
  if (status != PROJECT_TERMINATED) return;
  for (int n = 1; n <= STAGE_MAX; n++) {
    StageState *s = &p->stages[n];
    items_end(s, e, mem);
    if (s->status == STAGE_CLOSED || stage_closed(s)) continue;
    s->status = STAGE_WITHDRAWN;
    s->ended_at = e->happened;
    s->calendar = event__calendar(e);
    s->end_reason = keep(mem, e->body, S("reason"));
  }
}

static void fold_of_stage(Arena *mem, Project *p, StageState *s, const Event *e) {
  if (str_starts(e->kind, S("item."))) {
    Str code = json_str(e->body, S("item"));
    for (size_t i = 0; i < s->item_count; i++)
      if (str_eq(s->items[i].code, code)) fold__item(mem, &s->items[i], e);
    if (str_eq(e->kind, S("item.supplemented"))) fold__files_more(mem, s, json_get(e->body, S("files")), e->happened);
    fold__reopen(s, e);
    fold__settle(s, e);
  } else if (str_starts(e->kind, S("stage."))) {
    s->seq = e->seq;
    s->last_by = arena_str(mem, e->actor_name);
    s->last_at = e->happened;
    if (str_eq(e->kind, S("stage.withdrawn"))) items_end(s, e, mem);
    fold__stage(mem, p, s, e);
  }
}

void *project_fold(Arena *mem, void *state, const Event *e) {
  Project *p = state ? state : arena_new(mem, Project);
  p->seq = e->seq;
  if (str_eq(e->kind, S("project.registered"))) fold_registered(mem, p, e);
  if (str_eq(e->kind, S("project.corrected"))) fold_corrected(mem, p, e);
  if (str_eq(e->kind, S("project.completed"))) fold_ended(mem, p, e, PROJECT_COMPLETED);
  if (str_eq(e->kind, S("project.withdrawn"))) fold_ended(mem, p, e, PROJECT_TERMINATED);
  locks__fold(mem, p, e);
  joined__fold(mem, p, e);
  holds__fold(mem, p, e);
  library__fold_survey(mem, p, e);
  if (str_starts(e->kind, S("project.exempt"))) fold__exemption(mem, p, e);
  int n = (int)json_int(e->body, S("stage"), 0);
  if (n >= 1 && n <= STAGE_MAX) fold_of_stage(mem, p, &p->stages[n], e);
  if (n >= 1 && n <= STAGE_MAX) fold__library(mem, p, &p->stages[n], n, e);
  if (str_eq(e->kind, S("stage.lacking-expired"))) p->promise_broken = true;
  fold__cert(mem, p, n >= 1 && n <= STAGE_MAX ? &p->stages[n] : NULL, e);
  fold__document(mem, p, e, n >= 1 && n <= STAGE_MAX ? &p->stages[n] : NULL);
  fold__moment(mem, p, e);
  return p;
}

/* An item of the stage itself was applied for again after all the others had ended. */
void fold__reopen(StageState *s, const Event *e) {
  const ItemState *item = stage_item(s, json_str(e->body, S("item")));
  if (s->status != STAGE_DECIDED || !item || item->parallel || !item_open(item)) return;
  s->status = STAGE_RUNNING;
  s->decided_at = 0;
}

/* The event that settles it may have been entered late: the stage is decided when its last item was. */
void fold__settle(StageState *s, const Event *e) {
  size_t mine = 0, withdrawn = 0;
  int64_t last = e->happened;
  if (s->status != STAGE_RUNNING) return;
  for (size_t i = 0; i < s->item_count; i++) {
    const ItemState *item = &s->items[i];
    if (item->parallel) continue;
    if (item_open(item)) return;
    mine++;
    if (item->status == ITEM_WITHDRAWN) withdrawn++;
    if (item->decided_at > last) last = item->decided_at;
  }
  s->decided_at = last;
  s->status = mine && mine == withdrawn ? STAGE_WITHDRAWN : STAGE_DECIDED;
  if (s->status != STAGE_WITHDRAWN) return;
  s->ended_at = last;
  s->calendar = event__calendar(e);
}
