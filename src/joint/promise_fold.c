/* SPDX-License-Identifier: Apache-2.0 */
/* promise_fold.c: a promise from its events, its row, the clock of its check, what it follows. */
#include "joint/joint_int.h"

bool promise_halted(const Promise *p) {
  return p->halt_count && !p->halts[p->halt_count - 1].to;
}

Str promise_kind_label(Str kind) {
  if (str_eqz(kind, "drawing")) return S("施工图设计文件承诺书");
  return str_eqz(kind, "architect") ? S("建筑师负责制承诺") : S("事项告知承诺");
}

/* ---- folding ------------------------------------------------------------------------------------------------- */

static Day day_in(const Json *body, const char *key) {
  Day d = {0};
  return day_parse(json_str(body, str_of(key)), &d) ? d : (Day){0};
}

static void fold_signed(Arena *mem, Promise *x, const Event *e) {
  static const char *const names[] = {"number", "kind", "project_number", "name", "owner", "uscc", "of_item", "item_name", "unit", "architect"};
  Str *const texts[] = {&x->number, &x->kind, &x->project_number, &x->name, &x->owner, &x->uscc, &x->item, &x->item_name, &x->unit, &x->architect};
  const Json *b = e->body;
  for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = kit_keep(mem, b, names[i]);
  x->no = json_int(b, S("no"), 0);
  x->project = json_int(b, S("project"), 0);
  x->stage = (int)json_int(b, S("of_stage"), 0);
  x->review = json_int(b, S("review"), 0);
  x->status = S("signed");
  x->signed_at = e->happened;
  x->signed_by = x->review ? kit_keep(mem, b, "by") : arena_str(mem, e->actor_name);
  x->applicant = x->review ? kit_keep(mem, b, "applicant") : arena_str(mem, e->actor);
}

static void fold_check(Arena *mem, Promise *x, const Event *e, Str kind) {
  PromiseCheck *c = GROW(mem, x->checks, x->check_count, x->check_cap, PromiseCheck);
  *c = (PromiseCheck){.result = kit_keep(mem, e->body, "result"), .findings = kit_keep(mem, e->body, "findings"), .by = arena_str(mem, e->actor_name), .at = e->happened};
  if (str_eqz(kind, "checked")) {
    x->check_due = day_in(e->body, "check_due");
    x->check_from = day_of(e->happened);
    return;
  }
  x->status = str_eqz(kind, "kept") ? S("kept") : S("broken");
  x->decision = kit_keep(mem, e->body, "decision");
  x->ended_at = e->happened;
}

void *promise_fold(Arena *mem, void *state, const Event *e) {
  Promise *x = state ? state : arena_new(mem, Promise);
  Str kind = str_starts(e->kind, S("promise.")) ? str_sub(e->kind, 8, SIZE_MAX) : S("");
  x->seq = e->seq;
  if (str_eqz(kind, "signed")) fold_signed(mem, x, e);
  if (str_eqz(kind, "accepted")) {
    x->status = S("accepted");
    x->accepted_at = e->happened;
    x->check_due = day_in(e->body, "check_due");
    x->check_from = day_of(x->signed_at);
    x->review_due = day_in(e->body, "review_due");
  }
  if (str_eqz(kind, "checked") || str_eqz(kind, "kept") || str_eqz(kind, "broken")) fold_check(mem, x, e, kind);
  if (str_eqz(kind, "reviewed")) x->reviewed_at = e->happened;
  if (str_eqz(kind, "halted")) {
    Halt *h = GROW(mem, x->halts, x->halt_count, x->halt_cap, Halt);
    *h = (Halt){.from = e->happened, .reason = kit_keep(mem, e->body, "reason")};
  }
  if (str_eqz(kind, "resumed") && x->halt_count) x->halts[x->halt_count - 1].to = e->happened;
  if (str_eqz(kind, "closed")) {
    x->status = S("closed");
    x->end_reason = kit_keep(mem, e->body, "reason");
    x->ended_at = e->happened;
  }
  return x;
}

/* ---- the clock: months, told in the working days that they hold ------------------------------------------------- */

