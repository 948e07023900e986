/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lists.c: worklists. Running items come from one index in the order of their due days, paused ones from
 * another in the order of the days left when they stopped; the two are merged by days left today. Lamps are
 * ranges of days, so that counts are exact without reading the cases.
 */
#include "approval/approval_int.h"

#include <stdlib.h>

#define ITEM_COLUMNS                                                                                                  \
  "i.project, i.stage, i.attempt, p.number, p.name, i.code, i.name, i.unit, i.status, i.taken, i.start, i.due, i.days, " \
  "i.used, i.since, i.left_days, i.paused, i.warn"
#define ITEM_KINDS "iiissssssSiiiiiiii"
/* ?1 unit, ?2 today, ?3 lamp, ?4 part of a name, ?5 stage, ?6 category, ?7 rows. */
#define ITEM_FILTER                                                                                              \
  " AND (?5 = 0 OR i.stage = ?5) AND (?6 = '' OR p.category = ?6) AND (?4 = '' OR instr(p.name, ?4) > 0 OR instr(p.number, ?4) > 0" \
  " OR instr(p.code, ?4) > 0 OR instr(p.owner, ?4) > 0)"
#define RUNNING_LAMP                                                                                       \
  " AND (?3 = '' OR (?3 = 'red' AND i.due < ?2) OR (?3 = 'yellow' AND i.due >= ?2 AND i.warn <= ?2) OR" \
  " (?3 = 'green' AND i.warn > ?2))"
#define PAUSED_LAMP \
  " AND (?3 = '' OR (?3 = 'red' AND i.due > 0 AND i.due < ?2) OR (?3 = 'grey' AND NOT (i.due > 0 AND i.due < ?2)))"
#define FROM_ITEM " FROM item i JOIN project p ON p.no = i.project WHERE "
#define OF_UNIT "i.unit = ?1 AND "
#define OF_ANY "?1 = ?1 AND "

/* By a unit or of all, with the filters or without: a list without any costs a third less. */
#define RUNNING_ROWS(of, lamp, filter) \
  "SELECT " ITEM_COLUMNS FROM_ITEM of "i.open = 1 AND i.paused = 0" lamp filter " ORDER BY i.due, i.project, i.stage, i.code LIMIT ?7"
#define PAUSED_ROWS(of, lamp, filter) \
  "SELECT " ITEM_COLUMNS FROM_ITEM of "i.open = 1 AND i.paused = 1" lamp filter " ORDER BY i.left_days, i.project, i.stage, i.code LIMIT ?7"
static const Sql sql_running[4] = {
    {"items.running", "sissisi", ITEM_KINDS, RUNNING_ROWS(OF_UNIT, RUNNING_LAMP, ITEM_FILTER)},
    {"items.running-all", "sissisi", ITEM_KINDS, RUNNING_ROWS(OF_ANY, RUNNING_LAMP, ITEM_FILTER)},
    {"items.running-plain", "sissisi", ITEM_KINDS, RUNNING_ROWS(OF_UNIT, "", "")},
    {"items.running-all-plain", "sissisi", ITEM_KINDS, RUNNING_ROWS("", "", "")}};
static const Sql sql_paused[4] = {
    {"items.paused", "sissisi", ITEM_KINDS, PAUSED_ROWS(OF_UNIT, PAUSED_LAMP, ITEM_FILTER)},
    {"items.paused-all", "sissisi", ITEM_KINDS, PAUSED_ROWS(OF_ANY, PAUSED_LAMP, ITEM_FILTER)},
    {"items.paused-plain", "sissisi", ITEM_KINDS, PAUSED_ROWS(OF_UNIT, "", "")},
    {"items.paused-all-plain", "sissisi", ITEM_KINDS, PAUSED_ROWS("", "", "")}};
static const Sql sql_ended[2] = {
    {"items.ended", "sissisi", ITEM_KINDS,
     "SELECT " ITEM_COLUMNS FROM_ITEM OF_UNIT "i.open = 0 AND i.ended > 0 AND ?2 = ?2 AND ?3 = ?3" ITEM_FILTER
     " ORDER BY i.ended DESC, i.project DESC, i.stage DESC, i.code DESC LIMIT ?7"},
    {"items.ended-all", "sissisi", ITEM_KINDS,
     "SELECT " ITEM_COLUMNS FROM_ITEM OF_ANY "i.open = 0 AND i.ended > 0 AND ?2 = ?2 AND ?3 = ?3" ITEM_FILTER
     " ORDER BY i.ended DESC, i.project DESC, i.stage DESC, i.code DESC LIMIT ?7"}};
