/* SPDX-License-Identifier: Apache-2.0 */
/* facts.c: what statistics count, written beside the lists; what has ended is measured once, under the calendar it ended under. */
#include "approval/facts.h"

#include "approval/approval_int.h"

/* `words`: of an open item its pauses, of a project its category. */
static const RowTable fact_rows = {
    3 | ROWS_APART,
    {"fact.put", "iisiiiisiiiiiiiiiiiis", "",
     "INSERT INTO fact(pos, stage, item, project, attempt, known, state, unit, received, start, decided, ended, delivered, days, used, gross,"
     " applicant, third, late, flags, words) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21)"
     " ON CONFLICT DO NOTHING"},
    {0}};
static const Sql sql_after = {"fact.after", "i", "iisiiiisiiiiiiiiiiiis",
                              "SELECT pos, stage, item, project, attempt, known, state, unit, received, start, decided, ended, delivered, days, used,"
                              " gross, applicant, third, late, flags, words FROM fact WHERE pos > ?1 ORDER BY pos, stage, item"};
static const Sql sql_calendar = {"fact.calendar", "i", "i", "SELECT max(version) FROM calendar_version WHERE at < ?1"};

static Code put(Cx *cx, Db *views, const Fact *f) {
  return table_put(cx, views, &fact_rows,
                   VALS(val_i(f->pos), val_i(f->stage), val_s(f->item), val_i(f->project), val_i(f->attempt), val_i(f->known.n), val_i(f->state),
                        val_s(f->unit), val_i(f->received.n), val_i(f->start.n), val_i(f->decided.n), val_i(f->ended.n), val_i(f->delivered.n),
                        val_i(f->limit), val_i(f->used), val_i(f->gross), val_i(f->applicant), val_i(f->third), val_i(f->late), val_i(f->flags),
                        val_s(f->category.len ? f->category : f->pauses)));
}

static bool among(Str kind, const char *const *list, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (str_eqz(kind, list[i])) return true;
  return false;
}

static Day day_at(int64_t ms) {
  return ms ? day_of(ms) : (Day){0};
}

static void measure(Fact *f, const Reading *r) {
  f->used = r->used;
  f->gross = r->gross;
  f->applicant = r->held[HELD_APPLICANT];
  f->third = r->held[HELD_THIRD];
  f->late = r->overdue;
}

Code facts__project(Cx *cx, Db *views, const Project *p, const Event *e) {
  static const char *const kinds[] = {"project.registered", "project.completed", "project.withdrawn"};
  if (!among(e->kind, kinds, COUNT(kinds))) return OK;
  return put(cx, views, &(Fact){.pos = e->pos, .project = p->no, .known = day_of(e->recorded), .unit = p->county, .category = p->category,
                                .state = p->status == PROJECT_COMPLETED ? FACT_DONE : p->status == PROJECT_TERMINATED ? FACT_STOPPED : FACT_OPEN,
                                .received = day_of(p->registered_at), .ended = day_at(p->ended_at)});
}

static FactState stage_state(StageStatus s) {
  if (s == STAGE_SUBMITTED || s == STAGE_CORRECTION) return FACT_RECEIVED;
  if (s == STAGE_CERTIFIED || s == STAGE_DELIVERED) return FACT_DONE;
  return s == STAGE_REFUSED ? FACT_REFUSED : s == STAGE_WITHDRAWN ? FACT_STOPPED : FACT_OPEN;
}

Code facts__stage(Cx *cx, Db *views, const Policies *ps, int calendar, const Project *pr, int n, const Event *e) {
  static const char *const none[] = {"stage.slip-drafted", "stage.slip-returned", "stage.dispatched", "stage.correction-requested", "stage.tied", "stage.untied", "stage.posted"};
  const StageState *s = &pr->stages[n];
  if (s->status <= STAGE_OPEN || among(e->kind, none, COUNT(none))) return OK;
  Fact f = {.pos = e->pos, .project = pr->no, .stage = n, .attempt = s->attempt, .known = day_of(e->recorded), .state = stage_state(s->status),
            .received = day_at(s->submitted_at), .start = s->accepted_at ? s->accepted_on : (Day){0}, .decided = day_at(s->decided_at),
            .delivered = day_at(s->delivered_at), .limit = s->limit};
  if (fact_ended(f.state)) {
    f.ended = day_at(f.state == FACT_DONE ? s->certified_at : s->ended_at);
    if (s->accepted_at) {
      Reading r = project_stage_reading(cx->mem, policies_at(cx->mem, ps, s->policy_version, calendar), pr, n, e->happened);
      measure(&f, &r);
    }
  }
  return put(cx, views, &f);
}