static Reading reading_of(const Policy *p, Day from, Day due, Day ended, int64_t now) {
  if (!due.n) return (Reading){.lamp = LAMP_NONE};
  ItemClock k = {.start = from, .limit = calendar_count(p->calendar, from, due)};
  if (ended.n) {
    k.end_kind = END_DONE;
    k.end = ended;
  }
  return clock_item(p->calendar, &k, day_of(now), p->lamp);
}

Reading promise_reading(const Policy *p, const Promise *x, int64_t now) {
  return reading_of(p, x->check_from, x->check_due, x->ended_at ? day_of(x->ended_at) : (Day){0}, now);
}

/* ---- projection ---------------------------------------------------------------------------------------------------- */

const char promise__schema[] =
    "CREATE TABLE promise(no INTEGER PRIMARY KEY, number TEXT NOT NULL, kind TEXT NOT NULL, status TEXT NOT NULL, project INTEGER NOT NULL,"
    " project_number TEXT NOT NULL, name TEXT NOT NULL, owner TEXT NOT NULL, stage INTEGER NOT NULL, item TEXT NOT NULL, item_name TEXT NOT NULL,"
    " unit TEXT NOT NULL, live INTEGER NOT NULL, signed INTEGER NOT NULL, since INTEGER NOT NULL, check_due INTEGER NOT NULL, review_due INTEGER NOT NULL,"
    " halted INTEGER NOT NULL, reviewed INTEGER NOT NULL, decision TEXT NOT NULL, year INTEGER NOT NULL, year_seq INTEGER NOT NULL,"
    " decision_year INTEGER NOT NULL, decision_seq INTEGER NOT NULL) STRICT;"
    "CREATE INDEX promise_project ON promise(project, no);"
    "CREATE INDEX promise_unit ON promise(unit, live, check_due);"
    "CREATE INDEX promise_year ON promise(year, year_seq);"
    "CREATE INDEX promise_decision ON promise(decision_year, decision_seq) WHERE decision_year > 0;";

static const Sql sql_put = {
    "promise.put", "isssisssisssiiiiiiisiiii", "",
    "INSERT INTO promise(no, number, kind, status, project, project_number, name, owner, stage, item, item_name, unit, live, signed, since, check_due,"
    " review_due, halted, reviewed, decision, year, year_seq, decision_year, decision_seq)"
    " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22,?23,?24)"
    " ON CONFLICT(no) DO UPDATE SET status = excluded.status, live = excluded.live, since = excluded.since, check_due = excluded.check_due,"
    " review_due = excluded.review_due, halted = excluded.halted, reviewed = excluded.reviewed, decision = excluded.decision,"
    " decision_year = excluded.decision_year, decision_seq = excluded.decision_seq"};

static Code put_due(Cx *cx, Db *views, const Event *e, const Promise *x) {
  bool waits = str_eqz(x->status, "accepted") && x->review_due.n && !x->reviewed_at && !promise_halted(x) && !x->halt_count;
  if (!waits) return due_clear(cx, views, e->stream, S("promise.expire"));
  return due_set(cx, views, e->stream, S("promise.expire"), day_start((Day){x->review_due.n + 1}), json_obj(cx->mem));
}

Code promise__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Promise *x = state;
  int64_t year, seq, dyear, dseq;
  (void)env;
  kit_year_parts(x->number, &year, &seq);
  kit_year_parts(x->decision, &dyear, &dseq);
  TRY(put_due(cx, views, e, x));
  return db_run(cx, views, &sql_put,
                VALS(val_i(x->no), val_s(x->number), val_s(x->kind), val_s(x->status), val_i(x->project), val_s(x->project_number), val_s(x->name),
                     val_s(x->owner), val_i(x->stage), val_s(x->item), val_s(x->item_name), val_s(x->unit), val_i(str_eqz(x->status, "accepted")),
                     val_i(day_of(x->signed_at).n), val_i(x->check_from.n), val_i(x->check_due.n), val_i(x->review_due.n), val_i(promise_halted(x)),
                     val_i(x->reviewed_at), val_s(x->decision), val_i(year), val_i(seq), val_i(dyear), val_i(dseq)));
}

