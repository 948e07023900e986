/* SPDX-License-Identifier: Apache-2.0 */
/*
 * joint: what stands beside a permit and is done together or on trust: the joint review of drawings 联合审图 with its agencies
 * 审图机构. Beside the room approval: neither knows the other's headers. Where one must follow the other it subscribes to
 * events by name (Reaction in journal.h):
 *   review.* of a project        → project.note-review (approval): the case knows how its review stands; required
 *   project.withdrawn            → review.close
 * What deciding needs of a case (owner, status, permit) is read from the tables `project`, `stage` and `item`.
 *
 * Pure like all engines: fold() and decide() do no I/O and read no clock. The lead of stage 3 (市住房城乡建设局) keeps the
 * agencies and gives the joint opinion.
 */
#ifndef JOINT_H
#define JOINT_H

#include "base/base.h"
#include "calendar/calendar.h"
#include "journal/journal.h"
#include "org/org.h"
#include "policy/policy.h"

/* Words of a state: 审查中, 待修改 …; the text itself when unknown. */
Str joint_label(Str status);

/* ---- agencies 审图机构 (D60-2.4.3-(1)-p1) ---------------------------------------------------------------- */

/* Only one that the provincial department of construction 省住建厅 recognises, today, for all four disciplines, can be chosen.
 * Stream "agency/N". Until the hall of intermediaries 中介超市 is there this list is the only one. */
#define DISCIPLINE_LIST(X)                                \
  X(DISCIPLINE_FIRE, "fire", "消防设计", "housing-construction")       \
  X(DISCIPLINE_LIGHTNING, "lightning", "防雷装置设计", "meteorology")  \
  X(DISCIPLINE_AIR, "air-defence", "人防工程", "housing-construction") \
  X(DISCIPLINE_DRAWING, "drawing", "施工图设计", "housing-construction")
typedef enum Discipline {
#define X(name, text, label, unit) name,
  DISCIPLINE_LIST(X)
#undef X
      DISCIPLINES
} Discipline;
Str discipline_text(Discipline d);
Str discipline_label(Discipline d); /* 消防设计 */
Str discipline_unit(Discipline d);  /* the unit that guides it 业务指导: in the city 人防 is a name of 市住房城乡建设局, which 消防设计审核
                                       came to in June 2019 as well */
bool discipline_parse(Str text, Discipline *out);

typedef struct Agency {
  int64_t no;
  Str name, uscc;
  bool recognised;       /* 省住建厅认定 */
  Str document;          /* of the recognition */
  Day until;             /* last day of the recognition */
  bool does[DISCIPLINES];
  Str reason, by;        /* of the last change */
  int64_t at, seq;
} Agency;
/*  staff of the lead of stage 3:
 *   agency.add     name uscc recognised document until(day) disciplines[…]
 *   agency.change  recognised document until(day) disciplines[…] reason */
extern const Engine agency_engine_base; /* env = const Policy *, as for all engines of the room */
void *agency_fold(Arena *mem, void *state, const Event *e);
typedef struct AgencyRow {
  int64_t no;
  Str name, uscc, document;
  bool recognised, all;  /* all four disciplines */
  Day until;
} AgencyRow;
Code agencies_list(Cx *cx, Reader *rd, AgencyRow **out, size_t *n); /* by number, at most 500 */
Code agency_load(Cx *cx, Reader *rd, int64_t no, const Agency **out);

/* ---- the joint review of drawings 联合审图 (D60-2.4.3-(1), -p1, 2.8.1) ------------------------------------- */

