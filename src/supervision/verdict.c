/* SPDX-License-Identifier: Apache-2.0 */
/* verdict.c: what a supervisor found when he looked at a sign 异常线索, and how often each kind of sign was right. */
#include "supervision/supervision_int.h"

#define CLAUSE "D60-3-p3"
enum { REASON_LEAST = 4 };
static const Arg judge_args[] = {
    {.name = "sign", .label = "线索", .type = ARG_CODE, .required = true, .hint = "种类-日志位置，如 quick-120；夜间集中写 night-账号-日期"},
    {.name = "verdict", .label = "判定", .type = ARG_CHOICE, .required = true, .choices = "true|false|unclear"},
    {.name = "reason", .label = "理由", .type = ARG_LONG, .required = true, .min = REASON_LEAST, .max = 1000, .hint = "看了什么、因此判定属实或不属实"}};

Str verdict_label(Str verdict) {
  return str_eqz(verdict, "true") ? S("属实") : str_eqz(verdict, "false") ? S("不属实") : str_eqz(verdict, "unclear") ? S("查不清") : verdict;
}

/* "quick-120": the kind is everything before the last part of digits; "night-wang-2019-09-02": night. */
static Str kind_of(Str sign) {
  size_t end = sign.len;
  if (str_starts(sign, S("night-")) && !str_starts(sign, S("night-pause-"))) return S("night");
  while (end && sign.ptr[end - 1] >= '0' && sign.ptr[end - 1] <= '9') end--;
  return end > 1 && end < sign.len ? str_sub(sign, 0, end - 1) : S("");
}

static Code decide_judge(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"sign", "verdict", "reason", NULL};
  Str sign = json_str(ask->cmd->args, S("sign"));
  TRY(kit_now(cx, ask));
  if (!json_bool(ask->facts, S("there"))) FAIL_AT(NOT_FOUND, S("sign"), S(CLAUSE), "没有线索“%.*s”，请从线索页面打开", SFMT(sign));
  Json *body = kit_body(d, ask, names);
  json_put_str(decision_mem(d), body, S("kind"), kind_of(sign));
  decision_emit(d, "sign.judged", 1, body);
  return OK;
}

static void *verdict_fold(Arena *mem, void *state, const Event *e) {
  int64_t *n = state ? state : arena_new(mem, int64_t);
  *n += str_eqz(e->kind, "sign.judged");
  return n;
}

static const char verdict_schema[] =
    "CREATE TABLE verdict(sign TEXT PRIMARY KEY, kind TEXT NOT NULL, verdict TEXT NOT NULL, reason TEXT NOT NULL, name TEXT NOT NULL,"
    " at INTEGER NOT NULL) WITHOUT ROWID, STRICT;";
static const Sql sql_put = {"verdict.put", "sssssi", "",
                            "INSERT INTO verdict(sign, kind, verdict, reason, name, at) VALUES(?1,?2,?3,?4,?5,?6) ON CONFLICT(sign) DO UPDATE SET"
                            " verdict = excluded.verdict, reason = excluded.reason, name = excluded.name, at = excluded.at"};

static Code verdict_project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const Json *b = e->body;
  (void)state, (void)env;
  return db_run(cx, views, &sql_put,
                VALS(val_s(json_str(b, S("sign"))), val_s(json_str(b, S("kind"))), val_s(json_str(b, S("verdict"))), val_s(json_str(b, S("reason"))),
                     val_s(e->actor_name), val_i(e->happened)));
}

static Code verdict_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)views;
  *stream = arena_fmt(cx->mem, "sign/%.*s", SFMT(json_str(cmd->args, S("sign"))));
  return OK;
}

/* Is there such a sign? */
static const Sql sql_sign = {"verdict.sign", "s", "i", "SELECT count(*) FROM sign WHERE kind || '-' || pos = ?1"};
static const Sql sql_night = {"verdict.night", "si", "i", "SELECT count(*) FROM night WHERE actor = ?1 AND night = ?2"};

static Code verdict_facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **facts) {
  Str sign = json_str(cmd->args, S("sign"));
  Json *out = json_obj(cx->mem);
  int64_t n = 0;
  Day night = {0};
  (void)state;
  if (str_eqz(kind_of(sign), "night")) {
    size_t cut = sign.len > 17 ? sign.len - 10 : 0; /* night-ACCOUNT-2019-09-02 */
    if (cut && day_parse(str_sub(sign, cut, SIZE_MAX), &night))
      TRY(db_int(cx, views, &sql_night, VALS(val_s(str_sub(sign, 6, cut - 7)), val_i(night.n)), 0, &n));
  } else {
    TRY(db_int(cx, views, &sql_sign, VALS(val_s(sign)), 0, &n));
  }
  json_put_bool(cx->mem, out, S("there"), n > 0);
  *facts = out;
  return OK;
}

static const CommandDecl commands[] = {
    {.name = "sign.judge", .label = "判定线索", .help = "监督人员看过以后判定一条异常线索属实、不属实或查不清；可以改判，都有记录。", .allow = ROLE_SUPERVISOR,
     .creates = true, .decide = decide_judge, WITH(judge_args)}};

const Engine verdict_engine_base = {.prefix = "sign",
                                    .fold = verdict_fold,
                                    .commands = commands,
                                    .command_count = COUNT(commands),
                                    .open = verdict_open,
                                    .facts = verdict_facts,
                                    .schema = verdict_schema,
                                    .project = verdict_project};

/* ---- read ---------------------------------------------------------------------------------------------------- */

static const Sql sql_one = {"verdict.one", "s", "sssi", "SELECT verdict, reason, name, at FROM verdict WHERE sign = ?1"};

Code verdict_of(Cx *cx, Reader *rd, Str sign, Judgement *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  *out = (Judgement){.sign = sign};
  TRY(db_rows(cx, reader_views(rd), &sql_one, VALS(val_s(sign)), &r));
  if (rows_next(r)) *out = (Judgement){.sign = sign, .verdict = row_s(cx, r, 0), .reason = row_s(cx, r, 1), .by = row_s(cx, r, 2), .at = row_i(r, 3)};
  return rows_end(cx, r);
}

static const Sql sql_rates = {"verdict.rates", "i", "siiii",
                              "SELECT k.kind, k.n, coalesce(sum(CASE WHEN v.verdict = 'true' THEN 1 ELSE 0 END), 0), coalesce(sum(CASE WHEN v.verdict = 'false' THEN 1 ELSE 0 END), 0),"
                              " coalesce(sum(CASE WHEN v.verdict = 'unclear' THEN 1 ELSE 0 END), 0) FROM (SELECT kind, count(*) AS n FROM sign GROUP BY kind UNION ALL"
                              " SELECT 'night', count(*) FROM night WHERE acts >= ?1) k LEFT JOIN verdict v ON v.kind = k.kind GROUP BY k.kind, k.n"
                              " ORDER BY k.kind"};

Code verdict_rates(Cx *cx, Reader *rd, int night_acts, VerdictRate out[SIGN_KINDS_MAX], size_t *n) {
  SCOPED(rows_drop) Rows *r = NULL;
  *n = 0;
  TRY(db_rows(cx, reader_views(rd), &sql_rates, VALS(val_i(night_acts)), &r));
  while (*n < SIGN_KINDS_MAX && rows_next(r))
    out[(*n)++] = (VerdictRate){.kind = row_s(cx, r, 0), .found = row_i(r, 1), .right = row_i(r, 2), .wrong = row_i(r, 3), .unclear = row_i(r, 4)};
  return rows_end(cx, r);
}
