/* SPDX-License-Identifier: Apache-2.0 */
/*
 * calendar_views.c: the versions in the views, and what a confirmed notice does to them: open rows of `item`, the
 * due queue, and `moved`, the list of running clocks whose due day changed. All from the views and the
 * event, so that a replay makes the same rows.
 */
#include "approval/approval_int.h"

enum { SWEEP_MEM = 1 << 30 };

const char calendar__schema[] =
    "CREATE TABLE calendar_version(version INTEGER PRIMARY KEY, notice TEXT NOT NULL, by TEXT NOT NULL,"
    " confirmed_by TEXT NOT NULL, at INTEGER NOT NULL) STRICT;"
    "CREATE TABLE calendar_change(version INTEGER NOT NULL, day INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,"
    " PRIMARY KEY(version, day)) WITHOUT ROWID, STRICT;"
    "CREATE TABLE moved(version INTEGER NOT NULL, project INTEGER NOT NULL, stage INTEGER NOT NULL, item TEXT NOT NULL,"
    " kind TEXT NOT NULL, unit TEXT NOT NULL, was INTEGER NOT NULL, now INTEGER NOT NULL,"
    " PRIMARY KEY(version, project, stage, item)) WITHOUT ROWID, STRICT;"
    "CREATE INDEX moved_unit ON moved(unit, version);"
    "CREATE INDEX moved_project ON moved(project);";

static const Sql sql_newest = {"calendar.newest", "", "i", "SELECT max(version) FROM calendar_version"};
static const Sql sql_version = {"calendar.version", "isssi", "",
                                "INSERT INTO calendar_version(version, notice, by, confirmed_by, at) VALUES(?1,?2,?3,?4,?5)"};
static const Sql sql_change = {"calendar.change", "iiss", "",
                               "INSERT INTO calendar_change(version, day, kind, name) VALUES(?1,?2,?3,?4)"};
static const Sql sql_moved = {"calendar.moved", "iiisssii", "",
                              "INSERT INTO moved(version, project, stage, item, kind, unit, was, now) VALUES(?1,?2,?3,?4,?5,?6,?7,?8)"};
static const Sql sql_item = {"calendar.item", "iisiiiii", "",
                             "UPDATE item SET due = ?4, warn = ?5, used = ?6, since = ?7, left_days = ?8"
                             " WHERE project = ?1 AND stage = ?2 AND code = ?3"};

Code calendar_version_of(Cx *cx, Db *views, int *version) {
  int64_t n = 0;
  TRY(db_int_kept(cx, views, &sql_newest, 0, 0, &n));
  *version = (int)n;
  return OK;
}

/* ---- a confirmed notice ------------------------------------------------------------------------------- */

static Code clock_write(Cx *cx, Db *views, int version, const Clock *c) {
  const MovedRow *r = &c->row;
  const ClockFigures *f = &c->figures;
  if (c->changed) {
    const Val row[] = {val_i(r->project), val_i(r->stage), val_s(r->item), val_i(f->due.n), val_i(f->warn.n), val_i(f->used),
                       val_i(f->since.n), val_i(f->left)};
    TRY(load__change(cx, views, row, (LoadKey){.unit = r->unit, .due = f->due.n, .warn = f->warn.n, .used = f->used}));
    TRY(db_run(cx, views, &sql_item, row, COUNT(row)));
  }
  if (r->was.n == r->now.n) return OK;
  if (r->kind == CLOCK_ANSWER) {
    Json *args = json_obj(cx->mem);
    json_put_int(cx->mem, args, S("stage"), r->stage);
    TRY(due_set(cx, views, arena_fmt(cx->mem, "project/%lld", (long long)r->project), S("stage.deem-accepted"),
                day_start((Day){r->now.n + 1}), args));
  }
  return db_run(cx, views, &sql_moved,
                VALS(val_i(version), val_i(r->project), val_i(r->stage), val_s(r->item), val_s(clock_kind_text(r->kind)),
                     val_s(r->unit), val_i(r->was.n), val_i(r->now.n)));
}

