/* SPDX-License-Identifier: Apache-2.0 */
/* credit_fold.c: a matter of credit from its events, its row, what changed since it was published, the engine. */
#include "joint/joint_int.h"

/* ---- words ------------------------------------------------------------------------------------------------------ */

Str credit_kind_label(Str kind) {
  if (str_eqz(kind, "black")) return S("黑名单");
  return str_eqz(kind, "red") ? S("红名单") : S("信用记录");
}

/* status, of a record, of a list */
static const char *const labels[][3] = {{"draft", "待审核", "告知中"},     {"published", "已公布", "已列入"}, {"rejected", "不予记录", "不予列入"},
                                        {"repaired", "已修复", "已移出（修复）"}, {"expired", "已到期", "已到期"},   {"withdrawn", "已撤销", "已移出（撤销）"},
                                        {"objected", "异议处理中", "异议处理中"}, {"dismissed", "异议不成立", "异议不成立"}, {"upheld", "异议成立", "异议成立"},
                                        {"done", "已修复", "已移出"},       {"refused", "不予修复", "不予修复"}};

Str credit_label(Str status, Str kind) {
  for (size_t i = 0; i < COUNT(labels); i++)
    if (str_eqz(status, labels[i][0])) return str_of(labels[i][str_eqz(kind, "record") ? 1 : 2]);
  return status;
}

Str credit_change_label(Str change, Str kind) {
  if (str_eqz(change, "published")) return str_eqz(kind, "record") ? S("公布") : S("列入");
  return credit_label(change, kind);
}

/* ---- folding ------------------------------------------------------------------------------------------------------ */

static Day day_in(const Json *body, const char *key) {
  Day d = {0};
  return day_parse(json_str(body, str_of(key)), &d) ? d : (Day){0};
}

static void fold_drafted(Arena *mem, Credit *c, const Event *e) {
  static const char *const names[] = {"number", "kind", "subject_kind", "subject", "uscc", "person", "registration", "employer", "account", "fact",
                                      "evidence", "basis", "decision", "condition", "condition_name", "source"};
  Str *const texts[] = {&c->number, &c->kind, &c->subject_kind, &c->subject, &c->uscc, &c->person, &c->registration, &c->employer, &c->account, &c->fact,
                        &c->evidence, &c->basis, &c->decision, &c->condition, &c->condition_name, &c->source};
  for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = kit_keep(mem, e->body, names[i]);
  if (!c->kind.len) c->kind = S("record"); /* drafted before there were lists */
  c->no = json_int(e->body, S("no"), 0);
  c->project = json_int(e->body, S("project"), 0);
  c->promise = json_int(e->body, S("promise"), 0);
  c->months = (int)json_int(e->body, S("months"), 0);
  c->repair_months = (int)json_int(e->body, S("repair_months"), 0);
  c->notice_due = day_in(e->body, "notice_due");
  if (c->source.len) {
    c->drafter = arena_str(mem, e->actor);
    c->drafter_name = arena_str(mem, e->actor_name);
  }
  c->status = S("draft");
  c->drafted_at = e->happened;
}

static void fold_plea(Arena *mem, Credit *c, const Event *e, bool repair) {
  const Json *files = json_get(e->body, S("files"));
  CreditPlea *p = GROW(mem, c->pleas, c->plea_count, c->plea_cap, CreditPlea);
  *p = (CreditPlea){.repair = repair, .text = kit_keep(mem, e->body, "text"), .by = kit_keep(mem, e->body, "by"), .due = day_in(e->body, "due"), .at = e->happened};
  if (files && files->count) p->files = arena_array(mem, CreditFile, files->count);
  for (const Json *f = files ? files->first : NULL; f; f = f->next)
    p->files[p->file_count++] = (CreditFile){.blob = kit_keep(mem, f, "blob"), .name = kit_keep(mem, f, "name"), .size = json_int(f, S("size"), 0)};
}

static CreditPlea *open_plea(const Credit *c, bool repair) {
  for (size_t i = c->plea_count; i > 0; i--)
    if (c->pleas[i - 1].repair == repair) return c->pleas[i - 1].answered_at ? NULL : &c->pleas[i - 1];
  return NULL;
}

const CreditPlea *credit_open_plea(const Credit *c, bool repair) {
  return open_plea(c, repair);
}

