/* SPDX-License-Identifier: Apache-2.0 */
/* check_blueprint.c: the one blueprint 一张蓝图, looked up and checked. */
#include "policy/check.h"

const LayerKind *policy_layer(const Policy *p, Str code) {
  for (size_t i = 0; i < p->blueprint.layer_count; i++)
    if (str_eq(p->blueprint.layers[i].code, code)) return &p->blueprint.layers[i];
  return NULL;
}

static void layers_check(Loader *l) {
  static const char *const rules[] = {"block", "warn", "inside", "none"}, *const groups[] = {"zone", "line", "sea", "region"};
  const Blueprint *b = &l->p->blueprint;
  UNIQUE(l, b->layers, b->layer_count, code)
  for (size_t i = 0; i < b->layer_count; i++) {
    const LayerKind *x = &b->layers[i];
    check__word(l, x, "rule", x->rule, rules, COUNT(rules));
    check__word(l, x, "group", x->group, groups, COUNT(groups));
    check__unit(l, x, "unit", x->unit);
    check__source(l, x, "clause", x->source, true);
    check__source(l, x, "rule_clause", x->rule_source, true);
    if (str_eqz(x->rule, "block") && !x->way.len) check__at(l, x, "way", "压到“%.*s”不能受理，要写明申请人怎么办（way）", SFMT(x->name));
  }
}

static void acts_check(Loader *l) {
  static const char *const declared[] = {"reclaim", "national"};
  const Blueprint *b = &l->p->blueprint;
  UNIQUE(l, b->acts, b->act_count, code)
  for (size_t i = 0; i < b->act_count; i++) {
    const BlueprintAct *x = &b->acts[i];
    check__word(l, x, "when", x->when, declared, COUNT(declared));
    if (x->unless.len) check__word(l, x, "unless", x->unless, declared, COUNT(declared));
    check__unit(l, x, "unit", x->unit);
    check__source(l, x, "clause", x->source, true);
  }
}

void check__blueprint(Loader *l) {
  const Blueprint *b = &l->p->blueprint;
  layers_check(l);
  acts_check(l);
  if (!b->layer_count && !b->act_count) return;
  if (b->west >= b->east || b->south >= b->north || b->west < -18000 || b->east > 18000 || b->south < -9000 || b->north > 9000)
    check__at(l, l->p, "map_west", "写了 blueprint.yaml，就要写 map_west、map_south、map_east、map_north：全市的范围，百分之一度，西小于东、南小于北");
  if (b->points < 100 || b->points > 20000) check__at(l, l->p, "map_points", "map_points 是一个项目最多几个界址点，100 到 20000");
  if (b->least < 0 || b->least > 1000) check__at(l, l->p, "map_least", "map_least 是重叠不到几平方米不算冲突，0 到 1000");
  check__source(l, l->p, "map_clause", b->source, true);
}
