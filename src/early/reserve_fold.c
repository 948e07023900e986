/* SPDX-License-Identifier: Apache-2.0 */
/* reserve_fold.c: a plot from its events, its rows in the views, and what it does about events of the case. */
#include "early/early_int.h"

static void fold_added(Arena *mem, Plot *p, const Event *e) {
  const Json *b = e->body;
  p->no = json_int(b, S("no"), 0);
  p->number = kit_keep(mem, b, "number");
  p->name = kit_keep(mem, b, "name");
  p->county = kit_keep(mem, b, "county");
  p->boundary = kit_keep(mem, b, "boundary");
  p->scale = kit_keep(mem, b, "scale");
  p->basis = kit_keep(mem, b, "basis");
  p->granted = json_bool(b, S("granted"));
  p->status = S("idea");
  p->region = kit_keep(mem, b, "region");
  p->conditions = json_obj(mem);
  if (p->region.len) json_put_str(mem, p->conditions, S("region"), p->region); /* locked in the case like a condition */
  p->added_at = e->happened;
}

static void fold_conditions(Arena *mem, Plot *p, const Event *e) {
  const Json *c = json_get(e->body, S("conditions"));
  for (const Json *v = c ? c->first : NULL; v; v = v->next)
    json_put_str(mem, p->conditions, arena_str(mem, v->key), arena_str(mem, v->str));
  p->conditions_by = arena_str(mem, e->actor_name);
  if (json_get(e->body, S("survey"))) p->survey = kit_keep(mem, e->body, "survey");
  if (json_get(e->body, S("land_review"))) p->land_review = kit_keep(mem, e->body, "land_review");
}

static Opinion *opinion_of(Arena *mem, Plot *p, Str kind, Str unit) {
  for (size_t i = 0; i < p->opinion_count; i++)
    if (str_eq(p->opinions[i].kind, kind) && str_eq(p->opinions[i].unit, unit)) return &p->opinions[i];
  Opinion *o = GROW(mem, p->opinions, p->opinion_count, p->opinion_cap, Opinion);
  *o = (Opinion){.kind = arena_str(mem, kind), .unit = arena_str(mem, unit)};
  return o;
}

static void fold_asked(Arena *mem, Plot *p, const Event *e) {
  const Json *list = json_get(e->body, S("asks"));
  for (const Json *one = list ? list->first : NULL; one; one = one->next) {
    Opinion *o = opinion_of(mem, p, json_str(one, S("kind")), json_str(one, S("unit")));
    *o = (Opinion){.kind = o->kind, .unit = o->unit, .topic = kit_keep(mem, one, "topic"), .asked = e->happened,
                   .days = (int)json_int(e->body, S("days"), 0)};
  }
}

static void fold_given(Arena *mem, Plot *p, const Event *e) {
  Opinion *o = opinion_of(mem, p, json_str(e->body, S("kind")), json_str(e->body, S("unit")));
  o->given = e->happened;
  o->result = kit_keep(mem, e->body, "result");
  o->text = kit_keep(mem, e->body, "opinion");
  o->by = arena_str(mem, e->actor_name);
}

static void fold_changed(Arena *mem, Plot *p, const Event *e) {
  ConditionChange *c = GROW(mem, p->changes, p->change_count, p->change_cap, ConditionChange);
  *c = (ConditionChange){.name = kit_keep(mem, e->body, "name"), .was = kit_keep(mem, e->body, "was"),
                         .now = kit_keep(mem, e->body, "value"), .reason = kit_keep(mem, e->body, "reason"),
                         .doc = kit_keep(mem, e->body, "doc"), .by = arena_str(mem, e->actor_name), .at = e->happened};
  json_put_str(mem, p->conditions, c->name, c->now);
}

