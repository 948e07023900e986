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

/* False when it is refused. */
static bool wu_sends(Cx *cx, const Demo *d, Runner *runner, Str stream, const char *command, Json *args, int64_t now, const char *what, int64_t no) {
  const DemoAccount *wu = demo_account(d, S("wu"));
  CommandResult result;
  Command cmd = {.name = str_of(command), .stream = stream, .args = args, .now = now, .key = arena_fmt(cx->mem, "demo-%s-%lld-%lld", what, (long long)no, (long long)now),
                 .actor = {.id = wu->id, .name = wu->name, .unit = wu->unit, .roles = ROLE_SUPERVISOR}};
  Code code = runner_run(cx, runner, &cmd, &result);
  cx_clear(cx);
  return code == OK;
}

/* One sign a day is looked at. */
static Code judge_one(Cx *cx, const Demo *d, Runner *runner, Reader *rd, int64_t now) {
  SignRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  TRY(signs_list(cx, rd, S(""), S(""), 0, 3, &rows, &n, &total));
  for (size_t i = 0; i < n; i++) {
    Judgement v;
    Str sign = arena_fmt(cx->mem, "%.*s-%lld", SFMT(rows[i].kind), (long long)rows[i].pos);
    uint64_t roll = demo_roll(d, rows[i].pos, 0, 0, S(""), "verdict") % 10;
    TRY(verdict_of(cx, rd, sign, &v));
    if (v.verdict.len || roll > 7) continue;
    Json *args = json_obj(cx->mem);
    json_put_str(cx->mem, args, S("sign"), sign);
    json_put_str(cx->mem, args, S("verdict"), roll < 5 ? S("true") : roll < 7 ? S("false") : S("unclear"));
    json_put_str(cx->mem, args, S("reason"), roll < 5 ? S("看过办件，确实不合规定，已经提醒（示例）。") : S("问过经办人，有正当原因（示例）。"));
    (void)wu_sends(cx, d, runner, S(""), "sign.judge", args, now, "sign", rows[i].pos);
    return OK;
  }
  return OK;
}

static Code notices_settle(Cx *cx, const Demo *d, Runner *runner, Reader *rd, int64_t now) {
  BulletinHead *rows = NULL;
  size_t n = 0;
  TRY(bulletins_list(cx, rd, false, 1, &rows, &n));
  if (!n || !str_eqz(rows[0].status, "draft") || now - rows[0].at < 3 * DAY_MS) return OK;
  Json *text = json_obj(cx->mem), *reason = json_obj(cx->mem);
  Str stream = arena_fmt(cx->mem, "bulletin/%lld", (long long)rows[0].no);
  json_put_str(cx->mem, text, S("text"), S("下列单位收到督办单以后，过了回复日仍没有回复，现予通报（示例）。"));
  json_put_str(cx->mem, reason, S("reason"), S("列入的单位都已经回复或者当面说明（示例）。"));
  bool sent = rows[0].no % 4 != 2 && wu_sends(cx, d, runner, stream, "bulletin.issue", text, now, "notice", rows[0].no);
  if (!sent) (void)wu_sends(cx, d, runner, stream, "bulletin.drop", reason, now, "no-notice", rows[0].no);
  return OK;
}

/* The first sample is looked through, one case a day. */
static Code sample_look(Cx *cx, const Demo *d, Runner *runner, Reader *rd, int64_t now) {
  const Sample *s = NULL;
  Code code = sample_load(cx, rd, 1, &s);
  cx_clear(cx);
  for (size_t i = 0; code == OK && str_eqz(s->status, "drawn") && i < s->picked_count; i++) {
    if (s->picked[i].at) continue;
    Json *args = json_obj(cx->mem);
    json_put_str(cx->mem, args, S("case"), s->picked[i].number);
    json_put_str(cx->mem, args, S("result"), i ? S("fault") : S("fine"));
    json_put_str(cx->mem, args, S("note"), i ? S("暂停通知书没有写明恢复的条件（示例）。") : S("材料齐全，时限内办理（示例）。"));
    (void)wu_sends(cx, d, runner, S("sample/1"), "sample.look", args, now, "sample", (int64_t)i);
    return OK;
  }
  return OK;
}

/* Of what is late, the lead of its stage urges some, once in a week. */
static Code urge_some(Cx *cx, const Demo *d, Runner *runner, Reader *rd, int64_t now) {
  enum { LOOKED = 40 };
  ItemRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  TRY(items_list(cx, rd, d->policy, &(ItemFilter){.lamp = S("red"), .open = true, .limit = LOOKED}, now, &rows, &n, &total));
  for (size_t i = 0; i < n; i++) {
    const DemoAccount *by = demo_account(d, arena_fmt(cx->mem, "lead-%.*s", SFMT(d->policy->stages[rows[i].stage].lead)));
    CommandResult result;
    uint32_t roles = 0;
    if (!by || demo_roll(d, rows[i].project, rows[i].stage, day_of(now).n, rows[i].code, "urge") % 7) continue;
    TRY(roles_parse(cx, by->roles, &roles));
    Json *args = json_obj(cx->mem);
    json_put_int(cx->mem, args, S("stage"), rows[i].stage);
    json_put_str(cx->mem, args, S("item"), rows[i].code);
    Command cmd = {.name = S("item.urge"), .stream = arena_fmt(cx->mem, "project/%lld", (long long)rows[i].project), .args = args, .now = now,
                   .key = arena_fmt(cx->mem, "demo-urge-%lld-%.*s-%d", (long long)rows[i].project, SFMT(rows[i].code), day_of(now).n),
                   .actor = {.id = by->id, .name = by->name, .unit = by->unit, .roles = roles}};
    if (runner_run(cx, runner, &cmd, &result) != OK) cx_clear(cx); /* under an older package somebody else leads, or its clock stands */
  }
  return OK;
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
  reader_begin(rd);
  TRY(urge_some(cx, d, runner, rd, now));
  TRY(judge_one(cx, d, runner, rd, now));
  TRY(notices_settle(cx, d, runner, rd, now));
  return sample_look(cx, d, runner, rd, now);
}
