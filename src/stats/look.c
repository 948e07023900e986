/* SPDX-License-Identifier: Apache-2.0 */
/* look.c: a record as it was known at the end of a day, and its clock on that day. */
#include "stats/stats_int.h"

enum { LOOK_MEM = 8 << 20 };

Code look__open(Cx *cx, Look *l, Stats *s, Reader *rd, const Policies *ps, Day as_of) {
  Str version = S("");
  int calendar = 0;
  TRY(policy_in_force(cx, reader_views(rd), as_of, &version));
  TRY(calendar_version_on(cx, reader_views(rd), as_of, &calendar));
  *l = (Look){.s = s, .as_of = as_of, .p = policies_at(cx->mem, ps, version, calendar), .mem = arena_open(LOOK_MEM)};
  return OK;
}

void look__close(Look *l) {
  arena_close(l->mem);
  l->mem = NULL;
}

static const Version *version_at(const Look *l, const Record *r) {
  uint16_t known = day__pack(l->as_of);
  const Version *v = AT(&l->s->versions, r->last);
  while (v->known > known) {
    if (!v->before) return NULL;
    v = AT(&l->s->versions, v->before - 1);
  }
  return v;
}

bool look__at(const Look *l, const Record *r, Seen *out) {
  *out = (Seen){.r = r, .v = version_at(l, r)};
  return out->v != NULL;
}

/* ---- clocks -------------------------------------------------------------------------------------------------- */

static EndKind end_of(const Version *v) {
  return v->state == FACT_STOPPED ? END_STOPPED : fact_ended((FactState)v->state) ? END_DONE : END_NONE;
}

static ItemClock item_clock(const Look *l, const Version *v) {
  Pause *pauses = arena_array(l->mem, Pause, (size_t)v->pause_count + 1);
  for (uint32_t i = 0; i < v->pause_count; i++) pauses[i] = *AT(&l->s->pauses, v->pauses + i);
  return (ItemClock){.start = day__unpack(v->start), .dispatched = day__unpack(v->received), .limit = v->limit, .pauses = pauses, .pause_count = v->pause_count, .end_kind = end_of(v),
                     .end = day__unpack(v->ended)};
}

/* What has ended keeps no pauses; inside a stage that runs it counts by the last fact before its end, which does. */
static ItemClock part_clock(const Look *l, const Version *v) {
  const Version *open = v;
  while (fact_ended((FactState)open->state) && open->before) open = AT(&l->s->versions, open->before - 1);
  ItemClock k = item_clock(l, open);
  k.end_kind = end_of(v);
  k.end = day__unpack(v->ended);
  return k;
}

static Reading stage_clock(const Look *l, const Seen *s) {
  size_t n = 0;
  ItemClock *items = arena_array(l->mem, ItemClock, 512);
  for (uint32_t at = *AT(&l->s->first, s->r->project); at && n < 512; at = AT(&l->s->records, at - 1)->next) {
    const Record *r = AT(&l->s->records, at - 1);
    const Version *v;
    if (r->item == STAGE_ITSELF || r->stage != s->r->stage || r->attempt != s->r->attempt || r->flags || !(v = version_at(l, r))) continue;
    items[n++] = part_clock(l, v);
  }
  StageClock k = {.start = day__unpack(s->v->start), .limit = s->v->limit, .items = items, .item_count = n};
  return clock_stage(l->mem, l->p->calendar, &k, l->as_of, l->p->lamp);
}

/* What has ended was measured when it ended. */
static Reading ended_clock(const Look *l, const Seen *s) {
  const Version *v = s->v;
  Reading r = {.used = v->used, .left = v->limit - v->used, .gross = v->gross, .overdue = v->late,
               .lamp = v->state == FACT_STOPPED ? LAMP_ENDED : LAMP_DONE};
  r.held[HELD_UNIT] = v->used;
  r.held[HELD_APPLICANT] = v->applicant;
  r.held[HELD_THIRD] = v->third;
  r.held[HELD_NOBODY] = v->gross - v->used - v->applicant - v->third;
  r.overdue_days = v->late && v->used > v->limit ? v->used - v->limit : 0;
  if (s->r->item != STAGE_ITSELF && v->received) r.before = calendar_count(l->p->calendar, day__unpack(v->start), day__unpack(v->received < v->ended ? v->received : v->ended));
  if (r.before > r.used) r.before = r.used;
  return r;
}

const Reading *seen__clock(const Look *l, Seen *s) {
  if (s->read) return &s->clock;
  s->read = true;
  if (!s->v->start) s->clock = (Reading){.lamp = LAMP_NONE};
  else if (fact_ended((FactState)s->v->state)) s->clock = ended_clock(l, s);
  else if (s->r->item == STAGE_ITSELF) s->clock = stage_clock(l, s);
  else {
    ItemClock k = item_clock(l, s->v);
    s->clock = clock_item(l->p->calendar, &k, l->as_of, l->p->lamp);
  }
  arena_reset(l->mem);
  return &s->clock;
}

bool look__reached(const Look *l, uint32_t project, int stage, Str step) {
  for (uint32_t at = *AT(&l->s->first, project); at; at = AT(&l->s->records, at - 1)->next) {
    const Record *r = AT(&l->s->records, at - 1);
    const Version *v;
    if (r->item != STAGE_ITSELF || r->stage != stage || !(v = version_at(l, r))) continue;
    if (str_eqz(step, "received") && v->received) return true;
    if (str_eqz(step, "accepted") && v->start) return true;
    if (str_eqz(step, "decided") && v->decided) return true;
    if (str_eqz(step, "certified") && v->state == FACT_DONE) return true;
    if (str_eqz(step, "delivered") && v->delivered) return true;
  }
  return false;
}

int64_t reading__field(const Reading *r, StatField f) {
  switch (f) {
    case FIELD_GROSS: return r->gross;
    case FIELD_UNIT: return r->held[HELD_UNIT];
    case FIELD_APPLICANT: return r->held[HELD_APPLICANT];
    case FIELD_THIRD: return r->held[HELD_THIRD];
    case FIELD_REST: return r->held[HELD_NOBODY];
    case FIELD_BEFORE: return r->before;
    case FIELD_OWN: return r->used - r->before;
    case FIELD_COUNT: break;
  }
  return 1;
}

/* ---- percentiles ----------------------------------------------------------------------------------------------- */

__extension__ typedef unsigned __int128 Wide; /* a share in 18 digits times a count */

int stat_percentile(const uint32_t *ended, const uint32_t *running, int days, int percent, int *reached) {
  enum { ONE = 1000000000 };
  uint64_t at_risk = 0, left = (uint64_t)ONE * ONE, bound = (uint64_t)ONE * ONE / 100 * (uint64_t)(100 - percent);
  *reached = 0;
  for (int t = 0; t < days; t++) at_risk += (uint64_t)ended[t] + running[t];
  for (int t = 0; t < days; t++) {
    if (ended[t] || running[t]) *reached = t;
    if (ended[t]) left = (uint64_t)((Wide)left * (at_risk - ended[t]) / at_risk);
    if (ended[t] && left <= bound) return t;
    at_risk -= (uint64_t)ended[t] + running[t];
  }
  return -1;
}
