/* SPDX-License-Identifier: Apache-2.0 */
/* clocks.c: every running clock of the cases as one kind of row. */
#include "approval/clocks.h"

#include "approval/approval_int.h"

enum { CLOCK_MEM = 64 << 20 };

typedef struct Look {
  Db *views;
  const ClockAsk *ask;
  RunningSeen *seen;
  void *arg;
} Look;

static const Sql sql_project = {"clocks.project", "i", "ss", "SELECT number, name FROM project WHERE no = ?1"};

/* The names are read only for what is told on. */
static Code tell(Cx *cx, const Look *l, Running *c) {
  SCOPED(rows_drop) Rows *r = NULL;
  if (l->ask->red && c->reading.lamp != LAMP_RED) return OK;
  TRY(db_rows(cx, l->views, &sql_project, VALS(val_i(c->no)), &r));
  if (rows_next(r)) {
    c->number = row_s(cx, r, 0);
    c->name = row_s(cx, r, 1);
  }
  TRY(rows_end(cx, r));
  return l->seen(cx, l->arg, c);
}

/* Two statements, so that each takes the small index of open items; and two for one case, by its key. */
#define ITEM_COLUMNS "SELECT project, stage, code, attempt, unit, taken, start, days, pauses, shown FROM item WHERE open = 1 AND paused = "
#define ITEM_ROWS(name, paused) {name, "i", "iisissiiss", ITEM_COLUMNS paused " AND (?1 = 0 OR (due > 0 AND due < ?1))"}
#define ITEM_ROWS_OF(name, paused) {name, "ii", "iisissiiss", ITEM_COLUMNS paused " AND (?1 = 0 OR (due > 0 AND due < ?1)) AND project = ?2"}
static const Sql sql_items[] = {ITEM_ROWS("clocks.running", "0"), ITEM_ROWS("clocks.paused", "1")};
static const Sql sql_items_of[] = {ITEM_ROWS_OF("clocks.running-of", "0"), ITEM_ROWS_OF("clocks.paused-of", "1")};

static Code items_look(Cx *cx, const Look *l, size_t which) {
  const Val vals[] = {val_i(l->ask->red ? l->ask->today.n : 0), val_i(l->ask->project)};
  const Sql *q = l->ask->project ? &sql_items_of[which] : &sql_items[which];
  SCOPED(rows_drop) Rows *r = NULL;
  SCOPED(arena_close_p) Arena *mem = arena_open(CLOCK_MEM);
  Cx row = {.mem = mem};
  TRY(db_rows(cx, l->views, q, vals, l->ask->project ? 2 : 1, &r));
  while (rows_next(r)) {
    Pause pauses[ITEM_PAUSES_MAX];
    arena_reset(mem);
    Running c = {.kind = "item", .no = row_i(r, 0), .stage = (int)row_i(r, 1), .item = row_s(&row, r, 2), .attempt = (int)row_i(r, 3),
                 .unit = row_s(&row, r, 4), .handler = row_s(&row, r, 5), .start = {(int32_t)row_i(r, 6)}, .limit = (int)row_i(r, 7)};
    ItemRow packed;
    Day dispatched = {0};
    item__shown_read(row_s(&row, r, 9), &packed, &dispatched);
    ItemClock k = {.start = c.start, .dispatched = dispatched, .limit = c.limit, .pauses = pauses, .pause_count = pauses__read(row_s(&row, r, 8), pauses, ITEM_PAUSES_MAX)};
    c.reading = clock_item(l->ask->p->calendar, &k, l->ask->today, l->ask->p->lamp);
    TRY(cx_pass(cx, &row, tell(&row, l, &c)));
  }
  return rows_end(cx, r);
}

/* Not passed on yet, or all of it decided: what is left to do is the window's 综合窗口 (转办, 出件), not the lead's. */
static bool at_the_window(const StageClock *k) {
  for (size_t i = 0; i < k->item_count; i++)
    if (k->items[i].end_kind == END_NONE) return false;
  return true;
}

static Code stage_look(Cx *cx, void *arg, const StageAt *at) {
  const Look *l = arg;
  Running c = {.kind = "stage", .no = at->project, .stage = at->stage, .attempt = at->attempt, .unit = at->lead, .start = at->clock.start, .limit = at->clock.limit};
  if (at_the_window(&at->clock)) c.unit = l->ask->p->window_unit;
  c.reading = clock_stage(cx->mem, l->ask->p->calendar, &at->clock, l->ask->today, l->ask->p->lamp);
  return tell(cx, l, &c);
}

#define STEPS "SELECT project, no, attempt, at, policy FROM stage WHERE status = ?1"
static const Sql sql_steps = {"clocks.steps", "s", "iiiis", STEPS}, sql_steps_of = {"clocks.steps-of", "si", "iiiis", STEPS " AND project = ?2"};

/* What the window owes: an answer, a delivery. The periods are those of the package of the stage. */
static Code steps_look(Cx *cx, const Look *l, const char *kind, const char *status) {
  SCOPED(rows_drop) Rows *r = NULL;
  SCOPED(arena_close_p) Arena *mem = arena_open(CLOCK_MEM);
  Cx row = {.mem = mem};
  bool answer = !strcmp(kind, "answer");
  const Val vals[] = {val_s(str_of(status)), val_i(l->ask->project)};
  TRY(db_rows(cx, l->views, l->ask->project ? &sql_steps_of : &sql_steps, vals, l->ask->project ? 2 : 1, &r));
  while (rows_next(r)) {
    arena_reset(mem);
    const Policy *own = policies_find(l->ask->ps, row_s(&row, r, 4));
    Running c = {.kind = kind, .no = row_i(r, 0), .stage = (int)row_i(r, 1), .attempt = (int)row_i(r, 2), .unit = own->window_unit,
                 .start = day_of(row_i(r, 3)), .limit = answer ? own->receipt_days : own->deliver_days};
    ItemClock k = {.start = c.start, .limit = c.limit};
    c.reading = clock_item(l->ask->p->calendar, &k, l->ask->today, l->ask->p->lamp);
    TRY(cx_pass(cx, &row, tell(&row, l, &c)));
  }
  return rows_end(cx, r);
}

Code clocks_running(Cx *cx, Db *views, const ClockAsk *ask, RunningSeen *seen, void *arg) {
  Look l = {.views = views, .ask = ask, .seen = seen, .arg = arg};
  for (size_t i = 0; i < COUNT(sql_items); i++) TRY(items_look(cx, &l, i));
  TRY(stages__each(cx, views, ask->ps, ask->red ? ask->today : (Day){0}, ask->project, stage_look, &l));
  if (!ask->red) TRY(steps_look(cx, &l, "answer", "submitted"));
  return steps_look(cx, &l, "delivery", "certified");
}

Code clocks_policy(Cx *cx, Db *views, const Policies *ps, Day day, const Policy **out) {
  Str version = S("");
  int calendar = 0;
  TRY(policy_in_force(cx, views, day, &version));
  TRY(calendar_version_of(cx, views, &calendar));
  *out = policies_at(cx->mem, ps, version, calendar);
  return OK;
}
