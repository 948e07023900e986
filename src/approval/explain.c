/* SPDX-License-Identifier: Apache-2.0 */
/*
 * explain.c: a clock told day by day with the acts behind it, and why the upper platform counts otherwise.
 * Days and their holders come from the calendar's ledger; here the events get their names.
 */
#include "approval/approval_int.h"

typedef enum Differs { DIFFERS_NOT, DIFFERS_DISPATCH, DIFFERS_PAUSED, DIFFERS_CERTIFICATE, DIFFERS_LEFT_OUT, DIFFERS__MAX } Differs;
static const struct { const char *code, *text; } differs[DIFFERS__MAX] = {
    [DIFFERS_NOT] = {"", ""},
    [DIFFERS_DISPATCH] = {"before-dispatch", "受理后还没有转到部门：本系统计入阶段，省级平台还没有事项可计"},
    [DIFFERS_PAUSED] = {"one-paused", "有事项暂停，同时有事项在办：本系统计入阶段，省级平台只要一个事项暂停就不计"},
    [DIFFERS_CERTIFICATE] = {"waiting-certificate", "这一天没有在办的事项（已办完，还没有出件）：本系统计到出件，省级平台不计"},
    [DIFFERS_LEFT_OUT] = {"left-out", "在办的只有后来不予许可、撤回或者重新申报的事项：本系统照计，省级平台剔除这些办理"},
};
static const struct { const char *code, *label; } holders[HOLDER__MAX] = {
    [HELD_UNIT] = {"unit", "审批部门"}, [HELD_APPLICANT] = {"applicant", "申请人"},
    [HELD_THIRD] = {"third", "第三方"}, [HELD_NOBODY] = {"nobody", "休息日"}};

typedef struct Told { /* the clock that is told, and what its days are explained from */
  Arena *mem;
  const Policy *p;
  const StageState *s;
  const ItemState *item; /* NULL: the stage's clock */
  StageParts parts;      /* of an item: itself alone */
  const Calendar *calendar; /* that the clock follows, and which version it is */
  int version;
  Day today;
  DayLedger ledger;
  int days[DIFFERS__MAX];
  Json *out;
} Told;

typedef struct Act { /* what gave the clock to its holder */
  Str text, by;
  int64_t at;
} Act;

static void put_act(Arena *m, Json *obj, const Act *act) {
  json_put_str(m, obj, S("event"), act->text);
  json_put_str(m, obj, S("event_at"), act->at ? time_cn(m, act->at) : S(""));
  json_put_str(m, obj, S("event_by"), act->by);
}

/* ---- which act ------------------------------------------------------------------------------------ */

static Act act_start(const Told *t, const ItemState *i) {
  if (i && i->opens && !i->again) return (Act){.text = arena_fmt(t->mem, "%.*s出件", SFMT(t->s->certificate)), .at = t->s->certified_at, .by = t->s->certified_by};
  if (i && i->again) return (Act){.text = S("重新申报"), .at = day_start(i->start)};
  if (i && i->kept_from) return (Act){.text = arena_fmt(t->mem, "第 %d 次申请受理", i->kept_from), .at = day_start(i->start)};
  if (t->s->deemed) return (Act){.text = S("视为受理，自收到之日起算"), .at = t->s->accepted_at};
  return (Act){.text = S("受理"), .at = t->s->accepted_at, .by = t->s->accepted_by};
}

/* The last act before the day that gave an item back to its unit: the end of a pause, or the acceptance. */
static Act act_running(const Told *t, const ItemState *i, Day d) {
  const PauseState *last = NULL;
  for (size_t n = 0; n < i->pause_count; n++) {
    const PauseState *p = &i->pauses[n];
    if (p->to && day_of(p->to).n < d.n && (!last || p->to > last->to)) last = p;
  }
  if (!last) return act_start(t, i);
  return (Act){.text = S("恢复计时"), .at = last->to, .by = last->ended_by};
}

