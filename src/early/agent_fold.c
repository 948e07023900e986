/* SPDX-License-Identifier: Apache-2.0 */
/* agent_fold.c: an order from its events, its rows, and what it does about events of the case. */
#include "early/early_int.h"

static void fold_ordered(Arena *mem, Order *o, const Event *e) {
  const Json *b = e->body;
  o->no = json_int(b, S("no"), 0);
  o->number = kit_keep(mem, b, "number");
  o->county = kit_keep(mem, b, "county");
  o->name = kit_keep(mem, b, "name");
  o->remark = kit_keep(mem, b, "remark");
  o->owner = kit_keep(mem, b, "owner");
  o->uscc = kit_keep(mem, b, "uscc");
  o->applicant = arena_str(mem, e->actor);
  o->count = catalogue__items(mem, json_get(b, S("items")), &o->items);
  o->project = json_int(b, S("project"), 0);
  o->project_number = kit_keep(mem, b, "project_number");
  o->direct = json_bool(b, S("direct"));
  o->status = S("ordered");
  o->ordered_at = e->happened;
}

static void step_add(Arena *mem, Order *o, const Event *e, Str text) {
  AgentStep *s = GROW(mem, o->steps, o->step_count, o->step_cap, AgentStep);
  *s = (AgentStep){.at = e->happened, .by = arena_str(mem, e->actor_name), .text = text};
}

static void fold_assigned(Arena *mem, Order *o, const Event *e) {
  if (str_eqz(o->status, "ordered")) o->status = S("assigned");
  o->agent = kit_keep(mem, e->body, "agent");
  o->agent_name = kit_keep(mem, e->body, "agent_name");
  o->assigned_at = e->happened;
  Str reason = json_str(e->body, S("reason"));
  step_add(mem, o, e, reason.len ? arena_fmt(mem, "更换代办员为%.*s：%.*s", SFMT(o->agent_name), SFMT(reason))
                                 : arena_fmt(mem, "指派代办员%.*s", SFMT(o->agent_name)));
}

static void fold_rated(Arena *mem, Order *o, const Event *e) {
  if (o->rating_count == RATINGS_MAX) return;
  o->ratings[o->rating_count++] =
      (Rating){.unit = kit_keep(mem, e->body, "unit"), .by = arena_str(mem, e->actor_name), .text = kit_keep(mem, e->body, "text"),
               .score = (int)json_int(e->body, S("score"), 0), .at = e->happened};
}

static void fold_ended(Arena *mem, Order *o, const Event *e) {
  o->status = S("ended");
  o->ended_at = e->happened;
  o->end_reason = kit_keep(mem, e->body, "reason");
}

void *agent_fold(Arena *mem, void *state, const Event *e) {
  Order *o = state ? state : arena_new(mem, Order);
  Str kind = str_starts(e->kind, S("agent.")) ? str_sub(e->kind, 6, SIZE_MAX) : S("");
  o->seq = e->seq;
  if (str_eqz(kind, "ordered")) fold_ordered(mem, o, e);
  if (str_eqz(kind, "assigned") || str_eqz(kind, "reassigned")) fold_assigned(mem, o, e);
  if (str_eqz(kind, "logged")) step_add(mem, o, e, kit_keep(mem, e->body, "text"));
  if (str_eqz(kind, "rated") || str_eqz(kind, "unit-rated")) fold_rated(mem, o, e);
  if (str_eqz(kind, "bound")) {
    o->project = json_int(e->body, S("project"), 0);
    o->project_number = kit_keep(mem, e->body, "number");
  }
  if (str_eqz(kind, "started")) {
    o->status = S("started");
    o->started_at = e->happened;
  }
  if (str_eqz(kind, "ended")) fold_ended(mem, o, e);
  return o;
}

/* ---- projections ---------------------------------------------------------------------------------------- */

const char agent__schema[] =
    "CREATE TABLE agent_order(no INTEGER PRIMARY KEY, number TEXT NOT NULL, year INTEGER NOT NULL, year_seq INTEGER NOT NULL,"
    " county TEXT NOT NULL, name TEXT NOT NULL, owner TEXT NOT NULL, uscc TEXT NOT NULL, applicant TEXT NOT NULL, status TEXT NOT NULL,"
    " agent TEXT NOT NULL, agent_name TEXT NOT NULL, project INTEGER NOT NULL, project_number TEXT NOT NULL, at INTEGER NOT NULL,"
    " ratings INTEGER NOT NULL, direct INTEGER NOT NULL) STRICT;"
    "CREATE INDEX agent_order_agent ON agent_order(agent, status);"
    "CREATE INDEX agent_order_project ON agent_order(project) WHERE project > 0;"
    "CREATE TABLE agent_rating(order_no INTEGER NOT NULL, unit TEXT NOT NULL, agent TEXT NOT NULL, name TEXT NOT NULL, score INTEGER NOT NULL,"
    " month INTEGER NOT NULL, PRIMARY KEY(order_no, unit)) WITHOUT ROWID, STRICT;"
    "CREATE INDEX agent_rating_month ON agent_rating(month);";

