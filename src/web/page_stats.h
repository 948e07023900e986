/* SPDX-License-Identifier: Apache-2.0 */
/* page_stats: what the pages of statistics share. */
#ifndef PAGE_STATS_H
#define PAGE_STATS_H

#include "stats/stats.h"
#include "web/page.h"

/* Makes the page on a worker, with a reader of its own in rq->rd. */
Code stats_page(Cx *cx, Request *rq, Reply *rp, Again *make);
/* The day, the period (the 365 days up to it when none is asked for) and the filters of the request, bound to what this person may see. */
Code stats_ask(Cx *cx, Request *rq, StatAsk *out);
Str stats_address(Arena *m, const char *path, const StatAsk *ask);
/* "as_of","as_of_cn","first","last","past","questions","categories","counties","stages": the form and the other questions. */
void stats_head_view(Request *rq, Json *view, const StatAsk *ask);
/* One table {"id","title","head","columns","rows":[{"label","cells":[{"text","n","of"?,"href"?,"field"?,"step"?}]}],"total","left_out"?,
 * "chart":{"legend","bars"}?}, at most so many rows. */
void stats_table_view(Request *rq, Json *list, const StatAnswer *a, const StatAsk *ask, size_t which, size_t rows_max);

/* page_stats_sheet.c */
Code page_stats_index(Cx *cx, Request *rq, Reply *rp);
Code page_stats_sheet(Cx *cx, Request *rq, Reply *rp);
Code page_stats_wall(Cx *cx, Request *rq, Reply *rp);
Code page_stats_public(Cx *cx, Request *rq, Reply *rp);

/* "outside": how many items under national or provincial authority run today, "outside_href": their list. Lamps count them, statistics do not. */
Code outside_view(Cx *cx, Request *rq, Json *view);
/* "beside": what is late of the other kinds of clock than the items of departments, and which of it the longest. Reads every running clock: for a worker. */
Code late_beside_view(Cx *cx, Request *rq, Json *view);

#endif
