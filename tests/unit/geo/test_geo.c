/* SPDX-License-Identifier: Apache-2.0 */
/* The plane against PROJ 9.1, areas that can be computed by hand, what is refused and where. */
#include "geo/geo.h"
#include "test.h"

#include <math.h>

static const GeoLimits limits = {.bytes = 200000, .points = 2000, .bounds = {119LL * GEO_UNIT, 39LL * GEO_UNIT, 122LL * GEO_UNIT, 42LL * GEO_UNIT}};

/* A rectangle in metres from a corner near 龙港, as GeoJSON rings; reversed: a hole. */
static Str box(Arena *mem, double x, double y, double w, double h) {
  GeoXY o = geo_plane(120850000000, 40710000000), at[] = {{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}, {x, y}};
  Str out = S("[");
  for (size_t i = 0; i < COUNT(at); i++) {
    int64_t lon, lat;
    geo_unplane((GeoXY){o.x + at[i].x, o.y + at[i].y}, &lon, &lat);
    Str a = geo_degrees(mem, lon), b = geo_degrees(mem, lat);
    out = arena_fmt(mem, "%.*s%s[%.*s,%.*s]", SFMT(out), i ? "," : "", SFMT(a), SFMT(b));
  }
  return arena_fmt(mem, "%.*s]", SFMT(out));
}

static Str polygon(Arena *mem, Str shell, Str hole) {
  return arena_fmt(mem, "{\"type\":\"Polygon\",\"coordinates\":[%.*s%s%.*s]}", SFMT(shell), hole.len ? "," : "", SFMT(hole));
}

static Geo *rect(Cx *cx, double x, double y, double w, double h) {
  Geo *g = NULL;
  REQUIRE(geo_read(cx, polygon(cx->mem, box(cx->mem, x, y, w, h), S("")), S("shape"), &limits, &g) == OK);
  return g;
}

#define NEAR(got, want, by) EXPECT(fabs((double)(got) - (double)(want)) <= (by))
#define REFUSED(code, text, says)                                              \
  do {                                                                         \
    Geo *none = NULL;                                                          \
    EXPECT_INT(geo_read(cx, (text), S("shape"), &limits, &none), code);        \
    if (!str_has(cx->detail, S(says))) EXPECT_STR(cx->detail, S(says));        \
    EXPECT_STR(cx->field, S("shape"));                                         \
    cx_clear(cx);                                                              \
  } while (0)

TEST(the_plane_and_gauss_krueger_agree_with_proj_to_a_tenth_of_a_millimetre) {
  static const struct { double lon, lat, north, east; } gauss[] = {
      {120.85, 40.71, 4508715.9884, 571827.8365}, {119.21, 39.98, 4427607.2643, 432518.7979}, {121.02, 41.2, 4563286.1274, 585558.5627}, {120, 40.6, 4496153.2732, 500000}};
  static const struct { double lon, lat, x, y; } plane[] = {{120.85, 40.71, 71945.5004, 5444905.4606}, {119.21, 39.98, -66866.9945, 5363538.6848}};
  int64_t lon, lat;
  for (size_t i = 0; i < COUNT(gauss); i++) {
    geo_from_gauss(gauss[i].north, gauss[i].east + (i % 2 ? 40000000 : 0), &lon, &lat); /* with and without the zone */
    NEAR(lon, gauss[i].lon * GEO_UNIT, 2);
    NEAR(lat, gauss[i].lat * GEO_UNIT, 2);
  }
  for (size_t i = 0; i < COUNT(plane); i++) {
    GeoXY p = geo_plane(llround(plane[i].lon * GEO_UNIT), llround(plane[i].lat * GEO_UNIT));
    NEAR(p.x, plane[i].x, 0.0001);
    NEAR(p.y, plane[i].y, 0.0001);
    geo_unplane(p, &lon, &lat);
    EXPECT(lon == llround(plane[i].lon * GEO_UNIT) && lat == llround(plane[i].lat * GEO_UNIT));
  }
}

