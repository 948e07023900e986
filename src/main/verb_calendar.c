/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verb_calendar.c: the versions of the calendar, and what a table of days would move. Changing the calendar takes two
 * persons with accounts, so there is no verb for it: pages and API have the commands. Reads beside a running server.
 */
#include "main/main_int.h"

#include <stdio.h>

enum { CSV_MAX = 1 << 20, SHOWN = 200 };

typedef struct Opened {
  World *world;
  Reader *reader;
  const Policy *policy;    /* under the newest calendar of the store */
} Opened;

static Code opened_open(Cx *cx, const Options *o, Opened *out) {
  TRY(world_load(cx, o, &out->world));
  TRY(reader_open_dir(cx, &out->world->store, &out->reader));
  out->policy = policies_at(cx->mem, &out->world->policies, S(""), calendars_newest(out->world->list[0]->calendars));
  return OK;
}

static int opened_close(Opened *op, int rc) {
  if (op->reader) reader_close(op->reader);
  world_close(op->world);
  return rc;
}

static const char *kind_label(DayKind k) {
  return k == DAY_HOLIDAY ? "放假" : k == DAY_WORKDAY ? "上班" : "照常";
}

static void changes_print(Cx *cx, const Calendar *before, const DayChange *list, size_t n) {
  for (size_t i = 0; i < n; i++) {
    Str day = day_str(cx->mem, list[i].day), was = calendar_reason(before, list[i].day, NULL);
    printf("    %.*s  %.*s → %s %.*s\n", SFMT(day), SFMT(was), kind_label(list[i].kind), SFMT(list[i].name));
  }
}

int verb_calendar_list(Cx *cx, const Options *o) {
  Opened op = {0};
  CalendarVersion *list = NULL;
  size_t n = 0;
  if (opened_open(cx, o, &op) != OK || calendar_versions(cx, reader_views(op.reader), &list, &n) != OK)
    return opened_close(&op, report_fault(cx));
  printf("日历第 %d 版，有通知到 %d 年\n", op.policy->calendar_version, calendar_last_year(op.policy->calendar));
  for (size_t i = 0; i < n; i++) {
    Str at = time_cn(cx->mem, list[i].at);
    printf("第 %d 版  %.*s\n  %.*s 提出，%.*s 确认，%.*s；变动的到期日 %lld 个\n", list[i].version, SFMT(list[i].notice),
           SFMT(list[i].by), SFMT(list[i].confirmed_by), SFMT(at), (long long)list[i].moved);
    changes_print(cx, calendars_get(op.policy->calendars, list[i].version - 1), list[i].changes, list[i].count);
  }
  printf("第 0 版  政策包 %.*s 的 holidays.csv\n", SFMT(op.policy->version));
  return opened_close(&op, EXIT_DONE);
}

/* The table is checked by the loader of the package; lines that are so already change nothing. */
static Code csv_changes(Cx *cx, const Calendar *now, Str path, DayChange **out, size_t *n) {
  const Calendar *read = NULL;
  Str text;
  TRY(file_read(cx, path, CSV_MAX, &text));
  TRY(calendar_load(cx, text, &read));
  DayChange *list = arena_array(cx->mem, DayChange, CALENDAR_CHANGES_MAX + 1);
  *n = 0;
  *out = list;
  Day end = day_ymd(2100, 1, 1);
  for (Day d = day_ymd(2000, 1, 1); d.n < end.n && *n <= CALENDAR_CHANGES_MAX; d.n++) {
    DayChange change = {.day = d};
    if (!calendar_listed(read, d, &change.kind, &change.name) || calendar_is_so(now, &change)) continue;
    list[(*n)++] = change;
  }
  if (*n > CALENDAR_CHANGES_MAX) FAIL(LIMIT, "表里要改的日子超过 %d 天", CALENDAR_CHANGES_MAX);
  return OK;
}

static void preview_print(Cx *cx, const Policy *p, const Preview *v) {
  printf("在办的时限 %lld 个，到期日会变动的 %lld 个\n", (long long)v->clocks, (long long)v->moved);
  for (size_t i = 0; i < v->unit_count; i++) {
    const Unit *u = policy_unit(p, v->units[i].unit);
    Str name = u ? u->name : v->units[i].unit;
    printf("  %.*s  %lld\n", SFMT(name), (long long)v->units[i].moved);
  }
  for (size_t i = 0; i < v->count; i++) {
    const MovedRow *r = &v->list[i];
    Str was = day_str(cx->mem, r->was), now = day_str(cx->mem, r->now), what = r->item_name;
    if (r->kind == CLOCK_STAGE) what = S("阶段时限");
    if (r->kind == CLOCK_ANSWER) what = S("答复期限");
    printf("%.*s  第 %d 阶段  %.*s  %.*s → %.*s\n", SFMT(r->number), r->stage, SFMT(what), SFMT(was), SFMT(now));
  }
  if (v->moved > (int64_t)v->count) printf("（只列前 %zu 个）\n", v->count);
}

int verb_calendar_preview(Cx *cx, const Options *o) {
  Opened op = {0};
  DayChange *list = NULL;
  size_t n = 0;
  Preview preview = {0};
  if (!o->word_count) {
    fprintf(stderr, "错误：要写表格的文件名，如 yichuang calendar preview 通知.csv\n");
    return EXIT_CALL;
  }
  if (opened_open(cx, o, &op) != OK || csv_changes(cx, op.policy->calendar, o->words[0], &list, &n) != OK)
    return opened_close(&op, report_fault(cx));
  printf("要改的日子 %zu 天（与日历第 %d 版比较）\n", n, op.policy->calendar_version);
  changes_print(cx, op.policy->calendar, list, n);
  if (calendar_preview(cx, reader_views(op.reader), &op.world->policies, op.policy, list, n, cx->now, SHOWN, &preview) != OK)
    return opened_close(&op, report_fault(cx));
  preview_print(cx, op.policy, &preview);
  return opened_close(&op, EXIT_DONE);
}
