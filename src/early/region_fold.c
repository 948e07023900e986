/* SPDX-License-Identifier: Apache-2.0 */
/* region_fold.c: a region from its events, its rows in the views, lists. */
#include "early/early_int.h"

Str region_kind_label(Str kind) {
  static const struct { const char *kind, *label; } kinds[] = {
      {"zone", "开发区"}, {"park", "工业园区"}, {"cluster", "产业聚集区"}, {"new-area", "新区"}, {"other", "其他区域"}};
  for (size_t i = 0; i < COUNT(kinds); i++)
    if (str_eqz(kind, kinds[i].kind)) return str_of(kinds[i].label);
  return kind;
}

bool assessment_shared(const Assessment *a, Day day) {
  return !a->stopped_at && a->since.n <= day.n && day.n <= a->until.n;
}

const Assessment *region_shares(const Region *r, Str kind, Day day) {
  const Assessment *best = NULL;
  for (size_t i = 0; i < r->count; i++) {
    const Assessment *a = &r->list[i];
    if (str_eq(a->kind, kind) && assessment_shared(a, day) && (!best || a->until.n >= best->until.n)) best = a;
  }
  return best;
}

/* ---- folding ------------------------------------------------------------------------------------------------ */

static void fold_assessed(Arena *mem, Region *r, const Event *e) {
  const Json *b = e->body, *files = json_get(b, S("files")), *f = files ? files->first : NULL;
  Assessment *a = GROW(mem, r->list, r->count, r->cap, Assessment);
  *a = (Assessment){.no = json_int(b, S("no"), 0), .number = kit_keep(mem, b, "number"), .kind = kit_keep(mem, b, "kind"), .body = kit_keep(mem, b, "body"),
                    .doc = kit_keep(mem, b, "doc"), .requirements = kit_keep(mem, b, "requirements"), .blob = kit_keep(mem, f, "blob"),
                    .file = kit_keep(mem, f, "name"), .size = json_int(f, S("size"), 0), .by = arena_str(mem, e->actor_name), .at = e->happened};
  (void)day_parse(json_str(b, S("since")), &a->since);
  (void)day_parse(json_str(b, S("until")), &a->until);
}

static void fold_drawn(Arena *mem, Region *r, const Event *e) {
  const Json *b = e->body;
  Drawing *g = GROW(mem, r->drawings, r->drawing_count, r->drawing_cap, Drawing);
  *g = (Drawing){.no = json_int(b, S("no"), 0), .basis = kit_keep(mem, b, "basis"), .sample = json_bool(b, S("sample")), .area = {json_int(b, S("area"), 0)},
                 .points = json_int(b, S("points"), 0), .by = arena_str(mem, e->actor_name), .at = e->happened};
  r->shape = kit_keep(mem, b, "shape");
}

void *region_fold(Arena *mem, void *state, const Event *e) {
  Region *r = state ? state : arena_new(mem, Region);
  const Json *b = e->body;
  r->seq = e->seq;
  if (str_eqz(e->kind, "region.added"))
    *r = (Region){.no = json_int(b, S("no"), 0), .number = kit_keep(mem, b, "number"), .name = kit_keep(mem, b, "name"), .kind = kit_keep(mem, b, "kind"),
                  .county = kit_keep(mem, b, "county"), .boundary = kit_keep(mem, b, "boundary"), .body = kit_keep(mem, b, "body"), .added_at = e->happened,
                  .seq = e->seq};
  if (str_eqz(e->kind, "region.assessed")) fold_assessed(mem, r, e);
  if (str_eqz(e->kind, "region.drawn")) fold_drawn(mem, r, e);
  int64_t no = json_int(b, S("no"), 0);
  if (str_eqz(e->kind, "region.stopped") && no >= 1 && no <= (int64_t)r->count) {
    Assessment *a = &r->list[no - 1];
    a->stopped_at = e->happened;
    a->stop_reason = kit_keep(mem, b, "reason");
    a->stopped_by = arena_str(mem, e->actor_name);
  }
  return r;
}

/* ---- projections ---------------------------------------------------------------------------------------------- */

