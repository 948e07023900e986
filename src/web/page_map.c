/* SPDX-License-Identifier: Apache-2.0 */
/* page_map.c: the one blueprint 一张蓝图: its layers for everybody, as map, table and files; and for the units that publish them. */
#include "web/page_map.h"

/* ---- parts ----------------------------------------------------------------------------------------------------------- */

void legend_name(Request *rq, Json *o, const Policy *p, Str code) {
  Arena *m = rq->mem;
  const LayerKind *k = policy_layer(p, code);
  PUT(o, "code", code);
  PUT(o, "name", k ? k->name : code);
  PUT(o, "group_label", map_label(k ? k->group : S("")));
  PUT_INT(o, "i", k ? (int64_t)(k - p->blueprint.layers) : 0);
}

GeoBox box_of_city(const Policy *p) {
  return blueprint_limits(p).bounds;
}

GeoBox box_around(const Geo *plot) {
  GeoBox b = plot->box;
  int64_t w = b.east - b.west + GEO_UNIT / 2000, h = b.north - b.south + GEO_UNIT / 2000; /* at least some 50 m more */
  return (GeoBox){b.west - w, b.south - h, b.east + w, b.north + h};
}

/* Which layers the legend has ticked: all, when nothing was asked. */
static bool ticked(const Request *rq, Str code) {
  const Json *on = json_get(rq->args, S("on"));
  if (!json_get(rq->args, S("shown"))) return true;
  for (const Json *x = on && on->kind == JSON_ARR ? on->first : NULL; x; x = x->next)
    if (str_eq(x->str, code)) return true;
  return false;
}

static Code layer_path(Cx *cx, const Json *parts, const GeoFrame *f, Str *d) {
  SCOPED(buf_drop) Buf all;
  buf_init(&all, 4 << 20);
  for (const Json *t = parts ? parts->first : NULL; t; t = t->next) {
    Geo *g = NULL;
    TRY(geo_stored(cx, t->str, &g));
    buf_add(&all, geo_path(cx->mem, g, f));
  }
  *d = arena_str(cx->mem, buf_str(&all));
  return OK;
}

static Code overlaps_view(Cx *cx, Json *pic, const Json *report, const GeoFrame *f) {
  const Json *rows = json_get(report, S("rows"));
  Json *list = json_put_arr(cx->mem, pic, S("overlaps"));
  for (const Json *r = rows ? rows->first : NULL; r; r = r->next) {
    Geo *g = NULL;
    if (!json_bool(r, S("block")) || !json_get(r, S("shape"))) continue;
    TRY(geo_stored(cx, json_str(r, S("shape")), &g));
    json_push_str(cx->mem, list, geo_path(cx->mem, g, f));
  }
  return OK;
}

Code picture_view(Cx *cx, Request *rq, Json *view, const Json *near, GeoBox box, double margin, const Geo *plot, const Json *report) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  GeoFrame f = geo_frame(box, MAP_WIDTH, MAP_HEIGHT, margin);
  Json *pic = json_put_obj(m, view, S("picture")), *list = json_put_arr(m, pic, S("layers")), *legend = json_put_arr(m, pic, S("legend"));
  PUT(pic, "west", arena_fmt(m, "%.4f", f.west));
  PUT(pic, "north", arena_fmt(m, "%.4f", f.north));
  PUT(pic, "scale", arena_fmt(m, "%.12f", f.scale));
  PUT_INT(pic, "width", MAP_WIDTH);
  PUT_INT(pic, "height", MAP_HEIGHT);
  long long metres = (long long)(MAP_WIDTH / f.scale);
  PUT(pic, "wide", metres >= 5000 ? arena_fmt(m, "%lld km", metres / 1000) : arena_fmt(m, "%lld m", metres));
  for (size_t i = 0; i < p->blueprint.layer_count; i++) {
    const Json *here = json_get(near, p->blueprint.layers[i].code);
    Str d = S("");
    if (here) {
      Json *o = json_push_obj(m, legend);
      legend_name(rq, o, p, p->blueprint.layers[i].code);
      PUT_BOOL(o, "sample", json_bool(here, S("sample")));
    }
    TRY(layer_path(cx, json_get(here, S("parts")), &f, &d));
    if (!d.len) continue;
    Json *o = json_push_obj(m, list);
    legend_name(rq, o, p, p->blueprint.layers[i].code);
    PUT(o, "d", d);
    PUT_BOOL(o, "off", !ticked(rq, p->blueprint.layers[i].code));
  }
  if (plot) PUT(pic, "plot", geo_path(m, plot, &f));
  return overlaps_view(cx, pic, report, &f);
}

