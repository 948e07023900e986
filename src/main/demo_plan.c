/* SPDX-License-Identifier: Apache-2.0 */
/*
 * demo_plan.c: what happens next to a project, and when. Shares are chosen so that about one item in
 * twelve is late, one in seven paused, one in forty refused; they are examples, not statistics.
 */
#include "approval/beside.h"
#include "main/demo.h"

#include <stdio.h>

uint64_t demo_roll(const Demo *d, int64_t no, int stage, int attempt, Str item, const char *purpose) {
  char text[160];
  snprintf(text, sizeof text, "%lld %d %d %.*s %s", (long long)no, stage, attempt, SFMT(item), purpose);
  uint64_t x = str_hash(str_of(text)) ^ (d->seed * 0x9E3779B97F4A7C15u);
  x ^= x >> 30;
  x *= 0xBF58476D1CE4E5B9u;
  x ^= x >> 27;
  x *= 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

int64_t demo_work_time(const Demo *d, int64_t from, int days, uint64_t roll) {
  const Calendar *c = d->policy->calendar;
  Day day = day_of(from);
  int64_t minute = 510 + (int64_t)(roll % 500); /* 08:30 … 16:49 */
  if (days > 0) return day_start(calendar_add(c, day, days)) + minute * 60000;
  int64_t later = from + 60000 * (3 + (int64_t)(roll % 90));
  int64_t clock = (later - day_start(day)) / 60000;
  if (calendar_is_work(c, day) && clock >= 510 && clock < 1020) return later;
  if (calendar_is_work(c, day) && clock < 510) return day_start(day) + minute * 60000;
  return day_start(calendar_add(c, day, 1)) + minute * 60000;
}

static int64_t any_day_time(const Demo *d, int64_t from, int days, uint64_t roll) {
  (void)d;
  return day_start(day_of(from)) + days * DAY_MS + (480 + (int64_t)(roll % 780)) * 60000;
}

static Json *stage_args(Arena *mem, int stage) {
  Json *args = json_obj(mem);
  json_put_int(mem, args, S("stage"), stage);
  return args;
}

static void keep_earliest(Step *best, Step s) {
  if (s.some && (!best->some || s.at < best->at)) *best = s;
}

/* One project in twelve is sure to stand still at one kind of step of a stage applied for in the last sixty days, whatever the seed: the rows of
 * left_lying by their number, and two kinds of items. */
enum { TURNS = 12, TURN_WITHDRAW = 10, TURN_PAUSE = 11 };
static bool turn(const Demo *d, const Project *p, int which, int64_t at) {
  return p->no % TURNS == which && at >= d->end - DEMO_LATELY * DAY_MS;
}

int demo_acceptance_turn(const Project *p) {
  enum { ROUND = 36, APART = 5, FIRST = 9 };
  int64_t r = p->no % ROUND - FIRST;
  return r >= 0 && r % APART == 0 && r / APART < DEMO_ACCEPTANCE_FREE ? (int)(r / APART) : DEMO_ACCEPTANCE_FREE;
}

/* What was applied for before stands still nowhere: it would be late by months. */
static int64_t applied(const Project *p, const Step *s) {
  int n = (int)json_int(s->args, S("stage"), 0);
  return n >= 1 && n <= STAGE_MAX && p->stages[n].submitted_at ? p->stages[n].submitted_at : s->at;
}

/* Of what was due in the last days some is left lying, so that on the asked day something stands in every
 * state: late and nearly late, paused, waiting for a reply, a signature, a certificate. Days, and how many of six. The window and
 * the departments have few days, so that most of what lies is still in time. */
static bool left_lying(const Demo *d, const Project *p, const Step *s) {
  static const struct { const char *name; int days, of_six; } rows[] = {
      {"stage.accept", 6, 4},  {"fix", 45, 3},          {"stage.dispatch", 8, 3}, {"stage.draft-slip", 3, 2}, {"stage.dispatch", 8, 3}, {"stage.certify", 6, 4},
      {"stage.deliver", 6, 4}, {"item.supplement", 45, 4}, {"item.", 8, 2},       {"stage.supply", 15, 3},    {"stage.submit", 16, 2}};
  int n = project_current_stage(p);
  Str name = n <= STAGE_MAX && p->stages[n].status == STAGE_CORRECTION ? S("fix") : s->name;
  int64_t since = applied(p, s);
  if (n == STAGE_MAX && demo_acceptance_turn(p) != DEMO_ACCEPTANCE_FREE) return false;
  if (str_eqz(name, "item.reapply") && turn(d, p, TURN_WITHDRAW, since)) return true;
  if (str_eqz(name, "item.resume") && turn(d, p, TURN_PAUSE, since)) return true;
  for (size_t i = 0; i < COUNT(rows); i++) {
    if (!str_starts(name, str_of(rows[i].name))) continue;
    if (i < TURN_WITHDRAW && turn(d, p, (int)i, since)) return true;
    if (s->at >= d->end - rows[i].days * DAY_MS)
      return (int)(demo_roll(d, p->no, 0, 0, json_str(s->args, S("item")), rows[i].name) % 6) < rows[i].of_six;
  }
  return false;
}

/* Who stands still applies so late that hardly anything is late by it: in the order of the turns, days before the end; 0: when it comes. An application
 * that waits for its answer is at most five working days old. A joint acceptance that is to stand still waits for its end, as building takes long. */
static int64_t late_submit(const Demo *d, const Project *p, int stage, int64_t at) {
  static const int before[TURNS] = {2, 0, 14, 10, 14, 30, 30, 14, 9, 0, 18, 12};
  static const int finish[] = {[DEMO_ACCEPTANCE_STARTED] = 9, [DEMO_ACCEPTANCE_SCHEDULED] = 10, [DEMO_ACCEPTANCE_RECTIFY] = 23,
                               [DEMO_ACCEPTANCE_READY] = 21, [DEMO_ACCEPTANCE_WITHDRAWN] = 10};
  int which = demo_acceptance_turn(p), days = before[p->no % TURNS];
  if (stage == STAGE_MAX && which != DEMO_ACCEPTANCE_FREE) days = finish[which];
  else if (at < d->end - DEMO_LATELY * DAY_MS) return at;
  int64_t then = d->end - days * DAY_MS;
  return days && at < then ? then : at;
}

/* ---- one item ---------------------------------------------------------------------------------- */

typedef struct Case {
  Arena *mem;
  const Demo *d;
  const Project *p;
  int stage;
  const StageState *s;
} Case;

static uint64_t roll_item(const Case *k, const ItemState *i, const char *purpose) {
  return demo_roll(k->d, k->p->no, k->stage, k->s->attempt, i->code, purpose);
}

static Step item_step(const Case *k, const ItemState *i, Str name, int64_t at, bool head) {
  Step step = {.some = true, .at = at, .name = name, .args = stage_args(k->mem, k->stage)};
  step.by = demo_unit_account(k->d, i->unit, head);
  if (!step.by) return (Step){0};
  json_put_str(k->mem, step.args, S("item"), i->code);
  return step;
}

/* One that a person may choose; NULL: there is none. */
static const Cause *some_cause(const Policy *p, uint64_t roll) {
  size_t n = 0;
  for (size_t i = 0; i < p->cause_count; i++) n += !p->causes[i].joint;
  size_t left = n ? roll % n : 0;
  for (size_t i = 0; i < p->cause_count; i++)
    if (!p->causes[i].joint && !left--) return &p->causes[i];
  return NULL;
}

static Step item_pause(const Case *k, const ItemState *i) {
  const Policy *p = k->d->policy;
  const Cause *cause = some_cause(p, roll_item(k, i, "cause"));
  if (!cause) return (Step){0};
  Step s = item_step(k, i, S("item.pause"),
                     demo_work_time(k->d, i->taken_at, 1 + (int)(roll_item(k, i, "p") % 2),
                                    roll_item(k, i, "pm")), false);
  if (!s.some) return s;
  int days = cause->max_days > 0 && cause->max_days < 8 ? cause->max_days : 8;
  json_put_str(k->mem, s.args, S("cause"), cause->code);
  json_put_str(k->mem, s.args, S("notice"),
               arena_fmt(k->mem, "因%.*s所需时间不计入办理期限，特此告知。", SFMT(cause->name)));
  json_put_str(k->mem, s.args, S("planned"),
               day_str(k->mem, calendar_add(p->calendar, day_of(s.at), days)));
  json_put_int(k->mem, s.args, S("seen"), i->seq);
  return s;
}

/* What the joint review has settled is neither refused nor returned. */
static bool reviewed(const Case *k, const ItemState *i) {
  const Item *item = policy_item(k->d->policy, i->code);
  return item && str_eqz(item->drawings, "review") && project_review(k->p) && project_drawings_ready(k->p);
}

static bool waits_for_drawings(const Case *k, const ItemState *i) {
  const Item *item = policy_item(k->d->policy, i->code);
  return item && item->drawings.len && !project_drawings_ready(k->p);
}

static Step item_decide(const Case *k, const ItemState *i) {
  if (waits_for_drawings(k, i)) return (Step){0};
  const Calendar *c = k->d->policy->calendar;
  uint64_t r = roll_item(k, i, "decide");
  int share = 25 + (int)(r % 65), days = i->limit * share / 100;
  if (days < 1) days = 1;
  if (r / 100 % 100 < 8) days = i->limit + 1 + (int)(r / 10000 % 5);
  for (size_t n = 0; n < i->pause_count; n++)
    days += calendar_count(c, day_of(i->pauses[n].from), day_of(i->pauses[n].to));
  int64_t at = demo_work_time(k->d, day_start(i->start), days, r / 7);
  int64_t least = i->pause_count ? i->pauses[i->pause_count - 1].to : i->taken_at;
  if (at <= least) at = demo_work_time(k->d, least, 0, r / 11);
  Step s = item_step(k, i, S("item.decide"), at, false);
  if (!s.some) return s;
  /* So that something is nearly late on the asked day, whatever the seed: half of what would be is left until then. */
  if (at <= k->d->end && roll_item(k, i, "near") % 2 && project_item_reading(k->d->policy, i, k->d->end).lamp == LAMP_YELLOW) return (Step){0};
  bool refuse = !i->again && !reviewed(k, i) && roll_item(k, i, "refuse") % 40 == 0;
  json_put_str(k->mem, s.args, S("result"), refuse ? S("refuse") : S("pass"));
  json_put_str(k->mem, s.args, S("opinion"),
               refuse ? S("申报材料与规划条件不一致，不符合法定条件，不予通过。")
                      : S("经审查，符合法定条件和标准，同意。"));
  if (refuse) json_put_str(k->mem, s.args, S("article"), S("《中华人民共和国行政许可法》第三十八条"));
  json_put_str(k->mem, s.args, S("signature"), s.by->name);
  json_put_int(k->mem, s.args, S("seen"), i->seq);
  return s;
}

static bool late_at(const Case *k, const ItemState *i, int64_t at) {
  return project_item_reading(k->d->policy, i, at).overdue;
}

/* An extension comes before the limit ends; after that the head can only say no. */
static Step extension_answer(const Case *k, const ItemState *i, int64_t at) {
  bool late = late_at(k, i, at);
  Step s = item_step(k, i, late ? S("item.refuse-extension") : S("item.extend"), at, true);
  if (s.some && late) json_put_str(k->mem, s.args, S("reason"), S("期限已满，不能再延期，请尽快作出决定。"));
  return s;
}

/* Something is found missing after acceptance; the applicant brings it. */
static Step item_return(const Case *k, const ItemState *i) {
  Step s = item_step(k, i, S("item.return"), demo_work_time(k->d, i->taken_at, 1, roll_item(k, i, "ret")), false);
  if (!s.some) return s;
  Json *one = json_push_obj(k->mem, json_put_arr(k->mem, s.args, S("missing")));
  json_put_str(k->mem, one, S("what"), S("申请表"));
  json_put_str(k->mem, one, S("why"), S("建设规模与设计文件不一致，请核对后说明"));
  json_put_str(k->mem, s.args, S("why_late"), S("对照设计文件逐项核算时才发现，受理前没有看出来。"));
  json_put_int(k->mem, s.args, S("seen"), i->seq);
  return s;
}

static Step item_supplement(const Case *k, const ItemState *i) {
  int64_t from = i->pauses[i->pause_count - 1].from;
  Step s = item_step(k, i, S("item.supplement"), any_day_time(k->d, from, 2 + (int)(roll_item(k, i, "sup") % 6), roll_item(k, i, "sm")), false);
  s.by = demo_account(k->d, k->p->applicant);
  if (s.some) json_put_str(k->mem, s.args, S("note"), S("以设计文件为准，申请表中的建设规模已更正。"));
  return s;
}

static Step item_taken(const Case *k, const ItemState *i) {
  uint64_t plan = roll_item(k, i, "plan") % 1000;
  const Calendar *c = k->d->policy->calendar;
  bool first = i == k->s->items && !i->again;
  bool stops = first && !i->pause_count && turn(k->d, k->p, TURN_PAUSE, i->taken_at);
  bool leaves = first && turn(k->d, k->p, TURN_WITHDRAW, i->taken_at);
  if ((plan < 140 || stops) && !leaves && !i->pause_count && some_cause(k->d->policy, 0)) return item_pause(k, i);
  if (plan >= 930 && !leaves && !i->returns && !reviewed(k, i)) return item_return(k, i);
  if (leaves || (plan >= 140 && plan < 150 && !i->again)) {
    Step s = item_step(k, i, S("item.withdraw"), demo_work_time(k->d, i->taken_at, 2, plan), false);
    s.by = demo_account(k->d, k->p->applicant);
    if (s.some) json_put_str(k->mem, s.args, S("reason"), S("需要修改申报内容，先申请撤回。"));
    return s;
  }
  if (i->extension_asked) return extension_answer(k, i, demo_work_time(k->d, i->last_at, 1, plan));
  if (plan < 190 && !i->extended && i->limit > 3) {
    Day ask = calendar_add(c, k->s->accepted_on, i->limit - 2);
    Step s = item_step(k, i, S("item.ask-extension"), day_start(ask) + 15 * 3600000, false);
    if (s.some && s.at > i->last_at && !late_at(k, i, s.at)) {
      json_put_int(k->mem, s.args, S("days"), 3);
      json_put_str(k->mem, s.args, S("reason"), S("需要补充核实现场情况，申请延长三个工作日。"));
      json_put_int(k->mem, s.args, S("seen"), i->seq);
      return s;
    }
  }
  return item_decide(k, i);
}

static Step item_next(const Case *k, const ItemState *i) {
  if (i->status == ITEM_TAKEN && item_tied(k->s, i->code).len) return (Step){0}; /* decided in a record beside the case */
  if (i->status == ITEM_WAITING)
    return item_step(k, i, S("item.take"),
                     demo_work_time(k->d, i->last_at, (int)(roll_item(k, i, "take") % 2),
                                    roll_item(k, i, "takem")), false);
  if (i->status == ITEM_TAKEN) return item_taken(k, i);
  if (i->status == ITEM_RETURNED) return item_supplement(k, i);
  if (item_reapplies(k->s, i)) {
    Step again = item_step(k, i, S("item.reapply"), any_day_time(k->d, i->decided_at, 6, 40), false);
    again.by = demo_account(k->d, k->p->applicant);
    if (again.some) json_put_str(k->mem, again.args, S("reason"), S("已修改申报内容，重新申报。"));
    return again;
  }
  if (i->status != ITEM_PAUSED || item_rests(i)) return (Step){0};
  int64_t from = i->pauses[i->pause_count - 1].from;
  Step s = item_step(k, i, S("item.resume"),
                     demo_work_time(k->d, from, 3 + (int)(roll_item(k, i, "resume") % 9),
                                    roll_item(k, i, "rm")), false);
  if (s.some) json_put_int(k->mem, s.args, S("seen"), i->seq);
  return s;
}

/* ---- one stage --------------------------------------------------------------------------------- */

static uint64_t roll_stage(const Case *k, const char *purpose) {
  return demo_roll(k->d, k->p->no, k->stage, k->s->attempt, S(""), purpose);
}

static Step stage_step(const Case *k, const char *name, const DemoAccount *by, int64_t at) {
  return (Step){.some = by != NULL, .at = at, .name = str_of(name), .by = by,
                .args = stage_args(k->mem, k->stage)};
}

/* Of a correction: each point of the notice is answered in words. */
void demo_answers(Arena *m, const StageState *s, Json *args) {
  const Json *missing = s->status == STAGE_CORRECTION ? json_get(s->notice, S("missing")) : NULL;
  Json *list = missing ? json_put_arr(m, args, S("answers")) : NULL;
  for (const Json *x = missing ? missing->first : NULL; x; x = x->next) {
    Json *o = json_push_obj(m, list);
    if (json_str(x, S("of")).len) json_put_str(m, o, S("of"), json_str(x, S("of")));
    json_put_str(m, o, S("what"), json_str(x, S("what")));
    json_put_str(m, o, S("note"), S("已与立项文件逐项核对，按要求改好。"));
  }
}

static Step stage_submit(const Case *k, int64_t at) {
  at = late_submit(k->d, k->p, k->stage, at);
  Step s = stage_step(k, "stage.submit", demo_account(k->d, k->p->applicant), at);
  if (!s.some) return s;
  const Json *form = demo_form(k->mem, k->d, k->p, k->stage, &s);
  json_put(k->mem, s.args, S("form"), form);
  Json *files = demo_files(k->mem, k->d, k->p, k->stage, form), *lacking = demo_lacking(k->mem, k->d, k->p, k->stage, s.at, &files);
  json_put(k->mem, s.args, S("files"), files);
  if (lacking) json_put(k->mem, s.args, S("lacking"), lacking);
  demo_answers(k->mem, k->s, s.args);
  return s;
}

static Step stage_open(const Case *k) {
  int64_t since = k->p->registered_at;
  for (int n = 1; n < k->stage; n++)
    if (k->p->stages[n].delivered_at > since) since = k->p->stages[n].delivered_at;
  if (k->s->ended_at > since) since = k->s->ended_at;
  if (k->s->refusal && k->s->last_at > since) since = k->s->last_at;
  uint64_t r = roll_stage(k, "open");
  if (k->s->attempt > 0 && k->s->ended_at && r % 3 == 0) return (Step){0}; /* gave up after withdrawing */
  int64_t at = any_day_time(k->d, since, 1 + (int)(r % 16), r / 17);
  if (r / 100 % 4 == 0 && !k->s->draft_at) {
    Step s = stage_step(k, "stage.save-draft", demo_account(k->d, k->p->applicant), at - DAY_MS / 2);
    if (s.some && s.at > since) {
      json_put(k->mem, s.args, S("form"), demo_form(k->mem, k->d, k->p, k->stage, &s));
      return s;
    }
  }
  return stage_submit(k, at);
}

/* What is to be corrected is a field of the stage's form that everybody has, so that it can be. */
static void lack_put(const Case *k, Json *one) {
  const Policy *p = k->d->policy;
  const Field *field = NULL;
  for (size_t i = 0; i < p->form_count[k->stage] && !field; i++) {
    const Field *f = &p->form[k->stage][i];
    if (f->required && !f->when && !f->personal && !f->condition && !f->filled.len) field = f;
  }
  json_put_str(k->mem, one, S("what"), field ? field->label : S("申请表"));
  json_put_str(k->mem, one, S("why"), S("与立项文件不一致，请核对后重新填写"));
}

/* Each department says what it misses; the window merges that into one notice. */
static Step stage_report(const Case *k, Str unit, size_t number) {
  int64_t since = k->s->last_at > k->s->submitted_at ? k->s->last_at : k->s->submitted_at;
  uint64_t r = demo_roll(k->d, k->p->no, k->stage, k->s->attempt, unit, "report");
  Step s = stage_step(k, "stage.report", demo_unit_account(k->d, unit, false), demo_work_time(k->d, since, 0, r % 20));
  Json *missing = s.some ? json_put_arr(k->mem, s.args, S("missing")) : NULL;
  if (!missing || (number && r % 3)) return s;
  Json *one = json_push_obj(k->mem, missing);
  lack_put(k, one);
  return s;
}

static Step stage_notice(const Case *k, const DemoAccount *clerk, uint64_t r) {
  Asked asked = stage_asked(k->mem, k->d->policy, k->p, k->stage, k->s->last_at);
  int64_t at = demo_work_time(k->d, k->s->submitted_at, 1 + (int)(r / 100 % 3), r / 7);
  for (size_t i = 0; i < asked.unit_count; i++)
    if (asked.units[i].status == ASK_WAITING && demo_unit_account(k->d, asked.units[i].unit, false)) return stage_report(k, asked.units[i].unit, i);
  if (at <= k->s->last_at) at = demo_work_time(k->d, k->s->last_at, 0, r / 11);
  Step s = stage_step(k, "stage.request-correction", clerk, at);
  Json *missing = json_put_arr(k->mem, s.args, S("missing"));
  Json *one = json_push_obj(k->mem, missing);
  lack_put(k, one);
  return s;
}

static Step stage_submitted(const Case *k) {
  const DemoAccount *clerk = demo_account(k->d, k->p->no % 2 ? S("wang") : S("sun"));
  uint64_t r = roll_stage(k, "window");
  if (r % 100 < 16 && !k->s->noticed) return stage_notice(k, clerk, r);
  if (r % 100 < 19) /* nobody acts: deemed accepted by the timer */
    return (Step){.some = true, .at = day_start(calendar_add(k->d->policy->calendar, day_of(k->s->submitted_at), 6))};
  if (r % 100 < 20) {
    Step s = stage_step(k, "stage.not-accept", clerk, demo_work_time(k->d, k->s->submitted_at, 1, r / 7));
    json_put_str(k->mem, s.args, S("reason"), S("申请表填报的建设内容与项目代码登记的不是同一个项目，不能按本项目受理（示例）。"));
    json_put_str(k->mem, s.args, S("article"), S("《中华人民共和国行政许可法》第三十二条第一款"));
    json_put_str(k->mem, s.args, S("where"), S("请按项目代码登记的建设内容重新填报；确是另一个项目的，另行登记后申报。"));
    return s;
  }
  return stage_step(k, "stage.accept", clerk,
                    demo_work_time(k->d, k->s->submitted_at, (int)(r / 100 % 4), r / 7));
}

static Step stage_accepted(const Case *k) {
  Step s = stage_step(k, "stage.draft-slip", demo_account(k->d, k->p->no % 2 ? S("wang") : S("sun")),
                      demo_work_time(k->d, k->s->last_at, 0, roll_stage(k, "slip")));
  ItemChoice *choices = NULL;
  size_t n = policy_items(k->mem, k->d->policy, k->stage, k->p->category, k->p->county, k->p->facts, &choices);
  Json *items = json_put_arr(k->mem, s.args, S("items"));
  for (size_t i = 0; i < n; i++) {
    const ItemState *kept = stage_item(k->s, choices[i].item->code);
    if (choices[i].applies == YES && !(kept && kept->kept_from))
      json_push_str(k->mem, items, choices[i].item->code);
  }
  json_put_str(k->mem, s.args, S("opinion"), S("材料齐全，拟转各部门并联办理。"));
  return s;
}

/* Something beside, of this or an earlier stage, that the certificate has to wait for. */
static bool beside_waits(const Case *k) {
  for (int n = 1; n <= STAGE_MAX; n++)
    for (size_t i = 0; i < k->p->stages[n].item_count; i++) {
      const ItemState *item = &k->p->stages[n].items[i];
      if (item->parallel && item->before_stage == k->stage && item->status != ITEM_PASSED)
        return true;
    }
  return false;
}

static Step stage_window(const Case *k) {
  uint64_t r = roll_stage(k, "head");
  int64_t soon = demo_work_time(k->d, k->s->last_at, 0, r);
  const DemoAccount *clerk = demo_account(k->d, S("wang"));
  bool refused = false, withdrawn = false;
  if (k->s->status == STAGE_SLIP) {
    Step s = stage_step(k, "stage.dispatch", demo_account(k->d, S("zhao")), soon);
    json_put_str(k->mem, s.args, S("opinion"), S("同意派转，请按时限并联办理。"));
    return s;
  }
  if (k->s->status == STAGE_CERTIFIED) {
    Step s = stage_step(k, "stage.deliver", clerk,
                        demo_work_time(k->d, k->s->certified_at, (int)(r % 3), r / 3));
    json_put_str(k->mem, s.args, S("how"), r % 2 ? S("窗口领取") : S("电子送达"));
    json_put_str(k->mem, s.args, S("to"), k->p->owner);
    return s;
  }
  for (size_t i = 0; i < k->s->item_count; i++) {
    refused |= k->s->items[i].status == ITEM_REFUSED && !k->s->items[i].parallel;
    withdrawn |= k->s->items[i].status == ITEM_WITHDRAWN && !k->s->items[i].parallel;
  }
  if (!refused && (withdrawn || beside_waits(k) || lacks_open(k->s))) return (Step){0};
  int64_t since = k->s->decided_at > k->s->last_at ? k->s->decided_at : k->s->last_at;
  return stage_step(k, refused ? "stage.refuse" : "stage.certify", clerk,
                    demo_work_time(k->d, since, (int)(r % 2), r / 5));
}

static Step stage_next(const Case *k) {
  switch (k->s->status) {
    case STAGE_OPEN:
    case STAGE_REFUSED:
    case STAGE_WITHDRAWN: return stage_open(k);
    case STAGE_SUBMITTED: return stage_submitted(k);
    case STAGE_CORRECTION:
      return stage_submit(k, any_day_time(k->d, k->s->last_at, 2 + (int)(roll_stage(k, "fix") % 8),
                                          roll_stage(k, "fixm")));
    case STAGE_ACCEPTED: return stage_accepted(k);
    case STAGE_SLIP:
    case STAGE_DECIDED:
    case STAGE_CERTIFIED: return stage_window(k);
    case STAGE_STATUS_UNSET:
    case STAGE_NA:
    case STAGE_CLOSED:
    case STAGE_RUNNING:
    case STAGE_DELIVERED:
    case STAGE_STATUS__MAX: break;
  }
  return (Step){0};
}

/* What is stopped or revoked waits for its owner. */
static bool stopped(const Project *p) {
  return project_halted(p) || (project_current_stage(p) == STAGE_MAX && project_acceptance_waits(p)) || (p->joined && p->joined->revoked_count);
}

Step demo_next(Arena *mem, const Demo *d, const Project *p, bool scripted) {
  if (stopped(p)) return demo_paper_next(mem, d, p);
  Step best = {0};
  if (p->status != PROJECT_RUNNING && p->status != PROJECT_COMPLETED) return best;
  int current = project_current_stage(p);
  for (int n = 1; n <= STAGE_MAX; n++) {
    Case k = {.mem = mem, .d = d, .p = p, .stage = n, .s = &p->stages[n]};
    for (size_t i = 0; i < k.s->item_count; i++) {
      Step s = item_next(&k, &k.s->items[i]);
      if (s.some && !left_lying(d, p, &s)) keep_earliest(&best, s);
    }
    Step late = demo_lack_next(mem, d, p, n);
    if (late.some && !left_lying(d, p, &late)) keep_earliest(&best, late);
    Step s = n == current ? stage_next(&k) : (Step){0};
    if (s.some && !left_lying(d, p, &s)) keep_earliest(&best, s);
  }
  keep_earliest(&best, demo_paper_next(mem, d, p));
  keep_earliest(&best, demo_outside_next(mem, d, p));
  if (!scripted && demo_roll(d, p->no, 0, 0, S(""), "leave") % 60 == 0) { /* a few are given up as a whole */
    Step s = {.some = true, .name = S("project.withdraw"), .by = demo_account(d, p->applicant),
              .args = json_obj(mem)};
    s.at = any_day_time(d, p->registered_at, 60, (uint64_t)p->no);
    json_put_str(mem, s.args, S("reason"), S("投资计划调整，项目不再建设。"));
    keep_earliest(&best, s);
  }
  return best;
}