/* ---- the engine ------------------------------------------------------------------------------------------------------- */

static const Sql sql_last = {"promise.last", "", "i", "SELECT max(no) FROM promise"};
static const Sql sql_year = {"promise.year", "i", "i", "SELECT max(year_seq) FROM promise WHERE year = ?1"};
static const Sql sql_decision = {"promise.decisions", "i", "i", "SELECT max(decision_seq) FROM promise WHERE decision_year = ?1"};
static const Sql sql_other = {"promise.other", "iis", "s",
                              "SELECT number FROM promise WHERE project = ?1 AND status IN ('signed', 'accepted')"
                              " AND (?3 = 'architect' AND kind <> 'item' OR ?3 <> 'architect' AND stage = ?2 AND item = ?3 AND kind = 'item') LIMIT 1"};
static const Sql sql_review = {"promise.review", "i", "s", "SELECT number FROM review WHERE project = ?1 AND status NOT IN ('failed', 'closed') LIMIT 1"};

static Code text_of(Cx *cx, Db *views, const Sql *q, const Val *vals, size_t n, Json *out, const char *key) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, q, vals, n, &r));
  if (rows_next(r)) json_put_str(cx->mem, out, str_of(key), row_s(cx, r, 0));
  return rows_end(cx, r);
}

static Code facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **out) {
  const Promise *x = state;
  Json *o = NULL;
  int64_t project = x ? x->project : json_int(cmd->args, S("project"), 0), seq = 0;
  bool architect = str_eqz(json_str(cmd->args, S("kind")), "architect");
  TRY(kit_facts(cx, views, cmd, &o));
  *out = o;
  TRY(joint__calendar(cx, views, o));
  TRY(db_int(cx, views, &sql_decision, VALS(val_i(kit_year_of(cmd->now))), 0, &seq));
  json_put_int(cx->mem, o, S("decision_seq"), seq + 1);
  if (cmd->actor.roles & ROLE_APPLICANT) TRY(kit_actor(cx, views, cmd, o));
  if (x) return OK;
  TRY(joint__numbers(cx, views, cmd, state, &sql_last, &sql_year, o));
  TRY(joint__case(cx, views, project, o));
  TRY(joint__barred(cx, views, json_str(json_get(o, S("project")), S("uscc")), o));
  TRY(text_of(cx, views, &sql_review, VALS(val_i(project)), o, "review"));
  return text_of(cx, views, &sql_other, VALS(val_i(project), val_i(json_int(cmd->args, S("stage"), 0)), val_s(architect ? S("architect") : json_str(cmd->args, S("item")))), o,
                 "other");
}

static Code open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)cmd;
  return kit_open(cx, views, "promise", &sql_last, stream);
}

/* ---- what it follows ---------------------------------------------------------------------------------------------------- */

static Follow follow(Arena *mem, int64_t no, const Json *args) {
  return (Follow){.stream = arena_fmt(mem, "promise/%lld", (long long)no), .args = args};
}

static Code aim_undertake(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  Str head, no;
  int64_t review = 0;
  Json *args = json_obj(cx->mem);
  (void)views;
  str_cut(e->stream, '/', &head, &no);
  (void)str_to_i64(no, &review);
  json_put_int(cx->mem, args, S("project"), json_int(e->body, S("project"), 0));
  json_put_int(cx->mem, args, S("review"), review);
  json_put_str(cx->mem, args, S("by"), e->actor_name);
  json_put_str(cx->mem, args, S("applicant"), e->actor);
  out[(*n)++] = (Follow){.args = args};
  return OK;
}

static Code aim_accept(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  int64_t no = json_int(e->body, S("promise"), 0);
  (void)views;
  if (no) out[(*n)++] = follow(cx->mem, no, NULL);
  return OK;
}

