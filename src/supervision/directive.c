/* SPDX-License-Identifier: Apache-2.0 */
/* directive.c: orders 督办单: to whom, until when, and who may do what with them. */
#include "supervision/supervision_int.h"

#define CLAUSE "D60-6.21.2"
enum { REASON_LEAST = 4, DAYS_MAX = 60 };
#define WHY {.name = "reason", .label = "理由", .type = ARG_LONG, .required = true, .min = REASON_LEAST, .max = 1000}

static const Arg issue_args[] = {{.name = "found", .label = "超期的时钟", .type = ARG_OBJECT, .required = true}};
static const Arg send_args[] = {
    {.name = "unit", .label = "督办哪个单位", .type = ARG_CODE, .required = true},
    {.name = "subject", .label = "事由", .type = ARG_TEXT, .required = true, .min = 4, .max = 200},
    {.name = "demand", .label = "要求", .type = ARG_LONG, .required = true, .min = 4, .max = 2000},
    {.name = "days", .label = "几个工作日内回复", .type = ARG_INT, .min = 1, .max = DAYS_MAX},
    {.name = "reply_on", .label = "哪天前回复", .type = ARG_DAY, .hint = "一个工作日；写了它就不写几个工作日"},
    {.name = "milestone", .label = "阶段性目标", .type = ARG_CODE, .hint = "政策包 supervision.yaml 里的代码"},
    {.name = "project", .label = "项目", .type = ARG_INT, .min = 1, .max = INT32_MAX},
    {.name = "stage", .label = "阶段", .type = ARG_INT, .min = 1, .max = STAGE_MAX},
    {.name = "item", .label = "事项", .type = ARG_CODE, .hint = "针对一个事项时，和项目、阶段一起填写"},
    {.name = "rating", .label = "哪个阶段的差评", .type = ARG_INT, .min = 1, .max = STAGE_MAX, .hint = "针对一件差评时，和项目一起填写"},
    {.name = "again", .label = "为什么另发一份", .type = ARG_LONG, .min = REASON_LEAST, .max = 500, .hint = "这个事项已有没办结的督办单时必填"}};
static const Arg note_args[] = {{.name = "text", .label = "办理情况", .type = ARG_LONG, .required = true, .min = 4, .max = 2000}};
static const Arg reply_args[] = {
    {.name = "reply", .label = "回复", .type = ARG_LONG, .required = true, .min = 4, .max = 2000, .hint = "超期的原因、已采取的措施"},
    {.name = "promised", .label = "哪天办结", .type = ARG_DAY, .required = true}};
static const Arg why_args[] = {WHY};
static const Arg raise_args[] = {{.name = "level", .label = "层级", .type = ARG_CODE, .required = true}};

/* ---- the recipient of a rung ------------------------------------------------------------------------------ */

static const Rung *rung_of(const Policy *p, Str code) {
  for (size_t i = 0; i < p->rung_count; i++)
    if (str_eq(p->ladder[i].code, code)) return &p->ladder[i];
  return NULL;
}

/* Has the rung anybody? Whom, into *to. People are facts: {"handler":account, "section":n, "department":n, "leaders":[…]}. */
static bool rung_filled(Arena *m, const Policy *p, const Json *facts, Str unit, Str handler, const Rung *r, Json *to) {
  const Unit *u = policy_unit(p, unit), *bureau = policy_unit(p, p->supervisor_unit);
  Str name = u ? u->name : unit, account = S("");
  bool there = true;
  if (str_eqz(r->code, "handler")) {
    account = json_str(facts, S("handler"));
    there = handler.len && account.len;
    name = handler;
  } else if (str_eqz(r->code, "section")) {
    there = json_int(facts, S("section"), 0) > 0;
    name = arena_fmt(m, "%.*s承办科室", SFMT(name));
  } else if (str_eqz(r->code, "department")) {
    there = json_int(facts, S("department"), 0) > 0;
    name = arena_fmt(m, "%.*s负责人", SFMT(name));
  } else if (str_eqz(r->code, "bureau")) {
    unit = p->supervisor_unit;
    name = bureau ? bureau->name : unit;
  } else {
    const Json *leaders = json_get(facts, S("leaders"));
    there = leaders && leaders->first;
    name = there ? json_str(leaders->first, S("name")) : S("");
    account = there ? json_str(leaders->first, S("account")) : S("");
    unit = S("");
  }
  if (!there) return false;
  json_put_str(m, to, S("level"), r->code);
  json_put_str(m, to, S("to_unit"), unit);
  json_put_str(m, to, S("to_account"), account);
  json_put_str(m, to, S("to_name"), name);
  return true;
}

