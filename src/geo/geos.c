/* SPDX-License-Identifier: Apache-2.0 */
/*
 * geos.c: what GEOS computes for us; the only file that includes it. Each call has a context of its own. Geometries are made ring by ring from
 * points that were checked, never from a text, so nothing nests. A predicate answers 0, 1 or 2 (an exception): ask() makes a Code of it.
 */
#include "geo/geo_int.h"

#include <math.h>
#include <stdlib.h>
#define GEOS_USE_ONLY_R_API
#include <geos_c.h>

#define GRID 0.001 /* metres */

typedef struct Work {
  GEOSContextHandle_t h;
  char said[200];
} Work;

static void said(const char *message, void *to) {
  Work *w = to;
  size_t n = strnlen(message, sizeof w->said - 1);
  memcpy(w->said, message, n);
  w->said[n] = 0;
}

static void work_open(Work *w) {
  *w = (Work){.h = GEOS_init_r()};
  REQUIRE(w->h);
  GEOSContext_setErrorMessageHandler_r(w->h, said, w);
}

static void work_close(Work *w) {
  if (w->h) GEOS_finish_r(w->h);
}

static Code trouble(Cx *cx, const Work *w) {
  log_line(LOG_ERROR, "GEOS: %s", w->said);
  FAIL(BROKEN, "图形运算没有成功，请联系系统管理员。");
}

static Code ask(Cx *cx, const Work *w, char answer, bool *out) {
  *out = answer == 1;
  return answer == 2 ? trouble(cx, w) : OK;
}

Str geo_algorithm(Arena *mem) {
  Str all = str_of(GEOSversion()), version, rest;
  str_cut(all, '-', &version, &rest);
  return arena_fmt(mem, "yichuang-geo/1，GEOS %.*s", SFMT(version));
}

/* ---- to GEOS and back ------------------------------------------------------------------------------------------- */

static GEOSGeometry *ring_make(Work *w, const GeoRing *r) {
  GEOSCoordSequence *seq = GEOSCoordSeq_create_r(w->h, (unsigned)r->count, 2);
  for (size_t i = 0; seq && i < r->count; i++) {
    GeoXY p = geo_plane(r->at[2 * i], r->at[2 * i + 1]);
    GEOSCoordSeq_setXY_r(w->h, seq, (unsigned)i, p.x, p.y);
  }
  return seq ? GEOSGeom_createLinearRing_r(w->h, seq) : NULL; /* takes seq */
}

static GEOSGeometry *polygon_make(Work *w, const GeoPolygon *p) {
  GEOSGeometry **holes = p->count > 1 ? calloc(p->count - 1, sizeof *holes) : NULL;
  GEOSGeometry *shell = ring_make(w, &p->rings[0]), *out = NULL;
  bool whole = shell && (p->count < 2 || holes);
  for (size_t i = 1; whole && i < p->count; i++) whole = (holes[i - 1] = ring_make(w, &p->rings[i])) != NULL;
  if (whole) out = GEOSGeom_createPolygon_r(w->h, shell, holes, (unsigned)p->count - 1); /* takes them all */
  if (!out && !whole) {
    if (shell) GEOSGeom_destroy_r(w->h, shell);
    for (size_t i = 1; holes && i < p->count; i++)
      if (holes[i - 1]) GEOSGeom_destroy_r(w->h, holes[i - 1]);
  }
  free(holes);
  return out;
}

/* A collection of n polygons; NULL: an exception. */
static GEOSGeometry *all_make(Work *w, const GeoPolygon *const *list, size_t n, int type) {
  GEOSGeometry **own = calloc(n ? n : 1, sizeof *own), *out = NULL;
  size_t k = 0;
  while (own && k < n && (own[k] = polygon_make(w, list[k]))) k++;
  if (own && k == n) out = GEOSGeom_createCollection_r(w->h, type, own, (unsigned)n);
  for (size_t i = 0; own && k < n && i < k; i++) GEOSGeom_destroy_r(w->h, own[i]);
  free(own);
  return out;
}

static GEOSGeometry *geo_make(Work *w, const Geo *g) {
  const GeoPolygon **list = calloc(g->count ? g->count : 1, sizeof *list);
  for (size_t i = 0; list && i < g->count; i++) list[i] = &g->list[i];
  GEOSGeometry *out = list ? all_make(w, list, g->count, GEOS_MULTIPOLYGON) : NULL;
  free(list);
  return out;
}

static void ring_back(Work *w, GeoBuild *b, const GEOSGeometry *ring) {
  const GEOSCoordSequence *seq = GEOSGeom_getCoordSeq_r(w->h, ring);
  unsigned n = 0;
  size_t from = b->point_count;
  if (!seq || !GEOSCoordSeq_getSize_r(w->h, seq, &n)) return;
  for (unsigned i = 0; i < n; i++) {
    GeoXY p = {0};
    int64_t lon, lat;
    GEOSCoordSeq_getXY_r(w->h, seq, i, &p.x, &p.y);
    geo_unplane(p, &lon, &lat);
    build__point(b, lon, lat);
  }
  build__ring(b, from);
}

