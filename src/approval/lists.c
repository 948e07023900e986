/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lists.c: worklists. Running items come from one index in the order of their due days, paused ones from
 * another in the order of the days left when they stopped; the two are merged by days left today. Of one unit, without a
 * filter but the lamp, the indexes have all that is shown: neither items nor projects are looked up. Lamps are ranges of
 * days, so that no row is passed over; counts are in load.c.
 */
#include "approval/approval_int.h"

#include <stdlib.h>

#define ITEM_COLUMNS                                                                                                  \
  "i.project, i.stage, i.attempt, p.number, p.name, i.code, i.name, i.unit, i.status, i.taken, i.start, i.due, i.days, " \
  "i.used, i.since, i.left_days, i.paused, i.warn, i.shown"
#define ITEM_KINDS "iiissssssSiiiiiiiis"
/* ?1 unit, ?2 today, ?3 lamp, ?4 part of a name, ?5 stage, ?6 category, ?7 in whose hands, ?8 rows. */
#define ITEM_FILTER                                                                                              \
  " AND (?5 = 0 OR i.stage = ?5) AND (?6 = '' OR p.category = ?6) AND (?4 = '' OR instr(p.name, ?4) > 0 OR instr(p.number, ?4) > 0" \
  " OR instr(p.code, ?4) > 0 OR instr(p.owner, ?4) > 0)"                                                         \
  " AND (?7 = '' OR (?7 = '-' AND NOT EXISTS (SELECT 1 FROM account a WHERE " OF_HANDS ")) OR EXISTS (SELECT 1 FROM account a WHERE a.id = ?7 AND " OF_HANDS "))"
#define OF_HANDS "a.unit = i.unit AND a.disabled = 0 AND " DESK_HAS
#define RUNNING_LAMP                                                                                       \
  " AND (?3 = '' OR (?3 = 'red' AND i.due < ?2) OR (?3 = 'yellow' AND i.due >= ?2 AND i.warn <= ?2) OR" \
  " (?3 = 'green' AND i.warn > ?2))"
/* Of a due day that is fixed `warn` is 0. */
#define PAUSED_LAMP                                                                                        \
  " AND (?3 = '' OR (?3 = 'red' AND i.due > 0 AND i.due < ?2) OR (?3 = 'yellow' AND i.warn > 0 AND i.warn <= ?2) OR" \
  " (?3 = 'grey' AND NOT (i.due > 0 AND i.due < ?2) AND NOT (i.warn > 0 AND i.warn <= ?2)))"
#define FROM_ITEM " FROM item i JOIN project p ON p.no = i.project WHERE "
#define OF_UNIT "i.unit = ?1 AND "
#define OF_ANY "?1 = ?1 AND "

#define RUNNING_ROWS(of) \
  "SELECT " ITEM_COLUMNS FROM_ITEM of "i.open = 1 AND i.paused = 0" RUNNING_LAMP ITEM_FILTER " ORDER BY i.due, i.project, i.stage, i.code LIMIT ?8"
#define PAUSED_ROWS(of) \
  "SELECT " ITEM_COLUMNS FROM_ITEM of "i.open = 1 AND i.paused = 1" PAUSED_LAMP ITEM_FILTER " ORDER BY i.left_days, i.project, i.stage, i.code LIMIT ?8"
static const Sql sql_running[2] = {{"items.running", "sississi", ITEM_KINDS, RUNNING_ROWS(OF_UNIT)},
                                   {"items.running-all", "sississi", ITEM_KINDS, RUNNING_ROWS(OF_ANY)}};
static const Sql sql_paused[2] = {{"items.paused", "sississi", ITEM_KINDS, PAUSED_ROWS(OF_UNIT)},
                                  {"items.paused-all", "sississi", ITEM_KINDS, PAUSED_ROWS(OF_ANY)}};

/* ?1 unit, ?2 today, ?3 the last due day of a yellow one, ?4 rows. A clock that stands still has a due day only when nothing is left. */
#define SHOWN_KINDS "iisiiiis"
#define SHOWN_RUNNING(range) \
  "SELECT project, stage, code, due, used, since, 0, shown FROM item WHERE unit = ?1 AND open = 1 AND paused = 0" range \
  " ORDER BY due, project, stage, code LIMIT ?4"
#define SHOWN_PAUSED(range) \
  "SELECT project, stage, code, due, warn, 0, left_days, shown FROM item WHERE unit = ?1 AND open = 1 AND paused = 1" range \
  " ORDER BY left_days, project, stage, code LIMIT ?4"