Code facts__item(Cx *cx, Db *views, const Policy *p, const Project *pr, int n, const ItemState *i, const ItemClock *k, const Event *e) {
  static const char *const none[] = {"item.taken", "item.extension-asked", "item.extension-refused", "item.revoked", "item.urged", "stage.tied", "stage.untied"};
  if (among(e->kind, none, COUNT(none))) return OK;
  Fact f = {.pos = e->pos, .project = pr->no, .stage = n, .item = i->code, .attempt = i->kept_from ? i->kept_from : pr->stages[n].attempt, /* what still runs beside a new attempt is the same as before */
            .known = day_of(e->recorded), .unit = i->unit, .received = i->dispatched, .start = i->start, .limit = i->limit, .flags = (i->parallel ? FACT_BESIDE : 0) | (i->outside ? FACT_OUTSIDE : 0)};
  if (item_open(i)) {
    f.state = item_stopped(i) ? FACT_PAUSED : FACT_OPEN;
    f.pauses = pauses__text(cx->mem, k);
    return put(cx, views, &f);
  }
  Reading r = clock_item(item__calendar(p, i), k, k->end, p->lamp);
  f.state = i->status == ITEM_PASSED ? FACT_DONE : i->status == ITEM_REFUSED ? FACT_REFUSED : FACT_STOPPED;
  f.ended = k->end;
  measure(&f, &r);
  return put(cx, views, &f);
}

/* ---- reading -------------------------------------------------------------------------------------------- */

static Day day_col(const Rows *r, int col) {
  return (Day){(int32_t)row_i(r, col)};
}

Code facts_after(Cx *cx, Db *views, int64_t pos, FactSeen *seen, void *arg) {
  enum { ROW_MEM = 16 << 20 };
  SCOPED(rows_drop) Rows *r = NULL;
  SCOPED(arena_close_p) Arena *mem = arena_open(ROW_MEM);
  Cx row = {.mem = mem, .now = cx->now};
  TRY(db_rows(cx, views, &sql_after, VALS(val_i(pos)), &r));
  while (rows_next(r)) {
    arena_reset(mem);
    Fact f = {.pos = row_i(r, 0), .stage = (int)row_i(r, 1), .item = row_s(&row, r, 2), .project = row_i(r, 3), .attempt = (int)row_i(r, 4),
              .known = day_col(r, 5), .state = (FactState)row_i(r, 6), .unit = row_s(&row, r, 7), .received = day_col(r, 8), .start = day_col(r, 9),
              .decided = day_col(r, 10), .ended = day_col(r, 11), .delivered = day_col(r, 12), .limit = (int)row_i(r, 13), .used = (int)row_i(r, 14),
              .gross = (int)row_i(r, 15), .applicant = (int)row_i(r, 16), .third = (int)row_i(r, 17), .late = row_i(r, 18) != 0, .flags = (int)row_i(r, 19)};
    Str words = row_s(&row, r, 20);
    if (f.stage) f.pauses = words;
    else f.category = words;
    if (seen(&row, arg, &f) != OK) FAIL(row.fault, "%.*s", SFMT(row.detail));
  }
  return rows_end(cx, r);
}

size_t fact_pauses(Str pauses, Pause out[FACT_PAUSES_MAX]) {
  return pauses__read(pauses, out, FACT_PAUSES_MAX);
}

Code calendar_version_on(Cx *cx, Db *views, Day day, int *version) {
  int64_t n = 0;
  TRY(db_int(cx, views, &sql_calendar, VALS(val_i(day_start((Day){day.n + 1}))), 0, &n));
  *version = (int)n;
  return OK;
}
