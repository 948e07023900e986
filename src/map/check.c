/* SPDX-License-Identifier: Apache-2.0 */
/* check.c: the check of a project, frozen with its number. */
#include "map/map_int.h"

static const Arg make_args[] = {
    {.name = "project", .label = "项目", .type = ARG_INT, .required = true, .min = 1, .max = INT32_MAX},
    {.name = "shape", .label = "用地、用海范围", .type = ARG_LONG, .required = true, .max = PLOT_BYTES, .hint = "GeoJSON 的面，或者界址点坐标，一行一点；CGCS2000"},
    {.name = "reclaim", .label = "新增围填海", .type = ARG_BOOL, .required = true, .hint = "没有就写 false"},
    {.name = "national", .label = "国家重大战略项目", .type = ARG_BOOL, .hint = "党中央、国务院、中央军委确定的"},
    {.name = "industry", .label = "产业政策", .type = ARG_CHOICE, .required = true, .choices = "encouraged|allowed|restricted|eliminated"}};

/* ---- deciding ------------------------------------------------------------------------------------------------------- */

static Code may_check(Cx *cx, const Ask *ask, const Json *pr) {
  if (!pr) FAIL_AT(NOT_FOUND, S("project"), S(""), "没有这个项目。");
  if (!(ask->cmd->actor.roles & ROLE_STAFF)) TRY(kit_party(cx, ask, json_str(pr, S("applicant")), json_str(pr, S("uscc"))));
  if (!str_eqz(json_str(pr, S("status")), "running")) FAIL_AT(CONFLICT, S("project"), S(""), "项目已经办结或者终止，不再做蓝图检查。");
  return OK;
}

/* What is said of several rows is said once: whole parts are compared, for D60-2.4 stands within D60-2.4.3. */
static Str joined(Arena *m, Str all, const char *between, Str one) {
  Str edge = str_of(between);
  if (!one.len || str_eq(all, one)) return all;
  if (edge.len && str_has(arena_fmt(m, "%s%.*s%s", between, SFMT(all), between), arena_fmt(m, "%s%.*s%s", between, SFMT(one), between))) return all;
  if (!edge.len && str_has(all, one)) return all;
  return all.len ? arena_fmt(m, "%.*s%s%.*s", SFMT(all), between, SFMT(one)) : one;
}

/* All rows that block, as a reason for the window: the notice can be given only once (D60-4.14-p1), so none may be left out. The case takes
 * TOLD_MAX characters of it; of a plot that has more, the rest is counted, and the check has them all. */
static void reason_put(Arena *m, Json *body, const Json *report) {
  enum { TOLD_MAX = 800 };
  Str reason = S(""), article = S(""), way = S("");
  int more = 0;
  for (const Json *r = json_get(report, S("rows"))->first; r; r = r->next) {
    Str area = json_str(r, S("area")), name = json_str(r, S("name")), effect = json_str(r, S("effect"));
    if (!json_bool(r, S("block"))) continue;
    Str one = area.len ? arena_fmt(m, "与%.*s重叠 %.*s 公顷。%.*s", SFMT(name), SFMT(area), SFMT(effect)) : arena_fmt(m, "属于%.*s。%.*s", SFMT(name), SFMT(effect));
    Str longer = joined(m, way, "", json_str(r, S("way")));
    if (reason.len && (utf8_count(reason) + utf8_count(one) > TOLD_MAX || utf8_count(longer) > TOLD_MAX)) {
      more++;
      continue;
    }
    reason = joined(m, reason, "", one);
    article = joined(m, article, "、", json_str(r, S("clause")));
    way = longer;
  }
  if (!reason.len) return;
  json_put_str(m, body, S("reason"), more ? arena_fmt(m, "%.*s另有 %d 项，见检查结果。", SFMT(reason), more) : reason);
  json_put_str(m, body, S("article"), article);
  json_put_str(m, body, S("way"), way);
}

