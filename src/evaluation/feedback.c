/* SPDX-License-Identifier: Apache-2.0 */
/* feedback.c: problems reported upward, answered, passed on, solved; solved ones become questions and answers for everybody. */
#include "evaluation/evaluation.h"

#define CLAUSE "D60-6.20-p1"

static const Arg report_args[] = {{.name = "subject", .label = "问题", .type = ARG_TEXT, .required = true, .min = 4, .max = 100},
                                  {.name = "text", .label = "情况", .type = ARG_LONG, .required = true, .min = 4, .max = 2000, .hint = "哪个环节、哪条规定、希望怎样解决"}};
static const Arg pass_args[] = {{.name = "unit", .label = "转给哪个单位", .type = ARG_CODE, .required = true}, KIT_REASON};
static const Arg answer_args[] = {{.name = "answer", .label = "答复", .type = ARG_LONG, .required = true, .min = 4, .max = 4000}};
static const Arg why_args[] = {KIT_REASON};
static const Arg publish_args[] = {{.name = "question", .label = "问题", .type = ARG_TEXT, .required = true, .min = 4, .max = 120, .hint = "不写单位和项目的名称"},
                                   {.name = "answer", .label = "答复", .type = ARG_LONG, .required = true, .min = 4, .max = 4000}};
static const Arg lapse_args[] = {{.name = "due", .label = "哪天到期", .type = ARG_DAY, .required = true}};

/* ---- deciding --------------------------------------------------------------------------------------------- */

static Code decide_report(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"subject", "text", NULL};
  Arena *m = decision_mem(d);
  const Policy *p = kit_policy(ask);
  const Actor *who = &ask->cmd->actor;
  TRY(kit_now(cx, ask));
  if (!p->reform.feedback_days) FAIL_AT(CONFLICT, S(""), S(CLAUSE), "本市没有设置沟通反馈的答复期限（package.yaml 的 feedback_days），不能上报。");
  if (!who->unit.len) FAIL(DENIED, "沟通反馈以单位的名义上报，您的账号没有单位。");
  if (str_eq(who->unit, p->reform.feedback_unit)) FAIL_AT(CONFLICT, S(""), S(CLAUSE), "沟通反馈由您的单位答复，不用向本单位上报。");
  Json *body = kit_body(d, ask, names);
  int64_t no = json_int(ask->facts, S("no"), 0);
  Str number = kit_year(m, "GTFK", ask->now, json_int(ask->facts, S("year_seq"), 0) + 1);
  json_put_int(m, body, S("no"), no);
  json_put_str(m, body, S("number"), number);
  json_put_str(m, body, S("owner"), p->reform.feedback_unit);
  json_put_int(m, body, S("days"), p->reform.feedback_days);
  json_put_str(m, body, S("due"), day_str(m, calendar_add(p->calendar, day_of(ask->now), p->reform.feedback_days)));
  kit_answer(d, "number", number, no);
  decision_emit(d, "feedback.reported", 1, body);
  return OK;
}

static Code of_unit(Cx *cx, const Ask *ask, Str unit, const char *who) {
  const Unit *u = policy_unit_known(ask->env, unit);
  Str name = u ? u->name : unit;
  TRY(kit_now(cx, ask));
  if (!str_eq(ask->cmd->actor.unit, unit)) FAIL_AT(DENIED, S(""), S(CLAUSE), "这件反馈由%s%.*s办理，不归您的单位。", who, SFMT(name));
  return OK;
}

static Code in_state(Cx *cx, const Feedback *f, const char *need, const char *cannot) {
  Str label = feedback_label(f->status);
  if (str_eqz(f->status, need)) return OK;
  FAIL_AT(CONFLICT, S(""), S(CLAUSE), "反馈 %.*s 现在是“%.*s”，不能%s。", SFMT(f->number), SFMT(label), cannot);
}

static Code decide_pass(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"unit", "reason", NULL};
  const Feedback *f = ask->state;
  Str unit = json_str(ask->cmd->args, S("unit"));
  TRY(of_unit(cx, ask, f->owner, "答复单位"));
  TRY(in_state(cx, f, "open", "转办"));
  if (!policy_unit(kit_policy(ask), unit)) FAIL_AT(INVALID, S("unit"), S(""), "没有单位“%.*s”，请从列表中选择", SFMT(unit));
  if (str_eq(unit, f->owner) || str_eq(unit, f->unit)) FAIL_AT(INVALID, S("unit"), S(CLAUSE), "要转给别的单位，不能转给自己，也不能退给上报的单位");
  decision_emit(d, "feedback.passed", 1, kit_body(d, ask, names));
  return OK;
}

