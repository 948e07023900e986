/* SPDX-License-Identifier: Apache-2.0 */
/* review.c: 初审、复审、批准 (D01-1.3): who may do which, in which order; what both engines of the room fold of it. */
#include "publish/publish_int.h"

static const struct { const char *code, *name; } steps[SCRUTINIES] = {{"first", "初审"}, {"second", "复审"}, {"third", "批准"}};

int scrutiny__index(Str step) {
  for (int i = 0; i < SCRUTINIES; i++)
    if (str_eqz(step, steps[i].code)) return i;
  return -1;
}

Str scrutiny__next(Str step) {
  int i = scrutiny__index(step);
  return i < 0 || i + 1 == SCRUTINIES ? S("") : str_of(steps[i + 1].code);
}

Str scrutiny_label(Str step) {
  static const char *const waits[SCRUTINIES] = {"待初审", "待复审", "待批准"};
  int i = scrutiny__index(step);
  return i >= 0 ? str_of(waits[i]) : str_eqz(step, "disputed") ? S("公开属性有分歧") : S("");
}

Code open__settings(Cx *cx, const Ask *ask, const Disclosure **out) {
  *out = kit_policy(ask)->disclosure;
  if (!*out) FAIL_AT(CONFLICT, S(""), S(OPEN_CLAUSE), "本市没有设置公文库（政策包里没有 gazette.yaml），不能办理政务公开。");
  return OK;
}

Code open__of_unit(Cx *cx, const Ask *ask, Str unit, uint32_t roles) {
  const Actor *who = &ask->cmd->actor;
  const Unit *u = policy_unit_known(ask->env, unit);
  Str name = u ? u->name : unit;
  TRY(kit_now(cx, ask));
  if (!who->unit.len) FAIL(DENIED, "政务公开以单位的名义办理，您的账号没有单位。");
  if (!str_eq(who->unit, unit)) FAIL_AT(DENIED, S(""), S(OPEN_CLAUSE), "谁公开、谁负责：这件由%.*s办理，不归您的单位。", SFMT(name));
  if (!(who->roles & roles)) FAIL(DENIED, "这一步由%.*s的%.*s办理。", SFMT(name), SFMT(role_labels(cx->mem, roles)));
  return OK;
}

static void roles_of_step(const Disclosure *d, int i, const Str **list, size_t *n) {
  *list = i == 0 ? d->first : i == 1 ? d->second : d->third;
  *n = i == 0 ? d->first_count : i == 1 ? d->second_count : d->third_count;
}

static uint32_t step_roles(const Disclosure *d, int i) {
  const Str *list;
  size_t n;
  uint32_t roles = 0;
  roles_of_step(d, i, &list, &n);
  for (size_t k = 0; k < n; k++) roles |= role_parse(list[k]);
  return roles;
}

/* Whoever has drafted, sent or signed already, when three different persons are asked for. */
static bool took_part(const Scrutiny *r, Str author, Str id) {
  bool did = str_eq(author, id) || str_eq(r->submitter, id);
  for (int i = 0; i < SCRUTINIES; i++) did |= r->signs[i].at && str_eq(r->signs[i].by, id);
  return did;
}

bool scrutiny_waits_for(const Disclosure *d, const Scrutiny *r, Str unit, Str author, const Actor *who) {
  int i = scrutiny__index(r->step);
  return d && i >= 0 && who->unit.len && str_eq(who->unit, unit) && (who->roles & step_roles(d, i)) && !(d->apart && took_part(r, author, who->id));
}

Code scrutiny__may(Cx *cx, const Ask *ask, const Scrutiny *r, Str unit, Str author, Str named) {
  const Disclosure *d = NULL;
  const Actor *who = &ask->cmd->actor;
  int i = scrutiny__index(r->step), asked = scrutiny__index(named);
  TRY(open__settings(cx, ask, &d));
  if (str_eqz(r->step, "disputed")) FAIL_AT(CONFLICT, S("step"), S(OPEN_CLAUSE), "公开属性有分歧，先由起草部门和保密行政管理部门重新确定，再审查。");
  if (i < 0) FAIL_AT(CONFLICT, S("step"), S(OPEN_CLAUSE), "这件没有在审查。送审以后才能审查。");
  if (asked > i) FAIL_AT(CONFLICT, S("step"), S(OPEN_CLAUSE), "要依次履行初审、复审和批准：现在是%.*s，不能跳到%s。", SFMT(scrutiny_label(r->step)), steps[asked].name);
  if (asked >= 0 && asked < i) FAIL_AT(CONFLICT, S("step"), S(OPEN_CLAUSE), "%s已经办过，现在是%.*s。", steps[asked].name, SFMT(scrutiny_label(r->step)));
  TRY(open__of_unit(cx, ask, unit, step_roles(d, i)));
  if (d->apart && took_part(r, author, who->id))
    FAIL_AT(DENIED, S(""), S(OPEN_CLAUSE), "初审、复审、批准由三个人分别办，也不能由起草人办：%.*s已经办过其中一步，请别人%s。", SFMT(who->name), steps[i].name);
  return OK;
}

Signature sign__of(Arena *mem, const Event *e, const char *text) {
  return (Signature){.by = arena_str(mem, e->actor), .name = arena_str(mem, e->actor_name), .unit = arena_str(mem, e->unit), .text = kit_keep(mem, e->body, text), .at = e->happened};
}

void scrutiny__fold(Arena *mem, Scrutiny *r, Str kind, const Event *e) {
  if (str_eqz(kind, "submitted")) {
    *r = (Scrutiny){.step = S("first"), .about = (int)json_int(e->body, S("about"), 0), .submitter = arena_str(mem, e->actor)};
  } else if (str_eqz(kind, "returned")) {
    *r = (Scrutiny){0};
  } else if (str_eqz(kind, "signed")) {
    int i = scrutiny__index(r->step);
    if (i < 0) return;
    r->signs[i] = sign__of(mem, e, "text");
    r->step = scrutiny__next(r->step);
  }
}
