/* SPDX-License-Identifier: Apache-2.0 */
/* acceptance_views.c: rows of joint acceptances and their parts, what deciding reads, what follows the case, lists. */
#include "finish/finish_int.h"
#include "org/staff.h"

static const char schema[] =
    "CREATE TABLE acceptance(no INTEGER PRIMARY KEY, number TEXT NOT NULL, year INTEGER NOT NULL, year_seq INTEGER NOT NULL,"
    " project INTEGER NOT NULL, project_number TEXT NOT NULL, project_name TEXT NOT NULL, owner TEXT NOT NULL, uscc TEXT NOT NULL,"
    " county TEXT NOT NULL, applicant TEXT NOT NULL, status TEXT NOT NULL, over INTEGER NOT NULL, round INTEGER NOT NULL, day INTEGER NOT NULL,"
    " deadline INTEGER NOT NULL, waiting INTEGER NOT NULL, points INTEGER NOT NULL, opinion_year INTEGER NOT NULL,"
    " opinion_seq INTEGER NOT NULL, at INTEGER NOT NULL) STRICT;"
    "CREATE INDEX acceptance_project ON acceptance(project, no);"
    "CREATE INDEX acceptance_open ON acceptance(over, deadline, no);"
    "CREATE TABLE acceptance_part(acceptance INTEGER NOT NULL, code TEXT NOT NULL, unit TEXT NOT NULL, utility INTEGER NOT NULL,"
    " due INTEGER NOT NULL, result TEXT NOT NULL, PRIMARY KEY(acceptance, code)) WITHOUT ROWID, STRICT;"
    "CREATE INDEX acceptance_part_unit ON acceptance_part(unit, acceptance);";

static const Sql sql_put = {"acceptance.put", "isiiisssssssiiiiiiiii", "",
                            "INSERT INTO acceptance(no, number, year, year_seq, project, project_number, project_name, owner, uscc, county,"
                            " applicant, status, over, round, day, deadline, waiting, points, opinion_year, opinion_seq, at)"
                            " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21)"
                            " ON CONFLICT(no) DO UPDATE SET status = excluded.status, over = excluded.over, round = excluded.round, day = excluded.day,"
                            " deadline = excluded.deadline, waiting = excluded.waiting, points = excluded.points,"
                            " opinion_year = excluded.opinion_year, opinion_seq = excluded.opinion_seq,"
                            " at = excluded.at"};
static const Sql sql_part = {"acceptance.part", "issiis", "",
                             "INSERT INTO acceptance_part(acceptance, code, unit, utility, due, result) VALUES(?1,?2,?3,?4,?5,?6)"
                             " ON CONFLICT(acceptance, code) DO UPDATE SET due = excluded.due, result = excluded.result"};

static Code acceptance_project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Acceptance *a = state;
  int64_t year, seq, opinion_year, opinion_seq, waiting = 0;
  (void)env;
  kit_year_parts(a->number, &year, &seq);
  kit_year_parts(a->opinion_no, &opinion_year, &opinion_seq);
  for (size_t i = 0; i < a->part_count; i++) waiting += a->parts[i].due && !a->parts[i].result.len;
  TRY(db_run(cx, views, &sql_put,
             VALS(val_i(a->no), val_s(a->number), val_i(year), val_i(seq), val_i(a->project), val_s(a->project_number), val_s(a->project_name),
                  val_s(a->owner), val_s(a->uscc), val_s(a->county), val_s(a->applicant), val_s(a->status), val_i(acceptance_over(a)), val_i(a->round),
                  val_i(a->day.n), val_i(a->deadline.n), val_i(waiting), val_i((int64_t)acceptance_open(a, S(""))), val_i(opinion_year),
                  val_i(opinion_seq), val_i(e->happened))));
  bool parts = str_eqz(e->kind, "acceptance.started") || str_eqz(e->kind, "acceptance.reported") || str_eqz(e->kind, "acceptance.rechecked");
  for (size_t i = 0; parts && i < a->part_count; i++) {
    const AcceptPart *p = &a->parts[i];
    TRY(db_run(cx, views, &sql_part,
               VALS(val_i(a->no), val_s(p->code), val_s(p->unit), val_i(p->utility), val_i(p->due), val_s(p->result))));
  }
  return OK;
}

/* ---- what deciding reads ---------------------------------------------------------------------------------- */

static const Sql sql_last = {"acceptance.last", "", "i", "SELECT max(no) FROM acceptance"};
static const Sql sql_year = {"acceptance.year", "i", "i", "SELECT max(year_seq) FROM acceptance WHERE year = ?1"};
static const Sql sql_opinion = {"acceptance.opinion-year", "i", "i", "SELECT max(opinion_seq) FROM acceptance WHERE opinion_year = ?1"};
static const Sql sql_stage = {"acceptance.stage", "i", "sii", "SELECT status, accepted, days FROM stage WHERE project = ?1 AND no = 4"};
static const Sql sql_items = {"acceptance.items", "i", "ssss",
                              "SELECT code, name, unit, status FROM item WHERE project = ?1 AND stage = 4 ORDER BY code"};
