/* SPDX-License-Identifier: Apache-2.0 */
/* decide_register.c: a project is registered 登记, and what was registered is corrected 改正 while no certificate rests on it. */
#include "approval/approval_int.h"
#include "policy/answers.h"

static Code code_and_owner(Cx *cx, const Ask *ask, const Json *a) {
  Str code = json_str(a, S("code")), other = json_str(ask->facts, S("same_code"));
  if (project_code_form(code) == PROJECT_CODE_BAD)
    FAIL_AT(INVALID, S("code"), S("GB/T 40058-2021"), "项目代码应为 24 位，如 2304-211403-04-01-135254。%.*s", SFMT(project_code_fault(cx->mem, code)));
  if (other.len) FAIL_AT(CONFLICT, S("code"), S(""), "这个项目代码已经登记过，办件编号 %.*s。", SFMT(other));
  if (!uscc_valid(json_str(a, S("uscc"))))
    FAIL_AT(INVALID, S("uscc"), S("GB 32100-2015"), "统一社会信用代码应为 18 位，校验码要正确");
  if (!form__ref_ours(ask, NULL, S(""), json_str(a, S("contact_phone"))))
    FAIL_AT(INVALID, S("contact_phone"), S(""), "联系电话要先存入保险库，这里只写存放编号");
  return OK;
}

/* Declared facts only, each by its own rule. */
static Code facts_check(Cx *cx, const Policy *p, const Json *typed, Str category, Str county, const Json *locked, Json **out) {
  Json *clean = json_obj(cx->mem);
  Json *all = policy_facts(cx->mem, NULL, category, county);
  for (const Json *v = typed ? typed->first : NULL; v; v = v->next)
    if (!policy_field(p, 0, v->key)) FAIL_AT(INVALID, v->key, S(""), "没有名为 %.*s 的项目情况", SFMT(v->key));
  for (size_t i = 0; i < p->fact_count; i++) {
    const Field *f = &p->facts[i];
    const Json *v = json_get(typed, f->name);
    Str text = json_str(typed, f->name), value;
    TRY(locks__check(cx, locked, f, v));
    if (!v) text = json_str(json_get(locked, S("values")), f->name);
    if (v && v->kind == JSON_INT) text = arena_fmt(cx->mem, "%lld", (long long)v->num);
    if (v && v->kind == JSON_BOOL) text = v->num ? S("true") : S("false");
    if (f->when && policy_eval(cx->mem, p, f->when, all, NULL) == NO) continue;
    TRY(field_check(cx, f, text, &value));
    if (!value.len) continue;
    if (f->type == FIELD_BOOL) json_put_bool(cx->mem, clean, f->name, str_eq(value, S("true")));
    else json_put_str(cx->mem, clean, f->name, value);
    json_put(cx->mem, all, f->name, json_clone(cx->mem, json_get(clean, f->name)));
  }
  const Contradiction *wrong[CONTRADICTIONS_MAX];
  if (policy_contradictions(cx->mem, p, all, wrong))
    FAIL_AT(INVALID, wrong[0]->field, wrong[0]->source.clause, "%.*s", SFMT(policy_contradiction_text(cx->mem, p, wrong[0])));
  *out = clean;
  return OK;
}