static void answered(Arena *mem, CreditPlea *p, const Event *e, Str result, const char *key) {
  if (!p) return;
  p->answered_at = e->happened;
  p->result = result;
  p->answer = kit_keep(mem, e->body, key);
  p->answered_by = arena_str(mem, e->actor_name);
}

static void ended(Arena *mem, Credit *c, const Event *e, Str status, const char *key) {
  c->status = status;
  c->reason = kit_keep(mem, e->body, key);
  c->by = arena_str(mem, e->actor_name);
  if (!str_eqz(status, "published")) c->ended_at = e->happened;
}

static void fold_step(Arena *mem, Credit *c, const Event *e) {
  static const struct { const char *kind, *status, *key; } ends[] = {{"credit.published", "published", "text"}, {"credit.rejected", "rejected", "reason"},
                                                                     {"credit.repaired", "repaired", "document"}, {"credit.withdrawn", "withdrawn", "reason"},
                                                                     {"credit.expired", "expired", "reason"}};
  for (size_t i = 0; i < COUNT(ends); i++)
    if (str_eqz(e->kind, ends[i].kind)) ended(mem, c, e, str_of(ends[i].status), ends[i].key);
  if (str_eqz(e->kind, "credit.published")) {
    c->published_at = e->happened;
    c->until = day_in(e->body, "until");
    c->repair_from = day_in(e->body, "repair_from");
  }
  if (str_eqz(e->kind, "credit.repaired")) answered(mem, open_plea(c, true), e, S("done"), "document");
  if (str_eqz(e->kind, "credit.repair-refused")) answered(mem, open_plea(c, true), e, S("refused"), "reason");
  if (!str_eqz(e->kind, "credit.answered")) return;
  bool upheld = str_eqz(json_str(e->body, S("result")), "upheld");
  answered(mem, open_plea(c, false), e, upheld ? S("upheld") : S("dismissed"), "text");
  if (upheld) ended(mem, c, e, c->published_at ? S("withdrawn") : S("rejected"), "text");
}

/* Before the event is folded: what it answers is still open. */
static void step_put(Arena *mem, Credit *c, const Event *e) {
  static const struct { const char *kind, *key; } keys[] = {{"credit.published", "text"}, {"credit.answered", "text"}, {"credit.repaired", "document"}};
  const char *key = "reason";
  if (!credit_is_letter(e->kind)) return;
  for (size_t i = 0; i < COUNT(keys); i++)
    if (str_eqz(e->kind, keys[i].kind)) key = keys[i].key;
  bool answer = str_eqz(e->kind, "credit.answered");
  const CreditPlea *plea = answer || str_eqz(e->kind, "credit.repair-refused") ? open_plea(c, !answer) : NULL;
  *GROW(mem, c->steps, c->step_count, c->step_cap, CreditStep) =
      (CreditStep){.seq = e->seq, .at = e->happened, .plea_at = plea ? plea->at : 0, .kind = arena_str(mem, e->kind), .text = kit_keep(mem, e->body, key),
                   .result = kit_keep(mem, e->body, "result"), .was_published = c->published_at > 0};
}

void *credit_fold(Arena *mem, void *state, const Event *e) {
  Credit *c = state ? state : arena_new(mem, Credit);
  c->seq = e->seq;
  c->at = e->happened;
  step_put(mem, c, e);
  if (str_eqz(e->kind, "credit.drafted")) fold_drafted(mem, c, e);
  else if (str_eqz(e->kind, "credit.objected")) fold_plea(mem, c, e, false);
  else if (str_eqz(e->kind, "credit.repair-asked")) fold_plea(mem, c, e, true);
  else fold_step(mem, c, e);
  return c;
}

bool credit_may_review(const Credit *c, Str account) {
  return !c->drafter.len || !str_eq(c->drafter, account);
}

bool credit_is_subject(const Credit *c, Str account, Str uscc) {
  bool person = str_eqz(c->subject_kind, "person");
  return (c->account.len && str_eq(c->account, account)) || (!person && uscc.len && str_eq(c->uscc, uscc));
}

/* ---- projection --------------------------------------------------------------------------------------------------- */

