/* SPDX-License-Identifier: Apache-2.0 */
/*
 * demo_finish.c: joint acceptance and utilities in the demonstration. What comes next follows from the acceptance itself; some stop in
 * each state, by the number of their project.
 */
#include "main/demo.h"

enum { FINISH = 4 };

typedef struct Finish {
  Cx *cx;
  const Demo *d;
  Reader *rd;
  int64_t now;           /* no act is earlier */
  const Project *p;
  const Acceptance *a;
} Finish;

static bool lies(const Finish *k, int state) {
  return demo_acceptance_turn(k->p) == state && k->p->stages[FINISH].submitted_at >= k->d->end - DEMO_LATELY * DAY_MS;
}

static uint64_t roll(const Finish *k, const char *purpose) {
  return demo_roll(k->d, k->p->no, FINISH, k->a ? (int)k->a->seq : 0, S(""), purpose);
}

static Step step_of(const Finish *k, const char *command, const DemoAccount *by, int64_t at) {
  Step s = {.some = by != NULL, .at = at, .name = str_of(command), .by = by, .args = json_obj(k->cx->mem), .stream = S("+")};
  if (k->a) s.stream = arena_fmt(k->cx->mem, "acceptance/%lld", (long long)k->a->no);
  return s;
}

static int64_t after(const Finish *k, int days, const char *purpose) {
  return demo_work_time(k->d, k->a->last_at, days, roll(k, purpose));
}

static Step begin(const Finish *k) {
  const StageState *s = &k->p->stages[FINISH];
  bool special = false;
  for (size_t i = 0; i < s->item_count; i++) {
    const Item *item = policy_item(k->d->policy, s->items[i].code);
    bool open = s->items[i].status == ITEM_WAITING || s->items[i].status == ITEM_TAKEN;
    special |= item && open && str_eqz(item->visit, "special");
  }
  if (s->status != STAGE_RUNNING || !special) return (Step){0};
  Step step = step_of(k, "acceptance.start", demo_account(k->d, k->p->applicant), demo_work_time(k->d, s->dispatched_at, 0, 7));
  json_put_int(k->cx->mem, step.args, S("project"), k->p->no);
  json_put_str(k->cx->mem, step.args, S("from"), day_str(k->cx->mem, day_of(step.at)));
  json_put_str(k->cx->mem, step.args, S("note"), S("现场联系人在门卫处等候（示例）。"));
  return step;
}

static Code schedule(const Finish *k, Step *out) {
  VisitPlan plan = {0};
  VisitDay *days = NULL;
  int64_t at = demo_work_time(k->d, k->a->last_at, 1, roll(k, "schedule"));
  if (at < k->now) at = k->now; /* the days are those of the moment at which it is sent */
  Step s = step_of(k, "acceptance.schedule", demo_unit_account(k->d, k->d->policy->stages[FINISH].lead, false), at);
  TRY(acceptance_plan(k->cx, k->rd, k->d->policy, k->a, s.at, &plan));
  size_t n = visit_days(k->cx->mem, k->d->policy->calendar, &plan, 0, &days);
  size_t last = n - 1, one = last;
  if (!n || !days[last].fits) return OK;
  int turn = demo_acceptance_turn(k->p); /* who is to stand still after the visit has it soon */
  if (turn == DEMO_ACCEPTANCE_RECTIFY || turn == DEMO_ACCEPTANCE_READY)
    for (one = 0; !days[one].fits;) one++;
  json_put_str(k->cx->mem, s.args, S("day"), day_str(k->cx->mem, days[one].day));
  *out = s;
  return OK;
}

static const AcceptPart *next_part(const Acceptance *a) {
  for (size_t i = 0; i < a->part_count; i++)
    if (a->parts[i].due && !a->parts[i].result.len) return &a->parts[i];
  return NULL;
}

/* In the first visit every other one finds something about fire. */
static Step on_the_spot(const Finish *k) {
  Arena *m = k->cx->mem;
  const AcceptPart *p = next_part(k->a);
  int64_t open = day_start(k->a->day) + 9 * 3600000LL, at = k->a->last_at + 11 * 60000 > open ? k->a->last_at + 11 * 60000 : open;
  bool finds = k->a->round == 1 && str_eqz(p->code, "accept-fire") && (demo_acceptance_turn(k->p) == DEMO_ACCEPTANCE_RECTIFY || k->a->no % 2);
  size_t issues = acceptance_open(k->a, p->code);
  const DemoAccount *by = demo_unit_account(k->d, p->unit, false);
  Step s = step_of(k, finds && issues < 2 ? "acceptance.note" : "acceptance.report", by, at);
  if (!by) return (Step){0};
  json_put_str(m, s.args, S("part"), p->code);
  if (finds && issues < 2) {
    json_put_str(m, s.args, S("kind"), S("issue"));
    json_put_str(m, s.args, S("text"), issues ? S("一层走道缺两具灭火器（示例）。") : S("二层东侧楼梯间疏散门开启方向与图纸不一致（示例）。"));
    json_put_str(m, s.args, S("place"), issues ? S("一层走道") : S("二层东侧楼梯间"));
    return s;
  }
  json_put_str(m, s.args, S("result"), finds ? S("rectify") : S("pass"));
  json_put_str(m, s.args, S("opinion"), finds ? S("两处要整改，见清单（示例）。") : S("现场与竣工图一致，符合要求（示例）。"));
  json_put_str(m, s.args, S("signature"), by->name);
  return s;
}

