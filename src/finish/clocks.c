/* SPDX-License-Identifier: Apache-2.0 */
/* clocks.c: what waits at the end of construction, for the board of lamps: utilities, joint acceptances. */
#include "finish/finish_int.h"

static const Sql sql_utilities = {"finish.utilities-wait", "", "iiiiissss",
                                  "SELECT u.no, p.asked, p.opened, p.days, p.connect_days, p.kind, p.unit, u.number, u.project_name FROM utility_part p"
                                  " JOIN utility u ON u.no = p.utility WHERE p.waits = 1 AND u.closed = 0 ORDER BY u.no, p.kind"};

static Code utilities_look(Cx *cx, Db *views, const Policy *p, Day today, RunningSeen *seen, void *arg) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, &sql_utilities, NO_VALS, &r));
  while (rows_next(r)) {
    int32_t opened = (int32_t)row_i(r, 2);
    Running c = {.kind = "utility", .no = row_i(r, 0), .start = {opened ? opened : (int32_t)row_i(r, 1)}, .limit = (int)row_i(r, opened ? 4 : 3),
                 .item = row_s(cx, r, 5), .unit = row_s(cx, r, 6), .number = row_s(cx, r, 7), .name = row_s(cx, r, 8)};
    TRY(running_tell(cx, p, today, &c, seen, arg));
  }
  return rows_end(cx, r);
}

/* Its clock is that of the fourth stage, and so is the order when it turns red: what is told here is for the board alone. */
static const Sql sql_acceptances = {"finish.acceptances-wait", "", "iiiiss",
                                    "SELECT a.no, a.project, s.accepted, s.days, a.number, a.project_name FROM acceptance a JOIN stage s ON s.project = a.project"
                                    " AND s.no = 4 WHERE a.over = 0 ORDER BY a.no"};

static Code acceptances_look(Cx *cx, Db *views, const Policy *p, Day today, RunningSeen *seen, void *arg) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, &sql_acceptances, NO_VALS, &r));
  while (rows_next(r)) {
    Running c = {.kind = "acceptance", .no = row_i(r, 0), .of = row_i(r, 1), .stage = 4, .start = {(int32_t)row_i(r, 2)}, .limit = (int)row_i(r, 3),
                 .number = row_s(cx, r, 4), .name = row_s(cx, r, 5), .unit = p->stages[4].lead};
    TRY(running_tell(cx, p, today, &c, seen, arg));
  }
  return rows_end(cx, r);
}

Code finish_clocks(Cx *cx, Db *views, const Policy *p, Day today, bool board, RunningSeen *seen, void *arg) {
  TRY(utilities_look(cx, views, p, today, seen, arg));
  return board ? acceptances_look(cx, views, p, today, seen, arg) : OK;
}