const char credit__schema[] =
    "CREATE TABLE credit(no INTEGER PRIMARY KEY, number TEXT NOT NULL, kind TEXT NOT NULL, subject_kind TEXT NOT NULL, subject TEXT NOT NULL, uscc TEXT NOT NULL,"
    " person TEXT NOT NULL, registration TEXT NOT NULL, account TEXT NOT NULL, fact TEXT NOT NULL, basis TEXT NOT NULL, decision TEXT NOT NULL,"
    " condition TEXT NOT NULL, condition_name TEXT NOT NULL, source TEXT NOT NULL, project INTEGER NOT NULL, promise INTEGER NOT NULL, status TEXT NOT NULL, at INTEGER NOT NULL,"
    " published INTEGER NOT NULL, until INTEGER NOT NULL, objected INTEGER NOT NULL, objection_due INTEGER NOT NULL, repair INTEGER NOT NULL,"
    " repair_due INTEGER NOT NULL, year INTEGER NOT NULL, year_seq INTEGER NOT NULL) STRICT;"
    "CREATE INDEX credit_uscc ON credit(uscc, status);"
    "CREATE INDEX credit_account ON credit(account) WHERE account <> '';"
    "CREATE INDEX credit_waits ON credit(no, objected, repair) WHERE objected > 0 OR repair > 0;"
    "CREATE INDEX credit_year ON credit(year, year_seq);"
    "CREATE TABLE credit_change(no INTEGER NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, change TEXT NOT NULL, text TEXT NOT NULL,"
    " PRIMARY KEY(no, seq)) WITHOUT ROWID, STRICT;"
    "CREATE INDEX credit_change_at ON credit_change(at, no, seq);";
static const Sql sql_put = {
    "credit.put", "issssssssssssssiisiiiiiiiii", "",
    "INSERT INTO credit(no, number, kind, subject_kind, subject, uscc, person, registration, account, fact, basis, decision, condition, condition_name, source, project,"
    " promise, status, at, published, until, objected, objection_due, repair, repair_due, year, year_seq)"
    " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22,?23,?24,?25,?26,?27) ON CONFLICT(no) DO UPDATE SET"
    " status = excluded.status, at = excluded.at, published = excluded.published, until = excluded.until, objected = excluded.objected,"
    " objection_due = excluded.objection_due, repair = excluded.repair, repair_due = excluded.repair_due"};
static const Sql sql_change = {"credit.change", "iiiss", "", "INSERT INTO credit_change(no, seq, at, change, text) VALUES(?1,?2,?3,?4,?5)"};
static const Sql sql_last = {"credit.last", "", "i", "SELECT max(no) FROM credit"};
static const Sql sql_year = {"credit.year", "i", "i", "SELECT max(year_seq) FROM credit WHERE year = ?1"};

/* What others have to be told who were told of the matter; empty: nothing. */
static Str change_of(const Credit *c, const Event *e) {
  if (!c->published_at || str_eqz(e->kind, "credit.repair-asked") || str_eqz(e->kind, "credit.repair-refused")) return S("");
  if (str_eqz(e->kind, "credit.objected")) return S("objected");
  if (str_eqz(e->kind, "credit.answered") && str_eqz(c->status, "published")) return S("dismissed");
  return c->status;
}

static Code put_due(Cx *cx, Db *views, const Event *e, const Credit *c) {
  if (!str_eqz(c->status, "published") || !c->until.n) return due_clear(cx, views, e->stream, S("credit.expire"));
  return due_set(cx, views, e->stream, S("credit.expire"), day_start((Day){c->until.n + 1}), json_obj(cx->mem));
}

Code credit__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Credit *c = state;
  const CreditPlea *o = credit_open_plea(c, false), *r = credit_open_plea(c, true);
  bool live = str_eqz(c->status, "draft") || str_eqz(c->status, "published");
  int64_t year, seq;
  (void)env;
  kit_year_parts(c->number, &year, &seq);
  if (c->published_at) TRY(put_due(cx, views, e, c));
  Str change = change_of(c, e), text = str_eqz(change, "repaired") || str_eqz(change, "withdrawn") ? c->reason : S("");
  if (change.len) TRY(db_run(cx, views, &sql_change, VALS(val_i(c->no), val_i(e->seq), val_i(e->happened), val_s(change), val_s(text))));
  return db_run(cx, views, &sql_put,
                VALS(val_i(c->no), val_s(c->number), val_s(c->kind), val_s(c->subject_kind), val_s(c->subject), val_s(c->uscc), val_s(c->person),
                     val_s(c->registration), val_s(c->account), val_s(c->fact), val_s(c->basis), val_s(c->decision), val_s(c->condition),
                     val_s(c->condition_name), val_s(c->source), val_i(c->project), val_i(c->promise), val_s(c->status), val_i(c->at), val_i(c->published_at),
                     val_i(c->until.n), val_i(o && live ? day_of(o->at).n : 0), val_i(o ? o->due.n : 0), val_i(r && live ? day_of(r->at).n : 0),
                     val_i(r ? r->due.n : 0), val_i(year), val_i(seq)));
}

