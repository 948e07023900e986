/* SPDX-License-Identifier: Apache-2.0 */
/* layer.c: versions of layers: proposed by one person of the unit, published by another. */
#include "map/map_int.h"

enum { VERSIONS_MAX = 200 };
static const Arg propose_args[] = {
    {.name = "layer", .label = "图层", .type = ARG_CODE, .required = true},
    {.name = "source", .label = "数据来源", .type = ARG_TEXT, .required = true, .min = 4, .max = 120},
    {.name = "date", .label = "数据截止日期", .type = ARG_DAY, .required = true},
    {.name = "basis", .label = "批准文件", .type = ARG_TEXT, .required = true, .min = 4, .max = 120},
    {.name = "sample", .label = "示例数据", .type = ARG_BOOL, .hint = "不是真实范围，只供演示"},
    {.name = "shape", .label = "图形", .type = ARG_LONG, .required = true, .max = LAYER_BYTES, .hint = "GeoJSON 的面，CGCS2000 经纬度"}};
static const Arg gather_args[] = {
    {.name = "layer", .label = "图层", .type = ARG_CODE, .required = true},
    {.name = "basis", .label = "批准文件", .type = ARG_TEXT, .required = true, .min = 4, .max = 120},
    {.name = "sample", .label = "示例数据", .type = ARG_BOOL},
    {.name = "area", .label = "面积", .type = ARG_INT, .required = true, .min = 0, .max = INT64_MAX},
    {.name = "shape", .label = "图形", .type = ARG_LONG, .required = true, .max = LAYER_BYTES}};
static const Arg publish_args[] = {{.name = "version", .label = "版本", .type = ARG_INT, .required = true, .min = 1, .max = VERSIONS_MAX}};
static const Arg refuse_args[] = {{.name = "version", .label = "版本", .type = ARG_INT, .required = true, .min = 1, .max = VERSIONS_MAX}, REASON};

const LayerVersion *layer_version(const Layer *l, int64_t no) {
  for (size_t i = 0; l && i < l->count; i++)
    if (no ? l->list[i].no == no : str_eqz(l->list[i].status, "published")) return &l->list[i];
  return NULL;
}

static const LayerVersion *waiting(const Layer *l) {
  for (size_t i = 0; l && i < l->count; i++)
    if (str_eqz(l->list[i].status, "proposed")) return &l->list[i];
  return NULL;
}

/* ---- deciding ------------------------------------------------------------------------------------------------------- */

static Code by_unit(Cx *cx, const Ask *ask, Str code, const LayerKind **out) {
  const Policy *p = kit_policy(ask);
  const LayerKind *k = policy_layer(p, code);
  TRY(kit_now(cx, ask));
  if (!k) FAIL_AT(INVALID, S("layer"), S(BLUEPRINT_CLAUSE), "一张蓝图里没有图层“%.*s”，请从列表中选择", SFMT(code));
  const Unit *u = policy_unit(p, k->unit);
  Str name = u ? u->name : k->unit;
  if (!str_eq(ask->cmd->actor.unit, k->unit)) FAIL_AT(DENIED, S("layer"), k->source.clause, "“%.*s”由%.*s公布。", SFMT(k->name), SFMT(name));
  *out = k;
  return OK;
}

static Code by_hand(Cx *cx, const LayerKind *k) {
  if (str_eq(k->code, REGION_LAYER))
    FAIL_AT(CONFLICT, S("layer"), k->source.clause, "“%.*s”由登记的区域自动汇成，不单独报送：请到“区域评估”里画区域的范围。", SFMT(k->name));
  return OK;
}

