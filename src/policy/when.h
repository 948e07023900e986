/* SPDX-License-Identifier: Apache-2.0 */
/* when: in which case something is needed, in words for guides 办事指南. Computed from the conditions of the package. */
#ifndef POLICY_WHEN_H
#define POLICY_WHEN_H

#include "policy/policy.h"

/* In which case it is needed, as people say it, for guides: "占用挖掘道路", "类别不是改造类，并且…"; what `facts` (may be
 * NULL) have settled is left out, and empty means no open question. Empty category: for all categories at once, so those without it are a condition too. */
Str policy_when(Arena *mem, const Policy *p, const Expr *e, const Json *facts);
Str policy_item_when(Arena *mem, const Policy *p, const Item *item, Str category, const Json *facts);
Str policy_material_when(Arena *mem, const Policy *p, const Material *m, int stage, Str category, const Json *facts);

#endif
