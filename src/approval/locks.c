/* SPDX-License-Identifier: Apache-2.0 */
/* locks.c: conditions of construction that came from the reserve library and stand fast (D60-2.4.4-(2)). */
#include "approval/approval_int.h"

#define CLAUSE "D60-2.4.4-(2)"

Str project_locked(const Project *pr, Str name) {
  return pr ? json_str(json_get(pr->locked, S("values")), name) : S("");
}

static Str as_text(Arena *m, const Json *v) {
  if (v && v->kind == JSON_INT) return arena_fmt(m, "%lld", (long long)v->num);
  return v && v->kind == JSON_STR ? v->str : S("");
}

/* Compared as the field reads it: 1.80 is 1.8. What the field refuses is left to its own check. */
Code locks__check(Cx *cx, const Json *locked, const Field *f, const Json *typed) {
  Str value = json_str(json_get(locked, S("values")), f->name), clean = S("");
  if (!value.len || !typed) return OK;
  Cx own = {.mem = cx->mem, .now = cx->now};
  Str text = as_text(cx->mem, typed), number = json_str(locked, S("number"));
  if (field_check(&own, f, text, &clean) != OK) clean = text;
  if (str_eq(clean, value)) return OK;
  FAIL_AT(CONFLICT, f->name, S(CLAUSE),
          "“%.*s”由储备项目 %.*s 锁定为 %.*s，不能改为 %.*s。确需调整的，由自然资源部门写明理由后变更。", SFMT(f->label), SFMT(number),
          SFMT(value), SFMT(clean));
}

Code project_lock_check(Cx *cx, const Project *pr, const Field *f, const Json *typed) {
  return pr->locked ? locks__check(cx, pr->locked, f, typed) : OK;
}

Code locks__check_form(Cx *cx, const At *at, const Json *form) {
  for (const Json *v = at->pr->locked && form ? form->first : NULL; v; v = v->next) {
    const Field *f = policy_field(at->p, at->n, v->key);
    if (f) TRY(locks__check(cx, at->pr->locked, f, v));
  }
  return OK;
}

Code locks__register(Cx *cx, const Ask *ask, const Policy *p, Arena *m, Json **locked) {
  const Json *plot = json_get(ask->facts, S("plot")), *values = json_get(plot, S("values"));
  int64_t no = json_int(ask->cmd->args, S("reserve"), 0);
  Str status = json_str(plot, S("status")), number = json_str(plot, S("number"));
  (void)p;
  if (!no) return OK;
  if (!plot) FAIL_AT(NOT_FOUND, S("reserve"), S(CLAUSE), "储备库里没有第 %lld 号项目。", (long long)no);
  if (!str_eqz(status, "assigned"))
    FAIL_AT(CONFLICT, S("reserve"), S(CLAUSE), "储备项目 %.*s 现在不能登记：要先生成项目并确定建设单位，而且只能登记一次。", SFMT(number));
  if (!str_eq(json_str(plot, S("uscc")), json_str(ask->cmd->args, S("uscc"))))
    FAIL_AT(DENIED, S("reserve"), S(CLAUSE), "储备项目 %.*s 的建设单位不是这个统一社会信用代码。", SFMT(number));
  Json *o = json_obj(m);
  json_put_int(m, o, S("plot"), no);
  json_put_str(m, o, S("number"), number);
  Json *kept = json_put_obj(m, o, S("values"));
  for (const Json *v = values ? values->first : NULL; v; v = v->next) /* an empty one says 不作要求 and locks nothing */
    if (v->str.len) json_put_str(m, kept, v->key, v->str);
  *locked = o;
  return OK;
}

Code decide__change_condition(Cx *cx, const Ask *ask, Decision *d) {
  static const char *const names[] = {"name", "value", "was", "doc", "reason"};
  const Project *pr = ask->state;
  Arena *m = decision_mem(d);
  Json *body = json_obj(m);
  if (!pr->locked) FAIL_AT(CONFLICT, S("name"), S(CLAUSE), "这个项目不是从储备库转来的，没有锁定的建设条件。");
  for (size_t i = 0; i < COUNT(names); i++) json_put_str(m, body, str_of(names[i]), json_str(ask->cmd->args, str_of(names[i])));
  decision_emit(d, "project.condition-changed", 1, body);
  return OK;
}

static Str keep(Arena *mem, const Json *body, const char *key) {
  return arena_str(mem, json_str(body, str_of(key)));
}

void locks__fold(Arena *mem, Project *p, const Event *e) {
  static const char *const names[] = {"name", "was", "reason", "doc"};
  if (str_eq(e->kind, S("project.registered")) && json_get(e->body, S("locked"))) {
    p->locked = json_clone(mem, json_get(e->body, S("locked")));
    json_put_arr(mem, p->locked, S("changes"));
  }
  if (!p->locked || !str_eq(e->kind, S("project.condition-changed"))) return;
  Json *c = json_push_obj(mem, (Json *)(uintptr_t)json_get(p->locked, S("changes")));
  for (size_t i = 0; i < COUNT(names); i++) json_put_str(mem, c, str_of(names[i]), keep(mem, e->body, names[i]));
  Str value = keep(mem, e->body, "value");
  json_put_str(mem, c, S("now"), value);
  json_put_int(mem, c, S("at"), e->happened);
  json_put_str(mem, (Json *)(uintptr_t)json_get(p->locked, S("values")), keep(mem, e->body, "name"), value);
}
