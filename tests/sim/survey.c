/* SPDX-License-Identifier: Apache-2.0 */
/*
 * survey.c: the one survey 多测合一: agencies that enter, renew and are removed, commissions, results and second surveys by the right and the
 * wrong people; and a shadow of what may have happened, told by the events alone.
 */
#include "sim.h"
#include "policy/surveys.h"

#include <string.h>

#define LEAD "natural-resources"

/* ---- what is asked for ------------------------------------------------------------------------------------ */

static void file_put(City *c, Arena *mem, Json *a) {
  Json *f = json_push_obj(mem, json_put_arr(mem, a, S("files")));
  json_put_str(mem, f, S("blob"), c->blob);
  json_put_str(mem, f, S("name"), S("测绘.pdf"));
  json_put_int(mem, f, S("size"), c->blob_size);
}

static Sent to(City *c, const char *name, const char *kind, size_t no, const Account *by) {
  return sent_new(c, str_of(name), no ? arena_fmt(c->cx.mem, "%s/%zu", kind, no) : S(""), by && chance(c, 92) ? by : anybody(c));
}

static const Account *agency_of(City *c, Str uscc) {
  for (size_t i = 0; i < c->account_count; i++)
    if (!c->accounts[i].disabled && str_eq(c->accounts[i].uscc, uscc)) return &c->accounts[i];
  return NULL;
}

static void enter_step(City *c) {
  Sent s = to(c, "surveyor.apply", "", 0, somebody(c, ROLE_APPLICANT, S("")));
  if (!s.mem) return;
  Json *a = json_obj(s.mem);
  json_put_str(s.mem, a, S("grade"), chance(c, 50) ? S("a") : S("b"));
  json_put_str(s.mem, a, S("document"), S("甲测资字示例号"));
  json_put_str(s.mem, a, S("until"), day_str(s.mem, (Day){day_of(c->now).n - 5 + (int)roll(c, 200)}));
  if (chance(c, 95)) file_put(c, s.mem, a);
  finish_send(c, &s, a, NULL);
}

static void check_step(City *c, size_t no, bool remove) {
  Sent s = to(c, remove ? "surveyor.remove" : "surveyor.check", "surveyor", no, somebody(c, remove ? ROLE_UNIT_HEAD : ROLE_APPROVER, S(LEAD)));
  if (!s.mem) return;
  Json *a = json_obj(s.mem);
  if (remove) json_put_str(s.mem, a, S("reason"), S("资质被注销，不再符合条件"));
  else json_put_str(s.mem, a, S("result"), chance(c, 85) ? S("enter") : S("refuse"));
  if (!remove) json_put_str(s.mem, a, S("note"), S("已经核对"));
  finish_send(c, &s, a, LEAD);
}

/* Mostly one that waits is checked at once: a year is short. */
static void agency_step(City *c) {
  size_t pick = c->surveys.agency_count ? roll(c, (uint32_t)c->surveys.agency_count) : 0;
  if (!c->surveys.agency_count || (c->surveys.agency_count < FINISH_MAX && chance(c, 40))) {
    enter_step(c);
    if (chance(c, 80)) check_step(c, c->surveys.agency_count, false);
  } else {
    check_step(c, pick + 1, c->surveys.agencies[pick].state == 'e' ? chance(c, 30) : chance(c, 3));
  }
}

static void commission_step(City *c) {
  const Policy *p = policy_now(c, S(""));
  int64_t project = 1 + (int64_t)roll(c, (uint32_t)c->project_count);
  if (c->surveys.count && chance(c, 40)) project = c->surveys.list[roll(c, (uint32_t)c->surveys.count)].project;
  Sent s = to(c, "survey.commission", "", 0, owner_at(c, project));
  if (!s.mem) return;
  Json *a = json_obj(s.mem), *parts = NULL;
  json_put_int(s.mem, a, S("project"), project);
  size_t agency = roll(c, (uint32_t)c->surveys.agency_count + 1);
  for (size_t i = 0; i < c->surveys.agency_count && chance(c, 90); i++)
    if (c->surveys.agencies[i].state == 'e') agency = i;
  json_put_int(s.mem, a, S("surveyor"), (int64_t)agency + 1);
  json_put_int(s.mem, a, S("fee"), chance(c, 70) ? 9000 : 0);
  if (chance(c, 40)) parts = json_put_arr(s.mem, a, S("parts"));
  for (size_t i = 0; parts && i < p->survey_count; i++)
    if (chance(c, 40)) json_push_str(s.mem, parts, p->surveys[i].code);
  if (chance(c, 40)) json_put_str(s.mem, a, S("reason"), S("分户调整以后要重新测绘"));
  finish_send(c, &s, a, NULL);
}

