/* SPDX-License-Identifier: Apache-2.0 */
/* personal_views.c: what deciding about personal data reads beyond its stream, and the tables of requests and looks. */
#include "approval/approval_int.h"
#include "approval/personal.h"

enum { LOOK_WINDOW_MS = 3600 * 1000 };

const char personal_tables[] =
    "CREATE TABLE erasure(record TEXT NOT NULL, no INTEGER NOT NULL, status TEXT NOT NULL, ground TEXT NOT NULL,"
    " ground_name TEXT NOT NULL, basis TEXT NOT NULL, reason TEXT NOT NULL, by_id TEXT NOT NULL, by_name TEXT NOT NULL,"
    " at INTEGER NOT NULL, end_by TEXT NOT NULL, end_reason TEXT NOT NULL, ended INTEGER NOT NULL, erased INTEGER NOT NULL,"
    " PRIMARY KEY(record, no)) WITHOUT ROWID, STRICT;"
    "CREATE INDEX erasure_at ON erasure(status, at);"
    "CREATE TABLE look(pos INTEGER PRIMARY KEY, record TEXT NOT NULL, ref TEXT NOT NULL, name TEXT NOT NULL, purpose TEXT NOT NULL,"
    " note TEXT NOT NULL, actor TEXT NOT NULL, actor_name TEXT NOT NULL, unit TEXT NOT NULL, at INTEGER NOT NULL) STRICT;"
    "CREATE INDEX look_actor ON look(actor, at);"
    "CREATE INDEX look_record ON look(record, pos);";

/* ---- folding --------------------------------------------------------------------------------------- */

static void fold_requested(Arena *mem, Book *b, const Event *e) {
  Proposal *p = book__add(mem, b, e);
  p->package = arena_str(mem, json_str(e->body, S("ground")));
  p->notice = arena_str(mem, json_str(e->body, S("ground_name")));
}

void *personal_fold(Arena *mem, void *state, const Event *e) {
  Book *b = state ? state : arena_new(mem, Book);
  b->seq = e->seq;
  if (str_eq(e->kind, S("personal.requested"))) fold_requested(mem, b, e);
  if (str_eq(e->kind, S("personal.erased")) && json_get(e->body, S("no"))) book__end(mem, b, e, PROPOSAL_CONFIRMED);
  if (str_eq(e->kind, S("personal.rejected"))) book__end(mem, b, e, PROPOSAL_REJECTED);
  return b;
}

/* ---- facts ------------------------------------------------------------------------------------------ */

static const Sql sql_project = {"personal.project", "i", "ssiii",
                                "SELECT applicant, uscc, CASE WHEN status = 'running' THEN 1 ELSE 0 END, updated,"
                                " (SELECT count(*) FROM item WHERE item.project = project.no AND item.open = 1)"
                                " FROM project WHERE no = ?1"};
static const Sql sql_account = {"personal.account", "s", "sii",
                                "SELECT id, disabled, (SELECT count(*) FROM project WHERE applicant = account.id AND status = 'running')"
                                " FROM account WHERE id = ?1"};
static const Sql sql_last = {"personal.last", "s", "i", "SELECT max(updated) FROM project WHERE applicant = ?1"};
static const Sql sql_uscc = {"personal.uscc", "s", "s", "SELECT org_uscc FROM account WHERE id = ?1"};
static const Sql sql_unit = {"personal.unit", "is", "i", "SELECT count(*) FROM item WHERE project = ?1 AND unit = ?2"};
static const Sql sql_looks = {"personal.looks", "si", "i", "SELECT count(*) FROM look WHERE actor = ?1 AND at > ?2"};

static const Sql sql_supplies = {"personal.supplies", "is", "i",
                                 "SELECT count(*) FROM utility_part t JOIN utility u ON u.no = t.utility"
                                 " WHERE u.project = ?1 AND t.unit = ?2 AND u.closed = 0 AND t.connected = 0"};

Code personal_supplies(Cx *cx, Db *views, int64_t project, Str unit, bool *out) {
  int64_t n = 0;
  if (unit.len) TRY(db_int(cx, views, &sql_supplies, VALS(val_i(project), val_s(unit)), 0, &n));
  *out = n > 0;
  return OK;
}

