/* SPDX-License-Identifier: Apache-2.0 */
/*
 * demo_time.c: when people of the demonstration work. The scripts count days before the end; on whatever day that is, what they tell must lie on working days
 * in office hours, in its order, and no two acts nearer or farther than the rules between them allow. So so many days are taken as so many working days:
 * moving only those that fall on a day off would put a week of acts on the day before a long holiday, and waits would be too short.
 */
#include "main/demo.h"

enum { YEAR = DEMO_REGION_DAYS + 1, OPENS = 8 * 60 + 30, CLOSES = 17 * 60 + 30, MORNING = 9 * 60, MINUTE_MS = 60000, HALVED = 390 };

/* Working days among the last `YEAR`: how many stand for all of them. */
void demo_days(Demo *d) {
  const Calendar *c = d->policy->calendar;
  Day base = day_of(d->end), work[YEAR] = {{0}};
  if (!calendar_is_work(c, base) || d->end < day_start(base) + (MORNING + 60) * MINUTE_MS) base.n--;
  while (!calendar_is_work(c, base)) base.n--;
  int count = 0;
  for (int i = 0; i < YEAR; i++)
    if (calendar_is_work(c, (Day){base.n - i})) work[count++] = (Day){base.n - i};
  for (int days = 0; days < YEAR; days++) {
    int nth = (days * (count - 1) + YEAR - 2) / (YEAR - 1); /* rounded up: yesterday is another day than today */
    d->back[days] = work[nth];
  }
}

Day demo_day(const Demo *d, int days) {
  if (days < 0) return (Day){day_of(d->end).n - days};
  return days < YEAR ? d->back[days] : (Day){d->back[YEAR - 1].n - (days - YEAR + 1)};
}

/* Two days of the script on one working day: one before noon, the other after. What is told for the end of a day stays there. */
int64_t demo_moment(const Demo *d, int days, int minute) {
  Day day = demo_day(d, days);
  if (days >= YEAR) day = calendar_next_work(d->policy->calendar, day); /* not beyond the next: that one is working */
  bool before = days > 0 && demo_day(d, days - 1).n == day.n, after = !before && demo_day(d, days + 1).n == day.n;
  int64_t at = day_start(day) + MORNING * MINUTE_MS;
  if (minute >= HALVED || (!before && !after)) at += minute * MINUTE_MS;
  else at += minute * MINUTE_MS / 2 + (after ? HALVED * MINUTE_MS / 2 : 0);
  return at > d->end ? d->end : at;
}

int demo_days_at(const Demo *d, Day day) {
  int days = 0;
  while (days + 1 < YEAR && d->back[days + 1].n >= day.n) days++;
  return days;
}

bool demo_in_office(const Demo *d, int64_t at) {
  int64_t minute = (at - day_start(day_of(at))) / MINUTE_MS;
  return calendar_is_work(d->policy->calendar, day_of(at)) && minute >= OPENS && minute < CLOSES;
}

int64_t demo_office(const Demo *d, int64_t at) {
  Day day = day_of(at);
  if (demo_in_office(d, at)) return at;
  if (at - day_start(day) >= CLOSES * MINUTE_MS) day.n++;
  return day_start(calendar_next_work(d->policy->calendar, day)) + (OPENS + at / MINUTE_MS % 60) * MINUTE_MS; /* not all at one minute */
}

bool demo_is_staff(const Demo *d, const DemoAccount *a) {
  return a && !(a >= d->accounts + d->applicant_first && a < d->accounts + d->applicant_first + d->applicant_count);
}
