/* SPDX-License-Identifier: Apache-2.0 */
/*
 * days.c: which days are working days, read from the list of the State Council's notices.
 *
 * Two tables make every question O(1): for each day the number of working days up to and including
 * it, and for each such number the day. 100 years are 36 525 days, so 16 bits are enough and a year
 * of both tables is 1.2 KB: what running cases touch stays in the first-level cache. Beyond the
 * tables the week goes on by arithmetic, so that no day is ever replaced by the last one known.
 */
#include "calendar/calendar.h"

enum {
  FIRST_YEAR = 2000,
  YEARS = 100,
  DAYS = 36525,      /* 2000-01-01 … 2099-12-31 */
  FIRST_DAY = 10957, /* 2000-01-01 in days since 1970 */
  SHOWN_MAX = 60     /* bytes of a wrong value that a message repeats */
};
_Static_assert(DAYS <= UINT16_MAX, "counts of working days are kept in 16 bits");

typedef enum Mark { MARK_NONE, MARK_HOLIDAY, MARK_WORKDAY, MARK_NORMAL } Mark;

typedef struct Row {
  Mark mark;
  int line;
  Str name, notice;
  Str reason; /* of a marked day */
} Row;

struct Calendar {
  uint16_t upto[DAYS];    /* working days from the first day up to and including this one */
  uint16_t nth[DAYS + 1]; /* the k-th working day, k from 1, as days after the first */
  uint16_t row[DAYS];     /* 0: not in the list */
  int32_t total;          /* working days in the table */
  const Row *rows;        /* from 1 */
  uint16_t row_count;
  bool noticed[YEARS];    /* the year's notice is in the list */
  int last_year;          /* the last with a notice; 0 = none */
};

/* ---- days as numbers ---------------------------------------------------------------------- */

/* Monday to Friday, counted from Monday 1969-12-29 as 1. Weeks begin 3 days before 1970-01-01. */
static int64_t weekdays_upto(int64_t day) {
  int64_t t = day + 3, week = t / 7;
  if (t % 7 < 0) week--;
  int64_t in_week = t - week * 7 + 1;
  return week * 5 + (in_week < 5 ? in_week : 5);
}

static int64_t weekday_nth(int64_t k) {
  int64_t week = (k - 1) / 5;
  if ((k - 1) % 5 < 0) week--;
  return week * 7 + (k - 1 - week * 5) - 3;
}

/* Working days from 2000-01-01 up to and including the day; negative before. */
static int64_t ordinal(const Calendar *c, int64_t day) {
  int64_t i = day - FIRST_DAY;
  if (i >= 0 && i < DAYS) return c->upto[i];
  if (i < 0) return weekdays_upto(day) - weekdays_upto(FIRST_DAY - 1);
  return c->total + weekdays_upto(day) - weekdays_upto(FIRST_DAY + DAYS - 1);
}

static Day day_of_ordinal(const Calendar *c, int64_t k) {
  if (k >= 1 && k <= c->total) return (Day){FIRST_DAY + c->nth[k]};
  int64_t day = k < 1 ? weekday_nth(weekdays_upto(FIRST_DAY - 1) + k)
                      : weekday_nth(weekdays_upto(FIRST_DAY + DAYS - 1) + k - c->total);
  REQUIRE(day >= INT32_MIN && day <= INT32_MAX);
  return (Day){(int32_t)day};
}

static const Row *row_of(const Calendar *c, Day d) {
  int64_t i = (int64_t)d.n - FIRST_DAY;
  if (i < 0 || i >= DAYS || !c->row[i]) return NULL;
  return &c->rows[c->row[i]];
}

/* ---- reading the list --------------------------------------------------------------------- */

typedef struct Load {
  Calendar *calendar;
  Row *rows;
  uint16_t count;
  int line, columns;
} Load;

/* A wrong value as a message shows it: short, and not cut inside a character. */
static Str shown(Str s) {
  if (s.len <= SHOWN_MAX) return s;
  size_t n = SHOWN_MAX;
  while (n && ((unsigned char)s.ptr[n] & 0xC0) == 0x80)
    n--;
  return str_sub(s, 0, n);
}

