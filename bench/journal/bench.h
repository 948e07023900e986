/* SPDX-License-Identifier: Apache-2.0 */
/* bench: what the parts of bench/journal share. */
#ifndef BENCH_H
#define BENCH_H

#include "../lib/disk.h"
#include "../lib/measure.h"
#include "approval/approval.h"
#include "journal/journal_int.h"
#include "main/main_int.h"

typedef struct Bench {
  const Policy *policy;
  StoreOptions store;   /* with the engines of the program */
  void (*beside)(void *arg, const Runner *r, bool begin); /* told when the load of bench_act begins and has ended; may be NULL */
  void *beside_arg;
} Bench;

Code bench_grow(Cx *cx, Bench *b, Str from, int64_t projects);
Code bench_targets(Cx *cx, Bench *b, int64_t count);
Code bench_script(Cx *cx, Bench *b, int64_t count);
Code bench_act(Cx *cx, Bench *b, int64_t clients, int64_t seconds, int64_t round, int64_t most);
Code bench_worklist(Cx *cx, Bench *b, int64_t clients, int64_t seconds, int64_t rate);
Code bench_cold(Cx *cx, Bench *b, int64_t count);
Code bench_replay(Cx *cx, Bench *b);
Code bench_chain(Cx *cx, Bench *b);
Code bench_start(Cx *cx, Bench *b);

/* The items that are acted upon: the first open one of each of `count` projects that lie evenly over the store. */
typedef struct Target {
  int64_t project;
  int stage;
  Str code, unit;
  int64_t at;           /* an hour after the last event of the project: the item is in time, as in life most are */
  bool taken, paused;
  int pauses;
} Target;
Code targets_load(Cx *cx, Reader *rd, int64_t count, int64_t shift, Target **out, size_t *n);

#endif
