/* SPDX-License-Identifier: Apache-2.0 */
/*
 * joined: what a case knows of what is done beside it by the engines of room joint, which send it by reactions.
 *   project.note-review  review number status     by review.* : how the joint review of its drawings 联合审图 stands
 * Both of a finished project too: an acceptance does not end them.
 *
 * What follows for the items that the package marks with `drawings` (D60-2.4.3-(1)-p1, 2.8.1):
 *   "permit"  passes only when the review has passed, or the owner signed the letter of promise 施工图设计文件承诺书
 *   "review"  the same; and then it is neither refused nor returned: no department reviews technically a second time
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

const ReviewNote *project_review(const Project *pr); /* NULL: none */
/* May what waits for the drawings go on? */
bool project_drawings_ready(const Project *pr);

#endif
