/* SPDX-License-Identifier: Apache-2.0 */
/* visit.c: which day everyone can come, and why the days before it fell out. */
#include "finish/finish_int.h"

static Str span(Arena *mem, Day from, Day until) {
  Str a = day_cn(mem, from), b = day_cn(mem, until);
  return from.n == until.n ? a : arena_fmt(mem, "%.*s至%.*s", SFMT(a), SFMT(b));
}

static bool on(const Absence *a, Str unit, Day day) {
  return !a->dropped && str_eq(a->unit, unit) && a->from.n <= day.n && day.n <= a->until.n;
}

/* Why this party cannot come; empty: it can. */
static Str why_not(Arena *mem, const VisitPlan *plan, const Party *p, Day day) {
  const Absence *last = NULL;
  int64_t away = 0, visits = 0;
  Str number = S("");
  for (size_t i = 0; i < plan->absence_count; i++) {
    const Absence *a = &plan->absences[i];
    if (!on(a, p->unit, day)) continue;
    Str days = span(mem, a->from, a->until);
    if (!a->person.len) return arena_fmt(mem, "%.*s：%.*s（%.*s）", SFMT(p->name), SFMT(a->reason), SFMT(days));
    bool again = false; /* one person may have declared two absences over one day */
    for (size_t k = 0; k < i; k++) again |= on(&plan->absences[k], p->unit, day) && str_eq(plan->absences[k].person, a->person);
    if (!again) away++;
    last = a;
  }
  if (last && p->staff && away >= p->staff)
    return arena_fmt(mem, "%.*s：没有人能去，%.*s%.*s", SFMT(p->name), SFMT(last->name), SFMT(last->reason));
  for (size_t i = 0; i < plan->visit_count; i++)
    if (str_eq(plan->visits[i].unit, p->unit) && plan->visits[i].day.n == day.n) {
      visits++;
      number = plan->visits[i].number;
    }
  if (plan->a_day && visits >= plan->a_day)
    return arena_fmt(mem, "%.*s：当天已有 %lld 次联合勘验（%.*s）", SFMT(p->name), (long long)visits, SFMT(number));
  return S("");
}

VisitDay visit_day(Arena *mem, const Calendar *c, const VisitPlan *plan, Day day) {
  VisitDay out = {.day = day, .why = arena_array(mem, Str, plan->party_count + 3)};
  Str reason;
  if (!calendar_is_work(c, day)) out.why[out.why_count++] = arena_fmt(mem, "不是工作日（%.*s）", SFMT(calendar_reason(c, day, &reason)));
  if (day.n < plan->first.n) out.why[out.why_count++] = arena_fmt(mem, "早于最早可以安排的 %.*s", SFMT(day_cn(mem, plan->first)));
  for (size_t i = 0; i < plan->avoid_count; i++)
    if (plan->avoid[i].n == day.n) out.why[out.why_count++] = S("建设单位当天不便");
  for (size_t i = 0; i < plan->party_count; i++) {
    Str why = why_not(mem, plan, &plan->parties[i], day);
    if (why.len) out.why[out.why_count++] = why;
  }
  out.fits = !out.why_count;
  return out;
}

size_t visit_days(Arena *mem, const Calendar *c, const VisitPlan *plan, size_t more, VisitDay **out) {
  size_t n = 0, fit = 0;
  *out = arena_array(mem, VisitDay, VISIT_HORIZON);
  Day day = calendar_next_work(c, plan->first);
  for (int i = 0; i < VISIT_HORIZON && fit <= more; i++, day = calendar_add(c, day, 1)) {
    VisitDay one = visit_day(mem, c, plan, day);
    if (fit && !one.fits) continue; /* behind the earliest only those that fit are of use */
    (*out)[n++] = one;
    fit += one.fits;
  }
  return n;
}

/* ---- the plan from the views ------------------------------------------------------------------------------ */

static const Sql sql_absences = {"visit.absences", "si", "sssii",
                                 "SELECT person, name, reason, from_day, until_day FROM busy WHERE unit = ?1 AND until_day >= ?2 AND dropped = 0"
                                 " ORDER BY from_day, no LIMIT 200"};
static const Sql sql_staff = {"visit.staff", "s", "i",
                              "SELECT count(*) FROM account WHERE unit = ?1 AND disabled = 0 AND (roles LIKE '%approver%' OR roles LIKE '%unit_head%')"};
