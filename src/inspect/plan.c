/* SPDX-License-Identifier: Apache-2.0 */
/* plan.c: what is checked, whose inspectors take part, how many; published before anything is drawn. */
#include "inspect/inspect_int.h"

enum { ITEMS_MAX = 20, UNITS_MAX = 12, TEXT_LEAST = 2, TEXT_MOST = 100 };
static const Arg make_args[] = {
    {.name = "title", .label = "计划名称", .type = ARG_TEXT, .required = true, .min = 4, .max = 100},
    {.name = "items", .label = "抽查事项", .type = ARG_LIST, .required = true, .max = ITEMS_MAX, .hint = "监管事项目录清单、检查实施清单里的事项"},
    {.name = "units", .label = "参加的部门", .type = ARG_LIST, .required = true, .max = UNITS_MAX, .hint = "单位代码；从这些部门的检查人员中抽取"},
    {.name = "category", .label = "项目类别", .type = ARG_CODE, .hint = "不写就是全部类别"},
    {.name = "county", .label = "建设地点", .type = ARG_CODE, .hint = "不写就是全市"},
    {.name = "count", .label = "抽取数量", .type = ARG_INT, .min = 0, .max = SPOT_OBJECTS_MAX, .hint = "不写就按各信用等级的比例抽取"},
    {.name = "from", .label = "检查开始日期", .type = ARG_DAY, .required = true},
    {.name = "to", .label = "检查结束日期", .type = ARG_DAY, .required = true},
    {.name = "basis", .label = "依据", .type = ARG_TEXT, .required = true, .min = 4, .max = 200}};
static const Arg drop_args[] = {REASON};

/* ---- deciding ----------------------------------------------------------------------------------------------------------- */

static Code items_check(Cx *cx, const Json *list) {
  if (!list || !list->first) FAIL_AT(INVALID, S("items"), S(SPOT_CLAUSE), "至少写一项抽查事项");
  for (const Json *x = list->first; x; x = x->next) {
    size_t n = x->kind == JSON_STR ? utf8_count(str_trim(x->str)) : 0;
    if (n < TEXT_LEAST || n > TEXT_MOST || utf8_has_control(x->str)) FAIL_AT(INVALID, S("items"), S(SPOT_CLAUSE), "每项抽查事项写 %d 到 %d 个字，一行一项", TEXT_LEAST, TEXT_MOST);
  }
  return OK;
}

static Code units_check(Cx *cx, const Policy *p, const Json *list) {
  if (!list || !list->first) FAIL_AT(INVALID, S("units"), S(SPOT_CLAUSE), "至少选择一个参加检查的部门");
  for (const Json *x = list->first; x; x = x->next)
    if (x->kind != JSON_STR || !policy_unit(p, x->str)) FAIL_AT(INVALID, S("units"), S(SPOT_CLAUSE), "没有单位“%.*s”，请从列表中选择", SFMT(x->str));
  return OK;
}

static Code decide_make(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"title", "items", "units", "category", "county", "count", "from", "to", "basis", NULL};
  const Policy *p = kit_policy(ask);
  const Json *args = ask->cmd->args;
  Str category = json_str(args, S("category")), county = json_str(args, S("county"));
  Day from = {0}, to = {0};
  TRY(kit_now(cx, ask));
  if (!p->spot_days) FAIL(INVALID, "政策包没有写明双随机抽查的设置（spot_days），请先补上。");
  TRY(items_check(cx, json_get(args, S("items"))));
  TRY(units_check(cx, p, json_get(args, S("units"))));
  if (category.len && !policy_category(p, category)) FAIL_AT(INVALID, S("category"), S(""), "没有这个项目类别，请从列表中选择");
  if (county.len && !policy_unit(p, county)) FAIL_AT(INVALID, S("county"), S(""), "没有这个县（市）区，请从列表中选择");
  bool days = day_parse(json_str(args, S("from")), &from) && day_parse(json_str(args, S("to")), &to);
  if (!days || to.n < from.n) FAIL_AT(INVALID, S("to"), S(""), "结束日期要在开始日期之后");
  if (to.n < day_of(ask->now).n) FAIL_AT(INVALID, S("to"), S(""), "检查日期已经过去，请重新填写");
  Json *body = kit_body(d, ask, names);
  int64_t seq = json_int(ask->facts, S("year_seq"), 0) + 1;
  Str number = kit_year(decision_mem(d), "SJ", ask->now, seq);
  json_put_int(decision_mem(d), body, S("no"), json_int(ask->facts, S("no"), 0));
  json_put_str(decision_mem(d), body, S("number"), number);
  decision_emit(d, "plan.made", 1, body);
  kit_answer(d, "number", number, json_int(ask->facts, S("no"), 0));
  return OK;
}