/* ---- the engine ----------------------------------------------------------------------------------------------------- */

static Code other_put(Cx *cx, Db *views, const Command *cmd, Json *out) {
  static const Sql q = {"credit.other", "ssss", "s",
                        "SELECT number FROM credit WHERE kind = ?1 AND condition = ?2 AND uscc = ?3 AND registration = ?4 AND status IN ('draft', 'published') LIMIT 1"};
  static const char *const keys[] = {"list", "condition", "uscc", "registration"};
  SCOPED(rows_drop) Rows *r = NULL;
  Val vals[COUNT(keys)];
  for (size_t i = 0; i < COUNT(keys); i++) vals[i] = val_s(json_str(cmd->args, str_of(keys[i])));
  TRY(db_rows(cx, views, &q, vals, COUNT(vals), &r));
  if (rows_next(r)) json_put_str(cx->mem, out, S("other"), row_s(cx, r, 0));
  return rows_end(cx, r);
}

/* The name of the enterprise that accounts act for; when they differ, the one that was typed if it is among them. */
static Code known_put(Cx *cx, Db *views, const Command *cmd, Json *out) {
  static const Sql q = {"credit.known", "ss", "s",
                        "SELECT org_name FROM account WHERE org_uscc = ?1 AND org_uscc <> '' AND org_name <> '' ORDER BY CASE WHEN org_name = ?2 THEN 0 ELSE 1 END, id LIMIT 1"};
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, &q, VALS(val_s(json_str(cmd->args, S("uscc"))), val_s(json_str(cmd->args, S("subject")))), &r));
  if (rows_next(r)) json_put_str(cx->mem, out, S("known"), row_s(cx, r, 0));
  return rows_end(cx, r);
}

static Code facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **out) {
  Json *o = NULL;
  TRY(kit_facts(cx, views, cmd, &o));
  *out = o;
  TRY(joint__calendar(cx, views, o));
  if (cmd->actor.roles & ROLE_APPLICANT) TRY(kit_actor(cx, views, cmd, o));
  if (state) return OK;
  if (str_eqz(cmd->name, "credit.propose")) TRY(other_put(cx, views, cmd, o));
  if (!str_eqz(cmd->name, "credit.draft")) TRY(known_put(cx, views, cmd, o));
  return joint__numbers(cx, views, cmd, state, &sql_last, &sql_year, o);
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

/* A developer who does not rectify in time 拒不整改 (D59-2.2-p1; room ledger). */
static Code aim_refused(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  static const char *const names[] = {"uscc", "fact", "evidence"};
  Arena *m = cx->mem;
  Json *args = json_obj(m);
  (void)views;
  json_put_str(m, args, S("subject"), json_str(e->body, S("owner")));
  for (size_t i = 0; i < COUNT(names); i++) json_put_str(m, args, str_of(names[i]), json_str(e->body, str_of(names[i])));
  json_put_str(m, args, S("basis"), json_str(e->body, S("clause")));
  json_put_str(m, args, S("decision"), json_str(e->body, S("number")));
  json_put_int(m, args, S("project"), json_int(e->body, S("project"), 0));
  out[(*n)++] = (Follow){.args = args};
  return OK;
}

static const Reaction reactions[] = {{.event = "entry.refused", .command = "credit.draft", .required = true, .aim = aim_refused},
                                     {.event = "promise.broken", .command = "credit.draft", .required = true, .aim = aim_broken}};

const Engine credit_engine_base = {.prefix = "credit", .fold = credit_fold, .commands = credit__commands, .command_count = CREDIT_COMMANDS, .reactions = reactions,
                                   .reaction_count = COUNT(reactions), .open = open, .facts = facts, .schema = credit__schema, .project = credit__project,
                                   .alone = true};
