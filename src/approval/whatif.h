/* SPDX-License-Identifier: Apache-2.0 */
/*
 * whatif: what would a draft package have done to the cases of this store? 政策模拟. Pure: records are taken from folded
 * projects, then evaluated under the package in force and under a draft, as often as wanted.
 *
 * What is held fixed (history):
 *  - the day on which each stage was accepted and finished, each item's start, end and pauses, granted extensions;
 *    so the net working days that each item and each stage really used;
 *  - the working days between the last item and the certificate, and the calendar: a clock that has
 *    ended keeps the version it ended under, a running one has that of the package in force;
 *  - what the draft does not change against the package in force: a case accepted under an older version keeps its
 *    own items, and whether they ran beside the stage. Its limits are those of the two packages compared.
 * What is counted anew, once under each package:
 *  - limits of stages and items, thresholds of the lamps, whether a stage exists at all (0 days);
 *  - which items the stage needs, where the draft adds or drops an item, or changes its condition, categories or
 *    stage. A fact that the case does not give changes nothing. An item that is needed anew has no history: it is
 *    taken to begin with the stage and to use its whole limit; such cases are counted (`assumed`);
 *  - which items run the stage's clock, where the draft moves one beside it (并行推进) or back;
 *  - the order inside a stage, where `after` names an item of the same stage (串联).
 * The length of a stage under the draft:
 *  - nothing of its items or order changes: the engine's own clock, pauses united as they were. Equal to
 *    project_stage_reading with the draft's limit, and tested so;
 *  - otherwise, for a finished stage: its working days, minus the longest chain of its items' net days in the order of
 *    the package in force, plus the longest chain in the draft's order. In series the chain is the sum. As each item's
 *    clock begins with the stage, its net days are all days from acceptance to its decision: the sum is what happens
 *    when nobody begins before the item ahead is done and nobody works faster for it: an upper bound. Late is then
 *    by count (used > limit); the rest days behind a due day are not looked at;
 *  - a running stage: days that have passed have passed. Its clock today is that of the draft's items; the order
 *    shows in `path`, the days of the longest chain if each open item uses its whole limit, and in
 *    `expected` late: red already, or path or days used beyond the limit.
 * An item's own clock is not moved by the order.
 * Only the last attempt of a stage is known to a project; stages that were never accepted have no clock and no record.
 */
#ifndef WHATIF_H
#define WHATIF_H

#include "approval/approval.h"

/* Records, in memory of their own: 28 bytes a stage and 12 an item; one that still runs 24 (up to twice that, as their
 * list doubles) and its pauses; the facts that conditions read, once for equal ones. */
typedef struct WhatIf WhatIf;
WhatIf *whatif_open(const Policy *now); /* `now` must live as long */
void whatif_close(WhatIf *w);
void whatif_close_p(WhatIf **w);
/* Takes what is needed; nothing of pr is kept. */
void whatif_add(WhatIf *w, const Project *pr);

typedef struct WhatIfSize { int64_t projects, stages, items, bytes; } WhatIfSize;
WhatIfSize whatif_size(const WhatIf *w);

typedef struct WhatIfSide {   /* one stage of one project under one package */
  bool exists;                /* false: no such stage under this package; all else is zero */
  bool late;                  /* finished after the due day, or red today */
  bool expected;              /* running: late, or sure to be when open items use their whole limits */
  bool reordered;             /* its length was worked out from the order and not from its own clock */
  bool assumed;               /* holds an item without history */
  int limit, used, left;
  int path;                   /* working days of the longest chain of its items */
  Lamp lamp;
} WhatIfSide;
typedef struct WhatIfStage {
  int64_t project;
  int stage;
  EndKind end_kind;
  WhatIfSide now, draft;
} WhatIfStage;
typedef void WhatIfEach(void *arg, const WhatIfStage *s);

typedef struct WhatIfCount {  /* one side of a cell */
  int64_t done, running;      /* of the stages that exist on this side: finished, running */
  int64_t late_done, late_running, expected;
  int64_t lamps[LAMP__MAX];   /* of running stages */
  int64_t used;               /* working days of the finished stages together */
  int64_t path;               /* of their longest chains together */
  int64_t reordered, assumed, gone; /* gone: the stage does not exist under this package */
} WhatIfCount;
typedef struct WhatIfStep {   /* an item on the longest chain of finished stages */
  Str code, name;
  int64_t times[2], days[2];  /* now, draft: in how many stages, and its days there together */
} WhatIfStep;
typedef struct WhatIfCell {   /* category × stage */
  Str category; int stage;
  int limit[2];               /* of the packages */
  int plan[2];                /* longest chain of the items' limits; what depends on facts counts as needed */
  int64_t done, running, stopped; /* stages by how they stand today; stopped: withdrawn, in no lateness */
  WhatIfCount side[2];        /* 0 now, 1 draft */
  WhatIfStep *steps; size_t step_count; /* most often under the draft first */
} WhatIfCell;
typedef struct WhatIfUnit {   /* a department */
  Str unit;
  struct {
    int64_t open;             /* items that run today */
    int64_t ahead;            /* working days of limit that these have left */
    int64_t items, worked;    /* all items, and their net working days */
    int64_t late;             /* items late, ended ones included; withdrawn ones not */
  } side[2];
} WhatIfUnit;
enum { WHATIF_SHOWN = 100 };
typedef struct WhatIfReport {
  Day today;
  WhatIfSize size;
  WhatIfCell *cells; size_t cell_count;  /* by category and stage; only those with records */
  WhatIfCell all;                        /* sums; category empty, stage 0, no steps */
  int64_t cases_late[2], cases_expected[2]; /* projects with at least one such stage; expected counts late ones too */
  WhatIfUnit *units; size_t unit_count;  /* most open under the draft first */
  WhatIfStage *moved; size_t moved_count; /* stages that become late, or are no longer; the first WHATIF_SHOWN */
  int64_t became_late, became_timely;
} WhatIfReport;

/* Evaluates all records under both packages; `threads` 1 to 16. The report lives in cx->mem. `now` is the package
 * of whatif_open. INVALID when the draft has an item list that cannot be ordered. */
Code whatif_run(Cx *cx, const WhatIf *w, const Policy *draft, Day today, int threads, WhatIfReport *out);
/* The same, one stage after the other, in the order in which they were added. */
Code whatif_each(Cx *cx, const WhatIf *w, const Policy *draft, Day today, WhatIfEach *each, void *arg);

/* All projects of a store, by a reader of the caller's own; LIMIT when there are more than `max` (0: no bound). Some
 * microseconds an event (reader_fold); writing goes on meanwhile, but the log of the journal cannot be begun anew. */
Code whatif_read(Cx *cx, WhatIf *w, Reader *rd, int64_t max, void (*progress)(void *arg, int64_t done, int64_t all), void *arg);
/* The report as a tree for page, JSON and command line. */
Json *whatif_view(Arena *mem, const WhatIfReport *r, const Policy *now, const Policy *draft);

#endif
