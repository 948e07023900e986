/* SPDX-License-Identifier: Apache-2.0 */
/*
 * map.c: the one blueprint: versions of a layer by the right and the wrong people, checks of projects; and a shadow that works out overlaps of
 * rectangles by hand, knows who may publish, that nobody accepts what a check blocks, and who lies in the drawn region.
 */
#include "sim.h"

#include <stdlib.h>
#include <string.h>

#define UNIT "natural-resources"
#define LAYER "basic-farmland"
enum { PLOT_HIGH = 100, FAR = -5000 };

static const char *lines_of(Arena *mem, int x, int y, int w, int h) {
  GeoXY o = geo_plane(120850000000, 40710000000), at[] = {{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}};
  Str out = S("");
  for (size_t i = 0; i < COUNT(at); i++) {
    int64_t lon, lat;
    geo_unplane((GeoXY){o.x + at[i].x, o.y + at[i].y}, &lon, &lat);
    out = arena_fmt(mem, "%.*s%.*s,%.*s\n", SFMT(out), SFMT(geo_degrees(mem, lon)), SFMT(geo_degrees(mem, lat)));
  }
  return out.ptr;
}

/* ---- what is asked for ------------------------------------------------------------------------------------ */

static void propose_step(City *c) {
  Sent s = sent_new(c, S("layer.propose"), S(""), chance(c, 85) ? somebody(c, ROLE_APPROVER, S(UNIT)) : anybody(c));
  if (!s.mem) return;
  int x = (int)roll(c, 300), w = 50 + (int)roll(c, 300);
  Json *a = json_obj(s.mem);
  json_put_str(s.mem, a, S("layer"), S(LAYER));
  json_put_str(s.mem, a, S("source"), S("模拟数据"));
  json_put_str(s.mem, a, S("date"), day_str(s.mem, day_of(c->now)));
  json_put_str(s.mem, a, S("basis"), arena_fmt(s.mem, "模拟 %d %d", x, w)); /* for the shadow */
  json_put_str(s.mem, a, S("shape"), str_of(lines_of(s.mem, x, -500, w, 2000)));
  finish_send(c, &s, a, UNIT);
}

static void decide_step(City *c) {
  bool publish = chance(c, 75);
  Sent s = sent_new(c, publish ? S("layer.publish") : S("layer.refuse"), S("layer/" LAYER), chance(c, 85) ? somebody(c, ROLE_UNIT_HEAD, S(UNIT)) : anybody(c));
  if (!s.mem) return;
  Json *a = json_obj(s.mem);
  json_put_int(s.mem, a, S("version"), c->map.version + (chance(c, 95) ? 0 : 1));
  if (!publish) json_put_str(s.mem, a, S("reason"), S("范围与批准文件的附图不一致"));
  finish_send(c, &s, a, UNIT);
}

static void check_send(City *c, int64_t project, int w, bool far) {
  Sent s = sent_new(c, S("mapcheck.make"), S(""), far || chance(c, 90) ? owner_at(c, project) : anybody(c));
  if (!s.mem) return;
  Json *a = json_obj(s.mem);
  json_put_int(s.mem, a, S("project"), project);
  json_put_str(s.mem, a, S("shape"), str_of(lines_of(s.mem, 0, far ? FAR : 0, w, PLOT_HIGH)));
  json_put_bool(s.mem, a, S("reclaim"), !far && chance(c, 10));
  json_put_str(s.mem, a, S("industry"), S("allowed"));
  finish_send(c, &s, a, NULL);
}

static void region_step(City *c) {
  Sent s = sent_new(c, S("region.draw"), S("region/1"), chance(c, 90) ? somebody(c, ROLE_APPROVER, S("development-reform")) : anybody(c));
  if (!s.mem) return;
  int w = 50 + (int)roll(c, 300);
  Json *a = json_obj(s.mem);
  json_put_str(s.mem, a, S("basis"), arena_fmt(s.mem, "模拟 %d", w)); /* for the shadow */
  json_put_str(s.mem, a, S("shape"), str_of(lines_of(s.mem, -200, -500, 200 + w, 2000)));
  json_put_bool(s.mem, a, S("sample"), true);
  finish_send(c, &s, a, "development-reform");
}

void map_step(City *c) {
  uint32_t r = roll(c, 100);
  if (c->early.region && r >= 92) {
    region_step(c);
    return;
  }
  if (r < 25 || !c->map.version) propose_step(c);
  else if (r < 50) decide_step(c);
  else if (c->project_count && c->map.checks < MAPS_MAX) check_send(c, 1 + (int64_t)roll(c, (uint32_t)c->project_count), 20 + (int)roll(c, 300), chance(c, 50));
}

/* Whoever is held up moves his plot. */
void map_finish(City *c) {
  for (size_t i = 0; i < c->project_count && !c->failed; i++)
    if (c->map.blocked[i + 1] && c->projects[i].status == PROJECT_RUNNING) check_send(c, (int64_t)i + 1, 50, true);
}

/* ---- what may have happened -------------------------------------------------------------------------------- */

