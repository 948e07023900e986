/* SPDX-License-Identifier: Apache-2.0 */
/* credit.c: records of credit: drafted by what happened, published only after somebody looked at them, repaired. */
#include "joint/joint_int.h"

#define CLAUSE "D60-5.17.1"
static const Arg draft_args[] = {{.name = "subject", .label = "信用主体", .type = ARG_TEXT, .required = true}, {.name = "uscc", .label = "统一社会信用代码", .type = ARG_CODE, .required = true},
                                 {.name = "fact", .label = "事实", .type = ARG_LONG, .required = true, .max = 1000}, {.name = "evidence", .label = "证据", .type = ARG_LONG, .max = 2000},
                                 {.name = "basis", .label = "依据", .type = ARG_TEXT, .required = true}, {.name = "decision", .label = "决定文号", .type = ARG_CODE, .required = true},
                                 {.name = "project", .label = "项目", .type = ARG_INT}, {.name = "promise", .label = "承诺", .type = ARG_INT}};
static const Arg publish_args[] = {{.name = "text", .label = "审核意见", .type = ARG_LONG, .required = true, .min = 4, .max = 1000}};
static const Arg reject_args[] = {REASON};
static const Arg repair_args[] = {{.name = "document", .label = "信用修复的文件", .type = ARG_TEXT, .required = true, .min = 4, .max = 200}};

/* ---- deciding ---------------------------------------------------------------------------------------------- */

static Code decide_draft(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"subject", "uscc", "fact", "evidence", "basis", "decision", "project", "promise", NULL};
  Arena *m = decision_mem(d);
  (void)cx;
  Json *body = kit_body(d, ask, names);
  json_put_str(m, body, S("subject_kind"), S("enterprise"));
  json_put_int(m, body, S("no"), json_int(ask->facts, S("no"), 0));
  json_put_str(m, body, S("number"), kit_year(m, "XY", ask->now, json_int(ask->facts, S("year_seq"), 1)));
  decision_emit(d, "credit.drafted", 1, body);
  return OK;
}

static Code step(Cx *cx, const Ask *ask, Decision *d, const char *from, const char *kind, const char *const *names, const char *cannot) {
  const Credit *c = ask->state;
  const Policy *p = kit_policy(ask);
  const Unit *u = policy_unit(p, p->supervisor_unit);
  Str name = u ? u->name : p->supervisor_unit, label = joint_label(c->status);
  TRY(kit_now(cx, ask));
  if (!str_eq(ask->cmd->actor.unit, p->supervisor_unit)) FAIL_AT(DENIED, S(""), S(CLAUSE), "信用记录由%.*s审核。", SFMT(name));
  if (!str_eqz(c->status, from)) FAIL_AT(CONFLICT, S(""), S(CLAUSE), "信用记录 %.*s 现在是“%.*s”，不能%s。", SFMT(c->number), SFMT(label), cannot);
  decision_emit(d, kind, 1, kit_body(d, ask, names));
  return OK;
}

static Code decide_publish(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"text", NULL};
  return step(cx, ask, d, "draft", "credit.published", names, "公布");
}

static Code decide_reject(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"reason", NULL};
  return step(cx, ask, d, "draft", "credit.rejected", names, "不予记录");
}

static Code decide_repair(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"document", NULL};
  return step(cx, ask, d, "published", "credit.repaired", names, "修复");
}

static const CommandDecl commands[CREDIT_COMMANDS] = {
    {.name = "credit.draft", .label = "起草信用记录", .help = "承诺没有履行时由系统起草，审核以后才公布。", .allow = ROLE_SYSTEM, .creates = true, .decide = decide_draft, WITH(draft_args)},
    ROW("credit.publish", "公布信用记录", "市营商局审核后公布。", ROLE_SUPERVISOR, decide_publish, publish_args),
    ROW("credit.reject", "不予记录", "审核不通过，写明理由，不公布。", ROLE_SUPERVISOR, decide_reject, reject_args),
    ROW("credit.repair", "信用修复", "修复以后不再公布，企业可以再作出承诺。", ROLE_SUPERVISOR, decide_repair, repair_args),
};

/* ---- folding ------------------------------------------------------------------------------------------------ */

void *credit_fold(Arena *mem, void *state, const Event *e) {
  static const struct { const char *kind, *status, *reason; } steps[] = {
      {"credit.published", "published", "text"}, {"credit.rejected", "rejected", "reason"}, {"credit.repaired", "repaired", "document"}};
  Credit *c = state ? state : arena_new(mem, Credit);
  c->seq = e->seq;
  c->at = e->happened;
  if (str_eqz(e->kind, "credit.drafted")) {
    static const char *const names[] = {"number", "subject_kind", "subject", "uscc", "fact", "evidence", "basis", "decision"};
    Str *const texts[] = {&c->number, &c->subject_kind, &c->subject, &c->uscc, &c->fact, &c->evidence, &c->basis, &c->decision};
    for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = kit_keep(mem, e->body, names[i]);
    c->no = json_int(e->body, S("no"), 0);
    c->project = json_int(e->body, S("project"), 0);
    c->promise = json_int(e->body, S("promise"), 0);
    c->status = S("draft");
    c->drafted_at = e->happened;
  }
  for (size_t i = 0; i < COUNT(steps); i++) {
    if (!str_eqz(e->kind, steps[i].kind)) continue;
    c->status = str_of(steps[i].status);
    c->reason = kit_keep(mem, e->body, steps[i].reason);
    c->by = arena_str(mem, e->actor_name);
    if (!i) c->published_at = e->happened;
  }
  return c;
}

/* ---- projection, facts, lists --------------------------------------------------------------------------------- */