static void fold_later(Arena *mem, Plot *p, const Event *e, Str kind) {
  if (str_eqz(kind, "generated")) {
    p->status = S("generated");
    p->generated_at = e->happened;
    p->generated_by = arena_str(mem, e->actor_name);
  }
  if (str_eqz(kind, "published")) {
    p->status = S("published");
    p->published_at = e->happened;
    p->published_by = arena_str(mem, e->actor_name);
  }
  if (str_eqz(kind, "assigned")) {
    p->status = S("assigned");
    p->owner = kit_keep(mem, e->body, "owner");
    p->uscc = kit_keep(mem, e->body, "uscc");
  }
  if (str_eqz(kind, "converted")) {
    p->status = S("converted");
    p->project = json_int(e->body, S("project"), 0);
    p->project_number = kit_keep(mem, e->body, "number");
  }
  if (str_eqz(kind, "released")) {
    p->status = S("assigned");
    p->project = 0;
    p->project_number = S("");
  }
  if (str_eqz(kind, "dropped")) {
    p->status = S("dropped");
    p->ended_at = e->happened;
    p->end_reason = kit_keep(mem, e->body, "reason");
  }
}

static void fold_told(Arena *mem, Plot *p, const Event *e) {
  const Json *told = json_get(e->body, S("told"));
  if (!told) return;
  p->told = json_clone(mem, told);
  p->told_at = e->happened;
}

void *reserve_fold(Arena *mem, void *state, const Event *e) {
  Plot *p = state ? state : arena_new(mem, Plot);
  Str kind = str_starts(e->kind, S("reserve.")) ? str_sub(e->kind, 8, SIZE_MAX) : S("");
  p->seq = e->seq;
  if (str_eqz(kind, "added")) fold_added(mem, p, e);
  if (str_eqz(kind, "conditions-set")) fold_conditions(mem, p, e);
  if (str_eqz(kind, "opinions-asked")) fold_asked(mem, p, e);
  if (str_eqz(kind, "opinion-given")) fold_given(mem, p, e);
  if (str_eqz(kind, "condition-changed")) fold_changed(mem, p, e);
  fold_later(mem, p, e, kind);
  fold_told(mem, p, e);
  return p;
}

/* ---- projections ---------------------------------------------------------------------------------------- */

const char reserve__schema[] =
    "CREATE TABLE plot(no INTEGER PRIMARY KEY, number TEXT NOT NULL, name TEXT NOT NULL, county TEXT NOT NULL, status TEXT NOT NULL,"
    " granted INTEGER NOT NULL, owner TEXT NOT NULL, uscc TEXT NOT NULL, project INTEGER NOT NULL, at INTEGER NOT NULL,"
    " published INTEGER NOT NULL, conditions TEXT NOT NULL, changes INTEGER NOT NULL) STRICT;"
    "CREATE INDEX plot_uscc ON plot(uscc, status);"
    "CREATE TABLE plot_opinion(plot INTEGER NOT NULL, kind TEXT NOT NULL, unit TEXT NOT NULL, topic TEXT NOT NULL, days INTEGER NOT NULL,"
    " asked INTEGER NOT NULL, given INTEGER NOT NULL, result TEXT NOT NULL, PRIMARY KEY(plot, kind, unit)) WITHOUT ROWID, STRICT;"
    "CREATE INDEX plot_opinion_waiting ON plot_opinion(unit, asked) WHERE given = 0;"
    "CREATE TABLE plot_change(plot INTEGER NOT NULL, seq INTEGER NOT NULL, name TEXT NOT NULL, was TEXT NOT NULL, now TEXT NOT NULL,"
    " reason TEXT NOT NULL, doc TEXT NOT NULL, person TEXT NOT NULL, at INTEGER NOT NULL, project INTEGER NOT NULL,"
    " PRIMARY KEY(plot, seq)) WITHOUT ROWID, STRICT;";

static const Sql sql_put = {"plot.put", "issssissiiisi", "",
                            "INSERT INTO plot(no, number, name, county, status, granted, owner, uscc, project, at, published, conditions,"
                            " changes) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13) ON CONFLICT(no) DO UPDATE SET"
                            " status = excluded.status, owner = excluded.owner, uscc = excluded.uscc, project = excluded.project,"
                            " at = excluded.at, published = excluded.published, conditions = excluded.conditions, changes = excluded.changes"};
static const Sql sql_opinion = {"plot.opinion", "isssiiis", "",
                                "INSERT INTO plot_opinion(plot, kind, unit, topic, days, asked, given, result)"
                                " VALUES(?1,?2,?3,?4,?5,?6,?7,?8) ON CONFLICT(plot, kind, unit) DO UPDATE SET topic = excluded.topic,"
                                " days = excluded.days, asked = excluded.asked, given = excluded.given, result = excluded.result"};