/* The first rung from `from` on that has somebody; NULL: there is none. Puts the recipient and the day of reply. */
static const Rung *address(Arena *m, const Policy *p, const Json *facts, Str unit, Str handler, const Rung *from, int64_t now, int days, Json *body) {
  for (const Rung *r = from; r && r < p->ladder + p->rung_count; r++) {
    if (!rung_filled(m, p, facts, unit, handler, r, body)) continue;
    int n = days ? days : r->days;
    json_put_int(m, body, S("days"), n);
    json_put_str(m, body, S("reply_by"), day_str(m, calendar_add(p->calendar, day_of(now), n)));
    return r;
  }
  return NULL;
}

static const Rung *first_rung(const Policy *p, Str kind) {
  bool high = str_eqz(kind, "feedback") || str_eqz(kind, "ledger") || str_eqz(kind, "stage") || str_eqz(kind, "delivery") || str_eqz(kind, "manual");
  const Rung *r = high ? rung_of(p, S("department")) : p->rung_count ? &p->ladder[0] : NULL;
  return r || !p->rung_count ? r : &p->ladder[0];
}

/* ---- issuing ------------------------------------------------------------------------------------------------ */

static void number_put(Decision *d, const Ask *ask, Json *body) {
  Arena *m = decision_mem(d);
  int64_t no = json_int(ask->facts, S("no"), 0), seq = json_int(ask->facts, S("year_seq"), 0) + 1;
  Str number = kit_year(m, "DBD", ask->now, seq);
  json_put_int(m, body, S("no"), no);
  json_put_str(m, body, S("number"), number);
  kit_answer(d, "number", number, no);
}

static Str what_of(Arena *m, const Policy *p, const Json *f) {
  Str kind = json_str(f, S("kind")), item = json_str(f, S("item")), name = json_str(f, S("name")), number = json_str(f, S("number"));
  const Item *it = policy_item(p, item);
  long long stage = (long long)json_int(f, S("stage"), 0);
  if (str_eqz(kind, "item")) return arena_fmt(m, "%.*s（%.*s）第%lld阶段“%.*s”超期", SFMT(name), SFMT(number), stage, SFMT(it ? it->name : item));
  if (str_eqz(kind, "stage")) return arena_fmt(m, "%.*s（%.*s）第%lld阶段超期", SFMT(name), SFMT(number), stage);
  if (str_eqz(kind, "delivery")) return arena_fmt(m, "%.*s（%.*s）第%lld阶段的证件超期没有送达", SFMT(name), SFMT(number), stage);
  if (str_eqz(kind, "feedback")) return arena_fmt(m, "沟通反馈 %.*s“%.*s”超期没有答复", SFMT(number), SFMT(name));
  if (str_eqz(kind, "ledger")) return arena_fmt(m, "《%.*s》%.*s月报没有按时上报", SFMT(name), SFMT(number));
  if (str_eqz(kind, "consult")) return arena_fmt(m, "咨询“%.*s”超期没有答复", SFMT(name));
  if (str_eqz(kind, "review")) return arena_fmt(m, "%.*s（%.*s）联合审图超期没有报告", SFMT(name), SFMT(number));
  if (str_eqz(kind, "promise")) return arena_fmt(m, "%.*s（%.*s）“%.*s”的承诺超期没有核查", SFMT(name), SFMT(number), SFMT(it ? it->name : item));
  if (str_eqz(kind, "utility")) return arena_fmt(m, "%.*s（%.*s）市政公用服务“%.*s”超期", SFMT(name), SFMT(number), SFMT(super_label(item)));
  if (str_eqz(kind, "credit")) return arena_fmt(m, "信用信息 %.*s 的%.*s超期没有答复", SFMT(number), SFMT(super_label(item)));
  Str what = opinion_kind_label(item);
  return arena_fmt(m, "%.*s（%.*s）“%.*s”前期意见超期", SFMT(name), SFMT(number), SFMT(what));
}

