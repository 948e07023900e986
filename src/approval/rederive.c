/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rederive.c: a clock from what its row in the views holds, for one event and for all rows after a notice.
 * The figures of a running clock do not depend on the day on which they are worked out: `used` is what had
 * been counted when the clock last went on, `due` and `warn` are days.
 */
#include "approval/approval_int.h"

/* ---- pauses as text: "18020-18025a 18030-18040~t": days since 1970, a applicant, t third party; ~: open, and planned until then ---- */

Str pauses__text(Arena *mem, const ItemClock *k) {
  Buf b;
  buf_init(&b, 64 * (k->pause_count + 1));
  for (size_t i = 0; i < k->pause_count; i++) {
    const Pause *p = &k->pauses[i];
    if (i) buf_char(&b, ' ');
    buf_i64(&b, p->from.n);
    buf_char(&b, '-');
    if (!p->open) buf_i64(&b, p->to.n);
    else if (p->planned.n) {
      buf_i64(&b, p->planned.n);
      buf_char(&b, '~');
    }
    buf_char(&b, p->holder == HELD_APPLICANT ? 'a' : 't');
  }
  Str out = arena_str(mem, buf_str(&b));
  buf_drop(&b);
  return out;
}

static int32_t number(const char **at, const char *end) {
  int32_t n = 0;
  while (*at < end && **at >= '0' && **at <= '9') n = n * 10 + (*(*at)++ - '0');
  return n;
}

/* Every acceptance lies after 1970, so that no day is negative. */
size_t pauses__read(Str text, Pause *out, size_t max) {
  const char *at = text.ptr, *end = at + text.len;
  size_t n = 0;
  while (at < end && n < max) {
    Pause *p = &out[n++];
    *p = (Pause){.from = {number(&at, end)}};
    at++;
    p->open = at < end && (*at == 'a' || *at == 't');
    if (!p->open) p->to = (Day){number(&at, end)};
    if (at < end && *at == '~') {
      p->open = true;
      p->planned = p->to;
      p->to = (Day){0};
      at++;
    }
    p->holder = at < end && *at == 'a' ? HELD_APPLICANT : HELD_THIRD;
    at += 2;
  }
  return n;
}

/* ---- earlier runs ------------------------------------------------------------------------------------ */

Str runs__text(Arena *mem, const Policy *p, const ItemState *i) {
  Str out = S("");
  for (const ItemState *run = i->earlier; run; run = run->earlier) {
    if (!item__runs_stage(run)) continue;
    ItemClock k = item__clock(mem, p, run);
    Str pauses = pauses__text(mem, &k);
    out = arena_fmt(mem, "%.*s%s%d-%d%s%.*s", SFMT(out), out.len ? ";" : "", k.start.n, k.end.n, pauses.len ? " " : "", SFMT(pauses));
  }
  return out;
}

static size_t run_pauses(Arena *mem, Str text, const Pause **out) {
  Pause *pauses = arena_array(mem, Pause, ITEM_PAUSES_MAX);
  *out = pauses;
  return pauses__read(text, pauses, ITEM_PAUSES_MAX);
}

/* How a run ended is no matter of the stage's clock. */
size_t runs__read(Arena *mem, Str text, ItemClock *out, size_t max) {
  const char *at = text.ptr, *end = at + text.len;
  size_t n = 0;
  while (at < end && n < max) {
    ItemClock *k = &out[n++];
    *k = (ItemClock){.start = {number(&at, end)}, .end_kind = END_DONE};
    at++;
    k->end = (Day){number(&at, end)};
    const char *rest = at;
    while (at < end && *at != ';') at++;
    if (rest < at) k->pause_count = run_pauses(mem, (Str){.ptr = rest + 1, .len = (size_t)(at - rest) - 1}, &k->pauses);
    if (at < end) at++;
  }
  return n;
}

/* ---- figures ----------------------------------------------------------------------------------------- */

int warn__left(LampRule rule, int limit) {
  int part = rule.warn_of ? limit / rule.warn_of : 0;
  return part > rule.warn_days ? part : rule.warn_days;
}

/* The first day of yellow: as many counted days before the due day as the rule says. */
static Day warn_day(const Calendar *c, Day due, int left) {
  Day d = due;
  while (calendar_count(c, (Day){d.n - 1}, due) <= left && due.n - d.n < 400) d.n--;
  return d;
}

ClockFigures clock__figures(const Calendar *c, const ItemClock *k, int warn_left) {
  ClockFigures f = {.since = k->start};
  Day opened = {0}, planned = {0};
  bool open = k->end_kind == END_NONE, paused = false;
  for (size_t i = 0; i < k->pause_count; i++) {
    const Pause *p = &k->pauses[i];
    if (p->open) {
      opened = p->from;
      planned = p->planned;
    }
    if (!p->open && p->to.n > f.since.n) f.since = p->to;
    paused = paused || p->open;
  }
  Reading r = clock_item(c, k, paused && opened.n > f.since.n ? opened : f.since, lamp_rule_default);
  f.used = r.used;
  f.left = r.left;
  if (open && !paused) {
    f.due = r.due;
    f.warn = warn_day(c, f.due, warn_left);
  } else if (open && r.overdue) {
    f.due = r.due_if_resumed_today; /* it had passed: the day is fixed, and red stays red */
  } else if (open && planned.n) {
    f.warn = (Day){planned.n + 1};
  }
  return f;
}

bool figures__same(const ClockFigures *a, const ClockFigures *b) {
  return a->due.n == b->due.n && a->warn.n == b->warn.n && a->since.n == b->since.n && a->used == b->used &&
         a->left == b->left;
}
