/* SPDX-License-Identifier: Apache-2.0 */
/* page_turn.c: whose turn it is in a project, for whom it is made: what waits for the applicant in any of its stages, the joint acceptance
 * included, and what can be done beside that. One answer for the list, for the head of the project and for the list of an agent. */
#include "approval/beside.h"
#include "web/page.h"
#include "web/page_accept.h"
#include "web/page_early.h"
#include "web/page_work.h"

typedef struct Turn {
  Request *rq;
  Json *list;
  size_t max;
  int64_t own; /* how many wait for the applicant, also those that `max` leaves out */
  Str word;    /* of the first */
  Str waits;   /* for whom the draft waits, when it is not this visitor */
  Str joint;   /* the fourth stage: for whom the joint acceptance waits, or which departments decide without one */
} Turn;

/* `word` is what the list says it is: 补正, 申报 …; empty: may be done, but nobody waits for it. */
static Json *turn_put(Turn *t, const char *word, Str label, Str href, Str text) {
  Arena *m = t->rq->mem;
  Json *o = t->list->count < t->max ? json_push_obj(m, t->list) : json_obj(m);
  if (*word && !t->own) t->word = str_of(word);
  PUT(o, "label", label);
  PUT(o, "href", href);
  PUT(o, "text", text);
  PUT_BOOL(o, "own", *word != 0);
  PUT_BOOL(o, "first", *word && !t->own);
  PUT_BOOL(o, "late", false);
  PUT(o, "until", S(""));
  t->own += *word != 0;
  return o;
}

/* An item that was returned waits for the applicant in whichever stage it is: a parallel one outlives its stage. */
static void returned_put(Turn *t, const Project *pr) {
  Arena *m = t->rq->mem;
  for (int n = 1; n <= STAGE_MAX; n++)
    for (size_t i = 0; i < pr->stages[n].item_count; i++) {
      const ItemState *item = &pr->stages[n].items[i];
      if (item->status != ITEM_RETURNED) continue;
      const PauseState *pause = &item->pauses[item->pause_count - 1];
      Json *o = turn_put(t, "补正", arena_fmt(m, "补交：%.*s", SFMT(item->name)),
                         arena_fmt(m, "/my/%lld/supply/%d/%.*s", (long long)pr->no, n, SFMT(item->code)),
                         arena_fmt(m, "%.*s退回“%.*s”，请补正。", SFMT(unit_name(t->rq->app->policy, item->unit)), SFMT(item->name)));
      PUT(o, "until", day_cn(m, pause->planned));
      PUT_BOOL(o, "late", pause->planned.n < day_of(t->rq->now).n);
    }
}

/* What was withdrawn out of a stage keeps its certificate waiting, and nobody but the applicant can do anything about it. */
static void withdrawn_put(Turn *t, const Project *pr) {
  Arena *m = t->rq->mem;
  for (int n = 1; n <= STAGE_MAX; n++)
    for (size_t i = 0; i < pr->stages[n].item_count; i++) {
      const ItemState *item = &pr->stages[n].items[i];
      if (item->status != ITEM_WITHDRAWN || item->parallel || item->before || !item_reapplies(&pr->stages[n], item)) continue;
      turn_put(t, "申报", arena_fmt(m, "重新申报：%.*s", SFMT(item->name)),
               arena_fmt(m, "/my/%lld/reapply?stage=%d&item=%.*s", (long long)pr->no, n, SFMT(item->code)),
               arena_fmt(m, "“%.*s”已经撤回，不重新申报，第 %d 阶段不能出件；不办了就撤回本阶段申请。", SFMT(item->name), n));
    }
}

bool acts_as_agent(const Request *rq, const Project *pr) {
  return request_has_role(rq, ROLE_AGENT) && !own_enterprise(rq, pr->applicant, pr->uscc);
}