/* The room approval reads all three (region.c there), the room map the areas (layer.c there). drawing: which of its areas holds, 0: none. */
static const char schema[] =
    "CREATE TABLE region(no INTEGER PRIMARY KEY, number TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, county TEXT NOT NULL,"
    " drawing INTEGER NOT NULL, sample INTEGER NOT NULL, area INTEGER NOT NULL) STRICT;"
    "CREATE TABLE region_part(region INTEGER NOT NULL, drawing INTEGER NOT NULL, part INTEGER NOT NULL, west INTEGER NOT NULL, south INTEGER NOT NULL,"
    " east INTEGER NOT NULL, north INTEGER NOT NULL, shape TEXT NOT NULL, PRIMARY KEY(region, drawing, part)) WITHOUT ROWID, STRICT;"
    "CREATE UNIQUE INDEX region_name ON region(name);"
    "CREATE TABLE region_share(region INTEGER NOT NULL, no INTEGER NOT NULL, kind TEXT NOT NULL, number TEXT NOT NULL, year INTEGER NOT NULL,"
    " year_seq INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL, stopped INTEGER NOT NULL, file TEXT NOT NULL, blob TEXT NOT NULL,"
    " size INTEGER NOT NULL, requirements TEXT NOT NULL, PRIMARY KEY(region, no)) WITHOUT ROWID, STRICT;"
    "CREATE INDEX region_share_year ON region_share(year, year_seq);";

static const Sql sql_put = {"region.put", "issssiii", "",
                            "INSERT INTO region(no, number, name, kind, county, drawing, sample, area) VALUES(?1,?2,?3,?4,?5,?6,?7,?8)"
                            " ON CONFLICT(no) DO UPDATE SET drawing = excluded.drawing, sample = excluded.sample, area = excluded.area"};
static const Sql sql_part = {"region.part", "iiiiiiis", "",
                             "INSERT INTO region_part(region, drawing, part, west, south, east, north, shape) VALUES(?1,?2,?3,?4,?5,?6,?7,?8)"
                             " ON CONFLICT(region, drawing, part) DO NOTHING"};
static const Sql sql_share = {"region.share", "iissiiiiissis", "",
                              "INSERT INTO region_share(region, no, kind, number, year, year_seq, since, until, stopped, file, blob, size, requirements)"
                              " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13) ON CONFLICT(region, no) DO UPDATE SET stopped = excluded.stopped"};

static Code head_put(Cx *cx, Db *views, const Region *r) {
  const Drawing none = {0}, *g = r->drawing_count ? &r->drawings[r->drawing_count - 1] : &none;
  return db_run(cx, views, &sql_put,
                VALS(val_i(r->no), val_s(r->number), val_s(r->name), val_s(r->kind), val_s(r->county), val_i(g->no), val_i(g->sample), val_i(g->area.v)));
}

static Code parts_put(Cx *cx, Db *views, const Region *r) {
  Geo *g = NULL;
  TRY(geo_stored(cx, r->shape, &g));
  for (size_t i = 0; i < g->count; i++) {
    GeoBox box = geo_box_of(&g->list[i]);
    TRY(db_run(cx, views, &sql_part,
               VALS(val_i(r->no), val_i((int64_t)r->drawing_count), val_i((int64_t)i), val_i(box.west), val_i(box.south), val_i(box.east), val_i(box.north),
                    val_s(geo_polygon_text(cx->mem, &g->list[i])))));
  }
  return head_put(cx, views, r);
}

static Code region_project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Region *r = state;
  int64_t no = json_int(e->body, S("no"), 0), year = 0, seq = 0;
  (void)env;
  if (str_eqz(e->kind, "region.added")) return head_put(cx, views, r);
  if (str_eqz(e->kind, "region.drawn")) return parts_put(cx, views, r);
  if (no < 1 || no > (int64_t)r->count) return OK;
  const Assessment *a = &r->list[no - 1];
  kit_year_parts(a->number, &year, &seq);
  return db_run(cx, views, &sql_share,
                VALS(val_i(r->no), val_i(a->no), val_s(a->kind), val_s(a->number), val_i(year), val_i(seq), val_i(a->since.n), val_i(a->until.n),
                     val_i(a->stopped_at != 0), val_s(a->file), val_s(a->blob), val_i(a->size), val_s(a->requirements)));
}

/* ---- what deciding reads ------------------------------------------------------------------------------------------ */

static const Sql sql_last = {"region.last", "", "i", "SELECT max(no) FROM region"};
static const Sql sql_year = {"region.year", "i", "i", "SELECT max(year_seq) FROM region_share WHERE year = ?1"};
static const Sql sql_named = {"region.named", "s", "is", "SELECT no, number FROM region WHERE name = ?1"};
static const Sql sql_drawn = {"region.drawn-bytes", "i", "i",
                              "SELECT sum(length(p.shape)) FROM region r JOIN region_part p ON p.region = r.no AND p.drawing = r.drawing WHERE r.no <> ?1"};
static const Sql sql_in_force = {"region.in-force", "ii", "ssis",
                                 "SELECT kind, number, until, requirements FROM region_share WHERE region = ?1 AND since <= ?2 AND until >= ?2 AND stopped = 0"
                                 " ORDER BY kind, no"};

Code region__named(Cx *cx, Db *views, Str name, int64_t *no, Str *number) {
  SCOPED(rows_drop) Rows *r = NULL;
  *no = 0;
  *number = S("");
  TRY(db_rows(cx, views, &sql_named, VALS(val_s(name)), &r));
  if (!rows_next(r)) return rows_end(cx, r);
  *no = row_i(r, 0);
  *number = row_s(cx, r, 1);
  return OK;
}

