/* SPDX-License-Identifier: Apache-2.0 */
/* utility_views.c: an application to the utilities from its events, its rows, its clocks, what follows the case, lists. */
#include "finish/finish_int.h"

static UtilityPart *part_mut(Utility *u, Str kind) {
  return (UtilityPart *)(uintptr_t)utility_part(u, kind);
}

static void fold_applied(Arena *mem, Utility *u, const Event *e) {
  const Json *b = e->body, *parts = json_get(b, S("parts"));
  u->no = json_int(b, S("no"), 0);
  u->project = json_int(b, S("project"), 0);
  const struct { Str *to; const char *key; } texts[] = {{&u->number, "number"}, {&u->project_number, "project_number"}, {&u->project_name, "project_name"},
                                                        {&u->owner, "owner"},   {&u->uscc, "uscc"},                     {&u->applicant, "applicant"},
                                                        {&u->needs, "needs"}};
  for (size_t i = 0; i < COUNT(texts); i++) *texts[i].to = kit_keep(mem, b, texts[i].key);
  u->ready = finish__day(b, "ready");
  u->late = json_bool(b, S("late"));
  u->applied_at = e->happened;
  u->parts = arena_array(mem, UtilityPart, parts ? parts->count + 1 : 1);
  for (const Json *x = parts ? parts->first : NULL; x; x = x->next)
    u->parts[u->part_count++] = (UtilityPart){.kind = kit_keep(mem, x, "kind"), .name = kit_keep(mem, x, "name"), .unit = kit_keep(mem, x, "unit"),
                                              .days = (int)json_int(x, S("days"), 1), .connect_days = (int)json_int(x, S("connect_days"), 1)};
}

void *utility_fold(Arena *mem, void *state, const Event *e) {
  Utility *u = state ? state : arena_new(mem, Utility);
  Str kind = str_starts(e->kind, S("utility.")) ? str_sub(e->kind, 8, SIZE_MAX) : S("");
  u->seq = e->seq;
  if (str_eqz(kind, "applied")) fold_applied(mem, u, e);
  UtilityPart *p = part_mut(u, json_str(e->body, S("kind")));
  if (p && str_eqz(kind, "answered")) {
    p->plan = kit_keep(mem, e->body, "text");
    p->answered_by = kit_keep(mem, e->body, "signature");
    p->answered_at = e->happened;
  }
  if (p && str_eqz(kind, "connected")) {
    p->connection = kit_keep(mem, e->body, "text");
    p->connected_by = kit_keep(mem, e->body, "signature");
    p->connected_at = e->happened;
  }
  if (str_eqz(kind, "opened")) {
    u->opened_at = e->happened;
    for (size_t i = 0; i < u->part_count; i++)
      if (!u->parts[i].connected_at) u->parts[i].opened_at = e->happened;
  }
  if (str_eqz(kind, "closed")) u->closed = true;
  return u;
}

/* ---- rows -------------------------------------------------------------------------------------------------------- */

static const char schema[] =
    "CREATE TABLE utility(no INTEGER PRIMARY KEY, number TEXT NOT NULL, year INTEGER NOT NULL, year_seq INTEGER NOT NULL, project INTEGER NOT NULL,"
    " project_number TEXT NOT NULL, project_name TEXT NOT NULL, owner TEXT NOT NULL, late INTEGER NOT NULL, closed INTEGER NOT NULL,"
    " opened INTEGER NOT NULL) STRICT;"
    "CREATE INDEX utility_project ON utility(project, no);"
    "CREATE TABLE utility_part(utility INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, unit TEXT NOT NULL, asked INTEGER NOT NULL,"
    " answered INTEGER NOT NULL, opened INTEGER NOT NULL, connected INTEGER NOT NULL, days INTEGER NOT NULL, connect_days INTEGER NOT NULL,"
    " waits INTEGER NOT NULL, PRIMARY KEY(utility, kind)) WITHOUT ROWID, STRICT;"
    "CREATE INDEX utility_part_unit ON utility_part(unit, waits, utility);";
