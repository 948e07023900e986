/* SPDX-License-Identifier: Apache-2.0 */
/* clock.c: the clock of an item, and the reading that items and stages share. */
#include "calendar/calendar_int.h"

/* The n-th counted day after start, gaps left out. */
static Day due_of(const Calendar *c, const Clock *k) {
  Day at = k->start;
  int left = k->limit;
  if (left <= 0) return at;
  for (size_t i = 0; i < k->gap_count; i++) {
    int before = calendar_count(c, at, k->gaps[i].from);
    if (left <= before) break;
    left -= before;
    if (k->gaps[i].to.n > at.n) at = k->gaps[i].to;
  }
  return calendar_add(c, at, left);
}

static void days_share(const Calendar *c, const Clock *k, Reading *r) {
  int counted = calendar_count(c, k->start, k->upto);
  r->gross = k->upto.n > k->start.n ? k->upto.n - k->start.n : 0;
  for (size_t i = 0; i < k->gap_count; i++) {
    int days = calendar_count(c, k->gaps[i].from, k->gaps[i].to);
    r->held[k->gaps[i].holder] += days;
    counted -= days;
  }
  r->used = counted;
  r->held[HELD_UNIT] = counted;
  r->held[HELD_NOBODY] = r->gross - counted - r->held[HELD_APPLICANT] - r->held[HELD_THIRD];
}

Reading clock__read(const Calendar *c, const Clock *k, LampRule rule) {
  Reading r = {.paused = k->paused && k->end_kind == END_NONE};
  days_share(c, k, &r);
  r.left = k->limit - r.used;
  Day due = due_of(c, k); /* an open pause counts as closed today */
  r.has_due = !r.paused;
  if (r.paused) r.due_if_resumed_today = due;
  else r.due = due;
  r.provisional = calendar_is_provisional(c, due);
  r.overdue = k->upto.n > due.n;
  r.overdue_days = r.used > k->limit ? r.used - k->limit : 0;
  if (k->end_kind == END_DONE) r.lamp = LAMP_DONE;
  else if (k->end_kind == END_STOPPED) r.lamp = LAMP_ENDED;
  else if (r.overdue) r.lamp = LAMP_RED;
  else if (r.paused) r.lamp = LAMP_GREY;
  else if (r.left <= rule.warn_days || (int64_t)r.left * rule.warn_of <= k->limit) r.lamp = LAMP_YELLOW;
  else r.lamp = LAMP_GREEN;
  return r;
}

size_t clock__gaps(const Pause *pauses, size_t n, Day start, Day upto, Gap *gaps, bool *open) {
  const Pause *sorted[PAUSES_MAX];
  size_t count = 0, out = 0;
  Day covered = start;
  REQUIRE(n <= PAUSES_MAX);
  *open = false;
  for (size_t i = 0; i < n; i++) {
    if (pauses[i].from.n < start.n || pauses[i].from.n > upto.n) continue;
    if (pauses[i].open) *open = true;
    size_t at = count++;
    /* Stable: of two on one day the one given first was opened first. */
    for (; at && sorted[at - 1]->from.n > pauses[i].from.n; at--) sorted[at] = sorted[at - 1];
    sorted[at] = &pauses[i];
  }
  for (size_t i = 0; i < count; i++) {
    Day from = sorted[i]->from, to = sorted[i]->open || sorted[i]->to.n > upto.n ? upto : sorted[i]->to;
    if (from.n < covered.n) from = covered;
    if (to.n <= from.n) continue;
    gaps[out++] = (Gap){.from = from, .to = to, .holder = sorted[i]->holder};
    covered = to;
  }
  return out;
}

static Day upto_of(Day start, EndKind kind, Day end, Day today) {
  Day upto = kind == END_NONE ? today : end;
  return upto.n < start.n ? start : upto;
}

Reading clock_item(const Calendar *c, const ItemClock *k, Day today, LampRule rule) {
  Gap gaps[PAUSES_MAX];
  Clock clock = {.start = k->start, .limit = k->limit, .gaps = gaps, .end_kind = k->end_kind,
                 .upto = upto_of(k->start, k->end_kind, k->end, today)};
  clock.gap_count = clock__gaps(k->pauses, k->pause_count, k->start, clock.upto, gaps, &clock.paused);
  return clock__read(c, &clock, rule);
}
