/* SPDX-License-Identifier: Apache-2.0 */
/* acceptance.c: joint acceptance: who starts it, who fixes the day, who finds what, one list, one opinion. */
#include "finish/finish_int.h"
#include "org/staff.h"

#define CLAUSE "D60-2.8.2"
enum { TEXT_MIN = 4 };
static const Arg start_args[] = {
    {.name = "project", .label = "项目", .type = ARG_INT, .required = true, .min = 1, .max = INT32_MAX},
    {.name = "from", .label = "从哪天起可以勘验", .type = ARG_DAY, .required = true},
    {.name = "avoid", .label = "不便的日子", .type = ARG_LIST, .max = AVOID_MAX, .hint = "[\"2026-12-01\",…]"},
    {.name = "note", .label = "说明", .type = ARG_LONG, .max = 500}};
static const Arg schedule_args[] = {
    {.name = "day", .label = "勘验日期", .type = ARG_DAY, .required = true},
    {.name = "despite", .label = "不能全到仍定这天的理由", .type = ARG_LONG, .min = 4, .max = 500},
    {.name = "reason", .label = "改期的理由", .type = ARG_LONG, .min = 4, .max = 500}};
static const Arg note_args[] = {
    {.name = "part", .label = "专项", .type = ARG_CODE, .required = true},
    {.name = "kind", .label = "记什么", .type = ARG_CHOICE, .required = true, .choices = "issue|record"},
    {.name = "text", .label = "内容", .type = ARG_LONG, .required = true, .min = TEXT_MIN, .max = 1000},
    {.name = "place", .label = "位置", .type = ARG_TEXT, .max = 60}, FILES_ARG};
static const Arg report_args[] = {
    {.name = "part", .label = "专项", .type = ARG_CODE, .required = true},
    {.name = "result", .label = "结论", .type = ARG_CHOICE, .required = true, .choices = "pass|rectify"},
    {.name = "opinion", .label = "意见", .type = ARG_LONG, .required = true, .min = TEXT_MIN, .max = 1000},
    {.name = "signature", .label = "签名", .type = ARG_TEXT, .required = true},
    {.name = "open", .label = "仍未整改到位的", .type = ARG_LIST, .max = ACCEPT_POINTS_MAX, .hint = "[\"1\",…]，第二次勘验起；不写：都没有到位"}};
static const Arg rectify_args[] = {{.name = "point", .label = "第几条", .type = ARG_INT, .required = true, .min = 1, .max = ACCEPT_POINTS_MAX},
                                   {.name = "text", .label = "整改情况", .type = ARG_LONG, .required = true, .min = TEXT_MIN, .max = 1000}, FILES_ARG};
static const Arg withdraw_args[] = {KIT_REASON};
static const Arg conclude_args[] = {{.name = "opinion", .label = "联合验收意见", .type = ARG_LONG, .required = true, .min = 10, .max = 2000},
                                    {.name = "signature", .label = "签名", .type = ARG_TEXT, .required = true}};
static const Arg close_args[] = {{.name = "reason", .label = "理由", .type = ARG_TEXT, .required = true}};

static Code wrong_state(Cx *cx, const Acceptance *a, const char *cannot) {
  Str label = finish_label(a->status);
  FAIL_AT(CONFLICT, S(""), S(CLAUSE), "联合验收 %.*s 现在是“%.*s”，不能%s。", SFMT(a->number), SFMT(label), cannot);
}

static Code in_state(Cx *cx, const Acceptance *a, const char *status, const char *cannot) {
  return str_eqz(a->status, status) ? OK : wrong_state(cx, a, cannot);
}

static Str lead_of(Cx *cx, const Ask *ask) {
  return finish__policy(cx, ask)->stages[STAGE_FINISH].lead;
}

