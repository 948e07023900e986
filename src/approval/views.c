/* SPDX-License-Identifier: Apache-2.0 */
/*
 * views.c: projections for lists. An item's row carries what its lamp needs, so that a list is sorted and
 * counted by an index without reading cases:
 *   running  due = the due day, warn = the first day of yellow, used and since = how the count goes on
 *   paused   left_days = frozen; due = the due day when it had passed before, else 0; warn = the day after the planned end of the pause, 0
 *            when the due day is fixed
 *   ended    due = 0, warn = -1 decided, -2 withdrawn, -3 never begun
 * The two indexes of open items are in the order of the lists and hold what a page shows (`shown`: what no notice
 * changes), so that fifty rows are read from a few pages and not from a hundred; `open` and `paused` stand in them as
 * well (no bytes but their types), for without them SQLite looks into the table.
 * item_load counts the rows by unit, due and warn (load.c).
 * warn_left, pauses and counts (does it run the stage's clock?) let calendar_views.c work the rows out anew
 * after a notice, without the cases; so does earlier, what the item had run before it was applied for again.
 */
#include "approval/approval_int.h"

/* The number is raised when rows come out otherwise though the tables are the same: another text makes stores
 * of an earlier program build their views anew. */
const char approval__schema[] =
    "/* 8 */"
    "CREATE TABLE project(no INTEGER PRIMARY KEY, number TEXT NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL,"
    " category TEXT NOT NULL, county TEXT NOT NULL, owner TEXT NOT NULL, uscc TEXT NOT NULL, applicant TEXT NOT NULL,"
    " status TEXT NOT NULL, stage INTEGER NOT NULL, stage_status TEXT NOT NULL, registered INTEGER NOT NULL,"
    " updated INTEGER NOT NULL, days INTEGER NOT NULL) STRICT;"
    "CREATE INDEX project_code ON project(code);"
    "CREATE INDEX project_owner ON project(uscc, no);"
    "CREATE INDEX project_applicant ON project(applicant, no);"
    "CREATE TABLE stage(project INTEGER NOT NULL, no INTEGER NOT NULL, attempt INTEGER NOT NULL, status TEXT NOT NULL,"
    " receipt TEXT NOT NULL, at INTEGER NOT NULL, accepted INTEGER NOT NULL, days INTEGER NOT NULL, policy TEXT NOT NULL,"
    " PRIMARY KEY(project, no)) WITHOUT ROWID, STRICT;"
    "CREATE INDEX stage_status ON stage(status, at);"
    "CREATE INDEX stage_receipt ON stage(receipt) WHERE receipt <> '';"
    "CREATE TABLE item(project INTEGER NOT NULL, stage INTEGER NOT NULL, code TEXT NOT NULL, attempt INTEGER NOT NULL,"
    " unit TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL, taken TEXT NOT NULL, open INTEGER NOT NULL,"
    " paused INTEGER NOT NULL, start INTEGER NOT NULL, days INTEGER NOT NULL, due INTEGER NOT NULL, warn INTEGER NOT NULL,"
    " used INTEGER NOT NULL, since INTEGER NOT NULL, left_days INTEGER NOT NULL, ended INTEGER NOT NULL,"
    " warn_left INTEGER NOT NULL, pauses TEXT NOT NULL, counts INTEGER NOT NULL, shown TEXT NOT NULL, earlier TEXT NOT NULL,"
    " PRIMARY KEY(project, stage, code)) WITHOUT ROWID, STRICT;"
    "CREATE INDEX item_running ON item(unit, due, project, stage, code, warn, used, since, shown, open, paused) WHERE open = 1 AND paused = 0;"
    "CREATE INDEX item_paused ON item(unit, left_days, project, stage, code, due, warn, shown, open, paused) WHERE open = 1 AND paused = 1;"
    "CREATE INDEX item_ended ON item(unit, ended, project, stage, code, open) WHERE open = 0;" LOAD_SCHEMA SIGNS_SCHEMA CONTRARY_SCHEMA ASKS_SCHEMA LIBRARY_SCHEMA SHARE_SCHEMA WINDOW_SCHEMA DOCUMENTS_SCHEMA CERTS_SCHEMA DESK_SCHEMA FACTS_SCHEMA;