static const Sql sql_change = {"plot.change", "iissssssii", "",
                               "INSERT INTO plot_change(plot, seq, name, was, now, reason, doc, person, at, project)"
                               " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)"};

static Code put_change(Cx *cx, Db *views, const Event *e, const Plot *p) {
  const ConditionChange *c = &p->changes[p->change_count - 1];
  return db_run(cx, views, &sql_change,
                VALS(val_i(p->no), val_i(e->seq), val_s(c->name), val_s(c->was), val_s(c->now), val_s(c->reason), val_s(c->doc),
                     val_s(c->by), val_i(e->happened), val_i(p->project)));
}

Code reserve__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Plot *p = state;
  (void)env;
  TRY(db_run(cx, views, &sql_put,
             VALS(val_i(p->no), val_s(p->number), val_s(p->name), val_s(p->county), val_s(p->status), val_i(p->granted), val_s(p->owner),
                  val_s(p->uscc), val_i(p->project), val_i(e->happened), val_i(p->published_at ? day_of(p->published_at).n : 0),
                  val_s(json_text(cx->mem, p->conditions)), val_i((int64_t)p->change_count))));
  if (str_eq(e->kind, S("reserve.condition-changed"))) return put_change(cx, views, e, p);
  if (!str_starts(e->kind, S("reserve.opinion"))) return OK;
  for (size_t i = 0; i < p->opinion_count; i++) {
    const Opinion *o = &p->opinions[i];
    TRY(db_run(cx, views, &sql_opinion,
               VALS(val_i(p->no), val_s(o->kind), val_s(o->unit), val_s(o->topic), val_i(o->days), val_i(day_of(o->asked).n),
                    val_i(o->given ? day_of(o->given).n : 0), val_s(o->result))));
  }
  return OK;
}

/* ---- the engine ------------------------------------------------------------------------------------------- */

static const Sql sql_last = {"plot.last", "", "i", "SELECT max(no) FROM plot"};
static const Sql sql_of_project = {"plot.of-project", "i", "i", "SELECT no FROM plot WHERE project = ?1 AND status = 'converted'"};

static Code plot_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)cmd;
  return kit_open(cx, views, "reserve", &sql_last, stream);
}

static Code plot_facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **facts) {
  Json *out = NULL;
  int64_t last = 0;
  TRY(kit_facts(cx, views, cmd, &out));
  if (!state) TRY(db_int(cx, views, &sql_last, NO_VALS, 0, &last));
  if (!state) json_put_int(cx->mem, out, S("no"), last + 1);
  Str region = state ? ((const Plot *)state)->region : json_str(cmd->args, S("region"));
  if (region.len) TRY(region__told(cx, views, region, day_of(cmd->now), out));
  *facts = out;
  return OK;
}

static Code aim_registered(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  int64_t plot = json_int(e->body, S("reserve"), 0);
  Json *args = json_obj(cx->mem);
  (void)views;
  if (!plot) return OK;
  json_put_int(cx->mem, args, S("project"), json_int(e->body, S("no"), 0));
  json_put_str(cx->mem, args, S("number"), json_str(e->body, S("number")));
  out[(*n)++] = (Follow){.stream = arena_fmt(cx->mem, "reserve/%lld", (long long)plot), .args = args};
  return OK;
}

static Code aim_withdrawn(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  int64_t project = 0, plot = 0;
  Str head, no;
  str_cut(e->stream, '/', &head, &no);
  if (!str_to_i64(no, &project)) return OK;
  TRY(db_int(cx, views, &sql_of_project, VALS(val_i(project)), 0, &plot));
  if (plot) out[(*n)++] = (Follow){.stream = arena_fmt(cx->mem, "reserve/%lld", (long long)plot)};
  return OK;
}

static const Reaction reactions[] = {
    {.event = "project.registered", .command = "reserve.convert", .required = true, .aim = aim_registered},
    {.event = "project.withdrawn", .command = "reserve.release", .aim = aim_withdrawn}};

const Engine reserve_engine_base = {.prefix = "reserve",
                                    .fold = reserve_fold,
                                    .commands = reserve__commands,
                                    .command_count = RESERVE_COMMANDS,
                                    .reactions = reactions,
                                    .reaction_count = COUNT(reactions),
                                    .open = plot_open,
                                    .facts = plot_facts,
                                    .schema = reserve__schema,
                                    .project = reserve__project};