Code decide__register(Cx *cx, const Ask *ask, Decision *d) {
  const Policy *p = at__current(cx, ask);
  const Json *a = ask->cmd->args;
  Arena *m = decision_mem(d);
  const Category *c = policy_category(p, json_str(a, S("category")));
  const Unit *county = policy_unit(p, json_str(a, S("county")));
  Json *facts = NULL, *locked = NULL, *body = json_obj(m);
  Str head, number;
  int64_t no = 0;
  TRY(at__late(cx, ask, 0));
  TRY(beside__agent(cx, ask));
  TRY(code_and_owner(cx, ask, a));
  if (!c) FAIL_AT(INVALID, S("category"), S("D60-2.7.1-p1"), "没有这个项目类别，请从列表中选择");
  if (!county || (!str_eq(county->kind, S("county")) && !str_eq(county->kind, S("zone"))))
    FAIL_AT(INVALID, S("county"), S(""), "建设地点要选择县（市）区或开发区");
  Str ordered = json_str(ask->facts, S("mandate_county")), number_of = json_str(ask->facts, S("mandate"));
  const Unit *at_home = policy_unit(p, ordered);
  if (at_home && !str_eq(ordered, county->code))
    FAIL_AT(DENIED, S("county"), S("D60-2.4.4-(1)"), "委托 %.*s 是%.*s的项目，不能登记到%.*s；请改建设地点，或者另行委托。", SFMT(number_of), SFMT(at_home->name),
            SFMT(county->name));
  TRY(locks__register(cx, ask, p, m, &locked));
  TRY(facts_check(cx, p, json_get(a, S("facts")), c->code, county->code, locked, &facts));
  str_cut(json_str(ask->facts, S("stream")), '/', &head, &number);
  REQUIRE(str_to_i64(number, &no));
  static const char *const copied[] = {"code", "name", "category", "county", "owner", "uscc"};
  for (size_t i = 0; i < COUNT(copied); i++) json_put_str(m, body, str_of(copied[i]), json_str(a, str_of(copied[i])));
  json_put_int(m, body, S("no"), no);
  json_put_str(m, body, S("number"), project_number(m, no));
  json_put(m, body, S("facts"), facts);
  json_put_str(m, body, S("policy"), p->version);
  Json *contact = json_put_obj(m, body, S("contact")), *limits = json_put_arr(m, body, S("limits"));
  json_put_str(m, contact, S("name"), json_str(a, S("contact_name")));
  at__stamp(ask, m, body);
  json_put_str(m, contact, S("phone"), json_str(a, S("contact_phone")));
  for (int n = 1; n <= STAGE_MAX; n++) json_push(m, limits, &(Json){.kind = JSON_INT, .num = c->limit[n]});
  if (locked) json_put_int(m, body, S("reserve"), json_int(locked, S("plot"), 0));
  if (locked) json_put(m, body, S("locked"), locked);
  if (json_get(ask->facts, S("mandate"))) {
    json_put_str(m, body, S("mandate"), json_str(ask->facts, S("mandate")));
    json_put_str(m, body, S("applicant"), json_str(ask->facts, S("mandate_applicant")));
  }
  decision_emit(d, "project.registered", 1, body);
  Json *answer = json_obj(m);
  json_put_int(m, answer, S("no"), no);
  json_put_str(m, answer, S("number"), project_number(m, no));
  decision_answer(d, answer);
  return OK;
}

/* ---- corrections ---------------------------------------------------------------------------------- */

/* What was registered decides which items and materials a stage has, and stands on certificates: it is corrected only while nobody works
 * by it and no certificate rests on it. The contact is nobody's ground and may change as long as the project runs. */
bool project_correctable(const Project *pr, const char **why) {
  int current = project_current_stage(pr);
  const char *none = NULL;
  if (!why) why = &none;
  *why = NULL;
  for (int n = 1; n <= STAGE_MAX && !*why; n++) {
    const StageState *s = &pr->stages[n];
    if (s->certified_at) *why = "已经出过证件，证件以登记的情况为准；要改的请窗口变更证件";
    for (size_t i = 0; i < s->item_count && !*why; i++)
      if (item_open(&s->items[i])) *why = "还有事项在办，部门正以登记的情况为准；办完或者撤回以后再改";
  }
  if (!*why && pr->status == PROJECT_RUNNING && current <= STAGE_MAX && !form__writable(&pr->stages[current]))
    *why = "申请已经交给窗口；撤回申请，或者窗口告知补正以后再改";
  return !*why;
}

static void note_change(Arena *m, Json *changed, Str *what, Str of, Str label, Str was, Str now) {
  Json *o = json_push_obj(m, changed);
  json_put_str(m, o, S("of"), of);
  if (was.len) json_put_str(m, o, S("was"), was);
  if (now.len) json_put_str(m, o, S("now"), now);
  *what = arena_fmt(m, "%.*s%s%.*s", SFMT(*what), what->len ? "、" : "", SFMT(label));
}

static Str as_text(Arena *m, const Json *v) {
  if (!v) return S("");
  if (v->kind == JSON_BOOL) return v->num ? S("true") : S("false");
  return v->kind == JSON_INT ? arena_fmt(m, "%lld", (long long)v->num) : v->str;
}