static Code decide_propose(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"layer", "source", "date", "basis", "sample", NULL};
  const Json *args = ask->cmd->args;
  const Layer *l = ask->state;
  const LayerKind *k = NULL;
  const LayerVersion *other = waiting(l);
  Arena *m = decision_mem(d);
  Day date = {0};
  Geo *g = NULL;
  TRY(by_unit(cx, ask, json_str(args, S("layer")), &k));
  TRY(by_hand(cx, k));
  if (other) FAIL_AT(CONFLICT, S("layer"), S(""), "“%.*s”第 %d 版还在等批准，批准或者退回以后才能再报。", SFMT(k->name), other->no);
  if (l && l->count == VERSIONS_MAX) FAIL_AT(LIMIT, S("layer"), S(""), "一个图层最多 %d 版。", VERSIONS_MAX);
  (void)day_parse(json_str(args, S("date")), &date);
  if (date.n > day_of(ask->now).n) FAIL_AT(INVALID, S("date"), S(""), "数据截止日期不能晚于今天");
  GeoLimits limits = {.bytes = LAYER_BYTES, .points = LAYER_POINTS, .bounds = blueprint__bounds(kit_policy(ask))};
  TRY(geo_read(cx, json_str(args, S("shape")), S("shape"), &limits, &g));
  Json *body = kit_body(d, ask, names);
  json_put_int(m, body, S("version"), l ? (int64_t)l->count + 1 : 1);
  json_put_str(m, body, S("shape"), geo_text(m, g));
  json_put_int(m, body, S("area"), g->area.v);
  json_put_int(m, body, S("polygons"), (int64_t)g->count);
  json_put_int(m, body, S("points"), (int64_t)g->points);
  decision_emit(d, "layer.proposed", 1, body);
  kit_answer(d, "layer", k->code, l ? (int64_t)l->count + 1 : 1);
  return OK;
}

static Code decide_end(Cx *cx, const Ask *ask, Decision *d, const char *event, const char *what) {
  static const char *const names[] = {"version", "reason", NULL};
  const Layer *l = ask->state;
  const LayerKind *k = NULL;
  const LayerVersion *v = layer_version(l, json_int(ask->cmd->args, S("version"), -1));
  TRY(by_unit(cx, ask, l->code, &k));
  if (str_eqz(str_of(event), "layer.published")) TRY(by_hand(cx, k));
  if (!v) FAIL_AT(NOT_FOUND, S("version"), S(""), "“%.*s”没有这一版。", SFMT(k->name));
  Str label = map_label(v->status);
  if (!str_eqz(v->status, "proposed")) FAIL_AT(CONFLICT, S("version"), S(""), "“%.*s”第 %d 版现在是“%.*s”，不能%s。", SFMT(k->name), v->no, SFMT(label), what);
  if (str_eq(v->by, ask->cmd->actor.id)) FAIL_AT(DENIED, S("version"), S(""), "第 %d 版是您自己报的，要由本单位另一位负责人%s。", v->no, what);
  decision_emit(d, event, 1, kit_body(d, ask, names));
  return OK;
}

static Code decide_publish(Cx *cx, const Ask *ask, Decision *d) {
  return decide_end(cx, ask, d, "layer.published", "公布");
}

static Code decide_refuse(Cx *cx, const Ask *ask, Decision *d) {
  return decide_end(cx, ask, d, "layer.refused", "退回");
}

/* A version that was proposed by hand before is answered first. */
static Code decide_gather(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"basis", "sample", NULL};
  const Json *args = ask->cmd->args;
  const Layer *l = ask->state;
  const LayerVersion *other = waiting(l);
  Arena *m = decision_mem(d);
  Geo *g = NULL;
  int64_t no = l ? (int64_t)l->count + 1 : 1;
  if (!policy_layer(kit_policy(ask), REGION_LAYER)) return OK; /* a package without: nothing to be checked against it */
  TRY(geo_stored(cx, json_str(args, S("shape")), &g));
  Json *body = kit_body(d, ask, names), *end = json_obj(m), *refused = json_obj(m);
  json_put_str(m, body, S("layer"), REGION_LAYER);
  json_put_str(m, body, S("source"), S("登记的区域范围，自动汇成"));
  json_put_str(m, body, S("date"), day_str(m, day_of(ask->now)));
  json_put_int(m, body, S("version"), no);
  json_put_str(m, body, S("shape"), geo_text(m, g));
  json_put_int(m, body, S("area"), json_int(args, S("area"), 0));
  json_put_int(m, body, S("polygons"), (int64_t)g->count);
  json_put_int(m, body, S("points"), (int64_t)g->points);
  json_put_int(m, end, S("version"), no);
  if (other) {
    json_put_int(m, refused, S("version"), other->no);
    json_put_str(m, refused, S("reason"), S("范围改由登记的区域汇成"));
    decision_emit(d, "layer.refused", 1, refused);
  }
  decision_emit(d, "layer.proposed", 1, body);
  decision_emit(d, "layer.published", 1, end);
  return OK;
}

