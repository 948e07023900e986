/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions of the policy package: any text is compiled or refused with a reason, and what is compiled can be asked over no facts. */
#include "fuzz.h"
#include "policy/policy.h"

#include <stdio.h>
#include <stdlib.h>

static const Policy *policy;

void fuzz_begin(Cx *cx) {
  Mistakes mistakes = {0};
  const char *root = getenv("TEST_ROOT");
  char dir[256];
  snprintf(dir, sizeof dir, "%s/policies/huludao", root ? root : ".");
  MUST(policy_load(cx, str_of(dir), &policy, &mistakes) == OK);
}

void fuzz_one(Cx *cx, Str bytes) {
  const Expr *e = NULL;
  Str why, facts[8];
  if (policy_expr(cx, policy, bytes, &e)) {
    MUST(cx->detail.len > 0);
    return;
  }
  Truth bare = policy_eval(cx->mem, policy, e, json_obj(cx->mem), &why);
  MUST(bare == NO || bare == YES || bare == UNKNOWN);
  MUST(bare == policy_eval(cx->mem, policy, e, NULL, NULL));
  size_t n = policy_expr_facts(e, facts, COUNT(facts));
  if (n == 0) MUST(bare != UNKNOWN);
  MUST(policy_expr_same(e, e));
}