static const Sql sql_put = {"utility.put", "isiiisssiii", "",
                            "INSERT INTO utility(no, number, year, year_seq, project, project_number, project_name, owner, late, closed, opened)"
                            " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11) ON CONFLICT(no) DO UPDATE SET closed = excluded.closed, opened = excluded.opened"};
static const Sql sql_part = {"utility.part", "isssiiiiiii", "",
                             "INSERT INTO utility_part(utility, kind, name, unit, asked, answered, opened, connected, days, connect_days, waits)"
                             " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11) ON CONFLICT(utility, kind) DO UPDATE SET answered = excluded.answered,"
                             " opened = excluded.opened, connected = excluded.connected, waits = excluded.waits"};

static int64_t day_or_none(int64_t ms) {
  return ms ? day_of(ms).n : 0;
}

/* A task waits for the utility: until it has answered, and again from the acceptance until it is connected. */
static bool waits(const Utility *u, const UtilityPart *p) {
  return !u->closed && (!p->answered_at || (p->opened_at && !p->connected_at));
}

static Code utility_project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Utility *u = state;
  int64_t year, seq;
  (void)env;
  (void)e;
  kit_year_parts(u->number, &year, &seq);
  TRY(db_run(cx, views, &sql_put,
             VALS(val_i(u->no), val_s(u->number), val_i(year), val_i(seq), val_i(u->project), val_s(u->project_number), val_s(u->project_name),
                  val_s(u->owner), val_i(u->late), val_i(u->closed), val_i(u->opened_at > 0))));
  for (size_t i = 0; i < u->part_count; i++) {
    const UtilityPart *p = &u->parts[i];
    TRY(db_run(cx, views, &sql_part,
               VALS(val_i(u->no), val_s(p->kind), val_s(p->name), val_s(p->unit), val_i(day_or_none(u->applied_at)), val_i(day_or_none(p->answered_at)),
                    val_i(day_or_none(p->opened_at)), val_i(day_or_none(p->connected_at)), val_i(p->days), val_i(p->connect_days), val_i(waits(u, p)))));
  }
  return OK;
}

/* ---- what deciding reads --------------------------------------------------------------------------------------------- */

static const Sql sql_last = {"utility.last", "", "i", "SELECT max(no) FROM utility"};
static const Sql sql_year = {"utility.year", "i", "i", "SELECT max(year_seq) FROM utility WHERE year = ?1"};
static const Sql sql_had = {"utility.had", "i", "s",
                            "SELECT p.kind FROM utility_part p JOIN utility u ON u.no = p.utility WHERE u.project = ?1 AND u.closed = 0 ORDER BY p.kind"};
static const Sql sql_begun = {"utility.begun", "i", "i", "SELECT count(*) FROM stage WHERE project = ?1 AND no = 3 AND status = 'delivered'"};

static Code kinds_read(Cx *cx, Db *views, int64_t project, Json *list) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, &sql_had, VALS(val_i(project)), &r));
  while (rows_next(r)) json_push_str(cx->mem, list, row_s(cx, r, 0));
  return rows_end(cx, r);
}

static Code utility_facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **facts) {
  const Utility *u = state;
  int64_t project = u ? u->project : json_int(cmd->args, S("project"), 0), last = 0, seq = 0, begun = 0;
  Json *out = NULL;
  TRY(finish__facts(cx, views, cmd, project, &out));
  *facts = out;
  if (u) return OK;
  TRY(db_int(cx, views, &sql_last, NO_VALS, 0, &last));
  TRY(db_int(cx, views, &sql_year, VALS(val_i(kit_year_of(cmd->now))), 0, &seq));
  TRY(db_int(cx, views, &sql_begun, VALS(val_i(project)), 0, &begun));
  json_put_int(cx->mem, out, S("no"), last + 1);
  json_put_int(cx->mem, out, S("year_seq"), seq);
  json_put_bool(cx->mem, out, S("begun"), begun > 0);
  TRY(kinds_read(cx, views, project, json_put_arr(cx->mem, out, S("had"))));
  return finish__project(cx, views, project, out);
}

