/* SPDX-License-Identifier: Apache-2.0 */
/* bulletin.c: notices 通报 of those who did not reply, and records of talks 约谈. */
#include "supervision/supervision_int.h"

#define CLAUSE "D60-6.21.2"
enum { ROWS_MAX = 200 };
static const Arg issue_args[] = {{.name = "text", .label = "通报正文", .type = ARG_LONG, .required = true, .min = 10, .max = 4000}};
static const Arg save_args[] = {{.name = "text", .label = "通报正文", .type = ARG_LONG, .required = true, .max = 4000}};
static const Arg drop_args[] = {KIT_REASON};

/* ---- who has been silent for too long ------------------------------------------------------------------------- */

static const Sql sql_silent = {"bulletin.silent", "ii", "issssii",
                               "SELECT d.no, d.number, d.unit, d.subject, d.to_name, d.silent, d.reply_by FROM directive d WHERE d.open = 1 AND d.status = 'issued'"
                               " AND d.settled = 0 AND d.silent > 0 AND d.silent < ?1 AND NOT EXISTS (SELECT 1 FROM bulletin_row b WHERE b.directive = d.no"
                               " AND b.silent = d.silent AND b.bulletin <> ?2) ORDER BY d.silent, d.no LIMIT 200"};

Code bulletin__rows(Cx *cx, Db *views, const Policy *p, Day today, int64_t own, Json *list) {
  SCOPED(rows_drop) Rows *r = NULL;
  Arena *m = cx->mem;
  if (!p->bulletin_days) return OK;
  TRY(db_rows(cx, views, &sql_silent, VALS(val_i(today.n), val_i(own)), &r));
  while (rows_next(r)) {
    Day silent = {(int32_t)row_i(r, 5)};
    int days = calendar_count(p->calendar, silent, today);
    if (days < p->bulletin_days) continue;
    Json *o = json_push_obj(m, list);
    json_put_int(m, o, S("directive"), row_i(r, 0));
    json_put_str(m, o, S("number"), row_s(cx, r, 1));
    json_put_str(m, o, S("unit"), row_s(cx, r, 2));
    json_put_str(m, o, S("task"), row_s(cx, r, 3));
    json_put_int(m, o, S("silent"), silent.n);
    json_put_int(m, o, S("days"), days);
  }
  return rows_end(cx, r);
}

/* ---- commands ------------------------------------------------------------------------------------------------ */

static Code wrong_state(Cx *cx, const Bulletin *b, const char *cannot) {
  Str label = super_label(b->status);
  FAIL_AT(CONFLICT, S(""), S(CLAUSE), "第 %lld 份通报稿现在是“%.*s”，不能%s。", (long long)b->no, SFMT(label), cannot);
}

static Code decide_draft(Cx *cx, const Ask *ask, Decision *d) {
  Arena *m = decision_mem(d);
  const Json *rows = json_get(ask->facts, S("rows"));
  if (!rows || !rows->first) FAIL_AT(CONFLICT, S(""), S(CLAUSE), "没有过期不回复、还没有列入通报的督办单。");
  Json *body = json_obj(m);
  json_put_int(m, body, S("no"), json_int(ask->facts, S("no"), 0));
  json_put(m, body, S("rows"), rows);
  decision_emit(d, "bulletin.drafted", 1, body);
  kit_answer(d, "rows", S(""), json_int(ask->facts, S("no"), 0));
  return OK;
}

static Code decide_issue(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"text", NULL};
  const Bulletin *b = ask->state;
  Arena *m = decision_mem(d);
  const Json *rows = json_get(ask->facts, S("rows"));
  TRY(kit_now(cx, ask));
  if (!str_eqz(b->status, "draft")) return wrong_state(cx, b, "印发");
  if (!rows || !rows->first) FAIL_AT(CONFLICT, S("text"), S(CLAUSE), "列入的单位都已经回复，没有要通报的；请作废这份通报稿。");
  Json *body = kit_body(d, ask, names);
  Str number = kit_year(m, "TBG", ask->now, json_int(ask->facts, S("year_seq"), 0) + 1);
  json_put(m, body, S("rows"), rows);
  json_put_str(m, body, S("number"), number);
  decision_emit(d, "bulletin.issued", 1, body);
  kit_answer(d, "number", number, b->no);
  return OK;
}

/* As often as wanted; what is listed stays as it was drafted and is listed anew when it is issued. */
static Code decide_save(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"text", NULL};
  const Bulletin *b = ask->state;
  TRY(kit_now(cx, ask));
  if (!str_eqz(b->status, "draft")) return wrong_state(cx, b, "修改");
  decision_emit(d, "bulletin.saved", 1, kit_body(d, ask, names));
  return OK;
}

