/* SPDX-License-Identifier: Apache-2.0 */
/* region.c: regions and their assessments 区域评估: who registers them, from when to when they are shared, what is refused. */
#include "early/early_int.h"

#define CLAUSE "D60-2.9.1"
enum { REQUIREMENTS_LEAST = 10, YEARS_MAX = 10, DRAWN_BYTES = 900000 }; /* all of them are one layer of the map, of at most 1 MB */
static const Arg add_args[] = {
    {.name = "name", .label = "区域名称", .type = ARG_TEXT, .required = true, .min = 2, .max = 60},
    {.name = "kind", .label = "区域种类", .type = ARG_CHOICE, .required = true, .choices = "zone|park|cluster|new-area|other"},
    {.name = "county", .label = "所在县（市）区", .type = ARG_CODE, .required = true},
    {.name = "boundary", .label = "四至范围", .type = ARG_LONG, .required = true, .min = 4, .max = 500, .hint = "东、南、西、北各到哪里"},
    {.name = "body", .label = "管理机构", .type = ARG_TEXT, .required = true, .min = 2, .max = 120}};
static const Arg assess_args[] = {
    {.name = "kind", .label = "评估事项", .type = ARG_CHOICE, .required = true, .choices = "mineral|environment|energy|geology|seismic|water"},
    {.name = "body", .label = "组织编制单位", .type = ARG_TEXT, .required = true, .min = 2, .max = 120},
    {.name = "doc", .label = "评审或批复文件", .type = ARG_TEXT, .required = true, .min = 4, .max = 120},
    {.name = "since", .label = "有效期起", .type = ARG_DAY, .required = true},
    {.name = "until", .label = "有效期至", .type = ARG_DAY, .required = true},
    {.name = "requirements", .label = "建设要求", .type = ARG_LONG, .required = true, .min = REQUIREMENTS_LEAST, .max = 2000, .hint = "区域内的项目要遵守什么；供地以前告知建设单位"},
    {.name = "files", .label = "成果文件", .type = ARG_LIST, .required = true, .min = 1, .max = 1, .hint = "[{\"blob\",\"name\",\"size\"}]"}};
static const Arg draw_args[] = {
    {.name = "shape", .label = "范围", .type = ARG_LONG, .required = true, .max = REGION_BYTES, .hint = "GeoJSON 的面，或者界址点坐标，一行一点；CGCS2000"},
    {.name = "basis", .label = "批准文件", .type = ARG_TEXT, .required = true, .min = 4, .max = 120},
    {.name = "sample", .label = "示例数据", .type = ARG_BOOL, .hint = "不是真实范围，只供演示"}};
static const Arg stop_args[] = {{.name = "no", .label = "第几项", .type = ARG_INT, .required = true, .min = 1, .max = ASSESSMENTS_MAX},
                                {.name = "reason", .label = "理由", .type = ARG_LONG, .required = true, .min = REASON_LEAST, .max = 1000}};

static Code by_lead(Cx *cx, const Ask *ask, bool head, const char *what) {
  const Policy *p = kit_policy(ask);
  const Unit *u = policy_unit(p, p->stages[1].lead);
  Str name = u ? u->name : p->stages[1].lead;
  TRY(kit_now(cx, ask));
  if (!str_eq(ask->cmd->actor.unit, p->stages[1].lead)) FAIL_AT(DENIED, S(""), S(CLAUSE), "%s由%.*s办理（区域评估的牵头部门）。", what, SFMT(name));
  if (head && !(ask->cmd->actor.roles & ROLE_UNIT_HEAD)) FAIL_AT(DENIED, S(""), S(CLAUSE), "%s要由%.*s负责人签发。", what, SFMT(name));
  return OK;
}

static Code decide_add(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"name", "kind", "county", "boundary", "body", NULL};
  const Unit *county = policy_unit(kit_policy(ask), json_str(ask->cmd->args, S("county")));
  Str other = json_str(ask->facts, S("same_name"));
  int64_t no = json_int(ask->facts, S("no"), 0);
  TRY(by_lead(cx, ask, false, "区域登记"));
  if (!county || (!str_eqz(county->kind, "county") && !str_eqz(county->kind, "zone")))
    FAIL_AT(INVALID, S("county"), S(""), "所在地要选择县（市）区或开发区");
  if (other.len) FAIL_AT(CONFLICT, S("name"), S(CLAUSE), "已经登记过同名的区域（%.*s），请在那里登记评估。", SFMT(other));
  Json *body = kit_body(d, ask, names);
  Str number = arena_fmt(decision_mem(d), "QY-%06lld", (long long)no);
  json_put_int(decision_mem(d), body, S("no"), no);
  json_put_str(decision_mem(d), body, S("number"), number);
  decision_emit(d, "region.added", 1, body);
  kit_answer(d, "number", number, no);
  return OK;
}

static Code day_of_arg(const Json *args, const char *key, Day *out) {
  return day_parse(json_str(args, str_of(key)), out) ? OK : INVALID;
}

/* Two of one kind may follow each other or overlap: the one that holds longest is shared. */
static Code days_check(Cx *cx, const Ask *ask) {
  Day since = {0}, until = {0};
  (void)day_of_arg(ask->cmd->args, "since", &since);
  (void)day_of_arg(ask->cmd->args, "until", &until);
  if (until.n < since.n) FAIL_AT(INVALID, S("until"), S(CLAUSE), "有效期至不能早于有效期起");
  if (until.n < day_of(ask->now).n) FAIL_AT(INVALID, S("until"), S(CLAUSE), "有效期已过，不能再共享；请登记仍有效的成果");
  if (until.n - since.n > YEARS_MAX * 366) FAIL_AT(INVALID, S("until"), S(CLAUSE), "有效期最长 %d 年，请核对日期", YEARS_MAX);
  return OK;
}

