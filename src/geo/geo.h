/* SPDX-License-Identifier: Apache-2.0 */
/*
 * geo: areas on the ground. Reads what people hand in (GeoJSON, or corner points 界址点 as lines), says exactly what is wrong with it,
 * and computes areas and overlaps 重叠. geos.c is the only file that includes GEOS (Debian's libgeos 3.11). Pure: no I/O, no clock; the
 * same input gives the same output.
 *
 * Coordinates are CGCS2000 longitude and latitude (EPSG:4490), kept as whole billionths of a degree (0.1 mm), so that text → area → text
 * is exact. Computation happens in a plane of our own: the cylindrical equal-area projection of the CGCS2000 ellipsoid (a = 6378137 m,
 * 1/f = 298.257222101) with central meridian 120° and true scale at 40.6°N, on a grid of 1 mm. So an area is the area on the ellipsoid 椭球面积, as the
 * national land survey 国土调查 computes it. What remains: an edge is the straight line in that plane; against the geodesic an edge of 1 km is
 * off by at most 17 mm, which is 0.002 % of a square of that side, and it shrinks with the square of the length of the edges. Gauss-Krüger
 * (3-degree zone 40, central meridian 120°E, EPSG:4528) would have shown areas up to 0.04 % too large at the edge of the city; it is
 * only read here, in lines of surveyors. Decision 0056.
 *
 * What is refused, always with polygon, ring and point (counted from 1): rings that are not closed or have fewer than three corners,
 * that cross or touch themselves along an edge, holes outside their shell, polygons over each other, coordinates that are no finite
 * numbers, lie outside the bounds, or have latitude first. Nothing is repaired silently: only repeated points are dropped, and `dropped`
 * says how many.
 */
#ifndef GEO_H
#define GEO_H

#include "base/base.h"

enum { GEO_DEPTH_MAX = 16, GEO_UNIT = 1000000000 }; /* nesting of GeoJSON; parts of a degree */
#define GEO_CRS "CGCS2000（EPSG:4490）"
Str geo_algorithm(Arena *mem); /* "yichuang-geo/1, GEOS 3.11.1": part of each report */

typedef struct GeoBox { int64_t west, south, east, north; } GeoBox; /* billionths of a degree; borders belong to it */
typedef struct GeoRing { const int64_t *at; size_t count; } GeoRing; /* longitude, latitude, …; the last point is the first again */
typedef struct GeoPolygon { GeoRing *rings; size_t count; } GeoPolygon; /* the first ring is the shell, the others holes */
typedef struct Geo {
  GeoPolygon *list; size_t count;      /* none: empty */
  size_t points;
  size_t dropped;                      /* repeated points that were left out when it was read */
  GeoBox box;
  Milli area;                          /* square metres in thousandths */
} Geo;

typedef struct GeoLimits {
  size_t bytes, points;                /* LIMIT beyond them */
  GeoBox bounds;                       /* INVALID outside; all zero: anywhere on earth */
} GeoLimits;

/* Text that begins with { is GeoJSON: Polygon, MultiPolygon, a Feature or FeatureCollection of these; anything else is lines:
 *   120.85,40.71          longitude, latitude; also separated by blanks; an empty line or @ begins the next polygon
 *   J1,1,4508330.123,40571920.456   point, ring, X (north), Y (east, with or without the zone 40): 界址点坐标 in Gauss-Krüger, 120°E
 * Heads in brackets and lines with = of such files are skipped. Rings of lines are closed by themselves.
 * INVALID, LIMIT: cx->field is `field`. */
Code geo_read(Cx *cx, Str text, Str field, const GeoLimits *limits, Geo **out);
/* The same for what geo_text wrote: no bounds, validity is not checked again, area stays 0. BROKEN when it is no such text. */
Code geo_stored(Cx *cx, Str text, Geo **out);
/* {"type":"MultiPolygon","coordinates":[…]}, at most 9 decimals. */
Str geo_text(Arena *mem, const Geo *g);
Str geo_polygon_text(Arena *mem, const GeoPolygon *p); /* the same with this one polygon */
Str geo_degrees(Arena *mem, int64_t v);                /* 120.85 */
Str geo_ha(Arena *mem, Milli square_metres);           /* hectares 公顷 with four decimals: "0.3000"; half up */
bool geo_meets(GeoBox a, GeoBox b);                    /* do they have a point in common? */
GeoBox geo_box_of(const GeoPolygon *p);

typedef struct GeoOverlap {
  Geo *shared;           /* what they have in common as an area, on the grid; count 0 when nothing */
  bool touches;          /* some point in common, at least of the borders */
  bool inside;           /* no square metre of the plot lies outside */
  Geo *outside;          /* the part of the plot outside */
} GeoOverlap;
/* A plot against the parts of a layer (their union; they may lie over each other). LIMIT: more than 200 000 points near the plot. */
enum { GEO_NEAR_MAX = 200000 };
Code geo_overlap(Cx *cx, const Geo *plot, Geo *const *parts, size_t n, GeoOverlap *out);

/* The least distance of a plot from parts of a layer in metres; 0 when they touch. n = 0: INFINITY. */
Code geo_distance(Cx *cx, const Geo *plot, Geo *const *parts, size_t n, double *metres);

/* ---- the plane, and drawing ------------------------------------------------------------------------------- */

typedef struct GeoXY { double x, y; } GeoXY; /* metres */
GeoXY geo_plane(int64_t lon, int64_t lat);
void geo_unplane(GeoXY p, int64_t *lon, int64_t *lat);
void geo_from_gauss(double north, double east, int64_t *lon, int64_t *lat); /* zone 40, false easting 500 000 without the 40 */

typedef struct GeoFrame { double west, north, scale; int width, height; } GeoFrame; /* metres, pixels a metre */
GeoFrame geo_frame(GeoBox box, int width, int height, double margin); /* margin: part of the box on each side */
Str geo_path(Arena *mem, const Geo *g, const GeoFrame *f);  /* SVG: "M1.0 2.0L…Z", points nearer than half a pixel left out; empty: not in it */

#endif