static Code wrong_state(Cx *cx, const SpotPlan *p, const char *cannot) {
  Str label = inspect_label(p->status);
  FAIL_AT(CONFLICT, S(""), S(SPOT_CLAUSE), "抽查计划 %.*s 现在是“%.*s”，不能%s。", SFMT(p->number), SFMT(label), cannot);
}

static Code decide_publish(Cx *cx, const Ask *ask, Decision *d) {
  const SpotPlan *p = ask->state;
  TRY(kit_now(cx, ask));
  if (!str_eqz(p->status, "draft")) return wrong_state(cx, p, "再次公布");
  decision_emit(d, "plan.published", 1, NULL);
  return OK;
}

static Code decide_drop(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"reason", NULL};
  const SpotPlan *p = ask->state;
  TRY(kit_now(cx, ask));
  if (str_eqz(p->status, "dropped")) return wrong_state(cx, p, "再次取消");
  if (json_int(ask->facts, S("draws"), 0)) FAIL_AT(CONFLICT, S(""), S(SPOT_CLAUSE), "%.*s 正在抽取或者已经抽取，不能取消。", SFMT(p->number));
  decision_emit(d, "plan.dropped", 1, kit_body(d, ask, names));
  return OK;
}

const CommandDecl plan__commands[PLAN_COMMANDS] = {
    {.name = "plan.make", .label = "拟订抽查计划", .help = "写明抽查事项、参加的部门、对象的范围和检查日期；公布以后才能抽取。", .allow = ROLE_SUPERVISOR,
     .creates = true, .decide = decide_make, WITH(make_args)},
    {.name = "plan.publish", .label = "公布抽查计划", .help = "在公示页公布计划，从此可以抽取。", .allow = ROLE_SUPERVISOR, .decide = decide_publish},
    {.name = "plan.drop", .label = "取消抽查计划", .help = "写明理由；公布过的计划，理由也公布。", .allow = ROLE_SUPERVISOR, .decide = decide_drop, WITH(drop_args)},
};

/* ---- folding --------------------------------------------------------------------------------------------------------------- */

static Str *texts(Arena *mem, const Json *list, size_t *n) {
  Str *out = arena_array(mem, Str, list ? list->count + 1 : 1);
  *n = 0;
  for (const Json *x = list ? list->first : NULL; x; x = x->next) out[(*n)++] = arena_str(mem, str_trim(x->str));
  return out;
}

static void fold_made(Arena *mem, SpotPlan *p, const Event *e) {
  const Json *b = e->body;
  p->no = json_int(b, S("no"), 0);
  p->number = kit_keep(mem, b, "number");
  p->title = kit_keep(mem, b, "title");
  p->basis = kit_keep(mem, b, "basis");
  p->category = kit_keep(mem, b, "category");
  p->county = kit_keep(mem, b, "county");
  p->count = (int)json_int(b, S("count"), 0);
  p->items = texts(mem, json_get(b, S("items")), &p->item_count);
  p->units = texts(mem, json_get(b, S("units")), &p->unit_count);
  (void)day_parse(json_str(b, S("from")), &p->from);
  (void)day_parse(json_str(b, S("to")), &p->to);
  p->made_at = e->happened;
  p->status = S("draft");
}