static const Sql sql_put = {"order.put", "isiissssssssisiii", "",
                            "INSERT INTO agent_order(no, number, year, year_seq, county, name, owner, uscc, applicant, status, agent,"
                            " agent_name, project, project_number, at, ratings, direct)"
                            " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17) ON CONFLICT(no) DO UPDATE SET"
                            " status = excluded.status, agent = excluded.agent, agent_name = excluded.agent_name,"
                            " project = excluded.project, project_number = excluded.project_number, at = excluded.at,"
                            " ratings = excluded.ratings"};
static const Sql sql_rating = {"order.rating", "isssii", "",
                               "INSERT INTO agent_rating(order_no, unit, agent, name, score, month) VALUES(?1,?2,?3,?4,?5,?6)"};

Code agent__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Order *o = state;
  int64_t year, seq;
  (void)env;
  kit_year_parts(o->number, &year, &seq);
  TRY(db_run(cx, views, &sql_put,
             VALS(val_i(o->no), val_s(o->number), val_i(year), val_i(seq), val_s(o->county), val_s(o->name), val_s(o->owner), val_s(o->uscc),
                  val_s(o->applicant), val_s(o->status), val_s(o->agent), val_s(o->agent_name), val_i(o->project), val_s(o->project_number),
                  val_i(e->happened), val_i((int64_t)o->rating_count), val_i(o->direct))));
  if (!str_eqz(e->kind, "agent.rated") && !str_eqz(e->kind, "agent.unit-rated")) return OK;
  const Json *b = e->body;
  return db_run(cx, views, &sql_rating,
                VALS(val_i(o->no), val_s(json_str(b, S("unit"))), val_s(json_str(b, S("agent"))), val_s(json_str(b, S("agent_name"))),
                     val_i(json_int(b, S("score"), 0)), val_i(month_of(e->happened))));
}

/* ---- what deciding reads ---------------------------------------------------------------------------------- */

static const Sql sql_last = {"order.last", "", "i", "SELECT max(no) FROM agent_order"};
static const Sql sql_year = {"order.year", "i", "i", "SELECT max(year_seq) FROM agent_order WHERE year = ?1"};
static const Sql sql_catalogue = {"order.catalogue", "s", "s", "SELECT issued FROM catalogue WHERE county = ?1 AND issued_no > 0"};
static const Sql sql_project = {"order.project", "i", "ssss",
                                "SELECT number, uscc, status, coalesce((SELECT number FROM agent_order o WHERE o.project = project.no"
                                " AND o.status <> 'ended' ORDER BY o.no LIMIT 1), '') FROM project WHERE no = ?1"};
static const Sql sql_agent = {"order.agent", "s", "sssii",
                              "SELECT name, roles, unit, disabled, (SELECT count(*) FROM training t WHERE t.agent = account.id)"
                              " FROM account WHERE id = ?1"};

static Code catalogue_read(Cx *cx, Db *views, Str county, Json *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  Json *list = NULL;
  TRY(db_rows(cx, views, &sql_catalogue, VALS(val_s(county)), &r));
  if (!rows_next(r)) return rows_end(cx, r);
  TRY(json_parse(cx, row_s(cx, r, 0), &list));
  json_put(cx->mem, out, S("catalogue"), list);
  return OK;
}

static Code project_read(Cx *cx, Db *views, int64_t no, Json *out) {
  static const char *const names[] = {"number", "uscc", "status", "order"};
  SCOPED(rows_drop) Rows *r = NULL;
  if (!no) return OK;
  TRY(db_rows(cx, views, &sql_project, VALS(val_i(no)), &r));
  if (!rows_next(r)) return rows_end(cx, r);
  Json *o = json_put_obj(cx->mem, out, S("project"));
  for (size_t i = 0; i < COUNT(names); i++) json_put_str(cx->mem, o, str_of(names[i]), row_s(cx, r, (int)i));
  return OK;
}