static Code decide_make(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const copied[] = {"number", "name", "owner", "uscc", "applicant"}, *const as[] = {"project_number", "project_name", "owner", "uscc", "applicant"};
  static const char *const counts[] = {"conflicts", "blocks", "warnings"}, *const declare[] = {"reclaim", "national"};
  const Policy *p = kit_policy(ask);
  const Json *args = ask->cmd->args, *pr = json_get(ask->facts, S("project"));
  Arena *m = decision_mem(d);
  GeoLimits limits = blueprint_limits(p);
  Json *report = NULL, *body = json_obj(m), *declared = json_put_obj(m, body, S("declared"));
  Geo *plot = NULL;
  TRY(kit_now(cx, ask));
  if (!p->blueprint.layer_count) FAIL(INVALID, "政策包没有写明一张蓝图（blueprint.yaml），不能检查。");
  TRY(may_check(cx, ask, pr));
  TRY(geo_read(cx, json_str(args, S("shape")), S("shape"), &limits, &plot));
  for (size_t i = 0; i < COUNT(declare); i++) json_put_bool(m, declared, str_of(declare[i]), json_bool(args, str_of(declare[i])));
  json_put_str(m, declared, S("industry"), json_str(args, S("industry")));
  TRY(blueprint_check(cx, p, json_get(ask->facts, S("near")), declared, plot, &report));
  Str number = kit_year(m, "LT", ask->now, json_int(ask->facts, S("year_seq"), 0) + 1);
  json_put_int(m, body, S("no"), json_int(ask->facts, S("no"), 0));
  json_put_str(m, body, S("number"), number);
  json_put_int(m, body, S("project"), json_int(args, S("project"), 0));
  for (size_t i = 0; i < COUNT(copied); i++) json_put_str(m, body, str_of(as[i]), json_str(pr, str_of(copied[i])));
  json_put_str(m, body, S("policy"), p->version);
  json_put_str(m, body, S("shape"), geo_text(m, plot));
  json_put(m, body, S("report"), json_clone(m, report));
  json_put_str(m, body, S("digest"), blueprint_digest(m, report));
  for (size_t i = 0; i < COUNT(counts); i++) json_put_int(m, body, str_of(counts[i]), json_int(report, str_of(counts[i]), 0));
  reason_put(m, body, report);
  decision_emit(d, "mapcheck.made", 1, body);
  kit_answer(d, "number", number, json_int(ask->facts, S("no"), 0));
  return OK;
}

enum { CHECK_COMMANDS = 1 };
static const CommandDecl commands[CHECK_COMMANDS] = {
    {.name = "mapcheck.make", .label = "蓝图检查", .help = "项目的用地、用海范围与一张蓝图逐层比对，结果编号存档；不能受理的，记入案卷。",
     .allow = ROLE_APPLICANT | ROLE_AGENT | ROLE_CLERK | ROLE_WINDOW_HEAD | ROLE_APPROVER | ROLE_UNIT_HEAD, .creates = true, .decide = decide_make, WITH(make_args)}};

/* ---- folding ---------------------------------------------------------------------------------------------------------- */

void *mapcheck_fold(Arena *mem, void *state, const Event *e) {
  MapCheck *c = state ? state : arena_new(mem, MapCheck);
  const Json *b = e->body, *none = NULL;
  c->seq = e->seq;
  if (!str_eqz(e->kind, "mapcheck.made")) return c;
  none = json_obj(mem);
  *c = (MapCheck){.no = json_int(b, S("no"), 0), .project = json_int(b, S("project"), 0), .number = kit_keep(mem, b, "number"),
                  .project_number = kit_keep(mem, b, "project_number"), .project_name = kit_keep(mem, b, "project_name"), .owner = kit_keep(mem, b, "owner"),
                  .uscc = kit_keep(mem, b, "uscc"), .applicant = kit_keep(mem, b, "applicant"), .policy = kit_keep(mem, b, "policy"), .shape = kit_keep(mem, b, "shape"),
                  .digest = kit_keep(mem, b, "digest"), .conflicts = json_int(b, S("conflicts"), 0), .blocks = json_int(b, S("blocks"), 0),
                  .warnings = json_int(b, S("warnings"), 0), .at = e->happened, .by = arena_str(mem, e->actor), .by_name = arena_str(mem, e->actor_name), .seq = e->seq,
                  .declared = none, .report = none};
  if (json_get(b, S("declared"))) c->declared = json_clone(mem, json_get(b, S("declared")));
  if (json_get(b, S("report"))) c->report = json_clone(mem, json_get(b, S("report")));
  return c;
}

/* ---- projections -------------------------------------------------------------------------------------------------------- */

static const char schema[] =
    "CREATE TABLE map_check(no INTEGER PRIMARY KEY, number TEXT NOT NULL, year INTEGER NOT NULL, year_seq INTEGER NOT NULL, project INTEGER NOT NULL,"
    " project_number TEXT NOT NULL, project_name TEXT NOT NULL, uscc TEXT NOT NULL, conflicts INTEGER NOT NULL, blocks INTEGER NOT NULL,"
    " warnings INTEGER NOT NULL, by_name TEXT NOT NULL, at INTEGER NOT NULL) STRICT;"
    "CREATE TABLE map_plot(project INTEGER PRIMARY KEY, no INTEGER NOT NULL, number TEXT NOT NULL, shape TEXT NOT NULL) STRICT;"
    "CREATE INDEX map_check_project ON map_check(project, no);"
    "CREATE INDEX map_check_year ON map_check(year, year_seq);";

