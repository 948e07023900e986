/* SPDX-License-Identifier: Apache-2.0 */
/*
 * evaluation: the reform's own books: the register of supporting rules 配套制度台账 (D60-4.15-p6; S26), problems reported upward and their answers
 * 沟通反馈 (D60-6.20-p1; S24), and the evaluation of departments and regions 考核评价 (appraisal.h). Stands beside approval; supervision makes an order of
 * what nobody answers in time (it knows the event `feedback.overdue` by name). env = const Policy *, as for the engine of accounts.
 */
#ifndef EVALUATION_H
#define EVALUATION_H

#include "evaluation/appraisal.h"
#include "journal/journal.h"
#include "org/kit.h"
#include "org/org.h"

/* ---- supporting rules 配套制度 ------------------------------------------------------------------------------ */

/* Duties are data: the dated goals of the package (milestones) and the rules wanted without a day (reform.rules). Others may be added.
 * Stream "rule/CODE"; CODE of the package, or x1, x2 … of an added one.
 *   rule.add     name leads[] due? basis                  supervisor
 *   rule.issue   code title number day files[1]           head of a lead department, supervisor. Again: a new edition
 *   rule.repeal  reason                                   the same */
extern const Engine rule_engine_base;
typedef struct RuleEdition { Str title, number, blob, file, by, unit; int64_t size, at; Day day; } RuleEdition; /* 《…》, 文号, 印发日期 */
typedef struct RuleFile {      /* folded: only what events say; rule_view adds the package */
  Str code, name, basis;
  bool added;
  Str *leads; size_t lead_count;
  Day due;
  RuleEdition *editions; size_t edition_count, edition_cap;
  int64_t repealed_at; Str reason;
} RuleFile;
void *rule_fold(Arena *mem, void *state, const Event *e);
/* NULL in *out: nothing has been entered about this duty yet. */
Code rule_load(Cx *cx, Reader *rd, Str code, const RuleFile **out);

typedef struct RuleRow {
  Str code, name, basis;   /* basis: of an added one */
  Source source;
  const Str *leads; size_t lead_count; /* none: the document names nobody */
  Day due;                 /* n = 0: the document gives no day */
  Str status;              /* issued 已出台, repealed 已废止, late 逾期未出台, open 未出台 */
  bool before_issue;       /* 发布时已逾期: the day lies before that of the document itself */
  Str title, number, blob, file; Day day; int edition;
  int64_t added_at, issued_at; /* entered: of an added one; its first edition. 0: not */
  int late;                /* calendar days after the due day: of the day of issue, or of today; 0: in time */
} RuleRow;
Str rule_label(Str status);
/* In the order of the package, then the added ones. unit: only what it leads; status, due (a day as text): only those. Empty: all. */
typedef struct RuleFilter { Str unit, status, due; } RuleFilter;
Code rules_list(Cx *cx, Db *views, const Policy *p, const RuleFilter *f, Day today, RuleRow **out, size_t *n);
/* How many each department leads and still owes, most owed first; unit empty: those of nobody. */
typedef struct RuleDebt { Str unit; int64_t all, missing; } RuleDebt;
Code rules_debts(Cx *cx, Reader *rd, const Policy *p, Day today, RuleDebt **out, size_t *n);

/* ---- problems and answers 沟通反馈 -------------------------------------------------------------------------- */

/* Stream "feedback/N", number GTFK-2026-0001.
 *   OPEN     --feedback.passed-->    OPEN      to another department; the day stays
 *   OPEN     --feedback.overdue-->   OPEN      the day is over; once for each day of answer, and supervision makes an order
 *   OPEN     --feedback.answered-->  ANSWERED
 *   ANSWERED --feedback.reopened-->  OPEN      by the unit that reported: not solved, with a reason; a new day
 *   ANSWERED --feedback.solved-->    SOLVED    by the unit that reported
 *   SOLVED   --feedback.published--> SOLVED    question and answer for everybody 常见问题, in words of their own; again: put right
 *   OPEN     --feedback.withdrawn--> WITHDRAWN by the unit that reported */
extern const Engine feedback_engine_base;
typedef struct FeedbackStep { int64_t at; Str kind, by, unit, text; } FeedbackStep;
typedef struct Feedback {
  int64_t no;
  Str number, unit, owner; /* who reported; who has to answer */
  Str subject, text, status, answer, question, public_answer;
  Day due;
  int days;                /* pinned */
  bool overdue;
  FeedbackStep *steps; size_t step_count, step_cap;
  int64_t seq;
} Feedback;
/*   feedback.report subject text      staff of another unit than the one that answers
 *   feedback.pass unit reason · feedback.answer answer · feedback.publish question answer     the unit that answers
 *   feedback.reopen reason · feedback.solve · feedback.withdraw                                the unit that reported
 *   feedback.lapse due  (due queue) */
void *feedback_fold(Arena *mem, void *state, const Event *e);
Str feedback_label(Str status);
Code feedback_load(Cx *cx, Reader *rd, int64_t no, const Feedback **out);
typedef struct FeedbackRow { int64_t no, at; Str number, unit, owner, subject, status; Day due; bool overdue, published; } FeedbackRow;
/* unit: reported by it or to be answered by it; empty: all. Open ones first, the earliest day first. */
typedef struct FeedbackFilter { Str unit, status; size_t offset, limit; } FeedbackFilter;
Code feedbacks_list(Cx *cx, Reader *rd, const FeedbackFilter *f, FeedbackRow **out, size_t *n, int64_t *total);
typedef struct Answered { int64_t no; Str question, answer, owner; Day day; } Answered;
Code answers_list(Cx *cx, Reader *rd, size_t max, Answered **out, size_t *n); /* newest first */

enum { EVALUATION_ENGINES = 3 };
extern const Engine *const evaluation_engines[EVALUATION_ENGINES];

#endif
