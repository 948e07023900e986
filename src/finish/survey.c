/* SPDX-License-Identifier: Apache-2.0 */
/* survey.c: the one survey 多测合一: one commission for all departments, one result, a second paid one with a warning. */
#include "finish/finish_int.h"
#include "policy/surveys.h"

#define CLAUSE "D60-2.4.3-(3)"
enum { FEE_MAX = 100000000 };
static const Arg commission_args[] = {
    {.name = "project", .label = "项目", .type = ARG_INT, .required = true, .min = 1, .max = INT32_MAX},
    {.name = "surveyor", .label = "测绘机构", .type = ARG_INT, .required = true, .min = 1, .max = INT32_MAX},
    {.name = "parts", .label = "测哪几项", .type = ARG_LIST, .max = SURVEY_PARTS_MAX, .hint = "[\"planning\",…]，不写：全部；第一次委托必须是全部"},
    {.name = "fee", .label = "测绘费用（元）", .type = ARG_INT, .required = true, .min = 0, .max = FEE_MAX, .hint = "免费补测写 0"},
    {.name = "reason", .label = "重复测绘的理由", .type = ARG_LONG, .min = 10, .max = 1000}};
#define AREA(n, l) {.name = n, .label = l, .type = ARG_TEXT, .required = true, .max = 20}
static const Arg deliver_args[] = {AREA("total", "总建筑面积（㎡）"), AREA("above", "地上建筑面积（㎡）"), AREA("below", "地下建筑面积（㎡）"), AREA("counted", "计容建筑面积（㎡）"),
                                   {.name = "note", .label = "说明", .type = ARG_LONG, .max = 2000},
                                   {.name = "checked", .label = "面积与申报不同，已核对", .type = ARG_BOOL, .hint = "总建筑面积与登记的相差超过 area_off 时要写 true"}, FILES_ARG,
                                   {.name = "signature", .label = "签字", .type = ARG_TEXT, .required = true}};
static const Arg reason_args[] = {KIT_REASON};

Str survey__lead(const Policy *p) {
  return p->stages[2].lead;
}

const SurveyTask *survey_task(const Survey *s, Str code) {
  for (size_t i = 0; i < s->task_count; i++)
    if (str_eq(s->tasks[i].code, code)) return &s->tasks[i];
  return NULL;
}

static Code wrong_state(Cx *cx, const Survey *s, const char *cannot) {
  Str label = finish_label(s->status);
  FAIL_AT(CONFLICT, S(""), S(CLAUSE), "联合测绘 %.*s 现在是“%.*s”，不能%s。", SFMT(s->number), SFMT(label), cannot);
}

/* ---- the owner commissions ------------------------------------------------------------------------------------- */

static bool serves(const Policy *p, const SurveyPart *x, Str category) {
  const Item *item = policy_item(p, x->item);
  return !x->item.len || (item && policy_item_in(item, category));
}

static bool listed(const Json *list, Str code) {
  for (const Json *x = list ? list->first : NULL; x; x = x->next)
    if (x->kind == JSON_STR && str_eq(x->str, code)) return true;
  return false;
}

/* All that the category needs, or those that were named; *all: nothing was left out. */
static Code tasks_put(Cx *cx, const Ask *ask, const Policy *p, Arena *m, Json *tasks, bool *all) {
  const Json *named = json_get(ask->cmd->args, S("parts"));
  Str category = json_str(json_get(ask->facts, S("project")), S("category"));
  *all = true;
  for (const Json *x = named ? named->first : NULL; x; x = x->next) {
    const SurveyPart *part = x->kind == JSON_STR ? policy_survey(p, x->str) : NULL;
    if (!part || !serves(p, part, category)) FAIL_AT(INVALID, S("parts"), S(CLAUSE), "这类项目没有“%.*s”这项测绘，请从列表中选择", SFMT(x->str));
  }
  for (size_t i = 0; i < p->survey_count; i++) {
    const SurveyPart *x = &p->surveys[i];
    if (!serves(p, x, category)) continue;
    if (named && named->first && !listed(named, x->code)) {
      *all = false;
      continue;
    }
    Json *o = json_push_obj(m, tasks);
    json_put_str(m, o, S("code"), x->code);
    json_put_str(m, o, S("name"), x->name);
    json_put_str(m, o, S("unit"), x->unit);
    json_put_str(m, o, S("item"), x->item);
  }
  if (!tasks->first) FAIL_AT(CONFLICT, S("project"), S(CLAUSE), "政策包没有写明这类项目要联合测绘什么（surveys.yaml），不能委托。");
  return OK;
}