#define COUNT_OF(where) "SELECT count(*)" FROM_ITEM where
static const Sql sql_count[6] = {
    {"items.count-running", "sissis", "i", COUNT_OF(OF_UNIT "i.open = 1 AND i.paused = 0" RUNNING_LAMP ITEM_FILTER)},
    {"items.count-running-all", "sissis", "i", COUNT_OF(OF_ANY "i.open = 1 AND i.paused = 0" RUNNING_LAMP ITEM_FILTER)},
    {"items.count-paused", "sissis", "i", COUNT_OF(OF_UNIT "i.open = 1 AND i.paused = 1" PAUSED_LAMP ITEM_FILTER)},
    {"items.count-paused-all", "sissis", "i", COUNT_OF(OF_ANY "i.open = 1 AND i.paused = 1" PAUSED_LAMP ITEM_FILTER)},
    {"items.count-ended", "sissis", "i", COUNT_OF(OF_UNIT "i.open = 0 AND i.ended > 0 AND ?2 = ?2 AND ?3 = ?3" ITEM_FILTER)},
    {"items.count-ended-all", "sissis", "i", COUNT_OF(OF_ANY "i.open = 0 AND i.ended > 0 AND ?2 = ?2 AND ?3 = ?3" ITEM_FILTER)}};

/* Without a filter the indexes alone are read: for a thousand open items 0.1 ms, which is kept until the next
 * commit. ?1 unit, ?2 today. */
#define RUNNING_SUMS "SELECT count(*), coalesce(sum(CASE WHEN due < ?2 THEN 1 ELSE 0 END), 0)," \
  " coalesce(sum(CASE WHEN due >= ?2 AND warn <= ?2 THEN 1 ELSE 0 END), 0) FROM item WHERE "
#define PAUSED_SUMS "SELECT count(*), coalesce(sum(CASE WHEN due > 0 AND due < ?2 THEN 1 ELSE 0 END), 0), 0 FROM item WHERE "
#define ENDED_SUMS "SELECT count(*), ?2, 0 FROM item WHERE "
static const Sql sql_sums[6] = {
    {"items.sum-running", "si", "iii", RUNNING_SUMS "unit = ?1 AND open = 1 AND paused = 0"},
    {"items.sum-running-all", "si", "iii", RUNNING_SUMS OF_ANY "open = 1 AND paused = 0"},
    {"items.sum-paused", "si", "iii", PAUSED_SUMS "unit = ?1 AND open = 1 AND paused = 1"},
    {"items.sum-paused-all", "si", "iii", PAUSED_SUMS OF_ANY "open = 1 AND paused = 1"},
    {"items.sum-ended", "si", "iii", ENDED_SUMS "unit = ?1 AND open = 0 AND ended > 0"},
    {"items.sum-ended-all", "si", "iii", ENDED_SUMS OF_ANY "open = 0 AND ended > 0"}};

typedef struct Rowset {
  ItemRow *list;
  size_t count;
} Rowset;

static Lamp lamp_of(const Policy *p, const ItemRow *r, Day fixed, Day today) {
  if (r->paused) return fixed.n > 0 && fixed.n < today.n ? LAMP_RED : LAMP_GREY;
  if (r->due.n < today.n) return LAMP_RED;
  if (r->left <= p->lamp.warn_days || r->left * p->lamp.warn_of <= r->limit) return LAMP_YELLOW;
  return LAMP_GREEN;
}

static ItemRow item_row(Cx *cx, const Policy *p, const Rows *r, Day today, bool open) {
  ItemRow row = {.project = row_i(r, 0), .stage = (int)row_i(r, 1), .attempt = (int)row_i(r, 2)};
  row.number = row_s(cx, r, 3);
  row.project_name = row_s(cx, r, 4);
  row.code = row_s(cx, r, 5);
  row.item_name = row_s(cx, r, 6);
  row.unit = row_s(cx, r, 7);
  Str status = row_s(cx, r, 8);
  row.taken_by = row_s(cx, r, 9);
  row.start = (Day){(int32_t)row_i(r, 10)};
  Day due = {(int32_t)row_i(r, 11)}, since = {(int32_t)row_i(r, 14)};
  row.limit = (int)row_i(r, 12);
  row.paused = row_i(r, 16) != 0;
  row.left = (int)row_i(r, 15);
  row.used = (int)row_i(r, 13);
  if (open && !row.paused) {
    row.used += calendar_count(p->calendar, since, today);
    row.left = row.limit - row.used;
    row.due = due;
    row.has_due = true;
  }
  for (int s = 1; s < ITEM_STATUS__MAX; s++)
    if (str_eq(status, item_status_text((ItemStatus)s))) row.status = item_status_label((ItemStatus)s);
  if (!open) row.lamp = str_eq(status, S("withdrawn")) ? LAMP_ENDED : LAMP_DONE;
  else row.lamp = lamp_of(p, &row, due, today);
  row.overdue = row.lamp == LAMP_RED;
  return row;
}