static Code by_lead(Cx *cx, const Ask *ask) {
  Str lead = lead_of(cx, ask), name = finish__unit(finish__policy(cx, ask), lead);
  TRY(kit_now(cx, ask));
  if (str_eq(ask->cmd->actor.unit, lead)) return OK;
  FAIL_AT(DENIED, S(""), S("D60-2.4.3-(4)"), "联合验收由第四阶段的牵头部门（%.*s）组织。", SFMT(name));
}

static Code signed_by(Cx *cx, const Ask *ask) {
  Str name = ask->cmd->actor.name;
  if (str_eq(json_str(ask->cmd->args, S("signature")), name)) return OK;
  FAIL_AT(INVALID, S("signature"), S("D60-4.15-p2"), "请签上您自己的姓名：%.*s（签字负责制）", SFMT(name));
}

/* ---- the owner starts -------------------------------------------------------------------------------------- */

static bool still_open(const Json *item) {
  Str status = json_str(item, S("status"));
  return !str_eqz(status, "passed") && !str_eqz(status, "refused") && !str_eqz(status, "withdrawn");
}

/* Those who go along: special parts that are still to be decided, and the connections that the project wants. */
static size_t parts_put(const Policy *p, const Json *items, Arena *m, Json *parts) {
  size_t special = 0;
  for (const Json *x = items ? items->first : NULL; x; x = x->next) {
    Str code = json_str(x, S("code"));
    const Item *item = policy_item(p, code);
    bool utility = item && str_eqz(item->kind, "市政公用接入"), mine = item && str_eqz(item->visit, "special");
    if (!still_open(x) || (!utility && !mine) || parts->count >= ACCEPT_PARTS_MAX) continue;
    Json *o = json_push_obj(m, parts);
    json_put_str(m, o, S("code"), code);
    json_put_str(m, o, S("name"), json_str(x, S("name")));
    json_put_str(m, o, S("unit"), json_str(x, S("unit")));
    if (utility) json_put_bool(m, o, S("utility"), true);
    special += mine;
  }
  return special;
}

static Code avoid_check(Cx *cx, const Json *avoid, Day today) {
  Day day;
  for (const Json *x = avoid ? avoid->first : NULL; x; x = x->next) {
    if (x->kind != JSON_STR || !day_parse(x->str, &day)) FAIL_AT(INVALID, S("avoid"), S(""), "不便的日子要写成 2026-12-01 这样的日期，一行一个");
    if (day.n < today.n) FAIL_AT(INVALID, S("avoid"), S(""), "%.*s已经过去，不便的日子只写今天和以后的", SFMT(day_cn(cx->mem, day)));
  }
  return OK;
}

/* A rest day is taken here: the wish is "from then on", and the first working day after it is the first on which it can be. */
static Code from_check(Cx *cx, const Ask *ask) {
  Day from = finish__day(ask->cmd->args, "from"), today = day_of(ask->now);
  Str why = calendar_refuses(cx->mem, finish__policy(cx, ask)->calendar, from, today);
  if (from.n < today.n) FAIL_AT(INVALID, S("from"), S(""), "可以勘验的日期不能早于今天：%.*s", SFMT(why));
  return OK;
}

static Code start_check(Cx *cx, const Ask *ask) {
  const Json *pr = json_get(ask->facts, S("project")), *stage = json_get(ask->facts, S("stage"));
  Str open = json_str(ask->facts, S("open")), status = json_str(stage, S("status"));
  TRY(kit_now(cx, ask));
  if (!pr) FAIL_AT(NOT_FOUND, S("project"), S(""), "没有这个项目。");
  TRY(kit_party(cx, ask, json_str(pr, S("applicant")), json_str(pr, S("uscc"))));
  if (!str_eqz(json_str(pr, S("status")), "running")) FAIL_AT(CONFLICT, S("project"), S(""), "项目已经办结或终止，不能提请联合验收。");
  if (open.len) FAIL_AT(CONFLICT, S("project"), S(CLAUSE), "这个项目的联合验收 %.*s 正在办理，不用再提请。", SFMT(open));
  if (!str_eqz(status, "running"))
    FAIL_AT(CONFLICT, S("project"), S(CLAUSE), "第四阶段受理并转给各部门以后才能提请联合验收；请先申报第四阶段，或者等窗口转给各部门。");
  TRY(from_check(cx, ask));
  return avoid_check(cx, json_get(ask->cmd->args, S("avoid")), day_of(ask->now));
}