static Code decide_issue(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const keys[] = {"clock", "kind", "of", "stage", "item", "unit", "due"};
  Arena *m = decision_mem(d);
  const Policy *p = super__policy(cx, ask);
  const Json *f = json_get(ask->cmd->args, S("found"));
  Json *body = json_obj(m);
  Str unit = json_str(f, S("unit"));
  if (!json_str(f, S("clock")).len) FAIL_AT(INVALID, S("found"), S(""), "没有写明是哪一个时钟");
  for (size_t i = 0; i < COUNT(keys); i++)
    if (json_get(f, str_of(keys[i]))) json_put(m, body, str_of(keys[i]), json_get(f, str_of(keys[i])));
  json_put_str(m, body, S("of_number"), json_str(f, S("number")));
  json_put_str(m, body, S("of_name"), json_str(f, S("name")));
  json_put_str(m, body, S("subject"), what_of(m, p, f));
  json_put_str(m, body, S("demand"), str_eqz(json_str(f, S("kind")), "ledger")
                                         ? arena_fmt(m, "上报期限是 %.*s，已经过了。请说明原因，写明哪天上报，并抓紧上报。", SFMT(json_str(f, S("due"))))
                                         : arena_fmt(m, "时限 %lld 个工作日，发单时已用 %lld 个。请说明原因，写明哪天办结，并抓紧办理。", (long long)json_int(f, S("limit"), 0),
                                                     (long long)json_int(f, S("used"), 0)));
  if (!address(m, p, ask->facts, unit, json_str(f, S("handler")), first_rung(p, json_str(f, S("kind"))), ask->now, 0, body))
    FAIL_AT(CONFLICT, S("found"), S(CLAUSE), "没有可以督办的层级：政策包没有写督办层级（supervision.yaml 的 ladder）。");
  number_put(d, ask, body);
  decision_emit(d, "directive.issued", 1, body);
  return OK;
}

/* About an item: it must be named whole, and one open order is enough. */
static Code item_check(Cx *cx, const Ask *ask) {
  const Json *a = ask->cmd->args;
  Str item = json_str(a, S("item")), open = json_str(ask->facts, S("open_about"));
  if (!item.len && json_int(a, S("stage"), 0)) FAIL_AT(INVALID, S("item"), S(""), "写了阶段的，还要写明事项");
  if (!item.len) return OK;
  if (!json_int(a, S("project"), 0)) FAIL_AT(INVALID, S("project"), S(""), "针对一个事项的督办单要写明项目");
  if (!json_int(a, S("stage"), 0)) FAIL_AT(INVALID, S("stage"), S(""), "针对一个事项的督办单要写明阶段");
  if (!policy_item(super__policy(cx, ask), item)) FAIL_AT(INVALID, S("item"), S(""), "没有事项“%.*s”", SFMT(item));
  if (open.len && !json_str(a, S("again")).len)
    FAIL_AT(CONFLICT, S("again"), S(CLAUSE), "这个事项已经有督办单 %.*s 没有办结：可以在那里要求重新回复或者办结；要另发一份，写明理由。", SFMT(open));
  return OK;
}

/* The working days until the day that was named, so that it is pinned like any other; 0: none was. */
static Code days_until(Cx *cx, const Ask *ask, int *days) {
  const Calendar *c = super__policy(cx, ask)->calendar;
  Str typed = json_str(ask->cmd->args, S("reply_on"));
  Day on, today = day_of(ask->now);
  if (!typed.len) return OK;
  if (*days) FAIL_AT(INVALID, S("reply_on"), S(""), "几个工作日和哪天前回复只写一样");
  if (!day_typed(typed, &on)) FAIL_AT(INVALID, S("reply_on"), S(""), "“哪天前回复”要写成日期，如 2026-12-31");
  if (on.n <= today.n) FAIL_AT(INVALID, S("reply_on"), S(""), "要晚于今天，最早写 %.*s", SFMT(day_str(cx->mem, calendar_add(c, today, 1))));
  *days = calendar_covers(on) ? calendar_count(c, today, on) : DAYS_MAX + 1;
  if (*days > DAYS_MAX) FAIL_AT(INVALID, S("reply_on"), S(""), "最多 %d 个工作日，最晚写 %.*s", DAYS_MAX, SFMT(day_str(cx->mem, calendar_add(c, today, DAYS_MAX))));
  if (!calendar_is_work(c, on)) FAIL_AT(INVALID, S("reply_on"), S(""), "%.*s 不是工作日，请写 %.*s", SFMT(day_str(cx->mem, on)), SFMT(day_str(cx->mem, calendar_next_work(c, on))));
  return OK;
}