typedef struct Shown {
  const char *lamp;
  bool running, paused;
  Sql sql[2]; /* running, paused */
} Shown;
static const Shown shown_lamps[] = {
    {"", true, true, {{"shown.running", "siii", SHOWN_KINDS, SHOWN_RUNNING("")}, {"shown.paused", "siii", SHOWN_KINDS, SHOWN_PAUSED("")}}},
    {"red", true, true, {{"shown.running-red", "siii", SHOWN_KINDS, SHOWN_RUNNING(" AND due < ?2")},
                         {"shown.paused-red", "siii", SHOWN_KINDS, SHOWN_PAUSED(" AND left_days <= 0 AND due > 0 AND due < ?2")}}},
    {"yellow", true, true, {{"shown.running-yellow", "siii", SHOWN_KINDS, SHOWN_RUNNING(" AND due >= ?2 AND due <= ?3 AND warn <= ?2")},
                            {"shown.paused-yellow", "siii", SHOWN_KINDS, SHOWN_PAUSED(" AND warn > 0 AND warn <= ?2")}}},
    {"green", true, false, {{"shown.running-green", "siii", SHOWN_KINDS, SHOWN_RUNNING(" AND due >= ?2 AND warn > ?2")}, {0}}},
    {"grey", false, true, {{0}, {"shown.paused-grey", "siii", SHOWN_KINDS, SHOWN_PAUSED(" AND NOT (due > 0 AND due < ?2) AND NOT (warn > 0 AND warn <= ?2)")}}}};

static const Sql sql_ended[2] = {
    {"items.ended", "sississi", ITEM_KINDS,
     "SELECT " ITEM_COLUMNS FROM_ITEM OF_UNIT "i.open = 0 AND i.ended > 0 AND ?2 = ?2 AND ?3 = ?3" ITEM_FILTER
     " ORDER BY i.ended DESC, i.project DESC, i.stage DESC, i.code DESC LIMIT ?8"},
    {"items.ended-all", "sississi", ITEM_KINDS,
     "SELECT " ITEM_COLUMNS FROM_ITEM OF_ANY "i.open = 0 AND i.ended > 0 AND ?2 = ?2 AND ?3 = ?3" ITEM_FILTER
     " ORDER BY i.ended DESC, i.project DESC, i.stage DESC, i.code DESC LIMIT ?8"}};
#define COUNT_OF(where) "SELECT count(*)" FROM_ITEM where
static const Sql sql_count[6] = {
    {"items.count-running", "sississ", "i", COUNT_OF(OF_UNIT "i.open = 1 AND i.paused = 0" RUNNING_LAMP ITEM_FILTER)},
    {"items.count-running-all", "sississ", "i", COUNT_OF(OF_ANY "i.open = 1 AND i.paused = 0" RUNNING_LAMP ITEM_FILTER)},
    {"items.count-paused", "sississ", "i", COUNT_OF(OF_UNIT "i.open = 1 AND i.paused = 1" PAUSED_LAMP ITEM_FILTER)},
    {"items.count-paused-all", "sississ", "i", COUNT_OF(OF_ANY "i.open = 1 AND i.paused = 1" PAUSED_LAMP ITEM_FILTER)},
    {"items.count-ended", "sississ", "i", COUNT_OF(OF_UNIT "i.open = 0 AND i.ended > 0 AND ?2 = ?2 AND ?3 = ?3" ITEM_FILTER)},
    {"items.count-ended-all", "sississ", "i", COUNT_OF(OF_ANY "i.open = 0 AND i.ended > 0 AND ?2 = ?2 AND ?3 = ?3" ITEM_FILTER)}};

typedef struct Rowset {
  ItemRow *list;
  size_t count;
} Rowset;

static Lamp lamp_of(const Policy *p, const ItemRow *r, Day fixed, Day today) {
  if (r->paused && fixed.n > 0 && fixed.n < today.n) return LAMP_RED;
  if (r->paused) return r->stalled ? LAMP_YELLOW : LAMP_GREY;
  if (r->due.n < today.n) return LAMP_RED;
  if (r->left <= p->lamp.warn_days || r->left * p->lamp.warn_of <= r->limit) return LAMP_YELLOW;
  return LAMP_GREEN;
}

