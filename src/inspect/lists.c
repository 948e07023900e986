/* SPDX-License-Identifier: Apache-2.0 */
/* lists.c: words of the room, its lists, and how long is left for publishing. */
#include "inspect/inspect_int.h"

#define WORD(s) {.ptr = s, .len = sizeof(s) - 1}
static const struct { Str text, label; } words[] = {
    {WORD("draft"), WORD("未公布")}, {WORD("published"), WORD("已公布")}, {WORD("dropped"), WORD("已取消")}, {WORD("committing"), WORD("待承诺")},
    {WORD("revealing"), WORD("待揭示")}, {WORD("waiting"), WORD("待公开随机数")}, {WORD("drawn"), WORD("已抽取")}, {WORD("voided"), WORD("已中止")},
    {WORD("due"), WORD("待检查")}, {WORD("recorded"), WORD("待确认")}, {WORD("sent-back"), WORD("退回重记")}, {WORD("confirmed"), WORD("待公示")},
    {WORD("ok"), WORD("未发现问题")}, {WORD("ordered"), WORD("发现问题已责令改正")}, {WORD("pending"), WORD("发现问题待后续处理")},
    {WORD("refused"), WORD("不配合检查")}, {WORD("unreachable"), WORD("无法联系")}};

Str inspect_label(Str word) {
  for (size_t i = 0; i < COUNT(words); i++)
    if (str_eq(words[i].text, word)) return words[i].label;
  return word;
}

Reading spot_reading(const Policy *p, int64_t confirmed, int64_t published, int days, int64_t now) {
  ItemClock k = {.start = day_of(confirmed), .limit = days};
  if (published) {
    k.end_kind = END_DONE;
    k.end = day_of(published);
  }
  return clock_item(p->calendar, &k, day_of(now), p->lamp);
}

static Code state_of(Cx *cx, Reader *rd, const char *prefix, int64_t no, const char *missing, const void **out) {
  return kit_state(cx, rd, prefix, arena_fmt(cx->mem, "%lld", (long long)no), missing, out);
}

Code plan_load(Cx *cx, Reader *rd, int64_t no, const SpotPlan **out) {
  const void *state = NULL;
  TRY(state_of(cx, rd, "plan", no, "个抽查计划", &state));
  *out = state;
  return OK;
}

Code draw_load(Cx *cx, Reader *rd, int64_t no, const SpotDraw **out) {
  const void *state = NULL;
  TRY(state_of(cx, rd, "draw", no, "次抽取", &state));
  *out = state;
  return OK;
}

/* ---- plans -------------------------------------------------------------------------------------------------------------- */

#define PLAN_WHERE " FROM inspect_plan p WHERE (?1 = 0 OR published > 0)"
static const Sql sql_plans = {"inspect.plans", "iii", "iiisssii",
                              "SELECT no, CASE WHEN published > 0 THEN published ELSE at END, (SELECT count(*) FROM inspect_draw d WHERE d.plan = p.no), number, title,"
                              " CASE WHEN EXISTS (SELECT 1 FROM inspect_draw d WHERE d.plan = p.no AND d.status = 'drawn') THEN 'drawn' ELSE status END,"
                              " start, finish" PLAN_WHERE " ORDER BY no DESC LIMIT ?2 OFFSET ?3"};
static const Sql sql_plan_count = {"inspect.plans-count", "i", "i", "SELECT count(*)" PLAN_WHERE};

Code plans_list(Cx *cx, Reader *rd, bool published, size_t offset, size_t max, PlanRow **out, size_t *n, int64_t *total) {
  SCOPED(rows_drop) Rows *r = NULL;
  PlanRow *list = arena_array(cx->mem, PlanRow, max + 1);
  *n = 0;
  *out = list;
  TRY(db_int(cx, reader_views(rd), &sql_plan_count, VALS(val_i(published)), 0, total));
  TRY(db_rows(cx, reader_views(rd), &sql_plans, VALS(val_i(published), val_i((int64_t)max), val_i((int64_t)offset)), &r));
  while (*n < max && rows_next(r))
    list[(*n)++] = (PlanRow){.no = row_i(r, 0), .at = row_i(r, 1), .draws = row_i(r, 2), .number = row_s(cx, r, 3), .title = row_s(cx, r, 4),
                             .status = row_s(cx, r, 5), .from = {(int32_t)row_i(r, 6)}, .to = {(int32_t)row_i(r, 7)}};
  return rows_end(cx, r);
}

/* ---- draws -------------------------------------------------------------------------------------------------------------- */

static const Sql sql_draws = {"inspect.draws", "is", "iiiiiiisssss",
                              "SELECT d.no, d.plan, d.attempt, d.opened, d.beacon_at, d.ended,"
                              " CASE WHEN p.account IS NULL THEN 0 WHEN d.status = 'committing' AND p.committed = 0 THEN 1"
                              " WHEN d.status = 'revealing' AND p.revealed = 0 THEN 2 ELSE 0 END, d.number, d.title, d.status, d.hash, d.reason"
                              " FROM inspect_draw d LEFT JOIN inspect_party p ON p.draw = d.no AND p.account = ?2"
                              " WHERE (?1 > 0 AND d.plan = ?1) OR (?1 = 0 AND d.status IN ('committing', 'revealing', 'waiting'))"
                              " ORDER BY d.no LIMIT 200"};

