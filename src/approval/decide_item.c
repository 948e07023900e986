/* SPDX-License-Identifier: Apache-2.0 */
/* decide_item.c: what departments do with their items. */
#include "approval/approval_int.h"
#include "org/staff.h"

enum { OPINION_MIN = 10 };

Code item__mine(Cx *cx, const Ask *ask, At *at, ItemStatus need, ItemStatus other, const char *cannot) {
  TRY(at__item(cx, ask, at));
  if (!str_eq(at->i->unit, ask->cmd->actor.unit)) {
    const Unit *u = policy_unit(at->p, at->i->unit);
    Str name = u ? u->name : at->i->unit;
    FAIL(DENIED, "“%.*s”由%.*s办理，不归您的单位。", SFMT(at->i->name), SFMT(name));
  }
  TRY(at__seen(cx, at));
  if (at->i->status == need || (other && at->i->status == other)) return OK;
  Str label = item_status_label(at->i->status), when = time_cn(cx->mem, at->i->last_at);
  FAIL(CONFLICT, "“%.*s”现在是“%.*s”（%.*s，%.*s），不能%s。", SFMT(at->i->name), SFMT(label), SFMT(at->i->last_by), SFMT(when),
       cannot);
}

static void put_args(const At *at, Decision *d, Json *body, const char *const *names) {
  for (; *names; names++) {
    const Json *v = json_get(at->args, str_of(*names));
    if (v) json_put(decision_mem(d), body, str_of(*names), v);
  }
}

Code decide__take(Cx *cx, const Ask *ask, Decision *d) {
  At at;
  TRY(item__mine(cx, ask, &at, ITEM_WAITING, ITEM_STATUS_UNSET, "接单"));
  decision_emit(d, "item.taken", 1, at__body(&at, d));
  return OK;
}

/* The lead keeps the stage in time (D60-2.6.3: 一家牵头、限时办结), it does not act on the item: what the department has open stays valid. */
Code decide__urge(Cx *cx, const Ask *ask, Decision *d) {
  At at;
  TRY(at__item(cx, ask, &at));
  const Unit *lead = policy_unit(at.p, at.p->stages[at.n].lead);
  Str name = lead ? lead->name : S("牵头单位");
  if (!lead || !str_eq(lead->code, ask->cmd->actor.unit)) FAIL_AT(DENIED, S("item"), S("D60-2.6.3"), "第 %d 阶段由%.*s牵头，由它催办。", at.n, SFMT(name));
  if (!item_open(at.i)) FAIL(CONFLICT, "“%.*s”已经办结，不用催办。", SFMT(at.i->name));
  Reading reading = project_item_reading(at.p, at.i, ask->happened);
  Lamp lamp = reading.lamp;
  /* Past the day on which it was to go on, a pause waits for the department: to go on, or to say why it waits longer. */
  if (item_stopped(at.i) && !(at.i->status == ITEM_PAUSED && reading.stalled)) FAIL(CONFLICT, "“%.*s”的计时停着，等的不是承办单位，不用催办。", SFMT(at.i->name));
  if (lamp != LAMP_RED && lamp != LAMP_YELLOW) FAIL(CONFLICT, "“%.*s”没有亮黄灯、红灯，不用催办。", SFMT(at.i->name));
  Str by = at.i->urged_by;
  if (at.i->urged_at && day_of(at.i->urged_at).n == day_of(ask->happened).n) FAIL(CONFLICT, "“%.*s”今天已经催办过（%.*s），一天一次。", SFMT(at.i->name), SFMT(by));
  decision_emit(d, "item.urged", 1, at__body(&at, d));
  return OK;
}

