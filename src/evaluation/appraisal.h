/* SPDX-License-Identifier: Apache-2.0 */
/*
 * appraisal: the evaluation of departments and regions 考核评价 (D60-6.21.3; S22). Part of evaluation.h, which includes it.
 *
 * Stream "appraisal/YEAR".
 *   DRAFT  --appraisal.drafted-->   DRAFT    again as often as the supervisor likes
 *   DRAFT  --appraisal.published--> OPEN     the method 评价办法 is public (D60-6.22-p1) and fixed; scores may come
 *   OPEN   --appraisal.scored-->    OPEN     the last score of a place counts, the earlier ones stay in the journal
 *   OPEN   --appraisal.consulted--> OPINIONS 征求意见 (6.21.3-(8)): the draft result, as of a day that is over, is public until a day; scores may still be corrected
 *   OPINIONS --appraisal.opined-->            of whoever has an account, or entered by the supervisor as it was said or written
 *   OPINIONS --appraisal.opinion-answered-->  one by one; also corrected later
 *   OPINIONS --appraisal.closed-->  CLOSED   the day is over and each opinion is answered; figures as of a day that is over, and the results, are in the event.
 *                                            While the package asks for no opinions: from OPEN
 *   CLOSED --appraisal.reported-->  CLOSED   to the government, the leading group and the office for performance (6.21.3-(7), (9)); once
 *
 * Three pairs: 定性 and 定量 (an indicator is one or the other), 日常 and 年终, 自我 and 督查: a score that people give has four places, and the
 * shares of the plan weigh them. Where a unit gave no score of its own, that of the inspection stands in its place. A figure is counted from the
 * journal instead, cut to hundredths of a point. An indicator without anything to count is left out for that unit, and the others weigh as much
 * more. All arithmetic is of whole numbers: grades compare fractions, and what is shown is cut, never rounded: 89.999 is 良好 and reads 89.99.
 */
#ifndef APPRAISAL_H
#define APPRAISAL_H

#include "calendar/calendar.h"
#include "journal/journal.h"
#include "policy/policy.h"

enum { APPRAISAL_CRITERIA_MAX = 40, APPRAISAL_OBJECTS_MAX = 100 };
typedef enum Place { DAILY_SELF, DAILY_INSPECTION, FINAL_SELF, FINAL_INSPECTION, APPRAISAL_PLACES } Place; /* of a score */
static inline bool place_self(Place p) { return p == DAILY_SELF || p == FINAL_SELF; }
Str place_label(Place p); /* 日常自评 */

typedef struct Criterion {
  Str code, name, dimension, dimension_name, method; /* method: qualitative, quantitative */
  Str figure;              /* counted, see figures below; empty: people give the score */
  int weight;              /* of 100 */
  bool disclosure;         /* 政务公开 */
} Criterion;
typedef struct Mark { bool given; int64_t value; Str evidence, by; int64_t at; } Mark; /* value: hundredths of a point */
typedef struct Figure { Str unit, figure; int64_t good, all, n; } Figure; /* good of all; n: how long the list behind it is */
typedef struct Result {
  Str unit, grade, grade_name, shown; /* shown: 89.99 */
  bool region;             /* regions are ranked apart from departments */
  int64_t sum, weight;     /* points = sum / weight / 10^6 */
  int rank;                /* equals share one */
} Result;
typedef struct GradeLine { Str code, name; int from; } GradeLine;
enum { APPRAISAL_OPINIONS_MAX = 1000, APPRAISAL_OPINIONS_EACH = 5 }; /* of a year; of one account */
typedef struct AppraisalOpinion {   /* 意见 about a draft result */
  int no;                  /* from 1 */
  Str kind;                /* unit 被考评单位, cadre 基层干部, public 群众和企业 */
  Str unit, about, text;   /* unit: of whoever said it; about: the unit it is about, empty: all */
  Str by, account, said_by; /* said_by: entered for this person */
  int64_t at, answered_at; /* 0: waits */
  Str result, answer, answered_by; /* adopted, explained */
} AppraisalOpinion;
Str opinion_label(Str code); /* of a kind, of a result */
typedef struct Appraisal {
  int64_t year;
  Str status;              /* draft, open, opinions, closed */
  int daily, self;         /* of 100: 日常, 自我 */
  int disclosure;          /* 政务公开 weighs at least so much */
  Criterion *criteria; size_t criterion_count;
  GradeLine *grades; size_t grade_count;        /* the highest first */
  Str *objects; size_t object_count;
  Mark *marks;             /* of each object, of each criterion, of each place: mark_of */
  Figure *figures; size_t figure_count;         /* as of closing; of the draft result while opinions are asked for */
  Result *results; size_t result_count;         /* likewise: departments by rank, then regions */
  AppraisalOpinion *opinions; size_t opinion_count, opinion_cap;
  Day until;               /* of opinions, the last day */
  Day from, to, as_of;     /* of closing, or of the draft: what happened on these days, as it was known at the end of that day */
  Str policy;              /* the package of closing */
  int64_t published_at, consulted_at, closed_at, reported_at, seq;
  Str closed_by, reported_by;
  Str *reported_to; size_t reported_count;
} Appraisal;
Str appraisal_label(Str status);
size_t appraisal_unanswered(const Appraisal *a);
/*   appraisal.consult as_of until? (at least Reform.opinion_days) · appraisal.answer-opinion no result text   supervisor
 *   appraisal.opine   text about?                 any account; kind and said_by: the supervisor, for others
 *   appraisal.draft   year indicators[]? daily? self? objects[]?   supervisor; what is not given comes from the package: its indicators, all
 *                                                                 departments, and the counties and zones
 *   appraisal.publish · appraisal.close as_of · appraisal.report   supervisor
 *   appraisal.score   side(self|inspection) phase(daily|final) evidence rows[{unit, indicator, score}]
 *                                                                 self: the head of the unit; inspection: the supervisor. score: text, "92.5" */
