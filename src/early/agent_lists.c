/* SPDX-License-Identifier: Apache-2.0 */
/* agent_lists.c: orders, agents, the monthly ranking. */
#include "early/early_int.h"

#define ORDER_WHERE                                                                                              \
  " FROM agent_order o WHERE (?1 = '' OR county = ?1) AND (?2 = '' OR uscc = ?2 OR applicant = ?3)"                \
  " AND (?4 = '' OR agent = ?4) AND (?5 = '' OR status = ?5)"
static const Sql sql_orders = {"order.list", "ssssssii", "iiiissssssssssii",
                               "SELECT no, at, project, ratings, number, county, name, owner, uscc, status, agent, agent_name, project_number, ?6,"
                               " (SELECT count(*) FROM agent_rating r WHERE r.order_no = o.no AND r.unit = ?6 AND ?6 <> ''),"
                               " (SELECT count(*) FROM project p WHERE p.no = o.project AND p.status = 'completed')" ORDER_WHERE
                               " ORDER BY no DESC LIMIT ?7 OFFSET ?8"};
static const Sql sql_orders_count = {"order.count", "sssss", "i", "SELECT count(*)" ORDER_WHERE};

Str order_label(Str status, bool finished) {
  return finished && (str_eqz(status, "assigned") || str_eqz(status, "started")) ? S("项目已办结") : early_label(status);
}

Code orders_list(Cx *cx, Reader *rd, const OrderFilter *f, OrderRow **out, size_t *n, int64_t *total) {
  SCOPED(rows_drop) Rows *r = NULL;
  OrderRow *list = arena_array(cx->mem, OrderRow, f->limit + 1);
  *n = 0;
  *out = list;
  TRY(db_int(cx, reader_views(rd), &sql_orders_count,
             VALS(val_s(f->county), val_s(f->uscc), val_s(f->applicant), val_s(f->agent), val_s(f->status)), 0, total));
  TRY(db_rows(cx, reader_views(rd), &sql_orders,
              VALS(val_s(f->county), val_s(f->uscc), val_s(f->applicant), val_s(f->agent), val_s(f->status), val_s(f->unit),
                   val_i((int64_t)f->limit), val_i((int64_t)f->offset)),
              &r));
  while (*n < f->limit && rows_next(r)) {
    OrderRow *o = &list[(*n)++];
    *o = (OrderRow){.no = row_i(r, 0), .at = row_i(r, 1), .project = row_i(r, 2), .ratings = row_i(r, 3), .unit_rated = row_i(r, 14) > 0,
                    .finished = row_i(r, 15) > 0};
    Str *const texts[] = {&o->number, &o->county, &o->name, &o->owner, &o->uscc, &o->status, &o->agent, &o->agent_name, &o->project_number};
    for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = row_s(cx, r, (int)i + 4);
  }
  return rows_end(cx, r);
}

Code order_load(Cx *cx, Reader *rd, int64_t no, const Order **out) {
  const void *state = NULL;
  TRY(kit_state(cx, rd, "agent", arena_fmt(cx->mem, "%lld", (long long)no), "份代办委托", &state));
  *out = state;
  return OK;
}

static const Sql sql_agents = {"agent.list", "", "ssssii",
                               "SELECT id, name, unit, roles, (SELECT count(*) FROM training t WHERE t.agent = account.id),"
                               " (SELECT count(*) FROM agent_order o WHERE o.agent = account.id AND o.status IN ('assigned', 'started')"
                               " AND NOT EXISTS (SELECT 1 FROM project p WHERE p.no = o.project AND p.status = 'completed'))"
                               " FROM account WHERE roles LIKE '%agent%' AND disabled = 0 ORDER BY id"};

Code agents_list(Cx *cx, Reader *rd, const Policy *p, Str county, AgentRow **out, size_t *n) {
  enum { AGENTS_MAX = 300 };
  SCOPED(rows_drop) Rows *r = NULL;
  AgentRow *list = arena_array(cx->mem, AgentRow, AGENTS_MAX + 1);
  uint32_t roles = 0;
  *n = 0;
  *out = list;
  TRY(db_rows(cx, reader_views(rd), &sql_agents, NO_VALS, &r));
  while (*n < AGENTS_MAX && rows_next(r)) {
    AgentRow a = {.id = row_s(cx, r, 0), .name = row_s(cx, r, 1), .unit = row_s(cx, r, 2), .trained = row_i(r, 4) > 0, .open = row_i(r, 5)};
    TRY(roles_parse(cx, row_s(cx, r, 3), &roles));
    if (!(roles & ROLE_AGENT) || (county.len && !str_eq(a.unit, county) && !str_eq(a.unit, p->window_unit))) continue;
    list[(*n)++] = a;
  }
  return rows_end(cx, r);
}

/* ---- ranking ------------------------------------------------------------------------------------------------ */

static const Sql sql_ranking = {"agent.ranking", "i", "ssiiii",
                                "SELECT agent, min(name), sum(CASE WHEN unit = '' THEN score ELSE 0 END), sum(CASE WHEN unit = '' THEN 1 ELSE 0 END),"
                                " sum(CASE WHEN unit <> '' THEN score ELSE 0 END), sum(CASE WHEN unit <> '' THEN 1 ELSE 0 END)"
                                " FROM agent_rating WHERE month = ?1 GROUP BY agent ORDER BY agent"};

static int64_t hundredths(int64_t sum, int64_t n) {
  return n ? (sum * 100 + n / 2) / n : 0;
}

/* The enterprise's mean counts first, then the departments', then who was rated more often; the name decides last. */
static bool before(const RankRow *a, const RankRow *b) {
  if (a->enterprise != b->enterprise) return a->enterprise > b->enterprise;
  if (a->unit != b->unit) return a->unit > b->unit;
  return a->enterprise_n + a->unit_n > b->enterprise_n + b->unit_n;
}

Code ranking_list(Cx *cx, Reader *rd, int month, RankRow **out, size_t *n) {
  enum { AGENTS_MAX = 300 };
  SCOPED(rows_drop) Rows *r = NULL;
  RankRow *list = arena_array(cx->mem, RankRow, AGENTS_MAX + 1);
  *n = 0;
  *out = list;
  TRY(db_rows(cx, reader_views(rd), &sql_ranking, VALS(val_i(month)), &r));
  while (*n < AGENTS_MAX && rows_next(r)) {
    RankRow row = {.agent = row_s(cx, r, 0), .name = row_s(cx, r, 1), .enterprise_n = row_i(r, 3), .unit_n = row_i(r, 5)};
    row.enterprise = hundredths(row_i(r, 2), row.enterprise_n);
    row.unit = hundredths(row_i(r, 4), row.unit_n);
    size_t at = (*n)++;
    for (; at && before(&row, &list[at - 1]); at--) list[at] = list[at - 1];
    list[at] = row;
  }
  return rows_end(cx, r);
}