static Mark mark_of(Str kind) {
  if (str_eq(kind, S("holiday"))) return MARK_HOLIDAY;
  if (str_eq(kind, S("workday"))) return MARK_WORKDAY;
  if (str_eq(kind, S("normal"))) return MARK_NORMAL;
  return MARK_NONE;
}

static Code head_read(Cx *cx, Load *l, Str row) {
  if (str_eq(row, S("date,kind,name")))
    l->columns = 3;
  else if (str_eq(row, S("date,kind,name,notice")))
    l->columns = 4;
  else
    FAIL_AT(INVALID, S("date"), S(""),
            "第 %d 行第 1 列：表头应为 date,kind,name 或 date,kind,name,notice，请补上表头",
            l->line);
  return OK;
}

static Code day_read(Cx *cx, const Load *l, Str date, Day *out) {
  Str bad = shown(date);
  if (!day_parse(date, out))
    FAIL_AT(INVALID, S("date"), S(""),
            "第 %d 行第 1 列（date）：“%.*s”不是日期，请写成 2026-10-01 这样", l->line, SFMT(bad));
  if (out->n < FIRST_DAY || out->n >= FIRST_DAY + DAYS)
    FAIL_AT(INVALID, S("date"), S(""),
            "第 %d 行第 1 列（date）：“%.*s”不在 2000 年至 2099 年之内，请改正", l->line,
            SFMT(bad));
  const Row *before = row_of(l->calendar, *out);
  if (before)
    FAIL_AT(INVALID, S("date"), S(""),
            "第 %d 行第 1 列（date）：%.*s 在第 %d 行已经写过，请删去一行", l->line, SFMT(bad),
            before->line);
  return OK;
}

/* Why the day is what it is. A make-up day is a rest day of the week on which people work: a
 * workday row on a Monday (2020-02-03) only confirms the week. */
static Str reason_make(Arena *mem, const Row *row, Day d) {
  static const Str rest[] = {{.ptr = "周六", .len = 6}, {.ptr = "周日", .len = 6}};
  int weekday = day_weekday(d);
  if (row->mark == MARK_HOLIDAY) return row->name.len ? row->name : S("放假");
  if (weekday <= 5) return S("工作日");
  if (row->mark == MARK_NORMAL) return rest[weekday - 6];
  return row->name.len ? arena_fmt(mem, "调休上班（%.*s）", SFMT(row->name)) : S("调休上班");
}

/* The days 1 to 3 October are statutory holidays of every year, and one of them at least is no
 * Sunday or Saturday, so each year's notice lists one; a city's own closure cannot fall on them.
 * Only a row there shows that the year's notice is in the list, and not just the first days of it
 * or a closure. */
static void year_notice(Calendar *c, Day d) {
  int year, month, day;
  day_split(d, &year, &month, &day);
  if (month != 10 || day > 3) return;
  bool *noticed = &c->noticed[year - FIRST_YEAR];
  *noticed = false;
  for (int n = 1; n <= 3; n++) {
    const Row *row = row_of(c, day_ymd(year, 10, n));
    if (row && row->mark == MARK_HOLIDAY) *noticed = true;
  }
  int last = YEARS;
  while (last && !c->noticed[last - 1]) last--;
  c->last_year = last ? FIRST_YEAR + last - 1 : 0;
}

