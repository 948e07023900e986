/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tally: the smallest engine that uses everything the journal offers: a counter per stream "tally/N", two
 * tables, the due queue, personal data, files, refusals, and faults on demand.
 */
#ifndef TALLY_H
#define TALLY_H
#include "journal/journal.h"

#include <pthread.h>

enum { TALLY_USER = 1, TALLY_BOSS = 2 };

typedef struct Tally {
  Str label;
  int64_t total, count;
} Tally;

/* Where tally.wait stops inside decide until the test lets it go on. */
typedef struct TallyGate {
  pthread_mutex_t lock;
  pthread_cond_t moved;
  int inside, permits;
} TallyGate;
typedef struct TallyEnv {
  TallyGate *gate;
} TallyEnv;

void gate_init(TallyGate *g);
void gate_await(TallyGate *g, int inside); /* until so many have come in altogether */
void gate_let(TallyGate *g, int permits);

extern const Engine tally_engine;       /* env may be NULL: then tally.wait does not wait */
extern const Engine tally_engine_wider; /* the same with one more table: a program of a later version */
extern const Sql sql_tally_total, sql_tally_entries, sql_tally_count, sql_tally_sum;
#endif
