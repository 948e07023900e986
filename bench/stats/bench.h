/* SPDX-License-Identifier: Apache-2.0 */
/* bench: what the parts of bench/stats share. */
#ifndef BENCH_STATS_H
#define BENCH_STATS_H

#include "../lib/measure.h"
#include "journal/journal_int.h"
#include "stats/stats_int.h"

void tell(const char *name, double *list, size_t n); /* seconds; sorts */

Code bench_make(Cx *cx, Str dir, int64_t items);
Code bench_ask(Cx *cx, Str dir, int rounds, Str out);

#endif