static Step rectify(const Finish *k) {
  const DemoAccount *owner = demo_account(k->d, k->p->applicant);
  for (size_t i = 0; i < k->a->point_count; i++) {
    const VisitPoint *p = &k->a->points[i];
    if (!point_open(p) || p->answered_at) continue;
    Step s = step_of(k, "acceptance.rectify", owner, after(k, 1, "rectify"));
    json_put_int(k->cx->mem, s.args, S("point"), p->no);
    json_put_str(k->cx->mem, s.args, S("text"), S("已按图纸整改完毕（示例）。"));
    return s;
  }
  return step_of(k, "acceptance.recheck", owner, after(k, 0, "recheck"));
}

static Step conclude(const Finish *k) {
  const DemoAccount *head = demo_unit_account(k->d, k->d->policy->stages[FINISH].lead, true);
  Step s = step_of(k, "acceptance.conclude", head, after(k, 1, "conclude"));
  json_put_str(k->cx->mem, s.args, S("opinion"), S("各专项全部合格，同意通过联合验收。"));
  if (head) json_put_str(k->cx->mem, s.args, S("signature"), head->name);
  return s;
}

static Code acceptance_next(const Finish *k, Step *out) {
  const Acceptance *a = k->a;
  Step s = {0};
  if (str_eqz(a->status, "started")) {
    TRY(schedule(k, &s));
    if (s.some && lies(k, DEMO_ACCEPTANCE_STARTED)) s.some = false;
    if (s.some && lies(k, DEMO_ACCEPTANCE_WITHDRAWN)) {
      s = step_of(k, "acceptance.withdraw", demo_account(k->d, k->p->applicant), s.at);
      json_put_str(k->cx->mem, s.args, S("reason"), S("室外工程还没有完成，准备好以后再提请（示例）。"));
    }
  } else if (str_eqz(a->status, "scheduled")) {
    s = on_the_spot(k);
    if (lies(k, DEMO_ACCEPTANCE_SCHEDULED)) s.some = false;
  } else if (str_eqz(a->status, "rectify")) {
    s = rectify(k);
    if (lies(k, DEMO_ACCEPTANCE_RECTIFY)) s.some = false;
  } else if (str_eqz(a->status, "ready")) {
    s = conclude(k);
    if (lies(k, DEMO_ACCEPTANCE_READY)) s.some = false;
  }
  *out = s;
  return OK;
}

/* Two of three ask the utilities by the one form, as soon as the third stage is with the departments. */
static Code utility_next(const Finish *k, Step *out) {
  const StageState *s = &k->p->stages[FINISH - 1];
  Str kinds[UTILITY_KINDS];
  UtilityRow *rows = NULL;
  size_t n = 0;
  int64_t total = 0;
  /* In the last days some ask long before their third stage: those wait for their answers, whatever the seed. */
  enum { EARLY_OF = 4, LAST_DAYS = 2 };
  bool early = s->status < STAGE_SUBMITTED && k->p->stages[1].status == STAGE_DELIVERED && k->p->no % EARLY_OF == 1;
  if (!early && (s->status != STAGE_RUNNING || k->p->no % 3 == 0)) return OK;
  TRY(utilities_list(k->cx, k->rd, k->d->policy, &(UtilityFilter){.project = k->p->no, .limit = 1}, k->d->end, &rows, &n, &total));
  if (total) return OK;
  Step step = step_of(k, "utility.apply", demo_account(k->d, k->p->applicant),
                      early ? k->d->end - LAST_DAYS * DAY_MS : demo_work_time(k->d, s->dispatched_at, 0, 3));
  Json *list = json_put_arr(k->cx->mem, step.args, S("kinds"));
  size_t count = utility_kinds(k->cx, k->d->policy, kinds);
  for (size_t i = 0; i < count; i++)
    if (early || stage_item(s, arena_fmt(k->cx->mem, "supply-%.*s", SFMT(kinds[i])))) json_push_str(k->cx->mem, list, kinds[i]);
  if (!list->first) return OK;
  json_put_int(k->cx->mem, step.args, S("project"), k->p->no);
  json_put_str(k->cx->mem, step.args, S("needs"), S("用水 60 吨/日，用电 800 千伏安（示例）。"));
  *out = step;
  return OK;
}

Code demo_finish_next(Cx *cx, const Demo *d, Reader *rd, const Project *p, int64_t now, Step *step) {
  Finish k = {.cx = cx, .d = d, .rd = rd, .now = now, .p = p};
  int64_t no = 0;
  Step s = {0};
  if (p->status != PROJECT_RUNNING) return OK;
  TRY(demo_survey_next(cx, d, rd, p, now, step));
  TRY(demo_map_next(cx, d, rd, p, now, step));
  TRY(utility_next(&k, &s));
  if (s.some && s.at <= d->end && (!step->some || s.at < step->at)) *step = s;
  s = (Step){0};
  if (p->stages[FINISH].status != STAGE_RUNNING) return OK;
  TRY(acceptance_of_project(cx, rd, p->no, &no));
  if (no) TRY(acceptance_load(cx, rd, no, &k.a));
  if (!k.a) s = begin(&k);
  else TRY(acceptance_next(&k, &s));
  if (s.some && s.at <= d->end && (!step->some || s.at < step->at)) *step = s;
  return OK;
}
