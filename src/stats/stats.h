/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stats: questions about many cases 统计: how long it takes, where the time goes, who is late, what comes next, the funnel
 * 漏斗, department × month, the seven categories, the counties, year on year (D60-5.16.2, 6.21.2; S20).
 *
 * Every figure belongs to a day, has a denominator, and is the length of a list that can be opened: a figure and its list
 * come from one description, the pick. As of any past day: what had been entered by the end of that day, under the calendar
 * that held then. An act entered late 补录 is not in the figures of days before it was entered, and stands under the day it
 * happened on in those after. So the figures of a past day are the same whenever they are asked for.
 *
 * An image in memory holds every fact of the journal's views (approval/facts.h) in columns; it reads what was added before it
 * answers, so it is never behind. 36 bytes a fact, 24 a record; one pass over it answers what is asked of a past day. Beside it
 * stands the cube: items decided, by department, stage and month, and by category and county beside; kept with every fact that
 * is read, equal to a full count.
 *
 * Counted are: projects; stages, each attempt on its own; items, each attempt and each new application on its own. Items under
 * national or provincial authority are left out. Days are working days of the item's or stage's own clock; gross are calendar days.
 */
#ifndef STATS_H
#define STATS_H

#include "approval/approval.h"
#include "approval/facts.h"

/* ---- the image ------------------------------------------------------------------------------------------ */

typedef struct Stats Stats; /* may be used by several threads */
Stats *stats_open(void);
void stats_close(Stats *s);
void stats_close_p(Stats **s);
Code stats_refresh(Cx *cx, Stats *s, Reader *rd); /* reads what was added; the functions below do it first */
Code stats_behind(Cx *cx, Stats *s, Reader *rd, int64_t *events); /* how far the image is behind: more than a little is work for a worker */
void stats_add(Stats *s, const Fact *f);          /* one fact, in the order of the journal */
typedef struct StatsSize { int64_t facts, records, bytes; } StatsSize;
StatsSize stats_size(Stats *s);

/* ---- decided items by department, stage and month ------------------------------------------------------------- */

typedef struct CubeFilter { Str unit, category, county; int stage; int from, to; bool late; int least; } CubeFilter; /* empty, 0: any. from, to: months, as in CubeRow; least: working days used */
typedef struct CubeRow { Str unit; int stage, month; int64_t items, late, used; } CubeRow; /* month: year × 12 + month − 1; used: working days together */
typedef struct CubeRows { CubeRow *list; size_t count; } CubeRows; /* those with items: by month, unit in the order of its first fact, stage */
/* From the cube; a filter by category or county takes its finer one. `late` and `least` it cannot know: use stats_scan. */
CubeRows stats_cube(Arena *mem, Stats *s, const CubeFilter *f);
CubeRows stats_scan(Arena *mem, Stats *s, const CubeFilter *f); /* the same by one pass over the columns of all items */

/* ---- picks: which cases a figure counts -------------------------------------------------------------------------- */

typedef struct StatPick {
  Str what;                    /* a word of the table in what.c: "done-late" */
  Day as_of, from, to;         /* of the figure; the period in which it happened, both days included */
  Str unit, item, category, county;
  int stage;                   /* 0: all */
} StatPick;
Str stat_label(Str what);      /* 时限外办结; empty: no such word */
Str stat_pick_query(Arena *mem, const StatPick *p); /* "what=done&as_of=2026-11-25&…", for an address */
typedef Str StatArg(const void *of, Str name);
/* Back again. INVALID for a day that is none; what and days may be missing: empty, 0. */
Code stat_pick_read(Cx *cx, StatArg *arg, const void *of, StatPick *out);

typedef struct StatCase {
  int64_t project;
  Str number, name;            /* of the project */
  int stage, attempt;          /* stage 0: the project itself */
  Str item, unit, category, county;
  FactState state;
  Day received, start, ended;  /* received: of an item its dispatch */
  int limit;
  Reading clock;               /* as of that day; nothing of a project, or before acceptance */
} StatCase;
typedef struct StatTotal { int64_t count, gross, unit, applicant, third, rest, before; } StatTotal; /* of all, days together; before: part of unit */
/* The cases of a pick, in the order in which they came: `total` over all, at most `max` after the first `skip`. */
Code stat_cases(Cx *cx, Stats *s, Reader *rd, const Policies *ps, const StatPick *pick, size_t skip, size_t max, StatCase **out, size_t *n,
                StatTotal *total);

