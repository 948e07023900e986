/* SPDX-License-Identifier: Apache-2.0 */
/* The clock of a stage: random histories against the slow twin, and the cases worth a name. */
#include "history.h"

static Reading read(Test *t, const Calendar *c, const StageClock *k, const char *today) {
  return clock_stage(t->mem, c, k, at(today), lamp_rule_default);
}

TEST(random_stages_read_as_the_slow_twin_reads_them) {
  const Twin *w = twin_load(t, cx);
  SCOPED(arena_close_p) Arena *scratch = arena_open(1 << 20);
  int seen[LAMP__MAX] = {0}, shared = 0;
  for (unsigned seed = 1; seed <= histories(30000); seed++) {
    Lcg g = {seed};
    History h;
    StageClock k = history_stage(&g, &h);
    int today = k.start.n + lcg_in(&g, -3, 80);
    Reading got = clock_stage(scratch, w->calendar, &k, (Day){today}, lamp_rule_default);
    Reading want = twin_stage(w, &k, today, lamp_rule_default);
    arena_reset(scratch);
    if (!twin_same(t, &got, &want, seed)) return;
    seen[got.lamp]++;
    shared += got.held[HELD_APPLICANT] > 0 && got.held[HELD_THIRD] > 0;
  }
  for (int l = LAMP_DONE; l < LAMP__MAX; l++)
    EXPECT(seen[l] > 100);
  EXPECT(shared > 1000); /* the histories make both holders take days */
}

TEST(a_stage_stands_still_only_when_every_open_item_is_paused) {
  const Calendar *c = twin_load(t, cx)->calendar;
  const Pause a[] = {{.from = at("2019-09-03"), .to = at("2019-09-06"), .holder = HELD_APPLICANT}};
  const Pause b[] = {{.from = at("2019-09-04"), .open = true, .holder = HELD_THIRD}};
  ItemClock items[] = {{.start = at("2019-09-02"), .limit = 10, .pauses = a, .pause_count = 1},
                       {.start = at("2019-09-02"), .limit = 10, .pauses = b, .pause_count = 1}};
  StageClock k = {.start = at("2019-09-02"), .limit = 22, .items = items, .item_count = 2};
  Reading r = read(t, c, &k, "2019-09-09");
  /* 3 and 4: b runs. 5 and 6: both paused, a's pause was opened first. 9: a runs again. */
  EXPECT(r.used == 3 && r.held[HELD_APPLICANT] == 2 && r.held[HELD_THIRD] == 0 && !r.paused);
  items[0].end_kind = END_DONE;
  items[0].end = at("2019-09-09");
  r = read(t, c, &k, "2019-09-11");
  /* a ended on the 9th: from the 10th only b is open, and it is paused. */
  EXPECT(r.used == 3 && r.held[HELD_THIRD] == 2 && r.paused && !r.has_due && r.lamp == LAMP_GREY);
}

TEST(a_stage_runs_before_any_item_exists_between_items_and_after_all_have_ended) {
  const Calendar *c = twin_load(t, cx)->calendar;
  const Pause p[] = {{.from = at("2019-09-04"), .to = at("2019-09-06"), .holder = HELD_APPLICANT}};
  ItemClock items[] = {{.start = at("2019-09-04"),
                        .limit = 5,
                        .pauses = p,
                        .pause_count = 1,
                        .end_kind = END_DONE,
                        .end = at("2019-09-06")}};
  StageClock k = {.start = at("2019-09-02"), .limit = 22, .items = items, .item_count = 0};
  EXPECT_INT(read(t, c, &k, "2019-09-12").used, 8);
  k.item_count = 1;
  Reading r = read(t, c, &k, "2019-09-12"); /* without the 5th and the 6th */
  EXPECT(r.used == 6 && r.held[HELD_APPLICANT] == 2 && !r.paused);
}