/* What the case is told (approval/beside.h): the items that are decided here, with the one that is the opinion itself. */
static void tied_put(const Policy *p, const Json *items, Arena *m, Str number, Json *body) {
  Json *tied = json_put_arr(m, body, S("tied"));
  json_put_int(m, body, S("stage"), STAGE_FINISH);
  json_put_str(m, body, S("by"), arena_fmt(m, "联合验收 %.*s", SFMT(number)));
  for (const Json *x = json_get(body, S("parts"))->first; x; x = x->next)
    if (!json_bool(x, S("utility"))) json_push_str(m, tied, json_str(x, S("code")));
  for (const Json *x = items->first; x; x = x->next) {
    const Item *item = policy_item(p, json_str(x, S("code")));
    if (!item || !str_eqz(item->visit, "opinion") || !still_open(x)) continue;
    json_push_str(m, tied, item->code);
    json_put_str(m, body, S("opinion_item"), item->code);
  }
}

static Code decide_start(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"project", "from", "avoid", "note", NULL};
  static const char *const copied[] = {"number", "name", "uscc", "owner", "applicant", "county"};
  static const char *const as[] = {"project_number", "project_name", "uscc", "owner", "applicant", "county"};
  Arena *m = decision_mem(d);
  const Policy *p = finish__policy(cx, ask);
  TRY(start_check(cx, ask));
  const Json *pr = json_get(ask->facts, S("project")), *stage = json_get(ask->facts, S("stage"));
  Json *body = kit_body(d, ask, names), *parts = json_put_arr(m, body, S("parts"));
  if (!parts_put(p, json_get(ask->facts, S("items")), m, parts))
    FAIL_AT(CONFLICT, S("project"), S(CLAUSE), "这个项目的第四阶段没有要联合验收的专项（或者都已办完），不用提请。");
  int64_t no = json_int(ask->facts, S("no"), 0), limit = json_int(stage, S("days"), 0);
  Day accepted = {(int32_t)json_int(stage, S("accepted"), 0)};
  Str number = kit_year(m, "LHYS", ask->now, json_int(ask->facts, S("year_seq"), 0) + 1);
  json_put_int(m, body, S("no"), no);
  json_put_str(m, body, S("number"), number);
  for (size_t i = 0; i < COUNT(copied); i++) json_put_str(m, body, str_of(as[i]), json_str(pr, str_of(copied[i])));
  tied_put(p, json_get(ask->facts, S("items")), m, number, body);
  json_put_str(m, body, S("accepted"), day_str(m, accepted));
  json_put_int(m, body, S("limit"), limit);
  json_put_str(m, body, S("deadline"), day_str(m, calendar_add(p->calendar, accepted, (int)limit)));
  decision_emit(d, "acceptance.started", 1, body);
  kit_answer(d, "number", number, no);
  return OK;
}

/* ---- the lead fixes the day ----------------------------------------------------------------------------------- */

Day acceptance__first(const Policy *p, const Acceptance *a, int64_t now) {
  Day first = calendar_add(p->calendar, day_of(now), p->visit_notice);
  return a->from.n > first.n ? calendar_next_work(p->calendar, a->from) : first;
}