Str geojson_feature(Arena *m, Str shape, const Json *properties) {
  return arena_fmt(m, "{\"type\":\"Feature\",\"properties\":%.*s,\"geometry\":%.*s}", SFMT(json_text(m, properties)), SFMT(shape));
}

Str geojson_collection(Arena *m, const Str *features, size_t n) {
  SCOPED(buf_drop) Buf b;
  buf_init(&b, 64 << 20);
  buf_add(&b, S("{\"type\":\"FeatureCollection\",\"features\":["));
  for (size_t i = 0; i < n; i++) {
    if (i) buf_char(&b, ',');
    buf_add(&b, features[i]);
  }
  buf_add(&b, S("]}\n"));
  return arena_str(m, buf_str(&b));
}

/* ---- everybody ------------------------------------------------------------------------------------------------------- */

static void row_put(Request *rq, Json *o, const LayerRow *r) {
  Arena *m = rq->mem;
  legend_name(rq, o, rq->app->policy, r->code);
  PUT_INT(o, "version", r->version);
  PUT(o, "status", r->status);
  PUT(o, "status_label", map_label(r->status));
  PUT(o, "source_text", r->source);
  PUT(o, "basis", r->basis);
  PUT(o, "date", day_str(m, r->date));
  PUT(o, "area", geo_ha(m, r->area));
  PUT_INT(o, "polygons", r->polygons);
  PUT_INT(o, "points", r->points);
  PUT_BOOL(o, "sample", r->sample);
  PUT(o, "by_name", r->by_name);
  PUT(o, "decided_by", r->decided_by);
  PUT(o, "proposed", time_cn(m, r->proposed_at));
  if (r->decided_at) PUT(o, "decided", time_cn(m, r->decided_at));
}

static Str rule_label(const LayerKind *k) {
  if (str_eqz(k->rule, "block")) return S(N_("压到不能受理"));
  if (str_eqz(k->rule, "inside")) return S(N_("应当在界内"));
  if (str_eqz(k->rule, "warn")) return k->restricted ? S(N_("压到要注意，限制类、淘汰类不能受理")) : S(N_("压到要注意"));
  return S(N_("标明是否在内"));
}

static const LayerRow *published(const LayerRow *rows, size_t n, Str code) {
  for (size_t i = 0; i < n; i++)
    if (str_eq(rows[i].code, code)) return &rows[i];
  return NULL;
}

static Json *layers_view(Request *rq, Json *view, const LayerRow *rows, size_t n) {
  Arena *m = rq->mem;
  const Policy *p = rq->app->policy;
  Json *list = json_put_arr(m, view, S("layers")), *wanted = json_obj(m);
  bool sample = false;
  for (size_t i = 0; i < p->blueprint.layer_count; i++) {
    const LayerKind *k = &p->blueprint.layers[i];
    const LayerRow *r = published(rows, n, k->code);
    Json *o = json_push_obj(m, list);
    if (r) row_put(rq, o, r);
    else legend_name(rq, o, p, k->code);
    PUT(o, "rule_label", rule_label(k));
    PUT(o, "unit_name", unit_name(p, k->unit));
    PUT(o, "clause", k->source.clause);
    PUT_BOOL(o, "on", r && ticked(rq, k->code));
    if (r) json_put_int(m, wanted, k->code, r->version);
    sample |= r && r->sample;
  }
  PUT_BOOL(view, "sample", sample);
  PUT(view, "crs", S(GEO_CRS));
  return wanted;
}

