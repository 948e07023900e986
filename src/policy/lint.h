/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lint: a package read by itself. What policy_load refuses cannot be used at all; what is found here could be
 * used, but nobody should: a condition that never holds, a material that nobody asks for, a number that is
 * not the one in the text of its clause. Contradictions of the documents are no faults of the package: they
 * are recorded in notes.yaml with the choice that was made. Those that a program can see are looked for in
 * the texts; one without a record is an error, and so is a record of one that is not there.
 */
#ifndef POLICY_LINT_H
#define POLICY_LINT_H

#include "policy/policy.h"

typedef struct Finding {
  Str rule;             /* "unreachable", "number-vs-text" …; "load" for what policy_load refuses */
  Str file, text;
  int line, column;
  const Note *note;     /* a contradiction of the documents and the choice made; NULL: an error */
} Finding;
typedef struct Findings {
  Finding *list;        /* errors first by file and line, then contradictions in the order of the notes */
  size_t count, errors;
} Findings;

/* Loads and lints a folder. INVALID when there is an error; *out is NULL when it does not even load. */
Code policy_check(Cx *cx, Str dir, const Policy **out, Findings *found);
/* Checks a folder and copies it into the folder of `k`, durably, whole or not at all; puts nothing into force. Works
 * beside a running server. *already: this very content was staged before. CONFLICT when the version is known with
 * another content. */
Code package_stage(Cx *cx, Packages *k, Str from, const Policy **out, bool *already, Findings *found);
/* Two packages of one name must not be in force on the same day: the sentence that says so, or empty. */
Str policy_overlap(Arena *mem, const Policy *a, const Policy *b);

/* Is the item needed, why, by which clause; by whom, how long, with which materials: lines of text, as they
 * would be said at the counter. NULL facts are an empty object. */
Str policy_explain(Arena *mem, const Policy *p, const Item *item, Str category, Str county, const Json *facts);
/* The short reason of an answer: "建筑面积 280 ㎡ ≤ 300 ㎡". */
Str policy_reason(Arena *mem, const Policy *p, const Expr *e, const Json *facts);
/* One "k=v" typed by a person into `facts`: names or labels, 是/否, labels of choices; 类别 and 县区 too. */
Code policy_fact(Cx *cx, const Policy *p, Json *facts, Str typed);
/* What changed from a to b, table by table, one line a change; empty when nothing did. */
Str policy_diff(Arena *mem, const Policy *a, const Policy *b);

#endif