static Code decide_send(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"unit", "subject", "demand", "milestone", "stage", "item", "rating", "again", NULL};
  Arena *m = decision_mem(d);
  const Policy *p = super__policy(cx, ask);
  Str unit = json_str(ask->cmd->args, S("unit")), code = json_str(ask->cmd->args, S("milestone"));
  const Milestone *goal = policy_milestone(p, code);
  int days = (int)json_int(ask->cmd->args, S("days"), 0);
  int64_t project = json_int(ask->cmd->args, S("project"), 0);
  TRY(kit_now(cx, ask));
  TRY(days_until(cx, ask, &days));
  if (!policy_unit(p, unit)) FAIL_AT(INVALID, S("unit"), S(""), "没有单位“%.*s”，请从列表中选择", SFMT(unit));
  if (code.len && !goal) FAIL_AT(INVALID, S("milestone"), S(""), "政策包里没有阶段性目标“%.*s”", SFMT(code));
  if (project && !json_str(ask->facts, S("of_number")).len) FAIL_AT(INVALID, S("project"), S(""), "没有第 %lld 号项目，请核对", (long long)project);
  if (json_int(ask->cmd->args, S("rating"), 0) && !project) FAIL_AT(INVALID, S("project"), S(""), "针对差评的，要写明项目");
  TRY(item_check(cx, ask));
  Json *body = kit_body(d, ask, names);
  json_put_str(m, body, S("kind"), S("manual"));
  if (goal) json_put_str(m, body, S("due"), goal->due);
  if (project) {
    json_put_int(m, body, S("of"), project);
    json_put_str(m, body, S("of_number"), json_str(ask->facts, S("of_number")));
    json_put_str(m, body, S("of_name"), json_str(ask->facts, S("of_name")));
  }
  if (!address(m, p, ask->facts, unit, S(""), first_rung(p, S("manual")), ask->now, days, body))
    FAIL_AT(CONFLICT, S("unit"), S(CLAUSE), "没有可以督办的层级：政策包没有写督办层级（supervision.yaml 的 ladder）。");
  number_put(d, ask, body);
  decision_emit(d, "directive.issued", 1, body);
  return OK;
}

/* ---- afterwards ---------------------------------------------------------------------------------------------- */

static Code wrong_state(Cx *cx, const Directive *x, const char *cannot) {
  Str label = super_label(x->status);
  FAIL_AT(CONFLICT, S(""), S(CLAUSE), "督办单 %.*s 现在是“%.*s”，不能%s。", SFMT(x->number), SFMT(label), cannot);
}

bool directive_is_to(const Directive *d, Str account, Str unit, Str name, uint32_t roles) {
  bool ours = unit.len && str_eq(unit, d->to_unit);
  if (str_eqz(d->level, "handler")) return str_eq(account, d->to_account);
  if (str_eqz(d->level, "section")) return ours && (roles & SECTION_REPLIES);
  if (str_eqz(d->level, "department")) return ours && (roles & DEPARTMENT_REPLIES);
  if (str_eqz(d->level, "bureau")) return (roles & ROLE_SUPERVISOR) != 0;
  return (roles & ROLE_LEADER) && (!d->to_account.len || str_eq(account, d->to_account) || str_eq(name, d->to_name));
}

