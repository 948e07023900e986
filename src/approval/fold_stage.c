/* SPDX-License-Identifier: Apache-2.0 */
/* fold_stage.c: the events of a stage. */
#include "approval/approval_int.h"

static Str keep(Arena *mem, const Json *body, Str key) {
  return arena_str(mem, json_str(body, key));
}

static void files_read(Arena *mem, const Json *list, int64_t at, FileRef **out, size_t *count, size_t *cap) {
  size_t n = 0;
  *count = *cap = list ? list->count : 0;
  *out = arena_array(mem, FileRef, *cap + 1);
  for (const Json *f = list ? list->first : NULL; f; f = f->next)
    (*out)[n++] = (FileRef){.material = keep(mem, f, S("material")), .blob = keep(mem, f, S("blob")),
                            .name = keep(mem, f, S("name")), .size = json_int(f, S("size"), 0),
                            .reused_from = (int)json_int(f, S("reused_from"), 0), .at = at,
                            .from_project = json_int(f, S("from_project"), 0), .source = keep(mem, f, S("source"))};
}

/* What came later stands behind what came before. */
void fold__files_more(Arena *mem, StageState *s, const Json *list, int64_t at) {
  FileRef *more = NULL;
  size_t count = 0, cap = 0;
  files_read(mem, list, at, &more, &count, &cap);
  if (!count) return;
  FileRef *all = arena_array(mem, FileRef, s->file_count + count);
  if (s->file_count) memcpy(all, s->files, s->file_count * sizeof *all);
  memcpy(all + s->file_count, more, count * sizeof *all);
  s->files = all;
  s->file_count += count;
  s->file_cap = s->file_count;
}

static void draft_clear(StageState *s) {
  s->draft = NULL;
  s->draft_at = 0;
  s->draft_files = NULL;
  s->draft_file_count = s->draft_file_cap = 0;
}

/* A new attempt keeps what passed and what still runs beside; the rest is asked again. */
static void attempt_begin(StageState *s, int attempt) {
  size_t out = 0;
  for (size_t i = 0; i < s->item_count; i++) {
    ItemState *item = &s->items[i];
    if (item->status != ITEM_PASSED && !item_open(item)) continue;
    if (!item->kept_from) item->kept_from = attempt - 1;
    s->items[out++] = *item;
  }
  StageState kept = {.items = s->items, .item_count = out, .item_cap = s->item_cap, .seq = s->seq,
                     .last_by = s->last_by, .last_at = s->last_at, .attempt = attempt, .former = s->former};
  *s = kept;
}

static void fold_submitted(Arena *mem, Project *p, StageState *s, const Event *e) {
  int attempt = (int)json_int(e->body, S("attempt"), 1);
  const Json *facts = json_get(e->body, S("facts"));
  if (attempt != s->attempt) attempt_begin(s, attempt);
  s->status = STAGE_SUBMITTED;
  s->not_accepted = false;
  s->corrected_form = str_eq(e->kind, S("stage.corrected")) ? s->form : NULL;
  s->form = json_clone(mem, json_get(e->body, S("form")));
  files_read(mem, json_get(e->body, S("files")), e->happened, &s->files, &s->file_count, &s->file_cap);
  s->cites = json_get(e->body, S("cites")) ? json_clone(mem, json_get(e->body, S("cites"))) : NULL;
  s->region = json_get(e->body, S("region")) ? json_clone(mem, json_get(e->body, S("region"))) : NULL;
  s->receipt = keep(mem, e->body, S("receipt"));
  s->submitted_at = e->happened;
  s->form_version = keep(mem, e->body, S("policy"));
  if (facts) p->facts = json_clone(mem, facts);
  fold__lacking(mem, s, e);
  answers__fold(mem, s, e);
  draft_clear(s);
}

static void fold_accepted(Arena *mem, StageState *s, const Event *e) {
  s->status = STAGE_ACCEPTED;
  s->deemed = json_bool(e->body, S("deemed"));
  s->accepted_at = e->happened;
  if (!day_parse(json_str(e->body, S("day")), &s->accepted_on)) s->accepted_on = day_of(e->happened);
  s->accepted_by = arena_str(mem, e->actor_name);
  s->policy_version = keep(mem, e->body, S("policy"));
  s->limit = (int)json_int(e->body, S("limit"), 0);
  s->plan = json_clone(mem, json_get(e->body, S("items")));
  s->dropped = json_get(e->body, S("dropped")) ? json_clone(mem, json_get(e->body, S("dropped"))) : NULL;
}