static Code clocks_rederive(Cx *cx, Db *views, const Policies *ps, const Event *e, int version) {
  SCOPED(arena_close_p) Arena *mem = arena_open(SWEEP_MEM);
  SCOPED(arena_close_p) Arena *row = arena_open(SWEEP_MEM);
  Cx own = {.mem = row, .now = cx->now};
  Sweep s = {.views = views, .ps = ps, .mem = mem, .today = day_of(e->happened),
             .before = policies_at(mem, ps, S(""), version - 1), .after = policies_at(mem, ps, S(""), version)};
  Code code = sweep__run(&own, &s);
  for (size_t i = 0; i < s.count && code == OK; i++) {
    code = clock_write(&own, views, version, &s.list[i]);
    if (i % 1000 == 0) arena_reset(row);
  }
  if (code != OK) FAIL(code, "%.*s", SFMT(own.detail));
  return OK;
}

static Code notice_write(Cx *cx, Db *views, const Event *e, int version, const DayChange *list, size_t n) {
  TRY(db_run(cx, views, &sql_version,
             VALS(val_i(version), val_s(json_str(e->body, S("notice"))), val_s(json_str(e->body, S("proposed_name"))),
                  val_s(e->actor_name), val_i(e->happened))));
  for (size_t i = 0; i < n; i++)
    TRY(db_run(cx, views, &sql_change,
               VALS(val_i(version), val_i(list[i].day.n), val_s(day_kind_text(list[i].kind)), val_s(list[i].name))));
  return OK;
}

Code calendar__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Policies *ps = env;
  DayChange *list = NULL;
  (void)state;
  if (!str_eq(e->kind, S("calendar.confirmed"))) return OK;
  int version = (int)json_int(e->body, S("version"), 0);
  size_t n = changes__of(cx->mem, e->body, &list);
  TRY(notice_write(cx, views, e, version, list, n));
  db_forget(views);
  calendars_add(ps->current->calendars, version, list, n);
  return clocks_rederive(cx, views, ps, e, version);
}

/* ---- what the store knows when it is opened ------------------------------------------------------------ */

static const Sql sql_versions = {"calendar.versions", "", "isssii",
                                 "SELECT v.version, v.notice, v.by, v.confirmed_by, v.at,"
                                 " (SELECT count(*) FROM moved m WHERE m.version = v.version)"
                                 " FROM calendar_version v ORDER BY v.version DESC"};
static const Sql sql_changes = {"calendar.changes", "i", "iss",
                                "SELECT day, kind, name FROM calendar_change WHERE version = ?1 ORDER BY day"};

static Code changes_read(Cx *cx, Db *views, CalendarVersion *v) {
  SCOPED(rows_drop) Rows *r = NULL;
  v->changes = arena_array(cx->mem, DayChange, CALENDAR_CHANGES_MAX + 1);
  TRY(db_rows(cx, views, &sql_changes, VALS(val_i(v->version)), &r));
  while (v->count < CALENDAR_CHANGES_MAX && rows_next(r)) {
    DayChange *d = &v->changes[v->count++];
    *d = (DayChange){.day = {(int32_t)row_i(r, 0)}, .name = row_s(cx, r, 2), .notice = v->notice};
    if (!day_kind_parse(row_s(cx, r, 1), &d->kind)) FAIL(BROKEN, "日历第 %d 版有一天的种类不认识", v->version);
  }
  return rows_end(cx, r);
}

Code calendar_versions(Cx *cx, Db *views, CalendarVersion **out, size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  CalendarVersion *list = arena_array(cx->mem, CalendarVersion, CALENDARS_MAX + 1);
  *n = 0;
  *out = list;
  TRY(db_rows(cx, views, &sql_versions, NO_VALS, &r));
  while (*n < CALENDARS_MAX && rows_next(r)) {
    CalendarVersion *v = &list[(*n)++];
    *v = (CalendarVersion){.version = (int)row_i(r, 0), .notice = row_s(cx, r, 1), .by = row_s(cx, r, 2),
                           .confirmed_by = row_s(cx, r, 3), .at = row_i(r, 4), .moved = row_i(r, 5)};
  }
  TRY(rows_end(cx, r));
  for (size_t i = 0; i < *n; i++) TRY(changes_read(cx, views, &list[i]));
  return OK;
}

Code calendar__ready(Cx *cx, Db *views, const void *env) {
  const Policies *ps = env;
  CalendarVersion *list = NULL;
  size_t n = 0;
  TRY(calendar_versions(cx, views, &list, &n));
  while (n--) calendars_add(ps->current->calendars, list[n].version, list[n].changes, list[n].count);
  return OK;
}