Code decide__pause(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"cause", "notice", "planned", NULL};
  At at;
  Day planned = {0}, today = day_of(ask->happened);
  TRY(item__mine(cx, ask, &at, ITEM_TAKEN, ITEM_STATUS_UNSET, "暂停"));
  const Cause *c = policy_cause(at.p, json_str(at.args, S("cause")));
  if (!c || c->joint)
    FAIL_AT(INVALID, S("cause"), S("行政许可法第四十五条"), "请选择暂停的事由；只有清单上的事由才能不计入期限");
  if (!day_parse(json_str(at.args, S("planned")), &planned) || planned.n <= today.n)
    FAIL_AT(INVALID, S("planned"), S(""), "预计恢复的日期要在今天之后");
  if (c->max_days && calendar_count(at.p->calendar, today, planned) > c->max_days)
    FAIL_AT(INVALID, S("planned"), c->source.clause, "“%.*s”最多暂停 %d 个工作日", SFMT(c->name), c->max_days);
  if (at.i->pause_count >= ITEM_PAUSES_MAX) FAIL(LIMIT, "这个事项已经暂停过 %d 次，不能再暂停", ITEM_PAUSES_MAX);
  Json *body = at__body(&at, d);
  put_args(&at, d, body, names);
  decision_emit(d, "item.paused", 1, body);
  return OK;
}

/* Whoever waits longer than was told says so before it goes on: the same reason, a later day, not longer than the reason allows. */
Code decide__extend_pause(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"notice", "planned", NULL};
  At at;
  Day planned = {0}, today = day_of(ask->happened);
  TRY(item__mine(cx, ask, &at, ITEM_PAUSED, ITEM_STATUS_UNSET, "延长暂停"));
  TRY(ties__rests(cx, &at, "延长暂停"));
  const PauseState *last = &at.i->pauses[at.i->pause_count - 1];
  const Cause *c = policy_cause(at.p, last->cause);
  if (!day_parse(json_str(at.args, S("planned")), &planned) || planned.n <= today.n)
    FAIL_AT(INVALID, S("planned"), S(""), "预计恢复的日期要在今天之后");
  Str was = day_cn(cx->mem, last->planned);
  if (planned.n <= last->planned.n) FAIL_AT(INVALID, S("planned"), S(""), "原来预计 %.*s恢复，延长要写更晚的日期；可以早些恢复的，到时按“恢复计时”", SFMT(was));
  if (c && c->max_days && calendar_count(at.p->calendar, day_of(last->from), planned) > c->max_days)
    FAIL_AT(INVALID, S("planned"), c->source.clause, "“%.*s”从暂停那天算起最多 %d 个工作日，请写早一些的日期，或者恢复计时", SFMT(c->name), c->max_days);
  Json *body = at__body(&at, d);
  put_args(&at, d, body, names);
  json_put_str(decision_mem(d), body, S("cause"), last->cause);
  decision_emit(d, "item.pause-extended", 1, body);
  return OK;
}

Code decide__resume(Cx *cx, const Ask *ask, Decision *d) {
  At at;
  TRY(item__mine(cx, ask, &at, ITEM_PAUSED, ITEM_RETURNED, "恢复"));
  TRY(ties__rests(cx, &at, "恢复计时"));
  decision_emit(d, "item.resumed", 1, at__body(&at, d));
  return OK;
}

/* What is overdue stays overdue: an extension comes before the limit ends, or a red lamp could be made green. */
static Code before_due(Cx *cx, const At *at) {
  Reading r = project_item_reading(at->p, at->i, at->ask->happened);
  if (r.overdue) FAIL_AT(CONFLICT, S("days"), S("行政许可法第四十二条"), "已经超过期限，不能再延期；延期要在期限届满前批准。");
  return OK;
}

Code decide__ask_extension(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"days", "reason", NULL};
  At at;
  TRY(item__mine(cx, ask, &at, ITEM_TAKEN, ITEM_STATUS_UNSET, "申请延期"));
  int64_t days = json_int(at.args, S("days"), 0);
  if (at.i->extension_asked) FAIL(CONFLICT, "延期申请正等部门负责人批准");
  if (at.i->extended) FAIL_AT(CONFLICT, S("days"), S("行政许可法第四十二条"), "已经申请过一次延期，不能再次延期");
  TRY(before_due(cx, &at));
  if (days < 1 || days > at.p->extend_days)
    FAIL_AT(INVALID, S("days"), S("行政许可法第四十二条"), "延期应为 1 到 %d 个工作日", at.p->extend_days);
  const ClockRule *joint = policy_clock(at.p, S("joint"));
  if (joint && at.i->limit + days > joint->count + joint->extend)
    FAIL_AT(INVALID, S("days"), S("行政许可法第四十二条"), "联合办理连同延期最多 %d 个工作日，这一项已有 %d 个", joint->count + joint->extend, at.i->limit);
  Json *body = at__body(&at, d);
  put_args(&at, d, body, names);
  decision_emit(d, "item.extension-asked", 1, body);
  return OK;
}