static Code decide_drop(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"reason", NULL};
  const Bulletin *b = ask->state;
  TRY(kit_now(cx, ask));
  if (!str_eqz(b->status, "draft")) return wrong_state(cx, b, "作废");
  decision_emit(d, "bulletin.dropped", 1, kit_body(d, ask, names));
  return OK;
}

/* ---- state and rows --------------------------------------------------------------------------------------------- */

static void rows_keep(Arena *mem, Bulletin *b, const Json *rows) {
  b->count = 0;
  b->rows = arena_array(mem, BulletinRow, (rows ? rows->count : 0) + 1);
  for (const Json *x = rows ? rows->first : NULL; x; x = x->next)
    b->rows[b->count++] = (BulletinRow){.directive = json_int(x, S("directive"), 0), .number = kit_keep(mem, x, "number"), .unit = kit_keep(mem, x, "unit"),
                                        .task = kit_keep(mem, x, "task"), .days = (int)json_int(x, S("days"), 0), .silent = {(int32_t)json_int(x, S("silent"), 0)}};
}

void *bulletin_fold(Arena *mem, void *state, const Event *e) {
  Bulletin *b = state ? state : arena_new(mem, Bulletin);
  if (str_eqz(e->kind, "bulletin.drafted")) {
    b->no = json_int(e->body, S("no"), 0);
    b->status = S("draft");
  }
  if (str_eqz(e->kind, "bulletin.issued")) {
    b->status = S("sent");
    b->number = kit_keep(mem, e->body, "number");
    b->text = kit_keep(mem, e->body, "text");
    b->by = arena_str(mem, e->actor_name);
  }
  if (str_eqz(e->kind, "bulletin.saved")) {
    b->text = kit_keep(mem, e->body, "text");
    b->by = arena_str(mem, e->actor_name);
  } else if (str_eqz(e->kind, "bulletin.dropped")) {
    b->status = S("dropped");
    b->reason = kit_keep(mem, e->body, "reason");
  } else {
    rows_keep(mem, b, json_get(e->body, S("rows")));
  }
  b->at = e->happened;
  return b;
}

static const char bulletin_schema[] =
    "CREATE TABLE bulletin(no INTEGER PRIMARY KEY, number TEXT NOT NULL, year INTEGER NOT NULL, year_seq INTEGER NOT NULL, status TEXT NOT NULL,"
    " n INTEGER NOT NULL, at INTEGER NOT NULL) STRICT;"
    "CREATE TABLE bulletin_row(directive INTEGER NOT NULL, silent INTEGER NOT NULL, bulletin INTEGER NOT NULL, PRIMARY KEY(directive, silent)) WITHOUT ROWID, STRICT;"
    "CREATE INDEX bulletin_row_of ON bulletin_row(bulletin);";
static const Sql sql_put = {"bulletin.put", "isiisii", "",
                            "INSERT INTO bulletin(no, number, year, year_seq, status, n, at) VALUES(?1,?2,?3,?4,?5,?6,?7) ON CONFLICT(no) DO UPDATE SET"
                            " number = excluded.number, year = excluded.year, year_seq = excluded.year_seq, status = excluded.status, n = excluded.n, at = excluded.at"};
static const Sql sql_clear = {"bulletin.clear", "i", "", "DELETE FROM bulletin_row WHERE bulletin = ?1"};
static const Sql sql_row = {"bulletin.row", "iii", "", "INSERT INTO bulletin_row(directive, silent, bulletin) VALUES(?1, ?2, ?3) ON CONFLICT(directive, silent) DO NOTHING"};
static const Sql sql_last = {"bulletin.last", "", "i", "SELECT max(no) FROM bulletin"};
static const Sql sql_year = {"bulletin.year", "i", "i", "SELECT max(year_seq) FROM bulletin WHERE year = ?1"};
static const Sql sql_draft = {"bulletin.draft", "", "i", "SELECT count(*) FROM bulletin WHERE status = 'draft'"};

/* What was dropped stays listed: it was looked at, and is not proposed again each morning. */
static Code bulletin_project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Bulletin *b = state;
  int64_t year = 0, seq = 0;
  (void)env;
  kit_year_parts(b->number, &year, &seq);
  TRY(db_run(cx, views, &sql_put, VALS(val_i(b->no), val_s(b->number), val_i(year), val_i(seq), val_s(b->status), val_i((int64_t)b->count), val_i(e->happened))));
  if (str_eqz(b->status, "dropped") || str_eqz(e->kind, "bulletin.saved")) return OK;
  TRY(db_run(cx, views, &sql_clear, VALS(val_i(b->no))));
  for (size_t i = 0; i < b->count; i++) TRY(db_run(cx, views, &sql_row, VALS(val_i(b->rows[i].directive), val_i(b->rows[i].silent.n), val_i(b->no))));
  return OK;
}

