/* SPDX-License-Identifier: Apache-2.0 */
/* link.c: a connection, what was compared over it, and which certificates were asked about. */
#include "exchange/exchange_int.h"

#define TARGET {.name = "target", .label = "对接方", .type = ARG_CODE, .required = true, .max = 20}
static const Arg note_args[] = {TARGET, {.name = "kind", .label = "怎样", .type = ARG_CHOICE, .required = true, .choices = "down|up|looked"},
                                {.name = "reason", .label = "原因", .type = ARG_TEXT, .max = 500}, {.name = "at", .label = "看到哪里", .type = ARG_INT, .min = 0, .max = INT64_MAX},
                                {.name = "package", .label = "政策包", .type = ARG_CODE, .max = 64}};
static const Arg reconciled_args[] = {TARGET, {.name = "day", .label = "哪天", .type = ARG_DAY, .required = true}, {.name = "tables", .label = "各表", .type = ARG_LIST, .max = 100},
                                      {.name = "resent", .label = "补发", .type = ARG_INT, .min = 0, .max = INT64_MAX}};
static const Arg ask_args[] = {TARGET, {.name = "day", .label = "核对哪天", .type = ARG_DAY, .required = true}};
static const Arg verify_args[] = {TARGET, {.name = "number", .label = "证照编号", .type = ARG_TEXT, .required = true, .max = 60},
                                  {.name = "code", .label = "项目代码", .type = ARG_TEXT, .max = 40}, {.name = "owner", .label = "持证单位", .type = ARG_TEXT, .max = 100}};

/* ---- deciding --------------------------------------------------------------------------------------------------- */

static Code decide_note(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"target", "reason", "at", "package", NULL};
  const Link *l = ask->state;
  Str kind = json_str(ask->cmd->args, S("kind"));
  bool down = l && l->down;
  (void)cx;
  if ((str_eqz(kind, "down") && down) || (str_eqz(kind, "up") && !down)) return OK; /* another server said so */
  decision_emit(d, str_eqz(kind, "down") ? "link.down" : str_eqz(kind, "up") ? "link.up" : "link.looked", 1, kit_body(d, ask, names));
  return OK;
}

static Code decide_reconciled(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"target", "day", "tables", "resent", NULL};
  (void)cx;
  decision_emit(d, "link.reconciled", 1, kit_body(d, ask, names));
  return OK;
}

static Code decide_ask(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"target", "day", NULL};
  Day day = {0};
  if (!day_parse(json_str(ask->cmd->args, S("day")), &day) || day.n > day_of(ask->now).n) FAIL_AT(INVALID, S("day"), S(""), "核对的日期不能晚于今天");
  decision_emit(d, "link.asked", 1, kit_body(d, ask, names));
  return OK;
}

/* Why it is not good; empty: it is. `found`: {"number","status","name","code","owner","project_name"}. */
static Str why_not(Arena *m, const Json *a, const Json *found) {
  Str number = json_str(a, S("number")), code = json_str(a, S("code")), owner = json_str(a, S("owner")), status = json_str(found, S("status"));
  if (!found) return arena_fmt(m, "没有编号是 %.*s 的证照，请核对编号", SFMT(number));
  if (code.len && !str_eq(code, json_str(found, S("code")))) return arena_fmt(m, "%.*s 不是项目 %.*s 的证照", SFMT(number), SFMT(code));
  if (owner.len && !str_eq(owner, json_str(found, S("owner")))) return arena_fmt(m, "%.*s 的持证单位不是“%.*s”", SFMT(number), SFMT(owner));
  if (!str_eqz(status, "valid")) return arena_fmt(m, "%.*s 现在是“%.*s”", SFMT(number), SFMT(json_str(found, S("status_label"))));
  return S("");
}

static Code decide_verify(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"target", "number", "code", "owner", NULL};
  Arena *m = decision_mem(d);
  const Json *found = json_get(ask->facts, S("found"));
  Json *answer = json_obj(m), *body = kit_body(d, ask, names);
  Str why = why_not(m, ask->cmd->args, found);
  (void)cx;
  json_put_bool(m, answer, S("valid"), !why.len);
  json_put_str(m, answer, S("number"), json_str(ask->cmd->args, S("number")));
  json_put_str(m, answer, S("reason"), why);
  if (!why.len) {
    json_put_str(m, answer, S("name"), json_str(found, S("name")));
    json_put_str(m, answer, S("project_name"), json_str(found, S("project_name")));
    json_put_str(m, answer, S("code"), json_str(found, S("code")));
    json_put_str(m, answer, S("owner"), json_str(found, S("owner")));
  }
  json_put_bool(m, body, S("valid"), !why.len);
  json_put_str(m, body, S("reason"), why);
  decision_emit(d, "link.verified", 1, body);
  decision_answer(d, answer);
  return OK;
}