static const RowTable project_rows = {
    1,
    {"project.put", "issssssssSisiii", "",
     "INSERT INTO project(no, number, code, name, category, county, owner, uscc, applicant, status, stage, stage_status,"
     " registered, updated, days) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15)"
     " ON CONFLICT(no) DO UPDATE SET name = excluded.name, status = excluded.status, stage = excluded.stage,"
     " stage_status = excluded.stage_status, updated = excluded.updated, days = excluded.days"},
    {0}};
static const Sql sql_touch = {"project.touch", "ii", "", "UPDATE project SET updated = ?2 WHERE no = ?1"};
static const RowTable stage_rows = {
    2,
    {"stage.put", "iiissiiis", "",
                              "INSERT INTO stage(project, no, attempt, status, receipt, at, accepted, days, policy)"
                              " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9)"
                              " ON CONFLICT(project, no) DO UPDATE SET attempt = excluded.attempt,"
                              " status = excluded.status, receipt = excluded.receipt, at = excluded.at,"
                              " accepted = excluded.accepted, days = excluded.days, policy = excluded.policy"},
    {0}};
static Code item_before(Cx *cx, Db *views, const Val *row);
static const ToldTable item_rows = {{
    3 | ROWS_TOGETHER | ROWS_TOLD,
    {"item.put", "iisissssiiiiiiiiiiisiss", "",
     "INSERT INTO item(project, stage, code, attempt, unit, name, status, taken, open, paused, start, days, due, warn, used,"
     " since, left_days, ended, warn_left, pauses, counts, shown, earlier)"
     " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22,?23)"
     " ON CONFLICT(project, stage, code) DO UPDATE SET attempt = excluded.attempt, unit = excluded.unit,"
     " name = excluded.name, status = excluded.status, taken = excluded.taken, open = excluded.open, paused = excluded.paused,"
     " start = excluded.start, days = excluded.days, due = excluded.due, warn = excluded.warn, used = excluded.used,"
     " since = excluded.since, left_days = excluded.left_days, ended = excluded.ended, warn_left = excluded.warn_left,"
     " pauses = excluded.pauses, counts = excluded.counts, shown = excluded.shown, earlier = excluded.earlier"},
    {0}}, item_before};
/* Of an item that has its row: cheaper than asking whether it has. */
static const Sql sql_item_again = {
    "item.again", "iisissssiiiiiiiiiiisiss", "",
    "UPDATE item SET attempt = ?4, unit = ?5, name = ?6, status = ?7, taken = ?8, open = ?9, paused = ?10, start = ?11, days = ?12,"
    " due = ?13, warn = ?14, used = ?15, since = ?16, left_days = ?17, ended = ?18, warn_left = ?19, pauses = ?20, counts = ?21, shown = ?22, earlier = ?23"
    " WHERE project = ?1 AND stage = ?2 AND code = ?3"};
static const Sql sql_item_drop = {"item.drop", "iii", "",
                                  "DELETE FROM item WHERE " LOAD_DROPPED};

static Code item_before(Cx *cx, Db *views, const Val *row) {
  return load__change(cx, views, row, (LoadKey){.unit = row[4].s, .due = row[12].i, .warn = row[13].i, .used = row[14].i});
}

/* What holds when an event is projected: the packages, and the calendar as the views know it. */
typedef struct Now {
  const Policies *ps;
  int calendar;
  Str policy;              /* in force when the event was recorded; empty: the package of --policy */
} Now;

static Str project_status(ProjectStatus s) {
  return s == PROJECT_COMPLETED ? S("completed") : s == PROJECT_TERMINATED ? S("terminated") : S("running");
}

/* Working days of all stages together, once the project is complete. */
static int64_t days_of(Cx *cx, const Policies *ps, const Project *p, int64_t now) {
  int64_t days = 0;
  if (p->status != PROJECT_COMPLETED) return 0;
  for (int n = 1; n <= STAGE_MAX; n++)
    if (p->stages[n].status == STAGE_DELIVERED)
      days += project_stage_reading(cx->mem, policies_at(cx->mem, ps, p->stages[n].policy_version, 0), p, n, now).used;
  return days;
}

