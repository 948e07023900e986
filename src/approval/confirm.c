/* SPDX-License-Identifier: Apache-2.0 */
/* confirm.c: an agent fills in the form, his client looks at it and hands it in 送委托单位确认. The draft is what was sent: whoever saves
 * it again has taken it back. */
#include "approval/approval_int.h"
#include "policy/lists.h"

#define CLAUSE "D60-2.4.4-(1)"

static bool by_mandate(const At *at) {
  const Actor *who = &at->ask->cmd->actor;
  Str uscc = json_str(at->ask->facts, S("actor_uscc"));
  return json_get(at->ask->facts, S("mandate")) && !str_eq(who->id, at->pr->applicant) && (!uscc.len || !str_eq(uscc, at->pr->uscc));
}

Code confirm__may_submit(Cx *cx, const At *at) {
  if (!by_mandate(at) || json_bool(at->ask->facts, S("mandate_direct"))) return OK;
  FAIL_AT(DENIED, S("stage"), S(CLAUSE), "委托 %.*s 没有授权代办员直接提交。请送委托单位“%.*s”确认，由它提交。", SFMT(json_str(at->ask->facts, S("mandate"))),
          SFMT(json_str(at->ask->facts, S("mandate_owner"))));
}

Str stage_draft_state(const StageState *s) {
  return json_str(json_get(s->draft, S("confirm")), S("state"));
}

/* The files of the draft as a command names them. */
static Json *draft_files(Arena *m, const StageState *s) {
  Json *list = json_arr(m);
  for (size_t i = 0; i < s->draft_file_count; i++) {
    const FileRef *f = &s->draft_files[i];
    Json *o = json_push_obj(m, list);
    json_put_str(m, o, S("material"), f->material);
    json_put_str(m, o, S("blob"), f->blob);
    json_put_str(m, o, S("name"), f->name);
    json_put_int(m, o, S("size"), f->size);
  }
  return list;
}

/* Only what could be handed in as it stands: the client is not asked to confirm half a form. */
Code decide__ask_confirm(Cx *cx, const Ask *ask, Decision *d) {
  At at;
  Arena *m = decision_mem(d);
  Json *clean = NULL, *faults = NULL;
  TRY(form__open(cx, ask, &at));
  if (!by_mandate(&at)) FAIL_AT(DENIED, S("stage"), S(CLAUSE), "只有代办员要送委托单位确认；您可以直接提交。");
  if (!at.s->draft) FAIL_AT(CONFLICT, S("stage"), S(""), "还没有保存的申请表，请填好并保存以后再送确认。");
  if (str_eqz(stage_draft_state(at.s), "asked")) FAIL_AT(CONFLICT, S("stage"), S(""), "已经送委托单位确认，请等它提交或者退回。");
  const Json *files = draft_files(m, at.s);
  Handed handed = {.files = files, .lacking = json_get(at.s->draft, S("lacking")), .shared = json_get(ask->facts, S("shared")), .today = day_of(ask->happened),
                   .barred = json_bool(ask->facts, S("black")) && policy_bars(at.p, S("lacking"))};
  TRY(project_check_handed(cx, at.p, at.pr, at.n, json_get(at.s->draft, S("form")), &handed, &clean, &faults));
  TRY(form__faults(cx, faults));
  TRY(answers__put(cx, &at, m, clean, files, json_get(at.s->draft, S("answers")), json_obj(m)));
  decision_emit(d, "stage.confirm-asked", 1, at__body(&at, d));
  return OK;
}

Code decide__return_draft(Cx *cx, const Ask *ask, Decision *d) {
  At at;
  TRY(form__open(cx, ask, &at));
  if (!str_eqz(stage_draft_state(at.s), "asked")) FAIL_AT(CONFLICT, S("stage"), S(CLAUSE), "第 %d 阶段没有等您确认的申请表。", at.n);
  Json *body = at__body(&at, d);
  json_put_str(decision_mem(d), body, S("reason"), json_str(at.args, S("reason")));
  decision_emit(d, "stage.draft-returned", 1, body);
  return OK;
}

void confirm__fold(Arena *mem, StageState *s, const Event *e) {
  bool asked = str_eq(e->kind, S("stage.confirm-asked"));
  if ((!asked && !str_eq(e->kind, S("stage.draft-returned"))) || !s->draft) return;
  Json *o = json_put_obj(mem, s->draft, S("confirm"));
  json_put_str(mem, o, S("state"), asked ? S("asked") : S("returned"));
  json_put_str(mem, o, S("by"), arena_str(mem, e->actor_name));
  json_put_str(mem, o, S("at_cn"), time_cn(mem, e->happened));
  json_put_str(mem, o, S("reason"), arena_str(mem, json_str(e->body, S("reason"))));
}
