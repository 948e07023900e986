/* SPDX-License-Identifier: Apache-2.0 */
/* joint.c: what the engines of the room share: words, the case they belong to, whose duty it is. */
#include "joint/joint_int.h"

#define WORD(s) {.ptr = s, .len = sizeof(s) - 1}
static const struct { Str text, label; } words[] = {
    {WORD("reviewing"), WORD("审查中")}, {WORD("reported"), WORD("待联合审查意见")}, {WORD("change"), WORD("待修改")},
    {WORD("passed"), WORD("审查合格")},  {WORD("failed"), WORD("审查不合格")},       {WORD("closed"), WORD("已撤回")},
    {WORD("signed"), WORD("已签订")},    {WORD("accepted"), WORD("待核查")},          {WORD("kept"), WORD("已履行")},
    {WORD("broken"), WORD("未履行")},    {WORD("not-due"), WORD("未到期")},          {WORD("draft"), WORD("待审核")},
    {WORD("published"), WORD("已公布")}, {WORD("rejected"), WORD("不予记录")},       {WORD("repaired"), WORD("已修复")},
    {WORD("pending"), WORD("审查中")},   {WORD("pass"), WORD("合格")},               {WORD("fail"), WORD("不合格")}};

Str joint_label(Str status) {
  for (size_t i = 0; i < COUNT(words); i++)
    if (str_eq(words[i].text, status)) return words[i].label;
  return status;
}

bool joint__is(Str status, const char *one) {
  Str rest = str_of(one), word;
  for (bool more = true; more;) {
    more = str_cut(rest, '|', &word, &rest);
    if (str_eq(word, status)) return true;
  }
  return false;
}

/* ---- disciplines ------------------------------------------------------------------------------------------ */

#define X(name, text, label, unit) {WORD(text), WORD(label), WORD(unit)},
static const struct { Str text, label, unit; } disciplines[DISCIPLINES] = {DISCIPLINE_LIST(X)};
#undef X

Str discipline_text(Discipline d) { return disciplines[d].text; }
Str discipline_label(Discipline d) { return disciplines[d].label; }
Str discipline_unit(Discipline d) { return disciplines[d].unit; }

bool discipline_parse(Str text, Discipline *out) {
  for (size_t i = 0; i < DISCIPLINES; i++)
    if (str_eq(disciplines[i].text, text)) {
      *out = (Discipline)i;
      return true;
    }
  return false;
}

/* ---- the case ---------------------------------------------------------------------------------------------- */

static const Sql sql_case = {"joint.case", "i", "sssssss",
                             "SELECT number, name, category, owner, uscc, applicant, status FROM project WHERE no = ?1"};
static const Sql sql_stages = {"joint.stages", "i", "is", "SELECT no, status FROM stage WHERE project = ?1"};
static const Sql sql_items = {"joint.items", "i", "isssss",
                              "SELECT i.stage, i.code, i.status, i.unit, i.name, coalesce(s.number, '') FROM item i LEFT JOIN item_share s"
                              " ON s.project = i.project AND s.stage = i.stage AND s.code = i.code WHERE i.project = ?1"};

static Code case_row(Cx *cx, Db *views, int64_t project, Json **out) {
  static const char *const names[] = {"number", "name", "category", "owner", "uscc", "applicant", "status"};
  SCOPED(rows_drop) Rows *r = NULL;
  *out = NULL;
  TRY(db_rows(cx, views, &sql_case, VALS(val_i(project)), &r));
  if (!rows_next(r)) return rows_end(cx, r);
  *out = json_obj(cx->mem);
  json_put_int(cx->mem, *out, S("no"), project);
  for (size_t i = 0; i < COUNT(names); i++) json_put_str(cx->mem, *out, str_of(names[i]), row_s(cx, r, (int)i));
  return OK;
}

static Code stage_rows(Cx *cx, Db *views, int64_t project, Json *out) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, &sql_stages, VALS(val_i(project)), &r));
  while (rows_next(r)) json_put_str(cx->mem, out, arena_fmt(cx->mem, "stage%lld", (long long)row_i(r, 0)), row_s(cx, r, 1));
  return rows_end(cx, r);
}

