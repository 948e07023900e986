/* SPDX-License-Identifier: Apache-2.0 */
/* decide_form.c: what applicants send: drafts, submissions, withdrawals. */
#include "approval/approval_int.h"
#include "approval/receipt.h"
#include "policy/answers.h"
#include "policy/lists.h"

/* A reference must come with its value in the same command, or be this project's already: naming somebody
 * else's would show their telephone number. */
bool form__ref_ours(const Ask *ask, const Project *pr, Str name, Str ref) {
  for (size_t i = 0; i < ask->cmd->personal_count; i++)
    if (str_eq(ask->cmd->personal[i].ref, ref)) return true;
  if (pr && str_eq(json_str(pr->contact, S("phone")), ref)) return true;
  for (int n = 1; pr && n <= STAGE_MAX; n++) {
    const StageState *s = &pr->stages[n];
    if (str_eq(json_str(s->form, name), ref) || str_eq(json_str(json_get(s->draft, S("form")), name), ref)) return true;
  }
  return false;
}

/* ---- the stage form ------------------------------------------------------------------------------ */

bool form__writable(const StageState *s) {
  return s->status == STAGE_OPEN || s->status == STAGE_CORRECTION || s->status == STAGE_REFUSED ||
         s->status == STAGE_WITHDRAWN;
}

/* A REFUSED stage may be filled again only while it is still the current one. */
Code form__open(Cx *cx, const Ask *ask, At *at) {
  TRY(at__stage(cx, ask, at));
  TRY(at__owner(cx, at));
  if (project_current_stage(at->pr) != at->n || !form__writable(at->s)) {
    if (at->s->status == STAGE_CLOSED)
      FAIL(CONFLICT, "第 %d 阶段还不能申报：前一阶段出件送达后才开放。", at->n);
    return at__wrong_state(cx, at, "填写申请表");
  }
  at->p = at__current(cx, ask); /* a new attempt is not bound to the old one's version */
  return OK;
}

static Code refs_check(Cx *cx, const At *at, const Json *form) {
  for (const Json *v = form ? form->first : NULL; v; v = v->next) {
    const Field *f = policy_field(at->p, at->n, v->key);
    if (!f || !f->personal || v->kind != JSON_STR || !v->str.len || form__ref_ours(at->ask, at->pr, v->key, v->str)) continue;
    FAIL_AT(INVALID, v->key, S(""), "“%.*s”的存放编号不是随本次提交存入的，请重新填写", SFMT(f->label));
  }
  return OK;
}

static Code names_check(Cx *cx, const At *at, const Json *form, const Json *files) {
  for (const Json *v = form ? form->first : NULL; v; v = v->next)
    if (!policy_field(at->p, at->n, v->key)) FAIL_AT(INVALID, v->key, S(""), "本阶段申请表没有名为 %.*s 的项", SFMT(v->key));
  for (const Json *f = files ? files->first : NULL; f; f = f->next)
    if (!policy_material(at->p, json_str(f, S("material"))))
      FAIL_AT(INVALID, S("files"), S("D60-4.14-p1"), "不需要名为 %.*s 的材料", SFMT(json_str(f, S("material"))));
  return OK;
}

Code decide__save_draft(Cx *cx, const Ask *ask, Decision *d) {
  At at;
  TRY(form__open(cx, ask, &at));
  const Json *form = json_get(at.args, S("form")), *files = json_get(at.args, S("files"));
  TRY(names_check(cx, &at, form, files));
  TRY(refs_check(cx, &at, form));
  TRY(locks__check_form(cx, &at, form));
  Json *body = at__body(&at, d);
  TRY(cites__put(cx, &at, d, body));
  json_put(decision_mem(d), body, S("form"), form ? form : json_obj(decision_mem(d)));
  json_put(decision_mem(d), body, S("files"), files ? files : json_arr(decision_mem(d)));
  if (json_get(at.args, S("lacking"))) json_put(decision_mem(d), body, S("lacking"), json_get(at.args, S("lacking")));
  if (json_get(at.args, S("answers"))) json_put(decision_mem(d), body, S("answers"), json_get(at.args, S("answers")));
  decision_emit(d, "stage.draft-saved", 1, body);
  return OK;
}

