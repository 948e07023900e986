/* SPDX-License-Identifier: Apache-2.0 */
/* calendar_lists.c: what a notice would move, and what confirmed ones have moved. */
#include "approval/approval_int.h"

#include <stdlib.h>

enum { SWEEP_MEM = 1 << 30 };

/* ---- before it is confirmed ----------------------------------------------------------------------------- */

static const Sql sql_names = {"moved.names", "iis", "sss",
                              "SELECT p.number, p.name, coalesce(i.name, '') FROM project p LEFT JOIN item i"
                              " ON i.project = p.no AND i.stage = ?2 AND i.code = ?3 WHERE p.no = ?1"};

static int by_place(const void *x, const void *y) {
  const MovedRow *a = &((const Clock *)x)->row, *b = &((const Clock *)y)->row;
  int order = str_cmp(a->unit, b->unit);
  if (order) return order;
  if (a->project != b->project) return a->project < b->project ? -1 : 1;
  return a->stage != b->stage ? a->stage - b->stage : str_cmp(a->item, b->item);
}

static Code names_read(Cx *cx, Db *views, MovedRow *row) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, &sql_names, VALS(val_i(row->project), val_i(row->stage), val_s(row->item)), &r));
  if (rows_next(r)) {
    row->number = row_s(cx, r, 0);
    row->project_name = row_s(cx, r, 1);
    row->item_name = row_s(cx, r, 2);
  }
  return rows_end(cx, r);
}

static void unit_count(Arena *mem, Preview *out, Str unit, size_t max) {
  MovedUnit *last = out->unit_count ? &out->units[out->unit_count - 1] : NULL;
  if (!last || !str_eq(last->unit, unit)) {
    if (out->unit_count == max) return;
    last = &out->units[out->unit_count++];
    last->unit = arena_str(mem, unit);
  }
  last->moved++;
}

static Code preview_fill(Cx *cx, Db *views, Sweep *s, size_t units, size_t max, Preview *out) {
  if (s->count) qsort(s->list, s->count, sizeof *s->list, by_place);
  out->list = arena_array(cx->mem, MovedRow, max + 1);
  out->units = arena_array(cx->mem, MovedUnit, units + 1);
  for (size_t i = 0; i < s->count; i++) {
    const MovedRow *row = &s->list[i].row;
    if (row->was.n == row->now.n) continue;
    unit_count(cx->mem, out, row->unit, units);
    if (out->count == max) continue;
    MovedRow *kept = &out->list[out->count++];
    *kept = *row;
    kept->item = arena_str(cx->mem, row->item);
    kept->unit = arena_str(cx->mem, row->unit);
    TRY(names_read(cx, views, kept));
  }
  return OK;
}

Code calendar_preview(Cx *cx, Db *views, const Policies *ps, const Policy *p, const DayChange *changes, size_t n, int64_t now, size_t max,
                      Preview *out) {
  SCOPED(arena_close_p) Arena *mem = arena_open(SWEEP_MEM);
  Policy after = *p;
  after.calendar = calendar_with(mem, p->calendar, changes, n);
  Sweep s = {.views = views, .ps = ps, .mem = mem, .today = day_of(now), .before = p, .after = &after};
  *out = (Preview){0};
  TRY(sweep__run(cx, &s));
  out->clocks = s.clocks;
  out->moved = s.moved;
  return preview_fill(cx, views, &s, p->unit_count + 1, max, out);
}

/* ---- afterwards ----------------------------------------------------------------------------------------- */

#define MOVED_FROM                                                                                                 \
  " FROM moved m JOIN project p ON p.no = m.project JOIN calendar_version v ON v.version = m.version"              \
  " LEFT JOIN item i ON i.project = m.project AND i.stage = m.stage AND i.code = m.item WHERE "
/* ?1 unit, ?2 project, ?3 applicant, ?4 uscc, ?5 version, ?6 today */
#define MOVED_FILTER "(?5 = 0 OR m.version = ?5) AND (?6 = 0 OR m.now >= ?6)"
#define USED "?1 = ?1 AND ?2 = ?2 AND ?3 = ?3 AND ?4 = ?4 AND "
#define OF_UNIT USED "m.unit = ?1 AND "
#define OF_PROJECT USED "m.project = ?2 AND "
#define OF_OWNER \
  USED "m.project IN (SELECT no FROM project WHERE applicant = ?3 UNION SELECT no FROM project WHERE uscc = ?4 AND ?4 <> '') AND "