static Act act_paused(const Told *t, const ItemState *i, int pause) {
  const PauseState *p = &i->pauses[pause];
  const Cause *cause = policy_cause(t->p, p->cause);
  Str name = cause ? cause->name : p->cause;
  return (Act){.text = arena_fmt(t->mem, "暂停：%.*s", SFMT(name)), .at = p->from, .by = p->by};
}

static bool item_there(const ItemClock *k, Day d) {
  return d.n > k->start.n && (k->end_kind == END_NONE || d.n <= k->end.n);
}

/* Holds for days ahead too: what is paused today stays paused. */
static bool item_runs(const Told *t, const ItemClock *k, Day d) {
  if (!item_there(k, d)) return false;
  for (size_t i = 0; i < k->pause_count; i++) {
    const Pause *p = &k->pauses[i];
    if (p->from.n <= t->today.n && d.n > p->from.n && (p->open || d.n <= p->to.n)) return false;
  }
  return true;
}

/* Until it is sent on the stage is the window's: first the clerk's, and from the slip on the head's. */
static Act act_window(const Told *t, Day d) {
  int64_t drafted = t->s->slip ? json_int(t->s->slip, S("at"), 0) : 0;
  if (drafted && day_of(drafted).n < d.n) return (Act){.text = S("派给各部门的单子已拟好，等窗口负责人签字"), .at = drafted, .by = json_str(t->s->slip, S("by"))};
  Act act = act_start(t, NULL);
  act.text = arena_fmt(t->mem, "%.*s，等待转给各部门", SFMT(act.text));
  return act;
}

/* A stage on a day: the items that run it, else what it waits for. */
static Act act_stage(const Told *t, Day d) {
  const ItemState *first = NULL, *last_ended = NULL;
  int running = 0;
  if (!t->s->dispatched_at || d.n <= day_of(t->s->dispatched_at).n) return act_window(t, d);
  for (size_t i = 0; i < t->parts.clock.item_count; i++) {
    const ItemState *item = t->parts.items[i];
    if (item_runs(t, &t->parts.clock.items[i], d) && !running++) first = item;
    if (item->decided_at && day_of(item->decided_at).n < d.n && (!last_ended || item->decided_at > last_ended->decided_at))
      last_ended = item;
  }
  if (running) {
    Act act = act_running(t, first, d);
    act.text = running > 1 ? arena_fmt(t->mem, "“%.*s”等 %d 项在办：%.*s", SFMT(first->name), running, SFMT(act.text))
                           : arena_fmt(t->mem, "“%.*s”在办：%.*s", SFMT(first->name), SFMT(act.text));
    return act;
  }
  if (last_ended && last_ended->status == ITEM_WITHDRAWN)
    return (Act){.text = arena_fmt(t->mem, "“%.*s”撤回，没有在办的事项", SFMT(last_ended->name)), .at = last_ended->decided_at, .by = last_ended->last_by};
  if (last_ended)
    return (Act){.text = arena_fmt(t->mem, "事项已办完，待出件：最后是“%.*s”", SFMT(last_ended->name)),
                 .at = last_ended->decided_at, .by = last_ended->decided_by};
  return act_window(t, d);
}

static Act act_of(const Told *t, const LedgerDay *row) {
  if (row->holder == HELD_NOBODY) return (Act){0};
  if (row->pause >= 0) {
    const ItemState *i = t->parts.items[row->item];
    Act act = act_paused(t, i, row->pause);
    if (!t->item) act.text = arena_fmt(t->mem, "“%.*s”%.*s", SFMT(i->name), SFMT(act.text));
    return act;
  }
  return t->item ? act_running(t, t->item, row->day) : act_stage(t, row->day);
}

/* ---- why the figures differ ------------------------------------------------------------------------ */