static void result_step(City *c, size_t pick) {
  const ShSurvey *v = &c->surveys.list[pick];
  bool cancel = chance(c, 20);
  Sent s = to(c, cancel ? "survey.cancel" : "survey.deliver", "survey", pick + 1, cancel ? owner_at(c, v->project) : agency_of(c, v->agency));
  if (!s.mem) return;
  Json *a = json_obj(s.mem);
  if (cancel) json_put_str(s.mem, a, S("reason"), S("合同没有谈成"));
  else {
    json_put_str(s.mem, a, S("total"), chance(c, 95) ? S("120.5") : S("121"));
    json_put_str(s.mem, a, S("above"), S("100.5"));
    json_put_str(s.mem, a, S("below"), S("20"));
    json_put_str(s.mem, a, S("counted"), S("90"));
    json_put_str(s.mem, a, S("signature"), s.cmd.actor.name);
    file_put(c, s.mem, a);
    if (!str_eq(agency_of(c, v->agency) ? account(c, s.cmd.actor.id)->uscc : S(""), v->agency)) s.wrong = "a result comes from the agency that has the commission";
  }
  finish_send(c, &s, a, NULL);
}

void survey_step(City *c) {
  size_t pick = c->surveys.count ? roll(c, (uint32_t)c->surveys.count) : 0;
  for (size_t i = 0; i < c->surveys.count && chance(c, 90); i++)
    if (c->surveys.list[i].open) pick = i;
  bool none = true;
  for (size_t i = 0; i < c->surveys.agency_count; i++) none &= c->surveys.agencies[i].state != 'e';
  if (chance(c, none ? 85 : 20)) agency_step(c);
  else if (c->project_count && c->surveys.count < FINISH_MAX && (!c->surveys.count || chance(c, 50))) commission_step(c);
  else if (c->surveys.count) result_step(c, pick);
}

/* ---- what may have happened -------------------------------------------------------------------------------- */

/* What counts is the newest entry of an agency that was let in or removed. */
static bool qualified(const City *c, Str uscc, Day day) {
  for (size_t i = c->surveys.agency_count; i > 0; i--) {
    const ShSurveyor *a = &c->surveys.agencies[i - 1];
    if (str_eq(a->uscc, uscc) && (a->state == 'e' || a->state == 'x')) return a->state == 'e' && a->until.n >= day.n;
  }
  return false;
}

static void applied(City *c, const Event *e) {
  ShSurveyor *a = &c->surveys.agencies[c->surveys.agency_count++];
  Str uscc = json_str(e->body, S("uscc"));
  REQUIRE(day_parse(json_str(e->body, S("until")), &a->until));
  CHECK(c, a->until.n >= day_of(e->happened).n && json_get(e->body, S("files"))->first, "who enters has a qualification", "%.*s", SFMT(e->stream));
  for (size_t i = 0; i + 1 < c->surveys.agency_count; i++)
    CHECK(c, c->surveys.agencies[i].state != 'a' || !str_eq(c->surveys.agencies[i].uscc, uscc), "an agency applies once at a time", "%.*s", SFMT(e->stream));
  a->uscc = arena_str(c->mem, uscc);
  a->state = 'a';
  shadow_once(c, json_str(e->body, S("number")));
}

static void surveyor_event(City *c, const Event *e, int64_t no) {
  Str kind = str_sub(e->kind, 9, SIZE_MAX);
  if (str_eqz(kind, "applied")) applied(c, e);
  if (no < 1 || no > (int64_t)c->surveys.agency_count) STOP(c, "numbers have no gaps", "%.*s", SFMT(e->stream));
  ShSurveyor *a = &c->surveys.agencies[no - 1];
  if (str_eqz(kind, "checked")) {
    bool enter = str_eqz(json_str(e->body, S("result")), "enter");
    CHECK(c, a->state == 'a' && str_eqz(e->unit, LEAD), "checked once, by the lead", "%.*s", SFMT(e->stream));
    CHECK(c, !enter || a->until.n >= day_of(e->happened).n, "nobody enters with what has run out", "%.*s", SFMT(e->stream));
    a->state = enter ? 'e' : 'r';
  }
  if (str_eqz(kind, "removed")) {
    CHECK(c, a->state == 'e' && str_eqz(e->unit, LEAD), "removed by the lead", "%.*s", SFMT(e->stream));
    a->state = 'x';
  }
}

static bool had(const City *c, int64_t project, Str code, size_t before, bool *any) {
  bool found = false;
  for (size_t i = 0; i < before; i++) {
    const ShSurvey *v = &c->surveys.list[i];
    if (v->project != project || (!v->open && !v->delivered)) continue;
    *any = true;
    for (size_t k = 0; k < v->count; k++) found |= str_eq(v->codes[k], code);
  }
  return found;
}