static Code open_rows(Cx *cx, Reader *rd, const Sql *q, const ItemFilter *f, Day today, size_t max, Rows **out) {
  return db_rows(cx, reader_views(rd), q,
                 VALS(val_s(f->unit), val_i(today.n), val_s(f->lamp), val_s(f->q), val_i(f->stage), val_s(f->category),
                      val_i((int64_t)max)), out);
}

static Code rows_of(Cx *cx, Reader *rd, const Policy *p, const Sql *q, const ItemFilter *f, Day today, size_t max, Rowset *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  out->list = arena_array(cx->mem, ItemRow, max + 1);
  out->count = 0;
  TRY(open_rows(cx, rd, q, f, today, max, &r));
  while (out->count < max && rows_next(r)) out->list[out->count++] = item_row(cx, p, r, today, f->open);
  return rows_end(cx, r);
}

static Code count_of(Cx *cx, Reader *rd, const Sql *q, const ItemFilter *f, Day today, int64_t *total) {
  int64_t n = 0;
  TRY(db_int(cx, reader_views(rd), q,
             VALS(val_s(f->unit), val_i(today.n), val_s(f->lamp), val_s(f->q), val_i(f->stage), val_s(f->category)), 0, &n));
  *total += n;
  return OK;
}

static bool before(const ItemRow *a, const ItemRow *b) {
  if (a->left != b->left) return a->left < b->left;
  if (a->project != b->project) return a->project < b->project;
  return a->stage != b->stage ? a->stage < b->stage : str_cmp(a->code, b->code) < 0;
}

static int by_left(const void *x, const void *y) {
  const ItemRow *a = x, *b = y;
  return before(a, b) ? -1 : before(b, a);
}

static bool filtered(const ItemFilter *f) {
  return f->q.len || f->stage || f->category.len;
}

static size_t variant(const ItemFilter *f) {
  return (f->unit.len ? 0 : 1) + (filtered(f) || f->lamp.len ? 0 : 2);
}

typedef struct Merge {
  const Policy *p;
  const ItemFilter *f;
  Day today;
  Rowset running;
  ItemRow *out;
  size_t at, n; /* rows passed, rows shown */
} Merge;

static void merge_row(Merge *m, const ItemRow *row) {
  if (m->at++ >= m->f->offset) m->out[m->n++] = *row;
}

/* Paused rows come one by one, so that no more are read than are shown; both are in the order of the days left. */
static Code merge_paused(Cx *cx, Reader *rd, Merge *m) {
  SCOPED(rows_drop) Rows *r = NULL;
  const ItemFilter *f = m->f;
  size_t a = 0, most = f->offset + f->limit;
  bool wanted = !f->lamp.len || str_eq(f->lamp, S("grey")) || str_eq(f->lamp, S("red"));
  if (wanted) TRY(open_rows(cx, rd, &sql_paused[variant(f)], f, m->today, most, &r));
  bool more = wanted && rows_next(r);
  while (m->n < f->limit && (more || a < m->running.count)) {
    ItemRow row = {0};
    if (more) row = item_row(cx, m->p, r, m->today, true);
    while (m->n < f->limit && a < m->running.count && (!more || before(&m->running.list[a], &row)))
      merge_row(m, &m->running.list[a++]);
    if (!more || m->n >= f->limit) continue;
    merge_row(m, &row);
    more = rows_next(r);
  }
  return r ? rows_end(cx, r) : OK;
}

static Code open_list(Cx *cx, Reader *rd, const Policy *p, const ItemFilter *f, Day today, ItemRow **out, size_t *n) {
  Merge m = {.p = p, .f = f, .today = today, .out = arena_array(cx->mem, ItemRow, f->limit + 1)};
  if (!str_eq(f->lamp, S("grey")))
    TRY(rows_of(cx, rd, p, &sql_running[variant(f)], f, today, f->offset + f->limit, &m.running));
  /* Days left follow the due days, except after a pause of an overdue item: put right within the page. */
  if (m.running.count) qsort(m.running.list, m.running.count, sizeof *m.running.list, by_left);
  TRY(merge_paused(cx, rd, &m));
  *out = m.out;
  *n = m.n;
  return OK;
}

/* ---- counts --------------------------------------------------------------------------------------- */

typedef struct SumsAsk {
  Str unit;
  Day today;
} SumsAsk;
enum { SUM_RED, SUM_YELLOW, SUM_GREY, SUM_GREEN };

