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

/* 网站自检: what inspections of government sites ask of a site (检查指标, 国办秘函〔2019〕19号): a threshold that the city has set. */
typedef struct SiteCheck {
  Str code, name;         /* home, news, notice, stale, empty, messages, guides, marks, tags, times */
  int amount; Str unit;   /* days, months: since something happened last; count: so many of them are too many */
  int warn;               /* days: yellow when so many or fewer are left */
  Str basis;              /* where the number comes from, in words */
  Source source;
} SiteCheck;
typedef struct SiteColumn { Str code, name, check, path; Source source; } SiteColumn; /* a column 栏目 of the site; check: which threshold is its own */

/* The elements 要素 that a guide has to have (国办秘函〔2019〕19号). Bit i of what a guide lacks is guide_elements[i]. */
typedef struct GuideElement { const char *code, *name; } GuideElement;
enum { GUIDE_ELEMENTS = 8 };
extern const GuideElement guide_elements[GUIDE_ELEMENTS]; /* name basis condition materials place hours phone process */

typedef struct Disclosure {
  /* Roles that may do each review, of the unit that drafted. */
  const Str *first, *second, *third; size_t first_count, second_count, third_count;
  bool apart;             /* three different persons, none of them the drafter */
  Source review_source;
  Str secrecy;            /* 保密行政管理部门: with the drafter it settles a disagreement over openness */
  Source secrecy_source;
  int annex_mb;           /* an annex 附件 may be so large; 0: there are none */
  const Str *annex_types; size_t annex_type_count; /* pdf ofd png jpg: by what is in the file */
  Source annex_source;
  int talk_days;          /* 征求意见: at least so many calendar days */
  Source talk_source;
  const OpenWord *headings; size_t heading_count; /* six, of an interpretation (D01-1.2-p1) */
  const OpenWord *forms;    size_t form_count;    /* of an interpretation (D01-1.5-p1) */
  const OpenWord *channels; size_t channel_count; /* by which a document is published (D01-1.1-p1) */
  const OpenWord *ways;     size_t way_count;     /* by which opinions are asked for (D01-2.1-p1) */
  const Gazette *documents; size_t document_count;
  const SiteCheck *checks;  size_t check_count;   /* none: no 网站自检 */
  const SiteColumn *columns; size_t column_count;
  const Str *guide_pending; size_t guide_pending_count; /* elements that nobody has given yet; without an entry here a guide that lacks one is refused */
} Disclosure;

const Gazette *policy_gazette(const Policy *p, Str code);           /* NULL when unknown */
const OpenWord *open_word(const OpenWord *list, size_t n, Str code); /* NULL when unknown */

const SiteCheck *site_check(const Disclosure *d, Str code);          /* NULL: the package has no such threshold */
/* What the guide of an item lacks, as bits; what of it the package does not say to be pending; names joined by 、. */
uint32_t guide_lacks(const Policy *p, const Item *item);
uint32_t guide_pending(const Disclosure *d);
Str guide_names(Arena *mem, uint32_t elements);

#endif