static Code decide_answer(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"answer", NULL};
  const Feedback *f = ask->state;
  TRY(of_unit(cx, ask, f->owner, "答复单位"));
  TRY(in_state(cx, f, "open", "答复"));
  decision_emit(d, "feedback.answered", 1, kit_body(d, ask, names));
  return OK;
}

static Code decide_reopen(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"reason", NULL};
  const Feedback *f = ask->state;
  TRY(of_unit(cx, ask, f->unit, "上报单位"));
  TRY(in_state(cx, f, "answered", "要求重新答复"));
  Json *body = kit_body(d, ask, names);
  json_put_str(decision_mem(d), body, S("due"), day_str(decision_mem(d), calendar_add(kit_policy(ask)->calendar, day_of(ask->now), f->days)));
  decision_emit(d, "feedback.reopened", 1, body);
  return OK;
}

static Code decide_solve(Cx *cx, const Ask *ask, Decision *d) {
  const Feedback *f = ask->state;
  TRY(of_unit(cx, ask, f->unit, "上报单位"));
  TRY(in_state(cx, f, "answered", "确认解决"));
  decision_emit(d, "feedback.solved", 1, NULL);
  return OK;
}

static Code decide_withdraw(Cx *cx, const Ask *ask, Decision *d) {
  const Feedback *f = ask->state;
  TRY(of_unit(cx, ask, f->unit, "上报单位"));
  TRY(in_state(cx, f, "open", "撤回"));
  decision_emit(d, "feedback.withdrawn", 1, NULL);
  return OK;
}

static Code decide_publish(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"question", "answer", NULL};
  const Feedback *f = ask->state;
  TRY(of_unit(cx, ask, f->owner, "答复单位"));
  TRY(in_state(cx, f, "solved", "公布"));
  decision_emit(d, "feedback.published", 1, kit_body(d, ask, names));
  return OK;
}

/* Never refused: the due queue would ask for ever. What has been answered meanwhile, or has a later day, is nothing. */
static Code decide_lapse(Cx *cx, const Ask *ask, Decision *d) {
  const Feedback *f = ask->state;
  Arena *m = decision_mem(d);
  Day due = {0};
  (void)cx;
  (void)day_parse(json_str(ask->cmd->args, S("due")), &due);
  if (!str_eqz(f->status, "open") || f->overdue || due.n != f->due.n || day_of(ask->now).n <= f->due.n) return OK;
  Json *body = json_obj(m);
  json_put_int(m, body, S("no"), f->no);
  json_put_str(m, body, S("number"), f->number);
  json_put_str(m, body, S("owner"), f->owner);
  json_put_str(m, body, S("subject"), f->subject);
  json_put_str(m, body, S("due"), day_str(m, f->due));
  json_put_int(m, body, S("days"), f->days);
  decision_emit(d, "feedback.overdue", 1, body);
  return OK;
}

/* ---- the state ------------------------------------------------------------------------------------------------ */

static void fold_day(Feedback *f, const Json *b) {
  (void)day_parse(json_str(b, S("due")), &f->due);
  f->overdue = false;
}

static void fold_reported(Arena *mem, Feedback *f, const Event *e) {
  const Json *b = e->body;
  f->no = json_int(b, S("no"), 0);
  f->number = kit_keep(mem, b, "number");
  f->unit = arena_str(mem, e->unit);
  f->owner = kit_keep(mem, b, "owner");
  f->subject = kit_keep(mem, b, "subject");
  f->text = kit_keep(mem, b, "text");
  f->days = (int)json_int(b, S("days"), 0);
  f->status = S("open");
  fold_day(f, b);
}

static void fold_more(Arena *mem, Feedback *f, Str kind, const Json *b) {
  if (str_eqz(kind, "passed")) f->owner = kit_keep(mem, b, "unit");
  if (str_eqz(kind, "overdue")) f->overdue = true;
  if (str_eqz(kind, "answered")) f->status = S("answered"), f->answer = kit_keep(mem, b, "answer");
  if (str_eqz(kind, "solved")) f->status = S("solved");
  if (str_eqz(kind, "withdrawn")) f->status = S("withdrawn");
  if (str_eqz(kind, "published")) f->question = kit_keep(mem, b, "question"), f->public_answer = kit_keep(mem, b, "answer");
  if (!str_eqz(kind, "reopened")) return;
  f->status = S("open");
  fold_day(f, b);
}

void *feedback_fold(Arena *mem, void *state, const Event *e) {
  Feedback *f = state ? state : arena_new(mem, Feedback);
  if (!str_starts(e->kind, S("feedback."))) return f;
  Str kind = str_sub(e->kind, 9, SIZE_MAX);
  f->seq = e->seq;
  if (str_eqz(kind, "reported")) fold_reported(mem, f, e);
  else fold_more(mem, f, kind, e->body);
  const char *text = str_eqz(kind, "reported") ? "text" : str_eqz(kind, "answered") ? "answer" : str_eqz(kind, "passed") || str_eqz(kind, "reopened") ? "reason" : "question";
  FeedbackStep *s = GROW(mem, f->steps, f->step_count, f->step_cap, FeedbackStep);
  *s = (FeedbackStep){.at = e->happened, .kind = arena_str(mem, kind), .by = arena_str(mem, e->actor_name), .unit = arena_str(mem, e->unit), .text = kit_keep(mem, e->body, text)};
  return f;
}