#define MOVED_COLUMNS \
  "SELECT m.kind, m.project, m.stage, m.item, m.unit, p.number, p.name, coalesce(i.name, ''), m.was, m.now, m.version, v.notice"
#define MOVED_ORDER " ORDER BY m.version DESC, m.now, m.project, m.stage, m.item LIMIT ?7 OFFSET ?8"
#define LIST_OF(name, where) {name, "sissiiii", "siisssssiiis", MOVED_COLUMNS MOVED_FROM where MOVED_FILTER MOVED_ORDER}
#define COUNT_OF(name, where) {name, "sissii", "i", "SELECT count(*)" MOVED_FROM where MOVED_FILTER}
enum { BY_ALL, BY_UNIT, BY_PROJECT, BY_OWNER, BY__MAX };
static const Sql sql_list[BY__MAX] = {LIST_OF("moved.all", USED), LIST_OF("moved.unit", OF_UNIT),
                                      LIST_OF("moved.project", OF_PROJECT), LIST_OF("moved.owner", OF_OWNER)};
static const Sql sql_count[BY__MAX] = {COUNT_OF("moved.count-all", USED), COUNT_OF("moved.count-unit", OF_UNIT),
                                       COUNT_OF("moved.count-project", OF_PROJECT), COUNT_OF("moved.count-owner", OF_OWNER)};

static ClockKind kind_of(Str text) {
  return str_eq(text, S("item")) ? CLOCK_ITEM : str_eq(text, S("stage")) ? CLOCK_STAGE : CLOCK_ANSWER;
}

static MovedRow moved_row(Cx *cx, const Rows *r) {
  MovedRow m = {.kind = kind_of(row_s(cx, r, 0)), .project = row_i(r, 1), .stage = (int)row_i(r, 2), .version = (int)row_i(r, 10)};
  Str *const texts[] = {&m.item, &m.unit, &m.number, &m.project_name, &m.item_name};
  for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = row_s(cx, r, (int)i + 3);
  m.was = (Day){(int32_t)row_i(r, 8)};
  m.now = (Day){(int32_t)row_i(r, 9)};
  m.notice = row_s(cx, r, 11);
  return m;
}

Code moved_list(Cx *cx, Reader *rd, const MovedFilter *f, int64_t now, MovedRow **out, size_t *n, int64_t *total) {
  SCOPED(rows_drop) Rows *r = NULL;
  int by = f->unit.len ? BY_UNIT : f->project ? BY_PROJECT : f->applicant.len || f->uscc.len ? BY_OWNER : BY_ALL;
  int64_t today = f->ahead ? day_of(now).n : 0;
  MovedRow *list = arena_array(cx->mem, MovedRow, f->limit + 1);
  *n = 0;
  *out = list;
  TRY(db_int(cx, reader_views(rd), &sql_count[by],
             VALS(val_s(f->unit), val_i(f->project), val_s(f->applicant), val_s(f->uscc), val_i(f->version), val_i(today)), 0,
             total));
  if (!*total || !f->limit) return OK;
  TRY(db_rows(cx, reader_views(rd), &sql_list[by],
              VALS(val_s(f->unit), val_i(f->project), val_s(f->applicant), val_s(f->uscc), val_i(f->version), val_i(today),
                   val_i((int64_t)f->limit), val_i((int64_t)f->offset)), &r));
  while (*n < f->limit && rows_next(r)) list[(*n)++] = moved_row(cx, r);
  return rows_end(cx, r);
}

static const Sql sql_units = {"moved.units", "i", "si", "SELECT unit, count(*) FROM moved WHERE version = ?1 GROUP BY unit ORDER BY unit"};

Code moved_units(Cx *cx, Reader *rd, int version, MovedUnit **out, size_t *n) {
  enum { UNITS_MAX = 1000 };
  SCOPED(rows_drop) Rows *r = NULL;
  MovedUnit *list = arena_array(cx->mem, MovedUnit, UNITS_MAX + 1);
  *n = 0;
  *out = list;
  TRY(db_rows(cx, reader_views(rd), &sql_units, VALS(val_i(version)), &r));
  while (*n < UNITS_MAX && rows_next(r)) {
    list[*n] = (MovedUnit){.unit = row_s(cx, r, 0), .moved = row_i(r, 1)};
    (*n)++;
  }
  return rows_end(cx, r);
}
