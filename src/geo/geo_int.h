/* SPDX-License-Identifier: Apache-2.0 */
/* geo_int: what the files of room geo share. */
#ifndef GEO_INT_H
#define GEO_INT_H

#include "geo/geo.h"

/* An area being built: room is taken once, by counting what may open a polygon, a ring or a point. */
typedef struct GeoBuild {
  Arena *mem;
  Geo *g;
  GeoPolygon *polygons;
  GeoRing *rings;
  int64_t *at;
  size_t polygon_count, ring_count, point_count, ring_from; /* ring_from: first point of the open ring */
  size_t ring_room, point_room;
} GeoBuild;

void build__open(GeoBuild *b, Arena *mem, size_t polygons, size_t rings, size_t points);
void build__polygon(GeoBuild *b);
void build__point(GeoBuild *b, int64_t lon, int64_t lat);
void build__ring(GeoBuild *b, size_t from); /* the points from there on are a ring of the last polygon */
Geo *build__done(GeoBuild *b);

Code read__json(Cx *cx, Str text, Str field, const GeoLimits *limits, Geo **out);
Code read__lines(Cx *cx, Str text, Str field, const GeoLimits *limits, Geo **out);
Code read__place(Cx *cx, Str field, const GeoLimits *limits, const GeoBuild *b, int64_t lon, int64_t lat); /* is the point within the bounds? */
Code read__ring(Cx *cx, Str field, GeoBuild *b, size_t from, bool close); /* checks and keeps the points from there on */

/* geos.c: is it valid; sets area and puts it onto the grid. */
Code geos__settle(Cx *cx, Str field, Geo *g);

#endif