static void fold_slip(Arena *mem, StageState *s, const Event *e) {
  s->status = STAGE_SLIP;
  s->slip = json_obj(mem);
  json_put_str(mem, s->slip, S("no"), keep(mem, e->body, S("no")));
  json_put(mem, s->slip, S("items"), json_clone(mem, json_get(e->body, S("items"))));
  json_put_str(mem, s->slip, S("opinion"), keep(mem, e->body, S("opinion")));
  json_put_str(mem, s->slip, S("by"), arena_str(mem, e->actor_name));
  json_put_str(mem, s->slip, S("who"), arena_str(mem, e->actor));
  json_put_int(mem, s->slip, S("at"), e->happened);
  json_put_str(mem, s->slip, S("at_cn"), time_cn(mem, e->happened));
  s->return_reason = S("");
}

/* Room for just those of the plan: an item takes 368 bytes, and nearly all stages are dispatched once. */
static void items_room(Arena *mem, StageState *s, size_t more) {
  size_t cap = s->item_count + more;
  if (cap <= s->item_cap) return;
  ItemState *items = arena_array(mem, ItemState, cap);
  if (s->item_count) memcpy(items, s->items, s->item_count * sizeof *items);
  s->items = items;
  s->item_cap = cap;
}

static void fold_dispatched(Arena *mem, StageState *s, const Event *e) {
  s->status = STAGE_RUNNING;
  s->dispatched_at = e->happened;
  if (s->slip) {
    json_put_str(mem, s->slip, S("head"), arena_str(mem, e->actor_name));
    json_put_str(mem, s->slip, S("head_opinion"), keep(mem, e->body, S("opinion")));
    json_put_int(mem, s->slip, S("head_at"), e->happened);
  }
  items_room(mem, s, s->plan ? s->plan->count : 0);
  for (const Json *i = s->plan ? s->plan->first : NULL; i; i = i->next) {
    ItemState *item = &s->items[s->item_count++];
    *item = (ItemState){.code = keep(mem, i, S("code")), .name = keep(mem, i, S("name")), .unit = keep(mem, i, S("unit")),
                        .parallel = json_bool(i, S("parallel")), .outside = json_bool(i, S("outside")),
                        .before_stage = (int)json_int(i, S("before_stage"), 0), .days = (int)json_int(i, S("days"), 1),
                        .status = ITEM_WAITING, .seq = e->seq, .last_at = e->happened, .start = s->accepted_on, .dispatched = day_of(e->happened)};
    item->limit = item->days;
    item->last_by = arena_str(mem, e->actor_name);
    item->opens = json_str(i, S("opens")).len > 0;
    if (!item->opens) continue;
    item->status = ITEM_HELD;
    item->start = item->dispatched = (Day){0};
  }
  fold__settle(s, e);
}

/* What the next application is held against. Its parts are never changed, so they are shared. */
static void former_keep(Arena *mem, StageState *s, const Event *e, const Json *why) {
  Json *o = json_obj(mem);
  json_put_str(mem, o, S("receipt"), s->receipt);
  json_put_int(mem, o, S("at"), e->happened);
  json_put_int(mem, o, S("seq"), e->seq);
  json_put_bool(mem, o, S("declined"), s->not_accepted);
  json_put(mem, o, S("why"), why);
  json_put(mem, o, S("form"), s->form);
  json_put(mem, o, S("plan"), s->plan);
  s->former = o;
}

static void fold_end(Arena *mem, StageState *s, const Event *e) {
  s->status = STAGE_WITHDRAWN;
  s->not_accepted = str_eq(e->kind, S("stage.not-accepted"));
  s->ended_at = e->happened;
  s->calendar = event__calendar(e);
  s->end_reason = keep(mem, e->body, S("reason"));
  s->declined = s->not_accepted ? json_clone(mem, e->body) : NULL;
  if (s->not_accepted) former_keep(mem, s, e, s->declined);
}

static void fold_refused(Arena *mem, StageState *s, const Event *e) {
  s->status = STAGE_REFUSED;
  s->ended_at = e->happened;
  s->calendar = event__calendar(e);
  s->refusal = json_clone(mem, e->body);
  json_put_str(mem, s->refusal, S("by"), arena_str(mem, e->actor_name));
  json_put_int(mem, s->refusal, S("at"), e->happened);
  former_keep(mem, s, e, s->refusal);
}

static void fold_certified(Arena *mem, StageState *s, const Event *e) {
  s->status = STAGE_CERTIFIED;
  s->certificate = keep(mem, e->body, S("certificate"));
  s->certified_at = e->happened;
  s->calendar = event__calendar(e);
  s->certified_by = arena_str(mem, e->actor_name);
  for (size_t i = 0; i < s->item_count; i++) {
    ItemState *item = &s->items[i];
    if (item->status != ITEM_HELD) continue;
    item->status = ITEM_WAITING;
    item->start = day_of(e->happened);
    item->seq = e->seq;
    item->last_by = s->certified_by;
    item->last_at = e->happened;
  }
}