/* The box of all layers that are published: the whole city is mostly land without any. */
Code box_of_parts(Cx *cx, Request *rq, const Json *near, GeoBox *box) {
  bool any = false;
  for (const Json *l = near->first; l; l = l->next)
    for (const Json *t = json_get(l, S("parts"))->first; t; t = t->next) {
      Geo *g = NULL;
      TRY(geo_stored(cx, t->str, &g));
      if (!any) *box = g->box;
      if (g->box.west < box->west) box->west = g->box.west;
      if (g->box.south < box->south) box->south = g->box.south;
      if (g->box.east > box->east) box->east = g->box.east;
      if (g->box.north > box->north) box->north = g->box.north;
      any = true;
    }
  if (!any) *box = box_of_city(rq->app->policy);
  return OK;
}

static Code page_map(Cx *cx, Request *rq, Reply *rp) {
  const Policy *p = rq->app->policy;
  LayerRow *rows = NULL;
  size_t n = 0;
  Json *near = NULL;
  GeoBox box;
  TRY(layers_list(cx, rq->rd, false, &rows, &n));
  rp->title = tr(rq->lang, S("一张蓝图"));
  rp->view = json_obj(rq->mem);
  const Json *wanted = layers_view(rq, rp->view, rows, n);
  TRY(map_near(cx, reader_views(rq->rd), p, box_of_city(p), wanted, &near));
  TRY(box_of_parts(cx, rq, near, &box));
  return picture_view(cx, rq, rp->view, near, box, 0.03, NULL, NULL);
}

/* The same at another place and size, for the script of pages on which one draws: the "picture" of picture_view over a box of millionths of a degree. */
static Code page_window(Cx *cx, Request *rq, Reply *rp) {
  static const char *const names[] = {"west", "south", "east", "north"};
  const Policy *p = rq->app->policy;
  GeoBox city = box_of_city(p), box = {0};
  int64_t *const to[] = {&box.west, &box.south, &box.east, &box.north};
  const int64_t least[] = {city.west, city.south, city.west, city.south}, most[] = {city.east, city.north, city.east, city.north};
  Json *near = NULL, *view = json_obj(rq->mem);
  const int64_t whole[] = {city.west, city.south, city.east, city.north}; /* when no window is named */
  for (size_t i = 0; i < COUNT(to); i++) {
    int64_t v = request_int(rq, str_of(names[i]), whole[i] / (GEO_UNIT / 1000000));
    int64_t span = most[i] - least[i]; /* a map may show as much again on each side of the city */
    *to[i] = v * (GEO_UNIT / 1000000) < least[i] - span ? least[i] - span : v * (GEO_UNIT / 1000000) > most[i] + span ? most[i] + span : v * (GEO_UNIT / 1000000);
  }
  if (box.west >= box.east || box.south >= box.north) FAIL_AT(INVALID, S("west"), S(""), "要写 west、south、east、north：百万分之一度，西小于东、南小于北");
  TRY(map_near(cx, reader_views(rq->rd), p, box, NULL, &near));
  TRY(picture_view(cx, rq, view, near, box, 0, NULL, NULL));
  rp->body = json_text(rq->mem, json_get(view, S("picture")));
  rp->type = S("application/json");
  return OK;
}

static Code kind_of(Cx *cx, const Request *rq, const LayerKind **out) {
  *out = policy_layer(rq->app->policy, rq->params[0]);
  if (!*out) FAIL(NOT_FOUND, "一张蓝图里没有这个图层，请从图层列表中选择。");
  return OK;
}

static void kind_view(Request *rq, Json *view, const LayerKind *k) {
  Arena *m = rq->mem;
  legend_name(rq, view, rq->app->policy, k->code);
  PUT(view, "rule_label", rule_label(k));
  PUT(view, "effect", k->effect);
  PUT(view, "way", k->way);
  PUT(view, "unit_name", unit_name(rq->app->policy, k->unit));
  view_source(m, view, k->source);
  PUT_BOOL(view, "rule_sample", k->rule_source.sample);
  PUT(view, "crs", S(GEO_CRS));
}