static const Sql sql_of_project = {"acceptance.of-project", "i", "is",
                                   "SELECT no, number FROM acceptance WHERE project = ?1 AND over = 0 ORDER BY no DESC LIMIT 1"};

static Code stage_read(Cx *cx, Db *views, int64_t project, Json *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, &sql_stage, VALS(val_i(project)), &r));
  if (!rows_next(r)) return rows_end(cx, r);
  Json *o = json_put_obj(cx->mem, out, S("stage"));
  json_put_str(cx->mem, o, S("status"), row_s(cx, r, 0));
  json_put_int(cx->mem, o, S("accepted"), row_i(r, 1));
  json_put_int(cx->mem, o, S("days"), row_i(r, 2));
  return rows_end(cx, r);
}

static Code items_read(Cx *cx, Db *views, int64_t project, Json *out) {
  static const char *const names[] = {"code", "name", "unit", "status"};
  SCOPED(rows_drop) Rows *r = NULL;
  Json *list = json_put_arr(cx->mem, out, S("items"));
  TRY(db_rows(cx, views, &sql_items, VALS(val_i(project)), &r));
  while (rows_next(r)) {
    Json *o = json_push_obj(cx->mem, list);
    for (size_t i = 0; i < COUNT(names); i++) json_put_str(cx->mem, o, str_of(names[i]), row_s(cx, r, (int)i));
  }
  return rows_end(cx, r);
}

static Code open_read(Cx *cx, Db *views, int64_t project, Json *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, &sql_of_project, VALS(val_i(project)), &r));
  if (rows_next(r)) json_put_str(cx->mem, out, S("open"), row_s(cx, r, 1));
  return rows_end(cx, r);
}

static Code start_facts(Cx *cx, Db *views, const Command *cmd, Json *out) {
  int64_t project = json_int(cmd->args, S("project"), 0), last = 0, seq = 0;
  TRY(db_int(cx, views, &sql_last, NO_VALS, 0, &last));
  TRY(db_int(cx, views, &sql_year, VALS(val_i(kit_year_of(cmd->now))), 0, &seq));
  json_put_int(cx->mem, out, S("no"), last + 1);
  json_put_int(cx->mem, out, S("year_seq"), seq);
  TRY(finish__project(cx, views, project, out));
  TRY(stage_read(cx, views, project, out));
  TRY(items_read(cx, views, project, out));
  return open_read(cx, views, project, out);
}

/* A row of a ledger (room ledger) that the acceptance waits for: "held" {"number","name","text"}. */
static const Sql sql_held = {"acceptance.held", "i", "ss", "SELECT number, name FROM entry WHERE project = ?1 AND hold = 1 ORDER BY no LIMIT 1"};

static Code held_read(Cx *cx, Db *views, int64_t project, Json *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, &sql_held, VALS(val_i(project)), &r));
  if (!rows_next(r)) return rows_end(cx, r);
  Json *o = json_put_obj(cx->mem, out, S("held"));
  json_put_str(cx->mem, o, S("number"), row_s(cx, r, 0));
  json_put_str(cx->mem, o, S("name"), row_s(cx, r, 1));
  return OK;
}

static Code acceptance_facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **facts) {
  const Acceptance *a = state;
  Json *out = NULL;
  int64_t seq = 0;
  TRY(finish__facts(cx, views, cmd, a ? a->project : json_int(cmd->args, S("project"), 0), &out));
  *facts = out;
  if (!a) return start_facts(cx, views, cmd, out);
  if (str_eqz(cmd->name, "acceptance.schedule")) return visit__facts(cx, views, acceptance__units(cx->mem, a), a->no, day_of(cmd->now), out);
  if (str_eqz(cmd->name, "acceptance.report")) return authority_facts(cx, views, cmd, json_str(cmd->args, S("part")), out);
  if (!str_eqz(cmd->name, "acceptance.conclude")) return OK;
  TRY(held_read(cx, views, a->project, out));
  TRY(db_int(cx, views, &sql_opinion, VALS(val_i(kit_year_of(cmd->now))), 0, &seq));
  json_put_int(cx->mem, out, S("opinion_seq"), seq);
  return OK;
}

static Code acceptance_open_stream(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)cmd;
  return kit_open(cx, views, "acceptance", &sql_last, stream);
}

/* ---- what follows the case ---------------------------------------------------------------------------------- */

static Code aim_ended(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  int64_t project = 0, no = 0, stage = json_int(e->body, S("stage"), STAGE_FINISH);
  Str head, text;
  str_cut(e->stream, '/', &head, &text);
  if (stage != STAGE_FINISH || !str_to_i64(text, &project)) return OK;
  TRY(db_int(cx, views, &sql_of_project, VALS(val_i(project)), 0, &no));
  if (!no) return OK;
  Json *args = json_obj(cx->mem);
  json_put_str(cx->mem, args, S("reason"), str_eqz(e->kind, "stage.refused") ? S("第四阶段不予许可，联合验收随之结束。") : S("第四阶段或项目已撤回，联合验收随之结束。"));
  out[(*n)++] = (Follow){.stream = arena_fmt(cx->mem, "acceptance/%lld", (long long)no), .args = args};
  return OK;
}

