/* SPDX-License-Identifier: Apache-2.0 */
/*
 * demo_map.c: the one blueprint 一张蓝图 of the demonstration. Coast and layers are invented, and say so; the longitudes are those of the city only so that the
 * numbers look like those that people will type. By the number of the project some owners check their plot before they apply, some move it
 * because it lay on farmland; of those that wait for the window at the end most are clear, a few would fill the sea or lie on wetland.
 */
#include "main/demo.h"

#define FROM(source) "'source':'" source "（示例数据，虚构）','date':'+0','basis':'演示用，没有批准文件（示例）','sample':true,"
#define SHAPE(points) "'shape':'" points "'"
#define PUT(at, who, layer, points)                                                                            \
  {at, 0, "ap-" who, "layer.propose", NULL, "{'layer':'" layer "'," FROM("国土空间规划示意图") SHAPE(points) "}", false}, \
      {(at) - 1, 0, "hd-" who, "layer.publish", "layer/" layer, "{'version':1}", false}
#define NR "natural-resources"

const DemoRow demo_map_rows[] = {
    PUT(344, NR, "ecological-space", "119.90,40.36\\n120.18,40.56\\n120.38,40.74\\n120.58,40.86\\n120.78,40.82\\n120.80,41.00\\n120.40,41.05\\n119.95,40.85"),
    PUT(344, NR, "agricultural-space",
        "120.05,40.16\\n120.36,40.34\\n120.56,40.52\\n120.58,40.60\\n120.62,40.68\\n120.60,40.80\\n120.40,40.70\\n120.20,40.50\\n120.02,40.30"),
    PUT(344, NR, "urban-space",
        "120.74,40.66\\n120.86,40.64\\n120.93,40.70\\n120.97,40.76\\n120.88,40.80\\n120.76,40.76\\n\\n120.62,40.56\\n120.70,40.58\\n120.72,40.63\\n120.66,40.66\\n120.60,40.61"),
    PUT(344, NR, "urban-boundary",
        "120.75,40.665\\n120.86,40.65\\n120.92,40.705\\n120.955,40.755\\n120.88,40.79\\n120.77,40.752\\n\\n120.63,40.568\\n120.695,40.586\\n120.71,40.625\\n120.66,40.648\\n120.612,40.608"),
    PUT(344, NR, "ecological-redline",
        "120.10,40.62\\n120.30,40.76\\n120.44,40.90\\n120.30,40.96\\n120.08,40.80\\n\\n120.62,40.88\\n120.76,40.86\\n120.77,40.95\\n120.64,40.97"),
    PUT(344, NR, "basic-farmland",
        "120.30,40.42\\n120.44,40.50\\n120.42,40.58\\n120.28,40.52\\n\\n120.12,40.28\\n120.22,40.34\\n120.18,40.42\\n120.10,40.36\\n\\n120.48,40.56\\n120.55,40.58\\n120.56,40.66\\n120.50,40.66"),
    PUT(344, NR, "wetland", "120.70,40.52\\n120.84,40.60\\n120.92,40.66\\n120.94,40.64\\n120.86,40.578\\n120.72,40.498"),
    PUT(344, NR, "natural-shoreline", "120.20,40.18\\n120.38,40.26\\n120.52,40.40\\n120.526,40.396\\n120.386,40.254\\n120.206,40.174"),
    PUT(344, "ecology-environment", "marine-redline", "120.60,40.40\\n120.78,40.50\\n120.90,40.575\\n120.98,40.52\\n120.84,40.42\\n120.66,40.34"),
    /* A second version that is in force, one that was refused, one that waits. */
    {60, 0, "ap-ecology-environment", "layer.propose", NULL,
     "{'layer':'marine-redline'," FROM("海洋生态红线调整示意图") SHAPE("120.60,40.40\\n120.78,40.50\\n120.90,40.58\\n120.98,40.52\\n120.84,40.42\\n120.66,40.34") "}", false},
    {59, 0, "hd-ecology-environment", "layer.publish", "layer/marine-redline", "{'version':2}", false},
    {30, 0, "ap-" NR, "layer.propose", NULL, "{'layer':'wetland'," FROM("滨海湿地逐块调查示意图") SHAPE("120.70,40.52\\n120.84,40.60\\n120.86,40.578\\n120.72,40.498") "}", false},
    {29, 0, "hd-" NR, "layer.refuse", "layer/wetland", "{'version':2,'reason':'少了一块，与调查成果不一致（示例）'}", false},
    {3, 0, "ap-" NR, "layer.propose", NULL,
     "{'layer':'wetland'," FROM("滨海湿地逐块调查示意图") SHAPE("120.70,40.52\\n120.84,40.60\\n120.92,40.66\\n120.945,40.64\\n120.865,40.576\\n120.72,40.498") "}", false},
};
const size_t demo_map_count = COUNT(demo_map_rows);

/* ---- the checks of projects ---------------------------------------------------------------------------------------------- */

