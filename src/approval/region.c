/* SPDX-License-Identifier: Apache-2.0 */
/* region.c: which assessments of its region a case shares: read from the tables of the room early, kept with the submission. */
#include "approval/approval_int.h"
#include "org/kit.h"

static const Sql sql_region = {"beside.region", "s", "i", "SELECT no FROM region WHERE name = ?1"};
static const Sql sql_county = {"beside.region-county", "i", "s", "SELECT county FROM region WHERE no = ?1"};
static const Sql sql_shares = {"beside.shares", "ii", "ssissi",
                               "SELECT kind, number, until, file, blob, size FROM region_share WHERE region = ?1 AND since <= ?2 AND until >= ?2"
                               " AND stopped = 0 ORDER BY kind, until DESC, no DESC"};

Str project_region(const Policy *p, const Project *pr, int stage, const Json *form) {
  for (int n = 1; n <= STAGE_MAX; n++)
    for (size_t i = 0; i < p->form_count[n]; i++) {
      const Field *f = &p->form[n][i];
      if (!f->choose.len) continue;
      if (project_locked(pr, f->name).len) return project_locked(pr, f->name);
      return n == stage ? str_trim(json_str(form, f->name)) : json_str(pr->facts, f->name);
    }
  return S("");
}

static Code shares_read(Cx *cx, Db *views, Str region, Day on, bool shares, Json *shared) {
  static const char *const names[] = {"kind", "number"};
  SCOPED(rows_drop) Rows *r = NULL, *at = NULL;
  Arena *m = cx->mem;
  int64_t no = 0;
  Str last = S("");
  if (!region.len) return OK;
  TRY(db_int(cx, views, &sql_region, VALS(val_s(region)), 0, &no));
  Json *o = json_put_obj(m, shared, REGION_SHARED);
  json_put_str(m, o, S("name"), region);
  json_put_int(m, o, S("no"), no);
  json_put_bool(m, o, S("known"), no > 0);
  TRY(db_rows(cx, views, &sql_county, VALS(val_i(no)), &at));
  if (rows_next(at)) json_put_str(m, o, S("county"), row_s(cx, at, 0));
  TRY(rows_end(cx, at));
  Json *list = json_put_arr(m, o, S("shares"));
  if (!shares) return OK;
  TRY(db_rows(cx, views, &sql_shares, VALS(val_i(no), val_i(on.n)), &r));
  while (rows_next(r)) {
    Str kind = row_s(cx, r, 0);
    if (str_eq(kind, last)) continue; /* the one that holds longest */
    last = kind;
    Json *x = json_push_obj(m, list);
    for (size_t i = 0; i < COUNT(names); i++) json_put_str(m, x, str_of(names[i]), row_s(cx, r, (int)i));
    json_put_str(m, x, S("until"), day_str(m, (Day){(int32_t)row_i(r, 2)}));
    json_put_str(m, x, S("name"), row_s(cx, r, 3));
    json_put_str(m, x, S("blob"), row_s(cx, r, 4));
    json_put_int(m, x, S("size"), row_i(r, 5));
  }
  return rows_end(cx, r);
}

/* ---- where the plot lies ------------------------------------------------------------------------------------------- */

static const Sql sql_parcel = {"beside.parcel", "i", "iss", "SELECT no, number, shape FROM map_plot WHERE project = ?1"};
static const Sql sql_near = {"beside.regions-near", "iiiis", "isis",
                             "SELECT r.no, r.name, r.area, p.shape FROM region r JOIN region_part p ON p.region = r.no AND p.drawing = r.drawing"
                             " WHERE (p.west <= ?3 AND p.east >= ?1 AND p.south <= ?4 AND p.north >= ?2) OR r.name = ?5 ORDER BY r.no, p.part"};

/* One region with its parts: how the plot lies to it. */
static Code around_put(Cx *cx, const Geo *plot, Json *o, Geo *const *parts, size_t n) {
  Arena *m = cx->mem;
  GeoOverlap over;
  double metres = 0;
  TRY(geo_overlap(cx, plot, parts, n, &over));
  bool some = over.shared && over.shared->area.v >= 1000; /* a square metre */
  if (!over.inside && !some) TRY(geo_distance(cx, plot, parts, n, &metres));
  json_put_str(m, o, S("relation"), over.inside ? S("inside") : some ? S("partly") : S("outside"));
  if (some && !over.inside) json_put_str(m, o, S("out"), geo_ha(m, over.outside->area));
  if (!over.inside && !some) json_put_int(m, o, S("metres"), (int64_t)(metres + 0.5));
  return OK;
}

Code regions_around(Cx *cx, Db *views, const Geo *plot, Str also, Json **out) {
  SCOPED(rows_drop) Rows *r = NULL;
  Geo **parts = NULL;
  size_t n = 0, cap = 0;
  Json *o = NULL;
  *out = json_arr(cx->mem);
  TRY(db_rows(cx, views, &sql_near, VALS(val_i(plot->box.west), val_i(plot->box.south), val_i(plot->box.east), val_i(plot->box.north), val_s(also)), &r));
  while (rows_next(r)) {
    if (o && json_int(o, S("no"), 0) != row_i(r, 0)) {
      TRY(around_put(cx, plot, o, parts, n));
      o = NULL;
      n = 0;
    }
    if (!o) {
      o = json_push_obj(cx->mem, *out);
      json_put_int(cx->mem, o, S("no"), row_i(r, 0));
      json_put_str(cx->mem, o, S("name"), row_s(cx, r, 1));
      json_put_int(cx->mem, o, S("area"), row_i(r, 2));
    }
    TRY(geo_stored(cx, row_s(cx, r, 3), GROW(cx->mem, parts, n, cap, Geo *)));
  }
  TRY(rows_end(cx, r));
  return o ? around_put(cx, plot, o, parts, n) : OK;
}

