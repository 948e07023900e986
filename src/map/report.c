/* SPDX-License-Identifier: Apache-2.0 */
/* report.c: what a plot lies on: a function of plot, declaration, layers and package. */
#include "map/map_int.h"

enum { HUNDREDTH = GEO_UNIT / 100 };

GeoBox blueprint__bounds(const Policy *p) {
  const Blueprint *b = &p->blueprint;
  return (GeoBox){(int64_t)b->west * HUNDREDTH, (int64_t)b->south * HUNDREDTH, (int64_t)b->east * HUNDREDTH, (int64_t)b->north * HUNDREDTH};
}

GeoLimits blueprint_limits(const Policy *p) {
  return (GeoLimits){.bytes = PLOT_BYTES, .points = (size_t)p->blueprint.points, .bounds = blueprint__bounds(p)};
}

Str blueprint_digest(Arena *mem, const Json *report) {
  return hash_hex(mem, hash_bytes(SUITE_GM, json_text(mem, report)));
}

/* ---- what is near ------------------------------------------------------------------------------------------------------ */

static const Sql sql_version = {"map.version", "si", "iii",
                                "SELECT version, day, sample FROM map_layer WHERE code = ?1 AND (version = ?2 OR (?2 = 0 AND status = 'published'))"};
static const Sql sql_near = {"map.near", "siiiii", "s",
                             "SELECT shape FROM map_part WHERE code = ?1 AND version = ?2 AND west <= ?5 AND east >= ?3 AND south <= ?6 AND north >= ?4 ORDER BY part"};

static Code version_read(Cx *cx, Db *views, Str code, int64_t wanted, Json *out, int64_t *version) {
  SCOPED(rows_drop) Rows *r = NULL;
  *version = 0;
  TRY(db_rows(cx, views, &sql_version, VALS(val_s(code), val_i(wanted)), &r));
  if (!rows_next(r)) return rows_end(cx, r);
  Json *o = json_put_obj(cx->mem, out, code);
  *version = row_i(r, 0);
  json_put_int(cx->mem, o, S("version"), *version);
  json_put_str(cx->mem, o, S("date"), day_str(cx->mem, (Day){(int32_t)row_i(r, 1)}));
  json_put_bool(cx->mem, o, S("sample"), row_i(r, 2) != 0);
  return OK;
}

static Code parts_read(Cx *cx, Db *views, Str code, int64_t version, GeoBox box, Json *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  Json *parts = json_put_arr(cx->mem, (Json *)(uintptr_t)json_get(out, code), S("parts"));
  TRY(db_rows(cx, views, &sql_near, VALS(val_s(code), val_i(version), val_i(box.west), val_i(box.south), val_i(box.east), val_i(box.north)), &r));
  while (rows_next(r)) json_push_str(cx->mem, parts, row_s(cx, r, 0));
  return rows_end(cx, r);
}

Code map_near(Cx *cx, Db *views, const Policy *p, GeoBox box, const Json *versions, Json **out) {
  *out = json_obj(cx->mem);
  for (size_t i = 0; i < p->blueprint.layer_count; i++) {
    Str code = p->blueprint.layers[i].code;
    int64_t version = 0;
    if (versions && !json_get(versions, code)) continue;
    TRY(version_read(cx, views, code, versions ? json_int(versions, code, 0) : 0, *out, &version));
    if (version) TRY(parts_read(cx, views, code, version, box, *out));
  }
  return OK;
}

/* ---- rows ----------------------------------------------------------------------------------------------------------------- */

typedef struct Sum { int64_t conflicts, blocks, warnings, unknown; } Sum;

static Json *row_new(Arena *m, Json *rows, const char *kind, Str code, Str name, Str clause, Str unit) {
  Json *o = json_push_obj(m, rows);
  json_put_str(m, o, S("kind"), str_of(kind));
  json_put_str(m, o, S("code"), code);
  json_put_str(m, o, S("name"), name);
  json_put_str(m, o, S("clause"), clause);
  json_put_str(m, o, S("unit"), unit);
  return o;
}

static void result_put(Arena *m, Json *o, const char *result, bool block, Str effect, Str way, Sum *sum) {
  bool conflict = str_eqz(S("conflict"), result), warn = str_eqz(S("warn"), result) || str_eqz(S("outside"), result);
  json_put_str(m, o, S("result"), str_of(result));
  json_put_bool(m, o, S("block"), block);
  if (conflict || warn) json_put_str(m, o, S("effect"), effect);
  if ((conflict || warn) && way.len) json_put_str(m, o, S("way"), way);
  sum->conflicts += conflict;
  sum->blocks += block;
  sum->warnings += warn;
  sum->unknown += str_eqz(S("nodata"), result);
}

static bool limited(const Json *declared) {
  Str industry = json_str(declared, S("industry"));
  return str_eqz(industry, "restricted") || str_eqz(industry, "eliminated");
}