/* Versions that were in force at some time; all: also those that wait or were sent back, for the unit of the layer. Staff of others see what waits, not its file. */
static Code versions_view(Cx *cx, Request *rq, Json *view, Str code, bool all, bool staff) {
  LayerRow *rows = NULL;
  size_t n = 0;
  TRY(layers_list(cx, rq->rd, true, &rows, &n));
  Json *list = json_put_arr(rq->mem, view, S("versions"));
  for (size_t i = 0; i < n; i++) {
    bool waits = str_eqz(rows[i].status, "proposed"), open = str_eqz(rows[i].status, "published") || str_eqz(rows[i].status, "replaced");
    if (!str_eq(rows[i].code, code) || !(all || open || (staff && waits))) continue;
    Json *o = json_push_obj(rq->mem, list);
    row_put(rq, o, &rows[i]);
    json_put_bool(rq->mem, o, S("no_file"), waits && !all);
  }
  return OK;
}

/* One version as a map; 0: the one in force. */
static Code version_picture(Cx *cx, Request *rq, Json *view, Str code, int64_t version) {
  Json *versions = json_obj(rq->mem), *near = NULL;
  GeoBox box;
  json_put_int(rq->mem, versions, code, version);
  TRY(map_near(cx, reader_views(rq->rd), rq->app->policy, box_of_city(rq->app->policy), versions, &near));
  TRY(box_of_parts(cx, rq, near, &box));
  return near->first ? picture_view(cx, rq, view, near, box, 0.05, NULL, NULL) : OK;
}

static Code page_layer(Cx *cx, Request *rq, Reply *rp) {
  const LayerKind *k = NULL;
  TRY(kind_of(cx, rq, &k));
  rp->title = tr(rq->lang, k->name);
  rp->view = json_obj(rq->mem);
  kind_view(rq, rp->view, k);
  TRY(versions_view(cx, rq, rp->view, k->code, false, false));
  return version_picture(cx, rq, rp->view, k->code, 0);
}

/* ---- files ------------------------------------------------------------------------------------------------------------ */

static Str version_feature(Request *rq, const LayerKind *k, const LayerVersion *v) {
  Arena *m = rq->mem;
  Json *o = json_obj(m);
  PUT(o, "layer", k->code);
  PUT(o, "name", k->name);
  PUT_INT(o, "version", v->no);
  PUT(o, "status", map_label(v->status));
  PUT(o, "date", day_str(m, v->date));
  PUT(o, "source", v->source);
  PUT(o, "basis", v->basis);
  PUT(o, "unit", unit_name(rq->app->policy, k->unit));
  PUT(o, "clause", k->source.clause);
  PUT(o, "crs", S(GEO_CRS));
  PUT(o, "area_ha", geo_ha(m, v->area));
  PUT_BOOL(o, "sample", v->sample);
  return geojson_feature(m, v->shape, o);
}

static void file_put(Request *rq, Reply *rp, Str text, Str name) {
  rp->body = text;
  rp->type = S("application/geo+json");
  rp->filename = arena_fmt(rq->mem, "%.*s.geojson", SFMT(name));
}

static bool may_see(const Request *rq, const LayerKind *k, const LayerVersion *v) {
  return v && (v->decided_at ? !str_eqz(v->status, "refused") || staff_of(rq, k->unit) : staff_of(rq, k->unit));
}

static Code page_layer_file(Cx *cx, Request *rq, Reply *rp) {
  const LayerKind *k = NULL;
  const Layer *l = NULL;
  TRY(kind_of(cx, rq, &k));
  TRY(layer_load(cx, rq->rd, k->code, &l));
  const LayerVersion *v = param_no(rq, 1) ? layer_version(l, param_no(rq, 1)) : NULL;
  if (!may_see(rq, k, v)) FAIL(NOT_FOUND, "“%.*s”没有这一版，或者它没有公布。", SFMT(k->name));
  Str one = version_feature(rq, k, v);
  file_put(rq, rp, geojson_collection(rq->mem, &one, 1), arena_fmt(rq->mem, "%.*s-第%d版-%.*s", SFMT(k->name), v->no, SFMT(day_str(rq->mem, v->date))));
  return OK;
}