extern const Engine appraisal_engine_base;
void *appraisal_fold(Arena *mem, void *state, const Event *e);
Code appraisal_load(Cx *cx, Reader *rd, int64_t year, const Appraisal **out); /* NOT_FOUND */
typedef struct AppraisalRow { int64_t year; Str status; Day as_of; int64_t reported_at; } AppraisalRow;
Code appraisals_list(Cx *cx, Reader *rd, bool drafts, AppraisalRow **out, size_t *n); /* newest first */

/* ---- points (grading.c; pure) ----------------------------------------------------------------------------------- */

const Mark *mark_of(const Appraisal *a, size_t object, size_t criterion, Place p);
int appraisal_object(const Appraisal *a, Str unit);          /* −1: is not evaluated */
int appraisal_criterion(const Appraisal *a, Str code);
typedef enum Worth { WORTH_KNOWN, WORTH_NOTHING, WORTH_MISSING } Worth; /* nothing to count; a score of the inspection is missing */
/* Points of an object for one criterion, in millionths. */
Worth criterion_points(const Appraisal *a, size_t object, size_t criterion, const Figure *figures, size_t n, int64_t *out);
int64_t figure_points(const Figure *f);                      /* hundredths, cut; −1 when there is nothing to count */
const Figure *figure_of(const Figure *list, size_t n, Str unit, Str figure); /* NULL: nothing to count */
int appraisal_missing(const Appraisal *a, size_t object, Place p); /* how many scores of that place are missing */
/* False while scores of the inspection are missing. */
bool appraisal_total(const Appraisal *a, size_t object, const Figure *figures, size_t n, Result *out);
void appraisal_grade(const Appraisal *a, Result *r);         /* grade and shown, of sum and weight */
/* Of all objects that have their scores, ranked. out has room for all. */
size_t appraisal_rank(Arena *mem, const Appraisal *a, const Policy *p, const Figure *figures, size_t n, Result *out);
Str hundredths_text(Arena *mem, int64_t v);                  /* 8999: 89.99 */
bool hundredths_parse(Str s, int64_t *out);                  /* "0" to "100", at most two decimals */
/* What is wrong with a plan, as a fault. */
Code appraisal_check(Cx *cx, const Appraisal *a);

/* ---- figures (figures.c) --------------------------------------------------------------------------------------- */

/* limits, lamps, returns, orders, rules, satisfaction: what each counts is said by figure_says. */
bool figure_known(Str figure);
Str figure_name(Str figure);
Str figure_says(Str figure); /* one sentence: of what, so many which */
/* Of all units at once, of the days from..to as they were known at the end of as_of: the same whenever it is asked, once that day is over.
 * Cases go by the unit that handles the item; satisfaction by the department that leads the stage, and by the county of the project. */
typedef struct FigureAsk { const Policy *p; Day from, to, as_of; } FigureAsk;
FigureAsk figure_ask(const Policy *p, int64_t year, Day as_of); /* of a year: its days that are over */
Code figures_count(Cx *cx, Db *views, const FigureAsk *ask, Figure **out, size_t *n);
typedef struct FigureCase { int64_t project, no, value; int stage; Str item, number, name, code; Day day; bool good; int before; bool own_in_time; } FigureCase;
/* Exactly the cases behind a figure; part: all, good, bad. NOT_FOUND: no such figure. no: of an order; code: of a rule; value: of an answer; before: of an ended item the
 * working days that passed before it was dispatched 派转 to the unit; own_in_time: late, and not without them. */
Code figure_cases(Cx *cx, Db *views, const FigureAsk *ask, Str figure, Str unit, Str part, size_t skip, size_t max, FigureCase **out, size_t *n, int64_t *total);
/* Of the unit's items that ended late: how many there are, and how many of them would not be late without the days before their dispatch. It changes no figure. */
Code figure_late_before(Cx *cx, Db *views, const FigureAsk *ask, Str unit, int64_t *late, int64_t *before);

#endif