static bool handed_in(const Json *files, Str material) {
  for (const Json *f = files ? files->first : NULL; f; f = f->next)
    if (str_eq(json_str(f, S("material")), material) && json_str(f, S("blob")).len) return true;
  return false;
}

/* Files handed in, and beside them what is used again from earlier stages or made from the form. */
static Json *files_complete(Arena *m, const At *at, const Json *files, const Json *facts) {
  Json *all = json_clone(m, files ? files : json_arr(m)), *known = project_known_with(m, at->p, at->pr, at->n, json_get(at->ask->facts, S("shared")));
  MaterialChoice *choices = NULL;
  size_t n = policy_materials(m, at->p, at->n, at->pr->category, at->pr->county, facts, &choices);
  for (size_t i = 0; i < n; i++) {
    const Material *material = choices[i].material;
    const Json *k = json_get(json_get(known, S("materials")), material->code);
    if (choices[i].needed == NO || (!k && !material->form) || handed_in(files, material->code)) continue;
    Json *f = json_push_obj(m, all);
    json_put_str(m, f, S("material"), material->code);
    json_put_str(m, f, S("name"), k ? json_str(k, S("name")) : S(""));
    if (k) json_put_int(m, f, S("reused_from"), json_int(k, S("from"), 0));
    if (json_get(k, S("project"))) json_put_int(m, f, S("from_project"), json_int(k, S("project"), 0));
    if (json_str(k, S("source")).len) json_put_str(m, f, S("source"), json_str(k, S("source")));
    if (json_str(k, S("blob")).len) json_put_str(m, f, S("blob"), json_str(k, S("blob")));
    if (json_str(k, S("blob")).len) json_put_int(m, f, S("size"), json_int(k, S("size"), 0));
  }
  return all;
}

/* With the names as they are today, for those who read it later. */
static Json *lacking_named(Arena *m, const Policy *p, const Json *lacking) {
  Json *list = json_arr(m);
  for (const Json *x = lacking->first; x; x = x->next) {
    const Material *material = policy_material(p, json_str(x, S("material")));
    Json *o = json_push_obj(m, list);
    json_put_str(m, o, S("material"), json_str(x, S("material")));
    json_put_str(m, o, S("name"), material ? material->name : S(""));
    json_put_str(m, o, S("promised"), json_str(x, S("promised")));
  }
  return list;
}

Code form__faults(Cx *cx, const Json *faults) {
  if (!faults->count) return OK;
  Str field = json_str(faults->first, S("field")), text = json_str(faults->first, S("text"));
  if (faults->count > 1) text = arena_fmt(cx->mem, "%.*s（共有 %u 处要改）", SFMT(text), faults->count);
  FAIL_AT(INVALID, field, S("D60-4.14-p1"), "%.*s", SFMT(text));
}

