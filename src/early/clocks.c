/* SPDX-License-Identifier: Apache-2.0 */
/* clocks.c: what waits for a department before the case, for the board of lamps. */
#include "early/early_int.h"

static const Sql sql_opinions = {"early.opinions-wait", "", "issiiss",
                                 "SELECT o.plot, o.kind, o.unit, o.asked, o.days, p.number, p.name FROM plot_opinion o JOIN plot p ON p.no = o.plot"
                                 " WHERE o.given = 0 AND p.status = 'idea' ORDER BY o.plot, o.kind, o.unit"};
static const Sql sql_consults = {"early.consults-wait", "", "issiiiis",
                                 "SELECT no, unit, specialist, asked, more, supplement, days, subject FROM consult WHERE waits = 1 ORDER BY no"};

static Code opinions_look(Cx *cx, Db *views, const Policy *p, Day today, RunningSeen *seen, void *arg) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, &sql_opinions, NO_VALS, &r));
  while (rows_next(r)) {
    Running c = {.kind = "opinion", .no = row_i(r, 0), .item = row_s(cx, r, 1), .unit = row_s(cx, r, 2), .start = {(int32_t)row_i(r, 3)},
                 .limit = (int)row_i(r, 4), .number = row_s(cx, r, 5), .name = row_s(cx, r, 6)};
    TRY(running_tell(cx, p, today, &c, seen, arg));
  }
  return rows_end(cx, r);
}

Code early_clocks(Cx *cx, Db *views, const Policy *p, Day today, RunningSeen *seen, void *arg) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(opinions_look(cx, views, p, today, seen, arg));
  TRY(db_rows(cx, views, &sql_consults, NO_VALS, &r));
  while (rows_next(r)) {
    Running c = {.kind = "consult", .no = row_i(r, 0), .unit = row_s(cx, r, 1), .handler = row_s(cx, r, 2), .start = {(int32_t)row_i(r, 3)},
                 .limit = (int)row_i(r, 6), .name = row_s(cx, r, 7)};
    Day more = {(int32_t)row_i(r, 4)}, supplement = {(int32_t)row_i(r, 5)};
    Pause pause = {.from = more, .to = supplement, .open = !supplement.n, .holder = HELD_APPLICANT};
    ItemClock k = {.start = c.start, .limit = c.limit, .pauses = &pause, .pause_count = more.n ? 1 : 0};
    c.reading = clock_item(p->calendar, &k, today, p->lamp);
    TRY(seen(cx, arg, &c));
  }
  return rows_end(cx, r);
}
