/* SPDX-License-Identifier: Apache-2.0 */
/* fold_item.c: the events of an item. */
#include "approval/approval_int.h"

static Str keep(Arena *mem, const Json *body, Str key) {
  return arena_str(mem, json_str(body, key));
}

static void pause_add(Arena *mem, ItemState *i, const Event *e) {
  if (i->pause_count == i->pause_cap) {
    size_t cap = i->pause_cap ? i->pause_cap * 2 : 2;
    PauseState *more = arena_array(mem, PauseState, cap);
    if (i->pause_count) memcpy(more, i->pauses, i->pause_count * sizeof *more);
    i->pauses = more;
    i->pause_cap = cap;
  }
  PauseState *p = &i->pauses[i->pause_count++];
  *p = (PauseState){.from = e->happened, .cause = keep(mem, e->body, S("cause")), .notice = keep(mem, e->body, S("notice")),
                    .by = arena_str(mem, e->actor_name)};
  if (!day_parse(json_str(e->body, S("planned")), &p->planned)) p->planned = day_of(e->happened);
  i->status = ITEM_PAUSED;
}

/* Until the owner asks for the next visit, whenever that is. */
static void fold_rested(Arena *mem, ItemState *i, const Event *e) {
  pause_add(mem, i, e);
  PauseState *last = &i->pauses[i->pause_count - 1];
  last->planned = (Day){0};
  last->notice = keep(mem, e->body, S("by"));
  last->rest = true;
}

static void pause_close(Arena *mem, ItemState *i, const Event *e) {
  PauseState *last = i->pause_count ? &i->pauses[i->pause_count - 1] : NULL;
  if (!last || last->to) return;
  last->to = e->happened;
  last->ended_by = arena_str(mem, e->actor_name);
  last->ended_how = arena_str(mem, str_sub(e->kind, 5, SIZE_MAX));
}

static void pause_extend(Arena *mem, ItemState *i, const Event *e) {
  PauseState *last = i->pause_count ? &i->pauses[i->pause_count - 1] : NULL;
  if (!last || last->to || !day_parse(json_str(e->body, S("planned")), &last->planned)) return;
  last->notice = keep(mem, e->body, S("notice"));
}

static void fold_returned(Arena *mem, ItemState *i, const Event *e) {
  pause_add(mem, i, e);
  i->status = ITEM_RETURNED;
  i->returns++;
  i->demands = json_obj(mem);
  json_put(mem, i->demands, S("missing"), json_clone(mem, json_get(e->body, S("missing"))));
  json_put_str(mem, i->demands, S("reason"), keep(mem, e->body, S("reason")));
  json_put_str(mem, i->demands, S("by"), arena_str(mem, e->actor_name));
  json_put_int(mem, i->demands, S("at"), e->happened);
}

static void fold_supplemented(Arena *mem, ItemState *i, const Event *e) {
  pause_close(mem, i, e);
  i->status = ITEM_TAKEN;
  if (!i->demands) return;
  json_put_str(mem, i->demands, S("note"), keep(mem, e->body, S("note")));
  json_put_int(mem, i->demands, S("supplied_at"), e->happened);
}

static void fold_decided(Arena *mem, ItemState *i, const Event *e) {
  i->status = str_eq(json_str(e->body, S("result")), S("pass")) ? ITEM_PASSED : ITEM_REFUSED;
  i->opinion = keep(mem, e->body, S("opinion"));
  i->signature = keep(mem, e->body, S("signature"));
  i->article = keep(mem, e->body, S("article"));
  i->decided_at = e->happened;
  i->decided_by = arena_str(mem, e->actor_name);
  i->calendar = event__calendar(e);
}

/* A clock of its own begins; what ran before stays, for the clock of the stage. */
static void fold_reapplied(Arena *mem, ItemState *i, const Event *e) {
  ItemState *run = arena_new(mem, ItemState);
  *run = *i;
  *i = (ItemState){.code = run->code, .name = run->name, .unit = run->unit, .parallel = run->parallel, .outside = run->outside,
                   .before_stage = run->before_stage, .days = run->days, .limit = run->days, .status = ITEM_WAITING, .seq = run->seq,
                   .last_by = run->last_by, .last_at = run->last_at, .start = day_of(e->happened), .opens = run->opens, .again = true,
                   .before = run->status == ITEM_PASSED ? run : run->before, .earlier = run};
}

/* By another unit: no form that the department has open grows old by it. */
static bool fold_urged(Arena *mem, ItemState *i, const Event *e) {
  if (!str_eqz(e->kind, "item.urged")) return false;
  i->urged++;
  i->urged_at = e->happened;
  i->urged_by = arena_str(mem, e->actor_name);
  return true;
}

void fold__item(Arena *mem, ItemState *i, const Event *e) {
  Str kind = str_sub(e->kind, 5, SIZE_MAX);
  if (fold_urged(mem, i, e)) return;
  i->seq = e->seq;
  i->last_by = arena_str(mem, e->actor_name);
  i->last_at = e->happened;
  if (str_eq(kind, S("taken"))) {
    i->status = ITEM_TAKEN;
    i->taken_by = arena_str(mem, e->actor);
    i->taken_name = arena_str(mem, e->actor_name);
    i->taken_at = e->happened;
  }
  if (str_eq(kind, S("paused"))) pause_add(mem, i, e);
  if (str_eq(kind, S("pause-extended"))) pause_extend(mem, i, e);
  if (str_eq(kind, S("returned"))) fold_returned(mem, i, e);
  if (str_eq(kind, S("supplemented"))) fold_supplemented(mem, i, e);
  if (str_eq(kind, S("resumed"))) pause_close(mem, i, e), i->status = ITEM_TAKEN;
  if (str_eq(kind, S("rested"))) fold_rested(mem, i, e);
  if (str_eq(kind, S("moved-on"))) pause_close(mem, i, e), i->status = i->taken_at ? ITEM_TAKEN : ITEM_WAITING;
  if (str_eq(kind, S("extension-asked"))) {
    i->extension_asked = true;
    i->extension_days = (int)json_int(e->body, S("days"), 0);
    i->extension_reason = keep(mem, e->body, S("reason"));
    i->extension_by = arena_str(mem, e->actor_name);
  }
  if (str_eq(kind, S("extended"))) {
    i->extension_asked = false;
    i->extended = true;
    i->limit += (int)json_int(e->body, S("days"), 0);
  }
  if (str_eq(kind, S("extension-refused"))) {
    i->extension_asked = false;
    i->extended = true; /* asked once; a refusal is an answer */
  }
  if (str_eq(kind, S("revoked"))) i->revoked = true;
  bool settled = str_eq(kind, S("settled"));
  if (settled || str_eq(kind, S("decided"))) {
    pause_close(mem, i, e);
    fold_decided(mem, i, e);
  }
  if (settled) i->decided_by = i->signature; /* the event is the system's, the decision is not */
  if (str_eq(kind, S("reapplied"))) fold_reapplied(mem, i, e);
  if (str_eq(kind, S("withdrawn"))) {
    pause_close(mem, i, e);
    i->status = ITEM_WITHDRAWN;
    i->decided_at = e->happened;
    i->withdraw_reason = keep(mem, e->body, S("reason"));
    i->calendar = event__calendar(e);
  }
}