void *plan_fold(Arena *mem, void *state, const Event *e) {
  SpotPlan *p = state ? state : arena_new(mem, SpotPlan);
  p->seq = e->seq;
  if (str_eqz(e->kind, "plan.made")) fold_made(mem, p, e);
  if (str_eqz(e->kind, "plan.published")) {
    p->status = S("published");
    p->published_at = e->happened;
  }
  if (str_eqz(e->kind, "plan.dropped")) {
    p->status = S("dropped");
    p->reason = kit_keep(mem, e->body, "reason");
    p->ended_at = e->happened;
  }
  return p;
}

/* ---- projections ------------------------------------------------------------------------------------------------------------- */

const char plan__schema[] =
    "CREATE TABLE inspect_plan(no INTEGER PRIMARY KEY, number TEXT NOT NULL, title TEXT NOT NULL, status TEXT NOT NULL, count INTEGER NOT NULL,"
    " category TEXT NOT NULL, county TEXT NOT NULL, units TEXT NOT NULL, at INTEGER NOT NULL, published INTEGER NOT NULL,"
    " start INTEGER NOT NULL, finish INTEGER NOT NULL, year INTEGER NOT NULL, year_seq INTEGER NOT NULL) STRICT;"
    "CREATE INDEX inspect_plan_year ON inspect_plan(year, year_seq);";

static const Sql sql_put = {"inspect.plan", "isssisssiiiiii", "",
                            "INSERT INTO inspect_plan(no, number, title, status, count, category, county, units, at, published, start, finish,"
                            " year, year_seq) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14) ON CONFLICT(no) DO UPDATE SET"
                            " status = excluded.status, at = excluded.at, published = excluded.published"};

Code plan__project(Cx *cx, Db *views, const Event *e, const void *state, const void *env) {
  const SpotPlan *p = state;
  int64_t year, seq;
  Str units = S(",");
  (void)env;
  kit_year_parts(p->number, &year, &seq);
  for (size_t i = 0; i < p->unit_count; i++) units = arena_fmt(cx->mem, "%.*s%.*s,", SFMT(units), SFMT(p->units[i]));
  return db_run(cx, views, &sql_put,
                VALS(val_i(p->no), val_s(p->number), val_s(p->title), val_s(p->status), val_i(p->count), val_s(p->category), val_s(p->county),
                     val_s(units), val_i(e->happened), val_i(p->published_at), val_i(p->from.n), val_i(p->to.n), val_i(year), val_i(seq)));
}

/* ---- the engine ---------------------------------------------------------------------------------------------------------------- */

static const Sql sql_last = {"inspect.plan-last", "", "i", "SELECT max(no) FROM inspect_plan"};
static const Sql sql_year = {"inspect.plan-year", "i", "i", "SELECT max(year_seq) FROM inspect_plan WHERE year = ?1"};
static const Sql sql_draws = {"inspect.plan-draws", "i", "i", "SELECT count(*) FROM inspect_draw WHERE plan = ?1 AND status <> 'voided'"};

static Code plan_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)cmd;
  return kit_open(cx, views, "plan", &sql_last, stream);
}

static Code plan_facts(Cx *cx, Db *views, const Command *cmd, const void *state, const Json **facts) {
  Json *out = NULL;
  int64_t last = 0, seq = 0, draws = 0;
  const SpotPlan *p = state;
  TRY(kit_facts(cx, views, cmd, &out));
  if (!p) TRY(db_int(cx, views, &sql_last, NO_VALS, 0, &last));
  if (!p) TRY(db_int(cx, views, &sql_year, VALS(val_i(kit_year_of(cmd->now))), 0, &seq));
  if (p) TRY(db_int(cx, views, &sql_draws, VALS(val_i(p->no)), 0, &draws));
  json_put_int(cx->mem, out, S("no"), last + 1);
  json_put_int(cx->mem, out, S("year_seq"), seq);
  json_put_int(cx->mem, out, S("draws"), draws);
  *facts = out;
  return OK;
}

const Engine plan_engine_base = {.prefix = "plan",
                                 .fold = plan_fold,
                                 .commands = plan__commands,
                                 .command_count = PLAN_COMMANDS,
                                 .open = plan_open,
                                 .facts = plan_facts,
                                 .schema = plan__schema,
                                 .project = plan__project};
