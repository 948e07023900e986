/* SPDX-License-Identifier: Apache-2.0 */
/*
 * load.c: how many items are due when 各部门到期数. Nothing here reads items: `item_load` has for each unit a row per due day and
 * first yellow day, and a lamp is a range of days. What a list shows of an item is packed here, too.
 */
#include "approval/approval_int.h"

/* ---- keeping ---------------------------------------------------------------------------------------- */

static const AddTable load_table = {
    {"load.add", "siiii", "",
     "INSERT INTO item_load(unit, due, warn, n, days) VALUES(?1,?2,?3,?4,?5)"
     " ON CONFLICT(unit, due, warn) DO UPDATE SET n = item_load.n + excluded.n, days = item_load.days + excluded.days"},
    {"load.trim", "", "", "DELETE FROM item_load WHERE n = 0"}};
static const Sql sql_before = {"load.before", "iis", "siii", "SELECT unit, due, warn, used FROM item WHERE project = ?1 AND stage = ?2 AND code = ?3"};
static const Sql sql_dropped = {"load.dropped", "iii", "siii", "SELECT unit, due, warn, used FROM item WHERE " LOAD_DROPPED};

static LoadKey key_of(Cx *cx, const Rows *r) {
  return (LoadKey){.unit = row_s(cx, r, 0), .due = row_i(r, 1), .warn = row_i(r, 2), .used = row_i(r, 3)};
}

static Code add(Cx *cx, Db *views, const LoadKey *k, int sign) {
  return table_add(cx, views, &load_table, k->unit, (const int64_t[]){k->due, k->warn},
                   (const int64_t[]){sign, k->warn == LOAD_DECIDED ? sign * k->used : 0});
}

static bool same(const LoadKey *a, const LoadKey *b) {
  return a->due == b->due && a->warn == b->warn && str_eq(a->unit, b->unit) && (a->warn != LOAD_DECIDED || a->used == b->used);
}

Code load__change(Cx *cx, Db *views, const Val *item, LoadKey now) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, &sql_before, item, 3, &r));
  if (!rows_next(r)) {
    TRY(rows_end(cx, r));
    return add(cx, views, &now, 1);
  }
  LoadKey before = key_of(cx, r);
  if (same(&before, &now)) return OK;
  TRY(add(cx, views, &before, -1));
  return add(cx, views, &now, 1);
}

Code load__drop(Cx *cx, Db *views, int64_t project, int n, int attempt) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, &sql_dropped, VALS(val_i(project), val_i(n), val_i(attempt)), &r));
  while (rows_next(r)) {
    LoadKey k = key_of(cx, r);
    TRY(add(cx, views, &k, -1));
  }
  return rows_end(cx, r);
}

/* ---- of a unit or of all ----------------------------------------------------------------------------- */

/* What is red today is one sum over due days; the rest, some dozens of rows, is told apart here. A row with warn = LOAD_RED
 * stands for all that is red. ?1 unit, ?2 today. */
enum { LOAD_RED = -9 };
#define LOAD_ROWS(of)                                                                                          \
  "SELECT 0, -9, coalesce(sum(n), 0) FROM item_load WHERE " of "due > 0 AND due < ?2 UNION ALL "              \
  "SELECT due, warn, n FROM item_load WHERE " of "due = 0 UNION ALL "                                          \
  "SELECT due, warn, n FROM item_load WHERE " of "due >= ?2"
static const Sql sql_load[2] = {{"load.unit", "si", "iii", LOAD_ROWS("unit = ?1 AND ")},
                                {"load.all", "si", "iii", LOAD_ROWS("?1 = ?1 AND ")}};
enum { SUM_RED, SUM_YELLOW, SUM_GREY, SUM_GREEN, SUM_ENDED, SUM_LAST };

typedef struct LoadAsk {
  Str unit;
  Day today;
} LoadAsk;

static int lamp_of(int64_t due, int64_t warn, Day today) {
  if (warn < 0) return SUM_ENDED;
  if (due > 0 && due < today.n) return SUM_RED;
  if (!warn) return SUM_GREY;
  if (!due) return warn <= today.n ? SUM_YELLOW : SUM_GREY; /* paused: yellow once it was to end */
  return warn <= today.n ? SUM_YELLOW : SUM_GREEN;
}

static Code load_count(Cx *cx, Reader *rd, const void *arg, int64_t out[READER_SUMS]) {
  const LoadAsk *ask = arg;
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, reader_views(rd), &sql_load[ask->unit.len ? 0 : 1], VALS(val_s(ask->unit), val_i(ask->today.n)), &r));
  while (rows_next(r)) {
    int64_t due = row_i(r, 0), warn = row_i(r, 1), n = row_i(r, 2);
    int lamp = warn == LOAD_RED ? SUM_RED : lamp_of(due, warn, ask->today);
    if (warn == LOAD_NEVER) continue;
    out[lamp] += n;
    if (lamp == SUM_YELLOW && due > out[SUM_LAST]) out[SUM_LAST] = due;
  }
  return rows_end(cx, r);
}