static Differs differs_of(const Told *t, const LedgerDay *row) {
  bool counted = row->work && row->holder == HELD_UNIT && !row->ahead, there = false, any = false;
  if (counted == row->provincial) return DIFFERS_NOT;
  if (!t->parts.clock.item_count) return DIFFERS_DISPATCH;
  for (size_t i = 0; i < t->parts.clock.item_count; i++) {
    if (!item_there(&t->parts.clock.items[i], row->day)) continue;
    any = true;
    if (!t->parts.left_out[i]) there = true;
  }
  return there ? DIFFERS_PAUSED : any ? DIFFERS_LEFT_OUT : DIFFERS_CERTIFICATE;
}

static void put_differs(const Told *t) {
  Json *list = json_put_arr(t->mem, t->out, S("differs"));
  for (int d = DIFFERS_NOT + 1; d < DIFFERS__MAX; d++) {
    if (!t->days[d]) continue;
    Json *one = json_push_obj(t->mem, list);
    json_put_str(t->mem, one, S("code"), str_of(differs[d].code));
    json_put_str(t->mem, one, S("text"), str_of(differs[d].text));
    json_put_int(t->mem, one, S("days"), t->days[d]);
  }
}

/* ---- the tree -------------------------------------------------------------------------------------- */

/* The office is one party of the clock; which part of it has the matter is said in words: the window until it has sent it on, and at the end again. */
static const char *holder_label(const Told *t, const LedgerDay *row) {
  Day sent = t->item ? t->item->dispatched : t->s->dispatched_at ? day_of(t->s->dispatched_at) : row->day;
  if (row->holder != HELD_UNIT) return holders[row->holder].label;
  if (row->day.n <= sent.n) return "综合窗口（转部门前）";
  bool runs = t->item || !t->parts.clock.item_count;
  for (size_t i = 0; i < t->parts.clock.item_count && !runs; i++) runs = item_runs(t, &t->parts.clock.items[i], row->day);
  return runs ? holders[HELD_UNIT].label : "综合窗口（待出件）";
}

static void put_row(Told *t, Json *obj, const LedgerDay *row) {
  static const char *const week[] = {"", "周一", "周二", "周三", "周四", "周五", "周六", "周日"};
  Arena *m = t->mem;
  Differs d = differs_of(t, row);
  Act act = act_of(t, row);
  t->days[d]++;
  json_put_str(m, obj, S("date"), day_str(m, row->day));
  json_put_str(m, obj, S("weekday"), str_of(week[day_weekday(row->day)]));
  json_put_bool(m, obj, S("work"), row->work);
  json_put_str(m, obj, S("reason"), row->reason);
  json_put_str(m, obj, S("notice"), row->notice);
  json_put_bool(m, obj, S("provisional"), row->provisional);
  json_put_str(m, obj, S("holder"), str_of(holders[row->holder].code));
  json_put_str(m, obj, S("holder_label"), str_of(holder_label(t, row)));
  put_act(m, obj, &act);
  json_put_int(m, obj, S("count"), row->count);
  json_put_bool(m, obj, S("due"), row->due);
  json_put_bool(m, obj, S("ahead"), row->ahead);
  json_put_bool(m, obj, S("spare"), t->parts.clock.end_kind != END_NONE && row->day.n > t->parts.clock.end.n); /* what was left of the limit: nothing is to come on it */
  json_put_bool(m, obj, S("provincial"), row->provincial);
  json_put_str(m, obj, S("differs"), str_of(differs[d].code));
}