/* ---- questions ---------------------------------------------------------------------------------------------------- */

typedef enum StatKind { STAT_NOTHING, STAT_COUNT, STAT_SUM, STAT_DAYS, STAT_SHARE } StatKind;
typedef enum StatField { FIELD_COUNT, FIELD_GROSS, FIELD_UNIT, FIELD_APPLICANT, FIELD_THIRD, FIELD_REST, FIELD_BEFORE, FIELD_OWN } StatField; /* BEFORE: of UNIT what lay before its dispatch 派转; OWN: the rest of it */
typedef struct StatCell {
  StatKind kind;
  int64_t n;        /* COUNT; SUM: days; DAYS: a percentile; SHARE: the part */
  int64_t of;       /* SHARE: the whole; DAYS: how many it was taken from */
  bool over;        /* DAYS: more than n, how much more cannot be said yet */
  bool none;        /* DAYS, SHARE: there is nothing to say it of */
  StatField field;  /* which total of the list is the figure */
  bool linked;      /* the list may be opened by who asks */
  StatPick pick;
} StatCell;
typedef struct StatRow { Str key, label; StatCell *cells; int limit; } StatRow; /* limit: working days, where there is one */
typedef enum StatChart { CHART_NONE, CHART_BARS, CHART_STACK, CHART_MARKS, CHART_PAIRS, CHART_HEAT } StatChart;
enum { STAT_COLUMNS_MAX = 16, STAT_TABLES_MAX = 4 };
typedef struct StatTable {
  Str title, head;  /* head: over the column of labels */
  Str columns[STAT_COLUMNS_MAX];
  size_t column_count;
  StatRow *rows; size_t count;
  StatRow *total;   /* may be NULL */
  StatChart chart;
  size_t charted[STAT_COLUMNS_MAX], charted_count; /* which columns the chart shows */
} StatTable;
typedef struct StatAnswer {
  Str code, title, says; /* says: how it is counted, one or two sentences */
  StatTable tables[STAT_TABLES_MAX];
  size_t count;
} StatAnswer;
typedef struct StatAsk {
  const Policies *ps;
  Day as_of, from, to;   /* the period; of "next" it begins the day after as_of */
  Str unit, category, county;
  int stage;
  Str only;              /* a department that sees its own cases and the totals; empty: sees all */
} StatAsk;
enum { STAT_QUESTIONS = 9 };
extern const char *const stat_questions[STAT_QUESTIONS]; /* long, where, late, next, funnel, heat, category, county, year */
Str stat_title(Str question);
/* NOT_FOUND: no such question. */
Code stat_answer(Cx *cx, Stats *s, Reader *rd, Str question, const StatAsk *ask, StatAnswer *out);
bool stat_of_items(Str what);  /* does it count items, which have a department? */
void stat_csv_text(Buf *b, Str s); /* quoted; what a spreadsheet would take for a formula is not one */
/* A table as CSV, with the day and the period above it. */
Str stat_csv(Arena *mem, const StatAnswer *a, const StatAsk *ask);
static inline int64_t stat_mille(int64_t part, int64_t whole) { return whole ? (part * 2000 + whole) / (2 * whole) : 0; } /* rounded half up */
Str stat_cell_text(Arena *mem, const StatCell *c); /* "12", "> 20", "3/20（15 %）", "—" */

/* Percentile of a duration when some still run (Kaplan–Meier): ended[t] ended on day t of `days`, running[t] had reached t and run on
 * or were withdrawn. The smallest t by which at least `percent` of all would have ended; −1 when too few have: *reached is the longest. */
int stat_percentile(const uint32_t *ended, const uint32_t *running, int days, int percent, int *reached);

#endif
