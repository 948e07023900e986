/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger: ledgers 台账: rows with deadlines, monthly reports, what a county owes (D59-3, 5.1; D13-2.2; S33, S34, S28). A ledger is data of the
 * package (policy/ledgers.h): columns, measures with their deadlines, the day of the report. Stands beside approval; what must follow does so by
 * reactions, which know these events by name:
 *   entry.added               → ledger.begin (here)          the months of reports begin with the first row
 *   entry.held, entry.released → project.hold, project.free (approval)  the acceptance of the project waits for the row; required
 *   entry.refused             → credit.draft (joint)          the developer does not rectify; required
 *   ledger.missed             → directive.issue (supervision) a county has not reported by the day after
 * Joint acceptance (finish) reads the table `entry` when it gives its opinion. Pure like all engines. env = const Policy *, as for the engine of accounts.
 */
#ifndef LEDGER_H
#define LEDGER_H

#include "calendar/calendar.h"
#include "journal/journal.h"
#include "org/kit.h"
#include "org/org.h"

/* ---- rows ------------------------------------------------------------------------------------------------- */

/* Stream "entry/N", number TZ-2026-0001.
 *   OPEN 整改中   --entry.changed, entry.extended, entry.linked, entry.unlinked, entry.refused--> OPEN
 *   OPEN         --entry.closed-->    CLOSED 待确认    the county's head: what came of it 销号
 *   CLOSED       --entry.confirmed--> CONFIRMED 已销号  the joint office
 *   CLOSED | CONFIRMED --entry.reopened--> OPEN         the joint office, with a reason
 * Values may be changed after that too: a kindergarten opens when its row is long closed.
 * While it is not confirmed, has a word marked `hold` and is linked to a project, the project is held: entry.held, and entry.released when that ends.
 *   entry.add     ledger name measure? until? reason? values{column: text}    staff of a county of the ledger
 *   entry.change  name? measure? reason? values{…}                       the same, or the joint office; "" clears a value. A reason is
 *                                                                        asked for when a deadline, or whether the project waits, may change
 *   entry.extend  until reason          head of the county: 定期限、延期
 *   entry.close   result                head of the county
 *   entry.confirm                       joint office      entry.reopen reason   joint office
 *   entry.link    project · entry.unlink reason           staff of the county; what holds a project only the joint office unlinks
 *   entry.refuse  fact evidence         head of the county: the developer of the linked project does not rectify 拒不整改 */
extern const Engine entry_engine_base;
typedef struct EntrySpan { Str code, name, ends; Day due; } EntrySpan; /* runs until there is a day in column `ends` */
typedef struct EntryChange { Str column, was, is; } EntryChange;       /* texts as people read them */
typedef struct EntryStep {
  int64_t at;
  Str kind, by, unit, text;
  EntryChange *changes; size_t change_count;
} EntryStep;
typedef struct LedgerEntry {
  int64_t no;
  Str number, ledger, county, name;
  Json *values;             /* column → text; what is not filled in is not there */
  Str measure, measure_name;
  bool proposed;            /* the measure is the one that the answers led to */
  Day due, plan_due;        /* of the measure; until: set by the county instead of due; 0: none */
  Day until;
  Str size, warning;        /* 6 班 1 所; of a restricted use */
  bool hold; Str hold_text; /* a word marked `hold`; what the case says */
  EntrySpan *spans; size_t span_count;
  Str status, result;       /* open closed confirmed */
  int64_t project; Str project_number, project_name, owner, uscc; /* 0: not linked */
  int extended; bool refused;
  int64_t added_at, closed_at, confirmed_at, changed_at, seq;
  EntryStep *steps; size_t step_count, step_cap;
} LedgerEntry;
void *entry_fold(Arena *mem, void *state, const Event *e);
Str entry_label(Str status);
Code entry_load(Cx *cx, Reader *rd, int64_t no, const LedgerEntry **out);
bool entry_holds(const LedgerEntry *e);                     /* does its project wait for it now? */
/* The clock that ends first of those that run; 0: none. *what: 完成规划, the measure, 开园招生. */
Day entry_next(const LedgerEntry *e, Str *what);
/* What the answers lead to; NULL: they do not lead anywhere yet. */
const LedgerMeasure *ledger_proposed(const Policy *p, Str ledger, const Json *values);
/* A value as people read it: 缓建 for delayed, 是 for true. */
Str ledger_value_text(const Policy *p, Str ledger, Str column, Str value);
/* Exactly one lamp. due 0: no clock runs; done: nothing more is expected. *left: calendar days, negative when overdue. The due day is in time. */
Lamp ledger_lamp(Day due, bool done, int warn_days, Day today, int *left);

typedef struct EntryRow {
  int64_t no, project, at;
  Str number, county, name, status, measure, size, what, warning; /* measure: its name; what: the clock that ends first */
  Day due;
  bool done, hold, refused; int extended;
  const Json *values;
  Lamp lamp; int left;
} EntryRow;
typedef struct EntryFilter { Str ledger, county, lamp, status, measure; int64_t project; size_t offset, limit; } EntryFilter; /* lamp: red yellow green done none */
/* The one that ends first before the others; done ones last. counts by lamp, of all that match without `lamp`; may be NULL. */
typedef struct EntryCounts { int64_t all, red, yellow, green, done, none; } EntryCounts;
Code entries_list(Cx *cx, Db *views, const EntryFilter *f, int warn_days, Day today, EntryRow **out, size_t *n, EntryCounts *counts);
typedef struct EntryTally { Str county; EntryCounts counts; } EntryTally;
Code entries_tally(Cx *cx, Db *views, Str ledger, int warn_days, Day today, EntryTally **out, size_t *n); /* by county */

