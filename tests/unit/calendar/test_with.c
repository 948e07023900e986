/* SPDX-License-Identifier: Apache-2.0 */
/* A later notice: calendar_with gives what loading the edited list from nothing gives. */
#include "history.h"

#include <stdio.h>

enum { CHANGES = 40 };

/* The list with the changed days taken out and their last change put in. */
static const Calendar *edited(Cx *cx, Str text, const DayChange *changes, size_t n) {
  static const char *const kinds[] = {[DAY_HOLIDAY] = "holiday", [DAY_WORKDAY] = "workday", [DAY_NORMAL] = "normal"};
  const Calendar *c = NULL;
  Str row, date;
  SCOPED(buf_drop) Buf b;
  buf_init(&b, 1 << 20);
  while (text.len) {
    Day day;
    bool changed = false;
    str_cut(text, '\n', &row, &text);
    str_cut(row, ',', &date, &(Str){0});
    for (size_t i = 0; i < n && day_parse(date, &day); i++) changed = changed || changes[i].day.n == day.n;
    if (!changed) buf_fmt(&b, "%.*s\n", SFMT(row));
  }
  for (size_t i = 0; i < n; i++) {
    bool last = true;
    for (size_t k = i + 1; k < n; k++) last = last && changes[k].day.n != changes[i].day.n;
    if (last)
      buf_fmt(&b, "%.*s,%s,%.*s,%.*s\n", SFMT(day_str(cx->mem, changes[i].day)), kinds[changes[i].kind],
              SFMT(changes[i].name), SFMT(changes[i].notice));
  }
  REQUIRE(calendar_load(cx, buf_str(&b), &c) == OK);
  return c;
}

/* Every day of 2000–2099 and what lies around it: counts, sums, reasons, notices, what is provisional. */
static int differences(const Calendar *a, const Calendar *b) {
  int bad = calendar_last_year(a) != calendar_last_year(b);
  Day zero = at("1999-06-01");
  for (Day d = at("1999-12-01"); d.n <= at("2100-01-31").n; d.n++) {
    Str why[2], notice[2];
    why[0] = calendar_reason(a, d, &notice[0]);
    why[1] = calendar_reason(b, d, &notice[1]);
    bad += calendar_is_work(a, d) != calendar_is_work(b, d) || calendar_is_provisional(a, d) != calendar_is_provisional(b, d);
    bad += calendar_count(a, zero, d) != calendar_count(b, zero, d) || calendar_add(a, d, 1).n != calendar_add(b, d, 1).n;
    bad += calendar_add(a, d, 23).n != calendar_add(b, d, 23).n || calendar_add(a, zero, d.n - zero.n).n != calendar_add(b, zero, d.n - zero.n).n;
    bad += !str_eq(why[0], why[1]) || !str_eq(notice[0], notice[1]);
  }
  return bad;
}

static DayChange change_make(Lcg *g, int from, int to) {
  static const Str names[] = {{.ptr = "春节", .len = 6}, {.ptr = "", .len = 0}, {.ptr = "台风停工", .len = 12}};
  return (DayChange){.day = {lcg_in(g, from, to)}, .kind = (DayKind)lcg_below(g, 3), .name = names[lcg_below(g, 3)],
                     .notice = lcg_below(g, 2) ? S("葫政办发〔2026〕9号") : S("")};
}

TEST(a_calendar_with_changes_is_the_edited_list_loaded_from_nothing) {
  const Twin *w = twin_load(t, cx);
  Day first = at("2000-01-01"), last = at("2099-12-31");
  for (unsigned seed = 1; seed <= histories(60) && seed <= 2000; seed++) {
    SCOPED(arena_close_p) Arena *mem = arena_open(32 << 20);
    Cx own = {.mem = mem};
    Lcg g = {seed};
    DayChange changes[CHANGES];
    size_t n = (size_t)lcg_below(&g, CHANGES + 1);
    /* Half of them crowd in one month, so that days are changed twice; October 1–3 decides a year. */
    for (size_t i = 0; i < n; i++) {
      changes[i] = change_make(&g, first.n, last.n);
      if (lcg_below(&g, 2)) changes[i] = change_make(&g, at("2026-09-28").n, at("2026-10-09").n);
    }
    int bad = differences(calendar_with(mem, w->calendar, changes, n), edited(&own, w->text, changes, n));
    EXPECT_INT(bad, 0);
    if (bad) fprintf(stderr, "    changes %u\n", seed);
    if (bad) return;
  }
}

