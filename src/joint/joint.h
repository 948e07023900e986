/* SPDX-License-Identifier: Apache-2.0 */
/*
 * joint: what stands beside a permit and is done together or on trust: the joint review of drawings 联合审图 with its agencies
 * 审图机构, promises 告知承诺 with their checks, and credit 信用 (credit.h). Beside the room approval: neither knows the other's headers. Where one must follow the other it subscribes to
 * events by name (Reaction in journal.h):
 *   review.* of a project        → project.note-review (approval): the case knows how its review stands; required
 *   project.withdrawn            → review.close, promise.close
 *   review.promised              → promise.undertake            the letter of promise has its check like any other; required
 *   review.passed, review.failed → promise.fulfil, promise.halt
 *   item.decided                 → promise.accept (with "promise"; required), promise.close (refused)
 *   item.withdrawn, stage.withdrawn → promise.close
 *   promise.broken               → credit.draft, and in approval item.revoke, required
 *   promise.halted, promise.resumed → project.halt, project.resume (approval); required
 *   promise.*                    → project.note-promise (approval); required
 * What deciding needs of a case (owner, status, permit) is read from the tables `project`, `stage` and `item`.
 *
 * Pure like all engines: fold() and decide() do no I/O and read no clock. The lead of stage 3 (市住房城乡建设局) keeps the
 * agencies and gives the joint opinion.
 */
#ifndef JOINT_H
#define JOINT_H

#include "base/base.h"
#include "calendar/calendar.h"
#include "joint/credit.h"
#include "journal/journal.h"
#include "org/kit.h"
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
Code agency_known(Cx *cx, Reader *rd, Str uscc, bool *known); /* is this enterprise in the list, recognised or not? */
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
/* Who has signed reports of an agency, with the number of the registration 注册号; by name. */
typedef struct Reviewer { Str name, registration; } Reviewer;
enum { REVIEWERS_MAX = 100 };
Code reviewers_list(Cx *cx, Reader *rd, Str uscc, Reviewer **out, size_t *n);
/* The newest review of a project; 0 when there is none. */
Code review_of_project(Cx *cx, Reader *rd, int64_t project, int64_t *no);

/* ---- promises 告知承诺 (D60-2.10, 2.4.4-(5), 2.4.3-(1)-p1, 5.16.3) ---------------------------------------- */

/*   kinds  item       an item is approved on promise: one that the package allows (`promise`), and that touches no safety,
 *                     environment, health or property (`hazard`)
 *          drawing    《施工图设计文件承诺书》, signed in the joint review
 *          architect  BIM and 建筑师负责制: the permit before the review of the drawings, which has to pass within three months
 *                     of the promise, else the work is stopped at once 叫停 until it passes; losses are the owner's
 *   SIGNED   --promise.accepted--> ACCEPTED  by the decision that rests on it; from here on there is a check, due two months after
 *                                            the promise (the document does not say from when: 示例)
 *   SIGNED   --promise.closed-->   CLOSED    withdrawn, or with what it was for
 *   ACCEPTED --promise.checked-->  ACCEPTED  not due 未到期: the drawings may still be in review; the check is due again
 *   ACCEPTED --promise.kept-->     KEPT      履行
 *   ACCEPTED --promise.broken-->   BROKEN    未履行: the decision is revoked, if it has passed (a permit may still run, or have been
 *                                             refused), and a credit record is drafted
 *   ACCEPTED --promise.halted--> (halted) --promise.resumed-->   architect only: out of time or failed; then passed
 * So an accepted promise always has a check that is due or done. The check belongs to the unit that decided. */
typedef struct PromiseCheck { Str result, findings, by; int64_t at; } PromiseCheck;
typedef struct Halt { int64_t from, to; Str reason; } Halt; /* to = 0: stopped */
typedef struct Promise {
  int64_t no;
  Str number;            /* CN-2026-0001 */
  Str kind, status;      /* item drawing architect; signed accepted closed kept broken */
  int64_t project;
  Str project_number, name, owner, uscc, applicant;
  int stage; Str item, item_name, unit; /* what is approved on it; for drawings the permit */
  int64_t review;        /* drawing: the review in which it was signed */
  Str architect;         /* architect: who answers 负责的建筑师 */
  int64_t signed_at; Str signed_by;
  int64_t accepted_at;
  Day check_due, review_due; /* 0: none */
  Day check_from;        /* from when the check counts: the promise, or the last check that found it not due */
  int64_t reviewed_at;   /* the drawings passed */
  Halt *halts; size_t halt_count, halt_cap;
  PromiseCheck *checks; size_t check_count, check_cap;
  Str decision;          /* CX-2026-0001: of the revocation */
  Str end_reason; int64_t ended_at;
  int64_t seq;
} Promise;
/*  applicant, of the project's enterprise:
 *   promise.sign      project kind(item|architect) stage? item? bim? architect? consent signature
 *   promise.withdraw  reason                           while SIGNED
 *  the unit that decided; broken only by its head:
 *   promise.check     result(kept|not-due|broken) findings signature
 *  system: promise.undertake project review · promise.accept · promise.close reason · promise.fulfil review · promise.halt reason ·
 *          promise.expire (timer: the day after review_due) */
extern const Engine promise_engine_base;
void *promise_fold(Arena *mem, void *state, const Event *e);
bool promise_halted(const Promise *p);
Str promise_kind_label(Str kind);
Reading promise_reading(const Policy *p, const Promise *x, int64_t now); /* of its check; lamp NONE while there is none */
typedef struct PromiseRow {
  int64_t no, project;
  Str number, kind, status, project_number, name, owner, item_name, unit;
  int stage; Str item;
  Day signed_on, check_due, review_due;
  bool halted, reviewed;
  Reading reading;
} PromiseRow;
/* figure: those of one number of PromiseCount, by its name: accepted due late kept broken halted. */
typedef struct PromiseFilter { Str unit, status, figure; int64_t project; size_t offset, limit; } PromiseFilter;
/* Those with a check first, by the day it is due; then the others, newest first. */
Code promises_list(Cx *cx, Reader *rd, const Policy *p, const PromiseFilter *f, int64_t now, PromiseRow **out, size_t *n, int64_t *total);
Code promise_load(Cx *cx, Reader *rd, int64_t no, const Promise **out);
/* Coverage 承诺核查 of a unit, or of all: every accepted promise is in exactly one of due, late, kept, broken. */
typedef struct PromiseCount { int64_t accepted, due, late, kept, broken, halted; } PromiseCount;
Code promises_count(Cx *cx, Reader *rd, Str unit, int64_t now, PromiseCount *out);

/* What waits: reports of a review (kind review), checks of promises (promise), objections and applications for repair (credit, item
 * "objection" or "repair"). For the board of lamps. */
Code joint_clocks(Cx *cx, Db *views, const Policy *p, Day today, RunningSeen *seen, void *arg);

/* All engines of the room, for those who put a program together. */
enum { JOINT_ENGINES = 4 };
extern const Engine *const joint_engines[JOINT_ENGINES];

#endif