static Code file_check(Cx *cx, const Json *list) {
  Hash ignored;
  for (const Json *f = list ? list->first : NULL; f; f = f->next)
    if (!hash_unhex(json_str(f, S("blob")), &ignored) || !json_str(f, S("name")).len)
      FAIL_AT(INVALID, S("files"), S(""), "成果文件要写明 blob（上传后得到的散列）和文件名");
  if (!list || !list->first) FAIL_AT(INVALID, S("files"), S(CLAUSE), "请选择成果文件：共享的是这一份，没有它不能共享");
  return OK;
}

static Code decide_assess(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"kind", "body", "doc", "since", "until", "requirements", "files", NULL};
  const Region *r = ask->state;
  Arena *m = decision_mem(d);
  TRY(by_lead(cx, ask, false, "区域评估登记"));
  TRY(days_check(cx, ask));
  TRY(file_check(cx, json_get(ask->cmd->args, S("files"))));
  if (r->count >= ASSESSMENTS_MAX) FAIL(LIMIT, "一个区域最多登记 %d 项评估", ASSESSMENTS_MAX);
  Json *body = kit_body(d, ask, names);
  Str number = kit_year(m, "QYPG", ask->now, json_int(ask->facts, S("year_seq"), 0) + 1);
  json_put_int(m, body, S("no"), (int64_t)r->count + 1);
  json_put_str(m, body, S("number"), number);
  decision_emit(d, "region.assessed", 1, body);
  kit_answer(d, "number", number, (int64_t)r->count + 1);
  return OK;
}

static GeoLimits draw_limits(const Policy *p) {
  enum { HUNDREDTH = GEO_UNIT / 100 };
  const Blueprint *b = &p->blueprint;
  return (GeoLimits){.bytes = REGION_BYTES, .points = REGION_POINTS,
                     .bounds = {(int64_t)b->west * HUNDREDTH, (int64_t)b->south * HUNDREDTH, (int64_t)b->east * HUNDREDTH, (int64_t)b->north * HUNDREDTH}};
}

/* The boundary in force is replaced whole: what was submitted keeps what it had, and each drawing stays in the journal. */
static Code decide_draw(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"basis", "sample", NULL};
  const Region *r = ask->state;
  Arena *m = decision_mem(d);
  GeoLimits limits = draw_limits(kit_policy(ask));
  Geo *g = NULL;
  TRY(by_lead(cx, ask, false, "画区域范围"));
  if (r->drawing_count >= DRAWINGS_MAX) FAIL(LIMIT, "一个区域的范围最多画 %d 次", DRAWINGS_MAX);
  TRY(geo_read(cx, json_str(ask->cmd->args, S("shape")), S("shape"), &limits, &g));
  Str shape = geo_text(m, g);
  if (json_int(ask->facts, S("drawn_bytes"), 0) + (int64_t)shape.len > DRAWN_BYTES)
    FAIL_AT(LIMIT, S("shape"), S(CLAUSE), "全市各区域的范围合起来超过 %d KB，请先减少点数再画。", DRAWN_BYTES / 1000);
  if (str_eq(shape, r->shape)) FAIL_AT(CONFLICT, S("shape"), S(CLAUSE), "这个范围和现在的完全一样，没有改动。");
  Json *body = kit_body(d, ask, names);
  json_put_int(m, body, S("region"), r->no);
  json_put_int(m, body, S("no"), (int64_t)r->drawing_count + 1);
  json_put_str(m, body, S("shape"), shape);
  json_put_int(m, body, S("area"), g->area.v);
  json_put_int(m, body, S("points"), (int64_t)g->points);
  decision_emit(d, "region.drawn", 1, body);
  kit_answer(d, "region", r->number, r->no);
  return OK;
}

static Code decide_stop(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"no", "reason", NULL};
  const Region *r = ask->state;
  int64_t no = json_int(ask->cmd->args, S("no"), 0);
  TRY(by_lead(cx, ask, true, "停止共享"));
  if (no > (int64_t)r->count) FAIL_AT(NOT_FOUND, S("no"), S(CLAUSE), "这个区域没有第 %lld 项评估。", (long long)no);
  const Assessment *a = &r->list[no - 1];
  if (a->stopped_at) FAIL_AT(CONFLICT, S("no"), S(CLAUSE), "%.*s已经停止共享。", SFMT(a->number));
  decision_emit(d, "region.stopped", 1, kit_body(d, ask, names));
  return OK;
}

#define STAFF (ROLE_APPROVER | ROLE_UNIT_HEAD)
#define ROW(n, l, h, who, fn, list) {.name = n, .label = l, .help = h, .allow = (who), .decide = fn, WITH(list)}
const CommandDecl region__commands[REGION_COMMANDS] = {
    {.name = "region.add", .label = "登记区域", .help = "登记开发区、工业园区等推行区域评估的区域。", .allow = STAFF, .creates = true, .decide = decide_add,
     WITH(add_args)},
    ROW("region.assess", "登记区域评估", "登记一项区域评估成果和有效期；有效期内区域里的项目共享，不用单独编报。", STAFF, decide_assess, assess_args),
    ROW("region.draw", "画区域范围", "画出区域的范围，或者换一个范围；用地全部在范围内的项目共享这个区域的成果。", STAFF, decide_draw, draw_args),
    ROW("region.stop", "停止共享", "有效期内成果不再适用的，负责人写明理由，停止共享；已经提交的不受影响。", ROLE_UNIT_HEAD, decide_stop, stop_args)};