static Code put_project(Cx *cx, Db *views, const Policies *ps, const Project *p, const Event *e) {
  int stage = project_current_stage(p), shown = stage > STAGE_MAX ? STAGE_MAX : stage;
  TRY(facts__project(cx, views, p, e));
  return table_put(cx, views, &project_rows,
                   VALS(val_i(p->no), val_s(p->number), val_s(p->code), val_s(p->name), val_s(p->category), val_s(p->county),
                        val_s(p->owner), val_s(p->uscc), val_s(p->applicant), val_s(project_status(p->status)), val_i(stage),
                     val_s(stage_status_text(p->stages[shown].status)), val_i(p->registered_at), val_i(e->happened),
                     val_i(days_of(cx, ps, p, e->happened))));
}

static Code put_stage(Cx *cx, Db *views, const Now *now, const Project *p, int n, const Event *e) {
  const StageState *s = &p->stages[n];
  TRY(facts__stage(cx, views, now->ps, now->calendar, p, n, e));
  return table_put(cx, views, &stage_rows, VALS(val_i(p->no), val_i(n), val_i(s->attempt), val_s(stage_status_text(s->status)),
                                            val_s(s->receipt), val_i(e->happened), val_i(s->accepted_at ? s->accepted_on.n : 0),
                                            val_i(s->limit), val_s(s->policy_version.len ? s->policy_version : s->form_version)));
}

static int64_t ended_kind(const ItemState *i) {
  if (!i->decided_at) return LOAD_NEVER;
  return i->status == ITEM_PASSED || i->status == ITEM_REFUSED ? LOAD_DECIDED : LOAD_WITHDRAWN;
}

static Code put_item(Cx *cx, Db *views, const Policy *p, const Project *pr, int n, const ItemState *i, const Event *e, bool again) {
  const StageState *s = &pr->stages[n];
  ItemClock k = item__clock(cx->mem, p, i);
  TRY(facts__item(cx, views, p, pr, n, i, &k, e));
  bool open = item_open(i), counts = item__runs_stage(i);
  int warn_left = warn__left(p->lamp, i->limit);
  ClockFigures f = clock__figures(item__calendar(p, i), &k, warn_left);
  const Val row[] = {val_i(pr->no), val_i(n), val_s(i->code), val_i(s->attempt), val_s(i->unit), val_s(i->name),
                     val_s(item_status_text(i->status)), val_s(i->taken_name), val_i(open), val_i(item_stopped(i)),
                     val_i(k.start.n), val_i(i->limit), val_i(f.due.n), val_i(open ? f.warn.n : ended_kind(i)), val_i(f.used), val_i(f.since.n),
                     val_i(f.left), val_i(open ? 0 : i->decided_at), val_i(warn_left), val_s(pauses__text(cx->mem, &k)),
                     val_i(counts), val_s(open ? item__shown(cx->mem, pr, s, i) : S("")), val_s(runs__text(cx->mem, p, i))};
  if (!again || tables_wait(views)) return table_put(cx, views, &item_rows.table, row, COUNT(row));
  if (!str_eq(e->kind, S("item.taken"))) TRY(item_before(cx, views, row)); /* taking it leaves its clock as it was */
  return db_run(cx, views, &sql_item_again, row, COUNT(row));
}

/* An event about one item touches one row; the others of the stage are written only when it says so. */
static Code put_items(Cx *cx, Db *views, const Now *now, const Project *p, int n, const Event *e) {
  const StageState *s = &p->stages[n];
  if (!s->item_count) return OK;
  const Policy *policy = policies_at(cx->mem, now->ps, s->policy_version, now->calendar);
  Str only = str_starts(e->kind, S("item.")) ? json_str(e->body, S("item")) : S("");
  for (size_t i = 0; i < s->item_count; i++) {
    const ItemState *item = &s->items[i];
    if (only.len ? !str_eq(only, item->code) : item->seq != e->seq) continue;
    TRY(put_item(cx, views, policy, p, n, item, e, only.len > 0));
  }
  return OK;
}

/* Deemed acceptance falls due while an application waits for an answer. */
static Code put_due(Cx *cx, Db *views, const Now *now, const Project *p, int n, const Event *e) {
  const StageState *s = &p->stages[n];
  Str name = S("stage.deem-accepted");
  if (s->status != STAGE_SUBMITTED) return due_clear(cx, views, e->stream, name);
  Json *args = json_obj(cx->mem);
  json_put_int(cx->mem, args, S("stage"), n);
  const Policy *policy = policies_at(cx->mem, now->ps, s->form_version, now->calendar);
  Day from = clock_deemed_from(policy->calendar, day_of(s->submitted_at), policy->receipt_days);
  return due_set(cx, views, e->stream, name, day_start(from), args);
}

