/* SPDX-License-Identifier: Apache-2.0 */
/* talk.c: records of talks 约谈: with whom, about what, what is to be done by when, and what came of it. */
#include "supervision/supervision_int.h"

static const Arg record_args[] = {
    {.name = "whom", .label = "约谈谁", .type = ARG_TEXT, .required = true, .min = 2, .max = 120, .hint = "单位、建设单位或负责人"},
    {.name = "unit", .label = "单位", .type = ARG_CODE},
    {.name = "day", .label = "哪天", .type = ARG_DAY, .required = true},
    {.name = "about", .label = "事由", .type = ARG_TEXT, .required = true, .min = 4, .max = 200},
    {.name = "demand", .label = "整改要求", .type = ARG_LONG, .required = true, .min = 4, .max = 2000},
    {.name = "until", .label = "哪天前整改", .type = ARG_DAY, .required = true},
    {.name = "directive", .label = "督办单", .type = ARG_INT, .min = 1, .max = INT32_MAX}};
static const Arg end_args[] = {{.name = "outcome", .label = "整改结果", .type = ARG_LONG, .required = true, .min = 4, .max = 2000}};

static Code decide_record(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"whom", "unit", "day", "about", "demand", "until", "directive", NULL};
  Arena *m = decision_mem(d);
  Str unit = json_str(ask->cmd->args, S("unit"));
  Day day = {0}, until = {0};
  TRY(kit_now(cx, ask));
  (void)day_parse(json_str(ask->cmd->args, S("day")), &day);
  (void)day_parse(json_str(ask->cmd->args, S("until")), &until);
  if (unit.len && !policy_unit(super__policy(cx, ask), unit)) FAIL_AT(INVALID, S("unit"), S(""), "没有单位“%.*s”，请从列表中选择", SFMT(unit));
  if (day.n > day_of(ask->now).n) FAIL_AT(INVALID, S("day"), S(""), "约谈以后再登记，日子不能晚于今天");
  if (until.n < day.n) FAIL_AT(INVALID, S("until"), S(""), "整改的日子不能早于约谈");
  if (json_int(ask->cmd->args, S("directive"), 0) && !json_str(ask->facts, S("number")).len)
    FAIL_AT(INVALID, S("directive"), S(""), "没有这份督办单，请核对序号");
  Json *body = kit_body(d, ask, names);
  json_put_int(m, body, S("no"), json_int(ask->facts, S("no"), 0));
  json_put_str(m, body, S("number"), json_str(ask->facts, S("number")));
  decision_emit(d, "talk.recorded", 1, body);
  kit_answer(d, "whom", json_str(body, S("whom")), json_int(body, S("no"), 0));
  return OK;
}

static Code decide_end(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"outcome", NULL};
  const TalkRecord *t = ask->state;
  TRY(kit_now(cx, ask));
  if (t->ended_at) FAIL_AT(CONFLICT, S("outcome"), S(""), "整改结果已经登记过。");
  decision_emit(d, "talk.ended", 1, kit_body(d, ask, names));
  return OK;
}

void *talk_fold(Arena *mem, void *state, const Event *e) {
  TalkRecord *t = state ? state : arena_new(mem, TalkRecord);
  const Json *b = e->body;
  if (str_eqz(e->kind, "talk.recorded")) {
    t->no = json_int(b, S("no"), 0);
    t->whom = kit_keep(mem, b, "whom");
    t->unit = kit_keep(mem, b, "unit");
    t->about = kit_keep(mem, b, "about");
    t->demand = kit_keep(mem, b, "demand");
    t->directive = json_int(b, S("directive"), 0);
    t->number = kit_keep(mem, b, "number");
    t->by = arena_str(mem, e->actor_name);
    (void)day_parse(json_str(b, S("day")), &t->day);
    (void)day_parse(json_str(b, S("until")), &t->until);
  }
  if (str_eqz(e->kind, "talk.ended")) {
    t->outcome = kit_keep(mem, b, "outcome");
    t->ended_at = e->happened;
  }
  return t;
}

