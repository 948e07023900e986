/* SPDX-License-Identifier: Apache-2.0 */
/* The day ledger adds up to the clocks, and the upper platform's figure is what its slow twin says. */
#include "history.h"

#include <stdio.h>

/* What a ledger adds up to, day by day, up to today or the end. */
typedef struct Sum {
  int used, gross, provincial, dues, held[HOLDER__MAX];
  Day due;
} Sum;

static Sum ledger_sum(Test *t, const DayLedger *l, Day start) {
  Sum s = {0};
  int last = 0;
  bool ordered = true;
  for (size_t i = 0; i < l->count; i++) {
    const LedgerDay *row = &l->list[i];
    bool counts = row->work && row->holder == HELD_UNIT;
    ordered = ordered && row->day.n == start.n + 1 + (int)i && row->count == last + counts;
    ordered = ordered && (row->holder == HELD_NOBODY) == !row->work && (row->pause >= 0) == (row->item >= 0);
    ordered = ordered && (row->pause >= 0) == (row->holder == HELD_APPLICANT || row->holder == HELD_THIRD);
    ordered = ordered && !(row->ahead && (row->provincial || row->pause >= 0));
    last = row->count;
    if (row->due) s.dues++, s.due = row->day;
    if (row->ahead) continue;
    s.used = row->count;
    s.gross++;
    s.held[row->holder]++;
    s.provincial += row->provincial;
  }
  EXPECT(ordered && !l->cut);
  return s;
}

/* Every reading can be had from the ledger with a pencil. */
static bool ledger_fits(Test *t, const DayLedger *l, const Reading *r, Day start, int limit, unsigned seed) {
  Sum s = ledger_sum(t, l, start);
  bool fits = s.used == r->used && s.gross == r->gross && s.dues <= 1;
  for (int h = 0; h < HOLDER__MAX; h++) fits = fits && s.held[h] == r->held[h];
  if (limit > 0 && !r->paused) fits = fits && s.dues == 1 && s.due.n == r->due.n;
  /* Under an open pause only a due day that had passed before can stand. */
  if (r->paused && limit > 0) fits = fits && s.dues == r->overdue;
  if (r->paused && s.dues) fits = fits && s.due.n == r->due_if_resumed_today.n;
  EXPECT(fits && t->bad == 0);
  if (fits && t->bad == 0) return true;
  fprintf(stderr, "    history %u: used %d/%d gross %d/%d dues %d due %d/%d paused %d limit %d\n", seed, s.used, r->used, s.gross,
          r->gross, s.dues, s.due.n, r->due.n, r->paused, limit);
  return false;
}

TEST(the_ledger_of_random_items_adds_up_to_their_readings) {
  const Twin *w = twin_load(t, cx);
  SCOPED(arena_close_p) Arena *scratch = arena_open(32 << 20);
  int paused = 0, ahead = 0;
  for (unsigned seed = 1; seed <= histories(10000); seed++) {
    Lcg g = {seed};
    Pause pauses[HISTORY_PAUSES];
    ItemClock k = history_item(&g, pauses);
    Day today = {k.start.n + lcg_in(&g, -4, 90)};
    DayLedger l = clock_item_ledger(scratch, w->calendar, &k, false, today);
    Reading r = clock_item(w->calendar, &k, today, lamp_rule_default);
    if (!ledger_fits(t, &l, &r, k.start, k.limit, seed)) return;
    paused += r.paused;
    ahead += l.count && l.list[l.count - 1].ahead;
    arena_reset(scratch);
  }
  EXPECT(paused > 500 && ahead > 500);
}

TEST(the_ledger_of_random_stages_adds_up_to_their_readings) {
  const Twin *w = twin_load(t, cx);
  SCOPED(arena_close_p) Arena *scratch = arena_open(32 << 20);
  int paused = 0, held = 0;
  for (unsigned seed = 1; seed <= histories(10000); seed++) {
    Lcg g = {seed};
    History h;
    StageClock k = history_stage(&g, &h);
    Day today = {k.start.n + lcg_in(&g, -3, 80)};
    DayLedger l = clock_stage_ledger(scratch, w->calendar, &k, NULL, today);
    Reading r = clock_stage(scratch, w->calendar, &k, today, lamp_rule_default);
    if (k.limit == 0) EXPECT_INT(l.count, 0);
    else if (!ledger_fits(t, &l, &r, k.start, k.limit, seed)) return;
    paused += r.paused;
    held += r.held[HELD_APPLICANT] > 0;
    arena_reset(scratch);
  }
  EXPECT(paused > 200 && held > 500);
}

