/* SPDX-License-Identifier: Apache-2.0 */
/* test_region.c: what a case shares of its region's assessments: S12, as the case sees it. */
#include "approval/beside.h"
#include "world.h"

#define SHARE "{\"kind\":\"geology\",\"number\":\"QYPG-2019-0001\",\"until\":\"2019-12-31\",\"name\":\"区域地灾评估.pdf\",\"blob\":\"" \
              "0000000000000000000000000000000000000000000000000000000000000000\",\"size\":9}"
#define REGION(known, shares) "{\"@region\":{\"name\":\"葫芦岛经济开发区\",\"no\":1,\"known\":" known ",\"shares\":[" shares "]}}"

static Json *parsed(Cx *cx, const char *text) {
  Json *out = NULL;
  Code code = json_parse(cx, str_of(text), &out);
  REQUIRE(code == OK);
  return out;
}

/* A project on ground that slides: geo-hazard applies. */
static void start(World *w, Cx *cx, const char *region) {
  world_open(w, cx->mem, huludao(cx));
  json_put_str(cx->mem, w->facts, S("special_site"), S("true"));
  json_put_str(cx->mem, w->facts, S("geo_hazard"), S("true"));
  json_put_str(cx->mem, w->facts, S("region"), str_of(region));
  world_register(w, S("industry"), S("longgang"));
  REQUIRE(w->pr);
}

static Str fault_of(World *w, Cx *cx, const char *field, const Json *shared) {
  Json *override = json_obj(cx->mem), *clean = NULL, *faults = NULL;
  json_put_str(cx->mem, override, S("special_site"), S("true"));
  json_put_str(cx->mem, override, S("geo_hazard"), S("true"));
  json_put_str(cx->mem, override, S("region"), S("葫芦岛经济开发区"));
  Handed h = {.shared = shared, .today = day_of(w->now)};
  Code code = project_check_handed(cx, w->policies.current, w->pr, 1, world_form(w, 1, override), &h, &clean, &faults);
  REQUIRE(code == OK);
  for (const Json *x = faults->first; x; x = x->next)
    if (str_eqz(json_str(x, S("field")), field)) return json_str(x, S("text"));
  return S("");
}

TEST(a_project_inside_shares_the_result_and_one_outside_still_needs_its_own) {
  World w;
  start(&w, cx, "");
  const Json *in = parsed(cx, REGION("true", SHARE)), *bare = parsed(cx, REGION("true", "")), *out = parsed(cx, "{}");
  EXPECT_STR(fault_of(&w, cx, "m_geo-report", in), S(""));
  EXPECT(str_has(fault_of(&w, cx, "m_geo-report", bare), S("地质灾害危险性评估报告")));
  EXPECT(str_has(fault_of(&w, cx, "m_geo-report", out), S("地质灾害危险性评估报告")));
  const Json *known = json_get(json_get(project_known_with(cx->mem, w.policies.current, w.pr, 1, in), S("materials")), S("geo-report"));
  EXPECT(str_has(json_str(known, S("label")), S("共享区域成果，无需单独编报：葫芦岛经济开发区的地质灾害危险性评估，有效期至 2019-12-31")));
  EXPECT_STR(json_str(known, S("source")), S("区域评估 QYPG-2019-0001"));
  EXPECT(!json_get(json_get(project_known_with(cx->mem, w.policies.current, w.pr, 1, in), S("materials")), S("seismic-report")));
  world_close(&w);
}

TEST(a_region_that_nobody_registered_shares_nothing_and_is_said_so) {
  World w;
  start(&w, cx, "");
  EXPECT(str_has(fault_of(&w, cx, "region", parsed(cx, REGION("false", ""))), S("没有登记过名为“葫芦岛经济开发区”的区域")));
  EXPECT_STR(fault_of(&w, cx, "region", parsed(cx, REGION("true", ""))), S(""));
  world_close(&w);
}

TEST(what_was_in_force_when_it_was_submitted_is_kept_with_the_stage_and_in_the_plan) {
  World w;
  start(&w, cx, "葫芦岛经济开发区");
  json_put(cx->mem, w.beside, S("shared"), parsed(cx, REGION("true", SHARE)));
  EXPECT_INT(world_step(&w, "owner", "stage.submit", 1, S(""), NULL, NULL), OK);
  w.beside = json_obj(cx->mem); /* it has run out since */
  world_heard(&w, 1);
  EXPECT_INT(world_step(&w, "clerk", "stage.accept", 1, S(""), NULL, NULL), OK);
  const StageState *s = &w.pr->stages[1];
  const Json *share = item_share(w.policies.current, s, S("geo-hazard"));
  EXPECT_STR(json_str(share, S("number")), S("QYPG-2019-0001"));
  EXPECT(!item_share(w.policies.current, s, S("land-preview")) && !item_share(w.policies.current, s, S("eia-approval")));
  bool planned = false;
  for (const Json *x = s->plan->first; x; x = x->next) {
    bool geo = str_eqz(json_str(x, S("code")), "geo-hazard");
    planned |= geo && str_eqz(json_str(x, S("share")), "QYPG-2019-0001");
    if (!geo) EXPECT(!json_str(x, S("share")).len);
  }
  EXPECT(planned);
  EXPECT_STR(project_region(w.policies.current, w.pr, 2, NULL), S("葫芦岛经济开发区")); /* later stages know it from the facts */
  EXPECT_STR(world_fault(&w), S(""));
  world_close(&w);
}

#define WITH_PLOT(shares, more) "{\"@region\":{\"name\":\"葫芦岛经济开发区\",\"no\":1,\"known\":true,\"shares\":[" shares "],\"check\":3,\"parcel\":\"LT-2019-0003\"" more "}}"

TEST(a_plot_inside_fills_in_the_region_and_one_outside_refuses_it_with_the_reason) {
  World w;
  Json *override = json_obj(cx->mem), *clean = NULL, *faults = NULL;
  start(&w, cx, "");
  const Json *in = parsed(cx, WITH_PLOT(SHARE, "")), *out = parsed(cx, WITH_PLOT("", ",\"why\":\"用地在区域外，离边界约 50 米，仍要单独编报。\""));
  json_put_str(cx->mem, override, S("region"), S(""));
  Handed h = {.shared = in, .today = day_of(w.now)};
  EXPECT_INT(project_check_handed(cx, w.policies.current, w.pr, 1, world_form(&w, 1, override), &h, &clean, &faults), OK);
  EXPECT_STR(json_str(clean, S("region")), S("葫芦岛经济开发区"));
  h.shared = out;
  EXPECT_INT(project_check_handed(cx, w.policies.current, w.pr, 1, world_form(&w, 1, override), &h, &clean, &faults), OK);
  EXPECT_STR(json_str(clean, S("region")), S(""));
  EXPECT_STR(fault_of(&w, cx, "region", in), S(""));
  EXPECT_STR(fault_of(&w, cx, "region", out), S("用地在区域外，离边界约 50 米，仍要单独编报。请不选这个区域，或者调整用地，重新做蓝图检查"));
  EXPECT(str_has(fault_of(&w, cx, "m_geo-report", out), S("地质灾害危险性评估报告")));
  world_close(&w);
}
