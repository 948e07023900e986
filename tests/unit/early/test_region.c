/* SPDX-License-Identifier: Apache-2.0 */
/* Regions and their assessments: S12 with its values; what the case makes of it is tested where cases are. */
#include "views.h"

#define ZONE "{'name':'葫芦岛经济开发区','kind':'zone','county':'longgang','boundary':'东至滨海路，西至北港街，南至海，北至铁路','body':'葫芦岛经济开发区管理委员会'}"
#define FILE_ONE "'files':[{'blob':'64a312979d533db9febf686a4faf3d34bcac9c06d48cd88f5a3d3e9ca8ac09f0','name':'区域地灾评估.pdf','size':1000}]"
#define GEOLOGY(since, until)                                                                                                      \
  "{'kind':'geology','body':'市自然资源局','doc':'葫自然资评〔2019〕1号','since':'" since "','until':'" until "','requirements':'坡脚 30 米内不得" \
  "开挖，建设单位按评估措施边坡支护。'," FILE_ONE "}"

static void stored(Town *w, Cx *cx) {
  SCOPED(blob_drop) Blob *b = NULL;
  Str hash;
  int64_t size;
  Code code = blob_open(cx, w->dir, 100, &b);
  if (code == OK) code = blob_add(cx, b, "sample drawings", 15);
  if (code == OK) code = blob_finish(cx, b, &hash, &size);
  REQUIRE(code == OK);
}

static const Region *region(Town *w, Cx *cx) {
  const Region *r = NULL;
  Code code = region_load(cx, w->reader, 1, &r);
  REQUIRE(code == OK);
  return r;
}

