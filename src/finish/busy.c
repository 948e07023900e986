/* SPDX-License-Identifier: Apache-2.0 */
/* busy.c: days on which a unit, or one of its people, cannot come. */
#include "finish/finish_int.h"

enum { BUSY_MAX = 500, BUSY_LONGEST = 366 };
static const Arg add_args[] = {
    {.name = "from", .label = "从哪天", .type = ARG_DAY, .required = true},
    {.name = "until", .label = "到哪天", .type = ARG_DAY, .required = true},
    {.name = "reason", .label = "事由", .type = ARG_TEXT, .required = true, .min = 2, .max = 40, .hint = "会写在推荐日期的说明里，请不要写个人隐私"},
    {.name = "person", .label = "谁", .type = ARG_CODE, .hint = "不写：整个单位都不能去"}};
static const Arg drop_args[] = {{.name = "no", .label = "序号", .type = ARG_INT, .required = true, .min = 1, .max = INT32_MAX}};
#define CLAUSE "D60-2.8.2"

static Code own_unit(Cx *cx, const Ask *ask) {
  const Busy *b = ask->state;
  TRY(kit_now(cx, ask));
  if (!ask->cmd->actor.unit.len) FAIL(DENIED, "您的账号没有所属单位，不能登记单位的日程。");
  if (b && !str_eq(b->unit, ask->cmd->actor.unit)) FAIL(DENIED, "只能登记和取消本单位的日程。");
  return OK;
}

static Code person_check(Cx *cx, const Ask *ask, Str *name) {
  const Json *u = json_get(ask->facts, S("person"));
  Str id = json_str(ask->cmd->args, S("person"));
  if (id.len && (!u || !str_eq(json_str(u, S("unit")), ask->cmd->actor.unit)))
    FAIL_AT(INVALID, S("person"), S(""), "“%.*s”不是本单位的账号，请从名单中选择", SFMT(id));
  *name = json_str(u, S("name"));
  return OK;
}

static Code decide_add(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"from", "until", "reason", "person", NULL};
  const Busy *b = ask->state;
  Day from = finish__day(ask->cmd->args, "from"), until = finish__day(ask->cmd->args, "until");
  Str name = S("");
  TRY(own_unit(cx, ask));
  if (until.n < from.n) FAIL_AT(INVALID, S("until"), S(""), "结束日期不能早于开始日期");
  if (until.n < day_of(ask->now).n) FAIL_AT(INVALID, S("until"), S(""), "这些日子已经过去，不用登记");
  if (until.n - from.n > BUSY_LONGEST) FAIL_AT(INVALID, S("until"), S(""), "一次最多登记 %d 天", BUSY_LONGEST);
  if (b && b->count >= BUSY_MAX) FAIL(LIMIT, "本单位登记的日程已有 %d 条，请联系系统管理员", BUSY_MAX);
  TRY(person_check(cx, ask, &name));
  Json *body = kit_body(d, ask, names);
  json_put_int(decision_mem(d), body, S("no"), b ? (int64_t)b->count + 1 : 1);
  json_put_str(decision_mem(d), body, S("unit"), ask->cmd->actor.unit);
  if (name.len) json_put_str(decision_mem(d), body, S("name"), name);
  decision_emit(d, "busy.added", 1, body);
  kit_answer(d, "unit", ask->cmd->actor.unit, b ? (int64_t)b->count + 1 : 1);
  return OK;
}

static Code decide_drop(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"no", NULL};
  const Busy *b = ask->state;
  int64_t no = json_int(ask->cmd->args, S("no"), 0);
  TRY(own_unit(cx, ask));
  if (!b || no > (int64_t)b->count) FAIL_AT(NOT_FOUND, S("no"), S(""), "没有第 %lld 条日程。", (long long)no);
  if (b->list[no - 1].dropped) FAIL_AT(CONFLICT, S("no"), S(""), "第 %lld 条日程已经取消。", (long long)no);
  decision_emit(d, "busy.dropped", 1, kit_body(d, ask, names));
  return OK;
}

#define ROW(n, l, h, fn, list, creates_) {.name = n, .label = l, .help = h, .allow = PERSON, .creates = creates_, .decide = fn, WITH(list)}
const CommandDecl busy__commands[BUSY_COMMANDS] = {
    ROW("busy.add", "登记日程", "登记本单位或本单位一个人不能参加联合勘验的日子；推荐日期时避开。", decide_add, add_args, true),
    ROW("busy.drop", "取消日程", "取消一条登记的日程。", decide_drop, drop_args, false)};

/* ---- the state and its rows ----------------------------------------------------------------------------------- */

