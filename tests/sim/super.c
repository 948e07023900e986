/* SPDX-License-Identifier: Apache-2.0 */
/* super.c: who is in charge of what, and the orders of the supervisor; and a shadow of both, told by the events alone. */
#include "sim.h"

#include "org/portfolio.h"

static const char *const leaders[] = {"朱云", "马文志", ""}, *const units[] = {"business-environment", "housing-construction"};

/* ---- what is asked for ------------------------------------------------------------------------------------ */

static void portfolio_step(City *c) {
  const Account *by = chance(c, 85) ? somebody(c, ROLE_SYSADMIN, S("")) : anybody(c);
  Sent s = sent_new(c, S("portfolio.change"), S(""), by);
  if (!s.mem) return;
  Json *a = json_obj(s.mem), *row = json_push_obj(s.mem, json_put_arr(s.mem, a, S("rows")));
  Day from = {day_of(c->now).n + (int)roll(c, 60) - 30};
  json_put_str(s.mem, a, S("from"), day_str(s.mem, from));
  json_put_str(s.mem, a, S("document"), S("分工调整（示例）"));
  json_put_str(s.mem, row, S("unit"), str_of(units[roll(c, COUNT(units))]));
  json_put_str(s.mem, row, S("relation"), S("charge"));
  json_put_str(s.mem, row, S("leader"), str_of(leaders[roll(c, COUNT(leaders))]));
  sent_fill(c, &s, NULL, 0, NULL, a);
  if (!(by->roles & ROLE_SYSADMIN)) s.wrong = "portfolios are entered by the administrator";
  send_one(c, &s);
  sent_keep(c, &s);
}

void super_step(City *c) {
  portfolio_step(c);
}

/* ---- what may have happened -------------------------------------------------------------------------------- */

static void portfolio_event(City *c, const Event *e) {
  ShSuper *s = &c->super;
  const Json *row = json_get(e->body, S("rows"))->first;
  Day from = {0};
  CHECK(c, row && day_parse(json_str(e->body, S("from")), &from), "a change has a day", "%.*s", SFMT(e->stream));
  if (c->failed || s->duty_count == COUNT(s->duties)) return;
  s->duties[s->duty_count].unit = arena_str(c->mem, json_str(row, S("unit")));
  s->duties[s->duty_count].leader = arena_str(c->mem, json_str(row, S("leader")));
  s->duties[s->duty_count++].from = from;
}

void super_event(City *c, const Event *e) {
  if (str_eqz(e->kind, "portfolio.changed")) portfolio_event(c, e);
}

/* The last said of the latest day that has begun; before any, what the package says from its day on. */
static Str in_charge(const City *c, Str unit, Day on) {
  Day since = {0}, package = {0};
  Str who = S("");
  (void)day_parse(c->package->leaders_from, &package);
  if (on.n >= package.n) {
    since = package;
    who = str_eqz(unit, units[0]) ? S("朱云") : S("马文志");
  }
  for (size_t i = 0; i < c->super.duty_count; i++) {
    if (!str_eq(c->super.duties[i].unit, unit) || c->super.duties[i].from.n > on.n || c->super.duties[i].from.n < since.n) continue;
    since = c->super.duties[i].from;
    who = c->super.duties[i].leader;
  }
  return who;
}

void super_check(City *c) {
  Cx cx = {.mem = c->cx.mem, .now = c->now};
  for (size_t i = 0; i < COUNT(units) && !c->failed; i++) {
    Day on = {day_of(c->now).n + (int)roll(c, 80) - 40};
    Duty *list = NULL;
    size_t n = 0;
    Code code = portfolio_of(&cx, reader_views(c->reader), c->package, str_of(units[i]), on, &list, &n);
    Str want = in_charge(c, str_of(units[i]), on), got = n ? list[0].leader : S("");
    CHECK(c, code == OK && str_eq(want, got), "who is in charge is answered for a day", "%s on %.*s: %.*s, not %.*s", units[i], SFMT(day_str(cx.mem, on)),
          SFMT(got), SFMT(want));
  }
}
