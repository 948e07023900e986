/* SPDX-License-Identifier: Apache-2.0 */
/* plane.c: longitude and latitude to metres and back; lines of surveyors; drawing. */
#include "geo/geo_int.h"

#include <math.h>

#define A 6378137.0
#define F (1 / 298.257222101)
#define E2 (F * (2 - F))
#define RAD (3.14159265358979323846 / 180)
#define MERIDIAN 120.0
#define TRUE_AT (40.6 * RAD)
enum { NEWTON = 6, FALSE_EAST = 500000, ZONE_EAST = 40000000 };

/* Twice the area between the equator and this latitude, for one radian and a = 1 (Snyder, Map projections, 3-12). */
static double q_of(double phi) {
  double e = sqrt(E2), s = sin(phi), es = e * s;
  return (1 - E2) * (s / (1 - es * es) - log((1 - es) / (1 + es)) / (2 * e));
}

static double k_of(void) {
  double s = sin(TRUE_AT);
  return cos(TRUE_AT) / sqrt(1 - E2 * s * s);
}

GeoXY geo_plane(int64_t lon, int64_t lat) {
  double l = ((double)lon / GEO_UNIT - MERIDIAN) * RAD, phi = (double)lat / GEO_UNIT * RAD, k = k_of();
  return (GeoXY){.x = A * k * l, .y = A * q_of(phi) / (2 * k)};
}

void geo_unplane(GeoXY p, int64_t *lon, int64_t *lat) {
  double k = k_of(), q = 2 * p.y * k / A, phi = asin(fmax(-1, fmin(1, q / q_of(90 * RAD))));
  for (int i = 0; i < NEWTON; i++) {
    double s = sin(phi), w = 1 - E2 * s * s;
    phi -= (q_of(phi) - q) * w * w / (2 * (1 - E2) * cos(phi));
  }
  *lon = llround((p.x / (A * k) / RAD + MERIDIAN) * GEO_UNIT);
  *lat = llround(phi / RAD * GEO_UNIT);
}

/* Krüger's series to the fourth power of n: below a hundredth of a millimetre within the zone. */
void geo_from_gauss(double north, double east, int64_t *lon, int64_t *lat) {
  const double n = F / (2 - F), n2 = n * n, n3 = n2 * n, n4 = n3 * n, r = A / (1 + n) * (1 + n2 / 4 + n4 / 64);
  const double beta[] = {n / 2 - 2 * n2 / 3 + 37 * n3 / 96 - n4 / 360, n2 / 48 + n3 / 15 - 437 * n4 / 1440, 17 * n3 / 480 - 37 * n4 / 840, 4397 * n4 / 161280};
  const double delta[] = {2 * n - 2 * n2 / 3 - 2 * n3 + 116 * n4 / 45, 7 * n2 / 3 - 8 * n3 / 5 - 227 * n4 / 45, 56 * n3 / 15 - 136 * n4 / 35, 4279 * n4 / 630};
  if (east >= ZONE_EAST) east -= ZONE_EAST;
  double xi = north / r, eta = (east - FALSE_EAST) / r, x = xi, y = eta;
  for (int j = 1; j <= 4; j++) {
    x -= beta[j - 1] * sin(2 * j * xi) * cosh(2 * j * eta);
    y -= beta[j - 1] * cos(2 * j * xi) * sinh(2 * j * eta);
  }
  double chi = asin(sin(x) / cosh(y)), phi = chi;
  for (int j = 1; j <= 4; j++) phi += delta[j - 1] * sin(2 * j * chi);
  *lon = llround((MERIDIAN + atan2(sinh(y), cos(x)) / RAD) * GEO_UNIT);
  *lat = llround(phi / RAD * GEO_UNIT);
}

/* ---- drawing -------------------------------------------------------------------------------------------------- */

GeoFrame geo_frame(GeoBox box, int width, int height, double margin) {
  GeoXY a = geo_plane(box.west, box.south), b = geo_plane(box.east, box.north);
  double w = fmax(b.x - a.x, 1), h = fmax(b.y - a.y, 1), mx = (a.x + b.x) / 2, my = (a.y + b.y) / 2;
  double scale = fmin(width / (w * (1 + 2 * margin)), height / (h * (1 + 2 * margin)));
  return (GeoFrame){.west = mx - width / scale / 2, .north = my + height / scale / 2, .scale = scale, .width = width, .height = height};
}

/* Far outside of the picture all places are alike. */
static double pixel(double v, int size) {
  return fmax(-size, fmin(2 * size, v));
}

static void ring_path(Buf *b, const GeoRing *r, const GeoFrame *f) {
  double px = 0, py = 0;
  for (size_t i = 0; i + 1 < r->count; i++) {
    GeoXY p = geo_plane(r->at[2 * i], r->at[2 * i + 1]);
    double x = pixel((p.x - f->west) * f->scale, f->width), y = pixel((f->north - p.y) * f->scale, f->height);
    if (i && fabs(x - px) < 0.5 && fabs(y - py) < 0.5) continue;
    buf_fmt(b, "%s%.1f %.1f", i ? "L" : "M", x, y);
    px = x, py = y;
  }
  buf_add(b, S("Z"));
}

Str geo_path(Arena *mem, const Geo *g, const GeoFrame *f) {
  SCOPED(buf_drop) Buf b;
  buf_init(&b, 8 << 20);
  for (size_t i = 0; i < g->count; i++) {
    GeoBox box = geo_box_of(&g->list[i]);
    GeoXY a = geo_plane(box.west, box.south), c = geo_plane(box.east, box.north);
    bool seen = c.x >= f->west && c.y >= f->north - f->height / f->scale && a.x <= f->west + f->width / f->scale && a.y <= f->north;
    for (size_t k = 0; seen && k < g->list[i].count; k++) ring_path(&b, &g->list[i].rings[k], f);
  }
  return arena_str(mem, buf_str(&b));
}