static Code utility_open_stream(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)cmd;
  return kit_open(cx, views, "utility", &sql_last, stream);
}

/* ---- what follows the case ---------------------------------------------------------------------------------------------- */

static const Sql sql_of_project = {"utility.of-project", "i", "i", "SELECT no FROM utility WHERE project = ?1 AND closed = 0 ORDER BY no LIMIT 8"};
static const Sql sql_unopened = {"utility.unopened", "i", "i", "SELECT no FROM utility WHERE project = ?1 AND closed = 0 AND opened = 0 ORDER BY no LIMIT 8"};
static const Sql sql_of_kind = {"utility.of-kind", "isi", "i",
                                "SELECT u.no FROM utility u JOIN utility_part p ON p.utility = u.no WHERE u.project = ?1 AND u.closed = 0 AND p.kind = ?2"
                                " AND (CASE WHEN ?3 = 3 THEN p.answered ELSE p.connected END) = 0 ORDER BY u.no LIMIT 1"};

static int64_t project_of(const Event *e) {
  Str head, text;
  int64_t no = 0;
  str_cut(e->stream, '/', &head, &text);
  return str_to_i64(text, &no) ? no : 0;
}

static Code aim_all(Cx *cx, Db *views, const Sql *q, const Event *e, Json *args, Follow out[FOLLOW_MAX], size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, q, VALS(val_i(project_of(e))), &r));
  while (*n < FOLLOW_MAX && rows_next(r)) out[(*n)++] = (Follow){.stream = arena_fmt(cx->mem, "utility/%lld", (long long)row_i(r, 0)), .args = args};
  return rows_end(cx, r);
}

static Code aim_certified(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  return json_int(e->body, S("stage"), 0) == STAGE_FINISH ? aim_all(cx, views, &sql_unopened, e, NULL, out, n) : OK;
}

static Code aim_withdrawn(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  Json *args = json_obj(cx->mem);
  json_put_str(cx->mem, args, S("reason"), S("项目已撤回，报装随之结束。"));
  return aim_all(cx, views, &sql_of_project, e, args, out, n);
}

static Code aim_decided(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  Str item = json_str(e->body, S("item"));
  bool supply = str_starts(item, S("supply-")), connect = str_starts(item, S("connect-"));
  int64_t no = 0;
  if ((!supply && !connect) || !str_eqz(json_str(e->body, S("result")), "pass")) return OK;
  Str kind = str_sub(item, supply ? 7 : 8, SIZE_MAX);
  TRY(db_int(cx, views, &sql_of_kind, VALS(val_i(project_of(e)), val_s(kind), val_i(supply ? 3 : 4)), 0, &no));
  if (!no) return OK;
  Json *args = json_obj(cx->mem);
  json_put_str(cx->mem, args, S("kind"), kind);
  json_put_str(cx->mem, args, S("phase"), supply ? S("answer") : S("connect"));
  json_put_str(cx->mem, args, S("text"), json_str(e->body, S("opinion")));
  json_put_str(cx->mem, args, S("by"), e->actor_name);
  out[(*n)++] = (Follow){.stream = arena_fmt(cx->mem, "utility/%lld", (long long)no), .args = args};
  return OK;
}

static const Reaction reactions[] = {{.event = "stage.certified", .command = "utility.open", .aim = aim_certified},
                                     {.event = "item.decided", .command = "utility.follow", .aim = aim_decided},
                                     {.event = "project.withdrawn", .command = "utility.close", .aim = aim_withdrawn}};
