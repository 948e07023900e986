/* SPDX-License-Identifier: Apache-2.0 */
/*
 * calendar_sweep.c: every running clock from the views alone, under the calendar before a notice and the one
 * after it. For the preview, and for the projection of a confirmed notice. Reads everything first and writes
 * nothing. What it keeps is what moved; memory for reading is given back after every thousand rows.
 */
#include "approval/approval_int.h"

enum { ROW_MEM = 64 << 20, ROWS_AT_ONCE = 1000 };

Str clock_kind_text(ClockKind k) {
  return k == CLOCK_ITEM ? S("item") : k == CLOCK_STAGE ? S("stage") : S("answer");
}

static Clock *clock_add(Sweep *s) {
  if (s->count == s->cap) {
    size_t cap = s->cap ? s->cap * 2 : 256;
    Clock *more = arena_array(s->mem, Clock, cap);
    if (s->count) memcpy(more, s->list, s->count * sizeof *more);
    s->list = more;
    s->cap = cap;
  }
  return &s->list[s->count++];
}

static void clock_keep(Sweep *s, const Clock *c) {
  bool moved = c->row.was.n != c->row.now.n;
  s->clocks++;
  s->moved += moved;
  if (!moved && !c->changed) return;
  Clock *k = clock_add(s);
  *k = *c;
  k->row.item = arena_str(s->mem, c->row.item);
  k->row.unit = arena_str(s->mem, c->row.unit);
}

/* ---- items ------------------------------------------------------------------------------------------- */

/* Two statements, so that each takes the small index of open items and not the table of all. */
#define ITEM_COLUMNS "project, stage, code, unit, start, days, due, warn, used, since, left_days, warn_left, pauses"
#define ITEM_KINDS "iissiiiiiiiis"
static const Sql sql_items[] = {
    {"calendar.running", "", ITEM_KINDS, "SELECT " ITEM_COLUMNS " FROM item WHERE open = 1 AND paused = 0"},
    {"calendar.paused", "", ITEM_KINDS, "SELECT " ITEM_COLUMNS " FROM item WHERE open = 1 AND paused = 1"}};

static Day row_day(const Rows *r, int col) {
  return (Day){(int32_t)row_i(r, col)};
}

static void item_sweep(Cx *row, Sweep *s, const Rows *r) {
  Pause pauses[ITEM_PAUSES_MAX];
  ClockFigures old = {.due = row_day(r, 6), .warn = row_day(r, 7), .used = (int)row_i(r, 8), .since = row_day(r, 9),
                      .left = (int)row_i(r, 10)};
  ItemClock k = {.start = row_day(r, 4), .limit = (int)row_i(r, 5), .pauses = pauses};
  k.pause_count = pauses__read(row_s(row, r, 12), pauses, ITEM_PAUSES_MAX);
  Clock c = {.row = {.kind = CLOCK_ITEM, .project = row_i(r, 0), .stage = (int)row_i(r, 1), .item = row_s(row, r, 2),
                     .unit = row_s(row, r, 3), .was = old.due}};
  c.figures = clock__figures(s->after->calendar, &k, (int)row_i(r, 11));
  c.row.now = c.figures.due;
  c.changed = !figures__same(&old, &c.figures);
  if (!c.row.was.n || !c.row.now.n) c.row.was = c.row.now; /* paused: it has no due day that could move */
  clock_keep(s, &c);
}

static Code items_sweep(Cx *cx, Sweep *s, const Sql *q) {
  SCOPED(rows_drop) Rows *r = NULL;
  SCOPED(arena_close_p) Arena *mem = arena_open(ROW_MEM);
  Cx row = {.mem = mem};
  TRY(db_rows(cx, s->views, q, NO_VALS, &r));
  for (int n = 1; rows_next(r); n++) {
    item_sweep(&row, s, r);
    if (n % ROWS_AT_ONCE == 0) arena_reset(mem);
  }
  return rows_end(cx, r);
}

/* ---- stages ------------------------------------------------------------------------------------------ */

#define STAGES                                                                                                                 \
  "SELECT s.project, s.no, s.accepted, s.days, coalesce(i.counts, 0), coalesce(i.status, ''), coalesce(i.start, 0),"           \
  " coalesce(i.days, 0), coalesce(i.pauses, ''), coalesce(i.ended, 0), s.policy, s.attempt, coalesce(i.earlier, '')"           \
  " FROM stage s LEFT JOIN item i ON i.project = s.project AND i.stage = s.no AND i.attempt = s.attempt AND i.counts = 1"       \
  " WHERE s.status IN ('accepted', 'slip', 'running', 'decided') AND (?1 = 0 OR s.accepted + s.days < ?1)"
