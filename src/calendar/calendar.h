/* SPDX-License-Identifier: Apache-2.0 */
/*
 * calendar: working days 工作日, legal clocks and lamps 灯. Pure: no I/O, no clock of its own.
 *
 * The rule in one sentence: a working day belongs to whoever held the clock when the day began.
 *  - Days are Beijing days. An event at 00:00:00 belongs to the new day and comes after its beginning,
 *    so the day of acceptance is never counted (民法典 201; 行政许可法 82: working days).
 *  - A pause that began on day P and ended on day R takes the days (P, R]. Same-day pauses cost nothing.
 *  - due = the n-th counted day. The due day is still in time; from the next calendar day on it is
 *    overdue. used(accept, due(accept, n)) = n for every start, rest days included.
 *  - Month clocks (民法典 202, 203) end on the corresponding day, else the month's last day; a rest day
 *    moves to the next working day.
 * Every function is O(1) in the number of days and O(pauses).
 */
#ifndef CALENDAR_H
#define CALENDAR_H

#include "base/base.h"

/* ---- which days are working days ----------------------------------------------------------------- */

/* A calendar covers 2000-01-01 … 2099-12-31. Days in a year without a State Council notice follow the
 * week and are *provisional* 暂定; so are 25–31 December of the last year with a notice (the next
 * year's notice may still move them). A year has its notice when the list closes a day of 1–3
 * October in it: every notice does, and no closure of a city can. Outside 2000–2099 the week goes
 * on, provisional. */
typedef struct Calendar Calendar;

/* text: CSV "date,kind,name[,notice]" with a head line; kind is holiday, workday or normal. The
 * calendar lives in cx->mem (about 270 KB with its rows) and borrows nothing from text. INVALID names
 * line and column, and the column in cx->field: a bad date or one outside 2000–2099, an unknown kind,
 * a date twice, a column too many, no head line, not UTF-8. */
Code calendar_load(Cx *cx, Str text, const Calendar **out);
bool calendar_is_work(const Calendar *c, Day d);
bool calendar_is_provisional(const Calendar *c, Day d);
/* Why: "国庆节", "调休上班（国庆节）", "周六", "工作日"; `notice` is the notice that says so, or empty. */
Str calendar_reason(const Calendar *c, Day d, Str *notice);
int calendar_last_year(const Calendar *c); /* the last year with a notice */
/* Whether the list has a row for the day, what kind and under which name. */
typedef enum DayKind { DAY_HOLIDAY, DAY_WORKDAY, DAY_NORMAL } DayKind;
bool calendar_listed(const Calendar *c, Day d, DayKind *kind, Str *name);

/* A later notice 日历变更: a copy of `base` with some days changed, as the extension of Spring Festival
 * that arrived on 2020-01-27. A later change of one day replaces an earlier one; DAY_NORMAL leaves the
 * day to the week again. Names and notices are borrowed from `changes`. A day outside 2000–2099 is
 * REQUIRE. About 50 microseconds. */
typedef struct DayChange {
  Day day;
  DayKind kind;
  Str name, notice;
} DayChange;
const Calendar *calendar_with(Arena *mem, const Calendar *base, const DayChange *changes, size_t n);
bool calendar_covers(Day d); /* 2000–2099 */
bool day_kind_parse(Str s, DayKind *out); /* holiday, workday, normal */
Str day_kind_text(DayKind k);

/* The n-th working day after `start` (start not counted), n ≥ 1; n ≤ 0 gives start itself. */
Day calendar_add(const Calendar *c, Day start, int n);
/* Working days in (after, upto]; 0 when upto ≤ after. */
int calendar_count(const Calendar *c, Day after, Day upto);
Day calendar_next_work(const Calendar *c, Day d); /* d itself when it is a working day */
/* Why a day that somebody names for something still to come cannot be taken, with the nearest that can: it is past, or a rest day.
 * Empty: it can. "2026年11月28日不是工作日（周六），下一个工作日是 2026-11-30" */
Str calendar_refuses(Arena *mem, const Calendar *c, Day named, Day today);

