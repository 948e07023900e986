/* SPDX-License-Identifier: Apache-2.0 */
/* site.c: facts of the site against the thresholds of the package. */
#include "publish/site.h"

Day site_due(const SiteCheck *c, Day last) {
  int y, m, d;
  if (!str_eqz(c->unit, "months")) return (Day){last.n + c->amount};
  day_split(last, &y, &m, &d);
  int months = y * 12 + m - 1 + c->amount;
  y = months / 12;
  m = months % 12 + 1;
  int length = day_ymd(m == 12 ? y + 1 : y, m == 12 ? 1 : m + 1, 1).n - day_ymd(y, m, 1).n;
  return day_ymd(y, m, d < length ? d : length);
}

Str site_threshold(Arena *mem, const SiteCheck *c) {
  return arena_fmt(mem, "%d %s", c->amount, str_eqz(c->unit, "days") ? "天" : str_eqz(c->unit, "months") ? "个月" : "个");
}

static void since(SiteRow *r, Day last, Day today) {
  r->last = last;
  r->due = site_due(r->check, last);
  r->left = r->due.n - today.n;
  r->lamp = r->left < 0 ? LAMP_RED : r->left <= r->check->warn ? LAMP_YELLOW : LAMP_GREEN;
}

static void many(SiteRow *r, int64_t n) {
  r->n = n;
  r->lamp = n >= r->check->amount ? LAMP_RED : n > 0 ? LAMP_YELLOW : LAMP_GREEN;
}

static SiteRow column_row(const SiteCheck *c, const SiteSeen *seen, Day today) {
  SiteRow r = {.check = c, .column = seen->column, .n = seen->count, .lamp = LAMP_RED};
  if (seen->last.n) since(&r, seen->last, today);
  if (!seen->count) r.lamp = LAMP_RED; /* 空白栏目: however new it is */
  return r;
}

/* Late are those that have something, but nothing new; blank ones are counted beside them. */
static int64_t columns_count(const Disclosure *d, const SiteFacts *f, Day today, bool blank) {
  int64_t n = 0;
  for (size_t i = 0; i < f->column_count; i++) {
    const SiteCheck *own = site_check(d, f->columns[i].column->check);
    SiteRow r = own ? column_row(own, &f->columns[i], today) : (SiteRow){0};
    n += own && (blank ? r.n == 0 : r.n > 0 && r.lamp == LAMP_RED);
  }
  return n;
}

static SiteRow whole_row(const Disclosure *d, const SiteCheck *c, const SiteFacts *f, Day today) {
  SiteRow r = {.check = c, .lamp = LAMP_GREEN};
  const struct { const char *code; int64_t n; } counts[] = {{"guides", f->guides}, {"marks", f->marks}, {"tags", f->tags}, {"times", f->times}};
  if (str_eqz(c->code, "home")) {
    r.lamp = LAMP_RED;
    if (f->home.n) since(&r, f->home, today);
  } else if (str_eqz(c->code, "messages")) {
    r.n = f->waiting;
    if (f->waiting) since(&r, f->asked, today);
  } else if (str_eqz(c->code, "stale") || str_eqz(c->code, "empty")) {
    many(&r, columns_count(d, f, today, str_eqz(c->code, "empty")));
  }
  for (size_t i = 0; i < COUNT(counts); i++)
    if (str_eqz(c->code, counts[i].code)) many(&r, counts[i].n);
  return r;
}

size_t site_rows(Arena *mem, const Disclosure *d, const SiteFacts *f, Day today, SiteRow **out) {
  size_t n = 0;
  SiteRow *rows = *out = arena_array(mem, SiteRow, (d ? d->check_count : 0) + f->column_count + 1);
  for (size_t i = 0; d && i < d->check_count; i++) {
    const SiteCheck *c = &d->checks[i];
    if (!str_eqz(c->code, "news") && !str_eqz(c->code, "notice")) rows[n++] = whole_row(d, c, f, today);
    for (size_t k = 0; k < f->column_count; k++)
      if (str_eq(f->columns[k].column->check, c->code)) rows[n++] = column_row(c, &f->columns[k], today);
  }
  return n;
}