#define ROW(n, l, h, who, fn, list, first) {.name = n, .label = l, .help = h, .allow = (who), .creates = (first), .decide = fn, WITH(list)}
enum { LAYER_COMMANDS = 4 };
static const CommandDecl commands[LAYER_COMMANDS] = {
    ROW("layer.propose", "报送图层", "责任单位报送一个图层的新版本，等本单位负责人批准。", ROLE_APPROVER | ROLE_UNIT_HEAD, decide_propose, propose_args, true),
    ROW("layer.publish", "公布图层", "本单位另一位负责人批准，这一版即日起用于检查，原来的一版停用。", ROLE_UNIT_HEAD, decide_publish, publish_args, false),
    ROW("layer.refuse", "退回图层", "写明理由退回，原来的一版继续用。", ROLE_UNIT_HEAD, decide_refuse, refuse_args, false),
    ROW("layer.gather", "汇成区域范围", "画了一个区域以后，系统把各区域的范围汇成“区域评估范围”图层，即时启用。", ROLE_SYSTEM, decide_gather, gather_args, true)};

/* ---- folding -------------------------------------------------------------------------------------------------------- */

static void fold_proposed(Arena *mem, Layer *l, const Event *e) {
  const Json *b = e->body;
  LayerVersion *v = GROW(mem, l->list, l->count, l->cap, LayerVersion);
  *v = (LayerVersion){.no = (int)json_int(b, S("version"), 0), .source = kit_keep(mem, b, "source"), .basis = kit_keep(mem, b, "basis"), .sample = json_bool(b, S("sample")),
                      .status = S("proposed"), .shape = kit_keep(mem, b, "shape"), .area = {json_int(b, S("area"), 0)}, .polygons = json_int(b, S("polygons"), 0),
                      .points = json_int(b, S("points"), 0), .by = arena_str(mem, e->actor), .by_name = arena_str(mem, e->actor_name), .proposed_at = e->happened};
  (void)day_parse(json_str(b, S("date")), &v->date);
}

static void fold_end(Arena *mem, Layer *l, const Event *e, bool published) {
  int64_t no = json_int(e->body, S("version"), 0);
  for (size_t i = 0; i < l->count; i++) {
    LayerVersion *v = &l->list[i];
    if (v->no != no && published && str_eqz(v->status, "published")) v->status = S("replaced");
    if (v->no != no) continue;
    v->status = published ? S("published") : S("refused");
    v->reason = kit_keep(mem, e->body, "reason");
    v->decided_by = arena_str(mem, e->actor_name);
    v->decided_at = e->happened;
  }
}

void *layer_fold(Arena *mem, void *state, const Event *e) {
  Layer *l = state ? state : arena_new(mem, Layer);
  l->seq = e->seq;
  if (str_eqz(e->kind, "layer.proposed")) {
    l->code = kit_keep(mem, e->body, "layer");
    fold_proposed(mem, l, e);
  }
  if (str_eqz(e->kind, "layer.published")) fold_end(mem, l, e, true);
  if (str_eqz(e->kind, "layer.refused")) fold_end(mem, l, e, false);
  return l;
}

/* ---- projections ---------------------------------------------------------------------------------------------------- */

static const char schema[] =
    "CREATE TABLE map_layer(code TEXT NOT NULL, version INTEGER NOT NULL, status TEXT NOT NULL, source TEXT NOT NULL, basis TEXT NOT NULL, day INTEGER NOT NULL,"
    " sample INTEGER NOT NULL, area INTEGER NOT NULL, polygons INTEGER NOT NULL, points INTEGER NOT NULL, by_name TEXT NOT NULL, decided_by TEXT NOT NULL,"
    " proposed INTEGER NOT NULL, decided INTEGER NOT NULL, PRIMARY KEY(code, version)) WITHOUT ROWID, STRICT;"
    "CREATE TABLE map_part(code TEXT NOT NULL, version INTEGER NOT NULL, part INTEGER NOT NULL, west INTEGER NOT NULL, south INTEGER NOT NULL,"
    " east INTEGER NOT NULL, north INTEGER NOT NULL, shape TEXT NOT NULL, PRIMARY KEY(code, version, part)) WITHOUT ROWID, STRICT;";

static const Sql sql_put = {"map.layer", "sisssiiiiissii", "",
                            "INSERT INTO map_layer(code, version, status, source, basis, day, sample, area, polygons, points, by_name, decided_by, proposed, decided)"
                            " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14) ON CONFLICT(code, version) DO UPDATE SET status = excluded.status,"
                            " decided_by = excluded.decided_by, decided = excluded.decided"};
static const Sql sql_part = {"map.part", "siiiiiis", "",
                             "INSERT INTO map_part(code, version, part, west, south, east, north, shape) VALUES(?1,?2,?3,?4,?5,?6,?7,?8)"
                             " ON CONFLICT(code, version, part) DO NOTHING"};