/* ---- clocks --------------------------------------------------------------------------------------- */

/* Who held a day. Rest days are held by nobody. */
typedef enum Holder { HELD_UNIT, HELD_APPLICANT, HELD_THIRD, HELD_NOBODY, HOLDER__MAX } Holder;

/* A pause 暂停: days (from, to] are not counted. kind tells who holds them: correction → applicant,
 * special procedure 特别程序 (行政许可法 45) → third party. Under several at once the one opened first
 * holds the day; of two opened on one day the one given first. The union is counted once. A pause
 * whose `to` lies after today is still open as of today; one that begins after today is not there
 * yet. */
typedef struct Pause {
  Day from, to;
  bool open;     /* not yet resumed: `to` is ignored */
  Day planned;   /* when it was to end 预计恢复日; 0: nobody said */
  Holder holder; /* HELD_APPLICANT or HELD_THIRD; anything else is REQUIRE */
} Pause;

typedef enum EndKind {
  END_NONE,     /* still running */
  END_DONE,     /* decided, refused included (办结) */
  END_STOPPED   /* withdrawn, not accepted (终止) */
} EndKind;

/* The due day is the n-th counted day. A pause that begins on it takes it along to the pause's last day: while it lasts nothing is used
 * beyond the limit, and the unit decides in time on the day on which the clock runs again, which the pause still holds. It is then
 * the one due day that may be a rest day. One that has passed stays: a pause hides nothing. */

/* Exactly one lamp; precedence in this order. Colour, shape and words go together. */
typedef enum Lamp {
  LAMP_UNSET,
  LAMP_DONE,    /* 已办结 */
  LAMP_ENDED,   /* 已终止 */
  LAMP_RED,     /* 超期: stays red while paused */
  LAMP_GREY,    /* 暂停, up to its planned end */
  LAMP_YELLOW,  /* 预警: left ≤ warn_days or left·warn_of ≤ limit; a pause that lasts beyond its planned end */
  LAMP_GREEN,   /* 正常 */
  LAMP_NONE,    /* 不适用: the clock has not started, or the stage does not exist */
  LAMP__MAX
} Lamp;
Str lamp_code(Lamp l);  /* "done" "ended" "red" "grey" "yellow" "green" "none": stable, for JSON, CSS */
Str lamp_label(Lamp l); /* 已办结 已终止 超期 暂停 预警 正常 不适用 */

typedef struct LampRule {
  int warn_days; /* yellow when left ≤ this (default 1) */
  int warn_of;   /* or when left × this ≤ limit (default 5, that is 20 %); 0 = no such rule */
} LampRule;
extern const LampRule lamp_rule_default;

typedef struct ItemClock {
  Day start;           /* acceptance */
  Day dispatched;      /* when the department got it 派转; 0: it is not told apart */
  int limit;           /* working days ≥ 1; 0 = 即办件, due on the day of acceptance */
  const Pause *pauses; /* any order, fastest in order of `from`; those before start are ignored */
  size_t pause_count;
  EndKind end_kind;
  Day end;             /* when end_kind is not END_NONE; ends every open pause */
} ItemClock;

typedef struct Reading {
  bool paused;      /* a pause is open and the clock has not ended */
  bool has_due;     /* false while paused */
  Day due;          /* when has_due; fixed by history when ended */
  bool provisional; /* the due day lies where the calendar is provisional */
  Day due_if_resumed_today; /* while paused */
  int used, left;   /* counted working days; left = limit − used, may be negative */
  int before;       /* of the used ones those before its dispatch 派转: they began with the window. An item has no pause then */
  int stalled;      /* calendar days since the planned end of a pause that is still open; 0: it has not passed */
  int gross;        /* calendar days after start up to and including today or the end */
  int held[HOLDER__MAX]; /* sums to gross; held[HELD_UNIT] = used */
  bool overdue;     /* by the calendar: today (or the end) is after the due day */
  int overdue_days; /* working days beyond the limit; may be 0 on the first rest days */
  Lamp lamp;
} Reading;