/* What has passed since the row was written, of a clock that runs. warn: of a pause the day after its planned end. */
static void row_today(const Policy *p, ItemRow *row, Day due, Day since, Day warn, Day dispatched, Day today) {
  if (row->paused && warn.n && warn.n <= today.n) row->stalled = today.n - warn.n + 1;
  if (!row->paused) {
    row->used += calendar_count(p->calendar, since, today);
    row->left = row->limit - row->used;
    row->due = due;
    row->has_due = true;
  }
  if (dispatched.n) row->before = calendar_count(p->calendar, row->start, dispatched.n < today.n ? dispatched : today);
  if (row->before > row->used) row->before = row->used;
  row->lamp = lamp_of(p, row, due, today);
  row->overdue = row->lamp == LAMP_RED;
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
  row.limit = (int)row_i(r, 12);
  row.paused = row_i(r, 16) != 0;
  row.left = (int)row_i(r, 15);
  row.used = (int)row_i(r, 13);
  row.status = item__status_label(status);
  if (open) {
    ItemRow packed; /* what stands in columns as well */
    Day dispatched = {0};
    item__shown_read(row_s(cx, r, 18), &packed, &dispatched);
    row_today(p, &row, (Day){(int32_t)row_i(r, 11)}, (Day){(int32_t)row_i(r, 14)}, (Day){(int32_t)row_i(r, 17)}, dispatched, today);
  } else row.lamp = str_eq(status, S("withdrawn")) ? LAMP_ENDED : LAMP_DONE;
  return row;
}

/* Of an index alone. */
static ItemRow shown_row(Cx *cx, const Policy *p, const Rows *r, Str unit, Day today, bool paused) {
  ItemRow row = {.project = row_i(r, 0), .stage = (int)row_i(r, 1), .code = row_s(cx, r, 2), .unit = unit, .paused = paused};
  Day warn = {paused ? (int32_t)row_i(r, 4) : 0}, dispatched = {0};
  item__shown_read(row_s(cx, r, 7), &row, &dispatched);
  row.used = (int)row_i(r, 4);
  if (paused) {
    row.left = (int)row_i(r, 6);
    row.used = row.limit - row.left;
  }
  row_today(p, &row, (Day){(int32_t)row_i(r, 3)}, (Day){(int32_t)row_i(r, 5)}, warn, dispatched, today);
  return row;
}

static Code open_rows(Cx *cx, Reader *rd, const Sql *q, const ItemFilter *f, Day today, size_t max, Rows **out) {
  return db_rows(cx, reader_views(rd), q,
                 VALS(val_s(f->unit), val_i(today.n), val_s(f->lamp), val_s(f->q), val_i(f->stage), val_s(f->category),
                      val_s(f->holder), val_i((int64_t)max)), out);
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
             VALS(val_s(f->unit), val_i(today.n), val_s(f->lamp), val_s(f->q), val_i(f->stage), val_s(f->category), val_s(f->holder)), 0, &n));
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
  return f->q.len || f->stage || f->category.len || f->holder.len;
}

typedef struct Merge {
  const Policy *p;
  const ItemFilter *f;
  Day today;
  const Shown *shown;   /* NULL: items and projects are looked up */
  Day yellow_last;
  Rowset running;
  ItemRow *out;
  size_t at, n; /* rows passed, rows shown */
} Merge;

static Code merge_begin(Cx *cx, Reader *rd, const Merge *m, bool paused, Rows **out) {
  const ItemFilter *f = m->f;
  size_t most = f->offset + f->limit;
  if (!m->shown) return open_rows(cx, rd, &(paused ? sql_paused : sql_running)[f->unit.len ? 0 : 1], f, m->today, most, out);
  return db_rows(cx, reader_views(rd), &m->shown->sql[paused ? 1 : 0],
                 VALS(val_s(f->unit), val_i(m->today.n), val_i(m->yellow_last.n), val_i((int64_t)most)), out);
}

static ItemRow merge_read(Cx *cx, const Merge *m, const Rows *r, bool paused) {
  return m->shown ? shown_row(cx, m->p, r, m->f->unit, m->today, paused) : item_row(cx, m->p, r, m->today, true);
}

static Code merge_running(Cx *cx, Reader *rd, Merge *m) {
  SCOPED(rows_drop) Rows *r = NULL;
  size_t most = m->f->offset + m->f->limit;
  m->running.list = arena_array(cx->mem, ItemRow, most + 1);
  TRY(merge_begin(cx, rd, m, false, &r));
  while (m->running.count < most && rows_next(r)) m->running.list[m->running.count++] = merge_read(cx, m, r, false);
  /* Days left follow the due days, except after a pause of an overdue item: put right within the page. */
  if (m->running.count) qsort(m->running.list, m->running.count, sizeof *m->running.list, by_left);
  return rows_end(cx, r);
}