static Code day_check(Cx *cx, const Ask *ask, const Acceptance *a) {
  const Policy *p = finish__policy(cx, ask);
  VisitPlan plan = visit__plan(cx->mem, p, ask->facts);
  Day day = finish__day(ask->cmd->args, "day");
  plan.avoid = a->avoid;
  plan.avoid_count = a->avoid_count;
  plan.first = acceptance__first(p, a, ask->now);
  Str why = S(""), notice;
  if (!calendar_is_work(p->calendar, day))
    why = arena_fmt(cx->mem, "%.*s不是工作日（%.*s），请另选一天", SFMT(day_cn(cx->mem, day)), SFMT(calendar_reason(p->calendar, day, &notice)));
  if (!why.len && day.n < plan.first.n)
    why = arena_fmt(cx->mem, "要提前 %d 个工作日通知，并且不早于建设单位准备好的日子：最早 %.*s", p->visit_notice, SFMT(day_cn(cx->mem, plan.first)));
  if (why.len) FAIL_AT(INVALID, S("day"), S(CLAUSE), "%.*s", SFMT(why));
  VisitDay one = visit_day(cx->mem, p->calendar, &plan, day);
  if (one.fits || json_str(ask->cmd->args, S("despite")).len) return OK;
  for (size_t i = 0; i < one.why_count; i++) why = arena_fmt(cx->mem, "%.*s%s%.*s", SFMT(why), i ? "；" : "", SFMT(one.why[i]));
  FAIL_AT(CONFLICT, S("day"), S(CLAUSE), "这天不能全到：%.*s。请选推荐的日期；确需定在这天的，写明理由。", SFMT(why));
}

static Code decide_schedule(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"day", "despite", "reason", NULL};
  const Acceptance *a = ask->state;
  bool again = str_eqz(a->status, "scheduled");
  TRY(by_lead(cx, ask));
  if (!finish__policy(cx, ask)->visit_notice) FAIL(INVALID, "政策包没有写明联合勘验的通知期限（visit_notice），请先补上。");
  if (!again && !str_eqz(a->status, "started")) return wrong_state(cx, a, "安排勘验日期");
  for (size_t i = 0; i < a->part_count; i++)
    if (a->parts[i].due && a->parts[i].result.len) FAIL_AT(CONFLICT, S("day"), S(CLAUSE), "%.*s已经签字，不能改期。", SFMT(a->parts[i].name));
  if (again && !json_str(ask->cmd->args, S("reason")).len)
    FAIL_AT(INVALID, S("reason"), S(CLAUSE), "已定在 %.*s；改期要写明理由，各单位都会看到。", SFMT(day_cn(cx->mem, a->day)));
  if (again && a->day.n == finish__day(ask->cmd->args, "day").n) FAIL_AT(CONFLICT, S("day"), S(""), "现在就定在这一天。");
  TRY(day_check(cx, ask, a));
  decision_emit(d, "acceptance.scheduled", 1, kit_body(d, ask, names));
  return OK;
}

/* ---- on the spot ------------------------------------------------------------------------------------------------ */

static Code part_of(Cx *cx, const Ask *ask, const AcceptPart **out) {
  const Acceptance *a = ask->state;
  const AcceptPart *p = acceptance_part(a, json_str(ask->cmd->args, S("part")));
  TRY(kit_now(cx, ask));
  if (!p) FAIL_AT(NOT_FOUND, S("part"), S(CLAUSE), "这次联合验收没有这个专项。");
  Str unit = finish__unit(finish__policy(cx, ask), p->unit);
  if (!str_eq(p->unit, ask->cmd->actor.unit)) FAIL_AT(DENIED, S("part"), S(CLAUSE), "“%.*s”由%.*s勘验。", SFMT(p->name), SFMT(unit));
  TRY(in_state(cx, a, "scheduled", "登记现场情况"));
  if (!p->due) FAIL_AT(CONFLICT, S("part"), S(CLAUSE), "“%.*s”在第 %d 次勘验已经合格，结论保留，不再勘验。", SFMT(p->name), p->passed);
  if (p->result.len) FAIL_AT(CONFLICT, S("part"), S(CLAUSE), "“%.*s”已由%.*s签字，不能再改。", SFMT(p->name), SFMT(p->by));
  if (day_of(ask->now).n < a->day.n) FAIL_AT(CONFLICT, S("part"), S(CLAUSE), "勘验定在 %.*s，到那天才能登记。", SFMT(day_cn(cx->mem, a->day)));
  *out = p;
  return OK;
}