enum { OF = 6, PROJECTS = 90, ACROSS = 12 };
enum { IN_REGION, IN_TOWN, ON_FARMLAND, IN_FIELDS, IN_SEA, ON_WETLAND };
/* The south-west corner of the first of its kind, ten-thousandths of a degree; the others stand east and north of it, `apart` from each other. */
static const struct { int lon, lat, apart, wide, high; bool reclaim; const char *industry; } plots[] = {
    [IN_REGION] = {1208560, 406850, 20, 16, 12, false, "encouraged"}, [IN_TOWN] = {1207900, 407050, 30, 21, 14, false, "allowed"},
    [ON_FARMLAND] = {1203690, 404590, 0, 20, 16, false, "allowed"},   [IN_FIELDS] = {1205750, 407000, 0, 20, 15, false, "allowed"},
    [IN_SEA] = {1207790, 405000, 0, 30, 20, true, "allowed"},         [ON_WETLAND] = {1208390, 405960, 0, 20, 30, false, "restricted"}};

static Str shape_of(Arena *m, int plot, int64_t no) {
  Str out = S("");
  int x = plots[plot].lon + plots[plot].apart * (int)(no % ACROSS), y = plots[plot].lat + plots[plot].apart * (int)(no / ACROSS % 8);
  const int at[][2] = {{x, y}, {x + plots[plot].wide, y}, {x + plots[plot].wide, y + plots[plot].high}, {x, y + plots[plot].high}};
  for (size_t i = 0; i < COUNT(at); i++)
    out = arena_fmt(m, "%.*s%d.%04d,%d.%04d\n", SFMT(out), at[i][0] / 10000, at[i][0] % 10000, at[i][1] / 10000, at[i][1] % 10000);
  return out;
}

/* Who says that he lies in the region lies there. Of the others some do not look before they apply, some have to move. */
static int plot_of(const Demo *d, const Project *p, size_t had) {
  static const int first[OF] = {-1, IN_TOWN, IN_TOWN, ON_FARMLAND, IN_FIELDS, -1};
  int at = demo_region_of(d, p).len ? IN_REGION : first[p->no % OF];
  if (had == 1 && at == ON_FARMLAND) return IN_TOWN; /* moved */
  return had ? -1 : at;
}

/* Of those that wait for the window most are clear, and the oldest, which people open first; the second would fill the sea, one of seven lies on wetland. */
static Code plot_waiting(Cx *cx, const Demo *d, Reader *rd, const Project *p, int *plot) {
  enum { LATEST = 20 };
  CheckedRow *rows = NULL;
  size_t n = 0, looked = 0, blocked = 0;
  int64_t total = 0;
  TRY(mapchecks_list(cx, rd, &(CheckedFilter){.limit = LATEST}, &rows, &n, &total));
  for (size_t i = 0; i < n; i++) {
    if (!str_eq(rows[i].by_name, demo_account(d, S("wang"))->name)) continue;
    looked++;
    blocked += rows[i].blocks > 0;
  }
  *plot = demo_region_of(d, p).len ? IN_REGION : IN_TOWN;
  if (looked && !blocked) *plot = IN_SEA;
  else if (looked && p->no % (OF + 1) == 0) *plot = ON_WETLAND;
  return OK;
}

Code demo_map_next(Cx *cx, const Demo *d, Reader *rd, const Project *p, int64_t now, Step *step) {
  CheckedRow *rows = NULL;
  LayerRow *layers = NULL;
  size_t n = 0, layer_count = 0;
  int64_t total = 0;
  const StageState *s = &p->stages[1];
  bool waits = s->status == STAGE_SUBMITTED && (!step->some || step->at > d->end); /* the window comes to it after the end */
  if (p->no > (waits ? 2 * PROJECTS : PROJECTS) || (s->status >= STAGE_SUBMITTED && !waits)) return OK;
  TRY(layers_list(cx, rd, false, &layers, &layer_count));
  TRY(mapchecks_list(cx, rd, &(CheckedFilter){.project = p->no, .limit = 1}, &rows, &n, &total));
  int plot = waits ? -1 : plot_of(d, p, (size_t)total);
  if (waits && (!n || !str_eq(rows[0].by_name, demo_account(d, S("wang"))->name))) TRY(plot_waiting(cx, d, rd, p, &plot));
  if (plot < 0 || !layer_count) return OK;
  const char *by = waits ? "wang" : NULL;
  Step c = {.some = true, .name = S("mapcheck.make"), .stream = S("+"), .by = by ? demo_account(d, S("wang")) : demo_account(d, p->applicant), .args = json_obj(cx->mem)};
  c.at = waits ? s->submitted_at + 90 * 60000LL : demo_work_time(d, n ? rows[0].at : p->registered_at, n ? 1 : 0, demo_roll(d, p->no, 1, (int)total, S(""), "map"));
  json_put_int(cx->mem, c.args, S("project"), p->no);
  json_put_str(cx->mem, c.args, S("shape"), shape_of(cx->mem, plot, p->no));
  json_put_bool(cx->mem, c.args, S("reclaim"), plots[plot].reclaim);
  json_put_str(cx->mem, c.args, S("industry"), str_of(plots[plot].industry));
  bool applies = step->some && (str_eqz(step->name, "stage.submit") || str_eqz(step->name, "stage.save-draft"));
  if (applies && c.at > step->at) c.at = step->at;
  if (waits) c.at = demo_office(d, c.at);
  if (c.at < now) c.at = waits ? demo_office(d, now) : now;
  if (c.at <= d->end && (!step->some || applies || c.at <= step->at)) *step = c;
  return OK;
}
