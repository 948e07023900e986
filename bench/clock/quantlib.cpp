// SPDX-License-Identifier: Apache-2.0
// Peer: QuantLib's China calendar, interbank (it knows make-up days). See clock.c for the task.
#include <ql/time/calendars/china.hpp>
#include <cstdint>
#include <cstdio>
#include <ctime>
using namespace QuantLib;
static const int FIRST = 17532, DAYS = 3287, STARTS = 3167, CHECKED = 2000, EPOCH = 25569;

static double now_ns() {
  timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

static Date day(int n) { return Date(n + EPOCH); }

static long due(const Calendar &c, int start, int n, int pauses) {
  int lost = 0;
  for (int j = 0; j < pauses; j++) lost += c.businessDaysBetween(day(start + 1 + 2 * j), day(start + 2 + 2 * j), false, true);
  return c.advance(day(start), n + lost, Days).serialNumber() - EPOCH;
}

int main(int argc, char **) {
  const China c(China::IB);
  if (argc > 1) {
    for (int i = 0; i < DAYS; i++) putchar(c.isBusinessDay(day(FIRST + i)) ? '1' : '0');
    putchar('\n');
    return 0;
  }
  for (int n : {5, 20, 60})
    for (int pauses : {0, 3}) {
      uint32_t x = 12345;
      long checked = 0, sum = 0;
      double best = 1e18;
      const int rounds = 1000000 / n;
      for (int i = 0; i < CHECKED; i++) x = x * 1664525u + 1013904223u, checked += due(c, FIRST + int((x >> 8) % STARTS), n, pauses);
      for (int r = 0; r < 5; r++) {
        double t = now_ns();
        for (int i = 0; i < rounds; i++) x = x * 1664525u + 1013904223u, sum += due(c, FIRST + int((x >> 8) % STARTS), n, pauses);
        t = (now_ns() - t) / rounds;
        if (t < best) best = t;
      }
      printf("quantlib\t%d\t%d\t%.0f\t%ld\n", n, pauses, best, checked);
      if (sum == 1) puts("");
    }
}