TEST(the_provincial_figure_of_random_items_is_what_the_slow_twin_says) {
  const Twin *w = twin_load(t, cx);
  int none = 0, bad = 0;
  for (unsigned seed = 1; seed <= histories(10000) && !bad; seed++) {
    Lcg g = {seed};
    Pause pauses[HISTORY_PAUSES];
    ItemClock k = history_item(&g, pauses);
    Day today = {k.start.n + lcg_in(&g, -4, 90)};
    bool left_out = lcg_below(&g, 5) == 0;
    int got = clock_item_provincial(w->calendar, &k, left_out, today);
    bad += got != twin_item_provincial(w, &k, left_out, today.n);
    none += got < 0;
    if (bad) fprintf(stderr, "    history %u: %d\n", seed, got);
  }
  EXPECT_INT(bad, 0);
  EXPECT(none > 500);
}

TEST(the_provincial_figure_of_random_stages_is_what_the_slow_twin_says) {
  const Twin *w = twin_load(t, cx);
  SCOPED(arena_close_p) Arena *scratch = arena_open(32 << 20);
  int below = 0, bad = 0;
  for (unsigned seed = 1; seed <= histories(10000) && !bad; seed++) {
    Lcg g = {seed};
    History h;
    bool left_out[HISTORY_ITEMS];
    StageClock k = history_stage(&g, &h);
    Day today = {k.start.n + lcg_in(&g, -3, 80)};
    for (size_t i = 0; i < k.item_count; i++) left_out[i] = lcg_below(&g, 4) == 0;
    int got = clock_stage_provincial(scratch, w->calendar, &k, left_out, today);
    bad += got != twin_stage_provincial(w, &k, left_out, today.n);
    if (bad) fprintf(stderr, "    history %u: %d\n", seed, got);
    below += got >= 0 && got < clock_stage(scratch, w->calendar, &k, today, lamp_rule_default).used;
    arena_reset(scratch);
  }
  EXPECT_INT(bad, 0);
  EXPECT(below > 1000); /* the two figures do differ */
}

/* As the engine lets them come about, the ledger's marks are the whole figure, and no more than ours. */
TEST(the_provincial_marks_of_a_ledger_are_the_provincial_figure) {
  const Twin *w = twin_load(t, cx);
  SCOPED(arena_close_p) Arena *scratch = arena_open(32 << 20);
  int bad = 0;
  for (unsigned seed = 1; seed <= histories(10000) && !bad; seed++) {
    Lcg g = {seed};
    History h;
    bool left_out[HISTORY_ITEMS];
    StageClock k = history_stage(&g, &h);
    Day today = {k.start.n + lcg_in(&g, 0, 80)};
    k.limit++;
    history_settle(&k, &h, today);
    for (size_t i = 0; i < k.item_count; i++) left_out[i] = lcg_below(&g, 4) == 0;
    DayLedger l = clock_stage_ledger(scratch, w->calendar, &k, left_out, today);
    Sum s = ledger_sum(t, &l, k.start);
    bad += s.provincial != clock_stage_provincial(scratch, w->calendar, &k, left_out, today) || s.provincial > s.used;
    if (bad) fprintf(stderr, "    stage %u: marks %d used %d\n", seed, s.provincial, s.used);
    for (size_t i = 0; i < k.item_count && !bad; i++) {
      int figure = clock_item_provincial(w->calendar, &k.items[i], left_out[i], today);
      DayLedger one = clock_item_ledger(scratch, w->calendar, &k.items[i], left_out[i], today);
      bad += ledger_sum(t, &one, k.items[i].start).provincial != (figure < 0 ? 0 : figure);
      if (bad) fprintf(stderr, "    stage %u item %zu: figure %d\n", seed, i, figure);
    }
    arena_reset(scratch);
  }
  EXPECT_INT(bad, 0);
}

/* ---- one case by hand ----------------------------------------------------------------------------- */

