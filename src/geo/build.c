/* SPDX-License-Identifier: Apache-2.0 */
/* build.c: an area from its points, and as text again. */
#include "geo/geo_int.h"

void build__open(GeoBuild *b, Arena *mem, size_t polygons, size_t rings, size_t points) {
  *b = (GeoBuild){.mem = mem, .g = arena_new(mem, Geo), .polygons = arena_array(mem, GeoPolygon, polygons + 1), .rings = arena_array(mem, GeoRing, rings + 1),
                  .at = arena_array(mem, int64_t, 2 * points + 2), .ring_room = rings, .point_room = points};
  b->g->list = b->polygons;
}

void build__polygon(GeoBuild *b) {
  b->polygons[b->polygon_count++] = (GeoPolygon){.rings = &b->rings[b->ring_count]};
}

void build__point(GeoBuild *b, int64_t lon, int64_t lat) {
  REQUIRE(b->point_count < b->point_room);
  b->at[2 * b->point_count] = lon;
  b->at[2 * b->point_count++ + 1] = lat;
}

void build__ring(GeoBuild *b, size_t from) {
  REQUIRE(b->ring_count < b->ring_room && b->polygon_count);
  b->rings[b->ring_count++] = (GeoRing){.at = &b->at[2 * from], .count = b->point_count - from};
  b->polygons[b->polygon_count - 1].count++;
}

GeoBox geo_box_of(const GeoPolygon *p) {
  const GeoRing *r = &p->rings[0];
  GeoBox box = {.west = r->at[0], .east = r->at[0], .south = r->at[1], .north = r->at[1]};
  for (size_t i = 1; i < r->count; i++) {
    int64_t x = r->at[2 * i], y = r->at[2 * i + 1];
    if (x < box.west) box.west = x;
    if (x > box.east) box.east = x;
    if (y < box.south) box.south = y;
    if (y > box.north) box.north = y;
  }
  return box;
}

static GeoBox both(GeoBox a, GeoBox b) {
  return (GeoBox){.west = a.west < b.west ? a.west : b.west, .south = a.south < b.south ? a.south : b.south,
                  .east = a.east > b.east ? a.east : b.east, .north = a.north > b.north ? a.north : b.north};
}

bool geo_meets(GeoBox a, GeoBox b) {
  return a.west <= b.east && b.west <= a.east && a.south <= b.north && b.south <= a.north;
}

Geo *build__done(GeoBuild *b) {
  b->g->count = b->polygon_count;
  b->g->points = b->point_count;
  for (size_t i = 0; i < b->g->count; i++) {
    GeoBox box = geo_box_of(&b->g->list[i]);
    b->g->box = i ? both(b->g->box, box) : box;
  }
  return b->g;
}

/* ---- as text ------------------------------------------------------------------------------------------------------ */

static void degrees_add(Buf *b, int64_t v) {
  uint64_t u = v < 0 ? (uint64_t)-v : (uint64_t)v;
  char part[16];
  int n = 9;
  if (v < 0) buf_char(b, '-');
  buf_i64(b, (int64_t)(u / GEO_UNIT));
  uint64_t rest = u % GEO_UNIT;
  if (!rest) return;
  for (int i = 8; i >= 0; i--, rest /= 10) part[i] = (char)('0' + rest % 10);
  while (n && part[n - 1] == '0') n--;
  buf_char(b, '.');
  buf_add_n(b, part, (size_t)n);
}

Str geo_degrees(Arena *mem, int64_t v) {
  SCOPED(buf_drop) Buf b;
  buf_init(&b, 32);
  degrees_add(&b, v);
  return arena_str(mem, buf_str(&b));
}

static void ring_add(Buf *b, const GeoRing *r) {
  buf_char(b, '[');
  for (size_t i = 0; i < r->count; i++) {
    buf_add(b, i ? S(",[") : S("["));
    degrees_add(b, r->at[2 * i]);
    buf_char(b, ',');
    degrees_add(b, r->at[2 * i + 1]);
    buf_char(b, ']');
  }
  buf_char(b, ']');
}

static Str list_text(Arena *mem, const GeoPolygon *list, size_t n) {
  SCOPED(buf_drop) Buf b;
  buf_init(&b, 64 << 20);
  buf_add(&b, S("{\"type\":\"MultiPolygon\",\"coordinates\":["));
  for (size_t i = 0; i < n; i++) {
    buf_add(&b, i ? S(",[") : S("["));
    for (size_t k = 0; k < list[i].count; k++) {
      if (k) buf_char(&b, ',');
      ring_add(&b, &list[i].rings[k]);
    }
    buf_char(&b, ']');
  }
  buf_add(&b, S("]}"));
  return arena_str(mem, buf_str(&b));
}

Str geo_text(Arena *mem, const Geo *g) {
  return list_text(mem, g->list, g->count);
}

Str geo_polygon_text(Arena *mem, const GeoPolygon *p) {
  return list_text(mem, p, 1);
}

Str geo_ha(Arena *mem, Milli square_metres) {
  int64_t whole = (square_metres.v + 500) / 1000; /* a square metre is a ten-thousandth of a hectare */
  return arena_fmt(mem, "%lld.%04lld", (long long)(whole / 10000), (long long)(whole % 10000));
}