static Code decide_reply(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"reply", "promised", NULL};
  const Directive *x = ask->state;
  const Actor *who = &ask->cmd->actor;
  Day promised = {0};
  TRY(kit_now(cx, ask));
  if (!directive_is_to(x, who->id, who->unit, who->name, who->roles))
    FAIL_AT(DENIED, S(""), S(CLAUSE), "督办单 %.*s 发给%.*s，由收件人回复。", SFMT(x->number), SFMT(x->to_name));
  if (!str_eqz(x->status, "issued")) return wrong_state(cx, x, "回复");
  (void)day_parse(json_str(ask->cmd->args, S("promised")), &promised);
  if (promised.n < day_of(ask->now).n) FAIL_AT(INVALID, S("promised"), S(""), "办结的日子不能早于今天");
  Str rest = calendar_refuses(cx->mem, super__policy(cx, ask)->calendar, promised, day_of(ask->now));
  if (rest.len) FAIL_AT(INVALID, S("promised"), S(""), "办结的日子要是工作日：%.*s", SFMT(rest));
  if (promised.n > day_of(ask->now).n + 366) FAIL_AT(INVALID, S("promised"), S(""), "办结的日子要在一年以内");
  decision_emit(d, "directive.replied", 1, kit_body(d, ask, names));
  return OK;
}

bool directive_risen(const Directive *d) {
  return !str_eqz(d->status, "closed") && (str_eqz(d->level, "bureau") || str_eqz(d->level, "leader"));
}

/* What the unit has to say counts as no reply of the rung where the order is: that one goes on to answer for it. */
static Code decide_note(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"text", NULL};
  const Directive *x = ask->state;
  Str unit = ask->cmd->actor.unit;
  TRY(kit_now(cx, ask));
  if (!unit.len || !str_eq(unit, x->unit)) FAIL_AT(DENIED, S(""), S(CLAUSE), "督办单 %.*s 的办理情况由责任单位填写。", SFMT(x->number));
  if (str_eqz(x->status, "closed")) return wrong_state(cx, x, "补充办理情况");
  decision_emit(d, "directive.noted", 1, kit_body(d, ask, names));
  return OK;
}

static Code decide_return(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"reason", NULL};
  const Directive *x = ask->state;
  Arena *m = decision_mem(d);
  TRY(kit_now(cx, ask));
  if (!str_eqz(x->status, "replied")) return wrong_state(cx, x, "要求重新回复");
  Json *body = kit_body(d, ask, names);
  json_put_str(m, body, S("reply_by"), day_str(m, calendar_add(super__policy(cx, ask)->calendar, day_of(ask->now), x->days)));
  decision_emit(d, "directive.returned", 1, body);
  return OK;
}

static Code decide_close(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"reason", NULL};
  const Directive *x = ask->state;
  TRY(kit_now(cx, ask));
  if (str_eqz(x->status, "closed")) return wrong_state(cx, x, "再次办结");
  decision_emit(d, "directive.closed", 1, kit_body(d, ask, names));
  return OK;
}

/* The day of reply, or of the promise, is over. Never refused: the due queue would ask for ever. */
static Code decide_raise(Cx *cx, const Ask *ask, Decision *d) {
  const Directive *x = ask->state;
  Arena *m = decision_mem(d);
  const Policy *p = super__policy(cx, ask);
  const Rung *now = rung_of(p, x->level);
  Json *body = json_obj(m);
  bool open = str_eqz(x->status, "issued") || str_eqz(x->status, "replied");
  if (!open || x->settled || x->overdue || !str_eq(json_str(ask->cmd->args, S("level")), x->level)) return OK;
  if (!json_bool(ask->facts, S("late"))) {
    decision_emit(d, "directive.settled", 1, NULL);
    return OK;
  }
  json_put_str(m, body, S("was"), x->level);
  json_put_str(m, body, S("why"), str_eqz(x->status, "replied") ? S("promise") : S("silence"));
  if (now && address(m, p, ask->facts, x->unit, S(""), now + 1, ask->now, 0, body)) decision_emit(d, "directive.raised", 1, body);
  else decision_emit(d, "directive.overdue", 1, NULL);
  return OK;
}

/* What it is about may have ended, says an event. Looked at, not believed; nothing to write when it has not. */
static Code decide_settle(Cx *cx, const Ask *ask, Decision *d) {
  const Directive *x = ask->state;
  (void)cx;
  if (!str_eqz(x->status, "closed") && !x->settled && !json_bool(ask->facts, S("late"))) decision_emit(d, "directive.settled", 1, NULL);
  return OK;
}

/* ---- facts ---------------------------------------------------------------------------------------------------- */