static Code bulletin_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)cmd;
  return kit_open(cx, views, "bulletin", &sql_last, stream);
}

static Code bulletin_look(Cx *cx, Db *views, const Command *cmd, const void *state, const void *env, const Json **facts) {
  const Bulletin *b = state;
  const Policy *p = NULL;
  Json *out = NULL;
  int64_t last = 0, seq = 0;
  TRY(super__facts(cx, views, cmd, &out));
  *facts = out;
  TRY(clocks_policy(cx, views, env, day_of(cmd->now), &p));
  TRY(bulletin__rows(cx, views, p, day_of(cmd->now), b ? b->no : 0, json_put_arr(cx->mem, out, S("rows"))));
  TRY(db_int(cx, views, &sql_last, NO_VALS, 0, &last));
  TRY(db_int(cx, views, &sql_year, VALS(val_i(kit_year_of(cmd->now))), 0, &seq));
  json_put_int(cx->mem, out, S("no"), last + 1);
  json_put_int(cx->mem, out, S("year_seq"), seq);
  return OK;
}

static const CommandDecl commands[] = {
    {.name = "bulletin.draft", .label = "起草通报", .help = "过了回复日几个工作日仍没有回复的督办单，列成通报稿：单位、事项、天数；巡查时由系统起草，也可以随时起草。",
     .allow = ROLE_SUPERVISOR | ROLE_SYSTEM, .creates = true, .decide = decide_draft},
    {.name = "bulletin.save", .label = "保存通报稿", .help = "把写了一半的正文存在通报稿里，只有监督部门看得到；印发以前可以一改再改。", .allow = ROLE_SUPERVISOR, .decide = decide_save,
     WITH(save_args)},
    {.name = "bulletin.issue", .label = "印发通报", .help = "按当天的情况重新列出以后印发。", .allow = ROLE_SUPERVISOR, .decide = decide_issue, WITH(issue_args)},
    {.name = "bulletin.drop", .label = "作废通报稿", .help = "写明理由作废。", .allow = ROLE_SUPERVISOR, .decide = decide_drop, WITH(drop_args)}};

/* One draft waits at a time; what comes meanwhile is listed when it is issued. */
static Code aim_swept(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  int64_t open = 0;
  if (!json_int(e->body, S("silent"), 0)) return OK;
  TRY(db_int(cx, views, &sql_draft, NO_VALS, 0, &open));
  if (!open) out[(*n)++] = (Follow){.stream = S("")};
  return OK;
}

static const Reaction reactions[] = {{.event = "watch.swept", .command = "bulletin.draft", .aim = aim_swept}};

const Engine bulletin_engine_base = {.prefix = "bulletin",
                                     .fold = bulletin_fold,
                                     .commands = commands,
                                     .command_count = COUNT(commands),
                                     .reactions = reactions,
                                     .reaction_count = COUNT(reactions),
                                     .open = bulletin_open,
                                     .look = bulletin_look,
                                     .schema = bulletin_schema,
                                     .project = bulletin_project};

static const Sql sql_list = {"bulletin.list", "ii", "issii", "SELECT no, number, status, n, at FROM bulletin WHERE ?1 = 0 OR status = 'sent' ORDER BY no DESC LIMIT ?2"};

Code bulletins_list(Cx *cx, Reader *rd, bool sent, size_t max, BulletinHead **out, size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  BulletinHead *list = arena_array(cx->mem, BulletinHead, max + 1);
  *n = 0;
  *out = list;
  TRY(db_rows(cx, reader_views(rd), &sql_list, VALS(val_i(sent), val_i((int64_t)max)), &r));
  while (*n < max && rows_next(r))
    list[(*n)++] = (BulletinHead){.no = row_i(r, 0), .number = row_s(cx, r, 1), .status = row_s(cx, r, 2), .rows = row_i(r, 3), .at = row_i(r, 4)};
  return rows_end(cx, r);
}

Code bulletin_load(Cx *cx, Reader *rd, int64_t no, const Bulletin **out) {
  const void *state = NULL;
  TRY(kit_state(cx, rd, "bulletin", arena_fmt(cx->mem, "%lld", (long long)no), "份通报", &state));
  *out = state;
  return OK;
}
