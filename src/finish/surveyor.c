/* SPDX-License-Identifier: Apache-2.0 */
/* surveyor.c: agencies that survey 测绘机构: entering the hall with a qualification that is checked, and leaving it. */
#include "finish/finish_int.h"

#define CLAUSE "D60-2.4.3-(3)"
static const Arg apply_args[] = {{.name = "grade", .label = "测绘资质等级", .type = ARG_CHOICE, .required = true, .choices = "a|b"},
                                 {.name = "document", .label = "资质证书编号", .type = ARG_TEXT, .required = true, .min = 4, .max = 120},
                                 {.name = "until", .label = "资质有效期至", .type = ARG_DAY, .required = true},
                                 FILES_ARG};
static const Arg check_args[] = {{.name = "result", .label = "核查结论", .type = ARG_CHOICE, .required = true, .choices = "enter|refuse"},
                                 {.name = "note", .label = "核查情况", .type = ARG_LONG, .required = true, .min = 4, .max = 1000}};
static const Arg remove_args[] = {KIT_REASON};

static Code by_lead(Cx *cx, const Ask *ask, bool head, const char *what) {
  const Policy *p = finish__policy(cx, ask);
  Str lead = survey__lead(p), name = finish__unit(p, lead);
  TRY(kit_now(cx, ask));
  if (!str_eq(ask->cmd->actor.unit, lead)) FAIL_AT(DENIED, S(""), S(CLAUSE), "%s由%.*s办理（多测合一的牵头部门）。", what, SFMT(name));
  if (head && !(ask->cmd->actor.roles & ROLE_UNIT_HEAD)) FAIL_AT(DENIED, S(""), S(CLAUSE), "%s要由%.*s负责人签发。", what, SFMT(name));
  return OK;
}

static Code decide_apply(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"grade", "document", "until", "files", NULL};
  Arena *m = decision_mem(d);
  Str uscc = json_str(ask->facts, S("actor_uscc")), org = json_str(ask->facts, S("actor_org")), other = json_str(ask->facts, S("same"));
  int64_t no = json_int(ask->facts, S("no"), 0);
  const Json *files = json_get(ask->cmd->args, S("files"));
  Day until = finish__day(ask->cmd->args, "until");
  TRY(kit_now(cx, ask));
  if (!uscc.len) FAIL_AT(DENIED, S(""), S(CLAUSE), "只有单位账号可以申请入驻，请先登记单位名称和统一社会信用代码。");
  if (until.n < day_of(ask->now).n) FAIL_AT(INVALID, S("until"), S(CLAUSE), "资质已经过期，不能入驻");
  if (json_bool(ask->facts, S("waits"))) FAIL_AT(CONFLICT, S("document"), S(CLAUSE), "您单位的入驻申请（%.*s）正在核查，不用再申请。", SFMT(other));
  if (other.len && until.n <= json_int(ask->facts, S("same_until"), 0))
    FAIL_AT(CONFLICT, S("until"), S(CLAUSE), "您单位已经入驻（%.*s），续期的有效期应当比现在的晚。", SFMT(other));
  if (!files || !files->first) FAIL_AT(INVALID, S("files"), S(CLAUSE), "请选择测绘资质证书：没有资质文件不能入驻");
  TRY(finish__files_check(cx, files));
  Json *body = kit_body(d, ask, names);
  Str number = arena_fmt(m, "CHJG-%04lld", (long long)no);
  json_put_int(m, body, S("no"), no);
  json_put_str(m, body, S("number"), number);
  json_put_str(m, body, S("name"), org);
  json_put_str(m, body, S("uscc"), uscc);
  decision_emit(d, "surveyor.applied", 1, body);
  kit_answer(d, "number", number, no);
  return OK;
}