static const char talk_schema[] =
    "CREATE TABLE talk(no INTEGER PRIMARY KEY, whom TEXT NOT NULL, about TEXT NOT NULL, day INTEGER NOT NULL, until INTEGER NOT NULL,"
    " directive INTEGER NOT NULL, ended INTEGER NOT NULL) STRICT;"
    "CREATE INDEX talk_directive ON talk(directive) WHERE directive > 0;";
static const Sql sql_put = {"talk.put", "issiiii", "",
                            "INSERT INTO talk(no, whom, about, day, until, directive, ended) VALUES(?1,?2,?3,?4,?5,?6,?7) ON CONFLICT(no) DO UPDATE SET ended = excluded.ended"};
static const Sql sql_last = {"talk.last", "", "i", "SELECT max(no) FROM talk"};
static const Sql sql_number = {"talk.directive", "i", "s", "SELECT number FROM directive WHERE no = ?1"};

static Code talk_project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const TalkRecord *t = state;
  (void)e, (void)env;
  return db_run(cx, views, &sql_put, VALS(val_i(t->no), val_s(t->whom), val_s(t->about), val_i(t->day.n), val_i(t->until.n), val_i(t->directive), val_i(t->ended_at > 0)));
}

static Code talk_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)cmd;
  return kit_open(cx, views, "talk", &sql_last, stream);
}

static Code talk_facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **facts) {
  SCOPED(rows_drop) Rows *r = NULL;
  Json *out = NULL;
  int64_t last = 0;
  (void)state;
  TRY(super__facts(cx, views, cmd, &out));
  *facts = out;
  TRY(db_int(cx, views, &sql_last, NO_VALS, 0, &last));
  json_put_int(cx->mem, out, S("no"), last + 1);
  TRY(db_rows(cx, views, &sql_number, VALS(val_i(json_int(cmd->args, S("directive"), 0))), &r));
  if (rows_next(r)) json_put_str(cx->mem, out, S("number"), row_s(cx, r, 0));
  return rows_end(cx, r);
}

static const CommandDecl commands[] = {
    {.name = "talk.record", .label = "登记约谈", .help = "登记一次约谈：谁、哪天、事由、整改要求和期限，可以附到一份督办单。", .allow = ROLE_SUPERVISOR, .creates = true,
     .decide = decide_record, WITH(record_args)},
    {.name = "talk.end", .label = "登记整改结果", .help = "登记约谈以后的整改结果。", .allow = ROLE_SUPERVISOR, .decide = decide_end, WITH(end_args)}};

const Engine talk_engine_base = {.prefix = "talk",
                                 .fold = talk_fold,
                                 .commands = commands,
                                 .command_count = COUNT(commands),
                                 .open = talk_open,
                                 .facts = talk_facts,
                                 .schema = talk_schema,
                                 .project = talk_project};

static const Sql sql_list = {"talk.list", "ii", "issiiii",
                             "SELECT no, whom, about, day, until, directive, ended FROM talk WHERE ?1 = 0 OR directive = ?1 ORDER BY ended, no DESC LIMIT ?2"};

Code talks_list(Cx *cx, Reader *rd, int64_t directive, size_t max, TalkRow **out, size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  TalkRow *list = arena_array(cx->mem, TalkRow, max + 1);
  *n = 0;
  *out = list;
  TRY(db_rows(cx, reader_views(rd), &sql_list, VALS(val_i(directive), val_i((int64_t)max)), &r));
  while (*n < max && rows_next(r))
    list[(*n)++] = (TalkRow){.no = row_i(r, 0), .whom = row_s(cx, r, 1), .about = row_s(cx, r, 2), .day = {(int32_t)row_i(r, 3)}, .until = {(int32_t)row_i(r, 4)},
                             .directive = row_i(r, 5), .ended = row_i(r, 6) != 0};
  return rows_end(cx, r);
}

Code talk_load(Cx *cx, Reader *rd, int64_t no, const TalkRecord **out) {
  const void *state = NULL;
  TRY(kit_state(cx, rd, "talk", arena_fmt(cx->mem, "%lld", (long long)no), "次约谈", &state));
  *out = state;
  return OK;
}
