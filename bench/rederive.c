/* SPDX-License-Identifier: Apache-2.0 */
/*
 * 1 000 000 open clocks with 0 to 3 pauses, worked out anew after a notice, in memory and on one processor: what the
 * projection does with each row, reading the pauses from their text included; without the database.
 */
#include "approval/approval_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { CLOCKS = 1000000, ROUNDS = 5 };

typedef struct Row {
  Day start, due;
  int limit;
  Str pauses;
} Row;

static uint64_t seed = 1;
static int roll(int n) { /* splitmix64 */
  uint64_t z = (seed += 0x9E3779B97F4A7C15ULL);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return (int)((z ^ (z >> 31)) % (uint64_t)n);
}

static double now_s(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static Row row_make(Arena *mem, int *with) {
  Pause list[3];
  Row row = {.start = day_ymd(2019, 9, 1 + roll(120)), .limit = 1 + roll(40)};
  ItemClock k = {.pauses = list, .pause_count = (size_t)roll(4)};
  Day at = row.start;
  with[k.pause_count]++;
  for (size_t i = 0; i < k.pause_count; i++) {
    at.n += 1 + roll(15);
    list[i] = (Pause){.from = at, .to = {at.n + roll(20)}, .holder = roll(2) ? HELD_THIRD : HELD_APPLICANT};
    at = list[i].to;
  }
  if (k.pause_count && roll(5) == 0) list[k.pause_count - 1].open = true;
  row.pauses = pauses__text(mem, &k);
  return row;
}

static ClockFigures rederive(const Calendar *c, const Row *row) {
  Pause pauses[ITEM_PAUSES_MAX];
  ItemClock k = {.start = row->start, .limit = row->limit, .pauses = pauses};
  k.pause_count = pauses__read(row->pauses, pauses, ITEM_PAUSES_MAX);
  return clock__figures(c, &k, warn__left(lamp_rule_default, row->limit));
}

int main(int argc, char **argv) {
  Arena *mem = arena_open((size_t)1 << 30);
  Cx cx = {.mem = mem};
  Str text;
  const Calendar *before = NULL;
  int with[4] = {0};
  double best = 1e9;
  int64_t moved = 0;
  if (argc != 2 || file_read(&cx, str_of(argv[1]), 1 << 20, &text) != OK || calendar_load(&cx, text, &before) != OK) {
    fprintf(stderr, "usage: rederive holidays.csv\n");
    return 2;
  }
  const DayChange notice[] = {{day_ymd(2020, 2, 3), DAY_HOLIDAY, S("示例"), {0}}, {day_ymd(2020, 2, 4), DAY_HOLIDAY, S("示例"), {0}}};
  Row *rows = arena_array(mem, Row, CLOCKS);
  for (int i = 0; i < CLOCKS; i++) {
    rows[i] = row_make(mem, with);
    rows[i].due = rederive(before, &rows[i]).due;
  }
  for (int round = 0; round < ROUNDS; round++) {
    double from = now_s();
    const Calendar *after = calendar_with(mem, before, notice, COUNT(notice));
    moved = 0;
    for (int i = 0; i < CLOCKS; i++) moved += rederive(after, &rows[i]).due.n != rows[i].due.n;
    double took = now_s() - from;
    if (took < best) best = took;
  }
  printf("%d open clocks (%d without, %d with 1, %d with 2, %d with 3 pauses): %.3f s, %.0f ns each; %lld due days moved\n", CLOCKS,
         with[0], with[1], with[2], with[3], best, best * 1e9 / CLOCKS, (long long)moved);
  arena_close(mem);
  if (best >= 1.0 || moved == 0) {
    printf("FAILED: expected less than 1 s, and something to move\n");
    return 1;
  }
  return 0;
}
