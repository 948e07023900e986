/* SPDX-License-Identifier: Apache-2.0 */
/* clocks.c: what waits beside the permit, for the board of lamps: reports of a joint review, checks of promises, answers to the subjects of credit. */
#include "joint/joint_int.h"

static const Sql sql_reviews = {"joint.reviews-wait", "", "iiiisss",
                                "SELECT no, round, asked, days, number, name, agency_name FROM review WHERE open = 1 AND pending > 0 AND asked > 0 ORDER BY no"};

/* The agency works; the lead of stage 3 answers for it. */
static Code reviews_look(Cx *cx, Db *views, const Policy *p, Day today, RunningSeen *seen, void *arg) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, &sql_reviews, NO_VALS, &r));
  while (rows_next(r)) {
    Running c = {.kind = "review", .no = row_i(r, 0), .attempt = (int)row_i(r, 1), .start = {(int32_t)row_i(r, 2)}, .limit = (int)row_i(r, 3),
                 .number = row_s(cx, r, 4), .name = row_s(cx, r, 5), .handler = row_s(cx, r, 6), .unit = p->stages[3].lead};
    TRY(running_tell(cx, p, today, &c, seen, arg));
  }
  return rows_end(cx, r);
}

static const Sql sql_promises = {"joint.promises-wait", "", "iiissss",
                                 "SELECT no, since, check_due, item, unit, number, name FROM promise WHERE live = 1 AND check_due > 0 ORDER BY no"};

static Code promises_look(Cx *cx, Db *views, const Policy *p, Day today, RunningSeen *seen, void *arg) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, &sql_promises, NO_VALS, &r));
  while (rows_next(r)) {
    Running c = {.kind = "promise", .no = row_i(r, 0), .start = {(int32_t)row_i(r, 1)}, .item = row_s(cx, r, 3), .unit = row_s(cx, r, 4), .number = row_s(cx, r, 5),
                 .name = row_s(cx, r, 6)};
    c.limit = calendar_count(p->calendar, c.start, (Day){(int32_t)row_i(r, 2)});
    TRY(running_tell(cx, p, today, &c, seen, arg));
  }
  return rows_end(cx, r);
}

static const Sql sql_credit = {"joint.credit-waits", "", "iiiiisss",
                               "SELECT no, objected, objection_due, repair, repair_due, number, subject, kind FROM credit WHERE objected > 0 OR repair > 0 ORDER BY no"};

/* The office answers. Of a person the name is not told. */
static Code credit_look(Cx *cx, Db *views, const Policy *p, Day today, RunningSeen *seen, void *arg) {
  static const char *const what[] = {"objection", "repair"};
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, &sql_credit, NO_VALS, &r));
  while (rows_next(r))
    for (int i = 0; i < 2; i++) {
      Day from = {(int32_t)row_i(r, 1 + 2 * i)}, due = {(int32_t)row_i(r, 2 + 2 * i)};
      Str subject = row_s(cx, r, 6);
      Running c = {.kind = "credit", .no = row_i(r, 0), .item = str_of(what[i]), .start = from, .limit = calendar_count(p->calendar, from, due),
                   .number = row_s(cx, r, 5), .name = subject.len ? subject : S("从业人员"), .unit = p->supervisor_unit};
      if (from.n && due.n) TRY(running_tell(cx, p, today, &c, seen, arg));
    }
  return rows_end(cx, r);
}

Code joint_clocks(Cx *cx, Db *views, const Policy *p, Day today, RunningSeen *seen, void *arg) {
  TRY(reviews_look(cx, views, p, today, seen, arg));
  TRY(promises_look(cx, views, p, today, seen, arg));
  return credit_look(cx, views, p, today, seen, arg);
}
