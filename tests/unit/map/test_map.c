/* SPDX-License-Identifier: Apache-2.0 */
/* The one blueprint: S30 with its values, the life of a layer, and that a check can be computed again. */
#include "map_town.h"

#define ALLOWED "'industry':'allowed','reclaim':false"
#define RESULT(c, code) json_str(map_row((c), (code)), S("result"))

TEST(s30_1_two_hectares_over_the_red_line_by_three_tenths_block_with_layer_area_and_clause) {
  Town w;
  map_open(&w, cx);
  map_layer_put(&w, cx, "ecological-redline", map_box(t->mem, 170, -500, 1000, 2000));
  map_layer_put(&w, cx, "urban-boundary", map_box(t->mem, -1000, -1000, 5000, 5000));
  map_layer_put(&w, cx, "basic-farmland", map_box(t->mem, 2000, 0, 100, 100));
  EXPECT_INT(map_check_do(&w, cx, "owner", map_box(t->mem, 0, 0, 200, 100), ALLOWED), OK);
  const MapCheck *c = map_check_of(&w, cx, 1);
  EXPECT_STR(c->number, S("LT-2019-0001"));
  EXPECT_INT(c->conflicts, 1);
  EXPECT_INT(c->blocks, 1);
  EXPECT_STR(json_str(c->report, S("area")), S("2.0000"));
  EXPECT_STR(RESULT(c, "ecological-redline"), S("conflict"));
  EXPECT_STR(json_str(map_row(c, "ecological-redline"), S("area")), S("0.3000"));
  EXPECT_STR(json_str(map_row(c, "ecological-redline"), S("clause")), S("D60-4.12-p1"));
  EXPECT_STR(json_str(map_row(c, "ecological-redline"), S("unit")), S("natural-resources"));
  EXPECT(str_starts(json_str(map_row(c, "ecological-redline"), S("shape")), S("{\"type\":\"MultiPolygon\"")));
  EXPECT_STR(RESULT(c, "urban-boundary"), S("inside"));
  EXPECT_STR(RESULT(c, "basic-farmland"), S("clear"));
  EXPECT_STR(RESULT(c, "wetland"), S("nodata"));
  EXPECT_STR(RESULT(c, "reclamation"), S("clear"));
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(s30_2_new_reclamation_without_the_national_flag_blocks_with_its_clause) {
  Town w;
  map_open(&w, cx);
  EXPECT_INT(map_check_do(&w, cx, "clerk", map_box(t->mem, 0, 0, 200, 100), "'industry':'allowed','reclaim':true"), OK);
  EXPECT_INT(map_check_do(&w, cx, "owner", map_box(t->mem, 0, 0, 200, 100), "'industry':'allowed','reclaim':true,'national':true"), OK);
  const MapCheck *c = map_check_of(&w, cx, 1);
  EXPECT_INT(c->blocks, 1);
  EXPECT_STR(RESULT(c, "reclamation"), S("conflict"));
  EXPECT_STR(json_str(map_row(c, "reclamation"), S("clause")), S("D13-2.1.1"));
  EXPECT(str_has(json_str(map_row(c, "reclamation"), S("effect")), S("全面停止新增围填海项目审批")));
  EXPECT(str_has(json_str(map_row(c, "reclamation"), S("way")), S("报国务院审批")));
  c = map_check_of(&w, cx, 2);
  EXPECT_INT(c->blocks, 0);
  EXPECT_STR(RESULT(c, "reclamation"), S("warn"));
  town_drop(&w);
}

/* What the check made told the case. */
static const Json *told(Town *w, Cx *cx) {
  Events e = {0};
  reader_begin(w->reader);
  REQUIRE(reader_journal(cx, w->reader, 0, 1000, &e) == OK);
  for (size_t i = e.count; i > 0; i--)
    if (str_eqz(e.list[i - 1].kind, "mapcheck.made")) return e.list[i - 1].body;
  return NULL;
}

TEST(all_that_blocks_stands_in_what_the_case_is_told) {
  Town w;
  map_open(&w, cx);
  map_layer_put(&w, cx, "ecological-redline", map_box(t->mem, 170, -500, 1000, 2000));
  EXPECT_INT(map_check_do(&w, cx, "owner", map_box(t->mem, 0, 0, 200, 100), "'industry':'allowed','reclaim':true"), OK);
  const MapCheck *c = map_check_of(&w, cx, 1);
  const Json *body = told(&w, cx);
  EXPECT_INT(c->blocks, 2);
  EXPECT(str_has(json_str(body, S("reason")), S("重叠 0.3000 公顷")));
  EXPECT(str_has(json_str(body, S("reason")), S("全面停止新增围填海项目审批")));
  EXPECT(str_has(json_str(body, S("article")), S("D60-4.12-p1")) && str_has(json_str(body, S("article")), S("D13-2.1.1")));
  EXPECT(str_has(json_str(body, S("way")), S("报国务院审批")));
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(s30_3_restricted_and_eliminated_industries_on_wetland_block_others_are_warned) {
  static const struct { const char *declared, *result; int blocks; } rows[] = {
      {"'industry':'restricted','reclaim':false", "conflict", 1}, {"'industry':'eliminated','reclaim':false", "conflict", 1}, {ALLOWED, "warn", 0}, {"'industry':'encouraged','reclaim':false", "warn", 0}};
  Town w;
  map_open(&w, cx);
  map_layer_put(&w, cx, "wetland", map_box(t->mem, 100, 0, 500, 500));
  for (size_t i = 0; i < COUNT(rows); i++) {
    EXPECT_INT(map_check_do(&w, cx, "owner", map_box(t->mem, 0, 0, 200, 100), rows[i].declared), OK);
    const MapCheck *c = map_check_of(&w, cx, (int64_t)i + 1);
    EXPECT_STR(RESULT(c, "wetland"), str_of(rows[i].result));
    EXPECT_INT(c->blocks, rows[i].blocks);
    EXPECT_STR(json_str(map_row(c, "wetland"), S("area")), S("1.0000"));
  }
  EXPECT_INT(map_check_do(&w, cx, "owner", map_box(t->mem, 0, 0, 99, 100), "'industry':'restricted','reclaim':false"), OK);
  EXPECT_STR(RESULT(map_check_of(&w, cx, 5), "wetland"), S("clear"));
  town_drop(&w);
}

TEST(a_region_is_shared_only_by_what_lies_wholly_inside_it) {
  static const struct { double x, y; const char *result; } rows[] = {{0, 0, "inside"}, {450, 0, "partly"}, {550, 0, "clear"}, {500, 0, "clear"}};
  Town w;
  map_open(&w, cx);
  Str by_hand = arena_fmt(t->mem, "{'layer':'assessed-region','source':'示例数据','date':'2019-06-30','basis':'示例批准文件','shape':'%s'}", map_box(t->mem, 0, 0, 500, 500));
  NO(CONFLICT, "dr", "layer.propose", NULL, by_hand.ptr);
  SAYS("由登记的区域自动汇成");
  Str gathered = arena_fmt(t->mem, "{'layer':'assessed-region','basis':'示例批准文件','area':250000000,'shape':'{\\\"type\\\":\\\"MultiPolygon\\\",\\\"coordinates\\\":[%s]}'}",
                           map_ring(t->mem, 0, 0, 500, 500));
  NO(DENIED, "dr", "layer.gather", NULL, gathered.ptr);
  DO("system", "layer.gather", NULL, gathered.ptr);
  for (size_t i = 0; i < COUNT(rows); i++) {
    EXPECT_INT(map_check_do(&w, cx, "owner", map_box(t->mem, rows[i].x, rows[i].y, 100, 100), ALLOWED), OK);
    EXPECT_STR(RESULT(map_check_of(&w, cx, (int64_t)i + 1), "assessed-region"), str_of(rows[i].result));
  }
  EXPECT_STR(json_str(map_row(map_check_of(&w, cx, 4), "assessed-region"), S("note")), S("相邻"));
  town_drop(&w);
}

TEST(a_layer_is_proposed_by_one_and_published_by_another_of_its_unit) {
  Town w;
  const Layer *l = NULL;
  map_open(&w, cx);
  const char *box = map_box(t->mem, 0, 0, 100, 100);
  EXPECT_INT(map_layer_do(&w, cx, "hc", "wetland", box), DENIED);
  SAYS("由市自然资源局公布");
  EXPECT_INT(map_layer_do(&w, cx, "nr", "nowhere", box), INVALID);
  EXPECT_INT(map_layer_do(&w, cx, "nr", "wetland", "120.1,40.1"), INVALID);
  EXPECT_INT(map_layer_do(&w, cx, "nr-head", "wetland", box), OK);
  EXPECT_INT(map_layer_do(&w, cx, "nr", "wetland", box), CONFLICT);
  SAYS("还在等批准");
  NO(DENIED, "nr-head", "layer.publish", "layer/wetland", "{'version':1}");
  SAYS("您自己报的");
  NO(DENIED, "nr", "layer.publish", "layer/wetland", "{'version':1}");
  NO(NOT_FOUND, "nr-head", "layer.publish", "layer/wetland", "{'version':9}");
  town_drop(&w);
  map_open(&w, cx);
  map_layer_put(&w, cx, "wetland", box);
  NO(CONFLICT, "nr-head", "layer.publish", "layer/wetland", "{'version':1}");
  EXPECT_INT(map_layer_do(&w, cx, "nr", "wetland", box), OK);
  DO("nr-head", "layer.refuse", "layer/wetland", "{'version':2,'reason':'边界与批准文件的附图不一致'}");
  map_layer_put(&w, cx, "wetland", map_box(t->mem, 0, 0, 50, 100));
  EXPECT_INT(layer_load(cx, w.reader, S("wetland"), &l), OK);
  EXPECT_INT(layer_version(l, 0)->no, 3);
  EXPECT_STR(layer_version(l, 1)->status, S("replaced"));
  EXPECT_STR(layer_version(l, 2)->status, S("refused"));
  LayerRow *rows = NULL;
  size_t n = 0;
  EXPECT_INT(layers_list(cx, w.reader, false, &rows, &n), OK);
  EXPECT(n == 1 && rows[0].version == 3);
  EXPECT_INT(layers_list(cx, w.reader, true, &rows, &n), OK);
  EXPECT_INT(n, 3);
  EXPECT(town_verified(&w, cx));
  town_drop(&w);
}

TEST(a_check_is_computed_again_from_the_versions_it_used) {
  Town w;
  bool same = false;
  Json *report = NULL;
  CheckedRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  map_open(&w, cx);
  map_layer_put(&w, cx, "ecological-redline", map_box(t->mem, 170, -500, 1000, 2000));
  EXPECT_INT(map_check_do(&w, cx, "owner", map_box(t->mem, 0, 0, 200, 100), ALLOWED), OK);
  map_layer_put(&w, cx, "ecological-redline", map_box(t->mem, 150, -500, 1000, 2000));
  map_layer_put(&w, cx, "wetland", map_box(t->mem, 0, 0, 10, 10));
  const MapCheck *c = map_check_of(&w, cx, 1);
  EXPECT_INT(map_again(cx, w.reader, &w.policy, c, &same, &report), OK);
  EXPECT(same);
  EXPECT_STR(blueprint_digest(t->mem, report), c->digest);
  MapCheck other = *c;
  other.declared = json_obj(t->mem);
  json_put_bool(t->mem, (Json *)(uintptr_t)other.declared, S("reclaim"), true);
  EXPECT_INT(map_again(cx, w.reader, &w.policy, &other, &same, &report), OK);
  EXPECT(!same);
  EXPECT_INT(map_check_do(&w, cx, "nr", map_box(t->mem, 0, 0, 200, 100), ALLOWED), OK);
  EXPECT_STR(json_str(map_row(map_check_of(&w, cx, 2), "ecological-redline"), S("area")), S("0.5000"));
  EXPECT_INT(mapchecks_list(cx, w.reader, &(CheckedFilter){.project = 1, .limit = 1}, &rows, &n, &total), OK);
  EXPECT(n == 1 && total == 2 && rows[0].no == 2);
  EXPECT_INT(mapchecks_list(cx, w.reader, &(CheckedFilter){.uscc = S("nobody"), .limit = 10}, &rows, &n, &total), OK);
  EXPECT(n == 0 && total == 0);
  town_drop(&w);
}

TEST(who_may_check_and_what_is_refused) {
  Town w;
  map_open(&w, cx);
  const char *box = map_box(t->mem, 0, 0, 200, 100);
  EXPECT_INT(map_check_do(&w, cx, "stranger", box, ALLOWED), DENIED);
  EXPECT_INT(map_check_do(&w, cx, "partner", box, ALLOWED), OK);
  EXPECT_INT(map_check_do(&w, cx, "owner", "120.1,40.1\\n120.2,40.2\\n120.2,40.1\\n120.1,40.2", ALLOWED), INVALID);
  SAYS("边线自己相交");
  EXPECT_STR(cx->field, S("shape"));
  EXPECT_INT(map_check_do(&w, cx, "owner", "118,40\\n118.2,40.2\\n118.2,40.1", ALLOWED), INVALID);
  SAYS("不在本市范围");
  EXPECT_INT(map_check_do(&w, cx, "owner", box, "'reclaim':true"), INVALID);
  EXPECT_INT(map_check_do(&w, cx, "owner", box, "'industry':'allowed'"), INVALID);
  NO(NOT_FOUND, "owner", "mapcheck.make", NULL, arena_fmt(t->mem, "{'project':9,'shape':'%s'," ALLOWED "}", box).ptr);
  DO("system", "project.mark", "project/1", "{'no':1,'status':'withdrawn'}");
  EXPECT_INT(map_check_do(&w, cx, "owner", box, ALLOWED), CONFLICT);
  town_drop(&w);
}