TEST(a_ledger_told_by_hand) {
  static const struct {
    const char *day, *reason;
    bool work;
    Holder holder;
    int count;
    bool due, ahead;
  } want[] = {
      {"2019-09-28", "周六", false, HELD_NOBODY, 0, false, false},
      {"2019-09-29", "调休上班（国庆节）", true, HELD_UNIT, 1, false, false},
      {"2019-09-30", "工作日", true, HELD_THIRD, 1, false, false},
      {"2019-10-01", "国庆节", false, HELD_NOBODY, 1, false, false},
      {"2019-10-02", "国庆节", false, HELD_NOBODY, 1, false, false},
      {"2019-10-03", "国庆节", false, HELD_NOBODY, 1, false, false},
      {"2019-10-04", "国庆节", false, HELD_NOBODY, 1, false, false},
      {"2019-10-05", "国庆节", false, HELD_NOBODY, 1, false, false},
      {"2019-10-06", "国庆节", false, HELD_NOBODY, 1, false, false},
      {"2019-10-07", "国庆节", false, HELD_NOBODY, 1, false, false},
      {"2019-10-08", "工作日", true, HELD_UNIT, 2, false, false},
      {"2019-10-09", "工作日", true, HELD_UNIT, 3, true, true},
  };
  const Calendar *c = twin_load(t, cx)->calendar;
  const Pause p[] = {{.from = at("2019-09-29"), .to = at("2019-09-30"), .holder = HELD_THIRD}};
  ItemClock k = {.start = at("2019-09-27"), .limit = 3, .pauses = p, .pause_count = 1};
  DayLedger l = clock_item_ledger(t->mem, c, &k, false, at("2019-10-08"));
  EXPECT_INT(l.count, COUNT(want));
  for (size_t i = 0; i < COUNT(want) && i < l.count; i++) {
    const LedgerDay *row = &l.list[i];
    EXPECT_STR(day_str(t->mem, row->day), str_of(want[i].day));
    EXPECT_STR(row->reason, str_of(want[i].reason));
    EXPECT(row->work == want[i].work && row->holder == want[i].holder && row->count == want[i].count);
    EXPECT(row->due == want[i].due && row->ahead == want[i].ahead && !row->provisional);
  }
  EXPECT(str_has(l.list[1].notice, S("gov.cn")));
}

TEST(a_ledger_too_long_to_print_says_that_it_was_cut) {
  const Calendar *c = twin_load(t, cx)->calendar;
  ItemClock k = {.start = at("2000-01-03"), .limit = 10000};
  EXPECT(!clock_item_ledger(t->mem, c, &k, false, at("2019-01-01")).cut);
  k.limit = 20000;
  DayLedger l = clock_item_ledger(t->mem, c, &k, false, at("2019-01-01"));
  EXPECT(l.cut && l.count == LEDGER_MAX);
}

TEST(the_province_and_we_differ_where_the_manual_says_so) {
  const Calendar *c = twin_load(t, cx)->calendar;
  const Pause p[] = {{.from = at("2019-06-25"), .to = at("2019-06-27"), .holder = HELD_THIRD}};
  const ItemClock items[] = {
      {.start = at("2019-06-24"), .limit = 9, .pauses = p, .pause_count = 1, .end_kind = END_DONE, .end = at("2019-06-28")},
      {.start = at("2019-06-24"), .limit = 9, .end_kind = END_DONE, .end = at("2019-07-01")}};
  StageClock k = {.start = at("2019-06-24"), .limit = 9, .items = items, .item_count = 2};
  const bool none[] = {false, false}, second[] = {false, true};
  /* 25 28 1, not 26 27 (one is paused), not 2 3 (the certificate is awaited). */
  EXPECT_INT(clock_stage_provincial(t->mem, c, &k, none, at("2019-07-03")), 3);
  EXPECT_INT(clock_stage(t->mem, c, &k, at("2019-07-03"), lamp_rule_default).used, 7);
  EXPECT_INT(clock_stage_provincial(t->mem, c, &k, second, at("2019-07-03")), 2); /* 25 28 */
  EXPECT_INT(clock_item_provincial(c, &items[0], false, at("2019-07-03")), 2);
  EXPECT_INT(clock_item_provincial(c, &items[1], true, at("2019-07-03")), -1);
}
