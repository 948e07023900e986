/* SPDX-License-Identifier: Apache-2.0 */
/*
 * upkeep 系统自查: does this installation stand as it should? Each finding says what was seen, why it matters and what to do. The command
 * (yichuang doctor) and the administrator's page ask the same questions here. It reads, and changes nothing.
 */
#ifndef UPKEEP_H
#define UPKEEP_H

#include "base/base.h"
#include "calendar/calendar.h"
#include "exchange/exchange.h"
#include "journal/journal.h"
#include "policy/policy.h"

typedef enum RemarkLevel {
  REMARK_GOOD, /* as it should be */
  REMARK_SKIP, /* could not be looked at here, or does not concern this installation: counts as good */
  REMARK_LOOK, /* 值得看: sooner or later it costs something */
  REMARK_BAD,  /* 要处理: now */
  REMARK__MAX
} RemarkLevel;
Str remark_label(RemarkLevel l); /* 正常 */
Str remark_code(RemarkLevel l);  /* good skip look bad: stable, for JSON */

typedef struct Remark {
  const char *id;  /* "disk-space": stable, for JSON and docs/operate.md */
  RemarkLevel level;
  Str what, why, next; /* why and next empty when it is good */
} Remark;

typedef struct Checkup {   /* what is looked at; empty texts: not set up here */
  Str store;               /* as store_address gives it */
  Reader *rd;              /* of the store, of the thread that asks; NULL: it could not be opened, and unopened says why */
  Str unopened;
  bool readonly;           /* the running server has stopped writing */
  const Policy *policy;    /* in force today; its calendar is the one in force */
  Str policy_dir, config, key, seal_key, keep, backups, smtp_password, metrics_token, log, listen, site, proxy;
  bool files;              /* compare each file of the newest backup with its manifest: takes as long as reading them */
  bool sends, behind_tls, open, demo; /* sends: mail or short messages */
  const char *demo_password;
  const Receivers *receivers; Str receivers_fault; /* of --exchange; the fault: the file cannot be used */
  int64_t now;             /* the real clock, ms */
} Checkup;

enum { REMARKS_MAX = 64 };
typedef struct Remarks {
  Arena *mem;              /* of all texts */
  Remark list[REMARKS_MAX];
  size_t count;
} Remarks;
/* All questions, worst first. Takes some 100 ms: the last 1000 events are hashed again, the newest backup is compared with its manifest
 * (as long as its files take to read). A question that cannot be asked is a finding, not a fault. */
void checkup_run(const Checkup *c, Arena *mem, Remarks *out);
RemarkLevel remarks_worst(const Remarks *f);

#endif
