/* SPDX-License-Identifier: Apache-2.0 */
/* calendar_decide.c: notices that change the calendar: proposed by one person, confirmed by another. */
#include "approval/approval_int.h"

#include <stdlib.h>

enum { NAME_MAX_CHARS = 20, NOTICE_MAX = 120 };

static const Arg propose_args[] = {
    {.name = "changes", .label = "变动的日子", .type = ARG_LIST, .required = true, .max = CALENDAR_CHANGES_MAX,
     .hint = "[{\"date\":\"2020-01-31\",\"kind\":\"holiday|workday|normal\",\"name\":\"春节\"}]"},
    {.name = "notice", .label = "通知", .type = ARG_TEXT, .required = true, .min = 4, .max = NOTICE_MAX,
     .hint = "发文机关、文号或网址"},
    {.name = "reason", .label = "说明", .type = ARG_LONG, .required = true, .min = 2, .max = 500}};
static const Arg confirm_args[] = {PROPOSAL_NO};
static const Arg reject_args[] = {PROPOSAL_NO, PROPOSAL_WHY};
static const char what[] = "日历变更";

/* ---- the days ---------------------------------------------------------------------------------------- */

/* A holiday that falls on a Saturday is listed all the same: the notice names it. */
bool calendar_is_so(const Calendar *c, const DayChange *d) {
  DayKind kind = DAY_NORMAL;
  Str name;
  bool listed = calendar_listed(c, d->day, &kind, &name);
  if (listed) return kind == d->kind && (kind == DAY_NORMAL || str_eq(name, d->name));
  return d->kind == DAY_NORMAL || (d->kind == DAY_WORKDAY && day_weekday(d->day) <= 5);
}

static int by_day(const void *x, const void *y) {
  const DayChange *a = x, *b = y;
  return (a->day.n > b->day.n) - (a->day.n < b->day.n);
}

static Code change_read(Cx *cx, const Calendar *c, const Json *one, Str field, size_t line, DayChange *d) {
  Str date = json_str(one, S("date")), kind = json_str(one, S("kind"));
  int n = (int)line;
  if (one->kind != JSON_OBJ) FAIL_AT(INVALID, field, S(""), "第 %d 行：要写日期、种类和名称", n);
  for (const Json *m = one->first; m; m = m->next)
    if (!str_eqz(m->key, "date") && !str_eqz(m->key, "kind") && !str_eqz(m->key, "name"))
      FAIL_AT(INVALID, field, S(""), "第 %d 行：不认识 %.*s，只写 date、kind、name", n, SFMT(m->key));
  if (!day_parse(date, &d->day)) FAIL_AT(INVALID, field, S(""), "第 %d 行：“%.*s”不是日期，请写成 2026-10-01 这样", n, SFMT(date));
  if (!calendar_covers(d->day)) FAIL_AT(INVALID, field, S(""), "第 %d 行：%.*s 不在 2000 年至 2099 年之内", n, SFMT(date));
  if (!day_kind_parse(kind, &d->kind))
    FAIL_AT(INVALID, field, S(""), "第 %d 行：%.*s 要选放假（holiday）、上班（workday）或照常（normal）", n, SFMT(date));
  d->name = json_str(one, S("name"));
  size_t chars = utf8_count(d->name);
  if (!chars && d->kind != DAY_NORMAL) FAIL_AT(INVALID, field, S(""), "第 %d 行：%.*s 要写节日或事由的名称", n, SFMT(date));
  if (chars > NAME_MAX_CHARS || str_has(d->name, S(",")) || utf8_has_bidi(d->name) || utf8_has_control(d->name))
    FAIL_AT(INVALID, field, S(""), "第 %d 行：名称最多 %d 个字，不能有英文逗号", n, NAME_MAX_CHARS);
  if (calendar_is_so(c, d)) {
    const char *how = d->kind == DAY_HOLIDAY ? "放假" : d->kind == DAY_WORKDAY ? "上班" : "照常";
    FAIL_AT(INVALID, field, S(""), "第 %d 行：%.*s 在现行日历里已经是“%s”，不用再改；请删去这一行", n, SFMT(date), how);
  }
  return OK;
}

static Code twice_check(Cx *cx, const DayChange *list, size_t n, Str field) {
  for (size_t k = 0; k + 1 < n; k++)
    if (list[k].day.n == list[n - 1].day.n) {
      Str day = day_str(cx->mem, list[k].day);
      FAIL_AT(INVALID, field, S(""), "第 %zu 行：%.*s 写了两次（第 %zu 行），请只留一行", n, SFMT(day), k + 1);
    }
  return OK;
}

/* The first fault is the answer; a form gets them all. */
static void fault_keep(Cx *cx, Json *faults) {
  Json *f = json_push_obj(cx->mem, faults);
  json_put_str(cx->mem, f, S("field"), cx->field);
  json_put_str(cx->mem, f, S("text"), cx->detail);
  cx_clear(cx);
}

