/* SPDX-License-Identifier: Apache-2.0 */
/* entry.c: rows of a ledger: who may do what with them, and what follows for the project. */
#include "ledger/ledger_int.h"

#define VALUES {.name = "values", .label = "各列", .type = ARG_OBJECT, .hint = "{列的代码: 文字}；日期写成 2019-07-01，是否写成 true、false"}
#define WHY {.name = "reason", .label = "理由", .type = ARG_LONG, .min = 2, .max = 1000}
#define NAME(need) {.name = "name", .label = "名称", .type = ARG_TEXT, .required = need, .min = 2, .max = 60}
static const Arg add_args[] = {{.name = "ledger", .label = "台账", .type = ARG_CODE, .required = true}, NAME(true), {.name = "measure", .label = "整改方式", .type = ARG_CODE},
                               {.name = "until", .label = "期限", .type = ARG_DAY}, WHY, VALUES};
static const Arg change_args[] = {NAME(false), {.name = "measure", .label = "整改方式", .type = ARG_CODE}, WHY, VALUES};
static const Arg extend_args[] = {{.name = "until", .label = "新的期限", .type = ARG_DAY, .required = true}, KIT_REASON};
static const Arg close_args[] = {{.name = "result", .label = "治理结果", .type = ARG_LONG, .required = true, .min = 4, .max = 1000}};
static const Arg reason_args[] = {KIT_REASON};
static const Arg link_args[] = {{.name = "project", .label = "项目", .type = ARG_INT, .required = true, .min = 1, .max = INT32_MAX}};
static const Arg refuse_args[] = {{.name = "fact", .label = "事实", .type = ARG_LONG, .required = true, .min = 4, .max = 1000},
                                  {.name = "evidence", .label = "证据", .type = ARG_LONG, .required = true, .min = 4, .max = 2000}};

typedef struct On { const LedgerEntry *e; const LedgerKind *k; const Policy *p; Arena *m; } On;

static Code on_row(Cx *cx, const Ask *ask, Decision *d, On *out) {
  *out = (On){.e = ask->state, .p = kit_policy(ask), .m = decision_mem(d)};
  return ledger__kind(cx, ask, out->e->ledger, &out->k);
}

static Code in_state(Cx *cx, const On *on, const char *need, const char *cannot) {
  Str label = entry_label(on->e->status);
  if (str_eqz(on->e->status, need)) return OK;
  FAIL_AT(CONFLICT, S(""), on->k->source.clause, "“%.*s”现在是“%.*s”，不能%s。", SFMT(on->e->name), SFMT(label), cannot);
}

static Json *about(const On *on) {
  Json *body = json_obj(on->m);
  json_put_int(on->m, body, S("no"), on->e->no);
  json_put_str(on->m, body, S("number"), on->e->number);
  return body;
}

/* ---- the project waits ---------------------------------------------------------------------------------------- */

typedef struct Waits { bool hold; int64_t project; Str text; } Waits;

static void held(Decision *d, const LedgerKind *k, int64_t no, Str number, Str name, const Waits *w) {
  Arena *m = decision_mem(d);
  Json *body = json_obj(m), *items = json_put_arr(m, body, S("items"));
  json_put_int(m, body, S("no"), no);
  json_put_str(m, body, S("number"), number);
  json_put_str(m, body, S("ledger"), k->code);
  json_put_str(m, body, S("name"), name);
  json_put_int(m, body, S("project"), w->project);
  json_put_str(m, body, S("text"), w->text);
  json_put_str(m, body, S("clause"), k->block_source.clause);
  for (size_t i = 0; i < k->block_count; i++) json_push_str(m, items, k->blocks[i]);
  decision_emit(d, "entry.held", 1, body);
}

static void freed(Decision *d, const On *on, Str why) {
  Json *body = about(on);
  json_put_int(on->m, body, S("project"), on->e->project);
  json_put_str(on->m, body, S("name"), on->e->name);
  json_put_str(on->m, body, S("text"), why);
  decision_emit(d, "entry.released", 1, body);
}

/* After the event of the act itself. */
static void waits_emit(Decision *d, const On *on, const Waits *after, Str why) {
  bool before = entry_holds(on->e);
  if (before && (!after->hold || after->project != on->e->project)) freed(d, on, why);
  if (after->hold && after->project && (!before || after->project != on->e->project)) held(d, on->k, on->e->no, on->e->number, on->e->name, after);
}