/* ---- its row and its place in the due queue --------------------------------------------------------------------- */

static const char feedback_schema[] =
    "CREATE TABLE feedback(no INTEGER PRIMARY KEY, number TEXT NOT NULL, year INTEGER NOT NULL, year_seq INTEGER NOT NULL, unit TEXT NOT NULL, owner TEXT NOT NULL,"
    " subject TEXT NOT NULL, status TEXT NOT NULL, at INTEGER NOT NULL, due INTEGER NOT NULL, open INTEGER NOT NULL, overdue INTEGER NOT NULL,"
    " published INTEGER NOT NULL, question TEXT NOT NULL, answer TEXT NOT NULL) STRICT;"
    "CREATE INDEX feedback_open ON feedback(open, due, no);"
    "CREATE INDEX feedback_year ON feedback(year, year_seq);"
    "CREATE INDEX feedback_published ON feedback(published) WHERE published > 0;";
static const Sql sql_put = {"feedback.put", "isiissssiiiiiss", "",
                            "INSERT INTO feedback(no, number, year, year_seq, unit, owner, subject, status, at, due, open, overdue, published, question, answer)"
                            " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15) ON CONFLICT(no) DO UPDATE SET owner = excluded.owner, status = excluded.status,"
                            " at = excluded.at, due = excluded.due, open = excluded.open, overdue = excluded.overdue, published = excluded.published,"
                            " question = excluded.question, answer = excluded.answer"};
static const Sql sql_last = {"feedback.last", "", "i", "SELECT max(no) FROM feedback"};
static const Sql sql_year = {"feedback.year", "i", "i", "SELECT max(year_seq) FROM feedback WHERE year = ?1"};

static int64_t published_at(const Feedback *f) {
  int64_t at = 0;
  for (size_t i = 0; i < f->step_count; i++)
    if (str_eqz(f->steps[i].kind, "published")) at = f->steps[i].at;
  return at;
}

static Code feedback_project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Feedback *f = state;
  int64_t year = 0, seq = 0;
  bool open = str_eqz(f->status, "open");
  (void)env;
  kit_year_parts(f->number, &year, &seq);
  TRY(db_run(cx, views, &sql_put,
             VALS(val_i(f->no), val_s(f->number), val_i(year), val_i(seq), val_s(f->unit), val_s(f->owner), val_s(f->subject), val_s(f->status), val_i(e->happened), val_i(f->due.n),
                  val_i(open), val_i(f->overdue), val_i(published_at(f)), val_s(f->question), val_s(f->public_answer))));
  if (!open || f->overdue) return due_clear(cx, views, e->stream, S("feedback.lapse"));
  Json *args = json_obj(cx->mem);
  json_put_str(cx->mem, args, S("due"), day_str(cx->mem, f->due));
  return due_set(cx, views, e->stream, S("feedback.lapse"), day_start((Day){f->due.n + 1}), args);
}

static Code feedback_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)cmd;
  return kit_open(cx, views, "feedback", &sql_last, stream);
}

static Code feedback_facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **facts) {
  Json *out = NULL;
  int64_t last = 0, seq = 0;
  TRY(kit_facts(cx, views, cmd, &out));
  *facts = out;
  if (state) return OK;
  TRY(db_int(cx, views, &sql_last, NO_VALS, 0, &last));
  TRY(db_int(cx, views, &sql_year, VALS(val_i(kit_year_of(cmd->now))), 0, &seq));
  json_put_int(cx->mem, out, S("no"), last + 1);
  json_put_int(cx->mem, out, S("year_seq"), seq);
  return OK;
}