Code decide__submit(Cx *cx, const Ask *ask, Decision *d) {
  At at;
  Arena *m = decision_mem(d);
  Json *clean = NULL, *faults = NULL;
  TRY(form__open(cx, ask, &at));
  TRY(confirm__may_submit(cx, &at));
  TRY(halt__check(cx, &at, "申报"));
  const Json *files = json_get(at.args, S("files"));
  TRY(names_check(cx, &at, json_get(at.args, S("form")), files));
  TRY(refs_check(cx, &at, json_get(at.args, S("form"))));
  TRY(locks__check_form(cx, &at, json_get(at.args, S("form"))));
  const Json *lacking = json_get(at.args, S("lacking"));
  Handed handed = {.files = files, .lacking = lacking, .shared = json_get(ask->facts, S("shared")), .today = day_of(ask->happened),
                   .barred = json_bool(ask->facts, S("black")) && policy_bars(at.p, S("lacking"))};
  TRY(project_check_handed(cx, at.p, at.pr, at.n, json_get(at.args, S("form")), &handed, &clean, &faults));
  TRY(form__faults(cx, faults));
  bool again = at.s->status == STAGE_CORRECTION;
  int attempt = again ? at.s->attempt : at.s->attempt + 1;
  const Json *facts = project_facts_with(m, at.p, at.pr, at.n, clean);
  Json *body = at__body(&at, d);
  TRY(cites__put(cx, &at, d, body));
  Str receipt = receipt_number(m, (ReceiptNo){at.pr->no, at.n, attempt});
  json_put_int(m, body, S("attempt"), attempt);
  json_put_str(m, body, S("receipt"), receipt);
  json_put_str(m, body, S("policy"), at.p->version);
  json_put(m, body, S("form"), json_clone(m, clean));
  json_put(m, body, S("files"), files_complete(m, &at, files, facts));
  json_put(m, body, S("facts"), facts);
  const Json *region = json_get(handed.shared, REGION_SHARED);
  if (region && !json_str(region, S("why")).len) json_put(m, body, S("region"), region);
  if (lacking && lacking->count) json_put(m, body, S("lacking"), lacking_named(m, at.p, lacking));
  TRY(answers__put(cx, &at, m, clean, files, json_get(at.args, S("answers")), body));
  decision_emit(d, again ? "stage.corrected" : "stage.submitted", 1, body);
  Json *answer = json_obj(m);
  json_put_str(m, answer, S("receipt"), receipt);
  decision_answer(d, answer);
  return OK;
}

/* ---- withdrawals --------------------------------------------------------------------------------- */

static Json *reason_body(const At *at, Decision *d) {
  Json *body = at__body(at, d);
  json_put_str(decision_mem(d), body, S("reason"), json_str(at->args, S("reason")));
  return body;
}

Code decide__stage_withdraw(Cx *cx, const Ask *ask, Decision *d) {
  At at;
  TRY(at__stage(cx, ask, &at));
  TRY(at__owner(cx, &at));
  if (at.s->status < STAGE_SUBMITTED || at.s->status > STAGE_DECIDED) return at__wrong_state(cx, &at, "撤回");
  decision_emit(d, "stage.withdrawn", 1, reason_body(&at, d));
  return OK;
}

Code decide__item_withdraw(Cx *cx, const Ask *ask, Decision *d) {
  At at;
  TRY(at__item(cx, ask, &at));
  TRY(at__owner(cx, &at));
  if (!item_open(at.i)) {
    Str label = item_status_label(at.i->status);
    FAIL(CONFLICT, "“%.*s”已经是“%.*s”，不能撤回。", SFMT(at.i->name), SFMT(label));
  }
  TRY(ties__free(cx, &at, "撤回"));
  decision_emit(d, "item.withdrawn", 1, reason_body(&at, d));
  return OK;
}

/* A parallel item has no stage that would be applied for again, so it is applied for by itself; so is a
 * withdrawn item without which its stage gets no certificate, and what was revoked when its stage was over. */
Code decide__item_reapply(Cx *cx, const Ask *ask, Decision *d) {
  At at;
  TRY(at__item(cx, ask, &at));
  TRY(at__owner(cx, &at));
  if (!item_reapplies(at.s, at.i))
    FAIL(CONFLICT, "只有撤回的、决定或者证件被撤销的事项和没有通过的并行推进事项可以单独重新申报；其他事项随阶段一起重新申报。");
  decision_emit(d, "item.reapplied", 1, reason_body(&at, d));
  return OK;
}

Code decide__project_withdraw(Cx *cx, const Ask *ask, Decision *d) {
  At at;
  TRY(at__project(cx, ask, &at));
  TRY(at__owner(cx, &at));
  Json *body = json_obj(decision_mem(d));
  json_put_str(decision_mem(d), body, S("reason"), json_str(at.args, S("reason")));
  at__stamp(ask, decision_mem(d), body);
  decision_emit(d, "project.withdrawn", 1, body);
  return OK;
}