static Code decide_check(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"result", "note", NULL};
  const Surveyor *s = ask->state;
  Str label = finish_label(s->status);
  TRY(by_lead(cx, ask, false, "机构入驻信息核查"));
  if (!str_eqz(s->status, "applied")) FAIL_AT(CONFLICT, S("result"), S(CLAUSE), "%.*s现在是“%.*s”，不用核查。", SFMT(s->name), SFMT(label));
  if (str_eqz(json_str(ask->cmd->args, S("result")), "enter") && s->until.n < day_of(ask->now).n)
    FAIL_AT(CONFLICT, S("result"), S(CLAUSE), "%.*s的资质已经到期，不能准予入驻。", SFMT(s->name));
  decision_emit(d, "surveyor.checked", 1, kit_body(d, ask, names));
  return OK;
}

static Code decide_remove(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"reason", NULL};
  const Surveyor *s = ask->state;
  TRY(by_lead(cx, ask, true, "机构清退"));
  if (!str_eqz(s->status, "entered")) FAIL_AT(CONFLICT, S("reason"), S(CLAUSE), "%.*s没有入驻，不用清退。", SFMT(s->name));
  decision_emit(d, "surveyor.removed", 1, kit_body(d, ask, names));
  return OK;
}

#define ROW(n, l, h, who, fn, list) {.name = n, .label = l, .help = h, .allow = (who), .decide = fn, WITH(list)}
static const CommandDecl commands[] = {
    {.name = "surveyor.apply", .label = "测绘机构申请入驻", .help = "测绘机构交资质证书，申请入驻中介服务大厅。", .allow = ROLE_APPLICANT, .creates = true,
     .decide = decide_apply, WITH(apply_args)},
    ROW("surveyor.check", "核查入驻信息", "市自然资源局核查资质：准予入驻或者不准。", PERSON, decide_check, check_args),
    ROW("surveyor.remove", "清退机构", "不再符合条件的，负责人写明理由清退。", ROLE_UNIT_HEAD, decide_remove, remove_args)};

/* ---- folding, rows --------------------------------------------------------------------------------------------- */

void *surveyor_fold(Arena *mem, void *state, const Event *e) {
  Surveyor *s = state ? state : arena_new(mem, Surveyor);
  const Json *b = e->body;
  if (str_eqz(e->kind, "surveyor.applied")) {
    *s = (Surveyor){.no = json_int(b, S("no"), 0), .number = kit_keep(mem, b, "number"), .name = kit_keep(mem, b, "name"), .uscc = kit_keep(mem, b, "uscc"),
                    .grade = kit_keep(mem, b, "grade"), .document = kit_keep(mem, b, "document"), .until = finish__day(b, "until"), .status = S("applied"),
                    .applied_at = e->happened};
    s->file_count = finish__files(mem, json_get(b, S("files")), &s->files);
  }
  if (str_eqz(e->kind, "surveyor.checked")) {
    s->status = str_eqz(json_str(b, S("result")), "enter") ? S("entered") : S("refused");
    s->note = kit_keep(mem, b, "note");
    s->checked_by = arena_str(mem, e->actor_name);
    s->checked_at = e->happened;
  }
  if (str_eqz(e->kind, "surveyor.removed")) {
    s->status = S("removed");
    s->note = kit_keep(mem, b, "reason");
  }
  s->seq = e->seq;
  return s;
}

static const char schema[] =
    "CREATE TABLE surveyor(no INTEGER PRIMARY KEY, number TEXT NOT NULL, name TEXT NOT NULL, uscc TEXT NOT NULL, grade TEXT NOT NULL, document TEXT NOT NULL,"
    " until INTEGER NOT NULL, status TEXT NOT NULL) STRICT;"
    "CREATE INDEX surveyor_uscc ON surveyor(uscc);";
static const Sql sql_put = {"surveyor.put", "isssssis", "",
                            "INSERT INTO surveyor(no, number, name, uscc, grade, document, until, status) VALUES(?1,?2,?3,?4,?5,?6,?7,?8)"
                            " ON CONFLICT(no) DO UPDATE SET status = excluded.status"};
