/* SPDX-License-Identifier: Apache-2.0 */
#include "map_town.h"

void map_open(Town *t, Cx *cx) {
  town_open(t, cx, map_engines, MAP_ENGINES);
  Code code = town_do(t, cx, "system", "project.register", NULL,
                      "{'no':1,'number':'HLD-000001','name':'示例工程','uscc':'" USCC "','category':'industry','owner':'示例公司','applicant':'owner'}");
  REQUIRE(code == OK);
}

const char *map_ring(Arena *mem, double x, double y, double w, double h) {
  GeoXY o = geo_plane(120850000000, 40710000000), at[] = {{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}, {x, y}};
  Str out = S("[[");
  for (size_t i = 0; i < COUNT(at); i++) {
    int64_t lon, lat;
    geo_unplane((GeoXY){o.x + at[i].x, o.y + at[i].y}, &lon, &lat);
    Str a = geo_degrees(mem, lon), b = geo_degrees(mem, lat);
    out = arena_fmt(mem, "%.*s%s[%.*s,%.*s]", SFMT(out), i ? "," : "", SFMT(a), SFMT(b));
  }
  return arena_fmt(mem, "%.*s]]", SFMT(out)).ptr;
}

const char *map_box(Arena *mem, double x, double y, double w, double h) {
  return arena_fmt(mem, "{\\\"type\\\":\\\"Polygon\\\",\\\"coordinates\\\":%s}", map_ring(mem, x, y, w, h)).ptr;
}

Code map_layer_do(Town *t, Cx *cx, const char *who, const char *layer, const char *box) {
  return town_do(t, cx, who, "layer.propose", NULL,
                 arena_fmt(cx->mem, "{'layer':'%s','source':'示例数据','date':'2019-06-30','basis':'示例批准文件','sample':true,'shape':'%s'}", layer, box).ptr);
}

void map_layer_put(Town *t, Cx *cx, const char *layer, const char *box) {
  Code code = map_layer_do(t, cx, "nr", layer, box);
  const Layer *l = NULL;
  if (code == OK) code = layer_load(cx, t->reader, str_of(layer), &l);
  Str stream = arena_fmt(cx->mem, "layer/%s", layer);
  if (code == OK) code = town_do(t, cx, "nr-head", "layer.publish", stream.ptr, arena_fmt(cx->mem, "{'version':%zu}", l->count).ptr);
  REQUIRE(code == OK);
}

Code map_check_do(Town *t, Cx *cx, const char *who, const char *box, const char *declared) {
  return town_do(t, cx, who, "mapcheck.make", NULL, arena_fmt(cx->mem, "{'project':1,'shape':'%s',%s}", box, declared).ptr);
}

const MapCheck *map_check_of(Town *t, Cx *cx, int64_t no) {
  const MapCheck *c = NULL;
  reader_begin(t->reader);
  Code code = mapcheck_load(cx, t->reader, no, &c);
  REQUIRE(code == OK);
  return c;
}

const Json *map_row(const MapCheck *c, const char *code) {
  const Json *rows = json_get(c->report, S("rows"));
  for (const Json *r = rows->first; r; r = r->next)
    if (str_eqz(json_str(r, S("code")), code)) return r;
  return NULL;
}