static void put_reading(Arena *m, Json *obj, const Reading *r) {
  json_put_int(m, obj, S("used"), r->used);
  json_put_int(m, obj, S("left"), r->left);
  json_put_int(m, obj, S("gross"), r->gross);
  Json *held = json_put_obj(m, obj, S("held"));
  for (int h = 0; h < HOLDER__MAX; h++) json_put_int(m, held, str_of(holders[h].code), r->held[h]);
  json_put_bool(m, obj, S("paused"), r->paused);
  json_put_bool(m, obj, S("overdue"), r->overdue);
  json_put_int(m, obj, S("overdue_days"), r->overdue_days);
  json_put_bool(m, obj, S("provisional"), r->provisional);
  json_put_str(m, obj, S("lamp"), lamp_code(r->lamp));
  json_put_str(m, obj, S("lamp_label"), lamp_label(r->lamp));
  Day due = r->has_due ? r->due : r->due_if_resumed_today;
  json_put_str(m, obj, S("due"), day_str(m, due));
  json_put_str(m, obj, S("due_cn"), day_cn(m, due));
  json_put_bool(m, obj, S("if_resumed"), !r->has_due && !r->overdue);
}

static void put_source(Arena *m, const Policy *p, Json *obj, Source src) {
  const Clause *c = policy_clause(p, src.clause);
  json_put_str(m, obj, S("clause"), src.clause);
  json_put_str(m, obj, S("number"), c ? c->number : S(""));
  json_put_str(m, obj, S("doc"), c ? c->doc : S(""));
  json_put_str(m, obj, S("text"), c ? c->text : S(""));
  json_put_bool(m, obj, S("sample"), src.sample);
}

static void put_limit(const Told *t, const Project *pr) {
  Arena *m = t->mem;
  const Category *category = policy_category(t->p, pr->category);
  const Item *item = t->item ? policy_item(t->p, t->item->code) : NULL;
  int base = t->item ? t->item->days : t->s->limit, limit = t->parts.clock.limit;
  json_put_int(m, t->out, S("limit"), limit);
  json_put_int(m, t->out, S("limit_base"), base);
  json_put_int(m, t->out, S("limit_added"), limit - base);
  put_source(m, t->p, json_put_obj(m, t->out, S("limit_source")),
             item ? item->days_source : category && !t->item ? category->source : (Source){0});
  json_put_str(m, t->out, S("policy_version"), t->s->policy_version);
  Json *calendar = json_put_obj(m, t->out, S("calendar"));
  json_put_int(m, calendar, S("last_year"), calendar_last_year(t->calendar));
  json_put_int(m, calendar, S("version"), t->version);
  json_put_str(m, calendar, S("package"), t->p->version);
  json_put_str(m, calendar, S("hash"), t->p->dir_hash);
}

static void put_head(const Told *t, const Project *pr, int stage, int64_t now) {
  Arena *m = t->mem;
  Json *o = t->out;
  Str unit = t->item ? t->item->unit : t->p->stages[stage].lead;
  const Unit *u = policy_unit(t->p, unit);
  const StageClock *k = &t->parts.clock;
  Act start = act_start(t, t->item);
  json_put_str(m, o, S("number"), pr->number);
  json_put_str(m, o, S("project"), pr->name);
  json_put_str(m, o, S("category"), pr->category);
  json_put_int(m, o, S("stage"), stage);
  json_put_str(m, o, S("stage_name"), t->p->stages[stage].name);
  json_put_str(m, o, S("item"), t->item ? t->item->code : S(""));
  json_put_str(m, o, S("item_name"), t->item ? t->item->name : S(""));
  json_put_str(m, o, S("unit"), unit);
  json_put_str(m, o, S("unit_name"), u ? u->name : unit);
  json_put_str(m, o, S("status"), t->item ? item_status_text(t->item->status) : stage_status_text(t->s->status));
  json_put_str(m, o, S("status_label"), t->item ? item_status_plain(t->item->status) : stage_status_shown(t->s, false));
  json_put_str(m, o, S("as_of"), day_str(m, day_of(now)));
  json_put_str(m, o, S("start"), day_str(m, k->start));
  json_put_str(m, o, S("start_how"), start.text);
  json_put_str(m, o, S("start_at"), time_cn(m, start.at));
  json_put_str(m, o, S("start_by"), start.by);
  if (k->end_kind != END_NONE) json_put_str(m, o, S("ended"), day_str(m, k->end));
  else json_put(m, o, S("ended"), &(Json){.kind = JSON_NULL});
}

