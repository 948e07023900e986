/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reform: what a package says of the reform itself: its bodies, its supporting rules, how it is evaluated, and settings of the rooms org and
 * evaluation. Part of policy.h, which includes it.
 */
#ifndef REFORM_H
#define REFORM_H

#include "base/base.h"

typedef struct Source { /* where a number or rule comes from */
  Str clause;  /* clause id such as D60-4.13-p7, or a law article; empty when sample */
  bool sample; /* 示例: not given by any document, shown so */
} Source;

typedef struct Organ {     /* a body of the reform 领导小组、工作小组 (D60-6.19.1, 6.19.2) */
  Str code, name, head;   /* head: 组长, as the document writes it */
  const Str *deputies; size_t deputy_count; /* 副组长 */
  const Str *others;   size_t other_count;  /* members that are no unit: 市政府分管副秘书长 */
  const Str *units;    size_t unit_count;   /* member units and regions, codes, in the order of the document */
  const Str *aliases;  size_t alias_count;
  Str duty;               /* what it is for */
  Source source;
} Organ;

typedef struct RuleKind { /* a supporting rule 配套制度 that a document wants without a day (D60-4.15-p6) */
  Str code, name;
  const Str *leads; size_t lead_count;
  Source source;
} RuleKind;

typedef struct Grade {    /* 考评等次: from so many points, this included, up to the next higher one */
  Str code, name;
  int from;
  Source source;
} Grade;

typedef struct Dimension { /* what is evaluated 考评内容 */
  Str code, name;
  Source source;
} Dimension;

typedef struct Indicator { /* an indicator 考评指标 that a plan begins with; the plan of a year may change it */
  Str code, name, dimension;
  Str method;             /* qualitative 定性, quantitative 定量 */
  Str figure;             /* counted from the journal, see evaluation.h; empty: people give the score */
  int weight;             /* of 100 */
  bool disclosure;        /* 政务公开: its weight has a least, see disclosure_weight */
  Source source, weight_source;
} Indicator;

typedef struct Reform {
  const Organ *bodies; size_t body_count;
  const RuleKind *rules; size_t rule_count;
  const Grade *grades; size_t grade_count;   /* the highest first; none: nothing is graded */
  const Dimension *dimensions; size_t dimension_count;
  const Indicator *indicators; size_t indicator_count;
  Str authority;             /* "refuse": in a unit that has registered no authorisation 授权 nobody signs; else its posts are enough */
  Source authority_source;
  int feedback_days;         /* 沟通反馈: working days for an answer; 0: problems cannot be reported */
  Str feedback_unit;         /* who answers */
  Source feedback_source;
  int disclosure_weight;     /* 政务公开 weighs at least so much of 100 */
  Source disclosure_source;
  int appraisal_daily, appraisal_self; /* of 100: 日常 against 年终, 自我 against 督查 */
  Source appraisal_source;
  int opinion_days;          /* 征求意见: working days for opinions about a draft result, at least; 0: a year is closed without */
  Source opinion_source;
} Reform;

struct Policy;
/* When the document that a clause belongs to was issued (notes.yaml); n = 0: not known. */
Day policy_issued_on(const struct Policy *p, Source s);
const RuleKind *policy_rule(const struct Policy *p, Str code); /* NULL when unknown */

#endif