static Code put_asks(Cx *cx, Db *views, const Now *now, const Project *p, int n) {
  return asks__project(cx, views, policies_at(cx->mem, now->ps, p->stages[n].form_version, now->calendar), p, n);
}

static Code put_all(Cx *cx, Db *views, const Now *now, const Project *p, const Event *e) {
  for (int n = 1; n <= STAGE_MAX; n++) {
    if (p->stages[n].attempt) TRY(put_stage(cx, views, now, p, n, e));
    TRY(put_items(cx, views, now, p, n, e));
    if (p->stages[n].attempt) TRY(put_asks(cx, views, now, p, n));
    if (p->stages[n].attempt) TRY(library__project(cx, views, now->ps->current, p, n, e));
  }
  return due_clear(cx, views, e->stream, S("stage.deem-accepted"));
}

Code approval__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  Now now = {.ps = env};
  const Project *p = state;
  int n = (int)json_int(e->body, S("stage"), 0);
  TRY(calendar_version_of(cx, views, &now.calendar));
  TRY(policy_in_force(cx, views, day_of(e->recorded), &now.policy));
  TRY(policy__used(cx, views, now.ps, json_str(e->body, S("policy"))));
  StageStatus st = n >= 1 && n <= STAGE_MAX ? p->stages[n].status : STAGE_STATUS_UNSET;
  bool item_event = str_starts(e->kind, S("item.")), again = str_eq(e->kind, S("item.reapplied"));
  /* An item changes something of its project only when its stage changes with it. */
  if (item_event && !again && st == STAGE_RUNNING && p->status == PROJECT_RUNNING && !tables_wait(views))
    TRY(db_run(cx, views, &sql_touch, VALS(val_i(p->no), val_i(e->happened))));
  else
    TRY(put_project(cx, views, now.ps, p, e));
  Str version = n >= 1 && n <= STAGE_MAX ? p->stages[n].policy_version : S("");
  if (!version.len) version = now.policy;
  TRY(signs__project(cx, views, policies_at(cx->mem, now.ps, version, now.calendar), p, e));
  TRY(cites__project(cx, views, p, e));
  TRY(window__project(cx, views, p, e));
  TRY(documents__project(cx, views, p, e));
  TRY(certs__project(cx, views, p, e));
  TRY(share__project(cx, views, p, e));
  if (str_eq(e->kind, S("project.withdrawn"))) return put_all(cx, views, &now, p, e);
  if (n < 1 || n > STAGE_MAX || str_eq(e->kind, S("stage.draft-saved")) || str_eq(e->kind, S("stage.confirm-asked")) || str_eq(e->kind, S("stage.draft-returned")) || str_eq(e->kind, S("stage.posted")) || str_eq(e->kind, S("document.served")) || str_starts(e->kind, S("certificate."))) return OK;
  TRY(library__project(cx, views, policies_at(cx->mem, now.ps, version, now.calendar), p, n, e));
  if (str_eq(e->kind, S("stage.supplied")) || str_eq(e->kind, S("stage.lacking-expired"))) return OK;
  if (str_eq(e->kind, S("stage.reported"))) return put_asks(cx, views, &now, p, n); /* `at` of the stage stays its submission */
  if (!item_event || again || st == STAGE_DECIDED || st == STAGE_WITHDRAWN) TRY(put_stage(cx, views, &now, p, n, e));
  if (str_eq(e->kind, S("stage.submitted")) && p->stages[n].attempt > 1) {
    TRY(table_settle(cx, views, &item_rows.table, val_i(p->no)));
    TRY(load__drop(cx, views, p->no, n, p->stages[n].attempt));
    TRY(db_run(cx, views, &sql_item_drop, VALS(val_i(p->no), val_i(n), val_i(p->stages[n].attempt))));
  }
  TRY(put_items(cx, views, &now, p, n, e));
  if (!item_event) TRY(put_asks(cx, views, &now, p, n));
  return item_event ? OK : put_due(cx, views, &now, p, n, e);
}
