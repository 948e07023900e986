/* SPDX-License-Identifier: Apache-2.0 */
/* page_regionmap.c: where the regions 区域 lie: the map of them for everybody (P53), the area of one, and drawing it. */
#include "web/page_map.h"
#include "web/page_region.h"

/* The area in force as a picture, and which areas there were. */
Code region_drawings(Cx *cx, Request *rq, Json *view, const Region *r) {
  Arena *m = rq->mem;
  Geo *g = NULL;
  Json *list = json_put_arr(m, view, S("drawings")), *near = NULL;
  for (size_t i = r->drawing_count; i > 0; i--) {
    const Drawing *d = &r->drawings[i - 1];
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "no", d->no);
    PUT(o, "basis", d->basis);
    PUT_BOOL(o, "sample", d->sample);
    PUT(o, "area", geo_ha(m, d->area));
    PUT(o, "by", d->by);
    PUT(o, "at_cn", time_cn(m, d->at));
    PUT_BOOL(o, "newest", i == r->drawing_count);
  }
  if (!r->shape.len) return OK;
  TRY(geo_stored(cx, r->shape, &g));
  TRY(map_near(cx, reader_views(rq->rd), rq->app->policy, box_around(g), NULL, &near));
  return picture_view(cx, rq, view, near, g->box, 0.3, g, NULL);
}

/* The regions themselves over the other layers, each with its name. */
static Code regions_drawn(Cx *cx, Request *rq, Json *view, const GeoFrame *f) {
  Arena *m = rq->mem;
  RegionRow *rows = NULL;
  size_t n = 0;
  Json *pic = (Json *)(uintptr_t)json_get(view, S("picture")), *names = json_put_arr(m, pic, S("names")), *areas = json_put_arr(m, pic, S("areas"));
  TRY(regions_list(cx, rq->rd, day_of(rq->now), &rows, &n));
  for (size_t i = 0; i < n; i++) {
    const Region *r = NULL;
    Geo *g = NULL;
    if (!rows[i].drawn) continue;
    TRY(region_load(cx, rq->rd, rows[i].no, &r));
    TRY(geo_stored(cx, r->shape, &g));
    json_push_str(m, areas, geo_path(m, g, f));
    Json *o = json_push_obj(m, names);
    GeoXY a = geo_plane(g->box.west, g->box.north), b = geo_plane(g->box.east, g->box.north);
    double x = ((a.x + b.x) / 2 - f->west) * f->scale;
    PUT(o, "x", arena_fmt(m, "%.1f", x));
    PUT(o, "y", arena_fmt(m, "%.1f", (f->north - a.y) * f->scale - 10));
    PUT(o, "name", r->name);
    PUT(o, "anchor", x < MAP_WIDTH / 4 ? S("start") : x > MAP_WIDTH * 3 / 4 ? S("end") : S("middle"));
  }
  return OK;
}

/* The map P53: every drawn region, and what is shared in it today. */
static Code page_region_map(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Json *near = NULL;
  GeoBox box;
  rp->title = tr(rq->lang, S("区域评估成果共享"));
  rp->view = json_obj(m);
  TRY(region_rows(cx, rq, rp->view));
  TRY(map_near(cx, reader_views(rq->rd), p, box_of_city(p), NULL, &near));
  const Json *regions = json_get(near, REGION_LAYER);
  PUT_BOOL(rp->view, "sample", json_bool(regions, S("sample")));
  PUT(rp->view, "crs", S(GEO_CRS));
  Json *only = json_obj(m);
  if (regions) json_put(m, only, REGION_LAYER, json_clone(m, regions));
  TRY(box_of_parts(cx, rq, only, &box));
  GeoFrame f = geo_frame(box, MAP_WIDTH, MAP_HEIGHT, 0.15);
  TRY(picture_view(cx, rq, rp->view, near, box, 0.15, NULL, NULL));
  return regions_drawn(cx, rq, rp->view, &f);
}