Reading clock_item(const Calendar *c, const ItemClock *k, Day today, LampRule rule);

/* A stage clock 阶段时钟 starts with the stage's acceptance; a working day counts if, when it began, at
 * least one open item of the city was running. Items under national or provincial authority are left
 * out by the caller. When no item exists yet (accepted, not dispatched) the stage runs. A stage whose
 * items have all ended but that has not been finished (certificate not issued) goes on running.
 * A limit of 0 means that the category has no such stage: LAMP_NONE and nothing else. Items may have
 * begun before the stage; an item accepted after today is not there yet.
 * O(items × pauses × log) in the history, O(1) in days. `mem` is scratch. */
typedef struct StageClock {
  Day start;
  int limit;
  const ItemClock *items;
  size_t item_count;
  EndKind end_kind;
  Day end;
} StageClock;
Reading clock_stage(Arena *mem, const Calendar *c, const StageClock *k, Day today, LampRule rule);

/* ---- the upper platform's figure ------------------------------------------------------------------ */

/* As the provincial platform 省级平台 counts 审批用时 (as its calculator for the exchange standard 2.0 does it),
 * working days, the day of acceptance not counted:
 *  - item: acceptance to end or today, minus the union of its pauses.
 *  - stage: the union of the items' intervals minus the union of all pauses of all items. So one paused
 *    item stops the stage for a day, where our stage runs while any item runs; and the days between the
 *    last item and the certificate are not counted.
 * Items refused or withdrawn (`left_out`) have no figure: −1 for an item, left out of a stage. */
int clock_item_provincial(const Calendar *c, const ItemClock *k, bool left_out, Day today);
int clock_stage_provincial(Arena *mem, const Calendar *c, const StageClock *k, const bool *left_out, Day today);

/* ---- the day ledger 逐日台账 ------------------------------------------------------------------------ */

/* A clock day by day, so that a person with a pencil gets the same due day. From the day after the
 * start up to today or the end; when the due day lies beyond and no pause is open, on to it, as it
 * will be if nothing changes. Written the slow, obvious way, sharing nothing with the clocks above,
 * and tested against them. O(days × items × pauses); at most LEDGER_MAX days. */
enum { LEDGER_MAX = 20000 };
typedef struct LedgerDay {
  Day day;
  bool work, provisional;
  Str reason, notice; /* why it is a working day or not, and which notice says so */
  Holder holder;      /* who held the clock when the day began; HELD_NOBODY on rest days */
  int item, pause;    /* the pause that held it, as indexes; −1 when none did */
  int count;          /* counted days up to and including this one */
  bool due;           /* the due day */
  bool ahead;         /* after today or after the end */
  bool provincial;    /* the upper platform counts it */
} LedgerDay;
typedef struct DayLedger {
  const LedgerDay *list;
  size_t count;
  bool cut; /* LEDGER_MAX was reached */
} DayLedger;
DayLedger clock_item_ledger(Arena *mem, const Calendar *c, const ItemClock *k, bool left_out, Day today);
DayLedger clock_stage_ledger(Arena *mem, const Calendar *c, const StageClock *k, const bool *left_out, Day today);

/* ---- answers for others ----------------------------------------------------------------------------- */

/* One question in JSON, one line, answered: the same object with "answer", or with "error" naming the
 * field. docs/clock-answer.md has the fields. Adds the line and its end to `out`. `mem` is scratch; the
 * caller resets it between lines. */
void clock_answer(Arena *mem, const Calendar *c, LampRule rule, Str line, Buf *out);

/* months after start: the corresponding day, else the month's last day; moved to the next working day
 * when it is a rest day (民法典 202, 203). months is 0 to 12000. */
Day clock_months(const Calendar *c, Day start, int months);

/* Deemed acceptance 视为受理 (行政许可法 32(4)): received on `receipt`, no notice and no decision by 24:00
 * of the n-th working day after: from the day returned, 00:00, the case counts as accepted on the day
 * of receipt. */
Day clock_deemed_from(const Calendar *c, Day receipt, int n);

#endif