static void layer_event(City *c, const Event *e) {
  ShMap *m = &c->map;
  CHECK(c, str_eqz(e->unit, UNIT), "a layer is its unit's", "%.*s by %.*s", SFMT(e->kind), SFMT(e->actor));
  if (str_eqz(e->kind, "layer.proposed")) {
    CHECK(c, !m->waiting && json_int(e->body, S("version"), 0) == m->version + 1, "one version waits at a time", "%.*s", SFMT(e->stream));
    m->version++;
    m->waiting = true;
    m->by = arena_str(c->mem, e->actor);
    Str head, rest = json_str(e->body, S("basis")), x, w;
    str_cut(rest, ' ', &head, &rest);
    str_cut(rest, ' ', &x, &w);
    REQUIRE(str_to_i64(x, &m->next_x) && str_to_i64(w, &m->next_w));
    return;
  }
  CHECK(c, m->waiting && !str_eq(m->by, e->actor), "published by another than who proposed", "%.*s", SFMT(e->actor));
  m->waiting = false;
  if (!str_eqz(e->kind, "layer.published")) return;
  m->x = m->next_x;
  m->w = m->next_w;
}

static int64_t square_metres(Str ha) { /* "0.3000" */
  Str whole, part;
  int64_t a = 0, b = 0;
  str_cut(ha, '.', &whole, &part);
  REQUIRE(str_to_i64(whole, &a) && (!part.len || str_to_i64(part, &b)));
  return a * 10000 + b;
}

static void check_event(City *c, const Event *e) {
  const Json *report = json_get(e->body, S("report")), *row = json_get(report, S("rows"))->first, *declared = json_get(e->body, S("declared"));
  ShMap *m = &c->map;
  while (row && !str_eqz(json_str(row, S("code")), LAYER)) row = row->next;
  Geo *plot = NULL;
  Cx cx = {.mem = c->cx.mem};
  REQUIRE(row && geo_stored(&cx, json_str(e->body, S("shape")), &plot) == OK);
  bool far = plot->box.north < 40700000000;
  int64_t w = square_metres(json_str(report, S("area"))) / PLOT_HIGH, right = m->x + m->w < w ? m->x + m->w : w;
  int64_t want = far || !m->w || right <= m->x ? 0 : (right - m->x) * PLOT_HIGH, got = square_metres(json_str(row, S("area")).len ? json_str(row, S("area")) : S("0"));
  CHECK(c, llabs(got - want) <= PLOT_HIGH, "the overlap of two rectangles", "%.*s: %lld, by hand %lld", SFMT(e->stream), (long long)got, (long long)want); /* w is whole metres */
  int64_t blocks = (got > 0) + json_bool(declared, S("reclaim"));
  CHECK(c, json_int(e->body, S("blocks"), -1) == blocks, "what blocks is counted", "%.*s: %lld", SFMT(e->stream), (long long)blocks);
  m->plot[json_int(e->body, S("project"), 0)] = far ? FAR_PLOT : w;
  m->checks++;
  m->due++;
  m->blocks = blocks;
}

/* What is drawn is the layer at once; who lies inside shares, whatever his form says, and nobody else whose plot is known. */
static void region_event(City *c, const Event *e) {
  ShMap *m = &c->map;
  Str head, w;
  str_cut(json_str(e->body, S("basis")), ' ', &head, &w);
  REQUIRE(str_to_i64(w, &m->region_w));
  m->gathers++;
}

static void gather_event(City *c, const Event *e) {
  CHECK(c, str_eqz(e->actor, "system"), "nobody publishes the regions by hand", "%.*s", SFMT(e->actor));
  c->map.gathers -= str_eqz(e->kind, "layer.published");
}

static void share_event(City *c, const Event *e, int64_t no) {
  const ShMap *m = &c->map;
  const Json *region = json_get(e->body, S("region"));
  int64_t w = m->plot[no];
  if (!w || !m->region_w || (region && !json_int(region, S("no"), 0))) return;
  bool inside = w != FAR_PLOT && w <= m->region_w;
  CHECK(c, inside == (region != NULL), "the plot says who lies in the region", "%.*s: %lld of %lld", SFMT(e->stream), (long long)w, (long long)m->region_w);
  CHECK(c, !region || json_str(region, S("parcel")).len, "with the number of the check", "%.*s", SFMT(e->stream));
}

void map_event(City *c, const Event *e) {
  int64_t no = 0;
  if (str_starts(e->stream, S("layer/" LAYER))) layer_event(c, e);
  else if (str_starts(e->stream, S("layer/"))) gather_event(c, e);
  if (str_eqz(e->kind, "region.drawn")) region_event(c, e);
  if (str_starts(e->stream, S("mapcheck/"))) check_event(c, e);
  if (!str_starts(e->stream, S("project/"))) return;
  REQUIRE(str_to_i64(str_sub(e->stream, 8, SIZE_MAX), &no));
  if (str_eqz(e->kind, "project.blueprint-noted")) {
    c->map.due--;
    CHECK(c, json_int(e->body, S("blocks"), -1) == c->map.blocks, "the case knows what was found", "%.*s", SFMT(e->stream));
    c->map.blocked[no] = c->map.blocks > 0;
  }
  if (str_eqz(e->kind, "stage.submitted") || str_eqz(e->kind, "stage.corrected")) share_event(c, e, no);
  if (str_eqz(e->kind, "stage.accepted") && json_int(e->body, S("stage"), 0) == 1)
    CHECK(c, !c->map.blocked[no] || json_bool(e->body, S("deemed")), "what a check blocks is not accepted", "%.*s by %.*s", SFMT(e->stream), SFMT(e->actor));
}

/* Between two acts no reaction is missing. */
void map_check(City *c) {
  CHECK(c, c->map.gathers == 0, "each drawing is in the layer", "%d are not", c->map.gathers);
  CHECK(c, c->map.due == 0, "each check is noted in its case", "%d are not", c->map.due);
}