static Code sums_row(Cx *cx, Reader *rd, const Sql *q, const SumsAsk *ask, int64_t n[3]) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, reader_views(rd), q, VALS(val_s(ask->unit), val_i(ask->today.n)), &r));
  if (rows_next(r))
    for (int i = 0; i < 3; i++) n[i] = row_i(r, i);
  return rows_end(cx, r);
}

static Code sums_count(Cx *cx, Reader *rd, const void *arg, int64_t out[READER_SUMS]) {
  const SumsAsk *ask = arg;
  int any = ask->unit.len ? 0 : 1;
  int64_t running[3] = {0}, paused[3] = {0};
  TRY(sums_row(cx, rd, &sql_sums[any], ask, running));
  TRY(sums_row(cx, rd, &sql_sums[2 + any], ask, paused));
  out[SUM_RED] = running[1] + paused[1];
  out[SUM_YELLOW] = running[2];
  out[SUM_GREY] = paused[0] - paused[1];
  out[SUM_GREEN] = running[0] - running[1] - running[2];
  return OK;
}

/* For itself: what has ended grows for ever, and whoever looks at open items does not ask for it. */
static Code ended_count(Cx *cx, Reader *rd, const void *arg, int64_t out[READER_SUMS]) {
  const SumsAsk *ask = arg;
  int64_t ended[3] = {0};
  TRY(sums_row(cx, rd, &sql_sums[ask->unit.len ? 4 : 5], ask, ended));
  out[0] = ended[0];
  return OK;
}

static Code sums_of(Cx *cx, Reader *rd, Str unit, Day today, bool open, int64_t out[READER_SUMS]) {
  SumsAsk ask = {.unit = unit, .today = today};
  if (!open) return reader_sums(cx, rd, arena_fmt(cx->mem, "ended %.*s", SFMT(unit)), ended_count, &ask, out);
  return reader_sums(cx, rd, arena_fmt(cx->mem, "items %.*s %d", SFMT(unit), today.n), sums_count, &ask, out);
}

static Code total_plain(Cx *cx, Reader *rd, const ItemFilter *f, Day today, int64_t *total) {
  int64_t n[READER_SUMS];
  TRY(sums_of(cx, rd, f->unit, today, f->open, n));
  if (!f->open) *total = n[0];
  else if (!f->lamp.len) *total = n[SUM_RED] + n[SUM_YELLOW] + n[SUM_GREY] + n[SUM_GREEN];
  else if (str_eq(f->lamp, S("red"))) *total = n[SUM_RED];
  else if (str_eq(f->lamp, S("yellow"))) *total = n[SUM_YELLOW];
  else if (str_eq(f->lamp, S("grey"))) *total = n[SUM_GREY];
  else if (str_eq(f->lamp, S("green"))) *total = n[SUM_GREEN];
  return OK;
}

static Code total_of(Cx *cx, Reader *rd, const ItemFilter *f, Day today, int64_t *total) {
  int any = f->unit.len ? 0 : 1;
  *total = 0;
  if (!filtered(f)) return total_plain(cx, rd, f, today, total);
  if (!f->open) return count_of(cx, rd, &sql_count[4 + any], f, today, total);
  if (!str_eq(f->lamp, S("grey"))) TRY(count_of(cx, rd, &sql_count[any], f, today, total));
  if (!f->lamp.len || str_eq(f->lamp, S("grey")) || str_eq(f->lamp, S("red")))
    TRY(count_of(cx, rd, &sql_count[2 + any], f, today, total));
  return OK;
}

Code items_list(Cx *cx, Reader *rd, const Policy *p, const ItemFilter *f, int64_t now, ItemRow **out, size_t *n,
                int64_t *total) {
  Day today = day_of(now);
  *n = 0;
  TRY(total_of(cx, rd, f, today, total));
  if (f->open) return open_list(cx, rd, p, f, today, out, n);
  Rowset ended = {0};
  TRY(rows_of(cx, rd, p, &sql_ended[f->unit.len ? 0 : 1], f, today, f->offset + f->limit, &ended));
  *out = ended.list + (f->offset < ended.count ? f->offset : ended.count);
  *n = ended.count > f->offset ? ended.count - f->offset : 0;
  return OK;
}

Code items_count(Cx *cx, Reader *rd, const Policy *p, Str unit, int64_t now, LampCount *out) {
  int64_t n[READER_SUMS];
  (void)p;
  TRY(sums_of(cx, rd, unit, day_of(now), true, n));
  *out = (LampCount){.red = n[SUM_RED], .yellow = n[SUM_YELLOW], .grey = n[SUM_GREY], .green = n[SUM_GREEN]};
  out->all = out->red + out->yellow + out->grey + out->green;
  return OK;
}