static const char schema[] =
    "CREATE TABLE credit(no INTEGER PRIMARY KEY, number TEXT NOT NULL, subject_kind TEXT NOT NULL, subject TEXT NOT NULL, uscc TEXT NOT NULL,"
    " fact TEXT NOT NULL, decision TEXT NOT NULL, project INTEGER NOT NULL, promise INTEGER NOT NULL, status TEXT NOT NULL, at INTEGER NOT NULL,"
    " published INTEGER NOT NULL, year INTEGER NOT NULL, year_seq INTEGER NOT NULL) STRICT;"
    "CREATE INDEX credit_uscc ON credit(uscc, status);"
    "CREATE INDEX credit_year ON credit(year, year_seq);";
static const Sql sql_put = {"credit.put", "issssssiisiiii", "",
                            "INSERT INTO credit(no, number, subject_kind, subject, uscc, fact, decision, project, promise, status, at, published, year, year_seq)"
                            " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14) ON CONFLICT(no) DO UPDATE SET status = excluded.status, at = excluded.at,"
                            " published = excluded.published"};
static const Sql sql_last = {"credit.last", "", "i", "SELECT max(no) FROM credit"};
static const Sql sql_year = {"credit.year", "i", "i", "SELECT max(year_seq) FROM credit WHERE year = ?1"};

static Code project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Credit *c = state;
  int64_t year, seq;
  (void)e;
  (void)env;
  kit_year_parts(c->number, &year, &seq);
  return db_run(cx, views, &sql_put,
                VALS(val_i(c->no), val_s(c->number), val_s(c->subject_kind), val_s(c->subject), val_s(c->uscc), val_s(c->fact), val_s(c->decision),
                     val_i(c->project), val_i(c->promise), val_s(c->status), val_i(c->at), val_i(c->published_at), val_i(year), val_i(seq)));
}

static Code facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **out) {
  Json *o = NULL;
  TRY(kit_facts(cx, views, cmd, &o));
  *out = o;
  return state ? OK : joint__numbers(cx, views, cmd, state, &sql_last, &sql_year, o);
}

static Code open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)cmd;
  return kit_open(cx, views, "credit", &sql_last, stream);
}

static Code aim_broken(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  Arena *m = cx->mem;
  Str head, no;
  int64_t promise = 0;
  Json *args = json_obj(m);
  (void)views;
  str_cut(e->stream, '/', &head, &no);
  (void)str_to_i64(no, &promise);
  json_put_str(m, args, S("subject"), json_str(e->body, S("owner")));
  json_put_str(m, args, S("uscc"), json_str(e->body, S("uscc")));
  json_put_str(m, args, S("fact"), arena_fmt(m, "没有履行承诺 %.*s（%.*s）", SFMT(json_str(e->body, S("number"))), SFMT(json_str(e->body, S("item_name")))));
  json_put_str(m, args, S("evidence"), json_str(e->body, S("findings")));
  json_put_str(m, args, S("basis"), S("D60-5.16.3、D60-5.17.3"));
  json_put_str(m, args, S("decision"), json_str(e->body, S("decision")));
  json_put_int(m, args, S("project"), json_int(e->body, S("project"), 0));
  json_put_int(m, args, S("promise"), promise);
  out[(*n)++] = (Follow){.args = args};
  return OK;
}

static const Reaction reactions[] = {{.event = "promise.broken", .command = "credit.draft", .required = true, .aim = aim_broken}};

const Engine credit_engine_base = {.prefix = "credit", .fold = credit_fold, .commands = commands, .command_count = CREDIT_COMMANDS, .reactions = reactions,
                                   .reaction_count = COUNT(reactions), .open = open, .facts = facts, .schema = schema, .project = project, .alone = true};

#define WHERE " FROM credit WHERE (?1 = '' OR status = ?1) AND (?2 = '' OR uscc = ?2)"
static const Sql sql_list = {"credit.list", "ssii", "iiiiisssssss",
                             "SELECT no, at, published, project, promise, number, subject_kind, subject, uscc, fact, decision, status" WHERE
                             " ORDER BY no DESC LIMIT ?3 OFFSET ?4"};
static const Sql sql_count = {"credit.count", "ss", "i", "SELECT count(*)" WHERE};

Code credits_list(Cx *cx, Reader *rd, const CreditFilter *f, CreditRow **out, size_t *n, int64_t *total) {
  SCOPED(rows_drop) Rows *r = NULL;
  CreditRow *list = arena_array(cx->mem, CreditRow, f->limit + 1);
  *n = 0;
  *out = list;
  TRY(db_int(cx, reader_views(rd), &sql_count, VALS(val_s(f->status), val_s(f->uscc)), 0, total));
  TRY(db_rows(cx, reader_views(rd), &sql_list, VALS(val_s(f->status), val_s(f->uscc), val_i((int64_t)f->limit), val_i((int64_t)f->offset)), &r));
  while (*n < f->limit && rows_next(r)) {
    CreditRow *c = &list[(*n)++];
    *c = (CreditRow){.no = row_i(r, 0), .at = row_i(r, 1), .published_at = row_i(r, 2), .project = row_i(r, 3), .promise = row_i(r, 4)};
    Str *const texts[] = {&c->number, &c->subject_kind, &c->subject, &c->uscc, &c->fact, &c->decision, &c->status};
    for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = row_s(cx, r, (int)i + 5);
  }
  return rows_end(cx, r);
}

Code credit_load(Cx *cx, Reader *rd, int64_t no, const Credit **out) {
  const void *state = NULL;
  TRY(kit_state(cx, rd, "credit", arena_fmt(cx->mem, "%lld", (long long)no), "条信用记录", &state));
  *out = state;
  return OK;
}
