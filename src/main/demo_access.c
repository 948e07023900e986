/* SPDX-License-Identifier: Apache-2.0 */
/* demo_access.c: requests for accounts and roles: three decided before the first registration, two that wait at the end; asked by sys, answered by sec. */
#include "main/demo.h"

typedef struct AskedFor { const char *command, *args, *answer, *reason; int day; } AskedFor; /* answer: NULL while it waits; day: after the first of them */
static const AskedFor asked[] = {
    {"access.create", "{\"id\":\"api2\",\"name\":\"傅某\",\"roles\":\"integrator\",\"reason\":\"与县平台对接（示例）\"}", "access.approve", NULL, 0},
    {"access.change", "{\"id\":\"wang\",\"roles\":\"clerk,window_head\",\"unit\":\"%s\",\"reason\":\"窗口负责人出差时代为阅批（示例）\"}", "access.refuse",
     "收件和阅批不能是同一个人，请让另一名窗口人员代（示例）", 1},
    {"access.change", "{\"id\":\"agent3\",\"roles\":\"agent,clerk\",\"unit\":\"%s\",\"reason\":\"兼收件（示例）\"}", "access.withdraw", NULL, 2},
    {"access.create", "{\"id\":\"ap2-water\",\"name\":\"邵某\",\"roles\":\"approver\",\"unit\":\"water\",\"reason\":\"接替下月退休的同事（示例）\"}", NULL, NULL, 3},
    {"access.change", "{\"id\":\"sun\",\"roles\":\"clerk,window_head\",\"unit\":\"%s\",\"reason\":\"窗口负责人出差时代为阅批，平时照常收件（示例）\"}", NULL, NULL, 4}};

static Code send(Cx *cx, const Demo *d, Runner *r, const char *by, const char *name, Str stream, Json *args, int64_t now, int at) {
  const DemoAccount *a = demo_account(d, str_of(by));
  CommandResult result;
  uint32_t roles = 0;
  TRY(roles_parse(cx, a->roles, &roles));
  Command cmd = {.name = str_of(name), .stream = stream, .args = args, .now = now, .key = arena_fmt(cx->mem, "demo-access-%d", at),
                 .actor = {.id = a->id, .name = a->name, .roles = roles}};
  return runner_run(cx, r, &cmd, &result);
}

Code demo_access_write(Cx *cx, const Demo *d, Runner *r, bool waiting) {
  int64_t no = 0;
  for (size_t i = 0; i < COUNT(asked); i++) {
    const AskedFor *a = &asked[i];
    if (waiting == (a->answer != NULL)) continue;
    int64_t now = waiting ? demo_moment(d, 0, 60) : demo_office(d, day_start((Day){day_of(d->first).n - 28 + a->day}) + 10 * 3600000LL);
    Json *args = NULL;
    Str text = str_of(a->args);
    ptrdiff_t at = str_find(text, S("%s"));
    if (at >= 0) text = arena_fmt(cx->mem, "%.*s%.*s%.*s", SFMT(str_sub(text, 0, (size_t)at)), SFMT(d->policy->window_unit), SFMT(str_sub(text, (size_t)at + 2, SIZE_MAX)));
    TRY(json_parse(cx, text, &args));
    Str unit = json_str(args, S("unit"));
    if (unit.len && !policy_unit(d->policy, unit)) continue; /* another city's package */
    TRY(send(cx, d, r, "sys", a->command, S(""), args, now, (int)i));
    no++;
    if (!a->answer) continue;
    Json *why = json_obj(cx->mem);
    if (a->reason) json_put_str(cx->mem, why, S("reason"), str_of(a->reason));
    TRY(send(cx, d, r, str_eqz(str_of(a->answer), "access.withdraw") ? "sys" : "sec", a->answer, arena_fmt(cx->mem, "access/%lld", (long long)no), why, now + 3600000, 100 + (int)i));
  }
  return OK;
}