/*   One set of drawings, uploaded once, starts four reviews at the same moment; the agency reports per discipline.
 *     REVIEWING --review.reported-->    REVIEWING | REPORTED   REPORTED: all four reports are there
 *     REVIEWING|REPORTED --review.guided--> (REVIEWING)        a department guides; it may ask that a report be looked at again,
 *                                                              until there is a joint opinion or a promise
 *     REPORTED  --review.passed-->      PASSED                 joint opinion 联合审查意见: all four pass
 *     REPORTED  --review.change-asked--> CHANGE                joint opinion with what must be changed
 *     REPORTED  --review.failed-->      FAILED                 不合格; another review may be applied for
 *     CHANGE    --review.promised-->    CHANGE                 《施工图设计文件承诺书》 by the owner: the permit no longer waits
 *     CHANGE    --review.resubmitted--> REVIEWING              next round, only of the disciplines that asked for a change
 *     any but PASSED, FAILED --review.closed--> CLOSED         by the owner, or with the project
 *   Afterwards nobody reviews technically: a department's question is refused once there is an opinion, a promise or the
 *   permit, and approval refuses to return or refuse an item of the package with `drawings: review`.
 *   The clock of a round: Policy.review_days for each discipline, pinned when the round begins. */
typedef struct ReviewTask {
  Str status;            /* pending, pass, change */
  int round;             /* in which it was last asked */
  int64_t asked, given;
  Str opinion;           /* of the report; with a change: what must be changed */
  Str reviewer, registration; /* who signs for the agency, and the registration 注册号 */
  int changes;           /* how often a change was asked for */
} ReviewTask;
typedef struct ReviewFile { Str blob, name; int64_t size; int round; } ReviewFile;
typedef struct ReviewGuide { Discipline discipline; Str unit, by, text; bool again; int64_t at; } ReviewGuide;
typedef struct ReviewOpinion { Str number, result, text, by; int64_t at; int round; } ReviewOpinion; /* pass, change, fail */
typedef struct Review {
  int64_t no;
  Str number;            /* SG-2026-0001 */
  int64_t project;
  Str project_number, name, owner, uscc, applicant;
  int64_t agency;
  Str agency_name, agency_uscc;
  Str status;            /* reviewing, reported, change, passed, failed, closed */
  int days, round;
  ReviewTask tasks[DISCIPLINES];
  ReviewFile *files; size_t file_count, file_cap;
  ReviewGuide *guides; size_t guide_count, guide_cap;
  ReviewOpinion *opinions; size_t opinion_count, opinion_cap;
  int64_t promised_at;   /* 0: no promise */
  Str promised_by;
  int64_t applied_at, ended_at;
  Str end_reason;
  int64_t seq;
} Review;
/*  applicant, of the project's enterprise:
 *   review.apply     project agency files[{blob,name,size}]
 *   review.resubmit  files[…] note
 *   review.promise   consent signature
 *   review.withdraw  reason
 *  an account of the agency:
 *   review.report    discipline result(pass|change) opinion reviewer registration
 *  the unit that guides the discipline:
 *   review.guide     discipline text again
 *  lead of stage 3, its head:
 *   review.conclude  result(pass|change|fail) text signature
 *  system: review.close */
enum { REVIEW_FILES_MAX = 20, REVIEW_GUIDES_MAX = 100 };
extern const Engine review_engine_base;
void *review_fold(Arena *mem, void *state, const Event *e);
bool review_ended(Str status); /* passed, failed, closed */
/* The clock of one discipline in its present round. */
Reading review_reading(const Policy *p, const Review *r, Discipline d, int64_t now);

typedef struct ReviewRow {
  int64_t no, project, applied_at, promised_at;
  Str number, project_number, name, owner, agency_name, status;
  int round, pending;    /* reports that are waited for */
  Reading reading;       /* of the round, while a report is waited for */
} ReviewRow;
typedef struct ReviewFilter { Str agency_uscc, status; int64_t project; bool open; size_t offset, limit; } ReviewFilter;
/* Open ones first, the oldest first; then the others, newest first. With `project`: newest first. */
Code reviews_list(Cx *cx, Reader *rd, const Policy *p, const ReviewFilter *f, int64_t now, ReviewRow **out, size_t *n, int64_t *total);
Code review_load(Cx *cx, Reader *rd, int64_t no, const Review **out);
/* The newest review of a project; 0 when there is none. */
Code review_of_project(Cx *cx, Reader *rd, int64_t project, int64_t *no);

/* All engines of the room, for those who put a program together. */
enum { JOINT_ENGINES = 2 };
extern const Engine *const joint_engines[JOINT_ENGINES];

#endif
