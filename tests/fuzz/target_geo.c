/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A plot that somebody hands in: refused with a sentence, or kept as it is. What is kept is read again as the same, and what it shares
 * with a square and what lies outside make the whole again.
 */
#include "fuzz.h"
#include "geo/geo.h"

static Geo *square;
static const GeoLimits limits = {.bytes = FUZZ_INPUT_MAX, .points = 2000};

void fuzz_begin(Cx *cx) {
  MUST(geo_read(cx, S("120.8,40.7\n120.9,40.7\n120.9,40.8\n120.8,40.8\n"), S("plot"), &limits, &square) == OK);
}

/* Metres, from corner to corner at most: no edge of a plot is longer. */
static int64_t across(GeoBox b) { return (b.east - b.west + b.north - b.south) / 1000000000 * 111320 + (b.east - b.west + b.north - b.south) % 1000000000 / 8983; }

void fuzz_one(Cx *cx, Str bytes) {
  Geo *plot = NULL, *again = NULL;
  if (geo_read(cx, bytes, S("plot"), &limits, &plot)) {
    MUST(cx->detail.len > 0 && str_eqz(cx->field, "plot"));
    return;
  }
  Str text = geo_text(cx->mem, plot);
  MUST(plot->count > 0 && plot->points <= limits.points);
  MUST(geo_stored(cx, text, &again) == OK && str_eq(text, geo_text(cx->mem, again)));
  GeoOverlap o = {0};
  if (geo_overlap(cx, plot, &square, 1, &o)) return;
  int64_t within = o.shared ? o.shared->area.v : 0, beyond = o.outside ? o.outside->area.v : 0, off = within + beyond - plot->area.v;
  MUST((off < 0 ? -off : off) <= 1000 + 2 * (int64_t)plot->points * across(plot->box)); /* a millimetre along the borders */
  if (o.inside) MUST(beyond < 1000);
  if (within > 0) MUST(o.touches);
}