/* One minute by one minute between 40°42′ and 40°43′: the area of the ellipsoid's trapezium, computed apart with 40 digits. */
TEST(an_area_is_the_area_on_the_ellipsoid) {
  Geo *g = NULL;
  Str text = S("120.85,40.7\n120.866666667,40.7\n120.866666667,40.716666667\n120.85,40.716666667\n");
  EXPECT_INT(geo_read(cx, text, S("shape"), &limits, &g), OK);
  NEAR((double)g->area.v / 1000, 2606703.32153, 0.01);
  EXPECT_INT(g->count, 1);
  EXPECT_INT(g->list[0].rings[0].count, 5);
}

TEST(areas_of_rectangles_holes_and_several_polygons) {
  Geo *g = rect(cx, 0, 0, 200, 100);
  NEAR(g->area.v, 20000000, 100); /* 2 ha, to a tenth of a square metre: corners are rounded to 0.1 mm */
  EXPECT_STR(geo_ha(t->mem, g->area), S("2.0000"));
  EXPECT_INT(geo_read(cx, polygon(t->mem, box(t->mem, 0, 0, 200, 100), box(t->mem, 50, 25, 100, 50)), S("shape"), &limits, &g), OK);
  EXPECT_STR(geo_ha(t->mem, g->area), S("1.5000"));
  Str two = arena_fmt(t->mem, "{\"type\":\"MultiPolygon\",\"coordinates\":[[%.*s],[%.*s]]}", SFMT(box(t->mem, 0, 0, 100, 100)), SFMT(box(t->mem, 500, 0, 100, 100)));
  EXPECT_INT(geo_read(cx, two, S("shape"), &limits, &g), OK);
  EXPECT_STR(geo_ha(t->mem, g->area), S("2.0000"));
  EXPECT_INT(g->count, 2);
  Str all = arena_fmt(t->mem, "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{\"n\":[1,{\"a\":null}],\"名\":\"x\\\"y\"},\"geometry\":%.*s}]}", SFMT(two));
  Geo *h = NULL;
  EXPECT_INT(geo_read(cx, all, S("shape"), &limits, &h), OK);
  EXPECT_STR(geo_text(t->mem, h), geo_text(t->mem, g));
}

TEST(what_was_written_is_read_back_exactly) {
  Geo *g = rect(cx, 3.3, 7.7, 123.4, 56.7), *h = NULL;
  Str text = geo_text(t->mem, g);
  EXPECT_INT(geo_stored(cx, text, &h), OK);
  EXPECT_STR(geo_text(t->mem, h), text);
  EXPECT_INT(geo_stored(cx, S("{\"type\":\"Point\"}"), &h), BROKEN);
  EXPECT_STR(geo_degrees(t->mem, 120850000000), S("120.85"));
  EXPECT_STR(geo_degrees(t->mem, -1), S("-0.000000001"));
  EXPECT_STR(geo_ha(t->mem, (Milli){499}), S("0.0000"));
  EXPECT_STR(geo_ha(t->mem, (Milli){500}), S("0.0001"));
}

TEST(corner_points_of_surveyors_are_read_with_rings_and_parcels) {
  Geo *g = NULL;
  Str text = S("[属性描述]\n坐标系=2000国家大地坐标系\n[地块坐标]\n4,2.0,1,示例,面,,,,@\nJ1,1,4508700,40571800\nJ2，1，4508700，40572000\nJ3,1,4508800,40572000\nJ4,1,4508800,40571800\nJ1,1,4508700,40571800\n"
               "J5,2,4508725,40571850\nJ6,2,4508775,40571850\nJ7,2,4508775,40571950\nJ8,2,4508725,40571950\n");
  EXPECT_INT(geo_read(cx, text, S("shape"), &limits, &g), OK);
  EXPECT_INT(g->list[0].count, 2);
  NEAR((double)g->area.v / 1000, 15000 / 1.00013, 2.5); /* Gauss-Krüger shows it 0.013 % too large here */
}

TEST(overlap_of_two_hectares_with_a_line_that_cuts_off_three_tenths) {
  Geo *plot = rect(cx, 0, 0, 200, 100), *line = rect(cx, 170, -500, 1000, 2000);
  GeoOverlap o;
  EXPECT_INT(geo_overlap(cx, plot, &line, 1, &o), OK);
  EXPECT_STR(geo_ha(t->mem, o.shared->area), S("0.3000"));
  EXPECT_STR(geo_ha(t->mem, o.outside->area), S("1.7000"));
  EXPECT(o.touches && !o.inside);
  Str first = geo_text(t->mem, o.shared);
  EXPECT_INT(geo_overlap(cx, plot, &line, 1, &o), OK);
  EXPECT_STR(geo_text(t->mem, o.shared), first);
}