static const Sql sql_cert = {"link.certificate", "s", "sssssss",
                             "SELECT c.number, c.status, c.name, p.code, p.owner, p.name, p.number FROM cert c JOIN project p ON p.no = c.project WHERE c.number = ?1"};

Code link__facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **facts) {
  SCOPED(rows_drop) Rows *r = NULL;
  Json *out = NULL;
  (void)state;
  TRY(kit_facts(cx, views, cmd, &out));
  *facts = out;
  if (!str_eqz(cmd->name, "link.verify")) return OK;
  TRY(db_rows(cx, views, &sql_cert, VALS(val_s(json_str(cmd->args, S("number")))), &r));
  if (rows_next(r)) {
    static const char *const names[] = {"number", "status", "name", "code", "owner", "project_name", "project"};
    static const struct { const char *status, *label; } labels[] = {{"changed", "已变更"}, {"suspended", "暂停使用"}, {"revoked", "已撤销"}};
    Json *found = json_put_obj(cx->mem, out, S("found"));
    for (size_t i = 0; i < COUNT(names); i++) json_put_str(cx->mem, found, str_of(names[i]), row_s(cx, r, (int)i));
    for (size_t i = 0; i < COUNT(labels); i++)
      if (str_eqz(json_str(found, S("status")), labels[i].status)) json_put_str(cx->mem, found, S("status_label"), str_of(labels[i].label));
  }
  return rows_end(cx, r);
}

/* ---- the state ------------------------------------------------------------------------------------------------------ */

void *link_fold(Arena *mem, void *state, const Event *e) {
  Link *l = state ? state : arena_new(mem, Link);
  if (str_eqz(e->kind, "link.down")) l->down = e->recorded, l->reason = kit_keep(mem, e->body, "reason");
  if (str_eqz(e->kind, "link.up")) l->down = 0, l->reason = S("");
  if (str_eqz(e->kind, "link.looked")) l->pos = json_int(e->body, S("at"), 0), l->package = kit_keep(mem, e->body, "package");
  if (str_eqz(e->kind, "link.asked")) (void)day_parse(json_str(e->body, S("day")), &l->asked);
  if (str_eqz(e->kind, "link.reconciled")) {
    Day day = {0};
    (void)day_parse(json_str(e->body, S("day")), &day);
    if (day.n > l->reconciled.n && day.n < day_of(e->recorded).n) l->reconciled = day; /* a day that is not over is compared again */
    if (day.n == l->asked.n) l->asked = (Day){0};
  }
  return l;
}

const char link__schema[] =
    "CREATE TABLE exchange_link(target TEXT PRIMARY KEY, down INTEGER NOT NULL, reason TEXT NOT NULL, reconciled INTEGER NOT NULL, asked INTEGER NOT NULL) STRICT;"
    "CREATE TABLE exchange_check(target TEXT NOT NULL, day INTEGER NOT NULL, tbl TEXT NOT NULL, ours INTEGER NOT NULL, theirs INTEGER NOT NULL, missing INTEGER NOT NULL,"
    " extra INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY(target, day, tbl)) WITHOUT ROWID, STRICT;";

static const Sql sql_link = {"link.put", "sisii", "",
                             "INSERT INTO exchange_link(target, down, reason, reconciled, asked) VALUES(?1,?2,?3,?4,?5)"
                             " ON CONFLICT(target) DO UPDATE SET down = excluded.down, reason = excluded.reason, reconciled = excluded.reconciled, asked = excluded.asked"};
static const Sql sql_check = {"link.check", "sisiiiii", "",
                              "INSERT INTO exchange_check(target, day, tbl, ours, theirs, missing, extra, at) VALUES(?1,?2,?3,?4,?5,?6,?7,?8)"
                              " ON CONFLICT(target, day, tbl) DO UPDATE SET ours = excluded.ours, theirs = excluded.theirs, missing = excluded.missing, extra = excluded.extra, at = excluded.at"};