static Code decide_note(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"part", "kind", "text", "place", "files", NULL};
  const Acceptance *a = ask->state;
  const AcceptPart *p = NULL;
  TRY(part_of(cx, ask, &p));
  TRY(finish__files_check(cx, json_get(ask->cmd->args, S("files"))));
  if (a->round > 1 && str_eqz(json_str(ask->cmd->args, S("kind")), "issue"))
    FAIL_AT(CONFLICT, S("kind"), S(CLAUSE), "第 %d 次勘验只复查整改清单上的问题，不能提新的问题；第一次就应当一次提全。", a->round);
  if (a->point_count >= ACCEPT_POINTS_MAX) FAIL(LIMIT, "一次联合验收最多登记 %d 条", ACCEPT_POINTS_MAX);
  Json *body = kit_body(d, ask, names);
  json_put_int(decision_mem(d), body, S("no"), (int64_t)a->point_count + 1);
  decision_emit(d, "acceptance.noted", 1, body);
  kit_answer(d, "part", p->code, (int64_t)a->point_count + 1);
  return OK;
}

static bool mine_open(const Acceptance *a, const AcceptPart *p, int64_t no) {
  for (size_t i = 0; i < a->point_count; i++)
    if (a->points[i].no == no) return str_eq(a->points[i].part, p->code) && point_open(&a->points[i]);
  return false;
}

/* What is found in order now: all of the part but those that remain. */
static Code closed_put(Cx *cx, const Ask *ask, const AcceptPart *p, bool pass, Json *closed, Arena *m) {
  const Acceptance *a = ask->state;
  const Json *open = json_get(ask->cmd->args, S("open"));
  for (const Json *x = open ? open->first : NULL; x; x = x->next) {
    int64_t no = 0;
    if (x->kind != JSON_STR || !str_to_i64(x->str, &no) || !mine_open(a, p, no))
      FAIL_AT(INVALID, S("open"), S(""), "仍未整改到位的，要写整改清单上本专项的序号");
    if (pass) FAIL_AT(INVALID, S("open"), S(CLAUSE), "还有没有整改到位的问题，不能写合格");
  }
  bool none = pass || (open && open->first);
  for (size_t i = 0; none && i < a->point_count; i++) {
    const VisitPoint *q = &a->points[i];
    bool remains = false;
    for (const Json *x = open ? open->first : NULL; x; x = x->next) remains |= str_eq(x->str, arena_fmt(cx->mem, "%d", q->no));
    if (point_open(q) && str_eq(q->part, p->code) && !remains) json_push_str(m, closed, arena_fmt(m, "%d", q->no));
  }
  return OK;
}

static Json *of_case(Decision *d, const Acceptance *a, Json *body) {
  Arena *m = decision_mem(d);
  json_put_int(m, body, S("project"), a->project);
  json_put_int(m, body, S("stage"), STAGE_FINISH);
  json_put_str(m, body, S("by"), arena_fmt(m, "联合验收 %.*s", SFMT(a->number)));
  return body;
}

/* Is `p` the last to sign in this round, and is it for the owner to put something right? The case reads of it in "turn". */
static bool turns(const Acceptance *a, const AcceptPart *p, bool pass) {
  bool rectify = !pass;
  for (size_t i = 0; i < a->part_count; i++) {
    const AcceptPart *q = &a->parts[i];
    if (!q->due || q == p) continue;
    if (!q->result.len) return false;
    rectify |= str_eqz(q->result, "rectify");
  }
  return rectify;
}