void *busy_fold(Arena *mem, void *state, const Event *e) {
  Busy *b = state ? state : arena_new(mem, Busy);
  b->seq = e->seq;
  if (str_eqz(e->kind, "busy.added")) {
    b->unit = kit_keep(mem, e->body, "unit");
    *GROW(mem, b->list, b->count, b->cap, Absence) =
        (Absence){.no = json_int(e->body, S("no"), 0), .unit = b->unit, .person = kit_keep(mem, e->body, "person"), .name = kit_keep(mem, e->body, "name"),
                  .reason = kit_keep(mem, e->body, "reason"), .from = finish__day(e->body, "from"), .until = finish__day(e->body, "until")};
  }
  int64_t no = json_int(e->body, S("no"), 0);
  if (str_eqz(e->kind, "busy.dropped") && no >= 1 && no <= (int64_t)b->count) b->list[no - 1].dropped = true;
  return b;
}

static const char schema[] =
    "CREATE TABLE busy(unit TEXT NOT NULL, no INTEGER NOT NULL, person TEXT NOT NULL, name TEXT NOT NULL, reason TEXT NOT NULL,"
    " from_day INTEGER NOT NULL, until_day INTEGER NOT NULL, dropped INTEGER NOT NULL, PRIMARY KEY(unit, no)) WITHOUT ROWID, STRICT;";
static const Sql sql_put = {"busy.put", "sisssiii", "",
                            "INSERT INTO busy(unit, no, person, name, reason, from_day, until_day, dropped) VALUES(?1,?2,?3,?4,?5,?6,?7,?8)"
                            " ON CONFLICT(unit, no) DO UPDATE SET dropped = excluded.dropped"};

static Code busy_project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Busy *b = state;
  int64_t no = json_int(e->body, S("no"), 0);
  (void)env;
  if (no < 1 || no > (int64_t)b->count) return OK;
  const Absence *a = &b->list[no - 1];
  return db_run(cx, views, &sql_put, VALS(val_s(b->unit), val_i(no), val_s(a->person), val_s(a->name), val_s(a->reason), val_i(a->from.n),
                                          val_i(a->until.n), val_i(a->dropped)));
}

static const Sql sql_person = {"busy.person", "s", "ss", "SELECT name, unit FROM account WHERE id = ?1 AND disabled = 0"};

/* The stream is the unit's own, so it is "created" by whoever of the unit comes first. */
static Code busy_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)views;
  *stream = arena_fmt(cx->mem, "busy/%.*s", SFMT(cmd->actor.unit.len ? cmd->actor.unit : S("none")));
  return OK;
}

static Code busy_facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **facts) {
  SCOPED(rows_drop) Rows *r = NULL;
  Str person = json_str(cmd->args, S("person"));
  Json *out = json_obj(cx->mem);
  (void)state;
  *facts = out;
  if (!person.len) return OK;
  TRY(db_rows(cx, views, &sql_person, VALS(val_s(person)), &r));
  if (!rows_next(r)) return rows_end(cx, r);
  Json *o = json_put_obj(cx->mem, out, S("person"));
  json_put_str(cx->mem, o, S("name"), row_s(cx, r, 0));
  json_put_str(cx->mem, o, S("unit"), row_s(cx, r, 1));
  return OK;
}

const Engine busy_engine_base = {.prefix = "busy", .fold = busy_fold, .commands = busy__commands, .command_count = BUSY_COMMANDS, .open = busy_open,
                                 .facts = busy_facts, .schema = schema, .project = busy_project};

static const Sql sql_list = {"busy.list", "si", "isssii",
                             "SELECT no, person, name, reason, from_day, until_day FROM busy WHERE unit = ?1 AND until_day >= ?2 AND dropped = 0"
                             " ORDER BY from_day, no LIMIT 200"};

Code absences_list(Cx *cx, Reader *rd, Str unit, Day from, Absence **out, size_t *n) {
  enum { SHOWN = 200 };
  SCOPED(rows_drop) Rows *r = NULL;
  Absence *list = arena_array(cx->mem, Absence, SHOWN);
  *n = 0;
  *out = list;
  TRY(db_rows(cx, reader_views(rd), &sql_list, VALS(val_s(unit), val_i(from.n)), &r));
  while (*n < SHOWN && rows_next(r))
    list[(*n)++] = (Absence){.no = row_i(r, 0), .unit = unit, .person = row_s(cx, r, 1), .name = row_s(cx, r, 2), .reason = row_s(cx, r, 3),
                             .from = {(int32_t)row_i(r, 4)}, .until = {(int32_t)row_i(r, 5)}};
  return rows_end(cx, r);
}