TEST(borders_and_corners_touch_without_an_overlap) {
  Geo *plot = rect(cx, 0, 0, 200, 100), *beside = rect(cx, 200, 0, 50, 100), *corner = rect(cx, 200, 100, 50, 50), *far = rect(cx, 250, 0, 50, 50), *thin = rect(cx, 199.999, 0, 50, 100);
  Geo *const all[] = {beside, corner, far, thin};
  GeoOverlap o;
  for (size_t i = 0; i < COUNT(all); i++) {
    EXPECT_INT(geo_overlap(cx, plot, &all[i], 1, &o), OK);
    EXPECT(o.shared->area.v <= 200); /* the sliver is 0.1 square metres */
    EXPECT(!o.inside);
    EXPECT_STR(geo_ha(t->mem, o.shared->area), S("0.0000"));
  }
  EXPECT_INT(geo_overlap(cx, plot, &far, 1, &o), OK);
  EXPECT(!o.touches && o.shared->count == 0);
}

TEST(a_distance_is_that_of_the_nearest_part_and_none_where_they_touch) {
  Geo *plot = rect(cx, 0, 0, 200, 100), *parts[] = {rect(cx, 250, 0, 50, 50), rect(cx, 230, 140, 50, 50)};
  double metres = 0;
  EXPECT_INT(geo_distance(cx, plot, &parts[0], 1, &metres), OK);
  NEAR(metres, 50, 0.01);
  EXPECT_INT(geo_distance(cx, plot, &parts[1], 1, &metres), OK);
  NEAR(metres, 50, 0.01); /* 30 and 40 */
  parts[0] = rect(cx, 200, 0, 50, 50);
  EXPECT_INT(geo_distance(cx, plot, parts, 2, &metres), OK);
  NEAR(metres, 0, 0.002);
  EXPECT_INT(geo_distance(cx, plot, parts, 0, &metres), OK);
  EXPECT(metres > 1e300);
}

TEST(a_plot_in_a_hole_is_outside_and_one_over_two_parts_is_inside) {
  Geo *plot = rect(cx, 60, 30, 50, 20), *ring = NULL, *west = rect(cx, 0, 0, 80, 100), *east = rect(cx, 80, 0, 80, 100);
  GeoOverlap o;
  EXPECT_INT(geo_read(cx, polygon(t->mem, box(t->mem, 0, 0, 200, 100), box(t->mem, 50, 25, 100, 50)), S("shape"), &limits, &ring), OK);
  EXPECT_INT(geo_overlap(cx, plot, &ring, 1, &o), OK);
  EXPECT(!o.touches && !o.inside && !o.shared->count);
  EXPECT_INT(geo_overlap(cx, plot, (Geo *const[]){west, east}, 2, &o), OK);
  EXPECT(o.inside && str_eqz(geo_ha(t->mem, o.shared->area), "0.1000"));
  EXPECT_INT(geo_overlap(cx, plot, NULL, 0, &o), OK);
  EXPECT(!o.touches && !o.inside && !o.shared->count && o.outside->count == 1);
}

