/* SPDX-License-Identifier: Apache-2.0 */
/* page_plot.c: a plot as text: as lines in a form, and in an address, by which a plot that was tried comes along to a project. */
#include "web/page_map.h"

Str plot_lines(Arena *m, const Geo *g) {
  SCOPED(buf_drop) Buf b;
  buf_init(&b, 1 << 20);
  for (size_t i = 0; i < g->count; i++) {
    const GeoRing *r = &g->list[i].rings[0];
    if (i) buf_char(&b, '\n');
    for (size_t v = 0; v + 1 < r->count; v++) {
      Str lon = geo_degrees(m, r->at[2 * v]), lat = geo_degrees(m, r->at[2 * v + 1]);
      buf_fmt(&b, "%.*s,%.*s\n", SFMT(lon), SFMT(lat));
    }
  }
  return arena_str(m, buf_str(&b));
}

/* Points between "~", areas between "~~", nothing that has to be escaped. Empty: too long for an address, or an area with holes. */
Str plot_carried(Arena *m, const Geo *g) {
  enum { CARRIED_MAX = 6000 };
  SCOPED(buf_drop) Buf b;
  buf_init(&b, CARRIED_MAX * 2);
  for (size_t i = 0; i < g->count; i++) {
    const GeoRing *r = &g->list[i].rings[0];
    if (g->list[i].count > 1) return S("");
    for (size_t v = 0; v + 1 < r->count && b.len <= CARRIED_MAX; v++) {
      Str lon = geo_degrees(m, r->at[2 * v]), lat = geo_degrees(m, r->at[2 * v + 1]);
      buf_fmt(&b, "%s%.*s_%.*s", v ? "~" : i ? "~~" : "", SFMT(lon), SFMT(lat));
    }
  }
  return b.len <= CARRIED_MAX ? arena_str(m, buf_str(&b)) : S("");
}

Str plot_brought(Request *rq) {
  SCOPED(buf_drop) Buf b;
  Str s = request_arg(rq, S("plot"));
  buf_init(&b, s.len * 2 + 8);
  for (size_t i = 0; i < s.len; i++) buf_char(&b, s.ptr[i] == '_' ? ',' : s.ptr[i] == '~' ? '\n' : s.ptr[i]);
  return arena_str(rq->mem, buf_str(&b));
}

Code plot_brought_view(Cx *cx, Request *rq, Json *view) {
  GeoLimits limits = blueprint_limits(rq->app->policy);
  Geo *g = NULL;
  Str text = plot_brought(rq);
  if (!text.len || !rq->app->policy->blueprint.layer_count) return OK;
  if (geo_read(cx, text, S("plot"), &limits, &g) != OK) { /* somebody's own address: the plot is left behind, the page is not */
    cx_clear(cx);
    return OK;
  }
  json_put_str(rq->mem, view, S("plot"), request_arg(rq, S("plot")));
  json_put_str(rq->mem, view, S("plot_area"), geo_ha(rq->mem, g->area));
  return OK;
}