static void facts_changed(Arena *m, const Policy *p, const Json *was, const Json *now, Json *changed, Str *what) {
  for (size_t i = 0; i < p->fact_count; i++) {
    const Field *f = &p->facts[i];
    Str before = as_text(m, json_get(was, f->name)), after = as_text(m, json_get(now, f->name));
    if (!str_eq(before, after)) note_change(m, changed, what, f->name, f->label, before, after);
  }
}

/* What the forms of stages have added to the facts stays. */
static Json *with_answers(Arena *m, const Policy *p, const Json *all, const Json *registered) {
  Json *out = json_clone(m, registered);
  for (const Json *v = all ? all->first : NULL; v; v = v->next)
    if (!policy_field(p, 0, v->key)) json_put(m, out, v->key, json_clone(m, v));
  return out;
}

/* A number that is replaced leaves the vault, unless an application was handed in with it. */
static void phone_changed(Arena *m, const Project *pr, Str was, Json *body) {
  for (int n = 1; n <= STAGE_MAX; n++) {
    const StageState *s = &pr->stages[n];
    const Json *forms[] = {s->form, json_get(s->draft, S("form")), json_get(s->former, S("form")), s->corrected_form}; /* those of earlier applications too */
    for (size_t i = 0; i < COUNT(forms); i++)
      if (str_eq(json_str(forms[i], S("contact_phone")), was)) return;
  }
  json_push_str(m, json_put_arr(m, body, S("erased")), was);
}

static Code contact_changed(Cx *cx, const At *at, Arena *m, Json *body, Json *changed, Str *what) {
  const Json *was = at->pr->contact;
  Str name = json_str(at->args, S("contact_name")), phone = json_str(at->args, S("contact_phone"));
  Str name_was = json_str(was, S("name")), phone_was = json_str(was, S("phone"));
  if (phone.len && !form__ref_ours(at->ask, at->pr, S("contact_phone"), phone))
    FAIL_AT(INVALID, S("contact_phone"), S(""), "联系电话要先存入保险库，这里只写存放编号");
  bool named = name.len && !str_eq(name, name_was), rung = phone.len && !str_eq(phone, phone_was);
  if (!named && !rung) return OK;
  Json *contact = json_put_obj(m, body, S("contact"));
  json_put_str(m, contact, S("name"), named ? name : name_was);
  json_put_str(m, contact, S("phone"), rung ? phone : phone_was);
  if (named) note_change(m, changed, what, S("contact_name"), S("联系人"), name_was, name);
  if (rung) note_change(m, changed, what, S("contact_phone"), S("联系电话"), S(""), S(""));
  if (rung && phone_was.len) phone_changed(m, at->pr, phone_was, body);
  return OK;
}

Code decide__correct(Cx *cx, const Ask *ask, Decision *d) {
  At at;
  TRY(at__project(cx, ask, &at));
  TRY(at__owner(cx, &at));
  Arena *m = decision_mem(d);
  Json *body = json_obj(m), *changed = json_put_arr(m, body, S("changed")), *facts = NULL;
  const char *why = NULL;
  Str name = json_str(at.args, S("name")), what = {0};
  if (name.len && !str_eq(name, at.pr->name)) {
    json_put_str(m, body, S("name"), name);
    note_change(m, changed, &what, S("name"), S("项目名称"), at.pr->name, name);
  }
  if (json_get(at.args, S("facts"))) {
    TRY(facts_check(cx, at.p, json_get(at.args, S("facts")), at.pr->category, at.pr->county, at.pr->locked, &facts));
    facts_changed(m, at.p, at.pr->facts, facts, changed, &what);
  }
  if (changed->count && !project_correctable(at.pr, &why)) FAIL_AT(CONFLICT, json_str(changed->first, S("of")), S(""), "%.*s现在不能改：%s。", SFMT(what), why);
  if (facts && changed->count) json_put(m, body, S("facts"), with_answers(m, at.p, at.pr->facts, facts));
  TRY(contact_changed(cx, &at, m, body, changed, &what));
  if (!changed->count) FAIL(INVALID, "没有改动：和登记的一样。");
  json_put_str(m, body, S("what"), what);
  json_put_str(m, body, S("policy"), at.p->version);
  at__stamp(ask, m, body);
  decision_emit(d, "project.corrected", 1, body);
  return OK;
}