static void put_provincial(const Told *t, int days) {
  if (days >= 0) json_put_int(t->mem, t->out, S("provincial"), days);
  else json_put(t->mem, t->out, S("provincial"), &(Json){.kind = JSON_NULL});
}

static void tell(Told *t, const Project *pr, int stage, int64_t now) {
  Arena *m = t->mem;
  const Calendar *c = t->calendar;
  const StageClock *k = &t->parts.clock;
  Day today = t->today;
  t->ledger = t->item ? clock_item_ledger(m, c, &k->items[0], t->parts.left_out[0], today)
                      : clock_stage_ledger(m, c, k, t->parts.left_out, today);
  Reading r = t->item ? clock_item(c, &k->items[0], today, t->p->lamp) : clock_stage(m, c, k, today, t->p->lamp);
  put_head(t, pr, stage, now);
  put_limit(t, pr);
  put_reading(m, json_put_obj(m, t->out, S("reading")), &r);
  put_provincial(t, t->item ? clock_item_provincial(c, &k->items[0], t->parts.left_out[0], today)
                            : clock_stage_provincial(m, c, k, t->parts.left_out, today));
  json_put_bool(m, t->out, S("cut"), t->ledger.cut);
  Json *rows = json_put_arr(m, t->out, S("rows"));
  for (size_t i = 0; i < t->ledger.count; i++) put_row(t, json_push_obj(m, rows), &t->ledger.list[i]);
  put_differs(t);
}

static StageParts item_parts(Arena *mem, const Policy *p, const ItemState *i) {
  ItemClock *clock = arena_new(mem, ItemClock);
  StageParts out = {.items = arena_array(mem, const ItemState *, 1), .left_out = arena_new(mem, bool)};
  *clock = item__clock(mem, p, i);
  out.items[0] = i;
  out.left_out[0] = item__left_out(i);
  out.clock = (StageClock){.start = clock->start, .limit = clock->limit, .items = clock, .item_count = 1,
                           .end_kind = clock->end_kind, .end = clock->end};
  return out;
}

Code project_explain(Cx *cx, const Policy *p, const Project *pr, int stage, Str item, int64_t now, Json **out) {
  if (stage < 1 || stage > STAGE_MAX) FAIL_AT(NOT_FOUND, S("stage"), S(""), "阶段是 1 到 %d。", STAGE_MAX);
  const StageState *s = &pr->stages[stage];
  if (s->status == STAGE_NA) FAIL_AT(NOT_FOUND, S("stage"), S(""), "这个类别没有第 %d 阶段。", stage);
  if (!s->accepted_at) FAIL_AT(NOT_FOUND, S("stage"), S(""), "第 %d 阶段还没有受理，没有台账。", stage);
  Told t = {.mem = cx->mem, .p = p, .s = s, .today = day_of(now), .out = json_obj(cx->mem)};
  if (item.len) {
    t.item = stage_item(s, item);
    if (!t.item) FAIL_AT(NOT_FOUND, S("item"), S(""), "第 %d 阶段没有派转事项 %.*s。", stage, SFMT(item));
    if (t.item->status == ITEM_HELD) FAIL_AT(NOT_FOUND, S("item"), S(""), "“%.*s”在第 %d 阶段出件时开始，还没有台账。", SFMT(t.item->name), stage);
  }
  t.parts = t.item ? item_parts(cx->mem, p, t.item) : stage__parts(cx->mem, p, s);
  t.calendar = t.item ? item__calendar(p, t.item) : project_stage_calendar(p, pr, stage);
  t.version = t.calendar == p->calendar ? p->calendar_version : t.item ? t.item->calendar : s->calendar;
  tell(&t, pr, stage, now);
  *out = t.out;
  return OK;
}