static Code parts_put(Cx *cx, Db *views, Str code, const LayerVersion *v) {
  Geo *g = NULL;
  TRY(geo_stored(cx, v->shape, &g));
  for (size_t i = 0; i < g->count; i++) {
    GeoBox box = geo_box_of(&g->list[i]);
    TRY(db_run(cx, views, &sql_part,
               VALS(val_s(code), val_i(v->no), val_i((int64_t)i), val_i(box.west), val_i(box.south), val_i(box.east), val_i(box.north),
                    val_s(geo_polygon_text(cx->mem, &g->list[i])))));
  }
  return OK;
}

static Code layer_project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Layer *l = state;
  (void)env;
  for (size_t i = 0; i < l->count; i++) {
    const LayerVersion *v = &l->list[i];
    TRY(db_run(cx, views, &sql_put,
               VALS(val_s(l->code), val_i(v->no), val_s(v->status), val_s(v->source), val_s(v->basis), val_i(v->date.n), val_i(v->sample), val_i(v->area.v),
                    val_i(v->polygons), val_i(v->points), val_s(v->by_name), val_s(v->decided_by), val_i(v->proposed_at), val_i(v->decided_at))));
  }
  return str_eqz(e->kind, "layer.proposed") ? parts_put(cx, views, l->code, &l->list[l->count - 1]) : OK;
}

/* ---- the regions as a layer -------------------------------------------------------------------------------------------- */

static const Sql sql_regions = {"map.regions", "", "iis",
                                "SELECT r.area, r.sample, p.shape FROM region r JOIN region_part p ON p.region = r.no AND p.drawing = r.drawing ORDER BY r.no, p.part"};

/* All parts of all regions as one text; two of them may lie over each other, so the area is the sum of theirs. */
static Code regions_gather(Cx *cx, Db *views, Json *args) {
  SCOPED(rows_drop) Rows *r = NULL;
  SCOPED(buf_drop) Buf b;
  int64_t area = 0, sample = 0, n = 0;
  Str open = S("{\"type\":\"MultiPolygon\",\"coordinates\":[");
  buf_init(&b, 2 * LAYER_BYTES);
  buf_add(&b, open);
  TRY(db_rows(cx, views, &sql_regions, NO_VALS, &r));
  while (rows_next(r)) {
    Str one = row_s(cx, r, 2); /* geo_polygon_text */
    if (n++) buf_char(&b, ',');
    buf_add(&b, str_sub(one, open.len, one.len - open.len - 2));
    sample |= row_i(r, 1);
  }
  TRY(rows_end(cx, r));
  buf_add(&b, S("]}"));
  TRY(db_int(cx, views, &(const Sql){"map.regions-area", "", "i", "SELECT sum(area) FROM region"}, NO_VALS, 0, &area));
  json_put_int(cx->mem, args, S("area"), area);
  json_put_bool(cx->mem, args, S("sample"), sample != 0);
  json_put_str(cx->mem, args, S("shape"), arena_str(cx->mem, buf_str(&b)));
  return OK;
}

static Code aim_drawn(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  Json *args = json_obj(cx->mem);
  json_put_str(cx->mem, args, S("layer"), REGION_LAYER);
  json_put_str(cx->mem, args, S("basis"), json_str(e->body, S("basis")));
  TRY(regions_gather(cx, views, args));
  out[(*n)++] = (Follow){.stream = S(""), .args = args};
  return OK;
}

static const Reaction reactions[] = {{.event = "region.drawn", .command = "layer.gather", .required = true, .aim = aim_drawn}};

/* ---- the engine ------------------------------------------------------------------------------------------------------ */

static Code layer_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)views;
  *stream = arena_fmt(cx->mem, "layer/%.*s", SFMT(json_str(cmd->args, S("layer"))));
  return OK;
}

static Code layer_facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **facts) {
  Json *out = NULL;
  (void)state;
  TRY(kit_facts(cx, views, cmd, &out));
  *facts = out;
  return OK;
}

const Engine layer_engine_base = {.prefix = "layer",
                                  .fold = layer_fold,
                                  .commands = commands,
                                  .command_count = LAYER_COMMANDS,
                                  .reactions = reactions,
                                  .reaction_count = COUNT(reactions),
                                  .open = layer_open,
                                  .facts = layer_facts,
                                  .schema = schema,
                                  .project = layer_project};