static void merge_row(Merge *m, const ItemRow *row) {
  if (m->at++ >= m->f->offset) m->out[m->n++] = *row;
}

/* Paused rows come one by one, so that no more are read than are shown; both are in the order of the days left. */
static Code merge_paused(Cx *cx, Reader *rd, Merge *m, bool wanted) {
  SCOPED(rows_drop) Rows *r = NULL;
  const ItemFilter *f = m->f;
  size_t a = 0;
  if (wanted) TRY(merge_begin(cx, rd, m, true, &r));
  bool more = wanted && rows_next(r);
  while (m->n < f->limit && (more || a < m->running.count)) {
    ItemRow row = {0};
    if (more) row = merge_read(cx, m, r, true);
    while (m->n < f->limit && a < m->running.count && (!more || before(&m->running.list[a], &row)))
      merge_row(m, &m->running.list[a++]);
    if (!more || m->n >= f->limit) continue;
    merge_row(m, &row);
    more = rows_next(r);
  }
  return r ? rows_end(cx, r) : OK;
}

static const Shown *shown_of(const ItemFilter *f) {
  for (size_t i = 0; i < COUNT(shown_lamps); i++)
    if (str_eqz(f->lamp, shown_lamps[i].lamp)) return &shown_lamps[i];
  return NULL; /* no such lamp: nothing */
}

static Code open_list(Cx *cx, Reader *rd, const Policy *p, const ItemFilter *f, Day today, ItemRow **out, size_t *n) {
  Merge m = {.p = p, .f = f, .today = today, .out = arena_array(cx->mem, ItemRow, f->limit + 1)};
  const Shown *lamp = shown_of(f);
  *out = m.out;
  if (!lamp) return OK;
  if (f->unit.len && !filtered(f)) {
    Load load;
    TRY(load__of(cx, rd, f->unit, today, &load));
    m.yellow_last = load.yellow_last;
    m.shown = lamp;
  }
  if (lamp->running) TRY(merge_running(cx, rd, &m));
  TRY(merge_paused(cx, rd, &m, lamp->paused));
  *n = m.n;
  return OK;
}

/* ---- counts --------------------------------------------------------------------------------------- */

static int64_t total_plain(const ItemFilter *f, const Load *l) {
  if (!f->open) return l->ended;
  const struct { const char *lamp; int64_t n; } rows[] = {
      {"", l->red + l->yellow + l->grey + l->green}, {"red", l->red}, {"yellow", l->yellow}, {"grey", l->grey}, {"green", l->green}};
  for (size_t i = 0; i < COUNT(rows); i++)
    if (str_eqz(f->lamp, rows[i].lamp)) return rows[i].n;
  return 0;
}

static Code total_of(Cx *cx, Reader *rd, const ItemFilter *f, Day today, int64_t *total) {
  int any = f->unit.len ? 0 : 1;
  *total = 0;
  if (!filtered(f)) {
    Load l;
    TRY(load__of(cx, rd, f->unit, today, &l));
    *total = total_plain(f, &l);
    return OK;
  }
  if (!f->open) return count_of(cx, rd, &sql_count[4 + any], f, today, total);
  const Shown *lamp = shown_of(f);
  if (lamp && lamp->running) TRY(count_of(cx, rd, &sql_count[any], f, today, total));
  if (lamp && lamp->paused) TRY(count_of(cx, rd, &sql_count[2 + any], f, today, total));
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

/* Red as in RUNNING_LAMP and PAUSED_LAMP. */
static const Sql sql_late = {"items.late", "i", "ii",
                             "SELECT stage, count(*) FROM item WHERE open = 1 AND paused = 0 AND due < ?1 GROUP BY stage UNION ALL "
                             "SELECT stage, count(*) FROM item WHERE open = 1 AND paused = 1 AND due > 0 AND due < ?1 GROUP BY stage"};

Code items_late(Cx *cx, Reader *rd, int64_t now, int64_t late[STAGE_MAX + 1]) {
  SCOPED(rows_drop) Rows *r = NULL;
  for (int n = 0; n <= STAGE_MAX; n++) late[n] = 0;
  TRY(db_rows(cx, reader_views(rd), &sql_late, VALS(val_i(day_of(now).n)), &r));
  while (rows_next(r)) {
    int64_t n = row_i(r, 0);
    if (n >= 1 && n <= STAGE_MAX) late[n] += row_i(r, 1);
  }
  return rows_end(cx, r);
}
