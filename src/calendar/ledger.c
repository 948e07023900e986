/* SPDX-License-Identifier: Apache-2.0 */
/* ledger.c: a clock told day by day. Each day is asked by itself: who held the clock when it began? */
#include "calendar/calendar.h"

typedef struct Told { /* one clock, item or stage, told alike */
  const Calendar *calendar;
  const ItemClock *items;
  size_t item_count;
  const bool *left_out;
  Day start, upto; /* upto: today or the end */
  int limit;
  bool stage;
} Told;

static bool item_there(const ItemClock *k, Day d) {
  return d.n > k->start.n && (k->end_kind == END_NONE || d.n <= k->end.n);
}

/* Days ahead are those that nobody has lived yet: no pause reaches there. */
static bool pause_holds(const Told *t, const ItemClock *k, const Pause *p, Day d) {
  if (d.n > t->upto.n || p->from.n < k->start.n || p->from.n > t->upto.n || d.n <= p->from.n) return false;
  return p->open || d.n <= p->to.n;
}

/* The pause of one item that holds the day: of several the one opened first. */
static int item_pause(const Told *t, const ItemClock *k, Day d) {
  int first = -1;
  for (size_t i = 0; i < k->pause_count; i++)
    if (pause_holds(t, k, &k->pauses[i], d) && (first < 0 || k->pauses[i].from.n < k->pauses[first].from.n)) first = (int)i;
  return first;
}

/* Who holds a working day. A stage is held by a pause only when items are open and none of them runs. */
static void holder_find(const Told *t, LedgerDay *row) {
  bool open = false;
  for (size_t i = 0; i < t->item_count; i++) {
    const ItemClock *k = &t->items[i];
    if (!item_there(k, row->day)) continue;
    int p = item_pause(t, k, row->day);
    open = true;
    if (p < 0) {
      row->item = row->pause = -1;
      return;
    }
    if (row->item < 0 || k->pauses[p].from.n < t->items[row->item].pauses[row->pause].from.n) {
      row->item = (int)i;
      row->pause = p;
    }
  }
  if (open) row->holder = t->items[row->item].pauses[row->pause].holder;
}

/* The upper platform counts a working day on which an item is there, unless any of its items is paused. */
static bool provincial_counts(const Told *t, Day d) {
  bool there = false;
  if (d.n > t->upto.n) return false;
  for (size_t i = 0; i < t->item_count; i++) {
    const ItemClock *k = &t->items[i];
    if ((t->left_out && t->left_out[i]) || k->end_kind == END_STOPPED || !item_there(k, d)) continue;
    if (item_pause(t, k, d) >= 0) return false;
    there = true;
  }
  return there;
}

static bool open_pause(const Told *t) {
  bool open = false;
  for (size_t i = 0; i < t->item_count; i++) {
    const ItemClock *k = &t->items[i];
    bool paused = false;
    if (k->end_kind != END_NONE || k->start.n > t->upto.n) continue;
    for (size_t n = 0; n < k->pause_count; n++) {
      const Pause *p = &k->pauses[n];
      if (p->from.n >= k->start.n && p->from.n <= t->upto.n && (p->open || p->to.n > t->upto.n)) paused = true;
    }
    if (!paused) return false;
    open = true;
  }
  return open;
}

/* Held by a pause, rest day or not. */
static bool held(const Told *t, Day d) {
  LedgerDay row = {.day = d, .holder = HELD_UNIT, .item = -1, .pause = -1};
  holder_find(t, &row);
  return row.pause >= 0;
}

static LedgerDay day_tell(const Told *t, Day d, int count) {
  LedgerDay row = {.day = d, .work = calendar_is_work(t->calendar, d), .holder = HELD_UNIT, .item = -1, .pause = -1,
                   .provisional = calendar_is_provisional(t->calendar, d), .ahead = d.n > t->upto.n};
  row.reason = calendar_reason(t->calendar, d, &row.notice);
  if (row.work) holder_find(t, &row);
  else row.holder = HELD_NOBODY;
  row.count = count + (row.work && row.holder == HELD_UNIT);
  row.provincial = row.work && provincial_counts(t, d);
  return row;
}

static DayLedger tell(Arena *mem, const Told *t, bool running) {
  size_t cap = 64;
  LedgerDay *list = arena_array(mem, LedgerDay, cap);
  DayLedger out = {0};
  bool stuck = running && open_pause(t), due = t->limit <= 0 && !held(t, (Day){t->start.n + 1});
  int count = 0;
  for (Day d = {t->start.n + 1}; d.n <= t->upto.n || (!stuck && count < t->limit); d.n++) {
    if (out.count == LEDGER_MAX) {
      out.cut = true;
      break;
    }
    if (out.count == cap) {
      LedgerDay *more = arena_array(mem, LedgerDay, cap * 2);
      memcpy(more, list, cap * sizeof *more);
      list = more;
      cap *= 2;
    }
    list[out.count] = day_tell(t, d, count);
    count = list[out.count].count;
    /* With the limit used up it is this day, unless the clock stands still from now on, or for all that is known yet. */
    list[out.count].due = !due && count >= t->limit && !held(t, (Day){d.n + 1}) && !(stuck && d.n == t->upto.n);
    due |= list[out.count++].due;
  }
  out.list = list;
  return out;
}

static Day upto_of(Day start, EndKind kind, Day end, Day today) {
  Day upto = kind == END_NONE ? today : end;
  return upto.n < start.n ? start : upto;
}

DayLedger clock_item_ledger(Arena *mem, const Calendar *c, const ItemClock *k, bool left_out, Day today) {
  Told t = {.calendar = c, .items = k, .item_count = 1, .left_out = &left_out, .start = k->start, .limit = k->limit,
            .upto = upto_of(k->start, k->end_kind, k->end, today)};
  return tell(mem, &t, k->end_kind == END_NONE && today.n >= k->start.n);
}

DayLedger clock_stage_ledger(Arena *mem, const Calendar *c, const StageClock *k, const bool *left_out, Day today) {
  if (k->limit <= 0) return (DayLedger){0};
  Told t = {.calendar = c, .items = k->items, .item_count = k->item_count, .left_out = left_out, .start = k->start,
            .limit = k->limit, .upto = upto_of(k->start, k->end_kind, k->end, today)};
  return tell(mem, &t, k->end_kind == END_NONE && today.n >= k->start.n);
}
