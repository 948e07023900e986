/* SPDX-License-Identifier: Apache-2.0 */
/* demo_lack.c: what comes later and what goes round in the demonstration: materials promised 容缺, kept or not, and what the
 * leading group allowed outside the system 体外循环. */
#include "main/demo.h"

enum { OF_STAGES = 3, OF_PROMISES = 4, OF_PROJECTS = 12, TURN_OUTSIDE = 11 };

static uint64_t roll(const Demo *d, const Project *p, int stage, const char *purpose) {
  return demo_roll(d, p->no, stage, p->stages[stage].attempt, S(""), purpose);
}

static const Material *may_lack(const Demo *d, const Json *file) {
  const Material *m = policy_material(d->policy, json_str(file, S("material")));
  return m && m->lack && !m->enterprise ? m : NULL; /* one of the enterprise may be there already */
}

/* One stage in three that has such a material promises the first of them for the last day that is allowed. */
Json *demo_lacking(Arena *mem, const Demo *d, const Project *p, int stage, int64_t at, Json **files) {
  const Json *promised = NULL;
  if (p->promise_broken || p->stages[stage].noticed || roll(d, p, stage, "lack") % OF_STAGES) return NULL;
  for (const Json *f = (*files)->first; f && !promised; f = f->next)
    if (may_lack(d, f)) promised = f;
  if (!promised) return NULL;
  if (str_eq(p->uscc, demo_account(d, S("owner8"))->org_uscc)) return NULL; /* comes onto the black list (demo_joint.c) */
  Json *left = json_arr(mem), *lacking = json_arr(mem);
  for (const Json *f = (*files)->first; f; f = f->next)
    if (f != promised) json_push(mem, left, f);
  Json *one = json_push_obj(mem, lacking);
  json_put_str(mem, one, S("material"), json_str(promised, S("material")));
  json_put_str(mem, one, S("promised"), day_str(mem, calendar_add(d->policy->calendar, day_of(at), d->policy->lack_days)));
  *files = left;
  return lacking;
}

/* Most keep their promise some days before; one in four comes two days late. */
Step demo_lack_next(Arena *mem, const Demo *d, const Project *p, int stage) {
  const StageState *s = &p->stages[stage];
  if (!lacks_open(s) || s->status < STAGE_SUBMITTED || s->status > STAGE_DECIDED || s->status == STAGE_CORRECTION) return (Step){0};
  uint64_t r = roll(d, p, stage, "supply");
  Step step = {.some = true, .name = S("stage.supply"), .by = demo_account(d, p->applicant), .args = json_obj(mem)};
  Day promised = s->lacks[0].promised;
  step.at = r % OF_PROMISES ? demo_work_time(d, s->submitted_at, 2 + (int)(r / 8 % 6), r / 64)
                            : demo_work_time(d, day_start(promised), 2, r / 64);
  if (step.at <= s->last_at) step.at = demo_work_time(d, s->last_at, 0, r / 64);
  json_put_int(mem, step.args, S("stage"), stage);
  Json *files = json_put_arr(mem, step.args, S("files"));
  for (size_t i = 0; i < s->lack_count; i++)
    if (!s->lacks[i].supplied_at) demo_file(mem, d, json_push_obj(mem, files), s->lacks[i].material, s->lacks[i].name);
  return step;
}

/* A record for one project in twelve, a month after its registration; one in two is ended when its time is over. */
Step demo_outside_next(Arena *mem, const Demo *d, const Project *p) {
  Step s = {.some = true, .by = demo_account(d, S("zhao")), .args = json_obj(mem)};
  if (p->no % OF_PROJECTS != TURN_OUTSIDE || p->exemption_count > 1) return (Step){0};
  if (p->exemption_count) {
    const Exemption *x = &p->exemptions[0];
    s.name = S("project.end-exemption");
    s.at = demo_work_time(d, day_start(x->until), 1, (uint64_t)p->no);
    json_put_int(mem, s.args, S("no"), x->no);
    json_put_str(mem, s.args, S("reason"), S("期限已到，其余审批转回窗口办理。"));
    s.some = !x->ended_at && p->no / OF_PROJECTS % 2 == 0;
    return s;
  }
  s.name = S("project.exempt");
  s.at = demo_work_time(d, p->registered_at, 20, (uint64_t)p->no);
  Day from = day_of(s.at);
  json_put_str(mem, s.args, S("matter"), S("施工许可以前的管线迁改审批"));
  json_put_str(mem, s.args, S("approved_by"), S("市政府审批领导小组"));
  json_put_str(mem, s.args, S("document"), arena_fmt(mem, "示例文件〔%.*s〕%lld号", SFMT(str_sub(day_str(mem, from), 0, 4)), (long long)p->no));
  json_put_str(mem, s.args, S("from"), day_str(mem, from));
  json_put_str(mem, s.args, S("until"), day_str(mem, (Day){from.n + 30}));
  json_put_bool(mem, s.args, S("major"), p->no / OF_PROJECTS % 2 == 0);
  json_put_str(mem, s.args, S("reason"), S("汛期以前要完成迁改，领导小组会议同意先行办理。"));
  return s;
}
