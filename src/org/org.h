/* SPDX-License-Identifier: Apache-2.0 */
/*
 * org: people, accounts and what they may do 人员与权限. Units and posts are policy data; an account is a stream
 * "user/NAME" with events user.created, user.changed, user.contact-set, user.password-set, user.disabled, user.enabled,
 * user.token-issued, user.token-revoked. Password hashes (Argon2id), telephone numbers and e-mail addresses lie in the
 * vault.
 */
#ifndef ORG_H
#define ORG_H

#include "base/base.h"
#include "journal/journal.h"
#include "policy/policy.h"

/* Roles 角色. One bit each; an account may hold several, but not two of the three administrators (三员分立). */
#define ROLE_LIST(X)                                     \
  X(ROLE_APPLICANT, 0, "applicant", "申请人")            \
  X(ROLE_AGENT, 1, "agent", "代办员")                    \
  X(ROLE_CLERK, 2, "clerk", "窗口人员")                  \
  X(ROLE_WINDOW_HEAD, 3, "window_head", "窗口负责人")    \
  X(ROLE_APPROVER, 4, "approver", "审批人员")            \
  X(ROLE_UNIT_HEAD, 5, "unit_head", "部门负责人")        \
  X(ROLE_STAGE_LEAD, 6, "stage_lead", "阶段牵头")        \
  X(ROLE_SUPERVISOR, 7, "supervisor", "监督人员")        \
  X(ROLE_LEADER, 8, "leader", "市领导")                  \
  X(ROLE_EDITOR, 9, "editor", "公开编辑")                \
  X(ROLE_SYSADMIN, 10, "sysadmin", "系统管理员")         \
  X(ROLE_SECADMIN, 11, "secadmin", "安全管理员")         \
  X(ROLE_AUDITOR, 12, "auditor", "审计管理员")           \
  X(ROLE_INTEGRATOR, 13, "integrator", "对接方")         \
  X(ROLE_SYSTEM, 14, "system", "系统")                   \
  X(ROLE_PUBLIC, 15, "public", "公众")
typedef enum Role {
  ROLE_UNSET = 0,
#define X(name, bit, text, label) name = 1 << bit,
  ROLE_LIST(X)
#undef X
} Role;
#define ROLE_STAFF                                                                      \
  (ROLE_CLERK | ROLE_WINDOW_HEAD | ROLE_APPROVER | ROLE_UNIT_HEAD | ROLE_STAGE_LEAD | ROLE_SUPERVISOR)
#define ROLE_ANY_ACCOUNT (ROLE_SYSTEM - 1)

Str role_text(Role one);   /* "clerk" */
Str role_label(Role one);  /* 窗口人员 */
uint32_t role_parse(Str text); /* one role, 0 when unknown */
/* "clerk,window_head" ↔ bits; unknown names fail. */
Code roles_parse(Cx *cx, Str list, uint32_t *out);
Str roles_text(Arena *mem, uint32_t roles);
Str role_labels(Arena *mem, uint32_t roles); /* 窗口人员、窗口负责人 */

typedef struct Seat {     /* a seat in the window; staff.h */
  Str post, unit, fit;    /* post: code of the package, empty when the person has none */
  int over;               /* 超编: so many more than there are seats when the person came */
  int64_t since, left_at; Str left_reason;
} Seat;
enum { GRANTS_MAX = 2000 };

typedef struct User {     /* folded state of "user/NAME" */
  Str id, name, unit;     /* account, 姓名, unit code (empty for applicants) */
  Str org_name, org_uscc; /* applicants: the enterprise they act for */
  uint32_t roles;
  bool disabled;
  Str password_ref, phone_ref, email_ref; /* vault */
  bool no_mail, no_sms;   /* does not want messages that way 退订; those in the product remain */
  int64_t password_at;    /* ms; 0: none yet, nobody gets in */
  bool initial;           /* 初始口令: given by 系统管理员, to be changed before anything else */
  Str token_refs[8];      /* API tokens: SHA-256 in hex, with names beside */
  Str token_names[8];
  size_t token_count;
  int64_t created;
  Str off_by, off_reason; int64_t off_at; /* who disabled it 停用, why (empty when not said), when; while it is */
  Seat seat;
  struct Grant *grants; size_t grant_count, grant_cap; /* authorisations 授权, in the order in which they came; staff.h */
} User;

/* Commands: user.create (the command line only: ROLE_SYSTEM), user.change, user.set-password, user.disable, user.enable,
 * user.issue-token, user.revoke-token. Allowed to ROLE_SYSADMIN and ROLE_SYSTEM; set-password also to the account itself, and
 * applicants may create their own account with ROLE_PUBLIC (user.register). What somebody may do (roles, unit, enterprise) is not
 * 系统管理员's to give: user.admit and user.assign follow the consent of 安全管理员 (access.h). A password that 系统管理员 sets is
 * the first one 初始口令; he sets none, and issues no token, of the three administrators: that is done on the machine.
 * user.disable reason?: pages ask for one, the command line need not. user.second, user.unseat, user.authorise, user.revoke-authority: staff.h.
 * user.set-contact email_ref? phone_ref? mail sms: by the account itself, whole: what is not named any more is erased from
 * the vault; a reference that stands already is kept by naming it again.
 * Projection: table account(id, name, unit, roles, org_name, org_uscc, disabled, mail, sms) and token(hash, user); mail and
 * sms: can this person be told something that way, and wants it? */
extern const Engine org_engine_base; /* copy, set env = const Policy *, pass to the runner */

/* Passwords: 10..128 characters, at least three of lower, upper, digit, other; not the account name. */
Code password_check(Cx *cx, Str account, Str password);
/* Argon2id, 19 MiB, t = 2, p = 1: about 30 ms and therefore run on a worker thread, never on a loop. */
Str password_hash(Arena *mem, Str password);
bool password_verify(Str hash, Str password);
/* A hash to verify against when the account does not exist, so that both cases take the same time. */
Str password_dummy_hash(void);

/* NOT_FOUND, DENIED when disabled. */
Code user_load(Cx *cx, Reader *rd, Str id, const User **out);
Code user_by_token(Cx *cx, Reader *rd, Str token, const User **out); /* API bearer token */
Actor user_actor(const User *u);

/* Login throttling, in memory: per account and per address, 5 failures → 15 min (half of them decays).
 * THROTTLED says how long to wait. Thread-safe. */
typedef struct Throttle Throttle;
Throttle *throttle_open(size_t slots);
void throttle_close(Throttle *t);
Code throttle_check(Cx *cx, Throttle *t, Str account, Str address);
/* Seconds until throttle_check would pass; 0 when it does now. */
int throttle_wait(Throttle *t, Str account, Str address, int64_t now);
void throttle_failed(Throttle *t, Str account, Str address, int64_t now);
void throttle_passed(Throttle *t, Str account, Str address);

#endif