static Code row_read(Cx *cx, Load *l, Str text) {
  Str date, kind, name, notice, more;
  Day day = {0};
  str_cut(text, ',', &date, &more);
  str_cut(more, ',', &kind, &more);
  bool ends_at_name = !str_cut(more, ',', &name, &more);
  bool ends_at_notice = !str_cut(more, ',', &notice, &more);
  TRY(day_read(cx, l, str_trim(date), &day));
  kind = str_trim(kind);
  Mark mark = mark_of(kind);
  if (mark == MARK_NONE) {
    Str bad = shown(kind);
    FAIL_AT(INVALID, S("kind"), S(""),
            "第 %d 行第 2 列（kind）：“%.*s”无效，请写 holiday（放假）、workday（调休上班）或 "
            "normal（照常）",
            l->line, SFMT(bad));
  }
  if (!(l->columns == 3 ? ends_at_name : ends_at_notice))
    FAIL_AT(INVALID, S("notice"), S(""), "第 %d 行第 %d 列：比表头多出一列，请删去多余的逗号",
            l->line, l->columns + 1);
  Row *row = &l->rows[++l->count];
  *row = (Row){.mark = mark,
               .line = l->line,
               .name = arena_str(cx->mem, str_trim(name)),
               .notice = arena_str(cx->mem, str_trim(notice))};
  row->reason = reason_make(cx->mem, row, day);
  l->calendar->row[day.n - FIRST_DAY] = l->count;
  year_notice(l->calendar, day);
  return OK;
}

static bool works(const Calendar *c, Day d) {
  const Row *row = row_of(c, d);
  if (row && row->mark == MARK_HOLIDAY) return false;
  if (row && row->mark == MARK_WORKDAY) return true;
  return day_weekday(d) <= 5;
}

static void tables_fill(Calendar *c) {
  uint16_t count = 0;
  for (uint16_t i = 0; i < DAYS; i++) {
    if (works(c, (Day){FIRST_DAY + i})) c->nth[++count] = i;
    c->upto[i] = count;
  }
  c->total = count;
}

bool calendar_covers(Day d) {
  return d.n >= FIRST_DAY && d.n < FIRST_DAY + DAYS;
}

bool day_kind_parse(Str s, DayKind *out) {
  Mark m = mark_of(s);
  if (m == MARK_NONE) return false;
  *out = m == MARK_HOLIDAY ? DAY_HOLIDAY : m == MARK_WORKDAY ? DAY_WORKDAY : DAY_NORMAL;
  return true;
}

Str day_kind_text(DayKind k) {
  return k == DAY_HOLIDAY ? S("holiday") : k == DAY_WORKDAY ? S("workday") : S("normal");
}

/* One day that became, or ceased to be, a working day moves the counts behind it by one. */
static void tables_flip(Calendar *c, int i, bool work) {
  int at = c->upto[i] + (work ? 1 : 0), end = work ? c->total : c->total - 1;
  if (work) memmove(&c->nth[at + 1], &c->nth[at], (size_t)(c->total - at + 1) * sizeof c->nth[0]);
  else memmove(&c->nth[at], &c->nth[at + 1], (size_t)(end - at + 1) * sizeof c->nth[0]);
  if (work) c->nth[at] = (uint16_t)i;
  for (int k = i; k < DAYS; k++) c->upto[k] = (uint16_t)(c->upto[k] + (work ? 1 : -1));
  c->total += work ? 1 : -1;
}

const Calendar *calendar_with(Arena *mem, const Calendar *base, const DayChange *changes, size_t n) {
  Calendar *c = arena_new(mem, Calendar);
  uint16_t count = base->row_count;
  Row *rows = arena_array(mem, Row, count + n + 1);
  *c = *base;
  memcpy(rows, base->rows, (count + 1u) * sizeof *rows);
  c->rows = rows;
  for (size_t k = 0; k < n; k++) {
    const DayChange *d = &changes[k];
    static const Mark marks[] = {[DAY_HOLIDAY] = MARK_HOLIDAY, [DAY_WORKDAY] = MARK_WORKDAY, [DAY_NORMAL] = MARK_NORMAL};
    REQUIRE(calendar_covers(d->day));
    int i = d->day.n - FIRST_DAY;
    bool before = works(c, d->day);
    Row *row = &rows[++count];
    *row = (Row){.mark = marks[d->kind], .name = d->name, .notice = d->notice};
    row->reason = reason_make(mem, row, d->day);
    c->row[i] = count;
    year_notice(c, d->day);
    bool after = works(c, d->day);
    if (after != before) tables_flip(c, i, after);
  }
  c->row_count = count;
  return c;
}