Code calendar_changes_read(Cx *cx, const Calendar *c, const Json *changes, Str notice, Json *faults, DayChange **out, size_t *n) {
  DayChange *list = arena_array(cx->mem, DayChange, CALENDAR_CHANGES_MAX + 1);
  *n = 0;
  *out = list;
  if (!changes || !changes->first) FAIL_AT(INVALID, S("changes"), S(""), "至少写一天：日期、放假还是上班、名称");
  if (changes->count > CALENDAR_CHANGES_MAX) FAIL_AT(LIMIT, S("changes"), S(""), "一次最多改 %d 天，请分几次", CALENDAR_CHANGES_MAX);
  for (const Json *one = changes->first; one; one = one->next) {
    DayChange *d = &list[(*n)++];
    Str field = arena_fmt(cx->mem, "changes-%zu", *n);
    d->notice = notice;
    Code code = change_read(cx, c, one, field, *n, d);
    if (code == OK) code = twice_check(cx, list, *n, field);
    if (code != OK && !faults) return code;
    if (code != OK) fault_keep(cx, faults);
  }
  qsort(list, *n, sizeof *list, by_day);
  return OK;
}

/* ---- the commands ------------------------------------------------------------------------------------ */

static Json *changes_body(Arena *m, const DayChange *list, size_t n) {
  Json *out = json_arr(m);
  for (size_t i = 0; i < n; i++) {
    Json *o = json_push_obj(m, out);
    json_put_str(m, o, S("date"), day_str(m, list[i].day));
    json_put_str(m, o, S("kind"), day_kind_text(list[i].kind));
    json_put_str(m, o, S("name"), list[i].name);
  }
  return out;
}

static Code decide_propose(Cx *cx, const Ask *ask, Decision *d) {
  const Book *b = ask->state;
  const Policies *ps = ask->env;
  const Json *a = ask->cmd->args;
  Arena *m = decision_mem(d);
  int version = b ? b->version : 0;
  DayChange *list = NULL;
  size_t n = 0;
  TRY(book__free(cx, ask, what, S("changes")));
  if (version >= CALENDARS_MAX) FAIL(LIMIT, "日历已经有 %d 个版本，不能再加；请把各次通知并入政策包的 holidays.csv。", CALENDARS_MAX);
  const Calendar *now = calendars_get(ps->current->calendars, version);
  REQUIRE(now != NULL);
  TRY(calendar_changes_read(cx, now, json_get(a, S("changes")), json_str(a, S("notice")), NULL, &list, &n));
  Json *body = json_obj(m), *answer = json_obj(m);
  int64_t no = b ? (int64_t)b->count + 1 : 1;
  json_put_int(m, body, S("no"), no);
  json_put(m, body, S("changes"), changes_body(m, list, n));
  json_put_str(m, body, S("notice"), json_str(a, S("notice")));
  json_put_str(m, body, S("reason"), json_str(a, S("reason")));
  Json *past = json_put_arr(m, body, S("past"));
  for (size_t i = 0; i < n; i++)
    if (list[i].day.n < day_of(ask->now).n) json_push_str(m, past, day_str(m, list[i].day));
  decision_emit(d, "calendar.proposed", 1, body);
  json_put_int(m, answer, S("no"), no);
  json_put_int(m, answer, S("past"), past->count);
  decision_answer(d, answer);
  return OK;
}

static Code decide_confirm(Cx *cx, const Ask *ask, Decision *d) {
  const Book *b = ask->state;
  const Proposal *p = NULL;
  Arena *m = decision_mem(d);
  TRY(book__confirm(cx, ask, what, &p));
  Json *body = json_obj(m), *answer = json_obj(m);
  json_put_int(m, body, S("no"), p->no);
  json_put_int(m, body, S("version"), b->version + 1);
  json_put(m, body, S("changes"), changes_body(m, p->changes, p->change_count));
  json_put_str(m, body, S("notice"), p->notice);
  Json *past = json_put_arr(m, body, S("past"));
  for (size_t i = 0; i < p->past_count; i++) json_push_str(m, past, day_str(m, p->past[i]));
  json_put_str(m, body, S("proposed_by"), p->by);
  json_put_str(m, body, S("proposed_name"), p->by_name);
  decision_emit(d, "calendar.confirmed", 1, body);
  json_put_int(m, answer, S("version"), b->version + 1);
  decision_answer(d, answer);
  return OK;
}

static Code decide_reject(Cx *cx, const Ask *ask, Decision *d) {
  return book__reject(cx, ask, what, "calendar.rejected", d);
}

const CommandDecl calendar_commands[] = {
    {.name = "calendar.propose", .label = "提出日历变更", .help = "按放假通知改变一些日子；由另一个人确认后生效。",
     .allow = CALENDAR_ROLES, .creates = true, .decide = decide_propose, .args = propose_args, .arg_count = COUNT(propose_args)},
    {.name = "calendar.confirm", .label = "确认日历变更", .help = "核对后确认，全部在办时限随即重算；不能确认自己提出的。",
     .allow = CALENDAR_ROLES, .decide = decide_confirm, .args = confirm_args, .arg_count = COUNT(confirm_args)},
    {.name = "calendar.reject", .label = "驳回日历变更", .help = "驳回，或者收回自己提出的变更。", .allow = CALENDAR_ROLES,
     .decide = decide_reject, .args = reject_args, .arg_count = COUNT(reject_args)},
};
const size_t calendar_command_count = COUNT(calendar_commands);

static Code calendar_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)cx;
  (void)views;
  (void)cmd;
  *stream = CALENDAR_STREAM; /* always the same: the first proposal begins it */
  return OK;
}

const Engine calendar_engine_base = {.prefix = "calendar",
                                     .fold = calendar_fold,
                                     .commands = calendar_commands,
                                     .command_count = COUNT(calendar_commands),
                                     .open = calendar_open,
                                     .schema = calendar__schema,
                                     .project = calendar__project,
                                     .ready = calendar__ready};