/* Signed ones of what has ended: of an item, of a stage, of a project. */
static Code aim_close(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  static const Sql q = {"promise.signed-of", "iis", "i",
                        "SELECT no FROM promise WHERE project = ?1 AND status = 'signed' AND (?2 = 0 OR stage = ?2 AND kind = 'item') AND (?3 = '' OR item = ?3) ORDER BY no"};
  SCOPED(rows_drop) Rows *r = NULL;
  int64_t project = 0;
  bool decided = str_eqz(e->kind, "item.decided");
  if (!joint__project_no(e, &project) || (decided && !str_eqz(json_str(e->body, S("result")), "refuse"))) return OK;
  Json *args = json_obj(cx->mem);
  json_put_str(cx->mem, args, S("reason"), decided ? S("事项没有通过") : S("事项已撤回"));
  TRY(db_rows(cx, views, &q, VALS(val_i(project), val_i(json_int(e->body, S("stage"), 0)), val_s(json_str(e->body, S("item")))), &r));
  while (*n < FOLLOW_MAX && rows_next(r)) out[(*n)++] = follow(cx->mem, row_i(r, 0), args);
  return rows_end(cx, r);
}

static Code of_drawings(Cx *cx, Db *views, const Event *e, const Sql *q, const Json *args, Follow out[FOLLOW_MAX], size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, q, VALS(val_i(json_int(e->body, S("project"), 0))), &r));
  while (*n < FOLLOW_MAX && rows_next(r)) out[(*n)++] = follow(cx->mem, row_i(r, 0), args);
  return rows_end(cx, r);
}

static Code aim_passed(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  static const Sql q = {"promise.to-fulfil", "i", "i", "SELECT no FROM promise WHERE project = ?1 AND kind <> 'item' AND status IN ('signed', 'accepted') AND reviewed = 0"};
  Str head, no;
  int64_t review = 0;
  Json *args = json_obj(cx->mem);
  str_cut(e->stream, '/', &head, &no);
  (void)str_to_i64(no, &review);
  json_put_int(cx->mem, args, S("review"), review);
  return of_drawings(cx, views, e, &q, args, out, n);
}

static Code aim_failed(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  static const Sql q = {"promise.to-halt", "i", "i", "SELECT no FROM promise WHERE project = ?1 AND kind = 'architect' AND status = 'accepted' AND reviewed = 0 AND halted = 0"};
  Json *args = json_obj(cx->mem);
  json_put_str(cx->mem, args, S("reason"), S("施工图设计文件审查不合格"));
  return of_drawings(cx, views, e, &q, args, out, n);
}

static const Reaction reactions[] = {{.event = "review.promised", .command = "promise.undertake", .required = true, .aim = aim_undertake},
                                     {.event = "item.decided", .command = "promise.accept", .required = true, .aim = aim_accept},
                                     {.event = "item.decided", .command = "promise.close", .aim = aim_close},
                                     {.event = "item.withdrawn", .command = "promise.close", .aim = aim_close},
                                     {.event = "stage.withdrawn", .command = "promise.close", .aim = aim_close},
                                     {.event = "project.withdrawn", .command = "promise.close", .aim = aim_close},
                                     {.event = "review.passed", .command = "promise.fulfil", .required = true, .aim = aim_passed},
                                     {.event = "review.failed", .command = "promise.halt", .required = true, .aim = aim_failed}};

const Engine promise_engine_base = {.prefix = "promise", .fold = promise_fold, .commands = promise__commands, .command_count = PROMISE_COMMANDS,
                                    .reactions = reactions, .reaction_count = COUNT(reactions), .open = open, .facts = facts,
                                    .schema = promise__schema, .project = promise__project, .alone = true};

/* ---- lists ---------------------------------------------------------------------------------------------------------------- */

#define WHERE                                                                                                                              \
  " FROM promise WHERE (?1 = '' OR unit = ?1) AND (?2 = '' OR status = ?2) AND (?3 = 0 OR project = ?3) AND (?4 = ''"                       \
  " OR (?4 = 'accepted' AND status IN ('accepted', 'kept', 'broken')) OR (?4 = 'due' AND status = 'accepted' AND check_due >= ?5)"          \
  " OR (?4 = 'late' AND status = 'accepted' AND check_due < ?5) OR (?4 IN ('kept', 'broken') AND status = ?4) OR (?4 = 'halted' AND halted = 1))"
