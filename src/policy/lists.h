/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lists: what a package says of credit 信用 and of its red and black lists 红黑名单 (credit.yaml; joint/credit.h). The documents give no
 * number and no condition: all of it is 示例. In Policy, 0 or empty when the package does not say:
 *   credit_notice_days     working days between the notice 告知 and the listing; 0: nobody is listed
 *   credit_objection_days  working days for the answer to an objection 异议
 *   credit_repair_days     working days for the decision on an application for repair 信用修复
 *   credit_months          a published record expires after so many months; 0: never
 *   credit_repair_months   no application for repair sooner
 *   credit_bars            what a black-listed enterprise may not do: promise, lacking 容缺
 *   credit_black, credit_red  the class of a listed enterprise in the draws of spot checks; empty: its own
 *   credit_targets         the sites for which files are made (D60-5.17.1)
 */
#ifndef POLICY_LISTS_H
#define POLICY_LISTS_H

#include "policy/policy.h"

typedef struct ListCondition { /* when an enterprise or a person is listed 列入红黑名单的情形; without one nobody is */
  Str code, list, subject; /* list: black, red; subject: enterprise, person, any */
  Str name;               /* the condition as it is written in the notice */
  Str from, until;        /* 2019-06-28: first and last day on which one may be listed by it; until empty: open */
  int months;             /* how long an entry lasts; 0: until it is taken out */
  Source source;
} ListCondition;

const ListCondition *policy_condition(const Policy *p, Str code); /* NULL when unknown */
bool policy_condition_on(const ListCondition *c, Day day); /* may one be listed by it on that day? */
bool policy_bars(const Policy *p, Str what);               /* is "promise", "lacking" barred for a black-listed enterprise? */

#endif
