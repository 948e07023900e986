/* SPDX-License-Identifier: Apache-2.0 */
/* notices.c: who is told what 通知规则: which events can be told to whom, what a text may fill in; looking up, filling in. */
#include "policy/notices.h"
#include "policy/policy_int.h"

#define TO(...) .to = {__VA_ARGS__}
enum { TO_MAX = 3 };
/* Among these the package chooses. The last three are found by looking, once a day. "owner" is told only of what an agent 代办员 did in its name. */
static const struct { const char *event, *to[TO_MAX]; } kinds[] = {
    {"stage.submitted", TO("applicant", "window")},
    {"stage.confirm-asked", TO("applicant")},
    {"stage.draft-returned", TO("applicant")},
    {"stage.correction-requested", TO("applicant")},
    {"stage.corrected", TO("applicant", "window")},
    {"stage.accepted", TO("applicant")},
    {"stage.not-accepted", TO("applicant")},
    {"stage.slip-drafted", TO("window_head")},
    {"stage.slip-returned", TO("window")},
    {"stage.dispatched", TO("unit", "unit_head")},
    {"stage.refused", TO("applicant")},
    {"stage.certified", TO("applicant", "unit")},
    {"stage.posted", TO("applicant")},
    {"stage.delivered", TO("applicant")},
    {"project.registered", TO("owner")},
    {"project.withdrawn", TO("owner")},
    {"stage.withdrawn", TO("owner")},
    {"stage.supplied", TO("owner")},
    {"item.withdrawn", TO("owner")},
    {"item.reapplied", TO("owner")},
    {"utility.applied", TO("owner")},
    {"utility.answered", TO("applicant")},
    {"acceptance.withdrawn", TO("owner")},
    {"item.urged", TO("handler", "unit_head")},
    {"item.paused", TO("applicant")},
    {"item.pause-extended", TO("applicant")},
    {"item.resumed", TO("applicant")},
    {"item.returned", TO("applicant")},
    {"item.supplemented", TO("handler", "owner")},
    {"item.extension-asked", TO("unit_head")},
    {"item.extended", TO("applicant", "handler")},
    {"item.decided", TO("applicant", "window")},
    {"desk.handed", TO("handler")},
    {"consult.asked", TO("unit", "unit_head")},
    {"consult.more-asked", TO("applicant")},
    {"consult.replied", TO("applicant")},
    {"agent.ordered", TO("window_head")},
    {"agent.assigned", TO("applicant", "handler")},
    {"agent.reassigned", TO("applicant", "handler")},
    {"acceptance.started", TO("unit", "owner")},
    {"acceptance.scheduled", TO("applicant", "unit")},
    {"acceptance.reported", TO("applicant")},
    {"acceptance.rechecked", TO("unit", "owner")},
    {"acceptance.concluded", TO("applicant")},
    {"survey.commissioned", TO("applicant", "surveyor")},
    {"survey.delivered", TO("applicant", "surveyor", "unit")},
    {"survey.cancelled", TO("applicant", "surveyor")},
    {"surveyor.checked", TO("surveyor")},
    {"credit.drafted", TO("applicant")},
    {"credit.published", TO("applicant")},
    {"credit.rejected", TO("applicant")},
    {"credit.answered", TO("applicant")},
    {"credit.repaired", TO("applicant")},
    {"credit.repair-refused", TO("applicant")},
    {"credit.expired", TO("applicant")},
    {"credit.withdrawn", TO("applicant")},
    {"credit.objected", TO("supervisor")},
    {"credit.repair-asked", TO("supervisor")},
    {"appraisal.consulted", TO("unit_head")},
    {"appraisal.opined", TO("supervisor")},
    {"appraisal.opinion-answered", TO("handler")},
    {"appraisal.closed", TO("unit_head")},
    {"gazette.submitted", TO("reviewer")},
    {"gazette.signed", TO("reviewer")},
    {"gazette.settled", TO("reviewer")},
    {"gazette.returned", TO("handler")},
    {"gazette.disputed", TO("handler", "secrecy")},
    {"gazette.published", TO("handler")},
    {"gazette.kept", TO("handler")},
    {"canvass.submitted", TO("reviewer")},
    {"canvass.signed", TO("reviewer")},
    {"canvass.returned", TO("handler")},
    {"canvass.opened", TO("handler")},
    {"canvass.said", TO("editor")},
    {"canvass.ended", TO("editor", "unit_head")},
    {"canvass.answered", TO("unit_head")},
    {"rating.opened", TO("applicant")},
    {"rating.answered", TO("window_head")},
    {"rating.replied", TO("applicant")},
    {"directive.issued", TO("recipient")},
    {"directive.raised", TO("recipient")},
    {"directive.returned", TO("recipient")},
    {"directive.replied", TO("supervisor")},
    {NOTICE_DUE_SOON, TO("handler", "unit_head")},
    {NOTICE_OVERDUE, TO("handler", "unit_head")},
    {NOTICE_PAUSE_OVER, TO("handler", "unit_head")},
};
static const char *const holes[] = {"number", "name",   "stage",  "stage_name", "item", "unit",
                                    "receipt", "certificate", "planned", "result", "due", "days", "day"};

bool notice_may(Str event, Str to) {
  for (size_t i = 0; i < COUNT(kinds); i++)
    for (size_t k = 0; str_eqz(event, kinds[i].event) && k < TO_MAX && kinds[i].to[k]; k++)
      if (!to.len || str_eqz(to, kinds[i].to[k])) return true;
  return false;
}

/* The next {hole} of a text: what stands before it, its name, what comes behind. False: no more. */
static bool hole_next(Str *rest, Str *before, Str *name) {
  Str tail;
  if (!str_cut(*rest, '{', before, &tail)) return false;
  if (!str_cut(tail, '}', name, rest)) {
    *name = tail;
    *rest = S("");
  }
  return true;
}

Str notice_hole_wrong(Str text) {
  Str before, name;
  while (hole_next(&text, &before, &name)) {
    bool known = false;
    for (size_t i = 0; i < COUNT(holes); i++) known |= str_eqz(name, holes[i]);
    if (!known) return name.len ? name : S("{}");
  }
  return S("");
}

Str notice_fill(Arena *mem, Str text, const Json *values) {
  SCOPED(buf_drop) Buf b = {0};
  Str before, name;
  buf_init(&b, 16384);
  while (hole_next(&text, &before, &name)) {
    const Json *v = json_get(values, name);
    buf_add(&b, before);
    if (v && v->kind == JSON_INT) buf_i64(&b, v->num);
    else if (v) buf_add(&b, v->str);
  }
  buf_add(&b, text);
  return arena_str(mem, buf_str(&b));
}

const NoticeRule *policy_notice(const Policy *p, Str code) {
  for (size_t i = 0; i < p->notice_count; i++)
    if (str_eq(p->notices[i].code, code)) return &p->notices[i];
  return NULL;
}