static void commissioned(City *c, const Event *e) {
  ShSurvey *v = &c->surveys.list[c->surveys.count++];
  const Json *parts = json_get(e->body, S("parts"));
  const Policy *p = policy_on(c, day_of(e->happened));
  bool any = false, again = false, paid = json_int(e->body, S("fee"), 0) > 0, repeat = json_str(e->body, S("repeat")).len > 0;
  v->project = json_int(e->body, S("project"), 0);
  v->agency = arena_str(c->mem, json_str(e->body, S("surveyor_uscc")));
  for (const Json *x = parts->first; x && v->count < COUNT(v->codes); x = x->next) {
    again |= had(c, v->project, json_str(x, S("code")), c->surveys.count - 1, &any);
    v->codes[v->count++] = arena_str(c->mem, json_str(x, S("code")));
  }
  v->open = true;
  ShProject *pr = shadow_project(c, v->project);
  CHECK(c, pr && pr->status == PROJECT_RUNNING, "commissioned while the project runs", "%.*s", SFMT(e->stream));
  CHECK(c, qualified(c, v->agency, day_of(e->happened)), "commissioned to an agency that has entered", "%.*s", SFMT(e->stream));
  CHECK(c, repeat == (paid && again) && (!repeat || json_str(e->body, S("reason")).len), "paid for twice with a reason, and only then called so", "%.*s", SFMT(e->stream));
  CHECK(c, p && str_eq(json_str(e->body, S("area_rule")), p->area_rule), "the area rule is that of the day", "%.*s", SFMT(e->stream));
  size_t whole = 0;
  for (size_t i = 0; p && i < p->survey_count; i++) {
    const Item *item = policy_item(p, p->surveys[i].item);
    whole += pr && (!item || policy_item_in(item, pr->category));
  }
  CHECK(c, any || v->count == whole, "the first commission covers all surveys", "%.*s: %zu of %zu", SFMT(e->stream), v->count, whole);
  shadow_once(c, json_str(e->body, S("number")));
}

static void of_survey(City *c, const Event *e, int64_t no) {
  Str kind = str_sub(e->kind, 7, SIZE_MAX);
  if (str_eqz(kind, "commissioned")) commissioned(c, e);
  if (no < 1 || no > (int64_t)c->surveys.count) STOP(c, "numbers have no gaps", "%.*s", SFMT(e->stream));
  ShSurvey *v = &c->surveys.list[no - 1];
  CHECK(c, v->open, "what is over stays so", "%.*s %.*s", SFMT(e->stream), SFMT(e->kind));
  if (str_eqz(kind, "delivered")) {
    CHECK(c, qualified(c, v->agency, day_of(e->happened)), "delivered by an agency that has entered", "%.*s", SFMT(e->stream));
    v->delivered = true;
    c->surveys.takes_due++;
  }
  if (!str_eqz(kind, "commissioned")) v->open = false;
}

void survey_event(City *c, const Event *e) {
  bool agency = str_starts(e->stream, S("surveyor/")), survey = str_starts(e->stream, S("survey/"));
  int64_t no = 0;
  if (str_eqz(e->kind, "project.survey-taken")) {
    CHECK(c, str_has(e->command, S(">project.take-survey>")) && c->surveys.takes_due-- > 0, "a result is taken once, by a reaction", "%.*s", SFMT(e->command));
    return;
  }
  if (!agency && !survey) return;
  Str head, text;
  REQUIRE(str_cut(e->stream, '/', &head, &text) && str_to_i64(text, &no));
  if (agency) surveyor_event(c, e, no);
  else of_survey(c, e, no);
}

/* Between two acts no reaction is missing, and each result lies in the library of its case. */
void survey_check(City *c) {
  size_t taken[PROJECTS_MAX + 1] = {0};
  CHECK(c, !c->surveys.takes_due, "each result is taken at once", "%d are not", c->surveys.takes_due);
  for (size_t i = 0; i < c->surveys.count; i++) {
    const ShSurvey *v = &c->surveys.list[i];
    ShProject *p = shadow_project(c, v->project);
    CHECK(c, !v->open || (p && p->status != PROJECT_TERMINATED), "a commission ends with its project", "survey %zu", i + 1);
    if (v->delivered && v->project <= PROJECTS_MAX) taken[v->project]++;
  }
  for (size_t no = 1; no <= c->project_count && no <= PROJECTS_MAX; no++) {
    if (!taken[no]) continue;
    const Project *p = project_read(c, (int64_t)no);
    size_t found = 0;
    for (size_t i = 0; p && i < p->library_count; i++) found += str_eqz(p->library[i].how, "surveyed");
    CHECK(c, found == taken[no], "results lie in the library", "project %zu: %zu of %zu", no, found, taken[no]);
  }
}
