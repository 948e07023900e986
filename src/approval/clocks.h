/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clocks: every running clock of the cases, from the views alone: of items, of stages, of an answer to an application
 * (five days, then the law accepts) and of the delivery 送达 of a certificate. For the board of lamps and the daily
 * look for what has turned red.
 */
#ifndef CLOCKS_H
#define CLOCKS_H

#include "approval/approval.h"
#include "org/kit.h"

typedef struct ClockAsk {
  const Policies *ps;
  const Policy *p;       /* in force, with the calendar in force: lamps are its */
  Day today;
  bool red;              /* only what is late; answers never are, the law accepts in their place */
  int64_t project;       /* of one project; 0: all */
} ClockAsk;
/* In no order. */
Code clocks_running(Cx *cx, Db *views, const ClockAsk *ask, RunningSeen *seen, void *arg);
/* The package in force on the day, under the calendar in force. */
Code clocks_policy(Cx *cx, Db *views, const Policies *ps, Day day, const Policy **out);

#endif
