/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spgl: how cases become rows of the national data-exchange standard 工程建设项目审批管理系统数据共享交换标准 2.0 (exchange.yaml). The official
 * text was not found: names of tables and columns are those that two systems in use share. `certain`: found; else 待核对, to be
 * agreed with the province before the first row is sent. In Policy: `spgl`; no tables: nothing is exchanged under that package.
 */
#ifndef POLICY_SPGL_H
#define POLICY_SPGL_H

#include "base/base.h"

typedef struct SpglTable {  /* in the order in which rows are sent: what others name comes first */
  Str name, label;          /* XMJBXXB, without SPGL_ */
  Str no, section;          /* two digits of the serial number 流水号; 3.4.1 */
  Str per;                  /* what a row is: flow stage stage-item project owner instance event special document file */
  bool certain;
} SpglTable;
typedef struct SpglColumn {
  Str at, label, type;      /* XMJBXXB.XMDM; text int decimal date time */
  Str from, value, list;    /* from: a name of spgl_sources, or fact.FIELD; value: always this; list: its code list 代码表, may be empty */
  bool required, certain;
  int max;                  /* characters; 0: not known */
} SpglColumn;
typedef struct SpglCode {
  Str code, label;          /* BLZT.11 */
  const Str *of; size_t of_count; /* our values that mean it */
  bool other, certain;      /* other: for what fits none */
} SpglCode;
typedef struct SpglAct { Str code, name, status; bool certain; } SpglAct; /* a step of handling, and its 办理状态 (BLZT) */
typedef struct Spgl {
  const SpglTable *tables; size_t table_count;
  const SpglColumn *columns; size_t column_count;
  const SpglCode *codes; size_t code_count;
  const SpglAct *acts; size_t act_count;
  Str version;              /* 审批流程版本号 of this package, "1.0" */
} Spgl;

struct Policy;
const SpglTable *spgl_table(const struct Policy *p, Str name); /* NULL when unknown, as below */
const SpglAct *spgl_act(const struct Policy *p, Str code);
/* The code of `list` that `value` of ours means, "other" when none does; NULL: there is none. Without `of` anywhere in the list the value is the code. */
const SpglCode *spgl_code(const struct Policy *p, Str list, Str value);
const SpglCode *spgl_code_named(const struct Policy *p, Str list, Str code); /* LIST.CODE */
Str spgl_short(Str at); /* XMDM of XMJBXXB.XMDM, 11 of BLZT.11 */
bool spgl_of(Str at, Str head); /* does it begin with head and a dot? */

/* What rows can be made of, by what a row is; the room exchange fills each of them. */
typedef struct SpglSource { const char *per, *names; } SpglSource; /* names, with a blank on both sides of each */
enum { SPGL_KINDS = 10 };
extern const SpglSource spgl_sources[SPGL_KINDS];

#endif