Code region__told(Cx *cx, Db *views, Str name, Day day, Json *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  Arena *m = cx->mem;
  int64_t no = 0;
  Str number;
  TRY(region__named(cx, views, name, &no, &number));
  json_put_int(m, out, S("region_no"), no);
  Json *list = json_put_arr(m, out, S("told"));
  TRY(db_rows(cx, views, &sql_in_force, VALS(val_i(no), val_i(day.n)), &r));
  while (rows_next(r)) {
    Json *o = json_push_obj(m, list);
    json_put_str(m, o, S("kind"), row_s(cx, r, 0));
    json_put_str(m, o, S("number"), row_s(cx, r, 1));
    json_put_str(m, o, S("until"), day_str(m, (Day){(int32_t)row_i(r, 2)}));
    json_put_str(m, o, S("requirements"), row_s(cx, r, 3));
  }
  return rows_end(cx, r);
}

static Code region_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)cmd;
  return kit_open(cx, views, "region", &sql_last, stream);
}

static Code region_facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **facts) {
  Json *out = NULL;
  int64_t last = 0, seq = 0, other = 0;
  Str number = S("");
  TRY(kit_facts(cx, views, cmd, &out));
  *facts = out;
  if (!state) {
    TRY(db_int(cx, views, &sql_last, NO_VALS, 0, &last));
    TRY(region__named(cx, views, json_str(cmd->args, S("name")), &other, &number));
    json_put_int(cx->mem, out, S("no"), last + 1);
    json_put_str(cx->mem, out, S("same_name"), number);
  }
  TRY(db_int(cx, views, &sql_year, VALS(val_i(kit_year_of(cmd->now))), 0, &seq));
  json_put_int(cx->mem, out, S("year_seq"), seq);
  if (!state || !str_eqz(cmd->name, "region.draw")) return OK;
  TRY(db_int(cx, views, &sql_drawn, VALS(val_i(((const Region *)state)->no)), 0, &last));
  json_put_int(cx->mem, out, S("drawn_bytes"), last);
  return OK;
}

const Engine region_engine_base = {.prefix = "region",
                                   .fold = region_fold,
                                   .commands = region__commands,
                                   .command_count = REGION_COMMANDS,
                                   .open = region_open,
                                   .facts = region_facts,
                                   .schema = schema,
                                   .project = region_project};

/* ---- lists -------------------------------------------------------------------------------------------------------- */

static const Sql sql_list = {"region.list", "ii", "isssssii",
                             "SELECT r.no, r.number, r.name, r.kind, r.county, coalesce(s.kind, ''), coalesce(s.until, 0), r.drawing FROM region r LEFT JOIN region_share s"
                             " ON s.region = r.no AND s.stopped = 0 AND s.since <= ?1 AND s.until >= ?1"
                             " WHERE r.no <= ?2 ORDER BY r.no, s.kind, s.until"};

Code regions_list(Cx *cx, Reader *rd, Day today, RegionRow **out, size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  RegionRow *list = arena_array(cx->mem, RegionRow, REGIONS_MAX + 1);
  *n = 0;
  *out = list;
  TRY(db_rows(cx, reader_views(rd), &sql_list, VALS(val_i(today.n), val_i(REGIONS_MAX)), &r));
  while (rows_next(r)) {
    if (!*n || list[*n - 1].no != row_i(r, 0)) {
      RegionRow *x = &list[(*n)++];
      *x = (RegionRow){.no = row_i(r, 0), .drawn = row_i(r, 7) > 0};
      Str *const texts[] = {&x->number, &x->name, &x->kind, &x->county};
      for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = row_s(cx, r, (int)i + 1);
    }
    RegionRow *x = &list[*n - 1];
    Str kind = row_s(cx, r, 5);
    for (size_t k = 1; k < POLICY_ASSESSMENTS; k++)
      if (str_eqz(kind, policy_assessments[k])) x->until[k] = (Day){(int32_t)row_i(r, 6)};
  }
  return rows_end(cx, r);
}

Code region_load(Cx *cx, Reader *rd, int64_t no, const Region **out) {
  const void *state = NULL;
  TRY(kit_state(cx, rd, "region", arena_fmt(cx->mem, "%lld", (long long)no), "个区域", &state));
  *out = state;
  return OK;
}

Code region_find(Cx *cx, Reader *rd, Str name, const Region **out) {
  int64_t no = 0;
  Str number;
  *out = NULL;
  if (name.len) TRY(region__named(cx, reader_views(rd), name, &no, &number));
  return no ? region_load(cx, rd, no, out) : OK;
}