/* ---- adding and changing ----------------------------------------------------------------------------------------- */

static Code measure_of(Cx *cx, const Ask *ask, const LedgerKind *k, const Json *values, Str was, Str *out, bool *proposed) {
  const Policy *p = kit_policy(ask);
  Str given = json_str(ask->cmd->args, S("measure"));
  const LedgerMeasure *led = ledger_proposed(p, k->code, values), *m = given.len ? policy_ledger_measure(p, k->code, given) : NULL;
  if (given.len && !m) FAIL_AT(INVALID, S("measure"), k->source.clause, "没有整改方式“%.*s”，请从列表中选择", SFMT(given));
  *out = given.len ? given : led ? led->code : was;
  *proposed = led && str_eq(led->code, *out);
  bool against = led && m && !*proposed && !str_eq(given, was) && !json_str(ask->cmd->args, S("reason")).len;
  if (against)
    FAIL_AT(INVALID, S("reason"), led->source.clause, "按三个问题的回答应当是“%.*s”，选了“%.*s”；请写明理由，或者改回答。", SFMT(led->name), SFMT(m->name));
  return OK;
}

/* A limit is a plan: one that has passed when it is set would make the row late at once. Days of what was done are checked by value_check. */
static Code plan_ahead(Cx *cx, const Ask *ask, const LedgerKind *k, Day until, Str what) {
  Day today = day_of(ask->now);
  if (until.n >= today.n) return OK;
  FAIL_AT(INVALID, S("until"), k->source.clause, "%.*s期限是今后要做到的日子，不能早于今天（%.*s）；已经办完的，日子填在各自的栏目里，再申请销号", SFMT(what), SFMT(day_str(cx->mem, today)));
}

static Code decide_add(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"ledger", "name", "reason", NULL};
  const LedgerKind *k = NULL;
  Arena *m = decision_mem(d);
  const Json *a = ask->cmd->args;
  Str measure = S(""), unit = ask->cmd->actor.unit;
  bool proposed = false;
  TRY(ledger__kind(cx, ask, json_str(a, S("ledger")), &k));
  if (!ledger_region(k, unit)) FAIL_AT(DENIED, S("ledger"), k->regions_source.clause, "《%.*s》由列入台账的县（市）区填报，您的单位不在其中。", SFMT(k->name));
  Json *body = kit_body(d, ask, names), *values = json_put_obj(m, body, S("values"));
  TRY(values__check(cx, ask, k, NULL, json_get(a, S("values")), values, true));
  TRY(measure_of(cx, ask, k, values, S(""), &measure, &proposed));
  int64_t no = json_int(ask->facts, S("no"), 0);
  Str number = kit_year(m, "TZ", ask->now, json_int(ask->facts, S("year_seq"), 0) + 1);
  json_put_int(m, body, S("no"), no);
  json_put_str(m, body, S("number"), number);
  json_put_str(m, body, S("county"), unit);
  json_put_str(m, body, S("measure"), measure);
  json_put_bool(m, body, S("proposed"), proposed);
  values__pin(m, kit_policy(ask), k, values, measure, body);
  if (json_str(a, S("until")).len) {
    bool own = !ledger__day(json_get(body, S("pinned")), "due").n && measure.len;
    if (!own) FAIL_AT(INVALID, S("until"), k->source.clause, "这种整改方式的期限由文件规定（先选整改方式）；要延期的，登记以后由负责人延期并写明理由");
    TRY(plan_ahead(cx, ask, k, ledger__day(a, "until"), S("")));
    json_put_str(m, body, S("until"), json_str(a, S("until")));
  }
  decision_emit(d, "entry.added", 1, body);
  kit_answer(d, "number", number, no);
  return OK;
}

/* Which columns change, as {"column","was","is"}; *weighty: one of them needs a reason. */
static void changes_put(const On *on, const Json *values, Json *list, bool *weighty) {
  for (const Json *v = values->first; v; v = v->next) {
    const LedgerColumn *c = policy_ledger_column(on->p, on->e->ledger, v->key);
    Str was = json_str(on->e->values, v->key);
    if (str_eq(was, v->str)) continue;
    Json *o = json_push_obj(on->m, list);
    json_put_str(on->m, o, S("column"), c->name);
    json_put_str(on->m, o, S("was"), ledger_value_text(on->p, on->e->ledger, v->key, was));
    json_put_str(on->m, o, S("is"), ledger_value_text(on->p, on->e->ledger, v->key, v->str));
    *weighty |= was.len && values__weighty(on->p, c);
  }
}

