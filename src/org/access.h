/* SPDX-License-Identifier: Apache-2.0 */
/*
 * access: accounts and roles asked for and consented to 审批授权 (GB/T 22239-2019 8.1.5: 三员分立). An engine of its own with the streams
 * "access/N". 系统管理员 asks for a new account, or for other roles or another unit of one that there is; nothing of it holds until 安全管理员
 * approves. Then the engine of accounts follows in the same transaction: user.admit or user.assign as the system (org.h), and what that
 * refuses is not approved. Nobody approves what he asked for, or what concerns his own account.
 *
 *   access.create    id name roles unit org_name org_uscc reason    by 系统管理员
 *   access.change    id roles unit reason                           by 系统管理员; roles and unit are what holds afterwards, whole
 *   access.approve                                                  by 安全管理员
 *   access.refuse    reason                                         by 安全管理员
 *   access.withdraw                                                 by who asked
 *
 * CONFLICT: there is such an account already; another request about it waits; this one is over; the account has changed since it was
 * asked for (what was looked at is what comes into force). DENIED: one's own. INVALID as user.create says, at the field.
 *
 * Events: access.asked {no, fresh, account, name, roles, unit, org_name, org_uscc, was_roles, was_unit, reason}, access.approved {no, fresh,
 * account, name, roles, unit, org_name, org_uscc, by}, access.refused {no, account, reason}, access.withdrawn {no, account}.
 * Projection: table access_ask, a row for each request.
 */
#ifndef ACCESS_H
#define ACCESS_H

#include "org/org.h"

extern const Engine access_engine_base; /* env = const Policy *, as for the engine of accounts */

typedef enum AccessStatus { ACCESS_UNSET, ACCESS_WAITING, ACCESS_APPROVED, ACCESS_REFUSED, ACCESS_WITHDRAWN } AccessStatus;
Str access_label(AccessStatus s); /* 等待审批 */

typedef struct Access {       /* folded state of "access/N", and a row of the list */
  int64_t no, at, ended;      /* ms; ended: 0 while it waits */
  bool fresh;                 /* a new account */
  AccessStatus status;
  uint32_t roles, was_roles;  /* was: when it was asked for */
  Str account, name, unit, was_unit, org_name, org_uscc, reason;
  Str by, by_name, end_by, end_name, end_reason;
} Access;

typedef struct AccessFilter { bool waiting, over; Str by; size_t offset, limit; } AccessFilter; /* by: who asked; empty: all */
Code access_list(Cx *cx, Db *views, const AccessFilter *f, Access **out, size_t *n, int64_t *total); /* waiting: oldest first; else newest first */

/* What a role may do, in one sentence for whoever consents. */
Str role_allows(Role one);

#endif
