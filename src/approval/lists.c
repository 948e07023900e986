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
  "i.used, i.since, i.left, i.paused, i.warn"
#define ITEM_KINDS "iiissssssSiiiiiiii"
/* ?1 unit, ?2 today, ?3 lamp, ?4 part of a name, ?5 stage, ?6 category, ?7 rows. */
#define ITEM_FILTER                                                                                              \
  " AND (?5 = 0 OR i.stage = ?5) AND (?6 = '' OR p.category = ?6) AND (?4 = '' OR instr(p.name, ?4) OR instr(p.number, ?4)" \
  " OR instr(p.code, ?4) OR instr(p.owner, ?4))"
#define RUNNING_LAMP                                                                                       \
  " AND (?3 = '' OR (?3 = 'red' AND i.due < ?2) OR (?3 = 'yellow' AND i.due >= ?2 AND i.warn <= ?2) OR" \
  " (?3 = 'green' AND i.warn > ?2))"
#define PAUSED_LAMP \
  " AND (?3 = '' OR (?3 = 'red' AND i.due > 0 AND i.due < ?2) OR (?3 = 'grey' AND NOT (i.due > 0 AND i.due < ?2)))"
#define FROM_ITEM " FROM item i JOIN project p ON p.no = i.project WHERE "
#define OF_UNIT "i.unit = ?1 AND "
#define OF_ANY "?1 = ?1 AND "

static const Sql sql_running[2] = {
    {"items.running", "sissisi", ITEM_KINDS,
     "SELECT " ITEM_COLUMNS FROM_ITEM OF_UNIT "i.open = 1 AND i.paused = 0" RUNNING_LAMP ITEM_FILTER
     " ORDER BY i.due, i.project, i.code LIMIT ?7"},
    {"items.running-all", "sissisi", ITEM_KINDS,
     "SELECT " ITEM_COLUMNS FROM_ITEM OF_ANY "i.open = 1 AND i.paused = 0" RUNNING_LAMP ITEM_FILTER
     " ORDER BY i.due, i.project, i.code LIMIT ?7"}};
static const Sql sql_paused[2] = {
    {"items.paused", "sissisi", ITEM_KINDS,
     "SELECT " ITEM_COLUMNS FROM_ITEM OF_UNIT "i.open = 1 AND i.paused = 1" PAUSED_LAMP ITEM_FILTER
     " ORDER BY i.left, i.project, i.code LIMIT ?7"},
    {"items.paused-all", "sissisi", ITEM_KINDS,
     "SELECT " ITEM_COLUMNS FROM_ITEM OF_ANY "i.open = 1 AND i.paused = 1" PAUSED_LAMP ITEM_FILTER
     " ORDER BY i.left, i.project, i.code LIMIT ?7"}};
static const Sql sql_ended[2] = {
    {"items.ended", "sissisi", ITEM_KINDS,
     "SELECT " ITEM_COLUMNS FROM_ITEM OF_UNIT "i.open = 0 AND ?2 = ?2 AND ?3 = ?3" ITEM_FILTER
     " ORDER BY i.ended DESC, i.project LIMIT ?7"},
    {"items.ended-all", "sissisi", ITEM_KINDS,
     "SELECT " ITEM_COLUMNS FROM_ITEM OF_ANY "i.open = 0 AND ?2 = ?2 AND ?3 = ?3" ITEM_FILTER
     " ORDER BY i.ended DESC, i.project LIMIT ?7"}};
#define COUNT_OF(where) "SELECT count(*)" FROM_ITEM where
static const Sql sql_count[6] = {
    {"items.count-running", "sissis", "i", COUNT_OF(OF_UNIT "i.open = 1 AND i.paused = 0" RUNNING_LAMP ITEM_FILTER)},
    {"items.count-running-all", "sissis", "i", COUNT_OF(OF_ANY "i.open = 1 AND i.paused = 0" RUNNING_LAMP ITEM_FILTER)},
    {"items.count-paused", "sissis", "i", COUNT_OF(OF_UNIT "i.open = 1 AND i.paused = 1" PAUSED_LAMP ITEM_FILTER)},
    {"items.count-paused-all", "sissis", "i", COUNT_OF(OF_ANY "i.open = 1 AND i.paused = 1" PAUSED_LAMP ITEM_FILTER)},
    {"items.count-ended", "sissis", "i", COUNT_OF(OF_UNIT "i.open = 0 AND ?2 = ?2 AND ?3 = ?3" ITEM_FILTER)},
    {"items.count-ended-all", "sissis", "i", COUNT_OF(OF_ANY "i.open = 0 AND ?2 = ?2 AND ?3 = ?3" ITEM_FILTER)}};

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

