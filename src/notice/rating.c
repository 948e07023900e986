/* SPDX-License-Identifier: Apache-2.0 */
/* rating.c: how it was 好差评: asked after each delivery, answered once, a bad one answered by the window. */
#include "notice/notice_int.h"

#define CLAUSE "国办发〔2019〕51号"
const Aspect rating_aspects[ASPECTS] = {
    {"efficiency", "办事效率"}, {"guide", "办事指南精确度"}, {"ease", "办事便捷度"}, {"platform", "平台操作性"}};

Str rating_level(int level) {
  static const char *const labels[RATING_LEVELS + 1] = {"", "非常不满意", "不满意", "基本满意", "满意", "非常满意"};
  return level >= 1 && level <= RATING_LEVELS ? str_of(labels[level]) : S("");
}

#define SCORE(n, l) {.name = n, .label = l, .type = ARG_INT, .required = true, .min = 1, .max = RATING_LEVELS}
static const Arg open_args[] = {{.name = "project", .label = "项目", .type = ARG_INT, .required = true, .min = 1, .max = INT64_MAX},
                                {.name = "stage", .label = "阶段", .type = ARG_INT, .required = true, .min = 1, .max = STAGE_MAX}};
static const Arg answer_args[] = {
    {.name = "level", .label = "总体评价", .type = ARG_INT, .required = true, .min = 1, .max = RATING_LEVELS, .hint = "5 非常满意，4 满意，3 基本满意，2 不满意，1 非常不满意"},
    SCORE("felt", "感受度"), SCORE("gained", "获得感"), SCORE("satisfied", "满意度"),
    {.name = "aspects", .label = "哪里不满意", .type = ARG_LIST, .max = ASPECTS, .hint = "efficiency、guide、ease、platform"},
    {.name = "text", .label = "意见", .type = ARG_LONG, .max = 1000}};
static const Arg reply_args[] = {{.name = "found", .label = "核实的情况", .type = ARG_LONG, .required = true, .min = 5, .max = 2000},
                                 {.name = "done", .label = "怎么整改", .type = ARG_LONG, .required = true, .min = 5, .max = 2000},
                                 {.name = "called", .label = "已回访", .type = ARG_BOOL, .required = true}};

/* ---- asking ------------------------------------------------------------------------------------------------ */

static Code decide_open(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"number", "name", "category", "county", "owner", "uscc", "applicant"};
  Arena *m = decision_mem(d);
  const Policy *p = kit_policy(ask);
  int64_t stage = json_int(ask->cmd->args, S("stage"), 0);
  if (!p->rating_days || ask->seq) return OK; /* nobody is asked under this package; or was asked already */
  if (!json_str(ask->facts, S("number")).len) FAIL_AT(NOT_FOUND, S("project"), S(""), "没有这个项目。");
  Json *body = json_obj(m);
  json_put_int(m, body, S("project"), json_int(ask->cmd->args, S("project"), 0));
  json_put_int(m, body, S("stage"), stage);
  for (size_t i = 0; i < COUNT(names); i++) json_put_str(m, body, str_of(names[i]), json_str(ask->facts, str_of(names[i])));
  json_put_str(m, body, S("unit"), p->stages[stage].lead);
  decision_emit(d, "rating.opened", 1, body);
  return OK;
}

/* ---- answering --------------------------------------------------------------------------------------------- */

/* Whoever is not content says so by choosing; nothing counts as an answer that nobody gave (a default would). */
static Code aspects_of(Cx *cx, const Ask *ask, Arena *m, Json *body) {
  const Json *list = json_get(ask->cmd->args, S("aspects"));
  Json *out = json_arr(m);
  for (const Json *x = list ? list->first : NULL; x; x = x->next) {
    bool known = false;
    for (size_t i = 0; i < ASPECTS; i++) known |= x->kind == JSON_STR && str_eqz(x->str, rating_aspects[i].code);
    if (!known) FAIL_AT(INVALID, S("aspects"), S(""), "“哪里不满意”只能从列出的几项中选");
    json_push_str(m, out, x->str);
  }
  if (out->count) json_put(m, body, S("aspects"), out);
  return OK;
}

static Code decide_answer(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"level", "felt", "gained", "satisfied", "text"};
  Arena *m = decision_mem(d);
  const Verdict *r = ask->state;
  const Policy *p = kit_policy(ask);
  bool link = str_eqz(ask->cmd->name, "rating.answer-by-link");
  Str own = json_str(ask->facts, S("actor_uscc"));
  int level = (int)json_int(ask->cmd->args, S("level"), 0);
  TRY(kit_now(cx, ask));
  if (!link && !str_eq(ask->cmd->actor.id, r->applicant) && (!own.len || !str_eq(own, r->uscc)))
    FAIL_AT(DENIED, S(""), S(CLAUSE), "这件不是您单位办的，由办事的单位评价。");
  if (!str_eqz(r->status, "open"))
    FAIL_AT(CONFLICT, S("level"), S(CLAUSE), "这件办理已于 %.*s 评价为“%.*s”，一事一评，不能再评。", SFMT(time_cn(m, r->answered_at)),
            SFMT(rating_level(r->level)));
  Json *body = json_obj(m);
  for (size_t i = 0; i < COUNT(names); i++) {
    const Json *v = json_get(ask->cmd->args, str_of(names[i]));
    if (v) json_put(m, body, str_of(names[i]), v);
  }
  TRY(aspects_of(cx, ask, m, body));
  json_put_int(m, body, S("project"), r->project);
  json_put_int(m, body, S("stage"), r->stage);
  json_put_str(m, body, S("level_label"), rating_level(level));
  if (link) json_put_bool(m, body, S("link"), true);
  if (level <= RATING_BAD) json_put_bool(m, body, S("bad"), true);
  if (level <= RATING_BAD) json_put_int(m, body, S("days"), p->rating_days ? p->rating_days : 1);
  decision_emit(d, "rating.answered", 1, body);
  return OK;
}