#define SAYS (ROLE_APPROVER | ROLE_UNIT_HEAD | ROLE_STAGE_LEAD | ROLE_WINDOW_HEAD)
#define DECL(n, l, h, fn, args_) {.name = n, .label = l, .help = h, .allow = SAYS, .decide = fn, WITH(args_)}
static const CommandDecl commands[] = {
    {.name = "feedback.report", .label = "上报问题", .help = "县（市）区或部门向上报告改革中的问题，限期答复。", .allow = SAYS, .creates = true, .decide = decide_report, WITH(report_args)},
    DECL("feedback.pass", "转办", "答复单位转给另一个单位答复，期限不变。", decide_pass, pass_args),
    DECL("feedback.answer", "答复反馈", "答复单位答复。", decide_answer, answer_args),
    DECL("feedback.reopen", "要求重新答复", "上报单位写明为什么没有解决，重新计算期限。", decide_reopen, why_args),
    {.name = "feedback.solve", .label = "确认解决", .help = "上报单位确认问题已经解决。", .allow = SAYS, .decide = decide_solve},
    {.name = "feedback.withdraw", .label = "撤回反馈", .help = "上报单位在答复以前撤回。", .allow = SAYS, .decide = decide_withdraw},
    DECL("feedback.publish", "公布问答", "答复单位把解决了的问题公布为常见问题，可以再次公布来更正。", decide_publish, publish_args),
    {.name = "feedback.lapse", .label = "反馈逾期", .help = "到期没有答复，由系统标明并督办。", .allow = ROLE_SYSTEM, .decide = decide_lapse, WITH(lapse_args)}};

const Engine feedback_engine_base = {.prefix = "feedback",
                                     .fold = feedback_fold,
                                     .commands = commands,
                                     .command_count = COUNT(commands),
                                     .open = feedback_open,
                                     .facts = feedback_facts,
                                     .schema = feedback_schema,
                                     .project = feedback_project};

const Engine *const evaluation_engines[EVALUATION_ENGINES] = {&rule_engine_base, &feedback_engine_base, &appraisal_engine_base};

/* ---- lists ------------------------------------------------------------------------------------------------------ */

Str feedback_label(Str status) {
  static const struct { const char *code, *label; } labels[] = {{"open", "待答复"}, {"answered", "已答复"}, {"solved", "已解决"}, {"withdrawn", "已撤回"}};
  for (size_t i = 0; i < COUNT(labels); i++)
    if (str_eqz(status, labels[i].code)) return str_of(labels[i].label);
  return status;
}

#define WHERE " FROM feedback WHERE (?1 = '' OR unit = ?1 OR owner = ?1) AND (?2 = '' OR status = ?2)"
static const Sql sql_list = {"feedback.list", "ssii", "iisssssiii",
                             "SELECT no, at, number, unit, owner, subject, status, due, overdue, published" WHERE
                             " ORDER BY open DESC, CASE WHEN open = 1 THEN due ELSE -no END, no LIMIT ?3 OFFSET ?4"};
static const Sql sql_count = {"feedback.count", "ss", "i", "SELECT count(*)" WHERE};

Code feedbacks_list(Cx *cx, Reader *rd, const FeedbackFilter *f, FeedbackRow **out, size_t *n, int64_t *total) {
  SCOPED(rows_drop) Rows *r = NULL;
  FeedbackRow *list = arena_array(cx->mem, FeedbackRow, f->limit + 1);
  Val vals[] = {val_s(f->unit), val_s(f->status), val_i((int64_t)f->limit), val_i((int64_t)f->offset)};
  *n = 0;
  *out = list;
  TRY(db_int(cx, reader_views(rd), &sql_count, vals, 2, 0, total));
  TRY(db_rows(cx, reader_views(rd), &sql_list, vals, COUNT(vals), &r));
  while (*n < f->limit && rows_next(r))
    list[(*n)++] = (FeedbackRow){.no = row_i(r, 0), .at = row_i(r, 1), .number = row_s(cx, r, 2), .unit = row_s(cx, r, 3), .owner = row_s(cx, r, 4), .subject = row_s(cx, r, 5),
                                 .status = row_s(cx, r, 6), .due = {(int32_t)row_i(r, 7)}, .overdue = row_i(r, 8) != 0, .published = row_i(r, 9) != 0};
  return rows_end(cx, r);
}

static const Sql sql_answers = {"feedback.answers", "i", "isssi",
                                "SELECT no, question, answer, owner, published FROM feedback WHERE published > 0 ORDER BY published DESC, no DESC LIMIT ?1"};

Code answers_list(Cx *cx, Reader *rd, size_t max, Answered **out, size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  Answered *list = arena_array(cx->mem, Answered, max + 1);
  *n = 0;
  *out = list;
  TRY(db_rows(cx, reader_views(rd), &sql_answers, VALS(val_i((int64_t)max)), &r));
  while (*n < max && rows_next(r))
    list[(*n)++] = (Answered){.no = row_i(r, 0), .question = row_s(cx, r, 1), .answer = row_s(cx, r, 2), .owner = row_s(cx, r, 3), .day = day_of(row_i(r, 4))};
  return rows_end(cx, r);
}

Code feedback_load(Cx *cx, Reader *rd, int64_t no, const Feedback **out) {
  const void *state = NULL;
  TRY(kit_state(cx, rd, "feedback", arena_fmt(cx->mem, "%lld", (long long)no), "件反馈", &state));
  *out = state;
  return OK;
}
