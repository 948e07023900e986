/* SPDX-License-Identifier: Apache-2.0 */
/* notices: the rules of who is told what 通知规则 (notices.yaml): looking them up, and filling in their texts. */
#ifndef POLICY_NOTICES_H
#define POLICY_NOTICES_H

#include "policy/policy.h"

typedef struct NoticeRule { /* who is told what 通知规则 */
  Str code, event;        /* "accepted", stage.accepted; item.due-soon and item.overdue are found once a day */
  const Str *to;          /* applicant 申请人和代办员, window 窗口人员, window_head, unit 承办单位的审批人员, unit_head, handler 承办人, surveyor 测绘机构, supervisor 监督人员, recipient 督办单的收件人, reviewer whose review 审查 is next, editor 公开编辑 of the unit, secrecy 保密行政管理部门 */
  size_t to_count;
  const Str *by;          /* mail, sms: besides the message in the product */
  size_t by_count;
  Str title, text;        /* text with {number} {stage} … */
  Source source;
} NoticeRule;

const NoticeRule *policy_notice(const Policy *p, Str code);

/* Rules 通知规则: may this event be told to these people (`to` empty: to anybody)? */
bool notice_may(Str event, Str to);
#define NOTICE_DUE_SOON "item.due-soon"
#define NOTICE_OVERDUE "item.overdue"
#define NOTICE_PAUSE_OVER "item.pause-over" /* the planned end of a pause has passed */
Str notice_hole_wrong(Str text); /* the first {hole} that nobody fills; empty when all are known */
/* A rule's text with its holes filled from an object of texts and numbers; what is not there leaves nothing. */
Str notice_fill(Arena *mem, Str text, const Json *values);

#endif