TEST(development_reform_registers_a_region_with_its_assessment_of_geological_hazards) {
  Town w;
  OPEN_TOWN(w);
  stored(&w, cx);
  NO(DENIED, "nr", "region.add", NULL, ZONE);
  NO(DENIED, "owner", "region.add", NULL, ZONE);
  DO("dr", "region.add", NULL, ZONE);
  EXPECT_STR(json_str(w.r.answer, S("number")), S("QY-000001"));
  NO(CONFLICT, "dr", "region.add", NULL, ZONE);
  SAYS("QY-000001");
  NO(DENIED, "nr-head", "region.assess", "region/1", GEOLOGY("2019-09-01", "2019-12-31"));
  NO(INVALID, "dr", "region.assess", "region/1", GEOLOGY("2019-09-01", "2019-08-31"));
  EXPECT_STR(cx->field, S("until"));
  NO(INVALID, "dr", "region.assess", "region/1", GEOLOGY("2018-09-01", "2019-09-01")); /* today is 2019-09-02 */
  SAYS("有效期已过");
  NO(INVALID, "dr", "region.assess", "region/1", "{'kind':'geology','body':'市局','doc':'示例1号','since':'2019-09-01','until':'2019-12-31','requirements':'坡脚三十米内不得开挖。'}");
  NO(INVALID, "dr", "region.assess", "region/1", "{'kind':'soil','body':'市局','doc':'示例1号','since':'2019-09-01','until':'2019-12-31','requirements':'坡脚三十米内不得开挖。'," FILE_ONE "}");
  DO("dr", "region.assess", "region/1", GEOLOGY("2019-09-01", "2019-12-31"));
  EXPECT_STR(json_str(w.r.answer, S("number")), S("QYPG-2019-0001"));
  const Region *r = region(&w, cx);
  EXPECT(r->count == 1 && str_eqz(r->list[0].kind, "geology") && str_eqz(r->list[0].file, "区域地灾评估.pdf"));
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(it_is_shared_on_its_last_day_and_no_longer_on_the_next) {
  Town w;
  RegionRow *rows = NULL;
  size_t n = 0;
  OPEN_TOWN(w);
  stored(&w, cx);
  DO("dr", "region.add", NULL, ZONE);
  DO("dr", "region.assess", "region/1", GEOLOGY("2019-09-10", "2019-12-31"));
  static const struct { const char *day; bool shared; } days[] = {{"2019-09-09", false}, {"2019-09-10", true}, {"2019-12-31", true}, {"2020-01-01", false}};
  for (size_t i = 0; i < COUNT(days); i++) {
    Day day;
    REQUIRE(day_parse(str_of(days[i].day), &day));
    EXPECT_INT(region_shares(region(&w, cx), S("geology"), day) != NULL, days[i].shared);
    EXPECT_INT(regions_list(cx, w.reader, day, &rows, &n), OK);
    EXPECT(n == 1 && (rows[0].until[4].n != 0) == days[i].shared); /* geology is the fourth kind */
    EXPECT(!region_shares(region(&w, cx), S("seismic"), day));
  }
  DO("dr", "region.assess", "region/1", GEOLOGY("2019-10-01", "2020-06-30")); /* its successor overlaps: the longer one is shared */
  EXPECT_INT(regions_list(cx, w.reader, day_ymd(2019, 12, 1), &rows, &n), OK);
  EXPECT_STR(day_str(cx->mem, rows[0].until[4]), S("2020-06-30"));
  EXPECT_STR(region_shares(region(&w, cx), S("geology"), day_ymd(2019, 12, 1))->number, S("QYPG-2019-0002"));
  NO(DENIED, "dr", "region.stop", "region/1", "{'no':2,'reason':'边坡加固以后要重新评估。'}");
  DO("dr-head", "region.stop", "region/1", "{'no':2,'reason':'边坡加固以后要重新评估。'}");
  NO(CONFLICT, "dr-head", "region.stop", "region/1", "{'no':2,'reason':'边坡加固以后要重新评估。'}");
  NO(NOT_FOUND, "dr-head", "region.stop", "region/1", "{'no':3,'reason':'边坡加固以后要重新评估。'}");
  EXPECT_STR(region_shares(region(&w, cx), S("geology"), day_ymd(2019, 12, 1))->number, S("QYPG-2019-0001"));
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

#define PLOT(region) "{'name':'北港地块','county':'longgang','boundary':'东至滨海路，西至北港街','scale':'工业用地约 12500 平方米','basis':'城市总体规划','granted':true,'region':'" region "'}"

TEST(owners_are_told_the_requirements_before_land_supply) {
  Town w;
  OPEN_TOWN(w);
  stored(&w, cx);
  NO(INVALID, "dr", "reserve.add", NULL, PLOT("葫芦岛经济开发区"));
  SAYS("没有登记过名为");
  DO("dr", "region.add", NULL, ZONE);
  DO("dr", "region.assess", "region/1", GEOLOGY("2019-09-01", "2019-12-31"));
  DO("dr", "reserve.add", NULL, PLOT("葫芦岛经济开发区"));
  DO("nr", "reserve.set-conditions", "reserve/1",
     "{'conditions':{'plot_ratio':'1.80','building_density':'40','green_rate':'20','building_height':'24','parking':'','land_area':'28600'}}");
  DO("dr", "reserve.ask-opinions", "reserve/1", "{'asks':[{'kind':'planning','unit':'natural-resources'}]}");
  DO("nr", "reserve.give-opinion", "reserve/1", "{'kind':'planning','result':'agree','opinion':'符合规划，同意。'}");
  DO("dr-head", "reserve.generate", "reserve/1", "{}");
  EXPECT(!town_plot(&w, cx, 1)->told);
  DO("nr-head", "reserve.publish", "reserve/1", "{}");
  const Plot *p = town_plot(&w, cx, 1);
  EXPECT(p->told && p->told->count == 1 && p->told_at == p->published_at);
  EXPECT_STR(json_str(p->told->first, S("number")), S("QYPG-2019-0001"));
  EXPECT(str_has(json_str(p->told->first, S("requirements")), S("坡脚 30 米内不得开挖")));
  EXPECT_STR(json_str(p->conditions, S("region")), S("葫芦岛经济开发区")); /* locked in the case with the others */
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

#define AREA(east) "{'shape':'120.84,40.68\\n" east ",40.68\\n" east ",40.70\\n120.84,40.70','basis':'葫政示例1号','sample':true}"

TEST(a_region_is_drawn_by_its_department_and_drawn_again_and_each_drawing_is_kept) {
  Town w;
  RegionRow *rows = NULL;
  size_t n = 0;
  OPEN_TOWN(w);
  DO("dr", "region.add", NULL, ZONE);
  EXPECT_INT(regions_list(cx, w.reader, day_ymd(2019, 9, 2), &rows, &n), OK);
  EXPECT(n == 1 && !rows[0].drawn && !region(&w, cx)->shape.len);
  NO(DENIED, "nr", "region.draw", "region/1", AREA("120.85"));
  NO(DENIED, "owner", "region.draw", "region/1", AREA("120.85"));
  NO(INVALID, "dr", "region.draw", "region/1", "{'shape':'120.84,40.68\\n120.85,40.70\\n120.85,40.68\\n120.84,40.70','basis':'葫政示例1号'}");
  SAYS("边线自己相交");
  EXPECT_STR(cx->field, S("shape"));
  NO(INVALID, "dr", "region.draw", "region/1", "{'shape':'116.3,39.9\\n116.4,39.9\\n116.4,40.0','basis':'葫政示例1号'}");
  DO("dr", "region.draw", "region/1", AREA("120.85"));
  NO(CONFLICT, "dr", "region.draw", "region/1", AREA("120.85"));
  DO("dr-head", "region.draw", "region/1", AREA("120.86"));
  const Region *r = region(&w, cx);
  EXPECT(r->drawing_count == 2 && r->drawings[0].sample && r->drawings[1].area.v > 2 * r->drawings[0].area.v - 1000000);
  EXPECT(str_has(r->shape, S("120.86")) && !str_has(r->shape, S("120.85,")));
  EXPECT_INT(regions_list(cx, w.reader, day_ymd(2019, 9, 2), &rows, &n), OK);
  EXPECT(n == 1 && rows[0].drawn);
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}