static Code decide_report(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"part", "result", "opinion", "signature", NULL};
  const Acceptance *a = ask->state;
  const AcceptPart *p = NULL;
  Arena *m = decision_mem(d);
  bool pass = str_eqz(json_str(ask->cmd->args, S("result")), "pass");
  TRY(part_of(cx, ask, &p));
  TRY(signed_by(cx, ask));
  if (!(ask->cmd->actor.roles & ROLE_UNIT_HEAD)) /* who gives the authorisations; for others as at an item that is decided by itself */
    TRY(authority_check(cx, ask, finish__policy(cx, ask), p->name));
  size_t open = acceptance_open(a, p->code);
  if (pass && open && a->round == 1)
    FAIL_AT(CONFLICT, S("result"), S(CLAUSE), "“%.*s”登记了 %zu 个问题，不能写合格；结论应为整改。", SFMT(p->name), open);
  if (!pass && !open) FAIL_AT(INVALID, S("result"), S(CLAUSE), "要整改的，先把问题逐条登记下来，建设单位才知道整改什么。");
  Json *body = kit_body(d, ask, names), *closed = json_put_arr(m, body, S("closed"));
  TRY(closed_put(cx, ask, p, pass, closed, m));
  json_put_int(m, body, S("round"), a->round);
  if (turns(a, p, pass)) of_case(d, a, json_put_obj(m, body, S("turn")));
  decision_emit(d, "acceptance.reported", 1, body);
  return OK;
}

/* ---- the owner rectifies ------------------------------------------------------------------------------------------ */

static Code decide_rectify(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"point", "text", "files", NULL};
  const Acceptance *a = ask->state;
  int64_t no = json_int(ask->cmd->args, S("point"), 0);
  TRY(kit_now(cx, ask));
  TRY(kit_party(cx, ask, a->applicant, a->uscc));
  TRY(in_state(cx, a, "rectify", "登记整改"));
  TRY(finish__files_check(cx, json_get(ask->cmd->args, S("files"))));
  const VisitPoint *p = no <= (int64_t)a->point_count ? &a->points[no - 1] : NULL;
  if (!p || !point_open(p)) FAIL_AT(NOT_FOUND, S("point"), S(""), "整改清单上没有第 %lld 条，或者它已经合格。", (long long)no);
  decision_emit(d, "acceptance.rectified", 1, kit_body(d, ask, names));
  return OK;
}

static Code decide_recheck(Cx *cx, const Ask *ask, Decision *d) {
  const Acceptance *a = ask->state;
  Json *body = json_obj(decision_mem(d));
  TRY(kit_now(cx, ask));
  TRY(kit_party(cx, ask, a->applicant, a->uscc));
  TRY(in_state(cx, a, "rectify", "提请复查"));
  for (size_t i = 0; i < a->point_count; i++)
    if (point_open(&a->points[i]) && !a->points[i].answered_at)
      FAIL_AT(CONFLICT, S("point"), S(CLAUSE), "整改清单第 %d 条还没有写整改情况；全部写好以后再提请复查。", a->points[i].no);
  json_put_int(decision_mem(d), body, S("round"), a->round + 1);
  of_case(d, a, json_put_obj(decision_mem(d), body, S("turn")));
  decision_emit(d, "acceptance.rechecked", 1, body);
  return OK;
}

static Code decide_withdraw(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"reason", NULL};
  const Acceptance *a = ask->state;
  TRY(kit_now(cx, ask));
  TRY(kit_party(cx, ask, a->applicant, a->uscc));
  if (acceptance_over(a)) return wrong_state(cx, a, "撤回");
  decision_emit(d, "acceptance.withdrawn", 1, of_case(d, a, kit_body(d, ask, names)));
  return OK;
}

/* ---- one opinion ---------------------------------------------------------------------------------------------------- */

static void settled_put(Arena *m, Json *list, Str code, Str opinion, Str signature) {
  Json *o = json_push_obj(m, list);
  json_put_str(m, o, S("code"), code);
  json_put_str(m, o, S("opinion"), opinion);
  json_put_str(m, o, S("signature"), signature);
}