static Code page_region_shape(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Region *r = NULL;
  TRY(region_load(cx, rq->rd, param_no(rq, 0), &r));
  if (!r->shape.len) FAIL(NOT_FOUND, "“%.*s”的范围还没有画。", SFMT(r->name));
  const Drawing *d = &r->drawings[r->drawing_count - 1];
  Json *o = json_obj(m);
  PUT(o, "number", r->number);
  PUT(o, "name", r->name);
  PUT(o, "basis", d->basis);
  PUT(o, "at", time_str(m, d->at));
  PUT(o, "crs", S(GEO_CRS));
  PUT(o, "area_ha", geo_ha(m, d->area));
  PUT_BOOL(o, "sample", d->sample);
  Str one = geojson_feature(m, r->shape, o);
  rp->body = geojson_collection(m, &one, 1);
  rp->type = S("application/geo+json");
  rp->filename = arena_fmt(m, "%.*s-第%lld次.geojson", SFMT(r->name), (long long)d->no);
  return OK;
}

/* ---- drawing the area ------------------------------------------------------------------------------------------ */

static const FormField draw_fields[] = {{"shape", "long", "界址点坐标", PLOT_HINT, false},
                                        {"basis", "text", "批准文件", "批准区域范围的文件，名称和文号", false},
                                        {"sample", "yesno", "是不是示例数据", "不是真实范围、只供演示的选“是”，页面上都会标明", false}};
static const FormAct draw_act = {.act = "draw", .command = "region.draw", .title = "画范围", .button = "保存，即日起按这个范围共享", FIELDS(draw_fields),
                                 .note = "以前提交的申请不受影响；原来的范围留在记录里。"};

static Code page_region_draw(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Region *r = NULL;
  Geo *g = NULL;
  Str lead = rq->app->policy->stages[1].lead, at = arena_fmt(m, "/w/regions/%lld", (long long)param_no(rq, 0));
  TRY(region_load(cx, rq->rd, param_no(rq, 0), &r));
  if (!staff_of(rq, lead)) FAIL(DENIED, "区域范围由%.*s画。", SFMT(unit_name(rq->app->policy, lead)));
  rp->title = arena_fmt(m, "画范围：%.*s", SFMT(r->name));
  rp->view = json_obj(m);
  PUT(rp->view, "name", r->name);
  PUT(rp->view, "boundary", r->boundary);
  PUT(rp->view, "back", at);
  PUT(rp->view, "path", arena_fmt(m, "%.*s/draw", SFMT(at)));
  Json *form = form_put_act(rq, rp->view, &draw_act);
  if (r->shape.len) TRY(geo_stored(cx, r->shape, &g));
  if (g && g->count && g->list[0].count == 1) form_value(rq, form, "shape", plot_lines(m, g));
  PUT_BOOL(rp->view, "drawn", g != NULL);
  return plot_map(cx, rq, rp->view, g);
}

static Code post_region_draw(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const Region *r = NULL;
  TRY(region_load(cx, rq->rd, param_no(rq, 0), &r));
  plot_arrived(rq);
  Str stream = arena_fmt(m, "region/%lld", (long long)r->no), at = arena_fmt(m, "/w/regions/%lld", (long long)r->no);
  form_send(rq, rp, &draw_act, stream, form_args(rq, &draw_act), at, page_region_draw, "region_draw");
  return OK;
}

#define UNIT (ROLE_APPROVER | ROLE_UNIT_HEAD)
/* Behind those of the map, whose first is the link in the navigation. */
const Route region_map_routes[] = {
    {.method = GET, .path = "/map/region", .allow = ROLE_PUBLIC, .run = page_region_map, .tmpl = "map_region", .section = "map",
     .help = "区域评估成果共享：哪里有可以共享的评估，到哪天。"},
    {.method = GET, .path = "/s/regions/{no}/shape", .allow = ROLE_PUBLIC, .run = page_region_shape, .section = "guide", .help = "一个区域的范围（GeoJSON）。"},
    {.method = GET, .path = "/w/regions/{no}/draw", .allow = UNIT, .run = page_region_draw, .tmpl = "region_draw", .section = "early", .compact = true, .help = "画一个区域的范围。"},
    {.method = POST, .path = "/w/regions/{no}/draw", .allow = UNIT, .run = post_region_draw, .section = "early", .compact = true, .uploads = "held", .help = "画一个区域的范围。"},
    {.path = NULL},
};