static const Reaction reactions[] = {{.event = "project.withdrawn", .command = "acceptance.close", .aim = aim_ended},
                                     {.event = "stage.withdrawn", .command = "acceptance.close", .aim = aim_ended},
                                     {.event = "stage.refused", .command = "acceptance.close", .aim = aim_ended}};

const Engine acceptance_engine_base = {.prefix = "acceptance",
                                       .fold = acceptance_fold,
                                       .commands = acceptance__commands,
                                       .command_count = ACCEPTANCE_COMMANDS,
                                       .reactions = reactions,
                                       .reaction_count = COUNT(reactions),
                                       .open = acceptance_open_stream,
                                       .facts = acceptance_facts,
                                       .schema = schema,
                                       .project = acceptance_project};

/* ---- lists ---------------------------------------------------------------------------------------------------- */

#define WHERE                                                                                                                    \
  " FROM acceptance a WHERE (?1 = '' OR EXISTS (SELECT 1 FROM acceptance_part p WHERE p.acceptance = a.no AND p.unit = ?1))"      \
  " AND (?2 = '' OR a.uscc = ?2 OR a.applicant = ?3) AND (?4 = '' OR a.status = ?4) AND (?5 = 0 OR a.project = ?5)"               \
  " AND (?6 = 0 OR a.over = 0)"
static const Sql sql_list = {"acceptance.list", "ssssiiii", "iiiiissssssiiii",
                             "SELECT a.no, a.project, a.at, a.waiting, a.points, a.number, a.project_number, a.project_name, a.owner, a.county,"
                             " a.status, a.round, a.day, a.deadline, (SELECT count(*) FROM acceptance_part p WHERE p.acceptance = a.no"
                             " AND p.unit = ?1 AND p.due = 1 AND p.result = '')" WHERE
                             " ORDER BY a.over, CASE WHEN a.over = 0 THEN a.deadline ELSE 0 END, CASE WHEN a.over = 0 THEN a.no ELSE -a.no END LIMIT ?7 OFFSET ?8"};
static const Sql sql_count = {"acceptance.count", "ssssii", "i", "SELECT count(*)" WHERE};

static AcceptanceRow row_of(Cx *cx, const Rows *r) {
  AcceptanceRow a = {.no = row_i(r, 0), .project = row_i(r, 1), .at = row_i(r, 2), .waiting = row_i(r, 3), .open = row_i(r, 4)};
  Str *const texts[] = {&a.number, &a.project_number, &a.project_name, &a.owner, &a.county, &a.status};
  for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = row_s(cx, r, (int)i + 5);
  a.round = (int)row_i(r, 11);
  a.day.n = (int32_t)row_i(r, 12);
  a.deadline.n = (int32_t)row_i(r, 13);
  a.mine = row_i(r, 14) > 0 && str_eqz(a.status, "scheduled");
  return a;
}

Code acceptances_list(Cx *cx, Reader *rd, const AcceptanceFilter *f, AcceptanceRow **out, size_t *n, int64_t *total) {
  SCOPED(rows_drop) Rows *r = NULL;
  AcceptanceRow *list = arena_array(cx->mem, AcceptanceRow, f->limit + 1);
  *n = 0;
  *out = list;
  TRY(db_int(cx, reader_views(rd), &sql_count,
             VALS(val_s(f->unit), val_s(f->uscc), val_s(f->applicant), val_s(f->status), val_i(f->project), val_i(f->open)), 0, total));
  TRY(db_rows(cx, reader_views(rd), &sql_list,
              VALS(val_s(f->unit), val_s(f->uscc), val_s(f->applicant), val_s(f->status), val_i(f->project), val_i(f->open), val_i((int64_t)f->limit),
                   val_i((int64_t)f->offset)),
              &r));
  while (*n < f->limit && rows_next(r)) list[(*n)++] = row_of(cx, r);
  return rows_end(cx, r);
}

Code acceptance_load(Cx *cx, Reader *rd, int64_t no, const Acceptance **out) {
  const void *state = NULL;
  TRY(kit_state(cx, rd, "acceptance", arena_fmt(cx->mem, "%lld", (long long)no), "次联合验收", &state));
  *out = state;
  return OK;
}

Code acceptance_of_project(Cx *cx, Reader *rd, int64_t project, int64_t *no) {
  static const Sql newest = {"acceptance.newest", "i", "i", "SELECT max(no) FROM acceptance WHERE project = ?1"};
  *no = 0;
  return db_int(cx, reader_views(rd), &newest, VALS(val_i(project)), 0, no);
}

Code acceptance_plan(Cx *cx, Reader *rd, const Policy *p, const Acceptance *a, int64_t now, VisitPlan *out) {
  Json *facts = json_obj(cx->mem);
  TRY(visit__facts(cx, reader_views(rd), acceptance__units(cx->mem, a), a->no, day_of(now), facts));
  *out = visit__plan(cx->mem, p, facts);
  out->avoid = a->avoid;
  out->avoid_count = a->avoid_count;
  out->first = acceptance__first(p, a, now);
  return OK;
}