TEST(changes_upon_changes_are_all_of_them_in_order) {
  const Twin *w = twin_load(t, cx);
  Lcg g = {11};
  DayChange changes[CHANGES];
  for (size_t i = 0; i < CHANGES; i++) changes[i] = change_make(&g, at("2026-01-01").n, at("2026-02-28").n);
  const Calendar *step = w->calendar;
  for (size_t i = 0; i < CHANGES; i += 8) step = calendar_with(t->mem, step, &changes[i], 8);
  EXPECT_INT(differences(step, calendar_with(t->mem, w->calendar, changes, CHANGES)), 0);
}

TEST(the_first_and_the_last_day_can_be_changed) {
  const Twin *w = twin_load(t, cx);
  const DayChange changes[] = {{.day = at("2000-01-01"), .kind = DAY_WORKDAY}, {.day = at("2099-12-31"), .kind = DAY_HOLIDAY},
                               {.day = at("2099-12-30"), .kind = DAY_HOLIDAY}};
  EXPECT_INT(differences(calendar_with(t->mem, w->calendar, changes, 3), edited(cx, w->text, changes, 3)), 0);
}

TEST(a_later_change_of_a_day_wins_and_normal_leaves_it_to_the_week) {
  const Calendar *c = twin_load(t, cx)->calendar;
  Str notice;
  const DayChange changes[] = {{.day = at("2026-11-25"), .kind = DAY_HOLIDAY, .name = S("停工"), .notice = S("甲")},
                               {.day = at("2026-11-25"), .kind = DAY_NORMAL, .notice = S("乙")},
                               {.day = at("2026-10-10"), .kind = DAY_NORMAL}};
  EXPECT(!calendar_is_work(calendar_with(t->mem, c, changes, 1), at("2026-11-25")));
  const Calendar *both = calendar_with(t->mem, c, changes, 3);
  EXPECT(calendar_is_work(both, at("2026-11-25")));
  EXPECT_STR(calendar_reason(both, at("2026-11-25"), &notice), S("工作日"));
  EXPECT_STR(notice, S("乙"));
  EXPECT(calendar_is_work(c, at("2026-10-10")) && !calendar_is_work(both, at("2026-10-10"))); /* 国庆 make-up Saturday */
  EXPECT_STR(calendar_reason(both, at("2026-10-10"), &notice), S("周六"));
  EXPECT(!calendar_is_work(c, at("2026-10-11")));
}

TEST(a_year_whose_national_day_is_taken_out_again_has_no_notice) {
  const Calendar *c = twin_load(t, cx)->calendar;
  const DayChange out[] = {{.day = at("2026-10-01"), .kind = DAY_NORMAL}, {.day = at("2026-10-02"), .kind = DAY_NORMAL},
                           {.day = at("2026-10-03"), .kind = DAY_NORMAL}};
  EXPECT_INT(calendar_last_year(calendar_with(t->mem, c, out, 2)), 2026);
  EXPECT_INT(calendar_last_year(calendar_with(t->mem, c, out, 3)), 2025);
  EXPECT(calendar_is_provisional(calendar_with(t->mem, c, out, 3), at("2026-06-01")));
  const DayChange in[] = {{.day = at("2027-10-01"), .kind = DAY_HOLIDAY, .name = S("国庆节")}};
  EXPECT_INT(calendar_last_year(calendar_with(t->mem, c, in, 1)), 2027);
  EXPECT(!calendar_is_provisional(calendar_with(t->mem, c, in, 1), at("2026-12-28")));
}

/* 国办发明电〔2019〕16号, as it stood until 27 January 2020: 24 to 30 January off, Sunday 19 January and Saturday
 * 1 February worked. */
static const Calendar *notice_of_2019(Test *t, const Calendar *now) {
  const DayChange back[] = {{.day = at("2020-01-31"), .kind = DAY_NORMAL},
                            {.day = at("2020-02-01"), .kind = DAY_WORKDAY, .name = S("春节")},
                            {.day = at("2020-02-02"), .kind = DAY_NORMAL},
                            {.day = at("2020-02-03"), .kind = DAY_NORMAL}};
  return calendar_with(t->mem, now, back, COUNT(back));
}

/* 国办发明电〔2020〕1号 of 26 January, public on the 27th: off up to and including Sunday 2 February. */
static const Calendar *extended(Test *t, const Calendar *old) {
  DayChange days[3];
  for (int i = 0; i < 3; i++)
    days[i] = (DayChange){.day = {at("2020-01-31").n + i}, .kind = DAY_HOLIDAY, .name = S("春节"), .notice = S("国办发明电〔2020〕1号")};
  return calendar_with(t->mem, old, days, 3);
}