static Code surveyor_check(Cx *cx, const Ask *ask) {
  const Json *s = json_get(ask->facts, S("surveyor"));
  Str status = json_str(s, S("status")), name = json_str(s, S("name")), until = json_str(s, S("until"));
  Day last = {0};
  if (!s) FAIL_AT(NOT_FOUND, S("surveyor"), S(CLAUSE), "没有这个测绘机构，请从入驻的机构里选。");
  if (str_eqz(status, "replaced")) FAIL_AT(CONFLICT, S("surveyor"), S(CLAUSE), "%.*s的这条入驻登记已经由新的代替，请重新选择。", SFMT(name));
  if (!str_eqz(status, "entered")) FAIL_AT(CONFLICT, S("surveyor"), S(CLAUSE), "%.*s没有入驻中介服务大厅，不能选择；入驻信息由市自然资源局核查。", SFMT(name));
  if (!day_parse(until, &last) || last.n < day_of(ask->now).n) FAIL_AT(CONFLICT, S("surveyor"), S(CLAUSE), "%.*s的测绘资质已于 %.*s 到期，不能选择。", SFMT(name), SFMT(until));
  return OK;
}

/* What of these was surveyed, or is being surveyed, already: a sentence; empty: nothing. */
static Str surveyed(Cx *cx, const Ask *ask, const Json *tasks) {
  const Json *had = json_get(ask->facts, S("had"));
  Str all = S(""), number = S("");
  for (const Json *x = had ? had->first : NULL; x; x = x->next)
    for (const Json *t = tasks->first; t; t = t->next)
      if (str_eq(json_str(x, S("code")), json_str(t, S("code"))) && !str_has(all, json_str(t, S("name")))) {
        all = arena_fmt(cx->mem, "%.*s%s%.*s", SFMT(all), all.len ? "、" : "", SFMT(json_str(t, S("name"))));
        number = json_str(x, S("number"));
      }
  return all.len ? arena_fmt(cx->mem, "%.*s已经在 %.*s 里委托过", SFMT(all), SFMT(number)) : S("");
}

/* As many as follow a withdrawn project in one act. */
static Code open_check(Cx *cx, const Ask *ask) {
  int64_t open = json_int(ask->facts, S("open"), 0);
  if (open >= FOLLOW_MAX)
    FAIL_AT(CONFLICT, S("project"), S(CLAUSE), "这个项目还有 %lld 次委托没有交成果，最多同时 %d 次；请等机构交成果，或者先撤销不要的委托。", (long long)open, FOLLOW_MAX);
  return OK;
}

static Code decide_commission(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const copied[] = {"number", "name", "uscc", "owner", "applicant"};
  static const char *const as[] = {"project_number", "project_name", "uscc", "owner", "applicant"};
  static const char *const names[] = {"project", "surveyor", "fee", NULL};
  Arena *m = decision_mem(d);
  const Policy *p = finish__policy(cx, ask);
  const Json *pr = json_get(ask->facts, S("project")), *had = json_get(ask->facts, S("had"));
  bool all = false;
  TRY(kit_now(cx, ask));
  if (!pr) FAIL_AT(NOT_FOUND, S("project"), S(""), "没有这个项目。");
  TRY(kit_party(cx, ask, json_str(pr, S("applicant")), json_str(pr, S("uscc"))));
  if (!str_eqz(json_str(pr, S("status")), "running")) FAIL_AT(CONFLICT, S("project"), S(""), "项目已经办结或终止，不能再委托测绘。");
  TRY(surveyor_check(cx, ask));
  TRY(open_check(cx, ask));
  Json *body = kit_body(d, ask, names), *tasks = json_put_arr(m, body, S("parts"));
  TRY(tasks_put(cx, ask, p, m, tasks, &all));
  if (!all && !(had && had->first)) FAIL_AT(INVALID, S("parts"), S(CLAUSE), "第一次委托要包括全部测绘（一次委托、统一测绘、成果共享），不能只委托几项");
  Str repeat = json_int(ask->cmd->args, S("fee"), 0) ? surveyed(cx, ask, tasks) : S(""), reason = json_str(ask->cmd->args, S("reason"));
  if (repeat.len && !reason.len)
    FAIL_AT(CONFLICT, S("reason"), S(CLAUSE), "重复测绘：%.*s，各部门共用那份成果，不用再付费测绘。确需再测的，写明理由；监督部门看得到。", SFMT(repeat));
  Str number = kit_year(m, "CH", ask->now, json_int(ask->facts, S("year_seq"), 0) + 1);
  json_put_int(m, body, S("no"), json_int(ask->facts, S("no"), 0));
  json_put_str(m, body, S("number"), number);
  for (size_t i = 0; i < COUNT(copied); i++) json_put_str(m, body, str_of(as[i]), json_str(pr, str_of(copied[i])));
  json_put_str(m, body, S("surveyor_name"), json_str(json_get(ask->facts, S("surveyor")), S("name")));
  json_put_str(m, body, S("surveyor_uscc"), json_str(json_get(ask->facts, S("surveyor")), S("uscc")));
  json_put_str(m, body, S("area_rule"), p->area_rule);
  json_put_bool(m, body, S("area_sample"), p->area_source.sample);
  if (repeat.len) json_put_str(m, body, S("repeat"), repeat);
  if (repeat.len) json_put_str(m, body, S("reason"), reason);
  decision_emit(d, "survey.commissioned", 1, body);
  kit_answer(d, "number", number, json_int(ask->facts, S("no"), 0));
  return OK;
}

