/* SPDX-License-Identifier: Apache-2.0 */
/*
 * answers: answers about a project that exclude each other (contradictions.yaml, in Policy: `contradictions`; packages made before
 * have none). A rule is a condition over what is asked when a project is registered 登记, its category and its county: when it is
 * YES the answers cannot all be right, and the one named by `field` is refused. While an answer is missing the rule says nothing.
 * The same rules hold for the registration, the three questions of 我该办哪些 and `yichuang policy explain`.
 */
#ifndef POLICY_ANSWERS_H
#define POLICY_ANSWERS_H

#include "policy/policy.h"

typedef struct Contradiction {
  Str code, field;   /* field: a fact, "category" or "county" */
  const Expr *when;
  Str says, way;     /* what does not fit; what to do */
  Source source;
} Contradiction;

enum { CONTRADICTIONS_MAX = 16 }; /* of one project that are told at once */
/* Those that hold for `facts` (of policy_facts), in the order of the package; how many. */
size_t policy_contradictions(Arena *mem, const Policy *p, const Json *facts, const Contradiction *out[CONTRADICTIONS_MAX]);
/* 社会投资项目…，不是审批。请改…（葫政办发〔2019〕60号 …), or （示例规则）. */
Str policy_contradiction_text(Arena *mem, const Policy *p, const Contradiction *c);
/* The choices of `f` that no rule refuses beside `facts` (bare ones, without an answer to `f`), in their order; how many.
 * `left` has room for all choices of the field; only for fields of a choice 单选. */
size_t policy_choices_left(Arena *mem, const Policy *p, Str category, Str county, const Json *facts, const Field *f, Str *left);
/* Adds what is not answered yet and can only have one answer by these rules (土地划拨：带方案出让 is 否). */
void policy_settle(Arena *mem, const Policy *p, Str category, Str county, Json *facts);
/* Answers drawn at random are made to agree: of each that is refused, the first choice that no rule refuses. For demonstrations
 * and tests; `facts` is changed, category and county stay. */
void policy_agree(Arena *mem, const Policy *p, Str category, Str county, Json *facts);

#endif