/* Rows that the text can hold at most: no day may come twice. */
static size_t rows_most(Str text) {
  size_t lines = 1;
  for (size_t i = 0; i < text.len; i++)
    lines += text.ptr[i] == '\n';
  return lines < DAYS ? lines : DAYS;
}

Code calendar_load(Cx *cx, Str text, const Calendar **out) {
  Load l = {.calendar = arena_new(cx->mem, Calendar)};
  Str rest = text, row;
  l.rows = arena_array(cx->mem, Row, rows_most(text) + 1);
  l.calendar->rows = l.rows;
  if (str_starts(rest, S("\xEF\xBB\xBF")))
    rest = str_sub(rest, 3, SIZE_MAX); /* spreadsheets put it */
  do {
    str_cut(rest, '\n', &row, &rest);
    l.line++;
    if (!utf8_valid(row)) FAIL(INVALID, "第 %d 行第 1 列：不是 UTF-8 文字，请另存为 UTF-8", l.line);
    row = str_trim(row);
    if (l.line == 1)
      TRY(head_read(cx, &l, row));
    else if (row.len)
      TRY(row_read(cx, &l, row));
  } while (rest.len);
  l.calendar->row_count = l.count;
  tables_fill(l.calendar);
  *out = l.calendar;
  return OK;
}

/* ---- questions ---------------------------------------------------------------------------- */

bool calendar_is_work(const Calendar *c, Day d) {
  return ordinal(c, d.n) != ordinal(c, (int64_t)d.n - 1);
}

bool calendar_listed(const Calendar *c, Day d, DayKind *kind, Str *name) {
  const Row *row = row_of(c, d);
  if (!row) return false;
  *kind = row->mark == MARK_HOLIDAY ? DAY_HOLIDAY : row->mark == MARK_WORKDAY ? DAY_WORKDAY : DAY_NORMAL;
  *name = row->name;
  return true;
}

int calendar_last_year(const Calendar *c) {
  return c->last_year;
}

static bool year_noticed(const Calendar *c, int year) {
  return year >= FIRST_YEAR && year < FIRST_YEAR + YEARS && c->noticed[year - FIRST_YEAR];
}

bool calendar_is_provisional(const Calendar *c, Day d) {
  int year, month, day;
  day_split(d, &year, &month, &day);
  if (!year_noticed(c, year)) return true;
  return month == 12 && day >= 25 && !year_noticed(c, year + 1);
}

Str calendar_reason(const Calendar *c, Day d, Str *notice) {
  const Row *row = row_of(c, d);
  if (notice) *notice = row ? row->notice : S("");
  if (row) return row->reason;
  int weekday = day_weekday(d);
  if (weekday <= 5) return S("工作日");
  return weekday == 6 ? S("周六") : S("周日");
}

Day calendar_add(const Calendar *c, Day start, int n) {
  if (n <= 0) return start;
  return day_of_ordinal(c, ordinal(c, start.n) + n);
}

int calendar_count(const Calendar *c, Day after, Day upto) {
  if (upto.n <= after.n) return 0;
  return (int)(ordinal(c, upto.n) - ordinal(c, after.n));
}

Day calendar_next_work(const Calendar *c, Day d) {
  return calendar_is_work(c, d) ? d : calendar_add(c, d, 1);
}

Str calendar_refuses(Arena *mem, const Calendar *c, Day named, Day today) {
  Str day = day_cn(mem, named), next = day_str(mem, calendar_next_work(c, named.n < today.n ? today : named));
  if (named.n < today.n) return arena_fmt(mem, "%.*s已经过去，最近的工作日是 %.*s", SFMT(day), SFMT(next));
  if (calendar_is_work(c, named)) return S("");
  Str reason = calendar_reason(c, named, NULL);
  return arena_fmt(mem, "%.*s不是工作日（%.*s），下一个工作日是 %.*s", SFMT(day), SFMT(reason), SFMT(next));
}