static void polygons_back(Work *w, GeoBuild *b, const GEOSGeometry *g) {
  int type = GEOSGeomTypeId_r(w->h, g);
  if (type == GEOS_POLYGON && !GEOSisEmpty_r(w->h, g)) {
    build__polygon(b);
    ring_back(w, b, GEOSGetExteriorRing_r(w->h, g));
    for (int i = 0; i < GEOSGetNumInteriorRings_r(w->h, g); i++) ring_back(w, b, GEOSGetInteriorRingN_r(w->h, g, i));
  }
  if (type == GEOS_MULTIPOLYGON || type == GEOS_GEOMETRYCOLLECTION) /* one level: GEOS makes no deeper ones of ours */
    for (int i = 0; i < GEOSGetNumGeometries_r(w->h, g); i++) {
      const GEOSGeometry *one = GEOSGetGeometryN_r(w->h, g, i);
      if (GEOSGeomTypeId_r(w->h, one) == GEOS_POLYGON) polygons_back(w, b, one);
    }
}

/* In the order of GEOS's normal form, so that the same areas give the same text. */
static Code geo_back(Cx *cx, Work *w, GEOSGeometry *g, Geo **out) {
  GeoBuild b;
  double area = 0;
  if (GEOSNormalize_r(w->h, g) == -1 || !GEOSArea_r(w->h, g, &area)) return trouble(cx, w);
  int points = GEOSGetNumCoordinates_r(w->h, g);
  size_t room = points > 0 ? (size_t)points : 0;
  build__open(&b, cx->mem, room / 4 + 1, room / 4 + 1, room + 1);
  polygons_back(w, &b, g);
  *out = build__done(&b);
  (*out)->area.v = llround(area * 1000);
  return OK;
}

/* ---- is it valid -------------------------------------------------------------------------------------------------- */

/* The corner nearest to a place: which polygon, ring and point, from 1. */
static Str nearest(Arena *mem, const Geo *g, double x, double y) {
  double least = INFINITY;
  size_t at[3] = {0};
  for (size_t i = 0; i < g->count; i++)
    for (size_t k = 0; k < g->list[i].count; k++)
      for (size_t v = 0; v + 1 < g->list[i].rings[k].count; v++) {
        const GeoRing *r = &g->list[i].rings[k];
        GeoXY p = geo_plane(r->at[2 * v], r->at[2 * v + 1]);
        double d = (p.x - x) * (p.x - x) + (p.y - y) * (p.y - y);
        if (d >= least) continue;
        least = d;
        at[0] = i + 1, at[1] = k + 1, at[2] = v + 1;
      }
  return arena_fmt(mem, "第 %zu 个面第 %zu 圈第 %zu 点附近", at[0], at[1], at[2]);
}

static const char *reason_of(const char *words) {
  static const struct { const char *says, *zh; } list[] = {{"Self-intersection", "边线自己相交"},       {"Ring Self-intersection", "边线自己相接"},
                                                           {"Hole lies outside shell", "孔洞在外圈之外"}, {"Holes are nested", "孔洞套着孔洞"},
                                                           {"Interior is disconnected", "孔洞把面隔断了"}, {"Nested shells", "面套着面"},
                                                           {"Duplicate Rings", "同一圈写了两次"},         {"Too few points in geometry component", "点太少，围不成面"}};
  for (size_t i = 0; words && i < COUNT(list); i++)
    if (str_eqz(str_of(words), list[i].says)) return list[i].zh;
  return "图形不成立";
}

static Code valid_or_told(Cx *cx, Work *w, Str field, const Geo *g, const GEOSGeometry *made) {
  char *words = NULL;
  GEOSGeometry *place = NULL;
  double x = 0, y = 0;
  char answer = GEOSisValidDetail_r(w->h, made, 0, &words, &place);
  if (place && (!GEOSGeomGetX_r(w->h, place, &x) || !GEOSGeomGetY_r(w->h, place, &y))) answer = 2;
  const char *reason = reason_of(words);
  if (words) GEOSFree_r(w->h, words);
  if (place) GEOSGeom_destroy_r(w->h, place);
  if (answer == 2) return trouble(cx, w);
  if (answer == 1) return OK;
  int64_t lon, lat;
  geo_unplane((GeoXY){x, y}, &lon, &lat);
  Str at = nearest(cx->mem, g, x, y), east = geo_degrees(cx->mem, lon), north = geo_degrees(cx->mem, lat);
  FAIL_AT(INVALID, field, S(""), "%.*s%s（%.*s，%.*s）。请按顺序连接界址点，改好再上传；系统不替您改动图形。", SFMT(at), reason, SFMT(east), SFMT(north));
}