bool personal_contact(Str name) {
  return str_eqz(name, "phone") || str_eqz(name, "contact_name") || str_eqz(name, "contact_phone");
}

static Code about_project(Cx *cx, Db *views, int64_t no, Json *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, &sql_project, VALS(val_i(no)), &r));
  if (!rows_next(r)) return rows_end(cx, r);
  json_put_bool(cx->mem, out, S("exists"), true);
  json_put_str(cx->mem, out, S("owner"), row_s(cx, r, 0));
  json_put_str(cx->mem, out, S("uscc"), row_s(cx, r, 1));
  json_put_int(cx->mem, out, S("running"), row_i(r, 2));
  json_put_int(cx->mem, out, S("last"), row_i(r, 3));
  json_put_int(cx->mem, out, S("open"), row_i(r, 4));
  return OK;
}

static Code about_account(Cx *cx, Db *views, Str id, Json *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  int64_t last = 0;
  json_put_bool(cx->mem, out, S("user"), true);
  TRY(db_rows(cx, views, &sql_account, VALS(val_s(id)), &r));
  if (!rows_next(r)) return rows_end(cx, r);
  json_put_bool(cx->mem, out, S("exists"), true);
  json_put_str(cx->mem, out, S("owner"), row_s(cx, r, 0));
  json_put_bool(cx->mem, out, S("disabled"), row_i(r, 1) != 0);
  json_put_int(cx->mem, out, S("running"), row_i(r, 2));
  TRY(db_int(cx, views, &sql_last, VALS(val_s(id)), 0, &last));
  json_put_int(cx->mem, out, S("last"), last);
  return OK;
}

/* What may go: everything that is there, but the password by which an account in use is still entered. */
static Code refs_of(Cx *cx, Db *views, Str record, Json *out) {
  PersonalRef *list = NULL;
  size_t n = 0, keep = SIZE_MAX;
  Json *refs = json_put_arr(cx->mem, out, S("refs"));
  TRY(personal_of(cx, views, record, &list, &n));
  for (size_t i = 0; i < n; i++)
    if (!json_bool(out, S("disabled")) && str_eq(list[i].name, S("password_ref"))) keep = i;
  for (size_t i = 0; i < n; i++) {
    if (list[i].erased || i == keep) continue;
    if (json_bool(out, S("user")) && list[i].since > json_int(out, S("last"), 0)) json_put_int(cx->mem, out, S("last"), list[i].since);
    Json *o = json_push_obj(cx->mem, refs);
    json_put_str(cx->mem, o, S("name"), list[i].name);
    json_put_str(cx->mem, o, S("ref"), list[i].ref);
  }
  return OK;
}

Code personal__about(Cx *cx, Db *views, Str record, const Json **facts) {
  Json *out = json_obj(cx->mem);
  Str head, name;
  int64_t no;
  *facts = out;
  json_put_str(cx->mem, out, S("record"), record);
  if (!str_cut(record, '/', &head, &name)) return OK;
  if (str_eq(head, S("user"))) TRY(about_account(cx, views, name, out));
  else if (str_eq(head, S("project")) && str_to_i64(name, &no)) TRY(about_project(cx, views, no, out));
  return refs_of(cx, views, record, out);
}

static Code about_actor(Cx *cx, Db *views, const Command *cmd, Str record, Json *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  int64_t no, n = 0;
  TRY(db_rows(cx, views, &sql_uscc, VALS(val_s(cmd->actor.id)), &r));
  json_put_str(cx->mem, out, S("actor_uscc"), rows_next(r) ? row_s(cx, r, 0) : S(""));
  TRY(rows_end(cx, r));
  TRY(db_int(cx, views, &sql_looks, VALS(val_s(cmd->actor.id), val_i(cmd->now - LOOK_WINDOW_MS)), 0, &n));
  json_put_int(cx->mem, out, S("looks"), n);
  if (!str_starts(record, S("project/")) || !str_to_i64(str_sub(record, 8, SIZE_MAX), &no)) return OK;
  TRY(db_int(cx, views, &sql_unit, VALS(val_i(no), val_s(cmd->actor.unit)), 0, &n));
  json_put_int(cx->mem, out, S("unit_items"), n);
  bool supplies = false;
  if (!n && str_eqz(cmd->name, "personal.look")) TRY(personal_supplies(cx, views, no, cmd->actor.unit, &supplies));
  json_put_bool(cx->mem, out, S("supplies"), supplies);
  return OK;
}