static const Sql sql_visits = {"visit.visits", "sii", "si",
                               "SELECT DISTINCT a.number, a.day FROM acceptance a JOIN acceptance_part p ON p.acceptance = a.no"
                               " WHERE p.unit = ?1 AND p.due = 1 AND a.status = 'scheduled' AND a.day >= ?2 AND a.no <> ?3 ORDER BY a.day, a.number LIMIT 200"};

static Code absences_read(Cx *cx, Db *views, Str unit, Day from, Json *list) {
  static const char *const names[] = {"person", "name", "reason"};
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, &sql_absences, VALS(val_s(unit), val_i(from.n)), &r));
  while (rows_next(r)) {
    Json *o = json_push_obj(cx->mem, list);
    json_put_str(cx->mem, o, S("unit"), unit);
    for (size_t i = 0; i < COUNT(names); i++) json_put_str(cx->mem, o, str_of(names[i]), row_s(cx, r, (int)i));
    json_put_int(cx->mem, o, S("from"), row_i(r, 3));
    json_put_int(cx->mem, o, S("until"), row_i(r, 4));
  }
  return rows_end(cx, r);
}

static Code visits_read(Cx *cx, Db *views, Str unit, int64_t except, Day from, Json *list) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, &sql_visits, VALS(val_s(unit), val_i(from.n), val_i(except)), &r));
  while (rows_next(r)) {
    Json *o = json_push_obj(cx->mem, list);
    json_put_str(cx->mem, o, S("unit"), unit);
    json_put_str(cx->mem, o, S("number"), row_s(cx, r, 0));
    json_put_int(cx->mem, o, S("day"), row_i(r, 1));
  }
  return rows_end(cx, r);
}

Code visit__facts(Cx *cx, Db *views, const Json *units, int64_t except, Day from, Json *out) {
  Json *parties = json_put_arr(cx->mem, out, S("parties")), *absences = json_put_arr(cx->mem, out, S("absences")),
       *visits = json_put_arr(cx->mem, out, S("visits"));
  for (const Json *u = units->first; u; u = u->next) {
    int64_t staff = 0;
    TRY(db_int(cx, views, &sql_staff, VALS(val_s(u->str)), 0, &staff));
    Json *o = json_push_obj(cx->mem, parties);
    json_put_str(cx->mem, o, S("unit"), u->str);
    json_put_int(cx->mem, o, S("staff"), staff);
    TRY(absences_read(cx, views, u->str, from, absences));
    TRY(visits_read(cx, views, u->str, except, from, visits));
  }
  return OK;
}

static const Json *list_of(const Json *facts, const char *key, size_t *n) {
  const Json *list = json_get(facts, str_of(key));
  *n = list ? list->count : 0;
  return list ? list->first : NULL;
}

VisitPlan visit__plan(Arena *mem, const Policy *p, const Json *facts) {
  VisitPlan plan = {.a_day = p->visits_a_day};
  size_t n = 0, i = 0;
  const Json *x = list_of(facts, "parties", &n);
  Party *parties = arena_array(mem, Party, n + 1);
  for (; x; x = x->next, i++)
    parties[i] = (Party){.unit = json_str(x, S("unit")), .name = finish__unit(p, json_str(x, S("unit"))), .staff = json_int(x, S("staff"), 0)};
  plan.parties = parties;
  plan.party_count = i;
  x = list_of(facts, "absences", &n);
  Absence *absences = arena_array(mem, Absence, n + 1);
  for (i = 0; x; x = x->next, i++)
    absences[i] = (Absence){.unit = json_str(x, S("unit")), .person = json_str(x, S("person")), .name = json_str(x, S("name")),
                            .reason = json_str(x, S("reason")), .from = {(int32_t)json_int(x, S("from"), 0)},
                            .until = {(int32_t)json_int(x, S("until"), 0)}};
  plan.absences = absences;
  plan.absence_count = i;
  x = list_of(facts, "visits", &n);
  OtherVisit *visits = arena_array(mem, OtherVisit, n + 1);
  for (i = 0; x; x = x->next, i++)
    visits[i] = (OtherVisit){.unit = json_str(x, S("unit")), .number = json_str(x, S("number")), .day = {(int32_t)json_int(x, S("day"), 0)}};
  plan.visits = visits;
  plan.visit_count = i;
  return plan;
}