TEST(what_is_wrong_with_a_figure_is_said_with_polygon_ring_and_point) {
  Arena *m = t->mem;
  REFUSED(INVALID, S("  "), "请上传图形文件");
  REFUSED(INVALID, S("{\"type\":\"Polygon\",\"coordinates\":[]}"), "图形里没有面");
  REFUSED(INVALID, S("{\"type\":\"Polygon\",\"coordinates\":[[[120.1,40.1],[120.2,40.1],[120.2,40.2],[120.1,40.2]]]}"), "第 1 个面第 1 圈没有闭合");
  REFUSED(INVALID, S("{\"type\":\"Polygon\",\"coordinates\":[[[120.1,40.1],[120.2,40.1],[120.1,40.1]]]}"), "不到 3 个不同的点");
  REFUSED(INVALID, S("120.1,40.1\n120.2,40.2\n120.2,40.1\n120.1,40.2\n"), "边线自己相交");
  REFUSED(INVALID, S("120.1,40.1\n40.2,120.2\n120.2,40.1\n"), "第 1 个面第 1 圈第 2 点（40.2，120.2）的经度和纬度写反了");
  REFUSED(INVALID, S("120.1,40.1\n181,40.2\n120.2,40.1\n"), "第 1 个面第 1 圈第 2 点（181，40.2）不在本市范围");
  REFUSED(INVALID, S("120.1,40.1\n1e999,40.2\n"), "第 2 行“1e999,40.2”看不懂");
  REFUSED(INVALID, S("J1,a,4508700,40571800\n"), "第 1 行的圈号“a”");
  REFUSED(INVALID, S("120.1,40.1\n120.10000001,40.1\n120.1,40.10000001\n"), "不到 1 平方米");
  REFUSED(INVALID, S("{\"type\":\"Point\",\"coordinates\":[120.1,40.1]}"), "图形是 Point");
  REFUSED(INVALID, S("{\"coordinates\":[1]}"), "不是 GeoJSON");
  REFUSED(INVALID, S("{\"type\":\"Polygon\",\"coordinates\":[[[1e999,40.1]]]}"), "应当是数");
  REFUSED(INVALID, S("{\"type\":\"Polygon\",\"coordinates\":[[[NaN,40.1]]]}"), "应当是数");
  REFUSED(INVALID, S("{\"type\":\"Polygon\",\"coordinates\":[[[120.1]]]}"), "没有纬度");
  REFUSED(INVALID, S("{\"type\":\"Polygon\",\"coordinates\":[[[120.1,40.1]"), "第 1 行");
  REFUSED(INVALID, S("{\"type\":\"Poly\x01gon\"}"), "控制字符");
  REFUSED(INVALID, S("{\"type\":\"\xff\"}"), "不是 UTF-8");
  REFUSED(INVALID, polygon(m, box(m, 0, 0, 100, 100), box(m, 500, 0, 50, 50)), "第 1 个面第 2 圈第 1 点附近孔洞在外圈之外");
  REFUSED(INVALID, arena_fmt(m, "{\"type\":\"MultiPolygon\",\"coordinates\":[[%.*s],[%.*s]]}", SFMT(box(m, 0, 0, 100, 100)), SFMT(box(m, 50, 50, 100, 100))), "边线自己相交");
}

TEST(hostile_sizes_and_depths_end_early) {
  Arena *m = t->mem;
  Str deep = S("1");
  for (int i = 0; i < 40; i++) deep = arena_fmt(m, "[%.*s]", SFMT(deep));
  REFUSED(INVALID, arena_fmt(m, "{\"type\":\"Polygon\",\"x\":%.*s,\"coordinates\":[]}", SFMT(deep)), "嵌套太深");
  Str nested = S("{\"type\":\"Polygon\",\"coordinates\":[]}");
  for (int i = 0; i < 20; i++) nested = arena_fmt(m, "{\"type\":\"FeatureCollection\",\"features\":[%.*s]}", SFMT(nested));
  REFUSED(INVALID, nested, "嵌套太深");
  SCOPED(buf_drop) Buf b;
  buf_init(&b, 1 << 20);
  for (int i = 0; i < 2100; i++) buf_fmt(&b, "120.%04d,40.1\n", i);
  REFUSED(LIMIT, buf_str(&b), "图形超过 2000 个点");
  for (int i = 0; i < 15000; i++) buf_fmt(&b, "120.%05d,40.1\n", i);
  REFUSED(LIMIT, buf_str(&b), "最多 195 KB");
}

TEST(repeated_points_are_dropped_and_counted) {
  Geo *g = NULL;
  EXPECT_INT(geo_read(cx, S("120.85,40.7\n120.85,40.7\n120.86,40.7\n120.86,40.71\n120.86,40.71\n120.85,40.71\n"), S("shape"), &limits, &g), OK);
  EXPECT_INT(g->dropped, 2);
  EXPECT_INT(g->points, 5);
}

TEST(a_picture_holds_what_is_in_its_frame) {
  Geo *g = rect(cx, 0, 0, 200, 100), *far = rect(cx, 50000, 0, 100, 100);
  GeoFrame f = geo_frame(g->box, 400, 300, 0.1);
  Str d = geo_path(t->mem, g, &f);
  EXPECT(str_starts(d, S("M")) && str_ends(d, S("Z")));
  EXPECT_INT(geo_path(t->mem, far, &f).len, 0);
}
