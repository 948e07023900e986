/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sayings: what people say for what the documents call otherwise 搜索用词 (search.yaml). No document gives these words: they lead to a
 * name of the package and never stand for one in a form or on a certificate. In Policy: `sayings`, `spheres` and `errands`, none in packages made before.
 */
#ifndef POLICY_SAYINGS_H
#define POLICY_SAYINGS_H

#include "policy/policy.h"

typedef struct Saying { /* 开工证, building permit: 施工许可证 */
  Str means;              /* a name of the package, or the title of a page; one that nobody has leads nowhere */
  const Str *say; size_t say_count;
} Saying;
typedef struct Sphere { /* 分管领域: 谁分管建设 asks for the unit that has it */
  Str unit;
  const Str *say; size_t say_count;
} Sphere;
#define ERRAND_HAND_OVER "hand-over" /* 交接 */
typedef struct Errand { /* what staff look for that is no service 内部用词; the public finds nothing under these words */
  Str leads;              /* ERRAND_HAND_OVER */
  const Str *say; size_t say_count;
} Errand;

#endif
