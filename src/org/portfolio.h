/* SPDX-License-Identifier: Apache-2.0 */
/*
 * portfolio: which leader of the city is in charge of what 领导分工, answered for a day (D63; S35). The package has the
 * document it was made with (leaders.yaml, from leaders_from on); changes since are events of the one stream
 * "portfolio/main". Of the two the later one that has begun holds, for each unit and relation by itself.
 *
 *   portfolio.change  from(day) document rows[{unit, relation, leader}]   system administrator, as for accounts
 *                     leader empty: nobody from that day on. The same unit and relation twice in one change: two leaders.
 *
 * Relations: charge 分管, assist 协助分管, liaison 联系, run 负责. A leader is named as the document names him; an account
 * with ROLE_LEADER is his when it has that name.
 */
#ifndef PORTFOLIO_H
#define PORTFOLIO_H

#include "journal/journal.h"
#include "policy/policy.h"

extern const Engine portfolio_engine_base; /* env = const Policy *, as for the engine of accounts */
#define PORTFOLIO_STREAM S("portfolio/main")

typedef struct Duty {
  Str leader;            /* 朱云 */
  Str relation;          /* "charge" */
  Str unit;              /* code; empty when the package has no such unit */
  Str written;           /* 营商环境建设局（行政审批局）, as the document writes it */
  Day from;
  Str document;          /* what it follows from: a clause of the package, or the document of a change */
  bool clause;           /* document is the id of a clause */
} Duty;
Str relation_label(Str relation); /* 分管 */
/* Who has anything to do with a unit on that day, 分管 first. *n = 0: not recorded 未收录. */
Code portfolio_of(Cx *cx, Db *views, const Policy *p, Str unit, Day on, Duty **out, size_t *n);
/* All of that day: leaders in the order of the package, then others. */
Code portfolio_all(Cx *cx, Db *views, const Policy *p, Day on, Duty **out, size_t *n);
/* The changes entered, newest day first, at most 200. leader empty: nobody. */
Code portfolio_changes(Cx *cx, Db *views, Duty **out, size_t *n);

#endif