/* The draft of an agent goes to his client and back. */
static bool draft_put(Turn *t, const Project *pr, int n) {
  Arena *m = t->rq->mem;
  const StageState *s = &pr->stages[n];
  const Json *c = json_get(s->draft, S("confirm"));
  bool asked = str_eqz(stage_draft_state(s), "asked"), agent = acts_as_agent(t->rq, pr);
  Str form = arena_fmt(m, "/my/%lld/stage/%d", (long long)pr->no, n), check = arena_fmt(m, "%.*s/check", SFMT(form)), by = json_str(c, S("by"));
  Str reason = json_str(c, S("reason")), again = arena_fmt(m, "修改第 %d 阶段申请表", n);
  if (!c) return false;
  if (asked && agent) turn_put(t, "", S("看送去的申请表"), check, S(""));
  if (asked && !agent) turn_put(t, "确认", S("核对并确认"), check, arena_fmt(m, "代办员%.*s填好了第 %d 阶段的申请表，请核对后确认并提交，或者退回修改。", SFMT(by), n));
  if (!asked && agent) turn_put(t, "修改", again, form, arena_fmt(m, "委托单位退回了申请表：%.*s", SFMT(reason)));
  if (!asked && !agent) turn_put(t, "", again, form, S(""));
  t->waits = asked == agent ? agent ? S("等委托单位确认") : S("等代办员修改") : S("");
  return true;
}

static void stage_put(Turn *t, const Project *pr, int n) {
  Arena *m = t->rq->mem;
  const StageState *s = &pr->stages[n];
  bool correction = s->status == STAGE_CORRECTION, again = s->status == STAGE_REFUSED || s->status == STAGE_WITHDRAWN;
  if ((!correction && !again && s->status != STAGE_OPEN) || draft_put(t, pr, n)) return;
  turn_put(t, correction ? "补正" : s->status == STAGE_WITHDRAWN ? "" : "申报", correction ? S("去补正") : arena_fmt(m, "申报第 %d 阶段", n),
           arena_fmt(m, "/my/%lld/stage/%d", (long long)pr->no, n),
           correction                    ? S("窗口一次性告知了需要补正的内容，请改好后再提交。")
           : s->status == STAGE_REFUSED ? S("上次申请没有通过，可以改好后重新申报；已通过的事项不用再办。")
                                         : S("填写本阶段的申请表。"));
}

bool acceptance_possible(const Policy *p, const Project *pr) {
  const StageState *s = &pr->stages[STAGE_MAX];
  if (s->status != STAGE_RUNNING) return false;
  for (size_t i = 0; i < s->item_count; i++) {
    const Item *item = policy_item(p, s->items[i].code);
    if (item && str_eqz(item->visit, "special") && s->items[i].status < ITEM_PASSED) return true;
  }
  return false;
}

bool acceptance_comes(Request *rq, const Policy *p, const Project *pr) {
  ItemChoice *choices = NULL;
  size_t n = policy_items_only(rq->mem, p, STAGE_MAX, pr->category, pr->county, pr->facts, &choices);
  for (size_t i = 0; i < n; i++)
    if (choices[i].applies != NO && str_eqz(choices[i].item->visit, "special")) return true;
  return false;
}

/* Special parts that are open and in no joint acceptance: whose they are. */
static Str apart_units(const Request *rq, const Policy *p, const StageState *s) {
  Str out = S("");
  for (size_t i = 0; i < s->item_count; i++) {
    const Item *item = policy_item(p, s->items[i].code);
    Str name = unit_name(p, s->items[i].unit);
    if (!item || !str_eqz(item->visit, "special") || s->items[i].status >= ITEM_PASSED || str_has(out, name)) continue;
    out = arena_fmt(rq->mem, "%.*s%s%.*s", SFMT(out), out.len ? "、" : "", SFMT(name));
  }
  return out;
}

/* The joint acceptance that a project is in; NULL: in none. */
static Code joint_of(Cx *cx, Request *rq, const Project *pr, const Acceptance **out) {
  const StageState *s = &pr->stages[STAGE_MAX];
  bool tied = false;
  int64_t no = 0;
  *out = NULL;
  for (size_t i = 0; i < s->item_count && s->status == STAGE_RUNNING; i++) tied |= item_open_tied(s, &s->items[i]).len > 0;
  if (tied) TRY(acceptance_of_project(cx, rq->rd, pr->no, &no));
  return no ? acceptance_load(cx, rq->rd, no, out) : OK;
}

