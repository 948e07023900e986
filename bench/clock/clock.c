/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ours: ns for "add n working days" with 0 and with 3 pauses, over the task that all peers do: start k is
 * day (x >> 8) % 3167 of 2018-01-01 … 2026-09-02, x the k-th number of one generator; pause j of a start begins
 * 1 + 2j calendar days after it and takes 1 day. Prints rows as the peers do: name, n, pauses, ns, sum of
 * the due days (days since 1970) over the first 2 000 starts, with `dump` one digit for each day; with
 * `rederive` the milliseconds for a million clocks before and after a notice, and how many moved.
 */
#include "calendar/calendar.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { FIRST = 17532, DAYS = 3287, STARTS = 3167, CHECKED = 2000, PAUSES = 3 };

static double now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static uint32_t step(uint32_t x) {
  return x * 1664525u + 1013904223u;
}

static int32_t start_of(uint32_t x) {
  return FIRST + (int32_t)((x >> 8) % STARTS);
}

static int64_t due_plain(const Calendar *c, int32_t start, int n) {
  return calendar_add(c, (Day){start}, n).n;
}

/* The whole reading: three readings, lamp, overdue, provisional; the due day is one field of it. */
static int64_t due_paused(const Calendar *c, int32_t start, int n) {
  Pause p[PAUSES];
  for (int j = 0; j < PAUSES; j++)
    p[j] = (Pause){.from = {start + 1 + 2 * j}, .to = {start + 2 + 2 * j}, .holder = HELD_APPLICANT};
  ItemClock k = {.start = {start}, .limit = n, .pauses = p, .pause_count = PAUSES};
  return clock_item(c, &k, (Day){start + 7}, lamp_rule_default).due.n;
}

static void measure(const Calendar *c, int n, int pauses) {
  int64_t (*due)(const Calendar *, int32_t, int) = pauses ? due_paused : due_plain;
  const int rounds = pauses ? 2000000 : 20000000;
  double best = 1e18;
  int64_t sum = 0, checked = 0;
  uint32_t x = 12345;
  for (int i = 0; i < CHECKED; i++) x = step(x), checked += due(c, start_of(x), n);
  for (int r = 0; r < 5; r++) {
    double t = now_ns();
    for (int i = 0; i < rounds; i++) {
      x = step(x);
      sum += pauses ? due_paused(c, start_of(x), n) : due_plain(c, start_of(x), n);
    }
    t = (now_ns() - t) / rounds;
    if (t < best) best = t;
  }
  printf("yichuang\t%d\t%d\t%.2f\t%lld\n", n, pauses, best, (long long)checked);
  if (sum == 1) puts("");
}

/* A notice arrives: the due days of a million open clocks with 0 to 3 pauses, before and after. */
static void rederive(Arena *mem, const Calendar *c) {
  enum { CLOCKS = 1000000 };
  static const DayChange change[] = {{.day = {20487}, .kind = DAY_HOLIDAY}, {.day = {20490}, .kind = DAY_HOLIDAY}};
  ItemClock *k = arena_array(mem, ItemClock, CLOCKS);
  Pause *p = arena_array(mem, Pause, (size_t)CLOCKS * PAUSES);
  uint32_t x = 7;
  int moved = 0;
  for (int i = 0; i < CLOCKS; i++) {
    x = step(x);
    k[i] = (ItemClock){.start = {20440 + (int32_t)((x >> 8) % 45)}, .limit = 5 + (int)(x >> 27), .pauses = &p[i * PAUSES],
                       .pause_count = (size_t)(x >> 6 & 3)};
    for (int j = 0; j < PAUSES; j++)
      p[i * PAUSES + j] = (Pause){.from = {k[i].start.n + 1 + 2 * j}, .to = {k[i].start.n + 2 + 2 * j}, .holder = HELD_THIRD};
  }
  double t = now_ns();
  const Calendar *after = calendar_with(mem, c, change, COUNT(change));
  for (int i = 0; i < CLOCKS; i++) {
    Day today = {20484};
    Reading was = clock_item(c, &k[i], today, lamp_rule_default), is = clock_item(after, &k[i], today, lamp_rule_default);
    moved += was.due.n != is.due.n;
  }
  printf("%.0f\t%d\n", (now_ns() - t) / 1e6, moved);
}

int main(int argc, char **argv) {
  Arena *mem = arena_open((size_t)512 << 20);
  Cx cx = {.mem = mem};
  Str text;
  const Calendar *c = NULL;
  if (argc < 2 || file_read(&cx, str_of(argv[1]), 1 << 20, &text) != OK || calendar_load(&cx, text, &c) != OK) return 1;
  if (argc > 2 && str_eqz(str_of(argv[2]), "rederive")) {
    rederive(mem, c);
  } else if (argc > 2) {
    for (int i = 0; i < DAYS; i++) putchar(calendar_is_work(c, (Day){FIRST + i}) ? '1' : '0');
    putchar('\n');
  } else {
    static const int limits[] = {5, 20, 60};
    for (size_t i = 0; i < COUNT(limits); i++)
      for (int pauses = 0; pauses <= PAUSES; pauses += PAUSES) measure(c, limits[i], pauses);
  }
  arena_close(mem);
  return 0;
}