static Code asked(Cx *cx, const Ask *ask, At *at) {
  TRY(at__item(cx, ask, at));
  if (!str_eq(at->i->unit, ask->cmd->actor.unit)) FAIL(DENIED, "只能由承办单位的负责人批准延期");
  if (!at->i->extension_asked) FAIL(CONFLICT, "这个事项没有等待批准的延期申请");
  if (!item_open(at->i)) FAIL(CONFLICT, "这个事项已经办结，不能延期");
  return OK;
}

Code decide__extend(Cx *cx, const Ask *ask, Decision *d) {
  At at;
  Arena *m = decision_mem(d);
  TRY(asked(cx, ask, &at));
  TRY(before_due(cx, &at));
  Json *body = at__body(&at, d);
  json_put_int(m, body, S("days"), at.i->extension_days);
  json_put_str(m, body, S("notice"),
               arena_fmt(m, "“%.*s”经批准延长 %d 个工作日，理由：%.*s", SFMT(at.i->name), at.i->extension_days,
                         SFMT(at.i->extension_reason)));
  decision_emit(d, "item.extended", 1, body);
  return OK;
}

Code decide__refuse_extension(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"reason", NULL};
  At at;
  TRY(asked(cx, ask, &at));
  Json *body = at__body(&at, d);
  put_args(&at, d, body, names);
  decision_emit(d, "item.extension-refused", 1, body);
  return OK;
}

Code decide__item(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"result", "opinion", "signature", "article", NULL};
  At at;
  TRY(item__mine(cx, ask, &at, ITEM_TAKEN, ITEM_STATUS_UNSET, "作出决定"));
  TRY(ties__free(cx, &at, "作出决定"));
  TRY(authority_check(cx, ask, at.p, at.i->name));
  bool refuse = str_eq(json_str(at.args, S("result")), S("refuse"));
  if (!str_eq(json_str(at.args, S("signature")), ask->cmd->actor.name))
    FAIL_AT(INVALID, S("signature"), S("D60-4.15-p2"), "请签上您自己的姓名：%.*s（签字负责制）", SFMT(ask->cmd->actor.name));
  if (refuse) TRY(drawings__no_second(cx, &at, "不通过"));
  else TRY(drawings__may_pass(cx, &at));
  if (!refuse) TRY(hold__may_pass(cx, &at));
  if (refuse && utf8_count(json_str(at.args, S("opinion"))) < OPINION_MIN)
    FAIL_AT(INVALID, S("opinion"), S("行政许可法第三十八条"), "不通过要写明理由，至少 %d 个字", OPINION_MIN);
  if (refuse && !json_str(at.args, S("article")).len)
    FAIL_AT(INVALID, S("article"), S("行政许可法第三十八条"), "不通过要写明依据的法条");
  if (refuse && !article_allowed(at.p, policy_item(at.p, at.i->code), json_str(at.args, S("article"))))
    FAIL_AT(INVALID, S("article"), S("行政许可法第三十八条"), "“%.*s”看不出是哪部法的哪一条。请选一条，或者写成“《法律名称》第几条”，如《中华人民共和国城乡规划法》第四十条。",
            SFMT(json_str(at.args, S("article"))));
  Json *body = at__body(&at, d);
  json_put_str(decision_mem(d), body, S("name"), at.i->name); /* for whoever reads the receipt without the package */
  put_args(&at, d, body, names);
  if (!refuse) promise__put(&at, d, body);
  if (refuse) TRY(cites__relation(cx, &at, at.i->unit, "不通过", d, body));
  decision_emit(d, "item.decided", 1, body);
  return OK;
}