/* ---- the agency delivers ------------------------------------------------------------------------------------------ */

enum { TOTAL, ABOVE, BELOW, COUNTED, AREAS };
static const struct { const char *name, *label; } areas[AREAS] = {{"total", "总建筑面积"}, {"above", "地上建筑面积"}, {"below", "地下建筑面积"}, {"counted", "计容建筑面积"}};

static const int64_t TEN_THOUSAND = 10000 * 1000; /* 万平方米, in thousandths */

/* One area by itself: a number, not below nothing, and of a size that a building can have. Empty: nothing is wrong with it. */
static Str area_fault(Arena *m, const Policy *p, const Json *args, size_t i, Milli *out) {
  const Json *at = json_get(args, str_of(areas[i].name));
  const char *label = areas[i].label;
  Str typed = at && at->kind == JSON_STR ? str_trim(at->str) : S("");
  if (!typed.len) return arena_fmt(m, "请填写%s，单位平方米%s", label, i == BELOW ? "；没有的写 0" : "");
  if (!milli_parse(typed, out)) return arena_fmt(m, "%s“%.*s”不是数。写成数字，单位平方米，最多三位小数，如 12480.55；没有的写 0", label, SFMT(typed));
  if (out->v < 0) return arena_fmt(m, "%s %.*s ㎡是负数，面积不能小于 0；没有的写 0", label, SFMT(typed));
  if (i == TOTAL && !out->v) return S("总建筑面积是 0，没有测到建筑；请核对后填写");
  if (p->area_max && out->v > p->area_max * TEN_THOUSAND)
    return arena_fmt(m, "%s %.*s ㎡超过一次测绘的上限 %d 万㎡%s，请核对单位是不是平方米", label, SFMT(typed), p->area_max, p->area_source.sample ? "（示例）" : "");
  return S("");
}

static void fault_add(Arena *m, Json *list, const char *field, Str text) {
  if (!text.len) return;
  Json *o = json_push_obj(m, list);
  json_put_str(m, o, S("field"), str_of(field));
  json_put_str(m, o, S("text"), text);
}

/* Those that are good by themselves beside each other; a part above the whole is said once, not as a wrong sum too. */
static void areas_faults(Arena *m, const Policy *p, const Json *args, Json *list) {
  Milli v[AREAS] = {{0}};
  Str t[AREAS], said[AREAS];
  for (size_t i = 0; i < AREAS; i++) {
    said[i] = area_fault(m, p, args, i, &v[i]);
    t[i] = milli_str(m, v[i]);
  }
  bool whole = !said[TOTAL].len;
  for (size_t i = ABOVE; i < AREAS; i++)
    if (whole && !said[i].len && v[i].v > v[TOTAL].v)
      said[i] = arena_fmt(m, "%s %.*s ㎡大于总建筑面积 %.*s ㎡，部分不能大于全部；请核对这两个数", areas[i].label, SFMT(t[i]), SFMT(t[TOTAL]));
  if (whole && !said[ABOVE].len && !said[BELOW].len && v[TOTAL].v != v[ABOVE].v + v[BELOW].v) {
    Str sum = milli_str(m, (Milli){v[ABOVE].v + v[BELOW].v});
    said[TOTAL] = arena_fmt(m, "总建筑面积应等于地上加地下：地上 %.*s 加地下 %.*s 是 %.*s ㎡，总建筑面积写的是 %.*s ㎡", SFMT(t[ABOVE]), SFMT(t[BELOW]), SFMT(sum), SFMT(t[TOTAL]));
  }
  for (size_t i = 0; i < AREAS; i++) fault_add(m, list, areas[i].name, said[i]);
}