static void fold_posted(Arena *mem, StageState *s, const Event *e) {
  s->posted_at = e->happened;
  s->posted_letter = keep(mem, e->body, S("letter"));
}

static void fold_delivered(Arena *mem, Project *p, StageState *s, const Event *e) {
  s->status = STAGE_DELIVERED;
  s->delivered_at = e->happened;
  s->delivered_how = keep(mem, e->body, S("how"));
  s->delivered_to = keep(mem, e->body, S("to"));
  s->delivered_letter = keep(mem, e->body, S("letter"));
  s->delivered_day = json_str(e->body, S("on")).len > 0;
  fold__open_next(p);
}

static void fold_draft(Arena *mem, StageState *s, const Event *e) {
  s->draft = json_obj(mem);
  json_put(mem, s->draft, S("form"), json_clone(mem, json_get(e->body, S("form"))));
  if (json_get(e->body, S("cites"))) json_put(mem, s->draft, S("cites"), json_clone(mem, json_get(e->body, S("cites"))));
  if (json_get(e->body, S("lacking"))) json_put(mem, s->draft, S("lacking"), json_clone(mem, json_get(e->body, S("lacking"))));
  if (json_get(e->body, S("answers"))) json_put(mem, s->draft, S("answers"), json_clone(mem, json_get(e->body, S("answers"))));
  s->draft_at = e->happened;
  files_read(mem, json_get(e->body, S("files")), e->happened, &s->draft_files, &s->draft_file_count, &s->draft_file_cap);
}

/* One report a unit: the last word counts. */
static void fold_reported(Arena *mem, StageState *s, const Event *e) {
  Json *old = s->reports, *all = json_arr(mem);
  Str unit = json_str(e->body, S("unit"));
  for (Json *r = old ? old->first : NULL; r; r = r->next)
    if (!str_eq(json_str(r, S("unit")), unit)) json_push(mem, all, r);
  Json *one = json_push_obj(mem, all);
  json_put_str(mem, one, S("unit"), arena_str(mem, unit));
  json_put(mem, one, S("missing"), json_clone(mem, json_get(e->body, S("missing"))));
  json_put_str(mem, one, S("by"), arena_str(mem, e->actor_name));
  json_put_int(mem, one, S("at"), e->happened);
  json_put_bool(mem, one, S("late"), json_bool(e->body, S("late")));
  s->reports = all;
}

static void fold_notice(Arena *mem, StageState *s, const Event *e) {
  s->status = STAGE_CORRECTION;
  s->noticed = true;
  s->notice = json_clone(mem, e->body);
  json_put_str(mem, s->notice, S("by"), arena_str(mem, e->actor_name));
  json_put_int(mem, s->notice, S("at"), e->happened);
}

void fold__stage(Arena *mem, Project *p, StageState *s, const Event *e) {
  Str kind = str_sub(e->kind, 6, SIZE_MAX);
  ties__fold(mem, s, e);
  if (str_eq(kind, S("draft-saved"))) fold_draft(mem, s, e);
  confirm__fold(mem, s, e);
  if (str_eq(kind, S("submitted")) || str_eq(kind, S("corrected"))) fold_submitted(mem, p, s, e);
  if (str_eq(kind, S("supplied")) || str_eq(kind, S("lacking-expired"))) fold__lacking(mem, s, e);
  if (str_eq(kind, S("supplied"))) fold__files_more(mem, s, json_get(e->body, S("files")), e->happened);
  if (str_eq(kind, S("reported"))) fold_reported(mem, s, e);
  if (str_eq(kind, S("correction-requested"))) fold_notice(mem, s, e);
  if (str_eq(kind, S("accepted"))) fold_accepted(mem, s, e);
  if (str_eq(kind, S("not-accepted")) || str_eq(kind, S("withdrawn"))) fold_end(mem, s, e);
  if (str_eq(kind, S("slip-drafted"))) fold_slip(mem, s, e);
  if (str_eq(kind, S("slip-returned"))) {
    s->status = STAGE_ACCEPTED;
    s->return_reason = keep(mem, e->body, S("reason"));
  }
  if (str_eq(kind, S("dispatched"))) fold_dispatched(mem, s, e);
  if (str_eq(kind, S("certified"))) fold_certified(mem, s, e);
  if (str_eq(kind, S("posted"))) fold_posted(mem, s, e);
  if (str_eq(kind, S("delivered"))) fold_delivered(mem, p, s, e);
  if (str_eq(kind, S("refused"))) fold_refused(mem, s, e);
}