Code personal__facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **facts) {
  Str record = json_str(cmd->args, S("record"));
  (void)state;
  if (!record.len) record = personal_record(cx->mem, cmd->stream);
  TRY(personal__about(cx, views, record, facts));
  return about_actor(cx, views, cmd, record, (Json *)(uintptr_t)*facts);
}

/* ---- projecting -------------------------------------------------------------------------------------- */

static const Sql sql_request = {"erasure.request", "sissssssi", "",
                                "INSERT INTO erasure(record, no, status, ground, ground_name, basis, reason, by_id, by_name, at,"
                                " end_by, end_reason, ended, erased) VALUES(?1, ?2, 'waiting', ?3, ?4, ?5, ?6, ?7, ?8, ?9, '', '', 0, 0)"};
static const Sql sql_end = {"erasure.end", "sisssii", "",
                            "UPDATE erasure SET status = ?3, end_by = ?4, end_reason = ?5, ended = ?6, erased = ?7"
                            " WHERE record = ?1 AND no = ?2"};
static const Sql sql_again = {"erasure.again", "sisii", "",
                              "INSERT INTO erasure(record, no, status, ground, ground_name, basis, reason, by_id, by_name, at, end_by,"
                              " end_reason, ended, erased) VALUES(?1, ?2, 'again', '', '', '', '', '', ?3, ?4, ?3, '', ?4, ?5)"};
static const Sql sql_look = {"look.put", "issssssssi", "",
                             "INSERT INTO look(pos, record, ref, name, purpose, note, actor, actor_name, unit, at)"
                             " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"};

static Code project_erased(Cx *cx, Db *views, const Event *e, Str record) {
  const Json *b = e->body, *list = json_get(b, S("erased"));
  int64_t n = list ? list->count : 0;
  if (json_get(b, S("no")))
    return db_run(cx, views, &sql_end, VALS(val_s(record), val_i(json_int(b, S("no"), 0)), val_s(S("confirmed")), val_s(e->actor_name),
                                            val_s(S("")), val_i(e->happened), val_i(n)));
  return db_run(cx, views, &sql_again, VALS(val_s(record), val_i(-e->seq), val_s(e->actor_name), val_i(e->happened), val_i(n)));
}

Code personal__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Json *b = e->body;
  Str record = personal_record(cx->mem, e->stream);
  (void)state, (void)env;
  if (str_eq(e->kind, S("personal.requested")))
    return db_run(cx, views, &sql_request,
                  VALS(val_s(record), val_i(json_int(b, S("no"), 0)), val_s(json_str(b, S("ground"))), val_s(json_str(b, S("ground_name"))),
                       val_s(json_str(b, S("basis"))), val_s(json_str(b, S("reason"))), val_s(e->actor), val_s(e->actor_name),
                       val_i(e->happened)));
  if (str_eq(e->kind, S("personal.rejected")))
    return db_run(cx, views, &sql_end, VALS(val_s(record), val_i(json_int(b, S("no"), 0)), val_s(S("rejected")), val_s(e->actor_name),
                                            val_s(json_str(b, S("reason"))), val_i(e->happened), val_i(0)));
  if (str_eq(e->kind, S("personal.looked")))
    return db_run(cx, views, &sql_look,
                  VALS(val_i(e->pos), val_s(record), val_s(json_str(b, S("ref"))), val_s(json_str(b, S("name"))),
                       val_s(json_str(b, S("purpose_name"))), val_s(json_str(b, S("note"))), val_s(e->actor), val_s(e->actor_name),
                       val_s(e->unit), val_i(e->happened)));
  return str_eq(e->kind, S("personal.erased")) ? project_erased(cx, views, e, record) : OK;
}