static const Sql sql_list = {"promise.list", "ssisiii", "iissssssssisiiiiii",
                             "SELECT no, project, number, kind, status, project_number, name, owner, item_name, unit, stage, item, signed, since, check_due,"
                             " review_due, halted, reviewed" WHERE " ORDER BY live DESC, CASE WHEN live = 1 THEN check_due ELSE -no END, no LIMIT ?6 OFFSET ?7"};
static const Sql sql_count = {"promise.count", "ssisi", "i", "SELECT count(*)" WHERE};

static Day day_at(const Rows *r, int col) {
  return (Day){(int32_t)row_i(r, col)};
}

static PromiseRow row_of(Cx *cx, const Rows *r, const Policy *p, int64_t now) {
  PromiseRow x = {.no = row_i(r, 0), .project = row_i(r, 1), .stage = (int)row_i(r, 10), .item = row_s(cx, r, 11), .signed_on = day_at(r, 12),
                  .check_due = day_at(r, 14), .review_due = day_at(r, 15), .halted = row_i(r, 16) != 0, .reviewed = row_i(r, 17) != 0};
  Str *const texts[] = {&x.number, &x.kind, &x.status, &x.project_number, &x.name, &x.owner, &x.item_name, &x.unit};
  for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = row_s(cx, r, (int)i + 2);
  if (str_eqz(x.status, "accepted")) x.reading = reading_of(p, day_at(r, 13), x.check_due, (Day){0}, now);
  return x;
}

Code promises_list(Cx *cx, Reader *rd, const Policy *p, const PromiseFilter *f, int64_t now, PromiseRow **out, size_t *n, int64_t *total) {
  SCOPED(rows_drop) Rows *r = NULL;
  PromiseRow *list = arena_array(cx->mem, PromiseRow, f->limit + 1);
  *n = 0;
  *out = list;
  const Val vals[] = {val_s(f->unit), val_s(f->status), val_i(f->project), val_s(f->figure), val_i(day_of(now).n), val_i((int64_t)f->limit), val_i((int64_t)f->offset)};
  TRY(db_int(cx, reader_views(rd), &sql_count, vals, COUNT(vals) - 2, 0, total));
  TRY(db_rows(cx, reader_views(rd), &sql_list, vals, COUNT(vals), &r));
  while (*n < f->limit && rows_next(r)) list[(*n)++] = row_of(cx, r, p, now);
  return rows_end(cx, r);
}

Code promise_load(Cx *cx, Reader *rd, int64_t no, const Promise **out) {
  const void *state = NULL;
  TRY(kit_state(cx, rd, "promise", arena_fmt(cx->mem, "%lld", (long long)no), "个承诺", &state));
  *out = state;
  return OK;
}

Code promises_count(Cx *cx, Reader *rd, Str unit, int64_t now, PromiseCount *out) {
  static const Sql q = {"promise.coverage", "si", "iiiii",
                        "SELECT coalesce(sum(CASE WHEN status = 'accepted' AND check_due >= ?2 THEN 1 ELSE 0 END), 0),"
                        " coalesce(sum(CASE WHEN status = 'accepted' AND check_due < ?2 THEN 1 ELSE 0 END), 0),"
                        " coalesce(sum(CASE WHEN status = 'kept' THEN 1 ELSE 0 END), 0), coalesce(sum(CASE WHEN status = 'broken' THEN 1 ELSE 0 END), 0),"
                        " coalesce(sum(halted), 0) FROM promise WHERE (?1 = '' OR unit = ?1)"};
  SCOPED(rows_drop) Rows *r = NULL;
  *out = (PromiseCount){0};
  TRY(db_rows(cx, reader_views(rd), &q, VALS(val_s(unit), val_i(day_of(now).n)), &r));
  if (!rows_next(r)) return rows_end(cx, r);
  *out = (PromiseCount){.due = row_i(r, 0), .late = row_i(r, 1), .kept = row_i(r, 2), .broken = row_i(r, 3), .halted = row_i(r, 4)};
  out->accepted = out->due + out->late + out->kept + out->broken;
  return OK;
}