/* All published layers in one file, for the map of the province (D13-2.3.1). */
static Code page_export(Cx *cx, Request *rq, Reply *rp) {
  const Policy *p = rq->app->policy;
  Str *features = arena_array(rq->mem, Str, p->blueprint.layer_count + 1);
  LayerRow *rows = NULL;
  size_t n = 0, count = 0;
  TRY(layers_list(cx, rq->rd, false, &rows, &n));
  for (size_t i = 0; i < p->blueprint.layer_count; i++) {
    const LayerKind *k = &p->blueprint.layers[i];
    const Layer *l = NULL;
    if (!published(rows, n, k->code)) continue;
    TRY(layer_load(cx, rq->rd, k->code, &l));
    features[count++] = version_feature(rq, k, layer_version(l, 0));
  }
  file_put(rq, rp, geojson_collection(rq->mem, features, count), arena_fmt(rq->mem, "%.*s一张蓝图-%.*s", SFMT(p->city), SFMT(day_str(rq->mem, day_of(rq->now)))));
  return OK;
}

/* ---- the units that publish -------------------------------------------------------------------------------------------------- */

enum { CHECKS_SHOWN = 50 };
static Code page_desk(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  LayerRow *rows = NULL;
  CheckedRow *checks = NULL;
  size_t n = 0, count = 0, from = from_of(rq);
  int64_t total = 0;
  bool only = str_eqz(request_arg(rq, S("view")), "conflicts");
  rp->title = S("一张蓝图：图层和检查");
  rp->view = json_obj(m);
  TRY(layers_list(cx, rq->rd, true, &rows, &n));
  Json *waiting = json_put_arr(m, rp->view, S("waiting"));
  size_t used = 0;
  for (size_t i = 0; i < n; i++) {
    if (str_eqz(rows[i].status, "proposed")) row_put(rq, json_push_obj(m, waiting), &rows[i]);
    if (str_eqz(rows[i].status, "published")) rows[used++] = rows[i];
  }
  layers_view(rq, rp->view, rows, used);
  TRY(mapchecks_list(cx, rq->rd, &(CheckedFilter){.conflicts = only, .offset = from, .limit = CHECKS_SHOWN}, &checks, &count, &total));
  Json *list = json_put_arr(m, rp->view, S("checks"));
  for (size_t i = 0; i < count; i++) {
    Json *o = json_push_obj(m, list);
    PUT_INT(o, "no", checks[i].no);
    PUT(o, "number", checks[i].number);
    PUT(o, "project_number", checks[i].project_number);
    PUT(o, "project_name", checks[i].project_name);
    PUT_INT(o, "conflicts", checks[i].conflicts);
    PUT_INT(o, "warnings", checks[i].warnings);
    PUT(o, "by_name", checks[i].by_name);
    PUT(o, "at_cn", time_cn(m, checks[i].at));
  }
  PUT_BOOL(rp->view, "only", only);
  view_pages(rq, rp->view, from, count, CHECKS_SHOWN, total);
  return OK;
}

static const FormField propose_fields[] = {{"source", "text", "数据来源", "例如：国土空间规划数据库、年度变更调查", false},
                                           {"date", "text", "数据截止日期", "例如 2026-06-30", false},
                                           {"basis", "text", "批准文件", "名称和文号", false},
                                           {"sample", "yesno", "是不是示例数据", "不是真实范围、只供演示的选“是”，页面和报告上都会标明", false},
                                           {"shape", "long", "图形（GeoJSON）", "面（Polygon 或 MultiPolygon），CGCS2000 经纬度；也可以选择文件", false}};
static const FormField refuse_fields[] = {{"reason", "long", "退回的理由", "至少 10 个字", false}};
enum { PROPOSE, PUBLISH, REFUSE, LAYER_ACTS };
static const FormAct layer_acts[LAYER_ACTS] = {
    {.act = "propose", .command = "layer.propose", .title = "报送新版本", .button = "报送，等负责人批准", FIELDS(propose_fields)},
    {.act = "publish", .command = "layer.publish", .title = "批准公布", .button = "批准，即日起用于检查", .fields = NULL, .count = 0,
     .note = "原来在用的一版同时停用；已经做过的检查不变。"},
    {.act = "refuse", .command = "layer.refuse", .title = "退回", .button = "退回", FIELDS(refuse_fields)}};

static Str layer_path_of(Request *rq) {
  return arena_fmt(rq->mem, "/w/map/layer/%.*s", SFMT(rq->params[0]));
}

