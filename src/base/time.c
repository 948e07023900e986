/* SPDX-License-Identifier: Apache-2.0 */
/* time.c: the only file that reads the clock; days by Hinnant's civil-calendar arithmetic. */
#include "base/base.h"

#include <time.h>

int64_t clock_now_ms(void) {
  struct timespec t;
  REQUIRE(clock_gettime(CLOCK_REALTIME, &t) == 0);
  return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_steady_us(void) {
  struct timespec t;
  REQUIRE(clock_gettime(CLOCK_MONOTONIC, &t) == 0);
  return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int64_t floor_div(int64_t a, int64_t b) {
  int64_t q = a / b;
  return a % b != 0 && (a < 0) != (b < 0) ? q - 1 : q;
}

Day day_of(int64_t ms) {
  return (Day){(int32_t)floor_div(ms + BEIJING_MS, DAY_MS)};
}

int64_t day_start(Day d) {
  return d.n * DAY_MS - BEIJING_MS;
}

Day day_ymd(int y, int m, int d) {
  y -= m <= 2;
  int era = (y >= 0 ? y : y - 399) / 400;
  int yoe = y - era * 400, doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
  int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
  return (Day){era * 146097 + doe - 719468};
}

void day_split(Day d, int *y, int *m, int *day) {
  int z = d.n + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
  int doe = z - era * 146097, yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  int doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
  *day = doy - (153 * mp + 2) / 5 + 1;
  *m = mp < 10 ? mp + 3 : mp - 9;
  *y = yoe + era * 400 + (*m <= 2);
}

int day_weekday(Day d) {
  int w = (d.n + 3) % 7; /* 1970-01-01 was a Thursday */
  return (w < 0 ? w + 7 : w) + 1;
}

/* n digits at `at`, or -1. */
static int digits(Str s, size_t at, size_t n) {
  int v = 0;
  if (at + n > s.len) return -1;
  for (size_t i = at; i < at + n; i++) {
    if (s.ptr[i] < '0' || s.ptr[i] > '9') return -1;
    v = v * 10 + (s.ptr[i] - '0');
  }
  return v;
}

static bool day_real(int y, int m, int d, Day *out) {
  int y2, m2, d2;
  if (y < 1900 || y > 2199 || m < 1 || m > 12 || d < 1 || d > 31) return false;
  Day day = day_ymd(y, m, d);
  day_split(day, &y2, &m2, &d2);
  if (y2 != y || m2 != m || d2 != d) return false;
  *out = day;
  return true;
}

/* One or two digits from *at on, and what stands behind them: `mark`, or nothing when it is empty. */
static bool part_read(Str s, size_t *at, Str mark, int *out) {
  size_t n = *at + 1 < s.len && s.ptr[*at + 1] >= '0' && s.ptr[*at + 1] <= '9' ? 2 : 1;
  *out = digits(s, *at, n);
  *at += n;
  if (*out < 0 || !str_eq(str_sub(s, *at, mark.len), mark)) return false;
  *at += mark.len;
  return true;
}

bool day_typed(Str typed, Day *out) {
  static const Str marks[][3] = {{{.ptr = "-", .len = 1}, {.ptr = "-", .len = 1}, {.ptr = "", .len = 0}},
                                 {{.ptr = "/", .len = 1}, {.ptr = "/", .len = 1}, {.ptr = "", .len = 0}},
                                 {{.ptr = ".", .len = 1}, {.ptr = ".", .len = 1}, {.ptr = "", .len = 0}},
                                 {{.ptr = "年", .len = 3}, {.ptr = "月", .len = 3}, {.ptr = "日", .len = 3}}};
  Str s = str_trim(typed);
  int y = digits(s, 0, 4), m, d;
  for (size_t i = 0; y >= 0 && i < COUNT(marks); i++) {
    size_t at = 4 + marks[i][0].len;
    if (!str_eq(str_sub(s, 4, marks[i][0].len), marks[i][0])) continue;
    return part_read(s, &at, marks[i][1], &m) && part_read(s, &at, marks[i][2], &d) && at == s.len && day_real(y, m, d, out);
  }
  return false;
}

bool day_parse(Str s, Day *out) {
  if (s.len != 10 || s.ptr[4] != '-' || s.ptr[7] != '-') return false;
  return day_real(digits(s, 0, 4), digits(s, 5, 2), digits(s, 8, 2), out);
}

/* Pages print hundreds of these: digits by hand cost a tenth of a format. n digits end before `end`. */
static void put_digits(char *end, int n, int v) {
  for (; n > 0; n--, v /= 10) *--end = (char)('0' + v % 10);
}

static Str day_text(char *at, Day day) {
  int y, m, d;
  day_split(day, &y, &m, &d);
  put_digits(at + 4, 4, y);
  at[4] = at[7] = '-';
  put_digits(at + 7, 2, m);
  put_digits(at + 10, 2, d);
  return (Str){.ptr = at, .len = 10};
}

static bool four_digits(Day day) { /* the years 0 to 9999 */
  return day.n >= -719528 && day.n <= 2932896;
}

Str day_str(Arena *a, Day day) {
  char text[10];
  int y, m, d;
  if (four_digits(day)) return arena_str(a, day_text(text, day));
  day_split(day, &y, &m, &d);
  return arena_fmt(a, "%04d-%02d-%02d", y, m, d);
}

Str day_cn(Arena *a, Day day) {
  int y, m, d;
  day_split(day, &y, &m, &d);
  return arena_fmt(a, "%d年%d月%d日", y, m, d);
}

static void clock_split(int64_t ms, Day *day, int *h, int *min, int *s) {
  *day = day_of(ms);
  int64_t rest = (ms - day_start(*day)) / 1000;
  *h = (int)(rest / 3600);
  *min = (int)(rest / 60 % 60);
  *s = (int)(rest % 60);
}

Str time_str(Arena *a, int64_t ms) {
  char text[] = "0000-00-00T00:00:00+08:00";
  Day day;
  int y, m, d, h, min, s;
  clock_split(ms, &day, &h, &min, &s);
  if (four_digits(day)) {
    day_text(text, day);
    put_digits(text + 13, 2, h);
    put_digits(text + 16, 2, min);
    put_digits(text + 19, 2, s);
    return arena_str(a, (Str){.ptr = text, .len = sizeof text - 1});
  }
  day_split(day, &y, &m, &d);
  return arena_fmt(a, "%04d-%02d-%02dT%02d:%02d:%02d+08:00", y, m, d, h, min, s);
}

Str time_cn(Arena *a, int64_t ms) {
  char text[] = "0000-00-00 00:00";
  Day day;
  int y, m, d, h, min, s;
  clock_split(ms, &day, &h, &min, &s);
  if (four_digits(day)) {
    day_text(text, day);
    put_digits(text + 13, 2, h);
    put_digits(text + 16, 2, min);
    return arena_str(a, (Str){.ptr = text, .len = sizeof text - 1});
  }
  day_split(day, &y, &m, &d);
  return arena_fmt(a, "%04d-%02d-%02d %02d:%02d", y, m, d, h, min);
}

/* ":SS[.mmm]" at *at, both optional; false when it is begun and wrong. */
static bool seconds_parse(Str s, size_t *at, int64_t *ms) {
  *ms = 0;
  if (*at >= s.len || s.ptr[*at] != ':') return true;
  int sec = digits(s, *at + 1, 2);
  if (sec < 0 || sec > 59) return false;
  *ms = sec * 1000;
  *at += 3;
  if (*at >= s.len || s.ptr[*at] != '.') return true;
  int frac = digits(s, *at + 1, 3);
  if (frac < 0) return false;
  *ms += frac;
  *at += 4;
  return true;
}

bool time_parse(Str s, int64_t *ms) {
  Day day;
  int64_t part;
  if (s.len < 16 || s.ptr[10] != 'T' || s.ptr[13] != ':') return false;
  if (!day_parse(str_sub(s, 0, 10), &day)) return false;
  int h = digits(s, 11, 2), min = digits(s, 14, 2);
  size_t at = 16;
  if (h < 0 || h > 23 || min < 0 || min > 59 || !seconds_parse(s, &at, &part)) return false;
  Str zone = str_sub(s, at, SIZE_MAX);
  int64_t v = day.n * DAY_MS + h * 3600000LL + min * 60000LL + part;
  if (str_eq(zone, S("Z"))) *ms = v;
  else if (!zone.len || str_eq(zone, S("+08:00"))) *ms = v - BEIJING_MS;
  else return false;
  return true;
}