static Code rows_of(Cx *cx, Reader *rd, const Policy *p, const Sql *q, const ItemFilter *f, Day today, size_t max, Rowset *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  out->list = arena_array(cx->mem, ItemRow, max + 1);
  out->count = 0;
  TRY(db_rows(cx, reader_views(rd), q,
              VALS(val_s(f->unit), val_i(today.n), val_s(f->lamp), val_s(f->q), val_i(f->stage), val_s(f->category),
                   val_i((int64_t)max)), &r));
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
  return a->project != b->project ? a->project < b->project : str_cmp(a->code, b->code) < 0;
}

static int by_left(const void *x, const void *y) {
  const ItemRow *a = x, *b = y;
  return before(a, b) ? -1 : before(b, a);
}

static Code open_list(Cx *cx, Reader *rd, const Policy *p, const ItemFilter *f, Day today, ItemRow **out, size_t *n) {
  Rowset running = {0}, paused = {0};
  int any = f->unit.len ? 0 : 1;
  size_t need = f->offset + f->limit, a = 0, b = 0;
  if (!str_eq(f->lamp, S("grey"))) TRY(rows_of(cx, rd, p, &sql_running[any], f, today, need, &running));
  if (!f->lamp.len || str_eq(f->lamp, S("grey")) || str_eq(f->lamp, S("red")))
    TRY(rows_of(cx, rd, p, &sql_paused[any], f, today, need, &paused));
  /* Days left follow the due days, except after a pause of an overdue item: put right within the page. */
  if (running.count) qsort(running.list, running.count, sizeof *running.list, by_left);
  ItemRow *list = arena_array(cx->mem, ItemRow, f->limit + 1);
  for (size_t at = 0; *n < f->limit && (a < running.count || b < paused.count); at++) {
    bool first = b >= paused.count || (a < running.count && before(&running.list[a], &paused.list[b]));
    const ItemRow *row = first ? &running.list[a++] : &paused.list[b++];
    if (at >= f->offset) list[(*n)++] = *row;
  }
  *out = list;
  return OK;
}

Code items_list(Cx *cx, Reader *rd, const Policy *p, const ItemFilter *f, int64_t now, ItemRow **out, size_t *n,
                int64_t *total) {
  Day today = day_of(now);
  int any = f->unit.len ? 0 : 1;
  *n = 0;
  *total = 0;
  if (!f->open) {
    Rowset ended = {0};
    TRY(count_of(cx, rd, &sql_count[4 + any], f, today, total));
    TRY(rows_of(cx, rd, p, &sql_ended[any], f, today, f->offset + f->limit, &ended));
    *out = ended.list + (f->offset < ended.count ? f->offset : ended.count);
    *n = ended.count > f->offset ? ended.count - f->offset : 0;
    return OK;
  }
  if (!str_eq(f->lamp, S("grey"))) TRY(count_of(cx, rd, &sql_count[any], f, today, total));
  if (!f->lamp.len || str_eq(f->lamp, S("grey")) || str_eq(f->lamp, S("red")))
    TRY(count_of(cx, rd, &sql_count[2 + any], f, today, total));
  return open_list(cx, rd, p, f, today, out, n);
}

Code items_count(Cx *cx, Reader *rd, const Policy *p, Str unit, int64_t now, LampCount *out) {
  static const char *const lamps[] = {"red", "yellow", "grey", "green"};
  int64_t *const counts[] = {&out->red, &out->yellow, &out->grey, &out->green};
  (void)p;
  *out = (LampCount){0};
  for (size_t i = 0; i < COUNT(lamps); i++) {
    ItemFilter f = {.unit = unit, .lamp = str_of(lamps[i]), .open = true};
    int any = unit.len ? 0 : 1;
    if (i != 2) TRY(count_of(cx, rd, &sql_count[any], &f, day_of(now), counts[i]));
    if (i == 0 || i == 2) TRY(count_of(cx, rd, &sql_count[2 + any], &f, day_of(now), counts[i]));
    out->all += *counts[i];
  }
  return OK;
}
