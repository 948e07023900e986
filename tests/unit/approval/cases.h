/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cases: projects with a history, from a seed, for "what if": each as the events that the engine would have written, then
 * folded by the engine. The same number gives the same history whatever the limits in it, so that a project can be
 * had as it is and as it would be under a draft.
 */
#ifndef CASES_H
#define CASES_H
#include "approval/approval.h"

typedef struct Cases {
  const Policy *p;      /* items, units and habits are drawn from this package */
  uint64_t seed;
  Day first, today;     /* registered from `first` on; nothing happens after today */
  Day notice;           /* what happens from here on stands under version 1 of the calendar; 0: all under the package's */
} Cases;
/* Project `no`, with the limits of `limits` written into its acceptances and all else as in c->p. `mem` holds it. */
const Project *cases_project(Arena *mem, const Cases *c, int64_t no, const Policy *limits);

#endif
