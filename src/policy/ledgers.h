/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledgers: the ledgers 台账 of a package (ledgers.yaml; room ledger): columns, words to choose, measures with their deadlines, how large a
 * kindergarten has to be, months that begin with an event, the day of the monthly report. A package without the file has no ledger.
 * Part of policy.h, which includes it. A column is named by its code; `households` and `people` of a size, `nature`, `issue`, `project` … are plain columns of ledgers.yaml.
 */
#ifndef POLICY_LEDGERS_H
#define POLICY_LEDGERS_H

#include "policy/reform.h"

typedef struct LedgerKind {
  Str code, name;         /* kindergarten, 小区配套幼儿园治理台账 */
  Str object;             /* what a row is: 小区, 项目 */
  const Str *offices; size_t office_count; /* units of the joint office 联合办公室: they accept and confirm */
  Str office_name;
  const Str *regions; size_t region_count; /* units that fill in and report 县（市）区; at most 40 */
  Source regions_source;
  Str report_clock;       /* of clocks.yaml, month-day; empty: no monthly report */
  Str report_from;        /* 2019-07: the first month of a report */
  Source report_source;   /* of report_from */
  int warn_days;          /* yellow so many calendar days before a deadline, and before the day of the report */
  Source warn_source;
  int share_over;         /* of 100: a word marked `share` needs a county's share 占比 above it; 0: no shares are kept */
  Str share_name; Source share_source;
  const Str *blocks; size_t block_count; /* items that cannot pass while a row with a word marked `hold` is open (S34) */
  Str block_text; Source block_source;   /* what the case says then: 暂不办理，幼儿园整改未到位 */
  Str target_name; Source target_source; /* 年度处置目标: how many rows a county closes in a year; empty: none */
  Str plan_name, plan_unit, plan_to; Source plan_source; /* the plan of the city: who drafts it, to whom it goes after 市政府同意; empty: none */
  Str hotline, mailbox;   /* 监督举报; empty: 〔待填〕 */
  Source source;
} LedgerKind;

typedef struct LedgerColumn {
  Str key;                /* "kindergarten.households": put by the loader */
  Str ledger, code, name, hint, unit; /* unit: 户, 公顷 */
  Str type;               /* text long int decimal day choice yesno */
  bool required, open;    /* open: on the public page */
  bool list;              /* in the table of the ledger */
  int min, max;           /* of an int */
  Source source;
} LedgerColumn;

typedef struct LedgerWord { /* one answer of a column of type choice */
  Str key;                /* "kindergarten.issue.paused" */
  Str ledger, column, code, name;
  bool hold;              /* while the row is open the case of its project waits */
  Str refuse, warn;       /* a sentence: the answer is refused with it, or taken with a warning */
  bool share;             /* only where the county's share is above share_over */
  Source source;
} LedgerWord;

typedef struct LedgerMeasure { /* 整改方式, 处置方式 */
  Str key;
  Str ledger, code, name;
  Str due, plan_due;      /* 2019-06-30; empty: the county sets the day. plan_due: 完成规划, ends with the column `planned` */
  const Str *answers; size_t answer_count; /* "legal=yes": proposed when all of them are answered so */
  const Str *needs; size_t need_count;     /* columns that stand there before the row can be closed; a yesno must be yes */
  Source source;
} LedgerMeasure;

typedef struct LedgerSize { /* so many households or so many people → what has to be built; the highest that fits counts */
  Str key;
  Str ledger, name;
  int households, people, classes;
  Source source;
} LedgerSize;

typedef struct LedgerSpan { /* months from the day in one column until there is a day in another */
  Str key;
  Str ledger, code, name, starts, ends, clock; /* clock: of clocks.yaml */
} LedgerSpan;

typedef struct Ledgers {
  const LedgerKind *kinds; size_t kind_count;
  const LedgerColumn *columns; size_t column_count;
  const LedgerWord *words; size_t word_count;
  const LedgerMeasure *measures; size_t measure_count;
  const LedgerSize *sizes; size_t size_count;
  const LedgerSpan *spans; size_t span_count;
} Ledgers;

struct Policy;
/* NULL when unknown. */
const LedgerKind *policy_ledger(const struct Policy *p, Str code);
const LedgerColumn *policy_ledger_column(const struct Policy *p, Str ledger, Str code);
const LedgerWord *policy_ledger_word(const struct Policy *p, Str ledger, Str column, Str code);
const LedgerMeasure *policy_ledger_measure(const struct Policy *p, Str ledger, Str code);
bool ledger_lists(const Str *list, size_t n, Str unit);
#define ledger_region(k, unit) ledger_lists((k)->regions, (k)->region_count, (unit))
#define ledger_office(k, unit) ledger_lists((k)->offices, (k)->office_count, (unit))
int ledger_report_day(const struct Policy *p, const LedgerKind *k); /* 18; 0: no monthly report */
/* The largest size that so many households or people reach 户数或人数达到其一即算; NULL: none. −1: not known. */
const LedgerSize *ledger_size(const struct Policy *p, Str ledger, int64_t households, int64_t people);

#endif