static Code page_layer_work(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const LayerKind *k = NULL;
  int64_t waiting = 0;
  TRY(kind_of(cx, rq, &k));
  rp->title = arena_fmt(m, "图层：%.*s", SFMT(k->name));
  rp->view = json_obj(m);
  kind_view(rq, rp->view, k);
  PUT(rp->view, "path", layer_path_of(rq));
  TRY(versions_view(cx, rq, rp->view, k->code, staff_of(rq, k->unit), true));
  for (const Json *v = json_get(rp->view, S("versions"))->first; v; v = v->next)
    if (str_eqz(json_str(v, S("status")), "proposed")) waiting = json_int(v, S("version"), 0);
  TRY(version_picture(cx, rq, rp->view, k->code, waiting));
  PUT_INT(rp->view, "waiting", waiting);
  if (waiting && head_of(rq, k->unit)) {
    form_put_act(rq, rp->view, &layer_acts[PUBLISH]);
    form_put_act(rq, rp->view, &layer_acts[REFUSE]);
  }
  if (!waiting && staff_of(rq, k->unit)) {
    form_put_act(rq, rp->view, &layer_acts[PROPOSE]);
    PUT_BOOL(rp->view, "propose", true);
  }
  return OK;
}

static Code post_layer_work(Cx *cx, Request *rq, Reply *rp) {
  Arena *m = rq->mem;
  const FormAct *a = NULL;
  const Layer *l = NULL;
  TRY(form_act(cx, rq, layer_acts, LAYER_ACTS, &a));
  if (a == &layer_acts[PROPOSE]) {
    plot_arrived(rq);
    Json *args = form_args(rq, a);
    PUT(args, "layer", rq->params[0]);
    form_send(rq, rp, a, S(""), args, layer_path_of(rq), page_layer_work, "work_layer");
    return OK;
  }
  Json *args = form_args(rq, a);
  TRY(layer_load(cx, rq->rd, rq->params[0], &l));
  for (size_t i = 0; i < l->count; i++)
    if (str_eqz(l->list[i].status, "proposed")) PUT_INT(args, "version", l->list[i].no);
  form_send(rq, rp, a, arena_fmt(m, "layer/%.*s", SFMT(rq->params[0])), args, layer_path_of(rq), page_layer_work, "work_layer");
  return OK;
}

#define UNIT (ROLE_APPROVER | ROLE_UNIT_HEAD)
#define OPEN_TO_ALL(at, fn, t, what) {.method = GET, .path = at, .allow = ROLE_PUBLIC, .run = fn, .tmpl = t, .section = "map", .help = what}
#define DESK(how, at, who, fn, t, what) {.method = how, .path = at, .allow = (who), .run = fn, .tmpl = t, .section = "blueprint", .compact = true, .help = what}
const Route map_routes[] = {
    OPEN_TO_ALL("/map", page_map, "map", "一张蓝图：公开的图层、版本、坐标系，压到意味着什么。"),
    OPEN_TO_ALL("/map/layer/{code}", page_layer, "map_layer", "一个图层：各版本、依据、图形。"),
    OPEN_TO_ALL("/map/layer/{code}/{version}/file", page_layer_file, NULL, "一个图层的一版（GeoJSON）。"),
    OPEN_TO_ALL("/map/window", page_window, NULL, "一个窗口里的图层，供画地块的地图放大用；west、south、east、north 是百万分之一度。"),
    OPEN_TO_ALL("/map/export", page_export, NULL, "全部在用图层（GeoJSON），纳入全省一张图。"),
    DESK(GET, "/w/map", ROLE_STAFF | ROLE_LEADER, page_desk, "work_map", "一张蓝图：图层、等批准的版本、检查。"),
    DESK(GET, "/w/map/layer/{code}", ROLE_STAFF | ROLE_LEADER, page_layer_work, "work_layer", "一个图层：报送、批准、退回。"),
    {.method = POST, .path = "/w/map/layer/{code}", .allow = UNIT, .run = post_layer_work, .section = "blueprint", .compact = true, .uploads = "held", .help = "报送、批准、退回图层。"},
    {.path = NULL},
};
