/* SPDX-License-Identifier: Apache-2.0 */
/* decide_return.c: a department returns its item for what is missing 退回补正; the applicant supplies it. */
#include "approval/approval_int.h"

#define RETURN_CAUSE S("correction") /* of causes.yaml: 补正材料, held by the applicant */

/* "again": told once in the notice and asked for again; "new": it lay there when the notice could have named it. */
static void kinds_put(Arena *m, const StageState *s, Json *missing) {
  const Json *told = json_get(s->notice, S("missing"));
  for (Json *x = missing->first; x; x = x->next) {
    Subject asked = {.of = json_str(x, S("of")), .what = json_str(x, S("what"))};
    json_put_str(m, x, S("kind"), subjects_find(told, &asked) ? S("again") : S("new"));
  }
}

/* The day until which the applicant is asked to supply: as for every pause with this cause. */
static Code until_read(Cx *cx, const At *at, Day *out) {
  const Cause *c = policy_cause(at->p, RETURN_CAUSE);
  Day today = day_of(at->ask->happened);
  Str text = json_str(at->args, S("until"));
  int most = c && c->max_days ? c->max_days : at->p->extend_days;
  *out = calendar_add(at->p->calendar, today, most);
  if (!text.len) return OK;
  if (!day_parse(text, out) || out->n <= today.n) FAIL_AT(INVALID, S("until"), S(""), "补交的日期要在今天之后");
  Str why = calendar_refuses(cx->mem, at->p->calendar, *out, today);
  if (why.len) FAIL_AT(INVALID, S("until"), S(""), "补交的日期要是工作日：%.*s", SFMT(why));
  if (calendar_count(at->p->calendar, today, *out) > most)
    FAIL_AT(INVALID, S("until"), S(""), "补正最多 %d 个工作日，请写早一些的日期", most);
  return OK;
}

/* What the applicant reads: everything at once. */
static Str notice_text(Arena *m, const Json *missing) {
  Str text = S("");
  for (const Json *x = missing->first; x; x = x->next)
    text = arena_fmt(m, "%.*s%s%.*s：%.*s", SFMT(text), text.len ? "；" : "请补正：", SFMT(json_str(x, S("what"))), SFMT(json_str(x, S("why"))));
  return text;
}

Code decide__return(Cx *cx, const Ask *ask, Decision *d) {
  At at;
  Arena *m = decision_mem(d);
  Day until;
  TRY(item__mine(cx, ask, &at, ITEM_TAKEN, ITEM_STATUS_UNSET, "退回补正"));
  TRY(drawings__no_second(cx, &at, "退回"));
  Json *body = at__body(&at, d);
  Json *missing = json_put_arr(m, body, S("missing"));
  TRY(subjects_read(cx, at.p, at.pr, at.n, json_get(at.args, S("missing")), S("missing"), m, missing));
  kinds_put(m, at.s, missing);
  if (!json_str(at.args, S("why_late")).len)
    FAIL_AT(INVALID, S("why_late"), S("行政许可法第三十二条"),
            "这些内容受理前就可以提出。请说明为什么没有在一次性告知里提出；理由会列给监督部门。");
  if (at.i->pause_count >= ITEM_PAUSES_MAX) FAIL(LIMIT, "这个事项已经停过 %d 次，不能再退回", ITEM_PAUSES_MAX);
  TRY(until_read(cx, &at, &until));
  json_put_str(m, body, S("reason"), json_str(at.args, S("why_late")));
  json_put_str(m, body, S("cause"), RETURN_CAUSE);
  json_put_str(m, body, S("notice"), notice_text(m, missing));
  json_put_str(m, body, S("planned"), day_str(m, until));
  decision_emit(d, "item.returned", 1, body);
  return OK;
}

/* ---- supplying ------------------------------------------------------------------------------------- */

static bool supplied(const Json *files, Str of) {
  for (const Json *f = files ? files->first : NULL; f; f = f->next)
    if (str_eq(json_str(f, S("material")), of) && json_str(f, S("blob")).len) return true;
  return false;
}

/* What was refused, handed in once more, corrects nothing. */
static Code changed_check(Cx *cx, const At *at, const Json *files) {
  for (const Json *f = files ? files->first : NULL; f; f = f->next) {
    const Material *material = policy_material(at->p, json_str(f, S("material")));
    if (material && library_same(at->pr, material->code, json_str(f, S("blob"))))
      FAIL_AT(INVALID, S("files"), S(""), "“%.*s”的文件和退回的那份内容相同，没有改正；请选择改正以后的文件", SFMT(material->name));
  }
  return OK;
}

static Code supplement_check(Cx *cx, const At *at, const Json *files) {
  const Json *missing = json_get(at->i->demands, S("missing"));
  bool words = false;
  for (const Json *f = files ? files->first : NULL; f; f = f->next) {
    Str code = json_str(f, S("material"));
    if (!policy_material(at->p, code)) FAIL_AT(INVALID, S("files"), S("D60-4.14-p1"), "不需要名为 %.*s 的材料", SFMT(code));
    if (!json_str(f, S("blob")).len) FAIL_AT(INVALID, S("files"), S(""), "每份材料都要有文件");
  }
  for (const Json *x = missing ? missing->first : NULL; x; x = x->next) {
    Str of = json_str(x, S("of")), what = json_str(x, S("what"));
    const Material *material = of.len ? policy_material(at->p, of) : NULL;
    if (!material || material->form) words = true;
    else if (!supplied(files, of)) FAIL_AT(INVALID, S("files"), S(""), "还缺“%.*s”的文件", SFMT(what));
  }
  TRY(changed_check(cx, at, files));
  if (words && !json_str(at->args, S("note")).len) FAIL_AT(INVALID, S("note"), S(""), "请逐项说明补正的内容");
  return OK;
}

Code decide__supplement(Cx *cx, const Ask *ask, Decision *d) {
  At at;
  Arena *m = decision_mem(d);
  TRY(at__item(cx, ask, &at));
  TRY(at__owner(cx, &at));
  if (at.i->status != ITEM_RETURNED) {
    Str label = item_status_label(at.i->status);
    FAIL(CONFLICT, "“%.*s”现在是“%.*s”，没有等您补交的内容。", SFMT(at.i->name), SFMT(label));
  }
  const Json *files = json_get(at.args, S("files"));
  TRY(supplement_check(cx, &at, files));
  Json *body = at__body(&at, d);
  json_put(m, body, S("files"), files ? json_clone(m, files) : json_arr(m));
  json_put_str(m, body, S("note"), json_str(at.args, S("note")));
  decision_emit(d, "item.supplemented", 1, body);
  return OK;
}
