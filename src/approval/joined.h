/* SPDX-License-Identifier: Apache-2.0 */
/*
 * joined: what a case knows of what is done beside it by the engines of room joint, which send it by reactions.
 *   project.note-review  review number status     by review.* : how the joint review of its drawings 联合审图 stands
 *   project.note-promise promise number kind stage? item? status   by promise.* : a promise 告知承诺 of its owner
 *   project.note-blueprint check number conflicts blocks warnings reason? article? way?   by mapcheck.made: the check against the one blueprint 蓝图检查; with
 *                        blocks the first stage is not accepted until a newer check has none (D60-4.12-p1, D13-2.1.1, 2.3.1, 2.4.2)
 *   item.revoke          stage item promise decision reason         by promise.broken: what was decided on it is revoked 撤销
 *   project.hold         entry number ledger name text clause items[] · project.free entry   by entry.held, entry.released of room ledger: its acceptance
 *                        waits for a row of a ledger (D59-2.2-p1): these items cannot pass, no certificate of their stage is issued
 *   project.halt         promise reason · project.resume promise    by promise.halted, promise.resumed: the work is stopped 叫停
 * Both of a finished project too: an acceptance does not end them.
 *
 * What follows for the items that the package marks with `drawings` (D60-2.4.3-(1)-p1, 2.8.1):
 *   "permit"  passes only when the review has passed, or the owner signed the letter of promise 施工图设计文件承诺书
 *   "review"  the same; and then it is neither refused nor returned: no department reviews technically a second time
 * With a promise of 建筑师负责制 the review comes after the permit, which then need not wait. A pass that rests on a signed promise names
 * it (item.decided "promise"), and the promise is accepted in the same transaction. While the work is stopped the permit shows
 * 停工; and before the review that was promised has passed stage 4 can neither be submitted nor accepted.
 * A case without a joint review goes on as before: its drawings were reviewed elsewhere, and the approver's signature
 * under the item says so.
 */
#ifndef JOINED_H
#define JOINED_H

#include "approval/approval.h"

typedef struct ReviewNote {
  int64_t no;             /* of the newest review; 0: none */
  Str number, status;     /* SG-2026-0001; as in room joint: reviewing change passed failed closed */
  int64_t promised_at;    /* ms; 0: no letter of promise */
  int64_t at;             /* of the last note */
} ReviewNote;

typedef struct PromiseNote {
  int64_t no;
  Str number, kind, status; /* as in room joint: item drawing architect; signed accepted closed kept broken */
  int stage;              /* of an item */
  Str item;
} PromiseNote;

typedef struct HaltNote { int64_t since, until; Str reason; } HaltNote; /* until 0: the work is stopped */

typedef struct Revoked { int stage; Str item, name, decision, reason, article; int64_t at; } Revoked;

typedef struct BlueprintNote { /* the newest check 蓝图检查 */
  int64_t no, conflicts, blocks, warnings, at;
  Str number;             /* LT-2026-0001 */
  Str reason, article, way; /* of the first that blocks; empty: none does */
} BlueprintNote;
typedef struct HoldNote {  /* the row of a ledger that the acceptance waits for, S34 */
  int64_t entry, since, until; /* until 0: it waits */
  Str number, ledger, name, text, clause;
  Str *items; size_t item_count; /* of the case */
} HoldNote;

typedef struct Joined {
  HoldNote *holds; size_t hold_count, hold_cap;
  ReviewNote *review;     /* the newest; NULL: none */
  BlueprintNote *blueprint; /* NULL: never checked */
  PromiseNote *promises; size_t promise_count, promise_cap;
  HaltNote *halts; size_t halt_count, halt_cap;
  Revoked *revoked; size_t revoked_count, revoked_cap;
} Joined;

bool project_halted(const Project *pr);
const HoldNote *project_hold(const Project *pr, Str item); /* that stops this item (empty: any) now; NULL: none */
bool project_acceptance_waits(const Project *pr); /* for stage 4: stopped, or the review that was promised has not passed */
/* The revocation of an item, or (item empty) the first one of a stage, while it has not been applied for again; NULL: none. */
const Revoked *project_revoked(const Project *pr, int stage, Str item);
/* The signed promise on which a pass of this item would rest; NULL: none. */
const PromiseNote *project_promise(const Policy *p, const Project *pr, int stage, Str item);
const BlueprintNote *project_blueprint(const Project *pr); /* NULL: never checked */
const ReviewNote *project_review(const Project *pr); /* NULL: none */
/* May what waits for the drawings go on? */
bool project_drawings_ready(const Project *pr);

#endif