TEST(days_of_an_item_withdrawn_later_stay_counted) {
  const Calendar *c = twin_load(t, cx)->calendar;
  const Pause p[] = {{.from = at("2019-09-02"), .to = at("2019-09-12"), .holder = HELD_THIRD}};
  ItemClock items[] = {
      {.start = at("2019-09-02"), .limit = 9, .end_kind = END_STOPPED, .end = at("2019-09-05")},
      {.start = at("2019-09-02"), .limit = 9, .pauses = p, .pause_count = 1}};
  StageClock k = {.start = at("2019-09-02"), .limit = 22, .items = items, .item_count = 2};
  Reading r = read(t, c, &k, "2019-09-12");
  EXPECT(r.used == 3 && r.held[HELD_THIRD] == 5);
}

TEST(the_pause_opened_first_holds_also_where_another_of_its_item_hid_it) {
  const Calendar *c = twin_load(t, cx)->calendar;
  /* b was opened on the 3rd, c on the 4th; after a has ended on the 5th, b is the older. */
  const Pause one[] = {{.from = at("2019-09-02"), .to = at("2019-09-05"), .holder = HELD_APPLICANT},
                       {.from = at("2019-09-03"), .to = at("2019-09-10"), .holder = HELD_THIRD}};
  const Pause two[] = {
      {.from = at("2019-09-04"), .to = at("2019-09-10"), .holder = HELD_APPLICANT}};
  ItemClock items[] = {{.start = at("2019-09-02"), .limit = 9, .pauses = one, .pause_count = 2},
                       {.start = at("2019-09-02"), .limit = 9, .pauses = two, .pause_count = 1}};
  StageClock k = {.start = at("2019-09-02"), .limit = 22, .items = items, .item_count = 2};
  Reading r = read(t, c, &k, "2019-09-10");
  EXPECT(r.used == 2 && r.held[HELD_APPLICANT] == 1 && r.held[HELD_THIRD] == 3);
}

TEST(an_item_older_than_its_stage_brings_no_days_from_before) {
  const Calendar *c = twin_load(t, cx)->calendar;
  const Pause p[] = {{.from = at("2019-08-20"), .to = at("2019-09-04"), .holder = HELD_THIRD}};
  ItemClock items[] = {{.start = at("2019-08-15"), .limit = 20, .pauses = p, .pause_count = 1}};
  StageClock k = {.start = at("2019-09-02"), .limit = 22, .items = items, .item_count = 1};
  Reading r = read(t, c, &k, "2019-09-05");
  EXPECT(r.gross == 3 && r.used == 1 && r.held[HELD_THIRD] == 2 && r.held[HELD_NOBODY] == 0);
}

TEST(a_stage_of_zero_days_does_not_exist_and_shows_no_red) {
  const Calendar *c = twin_load(t, cx)->calendar;
  StageClock k = {.start = at("2019-09-02"), .limit = 0};
  Reading r = read(t, c, &k, "2026-01-01");
  EXPECT(r.lamp == LAMP_NONE && !r.overdue && !r.has_due);
  EXPECT_STR(lamp_label(r.lamp), S("不适用"));
}

TEST(a_stage_that_has_not_started_shows_nothing) {
  const Calendar *c = twin_load(t, cx)->calendar;
  StageClock k = {.start = at("2019-09-10"), .limit = 22};
  Reading r = read(t, c, &k, "2019-09-02");
  EXPECT(r.lamp == LAMP_NONE && r.used == 0 && !r.overdue);
}

TEST(road_project_stage_three_of_37_days_is_due_on_29_october_2019) {
  const Calendar *c = twin_load(t, cx)->calendar;
  StageClock k = {.start = at("2019-09-02"), .limit = 37};
  EXPECT_STR(day_str(t->mem, read(t, c, &k, "2019-09-02").due), S("2019-10-29"));
  EXPECT(!read(t, c, &k, "2019-10-29").overdue);
  EXPECT(read(t, c, &k, "2019-10-30").overdue);
}