static const char *result_of(const LayerKind *k, const GeoOverlap *o, bool over, const Json *declared, bool *block) {
  *block = over && (str_eqz(k->rule, "block") || (k->restricted && limited(declared)));
  if (*block) return "conflict";
  if (str_eqz(k->rule, "inside")) return o->inside ? "inside" : "outside";
  if (str_eqz(k->rule, "warn") && over) return "warn";
  if (o->inside) return "inside";
  return over ? "partly" : "clear";
}

static Code layer_row(Cx *cx, const Policy *p, const LayerKind *k, const Json *here, const Json *declared, const Geo *plot, Json *rows, Sum *sum) {
  Arena *m = cx->mem;
  Json *row = row_new(m, rows, "layer", k->code, k->name, k->source.clause, k->unit);
  const Json *texts = json_get(here, S("parts"));
  GeoOverlap o;
  bool block;
  size_t n = 0;
  if (!here) {
    result_put(m, row, "nodata", false, S(""), S(""), sum);
    return OK;
  }
  Geo **parts = arena_array(m, Geo *, texts->count + 1);
  for (const Json *t = texts->first; t; t = t->next) TRY(geo_stored(cx, t->str, &parts[n++]));
  TRY(geo_overlap(cx, plot, parts, n, &o));
  bool over = o.shared && o.shared->area.v >= (int64_t)p->blueprint.least * 1000 && o.shared->area.v > 0;
  const char *result = result_of(k, &o, over, declared, &block);
  json_put_int(m, row, S("version"), json_int(here, S("version"), 0));
  json_put_str(m, row, S("date"), json_str(here, S("date")));
  json_put_bool(m, row, S("sample"), json_bool(here, S("sample")));
  json_put_str(m, row, S("area"), geo_ha(m, o.shared ? o.shared->area : (Milli){0}));
  if (over) json_put_str(m, row, S("shape"), geo_text(m, o.shared));
  if (o.touches && !over) json_put_str(m, row, S("note"), S("相邻"));
  if (str_eqz(S("outside"), result)) json_put_str(m, row, S("outside"), geo_ha(m, o.outside->area));
  result_put(m, row, result, block, k->effect, k->way, sum);
  return OK;
}

static void act_row(Arena *m, const BlueprintAct *a, const Json *declared, Json *rows, Sum *sum) {
  Json *row = row_new(m, rows, "act", a->code, a->name, a->source.clause, a->unit);
  bool met = json_bool(declared, a->when), except = a->unless.len && json_bool(declared, a->unless);
  result_put(m, row, !met ? "clear" : except ? "warn" : "conflict", met && !except, a->effect, a->way, sum);
}

Code blueprint_check(Cx *cx, const Policy *p, const Json *near, const Json *declared, const Geo *plot, Json **out) {
  Arena *m = cx->mem;
  Json *report = json_obj(m), *rows = json_put_arr(m, report, S("rows"));
  Sum sum = {0};
  for (size_t i = 0; i < p->blueprint.act_count; i++) act_row(m, &p->blueprint.acts[i], declared, rows, &sum);
  for (size_t i = 0; i < p->blueprint.layer_count; i++) {
    const LayerKind *k = &p->blueprint.layers[i];
    TRY(layer_row(cx, p, k, json_get(near, k->code), declared, plot, rows, &sum));
  }
  json_put_str(m, report, S("area"), geo_ha(m, plot->area));
  json_put_int(m, report, S("conflicts"), sum.conflicts);
  json_put_int(m, report, S("blocks"), sum.blocks);
  json_put_int(m, report, S("warnings"), sum.warnings);
  json_put_int(m, report, S("unknown"), sum.unknown);
  json_put_str(m, report, S("algorithm"), geo_algorithm(m));
  *out = report;
  return OK;
}

/* ---- again ------------------------------------------------------------------------------------------------------------------- */

Code map_again(Cx *cx, Reader *rd, const Policy *p, const MapCheck *c, bool *same, Json **report) {
  Json *versions = json_obj(cx->mem), *near = NULL;
  const Json *rows = json_get(c->report, S("rows"));
  Geo *plot = NULL;
  GeoLimits limits = {.bytes = SIZE_MAX, .points = SIZE_MAX};
  for (const Json *r = rows ? rows->first : NULL; r; r = r->next)
    if (json_get(r, S("version"))) json_put_int(cx->mem, versions, json_str(r, S("code")), json_int(r, S("version"), 0));
  TRY(geo_read(cx, c->shape, S("shape"), &limits, &plot));
  TRY(map_near(cx, reader_views(rd), p, plot->box, versions, &near));
  TRY(blueprint_check(cx, p, near, c->declared, plot, report));
  *same = str_eq(json_text(cx->mem, *report), json_text(cx->mem, c->report));
  return OK;
}
