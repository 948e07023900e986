/* SPDX-License-Identifier: Apache-2.0 */
/*
 * days.c: which days are working days. Two tables make every question O(1): for each day the number of
 * working days up to and including it, and for each such number the day. 100 years are 36 525 days,
 * about 300 KB; the part that running cases touch stays in the cache.
 */
#include "calendar/calendar_int.h"

enum { FIRST_YEAR = 2000, DAY_COUNT = 36525 };

typedef enum Mark { MARK_NONE, MARK_HOLIDAY, MARK_WORKDAY, MARK_NORMAL } Mark;

struct Calendar {
  int32_t upto[DAY_COUNT];  /* working days from the first day up to and including this one */
  int32_t nth[DAY_COUNT];   /* the i-th working day, i from 1, as an index */
  uint8_t mark[DAY_COUNT];
  const Str *names, *notices; /* by day; empty where nothing is marked */
  int last_year;            /* the last with a notice; 0 = none */
};

static int32_t index_of(Day d) {
  int32_t i = d.n - day_ymd(FIRST_YEAR, 1, 1).n;
  if (i < 0) return 0;
  return i < DAY_COUNT ? i : DAY_COUNT - 1;
}

static Day day_at(int32_t i) {
  return (Day){day_ymd(FIRST_YEAR, 1, 1).n + i};
}

static bool works(const Calendar *c, int32_t i) {
  if (c->mark[i] == MARK_HOLIDAY) return false;
  if (c->mark[i] == MARK_WORKDAY) return true;
  return day_weekday(day_at(i)) <= 5;
}

static void tables_fill(Calendar *c) {
  int32_t count = 0;
  for (int32_t i = 0; i < DAY_COUNT; i++) {
    if (works(c, i)) c->nth[++count] = i;
    c->upto[i] = count;
  }
}

/* ---- the list of notices ------------------------------------------------------------------------ */

static Mark mark_of(Str kind) {
  if (str_eq(kind, S("holiday"))) return MARK_HOLIDAY;
  if (str_eq(kind, S("workday"))) return MARK_WORKDAY;
  if (str_eq(kind, S("normal"))) return MARK_NORMAL;
  return MARK_NONE;
}

typedef struct Load {
  Calendar *c;
  Str *names, *notices;
  int line;
} Load;

static Code row_read(Cx *cx, Load *l, Str row) {
  Str date, kind, name, rest;
  Day day;
  int year, month, dom;
  str_cut(row, ',', &date, &rest);
  str_cut(rest, ',', &kind, &rest);
  str_cut(rest, ',', &name, &rest);
  if (!day_parse(str_trim(date), &day) || day_at(index_of(day)).n != day.n)
    FAIL(INVALID, "第 %d 行第 1 列：“%.*s”不是日期，请写成 2026-10-01", l->line, SFMT(date));
  Mark mark = mark_of(str_trim(kind));
  if (mark == MARK_NONE)
    FAIL(INVALID, "第 %d 行第 %zu 列：“%.*s”不是 holiday、workday 或 normal", l->line, date.len + 2, SFMT(kind));
  int32_t i = index_of(day);
  if (l->c->mark[i]) FAIL(INVALID, "第 %d 行第 1 列：%.*s 写了两次", l->line, SFMT(date));
  l->c->mark[i] = (uint8_t)mark;
  l->names[i] = arena_str(cx->mem, str_trim(name));
  l->notices[i] = arena_str(cx->mem, str_trim(rest));
  day_split(day, &year, &month, &dom);
  if (year > l->c->last_year) l->c->last_year = year;
  return OK;
}

Code calendar_load(Cx *cx, Str text, const Calendar **out) {
  Load l = {.c = arena_new(cx->mem, Calendar), .names = arena_array(cx->mem, Str, DAY_COUNT),
            .notices = arena_array(cx->mem, Str, DAY_COUNT)};
  Str rest = text, row;
  while (rest.len) {
    str_cut(rest, '\n', &row, &rest);
    l.line++;
    row = str_trim(row);
    if (l.line == 1 && !str_starts(row, S("date,kind,name")))
      FAIL(INVALID, "第 1 行第 1 列：表头应是 date,kind,name 或 date,kind,name,notice");
    if (l.line > 1 && row.len) TRY(row_read(cx, &l, row));
  }
  if (!l.line) FAIL(INVALID, "第 1 行第 1 列：日历是空的");
  l.c->names = l.names;
  l.c->notices = l.notices;
  tables_fill(l.c);
  *out = l.c;
  return OK;
}

/* ---- questions ---------------------------------------------------------------------------------- */

bool calendar_is_work(const Calendar *c, Day d) {
  int32_t i = index_of(d);
  return c->upto[i] != (i ? c->upto[i - 1] : 0);
}

int calendar_last_year(const Calendar *c) {
  return c->last_year;
}

bool calendar_is_provisional(const Calendar *c, Day d) {
  int year, month, day;
  day_split(d, &year, &month, &day);
  return year > c->last_year || (year == c->last_year && month == 12 && day >= 25);
}

Str calendar_reason(const Calendar *c, Day d, Str *notice) {
  static const Str weekdays[] = {{0}, {0}, {0}, {0}, {0}, {0}, {"周六", 6}, {"周日", 6}};
  int32_t i = index_of(d);
  if (notice) *notice = c->notices[i];
  if (c->mark[i] == MARK_HOLIDAY) return c->names[i].len ? c->names[i] : S("法定节假日");
  if (c->mark[i] == MARK_WORKDAY) return S("调休上班");
  int weekday = day_weekday(d);
  return weekday > 5 ? weekdays[weekday] : S("工作日");
}

Day calendar_add(const Calendar *c, Day start, int n) {
  if (n <= 0) return start;
  int64_t want = (int64_t)c->upto[index_of(start)] + n;
  int32_t last = c->upto[DAY_COUNT - 1];
  return day_at(c->nth[want < last ? want : last]);
}

int calendar_count(const Calendar *c, Day after, Day upto) {
  if (upto.n <= after.n) return 0;
  return c->upto[index_of(upto)] - c->upto[index_of(after)];
}

Day calendar_next_work(const Calendar *c, Day d) {
  return calendar_is_work(c, d) ? d : calendar_add(c, d, 1);
}

Day clock_months(const Calendar *c, Day start, int months) {
  static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int y, m, d;
  day_split(start, &y, &m, &d);
  int total = y * 12 + m - 1 + months;
  y = total / 12;
  m = total % 12;
  bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
  int last = lengths[m] + (m == 1 && leap);
  return calendar_next_work(c, day_ymd(y, m + 1, d < last ? d : last));
}

Day clock_deemed_from(const Calendar *c, Day receipt, int n) {
  return (Day){calendar_add(c, receipt, n).n + 1};
}