static void change_put(const On *on, Json *list, const char *column, Str was, Str is) {
  Json *o = json_push_obj(on->m, list);
  json_put_str(on->m, o, S("column"), str_of(column));
  json_put_str(on->m, o, S("was"), was);
  json_put_str(on->m, o, S("is"), is);
}

static Json *merged(Arena *m, const Json *before, const Json *changed) {
  Json *all = json_clone(m, before);
  for (const Json *v = changed->first; v; v = v->next) json_put_str(m, all, v->key, v->str);
  return all;
}

static Code may_change(Cx *cx, const Ask *ask, const On *on, Str hold_after) {
  bool office = ledger_office(on->k, ask->cmd->actor.unit);
  if (!office) TRY(ledger__of(cx, ask, on->k, on->e->county, false));
  if (office || hold_after.len || !on->e->hold || str_eqz(on->e->status, "confirmed")) return OK;
  Str was = values__hold(on->p, on->e->ledger, on->e->values);
  FAIL_AT(CONFLICT, S("issue"), on->k->block_source.clause, "“%.*s”整改到位的，由负责人销号，%.*s确认；填错了的，请%.*s更正。", SFMT(was), SFMT(on->k->office_name), SFMT(on->k->office_name));
}

static Code decide_change(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"reason", NULL};
  On on;
  Str measure = S(""), name = json_str(ask->cmd->args, S("name"));
  bool proposed = false, weighty = false;
  TRY(on_row(cx, ask, d, &on));
  Json *body = kit_body(d, ask, names), *values = json_put_obj(on.m, body, S("values")), *list = json_put_arr(on.m, body, S("changes"));
  TRY(values__check(cx, ask, on.k, on.e->values, json_get(ask->cmd->args, S("values")), values, false));
  Json *after = merged(on.m, on.e->values, values);
  Str hold = values__hold(on.p, on.e->ledger, after);
  TRY(may_change(cx, ask, &on, hold));
  changes_put(&on, values, list, &weighty);
  TRY(measure_of(cx, ask, on.k, after, on.e->measure, &measure, &proposed));
  values__pin(on.m, on.p, on.k, after, measure, body);
  if (!str_eq(measure, on.e->measure)) change_put(&on, list, "整改方式", on.e->measure_name, json_str(json_get(body, S("pinned")), S("measure_name")));
  weighty |= on.e->measure.len && !str_eq(measure, on.e->measure);
  if (name.len && !str_eq(name, on.e->name)) change_put(&on, list, "名称", on.e->name, name);
  if (!list->count) FAIL_AT(INVALID, S("values"), S(""), "没有改动：填的和台账里的一样。");
  if (weighty && !json_str(ask->cmd->args, S("reason")).len)
    FAIL_AT(INVALID, S("reason"), on.k->source.clause, "改动关系到期限或者竣工备案，请写明理由；谁、什么时候、为什么都会留在这一行的经过里");
  if (name.len) json_put_str(on.m, body, S("name"), name);
  json_put_int(on.m, body, S("no"), on.e->no);
  json_put_str(on.m, body, S("measure"), measure);
  json_put_bool(on.m, body, S("proposed"), proposed);
  decision_emit(d, "entry.changed", 1, body);
  Waits w = {.hold = hold.len && !str_eqz(on.e->status, "confirmed"), .project = on.e->project, .text = on.k->block_text};
  waits_emit(d, &on, &w, S("台账已更正：没有缓建、缩建、停建、不建的问题"));
  return OK;
}

static Code decide_extend(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"until", "reason", NULL};
  On on;
  Day until = ledger__day(ask->cmd->args, "until");
  TRY(on_row(cx, ask, d, &on));
  TRY(ledger__of(cx, ask, on.k, on.e->county, true));
  TRY(in_state(cx, &on, "open", "改期限"));
  Day was = on.e->until.n ? on.e->until : on.e->due;
  if (!on.e->measure.len) FAIL_AT(CONFLICT, S("until"), on.k->source.clause, "还没有定整改方式，先定方式，期限随之确定。");
  if (until.n == was.n) FAIL_AT(INVALID, S("until"), S(""), "现在的期限就是这一天");
  TRY(plan_ahead(cx, ask, on.k, until, was.n && until.n < was.n ? S("提前的") : S("")));
  Json *body = kit_body(d, ask, names);
  json_put_int(on.m, body, S("no"), on.e->no);
  if (was.n) json_put_str(on.m, body, S("was"), day_str(on.m, was));
  decision_emit(d, "entry.extended", 1, body);
  return OK;
}

