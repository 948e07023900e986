/* SPDX-License-Identifier: Apache-2.0 */
/*
 * map: the one blueprint 一张蓝图 (D60-4.12-p1, D13-2.1.1, 2.3.1, 2.4.2): layers, published version by version, and the check of a project against
 * them. Beside the room approval: neither knows the other's headers. What a check found is noted in its case by a reaction there:
 *   mapcheck.made of a project → project.note-blueprint (approval)  required; a check that blocks holds up the acceptance of stage 1
 * Which layers there are and what an overlap means is the package's (policy/blueprint.h); where they lie is here. Geometry is computed by
 * the room geo on the server, never by a browser.
 *
 * A check is a function of the plot, what was declared, the versions of the layers and the version of the package; it is frozen with its number, and
 * map_again computes it anew: the same inputs give the same text, to the last digit.
 *
 * Pure like all engines: fold() and decide() do no I/O and read no clock. The parts of layers near the plot are read by facts() from
 * map_part, one row a polygon with its box, so that a check costs what lies around it and not what the city has.
 */
#ifndef MAP_H
#define MAP_H

#include "base/base.h"
#include "geo/geo.h"
#include "journal/journal.h"
#include "org/org.h"
#include "policy/policy.h"

Str map_label(Str word); /* of a state or a result: 待批准, 冲突, 不涉及 …; the text itself when unknown */

/* ---- layers 图层 ----------------------------------------------------------------------------------------------- */

/* One stream "layer/CODE" for each layer of the package.
 *   PROPOSED --layer.published--> PUBLISHED --layer.published (the next version)--> REPLACED
 *   PROPOSED --layer.refused-->   REFUSED
 * Staff of the layer's unit:
 *   layer.propose  layer source date basis sample? shape   approver or head; one version waits at a time
 *   layer.publish  version                                 head of the unit, who did not propose it
 *   layer.refuse   version reason                          the same
 *  system: layer.gather shape area basis sample?                 the layer 区域评估范围 is what the registered regions (room early) have for areas: a new version, in
 *                                                           force at once, whenever one of them is drawn (region.drawn); nobody proposes it by hand */
#define REGION_LAYER S("assessed-region")
enum { LAYER_BYTES = 1000000, LAYER_POINTS = 100000 };
typedef struct LayerVersion {
  int no;
  Str source, basis;     /* 数据来源; 批准文件 */
  Day date;              /* as of which day the data is */
  bool sample;           /* 示例: invented for a demonstration */
  Str status, reason;
  Str shape;             /* text of geo_text */
  Milli area; int64_t polygons, points;
  Str by, by_name, decided_by;
  int64_t proposed_at, decided_at;
} LayerVersion;
typedef struct Layer {
  Str code;
  LayerVersion *list; size_t count, cap;
  int64_t seq;
} Layer;
extern const Engine layer_engine_base;
void *layer_fold(Arena *mem, void *state, const Event *e);
const LayerVersion *layer_version(const Layer *l, int64_t no); /* no 0: the published one; NULL: none */

/* ---- the check 蓝图检查 ----------------------------------------------------------------------------------------------- */

/*   mapcheck.make  project shape reclaim national? industry    the owner or his agent; the window; departments
 * industry: encouraged 鼓励类, allowed 允许类, restricted 限制类, eliminated 淘汰类 (产业结构调整指导目录). */
enum { PLOT_BYTES = 200000 };
typedef struct MapCheck {
  int64_t no, project;
  Str number;            /* LT-2026-0001 */
  Str project_number, project_name, owner, uscc, applicant;
  Str policy;            /* version of the package */
  Str shape;
  const Json *declared;  /* {reclaim, national, industry} */
  const Json *report;    /* see blueprint_check */
  Str digest;            /* SM3 of the report's canonical text */
  int64_t conflicts, blocks, warnings, at;
  Str by, by_name;
  int64_t seq;
} MapCheck;
extern const Engine mapcheck_engine_base;
void *mapcheck_fold(Arena *mem, void *state, const Event *e);

/* What is near: {CODE: {"version","date","sample","parts":[text of a polygon]}} of layers that have a published version; `versions`, {CODE: n}, asks for these instead. */
Code map_near(Cx *cx, Db *views, const Policy *p, GeoBox box, const Json *versions, Json **out);
/* The report: {"rows":[{"kind","code","name","result","block","area","clause","unit","effect","way","version","date","sample","shape","note"}], "area",
 * "conflicts", "blocks", "warnings", "unknown", "algorithm"}. kind: layer or act; result: conflict warn clear inside outside partly nodata;
 * areas in hectares with four decimals; shape: what of the plot lies on the layer. */
Code blueprint_check(Cx *cx, const Policy *p, const Json *near, const Json *declared, const Geo *plot, Json **out);
GeoLimits blueprint_limits(const Policy *p); /* for the plot of a project */
Str blueprint_digest(Arena *mem, const Json *report);
/* Computes a check again from what is stored; p is the package of its version. *same: the reports are equal. */
Code map_again(Cx *cx, Reader *rd, const Policy *p, const MapCheck *c, bool *same, Json **report);

/* ---- lists --------------------------------------------------------------------------------------------------------- */

typedef struct LayerRow {
  Str code, status, source, basis, by_name, decided_by;
  int64_t version, polygons, points, proposed_at, decided_at;
  Milli area;
  Day date;
  bool sample;
} LayerRow;
/* Published versions, by code; `all`: every version of every layer, newest first. */
Code layers_list(Cx *cx, Reader *rd, bool all, LayerRow **out, size_t *n);
Code layer_load(Cx *cx, Reader *rd, Str code, const Layer **out); /* NOT_FOUND: no version was ever proposed */
typedef struct CheckedRow { int64_t no, project, conflicts, blocks, warnings, at; Str number, project_number, project_name, by_name; } CheckedRow;
typedef struct CheckedFilter { int64_t project; Str uscc; bool conflicts; size_t offset, limit; } CheckedFilter; /* uscc: of this enterprise's projects */
Code mapchecks_list(Cx *cx, Reader *rd, const CheckedFilter *f, CheckedRow **out, size_t *n, int64_t *total); /* newest first */
Code mapcheck_load(Cx *cx, Reader *rd, int64_t no, const MapCheck **out);

enum { MAP_ENGINES = 2 };
extern const Engine *const map_engines[MAP_ENGINES];

#endif