static Code item_rows(Cx *cx, Db *views, int64_t project, Json *out) {
  static const char *const names[] = {"status", "unit", "name", "share"};
  SCOPED(rows_drop) Rows *r = NULL;
  Json *items = json_put_obj(cx->mem, out, S("items"));
  TRY(db_rows(cx, views, &sql_items, VALS(val_i(project)), &r));
  while (rows_next(r)) {
    Json *o = json_put_obj(cx->mem, items, arena_fmt(cx->mem, "%lld/%.*s", (long long)row_i(r, 0), SFMT(row_s(cx, r, 1))));
    for (size_t i = 0; i < COUNT(names); i++) json_put_str(cx->mem, o, str_of(names[i]), row_s(cx, r, (int)i + 2));
  }
  return rows_end(cx, r);
}

Code joint__case(Cx *cx, Db *views, int64_t project, Json *out) {
  Json *o = NULL;
  if (project < 1) return OK;
  TRY(case_row(cx, views, project, &o));
  if (!o) return OK;
  TRY(stage_rows(cx, views, project, o));
  TRY(item_rows(cx, views, project, o));
  json_put(cx->mem, out, S("project"), o);
  return OK;
}

const Json *joint__item(const Ask *ask, int stage, Str code) {
  SCOPED(buf_drop) Buf b;
  buf_init(&b, 200);
  buf_i64(&b, stage);
  buf_add(&b, S("/"));
  buf_add(&b, code);
  return json_get(json_get(json_get(ask->facts, S("project")), S("items")), buf_str(&b));
}

Code joint__own(Cx *cx, const Ask *ask, Str field) {
  const Json *pr = json_get(ask->facts, S("project"));
  Str own = json_str(ask->facts, S("actor_uscc"));
  bool mine = pr && (str_eq(json_str(pr, S("applicant")), ask->cmd->actor.id) || (own.len && str_eq(own, json_str(pr, S("uscc")))));
  if (!mine) FAIL_AT(NOT_FOUND, field, S(""), "没有这个项目，或者它不是您单位的项目。");
  return OK;
}

Code joint__running(Cx *cx, const Ask *ask, Str field) {
  Str status = json_str(json_get(ask->facts, S("project")), S("status"));
  if (!str_eqz(status, "running")) FAIL_AT(CONFLICT, field, S(""), "项目已经%s，不能再办理。", str_eqz(status, "completed") ? "全部办结" : "终止");
  return OK;
}

bool joint__permitted(const Ask *ask) {
  const Policy *p = kit_policy(ask);
  for (size_t i = 0; i < p->item_count; i++) {
    const Item *item = &p->items[i];
    if (str_eqz(item->drawings, "permit") && str_eqz(json_str(joint__item(ask, item->stage, item->code), S("status")), "passed")) return true;
  }
  return joint__is(json_str(json_get(ask->facts, S("project")), S("stage3")), "certified|delivered");
}

/* ---- duties ------------------------------------------------------------------------------------------------ */

Code joint__lead(Cx *cx, const Ask *ask, int stage, bool head, const char *clause, const char *what) {
  Str lead = kit_policy(ask)->stages[stage].lead;
  const Unit *u = policy_unit(kit_policy(ask), lead);
  Str name = u ? u->name : lead;
  TRY(kit_now(cx, ask));
  if (!str_eq(ask->cmd->actor.unit, lead)) FAIL_AT(DENIED, S(""), str_of(clause), "%s由%.*s办理。", what, SFMT(name));
  if (head && !(ask->cmd->actor.roles & ROLE_UNIT_HEAD)) FAIL_AT(DENIED, S(""), str_of(clause), "%s要由%.*s负责人签发。", what, SFMT(name));
  return OK;
}

Code joint__signed(Cx *cx, const Ask *ask, const char *clause) {
  Str name = ask->cmd->actor.name;
  if (!str_eq(json_str(ask->cmd->args, S("signature")), name)) FAIL_AT(INVALID, S("signature"), str_of(clause), "请签上您自己的姓名：%.*s", SFMT(name));
  return OK;
}