/* ---- the end of a row ---------------------------------------------------------------------------------------------- */

static Code needs_check(Cx *cx, const On *on) {
  const LedgerMeasure *m = policy_ledger_measure(on->p, on->e->ledger, on->e->measure);
  Str missing = S("");
  for (size_t i = 0; m && i < m->need_count; i++) {
    const LedgerColumn *c = policy_ledger_column(on->p, on->e->ledger, m->needs[i]);
    Str v = json_str(on->e->values, m->needs[i]);
    if (str_eqz(c->type, "yesno") ? str_eqz(v, "true") : v.len > 0) continue;
    missing = arena_fmt(cx->mem, "%.*s%s%.*s", SFMT(missing), missing.len ? "、" : "", SFMT(c->name));
  }
  if (missing.len) FAIL_AT(CONFLICT, S("result"), m->source.clause, "整改方式是“%.*s”，销号以前要办好并填写：%.*s。", SFMT(m->name), SFMT(missing));
  return OK;
}

static Code decide_close(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"result", NULL};
  On on;
  TRY(on_row(cx, ask, d, &on));
  TRY(ledger__of(cx, ask, on.k, on.e->county, true));
  TRY(in_state(cx, &on, "open", "销号"));
  if (!on.e->measure.len) FAIL_AT(CONFLICT, S("result"), on.k->source.clause, "还没有定整改方式，先定方式再销号。");
  TRY(needs_check(cx, &on));
  Json *body = kit_body(d, ask, names);
  json_put_int(on.m, body, S("no"), on.e->no);
  decision_emit(d, "entry.closed", 1, body);
  return OK;
}

static Code decide_confirm(Cx *cx, const Ask *ask, Decision *d) {
  On on;
  TRY(on_row(cx, ask, d, &on));
  TRY(ledger__office(cx, ask, on.k));
  TRY(in_state(cx, &on, "closed", "确认"));
  decision_emit(d, "entry.confirmed", 1, about(&on));
  waits_emit(d, &on, &(Waits){.project = on.e->project}, arena_fmt(on.m, "整改到位，%.*s已确认", SFMT(on.k->office_name)));
  return OK;
}

static Code decide_reopen(Cx *cx, const Ask *ask, Decision *d) {
  On on;
  TRY(on_row(cx, ask, d, &on));
  TRY(ledger__office(cx, ask, on.k));
  if (str_eqz(on.e->status, "open")) return in_state(cx, &on, "closed", "退回");
  Json *body = about(&on);
  json_put_str(on.m, body, S("reason"), json_str(ask->cmd->args, S("reason")));
  decision_emit(d, "entry.reopened", 1, body);
  waits_emit(d, &on, &(Waits){.hold = on.e->hold, .project = on.e->project, .text = on.e->hold_text}, S(""));
  return OK;
}

/* ---- the project ---------------------------------------------------------------------------------------------------- */

static Code decide_link(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const copied[] = {"number", "name", "owner", "uscc"}, *const as[] = {"project_number", "project_name", "owner", "uscc"};
  On on;
  int64_t project = json_int(ask->cmd->args, S("project"), 0);
  const Json *pr = json_get(ask->facts, S("project"));
  TRY(on_row(cx, ask, d, &on));
  TRY(ledger__of(cx, ask, on.k, on.e->county, false));
  if (!pr) FAIL_AT(NOT_FOUND, S("project"), S(""), "没有第 %lld 号项目，请核对", (long long)project);
  if (!str_eq(json_str(pr, S("county")), on.e->county)) FAIL_AT(INVALID, S("project"), S(""), "这个项目不在您的县（市）区，请核对");
  if (on.e->project) FAIL_AT(CONFLICT, S("project"), S(""), "这一行已经关联项目 %.*s；要换的，先解除关联。", SFMT(on.e->project_number));
  if (str_eqz(json_str(pr, S("status")), "terminated")) FAIL_AT(CONFLICT, S("project"), S(""), "这个项目已经终止，不用关联。");
  Json *body = about(&on);
  json_put_int(on.m, body, S("project"), project);
  for (size_t i = 0; i < COUNT(copied); i++) json_put_str(on.m, body, str_of(as[i]), json_str(pr, str_of(copied[i])));
  decision_emit(d, "entry.linked", 1, body);
  Waits w = {.hold = on.e->hold && !str_eqz(on.e->status, "confirmed"), .project = project, .text = on.e->hold_text};
  if (w.hold) held(d, on.k, on.e->no, on.e->number, on.e->name, &w);
  return OK;
}

