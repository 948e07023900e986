/* SPDX-License-Identifier: Apache-2.0 */
/*
 * demo_survey.c: the one survey 多测合一 in the demonstration: commissioned when the third stage is over, delivered before the fourth is
 * applied for. By the number of the project some commissions are cancelled and given again, and some owners pay for the property survey a
 * second time; of those the later ones wait for their result.
 */
#include "main/demo.h"

enum { STATES = 5, CANCELLED_FIRST = 1, REPEATED, LATELY = 100, FINISH = 4, LOOKED_AT = 8, MANY = 3 };

typedef struct Task {
  Cx *cx;
  const Demo *d;
  const Project *p;
  SurveyRow *rows; size_t count;
} Task;

static Step step_of(const Task *k, const char *command, const DemoAccount *by, int days, int64_t from) {
  Step s = {.some = by != NULL, .name = str_of(command), .by = by, .args = json_obj(k->cx->mem), .stream = S("+")};
  s.at = demo_work_time(k->d, from, days, demo_roll(k->d, k->p->no, FINISH, (int)k->count, S(""), command));
  if (k->count) s.stream = arena_fmt(k->cx->mem, "survey/%lld", (long long)k->rows[0].no);
  return s;
}

static Step commission(const Task *k, int64_t surveyor, int64_t from, int days) {
  bool again = k->count && str_eqz(k->rows[0].status, "delivered");
  Step s = step_of(k, "survey.commission", demo_account(k->d, k->p->applicant), days, from);
  s.stream = S("+");
  json_put_int(k->cx->mem, s.args, S("project"), k->p->no);
  json_put_int(k->cx->mem, s.args, S("surveyor"), surveyor);
  json_put_int(k->cx->mem, s.args, S("fee"), again ? 8000 : 52000);
  if (!again) return s;
  json_push_str(k->cx->mem, json_put_arr(k->cx->mem, s.args, S("parts")), S("property"));
  json_put_str(k->cx->mem, s.args, S("reason"), S("分户方案调整以后要重新测绘房产面积，原成果不能用（示例）。"));
  return s;
}

/* Near what was declared, and of every seventh project five percent more. */
static void areas_put(const Task *k, Json *args) {
  enum { OFTEN = 7, NEAR = 1004, FAR = 1050, BASEMENT = 6, COUNTED = 50 };
  Arena *m = k->cx->mem;
  Milli declared = {0};
  milli_parse(json_str(k->p->facts, S("floor_area")), &declared);
  int64_t total = declared.v ? declared.v / 1000 * (k->p->no % OFTEN ? NEAR : FAR) : 12480550, below = total / BASEMENT;
  json_put_str(m, args, S("total"), milli_str(m, (Milli){total}));
  json_put_str(m, args, S("above"), milli_str(m, (Milli){total - below}));
  json_put_str(m, args, S("below"), milli_str(m, (Milli){below}));
  json_put_str(m, args, S("counted"), milli_str(m, (Milli){total - below - total / COUNTED}));
}

static Step deliver(const Task *k, const DemoAccount *by) {
  Arena *m = k->cx->mem;
  Step s = step_of(k, "survey.deliver", by, 1, k->rows[0].at);
  if (!s.some) return s;
  Json *file = json_push_obj(m, json_put_arr(m, s.args, S("files")));
  areas_put(k, s.args);
  json_put_str(m, s.args, S("signature"), by->name);
  json_put_str(m, file, S("blob"), k->d->blob);
  json_put_str(m, file, S("name"), S("联合测绘成果（示例）.pdf"));
  json_put_int(m, file, S("size"), k->d->blob_size);
  return s;
}

static Step next_of(const Task *k, int64_t surveyor, const DemoAccount *agency) {
  int state = (int)(k->p->no % STATES);
  if (!k->count) return commission(k, surveyor, k->p->stages[FINISH - 1].delivered_at, 0);
  if (str_eqz(k->rows[0].status, "cancelled")) return commission(k, surveyor, k->rows[0].at, 1);
  if (str_eqz(k->rows[0].status, "delivered")) return k->count < 2 && state == REPEATED ? commission(k, surveyor, k->rows[0].at, 9) : (Step){0};
  if (k->count == 1 && state == CANCELLED_FIRST) {
    Step s = step_of(k, "survey.cancel", demo_account(k->d, k->p->applicant), 0, k->rows[0].at);
    json_put_str(k->cx->mem, s.args, S("reason"), S("合同没有谈成，重新委托（示例）"));
    return s;
  }
  if (state == REPEATED && k->count == 2 && k->rows[0].at >= k->d->end - LATELY * DAY_MS) return (Step){0};
  return deliver(k, agency);
}

Code demo_survey_next(Cx *cx, const Demo *d, Reader *rd, const Project *p, int64_t now, Step *step) {
  Task k = {.cx = cx, .d = d, .p = p};
  SurveyorRow *agencies = NULL;
  size_t n = 0;
  int64_t total = 0;
  const Item *item = policy_item(d->policy, S("joint-survey"));
  if (!item || !policy_item_in(item, p->category) || p->stages[FINISH - 1].status != STAGE_DELIVERED) return OK;
  TRY(surveyors_list(cx, rd, S("entered"), &agencies, &n));
  TRY(surveys_list(cx, rd, &(SurveyFilter){.project = p->no, .limit = LOOKED_AT}, &k.rows, &k.count, &total));
  if (!n || k.count >= MANY) return OK;
  Step s = next_of(&k, agencies[0].no, demo_account(d, S("surveyor")));
  bool applies = step->some && project_current_stage(p) == FINISH && (str_eqz(step->name, "stage.submit") || str_eqz(step->name, "stage.save-draft"));
  if (!s.some) return OK;
  if (applies && s.at > step->at) s.at = step->at;
  if (s.at < now) s.at = now;
  if (s.at <= d->end && (!step->some || s.at <= step->at)) *step = s;
  return OK;
}
