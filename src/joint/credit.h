/* SPDX-License-Identifier: Apache-2.0 */
/*
 * credit: records of credit 信用记录, red and black lists 红黑名单 (D60-5.17; D59-2.2-p1, D64-2.2.5 want records too). Part of joint.h, which
 * includes it. One engine, stream "credit/N": a matter is a record, or an entry of a list.
 *
 *   DRAFT 待审核 / 告知中 --credit.published--> PUBLISHED 已公布 / 已列入
 *   DRAFT                 --credit.rejected-->  REJECTED  不予记录 / 不予列入
 *   PUBLISHED             --credit.repaired-->  REPAIRED  修复, with the document; at the subject's application 申请 or without one
 *   PUBLISHED             --credit.expired-->   EXPIRED   on the day after `until`, by the due queue
 *   PUBLISHED             --credit.withdrawn--> WITHDRAWN 撤销: what it rested on is no longer there
 *   DRAFT | PUBLISHED     --credit.objected-->            异议 by the subject, with a clock; while it is not answered a draft is not published
 *                                                         and a published matter says so
 *                         --credit.answered-->            dismissed 不成立: nothing changes; upheld 成立: REJECTED or WITHDRAWN
 *   PUBLISHED             --credit.repair-asked-->        信用修复申请, with a clock, not before `repair_from`
 *                         --credit.repair-refused-->      with a reason; another may follow
 *
 * A record: something that happened; drafted by a broken promise (reaction), or entered by a unit; public only after 市营商局 looked at it.
 * An entry of a list: proposed by 市营商局 on a condition 情形 that the package has written down and that holds on that day
 * (ListCondition); the subject is told first 告知 and has credit_notice_days to speak; the condition must still hold on the day of listing.
 * Nobody is ever listed by the program.
 *
 * Subjects 信用主体 are enterprises (by USCC) or persons 从业人员 (by the number of their registration 执业注册号, the name in the vault). The two
 * are apart: a matter of a person says nothing of an enterprise, and the other way round.
 *
 * What follows (D60-5.17.1), all of it settings: while a record of a broken promise is DRAFT or PUBLISHED the enterprise makes no further
 * promise (国办发〔2020〕42号); on the black list neither promise nor 容缺 (Policy.credit_bars); another class in the draws of spot checks
 * (credit_black, credit_red); a warning for the window. No application is refused because of it, by nobody: acceptance knows nothing of credit.
 */
#ifndef CREDIT_H
#define CREDIT_H

#include "base/base.h"
#include "journal/journal.h"
#include "org/org.h"

typedef struct CreditFile { Str blob, name; int64_t size; } CreditFile;
/* An objection, or an application for repair. due 0: the package gives no period. */
typedef struct CreditPlea {
  bool repair;
  Str text, by;          /* by: who said it, also when the office entered it from paper */
  CreditFile *files; size_t file_count;
  Day due;
  int64_t at, answered_at; /* answered_at 0: waits */
  Str result, answer, answered_by; /* upheld, dismissed; of a repair done, refused */
} CreditPlea;
enum { CREDIT_PLEAS_MAX = 20 };
/* A step that its subject is told of in a letter. */
typedef struct CreditStep {
  int64_t seq, at, plea_at; /* plea_at: when that was said what it answers */
  Str kind, text, result;   /* kind of the event; reason, opinion or document; of an answer upheld, dismissed */
  bool was_published;
} CreditStep;