Code draws_list(Cx *cx, Reader *rd, int64_t plan, Str account, DrawRow **out, size_t *n) {
  enum { MOST = 200 };
  SCOPED(rows_drop) Rows *r = NULL;
  DrawRow *list = arena_array(cx->mem, DrawRow, MOST + 1);
  *n = 0;
  *out = list;
  TRY(db_rows(cx, reader_views(rd), &sql_draws, VALS(val_i(plan), val_s(account)), &r));
  while (*n < MOST && rows_next(r)) {
    DrawRow *d = &list[(*n)++];
    int64_t *const numbers[] = {&d->no, &d->plan, &d->attempt, &d->opened, &d->beacon_at, &d->ended, &d->mine};
    Str *const texts[] = {&d->number, &d->title, &d->status, &d->hash, &d->reason};
    for (size_t i = 0; i < COUNT(numbers); i++) *numbers[i] = row_i(r, (int)i);
    for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = row_s(cx, r, (int)(COUNT(numbers) + i));
  }
  return rows_end(cx, r);
}

/* ---- checks ------------------------------------------------------------------------------------------------------------- */

static const Sql sql_checks = {"inspect.checks", "si", "iiiisssssssss",
                               "SELECT draw, confirmed, published, days, number, object, name, cert1, cert2, person1, person2, result, status FROM inspect_check"
                               " WHERE published = 0 AND (?1 = '' OR person1 = ?1 OR person2 = ?1)"
                               " ORDER BY CASE WHEN confirmed > 0 THEN 0 ELSE 1 END, confirmed, draw, object LIMIT ?2"};

Code checks_list(Cx *cx, Reader *rd, const Policy *p, Str account, int64_t now, size_t max, CheckRow **out, size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  CheckRow *list = arena_array(cx->mem, CheckRow, max + 1);
  *n = 0;
  *out = list;
  TRY(db_rows(cx, reader_views(rd), &sql_checks, VALS(val_s(account), val_i((int64_t)max)), &r));
  while (*n < max && rows_next(r)) {
    CheckRow *c = &list[(*n)++];
    *c = (CheckRow){.draw = row_i(r, 0), .confirmed = row_i(r, 1), .published = row_i(r, 2), .days = (int)row_i(r, 3)};
    Str *const texts[] = {&c->number, &c->object, &c->name, &c->certs[0], &c->certs[1], &c->persons[0], &c->persons[1], &c->result, &c->status};
    for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = row_s(cx, r, (int)i + 4);
    if (c->confirmed) c->reading = spot_reading(p, c->confirmed, c->published, c->days, now);
  }
  return rows_end(cx, r);
}

/* Both may record; what one has recorded only the other confirms. */
static bool check_owed(const SpotDraw *d, const CheckRow *row, Str account) {
  const SpotCheck *c = draw_check(d, row->object);
  return c && !c->confirmed && !(c->recorded && str_eq(c->recorded_by, account));
}

Code spot_duties(Cx *cx, Reader *rd, const Policy *p, Str account, int64_t now, SpotDuties *out) {
  enum { MOST = 200 };
  CheckRow *checks = NULL;
  DrawRow *draws = NULL;
  size_t n = 0, k = 0;
  *out = (SpotDuties){0};
  TRY(checks_list(cx, rd, p, account, now, MOST, &checks, &n));
  for (size_t i = 0; i < n; i++) {
    const SpotDraw *d = NULL;
    const SpotPlan *plan = NULL;
    TRY(draw_load(cx, rd, checks[i].draw, &d));
    if (!check_owed(d, &checks[i], account)) continue;
    TRY(plan_load(cx, rd, d->plan, &plan));
    out->checks++;
    out->late += plan->to.n < day_of(now).n;
    if (!out->check_by.n || plan->to.n < out->check_by.n) out->check_by = plan->to;
  }
  TRY(draws_list(cx, rd, 0, account, &draws, &k));
  for (size_t i = 0; i < k; i++) {
    if (!draws[i].mine) continue;
    out->draws++;
    if (!out->draw_by || draws[i].beacon_at < out->draw_by) out->draw_by = draws[i].beacon_at;
  }
  return OK;
}

/* ---- people ------------------------------------------------------------------------------------------------------------- */

static const Sql sql_parties = {"inspect.parties", "s", "sss",
                                "SELECT id, name, unit FROM account WHERE disabled = 0 AND (roles LIKE '%supervisor%' OR roles LIKE '%leader%'"
                                " OR roles LIKE '%auditor%' OR (roles LIKE '%unit_head%' AND ?1 LIKE '%,' || unit || ',%')) ORDER BY id LIMIT 200"};

Code spot_parties(Cx *cx, Reader *rd, const SpotPlan *p, SpotPerson **out, size_t *n) {
  enum { MOST = 200 };
  SCOPED(rows_drop) Rows *r = NULL;
  SpotPerson *list = arena_array(cx->mem, SpotPerson, MOST + 1);
  Str units = S(",");
  *n = 0;
  *out = list;
  for (size_t i = 0; i < p->unit_count; i++) units = arena_fmt(cx->mem, "%.*s%.*s,", SFMT(units), SFMT(p->units[i]));
  TRY(db_rows(cx, reader_views(rd), &sql_parties, VALS(val_s(units)), &r));
  while (*n < MOST && rows_next(r)) list[(*n)++] = (SpotPerson){row_s(cx, r, 0), row_s(cx, r, 1), row_s(cx, r, 2)};
  return rows_end(cx, r);
}

const Engine *const inspect_engines[INSPECT_ENGINES] = {&pool_engine_base, &plan_engine_base, &draw_engine_base};