static const Sql sql_handler = {"directive.handler", "ss", "s", "SELECT id FROM account WHERE name = ?1 AND unit = ?2 AND disabled = 0 ORDER BY id LIMIT 1"};
static const Sql sql_people = {"directive.people", "ss", "i",
                               "SELECT count(*) FROM account WHERE unit = ?1 AND disabled = 0 AND roles LIKE '%' || ?2 || '%'"};
static const Sql sql_leader = {"directive.leader", "s", "s",
                               "SELECT id FROM account WHERE name = ?1 AND disabled = 0 AND roles LIKE '%leader%' ORDER BY id LIMIT 1"};
static const Sql sql_year = {"directive.year", "i", "i", "SELECT max(year_seq) FROM directive WHERE year = ?1"};
static const Sql sql_project = {"directive.project", "i", "ss", "SELECT number, name FROM project WHERE no = ?1"};
static const Sql sql_open = {"directive.open-about", "siis", "s",
                             "SELECT number FROM directive WHERE unit = ?1 AND open = 1 AND of_no = ?2 AND stage = ?3 AND item = ?4 AND kind IN ('item', 'manual') ORDER BY no LIMIT 1"};
const Sql directive__last = {"directive.last", "", "i", "SELECT max(no) FROM directive"};

static Code text_of(Cx *cx, Db *views, const Sql *q, const Val *vals, size_t n, int cols, Str out[2]) {
  SCOPED(rows_drop) Rows *r = NULL;
  TRY(db_rows(cx, views, q, vals, n, &r));
  if (!rows_next(r)) return rows_end(cx, r);
  for (int i = 0; i < cols; i++) out[i] = row_s(cx, r, i);
  return OK;
}

static Code count_put(Cx *cx, Db *views, Str unit, const char *const *roles, const char *key, Json *out) {
  int64_t all = 0, n = 0;
  for (; *roles; roles++) {
    TRY(db_int(cx, views, &sql_people, VALS(val_s(unit), val_s(str_of(*roles))), 0, &n));
    all += n;
  }
  json_put_int(cx->mem, out, str_of(key), all);
  return OK;
}

/* Those in charge of the unit on the day; when nobody is, of the supervisor's own. */
static Code leaders_put(Cx *cx, Db *views, const Policy *p, Str unit, Day on, Json *out) {
  Json *list = json_put_arr(cx->mem, out, S("leaders"));
  Str asked[] = {unit, p->supervisor_unit};
  for (size_t k = 0; k < COUNT(asked) && !list->first; k++) {
    Duty *duties = NULL;
    size_t n = 0;
    TRY(portfolio_of(cx, views, p, asked[k], on, &duties, &n));
    for (size_t i = 0; i < n; i++) {
      Str account[2] = {S(""), S("")};
      if (!str_eqz(duties[i].relation, "charge")) continue;
      TRY(text_of(cx, views, &sql_leader, VALS(val_s(duties[i].leader)), 1, account));
      Json *o = json_push_obj(cx->mem, list);
      json_put_str(cx->mem, o, S("name"), duties[i].leader);
      json_put_str(cx->mem, o, S("account"), account[0]);
    }
  }
  return OK;
}

static Code people_put(Cx *cx, Db *views, const Policy *p, Str unit, Str handler, Day on, Json *out) {
  static const char *const section[] = {"approver", "clerk", NULL}, *const department[] = {"unit_head", "stage_lead", "window_head", NULL};
  Str account[2] = {S(""), S("")};
  if (handler.len) TRY(text_of(cx, views, &sql_handler, VALS(val_s(handler), val_s(unit)), 1, account));
  json_put_str(cx->mem, out, S("handler"), account[0]);
  TRY(count_put(cx, views, unit, section, "section", out));
  TRY(count_put(cx, views, unit, department, "department", out));
  return leaders_put(cx, views, p, unit, on, out);
}