TEST(r6_the_extension_of_spring_festival_arrives_while_cases_run) {
  const Calendar *now = twin_load(t, cx)->calendar, *old = notice_of_2019(t, now);
  const Calendar *later = extended(t, old);
  const Day arrived = at("2020-01-27");
  const Pause p[] = {{.from = at("2020-01-21"), .to = at("2020-02-03"), .holder = HELD_APPLICANT}};
  static const struct {
    const char *start;
    int limit;
    bool paused;
    const char *before, *after;
  } cases[] = {
      /* 31 1 3 4 5 6 7 → 3 4 5 6 7 10 11 */
      {"2020-01-23", 7, false, "2020-02-07", "2020-02-11"},
      {"2020-01-22", 2, false, "2020-01-31", "2020-02-03"}, /* 23 is counted under both */
      {"2020-01-20", 3, false, "2020-01-23", "2020-01-23"}, /* due before it: not moved */
      {"2020-01-20", 4, true, "2020-02-06", "2020-02-06"},  /* the days taken away were paused anyway */
      {"2020-01-31", 1, false, "2020-02-01", "2020-02-03"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    ItemClock k = {.start = at(cases[i].start), .limit = cases[i].limit, .pauses = p, .pause_count = cases[i].paused};
    Day today = cases[i].paused ? at("2020-02-04") : arrived;
    EXPECT_STR(day_str(t->mem, clock_item(old, &k, today, lamp_rule_default).due), str_of(cases[i].before));
    EXPECT_STR(day_str(t->mem, clock_item(later, &k, today, lamp_rule_default).due), str_of(cases[i].after));
  }
  EXPECT(!calendar_is_work(later, at("2020-02-01")) && calendar_is_work(old, at("2020-02-01")));
  Str notice;
  EXPECT_STR(calendar_reason(later, at("2020-02-01"), &notice), S("春节"));
  EXPECT_STR(notice, S("国办发明电〔2020〕1号"));
  /* A case decided on 31 January under the old notice was in time, and stays so when it is kept with it. */
  ItemClock decided = {.start = at("2020-01-22"), .limit = 2, .end_kind = END_DONE, .end = at("2020-01-31")};
  EXPECT(!clock_item(old, &decided, at("2020-03-01"), lamp_rule_default).overdue);
  EXPECT_INT(differences(later, now) > 0, true); /* only in names and notices: */
  for (Day d = at("2020-01-01"); d.n < at("2020-03-31").n; d.n++)
    EXPECT(calendar_is_work(later, d) == calendar_is_work(now, d));
}

/* R6: every later notice, whatever it changes, moves running clocks exactly as its own list does. */
TEST(r6_any_later_notice_moves_clocks_as_its_own_list_does) {
  const Twin *w = twin_load(t, cx);
  int moved = 0;
  for (unsigned seed = 1; seed <= 300; seed++) {
    Lcg g = {seed};
    DayChange changes[6];
    Pause pauses[HISTORY_PAUSES];
    for (size_t i = 0; i < COUNT(changes); i++) changes[i] = change_make(&g, TWIN_FIRST, TWIN_FIRST + TWIN_DAYS - 1);
    ItemClock k = history_item(&g, pauses);
    k.start = (Day){changes[0].day.n - lcg_below(&g, 20)};
    Twin edited_twin = *w;
    for (size_t i = 0; i < COUNT(changes); i++)
      edited_twin.mark[changes[i].day.n - TWIN_FIRST] = changes[i].kind == DAY_HOLIDAY ? 'h' : changes[i].kind == DAY_WORKDAY ? 'w' : 0;
    SCOPED(arena_close_p) Arena *mem = arena_open(4 << 20);
    Day today = {k.start.n + lcg_in(&g, 0, 60)};
    Reading got = clock_item(calendar_with(mem, w->calendar, changes, COUNT(changes)), &k, today, lamp_rule_default);
    Reading want = twin_item(&edited_twin, &k, today.n, lamp_rule_default);
    got.provisional = want.provisional; /* the twin knows no notices */
    if (!twin_same(t, &got, &want, seed)) return;
    moved += got.used != clock_item(w->calendar, &k, today, lamp_rule_default).used;
  }
  EXPECT(moved > 30);
}