const Engine utility_engine_base = {.prefix = "utility", .fold = utility_fold, .commands = utility__commands, .command_count = UTILITY_COMMANDS,
                                    .reactions = reactions, .reaction_count = COUNT(reactions), .open = utility_open_stream, .facts = utility_facts,
                                    .schema = schema, .project = utility_project};

/* ---- clocks and lists ------------------------------------------------------------------------------------------------------ */

static Reading reading_of(const Policy *p, int64_t start, int64_t end, int days, int64_t now) {
  ItemClock k = {.start = {(int32_t)start}, .limit = days};
  if (end) {
    k.end_kind = END_DONE;
    k.end = (Day){(int32_t)end};
  }
  return clock_item(p->calendar, &k, day_of(now), p->lamp);
}

Reading utility_reading(const Policy *p, const Utility *u, const UtilityPart *part, int64_t now) {
  return part->opened_at ? reading_of(p, day_of(part->opened_at).n, day_or_none(part->connected_at), part->connect_days, now)
                         : reading_of(p, day_of(u->applied_at).n, day_or_none(part->answered_at), part->days, now);
}

#define WHERE " FROM utility_part p JOIN utility u ON u.no = p.utility WHERE (?1 = '' OR p.unit = ?1) AND (?2 = 0 OR u.project = ?2) AND (?3 = 0 OR p.waits = 1)"
static const Sql sql_list = {"utility.list", "siiii", "iiissssssiiiiiii",
                             "SELECT u.no, u.project, u.late, u.number, u.project_name, u.owner, p.kind, p.name, p.unit, p.asked, p.answered, p.opened,"
                             " p.connected, p.days, p.connect_days, u.closed" WHERE " ORDER BY p.waits DESC, u.no, p.kind LIMIT ?4 OFFSET ?5"};
static const Sql sql_count = {"utility.count", "sii", "i", "SELECT count(*)" WHERE};

static UtilityRow row_of(Cx *cx, const Policy *p, const Rows *r, int64_t now) {
  UtilityRow u = {.no = row_i(r, 0), .project = row_i(r, 1), .late = row_i(r, 2) > 0};
  Str *const texts[] = {&u.number, &u.project_name, &u.owner, &u.kind, &u.name, &u.unit};
  for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = row_s(cx, r, (int)i + 3);
  int64_t asked = row_i(r, 9), answered = row_i(r, 10), opened = row_i(r, 11), connected = row_i(r, 12);
  u.limit = (int)(opened ? row_i(r, 14) : row_i(r, 13));
  u.reading = opened ? reading_of(p, opened, connected, u.limit, now) : reading_of(p, asked, answered, u.limit, now);
  u.status = row_i(r, 15) ? S("closed") : connected ? S("connected") : opened ? S("connecting") : answered ? S("answered") : S("applied");
  return u;
}

Code utilities_list(Cx *cx, Reader *rd, const Policy *p, const UtilityFilter *f, int64_t now, UtilityRow **out, size_t *n, int64_t *total) {
  SCOPED(rows_drop) Rows *r = NULL;
  UtilityRow *list = arena_array(cx->mem, UtilityRow, f->limit + 1);
  *n = 0;
  *out = list;
  TRY(db_int(cx, reader_views(rd), &sql_count, VALS(val_s(f->unit), val_i(f->project), val_i(f->open)), 0, total));
  TRY(db_rows(cx, reader_views(rd), &sql_list,
              VALS(val_s(f->unit), val_i(f->project), val_i(f->open), val_i((int64_t)f->limit), val_i((int64_t)f->offset)), &r));
  while (*n < f->limit && rows_next(r)) list[(*n)++] = row_of(cx, p, r, now);
  return rows_end(cx, r);
}

Code utility_load(Cx *cx, Reader *rd, int64_t no, const Utility **out) {
  const void *state = NULL;
  TRY(kit_state(cx, rd, "utility", arena_fmt(cx->mem, "%lld", (long long)no), "份报装单", &state));
  *out = state;
  return OK;
}