static Code decide_unlink(Cx *cx, const Ask *ask, Decision *d) {
  On on;
  Str reason = json_str(ask->cmd->args, S("reason"));
  TRY(on_row(cx, ask, d, &on));
  bool holds = entry_holds(on.e);
  if (holds && !ledger_office(on.k, ask->cmd->actor.unit))
    FAIL_AT(DENIED, S("reason"), on.k->block_source.clause, "项目正因这一行%.*s，只有%.*s能解除关联。", SFMT(on.e->hold_text), SFMT(on.k->office_name));
  if (!holds) TRY(ledger__of(cx, ask, on.k, on.e->county, false));
  if (!on.e->project) FAIL(CONFLICT, "这一行没有关联项目。");
  Json *body = about(&on);
  json_put_str(on.m, body, S("reason"), reason);
  json_put_int(on.m, body, S("project"), on.e->project);
  decision_emit(d, "entry.unlinked", 1, body);
  if (holds) freed(d, &on, arena_fmt(on.m, "%.*s解除关联：%.*s", SFMT(on.k->office_name), SFMT(reason)));
  return OK;
}

static Code decide_refuse(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"fact", "evidence", NULL};
  On on;
  TRY(on_row(cx, ask, d, &on));
  TRY(ledger__of(cx, ask, on.k, on.e->county, true));
  TRY(in_state(cx, &on, "open", "登记拒不整改"));
  if (!on.e->project) FAIL_AT(CONFLICT, S("fact"), on.k->block_source.clause, "先关联这个小区的房地产开发项目，才知道记在哪个企业名下。");
  if (on.e->refused) FAIL_AT(CONFLICT, S("fact"), on.k->block_source.clause, "已经登记过拒不整改，信用记录草稿由市营商局审核。");
  Json *body = kit_body(d, ask, names);
  json_put_int(on.m, body, S("no"), on.e->no);
  json_put_str(on.m, body, S("number"), on.e->number);
  json_put_int(on.m, body, S("project"), on.e->project);
  json_put_str(on.m, body, S("owner"), on.e->owner);
  json_put_str(on.m, body, S("uscc"), on.e->uscc);
  json_put_str(on.m, body, S("clause"), on.k->block_source.clause);
  decision_emit(d, "entry.refused", 1, body);
  return OK;
}

#define ROW(n, l, h, fn, list) {.name = n, .label = l, .help = h, .allow = STAFF, .decide = fn, WITH(list)}
#define HEAD(n, l, h, fn, list) {.name = n, .label = l, .help = h, .allow = ROLE_UNIT_HEAD, .decide = fn, WITH(list)}
const CommandDecl entry__commands[ENTRY_COMMANDS] = {
    {.name = "entry.add", .label = "登记台账", .help = "县（市）区在台账里登记一行：名称、各列、整改方式；期限随方式确定。", .allow = STAFF, .creates = true, .decide = decide_add, WITH(add_args)},
    ROW("entry.change", "更新台账", "县（市）区更新一行，联合办公室可以更正；关系到期限或者竣工备案的要写理由。", decide_change, change_args),
    HEAD("entry.extend", "定期限、延期", "县（市）区负责人写明理由，定期限或者改期限。", decide_extend, extend_args),
    HEAD("entry.close", "销号", "整改到位，县（市）区负责人写明治理结果，由联合办公室确认。", decide_close, close_args),
    {.name = "entry.confirm", .label = "确认销号", .help = "联合办公室确认整改到位；关联的项目可以办理竣工验收备案。", .allow = STAFF, .decide = decide_confirm},
    ROW("entry.reopen", "退回整改", "联合办公室认为没有整改到位，写明理由退回。", decide_reopen, reason_args),
    ROW("entry.link", "关联项目", "把一行和办件系统里的项目关联起来；有缓建等问题的，项目暂不办理竣工验收备案。", decide_link, link_args),
    ROW("entry.unlink", "解除关联", "写明理由解除关联；正在暂不办理的，由联合办公室解除。", decide_unlink, reason_args),
    HEAD("entry.refuse", "登记拒不整改", "开发企业不按时落实整改要求的，起草信用记录，由市营商局审核。", decide_refuse, refuse_args),
};