static Code directive_look(Cx *cx, Db *views, const Command *cmd, const void *state, const void *env, const Json **facts) {
  const Directive *x = state;
  const Policy *p = NULL;
  const Json *found = json_get(cmd->args, S("found"));
  Json *out = NULL;
  int64_t last = 0, seq = 0, project = json_int(cmd->args, S("project"), 0);
  Day today = day_of(cmd->now);
  Str of[2] = {S(""), S("")};
  TRY(super__facts(cx, views, cmd, &out));
  *facts = out;
  TRY(clocks_policy(cx, views, env, today, &p));
  if (x && str_eqz(cmd->name, "directive.settle")) return directive__late(cx, views, env, p, x, today, true, out);
  if (x && !str_eqz(cmd->name, "directive.raise")) return OK;
  Str unit = x ? x->unit : found ? json_str(found, S("unit")) : json_str(cmd->args, S("unit"));
  TRY(people_put(cx, views, p, unit, json_str(found, S("handler")), today, out));
  if (x) return directive__late(cx, views, env, p, x, today, false, out);
  if (project) TRY(text_of(cx, views, &sql_project, VALS(val_i(project)), 2, of));
  if (json_str(cmd->args, S("item")).len) {
    Str open[2] = {S(""), S("")};
    TRY(text_of(cx, views, &sql_open, VALS(val_s(unit), val_i(project), val_i(json_int(cmd->args, S("stage"), 0)), val_s(json_str(cmd->args, S("item")))), 1, open));
    json_put_str(cx->mem, out, S("open_about"), open[0]);
  }
  json_put_str(cx->mem, out, S("of_number"), of[0]);
  json_put_str(cx->mem, out, S("of_name"), of[1]);
  TRY(db_int(cx, views, &directive__last, NO_VALS, 0, &last));
  TRY(db_int(cx, views, &sql_year, VALS(val_i(kit_year_of(cmd->now))), 0, &seq));
  json_put_int(cx->mem, out, S("no"), last + 1);
  json_put_int(cx->mem, out, S("year_seq"), seq);
  return OK;
}

/* ---- declarations ---------------------------------------------------------------------------------------------- */

#define ANSWERS (ROLE_STAFF | ROLE_LEADER)
static const CommandDecl commands[DIRECTIVE_COMMANDS] = {
    {.name = "directive.issue", .label = "生成督办单", .help = "巡查发现超期的，由系统逐件生成。", .allow = ROLE_SYSTEM, .creates = true, .decide = decide_issue,
     WITH(issue_args)},
    {.name = "directive.send", .label = "发督办单", .help = "监督人员向一个单位发督办单，写明事由、要求和回复期限。", .allow = ROLE_SUPERVISOR, .creates = true,
     .decide = decide_send, WITH(send_args)},
    {.name = "directive.reply", .label = "回复督办单", .help = "收件人说明原因、措施和哪天办结。", .allow = ANSWERS, .decide = decide_reply, WITH(reply_args)},
    {.name = "directive.note", .label = "补充办理情况", .help = "责任单位说明办了什么，升到上一级以后也可以；不代替收件人的回复。", .allow = ROLE_STAFF, .decide = decide_note,
     WITH(note_args)},
    {.name = "directive.return", .label = "要求重新回复", .help = "监督人员写明理由，收件人重新回复。", .allow = ROLE_SUPERVISOR, .decide = decide_return,
     WITH(why_args)},
    {.name = "directive.close", .label = "办结督办单", .help = "监督人员写明理由办结。", .allow = ROLE_SUPERVISOR, .decide = decide_close, WITH(why_args)},
    {.name = "directive.raise", .label = "升级督办", .help = "到期没有回复或没有办结，由系统升到上一级。", .allow = ROLE_SYSTEM, .decide = decide_raise,
     WITH(raise_args)},
    {.name = "directive.settle", .label = "事情已经办完", .help = "督办的事项、阶段或者别的事情办完时，由系统记入督办单，不再升级。", .allow = ROLE_SYSTEM, .decide = decide_settle}};

static Code directive_open(Cx *cx, Db *views, const Command *cmd, Str *stream) {
  (void)cmd;
  return kit_open(cx, views, "directive", &directive__last, stream);
}

const Engine directive_engine_base = {.prefix = "directive",
                                      .fold = directive_fold,
                                      .commands = commands,
                                      .command_count = COUNT(commands),
                                      .reactions = directive__reactions,
                                      .reaction_count = DIRECTIVE_REACTIONS,
                                      .open = directive_open,
                                      .look = directive_look,
                                      .schema = directive__schema,
                                      .project = directive__project};