static const Sql sql_stages = {"calendar.stages", "i", "iiiiisiisisis", STAGES " ORDER BY s.project, s.no"};
static const Sql sql_stages_of = {"calendar.stages-of", "ii", "iiiiisiisisis", STAGES " AND s.project = ?2 ORDER BY s.no"}; /* one case, by its key */

static Code stage_done(Cx *cx, void *arg, const StageAt *at) {
  Arena *mem = cx->mem;
  Sweep *s = arg;
  Reading was = clock_stage(mem, s->before->calendar, &at->clock, s->today, s->before->lamp);
  Reading now = clock_stage(mem, s->after->calendar, &at->clock, s->today, s->after->lamp);
  Clock c = {.row = {.kind = CLOCK_STAGE, .project = at->project, .stage = at->stage, .unit = at->lead}};
  if (was.has_due && now.has_due) {
    c.row.was = was.due;
    c.row.now = now.due;
  }
  clock_keep(s, &c);
  return OK;
}

static void stage_item_read(Cx *row, StageAt *at, const Rows *r) {
  if (!row_i(r, 4) || at->clock.item_count == ITEMS_OF_STAGE_MAX) return;
  Str status = row_s(row, r, 5), text = row_s(row, r, 8);
  Pause *pauses = arena_array(row->mem, Pause, ITEM_PAUSES_MAX);
  ItemClock *k = &at->items[at->clock.item_count++];
  *k = (ItemClock){.start = row_day(r, 6), .limit = (int)row_i(r, 7), .pauses = pauses, .end = day_of(row_i(r, 9))};
  k->pause_count = pauses__read(text, pauses, ITEM_PAUSES_MAX);
  if (str_eq(status, S("passed")) || str_eq(status, S("refused"))) k->end_kind = END_DONE;
  if (str_eq(status, S("withdrawn"))) k->end_kind = END_STOPPED;
  StageClock *c = &at->clock;
  c->item_count += runs__read(row->mem, row_s(row, r, 12), &at->items[c->item_count], ITEMS_OF_STAGE_MAX - c->item_count);
}

Code stages__each(Cx *cx, Db *views, const Policies *ps, Day late, int64_t project, StageSeen *seen, void *arg) {
  SCOPED(rows_drop) Rows *r = NULL;
  SCOPED(arena_close_p) Arena *mem = arena_open(ROW_MEM);
  Cx row = {.mem = mem};
  StageAt at = {.stage = 0};
  const Val vals[] = {val_i(late.n), val_i(project)};
  TRY(db_rows(cx, views, project ? &sql_stages_of : &sql_stages, vals, project ? 2 : 1, &r));
  while (rows_next(r)) {
    if (at.project != row_i(r, 0) || at.stage != (int)row_i(r, 1)) {
      if (at.stage) TRY(cx_pass(cx, &row, seen(&row, arg, &at)));
      arena_reset(mem);
      at.project = row_i(r, 0);
      at.stage = (int)row_i(r, 1);
      at.attempt = (int)row_i(r, 11);
      at.lead = policies_find(ps, row_s(&row, r, 10))->stages[at.stage].lead;
      at.clock = (StageClock){.start = row_day(r, 2), .limit = (int)row_i(r, 3), .items = at.items};
    }
    stage_item_read(&row, &at, r);
  }
  if (at.stage) TRY(cx_pass(cx, &row, seen(&row, arg, &at)));
  return rows_end(cx, r);
}

/* ---- answers: deemed acceptance ----------------------------------------------------------------------- */

static const Sql sql_answers = {"calendar.answers", "", "iiis",
                                "SELECT project, no, at, policy FROM stage WHERE status = 'submitted' ORDER BY project, no"};

static Code answers_sweep(Cx *cx, Sweep *s) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, s->views, &sql_answers, NO_VALS, &r));
  SCOPED(arena_close_p) Arena *mem = arena_open(ROW_MEM);
  Cx row = {.mem = mem};
  for (int n = 1; rows_next(r); n++) {
    Day receipt = day_of(row_i(r, 2));
    const Policy *form = policies_find(s->ps, row_s(&row, r, 3));
    Clock c = {.row = {.kind = CLOCK_ANSWER, .project = row_i(r, 0), .stage = (int)row_i(r, 1), .unit = form->window_unit}};
    c.row.was = calendar_add(s->before->calendar, receipt, form->receipt_days);
    c.row.now = calendar_add(s->after->calendar, receipt, form->receipt_days);
    if (n % ROWS_AT_ONCE == 0) arena_reset(mem);
    clock_keep(s, &c);
  }
  return rows_end(cx, r);
}

Code sweep__run(Cx *cx, Sweep *s) {
  for (size_t i = 0; i < COUNT(sql_items); i++) TRY(items_sweep(cx, s, &sql_items[i]));
  TRY(stages__each(cx, s->views, s->ps, (Day){0}, 0, stage_done, s));
  return answers_sweep(cx, s);
}
