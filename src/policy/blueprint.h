/* SPDX-License-Identifier: Apache-2.0 */
/*
 * blueprint: what a package says of the one blueprint 一张蓝图 (blueprint.yaml, D60-4.12-p1): which layers there are, and what it means when a project
 * lies on one. Where they lie is no matter of the package: that is published in the store, version by version (map/map.h). Part of policy.h,
 * which includes it. Packages made before have none: then nothing is checked.
 */
#ifndef POLICY_BLUEPRINT_H
#define POLICY_BLUEPRINT_H

#include "policy/reform.h"

typedef struct LayerKind {
  Str code, name;         /* "marine-redline", 海洋生态红线 */
  Str group;              /* zone 三区, line 三线, sea, region */
  Str rule;               /* block: an overlap cannot be accepted; warn; inside: the whole plot should be in it; none */
  bool restricted;        /* an overlap of a project of the restricted or eliminated classes 限制类、淘汰类 blocks whatever the rule */
  Str unit;               /* who publishes it and answers for it */
  Str effect, way;        /* what an overlap means; what to do then */
  Source source, rule_source;
} LayerKind;

typedef struct BlueprintAct { /* what is not accepted wherever it lies 管控 */
  Str code, name;
  Str when, unless;       /* what was declared: reclaim 新增围填海; national 国家重大战略项目 */
  Str unit, effect, way;
  Source source;
} BlueprintAct;

typedef struct Blueprint {
  const LayerKind *layers; size_t layer_count;
  const BlueprintAct *acts; size_t act_count;
  int west, south, east, north; /* of the city, hundredths of a degree; what lies outside is refused as a mistake */
  int least;              /* overlaps of fewer square metres are no conflict: edges were digitised apart */
  int points;             /* a project has at most so many corner points */
  Source source;          /* of these numbers */
} Blueprint;

struct Policy;
const LayerKind *policy_layer(const struct Policy *p, Str code); /* NULL when unknown */

#endif