Json *survey_faults(Arena *m, const Policy *p, const Json *args, Str signer) {
  const Json *files = json_get(args, S("files"));
  Json *list = json_arr(m);
  areas_faults(m, p, args, list);
  if (!files || files->count != 1) fault_add(m, list, "files", S("请选择成果文件：各部门共用这一份"));
  if (!str_eq(json_str(args, S("signature")), signer)) fault_add(m, list, "signature", arena_fmt(m, "请签上您自己的姓名：%.*s", SFMT(signer)));
  return list;
}

Code survey_refuse(Cx *cx, const Json *faults) {
  if (!faults->first) return OK;
  Str all = json_str(faults->first, S("text"));
  for (const Json *x = faults->first->next; x; x = x->next)
    all = arena_fmt(cx->mem, "%.*s%s%.*s%s", SFMT(all), str_ends(all, S("。")) ? "" : "。", SFMT(json_str(x, S("text"))), x->next ? "" : "。");
  FAIL_AT(INVALID, json_str(faults->first, S("field")), S(CLAUSE), "%.*s", SFMT(all));
}

static Code decide_deliver(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"total", "above", "below", "counted", "note", "checked", "files", "signature", NULL};
  const Survey *s = ask->state;
  const Json *files = json_get(ask->cmd->args, S("files"));
  Arena *m = decision_mem(d);
  TRY(kit_now(cx, ask));
  if (!str_eq(json_str(ask->facts, S("actor_uscc")), s->surveyor_uscc)) FAIL_AT(DENIED, S(""), S(CLAUSE), "联合测绘 %.*s 由%.*s承担。", SFMT(s->number), SFMT(s->surveyor_name));
  if (!str_eqz(s->status, "commissioned")) return wrong_state(cx, s, "交成果");
  if (!json_bool(ask->facts, S("qualified")))
    FAIL_AT(CONFLICT, S(""), S(CLAUSE), "%.*s现在没有入驻，或者测绘资质已经到期，不能交成果；请先续期，或者由建设单位撤销后另行委托。", SFMT(s->surveyor_name));
  TRY(survey_refuse(cx, survey_faults(cx->mem, finish__policy(cx, ask), ask->cmd->args, ask->cmd->actor.name)));
  TRY(finish__files_check(cx, files));
  Json *body = kit_body(d, ask, names);
  json_put_int(m, body, S("project"), s->project);
  json_put_str(m, body, S("number"), s->number);
  decision_emit(d, "survey.delivered", 1, body);
  return OK;
}

static Code decide_cancel(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"reason", NULL};
  const Survey *s = ask->state;
  TRY(kit_now(cx, ask));
  TRY(kit_party(cx, ask, s->applicant, s->uscc));
  if (!str_eqz(s->status, "commissioned")) return wrong_state(cx, s, "撤销委托");
  decision_emit(d, "survey.cancelled", 1, kit_body(d, ask, names));
  return OK;
}

static Code decide_close(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"reason", NULL};
  const Survey *s = ask->state;
  if (!str_eqz(s->status, "commissioned")) return wrong_state(cx, s, "随项目结束");
  decision_emit(d, "survey.cancelled", 1, kit_body(d, ask, names));
  return OK;
}

#define ROW(n, l, h, who, fn, list) {.name = n, .label = l, .help = h, .allow = (who), .decide = fn, WITH(list)}
const CommandDecl survey__commands[SURVEY_COMMANDS] = {
    {.name = "survey.commission", .label = "委托联合测绘", .help = "一次委托，包括验收各部门和产权登记要的全部测量；重复付费的要写明理由。", .allow = PARTY_ROLES, .creates = true,
     .decide = decide_commission, WITH(commission_args)},
    ROW("survey.deliver", "交测绘成果", "测绘机构交一份成果，进入项目的材料库，各部门共用。", ROLE_APPLICANT, decide_deliver, deliver_args),
    ROW("survey.cancel", "撤销委托", "成果交付以前，建设单位可以撤销委托。", PARTY_ROLES, decide_cancel, reason_args),
    ROW("survey.close", "随项目结束", "项目撤回时由系统结束没有交付的委托。", ROLE_SYSTEM, decide_close, reason_args)};