static Code settle(Cx *cx, Work *w, Str field, Geo *g) {
  double area = 0;
  GEOSGeometry *made = geo_make(w, g);
  if (!made) return trouble(cx, w);
  Code code = valid_or_told(cx, w, field, g, made);
  if (code == OK && !GEOSArea_r(w->h, made, &area)) code = trouble(cx, w);
  GEOSGeom_destroy_r(w->h, made);
  g->area.v = llround(area * 1000);
  if (code == OK && g->area.v < 1000) FAIL_AT(INVALID, field, S(""), "图形的面积不到 1 平方米，请核对坐标");
  return code;
}

Code geos__settle(Cx *cx, Str field, Geo *g) {
  SCOPED(work_close) Work w;
  work_open(&w);
  return settle(cx, &w, field, g);
}

/* ---- overlap --------------------------------------------------------------------------------------------------------- */

typedef struct Near { const GeoPolygon **list; size_t count, points; } Near;

static size_t points_of(const GeoPolygon *p) {
  size_t n = 0;
  for (size_t i = 0; i < p->count; i++) n += p->rings[i].count;
  return n;
}

static Code near_find(Cx *cx, const Geo *plot, Geo *const *parts, size_t n, Near *out) {
  size_t room = 0;
  for (size_t i = 0; i < n; i++) room += parts[i]->count;
  *out = (Near){.list = arena_array(cx->mem, const GeoPolygon *, room + 1)};
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < parts[i]->count; k++)
      if (geo_meets(geo_box_of(&parts[i]->list[k]), plot->box)) {
        out->list[out->count++] = &parts[i]->list[k];
        out->points += points_of(&parts[i]->list[k]);
      }
  if (out->points + plot->points > GEO_NEAR_MAX) FAIL(LIMIT, "地块附近的图形超过 %d 个点，请把地块分成几块检查。", GEO_NEAR_MAX);
  return OK;
}

typedef struct Shapes { GEOSGeometry *plot, *parts, *layer, *shared, *outside; const GEOSPreparedGeometry *ready; } Shapes;

static void shapes_drop(Work *w, Shapes *s) {
  GEOSGeometry *const all[] = {s->plot, s->parts, s->layer, s->shared, s->outside};
  if (s->ready) GEOSPreparedGeom_destroy_r(w->h, s->ready);
  for (size_t i = 0; i < COUNT(all); i++)
    if (all[i]) GEOSGeom_destroy_r(w->h, all[i]);
}

static Code overlay(Cx *cx, Work *w, const Geo *plot, const Near *near, Shapes *s, GeoOverlap *out) {
  s->plot = geo_make(w, plot);
  s->parts = all_make(w, near->list, near->count, GEOS_GEOMETRYCOLLECTION);
  if (!s->plot || !s->parts || !(s->ready = GEOSPrepare_r(w->h, s->plot))) return trouble(cx, w);
  TRY(ask(cx, w, GEOSPreparedIntersects_r(w->h, s->ready, s->parts), &out->touches));
  s->layer = GEOSUnaryUnionPrec_r(w->h, s->parts, GRID);
  if (!s->layer) return trouble(cx, w);
  s->shared = GEOSIntersectionPrec_r(w->h, s->plot, s->layer, GRID);
  s->outside = GEOSDifferencePrec_r(w->h, s->plot, s->layer, GRID);
  if (!s->shared || !s->outside) return trouble(cx, w);
  TRY(geo_back(cx, w, s->shared, &out->shared));
  TRY(geo_back(cx, w, s->outside, &out->outside));
  out->inside = plot->count && out->outside->area.v < 1000; /* less than one square metre */
  return OK;
}

Code geo_overlap(Cx *cx, const Geo *plot, Geo *const *parts, size_t n, GeoOverlap *out) {
  SCOPED(work_close) Work w = {0};
  Near near;
  Shapes s = {0};
  *out = (GeoOverlap){0};
  TRY(near_find(cx, plot, parts, n, &near));
  work_open(&w);
  Code code = overlay(cx, &w, plot, &near, &s, out);
  shapes_drop(&w, &s);
  return code;
}

/* ---- distance -------------------------------------------------------------------------------------------------------- */

Code geo_distance(Cx *cx, const Geo *plot, Geo *const *parts, size_t n, double *metres) {
  SCOPED(work_close) Work w = {0};
  Code code = OK;
  *metres = INFINITY;
  work_open(&w);
  GEOSGeometry *own = geo_make(&w, plot);
  if (!own) code = trouble(cx, &w);
  for (size_t i = 0; code == OK && i < n; i++) {
    double d = 0;
    GEOSGeometry *part = geo_make(&w, parts[i]);
    if (!part || !GEOSDistance_r(w.h, own, part, &d)) code = trouble(cx, &w);
    if (part) GEOSGeom_destroy_r(w.h, part);
    *metres = fmin(*metres, d);
  }
  if (own) GEOSGeom_destroy_r(w.h, own);
  return code;
}