Code joint__numbers(Cx *cx, Db *views, const Command *cmd, const void *state, const Sql *last, const Sql *year, Json *out) {
  int64_t n = 0, seq = 0;
  if (!state) TRY(db_int(cx, views, last, NO_VALS, 0, &n));
  if (!state) json_put_int(cx->mem, out, S("no"), n + 1);
  if (year) TRY(db_int(cx, views, year, VALS(val_i(kit_year_of(cmd->now))), 0, &seq));
  json_put_int(cx->mem, out, S("year_seq"), seq + 1);
  return OK;
}

/* ---- promises ------------------------------------------------------------------------------------------------ */

Code joint__barred(Cx *cx, Db *views, Str uscc, Json *out) {
  static const Sql q = {"joint.barred", "s", "ii",
                        "SELECT coalesce(sum(CASE WHEN promise > 0 AND status IN ('draft', 'published') THEN 1 ELSE 0 END), 0),"
                        " coalesce(sum(CASE WHEN kind = 'black' AND status = 'published' THEN 1 ELSE 0 END), 0)"
                        " FROM credit WHERE uscc = ?1 AND subject_kind = 'enterprise'"};
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, &q, VALS(val_s(uscc)), &r));
  if (!rows_next(r)) return rows_end(cx, r);
  json_put_int(cx->mem, out, S("barred"), row_i(r, 0));
  json_put_int(cx->mem, out, S("black"), row_i(r, 1));
  return OK;
}

Code joint__may_promise(Cx *cx, const Ask *ask, Str field) {
  if (json_int(ask->facts, S("barred"), 0))
    FAIL_AT(CONFLICT, field, S("D60-5.17.1"), "您单位有没有履行的承诺，信用修复以前不能再作出承诺；请按一般程序办理，或者申请信用修复。");
  if (json_int(ask->facts, S("black"), 0) && policy_bars(kit_policy(ask), S("promise")))
    FAIL_AT(CONFLICT, field, S("D60-5.17.1"), "您单位在黑名单上，移出以前不能作出承诺；请按一般程序办理，或者申请信用修复。");
  return OK;
}

Code joint__calendar(Cx *cx, Db *views, Json *out) {
  static const Sql q = {"joint.calendar", "", "i", "SELECT max(version) FROM calendar_version"};
  int64_t n = 0;
  TRY(db_int(cx, views, &q, NO_VALS, 0, &n));
  json_put_int(cx->mem, out, S("calendar"), n);
  return OK;
}

static const Policy *dated(Cx *cx, const Ask *ask) {
  const Policy *p = kit_policy(ask);
  int version = (int)json_int(ask->facts, S("calendar"), 0);
  return version && p->calendars ? policy_with_calendar(cx->mem, p, p->calendars, version) : p;
}

Code joint__due(Cx *cx, const Ask *ask, const char *clock, Day start, Day *due) {
  const Policy *p = dated(cx, ask);
  const ClockRule *r = policy_clock(p, str_of(clock));
  if (!r) FAIL(INVALID, "政策包的 clocks.yaml 没有写明“%s”这个期限，请先补上。", clock);
  *due = policy_clock_due(p, r, start, false);
  return OK;
}

Code joint__after(Cx *cx, const Ask *ask, int days, Day *due) {
  *due = calendar_add(dated(cx, ask)->calendar, day_of(ask->now), days);
  return OK;
}

bool joint__project_no(const Event *e, int64_t *no) {
  Str head, text;
  str_cut(e->stream, '/', &head, &text);
  return str_eqz(head, "project") && str_to_i64(text, no);
}

Code joint__files(Cx *cx, const Json *list, const char *what) {
  Hash ignored;
  for (const Json *f = list ? list->first : NULL; f; f = f->next)
    if (!hash_unhex(json_str(f, S("blob")), &ignored) || !json_str(f, S("name")).len)
      FAIL_AT(INVALID, S("files"), S(""), "%s要写明 blob（上传后得到的散列）和文件名", what);
  if (!list || !list->first) FAIL_AT(INVALID, S("files"), S(CLAUSE_REVIEW), "请选择%s", what);
  return OK;
}

const Engine *const joint_engines[JOINT_ENGINES] = {&agency_engine_base, &review_engine_base, &promise_engine_base, &credit_engine_base};