static Code checks_put(Cx *cx, Db *views, const Event *e, Str target, PushLine *line) {
  const Json *tables = json_get(e->body, S("tables"));
  Day day = {0};
  (void)day_parse(json_str(e->body, S("day")), &day);
  for (const Json *x = tables ? tables->first : NULL; x; x = x->next) {
    line->rows += json_int(x, S("ours"), 0);
    line->refused += json_int(x, S("missing"), 0) + json_int(x, S("extra"), 0);
    TRY(db_run(cx, views, &sql_check, VALS(val_s(target), val_i(day.n), val_s(json_str(x, S("table"))), val_i(json_int(x, S("ours"), 0)), val_i(json_int(x, S("theirs"), 0)),
                                           val_i(json_int(x, S("missing"), 0)), val_i(json_int(x, S("extra"), 0)), val_i(e->recorded))));
  }
  line->text = arena_fmt(cx->mem, "核对 %.*s", SFMT(json_str(e->body, S("day"))));
  return OK;
}

Code link__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Link *l = state;
  Str target = json_str(e->body, S("target"));
  PushLine line = {.target = target, .kind = str_sub(e->kind, 5, SIZE_MAX), .text = json_str(e->body, S("reason"))};
  (void)env;
  if (str_eqz(e->kind, "link.looked")) return OK;
  TRY(db_run(cx, views, &sql_link, VALS(val_s(target), val_i(l->down), val_s(l->reason), val_i(l->reconciled.n), val_i(l->asked.n))));
  if (str_eqz(e->kind, "link.reconciled")) TRY(checks_put(cx, views, e, target, &line));
  if (str_eqz(e->kind, "link.asked")) line.text = arena_fmt(cx->mem, "要求核对 %.*s", SFMT(json_str(e->body, S("day"))));
  if (str_eqz(e->kind, "link.verified")) {
    bool valid = json_bool(e->body, S("valid"));
    line.accepted = valid, line.refused = !valid;
    line.text = valid ? arena_fmt(cx->mem, "证照 %.*s 有效", SFMT(json_str(e->body, S("number")))) : json_str(e->body, S("reason"));
  }
  return log__put(cx, views, e, &line);
}

/* ---- the two engines -------------------------------------------------------------------------------------------------- */

#define HANDS (ROLE_INTEGRATOR | ROLE_SYSADMIN)
const CommandDecl link__commands[LINK_COMMANDS] = {
    {.name = "link.note", .label = "记录连接", .help = "系统记录连接断了、恢复了，日志看到了哪里。", .allow = ROLE_SYSTEM, .creates = true, .decide = decide_note, WITH(note_args)},
    {.name = "link.reconciled", .label = "记录对账", .help = "系统记录一天各表两边的行数和差异。", .allow = ROLE_SYSTEM, .creates = true, .decide = decide_reconciled, WITH(reconciled_args)},
    {.name = "link.ask", .label = "要求对账", .help = "要求与对接方核对一天的行，由系统随后进行。", .allow = HANDS, .creates = true, .decide = decide_ask, WITH(ask_args)},
    {.name = "link.verify", .label = "核验证照", .help = "对接方核验一个证照编号：有效，或者为什么无效。", .allow = HANDS, .creates = true, .decide = decide_verify, WITH(verify_args)}};

static Code part_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)views;
  *stream = part_stream(cx->mem, json_str(cmd->args, S("target")), json_int(cmd->args, S("project"), 0));
  return OK;
}

static Code link_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)views;
  *stream = arena_fmt(cx->mem, "link/%.*s", SFMT(json_str(cmd->args, S("target"))));
  return OK;
}

static const Engine part_engine = {.prefix = "exchange", .fold = exchange_fold, .commands = part__commands, .command_count = PART_COMMANDS, .open = part_open, .schema = part__schema,
                                   .project = part__project, .alone = true};
static const Engine link_engine = {.prefix = "link", .fold = link_fold, .commands = link__commands, .command_count = LINK_COMMANDS, .open = link_open, .facts = link__facts,
                                   .schema = link__schema, .project = link__project, .alone = true};
const Engine *const exchange_engines[EXCHANGE_ENGINES] = {&part_engine, &link_engine};