static bool lies(const Json *o, const char *how) {
  return str_eqz(json_str(o, S("relation")), how);
}

/* The one that is named; else the smallest that holds the whole plot, for it says most about the ground; else one that it lies in with a part. */
static const Json *around_choose(const Json *list, Str named) {
  const Json *in = NULL, *part = NULL;
  for (const Json *o = list->first; o; o = o->next) {
    if (named.len && str_eq(json_str(o, S("name")), named)) return o;
    if (lies(o, "inside") && (!in || json_int(o, S("area"), 0) < json_int(in, S("area"), 0))) in = o;
    if (lies(o, "partly") && !part) part = o;
  }
  return named.len ? NULL : in ? in : part;
}

const Json *region_holds(const Json *around) {
  const Json *o = around_choose(around, S(""));
  return o && lies(o, "inside") ? o : NULL;
}

static Str why_not(Arena *m, const Json *o, Str number) {
  Str name = json_str(o, S("name")), out = json_str(o, S("out"));
  if (lies(o, "partly"))
    return arena_fmt(m, "按蓝图检查 %.*s，用地有 %.*s 公顷在“%.*s”外；全部在区域内的才共享成果，部分在内的仍要单独编报。", SFMT(number), SFMT(out), SFMT(name));
  return arena_fmt(m, "按蓝图检查 %.*s，用地在“%.*s”外，离它的边界约 %lld 米，仍要单独编报。", SFMT(number), SFMT(name), (long long)json_int(o, S("metres"), 0));
}

static Code parcel_read(Cx *cx, Db *views, int64_t project, Str *number, int64_t *check, Geo **plot) {
  SCOPED(rows_drop) Rows *r = NULL;
  *plot = NULL;
  TRY(db_rows(cx, views, &sql_parcel, VALS(val_i(project)), &r));
  if (!rows_next(r)) return rows_end(cx, r);
  *check = row_i(r, 0);
  *number = row_s(cx, r, 1);
  return geo_stored(cx, row_s(cx, r, 2), plot);
}

Code region_shared(Cx *cx, Db *views, const Policy *p, const Project *pr, int stage, const Json *form, Day on, Json *shared) {
  Arena *m = cx->mem;
  Str named = project_region(p, pr, stage, form), number = S("");
  int64_t check = 0;
  Geo *plot = NULL;
  Json *around = NULL;
  if (project_blueprint(pr)) TRY(parcel_read(cx, views, pr->no, &number, &check, &plot)); /* no check, no plot, and nothing to read */
  if (!plot) return shares_read(cx, views, named, on, true, shared);
  TRY(regions_around(cx, views, plot, named, &around));
  const Json *o = around_choose(around, named);
  if (!o) return shares_read(cx, views, named, on, true, shared); /* not drawn: by its name, as before */
  bool inside = lies(o, "inside");
  TRY(shares_read(cx, views, json_str(o, S("name")), on, inside, shared));
  Json *told = (Json *)(uintptr_t)json_get(shared, REGION_SHARED);
  json_put_int(m, told, S("check"), check);
  json_put_str(m, told, S("parcel"), number);
  if (!inside) json_put_str(m, told, S("why"), why_not(m, o, number));
  return OK;
}

Str region_inside(const Json *shared) {
  const Json *o = json_get(shared, REGION_SHARED);
  return json_str(o, S("parcel")).len && !json_str(o, S("why")).len ? json_str(o, S("name")) : S("");
}

/* ---- items and materials -------------------------------------------------------------------------------------------- */

const Json *share__of(const Json *region, Str kind) {
  const Json *list = json_get(region, S("shares"));
  for (const Json *x = list && kind.len ? list->first : NULL; x; x = x->next)
    if (str_eq(json_str(x, S("kind")), kind)) return x;
  return NULL;
}

const Json *item_share(const Policy *p, const StageState *s, Str code) {
  const Item *item = policy_item(p, code);
  return item && s->region ? share__of(s->region, item->share) : NULL;
}

Str share_source(Arena *mem, const Json *share) {
  return arena_fmt(mem, "区域评估 %.*s", SFMT(json_str(share, S("number"))));
}

static const Sql sql_item_share = {"item-share.put", "iiss", "",
                                   "INSERT INTO item_share(project, stage, code, number) VALUES(?1,?2,?3,?4)"
                                   " ON CONFLICT(project, stage, code) DO UPDATE SET number = excluded.number"};

Code share__project(Cx *cx, Db *views, const Project *pr, const Event *e) {
  const Json *items = str_eq(e->kind, S("stage.accepted")) ? json_get(e->body, S("items")) : NULL;
  for (const Json *x = items ? items->first : NULL; x; x = x->next) {
    Str number = json_str(x, S("share"));
    if (number.len) TRY(db_run(cx, views, &sql_item_share, VALS(val_i(pr->no), val_i(json_int(e->body, S("stage"), 0)), val_s(json_str(x, S("code"))), val_s(number))));
  }
  return OK;
}