static const Sql sql_last = {"surveyor.last", "", "i", "SELECT max(no) FROM surveyor"};
static const Sql sql_same = {"surveyor.same", "s", "ssi", "SELECT number, status, until FROM surveyor WHERE uscc = ?1 AND status IN ('applied', 'entered') ORDER BY no DESC LIMIT 1"};

static Code surveyor_project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Surveyor *s = state;
  (void)e;
  (void)env;
  return db_run(cx, views, &sql_put,
                VALS(val_i(s->no), val_s(s->number), val_s(s->name), val_s(s->uscc), val_s(s->grade), val_s(s->document), val_i(s->until.n), val_s(s->status)));
}

static Code surveyor_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)cmd;
  return kit_open(cx, views, "surveyor", &sql_last, stream);
}

static Code same_read(Cx *cx, Db *views, Json *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, &sql_same, VALS(val_s(json_str(out, S("actor_uscc")))), &r));
  if (rows_next(r)) {
    json_put_str(cx->mem, out, S("same"), row_s(cx, r, 0));
    json_put_bool(cx->mem, out, S("waits"), str_eqz(row_s(cx, r, 1), "applied"));
    json_put_int(cx->mem, out, S("same_until"), row_i(r, 2));
  }
  return rows_end(cx, r);
}

static Code surveyor_facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **facts) {
  Json *out = NULL;
  int64_t last = 0;
  TRY(finish__facts(cx, views, cmd, 0, &out));
  *facts = out;
  if (state) return OK;
  TRY(db_int(cx, views, &sql_last, NO_VALS, 0, &last));
  json_put_int(cx->mem, out, S("no"), last + 1);
  return same_read(cx, views, out);
}

const Engine surveyor_engine_base = {.prefix = "surveyor",
                                     .fold = surveyor_fold,
                                     .commands = commands,
                                     .command_count = COUNT(commands),
                                     .open = surveyor_open,
                                     .facts = surveyor_facts,
                                     .schema = schema,
                                     .project = surveyor_project};

/* ---- lists ----------------------------------------------------------------------------------------------------------- */

static const Sql sql_list = {"surveyor.list", "si", "isssssis",
                             "SELECT no, number, name, uscc, grade, document, until, status FROM surveyor s WHERE (?1 = '' OR status = ?1)"
                             " AND (?1 <> 'entered' OR NOT " SURVEYOR_REPLACED ") ORDER BY no LIMIT ?2"};

Code surveyors_list(Cx *cx, Reader *rd, Str status, SurveyorRow **out, size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  SurveyorRow *list = arena_array(cx->mem, SurveyorRow, SURVEYORS_MAX + 1);
  *n = 0;
  *out = list;
  TRY(db_rows(cx, reader_views(rd), &sql_list, VALS(val_s(status), val_i(SURVEYORS_MAX)), &r));
  while (*n < SURVEYORS_MAX && rows_next(r)) {
    SurveyorRow *s = &list[(*n)++];
    *s = (SurveyorRow){.no = row_i(r, 0), .until = {(int32_t)row_i(r, 6)}, .status = row_s(cx, r, 7)};
    Str *const texts[] = {&s->number, &s->name, &s->uscc, &s->grade, &s->document};
    for (size_t i = 0; i < COUNT(texts); i++) *texts[i] = row_s(cx, r, (int)i + 1);
  }
  return rows_end(cx, r);
}

Code surveyor_known(Cx *cx, Reader *rd, Str uscc, bool *known) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, reader_views(rd), &sql_same, VALS(val_s(uscc)), &r));
  *known = rows_next(r);
  return rows_end(cx, r);
}

Code surveyor_load(Cx *cx, Reader *rd, int64_t no, const Surveyor **out) {
  const void *state = NULL;
  TRY(kit_state(cx, rd, "surveyor", arena_fmt(cx->mem, "%lld", (long long)no), "个测绘机构", &state));
  *out = state;
  return OK;
}