Code joint_turn(Cx *cx, Request *rq, const Project *pr, Str item, JointTurn *out) {
  const Acceptance *a = NULL;
  *out = (JointTurn){.text = S("")};
  TRY(joint_of(cx, rq, pr, &a));
  const AcceptPart *part = a ? acceptance_part(a, item) : NULL;
  if (!a || (item.len && !part && !str_eq(item, a->opinion_item))) return OK;
  out->no = a->no;
  out->owner = str_eqz(a->status, "rectify");
  out->done = part && (part->passed || part->result.len);
  out->text = arena_fmt(rq->mem, "联合验收 %.*s：%.*s%.*s", SFMT(a->number), SFMT(part && part->passed ? S("这一专项已经合格，") : S("")), SFMT(acceptance_turn(rq, a)));
  return OK;
}

Code view_joint_turn(Cx *cx, Request *rq, Json *view, const Project *pr) {
  JointTurn turn;
  const Json *list = json_get(view, S("stages"));
  TRY(joint_turn(cx, rq, pr, S(""), &turn));
  for (Json *o = turn.no && list ? list->first : NULL; o; o = o->next) {
    if (json_int(o, S("n"), 0) != STAGE_MAX) continue;
    if (turn.owner) {
      json_put_str(rq->mem, o, S("with"), S(N_("申请单位")));
      (void)json_put_arr(rq->mem, o, S("with_units"));
    }
    json_put_str(rq->mem, o, S("joint_turn"), turn.text);
  }
  return OK;
}

static Code acceptance_put(Cx *cx, Turn *t, const Project *pr) {
  Arena *m = t->rq->mem;
  const StageState *s = &pr->stages[STAGE_MAX];
  const Acceptance *a = NULL;
  if (s->status != STAGE_RUNNING) return OK;
  TRY(joint_of(cx, t->rq, pr, &a));
  bool tied = a != NULL;
  if (!tied && !acceptance_possible(policy_of(t->rq, pr, STAGE_MAX), pr)) return OK;
  Str href = arena_fmt(m, "/my/%lld/accept", (long long)pr->no);
  Str turn = a ? acceptance_turn(t->rq, a) : S("");
  if (turn.len && !str_eqz(a->status, "rectify")) t->joint = arena_fmt(m, "联合验收 %.*s：%.*s", SFMT(a->number), SFMT(turn));
  if (!tied) t->joint = arena_fmt(m, "等%.*s：各验收专项由部门分别办理。您也可以提请联合验收，由它们同一天一起勘验；不提请的照常分别办理", SFMT(apart_units(t->rq, policy_of(t->rq, pr, STAGE_MAX), s)));
  if (a && str_eqz(a->status, "rectify")) turn_put(t, "整改", S("登记整改"), href, S("联合验收有整改清单，请逐条整改并登记，全部登记以后提请复查。"));
  else turn_put(t, "", tied ? S("看联合验收") : S("申请联合验收"), href, S(""));
  return OK;
}

Code view_turns(Cx *cx, Request *rq, Json *o, const Project *pr, size_t max) {
  Arena *m = rq->mem;
  Turn t = {.rq = rq, .max = max, .list = json_put_arr(m, o, S("acts"))};
  int current = project_current_stage(pr);
  bool running = pr->status == PROJECT_RUNNING;
  if (pr->status != PROJECT_TERMINATED) returned_put(&t, pr);
  if (running) withdrawn_put(&t, pr);
  if (running && current <= STAGE_MAX) stage_put(&t, pr, current);
  if (running) TRY(acceptance_put(cx, &t, pr));
  PUT_INT(o, "own", t.own);
  PUT(o, "turn_word", t.word);
  PUT(o, "waits", t.waits);
  PUT(o, "joint", t.joint);
  return OK;
}