static const Sql sql_put = {"map.check", "isiiisssiiisi", "",
                            "INSERT INTO map_check(no, number, year, year_seq, project, project_number, project_name, uscc, conflicts, blocks, warnings, by_name, at)"
                            " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13) ON CONFLICT(no) DO NOTHING"};

/* The plot of a project is that of its newest check; the room approval reads it (region.c there). */
static const Sql sql_plot = {"map.plot", "iiss", "",
                             "INSERT INTO map_plot(project, no, number, shape) VALUES(?1,?2,?3,?4)"
                             " ON CONFLICT(project) DO UPDATE SET no = excluded.no, number = excluded.number, shape = excluded.shape"};

static Code check_project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const MapCheck *c = state;
  int64_t year, seq;
  (void)env, (void)e;
  kit_year_parts(c->number, &year, &seq);
  TRY(db_run(cx, views, &sql_plot, VALS(val_i(c->project), val_i(c->no), val_s(c->number), val_s(c->shape))));
  return db_run(cx, views, &sql_put,
                VALS(val_i(c->no), val_s(c->number), val_i(year), val_i(seq), val_i(c->project), val_s(c->project_number), val_s(c->project_name), val_s(c->uscc),
                     val_i(c->conflicts), val_i(c->blocks), val_i(c->warnings), val_s(c->by_name), val_i(c->at)));
}

/* ---- the engine ------------------------------------------------------------------------------------------------------------ */

static const Sql sql_last = {"map.check-last", "", "i", "SELECT max(no) FROM map_check"};
static const Sql sql_year = {"map.check-year", "i", "i", "SELECT max(year_seq) FROM map_check WHERE year = ?1"};
static const Sql sql_project = {"map.project", "i", "ssssss", "SELECT number, name, uscc, owner, applicant, status FROM project WHERE no = ?1"};

static Code project_read(Cx *cx, Db *views, int64_t no, Json *out) {
  static const char *const names[] = {"number", "name", "uscc", "owner", "applicant", "status"};
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, &sql_project, VALS(val_i(no)), &r));
  if (!rows_next(r)) return rows_end(cx, r);
  Json *o = json_put_obj(cx->mem, out, S("project"));
  for (size_t i = 0; i < COUNT(names); i++) json_put_str(cx->mem, o, str_of(names[i]), row_s(cx, r, (int)i));
  return OK;
}

/* A plot that cannot be read is refused by decide, with the place. */
static Code near_read(Cx *cx, Db *views, const Command *cmd, const Policy *p, Json *out) {
  Cx own = {.mem = cx->mem, .now = cx->now};
  GeoLimits limits = blueprint_limits(p);
  Geo *plot = NULL;
  Json *near = NULL;
  if (geo_read(&own, json_str(cmd->args, S("shape")), S(""), &limits, &plot) != OK) return OK;
  TRY(map_near(cx, views, p, plot->box, NULL, &near));
  json_put(cx->mem, out, S("near"), near);
  return OK;
}

static Code check_look(Cx *cx, Db *views, const Command *cmd, const void *state, const void *env, const Json **facts) {
  Json *out = NULL;
  int64_t last = 0, seq = 0;
  (void)state;
  TRY(kit_facts(cx, views, cmd, &out));
  TRY(kit_actor(cx, views, cmd, out));
  TRY(kit_mandate(cx, views, cmd, json_int(cmd->args, S("project"), 0), out));
  TRY(project_read(cx, views, json_int(cmd->args, S("project"), 0), out));
  TRY(db_int(cx, views, &sql_last, NO_VALS, 0, &last));
  TRY(db_int(cx, views, &sql_year, VALS(val_i(kit_year_of(cmd->now))), 0, &seq));
  json_put_int(cx->mem, out, S("no"), last + 1);
  json_put_int(cx->mem, out, S("year_seq"), seq);
  *facts = out;
  const Ask ask = {.cmd = cmd, .facts = out, .env = env};
  return near_read(cx, views, cmd, kit_policy(&ask), out);
}

static Code check_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)cmd;
  return kit_open(cx, views, "mapcheck", &sql_last, stream);
}

const Engine mapcheck_engine_base = {.prefix = "mapcheck",
                                     .fold = mapcheck_fold,
                                     .commands = commands,
                                     .command_count = CHECK_COMMANDS,
                                     .open = check_open,
                                     .look = check_look,
                                     .schema = schema,
                                     .project = check_project};