static Code agent_read(Cx *cx, Db *views, Str id, Json *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, &sql_agent, VALS(val_s(id)), &r));
  if (!rows_next(r)) return rows_end(cx, r);
  Json *o = json_put_obj(cx->mem, out, S("agent"));
  json_put_str(cx->mem, o, S("name"), row_s(cx, r, 0));
  json_put_str(cx->mem, o, S("roles"), row_s(cx, r, 1));
  json_put_str(cx->mem, o, S("unit"), row_s(cx, r, 2));
  json_put_int(cx->mem, o, S("disabled"), row_i(r, 3));
  json_put_int(cx->mem, o, S("trained"), row_i(r, 4));
  return OK;
}

static Code order_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)cmd;
  return kit_open(cx, views, "agent", &sql_last, stream);
}

static Code order_facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **facts) {
  Json *out = NULL;
  int64_t last = 0, seq = 0;
  Str agent = json_str(cmd->args, S("agent"));
  TRY(kit_facts(cx, views, cmd, &out));
  TRY(kit_actor(cx, views, cmd, out));
  *facts = out;
  if (agent.len) TRY(agent_read(cx, views, agent, out));
  if (state) return OK;
  TRY(db_int(cx, views, &sql_last, NO_VALS, 0, &last));
  TRY(db_int(cx, views, &sql_year, VALS(val_i(kit_year_of(cmd->now))), 0, &seq));
  json_put_int(cx->mem, out, S("no"), last + 1);
  json_put_int(cx->mem, out, S("year_seq"), seq);
  TRY(catalogue_read(cx, views, json_str(cmd->args, S("county")), out));
  return project_read(cx, views, json_int(cmd->args, S("project"), 0), out);
}

/* ---- reactions ------------------------------------------------------------------------------------------------ */

static const Sql sql_by_number = {"order.by-number", "s", "i", "SELECT no FROM agent_order WHERE number = ?1"};
static const Sql sql_of_project = {"order.of-project", "i", "i", "SELECT no FROM agent_order WHERE project = ?1 AND status <> 'ended' ORDER BY no LIMIT 1"};

static const Sql sql_assigned = {"order.assigned-to", "i", "i", "SELECT no FROM agent_order WHERE project = ?1 AND status = 'assigned' ORDER BY no LIMIT 1"};

static Code aim_order(Cx *cx, Db *views, const Sql *q, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  int64_t project = 0, order = 0;
  Str head, no;
  str_cut(e->stream, '/', &head, &no);
  if (!str_to_i64(no, &project)) return OK;
  TRY(db_int(cx, views, q, VALS(val_i(project)), 0, &order));
  if (order) out[(*n)++] = (Follow){.stream = arena_fmt(cx->mem, "agent/%lld", (long long)order)};
  return OK;
}

static Code aim_registered(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  Str mandate = json_str(e->body, S("mandate"));
  Json *args = json_obj(cx->mem);
  int64_t order = 0;
  if (!mandate.len) return OK;
  TRY(db_int(cx, views, &sql_by_number, VALS(val_s(mandate)), 0, &order));
  json_put_int(cx->mem, args, S("project"), json_int(e->body, S("no"), 0));
  json_put_str(cx->mem, args, S("number"), json_str(e->body, S("number")));
  if (order) out[(*n)++] = (Follow){.stream = arena_fmt(cx->mem, "agent/%lld", (long long)order), .args = args};
  return OK;
}

static Code aim_delivered(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  enum { CONSTRUCTION = 3 };
  return json_int(e->body, S("stage"), 0) == CONSTRUCTION ? aim_order(cx, views, &sql_assigned, e, out, n) : OK;
}

static Code aim_withdrawn(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  return aim_order(cx, views, &sql_of_project, e, out, n);
}

static const Reaction reactions[] = {
    {.event = "project.registered", .command = "agent.bind", .required = true, .aim = aim_registered},
    {.event = "stage.delivered", .command = "agent.start", .aim = aim_delivered},
    {.event = "project.withdrawn", .command = "agent.close", .aim = aim_withdrawn}};

const Engine agent_engine_base = {.prefix = "agent",
                                  .fold = agent_fold,
                                  .commands = agent__commands,
                                  .command_count = AGENT_COMMANDS,
                                  .reactions = reactions,
                                  .reaction_count = COUNT(reactions),
                                  .open = order_open,
                                  .facts = order_facts,
                                  .schema = agent__schema,
                                  .project = agent__project};
