/* SPDX-License-Identifier: Apache-2.0 */
#include "test_twin.h"

#include <stdio.h>
#include <stdlib.h>

Day at(const char *date) {
  Day d = {0};
  REQUIRE(day_parse(str_of(date), &d));
  return d;
}

int lcg_below(Lcg *g, int n) {
  g->state = g->state * 6364136223846793005u + 1442695040888963407u;
  return (int)((g->state >> 33) % (uint64_t)n);
}

int lcg_in(Lcg *g, int from, int to) {
  return from + lcg_below(g, to - from + 1);
}

/* Days since 2018-01-01, by adding up months. */
static int days_since_2018(int y, int m, int d) {
  static const int months[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int days = d - 1;
  for (int i = 2018; i < y; i++)
    days += i % 4 ? 365 : 366;
  for (int i = 1; i < m; i++)
    days += months[i - 1] + (i == 2 && y % 4 == 0);
  return days;
}

const Twin *twin_load(Test *t, Cx *cx) {
  Twin *w = arena_new(t->mem, Twin);
  Str path = arena_fmt(t->mem, "%.*s/policies/huludao/holidays.csv", SFMT(test_root()));
  REQUIRE(file_read(cx, path, 1 << 20, &w->text) == OK);
  REQUIRE(calendar_load(cx, w->text, &w->calendar) == OK);
  for (const char *p = arena_z(t->mem, w->text); p;
       p = strchr(p, '\n') ? strchr(p, '\n') + 1 : NULL) {
    int y, m, d;
    char kind;
    if (sscanf(p, "%d-%d-%d,%c", &y, &m, &d, &kind) == 4) w->mark[days_since_2018(y, m, d)] = kind;
  }
  return w;
}

bool twin_work(const Twin *w, int day) {
  int i = day - TWIN_FIRST;
  if (i >= 0 && i < TWIN_DAYS && w->mark[i]) return w->mark[i] == 'w';
  int in_week = (day % 7 + 7) % 7;
  return in_week != 2 && in_week != 3; /* 1970-01-03 was a Saturday */
}

bool twin_provisional(int day) {
  return day < TWIN_FIRST || day >= TWIN_FIRST + TWIN_DAYS - 7;
}

int twin_add(const Twin *w, int start, int n) {
  while (n > 0)
    n -= twin_work(w, ++start);
  return start;
}

int twin_count(const Twin *w, int after, int upto) {
  int n = 0;
  for (int d = after + 1; d <= upto; d++)
    n += twin_work(w, d);
  return n;
}

/* ---- who holds a day ---------------------------------------------------------------------- */

static bool covers(const ItemClock *k, const Pause *p, int day, int today) {
  if (p->from.n < k->start.n || day <= p->from.n || p->from.n > today) return false;
  if (k->end_kind != END_NONE && day > k->end.n) return false;
  return p->open || day <= p->to.n;
}

/* The pause that holds the day of an item; NULL when it runs. */
static const Pause *holds(const ItemClock *k, int day, int today) {
  const Pause *first = NULL;
  for (size_t i = 0; i < k->pause_count; i++) {
    const Pause *p = &k->pauses[i];
    if (covers(k, p, day, today) && (!first || p->from.n < first->from.n)) first = p;
  }
  return first;
}

static const Pause *stage_holds(const StageClock *k, int day, int today) {
  const Pause *first = NULL;
  bool open = false;
  for (size_t i = 0; i < k->item_count; i++) {
    const ItemClock *item = &k->items[i];
    if (day <= item->start.n || (item->end_kind != END_NONE && day > item->end.n)) continue;
    const Pause *p = holds(item, day, today);
    if (!p) return NULL;
    open = true;
    if (!first || p->from.n < first->from.n) first = p;
  }
  return open ? first : NULL;
}

static bool item_open_pause(const ItemClock *k, int today) {
  for (size_t i = 0; i < k->pause_count; i++) {
    const Pause *p = &k->pauses[i];
    if (p->from.n >= k->start.n && p->from.n <= today && (p->open || p->to.n > today)) return true;
  }
  return false;
}

static bool stage_paused(const StageClock *k, int today) {
  bool open = false;
  for (size_t i = 0; i < k->item_count; i++) {
    const ItemClock *item = &k->items[i];
    if (item->end_kind != END_NONE || item->start.n > today) continue;
    if (!item_open_pause(item, today)) return false;
    open = true;
  }
  return open;
}

/* ---- readings ----------------------------------------------------------------------------- */

typedef struct Walk {
  const Twin *twin;
  const ItemClock *item; /* one of the two */
  const StageClock *stage;
  int start, limit, today;
  EndKind kind;
  int end;
} Walk;

static const Pause *walk_holds(const Walk *k, int day, int upto) {
  if (day > upto) return NULL;
  return k->item ? holds(k->item, day, upto) : stage_holds(k->stage, day, upto);
}

static int walk_due(const Walk *k, int upto) {
  int day = k->start;
  for (int left = k->limit; left > 0;) {
    day++;
    if (twin_work(k->twin, day) && !walk_holds(k, day, upto)) left--;
  }
  while (walk_holds(k, day + 1, upto)) day++;
  return day;
}

static Lamp walk_lamp(const Walk *k, const Reading *r, LampRule rule) {
  if (k->kind == END_DONE) return LAMP_DONE;
  if (k->kind == END_STOPPED) return LAMP_ENDED;
  if (k->today < k->start) return LAMP_NONE;
  if (r->overdue) return LAMP_RED;
  if (r->paused) return LAMP_GREY;
  if (r->left <= rule.warn_days || (rule.warn_of && r->left * rule.warn_of <= k->limit))
    return LAMP_YELLOW;
  return LAMP_GREEN;
}

static Reading walk_read(const Walk *k, LampRule rule) {
  Reading r = {0};
  bool started = k->kind != END_NONE || k->today >= k->start;
  int upto = k->kind == END_NONE ? k->today : k->end;
  if (upto < k->start) upto = k->start;
  for (int day = k->start + 1; day <= upto; day++) {
    const Pause *p = walk_holds(k, day, upto);
    r.gross++;
    if (!twin_work(k->twin, day))
      r.held[HELD_NOBODY]++;
    else
      r.held[p ? p->holder : HELD_UNIT]++;
  }
  r.used = r.held[HELD_UNIT];
  r.left = k->limit - r.used;
  if (k->kind == END_NONE && started)
    r.paused = k->item ? item_open_pause(k->item, upto) : stage_paused(k->stage, upto);
  int due = walk_due(k, upto);
  r.has_due = !r.paused;
  if (r.paused)
    r.due_if_resumed_today = (Day){due};
  else
    r.due = (Day){due};
  r.provisional = twin_provisional(due);
  r.overdue = upto > due;
  r.overdue_days = r.used > k->limit ? r.used - k->limit : 0;
  r.lamp = walk_lamp(k, &r, rule);
  return r;
}

Reading twin_item(const Twin *w, const ItemClock *k, int today, LampRule rule) {
  return walk_read(&(Walk){.twin = w,
                           .item = k,
                           .start = k->start.n,
                           .limit = k->limit,
                           .today = today,
                           .kind = k->end_kind,
                           .end = k->end.n},
                   rule);
}

Reading twin_stage(const Twin *w, const StageClock *k, int today, LampRule rule) {
  if (k->limit == 0) return (Reading){.lamp = LAMP_NONE};
  return walk_read(&(Walk){.twin = w,
                           .stage = k,
                           .start = k->start.n,
                           .limit = k->limit,
                           .today = today,
                           .kind = k->end_kind,
                           .end = k->end.n},
                   rule);
}

/* ---- the upper platform --------------------------------------------------------------------- */

/* 1 the day lies in the item's interval, 2 and it is paused, 0 not there. */
static int provincial_there(const ItemClock *k, bool left_out, int day, int today) {
  int upto = k->end_kind != END_NONE && k->end.n < today ? k->end.n : today;
  if (left_out || k->end_kind == END_STOPPED || day <= k->start.n || day > upto) return 0;
  return holds(k, day, upto) ? 2 : 1;
}

int twin_item_provincial(const Twin *w, const ItemClock *k, bool left_out, int today) {
  int n = 0;
  if (left_out || k->end_kind == END_STOPPED || today < k->start.n) return -1;
  for (int day = k->start.n + 1; day <= today; day++)
    n += twin_work(w, day) && provincial_there(k, left_out, day, today) == 1;
  return n;
}

int twin_stage_provincial(const Twin *w, const StageClock *k, const bool *left_out, int today) {
  int n = 0;
  if (k->limit == 0) return -1;
  for (int day = k->start.n - 100; day <= today; day++) {
    int there = 0;
    for (size_t i = 0; i < k->item_count && there < 2; i++) {
      int one = provincial_there(&k->items[i], left_out[i], day, today);
      if (one > there) there = one;
    }
    n += twin_work(w, day) && there == 1;
  }
  return n;
}

static void reading_print(const char *name, const Reading *r) {
  fprintf(stderr,
          "    %s: paused %d due %d/%d prov %d used %d left %d gross %d held %d %d %d %d over %d "
          "%d lamp %d\n",
          name, r->paused, r->has_due ? r->due.n : 0, r->due_if_resumed_today.n, r->provisional,
          r->used, r->left, r->gross, r->held[HELD_UNIT], r->held[HELD_APPLICANT],
          r->held[HELD_THIRD], r->held[HELD_NOBODY], r->overdue, r->overdue_days, (int)r->lamp);
}

bool twin_same(Test *t, const Reading *got, const Reading *want, unsigned seed) {
  int sum = 0;
  bool same =
      got->paused == want->paused && got->has_due == want->has_due && got->due.n == want->due.n &&
      got->due_if_resumed_today.n == want->due_if_resumed_today.n &&
      got->provisional == want->provisional && got->used == want->used && got->left == want->left &&
      got->gross == want->gross && got->overdue == want->overdue &&
      got->overdue_days == want->overdue_days && got->lamp == want->lamp;
  for (int h = 0; h < HOLDER__MAX; h++) {
    same = same && got->held[h] == want->held[h];
    sum += got->held[h];
  }
  same = same && sum == got->gross && got->held[HELD_UNIT] == got->used;
  EXPECT(same);
  if (same) return true;
  fprintf(stderr, "    history %u\n", seed);
  reading_print("got ", got);
  reading_print("want", want);
  return false;
}
