/* SPDX-License-Identifier: Apache-2.0 */
/* demo_staff.c: who was seconded to the window, one more than there are seats, and who may sign what: everybody his unit's items, but one. */
#include "main/demo.h"

static const struct { const char *account, *post; } seats[] = {
    {"wang", "seat-counter"}, {"sun", "seat-counter"}, {"wu", "seat-business"},
    {"ap-housing-construction", "seat-housing-approver"}, {"ap-development-reform", "seat-development"},
    {"ap-natural-resources", "seat-natural"}, {"ap-emergency", "seat-emergency"}, {"ap-power-company", "seat-power"},
    {"ap-water-company", "seat-water"}, {"ap-gas-company", "seat-gas"},
    {"ap-ecology-environment", "seat-ecology"}, {"ap2-ecology-environment", "seat-ecology"}}; /* one seat, two persons */

static Code send(Cx *cx, const Demo *d, Runner *r, const DemoAccount *by, Str account, const char *name, Json *args) {
  CommandResult result;
  uint32_t roles = 0;
  TRY(roles_parse(cx, by->roles, &roles));
  Command cmd = {.name = str_of(name), .stream = arena_fmt(cx->mem, "user/%.*s", SFMT(account)), .args = args, .now = demo_office(d, d->first - 29 * DAY_MS),
                 .key = arena_fmt(cx->mem, "demo-staff-%s-%.*s", name + 5, SFMT(account)),
                 .actor = {.id = by->id, .name = by->name, .unit = by->unit, .roles = roles}};
  return runner_run(cx, r, &cmd, &result);
}

static Code authorise(Cx *cx, const Demo *d, Runner *r, const DemoAccount *a) {
  const DemoAccount *head = demo_unit_account(d, a->unit, true);
  const Unit *u = policy_unit(d->policy, a->unit);
  bool region = u && (str_eqz(u->kind, "county") || str_eqz(u->kind, "zone"));
  Json *args = json_obj(cx->mem), *items = json_put_arr(cx->mem, args, S("items"));
  for (size_t i = 0; i < d->policy->item_count; i++) {
    const Item *x = &d->policy->items[i];
    if (str_eq(x->unit, a->unit) || (region && (str_eqz(x->unit, "county") || x->county_when))) json_push_str(cx->mem, items, x->code);
  }
  if (!head || !items->first) return OK;
  json_put_str(cx->mem, args, S("from"), day_str(cx->mem, day_of(demo_office(d, d->first - 29 * DAY_MS))));
  json_put_str(cx->mem, args, S("document"), S("授权书（示例）"));
  return send(cx, d, r, head, a->id, "user.authorise", args);
}

Code demo_staff_write(Cx *cx, const Demo *d, Runner *r) {
  for (size_t i = 0; i < d->account_count; i++)
    if (str_starts(d->accounts[i].id, S("ap-"))) TRY(authorise(cx, d, r, &d->accounts[i]));
  for (size_t i = 0; i < COUNT(seats); i++) {
    Json *args = json_obj(cx->mem);
    if (!demo_account(d, str_of(seats[i].account)) || !policy_post(d->policy, str_of(seats[i].post))) continue; /* another city's package */
    json_put_str(cx->mem, args, S("post"), str_of(seats[i].post));
    json_put_str(cx->mem, args, S("fit"), S("工程管理专业，从事审批工作五年（示例）"));
    json_put_bool(cx->mem, args, S("discipline"), true);
    TRY(send(cx, d, r, demo_account(d, S("zhao")), str_of(seats[i].account), "user.second", args));
  }
  return OK;
}