Code load__of(Cx *cx, Reader *rd, Str unit, Day today, Load *out) {
  LoadAsk ask = {.unit = unit, .today = today};
  int64_t n[READER_SUMS];
  TRY(reader_sums(cx, rd, arena_fmt(cx->mem, "load %.*s %d", SFMT(unit), today.n), load_count, &ask, n));
  *out = (Load){.red = n[SUM_RED], .yellow = n[SUM_YELLOW], .grey = n[SUM_GREY], .green = n[SUM_GREEN], .ended = n[SUM_ENDED],
                .yellow_last = {(int32_t)n[SUM_LAST]}};
  return OK;
}

Code items_count(Cx *cx, Reader *rd, const Policy *p, Str unit, int64_t now, LampCount *out) {
  Load l;
  (void)p;
  TRY(load__of(cx, rd, unit, day_of(now), &l));
  *out = (LampCount){.red = l.red, .yellow = l.yellow, .grey = l.grey, .green = l.green, .all = l.red + l.yellow + l.grey + l.green};
  return OK;
}

/* ---- by unit ---------------------------------------------------------------------------------------- */

static const Sql sql_units = {"load.units", "", "siiii", "SELECT unit, due, warn, n, days FROM item_load ORDER BY unit, due, warn"};

static void unit_add(UnitRow *u, int lamp, int64_t warn, int64_t n, int64_t days) {
  int64_t *const open[] = {[SUM_RED] = &u->red, [SUM_YELLOW] = &u->yellow, [SUM_GREY] = &u->grey, [SUM_GREEN] = &u->green};
  if (warn == LOAD_DECIDED) {
    u->done += n;
    u->done_days += days;
  }
  if (lamp == SUM_ENDED) return;
  u->open += n;
  *open[lamp] += n;
}

Code units_summary(Cx *cx, Reader *rd, const Policy *p, int64_t now, UnitRow **out, size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  size_t max = p->unit_count + 1;
  UnitRow *list = arena_array(cx->mem, UnitRow, max);
  *n = 0;
  *out = list;
  TRY(db_rows(cx, reader_views(rd), &sql_units, NO_VALS, &r));
  while (rows_next(r)) {
    Str unit = row_s(cx, r, 0);
    if (!*n || !str_eq(list[*n - 1].unit, unit)) {
      if (*n == max) break;
      list[(*n)++] = (UnitRow){.unit = unit};
    }
    int64_t warn = row_i(r, 2);
    unit_add(&list[*n - 1], lamp_of(row_i(r, 1), warn, day_of(now)), warn, row_i(r, 3), row_i(r, 4));
  }
  return rows_end(cx, r);
}

/* ---- what is shown ---------------------------------------------------------------------------------- */

Str item__status_label(Str text) {
  for (int s = 1; s < ITEM_STATUS__MAX; s++)
    if (str_eq(text, item_status_text((ItemStatus)s))) return item_status_label((ItemStatus)s);
  return S("");
}

static char *line_put(char *at, Str s) {
  if (s.len) memcpy(at, s.ptr, s.len);
  at[s.len] = '\n';
  return at + s.len + 1;
}

/* Written with every act: formatting would cost a thousand instructions. */
static char *number_put(char *at, int n) {
  char digits[12];
  size_t k = sizeof digits;
  unsigned left = n < 0 ? 0 : (unsigned)n; /* limits, attempts and days of our time */
  do digits[--k] = (char)('0' + left % 10);
  while (left /= 10);
  return line_put(at, (Str){.ptr = digits + k, .len = sizeof digits - k});
}

/* One line per value; the name of the project comes last, for who knows what an old one has in it. */
Str item__shown(Arena *mem, const Project *pr, const StageState *s, const ItemState *i) {
  Str status = item_status_text(i->status);
  size_t most = 4 * 13 + 5 + status.len + i->taken_name.len + pr->number.len + i->name.len + pr->name.len;
  char *text = arena_array(mem, char, most), *at = text;
  at = number_put(at, i->limit);
  at = number_put(at, s->attempt);
  at = number_put(at, i->start.n);
  at = number_put(at, i->dispatched.n);
  at = line_put(at, status);
  at = line_put(at, i->taken_name);
  at = line_put(at, pr->number);
  at = line_put(at, i->name);
  at = line_put(at, pr->name);
  return (Str){.ptr = text, .len = (size_t)(at - text) - 1};
}

void item__shown_read(Str text, ItemRow *row, Day *dispatched) {
  int64_t n[4] = {0};
  Str one, status;
  for (size_t k = 0; k < COUNT(n); k++) {
    (void)str_cut(text, '\n', &one, &text);
    (void)str_to_i64(one, &n[k]);
  }
  row->limit = (int)n[0];
  row->attempt = (int)n[1];
  row->start = (Day){(int32_t)n[2]};
  *dispatched = (Day){(int32_t)n[3]};
  Str *const texts[] = {&status, &row->taken_by, &row->number, &row->item_name};
  for (size_t k = 0; k < COUNT(texts); k++) (void)str_cut(text, '\n', texts[k], &text);
  row->project_name = text;
  row->status = item__status_label(status);
}