typedef struct Credit {
  int64_t no;
  Str number;            /* XY-2026-0001 record, HEI-2026-0002 black list, HONG-2026-0003 red list: one count */
  Str kind;              /* record, black, red */
  Str subject_kind;      /* enterprise, person */
  Str subject, uscc;     /* of an enterprise; both empty for a person */
  Str person, registration, employer, account; /* of a person: reference of the name, 注册号, where employed (USCC); account of either, may be empty */
  Str fact, evidence, basis, decision; /* what happened, where it is written, the rule, the number of the decision */
  Str condition, condition_name; /* of a list */
  Str source;            /* unit that entered it; empty: the system */
  Str drafter, drafter_name; /* the account that entered it: it neither publishes it nor answers its objections; empty: the system */
  int64_t project, promise;
  Str status, reason, by; /* of the last step */
  int months, repair_months; /* pinned when drafted: how long it is public, and when it may be repaired */
  Day notice_due;        /* of a list: the subject may speak up to this day */
  Day until, repair_from; /* once published; until 0: does not expire */
  CreditPlea *pleas; size_t plea_count, plea_cap;
  CreditStep *steps; size_t step_count, step_cap; /* those with a letter */
  int64_t at, drafted_at, published_at, ended_at, seq;
} Credit;
/*  any unit's approver or head, supervisors:
 *   credit.record   subject_kind subject uscc | person registration employer? account?  fact evidence basis decision project?
 *    The name must be the one that the enterprise has here, when an account acts for it.
 *  supervisors (publish, answer: another one than who entered it):
 *   credit.propose  list(black|red) condition, and the same
 *   credit.publish  text · credit.reject reason · credit.withdraw reason · credit.repair document
 *   credit.answer   result(upheld|dismissed) text · credit.refuse-repair reason
 *  the subject (an account of the enterprise; the account that is named), or a supervisor for one who came on paper (said_by):
 *   credit.object   text files? said_by? · credit.ask-repair text files? said_by?
 *  system: credit.draft subject uscc fact evidence basis decision project promise · credit.expire */
extern const Engine credit_engine_base;
void *credit_fold(Arena *mem, void *state, const Event *e);
/* What waits for an answer; NULL: nothing. */
const CreditPlea *credit_open_plea(const Credit *c, bool repair);
bool credit_may_review(const Credit *c, Str account); /* not who entered it */
bool credit_is_subject(const Credit *c, Str account, Str uscc);
Str credit_kind_label(Str kind); /* 信用记录, 黑名单, 红名单 */
Str credit_label(Str status, Str kind);

/* The letter 告知书、决定书 of a step: fact, evidence, basis, number of the decision, what can be done against it, where, and until when. Of the matter, the step and the
 * package alone; addresses and the bodies for 复议、诉讼 are those of `p`. Texts live in mem or are borrowed from the matter and the package. */
typedef struct CreditLine { Str label, text; } CreditLine;
typedef struct CreditLetter {
  Str title, number;       /* 列入黑名单告知书, HEI-2019-0001-1: number of the matter, of the event in it */
  Str paragraphs[4]; size_t paragraph_count;
  CreditLine rows[6]; size_t row_count;
  Str closing[6]; size_t closing_count;
  Str issuer;
  bool sample;             /* the bodies are 示例 */
  Day day;
} CreditLetter;
bool credit_is_letter(Str event);
Str credit_letter_title(Arena *mem, const Credit *c, const CreditStep *s);
void credit_letter(Arena *mem, const Policy *p, const Credit *c, const CreditStep *s, CreditLetter *out);

typedef struct CreditRow {
  int64_t no, at, published_at, project, promise;
  Str number, kind, subject_kind, subject, uscc, person, registration, fact, basis, decision, condition_name, status;
  Day until;
  bool objected, repair; /* an objection, an application for repair waits */
} CreditRow;
/* Empty: all. uscc, account: of this enterprise, or of whoever has this account; source: entered by this unit; waiting: an objection or
 * application is not answered. */
typedef struct CreditFilter { Str status, uscc, kind, subject_kind, account, source; bool waiting; size_t offset, limit; } CreditFilter;
Code credits_list(Cx *cx, Reader *rd, const CreditFilter *f, CreditRow **out, size_t *n, int64_t *total); /* newest first */
Code credit_load(Cx *cx, Reader *rd, int64_t no, const Credit **out);

/* How an enterprise stands, for a warning. */
typedef struct CreditStanding { int64_t black, red, records; Str black_number, condition; } CreditStanding; /* of the newest black entry */
Code credit_standing(Cx *cx, Db *views, Str uscc, CreditStanding *out);

/* What was published, and each change since, by time: what the files for other sites are made of (docs/credit.md). */
typedef struct CreditChange {
  int64_t no, seq, at;
  Str change;            /* published objected dismissed repaired expired withdrawn */
  Str text;              /* the document or reason of the change */
  CreditRow row;         /* of the matter, as it stands now */
} CreditChange;
Str credit_change_label(Str change, Str kind); /* 公布, 列入, 异议处理中 … */
typedef Code CreditSeen(Cx *cx, void *arg, const CreditChange *c);
Code credit_changes(Cx *cx, Reader *rd, Day since, CreditSeen *seen, void *arg); /* c lives only during the call */

#endif
