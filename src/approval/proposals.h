/* SPDX-License-Identifier: Apache-2.0 */
/*
 * proposals: what takes two persons: changes of the calendar 日历变更 and versions of the package 政策发布. Part of
 * approval.h, which includes it.
 */
#ifndef PROPOSALS_H
#define PROPOSALS_H

#include "approval/approval.h"

/* ---- what takes two persons: one proposes, another confirms ------------------------------------------ */

typedef enum ProposalStatus { PROPOSAL_WAITING, PROPOSAL_CONFIRMED, PROPOSAL_REJECTED } ProposalStatus;
typedef struct Proposal {
  int64_t no;
  ProposalStatus status;
  Str reason;
  Str by, by_name; int64_t at;
  Str end_by_name, end_reason; int64_t ended_at;
  /* of the calendar */
  const DayChange *changes; size_t change_count;
  const Day *past; size_t past_count; /* changed days that had passed when it was proposed */
  Str notice;
  int version;            /* when confirmed */
  /* of the package */
  Str package, hash;      /* version and content */
  Day effective;
} Proposal;
typedef struct Book {     /* state of such a stream */
  Proposal *list; size_t count, cap; /* by no, from 1 */
  int version;            /* the newest of the calendar */
  int64_t seq;
} Book;
const Proposal *book_proposal(const Book *b, int64_t no); /* NULL when absent, also for b NULL */
const Proposal *book_waiting(const Book *b);              /* NULL when none waits */

/* ---- calendar versions 日历变更 --------------------------------------------------------------------- */

/* A second engine, one stream "calendar/main". A notice 放假通知 changes some days; one person proposes, another
 * confirms. Confirmed, it is a new version of the calendar: every running clock is worked out anew in the
 * same transaction and what moved is listed; what has ended stays under the version it ended under. One
 * proposal waits at a time, so that what was looked at is what comes into force.
 *   calendar.propose  changes[{date,kind(holiday|workday|normal),name}] notice reason
 *   calendar.confirm  no             not by the one who proposed it
 *   calendar.reject   no reason      also by the proposer: taken back
 * Events: calendar.proposed {no, changes, notice, reason, past[dates]}, calendar.confirmed {no, version, changes,
 * notice, past, proposed_by, proposed_name}, calendar.rejected {no, reason}. */
extern const CommandDecl calendar_commands[];
extern const size_t calendar_command_count;
extern const Engine calendar_engine_base; /* copy, set env = const Policies *, pass beside the approval engine */
#define CALENDAR_STREAM S("calendar/main")
#define CALENDAR_ROLES (ROLE_SYSADMIN | ROLE_SECADMIN | ROLE_SUPERVISOR)

void *calendar_fold(Arena *mem, void *state, const Event *e);
/* Checks changes against a calendar: dates, kinds, names, duplicates, days that already are so. cx->field
 * is "changes" or "changes-N" (N from 1); with `faults` all of them go there as {"field","text"}, and only
 * none or too many are refused. Sorted by day; names are borrowed, `notice` is put on each. */
enum { CALENDAR_CHANGES_MAX = 400 };
Code calendar_changes_read(Cx *cx, const Calendar *c, const Json *changes, Str notice, Json *faults, DayChange **out, size_t *n);
bool calendar_is_so(const Calendar *c, const DayChange *d); /* would it change nothing? */

typedef enum ClockKind { CLOCK_ITEM, CLOCK_STAGE, CLOCK_ANSWER } ClockKind; /* 事项, 阶段, 答复（视为受理） */
Str clock_kind_text(ClockKind k); /* item, stage, answer */
typedef struct MovedRow {  /* a running clock whose due day moved */
  ClockKind kind;
  int64_t project; int stage; Str item; /* item code, empty for the other kinds */
  Str unit;               /* whose it is: the item's, the stage's lead, the window */
  Str number, project_name, item_name;
  Day was, now;
  int version; Str notice; /* listed ones only */
} MovedRow;
typedef struct MovedUnit { Str unit; int64_t moved; } MovedUnit;
typedef struct Preview {
  int64_t clocks;         /* running clocks that were looked at */
  int64_t moved;
  MovedRow *list; size_t count; /* at most `max`, by unit, project, stage, item */
  MovedUnit *units; size_t unit_count;
} Preview;
/* What a notice would move, from the views alone; writes nothing. p: under the calendar in force. */
Code calendar_preview(Cx *cx, Db *views, const Policies *ps, const Policy *p, const DayChange *changes, size_t n, int64_t now, size_t max,
                      Preview *out);

typedef struct CalendarVersion {
  int version;
  Str notice, by, confirmed_by;
  int64_t at, moved;
  DayChange *changes; size_t count;
} CalendarVersion;
/* Newest first. */
Code calendar_versions(Cx *cx, Db *views, CalendarVersion **out, size_t *n);
typedef struct MovedFilter { int version; Str unit; int64_t project; Str applicant, uscc; bool ahead; size_t offset, limit; } MovedFilter;
/* What confirmed notices moved, newest version first. Empty members: all; applicant, uscc: own projects;
 * ahead: only where the new due day has not passed. */
Code moved_list(Cx *cx, Reader *rd, const MovedFilter *f, int64_t now, MovedRow **out, size_t *n, int64_t *total);
Code moved_units(Cx *cx, Reader *rd, int version, MovedUnit **out, size_t *n);
Code calendar_version_of(Cx *cx, Db *views, int *version); /* the newest that these views know */

/* ---- package versions 政策发布 ------------------------------------------------------------------------ */

/* A third engine, one stream "policy/main": a staged package is proposed with the day from which it holds, and another
 * person confirms it. In force on a day is the confirmed version with the latest effective day up to it (of two with one
 * day the one confirmed later), else the package of --policy. An effective day never lies before the confirmation.
 *   policy.propose  version hash effective(day) reason
 *   policy.confirm  no               not by the one who proposed it
 *   policy.reject   no reason        also by the proposer: taken back
 * Events: policy.proposed {no, version, hash, effective, reason}, policy.confirmed {the same, proposed_by,
 * proposed_name}, policy.rejected {no, reason}. */
extern const CommandDecl policy_commands[];
extern const size_t policy_command_count;
extern const Engine policy_engine_base; /* env = const Policies *; the approval engine needs it beside */
#define POLICY_STREAM S("policy/main")
#define POLICY_ROLES CALENDAR_ROLES
void *policy_fold(Arena *mem, void *state, const Event *e);

typedef struct PolicyVersion { /* one that was confirmed */
  int64_t no;
  Str version, hash, by, confirmed_by, reason;
  Day effective;
  int64_t at;
} PolicyVersion;
/* Latest effective day first. */
Code policy_versions(Cx *cx, Db *views, PolicyVersion **out, size_t *n);
/* The version in force on a day, as these views know it; empty: the package of --policy. */
Code policy_in_force(Cx *cx, Db *views, Day day, Str *version);

#endif
