/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clock.c: the meter that every clock uses, the clock of an item, month clocks and deemed
 * acceptance. The meter goes from gap to gap; what lies between two gaps is one subtraction in the
 * calendar.
 */
#include "calendar/calendar_int.h"

/* ---- the meter ---------------------------------------------------------------------------- */

Meter meter__open(const Calendar *c, Day start, int limit) {
  bool at_once = limit <= 0; /* 即办件 */
  return (Meter){.calendar = c,
                 .start = start,
                 .at = start,
                 .limit = limit,
                 .due_known = at_once,
                 .due = start};
}

static void meter_run(Meter *m, Day upto) {
  int days = calendar_count(m->calendar, m->at, upto);
  if (!m->due_known && m->used + days >= m->limit) {
    m->due = calendar_add(m->calendar, m->at, m->limit - m->used);
    m->due_known = true;
  }
  m->used += days;
  if (upto.n > m->at.n) m->at = upto;
}

/* A pause that begins on the due day takes it along: until its last day nothing more of the limit is used. */
void meter__gap(Meter *m, Gap gap) {
  meter_run(m, gap.from);
  if (m->due_known && m->due.n == gap.from.n && gap.to.n > gap.from.n) m->due = gap.to;
  m->held[gap.holder] += calendar_count(m->calendar, m->at, gap.to);
  if (gap.to.n > m->at.n) m->at = gap.to;
}

Reading meter__read(Meter *m, const Stand *s, LampRule rule) {
  meter_run(m, s->upto);
  /* An open pause reaches to today, so under it this is the due day if resumed today. */
  Day due = m->due_known ? m->due : calendar_add(m->calendar, m->at, m->limit - m->used);
  Reading r = {
      .paused = s->paused, .has_due = !s->paused, .used = m->used, .left = m->limit - m->used};
  if (r.paused)
    r.due_if_resumed_today = due;
  else
    r.due = due;
  r.provisional = calendar_is_provisional(m->calendar, due);
  r.gross = s->upto.n - m->start.n;
  r.held[HELD_UNIT] = m->used;
  r.held[HELD_APPLICANT] = m->held[HELD_APPLICANT];
  r.held[HELD_THIRD] = m->held[HELD_THIRD];
  r.held[HELD_NOBODY] = r.gross - calendar_count(m->calendar, m->start, s->upto);
  r.stalled = s->paused ? s->stalled : 0;
  r.overdue = s->upto.n > due.n;
  r.overdue_days = r.left < 0 ? -r.left : 0;
  r.lamp = lamp__of(&r, s, m->limit, rule);
  return r;
}

Day clock__upto(Day start, EndKind kind, Day end, Day today) {
  Day upto = kind == END_NONE ? today : end;
  return upto.n < start.n ? start : upto;
}

/* ---- pauses ------------------------------------------------------------------------------- */

bool pause__counts(const Pause *p, Day start, Day upto) {
  return p->from.n >= start.n && p->from.n <= upto.n;
}

Day pause__to(const Pause *p, Day upto) {
  return p->open || p->to.n > upto.n ? upto : p->to;
}

PauseWalk pauses__walk(const ItemClock *k, Day upto) {
  PauseWalk w = {.list = k->pauses,
                 .count = k->pause_count,
                 .start = k->start,
                 .upto = upto,
                 .covered = k->start,
                 .sorted = true};
  for (size_t i = 0; i < w.count; i++) {
    const Pause *p = &w.list[i];
    REQUIRE(p->holder == HELD_APPLICANT || p->holder == HELD_THIRD);
    if (i && p->from.n < w.list[i - 1].from.n) w.sorted = false;
    if (!pause__counts(p, k->start, upto) || (!p->open && p->to.n <= upto.n)) continue;
    w.open = true;
    if (p->planned.n && upto.n - p->planned.n > w.stalled) w.stalled = upto.n - p->planned.n;
  }
  return w;
}

static const Pause *in_order(PauseWalk *w) {
  while (w->next < w->count) {
    const Pause *p = &w->list[w->next++];
    if (pause__counts(p, w->start, w->upto)) return p;
  }
  return NULL;
}

/* The pause opened next after the last one; of two on one day the one given first. */
static const Pause *by_search(PauseWalk *w) {
  const Pause *best = NULL;
  for (size_t i = 0; i < w->count; i++) {
    const Pause *p = &w->list[i];
    if (!pause__counts(p, w->start, w->upto)) continue;
    bool after =
        !w->last || p->from.n > w->last->from.n || (p->from.n == w->last->from.n && p > w->last);
    if (after && (!best || p->from.n < best->from.n)) best = p;
  }
  w->last = best;
  return best;
}

bool pauses__next(PauseWalk *w, Gap *gap) {
  const Pause *p;
  while ((p = w->sorted ? in_order(w) : by_search(w))) {
    Day from = p->from.n > w->covered.n ? p->from : w->covered, to = pause__to(p, w->upto);
    if (to.n <= from.n) continue;
    w->covered = to;
    *gap = (Gap){.from = from, .to = to, .holder = p->holder};
    return true;
  }
  return false;
}

/* ---- the clocks --------------------------------------------------------------------------- */

Reading clock_item(const Calendar *c, const ItemClock *k, Day today, LampRule rule) {
  Stand s = {.started = k->end_kind != END_NONE || today.n >= k->start.n,
             .end_kind = k->end_kind,
             .upto = clock__upto(k->start, k->end_kind, k->end, today)};
  Meter m = meter__open(c, k->start, k->limit);
  if (s.started) {
    Gap gap;
    PauseWalk w = pauses__walk(k, s.upto);
    while (pauses__next(&w, &gap))
      meter__gap(&m, gap);
    s.paused = w.open && k->end_kind == END_NONE;
    s.stalled = w.stalled;
  }
  Reading r = meter__read(&m, &s, rule);
  if (k->dispatched.n) r.before = calendar_count(c, k->start, day__earlier(k->dispatched, s.upto));
  if (r.before > r.used) r.before = r.used;
  return r;
}

Day clock_months(const Calendar *c, Day start, int months) {
  REQUIRE(months >= 0 && months <= 12000);
  int y, m, d;
  day_split(start, &y, &m, &d);
  int month = y * 12 + m - 1 + months;
  Day first = day_ymd(month / 12, month % 12 + 1, 1);
  Day next = day_ymd((month + 1) / 12, (month + 1) % 12 + 1, 1);
  int last = next.n - first.n;
  return calendar_next_work(c, (Day){first.n + (d < last ? d : last) - 1});
}

Day clock_deemed_from(const Calendar *c, Day receipt, int n) {
  return (Day){calendar_add(c, receipt, n).n + 1};
}