/* ---- monthly reports 月报 ------------------------------------------------------------------------------------- */

/* Stream "monthly/LEDGER.COUNTY.2019-08". The report of a month is due on the ledger's day of that month.
 *   (new) | RETURNED --monthly.made-->     MADE 待审核      the rows as they are, and what changed since the last one; frozen
 *   MADE             --monthly.reported--> REPORTED 已上报   signed by the head of the county
 *   MADE             --monthly.bounced-->  RETURNED         by the head, with a reason
 *   REPORTED         --monthly.accepted--> ACCEPTED 已接收   the joint office
 *   REPORTED         --monthly.returned--> RETURNED 已退回   the joint office, with a reason
 *   monthly.make ledger month?      staff of the county; month: of today
 *   monthly.report · monthly.bounce reason     its head      monthly.accept · monthly.return reason     the joint office */
extern const Engine monthly_engine_base;
typedef struct ReportLine { int64_t no; Str number, name, issue, measure, status, lamp, what, result; Day due; int left; } ReportLine;
typedef struct ReportChanges { int64_t *added, *done, *late, *extended; size_t added_count, done_count, late_count, extended_count; } ReportChanges; /* numbers of rows */
typedef struct Monthly {
  Str stream, ledger, county, month;  /* 2019-08 */
  Str status;
  int version;
  ReportLine *lines; size_t line_count;
  ReportChanges changes;
  Str since;                /* the month it was compared with; empty: the first one */
  Day due;
  Str made_by, signed_by, reason, judged_by;
  int64_t made_at, reported_at, first_reported_at, judged_at;
  EntryStep *steps; size_t step_count, step_cap;
  int64_t seq;
} Monthly;
void *monthly_fold(Arena *mem, void *state, const Event *e);
Str monthly_label(Str status);
Str monthly_name(Arena *mem, Str ledger, Str county, Str month); /* of its stream, behind "monthly/" */
Code monthly_load(Cx *cx, Reader *rd, Str name, const Monthly **out); /* NULL in *out: there is none */
/* What is in `now` against `before` (NULL: nothing was reported yet): new rows, confirmed since, red since, with a later day. */
ReportChanges report_changes(Arena *mem, const ReportLine *before, size_t before_count, const ReportLine *now, size_t n);
/* The rows of a county as lines of a report of that day. */
Code report_lines(Cx *cx, Db *views, const Policy *p, Str ledger, Str county, Day today, ReportLine **out, size_t *n);
/* The lines of the newest report before a month; month: which. */
Code report_before(Cx *cx, Db *views, Str ledger, Str county, Str month, ReportLine **out, size_t *n, Str *of);
typedef struct MonthlyRow { Str ledger, county, month, status; int version; int64_t made, reported, first_reported, lines; } MonthlyRow;
/* Of a month, or (month empty) the newest first; county empty: all. */
Code monthlies_list(Cx *cx, Db *views, Str ledger, Str county, Str month, size_t max, MonthlyRow **out, size_t *n);
Str month_text(Arena *mem, Day day);       /* 2019-08 */
Day month_day(Str month, int day);       /* that day of the month; 0 when it is no month */
Str month_cn(Arena *mem, Str month);     /* 2019年8月 */

/* ---- a ledger as a whole ---------------------------------------------------------------------------------------- */

/* Stream "ledger/CODE": months of reports, shares, targets, the plan of the city.
 *   ledger.begin  (reaction to entry.added) · ledger.watch month (due queue, the day after the day of the report): ledger.missed for those who have
 *                 not reported, at most 8 in one event; ledger.watched
 *   ledger.share  ledger unit share as_of    joint office: 占比, percent with at most three decimals
 *   ledger.target ledger unit year count     head of the county
 *   ledger.plan   ledger title text          the unit that drafts: a plan, or a new version, which has to be agreed anew
 *   ledger.agree  document day               the same: 市政府同意
 *   ledger.send                              the same: to the province; refused before the agreement is recorded */
extern const Engine ledger_engine_base;
typedef struct LedgerShare { Str unit, share, by; Day as_of; int64_t at; } LedgerShare;
typedef struct LedgerTarget { Str unit, by; int year; int64_t count, at; } LedgerTarget;
typedef struct Ledger {
  Str code, from, watched;  /* months: the first, the last that was looked at */
  LedgerShare *shares; size_t share_count, share_cap;
  LedgerTarget *targets; size_t target_count, target_cap;
  Str plan_title, plan_text, plan_by; int64_t plan_at; int plan_version;
  Str agree_document, agree_by; Day agree_day; int64_t agreed_at;
  Str sent_by; int64_t sent_at;
  EntryStep *steps; size_t step_count, step_cap;
  int64_t seq;
} Ledger;
void *ledger_fold(Arena *mem, void *state, const Event *e);
Code ledger_load(Cx *cx, Reader *rd, Str code, const Ledger **out); /* NULL in *out: nothing has happened yet */
const LedgerShare *ledger_share(const Ledger *l, Str unit);         /* NULL: not known */
const LedgerTarget *ledger_target(const Ledger *l, Str unit, int year);
/* How many rows of a county the joint office confirmed in a year. */
Code entries_confirmed(Cx *cx, Db *views, Str ledger, Str county, int year, int64_t *out);

enum { LEDGER_ENGINES = 3 };
extern const Engine *const ledger_engines[LEDGER_ENGINES];

#endif
