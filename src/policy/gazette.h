/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gazette: what a package says of disclosure 政务公开 (gazette.yaml, 葫政公领发〔2019〕1号): the documents that may be taken into the register,
 * each with its text in a file of its own; who reviews 初审、复审、批准; the words that the document enumerates. In Policy: `disclosure`,
 * NULL in packages without the file: then there is no register.
 */
#ifndef POLICY_GAZETTE_H
#define POLICY_GAZETTE_H

#include "policy/policy.h"

typedef struct Gazette {  /* a document 公文 as it was issued */
  Str code;               /* D60: the head of its clause ids */
  Str number, title, issuer, unit, day, recipients;
  Str mark;               /* 附注 on it, （此件公开发布）; empty: its openness 公开属性 is not marked */
  bool explain;           /* 政策性文件: has to be interpreted 解读 (D01-1.2-p1) */
  const Str *basis; size_t basis_count; /* documents that it rests on, with their numbers */
  Str file, text;         /* D60.txt in the package; one paragraph a line */
} Gazette;

typedef struct OpenWord { Str code, name; Source source; } OpenWord;
enum { OPEN_HEADINGS = 6 };

typedef struct Disclosure {
  /* Roles that may do each review, of the unit that drafted. */
  const Str *first, *second, *third; size_t first_count, second_count, third_count;
  bool apart;             /* three different persons, none of them the drafter */
  Source review_source;
  Str secrecy;            /* 保密行政管理部门: with the drafter it settles a disagreement over openness */
  Source secrecy_source;
  int talk_days;          /* 征求意见: at least so many calendar days */
  Source talk_source;
  const OpenWord *headings; size_t heading_count; /* six, of an interpretation (D01-1.2-p1) */
  const OpenWord *forms;    size_t form_count;    /* of an interpretation (D01-1.5-p1) */
  const OpenWord *channels; size_t channel_count; /* by which a document is published (D01-1.1-p1) */
  const OpenWord *ways;     size_t way_count;     /* by which opinions are asked for (D01-2.1-p1) */
  const Gazette *documents; size_t document_count;
} Disclosure;

const Gazette *policy_gazette(const Policy *p, Str code);           /* NULL when unknown */
const OpenWord *open_word(const OpenWord *list, size_t n, Str code); /* NULL when unknown */

#endif