static Code decide_conclude(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"opinion", "signature", NULL};
  const Acceptance *a = ask->state;
  Arena *m = decision_mem(d);
  TRY(by_lead(cx, ask));
  if (str_eqz(a->status, "rectify"))
    FAIL_AT(CONFLICT, S(""), S(CLAUSE), "整改清单上还有 %zu 个问题，全部专项合格以后才能出意见。", acceptance_open(a, S("")));
  TRY(in_state(cx, a, "ready", "出联合验收意见"));
  const Json *held = json_get(ask->facts, S("held"));
  if (held)
    FAIL_AT(CONFLICT, S("opinion"), S("D59-2.2-p1"), "暂不办理，幼儿园整改未到位：台账 %.*s（%.*s）整改到位、销号并经确认以后才能出意见。", SFMT(json_str(held, S("number"))),
            SFMT(json_str(held, S("name"))));
  TRY(signed_by(cx, ask));
  Json *body = of_case(d, a, kit_body(d, ask, names)), *settled = json_put_arr(m, body, S("settled"));
  Str number = kit_year(m, "LHYJ", ask->now, json_int(ask->facts, S("opinion_seq"), 0) + 1);
  json_put_str(m, body, S("number"), number);
  for (size_t i = 0; i < a->part_count; i++)
    if (!a->parts[i].utility) settled_put(m, settled, a->parts[i].code, a->parts[i].opinion, a->parts[i].by);
  if (a->opinion_item.len) settled_put(m, settled, a->opinion_item, json_str(body, S("opinion")), ask->cmd->actor.name);
  decision_emit(d, "acceptance.concluded", 1, body);
  kit_answer(d, "number", number, a->no);
  return OK;
}

/* ---- what follows the case ------------------------------------------------------------------------------ */

static Code decide_close(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"reason", NULL};
  const Acceptance *a = ask->state;
  if (acceptance_over(a)) return wrong_state(cx, a, "再结束");
  decision_emit(d, "acceptance.withdrawn", 1, of_case(d, a, kit_body(d, ask, names)));
  return OK;
}

#define ROW(n, l, h, who, fn, list) {.name = n, .label = l, .help = h, .allow = (who), .decide = fn, WITH(list)}
#define BARE(n, l, h, who, fn) {.name = n, .label = l, .help = h, .allow = (who), .decide = fn}
const CommandDecl acceptance__commands[ACCEPTANCE_COMMANDS] = {
    {.name = "acceptance.start", .label = "提请联合验收", .help = "第四阶段转给各部门以后，建设单位提请联合验收；各专项和公用企业当天同时得到任务。",
     .allow = PARTY_ROLES, .creates = true, .decide = decide_start, WITH(start_args)},
    ROW("acceptance.schedule", "安排勘验", "牵头部门定一天，全部专项一起去；不能全到的要写明理由。", PERSON, decide_schedule, schedule_args),
    ROW("acceptance.note", "现场登记", "在现场登记一个问题或一条记录，可以附照片。", PERSON, decide_note, note_args),
    ROW("acceptance.report", "签署专项结论", "一个专项签字：合格，或者整改。", PERSON, decide_report, report_args),
    ROW("acceptance.rectify", "登记整改", "建设单位逐条写明整改情况，可以附照片。", PARTY_ROLES, decide_rectify, rectify_args),
    BARE("acceptance.recheck", "提请复查", "全部整改以后提请第二次勘验，只复查没有合格的专项。", PARTY_ROLES, decide_recheck),
    ROW("acceptance.withdraw", "撤回联合验收", "建设单位写明理由撤回。", PARTY_ROLES, decide_withdraw, withdraw_args),
    ROW("acceptance.conclude", "出联合验收意见", "全部专项合格以后，牵头部门负责人出一份意见；第四阶段的各专项随之通过。", ROLE_UNIT_HEAD, decide_conclude, conclude_args),
    ROW("acceptance.close", "随阶段结束", "第四阶段撤回或者不予许可时由系统结束。", ROLE_SYSTEM, decide_close, close_args),
};