static Code decide_reply(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"found", "done", "called"};
  Arena *m = decision_mem(d);
  const Verdict *r = ask->state;
  TRY(kit_now(cx, ask));
  if (!str_eqz(r->status, "answered") || r->level > RATING_BAD)
    FAIL_AT(CONFLICT, S("found"), S(CLAUSE), "%s", str_eqz(r->status, "replied") ? "这件差评已经答复过了。" : "只有不满意和非常不满意的评价要核实、答复。");
  Json *body = json_obj(m);
  for (size_t i = 0; i < COUNT(names); i++) json_put(m, body, str_of(names[i]), json_get(ask->cmd->args, str_of(names[i])));
  json_put_int(m, body, S("project"), r->project);
  json_put_int(m, body, S("stage"), r->stage);
  decision_emit(d, "rating.replied", 1, body);
  return OK;
}

/* ---- the engine ---------------------------------------------------------------------------------------------- */

#define ROW(n, l, h, who, fn, list) {.name = n, .label = l, .help = h, .allow = (who), .decide = fn, WITH(list)}
const CommandDecl rating__commands[RATING_COMMANDS] = {
    {.name = "rating.open", .label = "请评价", .help = "一个阶段送达以后，由系统请申请人评价。", .allow = ROLE_SYSTEM, .creates = true, .decide = decide_open, WITH(open_args)},
    ROW("rating.answer", "评价", "申请人对一次办理作出评价，一事一评。", ROLE_APPLICANT, decide_answer, answer_args),
    ROW("rating.answer-by-link", "凭链接评价", "收到评价链接的人不登录也能评价，由系统记录。", ROLE_SYSTEM, decide_answer, answer_args),
    ROW("rating.reply", "答复差评", "窗口负责人核实、整改、回访以后答复。", ROLE_WINDOW_HEAD, decide_reply, reply_args),
};

static const Sql sql_project = {"rating.project", "i", "sssssss",
                                "SELECT number, name, category, county, owner, uscc, applicant FROM project WHERE no = ?1"};

static Code rating_facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **facts) {
  static const char *const names[] = {"number", "name", "category", "county", "owner", "uscc", "applicant"};
  SCOPED(rows_drop) Rows *r = NULL;
  Json *out = NULL;
  (void)state;
  TRY(kit_facts(cx, views, cmd, &out));
  TRY(kit_actor(cx, views, cmd, out));
  *facts = out;
  if (!str_eqz(cmd->name, "rating.open")) return OK;
  TRY(db_rows(cx, views, &sql_project, VALS(val_i(json_int(cmd->args, S("project"), 0))), &r));
  if (!rows_next(r)) return rows_end(cx, r);
  for (size_t i = 0; i < COUNT(names); i++) json_put_str(cx->mem, out, str_of(names[i]), row_s(cx, r, (int)i));
  return OK;
}

static Code rating_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)views;
  *stream = arena_fmt(cx->mem, "rating/%lld-%lld", (long long)json_int(cmd->args, S("project"), 0), (long long)json_int(cmd->args, S("stage"), 0));
  return OK;
}

static Code aim_delivered(Cx *cx, Db *views, const Event *e, Follow out[FOLLOW_MAX], size_t *n) {
  Str head, no;
  int64_t project = 0;
  Json *args = json_obj(cx->mem);
  (void)views;
  str_cut(e->stream, '/', &head, &no);
  (void)str_to_i64(no, &project);
  json_put_int(cx->mem, args, S("project"), project);
  json_put_int(cx->mem, args, S("stage"), json_int(e->body, S("stage"), 0));
  out[(*n)++] = (Follow){.args = args};
  return OK;
}

static const Reaction reactions[] = {{.event = "stage.delivered", .command = "rating.open", .aim = aim_delivered}};

const Engine rating_engine_base = {.prefix = "rating",
                                   .fold = rating_fold,
                                   .commands = rating__commands,
                                   .command_count = RATING_COMMANDS,
                                   .reactions = reactions,
                                   .reaction_count = COUNT(reactions),
                                   .open = rating_open,
                                   .facts = rating_facts,
                                   .schema = rating__schema,
                                   .project = rating__project,
                                   .alone = true};
