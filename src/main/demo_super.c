/* SPDX-License-Identifier: Apache-2.0 */
/*
 * demo_super.c: what people of the demonstration do about the orders that the daily look makes: most reply at once and the
 * supervisor closes when the matter is done, some let one or two rungs pass, some never reply. Which one is who is drawn
 * from the number of the order, so that a demonstration of any length has all of it.
 */
#include "main/demo.h"

enum { ORDERS_AT_ONCE = 300 };

static const DemoAccount *recipient(const Demo *d, const Directive *x) {
  bool window = str_eq(x->to_unit, d->policy->window_unit);
  if (str_eqz(x->level, "handler")) return demo_account(d, x->to_account);
  if (str_eqz(x->level, "section")) return window ? demo_account(d, S("wang")) : demo_unit_account(d, x->to_unit, false);
  if (str_eqz(x->level, "department")) return window ? demo_account(d, S("zhao")) : demo_unit_account(d, x->to_unit, true);
  if (str_eqz(x->level, "bureau")) return demo_account(d, S("wu"));
  return demo_account(d, x->to_account.len ? x->to_account : S("leader"));
}

/* How many rungs pass in silence: most none, some one, two, or all. */
static int patience(const Demo *d, const Directive *x) {
  static const int silent[] = {0, 0, 0, 0, 0, 1, 1, 2, 4, 9};
  return silent[demo_roll(d, x->no, 0, 0, S(""), "directive") % COUNT(silent)];
}

static int raises(const Directive *x) {
  int n = 0;
  for (size_t i = 0; i < x->step_count; i++) n += str_eqz(x->steps[i].kind, "raised");
  return n;
}

static bool returned(const Directive *x) {
  for (size_t i = 0; i < x->step_count; i++)
    if (str_eqz(x->steps[i].kind, "returned")) return true;
  return false;
}

/* The next act about an order on this day, if there is one. */
static bool act_of(Arena *m, const Demo *d, const Directive *x, int64_t now, Step *s) {
  int since = day_of(now).n - day_of(x->steps[x->step_count - 1].at).n;
  bool issued = str_eqz(x->status, "issued"), picky = x->no % 11 == 3 && !returned(x);
  *s = (Step){.args = json_obj(m)};
  if (x->settled && since >= 1 && !(x->no % 9 == 4 && since < 20)) {
    s->name = S("directive.close");
    s->by = demo_account(d, S("wu"));
    json_put_str(m, s->args, S("reason"), S("事项已经办结，原因已经说明（示例）。"));
  } else if (str_eqz(x->status, "replied") && since >= 1 && picky) {
    s->name = S("directive.return");
    s->by = demo_account(d, S("wu"));
    json_put_str(m, s->args, S("reason"), S("没有写明超期的原因，请补充（示例）。"));
  } else if (issued && !x->settled && raises(x) >= patience(d, x)) {
    s->name = S("directive.reply");
    s->by = recipient(d, x);
    json_put_str(m, s->args, S("reply"), S("因人员调整耽误，已经增派人手，抓紧办理（示例）。"));
    json_put_str(m, s->args, S("promised"), day_str(m, calendar_add(d->policy->calendar, day_of(now), 4 + (int)(x->no % 5))));
  }
  return s->by != NULL;
}

static Code act_send(Cx *cx, Runner *runner, const Directive *x, const Step *s, int64_t now) {
  CommandResult result;
  uint32_t roles = 0;
  TRY(roles_parse(cx, s->by->roles, &roles));
  Command cmd = {.name = s->name, .stream = arena_fmt(cx->mem, "directive/%lld", (long long)x->no), .args = s->args, .now = now,
                 .key = arena_fmt(cx->mem, "demo-order-%lld-%lld", (long long)x->no, (long long)x->seq),
                 .actor = {.id = s->by->id, .name = s->by->name, .unit = s->by->unit, .roles = roles}};
  return runner_run(cx, runner, &cmd, &result);
}

Code demo_super_day(Cx *cx, const Demo *d, Runner *runner, Reader *rd, int64_t now) {
  DirectiveRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  reader_begin(rd);
  TRY(directives_list(cx, rd, d->policy, &(DirectiveFilter){.open = true, .limit = ORDERS_AT_ONCE}, now, &rows, &n, &total));
  for (size_t i = 0; i < n; i++) {
    const Directive *x = NULL;
    Step s;
    if (str_eqz(rows[i].kind, "manual")) continue; /* these have their script, demo_early.c */
    TRY(directive_load(cx, rd, rows[i].no, &x));
    if (!act_of(cx->mem, d, x, now, &s)) continue;
    if (act_send(cx, runner, x, &s, now) != OK) log_line(LOG_WARN, "demo: %.*s %.*s: %.*s", SFMT(x->number), SFMT(s.name), SFMT(cx->detail));
    cx_clear(cx);
  }
  return OK;
}
